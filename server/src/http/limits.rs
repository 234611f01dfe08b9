//! How many requests a browser and an address may make, and how many searches.
//!
//! Far above what hands can do, and far below what takes the service away from others. They
//! protect one server from one browser or one address, so each server counts for itself, in
//! memory: a question to a database before each request would cost more than what it is to
//! save, and with several servers the limit is that of one times their number. A bucket that is
//! lost with its server is full again within a minute anyway.
//!
//! What has to hold whichever server is asked is counted in the store: searches of an account and
//! of an institution ([`shared`]), attempts at passwords, at codes of reader screens
//! ([`crate::attempts`]) and at passcodes ([`crate::passcodes`]).

pub(crate) mod shared;

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use protocol::http::{ProblemCode, path};

use crate::clock::Clock;
use crate::error::ApiError;
use crate::http::peer;
use crate::metrics::Limit;
use crate::session::Token;
use crate::state::AppState;

/// Requests of one browser, and of one address: so many at once, …
const REQUESTS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// … of which so many come back each second.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Searches of one browser: so many at once, …
const SEARCHES: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// … of which so many come back each second.
const SEARCHES_PER_SECOND: NonZeroU32 = NonZeroU32::new(2).unwrap();
/// Full buckets are forgotten after so many requests.
const CHECKS_BETWEEN_CLEANINGS: u32 = 4096;

/// Refuses what comes too often, and says when to come again.
pub(crate) async fn apply(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(limits) = &state.limits else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let jar = CookieJar::from_headers(&parts.headers);
    let matched = parts.extensions.get::<MatchedPath>();
    // A browser may be a terminal and a reader's own screen at once.
    let session = if matched.is_some_and(|matched| is_of_reader_screens(matched.as_str())) {
        Token::of_reader_screen(&jar, state.mode.behind_tls)
    } else {
        Token::in_jar(&jar, state.mode.behind_tls)
    };
    let address = peer::address(&parts.extensions, &parts.headers, state.mode.behind_tls);
    let caller = Caller {
        // Without a connection there is nobody to tell apart.
        address: Some(address).filter(|address| !address.is_unspecified()),
        session: session.map(|token| token.hash()),
        searches: matched.is_some_and(|matched| matched.as_str() == path::SEARCHES),
    };
    match limits.check(&caller) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err((limit, wait)) => {
            state.metrics.refused(limit);
            refusal(wait).into_response()
        }
    }
}

fn is_of_reader_screens(route: &str) -> bool {
    let rest = route.strip_prefix(path::READER);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whole seconds, rounded up: who comes then is not refused again.
fn refusal(wait: Duration) -> ApiError {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    ApiError::Early {
        code: ProblemCode::TooManyRequests,
        wait_seconds: i64::try_from(seconds.max(1)).unwrap_or(i64::MAX),
    }
}

struct Caller {
    address: Option<IpAddr>,
    /// Or the reader's own screen.
    session: Option<[u8; 32]>,
    searches: bool,
}

/// The buckets of everybody.
pub(crate) struct Limits {
    addresses: Buckets<IpAddr>,
    sessions: Buckets<[u8; 32]>,
    searches: Buckets<[u8; 32]>,
    checks: AtomicU32,
}

type Buckets<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

impl Limits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        let requests = Quota::per_second(REQUESTS_PER_SECOND).allow_burst(REQUESTS);
        let searches = Quota::per_second(SEARCHES_PER_SECOND).allow_burst(SEARCHES);
        let ticks = || Ticks(Arc::clone(clock));
        Self {
            addresses: Buckets::hashmap_with_clock(requests, ticks()),
            sessions: Buckets::hashmap_with_clock(requests, ticks()),
            searches: Buckets::hashmap_with_clock(searches, ticks()),
            checks: AtomicU32::new(0),
        }
    }

    /// Takes from each bucket, or tells how long to wait.
    fn check(&self, caller: &Caller) -> Result<(), (Limit, Duration)> {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS_BETWEEN_CLEANINGS == CHECKS_BETWEEN_CLEANINGS - 1 {
            self.addresses.retain_recent();
            self.sessions.retain_recent();
            self.searches.retain_recent();
        }
        let over = |limit| move |wait| (limit, wait);
        let searcher = caller.session.as_ref().filter(|_| caller.searches);
        take(&self.addresses, caller.address.as_ref()).map_err(over(Limit::Address))?;
        take(&self.sessions, caller.session.as_ref()).map_err(over(Limit::Session))?;
        take(&self.searches, searcher).map_err(over(Limit::Searches))
    }
}

fn take<K: Clone + Eq + Hash>(buckets: &Buckets<K>, key: Option<&K>) -> Result<(), Duration> {
    let Some(key) = key else {
        return Ok(());
    };
    let taken = buckets.check_key(key);
    taken.map_err(|until| until.wait_time_from(GovernorClock::now(buckets.clock())))
}

/// The service's clock, as the library wants it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    /// Since 1970.
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let milliseconds = self.0.now().unix_milliseconds();
        Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default()).into()
    }
}
