//! What the page knows, shared by its parts.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::BroadcastChannel;

use crate::api::Error;
use crate::clock;
use crate::notebook::entry::{Entry, Found, Note, State};
use crate::notebook::fitness::{self, Fitness};
use crate::notebook::key::{self, Key};
use crate::notebook::run::{Ending, Watch};
use crate::notebook::storing::{self, Destroyed, StoringError};
use crate::pages::search::model::Model;
use crate::session::{self, Session};
use crate::task::Task;

/// A note, and what can be read of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) entry: Entry,
    /// `None` while nobody is logged in, or if it can't be opened.
    pub(super) note: Option<Note>,
    pub(super) found: Option<Found>,
}

/// All of it.
#[derive(Clone, Copy)]
pub(super) struct Book {
    pub(super) session: Session,
    pub(super) fitness: RwSignal<Option<Fitness>, LocalStorage>,
    /// While somebody is logged in and the service was reached.
    pub(super) key: RwSignal<Option<Key>, LocalStorage>,
    /// Why there is no key, though somebody is logged in.
    pub(super) keyless: RwSignal<Option<Error>>,
    pub(super) rows: RwSignal<Vec<Row>>,
    /// The notes of other institutions on this terminal.
    pub(super) others: RwSignal<usize>,
    pub(super) unreadable: RwSignal<Option<StoringError>>,
    pub(super) log: RwSignal<Vec<Destroyed>>,
    pub(super) model: RwSignal<Model>,
    pub(super) remark: RwSignal<String>,
    /// The note that is being corrected.
    pub(super) corrected: RwSignal<Option<Entry>>,
    pub(super) watch: Watch,
    pub(super) run: Task,
    pub(super) ending: RwSignal<Option<Ending>>,
    learning: Task,
    /// Of two readings only the later one counts.
    readings: StoredValue<u32>,
}

impl Book {
    pub(super) fn open() -> Self {
        let book = Self {
            session: Session::expect(),
            fitness: RwSignal::new_local(None),
            key: RwSignal::new_local(None),
            keyless: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            others: RwSignal::new(0),
            unreadable: RwSignal::new(None),
            log: RwSignal::new(Vec::new()),
            model: RwSignal::new(Model::default()),
            remark: RwSignal::new(String::new()),
            corrected: RwSignal::new(None),
            watch: Watch {
                progress: RwSignal::new((0, 0)),
                asked: RwSignal::new(None),
                waits: RwSignal::new(None),
            },
            run: Task::new(),
            ending: RwSignal::new(None),
            learning: Task::new(),
            readings: StoredValue::new(0),
        };
        book.follow_session();
        book.follow_tabs();
        book.keep_draft();
        book
    }

    /// Whether this is nobody whom notes are not for.
    pub(super) fn may_note(self) -> bool {
        self.session
            .info()
            .is_none_or(|info| info.role.may_search())
    }

    /// Learns the key when somebody is there, and drops it, and what it opened, when nobody is.
    fn follow_session(self) {
        let user = Memo::new(move |_| self.session.info().map(|info| info.user_id));
        Effect::new(move |_| {
            if user.with(Option::is_some) {
                self.learn();
            } else {
                self.learning.stop();
                self.stop_asking();
                self.key.set(None);
                self.keyless.set(None);
                self.stop_correcting();
                self.refresh();
                self.find_out();
            }
        });
    }

    /// Asks for the key, and for what this terminal can keep.
    pub(super) fn learn(self) {
        self.learning.run(async move {
            if let session::State::LoggedIn(info) = self.session.state_untracked()
                && info.role.may_search()
            {
                match key::learn(self.session, &info).await {
                    Some(Ok(key)) => {
                        // What can't be destroyed now is destroyed the next time.
                        let _ = key::settle(self.session, &key).await;
                        self.keyless.try_set(None);
                        self.key.try_set(Some(key));
                    }
                    Some(Err(error)) => {
                        self.keyless.try_set(Some(error));
                    }
                    None => {}
                }
            }
            self.fitness.try_set(Some(fitness::find_out().await));
            self.read().await;
        });
    }

    fn find_out(self) {
        leptos::task::spawn_local(async move {
            self.fitness.try_set(Some(fitness::find_out().await));
        });
    }

