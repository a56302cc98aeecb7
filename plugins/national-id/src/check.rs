//! Check digits and letters.
//!
//! A text comes with `?` where check characters belong, and with `*` where a digit is free:
//! some schemes have no check digit for one number in eleven, and then the free digit moves on
//! until there is one.

/// How check characters follow from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// There are none.
    None,
    /// ISO/IEC 7812, annex B: Canada, Greece, Israel, South Africa, Sweden.
    Luhn,
    /// 97 − n mod 97: France, Belgium.
    Mod97,
    /// ISO 7064, MOD 11,10: Germany.
    Mod11And10,
    /// ISO 7064, MOD 11-2: China.
    Mod11Dash2,
    /// Italy's codice fiscale: other values on odd places.
    Italian,
    /// Spain: a letter by n mod 23.
    Spanish,
    /// Finland: a character by n mod 31.
    Finnish,
    /// Türkiye: two digits mod 10.
    Turkish,
    /// The whole number is divisible by 11: Czechia, Slovakia.
    By11,
    /// India: Verhoeff's, in the dihedral group.
    Verhoeff,
    /// Brazil: two digits mod 11.
    Brazilian,
    /// Chile: weights from 2 to 7, from the right, mod 11, K for 10.
    Chilean,
    /// Norway: two digits mod 11.
    Norwegian,
    /// A sum of digits by weights, which the check digit makes divisible.
    Weighted(&'static [u64], Rest),
}

/// What becomes of a weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// The digit is the rest mod 10: Hungary.
    Mod10,
    /// What is missing to the next ten: Poland, Switzerland.
    To10,
    /// The rest mod 11; there is none for 10: Australia, Austria, the Netherlands.
    Mod11,
    /// The rest mod 11, 1 for 10: Romania.
    Mod11Or1,
    /// What is missing to the next eleven, 0 for 10 and 11: Portugal.
    To11,
}

/// Fills in the check characters.
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

