//! What the page and the service say to each other: JSON over HTTP, and problem
//! details (RFC 9457) for everything that goes wrong.

mod account;
mod audit;
mod claim_guidance;
mod id;
mod notebook;
mod opening;
mod passcode;
mod passkey;
mod presentation;
mod problem;
mod reader;

use std::fmt;

use domain::account::{Role, UserId};
use domain::code::Sex;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::Judgement;
use domain::search::Field;
pub use domain::usage_report::{UsageByUser, UsageDay, UsageReportFields};
use serde::{Deserialize, Serialize};

pub use account::{
    AccountChoice, AccountState, AccountSummary, AccountToCreate, LogIn, OneTimePassword, PageKey,
    PasswordChange, SessionInfo, Unlock,
};
pub use audit::{AUDIT_PAGE_LINES, AuditPage};
pub use claim_guidance::{ClaimGuidance, ClaimGuidanceToSave, GuidanceChange};
pub use id::{
    CandidateId, InvalidId, OpeningId, ReaderScreenId, UnlinkedCardId, VisualConfirmationId,
};
pub use notebook::{
    MOST_NOTEBOOK_HOURS, Notebook, NotebookDestruction, NotebookKey, NotebookRule,
    USUAL_NOTEBOOK_HOURS,
};
pub use opening::{
    BulkAct, BulkOutcome, BulkRefusal, BulkStep, CallCentre, Delivery, FormSent, HandIn,
    InstitutionImport, InstitutionPage, InstitutionToRegister, MOST_BULK, OPENING_PAGE,
    OpeningPage, OpeningPeriod, OpeningRequest, OpeningStage, OpeningState, OpeningSummary,
    OperatorAct, OperatorOpening, OperatorState, Reason, RecordedCall, RefusedRow,
    RegisteredInstitution, TelephoneRequest, TimelineEntry, UnknownStage, UsageReport,
    UsageReportDraft,
};
pub use passcode::{CardLink, IssuedPasscode, PasscodeIssue};
pub use passkey::{
    Passkey, PasskeyAddition, PasskeyChallenge, PasskeyChoice, PasskeyLogIn, PasskeyRenaming,
    PasskeyRule, PasskeyToAdd, Passkeys,
};
pub use presentation::{ConfirmedBy, OpenedResult, VisualPresentation};
pub use problem::{PROBLEM_MEDIA_TYPE, Problem, ProblemCode, ProblemViolation};
pub use reader::{
    Began, CardReaderReport, CardReaderState, CardReading, ConfirmationTick, ConsentAnswers,
    ConsentsAsked, Following, PairingCode, PasscodeEntry, ReaderPairing, ReaderScreenState,
    ReaderScreenToRegister, ReaderState, Stage, TerminalState, UnlinkedCard,
    VisualConfirmationState, WaitingResult,
};

