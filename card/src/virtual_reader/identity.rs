//! What a reader says it is, before anybody speaks its protocol: for fakes of `navigator.usb` and
//! `navigator.hid`, and for devices that an operating system is to see.

use super::Kind;

/// An interface of a USB device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface {
    /// Its number.
    pub number: u8,
    /// Its class: FF is the vendor's own, 0B smart cards, 03 HID.
    pub class: u8,
    /// Its pair of endpoints, in and out, by their numbers, 0 for the control pipe; packets have
    /// 64 bytes.
    pub endpoints: (u8, u8),
}

/// A USB device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The vendor's number.
    pub vendor: u16,
    /// The product's number.
    pub product: u16,
    /// The product's name.
    pub name: &'static str,
    /// The interfaces of configuration 1.
    pub interfaces: &'static [Interface],
}

impl Kind {
    /// What the reader says it is. The endpoints of the RC-S300, and all of BALTECH's numbers, are made
    /// up: who drives them must not know them.
    pub const fn identity(self) -> Identity {
        match self {
            Self::RcS380 => Identity {
                vendor: 0x054C,
                product: 0x06C3,
                name: "RC-S380/P",
                interfaces: &[Interface {
                    number: 0,
                    class: 0xFF,
                    endpoints: (1, 2),
                }],
            },
            Self::RcS300(_) => Identity {
                vendor: 0x054C,
                product: 0x0DC9,
                name: "FeliCa RC-S300/P",
                interfaces: &[
                    Interface {
                        number: 0,
                        class: 0x0B,
                        endpoints: (1, 2),
                    },
                    Interface {
                        number: 1,
                        class: 0xFF,
                        endpoints: (3, 4),
                    },
                ],
            },
            Self::Baltech(_) => Identity {
                vendor: 0xFFF0,
                product: 0x0001,
                name: "ID-engine Z (emulated)",
                interfaces: &[Interface {
                    number: 0,
                    class: 0x03,
                    endpoints: (1, 0),
                }],
            },
        }
    }
}
