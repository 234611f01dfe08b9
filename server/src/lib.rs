//! The eligibility service: answers searches from the store, and serves the
//! built page. `main` wires it to the command line.
//!
//! A request flows one way: [`router`] → `handlers` → `domain` → [`store`].

pub mod accounts;
pub mod assets;
mod attempts;
mod audit_file;
mod candidates;
pub mod certificate;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod entropy;
mod error;
mod events;
mod extract;
pub mod generate;
mod handlers;
pub mod holidays;
pub mod http;
pub mod import;
mod institutions;
pub mod mail;
pub mod metrics;
mod openapi;
pub mod openings;
mod pairing;
pub mod passcodes;
pub mod passkeys;
pub mod password;
pub mod retention;
pub mod router;
mod session;
pub mod state;
pub mod store;
pub mod sweeping;
pub mod traces;
mod usage_reports;
mod view;
mod visual_confirmations;
