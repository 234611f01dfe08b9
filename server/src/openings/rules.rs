//! What the service was told of the call centre and of openings.

use domain::date::Date;
use domain::opening::{DEFAULT_HOURS, EmailAddress};
use domain::reception::{Reception, ReceptionHours};
use domain::timestamp::Timestamp;
use protocol::http::CallCentre;

/// オンライン資格確認等コールセンター (source document, 【注記】).
pub const CALL_CENTRE: &str = "0800-080-4583";

/// What the service was told.
#[derive(Debug, Clone)]
pub struct OpeningRules {
    /// The call centre's telephone number, as it is printed.
    pub telephone: String,
    /// When somebody answers there.
    pub hours: ReceptionHours,
    /// For how many hours the function is opened unless the operator says otherwise.
    pub usual_hours: u32,
    /// Where report forms come from and reports go to; without it no form can be sent.
    pub report_address: Option<EmailAddress>,
}

impl Default for OpeningRules {
    fn default() -> Self {
        Self {
            telephone: CALL_CENTRE.to_owned(),
            hours: ReceptionHours::default(),
            usual_hours: DEFAULT_HOURS,
            report_address: None,
        }
    }
}

impl OpeningRules {
    /// The call centre, as terminals show it.
    pub(crate) fn call_centre(&self, now: Timestamp) -> CallCentre {
        let (is_open, changes_at) = match self.hours.at(now, is_holiday) {
            Reception::Open { until } => (true, Some(until)),
            Reception::Closed { opens_at } => (false, opens_at),
        };
        CallCentre {
            telephone: self.telephone.clone(),
            hours: self.hours.text(),
            is_open,
            changes_at,
        }
    }
}

/// No day is, as long as no calendar is at hand.
const fn is_holiday(_: Date) -> bool {
    false
}
