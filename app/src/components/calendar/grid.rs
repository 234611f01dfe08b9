//! The days of a month.

use domain::date::Date;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::model::{Calendar, Step};
use super::opened::Calendars;
use crate::dom;
use crate::text::both_calendars;

/// The id of the day that has the focus; one calendar is open at a time.
pub(super) const CURSOR_ID: &str = "calendar-day";

const WEEKDAYS: [(&str, &str); 7] = [
    ("日", "日曜日"),
    ("月", "月曜日"),
    ("火", "火曜日"),
    ("水", "水曜日"),
    ("木", "木曜日"),
    ("金", "金曜日"),
    ("土", "土曜日"),
];

/// A grid as the ARIA practices have it: one day is in the tab order, arrow keys
/// move it, Enter chooses.
#[component]
pub(super) fn Grid(calendar: Calendars, choose: Callback<String>) -> impl IntoView {
    let on_key = move |key: KeyboardEvent| {
        if let Some(step) = Step::of_key(&key.key(), key.shift_key()) {
            key.prevent_default();
            calendar.change(|calendar| calendar.step(step));
            dom::focus_soon(CURSOR_ID);
        }
    };
    let title = move || {
        calendar.read(|calendar| {
            let day = calendar.cursor();
            let (year, month) = (day.year(), day.month());
            format!("{}{month}月（{year}年{month}月）", day.era_year())
        })
    };
    let heads = WEEKDAYS.map(|(short, name)| {
        view! { <th class="calendar__weekday" scope="col" abbr=name>{short}</th> }
    });
    // The days are drawn anew for another month only: a key that is held down would
    // be lost with the button that had the focus.
    let weeks = Memo::new(move |_| calendar.read(Calendar::weeks));
    let days = move || {
        let weeks = weeks.get().into_iter().map(|week| {
            let days = week.map(|day| day.map(|day| cell(calendar, day, choose)));
            let days = days.map(|day| view! { <td class="calendar__cell">{day}</td> });
            view! { <tr>{days.into_iter().collect_view()}</tr> }
        });
        weeks.collect_view()
    };
    view! {
        <table class="calendar__grid" role="grid" on:keydown=on_key>
            <caption class="calendar__title" aria-live="polite">{title}</caption>
            <thead><tr>{heads.into_iter().collect_view()}</tr></thead>
            <tbody>{days}</tbody>
        </table>
    }
}

fn cell(calendar: Calendars, day: Date, choose: Callback<String>) -> impl IntoView {
    let is_cursor = move || calendar.read(|calendar| calendar.cursor() == day);
    let is_allowed = calendar.read_untracked(|calendar| calendar.allows(day));
    let choose = move |_| choose.run(calendar.read_untracked(|calendar| calendar.written(day)));
    view! {
        <button
            type="button"
            class="calendar__day"
            id=move || is_cursor().then_some(CURSOR_ID)
            tabindex=move || if is_cursor() { "0" } else { "-1" }
            aria-current=move || is_cursor().then_some("date")
            aria-label=both_calendars(day)
            disabled=!is_allowed
            on:click=choose
        >
            {day.day()}
        </button>
    }
}
