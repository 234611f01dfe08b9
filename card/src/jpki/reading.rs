//! One reading of one card, without I/O and without a PIN: it takes an answer and
//! gives the next command until it is done.
//!
//! Answers must come whole and in order, which is the medium's care. What is lost, cut or
//! refused is an error here; what changes or mixes up bytes inside a certificate, and keeps
//! its outline, shows only when its signature is verified.

use super::error::{Malformed, ReadError, Stage};
use super::token::{self, LABEL_LENGTH};
use super::{APPLICATION, CardKind, Certificate, File, PresentedCard};
use crate::apdu::exchange::{Exchange, ExchangeError, Progress};
use crate::apdu::{Command, ExpectedLength, Offset};
use crate::der::{self, DerError};
use crate::status_word::StatusWord;

/// The longest certificate that is taken, in bytes. Real ones have about 1,600; the
/// limit keeps a broken card from being read for minutes.
const LONGEST_CERTIFICATE: usize = 4096;

/// What a medium bears, and what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes in one answer, beside the status word: 1 to 255, or 0 for 256, which
    /// PC/SC bears. Readers without a frame of their own around ISO 14443-4 want 240.
    pub chunk: u8,
    /// Whether the authority's certificate is read too.
    pub with_ca: bool,
}

/// One reading of one card. Each answer consumes the old state, so that none is given twice.
#[derive(Debug)]
pub struct Reading {
    limits: Limits,
    stage: Stage,
    exchange: Exchange,
    /// Whether no answer has been taken yet.
    is_first: bool,
    /// What was read of the current file.
    file: Vec<u8>,
    certificate: Option<Certificate>,
}

/// How a reading goes on.
#[derive(Debug)]
pub enum Step {
    /// Send the command; give its answer to the reading.
    Transmit(Reading, Command),
    /// The card has been read.
    Done(PresentedCard),
}

impl Reading {
    /// Begins with a card of which nothing is known, and says what to send first.
    pub fn start(limits: Limits) -> (Self, Command) {
        let command = Command::select_application(APPLICATION);
        let reading = Self {
            limits,
            stage: Stage::SelectApplication,
            exchange: Exchange::new(command.clone(), ExpectedLength::from_byte(limits.chunk)),
            is_first: true,
            file: Vec::new(),
            certificate: None,
        };
        (reading, command)
    }

    /// Takes the card's answer to the last command.
    pub fn answer(mut self, response: &[u8]) -> Result<Step, ReadError> {
        let is_first = core::mem::take(&mut self.is_first);
        // Cards were seen to answer so once, after they got power.
        if is_first && StatusWord::split(response) == Ok((&[], StatusWord::NoPreciseDiagnosis)) {
            return Ok(self.transmit());
        }
        match self.exchange.answer(response) {
            Ok(Progress::Transmit) => Ok(self.transmit()),
            Ok(Progress::Complete(data)) => self.take(&data),
            Err(error) => Err(self.name(error)),
        }
    }

    fn transmit(self) -> Step {
        let command = self.exchange.command().clone();
        Step::Transmit(self, command)
    }

    fn send(mut self, stage: Stage, command: Command) -> Step {
        self.stage = stage;
        self.exchange = Exchange::new(command, self.chunk());
        self.transmit()
    }

    fn chunk(&self) -> ExpectedLength {
        ExpectedLength::from_byte(self.limits.chunk)
    }

    fn take(mut self, data: &[u8]) -> Result<Step, ReadError> {
        match self.stage {
            Stage::SelectApplication => Ok(self.select(File::TokenInformation)),
            Stage::SelectFile(file) => self.read(file),
            Stage::ReadFile(file) if data.is_empty() => Err(self.at_end_of(file)),
            Stage::ReadFile(file) => {
                self.file.extend_from_slice(data);
                self.read(file)
            }
        }
    }

    fn select(mut self, file: File) -> Step {
        self.file.clear();
        self.send(Stage::SelectFile(file), Command::select_file(file))
    }

