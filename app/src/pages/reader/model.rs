//! What a reader's own screen shows: a function of what the service says, how the card
//! reader is, and what was done at the screen itself. Nothing else decides.

mod after;
#[cfg(test)]
mod tests;

use domain::card_presentation::{CardFailure, CardNotice};
use domain::consent::ConsentBundle;
use protocol::http::{
    Began, CardReaderState, ReaderScreenState, Stage, VisualConfirmationId, VisualConfirmationState,
};

use crate::api::events::Freshness;
use crate::reader::{Card, CardGeneration, Status};
pub(super) use after::{Ending, ending, show_seconds};

/// Whether this browser is a reader screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registration {
    /// The service has not been asked yet, or did not answer.
    Unknown,
    /// It is none.
    No,
    /// It was one until a moment ago.
    Revoked,
    /// It is one.
    Yes,
}

/// What was done at the screen, or is being done for it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
pub(super) struct Local {
    /// 《職員用ボタン》 was pressed: the passcode is being entered.
    pub(super) is_pad_open: bool,
    /// A reader, or the thing that is the button, is being chosen.
    pub(super) is_choosing: bool,
    /// The placing that was read last, whatever came of it: it is never read again.
    pub(super) used: Option<CardGeneration>,
    /// A card is being read, or handed to the service.
    pub(super) is_reading: bool,
    /// The card was taken away before it was read.
    pub(super) was_taken: bool,
    /// The placing that the service accepted, for the visual confirmation under way.
    pub(super) accepted: Option<CardGeneration>,
    /// The patient goes on though the card is gone.
    pub(super) goes_on: bool,
    /// The visual confirmation to which the patient's answers were taken.
    pub(super) answered: Option<VisualConfirmationId>,
    /// How the last visual confirmation ended, for as long as it is shown.
    pub(super) ending: Option<Ending>,
}

impl Local {
    /// The service did not take the answers: it ended without them, if it has ended.
    pub(super) fn take_answers_back(&mut self) {
        self.answered = None;
        if self.ending == Some(Ending::Done) {
            self.ending = Some(Ending::Cancelled);
        }
    }
}

/// All that decides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) registration: Registration,
    pub(super) freshness: Freshness,
    pub(super) screen: Option<ReaderScreenState>,
    pub(super) reader: Status,
    pub(super) local: Local,
}

/// What is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum View {
    /// Nothing is known yet.
    Starting,
    /// The service has not been reached since the page was opened.
    Unreachable,
    /// This browser is to be registered; whether it was a screen before.
    Register { was_one: bool },
    /// What is known is old: nothing may be done.
    OutOfDate,
    /// The card reader can't be used.
    Trouble(Status),
    /// Staff choose the reader.
    Choose,
    /// The invitation.
    Normal { card: bool },
    /// 目視確認用パスコード.
    Passcode,
    /// 「目視で本人確認完了」, by staff at this screen.
    Confirm(VisualConfirmationId),
    /// Staff confirm at the terminal.
    StaffConfirms,
    /// Place the card; what to say of the one before.
    Place(Place),
    /// The card is being read.
    Reading,
    /// The card brought no result.
    Failed(CardFailure),
    /// The patient's answers.
    Consents {
        id: VisualConfirmationId,
        asked: Vec<ConsentBundle>,
        notice: Option<CardNotice>,
    },
    /// It has ended.
    Over { ending: Ending, card: bool },
}

/// What the invitation to place the card says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    First,
    /// The card that lies there was used: take it away.
    TakeTheOther,
    /// It was taken away too soon.
    Again,
    /// Another one, or the same once more.
    After(CardFailure),
    /// What lies there does not answer.
    Mute,
    /// Another program keeps it.
    Elsewhere,
}

impl Seen {
    /// What is shown.
    pub(super) fn view(&self) -> View {
        match (self.registration, self.freshness) {
            (Registration::No | Registration::Revoked, _) if self.local.is_choosing => {
                return View::Choose;
            }
            (Registration::No, _) => return View::Register { was_one: false },
            (Registration::Revoked, _) => return View::Register { was_one: true },
            (Registration::Unknown, Freshness::OutOfDate { .. }) => return View::Unreachable,
            (Registration::Unknown, _) => return View::Starting,
            (Registration::Yes, Freshness::OutOfDate { .. }) => return View::OutOfDate,
            (Registration::Yes, _) => {}
        }
        let Some(screen) = &self.screen else {
            return View::Starting;
        };
        if let Some(ending) = self.local.ending {
            return View::Over {
                ending,
                card: self.card() != Card::Absent,
            };
        }
        match &screen.visual_confirmation {
            None => self.at_rest(),
            Some(it) => self.under_way(it),
        }
    }

    /// The placing that is to be read now.
    pub(super) fn to_read(&self) -> Option<(VisualConfirmationId, CardGeneration)> {
        // Live only: the tick may have been taken back, and this page not know it.
        if self.freshness != Freshness::Live || self.local.is_reading {
            return None;
        }
        let it = self.visual_confirmation()?;
        match (&it.stage, self.card()) {
            (Stage::Card { .. }, Card::Present(card)) if self.local.used != Some(card) => {
                Some((it.id.clone(), card))
            }
            _ => None,
        }
    }

    /// The visual confirmation whose terminal is to be told that what lies on the reader
    /// does not answer, unless it has been: such a card has no number and can't be read.
    pub(super) fn to_refuse(&self) -> Option<VisualConfirmationId> {
        if self.freshness != Freshness::Live || self.local.is_reading || self.card() != Card::Mute {
            return None;
        }
        let it = self.visual_confirmation()?;
        match it.stage {
            Stage::Card { failure } if failure != Some(CardFailure::Unreadable) => {
                Some(it.id.clone())
            }
            _ => None,
        }
    }

