//! 開放: every step, every refusal, races, and the end by time.

mod bulk;
mod guard;
mod live;
mod races;

use axum::http::StatusCode;
use domain::opening::Cause;
use protocol::http::{OpeningPage, OpeningStage, OpeningState, OperatorOpening, ProblemCode, path};
use serde_json::{Value, json};

use crate::function::{CODE, Sides, because, call_back, open};
use crate::harness::{Answer, Service};

#[tokio::test]
async fn the_steps_lead_from_the_request_to_an_open_function_and_its_end() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    service.begin_audited();
    let closed: OpeningState = sides.state().await;
    assert_eq!(closed.opening, None);
    assert_eq!(closed.call_centre.telephone, "0800-080-4583");
    assert_eq!(closed.call_centre.hours, "月曜日～金曜日 9:00～17:00");
    // 2026-11-22 is a Sunday.
    assert!(!closed.call_centre.is_open);

    let id = sides.request().await;
    let steps = [
        (call_back(), OpeningStage::CalledBack),
        (json!("send_form"), OpeningStage::FormSent),
        (open(24), OpeningStage::Opened),
        (json!({ "extend": { "hours": 6 } }), OpeningStage::Opened),
        (because("end"), OpeningStage::Ended),
    ];
    for (act, stage) in steps {
        service.clock.advance_seconds(60);
        let told = sides.act(&id, act.clone()).await;
        assert_eq!(told.opening.stage, stage, "{act}");
        let seen = sides.state().await.opening.unwrap();
        assert_eq!(seen, told.opening, "both sides see the same");
    }
    let ended = sides.state().await;
    assert_eq!(ended.reports_due.len(), 1);
    let opening = ended.opening.unwrap();
    let period = opening.period.unwrap();
    assert_eq!(opening.requested_at.plus_seconds(180), period.starts_at);
    assert_eq!(period.starts_at.plus_seconds(120), period.ends_at);
    assert_eq!(opening.reason.as_deref(), Some("復旧した"));
    assert_eq!(
        (opening.cause, opening.is_by_telephone),
        (Cause::Line, false)
    );
    let form = opening.form_sent.unwrap();
    assert_eq!(form.from.as_str(), "report@example.jp");
    assert_eq!(form.to.as_str(), "clinic@example.jp");
    assert_eq!(
        service.audited(),
        [
            "opening_requested:line",
            "call_back_recorded:1311234569",
            "report_form_sent:1311234569",
            "function_opened:1311234569 24",
            "function_extended:1311234569 6",
            "function_ended:1311234569",
        ]
    );
    insta::assert_json_snapshot!("timeline", timeline(&sides, &id).await);
}

/// Who did what, the newest first.
async fn timeline(sides: &Sides<'_>, id: &str) -> Vec<String> {
    let path = format!("{}/{id}", path::OPERATOR_OPENINGS);
    let opening: OperatorOpening = sides.operator.get(&path).await.json();
    let entries = opening.timeline.into_iter();
    let by = |by: Option<domain::account::UserId>| by.map_or("-".to_owned(), |by| by.to_string());
    entries
        .map(|entry| format!("{}: {}", by(entry.by), entry.text))
        .collect()
}

/// What is done, and why it is refused.
type Refused<'a> = (Value, &'a str);

