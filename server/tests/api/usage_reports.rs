//! 利用報告書: what is counted, drafts, handing in by a file and over SMTP, and who sees what.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use domain::account::Role;
use domain::search::SearchForm;
use mail_parser::{MessageParser, MimeHeaders as _};
use protocol::http::{OpeningStage, ProblemCode, SearchOutcome, UsageReport, path};
use serde_json::{Value, json};
use server::mail::MailServer;
use server::router::router;
use server::store::{Audited, FrozenReport, StoreError};

use crate::desk::{Desk, PERSONS};
use crate::function::{CODE, Sides, because, open};
use crate::harness::{Answer, Client, Service};
use crate::mail_server::{Conduct, TestMailServer, Tls};

/// No more patience than a test has.
const TIME_LIMIT: Duration = Duration::from_millis(1500);

fn service() -> Service {
    let service = Service::new();
    service.import(PERSONS);
    service
}

/// A service that sends over a mail server.
fn service_with(server: &TestMailServer) -> Service {
    let mut service = service();
    let url = format!("smtp://{}", server.address);
    let server = MailServer::from_url(&url, None).unwrap();
    let server = server.with_time_limit(TIME_LIMIT);
    service.state = service.state.clone().with_mail_server(server);
    service.router = router(service.state.clone());
    service
}

/// A report of an opening, as its institution sees it.
struct Report<'a> {
    sides: Sides<'a>,
    id: String,
}

impl<'a> Report<'a> {
    /// Of a function that is open.
    async fn opened(service: &'a Service) -> Self {
        let sides = Sides::new(service).await;
        let id = sides.open(24).await;
        Self { sides, id }
    }

    /// Of a function that was closed again.
    async fn ended(service: &'a Service) -> Self {
        let report = Self::opened(service).await;
        report.end().await;
        report
    }

    /// Of one with a complete draft, its version 1.
    async fn complete(service: &'a Service) -> Self {
        let report = Self::ended(service).await;
        assert_eq!(report.save(complete(), 0).await.status, StatusCode::OK);
        report
    }

    async fn end(&self) {
        self.sides.act(&self.id, because("end")).await;
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{}/report{rest}", path::OPENINGS, self.id)
    }

