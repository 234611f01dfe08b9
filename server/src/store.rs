//! The store: one `SQLite` file, or a database of a `PostgreSQL` server. All SQL of the
//! service is below this module.
//!
//! Reading takes a [`Reader`], changing takes a [`Writer`], and a change is
//! committed only together with the audit events that its closure returns
//! ([`Audited`]): forgetting them does not compile.

mod accounts;
mod allowances;
mod apart;
mod attempts;
mod audit;
mod cards;
mod challenges;
mod claim_guidance;
mod consents;
mod coverages;
mod database;
mod error;
mod filling;
mod folding;
mod imports;
mod institutions;
mod location;
mod measures;
mod notebook;
mod openings;
mod passcodes;
mod passkeys;
mod persons;
mod pool;
mod purpose;
mod queue;
mod reader_screens;
mod replicas;
mod server;
mod sessions;
mod sql;
mod transaction;
mod usage_reports;
mod visual_confirmations;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;

pub use accounts::{Account, AccountId, Institution, NewAccount};
pub(crate) use allowances::{Allowance, Spender};
pub use attempts::AttemptKey;
pub use audit::{
    Actor, AuditEvent, AuditFilter, AuditScope, Audited, Break, Flaw, Origin, Verification,
};
pub use cards::{Link, NewUnlinkedCard};
pub use challenges::{Challenge, Wanted};
pub use coverages::{Match, PersonId, StoredCoverage, StoredPerson, Upsert};
pub use error::StoreError;
pub use filling::{Counts, Filling, Phase, Prepared};
pub use imports::{FileKey, ImportProgress};
pub use institutions::{InstitutionRow, Registered, Registration};
pub use location::{Location, LocationError};
pub(crate) use measures::Measures;
pub use openings::{OpeningCounts, OpeningFilter, OpeningNumber, OpeningRow};
pub use passcodes::{Counted, Issue, NewPasscode, PasscodeEntry};
pub use passkeys::{PasskeyId, StoredPasskey};
pub(crate) use persons::card;
pub use purpose::Purpose;
pub use reader_screens::{NewScreen, Pairing, ReaderScreenNumber, RegisteredScreen};
pub(crate) use server::Heard;
pub use sessions::{SessionAccount, SessionId};
pub use sql::{Refusal, SqlError};
pub use transaction::{Reader, Writer};
pub use usage_reports::{FrozenReport, UsageReportRow};
pub use visual_confirmations::{Standing, VisualConfirmationNumber, VisualConfirmationRow};

use audit::Trail;
use database::Database;
use domain::timestamp::Timestamp;
use domain::visual_confirmation::Open;
use pool::Use;
use protocol::http::VisualConfirmationId;
use queue::Queue;
use replicas::Replicas;
use sql::{Kind, Sql};
use tracing::Instrument as _;

/// A handle on the store, cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    permits: Arc<Semaphore>,
    queue: Arc<Queue>,
    replicas: Arc<Replicas>,
    /// As many as are read from at once.
    replica_permits: Arc<Semaphore>,
    epoch: u64,
}

impl Store {
    /// Opens the store, making it or bringing its tables up to date.
    pub fn open(location: &Location) -> Result<Self, StoreError> {
        Self::of(Database::open(location, Use::Service)?)
    }

    /// Opens the store for an import: faster, but what was committed last is on disk only
    /// after [`Self::settle`] and one more change. An empty store that nobody else has
    /// open is for this import alone ([`Filling`]).
    pub fn open_for_import(location: &Location) -> Result<Self, StoreError> {
        Self::open_for_import_in(location, Path::new("data"))
    }

    /// The same, where a database server is not on this machine, or keeps its files to itself:
    /// what is sorted for it is below `folder`.
    pub fn open_for_import_in(location: &Location, folder: &Path) -> Result<Self, StoreError> {
        Self::of(Database::open_for_import(location, folder)?)
    }

    fn of(database: Database) -> Result<Self, StoreError> {
        let epoch = database.with(reader_screens::next_epoch)?;
        database.be_called(epoch);
        Ok(Self {
            permits: Arc::new(Semaphore::new(database.connections())),
            database: Arc::new(database),
            queue: Arc::default(),
            replicas: Arc::default(),
            replica_permits: Arc::new(Semaphore::new(0)),
            epoch,
        })
    }

