//! Who has rows that belong to several places.

use std::collections::HashSet;
use std::io;

use super::sorter::Sorter;

/// The keys of identifiers whose rows do not all belong to one place. Two identifiers of
/// one key look the same: that costs time only.
pub(super) fn split_identifiers(identifiers: Sorter) -> io::Result<HashSet<u64>> {
    let mut merge = identifiers.merge()?;
    let mut split = HashSet::new();
    let mut last = None;
    while let Some(((identifier, place), _)) = merge.next()? {
        if last.is_some_and(|(one, other)| one == identifier && other != place) {
            split.insert(identifier);
        }
        last = Some((identifier, place));
    }
    Ok(split)
}
