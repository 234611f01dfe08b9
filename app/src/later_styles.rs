//! The style sheet of what is loaded when it is wanted: the page names it for no medium, so that
//! nothing waits for it (xtask/src/page/assemble.rs).

use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlLinkElement;

use crate::api::Error;

const NAMED: &str = "later-styles";
const APPLIED: &str = "applied-styles";

/// Has it take effect. An error if it can't be had now; it may be asked for again.
pub(crate) async fn applied() -> Result<(), Error> {
    let Some(link) = link(APPLIED).or_else(apply) else {
        return Ok(());
    };
    if link.sheet().is_some() {
        return Ok(());
    }
    let loaded = Promise::new(&mut |resolve, reject| {
        let _ = link.add_event_listener_with_callback("load", &resolve);
        let _ = link.add_event_listener_with_callback("error", &reject);
    });
    let loaded = JsFuture::from(loaded).await;
    loaded.map(drop).map_err(|_| {
        link.remove();
        Error::Part
    })
}

/// One more for every medium: of the page's own nobody could tell which of its loadings has ended.
fn apply() -> Option<HtmlLinkElement> {
    let link = link(NAMED)?.clone_node().ok()?;
    let link = link.dyn_into::<HtmlLinkElement>().ok()?;
    link.set_id(APPLIED);
    link.set_media("all");
    document().head()?.append_child(&link).ok()?;
    Some(link)
}

fn link(id: &str) -> Option<HtmlLinkElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
