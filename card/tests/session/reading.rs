//! Cards of every kind and habit, by tables.

use std::num::NonZeroU8;

use card::jpki::{CardKind, File, Limits, Malformed, PhoneKind, ReadError, Stage};
use card::status_word::StatusWord;
use card::virtual_card::{Habits, Profile, TokenLabel, VirtualCard, atr};

use crate::support::{WIDE, card_in_use, certificate, object, read, read_from};

fn with_habits(habits: Habits) -> Profile {
    Profile {
        habits,
        ..card_in_use()
    }
}

#[test]
fn a_card_is_read_with_its_ca_or_without() {
    let profile = card_in_use();
    assert_eq!(
        profile.certificate.len(),
        1590,
        "as on the cards that were seen"
    );
    assert_eq!(profile.ca_certificate.len(), 1333);
    for (with_ca, commands) in [(false, 11), (true, 18)] {
        let outcome = read(Limits { chunk: 0, with_ca }, profile.clone());
        let card = outcome.result.unwrap();
        assert_eq!(card.kind, CardKind::MyNumberCard);
        assert_eq!(card.certificate.as_der(), profile.certificate);
        let ca = card.ca_certificate.map(|ca| ca.into_der());
        assert_eq!(ca, with_ca.then(|| profile.ca_certificate.clone()));
        assert_eq!(outcome.commands.len(), commands);
    }
}

#[test]
fn a_reading_sends_these_bytes() {
    let profile = Profile::my_number_card(certificate(1, 300), certificate(2, 10));
    let expected: [&[u8]; 8] = [
        b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
        b"\x00\xA4\x02\x0C\x02\x00\x06",
        b"\x00\xB0\x00\x00\x20",
        b"\x00\xA4\x02\x0C\x02\x00\x0A",
        b"\x00\xB0\x00\x00\x00",
        b"\x00\xB0\x01\x00\x3C",
        b"\x00\xA4\x02\x0C\x02\x00\x0B",
        b"\x00\xB0\x00\x00\x00",
    ];
    assert_eq!(read(WIDE, profile).commands, expected);
}

#[test]
fn every_chunk_reads_the_same() {
    let profile = card_in_use();
    for chunk in 0..=255 {
        let limits = Limits {
            chunk,
            with_ca: true,
        };
        let outcome = read(limits, profile.clone());
        let card = outcome.result.unwrap();
        assert_eq!(card.certificate.as_der(), profile.certificate, "{chunk}");
        let ca = card.ca_certificate.map(|ca| ca.into_der());
        assert_eq!(ca.as_ref(), Some(&profile.ca_certificate), "{chunk}");
        let most = if chunk == 0 { 256 } else { usize::from(chunk) };
        for command in outcome.commands.iter().filter(|c| c[1] != 0xA4) {
            let asked = if command[4] == 0 {
                256
            } else {
                usize::from(command[4])
            };
            assert!(asked <= most, "{chunk}: {command:02X?}");
        }
    }
}

#[test]
fn no_habit_changes_what_is_read() {
    let habits = Habits::default();
    let table = [
        Habits {
            first_fails: true,
            ..habits
        },
        Habits {
            filler: 64,
            ..habits
        },
        Habits {
            filler: 1,
            ..habits
        },
        Habits {
            longest_answer: NonZeroU8::new(1),
            ..habits
        },
        Habits {
            longest_answer: NonZeroU8::new(100),
            ..habits
        },
        Habits {
            wants_get_response: true,
            ..habits
        },
        Habits {
            insists_on_length: true,
            ..habits
        },
        Habits {
            warns_at_end: true,
            ..habits
        },
        Habits {
            first_fails: true,
            filler: 300,
            longest_answer: NonZeroU8::new(7),
            wants_get_response: true,
            insists_on_length: true,
            warns_at_end: true,
        },
    ];
    for habits in table {
        for chunk in [0, 1, 3, 128, 0xF0] {
            // The second card's CA certificate is shorter than what is asked for first.
            for profile in [
                with_habits(habits),
                Profile {
                    habits,
                    ..Profile::my_number_card(certificate(3, 119), certificate(4, 9))
                },
            ] {
                let limits = Limits {
                    chunk,
                    with_ca: true,
                };
                let card = read(limits, profile.clone()).result;
                let card = card.unwrap_or_else(|error| panic!("{habits:?} {chunk}: {error}"));
                assert_eq!(card.certificate.as_der(), profile.certificate);
                let ca = card.ca_certificate.map(|ca| ca.into_der());
                assert_eq!(ca, Some(profile.ca_certificate));
            }
        }
    }
}

