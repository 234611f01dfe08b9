//! 開放: what the institution sees and asks for, and what the operator sees and does.

use std::str::FromStr;

use domain::account::UserId;
use domain::identifier::MedicalInstitutionCode;
use domain::opening::{Cause, ContactName, EmailAddress, Opening, Telephone};
use domain::timestamp::Timestamp;
use domain::usage_report::{UsageByUser, UsageDay, UsageReportFields};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::OpeningId;

/// Where things stand for an institution: a part of what its terminals follow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningState {
    /// Whom to call, and when.
    pub call_centre: CallCentre,
    /// The opening under way, or else the last one, if any.
    pub opening: Option<OpeningSummary>,
    /// Openings that have ended and whose report was not handed in, the oldest first.
    pub reports_due: Vec<OpeningSummary>,
}

/// オンライン資格確認等コールセンター.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CallCentre {
    /// As it is printed: `0800-080-4583`.
    pub telephone: String,
    /// As it is printed: `月曜日～金曜日 9:00～17:00`.
    pub hours: String,
    /// Whether somebody answers now.
    pub is_open: bool,
    /// When that changes next, if within a month.
    pub changes_at: Option<Timestamp>,
}

/// Where an opening stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OpeningStage {
    /// 申請.
    Requested,
    /// 電話確認.
    CalledBack,
    /// 利用報告書送付.
    FormSent,
    /// 開放.
    Opened,
    /// 終了; the report is due.
    Ended,
    /// 利用報告書提出.
    HandedIn,
    /// 受領.
    Acknowledged,
    /// 却下.
    Refused,
    /// 取下げ.
    Withdrawn,
}

/// Not the code of an [`OpeningStage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("手順の種類が違います。一覧から選んでください")]
pub struct UnknownStage;

impl OpeningStage {
    /// All stages, in their order.
    pub const ALL: [Self; 9] = [
        Self::Requested,
        Self::CalledBack,
        Self::FormSent,
        Self::Opened,
        Self::Ended,
        Self::HandedIn,
        Self::Acknowledged,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Its name on the wire and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::CalledBack => "called_back",
            Self::FormSent => "form_sent",
            Self::Opened => "opened",
            Self::Ended => "ended",
            Self::HandedIn => "handed_in",
            Self::Acknowledged => "acknowledged",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl From<&Opening> for OpeningStage {
    fn from(opening: &Opening) -> Self {
        match opening {
            Opening::Requested(_) => Self::Requested,
            Opening::CalledBack(_) => Self::CalledBack,
            Opening::FormSent(_) => Self::FormSent,
            Opening::Opened(_) => Self::Opened,
            Opening::Ended(_) => Self::Ended,
            Opening::HandedIn(_) => Self::HandedIn,
            Opening::Acknowledged(_) => Self::Acknowledged,
            Opening::Refused(_) => Self::Refused,
            Opening::Withdrawn(_) => Self::Withdrawn,
        }
    }
}

impl FromStr for OpeningStage {
    type Err = UnknownStage;

    fn from_str(text: &str) -> Result<Self, UnknownStage> {
        let is_it = |stage: &Self| stage.code() == text;
        Self::ALL.into_iter().find(is_it).ok_or(UnknownStage)
    }
}

/// An opening, for both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningSummary {
    /// Names it in requests.
    pub id: OpeningId,
    /// 医療機関コード.
    pub medical_institution_code: MedicalInstitutionCode,
    /// 医療機関・薬局名.
    pub institution_name: String,
    /// Where it stands.
    pub stage: OpeningStage,
    /// 担当者名.
    pub contact: ContactName,
    /// Why it is wanted.
    pub cause: Cause,
    /// What else was said.
    pub remark: Option<String>,
    /// Whether an operator entered it, who took the call.
    pub is_by_telephone: bool,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When the call back was recorded.
    pub called_back_at: Option<Timestamp>,
    /// When the report form was sent, and from which address: there the report goes.
    pub form_sent: Option<FormSent>,
    /// From when to when the function is, or was, open.
    pub period: Option<OpeningPeriod>,
    /// Why it was refused, withdrawn or ended; `None` while it is not, and when its time was
    /// over.
    pub reason: Option<String>,
    /// When the report was handed in.
    pub handed_in_at: Option<Timestamp>,
    /// When the report was acknowledged.
    pub acknowledged_at: Option<Timestamp>,
}

/// 利用報告書送付.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormSent {
    /// When.
    pub at: Timestamp,
    /// The address that it came from.
    pub from: EmailAddress,
    /// The address that it went to.
    pub to: EmailAddress,
}

