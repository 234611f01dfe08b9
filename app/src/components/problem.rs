//! What went wrong, for the desk and for support.

use leptos::prelude::*;
use protocol::http::ProblemViolation;

use super::copy::CopySign;
use super::link::Link;
use super::notice::{Notice, Tone};
use crate::api::Error;
use crate::route::Route;

/// Says what happened, what to do next, and what support needs to find it.
#[component]
pub(crate) fn ProblemNotice(
    error: Error,
    #[prop(optional)] id: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (title, detail) = words(&error);
    let reference = reference(&error);
    let copied = reference.clone();
    let violations = violations(error).into_iter();
    let violations = violations.map(|violation| view! { <li>{violation.message}</li> });
    view! {
        <Notice tone=Tone::Error title id>
            <p>{detail}</p>
            <ul>{violations.collect_view()}</ul>
            {children.map(|children| children())}
            <p class="notice__reference">
                <span>"問い合わせ番号："<code>{reference}</code></span>
                <CopySign label="問い合わせ番号" text=copied />
                <Link to=Route::Errors>{Route::Errors.title()}</Link>
            </p>
        </Notice>
    }
}

/// What happened, and what to do next.
pub(crate) fn words(error: &Error) -> (String, String) {
    match error {
        Error::Network => (
            "サーバーに接続できませんでした".to_owned(),
            "ネットワークの接続を確認して、もう一度お試しください。".to_owned(),
        ),
        Error::Decode => (
            "サーバーの応答を読み取れませんでした".to_owned(),
            "画面を再読み込みして、もう一度お試しください。".to_owned(),
        ),
        Error::Part => (
            "画面の一部を読み込めませんでした".to_owned(),
            "ネットワークの接続を確認して、もう一度読み込んでください。改善しなければ、ブラウザーで再読み込みしてください。"
                .to_owned(),
        ),
        Error::Problem(problem) => (problem.title.clone(), problem.detail.clone()),
    }
}

/// What is wrong with the request, where no field shows it.
fn violations(error: Error) -> Vec<ProblemViolation> {
    match error {
        Error::Problem(problem) => problem.violations,
        Error::Network | Error::Decode | Error::Part => Vec::new(),
    }
}

/// What is wrong with the fields of a form, by their names; nothing when something else is.
pub(crate) fn refused(error: &Error, fields: &[&str]) -> Vec<(String, String)> {
    let Error::Problem(problem) = error else {
        return Vec::new();
    };
    let violations = problem.violations.iter();
    let is_ours = |violation: &&ProblemViolation| fields.contains(&violation.field.as_str());
    if !violations.clone().all(|violation| is_ours(&violation)) {
        return Vec::new();
    }
    violations
        .map(|violation| (violation.field.clone(), violation.message.clone()))
        .collect()
}

/// `internal 4f0c…`: the code, and the request's name in the service's log.
fn reference(error: &Error) -> String {
    let request_id = match error {
        Error::Problem(problem) => problem.request_id.as_str(),
        Error::Network | Error::Decode | Error::Part => "",
    };
    let parts = [&error.reference_code(), request_id];
    parts.join(" ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use protocol::http::ProblemCode;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn support_is_told_the_code_and_the_request() {
        let table = [
            (Error::Network, "network"),
            (Error::Decode, "unreadable_answer"),
            (Error::Part, "page_part"),
            (
                Error::Problem(ProblemCode::Internal.problem("r-1", Vec::new())),
                "internal r-1",
            ),
            (
                Error::Problem(ProblemCode::NotAllowed.problem("", Vec::new())),
                "not_allowed",
            ),
        ];
        for (error, expected) in table {
            assert_eq!(reference(&error), expected);
        }
    }
}
