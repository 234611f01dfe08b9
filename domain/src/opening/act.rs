//! What may be done to an opening, by whom, and what comes of it.

use thiserror::Error;

use super::{CallBack, ContactName, EmailAddress, MOST_HOURS, Opening, Requested, Step, Telephone};
use crate::timestamp::Timestamp;

const SECONDS_PER_HOUR: i64 = 3600;

/// Which side does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// 医療機関・薬局, by an administrator.
    Institution,
    /// 実施機関.
    Operator,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// 「電話確認を記録」: the registered number was called.
    CallBack {
        /// Who was spoken to.
        spoken_to: ContactName,
        /// The registered number, from the register and nowhere else.
        telephone: Telephone,
    },
    /// 「利用報告書を送付」.
    SendForm {
        /// Where it comes from.
        from: EmailAddress,
        /// Where it goes.
        to: EmailAddress,
    },
    /// 「開放する」.
    Open {
        /// For how many hours: 1 to [`MOST_HOURS`].
        hours: u32,
    },
    /// 「延長する」.
    Extend {
        /// By how many hours; the new end is at most [`MOST_HOURS`] from now.
        hours: u32,
    },
    /// 「終了する」.
    End {
        /// Why.
        reason: String,
    },
    /// 「却下する」.
    Refuse {
        /// Why.
        reason: String,
    },
    /// 「取り下げる」.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// 「利用報告書を提出」.
    HandIn,
    /// 「受領する」.
    Acknowledge,
}

/// Why an act was refused; nothing changed. `Display` is the text for the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It is the other side's to do.
    #[error("この操作は{}が行います", .0.label())]
    OfOtherSide(Side),
    /// The call back is missing.
    #[error("先に「電話確認を記録」してください")]
    NotCalledBack,
    /// The report form is missing.
    #[error("先に「利用報告書を送付」してください")]
    FormNotSent,
    /// It is not open yet.
    #[error("まだ開放していません")]
    NotOpened,
    /// It is open, or was.
    #[error("すでに開放しています")]
    AlreadyOpened,
    /// The step was taken already.
    #[error("この手順はすでに済んでいます")]
    AlreadyDone,
    /// It has not ended: the report comes afterwards.
    #[error("利用報告書は、開放が終了してから提出できます")]
    NotEnded,
    /// No report to acknowledge.
    #[error("利用報告書がまだ提出されていません")]
    NotHandedIn,
    /// It is over, or was refused or withdrawn.
    #[error("この申請は終了しています。必要なときは、あらためて申請してください")]
    Over,
    /// Too short or too long.
    #[error("開放する時間は1時間から{MOST_HOURS}時間までです")]
    Hours,
}

impl Side {
    /// Its name on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Institution => "医療機関・薬局",
            Self::Operator => "実施機関",
        }
    }
}

impl Act {
    /// Who may do it. The institution's own request is withdrawn by either side: by telephone,
    /// too.
    const fn side(&self) -> Option<Side> {
        match self {
            Self::HandIn => Some(Side::Institution),
            Self::Withdraw { .. } => None,
            _ => Some(Side::Operator),
        }
    }
}

impl Opening {
    /// What comes of an act.
    pub fn apply(self, act: Act, side: Side, step: Step) -> Result<Self, Refusal> {
        if let Some(whose) = act.side()
            && whose != side
        {
            return Err(Refusal::OfOtherSide(whose));
        }
        let now = step.at;
        let it = self.at(now);
        match act {
            Act::CallBack {
                spoken_to,
                telephone,
            } => {
                let call_back = CallBack {
                    spoken_to,
                    telephone,
                };
                it.call_back(call_back, step)
            }
            Act::SendForm { from, to } => it.send_form(from, to, step),
            Act::Open { hours } => it.open(end(now, now, hours)?, step),
            Act::Extend { hours } => it.extend(hours, now),
            Act::End { reason } => it.end(step, reason),
            Act::Refuse { reason } => {
                let before = it.before_opening()?;
                Ok(Self::Refused(before.refuse(reason, step)))
            }
            Act::Withdraw { reason } => {
                let before = it.before_opening()?;
                Ok(Self::Withdrawn(before.withdraw(reason, step)))
            }
            Act::HandIn => it.hand_in(step),
            Act::Acknowledge => it.acknowledge(step),
        }
    }

