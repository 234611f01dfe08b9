//! Frames of the BALTECH Reader Protocol (“BRP command frame” and “BRP response frame”), with
//! the command's code and the length in 16 bits, and with CRC-16.
//!
//! BALTECH asks for a checksum on serial lines only, but readers take one anywhere. It sees up to three
//! wrong bits anywhere, and all but one of 65,536 other changes.

use crate::reader::Malformed;

/// Format flags: CRC-16, 16-bit length, 16-bit code, standard mode.
const FLAGS: u8 = 0x2C;
/// In an answer: the command failed.
const FAILURE: u8 = 0x80;
/// In an answer: something is wrong with the reader's hardware, perhaps not with this command.
const BOOT_STATUS: u8 = 0x40;

/// CRC-16 of BRP: polynomial 1021, beginning with FFFF.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            }
        })
    })
}

/// The frame of a command: up to 65,535 bytes of parameters, what is beyond is left out.
pub fn frame(code: u16, parameters: &[u8]) -> Vec<u8> {
    let length = u16::try_from(parameters.len()).unwrap_or(u16::MAX);
    let parameters = parameters.get(..usize::from(length)).unwrap_or(parameters);
    let mut bytes = vec![FLAGS];
    bytes.extend(code.to_be_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend_from_slice(parameters);
    bytes.extend(crc(&bytes).to_be_bytes());
    bytes
}

/// What a reader answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// What the command returns.
    Done(&'a [u8]),
    /// Its status code.
    Failed(u8),
}

/// Takes an answer apart: the code of the command that it answers, and what it says.
pub fn parse(bytes: &[u8]) -> Result<(u16, Reply<'_>), Malformed> {
    let (content, sum) = bytes.split_last_chunk::<2>().ok_or(Malformed::Length)?;
    if crc(content) != u16::from_be_bytes(*sum) {
        return Err(Malformed::Checksum);
    }
    let (&[flags, high, low], rest) = content.split_first_chunk::<3>().ok_or(Malformed::Length)?;
    let code = u16::from_be_bytes([high, low]);
    let reply = match (flags & !BOOT_STATUS, rest) {
        (FLAGS, [low, high, payload @ ..]) => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            if length != payload.len() {
                return Err(Malformed::Length);
            }
            Reply::Done(payload)
        }
        (FLAGS, _) => return Err(Malformed::Length),
        // The pages leave it open whether a length comes before the status code.
        (flags, &[status] | &[0 | 1, 0, status]) if flags == FLAGS | FAILURE => {
            Reply::Failed(status)
        }
        (flags, _) if flags == FLAGS | FAILURE => return Err(Malformed::Length),
        _ => return Err(Malformed::Frame),
    };
    Ok((code, reply))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of BALTECH's page “BRP example frames”, with a checksum.
    #[test]
    fn frames_are_baltech_s_examples() {
        assert_eq!(
            frame(0x0004, &[]),
            [0x2C, 0x00, 0x04, 0x00, 0x00, 0x4E, 0x53]
        );
        let text = b"1100 IDE Z     1.14.00 12/18/19 43893126\0";
        let mut answer = vec![0x2C, 0x00, 0x04, 0x29, 0x00];
        answer.extend(text);
        answer.extend([0xE8, 0x84]);
        assert_eq!(parse(&answer), Ok((0x0004, Reply::Done(text))));
    }

    type Case<'a> = (&'a [u8], Result<(u16, Reply<'a>), Malformed>);

    #[test]
    fn failures_and_wrong_frames_are_named() {
        let sealed = |bytes: &[u8]| [bytes, &crc(bytes).to_be_bytes()].concat();
        let table: [Case<'_>; 9] = [
            (&[0xAC, 0x01, 0x00, 0x01], Ok((0x0100, Reply::Failed(1)))),
            (
                &[0xAC, 0x01, 0x00, 0x01, 0x00, 0x02],
                Ok((0x0100, Reply::Failed(2))),
            ),
            (&[0xEC, 0x01, 0x00, 0x01], Ok((0x0100, Reply::Failed(1)))),
            (
                &[0x6C, 0x01, 0x00, 0x00, 0x00],
                Ok((0x0100, Reply::Done(&[]))),
            ),
            (&[0xAC, 0x01, 0x00], Err(Malformed::Length)),
            (&[0x2C, 0x01, 0x00], Err(Malformed::Length)),
            (&[0x2C, 0x01, 0x00, 0x01, 0x00], Err(Malformed::Length)),
            (&[0x0C, 0x01, 0x00, 0x00, 0x00], Err(Malformed::Frame)),
            (&[0x2C], Err(Malformed::Length)),
        ];
        for (bytes, expected) in table {
            assert_eq!(parse(&sealed(bytes)), expected, "{bytes:02X?}");
        }
        assert_eq!(
            parse(&[0x2C, 0x00, 0x04, 0x00, 0x00, 0x4E, 0x54]),
            Err(Malformed::Checksum)
        );
    }
}
