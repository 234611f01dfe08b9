//! What numbers are told apart by: words of the program's own, so few.

use axum::http::Method;
use prometheus_client::encoding::EncodeLabelSet;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfRequest {
    pub(super) method: &'static str,
    /// A template, never an address.
    pub(super) route: String,
    pub(super) status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfRoute {
    pub(super) route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfOutcome {
    pub(super) outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfStage {
    pub(super) stage: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct OfLimit {
    pub(super) limit: &'static str,
}

/// Why a request was refused before anything was done for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Too many of one address.
    Address,
    /// Too many of one browser.
    Session,
    /// Too many searches of one browser.
    Searches,
    /// Too many searches of one account, on all servers.
    Account,
    /// Too many searches of one institution, on all servers.
    Institution,
    /// More is in work and waits than can be done in time.
    Work,
    /// More passwords wait than can be checked in time.
    LogIns,
}

impl Limit {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Session => "session",
            Self::Searches => "searches",
            Self::Account => "account",
            Self::Institution => "institution",
            Self::Work => "work",
            Self::LogIns => "log_ins",
        }
    }
}

/// The method's name, if it is one of those that anybody uses: a caller must not be able to
/// make up series.
pub(super) fn name_of(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::PATCH,
    ];
    const NAMES: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"];
    let place = KNOWN.iter().position(|known| known == method);
    place.map_or("other", |place| NAMES[place])
}