    async fn read(&self) -> UsageReport {
        let answer = self.sides.administrator.get(&self.path("")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn save(&self, fields: Value, version: u32) -> Answer {
        let draft = json!({ "fields": fields, "version": version });
        self.sides.administrator.put(&self.path(""), draft).await
    }

    async fn hand_in(&self, version: u32, delivery: &str) -> Answer {
        let body = json!({ "version": version, "delivery": delivery });
        let path = self.path("/hand-in");
        self.sides.administrator.post(&path, body).await
    }

    async fn mail(&self) -> Answer {
        self.sides.administrator.get(&self.path(".eml")).await
    }

    async fn by_operator(&self) -> Answer {
        let path = format!("{}/{}/report", path::OPERATOR_OPENINGS, self.id);
        self.sides.operator.get(&path).await
    }

    async fn stage(&self) -> OpeningStage {
        self.sides.state().await.opening.unwrap().stage
    }
}

fn complete() -> Value {
    json!({
        "contact": "資格　花子",
        "failure_from": "2026/11/22 11:30ごろ",
        "failure_to": "復旧していない",
        "description": "光回線の終端装置が故障した。\n交換を依頼中。",
        "remark": "",
    })
}

fn with(field: &str, text: &str) -> Value {
    let mut fields = complete();
    fields[field] = text.into();
    fields
}

fn code(answer: &Answer) -> ProblemCode {
    answer.problem().code
}

/// 新橋 太郎: two persons in 東京都, one in 港区.
fn taro(address: &str) -> SearchForm {
    SearchForm {
        name: "新橋 太郎".to_owned(),
        birthdate: "令和3年3月26日".to_owned(),
        sex1: "1".to_owned(),
        address: address.to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

/// Searches, and opens so many of the persons found.
async fn confirm(client: &Client<'_>, address: &str, opened: usize) {
    let ids = match client.found(&taro(address)).await {
        SearchOutcome::One(id) => vec![id],
        SearchOutcome::Several(candidates) => candidates.into_iter().map(|it| it.id).collect(),
        SearchOutcome::NotFound | SearchOutcome::TooMany { .. } => Vec::new(),
    };
    assert!(opened <= ids.len(), "{address}");
    for id in &ids[..opened] {
        assert_eq!(client.open(id.as_str()).await.status, StatusCode::OK);
    }
}

fn days(report: &UsageReport) -> Vec<(String, u32, u32)> {
    let days = report.days.iter();
    days.map(|day| (day.date.to_string(), day.searches, day.persons))
        .collect()
}

fn users(report: &UsageReport) -> Vec<(String, u32, u32)> {
    let users = report.users.iter();
    users
        .map(|user| (user.user_id.to_string(), user.searches, user.persons))
        .collect()
}

#[tokio::test]
async fn what_was_done_is_counted_from_the_trail() {
    let service = service();
    service.add_account_elsewhere("soto", Role::Staff);
    let desk = Desk::new(&service).await;
    let report = Report::opened(&service).await;
    // By eye: not what the function did.
    let id = desk.begin().await;
    desk.complete(&id).await;
    let opened = desk.open_result(&desk.terminal, &id).await;
    let candidate = opened.json::<protocol::http::OpenedResult>().candidate;
    let opened = desk.terminal.open(candidate.as_str()).await;
    assert_eq!(opened.status, StatusCode::OK);
    assert_eq!(days(&report.read().await), []);
    // 2026-11-22, 12:00.
    confirm(&desk.terminal, "大阪", 0).await;
    confirm(&desk.terminal, "東京都", 1).await;
    confirm(&desk.terminal, "港区", 1).await;
    confirm(&desk.terminal, "港区", 1).await;
    confirm(&report.sides.administrator, "東京都", 2).await;
    let first = || ("2026-11-22".to_owned(), 5, 2);
    assert_eq!(days(&report.read().await), [first()]);
    // The day after, until the end at 12:00.
    service.clock.advance_seconds(23 * 3600);
    let staff = service.log_in("staff").await;
    confirm(&staff, "港区", 1).await;
    service.clock.advance_seconds(3600);
    let report = Report {
        sides: Sides::new(&service).await,
        id: report.id,
    };
    let counted = report.read().await;
    assert_eq!(days(&counted), [first(), ("2026-11-23".to_owned(), 1, 1)]);
    let expected = [("admin".to_owned(), 1, 2), ("staff".to_owned(), 5, 1)];
    assert_eq!(users(&counted), expected);
    assert_eq!(counted.persons, 2);
    assert_eq!(counted.opening.stage, OpeningStage::Ended);
    // The next opening begins anew.
    let second = report.sides.open(24).await;
    let report = Report {
        id: second,
        ..report
    };
    assert_eq!(days(&report.read().await), []);
}

#[tokio::test]
async fn a_draft_is_kept_unless_somebody_else_saved_meanwhile() {
    let service = service();
    let report = Report::opened(&service).await;
    let begun = report.read().await;
    assert_eq!(
        (begun.version, begun.fields.contact.as_str()),
        (0, "資格　花子")
    );
    assert_eq!(begun.fields.description, "");
    let saved: UsageReport = report.save(with("remark", "一版"), 0).await.json();
    assert_eq!((saved.version, saved.fields.remark.as_str()), (1, "一版"));
    for version in [0, 2] {
        let stale = report.save(with("remark", "二版"), version).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert_eq!(code(&stale), ProblemCode::ReportChanged);
    }
    assert_eq!(report.read().await.fields.remark, "一版");
    report.end().await;
    let saved: UsageReport = report.save(with("remark", "二版"), 1).await.json();
    assert_eq!((saved.version, saved.fields.remark.as_str()), (2, "二版"));
    let events = service
        .query("SELECT user_id || ' ' || outcome FROM audit WHERE action = 'usage_report_saved'");
    assert_eq!(events, ["admin 1", "admin 2"]);
}

#[tokio::test]
async fn a_draft_keeps_its_limits() {
    let service = service();
    let report = Report::ended(&service).await;
    let table = [
        ("contact", "あ".repeat(41)),
        ("failure_from", "あ".repeat(41)),
        ("failure_to", "a\nb".to_owned()),
        ("description", "あ".repeat(1001)),
        ("remark", "a\u{1b}b".to_owned()),
    ];
    for (field, text) in table {
        let refused = report.save(with(field, &text), 0).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let problem = refused.problem();
        let fields: Vec<_> = problem.violations.iter().map(|it| &it.field).collect();
        assert_eq!(fields, [field]);
    }
    let longest = with("description", &"あ".repeat(1000));
    assert_eq!(report.save(longest, 0).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_missing_is_named_before_it_is_handed_in() {
    let service = service();
    let report = Report::opened(&service).await;
    assert_eq!(report.save(complete(), 0).await.status, StatusCode::OK);
    let early = report.hand_in(1, "file").await;
    assert_eq!(code(&early), ProblemCode::OpeningOutOfStep);
    assert!(early.problem().title.contains("終了してから"));
    report.end().await;
    let nothing = json!({
        "contact": "", "failure_from": " ", "failure_to": "", "description": "\n", "remark": "",
    });
    assert_eq!(report.save(nothing, 1).await.status, StatusCode::OK);
    let stale = report.hand_in(1, "file").await;
    assert_eq!(code(&stale), ProblemCode::ReportChanged);
    let refused = report.hand_in(2, "file").await.problem();
    assert_eq!(refused.code, ProblemCode::InvalidInput);
    let fields: Vec<_> = refused
        .violations
        .iter()
        .map(|it| it.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["contact", "failure_from", "failure_to", "description"]
    );
    assert!(
        refused
            .violations
            .iter()
            .all(|it| it.message.contains("入力"))
    );
    assert_eq!(code(&report.mail().await), ProblemCode::OpeningOutOfStep);
    assert_eq!(report.stage().await, OpeningStage::Ended);
}

#[tokio::test]
async fn it_is_handed_in_as_a_file_and_acknowledged() {
    let service = service();
    let report = Report::opened(&service).await;
    confirm(&service.log_in("staff").await, "東京都", 2).await;
    report.end().await;
    assert_eq!(report.save(complete(), 0).await.status, StatusCode::OK);
    let unread = report.by_operator().await;
    assert_eq!(code(&unread), ProblemCode::OpeningOutOfStep);
    service.begin_audited();
    service.clock.advance_seconds(60);
    let handed_in: UsageReport = report.hand_in(1, "file").await.json();
    assert_eq!(
        handed_in.handed_in_at.unwrap(),
        handed_in.opening.handed_in_at.unwrap()
    );
    assert_eq!(handed_in.opening.stage, OpeningStage::HandedIn);
    assert_eq!(days(&handed_in), [("2026-11-22".to_owned(), 1, 2)]);
    assert!(!handed_in.can_be_sent && !handed_in.is_sent);
    // Again, because the answer was lost; and nothing changes any more.
    let again: UsageReport = report.hand_in(1, "file").await.json();
    assert_eq!(again, handed_in);
    for refused in [
        report.hand_in(2, "file").await,
        report.save(complete(), 1).await,
    ] {
        assert_eq!(code(&refused), ProblemCode::OpeningOutOfStep);
    }
    assert_eq!(service.audited(), ["usage_report_handed_in:file"]);
    let seen: UsageReport = report.by_operator().await.json();
    assert_eq!((seen.fields, seen.days), (again.fields, again.days));
    report.sides.act(&report.id, json!("acknowledge")).await;
    let acknowledged = report.read().await;
    assert!(acknowledged.acknowledged_at.is_some());
    assert_eq!(report.hand_in(1, "file").await.status, StatusCode::OK);
    assert!(report.sides.state().await.reports_due.is_empty());
}

#[tokio::test]
async fn the_mail_says_what_was_handed_in_and_names_no_patient() {
    let service = service();
    let report = Report::opened(&service).await;
    confirm(&service.log_in("staff").await, "東京都", 2).await;
    report.end().await;
    assert_eq!(report.save(complete(), 0).await.status, StatusCode::OK);
    report.hand_in(1, "file").await;
    let mail = report.mail().await;
    assert_eq!(mail.status, StatusCode::OK);
    assert_eq!(mail.headers["content-type"], "message/rfc822");
    assert_eq!(mail.headers["cache-control"], "no-store");
    let disposition = mail.headers["content-disposition"].to_str().unwrap();
    let (plain, encoded) = disposition.split_once("; filename*=UTF-8''").unwrap();
    assert_eq!(plain, "attachment; filename=\"usage-report.eml\"");
    let name = percent_encoding::percent_decode_str(encoded);
    assert_eq!(name.decode_utf8().unwrap(), "利用報告書.eml");
    let written = mail.text();
    let message = MessageParser::default().parse(written.as_bytes()).unwrap();
    assert_eq!(message.subject(), Some("システム障害時機能の利用報告"));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(from.address(), Some("clinic@example.jp"));
    assert_eq!(from.name(), Some("新橋サンプルクリニック"));
    let to = message.to().unwrap().first().unwrap();
    assert_eq!(to.address(), Some("report@example.jp"));
    let text = message.body_text(0).unwrap();
    for said in [
        CODE,
        "新橋サンプルクリニック",
        "資格　花子",
        "ネットワーク回線の障害",
        "復旧していない",
        "光回線の終端装置が故障した。",
        "2026/11/22",
        "staff",
        "1回",
        "2人",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for patient in ["新橋　太郎", "新橋 太郎", "港区", "2021"] {
        assert!(!text.contains(patient), "{patient}: {text}");
    }
    let attachment = message.attachment(0).unwrap();
    assert_eq!(attachment.attachment_name(), Some("利用報告書.txt"));
    assert_eq!(attachment.text_contents().unwrap(), text);
    // Whenever it is asked for, it is the same mail.
    service.clock.advance_seconds(300);
    assert_eq!(report.mail().await.text(), mail.text());
}

#[tokio::test]
async fn it_is_sent_and_then_handed_in() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let service = service_with(&server);
    let report = Report::complete(&service).await;
    assert!(report.read().await.can_be_sent);
    service.begin_audited();
    let handed_in: UsageReport = report.hand_in(1, "smtp").await.json();
    assert_eq!(handed_in.opening.stage, OpeningStage::HandedIn);
    assert!(handed_in.is_sent);
    let expected = ["usage_report_sent:begun", "usage_report_handed_in:smtp"];
    assert_eq!(service.audited(), expected);
    // Pressed again.
    let again: UsageReport = report.hand_in(1, "smtp").await.json();
    assert_eq!(again, handed_in);
    let [delivered] = server.delivered().try_into().unwrap();
    assert_eq!(delivered.from, "clinic@example.jp");
    assert_eq!(delivered.to, ["report@example.jp"]);
    let sent = MessageParser::default().parse(&delivered.bytes).unwrap();
    let mail = report.mail().await.text();
    let kept = MessageParser::default().parse(mail.as_bytes()).unwrap();
    assert_eq!(sent.message_id(), kept.message_id());
    assert_eq!(sent.body_text(0), kept.body_text(0));
}

#[tokio::test]
async fn a_server_that_does_not_take_it_leaves_a_draft() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let service = service_with(&server);
    let report = Report::complete(&service).await;
    let table = [
        (
            Conduct::RefusesRecipient,
            ProblemCode::MailServerRefused,
            "refused",
        ),
        (
            Conduct::RefusesMail,
            ProblemCode::MailServerRefused,
            "refused",
        ),
        (Conduct::IsBusy, ProblemCode::MailServerRefused, "refused"),
        (
            Conduct::HangsUp,
            ProblemCode::MailServerUnreachable,
            "unreachable",
        ),
        (
            Conduct::NeverGreets,
            ProblemCode::MailServerUnreachable,
            "unreachable",
        ),
    ];
    for (conduct, expected, outcome) in table {
        server.behave(conduct);
        service.begin_audited();
        let refused = report.hand_in(1, "smtp").await;
        assert_eq!(refused.status, StatusCode::BAD_GATEWAY, "{conduct:?}");
        let problem = refused.problem();
        assert_eq!(problem.code, expected, "{conduct:?}");
        assert!(problem.detail.contains("まだ提出されていません"));
        assert_eq!(report.stage().await, OpeningStage::Ended, "{conduct:?}");
        let sent = format!("usage_report_sent:{outcome}");
        assert_eq!(service.audited(), ["usage_report_sent:begun", &sent]);
    }
    assert_eq!(
        report.save(with("remark", "直した"), 1).await.status,
        StatusCode::OK
    );
    server.behave(Conduct::TakesMail);
    assert_eq!(report.hand_in(2, "smtp").await.status, StatusCode::OK);
    assert_eq!(server.delivered().len(), 1);
}

#[tokio::test]
async fn what_a_server_may_have_is_not_sent_to_it_again() {
    for conduct in [Conduct::DropsItsAnswer, Conduct::NeverAnswers] {
        let server = TestMailServer::start(conduct, Tls::Never);
        let service = service_with(&server);
        let report = Report::complete(&service).await;
        for _ in 0..3 {
            let unknown = report.hand_in(1, "smtp").await;
            assert_eq!(code(&unknown), ProblemCode::ReportUncertain, "{conduct:?}");
            assert_eq!(server.delivered().len(), 1, "{conduct:?}");
        }
        assert_eq!(report.stage().await, OpeningStage::Ended);
        server.behave(Conduct::TakesMail);
        let unknown = report.hand_in(1, "smtp").await;
        assert_eq!(code(&unknown), ProblemCode::ReportUncertain);
        if conduct == Conduct::DropsItsAnswer {
            // It arrived after all, or goes by hand.
            assert_eq!(report.hand_in(1, "file").await.status, StatusCode::OK);
            assert_eq!(server.delivered().len(), 1);
        } else {
            // It did not: another version is another mail.
            assert_eq!(report.save(complete(), 1).await.status, StatusCode::OK);
            assert_eq!(report.hand_in(2, "smtp").await.status, StatusCode::OK);
            assert_eq!(server.delivered().len(), 2);
        }
        assert_eq!(report.stage().await, OpeningStage::HandedIn);
    }
}

#[tokio::test]
async fn two_presses_at_once_send_one_mail() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let service = service_with(&server);
    let report = Report::complete(&service).await;
    let press = || report.hand_in(1, "smtp");
    let answers = tokio::join!(press(), press(), press(), press());
    for answer in [answers.0, answers.1, answers.2, answers.3] {
        let is_told =
            answer.status == StatusCode::OK || code(&answer) == ProblemCode::ReportBeingSent;
        assert!(is_told, "{}", answer.text());
    }
    assert_eq!(report.hand_in(1, "smtp").await.status, StatusCode::OK);
    assert_eq!(server.delivered().len(), 1);
    let handed_in = service
        .query("SELECT CAST(count(*) AS TEXT) FROM audit WHERE action = 'usage_report_handed_in'");
    assert_eq!(handed_in, ["1"]);
}

#[tokio::test]
async fn a_page_that_goes_away_does_not_stop_it() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let service = service_with(&server);
    let report = Report::complete(&service).await;
    let mut press = Box::pin(report.hand_in(1, "smtp"));
    let begun = "SELECT CAST(count(*) AS TEXT) FROM audit WHERE action = 'usage_report_sent'";
    while service.query(begun) != ["1"] {
        tokio::select! {
            biased;
            _ = &mut press => panic!("it was not to be waited for"),
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
    drop(press);
    while report.stage().await != OpeningStage::HandedIn {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.delivered().len(), 1);
}

#[tokio::test]
async fn a_service_that_stopped_while_it_sent_does_not_send_again() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let service = service_with(&server);
    let report = Report::complete(&service).await;
    let (id, now) = (
        report.id.parse().unwrap(),
        server::clock::Clock::now(&*service.clock),
    );
    let frozen = FrozenReport {
        version: 1,
        at: now,
        institution_name: String::new(),
        usage: domain::usage_report::Usage::default(),
        fields: report.read().await.fields,
        text: String::new(),
        is_sent: false,
    };
    let begun = service.store.write_blocking(now, |writer| {
        let row = writer.opening(&id)?.unwrap();
        writer.freeze_usage_report(row.number, &frozen, Some(now.plus_seconds(60)))?;
        let event = server::store::AuditEvent::new(domain::audit::Action::UsageReportSent, None);
        Ok::<_, StoreError>(Audited::new((), event))
    });
    begun.unwrap();
    for refused in [
        report.hand_in(1, "smtp").await,
        report.hand_in(1, "file").await,
        report.save(complete(), 1).await,
    ] {
        assert_eq!(code(&refused), ProblemCode::ReportBeingSent);
    }
    service.clock.advance_seconds(60);
    let unknown = report.hand_in(1, "smtp").await;
    assert_eq!(code(&unknown), ProblemCode::ReportUncertain);
    assert!(server.delivered().is_empty());
    assert_eq!(report.save(complete(), 1).await.status, StatusCode::OK);
    assert_eq!(report.hand_in(2, "smtp").await.status, StatusCode::OK);
    assert_eq!(server.delivered().len(), 1);
}

#[tokio::test]
async fn without_a_mail_server_it_leaves_as_a_file_only() {
    let service = service();
    let report = Report::complete(&service).await;
    let refused = report.hand_in(1, "smtp").await;
    assert_eq!(code(&refused), ProblemCode::MailNotSetUp);
    assert_eq!(report.stage().await, OpeningStage::Ended);
}

#[tokio::test]
async fn a_report_is_its_institutions_administrators() {
    let service = service();
    service.add_account_elsewhere("soto", Role::Administrator);
    let report = Report::complete(&service).await;
    let hand_in = json!({ "version": 1, "delivery": "file" });
    let draft = json!({ "fields": complete(), "version": 1 });
    let requests = [
        (Method::GET, report.path(""), None),
        (Method::PUT, report.path(""), Some(draft)),
        (Method::POST, report.path("/hand-in"), Some(hand_in)),
        (Method::GET, report.path(".eml"), None),
    ];
    let everybody = [
        (service.stranger(), ProblemCode::NotLoggedIn),
        (service.log_in("staff").await, ProblemCode::NotAllowed),
        (report.sides.operator.clone(), ProblemCode::NotAllowed),
        (service.log_in("soto").await, ProblemCode::NoSuchOpening),
    ];
    for (client, expected) in &everybody {
        for (method, path, body) in &requests {
            let answer = client.send(method.clone(), path, body.clone()).await;
            assert_eq!(code(&answer), *expected, "{method} {path}");
        }
    }
    let path = format!("{}/{}/report", path::OPERATOR_OPENINGS, report.id);
    for client in [&service.log_in("staff").await, &report.sides.administrator] {
        assert_eq!(code(&client.get(&path).await), ProblemCode::NotAllowed);
    }
    for id in ["AAAAAAAAAAAAAAAAAAAAAA", "nonsense"] {
        let path = format!("{}/{id}/report", path::OPENINGS);
        let answer = report.sides.administrator.get(&path).await;
        assert_eq!(code(&answer), ProblemCode::NoSuchOpening, "{id}");
    }
}

#[tokio::test]
async fn there_is_no_report_before_there_was_an_opening() {
    let service = service();
    let sides = Sides::new(&service).await;
    let id = sides.request().await;
    let report = Report { sides, id };
    for refused in [
        report.sides.administrator.get(&report.path("")).await,
        report.save(complete(), 0).await,
        report.hand_in(0, "file").await,
    ] {
        assert_eq!(code(&refused), ProblemCode::OpeningOutOfStep);
    }
    for act in [crate::function::call_back(), json!("send_form"), open(1)] {
        report.sides.act(&report.id, act).await;
    }
    assert_eq!(report.read().await.version, 0);
    // Nobody ended it, and its time is over.
    service.clock.advance_seconds(3600);
    let report = Report {
        sides: Sides::new(&service).await,
        id: report.id,
    };
    assert_eq!(report.save(complete(), 0).await.status, StatusCode::OK);
    assert_eq!(report.hand_in(1, "file").await.status, StatusCode::OK);
}
