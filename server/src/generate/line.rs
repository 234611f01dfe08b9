//! A line of the file, field after field. No field has a comma or a quote.

/// Collects the fields of lines.
pub(super) struct Line<'l> {
    lines: &'l mut Vec<u8>,
    is_begun: bool,
}

impl<'l> Line<'l> {
    pub(super) const fn new(lines: &'l mut Vec<u8>) -> Self {
        Self {
            lines,
            is_begun: false,
        }
    }

    /// Begins the next field.
    pub(super) fn next(&mut self) -> &mut Self {
        if self.is_begun {
            self.lines.push(b',');
        }
        self.is_begun = true;
        self
    }

    /// Continues the field.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.lines.extend_from_slice(text.as_bytes());
        self
    }

    /// The same with a number in so many digits at least.
    pub(super) fn number(&mut self, mut number: u64, digits: usize) -> &mut Self {
        let mut text = [b'0'; 20];
        let mut begin = text.len();
        while number > 0 || text.len() - begin < digits.max(1) {
            begin -= 1;
            let digit = u8::try_from(number % 10).unwrap_or_default();
            text[begin] = b'0' + digit;
            number /= 10;
        }
        self.lines.extend_from_slice(&text[begin..]);
        self
    }

    /// The same with a number in hexadecimal.
    pub(super) fn hexadecimal(&mut self, number: u64, digits: u32) -> &mut Self {
        for place in (0..digits).rev() {
            let digit = (number >> (4 * place)).to_le_bytes()[0] & 0xF;
            let letter = char::from_digit(digit.into(), 16).unwrap_or('0');
            self.lines.push(letter.to_ascii_uppercase() as u8);
        }
        self
    }

    pub(super) fn end(self) {
        self.lines.push(b'\n');
    }
}
