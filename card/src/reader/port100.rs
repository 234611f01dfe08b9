//! Sony RC-S380, whose chip is called Port-100: the host does everything above the radio.
//! Sources: nfcpy's `rcs380.py` and `tt4.py`, aruneko's `rc_s380_driver` and
//! WebUSB-MyNumberCard, soltia48/felica-rs, as far as they agree.

pub mod frame;
mod status;

use core::time::Duration;

use super::iso_dep::{
    Atqb, Heard, IsoDep, IsoDepError, Next, REQB, TypeBError, check_attrib_answer,
};
use super::run::Port;
use super::{Found, Malformed, ReaderError};
use frame::{ACK, Frame};

/// The most bytes of one transfer, a multiple of the packet.
const LONGEST_TRANSFER: usize = 320;
/// A packet of the bulk endpoints.
const PACKET: usize = 64;
/// How long the chip may take for ACK, and for an answer beside the card's own time.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// How long is listened for answers to somebody else.
const DRAIN_TIME: Duration = Duration::from_millis(20);
/// How many of those there can be, generously.
const MOST_STALE: usize = 16;
/// How long the card may take for ATQB and for the answer to ATTRIB.
const SELECT_TIME: Duration = Duration::from_millis(30);
/// How long the field is off before a card has forgotten everything (at least 5.1 ms).
const RESET_TIME: Duration = Duration::from_millis(10);
/// How often something unclear is asked again before it is called that.
const REQUESTS: usize = 3;

/// The chip's commands, by their code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    InSetRf = 0x00,
    InSetProtocol = 0x02,
    InCommRf = 0x04,
    SwitchRf = 0x06,
    GetFirmwareVersion = 0x20,
    SetCommandType = 0x2A,
}

/// 106 kbit/s, type B, both ways.
const TYPE_B: [u8; 4] = [0x03, 0x07, 0x0F, 0x07];
/// Pairs of a setting and its value: what all programs begin with.
const PROTOCOL_DEFAULTS: [u8; 38] = [
    0x00, 0x18, 0x01, 0x01, 0x02, 0x01, 0x03, 0x00, 0x04, 0x00, 0x05, 0x00, 0x06, 0x00, 0x07, 0x08,
    0x08, 0x00, 0x09, 0x00, 0x0A, 0x00, 0x0B, 0x00, 0x0C, 0x00, 0x0E, 0x04, 0x0F, 0x00, 0x10, 0x00,
    0x11, 0x00, 0x12, 0x00, 0x13, 0x06,
];
/// The same for type B: guard time, and SOF and EOF added and checked. The CRC is the chip's by default.
const PROTOCOL_TYPE_B: [u8; 10] = [0x00, 0x14, 0x09, 0x01, 0x0A, 0x01, 0x0B, 0x01, 0x0C, 0x01];

/// What is known of the reader and its card.
#[derive(Debug, Default)]
pub(super) struct Port100 {
    /// What came after the last frame.
    received: Vec<u8>,
    /// Whether the radio is set up for type B.
    is_set: bool,
    /// Whether a card was spoken to by its name, and would not hear REQB any more.
    was_selected: bool,
    card: Option<IsoDep>,
}

impl Port100 {
    pub(super) async fn start_up(&mut self, port: &Port) -> Result<(), ReaderError> {
        *self = Self::default();
        port.write(ACK.to_vec()).await?;
        self.drain(port).await?;
        self.set(port, Code::SetCommandType, &[0x01]).await?;
        self.set(port, Code::SwitchRf, &[0x00]).await
    }

    pub(super) async fn find_card(&mut self, port: &Port) -> Result<Found, ReaderError> {
        self.card = None;
        if !self.is_set {
            self.set(port, Code::InSetRf, &TYPE_B).await?;
            self.set(port, Code::InSetProtocol, &PROTOCOL_DEFAULTS)
                .await?;
            self.set(port, Code::InSetProtocol, &PROTOCOL_TYPE_B)
                .await?;
            self.is_set = true;
        }
        for _ in 0..REQUESTS {
            self.forget_card(port).await?;
            let atqb = match self.in_comm_rf(port, &REQB, SELECT_TIME).await? {
                Heard::Silence => return Ok(Found::Nothing),
                Heard::Garbled => continue,
                Heard::Block(bytes) => match Atqb::parse(&bytes) {
                    Ok(atqb) => atqb,
                    Err(TypeBError::OtherProtocol) => return Ok(Found::OtherCard),
                    Err(_) => continue,
                },
            };
            self.was_selected = true;
            let attrib = self.in_comm_rf(port, &atqb.attrib(), SELECT_TIME).await?;
            if matches!(attrib, Heard::Block(bytes) if check_attrib_answer(&bytes).is_ok()) {
                self.card = Some(IsoDep::new(&atqb));
                return Ok(Found::Card);
            }
        }
        Ok(Found::Unclear)
    }

    pub(super) async fn exchange(
        &mut self,
        port: &Port,
        command: &[u8],
    ) -> Result<Vec<u8>, ReaderError> {
        let card = self.card.take().ok_or(ReaderError::OutOfStep)?;
        match self.converse(port, card, |card| card.send(command)).await {
            Err(ReaderError::Card(IsoDepError::Silence)) => Err(ReaderError::CardGone),
            other => other,
        }
    }

