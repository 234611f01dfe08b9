//! The browser's `IndexedDB`: sealed notes, what this terminal knows, and what was destroyed.
//!
//! A change is acknowledged when its transaction is complete, and asks the browser to have it on
//! the disk by then. It is compared with what is stored inside of the transaction, because
//! another tab may have been faster.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, DomException, IdbDatabase, IdbRequest, IdbTransaction};

use super::entry::Entry;

const DATABASE: &str = "shikaku-notebook";
const ENTRIES: &str = "entries";
const TERMINAL: &str = "terminal";
const LOG: &str = "log";
/// The one line of [`TERMINAL`].
const HERE: &str = "here";
/// What tells other tabs that something changed.
pub(crate) const CHANNEL: &str = "shikaku-notebook";
/// The most lines of the log.
const MOST_LINES: usize = 50;

/// Why something was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoringError {
    /// The browser has no room for it.
    Full,
    /// The browser can't, or not in this window.
    Failed,
}

/// What this terminal knows without a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terminal {
    pub(crate) institution_name: String,
    pub(crate) public_key: String,
    pub(crate) keep_hours: u32,
    /// The service's clock when it was last reached, in milliseconds since 1970.
    pub(crate) contact_at: i64,
}

/// That notes were destroyed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Destroyed {
    /// In milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) count: u32,
    /// Because their time was over.
    pub(crate) by_time: bool,
}

/// All notes, the latest first.
pub(crate) async fn entries() -> Result<Vec<Entry>, StoringError> {
    let mut entries: Vec<Entry> = all(ENTRIES).await?;
    entries.sort_by(|a, b| (b.written_at, &b.id).cmp(&(a.written_at, &a.id)));
    Ok(entries)
}

/// One note, as it is stored now.
pub(crate) async fn entry(id: &str) -> Result<Option<Entry>, StoringError> {
    Transaction::begin(ENTRIES, false).await?.get(id).await
}

/// Keeps a new note.
pub(crate) async fn add(entry: &Entry) -> Result<(), StoringError> {
    let transaction = Transaction::begin(ENTRIES, true).await?;
    transaction.put(&entry.id, entry)?;
    transaction.complete().await?;
    tell();
    Ok(())
}

/// Puts a note in the place of the revision before it. `false` if that is not there any more.
pub(crate) async fn replace(entry: &Entry) -> Result<bool, StoringError> {
    let transaction = Transaction::begin(ENTRIES, true).await?;
    let stored: Option<Entry> = transaction.get(&entry.id).await?;
    let fits = stored.is_some_and(|stored| stored.revision + 1 == entry.revision);
    if fits {
        transaction.put(&entry.id, entry)?;
    }
    transaction.complete().await?;
    if fits {
        tell();
    }
    Ok(fits)
}

/// Destroys notes, and notes that. Gives how many were there.
pub(crate) async fn destroy(ids: &[String], by_time: bool, at: i64) -> Result<u32, StoringError> {
    let transaction = Transaction::begin(ENTRIES, true).await?;
    let mut count = 0;
    for id in ids {
        if transaction.get::<Entry>(id).await?.is_some() {
            transaction.remove(id)?;
            count += 1;
        }
    }
    transaction.complete().await?;
    if count > 0 {
        let line = Destroyed { at, count, by_time };
        // They are destroyed, whether or not there is room to say so.
        let _ = log(&line).await;
        tell();
    }
    Ok(count)
}

/// What this terminal knows, if anything.
pub(crate) async fn terminal() -> Result<Option<Terminal>, StoringError> {
    Transaction::begin(TERMINAL, false).await?.get(HERE).await
}

/// Keeps what this terminal knows.
pub(crate) async fn keep_terminal(terminal: &Terminal) -> Result<(), StoringError> {
    let transaction = Transaction::begin(TERMINAL, true).await?;
    transaction.put(HERE, terminal)?;
    transaction.complete().await
}

/// What was destroyed here, the latest first.
pub(crate) async fn destroyed() -> Result<Vec<Destroyed>, StoringError> {
    let mut lines: Vec<Destroyed> = all(LOG).await?;
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(lines)
}

/// Keeps some bytes for a moment: whether notes of that size would be kept.
pub(super) async fn rehearse() -> Result<(), StoringError> {
    const KEY: &str = "rehearsal";
    let transaction = Transaction::begin(TERMINAL, true).await?;
    transaction.put(KEY, &"0".repeat(16 * 1024))?;
    transaction.complete().await?;
    let transaction = Transaction::begin(TERMINAL, true).await?;
    transaction.remove(KEY)?;
    transaction.complete().await
}

