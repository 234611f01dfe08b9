//! What not every role may see.

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::ProblemCode;

use super::problem::ProblemNotice;
use crate::api::Error;
use crate::session::Session;

/// Its content for accounts whose role may see it; others are told what the service would
/// tell them.
#[component]
pub(crate) fn Allowed(may: fn(Role) -> bool, children: ChildrenFn) -> impl IntoView {
    let session = Session::expect();
    let is_allowed = Memo::new(move |_| session.allows(may));
    let refusal = || {
        let error = Error::Problem(ProblemCode::NotAllowed.problem("", Vec::new()));
        view! { <ProblemNotice error /> }
    };
    view! { <Show when=move || is_allowed.get() fallback=refusal>{children()}</Show> }
}