/// What is refused at each stage, and the way to it.
#[tokio::test]
async fn no_step_can_be_skipped_or_taken_twice() {
    let (back, form, end) = (call_back(), json!("send_form"), because("end"));
    let extend = json!({ "extend": { "hours": 1 } });
    let (refuse, withdraw) = (because("refuse"), because("withdraw"));
    let acknowledge = json!("acknowledge");
    let (first, second) = (
        "先に「電話確認を記録」してください",
        "先に「利用報告書を送付」してください",
    );
    let (done, over) = (
        "この手順はすでに済んでいます",
        "この申請は終了しています。必要なときは、あらためて申請してください",
    );
    let (open_already, not_open) = ("すでに開放しています", "まだ開放していません");
    let table: Vec<(Vec<&Value>, Vec<Refused<'_>>)> = vec![
        (
            vec![],
            vec![
                (form.clone(), first),
                (open(1), first),
                (extend.clone(), not_open),
                (end.clone(), not_open),
                (acknowledge.clone(), "利用報告書がまだ提出されていません"),
            ],
        ),
        (
            vec![&back],
            vec![
                (back.clone(), done),
                (open(1), second),
                (end.clone(), not_open),
            ],
        ),
        (
            vec![&back, &form],
            vec![
                (back.clone(), done),
                (form.clone(), done),
                (extend.clone(), not_open),
            ],
        ),
        (
            vec![&end],
            vec![
                (back.clone(), over),
                (open(1), over),
                (extend.clone(), over),
                (end.clone(), over),
                (refuse.clone(), over),
                (withdraw.clone(), over),
                (acknowledge.clone(), "利用報告書がまだ提出されていません"),
            ],
        ),
        (
            vec![&refuse],
            vec![(back.clone(), over), (withdraw.clone(), over)],
        ),
        (
            vec![&withdraw],
            vec![(back.clone(), over), (open(1), over), (acknowledge, over)],
        ),
    ];
    for (way, refusals) in table {
        let service = Service::new();
        let sides = Sides::new(&service).await;
        let id = if way == [&end] {
            let id = sides.open(24).await;
            for (act, why) in [
                (&back, open_already),
                (&form, open_already),
                (&open(1), open_already),
                (&refuse, open_already),
                (&withdraw, open_already),
            ] {
                out_of_step(&sides.try_act(&id, act.clone()).await, why, act);
            }
            id
        } else {
            sides.request().await
        };
        for act in way {
            sides.act(&id, act.clone()).await;
        }
        for (act, why) in refusals {
            let before = service.query("SELECT state FROM opening");
            out_of_step(&sides.try_act(&id, act.clone()).await, why, &act);
            assert_eq!(service.query("SELECT state FROM opening"), before, "{act}");
        }
    }
}

fn out_of_step(answer: &Answer, why: &str, act: &Value) {
    let problem = answer.problem();
    assert_eq!(problem.code, ProblemCode::OpeningOutOfStep, "{act}");
    assert_eq!(
        (problem.status, problem.title.as_str()),
        (409, why),
        "{act}"
    );
}

#[tokio::test]
async fn what_can_t_be_taken_is_named_with_its_field() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let long = "あ".repeat(401);
    let table = [
        (json!({ "contact": "", "cause": "line" }), vec!["contact"]),
        (json!({ "contact": "花子", "cause": "" }), vec!["cause"]),
        (
            json!({ "contact": "花子", "cause": "weather" }),
            vec!["cause"],
        ),
        (
            json!({ "contact": "花子", "cause": "line", "remark": long }),
            vec!["remark"],
        ),
        (
            json!({ "contact": "あ".repeat(41), "cause": "x", "remark": "\u{1}" }),
            vec!["contact", "cause", "remark"],
        ),
    ];
    for (body, fields) in table {
        let answer = sides.administrator.post(path::OPENING, body.clone()).await;
        assert_eq!(violated(&answer), fields, "{body}");
        let mut by_telephone = body.clone();
        by_telephone["medical_institution_code"] = CODE.into();
        let answer = sides
            .operator
            .post(path::OPERATOR_OPENINGS, by_telephone)
            .await;
        assert_eq!(violated(&answer), fields, "{body}");
    }
    let request = |code: &str| json!({ "medical_institution_code": code, "contact": "花子", "cause": "line" });
    for code in ["", "131123456", "abcdefghij", "9999999999"] {
        let answer = sides
            .operator
            .post(path::OPERATOR_OPENINGS, request(code))
            .await;
        assert_eq!(violated(&answer), ["medical_institution_code"], "{code}");
    }
    let id = sides.request().await;
    let acts = [
        (json!({ "call_back": { "spoken_to": " " } }), "spoken_to"),
        (json!({ "end": { "reason": "" } }), "reason"),
        (
            json!({ "refuse": { "reason": "あ".repeat(201) } }),
            "reason",
        ),
    ];
    for (act, field) in acts {
        let answer = sides.try_act(&id, act.clone()).await;
        assert_eq!(violated(&answer), [field], "{act}");
    }
    let nothing = json!({ "reason": "　" });
    let path = format!("{}/withdrawal", path::OPENING);
    let answer = sides.administrator.post(&path, nothing).await;
    assert_eq!(violated(&answer), ["reason"]);
    for act in [call_back(), json!("send_form")] {
        sides.act(&id, act).await;
    }
    for hours in [0, 337, u32::MAX] {
        let answer = sides.try_act(&id, open(hours)).await;
        assert_eq!(violated(&answer), ["hours"], "{hours}");
    }
    sides.act(&id, open(336)).await;
    let answer = sides
        .try_act(&id, json!({ "extend": { "hours": 1 } }))
        .await;
    assert_eq!(violated(&answer), ["hours"], "two weeks from now at most");
}

