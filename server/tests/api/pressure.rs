//! More than can be done: refused at once and honestly, and never what ends the rush.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use protocol::http::{Health, ProblemCode, path};
use rusqlite::Connection;
use serde_json::json;
use server::http::pressure::Capacity;
use server::state::Mode;

use crate::database::Database;
use crate::harness::{Answer, PASSWORD, Service};

const SMALL: Capacity = Capacity {
    in_work: 2,
    waiting: 2,
    patience: Duration::from_millis(300),
};

fn assert_sent_away(answer: &Answer) {
    let problem = answer.problem();
    assert_eq!(problem.code, ProblemCode::Unavailable);
    let seconds: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..10).contains(&seconds), "{seconds}");
    assert!(problem.detail.contains(&format!("あと{seconds}秒")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_no_place_is_told_when_to_come_again() {
    let service = Service::with_capacity(SMALL);
    let client = service.log_in("admin").await;
    let operator = service.log_in("operator").await;
    // Of a server's database nobody holds all.
    let Database::File(file) = &service.database else {
        return;
    };
    let other = Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let rule = json!({ "is_required": false });
    // Each wants to write, and somebody else holds the file.
    let all = join_all((0..8).map(|_| client.post(path::PASSKEY_RULE, rule.clone())));
    let meanwhile = async {
        tokio::time::sleep(SMALL.patience * 2).await;
        let health: Health = client.get(path::HEALTH).await.json();
        assert_eq!(health.status, "ok");
        let openings = operator.get(path::OPERATOR_OPENINGS).await;
        assert_eq!(openings.status, StatusCode::OK);
        client.follow(path::EVENTS).await.event().await.unwrap();
        other.execute_batch("COMMIT").unwrap();
    };
    let (answers, ()) = tokio::join!(all, meanwhile);
    let (done, sent_away): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status.is_success());
    assert_eq!((done.len(), sent_away.len()), (2, 6));
    sent_away.into_iter().for_each(assert_sent_away);
    let again = client.post(path::PASSKEY_RULE, rule).await;
    assert!(again.status.is_success(), "it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_waits_has_the_next_place() {
    let service = Service::with_capacity(Capacity {
        patience: Duration::from_mins(1),
        ..SMALL
    });
    let client = service.log_in("admin").await;
    let rule = json!({ "is_required": false });
    for _ in 0..20 {
        let four = join_all((0..4).map(|_| client.post(path::PASSKEY_RULE, rule.clone())));
        for answer in four.await {
            assert!(answer.status.is_success(), "{}", answer.text());
        }
    }
}

/// Log-ins that are there at once, more than wait for their turn.
const RUSH: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_rush_of_log_ins_is_bounded_and_holds_up_no_operator() {
    let service = Service::in_mode(Mode {
        behind_tls: true,
        without_rate_limits: true,
        ..Mode::default()
    });
    let client = service.stranger();
    let log_in = async |user_id: String, address: usize| {
        let body = json!({ "user_id": user_id, "password": PASSWORD });
        let request = Request::post(path::SESSION)
            .header("content-type", "application/json")
            .header("x-forwarded-for", format!("2001:db8:{address:x}::1"))
            .body(Body::from(body.to_string()));
        client.request(request.unwrap()).await
    };
    let rush = (0..RUSH).map(|number| log_in(format!("nobody-{number}"), number));
    let mut rush: FuturesUnordered<_> = rush.collect();
    let mut operator = std::pin::pin!(log_in("operator".to_owned(), RUSH));
    let mut sent_away = 0;
    let operator = loop {
        tokio::select! {
            answer = &mut operator => break answer,
            answer = rush.next() => {
                let answer = answer.expect("the operator waits behind nobody");
                if answer.status != StatusCode::UNAUTHORIZED {
                    assert_sent_away(&answer);
                    sent_away += 1;
                }
            }
        }
    };
    assert_eq!(operator.status, StatusCode::OK);
    assert!(sent_away > 0);
    // By the ユーザID and by the address; of the operator's address none is left.
    let counted = service.query("SELECT count(*) FROM failed_attempt WHERE count > 0");
    let counted: usize = counted[0].parse().unwrap();
    assert!(
        counted <= 2 * (RUSH - sent_away),
        "who is sent away has not failed"
    );
}
