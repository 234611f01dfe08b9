//! An emulated reader as a HID device that another kernel sees through its `/dev/uhid`
//! (`linux/uhid.h`), which the program in the virtual machine lends.
//!
//! Each message is its length in two bytes, big-endian, and one `struct uhid_event`.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;
use card::virtual_reader::{Identity, REPORT_DESCRIPTOR};

use crate::emulated::EmulatedReader;

// Kinds of events.
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const CREATE2: u32 = 11;
const INPUT2: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// `UHID_DATA_MAX`.
const MOST: usize = 4_096;
/// `BUS_USB` of Linux: browsers look at it.
const BUS_USB: u16 = 3;
/// `EIO`, for what the reader does not have.
const NO: u16 = 5;

/// A reader that waits for machines that lend it their `/dev/uhid`.
#[derive(Debug)]
pub struct HidPort {
    port: u16,
    connection: Arc<Mutex<Option<TcpStream>>>,
}

impl HidPort {
    /// Waits on a free port of this machine, until the process ends.
    pub fn start(reader: &EmulatedReader) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let connection = Arc::<Mutex<Option<TcpStream>>>::default();
        let current = Arc::clone(&connection);
        let reader = reader.clone();
        thread::spawn(move || {
            for mut machine in listener.incoming().flatten() {
                *lock(&current) = machine.try_clone().ok();
                // However it ends, the device is gone.
                let _ = serve(&mut machine, &reader);
                let _ = machine.shutdown(Shutdown::Both);
            }
        });
        Ok(Self { port, connection })
    }

    /// Where it waits.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Pulls the reader out, in the middle of whatever is done with it.
    pub fn unplug(&self) -> Result<()> {
        if let Some(connection) = lock(&self.connection).take() {
            connection.shutdown(Shutdown::Both)?;
        }
        Ok(())
    }
}

fn lock(connection: &Mutex<Option<TcpStream>>) -> MutexGuard<'_, Option<TcpStream>> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(machine: &mut TcpStream, reader: &EmulatedReader) -> io::Result<()> {
    machine.set_nodelay(true)?;
    reader.power_on();
    send(machine, &created(&reader.identity()))?;
    loop {
        let mut length = [0; 2];
        machine.read_exact(&mut length)?;
        let mut event = vec![0; usize::from(u16::from_be_bytes(length))];
        machine.read_exact(&mut event)?;
        match Event::parse(&event) {
            Some(Event::Output(report)) => {
                let gone = |_| io::ErrorKind::NotConnected;
                reader.write(&report).map_err(gone)?;
                while let Some(report) = reader.read().map_err(gone)? {
                    send(machine, &input(&report))?;
                }
            }
            Some(Event::Refusable(kind, id)) => send(machine, &refused(kind, id))?,
            None => {}
        }
    }
}

fn send(machine: &mut TcpStream, event: &[u8]) -> io::Result<()> {
    let length = u16::try_from(event.len()).map_err(io::Error::other)?;
    machine.write_all(&[&length.to_be_bytes(), event].concat())
}

/// What a kernel tells, as far as the reader has to know.
#[derive(Debug, PartialEq, Eq)]
enum Event {
    /// A report that was sent out, its number first.
    Output(Vec<u8>),
    /// A question for a report, or an order to set one, with its number: it waits for an answer.
    Refusable(u32, u32),
}

impl Event {
    fn parse(event: &[u8]) -> Option<Self> {
        let (kind, rest) = event.split_first_chunk()?;
        match u32::from_le_bytes(*kind) {
            OUTPUT => {
                let (data, rest) = rest.split_at_checked(MOST)?;
                let length = usize::from(u16::from_le_bytes(*rest.first_chunk()?));
                data.get(..length)
                    .map(|report| Self::Output(report.to_vec()))
            }
            kind @ (GET_REPORT | SET_REPORT) => {
                let id = u32::from_le_bytes(*rest.first_chunk()?);
                Some(Self::Refusable(kind, id))
            }
            _ => None,
        }
    }
}

