//! The certificate of a presented card: who issued it, what it is for, whether its
//! time has come or is over, whether it was revoked (`facts/card.md` B). Anybody can
//! copy a certificate: what is verified here is the document, never the person.

mod chain;
mod profile;
mod revocation;
mod roots;
mod serial;
mod validity;

use domain::card_presentation::{CardFailure, CardNotice};
use domain::timestamp::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

pub use profile::Hierarchy;
pub use revocation::{NothingRevoked, Revocation, RevocationError, RevokedSerials};
pub use roots::{Root, RootError, load};
pub use serial::SerialNumber;

use validity::{Validity, When};

/// The most bytes of a certificate that are looked at; a card's has about 1,600.
const MOST_BYTES: usize = 8 * 1024;

/// Whom certificates are believed from. The default believes nobody.
pub struct Verifier {
    roots: Vec<Root>,
    revocation: Box<dyn Revocation>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(Vec::new(), Box::new(NothingRevoked))
    }
}

/// A certificate that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What the card's owner is found by.
    pub serial: SerialNumber,
    /// What staff should tell the patient.
    pub notice: Option<CardNotice>,
}

impl Verifier {
    /// Believes certificates that one of the roots has issued and that are not revoked.
    pub fn new(roots: Vec<Root>, revocation: Box<dyn Revocation>) -> Self {
        Self { roots, revocation }
    }

    /// Believes the demo's cards.
    pub fn of_demo() -> Self {
        let root = Root::from_der(include_bytes!("demo/jpki-root.der"));
        Self::new(root.into_iter().collect(), Box::new(NothingRevoked))
    }

    /// Whether no card can be accepted, because nobody is believed.
    pub const fn believes_nobody(&self) -> bool {
        self.roots.is_empty()
    }

    /// Looks at a card's certificate for user authentication.
    pub fn verify(&self, der: &[u8], now: Timestamp) -> Result<Verified, CardFailure> {
        let certificate = parse(der).ok_or(CardFailure::Unreadable)?;
        let serial = SerialNumber::of(&certificate).ok_or(CardFailure::Unreadable)?;
        let issuers = chain::issuers(&self.roots, &certificate);
        let Some(hierarchy) = issuers.first().map(|root| root.hierarchy) else {
            // A certificate for signing comes from another authority; nothing is
            // believed of it but that it is the wrong one.
            return Err(if profile::says_it_is_for_signing(&certificate) {
                CardFailure::WrongClass
            } else {
                CardFailure::Untrusted
            });
        };
        if !profile::is_for_user_authentication(&certificate, hierarchy) {
            return Err(CardFailure::WrongClass);
        }
        let validity = Validity::of(certificate.validity());
        match validity.at(now) {
            When::Before => return Err(CardFailure::NotYetValid),
            When::After => return Err(CardFailure::Expired),
            When::During => {}
        }
        if !issuers
            .iter()
            .any(|root| root.validity.at(now) == When::During)
        {
            return Err(CardFailure::Untrusted);
        }
        if self.revocation.is_revoked(&serial) {
            return Err(CardFailure::Revoked);
        }
        let notice = validity.ends_soon(now).map(CardNotice::ExpiresSoon);
        Ok(Verified { serial, notice })
    }
}

/// The certificate that the bytes are, all of them.
fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    if der.len() > MOST_BYTES {
        return None;
    }
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Some(certificate),
        _ => None,
    }
}