fn violated(answer: &Answer) -> Vec<String> {
    let problem = answer.problem();
    assert_eq!(problem.code, ProblemCode::InvalidInput, "{}", problem.title);
    assert!(problem.violations.iter().all(|one| !one.message.is_empty()));
    problem
        .violations
        .into_iter()
        .map(|one| one.field)
        .collect()
}

#[tokio::test]
async fn an_institution_withdraws_and_asks_again() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let path = format!("{}/withdrawal", path::OPENING);
    let reason = json!({ "reason": "回線が復旧した" });
    let none = sides.administrator.post(&path, reason.clone()).await;
    assert_eq!(none.problem().code, ProblemCode::NoSuchOpening);
    let id = sides.request().await;
    sides.act(&id, call_back()).await;
    let withdrawn: OpeningState = sides.administrator.post(&path, reason.clone()).await.json();
    let withdrawn = withdrawn.opening.unwrap();
    assert_eq!(withdrawn.stage, OpeningStage::Withdrawn);
    assert_eq!(withdrawn.reason.as_deref(), Some("回線が復旧した"));
    let twice = sides.administrator.post(&path, reason).await;
    assert_eq!(twice.problem().code, ProblemCode::OpeningOutOfStep);
    assert_ne!(sides.request().await, id);
}

#[tokio::test]
async fn an_operator_enters_what_he_is_told_on_the_telephone() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    service.begin_audited();
    let body = json!({
        "medical_institution_code": CODE, "contact": "資格　花子", "cause": "disaster",
        "remark": "停電",
    });
    let answer = sides
        .operator
        .post(path::OPERATOR_OPENINGS, body.clone())
        .await;
    let opening: OperatorOpening = answer.json();
    assert!(opening.opening.is_by_telephone);
    assert_eq!(opening.institution.medical_institution_code.as_str(), CODE);
    assert_eq!(opening.call_back, None);
    assert_eq!(sides.state().await.opening, Some(opening.opening));
    let twice = sides.operator.post(path::OPERATOR_OPENINGS, body).await;
    assert_eq!(twice.problem().code, ProblemCode::OpeningUnderWay);
    let twice = sides.try_request().await;
    assert_eq!(twice.problem().code, ProblemCode::OpeningUnderWay);
    assert_eq!(service.audited(), ["opening_requested:1311234569"]);
}

#[tokio::test]
async fn the_number_that_is_called_is_the_registered_one_at_that_moment() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let id = sides.request().await;
    let institution = format!("{}/{CODE}", path::OPERATOR_INSTITUTIONS);
    let new = json!({ "name": "新橋", "telephone": "03-9999-0000", "email": "new@example.jp" });
    sides.operator.put(&institution, new).await;
    let smuggled = json!({ "call_back": { "spoken_to": "花子", "telephone": "0312345678" } });
    let refused = sides.try_act(&id, smuggled).await;
    assert_eq!(refused.problem().code, ProblemCode::UnreadableRequest);
    let called = sides.act(&id, call_back()).await;
    assert_eq!(called.call_back.unwrap().telephone.as_str(), "0399990000");
    let later = json!({ "name": "新橋", "telephone": "03-1111-0000", "email": "late@example.jp" });
    sides.operator.put(&institution, later).await;
    let sent = sides.act(&id, json!("send_form")).await;
    assert_eq!(
        sent.call_back.unwrap().telephone.as_str(),
        "0399990000",
        "it stays"
    );
    assert_eq!(
        sent.opening.form_sent.unwrap().to.as_str(),
        "late@example.jp"
    );
}

