//! Sony RC-S300, whose chip is called Port-400, and RC-S660/U: experimental.
//!
//! Framing and the transparent session are what felica-rs and two drivers in pages agree on; one of
//! them was seen with a real reader. Nobody is known to have read a card of type B by it this way, so there are
//! two routes, of which the second is taken where the first does not get through:
//!
//! 1. The reader finds the card and speaks ISO/IEC 14443-4; it is given commands (PC/SC Part 3).
//! 2. The reader sends frames; all else is [`iso_dep`](super::iso_dep).

pub mod escape;
pub mod transparent;

use core::time::Duration;

use super::iso_dep::{Heard, IsoDep, IsoDepError};
use super::radio::{self, Radio};
use super::received::Received;
use super::run::Port;
use super::{Found, Malformed, ReaderError};
use escape::Content;
use transparent::Layer;

/// With the status word and the other objects, an answer stays below 256 bytes, which is
/// what the short form asks for.
pub(super) const CHUNK: u8 = 0xE8;
/// The most bytes of one transfer: a multiple of the packet, longer than any message.
const LONGEST_TRANSFER: usize = 1_024;
const ANSWER_TIME: Duration = Duration::from_millis(1_500);
/// How many answers to somebody else there can be, and how often one waits for one.
const MOST_STALE: usize = 16;
const FIELD_OFF_TIME: Duration = Duration::from_millis(30);
const FIELD_ON_TIME: Duration = Duration::from_millis(21);
/// CCID: the slot is busy.
const BUSY: u8 = 0xE0;
const BUSY_PAUSE: Duration = Duration::from_millis(50);
/// How long the card may take for a command, when the reader speaks the block protocol.
const COMMAND_TIME: Duration = Duration::from_secs(2);

const DONE: u16 = 0x9000;
const NO_ANSWER: u16 = 0x6401;
const OWNED_BY_OTHERS: u16 = 0x698A;

/// The field off, and the end of the session. Nobody reads the answers, so their numbers are no matter.
pub(super) fn farewell() -> Vec<Vec<u8>> {
    [transparent::FIELD_OFF, transparent::END_SESSION]
        .iter()
        .zip([0xFE, 0xFF])
        .map(|(command, sequence)| escape::message(sequence, command))
        .collect()
}

/// What is known of the reader and its card.
#[derive(Debug, Default)]
pub(super) struct RcS300 {
    sequence: u8,
    received: Received,
    /// Whether the first route was seen to fail.
    only_blocks: bool,
    /// Whether a card was spoken to by its name, and would not hear REQB any more.
    was_selected: bool,
    card: Option<Card>,
}

#[derive(Debug)]
enum Card {
    /// By the first route.
    Commands { was_heard: bool },
    /// By the second.
    Blocks(IsoDep),
}

impl RcS300 {
    pub(super) async fn start_up(&mut self, port: &Port) -> Result<(), ReaderError> {
        *self = Self::default();
        port.drain(LONGEST_TRANSFER).await?;
        // Another page's session, or none, which is refused.
        self.lenient(port, &transparent::END_SESSION).await?;
        self.step(port, &transparent::START_SESSION).await?;
        self.reset_field(port).await
    }

    pub(super) async fn find_card(&mut self, port: &Port) -> Result<Found, ReaderError> {
        self.card = None;
        if core::mem::take(&mut self.was_selected) {
            self.reset_field(port).await?;
        }
        if !self.only_blocks {
            match self.switch_to_commands(port).await {
                Ok(true) => {
                    self.card = Some(Card::Commands { was_heard: false });
                    self.was_selected = true;
                    return Ok(Found::Card);
                }
                // It may have got half-way with a card.
                Ok(false) => self.was_selected = true,
                Err(ReaderError::Refused(_)) => self.only_blocks = true,
                Err(error) => return Err(error),
            }
        }
        self.find_by_blocks(port).await
    }

    /// Whether the reader found a card by itself; only then it tells an ATR.
    async fn switch_to_commands(&mut self, port: &Port) -> Result<bool, ReaderError> {
        let command = &transparent::TYPE_B_LAYER_4;
        let answer = self.command(port, command, Duration::ZERO).await?;
        let answer = transparent::parse(&answer)?;
        Ok(succeeded(&answer)? && answer.has_atr)
    }

