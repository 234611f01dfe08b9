//! The numbers by which persons are found: of rows, and of the keys beside them.
//!
//! Both begin with a slot for the day of birth and the sex, so that all of one search is
//! close together. Both have 47 bits, which `SQLite` keeps in six bytes:
//!
//! | | slot: 19 bits | 28 bits |
//! |---|---|---|
//! | row | day of birth × 3 + sex | 19 of a hash of the kana, 9 that count |
//! | key of a name or kana | the same | 1, and 27 of a hash |
//! | key of one that holds ● | the same | 0, and 27 of a hash |
//! | key of an identifier | 110, then 44 of a hash | |
//! | key of a certificate | 111, then 44 of a hash | |
//!
//! Names are hashed in the spelling that stands for their variants, so that a search with
//! variants and one without look at the same place. What a hash finds is compared in full
//! with the record.

use std::ops::RangeInclusive;

use domain::code::Sex;
use domain::coverage::Coverage;
use domain::date::Date;
use domain::fold::{self, UNENCODABLE};
use domain::search::SearchKeys;
use sha2::{Digest as _, Sha256};

use super::Person;

const SLOT_SHIFT: u32 = 28;
const IN_SLOT: u64 = (1 << SLOT_SHIFT) - 1;
/// Bits that tell apart rows of one slot and hash.
const COUNT_BITS: u32 = 9;
pub(in crate::store) const COUNT: i64 = (1 << COUNT_BITS) - 1;
const SLOT_BITS: u32 = 19;
const IS_WHOLE: u64 = 1 << (SLOT_SHIFT - 1);
const WIDE_SHIFT: u32 = 44;
const WIDE: u64 = (1 << WIDE_SHIFT) - 1;

/// Rows that do not fit where they belong are behind all others, and are found by a key.
pub(in crate::store) const OVERFLOW: RangeInclusive<i64> =
    ((1 << SLOT_BITS) - 1) << SLOT_SHIFT..=(1 << (SLOT_BITS + SLOT_SHIFT)) - 1;

/// What a hash is of.
#[derive(Clone, Copy)]
enum Kind {
    Name = 1,
    Kana = 2,
    Identifier = 3,
    Certificate = 4,
}

/// Where a row belongs: the rows of its slot and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Place(i64);

impl Place {
    /// Where a person belongs by the names of his first coverage: by the kana, else by the
    /// name.
    fn of(names: &Names) -> Self {
        let by = names.kana.first().or_else(|| names.kanji.first());
        Self::new(names.slot, by.map_or("", String::as_str))
    }

    fn new(slot: u64, kana: &str) -> Self {
        let hash = hash(Kind::Kana, [kana]) & (IN_SLOT >> COUNT_BITS);
        Self((slot << SLOT_SHIFT | hash << COUNT_BITS).cast_signed())
    }

    /// The rows.
    pub(in crate::store) const fn rows(self) -> RangeInclusive<i64> {
        self.0..=self.0 + COUNT
    }

    /// Whether a row is one of them.
    const fn has(self, row: i64) -> bool {
        row & !COUNT == self.0
    }
}

