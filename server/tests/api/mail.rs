//! Mails to a real mail server, and how the program is told of one.

use std::process::{Command, Stdio};
use std::time::Duration;

use domain::timestamp::Timestamp;
use mail_parser::MessageParser;
use server::mail::{MailServer, ReportMail, Undelivered};
use tempfile::TempDir;

use crate::mail_server::{Conduct, TestMailServer, Tls};

fn mail() -> ReportMail {
    ReportMail {
        id: "usage-report.0123456789abcdef.1".to_owned(),
        institution_name: "新橋医院".to_owned(),
        from: "shinbashi@example.jp".parse().unwrap(),
        to: "houkoku@ssk.example.jp".parse().unwrap(),
        at: Timestamp::from_unix_milliseconds(1_795_316_400_000),
        text: "報告\n.\n..\nend\n".to_owned(),
    }
}

/// Tries to deliver, with no more patience than a test has.
async fn deliver(url: &str, roots: Option<&str>) -> Result<(), Undelivered> {
    let server = MailServer::from_url(url, roots.map(str::as_bytes)).unwrap();
    let server = server.with_time_limit(Duration::from_millis(1500));
    server.deliver(&mail().message().unwrap()).await
}

#[tokio::test]
async fn a_mail_reaches_the_server_as_it_was_written() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let url = format!("smtp://{}", server.address);
    assert_eq!(deliver(&url, None).await, Ok(()));
    let [delivered] = server.delivered().try_into().unwrap();
    assert_eq!(delivered.from, "shinbashi@example.jp");
    assert_eq!(delivered.to, ["houkoku@ssk.example.jp"]);
    assert_eq!(delivered.user, None);
    let message = MessageParser::default().parse(&delivered.bytes).unwrap();
    assert_eq!(message.subject(), Some("システム障害時機能の利用報告"));
    let expected = "報告\r\n.\r\n..\r\nend\r\n";
    assert_eq!(message.body_text(0).unwrap(), expected);
    let attachment = message.attachment(0).unwrap();
    assert_eq!(attachment.text_contents(), Some(expected));
}

#[tokio::test]
async fn what_a_server_does_is_told_apart() {
    use Undelivered::{Refused, Uncertain, Unreachable};
    let table = [
        (Conduct::RefusesRecipient, Refused),
        (Conduct::RefusesMail, Refused),
        (Conduct::IsBusy, Refused),
        (Conduct::DropsItsAnswer, Uncertain),
        (Conduct::NeverAnswers, Uncertain),
        (Conduct::NeverGreets, Unreachable),
        (Conduct::HangsUp, Unreachable),
    ];
    for (conduct, expected) in table {
        let server = TestMailServer::start(conduct, Tls::Never);
        let url = format!("smtp://{}", server.address);
        assert_eq!(deliver(&url, None).await, Err(expected), "{conduct:?}");
        let is_there = expected == Uncertain;
        assert_eq!(!server.delivered().is_empty(), is_there, "{conduct:?}");
    }
    // A port that nobody listens on any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(deliver(&url, None).await, Err(Unreachable));
}

#[tokio::test]
async fn mail_and_password_go_over_tls_to_whom_is_believed() {
    use Undelivered::{Refused, Unreachable};
    let right = "clinic:himitsu%401@";
    let wrong = "clinic:himitsu%402@";
    for (tls, scheme, option) in [
        (Tls::AtOnce, "smtps", ""),
        (Tls::Later, "smtp", "?tls=required"),
    ] {
        let server = TestMailServer::start(Conduct::TakesMail, tls);
        let roots = Some(server.certificate.as_str());
        let port = server.address.port();
        let url = |user: &str| format!("{scheme}://{user}localhost:{port}{option}");
        assert_eq!(deliver(&url(right), roots).await, Ok(()), "{tls:?}");
        assert_eq!(deliver(&url(wrong), roots).await, Err(Refused), "{tls:?}");
        assert_eq!(
            deliver(&url(right), None).await,
            Err(Unreachable),
            "{tls:?}"
        );
        let by_address = url(right).replace("localhost", "127.0.0.1");
        assert_eq!(
            deliver(&by_address, roots).await,
            Err(Unreachable),
            "{tls:?}"
        );
        let [delivered] = server.delivered().try_into().unwrap();
        assert_eq!(delivered.user.as_deref(), Some("clinic"));
    }
}

#[tokio::test]
async fn without_tls_a_server_that_has_to_offer_it_gets_nothing() {
    let server = TestMailServer::start(Conduct::TakesMail, Tls::Never);
    let port = server.address.port();
    for url in [
        format!("smtp://clinic:himitsu%401@localhost:{port}?tls=required"),
        format!("smtps://clinic:himitsu%401@localhost:{port}"),
    ] {
        let delivered = deliver(&url, Some(&server.certificate)).await;
        assert_eq!(delivered, Err(Undelivered::Unreachable), "{url}");
    }
    assert!(server.delivered().is_empty());
}

#[test]
fn the_program_is_told_of_a_mail_server_without_showing_its_password() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("smtp-url");
    let table = [
        ("http://clinic:himitsu@mail.example.jp", "smtps://USER"),
        ("smtps://clinic:himitsu@mail.example.jp/x", "smtps://USER"),
        (
            "smtp://clinic:himitsu@mail.example.jp?tls=none",
            "?tls=required",
        ),
    ];
    for (url, said) in table {
        std::fs::write(&file, format!("{url}\n")).unwrap();
        for by_file in [true, false] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_shikaku-server"));
            program.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
            program.arg(directory.path()).stdin(Stdio::null());
            if by_file {
                program.arg("--smtp-url-file").arg(&file);
            } else {
                program.env("SHIKAKU_SMTP_URL", url);
            }
            let output = program.output().unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            assert!(!output.status.success(), "{url}");
            assert!(text.contains(said), "{text}");
            assert!(!text.contains("himitsu"), "{text}");
        }
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_shikaku-server"));
    program.args(["serve", "--data"]).arg(directory.path());
    program
        .arg("--smtp-url-file")
        .arg(directory.path().join("nowhere"));
    let output = program.output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere"));
}
