//! Commands to a card (ISO/IEC 7816-4:2020, 5.2 and 11), in their short form only:
//! My Number Cards refuse READ BINARY with an extended `Le`.
//!
//! There is no way to make a command of other bytes: whoever holds a [`Command`]
//! holds one that neither presents a PIN nor signs.

pub(crate) mod exchange;

use core::fmt;

use crate::jpki::File;

/// What a command does: its INS byte. The list is all that ever leaves this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Instruction {
    /// SELECT (11.2.2).
    Select,
    /// READ BINARY (11.3.3).
    ReadBinary,
    /// GET RESPONSE (11.8.1).
    GetResponse,
}

impl Instruction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Select, Self::ReadBinary, Self::GetResponse];

    /// The INS byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Select => 0xA4,
            Self::ReadBinary => 0xB0,
            Self::GetResponse => 0xC0,
        }
    }
}

/// `Le`: how many bytes are asked for, 1 to 256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExpectedLength(u8);

impl ExpectedLength {
    /// By the byte of a command or a status word, where 0 means 256.
    pub(crate) const fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    /// As many bytes as are wanted, up to this many. Nothing wanted is one byte:
    /// no command asks for none.
    pub(crate) fn at_most(self, wanted: usize) -> Self {
        let byte = u8::try_from(wanted.max(1)).unwrap_or(0);
        if Self(byte).bytes() < self.bytes() {
            Self(byte)
        } else {
            self
        }
    }

    /// 1 to 256.
    pub(crate) fn bytes(self) -> usize {
        match self.0 {
            0 => 256,
            byte => usize::from(byte),
        }
    }
}

/// A command, ready to be sent. `Debug` shows its header only.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    bytes: Vec<u8>,
    expected: Option<ExpectedLength>,
}

/// The class of commands without secure messaging, on the basic channel.
const CLASS: u8 = 0x00;
/// P1 of SELECT: by the name of the application.
const BY_NAME: u8 = 0x04;
/// P1 of SELECT: an elementary file of the selected application.
const FILE_OF_APPLICATION: u8 = 0x02;
/// P2 of SELECT: the first or only one, without information about it.
const NO_ANSWER_DATA: u8 = 0x0C;

impl Command {
    /// SELECT an application by its name.
    pub(crate) fn select_application(name: [u8; 10]) -> Self {
        Self::with_data([BY_NAME, NO_ANSWER_DATA], &name)
    }

    /// SELECT a file of the selected application.
    pub(crate) fn select_file(file: File) -> Self {
        let identifier = file.identifier().to_be_bytes();
        Self::with_data([FILE_OF_APPLICATION, NO_ANSWER_DATA], &identifier)
    }

    /// READ BINARY in the selected file.
    pub(crate) fn read_binary(offset: Offset, expected: ExpectedLength) -> Self {
        let parameters = offset.0.to_be_bytes();
        Self::with_expected(Instruction::ReadBinary, parameters, expected)
    }

    /// GET RESPONSE.
    pub(crate) fn get_response(expected: ExpectedLength) -> Self {
        Self::with_expected(Instruction::GetResponse, [0, 0], expected)
    }

    fn with_data([p1, p2]: [u8; 2], data: &[u8]) -> Self {
        let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![CLASS, Instruction::Select.byte(), p1, p2, length];
        bytes.extend_from_slice(data);
        Self {
            bytes,
            expected: None,
        }
    }

    fn with_expected(
        instruction: Instruction,
        [p1, p2]: [u8; 2],
        expected: ExpectedLength,
    ) -> Self {
        Self {
            bytes: vec![CLASS, instruction.byte(), p1, p2, expected.0],
            expected: Some(expected),
        }
    }

    /// What is sent to the card: 5 to 15 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes the answer may hold beside its status word; `None` for
    /// commands that ask for none.
    pub(crate) fn expected(&self) -> Option<ExpectedLength> {
        self.expected
    }

    /// Asks for another number of bytes. A command that asks for none stays as it is.
    pub(crate) fn expect(&mut self, expected: ExpectedLength) {
        if self.expected.is_some()
            && let Some(last) = self.bytes.last_mut()
        {
            *last = expected.0;
            self.expected = Some(expected);
        }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.bytes.get(..4).unwrap_or_default();
        write!(f, "Command({header:02X?}, (masked))")
    }
}

/// Where in a file reading begins: 15 bits, the highest would choose another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset(u16);

impl Offset {
    /// `None` where a file can't be read: at 32,768 and after.
    pub(crate) fn new(offset: usize) -> Option<Self> {
        u16::try_from(offset)
            .ok()
            .filter(|offset| offset & 0x8000 == 0)
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpki;

    #[test]
    fn commands_are_the_bytes_that_cards_were_seen_to_take() {
        let read = |offset, length| {
            let offset = Offset::new(offset).unwrap();
            Command::read_binary(offset, ExpectedLength::from_byte(length))
        };
        let table: [(Command, &[u8]); 8] = [
            (
                Command::select_application(jpki::APPLICATION),
                &[
                    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00,
                    0x00, 0x01,
                ],
            ),
            (
                Command::select_file(File::TokenInformation),
                &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x06],
            ),
            (
                Command::select_file(File::Certificate),
                &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0A],
            ),
            (
                Command::select_file(File::CaCertificate),
                &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0B],
            ),
            (read(0, 0), &[0x00, 0xB0, 0x00, 0x00, 0x00]),
            (read(0x0102, 0xF0), &[0x00, 0xB0, 0x01, 0x02, 0xF0]),
            (read(0x7FFF, 1), &[0x00, 0xB0, 0x7F, 0xFF, 0x01]),
            (
                Command::get_response(ExpectedLength::from_byte(0x20)),
                &[0x00, 0xC0, 0x00, 0x00, 0x20],
            ),
        ];
        for (command, bytes) in table {
            assert_eq!(command.as_bytes(), bytes, "{command:?}");
        }
    }

    #[test]
    fn an_offset_never_chooses_a_file() {
        for (offset, is_possible) in [(0, true), (0x7FFF, true), (0x8000, false), (70_000, false)] {
            assert_eq!(Offset::new(offset).is_some(), is_possible, "{offset}");
        }
    }

    #[test]
    fn expected_lengths_are_the_smaller_of_two() {
        for (chunk, wanted, expected) in [
            (0, 1000, 256),
            (0, 256, 256),
            (0, 255, 255),
            (0xF0, 1000, 240),
            (0xF0, 239, 239),
            (1, 2, 1),
            (7, 0, 1),
        ] {
            let length = ExpectedLength::from_byte(chunk).at_most(wanted);
            assert_eq!(length.bytes(), expected, "{chunk} {wanted}");
        }
    }

    #[test]
    fn data_is_not_in_debug_output() {
        let command = Command::select_application(jpki::APPLICATION);
        assert_eq!(
            format!("{command:?}"),
            "Command([00, A4, 04, 0C], (masked))"
        );
    }
}
