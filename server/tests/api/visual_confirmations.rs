//! Visual confirmations: both routes as a whole, everything out of turn, and what ends them.

use axum::http::StatusCode;
use card::demo::DemoCard;
use domain::account::Role;
use domain::card_presentation::CardFailure;
use domain::code::ConsentFlag;
use domain::visual_confirmation::PersonNumber;
use protocol::http::{
    Began, ConfirmedBy, Eligibility, OpenedResult, ProblemCode, Stage, TerminalState, path,
};
use serde_json::json;

use crate::desk::{Desk, PERSONS, certificate, registered, terminal_state};
use crate::harness::{Answer, Client, PASSWORD, Service};

fn service() -> Service {
    let service = Service::new();
    service.import(PERSONS);
    service.add_account("hanako", Role::Staff, false);
    service
}

fn code(answer: &Answer) -> ProblemCode {
    answer.problem().code
}

async fn eligibility(terminal: &Client<'_>, opened: &Answer) -> Eligibility {
    let opened: OpenedResult = opened.json();
    terminal.open(opened.candidate.as_str()).await.json()
}

/// What screens and terminals did since the beginning, without how they came to be.
fn acts(service: &Service) -> Vec<String> {
    service.query(
        "SELECT action || ' ' || coalesce(outcome, '-') || ' ' || coalesce(user_id, '-') || ' '
           || coalesce(role, '-') || ' ' || coalesce(CAST(person_id AS TEXT), '-') FROM audit
         WHERE action NOT IN ('logged_in', 'took_over', 'imported', 'account_added', 'pairing_code_issued',
           'reader_screen_registered', 'passcode_issued') ORDER BY sequence",
    )
}

#[tokio::test]
async fn from_the_terminal_to_the_eligibility() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    assert_eq!(desk.open().await.began, Began::AtTerminal);
    assert_eq!(desk.stage().await, Stage::Confirmation);
    let state: TerminalState = desk.tick(&id, true).await.json();
    let open = state.readers[0].visual_confirmation.clone().unwrap();
    assert_eq!(open.began, Began::Here);
    assert_eq!(open.stage, Stage::Card { failure: None });
    service.clock.advance_seconds(1);
    desk.place(&id, DemoCard::Valid).await;
    assert!(matches!(desk.stage().await, Stage::Consents { ref asked, .. } if asked.len() == 3));
    service.clock.advance_seconds(1);
    desk.answer(&id, [true, false, true]).await;
    assert!(desk.is_normal().await);

    let waiting = terminal_state(&desk.terminal).await.results;
    assert!(waiting[0].is_own && !waiting[0].is_opened);
    let opened = desk.open_result(&desk.terminal, &id).await;
    let shown = eligibility(&desk.terminal, &opened).await;
    assert_eq!(shown.coverages[0].name, "新橋　太郎");
    assert_eq!(
        shown.qualification_confirmation_date.to_string(),
        "2026-11-22"
    );
    let presentation = shown.presentation.unwrap();
    let staff = ConfirmedBy::Account("staff".parse().unwrap());
    assert_eq!(presentation.confirmed_by, staff);
    assert!(presentation.confirmed_at < presentation.presented_at);
    let flags: Vec<_> = presentation.consents.iter().map(|one| one.flag).collect();
    let (yes, no) = (ConsentFlag::Given, ConsentFlag::NotGiven);
    assert_eq!(flags, [yes, yes, no, yes]);
    assert!(terminal_state(&desk.terminal).await.results[0].is_opened);
    let persons = service.persons();
    let mut holders = persons
        .iter()
        .filter(|one| one.coverages[0].name == shown.coverages[0].name);
    let number = PersonNumber::from(holders.next().unwrap().number).0;
    assert_eq!(
        acts(&service),
        [
            "visual_confirmation_begun terminal staff staff -",
            "identity_confirmed - staff staff -",
            "card_presented - 受付1 reader_screen #",
            "consents_given diagnosis_and_pharmacists operation 受付1 reader_screen #",
            "result_taken - staff staff #",
            "eligibility_opened 1 staff staff #",
        ]
        .map(|act| act.replace('#', &number.to_string()))
    );
}

