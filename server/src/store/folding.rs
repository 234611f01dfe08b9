//! The domain's folding as SQL functions: a migration fills the keys of rows that
//! are there already by the same code that makes the keys of new ones.

use domain::fold;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

/// Defines `fold_name(text)` and `variant_of(key)` on a connection; both give NULL
/// for NULL, and where there is no key.
pub(super) fn lend_to(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold_name", 1, flags, |context| {
        of_text(context, |text| {
            Some(fold::name(text)).filter(|key| !key.is_empty())
        })
    })?;
    connection.create_scalar_function("variant_of", 1, flags, |context| {
        of_text(context, fold::variant_of)
    })
}

fn of_text(
    context: &Context<'_>,
    key: impl Fn(&str) -> Option<String>,
) -> rusqlite::Result<Option<String>> {
    let text: Option<String> = context.get(0)?;
    Ok(text.as_deref().and_then(key))
}
