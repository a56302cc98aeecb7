//! The contract's nodes as Arrow's arrays, checked before they are trusted.
//!
//! A plugin's buffers become Arrow's without a copy, so everything that Arrow relies on is
//! checked here: lengths, offsets, UTF-8, keys. What lies under a NULL is not looked at,
//! except that it must be there.

use std::sync::Arc;
use std::vec;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, DictionaryArray, FixedSizeBinaryArray,
    FixedSizeListArray, ListArray, MapArray, NullArray, PrimitiveArray, StructArray,
};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Field, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use crate::bindings::prodlike::plugin::types::{NodeResult, ValuesResult};
use crate::checks::{Path, bitmap, digits, in_range, plain, sized, time_of_day, wide};
use crate::error::{Flaw, Problem};
use crate::settings::Column;
use crate::varlen::{ends, last, offsets, text};

/// Reads one batch of columns, each of `length` values.
pub(crate) fn read(
    nodes: Vec<NodeResult>,
    columns: &[Column],
    length: usize,
) -> Result<Vec<ArrayRef>, Flaw> {
    let expected: usize = columns
        .iter()
        .map(|column| nodes_of(column.field.data_type()))
        .sum();
    if nodes.len() != expected {
        return Err(Flaw {
            column: String::new(),
            row: None,
            problem: Problem::Nodes {
                expected,
                got: nodes.len(),
            },
        });
    }
    let mut nodes = nodes.into_iter();
    columns
        .iter()
        .map(|column| {
            read_field(
                &mut nodes,
                &Path {
                    field: &column.field,
                    parent: None,
                },
                Some(length),
                None,
            )
        })
        .collect()
}

/// Nodes of a field of that type.
fn nodes_of(data_type: &DataType) -> usize {
    1 + match data_type {
        DataType::List(child) | DataType::FixedSizeList(child, _) | DataType::Map(child, _) => {
            nodes_of(child.data_type())
        }
        DataType::Struct(fields) => fields.iter().map(|field| nodes_of(field.data_type())).sum(),
        DataType::Dictionary(_, values) => nodes_of(values),
        _ => 0,
    }
}

type Nodes = vec::IntoIter<NodeResult>;

