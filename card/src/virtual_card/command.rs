//! Commands as a card takes them apart (ISO/IEC 7816-4:2020, 5.2): the short form's four
//! cases. The extended form is refused, as by the cards that were seen.

/// A command in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParsedCommand<'a> {
    pub(super) class: u8,
    pub(super) instruction: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) data: &'a [u8],
    /// `Le` in bytes, 1 to 256.
    pub(super) expected: Option<usize>,
}

impl<'a> ParsedCommand<'a> {
    /// Takes a command apart; `6700` for what is none.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, u16> {
        let (&[class, instruction, p1, p2], body) =
            bytes.split_first_chunk::<4>().ok_or(0x6700_u16)?;
        let (data, expected): (&[u8], _) = match body {
            [] => (&[], None),
            [expected] => (&[], Some(*expected)),
            [length, rest @ ..] => {
                let length = usize::from(*length);
                match rest.split_at_checked(length) {
                    Some((data, [])) if length > 0 => (data, None),
                    Some((data, [expected])) if length > 0 => (data, Some(*expected)),
                    _ => return Err(0x6700),
                }
            }
        };
        let expected = expected.map(|byte| match byte {
            0 => 256,
            byte => usize::from(byte),
        });
        Ok(Self {
            class,
            instruction,
            p1,
            p2,
            data,
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_four_cases() {
        type Parts = Result<(Vec<u8>, Option<usize>), u16>;
        let parts = |bytes: &[u8]| -> Parts {
            ParsedCommand::parse(bytes).map(|command| (command.data.to_vec(), command.expected))
        };
        let table: [(&[u8], Parts); 9] = [
            (&[0, 0x20, 0, 0x80], Ok((vec![], None))),
            (&[0, 0xB0, 0, 0, 0], Ok((vec![], Some(256)))),
            (&[0, 0xB0, 0, 0, 4], Ok((vec![], Some(4)))),
            (&[0, 0xA4, 2, 0x0C, 2, 0, 6], Ok((vec![0, 6], None))),
            (&[0, 0xA4, 2, 0x00, 2, 0, 6, 0], Ok((vec![0, 6], Some(256)))),
            (&[0, 0xA4, 2, 0x0C, 2, 0], Err(0x6700)),
            (&[0, 0xA4, 2, 0x0C, 2, 0, 6, 0, 0], Err(0x6700)),
            // Extended, which begins with a length of nothing.
            (&[0, 0xB0, 0, 0, 0, 1, 0], Err(0x6700)),
            (&[0, 0xB0, 0], Err(0x6700)),
        ];
        for (bytes, expected) in table {
            assert_eq!(parts(bytes), expected, "{bytes:02X?}");
        }
    }
}
