//! What may happen to a visual confirmation, from whom, and what comes of it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    AccountNumber, Begun, Completed, Confirmed, PersonNumber, Presented, Requested, Route,
    SessionNumber, VisualConfirmation,
};
use crate::card_presentation::{CardFailure, CardNotice};
use crate::consent::{ConsentAnswer, ConsentBundle, answer_all};
use crate::timestamp::Timestamp;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Somebody logged in at a terminal of the institution.
    Terminal {
        /// Who.
        account: AccountNumber,
        /// Where.
        session: SessionNumber,
    },
    /// Somebody at the reader's own screen.
    ReaderScreen,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// 「目視で本人確認完了」.
    Confirm(Party),
    /// The tick is taken back.
    Withdraw(Party),
    /// 「続けて目視確認」, switched on or off.
    Follow(Party, bool),
    /// Somebody is still there.
    Stay(Party),
    /// The card was accepted: it is somebody's.
    CardAccepted(PersonNumber, Option<CardNotice>),
    /// The card was not accepted.
    CardRefused(CardFailure),
    /// What the patient said, and what the institution asks.
    Answer(Vec<ConsentAnswer>, Vec<ConsentBundle>),
    /// Somebody stops.
    Cancel(Party),
}

/// A visual confirmation that holds its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// Waits for staff.
    Requested(VisualConfirmation<Requested>),
    /// Waits for the card.
    Confirmed(VisualConfirmation<Confirmed>),
    /// Waits for the patient's answers.
    Presented(VisualConfirmation<Presented>),
}

/// What comes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It goes on.
    Open(Open),
    /// It is done.
    Completed(Completed),
    /// Somebody stopped it.
    Cancelled(Party),
}

/// Why an event was refused; nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nothing happened for too long.
    #[error("操作がなかったため、目視確認を終了しました")]
    Expired,
    /// It was begun elsewhere, and is confirmed there.
    #[error("この目視確認は、始めた端末または読取画面で操作してください")]
    OfAnother,
    /// The card came before the confirmation.
    #[error("先に「目視で本人確認完了」を確認してください")]
    NotConfirmed,
    /// It was confirmed already.
    #[error("本人確認は完了しています")]
    AlreadyConfirmed,
    /// The card was accepted already.
    #[error("カードはすでに読み取っています")]
    AlreadyPresented,
    /// No card was accepted yet.
    #[error("カードをまだ読み取っていません")]
    NotPresented,
    /// An answer is missing, or was not asked for.
    #[error("同意の回答が、たずねた項目と合いません")]
    OtherQuestions,
    /// 「続けて目視確認」 is the terminal's.
    #[error("「続けて目視確認」は端末から始めたときに利用できます")]
    ForOnePatient,
    /// The result is another session's, or its time is over.
    #[error("この結果は表示できません。目視確認からやり直してください")]
    ResultOfAnother,
}

impl Open {
    /// Begins one.
    pub const fn begin(route: Route, now: Timestamp) -> Self {
        Self::Requested(VisualConfirmation::begin(route, now))
    }

    /// How it began.
    pub const fn begun(&self) -> Begun {
        match self {
            Self::Requested(it) => it.begun(),
            Self::Confirmed(it) => it.begun(),
            Self::Presented(it) => it.begun(),
        }
    }

    /// Whether the next patient's begins when this one ends.
    pub const fn is_followed(&self) -> bool {
        match self {
            Self::Requested(it) => it.is_followed(),
            Self::Confirmed(it) => it.is_followed(),
            Self::Presented(it) => it.is_followed(),
        }
    }

    /// From when on it is over if nobody does anything.
    pub const fn expires_at(&self) -> Timestamp {
        match self {
            Self::Requested(it) => it.expires_at(),
            Self::Confirmed(it) => it.expires_at(),
            Self::Presented(it) => it.expires_at(),
        }
    }

