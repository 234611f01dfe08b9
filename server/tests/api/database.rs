//! The database of a test: a file, or one of its own on the server that
//! `SHIKAKU_TEST_DATABASE` names (`postgres://…`, for somebody who may make databases).

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use server::store::{Location, Store};
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

/// Where the server is, if the tests are to use one.
const SERVER: &str = "SHIKAKU_TEST_DATABASE";
/// Where a streaming replica of it is, if there is one.
const REPLICA: &str = "SHIKAKU_TEST_REPLICA";

/// Both files of a store.
fn open(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    let persons = path.with_extension("persons.sqlite");
    let persons = persons.to_str().unwrap();
    let attach = "ATTACH ?1 AS persons";
    connection.execute(attach, [persons]).unwrap();
    connection
}

pub(crate) enum Database {
    File(PathBuf),
    Server(Box<Config>),
    /// That of another service.
    Shared(Box<Config>),
}

impl Database {
    pub(crate) fn new(directory: &Path) -> Self {
        match server() {
            None => Self::File(directory.join("shikaku.sqlite")),
            Some(server) => Self::made_from(server, template(server)),
        }
    }

    /// One without tables, on the server; `None` without a server.
    pub(crate) fn empty() -> Option<Self> {
        server().map(|server| Self::made_from(server, "template0"))
    }

    fn made_from(server: &Config, template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("shikaku_test_{}_{number}", std::process::id());
        create(server, &name, template);
        Self::Server(Box::new(with_name(server, &name)))
    }

    pub(crate) fn location(&self) -> Location {
        match self {
            Self::File(path) => Location::File(path.clone()),
            Self::Server(config) | Self::Shared(config) => Location::Server(config.clone()),
        }
    }

    /// Of a server's.
    pub(crate) fn url(&self) -> String {
        let url = std::env::var(SERVER).unwrap();
        let (server, _) = url.rsplit_once('/').unwrap();
        match self {
            Self::File(_) => panic!("a file"),
            Self::Server(config) | Self::Shared(config) => {
                format!("{server}/{}", config.get_dbname().unwrap())
            }
        }
    }

    /// The same, for another service; `None` for a file, which one has.
    pub(crate) fn shared(&self) -> Option<Self> {
        match self {
            Self::File(_) => None,
            Self::Server(config) | Self::Shared(config) => Some(Self::Shared(config.clone())),
        }
    }

