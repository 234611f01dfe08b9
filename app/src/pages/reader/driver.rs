//! What happens without anybody pressing anything.

use leptos::ev;
use leptos::prelude::*;
use protocol::http::{CardReaderReport, Stage, VisualConfirmationState};

use super::control::Control;
use super::language::Language;
use super::model::{View, ending, show_seconds};
use crate::api::{reader_screen, version};
use crate::clock;
use crate::components::expiry::every_second;
use crate::dom;
use crate::reader::Card;

/// Touching the screen is told the service at most this often, in seconds.
const NOTE_EVERY: f64 = 10.0;
/// An open pad and the choice of the reader are closed, and English ends, after so many seconds without a touch.
const LEFT_AFTER: f64 = 60.0;

/// Drives the screen for as long as it is there.
pub(super) fn drive(control: Control, language: Language) {
    follow_endings(control, language);
    read_cards(control);
    report_reader(control);
    notice_activity(control, language);
}

/// What was last told, and when.
#[derive(Clone)]
struct Before {
    it: VisualConfirmationState,
    at: f64,
}

fn follow_endings(control: Control, language: Language) {
    let shown_since = StoredValue::new(0.0);
    Effect::new(move |before: Option<Option<Before>>| {
        let now = control
            .screen()
            .and_then(|screen| screen.visual_confirmation);
        let before = before.flatten();
        let seconds = before
            .as_ref()
            .map_or(0.0, |before| clock::seconds() - before.at);
        let old = before.as_ref().map(|before| &before.it);
        let has_answered = old.is_some_and(|old| control.has_answered(&old.id));
        let ending = ending(old, now.as_ref(), seconds, has_answered);
        let is_new = old.map(|old| &old.id) != now.as_ref().map(|now| &now.id);
        if is_new {
            shown_since.set_value(clock::seconds());
            control.change(|local| {
                local.is_pad_open = false;
                local.is_choosing = false;
                local.was_taken = false;
                local.accepted = None;
                local.goes_on = false;
                local.ending = ending;
            });
        }
        let is_wanted = matches!(now.as_ref().map(|now| &now.stage), Some(Stage::Card { .. }));
        if is_new || !is_wanted {
            control.stop_reading();
        }
        now.map(|it| Before {
            it,
            at: clock::seconds(),
        })
    });
    every_second(move || {
        let seen = untrack(move || control.seen());
        let Some(ending) = seen.local.ending else {
            return;
        };
        let is_card_there = seen.card() != Card::Absent;
        let is_next = seen.visual_confirmation().is_some();
        let shown = clock::seconds() - shown_since.get_value();
        if shown >= show_seconds(ending, is_card_there, is_next) {
            control.change(|local| local.ending = None);
            language.back_to_japanese();
        }
    });
}

fn read_cards(control: Control) {
    let to_read = Memo::new(move |_| control.seen().to_read());
    Effect::new(move |_| {
        if let Some((id, card)) = to_read.get() {
            control.read(id, card);
        }
    });
    let to_refuse = Memo::new(move |_| control.seen().to_refuse());
    Effect::new(move |_| {
        if let Some(id) = to_refuse.get() {
            control.refuse(id);
        }
    });
}

/// One report at a time: of two under way, the older might be the last to arrive.
fn report_reader(control: Control) {
    let report = Memo::new(move |_| control.seen().report());
    let changes = StoredValue::new(0_u32);
    let is_telling = StoredValue::new(false);
    Effect::new(move |_| {
        report.track();
        changes.update_value(|changes| *changes = changes.wrapping_add(1));
        if is_telling.get_value() {
            return;
        }
        is_telling.set_value(true);
        leptos::task::spawn_local(async move {
            loop {
                let told = changes.try_get_value();
                if let Some(card_reader) = report.try_get_untracked().flatten() {
                    // The line says what becomes of the service; when it is back, this is told anew.
                    let _ = reader_screen::report(CardReaderReport { card_reader }).await;
                }
                if changes.try_get_value() == told {
                    break;
                }
            }
            is_telling.try_set_value(false);
        });
    });
}

fn notice_activity(control: Control, language: Language) {
    let touched_at = StoredValue::new(clock::seconds());
    let noted_at = StoredValue::new(0.0);
    let touched = move || {
        let now = clock::seconds();
        touched_at.set_value(now);
        if now - noted_at.get_value() >= NOTE_EVERY {
            noted_at.set_value(now);
            control.stay();
        }
    };
    let listeners = [
        window_event_listener(ev::pointerdown, move |_| touched()),
        window_event_listener(ev::keydown, move |_| touched()),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    Effect::new(move |before: Option<u32>| {
        let presses = control.staff_button().presses();
        if before.is_some_and(|before| before != presses) {
            touched();
            control.press_staff_button();
        }
        presses
    });
    every_second(move || {
        if clock::seconds() - touched_at.get_value() < LEFT_AFTER {
            return;
        }
        match untrack(move || control.seen().view()) {
            View::Passcode => control.close_pad(),
            View::Choose => control.close_choice(),
            View::Normal { card: false } => {
                language.back_to_japanese();
                // Nobody is there whom a newer page would disturb.
                if version::is_outdated_untracked() {
                    dom::reload();
                }
            }
            View::Normal { card: true } => language.back_to_japanese(),
            _ => {}
        }
    });
}
