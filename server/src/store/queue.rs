//! Changes that wait for the disk together.
//!
//! A commit waits for the disk, and only one can be under way. So the changes that
//! arrive meanwhile go into the next transaction together: each in a savepoint of its
//! own, so that one that fails takes back nothing but itself, and each answered only
//! once the transaction of all is on disk.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::StoreError;
use super::audit::Trail;
use super::database::Database;
use super::measures::Measures;
use super::sql::{Kind, Sql, Transaction};

/// Changes in one transaction at most: the last one must not wait long for its turn.
const MOST_TOGETHER: usize = 128;

/// A change: made inside a transaction, if one could be begun.
type Job = Box<dyn FnOnce(Option<(&mut Transaction<'_>, &Trail)>) -> Answer + Send>;

/// Tells the caller how it went, once it is known whether the transaction is on disk.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The changes that wait.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    measures: Measures,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Whether a thread is taking them.
    is_served: bool,
}

impl Queue {
    /// What is measured of changes.
    pub(super) const fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Has a change made, all of it or, on any error, none of it.
    ///
    /// It is made even if the caller goes away.
    pub(super) async fn run<T, E>(
        self: &Arc<Self>,
        database: &Arc<Database>,
        change: impl FnOnce(Sql<'_>, &Trail) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job = move |open: Option<(&mut Transaction<'_>, &Trail)>| {
            let made = open.map(|(transaction, trail)| {
                in_savepoint(transaction, |sql| change(sql, trail)).inspect_err(|_| trail.forget())
            });
            let answer = move |committed: Result<(), StoreError>| {
                let done = match (made, committed) {
                    (Some(made), Ok(())) => made,
                    (Some(Err(error)), Err(_)) => Err(error),
                    (_, Err(error)) => Err(error.into()),
                    (None, Ok(())) => Err(StoreError::Stopped.into()),
                };
                // A caller who has gone away needs no answer.
                let _ = sender.send(done);
            };
            Box::new(answer) as Answer
        };
        if self.push(Box::new(job)) {
            let (queue, database) = (Arc::clone(self), Arc::clone(database));
            tokio::task::spawn_blocking(move || queue.serve(&database));
        }
        // Without an answer the change was lost to a panic, or the service is ending.
        let span = tracing::info_span!("store.write");
        let answer = receiver.instrument(span).await;
        answer.map_err(|_| StoreError::Stopped)?
    }

    /// Whether somebody must begin to serve.
    fn push(&self, job: Job) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.jobs.push_back(job);
        self.measures.begin_waiting();
        !std::mem::replace(&mut waiting.is_served, true)
    }

    /// Up to [`MOST_TOGETHER`] jobs; with none left the serving ends.
    fn take(&self) -> Vec<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.jobs.len().min(MOST_TOGETHER);
        waiting.is_served = count > 0;
        self.measures.end_waiting(count);
        waiting.jobs.drain(..count).collect()
    }

    fn serve(&self, database: &Database) {
        loop {
            let jobs = self.take();
            if jobs.is_empty() {
                return;
            }
            // Whatever happens, the next ones must be served; those who were waiting for
            // something that panicked get no answer, which is one.
            let served = AssertUnwindSafe(|| {
                database.with_queue(|sql| {
                    together(sql, jobs, &self.measures);
                    Ok::<_, StoreError>(())
                })
            });
            match catch_unwind(served) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "changes could not be made"),
                Err(_) => tracing::error!("changes were lost to a panic"),
            }
        }
    }
}

/// Makes changes in one transaction, and answers each when it is on disk.
fn together(sql: Sql<'_>, jobs: Vec<Job>, measures: &Measures) {
    let begun = sql.begin(Kind::Write);
    let (answers, committed) = match begun {
        Err(error) => (jobs.into_iter().map(|job| job(None)).collect(), Err(error)),
        Ok(mut transaction) => {
            let answers = made(&mut transaction, jobs);
            (answers, measures.commit(|| transaction.commit()))
        }
    };
    let committed = committed.map_err(|error| Arc::new(StoreError::from(error)));
    for answer in answers {
        answer(committed.clone().map_err(StoreError::Shared));
    }
}

fn made(transaction: &mut Transaction<'_>, jobs: Vec<Job>) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(jobs.len());
    let trail = Trail::default();
    for job in jobs {
        // A full disk ends the whole transaction: the commit will fail, and nothing more
        // may be written outside of it.
        let is_open = transaction.sql().is_in_transaction();
        let open = is_open.then_some((&mut *transaction, &trail));
        if let Ok(answer) = catch_unwind(AssertUnwindSafe(|| job(open))) {
            answers.push(answer);
        } else {
            trail.forget();
            tracing::error!("a change was lost to a panic");
        }
    }
    answers
}

