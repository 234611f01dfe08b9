//! What is in a part of the program, whether or not that is here yet.

use leptos::prelude::*;

use super::breadcrumbs::Breadcrumbs;
use super::heading::Heading;
use super::problem::ProblemNotice;
use super::waiting::Waiting;
use crate::api::{self, Error, history};
use crate::parts::{self, Loading, Maker};
use crate::route::Route;
use crate::task::Task;

/// Loads a part and shows what it makes. Until then says that it is on its way; when it
/// can't be had, says so, under the page's name if it is a page, and tries again when told.
#[component]
pub(crate) fn Part(
    load: Callback<(), Loading>,
    #[prop(optional)] route: Option<Route>,
) -> impl IntoView {
    let made = RwSignal::new(None::<Result<Maker, ()>>);
    let task = Task::new();
    let begin = move || {
        task.run(async move {
            let maker = parts::styled(load.run(())).await;
            if let Err(error) = &maker {
                history::record_part(error);
                leptos::task::spawn_local(async {
                    // A newer service has other parts. Its answer says so: `UpdateNotice`.
                    let _ = api::about().await;
                });
            }
            // A notice that is there stays: the focus is on its button.
            let is_news = maker.is_ok() || made.try_with_untracked(Option::is_none) == Some(true);
            if is_news {
                made.try_set(Some(maker.map_err(drop)));
            }
        });
    };
    begin();
    let failed = move || {
        let head = route.clone().map(|route| {
            view! {
                <Breadcrumbs above=vec![Route::Menu] />
                <Heading route />
            }
        });
        let words = move || {
            if task.is_running() {
                "読み込んでいます…"
            } else {
                "もう一度読み込む"
            }
        };
        view! {
            {head}
            <div role="alert">
                <ProblemNotice error=Error::Part>
                    <button type="button" class="button button--solid" id="load-again" on:click=move |_| begin()>
                        {words}
                    </button>
                </ProblemNotice>
            </div>
        }
    };
    move || match made.get() {
        None => {
            view! { <div role="status"><Waiting text="画面を読み込んでいます…" /></div> }.into_any()
        }
        Some(Ok(make)) => make(),
        Some(Err(())) => failed().into_any(),
    }
}
