use std::collections::HashSet;

use prodlike_sdk::calendar::Date;
use prodlike_sdk::testing::{Job, Table};

use super::*;

fn digits(number: &str) -> Vec<u64> {
    number
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| u64::from(digit - b'0'))
        .collect()
}

fn sum(digits: &[u64], weights: &[u64]) -> u64 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn value(digits: &[u64]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + digit)
}

/// Whether a number is right, as those check it who are given one: by another way than the one
/// by which it was made.
fn is_right(code: &str, number: &str) -> bool {
    let d = digits(number);
    match code {
        "CA" | "GR" | "IL" | "SE" | "ZA" => {
            let doubled = |digit: u64| digit * 2 / 10 + digit * 2 % 10;
            let places = d.iter().rev().enumerate();
            places
                .map(|(i, &it)| if i % 2 == 1 { doubled(it) } else { it })
                .sum::<u64>()
                % 10
                == 0
        }
        "FR" | "BE" => {
            let (body, key) = d.split_at(d.len() - 2);
            (value(body) + value(key)).is_multiple_of(97) && value(key) > 0
        }
        "DE" => {
            // ISO 7064: the last product and the check digit make 1.
            let product = d[..10].iter().fold(10, |it, digit| {
                let it = (it + digit) % 10;
                (if it == 0 { 10 } else { it }) * 2 % 11
            });
            (product + d[10]) % 10 == 1
        }
        "CN" => {
            let last = if number.ends_with('X') { 10 } else { d[17] };
            let powers: Vec<u64> = (0..18).rev().map(|it| (1u64 << it) % 11).collect();
            (sum(&d[..17], &powers) + last) % 11 == 1
        }
        "ES" => number.ends_with(char::from(
            b"TRWAGMYFPDXBNJZSQVHLCKE"[(value(&d) % 23) as usize],
        )),
        "FI" => {
            let letters = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
            let body = digits(&number[..number.len() - 1]);
            number.ends_with(char::from(letters[(value(&body) % 31) as usize]))
        }
        "TR" => {
            let total: u64 = d[..10].iter().sum();
            let (odd, even) = (d[0] + d[2] + d[4] + d[6] + d[8], d[1] + d[3] + d[5] + d[7]);
            total % 10 == d[10] && (7 * odd + 9 * even) % 10 == d[9] && (8 * odd) % 10 == d[10]
        }
        "CZ" => value(&d).is_multiple_of(11),
        "BR" => {
            let weights: Vec<u64> = (1..=11).rev().collect();
            let rest = |length: usize| sum(&d[..length], &weights[11 - length..]) % 11;
            // With the digit's own weight, the sum is 0 or, where 10 became 0, 1.
            (rest(10) == 0 || rest(10) == 1 && d[9] == 0)
                && (rest(11) == 0 || rest(11) == 1 && d[10] == 0)
        }
        "CL" => {
            let body = &d[..8];
            let total = sum(body, &[3, 2, 7, 6, 5, 4, 3, 2]);
            let last = if number.ends_with('K') { 10 } else { d[8] };
            (total + last).is_multiple_of(11)
        }
        "NL" => {
            let minus = 11 * 9 - d[8];
            (sum(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) + minus).is_multiple_of(11)
        }
        "PT" => {
            let rest = sum(&d, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
            rest == 0 || rest == 1 && d[8] == 0
        }
        "NO" => {
            sum(&d, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
                && sum(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        }
        "PL" => sum(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10),
        "CH" => sum(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10),
        "AT" => sum(&d, &[3, 7, 9, 10, 5, 8, 4, 2, 1, 6]).is_multiple_of(11),
        "AU" => sum(&d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11),
        "RO" => {
            let rest = sum(&d, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, 10]) % 11;
            rest == 0 || rest == 9 && d[12] == 1
        }
        "HU" => sum(&d, &[3, 7, 3, 7, 3, 7, 3, 7, 9]).is_multiple_of(10),
        // The others have none, or were compared with published ones.
        "DK" | "GB" | "US" | "IN" | "IT" => true,
        other => panic!("{other} has no check"),
    }
}

fn of(code: &str) -> String {
    format!(r#"{{"countries": ["{code}"]}}"#)
}

#[test]
fn numbers_of_every_country_validate() {
    for scheme in SCHEMES {
        let table = Job::new(&of(scheme.code)).generate::<NationalId>().unwrap();
        for number in table.text(0).into_iter().flatten() {
            assert!(is_right(scheme.code, number), "{} {number}", scheme.code);
            assert!(!number.contains(['?', '*', '{']), "{number}");
        }
    }
}

/// A digit that is mistyped is noticed, mostly: checks that pass everything would not.
#[test]
fn wrong_numbers_do_not_validate() {
    for scheme in SCHEMES
        .iter()
        .filter(|it| !["DK", "GB", "US", "IN", "IT"].contains(&it.code))
    {
        let table = Job::new(&of(scheme.code))
            .rows(100)
            .generate::<NationalId>()
            .unwrap();
        let wrong = |number: &&str| {
            let at = number
                .rfind(|letter: char| letter.is_ascii_digit())
                .unwrap();
            let digit = (number.as_bytes()[at] - b'0' + 1) % 10;
            let mistyped = format!("{}{digit}{}", &number[..at], &number[at + 1..]);
            is_right(scheme.code, &mistyped)
        };
        let passed = table
            .text(0)
            .iter()
            .flatten()
            .filter(|it| wrong(it))
            .count();
        assert!(passed < 20, "{} {passed}", scheme.code);
    }
}

#[test]
fn numbers_follow_country_and_date_of_birth() {
    let countries: Utf8Builder = [
        Some("Sweden"),
        Some("Finland"),
        Some("CN"),
        Some("IT"),
        None,
    ]
    .into_iter()
    .collect();
    let born = Date {
        year: 2003,
        month: 4,
        day: 9,
    }
    .to_days() as i32;
    let input = Table::new([
        (
            Field::utf8("land").semantic("country").nullable(true),
            countries.finish(),
        ),
        (
            Field::new("born", Kind::Date).semantic("date_of_birth"),
            Column::from(vec![born; 5]),
        ),
    ]);
    let job = Job::new("{}")
        .locale("nb_NO")
        .input(input)
        .wanted(&["number", "name"]);
    let table = job.generate::<NationalId>().unwrap();
    let numbers: Vec<&str> = table.text(0).into_iter().flatten().collect();
    assert!(numbers[0].starts_with("030409-98"), "{numbers:?}");
    assert!(numbers[1].starts_with("090403A9"), "{numbers:?}");
    assert_eq!(numbers[2][6..14], *"20030409");
    assert_eq!(numbers[3][6..11], *"03D09");
    assert!(numbers[4].starts_with("098403"), "{numbers:?}");
    assert_eq!(table.text(1)[4], Some("Fødselsnummer"));
}

#[test]
fn unique_numbers_do_not_repeat() {
    for scheme in SCHEMES {
        let pattern = Pattern::new(scheme.pattern, scheme.check);
        let n = pattern.len().min(20_000);
        let job = Job::new(&of(scheme.code)).rows(n as usize).unique();
        let table = job.generate::<NationalId>().unwrap();
        let distinct: HashSet<&str> = table.text(0).into_iter().flatten().collect();
        assert_eq!(distinct.len() as u64, n, "{}", scheme.code);
        assert!(n > 10_000, "{}", scheme.code);
    }
    let error = Job::new("{}")
        .unique()
        .configure::<NationalId>()
        .err()
        .unwrap();
    assert!(error.to_string().contains("within one country"), "{error}");
}

#[test]
fn separators_can_be_left_out() {
    let options = r#"{"countries": ["CH"], "separators": false}"#;
    let table = Job::new(options).generate::<NationalId>().unwrap();
    assert!(
        table
            .text(0)
            .into_iter()
            .flatten()
            .all(|it| it.len() == 13 && it.starts_with("756"))
    );
}