/// Where the service answers. No path carries anything personal.
pub mod path {
    /// `GET`: [`super::Health`].
    pub const HEALTH: &str = "/api/health";
    /// `GET`, for whoever restarts what hangs: [`super::Health`], whatever the store does.
    pub const LIVE: &str = "/api/health/live";
    /// `GET`, for load balancers: [`super::Health`] as long as requests are welcome here.
    pub const READY: &str = "/api/health/ready";
    /// `GET`: the description of all this, in `OpenAPI` 3.1.
    pub const OPENAPI: &str = "/api/openapi.json";
    /// `GET`: [`super::About`].
    pub const ABOUT: &str = "/api/about";
    /// `GET`: [`super::SessionInfo`] of the session in force. `POST`
    /// [`super::LogIn`]: begins one, or asks for a passkey by a
    /// [`super::PasskeyChallenge`]. `DELETE`: ends it.
    pub const SESSION: &str = "/api/session";
    /// `POST` [`super::PasskeyLogIn`]: begins the session that waits for it.
    pub const PASSKEY_LOG_IN: &str = "/api/session/passkey";
    /// `POST`: tells that the person is at work, so that the session is not locked.
    pub const ACTIVITY: &str = "/api/session/activity";
    /// `POST` [`super::Unlock`]: [`super::SessionInfo`].
    pub const UNLOCK: &str = "/api/session/unlock";
    /// `DELETE`: ends every session of the account.
    pub const EVERYWHERE: &str = "/api/session/everywhere";
    /// `POST` [`super::PasswordChange`]: [`super::SessionInfo`].
    pub const PASSWORD: &str = "/api/account/password";
    /// `GET`: [`super::Passkeys`], one's own. `POST` [`super::PasskeyToAdd`]:
    /// [`super::SessionInfo`].
    pub const PASSKEYS: &str = "/api/account/passkeys";
    /// `POST` [`super::PasskeyAddition`]: [`super::PasskeyChallenge`].
    pub const PASSKEY_CHALLENGE: &str = "/api/account/passkeys/challenge";
    /// `POST` [`super::PasskeyRenaming`]: no answer.
    pub const RENAME_PASSKEY: &str = "/api/account/passkeys/rename";
    /// `POST` [`super::PasskeyChoice`]: no answer.
    pub const REMOVE_PASSKEY: &str = "/api/account/passkeys/remove";
    /// `GET`, `POST`: [`super::PasskeyRule`] of the institution.
    pub const PASSKEY_RULE: &str = "/api/accounts/passkey-rule";
    /// `POST` [`super::AccountChoice`]: no answer; the account has no passkeys any more.
    pub const RESET_PASSKEYS: &str = "/api/accounts/reset-passkeys";
    /// `GET`: a list of [`super::AccountSummary`]. `POST`
    /// [`super::AccountToCreate`]: [`super::OneTimePassword`].
    pub const ACCOUNTS: &str = "/api/accounts";
    /// `POST` [`super::AccountChoice`]: no answer.
    pub const DISABLE_ACCOUNT: &str = "/api/accounts/disable";
    /// `POST` [`super::AccountChoice`]: [`super::OneTimePassword`].
    pub const RESET_ACCOUNT: &str = "/api/accounts/reset";
    /// `POST` [`domain::search::SearchForm`]: [`super::SearchAnswer`].
    pub const SEARCHES: &str = "/api/eligibility/searches";
    /// `GET` followed by `/` and a [`super::CandidateId`]: [`super::Eligibility`].
    pub const ELIGIBILITY: &str = "/api/eligibility";
    /// `GET`: [`super::AuditPage`], the latest lines of the audit trail; `?from=`,
    /// `to=` (days), `user_id=`, `action=`, `before=` (a line's number).
    pub const AUDIT: &str = "/api/audit";
    /// `GET`: the same lines as CSV, all of them.
    pub const AUDIT_EXPORT: &str = "/api/audit/export";
    /// `GET`: [`super::TerminalState`], now and whenever it changes, as server-sent
    /// events of the name `state`.
    pub const EVENTS: &str = "/api/events";
    /// `POST` [`super::ReaderScreenToRegister`]: [`super::ReaderPairing`]. Followed by `/` and a
    /// [`super::ReaderScreenId`], `DELETE`: ends the screen's registration; by `/visual-confirmation`
    /// after that, `POST`: 「目視確認」, [`super::TerminalState`].
    pub const READER_SCREENS: &str = "/api/reader-screens";
    /// Followed by `/` and a [`super::VisualConfirmationId`]: `DELETE` stops it; and by
    /// `/confirmation` `PUT` [`super::ConfirmationTick`], `/following` `PUT`
    /// [`super::Following`]: [`super::TerminalState`]; `/result` `POST`: [`super::OpenedResult`].
    pub const VISUAL_CONFIRMATIONS: &str = "/api/visual-confirmations";
    /// `GET`: a list of [`super::PasscodeIssue`], the newest first. `POST`:
    /// [`super::IssuedPasscode`]. `DELETE`: revokes the active one.
    pub const PASSCODES: &str = "/api/passcodes";
    /// `POST` [`super::CardLink`]: no answer.
    pub const CARD_LINKS: &str = "/api/card-links";
    /// `GET`, `PUT`: [`super::ConsentsAsked`].
    pub const CONSENTS_ASKED: &str = "/api/consents-asked";
    /// `GET`: [`super::ClaimGuidance`]. `PUT` [`super::ClaimGuidanceToSave`]: the same.
    pub const CLAIM_GUIDANCE: &str = "/api/claim-guidance";
    /// `GET`: [`super::OpeningState`] of the institution. `POST` [`super::OpeningRequest`]: 「利用申請」,
    /// the same answer; followed by `/withdrawal`, `POST` [`super::Reason`]: the same.
    pub const OPENING: &str = "/api/opening";
    /// Followed by `/`, a [`super::OpeningId`] and `/report`: `GET`: [`super::UsageReport`], `PUT`
    /// [`super::UsageReportDraft`]: the same; then `/hand-in` `POST` [`super::HandIn`]: the same;
    /// `.eml` `GET`: the mail.
    pub const OPENINGS: &str = "/api/openings";
    /// `GET`: [`super::OperatorState`], now and whenever it changes, as server-sent
    /// events of the name `state`.
    pub const OPERATOR_EVENTS: &str = "/api/operator/events";
    /// `GET` (`?stage=`, `text=`, `after=`): [`super::OpeningPage`]. `POST`
    /// [`super::TelephoneRequest`]: [`super::OperatorOpening`]. Followed by `/` and a
    /// [`super::OpeningId`], `GET`: [`super::OperatorOpening`]; then `/acts` `POST`
    /// [`super::OperatorAct`]: the same; `/report` `GET`: [`super::UsageReport`].
    pub const OPERATOR_OPENINGS: &str = "/api/operator/openings";
    /// `POST` [`super::BulkAct`]: [`super::BulkOutcome`].
    pub const OPERATOR_BULK: &str = "/api/operator/bulk";
    /// `GET` (`?text=`, `after=`): [`super::InstitutionPage`]. Followed by `/` and a 医療機関コード,
    /// `PUT` [`super::InstitutionToRegister`]: [`super::RegisteredInstitution`].
    pub const OPERATOR_INSTITUTIONS: &str = "/api/operator/institutions";
    /// `POST` CSV: [`super::InstitutionImport`].
    pub const OPERATOR_INSTITUTION_FILE: &str = "/api/operator/institution-file";
    /// `GET`: [`super::Notebook`]. `POST` [`super::NotebookKey`]: makes it the institution's, unless
    /// there is one; the same answer.
    pub const NOTEBOOK_KEY: &str = "/api/notebook-key";
    /// `PUT` [`super::NotebookRule`]: [`super::Notebook`].
    pub const NOTEBOOK_RULE: &str = "/api/notebook-rule";
    /// `POST` [`super::NotebookDestruction`]: no answer.
    pub const NOTEBOOK_DESTRUCTIONS: &str = "/api/notebook-destructions";
    /// For the reader's own screen: `GET`: [`super::ReaderScreenState`]. `POST`
    /// [`super::PairingCode`]: registers this browser as one.
    pub const READER: &str = "/api/reader";
    /// `POST`: registers this browser as a reader screen of the demo, in demo mode only.
    pub const READER_DEMO: &str = "/api/reader/demo";
    /// `GET`: [`super::ReaderScreenState`], now and whenever it changes, as
    /// server-sent events of the name `state`.
    pub const READER_EVENTS: &str = "/api/reader/events";
    /// `PUT` [`super::CardReaderReport`]: no answer.
    pub const READER_REPORT: &str = "/api/reader/card-reader";
    /// `POST` [`super::PasscodeEntry`]: begins a visual confirmation, [`super::ReaderScreenState`].
    pub const READER_PASSCODE: &str = "/api/reader/passcode";
    /// Followed by `/` and a [`super::VisualConfirmationId`]: `DELETE` stops it; and by
    /// `/confirmation` `PUT` [`super::ConfirmationTick`], `/activity` `POST`, `/card` `POST`
    /// [`super::CardReading`], `/consents` `POST` [`super::ConsentAnswers`]: all answer
    /// [`super::ReaderScreenState`].
    pub const READER_VISUAL_CONFIRMATIONS: &str = "/api/reader/visual-confirmations";
}

