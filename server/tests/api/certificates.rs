//! Cards' certificates: which are believed, which are refused and why, and that
//! nothing made up ever is.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::demo::{self, DemoCard};
use card::test_pki::{Authority, AuthoritySpec, Class, Date, Flaw, Hierarchy, HolderSpec, TestKey};
use domain::card_presentation::{CardFailure, CardNotice};
use domain::timestamp::Timestamp;
use proptest::prelude::*;
use server::certificate::{
    NothingRevoked, RevokedSerials, Root, RootError, Verified, Verifier, load,
};

/// 2026-11-22T12:00:00 in Tokyo.
const NOW: Timestamp = Timestamp::from_unix_milliseconds(1_795_316_400_000);

fn authority(hierarchy: Hierarchy, class: Class, key: TestKey, not_after: Date) -> Authority {
    let spec = AuthoritySpec {
        hierarchy,
        class,
        key,
        serial: &[1],
        not_before: (2015, 10, 20),
        not_after,
    };
    Authority::new(&spec).unwrap()
}

fn production(key: TestKey) -> Authority {
    let class = Class::UserAuthentication;
    authority(Hierarchy::Production, class, key, (2033, 7, 15))
}

const HOLDER: HolderSpec<'_> = HolderSpec {
    serial: &[0x01, 0x33, 0xC3, 0x49],
    common_name: "ABCDEFGH12345613101003A",
    not_before: (2025, 10, 27),
    not_after: (2030, 2, 17),
    flaw: None,
};

fn verifier(authorities: &[&Authority]) -> Verifier {
    let root = |authority: &&Authority| Root::from_der(authority.certificate()).unwrap();
    Verifier::new(
        authorities.iter().map(root).collect(),
        Box::new(NothingRevoked),
    )
}

fn serial_of(verified: Result<Verified, CardFailure>) -> Result<String, CardFailure> {
    verified.map(|verified| verified.serial.as_str().to_owned())
}

#[test]
fn the_signature_tells_which_root_of_the_name_has_issued_it() {
    type Row<'a> = (&'a [&'a Authority], &'a [u8], Result<String, CardFailure>);
    let (first, second) = (
        production(TestKey::Authority),
        production(TestKey::OtherAuthority),
    );
    let by_first = first.issue(&HOLDER).unwrap();
    let by_second = second.issue(&HOLDER).unwrap();
    let believed = Ok("133C349".to_owned());
    let table: [Row<'_>; 6] = [
        (&[&first, &second], &by_first, believed.clone()),
        (&[&first, &second], &by_second, believed.clone()),
        (&[&second, &first], &by_first, believed),
        (&[&first], &by_second, Err(CardFailure::Untrusted)),
        (&[&second], &by_first, Err(CardFailure::Untrusted)),
        (&[], &by_first, Err(CardFailure::Untrusted)),
    ];
    for (number, (authorities, certificate, expected)) in table.into_iter().enumerate() {
        let verified = verifier(authorities).verify(certificate, NOW);
        assert_eq!(serial_of(verified), expected, "{number}");
    }
}

#[test]
fn what_is_not_for_user_authentication_now_is_refused() {
    let holder = |not_before, not_after, flaw| HolderSpec {
        not_before,
        not_after,
        flaw,
        ..HOLDER
    };
    let good = ((2025, 10, 27), (2030, 2, 17));
    let flawed = |flaw| holder(good.0, good.1, Some(flaw));
    let table = [
        (flawed(Flaw::SignaturePolicy), CardFailure::WrongClass),
        (flawed(Flaw::NoPolicy), CardFailure::WrongClass),
        (flawed(Flaw::NoDigitalSignature), CardFailure::WrongClass),
        (flawed(Flaw::ServerAuthentication), CardFailure::WrongClass),
        (flawed(Flaw::IsAuthority), CardFailure::WrongClass),
        (
            flawed(Flaw::UnknownCriticalExtension),
            CardFailure::WrongClass,
        ),
        (
            holder((2021, 1, 1), (2026, 11, 21), None),
            CardFailure::Expired,
        ),
        (
            holder((2026, 11, 23), (2030, 2, 17), None),
            CardFailure::NotYetValid,
        ),
    ];
    let authority = production(TestKey::Authority);
    let verifier = verifier(&[&authority]);
    for (spec, failure) in table {
        let certificate = authority.issue(&spec).unwrap();
        assert_eq!(verifier.verify(&certificate, NOW), Err(failure), "{spec:?}");
    }
    let card = authority.issue(&HOLDER).unwrap();
    for (bytes, failure) in [
        (Vec::new(), CardFailure::Unreadable),
        (b"hello".to_vec(), CardFailure::Unreadable),
        ([card.as_slice(), &[0]].concat(), CardFailure::Unreadable),
        (vec![0x30; 9000], CardFailure::Unreadable),
        (authority.certificate().to_vec(), CardFailure::WrongClass),
    ] {
        assert_eq!(
            verifier.verify(&bytes, NOW),
            Err(failure),
            "{}",
            bytes.len()
        );
    }
}

