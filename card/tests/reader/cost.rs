//! What drivers add to the card's own time, by the model of `virtual_reader::cost`.

use core::time::Duration;

use card::demo::DemoCard;
use card::jpki::{Limits, Reading, Step};
use card::reader::{Model, Reader};
use card::virtual_card::VirtualCard;
use card::virtual_reader::cost::{self, Wire};

use crate::support::{pairs, run, with_card};

/// The least that any reader needs: answers of 256 bytes, each command one exchange of two blocks.
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
        match reading.answer(&answer).unwrap() {
            Step::Transmit(next, following) => (reading, command) = (next, following),
            Step::Done(_) => return cost::card_time(commands, commands, bytes),
        }
    }
}

/// The aim of the page: at most 1.3 times the card's own time.
#[test]
fn drivers_add_less_than_three_tenths() {
    let least = least();
    for (model, kind) in pairs() {
        let mut device = with_card(kind);
        let (reader, ()) = run(&mut device, Reader::new(model).start_up()).unwrap();
        let (reader, _) = run(&mut device, reader.find_card()).unwrap();
        let before = device.counts();
        run(&mut device, reader.read_certificate(false))
            .unwrap()
            .1
            .unwrap();
        let counts = device.counts().since(before);
        let wire = if model == Model::Baltech {
            Wire::Reports
        } else {
            Wire::Bulk
        };
        let whole = counts.card_time() + counts.wire_time(wire);
        assert!(whole * 10 <= least * 13, "{kind:?}: {whole:?} of {least:?}");
        assert!(whole > least);
        assert_eq!(counts.empty_reads, 0);
    }
}
