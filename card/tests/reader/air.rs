//! Disturbances between reader and card, and cards of all sizes and speeds.

use card::demo::DemoCard;
use card::reader::{Found, Model, Reader, ReaderError};
use card::virtual_card::VirtualCard;
use card::virtual_reader::{Kind, RadioFault, RadioHabits, RcS300Habits, VirtualReader};

use crate::support::{Visit, certificate, run, visit, with_card};

/// Readers that leave the air to the host.
fn pairs() -> [(Model, Kind); 2] {
    let habits = RcS300Habits {
        refuses_layer_4: true,
        ..RcS300Habits::default()
    };
    [
        (Model::RcS380, Kind::RcS380),
        (Model::RcS300, Kind::RcS300(habits)),
    ]
}

#[test]
fn cards_of_all_sizes_and_speeds_are_read() {
    for (model, kind) in pairs() {
        for frame_size_code in 0..=8 {
            for (part, extensions, waiting_code) in
                [(253, 0, 10), (100, 1, 0), (1, 0, 14), (13, 3, 5)]
            {
                let habits = RadioHabits {
                    frame_size_code,
                    waiting_code,
                    part,
                    extensions,
                };
                let mut device = VirtualReader::new(kind);
                device.place(VirtualCard::new(DemoCard::Valid.profile()), habits);
                let read = visit(&mut device, model).unwrap();
                assert_eq!(
                    certificate(&read),
                    Some(DemoCard::Valid.certificate()),
                    "{habits:?}"
                );
            }
        }
    }
}

/// One lost or garbled block anywhere makes no difference: that is what the block protocol is for. In
/// selecting it is asked again, or the next poll finds the card.
#[test]
fn one_disturbance_anywhere_is_overcome() {
    for (model, kind) in pairs() {
        for habits in [
            RadioHabits::default(),
            RadioHabits {
                frame_size_code: 0,
                part: 40,
                extensions: 1,
                waiting_code: 7,
            },
        ] {
            let exchanges = {
                let mut device = VirtualReader::new(kind);
                device.place(VirtualCard::new(DemoCard::Valid.profile()), habits);
                visit(&mut device, model).unwrap();
                device.counts().blocks
            };
            assert!(exchanges > 15);
            for place in 0..exchanges {
                for fault in [
                    RadioFault::CommandLost,
                    RadioFault::AnswerLost,
                    RadioFault::AnswerGarbled,
                ] {
                    let mut device = VirtualReader::new(kind);
                    device.place(VirtualCard::new(DemoCard::Valid.profile()), habits);
                    device.disturb_air(place, fault);
                    let read = visit(&mut device, model).unwrap();
                    let is_unfound = place == 0 && read == Visit::NoCard(Found::Nothing);
                    // An answer to ATTRIB that is lost leaves the card selected, where REQB does not reach it.
                    let is_unselected = place == 1 && matches!(read, Visit::NoCard(_));
                    let is_read = certificate(&read) == Some(DemoCard::Valid.certificate());
                    assert!(
                        is_read || is_unfound || is_unselected,
                        "{kind:?} {place} {fault:?}: {read:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn lasting_disturbance_is_named() {
    for (model, kind) in pairs() {
        for (fault, expected) in [
            (RadioFault::CommandLost, ReaderError::CardGone),
            (RadioFault::AnswerLost, ReaderError::CardGone),
            (
                RadioFault::AnswerGarbled,
                ReaderError::Card(card::reader::iso_dep::IsoDepError::Garbled),
            ),
        ] {
            let mut device = with_card(kind);
            (8..100).for_each(|place| device.disturb_air(place, fault));
            assert_eq!(
                visit(&mut device, model),
                Err(expected),
                "{kind:?} {fault:?}"
            );
        }
        // Two cards at once answer at once.
        let mut device = with_card(kind);
        (0..100).for_each(|place| device.disturb_air(place, RadioFault::AnswerGarbled));
        assert_eq!(visit(&mut device, model), Ok(Visit::NoCard(Found::Unclear)));
    }
}

/// A card whose selection failed half-way is found by a later poll.
#[test]
fn polling_goes_on_after_a_failed_selection() {
    for (model, kind) in pairs() {
        let mut device = with_card(kind);
        device.disturb_air(1, RadioFault::AnswerLost);
        let (mut reader, ()) = run(&mut device, Reader::new(model).start_up()).unwrap();
        let mut polls = 0;
        let mut found = Found::Nothing;
        while found != Found::Card {
            polls += 1;
            assert!(polls <= 2, "{kind:?}");
            (reader, found) = run(&mut device, reader.find_card()).unwrap();
        }
    }
}
