//! A CSV writer that tells NULL from the empty string.
//!
//! arrow-csv cannot: it quotes an empty string only where it is alone in its row. And it
//! formats timestamps its own way. What is needed is little, so it is written out: columns are
//! resolved once a batch, then rows are appended to one buffer.

use std::io::{self, Write};

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, Schema, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;

/// The days of DuckDB's date `-infinity`.
const NO_DAY: i32 = -i32::MAX;
/// The ticks of DuckDB's timestamp `-infinity`.
const NO_TICK: i64 = -i64::MAX;

/// Bytes that are gathered before they are handed to the file.
const BUFFER: usize = 1 << 16;

pub(super) enum CsvError {
    Io(io::Error),
    Arrow(ArrowError),
}

impl From<io::Error> for CsvError {
    fn from(error: io::Error) -> CsvError {
        CsvError::Io(error)
    }
}

impl From<ArrowError> for CsvError {
    fn from(error: ArrowError) -> CsvError {
        CsvError::Arrow(error)
    }
}

pub(super) struct CsvSink<W> {
    file: W,
    buffer: Vec<u8>,
}

impl<W: Write> CsvSink<W> {
    pub(super) fn new(file: W, schema: &Schema) -> io::Result<CsvSink<W>> {
        let mut buffer = Vec::with_capacity(BUFFER * 2);
        for (idx, field) in schema.fields().iter().enumerate() {
            if idx > 0 {
                buffer.push(b',');
            }
            push_text(&mut buffer, field.name());
        }
        buffer.push(b'\n');
        Ok(CsvSink { file, buffer })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), CsvError> {
        let columns: Vec<ArrayRef> = batch
            .columns()
            .iter()
            .map(plain)
            .collect::<Result<_, ArrowError>>()?;
        let cells: Vec<Cells<'_>> = columns
            .iter()
            .map(Cells::new)
            .collect::<Result<_, ArrowError>>()?;
        for row in 0..batch.num_rows() {
            for (idx, (cells, column)) in cells.iter().zip(&columns).enumerate() {
                if idx > 0 {
                    self.buffer.push(b',');
                }
                if column.is_valid(row) {
                    cells.push(&mut self.buffer, row)?;
                }
            }
            self.buffer.push(b'\n');
            if self.buffer.len() >= BUFFER {
                self.file.write_all(&self.buffer)?;
                self.buffer.clear();
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.file.write_all(&self.buffer)?;
        self.file.flush()?;
        Ok(self.file)
    }
}

/// Unpacks dictionaries and views; other arrays pass.
fn plain(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Dictionary(_, values) => plain(&cast(column, values)?),
        DataType::LargeUtf8 | DataType::Utf8View => cast(column, &DataType::Utf8),
        _ => Ok(ArrayRef::clone(column)),
    }
}

enum Cells<'a> {
    Boolean(&'a BooleanArray),
    Int8(&'a PrimitiveArray<Int8Type>),
    Int16(&'a PrimitiveArray<Int16Type>),
    Int32(&'a PrimitiveArray<Int32Type>),
    Int64(&'a PrimitiveArray<Int64Type>),
    UInt8(&'a PrimitiveArray<UInt8Type>),
    UInt16(&'a PrimitiveArray<UInt16Type>),
    UInt32(&'a PrimitiveArray<UInt32Type>),
    UInt64(&'a PrimitiveArray<UInt64Type>),
    Float32(&'a PrimitiveArray<Float32Type>),
    Float64(&'a PrimitiveArray<Float64Type>),
    Decimal(&'a PrimitiveArray<Decimal128Type>, u32),
    Text(&'a StringArray),
    Date(&'a PrimitiveArray<Date32Type>),
    Bytes(&'a BinaryArray),
    /// Ticks, ticks a second, digits after the point.
    Time(&'a [i64], i64, usize),
    /// The same, and what follows.
    Timestamp(&'a [i64], i64, usize, &'static str),
}

impl<'a> Cells<'a> {
    fn new(column: &'a ArrayRef) -> Result<Cells<'a>, ArrowError> {
        Ok(match column.data_type() {
            DataType::Boolean => Cells::Boolean(column.as_boolean()),
            DataType::Int8 => Cells::Int8(column.as_primitive()),
            DataType::Int16 => Cells::Int16(column.as_primitive()),
            DataType::Int32 => Cells::Int32(column.as_primitive()),
            DataType::Int64 => Cells::Int64(column.as_primitive()),
            DataType::UInt8 => Cells::UInt8(column.as_primitive()),
            DataType::UInt16 => Cells::UInt16(column.as_primitive()),
            DataType::UInt32 => Cells::UInt32(column.as_primitive()),
            DataType::UInt64 => Cells::UInt64(column.as_primitive()),
            DataType::Float32 => Cells::Float32(column.as_primitive()),
            DataType::Float64 => Cells::Float64(column.as_primitive()),
            DataType::Decimal128(_, scale @ 0..) => {
                Cells::Decimal(column.as_primitive(), u32::from(scale.unsigned_abs()))
            }
            DataType::Utf8 => Cells::Text(column.as_string()),
            DataType::Date32 => Cells::Date(column.as_primitive()),
            DataType::Binary => Cells::Bytes(column.as_binary()),
            DataType::Time64(TimeUnit::Nanosecond) => Cells::Time(
                column.as_primitive::<Time64NanosecondType>().values(),
                1_000_000_000,
                9,
            ),
            DataType::Time64(_) => Cells::Time(
                column.as_primitive::<Time64MicrosecondType>().values(),
                1_000_000,
                6,
            ),
            DataType::Timestamp(unit, zone) => {
                let (ticks, second, digits): (&[i64], i64, usize) = match unit {
                    TimeUnit::Second => {
                        (column.as_primitive::<TimestampSecondType>().values(), 1, 0)
                    }
                    TimeUnit::Millisecond => (
                        column.as_primitive::<TimestampMillisecondType>().values(),
                        1_000,
                        3,
                    ),
                    TimeUnit::Microsecond => (
                        column.as_primitive::<TimestampMicrosecondType>().values(),
                        1_000_000,
                        6,
                    ),
                    TimeUnit::Nanosecond => (
                        column.as_primitive::<TimestampNanosecondType>().values(),
                        1_000_000_000,
                        9,
                    ),
                };
                // Ticks of a zoned timestamp are UTC's, whatever the zone.
                let zone = if zone.is_some() { "+00" } else { "" };
                Cells::Timestamp(ticks, second, digits, zone)
            }
            other => {
                return Err(ArrowError::NotYetImplemented(format!(
                    "CSV does not carry type {other}"
                )));
            }
        })
    }

    fn push(&self, buffer: &mut Vec<u8>, row: usize) -> io::Result<()> {
        match self {
            Cells::Boolean(cells) => {
                buffer.extend_from_slice(if cells.value(row) { b"true" } else { b"false" });
            }
            Cells::Int8(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::Int16(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::Int32(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::Int64(cells) => push_integer(buffer, cells.value(row)),
            Cells::UInt8(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::UInt16(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::UInt32(cells) => push_integer(buffer, i64::from(cells.value(row))),
            Cells::UInt64(cells) => push_digits(buffer, cells.value(row), 1),
            Cells::Float32(cells) => {
                let value = cells.value(row);
                if value.is_nan() {
                    buffer.extend_from_slice(b"nan");
                } else {
                    write!(buffer, "{value:?}")?;
                }
            }
            Cells::Float64(cells) => {
                let value = cells.value(row);
                if value.is_nan() {
                    buffer.extend_from_slice(b"nan");
                } else {
                    write!(buffer, "{value:?}")?;
                }
            }
            Cells::Decimal(cells, scale) => push_decimal(buffer, cells.value(row), *scale)?,
            Cells::Text(cells) => push_text(buffer, cells.value(row)),
            Cells::Bytes(cells) => push_bytes(buffer, cells.value(row)),
            Cells::Date(cells) => match cells.value(row) {
                i32::MAX => buffer.extend_from_slice(b"infinity"),
                NO_DAY => buffer.extend_from_slice(b"-infinity"),
                days => push_date(buffer, i64::from(days)),
            },
            Cells::Time(ticks, second, digits) => {
                push_time(buffer, ticks[row], *second, *digits);
            }
            Cells::Timestamp(ticks, second, digits, zone) => match ticks[row] {
                i64::MAX => buffer.extend_from_slice(b"infinity"),
                NO_TICK => buffer.extend_from_slice(b"-infinity"),
                ticks => {
                    push_timestamp(buffer, ticks, *second, *digits);
                    buffer.extend_from_slice(zone.as_bytes());
                }
            },
        }
        Ok(())
    }
}

fn push_text(buffer: &mut Vec<u8>, text: &str) {
    let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.as_bytes().iter().any(special) {
        buffer.extend_from_slice(text.as_bytes());
        return;
    }
    buffer.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    buffer.push(b'"');
}

fn push_integer(buffer: &mut Vec<u8>, value: i64) {
    if value < 0 {
        buffer.push(b'-');
    }
    push_digits(buffer, value.unsigned_abs(), 1);
}

/// Appends at least `width` digits.
fn push_digits(buffer: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while value > 0 {
        first -= 1;
        digits[first] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    buffer.extend_from_slice(&digits[first.min(digits.len() - width.min(20))..]);
}

fn push_decimal(buffer: &mut Vec<u8>, value: i128, scale: u32) -> io::Result<()> {
    if value < 0 {
        buffer.push(b'-');
    }
    let value = value.unsigned_abs();
    match 10u128.checked_pow(scale) {
        Some(power) if scale > 0 => {
            let width = scale as usize;
            write!(buffer, "{}.{:0width$}", value / power, value % power)
        }
        _ => write!(buffer, "{value}"),
    }
}

/// Appends an ISO date in the proleptic Gregorian calendar.
///
/// Days are counted from March 1 of year 0, so that the leap day is the last of its year
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn push_date(buffer: &mut Vec<u8>, days: i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    if year < 0 {
        buffer.push(b'-');
    }
    push_digits(buffer, year.unsigned_abs(), 4);
    buffer.push(b'-');
    push_digits(buffer, month.unsigned_abs(), 2);
    buffer.push(b'-');
    push_digits(buffer, day.unsigned_abs(), 2);
}

fn push_timestamp(buffer: &mut Vec<u8>, ticks: i64, second: i64, digits: usize) {
    let seconds = ticks.div_euclid(second);
    let days = seconds.div_euclid(86_400);
    push_date(buffer, days);
    buffer.push(b' ');
    // Not `ticks - days · day`, which may overflow.
    let of_day = seconds.rem_euclid(86_400) * second + ticks.rem_euclid(second);
    push_time(buffer, of_day, second, digits);
}

/// Appends a time of day; `24:00:00` is one.
fn push_time(buffer: &mut Vec<u8>, ticks: i64, second: i64, digits: usize) {
    let seconds = ticks.div_euclid(second);
    let fraction = ticks.rem_euclid(second);
    push_digits(buffer, (seconds / 3_600).unsigned_abs(), 2);
    for value in [seconds / 60 % 60, seconds % 60] {
        buffer.push(b':');
        push_digits(buffer, value.unsigned_abs(), 2);
    }
    if fraction > 0 {
        buffer.push(b'.');
        push_digits(buffer, fraction.unsigned_abs(), digits);
    }
}

/// Appends bytes as DuckDB reads them: every one in hexadecimal digits.
fn push_bytes(buffer: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.is_empty() {
        buffer.extend_from_slice(b"\"\"");
    }
    for byte in bytes {
        buffer.extend_from_slice(b"\\x");
        for digit in [byte >> 4, byte & 15] {
            buffer.push(b"0123456789ABCDEF"[usize::from(digit)]);
        }
    }
}
