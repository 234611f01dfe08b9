//! Insured persons and their coverages.

use domain::coverage::Coverage;
use domain::search::{RecordKeys, SearchKeys};
use domain::visual_confirmation::PersonNumber;

use super::persons::{Person, Rows, Wanted, keys_of};
use super::{Reader, StoreError, Writer};

/// The store's number of a person, for ever; what the audit trail names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonId(pub(super) i64);

impl From<PersonId> for PersonNumber {
    fn from(id: PersonId) -> Self {
        Self(id.0)
    }
}

impl From<PersonNumber> for PersonId {
    fn from(number: PersonNumber) -> Self {
        Self(number.0)
    }
}

/// A coverage to keep, and whose it is.
#[derive(Debug, Clone)]
pub struct StoredCoverage {
    /// Groups the coverages of one person across files.
    pub person_identifier: String,
    /// Upper-case hexadecimal, without leading zeros.
    pub certificate_serial_number: Option<String>,
    /// The coverage.
    pub coverage: Coverage,
}

/// What keeping a coverage did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    /// It was new.
    Added,
    /// It was there, and differed.
    Changed,
    /// It was there just so.
    Unchanged,
}

/// A person found, and the keys of the coverage that he was found by.
#[derive(Debug)]
pub struct Match {
    /// The person.
    pub person: PersonId,
    /// The coverage's keys.
    pub record: RecordKeys,
}

/// A person with all that is known of him.
pub struct StoredPerson {
    /// His number.
    pub number: PersonId,
    /// What files name him by.
    pub person_identifier: String,
    /// Upper-case hexadecimal, without leading zeros.
    pub certificate_serial_number: Option<String>,
    /// In the order in which they came.
    pub coverages: Vec<Coverage>,
}

impl Reader<'_> {
    /// Every person, by birth date and sex.
    pub fn each_person(&self, mut take: impl FnMut(StoredPerson)) -> Result<(), StoreError> {
        let rows = Rows(self.sql());
        let numbers = rows.numbers()?;
        rows.each(|row, person| {
            take(StoredPerson {
                number: person.number(row, &numbers),
                person_identifier: person.identifier,
                certificate_serial_number: person.certificate_serial_number,
                coverages: person.coverages,
            });
            Ok(())
        })
    }

    /// The persons who have a coverage that meets the conditions, at most
    /// `most`, in a stable order, each with the keys that met them.
    ///
    /// Hashes of the birth date, the sex and the kana or name lead to a few rows, whose
    /// records are compared one by one.
    pub fn search(&self, keys: &SearchKeys, most: usize) -> Result<Vec<Match>, StoreError> {
        let Some(wanted) = Wanted::of(keys) else {
            return Ok(Vec::new());
        };
        let rows = Rows(self.sql());
        let numbers = rows.numbers()?;
        let mut matches = Vec::new();
        for row in rows.among(&wanted)? {
            if matches.len() == most {
                break;
            }
            let person = row.person(self.sql())?;
            let mut records = person.coverages.iter().map(RecordKeys::of);
            if let Some(record) = records.find(|record| keys.matches(record)) {
                let person = person.number(row.id, &numbers);
                matches.push(Match { person, record });
            }
        }
        Ok(matches)
    }

    /// A person's coverages, the latest first; none of a number that nobody has.
    pub fn coverages(&self, person: PersonId) -> Result<Vec<Coverage>, StoreError> {
        let Some(row) = Rows(self.sql()).of_person(person)? else {
            return Ok(Vec::new());
        };
        let mut coverages = row.person(self.sql())?.coverages;
        coverages.sort_by_key(|coverage| std::cmp::Reverse(coverage.first_day()));
        Ok(coverages)
    }

    /// The person whom files name so, and his certificate.
    pub fn person_of_identifier(
        &self,
        identifier: &str,
    ) -> Result<Option<(PersonId, Option<String>)>, StoreError> {
        let rows = Rows(self.sql());
        let Some((row, person)) = rows.of_identifier(identifier)? else {
            return Ok(None);
        };
        let number = person.number(row, &rows.numbers()?);
        Ok(Some((number, person.certificate_serial_number)))
    }
}

impl Writer<'_> {
    /// Keeps a coverage: adds it, or brings it up to date.
    pub fn keep_coverage(&self, stored: &StoredCoverage) -> Result<Upsert, StoreError> {
        let rows = Rows(self.sql());
        let Some((row, mut person)) = rows.of_identifier(&stored.person_identifier)? else {
            rows.add(&Person::new(stored))?;
            return Ok(Upsert::Added);
        };
        let before = keys_of(row, &person);
        let upsert = person.keep(stored);
        if upsert != Upsert::Unchanged {
            rows.change(row, &before, &person)?;
        }
        Ok(upsert)
    }
}
