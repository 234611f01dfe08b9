//! The audit trail: what it says, who may read it, and that every change to it shows.

use axum::http::{Method, StatusCode};
use domain::account::Role;
use domain::audit::LinkHash;
use protocol::http::{AuditPage, ProblemCode, path};
use server::store::{Break, Flaw, Institution, Verification};

use crate::harness::{PASSWORD, Service};

fn verify(service: &Service, noted: Option<LinkHash>) -> Verification {
    let verified = service
        .store
        .read_blocking::<_, server::store::StoreError>(|reader| reader.verify_audit(noted));
    verified.unwrap()
}

/// Changes the store as somebody does who has the database and knows about the triggers.
fn tamper(service: &Service, sql: &str) {
    service.database.drop_triggers();
    service.database.run(sql).unwrap();
}

async fn with_lines() -> Service {
    let service = Service::new();
    for user_id in ["staff", "admin", "operator"] {
        service.log_in(user_id).await;
    }
    service.stranger().log_in("nobody", PASSWORD).await;
    service
}

#[tokio::test]
async fn a_line_tells_who_when_and_from_which_device() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let page: AuditPage = admin.get(path::AUDIT).await.json();
    let [line] = page.records.as_slice() else {
        panic!("{:?}", page.records)
    };
    assert_eq!(line.action, "logged_in");
    assert_eq!(line.user_id.as_deref(), Some("admin"));
    assert_eq!(line.role.as_deref(), Some("administrator"));
    assert_eq!(line.medical_institution_code.as_deref(), Some("1311234569"));
    assert_eq!(line.at.tokyo_text(), "2026/11/22 12:00:00");
    assert_eq!(line.device.as_ref().map(String::len), Some(22));
    assert_eq!(line.request_id.as_ref().map(String::len), Some(32));
    assert_eq!(page.next_before, None);
}

#[tokio::test]
async fn an_institution_sees_who_failed_to_log_in_as_one_of_its_own() {
    let service = Service::new();
    service.stranger().log_in("staff", "wrong password").await;
    service.stranger().log_in("nobody", PASSWORD).await;
    let admin = service.log_in("admin").await;
    let page: AuditPage = admin.get(path::AUDIT).await.json();
    let refused = page.records.iter();
    let refused: Vec<_> = refused
        .filter(|line| line.action == "log_in_refused")
        .filter_map(|line| line.user_id.as_deref())
        .collect();
    assert_eq!(refused, ["staff"]);
}

