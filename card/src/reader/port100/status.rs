//! What `InCommRF` says of its exchange with a card: 32 bits, each a condition of its own.

use crate::reader::iso_dep::Heard;
use crate::reader::{Malformed, ReaderError};

const RECEIVE_TIMEOUT: u32 = 0x0000_0080;
/// Protocol, parity, CRC, collision, overflow, and a wrong length: the card's answer is disturbed.
const DISTURBED: u32 = 0x8000_001F;

/// What was heard from the card, by the status and what follows it.
pub(super) fn heard(status: u32, rest: &[u8]) -> Result<Heard, ReaderError> {
    match (status, rest) {
        // How many bits of the last byte hold.
        (0, [0x08, block @ ..]) => Ok(Heard::Block(block.to_vec())),
        (0, [_, ..]) => Ok(Heard::Garbled),
        (0, []) => Err(Malformed::Length.into()),
        (RECEIVE_TIMEOUT, _) => Ok(Heard::Silence),
        (status, _) if status & !(DISTURBED | RECEIVE_TIMEOUT) == 0 => Ok(Heard::Garbled),
        (status, _) => Err(ReaderError::Refused(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bits are nfcpy's, aruneko's and felica-rs'.
    #[test]
    fn statuses_are_silence_noise_or_a_refusal() {
        let table: [(u32, &[u8], Result<Heard, ReaderError>); 9] = [
            (0, &[8, 1, 2], Ok(Heard::Block(vec![1, 2]))),
            (0, &[3, 1, 2], Ok(Heard::Garbled)),
            (0, &[], Err(Malformed::Length.into())),
            (0x80, &[], Ok(Heard::Silence)),
            (0x84, &[], Ok(Heard::Garbled)),
            (0x04, &[8, 1], Ok(Heard::Garbled)),
            (0x8000_0000, &[], Ok(Heard::Garbled)),
            (0x400, &[], Err(ReaderError::Refused(0x400))),
            (0x40, &[8], Err(ReaderError::Refused(0x40))),
        ];
        for (status, rest, expected) in table {
            assert_eq!(heard(status, rest), expected, "{status:X}");
        }
    }
}
