//! The messages of 利用報告書 as they stand on the wire. As in `wire.rs`, a failing snapshot is a
//! change of protocol.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use domain::opening::Cause;
use domain::timestamp::Timestamp;
use protocol::http::{
    Delivery, FormSent, HandIn, OpeningPeriod, OpeningStage, OpeningSummary, UsageByUser, UsageDay,
    UsageReport, UsageReportDraft, UsageReportFields,
};

const TIME: Timestamp = Timestamp::from_unix_milliseconds(1_795_316_400_000);

fn fields() -> UsageReportFields {
    UsageReportFields {
        contact: "資格　花子".to_owned(),
        failure_from: "2026/11/20 9:30ごろ".to_owned(),
        failure_to: "復旧していない".to_owned(),
        description: "光回線の終端装置が故障した。".to_owned(),
        remark: String::new(),
    }
}

fn opening() -> OpeningSummary {
    OpeningSummary {
        id: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
        medical_institution_code: "1311234569".parse().unwrap(),
        institution_name: "新橋医院".to_owned(),
        stage: OpeningStage::HandedIn,
        contact: "資格　花子".parse().unwrap(),
        cause: Cause::Line,
        remark: None,
        is_by_telephone: false,
        requested_at: TIME,
        called_back_at: Some(TIME),
        form_sent: Some(FormSent {
            at: TIME,
            from: "houkoku@example.jp".parse().unwrap(),
            to: "shinbashi@example.jp".parse().unwrap(),
        }),
        period: Some(OpeningPeriod {
            starts_at: TIME,
            ends_at: TIME.plus_seconds(3600),
        }),
        reason: Some("復旧した".to_owned()),
        handed_in_at: Some(TIME.plus_seconds(7200)),
        acknowledged_at: None,
    }
}

#[test]
fn usage_report() {
    insta::assert_json_snapshot!(UsageReport {
        opening: opening(),
        days: vec![UsageDay {
            date: "2026-11-22".parse().unwrap(),
            searches: 12,
            persons: 8,
        }],
        users: vec![UsageByUser {
            user_id: "staff".parse().unwrap(),
            searches: 12,
            persons: 8,
        }],
        persons: 8,
        fields: fields(),
        version: 3,
        handed_in_at: Some(TIME.plus_seconds(7200)),
        acknowledged_at: None,
        can_be_sent: true,
        is_sent: false,
    });
}

#[test]
fn usage_report_requests() {
    let draft = UsageReportDraft {
        fields: fields(),
        version: 2,
    };
    let hand_in = |delivery| HandIn {
        version: 3,
        delivery,
    };
    insta::assert_json_snapshot!((draft, hand_in(Delivery::File), hand_in(Delivery::Smtp)));
}

#[test]
fn what_was_written_freely_is_not_shown_by_debug() {
    let draft = UsageReportDraft {
        fields: fields(),
        version: 2,
    };
    assert!(!format!("{draft:?}").contains("資格"));
}
