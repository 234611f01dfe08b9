//! The number of a person, which the audit trail names: the row's number, made unreadable.
//!
//! A row's number tells the day of birth and the sex, and the trail is written out and
//! shown. So the two are tied by a permutation that only the store's secret gives: no
//! table between them is needed, and no number is ever used twice. Those from before this
//! are small, and are kept in a table.

use sha2::{Digest as _, Sha256};

/// Half of what is permuted.
const HALF_BITS: u32 = 24;
const HALF: u64 = (1 << HALF_BITS) - 1;
/// Set in every number of this kind, so that none is one from before. All stay below
/// 2^53, so that they are whole in JSON for every reader.
const MARK: u64 = 1 << (2 * HALF_BITS);
/// Enough that nothing of the one half shows in the other.
const ROUNDS: u8 = 6;

/// Makes persons' numbers, and reads them.
pub(in crate::store) struct Numbers {
    secret: Vec<u8>,
}

impl Numbers {
    pub(in crate::store) const fn new(secret: Vec<u8>) -> Self {
        Self { secret }
    }

    /// The number of the person of a row.
    pub(in crate::store) fn of_row(&self, row: i64) -> i64 {
        let row = row.cast_unsigned();
        let mut halves = (row >> HALF_BITS & HALF, row & HALF);
        for round in 0..ROUNDS {
            halves = (halves.1, halves.0 ^ self.mixed(round, halves.1));
        }
        (MARK | halves.0 << HALF_BITS | halves.1).cast_signed()
    }

    /// The row of a number; `None` if it is one from before.
    pub(in crate::store) fn row(&self, number: i64) -> Option<i64> {
        let number = u64::try_from(number).ok()?;
        if number & MARK == 0 {
            return None;
        }
        let mut halves = (number >> HALF_BITS & HALF, number & HALF);
        for round in (0..ROUNDS).rev() {
            halves = (halves.1 ^ self.mixed(round, halves.0), halves.0);
        }
        Some((halves.0 << HALF_BITS | halves.1).cast_signed())
    }

    fn mixed(&self, round: u8, half: u64) -> u64 {
        let digest = Sha256::new()
            .chain_update(&self.secret)
            .chain_update([round])
            .chain_update(half.to_le_bytes())
            .finalize();
        let [first, second, third, ..] = <[u8; 32]>::from(digest);
        u64::from_le_bytes([first, second, third, 0, 0, 0, 0, 0])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_are_far_apart_and_secrets_differ() {
        let one = Numbers::new(vec![1; 32]);
        let other = Numbers::new(vec![2; 32]);
        let (first, second) = (one.of_row(1 << 30), one.of_row((1 << 30) + 1));
        assert!((first - second).abs() > 1 << 20);
        assert_ne!(first, other.of_row(1 << 30));
        assert_eq!(one.row(17), None, "one from before");
        assert_eq!(one.row(-1), None);
    }

    proptest! {
        #[test]
        fn a_number_leads_back_to_its_row(row in 0_i64..1 << 48, secret: [u8; 32]) {
            let numbers = Numbers::new(secret.to_vec());
            let number = numbers.of_row(row);
            prop_assert!((1_i64 << 48..1 << 53).contains(&number));
            prop_assert_eq!(numbers.row(number), Some(row));
        }
    }
}
