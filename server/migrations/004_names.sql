-- Names beside 氏名, and the spelling that stands for a name's variant characters.
-- fold_name and variant_of are the domain's own folding, lent to SQL for this
-- (store/folding.rs).

ALTER TABLE coverage ADD COLUMN name_of_other_key TEXT;
ALTER TABLE coverage ADD COLUMN name_of_other_kana_key TEXT;
-- NULL where it is the key itself: most names have no variant that stands for them.
ALTER TABLE coverage ADD COLUMN name_variant_key TEXT;
ALTER TABLE coverage ADD COLUMN name_of_other_variant_key TEXT;

UPDATE coverage SET
  name_of_other_key = fold_name(record ->> 'name_of_other'),
  name_of_other_kana_key = fold_name(record ->> 'name_of_other_kana'),
  name_variant_key = variant_of(name_key);
UPDATE coverage SET name_of_other_variant_key = variant_of(name_of_other_key)
WHERE name_of_other_key IS NOT NULL;
UPDATE coverage SET has_unencodable = 1
WHERE instr(name_of_other_key, '●') > 0 OR instr(name_of_other_kana_key, '●') > 0;

CREATE INDEX coverage_name_of_other ON coverage (birthdate, sex1, name_of_other_key)
  WHERE name_of_other_key IS NOT NULL;
CREATE INDEX coverage_name_of_other_kana ON coverage (birthdate, sex1, name_of_other_kana_key)
  WHERE name_of_other_kana_key IS NOT NULL;
CREATE INDEX coverage_name_variant ON coverage (birthdate, sex1, name_variant_key)
  WHERE name_variant_key IS NOT NULL;
CREATE INDEX coverage_name_of_other_variant
  ON coverage (birthdate, sex1, name_of_other_variant_key)
  WHERE name_of_other_variant_key IS NOT NULL;
