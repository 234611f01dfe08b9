//! What a reader's own screen asks of the service, as the device that it is.

use protocol::http::{
    CardReaderReport, CardReading, ConfirmationTick, ConsentAnswers, PairingCode, PasscodeEntry,
    ReaderScreenState, VisualConfirmationId, path,
};
use serde::Serialize;

use super::{Error, decode, encode, fetch};

/// The screen as it is now.
pub(crate) async fn state() -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("GET", path::READER, None).await?)
}

/// Registers this browser by the code that an administrator got.
pub(crate) async fn pair(code: &PairingCode) -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("POST", path::READER, Some(encode(code)?)).await?)
}

/// Registers this browser as a reader screen of the demo.
pub(crate) async fn pair_for_demo() -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("POST", path::READER_DEMO, None).await?)
}

/// Tells what the card reader is like.
pub(crate) async fn report(report: CardReaderReport) -> Result<(), Error> {
    let body = Some(encode(&report)?);
    fetch::send("PUT", path::READER_REPORT, body)
        .await
        .map(drop)
}

/// Begins a visual confirmation.
pub(crate) async fn begin(entry: &PasscodeEntry) -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("POST", path::READER_PASSCODE, Some(encode(entry)?)).await?)
}

/// 「目視で本人確認完了」, or its being taken back.
pub(crate) async fn confirm(
    id: &VisualConfirmationId,
    tick: ConfirmationTick,
) -> Result<ReaderScreenState, Error> {
    act("PUT", id, "/confirmation", &tick).await
}

/// Tells that somebody is there.
pub(crate) async fn stay(id: &VisualConfirmationId) -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("POST", &address(id, "/activity"), None).await?)
}

/// Hands over what came of the card.
pub(crate) async fn present(
    id: &VisualConfirmationId,
    reading: &CardReading,
) -> Result<ReaderScreenState, Error> {
    act("POST", id, "/card", reading).await
}

/// The patient's answers.
pub(crate) async fn answer(
    id: &VisualConfirmationId,
    answers: &ConsentAnswers,
) -> Result<ReaderScreenState, Error> {
    act("POST", id, "/consents", answers).await
}

/// Stops it.
pub(crate) async fn cancel(id: &VisualConfirmationId) -> Result<ReaderScreenState, Error> {
    decode(&fetch::send("DELETE", &address(id, ""), None).await?)
}

async fn act(
    method: &str,
    id: &VisualConfirmationId,
    what: &str,
    body: &impl Serialize,
) -> Result<ReaderScreenState, Error> {
    decode(&fetch::send(method, &address(id, what), Some(encode(body)?)).await?)
}

fn address(id: &VisualConfirmationId, what: &str) -> String {
    [path::READER_VISUAL_CONFIRMATIONS, "/", id.as_str(), what].concat()
}
