//! Cards: whose they are, and those that nobody is linked with.

use domain::card_presentation::CardFailure;
use domain::timestamp::Timestamp;
use protocol::http::{UnlinkedCard, UnlinkedCardId};

use super::persons::{Person, Rows, certificate_key, keys_of};
use super::sql::{OptionalExtension, named_params};
use super::{PersonId, Reader, StoreError, Writer};

/// How long a card that nobody is linked with is kept, in seconds: as long as a
/// search's candidates can be opened.
const UNLINKED_SECONDS: i64 = 10 * 60;

/// A presented card that nobody is linked with.
#[derive(Debug)]
pub struct NewUnlinkedCard<'a> {
    /// Names it in requests.
    pub id: UnlinkedCardId,
    /// The number of the institution whose screen it was presented at.
    pub institution_id: i64,
    /// What staff call the screen.
    pub reader_screen: &'a str,
    /// Upper-case hexadecimal, without leading zeros.
    pub certificate_serial_number: &'a str,
}

/// What linking a card with a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The person had none.
    First,
    /// It took the place of the person's card before.
    Replaced,
    /// Nothing: the person has another card, which was not to be replaced.
    HasAnother,
}

impl Reader<'_> {
    /// Whose a certificate is.
    pub fn person_of_certificate(
        &self,
        serial: &str,
    ) -> Result<Result<PersonId, CardFailure>, StoreError> {
        let rows = Rows(self.sql());
        let is_his = |person: &Person| person.certificate_serial_number.as_deref() == Some(serial);
        let found = rows.persons_of_key(certificate_key(serial), is_his)?;
        let numbers = rows.numbers()?;
        let persons = found
            .iter()
            .map(|(row, person)| person.number(*row, &numbers));
        let persons: Vec<_> = persons.collect();
        Ok(match persons.as_slice() {
            [] => Err(CardFailure::NotLinked),
            [person] => Ok(*person),
            _ => Err(CardFailure::SeveralPersons),
        })
    }

    /// The cards that an institution may link now, the latest first.
    pub fn unlinked_cards(
        &self,
        institution_id: i64,
        now: Timestamp,
    ) -> Result<Vec<UnlinkedCard>, StoreError> {
        let mut statement = self.sql().prepare_cached(
            "SELECT id, reader_screen, presented_at FROM unlinked_card
             WHERE institution_id = ?1 AND presented_at > ?2 ORDER BY presented_at DESC, id",
        )?;
        let mut rows = statement.query((institution_id, oldest(now)))?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            cards.push(UnlinkedCard {
                id: id.parse().map_err(|_| StoreError::Inconsistent {
                    table: "unlinked_card",
                    column: "id",
                    id: institution_id,
                })?,
                reader_name: row.get(1)?,
                at: Timestamp::from_unix_milliseconds(row.get(2)?),
            });
        }
        Ok(cards)
    }

    /// The certificate of a card that an institution may link now.
    fn unlinked_card(
        &self,
        id: &UnlinkedCardId,
        institution_id: i64,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let serial = self
            .sql()
            .prepare_cached(
                "SELECT certificate_serial_number FROM unlinked_card
                 WHERE id = ?1 AND institution_id = ?2 AND presented_at > ?3",
            )?
            .query_row((id.as_str(), institution_id, oldest(now)), |row| row.get(0))
            .optional()?;
        Ok(serial)
    }
}

impl Writer<'_> {
    /// Keeps a card so that it can be linked, and forgets those whose time is over. A
    /// card that is presented again has its new id only.
    pub fn keep_unlinked_card(&self, card: &NewUnlinkedCard<'_>) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached("DELETE FROM unlinked_card WHERE presented_at <= ?1")?
            .execute([oldest(self.now())])?;
        self.sql()
            .prepare_cached(
                "INSERT INTO unlinked_card
                   (id, institution_id, reader_screen, certificate_serial_number, presented_at)
                 VALUES (:id, :institution_id, :reader_screen, :serial, :now)
                 ON CONFLICT (institution_id, certificate_serial_number) DO UPDATE SET
                   id = excluded.id, reader_screen = excluded.reader_screen,
                   presented_at = excluded.presented_at",
            )?
            .execute(named_params! {
                ":id": card.id.as_str(),
                ":institution_id": card.institution_id,
                ":reader_screen": card.reader_screen,
                ":serial": card.certificate_serial_number,
                ":now": self.now().unix_milliseconds(),
            })?;
        Ok(())
    }

    /// Links a card with a person; `None` when it is not there to be linked any more,
    /// or somebody was linked with it in the meantime. It can then not be linked again.
    pub fn link_card(
        &self,
        id: &UnlinkedCardId,
        institution_id: i64,
        person: PersonId,
        replaces: bool,
    ) -> Result<Option<Link>, StoreError> {
        let Some(serial) = self.unlinked_card(id, institution_id, self.now())? else {
            return Ok(None);
        };
        self.sql().take_turn_of_persons()?;
        if self.person_of_certificate(&serial)? != Err(CardFailure::NotLinked) {
            return Ok(None);
        }
        let rows = Rows(self.sql());
        let Some(row) = rows.of_person(person)? else {
            return Ok(None);
        };
        let mut holder = row.person(self.sql())?;
        if holder.certificate_serial_number.is_some() && !replaces {
            return Ok(Some(Link::HasAnother));
        }
        let keys = keys_of(row.id, &holder);
        let before = holder.certificate_serial_number.replace(serial.clone());
        rows.change(row.id, &keys, &holder)?;
        // Another institution may hold the same card: nobody is to link it again.
        self.sql()
            .prepare_cached("DELETE FROM unlinked_card WHERE certificate_serial_number = ?1")?
            .execute([&serial])?;
        Ok(Some(match before {
            None => Link::First,
            Some(_) => Link::Replaced,
        }))
    }
}

/// From when on a card is there still.
fn oldest(now: Timestamp) -> i64 {
    now.plus_seconds(-UNLINKED_SECONDS).unix_milliseconds()
}