    /// Reads on, up to where the contents end: what follows is filler.
    fn read(mut self, file: File) -> Result<Step, ReadError> {
        let have = self.file.len();
        let wanted = self.wanted(file)?;
        if wanted.is_some_and(|wanted| have >= wanted) {
            self.file.truncate(wanted.unwrap_or(have));
            return self.finish(file);
        }
        let offset = Offset::new(have).ok_or_else(|| self.malformed(Malformed::TooLong(have)))?;
        let missing = wanted.map_or(usize::MAX, |wanted| wanted - have);
        let command = Command::read_binary(offset, self.chunk().at_most(missing));
        Ok(self.send(Stage::ReadFile(file), command))
    }

    /// How much of a file is wanted, in bytes; `None` as long as it does not tell.
    fn wanted(&self, file: File) -> Result<Option<usize>, ReadError> {
        if file == File::TokenInformation {
            return Ok(Some(LABEL_LENGTH));
        }
        match der::sequence_length(&self.file) {
            Ok(Some(length)) if length > LONGEST_CERTIFICATE => {
                Err(self.malformed(Malformed::TooLong(length)))
            }
            Ok(length) => Ok(length),
            // Erased memory.
            Err(DerError::Tag {
                found: 0x00 | 0xFF, ..
            }) if file == File::Certificate => Err(ReadError::NoCertificate),
            Err(error) => Err(self.malformed(error.into())),
        }
    }

    /// Goes on with what was wanted of a file.
    fn finish(mut self, file: File) -> Result<Step, ReadError> {
        if file == File::TokenInformation {
            let label = self.file.first_chunk::<LABEL_LENGTH>();
            let label = label.ok_or_else(|| self.malformed(Malformed::EndsEarly(0)))?;
            token::check(label)?;
            return Ok(self.select(File::Certificate));
        }
        der::check_certificate_outline(&self.file).map_err(|error| self.malformed(error.into()))?;
        let read = Certificate(core::mem::take(&mut self.file));
        match self.certificate.take() {
            None if self.limits.with_ca => {
                self.certificate = Some(read);
                Ok(self.select(File::CaCertificate))
            }
            None => Ok(done(read, None)),
            Some(certificate) => Ok(done(certificate, Some(read))),
        }
    }

    fn at_end_of(&self, file: File) -> ReadError {
        if file == File::Certificate && self.file.is_empty() {
            return ReadError::NoCertificate;
        }
        self.malformed(Malformed::EndsEarly(self.file.len()))
    }

    fn malformed(&self, reason: Malformed) -> ReadError {
        ReadError::Malformed {
            stage: self.stage,
            reason,
        }
    }

    /// What an exchange's end means at this stage.
    fn name(&self, error: ExchangeError) -> ReadError {
        let status_word = match error {
            ExchangeError::Refused(status_word) => status_word,
            ExchangeError::NoStatusWord(_) => return self.malformed(Malformed::NoStatusWord),
            ExchangeError::MoreThanAsked => return self.malformed(Malformed::MoreThanAsked),
            ExchangeError::NoProgress => return self.malformed(Malformed::NoProgress),
        };
        match (self.stage, status_word) {
            (
                Stage::SelectApplication,
                StatusWord::NotFound
                | StatusWord::InstructionNotSupported
                | StatusWord::ClassNotSupported,
            ) => ReadError::NotAMyNumberCard,
            (Stage::SelectFile(File::Certificate), StatusWord::NotFound) => {
                ReadError::NoCertificate
            }
            (Stage::ReadFile(file), StatusWord::WrongParameters) => self.at_end_of(file),
            (stage, status_word) => ReadError::Unreadable { stage, status_word },
        }
    }
}

fn done(certificate: Certificate, ca_certificate: Option<Certificate>) -> Step {
    Step::Done(PresentedCard {
        kind: CardKind::MyNumberCard,
        certificate,
        ca_certificate,
    })
}
