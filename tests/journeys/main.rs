//! Journeys in a real browser against the real programs.
//!
//! One binary, a module per journey; each test has a service and a browser of
//! its own.

mod accessibility;
mod accounts;
mod audit;
mod claim_guidance;
mod direct_choice;
mod direct_mishaps;
mod direct_pages;
mod direct_routes;
mod eligibility;
mod fakes;
mod keyboard;
mod lock;
mod log_in;
#[path = "../../server/tests/api/mail_server.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the API's tests need more of it, and fail by it"
)]
mod mail_server;
mod mishaps;
mod notebook;
mod notebook_export;
mod notebook_time;
mod notebook_update;
mod opening;
mod opening_story;
mod opening_time;
mod operator;
mod operator_many;
mod parts;
mod passkeys;
#[cfg(target_os = "linux")]
mod pcsc;
#[cfg(target_os = "linux")]
mod policies;
mod privacy;
mod reader_choice;
mod reader_mishaps;
mod reader_routes;
mod reader_screens;
mod report_mail;
mod rules;
mod screens;
mod story;
mod visual_administration;
mod visual_passcode;
mod visual_screens;
mod visual_terminal;