    /// Reads the notes anew.
    pub(super) fn refresh(self) {
        leptos::task::spawn_local(self.read());
    }

    async fn read(self) {
        let reading = self
            .readings
            .try_update_value(|reading| {
                *reading += 1;
                *reading
            })
            .unwrap_or_default();
        let entries = storing::entries().await;
        let log = storing::destroyed().await.unwrap_or_default();
        let (Some(key), Some(known)) =
            (self.key.try_get_untracked(), self.rows.try_get_untracked())
        else {
            return;
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                self.unreadable.set(Some(error));
                return;
            }
        };
        let mut rows = Vec::with_capacity(entries.len());
        let mut others = 0;
        for entry in entries {
            if key.as_ref().is_some_and(|key| !key.keeper.owns(&entry)) {
                others += 1;
            } else {
                rows.push(opened(entry, key.as_ref(), &known).await);
            }
        }
        if self.readings.try_get_value() == Some(reading) {
            self.unreadable.set(None);
            self.others.set(others);
            self.log.set(log);
            self.rows.set(rows);
        }
    }

    /// Other tabs note, ask and destroy, too.
    fn follow_tabs(self) {
        let Ok(channel) = BroadcastChannel::new(storing::CHANNEL) else {
            return;
        };
        let heard = Closure::<dyn Fn()>::new(move || self.refresh());
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let kept = StoredValue::new_local((channel, heard));
        on_cleanup(move || {
            kept.try_with_value(|(channel, _)| channel.close());
        });
    }

    /// What is typed outlives the page.
    fn keep_draft(self) {
        let text = self.session.draft();
        if !text.is_empty() {
            let (typed, remark) = serde_json::from_str(&text).unwrap_or((text, String::new()));
            self.model.update(|model| model.restore(&typed));
            self.remark.set(remark);
        }
        self.model.update(|model| model.open(self.session.today()));
        Effect::new(move |_| {
            let is_new = self.corrected.with(Option::is_none);
            let typed = self
                .model
                .with(|model| model.has_typed().then(|| model.to_text()));
            let remark = self.remark.get();
            let draft = match typed {
                None if remark.is_empty() => None,
                typed => serde_json::to_string(&(typed.unwrap_or_default(), remark)).ok(),
            };
            let draft = draft.filter(|_| is_new);
            self.session.set_draft(draft.unwrap_or_default());
        });
    }

    /// Begins to correct a note.
    pub(super) fn correct(self, entry: Entry, note: Note) {
        self.corrected.set(Some(entry));
        self.model.set(Model::of(note.form));
        self.remark.set(note.remark);
    }

    /// An empty form.
    pub(super) fn clear(self) {
        self.model.set(Model::default());
        self.model.update(|model| model.open(self.session.today()));
        self.remark.set(String::new());
        self.corrected.set(None);
    }

    fn stop_correcting(self) {
        if self.corrected.with_untracked(Option::is_some) {
            self.clear();
        }
    }

    /// Stops a run; it is resumed by beginning it again.
    pub(super) fn stop_asking(self) {
        self.run.stop();
        self.watch.asked.set(None);
        self.watch.waits.set(None);
    }

    /// Destroys notes by a person's act.
    pub(super) fn destroy(self, ids: Vec<String>) {
        leptos::task::spawn_local(async move {
            match storing::destroy(&ids, false, clock::milliseconds()).await {
                Ok(count) => key::record(self.session, count, false).await,
                Err(error) => {
                    self.unreadable.try_set(Some(error));
                }
            }
            self.read().await;
        });
    }

    /// The notes that a run would ask about.
    pub(super) fn unasked(self) -> usize {
        self.rows.with(|rows| {
            let unasked = rows.iter().filter(|row| row.entry.state == State::Unasked);
            unasked.count()
        })
    }
}

/// What can be read of a note; what was read before is not opened again.
async fn opened(entry: Entry, key: Option<&Key>, known: &[Row]) -> Row {
    let Some(key) = key else {
        return Row {
            entry,
            note: None,
            found: None,
        };
    };
    let before = known
        .iter()
        .find(|row| row.entry == entry && row.note.is_some());
    if let Some(row) = before {
        return row.clone();
    }
    Row {
        note: key.note(&entry).await,
        found: key.found(&entry).await,
        entry,
    }
}
