//! Connections to a `PostgreSQL` server.
//!
//! A thread of its own speaks to the server for all of them, so that a caller may wait
//! for an answer wherever he may wait for a disk.

mod alone;
mod exchange;
mod migrations;

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::task::{Poll, ready};
use std::time::Duration;

use futures_executor::block_on;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Notification, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use alone::Hold;
pub(crate) use exchange::Heard;

use super::StoreError;
use super::pool::Use;
use super::sql::{Session, Sql, SqlError};

/// How long a connection may take to be made, for each host of the URL.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After so long without an acknowledgement the server's machine is taken for dead.
const SILENCE: Duration = Duration::from_secs(10);
/// After so long a quiet connection is asked for a sign of life.
const QUIET: Duration = Duration::from_secs(30);

/// Limits that the server keeps, in milliseconds: of one statement, of the wait for who
/// writes before (as long as a writer waits for a file), of a server of this kind that
/// hangs in the middle of a transaction.
const LIMITS: &str = "-c statement_timeout=15000 -c lock_timeout=5000 \
  -c idle_in_transaction_session_timeout=30000";

/// An import can be taken up again: a crash of the server may cost its last batches, never
/// their order.
const IMPORT: &str = " -c synchronous_commit=off";

/// The primary is asked instead.
const REPLICA: &str = " -c statement_timeout=2000";

pub(super) struct Server {
    endpoint: Endpoint,
    /// `None` once it is dropped.
    runtime: Option<Runtime>,
    idle: Mutex<Vec<Session>>,
    /// Of an import.
    hold: Option<Hold>,
    /// What the database tells others that this program is, once it is known.
    name: OnceLock<u64>,
}

impl Server {
    /// Connects, and brings the tables up to date.
    pub(super) fn open(config: &Config, usage: Use) -> Result<Self, StoreError> {
        let server = Self::new(config, usage)?;
        migrations::to_latest(&server.connect()?)?;
        Ok(server)
    }

    /// The same for an import, that sorts below a folder of this machine.
    pub(super) fn open_for_import(config: &Config, folder: &Path) -> Result<Self, StoreError> {
        let mut server = Self::open(config, Use::Import)?;
        server.hold = Some(Hold::take(server.connect()?, folder)?);
        Ok(server)
    }

    /// From now on what is changed is told to others as this program's ([`exchange`]).
    pub(super) fn be_called(&self, name: u64) {
        // Once only: a store is opened once.
        let _ = self.name.set(name);
        self.sessions().clear();
    }

    /// Where a first import sorts, if it has a database without persons for itself.
    pub(super) fn folder_of_filling(&self) -> Option<PathBuf> {
        self.hold.as_ref().and_then(Hold::folder)
    }

    /// From now on a commit waits for the disk.
    pub(super) fn wait_for_disk(&self) -> Result<(), StoreError> {
        self.with(|sql| Ok(sql.execute_batch("SET synchronous_commit = on")?))
    }

    /// Connects when it is asked something.
    pub(super) fn new(config: &Config, usage: Use) -> Result<Self, StoreError> {
        let options = match usage {
            Use::Service => "",
            Use::Import => IMPORT,
        };
        // A replica that was promoted is found among the hosts, and one that was not is passed
        // by.
        Self::at(Endpoint::new(
            config,
            options,
            TargetSessionAttrs::ReadWrite,
        )?)
    }

    /// One that takes no changes; connects when it is asked something.
    pub(super) fn replica(config: &Config) -> Result<Self, StoreError> {
        Self::at(Endpoint::new(
            config,
            REPLICA,
            TargetSessionAttrs::ReadOnly,
        )?)
    }

