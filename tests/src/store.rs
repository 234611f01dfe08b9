//! The store behind the service's back: what takes hours happens at once.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use rusqlite::{Connection, TransactionBehavior};
use serde_json::Value;

/// How long the service may keep the store for itself.
const PATIENCE: Duration = Duration::from_secs(10);
const HOUR_MS: i64 = 3_600_000;

/// Puts all that ever happened to the openings in a data directory so many hours back: as if
/// they had gone by since.
pub(crate) fn pass_hours(data: &Path, hours: i64) -> Result<()> {
    let mut connection = Connection::open(data.join("shikaku.sqlite"))?;
    connection.busy_timeout(PATIENCE)?;
    // Who reads before it writes is refused when the service has written in between.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut openings = Vec::new();
    {
        let mut statement = transaction.prepare("SELECT id, state FROM opening")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            openings.push((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
        }
    }
    let earlier = hours * HOUR_MS;
    for (id, state) in openings {
        let mut state: Value = serde_json::from_str(&state)?;
        put_back(&mut state, earlier);
        transaction.execute(
            "UPDATE opening SET state = ?2, requested_at = requested_at - ?3,
               ends_at = ends_at - ?3, changed_at = changed_at - ?3 WHERE id = ?1",
            (id, state.to_string(), earlier),
        )?;
    }
    Ok(transaction.commit()?)
}

/// Puts each time of a `domain::opening::Opening` back, at whichever stage it stands.
fn put_back(value: &mut Value, earlier: i64) {
    let Value::Object(fields) = value else {
        return;
    };
    for (name, value) in fields {
        let time = value.as_i64();
        match (name.as_str(), time) {
            ("at" | "starts_at" | "ends_at", Some(time)) => *value = (time - earlier).into(),
            _ => put_back(value, earlier),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_put_back_and_nothing_else() {
        let mut opening = json!({ "opened": {
            "form_sent": { "step": { "by": 5, "at": 9_000_000 }, "from": "a@example.jp" },
            "period": { "starts_at": 9_000_000, "ends_at": 9_600_000 },
        } });
        put_back(&mut opening, HOUR_MS);
        let expected = json!({ "opened": {
            "form_sent": { "step": { "by": 5, "at": 5_400_000 }, "from": "a@example.jp" },
            "period": { "starts_at": 5_400_000, "ends_at": 6_000_000 },
        } });
        assert_eq!(opening, expected);
    }
}
