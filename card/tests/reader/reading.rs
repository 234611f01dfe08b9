//! Whole readings, from the start to the release.

use card::demo::{self, DemoCard};
use card::jpki::{CardKind, ReadError};
use card::reader::{Event, Found, Malformed, Medium, Model, Reader, ReaderError, Step, Transfer};
use card::virtual_card::{Habits, Profile, VirtualCard};
use card::virtual_reader::{
    BaltechHabits, Kind, REPORT_DESCRIPTOR, RadioHabits, RcS300Habits, VirtualReader,
};

use crate::support::{Visit, certificate, pairs, run, transfer, visit, with_card};

#[test]
fn every_reader_brings_the_card_s_own_bytes() {
    for (model, kind) in pairs() {
        for demo_card in DemoCard::ALL {
            let mut device = VirtualReader::new(kind);
            device.place(
                VirtualCard::new(demo_card.profile()),
                RadioHabits::default(),
            );
            let Visit::Read(card, true) = visit(&mut device, model).unwrap() else {
                panic!("{kind:?}");
            };
            let card = card.unwrap();
            assert_eq!(card.kind, CardKind::MyNumberCard);
            assert_eq!(card.certificate.as_der(), demo_card.certificate());
            assert_eq!(card.ca_certificate.unwrap().as_der(), demo::ROOT);
        }
    }
}

#[test]
fn every_habit_of_readers_is_borne() {
    let rc_s300 = |change: fn(&mut RcS300Habits)| {
        let mut habits = RcS300Habits::default();
        change(&mut habits);
        (Model::RcS300, Kind::RcS300(habits))
    };
    let baltech = |change: fn(&mut BaltechHabits)| {
        let mut habits = BaltechHabits::default();
        change(&mut habits);
        (Model::Baltech, Kind::Baltech(habits))
    };
    for (model, kind) in [
        rc_s300(|habits| habits.refuses_commands = true),
        rc_s300(|habits| habits.is_busy = true),
        rc_s300(|habits| habits.wants_time = true),
        rc_s300(|habits| {
            habits.is_busy = true;
            habits.wants_time = true;
            habits.refuses_layer_4 = true;
        }),
        baltech(|habits| habits.buffer = 128),
        baltech(|habits| habits.buffer = 278),
        baltech(|habits| habits.buffer = 279),
        baltech(|habits| habits.block = 1),
        baltech(|habits| habits.block = 100),
        baltech(|habits| habits.failures_have_length = true),
    ] {
        let read = visit(&mut with_card(kind), model).unwrap();
        assert_eq!(
            certificate(&read),
            Some(DemoCard::Valid.certificate()),
            "{kind:?}"
        );
    }
}

#[test]
fn every_habit_of_cards_is_borne() {
    let habits = |habits: Habits| Profile {
        habits,
        ..DemoCard::Valid.profile()
    };
    for (model, kind) in pairs() {
        for profile in [
            habits(Habits {
                first_fails: true,
                ..Habits::default()
            }),
            habits(Habits {
                filler: 77,
                warns_at_end: true,
                ..Habits::default()
            }),
            habits(Habits {
                wants_get_response: true,
                ..Habits::default()
            }),
            habits(Habits {
                insists_on_length: true,
                ..Habits::default()
            }),
        ] {
            let mut device = VirtualReader::new(kind);
            device.place(VirtualCard::new(profile), RadioHabits::default());
            let read = visit(&mut device, model).unwrap();
            assert_eq!(
                certificate(&read),
                Some(DemoCard::Valid.certificate()),
                "{kind:?}"
            );
        }
    }
}

#[test]
fn other_cards_and_no_card_are_told_apart() {
    for (model, kind) in pairs() {
        let mut device = VirtualReader::new(kind);
        assert_eq!(
            visit(&mut device, model),
            Ok(Visit::NoCard(Found::Nothing)),
            "{kind:?}"
        );
        device.place(
            VirtualCard::new(Profile::driving_licence()),
            RadioHabits::default(),
        );
        let expected = Visit::Read(Box::new(Err(ReadError::NotAMyNumberCard)), true);
        assert_eq!(visit(&mut device, model), Ok(expected), "{kind:?}");
    }
}

