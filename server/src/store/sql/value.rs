//! Values as both databases have them: integers, text, bytes, and nothing.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{self as postgres, FromSql, IsNull, Type, to_sql_checked};

use super::{Result, SqlError};

/// A value that is bound or read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Blob(&'v [u8]),
}

/// Values are personal data: drivers may write out only of which kind they are.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "Null",
            Self::Integer(_) => "Integer",
            Self::Text(_) => "Text",
            Self::Blob(_) => "Blob",
        })
    }
}

/// What can be bound.
pub(in crate::store) trait ToValue {
    /// The value; [`SqlError::TooGreat`] for a number above `i64`.
    fn to_value(&self) -> Result<Value<'_>>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Result<Value<'_>> {
        (**self).to_value()
    }
}

impl<T: ToValue + ?Sized> ToValue for Box<T> {
    fn to_value(&self) -> Result<Value<'_>> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Result<Value<'_>> {
        self.as_ref().map_or(Ok(Value::Null), ToValue::to_value)
    }
}

impl ToValue for str {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Text(self))
    }
}

impl ToValue for String {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Text(self))
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Blob(self))
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Blob(self))
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Blob(self))
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Result<Value<'_>> {
        Ok(Value::Integer(i64::from(*self)))
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {$(
        impl ToValue for $integer {
            fn to_value(&self) -> Result<Value<'_>> {
                let integer = i64::try_from(*self);
                integer.map(Value::Integer).map_err(|_| SqlError::TooGreat)
            }
        }

        impl FromValue for $integer {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(integer) => integer.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}
integers!(u8, u16, i32, u32, i64, u64, usize);

/// What can be read; `None` where the value is something else.
pub(in crate::store) trait FromValue: Sized {
    /// The value as this type.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(|integer| integer != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.to_owned()),
            _ => None,
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => bytes.try_into().ok(),
            _ => None,
        }
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Integer(integer) => ValueRef::Integer(integer),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

type AnyError = Box<dyn Error + Sync + Send>;

/// `PostgreSQL` says of which type it wants a parameter, and takes no other.
impl postgres::ToSql for Value<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, AnyError> {
        match *self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(integer) => match *wanted {
                Type::INT8 => integer.to_sql(wanted, out),
                Type::INT4 => i32::try_from(integer)?.to_sql(wanted, out),
                Type::INT2 => i16::try_from(integer)?.to_sql(wanted, out),
                Type::BOOL => (integer != 0).to_sql(wanted, out),
                _ => Err(format!("an integer where {wanted} is wanted").into()),
            },
            Self::Text(text) if <&str as postgres::ToSql>::accepts(wanted) => {
                text.to_sql(wanted, out)
            }
            Self::Blob(bytes) if <&[u8] as postgres::ToSql>::accepts(wanted) => {
                bytes.to_sql(wanted, out)
            }
            Self::Text(_) | Self::Blob(_) => {
                Err(format!("{self:?} where {wanted} is wanted").into())
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'v> FromSql<'v> for Value<'v> {
    fn from_sql(given: &Type, raw: &'v [u8]) -> std::result::Result<Self, AnyError> {
        match *given {
            Type::INT8 => i64::from_sql(given, raw).map(Self::Integer),
            Type::INT4 => i32::from_sql(given, raw).map(|integer| Self::Integer(integer.into())),
            Type::INT2 => i16::from_sql(given, raw).map(|integer| Self::Integer(integer.into())),
            Type::BOOL => bool::from_sql(given, raw).map(|yes| Self::Integer(yes.into())),
            Type::BYTEA => Ok(Self::Blob(raw)),
            Type::VOID => Ok(Self::Null),
            _ if <&str as FromSql<'v>>::accepts(given) => {
                <&str>::from_sql(given, raw).map(Self::Text)
            }
            _ => Err(format!("{given} is not read").into()),
        }
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, AnyError> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
