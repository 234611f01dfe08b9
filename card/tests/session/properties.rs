//! Properties of a reading, whatever the card answers: it ends, it never panics, it asks for
//! nothing but what it may, and it is right or says that it is not.

use card::apdu::Instruction;
use card::jpki::{Limits, ReadError};
use card::status_word::StatusWord;
use card::virtual_card::{Habits, Profile, VirtualCard};
use card::{der, jpki::APPLICATION};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{certificate, read, read_from};

/// The most commands that any card can draw from a reading: two for each byte of two
/// certificates and a label, and a few.
const MOST_COMMANDS: usize = 2 * 3 * (4096 + 256) + 64;

fn limits() -> impl Strategy<Value = Limits> {
    (any::<u8>(), any::<bool>()).prop_map(|(chunk, with_ca)| Limits { chunk, with_ca })
}

fn habits() -> impl Strategy<Value = Habits> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let sizes = (0..400_usize, any::<u8>());
    (flags, sizes).prop_map(|((a, b, c, d), (filler, longest))| Habits {
        first_fails: a,
        filler,
        longest_answer: longest.try_into().ok(),
        wants_get_response: b,
        insists_on_length: c,
        warns_at_end: d,
    })
}

/// An answer that could come from a card: data of any kind and a status word, often a
/// likely one.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let likely = prop_oneof![
        4 => Just(0x9000_u16),
        1 => Just(0x6282),
        1 => Just(0x6F00),
        2 => 0x6100..=0x61FF_u16,
        2 => 0x6C00..=0x6CFF_u16,
        1 => any::<u16>(),
    ];
    let label = || {
        let mut label = [b' '; 32];
        label[..15].copy_from_slice(b"JPKIAPICCTOKEN2");
        label.to_vec()
    };
    let data = prop_oneof![
        3 => Just(Vec::new()),
        2 => Just(label()),
        2 => vec(any::<u8>(), 0..260),
        2 => (any::<u8>(), 0..240_usize).prop_map(|(seed, length)| certificate(seed, length)),
    ];
    let whole = (data, likely).prop_map(|(mut data, word)| {
        data.extend(word.to_be_bytes());
        data
    });
    prop_oneof![20 => whole, 1 => vec(any::<u8>(), 0..3)]
}

/// What a reading may ever send: never VERIFY (20), never a signature (2A), never EF 0001.
fn check_command(command: &[u8]) {
    assert_eq!(command[0], 0x00, "{command:02X?}");
    let instructions = Instruction::ALL.map(Instruction::byte);
    assert_eq!(instructions, [0xA4, 0xB0, 0xC0]);
    assert!(instructions.contains(&command[1]), "{command:02X?}");
    match command {
        [0x00, 0xA4, 0x04, 0x0C, 0x0A, name @ ..] => assert_eq!(name, APPLICATION),
        // The highest bit of P1 of READ BINARY would choose another file.
        [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x06 | 0x0A | 0x0B]
        | [0x00, 0xB0, ..=0x7F, _, _]
        | [0x00, 0xC0, 0x00, 0x00, _] => {}
        other => panic!("{other:02X?}"),
    }
}

