//! Patterns: numbers spelt as phones, postcodes, accounts, cards and identity numbers.
//!
//! `{100-999}` is a number of as many digits, `{#8}` one of eight, `{A-F}` a letter, `?` a check character
//! ([`crate::checks`]), `*` the digit that a check may move; all else stands for itself.
//! The places between braces are the digits of one mixed-base number, which can be read
//! back: different numbers, different texts.

use std::ops::RangeInclusive;

use crate::checks::{Check, complete};

/// Longest text of a pattern, in bytes.
const LONGEST: usize = 160;

#[derive(Clone, Debug)]
enum Part {
    Literal(Vec<u8>),
    Number {
        first: u64,
        count: u64,
        width: usize,
    },
    Letter {
        first: u8,
        count: u64,
    },
}

/// A parsed pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
    check: Check,
    pub(crate) capacity: u64,
}

impl Pattern {
    /// Parses a pattern of our own tables: what is no range stands for itself.
    pub(crate) fn new(text: &str, check: Check) -> Pattern {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Part::Literal(before.into()));
            let (inside, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            if let Some(width) = inside.strip_prefix('#').and_then(|text| text.parse().ok()) {
                parts.push(Part::Number {
                    first: 0,
                    count: 10u64.saturating_pow(width),
                    width: width as usize,
                });
                continue;
            }
            let (first, last) = inside.split_once('-').unwrap_or((inside, inside));
            parts.push(match (first.parse::<u64>(), last.parse::<u64>()) {
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
            });
        }
        parts.push(Part::Literal(rest.into()));
        let capacity = parts.iter().map(Part::count).fold(1, u64::saturating_mul);
        Pattern {
            parts,
            check,
            capacity,
        }
    }

    /// Appends the text of a number below the capacity, without the characters that
    /// `keep` refuses.
    pub(crate) fn write(&self, number: u64, keep: impl Fn(u8) -> bool, out: &mut String) {
        let mut text = [0u8; LONGEST];
        let mut len = 0;
        let mut rest = number;
        for part in &self.parts {
            match part {
                Part::Literal(letters) => {
                    let letters = &letters[..letters.len().min(LONGEST - len)];
                    text[len..len + letters.len()].copy_from_slice(letters);
                    len += letters.len();
                }
                &Part::Letter { first, count } => {
                    if len < LONGEST {
                        text[len] = first + (rest % count) as u8;
                        len += 1;
                    }
                    rest /= count;
                }
                &Part::Number {
                    first,
                    count,
                    width,
                } => {
                    let mut value = first + rest % count;
                    rest /= count;
                    let end = (len + width).min(LONGEST);
                    for place in (len..end).rev() {
                        text[place] = b'0' + (value % 10) as u8;
                        value /= 10;
                    }
                    len = end;
                }
            }
        }
        complete(self.check, &mut text[..len]);
        for &letter in text[..len].iter().filter(|letter| keep(**letter)) {
            out.push(char::from(letter));
        }
    }

    /// The bytes that may stand at each place.
    fn places(&self) -> Vec<RangeInclusive<u8>> {
        let mut places = Vec::new();
        for part in &self.parts {
            match part {
                Part::Literal(letters) => {
                    places.extend(letters.iter().map(|&letter| match letter {
                        b'?' => b'0'..=b'Z',
                        b'*' => b'0'..=b'9',
                        _ => letter..=letter,
                    }))
                }
                &Part::Letter { first, count } => places.push(first..=first + (count - 1) as u8),
                &Part::Number {
                    first,
                    count,
                    width,
                } => {
                    let (low, high) = (first, first + count - 1);
                    for place in (0..width).rev() {
                        let unit = 10u64.saturating_pow(place as u32);
                        places.push(match low / unit == high / unit {
                            true => {
                                let digit = b'0' + (low / unit % 10) as u8;
                                digit..=digit
                            }
                            false if low / (unit * 10) == high / (unit * 10) => {
                                b'0' + (low / unit % 10) as u8..=b'0' + (high / unit % 10) as u8
                            }
                            false => b'0'..=b'9',
                        });
                    }
                }
            }
        }
        places
    }

    /// Whether some text might be of both patterns.
    pub(crate) fn meets(&self, other: &Pattern) -> bool {
        let (own, theirs) = (self.places(), other.places());
        own.len() == theirs.len()
            && own
                .iter()
                .zip(&theirs)
                .all(|(own, other)| own.start() <= other.end() && other.start() <= own.end())
    }

    /// Digits of the longest text: letters and signs left out.
    fn digits(&self) -> u32 {
        let is_digit = |place: &&RangeInclusive<u8>| place.start().is_ascii_digit();
        self.places().iter().filter(is_digit).count() as u32
    }
}

