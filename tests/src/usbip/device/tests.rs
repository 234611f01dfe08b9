use card::virtual_reader::{BaltechHabits, Kind, RcS300Habits};
use proptest::prelude::*;

use super::*;

/// A frame that the RC-S380 acknowledges whatever is in it: to an empty one it says nothing more.
const QUESTION: &[u8] = b"\x00\x00\xFF\xFF\xFF\x02\x00\xFE\xD6\x20\x0A\x00";
const ACKNOWLEDGED: &[u8] = b"\x00\x00\xFF\x00\xFF\x00";

fn device(kind: Kind) -> Device {
    Device::new(EmulatedReader::new(kind), Halted::default())
}

fn submit(number: u32, endpoint: u8, setup: [u8; 8], length: usize, data: &[u8]) -> Request {
    Request::Submit(Submit {
        number,
        is_in: data.is_empty(),
        endpoint,
        setup,
        length,
        data: data.to_vec(),
    })
}

fn read(number: u32, length: usize) -> Request {
    submit(number, 1, [0; 8], length, &[])
}

fn write(number: u32, data: &[u8]) -> Request {
    submit(number, 2, [0; 8], data.len(), data)
}

fn came(number: u32, data: &[u8]) -> Answer {
    Answer::Submitted {
        number,
        status: Status::Fine,
        length: data.len(),
        data: data.to_vec(),
    }
}

#[test]
fn a_read_waits_until_there_is_something() -> Result<(), Unplugged> {
    let mut device = device(Kind::RcS380);
    assert_eq!(device.hear(read(1, 290))?, []);
    let answers = device.hear(write(2, QUESTION))?;
    assert_eq!(answers, [done(2, QUESTION.len()), came(1, ACKNOWLEDGED)]);
    // And what is there waits for a read.
    let answers = device.hear(read(3, 290))?;
    assert!(matches!(
        answers.as_slice(),
        [Answer::Submitted {
            number: 3,
            length: 7..,
            ..
        }]
    ));
    Ok(())
}

#[test]
fn what_does_not_go_into_one_read_comes_with_the_next() -> Result<(), Unplugged> {
    let mut device = device(Kind::RcS380);
    device.hear(write(1, QUESTION))?;
    assert_eq!(device.hear(read(2, 4))?, [came(2, &ACKNOWLEDGED[..4])]);
    assert_eq!(device.hear(read(3, 4))?, [came(3, &ACKNOWLEDGED[4..])]);
    Ok(())
}

#[test]
fn a_read_that_waits_can_be_taken_back_once() -> Result<(), Unplugged> {
    let mut device = device(Kind::RcS380);
    device.hear(read(1, 290))?;
    for (number, status) in [(2, Status::Reset), (3, Status::Fine)] {
        let answers = device.hear(Request::Unlink { number, victim: 1 })?;
        assert_eq!(answers, [Answer::Unlinked { number, status }]);
    }
    // It does not swallow what comes for the next one.
    assert_eq!(device.hear(write(4, QUESTION))?, [done(4, QUESTION.len())]);
    assert_eq!(device.hear(read(5, 290))?, [came(5, ACKNOWLEDGED)]);
    Ok(())
}

#[test]
fn a_halted_endpoint_refuses_until_that_is_cleared() -> Result<(), Unplugged> {
    let mut device = device(Kind::RcS380);
    let feature = |number, request, address| {
        let setup = [0x02, request, 0, 0, address, 0, 0, 0];
        Request::Submit(Submit {
            number,
            is_in: false,
            endpoint: 0,
            setup,
            length: 0,
            data: Vec::new(),
        })
    };
    assert_eq!(device.hear(feature(1, 3, 0x81))?, [done(1, 0)]);
    assert_eq!(device.hear(read(2, 290))?, [stalled(2)]);
    let status = submit(3, 0, [0x82, 0, 0, 0, 0x81, 0, 2, 0], 2, &[]);
    assert_eq!(device.hear(status)?, [came(3, &[1, 0])]);
    // The other endpoint is not.
    assert_eq!(device.hear(write(4, QUESTION))?, [done(4, QUESTION.len())]);
    assert_eq!(device.hear(feature(5, 1, 0x81))?, [done(5, 0)]);
    assert_eq!(device.hear(read(6, 290))?, [came(6, ACKNOWLEDGED)]);
    Ok(())
}

