//! A reader's own screen, as far as passcodes are entered there.

use axum::http::{Method, StatusCode};
use domain::audit::Action;
use protocol::http::{ReaderScreenState, path};
use serde_json::json;
use server::store::{AuditEvent, Audited, NewScreen, StoreError};
use sha2::{Digest as _, Sha256};

use crate::harness::{Answer, Client, Service};

/// A registered screen of the institution.
pub(super) fn screen<'a>(service: &'a Service, name: &str) -> Client<'a> {
    let token = format!("token of {name}").replace(|symbol: char| !symbol.is_ascii_digit(), "-");
    let id = format!("{:-<22}", token.chars().take(22).collect::<String>());
    let register = |writer: &server::store::Writer<'_>| {
        let account = writer.account(&"admin".parse().unwrap())?;
        writer.register_reader_screen(&NewScreen {
            id: id.parse().unwrap(),
            institution_id: account.unwrap().institution_id,
            name: name.to_owned(),
            token_hash: Sha256::digest(token.as_bytes()).into(),
        })?;
        let event = AuditEvent::new(Action::ReaderScreenRegistered, None);
        Ok::<_, StoreError>(Audited::new((), event))
    };
    use server::clock::Clock as _;
    service
        .store
        .write_blocking(service.clock.now(), register)
        .unwrap();
    let mut client = service.stranger();
    client.cookie = Some(format!("shikaku-reader={token}"));
    client
}

/// Enters a passcode; a visual confirmation that is begun so is stopped at once.
pub(super) async fn entered(screen: &Client<'_>, passcode: &str) -> Answer {
    let answer = screen
        .post(path::READER_PASSCODE, json!({ "passcode": passcode }))
        .await;
    if answer.status == StatusCode::OK {
        let state: ReaderScreenState = answer.json();
        let id = state.visual_confirmation.unwrap().id;
        let path = format!("{}/{id}", path::READER_VISUAL_CONFIRMATIONS);
        let stopped = screen.send(Method::DELETE, &path, None).await;
        assert_eq!(stopped.status, StatusCode::OK, "{}", stopped.text());
    }
    answer
}
