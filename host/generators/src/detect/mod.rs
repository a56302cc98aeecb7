//! What a column means, judged by its name, its type and a few of its values.
//!
//! In this order: a key is a key; a shape that nothing else has (an email address, a
//! checksum) beats any name; then the name, in the words people give columns; then the
//! weaker shapes; and what is left is learned only where its values are few. Reasons
//! say which rule spoke and never quote a value, since they end up in the manifest.

mod lexicon;
mod meaning;
mod name;
mod shape;
#[cfg(test)]
mod tests;
mod wording;

use prodlike_core::schema::{DataType, SemanticType};

use self::lexicon::{PARTS_OF_ADDRESSES, PHONE};
use self::meaning::named;
use self::name::Name;
use self::shape::Shape;
use self::wording::{plural, singular_of};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// What the column means.
    pub semantic: SemanticType,
    /// Why, for a comment; holds no value of the column.
    pub reason: String,
}

/// Returns what a column means.
pub fn detect(facts: &ColumnFacts<'_>) -> Detection {
    let name = Name::new(facts);
    let (semantic, reason) = match facts.data_type {
        DataType::Boolean => (SemanticType::Boolean, "boolean".into()),
        DataType::Date | DataType::Timestamp(_) if facts.is_key || !name.is_birth_date() => {
            (SemanticType::Datetime, "date or time".into())
        }
        DataType::Date | DataType::Timestamp(_) => (
            SemanticType::DateOfBirth,
            "named like a date of birth".into(),
        ),
        DataType::String => string(facts, &name),
        DataType::Other(kind) => other(kind),
        _ => number(facts, &name),
    };
    Detection { semantic, reason }
}

/// A semantic type and the reason for it.
type Found = (SemanticType, String);

/// Values that one column may have and still count as a closed vocabulary.
const FEW: u64 = 20;
/// Distinct values from which on a column is no vocabulary, however often they repeat.
const MANY: u64 = 1_000;

fn string(facts: &ColumnFacts<'_>, name: &Name) -> Found {
    let shape = Shape::of(facts.values);
    let telling = telling_shape(&shape);
    if facts.is_key {
        return match telling {
            Some((semantic, _)) => (
                SemanticType::Id,
                format!("key; its values look like {}", plural(semantic)),
            ),
            None => (SemanticType::Id, "key".into()),
        };
    }
    if let Some(found) = telling {
        return found;
    }
    if shape.flag > 0.99 {
        return (SemanticType::Categorical, "a flag".into());
    }
    let spread = Spread::of(facts);
    named(facts, name, &shape, &spread)
        .or_else(|| shaped(&shape, &spread))
        .unwrap_or_else(|| counted(facts, name, &shape, &spread))
}

/// How many values there are for how many rows.
struct Spread {
    filled: u64,
    distinct: u64,
}

impl Spread {
    fn of(facts: &ColumnFacts<'_>) -> Spread {
        Spread {
            filled: facts.rows.saturating_sub(facts.nulls),
            distinct: facts.distinct,
        }
    }

    fn mostly_distinct(&self) -> bool {
        self.filled > 0 && self.distinct.saturating_mul(2) > self.filled
    }

    /// Few values, each of them often: the column is surely a vocabulary.
    fn is_closed(&self) -> bool {
        self.distinct > 0 && self.distinct <= 50 && self.distinct.saturating_mul(20) <= self.filled
    }
}

/// Shapes that nothing else has.
fn telling_shape(shape: &Shape) -> Option<Found> {
    [
        (shape.email, SemanticType::Email),
        (shape.url, SemanticType::Url),
        (shape.uuid, SemanticType::Uuid),
        (shape.ip, SemanticType::Ip),
        (
            shape.iban.max(shape.card).max(shape.social_security),
            SemanticType::DocumentNumber,
        ),
    ]
    .into_iter()
    .find(|(share, _)| *share >= 0.8)
    .map(|(_, semantic)| (semantic, format!("values look like {}", plural(semantic))))
}