/// 開放期間.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningPeriod {
    /// The first moment.
    pub starts_at: Timestamp,
    /// The moment at which it is closed.
    pub ends_at: Timestamp,
}

/// 「利用申請」 by the institution itself: 医療機関コード and name are the session's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpeningRequest {
    /// 担当者名, as entered.
    pub contact: String,
    /// The code of a [`Cause`].
    pub cause: String,
    /// What else there is to say: at most 400 characters.
    #[serde(default)]
    pub remark: String,
}

/// 「利用申請」 entered by an operator who took the call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TelephoneRequest {
    /// 医療機関コード, as entered; it must be in the register.
    pub medical_institution_code: String,
    /// 担当者名, as entered.
    pub contact: String,
    /// The code of a [`Cause`].
    pub cause: String,
    /// What else there is to say: at most 400 characters.
    #[serde(default)]
    pub remark: String,
}

/// Why the institution does not want it any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// 1 to 200 characters, as entered.
    pub reason: String,
}

/// What an operator does to an opening.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OperatorAct {
    /// 「電話確認を記録」: the registered number was called. The number is the service's to know.
    CallBack {
        /// Who was spoken to, as entered.
        spoken_to: String,
    },
    /// 「利用報告書を送付」, to the registered address.
    SendForm,
    /// 「開放する」.
    Open {
        /// For how many hours.
        hours: u32,
    },
    /// 「延長する」.
    Extend {
        /// By how many hours.
        hours: u32,
    },
    /// 「終了する」.
    End(Reason),
    /// 「却下する」.
    Refuse(Reason),
    /// 「取り下げる」: the institution said so by telephone.
    Withdraw(Reason),
    /// 「受領する」.
    Acknowledge,
}

/// One act on many openings; each is checked for itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkAct {
    /// Which: at most [`MOST_BULK`].
    pub openings: Vec<OpeningId>,
    /// What.
    pub act: BulkStep,
    /// Why, for all of them; as entered, 1 to 200 characters.
    pub reason: String,
}

/// The most openings of a [`BulkAct`].
pub const MOST_BULK: usize = 1_000;

/// What can be done to many at once: what needs no knowledge of the single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkStep {
    /// 「利用報告書を送付」.
    SendForm,
    /// 「開放する」.
    Open {
        /// For how many hours.
        hours: u32,
    },
    /// 「延長する」.
    Extend {
        /// By how many hours.
        hours: u32,
    },
    /// 「終了する」.
    End,
}

/// What became of a [`BulkAct`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkOutcome {
    /// For how many it was done.
    pub done: u32,
    /// For which not, and why.
    pub refused: Vec<BulkRefusal>,
}

/// An opening to which an act was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRefusal {
    /// Which.
    pub id: OpeningId,
    /// 医療機関・薬局名; empty if there is no such opening.
    pub institution_name: String,
    /// Why, in Japanese.
    pub message: String,
}

/// What operators follow: how many there are of each; the list is asked for when it
/// changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorState {
    /// Grows with every change; of two states the greater one is the newer one.
    pub revision: u64,
    /// 申請 that wait for the call back.
    pub requested: u32,
    /// 電話確認 done, waiting for the form.
    pub called_back: u32,
    /// 利用報告書 sent, waiting to be opened.
    pub form_sent: u32,
    /// 開放中.
    pub opened: u32,
    /// 終了, without a report.
    pub ended: u32,
    /// Reports that wait to be acknowledged.
    pub handed_in: u32,
    /// For how many hours the function is opened unless somebody says otherwise.
    pub usual_hours: u32,
}

