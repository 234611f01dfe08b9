//! Reading the trail, filtered, page by page.

use domain::account::UserId;
use domain::audit::{Action, Record};
use domain::date::Date;
use domain::identifier::MedicalInstitutionCode;
use domain::timestamp::Timestamp;

use crate::store::sql::{self, Row, ToValue};
use crate::store::{Reader, StoreError};

/// The columns of a [`Record`].
pub(super) const RECORD: &str = "sequence, at, action, user_id, role, medical_institution_code,
  person_id, device, outcome, request_id";

/// Whose lines may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditScope {
    /// Everybody's, and those of nobody: for who runs the service.
    Everything,
    /// Those of one institution's accounts.
    Institution(MedicalInstitutionCode),
}

/// Which lines are wanted; a condition that is `None` lets all pass.
#[derive(Debug, Clone, Default, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// From this day on, in Asia/Tokyo.
    pub from: Option<Date>,
    /// To this day, in Asia/Tokyo.
    pub to: Option<Date>,
    /// Of this account.
    #[param(value_type = Option<String>)]
    pub user_id: Option<UserId>,
    /// Of this kind.
    pub action: Option<Action>,
}

impl AuditFilter {
    /// The conditions as the trail names them: `from=2026-11-01 user_id=staff`, or
    /// `all` without any.
    pub fn name(&self) -> String {
        let conditions = [
            self.from.map(|day| format!("from={day}")),
            self.to.map(|day| format!("to={day}")),
            self.user_id.as_ref().map(|id| format!("user_id={id}")),
            self.action
                .map(|action| format!("action={}", action.code())),
        ];
        let conditions: Vec<_> = conditions.into_iter().flatten().collect();
        match conditions.as_slice() {
            [] => "all".to_owned(),
            conditions => conditions.join(" "),
        }
    }
}

impl Reader<'_> {
    /// Whether an account has opened the list of some conditions ([`AuditFilter::name`])
    /// since then, and when it did, all lines before `before` were there.
    pub fn has_read_audit(
        &self,
        user_id: &UserId,
        conditions: &str,
        before: u64,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM audit WHERE at >= ?1 AND sequence >= ?2
                   AND action = ?3 AND user_id = ?4 AND outcome = ?5)",
            )?
            .query_row(
                (
                    since.unix_milliseconds(),
                    i64::try_from(before).unwrap_or(i64::MAX),
                    Action::AuditRead.code(),
                    user_id.as_str(),
                    conditions,
                ),
                |row| row.get(0),
            )?;
        Ok(found)
    }

    /// The latest lines before a number, latest first.
    pub fn audit_before(
        &self,
        scope: &AuditScope,
        filter: &AuditFilter,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = Query::new(scope, filter);
        if let Some(before) = before {
            query.and("sequence < ?", before);
        }
        query.run(self, "DESC", most)
    }

    /// The earliest lines after a number, earliest first.
    pub fn audit_after(
        &self,
        scope: &AuditScope,
        filter: &AuditFilter,
        after: u64,
        most: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = Query::new(scope, filter);
        query.and("sequence > ?", after);
        query.run(self, "ASC", most)
    }
}

/// Conditions, and the values that are bound to them.
struct Query {
    conditions: String,
    values: Vec<Box<dyn ToValue>>,
}

impl Query {
    fn new(scope: &AuditScope, filter: &AuditFilter) -> Self {
        let mut query = Self {
            conditions: "TRUE".to_owned(),
            values: Vec::new(),
        };
        if let AuditScope::Institution(code) = scope {
            query.and("medical_institution_code = ?", code.as_str().to_owned());
        }
        if let Some(from) = filter.from {
            let start = Timestamp::start_of_tokyo_day(from);
            query.and("at >= ?", start.unix_milliseconds());
        }
        if let Some(to) = filter.to {
            let end = Timestamp::start_of_tokyo_day(to).plus_seconds(24 * 3600);
            query.and("at < ?", end.unix_milliseconds());
        }
        if let Some(user_id) = &filter.user_id {
            query.and("user_id = ?", user_id.as_str().to_owned());
        }
        if let Some(action) = filter.action {
            query.and("action = ?", action.code());
        }
        query
    }

    fn and(&mut self, condition: &'static str, value: impl ToValue + 'static) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self.values.push(Box::new(value));
    }

    fn run(
        mut self,
        reader: &Reader<'_>,
        order: &'static str,
        most: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.values
            .push(Box::new(i64::try_from(most).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT {RECORD} FROM audit WHERE {} ORDER BY sequence {order} LIMIT ?",
            self.conditions
        );
        let mut statement = reader.sql().prepare_cached(&sql)?;
        let values = self.values.as_slice();
        let records = statement.query_map(values, record)?;
        Ok(records.collect::<sql::Result<_>>()?)
    }
}

pub(super) fn record(row: &Row<'_>) -> sql::Result<Record> {
    Ok(Record {
        sequence: row.get("sequence")?,
        at: Timestamp::from_unix_milliseconds(row.get("at")?),
        action: row.get("action")?,
        user_id: row.get("user_id")?,
        role: row.get("role")?,
        medical_institution_code: row.get("medical_institution_code")?,
        person_id: row.get("person_id")?,
        device: row.get("device")?,
        outcome: row.get("outcome")?,
        request_id: row.get("request_id")?,
    })
}
