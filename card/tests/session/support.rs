//! A reader without wires, and bytes with the outline of a certificate.

use card::jpki::{Limits, PresentedCard, ReadError, Reading, Step};
use card::virtual_card::{Profile, VirtualCard};

/// What PC/SC bears.
pub(crate) const WIDE: Limits = Limits {
    chunk: 0,
    with_ca: true,
};

/// How a reading went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) result: Result<PresentedCard, ReadError>,
    /// All commands, as they were sent.
    pub(crate) commands: Vec<Vec<u8>>,
}

/// Reads from whatever answers commands.
pub(crate) fn read_from(limits: Limits, mut answer: impl FnMut(&[u8]) -> Vec<u8>) -> Outcome {
    let (mut reading, mut command) = Reading::start(limits);
    let mut commands = Vec::new();
    let result = loop {
        commands.push(command.as_bytes().to_vec());
        match reading.answer(&answer(command.as_bytes())) {
            Ok(Step::Transmit(next, following)) => (reading, command) = (next, following),
            Ok(Step::Done(card)) => break Ok(card),
            Err(error) => break Err(error),
        }
    };
    Outcome { result, commands }
}

/// Reads a virtual card that has just got power.
pub(crate) fn read(limits: Limits, profile: Profile) -> Outcome {
    let mut card = VirtualCard::new(profile);
    card.power_on();
    read_from(limits, |command| card.transmit(command))
}

/// A DER object.
pub(crate) fn object(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    let mut bytes = match length {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend(contents);
    bytes
}

/// Bytes with the outline of a certificate: `length` of them are its first part's
/// contents, made from `seed`.
pub(crate) fn certificate(seed: u8, length: usize) -> Vec<u8> {
    let contents: Vec<u8> = (0..length)
        .map(|place| seed ^ u8::try_from(place % 251).unwrap())
        .collect();
    let parts = [
        object(0x30, &contents),
        object(0x30, &[0x05, 0x00]),
        object(0x03, &[0x00, seed]),
    ];
    object(0x30, &parts.concat())
}

/// A card with certificates of real ones' length.
pub(crate) fn card_in_use() -> Profile {
    Profile::my_number_card(certificate(0x5A, 1574), certificate(0xA5, 1317))
}
