//! What the audit trail records (安全管理ガイドライン 第6.0版 17: who, when, whose information).

use serde::{Deserialize, Serialize};

/// An act that leaves a trace. A person is named by the store's own number for
/// him, never by anything personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 17] = [
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
        }
    }
}
