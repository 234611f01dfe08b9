//! One command with all that belongs to its answer: `61xx` and `6Cxx` are
//! between the card and this module (ISO/IEC 7816-4:2020, 5.3.4).

use thiserror::Error;

use super::{Command, ExpectedLength};
use crate::status_word::{StatusWord, TooShort};

/// What a command that asks for nothing may be answered with, to be ignored: some cards
/// describe the file although they are told not to.
const MOST_UNASKED: usize = 256;

/// A command that waits for its answer.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// What was sent last: the command itself, or GET RESPONSE.
    sent: Command,
    /// The most that the answer may hold, in bytes.
    most: usize,
    chunk: ExpectedLength,
    data: Vec<u8>,
    is_resent: bool,
}

/// How an exchange goes on.
#[derive(Debug)]
pub(crate) enum Progress {
    /// The exchange wants another command.
    Transmit,
    /// The whole answer, without status words.
    Complete(Vec<u8>),
}

/// What an exchange can end with instead of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum ExchangeError {
    #[error("the card answers {0:?}")]
    Refused(StatusWord),
    #[error(transparent)]
    NoStatusWord(#[from] TooShort),
    #[error("the answer holds more than was asked for")]
    MoreThanAsked,
    #[error("the card promises data and gives none")]
    NoProgress,
}

impl Exchange {
    /// No answer to a part of it is asked to be longer than `chunk`.
    pub(crate) fn new(command: Command, chunk: ExpectedLength) -> Self {
        Self {
            most: command
                .expected()
                .map_or(MOST_UNASKED, ExpectedLength::bytes),
            sent: command,
            chunk,
            data: Vec::new(),
            is_resent: false,
        }
    }

    /// The command to be sent now.
    pub(crate) fn command(&self) -> &Command {
        &self.sent
    }

    /// Takes the answer to [`Self::command`].
    pub(crate) fn answer(&mut self, response: &[u8]) -> Result<Progress, ExchangeError> {
        let (data, word) = StatusWord::split(response)?;
        match word {
            StatusWord::Normal | StatusWord::EndOfFile => {
                self.take(data)?;
                Ok(Progress::Complete(core::mem::take(&mut self.data)))
            }
            StatusWord::BytesAvailable(ready) => {
                self.take(data)?;
                self.get_response(ready, data.is_empty())
            }
            StatusWord::WrongExpectedLength(right) => self.resend(right, word),
            _ => Err(ExchangeError::Refused(word)),
        }
    }

    fn take(&mut self, data: &[u8]) -> Result<(), ExchangeError> {
        let room = self
            .sent
            .expected()
            .map_or(self.most, ExpectedLength::bytes);
        if data.len() > room || self.data.len() + data.len() > self.most {
            return Err(ExchangeError::MoreThanAsked);
        }
        self.data.extend_from_slice(data);
        Ok(())
    }

    fn get_response(&mut self, ready: u8, is_empty: bool) -> Result<Progress, ExchangeError> {
        let is_first = self.sent.as_bytes().get(1) != Some(&super::Instruction::GetResponse.byte());
        if is_empty && !is_first {
            return Err(ExchangeError::NoProgress);
        }
        let room = self.most - self.data.len();
        if room == 0 {
            return Ok(Progress::Complete(core::mem::take(&mut self.data)));
        }
        let ready = ExpectedLength::from_byte(ready).at_most(room);
        self.sent = Command::get_response(self.chunk.at_most(ready.bytes()));
        self.is_resent = false;
        Ok(Progress::Transmit)
    }

    /// Once, and only for less than was asked for: more would be longer than the medium
    /// bears, and the same number again would go on for ever.
    fn resend(&mut self, right: u8, word: StatusWord) -> Result<Progress, ExchangeError> {
        let right = ExpectedLength::from_byte(right);
        let is_less = self
            .sent
            .expected()
            .is_some_and(|asked| right.bytes() < asked.bytes());
        if self.is_resent || !is_less {
            return Err(ExchangeError::Refused(word));
        }
        self.sent.expect(right);
        self.is_resent = true;
        Ok(Progress::Transmit)
    }
}
