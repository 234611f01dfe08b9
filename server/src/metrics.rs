//! Numbers for whoever runs the service, as Prometheus reads them: how much is asked, how
//! long it takes, what waits, what is refused.
//!
//! Nothing personal, and no institution: labels are routes, statuses and other words of the
//! program's own. They are counted always, and told on an address of their own (`--metrics`).

mod labels;
mod page;
mod requests;

use std::sync::Arc;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::events::Events;
use crate::http::pressure::Pressure;
use crate::store::Store;
use labels::{OfLimit, OfOutcome, OfRequest, OfRoute, OfStage};

pub(crate) use labels::Limit;
pub use page::router;
pub(crate) use requests::count;

/// Upper bounds in seconds: from a search in memory to the longest that a request may take.
pub(crate) const SECONDS: [f64; 13] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// All numbers; clones count together.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<OfRequest, Counter>,
    seconds: Family<OfRoute, Histogram>,
    searches: Family<OfOutcome, Counter>,
    refused: Family<OfLimit, Counter>,
    openings: Family<OfStage, Gauge>,
}

impl Metrics {
    /// With what others count themselves.
    pub(crate) fn new(store: &Store, events: &Events, pressure: &Pressure) -> Self {
        let mut registry = Registry::with_prefix("shikaku");
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            searches: Family::default(),
            refused: Family::default(),
            openings: Family::default(),
        };
        metrics.register(&mut registry);
        registry.register(
            "streams",
            "Open streams of events",
            events.open_streams().clone(),
        );
        store.measures().register(&mut registry);
        pressure.register(&mut registry);
        Self {
            registry: Arc::new(registry),
            ..metrics
        }
    }

    fn register(&self, registry: &mut Registry) {
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        registry.register(
            "requests",
            "Requests that were answered",
            self.requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "From a request to the beginning of its answer",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register(
            "searches",
            "Searches that were answered",
            self.searches.clone(),
        );
        registry.register("refused", "Requests over a limit", self.refused.clone());
        registry.register(
            "openings",
            "Openings of the emergency function that are under way",
            self.openings.clone(),
        );
    }

    /// A search was answered.
    pub(crate) fn searched(&self, outcome: &'static str) {
        self.searches.get_or_create(&OfOutcome { outcome }).inc();
    }

    /// A request was refused by a limit.
    pub(crate) fn refused(&self, limit: Limit) {
        let limit = limit.code();
        self.refused.get_or_create(&OfLimit { limit }).inc();
    }
}