#[tokio::test]
async fn a_browser_keeps_its_device() {
    let service = Service::new();
    let client = service.stranger();
    let cookie = client
        .get(path::ABOUT)
        .await
        .header("set-cookie")
        .to_owned();
    assert!(cookie.starts_with("shikaku-device="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Max-Age=31536000", "Path=/"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let mut client = service.stranger();
    client.cookie = cookie.split(';').next().map(str::to_owned);
    assert_eq!(client.get(path::ABOUT).await.header("set-cookie"), "");
    client.cookie = Some("shikaku-device=x".to_owned());
    assert_ne!(client.get(path::ABOUT).await.header("set-cookie"), "");
}

#[tokio::test]
async fn the_chain_holds_and_its_first_broken_link_is_named() {
    let at = |sequence, flaw| Some(Break { sequence, flaw });
    let table = [
        ("", None),
        (
            "UPDATE audit SET outcome = 'x' WHERE sequence = 2",
            at(2, Flaw::Changed),
        ),
        (
            "UPDATE audit SET user_id = NULL WHERE sequence = 4",
            at(4, Flaw::Changed),
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE sequence = 5",
            at(5, Flaw::Changed),
        ),
        (
            "UPDATE audit SET hash = zeroblob(32) WHERE sequence = 3",
            at(3, Flaw::Changed),
        ),
        ("DELETE FROM audit WHERE sequence = 1", at(1, Flaw::Missing)),
        (
            "DELETE FROM audit WHERE sequence IN (3, 4)",
            at(3, Flaw::Missing),
        ),
        (
            "UPDATE audit SET sequence = 100 WHERE sequence = 2;
             UPDATE audit SET sequence = 2 WHERE sequence = 3;
             UPDATE audit SET sequence = 3 WHERE sequence = 100",
            at(2, Flaw::Changed),
        ),
        (
            "INSERT INTO audit (sequence, at, action, hash) VALUES (8, 0, 'x', zeroblob(32))",
            at(8, Flaw::Changed),
        ),
    ];
    for (sql, broken) in table {
        let service = with_lines().await;
        assert_eq!(
            verify(&service, None).lines,
            7,
            "three accounts, four log-ins"
        );
        tamper(&service, sql);
        assert_eq!(verify(&service, None).broken, broken, "{sql}");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_shows_by_a_noted_head() {
    let service = with_lines().await;
    let noted = verify(&service, None).head;
    service.log_in("staff").await;
    assert_eq!(verify(&service, Some(noted)).broken, None, "it goes on");
    let head = verify(&service, None).head;
    tamper(&service, "DELETE FROM audit WHERE sequence >= 7");
    assert_eq!(verify(&service, None).broken, None, "the rest is whole");
    for noted in [noted, head] {
        let expected = Break {
            sequence: 6,
            flaw: Flaw::EndMissing,
        };
        assert_eq!(verify(&service, Some(noted)).broken, Some(expected));
    }
}

#[tokio::test]
async fn the_triggers_refuse_what_is_not_an_append_or_the_retention() {
    let service = with_lines().await;
    for sql in [
        "UPDATE audit SET outcome = 'x'",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE sequence = 1",
        "DELETE FROM audit_anchor",
        "UPDATE audit_anchor SET sequence = 3",
        "INSERT INTO audit (sequence, at, action, hash) VALUES (9, 0, 'x', zeroblob(32))",
        "INSERT INTO audit (sequence, at, action, hash) VALUES (0, 0, 'x', zeroblob(32))",
        "INSERT OR REPLACE INTO audit (sequence, at, action, hash) VALUES (2, 0, 'x', zeroblob(32))",
    ] {
        assert!(service.database.run(sql).is_err(), "{sql}");
    }
    assert_eq!(verify(&service, None).broken, None);
}

#[tokio::test]
async fn the_retention_removes_the_beginning_and_the_chain_still_holds() {
    let service = with_lines().await;
    let noted = verify(&service, None).head;
    service.clock.advance_seconds(3 * 366 * 24 * 3600);
    service.log_in("staff").await;
    assert_eq!(service.prune(5), 0, "nothing is old enough");
    service.clock.advance_seconds(3 * 366 * 24 * 3600);
    assert_eq!(service.prune(5), 7);
    let found = verify(&service, Some(noted));
    assert_eq!((found.lines, found.removed, found.broken), (2, 7, None));
    let kept = service.query("SELECT action || ':' || coalesce(outcome, '') FROM audit");
    assert_eq!(kept, ["logged_in:", "audit_pruned:7 lines"]);
    tamper(&service, "DELETE FROM audit WHERE sequence = 8");
    let expected = Break {
        sequence: 8,
        flaw: Flaw::Missing,
    };
    assert_eq!(verify(&service, None).broken, Some(expected));
}

#[tokio::test]
async fn lines_from_before_the_chain_are_chained() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("old.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let initial = include_str!("../../migrations/001_initial.sql");
    connection.execute_batch(initial).unwrap();
    connection
        .execute_batch(
            "PRAGMA user_version = 1;
             INSERT INTO institution VALUES (1, '1311234569', '新橋医院');
             INSERT INTO account VALUES (1, 1, 'staff', 'staff', 'x', 0, 0, NULL);
             INSERT INTO audit (at, action) VALUES (1, 'service_started');
             INSERT INTO audit (at, action, account_id, institution_id, role)
               VALUES (2, 'logged_in', 1, 1, 'staff');",
        )
        .unwrap();
    drop(connection);
    let location = format!("sqlite:{}", file.display()).parse().unwrap();
    let store = server::store::Store::open(&location).unwrap();
    let found = store
        .read_blocking::<_, server::store::StoreError>(|reader| reader.verify_audit(None))
        .unwrap();
    assert_eq!((found.lines, found.broken), (2, None));
}

#[tokio::test]
async fn administrators_read_their_own_institution_s_trail_only() {
    let service = Service::new();
    let other = Institution {
        medical_institution_code: "3410712362".parse().unwrap(),
        name: "別の医院".to_owned(),
    };
    let user_id = "other".parse().unwrap();
    let role = Role::Administrator;
    let added = service
        .accounts()
        .add(other, &user_id, role, PASSWORD, false);
    added.unwrap();
    let admin = service.log_in("admin").await;
    service.log_in("staff").await;
    let other = service.log_in("other").await;
    let who = |page: &AuditPage| -> Vec<String> {
        let lines = page.records.iter();
        lines.filter_map(|line| line.user_id.clone()).collect()
    };
    let page: AuditPage = admin.get(path::AUDIT).await.json();
    assert_eq!(who(&page), ["staff", "admin"]);
    let page: AuditPage = other.get(path::AUDIT).await.json();
    assert_eq!(who(&page), ["other"]);
    let page: AuditPage = other.get("/api/audit?user_id=admin").await.json();
    assert!(page.records.is_empty());
    for address in [path::AUDIT, path::AUDIT_EXPORT] {
        for user_id in ["staff", "operator"] {
            let client = service.log_in(user_id).await;
            let problem = client.get(address).await.problem();
            assert_eq!(problem.code, ProblemCode::NotAllowed, "{user_id}");
        }
        let problem = service.stranger().get(address).await.problem();
        assert_eq!(problem.code, ProblemCode::NotLoggedIn);
    }
}

#[tokio::test]
async fn lines_are_filtered_and_come_page_by_page() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    for _ in 0..120 {
        let answer = admin.get("/api/audit/export?action=searched").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    service.clock.advance_seconds(24 * 3600);
    let admin = service.log_in("admin").await;
    let table = [
        ("", 100),
        ("?action=logged_in", 2),
        ("?user_id=ADMIN&action=logged_in", 2),
        ("?user_id=staff", 0),
        ("?from=2026-11-23&action=logged_in", 1),
        ("?to=2026-11-22&action=logged_in", 1),
        ("?from=2026-11-24", 0),
        ("?before=5", 1),
    ];
    for (query, count) in table {
        let page: AuditPage = admin.get(&format!("/api/audit{query}")).await.json();
        assert_eq!(page.records.len(), count, "{query}");
    }
    let exported = "/api/audit?action=audit_exported";
    let first: AuditPage = admin.get(exported).await.json();
    let before = first.next_before.unwrap();
    let second: AuditPage = admin
        .get(&format!("{exported}&before={before}"))
        .await
        .json();
    assert_eq!((second.records.len(), second.next_before), (20, None));
    assert!(second.records[0].sequence < first.records[99].sequence);
}

#[tokio::test]
async fn a_wrong_condition_is_named() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let table = [
        ("?form=2026-11-22", ProblemCode::UnreadableRequest, "form"),
        (
            "?to=2026-11-22&to=2026-11-23",
            ProblemCode::UnreadableRequest,
            "to",
        ),
        ("?from=22.11.2026", ProblemCode::InvalidInput, "from"),
        ("?from=", ProblemCode::InvalidInput, "from"),
        ("?user_id=%E6%96%B0", ProblemCode::InvalidInput, "user_id"),
        ("?action=fly", ProblemCode::InvalidInput, "action"),
        ("?before=-1", ProblemCode::InvalidInput, "before"),
    ];
    for (query, code, field) in table {
        let problem = admin.get(&format!("/api/audit{query}")).await.problem();
        assert_eq!(
            (problem.code, problem.violations[0].field.as_str()),
            (code, field)
        );
    }
    let problem = admin.get("/api/audit/export?before=1").await.problem();
    assert_eq!(problem.violations[0].field, "before");
    let problem = admin.send(Method::POST, path::AUDIT, None).await.problem();
    assert_eq!(problem.code, ProblemCode::MethodNotAllowed);
}

#[tokio::test]
async fn an_export_is_a_file_for_a_spreadsheet_and_leaves_a_line() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let answer = admin.get(path::AUDIT_EXPORT).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let expected = "attachment; filename=\"audit.csv\"";
    assert_eq!(answer.header("content-disposition"), expected);
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("\u{feff}番号,日時,ユーザID,役割"),
        "{text}"
    );
    assert!(
        lines[1].contains(",admin,管理者,1311234569,ログイン,logged_in,"),
        "{text}"
    );
    assert!(lines[2].contains("監査証跡の書き出し"), "{text}");
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn reading_the_trail_leaves_a_line_for_each_list_and_not_for_its_further_pages() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    for _ in 0..250 {
        admin.get("/api/audit/export?action=searched").await;
    }
    let read = || {
        let lines = service.audited().into_iter();
        lines
            .filter(|line| line.starts_with("audit_read"))
            .collect::<Vec<_>>()
    };
    let first: AuditPage = admin.get(path::AUDIT).await.json();
    assert_eq!(read(), ["audit_read:all"]);
    assert_ne!(first.records[0].action, "audit_read", "as it was before");
    let before = first.next_before.unwrap();
    let more = format!("/api/audit?before={before}");
    let second: AuditPage = admin.get(&more).await.json();
    let third = format!("/api/audit?before={}", second.next_before.unwrap());
    admin.get(&third).await;
    assert_eq!(read().len(), 1, "「さらに表示」");

    let filtered = "/api/audit?from=2026-11-01&to=2026-11-30&user_id=staff&action=logged_in";
    admin.get(filtered).await;
    let expected = "audit_read:from=2026-11-01 to=2026-11-30 user_id=staff action=logged_in";
    assert_eq!(read()[1..], [expected]);

    // What was not opened can't be gone on with: other conditions, later lines, another day.
    let table = [
        format!("/api/audit?action=audit_exported&before={before}"),
        "/api/audit?user_id=admin&before=99999".to_owned(),
    ];
    for (number, address) in table.iter().enumerate() {
        admin.get(address).await;
        assert_eq!(read().len(), 3 + number, "{address}");
    }
    admin.get("/api/audit?before=99999").await;
    assert_eq!(read().len(), 5, "lines that came after the list was opened");
    service.clock.advance_seconds(29 * 60);
    admin.send(Method::POST, path::ACTIVITY, None).await;
    let admin = service.log_in("admin").await;
    service.clock.advance_seconds(2 * 60);
    admin.get(&more).await;
    assert_eq!(read().len(), 6, "half an hour later");
}
