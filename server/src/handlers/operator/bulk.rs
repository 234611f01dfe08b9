//! `/api/operator/bulk`: one step of many openings, in a disaster of a whole region.
//!
//! Each is checked for itself, with the rules for one: what is not ready for the step is
//! refused, with the reason, and holds up no other.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use futures_util::future::join_all;
use protocol::http::{BulkAct, BulkOutcome, BulkRefusal, MOST_BULK, OpeningId, ProblemCode};

use crate::error::ApiError;
use crate::extract::{Body, Operator};
use crate::openings::{self, Wanted};
use crate::state::AppState;
use crate::store::{StoreError, Writer};

/// Steps that wait for the disk together: others get their turn in between.
const TOGETHER: usize = 100;

/// One step of up to a thousand openings, for one reason.
#[utoipa::path(
    post,
    path = "/api/operator/bulk",
    tag = "operator",
    request_body = BulkAct,
    responses((status = OK, body = BulkOutcome)),
    security(("session" = []))
)]
pub(crate) async fn run(
    State(state): State<AppState>,
    operator: Operator,
    Body(bulk): Body<BulkAct>,
) -> Result<Json<BulkOutcome>, ApiError> {
    let reason = openings::reason(&bulk.reason)?;
    let wanted = Wanted::many(bulk.act, &reason, &state.openings)?;
    let openings = each_once(bulk.openings)?;
    let step = Arc::new(BulkStep {
        operator,
        wanted,
        reason,
    });
    let mut outcome = BulkOutcome {
        done: 0,
        refused: Vec::new(),
    };
    for together in openings.chunks(TOGETHER) {
        let taken = together.iter().map(|id| take(&state, &step, id.clone()));
        for taken in join_all(taken).await {
            match taken {
                Ok(institution_id) => {
                    outcome.done += 1;
                    state.events.opening_changed(institution_id);
                }
                Err(refused) => outcome.refused.push(refused),
            }
        }
    }
    Ok(Json(outcome))
}

fn each_once(openings: Vec<OpeningId>) -> Result<Vec<OpeningId>, ApiError> {
    if openings.is_empty() || openings.len() > MOST_BULK {
        let message = format!("1件から{MOST_BULK}件までの申請を選んでください");
        return Err(ApiError::invalid("openings", &message));
    }
    let mut known = HashSet::new();
    let is_new = |id: &OpeningId| known.insert(id.clone());
    Ok(openings.into_iter().filter(is_new).collect())
}

/// What is done to each.
struct BulkStep {
    operator: Operator,
    wanted: Wanted,
    reason: String,
}

impl BulkStep {
    fn take(
        &self,
        writer: &Writer<'_>,
        id: &OpeningId,
    ) -> Result<crate::store::Audited<i64>, Refused> {
        self.operator.still_operates(writer)?;
        let row = writer.opening(id)?;
        let row = row.ok_or(ApiError::Refused(ProblemCode::NoSuchOpening))?;
        let (name, institution_id) = (row.institution.name.clone(), row.institution_id);
        let act = self.wanted.clone().act(writer, &row);
        let taken = act
            .and_then(|act| openings::take(writer, row, act, &self.operator.0, Some(&self.reason)));
        match taken {
            Ok(taken) => Ok(taken.map(|_| institution_id)),
            Err(error) => Err(Refused {
                institution_name: name,
                error,
            }),
        }
    }
}

async fn take(state: &AppState, step: &Arc<BulkStep>, id: OpeningId) -> Result<i64, BulkRefusal> {
    let (step, acted_on) = (Arc::clone(step), id.clone());
    let work = move |writer: &Writer<'_>| step.take(writer, &acted_on);
    let taken = state.store.write(state.now(), work).await;
    taken.map_err(|refused: Refused| BulkRefusal {
        id,
        institution_name: refused.institution_name,
        message: refused.error.title(),
    })
}

/// Why one was not done.
struct Refused {
    institution_name: String,
    error: ApiError,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self {
            institution_name: String::new(),
            error,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}
