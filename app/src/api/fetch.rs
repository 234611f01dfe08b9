//! One request: text there, text back.

use leptos::prelude::window;
use protocol::http::VERSION_HEADER;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

use super::{Error, history, version};

/// Sends a request and gives the body of a good answer; a bad one is kept for support.
pub(super) async fn send(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    send_told(method, path, body).await.0
}

/// The same, and after how many seconds to come again, if the answer says.
pub(super) async fn send_told(
    method: &str,
    path: &str,
    body: Option<String>,
) -> (Result<String, Error>, Option<u32>) {
    let (result, retry_after) = answer(method, path, body).await;
    if let Err(error) = &result {
        history::record(method, path, error);
    }
    (result, retry_after)
}

/// The body of a good answer, with nothing kept of a bad one.
pub(super) async fn ask(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    answer(method, path, body).await.0
}

async fn answer(
    method: &str,
    path: &str,
    body: Option<String>,
) -> (Result<String, Error>, Option<u32>) {
    match exchange(method, path, body).await {
        Err(_) => (Err(Error::Network), None),
        Ok((answer, retry_after)) => {
            let result = answer
                .map_err(|body| serde_json::from_str(&body).map_or(Error::Decode, Error::Problem));
            (result, retry_after)
        }
    }
}

/// A good body or a bad one, and `Retry-After`.
type Exchanged = (Result<String, String>, Option<u32>);

async fn exchange(method: &str, path: &str, body: Option<String>) -> Result<Exchanged, JsValue> {
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
    version::told(answer.headers().get(VERSION_HEADER)?);
    let retry_after = answer.headers().get("retry-after")?;
    let body = JsFuture::from(answer.text()?).await?;
    let body = body.as_string().unwrap_or_default();
    let body = if answer.ok() { Ok(body) } else { Err(body) };
    Ok((body, retry_after.and_then(|seconds| seconds.parse().ok())))
}

/// Aborts the request when the call is dropped; after an answer it does nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
