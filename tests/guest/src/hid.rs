//! HID devices that the host makes: `/dev/uhid`, carried over a connection.
//!
//! Each message is its length in two bytes, big-endian, and one `struct uhid_event`
//! (`linux/uhid.h`), which is read here only as far as its first number.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;

/// The longest event: a number and the largest member, `uhid_create2_req`.
const LONGEST: usize = 4 + 4_372;
const DESTROY: u32 = 1;
/// What the kernel says last.
const STOP: u32 = 3;

/// Carries events both ways until the host closes the connection; then the device is gone.
pub(crate) fn lend(mut host: TcpStream) -> io::Result<()> {
    let mut device = File::options().read(true).write(true).open("/dev/uhid")?;
    let mut events = device.try_clone()?;
    let mut sink = host.try_clone()?;
    thread::spawn(move || {
        let _ = tell(&mut events, &mut sink);
        let _ = sink.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = hear(&mut host, &mut device);
        let _ = device.write_all(&DESTROY.to_ne_bytes());
    });
    Ok(())
}

fn tell(events: &mut File, host: &mut TcpStream) -> io::Result<()> {
    let mut event = [0; LONGEST];
    loop {
        let length = events.read(&mut event)?;
        let event = &event[..length];
        let length = u16::try_from(length).map_err(io::Error::other)?;
        host.write_all(&[&length.to_be_bytes(), event].concat())?;
        if event.starts_with(&STOP.to_ne_bytes()) {
            return Ok(());
        }
    }
}

fn hear(host: &mut TcpStream, device: &mut File) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        host.read_exact(&mut length)?;
        let mut event = vec![0; usize::from(u16::from_be_bytes(length))];
        host.read_exact(&mut event)?;
        device.write_all(&event)?;
    }
}
