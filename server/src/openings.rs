//! 開放 of the emergency function: the rules are the domain's, the transaction with its
//! audit events and its timeline is here.

mod act;
mod guard;
mod request;
mod rules;
mod settle;
mod timeline;
mod wanted;

pub(crate) use act::take;
pub(crate) use guard::must_be_open;
pub(crate) use request::{parse, request};
pub use rules::{CALL_CENTRE, OpeningRules};
pub(crate) use settle::sweep;
pub(crate) use timeline::of_registration;
pub(crate) use wanted::{Wanted, reason};
