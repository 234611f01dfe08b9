//! What a terminal asks of the service about readers' screens, passcodes and cards.

use protocol::http::{
    CardLink, ConfirmationTick, ConsentsAsked, Following, IssuedPasscode, OpenedResult,
    PasscodeIssue, ReaderPairing, ReaderScreenId, ReaderScreenToRegister, TerminalState,
    VisualConfirmationId, path,
};

use super::{Error, decode, encode, fetch};

/// 「目視確認」 at a reader's screen.
pub(crate) async fn begin(screen: &ReaderScreenId) -> Result<TerminalState, Error> {
    let address = [
        path::READER_SCREENS,
        "/",
        screen.as_str(),
        "/visual-confirmation",
    ];
    decode(&fetch::send("POST", &address.concat(), None).await?)
}

/// 「目視で本人確認完了」, or its being taken back.
pub(crate) async fn tick(
    id: &VisualConfirmationId,
    is_confirmed: bool,
) -> Result<TerminalState, Error> {
    let body = encode(&ConfirmationTick { is_confirmed })?;
    decode(&fetch::send("PUT", &of(id, "/confirmation"), Some(body)).await?)
}

/// 「続けて目視確認」.
pub(crate) async fn follow(
    id: &VisualConfirmationId,
    is_followed: bool,
) -> Result<TerminalState, Error> {
    let body = encode(&Following { is_followed })?;
    decode(&fetch::send("PUT", &of(id, "/following"), Some(body)).await?)
}

/// 「目視確認を終了」.
pub(crate) async fn cancel(id: &VisualConfirmationId) -> Result<TerminalState, Error> {
    decode(&fetch::send("DELETE", &of(id, ""), None).await?)
}

/// Takes over the result of a visual confirmation.
pub(crate) async fn open_result(id: &VisualConfirmationId) -> Result<OpenedResult, Error> {
    decode(&fetch::send("POST", &of(id, "/result"), None).await?)
}

/// Makes a code to register a reader's screen with.
pub(crate) async fn register(screen: &ReaderScreenToRegister) -> Result<ReaderPairing, Error> {
    decode(&fetch::send("POST", path::READER_SCREENS, Some(encode(screen)?)).await?)
}

/// Ends the registration of a reader's screen.
pub(crate) async fn end_registration(screen: &ReaderScreenId) -> Result<(), Error> {
    let address = [path::READER_SCREENS, "/", screen.as_str()].concat();
    fetch::send("DELETE", &address, None).await.map(drop)
}

/// 「目視確認用パスコード発行」: the only time that the digits are told.
pub(crate) async fn issue_passcode() -> Result<IssuedPasscode, Error> {
    decode(&fetch::send("POST", path::PASSCODES, None).await?)
}

/// What was issued, without digits, the newest first.
pub(crate) async fn passcodes() -> Result<Vec<PasscodeIssue>, Error> {
    decode(&fetch::send("GET", path::PASSCODES, None).await?)
}

/// Revokes the passcode in force, or notes that a void one was seen to.
pub(crate) async fn end_passcode() -> Result<(), Error> {
    fetch::send("DELETE", path::PASSCODES, None).await.map(drop)
}

/// Links a presented card with a person.
pub(crate) async fn link_card(link: &CardLink) -> Result<(), Error> {
    let body = Some(encode(link)?);
    fetch::send("POST", path::CARD_LINKS, body).await.map(drop)
}

/// What readers' screens ask.
pub(crate) async fn consents_asked() -> Result<ConsentsAsked, Error> {
    decode(&fetch::send("GET", path::CONSENTS_ASKED, None).await?)
}

/// Decides what readers' screens ask.
pub(crate) async fn ask_consents(asked: &ConsentsAsked) -> Result<ConsentsAsked, Error> {
    decode(&fetch::send("PUT", path::CONSENTS_ASKED, Some(encode(asked)?)).await?)
}

fn of(id: &VisualConfirmationId, what: &str) -> String {
    [path::VISUAL_CONFIRMATIONS, "/", id.as_str(), what].concat()
}