impl Part {
    fn count(&self) -> u64 {
        match self {
            Part::Literal(_) => 1,
            Part::Number { count, .. } | Part::Letter { count, .. } => *count,
        }
    }
}

/// Patterns that one number runs through, one after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    list: Vec<Pattern>,
    pub(crate) capacity: u64,
}

impl Patterns {
    /// Parses alternatives set apart by semicolons; those that could make the same text as
    /// an earlier one are left out.
    pub(crate) fn new(text: &str, check: Check) -> Patterns {
        let mut list: Vec<Pattern> = Vec::new();
        for pattern in text.split(';').filter(|pattern| !pattern.is_empty()) {
            // A semicolon of the text itself comes as the control character 1.
            let pattern = Pattern::new(&pattern.replace('\u{1}', "; "), check);
            if !list.iter().any(|earlier| earlier.meets(&pattern)) {
                list.push(pattern);
            }
        }
        let capacity = list
            .iter()
            .map(|pattern| pattern.capacity)
            .fold(0, u64::saturating_add);
        Patterns { list, capacity }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Appends the text of a number below the capacity.
    pub(crate) fn write(&self, number: u64, keep: impl Fn(u8) -> bool, out: &mut String) {
        let mut rest = number;
        for pattern in &self.list {
            if rest < pattern.capacity {
                return pattern.write(rest, keep, out);
            }
            rest -= pattern.capacity;
        }
    }

    /// Whether some text might be of both.
    pub(crate) fn meet(&self, other: &Patterns) -> bool {
        self.list
            .iter()
            .any(|own| other.list.iter().any(|theirs| own.meets(theirs)))
    }

    /// Digits of the longest text.
    pub(crate) fn digits(&self) -> u32 {
        self.list.iter().map(Pattern::digits).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn text(patterns: &Patterns, number: u64) -> String {
        let mut out = String::new();
        patterns.write(number, |_| true, &mut out);
        out
    }

    #[test]
    fn every_number_has_a_text_of_its_own() {
        let patterns = Patterns::new("A{00-11}-{B-D}{7-9};+{098-102}", Check::None);
        assert_eq!(patterns.capacity, 12 * 3 * 3 + 5);
        let texts: BTreeSet<String> = (0..patterns.capacity).map(|n| text(&patterns, n)).collect();
        assert_eq!(texts.len() as u64, patterns.capacity);
        assert_eq!(text(&patterns, 0), "A00-B7");
        assert_eq!(text(&patterns, 107), "A11-D9");
        assert_eq!(text(&patterns, 108), "+098");
        let mut digits = String::new();
        patterns.write(107, |letter| letter.is_ascii_digit(), &mut digits);
        assert_eq!(digits, "119");
    }

    #[test]
    fn patterns_that_share_a_text_meet() {
        let meet = |left: &str, right: &str| {
            Pattern::new(left, Check::None).meets(&Pattern::new(right, Check::None))
        };
        assert!(meet("{100-199}", "1{50-60}"));
        assert!(!meet("{100-199}", "2{50-60}"));
        assert!(!meet("{100-199}", "1{500-600}"));
        assert!(meet("{00-99}?", "999"));
    }
}