#[test]
fn other_hierarchies_and_classes_are_not_this_one() {
    let of = |hierarchy, class| authority(hierarchy, class, TestKey::Authority, (2033, 7, 15));
    let production = of(Hierarchy::Production, Class::UserAuthentication);
    let test = of(Hierarchy::Test, Class::UserAuthentication);
    let signing = of(Hierarchy::Production, Class::Signature);
    let table: [(&[&Authority], &Authority, Option<CardFailure>); 6] = [
        (&[&production], &test, Some(CardFailure::Untrusted)),
        (&[&production, &test], &test, None),
        (&[&test], &production, Some(CardFailure::Untrusted)),
        (&[&production], &signing, Some(CardFailure::WrongClass)),
        (
            &[&production, &signing],
            &signing,
            Some(CardFailure::WrongClass),
        ),
        (&[], &signing, Some(CardFailure::WrongClass)),
    ];
    for (number, (authorities, issuer, failure)) in table.into_iter().enumerate() {
        let certificate = issuer.issue(&HOLDER).unwrap();
        let verified = verifier(authorities).verify(&certificate, NOW);
        assert_eq!(verified.err(), failure, "{number}");
    }
}

/// A root's time counts too, and the card's own end is said first.
#[test]
fn a_root_whose_time_is_over_is_believed_no_more() {
    let class = Class::UserAuthentication;
    let over = authority(
        Hierarchy::Production,
        class,
        TestKey::Authority,
        (2025, 10, 19),
    );
    let verifier = verifier(&[&over]);
    let card = over.issue(&HOLDER).unwrap();
    assert_eq!(verifier.verify(&card, NOW), Err(CardFailure::Untrusted));
    let expired = HolderSpec {
        not_before: (2020, 1, 1),
        not_after: (2025, 1, 1),
        ..HOLDER
    };
    let card = over.issue(&expired).unwrap();
    assert_eq!(verifier.verify(&card, NOW), Err(CardFailure::Expired));
}

#[test]
fn an_end_within_three_months_is_told_with_the_last_day_in_tokyo() {
    let authority = production(TestKey::Authority);
    let verifier = verifier(&[&authority]);
    for (not_after, is_told) in [
        ((2026, 11, 22), true),
        ((2027, 2, 22), true),
        ((2027, 2, 23), false),
    ] {
        let spec = HolderSpec {
            not_after,
            ..HOLDER
        };
        let verified = verifier
            .verify(&authority.issue(&spec).unwrap(), NOW)
            .unwrap();
        let (year, month, day) = not_after;
        let last = domain::date::Date::new(year, month, day).unwrap();
        let notice = is_told.then_some(CardNotice::ExpiresSoon(last));
        assert_eq!(verified.notice, notice, "{not_after:?}");
        assert!(!format!("{verified:?}").contains("133C349"));
    }
}

#[test]
fn a_revoked_certificate_is_refused_from_the_moment_that_its_file_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revoked");
    fs::write(&path, "# nothing\n").unwrap();
    let authority = production(TestKey::Authority);
    let roots = vec![Root::from_der(authority.certificate()).unwrap()];
    let verifier = Verifier::new(roots, Box::new(RevokedSerials::load(&path).unwrap()));
    let card = authority.issue(&HOLDER).unwrap();
    assert!(verifier.verify(&card, NOW).is_ok());
    fs::write(&path, "0133c349\n").unwrap();
    assert_eq!(verifier.verify(&card, NOW), Err(CardFailure::Revoked));
}