#[tokio::test]
async fn from_the_passcode_to_the_eligibility() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin_at_screen().await;
    assert_eq!(desk.open().await.began, Began::AtReaderScreen);
    assert_eq!(
        code(&desk.tick(&id, true).await),
        ProblemCode::BegunElsewhere
    );
    desk.tick_at_screen(&id, true).await;
    desk.place(&id, DemoCard::Valid).await;
    let done = desk.answer(&id, [false; 3]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());

    // Any session of the institution may open it, and then that one only.
    let first = service.log_in("hanako").await;
    assert!(!terminal_state(&first).await.results[0].is_own);
    let opened = desk.open_result(&first, &id).await;
    let shown = eligibility(&first, &opened).await;
    let at = ConfirmedBy::ReaderScreen("受付1".to_owned());
    assert_eq!(shown.presentation.unwrap().confirmed_by, at);
    assert!(terminal_state(&desk.terminal).await.results.is_empty());
    let second = desk.open_result(&desk.terminal, &id).await;
    assert_eq!(code(&second), ProblemCode::VisualConfirmationOver);
    let again = desk.open_result(&first, &id).await;
    assert_eq!(again.status, StatusCode::OK);
    let others: OpenedResult = again.json();
    let opened = desk.terminal.open(others.candidate.as_str()).await;
    assert_eq!(code(&opened), ProblemCode::CandidateExpired);
}

#[tokio::test]
async fn every_act_has_its_turn() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    let title = |answer: Answer| {
        let problem = answer.problem();
        assert_eq!(problem.code, ProblemCode::OutOfTurn);
        problem.title
    };
    let not_confirmed = "先に「目視で本人確認完了」を確認してください";
    assert_eq!(title(desk.place(&id, DemoCard::Valid).await), not_confirmed);
    // It is not even looked at.
    assert_eq!(
        title(desk.read(&id, json!({ "certificate": "?" })).await),
        not_confirmed
    );
    let not_presented = "カードをまだ読み取っていません";
    assert_eq!(title(desk.answer(&id, [true; 3]).await), not_presented);
    let result = desk.open_result(&desk.terminal, &id).await;
    assert_eq!(code(&result), ProblemCode::VisualConfirmationOver);
    assert_eq!(
        code(&desk.tick_at_screen(&id, true).await),
        ProblemCode::BegunElsewhere
    );

    desk.tick(&id, true).await;
    desk.tick(&id, false).await;
    assert_eq!(title(desk.place(&id, DemoCard::Valid).await), not_confirmed);
    desk.tick(&id, true).await;
    assert_eq!(title(desk.answer(&id, [true; 3]).await), not_presented);
    desk.place(&id, DemoCard::Valid).await;
    let presented = "カードはすでに読み取っています";
    assert_eq!(title(desk.tick(&id, false).await), presented);
    assert_eq!(title(desk.place(&id, DemoCard::NotLinked).await), presented);
    let consents = format!("{}/{id}/consents", path::READER_VISUAL_CONFIRMATIONS);
    let other = desk.screen.post(&consents, json!({ "answers": [] })).await;
    assert_eq!(title(other), "同意の回答が、たずねた項目と合いません");
    desk.answer(&id, [true; 3]).await;
    for late in [
        desk.tick(&id, true).await,
        desk.place(&id, DemoCard::Valid).await,
        desk.answer(&id, [false; 3]).await,
    ] {
        assert_eq!(code(&late), ProblemCode::VisualConfirmationOver);
    }
    let read = acts(&service)
        .iter()
        .filter(|act| act.starts_with("card_"))
        .count();
    assert_eq!(read, 1, "{:?}", acts(&service));
}

#[tokio::test]
async fn what_is_said_again_after_a_lost_answer_is_answered() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    assert_eq!(desk.begin().await, id);
    for _ in 0..2 {
        assert_eq!(desk.tick(&id, true).await.status, StatusCode::OK);
    }
    for _ in 0..2 {
        let answer = desk.place(&id, DemoCard::Valid).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    for _ in 0..2 {
        assert_eq!(desk.tick(&id, true).await.status, StatusCode::OK);
        assert!(matches!(desk.stage().await, Stage::Consents { .. }));
    }
    for _ in 0..2 {
        assert_eq!(desk.answer(&id, [true; 3]).await.status, StatusCode::OK);
        assert!(desk.is_normal().await);
    }
    let id = desk.begin().await;
    for _ in 0..2 {
        let cancelled = desk.cancel(&desk.terminal, &id).await;
        assert_eq!(cancelled.status, StatusCode::OK);
        assert!(desk.is_normal().await);
    }
    assert_eq!(acts(&service).len(), 6, "{:?}", acts(&service));
}