/// Every key that leads to a person in this row, sorted; none leads where the row's own
/// number does.
pub(in crate::store) fn keys_of(row: i64, person: &Person) -> Vec<i64> {
    let mut keys = vec![identifier_key(&person.identifier)];
    keys.extend(
        person
            .certificate_serial_number
            .as_deref()
            .map(certificate_key),
    );
    for coverage in &person.coverages {
        Names::of(coverage).add_keys(row, &mut keys);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The same of the names only, which are before all others.
pub(in crate::store) fn keys_of_names(row: i64, person: &Person) -> Vec<i64> {
    let mut keys = keys_of(row, person);
    keys.retain(|key| *key < wide(0b110, 0));
    keys
}

/// Where a person of this first coverage belongs, and the keys of its names there, sorted.
pub(in crate::store) fn keys_of_coverage(coverage: &Coverage) -> (i64, Vec<i64>) {
    let names = Names::of(coverage);
    let place = Place::of(&names);
    let mut keys = Vec::new();
    names.add_keys(place.0, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    (place.0, keys)
}

/// Where a person belongs by his first coverage.
pub(in crate::store) fn place_of(coverage: &Coverage) -> Place {
    Place::of(&Names::of(coverage))
}

/// The slot that a row or a key of a name is in.
pub(in crate::store) const fn slot_of(row: i64) -> i64 {
    row >> SLOT_SHIFT
}

/// The key of what files name a person by.
pub(in crate::store) fn identifier_key(identifier: &str) -> i64 {
    wide(0b110, hash(Kind::Identifier, [identifier]))
}

/// The key of a certificate's serial number.
pub(in crate::store) fn certificate_key(serial: &str) -> i64 {
    wide(0b111, hash(Kind::Certificate, [serial]))
}

const fn wide(mark: u64, hash: u64) -> i64 {
    (mark << WIDE_SHIFT | hash & WIDE).cast_signed()
}

/// Where whoever meets some conditions is, and others whom the hash does not tell apart.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) struct Wanted {
    /// The rows that belong to a kana.
    pub(in crate::store) rows: Option<RangeInclusive<i64>>,
    /// The keys.
    pub(in crate::store) keys: Vec<i64>,
}

impl Wanted {
    /// By the kana, else by the name; `None` with neither.
    pub(in crate::store) fn of(conditions: &SearchKeys) -> Option<Self> {
        let slot = slot(conditions.birthdate, conditions.sex1);
        match (&conditions.name, &conditions.name_kana) {
            (_, Some(kana)) => Some(Self {
                rows: Some(Place::new(slot, kana).rows()),
                keys: typed_keys(slot, Kind::Kana, kana),
            }),
            (Some(name), None) => Some(Self {
                rows: None,
                keys: typed_keys(slot, Kind::Name, &fold::variants(name)),
            }),
            (None, None) => None,
        }
    }
}

/// The names of a coverage, folded.
struct Names {
    slot: u64,
    kanji: Vec<String>,
    kana: Vec<String>,
}

impl Names {
    fn of(coverage: &Coverage) -> Self {
        let folded = |text: &Option<String>| {
            let key = text.as_deref().map(fold::name);
            key.filter(|key| !key.is_empty())
        };
        let name = Some(fold::name(&coverage.name));
        Self {
            slot: slot(coverage.birthdate, coverage.sex1),
            kanji: name
                .into_iter()
                .chain(folded(&coverage.name_of_other))
                .collect(),
            kana: [&coverage.name_kana, &coverage.name_of_other_kana]
                .into_iter()
                .filter_map(folded)
                .collect(),
        }
    }

    /// The keys that lead to this row.
    fn add_keys(&self, row: i64, keys: &mut Vec<i64>) {
        let Self { slot, kanji, kana } = self;
        for name in kanji {
            keys.push(stored_key(*slot, Kind::Name, &fold::variants(name)));
        }
        let is_elsewhere =
            |kana: &&String| kana.contains(UNENCODABLE) || !Place::new(*slot, kana).has(row);
        let kana = kana.iter().filter(is_elsewhere);
        keys.extend(kana.map(|kana| stored_key(*slot, Kind::Kana, kana)));
    }
}

fn slot(birthdate: Date, sex: Sex) -> u64 {
    let day = birthdate.days_since_unix_epoch() - Date::MIN.days_since_unix_epoch();
    let sex = match sex {
        Sex::Male => 0,
        Sex::Female => 1,
        Sex::NotSet => 2,
    };
    day.cast_unsigned() * 3 + sex
}

/// The key of a stored name. One with ● goes by a half without it and its length, so that
/// a typed one has three places to look.
fn stored_key(slot: u64, kind: Kind, name: &str) -> i64 {
    if !name.contains(UNENCODABLE) {
        return in_slot(slot, IS_WHOLE, hash(kind, [name]));
    }
    let halves = Halves::of(name);
    let mut known = halves.all().filter(|half| !half.text.contains(UNENCODABLE));
    // The last one has no text.
    let half = known.next().unwrap_or(Half {
        part: "-",
        text: "",
        length: 0,
    });
    half.key(slot, kind)
}

/// Where a typed name may be stored.
fn typed_keys(slot: u64, kind: Kind, name: &str) -> Vec<i64> {
    let halves = Halves::of(name);
    let whole = in_slot(slot, IS_WHOLE, hash(kind, [name]));
    let keys = halves.all().map(|half| half.key(slot, kind));
    [whole].into_iter().chain(keys).collect()
}

/// The halves of a name by its characters; the second one has the odd one.
struct Halves<'a> {
    first: &'a str,
    second: &'a str,
    length: usize,
}

struct Half<'a> {
    part: &'static str,
    text: &'a str,
    length: usize,
}

impl<'a> Halves<'a> {
    fn of(name: &'a str) -> Self {
        let length = name.chars().count();
        let middle = name.char_indices().nth(length / 2).map_or(0, |(at, _)| at);
        let (first, second) = name.split_at(middle);
        Self {
            first,
            second,
            length,
        }
    }

    /// The first, unless there is none, the second, and neither.
    fn all(&self) -> impl Iterator<Item = Half<'a>> {
        let first = (!self.first.is_empty()).then(|| self.half("1", self.first));
        let others = [self.half("2", self.second), self.half("-", "")];
        first.into_iter().chain(others)
    }

    const fn half(&self, part: &'static str, text: &'a str) -> Half<'a> {
        Half {
            part,
            text,
            length: self.length,
        }
    }
}

impl Half<'_> {
    fn key(&self, slot: u64, kind: Kind) -> i64 {
        let length = self.length.to_string();
        in_slot(slot, 0, hash(kind, [self.part, &length, self.text]))
    }
}

const fn in_slot(slot: u64, mark: u64, hash: u64) -> i64 {
    (slot << SLOT_SHIFT | mark | hash & (IS_WHOLE - 1)).cast_signed()
}

/// The same for ever: it is in the store.
fn hash<const N: usize>(kind: Kind, parts: [&str; N]) -> u64 {
    let mut digest = Sha256::new().chain_update([kind as u8]);
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&digest.finalize()[..8]);
    u64::from_le_bytes(first)
}

#[cfg(test)]
mod tests;
