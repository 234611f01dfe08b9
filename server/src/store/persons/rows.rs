//! The rows of persons and the keys beside them: all SQL that touches either.

use std::collections::BTreeMap;

use super::keys::{self, OVERFLOW};
use super::{Numbers, Person, Wanted};
use crate::store::sql::{self, OptionalExtension as _, Sql};
use crate::store::{PersonId, StoreError};

const ROWS_OF_A_PLACE: &str = "SELECT id, record FROM person WHERE id BETWEEN ?1 AND ?2";
const ROWS_OF_A_KEY: &str = "SELECT p.id, p.record FROM person_key k
  JOIN person p ON p.id = k.person WHERE k.key = ?1";

/// Rows after another one: all of them at once may be a country.
const PAGE: &str = "SELECT id, record FROM person WHERE id > ?1 ORDER BY id LIMIT ?2";
const ROWS_OF_A_PAGE: i64 = 1_000;

/// A person's row.
pub(in crate::store) struct Row {
    /// Its number.
    pub(in crate::store) id: i64,
    /// The packed person.
    pub(in crate::store) record: Vec<u8>,
}

/// The rows of a store.
#[derive(Clone, Copy)]
pub(in crate::store) struct Rows<'c>(pub(in crate::store) Sql<'c>);

impl Rows<'_> {
    /// The rows among which whoever meets some conditions is, by their numbers.
    pub(in crate::store) fn among(self, wanted: &Wanted) -> Result<Vec<Row>, StoreError> {
        let mut found = BTreeMap::new();
        for (sql, parameters) in statements(wanted) {
            let mut statement = self.0.prepare_cached(sql)?;
            let mut rows = statement.query(parameters.as_slice())?;
            while let Some(row) = rows.next()? {
                found.insert(row.get(0)?, row.get(1)?);
            }
        }
        let rows = found.into_iter();
        Ok(rows.map(|(id, record)| Row { id, record }).collect())
    }

    /// The persons of a key whom `is` tells from those whose hash is alike.
    pub(in crate::store) fn persons_of_key(
        self,
        key: i64,
        is: impl Fn(&Person) -> bool,
    ) -> Result<Vec<(i64, Person)>, StoreError> {
        let wanted = Wanted {
            rows: None,
            keys: vec![key],
        };
        let mut persons = Vec::new();
        for row in self.among(&wanted)? {
            let person = row.person(self.0)?;
            if is(&person) {
                persons.push((row.id, person));
            }
        }
        Ok(persons)
    }

    /// The person that files name so.
    pub(in crate::store) fn of_identifier(
        self,
        identifier: &str,
    ) -> Result<Option<(i64, Person)>, StoreError> {
        let key = keys::identifier_key(identifier);
        let mut found = self.persons_of_key(key, |person| person.identifier == identifier)?;
        Ok(found.pop())
    }

    /// The row of a person's number, if there is one.
    pub(in crate::store) fn of_person(self, person: PersonId) -> Result<Option<Row>, StoreError> {
        let id = match self.numbers()?.row(person.0) {
            Some(id) => Some(id),
            None => self
                .0
                .prepare_cached("SELECT person FROM former_person WHERE number = ?1")?
                .query_row([person.0], |row| row.get(0))
                .optional()?,
        };
        let Some(id) = id else {
            return Ok(None);
        };
        let record = self
            .0
            .prepare_cached("SELECT record FROM person WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(record.map(|record| Row { id, record }))
    }

    /// Every person with the number of his row, in their order.
    pub(in crate::store) fn each(
        self,
        mut take: impl FnMut(i64, Person) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(PAGE)?;
        let mut after = -1;
        loop {
            let rows = statement.query_map((after, ROWS_OF_A_PAGE), |row| {
                let (id, record) = (row.get(0)?, row.get(1)?);
                Ok(Row { id, record })
            })?;
            let rows: Vec<_> = rows.collect::<sql::Result<_>>()?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows {
                take(row.id, row.person(self.0)?)?;
            }
        }
    }

    /// What makes persons' numbers.
    pub(in crate::store) fn numbers(self) -> Result<Numbers, StoreError> {
        let secret = self.0.constant("SELECT secret FROM person_number")?;
        Ok(Numbers::new(secret))
    }

    /// Makes the row of a new person; gives its number.
    pub(in crate::store) fn add(self, person: &Person) -> Result<i64, StoreError> {
        let place = person.coverages.first().map(keys::place_of);
        let free = match place {
            Some(place) => self.free(&place.rows())?,
            None => None,
        };
        let id = match free {
            Some(id) => Some(id),
            None => self.free(&OVERFLOW)?,
        };
        let id = id.ok_or(StoreError::Full)?;
        self.0
            .prepare_cached("INSERT INTO person (id, record) VALUES (?1, ?2)")?
            .execute((id, person.pack(&mut { self.0 })?))?;
        self.add_keys(id, &keys::keys_of(id, person))?;
        if let Some(number) = person.former_number {
            self.0
                .prepare_cached("INSERT INTO former_person (number, person) VALUES (?1, ?2)")?
                .execute((number, id))?;
        }
        Ok(id)
    }

    /// Brings a person's row up to date; `before` are the keys that led to him.
    pub(in crate::store) fn change(
        self,
        id: i64,
        before: &[i64],
        person: &Person,
    ) -> Result<(), StoreError> {
        let now = keys::keys_of(id, person);
        let gone = before.iter().filter(|key| now.binary_search(key).is_err());
        for key in gone {
            self.0
                .prepare_cached("DELETE FROM person_key WHERE key = ?1 AND person = ?2")?
                .execute((key, id))?;
        }
        let new = now.iter().filter(|key| before.binary_search(key).is_err());
        self.add_keys(id, &new.copied().collect::<Vec<_>>())?;
        self.0
            .prepare_cached("UPDATE person SET record = ?2 WHERE id = ?1")?
            .execute((id, person.pack(&mut { self.0 })?))?;
        Ok(())
    }

    fn add_keys(self, id: i64, keys: &[i64]) -> Result<(), StoreError> {
        let sql = "INSERT INTO person_key (key, person) VALUES (?1, ?2)";
        let mut statement = self.0.prepare_cached(sql)?;
        for key in keys {
            statement.execute((key, id))?;
        }
        Ok(())
    }

    /// The number behind the last one that some rows have.
    fn free(self, rows: &std::ops::RangeInclusive<i64>) -> Result<Option<i64>, StoreError> {
        let last: Option<i64> = self
            .0
            .prepare_cached("SELECT max(id) FROM person WHERE id BETWEEN ?1 AND ?2")?
            .query_row((rows.start(), rows.end()), |row| row.get(0))?;
        let next = last.map_or(*rows.start(), |last| last + 1);
        Ok(rows.contains(&next).then_some(next))
    }
}

/// The statements of a look-up with their parameters: no other one runs.
fn statements(wanted: &Wanted) -> Vec<(&'static str, Vec<i64>)> {
    let rows = wanted.rows.iter();
    let rows = rows.map(|rows| (ROWS_OF_A_PLACE, vec![*rows.start(), *rows.end()]));
    let keys = wanted.keys.iter().map(|key| (ROWS_OF_A_KEY, vec![*key]));
    rows.chain(keys).collect()
}

impl Row {
    /// The person.
    pub(in crate::store) fn person(&self, sql: Sql<'_>) -> Result<Person, StoreError> {
        Person::unpack(self.id, &self.record, &mut { sql })
    }
}

impl Person {
    /// His number, being in this row.
    pub(in crate::store) fn number(&self, row: i64, numbers: &Numbers) -> PersonId {
        PersonId(self.former_number.unwrap_or_else(|| numbers.of_row(row)))
    }
}

#[cfg(test)]
mod tests;
