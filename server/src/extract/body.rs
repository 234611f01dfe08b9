//! A body of JSON.

use axum::extract::{FromRequest, Request};
use protocol::http::ProblemCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{bytes, media_type};
use crate::error::ApiError;

/// Said of text with U+0000, which no keyboard gives and a database server keeps in no text.
pub(crate) const NUL: &str = "使用できない文字（制御文字 U+0000）があります。削除してください";

/// A JSON body. The refusal names the member that can't be read, never its value.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !media_type(&request).eq_ignore_ascii_case("application/json") {
            return Err(ApiError::Refused(ProblemCode::UnreadableRequest));
        }
        let bytes = bytes(request, state).await?;
        // A list would be taken for the members in their order. An act that needs no more
        // words is its name alone.
        if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'"')) {
            return Err(ApiError::Unreadable(None));
        }
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| unreadable_at(error.path()))?;
        deserializer.end().map_err(|_| ApiError::Unreadable(None))?;
        match member_with_nul(&bytes) {
            Some((member, message)) => Err(ApiError::invalid(&member, &message)),
            None => Ok(Self(value)),
        }
    }
}

fn unreadable_at(path: &serde_path_to_error::Path) -> ApiError {
    match path.to_string().as_str() {
        "." => ApiError::Unreadable(None),
        member => ApiError::unreadable_member(member),
    }
}

/// The first member with U+0000 in its text, and what is said of it. In JSON it can stand as an
/// escape only, which nearly no body has: the others are not looked through.
fn member_with_nul(bytes: &[u8]) -> Option<(String, String)> {
    const ESCAPE: &[u8] = br"\u0000";
    bytes.windows(ESCAPE.len()).find(|six| *six == ESCAPE)?;
    find_nul("", &serde_json::from_slice(bytes).ok()?)
}

fn find_nul(path: &str, value: &Value) -> Option<(String, String)> {
    match value {
        Value::String(text) => {
            let (before, _) = text.split_once('\0')?;
            let message = match before.matches('\n').count() + 1 {
                1 => NUL.to_owned(),
                line => format!("{line}行目に、{NUL}"),
            };
            Some((path.to_owned(), message))
        }
        Value::Array(values) => (0..)
            .zip(values)
            .find_map(|(index, value)| find_nul(&format!("{path}[{index}]"), value)),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            if name.contains('\0') {
                return Some((path.replace('\0', ""), NUL.to_owned()));
            }
            find_nul(&path, value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_with_nul_is_named() {
        let table = [
            (r#"{"a": "b"}"#, None),
            (r#"{"a": "\u0000"}"#, Some("a")),
            (
                r#"{"a": "x", "b": {"c": ["y", "z\u0000"]}}"#,
                Some("b.c[1]"),
            ),
            (r#"{"a": "\\u0000"}"#, None),
            (r#"{"a": {"b\u0000": 1}}"#, Some("a.b")),
            (r#""\u0000""#, Some("")),
        ];
        for (body, member) in table {
            let found = member_with_nul(body.as_bytes());
            let found = found.as_ref().map(|(member, _)| &**member);
            assert_eq!(found, member, "{body}");
        }
        let (_, message) = member_with_nul(br#"{"a": "x\ny\u0000"}"#).unwrap();
        assert!(message.starts_with("2行目に、"), "{message}");
    }
}
