//! Numbers and days: columns that are not strings.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float32Array, Float64Array, Int8Array, Int16Array,
    Int32Array, Int64Array, StringArray, Time64MicrosecondArray, Time64NanosecondArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use prodlike_core::generator::{GenerateArgs, GeneratorError};
use prodlike_core::interval::Interval;
use prodlike_core::schema::{DataType, SemanticType, TimeUnit};

use crate::context::Rows;
use crate::device::card;
use crate::lands::LANDS;
use crate::local::Home;
use crate::noise::Noise;
use crate::pattern::Patterns;
use crate::vocabulary::{FIRST_POSTCODE, Numbering, PHONES, POSTCODES, civil, phone};

/// A range of days, counted from 1970-01-01.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    pub(crate) first: i64,
    pub(crate) count: u64,
}

/// 1940-01-01 to 2005-12-31: grown-ups, in a public range.
pub(crate) const BIRTHS: Days = Days {
    first: -10_958,
    count: 24_107,
};
/// 2000-01-01 to 2024-12-31.
pub(crate) const PUBLIC: Days = Days {
    first: 10_957,
    count: 9_132,
};
/// 0001-01-01: a unique column of dates may reach back to here.
const EARLIEST: i64 = -719_162;
const SECONDS: u64 = 86_400;

/// Fills a column of dates or timestamps.
pub(crate) fn days(
    name: SemanticType,
    days: Days,
    unique: bool,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let per_second = match args.data_type {
        DataType::Timestamp(TimeUnit::Second) => 1,
        DataType::Timestamp(TimeUnit::Millisecond) => 1_000,
        DataType::Timestamp(TimeUnit::Microsecond) | DataType::TimestampTz => 1_000_000,
        DataType::Time(_) | DataType::TimeTz => return times(name, unique, args),
        DataType::Timestamp(TimeUnit::Nanosecond) => 1_000_000_000,
        DataType::Date => {
            let mut days = days;
            if unique && args.table_rows > days.count {
                let last = days.first + days.count as i64 - 1;
                days = Days {
                    first: EARLIEST,
                    count: (last - EARLIEST + 1) as u64,
                };
                check_capacity(name, days.count.into(), args)?;
            }
            let dates = numbers(args, days.count, unique)
                .map(|(day, lap)| (days.first + (day + lap * days.count) as i64) as i32);
            return Ok(Arc::new(Date32Array::from_iter_values(dates)));
        }
        _ => return Err(data_type(name, args)),
    };
    if unique {
        check_capacity(name, u128::from(days.count) * u128::from(SECONDS), args)?;
    }
    // Laps go on through the day, a second each: the first one is midnight.
    let ticks = numbers(args, days.count, unique)
        .map(|(day, lap)| ((days.first + day as i64) * SECONDS as i64 + lap as i64) * per_second);
    Ok(match args.data_type {
        DataType::Timestamp(TimeUnit::Second) => {
            Arc::new(TimestampSecondArray::from_iter_values(ticks))
        }
        DataType::Timestamp(TimeUnit::Millisecond) => {
            Arc::new(TimestampMillisecondArray::from_iter_values(ticks))
        }
        DataType::Timestamp(TimeUnit::Nanosecond) => {
            Arc::new(TimestampNanosecondArray::from_iter_values(ticks))
        }
        DataType::TimestampTz => {
            Arc::new(TimestampMicrosecondArray::from_iter_values(ticks).with_timezone("+00:00"))
        }
        _ => Arc::new(TimestampMicrosecondArray::from_iter_values(ticks)),
    })
}

/// Fills a column of times of day: whole seconds, and finer ticks where all must differ.
fn times(
    name: SemanticType,
    unique: bool,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let per_second: i64 = match args.data_type {
        DataType::Time(TimeUnit::Nanosecond) => 1_000_000_000,
        _ => 1_000_000,
    };
    if unique {
        check_capacity(name, u128::from(SECONDS) * per_second as u128, args)?;
    }
    let ticks =
        numbers(args, SECONDS, unique).map(|(second, lap)| second as i64 * per_second + lap as i64);
    Ok(match per_second {
        1_000_000 => Arc::new(Time64MicrosecondArray::from_iter_values(ticks)),
        _ => Arc::new(Time64NanosecondArray::from_iter_values(ticks)),
    })
}