    /// The first column of a query, as text.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        match self {
            Self::File(path) => {
                let connection = open(path);
                let mut statement = connection.prepare(sql).unwrap();
                let text = |row: &rusqlite::Row<'_>| {
                    Ok(match row.get(0)? {
                        rusqlite::types::Value::Text(text) => text,
                        rusqlite::types::Value::Integer(number) => number.to_string(),
                        _ => String::new(),
                    })
                };
                let rows = statement.query_map([], text).unwrap();
                rows.map(Result::unwrap).collect()
            }
            Self::Server(config) | Self::Shared(config) => ask(config, sql).unwrap(),
        }
    }

    /// Runs statements; what is refused is an error.
    pub(crate) fn run(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::File(path) => {
                let connection = open(path);
                let done = connection.execute_batch(sql);
                done.map_err(|error| error.to_string())
            }
            Self::Server(config) | Self::Shared(config) => {
                let sql = sql.replace("zeroblob(32)", "decode(repeat('00', 32), 'hex')");
                ask(config, &sql)
                    .map(drop)
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Lets anybody change the audit trail.
    pub(crate) fn drop_triggers(&self) {
        let drop = match self {
            Self::File(_) => {
                "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_only_appended_to;
                 DROP TRIGGER audit_is_shortened_by_the_retention_only"
            }
            Self::Server(_) | Self::Shared(_) => "ALTER TABLE audit DISABLE TRIGGER USER",
        };
        self.run(drop).unwrap();
    }

    /// The columns of a table.
    pub(crate) fn columns(&self, table: &str) -> Vec<String> {
        self.query(&match self {
            Self::File(_) => format!("SELECT name FROM pragma_table_info('{table}')"),
            Self::Server(_) | Self::Shared(_) => {
                format!("SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
            }
        })
    }

    /// A column of bytes, in upper-case hexadecimal and its order: a server has its own for rows.
    pub(crate) fn hashes(&self, column: &str, table: &str) -> Vec<String> {
        self.query(&match self {
            Self::File(_) => format!("SELECT hex({column}) FROM {table} ORDER BY 1"),
            Self::Server(_) | Self::Shared(_) => {
                format!("SELECT upper(encode({column}, 'hex')) FROM {table} ORDER BY 1")
            }
        })
    }

    /// All that is kept of some tables; of a file simply all.
    pub(crate) fn kept(&self, tables: &[&str]) -> Vec<u8> {
        match self {
            Self::File(path) => {
                let persons = std::fs::read(path.with_extension("persons.sqlite")).unwrap();
                [std::fs::read(path).unwrap(), persons].concat()
            }
            Self::Server(config) | Self::Shared(config) => {
                let rows =
                    |table: &&str| ask(config, &format!("SELECT {table}::text FROM {table}"));
                let rows = tables.iter().flat_map(|table| rows(table).unwrap());
                rows.collect::<Vec<_>>().join("\n").into_bytes()
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Self::Server(config), Some(server)) = (self, server()) {
            let name = config.get_dbname().unwrap();
            // What is left is left to who has made the server for the tests.
            let _ = ask(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn server() -> Option<&'static Config> {
    static CONFIG: OnceLock<Option<Config>> = OnceLock::new();
    CONFIG.get_or_init(|| named(SERVER)).as_ref()
}

fn named(variable: &str) -> Option<Config> {
    let url = std::env::var(variable).ok()?;
    match url.parse().unwrap() {
        Location::Server(config) => Some(*config),
        Location::File(_) => panic!("{variable} names no server"),
    }
}

/// What the replica of the server has of a database; `None` without one.
pub(crate) fn replica(of: &Database) -> Option<Replica> {
    let mut config = named(REPLICA)?;
    match of {
        Database::File(_) => return None,
        Database::Server(primary) | Database::Shared(primary) => {
            config.dbname(primary.get_dbname().unwrap());
        }
    }
    Some(Replica(Box::new(config)))
}

/// A database on the replica.
pub(crate) struct Replica(Box<Config>);

impl Replica {
    pub(crate) fn location(&self) -> Location {
        Location::Server(self.0.clone())
    }

    /// Waits until the database is there, with its last account.
    pub(crate) async fn ready(&self) {
        let sql = "SELECT 1 FROM session";
        while !ask(&self.0, sql).is_ok_and(|rows| !rows.is_empty()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// From now on it replays nothing.
    pub(crate) fn hold(&self) {
        ask(&self.0, "SELECT pg_wal_replay_pause()").unwrap();
        let state = "SELECT pg_get_wal_replay_pause_state()";
        while ask(&self.0, state).unwrap() != ["paused"] {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// From now on it does again.
    pub(crate) fn let_go(&self) {
        ask(&self.0, "SELECT pg_wal_replay_resume()").unwrap();
    }

    /// Everybody but who asks loses his connection.
    pub(crate) fn cut(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        ask(&self.0, sql).unwrap();
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = ask(&self.0, "SELECT pg_wal_replay_resume()");
    }
}

/// A database with the tables, which the tests' own are copies of.
fn template(server: &Config) -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = format!("shikaku_template_{}", std::process::id());
        create(server, &name, "template0");
        drop(Store::open(&Location::Server(Box::new(with_name(server, &name)))).unwrap());
        name
    })
}

fn with_name(server: &Config, name: &str) -> Config {
    let mut config = server.clone();
    config.dbname(name);
    config
}

/// Waits until nobody is connected to the template any more.
fn create(server: &Config, name: &str, template: &str) {
    let sql = format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}");
    loop {
        match ask(server, &sql) {
            Ok(_) => return,
            Err(error) if error.code().is_some_and(|code| code.code() == "55006") => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// On a thread of its own: the test's may be one that must not wait.
fn ask(config: &Config, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let asked = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            let messages = client.simple_query(sql).await?;
            let rows = messages.iter().filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                _ => None,
            });
            Ok(rows.collect())
        })
    };
    std::thread::scope(|scope| scope.spawn(asked).join().unwrap())
}
