//! A rule: numbers have the check digits they should. Cards, accounts, articles.
//!
//! Spaces and hyphens are no part of a number, and letters count without regard to case. A
//! number that has a letter where there are only digits, or no digits at all, breaks the rule.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// How the check digits are computed.
    scheme: Scheme,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Scheme {
    /// ISO/IEC 7812, of cards: the last of at least two digits.
    #[default]
    Luhn,
    /// ISO 13616, of accounts: the third and fourth letter, by ISO 7064 MOD 97-10.
    Iban,
    /// GS1, of articles: the last of 8, 12, 13 or 14 digits.
    Gtin,
    /// ISO 2108, of books before 2007: the last of ten, which may be X.
    Isbn10,
}

impl Scheme {
    fn holds(self, number: &str) -> bool {
        let is_filler = |letter: &char| matches!(letter, ' ' | '-');
        let letters = number.chars().filter(|letter| !is_filler(letter));
        match self {
            Scheme::Luhn => digits(letters).is_some_and(|it| it.len() >= 2 && luhn(&it)),
            Scheme::Gtin => {
                digits(letters).is_some_and(|it| matches!(it.len(), 8 | 12 | 13 | 14) && gtin(&it))
            }
            Scheme::Iban => iban(letters),
            Scheme::Isbn10 => isbn10(letters),
        }
    }
}

fn digits(letters: impl Iterator<Item = char>) -> Option<Vec<u32>> {
    letters.map(|letter| letter.to_digit(10)).collect()
}

/// From the right every second digit counts twice, and its digits are added.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit as usize % 10];
    let digits = digits.iter().rev().enumerate();
    let sum: u32 = digits
        .map(|(at, digit)| if at % 2 == 0 { *digit } else { doubled(*digit) })
        .sum();
    sum.is_multiple_of(10)
}

/// From the right every second digit counts three times.
fn gtin(digits: &[u32]) -> bool {
    let digits = digits.iter().rev().enumerate();
    let sum: u32 = digits.map(|(at, digit)| digit * [1, 3][at % 2]).sum();
    sum.is_multiple_of(10)
}

/// The number behind its first four letters, a letter as two digits, is 1 modulo 97.
fn iban(letters: impl Iterator<Item = char>) -> bool {
    let Some(values) = letters
        .map(|letter| letter.to_digit(36))
        .collect::<Option<Vec<u32>>>()
    else {
        return false;
    };
    let is_digit = |at: usize| values.get(at).is_some_and(|value| *value < 10);
    if !(15..=34).contains(&values.len()) || is_digit(0) || is_digit(1) {
        return false;
    }
    let turned = values[4..].iter().chain(&values[..4]);
    let rest = turned.fold(0, |rest, value| match value {
        0..=9 => (rest * 10 + value) % 97,
        _ => (rest * 100 + value) % 97,
    });
    is_digit(2) && is_digit(3) && rest == 1
}

/// Digits weighed by their place from the right are divisible by 11; X is ten.
fn isbn10(letters: impl Iterator<Item = char>) -> bool {
    let mut sum = 0;
    let mut count = 0;
    for letter in letters {
        count += 1;
        sum += match letter.to_digit(10) {
            Some(digit) if count <= 10 => digit * (11 - count),
            None if count == 10 && letter.eq_ignore_ascii_case(&'x') => 10,
            _ => return false,
        };
    }
    count == 10 && sum % 11 == 0
}

struct CheckDigit {
    scheme: Scheme,
    n_columns: usize,
}

impl Plugin for CheckDigit {
    type Options = Options;

    fn about() -> About {
        about!()
            .example("Numbers of cards", r#"{"scheme": "luhn"}"#)
            .example("Numbers of accounts", r#"{"scheme": "iban"}"#)
            .example("Numbers of articles", r#"{"scheme": "gtin"}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<CheckDigit, Error> {
        match settings.input.iter().find(|field| !field.is_text()) {
            // Leading zeros, which count, are lost in a number.
            Some(field) => Err(Error::unsupported(format!(
                "column `{}` is no text",
                field.name
            ))),
            None => Ok(CheckDigit {
                scheme: options.scheme,
                n_columns: settings.input.len(),
            }),
        }
    }
}

impl Rule for CheckDigit {
    fn domains(&self) -> Vec<Domain> {
        vec![Domain::Any; self.n_columns]
    }

    fn check(&self, rows: &Rows, input: &Batch<'_>) -> Result<Column, Error> {
        let mut holds = vec![true; rows.len()];
        for view in input.iter() {
            let texts = view.utf8()?;
            for (holds, text) in holds.iter_mut().zip(texts.iter()) {
                *holds &= text.is_none_or(|text| self.scheme.holds(text));
            }
        }
        let mut column = BooleanBuilder::with_capacity(rows.len());
        holds.into_iter().for_each(|holds| column.push(holds));
        Ok(column.finish())
    }
}

prodlike_sdk::export!(CheckDigit: rule);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    #[test]
    fn numbers_of_the_standards_hold_and_their_neighbours_do_not() {
        for (scheme, number) in [
            (Scheme::Luhn, "4111 1111 1111 1111"),
            (Scheme::Luhn, "18"),
            (Scheme::Iban, "DE89 3704 0044 0532 0130 00"),
            (Scheme::Iban, "gb82west12345698765432"),
            (Scheme::Gtin, "4006381333931"),
            (Scheme::Gtin, "96385074"),
            (Scheme::Isbn10, "0-306-40615-2"),
            (Scheme::Isbn10, "080442957X"),
        ] {
            assert!(scheme.holds(number), "{number}");
            // Another digit in any place is found, and so is one that is missing.
            for (at, letter) in number.char_indices() {
                let Some(digit) = letter.to_digit(10) else {
                    continue;
                };
                let other = char::from_digit((digit + 1) % 10, 10).unwrap();
                let (before, behind) = (&number[..at], &number[at + 1..]);
                let wrong = format!("{before}{other}{behind}");
                assert!(!scheme.holds(&wrong), "{wrong}");
            }
            assert!(!scheme.holds(&number[1..]) || scheme == Scheme::Luhn);
        }
        for scheme in [Scheme::Luhn, Scheme::Iban, Scheme::Gtin, Scheme::Isbn10] {
            for number in [
                "",
                "-",
                "0",
                "x",
                "é",
                "٤١١١",
                "00000000000000000000000000000000000",
            ] {
                let is_zeros = scheme == Scheme::Luhn && number.len() > 30;
                assert_eq!(scheme.holds(number), is_zeros, "{scheme:?} {number}");
            }
        }
    }

    #[test]
    fn rows_are_told_by_all_of_their_columns() {
        let table = Table::of_text(&[Some("18"), None, Some("19")]);
        let can = Job::new("{}").input(table).check::<CheckDigit>().unwrap();
        assert_eq!(*can.values(), prodlike_sdk::Values::Bits(vec![0b011]));
        let numbers = Table::new([(Field::int64("id"), Column::from(vec![18i64]))]);
        assert!(Job::new("{}").input(numbers).check::<CheckDigit>().is_err());
    }
}