/// Fills a column of whole numbers with dates as people write them there: 19850312.
pub(crate) fn day_numbers(
    name: SemanticType,
    days: Days,
    unique: bool,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    match largest(args.data_type) {
        Some(max) if max >= 99_991_231 => {}
        _ => return Err(data_type(name, args)),
    }
    if unique {
        check_capacity(name, days.count.into(), args)?;
    }
    let numbers = numbers(args, days.count, unique).map(|(day, _)| {
        let (year, month, day) = civil(days.first + day as i64);
        (year * 10_000 + month * 100 + day) as i64
    });
    whole(name, args, numbers)
}

/// Fills a column of whole numbers with what its land would write, signs left out; where the
/// type is too narrow for that, as [`digits`].
pub(crate) fn shaped(
    name: SemanticType,
    digits_wanted: Option<u32>,
    home: Home,
    unique: bool,
    rows: &Rows,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let max = largest(args.data_type).ok_or_else(|| data_type(name, args))?;
    let fits = |patterns: &Patterns| {
        let digits = patterns.digits();
        !patterns.is_empty() && digits < 19 && 10_u64.pow(digits) - 1 <= max
    };
    if name == SemanticType::CardNumber {
        let wanted = digits_wanted
            .filter(|digits| (12..=19).contains(digits))
            .unwrap_or(16);
        let card = (12..=wanted as usize).rev().map(card).find(fits);
        let card = card.ok_or_else(|| data_type(name, args))?;
        if unique {
            check_capacity(name, card.capacity.into(), args)?;
        }
        let mut text = String::new();
        let values = numbers(args, card.capacity, unique)
            .map(|(number, _)| spelt(&card, number, &mut text))
            .collect::<Vec<_>>();
        return whole(name, args, values.into_iter());
    }
    let of = |land: usize| {
        let land = LANDS.get(land)?;
        let patterns = match name {
            SemanticType::Phone => &land.phone,
            SemanticType::Postcode => &land.postcode,
            _ => &land.national_id,
        };
        fits(patterns).then_some(patterns)
    };
    // What no land is told of has ranges of its own, but identity numbers.
    let standard = (name == SemanticType::NationalId).then(|| of(0)).flatten();
    let own = home.land.and_then(of).or(standard);
    match own {
        // Texts of one land that differ keep differing without their signs.
        Some(own) if unique && args.table_rows <= own.capacity => {
            let mut text = String::new();
            let values = numbers(args, own.capacity, true)
                .map(|(number, _)| spelt(own, number, &mut text))
                .collect::<Vec<_>>();
            whole(name, args, values.into_iter())
        }
        _ if unique || own.is_none() && rows.is_home() => digits(name, digits_wanted, unique, args),
        _ => {
            let range = Range::of(name, digits_wanted, max).ok_or_else(|| data_type(name, args))?;
            let mut text = String::new();
            let each = args.seeds.iter().enumerate();
            let values = each
                .map(|(at, &seed)| {
                    let mut noise = Noise::new(seed);
                    match rows.land(at).and_then(of).or(own) {
                        Some(patterns) => {
                            spelt(patterns, noise.below(patterns.capacity), &mut text)
                        }
                        None => range.value(noise.below(range.count)) as i64,
                    }
                })
                .collect::<Vec<_>>();
            whole(name, args, values.into_iter())
        }
    }
}

/// The digits of a text as a number.
fn spelt(patterns: &Patterns, number: u64, text: &mut String) -> i64 {
    text.clear();
    patterns.write(number, |letter| letter.is_ascii_digit(), text);
    text.parse().unwrap_or_default()
}

/// Refuses a unique column of ISO text that would run out of seconds in its days.
pub(crate) fn check_days(
    name: SemanticType,
    days: Days,
    args: &GenerateArgs<'_>,
) -> Result<(), GeneratorError> {
    check_capacity(name, u128::from(days.count) * u128::from(SECONDS), args)
}

/// Numbers without letters: where they start, how many, and what a lap adds.
#[derive(Clone, Copy, Debug)]
struct Range {
    first: u64,
    count: u64,
    step: u64,
    shape: Shape,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    /// `first + number`.
    Line,
    /// 1, area code, 555, line.
    Phone,
}

impl Range {
    fn value(&self, number: u64) -> u64 {
        match self.shape {
            Shape::Line => self.first + number,
            Shape::Phone => {
                let (area, line) = phone(number);
                (1_000 + area) * 10_000_000 + 5_550_000 + line
            }
        }
    }

