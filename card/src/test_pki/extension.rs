//! The extensions that the library does not know (RFC 5280, 4.2).

use rcgen::CustomExtension;

use super::der::{identifier, name, object, sequence};

/// The arcs of a country, an organisation, its unit, a common name in `2.5.4`.
pub(super) const COUNTRY: u64 = 6;
pub(super) const ORGANIZATION: u64 = 10;
pub(super) const UNIT: u64 = 11;
const COMMON_NAME: u64 = 3;

fn critical(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content);
    extension.set_criticality(true);
    extension
}

/// A name as one of `GeneralNames`.
fn directory_name(levels: &[(u64, &str)]) -> Vec<u8> {
    object(0xA4, &[&name(levels)])
}

/// The service's name in Japanese, as the authority's other name.
fn service() -> Vec<u8> {
    let levels = [(COUNTRY, "JP"), (ORGANIZATION, "公的個人認証サービス")];
    sequence(&[&directory_name(&levels)])
}

pub(super) fn subject_key_identifier(key: &[u8]) -> CustomExtension {
    CustomExtension::from_oid_content(&[2, 5, 29, 14], object(0x04, &[key]))
}

/// The issuer by its key, and by its own certificate's issuer (itself) and serial number.
pub(super) fn authority_key_identifier(
    key: &[u8],
    name_levels: &[(u64, &str)],
    serial: &[u8],
) -> CustomExtension {
    let parts = [
        object(0x80, &[key]),
        object(0xA1, &[&directory_name(name_levels)]),
        object(0x82, &[serial]),
    ];
    let parts = parts.each_ref().map(Vec::as_slice);
    CustomExtension::from_oid_content(&[2, 5, 29, 35], sequence(&parts))
}

pub(super) fn subject_alternative_name() -> CustomExtension {
    CustomExtension::from_oid_content(&[2, 5, 29, 17], service())
}

pub(super) fn issuer_alternative_name() -> CustomExtension {
    CustomExtension::from_oid_content(&[2, 5, 29, 18], service())
}

/// A name in a directory, and no address: real ones can't be fetched either.
pub(super) fn crl_distribution_point(organization: &str, point: &str) -> CustomExtension {
    let levels = [
        (COUNTRY, "JP"),
        (ORGANIZATION, organization),
        (UNIT, "CRL Distribution Points"),
        (UNIT, "Tokyo-to"),
        (COMMON_NAME, point),
    ];
    let full_name = object(0xA0, &[&directory_name(&levels)]);
    let point = sequence(&[&object(0xA0, &[&full_name])]);
    CustomExtension::from_oid_content(&[2, 5, 29, 31], sequence(&[&point]))
}

/// Where an OCSP responder would be.
pub(super) fn responder(address: &str) -> CustomExtension {
    let ocsp = identifier(&[1, 3, 6, 1, 5, 5, 7, 48, 1]);
    let access = sequence(&[&ocsp, &object(0x86, &[address.as_bytes()])]);
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], sequence(&[&access]))
}

/// The certificate's policy, with the address of the practice statement.
pub(super) fn policy(oid: &[u64]) -> CustomExtension {
    let statement = object(0x16, &[b"http://www.jpki.go.jp/cps.html"]);
    let qualifier = sequence(&[&identifier(&[1, 3, 6, 1, 5, 5, 7, 2, 1]), &statement]);
    let policy = sequence(&[&identifier(oid), &sequence(&[&qualifier])]);
    critical(&[2, 5, 29, 32], sequence(&[&policy]))
}

/// Under the arc for examples (RFC 7299).
pub(super) fn unknown_critical() -> CustomExtension {
    critical(&[1, 3, 6, 1, 4, 1, 32_473, 1], object(0x05, &[]))
}
