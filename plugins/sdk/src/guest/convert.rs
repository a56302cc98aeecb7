//! Between the types of the boundary and the SDK's: vectors are moved, never copied.

use super::bindings::base::prodlike::plugin::types as wire;
use crate::column::{Column, Values};
use crate::error::Error;
use crate::plugin::{Count, Secret, Settings};
use crate::rows::Rows;
use crate::schema::{Field, Kind, Role, TimeUnit};

/// Returns the fields as trees: on the wire, children follow their parent.
pub(super) fn fields(fields: Vec<wire::Field>) -> Result<Vec<Field>, wire::Error> {
    let mut rest = fields.into_iter();
    let mut trees = Vec::new();
    while let Some(field) = rest.next() {
        trees.push(tree(field, &mut rest)?);
    }
    Ok(trees)
}

fn tree(
    field: wire::Field,
    rest: &mut impl Iterator<Item = wire::Field>,
) -> Result<Field, wire::Error> {
    let children = (0..field.children)
        .map(|_| {
            rest.next()
                .ok_or_else(|| wire::Error::Other("a field has fewer children than it says".into()))
                .and_then(|child| tree(child, rest))
        })
        .collect::<Result<_, _>>()?;
    Ok(Field {
        name: field.name,
        kind: kind(field.kind),
        nullable: field.nullable,
        children,
        semantic: field.semantic,
        role: match field.role {
            wire::Role::Value => Role::Value,
            wire::Role::EntityKey => Role::EntityKey,
        },
    })
}

/// Returns the fields in preorder.
pub(super) fn flat_fields(fields: Vec<Field>) -> Vec<wire::Field> {
    let mut flat = Vec::with_capacity(fields.len());
    for field in fields {
        flatten_field(field, &mut flat);
    }
    flat
}

fn flatten_field(field: Field, flat: &mut Vec<wire::Field>) {
    flat.push(wire::Field {
        name: field.name,
        kind: wire_kind(field.kind),
        nullable: field.nullable,
        children: field.children.len() as u32,
        semantic: field.semantic,
        role: match field.role {
            Role::Value => wire::Role::Value,
            Role::EntityKey => wire::Role::EntityKey,
        },
    });
    for child in field.children {
        flatten_field(child, flat);
    }
}

/// Returns the columns of fields: the schema says how many children each has.
pub(super) fn columns(
    fields: &[Field],
    nodes: Vec<wire::Node>,
) -> Result<Vec<Column>, wire::Error> {
    let mut rest = nodes.into_iter();
    fields
        .iter()
        .map(|field| column(field, &mut rest))
        .collect()
}

fn column(
    field: &Field,
    rest: &mut impl Iterator<Item = wire::Node>,
) -> Result<Column, wire::Error> {
    let node = rest
        .next()
        .ok_or_else(|| wire::Error::Other("a batch has fewer columns than its schema".into()))?;
    let children = field
        .children
        .iter()
        .map(|child| column(child, rest))
        .collect::<Result<_, _>>()?;
    Ok(Column {
        length: node.length as usize,
        validity: node.validity,
        values: values(node.values),
        children,
    })
}

/// Returns the columns in preorder.
pub(super) fn flat_columns(columns: Vec<Column>) -> Vec<wire::Node> {
    let mut flat = Vec::with_capacity(columns.len());
    for column in columns {
        flatten_column(column, &mut flat);
    }
    flat
}

fn flatten_column(column: Column, flat: &mut Vec<wire::Node>) {
    flat.push(wire::Node {
        length: column.length as u32,
        validity: column.validity,
        values: wire_values(column.values),
    });
    for child in column.children {
        flatten_column(child, flat);
    }
}

/// Returns the rows of a batch.
///
/// # Errors
/// Where the batch holds not one seed and number a row.
pub(super) fn rows(rows: wire::Rows) -> Result<Rows, wire::Error> {
    let count = rows.count as usize;
    let numbered = rows.numbers.is_empty() || rows.numbers.len() == count;
    let seeded = rows.seeds.is_empty() || rows.seeds.len() == count;
    if !numbered || !seeded {
        return Err(wire::Error::Other("a batch needs a seed a row".into()));
    }
    Ok(Rows {
        count,
        first: rows.first,
        numbers: rows.numbers,
        seeds: match rows.seeds {
            none if none.is_empty() => vec![0; count],
            seeds => seeds,
        },
        total: rows.total,
        key: rows.key,
    })
}