    /// The first range that fits below `max`, the most telling first.
    fn of(name: SemanticType, digits: Option<u32>, max: u64) -> Option<Range> {
        let line = |first, count, step| Range {
            first,
            count,
            step,
            shape: Shape::Line,
        };
        let candidates: Vec<Range> = match name {
            SemanticType::Phone => vec![
                Range {
                    first: 0,
                    count: PHONES,
                    step: 100_000_000_000,
                    shape: Shape::Phone,
                },
                line(5_550_100, 100, 10_000_000),
            ],
            SemanticType::NationalId => vec![line(900_010_001, 99_000, 1_000_000_000)],
            // 9 is no issuer's first digit, neither of cards nor of US social security.
            SemanticType::DocumentNumber => vec![
                line(900_000_000_000, 100_000_000_000, 1_000_000_000_000),
                line(900_000_000, 100_000_000, 1_000_000_000),
            ],
            SemanticType::Postcode => {
                vec![
                    line(FIRST_POSTCODE, POSTCODES, 100_000),
                    line(1_000, 9_000, 10_000),
                ]
            }
            SemanticType::Code => (1..=digits.unwrap_or(8).clamp(1, 18))
                .rev()
                .map(|digits| 10_u64.pow(digits))
                .map(|end| line(end / 10, end - end / 10, end))
                .collect(),
            SemanticType::PublicNumber => vec![line(0, 100, 100), line(0, max.min(99) + 1, 100)],
            _ => Vec::new(),
        };
        candidates
            .into_iter()
            .find(|range| range.value(range.count - 1) <= max)
    }
}

/// Fills a column of digits: integers, and decimals or floats that hold whole numbers.
pub(crate) fn digits(
    name: SemanticType,
    digits: Option<u32>,
    unique: bool,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let max = largest(args.data_type).ok_or_else(|| data_type(name, args))?;
    let range = Range::of(name, digits, max).ok_or_else(|| data_type(name, args))?;
    let laps = (max - range.value(range.count - 1)) / range.step + 1;
    if unique && u128::from(args.table_rows) > u128::from(range.count) * u128::from(laps) {
        // The telling ranges are used up: every number of the type will do.
        check_capacity(name, u128::from(max) + 1, args)?;
        let numbers = numbers(args, max.saturating_add(1), true).map(|(number, _)| number as i64);
        return whole(name, args, numbers);
    }
    let numbers = numbers(args, range.count, unique)
        .map(|(number, lap)| (range.value(number) + lap * range.step) as i64);
    whole(name, args, numbers)
}

/// Fills a column of numbers from a public range: 0 to 99, or 0.00 to 0.99.
pub(crate) fn public_numbers(
    name: SemanticType,
    unique: bool,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let wanted = if unique { args.table_rows } else { 0 };
    match args.data_type {
        DataType::Interval => {
            let most = wanted.max(100);
            if most > i32::MAX as u64 {
                return Err(capacity(name, args));
            }
            let days = numbers(args, most, unique).map(|(days, _)| Interval {
                days: days as i32,
                ..Interval::default()
            });
            Ok(Arc::new(StringArray::from_iter_values(
                days.map(|interval| interval.to_string()),
            )))
        }
        DataType::Float32 | DataType::Float64 => {
            let most = if *args.data_type == DataType::Float32 {
                6
            } else {
                15
            };
            let places = (2..=most).find(|&places| wanted <= 10_u64.pow(places));
            let Some(places) = places else {
                return digits(name, None, unique, args);
            };
            let count = 10_u64.pow(places);
            let values =
                numbers(args, count, unique).map(|(number, _)| number as f64 / count as f64);
            Ok(match args.data_type {
                DataType::Float32 => Arc::new(Float32Array::from_iter_values(
                    values.map(|value| value as f32),
                )),
                _ => Arc::new(Float64Array::from_iter_values(values)),
            })
        }
        DataType::Decimal(precision, scale @ 1..) if *scale as u8 <= *precision => {
            let scale = (*scale as u32).min(18);
            let places = scale.min(2);
            let hundredths = (10_u64.pow(places), 10_i128.pow(scale - places));
            let fractions = (10_u64.pow(scale), 1);
            let all = (10_u64.pow(u32::from(*precision).min(18)), 1);
            let (count, unit) = [hundredths, fractions, all]
                .into_iter()
                .find(|(count, _)| wanted <= *count)
                .ok_or_else(|| capacity(name, args))?;
            decimals(
                name,
                args,
                numbers(args, count, unique).map(|(number, _)| i128::from(number) * unit),
            )
        }
        _ => digits(name, None, unique, args),
    }
}

