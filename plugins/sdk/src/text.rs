//! Text, written piece by piece.

use std::fmt;
use std::mem::take;

use crate::append::{append, append_mapped, append_word, push};

/// Text of the value that is being written, end to end with those before it.
///
/// Short pieces are copied by words: a call of `memory.copy` costs more than they do.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub(crate) data: Vec<u8>,
}

impl Text {
    /// Adds text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        append(&mut self.data, text.as_bytes());
    }

    /// Returns the text, where it stands alone.
    pub fn into_string(self) -> String {
        // All pieces are UTF-8.
        String::from_utf8(self.data).unwrap_or_default()
    }

    /// Adds a character.
    #[inline]
    pub fn push(&mut self, character: char) {
        if character.is_ascii() {
            push(&mut self.data, character as u8);
        } else {
            self.push_str(character.encode_utf8(&mut [0; 4]));
        }
    }

    /// Adds what `change` returns for each character; it is told the character's position.
    /// It may be asked twice for one and, of texts that are not ASCII, for letters that are not
    /// there: what it then returns is not used.
    ///
    /// ```
    /// # use prodlike_sdk::Utf8Builder;
    /// let mut names = Utf8Builder::with_capacity(1, 8);
    /// names.push_with(|text| {
    ///     text.push_mapped("Leonardo", |at, letter| if at < 3 { letter } else { '*' });
    /// });
    /// ```
    #[inline]
    pub fn push_mapped(&mut self, value: &str, change: impl Fn(usize, char) -> char) {
        if !append_mapped(&mut self.data, value.as_bytes(), &change) {
            *self = take(self).with_mapped(value, change);
        }
    }

    /// Adds what `change` returns for each character.
    // Apart, and by value, as vectors grow (`append.rs`).
    #[cold]
    #[inline(never)]
    fn with_mapped(mut self, value: &str, change: impl Fn(usize, char) -> char) -> Text {
        for (at, character) in value.chars().enumerate() {
            self.push(change(at, character));
        }
        self
    }

    /// Adds a byte that is a character by itself; any other is left out.
    #[inline]
    pub fn push_ascii(&mut self, byte: u8) {
        if byte.is_ascii() {
            push(&mut self.data, byte);
        }
    }

    /// Adds a number with zeros before it, its last `width` digits.
    #[inline]
    pub fn push_digits(&mut self, number: u64, width: usize) {
        // Eight digits a word; a number has twenty, and what is before them is zeros.
        for _ in 24..width {
            self.push('0');
        }
        let (rest, lower) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
        if width > 8 {
            let (upper, middle) = (rest / EIGHT_DIGITS, rest % EIGHT_DIGITS);
            if width > 16 {
                self.push_last(upper, width.min(24) - 16);
            }
            self.push_last(middle, width.min(16) - 8);
        }
        self.push_last(lower, width.min(8));
    }

    /// Adds the last `width` of eight digits.
    #[inline]
    fn push_last(&mut self, number: u64, width: usize) {
        if width > 0 {
            let word = digits(number) >> (8 * (8 - width));
            append_word(&mut self.data, word.to_le_bytes(), width);
        }
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;

/// Returns the digits of a number below 10⁸ as text, the first one in the lowest byte: halves,
/// pairs and digits are divided side by side within a word.
#[inline]
fn digits(number: u64) -> u64 {
    // ⌈2⁴⁰ / 10⁴⌉, of which a number below 4 · 10⁸ has the quotient.
    let upper = (number * 109_951_163) >> 40;
    let halves = upper | ((number - upper * 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let pairs = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000F_000F_000F_000F;
    (tens | ((pairs - tens * 10) << 8)) + 0x3030_3030_3030_3030
}

impl fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::Text;

    #[test]
    fn digits_are_the_last_ones_behind_zeros() {
        let numbers = (0..20).map(|exponent| 10u64.pow(exponent));
        let numbers = numbers.flat_map(|it| [it - 1, it, it - it / 3, u64::MAX / it]);
        for number in numbers.chain([0, 12_345_678, 99_999_999, u64::MAX]) {
            for width in 0..=30 {
                let mut text = Text::default();
                text.push_digits(number, width);
                let all = format!("{number:0>30}");
                assert_eq!(text.data, all.as_bytes()[30 - width..], "{number}, {width}");
            }
        }
    }

    #[test]
    fn pieces_follow_one_another() {
        let mut text = Text::default();
        text.push_str("Ä");
        text.push('ö');
        text.push('-');
        text.push_ascii(b'a');
        text.push_ascii(0xC3);
        write!(text, "{}", 17).unwrap();
        text.push_mapped("Grün", |at, letter| if at > 1 { '*' } else { letter });
        text.push_mapped("Rot", |at, letter| if at > 1 { 'ß' } else { letter });
        assert_eq!(text.into_string(), "Äö-a17Gr**Roß");
    }

    #[test]
    fn all_characters_are_mapped() {
        let change = |at: usize, letter: char| match (at % 11, letter) {
            (10, _) => 'ß',
            (_, 'a'..='e') => letter.to_ascii_uppercase(),
            (_, 'ä') => '*',
            _ => letter,
        };
        let letters = "abcdefghäijklmnopqrstuvwxyz";
        for (from, _) in letters.char_indices() {
            for (to, _) in letters.char_indices().filter(|(to, _)| *to >= from) {
                let value = &letters[from..to];
                let mut text = Text::default();
                text.push_mapped(value, change);
                let mapped = value.chars().enumerate();
                let mapped: String = mapped.map(|(at, letter)| change(at, letter)).collect();
                assert_eq!(text.data, mapped.as_bytes(), "{value}");
            }
        }
    }
}
