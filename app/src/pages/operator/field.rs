//! What is typed into one field, and what is wrong with it.

use leptos::prelude::*;
use protocol::http::ProblemViolation;

use crate::api::Error;
use crate::components::field::TextField;
use crate::dom;

/// A field of a form.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) id: &'static str,
    /// Its name on the wire.
    name: &'static str,
    pub(super) text: RwSignal<String>,
    pub(super) wrong: RwSignal<Option<String>>,
}

impl Field {
    pub(super) fn new(id: &'static str, name: &'static str, text: &str) -> Self {
        Self {
            id,
            name,
            text: RwSignal::new(text.to_owned()),
            wrong: RwSignal::new(None),
        }
    }

    pub(super) fn typed(self) -> String {
        self.text.get_untracked()
    }

    /// Says what is wrong, where the person is led to.
    pub(super) fn refuse(self, why: String) {
        self.wrong.try_set(Some(why));
        dom::focus_soon(self.id);
    }

    /// What is typed, if it is right; else says what is wrong.
    pub(super) fn checked<T>(self, check: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match check(&self.typed()) {
            Ok(value) => Some(value),
            Err(why) => {
                self.refuse(why);
                None
            }
        }
    }
}

/// Shows what the service found wrong at its fields; gives the error back where it is about
/// something else.
pub(super) fn show_violations(error: Error, fields: &[Field]) -> Option<Error> {
    let Error::Problem(problem) = &error else {
        return Some(error);
    };
    let mut is_shown = false;
    for ProblemViolation { field, message } in &problem.violations {
        if let Some(known) = fields.iter().find(|known| known.name == field) {
            known.wrong.try_set(Some(message.clone()));
            if !is_shown {
                dom::focus_soon(known.id);
            }
            is_shown = true;
        }
    }
    (!is_shown).then_some(error)
}

/// A field as it is shown.
#[component]
pub(super) fn Typed(
    field: Field,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] echo: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let on_input = Callback::new(move |text| {
        field.wrong.set(None);
        field.text.set(text);
    });
    let echo = echo.unwrap_or_else(|| Signal::derive(|| None));
    view! {
        <TextField
            id=field.id
            label
            required=!optional
            hint
            value=field.text
            error=field.wrong
            echo
            on_input
        />
    }
}
