//! What a test's own thread logs.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::{DefaultGuard, NoSubscriber};

/// A log in memory, written for as long as it is kept.
pub(crate) struct Log {
    written: Written,
    _listens: DefaultGuard,
    _second: tracing::Dispatch,
}

impl Log {
    /// Of everything up to a level.
    pub(crate) fn begin(most: LevelFilter) -> Self {
        let written = Written::default();
        let log = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(most)
            .with_writer(move || log.clone())
            .finish();
        Self {
            written,
            // With one subscriber alone the library lets a thread that has none, that of
            // another test, decide for all that nobody listens.
            _second: tracing::Dispatch::new(NoSubscriber::default()),
            _listens: tracing::subscriber::set_default(subscriber),
        }
    }

    /// What was written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap()
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
