//! Rows that failed, in a file beside the imported one: `FILE.rejected.csv`.
//!
//! Each has its line, field and reason, and then the row as it was, byte by byte
//! and in the same encoding, so that it can be corrected there and imported from
//! there.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::header::Header;
use super::row::RowError;

/// Collects rejected rows; the file is made with the first one.
pub struct Rejections {
    /// `None` is nowhere.
    path: Option<PathBuf>,
    writer: Option<csv::Writer<File>>,
    /// Rows since the last [`Self::keep`].
    is_changed: bool,
    bytes: u64,
}

impl Rejections {
    /// Beside a file: `insured.csv` → `insured.rejected.csv`.
    pub fn beside(file: &Path) -> Self {
        Self {
            path: Some(file.with_extension("rejected.csv")),
            ..Self::none()
        }
    }

    /// To nowhere, for rows that are known to be good.
    pub const fn none() -> Self {
        Self {
            path: None,
            writer: None,
            is_changed: false,
            bytes: 0,
        }
    }

    /// The file, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn add(
        &mut self,
        header: &Header,
        line: u64,
        error: &RowError,
        record: &ByteRecord,
    ) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => self.writer.insert(create(path, header)?),
        };
        let line = line.to_string();
        let reason = error.reason.to_string();
        let reason = header.encoding().encode(&reason);
        let reasons = [line.as_bytes(), error.field.as_bytes(), &reason];
        let fields = record.iter().enumerate();
        let fields = fields.filter(|(place, _)| !is_reason(header.names().get(*place)));
        let fields = reasons.into_iter().chain(fields.map(|(_, field)| field));
        writer.write_byte_record(&fields.collect())?;
        self.is_changed = true;
        Ok(())
    }

    /// Makes sure that the rows so far are on disk; gives the file's bytes.
    pub(super) fn keep(&mut self) -> io::Result<u64> {
        if let Some(writer) = self.writer.as_mut().filter(|_| self.is_changed) {
            writer.flush()?;
            writer.get_ref().sync_data()?;
            self.bytes = writer.get_ref().metadata()?.len();
            self.is_changed = false;
        }
        Ok(self.bytes)
    }

    /// Takes the file up again where an import was interrupted: what was written
    /// behind `bytes` will come again. `false` when the file is not what it was.
    pub(super) fn resume(&mut self, bytes: u64) -> io::Result<bool> {
        let Some(path) = self.path.as_ref().filter(|_| bytes > 0) else {
            return Ok(bytes == 0);
        };
        let mut file = match OpenOptions::new().write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        if file.metadata()?.len() < bytes {
            return Ok(false);
        }
        file.set_len(bytes)?;
        file.seek(SeekFrom::End(0))?;
        self.writer = Some(writer(file));
        self.bytes = bytes;
        Ok(true)
    }
}

/// The columns before the row itself.
const REASON_COLUMNS: [&str; 3] = ["RejectedLine", "RejectedField", "RejectedReason"];

fn create(path: &Path, header: &Header) -> io::Result<csv::Writer<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // The rows are personal data.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut writer = writer(options.open(path)?);
    let names = header.names().iter().filter(|name| !is_reason(Some(name)));
    let names = REASON_COLUMNS.into_iter().chain(names.map(String::as_str));
    let encoding = header.encoding();
    writer.write_record(names.map(|name| encoding.encode(name)))?;
    Ok(writer)
}

fn writer(file: File) -> csv::Writer<File> {
    csv::WriterBuilder::new().flexible(true).from_writer(file)
}

/// A file that was rejected before has the columns already.
fn is_reason(name: Option<&String>) -> bool {
    name.is_some_and(|name| REASON_COLUMNS.contains(&name.as_str()))
}
