//! Family and given names with their kana, the frequent ones first.

/// Kanji and katakana.
pub(super) type GivenName = (&'static str, &'static str);

/// Small kana made large, as many registers have it.
pub(super) fn large_kana(kana: &str) -> String {
    kana.chars()
        .map(|c| match c {
            'ャ' => 'ヤ',
            'ュ' => 'ユ',
            'ョ' => 'ヨ',
            'ッ' => 'ツ',
            c => c,
        })
        .collect()
}

/// Katakana in half width. The inverse of NFKC for the kana above; no crate of
/// the workspace goes this way.
pub(super) fn half_width(kana: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンャュョッー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｬｭｮｯｰ";
    const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボ";
    const VOICED_BASE: &str = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ";
    const SEMI_VOICED: &str = "パピプペポ";
    const SEMI_VOICED_BASE: &str = "ﾊﾋﾌﾍﾎ";
    let tables = [
        (FULL, HALF, None),
        (VOICED, VOICED_BASE, Some('ﾞ')),
        (SEMI_VOICED, SEMI_VOICED_BASE, Some('ﾟ')),
    ];
    let mut half = String::new();
    for c in kana.chars() {
        let found = tables.iter().find_map(|(from, to, mark)| {
            let place = from.chars().position(|other| other == c)?;
            Some((to.chars().nth(place)?, *mark))
        });
        let (base, mark) = found.unwrap_or((c, None));
        half.push(base);
        half.extend(mark);
    }
    half
}

pub(super) const FAMILY: &[(&str, &str)] = &[
    ("佐藤", "サトウ"),
    ("鈴木", "スズキ"),
    ("高橋", "タカハシ"),
    ("田中", "タナカ"),
    ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"),
    ("中村", "ナカムラ"),
    ("小林", "コバヤシ"),
    ("加藤", "カトウ"),
    ("吉田", "ヨシダ"),
    ("山田", "ヤマダ"),
    ("佐々木", "ササキ"),
    ("山口", "ヤマグチ"),
    ("松本", "マツモト"),
    ("井上", "イノウエ"),
    ("木村", "キムラ"),
    ("林", "ハヤシ"),
    ("斎藤", "サイトウ"),
    ("清水", "シミズ"),
    ("山崎", "ヤマザキ"),
    ("森", "モリ"),
    ("池田", "イケダ"),
    ("橋本", "ハシモト"),
    ("阿部", "アベ"),
    ("石川", "イシカワ"),
    ("山下", "ヤマシタ"),
    ("中島", "ナカジマ"),
    ("石井", "イシイ"),
    ("小川", "オガワ"),
    ("前田", "マエダ"),
    ("岡田", "オカダ"),
    ("長谷川", "ハセガワ"),
    ("藤田", "フジタ"),
    ("後藤", "ゴトウ"),
    ("近藤", "コンドウ"),
    ("村上", "ムラカミ"),
    ("遠藤", "エンドウ"),
    ("青木", "アオキ"),
    ("坂本", "サカモト"),
    ("髙橋", "タカハシ"),
    ("渡邊", "ワタナベ"),
    ("渡邉", "ワタナベ"),
    ("齋藤", "サイトウ"),
    ("齊藤", "サイトウ"),
    ("山﨑", "ヤマサキ"),
    ("𠮷田", "ヨシダ"),
    ("濱田", "ハマダ"),
    ("新橋", "シンバシ"),
    ("柊", "ヒイラギ"),
    ("柚木", "ユズキ"),
    ("勅使河原", "テシガワラ"),
    ("五十嵐", "イガラシ"),
    ("小鳥遊", "タカナシ"),
    ("一", "ニノマエ"),
    ("龍", "リュウ"),
];

pub(super) const MALE: &[GivenName] = &[
    ("太郎", "タロウ"),
    ("翔太", "ショウタ"),
    ("蓮", "レン"),
    ("大輔", "ダイスケ"),
    ("直樹", "ナオキ"),
    ("隼人", "ハヤト"),
    ("健一", "ケンイチ"),
    ("誠", "マコト"),
    ("一郎", "イチロウ"),
    ("龍之介", "リュウノスケ"),
    ("悠真", "ユウマ"),
    ("湊", "ミナト"),
    ("涼", "リョウ"),
    ("拓海", "タクミ"),
    ("浩二", "コウジ"),
    ("和夫", "カズオ"),
    ("正", "タダシ"),
    ("清", "キヨシ"),
    ("祥一", "ショウイチ"),
    ("葵", "アオイ"),
    ("圭吾", "ケイゴ"),
    ("陸", "リク"),
    ("修", "オサム"),
    ("茂", "シゲル"),
    ("勇", "イサム"),
    ("裕也", "ユウヤ"),
];

pub(super) const FEMALE: &[GivenName] = &[
    ("陽子", "ヨウコ"),
    ("美咲", "ミサキ"),
    ("花子", "ハナコ"),
    ("由美", "ユミ"),
    ("葵", "アオイ"),
    ("千尋", "チヒロ"),
    ("潤子", "ジュンコ"),
    ("さくら", "サクラ"),
    ("結衣", "ユイ"),
    ("恵子", "ケイコ"),
    ("幸子", "サチコ"),
    ("和子", "カズコ"),
    ("凛", "リン"),
    ("陽葵", "ヒマリ"),
    ("真由美", "マユミ"),
    ("久美子", "クミコ"),
    ("節子", "セツコ"),
    ("京子", "キョウコ"),
    ("愛", "アイ"),
    ("みどり", "ミドリ"),
    ("しほ", "シホ"),
    ("涼", "リョウ"),
    ("茜", "アカネ"),
    ("千代", "チヨ"),
    ("文", "フミ"),
    ("祥子", "ショウコ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_kana_fold_back() {
        for (_, kana) in FAMILY.iter().chain(MALE).chain(FEMALE) {
            assert_eq!(
                domain::fold::name(&half_width(kana)),
                domain::fold::name(kana),
                "{kana}"
            );
            assert!(
                half_width(kana)
                    .chars()
                    .all(|c| ('\u{FF65}'..='\u{FF9F}').contains(&c))
            );
        }
    }
}
