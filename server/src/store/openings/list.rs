//! The operators' list of openings, and their numbers.

use domain::timestamp::Timestamp;
use protocol::http::{OpeningId, OpeningStage};

use super::OpeningRow;
use crate::store::sql::named_params;
use crate::store::{Reader, StoreError};

/// Which openings are listed.
#[derive(Debug, Clone, Default)]
pub struct OpeningFilter {
    /// At this stage; without one, those that somebody still has to do something for.
    pub stage: Option<OpeningStage>,
    /// Whose institution's folded name or code holds this.
    pub text: Option<String>,
    /// That have waited less long than this one.
    pub after: Option<OpeningId>,
}

/// How many openings are at which stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpeningCounts {
    /// 申請.
    pub requested: u32,
    /// 電話確認.
    pub called_back: u32,
    /// 利用報告書送付.
    pub form_sent: u32,
    /// 開放.
    pub opened: u32,
    /// 終了.
    pub ended: u32,
    /// 利用報告書提出.
    pub handed_in: u32,
}

/// Those of a stage, as it is now: the first condition is what the index knows.
const CONDITION: &str = "WHERE (CAST(:stage AS TEXT) IS NOT NULL AND o.stage IN (:stage, 'opened')
      AND CASE WHEN o.stage = 'opened' AND o.ends_at <= :now THEN 'ended' ELSE o.stage END = :stage
    OR CAST(:stage AS TEXT) IS NULL AND o.stage IN
      ('requested', 'called_back', 'form_sent', 'opened', 'ended', 'handed_in'))
  AND (CAST(:text AS TEXT) IS NULL OR instr(i.name_key, :text) > 0
    OR instr(i.medical_institution_code, :text) > 0)";

impl Reader<'_> {
    /// Openings, the longest waiting first, at most so many; one that is not there any more
    /// to go on after is as good as none.
    pub fn openings(
        &self,
        filter: &OpeningFilter,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OpeningRow>, StoreError> {
        let condition = format!(
            "{CONDITION} AND (CAST(:after AS TEXT) IS NULL OR (o.requested_at, o.id) > (
               SELECT requested_at, id FROM opening WHERE public_id = :after))
             ORDER BY o.requested_at, o.id LIMIT :most"
        );
        let parameters = named_params! {
            ":stage": filter.stage.map(OpeningStage::code),
            ":now": now.unix_milliseconds(),
            ":text": filter.text,
            ":after": filter.after.as_ref().map(OpeningId::as_str),
            ":most": most,
        };
        self.openings_where(&condition, parameters)
    }

    /// How many openings there are under these conditions, wherever the list goes on.
    pub fn count_openings(
        &self,
        filter: &OpeningFilter,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = format!(
            "SELECT count(*) FROM opening o JOIN institution i ON i.id = o.institution_id {CONDITION}"
        );
        let parameters = named_params! {
            ":stage": filter.stage.map(OpeningStage::code),
            ":now": now.unix_milliseconds(),
            ":text": filter.text,
        };
        let mut statement = self.sql().prepare_cached(&sql)?;
        Ok(statement.query_row(parameters, |row| row.get(0))?)
    }

    /// How many openings are at each stage that somebody has to do something for.
    pub fn opening_counts(&self, now: Timestamp) -> Result<OpeningCounts, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT stage, count(*), count(*) FILTER (WHERE stage = 'opened' AND ends_at <= ?1)
             FROM opening WHERE stage IN
               ('requested', 'called_back', 'form_sent', 'opened', 'ended', 'handed_in')
             GROUP BY stage",
        )?;
        let mut counts = OpeningCounts::default();
        let mut rows = statement.query([now.unix_milliseconds()])?;
        while let Some(row) = rows.next()? {
            let (stage, all, over): (String, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
            match stage.as_str() {
                "requested" => counts.requested = all,
                "called_back" => counts.called_back = all,
                "form_sent" => counts.form_sent = all,
                "opened" => {
                    counts.opened = all - over;
                    counts.ended += over;
                }
                "ended" => counts.ended += all,
                _ => counts.handed_in = all,
            }
        }
        Ok(counts)
    }
}
