//! One disturbance in each transfer of a whole visit.

use card::demo::DemoCard;
use card::jpki::{PresentedCard, ReadError};
use card::reader::{Malformed, Model, Reader, ReaderError};
use card::virtual_card::{Profile, VirtualCard};
use card::virtual_reader::{Fault, Kind, RadioHabits, VirtualReader};

use crate::support::{Visit, certificate, pairs, run, visit, visit_checked, with_card};

fn transfers(model: Model, kind: Kind) -> usize {
    let mut device = with_card(kind);
    visit(&mut device, model).unwrap();
    device.counts().transfers
}

/// For each transfer: how the visit went.
fn each(fault: Fault, mut check: impl FnMut(Model, Kind, usize, Result<Visit, ReaderError>)) {
    for (model, kind) in pairs() {
        for place in 0..transfers(model, kind) {
            let mut device = with_card(kind);
            device.disturb(place, fault);
            check(model, kind, place, visit(&mut device, model));
            if fault == Fault::Unplugged {
                continue;
            }
            // The next visit finds a reader that works.
            let card = VirtualCard::new(DemoCard::Valid.profile());
            device.place(card, RadioHabits::default());
            let again = visit(&mut device, model).unwrap();
            let own = Some(DemoCard::Valid.certificate());
            assert_eq!(certificate(&again), own, "{kind:?} {place}");
        }
    }
}

#[test]
fn unplugged_is_said_at_every_step() {
    each(Fault::Unplugged, |_, kind, place, visit| {
        assert_eq!(visit, Err(ReaderError::Unplugged), "{kind:?} {place}");
    });
}

#[test]
fn a_late_answer_is_not_taken_for_another() {
    let mut named = 0;
    each(Fault::Late, |_, kind, place, visit| match visit {
        Err(error) => {
            assert_eq!(error, ReaderError::NotResponding, "{kind:?} {place}");
            named += 1;
        }
        // Where nothing was to come anyway, or nobody waited for it.
        Ok(visit) => check_right(&visit, kind, place),
    });
    assert!(named > 200, "{named}");
}

fn check_right(visit: &Visit, kind: Kind, place: usize) {
    let own = Some(DemoCard::Valid.certificate());
    assert_eq!(certificate(visit), own, "{kind:?} {place}");
}

#[test]
fn what_comes_twice_is_noticed_or_makes_no_difference() {
    each(Fault::Twice, |_, kind, place, visit| match visit {
        Err(error) => {
            let named = [
                ReaderError::Malformed(Malformed::Unexpected),
                // A command to the card that was given twice.
                ReaderError::NotResponding,
            ];
            assert!(named.contains(&error), "{kind:?} {place}: {error:?}");
        }
        Ok(visit) => check_right(&visit, kind, place),
    });
}

/// Outline first, then one long string: where an answer takes the place of the next one, neither
/// lengths nor outline show it.
fn smooth_certificate(chunk: usize) -> Vec<u8> {
    let length = 5 * chunk;
    let [high, low] = u16::try_from(length - 4).unwrap().to_be_bytes();
    let mut bytes = vec![0x30, 0x82, high, low, 0x30, 0x00, 0x30, 0x00];
    let [high, low] = u16::try_from(length - 12).unwrap().to_be_bytes();
    bytes.extend([0x03, 0x82, high, low, 0x00]);
    bytes.extend(
        (bytes.len()..length).map(|place| u8::try_from(place / chunk * 50 + place % 50).unwrap()),
    );
    bytes
}

/// Reads the holder's certificate only, so that nothing comes after it.
fn read_alone(
    device: &mut VirtualReader,
    model: Model,
) -> Result<Result<PresentedCard, ReadError>, ReaderError> {
    let (reader, ()) = run(device, Reader::new(model).start_up())?;
    let (reader, _) = run(device, reader.find_card())?;
    let (_, card) = run(device, reader.read_certificate(false))?;
    Ok(card)
}

