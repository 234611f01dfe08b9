//! Without an open function nobody searches; and it ends when its time is over.

use axum::http::StatusCode;
use domain::search::SearchForm;
use protocol::http::{
    Eligibility, OpenedResult, OpeningStage, Problem, ProblemCode, SearchOutcome, path,
};
use serde_json::json;

use super::timeline;
use crate::desk::{Desk, PERSONS};
use crate::function::{Sides, because, call_back, open};
use crate::harness::{Client, Service};

const HOUR: i64 = 3600;

fn taro() -> SearchForm {
    SearchForm {
        name: "新橋 太郎".to_owned(),
        birthdate: "2021/03/26".to_owned(),
        sex1: "1".to_owned(),
        address: "足立区".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

async fn refused(staff: &Client<'_>) -> Problem {
    let problem = staff.search(&taro()).await.problem();
    assert_eq!(problem.code, ProblemCode::FunctionNotOpen);
    assert_eq!(
        problem.title,
        "緊急時医療情報・資格確認機能は開放されていません"
    );
    problem
}

#[tokio::test]
async fn a_search_is_refused_with_where_it_stands_and_what_to_do() {
    let service = Service::new();
    service.import(PERSONS);
    let sides = Sides::new(&service).await;
    let staff = service.log_in("staff").await;
    let mut said = vec![refused(&staff).await.detail];
    let id = sides.request().await;
    said.push(refused(&staff).await.detail);
    for act in [call_back(), json!("send_form")] {
        sides.act(&id, act).await;
        said.push(refused(&staff).await.detail);
    }
    sides.act(&id, open(24)).await;
    assert!(matches!(staff.found(&taro()).await, SearchOutcome::One(_)));
    sides.act(&id, because("end")).await;
    said.push(refused(&staff).await.detail);
    for act in ["refuse", "withdraw"] {
        let id = sides.request().await;
        sides.act(&id, because(act)).await;
        said.push(refused(&staff).await.detail);
    }
    insta::assert_json_snapshot!("where_it_stands", said);
    service.begin_audited();
    refused(&staff).await;
    assert_eq!(service.audited(), [""; 0], "nobody was looked for");
}

#[tokio::test]
async fn it_is_open_up_to_its_end_and_not_at_it() {
    let service = Service::new();
    service.import(PERSONS);
    let sides = Sides::new(&service).await;
    let id = sides.open(1).await;
    let staff = service.log_in("staff").await;
    service.clock.advance_seconds(500);
    let SearchOutcome::One(before) = staff.found(&taro()).await else {
        panic!("not one")
    };
    for _ in 0..6 {
        service.clock.advance_seconds(500);
        staff.get(path::OPENING).await;
    }
    service.clock.advance_seconds(99);
    let SearchOutcome::One(candidate) = staff.found(&taro()).await else {
        panic!("not one")
    };
    let eligibility = staff.open(candidate.as_str()).await;
    assert_eq!(eligibility.status, StatusCode::OK);

    service.clock.advance_seconds(1);
    let problem = refused(&staff).await;
    assert_eq!(
        problem.detail,
        "開放期間は2026/11/22 13:00:00に終了しました。続けて利用するときは、管理者が\
         「緊急時医療情報・資格確認機能」から、あらためて利用申請をしてください。"
    );
    let candidate = staff.open(candidate.as_str()).await.problem();
    assert_eq!(
        candidate.code,
        ProblemCode::FunctionNotOpen,
        "found while it was open"
    );
    assert_eq!(candidate.detail, problem.detail);
    let expired = staff.open(before.as_str()).await.problem();
    assert_eq!(expired.code, ProblemCode::CandidateExpired);

    let sides = Sides::new(&service).await;
    let seen = sides.state().await;
    assert_eq!(
        seen.opening.unwrap().stage,
        OpeningStage::Ended,
        "before it is swept"
    );
    assert_eq!(seen.reports_due.len(), 1);
    service.sweep().await;
    service.sweep().await;
    assert_eq!(ended_by_time(&service), 1, "and once only");
    assert_eq!(
        timeline(&sides, &id).await[0],
        "-: 自動終了（開放期間の満了）"
    );
    let late = sides
        .try_act(&id, json!({ "extend": { "hours": 1 } }))
        .await;
    assert_eq!(late.problem().code, ProblemCode::OpeningOutOfStep);
}

/// Lines of the trail that nobody wrote, of this institution.
fn ended_by_time(service: &Service) -> usize {
    let sql = "SELECT 1 FROM audit WHERE action = 'function_ended' AND outcome = 'time'
        AND user_id IS NULL AND role IS NULL AND medical_institution_code = '1311234569'";
    service.query(sql).len()
}

#[tokio::test]
async fn an_institution_asks_again_at_the_end_whether_or_not_it_was_noted() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let first = sides.open(1).await;
    wait(&service, &sides, HOUR).await;
    let second = sides.request().await;
    assert_ne!(first, second);
    assert_eq!(ended_by_time(&service), 1, "noted with the request");
    let state = sides.state().await;
    assert_eq!(state.opening.unwrap().stage, OpeningStage::Requested);
    assert_eq!(state.reports_due.len(), 1);
}

/// Time goes by at both desks, with somebody at them.
async fn wait(service: &Service, sides: &Sides<'_>, seconds: i64) {
    let mut left = seconds;
    while left > 0 {
        service.clock.advance_seconds(left.min(500));
        left -= 500;
        sides.administrator.get(path::OPENING).await;
        sides.operator.get(path::OPERATOR_OPENINGS).await;
    }
}

#[tokio::test]
async fn an_extended_function_stays_open_beyond_its_first_end() {
    let service = Service::new();
    service.import(PERSONS);
    let sides = Sides::new(&service).await;
    let id = sides.open(1).await;
    wait(&service, &sides, HOUR - 1).await;
    sides.act(&id, json!({ "extend": { "hours": 1 } })).await;
    wait(&service, &sides, HOUR).await;
    service.sweep().await;
    let staff = service.log_in("staff").await;
    assert!(matches!(staff.found(&taro()).await, SearchOutcome::One(_)));
    service.clock.advance_seconds(1);
    service.sweep().await;
    refused(&staff).await;
}

#[tokio::test]
async fn what_ended_while_the_service_was_down_has_ended() {
    let mut service = Service::new();
    service.import(PERSONS);
    Sides::new(&service).await.open(1).await;
    service.restart();
    let staff = service.log_in("staff").await;
    assert!(
        matches!(staff.found(&taro()).await, SearchOutcome::One(_)),
        "still open"
    );
    service.clock.advance_seconds(HOUR);
    service.restart();
    let staff = service.log_in("staff").await;
    refused(&staff).await;
    service.sweep().await;
    assert_eq!(ended_by_time(&service), 1);
}

#[tokio::test]
async fn a_clock_that_is_put_back_opens_nothing_again() {
    let service = Service::new();
    service.import(PERSONS);
    let sides = Sides::new(&service).await;
    sides.open(24).await;
    service.clock.advance_seconds(24 * HOUR);
    service.sweep().await;
    service.clock.advance_seconds(-23 * HOUR);
    let staff = service.log_in("staff").await;
    refused(&staff).await;
}

#[tokio::test]
async fn one_that_can_t_be_read_holds_up_no_other() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    sides.open(1).await;
    for code in ["1399999901", "1399999902"] {
        sides.register(code, "汐留").await;
        let body = json!({ "medical_institution_code": code, "contact": "花", "cause": "line" });
        let answer = sides.operator.post(path::OPERATOR_OPENINGS, body).await;
        let id = answer.json::<protocol::http::OperatorOpening>().opening.id;
        for act in [call_back(), json!("send_form"), open(1)] {
            sides.act(id.as_str(), act).await;
        }
    }
    let spoil = "UPDATE opening SET state = '{}' WHERE id = 1";
    service.database.run(spoil).unwrap();
    service.clock.advance_seconds(HOUR);
    service.sweep().await;
    let stages = service.query("SELECT stage FROM opening ORDER BY id");
    assert_eq!(stages, ["opened", "ended", "ended"]);
}

#[tokio::test]
async fn a_visual_confirmation_needs_no_open_function() {
    let service = Service::new();
    service.import(PERSONS);
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.complete(&id).await;
    let opened: OpenedResult = desk.open_result(&desk.terminal, &id).await.json();
    let answer = desk.terminal.open(opened.candidate.as_str()).await;
    assert!(answer.json::<Eligibility>().presentation.is_some());
    refused(&desk.terminal).await;
}
