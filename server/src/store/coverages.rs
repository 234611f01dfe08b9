//! Insured persons and their coverages.

use domain::coverage::Coverage;
use domain::search::{RecordKeys, SearchKeys};
use domain::visual_confirmation::PersonNumber;

use super::sql::{OptionalExtension, SqlError, named_params};
use super::{Reader, StoreError, Writer};

/// The store's number of a person; what the audit trail names.
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
#[derive(Debug)]
pub struct StoredCoverage {
    /// Groups the coverages of one person across files.
    pub person_identifier: String,
    /// Upper-case hexadecimal, without leading zeros.
    pub certificate_serial_number: Option<String>,
    /// Tells a person's coverages apart.
    pub coverage_key: String,
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

/// Where a condition's key is looked up. A key that is its own variant is stored
/// in the plain column only.
const BY_NAME: [&str; 2] = ["name_key", "name_of_other_key"];
const BY_KANA: [&str; 2] = ["name_kana_key", "name_of_other_kana_key"];
const BY_VARIANT: [&str; 4] = [
    "name_key",
    "name_variant_key",
    "name_of_other_key",
    "name_of_other_variant_key",
];

/// One look-up for each column, so that each has its index, and the rows with ●.
fn lookup(columns: &[&str]) -> String {
    const SELECT: &str = "SELECT person_id, name_key, name_of_other_key, name_kana_key,
           name_of_other_kana_key, address_key, insurer_name_key FROM coverage
         WHERE birthdate = :birthdate AND sex1 = :sex1 AND";
    let by_key = columns
        .iter()
        .map(|column| format!("{SELECT} {column} = :key AND has_unencodable = 0"));
    let parts: Vec<_> = by_key
        .chain([format!("{SELECT} has_unencodable = 1")])
        .collect();
    format!("{} ORDER BY person_id", parts.join(" UNION ALL "))
}

impl Reader<'_> {
    /// The persons who have a coverage that meets the conditions, at most
    /// `most`, in a stable order, each with the keys that met them.
    ///
    /// Names are found by indexes on (birth date, sex, key); the few rows of
    /// that birth date and sex whose key holds ● are compared one by one.
    pub fn search(&self, keys: &SearchKeys, most: usize) -> Result<Vec<Match>, StoreError> {
        let (columns, key): (&[&str], _) = match (&keys.name, &keys.name_kana) {
            (_, Some(kana)) => (&BY_KANA, kana),
            (Some(name), None) if keys.with_variants => (&BY_VARIANT, name),
            (Some(name), None) => (&BY_NAME, name),
            (None, None) => return Ok(Vec::new()),
        };
        let mut statement = self.sql().prepare_cached(&lookup(columns))?;
        let mut rows = statement.query(named_params! {
            ":birthdate": keys.birthdate.to_string(),
            ":sex1": keys.sex1.code(),
            ":key": key,
        })?;
        let mut matches: Vec<Match> = Vec::new();
        while let Some(row) = rows.next()? {
            let person = PersonId(row.get(0)?);
            if matches.last().is_some_and(|last| last.person == person) {
                continue;
            }
            let record = RecordKeys {
                name: row.get(1)?,
                name_of_other: row.get(2)?,
                name_kana: row.get(3)?,
                name_of_other_kana: row.get(4)?,
                birthdate: keys.birthdate,
                sex1: keys.sex1,
                address: row.get(5)?,
                insurer_name: row.get(6)?,
            };
            if keys.matches(&record) {
                matches.push(Match { person, record });
                if matches.len() == most {
                    break;
                }
            }
        }
        Ok(matches)
    }

    /// A person's coverages, the latest first.
    pub fn coverages(&self, person: PersonId) -> Result<Vec<Coverage>, StoreError> {
        let mut statement = self
            .sql()
            .prepare_cached("SELECT id, record FROM coverage WHERE person_id = ?1")?;
        let mut rows = statement.query([person.0])?;
        let mut coverages = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            let record: String = row.get(1)?;
            let coverage: Coverage =
                serde_json::from_str(&record).map_err(|_| StoreError::Inconsistent {
                    table: "coverage",
                    column: "record",
                    id,
                })?;
            coverages.push(coverage);
        }
        coverages.sort_by_key(|coverage| std::cmp::Reverse(coverage.first_day()));
        Ok(coverages)
    }
}

