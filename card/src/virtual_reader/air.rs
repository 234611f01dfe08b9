//! The air above a reader: a field, and a card of type B in it or none (ISO/IEC 14443-3 and -4,
//! from the card's side: rules 10 to 13, C, D and E).

use std::collections::BTreeMap;

use crate::virtual_card::VirtualCard;

/// How a card behaves on the air where the standard leaves it a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RadioHabits {
    /// FSCI, 0 to 8: the longest frame that the card takes, from 16 to 256 bytes.
    pub frame_size_code: u8,
    /// FWI, 0 to 14.
    pub waiting_code: u8,
    /// The most bytes of an answer in one block, 1 to 253.
    pub part: usize,
    /// How often it asks for more time before each answer.
    pub extensions: usize,
}

impl Default for RadioHabits {
    /// What My Number Cards say of themselves.
    fn default() -> Self {
        Self {
            frame_size_code: 8,
            waiting_code: 10,
            part: 253,
            extensions: 0,
        }
    }
}

/// What happens to one exchange on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RadioFault {
    /// The card does not hear.
    CommandLost,
    /// The reader does not hear.
    AnswerLost,
    /// The reader hears something with a wrong CRC.
    AnswerGarbled,
}

/// What a reader hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Echo {
    Frame(Vec<u8>),
    Noise,
    Silence,
}

/// Where a card is in its life (ISO/IEC 14443-3, 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Idle,
    Ready,
    Active,
    Halted,
}

#[derive(Debug)]
struct Present {
    card: VirtualCard,
    habits: RadioHabits,
    life: Life,
    /// The card's block number.
    number: u8,
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    /// Answers that are still to be asked time for.
    extensions: usize,
    last: Vec<u8>,
    commands: usize,
}

#[derive(Debug, Default)]
pub(super) struct Air {
    present: Option<Present>,
    field: bool,
    faults: BTreeMap<usize, RadioFault>,
    exchanges: usize,
    bytes: usize,
    commands_before: usize,
}

const PUPI: [u8; 4] = [0x4E, 0x11, 0x22, 0x33];

impl Air {
    pub(super) fn place(&mut self, card: VirtualCard, habits: RadioHabits) {
        self.remove();
        let mut present = Present {
            card,
            habits,
            life: Life::Idle,
            number: 1,
            incoming: Vec::new(),
            outgoing: Vec::new(),
            extensions: 0,
            last: Vec::new(),
            commands: 0,
        };
        present.reset();
        self.present = Some(present);
    }

    pub(super) fn remove(&mut self) {
        self.commands_before += self.present.take().map_or(0, |present| present.commands);
    }

    pub(super) fn disturb(&mut self, exchange: usize, fault: RadioFault) {
        self.faults.insert(exchange, fault);
    }

    pub(super) fn has_field(&self) -> bool {
        self.field
    }

    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let now = self.present.as_ref().map_or(0, |present| present.commands);
        (self.exchanges, self.bytes, self.commands_before + now)
    }

    pub(super) fn set_field(&mut self, field: bool) {
        if !field && let Some(present) = &mut self.present {
            present.reset();
        }
        self.field = field;
    }

    /// One frame to the card and one back, both without their CRC.
    pub(super) fn exchange(&mut self, frame: &[u8]) -> Echo {
        let fault = self.faults.remove(&self.exchanges);
        self.exchanges += 1;
        self.bytes += frame.len() + 2;
        let Some(present) = self.present.as_mut().filter(|_| self.field) else {
            return Echo::Silence;
        };
        if fault == Some(RadioFault::CommandLost) {
            return Echo::Silence;
        }
        let answer = present.hear(frame);
        self.bytes += answer.as_ref().map_or(0, |answer| answer.len() + 2);
        match (answer, fault) {
            (None, _) | (_, Some(RadioFault::AnswerLost)) => Echo::Silence,
            (_, Some(RadioFault::AnswerGarbled)) => Echo::Noise,
            (Some(answer), _) => Echo::Frame(answer),
        }
    }

    /// A reader that speaks the block protocol itself selects the card; whether there is one.
    pub(super) fn select(&mut self) -> bool {
        let present = self.present.as_mut().filter(|_| self.field);
        present.is_some_and(|present| {
            present.reset();
            present.life = Life::Active;
            true
        })
    }

    /// The same, and whether the card that was selected is still there.
    pub(super) fn is_selected(&self) -> bool {
        let mut present = self.present.iter();
        self.field && present.any(|present| present.life == Life::Active)
    }

    /// Such a reader brings a whole command.
    pub(super) fn command(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let present = self.present.as_mut().filter(|_| self.field)?;
        if present.life != Life::Active {
            return None;
        }
        present.commands += 1;
        let answer = present.card.transmit(command);
        self.bytes += command.len() + answer.len() + 6;
        Some(answer)
    }
}

