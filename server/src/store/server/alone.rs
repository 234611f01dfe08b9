//! Whether an import has the persons of a database for itself.
//!
//! A first import leaves keys out for a while, by which another one would find whom it has to
//! bring up to date. So imports hold a lock as long as they run: one that fills, alone; others
//! together. Servers hold none: what they find meanwhile is who is in, as in any import.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest as _, Sha256};

use crate::store::sql::{Session, Sql};
use crate::store::{StoreError, filling};

/// Of no other lock of this program.
const LOCK: i64 = 7_527_445_532;

const ALONE: &str = "SELECT pg_try_advisory_lock(?1)";
const TOGETHER: &str = "SELECT pg_try_advisory_lock_shared(?1)";
const LET_GO: &str = "SELECT pg_advisory_unlock(?1)";

/// Held over a connection of its own; gone with it.
pub(super) struct Hold {
    session: Mutex<Session>,
    /// Where to sort, of who is alone in a database without persons.
    folder: Option<PathBuf>,
}

impl Hold {
    /// Takes it; `folder` is where others keep their files.
    pub(super) fn take(session: Session, folder: &Path) -> Result<Self, StoreError> {
        let sql = Sql::Postgres(&session);
        let folder = folder.join(name(sql)?);
        if ask(sql, ALONE)? {
            if filling::may_fill(sql)? {
                return Ok(Self {
                    session: Mutex::new(session),
                    folder: Some(folder),
                });
            }
            // Nobody else can come between: who has one has the other.
            ask(sql, TOGETHER)?;
            ask(sql, LET_GO)?;
        } else if !ask(sql, TOGETHER)? {
            return Err(StoreError::BeingFilled);
        }
        filling::settle_begun(sql, &folder)?;
        Ok(Self {
            session: Mutex::new(session),
            folder: None,
        })
    }

    /// Where to sort.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        self.folder.clone()
    }

    /// Whether it still holds, as far as is known.
    pub(super) fn is_held(&self) -> bool {
        let session = self.session.lock();
        session.is_ok_and(|session| session.is_usable())
    }
}

fn ask(sql: Sql<'_>, question: &str) -> Result<bool, StoreError> {
    Ok(sql.query_row(question, [LOCK], |row| row.get(0))?)
}

/// Of the store, whatever its address: what was sorted for one is never put into another.
fn name(sql: Sql<'_>) -> Result<String, StoreError> {
    let secret: [u8; 32] =
        sql.query_row("SELECT secret FROM person_number", [], |row| row.get(0))?;
    let digest = Sha256::new().chain_update("import").chain_update(secret);
    let digest = digest.finalize();
    let name = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    Ok(format!("{}.import", name.collect::<String>()))
}
