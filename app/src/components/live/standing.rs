//! Where the emergency function stands, in the few words that every page needs.

use protocol::http::{OpeningStage, OpeningState, OpeningSummary};

use crate::text::moment;

const ASK: &str =
    "利用するときは、管理者が「緊急時医療情報・資格確認機能」から利用申請をしてください。";
const ASK_AGAIN: &str = "続けて利用するときは、管理者が「緊急時医療情報・資格確認機能」から、あらためて利用申請をしてください。";

/// Whether one may search, and what there is to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether the function is open.
    pub(crate) is_open: bool,
    /// In a line, for the menu.
    pub(crate) brief: String,
    /// What has happened.
    pub(crate) title: &'static str,
    /// Why, and what to do next.
    pub(crate) text: String,
}

/// Puts it into words.
pub(crate) fn standing(state: &OpeningState) -> Standing {
    let opening = state.opening.as_ref();
    let stage = opening.map(|opening| opening.stage);
    let title = title(stage);
    let brief = match (stage, opening) {
        (Some(OpeningStage::Opened), Some(opening)) => ["開放中", &until(opening)].concat(),
        _ if is_under_way(stage) => title.to_owned(),
        _ if state.reports_due.is_empty() => "開放されていません".to_owned(),
        _ => "開放されていません（未提出の利用報告書があります）".to_owned(),
    };
    Standing {
        is_open: stage == Some(OpeningStage::Opened),
        brief,
        title,
        text: opening.map_or_else(|| ASK.to_owned(), text),
    }
}

/// Whether one has been asked for and nothing is decided yet.
pub(crate) const fn is_under_way(stage: Option<OpeningStage>) -> bool {
    matches!(
        stage,
        Some(OpeningStage::Requested | OpeningStage::CalledBack | OpeningStage::FormSent)
    )
}

const fn title(stage: Option<OpeningStage>) -> &'static str {
    match stage {
        None => "開放されていません",
        Some(OpeningStage::Requested) => "利用申請を受け付けました",
        Some(OpeningStage::CalledBack) => "電話確認が済みました",
        Some(OpeningStage::FormSent) => "利用報告書が送付されました",
        Some(OpeningStage::Opened) => "開放中です",
        Some(OpeningStage::Ended | OpeningStage::HandedIn | OpeningStage::Acknowledged) => {
            "開放は終了しました"
        }
        Some(OpeningStage::Refused) => "利用申請は却下されました",
        Some(OpeningStage::Withdrawn) => "利用申請は取り下げられました",
    }
}

fn text(opening: &OpeningSummary) -> String {
    let reason = opening.reason.as_deref();
    match opening.stage {
        OpeningStage::Requested => {
            "保険医療機関届に記載されている電話番号の担当者へ、コールセンターが電話します。お待ちください。".to_owned()
        }
        OpeningStage::CalledBack => {
            "利用報告書がメールで届きます。続いて、実施機関が利用設定を行います。お待ちください。".to_owned()
        }
        OpeningStage::FormSent => {
            "実施機関が利用設定を行います。開放されると、この画面がすぐに変わります。".to_owned()
        }
        OpeningStage::Opened => ["資格情報照会（システム障害時）を利用できます", &until(opening), "。"].concat(),
        OpeningStage::Ended | OpeningStage::HandedIn | OpeningStage::Acknowledged => {
            let at = opening.period.map(|period| moment(period.ends_at));
            let at = at.unwrap_or_default();
            match reason {
                Some(reason) => [&at, "に、実施機関が終了しました（理由：", reason, "）。", ASK_AGAIN].concat(),
                None => ["開放期間が", &at, "に満了したため、自動終了しました。", ASK_AGAIN].concat(),
            }
        }
        OpeningStage::Refused => {
            ["理由：", reason.unwrap_or_default(), "。", ASK_AGAIN].concat()
        }
        OpeningStage::Withdrawn => {
            ["理由：", reason.unwrap_or_default(), "。", ASK].concat()
        }
    }
}

/// `（2026/11/23 10:00まで）`.
fn until(opening: &OpeningSummary) -> String {
    let until = opening
        .period
        .map(|period| ["（", &moment(period.ends_at), "まで）"].concat());
    until.unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::timestamp::Timestamp;
    use protocol::http::OpeningPeriod;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// An opening at a stage, as it is told.
    pub(crate) fn opening(stage: OpeningStage) -> OpeningSummary {
        let at = Timestamp::from_unix_milliseconds;
        OpeningSummary {
            id: "AAAAAAAAAAAAAAAAAAAA-_".parse().unwrap(),
            medical_institution_code: "3410712362".parse().unwrap(),
            institution_name: "架空内科".to_owned(),
            stage,
            contact: "資格　花子".parse().unwrap(),
            cause: domain::opening::Cause::Line,
            remark: None,
            is_by_telephone: false,
            requested_at: at(0),
            called_back_at: None,
            form_sent: None,
            period: Some(OpeningPeriod {
                starts_at: at(600_000),
                ends_at: at(4_200_000),
            }),
            reason: None,
            handed_in_at: None,
            acknowledged_at: None,
        }
    }

    fn state(opening: Option<OpeningSummary>, reports_due: Vec<OpeningSummary>) -> OpeningState {
        OpeningState {
            opening,
            reports_due,
            ..OpeningState::default()
        }
    }

    #[wasm_bindgen_test]
    fn only_what_is_open_is_open() {
        for stage in OpeningStage::ALL {
            let told = standing(&state(Some(opening(stage)), Vec::new()));
            assert_eq!(told.is_open, stage == OpeningStage::Opened, "{stage:?}");
            assert!(!told.text.is_empty() && !told.title.is_empty(), "{stage:?}");
        }
        let told = standing(&OpeningState::default());
        assert!(!told.is_open);
        assert_eq!(
            (told.brief.as_str(), told.text.as_str()),
            ("開放されていません", ASK)
        );
    }

    #[wasm_bindgen_test]
    fn who_may_search_knows_until_when_and_who_may_not_knows_why() {
        let told = standing(&state(Some(opening(OpeningStage::Opened)), Vec::new()));
        assert_eq!(told.brief, "開放中（1970/01/01 10:10まで）");
        let mut ended = opening(OpeningStage::Ended);
        let told = standing(&state(Some(ended.clone()), vec![ended.clone()]));
        assert!(
            told.text
                .starts_with("開放期間が1970/01/01 10:10に満了したため、自動終了しました。")
        );
        assert_eq!(
            told.brief,
            "開放されていません（未提出の利用報告書があります）"
        );
        ended.reason = Some("復旧のため".to_owned());
        let told = standing(&state(Some(ended), Vec::new()));
        assert!(told.text.contains("（理由：復旧のため）"), "{}", told.text);
    }
}
