//! Which lines are wanted.

use domain::audit::Action;
use domain::date::{self, Date};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::model::{Conditions, FROM, Model, TO, USER_ID};
use crate::components::field::TextField;

/// 期間, ユーザID, 操作; and the way to a file of what they let through.
#[component]
pub(super) fn ConditionsForm(model: RwSignal<Model>, submit: Callback<()>) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit.run(());
    };
    let actions = Action::ALL
        .into_iter()
        .filter(|action| action.is_of_institutions());
    let actions = actions.map(|action| {
        view! { <option value=action.code()>{action.label()}</option> }
    });
    view! {
        <form class="audit-form" on:submit=submit novalidate=true>
            <Typed model id=FROM label="期間の始め" of=|conditions| &mut conditions.from echo=in_era />
            <Typed model id=TO label="期間の終わり" of=|conditions| &mut conditions.to echo=in_era />
            <Typed
                model
                id=USER_ID
                label="ユーザID"
                of=|conditions| &mut conditions.user_id
                echo=|_| None
            />
            <div class="field">
                <div class="field__head">
                    <label class="field__label" for="action">"操作"</label>
                </div>
                <select
                    class="field__input"
                    id="action"
                    name="action"
                    on:change:target=move |event| {
                        let code = event.target().value();
                        model.update(|model| model.conditions.action = code);
                    }
                >
                    <option value="">"すべて"</option>
                    {actions.collect_view()}
                </select>
            </div>
            <div class="audit-form__actions">
                <button type="submit" class="button button--solid">"絞り込む"</button>
                <a
                    class="button button--outline"
                    download="audit.csv"
                    href=move || model.with(Model::export_address)
                >
                    "CSVで書き出す"
                </a>
            </div>
        </form>
    }
}

/// A condition to type, and what was understood of it.
#[component]
fn Typed(
    model: RwSignal<Model>,
    id: &'static str,
    label: &'static str,
    of: fn(&mut Conditions) -> &mut String,
    echo: fn(&str) -> Option<String>,
) -> impl IntoView {
    let typed =
        Signal::derive(move || model.with(|model| of(&mut model.conditions.clone()).clone()));
    view! {
        <TextField
            id
            label
            value=typed
            echo=Signal::derive(move || typed.with(|typed| echo(typed)))
            error=Signal::derive(move || model.with(|model| model.violation(id)))
            on_input=Callback::new(move |typed| {
                model.update(|model| *of(&mut model.conditions) = typed);
            })
        />
    }
}

/// A day, in any form that is understood elsewhere too.
fn in_era(typed: &str) -> Option<String> {
    date::parse(typed).ok().map(Date::japanese)
}
