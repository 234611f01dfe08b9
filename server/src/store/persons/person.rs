//! A person with all that is known of him, and his packed record.
//!
//! The record's first byte is the version of the form; another form gets another byte.

use domain::coverage::Coverage;

use super::bytes::{Input, Malformed, Output};
use super::{Insurers, card, coverage, text};
use crate::store::{StoreError, StoredCoverage, Upsert};

/// The form that is written.
const VERSION: u8 = 1;
/// Bits of the second byte: what is there.
const HAS_CERTIFICATE: u8 = 1;
const HAS_FORMER_NUMBER: u8 = 2;

/// Few records have more.
const USUAL_BYTES: usize = 256;

/// A person.
pub(in crate::store) struct Person {
    /// Names him across files.
    pub(in crate::store) identifier: String,
    /// Upper-case hexadecimal, without leading zeros.
    pub(in crate::store) certificate_serial_number: Option<String>,
    /// His number, if it is from before rows had theirs from what a search knows.
    pub(in crate::store) former_number: Option<i64>,
    /// In the order in which they came; at least one.
    pub(in crate::store) coverages: Vec<Coverage>,
}

impl Person {
    /// Whom a first coverage makes.
    pub(in crate::store) fn new(first: &StoredCoverage) -> Self {
        Self {
            identifier: first.person_identifier.clone(),
            certificate_serial_number: first.certificate_serial_number.clone(),
            former_number: None,
            coverages: vec![first.coverage.clone()],
        }
    }

    /// Keeps one more coverage of his: adds it, or brings it up to date. A file without a
    /// serial number does not take away a known one.
    pub(in crate::store) fn keep(&mut self, stored: &StoredCoverage) -> Upsert {
        let serial = &stored.certificate_serial_number;
        let is_other = serial.is_some() && *serial != self.certificate_serial_number;
        if is_other {
            self.certificate_serial_number.clone_from(serial);
        }
        let mut known = self.coverages.iter_mut();
        match known.find(|known| is_same(known, &stored.coverage)) {
            Some(known) if *known == stored.coverage && !is_other => Upsert::Unchanged,
            Some(known) => {
                known.clone_from(&stored.coverage);
                Upsert::Changed
            }
            None => {
                self.coverages.push(stored.coverage.clone());
                Upsert::Added
            }
        }
    }

    pub(in crate::store) fn pack(
        &self,
        insurers: &mut impl Insurers,
    ) -> Result<Vec<u8>, StoreError> {
        Packing {
            identifier: &self.identifier,
            certificate_serial_number: self.certificate_serial_number.as_deref(),
            former_number: self.former_number,
            coverages: &self.coverages,
        }
        .pack(insurers)
    }

    /// The record of whom a first coverage makes.
    pub(in crate::store) fn pack_first(
        first: &StoredCoverage,
        insurers: &mut impl Insurers,
    ) -> Result<Vec<u8>, StoreError> {
        Packing {
            identifier: &first.person_identifier,
            certificate_serial_number: first.certificate_serial_number.as_deref(),
            former_number: None,
            coverages: std::slice::from_ref(&first.coverage),
        }
        .pack(insurers)
    }

    /// Reads the record of a row.
    pub(in crate::store) fn unpack(
        row: i64,
        record: &[u8],
        insurers: &mut impl Insurers,
    ) -> Result<Self, StoreError> {
        let malformed = |_: Malformed| StoreError::Inconsistent {
            table: "person",
            column: "record",
            id: row,
        };
        let mut input = Input::new(record);
        let (mut person, count) = Self::head(&mut input).map_err(malformed)?;
        for _ in 0..count {
            let insurer = input.number().map_err(malformed)?.cast_signed();
            let insurer = insurers.insurer(insurer)?;
            let one = coverage::unpack(&mut input, insurer).map_err(malformed)?;
            person.coverages.push(one);
        }
        if input.is_empty() {
            Ok(person)
        } else {
            Err(malformed(Malformed))
        }
    }

    /// The same without his coverages, which are counted.
    fn head(input: &mut Input<'_>) -> Result<(Self, usize), Malformed> {
        if input.byte()? != VERSION {
            return Err(Malformed);
        }
        let bits = input.byte()?;
        let person = Self {
            identifier: text::unpack(input)?,
            certificate_serial_number: (bits & HAS_CERTIFICATE != 0)
                .then(|| text::unpack(input))
                .transpose()?,
            former_number: (bits & HAS_FORMER_NUMBER != 0)
                .then(|| input.number().map(u64::cast_signed))
                .transpose()?,
            coverages: Vec::new(),
        };
        Ok((person, input.count()?))
    }
}

/// What a record is made of.
struct Packing<'p> {
    identifier: &'p str,
    certificate_serial_number: Option<&'p str>,
    former_number: Option<i64>,
    coverages: &'p [Coverage],
}

impl Packing<'_> {
    fn pack(&self, insurers: &mut impl Insurers) -> Result<Vec<u8>, StoreError> {
        let mut output = Output::default();
        output.bytes.reserve(USUAL_BYTES);
        let has = |bit, is: bool| if is { bit } else { 0 };
        output.bytes.push(VERSION);
        output.bytes.push(
            has(HAS_CERTIFICATE, self.certificate_serial_number.is_some())
                | has(HAS_FORMER_NUMBER, self.former_number.is_some()),
        );
        text::pack(self.identifier, &mut output);
        if let Some(serial) = self.certificate_serial_number {
            text::pack(serial, &mut output);
        }
        if let Some(number) = self.former_number {
            output.number(number.cast_unsigned());
        }
        output.number(self.coverages.len() as u64);
        for one in self.coverages {
            let insurer = insurers.number_of(&one.insurer_number, &one.insurer_name)?;
            output.number(insurer.cast_unsigned());
            coverage::pack(one, &mut output);
        }
        Ok(output.bytes)
    }
}

/// Whether two records are of one coverage.
fn is_same(one: &Coverage, other: &Coverage) -> bool {
    one.insurer_number == other.insurer_number
        && one.first_day() == other.first_day()
        && card::coverage_key(one) == card::coverage_key(other)
}

#[cfg(test)]
mod tests;