fn in_savepoint<T, E: From<StoreError>>(
    transaction: &mut Transaction<'_>,
    change: impl FnOnce(Sql<'_>) -> Result<T, E>,
) -> Result<T, E> {
    // Rolled back when it is dropped, by an error or a panic.
    let savepoint = transaction.savepoint().map_err(StoreError::from)?;
    let value = change(savepoint.sql())?;
    savepoint.commit().map_err(StoreError::from)?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::super::location::Location;
    use super::super::pool::Use;
    use super::super::server::Server;
    use super::super::sql::{self, SqlError};
    use super::*;

    struct Notes {
        queue: Arc<Queue>,
        database: Arc<Database>,
        directory: TempDir,
    }

    impl Notes {
        fn new() -> Self {
            let directory = TempDir::new().unwrap();
            let path = directory.path().join("notes.sqlite");
            let database = Database::open(&Location::File(path), Use::Service).unwrap();
            Self::of(database, directory)
        }

        /// In a database of its own on the server that `SHIKAKU_TEST_DATABASE` names.
        fn on_server(name: &str) -> Option<Self> {
            let url = std::env::var("SHIKAKU_TEST_DATABASE").ok()?;
            let Location::Server(mut config) = url.parse().unwrap() else {
                panic!("no server")
            };
            let name = format!("shikaku_{name}_{}", std::process::id());
            let server = Server::new(&config, Use::Service).unwrap();
            let make = |sql: Sql<'_>| sql.execute_batch(&format!("CREATE DATABASE {name}"));
            server
                .with(|sql| make(sql).map_err(StoreError::from))
                .unwrap();
            config.dbname(name);
            let server = Server::new(&config, Use::Service).unwrap();
            let database = Database::Server(Box::new(server));
            Some(Self::of(database, TempDir::new().unwrap()))
        }

        fn of(database: Database, directory: TempDir) -> Self {
            let notes = Self {
                queue: Arc::default(),
                database: Arc::new(database),
                directory,
            };
            let table = "CREATE TABLE note (text TEXT CHECK (text <> 'bad'))";
            notes.sql(|sql| sql.execute_batch(table));
            notes
        }

        fn sql<T>(&self, work: impl FnOnce(Sql<'_>) -> sql::Result<T>) -> T {
            let with = |sql: Sql<'_>| Ok::<_, StoreError>(work(sql)?);
            self.database.with(with).unwrap()
        }

        fn all(&self) -> String {
            let all = self.sql(|sql| {
                let mut statement = sql.prepare_cached("SELECT text FROM note ORDER BY text")?;
                let rows = statement.query_map([], |row| row.get(0))?;
                rows.collect::<sql::Result<Vec<String>>>()
            });
            all.join(" ")
        }

        async fn add(&self, text: &'static str) -> Result<&'static str, StoreError> {
            let change = move |sql: Sql<'_>, _: &Trail| {
                sql.execute("INSERT INTO note VALUES (?1)", [text])?;
                assert_ne!(text, "panic");
                if text == "twice" {
                    sql.execute("INSERT INTO note VALUES ('bad')", [])?;
                }
                if text == "careless" {
                    let _ = sql.execute("INSERT INTO note VALUES ('bad')", []);
                }
                if text == "ahead" {
                    let insert = "INSERT INTO note VALUES ('bad')";
                    sql.prepare_cached(insert)?.execute_ahead([])?;
                }
                if text == "cut" {
                    sql.execute_batch("SELECT pg_terminate_backend(pg_backend_pid())")?;
                }
                Ok(text)
            };
            self.queue.run(&self.database, change).await
        }
    }

    #[tokio::test]
    async fn a_change_that_fails_takes_back_nothing_but_itself() {
        takes_back_nothing_but_itself(Notes::new()).await;
        if let Some(notes) = Notes::on_server("failing") {
            takes_back_nothing_but_itself(notes).await;
        }
    }

    async fn takes_back_nothing_but_itself(notes: Notes) {
        let (a, twice, panic, b) = tokio::join!(
            notes.add("a"),
            notes.add("twice"),
            notes.add("panic"),
            notes.add("b")
        );
        assert_eq!((a.unwrap(), b.unwrap()), ("a", "b"));
        assert!(matches!(twice, Err(StoreError::Driver(_))), "its own error");
        assert!(matches!(panic, Err(StoreError::Stopped)));
        assert_eq!(notes.all(), "a b");
        assert_eq!(notes.add("c").await.unwrap(), "c", "it goes on");
    }

    /// The server forgets a change of which one statement failed, whatever the change makes
    /// of that.
    #[tokio::test]
    async fn a_change_that_passes_over_a_failure_is_not_told_done_on_a_server() {
        let Some(notes) = Notes::on_server("careless") else {
            return;
        };
        let (a, careless, b) = tokio::join!(notes.add("a"), notes.add("careless"), notes.add("b"));
        assert_eq!((a.unwrap(), b.unwrap()), ("a", "b"));
        let refused = matches!(careless, Err(StoreError::Driver(SqlError::Spoilt)));
        assert!(refused);
        assert_eq!(notes.all(), "a b");
    }

    /// Not even where the next one fails by itself, and goes back to before it began.
    #[tokio::test]
    async fn a_failure_that_was_not_waited_for_is_not_told_done() {
        let Some(notes) = Notes::on_server("ahead") else {
            return;
        };
        let (a, ahead, twice, b) = tokio::join!(
            notes.add("a"),
            notes.add("ahead"),
            notes.add("twice"),
            notes.add("b")
        );
        for told in [&a, &ahead, &twice, &b] {
            assert!(told.is_err(), "{told:?}");
        }
        assert_eq!(notes.add("c").await.unwrap(), "c", "it goes on");
        assert_eq!(notes.all(), "c");
    }

    #[tokio::test]
    async fn a_lost_connection_loses_what_was_under_way_and_says_so() {
        let Some(notes) = Notes::on_server("cut") else {
            return;
        };
        let (a, cut, b) = tokio::join!(notes.add("a"), notes.add("cut"), notes.add("b"));
        for told in [&a, &cut, &b] {
            assert!(told.as_ref().is_err_and(StoreError::is_passing), "{told:?}");
        }
        assert_eq!(notes.add("c").await.unwrap(), "c", "it goes on");
        assert_eq!(notes.all(), "c");
    }

    #[tokio::test]
    async fn changes_that_wait_for_another_program_are_all_made() {
        let notes = Notes::new();
        let other = Connection::open(notes.directory.path().join("notes.sqlite")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let texts: Vec<&str> = ["a"; 300].to_vec();
        let all = futures(&notes, &texts);
        let free = tokio::task::spawn_blocking(move || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            other.execute_batch("COMMIT").unwrap();
        });
        assert!(all.await.iter().all(Result::is_ok));
        free.await.unwrap();
        assert_eq!(notes.all().len(), 300 * 2 - 1);
    }

    async fn futures(
        notes: &Notes,
        texts: &[&'static str],
    ) -> Vec<Result<&'static str, StoreError>> {
        let tasks = texts.iter().map(|text| {
            let (queue, database, text) =
                (Arc::clone(&notes.queue), Arc::clone(&notes.database), *text);
            tokio::spawn(async move {
                let change = move |sql: Sql<'_>, _: &Trail| {
                    sql.execute("INSERT INTO note VALUES (?1)", [text])?;
                    Ok::<_, StoreError>(text)
                };
                queue.run(&database, change).await
            })
        });
        let mut done = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            done.push(task.await.unwrap());
        }
        done
    }

    #[test]
    fn when_the_transaction_is_lost_nobody_is_told_otherwise() {
        let notes = Notes::new();
        let (sender, answers) = std::sync::mpsc::channel();
        let job = |sql: &'static str| {
            let sender = sender.clone();
            let job = move |open: Option<(&mut Transaction<'_>, &Trail)>| {
                let is_made = open.map(|(open, _)| open.sql().execute_batch(sql).is_ok());
                let answer = move |committed: Result<(), StoreError>| {
                    sender.send((is_made, committed.is_ok())).unwrap();
                };
                Box::new(answer) as Answer
            };
            Box::new(job) as Job
        };
        let jobs = vec![
            job("INSERT INTO note VALUES ('lost')"),
            job("ROLLBACK"), // as a full disk does
            job("INSERT INTO note VALUES ('outside')"),
        ];
        notes
            .database
            .with(|sql| {
                together(sql, jobs, &Measures::default());
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let answers: Vec<_> = answers.try_iter().collect();
        assert_eq!(
            answers,
            [(Some(true), false), (Some(true), false), (None, false)]
        );
        assert_eq!(notes.all(), "");
    }
}
