//! The messages about openings as they stand on the wire. As in `wire.rs`, a failing
//! snapshot is a change of protocol.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use domain::opening::Cause;
use domain::timestamp::Timestamp;
use protocol::http::{
    BulkAct, BulkOutcome, BulkRefusal, BulkStep, CallCentre, FormSent, InstitutionImport,
    InstitutionPage, InstitutionToRegister, OpeningPage, OpeningPeriod, OpeningRequest,
    OpeningStage, OpeningState, OpeningSummary, OperatorAct, OperatorOpening, OperatorState,
    Reason, RecordedCall, RefusedRow, RegisteredInstitution, TelephoneRequest, TimelineEntry,
};

const TIME: Timestamp = Timestamp::from_unix_milliseconds(1_795_316_400_000);
const ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn summary() -> OpeningSummary {
    OpeningSummary {
        id: ID.parse().unwrap(),
        medical_institution_code: "1311234569".parse().unwrap(),
        institution_name: "新橋サンプルクリニック".to_owned(),
        stage: OpeningStage::Opened,
        contact: "資格　花子".parse().unwrap(),
        cause: Cause::Line,
        remark: None,
        is_by_telephone: false,
        requested_at: TIME,
        called_back_at: Some(TIME),
        form_sent: Some(FormSent {
            at: TIME,
            from: "report@example.jp".parse().unwrap(),
            to: "clinic@example.jp".parse().unwrap(),
        }),
        period: Some(OpeningPeriod {
            starts_at: TIME,
            ends_at: TIME,
        }),
        reason: None,
        handed_in_at: None,
        acknowledged_at: None,
    }
}

fn institution() -> RegisteredInstitution {
    RegisteredInstitution {
        medical_institution_code: "1311234569".parse().unwrap(),
        has_valid_check_digit: true,
        name: "新橋サンプルクリニック".to_owned(),
        telephone: Some("03-1234-5678".parse().unwrap()),
        email: Some("clinic@example.jp".parse().unwrap()),
    }
}

fn reason() -> Reason {
    Reason {
        reason: "復旧".to_owned(),
    }
}

#[test]
fn what_institutions_see_and_say() {
    insta::assert_json_snapshot!(
        "opening_state",
        OpeningState {
            call_centre: CallCentre {
                telephone: "0800-080-4583".to_owned(),
                hours: "月曜日～金曜日 9:00～17:00".to_owned(),
                is_open: true,
                changes_at: Some(TIME),
            },
            opening: Some(summary()),
            reports_due: vec![summary()],
        }
    );
    insta::assert_json_snapshot!(
        "opening_request",
        OpeningRequest {
            contact: "資格　花子".to_owned(),
            cause: "line".to_owned(),
            remark: String::new(),
        }
    );
    insta::assert_json_snapshot!("reason", reason());
}

#[test]
fn what_operators_see() {
    insta::assert_json_snapshot!(
        "operator_state",
        OperatorState {
            revision: 4_294_967_297,
            requested: 1,
            called_back: 2,
            form_sent: 3,
            opened: 4,
            ended: 5,
            handed_in: 6,
            usual_hours: 24,
        }
    );
    insta::assert_json_snapshot!(
        "operator_opening",
        OperatorOpening {
            opening: summary(),
            institution: institution(),
            call_back: Some(RecordedCall {
                spoken_to: "資格　花子".parse().unwrap(),
                telephone: "0312345678".parse().unwrap(),
                at: TIME,
            }),
            timeline: vec![TimelineEntry {
                at: TIME,
                by: None,
                text: "自動終了".to_owned(),
            }],
        }
    );
    let next = Some(ID.parse().unwrap());
    let (openings, total) = (vec![summary()], 101);
    let page = OpeningPage {
        openings,
        next,
        total,
    };
    insta::assert_json_snapshot!("opening_page", page);
    let stages = OpeningStage::ALL.map(|stage| (stage, stage.code()));
    insta::assert_json_snapshot!("opening_stages", stages);
    for (stage, code) in stages {
        assert_eq!(code.parse(), Ok(stage));
    }
}

#[test]
fn what_operators_do() {
    let acts = [
        OperatorAct::CallBack {
            spoken_to: "資格　花子".to_owned(),
        },
        OperatorAct::SendForm,
        OperatorAct::Open { hours: 24 },
        OperatorAct::Extend { hours: 1 },
        OperatorAct::End(reason()),
        OperatorAct::Refuse(reason()),
        OperatorAct::Withdraw(reason()),
        OperatorAct::Acknowledge,
    ];
    insta::assert_json_snapshot!("operator_acts", acts);
    let steps = [
        BulkStep::SendForm,
        BulkStep::Open { hours: 24 },
        BulkStep::Extend { hours: 1 },
        BulkStep::End,
    ];
    let bulk = |act| BulkAct {
        openings: vec![ID.parse().unwrap()],
        act,
        reason: "停電".to_owned(),
    };
    insta::assert_json_snapshot!("bulk_acts", steps.map(bulk));
    insta::assert_json_snapshot!(
        "bulk_outcome",
        BulkOutcome {
            done: 1,
            refused: vec![BulkRefusal {
                id: ID.parse().unwrap(),
                institution_name: "新橋".to_owned(),
                message: "すでに開放しています".to_owned(),
            }],
        }
    );
    insta::assert_json_snapshot!(
        "telephone_request",
        TelephoneRequest {
            medical_institution_code: "1311234569".to_owned(),
            contact: "資格　花子".to_owned(),
            cause: "line".to_owned(),
            remark: "停電".to_owned(),
        }
    );
}

#[test]
fn the_register() {
    insta::assert_json_snapshot!(
        "institution_page",
        InstitutionPage {
            institutions: vec![institution()],
            next: Some("1311234569".parse().unwrap()),
            total: 101,
        }
    );
    insta::assert_json_snapshot!(
        "institution_to_register",
        InstitutionToRegister {
            name: "新橋".to_owned(),
            telephone: "03-1234-5678".to_owned(),
            email: "clinic@example.jp".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "institution_import",
        InstitutionImport {
            added: 0,
            changed: 0,
            unchanged: 0,
            refused: vec![RefusedRow {
                line: 2,
                message: "電話番号：入力してください".to_owned(),
            }],
        }
    );
}
