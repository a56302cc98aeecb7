//! IBANs (ISO 13616) and BICs (ISO 9362).

use prodlike_sdk::Rng;
use prodlike_sdk::prelude::*;

/// The structure of a country's account numbers, as SWIFT's registry writes it.
#[derive(Debug)]
pub(crate) struct Country {
    pub(crate) code: &'static str,
    /// Runs of digits (`n`), letters (`a`) or either (`c`).
    structure: &'static [(usize, u8)],
    national: National,
}

/// Check digits within the account number, beside those of the IBAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum National {
    None,
    /// The last two: the ten before modulo 97, 97 for 0 (Belgium).
    Belgium,
    /// The ninth and tenth: weighted sums modulo 11 (Spain).
    Spain,
    /// The last two: what makes the whole 1 modulo 97 (Portugal).
    Portugal,
    /// The last: a weighted sum modulo 11 (Norway).
    Norway,
    /// The last two: the key of the RIB (France, Monaco).
    France,
}

const fn plain(code: &'static str, structure: &'static [(usize, u8)]) -> Country {
    checked(code, structure, National::None)
}

const fn checked(
    code: &'static str,
    structure: &'static [(usize, u8)],
    national: National,
) -> Country {
    Country {
        code,
        structure,
        national,
    }
}

/// Those that the plugin knows, by code.
pub(crate) static COUNTRIES: [Country; 42] = [
    plain("AD", &[(8, b'n'), (12, b'c')]),
    plain("AE", &[(19, b'n')]),
    plain("AT", &[(16, b'n')]),
    checked("BE", &[(12, b'n')], National::Belgium),
    plain("BG", &[(4, b'a'), (6, b'n'), (8, b'c')]),
    plain("BR", &[(23, b'n'), (1, b'a'), (1, b'c')]),
    plain("CH", &[(5, b'n'), (12, b'c')]),
    plain("CY", &[(8, b'n'), (16, b'c')]),
    plain("CZ", &[(20, b'n')]),
    plain("DE", &[(18, b'n')]),
    plain("DK", &[(14, b'n')]),
    plain("EE", &[(16, b'n')]),
    checked("ES", &[(20, b'n')], National::Spain),
    plain("FI", &[(14, b'n')]),
    checked("FR", &[(10, b'n'), (11, b'c'), (2, b'n')], National::France),
    plain("GB", &[(4, b'a'), (14, b'n')]),
    plain("GR", &[(7, b'n'), (16, b'c')]),
    plain("HR", &[(17, b'n')]),
    plain("HU", &[(24, b'n')]),
    plain("IE", &[(4, b'a'), (14, b'n')]),
    plain("IL", &[(19, b'n')]),
    plain("IS", &[(22, b'n')]),
    plain("IT", &[(1, b'a'), (10, b'n'), (12, b'c')]),
    plain("LI", &[(5, b'n'), (12, b'c')]),
    plain("LT", &[(16, b'n')]),
    plain("LU", &[(3, b'n'), (13, b'c')]),
    plain("LV", &[(4, b'a'), (13, b'c')]),
    checked("MC", &[(10, b'n'), (11, b'c'), (2, b'n')], National::France),
    plain("MT", &[(4, b'a'), (5, b'n'), (18, b'c')]),
    plain("NL", &[(4, b'a'), (10, b'n')]),
    checked("NO", &[(11, b'n')], National::Norway),
    plain("PL", &[(24, b'n')]),
    checked("PT", &[(21, b'n')], National::Portugal),
    plain("RO", &[(4, b'a'), (16, b'c')]),
    plain("RS", &[(18, b'n')]),
    plain("SA", &[(2, b'n'), (18, b'c')]),
    plain("SE", &[(20, b'n')]),
    plain("SI", &[(15, b'n')]),
    plain("SK", &[(20, b'n')]),
    plain("SM", &[(1, b'a'), (10, b'n'), (12, b'c')]),
    plain("TR", &[(6, b'n'), (16, b'c')]),
    plain("UA", &[(6, b'n'), (19, b'c')]),
];

/// An IBAN as ASCII: at most 34 characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Iban {
    bytes: [u8; 34],
    length: usize,
}

impl Iban {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Returns the four letters of a bank: the first draws of its stream.
fn bank(rng: &mut Rng) -> [u8; 4] {
    std::array::from_fn(|_| b'A' + rng.below(26) as u8)
}

impl Country {
    /// Returns a country by its code, in either case.
    pub(crate) fn find(code: &str) -> Option<&'static Country> {
        COUNTRIES
            .iter()
            .find(|country| country.code.eq_ignore_ascii_case(code))
    }

