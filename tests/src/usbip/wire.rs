//! The messages of USB/IP 1.1.1, to and from bytes. All numbers are big-endian.

use std::io::{self, Read};

use card::virtual_reader::Identity;
use thiserror::Error;

/// What comes before the data of each message once a device is imported.
pub(super) const HEADER: usize = 48;
/// More than any transfer of a reader's; whoever asks for more is out of step.
const MOST: usize = 65_536;

const VERSION: [u8; 2] = [0x01, 0x11];
const IMPORT: u16 = 0x8003;
const LIST: u16 = 0x8005;
const BUS_ID: usize = 32;
/// `USB_SPEED_FULL` of Linux.
const FULL_SPEED: u32 = 2;

const SUBMIT: u32 = 1;
const UNLINK: u32 = 2;
const SUBMITTED: u32 = 3;
const UNLINKED: u32 = 4;

/// The answer to who asks for a device that is not there.
pub(super) const REFUSED: [u8; 8] = [0x01, 0x11, 0, 3, 0, 0, 0, 1];

/// Why a message can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Malformed {
    #[error("command {0:#x} is not known")]
    Command(u32),
    #[error("a transfer of {0} bytes")]
    Length(u32),
}

/// What is asked before a device is imported.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Operation {
    List,
    Import(String),
}

impl Operation {
    pub(super) fn receive(from: &mut impl Read) -> io::Result<Self> {
        let mut head = [0; 8];
        from.read_exact(&mut head)?;
        match u16::from_be_bytes([head[2], head[3]]) {
            LIST => Ok(Self::List),
            IMPORT => {
                let mut id = [0; BUS_ID];
                from.read_exact(&mut id)?;
                let id = String::from_utf8_lossy(&id);
                Ok(Self::Import(id.trim_end_matches('\0').to_owned()))
            }
            other => Err(io::Error::other(Malformed::Command(other.into()))),
        }
    }
}

/// The devices, each with the number that it is imported by and its interfaces.
pub(super) fn device_list(devices: &[(u32, Identity)]) -> Vec<u8> {
    let count = u32::try_from(devices.len()).unwrap_or(u32::MAX);
    let mut list = [VERSION, [0, 5], [0, 0], [0, 0]].concat();
    list.extend(count.to_be_bytes());
    for (number, identity) in devices {
        list.extend(device(*number, identity));
        for interface in identity.interfaces {
            list.extend([interface.class, 0, 0, 0]);
        }
    }
    list
}

/// The answer to who asks for a device that is there.
pub(super) fn imported(number: u32, identity: &Identity) -> Vec<u8> {
    let mut answer = [VERSION, [0, 3], [0, 0], [0, 0]].concat();
    answer.extend(device(number, identity));
    answer
}

/// `struct usbip_usb_device`.
fn device(number: u32, identity: &Identity) -> Vec<u8> {
    let id = format!("1-{number}");
    let mut device = format!("/sys/devices/emulated/usb1/{id}").into_bytes();
    device.resize(256, 0);
    device.extend(id.as_bytes());
    device.resize(256 + BUS_ID, 0);
    for number in [1, number, FULL_SPEED] {
        device.extend(number.to_be_bytes());
    }
    for number in [identity.vendor, identity.product, 0x0100] {
        device.extend(number.to_be_bytes());
    }
    let interfaces = u8::try_from(identity.interfaces.len()).unwrap_or(u8::MAX);
    // Class by interface; no configuration is chosen, and there is one.
    device.extend([0, 0, 0, 0, 1, interfaces]);
    device
}

/// What a kernel asks of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Request {
    Submit(Submit),
    /// Takes a request back.
    Unlink {
        number: u32,
        victim: u32,
    },
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submit {
    pub(super) number: u32,
    pub(super) is_in: bool,
    pub(super) endpoint: u8,
    /// For the control pipe.
    pub(super) setup: [u8; 8],
    /// How much is to come, or comes.
    pub(super) length: usize,
    /// What is sent out.
    pub(super) data: Vec<u8>,
}

impl Request {
    /// Reads a header; what is sent out follows it, see [`Self::data_to_come`].
    pub(super) fn parse(header: &[u8; HEADER]) -> Result<Self, Malformed> {
        let (words, setup) = header.split_at(40);
        let word = |place: usize| {
            let bytes = words.get(4 * place..).and_then(|rest| rest.first_chunk());
            u32::from_be_bytes(*bytes.unwrap_or(&[0; 4]))
        };
        let number = word(1);
        match word(0) {
            SUBMIT => {
                let length = usize::try_from(word(6)).ok().filter(|it| *it <= MOST);
                let length = length.ok_or(Malformed::Length(word(6)))?;
                let is_in = word(3) == 1;
                Ok(Self::Submit(Submit {
                    number,
                    is_in,
                    endpoint: u8::try_from(word(4) & 0xF).unwrap_or(0),
                    setup: *setup.first_chunk().unwrap_or(&[0; 8]),
                    length,
                    data: vec![0; if is_in { 0 } else { length }],
                }))
            }
            UNLINK => Ok(Self::Unlink {
                number,
                victim: word(5),
            }),
            other => Err(Malformed::Command(other)),
        }
    }