/// Returns the options and what else an instance is told.
pub(super) fn settings(settings: wire::Settings) -> Result<(String, Settings), wire::Error> {
    Ok((
        settings.options,
        Settings {
            input: fields(settings.input)?,
            wanted: fields(settings.wanted)?,
            locale: settings.locale,
            unique: settings.unique,
            secrets: settings
                .secrets
                .into_iter()
                .map(|secret| Secret {
                    name: secret.name,
                    bytes: secret.bytes,
                })
                .collect(),
            learned: settings
                .learned
                .into_iter()
                .map(|count| Count {
                    key: count.key,
                    rows: count.rows,
                    entities: count.entities,
                })
                .collect(),
        },
    ))
}

impl From<Error> for wire::Error {
    fn from(error: Error) -> wire::Error {
        match error {
            Error::Options { path, message } => wire::Error::Options((path, message)),
            Error::Unsupported(message) => wire::Error::Unsupported(message),
            Error::Data { row, message } => wire::Error::Data((row, message)),
            Error::Other(message) => wire::Error::Other(message),
        }
    }
}

fn unit(unit: wire::TimeUnit) -> TimeUnit {
    match unit {
        wire::TimeUnit::Second => TimeUnit::Second,
        wire::TimeUnit::Millisecond => TimeUnit::Millisecond,
        wire::TimeUnit::Microsecond => TimeUnit::Microsecond,
        wire::TimeUnit::Nanosecond => TimeUnit::Nanosecond,
    }
}

fn wire_unit(unit: TimeUnit) -> wire::TimeUnit {
    match unit {
        TimeUnit::Second => wire::TimeUnit::Second,
        TimeUnit::Millisecond => wire::TimeUnit::Millisecond,
        TimeUnit::Microsecond => wire::TimeUnit::Microsecond,
        TimeUnit::Nanosecond => wire::TimeUnit::Nanosecond,
    }
}

/// Writes the conversions of what is alike on both sides once.
macro_rules! alike {
    (kinds: $($kind:ident = $wire_kind:ident),+; values: $($value:ident = $wire_value:ident),+;) => {
        fn kind(kind: wire::Kind) -> Kind {
            match kind {
                $(wire::Kind::$wire_kind => Kind::$kind,)+
                wire::Kind::Decimal((precision, scale)) => Kind::Decimal { precision, scale },
                wire::Kind::Time(ticks) => Kind::Time(unit(ticks)),
                wire::Kind::Timestamp((ticks, zone)) => Kind::Timestamp(unit(ticks), zone),
                wire::Kind::Duration(ticks) => Kind::Duration(unit(ticks)),
                wire::Kind::FixedBinary(size) => Kind::FixedBinary(size),
                wire::Kind::FixedList(size) => Kind::FixedList(size),
            }
        }

        fn wire_kind(kind: Kind) -> wire::Kind {
            match kind {
                $(Kind::$kind => wire::Kind::$wire_kind,)+
                Kind::Decimal { precision, scale } => wire::Kind::Decimal((precision, scale)),
                Kind::Time(ticks) => wire::Kind::Time(wire_unit(ticks)),
                Kind::Timestamp(ticks, zone) => wire::Kind::Timestamp((wire_unit(ticks), zone)),
                Kind::Duration(ticks) => wire::Kind::Duration(wire_unit(ticks)),
                Kind::FixedBinary(size) => wire::Kind::FixedBinary(size),
                Kind::FixedList(size) => wire::Kind::FixedList(size),
            }
        }

        fn values(values: wire::Values) -> Values {
            match values {
                wire::Values::None => Values::None,
                $(wire::Values::$wire_value(buffer) => Values::$value(buffer),)+
                wire::Values::Varlen(wire::Varlen { offsets, data }) => {
                    Values::Varlen { offsets, data }
                }
            }
        }

        fn wire_values(values: Values) -> wire::Values {
            match values {
                Values::None => wire::Values::None,
                $(Values::$value(buffer) => wire::Values::$wire_value(buffer),)+
                Values::Varlen { offsets, data } => {
                    wire::Values::Varlen(wire::Varlen { offsets, data })
                }
            }
        }
    };
}

alike! {
    kinds: Null = Null, Boolean = Boolean, Int8 = Int8, Int16 = Int16, Int32 = Int32,
        Int64 = Int64, UInt8 = Uint8, UInt16 = Uint16, UInt32 = Uint32, UInt64 = Uint64,
        Float32 = Float32, Float64 = Float64, Date = Date, Interval = Interval, Utf8 = Utf8,
        Binary = Binary, List = List, Struct = Struct, Map = Map, Dictionary = Dictionary;
    values: Bits = Bits, Int8 = Int8, Int16 = Int16, Int32 = Int32, Int64 = Int64,
        UInt8 = Uint8, UInt16 = Uint16, UInt32 = Uint32, UInt64 = Uint64, Float32 = Float32,
        Float64 = Float64, Words = Words, Fixed = Fixed, Offsets = Offsets, Keys = Keys;
}
