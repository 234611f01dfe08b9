//! The end, for a few seconds; longer while the card is still there.

use leptos::prelude::*;

use super::HEADING;
use super::card::Picture;
use super::language::Say;
use super::model::Ending;
use super::words;

/// How it ended, and the reminder to take the card.
#[component]
pub(super) fn OverView(ending: Ending, card: bool) -> impl IntoView {
    let (title, text, picture) = match ending {
        Ending::Done => (words::DONE, words::DONE_TEXT, Picture::Done),
        Ending::Cancelled => (words::CANCELLED, words::OVER_TEXT, Picture::Placing),
        Ending::Expired => (words::EXPIRED, words::OVER_TEXT, Picture::Placing),
    };
    let picture = if card {
        Some(Picture::Taking)
    } else {
        (ending == Ending::Done).then_some(picture)
    };
    view! {
        <div class="reader__scene" role="status">
            {picture.map(Picture::draw)}
            <div class="reader__say">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=title /></h1>
                <p class="reader__text"><Say words=text /></p>
                {card.then(|| view! { <p class="reader__take"><Say words=words::TAKE_CARD /></p> })}
            </div>
        </div>
    }
}
