//! 請求の案内: an institution's own words, changed by its administrators and read by all who search.

use axum::http::StatusCode;
use domain::account::Role;
use domain::claim_guidance::{GuidanceText, STANDARD};
use protocol::http::{ClaimGuidance, ProblemCode, path};
use serde_json::json;
use server::clock::Clock as _;

use crate::harness::{Answer, Client, Service};

async fn read(client: &Client<'_>) -> ClaimGuidance {
    client.get(path::CLAIM_GUIDANCE).await.json()
}

async fn change(client: &Client<'_>, text: &str, version: u32) -> Answer {
    let body = json!({ "text": text, "version": version });
    client.put(path::CLAIM_GUIDANCE, body).await
}

/// The institution's own words, if it has any.
fn own(guidance: &ClaimGuidance) -> Option<&str> {
    guidance.text.as_ref().map(GuidanceText::as_str)
}

#[tokio::test]
async fn an_administrator_rewrites_it_staff_reads_it_and_the_standard_comes_back() {
    let service = Service::new();
    let (admin, staff) = (service.log_in("admin").await, service.log_in("staff").await);
    assert_eq!(read(&staff).await, ClaimGuidance::default());
    service.clock.advance_seconds(60);
    let answer = change(&admin, "番号は77777779\r\n摘要欄は「不詳」\n", 0).await;
    assert_eq!(answer.status, StatusCode::OK);
    let seen = read(&staff).await;
    assert_eq!(answer.json::<ClaimGuidance>(), seen);
    assert_eq!(own(&seen), Some("番号は77777779\n摘要欄は「不詳」"));
    let changed = seen.changed.unwrap();
    assert_eq!(changed.by.as_str(), "admin");
    assert_eq!(changed.at, service.clock.now());

    for (version, standard) in (1..).zip(["", " \r\n　", STANDARD]) {
        let back: ClaimGuidance = change(&admin, standard, version).await.json();
        assert_eq!(own(&back), None, "{standard:?}");
        assert_eq!(back.version, version + 1);
        assert_eq!(read(&staff).await, back);
    }
}

#[tokio::test]
async fn a_change_is_in_the_trail_and_its_words_are_not() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    service.begin_audited();
    change(&admin, "新橋さんに聞く", 0).await;
    change(&admin, "", 1).await;
    change(&admin, "a\0", 2).await;
    let expected = [
        "claim_guidance_changed:own",
        "claim_guidance_changed:standard",
    ];
    assert_eq!(service.audited(), expected);
}

#[tokio::test]
async fn what_is_too_long_or_not_of_a_keyboard_is_refused_by_name() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let table = [
        ("あ".repeat(1001), "いまは1001文字"),
        ("一\n\t二".to_owned(), "2行目に、使用できない文字（タブ）"),
        ("一\0".to_owned(), "使用できない文字（制御文字 U+0000）"),
    ];
    for (text, words) in table {
        let problem = change(&admin, &text, 0).await.problem();
        assert_eq!(problem.code, ProblemCode::InvalidInput, "{words}");
        let [violation] = &problem.violations[..] else {
            panic!("{words}: {problem:?}");
        };
        assert_eq!(violation.field, "text");
        assert!(violation.message.contains(words), "{violation:?}");
    }
    let unknown = json!({ "text": "一", "version": 0, "by": "staff" });
    let unknown = admin.put(path::CLAIM_GUIDANCE, unknown).await.problem();
    assert_eq!(unknown.code, ProblemCode::UnreadableRequest);
    assert_eq!(read(&admin).await, ClaimGuidance::default());
    // The most that can be written, in the most bytes that it takes.
    let longest = "𠮷".repeat(1000);
    assert_eq!(change(&admin, &longest, 0).await.status, StatusCode::OK);
    assert_eq!(own(&read(&admin).await), Some(&*longest));
}

#[tokio::test]
async fn of_two_who_write_at_once_the_second_is_told_of_the_first() {
    let service = Service::new();
    service.add_account("hanako", Role::Administrator, false);
    let (admin, hanako) = (
        service.log_in("admin").await,
        service.log_in("hanako").await,
    );
    change(&admin, "一人目", 0).await;
    let refused = change(&hanako, "二人目", 0).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.problem().code, ProblemCode::ClaimGuidanceChanged);
    let kept = read(&hanako).await;
    assert_eq!(own(&kept), Some("一人目"));
    change(&hanako, "二人目", kept.version).await;
    let kept = read(&admin).await;
    assert_eq!(own(&kept), Some("二人目"));
    assert_eq!(kept.changed.unwrap().by.as_str(), "hanako");
    // One ahead of the last is no version either.
    let refused = change(&admin, "", 3).await.problem().code;
    assert_eq!(refused, ProblemCode::ClaimGuidanceChanged);
}

#[tokio::test]
async fn another_institution_has_its_own() {
    let service = Service::new();
    service.add_account_elsewhere("elsewhere", Role::Administrator);
    let (admin, elsewhere) = (
        service.log_in("admin").await,
        service.log_in("elsewhere").await,
    );
    change(&admin, "新橋の案内", 0).await;
    assert_eq!(read(&elsewhere).await, ClaimGuidance::default());
    change(&elsewhere, "汐留の案内", 0).await;
    assert_eq!(own(&read(&admin).await), Some("新橋の案内"));
    assert_eq!(own(&read(&elsewhere).await), Some("汐留の案内"));
}
