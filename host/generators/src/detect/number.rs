//! Numbers that are names: telephones, cards, places on the globe.
//!
//! A number says little of itself, so the name decides and the values have a veto: their
//! digits must be as many, or their range must be that of degrees. Only check digits speak
//! without a name.

use prodlike_core::schema::SemanticType;

use super::checksum::{is_card, is_imei, national_share};
use super::lexicon::{PARTS_OF_ADDRESSES, PHONE};
use super::name::Name;
use super::wording::{plural, singular_of};
use super::{ColumnFacts, Found};

/// Values from which on a checksum proves something that a name does not say.
const PROOF: usize = 12;

/// Digits from which on a number of constant length is nobody's measurement.
const LONG: usize = 10;

pub(super) fn number(facts: &ColumnFacts<'_>, name: &Name, proof: &mut Option<f64>) -> Found {
    let is_whole = facts.data_type.is_integer_like();
    if facts.is_key && is_whole {
        return (SemanticType::Id, "key".into());
    }
    if let Some(semantic) = named(facts, name) {
        return (semantic, format!("named like {}", singular_of(semantic)));
    }
    if let Some((share, semantic)) = proven(facts) {
        *proof = Some(share);
        let reason = format!("check digits of {}", plural(semantic));
        return (semantic, reason);
    }
    let filled = facts.rows.saturating_sub(facts.nulls);
    let one_each = facts.is_unique || filled > 1 && facts.distinct == filled;
    if is_whole && one_each && name.ends_with("id") {
        return (SemanticType::Id, "unique, and named like a key".into());
    }
    if facts.is_unique {
        return (
            SemanticType::Id,
            "declared unique, so it tells rows apart".into(),
        );
    }
    // What is counted or measured repeats, and its digits are not always as many.
    if one_each && facts.values.len() >= PROOF && has_one_length(facts) {
        let why = if is_whole && name.is_number() && has_digits(facts, 5, 19) {
            "distinct, and named like a number of something"
        } else if has_digits(facts, LONG, 40) && !is_moment(facts) {
            "distinct, and as long as numbers of cards and accounts"
        } else {
            return (SemanticType::Numerical, "number".into());
        };
        return (SemanticType::DocumentNumber, why.into());
    }
    (SemanticType::Numerical, "number".into())
}

fn named(facts: &ColumnFacts<'_>, name: &Name) -> Option<SemanticType> {
    if name.is_qualified() {
        return None;
    }
    if is_degrees(facts, 90.0) && name.is_latitude() {
        return Some(SemanticType::Latitude);
    }
    if is_degrees(facts, 180.0) && name.is_longitude() {
        return Some(SemanticType::Longitude);
    }
    if name.is_birth_date() {
        return has_digits(facts, 8, 8).then_some(SemanticType::PublicNumber);
    }
    // `house_value`, `floor_area`
    if name.has(PARTS_OF_ADDRESSES) {
        return None;
    }
    let (semantic, fewest, most) = if name.has(PHONE) {
        (SemanticType::Phone, 6, 15)
    } else if name.is_national_id() {
        (SemanticType::NationalId, 6, 18)
    } else if name.is_card() {
        (SemanticType::CardNumber, 12, 19)
    } else if name.is_document() {
        (SemanticType::DocumentNumber, 5, 19)
    } else if name.is_postcode() || name.may_be_postcode() {
        (SemanticType::Postcode, 3, 8)
    } else {
        return None;
    };
    has_digits(facts, fewest, most).then_some(semantic)
}

/// A whole number's digits. Tools without a NULL among integers make telephones floats.
fn whole(value: &str) -> &str {
    value.strip_suffix(".0").unwrap_or(value)
}

/// Whether half of the values or more have so many digits; yes, where there are none.
fn has_digits(facts: &ColumnFacts<'_>, fewest: usize, most: usize) -> bool {
    let fit = facts
        .values
        .iter()
        .map(|value| whole(value))
        .filter(|value| {
            (fewest..=most).contains(&value.len())
                && value.bytes().all(|byte| byte.is_ascii_digit())
        });
    fit.count() * 2 >= facts.values.len()
}

/// Whether nearly all values have as many digits.
fn has_one_length(facts: &ColumnFacts<'_>) -> bool {
    let lengths: Vec<usize> = facts.values.iter().map(|it| whole(it).len()).collect();
    let first = lengths.first().copied().unwrap_or(0);
    let most = lengths.iter().filter(|length| **length == first).count();
    most * 20 >= lengths.len() * 19
}

/// Whether all values are moments of our time: in seconds or parts of them since 1970, or
/// written as digits, from the year to the minute or second.
fn is_moment(facts: &ColumnFacts<'_>) -> bool {
    /// From 1990 to 2050.
    const SECONDS: std::ops::Range<i128> = 631_152_000..2_524_608_000;
    let is_written = |value: &String| {
        let value = whole(value);
        let part = |at: std::ops::Range<usize>| value.get(at).and_then(|it| it.parse::<u32>().ok());
        matches!(value.len(), 12 | 14)
            && part(0..4).is_some_and(|year| (1900..2100).contains(&year))
            && part(4..6).is_some_and(|month| (1..=12).contains(&month))
            && part(6..8).is_some_and(|day| (1..=31).contains(&day))
    };
    let parts_of_seconds = [1, 1_000, 1_000_000, 1_000_000_000];
    facts.values.iter().all(is_written)
        || parts_of_seconds.iter().any(|parts| {
            facts.values.iter().all(|value| {
                whole(value)
                    .parse::<i128>()
                    .is_ok_and(|moment| SECONDS.contains(&(moment / parts)))
            })
        })
}

/// Whether values lie in the range of degrees and are not whole, as places are not.
fn is_degrees(facts: &ColumnFacts<'_>, most: f64) -> bool {
    if facts.data_type.is_integer_like() && facts.values.is_empty() {
        return false;
    }
    let fractions = facts.values.iter().filter(|value| value.contains('.'));
    fractions.count() * 2 >= facts.values.len()
        && facts.values.iter().all(|value| {
            value
                .parse::<f64>()
                .is_ok_and(|degrees| degrees.abs() <= most)
        })
}

/// Numbers whose check digits are right too often for chance, and the share of those.
fn proven(facts: &ColumnFacts<'_>) -> Option<(f64, SemanticType)> {
    if facts.values.len() < PROOF {
        return None;
    }
    let values: Vec<&str> = facts.values.iter().map(|value| whole(value)).collect();
    let share = |test: fn(&str) -> bool| {
        values.iter().filter(|value| test(value)).count() as f64 / values.len() as f64
    };
    for (test, semantic) in [
        (is_card as fn(&str) -> bool, SemanticType::CardNumber),
        (is_imei, SemanticType::DocumentNumber),
    ] {
        let share = share(test);
        if share >= 0.9 {
            return Some((share, semantic));
        }
    }
    // A number has lost its leading zeros.
    let widths = [9, 11, 12].iter().filter_map(|&width| {
        let padded: Vec<String> = values
            .iter()
            .map(|value| format!("{value:0>width$}"))
            .collect();
        let padded: Vec<&str> = padded.iter().map(String::as_str).collect();
        let long = values.iter().filter(|value| value.len() + 2 >= width);
        let are_long = long.count() * 10 >= values.len() * 9;
        are_long.then(|| national_share(&padded))
    });
    let share = widths.fold(0.0, f64::max);
    (share >= 0.95).then_some((share, SemanticType::NationalId))
}