impl Writer<'_> {
    /// Keeps a coverage: adds it, or brings it up to date.
    pub fn keep_coverage(&self, stored: &StoredCoverage) -> Result<Upsert, StoreError> {
        let (person, person_changed) = self.keep_person(stored)?;
        let record = serde_json::to_string(&stored.coverage).map_err(SqlError::from)?;
        let existing: Option<String> = self
            .sql()
            .prepare_cached(
                "SELECT record FROM coverage WHERE person_id = ?1 AND coverage_key = ?2",
            )?
            .query_row((person.0, &stored.coverage_key), |row| row.get(0))
            .optional()?;
        if existing.as_deref() == Some(record.as_str()) {
            return Ok(if person_changed {
                Upsert::Changed
            } else {
                Upsert::Unchanged
            });
        }
        let keys = RecordKeys::of(&stored.coverage);
        self.sql()
            .prepare_cached(
                "INSERT INTO coverage (person_id, coverage_key, birthdate, sex1, name_key,
                   name_variant_key, name_of_other_key, name_of_other_variant_key,
                   name_kana_key, name_of_other_kana_key, address_key, insurer_name_key,
                   has_unencodable, record)
                 VALUES (:person_id, :coverage_key, :birthdate, :sex1, :name_key,
                   :name_variant_key, :name_of_other_key, :name_of_other_variant_key,
                   :name_kana_key, :name_of_other_kana_key, :address_key, :insurer_name_key,
                   :has_unencodable, :record)
                 ON CONFLICT (person_id, coverage_key) DO UPDATE SET
                   birthdate = excluded.birthdate, sex1 = excluded.sex1,
                   name_key = excluded.name_key, name_variant_key = excluded.name_variant_key,
                   name_of_other_key = excluded.name_of_other_key,
                   name_of_other_variant_key = excluded.name_of_other_variant_key,
                   name_kana_key = excluded.name_kana_key,
                   name_of_other_kana_key = excluded.name_of_other_kana_key,
                   address_key = excluded.address_key,
                   insurer_name_key = excluded.insurer_name_key,
                   has_unencodable = excluded.has_unencodable, record = excluded.record",
            )?
            .execute(named_params! {
                ":person_id": person.0,
                ":coverage_key": stored.coverage_key,
                ":birthdate": keys.birthdate.to_string(),
                ":sex1": keys.sex1.code(),
                ":name_key": keys.name,
                ":name_variant_key": keys.name_variant(),
                ":name_of_other_key": keys.name_of_other,
                ":name_of_other_variant_key": keys.name_of_other_variant(),
                ":name_kana_key": keys.name_kana,
                ":name_of_other_kana_key": keys.name_of_other_kana,
                ":address_key": keys.address,
                ":insurer_name_key": keys.insurer_name,
                ":has_unencodable": keys.has_unencodable(),
                ":record": record,
            })?;
        Ok(if existing.is_some() {
            Upsert::Changed
        } else {
            Upsert::Added
        })
    }

    /// The person of an identifier, and whether his certificate was new. A file
    /// without a serial number does not take away a known one.
    fn keep_person(&self, stored: &StoredCoverage) -> Result<(PersonId, bool), StoreError> {
        let serial = stored.certificate_serial_number.as_deref();
        let existing: Option<(i64, Option<String>)> = self
            .sql()
            .prepare_cached(
                "SELECT id, certificate_serial_number FROM person WHERE person_identifier = ?1",
            )?
            .query_row([&stored.person_identifier], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        match existing {
            Some((id, known)) if serial.is_none() || known.as_deref() == serial => {
                Ok((PersonId(id), false))
            }
            Some((id, _)) => {
                self.sql()
                    .prepare_cached(
                        "UPDATE person SET certificate_serial_number = ?2 WHERE id = ?1",
                    )?
                    .execute((id, serial))?;
                Ok((PersonId(id), true))
            }
            None => {
                let id = self
                    .sql()
                    .prepare_cached(
                        "INSERT INTO person (person_identifier, certificate_serial_number)
                         VALUES (?1, ?2) RETURNING id",
                    )?
                    .query_row((&stored.person_identifier, serial), |row| row.get(0))?;
                Ok((PersonId(id), true))
            }
        }
    }
}
