//! A file as a body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::{bytes, media_type};
use crate::error::ApiError;

/// A body of `text/csv`, in whatever it is written.
pub(crate) struct Csv(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Csv {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if media_type(&request).eq_ignore_ascii_case("text/csv") {
            bytes(request, state).await.map(Self)
        } else {
            Err(ApiError::Refused(
                protocol::http::ProblemCode::UnreadableRequest,
            ))
        }
    }
}