fn read_field(
    nodes: &mut Nodes,
    path: &Path<'_>,
    length: Option<usize>,
    parent: Option<&NullBuffer>,
) -> Result<ArrayRef, Flaw> {
    let Some(node) = nodes.next() else {
        // `read` counted them.
        return Err(path.flaw(
            None,
            Problem::Nodes {
                expected: 1,
                got: 0,
            },
        ));
    };
    let got = node.length as usize;
    let length = length.unwrap_or(got);
    if got != length {
        return Err(path.flaw(
            None,
            Problem::Length {
                expected: length,
                got,
            },
        ));
    }
    let nulls = read_nulls(path, node.validity, length, parent)?;
    let field = path.field;
    Ok(match (field.data_type(), node.values) {
        (DataType::Null, ValuesResult::None) => Arc::new(NullArray::new(length)),
        (DataType::Boolean, ValuesResult::Bits(bits)) => {
            let bits = bitmap(path, bits, length)?;
            Arc::new(BooleanArray::new(bits, nulls))
        }
        (DataType::Int8, ValuesResult::Int8(values)) => {
            plain::<Int8Type>(path, values, length, nulls)?
        }
        (DataType::Int16, ValuesResult::Int16(values)) => {
            plain::<Int16Type>(path, values, length, nulls)?
        }
        (DataType::Int32, ValuesResult::Int32(values)) => {
            plain::<Int32Type>(path, values, length, nulls)?
        }
        (DataType::Int64, ValuesResult::Int64(values)) => {
            plain::<Int64Type>(path, values, length, nulls)?
        }
        (DataType::UInt8, ValuesResult::Uint8(values)) => {
            plain::<UInt8Type>(path, values, length, nulls)?
        }
        (DataType::UInt16, ValuesResult::Uint16(values)) => {
            plain::<UInt16Type>(path, values, length, nulls)?
        }
        (DataType::UInt32, ValuesResult::Uint32(values)) => {
            plain::<UInt32Type>(path, values, length, nulls)?
        }
        (DataType::UInt64, ValuesResult::Uint64(values)) => {
            plain::<UInt64Type>(path, values, length, nulls)?
        }
        (DataType::Float32, ValuesResult::Float32(values)) => {
            plain::<Float32Type>(path, values, length, nulls)?
        }
        (DataType::Float64, ValuesResult::Float64(values)) => {
            plain::<Float64Type>(path, values, length, nulls)?
        }
        (DataType::Date32, ValuesResult::Int32(values)) => {
            plain::<Date32Type>(path, values, length, nulls)?
        }
        (DataType::Time32(unit), ValuesResult::Int32(values)) => {
            time_of_day(path, &values, nulls.as_ref(), *unit)?;
            match unit {
                TimeUnit::Second => plain::<Time32SecondType>(path, values, length, nulls)?,
                _ => plain::<Time32MillisecondType>(path, values, length, nulls)?,
            }
        }
        (DataType::Time64(unit), ValuesResult::Int64(values)) => {
            time_of_day(path, &values, nulls.as_ref(), *unit)?;
            match unit {
                TimeUnit::Microsecond => {
                    plain::<Time64MicrosecondType>(path, values, length, nulls)?
                }
                _ => plain::<Time64NanosecondType>(path, values, length, nulls)?,
            }
        }
        (DataType::Timestamp(unit, _), ValuesResult::Int64(values)) => match unit {
            TimeUnit::Second => plain::<TimestampSecondType>(path, values, length, nulls)?,
            TimeUnit::Millisecond => {
                plain::<TimestampMillisecondType>(path, values, length, nulls)?
            }
            TimeUnit::Microsecond => {
                plain::<TimestampMicrosecondType>(path, values, length, nulls)?
            }
            TimeUnit::Nanosecond => plain::<TimestampNanosecondType>(path, values, length, nulls)?,
        },
        (DataType::Duration(unit), ValuesResult::Int64(values)) => match unit {
            TimeUnit::Second => plain::<DurationSecondType>(path, values, length, nulls)?,
            TimeUnit::Millisecond => plain::<DurationMillisecondType>(path, values, length, nulls)?,
            TimeUnit::Microsecond => plain::<DurationMicrosecondType>(path, values, length, nulls)?,
            TimeUnit::Nanosecond => plain::<DurationNanosecondType>(path, values, length, nulls)?,
        },
        (DataType::Decimal128(precision, _), ValuesResult::Words(words)) => {
            let values = wide(path, &words, length, |low, high| {
                (u128::from(high) << 64 | u128::from(low)) as i128
            })?;
            digits(path, &values, nulls.as_ref(), *precision)?;
            plain::<Decimal128Type>(path, values, length, nulls)?
        }
        (DataType::Interval(_), ValuesResult::Words(words)) => {
            let values = wide(path, &words, length, |low, high| {
                IntervalMonthDayNano::new(low as i32, (low >> 32) as i32, high as i64)
            })?;
            plain::<IntervalMonthDayNanoType>(path, values, length, nulls)?
        }
        (DataType::FixedSizeBinary(size), ValuesResult::Fixed(bytes)) => {
            let expected = length.saturating_mul(size.unsigned_abs() as usize);
            sized(path, expected, bytes.len(), "bytes")?;
            let array = FixedSizeBinaryArray::try_new(*size, bytes.into(), nulls);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::Utf8, ValuesResult::Varlen(varlen)) => {
            let offsets = offsets(path, varlen.offsets, length)?;
            text(path, offsets, varlen.data, nulls)?
        }
        (DataType::Binary, ValuesResult::Varlen(varlen)) => {
            let offsets = offsets(path, varlen.offsets, length)?;
            ends(path, &offsets, varlen.data.len())?;
            let array = BinaryArray::try_new(offsets, varlen.data.into(), nulls);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::List(child), ValuesResult::Offsets(list)) => {
            let offsets = offsets(path, list, length)?;
            let values = read_child(nodes, path, child, Some(last(&offsets)), None)?;
            let array = ListArray::try_new(child.clone(), offsets, values, nulls);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::Map(child, sorted), ValuesResult::Offsets(list)) => {
            let offsets = offsets(path, list, length)?;
            let entries = read_child(nodes, path, child, Some(last(&offsets)), None)?;
            let Some(entries) = entries.as_any().downcast_ref::<StructArray>().cloned() else {
                return Err(path.flaw(None, wrong("struct", "another type")));
            };
            let array = MapArray::try_new(child.clone(), offsets, entries, nulls, *sorted);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::FixedSizeList(child, size), ValuesResult::None) => {
            let each = size.unsigned_abs() as usize;
            let expected = length.saturating_mul(each);
            // Before anything so long is made.
            if let Some(got) = nodes.as_slice().first().map(|node| node.length as usize)
                && got != expected
            {
                return Err(path.flaw(None, Problem::Length { expected, got }));
            }
            let dead = nulls.as_ref().map(|nulls| nulls.expand(each));
            let values = read_child(nodes, path, child, Some(expected), dead.as_ref())?;
            let array = FixedSizeListArray::try_new_with_length(
                child.clone(),
                *size,
                values,
                nulls,
                length,
            );
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::Struct(fields), ValuesResult::None) => {
            let dead = NullBuffer::union(nulls.as_ref(), parent);
            let members = fields
                .iter()
                .map(|field| read_child(nodes, path, field, Some(length), dead.as_ref()))
                .collect::<Result<Vec<_>, _>>()?;
            let array = StructArray::try_new_with_length(fields.clone(), members, nulls, length);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (DataType::Dictionary(_, values), ValuesResult::Keys(keys)) => {
            sized(path, length, keys.len(), "keys")?;
            let child = Field::new("values", values.as_ref().clone(), true);
            let child = Path {
                field: &child,
                parent: Some(path),
            };
            let values = read_field(nodes, &child, None, None)?;
            let keys = in_range(path, keys, nulls.as_ref(), values.len())?;
            if !field.is_nullable() && values.logical_null_count() > 0 {
                let null = values.logical_nulls();
                let row = keys.iter().position(|key| {
                    null.as_ref()
                        .is_some_and(|null| null.is_null(*key as usize))
                });
                if row.is_some() {
                    return Err(path.flaw(row, Problem::Null));
                }
            }
            let keys = PrimitiveArray::<UInt32Type>::new(keys.into(), nulls);
            let array = DictionaryArray::try_new(keys, values);
            Arc::new(array.map_err(|error| path.arrow(&error))?)
        }
        (data_type, values) => {
            return Err(path.flaw(None, wrong(due(data_type), name(&values))));
        }
    })
}

fn read_child(
    nodes: &mut Nodes,
    parent: &Path<'_>,
    field: &Field,
    length: Option<usize>,
    dead: Option<&NullBuffer>,
) -> Result<ArrayRef, Flaw> {
    let path = Path {
        field,
        parent: Some(parent),
    };
    read_field(nodes, &path, length, dead)
}

/// Reads a validity bitmap; where the field is not nullable, only slots under a NULL of a
/// parent may be NULL.
fn read_nulls(
    path: &Path<'_>,
    validity: Option<Vec<u8>>,
    length: usize,
    parent: Option<&NullBuffer>,
) -> Result<Option<NullBuffer>, Flaw> {
    let Some(validity) = validity else {
        return Ok(None);
    };
    sized(
        path,
        length.div_ceil(8),
        validity.len(),
        "bytes of validity",
    )?;
    let nulls = NullBuffer::new(BooleanBuffer::new(validity.into(), 0, length));
    if nulls.null_count() == 0 {
        return Ok(None);
    }
    if path.field.is_nullable() {
        return Ok(Some(nulls));
    }
    let seen = match parent {
        Some(parent) => &!nulls.inner() & parent.inner(),
        None => !nulls.inner(),
    };
    match seen.set_indices().next() {
        Some(row) => Err(path.flaw(Some(row), Problem::Null)),
        // The slots are not there, so that they are NULL says nothing.
        None => Ok(None),
    }
}

fn wrong(expected: &'static str, got: &'static str) -> Problem {
    Problem::Buffer { expected, got }
}

/// The buffer that a type has.
fn due(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "bits",
        DataType::Int8 => "int8",
        DataType::Int16 => "int16",
        DataType::Int32 | DataType::Date32 | DataType::Time32(_) => "int32",
        DataType::Int64 | DataType::Time64(_) | DataType::Timestamp(..) | DataType::Duration(_) => {
            "int64"
        }
        DataType::UInt8 => "uint8",
        DataType::UInt16 => "uint16",
        DataType::UInt32 => "uint32",
        DataType::UInt64 => "uint64",
        DataType::Float32 => "float32",
        DataType::Float64 => "float64",
        DataType::Decimal128(..) | DataType::Interval(_) => "words",
        DataType::FixedSizeBinary(_) => "fixed",
        DataType::Utf8 | DataType::Binary => "varlen",
        DataType::List(_) | DataType::Map(..) => "offsets",
        DataType::Dictionary(..) => "keys",
        _ => "none",
    }
}

fn name(values: &ValuesResult) -> &'static str {
    match values {
        ValuesResult::None => "none",
        ValuesResult::Bits(_) => "bits",
        ValuesResult::Int8(_) => "int8",
        ValuesResult::Int16(_) => "int16",
        ValuesResult::Int32(_) => "int32",
        ValuesResult::Int64(_) => "int64",
        ValuesResult::Uint8(_) => "uint8",
        ValuesResult::Uint16(_) => "uint16",
        ValuesResult::Uint32(_) => "uint32",
        ValuesResult::Uint64(_) => "uint64",
        ValuesResult::Float32(_) => "float32",
        ValuesResult::Float64(_) => "float64",
        ValuesResult::Words(_) => "words",
        ValuesResult::Fixed(_) => "fixed",
        ValuesResult::Varlen(_) => "varlen",
        ValuesResult::Offsets(_) => "offsets",
        ValuesResult::Keys(_) => "keys",
    }
}
