//! The conditions on the trail, out of an address.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use protocol::http::ProblemViolation;

use crate::error::ApiError;
use crate::store::AuditFilter;

/// `from`, `to`, `user_id`, `action`, `before`.
pub(crate) struct PageQuery {
    pub(super) filter: AuditFilter,
    pub(super) before: Option<u64>,
}

/// `from`, `to`, `user_id`, `action`.
pub(crate) struct ExportQuery(pub(super) AuditFilter);

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members = Members::read(parts)?;
        let before = members.take("before", "番号は0以上の整数で指定してください");
        let filter = members.filter();
        members.finish()?;
        Ok(Self { filter, before })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ExportQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members = Members::read(parts)?;
        let filter = members.filter();
        members.finish()?;
        Ok(Self(filter))
    }
}

/// What is left of the query, and what was wrong with what was taken.
struct Members {
    left: Vec<(String, String)>,
    violations: Vec<ProblemViolation>,
}

impl Members {
    fn read(parts: &Parts) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let mut left: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // Of two values one would be ignored, and nobody could tell which.
            if left.iter().any(|(known, _)| *known == name) {
                return Err(ApiError::unreadable_member(&name));
            }
            left.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self {
            left,
            violations: Vec::new(),
        })
    }

    fn filter(&mut self) -> AuditFilter {
        let date = "日付は2026-11-22の形で指定してください";
        AuditFilter {
            from: self.take("from", date),
            to: self.take("to", date),
            user_id: self.take("user_id", "ユーザIDは半角の英数字と . - _ で32文字以内です"),
            action: self.take("action", "操作の種類が違います。一覧から選んでください"),
        }
    }

    fn take<T: FromStr>(&mut self, name: &str, message: &str) -> Option<T> {
        let place = self.left.iter().position(|(known, _)| known == name)?;
        let (field, value) = self.left.swap_remove(place);
        let value = value.parse().ok();
        if value.is_none() {
            self.violations.push(ProblemViolation {
                field,
                message: message.to_owned(),
            });
        }
        value
    }

    /// Refuses unknown members by name, then wrong values.
    fn finish(self) -> Result<(), ApiError> {
        if let Some((name, _)) = self.left.first() {
            return Err(ApiError::unreadable_member(name));
        }
        if self.violations.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Invalid(self.violations))
        }
    }
}
