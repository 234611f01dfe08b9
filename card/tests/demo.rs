//! The demo cards' files are what their description makes, and have the shape of real ones.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::PathBuf;

use card::demo::{self, DemoCard};
use card::test_pki::{Authority, AuthoritySpec, Class, Date, Flaw, Hierarchy, HolderSpec, TestKey};
use x509_parser::prelude::*;

const ROOT: AuthoritySpec<'_> = AuthoritySpec {
    hierarchy: Hierarchy::Demo,
    class: Class::UserAuthentication,
    key: TestKey::Authority,
    serial: &[0x3D, 0x00, 0x00],
    not_before: (2015, 1, 1),
    not_after: (2069, 12, 31),
};

fn spec(card: DemoCard) -> HolderSpec<'static> {
    let (serial, common_name, not_before, not_after): (&[u8], _, Date, Date) = match card {
        DemoCard::Valid => (
            &[0x3D, 0x00, 0x01],
            "DEMO000000000113101003A",
            (2025, 4, 1),
            (2069, 4, 1),
        ),
        DemoCard::Expired => (
            &[0x3D, 0x00, 0x02],
            "DEMO000000000213101003A",
            (2016, 6, 1),
            (2021, 6, 1),
        ),
        DemoCard::NotLinked => (
            &[0x3D, 0x00, 0x03],
            "DEMO000000000313101003A",
            (2025, 4, 1),
            (2069, 4, 1),
        ),
    };
    HolderSpec {
        serial,
        common_name,
        not_before,
        not_after,
        flaw: None,
    }
}

fn parse(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate
}

#[test]
fn the_files_are_what_is_described() {
    let root = Authority::new(&ROOT).unwrap();
    let name = |card| match card {
        DemoCard::Valid => "valid",
        DemoCard::Expired => "expired",
        DemoCard::NotLinked => "not-linked",
    };
    let cards = DemoCard::ALL.map(|card| {
        let made = root.issue(&spec(card)).unwrap();
        (name(card), made, card.certificate())
    });
    let files = [("root", root.certificate().to_vec(), demo::ROOT)]
        .into_iter()
        .chain(cards);
    for (name, made, kept) in files {
        if std::env::var_os("SHIKAKU_WRITE_DEMO_CARDS").is_some() {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/demo");
            fs::write(folder.join(name).with_extension("der"), &made).unwrap();
        } else {
            assert!(made == kept, "{name}.der is not what is described");
        }
    }
}

#[test]
fn certificates_have_the_shape_of_real_ones() {
    let root = parse(demo::ROOT);
    root.verify_signature(None).unwrap();
    let authority = "C=JP, O=JPKI-DEMO, OU=JPKI for user authentication, \
                     OU=Japan Agency for Local Authority Information Systems";
    assert_eq!(root.subject().to_string(), authority);
    assert!(root.is_ca());
    assert!(root.key_usage().unwrap().unwrap().value.key_cert_sign());
    for card in DemoCard::ALL {
        let certificate = parse(card.certificate());
        certificate
            .verify_signature(Some(root.public_key()))
            .unwrap();
        assert_eq!(certificate.issuer().as_raw(), root.subject().as_raw());
        assert_eq!(certificate.version(), X509Version::V3);
        assert!(!certificate.is_ca());
        let serial = certificate.serial.to_str_radix(16).to_uppercase();
        assert_eq!(serial, card.serial_number());
        let usage = certificate.key_usage().unwrap().unwrap();
        assert!(usage.critical);
        assert_eq!(usage.value.flags, 1, "digitalSignature only");
        let extended = certificate.extended_key_usage().unwrap().unwrap();
        assert!(extended.value.client_auth && !extended.critical);
        assert_eq!(policies(&certificate), ["1.2.392.200149.8.5.1.0.30"]);
        let end = certificate.validity().not_after.to_datetime();
        assert_eq!((end.hour(), end.minute(), end.second()), (14, 59, 59));
        assert!(names_its_issuer(&certificate, &root));
        let length = card.certificate().len();
        assert!((1400..1600).contains(&length), "{length}");
    }
}

