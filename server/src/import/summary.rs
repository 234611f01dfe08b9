//! What an import did.

use serde::{Deserialize, Serialize};

use crate::store::Upsert;

/// Lines that are named of those that a warning is about.
const NAMED_LINES: usize = 5;

/// What an import did, the interrupted beginning included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Rows read, the header not counted.
    pub rows: u64,
    /// Coverages that were new.
    pub added: u64,
    /// Coverages that were there and differed.
    pub changed: u64,
    /// Coverages that were there just so.
    pub unchanged: u64,
    /// Rows that failed.
    pub rejected: u64,
    /// Rows that went in with a 保険者番号 whose 検証番号 is wrong.
    pub wrong_check_digits: Warning,
    /// Columns that the interface does not have.
    pub ignored_columns: Vec<String>,
    /// Rows that are in the store already of those that come next, in the order in which
    /// they go there.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ahead: u64,
    /// The line at which an interrupted import was taken up.
    #[serde(skip)]
    pub resumed_at_line: Option<u64>,
}

/// Rows that went in and should be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// How many.
    pub rows: u64,
    /// The lines of the first ones.
    pub first_lines: Vec<u64>,
}

impl Summary {
    /// As it is kept in the store. Should it ever be unreadable, the file begins anew.
    pub(super) fn noted(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn count(&mut self, upsert: Upsert) {
        match upsert {
            Upsert::Added => self.added += 1,
            Upsert::Changed => self.changed += 1,
            Upsert::Unchanged => self.unchanged += 1,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Warning {
    pub(super) fn add(&mut self, line: u64) {
        self.rows += 1;
        if self.first_lines.len() < NAMED_LINES {
            self.first_lines.push(line);
        }
    }
}
