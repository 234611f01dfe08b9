//! Properties: what is written can be read, whatever comes is an error or right, every run ends.

use card::demo::DemoCard;
use card::reader::brp::{frame as brp_frame, report};
use card::reader::iso_dep::{Atqb, Block, Heard, IsoDep, Next, SBlock, check_attrib_answer};
use card::reader::port100::frame::{self, Frame};
use card::reader::rc_s300::{escape, transparent};
use card::reader::{Event, Model, Reader, ReaderError, Step, Transfer};
use card::virtual_card::VirtualCard;
use card::virtual_reader::{Fault, RadioFault, RadioHabits, VirtualReader};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{MOST_TRANSFERS, certificate, pairs, visit};

fn flip(bytes: &[u8], place: Index) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let bit = place.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// Answers that nothing real gives, one after the other, until the run is over.
fn answer_anything(model: Model, answers: &[Vec<u8>], stages: u8) -> Result<(), ReaderError> {
    let mut answers = answers.iter().cycle();
    let mut transfers = 0;
    let mut finish = |step: Result<Step<()>, ReaderError>| {
        let mut step = step?;
        loop {
            transfers += 1;
            assert!(transfers < MOST_TRANSFERS, "no end");
            step = match step {
                Step::Done(reader, ()) => return Ok(reader),
                Step::Transfer(run, Transfer::Pause(_)) => run.resume(Event::Paused)?,
                Step::Transfer(run, Transfer::Write(_)) => run.resume(Event::Written)?,
                Step::Transfer(run, Transfer::Read { .. }) => match answers.next().unwrap() {
                    bytes if bytes.is_empty() => run.resume(Event::Late)?,
                    bytes => run.resume(Event::Received(bytes.clone()))?,
                },
            };
        }
    };
    let reader = Reader::new(model);
    let reader = if stages > 0 {
        finish(reader.start_up())?
    } else {
        reader
    };
    finish(reader.release()).map(drop)
}

fn blocks() -> impl Strategy<Value = Vec<u8>> {
    let part = || vec(any::<u8>(), 0..260);
    prop_oneof![
        (any::<bool>(), any::<bool>(), part()).prop_map(|(number, more, inf)| {
            Block::I {
                number,
                more,
                inf: &inf,
            }
            .bytes()
        }),
        any::<bool>().prop_map(|number| Block::Ack { number }.bytes()),
        (1..60_u8).prop_map(|times| Block::S(SBlock::Wtx(times)).bytes()),
        vec(any::<u8>(), 0..4),
    ]
}

fn heard() -> impl Strategy<Value = Heard> {
    prop_oneof![8 => blocks().prop_map(Heard::Block), 1 => Just(Heard::Garbled), 1 => Just(Heard::Silence)]
}

