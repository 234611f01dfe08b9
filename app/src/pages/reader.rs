//! 読取画面: a reader's own screen, for patients and for staff beside them. It shows nothing
//! of the rest of the app and leads nowhere: one component, one address, no session.
//!
//! [`model`] decides what is shown, [`control`] does what is pressed, the other modules are
//! views of one state each.

mod ask;
mod button;
mod card;
mod choose;
mod confirm;
mod consents;
mod control;
mod driver;
mod ending;
mod frame;
mod language;
mod model;
mod normal;
mod pad;
mod passcode;
mod problem;
mod register;
mod simulator;
mod still;
mod trouble;
mod words;

use leptos::prelude::*;

use crate::dom;
use card::{FailedView, PlaceView, ReadingView};
use choose::ChooseView;
use confirm::{ConfirmView, StaffConfirmsView};
use consents::ConsentsView;
use control::Control;
use ending::OverView;
use frame::Frame;
use language::Language;
use model::View;
use normal::NormalView;
use passcode::PasscodeView;
use register::RegisterView;
use trouble::{OutOfDateView, StartingView, TroubleView, UnreachableView};

/// The heading of whatever is shown.
const HEADING: &str = "reader-heading";

/// The whole page.
#[component]
pub(crate) fn ReaderPage() -> impl IntoView {
    document().set_title("読取画面 — 資格 shikaku");
    let language = Language::provide();
    let control = Control::new();
    driver::drive(control, language);
    let view = Memo::new(move |_| control.seen().view());
    // What is new is read out, and the keyboard begins there.
    Effect::new(move |before: Option<&'static str>| {
        let name = view.with(View::name);
        if before.is_some_and(|before| before != name) {
            dom::focus_soon(HEADING);
        }
        name
    });
    view! {
        <Frame control view>
            {move || match view.get() {
                View::Starting => view! { <StartingView /> }.into_any(),
                View::Unreachable => view! { <UnreachableView /> }.into_any(),
                View::Register { was_one } => view! { <RegisterView control was_one /> }.into_any(),
                View::OutOfDate => view! { <OutOfDateView /> }.into_any(),
                View::Trouble(status) => view! { <TroubleView control status /> }.into_any(),
                View::Choose => view! { <ChooseView control /> }.into_any(),
                View::Normal { card } => view! { <NormalView control card /> }.into_any(),
                View::Passcode => view! { <PasscodeView control /> }.into_any(),
                View::Confirm(id) => view! { <ConfirmView control id /> }.into_any(),
                View::StaffConfirms => view! { <StaffConfirmsView control /> }.into_any(),
                View::Place(place) => view! { <PlaceView control place /> }.into_any(),
                View::Reading => view! { <ReadingView /> }.into_any(),
                View::Failed(failure) => view! { <FailedView control failure /> }.into_any(),
                View::Consents { id, asked, notice } => {
                    view! { <ConsentsView control id asked notice /> }.into_any()
                }
                View::Over { ending, card } => view! { <OverView ending card /> }.into_any(),
            }}
        </Frame>
    }
}
