//! Patterns: what a country's numbers look like.
//!
//! `{100-999}` is a number of as many digits and `{A-F}` a letter; `{YYYY}`, `{YY}`, `{MM}` and
//! `{DD}` are the date of birth, with what is added to it (`{DD+60}`), `{ML}` its month as Italy
//! writes it, `{FI}` and `{RO}` its century as Finland and Romania do; `?` is a check character
//! and `*` the digit that a check may move. All else stands for itself.

use prodlike_sdk::Rng;
use prodlike_sdk::calendar::Date;

use crate::check::{Check, complete};

/// A pattern that was read.
#[derive(Debug)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
    check: Check,
    has_date: bool,
}

#[derive(Debug)]
enum Part {
    Literal(&'static str),
    Number {
        first: u64,
        count: u64,
        width: usize,
    },
    Letter {
        first: u8,
        count: u64,
    },
    Year(usize),
    Month(u64),
    Day(u64),
    MonthLetter,
    FinnishCentury,
    RomanianCentury,
}

/// The days of birth that are drawn: from 1940-01-01 to 2005-12-31.
const BORN: (i64, i64) = (-10_957, 13_148);
const DAYS: u64 = (BORN.1 - BORN.0 + 1) as u64;

impl Pattern {
    /// Reads a pattern of our own table.
    pub(crate) fn new(text: &'static str, check: Check) -> Pattern {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Part::Literal(before));
            let (inside, after) = after.split_once('}').unwrap_or((after, ""));
            parts.push(Part::new(inside));
            rest = after;
        }
        parts.push(Part::Literal(rest));
        let has_date = parts.iter().any(|part| matches!(part, Part::Day(_)));
        Pattern {
            parts,
            check,
            has_date,
        }
    }

    /// Returns how many numbers there are.
    pub(crate) fn len(&self) -> u64 {
        let dates = if self.has_date { DAYS } else { 1 };
        let counts = self.parts.iter().map(|part| match part {
            Part::Number { count, .. } | Part::Letter { count, .. } => *count,
            _ => 1,
        });
        counts.fold(dates, u64::saturating_mul)
    }

    /// Returns a number, of who was born on that day if it tells the day.
    pub(crate) fn draw(&self, born: Option<i64>, rng: &mut Rng) -> Vec<u8> {
        let drawn = rng.range(BORN.0, BORN.1);
        self.write(born.unwrap_or(drawn), &mut |count| rng.below(count))
    }

    /// Returns the number of an index below [`Pattern::len`]: others for other indices.
    pub(crate) fn number(&self, index: u64) -> Vec<u8> {
        let mut rest = index;
        let mut take = |count: u64| {
            let taken = rest % count;
            rest /= count;
            taken
        };
        let born = if self.has_date {
            BORN.0 + take(DAYS) as i64
        } else {
            BORN.0
        };
        self.write(born, &mut take)
    }

    fn write(&self, born: i64, take: &mut dyn FnMut(u64) -> u64) -> Vec<u8> {
        let date = Date::from_days(born);
        let (month, day) = (u64::from(date.month), u64::from(date.day));
        let year = date.year.unsigned_abs();
        let mut text = Vec::with_capacity(24);
        for part in &self.parts {
            match *part {
                Part::Literal(letters) => text.extend_from_slice(letters.as_bytes()),
                Part::Number {
                    first,
                    count,
                    width,
                } => push(&mut text, first + take(count), width),
                Part::Letter { first, count } => text.push(first + take(count) as u8),
                Part::Year(width) => push(&mut text, year, width),
                Part::Month(more) => push(&mut text, month + more, 2),
                Part::Day(more) => push(&mut text, day + more, 2),
                Part::MonthLetter => {
                    let letters = b"ABCDEHLMPRST";
                    text.push(letters[month.saturating_sub(1) as usize % letters.len()]);
                }
                Part::FinnishCentury => text.push(match year {
                    ..1900 => b'+',
                    1900..2000 => b'-',
                    2000.. => b'A',
                }),
                Part::RomanianCentury => {
                    let first = if year < 2000 { b'1' } else { b'5' };
                    text.push(first + take(2) as u8);
                }
            }
        }
        complete(self.check, &mut text);
        text
    }
}

/// Adds the last `width` digits of a number.
fn push(text: &mut Vec<u8>, number: u64, width: usize) {
    let start = text.len();
    text.resize(start + width, b'0');
    let mut rest = number;
    for place in text[start..].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

impl Part {
    fn new(inside: &'static str) -> Part {
        let (name, more) = inside.split_once('+').unwrap_or((inside, "0"));
        let more = more.parse().unwrap_or(0);
        match name {
            "YYYY" => return Part::Year(4),
            "YY" => return Part::Year(2),
            "MM" => return Part::Month(more),
            "DD" => return Part::Day(more),
            "ML" => return Part::MonthLetter,
            "FI" => return Part::FinnishCentury,
            "RO" => return Part::RomanianCentury,
            _ => {}
        }
        let (first, last) = inside.split_once('-').unwrap_or((inside, inside));
        match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(low), Ok(high)) => Part::Number {
                first: low,
                count: high.saturating_sub(low) + 1,
                width: last.len(),
            },
            _ => {
                let letter = |text: &str| text.bytes().next().unwrap_or(b'A');
                Part::Letter {
                    first: letter(first),
                    count: u64::from(letter(last).saturating_sub(letter(first))) + 1,
                }
            }
        }
    }
}