#[tokio::test]
async fn a_card_that_brings_nothing_may_be_followed_by_another_one() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.tick(&id, true).await;
    let table = [
        (certificate(DemoCard::Expired), CardFailure::Expired),
        (certificate(DemoCard::NotLinked), CardFailure::NotLinked),
        (json!({ "certificate": "AAAA" }), CardFailure::Unreadable),
        (json!({ "failed": "unreadable" }), CardFailure::Unreadable),
        (
            json!({ "failed": "not_a_my_number_card" }),
            CardFailure::NotAMyNumberCard,
        ),
        (json!({ "failed": "juki_card" }), CardFailure::JukiCard),
        (json!({ "failed": "phone" }), CardFailure::Phone),
        (
            json!({ "failed": "no_certificate" }),
            CardFailure::NoCertificate,
        ),
    ];
    for (reading, failure) in table {
        let answer = desk.read(&id, reading).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let expected = Stage::Card {
            failure: Some(failure),
        };
        assert_eq!(desk.stage().await, expected);
        let last = acts(&service).pop().unwrap();
        assert_eq!(
            last,
            format!("card_refused {} 受付1 reader_screen -", failure.code())
        );
    }
    // A screen can't say what only the service finds.
    for reading in [
        json!({ "failed": "revoked" }),
        json!({ "certificate": "!" }),
        json!({}),
    ] {
        let answer = desk.read(&id, reading).await;
        assert_eq!(code(&answer), ProblemCode::UnreadableRequest);
    }
    // Only administrators are told of cards to link.
    assert!(
        terminal_state(&desk.terminal)
            .await
            .unlinked_cards
            .is_empty()
    );
    let administrator = service.log_in("admin").await;
    let unlinked = terminal_state(&administrator).await.unlinked_cards;
    assert_eq!(unlinked[0].reader_name, "受付1");
    desk.place(&id, DemoCard::Valid).await;
    assert!(matches!(desk.stage().await, Stage::Consents { .. }));
}