    /// Where the data goes that follows the header.
    pub(super) fn data_to_come(&mut self) -> Option<&mut [u8]> {
        match self {
            Self::Submit(submit) if !submit.data.is_empty() => Some(&mut submit.data),
            _ => None,
        }
    }
}

/// How a transfer ended, by the numbers of Linux's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Fine,
    /// The endpoint is halted, or the control request is none of the device's.
    Stalled,
    /// It was taken back.
    Reset,
}

impl Status {
    fn number(self) -> i32 {
        match self {
            Self::Fine => 0,
            // EPIPE and ECONNRESET.
            Self::Stalled => -32,
            Self::Reset => -104,
        }
    }
}

/// What a device answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A transfer has ended.
    Submitted {
        number: u32,
        status: Status,
        /// How much went out, or came in.
        length: usize,
        /// What came in.
        data: Vec<u8>,
    },
    /// Whether a transfer was taken back in time.
    Unlinked { number: u32, status: Status },
}

impl Answer {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (command, number, status, length, data) = match self {
            Self::Submitted {
                number,
                status,
                length,
                data,
            } => (SUBMITTED, *number, *status, *length, data.as_slice()),
            Self::Unlinked { number, status } => (UNLINKED, *number, *status, 0, [].as_slice()),
        };
        let mut bytes = command.to_be_bytes().to_vec();
        bytes.extend(number.to_be_bytes());
        // Device, direction and endpoint are the kernel's own to know.
        bytes.extend([0; 12]);
        bytes.extend(status.number().to_be_bytes());
        bytes.extend(u32::try_from(length).unwrap_or(0).to_be_bytes());
        bytes.resize(HEADER, 0);
        bytes.extend(data);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A header, by its words and the setup packet.
    fn header(words: &[u32], setup: [u8; 8]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        for (place, word) in words.iter().enumerate() {
            header[4 * place..][..4].copy_from_slice(&word.to_be_bytes());
        }
        header[40..].copy_from_slice(&setup);
        header
    }

    #[test]
    fn requests_are_read() {
        let setup = [0x80, 6, 0, 1, 0, 0, 18, 0];
        let submit = |is_in, endpoint, length, data: usize| {
            Ok(Request::Submit(Submit {
                number: 7,
                is_in,
                endpoint,
                setup,
                length,
                data: vec![0; data],
            }))
        };
        // Command, number, device, direction, endpoint, flags, length.
        for (words, expected) in [
            ([1, 7, 0x1_0002, 1, 0, 0x200, 18], submit(true, 0, 18, 0)),
            ([1, 7, 0x1_0002, 0, 2, 0, 10], submit(false, 2, 10, 10)),
            ([1, 7, 0x1_0002, 0, 2, 0, 0], submit(false, 2, 0, 0)),
            (
                [2, 8, 0x1_0002, 0, 0, 7, 0],
                Ok(Request::Unlink {
                    number: 8,
                    victim: 7,
                }),
            ),
            (
                [1, 7, 0, 1, 1, 0, u32::MAX],
                Err(Malformed::Length(u32::MAX)),
            ),
            ([3, 7, 0, 1, 1, 0, 0], Err(Malformed::Command(3))),
        ] {
            assert_eq!(
                Request::parse(&header(&words, setup)),
                expected,
                "{words:?}"
            );
        }
    }

    #[test]
    fn answers_are_written() {
        let table = [
            (
                Answer::Submitted {
                    number: 7,
                    status: Status::Fine,
                    length: 2,
                    data: vec![0xAB, 0xCD],
                },
                [3, 7, 0, 0, 0, 0, 2],
                [0xAB, 0xCD].as_slice(),
            ),
            (
                Answer::Submitted {
                    number: 8,
                    status: Status::Stalled,
                    length: 0,
                    data: Vec::new(),
                },
                [3, 8, 0, 0, 0, 0xFFFF_FFE0, 0],
                &[],
            ),
            (
                Answer::Unlinked {
                    number: 9,
                    status: Status::Reset,
                },
                [4, 9, 0, 0, 0, 0xFFFF_FF98, 0],
                &[],
            ),
        ];
        for (answer, words, data) in table {
            let expected = [header(&words, [0; 8]).as_slice(), data].concat();
            assert_eq!(answer.bytes(), expected, "{answer:?}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_a_request_or_refused(header in any::<[u8; HEADER]>()) {
            if let Ok(Request::Submit(submit)) = Request::parse(&header) {
                prop_assert!(submit.length <= MOST && submit.endpoint < 16);
                prop_assert_eq!(submit.data.len(), if submit.is_in { 0 } else { submit.length });
            }
        }

        #[test]
        fn any_answer_is_as_long_as_it_says(number: u32, data in prop::collection::vec(any::<u8>(), 0..300)) {
            let length = data.len();
            let bytes = Answer::Submitted { number, status: Status::Fine, length, data: data.clone() }.bytes();
            prop_assert_eq!(bytes.len(), HEADER + length);
            prop_assert_eq!(&bytes[4..8], &number.to_be_bytes());
            prop_assert_eq!(&bytes[24..28], &u32::try_from(length).unwrap().to_be_bytes());
            prop_assert_eq!(&bytes[HEADER..], &data);
        }
    }
}
