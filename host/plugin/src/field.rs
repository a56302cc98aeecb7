//! Arrow's fields as the contract has them: a flat list in preorder.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, IntervalUnit, TimeUnit};

use crate::bindings::prodlike::plugin::types as wit;
use crate::error::{Flaw, Problem};
use crate::log::shown;
use crate::settings::{Column, Role};

/// Levels of nesting that a plugin may return.
const DEPTH: u32 = 16;
/// Fields that a plugin may return.
const FIELDS: usize = 4_096;
/// Bytes of a name, and of a time zone.
const NAME: usize = 256;

/// Returns the type in which values of `data_type` cross: Arrow's variants of layout and
/// width are carried by one each. None where they cannot.
pub fn canonical(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(..)
        | DataType::Date32
        | DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Timestamp(..)
        | DataType::Duration(_)
        | DataType::Utf8
        | DataType::Binary => data_type.clone(),
        DataType::FixedSizeBinary(1..) => data_type.clone(),
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Date64 => DataType::Date32,
        DataType::Interval(_) => DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::LargeBinary | DataType::BinaryView => DataType::Binary,
        DataType::List(child)
        | DataType::LargeList(child)
        | DataType::ListView(child)
        | DataType::LargeListView(child) => DataType::List(canonical_field(child)?),
        DataType::FixedSizeList(child, size @ 1..) => {
            DataType::FixedSizeList(canonical_field(child)?, *size)
        }
        DataType::Struct(fields) => DataType::Struct(
            fields
                .iter()
                .map(canonical_field)
                .collect::<Option<Fields>>()?,
        ),
        DataType::Map(entries, sorted) => DataType::Map(canonical_field(entries)?, *sorted),
        DataType::Dictionary(_, values) => {
            let values = canonical(values)?;
            if values.is_nested() {
                return None;
            }
            DataType::Dictionary(Box::new(DataType::UInt32), Box::new(values))
        }
        DataType::RunEndEncoded(_, values) => canonical(values.data_type())?,
        _ => return None,
    })
}

fn canonical_field(field: &FieldRef) -> Option<FieldRef> {
    let data_type = canonical(field.data_type())?;
    Some(Arc::new(Field::new(
        field.name(),
        data_type,
        field.is_nullable(),
    )))
}

/// Writes columns of canonical types in preorder.
pub(crate) fn flatten(columns: &[Column]) -> Vec<wit::FieldParam<'_>> {
    let mut flat = Vec::with_capacity(columns.len());
    for column in columns {
        let at = flat.len();
        push(&column.field, &mut flat);
        if let Some(field) = flat.get_mut(at) {
            field.semantic = column.semantic.as_deref();
            field.role = match column.role {
                Role::Value => wit::Role::Value,
                Role::EntityKey => wit::Role::EntityKey,
            };
        }
    }
    flat
}

fn push<'a>(field: &'a Field, flat: &mut Vec<wit::FieldParam<'a>>) {
    push_as(field.name(), field.is_nullable(), field.data_type(), flat);
}

fn push_as<'a>(
    name: &'a str,
    nullable: bool,
    data_type: &'a DataType,
    flat: &mut Vec<wit::FieldParam<'a>>,
) {
    let children: u32 = match data_type {
        DataType::List(_)
        | DataType::FixedSizeList(..)
        | DataType::Map(..)
        | DataType::Dictionary(..) => 1,
        DataType::Struct(fields) => fields.len() as u32,
        _ => 0,
    };
    flat.push(wit::FieldParam {
        name,
        kind: kind(data_type),
        nullable,
        children,
        semantic: None,
        role: wit::Role::Value,
    });
    match data_type {
        DataType::List(child) | DataType::FixedSizeList(child, _) | DataType::Map(child, _) => {
            push(child, flat);
        }
        DataType::Struct(fields) => {
            for child in fields {
                push(child, flat);
            }
        }
        DataType::Dictionary(_, values) => push_as("values", true, values, flat),
        _ => {}
    }
}

