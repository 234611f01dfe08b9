//! What is typed to change a password, and what is wrong with it.

use domain::account::UserId;
use domain::password;
use protocol::http::PasswordChange;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Current,
    New,
    Again,
}

impl Field {
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Current => "current-password",
            Self::New => "new-password",
            Self::Again => "new-password-again",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Current => "現在のパスワード",
            Self::New => "新しいパスワード",
            Self::Again => "新しいパスワード（確認）",
        }
    }
}

/// The form's state.
#[derive(Clone, Default)]
pub(super) struct Model {
    texts: [String; 3],
    /// What was wrong when the form was last submitted.
    error: Option<(Field, String)>,
}

impl Model {
    pub(super) fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    pub(super) fn enter(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
        self.error.take_if(|error| error.0 == field);
    }

    pub(super) fn error(&self, field: Field) -> Option<String> {
        let error = self.error.as_ref().filter(|error| error.0 == field);
        error.map(|error| error.1.clone())
    }

    /// What to send; or the first field that is wrong.
    pub(super) fn submit(&mut self, user_id: &UserId) -> Result<PasswordChange, Field> {
        self.error = self.first_error(user_id);
        if let Some((field, _)) = self.error {
            return Err(field);
        }
        Ok(PasswordChange {
            current_password: self.text(Field::Current).to_owned(),
            new_password: self.text(Field::New).to_owned(),
        })
    }

    fn first_error(&self, user_id: &UserId) -> Option<(Field, String)> {
        let new = self.text(Field::New);
        if self.text(Field::Current).is_empty() {
            let text = "現在のパスワードを入力してください";
            return Some((Field::Current, text.to_owned()));
        }
        if let Err(rule) = password::check(new, user_id) {
            return Some((Field::New, rule.to_string()));
        }
        if new == self.text(Field::Current) {
            return Some((Field::New, password::PasswordRule::Unchanged.to_string()));
        }
        (new != self.text(Field::Again)).then(|| {
            let text = "新しいパスワードと一致しません。もう一度入力してください";
            (Field::Again, text.to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_first_field_that_is_wrong_is_named() {
        let user_id: UserId = "staff".parse().unwrap();
        let table = [
            ("", "", "", Err(Field::Current)),
            ("old password", "short", "short", Err(Field::New)),
            (
                "old password",
                "old password",
                "old password",
                Err(Field::New),
            ),
            (
                "old password",
                "new password",
                "new passwort",
                Err(Field::Again),
            ),
            ("old password", "new password", "new password", Ok(())),
        ];
        for (current, new, again, expected) in table {
            let mut model = Model::default();
            model.enter(Field::Current, current.to_owned());
            model.enter(Field::New, new.to_owned());
            model.enter(Field::Again, again.to_owned());
            let submitted = model.submit(&user_id);
            assert_eq!(submitted.map(drop), expected, "{current} {new} {again}");
            if let Err(field) = expected {
                assert!(model.error(field).is_some());
                model.enter(field, "x".to_owned());
                assert_eq!(model.error(field), None);
            }
        }
    }
}