/// Shapes that a name may overrule.
fn shaped(shape: &Shape, spread: &Spread) -> Option<Found> {
    let semantic = if shape.phone >= 0.8 {
        SemanticType::Phone
    } else if shape.postcode >= 0.8 {
        SemanticType::Postcode
    } else if shape.street >= 0.5 {
        SemanticType::Address
    } else if shape.company >= 0.3 && spread.distinct > 2 {
        SemanticType::Company
    } else if shape.full_name >= 0.7 && spread.distinct > 2 {
        SemanticType::FullName
    } else if shape.country >= 0.95 && spread.distinct > 4 {
        SemanticType::Country
    } else if shape.first_name >= 0.7 && spread.distinct > FEW {
        SemanticType::FirstName
    } else if shape.last_name >= 0.7 && spread.distinct > FEW {
        SemanticType::LastName
    } else {
        return None;
    };
    Some((semantic, format!("values look like {}", plural(semantic))))
}

/// What is left is learned where its values are few, and generated where they are many.
fn counted(facts: &ColumnFacts<'_>, name: &Name, shape: &Shape, spread: &Spread) -> Found {
    if spread.distinct == 0 {
        return (SemanticType::Categorical, "no values".into());
    }
    let prose = shape.words >= 5.0 || shape.length > 40.0 && shape.words >= 2.0;
    if prose && (spread.distinct > FEW || spread.mostly_distinct()) {
        return (SemanticType::Text, "values are prose".into());
    }
    let many = spread.distinct > MANY
        || spread.distinct > FEW && spread.mostly_distinct() && !name.is_lookup()
        || facts.is_unique && !name.is_lookup();
    if !many {
        return (SemanticType::Categorical, "few distinct values".into());
    }
    let (semantic, kind) = if shape.date >= 0.8 {
        (SemanticType::PublicDatetime, "are dates held as text")
    } else if shape.decimal >= 0.8 {
        (SemanticType::PublicNumber, "are numbers held as text")
    } else if shape.code >= 0.7 || shape.slug >= 0.8 {
        (SemanticType::Code, "look like codes")
    } else {
        (SemanticType::Title, "look like titles")
    };
    (semantic, format!("many distinct values that {kind}"))
}

fn number(facts: &ColumnFacts<'_>, name: &Name) -> Found {
    let whole = facts.data_type.is_integer_like();
    if facts.is_key && whole {
        return (SemanticType::Id, "key".into());
    }
    let semantic = if name.is_qualified() || name.has(PARTS_OF_ADDRESSES) {
        None
    } else if name.has(PHONE) {
        Some(SemanticType::Phone)
    } else if name.is_document() {
        Some(SemanticType::DocumentNumber)
    } else if name.is_postcode() {
        Some(SemanticType::Postcode)
    } else {
        None
    };
    if let Some(semantic) = semantic {
        return (semantic, format!("named like {}", singular_of(semantic)));
    }
    let filled = facts.rows.saturating_sub(facts.nulls);
    let one_each = facts.is_unique || filled > 1 && facts.distinct == filled;
    if whole && one_each && name.ends_with("id") {
        return (SemanticType::Id, "unique, and named like a key".into());
    }
    (SemanticType::Numerical, "a number".into())
}

fn other(kind: &str) -> Found {
    let semantic = match kind {
        "UUID" => SemanticType::Uuid,
        "BLOB" | "JSON" => SemanticType::Text,
        _ if kind.starts_with("ENUM") => SemanticType::Categorical,
        _ if kind.starts_with("TIME") || kind.starts_with("INTERVAL") => SemanticType::Datetime,
        "HUGEINT" | "UHUGEINT" | "UBIGINT" => SemanticType::Numerical,
        _ if kind.starts_with("DECIMAL") => SemanticType::Numerical,
        _ => SemanticType::Categorical,
    };
    (semantic, "by its type, which is not carried yet".into())
}
