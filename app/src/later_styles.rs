//! The style sheet of what is loaded when it is wanted: the page names it for no medium, so that
//! nothing waits for it (xtask/src/page/assemble.rs).

use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlLinkElement;

use crate::api::Error;

/// Has it take effect. An error if it can't be had now; it may be asked for again.
pub(crate) async fn applied() -> Result<(), Error> {
    let link = document().get_element_by_id("later-styles");
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlLinkElement>().ok()) else {
        return Ok(());
    };
    link.set_media("all");
    if link.sheet().is_some() {
        return Ok(());
    }
    let loaded = Promise::new(&mut |resolve, reject| {
        let _ = link.add_event_listener_with_callback("load", &resolve);
        let _ = link.add_event_listener_with_callback("error", &reject);
    });
    // It may have failed before anybody listened.
    link.set_href(&link.href());
    let loaded = JsFuture::from(loaded).await;
    loaded.map(drop).map_err(|_| Error::Part)
}
