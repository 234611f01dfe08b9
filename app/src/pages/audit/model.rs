//! What was asked of the trail, and what came back.

use domain::account::UserId;
use domain::audit::Record;
use domain::date::{self, Date};
use protocol::http::{AuditPage, path};

use crate::api::Error;

/// The ids of the fields.
pub(super) const FROM: &str = "from";
pub(super) const TO: &str = "to";
pub(super) const USER_ID: &str = "user-id";

/// The conditions as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) user_id: String,
    /// The code of an action; empty for all.
    pub(super) action: String,
}

/// What is wrong with a condition: the id of its field, and why.
pub(super) type Violation = (&'static str, String);

/// The page's state.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) conditions: Conditions,
    pub(super) violations: Vec<Violation>,
    /// The query of the conditions in force, with `?` when there is one.
    query: String,
    pub(super) records: Vec<Record>,
    next_before: Option<u64>,
    /// Whether the service has answered since the conditions came into force.
    pub(super) is_answered: bool,
    pub(super) failure: Option<Error>,
}

impl Model {
    /// Puts the conditions in force and forgets the lines, or names the first
    /// field to change.
    pub(super) fn submit(&mut self) -> Result<(), &'static str> {
        match self.conditions.query() {
            Ok(query) => {
                *self = Self {
                    conditions: std::mem::take(&mut self.conditions),
                    query,
                    ..Self::default()
                };
                Ok(())
            }
            Err(violations) => {
                let first = violations.first().map_or(FROM, |(field, _)| field);
                self.violations = violations;
                Err(first)
            }
        }
    }

    /// The address of the next lines.
    pub(super) fn next_address(&self) -> String {
        let before = self.next_before.map(|before| {
            let sign = if self.query.is_empty() { "?" } else { "&" };
            [sign, "before=", &before.to_string()].concat()
        });
        [path::AUDIT, &self.query, &before.unwrap_or_default()].concat()
    }

    /// The address of the file.
    pub(super) fn export_address(&self) -> String {
        [path::AUDIT_EXPORT, &self.query].concat()
    }

    /// Takes an answer of the service.
    pub(super) fn answered(&mut self, result: Result<AuditPage, Error>) {
        match result {
            Ok(page) => {
                self.records.extend(page.records);
                self.next_before = page.next_before;
                self.is_answered = true;
                self.failure = None;
            }
            Err(error) => self.failure = Some(error),
        }
    }

    /// Whether there are more lines.
    pub(super) const fn has_more(&self) -> bool {
        self.next_before.is_some()
    }

    /// What is wrong with a field.
    pub(super) fn violation(&self, field: &str) -> Option<String> {
        let mut violations = self.violations.iter();
        violations
            .find(|(violated, _)| *violated == field)
            .map(|(_, why)| why.clone())
    }
}

impl Conditions {
    fn query(&self) -> Result<String, Vec<Violation>> {
        let mut violations = Vec::new();
        let from = day(FROM, &self.from, &mut violations);
        let to = day(TO, &self.to, &mut violations);
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            let why = "期間の終わりまでの日付を入力してください".to_owned();
            violations.push((FROM, why));
        }
        let user_id = match self.user_id.trim() {
            "" => None,
            typed => typed
                .parse::<UserId>()
                .map_err(|error| violations.push((USER_ID, error.to_string())))
                .ok(),
        };
        if !violations.is_empty() {
            return Err(violations);
        }
        let members = [
            ("from", from.map(|day| day.to_string())),
            ("to", to.map(|day| day.to_string())),
            ("user_id", user_id.map(String::from)),
            (
                "action",
                Some(self.action.clone()).filter(|code| !code.is_empty()),
            ),
        ];
        let mut query = String::new();
        for (name, value) in members {
            if let Some(value) = value {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.extend([name, "=", &value]);
            }
        }
        Ok(query)
    }
}

fn day(field: &'static str, typed: &str, violations: &mut Vec<Violation>) -> Option<Date> {
    if typed.trim().is_empty() {
        return None;
    }
    date::parse(typed)
        .map_err(|error| violations.push((field, error.to_string())))
        .ok()
}

#[cfg(test)]
mod tests {
    use domain::timestamp::Timestamp;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn conditions(from: &str, to: &str, user_id: &str, action: &str) -> Conditions {
        let [from, to, user_id, action] = [from, to, user_id, action].map(str::to_owned);
        Conditions {
            from,
            to,
            user_id,
            action,
        }
    }

    #[wasm_bindgen_test]
    fn conditions_become_a_query_or_say_what_is_wrong() {
        let table = [
            (conditions("", "", "", ""), Ok("")),
            (
                conditions("令和8年11月22日", "", "", ""),
                Ok("?from=2026-11-22"),
            ),
            (
                conditions("2026/11/1", "2026/11/22", " Staff", "searched"),
                Ok("?from=2026-11-01&to=2026-11-22&user_id=staff&action=searched"),
            ),
            (conditions("2026/11/2", "2026/11/1", "", ""), Err(FROM)),
            (conditions("x", "", "", ""), Err(FROM)),
            (conditions("", "2026/2/30", "", ""), Err(TO)),
            (conditions("", "", "職員", ""), Err(USER_ID)),
        ];
        for (conditions, expected) in table {
            let query = conditions.query();
            let query = query.as_deref().map_err(|violations| violations[0].0);
            assert_eq!(query, expected, "{conditions:?}");
        }
    }

    #[wasm_bindgen_test]
    fn pages_add_up_and_a_new_query_begins_anew() {
        let record = Record {
            sequence: 7,
            at: Timestamp::from_unix_milliseconds(0),
            action: "searched".to_owned(),
            user_id: None,
            role: None,
            medical_institution_code: None,
            person_id: None,
            device: None,
            outcome: None,
            request_id: None,
        };
        let page = |next_before| AuditPage {
            records: vec![record.clone()],
            next_before,
        };
        let mut model = Model::default();
        model.conditions.action = "searched".to_owned();
        assert_eq!(model.next_address(), "/api/audit");
        assert_eq!(model.submit(), Ok(()));
        model.answered(Ok(page(Some(7))));
        assert_eq!(model.next_address(), "/api/audit?action=searched&before=7");
        assert_eq!(model.export_address(), "/api/audit/export?action=searched");
        model.answered(Err(Error::Network));
        assert_eq!((model.records.len(), model.has_more()), (1, true));
        model.answered(Ok(page(None)));
        assert_eq!((model.records.len(), model.has_more()), (2, false));
        assert_eq!(model.failure, None);
        assert_eq!(model.submit(), Ok(()));
        assert!(model.records.is_empty() && !model.is_answered);
        assert_eq!(model.conditions.action, "searched");
    }
}
