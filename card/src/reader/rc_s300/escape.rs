//! Messages of the vendor's interface: CCID's `PC_to_RDR_Escape` and `RDR_to_PC_Escape` (USB
//! CCID 1.1, 6.1.8 and 6.2.5) on a pair of bulk endpoints.
//!
//! There is no checksum beside USB's own: bits that change inside the data are not seen here.

use crate::reader::Malformed;

/// The longest data of a message that is taken, in bytes.
pub const LONGEST_DATA: usize = 512;

/// What is before the data.
const HEADER: usize = 10;
const TO_READER: u8 = 0x6B;
const FROM_READER: u8 = 0x83;

/// A message from the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The number of the message that it answers.
    pub sequence: u8,
    /// What it says.
    pub content: Content,
}

/// What a message from the reader says, by `bmCommandStatus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Data.
    Data(Vec<u8>),
    /// A failure, with CCID's error code.
    Failed(u8),
    /// More time is wanted: the answer comes in another message.
    MoreTime,
}

/// The message that carries the data.
pub fn message(sequence: u8, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = vec![TO_READER];
    bytes.extend(length);
    bytes.extend([0x00, sequence, 0x00, 0x00, 0x00]);
    bytes.extend_from_slice(data);
    bytes
}

/// Takes the first message off the bytes: it, and how many bytes it has. `None` as long as it
/// is not whole.
pub fn parse(bytes: &[u8]) -> Result<Option<(Message, usize)>, Malformed> {
    if bytes.first().is_some_and(|kind| *kind != FROM_READER) {
        return Err(Malformed::Frame);
    }
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else {
        return Ok(None);
    };
    let &[_, l0, l1, l2, l3, slot, sequence, status, error, last] = header;
    if (slot, last) != (0, 0) {
        return Err(Malformed::Frame);
    }
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
    if length > LONGEST_DATA {
        return Err(Malformed::TooLong);
    }
    let Some(data) = rest.get(..length) else {
        return Ok(None);
    };
    let content = match status >> 6 {
        0 => Content::Data(data.to_vec()),
        1 => Content::Failed(error),
        2 => Content::MoreTime,
        _ => return Err(Malformed::Frame),
    };
    Ok(Some((Message { sequence, content }, HEADER + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As felica-rs' Port-400 driver frames them.
    #[test]
    fn messages_are_ccid_s() {
        let end_session = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x82, 0x00, 0x00];
        let bytes = message(7, &end_session);
        assert_eq!(bytes[..10], [0x6B, 8, 0, 0, 0, 0x00, 7, 0, 0, 0]);
        assert_eq!(bytes[10..], end_session);

        let table: [(&[u8], Content, usize); 4] = [
            (
                &[0x83, 2, 0, 0, 0, 0, 7, 0x02, 0, 0, 0x90, 0x00],
                Content::Data(vec![0x90, 0x00]),
                12,
            ),
            (
                &[0x83, 0, 0, 0, 0, 0, 7, 0x42, 0xE0, 0],
                Content::Failed(0xE0),
                10,
            ),
            (&[0x83, 0, 0, 0, 0, 0, 7, 0x80, 1, 0], Content::MoreTime, 10),
            // With the beginning of another.
            (
                &[0x83, 1, 0, 0, 0, 0, 7, 0x00, 0, 0, 9, 0x83],
                Content::Data(vec![9]),
                11,
            ),
        ];
        for (bytes, content, length) in table {
            let message = Message {
                sequence: 7,
                content,
            };
            assert_eq!(parse(bytes), Ok(Some((message, length))), "{bytes:02X?}");
        }
        for (bytes, error) in [
            (&[0x80][..], Malformed::Frame),
            (&[0x83, 0, 0, 0, 0, 1, 7, 0, 0, 0], Malformed::Frame),
            (&[0x83, 0, 0, 0, 0, 0, 7, 0, 0, 1], Malformed::Frame),
            (&[0x83, 0, 0, 0, 0, 0, 7, 0xC0, 0, 0], Malformed::Frame),
            (&[0x83, 0, 4, 0, 0, 0, 7, 0, 0, 0], Malformed::TooLong),
        ] {
            assert_eq!(parse(bytes), Err(error), "{bytes:02X?}");
        }
        assert_eq!(parse(&[]), Ok(None));
    }
}
