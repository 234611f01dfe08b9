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
        // GET RESPONSE never asks for more than there is room for.
        let room = self
            .sent
            .expected()
            .map_or(self.most, ExpectedLength::bytes);
        if data.len() > room {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apdu::Offset;
    use crate::jpki::File;

    type Ending = Result<Vec<u8>, ExchangeError>;
    /// Answers, the last byte of each command after the first, the end.
    type Case<'a> = (&'a [&'a [u8]], &'a [u8], Ending);

    /// What is sent one after the other, and how it ends, for answers given one after the
    /// other.
    fn run(command: Command, chunk: u8, answers: &[&[u8]]) -> (Vec<Vec<u8>>, Option<Ending>) {
        let mut exchange = Exchange::new(command, ExpectedLength::from_byte(chunk));
        let mut sent = vec![exchange.command().as_bytes().to_vec()];
        for answer in answers {
            match exchange.answer(answer) {
                Ok(Progress::Transmit) => sent.push(exchange.command().as_bytes().to_vec()),
                Ok(Progress::Complete(data)) => return (sent, Some(Ok(data))),
                Err(error) => return (sent, Some(Err(error))),
            }
        }
        (sent, None)
    }

    #[test]
    fn data_is_fetched_and_lengths_are_corrected() {
        let refused = |word| Err(ExchangeError::Refused(StatusWord::from(word)));
        // Each is a READ BINARY of 32 bytes.
        let table: [Case<'_>; 11] = [
            (&[&[1, 2, 0x90, 0x00]], &[], Ok(vec![1, 2])),
            (&[&[1, 2, 0x62, 0x82]], &[], Ok(vec![1, 2])),
            (
                &[&[1, 0x61, 0x02], &[2, 3, 0x90, 0x00]],
                &[2],
                Ok(vec![1, 2, 3]),
            ),
            // More is ready than was asked for.
            (
                &[&[1, 0x61, 0x00], &[2, 0x61, 0x50], &[3, 0x90, 0x00]],
                &[31, 30],
                Ok(vec![1, 2, 3]),
            ),
            (
                &[&[[7; 32].as_slice(), &[0x61, 0x10]].concat()],
                &[],
                Ok(vec![7; 32]),
            ),
            // More is given than was asked for.
            (
                &[&[0x61, 0x02], &[1, 2, 3, 0x90, 0x00]],
                &[2],
                Err(ExchangeError::MoreThanAsked),
            ),
            (
                &[&[0x61, 0x02], &[0x61, 0x02]],
                &[2],
                Err(ExchangeError::NoProgress),
            ),
            // Corrected once for each command.
            (
                &[
                    &[0x6C, 0x1F],
                    &[1, 0x61, 0x02],
                    &[0x6C, 0x01],
                    &[2, 0x90, 0x00],
                ],
                &[0x1F, 2, 1],
                Ok(vec![1, 2]),
            ),
            (&[&[0x6C, 0x1F], &[0x6C, 0x1E]], &[0x1F], refused(0x6C1E)),
            (&[&[0x6C, 0x20]], &[], refused(0x6C20)),
            (&[&[0x6C, 0x00]], &[], refused(0x6C00)),
        ];
        for (answers, asked, expected) in table {
            let length = ExpectedLength::from_byte(32);
            let command = Command::read_binary(Offset::new(0).unwrap(), length);
            let (sent, result) = run(command, 0, answers);
            assert_eq!(result, Some(expected), "{answers:02X?}");
            let last: Vec<u8> = sent[1..].iter().map(|sent| sent[4]).collect();
            assert_eq!(last, asked, "{answers:02X?}");
        }
    }

    #[test]
    fn what_a_selection_says_is_fetched_in_chunks() {
        let select = Command::select_file(File::Certificate);
        let (sent, result) = run(select, 16, &[&[0x61, 0x00], &[0x6F, 0x10, 0x90, 0x00]]);
        assert_eq!(sent[1], [0x00, 0xC0, 0x00, 0x00, 16]);
        assert_eq!(result, Some(Ok(vec![0x6F, 0x10])));
    }

    #[test]
    fn a_selection_asks_for_no_length() {
        let select = Command::select_file(File::Certificate);
        let (_, result) = run(select, 0, &[&[0x6C, 0x10]]);
        let refused = ExchangeError::Refused(StatusWord::WrongExpectedLength(0x10));
        assert_eq!(result, Some(Err(refused)));
    }
}
