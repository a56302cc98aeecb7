//! What a column means, judged by its name, its type and a few of its values.
//!
//! In this order: a key is a key; a shape that nothing else has (an email address, a
//! checksum) beats any name; then the name, in the words people give columns; then the
//! weaker shapes. Text that is left undecided is learned only where it is a vocabulary:
//! its values are few and come often, or its name says so. Reasons say which rule spoke
//! and never quote a value, since they end up in the manifest.

mod checksum;
mod dictionary;
mod form;
pub(crate) mod lexicon;
mod locale;
mod meaning;
mod name;
mod number;
mod people;
mod shape;
mod spread;
#[cfg(test)]
mod tests;
mod wording;

use prodlike_core::schema::{DataType, SemanticType};

pub use self::people::{PersonId, is_public_figures, people_of, person_id};

use self::meaning::named;
use self::name::Name;
use self::number::number;
use self::shape::Shape;
use self::spread::{FEW, MANY, Spread};
use self::wording::plural;

/// What is known of a column before it is named.
#[derive(Clone, Copy, Debug)]
pub struct ColumnFacts<'a> {
    /// The table it is in.
    pub table: &'a str,
    /// Its name.
    pub column: &'a str,
    /// What its bytes are.
    pub data_type: &'a DataType,
    /// Rows of the table.
    pub rows: u64,
    /// Rows in which it is NULL.
    pub nulls: u64,
    /// Distinct count, NULL left out.
    pub distinct: u64,
    /// Up to a few hundred of the distinct values, as text.
    pub values: &'a [String],
    /// Whether it is part of a primary or foreign key.
    pub is_key: bool,
    /// Whether it is declared unique.
    pub is_unique: bool,
}

/// A proposal for the manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// What the column means.
    pub semantic: SemanticType,
    /// Why, for a comment; one short line that holds no value of the column.
    pub reason: String,
    /// The language and country of the values, where they tell: `de_DE`.
    pub locale: Option<&'static str>,
    /// The share of the values that showed it, where that was a shape which nothing else has:
    /// an email address, a check digit.
    pub proof: Option<f64>,
}

/// Returns what a column means.
pub fn detect(facts: &ColumnFacts<'_>) -> Detection {
    let name = Name::new(facts);
    let mut proof = None;
    let (semantic, reason) = match facts.data_type {
        DataType::Boolean => (SemanticType::Boolean, "boolean".into()),
        _ if facts.is_key && !facts.data_type.is_exact_number() && !is_judged(facts.data_type) => {
            (SemanticType::Id, "key".into())
        }
        DataType::Date | DataType::Timestamp(_) | DataType::TimestampTz
            if !facts.is_key && name.is_birth_date() =>
        {
            (
                SemanticType::DateOfBirth,
                "named like a date of birth".into(),
            )
        }
        DataType::Interval => (SemanticType::Numerical, "a span of time".into()),
        data_type if data_type.is_temporal() => (SemanticType::Datetime, "date or time".into()),
        DataType::Enum(_) => (SemanticType::Categorical, "a declared domain".into()),
        DataType::Uuid => (SemanticType::Uuid, "UUID is meaningless".into()),
        DataType::Bit if facts.distinct <= FEW_BITS => {
            (SemanticType::Categorical, "few distinct values".into())
        }
        DataType::Bit => (
            SemanticType::Binary,
            "bits: only how many there are is learned".into(),
        ),
        DataType::Blob => (
            SemanticType::Binary,
            "bytes: only how many there are is learned".into(),
        ),
        DataType::String => string(facts, &name, &mut proof),
        DataType::Other(kind) => other(kind),
        _ => number(facts, &name, &mut proof),
    };
    Detection {
        semantic,
        reason,
        locale: locale::of(semantic, facts.values),
        proof,
    }
}

/// Whether a key of the type is told from other columns further down.
fn is_judged(data_type: &DataType) -> bool {
    data_type.is_temporal()
        || data_type.is_float()
        || matches!(data_type, DataType::String | DataType::Other(_))
}

/// Strings of bits that one column may have and still count as flags.
const FEW_BITS: u64 = 100;

/// A semantic type and the reason for it.
type Found = (SemanticType, String);

fn string(facts: &ColumnFacts<'_>, name: &Name, proof: &mut Option<f64>) -> Found {
    let shape = Shape::of(facts.values);
    let spread = Spread::of(facts);
    let telling = telling_shape(&shape, name, &spread);
    if facts.is_key {
        return match telling {
            Some((_, semantic)) => (
                SemanticType::Id,
                format!("key; its values look like {}", plural(semantic)),
            ),
            None => (SemanticType::Id, "key".into()),
        };
    }
    if let Some((share, semantic)) = telling {
        *proof = Some(share);
        return (semantic, format!("values look like {}", plural(semantic)));
    }
    if are_documents(facts.values) {
        return (SemanticType::Text, "values are JSON documents".into());
    }
    if shape.flag > 0.99 {
        return (SemanticType::Categorical, "a flag".into());
    }
    named(facts, name, &shape, &spread)
        .or_else(|| shaped(&shape, &spread))
        .unwrap_or_else(|| counted(facts, name, &shape, &spread))
}

