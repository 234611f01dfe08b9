//! What this browser keeps beyond a reload (`localStorage`): never anything personal.

use leptos::prelude::window;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

/// What was kept under a name; `None` where nothing was, or nothing that can still be read.
pub(crate) fn read<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_str(&storage()?.get_item(name).ok()??).ok()
}

/// Keeps it. A browser that keeps nothing, or whose storage is full, keeps what it has; there is nobody to tell.
pub(crate) fn write(name: &str, value: &impl Serialize) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        let _ = storage.set_item(name, &text);
    }
}

/// Forgets it.
pub(crate) fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

fn storage() -> Option<Storage> {
    // Refused where the user or an administrator switched storage off.
    window().local_storage().ok().flatten()
}