    async fn find_by_blocks(&mut self, port: &Port) -> Result<Found, ReaderError> {
        if !self.step(port, &transparent::TYPE_B_LAYER_3).await? {
            return Ok(Found::Nothing);
        }
        let was_selected = core::mem::take(&mut self.was_selected);
        match radio::select(self, port, was_selected).await? {
            Ok(card) => {
                self.card = Some(Card::Blocks(card));
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
        match self.card.take().ok_or(ReaderError::OutOfStep)? {
            Card::Blocks(card) => self.exchange_blocks(port, card, command).await,
            Card::Commands { was_heard } => {
                match self
                    .pass_on(port, Layer::Application, command, COMMAND_TIME)
                    .await
                {
                    Ok(Heard::Block(answer)) => {
                        self.card = Some(Card::Commands { was_heard: true });
                        Ok(answer)
                    }
                    Ok(Heard::Garbled) | Err(ReaderError::Refused(_)) if !was_heard => {
                        self.fall_back(port, command).await
                    }
                    Ok(Heard::Garbled) => Err(IsoDepError::Garbled.into()),
                    Ok(Heard::Silence) => Err(ReaderError::CardGone),
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// The second route, for the first command of a card: nothing was said to it yet.
    async fn fall_back(&mut self, port: &Port, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        self.only_blocks = true;
        match (self.find_by_blocks(port).await?, self.card.take()) {
            (Found::Card, Some(Card::Blocks(card))) => {
                self.exchange_blocks(port, card, command).await
            }
            _ => Err(ReaderError::CardGone),
        }
    }

    async fn exchange_blocks(
        &mut self,
        port: &Port,
        mut card: IsoDep,
        command: &[u8],
    ) -> Result<Vec<u8>, ReaderError> {
        let answer = radio::exchange(self, port, &mut card, command).await?;
        self.card = Some(Card::Blocks(card));
        Ok(answer)
    }

    pub(super) async fn is_card_present(&mut self, port: &Port) -> Result<bool, ReaderError> {
        match self.card.take() {
            None => Ok(false),
            Some(Card::Commands { .. }) => Ok(self.find_card(port).await? == Found::Card),
            Some(Card::Blocks(mut card)) => {
                let is_present = radio::is_present(self, port, &mut card).await?;
                self.card = is_present.then_some(Card::Blocks(card));
                Ok(is_present)
            }
        }
    }

    pub(super) async fn release(&mut self, port: &Port) -> Result<(), ReaderError> {
        if self.card.take().is_none() {
            self.received.clear();
            port.drain(LONGEST_TRANSFER).await?;
        }
        self.lenient(port, &transparent::FIELD_OFF).await?;
        self.lenient(port, &transparent::END_SESSION).await
    }

    async fn reset_field(&mut self, port: &Port) -> Result<(), ReaderError> {
        self.step(port, &transparent::FIELD_OFF).await?;
        port.pause(FIELD_OFF_TIME).await?;
        self.step(port, &transparent::FIELD_ON).await?;
        port.pause(FIELD_ON_TIME).await
    }

    async fn pass_on(
        &mut self,
        port: &Port,
        layer: Layer,
        data: &[u8],
        within: Duration,
    ) -> Result<Heard, ReaderError> {
        let command = transparent::transceive(layer, within, data).ok_or(Malformed::TooLong)?;
        let answer = self.command(port, &command, within).await?;
        let answer = transparent::parse(&answer)?;
        if !succeeded(&answer)? {
            return Ok(Heard::Silence);
        }
        // Only where the reader does not repeat by itself.
        let is_disturbed = !matches!(answer.radio, None | Some(0));
        match answer.card {
            _ if layer == Layer::Block && is_disturbed => Ok(Heard::Garbled),
            Some(_) if !matches!(answer.last_bits, None | Some(0 | 8)) => Ok(Heard::Garbled),
            Some(card) => Ok(Heard::Block(card.to_vec())),
            None => Err(Malformed::Unexpected.into()),
        }
    }

    /// A command without data for a card: whether anything answered, where that is asked.
    async fn step(&mut self, port: &Port, command: &[u8]) -> Result<bool, ReaderError> {
        let answer = self.command(port, command, Duration::ZERO).await?;
        succeeded(&transparent::parse(&answer)?)
    }

    /// The same, where the reader may refuse.
    async fn lenient(&mut self, port: &Port, command: &[u8]) -> Result<(), ReaderError> {
        match self.step(port, command).await {
            Ok(_) | Err(ReaderError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sends a message until the reader is not busy, and waits for the answer to it.
    async fn command(
        &mut self,
        port: &Port,
        data: &[u8],
        extra: Duration,
    ) -> Result<Vec<u8>, ReaderError> {
        for _ in 0..MOST_STALE {
            self.sequence = self.sequence.wrapping_add(1);
            port.write(escape::message(self.sequence, data)).await?;
            match self.answer(port, ANSWER_TIME + extra).await? {
                Content::Data(data) => return Ok(data),
                Content::Failed(BUSY) => port.pause(BUSY_PAUSE).await?,
                Content::Failed(error) => return Err(ReaderError::Refused(u32::from(error))),
                Content::MoreTime => return Err(ReaderError::NotResponding),
            }
        }
        Err(ReaderError::NotResponding)
    }

    /// The answer to the last message. Answers to others, and wishes for more time, are passed over.
    async fn answer(&mut self, port: &Port, within: Duration) -> Result<Content, ReaderError> {
        for _ in 0..MOST_STALE {
            let message = self
                .received
                .next(port, escape::parse, LONGEST_TRANSFER, within)
                .await?;
            let is_it = message.sequence == self.sequence;
            if is_it && message.content != Content::MoreTime {
                return Ok(message.content);
            }
        }
        Err(ReaderError::NotResponding)
    }
}

impl Radio for RcS300 {
    async fn transceive(
        &mut self,
        port: &Port,
        frame: &[u8],
        within: Duration,
    ) -> Result<Heard, ReaderError> {
        self.pass_on(port, Layer::Block, frame, within).await
    }

    async fn reset_card(&mut self, port: &Port) -> Result<(), ReaderError> {
        self.reset_field(port).await?;
        self.step(port, &transparent::TYPE_B_LAYER_3)
            .await
            .map(drop)
    }
}

/// Whether a card answered; refusals are errors.
fn succeeded(answer: &transparent::Answer<'_>) -> Result<bool, ReaderError> {
    match (answer.status_word, answer.step.unwrap_or(DONE)) {
        (DONE, DONE) => Ok(true),
        (DONE, NO_ANSWER) | (NO_ANSWER, _) => Ok(false),
        (OWNED_BY_OTHERS, _) | (DONE, OWNED_BY_OTHERS) => Err(ReaderError::InUse),
        (DONE, word) | (word, _) => Err(ReaderError::Refused(u32::from(word))),
    }
}
