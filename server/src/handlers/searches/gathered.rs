//! Whom a search finds, before anybody is told: reads only, so that it may be asked of a
//! replica.

use domain::coverage::Coverage;
use domain::date::Date;
use domain::eligibility::judge;
use domain::search::{Field, MOST_CANDIDATES, SearchKeys, narrowing};

use crate::store::{PersonId, Reader, StoreError};

/// Of how many matched persons it is measured which condition would narrow most.
const MOST_MEASURED: usize = 1000;

/// Who was found.
pub(super) struct Gathered {
    pub(super) found: Found,
    /// How many more persons a variant spelling of 氏名 would match, at most one more than are
    /// ever listed. Nothing is counted above that many as it is.
    pub(super) variant_matches: u32,
}

/// Who was found, by how much is told of them.
pub(super) enum Found {
    Nobody,
    One(PersonId),
    /// Each with the coverage that would be shown first; where several are in force, with one
    /// of them.
    Several(Vec<(PersonId, Option<Coverage>)>),
    /// Nobody is named: these conditions would narrow most.
    TooMany(Vec<Field>),
}

impl Gathered {
    /// Searches.
    pub(super) fn read(
        reader: &Reader<'_>,
        keys: &SearchKeys,
        day: Date,
    ) -> Result<Self, StoreError> {
        let matches = reader.search(keys, MOST_CANDIDATES + 1)?;
        let persons: Vec<_> = matches.iter().map(|found| found.person).collect();
        let variant_matches = variant_matches(reader, keys, persons.len())?;
        let found = match persons.as_slice() {
            [] => Found::Nobody,
            [person] => Found::One(*person),
            persons if persons.len() > MOST_CANDIDATES => Found::TooMany(narrow_by(reader, keys)?),
            persons => {
                let listed = persons
                    .iter()
                    .map(|person| Ok((*person, shown(reader, *person, day)?)));
                Found::Several(listed.collect::<Result<_, StoreError>>()?)
            }
        };
        Ok(Self {
            found,
            variant_matches,
        })
    }
}

fn variant_matches(
    reader: &Reader<'_>,
    keys: &SearchKeys,
    exact: usize,
) -> Result<u32, StoreError> {
    if keys.with_variants || keys.name.is_none() || exact > MOST_CANDIDATES {
        return Ok(0);
    }
    let most = exact + MOST_CANDIDATES + 1;
    let all = reader.search(&keys.with_variants(), most)?.len();
    Ok(u32::try_from(all.saturating_sub(exact)).unwrap_or(u32::MAX))
}

fn narrow_by(reader: &Reader<'_>, keys: &SearchKeys) -> Result<Vec<Field>, StoreError> {
    let matches = reader.search(keys, MOST_MEASURED)?;
    let records: Vec<_> = matches.into_iter().map(|found| found.record).collect();
    Ok(narrowing(keys, &records))
}

fn shown(reader: &Reader<'_>, person: PersonId, day: Date) -> Result<Option<Coverage>, StoreError> {
    let mut coverages = reader.coverages(person)?;
    let listed = judge(&coverages, day).listed();
    Ok(listed
        .filter(|index| *index < coverages.len())
        .map(|index| coverages.swap_remove(index)))
}
