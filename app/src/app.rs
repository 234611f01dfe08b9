//! The whole of the page: what is shared, and which page is shown.

mod gate;

use leptos::ev;
use leptos::prelude::*;

use crate::components::footer::Footer;
use crate::components::header::Header;
use crate::components::live::Live;
use crate::components::problem::ProblemNotice;
use crate::components::reader_part::ReaderPart;
use crate::components::retry::{AutoRetry, Retry};
use crate::components::to_notebook::ToNotebook;
use crate::components::toast::{Toast, ToastRegion};
use crate::components::update::UpdateNotice;
use crate::components::waiting::Waiting;
use crate::navigation::Navigator;
use crate::pages::errors::ErrorsPage;
use crate::pages::lock::LockScreen;
use crate::pages::log_in::LogInPage;
use crate::pages::menu::MenuPage;
use crate::pages::search::{Search, SearchPage};
use crate::pages::unknown::UnknownPage;
use crate::parts;
use crate::route::Route;
use crate::session::{self, Session, State};
use crate::task::Task;
use gate::Screen;

/// A reader's own screen, or the app of those who log in: neither becomes the other
/// without being loaded anew.
#[component]
pub(crate) fn App() -> impl IntoView {
    match Route::here() {
        Route::Reader => view! { <ReaderPart /> }.into_any(),
        _ => view! { <LoggedInApp /> }.into_any(),
    }
}

/// Provides what pages share, and shows the page that the address and the
/// session lead to.
#[component]
fn LoggedInApp() -> impl IntoView {
    let navigator = Navigator::provide();
    let session = Session::provide();
    let search = Search::provide();
    session.guard(search.typed());
    let toast = Toast::provide();
    gate::keep(navigator, session, search);
    session::watch(session);
    Live::provide(session, navigator);

    let start = Task::new();
    let retry = Retry::new();
    start.run(session.resume());
    let listener = window_event_listener(ev::focus, move |_| {
        if matches!(session.state_untracked(), State::LoggedIn(_)) {
            start.run(session.recheck());
        }
    });
    on_cleanup(move || listener.remove());
    let screen = Memo::new(move |_| gate::screen(&session.state(), navigator.route()));
    view! {
        <Header />
        <UpdateNotice />
        <main class="main" id="main" tabindex="-1">
            {move || match screen.get() {
                Screen::Starting => view! {
                    <div role="status"><Waiting text="読み込み中です。" /></div>
                }
                .into_any(),
                Screen::Unreachable => view! { <Unreachable start retry /> }.into_any(),
                Screen::Locked => view! { <LockScreen /> }.into_any(),
                Screen::Page(route) => page(route),
            }}
        </main>
        <Footer />
        <ToastRegion toast />
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::LogIn => view! { <LogInPage /> }.into_any(),
        Route::Menu => view! { <MenuPage /> }.into_any(),
        Route::Search => view! { <SearchPage /> }.into_any(),
        Route::Emergency
        | Route::Eligibility(_)
        | Route::Report(_)
        | Route::Accounts
        | Route::Passcodes
        | Route::ReaderScreens
        | Route::Readers
        | Route::Audit
        | Route::Notebook
        | Route::Password
        | Route::Passkeys
        | Route::Operator
        | Route::OperatorOpening(_)
        | Route::Institutions => parts::page(route),
        Route::Errors => view! { <ErrorsPage /> }.into_any(),
        // A page of its own: it is loaded as one.
        Route::Reader | Route::Unknown => view! { <UnknownPage /> }.into_any(),
    }
}

#[component]
fn Unreachable(start: Task, retry: Retry) -> impl IntoView {
    let session = Session::expect();
    let again = Callback::new(move |()| start.run(session.resume()));
    move || match session.state() {
        State::Unreachable(error) => Some(view! {
            <div role="alert">
                <ProblemNotice error=error.clone()>
                    <div class="notice__actions">
                        <button type="button" class="button button--solid" on:click=move |_| again.run(())>
                            "もう一度接続する"
                        </button>
                        <AutoRetry error=&error retry again />
                    </div>
                    <ToNotebook />
                </ProblemNotice>
            </div>
        }),
        _ => None,
    }
}