proptest! {
    #[test]
    fn whatever_is_answered_only_three_instructions_are_sent(
        limits in limits(),
        script in vec(answers(), 1..60),
    ) {
        let mut script = script.into_iter().cycle();
        let outcome = read_from(limits, |command| {
            check_command(command);
            script.next().unwrap()
        });
        prop_assert!(outcome.commands.len() <= MOST_COMMANDS);
    }

    #[test]
    fn every_card_is_read_as_it_is(
        limits in limits(),
        habits in habits(),
        lengths in (0..3000_usize, 0..3000_usize),
    ) {
        let profile = Profile {
            habits,
            ..Profile::my_number_card(certificate(1, lengths.0), certificate(2, lengths.1))
        };
        let outcome = read(limits, profile.clone());
        outcome.commands.iter().for_each(|command| check_command(command));
        let card = outcome.result.unwrap();
        prop_assert_eq!(card.certificate.as_der(), profile.certificate);
        let ca = card.ca_certificate.map(|ca| ca.into_der());
        prop_assert_eq!(ca, limits.with_ca.then_some(profile.ca_certificate));
    }

    #[test]
    fn a_cut_answer_is_never_taken_for_a_whole_one(
        limits in limits(),
        habits in habits(),
        place in 0..40_usize,
        cut in 1..300_usize,
    ) {
        let profile = Profile {
            habits,
            ..Profile::my_number_card(certificate(1, 600), certificate(2, 600))
        };
        let mut card = VirtualCard::new(profile.clone());
        let mut count = 0;
        let outcome = read_from(limits, |command| {
            count += 1;
            let mut answer = card.transmit(command);
            if count == place + 1 {
                answer.truncate(answer.len().saturating_sub(cut));
            }
            answer
        });
        // What is left may end like a status word by chance; it is still not a certificate.
        if let Ok(card) = outcome.result {
            prop_assert_eq!(card.certificate.as_der(), profile.certificate);
        }
    }

    #[test]
    fn a_flipped_bit_is_an_error_or_that_bit(
        limits in limits(),
        place in 0..40_usize,
        bit in any::<prop::sample::Index>(),
    ) {
        let profile = Profile::my_number_card(certificate(1, 600), certificate(2, 600));
        let mut card = VirtualCard::new(profile.clone());
        let mut count = 0;
        let outcome = read_from(limits, |command| {
            count += 1;
            let mut answer = card.transmit(command);
            if count == place + 1 {
                let bit = bit.index(answer.len() * 8);
                answer[bit / 8] ^= 1 << (bit % 8);
            }
            answer
        });
        if let Ok(card) = outcome.result {
            let pair = (card.certificate.as_der(), profile.certificate.as_slice());
            prop_assert!(differing_bits(pair) <= Some(1), "{:?}", pair);
        }
    }

    #[test]
    fn a_lost_answer_is_an_error(limits in limits(), habits in habits(), place in 0..40_usize) {
        let profile = Profile {
            habits,
            ..Profile::my_number_card(certificate(1, 600), certificate(2, 600))
        };
        let mut card = VirtualCard::new(profile);
        let mut count = 0;
        let outcome = read_from(limits, |command| {
            count += 1;
            if count == place + 1 {
                return Vec::new();
            }
            card.transmit(command)
        });
        let is_lost = outcome.commands.len() > place;
        prop_assert_eq!(outcome.result.is_err(), is_lost);
    }

    #[test]
    fn parsers_take_anything(bytes in vec(any::<u8>(), 0..600)) {
        let _ = StatusWord::split(&bytes);
        if let Ok(Some(length)) = der::sequence_length(&bytes) {
            prop_assert!((2..=65_539).contains(&length));
        }
        if der::check_certificate_outline(&bytes).is_ok() {
            prop_assert_eq!(der::sequence_length(&bytes), Ok(Some(bytes.len())));
        }
    }

    #[test]
    fn a_length_needs_no_more_than_four_bytes(length in 0..4000_usize, tail in vec(any::<u8>(), 0..9)) {
        let whole = certificate(7, length);
        let end = whole.len();
        prop_assert_eq!(der::check_certificate_outline(&whole), Ok(()));
        for cut in 0..end.min(6) {
            let told = der::sequence_length(&whole[..cut]).unwrap();
            prop_assert!(told.is_none_or(|told| told == end));
        }
        let with_tail = [whole, tail].concat();
        prop_assert_eq!(der::sequence_length(&with_tail), Ok(Some(end)));
    }

    #[test]
    fn the_virtual_card_takes_anything(commands in vec(vec(any::<u8>(), 0..20), 1..40), habits in habits()) {
        let mut card = VirtualCard::new(Profile {
            habits,
            ..Profile::my_number_card(certificate(1, 600), certificate(2, 600))
        });
        for command in commands {
            let answer = card.transmit(&command);
            prop_assert!((2..=258).contains(&answer.len()));
        }
    }
}

/// How many bits differ; `None` when the lengths do.
fn differing_bits((one, other): (&[u8], &[u8])) -> Option<u32> {
    (one.len() == other.len()).then(|| {
        let pairs = one.iter().zip(other);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    })
}

#[test]
fn an_error_says_no_payload() {
    let error = read_from(
        Limits {
            chunk: 0,
            with_ca: false,
        },
        |_| b"\x53\x45\x43\x52\x45\x54\x6A\x80".to_vec(),
    )
    .result;
    let error: ReadError = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "SELECT of the application is answered with 6A80"
    );
}
