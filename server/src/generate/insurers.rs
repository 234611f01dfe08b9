//! Invented insurers with valid numbers, and symbols as cards have them.

/// An insurer.
pub(super) struct Insurer {
    /// Eight digits, or six for national health insurance.
    pub(super) number: String,
    pub(super) name: String,
}

impl Insurer {
    /// What files put before it: six digits are padded with spaces, with zeros, or not at all.
    pub(super) fn padding(&self, choice: u32) -> &'static str {
        match (self.number.len(), choice % 3) {
            (6, 0) => "  ",
            (6, 1) => "00",
            _ => "",
        }
    }
}

/// Those of a table, then health insurance societies of these names.
pub(super) fn all<'n>(
    table: &[(&str, &str)],
    names: impl Iterator<Item = &'n str>,
    count: usize,
) -> Vec<Insurer> {
    let known = table.iter().map(|(number, name)| Insurer {
        number: (*number).to_owned(),
        name: (*name).to_owned(),
    });
    let made = names.enumerate().map(|(number, name)| {
        let trade = ["電機", "自動車", "商事", "製薬", "鉄道", "食品"][number % 6];
        let prefecture = number % 47 + 1;
        let body = format!("06{prefecture:02}{:03}", number / 6 % 1000);
        Insurer {
            number: with_check_digit(&body),
            name: format!("{name}{trade}健康保険組合"),
        }
    });
    known.chain(made).take(count.max(table.len())).collect()
}

/// 検証番号: weights 2, 1, 2 … from the right, two-digit products as digit sums.
fn with_check_digit(body: &str) -> String {
    let digits = body.bytes().rev().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit * 2 / 10 + digit * 2 % 10,
            _ => digit,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// For everybody below 75.
pub(super) const INSURERS: &[(&str, &str)] = &[
    ("01130012", "全国健康保険協会東京支部"),
    ("01270016", "全国健康保険協会大阪支部"),
    ("06130488", "架空電機健康保険組合"),
    ("06140776", "架空自動車健康保険組合"),
    ("06010128", "北海道新橋健康保険組合"),
    ("06139992", "東京新橋サンプル保険者"),
    ("31130024", "架空省共済組合"),
    ("34130112", "架空学校共済組合"),
    ("131219", "東京都足立区"),
    ("131037", "東京都港区"),
    ("230011", "愛知県名古屋市"),
    ("140012", "神奈川県横浜市"),
    ("340026", "広島県広島市"),
];

/// 後期高齢者医療 (法別番号 39).
pub(super) const ELDERLY: &[(&str, &str)] = &[
    ("39131032", "東京都後期高齢者医療広域連合"),
    ("39011010", "北海道後期高齢者医療広域連合"),
    ("39270020", "大阪府後期高齢者医療広域連合"),
];

/// 被保険者証記号.
pub(super) const SYMBOLS: &[&str] = &["5081", "１２", "東京", "健保－７", "新橋", ""];