#[tokio::test]
async fn who_is_not_registered_is_neither_called_nor_written_to() {
    let service = Service::new();
    let sides = Sides {
        administrator: service.log_in("admin").await,
        operator: service.log_in("operator").await,
    };
    let id = sides.request().await;
    let refused = sides.try_act(&id, call_back()).await.problem();
    assert_eq!(refused.code, ProblemCode::NoRegisteredContact);
    sides.register(CODE, "新橋サンプルクリニック").await;
    sides.act(&id, call_back()).await;
}

#[tokio::test]
async fn without_an_address_no_form_leaves() {
    let mut service = Service::new();
    let id = {
        let sides = Sides::new(&service).await;
        let id = sides.request().await;
        sides.act(&id, call_back()).await;
        id
    };
    service.forget_origin();
    let operator = service.log_in("operator").await;
    let path = format!("{}/{id}/acts", path::OPERATOR_OPENINGS);
    let refused = operator.post(&path, json!("send_form")).await.problem();
    assert_eq!(refused.code, ProblemCode::NoReportAddress);
    assert_eq!(refused.status, 503);
}

#[tokio::test]
async fn an_opening_that_is_not_there_is_not_found() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    for id in ["AAAAAAAAAAAAAAAAAAAAAA", "x"] {
        let path = format!("{}/{id}", path::OPERATOR_OPENINGS);
        let read = sides.operator.get(&path).await;
        assert_eq!(read.problem().code, ProblemCode::NoSuchOpening);
        let acted = sides.try_act(id, call_back()).await;
        assert_eq!(acted.problem().code, ProblemCode::NoSuchOpening);
    }
}

#[tokio::test]
async fn the_list_has_stages_names_codes_and_pages() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let names = ["あさひ医院", "アサヒ薬局", "ゆうひ歯科"];
    for (name, number) in names.iter().zip(1..) {
        let code = format!("13999999{number:02}");
        sides.register(&code, name).await;
        let body = json!({
            "medical_institution_code": code, "contact": "花子", "cause": "line",
        });
        service.clock.advance_seconds(1);
        let answer = sides.operator.post(path::OPERATOR_OPENINGS, body).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let refused = list(&sides, "").await.openings[2].id.to_string();
    sides.act(&refused, because("refuse")).await;
    let called = list(&sides, "").await.openings[1].id.to_string();
    sides.act(&called, call_back()).await;
    let table = [
        ("", vec!["あさひ医院", "アサヒ薬局"]),
        ("?stage=requested", vec!["あさひ医院"]),
        ("?stage=called_back", vec!["アサヒ薬局"]),
        ("?stage=refused", vec!["ゆうひ歯科"]),
        ("?stage=opened", vec![]),
        // あさひ, however it is written.
        (
            "?text=%E3%82%A2%E3%82%B5%E3%83%92",
            vec!["あさひ医院", "アサヒ薬局"],
        ),
        (
            "?text=%EF%BD%B1%EF%BD%BB%EF%BE%8B&stage=called_back",
            vec!["アサヒ薬局"],
        ),
        ("?text=9999901", vec!["あさひ医院"]),
        ("?text=zzz", vec![]),
    ];
    for (query, expected) in table {
        let page = list(&sides, query).await;
        let names: Vec<_> = page
            .openings
            .iter()
            .map(|it| it.institution_name.as_str())
            .collect();
        assert_eq!(names, expected, "{query}");
        assert_eq!(page.total as usize, expected.len(), "{query}");
        assert_eq!(page.next, None, "{query}");
    }
    for query in ["?stage=nowhere", "?after=x"] {
        let path = format!("{}{query}", path::OPERATOR_OPENINGS);
        let problem = sides.operator.get(&path).await.problem();
        assert_eq!(problem.code, ProblemCode::InvalidInput, "{query}");
    }
}

async fn list(sides: &Sides<'_>, query: &str) -> OpeningPage {
    let path = format!("{}{query}", path::OPERATOR_OPENINGS);
    sides.operator.get(&path).await.json()
}
