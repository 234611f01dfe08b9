//! What a certificate is for: its key usage, its policy, its extended key usage.

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::der_parser::oid;
use x509_parser::extensions::{CertificatePolicies, ExtendedKeyUsage, KeyUsage, ParsedExtension};

/// Policies of 利用者証明用電子証明書 and of 署名用電子証明書 (`facts/card.md` B).
const USER_AUTHENTICATION: Oid<'static> = oid!(1.2.392.200149.8.5.1.3.30);
const TEST_USER_AUTHENTICATION: Oid<'static> = oid!(1.2.392.200149.8.5.1.0.30);
const SIGNING: [Oid<'static>; 2] = [
    oid!(1.2.392.200149.8.5.1.1.20),
    oid!(1.2.392.200149.8.5.1.0.20),
];

/// Which cards an authority issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hierarchy {
    /// Real ones.
    Production,
    /// Test cards of J-LIS.
    Test,
    /// The demo's, whose private key everybody knows.
    Demo,
}

impl Hierarchy {
    const fn policy(self) -> Oid<'static> {
        match self {
            Self::Production => USER_AUTHENTICATION,
            Self::Test | Self::Demo => TEST_USER_AUTHENTICATION,
        }
    }
}

/// Whether it is 利用者証明用電子証明書 of a hierarchy. What can't be read, stands twice,
/// or is critical and unknown, is refused (RFC 5280 4.2).
pub(super) fn is_for_user_authentication(
    certificate: &X509Certificate<'_>,
    hierarchy: Hierarchy,
) -> bool {
    if certificate.extensions_map().is_err() {
        return false;
    }
    let mut has_usage = false;
    let mut has_policy = false;
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) if is_to_authenticate(*usage) => has_usage = true,
            ParsedExtension::CertificatePolicies(policies) => {
                has_policy = has(policies, &hierarchy.policy());
            }
            ParsedExtension::BasicConstraints(constraints) if !constraints.ca => {}
            ParsedExtension::ExtendedKeyUsage(usage) if is_of_clients(usage) => {}
            ParsedExtension::KeyUsage(_)
            | ParsedExtension::BasicConstraints(_)
            | ParsedExtension::ExtendedKeyUsage(_)
            | ParsedExtension::ParseError { .. } => return false,
            _ if extension.critical => return false,
            _ => {}
        }
    }
    has_usage && has_policy
}

/// Whether it calls itself 署名用電子証明書.
pub(super) fn says_it_is_for_signing(certificate: &X509Certificate<'_>) -> bool {
    let extensions = certificate.extensions().iter();
    let mut policies = extensions.filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CertificatePolicies(policies) => Some(policies),
        _ => None,
    });
    policies.any(|policies| SIGNING.iter().any(|policy| has(policies, policy)))
}

/// Whether it is an authority that may issue certificates.
pub(super) fn is_authority(certificate: &X509Certificate<'_>) -> bool {
    let constraints = certificate.basic_constraints().ok().flatten();
    let usage = certificate.key_usage().ok().flatten();
    constraints.is_some_and(|constraints| constraints.value.ca)
        && usage.is_some_and(|usage| usage.value.key_cert_sign())
}

/// Signing a challenge, and nothing that commits anybody.
fn is_to_authenticate(usage: KeyUsage) -> bool {
    usage.digital_signature()
        && !usage.non_repudiation()
        && !usage.key_cert_sign()
        && !usage.crl_sign()
}

fn is_of_clients(usage: &ExtendedKeyUsage<'_>) -> bool {
    usage.client_auth || usage.any
}

fn has(policies: &CertificatePolicies<'_>, policy: &Oid<'_>) -> bool {
    policies.iter().any(|found| found.policy_id == *policy)
}