impl Present {
    fn reset(&mut self) {
        self.card.power_on();
        self.life = Life::Idle;
        self.number = 1;
        self.incoming.clear();
        self.outgoing.clear();
        self.last.clear();
        self.extensions = 0;
    }

    fn hear(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        match (self.life, frame) {
            (Life::Idle | Life::Ready, [0x05, 0x00, 0x00 | 0x08 | 0x10 | 0x18]) => {
                self.life = Life::Ready;
                Some(self.atqb())
            }
            (Life::Ready, [0x1D, name @ .., _, sizes, protocol, identifier]) => {
                let is_right = name == PUPI && sizes & 0x0F == 8 && protocol & 0x0F == 1;
                if !is_right || *identifier != 0 {
                    return None;
                }
                self.life = Life::Active;
                Some(vec![0x00])
            }
            (Life::Active, [control, rest @ ..]) => self.hear_block(*control, rest),
            _ => None,
        }
    }

    fn atqb(&self) -> Vec<u8> {
        let habits = self.habits;
        let mut bytes = vec![0x50];
        bytes.extend(PUPI);
        bytes.extend([0x00, 0x00, 0x05, 0xE0]);
        bytes.extend([
            0xB3,
            habits.frame_size_code << 4 | 1,
            habits.waiting_code << 4 | 1,
        ]);
        bytes
    }

    fn longest_frame(&self) -> usize {
        let sizes = [16, 24, 32, 40, 48, 64, 96, 128, 256];
        let code = usize::from(self.habits.frame_size_code);
        sizes.get(code).copied().unwrap_or(256)
    }

    fn hear_block(&mut self, control: u8, rest: &[u8]) -> Option<Vec<u8>> {
        if rest.len() + 3 > self.longest_frame() {
            return None;
        }
        let number = control & 0x01;
        match control & 0xFE {
            kind @ (0x02 | 0x12) => {
                // Rule D.
                self.number ^= 1;
                self.incoming.extend_from_slice(rest);
                if kind == 0x12 {
                    return Some(self.say(vec![0xA2 | self.number]));
                }
                let command = core::mem::take(&mut self.incoming);
                self.commands += 1;
                self.outgoing = self.card.transmit(&command);
                self.extensions = self.habits.extensions;
                Some(self.go_on())
            }
            // Rule 11.
            0xA2 | 0xB2 if number == self.number && rest.is_empty() => Some(self.last.clone()),
            // Rule 12.
            0xB2 if rest.is_empty() => Some(vec![0xA2 | self.number]),
            // Rules E and 13.
            0xA2 if rest.is_empty() && !self.outgoing.is_empty() => {
                self.number ^= 1;
                Some(self.go_on())
            }
            0xC2 if number == 0 => {
                self.life = Life::Halted;
                Some(vec![0xC2])
            }
            0xF2 if number == 0 && rest == [0x02] && self.last == [0xF2, 0x02] => {
                Some(self.go_on())
            }
            _ => None,
        }
    }

    /// More time, or the next part of the answer.
    fn go_on(&mut self) -> Vec<u8> {
        if self.extensions > 0 {
            self.extensions -= 1;
            return self.say(vec![0xF2, 0x02]);
        }
        let length = self.habits.part.clamp(1, 253).min(self.outgoing.len());
        let part: Vec<u8> = self.outgoing.drain(..length).collect();
        let chaining = if self.outgoing.is_empty() { 0x00 } else { 0x10 };
        let mut block = vec![0x02 | chaining | self.number];
        block.extend(part);
        self.say(block)
    }

    fn say(&mut self, block: Vec<u8>) -> Vec<u8> {
        self.last.clone_from(&block);
        block
    }
}
