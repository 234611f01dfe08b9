//! Accounts and what their role lets them do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an account may do, as a whole (`design.md`, “Who may do what”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 職員: searches and confirms.
    Staff,
    /// 管理者: staff, and manages the institution's accounts and passcodes.
    Administrator,
    /// 実施機関: opens the emergency function for institutions; never sees a person.
    Operator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Administrator, Self::Operator];

    /// The role's name on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Staff => "職員",
            Self::Administrator => "管理者",
            Self::Operator => "実施機関",
        }
    }

    /// The role's name on the command line, on the wire and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Administrator => "administrator",
            Self::Operator => "operator",
        }
    }

    /// Whether this role manages its institution's accounts.
    pub const fn may_manage_accounts(self) -> bool {
        matches!(self, Self::Administrator)
    }

    /// Whether an administrator may give this role: 実施機関 is not his to name.
    pub const fn may_be_given(self) -> bool {
        matches!(self, Self::Staff | Self::Administrator)
    }

    /// Whether this role may use the emergency search.
    pub const fn may_search(self) -> bool {
        matches!(self, Self::Staff | Self::Administrator)
    }

    /// Whether this role opens the emergency function for institutions, and keeps their
    /// register.
    pub const fn may_operate(self) -> bool {
        matches!(self, Self::Operator)
    }

    /// Whether this role may read its institution's audit trail.
    pub const fn may_read_audit(self) -> bool {
        matches!(self, Self::Administrator)
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == text)
            .ok_or(UnknownRole)
    }
}

/// Not the code of a [`Role`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the role is one of staff, administrator, operator")]
pub struct UnknownRole;

/// ユーザID: 1 to 32 of `a`–`z`, `0`–`9`, `.`, `-`, `_`. Letters are taken in
/// either case and kept in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[a-z0-9._-]{1,32}$"))]
#[serde(try_from = "String", into = "String")]
pub struct UserId(String);

/// Not a [`UserId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("ユーザIDは半角の英数字と . - _ で32文字以内です")]
pub struct InvalidUserId;

impl UserId {
    /// The id, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserId {
    type Err = InvalidUserId;

    fn from_str(text: &str) -> Result<Self, InvalidUserId> {
        let id = text.trim().to_ascii_lowercase();
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
        if (1..=32).contains(&id.len()) && id.bytes().all(allowed) {
            Ok(Self(id))
        } else {
            Err(InvalidUserId)
        }
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for UserId {
    type Error = InvalidUserId;

    fn try_from(text: String) -> Result<Self, InvalidUserId> {
        text.parse()
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_are_lower_case_and_bounded() {
        let long = "a".repeat(33);
        let table = [
            ("admin", Some("admin")),
            (" Admin ", Some("admin")),
            ("a.b-c_1", Some("a.b-c_1")),
            ("", None),
            ("新橋", None),
            ("a b", None),
            (long.as_str(), None),
        ];
        for (text, expected) in table {
            assert_eq!(
                text.parse::<UserId>().ok().as_ref().map(UserId::as_str),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn roles_are_read_back_from_their_codes() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(role));
        }
        assert!("admin".parse::<Role>().is_err());
    }
}
