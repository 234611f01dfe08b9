//! The timeline of an institution.

use domain::timestamp::Timestamp;
use protocol::http::TimelineEntry;

use super::OpeningNumber;
use crate::store::sql::named_params;
use crate::store::{AccountId, Reader, StoreError, Writer};

impl Reader<'_> {
    /// What was done for an institution, the newest first, at most so much.
    pub fn opening_steps(
        &self,
        institution_id: i64,
        most: usize,
    ) -> Result<Vec<TimelineEntry>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT s.id, s.at, a.user_id, s.text FROM opening_step s
             LEFT JOIN account a ON a.id = s.account_id
             WHERE s.institution_id = ?1 ORDER BY s.id DESC LIMIT ?2",
        )?;
        let mut rows = statement.query((institution_id, most))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let user_id: Option<String> = row.get(2)?;
            let inconsistent = |_| StoreError::Inconsistent {
                table: "opening_step",
                column: "account_id",
                id,
            };
            entries.push(TimelineEntry {
                at: Timestamp::from_unix_milliseconds(row.get(1)?),
                by: user_id
                    .map(|text| text.parse().map_err(inconsistent))
                    .transpose()?,
                text: row.get(3)?,
            });
        }
        Ok(entries)
    }
}

impl Writer<'_> {
    /// Notes what was done for an institution, and by whom, if it was not time.
    pub fn add_opening_step(
        &self,
        institution_id: i64,
        opening: Option<OpeningNumber>,
        by: Option<AccountId>,
        text: &str,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO opening_step (institution_id, opening_id, at, account_id, text)
                 VALUES (:institution_id, :opening_id, :now, :account_id, :text)",
            )?
            .execute(named_params! {
                ":institution_id": institution_id,
                ":opening_id": opening.map(|number| number.0),
                ":now": self.now().unix_milliseconds(),
                ":account_id": by.map(|account| account.0),
                ":text": text,
            })?;
        Ok(())
    }
}
