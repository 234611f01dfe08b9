//! Where a DER object ends (X.690, 8.1.3 and 10.1), and whether one has the outline
//! of a certificate. What a certificate says is for whoever verifies it.

use thiserror::Error;

/// The tag of SEQUENCE, which a certificate is.
const SEQUENCE: u8 = 0x30;
/// The tag of BIT STRING, which its signature is.
const BIT_STRING: u8 = 0x03;

/// What is wrong with bytes that should be a DER object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DerError {
    /// It has another tag than the one that belongs there.
    #[error("the tag is {found:02x}, not {wanted:02x}")]
    Tag {
        /// The tag that belongs there.
        wanted: u8,
        /// The tag that is there.
        found: u8,
    },
    /// The length is indefinite, takes more than two bytes, or could be written shorter.
    #[error("the length is not DER, or longer than any certificate")]
    Length,
    /// Its parts are not those of a certificate, or don't fill it exactly.
    #[error("the parts are not those of a certificate")]
    Outline,
}

/// How long the SEQUENCE is that begins here, with its tag and length, in bytes: 2 to
/// 65,539. `None` as long as the bytes don't tell.
pub fn sequence_length(bytes: &[u8]) -> Result<Option<usize>, DerError> {
    Ok(object(bytes, SEQUENCE)?.map(|object| object.end))
}

/// Whether this is a SEQUENCE of a SEQUENCE, a SEQUENCE and a BIT STRING, and nothing
/// else: the outline of a certificate (RFC 5280, 4.1). It finds what a reading got
/// wrong, not what somebody forged.
pub fn check_certificate_outline(bytes: &[u8]) -> Result<(), DerError> {
    let mut rest = contents(bytes, SEQUENCE)?;
    for tag in [SEQUENCE, SEQUENCE, BIT_STRING] {
        let part = object(rest, tag)?.ok_or(DerError::Outline)?;
        rest = rest.get(part.end..).ok_or(DerError::Outline)?;
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err(DerError::Outline)
    }
}

/// The contents of an object that fills all the bytes.
fn contents(bytes: &[u8], tag: u8) -> Result<&[u8], DerError> {
    let whole = object(bytes, tag)?.ok_or(DerError::Outline)?;
    if whole.end != bytes.len() {
        return Err(DerError::Outline);
    }
    bytes.get(whole.start..).ok_or(DerError::Outline)
}

/// Where an object's contents start and end.
struct Object {
    start: usize,
    end: usize,
}

fn object(bytes: &[u8], wanted: u8) -> Result<Option<Object>, DerError> {
    let Some((&found, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    if found != wanted {
        return Err(DerError::Tag { wanted, found });
    }
    let (start, length) = match *rest {
        [] | [0x81 | 0x82] | [0x82, _] => return Ok(None),
        [short @ ..=0x7F, ..] => (2, usize::from(short)),
        [0x81, one @ 0x80..=0xFF, ..] => (3, usize::from(one)),
        [0x82, high @ 1..=0xFF, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
        _ => return Err(DerError::Length),
    };
    Ok(Some(Object {
        start,
        end: start + length,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told = Result<Option<usize>, DerError>;

    #[test]
    fn lengths_are_told_as_soon_as_they_are_there() {
        let tag = |found| {
            Err(DerError::Tag {
                wanted: 0x30,
                found,
            })
        };
        let table: [(&[u8], Told); 16] = [
            (&[], Ok(None)),
            (&[0x30], Ok(None)),
            (&[0x30, 0x00], Ok(Some(2))),
            (&[0x30, 0x7F], Ok(Some(129))),
            (&[0x30, 0x81], Ok(None)),
            (&[0x30, 0x81, 0x80], Ok(Some(131))),
            (&[0x30, 0x82], Ok(None)),
            (&[0x30, 0x82, 0x06], Ok(None)),
            (&[0x30, 0x82, 0x06, 0x32], Ok(Some(1590))),
            (&[0x30, 0x82, 0xFF, 0xFF], Ok(Some(65_539))),
            // Indefinite, longer than needed, too long.
            (&[0x30, 0x80], Err(DerError::Length)),
            (&[0x30, 0x81, 0x7F], Err(DerError::Length)),
            (&[0x30, 0x82, 0x00, 0xFF], Err(DerError::Length)),
            (&[0x30, 0x83, 0x01, 0x00, 0x00], Err(DerError::Length)),
            (&[0xFF], tag(0xFF)),
            (&[0x00, 0x00], tag(0x00)),
        ];
        for (bytes, expected) in table {
            assert_eq!(sequence_length(bytes), expected, "{bytes:02X?}");
        }
    }

    #[test]
    fn an_outline_is_three_parts_and_no_more() {
        let outline = Err(DerError::Outline);
        let table: [(&[u8], Result<(), DerError>); 9] = [
            (&[0x30, 6, 0x30, 0, 0x30, 0, 0x03, 0], Ok(())),
            (&[0x30, 6, 0x30, 0, 0x30, 0, 0x03, 0, 0], outline),
            (&[0x30, 6, 0x30, 0, 0x30, 0, 0x03], outline),
            (&[0x30, 6, 0x30, 0, 0x30, 0, 0x03, 1], outline),
            (&[0x30, 4, 0x30, 0, 0x30, 0], outline),
            (&[0x30, 4, 0x30, 0, 0x30, 0, 0x03, 0], outline),
            (&[0x30, 8, 0x30, 0, 0x30, 0, 0x03, 0, 0x05, 0], outline),
            (&[], outline),
            (
                &[0x30, 6, 0x30, 0, 0x31, 0, 0x03, 0],
                Err(DerError::Tag {
                    wanted: 0x30,
                    found: 0x31,
                }),
            ),
        ];
        for (bytes, expected) in table {
            assert_eq!(check_certificate_outline(bytes), expected, "{bytes:02X?}");
        }
    }
}