async fn log(line: &Destroyed) -> Result<(), StoringError> {
    let lines = destroyed().await?;
    let transaction = Transaction::begin(LOG, true).await?;
    transaction.put(&line.at.to_string(), line)?;
    for old in lines.iter().skip(MOST_LINES - 1) {
        transaction.remove(&old.at.to_string())?;
    }
    transaction.complete().await
}

/// Tells other tabs.
fn tell() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        // Nobody may be there.
        let _ = channel.post_message(&JsValue::TRUE);
        channel.close();
    }
}

async fn all<T: DeserializeOwned>(store: &'static str) -> Result<Vec<T>, StoringError> {
    let transaction = Transaction::begin(store, false).await?;
    let request = transaction.store()?.get_all();
    let values: Array = answer(&request.map_err(why)?).await?.unchecked_into();
    let read = |value: JsValue| serde_json::from_str(&value.as_string()?).ok();
    Ok(values.iter().filter_map(read).collect())
}

/// A transaction on one store.
struct Transaction {
    store: &'static str,
    inner: IdbTransaction,
    completion: Promise,
}

impl Transaction {
    async fn begin(store: &'static str, writes: bool) -> Result<Self, StoringError> {
        let database = open().await?;
        let mode = if writes { "readwrite" } else { "readonly" };
        let options = Object::new();
        let begin = || -> Result<IdbTransaction, JsValue> {
            Reflect::set(&options, &"durability".into(), &"strict".into())?;
            // web-sys knows the method without its third argument only.
            let begin: Function = Reflect::get(&database, &"transaction".into())?.dyn_into()?;
            let arguments = Array::of3(&store.into(), &mode.into(), &options);
            begin.apply(&database, &arguments)?.dyn_into()
        };
        let transaction = begin().map_err(why)?;
        // It closes when the transaction is over, and is in no newer page's way.
        database.close();
        // Of now: the events may come before anybody waits for them.
        let completion = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Ok(Self {
            store,
            inner: transaction,
            completion,
        })
    }

    fn store(&self) -> Result<web_sys::IdbObjectStore, StoringError> {
        self.inner.object_store(self.store).map_err(why)
    }

    async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoringError> {
        let request = self.store()?.get(&key.into()).map_err(why)?;
        let text = answer(&request).await?.as_string();
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn put(&self, key: &str, value: &impl Serialize) -> Result<(), StoringError> {
        let text = serde_json::to_string(value).map_err(|_| StoringError::Failed)?;
        let put = self.store()?.put_with_key(&text.into(), &key.into());
        put.map(drop).map_err(why)
    }

    fn remove(&self, key: &str) -> Result<(), StoringError> {
        let removed = self.store()?.delete(&key.into());
        removed.map(drop).map_err(why)
    }

    /// Waits until it is kept.
    async fn complete(self) -> Result<(), StoringError> {
        match JsFuture::from(self.completion).await {
            Ok(_) => Ok(()),
            Err(_) => Err(why(self.inner.error().into())),
        }
    }
}

async fn open() -> Result<IdbDatabase, StoringError> {
    let factory = window().indexed_db().map_err(why)?;
    let request = factory
        .ok_or(StoringError::Failed)?
        .open_with_u32(DATABASE, 1)
        .map_err(why)?;
    let opening = request.clone();
    let create = Closure::once(move || {
        let database = opening.result().ok();
        if let Some(database) = database.and_then(|it| it.dyn_into::<IdbDatabase>().ok()) {
            for store in [ENTRIES, TERMINAL, LOG] {
                // It fails only where the store is there.
                let _ = database.create_object_store(store);
            }
        }
    });
    request.set_onupgradeneeded(Some(create.as_ref().unchecked_ref()));
    let database = answer(&request).await?;
    database.dyn_into().map_err(|_| StoringError::Failed)
}

/// What comes of a request.
async fn answer(request: &IdbRequest) -> Result<JsValue, StoringError> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result().map_err(why),
        Err(_) => Err(why(request.error().ok().flatten().into())),
    }
}

fn why(error: JsValue) -> StoringError {
    match error.dyn_into::<DomException>() {
        Ok(error) if error.name() == "QuotaExceededError" => StoringError::Full,
        _ => StoringError::Failed,
    }
}
