//! What stands behind the question mark of an address.

use std::str::FromStr;

use axum::http::request::Parts;
use protocol::http::ProblemViolation;

use crate::error::ApiError;
use crate::extract::NUL;

/// What is left of the query, and what was wrong with what was taken.
pub(super) struct Members {
    left: Vec<(String, String)>,
    violations: Vec<ProblemViolation>,
}

impl Members {
    pub(super) fn read(parts: &Parts) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let mut left: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // Of two values one would be ignored, and nobody could tell which.
            if left.iter().any(|(known, _)| *known == name) {
                return Err(ApiError::unreadable_member(&name));
            }
            if value.contains('\0') {
                return Err(ApiError::invalid(&name, NUL));
            }
            left.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self {
            left,
            violations: Vec::new(),
        })
    }

    pub(super) fn take<T: FromStr>(&mut self, name: &str, message: &str) -> Option<T> {
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
    pub(super) fn finish(self) -> Result<(), ApiError> {
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
