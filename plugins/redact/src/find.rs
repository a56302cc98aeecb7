//! Finds what identifies somebody in a text. Each finder walks over the text once.

use std::net::IpAddr;
use std::ops::Range;

use crate::Entity;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) place: Range<usize>,
    pub(crate) entity: Entity,
}

/// Returns what a text holds of some entities, from left to right, none within another.
pub(crate) fn find(text: &str, entities: &[Entity]) -> Vec<Found> {
    let mut all: Vec<Found> = entities
        .iter()
        .flat_map(|&entity| {
            let places = match entity {
                Entity::Url => urls(text),
                Entity::Email => emails(text),
                Entity::Iban => ibans(text),
                Entity::Card => numbers(text, is_card),
                Entity::Phone => numbers(text, is_phone),
                Entity::Ip => ips(text),
            };
            places.into_iter().map(move |place| Found { place, entity })
        })
        .collect();
    // Of two that overlap the first stays: it is the whole of which the other is a part.
    all.sort_by_key(|it| (it.place.start, std::cmp::Reverse(it.place.end)));
    let mut end = 0;
    all.retain(|it| {
        let is_free = it.place.start >= end;
        if is_free {
            end = it.place.end;
        }
        is_free
    });
    all
}

/// Whether a word begins here.
fn is_start(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    !before.is_some_and(char::is_alphanumeric)
}

/// Whether a word ends here.
fn is_end(text: &str, at: usize) -> bool {
    !text[at..].starts_with(char::is_alphanumeric)
}

/// A mailbox may hold these beside letters and digits (RFC 5322); quoted ones are not found.
fn in_mailbox(letter: char) -> bool {
    letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter)
}

fn emails(text: &str) -> Vec<Range<usize>> {
    let place = |(at, _): (usize, &str)| {
        let mailbox = text[..at]
            .chars()
            .rev()
            .take_while(|&letter| in_mailbox(letter));
        let start = at - mailbox.map(char::len_utf8).sum::<usize>();
        let domain = text[at + 1..]
            .find(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '.')
            .unwrap_or(text.len() - at - 1);
        let domain = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-']);
        let (name, last) = domain.rsplit_once('.')?;
        let is_one = start < at && !name.is_empty() && last.chars().count() > 1;
        is_one.then(|| start..at + 1 + domain.len())
    };
    text.match_indices('@').filter_map(place).collect()
}

