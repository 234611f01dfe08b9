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
    /// An account logged out.
    LoggedOut,
    /// A search was run; `outcome` tells how it ended.
    Searched,
    /// A person was shown in a list of candidates.
    CandidateListed,
    /// A person's eligibility was opened.
    EligibilityOpened,
    /// An account was created on the command line.
    AccountAdded,
    /// An account was disabled on the command line.
    AccountDisabled,
    /// An account was given a new password on the command line.
    PasswordReset,
    /// A batch of a file of insured persons was imported.
    Imported,
    /// The service started on the store; `outcome` tells what the store is for.
    ServiceStarted,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 11] = [
        Self::LoggedIn,
        Self::LogInRefused,
        Self::LoggedOut,
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
            Self::LoggedOut => "logged_out",
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
