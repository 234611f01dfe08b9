//! The mail, read by another library; and addresses of mail servers.

use mail_parser::{HeaderName, MessageParser, MimeHeaders as _};

use super::*;

fn mail(institution_name: &str) -> ReportMail {
    ReportMail {
        id: "usage-report.0123456789abcdef.3".to_owned(),
        institution_name: institution_name.to_owned(),
        from: "shinbashi.iin@example.jp".parse().unwrap(),
        to: "houkoku@ssk.example.jp".parse().unwrap(),
        // 2026-11-22T03:34:56Z
        at: Timestamp::from_unix_milliseconds(1_795_318_496_789),
        text: format!("{SUBJECT}\n\n.\n長い行：{}\n終わり\n", "報告".repeat(36)),
    }
}

fn written(mail: &ReportMail) -> Vec<u8> {
    mail.message().unwrap().formatted()
}

#[test]
fn another_program_reads_what_was_written() {
    let names = [
        "新橋医院",
        "Shinbashi \"Clinic\", (Tokyo) <x@example.jp>",
        "医療法人社団　新橋医院　東京駅前クリニック（内科・外科・小児科・皮膚科・耳鼻咽喉科）",
    ];
    for name in names {
        let mail = mail(name);
        let bytes = written(&mail);
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.subject(), Some("システム障害時機能の利用報告"));
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some(name));
        assert_eq!(from.address(), Some("shinbashi.iin@example.jp"));
        let to = message.to().unwrap().as_list().unwrap();
        let to: Vec<_> = to.iter().map(|it| (it.name(), it.address())).collect();
        assert_eq!(to, [(None, Some("houkoku@ssk.example.jp"))]);
        assert_eq!(message.date().unwrap().to_timestamp(), 1_795_318_496);
        let id = "usage-report.0123456789abcdef.3@example.jp";
        assert_eq!(message.message_id(), Some(id));
        let text = mail.text.replace('\n', "\r\n");
        assert_eq!(message.body_text(0).as_deref(), Some(text.as_str()));
        assert_eq!(message.attachment_count(), 1);
        let attachment = message.attachment(0).unwrap();
        assert_eq!(attachment.attachment_name(), Some("利用報告書.txt"));
        assert_eq!(attachment.text_contents(), Some(text.as_str()));
        let kind = attachment.content_type().unwrap();
        assert_eq!(kind.attribute("charset"), Some("utf-8"));
    }
}

#[test]
fn a_mail_is_lines_of_seven_bits() {
    let bytes = written(&mail("新橋医院"));
    assert!(bytes.is_ascii());
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
    for line in text.split("\r\n") {
        assert!(line.len() <= 78, "{line}");
    }
    let headers = text.split("\r\n\r\n").next().unwrap();
    for needed in [
        "Date: ",
        "From: ",
        "To: ",
        "Message-ID: ",
        "Subject: ",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.contains(needed), "{needed}");
    }
    assert!(text.contains("filename*0*=utf-8''") || text.contains("filename*=utf-8''"));
}

#[test]
fn nothing_registered_adds_a_header() {
    let table = [
        "新橋医院\r\nBcc: x@example.jp",
        "Shinbashi\r\nBcc: x@example.jp\r\n\r\nbody",
        "a\nBcc: x@example.jp",
        "a\rBcc: x@example.jp",
        "\u{2028}Bcc: x@example.jp",
        "=?utf-8?Q?a=0D=0ABcc:_x@example.jp?=",
        "\"<x@example.jp>, \"",
    ];
    for name in table {
        let bytes = written(&mail(name));
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert!(message.bcc().is_none(), "{name:?}");
        let names: Vec<_> = message.headers().iter().map(|it| it.name.clone()).collect();
        let expected = [
            HeaderName::MessageId,
            HeaderName::Date,
            HeaderName::From,
            HeaderName::To,
            HeaderName::Subject,
            HeaderName::MimeVersion,
            HeaderName::ContentType,
        ];
        assert_eq!(names.len(), expected.len(), "{name:?}: {names:?}");
        assert!(expected.iter().all(|it| names.contains(it)), "{names:?}");
        let envelope = mail(name).message().unwrap();
        assert_eq!(envelope.envelope().to().len(), 1, "{name:?}");
    }
}

#[test]
fn a_mail_server_is_told_by_a_url() {
    use InvalidMailServer::{Form, Option};
    let table = [
        ("smtps://clinic:p%40ss@mail.example.jp", Ok(465)),
        ("smtps://mail.example.jp:1465\n", Ok(1465)),
        ("smtp://clinic:pass@mail.example.jp", Ok(587)),
        ("smtp://mail.example.jp?tls=required", Ok(587)),
        ("smtp://127.0.0.1:2525", Ok(2525)),
        ("smtp://[::1]:2525/", Ok(2525)),
        ("smtp://localhost:2525?tls=required", Ok(2525)),
        ("", Err(Form)),
        ("mail.example.jp:587", Err(Form)),
        ("http://mail.example.jp", Err(Form)),
        ("smtp://", Err(Form)),
        ("smtp://clinic@mail.example.jp", Err(Form)),
        ("smtp://mail.example.jp/path", Err(Form)),
        ("smtp://mail.example.jp?tls=opportunistic", Err(Option)),
        ("smtp://mail.example.jp?tls=none", Err(Option)),
        ("smtp://a:%ff@mail.example.jp", Err(Form)),
    ];
    for (url, expected) in table {
        let server = MailServer::from_url(url, None);
        assert_eq!(server.map(|server| server.port()), expected, "{url}");
    }
    let table = [
        ("smtp://mail.example.jp", true),
        ("smtps://127.0.0.1", true),
        ("smtp://10.0.0.1", true),
        ("smtp://127.0.0.1", false),
        ("smtp://localhost", false),
        ("smtp://localhost.example.jp", true),
        ("smtp://127.0.0.1.example.jp", true),
        ("smtp://localhost?tls=required", true),
    ];
    for (url, must) in table {
        assert_eq!(
            MailServer::from_url(url, None).unwrap().must_have_tls(),
            must,
            "{url}"
        );
    }
}

#[test]
fn roots_are_read_when_the_server_is_named() {
    let roots = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let server = MailServer::from_url("smtps://mail.example.jp", Some(roots));
    assert_eq!(server.unwrap_err(), InvalidMailServer::Tls);
}

#[test]
fn a_password_is_never_shown() {
    let secret = "himitsu";
    let server = MailServer::from_url(&format!("smtps://clinic:{secret}@mail.example.jp"), None);
    assert!(!format!("{server:?}").contains(secret));
    let refused = MailServer::from_url(&format!("smtps://clinic:{secret}@mail.example.jp/x"), None);
    let refused = refused.unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains(secret));
}
