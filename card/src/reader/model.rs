//! Which readers there are, how a page recognises them, and how it leaves them in a hurry.

use super::{port100, rc_s300};

/// How a page reaches a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// `navigator.usb`: configuration 1, the interface of class FF, its pair of bulk endpoints.
    WebUsb,
    /// `navigator.hid`: output and input reports.
    WebHid,
}

/// A reader that is driven here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// Sony RC-S380/S and /P (`PaSoRi`).
    RcS380,
    /// Sony RC-S300/S and /P, and RC-S660/U. Experimental.
    RcS300,
    /// BALTECH readers that speak “BRP over HID”.
    Baltech,
}

/// Sony's number as a vendor of USB devices.
const SONY: u16 = 0x054C;

impl Model {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RcS380, Self::RcS300, Self::Baltech];

    /// How it is reached.
    pub const fn medium(self) -> Medium {
        match self {
            Self::RcS380 | Self::RcS300 => Medium::WebUsb,
            Self::Baltech => Medium::WebHid,
        }
    }

    /// Numbers of vendor and product, for the filters of `requestDevice`. None for BALTECH,
    /// whose documents tell none: the person picks the device.
    pub const fn usb_numbers(self) -> &'static [(u16, u16)] {
        match self {
            Self::RcS380 => &[(SONY, 0x06C1), (SONY, 0x06C3)],
            Self::RcS300 => &[(SONY, 0x0DC8), (SONY, 0x0DC9), (SONY, 0x0D8F)],
            Self::Baltech => &[],
        }
    }

    /// The model of a USB device, if it is one.
    pub fn by_usb_numbers(vendor: u16, product: u16) -> Option<Self> {
        let is_it = |model: &Self| model.usb_numbers().contains(&(vendor, product));
        Self::ALL.into_iter().find(is_it)
    }

    /// Transfers out that switch the field off, for a page that is being closed and can't wait
    /// for answers: whatever the reader was doing, it has stopped after them. None for BALTECH, which
    /// looks after its field itself. Where there is time, [`Reader::release`](super::Reader::release) is better.
    pub fn farewell(self) -> Vec<Vec<u8>> {
        match self {
            Self::RcS380 => port100::farewell(),
            Self::RcS300 => rc_s300::farewell(),
            Self::Baltech => Vec::new(),
        }
    }

    /// Whether nobody is known to have read a card of type B by it in this way.
    pub const fn is_experimental(self) -> bool {
        matches!(self, Self::RcS300)
    }
}
