//! How values of a type cross between DuckDB and Arrow.
//!
//! What Arrow has no type of its own for is carried as text or in the nearest type there is
//! ([`DataType::to_arrow`]); DuckDB casts on the way out and on the way back in.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, TimestampNanosecondArray};
use arrow::datatypes::Time64NanosecondType;
use prodlike_core::schema::{DataType, TimeUnit};

/// SQL: the ticks of a value as BIGINT, or HUGEINT of a wide type; a float as DOUBLE, what is
/// carried as text as VARCHAR. `None` for what has neither.
pub(crate) fn ticks(name: &str, data_type: &DataType) -> Option<String> {
    Some(match data_type {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => format!("CAST({name} AS BIGINT)"),
        DataType::UInt64 | DataType::Int128 | DataType::UInt128 => {
            format!("CAST({name} AS HUGEINT)")
        }
        DataType::Decimal(precision, _) if *precision > 18 => {
            // No decimal is wide enough to multiply; the digits are the number.
            format!("CAST(replace(CAST({name} AS VARCHAR), '.', '') AS HUGEINT)")
        }
        DataType::Decimal(precision, scale) => {
            let digits = u8::try_from(*scale).ok()?;
            // DuckDB multiplies in 64 bits what is at most 18 digits wide.
            let width = if precision + digits < 18 {
                *precision
            } else {
                38
            };
            format!(
                "CAST(CAST({name} AS DECIMAL({width}, {digits})) * \
                 CAST(1{} AS DECIMAL({}, 0)) AS BIGINT)",
                "0".repeat(usize::from(digits)),
                digits + 1
            )
        }
        DataType::Date => format!("CAST({name} - DATE '1970-01-01' AS BIGINT)"),
        DataType::Timestamp(TimeUnit::Second) => {
            format!("epoch_us(CAST({name} AS TIMESTAMP)) // 1000000")
        }
        DataType::Timestamp(TimeUnit::Millisecond) => {
            format!("epoch_us(CAST({name} AS TIMESTAMP)) // 1000")
        }
        DataType::Timestamp(TimeUnit::Nanosecond) | DataType::Time(TimeUnit::Nanosecond) => {
            format!("epoch_ns({name})")
        }
        // The clock shows what `epoch_us` returns; UTC is that without the offset.
        DataType::TimeTz => format!(
            "(epoch_us({name}) - date_part('timezone', {name}) * 1000000 + 172800000000) \
             % 86400000000"
        ),
        DataType::Timestamp(TimeUnit::Microsecond)
        | DataType::TimestampTz
        | DataType::Time(_)
        | DataType::Interval => format!("epoch_us({name})"),
        // Which of two equal zeros stands for a group would depend on the threads.
        DataType::Float32 | DataType::Float64 => {
            format!("CASE WHEN {name} = 0 THEN 0.0::DOUBLE ELSE CAST({name} AS DOUBLE) END")
        }
        DataType::String => name.to_string(),
        DataType::Enum(_) | DataType::Uuid | DataType::Bit => format!("CAST({name} AS VARCHAR)"),
        DataType::Blob | DataType::Other(_) => return None,
    })
}

/// SQL: a value as the type that carries it through Arrow.
pub(crate) fn carried(name: &str, data_type: &DataType) -> String {
    match data_type {
        DataType::TimeTz => ticks(name, data_type).map_or_else(
            || name.to_string(),
            |ticks| format!("CAST(make_timestamp({ticks}) AS TIME)"),
        ),
        _ => match staged(data_type) {
            Some(carrier) if !matches!(data_type, DataType::Time(_)) => {
                format!("CAST({name} AS {carrier})")
            }
            _ => name.to_string(),
        },
    }
}

/// The type of a column that arrays are appended to, where that is not the type itself.
pub(crate) fn staged(data_type: &DataType) -> Option<&'static str> {
    match data_type {
        DataType::Int128 | DataType::UInt128 => Some("DECIMAL(38,0)"),
        DataType::Enum(_) | DataType::Uuid | DataType::Bit | DataType::Interval => Some("VARCHAR"),
        DataType::TimeTz => Some("TIME"),
        // The appender would cut a time of day down to microseconds.
        DataType::Time(TimeUnit::Nanosecond) => Some("TIMESTAMP_NS"),
        _ => None,
    }
}

/// SQL: what was appended, as the type itself.
pub(crate) fn loaded(name: &str, data_type: &DataType) -> String {
    match staged(data_type) {
        Some(_) => format!("CAST({name} AS {data_type})"),
        None => name.to_string(),
    }
}

/// Makes an array what the appender takes.
pub(crate) fn appendable(array: ArrayRef) -> ArrayRef {
    match array.as_primitive_opt::<Time64NanosecondType>() {
        Some(times) => Arc::new(TimestampNanosecondArray::new(
            times.values().clone(),
            times.nulls().cloned(),
        )),
        None => array,
    }
}
