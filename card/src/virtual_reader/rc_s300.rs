//! A Sony RC-S300 as its host sees it through the vendor's interface: as public drivers speak
//! to it, which is all that is known of it.

use std::collections::VecDeque;

use super::air::{Air, Echo};

/// How the reader behaves where nobody knows.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a habit of its own, in any combination"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RcS300Habits {
    /// It refuses to switch to type B, layer 4.
    pub refuses_layer_4: bool,
    /// It switches to layer 4, and then does not take commands for the card.
    pub refuses_commands: bool,
    /// It switches to layer 4 where there is no card, too.
    pub switches_without_card: bool,
    /// Every third command finds it busy.
    pub is_busy: bool,
    /// It asks for more time before it answers.
    pub wants_time: bool,
    /// Another program has its session.
    pub is_taken: bool,
}

#[derive(Debug)]
pub(super) struct RcS300 {
    habits: RcS300Habits,
    has_session: bool,
    layer: u8,
    messages: usize,
}

/// Objects of an answer, and the status word of all.
type Objects = Vec<u8>;

fn status(step: u8, word: [u8; 2]) -> Objects {
    vec![0xC0, 0x03, step, word[0], word[1]]
}

const FINE: [u8; 2] = [0x90, 0x00];
const NO_RESPONSE: [u8; 2] = [0x64, 0x01];
const NOT_SUPPORTED: [u8; 2] = [0x6A, 0x81];

impl RcS300 {
    pub(super) fn new(habits: RcS300Habits) -> Self {
        Self {
            habits,
            has_session: false,
            layer: 0,
            messages: 0,
        }
    }

    pub(super) fn hear(&mut self, bytes: &[u8], air: &mut Air, out: &mut VecDeque<Vec<u8>>) {
        let Some((head, command)) = bytes.split_at_checked(10) else {
            return;
        };
        let &[0x6B, l0, l1, l2, l3, 0, number, 0, 0, 0] = head else {
            return;
        };
        let length = [l0, l1, l2, l3]
            .into_iter()
            .rev()
            .fold(0, |sum, byte| sum * 256 + usize::from(byte));
        if length != command.len() {
            return;
        }
        self.messages += 1;
        if self.habits.is_busy && self.messages.is_multiple_of(3) {
            out.push_back(vec![0x83, 0, 0, 0, 0, 0, number, 0x42, 0xE0, 0]);
            return;
        }
        if self.habits.wants_time {
            out.push_back(vec![0x83, 0, 0, 0, 0, 0, number, 0x80, 0x01, 0]);
        }
        let mut answer = self.obey(command, air);
        answer.extend(FINE);
        let [low, high] = u16::try_from(answer.len()).unwrap_or(0).to_le_bytes();
        let mut message = vec![0x83, low, high, 0, 0, 0, number, 0x02, 0, 0];
        message.extend(answer);
        out.push_back(message);
    }

    fn obey(&mut self, command: &[u8], air: &mut Air) -> Objects {
        match command {
            [0xFF, 0x50, 0x00, 0x00, 0x02, object, 0x00, 0x00] => self.manage(*object, air),
            _ if !self.has_session => status(0, [0x69, 0x85]),
            [0xFF, 0x50, 0x00, 0x02, 0x04, 0x8F, 0x02, 0x01, layer, 0x00] => {
                self.switch(*layer, air)
            }
            [0xFF, 0x50, 0x00, 0x01, length, rest @ .., 0x00]
                if usize::from(*length) == rest.len() =>
            {
                self.transceive(rest, air)
            }
            _ => status(0, NOT_SUPPORTED),
        }
    }

    fn manage(&mut self, object: u8, air: &mut Air) -> Objects {
        match object {
            0x81 if self.habits.is_taken => return status(0, [0x69, 0x8A]),
            0x81 if !self.has_session => self.has_session = true,
            0x82 if self.has_session => {
                self.has_session = false;
                air.set_field(false);
            }
            0x83 if self.has_session => air.set_field(false),
            0x84 if self.has_session => air.set_field(true),
            _ => return status(0, [0x69, 0x85]),
        }
        status(0, FINE)
    }

    fn switch(&mut self, layer: u8, air: &mut Air) -> Objects {
        match layer {
            3 => {
                self.layer = 3;
                status(0, FINE)
            }
            4 if self.habits.refuses_layer_4 => status(0, NOT_SUPPORTED),
            4 if air.select() => {
                self.layer = 4;
                let atr = b"\x5F\x51\x0D\x3B\x88\x80\x01\x00\x00\x05\xE0\xB3\x81\xA1\x00\x7F";
                [status(0, FINE), b"\x8F\x01\x04".to_vec(), atr.to_vec()].concat()
            }
            4 if self.habits.switches_without_card => status(0, FINE),
            4 => status(1, NO_RESPONSE),
            _ => status(0, NOT_SUPPORTED),
        }
    }

    fn transceive(&mut self, objects: &[u8], air: &mut Air) -> Objects {
        // Flags, time, data: in this order, each of a fixed form.
        let [
            0x90,
            0x02,
            0x00,
            flags,
            0x5F,
            0x46,
            0x04,
            _,
            _,
            _,
            _,
            0x95,
            length,
            data @ ..,
        ] = objects
        else {
            return status(1, [0x6A, 0x80]);
        };
        if usize::from(*length) != data.len() {
            return status(1, [0x67, 0x00]);
        }
        let echo = match (self.layer, flags) {
            (4, 0x00) if self.habits.refuses_commands => return status(1, NOT_SUPPORTED),
            (4, 0x00) => air.command(data).map_or(Echo::Silence, Echo::Frame),
            (3, 0x10) => air.exchange(data),
            _ => return status(1, [0x69, 0x85]),
        };
        match echo {
            Echo::Frame(answer) => {
                let [high, low] = u16::try_from(answer.len()).unwrap_or(0).to_be_bytes();
                let length = match answer.len() {
                    0..=0x7F => vec![low],
                    0x80..=0xFF => vec![0x81, low],
                    _ => vec![0x82, high, low],
                };
                let before = [
                    status(0, FINE),
                    b"\x92\x01\x00\x96\x02\x00\x00\x97".to_vec(),
                ]
                .concat();
                [before, length, answer].concat()
            }
            Echo::Noise => {
                let objects = b"\x92\x01\x00\x96\x02\x01\x00\x97\x01\xFF".to_vec();
                [status(0, FINE), objects].concat()
            }
            Echo::Silence => status(1, NO_RESPONSE),
        }
    }
}