    /// Returns an IBAN. Where `unique` is given, the nine characters before the national check
    /// digits are digits that tell it from others.
    pub(crate) fn iban(&self, banks: &mut Rng, accounts: &mut Rng, unique: Option<u64>) -> Iban {
        let mut bytes = [b'0'; 34];
        bytes[..2].copy_from_slice(self.code.as_bytes());
        let mut end = 4;
        for &(count, class) in self.structure {
            let run = &mut bytes[end..end + count];
            match class {
                b'a' if end == 4 => {
                    let letters = bank(banks).into_iter().cycle();
                    run.iter_mut()
                        .zip(letters)
                        .for_each(|(byte, letter)| *byte = letter);
                }
                b'a' => run
                    .iter_mut()
                    .for_each(|byte| *byte = b'A' + accounts.below(26) as u8),
                // Where letters are allowed too, banks use digits by far the most.
                _ => run.chunks_mut(9).for_each(|nine| {
                    // Nine digits a draw, of 32 bits: a component divides those by multiplying.
                    let mut number = accounts.below(1_000_000_000) as u32;
                    for byte in nine {
                        *byte = b'0' + (number % 10) as u8;
                        number /= 10;
                    }
                }),
            }
            end += count;
        }
        let account = &mut bytes[4..end];
        if let Some(mut unique) = unique {
            let before = account.len() - self.check_digits();
            let places = super::UNIQUE_DIGITS as usize;
            for byte in account[before - places..before].iter_mut().rev() {
                *byte = b'0' + (unique % 10) as u8;
                unique /= 10;
            }
        }
        self.complete(account);
        let check = 98 - mod97([&bytes[4..end], &bytes[..2], b"00"]);
        bytes[2] = b'0' + (check / 10) as u8;
        bytes[3] = b'0' + (check % 10) as u8;
        Iban { bytes, length: end }
    }

    /// Writes the check digits that the country has within its account numbers.
    pub(crate) fn complete(&self, account: &mut [u8]) {
        self.national.complete(account);
    }

    /// Characters at the end that a unique number must not touch.
    fn check_digits(&self) -> usize {
        match self.national {
            National::Belgium | National::Portugal | National::France => 2,
            National::Norway => 1,
            // Brazil ends with a letter and an owner's number.
            _ if self.code == "BR" => 2,
            National::None | National::Spain => 0,
        }
    }

    /// Writes the BIC of the row's bank: its four letters, the country and a place.
    pub(crate) fn bic(&self, banks: &mut Rng, text: &mut Text) {
        const PLACES: &[u8] = b"ABCDEFGHIJKLMNPQRSTUVWXYZ23456789";
        for letter in bank(banks) {
            text.push_ascii(letter);
        }
        text.push_str(self.code);
        // The second character of a place is neither 0 (a test) nor 1 (not connected).
        for _ in 0..2 {
            text.push_ascii(*banks.pick(PLACES).unwrap_or(&b'F'));
        }
    }
}

impl National {
    /// Writes the check digits that belong into an account number.
    fn complete(self, account: &mut [u8]) {
        let length = account.len();
        let two = |account: &mut [u8], place: usize, number: u64| {
            account[place] = b'0' + (number / 10 % 10) as u8;
            account[place + 1] = b'0' + (number % 10) as u8;
        };
        match self {
            National::None => {}
            National::Belgium => {
                let rest = mod97([&account[..10]]);
                two(account, 10, if rest == 0 { 97 } else { rest });
            }
            National::Portugal => {
                let rest = mod97([&account[..length - 2], b"00"]);
                two(account, length - 2, 98 - rest);
            }
            National::France => {
                let rest = mod97([&account[..length - 2], b"00"]);
                two(account, length - 2, 97 - rest);
            }
            National::Norway => {
                let sum = weighted(&account[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
                let check = (11 - sum % 11) % 11;
                if check == 10 {
                    // No digit stands for 10: such numbers are not given out. The first digit
                    // tells no unique number from others.
                    account[0] = b'0' + (account[0] - b'0' + 1) % 10;
                    return self.complete(account);
                }
                account[10] = b'0' + check as u8;
            }
            National::Spain => {
                let digit = |sum: u64| match 11 - sum % 11 {
                    11 => 0,
                    10 => 1,
                    digit => digit,
                };
                let bank = weighted(&account[..8], &[4, 8, 5, 10, 9, 7, 3, 6]);
                let number = weighted(&account[10..], &[1, 2, 4, 8, 5, 10, 9, 7, 3, 6]);
                two(account, 8, digit(bank) * 10 + digit(number));
            }
        }
    }
}

fn weighted(digits: &[u8], weights: &[u64]) -> u64 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| u64::from(digit - b'0') * weight)
        .sum()
}

/// Returns the remainder by 97 of characters as digits, a letter being 10 to 35.
fn mod97<const N: usize>(parts: [&[u8]; N]) -> u64 {
    // A division for eight characters, which have room even as letters: LLVM would make one for
    // each of what is divided only where it must be.
    let eights = parts.into_iter().flat_map(|part| part.chunks(8));
    eights.fold(0, |number, eight| {
        let number = eight.iter().fold(number, |number: u64, byte| match byte {
            b'A'..=b'Z' => number * 100 + u64::from(byte - b'A') + 10,
            _ => number * 10 + u64::from(byte - b'0'),
        });
        number % 97
    })
}

/// Whether a text is an IBAN, with or without spaces: structure and check digits.
pub(crate) fn is_iban(text: &str) -> bool {
    let mut bytes = [0u8; 34];
    let mut length = 0;
    for byte in text.bytes().filter(|&byte| byte != b' ') {
        if length == 34 || !byte.is_ascii_alphanumeric() {
            return false;
        }
        bytes[length] = byte.to_ascii_uppercase();
        length += 1;
    }
    let Some(country) = std::str::from_utf8(&bytes[..2])
        .ok()
        .and_then(Country::find)
    else {
        return false;
    };
    let runs = country.structure.iter();
    let classes: Vec<u8> = runs
        .flat_map(|&(count, class)| std::iter::repeat_n(class, count))
        .collect();
    length == classes.len() + 4
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..length]
            .iter()
            .zip(&classes)
            .all(|(byte, class)| match class {
                b'n' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_uppercase(),
                _ => true,
            })
        && mod97([&bytes[4..length], &bytes[..4]]) == 1
}
