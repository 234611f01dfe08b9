//! BALTECH readers, over “BRP over HID”: they find the card and speak ISO/IEC 14443-4 themselves.
//! Source: docs.baltech.de and the parameters of the commands in BALTECH's SDK (MIT).
//!
//! Answers carry the code of their command and no number, so one that comes late or twice could pass for the
//! next one: a reading ends with a command of another code, which shows it. It does not show an answer
//! that came twice together with a command that was lost later on.

pub mod frame;
pub mod report;

use core::time::Duration;

use super::run::Port;
use super::{Found, Malformed, ReaderError};
use frame::Reply;

/// `Sys.GetBufferSize`.
const GET_BUFFER_SIZE: u16 = 0x0000;
/// `VHL.Select`.
const SELECT: u16 = 0x0100;
/// `VHL.IsSelected`.
const IS_SELECTED: u16 = 0x0104;
/// `VHL.ExchangeAPDU`.
const EXCHANGE_APDU: u16 = 0x0106;
/// `VHL.ExchangeLongAPDU`.
const EXCHANGE_LONG_APDU: u16 = 0x010C;

/// Card families: ISO/IEC 14443 type B only. Reselect: yes, since the page has no memory of cards.
/// Accept a card that configures the reader: no.
const SELECT_TYPE_B: [u8; 4] = [0x00, 0x08, 0x01, 0x00];
/// The most bytes of one report.
const LONGEST_REPORT: usize = 1_023;
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// `VHL.Select` and exchanges: the card's time is in it.
const CARD_TIME: Duration = Duration::from_secs(6);
/// What is around the data of both frames of an exchange: the longer command's parameters
/// beside the command itself (5), the command (15), the longer answer's beside its data (3), the
/// status word (2), and two frames' flags, codes, lengths and checksums (14).
const AROUND_DATA: usize = 39;
/// 252 bytes less flags, code, length and checksum (7), the longer answer's parameters (3) and the
/// status word (2).
const LONGEST_IN_REPORT_3: u8 = 240;
/// What every reader can hold, command and answer together.
const SMALLEST_BUFFER: usize = 128;
const LONGEST_ANSWER: usize = LONGEST_DATA + 2;
/// What a command in its short form can ask for.
const LONGEST_DATA: usize = 256;

/// Status codes of VHL commands.
const NO_TAG: u8 = 0x01;
const CARD_NOT_SELECTED: u8 = 0x02;
const HF: u8 = 0x03;
const APDU: u8 = 0x0D;

/// What is known of the reader and its card.
#[derive(Debug)]
pub(super) struct Brp {
    /// What the reader can hold, command and answer together.
    buffer: usize,
    is_selected: bool,
}

impl Default for Brp {
    fn default() -> Self {
        Self {
            buffer: SMALLEST_BUFFER,
            is_selected: false,
        }
    }
}

impl Brp {
    /// As much as the reader holds, and no more than fits into report 3: the next one is 1,023
    /// bytes long whatever is in it, which takes an interrupt endpoint 16 ms.
    pub(super) fn chunk(&self) -> u8 {
        let room = self.buffer.saturating_sub(AROUND_DATA);
        u8::try_from(room).map_or(LONGEST_IN_REPORT_3, |room| room.min(LONGEST_IN_REPORT_3))
    }

    pub(super) async fn start_up(&mut self, port: &Port) -> Result<(), ReaderError> {
        *self = Self::default();
        port.drain(LONGEST_REPORT).await?;
        match command(port, GET_BUFFER_SIZE, &[], ANSWER_TIME)
            .await?
            .as_slice()
        {
            // Of commands, of answers, of both together.
            &[s0, s1, r0, r1, t0, t1] => {
                let sizes = [[s0, s1], [r0, r1], [t0, t1]]
                    .map(|size| usize::from(u16::from_be_bytes(size)));
                self.buffer = sizes
                    .into_iter()
                    .min()
                    .unwrap_or_default()
                    .max(SMALLEST_BUFFER);
                Ok(())
            }
            _ => Err(Malformed::Length.into()),
        }
    }

    pub(super) async fn find_card(&mut self, port: &Port) -> Result<Found, ReaderError> {
        self.is_selected = false;
        match transact(port, SELECT, &SELECT_TYPE_B, CARD_TIME).await? {
            // The type of the card, by the reader's guess.
            Ok(answer) if answer.len() == 1 => {
                self.is_selected = true;
                Ok(Found::Card)
            }
            Ok(_) => Err(Malformed::Length.into()),
            Err(NO_TAG | CARD_NOT_SELECTED) => Ok(Found::Nothing),
            Err(HF) => Ok(Found::Unclear),
            Err(status) => Err(ReaderError::Refused(u32::from(status))),
        }
    }

