//! What an institution's reader screens ask.

use domain::consent::ConsentBundle;

use super::sql::{OptionalExtension, SqlError};
use super::{Reader, StoreError, Writer};

/// What an institution asks that has not chosen.
const USUAL: [ConsentBundle; 3] = [
    ConsentBundle::DiagnosisAndPharmacists,
    ConsentBundle::SpecificHealthCheckups,
    ConsentBundle::Operation,
];

impl Reader<'_> {
    /// What an institution's reader screens ask, in this order.
    pub fn consents_asked(&self, institution_id: i64) -> Result<Vec<ConsentBundle>, StoreError> {
        let bundles: Option<String> = self
            .sql()
            .prepare_cached("SELECT bundles FROM consents_asked WHERE institution_id = ?1")?
            .query_row([institution_id], |row| row.get(0))
            .optional()?;
        let Some(bundles) = bundles else {
            return Ok(USUAL.to_vec());
        };
        serde_json::from_str(&bundles).map_err(|_| StoreError::Inconsistent {
            table: "consents_asked",
            column: "bundles",
            id: institution_id,
        })
    }
}

impl Writer<'_> {
    /// Decides what an institution's reader screens ask from now on.
    pub fn ask_consents(
        &self,
        institution_id: i64,
        bundles: &[ConsentBundle],
    ) -> Result<(), StoreError> {
        let bundles = serde_json::to_string(bundles).map_err(SqlError::from)?;
        self.sql()
            .prepare_cached(
                "INSERT INTO consents_asked (institution_id, bundles) VALUES (?1, ?2)
                 ON CONFLICT (institution_id) DO UPDATE SET bundles = excluded.bundles",
            )?
            .execute((institution_id, bundles))?;
        Ok(())
    }
}
