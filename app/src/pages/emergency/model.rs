//! What the page says and offers at each stage, as plain values.

use domain::opening::USUAL_MINUTES;
use domain::timestamp::Timestamp;
use protocol::http::OpeningStage;

use crate::components::live::is_under_way;

/// The steps of the source document, and what was done of them.
pub(super) const STEPS: usize = 4;

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Done,
    Now,
    Next,
}

/// How each of the steps stands.
pub(super) const fn marks(stage: Option<OpeningStage>) -> [Mark; STEPS] {
    use Mark::{Done, Next, Now};
    match stage {
        None | Some(OpeningStage::Refused | OpeningStage::Withdrawn) => [Now, Next, Next, Next],
        Some(OpeningStage::Requested | OpeningStage::CalledBack) => [Done, Now, Next, Next],
        Some(OpeningStage::FormSent) => [Done, Done, Now, Next],
        Some(OpeningStage::Opened | OpeningStage::Ended) => [Done, Done, Done, Now],
        Some(OpeningStage::HandedIn | OpeningStage::Acknowledged) => [Done; STEPS],
    }
}

/// Whether 「利用申請」 can be made: nothing is under way.
pub(super) const fn may_request(stage: Option<OpeningStage>) -> bool {
    !is_under_way(stage) && !matches!(stage, Some(OpeningStage::Opened))
}

/// Whether what was asked for can be taken back.
pub(super) const fn may_withdraw(stage: Option<OpeningStage>) -> bool {
    is_under_way(stage)
}

/// Why one can't search now.
pub(super) const fn why_closed(stage: Option<OpeningStage>) -> &'static str {
    if is_under_way(stage) {
        "まだ利用できません。実施機関が開放すると、ここから利用できるようになります。"
    } else {
        "開放されていないため、利用できません。「利用申請」から始めてください。"
    }
}

/// Whether how long it takes is worth saying: until the function is open.
pub(super) const fn is_before(stage: Option<OpeningStage>) -> bool {
    is_under_way(stage)
        || matches!(
            stage,
            None | Some(OpeningStage::Refused | OpeningStage::Withdrawn)
        )
}

/// What became of the report, where there is one.
pub(super) const fn report(stage: OpeningStage) -> Option<&'static str> {
    match stage {
        OpeningStage::Opened => Some("利用報告書は、開放中から下書きできます。"),
        OpeningStage::HandedIn => Some("利用報告書を提出しました。実施機関の受領を待っています。"),
        OpeningStage::Acknowledged => Some("利用報告書は、実施機関に受領されました。"),
        _ => None,
    }
}

/// How long it has taken so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Elapsed {
    /// Whole minutes; none by a clock that is behind the service's.
    pub(super) minutes: u32,
    /// Whether that is more than it usually takes.
    pub(super) is_long: bool,
}

/// From the request to now.
pub(super) fn elapsed(requested_at: Timestamp, now_milliseconds: f64) -> Elapsed {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a browser's time is far below what fits"
    )]
    let now = now_milliseconds as i64;
    let minutes = (now - requested_at.unix_milliseconds()) / 60_000;
    let minutes = u32::try_from(minutes).unwrap_or(0);
    Elapsed {
        minutes,
        is_long: minutes > USUAL_MINUTES,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn there_is_one_step_at_a_time() {
        let now = |stage| marks(stage).iter().position(|mark| *mark == Mark::Now);
        let table = [
            (None, Some(0)),
            (Some(OpeningStage::Requested), Some(1)),
            (Some(OpeningStage::CalledBack), Some(1)),
            (Some(OpeningStage::FormSent), Some(2)),
            (Some(OpeningStage::Opened), Some(3)),
            (Some(OpeningStage::Ended), Some(3)),
            (Some(OpeningStage::HandedIn), None),
            (Some(OpeningStage::Acknowledged), None),
            (Some(OpeningStage::Refused), Some(0)),
            (Some(OpeningStage::Withdrawn), Some(0)),
        ];
        for (stage, expected) in table {
            assert_eq!(now(stage), expected, "{stage:?}");
            let marks = marks(stage).into_iter();
            let mut rest = marks.skip_while(|mark| *mark == Mark::Done).skip(1);
            assert!(rest.all(|mark| mark == Mark::Next), "{stage:?}");
        }
    }

    #[wasm_bindgen_test]
    fn one_asks_or_takes_back_but_never_both() {
        for stage in OpeningStage::ALL.map(Some).into_iter().chain([None]) {
            assert!(!(may_request(stage) && may_withdraw(stage)), "{stage:?}");
            let is_neither = !may_request(stage) && !may_withdraw(stage);
            assert_eq!(is_neither, stage == Some(OpeningStage::Opened), "{stage:?}");
        }
    }

    #[wasm_bindgen_test]
    fn minutes_are_whole_and_never_less_than_none() {
        let at = Timestamp::from_unix_milliseconds(600_000);
        let table = [
            (0.0, 0, false),
            (600_000.0, 0, false),
            (659_999.0, 0, false),
            (660_000.0, 1, false),
            (600_000.0 + 30.0 * 60_000.0, 30, false),
            (600_000.0 + 31.0 * 60_000.0, 31, true),
        ];
        for (now, minutes, is_long) in table {
            assert_eq!(elapsed(at, now), Elapsed { minutes, is_long }, "{now}");
        }
    }
}
