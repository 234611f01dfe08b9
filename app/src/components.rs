//! Parts that several pages are made of.

pub(crate) mod breadcrumbs;
pub(crate) mod dialog;
pub(crate) mod field;
pub(crate) mod header;
pub(crate) mod heading;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod notice;
pub(crate) mod problem;
pub(crate) mod waiting;
