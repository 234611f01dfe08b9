//! A Sony RC-S380 as its host sees it.

use std::collections::{BTreeMap, VecDeque};

use super::air::{Air, Echo};

const ACKNOWLEDGED: [u8; 6] = *b"\x00\x00\xFF\x00\xFF\x00";

/// What the reader was told.
#[derive(Debug, Default)]
pub(super) struct RcS380 {
    is_started: bool,
    radio: Vec<u8>,
    settings: BTreeMap<u8, u8>,
}

/// The settings without which a card of type B is not heard: CRC, and beginning and end of frames.
const NEEDED: [(u8, u8); 6] = [
    (0x01, 1),
    (0x02, 1),
    (0x09, 1),
    (0x0A, 1),
    (0x0B, 1),
    (0x0C, 1),
];

impl RcS380 {
    pub(super) fn hear(&mut self, bytes: &[u8], air: &mut Air, out: &mut VecDeque<Vec<u8>>) {
        if bytes == ACKNOWLEDGED {
            out.clear();
            return;
        }
        let Some(data) = unwrap(bytes) else {
            return;
        };
        out.push_back(ACKNOWLEDGED.to_vec());
        if let [0xD6, code, parameters @ ..] = data {
            let mut answer = vec![0xD7, code + 1];
            answer.extend(self.obey(*code, parameters, air));
            out.push_back(wrap(&answer));
        }
    }

    fn obey(&mut self, code: u8, parameters: &[u8], air: &mut Air) -> Vec<u8> {
        match (code, parameters) {
            (0x2A, [0x01]) => {
                self.is_started = true;
                vec![0x00]
            }
            // The types of commands that it knows, as bits: Linux's driver asks for them.
            (0x28, []) => vec![0, 0, 0, 0, 0, 0, 0, 0x03],
            _ if !self.is_started => vec![0x07],
            // Version 1.11.
            (0x20, []) => vec![0x11, 0x01],
            (0x06, [0x00]) => {
                air.set_field(false);
                vec![0x00]
            }
            (0x00, [_, _, _, _]) => {
                self.radio = parameters.to_vec();
                vec![0x00]
            }
            (0x02, pairs) if pairs.len() % 2 == 0 => {
                for pair in pairs.chunks(2) {
                    if let [key, value] = pair {
                        self.settings.insert(*key, *value);
                    }
                }
                vec![0x00]
            }
            (0x04, [_, _, frame @ ..]) => self.communicate(frame, air),
            _ => vec![0x01],
        }
    }

    fn communicate(&self, frame: &[u8], air: &mut Air) -> Vec<u8> {
        air.set_field(true);
        let is_type_b = self.radio == [0x03, 0x07, 0x0F, 0x07]
            && NEEDED
                .iter()
                .all(|(key, value)| self.settings.get(key) == Some(value));
        let echo = if is_type_b {
            air.exchange(frame)
        } else {
            Echo::Silence
        };
        match echo {
            Echo::Frame(answer) => [b"\x00\x00\x00\x00\x08".as_slice(), &answer].concat(),
            Echo::Noise => b"\x04\x00\x00\x00\x08".to_vec(),
            Echo::Silence => b"\x80\x00\x00\x00\x08".to_vec(),
        }
    }
}

fn sums_to_zero(bytes: &[u8]) -> bool {
    bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % 256 == 0
}

/// The data of a frame, if it is one.
fn unwrap(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes
        .strip_prefix(b"\x00\x00\xFF\xFF\xFF")?
        .strip_suffix(b"\x00")?;
    let (head, body) = rest.split_at_checked(3)?;
    let (_, data) = body.split_last()?;
    let length = usize::from(*head.first()?) + 256 * usize::from(*head.get(1)?);
    (sums_to_zero(head) && sums_to_zero(body) && length == data.len()).then_some(data)
}

fn wrap(data: &[u8]) -> Vec<u8> {
    let complement = |bytes: &[u8]| {
        let sum: usize = bytes.iter().map(|byte| usize::from(*byte)).sum();
        u8::try_from((256 - sum % 256) % 256).unwrap_or(0)
    };
    let length = u16::try_from(data.len()).unwrap_or(0).to_le_bytes();
    let head = [length[0], length[1], complement(&length)];
    [
        b"\x00\x00\xFF\xFF\xFF".as_slice(),
        &head,
        data,
        &[complement(data), 0x00],
    ]
    .concat()
}
