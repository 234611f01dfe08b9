//! Makes certificates of the shape that J-LIS gives My Number Cards, for tests and for the
//! demo cards. The shape is that of the certificates of J-LIS's own test cards; its
//! プロファイル仕様書 (<https://www.j-lis.go.jp/file/13_profile_genkou.pdf>) is the primary source.
//!
//! The private keys are in the repository, known to everybody: whoever trusts one of these
//! authorities trusts everybody. The same description always makes the same bytes.

mod der;
mod extension;
mod spec;

pub use spec::{AuthoritySpec, Class, Date, Flaw, Hierarchy, HolderSpec, TestKey};

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue,
    Error, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
    date_time_ymd,
};

/// An authority that issues certificates.
#[derive(Debug)]
pub struct Authority {
    hierarchy: Hierarchy,
    class: Class,
    certificate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
    /// What its certificates say who issued them.
    key_identifier: CustomExtension,
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
            hierarchy: spec.hierarchy,
            class: spec.class,
            certificate,
            key_identifier: extension::authority_key_identifier(
                &params.key_identifier(&key),
                &authority_levels(spec.hierarchy, spec.class),
                spec.serial,
            ),
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
        match (self.class, flaw) {
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
        let hierarchy = self.hierarchy;
        let mut extensions = vec![
            self.key_identifier.clone(),
            extension::issuer_alternative_name(),
            extension::crl_distribution_point(hierarchy.organization(), "Chiyoda-ku CRLDP"),
            extension::responder("http://ocsp.invalid"),
        ];
        match flaw {
            Some(Flaw::NoPolicy) => {}
            Some(Flaw::SignaturePolicy) => {
                extensions.push(extension::policy(&Class::Signature.policy(hierarchy)));
            }
            _ => extensions.push(extension::policy(&self.class.policy(hierarchy))),
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

fn authority_levels(hierarchy: Hierarchy, class: Class) -> [(u64, &'static str); 4] {
    [
        (extension::COUNTRY, "JP"),
        (extension::ORGANIZATION, hierarchy.organization()),
        (extension::UNIT, class.unit()),
        (
            extension::UNIT,
            "Japan Agency for Local Authority Information Systems",
        ),
    ]
}

fn authority_name(hierarchy: Hierarchy, class: Class) -> Result<DistinguishedName, Error> {
    let [_, (_, organization), (_, unit), (_, agency)] = authority_levels(hierarchy, class);
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, country()?);
    name.push(DnType::OrganizationName, organization);
    name.push(DnType::OrganizationalUnitName, unit);
    // The library keeps one value of each type, so the second unit's type has a name of its own.
    name.push(DnType::CustomDnType(vec![2, 5, 4, 11]), agency);
    Ok(name)
}

fn holder_name(common_name: &str) -> Result<DistinguishedName, Error> {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, country()?);
    name.push(DnType::CommonName, common_name);
    Ok(name)
}
