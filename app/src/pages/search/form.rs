//! The search conditions.

use domain::code::Sex;
use domain::search::Field;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;

use super::model::Model;
use super::summary::ErrorSummary;
use crate::components::field::{Choice, TextField};
use crate::session::Session;
use crate::task::Task;

/// The form with the source document's rules beside its fields.
#[component]
pub(super) fn ConditionsForm(
    model: RwSignal<Model>,
    task: Task,
    submit: impl Fn() + Copy + Send + Sync + 'static,
    clear: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let session = Session::expect();
    let errors = Memo::new(move |_| model.with(|model| model.errors(session.today())));
    let checked = Signal::derive(move || model.with(Model::is_checked));
    let value =
        move |field| Signal::derive(move || model.with(|model| model.text(field).to_owned()));
    let echo = move |field| Signal::derive(move || model.with(|model| model.echo(field)));
    let error = move |field| {
        Signal::derive(move || {
            errors.with(|errors| {
                let error = errors.iter().find(|error| error.field == field);
                error.map(|error| error.message.clone())
            })
        })
    };
    let text = move |field: Field, hint: &'static str| {
        view! {
            <TextField
                id=field.code()
                label=field.label()
                hint
                value=value(field)
                error=error(field)
                on_input=move |text| model.update(|model| model.enter(field, text))
            />
        }
    };
    let day = move |field: Field| {
        view! {
            <TextField
                id=field.code()
                label=field.label()
                required=true
                hint="例：1985/4/1、S60.4.1"
                value=value(field)
                error=error(field)
                echo=echo(field)
                on_input=move |text| model.update(|model| model.enter(field, text))
                on_leave=Callback::new(move |()| model.update(|model| model.leave(field)))
            />
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !task.is_running() {
            submit();
        }
    };
    view! {
        <form
            class="conditions"
            autocomplete="off"
            novalidate=true
            aria-labelledby="heading"
            on:submit=on_submit
            on:keydown=not_while_composing
        >
            <ErrorSummary errors checked />
            <fieldset class="conditions__pair">
                <legend class="conditions__rule">
                    "※氏名、氏名（カナ）どちらか一方は入力してください（完全一致で検索します）"
                </legend>
                {text(Field::Name, "")}
                {text(Field::NameKana, "ひらがな、半角カナも可")}
            </fieldset>
            <div class="conditions__pair">
                {day(Field::Birthdate)}
                <Choice
                    id=Field::Sex1.code()
                    label=Field::Sex1.label()
                    options=[Sex::Male, Sex::Female].map(|sex| (sex.code(), sex.label()))
                    value=value(Field::Sex1)
                    error=error(Field::Sex1)
                    on_choose=move |code| model.update(|model| model.enter(Field::Sex1, code))
                />
            </div>
            <fieldset class="conditions__pair">
                <legend class="conditions__rule">
                    "※住所、保険者名どちらか一方は入力してください（部分一致で検索します）"
                </legend>
                {text(Field::Address, "例：東京都港区")}
                {text(Field::InsurerName, "例：健康保険組合")}
            </fieldset>
            <div class="conditions__pair">
                {day(Field::QualificationConfirmationDate)}
                <div class="conditions__actions">
                    <button
                        type="submit"
                        class="button button--solid conditions__search"
                        id="search"
                        aria-disabled=move || task.is_running().then_some("true")
                    >
                        "検索"
                    </button>
                    <button type="button" class="button button--text" id="clear" on:click=move |_| clear()>
                        "入力をクリア"
                    </button>
                </div>
            </div>
        </form>
    }
}

/// Enter that ends a conversion in the input method must not search. Some
/// browsers send it after the composition, with the key code of composing.
fn not_while_composing(key: KeyboardEvent) {
    const COMPOSING: u32 = 229;
    if key.key() == "Enter" && (key.is_composing() || key.key_code() == COMPOSING) {
        key.prevent_default();
    }
}
