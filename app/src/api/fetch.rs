//! One request: text there, text back.

use leptos::prelude::window;
use protocol::http::VERSION_HEADER;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

use super::{Error, history, version};

/// A media type, and what is of it.
type Content = (&'static str, JsValue);

/// A good body or a bad one, and `Retry-After`.
type Exchanged = (Result<String, String>, Option<u32>);

/// The body of a good answer or what is wrong, and after how many seconds to come again, if the
/// answer says.
type Answered = (Result<String, Error>, Option<u32>);

/// Sends a request and gives the body of a good answer; a bad one is kept for support.
pub(super) async fn send(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    send_told(method, path, body).await.0
}

/// The same, and when to come again.
pub(super) async fn send_told(method: &str, path: &str, body: Option<String>) -> Answered {
    recorded(method, path, body.map(json)).await
}

/// The same with the bytes of a file.
pub(super) async fn send_csv(path: &str, file: JsValue) -> Result<String, Error> {
    recorded("POST", path, Some(("text/csv", file))).await.0
}

/// The body of a good answer, with nothing kept of a bad one.
pub(super) async fn ask(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    answer(method, path, body.map(json)).await.0
}

fn json(body: String) -> Content {
    ("application/json", JsValue::from(body))
}

async fn recorded(method: &str, path: &str, body: Option<Content>) -> Answered {
    let answered = answer(method, path, body).await;
    if let Err(error) = &answered.0 {
        history::record(method, path, error);
    }
    answered
}

async fn answer(method: &str, path: &str, body: Option<Content>) -> Answered {
    match exchange(method, path, body).await {
        Err(_) => (Err(Error::Network), None),
        Ok((answer, retry_after)) => {
            let result = answer
                .map_err(|body| serde_json::from_str(&body).map_or(Error::Decode, Error::Problem));
            (result, retry_after)
        }
    }
}

async fn exchange(method: &str, path: &str, body: Option<Content>) -> Result<Exchanged, JsValue> {
    let abort = AbortOnDrop(AbortController::new()?);
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&abort.0.signal()));
    init.set_cache(RequestCache::NoStore);
    if let Some((media_type, body)) = body {
        let headers = Headers::new()?;
        headers.set("content-type", media_type)?;
        init.set_headers(&headers);
        init.set_body(&body);
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
