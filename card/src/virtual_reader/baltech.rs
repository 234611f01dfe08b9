//! A BALTECH reader as its host sees it through HID.

use std::collections::VecDeque;

use super::air::Air;

/// How the reader behaves where firmwares differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaltechHabits {
    /// What it can hold, command and answer together: 128 bytes at least.
    pub buffer: u16,
    /// The longest block of an answer to `VHL.ExchangeLongAPDU`.
    pub block: usize,
    /// Failures come with a length before the status code.
    pub failures_have_length: bool,
}

impl Default for BaltechHabits {
    fn default() -> Self {
        Self {
            buffer: 1_024,
            block: 900,
            failures_have_length: false,
        }
    }
}

/// The HID report descriptor: a vendor's collection with output and input reports 1 to 4. The usage
/// page is a guess; numbers and sizes are BALTECH's.
pub const REPORT_DESCRIPTOR: &[u8] = &[
    0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, //
    0x85, 0x01, 0x95, 14, 0x09, 0x01, 0x91, 0x02, 0x95, 14, 0x09, 0x01, 0x81, 0x02, //
    0x85, 0x02, 0x95, 62, 0x09, 0x02, 0x91, 0x02, 0x95, 62, 0x09, 0x02, 0x81, 0x02, //
    0x85, 0x03, 0x95, 254, 0x09, 0x03, 0x91, 0x02, 0x95, 254, 0x09, 0x03, 0x81, 0x02, //
    0x85, 0x04, 0x96, 0xFE, 0x03, 0x09, 0x04, 0x91, 0x02, 0x96, 0xFE, 0x03, 0x09, 0x04, 0x81,
    0x02, //
    0xC0,
];

#[derive(Debug)]
pub(super) struct Baltech {
    habits: BaltechHabits,
    /// What is left of a long answer.
    rest: Vec<u8>,
}

type Reply = Result<Vec<u8>, u8>;

impl Baltech {
    pub(super) fn new(habits: BaltechHabits) -> Self {
        Self {
            habits,
            rest: Vec::new(),
        }
    }

    pub(super) fn hear(&mut self, report: &[u8], air: &mut Air, out: &mut VecDeque<Vec<u8>>) {
        let Some(frame) = open(report) else {
            return;
        };
        let Some((content, _)) = frame.split_last_chunk::<2>() else {
            return;
        };
        let &[flags, high, low, l0, l1, ref payload @ ..] = content else {
            return;
        };
        let reply = if remainder(frame) != 0 {
            Err(0x84)
        } else if usize::from(l0) + 256 * usize::from(l1) != payload.len() || flags != 0x2C {
            Err(0x82)
        } else {
            self.obey([high, low], payload, air)
        };
        let mut answer = match reply {
            Ok(payload) => {
                let [l0, l1] = u16::try_from(payload.len()).unwrap_or(0).to_le_bytes();
                [&[0x2C, high, low, l0, l1], payload.as_slice()].concat()
            }
            Err(status) if self.habits.failures_have_length => vec![0xAC, high, low, 1, 0, status],
            Err(status) => vec![0xAC, high, low, status],
        };
        answer.extend([0, 0]);
        let sum = remainder(&answer);
        let end = answer.len() - 2;
        answer.truncate(end);
        answer.extend(sum.to_be_bytes());
        out.extend(seal(&answer));
    }

    fn obey(&mut self, code: [u8; 2], payload: &[u8], air: &mut Air) -> Reply {
        match (code, payload) {
            ([0x00, 0x00], []) => Ok([self.habits.buffer.to_be_bytes(); 3].concat()),
            // Type B among the families.
            ([0x01, 0x00], [_, families, _, _]) => {
                air.set_field(true);
                let is_found = families & 0x08 != 0 && air.select();
                if is_found { Ok(vec![0x18]) } else { Err(0x01) }
            }
            ([0x01, 0x04], []) if air.is_selected() => Ok(Vec::new()),
            ([0x01, 0x04], []) => Err(0x02),
            ([0x01, 0x06], [0x00, l1, l0, command @ ..]) => {
                let answer = exchange([*l1, *l0], command, air)?;
                if command.len() + answer.len() + 22 > usize::from(self.habits.buffer) {
                    return Err(0x83);
                }
                Ok(with_length(&answer))
            }
            ([0x01, 0x0C], [0x00, is_new, 0x00, l1, l0, command @ ..]) => {
                if *is_new == 1 {
                    self.rest = exchange([*l1, *l0], command, air)?;
                } else if self.rest.is_empty() || !command.is_empty() {
                    return Err(0x41);
                }
                let rest = self.rest.split_off(self.habits.block.min(self.rest.len()));
                let block = core::mem::replace(&mut self.rest, rest);
                let mut answer = vec![u8::from(!self.rest.is_empty())];
                answer.extend(with_length(&block));
                Ok(answer)
            }
            _ => Err(0x41),
        }
    }
}

fn exchange(length: [u8; 2], command: &[u8], air: &mut Air) -> Reply {
    if usize::from(u16::from_be_bytes(length)) != command.len() {
        return Err(0x41);
    }
    if !air.is_selected() {
        return Err(0x02);
    }
    air.command(command).ok_or(0x0D)
}

fn with_length(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(0).to_be_bytes();
    [length.as_slice(), bytes].concat()
}

/// Division by x^16 + x^12 + x^5 + 1, bit by bit, with the first sixteen bits inverted: nothing
/// is left of a frame that ends with its own checksum.
fn remainder(bytes: &[u8]) -> u16 {
    let mut register = 0_u32;
    for (place, byte) in bytes.iter().enumerate() {
        let byte = if place < 2 { !byte } else { *byte };
        for bit in (0..8).rev() {
            register = register << 1 | u32::from(byte >> bit & 1);
            if register & 0x1_0000 != 0 {
                register ^= 0x1_1021;
            }
        }
    }
    u16::try_from(register).unwrap_or(0)
}

/// The frame in a report of the right length.
fn open(report: &[u8]) -> Option<&[u8]> {
    let [number, low, high, rest @ ..] = report else {
        return None;
    };
    let most = match number {
        1 => 12,
        2 => 60,
        3 => 252,
        4 => 1_020,
        _ => return None,
    };
    let length = usize::from(*low) + 256 * usize::from(*high);
    if rest.len() != most {
        return None;
    }
    rest.get(..length)
}

fn seal(frame: &[u8]) -> Option<Vec<u8>> {
    let (number, most) = match frame.len() {
        0..=12 => (1, 12),
        13..=60 => (2, 60),
        61..=252 => (3, 252),
        253..=1_020 => (4, 1_020),
        _ => return None,
    };
    let length = u16::try_from(frame.len()).unwrap_or(0).to_le_bytes();
    let mut report = vec![number, length[0], length[1]];
    report.extend_from_slice(frame);
    report.resize(most + 3, 0);
    Some(report)
}
