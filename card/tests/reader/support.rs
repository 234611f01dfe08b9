//! A page without a browser: it does what runs ask for, on an emulated reader.

use card::demo::DemoCard;
use card::jpki::{PresentedCard, ReadError};
use card::reader::{Event, Found, Model, Reader, ReaderError, Step, Transfer};
use card::virtual_card::VirtualCard;
use card::virtual_reader::{BaltechHabits, Kind, RadioHabits, RcS300Habits, VirtualReader};

/// Nothing takes more transfers than this; more is a run without an end.
pub(crate) const MOST_TRANSFERS: usize = 20_000;

/// Each driver with the reader that it is for.
pub(crate) fn pairs() -> [(Model, Kind); 5] {
    let by_blocks = RcS300Habits {
        refuses_layer_4: true,
        ..RcS300Habits::default()
    };
    let hasty = RcS300Habits {
        switches_without_card: true,
        ..RcS300Habits::default()
    };
    [
        (Model::RcS380, Kind::RcS380),
        (Model::RcS300, Kind::RcS300(RcS300Habits::default())),
        (Model::RcS300, Kind::RcS300(by_blocks)),
        (Model::RcS300, Kind::RcS300(hasty)),
        (Model::Baltech, Kind::Baltech(BaltechHabits::default())),
    ]
}

/// A reader with a demo card on it.
pub(crate) fn with_card(kind: Kind) -> VirtualReader {
    let mut device = VirtualReader::new(kind);
    let card = VirtualCard::new(DemoCard::Valid.profile());
    device.place(card, RadioHabits::default());
    device
}

/// Does a transfer.
pub(crate) fn transfer(device: &mut VirtualReader, wanted: &Transfer) -> Event {
    let done = match wanted {
        Transfer::Pause(_) => Ok(Event::Paused),
        Transfer::Write(bytes) => device.write(bytes).map(|()| Event::Written),
        Transfer::Read { .. } => device
            .read()
            .map(|received| received.map_or(Event::Late, Event::Received)),
    };
    done.unwrap_or(Event::Unplugged)
}

/// Runs to the end.
pub(crate) fn run<T>(
    device: &mut VirtualReader,
    begun: Result<Step<T>, ReaderError>,
) -> Result<(Reader, T), ReaderError> {
    let mut step = begun?;
    for _ in 0..MOST_TRANSFERS {
        match step {
            Step::Done(reader, value) => return Ok((reader, value)),
            Step::Transfer(run, wanted) => step = run.resume(transfer(device, &wanted))?,
        }
    }
    panic!("the run does not end");
}

/// How far a visit came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Visit {
    /// There was no card, or none that could be read.
    NoCard(Found),
    /// What the card is, and whether it was there afterwards.
    Read(Box<Result<PresentedCard, ReadError>>, bool),
}

/// From the start to the release, as a page does it; the reader is released in every case.
/// Whatever happens afterwards, a certificate that was read is a demo card's own.
pub(crate) fn visit(device: &mut VirtualReader, model: Model) -> Result<Visit, ReaderError> {
    visit_checked(device, model, |card| {
        let is_own = |own: &DemoCard| own.certificate() == card.certificate.as_der();
        assert!(DemoCard::ALL.iter().any(is_own), "{model:?}");
    })
}

/// The same, with another opinion of what was read.
pub(crate) fn visit_checked(
    device: &mut VirtualReader,
    model: Model,
    check: impl FnOnce(&PresentedCard),
) -> Result<Visit, ReaderError> {
    let outcome = visit_once(device, model, check);
    if outcome.is_err() {
        let _ = run(device, Reader::new(model).release());
    }
    outcome
}

fn visit_once(
    device: &mut VirtualReader,
    model: Model,
    check: impl FnOnce(&PresentedCard),
) -> Result<Visit, ReaderError> {
    let (reader, ()) = run(device, Reader::new(model).start_up())?;
    let (reader, found) = run(device, reader.find_card())?;
    if found != Found::Card {
        run(device, reader.release())?;
        return Ok(Visit::NoCard(found));
    }
    let (reader, card) = run(device, reader.read_certificate(true))?;
    if let Ok(card) = &card {
        check(card);
    }
    let (reader, is_present) = run(device, reader.is_card_present())?;
    run(device, reader.release())?;
    Ok(Visit::Read(Box::new(card), is_present))
}

/// The certificate that was read, if one was.
pub(crate) fn certificate(visit: &Visit) -> Option<&[u8]> {
    match visit {
        Visit::Read(card, _) => card
            .as_ref()
            .as_ref()
            .ok()
            .map(|card| card.certificate.as_der()),
        Visit::NoCard(_) => None,
    }
}
