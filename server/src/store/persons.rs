//! How a person is kept: one packed row, clustered by what a search knows.
//!
//! The row's number begins with the day of birth and the sex, then a hash of the kana
//! ([`keys`]): a search by kana is a short range of rows. Whatever else leads to a person
//! is a hash beside it. A row stays where it was made, so a changed name costs a hash and
//! moves nothing, and its number, made unreadable ([`number`]), is the person's for ever.

mod adoption;
mod bytes;
mod card;
mod coverage;
mod fields;
mod insurers;
mod keys;
mod number;
mod person;
mod rows;
mod text;

pub(super) use adoption::pack_old_rows;
pub(super) use insurers::Insurers;
pub(super) use keys::{
    COUNT, Wanted, certificate_key, identifier_key, keys_of, keys_of_coverage, keys_of_names,
    slot_of,
};
pub(super) use number::Numbers;
pub(super) use person::Person;
pub(super) use rows::Rows;

pub(crate) use card::card;
