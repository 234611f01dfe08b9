//! A row of a file on its way into the store: packed, with its keys, in a sorted run.

use super::sorter::Key;
use crate::store::persons::{Insurers, Person, certificate_key, identifier_key, keys_of_coverage};
use crate::store::{StoreError, StoredCoverage};

/// Bytes of a key, and of a row's place in the file.
const KEY: usize = 6;

/// A coverage with its keys. Making them costs most of an import, and needs no store.
pub struct Prepared {
    pub(super) stored: StoredCoverage,
    place: u64,
    identifier: u64,
    certificate: Option<u64>,
    /// Those of the names.
    keys: Vec<i64>,
}

impl Prepared {
    /// Finds the keys.
    pub fn new(stored: StoredCoverage) -> Self {
        let (place, keys) = keys_of_coverage(&stored.coverage);
        let serial = stored.certificate_serial_number.as_deref();
        Self {
            place: place.cast_unsigned(),
            identifier: identifier_key(&stored.person_identifier).cast_unsigned(),
            certificate: serial.map(|serial| certificate_key(serial).cast_unsigned()),
            keys,
            stored,
        }
    }

    /// The coverage.
    pub const fn stored(&self) -> &StoredCoverage {
        &self.stored
    }

    /// Where in the store its person belongs by it.
    pub const fn place(&self) -> u64 {
        self.place
    }

    /// The hash of what files name its person by.
    pub const fn identifier(&self) -> u64 {
        self.identifier
    }

    pub(super) const fn key(&self) -> Key {
        (self.place, self.identifier)
    }

    /// As bytes; `row` is its number in the file.
    pub(super) fn pack(
        &self,
        row: u64,
        insurers: &mut impl Insurers,
    ) -> Result<Vec<u8>, StoreError> {
        let record = Person::pack_first(&self.stored, insurers)?;
        let keys = self.keys.iter().map(|key| key.cast_unsigned());
        let numbers = [row].into_iter().chain(self.certificate).chain(keys);
        let mut bytes = Vec::with_capacity(2 + 4 * KEY + record.len());
        // A coverage has a handful of names.
        bytes.push(u8::try_from(self.keys.len()).unwrap_or_default());
        bytes.push(self.certificate.is_some().into());
        for number in numbers {
            bytes.extend_from_slice(&number.to_le_bytes()[..KEY]);
        }
        bytes.extend(record);
        Ok(bytes)
    }
}

/// The same, read back.
pub(super) struct Entry {
    pub(super) row: u64,
    pub(super) certificate: Option<i64>,
    pub(super) keys: Vec<i64>,
    pub(super) record: Vec<u8>,
}

impl Entry {
    /// `None` if the bytes are not what [`Prepared::pack`] makes.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        let ([keys, certificates], mut rest) = bytes.split_first_chunk::<2>()?;
        let mut number = || {
            let (taken, left) = rest.split_first_chunk::<KEY>()?;
            rest = left;
            let mut number = [0; 8];
            number[..KEY].copy_from_slice(taken);
            Some(u64::from_le_bytes(number))
        };
        let row = number()?;
        let certificate = match certificates {
            0 => None,
            _ => Some(number()?.cast_signed()),
        };
        let keys = (0..*keys).map(|_| number().map(u64::cast_signed));
        let keys = keys.collect::<Option<_>>()?;
        Some(Self {
            row,
            certificate,
            keys,
            record: rest.to_vec(),
        })
    }

    /// The person with this coverage only.
    pub(super) fn person(&self, insurers: &mut impl Insurers) -> Result<Person, StoreError> {
        Person::unpack(self.row.cast_signed(), &self.record, insurers)
    }
}

/// The coverage of a person that has one.
pub(super) fn stored(person: Person) -> Option<StoredCoverage> {
    let mut coverages = person.coverages.into_iter();
    Some(StoredCoverage {
        person_identifier: person.identifier,
        certificate_serial_number: person.certificate_serial_number,
        coverage: coverages.next()?,
    })
}
