//! 「監査証跡」: what the institution's accounts did, for its administrators.

mod conditions;
mod lines;
mod model;

use domain::account::Role;
use leptos::prelude::*;

use crate::api;
use crate::components::allowed::Allowed;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use conditions::ConditionsForm;
use lines::Lines;
use model::Model;

/// The conditions, and under them the lines, the latest first.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Audit />
        <Allowed may=Role::may_read_audit><Trail /></Allowed>
    }
}

#[component]
fn Trail() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let model = RwSignal::new(Model::default());
    let load = Callback::new(move |()| {
        let address = model.with_untracked(Model::next_address);
        task.run(async move {
            if let Some(result) = session.call(api::audit(&address)).await {
                model.try_update(|model| model.answered(result));
            }
        });
    });
    let submit = Callback::new(move |()| match model.try_update(Model::submit) {
        Some(Ok(())) => load.run(()),
        Some(Err(field)) => dom::focus_soon(field),
        None => {}
    });
    load.run(());
    view! {
        <ConditionsForm model submit />
        <Lines model task load />
    }
}