    /// Whether it is over, because nobody did anything.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at() <= now
    }

    /// What comes of an event.
    pub fn apply(self, event: Event, now: Timestamp) -> Result<Next, Refusal> {
        if self.is_expired(now) {
            return Err(Refusal::Expired);
        }
        match event {
            Event::Confirm(by) => self.confirm(by, now).map(Next::Open),
            Event::Withdraw(by) => self.withdraw(by, now).map(Next::Open),
            Event::Follow(by, is_followed) => self.follow(by, is_followed, now).map(Next::Open),
            Event::Stay(by) => self.stay(by, now).map(Next::Open),
            Event::CardAccepted(person, notice) => self.accept(person, notice, now).map(Next::Open),
            Event::CardRefused(failure) => self.refuse(failure, now).map(Next::Open),
            Event::Answer(answers, asked) => {
                self.answer(&answers, &asked, now).map(Next::Completed)
            }
            // Whoever is there may stop it: that only closes doors.
            Event::Cancel(by) => Ok(Next::Cancelled(by)),
        }
    }

    fn confirm(self, by: Party, now: Timestamp) -> Result<Self, Refusal> {
        self.must_be_of(by)?;
        match self {
            Self::Requested(it) => Ok(Self::Confirmed(it.confirm(by, now))),
            Self::Confirmed(_) => Err(Refusal::AlreadyConfirmed),
            Self::Presented(_) => Err(Refusal::AlreadyPresented),
        }
    }

    fn withdraw(self, by: Party, now: Timestamp) -> Result<Self, Refusal> {
        self.must_be_of(by)?;
        match self {
            Self::Requested(_) => Err(Refusal::NotConfirmed),
            Self::Confirmed(it) => Ok(Self::Requested(it.withdraw(now))),
            Self::Presented(_) => Err(Refusal::AlreadyPresented),
        }
    }

    fn follow(self, by: Party, is_followed: bool, now: Timestamp) -> Result<Self, Refusal> {
        self.must_be_of(by)?;
        if let Route::Reader { .. } = self.begun().route {
            return Err(Refusal::ForOnePatient);
        }
        Ok(match self {
            Self::Requested(it) => Self::Requested(it.followed(is_followed).noting(now)),
            Self::Confirmed(it) => Self::Confirmed(it.followed(is_followed).noting(now)),
            Self::Presented(it) => Self::Presented(it.followed(is_followed).noting(now)),
        })
    }

    /// The patient at the screen keeps it open as well as who began it.
    fn stay(self, by: Party, now: Timestamp) -> Result<Self, Refusal> {
        if by != Party::ReaderScreen {
            self.must_be_of(by)?;
        }
        Ok(match self {
            Self::Requested(it) => Self::Requested(it.noting(now)),
            Self::Confirmed(it) => Self::Confirmed(it.noting(now)),
            Self::Presented(it) => Self::Presented(it.noting(now)),
        })
    }

    fn accept(
        self,
        person: PersonNumber,
        notice: Option<CardNotice>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) => Err(Refusal::NotConfirmed),
            Self::Confirmed(it) => Ok(Self::Presented(it.accept(person, notice, now))),
            Self::Presented(_) => Err(Refusal::AlreadyPresented),
        }
    }

    fn refuse(self, failure: CardFailure, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) => Err(Refusal::NotConfirmed),
            Self::Confirmed(it) => Ok(Self::Confirmed(it.refuse(failure, now))),
            Self::Presented(_) => Err(Refusal::AlreadyPresented),
        }
    }

    fn answer(
        self,
        answers: &[ConsentAnswer],
        asked: &[ConsentBundle],
        now: Timestamp,
    ) -> Result<Completed, Refusal> {
        match self {
            Self::Presented(it) if answer_all(answers, asked) => Ok(it.complete(answers, now)),
            Self::Presented(_) => Err(Refusal::OtherQuestions),
            Self::Requested(_) | Self::Confirmed(_) => Err(Refusal::NotPresented),
        }
    }

    /// Of the terminal route, the log-in that began it; of the reader route, whoever
    /// stands at the screen, who has entered the passcode.
    fn must_be_of(self, party: Party) -> Result<(), Refusal> {
        let is_theirs = match (self.begun().route, party) {
            (Route::Terminal { session: began, .. }, Party::Terminal { session, .. }) => {
                began == session
            }
            (Route::Reader { .. }, Party::ReaderScreen) => true,
            (Route::Terminal { .. }, Party::ReaderScreen)
            | (Route::Reader { .. }, Party::Terminal { .. }) => false,
        };
        if is_theirs {
            Ok(())
        } else {
            Err(Refusal::OfAnother)
        }
    }
}
