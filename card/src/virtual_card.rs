//! A card in memory: the card's side of what [`jpki`](crate::jpki) reads, with the files
//! that `OpenSC` wants too. It shares nothing with the reading side, neither tables nor code,
//! so that a mistake there is seen here; and `OpenSC` sees mistakes of both.
//!
//! It holds no private key and knows no PIN that could be right.

mod command;
mod files;
mod profile;

use command::ParsedCommand;
use files::{Access, Files, Kept};
pub use profile::{Habits, Profile, TokenLabel, atr};

/// A card, with power or without.
#[derive(Debug, Clone)]
pub struct VirtualCard {
    atr: Vec<u8>,
    habits: Habits,
    /// `None` for a card without the JPKI application.
    files: Option<Files>,
    /// Whether the application is selected, and which of its files.
    selected: Selected,
    /// What GET RESPONSE will fetch.
    pending: Vec<u8>,
    /// Whether no command came since the card got power.
    is_fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selected {
    Nothing,
    Application,
    File(u16),
}

/// The JPKI application's name.
const JPKI: [u8; 10] = *b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";

/// Data and status word, or a status word alone.
type Answer = Result<(Vec<u8>, u16), u16>;

impl VirtualCard {
    /// A card of this profile, without power.
    pub fn new(profile: Profile) -> Self {
        let files = profile
            .token
            .map(|token| Files::new(token, profile.certificate, profile.ca_certificate));
        Self {
            atr: profile.atr,
            files: files.map(|files| files.with_filler(profile.habits.filler)),
            habits: profile.habits,
            selected: Selected::Nothing,
            pending: Vec::new(),
            is_fresh: true,
        }
    }

    /// The answer to reset.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Gives it power, or resets it: nothing is selected afterwards. Wrong PINs stay
    /// counted. Returns the ATR.
    pub fn power_on(&mut self) -> &[u8] {
        self.selected = Selected::Nothing;
        self.pending.clear();
        self.is_fresh = true;
        &self.atr
    }

    /// Answers a command: data, if any, and the status word. Never empty.
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let is_fresh = core::mem::replace(&mut self.is_fresh, false);
        if is_fresh && self.habits.first_fails {
            return 0x6F00_u16.to_be_bytes().to_vec();
        }
        let answer = ParsedCommand::parse(command).and_then(|command| self.obey(&command));
        let (mut data, word) = match answer {
            Ok((data, word)) => (data, word),
            Err(word) => (Vec::new(), word),
        };
        data.extend_from_slice(&word.to_be_bytes());
        data
    }

    fn obey(&mut self, command: &ParsedCommand<'_>) -> Answer {
        if command.instruction != 0xC0 {
            self.pending.clear();
        }
        match (command.class, command.instruction) {
            (0x00, 0xA4) => self.select(command).map(|()| (Vec::new(), 0x9000)),
            (0x00, 0xB0) => self.read_binary(command),
            (0x00, 0xC0) => self.get_response(command),
            (0x00, 0x20) => Err(self.verify(command)),
            // Signing wants a PIN, and none was right.
            (0x00 | 0x80, 0x2A) => Err(0x6982),
            (0x00, _) => Err(0x6D00),
            _ => Err(0x6E00),
        }
    }

    fn select(&mut self, command: &ParsedCommand<'_>) -> Result<(), u16> {
        let data = command.data;
        match (command.p1, command.p2) {
            (0x04, 0x00 | 0x0C) if self.files.is_some() && data == JPKI => {
                self.selected = Selected::Application;
                Ok(())
            }
            (0x02, 0x00 | 0x0C) if self.selected != Selected::Nothing => {
                let identifier = <[u8; 2]>::try_from(data).map_err(|_| 0x6700_u16)?;
                let identifier = u16::from_be_bytes(identifier);
                self.file(identifier).ok_or(0x6A82_u16)?;
                self.selected = Selected::File(identifier);
                Ok(())
            }
            (0x02 | 0x04, 0x00 | 0x0C) => Err(0x6A82),
            _ => Err(0x6A86),
        }
    }

    fn file(&mut self, identifier: u16) -> Option<&mut Kept> {
        self.files.as_mut()?.get(identifier)
    }

    fn read_binary(&mut self, command: &ParsedCommand<'_>) -> Answer {
        let expected = command.expected.ok_or(0x6700_u16)?;
        let mut offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
        if command.p1 & 0x80 != 0 {
            // By short identifier: selects, and reads in the first 256 bytes.
            let identifier = u16::from(command.p1 & 0x1F);
            self.file(identifier).ok_or(0x6A82_u16)?;
            self.selected = Selected::File(identifier);
            offset = usize::from(command.p2);
        }
        let Selected::File(identifier) = self.selected else {
            return Err(0x6986);
        };
        let file = self.file(identifier).ok_or(0x6986_u16)?;
        let contents = match &file.access {
            Access::Free(contents) => contents,
            Access::Password => return Err(0x6982),
            Access::Key | Access::Pin { .. } => return Err(0x6981),
        };
        let rest = contents.get(offset..).filter(|rest| !rest.is_empty());
        let rest = rest.ok_or(0x6B00_u16)?;
        let available = rest.len();
        // No answer is longer.
        let data = rest.get(..256).unwrap_or(rest).to_vec();
        self.give(data, available, expected)
    }

    /// Answers from what is left of a file, in the way that is this card's habit.
    fn give(&mut self, mut data: Vec<u8>, available: usize, expected: usize) -> Answer {
        if self.habits.insists_on_length && available < expected {
            return Err(0x6C00 | low(available));
        }
        let longest = self
            .habits
            .longest_answer
            .map_or(256, |most| usize::from(most.get()));
        data.truncate(expected.min(longest));
        if self.habits.wants_get_response {
            let word = 0x6100 | low(data.len());
            self.pending = data;
            return Err(word);
        }
        let is_at_end = self.habits.warns_at_end && available < expected;
        Ok((data, if is_at_end { 0x6282 } else { 0x9000 }))
    }

    fn get_response(&mut self, command: &ParsedCommand<'_>) -> Answer {
        let expected = command.expected.ok_or(0x6700_u16)?;
        if self.pending.is_empty() {
            return Err(0x6985);
        }
        let rest = self.pending.split_off(expected.min(self.pending.len()));
        let data = core::mem::replace(&mut self.pending, rest);
        let left = self.pending.len();
        Ok((
            data,
            if left == 0 {
                0x9000
            } else {
                0x6100 | low(left)
            },
        ))
    }

    /// VERIFY: without data it asks how many tries are left, which costs none. With data it
    /// costs one, because no PIN is right.
    fn verify(&mut self, command: &ParsedCommand<'_>) -> u16 {
        let Selected::File(identifier) = self.selected else {
            return 0x6986;
        };
        let Some(Kept {
            access: Access::Pin { tries },
        }) = self.file(identifier)
        else {
            return 0x6A88;
        };
        if (command.p1, command.p2) != (0x00, 0x80) {
            return 0x6A86;
        }
        if !command.data.is_empty() {
            if *tries == 0 {
                return 0x6984;
            }
            *tries -= 1;
        }
        0x63C0 | u16::from(*tries)
    }
}

/// A length as the second byte of a status word, where 0 means 256.
fn low(length: usize) -> u16 {
    u16::try_from(length & 0xFF).unwrap_or(0)
}
