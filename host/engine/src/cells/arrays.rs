//! From symbols and ticks to Arrow arrays.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float32Array,
    Float64Array, Int8Array, Int16Array, Int32Array, Int64Array, StringArray, StringBuilder,
    Time64MicrosecondArray, Time64NanosecondArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use arrow::error::ArrowError;
use prodlike_core::interval::{Interval, Parts};
use prodlike_core::model::Special;
use prodlike_core::schema::{DataType, TimeUnit};
use prodlike_models::codec::{self, Unit};

/// Powers of ten, exactly: `powi` may differ between platforms in the last bit.
pub(super) const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// Spells out the levels of a column; the first symbol of a nullable one is NULL.
pub(super) fn strings(
    levels: &[String],
    at: impl ExactSizeIterator<Item = Option<usize>>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    let mut data: Vec<u8> = Vec::with_capacity(at.len() * 8);
    let mut lengths: Vec<usize> = Vec::with_capacity(at.len());
    for at in at {
        let level = at.map_or("", |level| &levels[level]);
        data.extend_from_slice(level.as_bytes());
        lengths.push(level.len());
    }
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(StringArray::try_new(offsets, data.into(), nulls)?))
}

/// Where a nullable column has values: its first symbol is NULL.
pub(super) fn present(symbols: &[u8]) -> NullBuffer {
    // Not from an iterator, which would set bit after bit.
    BooleanBuffer::collect_bool(symbols.len(), |row| symbols[row] != 0).into()
}

/// Replaces the NULLs of an array.
pub(super) fn with_nulls(array: ArrayRef, nulls: NullBuffer) -> Result<ArrayRef, ArrowError> {
    let data = array.to_data().into_builder().nulls(Some(nulls)).build()?;
    Ok(arrow::array::make_array(data))
}

