//! What is in the calendar's dialog. Only `crate::parts` names it: it is loaded when
//! first opened.

use domain::date::{Date, Era};
use leptos::prelude::*;

use super::Days;
use super::grid::{self, Grid};
use super::model::Calendar;
use crate::components::icon::{Icon, Sign};
use crate::dom;

/// What the calendar opens with.
#[derive(Clone, Copy)]
pub(crate) struct Opening {
    /// The field's label.
    pub(crate) label: &'static str,
    pub(crate) days: Days,
    /// The day that the focus is on.
    pub(crate) at: Date,
    pub(crate) choose: Callback<String>,
}

/// The calendar on show.
#[derive(Clone, Copy)]
pub(super) struct Calendars(RwSignal<Calendar>);

impl Calendars {
    /// Something of the calendar.
    pub(super) fn read<T>(self, what: impl FnOnce(&Calendar) -> T) -> T {
        self.0.with(what)
    }

    pub(super) fn read_untracked<T>(self, what: impl FnOnce(&Calendar) -> T) -> T {
        self.0.with_untracked(what)
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Calendar)) {
        self.0.update(change);
    }
}

/// Year and month to choose, and the month's days, one of which takes the focus.
#[component]
pub(crate) fn Opened(opening: Opening) -> impl IntoView {
    let Opening {
        label,
        days,
        at,
        choose,
    } = opening;
    let opened = Calendar::open(days.first, days.last, at, days.by_era);
    let calendar = Calendars(RwSignal::new(opened));
    dom::focus_soon(grid::CURSOR_ID);
    let by_era = Memo::new(move |_| calendar.read(|calendar| calendar.by_era));
    let kind = move |era: bool, text: &'static str| {
        view! {
            <button
                type="button"
                class="calendar__kind"
                aria-pressed=move || (by_era.get() == era).to_string()
                on:click=move |_| calendar.change(|calendar| calendar.by_era = era)
            >
                {text}
            </button>
        }
    };
    let turn = move |months: i32, class: &'static str, text: &'static str| {
        view! {
            <button type="button" class=class aria-label=text on:click=move |_| calendar.change(|calendar| calendar.add_months(months))>
                <Sign icon=Icon::Forward />
            </button>
        }
    };
    view! {
        <div class="calendar__head">
            <p class="calendar__label">{label}</p>
            <div class="calendar__kinds" role="group" aria-label="年の表し方">
                {kind(true, "和暦")} {kind(false, "西暦")}
            </div>
        </div>
        <div class="calendar__bar">
            {turn(-1, "calendar__turn calendar__turn--back", "前の月")}
            {move || if by_era.get() { by_era_year(calendar) } else { by_year(calendar) }}
            <Months calendar />
            {turn(1, "calendar__turn", "次の月")}
        </div>
        <Grid calendar choose />
    }
}

/// A choice of numbers and their names; the one that is `chosen` is marked.
fn select(
    label: &'static str,
    options: impl Fn() -> Vec<(i32, String)> + Send + 'static,
    chosen: impl Fn() -> i32 + Copy + Send + 'static,
    choose: impl Fn(i32) + 'static,
) -> AnyView {
    let options = move || {
        let options = options().into_iter().map(|(number, name)| {
            view! {
                <option value=number prop:selected=move || chosen() == number>{name}</option>
            }
        });
        options.collect_view()
    };
    view! {
        <select
            class="calendar__select"
            aria-label=label
            on:change:target=move |event| {
                if let Ok(number) = event.target().value().parse() {
                    choose(number);
                }
            }
        >
            {options}
        </select>
    }
    .into_any()
}

fn by_era_year(calendar: Calendars) -> AnyView {
    let era = move || calendar.read(|calendar| calendar.cursor().era_year().era);
    let eras = move || calendar.read(Calendar::eras);
    let number = |era: Era| era as i32;
    let years = Memo::new(move |_| calendar.read(Calendar::era_years));
    let names = Memo::new(move |_| era().name());
    let choose_era = move |chosen: i32| {
        if let Some(era) = Era::ALL.into_iter().find(|era| number(*era) == chosen) {
            calendar.change(|calendar| calendar.set_era(era));
        }
    };
    let choose_year = move |year: i32| {
        if let Ok(year) = u16::try_from(year) {
            calendar.change(|calendar| calendar.set_era_year(era(), year));
        }
    };
    let eras_named = move || {
        eras()
            .into_iter()
            .map(|era| (number(era), era.name().to_owned()))
            .collect()
    };
    let years_named = move || {
        names.track();
        let name = |year: u16| match year {
            1 => "元年".to_owned(),
            year => format!("{year}年"),
        };
        years
            .get()
            .into_iter()
            .map(|year| (i32::from(year), name(year)))
            .collect()
    };
    [
        select("元号", eras_named, move || number(era()), choose_era),
        select(
            "年",
            years_named,
            move || i32::from(calendar.read(|calendar| calendar.cursor().era_year().year)),
            choose_year,
        ),
    ]
    .into_any()
}

fn by_year(calendar: Calendars) -> AnyView {
    let years = Memo::new(move |_| calendar.read(Calendar::years));
    let named = move || {
        let years = years.get().into_iter();
        years
            .map(|year| (i32::from(year), format!("{year}年")))
            .collect()
    };
    let chosen = move || i32::from(calendar.read(|calendar| calendar.cursor().year()));
    select("年", named, chosen, move |year| {
        calendar.change(|calendar| calendar.set_year(year));
    })
}

#[component]
fn Months(calendar: Calendars) -> impl IntoView {
    let named = || {
        (1..=12)
            .map(|month| (month, format!("{month}月")))
            .collect()
    };
    let chosen = move || i32::from(calendar.read(|calendar| calendar.cursor().month()));
    select("月", named, chosen, move |month| {
        calendar.change(|calendar| calendar.set_month(month));
    })
}
