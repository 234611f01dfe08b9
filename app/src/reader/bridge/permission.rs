//! Whether the browser lets this page reach this machine (Local Network Access:
//! `facts/bridge.md` §2a).

use js_sys::{Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::reader::status::Status;

/// The permission's names, the newest first.
const NAMES: [&str; 2] = ["loopback-network", "local-network-access"];

/// Whether to go on: not where the browser would ask somebody who does not know why, and
/// not where it has been told no.
pub(super) async fn ask(by_a_person: bool) -> Result<(), Status> {
    // A page of this machine needs no permission, though the browser would say `prompt`.
    let host = window().location().hostname().unwrap_or_default();
    if matches!(host.as_str(), "127.0.0.1" | "localhost" | "[::1]") {
        return Ok(());
    }
    match state().await.as_deref() {
        Some("denied") => Err(Status::PermissionDenied),
        Some("prompt") if !by_a_person => Err(Status::PermissionWanted),
        _ => Ok(()),
    }
}

/// `granted`, `denied` or `prompt`; `None` in a browser that has no such permission.
async fn state() -> Option<String> {
    for name in NAMES {
        if let Ok(state) = query(name).await {
            return state.as_string();
        }
    }
    None
}

async fn query(name: &str) -> Result<JsValue, JsValue> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"name".into(), &name.into())?;
    let status = window().navigator().permissions()?.query(&wanted)?;
    Reflect::get(&JsFuture::from(status).await?, &"state".into())
}
