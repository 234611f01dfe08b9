//! Status words: the last two bytes of every answer (ISO/IEC 7816-4:2020, 5.6, tables 5 and 6).

use thiserror::Error;

/// A status word by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusWord {
    /// `9000`: normal processing.
    Normal,
    /// `61xx`: normal, `xx` more bytes are ready (0 means 256 or more).
    BytesAvailable(u8),
    /// `6282`: the end of the file was reached before `Le` bytes.
    EndOfFile,
    /// `6700`: wrong length.
    WrongLength,
    /// `6982`: the security status is not satisfied.
    SecurityStatusNotSatisfied,
    /// `6985`: the conditions of use are not satisfied.
    ConditionsNotSatisfied,
    /// `6A82`: file or application not found.
    NotFound,
    /// `6A86`: incorrect parameters P1–P2.
    IncorrectParameters,
    /// `6B00`: wrong parameters P1–P2; an offset past the end of the file.
    WrongParameters,
    /// `6Cxx`: wrong `Le`; `xx` bytes are there (0 means 256).
    WrongExpectedLength(u8),
    /// `6D00`: the instruction is not supported.
    InstructionNotSupported,
    /// `6E00`: the class is not supported.
    ClassNotSupported,
    /// `6F00`: no precise diagnosis.
    NoPreciseDiagnosis,
    /// Any other.
    Other(u16),
}

/// An answer is shorter than a status word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the answer of {0} bytes has no status word")]
pub struct TooShort(pub usize);

impl StatusWord {
    /// Splits an answer into its data and its status word.
    pub fn split(answer: &[u8]) -> Result<(&[u8], Self), TooShort> {
        match answer.split_last_chunk::<2>() {
            Some((data, word)) => Ok((data, Self::from(u16::from_be_bytes(*word)))),
            None => Err(TooShort(answer.len())),
        }
    }
}

impl From<u16> for StatusWord {
    fn from(word: u16) -> Self {
        let [_, low] = word.to_be_bytes();
        match word {
            0x9000 => Self::Normal,
            0x6100..=0x61FF => Self::BytesAvailable(low),
            0x6282 => Self::EndOfFile,
            0x6700 => Self::WrongLength,
            0x6982 => Self::SecurityStatusNotSatisfied,
            0x6985 => Self::ConditionsNotSatisfied,
            0x6A82 => Self::NotFound,
            0x6A86 => Self::IncorrectParameters,
            0x6B00 => Self::WrongParameters,
            0x6C00..=0x6CFF => Self::WrongExpectedLength(low),
            0x6D00 => Self::InstructionNotSupported,
            0x6E00 => Self::ClassNotSupported,
            0x6F00 => Self::NoPreciseDiagnosis,
            other => Self::Other(other),
        }
    }
}

impl From<StatusWord> for u16 {
    fn from(word: StatusWord) -> Self {
        match word {
            StatusWord::Normal => 0x9000,
            StatusWord::BytesAvailable(low) => 0x6100 | Self::from(low),
            StatusWord::EndOfFile => 0x6282,
            StatusWord::WrongLength => 0x6700,
            StatusWord::SecurityStatusNotSatisfied => 0x6982,
            StatusWord::ConditionsNotSatisfied => 0x6985,
            StatusWord::NotFound => 0x6A82,
            StatusWord::IncorrectParameters => 0x6A86,
            StatusWord::WrongParameters => 0x6B00,
            StatusWord::WrongExpectedLength(low) => 0x6C00 | Self::from(low),
            StatusWord::InstructionNotSupported => 0x6D00,
            StatusWord::ClassNotSupported => 0x6E00,
            StatusWord::NoPreciseDiagnosis => 0x6F00,
            StatusWord::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for word in 0..=u16::MAX {
            assert_eq!(u16::from(StatusWord::from(word)), word);
        }
    }

    #[test]
    fn answers_end_with_a_status_word() {
        let table: [(&[u8], &[u8], StatusWord); 3] = [
            (&[0x90, 0x00], &[], StatusWord::Normal),
            (
                &[0x30, 0x82, 0x61, 0x10],
                &[0x30, 0x82],
                StatusWord::BytesAvailable(0x10),
            ),
            (&[0x6C, 0x00], &[], StatusWord::WrongExpectedLength(0)),
        ];
        for (answer, data, word) in table {
            assert_eq!(StatusWord::split(answer), Ok((data, word)), "{answer:02x?}");
        }
        assert_eq!(StatusWord::split(&[]), Err(TooShort(0)));
        assert_eq!(StatusWord::split(&[0x90]), Err(TooShort(1)));
    }
}
