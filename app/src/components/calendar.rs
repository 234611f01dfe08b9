//! A calendar to choose a day by mouse, touch or keys. The text field beside it
//! stays the first way: a birth date is typed faster than it is found.

mod grid;
mod model;
pub(crate) mod opened;

use domain::date::{self, Date};
use leptos::html;
use leptos::prelude::*;

use crate::components::icon::{Icon, Sign};
use crate::parts;
use opened::Opening;

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
    let opened = RwSignal::new(None::<(Days, Date)>);
    let open = move |_| {
        let days = days.run(());
        let typed = value.with_untracked(|text| date::parse(text));
        opened.set(Some((days, typed.unwrap_or(days.start))));
        if let Some(dialog) = dialog.get_untracked() {
            // It fails where the dialog is open already, which is as good.
            let _ = dialog.show_modal();
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
        <dialog class="calendar" aria-label=title node_ref=dialog on:close=move |_| opened.set(None)>
            {move || opened.get().map(|(days, at)| view! {
                {parts::opened_calendar(Opening { label, days, at, choose })}
                <button type="button" class="button button--text calendar__close" on:click=move |_| close()>
                    "閉じる"
                </button>
            })}
        </dialog>
    }
}