/// Turns ticks into an array of a data type; floats lie on a grid of `decimals` digits.
pub(crate) fn integers(
    data_type: &DataType,
    decimals: u8,
    values: Vec<i64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    macro_rules! narrow {
        ($array:ty, $native:ty) => {
            // The codec was checked against the type when the model was read.
            Arc::new(<$array>::new(
                values.into_iter().map(|value| value as $native).collect(),
                nulls,
            ))
        };
    }
    Ok(match data_type {
        DataType::Boolean => Arc::new(BooleanArray::new(
            values.iter().map(|&value| value != 0).collect(),
            nulls,
        )),
        DataType::Int8 => narrow!(Int8Array, i8),
        DataType::Int16 => narrow!(Int16Array, i16),
        DataType::Int32 => narrow!(Int32Array, i32),
        DataType::Int64 => Arc::new(Int64Array::new(values.into(), nulls)),
        DataType::UInt8 => narrow!(UInt8Array, u8),
        DataType::UInt16 => narrow!(UInt16Array, u16),
        DataType::UInt32 => narrow!(UInt32Array, u32),
        DataType::UInt64 => narrow!(UInt64Array, u64),
        DataType::Int128 | DataType::UInt128 => {
            return wide(data_type, values.into_iter().map(i128::from), nulls);
        }
        DataType::Time(TimeUnit::Nanosecond) => {
            Arc::new(Time64NanosecondArray::new(values.into(), nulls))
        }
        DataType::Time(_) | DataType::TimeTz => {
            Arc::new(Time64MicrosecondArray::new(values.into(), nulls))
        }
        DataType::TimestampTz => {
            Arc::new(TimestampMicrosecondArray::new(values.into(), nulls).with_timezone("+00:00"))
        }
        DataType::Interval => return intervals(&values, Parts::default(), nulls),
        DataType::Enum(levels) => {
            let mut builder = StringBuilder::with_capacity(values.len(), values.len() * 8);
            for (row, &value) in values.iter().enumerate() {
                let place = usize::try_from(value).unwrap_or(0) % levels.len().max(1);
                match levels.get(place) {
                    Some(level) if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) => {
                        builder.append_value(level);
                    }
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        DataType::Float64 => {
            let scale = POWERS[usize::from(decimals).min(POWERS.len() - 1)];
            Arc::new(Float64Array::new(
                values
                    .into_iter()
                    .map(|value| value as f64 / scale)
                    .collect(),
                nulls,
            ))
        }
        DataType::Float32 => {
            let scale = POWERS[usize::from(decimals).min(POWERS.len() - 1)];
            Arc::new(Float32Array::new(
                values
                    .into_iter()
                    .map(|value| (value as f64 / scale) as f32)
                    .collect(),
                nulls,
            ))
        }
        DataType::Decimal(precision, scale) => {
            let array = Decimal128Array::new(values.into_iter().map(i128::from).collect(), nulls);
            Arc::new(array.with_precision_and_scale(*precision, *scale)?)
        }
        DataType::Date => narrow!(Date32Array, i32),
        DataType::Timestamp(TimeUnit::Second) => {
            Arc::new(TimestampSecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Millisecond) => {
            Arc::new(TimestampMillisecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Microsecond) => {
            Arc::new(TimestampMicrosecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Nanosecond) => {
            Arc::new(TimestampNanosecondArray::new(values.into(), nulls))
        }
        DataType::String | DataType::Uuid | DataType::Blob | DataType::Bit | DataType::Other(_) => {
            return Err(ArrowError::InvalidArgumentError(format!(
                "{data_type} holds no ticks"
            )));
        }
    })
}

/// Turns the ticks of a codec into an array, as its unit says.
pub(super) fn in_unit(
    data_type: &DataType,
    decimals: u8,
    unit: Unit,
    values: Vec<i64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    match unit {
        Unit::Tick => integers(data_type, decimals, values, nulls),
        Unit::Affine { offset, step } => {
            let value = |tick: i64| {
                let value = step.checked_mul(i128::from(tick));
                value
                    .and_then(|value| value.checked_add(offset))
                    .unwrap_or(offset)
            };
            wide(data_type, values.into_iter().map(value), nulls)
        }
        Unit::Interval {
            months,
            days,
            micros,
        } => {
            let parts = Parts {
                months,
                days,
                micros,
            };
            intervals(&values, parts, nulls)
        }
    }
}

/// Turns whole numbers, in the type's ticks, into an array of a wide type.
pub(super) fn wide(
    data_type: &DataType,
    values: impl Iterator<Item = i128>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    // A NULL's value may be anything, but must be one of the type.
    let (least, most) = (data_type.least_wide(), data_type.most_wide());
    let values = values.map(|value| value.clamp(least, most));
    let (precision, scale) = match data_type {
        DataType::UInt64 => {
            let values = values.map(|value| value as u64).collect();
            return Ok(Arc::new(UInt64Array::new(values, nulls)));
        }
        DataType::Decimal(precision, scale) => (*precision, *scale),
        _ => (38, 0),
    };
    let array = Decimal128Array::new(values.collect(), nulls);
    Ok(Arc::new(array.with_precision_and_scale(precision, scale)?))
}

/// Turns floats into an array of a float or of a wide type.
pub(super) fn floats(
    data_type: &DataType,
    values: Vec<f64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    match data_type {
        DataType::Float32 => {
            let values = values.into_iter().map(|value| value as f32).collect();
            Ok(Arc::new(Float32Array::new(values, nulls)))
        }
        DataType::Float64 => Ok(Arc::new(Float64Array::new(values.into(), nulls))),
        // The cast saturates, and the range of the type does the rest.
        _ => wide(
            data_type,
            values.into_iter().map(|value| value.round() as i128),
            nulls,
        ),
    }
}

fn intervals(
    values: &[i64],
    parts: Parts,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, ArrowError> {
    use std::fmt::Write;
    let mut builder = StringBuilder::with_capacity(values.len(), values.len() * 16);
    for (row, &value) in values.iter().enumerate() {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            builder.append_null();
        } else {
            write!(builder, "{}", Interval::of(value, parts))
                .map_err(|error| ArrowError::ComputeError(error.to_string()))?;
            builder.append_value("");
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// Puts the special values of a column where its symbols say so.
pub(super) fn with_specials(
    array: ArrayRef,
    data_type: &DataType,
    specials: &[Special],
    numbers: usize,
    symbols: &[u8],
) -> Result<ArrayRef, ArrowError> {
    if specials.is_empty() {
        return Ok(array);
    }
    let nulls = array.nulls().cloned();
    let special = |symbol: u8| codec::special(specials, numbers, symbol);
    if data_type.is_float() {
        let values = arrow::compute::cast(&array, &arrow::datatypes::DataType::Float64)?;
        let values = values.as_primitive::<Float64Type>().values();
        let values = values
            .iter()
            .zip(symbols)
            .map(|(&value, &symbol)| match special(symbol) {
                Some(Special::NegativeInfinity) => f64::NEG_INFINITY,
                Some(Special::Infinity) => f64::INFINITY,
                Some(Special::NotANumber) => f64::NAN,
                None => value,
            });
        return floats(data_type, values.collect(), nulls);
    }
    // Infinity is the greatest tick that a type has.
    let (ticks, most) = match data_type {
        DataType::Date => {
            let days = array.as_primitive::<Date32Type>().values();
            let days = days.iter().map(|&day| i64::from(day)).collect();
            (days, i64::from(i32::MAX))
        }
        _ => {
            let ticks = arrow::compute::cast(&array, &arrow::datatypes::DataType::Int64)?;
            let ticks: Vec<i64> = ticks.as_primitive::<Int64Type>().values().to_vec();
            (ticks, i64::MAX)
        }
    };
    let ticks = std::iter::zip::<Vec<i64>, _>(ticks, symbols);
    let ticks = ticks.map(|(tick, &symbol)| match special(symbol) {
        Some(Special::NegativeInfinity) => -most,
        Some(Special::Infinity | Special::NotANumber) => most,
        None => tick,
    });
    integers(data_type, 0, ticks.collect(), nulls)
}
