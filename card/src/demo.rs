//! The three cards that demo mode knows, and the root of their certificates. Its private key
//! is in the repository (`test_pki`): only a demo may trust it.
//!
//! The files are made by the test `demo`, which compares them with their description;
//! `SHIKAKU_WRITE_DEMO_CARDS=1 cargo test -p card --test demo` writes them anew.

/// The root, DER: valid from 2015 to 2069.
pub const ROOT: &[u8] = include_bytes!("demo/root.der");

/// A card to play with. All are My Number Cards; none was issued to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DemoCard {
    /// Valid up to 2069, and meant to be linked to a person of the demo's data.
    Valid,
    /// Expired on 2021-06-01.
    Expired,
    /// Valid up to 2069, and linked to nobody.
    NotLinked,
}

impl DemoCard {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Valid, Self::Expired, Self::NotLinked];

    /// Its user-authentication certificate, DER.
    pub const fn certificate(self) -> &'static [u8] {
        match self {
            Self::Valid => include_bytes!("demo/valid.der"),
            Self::Expired => include_bytes!("demo/expired.der"),
            Self::NotLinked => include_bytes!("demo/not-linked.der"),
        }
    }

    /// Its certificate's serial number: upper-case hexadecimal without leading zeros, as
    /// `CertificateSerialNumber` of an import may write it.
    pub const fn serial_number(self) -> &'static str {
        match self {
            Self::Valid => "3D0001",
            Self::Expired => "3D0002",
            Self::NotLinked => "3D0003",
        }
    }

    /// The card as a virtual one.
    #[cfg(feature = "virtual-card")]
    pub fn profile(self) -> crate::virtual_card::Profile {
        crate::virtual_card::Profile::my_number_card(self.certificate().to_vec(), ROOT.to_vec())
    }
}