/// Whether the issuer is named by its key, its name and its serial number.
fn names_its_issuer(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> bool {
    let extensions = |of: &X509Certificate<'_>| -> Vec<String> {
        let parsed = of.extensions().iter().map(X509Extension::parsed_extension);
        let parsed = parsed.filter_map(|extension| match extension {
            ParsedExtension::SubjectKeyIdentifier(key) => Some(format!("{key:x}")),
            _ => None,
        });
        parsed.collect()
    };
    certificate.extensions().iter().any(|extension| {
        let ParsedExtension::AuthorityKeyIdentifier(named) = extension.parsed_extension() else {
            return false;
        };
        let key = named.key_identifier.as_ref().map(|key| format!("{key:x}"));
        let names = named.authority_cert_issuer.as_deref().unwrap_or_default();
        let [GeneralName::DirectoryName(name)] = names else {
            return false;
        };
        extensions(issuer) == key.into_iter().collect::<Vec<_>>()
            && name.as_raw() == issuer.subject().as_raw()
            && named.authority_cert_serial == Some(issuer.raw_serial())
    })
}

fn policies(certificate: &X509Certificate<'_>) -> Vec<String> {
    let policies = certificate.extensions().iter().filter_map(|extension| {
        match extension.parsed_extension() {
            ParsedExtension::CertificatePolicies(policies) => {
                assert!(extension.critical);
                Some(policies)
            }
            _ => None,
        }
    });
    let ids = policies.flat_map(|policies| policies.iter());
    ids.map(|policy| policy.policy_id.to_id_string()).collect()
}

#[test]
fn only_the_expired_card_has_expired() {
    let autumn_2026 = ASN1Time::from_timestamp(1_795_000_000).unwrap();
    for card in DemoCard::ALL {
        let certificate = parse(card.certificate());
        let is_valid = certificate.validity().is_valid_at(autumn_2026);
        assert_eq!(is_valid, card != DemoCard::Expired, "{card:?}");
    }
    assert!(parse(demo::ROOT).validity().is_valid_at(autumn_2026));
}

#[test]
fn a_name_alone_proves_nothing() {
    let other = Authority::new(&AuthoritySpec {
        key: TestKey::OtherAuthority,
        ..ROOT
    })
    .unwrap();
    let other = parse(other.certificate());
    assert_eq!(
        other.subject().as_raw(),
        parse(demo::ROOT).subject().as_raw()
    );
    let certificate = parse(DemoCard::Valid.certificate());
    assert!(
        certificate
            .verify_signature(Some(other.public_key()))
            .is_err()
    );
}

#[test]
fn flaws_are_what_they_are_called() {
    let root = Authority::new(&ROOT).unwrap();
    let issue = |flaw| {
        let spec = HolderSpec {
            flaw: Some(flaw),
            ..spec(DemoCard::Valid)
        };
        root.issue(&spec).unwrap()
    };
    let usage = |der: &[u8]| parse(der).key_usage().unwrap().unwrap().value.flags;
    let signature = issue(Flaw::SignaturePolicy);
    assert_eq!(policies(&parse(&signature)), ["1.2.392.200149.8.5.1.0.20"]);
    assert_eq!(usage(&signature), 0b11);
    assert!(policies(&parse(&issue(Flaw::NoPolicy))).is_empty());
    assert_eq!(usage(&issue(Flaw::NoDigitalSignature)) & 1, 0);
    let server = issue(Flaw::ServerAuthentication);
    let server = parse(&server);
    let purposes = server.extended_key_usage().unwrap().unwrap().value;
    assert!(purposes.server_auth && !purposes.client_auth);
    assert!(parse(&issue(Flaw::IsAuthority)).is_ca());
    let unknown = issue(Flaw::UnknownCriticalExtension);
    let is_unknown = |extension: &X509Extension<'_>| {
        extension.critical && extension.parsed_extension().unsupported()
    };
    assert!(parse(&unknown).extensions().iter().any(is_unknown));
}
