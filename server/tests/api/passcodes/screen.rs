//! A reader's own screen, as far as passcodes are entered there.

use axum::http::{Method, StatusCode};
use domain::audit::Action;
use protocol::http::{ReaderScreenState, path};
use serde_json::json;
use server::clock::Clock as _;
use server::store::{AuditEvent, Audited, NewScreen, StoreError, Writer};
use sha2::{Digest as _, Sha256};

use crate::harness::{Answer, Client, Service};

/// A screen of the institution, registered now.
pub(super) fn screen<'a>(service: &'a Service, name: &str) -> Client<'a> {
    let register = |writer: &Writer<'_>| {
        let account = writer.account(&"admin".parse().unwrap())?;
        writer.register_reader_screen(&NewScreen {
            id: format!("{name:-<22}").parse().unwrap(),
            institution_id: account.unwrap().institution_id,
            name: name.to_owned(),
            token_hash: Sha256::digest(name.as_bytes()).into(),
        })?;
        let event = AuditEvent::new(Action::ReaderScreenRegistered, None);
        Ok::<_, StoreError>(Audited::new((), event))
    };
    let now = service.clock.now();
    service.store.write_blocking(now, register).unwrap();
    registered_screen(service, name)
}

/// A screen that was registered before, perhaps before a restart.
pub(super) fn registered_screen<'a>(service: &'a Service, name: &str) -> Client<'a> {
    let mut client = service.stranger();
    client.cookie = Some(format!("shikaku-reader={name}"));
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
