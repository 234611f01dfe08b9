//! Numbers of USB devices, as people write them.

use std::str::FromStr;

use serde_json::{Value, json};
use thiserror::Error;

/// A vendor's devices, or one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsbNumbers {
    /// The vendor.
    pub vendor: u16,
    /// The product; every one of the vendor's if it is left out.
    pub product: Option<u16>,
}

/// The text has no numbers of a USB device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a device is written as VENDOR:PRODUCT or VENDOR, each of four hexadecimal digits as lsusb and the \
     device manager show them (VID_xxxx, PID_xxxx): 0fd9:0080"
)]
pub struct NotUsbNumbers;

impl UsbNumbers {
    /// As policies have it (decimal, as JSON's numbers are).
    pub(super) fn to_json(self) -> Value {
        match self.product {
            Some(product) => json!({"vendor_id": self.vendor, "product_id": product}),
            None => json!({"vendor_id": self.vendor}),
        }
    }
}

impl FromStr for UsbNumbers {
    type Err = NotUsbNumbers;

    fn from_str(text: &str) -> Result<Self, NotUsbNumbers> {
        let (vendor, product) = match text.split_once(':') {
            Some((vendor, product)) => (vendor, Some(number(product)?)),
            None => (text, None),
        };
        Ok(Self {
            vendor: number(vendor)?,
            product,
        })
    }
}

fn number(text: &str) -> Result<u16, NotUsbNumbers> {
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u16::from_str_radix(text, 16).map_err(|_| NotUsbNumbers)
    } else {
        Err(NotUsbNumbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_four_digits_each() {
        let numbers = |vendor, product| Ok(UsbNumbers { vendor, product });
        let table = [
            ("054c:06c1", numbers(0x054C, Some(0x06C1))),
            ("0FD9", numbers(0x0FD9, None)),
            ("0fd9:0080", numbers(0x0FD9, Some(0x0080))),
            ("", Err(NotUsbNumbers)),
            ("0fd9:", Err(NotUsbNumbers)),
            (":0080", Err(NotUsbNumbers)),
            ("fd9:80", Err(NotUsbNumbers)),
            ("+fd9:0080", Err(NotUsbNumbers)),
            ("0x0fd9:0x80", Err(NotUsbNumbers)),
            ("0fd9:0080:1", Err(NotUsbNumbers)),
            ("clinic", Err(NotUsbNumbers)),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse::<UsbNumbers>(), expected, "{text}");
        }
    }
}