#[test]
fn an_answer_in_the_place_of_another_is_noticed_before_the_end() {
    for (model, kind) in pairs() {
        let (reader, ()) = run(&mut with_card(kind), Reader::new(model).start_up()).unwrap();
        let own = smooth_certificate(usize::from(reader.chunk()));
        let mut transfers = 1;
        let mut place = 0;
        while place < transfers {
            let mut device = VirtualReader::new(kind);
            let profile = Profile::my_number_card(own.clone(), own.clone());
            device.place(VirtualCard::new(profile), RadioHabits::default());
            // The first round is undisturbed, and tells how many there are.
            if transfers > 1 {
                device.disturb(place, Fault::Twice);
                place += 1;
            }
            if let Ok(Ok(card)) = read_alone(&mut device, model) {
                assert!(card.certificate.as_der() == own, "{kind:?} {place}");
            }
            if transfers == 1 {
                transfers = device.counts().transfers;
            }
        }
    }
}

#[test]
fn a_card_that_is_taken_away_is_gone() {
    each(Fault::CardRemoved, |_, kind, place, visit| match visit {
        Err(error) => assert_eq!(error, ReaderError::CardGone, "{kind:?} {place}"),
        Ok(Visit::NoCard(_)) => {}
        Ok(visit) => check_right(&visit, kind, place),
    });
}

#[test]
fn what_is_cut_is_an_error() {
    for length in [0, 1, 5, 9, 20] {
        each(Fault::Cut(length), |_, kind, place, visit| match visit {
            Err(error) => assert!(is_named(error), "{kind:?} {place} {length}: {error:?}"),
            // Padding was cut, or what nobody looks at.
            Ok(visit) => check_right(&visit, kind, place),
        });
    }
}

/// Frames over USB end where they say; a report is one frame.
#[test]
fn what_comes_in_pieces_or_together_is_put_right() {
    let pieces = [1, 5, 6, 9, 10, 11, 64, 128].map(Fault::Split);
    for fault in pieces.into_iter().chain([Fault::Glued]) {
        each(fault, |model, kind, place, visit| match visit {
            Ok(visit) => check_right(&visit, kind, place),
            Err(error) => {
                let is_report = model == Model::Baltech && is_named(error);
                assert!(is_report, "{kind:?} {place} {fault:?}: {error:?}");
            }
        });
    }
}

/// Everything but a program out of step.
fn is_named(error: ReaderError) -> bool {
    !matches!(error, ReaderError::OutOfStep | ReaderError::Unplugged)
}

#[test]
fn a_flipped_bit_is_an_error_where_there_is_a_checksum() {
    for (model, kind) in pairs()
        .into_iter()
        .filter(|(model, _)| *model != Model::RcS300)
    {
        for place in 0..transfers(model, kind) {
            for bit in (0..130).step_by(3).chain([400, 999, 2000]) {
                let mut device = with_card(kind);
                device.disturb(place, Fault::Garbled(bit));
                match visit(&mut device, model) {
                    Err(error) => assert!(is_named(error), "{kind:?} {place} {bit}: {error:?}"),
                    Ok(visit) => check_right(&visit, kind, place),
                }
            }
        }
    }
}

/// The RC-S300's messages have no checksum: a flipped bit inside the card's answer is not
/// seen here, only by the certificate's signature; one in a command makes the card answer another.
#[test]
fn a_flipped_bit_through_the_rc_s300_is_an_error_or_that_bit() {
    for (model, kind) in pairs()
        .into_iter()
        .filter(|(model, _)| *model == Model::RcS300)
    {
        for place in 0..transfers(model, kind) {
            for bit in (0..300).step_by(7) {
                let mut device = with_card(kind);
                device.disturb(place, Fault::Garbled(bit));
                match visit_checked(&mut device, model, |_| {}) {
                    Err(error) => assert!(is_named(error), "{kind:?} {place} {bit}: {error:?}"),
                    Ok(Visit::NoCard(_)) => {}
                    Ok(Visit::Read(card, _)) => match *card {
                        Ok(card) => {
                            let own = DemoCard::Valid.certificate();
                            let pairs = own.iter().zip(card.certificate.as_der());
                            let flipped: u32 = pairs.map(|(a, b)| (a ^ b).count_ones()).sum();
                            let is_command = device.was_written(place);
                            assert!(flipped <= 1 || is_command, "{kind:?} {place} {bit}");
                        }
                        Err(error) => assert_ne!(error, ReadError::JukiCard),
                    },
                }
            }
        }
    }
}
