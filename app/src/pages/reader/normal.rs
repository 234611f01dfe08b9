//! The normal state: an invitation, and 《職員用ボタン》.

use leptos::prelude::*;

use super::HEADING;
use super::card::Picture;
use super::choose::ChooseButton;
use super::control::Control;
use super::language::Say;
use super::words;

/// Invites to place the card; when one lies there, says that staff come first.
#[component]
pub(super) fn NormalView(control: Control, card: bool) -> impl IntoView {
    let (title, text) = if card {
        (words::NORMAL_CARD, words::NORMAL_CARD_TEXT)
    } else {
        (words::NORMAL, words::NORMAL_TEXT)
    };
    let picture = if card {
        Picture::Lying
    } else {
        Picture::Placing
    };
    view! {
        <div class="reader__scene">
            {picture.draw()}
            <div class="reader__say">
                <h1 class="reader__title" id=HEADING tabindex="-1"><Say words=title /></h1>
                <p class="reader__text"><Say words=text /></p>
            </div>
        </div>
        <div class="reader__actions reader__actions--staff">
            <ChooseButton control is_main=false />
            <button type="button" class="button button--outline reader__button" id="staff" on:click=move |_| control.open_pad()>
                "職員用ボタン"
            </button>
        </div>
    }
}
