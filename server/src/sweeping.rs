//! What ends by itself, every second.

use std::time::Duration;

use domain::timestamp::Timestamp;

use crate::state::AppState;
use crate::store::StoreError;
use crate::{openings, visual_confirmations};

const PERIOD: Duration = Duration::from_secs(1);

/// Sweeps for as long as the service runs.
pub async fn keep(state: AppState) {
    let mut since = state.now();
    let mut periods = tokio::time::interval(PERIOD);
    periods.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        periods.tick().await;
        match once(&state, since).await {
            Ok(until) => since = until,
            Err(error) => tracing::error!(%error, "what is over could not be ended"),
        }
    }
}

/// Ends openings whose time is over and visual confirmations in which nobody did anything for
/// too long, and tells who follows of what was over since the last time. Gives the time that it
/// was done for.
pub async fn once(state: &AppState, since: Timestamp) -> Result<Timestamp, StoreError> {
    // One that fails holds up no other.
    let openings = openings::sweep(state).await;
    let until = visual_confirmations::sweep(state, since).await;
    openings.and(until)
}