/// The way of a page: poll, read, wait until the card is gone, poll for the next one.
#[test]
fn one_card_after_the_other() {
    for (model, kind) in pairs() {
        let mut device = VirtualReader::new(kind);
        let (mut reader, ()) = run(&mut device, Reader::new(model).start_up()).unwrap();
        let mut found;
        for demo_card in [DemoCard::Valid, DemoCard::NotLinked] {
            for _ in 0..3 {
                (reader, found) = run(&mut device, reader.find_card()).unwrap();
                assert_eq!(found, Found::Nothing);
            }
            device.place(
                VirtualCard::new(demo_card.profile()),
                RadioHabits::default(),
            );
            (reader, found) = run(&mut device, reader.find_card()).unwrap();
            assert_eq!(found, Found::Card);
            // Again, and with another one's place in between: it is found anew.
            (reader, found) = run(&mut device, reader.find_card()).unwrap();
            assert_eq!(found, Found::Card);
            let read;
            (reader, read) = run(&mut device, reader.read_certificate(false)).unwrap();
            assert_eq!(read.unwrap().certificate.as_der(), demo_card.certificate());
            let mut is_present;
            for _ in 0..2 {
                (reader, is_present) = run(&mut device, reader.is_card_present()).unwrap();
                assert!(is_present, "{kind:?}");
            }
            device.remove();
            for _ in 0..2 {
                (reader, is_present) = run(&mut device, reader.is_card_present()).unwrap();
                assert!(!is_present, "{kind:?}");
            }
        }
        run(&mut device, reader.release()).unwrap();
        // BALTECH readers look after their field themselves.
        assert_eq!(device.has_field(), model == Model::Baltech, "{kind:?}");
    }
}

#[test]
fn a_reader_is_released_from_any_state() {
    for (model, kind) in pairs().into_iter().take(4) {
        let transfers = {
            let mut device = with_card(kind);
            visit(&mut device, model).unwrap();
            device.counts().transfers
        };
        for place in 0..transfers {
            let mut device = with_card(kind);
            abandon(&mut device, model, place);
            run(&mut device, Reader::new(model).release()).unwrap();
            assert!(!device.has_field(), "{kind:?} {place}");
            let again = visit(&mut device, model).unwrap();
            assert_eq!(certificate(&again), Some(DemoCard::Valid.certificate()));
        }
    }
}

#[test]
fn a_farewell_ends_the_field_from_any_state() {
    for (model, kind) in pairs() {
        let (mut was_on, mut steps) = (false, 0);
        loop {
            let mut device = with_card(kind);
            let is_over = abandon(&mut device, model, steps).is_some();
            was_on |= device.has_field();
            for frame in model.farewell() {
                device.write(&frame).unwrap();
            }
            // What looks after its field itself gets no farewell.
            let is_off = !device.has_field() || model.farewell().is_empty();
            assert!(is_off, "{kind:?} after {steps} transfers");
            if is_over {
                break;
            }
            steps += 1;
        }
        assert!(was_on, "{kind:?}");
    }
}

/// Visits a card, as a page that is closed after so many transfers.
fn abandon(device: &mut VirtualReader, model: Model, mut left: usize) -> Option<()> {
    let (reader, ()) = run_for(device, Reader::new(model).start_up(), &mut left)?;
    let (reader, _) = run_for(device, reader.find_card(), &mut left)?;
    let (reader, _) = run_for(device, reader.read_certificate(true), &mut left)?;
    let (reader, _) = run_for(device, reader.is_card_present(), &mut left)?;
    run_for(device, reader.release(), &mut left).map(drop)
}

/// Runs until it is over, or until no transfer is left.
fn run_for<T>(
    device: &mut VirtualReader,
    begun: Result<Step<T>, ReaderError>,
    left: &mut usize,
) -> Option<(Reader, T)> {
    let mut step = begun.unwrap();
    loop {
        match step {
            Step::Done(reader, value) => return Some((reader, value)),
            Step::Transfer(run, wanted) => {
                if !matches!(wanted, Transfer::Pause(_)) {
                    *left = left.checked_sub(1)?;
                }
                step = run.resume(transfer(device, &wanted)).unwrap();
            }
        }
    }
}

#[test]
fn a_reader_of_another_program_is_left_alone() {
    let habits = RcS300Habits {
        is_taken: true,
        ..RcS300Habits::default()
    };
    let mut device = with_card(Kind::RcS300(habits));
    assert_eq!(visit(&mut device, Model::RcS300), Err(ReaderError::InUse));
}

