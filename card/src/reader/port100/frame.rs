//! Frames between a host and a Port-100 chip: preamble, length, data, postamble, the length and
//! the data each with a checksum that brings its sum to zero.
//!
//! A sum sees any one wrong bit. It doesn't see bytes that have changed places, nor changes that
//! cancel each other out; USB's own CRC comes before it.

use crate::reader::Malformed;

/// The longest data of a frame that is taken, in bytes: an `InCommRF` answer with the longest
/// frame from a card has 263.
pub const LONGEST_DATA: usize = 300;

const PREAMBLE: [u8; 5] = [0x00, 0x00, 0xFF, 0xFF, 0xFF];
const POSTAMBLE: u8 = 0x00;
/// The frame that says that the last one was received. From the host, it ends whatever the
/// chip is doing.
pub const ACK: [u8; 6] = [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00];

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// [`ACK`].
    Ack,
    /// A command or an answer.
    Data(Vec<u8>),
}

/// The byte that brings the sum of the bytes to zero.
fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_sub(*byte))
}

/// The frame of a command: up to 65,535 bytes of data, what is beyond is left out.
pub fn frame(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let data = data.get(..usize::from(length)).unwrap_or(data);
    let length = length.to_le_bytes();
    let mut bytes = PREAMBLE.to_vec();
    bytes.extend(length);
    bytes.push(checksum(&length));
    bytes.extend_from_slice(data);
    bytes.extend([checksum(data), POSTAMBLE]);
    bytes
}

/// Takes the first frame off the bytes: it, and how many bytes it has. `None` as long as it
/// is not whole.
pub fn parse(bytes: &[u8]) -> Result<Option<(Frame, usize)>, Malformed> {
    if bytes.starts_with(&ACK) {
        return Ok(Some((Frame::Ack, ACK.len())));
    }
    let Some((preamble, rest)) = bytes.split_first_chunk::<5>() else {
        let is_possible = ACK.starts_with(bytes) || PREAMBLE.starts_with(bytes);
        return is_possible.then_some(None).ok_or(Malformed::Frame);
    };
    // The beginning of ACK has the same length.
    if ACK.starts_with(preamble) && rest.is_empty() {
        return Ok(None);
    }
    if *preamble != PREAMBLE {
        return Err(Malformed::Frame);
    }
    let Some((&[low, high, length_checksum], rest)) = rest.split_first_chunk::<3>() else {
        return Ok(None);
    };
    if checksum(&[low, high]) != length_checksum {
        return Err(Malformed::Checksum);
    }
    let length = usize::from(u16::from_le_bytes([low, high]));
    if length > LONGEST_DATA {
        return Err(Malformed::TooLong);
    }
    let Some((data, rest)) = rest.split_at_checked(length) else {
        return Ok(None);
    };
    match *rest {
        [] | [_] => Ok(None),
        [sum, ..] if sum != checksum(data) => Err(Malformed::Checksum),
        [_, POSTAMBLE, ..] => Ok(Some((Frame::Data(data.to_vec()), length + 10))),
        _ => Err(Malformed::Frame),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// nfcpy's `rcs380.py` and aruneko's `rc_s380_driver` make and take these with real readers.
    #[test]
    fn frames_are_those_that_readers_were_seen_to_take() {
        let table: [(&[u8], &[u8]); 4] = [
            // SetCommandType 1, and its answer.
            (
                &[0xD6, 0x2A, 0x01],
                &[
                    0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x03, 0x00, 0xFD, 0xD6, 0x2A, 0x01, 0xFF, 0x00,
                ],
            ),
            (
                &[0xD7, 0x2B, 0x00],
                &[
                    0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x03, 0x00, 0xFD, 0xD7, 0x2B, 0x00, 0xFE, 0x00,
                ],
            ),
            // SwitchRF off.
            (
                &[0xD6, 0x06, 0x00],
                &[
                    0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x03, 0x00, 0xFD, 0xD6, 0x06, 0x00, 0x24, 0x00,
                ],
            ),
            // InSetRF 106B.
            (
                &[0xD6, 0x00, 0x03, 0x07, 0x0F, 0x07],
                &[
                    0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x06, 0x00, 0xFA, 0xD6, 0x00, 0x03, 0x07, 0x0F,
                    0x07, 0x0A, 0x00,
                ],
            ),
        ];
        for (data, bytes) in table {
            assert_eq!(frame(data), bytes);
            assert_eq!(
                parse(bytes),
                Ok(Some((Frame::Data(data.to_vec()), bytes.len())))
            );
        }
        assert_eq!(parse(&ACK), Ok(Some((Frame::Ack, 6))));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = frame(&[0xD7, 0x2B, 0x00]);
        let table = [
            (0, Malformed::Frame),
            (4, Malformed::Frame),
            (5, Malformed::Checksum),
            (7, Malformed::Checksum),
            (9, Malformed::Checksum),
            (11, Malformed::Checksum),
            (12, Malformed::Frame),
        ];
        for (place, error) in table {
            let mut bad = good.clone();
            bad[place] ^= 0x10;
            assert_eq!(parse(&bad), Err(error), "{place}");
        }
        assert_eq!(parse(&frame(&[0; 301])), Err(Malformed::TooLong));
        assert_eq!(parse(&[]), Ok(None));
    }
}
