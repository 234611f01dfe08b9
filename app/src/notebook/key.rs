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
    /// How far the service's clock is ahead of this terminal's, in milliseconds.
    pub(crate) ahead: i64,
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

    /// The service's clock.
    pub(crate) fn service_now(&self) -> i64 {
        clock::milliseconds() + self.ahead
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
        ahead: contact_at - clock::milliseconds(),
    })
}

/// Dates what the service is reached after for the first time, and destroys what is over.
pub(crate) async fn settle(session: Session, key: &Key) -> Result<(), StoringError> {
    let at = key.service_now();
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
