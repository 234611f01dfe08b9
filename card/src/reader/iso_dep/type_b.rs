//! Finding and selecting a card of type B (ISO/IEC 14443-3:2018, 7).

use core::time::Duration;

use thiserror::Error;

/// REQB: any application, one slot, an extended answer is understood (7.7).
pub const REQB: [u8; 3] = [0x05, 0x00, 0x10];

/// A card's answer to REQB (7.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Atqb {
    /// PUPI: by what name the card is spoken to. Changes from time to time.
    pupi: [u8; 4],
    /// The protocol information: bit rates, frame size and type, frame waiting time.
    protocol: [u8; 3],
}

/// Why a card of type B can't be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TypeBError {
    /// What came is no ATQB.
    #[error("no ATQB")]
    NoAtqb,
    /// The card does not speak ISO/IEC 14443-4.
    #[error("not a card of ISO/IEC 14443-4")]
    OtherProtocol,
    /// What came is no answer to ATTRIB.
    #[error("no answer to ATTRIB")]
    NoAttribAnswer,
}

impl Atqb {
    /// Takes an ATQB apart: 12 bytes, or 13 in its extended form, without the CRC.
    pub fn parse(bytes: &[u8]) -> Result<Self, TypeBError> {
        let &[
            0x50,
            p0,
            p1,
            p2,
            p3,
            _,
            _,
            _,
            _,
            rates,
            frame,
            waiting,
            ref extended @ ..,
        ] = bytes
        else {
            return Err(TypeBError::NoAtqb);
        };
        if extended.len() > 1 {
            return Err(TypeBError::NoAtqb);
        }
        // Protocol_Type (7.9.4.4): bit 1 is ISO/IEC 14443-4, bit 4 is RFU.
        if frame & 0b1001 != 0b0001 {
            return Err(TypeBError::OtherProtocol);
        }
        Ok(Self {
            pupi: [p0, p1, p2, p3],
            protocol: [rates, frame, waiting],
        })
    }

    /// FSC: the longest frame that the card takes, with its PCB and CRC, in bytes; never more
    /// than 256, which is all that this side sends (7.9.4.3, and ISO/IEC 14443-4, table 1).
    pub fn frame_size(&self) -> usize {
        let [_, frame, _] = self.protocol;
        match frame >> 4 {
            0 => 16,
            1 => 24,
            2 => 32,
            3 => 40,
            4 => 48,
            5 => 64,
            6 => 96,
            7 => 128,
            _ => 256,
        }
    }

    /// FWT = 256 × 16 / fc × 2^FWI: 302 µs to 4.95 s (7.9.4.5). FWI 15 is to be taken as 4.
    pub fn frame_waiting_time(&self) -> Duration {
        let [_, _, waiting] = self.protocol;
        let integer = match waiting >> 4 {
            15 => 4,
            integer => integer,
        };
        // 4096 / 13.56 MHz, rounded up.
        Duration::from_nanos(302_065 << integer)
    }

    /// ATTRIB, which selects the card: 106 kbit/s, frames of up to 256 bytes back, CID 0 (7.10).
    pub fn attrib(&self) -> [u8; 9] {
        let [p0, p1, p2, p3] = self.pupi;
        let [_, frame, _] = self.protocol;
        // Param 3 repeats the Protocol_Type.
        [0x1D, p0, p1, p2, p3, 0x00, 0x08, frame & 0x0F, 0x00]
    }
}

/// Checks a card's answer to ATTRIB: MBLI and CID 0, then what a higher layer may have to say (7.11).
pub fn check_attrib_answer(bytes: &[u8]) -> Result<(), TypeBError> {
    match bytes {
        [mbli_and_cid, ..] if mbli_and_cid << 4 == 0 => Ok(()),
        _ => Err(TypeBError::NoAttribAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atqb(protocol: [u8; 3]) -> Vec<u8> {
        let mut bytes = vec![0x50, 1, 2, 3, 4, 0, 0, 5, 0xE0];
        bytes.extend(protocol);
        bytes
    }

    /// `B3 81 A1` is what My Number Cards say: the end of their contactless ATRs in the list
    /// of pcsc-tools 1.6.2.
    #[test]
    fn frame_size_and_waiting_time_are_the_card_s() {
        for (protocol, size, micros) in [
            ([0xB3, 0x81, 0xA1], 256, 309_314),
            ([0x00, 0x01, 0x01], 16, 302),
            ([0x00, 0x11, 0x41], 24, 4_833),
            ([0x00, 0x51, 0xE1], 64, 4_949_032),
            ([0x00, 0x71, 0xF1], 128, 4_833),
            ([0x00, 0xC1, 0x01], 256, 302),
        ] {
            let card = Atqb::parse(&atqb(protocol)).unwrap();
            let waiting = card.frame_waiting_time().as_micros();
            assert_eq!(
                (card.frame_size(), waiting),
                (size, micros),
                "{protocol:02X?}"
            );
        }
    }

    /// nfcpy's `tt4.py`, and aruneko/WebUSB-MyNumberCard's `Type4B.ts`, which read real cards.
    #[test]
    fn attrib_is_what_cards_were_seen_to_take() {
        let card = Atqb::parse(&atqb([0xB3, 0x81, 0xA1])).unwrap();
        assert_eq!(card.attrib(), [0x1D, 1, 2, 3, 4, 0x00, 0x08, 0x01, 0x00]);
    }

    #[test]
    fn other_cards_and_other_bytes_are_refused() {
        let good = atqb([0xB3, 0x81, 0xA1]);
        for length in 0..12 {
            assert_eq!(Atqb::parse(&good[..length]), Err(TypeBError::NoAtqb));
        }
        assert!(Atqb::parse(&[good.as_slice(), &[0]].concat()).is_ok());
        assert!(Atqb::parse(&[good.as_slice(), &[0, 0]].concat()).is_err());
        for (frame, expected) in [(0x80, false), (0x89, false), (0x87, true), (0x81, true)] {
            let other = Atqb::parse(&atqb([0xB3, frame, 0xA1]));
            assert_eq!(other.is_ok(), expected, "{frame:02X}");
        }
        for (answer, expected) in [
            (&[][..], false),
            (&[0x10], true),
            (&[0x00, 7], true),
            (&[0x01], false),
        ] {
            assert_eq!(check_attrib_answer(answer).is_ok(), expected, "{answer:?}");
        }
    }
}
