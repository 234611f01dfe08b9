//! The stages, each made of the one before it, and the transitions between them.

use serde::{Deserialize, Serialize};

use super::{Cause, ContactName, EmailAddress, Telephone};
use crate::timestamp::Timestamp;
use crate::visual_confirmation::AccountNumber;

/// Who took a step, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whose account.
    pub by: AccountNumber,
    /// When.
    pub at: Timestamp,
}

/// An opening, at whichever stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// 申請: waits for the call back.
    Requested(Requested),
    /// 電話確認: waits for the report form.
    CalledBack(CalledBack),
    /// 利用報告書送付: waits to be opened.
    FormSent(FormSent),
    /// 開放: the function can be used until the end of the period.
    Opened(Opened),
    /// 終了: the report is due.
    Ended(Ended),
    /// 利用報告書提出: waits to be acknowledged.
    HandedIn(HandedIn),
    /// 受領: all is done.
    Acknowledged(Acknowledged),
    /// The operator refused.
    Refused(Refused),
    /// The institution does not want it any more.
    Withdrawn(Withdrawn),
}

/// 利用申請, as it was made. The institution is the store's to know: it is looked up in the
/// register, never taken from the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// 担当者名.
    pub contact: ContactName,
    /// Why the function is wanted.
    pub cause: Cause,
    /// What else there is to say.
    pub remark: Option<String>,
    /// Whether an operator entered it, who took the call.
    pub is_by_telephone: bool,
}

/// 申請.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// What was asked for.
    pub request: Request,
    /// Who entered it.
    pub step: Step,
}

/// 電話確認: the institution was called at its registered number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBack {
    /// Who was spoken to.
    pub spoken_to: ContactName,
    /// The number of the 保険医療機関届 at that time.
    pub telephone: Telephone,
}

/// 電話確認済み.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledBack {
    /// The stage before.
    pub requested: Requested,
    /// The call.
    pub call_back: CallBack,
    /// Who recorded it.
    pub step: Step,
}

/// 利用報告書送付済み.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSent {
    /// The stage before.
    pub called_back: CalledBack,
    /// Where the form came from: there the report goes.
    pub from: EmailAddress,
    /// Where the form went.
    pub to: EmailAddress,
    /// Who sent it.
    pub step: Step,
}

/// From when to when the function is open: from the first moment on, up to but not at the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first moment.
    pub starts_at: Timestamp,
    /// The moment at which it is closed.
    pub ends_at: Timestamp,
}

/// 開放中, or past its end and not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The stage before.
    pub form_sent: FormSent,
    /// How long.
    pub period: Period,
    /// Who opened it.
    pub step: Step,
}

/// How an opening ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// 終了: an operator did it.
    Operator {
        /// Who and when.
        step: Step,
        /// Why.
        reason: String,
    },
    /// 自動終了: its time was over.
    Time,
}

/// 終了: nobody can search any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The stage before; its period ends when it really ended.
    pub opened: Opened,
    /// How.
    pub by: EndedBy,
}

/// 利用報告書提出済み.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedIn {
    /// The stage before.
    pub ended: Ended,
    /// Who handed it in.
    pub step: Step,
}

/// 受領済み.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The stage before.
    pub handed_in: HandedIn,
    /// Who acknowledged it.
    pub step: Step,
}

/// 却下.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was asked for.
    pub requested: Requested,
    /// Why not.
    pub reason: String,
    /// Who refused.
    pub step: Step,
}

/// 取下げ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// What was asked for.
    pub requested: Requested,
    /// Why not any more.
    pub reason: String,
    /// Who withdrew it.
    pub step: Step,
}

impl Requested {
    pub(super) const fn call_back(self, call_back: CallBack, step: Step) -> CalledBack {
        CalledBack {
            requested: self,
            call_back,
            step,
        }
    }

    pub(super) const fn refuse(self, reason: String, step: Step) -> Refused {
        Refused {
            requested: self,
            reason,
            step,
        }
    }

    pub(super) const fn withdraw(self, reason: String, step: Step) -> Withdrawn {
        Withdrawn {
            requested: self,
            reason,
            step,
        }
    }
}

