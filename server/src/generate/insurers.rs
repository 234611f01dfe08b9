//! Invented insurers with valid numbers, and symbols as cards have them.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// An insurer.
pub(super) struct Insurer {
    /// Eight digits, or six for national health insurance.
    pub(super) number: &'static str,
    pub(super) name: &'static str,
}

impl Insurer {
    /// As files write it: six digits padded with spaces, with zeros, or not at all.
    pub(super) fn written(&self, rng: &mut ChaCha8Rng) -> String {
        match (self.number.len(), rng.random_range(0..3)) {
            (6, 0) => format!("  {}", self.number),
            (6, 1) => format!("00{}", self.number),
            _ => self.number.to_owned(),
        }
    }
}

const fn insurer(number: &'static str, name: &'static str) -> Insurer {
    Insurer { number, name }
}

/// For everybody below 75.
pub(super) const INSURERS: &[Insurer] = &[
    insurer("01130012", "全国健康保険協会東京支部"),
    insurer("01270016", "全国健康保険協会大阪支部"),
    insurer("06130488", "架空電機健康保険組合"),
    insurer("06140776", "架空自動車健康保険組合"),
    insurer("06010128", "北海道新橋健康保険組合"),
    insurer("06139992", "東京新橋サンプル保険者"),
    insurer("31130024", "架空省共済組合"),
    insurer("34130112", "架空学校共済組合"),
    insurer("131219", "東京都足立区"),
    insurer("131037", "東京都港区"),
    insurer("230011", "愛知県名古屋市"),
    insurer("140012", "神奈川県横浜市"),
    insurer("340026", "広島県広島市"),
];

/// 後期高齢者医療 (法別番号 39).
pub(super) const ELDERLY: &[Insurer] = &[
    insurer("39131032", "東京都後期高齢者医療広域連合"),
    insurer("39011010", "北海道後期高齢者医療広域連合"),
    insurer("39270020", "大阪府後期高齢者医療広域連合"),
];

/// 被保険者証記号.
pub(super) const SYMBOLS: &[&str] = &["5081", "１２", "東京", "健保－７", "新橋", ""];
