//! Numbers that carry their own proof.
//!
//! A number passes any one of these checks by chance in one case of ten to a hundred, so
//! a single value proves nothing; most values of a column passing the same one does.

/// ISO 13616: the letters as numbers, the first four characters last, modulo 97.
pub(super) fn is_iban(value: &str) -> bool {
    let bare: Vec<u8> = value.bytes().filter(|byte| *byte != b' ').collect();
    if !(15..=34).contains(&bare.len())
        || !bare.iter().all(u8::is_ascii_alphanumeric)
        || !bare[..2].iter().all(u8::is_ascii_uppercase)
        || !bare[2..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let rest = bare[4..]
        .iter()
        .chain(&bare[..4])
        .fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97,
        });
    rest == 1
}

/// ISO 7812: Luhn's checksum behind a prefix and a length that some network issues.
pub(super) fn is_card(value: &str) -> bool {
    let Some(digits) = digits(value, b" -") else {
        return false;
    };
    let first = |n: usize| digits.iter().take(n).fold(0, |sum, digit| sum * 10 + digit);
    let is_issued = match digits.len() {
        13 | 19 if first(1) == 4 => true,
        14 => matches!(first(2), 36 | 38) || matches!(first(3), 300..=305),
        15 => matches!(first(2), 34 | 37) || matches!(first(4), 1800 | 2131),
        16 => {
            first(1) == 4
                || matches!(first(2), 35 | 36 | 50..=62 | 64 | 65..=69)
                || matches!(first(4), 2200..=2720)
        }
        12 | 13 | 17..=19 => matches!(first(2), 50 | 56..=69),
        _ => false,
    };
    is_issued && luhn(&digits)
}

/// The number of a telephone set: fifteen digits with Luhn's checksum.
pub(super) fn is_imei(value: &str) -> bool {
    digits(value, b"-").is_some_and(|digits| digits.len() == 15 && luhn(&digits)) && !is_card(value)
}

/// The most frequent kind of national number among values and the share that is of it.
pub(super) fn national_share(values: &[&str]) -> f64 {
    NATIONAL
        .iter()
        .map(|test| values.iter().filter(|value| test(value)).count())
        .max()
        .unwrap_or(0) as f64
        / values.len().max(1) as f64
}

type Test = fn(&str) -> bool;

/// One check a country.
const NATIONAL: &[Test] = &[
    is_american,
    is_british,
    is_german,
    is_french,
    is_spanish,
    is_italian,
    is_brazilian,
    is_dutch,
    is_polish,
    is_japanese,
    is_russian,
    is_russian_tax,
    is_swedish,
    is_belgian,
    is_turkish,
    is_chinese,
    is_swiss,
];

/// The digits of a value that has nothing else but some separators.
fn digits(value: &str, separators: &[u8]) -> Option<Vec<u32>> {
    value
        .bytes()
        .filter(|byte| !separators.contains(byte))
        .map(|byte| byte.is_ascii_digit().then(|| u32::from(byte - b'0')))
        .collect()
}