proptest! {
    #[test]
    fn port_100_frames_read_back(data in vec(any::<u8>(), 0..=frame::LONGEST_DATA), tail in vec(any::<u8>(), 0..9)) {
        let bytes = frame::frame(&data);
        let parsed = Some((Frame::Data(data), bytes.len()));
        prop_assert_eq!(frame::parse(&[bytes.as_slice(), &tail].concat()), Ok(parsed));
        // A beginning is never taken for the whole, nor for a mistake.
        for length in 0..bytes.len() {
            prop_assert_eq!(frame::parse(&bytes[..length]), Ok(None));
        }
    }

    #[test]
    fn a_flipped_bit_in_a_port_100_frame_is_an_error(data in vec(any::<u8>(), 0..=frame::LONGEST_DATA), place in any::<Index>()) {
        let parsed = frame::parse(&flip(&frame::frame(&data), place));
        prop_assert!(parsed.is_err(), "{:?}", parsed);
    }

    #[test]
    fn brp_frames_and_reports_read_back(code in any::<u16>(), data in vec(any::<u8>(), 0..=1_013), cut in any::<Index>()) {
        let bytes = brp_frame::frame(code, &data);
        prop_assert_eq!(brp_frame::parse(&bytes), Ok((code, brp_frame::Reply::Done(&data))));
        let shorter = &bytes[..cut.index(bytes.len())];
        prop_assert!(brp_frame::parse(shorter).is_err() || shorter.len() < 7);
        let carried = report::report(&bytes).unwrap();
        prop_assert_eq!(report::parse(&carried), Ok(bytes.as_slice()));
        let cut = cut.index(carried.len());
        match report::parse(&carried[..cut]) {
            Ok(found) => prop_assert_eq!(found, bytes.as_slice()),
            Err(_) => prop_assert!(cut < bytes.len() + 3),
        }
    }

    /// CRC-16 sees any three, in frames of these lengths.
    #[test]
    fn flipped_bits_in_a_brp_frame_are_an_error(
        code in any::<u16>(),
        data in vec(any::<u8>(), 0..=1_013),
        places in (any::<Index>(), any::<Index>(), any::<Index>()),
    ) {
        let bytes = brp_frame::frame(code, &data);
        let once = flip(&bytes, places.0);
        prop_assert!(brp_frame::parse(&once).is_err());
        let twice = flip(&once, places.1);
        prop_assert_eq!(brp_frame::parse(&twice).is_ok(), twice == bytes);
        prop_assert!(brp_frame::parse(&flip(&twice, places.2)).is_err() );
    }

    #[test]
    fn escape_messages_come_in_any_pieces(sequence in any::<u8>(), data in vec(any::<u8>(), 0..=escape::LONGEST_DATA)) {
        let sent = escape::message(sequence, &data);
        prop_assert_eq!(&sent[10..], data.as_slice());
        // The reader's message differs in its type.
        let mut bytes = sent;
        bytes[0] = 0x83;
        for length in 0..bytes.len() {
            prop_assert_eq!(escape::parse(&bytes[..length]), Ok(None));
        }
        let message = escape::Message { sequence, content: escape::Content::Data(data) };
        prop_assert_eq!(escape::parse(&bytes), Ok(Some((message, bytes.len()))));
    }

    #[test]
    fn blocks_read_back(block in blocks()) {
        if let Ok(parsed) = Block::parse(&block) {
            prop_assert_eq!(parsed.bytes(), block);
        }
    }

    #[test]
    fn parsers_take_anything(bytes in vec(any::<u8>(), 0..400)) {
        let _ = (Atqb::parse(&bytes), check_attrib_answer(&bytes), Block::parse(&bytes));
        let _ = (transparent::parse(&bytes), report::parse(&bytes), brp_frame::parse(&bytes));
        if let Ok(Some((_, length))) = frame::parse(&bytes) {
            prop_assert!(length <= bytes.len());
        }
        if let Ok(Some((_, length))) = escape::parse(&bytes) {
            prop_assert!(length <= bytes.len());
        }
    }

    /// Every exchange ends, whatever is heard; what is sent is a block that the card takes.
    #[test]
    fn iso_dep_ends(
        size in 0..16_u8,
        command in vec(any::<u8>(), 1..300),
        script in vec(heard(), 1..40),
    ) {
        let bytes = [0x50, 1, 2, 3, 4, 0, 0, 0, 0, 0xB3, size << 4 | 1, 0xA1];
        let atqb = Atqb::parse(&bytes).unwrap();
        let mut card = IsoDep::new(&atqb);
        let mut next = Ok(card.send(&command));
        let mut script = script.into_iter().cycle();
        let mut turns = 0;
        while let Ok(Next::Send { block, .. }) = next {
            prop_assert!(block.len() + 2 <= atqb.frame_size());
            prop_assert!(Block::parse(&block).is_ok());
            turns += 1;
            prop_assert!(turns <= 601);
            next = card.take(&script.next().unwrap());
        }
    }

    #[test]
    fn every_run_ends_whatever_comes(
        model in prop::sample::select(Model::ALL.to_vec()),
        answers in vec(vec(any::<u8>(), 0..40), 1..20),
        stages in 0..2_u8,
    ) {
        let _ = answer_anything(model, &answers, stages);
    }

    /// In any air, and with a transfer that comes late, twice, cut or not at all: the card's own
    /// certificate, which `visit` checks, or an error with a name. Two such transfers can cancel each
    /// other out where messages have no numbers: an answer comes twice, and a command is lost.
    #[test]
    fn a_bad_line_and_bad_air_make_errors_only(
        pair in 0..pairs().len(),
        habits in radio_habits(),
        air in vec((0..60_usize, radio_faults()), 0..12),
        mut faults in vec((0..90_usize, faults()), 0..4),
    ) {
        let (model, kind) = pairs()[pair];
        if model != Model::RcS300 {
            faults.truncate(1);
        }
        let mut device = VirtualReader::new(kind);
        device.place(VirtualCard::new(DemoCard::Valid.profile()), habits);
        for (place, fault) in &air {
            device.disturb_air(*place, *fault);
        }
        for (place, fault) in &faults {
            device.disturb(*place, *fault);
        }
        let outcome = visit(&mut device, model);
        prop_assert!(outcome != Err(ReaderError::OutOfStep));
        if air.is_empty() && faults.is_empty() {
            let visit = outcome.unwrap();
            prop_assert_eq!(certificate(&visit), Some(DemoCard::Valid.certificate()));
        }
    }
}

fn radio_habits() -> impl Strategy<Value = RadioHabits> {
    (0..=8_u8, 0..=14_u8, 1..=253_usize, 0..3_usize).prop_map(
        |(frame_size_code, waiting_code, part, extensions)| RadioHabits {
            frame_size_code,
            waiting_code,
            part,
            extensions,
        },
    )
}

fn radio_faults() -> impl Strategy<Value = RadioFault> {
    prop_oneof![
        Just(RadioFault::CommandLost),
        Just(RadioFault::AnswerLost),
        Just(RadioFault::AnswerGarbled),
    ]
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Late),
        Just(Fault::Twice),
        Just(Fault::CardRemoved),
        Just(Fault::Unplugged),
        Just(Fault::Glued),
        (0..40_usize).prop_map(Fault::Cut),
        (0..40_usize).prop_map(Fault::Split),
    ]
}
