//! A certificate through each driver: `cargo run --release -p card --example reader_cost
//! --features demo-cards,virtual-reader`.
//!
//! The time of card and wires is the model of `virtual_reader::cost`; the driver's own is measured.
#![expect(clippy::print_stdout, reason = "an example is read by people")]

use std::time::{Duration, Instant};

use card::demo::DemoCard;
use card::jpki::{Limits, Reading};
use card::reader::{Event, Found, Model, Reader, ReaderError, Step, Transfer};
use card::virtual_card::VirtualCard;
use card::virtual_reader::cost::{self, Wire};
use card::virtual_reader::{BaltechHabits, Counts, Kind, RadioHabits, RcS300Habits, VirtualReader};

/// How often each is read to measure the driver.
const ROUNDS: u32 = 2_000;

fn main() -> Result<(), ReaderError> {
    let least = least();
    println!("least time of the card: {:.1} ms\n", millis(least));
    println!(
        "| reader | commands | blocks | transfers | bytes | card ms | wire ms | ratio | start ms | find ms | driver µs |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let by_blocks = RcS300Habits {
        refuses_layer_4: true,
        ..RcS300Habits::default()
    };
    for (name, model, kind, wire) in [
        ("RC-S380", Model::RcS380, Kind::RcS380, Wire::Bulk),
        (
            "RC-S300, commands",
            Model::RcS300,
            Kind::RcS300(RcS300Habits::default()),
            Wire::Bulk,
        ),
        (
            "RC-S300, blocks",
            Model::RcS300,
            Kind::RcS300(by_blocks),
            Wire::Bulk,
        ),
        (
            "BALTECH",
            Model::Baltech,
            Kind::Baltech(BaltechHabits::default()),
            Wire::Reports,
        ),
    ] {
        let visit = visit(model, kind)?;
        let time = |counts: Counts| millis(counts.card_time() + counts.wire_time(wire));
        let read = visit.read;
        println!(
            "| {name} | {} | {} | {} | {} | {:.1} | {:.1} | {:.2} | {:.1} | {:.1} | {:.1} |",
            read.commands,
            read.blocks,
            read.transfers,
            read.bytes,
            millis(read.card_time()),
            millis(read.wire_time(wire)),
            time(read) / millis(least),
            time(visit.start) + millis(visit.paused_at_start),
            time(visit.find),
            driver_time(model, kind)?.as_secs_f64() * 1e6,
        );
    }
    Ok(())
}

struct Visit {
    start: Counts,
    paused_at_start: Duration,
    find: Counts,
    read: Counts,
    driver: Duration,
}

fn visit(model: Model, kind: Kind) -> Result<Visit, ReaderError> {
    let mut device = VirtualReader::new(kind);
    device.place(
        VirtualCard::new(DemoCard::Valid.profile()),
        RadioHabits::default(),
    );
    let mut spent = Spent::default();
    let (reader, ()) = run(&mut device, Reader::new(model).start_up(), &mut spent)?;
    let start = device.counts();
    let paused_at_start = spent.paused;
    let (reader, found) = run(&mut device, reader.find_card(), &mut spent)?;
    if found != Found::Card {
        return Err(ReaderError::CardGone);
    }
    let find = device.counts();
    spent = Spent::default();
    let (_, card) = run(&mut device, reader.read_certificate(false), &mut spent)?;
    let is_right =
        card.is_ok_and(|card| card.certificate.as_der() == DemoCard::Valid.certificate());
    if !is_right {
        return Err(ReaderError::CardGone);
    }
    Ok(Visit {
        start,
        paused_at_start,
        find: find.since(start),
        read: device.counts().since(find),
        driver: spent.driver,
    })
}

#[derive(Default)]
struct Spent {
    paused: Duration,
    driver: Duration,
}

fn run<T>(
    device: &mut VirtualReader,
    begun: Result<Step<T>, ReaderError>,
    spent: &mut Spent,
) -> Result<(Reader, T), ReaderError> {
    let mut step = begun?;
    loop {
        let (run, wanted) = match step {
            Step::Done(reader, value) => return Ok((reader, value)),
            Step::Transfer(run, wanted) => (run, wanted),
        };
        let event = match wanted {
            Transfer::Pause(time) => {
                spent.paused += time;
                Ok(Event::Paused)
            }
            Transfer::Write(bytes) => device.write(&bytes).map(|()| Event::Written),
            Transfer::Read { within, .. } => device.read().map(|bytes| {
                if bytes.is_none() {
                    spent.paused += within;
                }
                bytes.map_or(Event::Late, Event::Received)
            }),
        };
        let begin = Instant::now();
        step = run.resume(event.unwrap_or(Event::Unplugged))?;
        spent.driver += begin.elapsed();
    }
}

fn driver_time(model: Model, kind: Kind) -> Result<Duration, ReaderError> {
    let mut whole = Duration::ZERO;
    for _ in 0..ROUNDS {
        whole += visit(model, kind)?.driver;
    }
    Ok(whole / ROUNDS)
}

/// What the card needs when it is asked for 256 bytes at a time, each in one exchange.
fn least() -> Duration {
    let mut card = VirtualCard::new(DemoCard::Valid.profile());
    let (mut reading, mut command) = Reading::start(Limits {
        chunk: 0,
        with_ca: false,
    });
    let (mut commands, mut bytes) = (0, 0);
    loop {
        let answer = card.transmit(command.as_bytes());
        commands += 1;
        bytes += command.as_bytes().len() + answer.len() + 2 * cost::BLOCK;
        match reading.answer(&answer) {
            Ok(card::jpki::Step::Transmit(next, following)) => {
                (reading, command) = (next, following);
            }
            Ok(card::jpki::Step::Done(_)) | Err(_) => {
                return cost::card_time(commands, commands, bytes);
            }
        }
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
