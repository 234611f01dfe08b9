//! The few things done to the document by hand.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, ScrollIntoViewOptions,
    ScrollLogicalPosition, Url,
};

/// Puts the focus on an element, once what is being rendered is on the page.
pub(crate) fn focus_soon(id: impl AsRef<str> + 'static) {
    request_animation_frame(move || {
        if let Some(element) = element(id.as_ref()) {
            // It fails on an element that is gone, which needs no focus.
            let _ = element.focus();
        }
    });
}

/// Scrolls as little as it takes to have an element in sight.
pub(crate) fn reveal_soon(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = element(id) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

/// Scrolls to the top, as a browser does on a new page.
pub(crate) fn scroll_to_top() {
    leptos::prelude::window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Opens the browser's print dialog.
pub(crate) fn print() {
    // It fails where printing is switched off: then there is nothing to do.
    let _ = leptos::prelude::window().print();
}

/// Loads the page again.
pub(crate) fn reload() {
    // It fails only in a document that is being left.
    let _ = leptos::prelude::window().location().reload();
}

/// Hands a text over as a file; says whether the browser took it.
pub(crate) fn download(name: &str, kind: &str, text: &str) -> bool {
    let hand_over = || -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let parts = Array::of1(&text.into());
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
        let address = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&address)
    };
    hand_over().is_ok()
}

/// Puts a text on the clipboard; says whether the browser did.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = leptos::prelude::window().navigator();
    // Browsers have no clipboard for a page that came unencrypted over a network.
    let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    clipboard.is_ok_and(|clipboard| clipboard.is_object())
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// After so many milliseconds a screen that stopped begins anew: nobody may be near who would
/// press anything, and who presses again and again should read first.
const ANEW_AFTER_MS: i32 = 10_000;

/// Replaces everything by the text for an app that stopped (`index.html`).
pub(crate) fn show_crash() {
    if let Some(crash) = element("crash") {
        let _ = crash.remove_attribute("hidden");
        crash.scroll_into_view();
    }
}

/// The same for a screen that leads nowhere: the way on is the same page, by itself, too.
pub(crate) fn show_crash_of_screen() {
    if let Ok(Some(link)) = document().query_selector("#crash a") {
        // The address of this very page.
        let _ = link.set_attribute("href", "");
    }
    if let Some(again) = element("crash-again") {
        let _ = again.remove_attribute("hidden");
    }
    show_crash();
    let window = leptos::prelude::window();
    let location = window.location();
    // The browser's own function: nothing of this program runs any more.
    if let Ok(reload) = Reflect::get(&location, &JsValue::from_str("reload"))
        && let Ok(reload) = reload.dyn_into::<Function>()
    {
        let reload = reload.bind0(&location);
        let _ =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&reload, ANEW_AFTER_MS);
    }
}

/// Removes the text that `index.html` shows until the app runs.
pub(crate) fn remove_waiting_text() {
    if let Some(boot) = element("boot") {
        boot.remove();
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
