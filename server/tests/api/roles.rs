//! Who may do what: every address of this part, asked by everybody.

use axum::http::{Method, StatusCode};
use protocol::http::{ProblemCode, path};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::harness::{Client, Service};

/// Who is let in, however it then ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Let {
    /// 管理者.
    Administrators,
    /// 職員 and 管理者.
    Searchers,
    /// 実施機関.
    Operators,
    /// Readers' own screens.
    Screens,
}

/// What is asked, and who is let in.
type Asked = (Method, String, Value, Let);

#[tokio::test]
async fn everybody_is_let_in_where_he_may_be_and_nowhere_else() {
    let service = Service::new();
    let desk = Desk::new(&service).await;
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    let screens = |rest: &str| format!("{}/{id}{rest}", path::READER_SCREENS);
    let terminal = |rest: &str| format!("{}/{id}{rest}", path::VISUAL_CONFIRMATIONS);
    let reader = |rest: &str| format!("{}/{id}{rest}", path::READER_VISUAL_CONFIRMATIONS);
    let tick = json!({ "is_confirmed": true });
    let none = json!({});
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let named = json!({ "name": "受付9" });
    let passcode = json!({ "passcode": "12" });
    let report = json!({ "card_reader": "ready" });
    let failed = json!({ "failed": "unreadable" });
    let follows = json!({ "is_followed": true });
    let said = json!({ "answers": [] });
    let mut table: Vec<Asked> = vec![
        (
            get.clone(),
            path::EVENTS.into(),
            none.clone(),
            Let::Searchers,
        ),
        (
            post.clone(),
            path::READER_SCREENS.into(),
            named,
            Let::Administrators,
        ),
        (
            delete.clone(),
            screens(""),
            none.clone(),
            Let::Administrators,
        ),
        (
            post.clone(),
            screens("/visual-confirmation"),
            none.clone(),
            Let::Searchers,
        ),
        (delete.clone(), terminal(""), none.clone(), Let::Searchers),
        (
            put.clone(),
            terminal("/confirmation"),
            tick.clone(),
            Let::Searchers,
        ),
        (put.clone(), terminal("/following"), follows, Let::Searchers),
        (
            post.clone(),
            terminal("/result"),
            none.clone(),
            Let::Searchers,
        ),
        (get.clone(), path::READER.into(), none.clone(), Let::Screens),
        (get, path::READER_EVENTS.into(), none.clone(), Let::Screens),
        (
            put.clone(),
            path::READER_REPORT.into(),
            report,
            Let::Screens,
        ),
        (
            post.clone(),
            path::READER_PASSCODE.into(),
            passcode,
            Let::Screens,
        ),
        (delete, reader(""), none.clone(), Let::Screens),
        (put, reader("/confirmation"), tick, Let::Screens),
        (post.clone(), reader("/activity"), none, Let::Screens),
        (post.clone(), reader("/card"), failed, Let::Screens),
        (post, reader("/consents"), said, Let::Screens),
    ];
    table.extend(of_claim_guidance());
    table.extend(of_openings(id));
    let everybody = [
        ("stranger", service.stranger()),
        ("staff", desk.terminal.clone()),
        ("administrator", service.log_in("admin").await),
        ("operator", service.log_in("operator").await),
        ("screen", desk.screen.clone()),
    ];
    for (method, path, body, whom) in table {
        for (who, client) in &everybody {
            let refusal = match (whom, *who) {
                (Let::Screens, "screen")
                | (Let::Searchers | Let::Administrators, "administrator")
                | (Let::Searchers, "staff")
                | (Let::Operators, "operator") => None,
                (Let::Screens, _) => Some(ProblemCode::NotAReaderScreen),
                (_, "stranger" | "screen") => Some(ProblemCode::NotLoggedIn),
                _ => Some(ProblemCode::NotAllowed),
            };
            let found = refused(client, &method, &path, &body).await;
            assert_eq!(found, refusal, "{who}: {method} {path}");
        }
    }
}

/// 請求の案内: read by who searches.
fn of_claim_guidance() -> [Asked; 2] {
    let address = || path::CLAIM_GUIDANCE.to_owned();
    let text = json!({ "text": "", "version": 0 });
    [
        (Method::GET, address(), json!({}), Let::Searchers),
        (Method::PUT, address(), text, Let::Administrators),
    ]
}

/// 開放: what an institution asks for, and what the 実施機関 does.
fn of_openings(id: &str) -> Vec<Asked> {
    let operator = |rest: &str| format!("{}/{id}{rest}", path::OPERATOR_OPENINGS);
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    vec![
        (get.clone(), path::OPENING.into(), json!({}), Let::Searchers),
        (
            post.clone(),
            path::OPENING.into(),
            json!({ "contact": "花子", "cause": "line" }),
            Let::Administrators,
        ),
        (
            post.clone(),
            format!("{}/withdrawal", path::OPENING),
            json!({ "reason": "復旧" }),
            Let::Administrators,
        ),
        (
            get.clone(),
            path::OPERATOR_EVENTS.into(),
            json!({}),
            Let::Operators,
        ),
        (
            get.clone(),
            path::OPERATOR_OPENINGS.into(),
            json!({}),
            Let::Operators,
        ),
        (
            post.clone(),
            path::OPERATOR_OPENINGS.into(),
            json!({ "medical_institution_code": "", "contact": "花子", "cause": "line" }),
            Let::Operators,
        ),
        (get.clone(), operator(""), json!({}), Let::Operators),
        (
            post.clone(),
            operator("/acts"),
            json!("acknowledge"),
            Let::Operators,
        ),
        (
            post.clone(),
            path::OPERATOR_BULK.into(),
            json!({ "openings": [id], "act": "end", "reason": "復旧" }),
            Let::Operators,
        ),
        (
            get,
            path::OPERATOR_INSTITUTIONS.into(),
            json!({}),
            Let::Operators,
        ),
        (
            put,
            format!("{}/1311234569", path::OPERATOR_INSTITUTIONS),
            json!({ "name": "新橋", "telephone": "0312345678", "email": "a@example.jp" }),
            Let::Operators,
        ),
        (
            post,
            path::OPERATOR_INSTITUTION_FILE.into(),
            json!({}),
            Let::Operators,
        ),
    ]
}

/// How a request was refused for who asked; `None` when it got further.
async fn refused(
    client: &Client<'_>,
    method: &Method,
    path: &str,
    body: &Value,
) -> Option<ProblemCode> {
    let answer = client.first(method.clone(), path, body.clone()).await;
    if answer.status == StatusCode::OK || answer.status == StatusCode::NO_CONTENT {
        return None;
    }
    let code = answer.problem().code;
    let of_roles = [
        ProblemCode::NotAReaderScreen,
        ProblemCode::NotLoggedIn,
        ProblemCode::NotAllowed,
    ];
    of_roles.contains(&code).then_some(code)
}