/// Some openings, the longest waiting first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningPage {
    /// At most [`OPENING_PAGE`].
    pub openings: Vec<OpeningSummary>,
    /// What to ask for the next ones with (`?after=`); `None` at the end.
    pub next: Option<OpeningId>,
    /// How many there are under these conditions.
    pub total: u32,
}

/// The most openings of an [`OpeningPage`].
pub const OPENING_PAGE: usize = 100;

/// An opening with what only the operator may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorOpening {
    /// The opening.
    pub opening: OpeningSummary,
    /// The institution, as it is registered.
    pub institution: RegisteredInstitution,
    /// Who was spoken to, and at which number.
    pub call_back: Option<RecordedCall>,
    /// Everything that was done for this institution, the newest first.
    pub timeline: Vec<TimelineEntry>,
}

/// 電話確認, as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedCall {
    /// Who was spoken to.
    pub spoken_to: ContactName,
    /// The number that was registered then.
    pub telephone: Telephone,
    /// When it was recorded.
    pub at: Timestamp,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// By whom; `None` where time did it.
    pub by: Option<UserId>,
    /// What, in Japanese.
    pub text: String,
}

/// 保険医療機関届: an institution in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisteredInstitution {
    /// 医療機関コード.
    pub medical_institution_code: MedicalInstitutionCode,
    /// Whether its check digit fits; old ones may not.
    pub has_valid_check_digit: bool,
    /// 医療機関・薬局名.
    pub name: String,
    /// 電話番号, the only one that is called back.
    pub telephone: Option<Telephone>,
    /// メールアドレス, the only one that the form is sent to.
    pub email: Option<EmailAddress>,
}

/// What is to be registered, as entered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InstitutionToRegister {
    /// 1 to 80 characters.
    pub name: String,
    /// 電話番号.
    pub telephone: String,
    /// メールアドレス.
    pub email: String,
}

/// Some institutions of the register, by code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstitutionPage {
    /// At most [`OPENING_PAGE`].
    pub institutions: Vec<RegisteredInstitution>,
    /// What to ask for the next ones with (`?after=`); `None` at the end.
    pub next: Option<MedicalInstitutionCode>,
    /// How many there are under these conditions.
    pub total: u32,
}

/// What became of a file of institutions: all of it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InstitutionImport {
    /// New ones.
    pub added: u32,
    /// Those that are written otherwise now.
    pub changed: u32,
    /// Those that were so already.
    pub unchanged: u32,
    /// Rows that can't be taken, and why; if there are any, nothing was done.
    pub refused: Vec<RefusedRow>,
}

/// A row that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusedRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// Why, in Japanese.
    pub message: String,
}

/// 利用報告書: what the trail says, and what the institution adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageReport {
    /// The opening that it is about.
    pub opening: OpeningSummary,
    /// What was done, by days; only counts, nobody's name.
    pub days: Vec<UsageDay>,
    /// Who used the function.
    pub users: Vec<UsageByUser>,
    /// Different persons in all: one who came on two days is one.
    pub persons: u32,
    /// What the institution adds.
    pub fields: UsageReportFields,
    /// Grows with each saving; a saving names the one that it was made from.
    pub version: u32,
    /// When it was handed in; then nothing of it changes.
    pub handed_in_at: Option<Timestamp>,
    /// When the operator acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// Whether the service can send it by itself.
    pub can_be_sent: bool,
    /// Whether the mail server took it from the service; else somebody sends the mail file.
    pub is_sent: bool,
}

/// A draft to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageReportDraft {
    /// What was entered.
    pub fields: UsageReportFields,
    /// The version that it was made from.
    pub version: u32,
}

/// How the report leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// By the mail file, which a person sends.
    File,
    /// By the service, over SMTP.
    Smtp,
}

/// 「利用報告書を提出」.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HandIn {
    /// The version that was looked at.
    pub version: u32,
    /// How.
    pub delivery: Delivery,
}
