//! The conditions on the trail, out of an address.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::ApiError;
use crate::handlers::query::Members;
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
        let filter = filter(&mut members);
        members.finish()?;
        Ok(Self { filter, before })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ExportQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut members = Members::read(parts)?;
        let filter = filter(&mut members);
        members.finish()?;
        Ok(Self(filter))
    }
}

/// The conditions, taken out of a query.
fn filter(members: &mut Members) -> AuditFilter {
    let date = "日付は2026-11-22の形で指定してください";
    AuditFilter {
        from: members.take("from", date),
        to: members.take("to", date),
        user_id: members.take("user_id", "ユーザIDは半角の英数字と . - _ で32文字以内です"),
        action: members.take("action", "操作の種類が違います。一覧から選んでください"),
    }
}
