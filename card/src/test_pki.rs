//! Makes certificates of the shape that J-LIS gives My Number Cards, for tests and for the
//! demo cards. The shape is that of the certificates of J-LIS's own test cards; its
//! プロファイル仕様書 (<https://www.j-lis.go.jp/file/13_profile_genkou.pdf>) is the primary source.
//!
//! The private keys are in the repository, known to everybody: whoever trusts one of these
//! authorities trusts everybody. The same description always makes the same bytes.

mod der;
mod extension;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue,
    Error, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
    date_time_ymd,
};

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
    fn pair(self) -> Result<KeyPair, Error> {
        let bytes: &[u8] = match self {
            Self::Authority => include_bytes!("test_pki/keys/authority.pkcs8.der"),
            Self::OtherAuthority => include_bytes!("test_pki/keys/other-authority.pkcs8.der"),
            Self::Holder => include_bytes!("test_pki/keys/holder.pkcs8.der"),
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
    fn organization(self) -> &'static str {
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
    fn unit(self) -> &'static str {
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

/// An authority that issues certificates.
#[derive(Debug)]
pub struct Authority {
    spec: OwnedSpec,
    certificate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

#[derive(Debug, Clone, Copy)]
struct OwnedSpec {
    hierarchy: Hierarchy,
    class: Class,
}

impl Authority {
    /// Makes an authority with its self-signed certificate.
    pub fn new(spec: &AuthoritySpec<'_>) -> Result<Self, Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = authority_name(spec.hierarchy, spec.class)?;
        params.serial_number = Some(SerialNumber::from_slice(spec.serial));
        set_validity(&mut params, spec.not_before, spec.not_after);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.custom_extensions = vec![
            extension::subject_alternative_name(),
            extension::crl_distribution_point(spec.hierarchy.organization(), "ARL"),
        ];
        let key = spec.key.pair()?;
        let certificate = params.self_signed(&key)?.der().to_vec();
        Ok(Self {
            spec: OwnedSpec {
                hierarchy: spec.hierarchy,
                class: spec.class,
            },
            certificate,
            issuer: Issuer::new(params, key),
        })
    }

    /// Its certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Issues a card's certificate, DER.
    pub fn issue(&self, spec: &HolderSpec<'_>) -> Result<Vec<u8>, Error> {
        let key = TestKey::Holder.pair()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = holder_name(spec.common_name)?;
        params.serial_number = Some(SerialNumber::from_slice(spec.serial));
        set_validity(&mut params, spec.not_before, spec.not_after);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = self.key_usages(spec.flaw);
        params.extended_key_usages = vec![match spec.flaw {
            Some(Flaw::ServerAuthentication) => ExtendedKeyUsagePurpose::ServerAuth,
            _ => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        if spec.flaw == Some(Flaw::IsAuthority) {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        } else {
            let identifier = params.key_identifier(&key);
            let extension = extension::subject_key_identifier(&identifier);
            params.custom_extensions.push(extension);
        }
        params.custom_extensions.extend(self.extensions(spec.flaw));
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(certificate.der().to_vec())
    }

    fn key_usages(&self, flaw: Option<Flaw>) -> Vec<KeyUsagePurpose> {
        match (self.spec.class, flaw) {
            (_, Some(Flaw::NoDigitalSignature)) => vec![KeyUsagePurpose::KeyEncipherment],
            (_, Some(Flaw::IsAuthority)) => {
                vec![
                    KeyUsagePurpose::DigitalSignature,
                    KeyUsagePurpose::KeyCertSign,
                ]
            }
            (Class::Signature, _) | (_, Some(Flaw::SignaturePolicy)) => vec![
                KeyUsagePurpose::DigitalSignature,
                KeyUsagePurpose::ContentCommitment,
            ],
            (Class::UserAuthentication, _) => vec![KeyUsagePurpose::DigitalSignature],
        }
    }

    fn extensions(&self, flaw: Option<Flaw>) -> Vec<CustomExtension> {
        let OwnedSpec { hierarchy, class } = self.spec;
        let mut extensions = vec![
            extension::issuer_alternative_name(),
            extension::crl_distribution_point(hierarchy.organization(), "Chiyoda-ku CRLDP"),
            extension::responder("http://ocsp.invalid"),
        ];
        match flaw {
            Some(Flaw::NoPolicy) => {}
            Some(Flaw::SignaturePolicy) => {
                extensions.push(extension::policy(&Class::Signature.policy(hierarchy)));
            }
            _ => extensions.push(extension::policy(&class.policy(hierarchy))),
        }
        if flaw == Some(Flaw::UnknownCriticalExtension) {
            extensions.push(extension::unknown_critical());
        }
        extensions
    }
}

fn set_validity(params: &mut CertificateParams, not_before: Date, not_after: Date) {
    let beginning = |(year, month, day): Date| date_time_ymd(year, month, day);
    params.not_before = beginning(not_before);
    params.not_after = beginning(not_after) + END_OF_DAY_IN_JAPAN;
}

/// 14:59:59 UTC.
const END_OF_DAY_IN_JAPAN: core::time::Duration =
    core::time::Duration::from_secs(14 * 3600 + 59 * 60 + 59);

fn country() -> Result<DnValue, Error> {
    Ok(DnValue::PrintableString("JP".try_into()?))
}

fn authority_name(hierarchy: Hierarchy, class: Class) -> Result<DistinguishedName, Error> {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, country()?);
    name.push(DnType::OrganizationName, hierarchy.organization());
    name.push(DnType::OrganizationalUnitName, class.unit());
    // The second unit, under a name of its own for the same type: the library keeps one
    // value of each.
    name.push(
        DnType::CustomDnType(vec![2, 5, 4, 11]),
        "Japan Agency for Local Authority Information Systems",
    );
    Ok(name)
}

fn holder_name(common_name: &str) -> Result<DistinguishedName, Error> {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, country()?);
    name.push(DnType::CommonName, common_name);
    Ok(name)
}