#[test]
fn the_demo_believes_its_three_cards_and_nobody_else_does() {
    assert_eq!(include_bytes!("../../src/demo/jpki-root.der"), demo::ROOT);
    let verifier = Verifier::of_demo();
    let of = |card: DemoCard| serial_of(verifier.verify(card.certificate(), NOW));
    let believed = |card: DemoCard| Ok(card.serial_number().to_owned());
    assert_eq!(of(DemoCard::Valid), believed(DemoCard::Valid));
    assert_eq!(of(DemoCard::Expired), Err(CardFailure::Expired));
    assert_eq!(of(DemoCard::NotLinked), believed(DemoCard::NotLinked));
    let real = production(TestKey::Authority);
    let real = real.issue(&HOLDER).unwrap();
    assert_eq!(verifier.verify(&real, NOW), Err(CardFailure::Untrusted));
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "subject: somebody\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

#[test]
fn a_directory_of_roots_has_roots_only() {
    type Check = fn(&RootError) -> bool;
    type Row<'a> = (&'a str, &'a [u8], bool, Result<usize, Check>);
    let first = production(TestKey::Authority);
    let second = production(TestKey::OtherAuthority);
    let test = authority(
        Hierarchy::Test,
        Class::UserAuthentication,
        TestKey::Authority,
        (2033, 3, 1),
    );
    let leaf = first.issue(&HOLDER).unwrap();
    let both = [pem(first.certificate()), pem(second.certificate())].concat();
    let damaged = both.replacen("MI", "!!", 1);
    let not_a_root: Check = |error| matches!(error, RootError::NotARoot(_));
    let table: [Row<'_>; 10] = [
        ("a.der", first.certificate(), false, Ok(1)),
        ("a.CER", first.certificate(), false, Ok(1)),
        ("a.pem", both.as_bytes(), false, Ok(2)),
        ("a.pem", damaged.as_bytes(), false, Err(not_a_root)),
        ("a.crt", b"", false, Err(not_a_root)),
        ("a.der", &leaf, false, Err(not_a_root)),
        (
            "a.der",
            test.certificate(),
            false,
            Err(|error| matches!(error, RootError::Test(_))),
        ),
        ("a.der", test.certificate(), true, Ok(1)),
        (
            "a.der",
            demo::ROOT,
            true,
            Err(|error| matches!(error, RootError::Demo(_))),
        ),
        (
            "README",
            b"about these",
            false,
            Err(|error| matches!(error, RootError::None(_))),
        ),
    ];
    for (number, (name, content, with_test, expected)) in table.into_iter().enumerate() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(name), content).unwrap();
        match (load(directory.path(), with_test), expected) {
            (Ok(roots), Ok(count)) => assert_eq!(roots.len(), count, "{number}"),
            (Err(error), Err(check)) => assert!(check(&error), "{number}: {error}"),
            (loaded, _) => panic!("{number}: {:?}", loaded.map(|roots| roots.len())),
        }
    }
    assert!(matches!(
        load(Path::new("/no/such/directory"), false),
        Err(RootError::File { .. })
    ));
}

/// A verifier, and a card that it believes.
static GOOD: LazyLock<(Verifier, Vec<u8>)> = LazyLock::new(|| {
    let authority = production(TestKey::Authority);
    (verifier(&[&authority]), authority.issue(&HOLDER).unwrap())
});

#[test]
fn no_bit_of_a_certificate_can_be_changed() {
    let (verifier, good) = &*GOOD;
    assert!(verifier.verify(good, NOW).is_ok());
    for position in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[position] ^= 1 << bit;
            assert!(verifier.verify(&changed, NOW).is_err(), "{position} {bit}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_made_up_is_believed(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(GOOD.0.verify(&bytes, NOW).is_err());
        let mut like_a_certificate = vec![0x30, 0x82];
        like_a_certificate.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
        like_a_certificate.extend(&bytes);
        prop_assert!(GOOD.0.verify(&like_a_certificate, NOW).is_err());
    }

    #[test]
    fn nothing_changed_is_believed(
        position in any::<prop::sample::Index>(),
        length in 0_usize..40,
        replacement in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let (verifier, good) = &*GOOD;
        let start = position.index(good.len());
        let end = (start + length).min(good.len());
        let changed = [&good[..start], &replacement, &good[end..]].concat();
        prop_assume!(changed != *good);
        prop_assert!(verifier.verify(&changed, NOW).is_err());
    }

    /// The lengths around what was put in are made to fit, so that it is parsed.
    #[test]
    fn nothing_added_at_the_end_is_believed(added in prop::collection::vec(any::<u8>(), 1..40)) {
        let (verifier, good) = &*GOOD;
        let mut changed = [good.as_slice(), &added].concat();
        let length = u16::try_from(changed.len() - 4).unwrap();
        changed[2..4].copy_from_slice(&length.to_be_bytes());
        prop_assert!(verifier.verify(&changed, NOW).is_err());
    }
}
