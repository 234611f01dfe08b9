//! Wording that several pages share.

use domain::date::Date;
use domain::timestamp::Timestamp;

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

/// 目視確認の留意事項, word for word.
pub(crate) const VISUAL_CAUTION: &str = "目視確認は、本人確認作業を病院・診療所職員の判断で行うため、第三者の利用を防止する上でも本人確認に相違がないようお気をつけください。";

/// A length of time, in whole minutes where it is one: `10分`, `90秒`.
pub(crate) fn duration(seconds: u32) -> String {
    if seconds.is_multiple_of(60) {
        [&(seconds / 60).to_string(), "分"].concat()
    } else {
        [&seconds.to_string(), "秒"].concat()
    }
}

/// A point in time in Tokyo: `2026/11/22 09:05`.
pub(crate) fn moment(at: Timestamp) -> String {
    const TOKYO_MINUTES: i64 = 9 * 60;
    let minutes = at.unix_milliseconds().div_euclid(60_000) + TOKYO_MINUTES;
    let of_day = minutes.rem_euclid(24 * 60);
    let two = |number: i64| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let clock = [two(of_day / 60), two(of_day % 60)].join(":");
    [at.tokyo_date().slashed(), clock].join(" ")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn moments_are_told_in_tokyo() {
        let table = [
            (0, "1970/01/01 09:00"),
            (1_616_684_399_999, "2021/03/25 23:59"),
            (1_616_684_400_000, "2021/03/26 00:00"),
        ];
        for (milliseconds, expected) in table {
            assert_eq!(
                moment(Timestamp::from_unix_milliseconds(milliseconds)),
                expected
            );
        }
    }
}