#[tokio::test]
async fn two_terminals_do_not_get_into_each_other_s_way() {
    let service = service();
    let desk = Desk::new(&service).await;
    let other = service.log_in("hanako").await;
    let id = desk.begin().await;
    assert_eq!(code(&desk.try_begin(&other).await), ProblemCode::ReaderBusy);
    let seen = terminal_state(&other).await.readers[0]
        .visual_confirmation
        .clone();
    assert_eq!(seen.unwrap().began, Began::AtTerminal);
    let confirmation = format!("{}/{id}/confirmation", path::VISUAL_CONFIRMATIONS);
    let following = format!("{}/{id}/following", path::VISUAL_CONFIRMATIONS);
    for (path, body) in [
        (confirmation, json!({ "is_confirmed": true })),
        (following, json!({ "is_followed": true })),
    ] {
        assert_eq!(
            code(&other.put(&path, body).await),
            ProblemCode::BegunElsewhere
        );
    }
    desk.complete(&id).await;
    assert!(terminal_state(&other).await.results.is_empty());
    let opened = desk.open_result(&other, &id).await;
    assert_eq!(code(&opened), ProblemCode::VisualConfirmationOver);
    // Whoever is there may stop one: that only closes doors.
    let id = desk.begin().await;
    assert_eq!(desk.cancel(&other, &id).await.status, StatusCode::OK);
    assert!(desk.is_normal().await);
    assert_eq!(desk.try_begin(&other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_screens_are_two_readers() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    let second = registered(&service, "受付2").await;
    let own = format!("{}/{id}", path::READER_VISUAL_CONFIRMATIONS);
    assert_eq!(
        code(&second.delete(&own).await),
        ProblemCode::VisualConfirmationOver
    );
    let card = second
        .post(&format!("{own}/card"), certificate(DemoCard::Valid))
        .await;
    assert_eq!(code(&card), ProblemCode::VisualConfirmationOver);
    let readers = terminal_state(&desk.terminal).await.readers;
    assert_eq!(readers.len(), 2);
    assert!(readers[1].visual_confirmation.is_none() && !readers[1].is_online);
    // One that nobody sees can't be switched.
    let path = format!(
        "{}/{}/visual-confirmation",
        path::READER_SCREENS,
        readers[1].id
    );
    let answer = desk.terminal.post(&path, json!({})).await;
    assert_eq!(code(&answer), ProblemCode::ReaderOffline);
    // The patient's screen may stop it.
    assert_eq!(desk.screen.delete(&own).await.status, StatusCode::OK);
    assert!(desk.is_normal().await);
}

#[tokio::test]
async fn another_institution_sees_and_does_nothing() {
    let service = service();
    service.add_account_elsewhere("stranger", Role::Administrator);
    let desk = Desk::new(&service).await;
    let stranger = service.log_in("stranger").await;
    let id = desk.begin().await;
    let state = terminal_state(&stranger).await;
    assert!(state.readers.is_empty() && state.results.is_empty());
    assert_eq!(
        code(&desk.try_begin(&stranger).await),
        ProblemCode::NoSuchReaderScreen
    );
    let screen = format!("{}/{}", path::READER_SCREENS, desk.id);
    assert_eq!(
        code(&stranger.delete(&screen).await),
        ProblemCode::NoSuchReaderScreen
    );
    let over = ProblemCode::VisualConfirmationOver;
    assert_eq!(code(&desk.cancel(&stranger, &id).await), over);
    desk.cancel(&desk.terminal, &id).await;
    let id = desk.begin_at_screen().await;
    desk.tick_at_screen(&id, true).await;
    desk.place(&id, DemoCard::Valid).await;
    desk.answer(&id, [true; 3]).await;
    assert_eq!(code(&desk.open_result(&stranger, &id).await), over);
    assert_eq!(
        desk.open_result(&desk.terminal, &id).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn three_minutes_without_anybody_end_it() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.tick(&id, true).await;
    service.clock.advance_seconds(179);
    // The patient at the screen keeps it open.
    let activity = format!("{}/{id}/activity", path::READER_VISUAL_CONFIRMATIONS);
    assert_eq!(
        desk.screen.post(&activity, json!({})).await.status,
        StatusCode::OK
    );
    service.clock.advance_seconds(179);
    service.sweep().await;
    assert_eq!(desk.open().await.expires_in_seconds, 1);
    service.clock.advance_seconds(1);
    assert!(desk.is_normal().await);
    service.sweep().await;
    let ended = "visual_confirmation_ended expired 受付1 reader_screen -";
    assert_eq!(acts(&service).last().unwrap(), ended);
    let late = desk.place(&id, DemoCard::Valid).await;
    assert_eq!(code(&late), ProblemCode::VisualConfirmationOver);

    // The same before anybody has swept: nothing of it is done, and the end is recorded.
    let table = ["tick", "begin"];
    for what in table {
        let id = desk.begin().await;
        service.clock.advance_seconds(180);
        if what == "tick" {
            let late = desk.tick(&id, true).await;
            assert_eq!(code(&late), ProblemCode::VisualConfirmationOver);
            assert_eq!(acts(&service).last().unwrap(), ended);
        } else {
            let next = desk.begin().await;
            assert_ne!(next, id);
            assert!(acts(&service).iter().rev().take(2).any(|act| act == ended));
        }
    }
}

#[tokio::test]
async fn the_next_patient_s_begins_by_itself_with_a_fresh_tick() {
    let service = service();
    let desk = Desk::new(&service).await;
    let first = desk.begin().await;
    let following = format!("{}/{first}/following", path::VISUAL_CONFIRMATIONS);
    let state: TerminalState = desk
        .terminal
        .put(&following, json!({ "is_followed": true }))
        .await
        .json();
    assert!(
        state.readers[0]
            .visual_confirmation
            .clone()
            .unwrap()
            .is_followed
    );
    desk.complete(&first).await;
    let next = desk.open().await;
    assert_ne!(next.id.as_str(), first);
    assert_eq!(next.stage, Stage::Confirmation);
    assert!(next.is_followed);
    let early = desk.place(next.id.as_str(), DemoCard::Valid).await;
    assert_eq!(code(&early), ProblemCode::OutOfTurn);
    desk.complete(next.id.as_str()).await;
    assert_eq!(terminal_state(&desk.terminal).await.results.len(), 2);
    let third = desk.open().await.id.to_string();
    desk.cancel(&desk.terminal, &third).await;
    assert!(desk.is_normal().await);
}

#[tokio::test]
async fn a_restart_loses_nothing_that_was_answered() {
    let mut service = service();
    let (id, revision, terminal, screen) = {
        let desk = Desk::new(&service).await;
        let id = desk.begin().await;
        desk.tick(&id, true).await;
        let revision = desk.state().await.revision;
        (
            id,
            revision,
            desk.terminal.cookie.clone(),
            desk.screen.cookie.clone(),
        )
    };
    service.restart();
    let desk = Desk::again(&service, terminal, screen).await;
    let state = desk.state().await;
    assert!(state.revision > revision);
    assert_eq!(desk.stage().await, Stage::Card { failure: None });
    desk.place(&id, DemoCard::Valid).await;
    desk.answer(&id, [true; 3]).await;
    let opened = desk.open_result(&desk.terminal, &id).await;
    let shown = eligibility(&desk.terminal, &opened).await;
    assert!(shown.presentation.is_some());
}

#[tokio::test]
async fn nobody_inherits_what_a_session_left() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.complete(&id).await;
    let open = desk.begin().await;
    desk.terminal.delete(path::SESSION).await;
    service.sweep().await;
    assert!(desk.is_normal().await);
    let ended = "visual_confirmation_ended logged_out 受付1 reader_screen -";
    assert_eq!(
        acts(&service)
            .into_iter()
            .rfind(|act| act.starts_with("visual"))
            .unwrap(),
        ended
    );
    // Not even the next one who logs in, whatever number his session has.
    for user_id in ["staff", "hanako", "admin"] {
        let mut next = service.stranger();
        next.take_over(user_id, PASSWORD).await;
        assert!(terminal_state(&next).await.results.is_empty());
        for id in [&id, &open] {
            let refused = desk.open_result(&next, id).await;
            assert_eq!(code(&refused), ProblemCode::VisualConfirmationOver);
        }
    }
}

#[tokio::test]
async fn results_close_after_ten_minutes_and_are_forgotten_after_a_day() {
    let service = service();
    let desk = Desk::new(&service).await;
    let id = desk.begin().await;
    desk.complete(&id).await;
    for _ in 0..2 {
        service.clock.advance_seconds(299);
        desk.terminal.post(path::ACTIVITY, json!({})).await;
    }
    service.clock.advance_seconds(1);
    let opened = desk.open_result(&desk.terminal, &id).await;
    assert_eq!(opened.status, StatusCode::OK);
    service.clock.advance_seconds(1);
    assert!(terminal_state(&desk.terminal).await.results.is_empty());
    let late = desk.open_result(&desk.terminal, &id).await;
    assert_eq!(code(&late), ProblemCode::VisualConfirmationOver);
    // What was opened in time is shown for its own ten minutes, with how it came about.
    let shown = eligibility(&desk.terminal, &opened).await;
    assert!(shown.presentation.is_some());
    let count = || {
        service
            .query("SELECT '' || count(*) FROM visual_confirmation")
            .join("")
    };
    service.sweep().await;
    assert_eq!(count(), "1");
    service.clock.advance_seconds(24 * 3600);
    service.sweep().await;
    assert_eq!(count(), "0");
}

/// A row that another version wrote holds no reader and stops nobody.
#[tokio::test]
async fn what_can_not_be_read_any_more_makes_way() {
    let service = service();
    let desk = Desk::new(&service).await;
    let unreadable = |when: &str| {
        let sql =
            format!("UPDATE visual_confirmation SET state = '{{}}' WHERE {when} RETURNING ''");
        assert_eq!(service.query(&sql).len(), 1);
    };
    let id = desk.begin().await;
    desk.complete(&id).await;
    unreadable("ended_at IS NOT NULL");
    assert!(terminal_state(&desk.terminal).await.results.is_empty());
    let first = desk.begin().await;
    unreadable("ended_at IS NULL");
    assert!(desk.is_normal().await);
    assert_eq!(
        code(&desk.tick(&first, true).await),
        ProblemCode::VisualConfirmationOver
    );
    assert_ne!(desk.begin().await, first);
    unreadable("ended_at IS NULL");
    service.clock.advance_seconds(180);
    service.sweep().await;
    let open = service.query("SELECT id FROM visual_confirmation WHERE ended_at IS NULL");
    assert!(open.is_empty());
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_is_first() {
    let service = service();
    let desk = Desk::new(&service).await;
    let other = service.log_in("hanako").await;
    let (own, others) = tokio::join!(desk.try_begin(&desk.terminal), desk.try_begin(&other));
    let mut statuses = [own.status.as_u16(), others.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let id = desk.open().await.id.to_string();
    desk.cancel(&other, &id).await;

    let id = desk.begin_at_screen().await;
    desk.tick_at_screen(&id, true).await;
    // The card, said twice at once, is presented once.
    let (first, second) = tokio::join!(
        desk.place(&id, DemoCard::Valid),
        desk.place(&id, DemoCard::Valid)
    );
    assert_eq!([first.status, second.status], [StatusCode::OK; 2]);
    let (agreed, refused) = tokio::join!(desk.answer(&id, [true; 3]), desk.answer(&id, [false; 3]));
    let mut statuses = [agreed.status.as_u16(), refused.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    let (own, others) = tokio::join!(
        desk.open_result(&desk.terminal, &id),
        desk.open_result(&other, &id)
    );
    let mut statuses = [own.status.as_u16(), others.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    for act in ["card_presented", "consents_given", "result_taken"] {
        let times = acts(&service)
            .iter()
            .filter(|line| line.starts_with(act))
            .count();
        assert_eq!(times, 1, "{act}");
    }
}
