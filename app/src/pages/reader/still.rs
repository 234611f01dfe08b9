//! Says that the screen will go back to the start, before it does.

use leptos::prelude::*;

use super::control::Control;
use super::language::Say;
use super::words;
use crate::components::expiry::{Deadline, every_second};

/// When it begins to be said, in seconds before the end.
const SAID_BEFORE: u32 = 30;

/// The line, and a button that has everything stay.
#[component]
pub(super) fn StillThere(control: Control) -> impl IntoView {
    let deadline = Memo::new(move |_| {
        let it = control.screen()?.visual_confirmation?;
        Some(Until(Deadline::in_seconds(it.expires_in_seconds)))
    });
    let left = RwSignal::new(None::<u32>);
    every_second(move || {
        let rest = deadline
            .get_untracked()
            .map(|Until(end)| end.seconds_left());
        let rest = rest.filter(|rest| *rest <= SAID_BEFORE);
        if left.get_untracked() != rest {
            left.set(rest);
        }
    });
    let is_near = Memo::new(move |_| left.get().is_some());
    view! {
        <div class="reader__notice" role="status">
            {move || is_near.get().then(|| view! {
                <div class="reader__still">
                    <p>
                        <Say words=words::STILL_THERE />
                        <span class="reader__rest" role="timer" aria-live="off">{move || left.get()}</span>
                    </p>
                    <button type="button" class="button button--solid reader__button" on:click=move |_| control.stay()>
                        <Say words=words::GO_ON />
                    </button>
                </div>
            })}
        </div>
    }
}

/// Each one that is told is another one.
#[derive(Clone, Copy)]
struct Until(Deadline);

impl PartialEq for Until {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}
