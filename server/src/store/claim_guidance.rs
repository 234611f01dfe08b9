//! 請求の案内: what institutions say in the place of the product's words.

use domain::claim_guidance::GuidanceText;
use domain::timestamp::Timestamp;
use protocol::http::{ClaimGuidance, GuidanceChange};

use super::sql::{OptionalExtension as _, named_params};
use super::{AccountId, Reader, StoreError, Writer};

impl Reader<'_> {
    /// An institution's guidance, and who changed it last.
    pub fn claim_guidance(&self, institution_id: i64) -> Result<ClaimGuidance, StoreError> {
        let found = self
            .sql()
            .prepare_cached(
                "SELECT g.version, g.text, a.user_id, g.changed_at
                 FROM claim_guidance g JOIN account a ON a.id = g.changed_by
                 WHERE g.institution_id = ?1",
            )?
            .query_row([institution_id], |row| {
                let text: Option<String> = row.get(1)?;
                let by: String = row.get(2)?;
                Ok((row.get(0)?, text, by, row.get(3)?))
            })
            .optional()?;
        let Some((version, text, by, at)) = found else {
            return Ok(ClaimGuidance::default());
        };
        let inconsistent = |column| StoreError::Inconsistent {
            table: "claim_guidance",
            column,
            id: institution_id,
        };
        // A text that a later standard has in common is that standard.
        let text = text.map(|text| GuidanceText::parse(&text)).transpose();
        Ok(ClaimGuidance {
            version,
            text: text.map_err(|_| inconsistent("text"))?.flatten(),
            changed: Some(GuidanceChange {
                by: by.parse().map_err(|_| inconsistent("changed_by"))?,
                at: Timestamp::from_unix_milliseconds(at),
            }),
        })
    }
}

impl Writer<'_> {
    /// Keeps an institution's own words as the next version; `None` puts the standard back.
    pub fn set_claim_guidance(
        &self,
        institution_id: i64,
        version: u32,
        text: Option<&GuidanceText>,
        by: AccountId,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO claim_guidance (institution_id, version, text, changed_by, changed_at)
                 VALUES (:institution, :version, :text, :by, :at)
                 ON CONFLICT (institution_id) DO UPDATE SET version = excluded.version,
                   text = excluded.text, changed_by = excluded.changed_by,
                   changed_at = excluded.changed_at",
            )?
            .execute(named_params! {
                ":institution": institution_id,
                ":version": version,
                ":text": text.map(GuidanceText::as_str),
                ":by": by.0,
                ":at": self.now().unix_milliseconds(),
            })?;
        Ok(())
    }
}
