//! Both sides see every step at once.

use axum::http::StatusCode;
use protocol::http::{OpeningStage, OperatorState, TerminalState, path};
use serde_json::json;

use crate::function::{Sides, because, call_back, open};
use crate::harness::{Followed, Service};

async fn stage(stream: &mut Followed) -> Option<OpeningStage> {
    let state: TerminalState = stream.state().await;
    state.opening.opening.map(|opening| opening.stage)
}

/// Requested, called back, form sent, opened, ended.
async fn counts(stream: &mut Followed) -> [u32; 5] {
    let state: OperatorState = stream.state().await;
    assert_eq!(state.usual_hours, 24);
    [
        state.requested,
        state.called_back,
        state.form_sent,
        state.opened,
        state.ended,
    ]
}

#[tokio::test]
async fn every_step_is_told_to_every_terminal_and_every_operator() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let staff = service.log_in("staff").await;
    let mut terminal = staff.follow(path::EVENTS).await;
    let mut console = sides.operator.follow(path::OPERATOR_EVENTS).await;
    assert_eq!(stage(&mut terminal).await, None);
    assert_eq!(counts(&mut console).await, [0; 5]);
    let id = sides.request().await;
    assert_eq!(stage(&mut terminal).await, Some(OpeningStage::Requested));
    assert_eq!(counts(&mut console).await, [1, 0, 0, 0, 0]);
    let steps = [
        (call_back(), OpeningStage::CalledBack, [0, 1, 0, 0, 0]),
        (json!("send_form"), OpeningStage::FormSent, [0, 0, 1, 0, 0]),
        (open(1), OpeningStage::Opened, [0, 0, 0, 1, 0]),
        (
            json!({ "extend": { "hours": 1 } }),
            OpeningStage::Opened,
            [0, 0, 0, 1, 0],
        ),
    ];
    for (act, seen, counted) in steps {
        sides.act(&id, act.clone()).await;
        assert_eq!(stage(&mut terminal).await, Some(seen), "{act}");
        assert_eq!(counts(&mut console).await, counted, "{act}");
    }
    service.clock.advance_seconds(7200);
    // Sessions are locked by then, but another one follows.
    let staff = service.log_in("staff").await;
    let mut terminal = staff.follow(path::EVENTS).await;
    let _: TerminalState = terminal.state().await;
    service.sweep().await;
    let operator = service.log_in("operator").await;
    let mut console = operator.follow(path::OPERATOR_EVENTS).await;
    assert_eq!(counts(&mut console).await, [0, 0, 0, 0, 1]);
}

#[tokio::test]
async fn the_end_by_time_is_told_by_the_sweeper() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    sides.open(1).await;
    service.clock.advance_seconds(3599);
    let staff = service.log_in("staff").await;
    let operator = service.log_in("operator").await;
    let mut terminal = staff.follow(path::EVENTS).await;
    let mut console = operator.follow(path::OPERATOR_EVENTS).await;
    assert_eq!(stage(&mut terminal).await, Some(OpeningStage::Opened));
    assert_eq!(counts(&mut console).await, [0, 0, 0, 1, 0]);
    service.clock.advance_seconds(1);
    service.sweep().await;
    assert_eq!(stage(&mut terminal).await, Some(OpeningStage::Ended));
    assert_eq!(counts(&mut console).await, [0, 0, 0, 0, 1]);
}

#[tokio::test(start_paused = true)]
async fn many_changes_are_told_to_operators_as_few() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let mut console = sides.operator.follow(path::OPERATOR_EVENTS).await;
    let first: OperatorState = console.state().await;
    for _ in 0..20 {
        let id = sides.request().await;
        sides.act(&id, because("refuse")).await;
    }
    let id = sides.request().await;
    let next: OperatorState = console.state().await;
    assert_eq!(next.requested, 1, "the last one");
    assert!(next.revision >= first.revision + 41);
    // The list changes, the numbers don't: that is told as well.
    sides.act(&id, because("refuse")).await;
    sides.request().await;
    let last: OperatorState = console.state().await;
    assert_eq!(last.requested, 1);
    assert!(last.revision >= next.revision + 2);
}

#[tokio::test]
async fn a_console_ends_with_its_session() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let mut console = sides.operator.follow(path::OPERATOR_EVENTS).await;
    let _: OperatorState = console.state().await;
    let answer = sides.operator.delete(path::SESSION).await;
    assert_eq!(answer.status, StatusCode::OK);
    let sides = Sides::new(&service).await;
    sides.request().await;
    assert!(console.ends().await);
}
