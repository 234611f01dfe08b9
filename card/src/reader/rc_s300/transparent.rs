//! Commands of the transparent session (PC/SC Part 3 v2.02, 3.2.2.1, with Sony's class FF
//! and instruction 50), and what is in their answers.

use core::time::Duration;

use crate::reader::Malformed;

/// Ends whatever session there is.
pub const END_SESSION: [u8; 8] = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x82, 0x00, 0x00];
/// Starts a session.
pub const START_SESSION: [u8; 8] = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x81, 0x00, 0x00];
/// Switches the field off; 30 ms later cards have forgotten everything.
pub const FIELD_OFF: [u8; 8] = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00];
/// Switches the field on; 21 ms later cards can be spoken to.
pub const FIELD_ON: [u8; 8] = [0xFF, 0x50, 0x00, 0x00, 0x02, 0x84, 0x00, 0x00];
/// Switches to type B, up to layer 4: the reader looks for a card and speaks the block protocol itself.
pub const TYPE_B_LAYER_4: [u8; 10] = [0xFF, 0x50, 0x00, 0x02, 0x04, 0x8F, 0x02, 0x01, 0x04, 0x00];
/// Switches to type B, up to layer 3: the host sends frames.
pub const TYPE_B_LAYER_3: [u8; 10] = [0xFF, 0x50, 0x00, 0x02, 0x04, 0x8F, 0x02, 0x01, 0x03, 0x00];

/// What the reader does with the data of a [`transceive`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The data is a command to the card's application.
    Application,
    /// The data is a block; the reader adds the CRC only.
    Block,
}

/// The command that sends data to the card and waits for its answer: up to 127 bytes, in the
/// short form, which was seen to work. `None` for longer data.
pub fn transceive(layer: Layer, within: Duration, data: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(data.len())
        .ok()
        .filter(|length| *length < 0x80)?;
    let micros = u32::try_from(within.as_micros())
        .unwrap_or(u32::MAX)
        .to_le_bytes();
    // Transmission flags: bit 4 keeps the prologue as it is.
    let flags = match layer {
        Layer::Application => 0x00,
        Layer::Block => 0x10,
    };
    let mut bytes = vec![0xFF, 0x50, 0x00, 0x01, 13 + length, 0x90, 0x02, 0x00, flags];
    bytes.extend([0x5F, 0x46, 0x04]);
    bytes.extend(micros);
    bytes.extend([0x95, length]);
    bytes.extend_from_slice(data);
    bytes.push(0x00);
    Some(bytes)
}

/// The objects of an answer that are of use here, and its status word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The status word of the command as a whole.
    pub status_word: u16,
    /// What the status object (C0) says of the step that failed, or of all.
    pub step: Option<u16>,
    /// How many bits of the last byte hold (92), 0 for all.
    pub last_bits: Option<u8>,
    /// What was noticed on the air (96): 0 for nothing.
    pub radio: Option<u8>,
    /// Whether there is an ATR (5F51): a card was found.
    pub has_atr: bool,
    /// What the card answered (97).
    pub card: Option<&'a [u8]>,
}

/// Takes an answer apart. Objects of other kinds are passed over.
pub fn parse(bytes: &[u8]) -> Result<Answer<'_>, Malformed> {
    let (mut objects, word) = bytes.split_last_chunk::<2>().ok_or(Malformed::Length)?;
    let mut answer = Answer {
        status_word: u16::from_be_bytes(*word),
        step: None,
        last_bits: None,
        radio: None,
        has_atr: false,
        card: None,
    };
    while !objects.is_empty() {
        let (tag, value, rest) = object(objects)?;
        objects = rest;
        match (tag, value) {
            (0xC0, &[_, high, low]) if answer.step.is_none() => {
                answer.step = Some(u16::from_be_bytes([high, low]));
            }
            (0x92, &[bits]) => answer.last_bits = Some(bits),
            (0x96, &[first, _]) => answer.radio = Some(first),
            (0x5F51, [_, ..]) => answer.has_atr = true,
            (0x97, card) if answer.card.is_none() => answer.card = Some(card),
            (0xC0 | 0x92 | 0x96 | 0x97, _) => return Err(Malformed::Length),
            _ => {}
        }
    }
    Ok(answer)
}

