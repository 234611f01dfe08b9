//! The form's fields, bound to the model.

use domain::code::Sex;
use domain::date::Date;
use domain::search::Field;
use leptos::prelude::*;

use super::model::{FieldError, Model};
use crate::components::calendar::{CalendarButton, Days};
use crate::components::field::{Choice, TextField};
use crate::session::Session;

/// The model, and the errors that it has to show now.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    model: RwSignal<Model>,
    pub(crate) errors: Memo<Vec<FieldError>>,
}

impl Fields {
    pub(crate) fn of(model: RwSignal<Model>) -> Self {
        let session = Session::expect();
        let errors = Memo::new(move |_| model.with(|model| model.errors(session.today())));
        Self { model, errors }
    }

    /// Whether 「検索」 was pressed and found errors.
    pub(crate) fn are_checked(self) -> bool {
        self.model.with(Model::is_checked)
    }

    fn value(self, field: Field) -> Signal<String> {
        Signal::derive(move || self.model.with(|model| model.text(field).to_owned()))
    }

    fn echo(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || self.model.with(|model| model.echo(field)))
    }

    fn error(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.errors.with(|errors| {
                let error = errors.iter().find(|error| error.field == field);
                error.map(|error| error.message.clone())
            })
        })
    }

    fn enter(self, field: Field) -> Callback<String> {
        Callback::new(move |text| self.model.update(|model| model.enter(field, text)))
    }
}

/// A condition in words.
#[component]
pub(crate) fn TextCondition(fields: Fields, field: Field, hint: &'static str) -> impl IntoView {
    view! {
        <TextField
            id=field.code()
            label=field.label()
            hint
            value=fields.value(field)
            error=fields.error(field)
            on_input=fields.enter(field)
        />
    }
}

/// A day, typed or chosen, echoed in both calendars.
#[component]
pub(crate) fn DateField(fields: Fields, field: Field, hint: &'static str) -> impl IntoView {
    let session = Session::expect();
    let days = Callback::new(move |()| days(field, session.today()));
    let choose = Callback::new(move |text| {
        fields.model.update(|model| {
            model.enter(field, text);
            model.leave(field);
        });
    });
    let calendar = view! {
        <CalendarButton label=field.label() days value=fields.value(field) on_choose=choose />
    };
    view! {
        <TextField
            id=field.code()
            label=field.label()
            required=true
            hint
            value=fields.value(field)
            error=fields.error(field)
            echo=fields.echo(field)
            on_input=fields.enter(field)
            on_leave=Callback::new(move |()| fields.model.update(|model| model.leave(field)))
            beside=calendar.into_any()
        />
    }
}

/// The days that a field can take: none after today. A birth date is first looked
/// for among the grown-ups, by era as on the papers.
fn days(field: Field, today: Date) -> Days {
    const GROWN_UP: i32 = 45;
    let is_birthdate = field == Field::Birthdate;
    let then = Date::new(i32::from(today.year()) - GROWN_UP, 1, 1);
    Days {
        first: Date::MIN,
        last: today,
        start: then.ok().filter(|_| is_birthdate).unwrap_or(today),
        by_era: is_birthdate,
    }
}

/// 性別.
#[component]
pub(crate) fn SexField(fields: Fields) -> impl IntoView {
    let field = Field::Sex1;
    view! {
        <Choice
            id=field.code()
            label=field.label()
            options=[Sex::Male, Sex::Female].map(|sex| (sex.code(), sex.label()))
            value=fields.value(field)
            error=fields.error(field)
            on_choose=fields.enter(field)
        />
    }
}