/// Names, in every answer, the page that the service delivers: a page that is
/// another one asks to be reloaded. The page's own name stands in its `meta` element
/// of this name.
pub const VERSION_HEADER: &str = "x-shikaku-version";

/// How long a search's candidates can be opened, and its list may stay on a
/// screen: in seconds from the answer.
pub const CANDIDATE_SECONDS: u32 = 10 * 60;

/// That the service runs, and can reach its store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`; anything else is answered as a [`Problem`].
    pub status: String,
    /// The service's version.
    pub version: String,
}

/// What anybody may know before logging in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// The service's version.
    pub version: String,
    /// The accounts to try, in demo mode only; else empty.
    pub demo_accounts: Vec<DemoAccount>,
}

/// An account of the demo mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoAccount {
    /// ユーザID.
    pub user_id: UserId,
    /// パスワード. Public, because it opens nothing but invented persons.
    pub password: String,
    /// What it may do.
    pub role: Role,
}

/// The answer to a search.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchAnswer {
    /// How it ended.
    pub outcome: SearchOutcome,
    /// How many more persons would match if 氏名 were taken in every variant
    /// spelling (髙 and 高); [`domain::search::MOST_CANDIDATES`] + 1 stands for more
    /// than that. 0 if the search was by 氏名（カナ） only, had them included, or
    /// ended as [`SearchOutcome::TooMany`].
    pub variant_matches: u32,
}

/// How a search ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SearchOutcome {
    /// Nobody meets the conditions.
    NotFound,
    /// One person: go straight to his eligibility.
    One(CandidateId),
    /// Several, to choose from.
    Several(Vec<Candidate>),
    /// More than [`domain::search::MOST_CANDIDATES`]: nobody is named.
    TooMany {
        /// The conditions that would narrow the search, best first.
        narrow_by: Vec<Field>,
    },
}

/// One row of the list: the five columns of the source document, and an id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Opens the eligibility.
    pub id: CandidateId,
    /// 氏名.
    pub name: String,
    /// 生年月日.
    pub birthdate: Date,
    /// 性別.
    pub sex1: Sex,
    /// 住所; may be missing in the record.
    pub address: Option<String>,
    /// 保険者名.
    pub insurer_name: String,
}

/// A person's eligibility on a day.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Eligibility {
    /// 資格確認日.
    pub qualification_confirmation_date: Date,
    /// What the coverages mean on that day.
    pub judgement: Judgement,
    /// Every coverage of the person, the latest first.
    pub coverages: Vec<Coverage>,
    /// How it came about, when it was by a visual confirmation.
    pub presentation: Option<VisualPresentation>,
    /// How long this may stay on a screen, in seconds from now: told, because a
    /// terminal's clock may be wrong.
    pub expires_in_seconds: u32,
}

/// `Debug` without what it shows of a person.
macro_rules! masked_debug {
    ($($type:ty),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }
    )+};
}
masked_debug!(SearchAnswer, SearchOutcome, Candidate, Eligibility);