fn kind(data_type: &DataType) -> wit::KindParam<'_> {
    use wit::KindParam as K;
    match data_type {
        DataType::Boolean => K::Boolean,
        DataType::Int8 => K::Int8,
        DataType::Int16 => K::Int16,
        DataType::Int32 => K::Int32,
        DataType::Int64 => K::Int64,
        DataType::UInt8 => K::Uint8,
        DataType::UInt16 => K::Uint16,
        DataType::UInt32 => K::Uint32,
        DataType::UInt64 => K::Uint64,
        DataType::Float32 => K::Float32,
        DataType::Float64 => K::Float64,
        DataType::Decimal128(precision, scale) => K::Decimal((*precision, *scale)),
        DataType::Date32 => K::Date,
        DataType::Time32(unit) | DataType::Time64(unit) => K::Time(unit_to(*unit)),
        DataType::Timestamp(unit, zone) => K::Timestamp((unit_to(*unit), zone.as_deref())),
        DataType::Duration(unit) => K::Duration(unit_to(*unit)),
        DataType::Interval(_) => K::Interval,
        DataType::Utf8 => K::Utf8,
        DataType::Binary => K::Binary,
        DataType::FixedSizeBinary(size) => K::FixedBinary(size.unsigned_abs()),
        DataType::List(_) => K::List,
        DataType::FixedSizeList(_, size) => K::FixedList(size.unsigned_abs()),
        DataType::Struct(_) => K::Struct,
        DataType::Map(..) => K::Map,
        DataType::Dictionary(..) => K::Dictionary,
        // `canonical` leaves no other.
        _ => K::Null,
    }
}

fn unit_to(unit: TimeUnit) -> wit::TimeUnit {
    match unit {
        TimeUnit::Second => wit::TimeUnit::Second,
        TimeUnit::Millisecond => wit::TimeUnit::Millisecond,
        TimeUnit::Microsecond => wit::TimeUnit::Microsecond,
        TimeUnit::Nanosecond => wit::TimeUnit::Nanosecond,
    }
}

fn unit_from(unit: wit::TimeUnit) -> TimeUnit {
    match unit {
        wit::TimeUnit::Second => TimeUnit::Second,
        wit::TimeUnit::Millisecond => TimeUnit::Millisecond,
        wit::TimeUnit::Microsecond => TimeUnit::Microsecond,
        wit::TimeUnit::Nanosecond => TimeUnit::Nanosecond,
    }
}

/// Reads columns in preorder, as a plugin states them.
pub(crate) fn read(flat: Vec<wit::FieldResult>) -> Result<Vec<Column>, Flaw> {
    if flat.len() > FIELDS {
        return Err(flaw(
            "",
            format!("{} fields, and there may be {FIELDS}", flat.len()),
        ));
    }
    let mut rest = flat.into_iter();
    let mut columns = Vec::new();
    while let Some(first) = rest.next() {
        let semantic = first.semantic.as_deref().map(shown);
        let role = match first.role {
            wit::Role::Value => Role::Value,
            wit::Role::EntityKey => Role::EntityKey,
        };
        let field = read_field(first, &mut rest, DEPTH)?;
        columns.push(Column {
            field: Arc::new(field),
            semantic,
            role,
        });
    }
    Ok(columns)
}