#[test]
fn other_cards_are_told_apart() {
    let labelled = |token, atr: &[u8]| Profile {
        token: Some(token),
        atr: atr.to_vec(),
        ..card_in_use()
    };
    let table = [
        (Profile::driving_licence(), ReadError::NotAMyNumberCard),
        (
            labelled(TokenLabel::JukiCard, &atr::JUKI_CARD),
            ReadError::JukiCard,
        ),
        (
            labelled(TokenLabel::Android, &atr::MY_NUMBER_CARD),
            ReadError::Phone(PhoneKind::Android),
        ),
        (
            labelled(TokenLabel::Iphone, &atr::MY_NUMBER_CARD),
            ReadError::Phone(PhoneKind::Iphone),
        ),
        (
            labelled(TokenLabel::Unknown, &atr::MY_NUMBER_CARD_CONTACTS),
            ReadError::UnknownToken,
        ),
    ];
    for (profile, expected) in table {
        assert_eq!(read(WIDE, profile).result, Err(expected));
    }
}

#[test]
fn a_card_without_certificate_says_so() {
    let without = Profile {
        certificate: Vec::new(),
        ..card_in_use()
    };
    assert_eq!(
        read(WIDE, without.clone()).result,
        Err(ReadError::NoCertificate)
    );
    let zeros = Profile {
        certificate: vec![0; 16],
        ..without.clone()
    };
    assert_eq!(read(WIDE, zeros).result, Err(ReadError::NoCertificate));
    let erased = Profile {
        habits: Habits {
            filler: 1600,
            ..Habits::default()
        },
        ..without
    };
    assert_eq!(read(WIDE, erased).result, Err(ReadError::NoCertificate));
}

#[test]
fn what_is_no_certificate_is_refused() {
    let reading = Stage::ReadFile(File::Certificate);
    let whole = certificate(9, 700);
    let table = [
        // The end is missing.
        (
            whole[..whole.len() - 1].to_vec(),
            Malformed::EndsEarly(whole.len() - 1),
        ),
        (whole[..3].to_vec(), Malformed::EndsEarly(3)),
        // Longer than any.
        (
            certificate(9, 4096),
            Malformed::TooLong(certificate(9, 4096).len()),
        ),
    ];
    for (certificate, reason) in table {
        let profile = Profile {
            certificate,
            ..card_in_use()
        };
        let error = ReadError::Malformed {
            stage: reading,
            reason,
        };
        assert_eq!(read(WIDE, profile).result, Err(error));
    }
    for certificate in [
        object(0x31, &[0; 20]),
        object(0x30, &[]),
        object(0x30, &object(0x30, &[1, 2])),
        vec![0x30, 0x80, 0, 0],
        vec![0x30, 0x83, 0, 1, 0],
        vec![0x30, 0x81, 0x05, 1, 2, 3, 4, 5],
    ] {
        let profile = Profile {
            certificate: certificate.clone(),
            ..card_in_use()
        };
        let result = read(WIDE, profile).result;
        assert!(
            matches!(
                result,
                Err(ReadError::Malformed { stage, reason: Malformed::NotACertificate(_) })
                    if stage == reading
            ),
            "{certificate:02X?}: {result:?}"
        );
    }
}

