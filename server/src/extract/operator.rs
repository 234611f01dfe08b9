//! Who opens functions for institutions: 実施機関.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::account::Role;
use protocol::http::ProblemCode;

use super::{Authenticated, Follower};
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::Reader;

/// Somebody of the 実施機関.
pub(crate) struct Operator(pub(crate) Authenticated);

impl FromRequestParts<AppState> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let authenticated = Authenticated::from_request_parts(parts, state).await?;
        if authenticated.session.account.role.may_operate() {
            Ok(Self(authenticated))
        } else {
            Err(ApiError::Refused(ProblemCode::NotAllowed))
        }
    }
}

/// Somebody of the 実施機関 who follows what happens, which is no use of his session.
pub(crate) struct FollowingOperator(pub(crate) Follower);

impl FromRequestParts<AppState> for FollowingOperator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let follower = Follower::of(parts, state, Role::may_operate).await?;
        Ok(Self(follower))
    }
}

impl Operator {
    /// His account may have been disabled since the request was let in.
    pub(crate) fn still_operates(&self, reader: &Reader<'_>) -> Result<(), ApiError> {
        let own = reader.account(&self.0.session.account.user_id)?;
        match own {
            Some(own) if !own.is_disabled && own.role.may_operate() => Ok(()),
            _ => Err(ApiError::Refused(ProblemCode::AccountChanged)),
        }
    }
}
