//! Check digits and letters, put where a pattern leaves room for them.
//!
//! A text comes with `?` where check characters belong and `*` where one digit is free:
//! some schemes have no check digit for one number in eleven, and the free digit is then
//! moved on until there is one.

/// How the check characters follow from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// Nothing to be checked.
    None,
    /// ISO/IEC 7812, annex B: cards; Canada, Greece, Israel, South Africa, Sweden.
    Luhn,
    /// ISO 13616: letters as numbers, country and check digits moved to the end, mod 97.
    Iban,
    /// France: 97 − n mod 97 over all digits; Belgium the same.
    Mod97,
    /// ISO 7064, MOD 11,10: Germany.
    Mod11And10,
    /// ISO 7064, MOD 11-2: China.
    Mod11Dash2,
    /// Italy's codice fiscale.
    Italian,
    /// Spain: a letter by n mod 23.
    Spanish,
    /// Finland: a character by n mod 31.
    Finnish,
    /// The Netherlands: weights 9 to 2 and −1, mod 11.
    Dutch,
    /// Portugal: weights 9 to 2, mod 11.
    Portuguese,
    /// Norway: two digits mod 11.
    Norwegian,
    /// Poland: weights 1, 3, 7, 9, mod 10.
    Polish,
    /// Czechia and Slovakia: the whole number is divisible by 11.
    By11,
    /// Romania: weights 279146358279, mod 11.
    Romanian,
    /// Hungary: weights 3 and 7 in turn, mod 10.
    Hungarian,
    /// Türkiye: two digits mod 10.
    Turkish,
    /// India: the dihedral group.
    Verhoeff,
    /// Chile: weights from 2 on, mod 11, K for 10.
    Chilean,
    /// Brazil's two digits, the last off by one: no series is free of people.
    BrazilianOff,
    /// Switzerland's EAN-13 digit, off by one.
    SwissOff,
    /// Japan's digit, off by one.
    JapaneseOff,
    /// Australia's digit, off by one.
    AustralianOff,
}

/// Fills in the check characters of a text of ASCII characters.
pub(crate) fn complete(check: Check, text: &mut [u8]) {
    let free = text.iter().position(|&letter| letter == b'*');
    for digit in b'0'..=b'9' {
        if let Some(free) = free {
            text[free] = digit;
        }
        if try_complete(check, text) || free.is_none() {
            return;
        }
    }
}

/// Digits before the check, at most 32.
struct Digits {
    digits: [u8; 32],
    len: usize,
}

impl Digits {
    fn of(text: &[u8]) -> Digits {
        let mut of = Digits {
            digits: [0; 32],
            len: 0,
        };
        for digit in text.iter().filter(|letter| letter.is_ascii_digit()) {
            of.push(digit - b'0');
        }
        of
    }

