//! One column of one table, out of Arrow and into Polars.
//!
//! Every type that is carried becomes one of a few: that is all the metrics can tell apart.
//! Infinities are values of a key, and no numbers: no metric could place them.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, TimeUnit};
use arrow::error::ArrowError;
use polars::error::PolarsResult;
use polars::prelude::{
    BooleanChunked, Float64Chunked, Int64Chunked, IntoSeries, NamedFrom, NewChunkedArray,
    PlSmallStr, Series, StringChunked,
};
use prodlike_core::interval::Interval;

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// True or false.
    Boolean,
    /// Whole numbers of at most 64 bits.
    Integer,
    /// Whole numbers of more bits, as text: floats would make neighbouring keys one.
    Wide,
    /// Anything else that is a number.
    Float,
    /// Integer ticks of so many nanoseconds.
    Temporal(i64),
    /// Strings.
    Text,
    /// Bytes, as text of hexadecimal digits.
    Bytes,
}

/// A column with its values in Polars.
///
/// A NaN is NULL here, as it is for pandas, which cannot tell them apart.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    kind: Kind,
    series: Series,
}

impl Column {
    /// Reads a column of a table, or returns `None` where its type is not carried.
    pub(crate) fn read(batches: &[RecordBatch], idx: usize) -> Result<Option<Column>, ArrowError> {
        let Some(first) = batches.first() else {
            return Ok(None);
        };
        let data_type = first.schema().field(idx).data_type().clone();
        let Some(kind) = kind(&data_type) else {
            return Ok(None);
        };
        let target = match kind {
            Kind::Boolean => DataType::Boolean,
            Kind::Integer | Kind::Temporal(_) => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Wide | Kind::Text => DataType::Utf8,
            Kind::Bytes => DataType::Binary,
        };
        let arrays = batches
            .iter()
            .map(|batch| match data_type {
                // There is no direct cast.
                DataType::Date32 => cast(&cast(batch.column(idx), &DataType::Int32)?, &target),
                // There is none that leaves out the point.
                DataType::Decimal128(..) if kind == Kind::Wide => Ok(digits(batch.column(idx))),
                _ => cast(batch.column(idx), &target),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let name = PlSmallStr::EMPTY;
        let series = match kind {
            Kind::Boolean => {
                let values = arrays.iter().flat_map(|array| array.as_boolean().iter());
                BooleanChunked::from_iter_options(name, values).into_series()
            }
            Kind::Integer | Kind::Temporal(_) => {
                let values = arrays
                    .iter()
                    .flat_map(|array| array.as_primitive::<Int64Type>().iter());
                Int64Chunked::from_iter_options(name, values).into_series()
            }
            Kind::Float => {
                let values = arrays
                    .iter()
                    .flat_map(|array| array.as_primitive::<Float64Type>().iter());
                Float64Chunked::from_iter_options(name, values.map(|v| v.filter(|v| !v.is_nan())))
                    .into_series()
            }
            Kind::Wide | Kind::Text => {
                let values = arrays
                    .iter()
                    .flat_map(|array| array.as_string::<i32>().iter());
                StringChunked::from_iter_options(name, values).into_series()
            }
            Kind::Bytes => {
                let values = arrays
                    .iter()
                    .flat_map(|array| array.as_binary::<i32>().iter());
                let values = values.map(|value| value.map(hexadecimal));
                StringChunked::from_iter_options(name, values).into_series()
            }
        };
        Ok(Some(Column { kind, series }))
    }

    /// Makes an empty column, for tables that came without a batch.
    pub(crate) fn empty(data_type: &DataType) -> Option<Column> {
        let kind = kind(data_type)?;
        let name = PlSmallStr::EMPTY;
        let series = match kind {
            Kind::Boolean => Series::new(name, Vec::<bool>::new()),
            Kind::Integer | Kind::Temporal(_) => Series::new(name, Vec::<i64>::new()),
            Kind::Float => Series::new(name, Vec::<f64>::new()),
            Kind::Wide | Kind::Text | Kind::Bytes => Series::new(name, Vec::<String>::new()),
        };
        Some(Column { kind, series })
    }

    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// Returns which rows are NULL.
    pub(crate) fn nulls(&self) -> Vec<bool> {
        if self.series.null_count() == 0 {
            return vec![false; self.len()];
        }
        self.series
            .is_null()
            .iter()
            .map(|null| null == Some(true))
            .collect()
    }

    /// Returns the values as numbers with NaN for NULL and the infinities, or `None` for text.
    pub(crate) fn numbers(&self) -> PolarsResult<Option<Vec<f64>>> {
        let number = |value: Option<f64>| value.filter(|v| v.is_finite()).unwrap_or(f64::NAN);
        Ok(Some(match self.kind {
            Kind::Boolean => self
                .series
                .bool()?
                .iter()
                .map(|v| number(v.map(f64::from)))
                .collect(),
            Kind::Integer => self
                .series
                .i64()?
                .iter()
                .map(|v| number(v.map(|v| v as f64)))
                .collect(),
            Kind::Temporal(tick) => {
                // Infinity is the greatest number of days, or of finer ticks.
                let most = if tick == DAY {
                    i64::from(i32::MAX)
                } else {
                    i64::MAX
                };
                let tick = tick as f64;
                self.series
                    .i64()?
                    .iter()
                    .map(|v| v.filter(|v| v.unsigned_abs() != most.unsigned_abs()))
                    .map(|v| number(v.map(|v| v as f64 * tick)))
                    .collect()
            }
            Kind::Float => self.series.f64()?.iter().map(number).collect(),
            Kind::Wide => self
                .series
                .str()?
                .iter()
                .map(|v| number(v.and_then(|v| v.parse().ok())))
                .collect(),
            Kind::Text | Kind::Bytes => return Ok(None),
        }))
    }

    /// Returns intervals held as text in microseconds, with NaN for NULL.
    pub(crate) fn intervals(&self) -> PolarsResult<Option<Vec<f64>>> {
        if self.kind != Kind::Text {
            return Ok(None);
        }
        let micros = |text: &str| {
            let interval = Interval::parse(text)?;
            interval.total().map(|micros| micros as f64)
        };
        let values = self.series.str()?.iter();
        Ok(Some(
            values
                .map(|v| v.and_then(micros).unwrap_or(f64::NAN))
                .collect(),
        ))
    }

    /// Calls `visit` with each value of a column of text, or of bytes as hexadecimal digits; with
    /// none of another.
    pub(crate) fn each_text(&self, mut visit: impl FnMut(Option<&str>)) -> PolarsResult<()> {
        if matches!(self.kind, Kind::Text | Kind::Bytes) {
            self.series.str()?.iter().for_each(&mut visit);
        }
        Ok(())
    }

    /// Whether the values are true or false.
    pub(crate) fn is_boolean(&self) -> bool {
        self.kind == Kind::Boolean
    }

    /// Returns the values of two or more columns as series of one type, so that equal values
    /// are equal whatever they were stored as.
    pub(crate) fn unify(columns: &[&Column]) -> PolarsResult<Vec<Series>> {
        let same = columns.windows(2).all(|pair| pair[0].kind == pair[1].kind);
        if same {
            return Ok(columns.iter().map(|column| column.series.clone()).collect());
        }
        // As text, whole numbers are equal where they are equal.
        let whole = |column: &&Column| matches!(column.kind, Kind::Integer | Kind::Wide);
        let numbers = |column: &&Column| !matches!(column.kind, Kind::Text | Kind::Bytes);
        if columns.iter().all(numbers) && !columns.iter().all(whole) {
            return columns
                .iter()
                .map(|column| {
                    let numbers = column.numbers()?.unwrap_or_default();
                    let values = numbers.iter().map(|v| (!v.is_nan()).then_some(*v));
                    let name = PlSmallStr::EMPTY;
                    Ok(Float64Chunked::from_iter_options(name, values).into_series())
                })
                .collect();
        }
        columns
            .iter()
            .map(|column| column.series.cast(&polars::prelude::DataType::String))
            .collect()
    }
}

/// Writes whole decimals as digits.
fn digits(array: &ArrayRef) -> ArrayRef {
    let values = array.as_primitive::<Decimal128Type>().iter();
    let texts = values.map(|value| value.map(|value| value.to_string()));
    Arc::new(texts.collect::<StringArray>())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Returns what becomes of an Arrow type, or `None` where it is not carried.
fn kind(data_type: &DataType) -> Option<Kind> {
    Some(match data_type {
        DataType::Boolean => Kind::Boolean,
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => Kind::Integer,
        DataType::UInt64 => Kind::Wide,
        // Keys may be decimals without a fraction; as floats, neighbours would fall together.
        DataType::Decimal128(precision, 0) if *precision <= 18 => Kind::Integer,
        DataType::Decimal128(_, 0) => Kind::Wide,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => Kind::Float,
        DataType::Date32 => Kind::Temporal(DAY),
        DataType::Time64(TimeUnit::Nanosecond) => Kind::Temporal(1),
        DataType::Time64(_) => Kind::Temporal(1_000),
        DataType::Binary => Kind::Bytes,
        DataType::Timestamp(unit, _) => Kind::Temporal(match unit {
            TimeUnit::Second => 1_000_000_000,
            TimeUnit::Millisecond => 1_000_000,
            TimeUnit::Microsecond => 1_000,
            TimeUnit::Nanosecond => 1,
        }),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Kind::Text,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test should stop")]

    use arrow::array::*;

    use super::*;

    fn column(arrays: &[ArrayRef]) -> Option<Column> {
        let batches: Vec<RecordBatch> = arrays
            .iter()
            .map(|array| RecordBatch::try_from_iter([("c", array.clone())]).unwrap())
            .collect();
        Column::read(&batches, 0).unwrap()
    }

    #[test]
    fn every_carried_type_becomes_numbers() {
        let decimals = Decimal128Array::from(vec![Some(150), None, Some(-25)])
            .with_precision_and_scale(9, 2)
            .unwrap();
        let cases: Vec<(ArrayRef, [f64; 2])> = vec![
            (
                Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
                [1.0, 0.0],
            ),
            (
                Arc::new(Int8Array::from(vec![Some(-3), None, Some(4)])),
                [-3.0, 4.0],
            ),
            (
                Arc::new(UInt16Array::from(vec![Some(9), None, Some(4)])),
                [9.0, 4.0],
            ),
            (
                Arc::new(Float32Array::from(vec![
                    Some(0.5),
                    Some(f32::NAN),
                    Some(4.0),
                ])),
                [0.5, 4.0],
            ),
            (Arc::new(decimals), [1.5, -0.25]),
            (
                Arc::new(
                    Decimal128Array::from(vec![Some(10i128.pow(30)), None, Some(-7)])
                        .with_precision_and_scale(38, 0)
                        .unwrap(),
                ),
                [1e30, -7.0],
            ),
            (
                Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(7)])),
                [u64::MAX as f64, 7.0],
            ),
            (
                Arc::new(Time64MicrosecondArray::from(vec![Some(1), None, Some(2)])),
                [1e3, 2e3],
            ),
            (
                Arc::new(Date32Array::from(vec![Some(1), None, Some(-1)])),
                [864e11, -864e11],
            ),
            (
                Arc::new(TimestampSecondArray::from(vec![Some(1), None, Some(2)])),
                [1e9, 2e9],
            ),
            (
                Arc::new(TimestampMicrosecondArray::from(vec![
                    Some(1),
                    None,
                    Some(2),
                ])),
                [1e3, 2e3],
            ),
        ];
        for (array, [first, last]) in cases {
            let column = column(&[array.slice(0, 1), array.slice(1, 2)]).unwrap();
            let numbers = column.numbers().unwrap().unwrap();
            assert_eq!(
                (numbers[0], numbers[2]),
                (first, last),
                "{}",
                array.data_type()
            );
            assert!(numbers[1].is_nan(), "{}", array.data_type());
            assert_eq!(
                column.nulls(),
                [false, true, false],
                "{}",
                array.data_type()
            );
        }
    }

    #[test]
    fn infinities_are_no_numbers() {
        let arrays: [ArrayRef; 3] = [
            Arc::new(Float64Array::from(vec![
                f64::INFINITY,
                f64::NEG_INFINITY,
                1.0,
            ])),
            Arc::new(Date32Array::from(vec![i32::MAX, -i32::MAX, 1])),
            Arc::new(TimestampSecondArray::from(vec![i64::MAX, -i64::MAX, 1])),
        ];
        for array in arrays {
            let column = column(&[array]).unwrap();
            let numbers = column.numbers().unwrap().unwrap();
            assert!(numbers[0].is_nan() && numbers[1].is_nan() && numbers[2] > 0.0);
            assert_eq!(column.nulls(), [false; 3]);
        }
    }

    #[test]
    fn wide_keys_equal_narrow_ones() {
        let wide = Decimal128Array::from(vec![7, 10i128.pow(30)])
            .with_precision_and_scale(38, 0)
            .unwrap();
        let wide = column(&[Arc::new(wide)]).unwrap();
        let narrow = column(&[Arc::new(Int64Array::from(vec![7, 8]))]).unwrap();
        let unified = Column::unify(&[&wide, &narrow]).unwrap();
        let first = |series: &Series| series.str().unwrap().get(0).unwrap().to_string();
        assert_eq!(first(&unified[0]), first(&unified[1]));
    }

    #[test]
    fn text_has_no_numbers_and_lists_are_not_carried() {
        let text = column(&[Arc::new(StringArray::from(vec![Some("a"), None]))]).unwrap();
        assert_eq!(text.numbers().unwrap(), None);
        assert_eq!(text.nulls(), [false, true]);
        let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(vec![
            Some(vec![Some(1)]),
        ]));
        assert!(column(&[list]).is_none());
    }
}