fn urls(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for start in ["http://", "https://", "ftp://", "www."] {
        let mut end = 0;
        for (at, _) in text.match_indices(start) {
            // A link within a link is a part of it: nothing is read twice.
            if at < end || !is_start(text, at) {
                continue;
            }
            let length = text[at..]
                .find(|letter: char| letter.is_whitespace() || "<>\"'".contains(letter))
                .unwrap_or(text.len() - at);
            end = at + length;
            // The sentence's punctuation is not the link's.
            let link = text[at..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
            if link.len() > start.len() {
                places.push(at..at + link.len());
            }
        }
    }
    places
}

/// Characters of an account's number at most (ISO 13616).
const LONGEST_IBAN: usize = 34;
/// How many characters the account numbers of a country have, as SWIFT registered them.
#[rustfmt::skip]
const LENGTHS: &[(usize, &str)] = &[
    (15, "NO"), (16, "BE"), (18, "DK FI FO GL NL SD"), (19, "MK SI"), (20, "AT BA EE KZ LT LU XK"), (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"), (23, "AE GI IL IQ TL"), (24, "AD CZ ES MD PK RO SA SE SK TN VG"), (25, "LY PT ST"),
    (26, "IS TR"), (27, "FR GR IT MC MR SM"), (28, "AL AZ BY CY DO GT HU LB PL SV"), (29, "BR EG PS QA UA"), (30, "JO KW MU"), (31, "MT SC"), (32, "LC"),
];

fn ibans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let letters = |at: &usize| {
        bytes[*at..].len() > 4
            && bytes[*at..*at + 2].iter().all(u8::is_ascii_alphabetic)
            && bytes[*at + 2..*at + 4].iter().all(u8::is_ascii_digit)
            && is_start(text, *at)
    };
    let starts = (0..bytes.len())
        .filter(|at| text.is_char_boundary(*at))
        .filter(letters);
    starts.filter_map(|at| iban(text, at)).collect()
}

fn iban(text: &str, at: usize) -> Option<Range<usize>> {
    let code = text.get(at..at + 2)?.to_ascii_uppercase();
    let (length, _) = LENGTHS
        .iter()
        .find(|(_, codes)| codes.split(' ').any(|it| it == code))?;
    let mut account = Vec::with_capacity(LONGEST_IBAN);
    let mut end = at;
    for (place, byte) in text.as_bytes()[at..].iter().enumerate() {
        match byte {
            b' ' | b'-' => continue,
            byte if byte.is_ascii_alphanumeric() => account.push(byte.to_ascii_uppercase()),
            _ => break,
        }
        if account.len() == *length {
            end = at + place + 1;
            break;
        }
    }
    (account.len() == *length && is_end(text, end) && is_iban(&account)).then_some(at..end)
}

/// ISO 7064: with the first four characters at the end and 10 for A, it is 1 modulo 97.
fn is_iban(account: &[u8]) -> bool {
    let (start, rest) = account.split_at(4);
    let rest = rest.iter().chain(start).fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        byte => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

/// Digits that a card or a telephone may have at most.
const LONGEST_NUMBER: usize = 19;
/// Groups that they are written in, at most.
const MOST_GROUPS: usize = 8;
/// Digits of which a telephone has that many in one group have no more behind it.
const UNGROUPED: usize = 8;

/// Groups of digits from a place on: where each ends, and how many digits there are until then.
struct Groups {
    text: Vec<u8>,
    ends: Vec<(usize, usize)>,
}

/// Finds the longest runs of groups of digits that are what is looked for.
fn numbers(text: &str, is_one: fn(&[u8], &[usize]) -> bool) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts = matches!(bytes[at], b'0'..=b'9' | b'+' | b'(') && is_start(text, at);
        let found = starts.then(|| number(text, at, is_one)).flatten();
        match found {
            Some(end) => {
                places.push(at..end);
                at = end;
            }
            None => at += 1,
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    places
}

fn number(text: &str, at: usize, is_one: fn(&[u8], &[usize]) -> bool) -> Option<usize> {
    let groups = groups(&text.as_bytes()[at..]);
    // The longest first: what follows a number may be digits too.
    (0..groups.ends.len()).rev().find_map(|last| {
        let (end, length) = groups.ends[last];
        if !is_end(text, at + end) {
            return None;
        }
        let mut lengths = Vec::with_capacity(last + 1);
        let mut before = 0;
        for &(_, length) in &groups.ends[..=last] {
            lengths.push(length - before);
            before = length;
        }
        let sign = usize::from(groups.text.first() == Some(&b'+'));
        is_one(&groups.text[..sign + length], &lengths).then_some(at + end)
    })
}

/// Reads groups of digits with one separator or two between them; a plus stays.
fn groups(bytes: &[u8]) -> Groups {
    let mut groups = Groups {
        text: Vec::with_capacity(LONGEST_NUMBER + 1),
        ends: Vec::new(),
    };
    let (mut digits, mut separators) = (0, 0);
    for (place, byte) in bytes.iter().enumerate() {
        match byte {
            b'+' if place == 0 => groups.text.push(b'+'),
            b'0'..=b'9' => {
                groups.text.push(*byte);
                digits += 1;
                separators = 0;
                if !bytes.get(place + 1).is_some_and(u8::is_ascii_digit) {
                    groups.ends.push((place + 1, digits));
                }
            }
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' if separators < 2 => separators += 1,
            _ => break,
        }
        if digits > LONGEST_NUMBER || groups.ends.len() == MOST_GROUPS {
            break;
        }
    }
    groups
}

/// Whether digits are a card's: 13 to 19 with Luhn's, from a range that issuers have.
fn is_card(digits: &[u8], _: &[usize]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match place % 2 {
                1 if digit > 4 => digit * 2 - 9,
                1 => digit * 2,
                _ => digit,
            }
        })
        .sum();
    (13..=19).contains(&digits.len()) && matches!(digits[0], b'2'..=b'6') && sum.is_multiple_of(10)
}

/// Whether digits are a telephone's: as one dials it from abroad, with a trunk's zero in groups,
/// or as North America writes it. Dates and amounts are none.
fn is_phone(number: &[u8], groups: &[usize]) -> bool {
    // `+4915112345678 10.5.` is a telephone and a day.
    if groups.len() > 1 && groups[0] >= UNGROUPED {
        return false;
    }
    if let Some(digits) = number.strip_prefix(b"+") {
        return (8..=15).contains(&digits.len()) && digits[0] != b'0';
    }
    if number.starts_with(b"00") {
        return (10..=17).contains(&number.len());
    }
    let is_date = matches!(groups, [2, 2, 4, ..] | [4, 2, 2, ..]);
    if number.starts_with(b"0") {
        return (9..=13).contains(&number.len()) && !is_date;
    }
    matches!(groups, [3, 3, 4] | [1, 3, 3, 4])
}

fn ips(text: &str) -> Vec<Range<usize>> {
    let in_address = |letter: char| letter.is_ascii_hexdigit() || letter == '.' || letter == ':';
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(in_address).map(|start| at + start) {
        let length = text[start..].find(|letter| !in_address(letter));
        let end = length.map_or(text.len(), |length| start + length);
        // A full stop or a colon may be the sentence's.
        let address = text[start..end].trim_end_matches('.');
        let shorter = address.trim_end_matches(':');
        let is_one = |text: &str| text.len() > 4 && text.parse::<IpAddr>().is_ok();
        let found = [address, shorter].into_iter().find(|text| is_one(text));
        if let Some(found) = found.filter(|_| is_start(text, start) && is_end(text, end)) {
            places.push(start..start + found.len());
        }
        at = end;
    }
    places
}
