//! What authorities and certificates are to be made.

use rcgen::{Error, KeyPair};

/// A private key that everybody knows: RSA, 2048 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKey {
    /// Of an authority.
    Authority,
    /// Of another one, of the same name or not.
    OtherAuthority,
    /// Of all cards.
    Holder,
}

impl TestKey {
    pub(super) fn pair(self) -> Result<KeyPair, Error> {
        let bytes: &[u8] = match self {
            Self::Authority => include_bytes!("keys/authority.pkcs8.der"),
            Self::OtherAuthority => include_bytes!("keys/other-authority.pkcs8.der"),
            Self::Holder => include_bytes!("keys/holder.pkcs8.der"),
        };
        bytes.try_into()
    }
}

/// Year, month, day in UTC; must exist.
pub type Date = (i32, u8, u8);

/// Which hierarchy a certificate says that it belongs to: its names and policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hierarchy {
    /// Real cards: `O=JPKI`.
    Production,
    /// J-LIS's test cards: `O=JPKI-TEST`.
    Test,
    /// The demo cards: `O=JPKI-DEMO`, with the test cards' policies.
    Demo,
}

impl Hierarchy {
    pub(super) fn organization(self) -> &'static str {
        match self {
            Self::Production => "JPKI",
            Self::Test => "JPKI-TEST",
            Self::Demo => "JPKI-DEMO",
        }
    }
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 利用者証明用.
    UserAuthentication,
    /// 署名用.
    Signature,
}

impl Class {
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::UserAuthentication => "JPKI for user authentication",
            Self::Signature => "JPKI for digital signature",
        }
    }

    /// The policy (OID) of the class in a hierarchy.
    pub const fn policy(self, hierarchy: Hierarchy) -> [u64; 9] {
        let (hierarchy, class) = match (self, hierarchy) {
            (Self::UserAuthentication, Hierarchy::Production) => (3, 30),
            (Self::Signature, Hierarchy::Production) => (1, 20),
            (Self::UserAuthentication, Hierarchy::Test | Hierarchy::Demo) => (0, 30),
            (Self::Signature, Hierarchy::Test | Hierarchy::Demo) => (0, 20),
        };
        [1, 2, 392, 200_149, 8, 5, 1, hierarchy, class]
    }
}

/// An authority, described.
#[derive(Debug, Clone, Copy)]
pub struct AuthoritySpec<'a> {
    /// Whose names it takes.
    pub hierarchy: Hierarchy,
    /// What its certificates are for. Real authorities issue one class each.
    pub class: Class,
    /// Its key.
    pub key: TestKey,
    /// Its serial number: big-endian, 1 to 20 bytes, the highest bit 0.
    pub serial: &'a [u8],
    /// Valid from the beginning of this day.
    pub not_before: Date,
    /// Valid up to 14:59:59 UTC of this day, the last second of the day in Japan.
    pub not_after: Date,
}

/// A card's certificate, described.
#[derive(Debug, Clone, Copy)]
pub struct HolderSpec<'a> {
    /// Its serial number: big-endian, 1 to 20 bytes, the highest bit 0.
    pub serial: &'a [u8],
    /// The subject's CN: on cards 14 letters and digits, a municipality's code of five
    /// digits, and `003A`.
    pub common_name: &'a str,
    /// Valid from the beginning of this day.
    pub not_before: Date,
    /// Valid up to 14:59:59 UTC of this day, the last second of the day in Japan. On real
    /// cards it is the holder's fifth birthday after the issue.
    pub not_after: Date,
    /// What is wrong with it, if anything.
    pub flaw: Option<Flaw>,
}

/// What can be wrong with a certificate although its authority signed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It has the policy of certificates for signatures, and their key usage.
    SignaturePolicy,
    /// It has no policy.
    NoPolicy,
    /// Its key usage lacks digitalSignature.
    NoDigitalSignature,
    /// Its extended key usage is for servers.
    ServerAuthentication,
    /// It says that it is an authority's.
    IsAuthority,
    /// It has a critical extension that nobody knows.
    UnknownCriticalExtension,
}
