//! Trying again by itself, for who wants it, until the service is back.

use leptos::prelude::*;

use super::expiry::every_second;
use crate::api::Error;

/// Whether to try by itself, and how often it did. Outlives the failure that
/// offers it, so that the next one goes on.
#[derive(Clone, Copy)]
pub(crate) struct Retry(RwSignal<Option<u32>>);

impl Retry {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// No more: it worked, or something else is wanted now.
    pub(crate) fn stop(self) {
        if self.0.with_untracked(Option::is_some) {
            self.0.set(None);
        }
    }
}

/// Offers to try again by itself, where that may help; counts down when it does.
#[component]
pub(crate) fn AutoRetry<'a>(error: &'a Error, retry: Retry, again: Callback<()>) -> impl IntoView {
    let may_help = error.is_passing();
    let Retry(tries) = retry;
    let left = RwSignal::new(tries.get_untracked().map_or(0, pause));
    if may_help {
        every_second(move || {
            let Some(made) = tries.get_untracked() else {
                return;
            };
            let rest = left.get_untracked().saturating_sub(1);
            left.set(rest);
            if rest == 0 {
                tries.set(Some(made + 1));
                again.run(());
            }
        });
    }
    let toggle = move |_| {
        let next = tries.get_untracked().is_none().then_some(0);
        left.set(next.map_or(0, pause));
        tries.set(next);
    };
    may_help.then(|| {
        view! {
            <div class="retry">
                <button type="button" class="button button--outline" id="retry" on:click=toggle>
                    {move || match tries.get() {
                        Some(_) => "自動で試すのをやめる",
                        None => "つながるまで自動で試す",
                    }}
                </button>
                <span class="retry__rest" role="timer" aria-live="off">
                    {move || tries.get().map(|_| view! { "あと"{left}"秒で、もう一度試します" })}
                </span>
            </div>
        }
    })
}

/// Seconds to wait before a try: 5, 10, 20, 40, then every minute.
fn pause(made: u32) -> u32 {
    5_u32.saturating_mul(1 << made.min(4)).min(60)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::pause;

    #[wasm_bindgen_test]
    fn pauses_grow_to_a_minute() {
        let pauses: Vec<_> = (0..6).map(pause).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        assert_eq!(pause(u32::MAX), 60);
    }
}
