//! Back-pressure: so many requests are in work, so many wait for a short while, and whoever
//! comes then is told at once when to come again.
//!
//! Without it everything that comes is begun, and when more comes than can be done nothing
//! is done in time. What operators do, and log-ins, have places of their own: the one thing
//! that ends such a morning must not wait behind it. Health and what is followed need none.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use protocol::http::{ProblemCode, path};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::error::ApiError;
use crate::handlers::operator::institutions::MOST_FILE_BYTES;
use crate::metrics::Limit;
use crate::router::MOST_BODY_BYTES;
use crate::state::AppState;

/// After so many seconds it is worth while to come again.
const COME_AGAIN: i64 = 2;
/// Those who are sent away come again within so many seconds after that: not all at once.
const SPREAD: i64 = 4;

/// Above all that operators do.
const OPERATOR: &str = "/api/operator";

/// How much is taken on.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Requests in work at once.
    pub in_work: usize,
    /// Requests that wait for one of these to end.
    pub waiting: usize,
    /// The longest that one waits.
    pub patience: Duration,
}

impl Default for Capacity {
    /// More in work than the store makes together, so that it always has something to do.
    fn default() -> Self {
        Self {
            in_work: 256,
            waiting: 1024,
            patience: Duration::from_secs(3),
        }
    }
}

/// The part of it that operators and log-ins have to themselves: one in so many.
const RESERVED: usize = 4;

/// Who is in work, and who waits.
pub(crate) struct Pressure {
    everybody: Gate,
    reserved: Gate,
    in_work: Gauge,
    sent_away: AtomicI64,
}

impl Pressure {
    pub(crate) fn new(capacity: Capacity) -> Self {
        let reserved = Capacity {
            in_work: capacity.in_work.div_ceil(RESERVED),
            waiting: capacity.waiting.div_ceil(RESERVED),
            ..capacity
        };
        Self {
            everybody: Gate::new(capacity),
            reserved: Gate::new(reserved),
            in_work: Gauge::default(),
            sent_away: AtomicI64::new(0),
        }
    }

    /// Has told how many are in work.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests_in_work",
            "Requests that have a place and no answer yet",
            self.in_work.clone(),
        );
    }

    /// What somebody is told who can't be taken on.
    pub(crate) fn come_again(&self) -> ApiError {
        let number = self.sent_away.fetch_add(1, Ordering::Relaxed);
        ApiError::Early {
            code: ProblemCode::Unavailable,
            wait_seconds: COME_AGAIN + number.rem_euclid(SPREAD),
        }
    }

    fn gate(&self, lane: Lane) -> Option<&Gate> {
        match lane {
            Lane::Free => None,
            Lane::Reserved => Some(&self.reserved),
            Lane::Everybody => Some(&self.everybody),
        }
    }
}

/// A place for each request that is in work.
struct Gate {
    places: Semaphore,
    /// One more for each that waits.
    standing: Semaphore,
    patience: Duration,
}

impl Gate {
    const fn new(capacity: Capacity) -> Self {
        Self {
            places: Semaphore::const_new(capacity.in_work),
            standing: Semaphore::const_new(capacity.waiting),
            patience: capacity.patience,
        }
    }

    /// A place, at once or after a while; `None` when there is none.
    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        let _standing = self.standing.try_acquire().ok()?;
        timeout(self.patience, self.places.acquire())
            .await
            .ok()?
            .ok()
    }
}

/// Whose places a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Needs none: it is done at once, never ends, or has another bound.
    Free,
    Reserved,
    Everybody,
}

impl Lane {
    fn of(method: &Method, route: &str) -> Self {
        let is_within = |above: &str| {
            let rest = route.strip_prefix(above);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match route {
            path::EVENTS | path::READER_EVENTS | path::OPERATOR_EVENTS => Self::Free,
            // Passwords are bounded where they are checked.
            path::SESSION | path::UNLOCK if method == Method::POST => Self::Free,
            _ if is_within(path::HEALTH) => Self::Free,
            path::ABOUT => Self::Reserved,
            _ if is_within(path::SESSION) || is_within(OPERATOR) => Self::Reserved,
            _ => Self::Everybody,
        }
    }
}

/// Lets a request in when there is a place for it.
pub(crate) async fn apply(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or("", MatchedPath::as_str);
    let lane = Lane::of(request.method(), route);
    let Some(gate) = state.pressure.gate(lane) else {
        return next.run(request).await;
    };
    // Whoever sends slowly has no place meanwhile.
    let request = match whole(request, lane).await {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(_place) = gate.place().await else {
        state.metrics.refused(Limit::Work);
        return state.pressure.come_again().into_response();
    };
    let _counted = Counted::new(&state.pressure.in_work);
    next.run(request).await
}

/// A request with all of its body.
async fn whole(request: Request, lane: Lane) -> Result<Request, ApiError> {
    let most = match lane {
        Lane::Reserved => MOST_FILE_BYTES,
        Lane::Free | Lane::Everybody => MOST_BODY_BYTES,
    };
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, most).await;
    // Or its line is dead, and nobody reads this.
    let bytes = bytes.map_err(|_| ApiError::Refused(ProblemCode::TooLarge))?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// One more for as long as it is kept, whatever becomes of the request.
struct Counted<'a>(&'a Gauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_the_rush_has_places_of_its_own() {
        for (method, route, expected) in [
            (Method::GET, "/api/health", Lane::Free),
            (Method::GET, "/api/health/ready", Lane::Free),
            (Method::GET, "/api/events", Lane::Free),
            (Method::GET, "/api/operator/events", Lane::Free),
            (Method::POST, "/api/session", Lane::Free),
            (Method::GET, "/api/session", Lane::Reserved),
            (Method::POST, "/api/session/passkey", Lane::Reserved),
            (
                Method::POST,
                "/api/operator/openings/{id}/acts",
                Lane::Reserved,
            ),
            (Method::POST, "/api/eligibility/searches", Lane::Everybody),
            (Method::GET, "/api/{*rest}", Lane::Everybody),
            (Method::GET, "/api/healthy", Lane::Everybody),
        ] {
            assert_eq!(Lane::of(&method, route), expected, "{method} {route}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_is_waited_for_by_so_many_and_so_long() {
        let gate = Gate::new(Capacity {
            in_work: 1,
            waiting: 1,
            patience: Duration::from_secs(3),
        });
        let first = gate.place().await.unwrap();
        assert!(tokio::join!(gate.place(), gate.place()).1.is_none());
        let (second, ()) = tokio::join!(gate.place(), async { drop(first) });
        assert!(second.is_some());
    }

    #[test]
    fn who_is_sent_away_does_not_come_again_with_all_others() {
        let pressure = Pressure::new(Capacity::default());
        let waits: std::collections::BTreeSet<_> = (0..8)
            .map(|_| match pressure.come_again() {
                ApiError::Early { wait_seconds, .. } => wait_seconds,
                _ => 0,
            })
            .collect();
        assert_eq!(waits.into_iter().collect::<Vec<_>>(), [2, 3, 4, 5]);
    }
}
