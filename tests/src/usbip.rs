//! Emulated readers as USB devices that another kernel sees: the lending side of USB/IP
//! (<https://docs.kernel.org/usb/usbip_protocol.html>).
//!
//! A kernel keeps a connection for each device; a closed one is a device that was pulled out.
//! Reads wait in the device until it has something, may be taken back, and a command to an endpoint that is
//! halted is refused, as by hardware. What comes too late
//! ([`Fault::Late`](card::virtual_reader::Fault::Late)) comes with the next write.

mod descriptors;
mod device;
mod wire;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context as _, Result};

use crate::emulated::EmulatedReader;
use device::{Device, Halted};
use wire::{Operation, Request};

/// Readers that other machines may import. It lends until the process ends.
#[derive(Debug)]
pub struct Bus {
    port: u16,
    slots: Arc<Vec<Slot>>,
}

#[derive(Debug)]
struct Slot {
    reader: EmulatedReader,
    /// Who imported it.
    connection: Mutex<Option<TcpStream>>,
    halted: Halted,
}

impl Slot {
    fn connection(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bus {
    /// Lends the readers on a free port of this machine.
    pub fn start(readers: &[EmulatedReader]) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let slot = |reader: &EmulatedReader| Slot {
            reader: reader.clone(),
            connection: Mutex::new(None),
            halted: Halted::default(),
        };
        let slots: Arc<Vec<_>> = Arc::new(readers.iter().map(slot).collect());
        let lent = Arc::clone(&slots);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let lent = Arc::clone(&lent);
                // However it ends, the device is gone for whoever had it.
                thread::spawn(move || serve(connection, &lent));
            }
        });
        Ok(Self { port, slots })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The name under which a reader is imported; they are counted from 0.
    pub fn id(reader: usize) -> String {
        format!("1-{}", reader + 1)
    }

    /// Halts an endpoint of a reader, as hardware does that has gone wrong; its address has the direction in its
    /// highest bit.
    pub fn halt(&self, reader: usize, address: u8) -> Result<()> {
        let slot = self.slots.get(reader).context("no such reader")?;
        slot.halted.lock().insert(address);
        Ok(())
    }

    /// Pulls a reader out, in the middle of whatever is done with it.
    pub fn unplug(&self, reader: usize) -> Result<()> {
        let slot = self.slots.get(reader).context("no such reader")?;
        if let Some(connection) = slot.connection().take() {
            connection.shutdown(Shutdown::Both)?;
        }
        Ok(())
    }
}

fn serve(mut connection: TcpStream, slots: &[Slot]) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let operation = Operation::receive(&mut connection)?;
    let Operation::Import(id) = operation else {
        let listed: Vec<_> = (1_u32..)
            .zip(slots)
            .map(|(number, slot)| (number, slot.reader.identity()))
            .collect();
        return connection.write_all(&wire::device_list(&listed));
    };
    let mut numbered = (1_u32..).zip(slots);
    let Some((number, slot)) = numbered.find(|(number, _)| format!("1-{number}") == id) else {
        return connection.write_all(&wire::REFUSED);
    };
    slot.reader.power_on();
    slot.halted.lock().clear();
    *slot.connection() = Some(connection.try_clone()?);
    connection.write_all(&wire::imported(number, &slot.reader.identity()))?;
    let mut device = Device::new(slot.reader.clone(), slot.halted.clone());
    let served = attend(&mut connection, &mut device);
    let _ = connection.shutdown(Shutdown::Both);
    served
}

fn attend(connection: &mut TcpStream, device: &mut Device) -> io::Result<()> {
    loop {
        let mut header = [0; wire::HEADER];
        connection.read_exact(&mut header)?;
        let mut request = Request::parse(&header).map_err(io::Error::other)?;
        if let Some(data) = request.data_to_come() {
            connection.read_exact(data)?;
        }
        let answers = device
            .hear(request)
            .map_err(|_| io::ErrorKind::NotConnected)?;
        for answer in answers {
            connection.write_all(&answer.bytes())?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use card::virtual_reader::{Kind, RcS300Habits};

    #[test]
    fn a_device_is_lent_under_its_name_and_gone_when_it_is_unplugged() -> Result<()> {
        let bus = Bus::start(&[EmulatedReader::new(Kind::RcS380)])?;
        for (id, is_there) in [("1-1", true), ("1-2", false), ("", false)] {
            let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, bus.port()))?;
            let mut request = vec![0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0];
            request.extend(id.as_bytes());
            request.resize(40, 0);
            connection.write_all(&request)?;
            let mut answer = [0; 8];
            connection.read_exact(&mut answer)?;
            assert_eq!(answer[7] == 0, is_there, "{id}");
            if is_there {
                bus.unplug(0)?;
            }
            let mut rest = Vec::new();
            connection.read_to_end(&mut rest)?;
            assert_eq!(rest.len(), if is_there { 312 } else { 0 }, "{id}");
        }
        Ok(())
    }

    #[test]
    fn all_devices_are_listed_with_their_interfaces() -> Result<()> {
        let readers =
            [Kind::RcS380, Kind::RcS300(RcS300Habits::default())].map(EmulatedReader::new);
        let bus = Bus::start(&readers)?;
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, bus.port()))?;
        connection.write_all(&[0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0])?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;
        // One interface of the first, two of the second, four bytes each.
        assert_eq!(answer.len(), 12 + 312 + 4 + 312 + 8);
        assert_eq!(answer[..12], [1, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2]);
        Ok(())
    }
}
