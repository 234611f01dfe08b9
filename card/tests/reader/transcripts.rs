//! What is sent to each reader, byte by byte, as far as sources tell it.

use card::reader::{Model, Reader, ReaderError, Step, Transfer};
use card::virtual_reader::{BaltechHabits, Kind, RcS300Habits, VirtualReader};

use crate::support::{transfer, with_card};

/// Runs to the end and keeps what was written.
fn record<T>(
    device: &mut VirtualReader,
    begun: Result<Step<T>, ReaderError>,
    written: &mut Vec<Vec<u8>>,
) -> Reader {
    let mut step = begun.unwrap();
    loop {
        match step {
            Step::Done(reader, _) => return reader,
            Step::Transfer(run, wanted) => {
                if let Transfer::Write(bytes) = &wanted {
                    written.push(bytes.clone());
                }
                step = run.resume(transfer(device, &wanted)).unwrap();
            }
        }
    }
}

/// Everything that is written in a visit, up to the first answer of the card's application.
fn beginning(model: Model, kind: Kind) -> Vec<Vec<u8>> {
    let mut device = with_card(kind);
    let mut written = Vec::new();
    let reader = record(&mut device, Reader::new(model).start_up(), &mut written);
    let reader = record(&mut device, reader.find_card(), &mut written);
    let before = written.len();
    record(&mut device, reader.read_certificate(false), &mut written);
    written.truncate(before + 1);
    written
}

const SELECT: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";

/// nfcpy (`rcs380.py`, `tt4.py`) and aruneko (`rc_s380_driver`, WebUSB-MyNumberCard) send these.
#[test]
fn rc_s380() {
    let written = beginning(Model::RcS380, Kind::RcS380);
    let data = |bytes: &[u8]| bytes[8..bytes.len() - 2].to_vec();
    let sent: Vec<Vec<u8>> = written[1..].iter().map(|bytes| data(bytes)).collect();
    assert_eq!(written[0], b"\x00\x00\xFF\x00\xFF\x00");
    let expected: [&[u8]; 8] = [
        b"\xD6\x2A\x01",
        b"\xD6\x06\x00",
        b"\xD6\x00\x03\x07\x0F\x07",
        b"\xD6\x02\x00\x18\x01\x01\x02\x01\x03\x00\x04\x00\x05\x00\x06\x00\x07\x08\x08\x00\x09\x00\
          \x0A\x00\x0B\x00\x0C\x00\x0E\x04\x0F\x00\x10\x00\x11\x00\x12\x00\x13\x06",
        b"\xD6\x02\x00\x14\x09\x01\x0A\x01\x0B\x01\x0C\x01",
        // 31 ms.
        b"\xD6\x04\x36\x01\x05\x00\x10",
        b"\xD6\x04\x36\x01\x1D\x4E\x11\x22\x33\x00\x08\x01\x00",
        // FWT and its tolerance are 313 ms, and one more.
        &[b"\xD6\x04\x44\x0C\x02", SELECT].concat(),
    ];
    assert_eq!(sent, expected);
}

/// felica-rs' Port-400 driver and two drivers in pages send sessions and fields like this; for type B see
/// the first route of `rc_s300`.
#[test]
fn rc_s300() {
    let written = beginning(Model::RcS300, Kind::RcS300(RcS300Habits::default()));
    let numbers: Vec<u8> = written.iter().map(|bytes| bytes[6]).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let sent: Vec<&[u8]> = written.iter().map(|bytes| &bytes[10..]).collect();
    let expected: [&[u8]; 6] = [
        b"\xFF\x50\x00\x00\x02\x82\x00\x00",
        b"\xFF\x50\x00\x00\x02\x81\x00\x00",
        b"\xFF\x50\x00\x00\x02\x83\x00\x00",
        b"\xFF\x50\x00\x00\x02\x84\x00\x00",
        b"\xFF\x50\x00\x02\x04\x8F\x02\x01\x04\x00",
        // 2 s.
        &[
            b"\xFF\x50\x00\x01\x1C\x90\x02\x00\x00\x5F\x46\x04\x80\x84\x1E\x00\x95\x0F".as_slice(),
            SELECT,
            b"\x00",
        ]
        .concat(),
    ];
    assert_eq!(sent, expected);
}

/// The second route: blocks, after a switch to layer 3.
#[test]
fn rc_s300_by_blocks() {
    let habits = RcS300Habits {
        refuses_layer_4: true,
        ..RcS300Habits::default()
    };
    let written = beginning(Model::RcS300, Kind::RcS300(habits));
    let sent: Vec<&[u8]> = written[5..].iter().map(|bytes| &bytes[10..]).collect();
    let block = |length: u8, micros: u32, data: &[u8]| {
        let head = [
            0xFF,
            0x50,
            0x00,
            0x01,
            13 + length,
            0x90,
            0x02,
            0x00,
            0x10,
            0x5F,
            0x46,
            0x04,
        ];
        [
            &head,
            micros.to_le_bytes().as_slice(),
            &[0x95, length],
            data,
            &[0x00],
        ]
        .concat()
    };
    let expected: [&[u8]; 4] = [
        b"\xFF\x50\x00\x02\x04\x8F\x02\x01\x03\x00",
        &block(3, 30_000, b"\x05\x00\x10"),
        &block(9, 30_000, b"\x1D\x4E\x11\x22\x33\x00\x08\x01\x00"),
        &block(16, 309_314 + 3_625, &[b"\x02", SELECT].concat()),
    ];
    assert_eq!(sent, expected);
}

/// docs.baltech.de, and the parameters of BALTECH's SDK. Reports are padded, and frames end
/// with their checksum.
#[test]
fn baltech() {
    let written = beginning(Model::Baltech, Kind::Baltech(BaltechHabits::default()));
    let sent: Vec<&[u8]> = written
        .iter()
        .map(|bytes| &bytes[..=usize::from(bytes[1])])
        .collect();
    let expected: [&[u8]; 3] = [
        b"\x01\x07\x00\x2C\x00\x00\x00\x00",
        b"\x01\x0B\x00\x2C\x01\x00\x04\x00\x00\x08\x01\x00",
        &[b"\x02\x19\x00\x2C\x01\x06\x12\x00\x00\x00\x0F", SELECT].concat(),
    ];
    assert_eq!(sent, expected);
}
