//! Sessions, passwords, and 「アカウント情報管理」.

use std::fmt;

use domain::account::{Role, UserId};
use domain::date::Date;
use domain::identifier::MedicalInstitutionCode;
use domain::session::SessionRules;
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// ログイン.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// ユーザID, as typed.
    pub user_id: String,
    /// パスワード.
    pub password: String,
    /// Whether to end the account's session elsewhere, if there is one. Without
    /// it such a log-in is answered with [`super::ProblemCode::InUseElsewhere`].
    #[serde(default)]
    pub take_over: bool,
}

/// Opens a locked session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// パスワード.
    pub password: String,
}

/// パスワードの変更.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one that is to be replaced.
    pub current_password: String,
    /// The one to replace it.
    pub new_password: String,
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
pub struct SessionInfo {
    /// ユーザID.
    pub user_id: UserId,
    /// What the account may do.
    pub role: Role,
    /// 医療機関コード of the institution that the account belongs to.
    pub medical_institution_code: MedicalInstitutionCode,
    /// Its name.
    pub institution_name: String,
    /// Today in Asia/Tokyo by the service's clock, which terminals can trust
    /// more than their own.
    pub today: Date,
    /// After how much idleness the session is locked and ended.
    pub rules: SessionRules,
    /// Whether only the password opens it again.
    pub is_locked: bool,
    /// Whether it is good for nothing but a change of password: the present one
    /// is a [`OneTimePassword`].
    pub must_change_password: bool,
    /// Whether it is good for nothing but adding a passkey: the institution wants
    /// one, and the account has none.
    pub must_add_passkey: bool,
    /// Whether a passcode became void by wrong entries and nobody has seen to it; for
    /// administrators only, and only in the answer to `GET`.
    pub passcode_is_void: bool,
    /// What the page encrypts its form with while it is locked. Not told of a
    /// locked session.
    pub page_key: Option<PageKey>,
}

/// A key of the session for its page: 256 bits in base64url, without padding.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(transparent)]
pub struct PageKey(pub String);

/// An account of the administrator's institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountSummary {
    /// ユーザID.
    pub user_id: UserId,
    /// What it may do.
    pub role: Role,
    /// Whether it can log in.
    pub state: AccountState,
    /// How many passkeys it has.
    pub passkeys: u32,
    /// When it last logged in; `None` when it never did.
    pub last_logged_in_at: Option<Timestamp>,
}

/// Whether an account can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It can.
    Enabled,
    /// Its password is a one-time password that was not used to choose another yet.
    OneTime,
    /// Its one-time password was not used in time.
    OneTimeExpired,
    /// It can't.
    Disabled,
}

impl AccountState {
    /// The state's name on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Enabled => "有効",
            Self::OneTime => "初回ログイン待ち",
            Self::OneTimeExpired => "仮パスワードの期限切れ",
            Self::Disabled => "無効",
        }
    }
}

/// An account to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountToCreate {
    /// ユーザID, as typed.
    pub user_id: String,
    /// What it may do: [`Role::may_be_given`].
    pub role: Role,
}

/// Which account. In the body, because a ユーザID may be somebody's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountChoice {
    /// ユーザID.
    pub user_id: UserId,
}

/// 仮パスワード: told once, good until [`Self::expires_at`], and for nothing but
/// choosing another password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimePassword {
    /// Whose.
    pub user_id: UserId,
    /// What to type.
    pub password: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// `Debug` without what opens something.
macro_rules! masked_debug {
    ($($type:ty),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(masked)"))
            }
        }
    )+};
}
masked_debug!(LogIn, Unlock, PasswordChange, PageKey, OneTimePassword);
