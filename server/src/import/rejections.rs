//! Rows that failed, in a file beside the imported one: `FILE.rejected.csv`.
//!
//! Each has its line, field and reason, and then the row as it was, so that it
//! can be corrected there and imported from there.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::header::Header;
use super::row::RowError;

/// Collects rejected rows; the file is made with the first one.
pub struct Rejections {
    path: PathBuf,
    writer: Option<csv::Writer<Box<dyn io::Write>>>,
}

impl Rejections {
    /// Beside a file: `insured.csv` → `insured.rejected.csv`.
    pub fn beside(file: &Path) -> Self {
        Self {
            path: file.with_extension("rejected.csv"),
            writer: None,
        }
    }

    /// To nowhere, for rows that are known to be good.
    pub fn none() -> Self {
        let writer = csv::Writer::from_writer(Box::new(io::sink()) as Box<dyn io::Write>);
        Self {
            path: PathBuf::new(),
            writer: Some(writer),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn add(
        &mut self,
        header: &Header,
        line: u64,
        error: &RowError,
        record: &ByteRecord,
    ) -> io::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => self.writer.insert(create(&self.path, header)?),
        };
        let line = line.to_string();
        let reason = error.reason.to_string();
        let reasons = [line.as_bytes(), error.field.as_bytes(), reason.as_bytes()];
        let fields = record.iter().enumerate();
        let fields = fields.filter(|(place, _)| !is_reason(header.names().get(*place)));
        let fields = reasons.into_iter().chain(fields.map(|(_, field)| field));
        writer.write_byte_record(&fields.collect())?;
        Ok(())
    }

    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), csv::Writer::flush)
    }
}

/// The columns before the row itself.
const REASON_COLUMNS: [&str; 3] = ["RejectedLine", "RejectedField", "RejectedReason"];

fn create(path: &Path, header: &Header) -> io::Result<csv::Writer<Box<dyn io::Write>>> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // The rows are personal data.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file: Box<dyn io::Write> = Box::new(options.open(path)?);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
    let names = header.names().iter().filter(|name| !is_reason(Some(name)));
    writer.write_record(REASON_COLUMNS.into_iter().chain(names.map(String::as_str)))?;
    Ok(writer)
}

/// A file that was rejected before has the columns already.
fn is_reason(name: Option<&String>) -> bool {
    name.is_some_and(|name| REASON_COLUMNS.contains(&name.as_str()))
}