/// Fills in the check characters, if there are some.
fn try_complete(check: Check, text: &mut [u8]) -> bool {
    let digits: Vec<u64> = text
        .iter()
        .filter(|letter| letter.is_ascii_digit())
        .map(|digit| u64::from(digit - b'0'))
        .collect();
    match check {
        Check::None => {}
        Check::Luhn => put(text, &[digit(luhn(&digits))]),
        Check::Mod97 => {
            let key = 97 - modulo(&digits, 97);
            put(text, &[digit(key / 10), digit(key)]);
        }
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
            let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
            put(text, &[letters[modulo(&digits, 23) as usize]]);
        }
        Check::Finnish => {
            let letters = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
            put(text, &[letters[modulo(&digits, 31) as usize]]);
        }
        Check::Turkish => {
            let odd: u64 = digits.iter().step_by(2).sum();
            let even: u64 = digits.iter().skip(1).step_by(2).sum();
            let tenth = (odd * 7 + 100 - even) % 10;
            put(text, &[digit(tenth), digit(odd + even + tenth)]);
        }
        Check::By11 => match (11 - modulo(&digits, 11) * 10 % 11) % 11 {
            10 => return false,
            rest => put(text, &[digit(rest)]),
        },
        Check::Verhoeff => put(text, &[digit(verhoeff(&digits))]),
        Check::Brazilian => {
            let next = |digits: &[u64]| {
                let weights = (2..=digits.len() as u64 + 1).rev();
                let sum: u64 = digits
                    .iter()
                    .zip(weights)
                    .map(|(digit, weight)| digit * weight)
                    .sum();
                sum * 10 % 11 % 10
            };
            let first = next(&digits);
            let second = next(&[digits.as_slice(), &[first]].concat());
            put(text, &[digit(first), digit(second)]);
        }
        Check::Chilean => {
            let places = digits.iter().rev().zip((2..=7).cycle());
            let sum: u64 = places.map(|(digit, weight)| digit * weight).sum();
            put(text, &[b"0K987654321"[(sum % 11) as usize]]);
        }
        Check::Norwegian => {
            let first = (11 - weighted(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
            let more = [digits.as_slice(), &[first]].concat();
            let second = (11 - weighted(&more, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            if first == 10 || second == 10 {
                return false;
            }
            put(text, &[digit(first), digit(second)]);
        }
        Check::Weighted(weights, rest) => {
            let sum = weighted(&digits, weights);
            let number = match rest {
                Rest::Mod10 => sum % 10,
                Rest::To10 => (10 - sum % 10) % 10,
                Rest::Mod11 if sum % 11 == 10 => return false,
                Rest::Mod11Or1 if sum % 11 == 10 => 1,
                Rest::Mod11 | Rest::Mod11Or1 => sum % 11,
                Rest::To11 if sum % 11 < 2 => 0,
                Rest::To11 => 11 - sum % 11,
            };
            put(text, &[digit(number)]);
        }
    }
    true
}

fn digit(number: u64) -> u8 {
    b'0' + (number % 10) as u8
}

/// Writes characters over the question marks, from the left.
fn put(text: &mut [u8], characters: &[u8]) {
    let places = text.iter_mut().filter(|letter| **letter == b'?');
    for (place, character) in places.zip(characters) {
        *place = *character;
    }
}

fn weighted(digits: &[u64], weights: &[u64]) -> u64 {
    let weights = weights.iter().cycle();
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn modulo(digits: &[u64], modulus: u64) -> u64 {
    digits
        .iter()
        .fold(0, |rest, digit| (rest * 10 + digit) % modulus)
}

fn luhn(digits: &[u64]) -> u64 {
    let places = digits.iter().rev().enumerate();
    let sum: u64 = places
        .map(|(place, &digit)| match place % 2 {
            0 if digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// The check letter of a codice fiscale's fifteen characters (decree of 23 December 1976).
fn italian(text: &[u8]) -> u8 {
    const ODD: [u64; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let values = text.iter().filter(|letter| letter.is_ascii_alphanumeric());
    let sum: u64 = values
        .enumerate()
        .map(|(place, letter)| {
            let value = match letter {
                b'0'..=b'9' => letter - b'0',
                letter => letter.to_ascii_uppercase() - b'A',
            };
            match place % 2 {
                0 => ODD[usize::from(value)],
                _ => value.into(),
            }
        })
        .sum();
    b'A' + (sum % 26) as u8
}

/// J. Verhoeff, Error Detecting Decimal Codes, Amsterdam 1969.
fn verhoeff(digits: &[u64]) -> u64 {
    const INVERSE: [u64; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];
    const TURN: [u64; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // Products of the dihedral group of the pentagon: turns, and turns behind a reflection.
    let product = |left: u64, right: u64| match (left < 5, right < 5) {
        (true, true) => (left + right) % 5,
        (true, false) => 5 + (left + right - 5) % 5,
        (false, true) => 5 + (left - 5 + 5 - right) % 5,
        (false, false) => (left + 5 - right) % 5,
    };
    let places = digits.iter().rev().zip(1u32..);
    let total = places.fold(0, |total, (&digit, place)| {
        let turned = (0..place % 8).fold(digit, |digit, _| TURN[digit as usize]);
        product(total, turned)
    });
    INVERSE[total as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published examples: of laws, offices and textbooks.
    #[test]
    fn check_characters_are_those_of_published_numbers() {
        use crate::country::SCHEMES;
        for (code, open, whole) in [
            ("CA", "046 454 28?", "046 454 286"),
            ("SE", "811218-987?", "811218-9876"),
            ("ZA", "800101500908?", "8001015009087"),
            ("FR", "2 55 08 14 168 025 ??", "2 55 08 14 168 025 38"),
            ("BE", "85.07.30-033 ??", "85.07.30-033 28"),
            ("DE", "8609574271?", "86095742719"),
            ("CN", "11010519491231002?", "11010519491231002X"),
            ("IT", "RSSMRA85T10A562?", "RSSMRA85T10A562S"),
            ("ES", "12345678?", "12345678Z"),
            ("FI", "131052-308?", "131052-308T"),
            ("TR", "100000001??", "10000000146"),
            ("CZ", "710319/274?", "710319/2745"),
            ("IN", "236?", "2363"),
            ("BR", "111.444.777-??", "111.444.777-35"),
            ("CL", "12.345.678-?", "12.345.678-5"),
            ("NL", "11122233?", "111222333"),
            ("PT", "12345678?", "123456789"),
            ("PL", "4405140135?", "44051401359"),
            ("CH", "756.1234.5678.9?", "756.1234.5678.97"),
            ("AT", "123? 010180", "1237 010180"),
            ("AU", "123 456 78?", "123 456 782"),
            ("RO", "180010122114?", "1800101221144"),
            ("HU", "111 111 11?", "111 111 110"),
        ] {
            let scheme = SCHEMES.iter().find(|scheme| scheme.code == code).unwrap();
            let mut text = open.as_bytes().to_vec();
            complete(scheme.check, &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), whole, "{code}");
        }
    }
}