#[test]
fn endpoints_that_are_not_there_stall() -> Result<(), Unplugged> {
    for (kind, endpoint, is_there) in [
        (Kind::RcS380, 1, true),
        (Kind::RcS380, 2, false),
        (Kind::RcS380, 3, false),
        // Those of the interface for smart cards are there for the browser to refuse.
        (Kind::RcS300(RcS300Habits::default()), 1, false),
        (Kind::RcS300(RcS300Habits::default()), 3, true),
        (Kind::Baltech(BaltechHabits::default()), 1, true),
    ] {
        let answers = device(kind).hear(submit(1, endpoint, [0; 8], 64, &[]))?;
        let expected = if is_there { vec![] } else { vec![stalled(1)] };
        assert_eq!(answers, expected, "{kind:?} {endpoint}");
    }
    Ok(())
}

#[test]
fn control_requests_are_answered_or_stall() -> Result<(), Unplugged> {
    let table: [([u8; 8], Option<usize>); 8] = [
        ([0x80, 6, 0, 1, 0, 0, 64, 0], Some(18)),
        ([0x80, 6, 0, 1, 0, 0, 8, 0], Some(8)),
        ([0x80, 6, 0, 2, 0, 0, 9, 0], Some(9)),
        // Two speeds it does not have.
        ([0x80, 6, 0, 6, 0, 0, 10, 0], None),
        ([0x80, 0, 0, 0, 0, 0, 2, 0], Some(2)),
        ([0x80, 8, 0, 0, 0, 0, 1, 0], Some(1)),
        ([0xC0, 1, 0, 0, 0, 0, 1, 0], None),
        ([0x81, 6, 0, 0x22, 0, 0, 255, 0], None),
    ];
    for (setup, expected) in table {
        let length = usize::from(setup[6]);
        let answers = device(Kind::RcS380).hear(submit(1, 0, setup, length, &[]))?;
        let found = match answers.as_slice() {
            [
                Answer::Submitted {
                    status: Status::Fine,
                    length,
                    ..
                },
            ] => Some(*length),
            _ => None,
        };
        assert_eq!(found, expected, "{setup:?}");
    }
    Ok(())
}

#[test]
fn a_report_at_the_control_pipe_is_answered_by_interrupt() -> Result<(), Unplugged> {
    let mut device = device(Kind::Baltech(BaltechHabits::default()));
    assert_eq!(device.hear(read(1, 1_023))?, []);
    // Nothing that a reader understands, in a report of the right length: it says so.
    let mut report = vec![1, 7, 0, 0x2C, 0, 0, 0, 0, 0, 0];
    report.resize(15, 0);
    let setup = [0x21, 9, 1, 2, 0, 0, 15, 0];
    let answers = device.hear(submit(2, 0, setup, 15, &report))?;
    let [
        first,
        Answer::Submitted {
            number: 1, data, ..
        },
    ] = answers.as_slice()
    else {
        panic!("{answers:?}");
    };
    assert_eq!(*first, done(2, 15));
    assert_eq!((data.len(), data[0]), (15, 1));
    Ok(())
}

proptest! {
    /// Each transfer is answered once, or waits, or was taken back: by no order of requests twice.
    #[test]
    fn nothing_is_answered_twice(requests in prop::collection::vec((0..4_u8, any::<u8>(), 0..80_usize), 0..60)) {
        let mut device = device(Kind::RcS380);
        let mut open = BTreeSet::new();
        for (number, (what, victim, length)) in (1_u32..).zip(requests) {
            let request = match what {
                0 => read(number, length + 1),
                1 => write(number, QUESTION),
                2 => submit(number, 0, [0x80, 6, 0, 1, 0, 0, 18, 0], 18, &[]),
                _ => Request::Unlink { number, victim: u32::from(victim) % number },
            };
            let victim = match &request {
                Request::Unlink { victim, .. } => Some(*victim),
                Request::Submit(_) => None,
            };
            open.insert(number);
            for answer in device.hear(request).unwrap() {
                match answer {
                    Answer::Submitted { number, .. } => prop_assert!(open.remove(&number)),
                    Answer::Unlinked { number, status } => {
                        prop_assert!(open.remove(&number));
                        let was_open = victim.is_some_and(|victim| open.remove(&victim));
                        prop_assert_eq!(status == Status::Reset, was_open);
                    }
                }
            }
        }
        prop_assert_eq!(open.len(), device.waiting.len());
    }
}
