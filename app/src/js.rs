//! The browser's own things: members, promises, bytes, events.

use std::time::Duration;

use js_sys::{DataView, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

use crate::task::within;

/// A member that not every browser has.
pub(crate) fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// A member that is a text.
pub(crate) fn text(of: &JsValue, name: &str) -> Option<String> {
    let text = member(of, name)?.as_string()?;
    (!text.trim().is_empty()).then_some(text)
}

/// A promise of which it does not matter of what: one kind of them makes less code than many.
pub(crate) fn promise(promise: impl Into<JsValue>) -> Promise {
    promise.into().unchecked_into()
}

/// Waits for a promise; one that takes too long is an error, null, and goes on by itself.
pub(crate) async fn settled(limit: Duration, what: impl Into<JsValue>) -> Result<JsValue, JsValue> {
    match within(limit, JsFuture::from(promise(what))).await {
        Some(result) => result,
        None => Err(JsValue::NULL),
    }
}

/// What lies in a view of a buffer.
pub(crate) fn bytes(data: &DataView) -> Vec<u8> {
    let (start, length) = (data.byte_offset(), data.byte_length());
    let view = Uint8Array::new_with_byte_offset_and_length(
        &data.buffer(),
        u32::try_from(start).unwrap_or_default(),
        u32::try_from(length).unwrap_or_default(),
    );
    view.to_vec()
}

/// Hears an event for as long as it is there.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    heard: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    pub(crate) fn new(
        target: impl Into<JsValue>,
        name: &'static str,
        heard: impl FnMut(JsValue) + 'static,
    ) -> Self {
        let target: EventTarget = target.into().unchecked_into();
        let heard = Closure::<dyn FnMut(JsValue)>::new(heard);
        let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        Self {
            target,
            name,
            heard,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.heard.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, heard);
    }
}
