//! Tells a bridge that does not let this page in from one that is not there: to a page,
//! both are a WebSocket that would not open.

use futures_util::future::join_all;
use leptos::prelude::window;
use protocol::bridge::{PORTS, VERSION_PATH};
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, RequestMode};

use crate::task::within;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_millis(800);

/// Whether anything answers on one of the bridge's ports. What it says stays hidden.
pub(super) async fn somebody_listens() -> bool {
    join_all(PORTS.map(listens)).await.contains(&true)
}

async fn listens(port: u16) -> bool {
    let init = RequestInit::new();
    init.set_mode(RequestMode::NoCors);
    let address = format!("http://127.0.0.1:{port}{VERSION_PATH}");
    let answer = JsFuture::from(window().fetch_with_str_and_init(&address, &init));
    matches!(within(PATIENCE, answer).await, Some(Ok(_)))
}