fn read_field(
    field: wit::FieldResult,
    rest: &mut impl Iterator<Item = wit::FieldResult>,
    depth: u32,
) -> Result<Field, Flaw> {
    use wit::KindResult as K;
    if field.name.len() > NAME {
        return Err(flaw(
            &shown(&field.name),
            format!("a name of more than {NAME} bytes"),
        ));
    }
    let name = shown(&field.name);
    let Some(depth) = depth.checked_sub(1) else {
        return Err(flaw(&name, format!("more than {DEPTH} levels")));
    };
    let mut children = Vec::new();
    for _ in 0..field.children {
        let Some(child) = rest.next() else {
            return Err(flaw(
                &name,
                format!("{} children, and {} follow", field.children, children.len()),
            ));
        };
        children.push(read_field(child, rest, depth)?);
    }
    let expected = match field.kind {
        K::List | K::FixedList(_) | K::Map | K::Dictionary => 1,
        K::Struct => children.len(),
        _ => 0,
    };
    if children.len() != expected {
        return Err(flaw(
            &name,
            format!("{} children where {expected} are due", children.len()),
        ));
    }
    // Where one child is due, one is there.
    let only = |children: Vec<Field>| {
        let field = children.into_iter().next();
        field.unwrap_or_else(|| Field::new("item", DataType::Null, true))
    };
    let size = |size: u32, most: i32| {
        i32::try_from(size)
            .ok()
            .filter(|size| (1..=most).contains(size))
            .ok_or_else(|| {
                flaw(
                    &name,
                    format!("{size} a value, and there may be 1 to {most}"),
                )
            })
    };
    let data_type = match field.kind {
        K::Null => DataType::Null,
        K::Boolean => DataType::Boolean,
        K::Int8 => DataType::Int8,
        K::Int16 => DataType::Int16,
        K::Int32 => DataType::Int32,
        K::Int64 => DataType::Int64,
        K::Uint8 => DataType::UInt8,
        K::Uint16 => DataType::UInt16,
        K::Uint32 => DataType::UInt32,
        K::Uint64 => DataType::UInt64,
        K::Float32 => DataType::Float32,
        K::Float64 => DataType::Float64,
        K::Decimal((precision, scale)) => {
            let most = i16::from(precision);
            if !(1..=38).contains(&precision) || i16::from(scale).abs() > most {
                return Err(flaw(&name, format!("decimal({precision}, {scale})")));
            }
            DataType::Decimal128(precision, scale)
        }
        K::Date => DataType::Date32,
        K::Time(unit) => match unit_from(unit) {
            unit @ (TimeUnit::Second | TimeUnit::Millisecond) => DataType::Time32(unit),
            unit => DataType::Time64(unit),
        },
        K::Timestamp((unit, zone)) => {
            if let Some(zone) = &zone
                && (zone.is_empty() || zone.len() > NAME || shown(zone) != *zone)
            {
                return Err(flaw(&name, format!("time zone `{}`", shown(zone))));
            }
            DataType::Timestamp(unit_from(unit), zone.map(Into::into))
        }
        K::Duration(unit) => DataType::Duration(unit_from(unit)),
        K::Interval => DataType::Interval(IntervalUnit::MonthDayNano),
        K::Utf8 => DataType::Utf8,
        K::Binary => DataType::Binary,
        K::FixedBinary(bytes) => DataType::FixedSizeBinary(size(bytes, 1 << 20)?),
        K::List => DataType::List(Arc::new(only(children))),
        K::FixedList(values) => {
            DataType::FixedSizeList(Arc::new(only(children)), size(values, 1 << 16)?)
        }
        K::Struct => DataType::Struct(children.into()),
        K::Map => {
            let entries = only(children);
            let good = match entries.data_type() {
                DataType::Struct(fields) => {
                    fields.len() == 2
                        && !entries.is_nullable()
                        && fields.first().is_some_and(|key| !key.is_nullable())
                }
                _ => false,
            };
            if !good {
                return Err(flaw(
                    &name,
                    "a map's child is a struct of a key and a value; neither it nor the key \
                     is nullable"
                        .to_owned(),
                ));
            }
            DataType::Map(Arc::new(entries), false)
        }
        K::Dictionary => {
            let values = only(children).data_type().clone();
            if values.is_nested() || values.is_null() {
                return Err(flaw(&name, format!("a dictionary of {values}")));
            }
            DataType::Dictionary(Box::new(DataType::UInt32), Box::new(values))
        }
    };
    Ok(Field::new(name, data_type, field.nullable))
}

/// Whether values of the type that a plugin states may fill a column of the type that is
/// wanted: the same in canonical form, a text for any textual type, a dictionary for what
/// its values may fill.
pub(crate) fn fits(stated: &DataType, wanted: &DataType) -> bool {
    match (stated, wanted) {
        (DataType::Dictionary(_, stated), DataType::Dictionary(_, wanted)) => fits(stated, wanted),
        (DataType::Dictionary(_, stated), wanted) => fits(stated, wanted),
        (stated, DataType::Dictionary(_, wanted)) => fits(stated, wanted),
        (stated, wanted) => canonical(wanted).is_some_and(|wanted| stated.equals_datatype(&wanted)),
    }
}

fn flaw(column: &str, reason: String) -> Flaw {
    Flaw {
        column: column.to_owned(),
        row: None,
        problem: Problem::Schema { reason },
    }
}