    /// With replicas of its database, asked for what may be so old. They need not answer yet;
    /// places that are files, and a store that is one, have none.
    pub fn with_replicas(
        mut self,
        locations: &[Location],
        most_lag: Duration,
    ) -> Result<Self, StoreError> {
        if let Database::Server(primary) = &*self.database {
            let replicas = Arc::new(Replicas::new(locations, most_lag)?);
            replicas.watch(primary);
            self.replicas = replicas;
            let permits = replicas::READS_AT_ONCE * locations.len();
            self.replica_permits = Arc::new(Semaphore::new(permits));
        }
        Ok(self)
    }

    /// Exchanges news with other servers on the same database, as long as the store is open:
    /// what is sent is told to them, and `heard` is called with what they send. `None` for a
    /// store in a file, which one server has.
    pub(crate) fn exchange(
        &self,
        heard: impl Fn(Heard<'_>) + Send + Sync + 'static,
    ) -> Option<UnboundedSender<String>> {
        self.database.exchange(heard)
    }

    /// What is measured of changes.
    pub(crate) fn measures(&self) -> &Measures {
        self.queue.measures()
    }

    /// How often the store was opened before and with this: greater than the last time.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Changes nothing but persons, on this thread; all of it or, on any error, none of it.
    /// Its line of the trail is there already ([`Self::write_blocking`]): a line without a
    /// change may be left of a crash, never a change without its line. In a file nobody who
    /// writes to the trail waits for it ([`apart`]).
    pub fn write_persons_blocking<T, E: From<StoreError>>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.with(|sql| {
            let transaction = sql.begin(Kind::WritePersons).map_err(StoreError::from)?;
            let value = Writer::run_audited(sql, now, work)?;
            transaction.commit().map_err(StoreError::from)?;
            Ok(value)
        })
    }

    /// Another number when others have written something besides persons; `None` where they
    /// wait for whoever writes persons, on a server.
    pub fn version_of_others(&self) -> Result<Option<i64>, StoreError> {
        self.database.version_of_others()
    }

    /// Moves what is in the persons' log to where it belongs, so that it is not much at once.
    pub fn write_back_persons(&self) -> Result<(), StoreError> {
        self.database.write_back_persons()
    }

