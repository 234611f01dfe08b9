//! The institution's key: the public half on every terminal where somebody logged in, the private
//! one in an open page only.

use leptos::prelude::window;
use protocol::http::{Notebook, NotebookDestruction, SessionInfo};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::entry::{Entry, Found, Note};
use super::sealing::{self, Opener, Seal};
use super::storing::{self, StoringError, Terminal};
use crate::api::{self, Error};
use crate::clock;
use crate::session::{Session, crypto};

/// Letters of a public key that tell institutions apart.
const NAME_LETTERS: usize = 22;

/// What an entry's parts are sealed for.
#[derive(Clone, Copy)]
enum Part {
    Note,
    Found,
}

/// What seals the notes of an institution.
#[derive(Clone)]
pub(crate) struct Keeper {
    seal: Seal,
    name: String,
}

/// What opens them.
#[derive(Clone)]
pub(crate) struct Key {
    opener: Opener,
    pub(crate) keeper: Keeper,
    pub(crate) keep_hours: u32,
    /// When the service was asked for it.
    contact: Contact,
}

/// The service's clock, and those of the terminal at the same time, in milliseconds.
#[derive(Clone, Copy)]
struct Contact {
    service: i64,
    terminal: i64,
    /// Since the page was opened: nobody can set that one, but it may stand still while the
    /// terminal sleeps.
    page: i64,
}

impl Keeper {
    /// Of what the terminal knows. `None` where the browser can't.
    pub(crate) async fn of(public_key: &str) -> Option<Self> {
        let seal = Seal::of(public_key).await.ok()?;
        let name = public_key.get(..NAME_LETTERS)?.to_owned();
        Some(Self { seal, name })
    }

    /// A new entry.
    pub(crate) async fn entry(&self, note: &Note) -> Result<Entry, StoringError> {
        let id = random_id().map_err(|_| StoringError::Failed)?;
        Ok(Entry {
            note: self.close(&id, Part::Note, note).await?,
            id,
            key: self.name.clone(),
            revision: 1,
            written_at: clock::milliseconds(),
            met_at: None,
            state: super::entry::State::Unasked,
            found: None,
        })
    }

    /// A corrected note, sealed for its entry.
    pub(crate) async fn note(&self, id: &str, note: &Note) -> Result<String, StoringError> {
        self.close(id, Part::Note, note).await
    }

    /// What was found, sealed for its entry.
    pub(crate) async fn found(&self, id: &str, found: &Found) -> Result<String, StoringError> {
        self.close(id, Part::Found, found).await
    }

    async fn close(
        &self,
        id: &str,
        part: Part,
        value: &impl Serialize,
    ) -> Result<String, StoringError> {
        let text = serde_json::to_string(value).map_err(|_| StoringError::Failed)?;
        let sealed = self.seal.close(&label(id, part), &text).await;
        sealed.map_err(|_| StoringError::Failed)
    }

    /// Whether an entry is this institution's.
    pub(crate) fn owns(&self, entry: &Entry) -> bool {
        entry.key == self.name
    }
}

impl Key {
    /// What was typed.
    pub(crate) async fn note(&self, entry: &Entry) -> Option<Note> {
        self.open(&entry.id, Part::Note, &entry.note).await
    }

    /// What was found.
    pub(crate) async fn found(&self, entry: &Entry) -> Option<Found> {
        self.open(&entry.id, Part::Found, entry.found.as_deref()?)
            .await
    }

    async fn open<T: DeserializeOwned>(&self, id: &str, part: Part, sealed: &str) -> Option<T> {
        let text = self.opener.open(&label(id, part), sealed).await.ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The service's clock. `None` where the terminal's was set since the service was asked, or
    /// has slept: a note must not be dated by it.
    pub(crate) fn service_now(&self) -> Option<i64> {
        self.contact
            .service_now(clock::milliseconds(), clock::of_page())
    }
}

impl Contact {
    /// The most that the two clocks may be apart, in milliseconds: they are not as exact as this.
    const TOLERANCE: i64 = 60_000;

