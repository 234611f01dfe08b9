//! What stages are called, how long somebody has waited, and what hours are.

use domain::opening::{MOST_HOURS, USUAL_MINUTES};
use domain::timestamp::Timestamp;
use protocol::http::{OpeningStage, OpeningSummary};

/// Where an opening stands, by what it waits for.
pub(super) const fn stage(stage: OpeningStage) -> &'static str {
    match stage {
        OpeningStage::Requested => "電話確認待ち",
        OpeningStage::CalledBack => "報告書の送付待ち",
        OpeningStage::FormSent => "開放待ち",
        OpeningStage::Opened => "開放中",
        OpeningStage::Ended => "報告書の提出待ち",
        OpeningStage::HandedIn => "受領待ち",
        OpeningStage::Acknowledged => "受領済み",
        OpeningStage::Refused => "却下",
        OpeningStage::Withdrawn => "取下げ",
    }
}

/// How long an institution has waited, or had, for its opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waited {
    pub(super) text: String,
    pub(super) is_waiting: bool,
    /// More than the usual minutes, and still waiting.
    pub(super) is_over: bool,
}

/// `None` where it was not opened, and will not be.
pub(super) fn waited(opening: &OpeningSummary, now: Timestamp) -> Option<Waited> {
    let until = |end: Timestamp| {
        let milliseconds = end.unix_milliseconds() - opening.requested_at.unix_milliseconds();
        // The terminal's clock may be behind the service's.
        (milliseconds / 60_000).max(0)
    };
    match opening.stage {
        OpeningStage::Requested | OpeningStage::CalledBack | OpeningStage::FormSent => {
            let minutes = until(now);
            Some(Waited {
                text: length(minutes),
                is_waiting: true,
                is_over: minutes > i64::from(USUAL_MINUTES),
            })
        }
        _ => opening.period.map(|period| Waited {
            text: [&length(until(period.starts_at)), "で開放"].concat(),
            is_waiting: false,
            is_over: false,
        }),
    }
}

/// `45分`, `3時間05分`.
fn length(minutes: i64) -> String {
    if minutes < 120 {
        return [&minutes.to_string(), "分"].concat();
    }
    let rest = minutes % 60;
    let zero = if rest < 10 { "0" } else { "" };
    let parts = [
        &(minutes / 60).to_string(),
        "時間",
        zero,
        &rest.to_string(),
        "分",
    ];
    parts.concat()
}

/// Hours as typed, in digits of any width.
pub(super) fn hours(typed: &str) -> Result<u32, String> {
    let digits: String = typed
        .trim()
        .chars()
        .map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
            other => other,
        })
        .collect();
    let hours = digits.parse().ok();
    hours
        .filter(|hours| (1..=MOST_HOURS).contains(hours))
        .ok_or_else(|| {
            let most = MOST_HOURS.to_string();
            ["1から", &most, "までの数字で入力してください"].concat()
        })
}

/// A text that has to be there, of at most so many characters.
pub(super) fn needed(typed: &str, most: usize) -> Result<String, String> {
    domain::text::optional(typed, most)
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "入力してください".to_owned())
}

/// A number as people read it: in groups.
pub(super) fn telephone(digits: &str) -> String {
    // Where the area code ends depends on the area; mobile and free numbers are alike.
    let groups: &[usize] = match digits.len() {
        11 if digits.starts_with("0800") => &[4, 3, 4],
        11 => &[3, 4, 4],
        10 if digits.starts_with("0120") => &[4, 3, 3],
        10 if digits.starts_with("03") || digits.starts_with("06") => &[2, 4, 4],
        _ => return digits.to_owned(),
    };
    let mut rest = digits;
    let mut parts = Vec::new();
    for length in groups {
        let (group, after) = rest.split_at_checked(*length).unwrap_or((rest, ""));
        parts.push(group);
        rest = after;
    }
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn waiting_is_told_in_minutes_and_marked_when_it_is_long() {
        let table = [
            (OpeningStage::Requested, 0, "0分", false),
            (OpeningStage::Requested, -5, "0分", false),
            (OpeningStage::CalledBack, 30, "30分", false),
            (OpeningStage::FormSent, 31, "31分", true),
            (OpeningStage::FormSent, 185, "3時間05分", true),
        ];
        for (stage, minutes, text, is_over) in table {
            let opening =
                super::super::list::model::tests::opening("AAAAAAAAAAAAAAAAAAAAAA", stage);
            let now = opening.requested_at.plus_seconds(minutes * 60);
            let expected = Waited {
                text: text.to_owned(),
                is_waiting: true,
                is_over,
            };
            assert_eq!(waited(&opening, now), Some(expected), "{stage:?} {minutes}");
        }
    }

    #[wasm_bindgen_test]
    fn hours_are_read_in_digits_of_any_width() {
        let table = [
            ("24", Some(24)),
            (" ２４ ", Some(24)),
            ("336", Some(336)),
            ("337", None),
            ("0", None),
            ("", None),
            ("1.5", None),
        ];
        for (typed, expected) in table {
            assert_eq!(hours(typed).ok(), expected, "{typed}");
        }
    }

    #[wasm_bindgen_test]
    fn numbers_are_grouped_where_the_groups_are_known() {
        let table = [
            ("0312345678", "03-1234-5678"),
            ("0120123456", "0120-123-456"),
            ("08000804583", "0800-080-4583"),
            ("09012345678", "090-1234-5678"),
            ("0452123456", "0452123456"),
        ];
        for (digits, expected) in table {
            assert_eq!(telephone(digits), expected);
        }
    }
}