/// Whether values hold objects or arrays of JSON: raw data that no floor looks into. Nothing
/// else begins as an object does; a few brackets may stand around words.
fn are_documents(values: &[String]) -> bool {
    let between = |value: &str, open, close| {
        let inside = value.trim().strip_prefix(open)?.strip_suffix(close)?;
        Some(inside.trim().chars().next())
    };
    let is_object = |value: &String| {
        let first = between(value, '{', '}');
        first.is_some_and(|first| matches!(first, None | Some('"')))
    };
    let is_array = |value: &&String| {
        let first = between(value, '[', ']');
        first.is_some_and(|first| {
            first.is_none_or(|letter| letter.is_ascii_digit() || "\"{[-".contains(letter))
        })
    };
    values.iter().any(is_object) || values.iter().filter(is_array).count() * 2 > values.len()
}

/// Values from which on a checksum proves something that a name does not say.
const PROOF: usize = 8;

/// Shapes that nothing else has, and the share of the values that have it.
fn telling_shape(shape: &Shape, name: &Name, spread: &Spread) -> Option<(f64, SemanticType)> {
    let is_many = shape.n_values >= PROOF;
    // Releases of a device are four small numbers too.
    let ip = match shape.surely_ip >= 0.2 || name.has(&["ip"]) {
        true => shape.ip,
        false => 0.0,
    };
    let national = match is_many && !spread.is_closed() || name.is_national_id() {
        true => shape.national,
        false => 0.0,
    };
    [
        (shape.email, SemanticType::Email),
        (shape.url, SemanticType::Url),
        (shape.uuid, SemanticType::Uuid),
        (ip, SemanticType::Ip),
        (shape.mac, SemanticType::MacAddress),
        (shape.iban, SemanticType::Iban),
        (shape.card, SemanticType::CardNumber),
        (
            national.max(shape.social_security),
            SemanticType::NationalId,
        ),
        (shape.user_agent, SemanticType::UserAgent),
        (shape.path, SemanticType::FilePath),
    ]
    .into_iter()
    .find(|(share, _)| *share >= 0.8)
}

/// Shapes that a name may overrule.
fn shaped(shape: &Shape, spread: &Spread) -> Option<Found> {
    let semantic = if shape.phone >= 0.8 || shape.dialled >= 0.8 && shape.phone >= 0.3 {
        SemanticType::Phone
    } else if shape.imei >= 0.9 && shape.n_values >= PROOF {
        SemanticType::DocumentNumber
    } else if shape.postcode >= 0.8 {
        SemanticType::Postcode
    } else if shape.street >= 0.5 {
        SemanticType::Address
    } else if shape.company >= 0.3 && spread.distinct > 2 {
        SemanticType::Company
    } else if shape.full_name >= 0.5 && spread.distinct > 2 && !spread.is_closed()
        || shape.full_name >= 0.7 && spread.distinct > 2
    {
        SemanticType::FullName
    } else if shape.country >= 0.95 && spread.distinct > 4 {
        SemanticType::Country
    } else if shape.first_name >= 0.6
        && shape.first_name >= shape.last_name
        && spread.distinct > FEW
    {
        SemanticType::FirstName
    } else if shape.last_name >= 0.6 && spread.distinct > FEW {
        SemanticType::LastName
    } else if shape.login >= 0.3 && shape.n_values >= PROOF {
        SemanticType::Username
    } else {
        return None;
    };
    Some((semantic, format!("values look like {}", plural(semantic))))
}

/// What is left is learned where it is a vocabulary, and generated where it may be
/// anything.
fn counted(facts: &ColumnFacts<'_>, name: &Name, shape: &Shape, spread: &Spread) -> Found {
    if spread.distinct == 0 {
        return (SemanticType::Categorical, spread.few());
    }
    let prose = shape.words >= 5.0 || shape.length > 40.0 && shape.words >= 2.0;
    if prose && (spread.distinct > FEW || spread.mostly_distinct()) {
        return (SemanticType::Text, "values are prose".into());
    }
    if is_vocabulary(facts, name, shape, spread) {
        return (SemanticType::Categorical, spread.few());
    }
    let (semantic, kind) = if shape.date >= 0.8 {
        (
            SemanticType::PublicDatetime,
            "are dates held as text, which are learned where their type says so",
        )
    } else if shape.decimal >= 0.8 {
        (
            SemanticType::PublicNumber,
            "are numbers held as text, which are learned where their type says so",
        )
    } else if shape.code >= 0.7 || shape.slug >= 0.8 {
        (SemanticType::Code, "look like codes")
    } else {
        (SemanticType::Title, "look like titles")
    };
    (semantic, format!("undecided; values {kind}"))
}

/// Whether values are few and come often enough to be nobody's. Where there are more than
/// a screenful, those that are written like names must also be called a kind of thing.
fn is_vocabulary(facts: &ColumnFacts<'_>, name: &Name, shape: &Shape, spread: &Spread) -> bool {
    if name.is_lookup() {
        return spread.distinct <= MANY;
    }
    if facts.is_unique || spread.distinct > MANY {
        return false;
    }
    match spread.distinct {
        0..=FEW => spread.repeats(3) || name.is_vocabulary(),
        _ if name.is_vocabulary() || spread.is_closed() => !spread.mostly_distinct(),
        _ => spread.repeats(10) && shape.capitalised < 0.8,
    }
}

fn other(kind: &str) -> Found {
    let semantic = match kind {
        "JSON" => SemanticType::Text,
        _ => SemanticType::Categorical,
    };
    (semantic, "by its type, which is not carried yet".into())
}
