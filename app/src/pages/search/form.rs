//! The search conditions.

use domain::search::Field;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::fields::{DateField, Fields, SexField, TextCondition};
use super::model::Model;
use super::summary::ErrorSummary;
use crate::task::Task;

/// The form with the source document's rules beside its fields.
#[component]
pub(super) fn ConditionsForm(
    model: RwSignal<Model>,
    task: Task,
    submit: Callback<()>,
    clear: Callback<()>,
) -> impl IntoView {
    let fields = Fields::of(model);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !task.is_running() {
            submit.run(());
        }
    };
    view! {
        <form
            class="conditions"
            // Should the app have stopped, what was typed must not go into the address.
            method="post"
            autocomplete="off"
            novalidate=true
            aria-labelledby="heading"
            on:submit=on_submit
        >
            <ErrorSummary fields />
            <ConditionFields fields />
            <div class="conditions__pair">
                <DateField fields field=Field::QualificationConfirmationDate hint="今日までの日付" />
                <div class="conditions__actions">
                    <button
                        type="submit"
                        class="button button--solid conditions__search"
                        id="search"
                        aria-disabled=move || task.is_running().then_some("true")
                    >
                        "検索"
                    </button>
                    <button
                        type="button"
                        class="button button--text"
                        id="clear"
                        on:click=move |_| clear.run(())
                    >
                        "入力をクリア"
                    </button>
                </div>
            </div>
        </form>
    }
}

/// The conditions but for the day, as the source document pairs them.
#[component]
pub(crate) fn ConditionFields(fields: Fields) -> impl IntoView {
    view! {
        <fieldset class="conditions__pair">
            <legend class="conditions__rule">
                "※氏名、氏名（カナ）どちらか一方は入力してください（完全一致で検索します）"
            </legend>
            <TextCondition fields field=Field::Name hint="" />
            <TextCondition fields field=Field::NameKana hint="ひらがな、半角カナも可" />
        </fieldset>
        <div class="conditions__pair">
            <DateField fields field=Field::Birthdate hint="例：1985/4/1、S60.4.1" />
            <SexField fields />
        </div>
        <fieldset class="conditions__pair">
            <legend class="conditions__rule">
                "※住所、保険者名どちらか一方は入力してください（部分一致で検索します）"
            </legend>
            <TextCondition fields field=Field::Address hint="例：東京都港区" />
            <TextCondition fields field=Field::InsurerName hint="例：健康保険組合" />
        </fieldset>
    }
}
