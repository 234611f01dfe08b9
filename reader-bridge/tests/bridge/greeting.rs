//! How pages are let in, or not.

use protocol::bridge::{ErrorCode, FromBridge, close};

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
    page::send(
        &mut socket,
        &protocol::bridge::FromPage::Hello(owner.hello()),
    )
    .await;
    receive(&mut socket).await.unwrap();
    let signature = thief.sign("anything");
    let proof = protocol::bridge::FromPage::Proof(protocol::bridge::Proof { signature });
    page::send(&mut socket, &proof).await;
    match receive(&mut socket).await.unwrap() {
        FromBridge::Failed(failure) => assert_eq!(failure.code, ErrorCode::BadSignature),
        other => panic!("{other:?}"),
    }
    assert_eq!(receive(&mut socket).await, Err(Some(close::REFUSED)));
}