/// Number and lap of every row of the batch.
fn numbers<'a>(
    args: &'a GenerateArgs<'a>,
    capacity: u64,
    unique: bool,
) -> impl Iterator<Item = (u64, u64)> + 'a {
    let numbering = Numbering::new(args, capacity, unique);
    args.rows
        .iter()
        .zip(args.seeds)
        .map(move |(&row, &seed)| numbering.number(row, &mut Noise::new(seed)))
}

/// Returns the largest whole number that a type holds exactly, and with all below it.
fn largest(data_type: &DataType) -> Option<u64> {
    Some(match data_type {
        DataType::Int8 => i8::MAX as u64,
        DataType::Int16 => i16::MAX as u64,
        DataType::Int32 => i32::MAX as u64,
        DataType::Int64 => i64::MAX as u64,
        DataType::UInt8 => u8::MAX.into(),
        DataType::UInt16 => u16::MAX.into(),
        DataType::UInt32 => u32::MAX.into(),
        // Beyond that a number of the generators is no `i64`.
        DataType::UInt64 | DataType::Int128 | DataType::UInt128 => i64::MAX as u64,
        DataType::Float32 => 1 << 24,
        DataType::Float64 => 1 << 53,
        DataType::Decimal(precision @ ..=38, scale @ 0..) => {
            10_u64.pow(u32::from(precision.checked_sub(*scale as u8)?).min(18)) - 1
        }
        _ => return None,
    })
}

/// Whole numbers as any numeric type; they are known to fit.
fn whole(
    name: SemanticType,
    args: &GenerateArgs<'_>,
    values: impl Iterator<Item = i64>,
) -> Result<ArrayRef, GeneratorError> {
    Ok(match args.data_type {
        DataType::Int8 => Arc::new(Int8Array::from_iter_values(values.map(|value| value as i8))),
        DataType::Int16 => Arc::new(Int16Array::from_iter_values(
            values.map(|value| value as i16),
        )),
        DataType::Int32 => Arc::new(Int32Array::from_iter_values(
            values.map(|value| value as i32),
        )),
        DataType::Int64 => Arc::new(Int64Array::from_iter_values(values)),
        DataType::UInt8 => Arc::new(UInt8Array::from_iter_values(
            values.map(|value| value as u8),
        )),
        DataType::UInt16 => Arc::new(UInt16Array::from_iter_values(
            values.map(|value| value as u16),
        )),
        DataType::UInt32 => Arc::new(UInt32Array::from_iter_values(
            values.map(|value| value as u32),
        )),
        DataType::UInt64 => Arc::new(UInt64Array::from_iter_values(
            values.map(|value| value as u64),
        )),
        DataType::Int128 | DataType::UInt128 => {
            return decimals(name, args, values.map(i128::from));
        }
        DataType::Float32 => Arc::new(Float32Array::from_iter_values(
            values.map(|value| value as f32),
        )),
        DataType::Float64 => Arc::new(Float64Array::from_iter_values(
            values.map(|value| value as f64),
        )),
        DataType::Decimal(_, scale @ 0..) => {
            let unit = 10_i128
                .checked_pow(*scale as u32)
                .ok_or_else(|| data_type(name, args))?;
            return decimals(name, args, values.map(|value| i128::from(value) * unit));
        }
        _ => return Err(data_type(name, args)),
    })
}

fn decimals(
    name: SemanticType,
    args: &GenerateArgs<'_>,
    ticks: impl Iterator<Item = i128>,
) -> Result<ArrayRef, GeneratorError> {
    let (precision, scale) = match args.data_type {
        DataType::Decimal(precision, scale) => (*precision, *scale),
        DataType::Int128 | DataType::UInt128 => (38, 0),
        _ => return Err(data_type(name, args)),
    };
    Decimal128Array::from_iter_values(ticks)
        .with_precision_and_scale(precision, scale)
        .map(|array| Arc::new(array) as ArrayRef)
        .map_err(|_| data_type(name, args))
}

fn check_capacity(
    name: SemanticType,
    values: u128,
    args: &GenerateArgs<'_>,
) -> Result<(), GeneratorError> {
    if u128::from(args.table_rows) > values {
        Err(capacity(name, args))
    } else {
        Ok(())
    }
}

fn capacity(name: SemanticType, args: &GenerateArgs<'_>) -> GeneratorError {
    GeneratorError::Capacity {
        name: name.to_string(),
        rows: args.table_rows,
        data_type: args.data_type.clone(),
    }
}

/// The error for a type that the generator does not make.
pub(crate) fn data_type(name: SemanticType, args: &GenerateArgs<'_>) -> GeneratorError {
    GeneratorError::DataType {
        name: name.to_string(),
        data_type: args.data_type.clone(),
    }
}