    fn push(&mut self, digit: u8) {
        if self.len < self.digits.len() {
            self.digits[self.len] = digit;
            self.len += 1;
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + '_ {
        self.digits[..self.len]
            .iter()
            .map(|&digit| u64::from(digit))
    }

    fn weighted(&self, weights: &[u64]) -> u64 {
        self.iter()
            .zip(weights.iter().cycle())
            .map(|(digit, weight)| digit * weight)
            .sum()
    }

    fn modulo(&self, modulus: u64) -> u64 {
        self.iter()
            .fold(0, |rest, digit| (rest * 10 + digit) % modulus)
    }
}

fn try_complete(check: Check, text: &mut [u8]) -> bool {
    let mut digits = Digits::of(text);
    let digit = |digit: u64| b'0' + (digit % 10) as u8;
    let pair = |number: u64| [digit(number / 10), digit(number)];
    match check {
        Check::None => {}
        Check::Luhn => put(text, &[digit(luhn(digits.iter()))]),
        Check::Iban => {
            let rest = mod97(&text[..2], mod97(&text[4..], 0)) * 100 % 97;
            put(text, &pair(98 - rest));
        }
        Check::Mod97 => put(text, &pair(97 - digits.modulo(97))),
        Check::Mod11And10 => {
            let product = digits.iter().fold(10, |product, digit| {
                let sum = (digit + product) % 10;
                (if sum == 0 { 10 } else { sum }) * 2 % 11
            });
            put(text, &[digit(11 - product)]);
        }
        Check::Mod11Dash2 => {
            let rest = digits.iter().fold(0, |rest, digit| (rest + digit) * 2 % 11);
            put(text, &[b"10X98765432"[rest as usize]]);
        }
        Check::Italian => put(text, &[italian(text)]),
        Check::Spanish => {
            put(
                text,
                &[b"TRWAGMYFPDXBNJZSQVHLCKE"[digits.modulo(23) as usize]],
            );
        }
        Check::Finnish => {
            let letters = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
            put(text, &[letters[digits.modulo(31) as usize]]);
        }
        Check::Dutch => match digits.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
            10 => return false,
            rest => put(text, &[digit(rest)]),
        },
        Check::Portuguese => {
            let rest = digits.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            put(text, &[digit(if rest < 2 { 0 } else { 11 - rest })]);
        }
        Check::Norwegian => {
            let first = (11 - digits.weighted(&[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
            digits.push(first as u8);
            let second = (11 - digits.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            if first == 10 || second == 10 {
                return false;
            }
            put(text, &[digit(first), digit(second)]);
        }
        Check::Polish => put(text, &[digit(10 - digits.weighted(&[1, 3, 7, 9]) % 10)]),
        Check::By11 => match (11 - digits.modulo(11) * 10 % 11) % 11 {
            10 => return false,
            rest => put(text, &[digit(rest)]),
        },
        Check::Romanian => {
            let rest = digits.weighted(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            put(text, &[digit(if rest == 10 { 1 } else { rest })]);
        }
        Check::Hungarian => put(text, &[digit(digits.weighted(&[3, 7]))]),
        Check::Turkish => {
            let odd: u64 = digits.iter().step_by(2).sum();
            let even: u64 = digits.iter().skip(1).step_by(2).sum();
            let tenth = (odd * 7 + 100 - even) % 10;
            put(text, &[digit(tenth), digit(odd + even + tenth)]);
        }
        Check::Verhoeff => put(text, &[digit(verhoeff(digits.iter()))]),
        Check::Chilean => {
            let sum: u64 = digits
                .iter()
                .rev()
                .enumerate()
                .map(|(i, d)| d * (2 + i as u64 % 6))
                .sum();
            put(text, &[b"0K987654321"[(sum % 11) as usize]]);
        }
        Check::BrazilianOff => {
            let next = |digits: &Digits| {
                let n = digits.len as u64;
                let sum: u64 = digits.iter().zip(0..).map(|(d, i)| d * (n + 1 - i)).sum();
                sum * 10 % 11 % 10
            };
            let first = next(&digits);
            digits.push(first as u8);
            put(text, &[digit(first), digit(next(&digits) + 1)]);
        }
        Check::SwissOff => put(text, &[digit(10 - digits.weighted(&[1, 3]) % 10 + 1)]),
        Check::JapaneseOff => {
            let sum = digits.weighted(&[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            put(text, &[digit(if sum < 2 { 0 } else { 11 - sum } + 1)]);
        }
        Check::AustralianOff => {
            // The last weight is 10: its digit is the rest itself.
            let rest = digits.weighted(&[1, 4, 3, 7, 5, 8, 6, 9]) % 11;
            put(text, &[digit(rest + 1)]);
        }
    }
    true
}

/// Writes characters over the question marks, from the left.
fn put(text: &mut [u8], characters: &[u8]) {
    let places = text.iter_mut().filter(|letter| **letter == b'?');
    for (place, character) in places.zip(characters) {
        *place = *character;
    }
}

/// Returns the Luhn digit that belongs behind these digits.
pub(crate) fn luhn(digits: impl DoubleEndedIterator<Item = u64>) -> u64 {
    let sum: u64 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Goes on with a number mod 97 whose letters stand for 10 to 35.
fn mod97(text: &[u8], rest: u64) -> u64 {
    text.iter().fold(rest, |rest, letter| match letter {
        b'0'..=b'9' => (rest * 10 + u64::from(letter - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u64::from(letter - b'A') + 10) % 97,
        _ => rest,
    })
}

fn italian(text: &[u8]) -> u8 {
    const ODD: [u64; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let sum: u64 = text
        .iter()
        .filter(|letter| letter.is_ascii_alphanumeric())
        .enumerate()
        .map(|(place, letter)| {
            let value = match letter {
                b'0'..=b'9' => letter - b'0',
                _ => letter.to_ascii_uppercase() - b'A',
            };
            match place % 2 {
                0 => ODD[usize::from(value)],
                _ => u64::from(value),
            }
        })
        .sum();
    b'A' + (sum % 26) as u8
}

fn verhoeff(digits: impl DoubleEndedIterator<Item = u64>) -> u64 {
    // The dihedral group of the pentagon, and its permutation's powers by repetition.
    fn times(a: u64, b: u64) -> u64 {
        match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => (a + b) % 5 + 5,
            (false, true) => (a + 5 - b) % 5 + 5,
            (false, false) => (a + 5 - b) % 5,
        }
    }
    const P: [u64; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0;
    for (place, digit) in digits.rev().enumerate() {
        let moved = (0..(place + 1) % 8).fold(digit, |digit, _| P[digit as usize]);
        check = times(check, moved);
    }
    if check < 5 { (5 - check) % 5 } else { check }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published examples of each scheme.
    #[test]
    fn schemes_agree_with_their_examples() {
        for (check, text, whole) in [
            (Check::Luhn, "411111111111111?", "4111111111111111"),
            (Check::Luhn, "046 454 28?", "046 454 286"),
            (
                Check::Iban,
                "GB??WEST12345698765432",
                "GB82WEST12345698765432",
            ),
            (
                Check::Iban,
                "DE??370400440532013000",
                "DE89370400440532013000",
            ),
            (
                Check::Mod97,
                "2 55 08 14 168 025 ??",
                "2 55 08 14 168 025 38",
            ),
            (Check::Mod97, "85.07.30-033 ??", "85.07.30-033 28"),
            (Check::Mod11And10, "3657426180?", "36574261809"),
            (
                Check::Mod11Dash2,
                "11010519491231002?",
                "11010519491231002X",
            ),
            (Check::Italian, "RCCMNL83S18D969?", "RCCMNL83S18D969H"),
            (Check::Spanish, "54362315?", "54362315K"),
            (Check::Finnish, "131052-308?", "131052-308T"),
            (Check::Dutch, "11122233?", "111222333"),
            (Check::Portuguese, "12345678?", "123456789"),
            (Check::Norwegian, "151086 950??", "151086 95088"),
            (Check::Polish, "4405140135?", "44051401359"),
            (Check::By11, "710319/274?", "710319/2745"),
            (Check::Romanian, "163061512345?", "1630615123457"),
            (Check::Turkish, "100000001??", "10000000146"),
            (Check::Verhoeff, "236?", "2363"),
            (Check::Chilean, "12.531.909-?", "12.531.909-2"),
            (Check::BrazilianOff, "390.533.447-??", "390.533.447-06"),
            (Check::SwissOff, "756.9217.0769.8?", "756.9217.0769.86"),
            (Check::Hungarian, "111 111 11?", "111 111 110"),
            (Check::JapaneseOff, "62149832025?", "621498320258"),
            (Check::AustralianOff, "12345678?", "123456783"),
            (Check::None, "QQ 12 34 56 C", "QQ 12 34 56 C"),
        ] {
            let mut text = text.as_bytes().to_vec();
            complete(check, &mut text);
            assert_eq!(String::from_utf8_lossy(&text), whole, "{check:?}");
        }
    }
}
