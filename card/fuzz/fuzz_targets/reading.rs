//! A reading of a card on a bad line, and of no card at all.
#![no_main]

use arbitrary::Arbitrary;
use card::demo::{self, DemoCard};
use card::der;
use card::jpki::{Limits, Reading, Step};
use card::virtual_card::{Habits, VirtualCard};
use libfuzzer_sys::fuzz_target;

/// Two commands for each byte of two certificates and a label, and a few.
const MOST_COMMANDS: usize = 2 * 3 * (4096 + 256) + 64;

#[derive(Debug, Arbitrary)]
struct Input {
    chunk: u8,
    with_ca: bool,
    habits: [bool; 4],
    filler: u8,
    longest_answer: u8,
    line: Vec<Answer>,
}

#[derive(Debug, Arbitrary)]
enum Answer {
    /// As the card gives it.
    Whole,
    /// With a bit of it flipped.
    Flipped(u16),
    /// Its beginning.
    Cut(u8),
    /// What was said before.
    Repeated,
    /// Something else.
    Other(Vec<u8>),
}

fn card(input: &Input) -> VirtualCard {
    let [
        first_fails,
        wants_get_response,
        insists_on_length,
        warns_at_end,
    ] = input.habits;
    let mut profile = DemoCard::Valid.profile();
    profile.habits = Habits {
        first_fails,
        filler: usize::from(input.filler),
        longest_answer: input.longest_answer.try_into().ok(),
        wants_get_response,
        insists_on_length,
        warns_at_end,
    };
    VirtualCard::new(profile)
}

fn check_command(command: &[u8]) {
    match command {
        [0x00, 0xA4, 0x04, 0x0C, 0x0A, name @ ..] => assert_eq!(name, card::jpki::APPLICATION),
        [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x06 | 0x0A | 0x0B]
        | [0x00, 0xB0, ..=0x7F, _, _]
        | [0x00, 0xC0, 0x00, 0x00, _] => {}
        other => panic!("{other:02X?}"),
    }
}

/// The answer as the line brings it.
fn disturb(said: Vec<u8>, before: &[u8], how: Option<&Answer>) -> Vec<u8> {
    let mut said = said;
    match how {
        None | Some(Answer::Whole) => {}
        Some(Answer::Flipped(place)) => {
            let place = usize::from(*place) % (said.len() * 8);
            said[place / 8] ^= 1 << (place % 8);
        }
        Some(Answer::Cut(length)) => said.truncate(usize::from(*length)),
        Some(Answer::Repeated) => said = before.to_vec(),
        Some(Answer::Other(bytes)) => said.clone_from(bytes),
    }
    said
}

fuzz_target!(|input: Input| {
    let mut card = card(&input);
    card.power_on();
    let mut line = input.line.iter();
    let mut before = Vec::new();
    let limits = Limits {
        chunk: input.chunk,
        with_ca: input.with_ca,
    };
    let (mut reading, mut command) = Reading::start(limits);
    for _ in 0..MOST_COMMANDS {
        check_command(command.as_bytes());
        let said = card.transmit(command.as_bytes());
        let heard = disturb(said, &before, line.next());
        before.clone_from(&heard);
        match reading.answer(&heard) {
            Ok(Step::Transmit(next, following)) => (reading, command) = (next, following),
            Ok(Step::Done(presented)) => {
                let certificate = presented.certificate.as_der();
                assert_eq!(der::check_certificate_outline(certificate), Ok(()));
                assert_eq!(presented.ca_certificate.is_some(), input.with_ca);
                if input.line.is_empty() {
                    assert_eq!(certificate, DemoCard::Valid.certificate());
                    let ca = presented.ca_certificate.map(|ca| ca.into_der());
                    assert!(ca.is_none_or(|ca| ca == demo::ROOT));
                }
                return;
            }
            Err(error) => {
                assert!(!input.line.is_empty(), "{error}");
                return;
            }
        }
    }
    panic!("the reading does not end");
});
