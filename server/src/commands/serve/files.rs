//! How many files the service may have open: every connection is one.

/// Fewer connections than this are worth a word: each terminal that is open has one all the time,
/// for what it follows.
#[cfg(unix)]
const FEW: u64 = 4096;

/// Files besides connections of browsers: the store's, to the database, the log, what is read.
#[cfg(unix)]
const OTHERS: u64 = 128;

/// Raises the system's usual limit, which is for programs of one user, to the highest that this
/// program may have, and says when that is low.
#[cfg(unix)]
pub(super) fn allow_most() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let highest = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let files = match setrlimit(Resource::Nofile, highest) {
        Ok(()) => highest.current,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be raised");
            limit.current
        }
    };
    let connections = files.map_or(u64::MAX, |files| files.saturating_sub(OTHERS));
    if connections < FEW {
        tracing::warn!(
            connections,
            "few connections at once: raise the hard limit of open files (LimitNOFILE= of the \
             unit, or ulimit -Hn)"
        );
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn allow_most() {}