    /// What the service is told of the card reader; `None` while there is nobody to tell.
    pub(super) fn report(&self) -> Option<CardReaderState> {
        if self.registration != Registration::Yes || self.freshness != Freshness::Live {
            return None;
        }
        Some(match &self.reader {
            Status::Ready {
                card: Card::Absent, ..
            } => CardReaderState::Ready,
            Status::Ready { .. } => CardReaderState::CardPresent,
            Status::Absent | Status::DeviceWanted | Status::ServiceDown => CardReaderState::Absent,
            _ => CardReaderState::Unknown,
        })
    }

    /// Whether simulated cards may be placed.
    pub(super) fn offers_simulated_cards(&self) -> bool {
        let is_demo = self.screen.as_ref().is_some_and(|screen| screen.is_demo);
        is_demo
            && matches!(
                self.reader,
                Status::Ready {
                    is_simulated: true,
                    ..
                }
            )
    }

    /// Whether the card is gone while the patient answers, and nobody has said whether to go on.
    pub(super) fn asks_about_card(&self) -> bool {
        let stage = self.visual_confirmation().map(|it| &it.stage);
        matches!(stage, Some(Stage::Consents { .. })) && self.is_card_gone() && !self.local.goes_on
    }

    /// The visual confirmation under way.
    pub(super) fn visual_confirmation(&self) -> Option<&VisualConfirmationState> {
        self.screen.as_ref()?.visual_confirmation.as_ref()
    }

    /// What is on the reader.
    pub(super) fn card(&self) -> Card {
        self.reader.card()
    }

    /// Whether this is for patients, who choose their language; else it is for staff.
    pub(super) fn is_for_patients(&self) -> bool {
        !matches!(
            self.view(),
            View::Register { .. } | View::Choose | View::Passcode | View::Confirm(_)
        )
    }

    fn at_rest(&self) -> View {
        match &self.reader {
            _ if self.local.is_choosing => View::Choose,
            _ if self.local.is_pad_open => View::Passcode,
            Status::Ready { card, .. } => View::Normal {
                card: *card != Card::Absent,
            },
            Status::Connecting => View::Starting,
            trouble => View::Trouble(trouble.clone()),
        }
    }

    fn under_way(&self, it: &VisualConfirmationState) -> View {
        match &it.stage {
            Stage::Confirmation if it.began == Began::AtTerminal => View::StaffConfirms,
            Stage::Confirmation => View::Confirm(it.id.clone()),
            Stage::Card { failure } => self.card_wanted(*failure),
            Stage::Consents { asked, notice } => View::Consents {
                id: it.id.clone(),
                asked: asked.clone(),
                notice: *notice,
            },
        }
    }

    fn card_wanted(&self, failure: Option<CardFailure>) -> View {
        if self.local.is_reading {
            return View::Reading;
        }
        let card = match &self.reader {
            Status::Ready { card, .. } => *card,
            _ if self.local.is_choosing => return View::Choose,
            Status::Connecting => return View::Starting,
            trouble => return View::Trouble(trouble.clone()),
        };
        match (card, failure) {
            (Card::Present(card), failure) if self.local.used == Some(card) => match failure {
                Some(failure) => View::Failed(failure),
                None if self.local.was_taken => View::Place(Place::Again),
                None => View::Place(Place::TakeTheOther),
            },
            // Read in a moment, unless the line is not live.
            (Card::Present(_), _) => View::Reading,
            (Card::Mute, _) => View::Place(Place::Mute),
            (Card::Elsewhere, _) => View::Place(Place::Elsewhere),
            (Card::Absent, Some(failure)) if !helps_to_place_again(failure) => {
                View::Failed(failure)
            }
            (Card::Absent, _) if self.local.was_taken => View::Place(Place::Again),
            (Card::Absent, Some(failure)) => View::Place(Place::After(failure)),
            (Card::Absent, None) => View::Place(Place::First),
        }
    }

    /// Whether the card whose certificate was accepted is not there any more.
    fn is_card_gone(&self) -> bool {
        let Some(accepted) = self.local.accepted else {
            // The page was loaded anew: it does not know which card it was.
            return false;
        };
        matches!(self.reader, Status::Ready { .. }) && self.card() != Card::Present(accepted)
    }
}

/// Whether the patient can do something about it by himself.
const fn helps_to_place_again(failure: CardFailure) -> bool {
    matches!(
        failure,
        CardFailure::Unreadable
            | CardFailure::NotAMyNumberCard
            | CardFailure::JukiCard
            | CardFailure::Phone
            | CardFailure::WrongClass
    )
}

impl View {
    /// Whether 《職員用ボタン》 is on the screen: then the thing on the desk is it, too.
    pub(super) const fn has_staff_button(&self) -> bool {
        matches!(self, Self::Normal { .. })
    }

    /// Its name on the page.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Unreachable => "unreachable",
            Self::Register { .. } => "register",
            Self::OutOfDate => "out-of-date",
            Self::Trouble(_) => "trouble",
            Self::Choose => "choose",
            Self::Normal { .. } => "normal",
            Self::Passcode => "passcode",
            Self::Confirm(_) => "confirm",
            Self::StaffConfirms => "staff-confirms",
            Self::Place(_) => "place",
            Self::Reading => "reading",
            Self::Failed(_) => "failed",
            Self::Consents { .. } => "consents",
            Self::Over { .. } => "over",
        }
    }
}
