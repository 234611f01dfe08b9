//! What the audit trail records (安全管理ガイドライン 第6.0版 17: who, when, whose
//! information), and how its lines are chained ([`Record::encode`]).

mod label;
mod record;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use label::outcome_label;
pub use record::{InvalidLinkHash, LinkHash, Record};

/// How long the trail is kept unless the service is told otherwise, in years.
pub const RETENTION_YEARS: u16 = 5;

/// An act that leaves a trace. A person is named by the store's own number for
/// him, never by anything personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An account logged in.
    LoggedIn,
    /// A log-in with a wrong password or an unknown or disabled account.
    LogInRefused,
    /// A log-in or an unlocking that was not tried, because too many had failed before.
    LogInDelayed,
    /// A log-in ended the account's session elsewhere.
    TookOver,
    /// An account logged out.
    LoggedOut,
    /// An account ended all its sessions.
    LoggedOutEverywhere,
    /// A locked session was opened again.
    Unlocked,
    /// Somebody logged in gave a wrong password, to unlock or to change it.
    PasswordRefused,
    /// An account changed its own password.
    PasswordChanged,
    /// A search was run; `outcome` tells how it ended.
    Searched,
    /// A person was shown in a list of candidates.
    CandidateListed,
    /// A person's eligibility was opened.
    EligibilityOpened,
    /// An account was created; `outcome` is its ユーザID.
    AccountAdded,
    /// An account was disabled; `outcome` is its ユーザID.
    AccountDisabled,
    /// An account was given a new password by somebody else; `outcome` is its ユーザID.
    PasswordReset,
    /// A batch of a file of insured persons was imported.
    Imported,
    /// The service started on the store; `outcome` tells what the store is for.
    ServiceStarted,
    /// The trail was opened; `outcome` has the conditions. Once for a list, however
    /// many pages of it are turned.
    AuditRead,
    /// The trail was written to a file; `outcome` tells where it was asked for.
    AuditExported,
    /// Lines older than the retention were removed; `outcome` tells how many.
    AuditPruned,
    /// A reader screen was paired; `outcome` is its name.
    ReaderScreenRegistered,
    /// A reader screen's registration was ended; `outcome` is its name.
    ReaderScreenRevoked,
    /// A code to register a reader screen with was made; `outcome` is the screen's name.
    PairingCodeIssued,
    /// A code to register a reader screen with was wrong, used or over.
    PairingRefused,
    /// A passcode was issued.
    PasscodeIssued,
    /// A passcode was revoked.
    PasscodeRevoked,
    /// An entry at a reader screen was not the passcode, or there was none; `outcome` tells.
    PasscodeRefused,
    /// An entry at a reader screen was not compared, because too many had been wrong.
    PasscodeDelayed,
    /// A passcode became void by wrong entries.
    PasscodeVoided,
    /// A visual confirmation was begun; `outcome` tells the route.
    VisualConfirmationBegun,
    /// Staff confirmed an identity by eye.
    IdentityConfirmed,
    /// The tick of a confirmation was taken back.
    ConfirmationWithdrawn,
    /// A card was presented and is the person's.
    CardPresented,
    /// A presented card brought nothing; `outcome` tells why.
    CardRefused,
    /// The patient answered; `outcome` tells to what he agreed.
    ConsentsGiven,
    /// A visual confirmation ended without a result; `outcome` tells why.
    VisualConfirmationEnded,
    /// A session took over the result of a visual confirmation, to open it.
    ResultTaken,
    /// A card was linked with a person by hand.
    CardLinked,
    /// What the institution's screens ask was changed.
    ConsentsAskedChanged,
    /// 請求の案内 was changed; `outcome` tells whether it is the institution's own now or the standard.
    ClaimGuidanceChanged,
    /// A password was right, and a passkey was asked for; `outcome` tells what for.
    PasskeyAsked,
    /// A passkey was asked for, and the answer did not hold.
    PasskeyRefused,
    /// An account added a passkey; `outcome` is the store's number of it.
    PasskeyAdded,
    /// An account gave a passkey another name; `outcome` is the store's number of it.
    PasskeyRenamed,
    /// An account removed a passkey; `outcome` is the store's number of it.
    PasskeyRemoved,
    /// All passkeys of an account were removed by somebody else; `outcome` is its ユーザID.
    PasskeysReset,
    /// Passkeys became a must for an institution, or a choice; `outcome` tells which.
    PasskeyRuleChanged,
    /// 利用申請 was made; `outcome` tells why, or for which institution an operator entered it.
    OpeningRequested,
    /// 電話確認 was recorded; `outcome` is the institution's 医療機関コード.
    CallBackRecorded,
    /// The report form was sent; `outcome` is the institution's 医療機関コード.
    ReportFormSent,
    /// The function was opened; `outcome` is the institution's 医療機関コード and for how many hours.
    FunctionOpened,
    /// An opening was extended; `outcome` is the institution's 医療機関コード and by how many hours.
    FunctionExtended,
    /// An opening ended; `outcome` is `time`, or the institution's 医療機関コード where an operator
    /// did it.
    FunctionEnded,
    /// 利用申請 was refused; `outcome` is the institution's 医療機関コード.
    OpeningRefused,
    /// 利用申請 was withdrawn; `outcome` is the institution's 医療機関コード where an operator did
    /// it.
    OpeningWithdrawn,
    /// A draft of 利用報告書 was saved.
    UsageReportSaved,
    /// 利用報告書 was given to the mail server, or could not be; `outcome` tells. It is handed in with
    /// an event of its own.
    UsageReportSent,
    /// 利用報告書 was handed in; `outcome` tells how.
    UsageReportHandedIn,
    /// 利用報告書 was acknowledged; `outcome` is the institution's 医療機関コード.
    UsageReportAcknowledged,
    /// An institution was written into the register; `outcome` is its 医療機関コード.
    InstitutionRegistered,
    /// A file of institutions was taken into the register; `outcome` tells how many.
    InstitutionsImported,
    /// The institution's key for 控え was made.
    NotebookKeyMade,
    /// For how long 控え are kept was changed; `outcome` tells the hours.
    NotebookRuleChanged,
    /// 控え were destroyed on a terminal; `outcome` tells why and how many.
    NotesDestroyed,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 64] = [
        Self::LoggedIn,
        Self::LogInRefused,
        Self::LogInDelayed,
        Self::TookOver,
        Self::LoggedOut,
        Self::LoggedOutEverywhere,
        Self::Unlocked,
        Self::PasswordRefused,
        Self::PasswordChanged,
        Self::Searched,
        Self::CandidateListed,
        Self::EligibilityOpened,
        Self::AccountAdded,
        Self::AccountDisabled,
        Self::PasswordReset,
        Self::Imported,
        Self::ServiceStarted,
        Self::AuditRead,
        Self::AuditExported,
        Self::AuditPruned,
        Self::ReaderScreenRegistered,
        Self::ReaderScreenRevoked,
        Self::PairingCodeIssued,
        Self::PairingRefused,
        Self::PasscodeIssued,
        Self::PasscodeRevoked,
        Self::PasscodeRefused,
        Self::PasscodeDelayed,
        Self::PasscodeVoided,
        Self::VisualConfirmationBegun,
        Self::IdentityConfirmed,
        Self::ConfirmationWithdrawn,
        Self::CardPresented,
        Self::CardRefused,
        Self::ConsentsGiven,
        Self::VisualConfirmationEnded,
        Self::ResultTaken,
        Self::CardLinked,
        Self::ConsentsAskedChanged,
        Self::ClaimGuidanceChanged,
        Self::PasskeyAsked,
        Self::PasskeyRefused,
        Self::PasskeyAdded,
        Self::PasskeyRenamed,
        Self::PasskeyRemoved,
        Self::PasskeysReset,
        Self::PasskeyRuleChanged,
        Self::OpeningRequested,
        Self::CallBackRecorded,
        Self::ReportFormSent,
        Self::FunctionOpened,
        Self::FunctionExtended,
        Self::FunctionEnded,
        Self::OpeningRefused,
        Self::OpeningWithdrawn,
        Self::UsageReportSaved,
        Self::UsageReportSent,
        Self::UsageReportHandedIn,
        Self::UsageReportAcknowledged,
        Self::InstitutionRegistered,
        Self::InstitutionsImported,
        Self::NotebookKeyMade,
        Self::NotebookRuleChanged,
        Self::NotesDestroyed,
    ];

    /// The action's name in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::LogInRefused => "log_in_refused",
            Self::LogInDelayed => "log_in_delayed",
            Self::TookOver => "took_over",
            Self::LoggedOut => "logged_out",
            Self::LoggedOutEverywhere => "logged_out_everywhere",
            Self::Unlocked => "unlocked",
            Self::PasswordRefused => "password_refused",
            Self::PasswordChanged => "password_changed",
            Self::Searched => "searched",
            Self::CandidateListed => "candidate_listed",
            Self::EligibilityOpened => "eligibility_opened",
            Self::AccountAdded => "account_added",
            Self::AccountDisabled => "account_disabled",
            Self::PasswordReset => "password_reset",
            Self::Imported => "imported",
            Self::ServiceStarted => "service_started",
            Self::AuditRead => "audit_read",
            Self::AuditExported => "audit_exported",
            Self::AuditPruned => "audit_pruned",
            Self::ReaderScreenRegistered => "reader_screen_registered",
            Self::ReaderScreenRevoked => "reader_screen_revoked",
            Self::PairingCodeIssued => "pairing_code_issued",
            Self::PairingRefused => "pairing_refused",
            Self::PasscodeIssued => "passcode_issued",
            Self::PasscodeRevoked => "passcode_revoked",
            Self::PasscodeRefused => "passcode_refused",
            Self::PasscodeDelayed => "passcode_delayed",
            Self::PasscodeVoided => "passcode_voided",
            Self::VisualConfirmationBegun => "visual_confirmation_begun",
            Self::IdentityConfirmed => "identity_confirmed",
            Self::ConfirmationWithdrawn => "confirmation_withdrawn",
            Self::CardPresented => "card_presented",
            Self::CardRefused => "card_refused",
            Self::ConsentsGiven => "consents_given",
            Self::VisualConfirmationEnded => "visual_confirmation_ended",
            Self::ResultTaken => "result_taken",
            Self::CardLinked => "card_linked",
            Self::ConsentsAskedChanged => "consents_asked_changed",
            Self::ClaimGuidanceChanged => "claim_guidance_changed",
            Self::PasskeyAsked => "passkey_asked",
            Self::PasskeyRefused => "passkey_refused",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRenamed => "passkey_renamed",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeysReset => "passkeys_reset",
            Self::PasskeyRuleChanged => "passkey_rule_changed",
            Self::OpeningRequested => "opening_requested",
            Self::CallBackRecorded => "call_back_recorded",
            Self::ReportFormSent => "report_form_sent",
            Self::FunctionOpened => "function_opened",
            Self::FunctionExtended => "function_extended",
            Self::FunctionEnded => "function_ended",
            Self::OpeningRefused => "opening_refused",
            Self::OpeningWithdrawn => "opening_withdrawn",
            Self::UsageReportSaved => "usage_report_saved",
            Self::UsageReportSent => "usage_report_sent",
            Self::UsageReportHandedIn => "usage_report_handed_in",
            Self::UsageReportAcknowledged => "usage_report_acknowledged",
            Self::InstitutionRegistered => "institution_registered",
            Self::InstitutionsImported => "institutions_imported",
            Self::NotebookKeyMade => "notebook_key_made",
            Self::NotebookRuleChanged => "notebook_rule_changed",
            Self::NotesDestroyed => "notes_destroyed",
        }
    }
}

/// Not the code of an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("操作の種類が違います。一覧から選んでください")]
pub struct UnknownAction;

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        Self::ALL
            .into_iter()
            .find(|action| action.code() == text)
            .ok_or(UnknownAction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_back_from_their_codes_and_have_words() {
        for action in Action::ALL {
            assert_eq!(action.code().parse(), Ok(action));
            assert!(!action.label().is_empty());
        }
        assert!("".parse::<Action>().is_err());
    }
}
