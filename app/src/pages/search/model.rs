//! What the search page knows, and when it shows which error.

use domain::date::{self, Date};
use domain::search::{Advice, Field, Rule, SearchForm};
use protocol::http::{ProblemCode, SearchAnswer};

use crate::api::Error;
use crate::text;

/// The fields, in the form's order.
pub(crate) const FIELDS: [Field; 7] = [
    Field::Name,
    Field::NameKana,
    Field::Birthdate,
    Field::Sex1,
    Field::Address,
    Field::InsurerName,
    Field::QualificationConfirmationDate,
];

/// An error text beside its field.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) field: Field,
    pub(crate) message: String,
}

/// What was found, and with which conditions.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) asked: SearchForm,
    pub(crate) result: Result<SearchAnswer, Error>,
}

/// Codes of fields and what was typed there, whether variant spellings count, and the
/// day that was set for the user.
type Kept = (Vec<(String, String)>, bool, String);

/// What a piece of advice asks of the page, once it is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The conditions are complete: search.
    Search,
    /// The user has to go on in a field.
    Fill(Field),
}

/// What an answer asks of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// The service found something wrong with the conditions.
    ShowErrors,
    /// There is something to see under the form.
    ShowAnswer,
}

/// The page's state.
#[derive(Clone, Default)]
pub(crate) struct Model {
    form: SearchForm,
    /// What 資格確認日 was set to for the user.
    default_day: String,
    /// 「検索」 was pressed: from then on every error shows, and goes when it is mended.
    checked: bool,
    /// Date fields that were left with something in them.
    left: Vec<Field>,
    /// What the service refused.
    refused: Vec<FieldError>,
    answer: Option<Answer>,
}

impl Model {
    /// Sets 資格確認日 to today, unless the user has set it.
    pub(crate) fn open(&mut self, today: Date) {
        let day = today.slashed();
        if self.form.qualification_confirmation_date == self.default_day {
            self.form.qualification_confirmation_date.clone_from(&day);
        }
        self.default_day = day;
    }

    /// The conditions as text, to be kept while the page is locked or loaded again.
    pub(crate) fn to_text(&self) -> String {
        let typed = FIELDS.map(|field| (field.code(), self.text(field)));
        let kept = (&typed[..], self.form.with_variants, &self.default_day);
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// Puts back what [`Self::to_text`] gave, also of another version of the page,
    /// whose fields may be others.
    pub(crate) fn restore(&mut self, text: &str) {
        let Ok((typed, with_variants, default_day)) = serde_json::from_str::<Kept>(text) else {
            return;
        };
        for (code, text) in typed {
            if let Some(field) = FIELDS.into_iter().find(|field| field.code() == code) {
                *self.form.text_mut(field) = text;
            }
        }
        self.form.with_variants = with_variants;
        self.default_day = default_day;
    }

    /// Whether a condition was typed.
    pub(crate) fn has_typed(&self) -> bool {
        FIELDS.into_iter().any(|field| {
            let given = match field {
                Field::QualificationConfirmationDate => self.default_day.as_str(),
                _ => "",
            };
            !self.text(field).is_empty() && self.text(field) != given
        })
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        self.form.text(field)
    }

    /// The user types. What the service said of the field is then no longer true, and
    /// another name is first searched as it is written.
    pub(crate) fn enter(&mut self, field: Field, text: String) {
        if field == Field::Name {
            self.form.with_variants = false;
        }
        *self.form.text_mut(field) = text;
        self.left.retain(|left| *left != field);
        self.refused.retain(|error| error.field != field);
    }

    /// The user leaves a date field.
    pub(crate) fn leave(&mut self, field: Field) {
        if !self.left.contains(&field) {
            self.left.push(field);
        }
    }

    /// A typed day in both calendars, as soon as it can be read.
    pub(crate) fn echo(&self, field: Field) -> Option<String> {
        date::parse(self.text(field)).ok().map(text::both_calendars)
    }

    /// The errors to show now, in the form's order.
    pub(crate) fn errors(&self, today: Date) -> Vec<FieldError> {
        let broken = self.form.parse(today).err().unwrap_or_default();
        let mut errors: Vec<_> = broken
            .iter()
            .filter(|violation| {
                let is_missing = matches!(violation.rule, Rule::Required(_));
                self.checked || self.left.contains(&violation.field) && !is_missing
            })
            .map(|violation| FieldError {
                field: violation.field,
                message: violation.rule.to_string(),
            })
            .chain(self.refused.iter().cloned())
            .collect();
        errors.sort_by_key(|error| FIELDS.iter().position(|field| *field == error.field));
        errors
    }

    /// Whether 「検索」 found errors.
    pub(crate) const fn is_checked(&self) -> bool {
        self.checked || !self.refused.is_empty()
    }

    /// What was typed, whatever is wrong with it.
    pub(crate) const fn form(&self) -> &SearchForm {
        &self.form
    }

    /// Begins with what was typed before.
    pub(crate) fn of(form: SearchForm) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }

    /// Follows a piece of advice.
    pub(crate) fn follow(&mut self, advice: Advice, today: Date) -> Next {
        let before = self.form.clone();
        advice.apply(&mut self.form);
        if self.form != before && self.form.parse(today).is_ok() {
            Next::Search
        } else {
            Next::Fill(advice.field())
        }
    }

    /// 「異体字も含めて検索」, or without them again.
    pub(crate) const fn include_variants(&mut self, included: bool) {
        self.form.with_variants = included;
    }

    /// 「検索」: the conditions to send, if nothing is wrong with them.
    pub(crate) fn submit(&mut self, today: Date) -> Option<SearchForm> {
        self.refused.clear();
        self.checked = self.form.parse(today).is_err();
        if self.checked {
            return None;
        }
        self.answer = None;
        Some(self.form.clone())
    }

    /// The service answered.
    pub(crate) fn answered(
        &mut self,
        asked: SearchForm,
        result: Result<SearchAnswer, Error>,
    ) -> Reaction {
        self.refused = refused(&result);
        if self.refused.is_empty() {
            self.answer = Some(Answer { asked, result });
            return Reaction::ShowAnswer;
        }
        Reaction::ShowErrors
    }

    pub(crate) const fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    pub(crate) fn forget_answer(&mut self) {
        self.answer = None;
    }

    /// Whether the conditions were changed since they were asked about.
    pub(crate) fn is_stale(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| answer.asked != self.form)
    }
}

/// The fields that the service refused. None when it names one that the form
/// does not have: then the problem is shown as a whole.
fn refused(result: &Result<SearchAnswer, Error>) -> Vec<FieldError> {
    let Err(Error::Problem(problem)) = result else {
        return Vec::new();
    };
    if problem.code != ProblemCode::InvalidInput {
        return Vec::new();
    }
    let errors: Option<Vec<_>> = problem
        .violations
        .iter()
        .map(|violation| {
            let field = FIELDS
                .into_iter()
                .find(|field| field.code() == violation.field)?;
            let message = violation.message.clone();
            Some(FieldError { field, message })
        })
        .collect();
    errors.unwrap_or_default()
}

#[cfg(test)]
mod tests;
