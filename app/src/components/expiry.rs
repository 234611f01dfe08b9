//! What may be on a screen for a while only.

use std::time::Duration;

use leptos::prelude::*;

use crate::clock;

/// When the remaining time begins to be shown, in seconds before the end.
const NOTICED: u32 = 60;

/// An end, some seconds from when it was made.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    seconds: u32,
    wall: f64,
    steady: f64,
}

impl Deadline {
    pub(crate) fn in_seconds(seconds: u32) -> Self {
        Self {
            seconds,
            wall: clock::wall(),
            steady: steady(),
        }
    }

    /// Whole seconds until then. The clock that says more have passed is believed:
    /// the steady one stands still while some machines sleep, the other can be set.
    pub(crate) fn seconds_left(self) -> u32 {
        left(
            self.seconds,
            clock::wall() - self.wall,
            steady() - self.steady,
        )
    }
}

/// Runs `on_end` at the end, and says in the last minute that it comes.
#[component]
pub(crate) fn Expiry(seconds: u32, on_end: Callback<()>) -> impl IntoView {
    let deadline = Deadline::in_seconds(seconds);
    let left = RwSignal::new(seconds);
    every_second(move || {
        let now = deadline.seconds_left();
        left.set(now);
        if now == 0 {
            on_end.run(());
        }
    });
    let is_near = Memo::new(move |_| left.get() <= NOTICED);
    view! {
        <div class="expiry" role="status">
            {move || is_near.get().then(|| view! {
                <p class="expiry__text">
                    "表示の有効時間（10分）がまもなく終わります。"
                    <span class="expiry__rest" role="timer" aria-live="off">"あと"{left}"秒"</span>
                </p>
            })}
        </div>
    }
}

/// Calls until the component is gone.
pub(crate) fn every_second(call: impl Fn() + 'static) {
    if let Ok(timer) = set_interval_with_handle(call, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
}

fn steady() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

fn left(seconds: u32, wall: f64, steady: f64) -> u32 {
    let rest = f64::from(seconds) - wall.max(steady) / 1000.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let rest = rest.ceil().clamp(0.0, f64::from(seconds)) as u32;
    rest
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::left;

    #[wasm_bindgen_test]
    fn the_clock_that_is_ahead_counts() {
        let table = [
            (0.0, 0.0, 600),
            (1.0, 1.0, 600),
            (1_000.0, 1_000.0, 599),
            // The machine slept; the clock was set back; the clock was set ahead.
            (300_000.0, 1_000.0, 300),
            (-3_600_000.0, 60_000.0, 540),
            (3_600_000.0, 60_000.0, 0),
            (600_000.0, 600_000.0, 0),
        ];
        for (wall, steady, expected) in table {
            assert_eq!(left(600, wall, steady), expected, "{wall} {steady}");
        }
    }
}
