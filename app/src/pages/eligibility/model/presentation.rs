//! 目視確認 and カード提示: how the eligibility came about.

use domain::card_presentation::CardNotice;
use domain::consent::Consent;
use protocol::http::{ConfirmedBy, VisualPresentation};

use super::{Group, Row, Value, day};
use crate::text::moment;

/// Who confirmed the identity, the card, and what the patient said.
pub(in super::super) fn presentation(of: &VisualPresentation) -> Vec<Group> {
    let expires = of
        .notice
        .map(|CardNotice::ExpiresSoon(until)| day("利用者証明用電子証明書の有効期限", Some(until)));
    let facts = [
        row("確認の方法", "目視確認・カード提示".to_owned()),
        row("目視確認をした職員", confirmed_by(&of.confirmed_by)),
        row("目視確認の日時", moment(of.confirmed_at)),
        row("カード提示の日時", moment(of.presented_at)),
    ];
    let facts = facts.into_iter().chain(expires).collect();
    let consents = of.consents.iter().map(consent).collect();
    vec![
        Group {
            title: "目視確認・カード提示",
            parts: vec![facts],
        },
        Group {
            title: "情報提供の同意",
            parts: vec![consents],
        },
    ]
}

fn row(label: &'static str, text: String) -> Row {
    Row::new(label, Some(Value::of(text)))
}

fn confirmed_by(by: &ConfirmedBy) -> String {
    match by {
        ConfirmedBy::Account(user_id) => user_id.to_string(),
        ConfirmedBy::ReaderScreen(name) => {
            ["読取画面「", name, "」で目視確認用パスコードを入力した職員"].concat()
        }
    }
}

/// `同意あり（2026/11/22 09:05に回答、2026/11/23 09:05まで有効）`.
fn consent(of: &Consent) -> Row {
    let until = of
        .available_time
        .map(|until| ["、", &moment(until), "まで有効"].concat())
        .unwrap_or_default();
    let text = [
        of.flag.label(),
        "（",
        &moment(of.cons_time),
        "に回答",
        &until,
        "）",
    ]
    .concat();
    row(of.information.label(), text)
}

#[cfg(test)]
mod tests {
    use domain::code::{ConsentFlag, MedicalInformation};
    use domain::timestamp::Timestamp;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn consents_say_when_and_until_when() {
        let at = Timestamp::from_unix_milliseconds(0);
        let table = [
            (
                ConsentFlag::Given,
                Some(at.plus_seconds(86_400)),
                "同意あり（1970/01/01 09:00に回答、1970/01/02 09:00まで有効）",
            ),
            (
                ConsentFlag::NotGiven,
                None,
                "同意なし（1970/01/01 09:00に回答）",
            ),
        ];
        for (flag, available_time, expected) in table {
            let row = consent(&Consent {
                information: MedicalInformation::Operation,
                flag,
                cons_time: at,
                available_time,
            });
            assert_eq!(row.text(), expected);
        }
    }

    #[wasm_bindgen_test]
    fn it_is_a_card_shown_and_no_authentication() {
        let at = Timestamp::from_unix_milliseconds(0);
        let table = [
            (ConfirmedBy::Account("hanako".parse().unwrap()), "hanako"),
            (
                ConfirmedBy::ReaderScreen("受付1".to_owned()),
                "読取画面「受付1」で目視確認用パスコードを入力した職員",
            ),
        ];
        for (confirmed_by, expected) in table {
            let groups = presentation(&VisualPresentation {
                confirmed_by,
                confirmed_at: at,
                presented_at: at,
                notice: Some(CardNotice::ExpiresSoon("2027-01-10".parse().unwrap())),
                consents: Vec::new(),
            });
            let rows: Vec<_> = groups
                .into_iter()
                .flat_map(|group| group.parts)
                .flatten()
                .collect();
            let texts: Vec<_> = rows.iter().map(|row| row.clone().text()).collect();
            assert!(texts.iter().any(|text| text == expected), "{texts:?}");
            assert!(texts.iter().any(|text| text.contains("2027/01/10")));
            let says =
                |row: &Row| row.label.contains("認証") || row.clone().text().contains("認証");
            assert!(!rows.iter().any(says), "{texts:?}");
        }
    }
}
