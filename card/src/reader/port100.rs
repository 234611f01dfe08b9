//! Sony RC-S380, whose chip is called Port-100: the host does everything above the radio.
//! Sources: nfcpy's `rcs380.py` and `tt4.py`, aruneko's `rc_s380_driver` and
//! WebUSB-MyNumberCard, soltia48/felica-rs, as far as they agree.

pub mod frame;
mod status;

use core::time::Duration;

use super::iso_dep::{Heard, IsoDep};
use super::radio::{self, Radio};
use super::received::Received;
use super::run::Port;
use super::{Found, Malformed, ReaderError};
use frame::{ACK, Frame};

/// The most bytes of one transfer, a multiple of the packet.
const LONGEST_TRANSFER: usize = 320;
/// A packet of the bulk endpoints.
const PACKET: usize = 64;
/// How long the chip may take for ACK, and for an answer beside the card's own time.
const ANSWER_TIME: Duration = Duration::from_secs(1);
/// How long the field is off before a card has forgotten everything (at least 5.1 ms).
const RESET_TIME: Duration = Duration::from_millis(10);

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

/// ACK, which ends the command under way, and `SwitchRF` off.
pub(super) fn farewell() -> Vec<Vec<u8>> {
    let off = [0xD6, Code::SwitchRf as u8, 0x00];
    vec![ACK.to_vec(), frame::frame(&off)]
}

/// What is known of the reader and its card.
#[derive(Debug, Default)]
pub(super) struct Port100 {
    /// What came after the last frame.
    received: Received,
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
        self.received.clear();
        port.drain(LONGEST_TRANSFER).await?;
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
        let was_selected = core::mem::take(&mut self.was_selected);
        match radio::select(self, port, was_selected).await? {
            Ok(card) => {
                self.card = Some(card);
                self.was_selected = true;
                Ok(Found::Card)
            }
            Err(found) => Ok(found),
        }
    }

    pub(super) async fn exchange(
        &mut self,
        port: &Port,
        command: &[u8],
    ) -> Result<Vec<u8>, ReaderError> {
        let mut card = self.card.take().ok_or(ReaderError::OutOfStep)?;
        let answer = radio::exchange(self, port, &mut card, command).await?;
        self.card = Some(card);
        Ok(answer)
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
        let Some(mut card) = self.card.take() else {
            return Ok(false);
        };
        let is_present = radio::is_present(self, port, &mut card).await?;
        self.card = is_present.then_some(card);
        Ok(is_present)
    }

    pub(super) async fn release(&mut self, port: &Port) -> Result<(), ReaderError> {
        if let Some(mut card) = self.card.take() {
            let first = card.deselect();
            match radio::converse(self, port, &mut card, first).await {
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

    async fn frame(&mut self, port: &Port, within: Duration) -> Result<Frame, ReaderError> {
        self.received
            .next(port, frame::parse, LONGEST_TRANSFER, within)
            .await
    }
}

impl Radio for Port100 {
    async fn transceive(
        &mut self,
        port: &Port,
        frame: &[u8],
        within: Duration,
    ) -> Result<Heard, ReaderError> {
        // In tenths of a millisecond, and one millisecond more.
        let tenths =
            within.as_secs() * 10_000 + u64::from(within.subsec_micros().div_ceil(100)) + 10;
        let tenths = u16::try_from(tenths).unwrap_or(u16::MAX);
        let mut parameters = tenths.to_le_bytes().to_vec();
        parameters.extend_from_slice(frame);
        let answer = self
            .command(port, Code::InCommRf, &parameters, within)
            .await?;
        let (status, rest) = answer.split_first_chunk::<4>().ok_or(Malformed::Length)?;
        status::heard(u32::from_le_bytes(*status), rest)
    }

    async fn reset_card(&mut self, port: &Port) -> Result<(), ReaderError> {
        self.set(port, Code::SwitchRf, &[0x00]).await?;
        port.pause(RESET_TIME).await
    }
}
