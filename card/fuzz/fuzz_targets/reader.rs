//! A whole visit through each driver, to an emulated reader on a bad line with a card in bad air.
#![no_main]

use arbitrary::Arbitrary;
use card::demo::DemoCard;
use card::reader::{Event, Found, Model, Reader, ReaderError, Step, Transfer};
use card::virtual_card::VirtualCard;
use card::virtual_reader::{
    BaltechHabits, Fault, Kind, RadioFault, RadioHabits, RcS300Habits, VirtualReader,
};
use libfuzzer_sys::fuzz_target;

const MOST_TRANSFERS: usize = 20_000;

#[derive(Debug, Arbitrary)]
struct Input {
    model: u8,
    habits: [bool; 4],
    buffer: u16,
    block: u16,
    radio: (u8, u8, u8, u8),
    faults: Vec<(u8, Kinds)>,
    air: Vec<(u8, u8)>,
    /// What comes instead of the reader's own answers.
    lies: Vec<(u8, Vec<u8>)>,
}

#[derive(Debug, Arbitrary)]
enum Kinds {
    Late,
    Garbled(u16),
    Cut(u8),
    Split(u8),
    Glued,
    Twice,
    Unplugged,
    CardRemoved,
}

fn device(input: &Input) -> (Model, VirtualReader) {
    let [refuses_layer_4, refuses_commands, is_busy, wants_time] = input.habits;
    let (model, kind) = match input.model % 3 {
        0 => (Model::RcS380, Kind::RcS380),
        1 => {
            let habits = RcS300Habits {
                refuses_layer_4,
                refuses_commands,
                is_busy,
                wants_time,
                switches_without_card: input.block % 2 == 0,
                is_taken: false,
            };
            (Model::RcS300, Kind::RcS300(habits))
        }
        _ => {
            let habits = BaltechHabits {
                buffer: input.buffer.max(128),
                block: usize::from(input.block).clamp(1, 900),
                failures_have_length: is_busy,
            };
            (Model::Baltech, Kind::Baltech(habits))
        }
    };
    let mut device = VirtualReader::new(kind);
    let (frame_size_code, waiting_code, part, extensions) = input.radio;
    let habits = RadioHabits {
        frame_size_code: frame_size_code % 9,
        waiting_code: waiting_code % 15,
        part: usize::from(part).clamp(1, 253),
        extensions: usize::from(extensions % 4),
    };
    device.place(VirtualCard::new(DemoCard::Valid.profile()), habits);
    for (place, fault) in &input.faults {
        let fault = match *fault {
            Kinds::Late => Fault::Late,
            Kinds::Garbled(bit) => Fault::Garbled(usize::from(bit)),
            Kinds::Cut(length) => Fault::Cut(usize::from(length)),
            Kinds::Split(length) => Fault::Split(usize::from(length)),
            Kinds::Glued => Fault::Glued,
            Kinds::Twice => Fault::Twice,
            Kinds::Unplugged => Fault::Unplugged,
            Kinds::CardRemoved => Fault::CardRemoved,
        };
        device.disturb(usize::from(*place), fault);
    }
    for (place, fault) in &input.air {
        let faults = [
            RadioFault::CommandLost,
            RadioFault::AnswerLost,
            RadioFault::AnswerGarbled,
        ];
        device.disturb_air(usize::from(*place), faults[usize::from(fault % 3)]);
    }
    (model, device)
}

struct Page<'a> {
    device: VirtualReader,
    transfers: usize,
    lies: &'a [(u8, Vec<u8>)],
}

impl Page<'_> {
    fn run<T>(&mut self, begun: Result<Step<T>, ReaderError>) -> Result<(Reader, T), ReaderError> {
        let mut step = begun?;
        loop {
            let (run, wanted) = match step {
                Step::Done(reader, value) => return Ok((reader, value)),
                Step::Transfer(run, wanted) => (run, wanted),
            };
            let lie = self
                .lies
                .iter()
                .find(|(place, _)| usize::from(*place) == self.transfers);
            self.transfers += 1;
            assert!(self.transfers < MOST_TRANSFERS, "no end");
            let done = match (wanted, lie) {
                (Transfer::Pause(_), _) => Ok(Event::Paused),
                (Transfer::Write(bytes), _) => self.device.write(&bytes).map(|()| Event::Written),
                (Transfer::Read { .. }, Some((_, bytes))) => Ok(Event::Received(bytes.clone())),
                (Transfer::Read { .. }, None) => {
                    let read = self.device.read();
                    read.map(|bytes| bytes.map_or(Event::Late, Event::Received))
                }
            };
            step = run.resume(done.unwrap_or(Event::Unplugged))?;
        }
    }

    fn visit(&mut self, model: Model) -> Result<Option<Vec<u8>>, ReaderError> {
        let (reader, ()) = self.run(Reader::new(model).start_up())?;
        let (reader, found) = self.run(reader.find_card())?;
        if found != Found::Card {
            return self.run(reader.release()).map(|_| None);
        }
        let (reader, card) = self.run(reader.read_certificate(false))?;
        let (reader, _) = self.run(reader.is_card_present())?;
        self.run(reader.release())?;
        Ok(card.ok().map(|card| card.certificate.into_der()))
    }
}

fuzz_target!(|input: Input| {
    let (model, device) = device(&input);
    let mut page = Page {
        device,
        transfers: 0,
        lies: &input.lies,
    };
    let outcome = page.visit(model);
    assert_ne!(outcome, Err(ReaderError::OutOfStep));
    let is_undisturbed = input.faults.is_empty() && input.air.is_empty() && input.lies.is_empty();
    let own = DemoCard::Valid.certificate();
    if is_undisturbed {
        assert_eq!(outcome.as_ref().map(|read| read.as_deref()), Ok(Some(own)));
    }
    // With one disturbance it is the card's own, where there is a checksum.
    let is_one = input.faults.len() == 1 && input.lies.is_empty();
    if let (true, true, Ok(Some(read))) = (is_one, model != Model::RcS300, &outcome) {
        assert_eq!(read.as_slice(), own);
    }
    let _ = page.run(Reader::new(model).release());
});