    fn call_back(self, call_back: CallBack, step: Step) -> Result<Self, Refusal> {
        match self {
            Self::Requested(it) => Ok(Self::CalledBack(it.call_back(call_back, step))),
            Self::CalledBack(_) | Self::FormSent(_) => Err(Refusal::AlreadyDone),
            Self::Opened(_) => Err(Refusal::AlreadyOpened),
            _ => Err(Refusal::Over),
        }
    }

    fn send_form(self, from: EmailAddress, to: EmailAddress, step: Step) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) => Err(Refusal::NotCalledBack),
            Self::CalledBack(it) => Ok(Self::FormSent(it.send_form(from, to, step))),
            Self::FormSent(_) => Err(Refusal::AlreadyDone),
            Self::Opened(_) => Err(Refusal::AlreadyOpened),
            _ => Err(Refusal::Over),
        }
    }

    fn open(self, ends_at: Timestamp, step: Step) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) => Err(Refusal::NotCalledBack),
            Self::CalledBack(_) => Err(Refusal::FormNotSent),
            Self::FormSent(it) => Ok(Self::Opened(it.open(ends_at, step))),
            Self::Opened(_) => Err(Refusal::AlreadyOpened),
            _ => Err(Refusal::Over),
        }
    }

    fn extend(self, hours: u32, now: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) | Self::CalledBack(_) | Self::FormSent(_) => Err(Refusal::NotOpened),
            Self::Opened(it) => {
                let ends_at = end(it.period.ends_at, now, hours)?;
                Ok(Self::Opened(it.extend(ends_at)))
            }
            _ => Err(Refusal::Over),
        }
    }

    fn end(self, step: Step, reason: String) -> Result<Self, Refusal> {
        match self {
            Self::Requested(_) | Self::CalledBack(_) | Self::FormSent(_) => Err(Refusal::NotOpened),
            Self::Opened(it) => Ok(Self::Ended(it.end(step, reason))),
            _ => Err(Refusal::Over),
        }
    }

    fn before_opening(self) -> Result<Requested, Refusal> {
        match self {
            Self::Requested(it) => Ok(it),
            Self::CalledBack(it) => Ok(it.requested),
            Self::FormSent(it) => Ok(it.called_back.requested),
            Self::Opened(_) => Err(Refusal::AlreadyOpened),
            _ => Err(Refusal::Over),
        }
    }

    fn hand_in(self, step: Step) -> Result<Self, Refusal> {
        match self {
            Self::Ended(it) => Ok(Self::HandedIn(it.hand_in(step))),
            Self::HandedIn(_) | Self::Acknowledged(_) => Err(Refusal::AlreadyDone),
            Self::Refused(_) | Self::Withdrawn(_) => Err(Refusal::Over),
            _ => Err(Refusal::NotEnded),
        }
    }

    fn acknowledge(self, step: Step) -> Result<Self, Refusal> {
        match self {
            Self::HandedIn(it) => Ok(Self::Acknowledged(it.acknowledge(step))),
            Self::Acknowledged(_) => Err(Refusal::AlreadyDone),
            Self::Refused(_) | Self::Withdrawn(_) => Err(Refusal::Over),
            _ => Err(Refusal::NotHandedIn),
        }
    }
}

/// So many hours after a moment, if that is not too far from now.
fn end(from: Timestamp, now: Timestamp, hours: u32) -> Result<Timestamp, Refusal> {
    let latest = now.plus_seconds(i64::from(MOST_HOURS) * SECONDS_PER_HOUR);
    let ends_at = from.plus_seconds(i64::from(hours) * SECONDS_PER_HOUR);
    if hours == 0 || ends_at > latest {
        return Err(Refusal::Hours);
    }
    Ok(ends_at)
}