    fn at(endpoint: Endpoint) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("database")
            .enable_io()
            .enable_time()
            .build()
            .map_err(SqlError::Tls)?;
        Ok(Self {
            endpoint,
            runtime: Some(runtime),
            idle: Mutex::default(),
            hold: None,
            name: OnceLock::new(),
        })
    }

    /// Lends a connection. One that was lost, or that a panic takes away, is replaced by a
    /// new one.
    pub(super) fn with<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(Sql<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.hold.as_ref().is_some_and(|hold| !hold.is_held()) {
            // Another import may have begun.
            return Err(StoreError::Stopped.into());
        }
        let session = match self.idle() {
            Some(session) => session,
            None => self.connect()?,
        };
        let result = work(Sql::Postgres(&session));
        if session.is_usable() {
            self.sessions().push(session);
        }
        result
    }

    /// From now on a commit waits for the disk, as it does by itself in a service; and the
    /// server knows how many persons there are. Without that it would read all of them in
    /// search of one, until it looks by itself.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        self.wait_for_disk()?;
        self.with(|sql| {
            sql.execute_batch("SET statement_timeout = 0")?;
            if let Err(error) = sql.execute_batch("ANALYZE person, person_key, insurer") {
                tracing::warn!(%error, "the first searches may be slow");
            }
            Ok(())
        })
    }

    /// Exchanges news with other programs on the same database, until the store is closed:
    /// what is sent is told to them, and `heard` is called with what they send.
    pub(super) fn exchange(
        &self,
        heard: impl Fn(Heard<'_>) + Send + Sync + 'static,
    ) -> UnboundedSender<String> {
        let (sender, outgoing) = unbounded_channel();
        self.spawn(exchange::keep(self.endpoint(), outgoing, heard));
        sender
    }

    /// Has something done beside, until it ends or the store is closed.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(task);
        }
    }

    /// Where it is.
    pub(super) fn endpoint(&self) -> Endpoint {
        self.endpoint.clone()
    }

    /// Those that died while nobody used them are forgotten.
    fn idle(&self) -> Option<Session> {
        let mut sessions = self.sessions();
        std::iter::from_fn(|| sessions.pop()).find(Session::is_usable)
    }

    fn sessions(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Session, StoreError> {
        let runtime = self.runtime.as_ref().ok_or(StoreError::Stopped)?;
        let mut endpoint = self.endpoint();
        if let Some(name) = self.name.get() {
            endpoint.set("shikaku.server", *name);
        }
        let client = runtime.spawn(async move { endpoint.connect().await });
        let client = block_on(client).map_err(|_| StoreError::Stopped)?;
        Ok(Session::new(client.map_err(SqlError::from)?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.sessions().clear();
        // Waiting for its threads is not allowed on a thread that runs tasks.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Who hears of what other servers tell.
type Notes = Option<UnboundedSender<Notification>>;

/// Where a server is, and how it is spoken to.
#[derive(Clone)]
pub(super) struct Endpoint {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Endpoint {
    fn new(config: &Config, options: &str, wanted: TargetSessionAttrs) -> Result<Self, SqlError> {
        let mut config = config.clone();
        complete(&mut config, options, wanted);
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(tls()?),
        };
        Ok(Self { config, tls })
    }

    /// Sets something for each connection.
    fn set(&mut self, setting: &str, value: u64) {
        let options = self.config.get_options().unwrap_or_default();
        let options = format!("{options} -c {setting}={value}");
        self.config.options(options);
    }

    /// Connects to the first host that is what is asked for, and drives the connection.
    pub(super) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        self.connect_to_hear(None).await
    }

    async fn connect_to_hear(&self, notes: Notes) -> Result<Client, tokio_postgres::Error> {
        match self.tls.clone() {
            Some(tls) => connect_over(&self.config, tls, notes).await,
            None => connect_over(&self.config, NoTls, notes).await,
        }
    }
}

async fn connect_over<T>(
    config: &Config,
    tls: T,
    notes: Notes,
) -> Result<Client, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::TlsConnect: Send,
    T::Stream: Send + 'static,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let (client, mut connection) = config.connect(tls).await?;
    // How it ends, whoever waits for an answer over it is told.
    tokio::spawn(poll_fn(move |context| {
        loop {
            match ready!(connection.poll_message(context)) {
                Some(Ok(AsyncMessage::Notification(note))) => {
                    // Without anybody who listens there is none.
                    let _ = notes.as_ref().map(|notes| notes.send(note));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Poll::Ready(()),
            }
        }
    }));
    Ok(client)
}

/// What the URL leaves open.
fn complete(config: &mut Config, options: &str, wanted: TargetSessionAttrs) {
    let told = config.get_options().unwrap_or_default();
    // What is told last holds.
    config.options(format!("{LIMITS}{options} {told}"));
    if config.get_application_name().is_none() {
        config.application_name("shikaku-server");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    config.keepalives_idle(QUIET);
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(wanted);
    }
    // Not on the command line, where others of the machine would see it.
    if let (None, Some(password)) = (config.get_password(), std::env::var_os("PGPASSWORD")) {
        config.password(password.as_encoded_bytes());
    }
}

/// Believes whom the system believes, and nobody without a certificate for his name.
fn tls() -> Result<MakeRustlsConnect, SqlError> {
    match MakeRustlsConnect::with_native_certs() {
        Ok((tls, _)) => Ok(tls),
        Err(errors) => Err(SqlError::Tls(std::io::Error::other(
            errors.into_iter().next().map_or_else(
                || "the system believes no certificates".to_owned(),
                |error| error.to_string(),
            ),
        ))),
    }
}