#[test]
fn nothing_is_said_to_a_card_that_was_not_found() {
    for model in Model::ALL {
        let error = Reader::new(model).read_certificate(false).unwrap_err();
        assert_eq!(error, ReaderError::OutOfStep);
        let (_, is_present) = match Reader::new(model).is_card_present().unwrap() {
            Step::Done(reader, is_present) => (reader, is_present),
            Step::Transfer(..) => panic!("{model:?}"),
        };
        assert!(!is_present);
    }
}

/// What happened must be what was asked for.
#[test]
fn a_medium_that_is_out_of_step_is_noticed() {
    for model in Model::ALL {
        let Ok(Step::Transfer(run, wanted)) = Reader::new(model).start_up() else {
            panic!("{model:?}");
        };
        let wrong = match wanted {
            Transfer::Write(_) => Event::Received(vec![]),
            Transfer::Read { .. } | Transfer::Pause(_) => Event::Written,
        };
        assert_eq!(run.resume(wrong).unwrap_err(), ReaderError::OutOfStep);

        let Ok(Step::Transfer(run, _)) = Reader::new(model).start_up() else {
            panic!("{model:?}");
        };
        assert_eq!(
            run.resume(Event::Unplugged).unwrap_err(),
            ReaderError::Unplugged
        );
    }
    let mut step = Reader::new(Model::RcS380).start_up().unwrap();
    let error = loop {
        let Step::Transfer(run, wanted) = step else {
            panic!("over")
        };
        let event = match wanted {
            Transfer::Read { most, .. } => Event::Received(vec![0; most + 1]),
            _ => Event::Written,
        };
        match run.resume(event) {
            Ok(next) => step = next,
            Err(error) => break error,
        }
    };
    assert_eq!(error, ReaderError::Malformed(Malformed::TooLong));
}

#[test]
fn nothing_of_a_card_is_in_debug_output() {
    let secret = "53454352";
    let bytes = b"SECR".to_vec();
    let texts = [
        format!("{:?}", Transfer::Write(bytes.clone())),
        format!("{:?}", Event::Received(bytes)),
        format!("{:?}", Reader::new(Model::RcS380).start_up()),
    ];
    assert_eq!(texts[0], "Write(4 bytes, masked)");
    assert_eq!(texts[1], "Received(4 bytes, masked)");
    assert_eq!(
        texts[2],
        "Ok(Transfer(Run(masked), Write(6 bytes, masked)))"
    );
    assert!(
        texts
            .iter()
            .all(|text| !text.contains(secret) && !text.contains("83, 69"))
    );
}

#[test]
fn readers_are_known_by_their_numbers() {
    for (vendor, product, expected) in [
        (0x054C, 0x06C1, Some(Model::RcS380)),
        (0x054C, 0x06C3, Some(Model::RcS380)),
        (0x054C, 0x0DC8, Some(Model::RcS300)),
        (0x054C, 0x0DC9, Some(Model::RcS300)),
        (0x054C, 0x0D8F, Some(Model::RcS300)),
        (0x054C, 0x0001, None),
        (0x1234, 0x06C1, None),
    ] {
        assert_eq!(Model::by_usb_numbers(vendor, product), expected);
    }
}

#[test]
fn emulated_readers_are_recognised_as_what_they_are() {
    for (model, kind) in pairs() {
        let identity = kind.identity();
        let recognised = Model::by_usb_numbers(identity.vendor, identity.product);
        let of_class = |class| identity.interfaces.iter().any(|each| each.class == class);
        match model.medium() {
            Medium::WebUsb => assert!(recognised == Some(model) && of_class(0xFF), "{kind:?}"),
            Medium::WebHid => assert!(recognised.is_none() && of_class(0x03), "{kind:?}"),
        }
    }
}

/// Each report of the descriptor is as long as BALTECH's table says, its length field included.
#[test]
fn the_report_descriptor_has_the_reports_of_the_driver() {
    for (number, longest) in card::reader::brp::report::REPORTS {
        let place = REPORT_DESCRIPTOR
            .windows(2)
            .position(|pair| pair == [0x85, number])
            .unwrap();
        let count = match REPORT_DESCRIPTOR[place + 2..] {
            [0x95, count, ..] => usize::from(count),
            [0x96, low, high, ..] => usize::from(u16::from_le_bytes([low, high])),
            _ => panic!("{number}"),
        };
        assert_eq!(count, longest + 2);
    }
}
