//! How a page is let in: who it is, that it is so, and whether it is known.

use std::time::Duration;

use protocol::bridge::pairing::Greeting;
use protocol::bridge::{
    Challenge, ErrorCode, FromBridge, FromPage, Hello, PairingWanted, Proof, VERSIONS, close,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::{refuse, say};
use crate::clock;
use crate::door::origin::Origin;
use crate::failures::failure;
use crate::hub::Guest;
use crate::pairing::keys;
use crate::pairing::pending::WaitingPage;
use crate::socket::{End, Incoming, Outgoing};
use crate::state::AppState;

/// How long each of the page's two messages may take.
const HELLO_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a person may take to accept a code.
const PAIRING_TIMEOUT: Duration = Duration::from_mins(2);
/// The longest name that a page may give itself, in characters.
const LONGEST_LABEL: usize = 60;

pub(super) async fn greet(
    state: &AppState,
    origin: &Origin,
    incoming: &mut Incoming,
    outbox: &mpsc::Sender<Outgoing>,
) -> Result<Guest, End> {
    let Some(FromPage::Hello(hello)) = next(incoming).await? else {
        return Err(refuse(outbox, failure(ErrorCode::BadMessage), close::REFUSED).await);
    };
    let version = match accept(&hello) {
        Ok(version) => version,
        Err(code) => return Err(refuse(outbox, failure(code), close::REFUSED).await),
    };
    let Ok(nonce) = keys::nonce() else {
        return Err(refuse(outbox, failure(ErrorCode::Internal), close::REFUSED).await);
    };
    let origin_text = origin.to_string();
    let greeting = Greeting {
        origin: &origin_text,
        page_key: &hello.key.0,
        page_nonce: &hello.nonce.0,
        bridge_key: &state.key.public.0,
        bridge_nonce: &nonce.0,
        version,
    };
    let challenge = Challenge {
        version,
        nonce: nonce.clone(),
        bridge_key: state.key.public.clone(),
        signature: state.key.sign(&greeting),
    };
    if !say(outbox, FromBridge::Challenge(challenge)).await {
        return Err(End::Gone);
    }
    let Some(FromPage::Proof(Proof { signature })) = next(incoming).await? else {
        return Err(refuse(outbox, failure(ErrorCode::BadMessage), close::REFUSED).await);
    };
    if !keys::is_proof(&greeting, &signature) {
        return Err(refuse(outbox, failure(ErrorCode::BadSignature), close::REFUSED).await);
    }
    let guest = Guest {
        pairing: keys::fingerprint(&hello.key.0),
        label: hello.label.clone(),
        origin: origin_text.clone(),
    };
    if is_known(state, origin, &hello) {
        return Ok(guest);
    }
    pair(
        state,
        origin,
        &hello,
        keys::code_of(&greeting),
        incoming,
        outbox,
    )
    .await?;
    Ok(guest)
}

/// The page's next message; `None` for one that is none.
async fn next(incoming: &mut Incoming) -> Result<Option<FromPage>, End> {
    let until = Instant::now() + HELLO_TIMEOUT;
    match timeout_at(until, incoming.text()).await {
        Ok(Ok(text)) => Ok(serde_json::from_str(&text).ok()),
        Ok(Err(end)) => Err(end),
        Err(_) => Err(End::Close(close::TOO_SLOW)),
    }
}

fn accept(hello: &Hello) -> Result<u16, ErrorCode> {
    let version = VERSIONS
        .common(hello.versions)
        .ok_or(ErrorCode::VersionUnsupported)?;
    if !keys::is_key(&hello.key) || !keys::is_nonce(&hello.nonce) {
        return Err(ErrorCode::BadKey);
    }
    let is_label = hello.label.chars().count() <= LONGEST_LABEL
        && !hello.label.trim().is_empty()
        && !hello.label.chars().any(char::is_control);
    if is_label {
        Ok(version)
    } else {
        Err(ErrorCode::BadMessage)
    }
}

fn is_known(state: &AppState, origin: &Origin, hello: &Hello) -> bool {
    if state.approvals.approves(origin, &hello.key) {
        return true;
    }
    match state.pairings.find(origin, &hello.key) {
        Ok(found) => found.is_some(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "pairings");
            false
        }
    }
}

/// Waits until a person has compared the codes.
async fn pair(
    state: &AppState,
    origin: &Origin,
    hello: &Hello,
    code: String,
    incoming: &mut Incoming,
    outbox: &mpsc::Sender<Outgoing>,
) -> Result<(), End> {
    tracing::info!(%origin, "a page wants to be paired");
    crate::announce::pairing(&code, origin, &hello.label);
    let mut place = state.pending.wait(WaitingPage {
        code,
        origin: origin.to_string(),
        label: hello.label.clone(),
    });
    let wanted = PairingWanted {
        within_seconds: u32::try_from(PAIRING_TIMEOUT.as_secs()).unwrap_or(u32::MAX),
        command: "shikaku-reader-bridge pair accept".to_owned(),
    };
    if !say(outbox, FromBridge::PairingWanted(wanted)).await {
        return Err(End::Gone);
    }
    let until = Instant::now() + PAIRING_TIMEOUT;
    let is_accepted = tokio::select! {
        accepted = timeout_at(until, place.accepted()) => accepted.unwrap_or(false),
        // A page has nothing to say while it waits.
        said = incoming.text() => return match said {
            Ok(_) => Err(refuse(outbox, failure(ErrorCode::BadMessage), close::REFUSED).await),
            Err(end) => Err(end),
        },
    };
    if !is_accepted {
        return Err(refuse(outbox, failure(ErrorCode::NotPaired), close::NOT_PAIRED).await);
    }
    let since = clock::unix_milliseconds();
    if let Err(error) = state.pairings.add(origin, &hello.key, &hello.label, since) {
        tracing::error!(error = &error as &dyn std::error::Error, "pairings");
        return Err(refuse(outbox, failure(ErrorCode::Internal), close::REFUSED).await);
    }
    Ok(())
}
