//! 「読取画面の登録」, and what is asked there.

mod consents;
mod list;
mod pairing;
mod qr;
mod register;

use domain::account::Role;
use leptos::prelude::*;
use protocol::http::{ReaderPairing, ReaderScreenId, TerminalState};

use crate::api::events::Feed;
use crate::api::{self, Error};
use crate::components::allowed::Allowed;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::live::{self, OutOfDate};
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use consents::ConsentsSection;
use list::ScreenList;
use pairing::{PAIRING, Pairing};
use register::RegisterForm;

/// The id of what says why something was not done.
const PROBLEM: &str = "screens-problem";
/// The id of what says that a screen was registered.
const DONE: &str = "screens-done";

/// Readers' screens, for administrators.
#[component]
pub(crate) fn ReaderScreensPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu, Route::Accounts] />
        <Heading route=Route::ReaderScreens />
        <Allowed may=Role::may_manage_accounts><Screens /></Allowed>
    }
}

/// A code that waits for its screen.
#[derive(Clone)]
struct Waiting {
    name: String,
    pairing: ReaderPairing,
}

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Desk {
    session: Session,
    feed: Feed<TerminalState>,
    changing: Task,
    waiting: RwSignal<Option<Waiting>>,
    registered: RwSignal<Option<String>>,
    failure: RwSignal<Option<Error>>,
}

impl Desk {
    fn end(self, screen: ReaderScreenId) {
        self.failure.set(None);
        self.changing.run(async move {
            let call = api::desk::end_registration(&screen);
            // The list follows by itself.
            if let Some(Err(error)) = self.session.call(call).await {
                self.fail(error);
            }
        });
    }

    fn fail(self, error: Error) {
        self.failure.try_set(Some(error));
        dom::focus_soon(PROBLEM);
    }

    /// Shows a code until a screen has it, or its time is over.
    fn wait_for(self, name: String, pairing: ReaderPairing) {
        self.registered.set(None);
        self.waiting.set(Some(Waiting { name, pairing }));
        dom::focus_soon(PAIRING);
    }

    /// Puts the code away when its screen is there.
    fn watch(self) {
        Effect::new(move |_| {
            let Some(state) = self.feed.state() else {
                return;
            };
            let name = self
                .waiting
                .with(|waiting| waiting.as_ref().map(|waiting| waiting.name.clone()));
            let name = name.filter(|name| state.readers.iter().any(|reader| reader.name == *name));
            if name.is_some() {
                self.waiting.set(None);
                self.registered.set(name);
                dom::focus_soon(DONE);
            }
        });
    }
}

#[component]
fn Screens() -> impl IntoView {
    let session = Session::expect();
    let desk = Desk {
        session,
        feed: live::follow(),
        changing: Task::new(),
        waiting: RwSignal::new(None),
        registered: RwSignal::new(None),
        failure: RwSignal::new(None),
    };
    desk.watch();
    let done = move || {
        desk.registered.get().map(|name| {
            let title = ["「", &name, "」を登録しました"].concat();
            view! { <Notice tone=Tone::Information title id=DONE /> }
        })
    };
    view! {
        <OutOfDate feed=desk.feed />
        <div role="alert">
            {move || desk.failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
        </div>
        <div role="status">{done}</div>
        {move || desk.waiting.get().map(|waiting| view! { <Pairing waiting desk /> })}
        <ScreenList desk />
        <RegisterForm desk />
        <ConsentsSection session />
    }
}
