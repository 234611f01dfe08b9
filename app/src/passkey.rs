//! Passkeys of this browser: `navigator.credentials`, with the JSON forms of Web
//! Authentication Level 3, so that nothing here has to take them apart.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::prelude::*;
use protocol::http::PasskeyChallenge;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::clock;
use crate::components::notice::{Notice, Tone};

/// Who waited so long, in milliseconds, did not cancel: browsers give up after the
/// time that the service names (five minutes), and say the same of both.
const GIVEN_UP_AFTER: f64 = 290_000.0;

/// Why there is no answer of a passkey. Browsers don't tell more, so that pages
/// can't find out who has which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The browser has no passkeys, or none that this page can use.
    Unsupported,
    /// Passkeys work at another address: this one.
    Elsewhere(String),
    /// The person said no, or has no passkey here that fits.
    Cancelled,
    /// Nobody did anything.
    TimedOut,
    /// This device has a passkey of the account already.
    AlreadyHere,
}

/// Makes a new passkey.
pub(crate) async fn create(challenge: &PasskeyChallenge) -> Result<String, Failure> {
    ask(challenge, "parseCreationOptionsFromJSON", "create").await
}

/// Asks for one that exists.
pub(crate) async fn get(challenge: &PasskeyChallenge) -> Result<String, Failure> {
    ask(challenge, "parseRequestOptionsFromJSON", "get").await
}

/// Where passkeys work, if that is not here.
pub(crate) fn elsewhere(origins: &[String]) -> Option<String> {
    let here = window().location().origin().unwrap_or_default();
    let first = origins.first()?;
    (!origins.contains(&here)).then(|| first.clone())
}

async fn ask(challenge: &PasskeyChallenge, parse: &str, method: &str) -> Result<String, Failure> {
    if let Some(origin) = elsewhere(&challenge.origins) {
        return Err(Failure::Elsewhere(origin));
    }
    let unsupported = |_| Failure::Unsupported;
    let abort = AbortOnDrop(AbortController::new().map_err(unsupported)?);
    let promise = begin(challenge, parse, method, &abort).map_err(unsupported)?;
    let started = clock::wall();
    match JsFuture::from(promise).await {
        Ok(credential) => {
            // By the credential's own toJSON.
            let text = JSON::stringify(&credential).map_err(unsupported)?;
            text.as_string().ok_or(Failure::Unsupported)
        }
        Err(error) => {
            let name = Reflect::get(&error, &"name".into()).unwrap_or_default();
            let waited = clock::wall() - started;
            Err(failure(&name.as_string().unwrap_or_default(), waited))
        }
    }
}

fn begin(
    challenge: &PasskeyChallenge,
    parse: &str,
    method: &str,
    abort: &AbortOnDrop,
) -> Result<Promise, JsValue> {
    let window = window();
    let class = Reflect::get(&window, &"PublicKeyCredential".into())?;
    let credentials = Reflect::get(&window.navigator(), &"credentials".into())?;
    let options = call(&class, parse, &JSON::parse(&challenge.options)?)?;
    let request = Object::new();
    Reflect::set(&request, &"publicKey".into(), &options)?;
    Reflect::set(&request, &"signal".into(), &abort.0.signal())?;
    call(&credentials, method, &request)?.dyn_into()
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.call1(object, argument)
}

/// Takes the browser's question away with the page that asked it.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a `DOMException` of this name means here.
fn failure(name: &str, waited_milliseconds: f64) -> Failure {
    match name {
        "InvalidStateError" => Failure::AlreadyHere,
        "NotAllowedError" | "AbortError" if waited_milliseconds >= GIVEN_UP_AFTER => {
            Failure::TimedOut
        }
        "NotAllowedError" | "AbortError" => Failure::Cancelled,
        "TimeoutError" => Failure::TimedOut,
        _ => Failure::Unsupported,
    }
}

impl Failure {
    const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Unsupported => (
                "このブラウザではパスキーを利用できません",
                "Microsoft Edge、Google Chrome、Safari、Firefoxの新しい版で開いてください。それでも利用できないときは、別の端末で操作するか、管理者に相談してください。",
            ),
            Self::Elsewhere(_) => (
                "このアドレスでは、パスキーを利用できません",
                "次のアドレスで開き直してください。",
            ),
            Self::Cancelled => (
                "パスキーの確認が中止されました",
                "画面の案内にしたがって、もう一度お試しください。この端末で登録していないときは、登録した端末やスマートフォンを使ってください。",
            ),
            Self::TimedOut => (
                "パスキーの確認が時間内に終わりませんでした",
                "もう一度はじめから操作してください。",
            ),
            Self::AlreadyHere => (
                "この端末のパスキーは登録済みです",
                "このまま利用できます。別の端末やスマートフォン、セキュリティキーを登録するときは、画面の案内で選んでください。",
            ),
        }
    }
}

/// Says why there is no answer, and what to do next.
#[component]
pub(crate) fn FailureNotice(failure: Failure, #[prop(optional)] id: &'static str) -> impl IntoView {
    let (title, text) = failure.words();
    let link = match failure {
        Failure::Elsewhere(origin) => {
            let shown = [&origin, "/"].concat();
            let href = shown.clone();
            Some(view! { <p><a href=href>{shown}</a></p> })
        }
        _ => None,
    };
    view! { <Notice tone=Tone::Attention title id><p>{text}</p>{link}</Notice> }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn browsers_exceptions_become_what_people_can_do() {
        let table = [
            ("NotAllowedError", 5_000.0, Failure::Cancelled),
            ("NotAllowedError", 300_000.0, Failure::TimedOut),
            ("AbortError", 0.0, Failure::Cancelled),
            ("TimeoutError", 0.0, Failure::TimedOut),
            ("InvalidStateError", 0.0, Failure::AlreadyHere),
            ("NotSupportedError", 0.0, Failure::Unsupported),
            ("ConstraintError", 0.0, Failure::Unsupported),
            ("SecurityError", 0.0, Failure::Unsupported),
            ("", 0.0, Failure::Unsupported),
        ];
        for (name, waited, expected) in table {
            assert_eq!(failure(name, waited), expected, "{name}");
        }
    }
}
