//! A calendar to choose a day by mouse, touch or keys. The text field beside it
//! stays the first way: a birth date is typed faster than it is found.

mod grid;
mod model;

use domain::date::{self, Date, Era};
use leptos::html;
use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::dom;
use grid::Grid;
use model::Calendar;

/// Which days can be chosen, and where the calendar opens.
#[derive(Clone, Copy)]
pub(crate) struct Days {
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// Shown when the field holds no day.
    pub(crate) start: Date,
    /// Opens with eras (和暦), else with years of the Gregorian calendar.
    pub(crate) by_era: bool,
}

/// 「カレンダー」: the button and the dialog that it opens. Escape closes it, and
/// the browser gives the focus back to the button.
#[component]
pub(crate) fn CalendarButton(
    /// The field's label.
    label: &'static str,
    days: Callback<(), Days>,
    value: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let calendar = RwSignal::new(None::<Calendar>);
    let open = move |_| {
        let Days {
            first,
            last,
            start,
            by_era,
        } = days.run(());
        let at = value
            .with_untracked(|text| date::parse(text))
            .unwrap_or(start);
        calendar.set(Some(Calendar::open(first, last, at, by_era)));
        if let Some(dialog) = dialog.get_untracked() {
            // It fails where the dialog is open already, which is as good.
            let _ = dialog.show_modal();
            dom::focus_soon(grid::CURSOR_ID);
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let choose = Callback::new(move |text: String| {
        on_choose.run(text);
        close();
    });
    let title = [label, "をカレンダーで選ぶ"].concat();
    view! {
        <button type="button" class="button button--outline button--small field__beside" aria-label=title.clone() aria-haspopup="dialog" on:click=open>
            <Sign icon=Icon::Calendar />
            <span class="field__beside-text">"カレンダー"</span>
        </button>
        <dialog class="calendar" aria-label=title node_ref=dialog on:close=move |_| calendar.set(None)>
            {move || calendar.with(Option::is_some).then(|| view! {
                <Pages label calendar=Calendars(calendar) choose />
                <button type="button" class="button button--text calendar__close" on:click=move |_| close()>
                    "閉じる"
                </button>
            })}
        </dialog>
    }
}

/// The calendar on show, while the dialog is open.
#[derive(Clone, Copy)]
struct Calendars(RwSignal<Option<Calendar>>);

impl Calendars {
    /// Something of the calendar; `T`'s default when the dialog just closed.
    fn read<T: Default>(self, what: impl FnOnce(&Calendar) -> T) -> T {
        self.0
            .with(|calendar| calendar.as_ref().map(what))
            .unwrap_or_default()
    }

    fn read_untracked<T: Default>(self, what: impl FnOnce(&Calendar) -> T) -> T {
        untrack(|| self.read(what))
    }

    fn change(self, change: impl FnOnce(&mut Calendar)) {
        self.0.update(|calendar| {
            if let Some(calendar) = calendar {
                change(calendar);
            }
        });
    }
}

/// Year and month to choose, and the month's days.
#[component]
fn Pages(label: &'static str, calendar: Calendars, choose: Callback<String>) -> impl IntoView {
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
    let era = move || calendar.read(|calendar| Some(calendar.cursor().era_year().era));
    let eras = move || calendar.read(Calendar::eras);
    let number = |era: Era| era as i32;
    let years = Memo::new(move |_| calendar.read(Calendar::era_years));
    let names = Memo::new(move |_| era().map(Era::name).unwrap_or_default());
    let choose_era = move |chosen: i32| {
        if let Some(era) = Era::ALL.into_iter().find(|era| number(*era) == chosen) {
            calendar.change(|calendar| calendar.set_era(era));
        }
    };
    let choose_year = move |year: i32| {
        if let (Some(era), Ok(year)) = (era(), u16::try_from(year)) {
            calendar.change(|calendar| calendar.set_era_year(era, year));
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
        select(
            "元号",
            eras_named,
            move || era().map_or(0, number),
            choose_era,
        ),
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