impl CalledBack {
    pub(super) const fn send_form(
        self,
        from: EmailAddress,
        to: EmailAddress,
        step: Step,
    ) -> FormSent {
        FormSent {
            called_back: self,
            from,
            to,
            step,
        }
    }
}

impl FormSent {
    pub(super) const fn open(self, ends_at: Timestamp, step: Step) -> Opened {
        Opened {
            form_sent: self,
            period: Period {
                starts_at: step.at,
                ends_at,
            },
            step,
        }
    }
}

impl Opened {
    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.period.ends_at <= now
    }

    pub(super) const fn extend(mut self, ends_at: Timestamp) -> Self {
        self.period.ends_at = ends_at;
        self
    }

    pub(super) const fn end(mut self, step: Step, reason: String) -> Ended {
        self.period.ends_at = step.at;
        Ended {
            opened: self,
            by: EndedBy::Operator { step, reason },
        }
    }

    pub(super) const fn end_by_time(self) -> Ended {
        Ended {
            opened: self,
            by: EndedBy::Time,
        }
    }
}

impl Ended {
    pub(super) const fn hand_in(self, step: Step) -> HandedIn {
        HandedIn { ended: self, step }
    }
}

impl HandedIn {
    pub(super) const fn acknowledge(self, step: Step) -> Acknowledged {
        Acknowledged {
            handed_in: self,
            step,
        }
    }
}

impl Opening {
    /// Begins one.
    pub const fn request(request: Request, step: Step) -> Self {
        Self::Requested(Requested { request, step })
    }

    /// As it stands now: an opening whose time is over has ended, whether or not anybody looked.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self {
            Self::Opened(it) if it.is_over(now) => Self::Ended(it.end_by_time()),
            other => other,
        }
    }

    /// Whether the function can be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self, Self::Opened(it) if !it.is_over(now))
    }

    /// Whether it is on its way to being open, or is: then no other can be asked for.
    pub fn is_under_way(&self, now: Timestamp) -> bool {
        match self {
            Self::Requested(_) | Self::CalledBack(_) | Self::FormSent(_) => true,
            Self::Opened(it) => !it.is_over(now),
            _ => false,
        }
    }

    /// The request that it began with.
    pub const fn requested(&self) -> &Requested {
        match self {
            Self::Requested(it) => it,
            Self::Refused(it) => &it.requested,
            Self::Withdrawn(it) => &it.requested,
            Self::CalledBack(it) => &it.requested,
            Self::FormSent(it) => &it.called_back.requested,
            Self::Opened(it) => &it.form_sent.called_back.requested,
            Self::Ended(it) => &it.opened.form_sent.called_back.requested,
            Self::HandedIn(it) => &it.ended.opened.form_sent.called_back.requested,
            Self::Acknowledged(it) => &it.handed_in.ended.opened.form_sent.called_back.requested,
        }
    }

    /// The call back, once it was recorded.
    pub const fn called_back(&self) -> Option<&CalledBack> {
        match self {
            Self::CalledBack(it) => Some(it),
            _ => match self.form_sent() {
                Some(it) => Some(&it.called_back),
                None => None,
            },
        }
    }

    /// The report form, once it was sent.
    pub const fn form_sent(&self) -> Option<&FormSent> {
        match self {
            Self::FormSent(it) => Some(it),
            _ => match self.opened() {
                Some(it) => Some(&it.form_sent),
                None => None,
            },
        }
    }

    /// The time in which the function was open, once it was opened.
    pub const fn opened(&self) -> Option<&Opened> {
        match self {
            Self::Opened(it) => Some(it),
            _ => match self.ended() {
                Some(it) => Some(&it.opened),
                None => None,
            },
        }
    }

    /// How it ended, once it has.
    pub const fn ended(&self) -> Option<&Ended> {
        match self {
            Self::Ended(it) => Some(it),
            Self::HandedIn(it) => Some(&it.ended),
            Self::Acknowledged(it) => Some(&it.handed_in.ended),
            _ => None,
        }
    }
}
