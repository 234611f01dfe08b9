//! Placing the card, its being read, and its failures.

mod picture;

use domain::card_presentation::CardFailure;
use leptos::prelude::*;

use super::HEADING;
use super::ask::StopButton;
use super::control::Control;
use super::language::Say;
use super::model::Place;
use super::words::{self, Words};
pub(super) use picture::Picture;

/// The invitation to place the card.
#[component]
pub(super) fn PlaceView(control: Control, place: Place) -> impl IntoView {
    let (title, text, before): (Words, Words, Option<Words>) = match place {
        Place::First => (words::PLACE, words::PLACE_TEXT, None),
        Place::Again => (words::PLACE, words::PLACE_TEXT, Some(words::PLACE_AGAIN)),
        Place::After(failure) => (
            words::PLACE,
            words::PLACE_TEXT,
            Some(words::failure(failure)),
        ),
        Place::Mute => (words::PLACE, words::PLACE_TEXT, Some(words::MUTE)),
        Place::Elsewhere => (words::PLACE, words::PLACE_TEXT, Some(words::ELSEWHERE)),
        Place::TakeTheOther => (words::TAKE_THE_OTHER, words::TAKE_THE_OTHER_TEXT, None),
    };
    let picture = match place {
        Place::TakeTheOther => Picture::Taking,
        Place::Mute | Place::Elsewhere => Picture::Lying,
        _ => Picture::Placing,
    };
    let staff = match place {
        Place::After(failure) => Some(failure),
        Place::Mute => Some(CardFailure::Unreadable),
        _ => None,
    };
    view! {
        <div class="reader__scene">
            {picture.draw()}
            <div class="reader__say">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=title /></h1>
                <p class="reader__text"><Say words=text /></p>
                <div role="alert">
                    {before.map(|words| view! { <p class="reader__remark"><Say words /></p> })}
                </div>
            </div>
        </div>
        {staff.map(|failure| view! { <ForStaff failure /> })}
        <div class="reader__actions">
            <StopButton on_stop=Callback::new(move |()| control.cancel()) />
        </div>
    }
}

/// The card is being read.
#[component]
pub(super) fn ReadingView() -> impl IntoView {
    view! {
        <div class="reader__scene">
            {Picture::Lying.draw()}
            <div class="reader__say" role="status">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=words::READING /></h1>
                <p class="reader__text"><Say words=words::READING_TEXT /></p>
                <div class="reader__progress" aria-hidden="true"></div>
            </div>
        </div>
    }
}

/// The card brought no result.
#[component]
pub(super) fn FailedView(control: Control, failure: CardFailure) -> impl IntoView {
    view! {
        <div class="reader__scene">
            {Picture::Taking.draw()}
            <div class="reader__say" role="alert">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=words::FAILED /></h1>
                <p class="reader__text"><Say words=words::failure(failure) /></p>
            </div>
        </div>
        <ForStaff failure />
        <div class="reader__actions">
            <StopButton on_stop=Callback::new(move |()| control.cancel()) />
        </div>
    }
}

/// The number, what happened, and what staff do next.
#[component]
fn ForStaff(failure: CardFailure) -> impl IntoView {
    view! {
        <section class="reader__for-staff" aria-labelledby="reader-for-staff">
            <h2 class="reader__for-staff-title" id="reader-for-staff">
                "職員の方へ："
                {failure.number().map(|number| view! { <code>{number}</code>" " })}
                {failure.title()}
            </h2>
            <p>{failure.remedy()}</p>
        </section>
    }
}