/// `UHID_CREATE2`.
fn created(identity: &Identity) -> Vec<u8> {
    let mut event = CREATE2.to_le_bytes().to_vec();
    for (text, length) in [(identity.name, 128), ("emulated", 64), ("emulated", 64)] {
        let end = event.len() + length;
        event.extend(text.as_bytes());
        event.resize(end, 0);
    }
    event.extend(size(REPORT_DESCRIPTOR));
    event.extend(BUS_USB.to_le_bytes());
    // Vendor, product, version, country.
    for number in [
        identity.vendor.into(),
        identity.product.into(),
        0x0100,
        0_u32,
    ] {
        event.extend(number.to_le_bytes());
    }
    event.extend(REPORT_DESCRIPTOR);
    event
}

/// `UHID_INPUT2`: a report of the reader's, its number first.
fn input(report: &[u8]) -> Vec<u8> {
    [&INPUT2.to_le_bytes(), size(report).as_slice(), report].concat()
}

fn refused(kind: u32, id: u32) -> Vec<u8> {
    let reply = if kind == GET_REPORT {
        GET_REPORT_REPLY
    } else {
        SET_REPORT_REPLY
    };
    let mut event = [reply.to_le_bytes(), id.to_le_bytes()].concat();
    event.extend(NO.to_le_bytes());
    event
}

fn size(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use card::virtual_reader::{BaltechHabits, Kind};
    use proptest::prelude::*;

    #[test]
    fn a_device_is_created_as_the_kernel_reads_it() {
        let kind = Kind::Baltech(BaltechHabits::default());
        let event = created(&kind.identity());
        assert_eq!(event[..4], [11, 0, 0, 0]);
        assert!(event[4..].starts_with(b"ID-engine Z (emulated)\0"));
        let numbers = 4 + 128 + 64 + 64;
        let length = u16::from_le_bytes([event[numbers], event[numbers + 1]]);
        assert_eq!(
            event[numbers + 2..][..10],
            [3, 0, 0xF0, 0xFF, 0, 0, 1, 0, 0, 0]
        );
        assert_eq!(event[numbers + 20..], *REPORT_DESCRIPTOR);
        assert_eq!(usize::from(length), REPORT_DESCRIPTOR.len());
    }

    #[test]
    fn events_are_read() {
        let output = |data: &[u8], length: u16| {
            let mut event = [&OUTPUT.to_le_bytes(), data].concat();
            event.resize(4 + MOST, 0);
            event.extend(length.to_le_bytes());
            event.push(1);
            event
        };
        for (event, expected) in [
            (output(&[4, 1, 2], 3), Some(Event::Output(vec![4, 1, 2]))),
            (output(&[], 0), Some(Event::Output(vec![]))),
            (output(&[], 4_097), None),
            (
                vec![9, 0, 0, 0, 5, 0, 0, 0, 1, 0],
                Some(Event::Refusable(9, 5)),
            ),
            (
                vec![13, 0, 0, 0, 6, 0, 0, 0, 1, 1, 0],
                Some(Event::Refusable(13, 6)),
            ),
            // START and OPEN.
            (vec![2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], None),
            (vec![4, 0, 0, 0], None),
            (vec![], None),
        ] {
            assert_eq!(Event::parse(&event), expected);
        }
        assert_eq!(refused(GET_REPORT, 5), [10, 0, 0, 0, 5, 0, 0, 0, 5, 0]);
        assert_eq!(refused(SET_REPORT, 6), [14, 0, 0, 0, 6, 0, 0, 0, 5, 0]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_event_or_none(event in prop::collection::vec(any::<u8>(), 0..5_000)) {
            let _ = Event::parse(&event);
        }

        #[test]
        fn a_report_goes_in_as_it_is(report in prop::collection::vec(any::<u8>(), 0..1_100)) {
            let event = input(&report);
            prop_assert_eq!(&event[..4], &[12, 0, 0, 0]);
            prop_assert_eq!(usize::from(u16::from_le_bytes([event[4], event[5]])), report.len());
            prop_assert_eq!(&event[6..], &report);
        }
    }
}
