//! A certificate's serial number: what a card's owner is found by.

use std::fmt::{self, Write as _};

use x509_parser::certificate::X509Certificate;

/// The most bytes of a serial number (RFC 5280 4.1.2.2), and of the zero before it.
const MOST_BYTES: usize = 21;

/// Upper-case hexadecimal without leading zeros, as the store and files of insured
/// persons have it. It stands for a person: never in a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(String);

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SerialNumber(masked)")
    }
}

impl SerialNumber {
    /// The number's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of a certificate; `None` when it is negative or too long.
    pub(super) fn of(certificate: &X509Certificate<'_>) -> Option<Self> {
        let bytes = certificate.raw_serial();
        let is_negative = bytes.first().is_none_or(|byte| byte & 0x80 != 0);
        if is_negative || bytes.len() > MOST_BYTES {
            return None;
        }
        let mut digits = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            write!(digits, "{byte:02X}").ok()?;
        }
        Self::from_hexadecimal(&digits)
    }

    /// The number that somebody wrote in hexadecimal, however long its zeros.
    pub(super) fn from_hexadecimal(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let digits = text.trim_start_matches('0');
        if digits.len() > MOST_BYTES * 2 {
            return None;
        }
        Some(Self(if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_ascii_uppercase()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_text() {
        let table = [
            ("0", Some("0")),
            ("00", Some("0")),
            ("0133c349", Some("133C349")),
            ("133C349", Some("133C349")),
            ("", None),
            ("0x1", None),
            ("１", None),
            (&"f".repeat(43), None),
        ];
        for (text, number) in table {
            let serial = SerialNumber::from_hexadecimal(text);
            assert_eq!(serial.as_ref().map(SerialNumber::as_str), number, "{text}");
        }
    }
}