    /// Sees to it that the last answer was the last command's: answers carry the code of their
    /// command and no number, so another command's shows it. (Not together with a command that was
    /// lost later on: one makes up for the other.)
    pub(super) async fn confirm(&mut self, port: &Port) -> Result<(), ReaderError> {
        let code = Code::GetFirmwareVersion;
        self.command(port, code, &[], Duration::ZERO)
            .await
            .map(drop)
    }

    pub(super) async fn is_card_present(&mut self, port: &Port) -> Result<bool, ReaderError> {
        let Some(card) = self.card.take() else {
            return Ok(false);
        };
        match self.converse(port, card, IsoDep::ask_presence).await {
            Ok(_) => Ok(true),
            Err(ReaderError::Card(_)) => {
                self.set(port, Code::SwitchRf, &[0x00]).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn release(&mut self, port: &Port) -> Result<(), ReaderError> {
        if let Some(card) = self.card.take() {
            match self.converse(port, card, IsoDep::deselect).await {
                Ok(_) | Err(ReaderError::Card(_)) => {}
                Err(error) => return Err(error),
            }
            self.set(port, Code::SwitchRf, &[0x00]).await?;
        } else {
            self.start_up(port).await?;
        }
        *self = Self::default();
        port.write(ACK.to_vec()).await
    }

    /// Without power, a card forgets that it was selected.
    async fn forget_card(&mut self, port: &Port) -> Result<(), ReaderError> {
        if core::mem::take(&mut self.was_selected) {
            self.set(port, Code::SwitchRf, &[0x00]).await?;
            port.pause(RESET_TIME).await?;
        }
        Ok(())
    }

    /// Sends blocks until the exchange is over; only then the card is kept as selected.
    async fn converse(
        &mut self,
        port: &Port,
        mut card: IsoDep,
        begin: impl FnOnce(&mut IsoDep) -> Next,
    ) -> Result<Vec<u8>, ReaderError> {
        let mut next = begin(&mut card);
        loop {
            match next {
                Next::Send { block, within } => {
                    let heard = self.in_comm_rf(port, &block, within).await?;
                    next = card.take(&heard)?;
                }
                Next::Done(answer) => {
                    self.card = Some(card);
                    return Ok(answer);
                }
            }
        }
    }

    async fn in_comm_rf(
        &mut self,
        port: &Port,
        block: &[u8],
        within: Duration,
    ) -> Result<Heard, ReaderError> {
        // In tenths of a millisecond, and one millisecond more.
        let tenths = within.as_micros().div_ceil(100) + 10;
        let mut parameters = u16::try_from(tenths)
            .unwrap_or(u16::MAX)
            .to_le_bytes()
            .to_vec();
        parameters.extend_from_slice(block);
        let answer = self
            .command(port, Code::InCommRf, &parameters, within)
            .await?;
        let (status, rest) = answer.split_first_chunk::<4>().ok_or(Malformed::Length)?;
        status::heard(u32::from_le_bytes(*status), rest)
    }

    /// A command that is answered with a status byte.
    async fn set(&mut self, port: &Port, code: Code, parameters: &[u8]) -> Result<(), ReaderError> {
        match *self.command(port, code, parameters, Duration::ZERO).await? {
            [0x00] => Ok(()),
            [status] => Err(ReaderError::Refused(u32::from(status))),
            _ => Err(Malformed::Length.into()),
        }
    }

    async fn command(
        &mut self,
        port: &Port,
        code: Code,
        parameters: &[u8],
        extra: Duration,
    ) -> Result<Vec<u8>, ReaderError> {
        let code = code as u8;
        let mut data = vec![0xD6, code];
        data.extend_from_slice(parameters);
        let bytes = frame::frame(&data);
        let wants_empty_packet = bytes.len().is_multiple_of(PACKET);
        // Whatever is still there answers something else.
        if !self.received.is_empty() {
            return Err(Malformed::Unexpected.into());
        }
        port.write(bytes).await?;
        if wants_empty_packet {
            port.write(Vec::new()).await?;
        }
        let Frame::Ack = self.frame(port, ANSWER_TIME).await? else {
            return Err(Malformed::Unexpected.into());
        };
        let Frame::Data(answer) = self.frame(port, ANSWER_TIME + extra).await? else {
            return Err(Malformed::Unexpected.into());
        };
        match answer.strip_prefix(&[0xD7, code + 1]) {
            Some(answer) => Ok(answer.to_vec()),
            None => Err(Malformed::Unexpected.into()),
        }
    }

    /// The next frame, in however many transfers it comes.
    async fn frame(&mut self, port: &Port, within: Duration) -> Result<Frame, ReaderError> {
        loop {
            if let Some((frame, length)) = frame::parse(&self.received)? {
                self.received.drain(..length);
                return Ok(frame);
            }
            let bytes = port.read(LONGEST_TRANSFER, within).await?;
            let bytes = bytes.ok_or(ReaderError::NotResponding)?;
            // An empty packet would be asked for again without end.
            if bytes.is_empty() {
                return Err(Malformed::Length.into());
            }
            self.received.extend(bytes);
        }
    }

    /// Reads away what was meant for somebody else, or for this page before.
    async fn drain(&mut self, port: &Port) -> Result<(), ReaderError> {
        self.received.clear();
        for _ in 0..MOST_STALE {
            if port.read(LONGEST_TRANSFER, DRAIN_TIME).await?.is_none() {
                return Ok(());
            }
        }
        Err(Malformed::Unexpected.into())
    }
}