fn exactly(value: &str, separators: &[u8], length: usize) -> Option<Vec<u32>> {
    digits(value, separators).filter(|digits| digits.len() == length)
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn number(digits: &[u32]) -> u64 {
    digits
        .iter()
        .fold(0, |sum, &digit| sum * 10 + u64::from(digit))
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Social security number: no check digit, but hyphens in their places.
pub(super) fn is_american(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    matches!(parts[..], [area, group, serial]
        if area.len() == 3 && group.len() == 2 && serial.len() == 4
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
            && area != "000" && area != "666")
}

/// National insurance number: two letters, six digits, a letter.
fn is_british(value: &str) -> bool {
    let bare: Vec<u8> = value.bytes().filter(|byte| *byte != b' ').collect();
    bare.len() == 9
        && bare[..2].iter().all(u8::is_ascii_uppercase)
        && bare[2..8].iter().all(u8::is_ascii_digit)
        && matches!(bare[8], b'A'..=b'D' | b'F' | b'M' | b'P' | b'T')
}

/// Tax identification number: ISO 7064, modulo 11, 10.
fn is_german(value: &str) -> bool {
    exactly(value, b" ", 11).is_some_and(|digits| {
        let product = digits[..10].iter().fold(10, |product, digit| {
            let sum = (digit + product) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        digits[0] != 0 && (11 - product) % 10 == digits[10]
    })
}

/// Social security number: thirteen places and a key of two, modulo 97; Corsica's
/// departments have a letter.
fn is_french(value: &str) -> bool {
    let bare: String = value.chars().filter(|letter| *letter != ' ').collect();
    let bare = match bare.get(5..7) {
        Some("2A") => bare.replacen("2A", "19", 1),
        Some("2B") => bare.replacen("2B", "18", 1),
        _ => bare,
    };
    exactly(&bare, b"", 15).is_some_and(|digits| {
        let body = number(&digits[..13]);
        matches!(digits[0], 1 | 2 | 3 | 4 | 7 | 8) && 97 - body % 97 == number(&digits[13..])
    })
}

/// Identity card and foreigner's number: a letter that is the number modulo 23.
fn is_spanish(value: &str) -> bool {
    const LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let bare: Vec<u8> = value
        .bytes()
        .filter(|byte| !b" -.".contains(byte))
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let [first, middle @ .., letter] = &bare[..] else {
        return false;
    };
    let first = match first {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        other => *other,
    };
    let digits: Vec<u8> = std::iter::once(first)
        .chain(middle.iter().copied())
        .collect();
    bare.len() == 9
        && digits.iter().all(u8::is_ascii_digit)
        && letter.is_ascii_uppercase()
        && std::str::from_utf8(&digits)
            .ok()
            .and_then(|digits| digits.parse::<usize>().ok())
            .is_some_and(|number| LETTERS[number % 23] == *letter)
}

/// Codice fiscale: sixteen places, the last one a check letter.
fn is_italian(value: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let bare = value.to_ascii_uppercase().into_bytes();
    let is_shaped = bare.len() == 16
        && bare.iter().enumerate().all(|(place, byte)| match place {
            0..=5 | 8 | 11 | 15 => byte.is_ascii_uppercase(),
            // Digits give way to letters where two people would share a code.
            _ => byte.is_ascii_alphanumeric(),
        });
    is_shaped && {
        let sum: u32 = bare[..15]
            .iter()
            .enumerate()
            .map(|(place, byte)| {
                let ordinal = match byte {
                    b'0'..=b'9' => byte - b'0',
                    _ => byte - b'A',
                };
                match place % 2 {
                    0 => ODD[usize::from(ordinal)],
                    _ => u32::from(ordinal),
                }
            })
            .sum();
        u32::from(bare[15] - b'A') == sum % 26
    }
}

/// CPF: two check digits, each modulo 11.
fn is_brazilian(value: &str) -> bool {
    exactly(value, b".-", 11).is_some_and(|digits| {
        let check = |n: usize| {
            let sum: u32 = (0..n)
                .map(|place| digits[place] * (n + 1 - place) as u32)
                .sum();
            sum * 10 % 11 % 10
        };
        digits[9] == check(9) && digits[10] == check(10)
    })
}

/// Burgerservicenummer: the elevens' test.
fn is_dutch(value: &str) -> bool {
    exactly(value, b" .", 9).is_some_and(|digits| {
        let sum = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
        number(&digits) > 0 && sum % 11 == digits[8]
    })
}

/// PESEL: a date of birth, a serial and a check digit modulo 10.
fn is_polish(value: &str) -> bool {
    exactly(value, b"", 11).is_some_and(|digits| {
        let month = (digits[2] * 10 + digits[3]) % 20;
        let sum = weighted(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
        is_day(month, digits[4] * 10 + digits[5]) && sum.is_multiple_of(10)
    })
}

/// Individual number: twelve digits, modulo 11.
fn is_japanese(value: &str) -> bool {
    exactly(value, b" -", 12).is_some_and(|digits| {
        let rest = weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        digits[11] == if rest <= 1 { 0 } else { 11 - rest }
    })
}

/// SNILS: nine digits and their weighted sum modulo 101.
fn is_russian(value: &str) -> bool {
    exactly(value, b" -", 11).is_some_and(|digits| {
        let sum = weighted(&digits[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
        number(&digits[9..]) == u64::from(sum % 101 % 100)
    })
}

/// A person's tax number: two check digits modulo 11.
fn is_russian_tax(value: &str) -> bool {
    exactly(value, b"", 12).is_some_and(|digits| {
        let one = weighted(&digits[..10], &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
        let two = weighted(&digits[..11], &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
        digits[10] == one && digits[11] == two
    })
}

/// Personnummer: a date of birth, a serial and Luhn's digit.
fn is_swedish(value: &str) -> bool {
    digits(value, b"-+").is_some_and(|digits| {
        let short = match digits.len() {
            10 => &digits[..],
            12 if matches!(number(&digits[..2]), 18..=20) => &digits[2..],
            _ => return false,
        };
        is_day(short[2] * 10 + short[3], short[4] * 10 + short[5]) && luhn(short)
    })
}

/// National register number: a date of birth, a serial and 97 less the rest.
fn is_belgian(value: &str) -> bool {
    exactly(value, b". -", 11).is_some_and(|digits| {
        let body = number(&digits[..9]);
        let check = number(&digits[9..]);
        is_day(digits[2] * 10 + digits[3], digits[4] * 10 + digits[5])
            && [body, body + 2_000_000_000]
                .iter()
                .any(|body| 97 - body % 97 == check)
    })
}

/// Kimlik number: two check digits.
fn is_turkish(value: &str) -> bool {
    exactly(value, b"", 11).is_some_and(|digits| {
        let odd: u32 = (0..9).step_by(2).map(|place| digits[place]).sum();
        let even: u32 = (1..8).step_by(2).map(|place| digits[place]).sum();
        let all: u32 = digits[..10].iter().sum();
        digits[0] != 0 && (odd * 7 + 100 - even) % 10 == digits[9] && all % 10 == digits[10]
    })
}

/// Identity card number: a date of birth in the middle, ISO 7064 modulo 11, 2.
fn is_chinese(value: &str) -> bool {
    let Some((body, check)) = value.split_at_checked(17) else {
        return false;
    };
    digits(body, b"").is_some_and(|digits| {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let place = (weighted(&digits, &weights) % 11) as usize;
        is_day(digits[10] * 10 + digits[11], digits[12] * 10 + digits[13])
            && "10X98765432".get(place..=place) == Some(check.to_uppercase().as_str())
    })
}

/// AHV number: 756 in front and a barcode's check digit.
fn is_swiss(value: &str) -> bool {
    exactly(value, b".", 13).is_some_and(|digits| {
        let sum = weighted(&digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
        digits[..3] == [7, 5, 6] && sum.is_multiple_of(10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_cards_prove_themselves() {
        for value in ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"] {
            assert!(is_iban(value), "{value}");
        }
        for value in [
            "DE88370400440532013000",
            "DE89",
            "de89370400440532013000",
            "ÄÖ89370400440532013000",
        ] {
            assert!(!is_iban(value), "{value}");
        }
        for value in [
            "4111 1111 1111 1111",
            "378282246310005",
            "5555-5555-5555-4444",
        ] {
            assert!(is_card(value), "{value}");
        }
        for value in [
            "4111111111111112",
            "411111",
            "9111111111111111",
            "490154203237518",
            "",
            "-- --",
            "４１１１",
        ] {
            assert!(!is_card(value), "{value}");
        }
        assert!(is_imei("490154203237518"));
    }

    #[test]
    fn national_numbers_prove_themselves() {
        let cases: &[(Test, &str, &str)] = &[
            (is_american, "078-05-1120", "000-05-1120"),
            (is_british, "AB 12 34 56 C", "AB123456Z"),
            (is_german, "86095742719", "86095742718"),
            (is_french, "2 55 08 14 168 025 38", "255081416802539"),
            (is_spanish, "12345678Z", "12345678A"),
            (is_spanish, "X1234567L", "X1234567M"),
            (is_italian, "RSSMRA85T10A562S", "RSSMRA85T10A562T"),
            (is_brazilian, "529.982.247-25", "529.982.247-24"),
            (is_dutch, "111222333", "111222334"),
            (is_polish, "44051401359", "44051401358"),
            (is_russian, "112-233-445 95", "112-233-445 96"),
            (is_swedish, "811218-9876", "811218-9877"),
            (is_chinese, "11010519491231002X", "110105194912310021"),
            (is_swiss, "756.9217.0769.85", "756.9217.0769.84"),
            (is_turkish, "10000000146", "10000000145"),
        ];
        for (place, (test, right, wrong)) in cases.iter().enumerate() {
            assert!(test(right), "{place}: {right}");
            assert!(!test(wrong), "{place}: {wrong}");
        }
        for test in NATIONAL {
            for value in ["", "-", "é", "é8é0é", "12345", "日本", "0000000000x"] {
                assert!(!test(value), "{value}");
            }
        }
    }
}