/// A tag, a value, and the rest (BER, tags of one or two bytes).
fn object(bytes: &[u8]) -> Result<(u16, &[u8], &[u8]), Malformed> {
    let (tag, rest) = match *bytes {
        [first, second, ref rest @ ..] if first & 0x1F == 0x1F => {
            (u16::from_be_bytes([first, second]), rest)
        }
        [first, ref rest @ ..] => (u16::from(first), rest),
        [] => return Err(Malformed::Length),
    };
    let (length, rest) = match *rest {
        [length @ ..=0x7F, ref rest @ ..] | [0x81, length, ref rest @ ..] => {
            (usize::from(length), rest)
        }
        [0x82, high, low, ref rest @ ..] => (usize::from(u16::from_be_bytes([high, low])), rest),
        _ => return Err(Malformed::Length),
    };
    let (value, rest) = rest.split_at_checked(length).ok_or(Malformed::Length)?;
    Ok((tag, value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_the_short_form_that_was_seen_to_work() {
        let bytes =
            transceive(Layer::Application, Duration::from_millis(1), &[0x00, 0xB0]).unwrap();
        assert_eq!(
            bytes,
            [
                0xFF, 0x50, 0x00, 0x01, 0x0F, 0x90, 0x02, 0x00, 0x00, 0x5F, 0x46, 0x04, 0xE8, 0x03,
                0x00, 0x00, 0x95, 0x02, 0x00, 0xB0, 0x00
            ]
        );
        // Lc counts everything but the header, itself and Le.
        assert_eq!(usize::from(bytes[4]), bytes.len() - 6);
        assert_eq!(
            transceive(Layer::Block, Duration::ZERO, &[2]).unwrap()[8],
            0x10
        );
        assert_eq!(
            transceive(Layer::Block, Duration::ZERO, &[0; 127]).unwrap()[4],
            140
        );
        assert_eq!(transceive(Layer::Block, Duration::ZERO, &[0; 128]), None);
    }

    #[test]
    fn answers_are_taken_apart() {
        let full = [
            0xC0, 0x03, 0x00, 0x90, 0x00, 0x92, 0x01, 0x00, 0x96, 0x02, 0x00, 0x00, 0x5F, 0x51,
            0x01, 0x3B, 0x97, 0x81, 0x02, 0x6A, 0x82, 0x90, 0x00,
        ];
        let answer = parse(&full).unwrap();
        assert_eq!(answer.step, Some(0x9000));
        assert_eq!((answer.last_bits, answer.radio), (Some(0), Some(0)));
        assert_eq!(answer.card, Some(&[0x6A, 0x82][..]));
        assert_eq!((answer.has_atr, answer.status_word), (true, 0x9000));
        let silence = parse(&[0xC0, 0x03, 0x01, 0x64, 0x01, 0x90, 0x00]).unwrap();
        assert_eq!((silence.step, silence.card), (Some(0x6401), None));
        // Every cut makes something else, or nothing.
        for length in 0..full.len() {
            assert_ne!(parse(&full[..length]), Ok(answer.clone()), "{length}");
        }
        for bad in [
            &[0x90][..],
            &[0xC0, 0x02, 0x90, 0x00, 0x90, 0x00],
            &[0x97, 0x80, 0x90, 0x00],
            &[0x97, 0x05, 0x01, 0x90, 0x00],
            &[0x97, 0x00, 0x97, 0x00, 0x90, 0x00],
            &[0x5F, 0x90, 0x00],
        ] {
            assert_eq!(parse(bad), Err(Malformed::Length), "{bad:02X?}");
        }
    }
}
