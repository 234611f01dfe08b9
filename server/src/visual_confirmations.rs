//! Acts on visual confirmations: the rules are the domain's, the transaction with its
//! audit events is here.

mod act;
mod begin;
mod end;
mod side;

pub(crate) use act::{act, may_read_a_card, stay};
pub(crate) use begin::begin;
pub(crate) use end::{end_open, sweep};
pub(crate) use side::Side;

use crate::error::ApiError;

/// Why nothing is changed.
enum Stop {
    Refused(ApiError),
    /// This was said before and is so: the answer was lost, and a page says it again.
    Said,
}

impl Stop {
    /// What was said before is answered as if it were the first time.
    fn said<T>(result: Result<T, Self>, as_then: T) -> Result<T, ApiError> {
        match result {
            Ok(value) => Ok(value),
            Err(Self::Said) => Ok(as_then),
            Err(Self::Refused(error)) => Err(error),
        }
    }
}

impl<E: Into<ApiError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}
