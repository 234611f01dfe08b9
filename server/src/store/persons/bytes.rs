//! Packed bytes: what is written and read back in the same order.

use thiserror::Error;

/// The bytes are not what this program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a packed record is malformed")]
pub(super) struct Malformed;

/// Bytes to come. It remembers what the next ones may refer to.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    /// The last day that was written: most are the same, or near.
    pub(super) day: i64,
    /// Where the last text is, and of which kind.
    pub(super) text: (usize, usize),
}

impl Output {
    /// Seven bits a byte, the least first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number > 0x7F {
            self.bytes.push(low_byte(number) | 0x80);
            number >>= 7;
        }
        self.bytes.push(low_byte(number));
    }
}

/// Bytes to be read.
#[derive(Debug)]
pub(super) struct Input<'a> {
    bytes: &'a [u8],
    pub(super) day: i64,
    /// The last text as it was packed, from its head on.
    pub(super) text: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            day: 0,
            text: &[],
        }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.bytes.split_first().ok_or(Malformed)?;
        self.bytes = rest;
        Ok(*first)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Malformed)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(super) fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }

    /// A number that counts what is still to come.
    pub(super) fn count(&mut self) -> Result<usize, Malformed> {
        usize::try_from(self.number()?).map_err(|_| Malformed)
    }
}

/// Small numbers of either sign as small numbers: 0, -1, 1, -2 …
pub(super) const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

/// The inverse of [`zigzag`].
pub(super) const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64, signed: i64) {
            let mut output = Output::default();
            output.number(number);
            output.number(zigzag(signed));
            let mut input = Input::new(&output.bytes);
            prop_assert_eq!(input.number(), Ok(number));
            prop_assert_eq!(input.number().map(unzigzag), Ok(signed));
            prop_assert_eq!(input.number(), Err(Malformed));
        }
    }
}
