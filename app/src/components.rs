//! Parts that several pages are made of.

pub(crate) mod allowed;
pub(crate) mod breadcrumbs;
pub(crate) mod calendar;
pub(crate) mod card_notice;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod expiry;
pub(crate) mod field;
pub(crate) mod footer;
pub(crate) mod header;
pub(crate) mod heading;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod live;
pub(crate) mod modal;
pub(crate) mod notice;
pub(crate) mod panel;
pub(crate) mod part;
pub(crate) mod problem;
pub(crate) mod reader_part;
pub(crate) mod retry;
pub(crate) mod to_notebook;
pub(crate) mod toast;
pub(crate) mod update;
pub(crate) mod void_passcode;
pub(crate) mod waiting;
