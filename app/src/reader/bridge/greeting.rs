//! How a page and a bridge come to know each other (`protocol::bridge`, steps 1 to 5).

use std::time::Duration;

use futures_util::future::join_all;
use leptos::prelude::window;
use protocol::bridge::pairing::{Greeting, bridge_statement, code, code_statement, page_statement};
use protocol::bridge::{
    Bytes, Challenge, ErrorCode, FromBridge, FromPage, Hello, PORTS, Proof, VERSIONS, Welcome,
};

use super::key::{self, Identity};
use super::socket::Socket;
use crate::reader::status::Status;
use crate::task::within;

/// How long all ports together may take. One that nobody listens on answers at once; this is for
/// a busy machine, and for a program that took a port and says nothing.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nobody has answered.
    Nobody,
    /// Somebody else than before.
    Another,
    /// No version is spoken by both.
    Version,
    /// The code was not accepted.
    NotPaired,
    /// The line ended.
    Lost,
}

impl Refused {
    pub(super) const fn status(self) -> Status {
        match self {
            Self::Nobody => Status::NotRunning,
            Self::Another => Status::Changed,
            Self::Version => Status::Outdated,
            Self::NotPaired => Status::NotPaired,
            Self::Lost => Status::Connecting,
        }
    }
}

/// A bridge that has proved who it is.
pub(super) struct Greeted {
    pub(super) socket: Socket,
    pub(super) proof: Spoken,
}

/// What was said in a greeting.
pub(super) struct Spoken {
    origin: String,
    page_key: String,
    page_nonce: Bytes,
    pub(super) bridge_key: String,
    bridge_nonce: Bytes,
    version: u16,
}

impl Spoken {
    fn greeting(&self) -> Greeting<'_> {
        Greeting {
            origin: &self.origin,
            page_key: &self.page_key,
            page_nonce: &self.page_nonce.0,
            bridge_key: &self.bridge_key,
            bridge_nonce: &self.bridge_nonce.0,
            version: self.version,
        }
    }
}

/// Asks on every port at once: the bridge of before, or, where there was none or a person
/// wants any, the first that answers.
pub(super) async fn find(
    identity: &Identity,
    label: &str,
    take_any: bool,
) -> Result<Greeted, Refused> {
    let asked = PORTS.map(|port| in_time(greet(port, identity, label)));
    let mut answers = join_all(asked).await;
    let is_the_one = |answer: &Result<Greeted, Refused>| {
        let known = identity.bridge_key.as_deref();
        answer
            .as_ref()
            .is_ok_and(|greeted| known.is_none_or(|known| known == greeted.proof.bridge_key))
    };
    if let Some(place) = answers.iter().position(is_the_one) {
        return answers.swap_remove(place);
    }
    match answers.iter().position(Result::is_ok) {
        Some(place) if take_any => answers.swap_remove(place),
        Some(_) => Err(Refused::Another),
        None if answers
            .iter()
            .any(|answer| matches!(answer, Err(Refused::Version))) =>
        {
            Err(Refused::Version)
        }
        None => Err(Refused::Nobody),
    }
}

async fn in_time(work: impl Future<Output = Result<Greeted, Refused>>) -> Result<Greeted, Refused> {
    within(PATIENCE, work).await.unwrap_or(Err(Refused::Nobody))
}

async fn greet(port: u16, identity: &Identity, label: &str) -> Result<Greeted, Refused> {
    let mut socket = Socket::open(port).await.map_err(|_| Refused::Nobody)?;
    let page_nonce = key::nonce().map_err(|_| Refused::Nobody)?;
    socket.sender().send(&FromPage::Hello(Hello {
        versions: VERSIONS,
        key: Bytes(identity.public.clone()),
        nonce: page_nonce.clone(),
        label: label.chars().take(60).collect(),
    }));
    let challenge = match socket.next().await {
        Some(FromBridge::Challenge(challenge)) => challenge,
        Some(FromBridge::Failed(failure)) if failure.code == ErrorCode::VersionUnsupported => {
            return Err(Refused::Version);
        }
        _ => return Err(Refused::Nobody),
    };
    let Challenge {
        version,
        nonce,
        bridge_key,
        signature,
    } = challenge;
    let proof = Spoken {
        origin: window().location().origin().unwrap_or_default(),
        page_key: identity.public.clone(),
        page_nonce,
        bridge_key: bridge_key.0.clone(),
        bridge_nonce: nonce,
        version,
    };
    let statement = bridge_statement(&proof.greeting());
    match key::is_signed(&statement, &bridge_key, &signature).await {
        Ok(true) => Ok(Greeted { socket, proof }),
        _ => Err(Refused::Nobody),
    }
}

/// Proves who the page is, and waits until it is let in; `pairing` gets the six digits and
/// what to type, if a person has to compare them.
pub(super) async fn prove(
    socket: &mut Socket,
    identity: &Identity,
    proof: &Spoken,
    pairing: impl Fn(String, String),
) -> Result<Welcome, Refused> {
    let greeting = proof.greeting();
    let signature = identity.sign(&page_statement(&greeting)).await;
    let signature = signature.map_err(|_| Refused::Lost)?;
    socket.sender().send(&FromPage::Proof(Proof { signature }));
    loop {
        match socket.next().await {
            Some(FromBridge::Welcome(welcome)) => return Ok(welcome),
            Some(FromBridge::PairingWanted(wanted)) => {
                let digest = key::digest(&code_statement(&greeting)).await;
                pairing(code(&digest.map_err(|_| Refused::Lost)?), wanted.command);
            }
            Some(FromBridge::Failed(failure)) if failure.code == ErrorCode::NotPaired => {
                return Err(Refused::NotPaired);
            }
            Some(FromBridge::Failed(_)) | None => return Err(Refused::Lost),
            Some(_) => {}
        }
    }
}
