//! When nobody is at the page: the screen is covered, later the session is over.
//!
//! The service counts for itself and has the last word; here the time since the
//! last touch of mouse, finger or key is counted, so that the cover comes in time.

use std::time::Duration;

use domain::session::SessionRules;
use leptos::ev;
use leptos::prelude::*;

use super::{Session, State};
use crate::clock;

/// How often the time is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How often the service is asked whether an idle session is over, in seconds.
const ASK_AGAIN_SECONDS: f64 = 30.0;

/// What is due after some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Lock,
    AskForEnd,
}

fn due(rules: SessionRules, idle_seconds: f64, is_locked: bool) -> Due {
    if idle_seconds >= rules.log_out_after_seconds.into() {
        Due::AskForEnd
    } else if idle_seconds >= rules.lock_after_seconds.into() && !is_locked {
        Due::Lock
    } else {
        Due::Nothing
    }
}

/// Times in seconds since 1970 by this terminal's clock, which goes on while the
/// terminal sleeps.
#[derive(Clone, Copy)]
struct Watch {
    session: Session,
    used_at: StoredValue<f64>,
    noted_at: StoredValue<f64>,
    asked_at: StoredValue<f64>,
}

/// Watches over a session for as long as the app runs.
pub(crate) fn watch(session: Session) {
    let watch = Watch {
        session,
        used_at: StoredValue::new(clock::seconds()),
        noted_at: StoredValue::new(0.0),
        asked_at: StoredValue::new(0.0),
    };
    // Logging in and unlocking are use, too.
    Effect::new(move |_| {
        if matches!(session.state(), State::LoggedIn(_)) {
            watch.used_at.set_value(clock::seconds());
        }
    });
    let listeners = [
        window_event_listener(ev::pointermove, move |_| watch.used()),
        window_event_listener(ev::pointerdown, move |_| watch.used()),
        window_event_listener(ev::wheel, move |_| watch.used()),
        window_event_listener(ev::keydown, move |_| watch.used()),
        window_event_listener(ev::input, move |_| watch.used()),
    ];
    let interval = set_interval_with_handle(move || watch.look(), EVERY).ok();
    on_cleanup(move || {
        for listener in listeners {
            listener.remove();
        }
        if let Some(interval) = interval {
            interval.clear();
        }
    });
}

impl Watch {
    fn used(self) {
        let State::LoggedIn(info) = self.session.state_untracked() else {
            return;
        };
        let now = clock::seconds();
        // Waking a terminal up is no use of what it showed before.
        if due(info.rules, now - self.used_at.get_value(), false) != Due::Nothing {
            self.look();
            return;
        }
        self.used_at.set_value(now);
        let note_after = f64::from(info.rules.note_after_seconds().max(1));
        if now - self.noted_at.get_value() >= note_after {
            self.noted_at.set_value(now);
            leptos::task::spawn_local(self.session.note_activity());
        }
    }

    fn look(self) {
        let (info, is_locked) = match self.session.state_untracked() {
            State::LoggedIn(info) => (info, false),
            State::Locked(info) => (info, true),
            _ => return,
        };
        let now = clock::seconds();
        let due = due(info.rules, now - self.used_at.get_value(), is_locked);
        if due != Due::Nothing && !is_locked {
            self.session.lock(info);
        }
        if due == Due::AskForEnd && now - self.asked_at.get_value() >= ASK_AGAIN_SECONDS {
            self.asked_at.set_value(now);
            leptos::task::spawn_local(self.session.ask_for_end());
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn idleness_covers_the_screen_and_then_asks_for_the_end() {
        let table = [
            (0.0, false, Due::Nothing),
            (599.9, false, Due::Nothing),
            (600.0, false, Due::Lock),
            (1200.0, true, Due::Nothing),
            (1800.0, true, Due::AskForEnd),
            (1800.0, false, Due::AskForEnd),
            (-3600.0, false, Due::Nothing),
        ];
        for (idle, is_locked, expected) in table {
            let due = due(SessionRules::default(), idle, is_locked);
            assert_eq!(due, expected, "{idle} {is_locked}");
        }
    }
}
