//! The service from outside: requests against the real router on a real store,
//! and the program's commands as a person types them.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod accounts;
mod attempts;
mod audit;
mod authenticator;
mod card_links;
mod certificates;
mod claim_guidance;
mod commands;
mod consents_asked;
mod database;
mod desk;
mod events;
#[cfg(target_os = "linux")]
mod files;
mod filling;
mod function;
mod generated;
mod harness;
mod http;
mod import;
mod institutions;
mod limits;
mod load_balancer;
mod log;
mod mail;
mod mail_server;
mod metrics;
mod notebook;
mod openapi;
mod openings;
mod passcodes;
mod passkeys;
mod pressure;
mod privacy;
mod public_expense;
mod readers;
mod replicas;
mod roles;
mod searches;
mod session;
mod several_servers;
#[cfg(unix)]
mod stopping;
mod tls;
mod traces;
mod usage_reports;
mod visual_confirmations;