/// Each command of a reading in turn is refused with each status word.
#[test]
fn every_refusal_has_a_name() {
    let stages = [
        (0, Stage::SelectApplication),
        (1, Stage::SelectFile(File::TokenInformation)),
        (2, Stage::ReadFile(File::TokenInformation)),
        (3, Stage::SelectFile(File::Certificate)),
        (4, Stage::ReadFile(File::Certificate)),
        (10, Stage::ReadFile(File::Certificate)),
        (11, Stage::SelectFile(File::CaCertificate)),
        (12, Stage::ReadFile(File::CaCertificate)),
    ];
    // Status words begin with 6 or 9; of the others a few.
    let words: Vec<u16> = (0x6000..=0x6FFF)
        .chain((0..=u16::MAX).step_by(97))
        .collect();
    for (place, stage) in stages {
        for word in words.clone() {
            // Not refusals.
            if matches!(word, 0x9000 | 0x6282 | 0x6100..=0x61FF | 0x6C00..=0x6CFF) {
                continue;
            }
            let mut card = VirtualCard::new(card_in_use());
            let mut count = 0;
            let outcome = read_from(WIDE, |command| {
                count += 1;
                // From there on: `6F00` to the first command is asked about once more.
                if count > place {
                    return word.to_be_bytes().to_vec();
                }
                card.transmit(command)
            });
            let expected = match (stage, word) {
                (Stage::SelectApplication, 0x6A82 | 0x6D00 | 0x6E00) => ReadError::NotAMyNumberCard,
                (Stage::SelectFile(File::Certificate), 0x6A82) => ReadError::NoCertificate,
                (Stage::ReadFile(File::Certificate), 0x6B00) if place == 4 => {
                    ReadError::NoCertificate
                }
                (Stage::ReadFile(_), 0x6B00) => ReadError::Malformed {
                    stage,
                    reason: Malformed::EndsEarly(if place == 10 { 1536 } else { 0 }),
                },
                (stage, word) => ReadError::Unreadable {
                    stage,
                    status_word: StatusWord::from(word),
                },
            };
            assert_eq!(outcome.result, Err(expected), "{place} {word:04X}");
            let retried = usize::from(place == 0 && word == 0x6F00);
            assert_eq!(outcome.commands.len(), place + 1 + retried);
        }
    }
}

#[test]
fn cards_that_go_in_circles_are_left() {
    let reading = Stage::ReadFile(File::TokenInformation);
    let malformed = |reason| ReadError::Malformed {
        stage: reading,
        reason,
    };
    let refused = |word| ReadError::Unreadable {
        stage: reading,
        status_word: StatusWord::from(word),
    };
    let table: [(&[u8], ReadError); 8] = [
        (&[], malformed(Malformed::NoStatusWord)),
        (&[0x90], malformed(Malformed::NoStatusWord)),
        (&[0x90, 0x00], malformed(Malformed::EndsEarly(0))),
        (&[0x61, 0x10], malformed(Malformed::NoProgress)),
        // The length that was asked for, more than that, and less again and again.
        (&[0x6C, 0x20], refused(0x6C20)),
        (&[0x6C, 0x00], refused(0x6C00)),
        (&[0x6C, 0x1F], refused(0x6C1F)),
        (&[7; 35], malformed(Malformed::MoreThanAsked)),
    ];
    for (answer, expected) in table {
        let mut card = VirtualCard::new(card_in_use());
        let outcome = read_from(WIDE, |command| match command[1] {
            0xA4 => card.transmit(command),
            _ if answer == [7; 35] => [answer, &[0x90, 0x00]].concat(),
            _ => answer.to_vec(),
        });
        assert_eq!(outcome.result, Err(expected), "{answer:02X?}");
        assert!(outcome.commands.len() <= 5, "{answer:02X?}");
    }
}

#[test]
fn a_reading_costs_no_try_of_any_pin() {
    let mut card = VirtualCard::new(card_in_use());
    read_from(WIDE, |command| card.transmit(command))
        .result
        .unwrap();
    let select = |identifier| [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, identifier];
    let count = [0x00, 0x20, 0x00, 0x80];
    for (identifier, tries) in [(0x18, [0x63, 0xC3]), (0x1B, [0x63, 0xC5])] {
        assert_eq!(card.transmit(&select(identifier)), [0x90, 0x00]);
        assert_eq!(card.transmit(&count), tries);
    }
}

#[test]
fn nothing_of_a_certificate_is_in_debug_output() {
    let card = read(WIDE, card_in_use()).result.unwrap();
    let text = format!("{card:?}");
    assert!(text.contains("masked") && !text.contains("90"), "{text}");
}
