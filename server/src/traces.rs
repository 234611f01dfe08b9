//! Traces for whoever runs the service: where the time of a request goes, sent to an
//! OpenTelemetry collector. Only when one is named.
//!
//! They tell routes, statuses, numbers of sessions and whether it was the store that took long:
//! what the log tells too, and nothing personal. Parts of other programs are left out, because
//! their words are not ours.

mod client;

use std::str::FromStr;
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use thiserror::Error;
use tokio::runtime::Handle;
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use client::Client;

/// The longest that the collector may take over what it is sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// What stands before the names of this program's parts.
const OWN: &str = "server";

/// Where traces go: an `http://` address of OTLP, without the path of the signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector(Url);

/// Why an address is no collector's.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum InvalidCollector {
    /// Not the form of an address.
    #[error("no address; it is like http://127.0.0.1:4318")]
    NoAddress,
    /// Another way than HTTP.
    #[error(
        "only http:// is spoken; a collector beside the server passes traces on over TLS or gRPC"
    )]
    NotHttp,
    /// A name and a password in it would get into what is logged of it.
    #[error("no user, no password and no query; a collector beside the server knows those")]
    Secret,
}

impl FromStr for Collector {
    type Err = InvalidCollector;

    fn from_str(text: &str) -> Result<Self, InvalidCollector> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidCollector::NoAddress)?;
        if url.scheme() != "http" {
            return Err(InvalidCollector::NotHttp);
        }
        let has_secret = !url.username().is_empty() || url.password().is_some();
        if has_secret || url.query().is_some() {
            return Err(InvalidCollector::Secret);
        }
        Ok(Self(url))
    }
}

impl Collector {
    /// Where spans are sent to.
    fn spans(&self) -> String {
        [self.0.as_str().trim_end_matches('/'), "/v1/traces"].concat()
    }
}

/// Why there are no traces.
#[derive(Debug, Error)]
#[error("traces can't be sent: {0}")]
pub struct TracesError(#[from] opentelemetry_otlp::ExporterBuildError);

/// Traces that are being sent, some at a time and by a thread of their own: no request waits for
/// the collector. When it is away or slow, they are lost.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// To a collector, by connections of this runtime.
    pub fn to(collector: &Collector, runtime: Handle) -> Result<Self, TracesError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client::new(runtime, PATIENCE))
            .with_endpoint(collector.spans())
            .with_timeout(PATIENCE)
            .build()?;
        // `OTEL_RESOURCE_ATTRIBUTES` may say more: which server of several this is.
        let resource = Resource::builder()
            .with_service_name("shikaku-server")
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    /// What hears of spans.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(OWN))
            .with_location(false)
            .with_threads(false)
            .with_filter(Targets::new().with_target(OWN, Level::INFO))
    }

    /// Sends what is left, which takes [`PATIENCE`] at most. Not on a thread of the runtime that
    /// sends: it blocks.
    pub fn end(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_an_address_without_secrets() {
        for (text, expected) in [
            (
                "http://127.0.0.1:4318",
                Ok("http://127.0.0.1:4318/v1/traces"),
            ),
            (
                "http://collector/otlp/",
                Ok("http://collector/otlp/v1/traces"),
            ),
            ("http://[::1]:4318", Ok("http://[::1]:4318/v1/traces")),
            ("", Err(InvalidCollector::NoAddress)),
            ("127.0.0.1:4318", Err(InvalidCollector::NoAddress)),
            ("localhost:4318", Err(InvalidCollector::NotHttp)),
            ("https://collector:4318", Err(InvalidCollector::NotHttp)),
            ("http://user@collector", Err(InvalidCollector::Secret)),
            ("http://collector/?key=1", Err(InvalidCollector::Secret)),
        ] {
            let parsed = text.parse::<Collector>().map(|collector| collector.spans());
            assert_eq!(parsed, expected.map(str::to_owned), "{text}");
        }
    }
}
