//! The virtual card on a real PC/SC stack, read by `OpenSC`, which knows nothing of this
//! project. Needs pcscd, vpcd and `OpenSC`: `cargo xtask setup` installs them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use card::demo::DemoCard;
use card::test_pki::{Authority, AuthoritySpec, Class, Hierarchy, HolderSpec, TestKey};
use card::virtual_card::{Habits, Profile, VirtualCard, atr};
use tests::pcsc::Pcscd;
use tests::vpcd::Manner;

/// Runs a client of the service to its end; what it says, and whether it was content.
fn run(service: &Pcscd, program: &str, arguments: &[&str]) -> (String, bool) {
    let output = service.client(program).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (said, output.status.success())
}

/// Waits until the reader shows a card, or shows none.
fn wait_for_card(service: &Pcscd, is_there: bool) {
    let started = Instant::now();
    loop {
        let (said, _) = run(service, "opensc-tool", &["--list-readers"]);
        let first = said
            .lines()
            .find(|line| line.starts_with('0'))
            .unwrap_or_default();
        if !first.is_empty() && first.contains("Yes") == is_there {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{said}");
    }
}

/// A card's certificate as `OpenSC` reads it, by its identifier there.
fn read_certificate(service: &Pcscd, id: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pem");
    let arguments = ["--read-certificate", id, "--output", file.to_str().unwrap()];
    let (said, is_content) = run(service, "pkcs15-tool", &arguments);
    assert!(is_content, "{said}");
    let text = fs::read_to_string(file).unwrap();
    pem(&text)
}

/// The bytes in a PEM file of one object.
fn pem(text: &str) -> Vec<u8> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    BASE64_STANDARD.decode(lines.collect::<String>()).unwrap()
}

/// A card whose chain was made just now, from serial numbers of this run.
fn fresh_profile() -> (Profile, String) {
    let run = 0x5A_0000_0000 | u64::from(std::process::id());
    let serial = &run.to_be_bytes()[3..];
    let authority = Authority::new(&AuthoritySpec {
        hierarchy: Hierarchy::Test,
        class: Class::UserAuthentication,
        key: TestKey::OtherAuthority,
        serial: &[0x21, 0x88, 0x87],
        not_before: (2023, 1, 1),
        not_after: (2033, 1, 1),
    })
    .unwrap();
    let certificate = authority.issue(&HolderSpec {
        serial,
        common_name: "TEST000000000113101003A",
        not_before: (2025, 10, 27),
        not_after: (2030, 2, 17),
        flaw: None,
    });
    let ca_certificate = authority.certificate().to_vec();
    let profile = Profile::my_number_card(certificate.unwrap(), ca_certificate);
    (profile, format!("{run:X}"))
}

#[test]
fn opensc_takes_it_for_a_my_number_card() {
    let service = Pcscd::start().unwrap();
    for atr in [
        atr::MY_NUMBER_CARD.as_slice(),
        &atr::MY_NUMBER_CARD_CONTACTS,
    ] {
        let (profile, _) = fresh_profile();
        let profile = Profile {
            atr: atr.to_vec(),
            ..profile
        };
        let card = service.insert(VirtualCard::new(profile)).unwrap();
        wait_for_card(&service, true);
        let (said, is_content) = run(&service, "opensc-tool", &["--name"]);
        assert!(is_content, "{said}");
        assert!(said.lines().any(|line| line == "jpki"), "{said}");
        card.pull().unwrap();
        wait_for_card(&service, false);
    }
}

#[test]
fn opensc_reads_the_certificates_that_are_on_it() {
    let service = Pcscd::start().unwrap();
    let (fresh, serial) = fresh_profile();
    let filled = Profile {
        habits: Habits {
            filler: 64,
            ..Habits::default()
        },
        ..fresh.clone()
    };
    let demo = DemoCard::ALL.map(DemoCard::profile);
    for profile in [fresh.clone(), filled].into_iter().chain(demo) {
        let card = VirtualCard::new(profile.clone());
        let card = service.insert(card).unwrap();
        wait_for_card(&service, true);
        let read = [
            read_certificate(&service, "01"),
            read_certificate(&service, "03"),
        ];
        assert!(read == [profile.certificate, profile.ca_certificate]);
        card.pull().unwrap();
        wait_for_card(&service, false);
    }
    let _card = service.insert(VirtualCard::new(fresh)).unwrap();
    wait_for_card(&service, true);
    let (said, is_content) = run(&service, "pkcs15-tool", &["--dump"]);
    assert!(is_content, "{said}");
    for expected in ["JPKI", &serial, "Tries left     : 3", "Tries left     : 5"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn a_driving_licence_is_none() {
    let service = Pcscd::start().unwrap();
    let card = VirtualCard::new(Profile::driving_licence());
    let _card = service.insert(card).unwrap();
    wait_for_card(&service, true);
    let (said, _) = run(&service, "opensc-tool", &["--name"]);
    assert!(!said.contains("jpki"), "{said}");
}

#[test]
fn a_card_can_go_in_the_middle_and_come_back() {
    let service = Pcscd::start().unwrap();
    let (profile, _) = fresh_profile();
    for answered in [0, 1, 4, 8] {
        let manner = Manner {
            is_gone_after: Some(answered),
            ..Manner::default()
        };
        let card = VirtualCard::new(profile.clone());
        let mut card = service.insert_with(card, manner).unwrap();
        wait_for_card(&service, true);
        let (said, is_content) = run(&service, "pkcs15-tool", &["--read-certificate", "01"]);
        assert!(!is_content, "{answered}: {said}");
        card.wait().unwrap();
        wait_for_card(&service, false);
    }
    let _card = service.insert(VirtualCard::new(profile.clone())).unwrap();
    wait_for_card(&service, true);
    assert!(read_certificate(&service, "01") == profile.certificate);
}

#[test]
fn a_killed_service_comes_back_on_the_same_socket() {
    let mut service = Pcscd::start().unwrap();
    let (profile, _) = fresh_profile();
    let mut card = service.insert(VirtualCard::new(profile.clone())).unwrap();
    wait_for_card(&service, true);
    service.kill().unwrap();
    card.wait().unwrap();
    assert!(!run(&service, "opensc-tool", &["--name"]).1);
    service.start_service().unwrap();
    let _card = service.insert(VirtualCard::new(profile)).unwrap();
    wait_for_card(&service, true);
    assert!(run(&service, "opensc-tool", &["--name"]).0.contains("jpki"));
}
