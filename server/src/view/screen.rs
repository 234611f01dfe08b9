//! What a reader's own screen is shown.

use domain::timestamp::Timestamp;
use protocol::http::ReaderScreenState;

use super::OpenView;
use crate::store::{Reader, RegisteredScreen, StoreError};

/// The state of a screen.
#[derive(PartialEq, Eq)]
pub(crate) struct ScreenView {
    name: String,
    institution_name: String,
    open: Option<OpenView>,
}

impl ScreenView {
    pub(crate) fn read(
        reader: &Reader<'_>,
        screen: &RegisteredScreen,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let open = match reader.open_visual_confirmation(screen.number)? {
            Some(row) => OpenView::read(reader, row, now)?,
            None => None,
        };
        Ok(Self {
            name: screen.name.clone(),
            institution_name: screen.institution_name.clone(),
            open,
        })
    }

    pub(crate) fn state(&self, revision: u64, is_demo: bool, now: Timestamp) -> ReaderScreenState {
        ReaderScreenState {
            revision,
            name: self.name.clone(),
            institution_name: self.institution_name.clone(),
            is_demo,
            visual_confirmation: self.open.as_ref().map(|open| open.state(None, now)),
        }
    }
}
