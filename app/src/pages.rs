//! One module per page.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod eligibility;
pub(crate) mod emergency;
pub(crate) mod errors;
pub(crate) mod fallback;
pub(crate) mod lock;
pub(crate) mod log_in;
pub(crate) mod menu;
pub(crate) mod notebook;
pub(crate) mod operator;
pub(crate) mod passcodes;
pub(crate) mod passkeys;
pub(crate) mod password;
pub(crate) mod reader;
pub(crate) mod reader_screens;
pub(crate) mod readers;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod unknown;