    /// Reads on this thread, from one moment of the store.
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read_for(Patience::Long, work)
    }

    /// Changes on this thread; all of it or, on any error, none of it.
    pub fn write_blocking<T, E: From<StoreError>>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&Writer<'_>) -> Result<Audited<T>, E>,
    ) -> Result<T, E> {
        self.database.with(|sql| {
            let transaction = sql.begin(Kind::Write).map_err(StoreError::from)?;
            transaction.may_take_long().map_err(StoreError::from)?;
            let value = Writer::run(sql, &Trail::default(), now, work)?;
            transaction.commit().map_err(StoreError::from)?;
            Ok(value)
        })
    }

    /// [`Self::read_blocking`] on a thread that may block.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.blocking(move |store| store.read_for(Patience::Short, work))
            .instrument(tracing::info_span!("store.read"))
            .await
    }

    /// Reads what a change will tell, before it is that change's turn: from a replica that is
    /// not too far behind, or else from the database server itself, where changes wait for each
    /// other longer than for what they read. `None` from a file, and from servers that do not
    /// answer: the change reads itself. Asked again, `work` has to come to the same; and it
    /// never decides whether something may be done.
    pub async fn read_ahead<T: Send + 'static>(
        &self,
        work: impl Fn(&Reader<'_>) -> Result<T, StoreError> + Send + Sync + 'static,
    ) -> Option<T> {
        if let Database::File(_) = &*self.database {
            return None;
        }
        let work = Arc::new(work);
        if let Some(read) = self.read_replica(Arc::clone(&work)).await {
            return Some(read);
        }
        self.read(move |reader| work(reader)).await.ok()
    }

    async fn read_replica<T: Send + 'static>(
        &self,
        work: Arc<impl Fn(&Reader<'_>) -> Result<T, StoreError> + Send + Sync + 'static>,
    ) -> Option<T> {
        if self.replicas.are_none() {
            return None;
        }
        // All of them are busy: the primary may have time.
        let permit = Arc::clone(&self.replica_permits).try_acquire_owned().ok()?;
        let replicas = Arc::clone(&self.replicas);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            replicas.read(&*work)
        });
        if let Ok(read) = timeout(replicas::PATIENCE, task).await {
            return read.ok()?;
        }
        self.replicas.suspect_all();
        None
    }

    /// From now on a change is on disk, and all before it, when it returns. It always is
    /// but in a store that was opened for an import.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.database.wait_for_disk()
    }

    /// Changes together with whoever else does ([`queue`]); all of it or, on any error,
    /// none of it. On disk when it returns.
    pub async fn write<T, E>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&Writer<'_>) -> Result<Audited<T>, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let change = move |sql: Sql<'_>, trail: &Trail| Writer::run(sql, trail, now, work);
        self.queue.run(&self.database, change).await
    }

    /// Notes that a session is alive. Not an act on anybody's information, so
    /// the one change without an audit event.
    pub async fn touch_session(&self, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let change = move |sql: Sql<'_>, _: &Trail| sessions::touch(sql, id, now);
        self.queue.run(&self.database, change).await
    }

    /// Notes that a reader's own screen is or was connected. Like [`Self::touch_session`] no
    /// act on anybody's information.
    pub(crate) async fn touch_reader_screen(
        &self,
        number: ReaderScreenNumber,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let change = move |sql: Sql<'_>, _: &Trail| reader_screens::touch(sql, number, at);
        self.queue.run(&self.database, change).await
    }

    /// Keeps a visual confirmation open, or notes whether another one follows: `change`
    /// tells how it then stands. Like [`Self::touch_session`] no act on anybody's
    /// information.
    pub(crate) async fn touch_visual_confirmation<E>(
        &self,
        id: VisualConfirmationId,
        change: impl FnOnce(Option<&VisualConfirmationRow>) -> Result<Open, E> + Send + 'static,
    ) -> Result<(), E>
    where
        E: From<StoreError> + Send + 'static,
    {
        let work = move |sql: Sql<'_>, _: &Trail| {
            let row = Reader::new(sql).visual_confirmation(&id)?;
            let open = change(row.as_ref())?;
            match &row {
                Some(row) => Ok(visual_confirmations::keep(sql, row, &open)?),
                None => Ok(()),
            }
        };
        self.queue.run(&self.database, work).await
    }

    /// Forgets visual confirmations that were over a day ago: what was done in them is
    /// in the audit trail.
    pub(crate) async fn forget_visual_confirmations(
        &self,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let work = move |sql: Sql<'_>, _: &Trail| visual_confirmations::forget(sql, now);
        self.queue.run(&self.database, work).await
    }

    /// Counts an attempt at a password, or gives the seconds to wait before one.
    /// Like [`Self::touch_session`] no act on anybody's information: what comes of
    /// the attempt is audited.
    pub async fn count_attempt(
        &self,
        keys: Vec<AttemptKey>,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        self.blocking(move |store| store.database.with(|sql| attempts::count(sql, &keys, now)))
            .await
    }

    /// Takes back what [`Self::count_attempt`] counted, because the attempt was good.
    pub async fn forgive_attempt(&self, keys: Vec<AttemptKey>) -> Result<(), StoreError> {
        self.blocking(move |store| store.database.with(|sql| attempts::forgive(sql, &keys)))
            .await
    }

    /// Counts an entry of an institution's passcode as wrong, if it may be compared. Like
    /// [`Self::count_attempt`] it is what comes of the entry that is audited.
    pub async fn count_passcode_entry(
        &self,
        institution_id: i64,
        reader_screen: String,
        now: Timestamp,
    ) -> Result<Counted, StoreError> {
        self.blocking(move |store| {
            store
                .database
                .with(|sql| passcodes::count(sql, institution_id, reader_screen, now))
        })
        .await
    }

    /// Takes back what [`Self::count_passcode_entry`] counted, because the entry was right.
    pub async fn forgive_passcode_entry(&self, entry: PasscodeEntry) -> Result<(), StoreError> {
        self.blocking(move |store| store.database.with(|sql| passcodes::forgive(sql, &entry)))
            .await
    }

    fn read_for<T, E: From<StoreError>>(
        &self,
        patience: Patience,
        work: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.with(|sql| {
            let transaction = sql.begin(Kind::Read).map_err(StoreError::from)?;
            if patience == Patience::Long {
                transaction.may_take_long().map_err(StoreError::from)?;
            }
            work(&Reader::new(sql))
        })
    }

    /// The permit moves into the call: a client that goes away in the middle
    /// must not free a place that is still taken.
    async fn blocking<T, E>(
        &self,
        call: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Stopped)?;
        let store = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            call(&store)
        });
        task.await.map_err(|_| StoreError::Stopped)?
    }
}

/// Whether somebody waits who would rather hear that it takes too long.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// A request.
    Short,
    /// A command, or the service's own work.
    Long,
}
