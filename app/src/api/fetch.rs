//! One request: text there, text back.

use leptos::prelude::window;
use protocol::http::VERSION_HEADER;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

use super::{Error, history, version};

/// A media type, and what is of it.
type Content = (&'static str, JsValue);

/// Sends a request and gives the body of a good answer; a bad one is kept for support.
pub(super) async fn send(method: &str, path: &str, body: Option<String>) -> Result<String, Error> {
    let body = body.map(|body| ("application/json", JsValue::from(body)));
    exchanged(method, path, body).await
}

/// The same with the bytes of a file.
pub(super) async fn send_csv(path: &str, file: JsValue) -> Result<String, Error> {
    exchanged("POST", path, Some(("text/csv", file))).await
}

async fn exchanged(method: &str, path: &str, body: Option<Content>) -> Result<String, Error> {
    let result = match exchange(method, path, body).await {
        Err(_) => Err(Error::Network),
        Ok((true, body)) => Ok(body),
        Ok((false, body)) => Err(serde_json::from_str(&body).map_or(Error::Decode, Error::Problem)),
    };
    if let Err(error) = &result {
        history::record(method, path, error);
    }
    result
}

async fn exchange(
    method: &str,
    path: &str,
    body: Option<Content>,
) -> Result<(bool, String), JsValue> {
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
