//! Import of insured persons from CSV in UTF-8 or Shift_JIS: the header the
//! interface's element names (`facts/domain.md` §2.4), plus `PersonIdentifier` and
//! `CertificateSerialNumber`.
//!
//! An empty store that nobody else uses is filled ([`fill`]): sorted first, which is many
//! times faster. Else rows stream through in batches ([`live`]), so that memory stays flat and a
//! server on the same store waits for a short batch at most. A row that fails goes to the
//! rejections, and the rest goes in; the same file again changes nothing. How far
//! a file came is committed with each batch ([`resume`]), so that an interrupted
//! import goes on where it stopped.

mod encoding;
mod fill;
mod header;
mod live;
mod pace;
mod rejections;
mod resume;
mod row;
mod run;
mod source;
mod summary;

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use thiserror::Error;

use crate::clock::Clock;
use crate::store::{Filling, Store, StoreError};
use resume::Beginning;
use run::Run;
use source::Source;

pub use crate::store::Phase;
pub use encoding::Encoding;
pub use header::HeaderError;
pub use rejections::Rejections;
pub use summary::Summary;

/// Why an import stopped. What was committed before stays; importing the file
/// again goes on from there.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The header can't be used; nothing was written.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The file can't be read.
    #[error("the file can't be read")]
    Read(#[from] io::Error),
    /// The file can't be read as CSV.
    #[error("the file can't be read as CSV")]
    Csv(#[from] csv::Error),
    /// The rejected rows can't be written.
    #[error("the rejected rows can't be written")]
    Rejections(#[source] io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the caller decides about a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What the file is written in; otherwise its beginning tells.
    pub encoding: Option<Encoding>,
    /// From the first row, even where an earlier import was interrupted.
    pub restart: bool,
}

/// Is told how far the import is.
pub trait Progress {
    /// So many bytes of the file have been read.
    fn advance(&mut self, bytes: u64);

    /// The file is read, and so much of a phase of an import into an empty store is done.
    fn phase(&mut self, _phase: Phase, _done: u64, _of: u64) {}
}

/// Where rows go, and who is told.
pub struct Target<'a> {
    /// Takes the good ones.
    pub store: &'a Store,
    /// Says when.
    pub clock: &'a dyn Clock,
    /// Takes the others.
    pub rejections: &'a mut Rejections,
    /// Is told how far it is.
    pub progress: &'a mut dyn Progress,
}

/// Imports a file, from where it was interrupted if it was.
pub fn import_file(
    target: Target<'_>,
    mut file: File,
    options: Options,
) -> Result<Summary, ImportError> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return import(target, file, options.encoding);
    }
    let head = head(&mut file)?;
    let encoding = options.encoding.unwrap_or_else(|| Encoding::detect(&head));
    let key = resume::key(metadata.len(), &head, encoding);
    let interrupted = if options.restart {
        None
    } else {
        resume::find(target.store, &key, &mut file, target.rejections)?
    };
    let (filling, stands) = Filling::begin(target.store, Some(key), interrupted.is_some())?;
    file.seek(SeekFrom::Start(0))?;
    let run = match interrupted.filter(|_| stands) {
        None => {
            let source = Source::digested(file, sha2::Digest::new(), 0);
            Run::begin(target, source, encoding, Some(key))?
        }
        Some(Beginning {
            place,
            line,
            digest,
            summary,
        }) => {
            let header = run::header(&mut run::reader(&mut file), encoding)?;
            file.seek(SeekFrom::Start(place))?;
            let source = Source::digested(file, digest, place);
            Run::resume(target, source, header, key, (place, line), summary)
        }
    };
    finish(run, filling)
}

fn finish<R: Read>(run: Run<'_, R>, filling: Option<Filling>) -> Result<Summary, ImportError> {
    match filling {
        Some(filling) => fill::fill(run, filling),
        None => live::keep(run),
    }
}

/// Imports what can be read once only; interrupted, it begins again. Its beginning
/// tells the encoding unless it is said.
pub fn import(
    target: Target<'_>,
    mut source: impl Read,
    encoding: Option<Encoding>,
) -> Result<Summary, ImportError> {
    let head = head(&mut source)?;
    let encoding = encoding.unwrap_or_else(|| Encoding::detect(&head));
    let source = Source::plain(head.as_slice().chain(source));
    let (filling, _) = Filling::begin(target.store, None, false)?;
    finish(Run::begin(target, source, encoding, None)?, filling)
}

fn head(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    source
        .take(encoding::HEAD_BYTES as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}
