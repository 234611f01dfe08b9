//! How pages are let in, or not.

use protocol::bridge::{Bytes, ErrorCode, FromBridge, FromPage, Hello, Proof, VersionRange, close};

use crate::page::{self, Identity, receive};
use crate::process::program;
use crate::{Bridge, ORIGIN, Page};

#[tokio::test]
async fn a_page_is_paired_once_and_known_until_revoked() {
    let bridge = Bridge::start(&mut program(), &["--simulator", "--allow-origin", ORIGIN]);
    let identity = Identity::new(9, "受付1番の資格確認端末");

    let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
    let code = page::greet(&mut socket, ORIGIN, &identity).await;
    let wanted = receive(&mut socket).await.unwrap();
    assert!(matches!(wanted, FromBridge::PairingWanted(_)), "{wanted:?}");
    // Both sides show the same, and a wrong one opens nothing.
    let shown = bridge.line(|line| line.contains("番号:"));
    assert_eq!(shown.replace(' ', ""), format!("番号:{code}"));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert!(!bridge.run(&["pair", "accept", wrong]).status.success());
    let accepted = bridge.run(&["pair", "accept", &code]);
    assert!(accepted.status.success(), "{accepted:?}");
    let mut paired = Page::welcomed(socket).await;

    // The second time there is no question.
    let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
    page::greet(&mut socket, ORIGIN, &identity).await;
    Page::welcomed(socket).await;

    let list = String::from_utf8(bridge.run(&["pair", "list"]).stdout).unwrap();
    assert!(list.contains(ORIGIN) && list.contains("受付1番"), "{list}");
    let id = list.split_whitespace().next().unwrap();
    assert!(bridge.run(&["pair", "revoke", id]).status.success());
    let end = loop {
        match receive(&mut paired.socket).await {
            Ok(FromBridge::Event(_)) => {}
            other => break other,
        }
    };
    assert_eq!(end, Err(Some(close::NOT_PAIRED)));
    let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
    page::greet(&mut socket, ORIGIN, &identity).await;
    let wanted = receive(&mut socket).await.unwrap();
    assert!(matches!(wanted, FromBridge::PairingWanted(_)), "{wanted:?}");
}

#[tokio::test]
async fn a_key_that_a_page_does_not_have_opens_nothing() {
    let bridge = Bridge::simulated();
    let owner = Identity::new(1, "owner");
    let thief = Identity::new(2, "thief");
    let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
    page::send(&mut socket, &FromPage::Hello(owner.hello())).await;
    receive(&mut socket).await.unwrap();
    let signature = thief.sign("anything");
    page::send(&mut socket, &FromPage::Proof(Proof { signature })).await;
    match receive(&mut socket).await.unwrap() {
        FromBridge::Failed(failure) => assert_eq!(failure.code, ErrorCode::BadSignature),
        other => panic!("{other:?}"),
    }
    assert_eq!(receive(&mut socket).await, Err(Some(close::REFUSED)));
}

#[tokio::test]
async fn an_administrator_lets_pages_in_by_origin_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("approvals.json");
    let known = Identity::new(3, "known");
    let key = known.public().0;
    let lines = format!(
        r#"[{{"origin": "{ORIGIN}", "key": "{key}"}}, {{"origin": "https://other.example"}}]"#
    );
    std::fs::write(&file, lines).unwrap();
    let path = file.to_str().unwrap();
    let bridge = Bridge::start(&mut program(), &["--simulator", "--approvals", path]);
    let stranger = Identity::new(4, "stranger");
    let table = [
        (ORIGIN, &known, true),
        (ORIGIN, &stranger, false),
        ("https://other.example", &stranger, true),
    ];
    for (origin, identity, is_welcome) in table {
        let mut socket = page::open(bridge.port, origin).await.unwrap();
        page::greet(&mut socket, origin, identity).await;
        let answer = receive(&mut socket).await.unwrap();
        let was_welcome = matches!(answer, FromBridge::Welcome(_));
        assert_eq!(was_welcome, is_welcome, "{origin} {}", identity.label);
    }
}

#[test]
fn a_damaged_file_of_approvals_lets_nobody_in_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("approvals.json");
    for text in [
        "",
        "{}",
        r#"[{"origin": "*"}]"#,
        r#"[{"origin": "https://a", "keys": ""}]"#,
    ] {
        std::fs::write(&file, text).unwrap();
        let output = program()
            .args(["run", "--simulator", "--port", "0", "--approvals"])
            .arg(&file)
            .arg("--data")
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        assert!(!output.status.success(), "{text}");
    }
}

#[tokio::test]
async fn a_greeting_that_is_none_is_refused_with_the_reason() {
    let bridge = Bridge::simulated();
    let good = || Identity::new(1, "page").hello();
    let labelled = |label: &str| Hello {
        label: label.to_owned(),
        ..good()
    };
    let keyed = |key: String| Hello {
        key: Bytes(key),
        ..good()
    };
    let versions = VersionRange { least: 2, most: 9 };
    let newer = Hello { versions, ..good() };
    let nonce = Bytes("AAAA".to_owned());
    let short_nonce = Hello { nonce, ..good() };
    let table = [
        (newer, ErrorCode::VersionUnsupported),
        (keyed(good().key.0[..80].to_owned()), ErrorCode::BadKey),
        (keyed("A".repeat(87)), ErrorCode::BadKey),
        (short_nonce, ErrorCode::BadKey),
        (labelled(" "), ErrorCode::BadMessage),
        (labelled(&"x".repeat(61)), ErrorCode::BadMessage),
        (labelled("a\nb"), ErrorCode::BadMessage),
    ];
    for (hello, code) in table {
        let mut socket = page::open(bridge.port, ORIGIN).await.unwrap();
        page::send(&mut socket, &FromPage::Hello(hello)).await;
        match receive(&mut socket).await.unwrap() {
            FromBridge::Failed(failure) => assert_eq!(failure.code, code),
            other => panic!("{other:?}"),
        }
        assert_eq!(receive(&mut socket).await, Err(Some(close::REFUSED)));
    }
}
