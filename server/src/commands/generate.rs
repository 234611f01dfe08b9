//! `generate`: invented persons to standard output.

use std::io::{BufWriter, ErrorKind, stdout};

use crate::generate::{GenerateError, Generator};

/// Writes the persons.
pub fn run(persons: u64, seed: u64) -> anyhow::Result<()> {
    match Generator::new(seed).write(persons, BufWriter::new(stdout().lock())) {
        // `generate … | head` is no failure.
        Err(GenerateError::Write(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
