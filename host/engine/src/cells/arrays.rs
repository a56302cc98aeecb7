//! From symbols and ticks to Arrow arrays.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt8Array,
    UInt16Array, UInt32Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use prodlike_core::schema::{DataType, TimeUnit};

/// Powers of ten, exactly: `powi` may differ between platforms in the last bit.
pub(super) const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// Spells out the levels of a column; the first symbol of a nullable one is NULL.
pub(super) fn strings(
    null: usize,
    levels: &[String],
    symbols: &[u8],
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut data: Vec<u8> = Vec::with_capacity(symbols.len() * 8);
    let mut lengths: Vec<usize> = Vec::with_capacity(symbols.len());
    for &symbol in symbols {
        let level = usize::from(symbol)
            .checked_sub(null)
            .map_or("", |level| &levels[level]);
        data.extend_from_slice(level.as_bytes());
        lengths.push(level.len());
    }
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(StringArray::try_new(offsets, data.into(), nulls)?))
}

/// Replaces the NULLs of an array.
pub(super) fn with_nulls(
    array: ArrayRef,
    nulls: NullBuffer,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let data = array.to_data().into_builder().nulls(Some(nulls)).build()?;
    Ok(arrow::array::make_array(data))
}

/// Turns ticks into an array of a data type; floats lie on a grid of `decimals` digits.
pub(crate) fn integers(
    data_type: &DataType,
    decimals: u8,
    values: Vec<i64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
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
        DataType::String | DataType::Other(_) => {
            return Err(arrow::error::ArrowError::InvalidArgumentError(format!(
                "{data_type} holds no ticks"
            )));
        }
    })
}
