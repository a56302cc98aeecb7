//! Card numbers: ranges of brands, and Luhn's digit.

use prodlike_sdk::Rng;
use prodlike_sdk::prelude::*;

/// Whose card it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Brand {
    /// 16 digits, from 4.
    Visa,
    /// 16 digits, from 51 to 55 and from 2221 to 2720.
    Mastercard,
    /// 15 digits, from 34 and 37.
    Amex,
    /// 16 digits, from 6011, 644 to 649 and 65.
    Discover,
    /// 16 digits, from 3528 to 3589.
    Jcb,
    /// 14 digits, from 300 to 305, 36 and 38.
    Diners,
}

/// First digits from, to (both included), and how many digits there are in all.
type Range = (u64, u64, usize);

impl Brand {
    const ALL: [Brand; 6] = [
        Brand::Visa,
        Brand::Mastercard,
        Brand::Amex,
        Brand::Discover,
        Brand::Jcb,
        Brand::Diners,
    ];

    fn ranges(self) -> &'static [Range] {
        match self {
            Brand::Visa => &[(4, 4, 16)],
            Brand::Mastercard => &[(51, 55, 16), (51, 55, 16), (2221, 2720, 16)],
            Brand::Amex => &[(34, 34, 15), (37, 37, 15)],
            Brand::Discover => &[(6011, 6011, 16), (644, 649, 16), (65, 65, 16)],
            Brand::Jcb => &[(3528, 3589, 16)],
            Brand::Diners => &[(300, 305, 14), (36, 36, 14), (38, 38, 14)],
        }
    }

    /// Returns the brand's name as shops write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Brand::Visa => "Visa",
            Brand::Mastercard => "Mastercard",
            Brand::Amex => "American Express",
            Brand::Discover => "Discover",
            Brand::Jcb => "JCB",
            Brand::Diners => "Diners Club",
        }
    }

    /// Returns a number. Where `unique` is given, the nine digits before the check digit tell
    /// it from others.
    pub(crate) fn number(self, rng: &mut Rng, unique: Option<u64>) -> Number {
        // A brand has a range at least; the first is only for the compiler.
        let &(from, to, length) = rng.pick(self.ranges()).unwrap_or(&(4, 4, 16));
        let prefix = from + rng.below(to - from + 1);
        let width = prefix.ilog10() as usize + 1;
        let body = length - width - 1;
        let mut number = Number::default();
        number.push(prefix, width);
        match unique {
            Some(unique) => {
                let fixed = super::UNIQUE_DIGITS as usize;
                number.push(rng.below(10u64.pow((body - fixed) as u32)), body - fixed);
                number.push(unique, fixed);
            }
            None => number.push(rng.below(10u64.pow(body as u32)), body),
        }
        let digit = luhn(number.as_bytes());
        number.push(digit, 1);
        number
    }
}

/// Up to 16 digits, as ASCII.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Number {
    digits: [u8; 16],
    length: usize,
}

impl Number {
    fn push(&mut self, number: u64, width: usize) {
        let mut number = number;
        for digit in self.digits[self.length..self.length + width]
            .iter_mut()
            .rev()
        {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.length += width;
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.digits[..self.length]
    }
}

/// Returns the digit that Luhn's rule puts behind digits (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> u64 {
    const DOUBLED: [u64; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let sum: u64 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = usize::from(digit - b'0');
            if place.is_multiple_of(2) {
                DOUBLED[digit]
            } else {
                digit as u64
            }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Whether a text is a card's number, with or without spaces and hyphens.
pub(crate) fn is_card(text: &str) -> bool {
    let mut number = Number::default();
    for byte in text.bytes() {
        match byte {
            b' ' | b'-' => {}
            b'0'..=b'9' if number.length < 16 => number.push(u64::from(byte - b'0'), 1),
            _ => return false,
        }
    }
    let digits = number.as_bytes();
    let Some((&check, body)) = digits.split_last() else {
        return false;
    };
    let known = Brand::ALL
        .iter()
        .flat_map(|brand| brand.ranges())
        .any(|&(from, to, length)| {
            let width = from.ilog10() as usize + 1;
            length == digits.len()
                && std::str::from_utf8(&digits[..width])
                    .ok()
                    .and_then(|prefix| prefix.parse().ok())
                    .is_some_and(|prefix| (from..=to).contains(&prefix))
        });
    known && luhn(body) == u64::from(check - b'0')
}
