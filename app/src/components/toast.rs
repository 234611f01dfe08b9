//! A word about what was just done, which needs no answer.

use std::time::Duration;

use leptos::prelude::*;

/// How long it stays.
const SHOWN: Duration = Duration::from_secs(5);

/// Says a word at the foot of the window, and to screen readers.
#[derive(Clone, Copy)]
pub(crate) struct Toast {
    text: RwSignal<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Toast {
    pub(crate) fn provide() -> Self {
        let toast = Self {
            text: RwSignal::new(String::new()),
            timer: StoredValue::new(None),
        };
        provide_context(toast);
        toast
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Says it. The same words again are said again.
    pub(crate) fn say(self, text: &'static str) {
        self.text.set(String::new());
        request_animation_frame(move || self.text.set(text.to_owned()));
        let timer = set_timeout_with_handle(move || self.text.set(String::new()), SHOWN).ok();
        let before = self
            .timer
            .try_update_value(|now| std::mem::replace(now, timer));
        if let Some(before) = before.flatten() {
            before.clear();
        }
    }
}

/// Where it shows: on every page, so that screen readers know the region.
#[component]
pub(crate) fn ToastRegion(toast: Toast) -> impl IntoView {
    view! { <p class="toast" role="status">{move || toast.text.get()}</p> }
}
