//! What a terminal is shown.

use domain::timestamp::Timestamp;
use domain::visual_confirmation::{Route, SessionNumber};
use protocol::http::{
    CallCentre, CardReaderState, ReaderState, TerminalState, UnlinkedCard, WaitingResult,
};

use super::{OpenView, OpeningView};
use crate::events::Presence;
use crate::extract::Authenticated;
use crate::store::{Reader, RegisteredScreen, Standing, StoreError, VisualConfirmationRow};

/// Who looks.
#[derive(Clone, Copy)]
pub(crate) struct Viewer {
    session: SessionNumber,
    institution_id: i64,
    is_administrator: bool,
}

impl From<&Authenticated> for Viewer {
    fn from(somebody: &Authenticated) -> Self {
        let account = &somebody.session.account;
        Self {
            session: somebody.session_number(),
            institution_id: account.institution_id,
            is_administrator: account.role.may_manage_accounts(),
        }
    }
}

/// The state of an institution, as one session may see it.
#[derive(PartialEq, Eq)]
pub(crate) struct TerminalView {
    session: SessionNumber,
    screens: Vec<SeenScreen>,
    results: Vec<WaitingResult>,
    unlinked_cards: Vec<UnlinkedCard>,
    passcode_is_void: bool,
    opening: OpeningView,
}

#[derive(PartialEq, Eq)]
struct SeenScreen {
    screen: RegisteredScreen,
    /// `None` when it is not online.
    card_reader: Option<CardReaderState>,
    last_seen_at: Option<Timestamp>,
    open: Option<OpenView>,
}

impl TerminalView {
    pub(crate) fn read(
        reader: &Reader<'_>,
        viewer: Viewer,
        presence: &Presence,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let institution_id = viewer.institution_id;
        let results = reader.results(institution_id, now)?;
        let results = results.into_iter();
        let for_administrators = viewer.is_administrator;
        Ok(Self {
            session: viewer.session,
            screens: screens(reader, institution_id, presence, now)?,
            results: results
                .filter_map(|row| waiting(row, viewer.session, now))
                .collect(),
            unlinked_cards: if for_administrators {
                reader.unlinked_cards(institution_id, now)?
            } else {
                Vec::new()
            },
            passcode_is_void: for_administrators && reader.void_passcode(institution_id)?,
            opening: OpeningView::read(reader, institution_id, now)?,
        })
    }

    pub(crate) fn state(
        &self,
        revision: u64,
        call_centre: CallCentre,
        now: Timestamp,
    ) -> TerminalState {
        let reader = |seen: &SeenScreen| ReaderState {
            id: seen.screen.id.clone(),
            name: seen.screen.name.clone(),
            is_online: seen.card_reader.is_some(),
            last_seen_at: seen.last_seen_at,
            card_reader: seen.card_reader.unwrap_or_default(),
            visual_confirmation: seen
                .open
                .as_ref()
                .map(|open| open.state(Some(self.session), now)),
        };
        TerminalState {
            revision,
            readers: self.screens.iter().map(reader).collect(),
            results: self.results.clone(),
            unlinked_cards: self.unlinked_cards.clone(),
            passcode_is_void: self.passcode_is_void,
            opening: self.opening.state(call_centre),
        }
    }
}

fn screens(
    reader: &Reader<'_>,
    institution_id: i64,
    presence: &Presence,
    now: Timestamp,
) -> Result<Vec<SeenScreen>, StoreError> {
    let mut rows = reader.open_visual_confirmations(institution_id)?;
    let mut seen = Vec::new();
    for screen in reader.reader_screens(institution_id)? {
        let row = rows.iter().position(|row| row.screen == screen.number);
        let open = match row.map(|index| rows.swap_remove(index)) {
            Some(row) => OpenView::read(reader, row, now)?,
            None => None,
        };
        let card_reader = presence.card_reader(screen.number);
        let left_at = presence.left_at(screen.number).or(screen.last_seen_at);
        seen.push(SeenScreen {
            last_seen_at: left_at.filter(|_| card_reader.is_none()),
            card_reader,
            screen: RegisteredScreen {
                // Noted meanwhile, which is no news.
                last_seen_at: None,
                ..screen
            },
            open,
        });
    }
    Ok(seen)
}

/// A result that a session may open.
fn waiting(
    row: VisualConfirmationRow,
    session: SessionNumber,
    now: Timestamp,
) -> Option<WaitingResult> {
    let Standing::Completed(completed) = row.standing else {
        return None;
    };
    if !completed.is_for(session, now) {
        return None;
    }
    Some(WaitingResult {
        id: row.id,
        reader_name: row.screen_name,
        at: completed.at(),
        is_own: matches!(completed.begun().route, Route::Terminal { .. }),
        is_opened: completed.is_opened(),
    })
}
