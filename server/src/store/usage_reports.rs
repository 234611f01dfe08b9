//! 利用報告書: drafts, what was handed in, and what the audit trail says of the use.

use domain::audit::Action;
use domain::identifier::MedicalInstitutionCode;
use domain::opening::Period;
use domain::timestamp::Timestamp;
use domain::usage_report::{Usage, UsageReportFields, Use, UseKind};
use serde::{Deserialize, Serialize};

use super::sql::{self, OptionalExtension, Row, SqlError, named_params};
use super::{OpeningNumber, Reader, StoreError, Writer};

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReportRow {
    /// Grows with each saving; 0 of one that was never saved.
    pub version: u32,
    /// What the institution entered.
    pub fields: UsageReportFields,
    /// All that was handed in, or is on its way.
    pub frozen: Option<FrozenReport>,
    /// Until when the mail server's answer is waited for; past that nobody knows whether it has the
    /// mail.
    pub sending_until: Option<Timestamp>,
}

/// A report that does not change any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenReport {
    /// The version that was looked at.
    pub version: u32,
    /// When it was handed in, or begun to be sent: the mail's date.
    pub at: Timestamp,
    /// 医療機関・薬局名, as it was then.
    pub institution_name: String,
    /// What was done with the function.
    pub usage: Usage,
    /// What the institution entered.
    pub fields: UsageReportFields,
    /// The report as text.
    pub text: String,
    /// Whether the mail server took it; else a person sends the file.
    #[serde(default)]
    pub is_sent: bool,
}

impl Reader<'_> {
    /// The report of an opening; `None` if nothing was saved.
    pub fn usage_report(
        &self,
        opening: OpeningNumber,
    ) -> Result<Option<UsageReportRow>, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT version, fields, frozen, sending_until FROM usage_report
                 WHERE opening_id = ?1",
            )?
            .query_row([opening.0], Columns::read)
            .optional()?;
        found.map(|row| row.report(opening)).transpose()
    }

    /// What an institution's accounts did with the function in a period, as the trail has it. What
    /// stands there at the very moment of the end was done before it: afterwards nothing is.
    pub fn uses(
        &self,
        institution: &MedicalInstitutionCode,
        period: Period,
    ) -> Result<Vec<Use>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT sequence, at, action, user_id, person_id FROM audit
             WHERE medical_institution_code = :institution AND at BETWEEN :from AND :to
               AND action IN ('searched', 'candidate_listed', 'result_taken', 'eligibility_opened')
             ORDER BY sequence",
        )?;
        let mut rows = statement.query(named_params! {
            ":institution": institution.as_str(),
            ":from": period.starts_at.unix_milliseconds(),
            ":to": period.ends_at.unix_milliseconds(),
        })?;
        let mut uses = Vec::new();
        while let Some(row) = rows.next()? {
            uses.push(used(&row)?);
        }
        Ok(uses)
    }
}

impl Writer<'_> {
    /// Keeps a draft as the next version; what was frozen of an earlier one is given up.
    pub fn save_usage_report(
        &self,
        opening: OpeningNumber,
        version: u32,
        fields: &UsageReportFields,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO usage_report (opening_id, version, fields)
                 VALUES (:opening, :version, :fields)
                 ON CONFLICT (opening_id) DO UPDATE SET version = excluded.version,
                   fields = excluded.fields, frozen = NULL, sending_until = NULL",
            )?
            .execute(named_params! {
                ":opening": opening.0,
                ":version": version,
                ":fields": json(fields)?,
            })?;
        Ok(())
    }

    /// Freezes a report: for good, or as long as it is being sent.
    pub fn freeze_usage_report(
        &self,
        opening: OpeningNumber,
        frozen: &FrozenReport,
        sending_until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "UPDATE usage_report SET frozen = :frozen, sending_until = :until
                 WHERE opening_id = :opening",
            )?
            .execute(named_params! {
                ":opening": opening.0,
                ":frozen": json(frozen)?,
                ":until": sending_until.map(Timestamp::unix_milliseconds),
            })?;
        Ok(())
    }

    /// Makes a draft again of a report that was not taken.
    pub fn thaw_usage_report(&self, opening: OpeningNumber) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "UPDATE usage_report SET frozen = NULL, sending_until = NULL WHERE opening_id = ?1",
            )?
            .execute([opening.0])?;
        Ok(())
    }
}

fn json(value: &impl Serialize) -> Result<String, SqlError> {
    serde_json::to_string(value).map_err(SqlError::from)
}

/// A line of the trail as a use of the function.
fn used(row: &Row<'_>) -> Result<Use, StoreError> {
    let sequence: i64 = row.get("sequence")?;
    let inconsistent = |column| StoreError::Inconsistent {
        table: "audit",
        column,
        id: sequence,
    };
    let action: String = row.get("action")?;
    let user_id: Option<String> = row.get("user_id")?;
    let user_id = user_id.and_then(|id| id.parse().ok());
    let kind = match action.parse() {
        Ok(Action::Searched) => UseKind::Searched,
        Ok(Action::CandidateListed) => UseKind::Listed,
        Ok(Action::ResultTaken) => UseKind::VisuallyConfirmed,
        Ok(Action::EligibilityOpened) => UseKind::Opened,
        _ => return Err(inconsistent("action")),
    };
    Ok(Use {
        at: Timestamp::from_unix_milliseconds(row.get("at")?),
        user_id: user_id.ok_or_else(|| inconsistent("user_id"))?,
        person: row.get("person_id")?,
        kind,
    })
}

/// A row as the database has it.
struct Columns {
    version: u32,
    fields: String,
    frozen: Option<String>,
    sending_until: Option<i64>,
}

impl Columns {
    fn read(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            version: row.get(0)?,
            fields: row.get(1)?,
            frozen: row.get(2)?,
            sending_until: row.get(3)?,
        })
    }

    fn report(self, opening: OpeningNumber) -> Result<UsageReportRow, StoreError> {
        let inconsistent = |column| StoreError::Inconsistent {
            table: "usage_report",
            column,
            id: opening.0,
        };
        let frozen = self.frozen.map(|frozen| serde_json::from_str(&frozen));
        Ok(UsageReportRow {
            version: self.version,
            fields: serde_json::from_str(&self.fields).map_err(|_| inconsistent("fields"))?,
            frozen: frozen.transpose().map_err(|_| inconsistent("frozen"))?,
            sending_until: self.sending_until.map(Timestamp::from_unix_milliseconds),
        })
    }
}
