//! As much of DER as the extensions need (X.690).

/// An object of a tag: lengths up to 65,535 bytes.
pub(super) fn object(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let [high, low] = u16::try_from(contents.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let mut bytes = match (high, low) {
        (0, ..=0x7F) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend(contents);
    bytes
}

/// A SEQUENCE.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    object(0x30, parts)
}

/// An OBJECT IDENTIFIER of at least two arcs, the first two below 40 and 3.
pub(super) fn identifier(arcs: &[u64]) -> Vec<u8> {
    let mut contents = Vec::new();
    if let [first, second, rest @ ..] = arcs {
        push_base_128(&mut contents, first * 40 + second);
        for arc in rest {
            push_base_128(&mut contents, *arc);
        }
    }
    object(0x06, &[&contents])
}

/// Seven bits a byte, the highest bit set in all but the last.
fn push_base_128(bytes: &mut Vec<u8>, value: u64) {
    let groups = (0..9).rev().map(|group| (group, value >> (7 * group)));
    for (group, shifted) in groups.filter(|(group, shifted)| *group == 0 || *shifted > 0) {
        let seven = u8::try_from(shifted & 0x7F).unwrap_or(0);
        bytes.push(if group == 0 { seven } else { seven | 0x80 });
    }
}

/// A Name of one value a level: (the last arc of `2.5.4.x`, text).
pub(super) fn name(levels: &[(u64, &str)]) -> Vec<u8> {
    let levels = levels.iter().map(|(arc, text)| {
        // Countries are PrintableString, the rest UTF8String.
        let tag = if *arc == 6 { 0x13 } else { 0x0C };
        let value = sequence(&[
            &identifier(&[2, 5, 4, *arc]),
            &object(tag, &[text.as_bytes()]),
        ]);
        object(0x31, &[&value])
    });
    sequence(&[&levels.collect::<Vec<_>>().concat()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_base_128() {
        let table: [(&[u64], &[u8]); 3] = [
            (&[2, 5, 4, 11], &[0x06, 3, 0x55, 0x04, 0x0B]),
            (
                &[1, 2, 840, 113_549],
                &[0x06, 6, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D],
            ),
            (
                &[1, 2, 392, 200_149, 0],
                &[0x06, 7, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0],
            ),
        ];
        for (arcs, bytes) in table {
            assert_eq!(identifier(arcs), bytes, "{arcs:?}");
        }
    }
}
