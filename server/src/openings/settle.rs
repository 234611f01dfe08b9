//! 自動終了: openings whose time is over.

use domain::audit::Action;
use domain::opening::Opening;
use futures_util::future::join_all;
use protocol::http::OpeningId;

use super::timeline::ENDED_BY_TIME;
use crate::state::AppState;
use crate::store::{Actor, AuditEvent, Audited, OpeningRow, Reader, StoreError, Writer};

/// Openings that are ended at once at most; the next ones follow a second later.
const MOST_AT_ONCE: usize = 1_000;

/// How an opening stands now; if that is its end by time, that is noted, with its event.
pub(super) fn settle(
    writer: &Writer<'_>,
    row: &OpeningRow,
) -> Result<(Opening, Option<AuditEvent>), StoreError> {
    let opening = row.opening.clone().at(writer.now());
    if opening == row.opening {
        return Ok((opening, None));
    }
    writer.keep_opening(row.number, &opening)?;
    writer.add_opening_step(row.institution_id, Some(row.number), None, ENDED_BY_TIME)?;
    let nobody = Actor::Nobody {
        institution_id: row.institution_id,
    };
    let event = AuditEvent::new(Action::FunctionEnded, Some(nobody)).outcome("time");
    Ok((opening, Some(event)))
}

/// Ends what is over and tells who follows. One that can't be ended holds up no other.
pub(crate) async fn sweep(state: &AppState) -> Result<(), StoreError> {
    let now = state.now();
    let read = move |reader: &Reader<'_>| reader.overdue_openings(now, MOST_AT_ONCE);
    let overdue = state.store.read(read).await?;
    for ended in join_all(overdue.into_iter().map(|id| end(state, id))).await {
        match ended {
            Ok(institution_id) => state.events.opening_changed(institution_id),
            Err(Stop::InTime) => {}
            Err(Stop::Store(error)) => tracing::error!(%error, "an opening could not be ended"),
        }
    }
    Ok(())
}

/// Ends one, and gives the institution's number.
async fn end(state: &AppState, id: OpeningId) -> Result<i64, Stop> {
    let work = move |writer: &Writer<'_>| {
        let row = writer.opening(&id)?.ok_or(Stop::InTime)?;
        let (_, ended) = settle(writer, &row)?;
        // Somebody may have extended or ended it meanwhile.
        let event = ended.ok_or(Stop::InTime)?;
        Ok(Audited::new(row.institution_id, event))
    };
    state.store.write(state.now(), work).await
}

/// Why one is not ended.
enum Stop {
    InTime,
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
