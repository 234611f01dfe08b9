//! Two at once.

use axum::http::StatusCode;
use domain::account::Role;
use futures_util::future::join_all;
use protocol::http::{ProblemCode, path};
use serde_json::json;

use crate::function::{CODE, Sides, call_back, open};
use crate::harness::{Answer, Service};

/// One of several answers is a success, and the others refuse for the same reason.
fn one_of(answers: &[Answer], otherwise: ProblemCode) {
    let (taken, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status == StatusCode::OK);
    assert_eq!((taken.len(), refused.len()), (1, answers.len() - 1));
    for answer in refused {
        assert_eq!(answer.problem().code, otherwise);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_requests_that_come_at_once_one_is_taken() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let by_telephone = || {
        let body = json!({ "medical_institution_code": CODE, "contact": "花子", "cause": "line" });
        sides.operator.post(path::OPERATOR_OPENINGS, body)
    };
    let (institution, telephone) = tokio::join!(
        join_all((0..5).map(|_| sides.try_request())),
        join_all((0..5).map(|_| by_telephone())),
    );
    let all: Vec<_> = institution.into_iter().chain(telephone).collect();
    one_of(&all, ProblemCode::OpeningUnderWay);
    assert_eq!(service.query("SELECT count(*) FROM opening"), ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_operators_who_open_at_once_one_does() {
    let service = Service::new();
    service.add_account("operator2", Role::Operator, false);
    let sides = Sides::new(&service).await;
    let second = service.log_in("operator2").await;
    let id = sides.request().await;
    for act in [call_back(), json!("send_form")] {
        sides.act(&id, act).await;
    }
    service.begin_audited();
    let path = format!("{}/{id}/acts", path::OPERATOR_OPENINGS);
    let both = [&sides.operator, &second];
    let opened = both
        .iter()
        .cycle()
        .take(8)
        .map(|it| it.post(&path, open(2)));
    one_of(&join_all(opened).await, ProblemCode::OpeningOutOfStep);
    assert_eq!(service.audited(), ["function_opened:1311234569 2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_withdrawal_and_an_opening_at_once_leave_one_of_them() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let id = sides.request().await;
    for act in [call_back(), json!("send_form")] {
        sides.act(&id, act).await;
    }
    let withdrawal = format!("{}/withdrawal", path::OPENING);
    let reason = json!({ "reason": "復旧" });
    let (withdrawn, opened) = tokio::join!(
        sides.administrator.post(&withdrawal, reason),
        sides.try_act(&id, open(2))
    );
    one_of(&[withdrawn, opened], ProblemCode::OpeningOutOfStep);
}

#[tokio::test]
async fn an_operator_who_is_disabled_meanwhile_does_nothing() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let id = sides.request().await;
    let user_id = "operator".parse().unwrap();
    service.accounts().disable(&user_id).unwrap();
    let refused = sides.try_act(&id, call_back()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}
