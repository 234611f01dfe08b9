//! Variant characters (異体字): 髙 and 高, 﨑 and 崎, 𠮷 and 吉, 邊, 邉 and 辺.
//!
//! They are different characters and different names; a search keeps them apart.
//! This is for saying how many persons another spelling would have found. The
//! families come from the MJ縮退マップ of 文字情報基盤 (IPA), the table that the
//! administration itself uses to bring the registers' characters to JIS X 0213:
//! `variants/families.txt` has its version, holder and licence (CC BY-SA 2.1 JP),
//! `variants/families.sql` the way to make it again.
//!
//! Runs on the server only; the page never calls it, so it carries no table.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// A family a line; lines that share a character are one family.
const FAMILIES: &str = include_str!("variants/families.txt");

/// Families that the map keeps apart and desks do not: written for one another in
/// names so often that the card, the register and the patient disagree.
const ALSO: [&str; 5] = ["斎斉", "藪薮", "凜凛", "亙亘", "籠篭"];

/// The character that stands for each character's family: the family's first by
/// code point, which means nothing by itself.
static STANDS_FOR: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut families = Families::default();
    let lines = FAMILIES.lines().filter(|line| !line.starts_with('#'));
    for line in lines.chain(ALSO) {
        // As names are folded: a compatibility character is its unified one.
        let mut members = line.nfkc();
        if let Some(first) = members.next() {
            members.for_each(|member| families.join(first, member));
        }
    }
    families.flattened()
});

/// A folded name with each character replaced by the one that stands for its
/// family: two names that differ in variants only become the same.
pub fn variants(key: &str) -> String {
    key.chars()
        .map(|c| STANDS_FOR.get(&c).copied().unwrap_or(c))
        .collect()
}

/// [`variants()`] of a key where it is another text, which is what needs storing.
pub fn variant_of(key: &str) -> Option<String> {
    let variant = variants(key);
    (variant != key).then_some(variant)
}

/// Disjoint sets; each parent has the smaller code point.
#[derive(Default)]
struct Families(HashMap<char, char>);

impl Families {
    fn root(&self, mut c: char) -> char {
        while let Some(parent) = self.0.get(&c) {
            c = *parent;
        }
        c
    }

    fn join(&mut self, one: char, other: char) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.0.insert(one.max(other), one.min(other));
        }
    }

    fn flattened(self) -> HashMap<char, char> {
        let roots = self.0.keys().map(|c| (*c, self.root(*c)));
        roots.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::name;

    fn key(text: &str) -> String {
        variants(&name(text))
    }

    #[test]
    fn variants_of_one_character_are_one_family() {
        let families = [
            "髙高",
            "﨑崎嵜",
            "𠮷吉",
            "邊邉辺",
            "齋斎齊斉",
            "濵濱浜",
            "澤沢",
            "櫻桜",
            "廣広",
            "嶋島嶌",
            "國国",
            "惠恵",
            "德徳",
            "眞真",
            "曾曽",
            "榮栄",
            "龍竜",
            "瀧滝",
            "壽寿",
            "圓円",
            "冨富",
            "舘館",
            "峯峰",
            "栁柳",
            "渕淵",
            "埜野",
            "穐秋",
            "桒桑",
            "彌弥",
            "與与",
            "豐豊",
            "藪薮",
            "凜凛",
            "圡土",
            "寶宝",
            "㐂喜",
            "鐵鉄",
            "籠篭",
        ];
        for family in families {
            let keys: Vec<_> = family.chars().map(|c| key(&c.to_string())).collect();
            assert!(keys.iter().all(|other| *other == keys[0]), "{family}");
        }
    }

    #[test]
    fn other_characters_stay_apart() {
        let table = [
            ("后", "後"),
            ("藤", "籐"),
            ("坂", "阪"),
            ("太", "大"),
            ("河", "川"),
            ("佐", "左"),
            ("崎", "埼"),
            ("斎", "斉藤"),
            ("タ", "夕"),
            ("一", "ー"),
            ("治", "冶"),
            ("未", "末"),
            ("裕", "祐"),
            ("己", "巳"),
            ("祐", "佑"),
            ("恵", "慧"),
        ];
        for (one, other) in table {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn names_of_every_kind_keep_their_length_and_the_black_circle() {
        for text in [
            "●藤葵",
            "John Smith",
            "マリア・ガルシア",
            "呉",
            "ｻﾄｳ",
            "",
            "辻\u{E0100}",
        ] {
            let folded = name(text);
            let once = variants(&folded);
            assert_eq!(once.chars().count(), folded.chars().count(), "{text}");
            assert_eq!(variants(&once), once, "{text}");
        }
        assert_eq!(variants(&name("ｻﾄｳ")), name("ｻﾄｳ"));
    }
}
