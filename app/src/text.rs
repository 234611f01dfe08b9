//! Wording that several pages share.

use domain::date::Date;

/// The product's name, in titles and in the header.
pub(crate) const PRODUCT: &str = "資格 shikaku";

/// Stands where the record has nothing.
pub(crate) const NO_INFORMATION: &str = "（情報なし）";

/// A day in both calendars: `1985/04/01（昭和60年4月1日）`.
pub(crate) fn both_calendars(date: Date) -> String {
    [&date.slashed(), "（", &date.japanese(), "）"].concat()
}

/// What a ● in a stored text means.
pub(crate) const ABOUT_UNENCODABLE: &str =
    "「●」は、登録のときに文字として表せなかった漢字です。本人に確認してください。";

/// A length of time, in whole minutes where it is one: `10分`, `90秒`.
pub(crate) fn duration(seconds: u32) -> String {
    if seconds.is_multiple_of(60) {
        [&(seconds / 60).to_string(), "分"].concat()
    } else {
        [&seconds.to_string(), "秒"].concat()
    }
}