    fn service_now(self, terminal: i64, page: i64) -> Option<i64> {
        let (by_terminal, by_page) = (terminal - self.terminal, page - self.page);
        let agrees = (by_terminal - by_page).abs() <= Self::TOLERANCE;
        agrees.then_some(self.service + by_page)
    }
}

/// Asks for the institution's key, makes it if there is none, and lets the terminal know what it
/// needs without a service. `None` when the session turns out to have ended.
pub(crate) async fn learn(session: Session, info: &SessionInfo) -> Option<Result<Key, Error>> {
    let notebook = match session.call(api::notebook()).await? {
        Ok(notebook) if notebook.key.is_none() => {
            let Ok(made) = sealing::make().await else {
                return Some(Err(Error::Decode));
            };
            session.call(api::make_notebook_key(&made)).await?
        }
        answer => answer,
    };
    Some(match notebook {
        Ok(notebook) => take(&notebook, info).await.ok_or(Error::Decode),
        Err(error) => Err(error),
    })
}

async fn take(notebook: &Notebook, info: &SessionInfo) -> Option<Key> {
    let key = notebook.key.as_ref()?;
    let contact_at = notebook.now.unix_milliseconds();
    // Where it can't be kept the page says so before anything is typed (`fitness`).
    let _ = storing::keep_terminal(&Terminal {
        institution_name: info.institution_name.clone(),
        public_key: key.public_key.clone(),
        keep_hours: notebook.keep_hours,
        contact_at,
    })
    .await;
    Some(Key {
        opener: Opener::of(key).await.ok()?,
        keeper: Keeper::of(&key.public_key).await?,
        keep_hours: notebook.keep_hours,
        contact: Contact {
            service: contact_at,
            terminal: clock::milliseconds(),
            page: clock::of_page(),
        },
    })
}

/// Dates what the service is reached after for the first time, and destroys what is over; soon
/// after [`learn`].
pub(crate) async fn settle(session: Session, key: &Key) -> Result<(), StoringError> {
    let at = key.contact.service;
    let mut over = Vec::new();
    for entry in storing::entries().await? {
        if !key.keeper.owns(&entry) {
            continue;
        }
        if entry.met_at.is_none() {
            let met = Entry {
                met_at: Some(at),
                revision: entry.revision + 1,
                ..entry
            };
            storing::replace(&met).await?;
        } else if entry.is_over(key.keep_hours, at) {
            over.push(entry.id);
        }
    }
    if !over.is_empty() {
        let count = storing::destroy(&over, true, clock::milliseconds()).await?;
        record(session, count, true).await;
    }
    Ok(())
}

/// Tells the trail that notes were destroyed. The terminal's own log has it in any case.
pub(crate) async fn record(session: Session, count: u32, by_time: bool) {
    if count > 0 {
        let destruction = NotebookDestruction { count, by_time };
        session
            .call(api::record_destroyed_notes(&destruction))
            .await;
    }
}

fn label(id: &str, part: Part) -> String {
    let part = match part {
        Part::Note => " note",
        Part::Found => " found",
    };
    [id, part].concat()
}

fn random_id() -> Result<String, JsValue> {
    use base64::Engine as _;
    let mut bytes = [0; 16];
    crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether the browser can encrypt: not in a page that came unencrypted over a network.
pub(super) fn can_encrypt() -> bool {
    window().is_secure_context() && crypto().is_ok()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_clock_that_was_set_tells_no_time() {
        const YEAR: i64 = 365 * 86_400_000;
        let contact = Contact {
            service: 10 * YEAR,
            // Wrong from the beginning: that does not matter.
            terminal: YEAR,
            page: 5_000,
        };
        let table = [
            (YEAR, 5_000, Some(10 * YEAR)),
            (YEAR + 3_600_000, 3_605_000, Some(10 * YEAR + 3_600_000)),
            (YEAR + 3_601_000, 3_605_000, Some(10 * YEAR + 3_600_000)),
            // Set right, set back, and slept for an hour.
            (10 * YEAR, 6_000, None),
            (0, 6_000, None),
            (YEAR + 3_600_000, 6_000, None),
        ];
        for (terminal, page, expected) in table {
            assert_eq!(
                contact.service_now(terminal, page),
                expected,
                "{terminal} {page}"
            );
        }
    }
}
