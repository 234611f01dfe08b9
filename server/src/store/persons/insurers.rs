//! Insurers, by the numbers that packed coverages name them with.

use domain::identifier::InsurerNumber;

use crate::store::StoreError;
use crate::store::sql::{OptionalExtension as _, Sql};

/// Knows insurers.
pub(in crate::store) trait Insurers {
    /// The number of an insurer as a coverage names it; a new one gets one.
    fn number_of(&mut self, insurer: &InsurerNumber, name: &str) -> Result<i64, StoreError>;

    /// The insurer of a number.
    fn insurer(&mut self, number: i64) -> Result<(InsurerNumber, String), StoreError>;
}

/// Those of the store, asked each time.
impl Insurers for Sql<'_> {
    fn number_of(&mut self, insurer: &InsurerNumber, name: &str) -> Result<i64, StoreError> {
        let known = self
            .prepare_cached("SELECT id FROM insurer WHERE number = ?1 AND name = ?2")?
            .query_row((insurer.as_str(), name), |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        let number = self
            .prepare_cached("INSERT INTO insurer (number, name) VALUES (?1, ?2) RETURNING id")?
            .query_row((insurer.as_str(), name), |row| row.get(0))?;
        Ok(number)
    }

    fn insurer(&mut self, number: i64) -> Result<(InsurerNumber, String), StoreError> {
        let inconsistent = || StoreError::Inconsistent {
            table: "insurer",
            column: "id",
            id: number,
        };
        let found: Option<(String, String)> = self
            .prepare_cached("SELECT number, name FROM insurer WHERE id = ?1")?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (insurer, name) = found.ok_or_else(inconsistent)?;
        Ok((insurer.parse().map_err(|_| inconsistent())?, name))
    }
}