    pub(super) async fn exchange(
        &mut self,
        port: &Port,
        apdu: &[u8],
    ) -> Result<Vec<u8>, ReaderError> {
        if !self.is_selected {
            return Err(ReaderError::OutOfStep);
        }
        if self.buffer < AROUND_DATA + LONGEST_DATA {
            exchange_long(port, apdu).await
        } else {
            let parameters = [&[0x00], length(apdu)?.as_slice(), apdu].concat();
            let answer = to_card(port, EXCHANGE_APDU, &parameters).await?;
            match data(&answer)? {
                // It can't be less than a status word, which the reading notices.
                answer if answer.len() <= LONGEST_ANSWER => Ok(answer.to_vec()),
                _ => Err(Malformed::TooLong.into()),
            }
        }
    }

    pub(super) async fn is_card_present(&mut self, port: &Port) -> Result<bool, ReaderError> {
        if !self.is_selected {
            return Ok(false);
        }
        match transact(port, IS_SELECTED, &[], CARD_TIME).await? {
            Ok(_) => Ok(true),
            Err(NO_TAG | CARD_NOT_SELECTED | HF) => {
                self.is_selected = false;
                Ok(false)
            }
            Err(status) => Err(ReaderError::Refused(u32::from(status))),
        }
    }

    /// Sees to it that the last answer was the last command's. Whether the card is still
    /// there does not matter any more.
    pub(super) async fn confirm(&mut self, port: &Port) -> Result<(), ReaderError> {
        transact(port, IS_SELECTED, &[], CARD_TIME).await.map(drop)
    }

    /// The reader looks after its field itself: `Sys.HFReset`, which would switch it off, may not be
    /// mixed with VHL commands.
    pub(super) async fn release(&mut self, port: &Port) -> Result<(), ReaderError> {
        self.is_selected = false;
        port.drain(LONGEST_REPORT).await
    }
}

/// The whole command in one block; the answer in as many as the reader makes of it.
async fn exchange_long(port: &Port, apdu: &[u8]) -> Result<Vec<u8>, ReaderError> {
    let mut whole = Vec::new();
    // Card type: what was selected. Reset: a new command. Continue: no more of it comes.
    let mut parameters = [&[0x00, 0x01, 0x00], length(apdu)?.as_slice(), apdu].concat();
    loop {
        let answer = to_card(port, EXCHANGE_LONG_APDU, &parameters).await?;
        let (continues, block) = answer.split_first().ok_or(Malformed::Length)?;
        let block = data(block)?;
        whole.extend_from_slice(block);
        match (*continues, block) {
            _ if whole.len() > LONGEST_ANSWER => return Err(Malformed::TooLong.into()),
            (0x00, _) => return Ok(whole),
            (0x01, [_, ..]) => parameters = vec![0x00, 0x00, 0x00, 0x00, 0x00],
            _ => return Err(Malformed::Frame.into()),
        }
    }
}

fn length(apdu: &[u8]) -> Result<[u8; 2], ReaderError> {
    let length = u16::try_from(apdu.len()).map_err(|_| Malformed::TooLong)?;
    Ok(length.to_be_bytes())
}

/// Data with its length before it.
fn data(bytes: &[u8]) -> Result<&[u8], ReaderError> {
    match bytes.split_first_chunk::<2>() {
        Some((length, data)) if usize::from(u16::from_be_bytes(*length)) == data.len() => Ok(data),
        _ => Err(Malformed::Length.into()),
    }
}

/// A command that goes through to the card.
async fn to_card(port: &Port, code: u16, parameters: &[u8]) -> Result<Vec<u8>, ReaderError> {
    match transact(port, code, parameters, CARD_TIME).await? {
        Ok(answer) => Ok(answer),
        Err(NO_TAG | CARD_NOT_SELECTED | HF | APDU) => Err(ReaderError::CardGone),
        Err(status) => Err(ReaderError::Refused(u32::from(status))),
    }
}

async fn command(
    port: &Port,
    code: u16,
    parameters: &[u8],
    within: Duration,
) -> Result<Vec<u8>, ReaderError> {
    let reply = transact(port, code, parameters, within).await?;
    reply.map_err(|status| ReaderError::Refused(u32::from(status)))
}

/// Sends a command and waits for its answer, which may be a status code.
async fn transact(
    port: &Port,
    code: u16,
    parameters: &[u8],
    within: Duration,
) -> Result<Result<Vec<u8>, u8>, ReaderError> {
    let report = report::report(&frame::frame(code, parameters)).ok_or(Malformed::TooLong)?;
    port.write(report).await?;
    let answer = port.read(LONGEST_REPORT, within).await?;
    let answer = answer.ok_or(ReaderError::NotResponding)?;
    match frame::parse(report::parse(&answer)?)? {
        (answered, _) if answered != code => Err(Malformed::Unexpected.into()),
        (_, Reply::Done(payload)) => Ok(Ok(payload.to_vec())),
        // The reader did not get the command as it was sent.
        (_, Reply::Failed(0x81 | 0x82 | 0x84)) => Err(Malformed::NotUnderstood.into()),
        (_, Reply::Failed(status)) => Ok(Err(status)),
    }
}
