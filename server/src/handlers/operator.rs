//! `/api/operator`: what the 実施機関 does.

pub(crate) mod bulk;
pub(crate) mod institutions;
pub(crate) mod openings;
