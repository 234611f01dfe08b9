//! Lines from before the chain: the first version of the store had no hashes.

use domain::audit::Record;
use domain::timestamp::Timestamp;
use rusqlite::{Row, Transaction};
use rusqlite_migration::{HookError, HookResult};

use super::chain;
use crate::store::sql::Sql;

/// Chains the old lines in their order, and drops their table.
pub(in crate::store) fn chain_old_lines(transaction: &Transaction<'_>) -> HookResult {
    let failed = |error: &dyn std::fmt::Display| HookError::Hook(error.to_string());
    let sql = Sql::Sqlite(transaction);
    let mut link = chain::last(sql).map_err(|error| failed(&error))?;
    {
        let mut statement = transaction.prepare(
            "SELECT o.at, o.action, a.user_id, o.role, i.medical_institution_code, o.person_id,
               o.outcome, o.request_id
             FROM audit_unchained o LEFT JOIN account a ON a.id = o.account_id
             LEFT JOIN institution i ON i.id = o.institution_id ORDER BY o.sequence",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let record = old_line(row, link.sequence + 1)?;
            link = chain::write(sql, link, &record).map_err(|error| failed(&error))?;
        }
    }
    Ok(transaction.execute_batch("DROP TABLE audit_unchained")?)
}

fn old_line(row: &Row<'_>, sequence: u64) -> rusqlite::Result<Record> {
    Ok(Record {
        sequence,
        at: Timestamp::from_unix_milliseconds(row.get("at")?),
        action: row.get("action")?,
        user_id: row.get("user_id")?,
        role: row.get("role")?,
        medical_institution_code: row.get("medical_institution_code")?,
        person_id: row.get("person_id")?,
        device: None,
        outcome: row.get("outcome")?,
        request_id: row.get("request_id")?,
    })
}
