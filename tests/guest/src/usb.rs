//! USB devices of the host's, by USB/IP
//! (<https://docs.kernel.org/usb/usbip_protocol.html>): asks for one, and gives the connection to
//! the kernel, which then speaks for itself.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::AsRawFd as _;

const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";
/// Version 1.1.1, `OP_REQ_IMPORT`, status 0.
const IMPORT: [u8; 8] = [0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0];
const BUS_ID: usize = 32;
/// In the answer: eight bytes as above, then the device.
const ANSWER: usize = 8;
const DEVICE: usize = 312;
const NUMBERS: usize = 256 + BUS_ID;

/// Plugs in the device that is lent on this connection under this name.
pub(crate) fn plug_in(mut host: TcpStream, bus_id: &str) -> io::Result<()> {
    let mut request = IMPORT.to_vec();
    request.extend(bus_id.as_bytes());
    request.resize(IMPORT.len() + BUS_ID, 0);
    host.write_all(&request)?;
    let mut answer = [0; ANSWER];
    host.read_exact(&mut answer)?;
    if answer[4..] != [0; 4] {
        return Err(io::Error::other("the host lends no such device"));
    }
    let mut device = [0; DEVICE];
    host.read_exact(&mut device)?;
    let number = |place: usize| {
        let place = NUMBERS + 4 * place;
        let bytes = [
            device[place],
            device[place + 1],
            device[place + 2],
            device[place + 3],
        ];
        u32::from_be_bytes(bytes)
    };
    let (bus, device, speed) = (number(0), number(1), number(2));
    let status = fs::read_to_string(format!("{CONTROLLER}/status"))?;
    let port = free_port(&status).ok_or_else(|| io::Error::other("no free USB port"))?;
    let connection = host.as_raw_fd();
    let id = bus << 16 | device;
    // The kernel keeps the connection beyond the end of ours.
    fs::write(
        format!("{CONTROLLER}/attach"),
        format!("{port} {connection} {id} {speed}"),
    )
}

/// The first free port for devices up to high speed, from the controller's own table.
fn free_port(status: &str) -> Option<u32> {
    status.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        match (words.next()?, words.next()?, words.next()?) {
            ("hs", port, "004") => port.parse().ok(),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::free_port;

    #[test]
    fn the_first_free_port_is_found() {
        let head = "hub port sta spd dev      sockfd local_busid\n";
        for (lines, expected) in [
            ("hs  0000 004 000 00000000 000000 0-0\n", Some(0)),
            (
                "hs  0000 006 002 00010001 000003 1-1\nhs  0001 004 000 00000000 000000 0-0\n",
                Some(1),
            ),
            ("ss  0008 004 000 00000000 000000 0-0\n", None),
            ("", None),
        ] {
            assert_eq!(free_port(&format!("{head}{lines}")), expected, "{lines}");
        }
    }
}
