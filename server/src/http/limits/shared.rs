//! Limits of accounts and institutions: they hold across servers and log-ins.

use std::time::Duration;

use super::refusal;
use crate::error::ApiError;
use crate::extract::Authenticated;
use crate::metrics::{Limit, Metrics};
use crate::store::{Allowance, Spender, Writer};

/// Searches of one account: as many as of one browser, or a new log-in would bring new ones.
const OF_ACCOUNT: Allowance = Allowance {
    at_once: 20,
    one_every: 500,
};

/// Searches of all accounts of an institution: five who do nothing else.
const OF_INSTITUTION: Allowance = Allowance {
    at_once: 100,
    one_every: 100,
};

/// Counts a search in its own transaction, or refuses it.
pub(crate) fn count_search(
    writer: &Writer<'_>,
    searcher: &Authenticated,
    metrics: &Metrics,
) -> Result<(), ApiError> {
    let account = &searcher.session.account;
    let institution = Spender::Institution(account.institution_id);
    for (spender, allowance, limit) in [
        (
            Spender::Account(account.id.number().0),
            OF_ACCOUNT,
            Limit::Account,
        ),
        (institution, OF_INSTITUTION, Limit::Institution),
    ] {
        if let Some(milliseconds) = writer.spend(spender, allowance)? {
            metrics.refused(limit);
            let wait = Duration::from_millis(milliseconds.unsigned_abs());
            return Err(refusal(wait));
        }
    }
    Ok(())
}
