//! Readers whose radio sends what the host says: finding a card of type B by it, and speaking
//! the block protocol over it.

use core::time::Duration;

use super::iso_dep::{
    Atqb, Heard, IsoDep, IsoDepError, Next, REQB, TypeBError, check_attrib_answer,
};
use super::run::Port;
use super::{Found, ReaderError};

/// How long the card may take for ATQB and for the answer to ATTRIB.
const SELECT_TIME: Duration = Duration::from_millis(30);
/// How often something unclear is asked again before it is called that.
const REQUESTS: usize = 3;

/// What such a reader can do.
pub(super) trait Radio {
    /// Sends a frame and listens; the chip adds, checks and removes the CRC.
    async fn transceive(
        &mut self,
        port: &Port,
        frame: &[u8],
        within: Duration,
    ) -> Result<Heard, ReaderError>;

    /// Takes the power from the card, so that it forgets that it was selected and hears REQB again.
    async fn reset_card(&mut self, port: &Port) -> Result<(), ReaderError>;
}

/// Looks for a card and selects it. `was_selected` is whether some card was spoken to
/// by its name and would not hear REQB any more.
pub(super) async fn select<R: Radio>(
    radio: &mut R,
    port: &Port,
    mut was_selected: bool,
) -> Result<Result<IsoDep, Found>, ReaderError> {
    for _ in 0..REQUESTS {
        if was_selected {
            radio.reset_card(port).await?;
        }
        was_selected = false;
        let atqb = match radio.transceive(port, &REQB, SELECT_TIME).await? {
            Heard::Silence => return Ok(Err(Found::Nothing)),
            Heard::Garbled => continue,
            Heard::Block(bytes) => match Atqb::parse(&bytes) {
                Ok(atqb) => atqb,
                Err(TypeBError::OtherProtocol) => return Ok(Err(Found::OtherCard)),
                Err(_) => continue,
            },
        };
        let attrib = radio.transceive(port, &atqb.attrib(), SELECT_TIME).await?;
        if matches!(attrib, Heard::Block(bytes) if check_attrib_answer(&bytes).is_ok()) {
            return Ok(Ok(IsoDep::new(&atqb)));
        }
        was_selected = true;
    }
    radio.reset_card(port).await?;
    Ok(Err(Found::Unclear))
}

/// Sends blocks until there is an answer.
pub(super) async fn converse<R: Radio>(
    radio: &mut R,
    port: &Port,
    card: &mut IsoDep,
    mut next: Next,
) -> Result<Vec<u8>, ReaderError> {
    loop {
        match next {
            Next::Send { block, within } => {
                let heard = radio.transceive(port, &block, within).await?;
                next = card.take(&heard)?;
            }
            Next::Done(answer) => return Ok(answer),
        }
    }
}

/// Sends a command and brings the answer.
pub(super) async fn exchange<R: Radio>(
    radio: &mut R,
    port: &Port,
    card: &mut IsoDep,
    command: &[u8],
) -> Result<Vec<u8>, ReaderError> {
    let first = card.send(command);
    match converse(radio, port, card, first).await {
        Err(ReaderError::Card(IsoDepError::Silence)) => Err(ReaderError::CardGone),
        other => other,
    }
}

/// Whether the card is still there.
pub(super) async fn is_present<R: Radio>(
    radio: &mut R,
    port: &Port,
    card: &mut IsoDep,
) -> Result<bool, ReaderError> {
    let first = card.ask_presence();
    match converse(radio, port, card, first).await {
        Ok(_) => Ok(true),
        Err(ReaderError::Card(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
