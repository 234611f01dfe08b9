//! 「申請の一覧」 and what is below it: the console of the 実施機関.

mod ask;
mod field;
mod institutions;
mod list;
mod opening;
mod words;

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::ProblemCode;

use crate::api::Error;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::problem::ProblemNotice;
use crate::route::Route;
use crate::session::Session;
use institutions::Register;
use list::Openings;
use opening::OneOpening;

/// One of the console's pages, for operators.
#[component]
pub(crate) fn OperatorPage(route: Route) -> impl IntoView {
    let session = Session::expect();
    let is_one = Memo::new(move |_| session.allows(Role::may_operate));
    let not_allowed = || {
        let error = Error::Problem(ProblemCode::NotAllowed.problem("", Vec::new()));
        view! { <ProblemNotice error /> }
    };
    let above = match route {
        Route::Operator => vec![Route::Menu],
        _ => vec![Route::Menu, Route::Operator],
    };
    let heading = route.clone();
    let page = move || match &route {
        Route::OperatorOpening(id) => view! { <OneOpening id=id.clone() /> }.into_any(),
        Route::Institutions => view! { <Register /> }.into_any(),
        _ => view! { <Openings /> }.into_any(),
    };
    view! {
        <Breadcrumbs above />
        <Heading route=heading />
        <Show when=move || is_one.get() fallback=not_allowed>{page.clone()()}</Show>
    }
}
