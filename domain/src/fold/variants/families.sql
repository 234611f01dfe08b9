-- Makes `families.txt` from the MJ縮退マップ, as the npm package @mandel59/mojidata
-- carries it (an SQLite file):
--
--   npm pack @mandel59/mojidata@1.8.1 && tar xf mandel59-mojidata-1.8.1.tgz
--   (grep '^#' families.txt; sqlite3 package/dist/moji.db < families.sql) > new && mv new families.txt
--
-- Each line is a character of JIS X 0213 and the characters that the map leads to it.
-- Of the map's tables the two that speak of one character in several shapes are
-- taken: the same character by JIS X 0213 or UCS, and the parent form (親字正字) in the
-- family registers' character set. Left out are those that lead to other characters
-- (similar reading, similar shape, dictionaries' remarks).
.mode list
WITH
  leads (variant, target) AS (
    SELECT "対応するUCS", "縮退UCS" FROM mji JOIN "mjsm_JIS包摂規準UCS統合規則" USING ("MJ文字図形名")
    UNION
    SELECT "実装したUCS", "縮退UCS" FROM mji JOIN "mjsm_JIS包摂規準UCS統合規則" USING ("MJ文字図形名")
    UNION
    SELECT "対応するUCS", "縮退UCS" FROM mji JOIN "mjsm_戸籍統一文字情報_親字正字" USING ("MJ文字図形名")
    UNION
    SELECT "実装したUCS", "縮退UCS" FROM mji JOIN "mjsm_戸籍統一文字情報_親字正字" USING ("MJ文字図形名")
  )
SELECT target || group_concat(variant, '')
FROM (SELECT * FROM leads WHERE variant <> target ORDER BY unicode(target), unicode(variant))
GROUP BY target ORDER BY unicode(target);
