//! What comes too often is refused, says when to come again, and is then let in.

use axum::http::StatusCode;
use domain::account::Role;
use domain::search::SearchForm;
use protocol::http::{ProblemCode, path};
use server::state::Mode;

use crate::harness::{Answer, Service};

/// Requests until one is refused, and that refusal.
async fn until_refused(mut send: impl AsyncFnMut() -> Answer) -> (usize, Answer) {
    for count in 0..1000 {
        let answer = send().await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return (count, answer);
        }
    }
    panic!("never refused")
}

#[tokio::test]
async fn a_session_is_slowed_down_and_then_let_in_again() {
    let service = Service::in_mode(Mode::default());
    let client = service.log_in("staff").await;
    let read = async || client.get(path::SESSION).await;
    let (count, refused) = until_refused(read).await;
    assert_eq!(count, 60);
    assert_eq!(refused.problem().code, ProblemCode::TooManyRequests);
    assert_eq!(refused.header("retry-after"), "1");
    let other = service.log_in("staff").await;
    assert_eq!(other.get(path::SESSION).await.status, StatusCode::OK);
    service.clock.advance_seconds(1);
    assert_eq!(until_refused(read).await.0, 20);
    service.clock.advance_seconds(60);
    assert_eq!(until_refused(read).await.0, 60);
}

#[tokio::test]
async fn searches_are_fewer() {
    let service = Service::in_mode(Mode::default());
    let client = service.log_in("staff").await;
    let form = SearchForm::default();
    let (count, refused) = until_refused(async || client.search(&form).await).await;
    assert_eq!(count, 20);
    assert_eq!(refused.problem().code, ProblemCode::TooManyRequests);
    assert_eq!(client.get(path::SESSION).await.status, StatusCode::OK);
    service.clock.advance_seconds(2);
    let (count, _) = until_refused(async || client.search(&form).await).await;
    assert_eq!(count, 4);
}

#[tokio::test]
async fn an_address_is_limited_whatever_it_says_of_itself() {
    let service = Service::in_mode(Mode {
        behind_tls: true,
        ..Mode::default()
    });
    let client = service.stranger();
    let mut number = 0;
    let mut from = async |address: &str| {
        number += 1;
        let request = axum::http::Request::builder()
            .uri(path::ABOUT)
            .header(
                "x-forwarded-for",
                format!("192.0.2.{}, {address}", number % 250),
            )
            .header("cookie", format!("__Host-shikaku-session={number}"));
        let request = request.body(axum::body::Body::empty()).unwrap();
        client.request(request).await
    };
    let (count, _) = until_refused(async || from("2001:db8::1").await).await;
    assert_eq!(count, 60);
    let neighbour = from("2001:db8::ffff").await;
    assert_eq!(neighbour.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from("2001:db8:0:1::1").await.status, StatusCode::OK);
}

/// A search that is done, and finds nobody.
fn of_nobody() -> SearchForm {
    SearchForm {
        name_kana: "ｼﾝﾊﾞｼ ﾀﾛｳ".to_owned(),
        birthdate: "S55.1.1".to_owned(),
        sex1: "1".to_owned(),
        address: "東京都".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

async fn opened() -> Service {
    let service = Service::in_mode(Mode::default());
    service.open_function().await;
    // Opening it takes requests too.
    service.clock.advance_seconds(60);
    service
}

#[tokio::test]
async fn an_account_has_no_more_searches_by_another_log_in_or_server() {
    let mut service = opened().await;
    let form = of_nobody();
    let client = service.log_in("staff").await;
    for _ in 0..12 {
        client.answer(&form).await;
    }
    let again = service.log_in("staff").await.cookie;
    // Another server's buckets are full.
    service.restart();
    let mut client = service.stranger();
    client.cookie = again;
    let (count, refused) = until_refused(async || client.search(&form).await).await;
    assert_eq!(count, 8);
    assert_eq!(refused.problem().code, ProblemCode::TooManyRequests);
    assert_eq!(refused.header("retry-after"), "1");
    service.clock.advance_seconds(2);
    let (count, _) = until_refused(async || client.search(&form).await).await;
    assert_eq!(count, 4);
}

#[tokio::test]
async fn an_institution_s_accounts_share_what_it_may_search() {
    let service = opened().await;
    let form = of_nobody();
    let mut found = 0;
    for number in 0..7 {
        let user_id = format!("staff-{number}");
        service.add_account(&user_id, Role::Staff, false);
        let client = service.log_in(&user_id).await;
        found += until_refused(async || client.search(&form).await).await.0;
    }
    assert_eq!(found, 100);
    service.add_account_elsewhere("far", Role::Administrator);
    let far = service.log_in("far").await;
    let (count, refused) = until_refused(async || far.search(&form).await).await;
    // Closed there, which nobody is counted for but by his browser.
    assert_eq!((count, refused.status), (20, StatusCode::TOO_MANY_REQUESTS));
}
