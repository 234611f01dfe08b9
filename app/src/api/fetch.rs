//! One request: text there, text back.

use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

use super::{Error, decode};

/// Sends a request and gives the body of a good answer.
pub(super) async fn send(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    let (status_is_good, body) = exchange(method, path, body)
        .await
        .map_err(|_| Error::Network)?;
    if status_is_good {
        return Ok(body);
    }
    Err(decode(&body).map_or(Error::Decode, Error::Problem))
}

async fn exchange(
    method: &str,
    path: &str,
    body: Option<String>,
) -> Result<(bool, String), JsValue> {
    let abort = AbortOnDrop(AbortController::new()?);
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&abort.0.signal()));
    init.set_cache(RequestCache::NoStore);
    if let Some(body) = body {
        let headers = Headers::new()?;
        headers.set("content-type", "application/json")?;
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(&body));
    }
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let answer: Response = answer.dyn_into()?;
    let body = JsFuture::from(answer.text()?).await?;
    Ok((answer.ok(), body.as_string().unwrap_or_default()))
}

/// Aborts the request when the call is dropped; after an answer it does nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
