//! Rows of a test: of any Arrow type, and the same at every run.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, DictionaryArray, FixedSizeBinaryArray, FixedSizeListArray,
    ListArray, MapArray, NullArray, PrimitiveArray, StringArray, StructArray, UInt64Array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::take;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, DurationMicrosecondType,
    DurationMillisecondType, DurationNanosecondType, DurationSecondType, Field, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNano,
    IntervalMonthDayNanoType, IntervalUnit, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use prodlike_plugin::{Column, Rows};

/// Rows that a table of a test has.
pub(crate) const TOTAL: u64 = 100_000;

/// What the values of a column are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// As tables have them.
    Plain,
    /// The least, the greatest, and what programs stumble over.
    Extreme,
    /// No two the same, where the type has so many.
    Distinct,
    /// As well, from the greatest downwards.
    Greatest,
    /// Texts and bytes of 1 MiB.
    Huge,
}

/// Which values are NULL, where a column may have any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    None,
    Some,
    All,
}

/// The rows of one call.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    numbers: Vec<u64>,
    consecutive: bool,
    seeds: Vec<u64>,
    pub(crate) input: Vec<ArrayRef>,
}

impl Batch {
    /// Returns rows from a number on.
    pub(crate) fn new(
        columns: &[Column],
        first: u64,
        n_rows: u64,
        values: Values,
        nulls: Nulls,
    ) -> Result<Batch, ArrowError> {
        let numbers: Vec<u64> = (first..first + n_rows).collect();
        let input = columns
            .iter()
            .zip(0..)
            .map(|(column, salt)| {
                let maker = Maker {
                    values,
                    nulls,
                    salt,
                    semantic: column.semantic.as_deref(),
                };
                maker.array(&column.field, &numbers)
            })
            .collect::<Result<_, _>>()?;
        Ok(Batch {
            seeds: numbers.iter().map(|&number| mix(number ^ SEED)).collect(),
            numbers,
            consecutive: true,
            input,
        })
    }

    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the number of a row.
    pub(crate) fn number(&self, row: usize) -> u64 {
        self.numbers.get(row).copied().unwrap_or_default()
    }

    /// Returns the rows as the host tells them.
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            count: self.numbers.len() as u32,
            first: self.numbers.first().copied().unwrap_or_default(),
            numbers: if self.consecutive { &[] } else { &self.numbers },
            seeds: &self.seeds,
            total: TOTAL,
            key: SEED,
        }
    }

    /// Returns a part of the rows.
    pub(crate) fn slice(&self, from: usize, n_rows: usize) -> Batch {
        Batch {
            numbers: self.numbers[from..from + n_rows].to_vec(),
            seeds: self.seeds[from..from + n_rows].to_vec(),
            consecutive: self.consecutive,
            input: self
                .input
                .iter()
                .map(|array| array.slice(from, n_rows))
                .collect(),
        }
    }

    /// Returns rows by their positions, whose numbers do not follow one another.
    pub(crate) fn take(&self, rows: &[usize]) -> Result<Batch, ArrowError> {
        let positions: UInt64Array = rows.iter().map(|&row| row as u64).collect();
        Ok(Batch {
            numbers: rows.iter().map(|&row| self.numbers[row]).collect(),
            seeds: rows.iter().map(|&row| self.seeds[row]).collect(),
            consecutive: false,
            input: self
                .input
                .iter()
                .map(|array| take(array, &positions, None))
                .collect::<Result<_, _>>()?,
        })
    }
}

const SEED: u64 = 0x5eed_5eed_5eed_5eed;

/// splitmix64.
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Every type that the contract carries, and some that are carried as another.
pub(crate) fn types() -> Vec<DataType> {
    let field = |name: &str, data_type| Arc::new(Field::new(name, data_type, true));
    let units = [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ];
    let mut types = vec![
        DataType::Null,
        DataType::Boolean,
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal128(9, 2),
        DataType::Decimal128(38, 10),
        DataType::Decimal128(5, -3),
        DataType::Date32,
        DataType::Time32(TimeUnit::Second),
        DataType::Time32(TimeUnit::Millisecond),
        DataType::Time64(TimeUnit::Microsecond),
        DataType::Time64(TimeUnit::Nanosecond),
        DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Utf8,
        DataType::Binary,
        DataType::FixedSizeBinary(16),
        DataType::List(field("item", DataType::Int64)),
        DataType::List(field("item", DataType::Utf8)),
        DataType::FixedSizeList(field("item", DataType::Int32), 3),
        DataType::Struct(vec![field("a", DataType::Utf8), field("b", DataType::Date32)].into()),
        DataType::List(field(
            "item",
            DataType::Struct(vec![field("a", DataType::Float64)].into()),
        )),
        DataType::Map(
            Arc::new(Field::new(
                "entries",
                DataType::Struct(
                    vec![
                        Arc::new(Field::new("key", DataType::Utf8, false)),
                        field("value", DataType::Int64),
                    ]
                    .into(),
                ),
                false,
            )),
            false,
        ),
        DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8)),
        DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Int64)),
        DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Date32)),
    ];
    for unit in units {
        types.push(DataType::Timestamp(unit, None));
        types.push(DataType::Timestamp(unit, Some("Europe/Vienna".into())));
        types.push(DataType::Duration(unit));
    }
    types
}

/// Texts that programs stumble over.
const EXTREME: [&str; 24] = [
    "",
    " ",
    "\0",
    "\n\r\t",
    "ä",
    "e\u{301}",
    "\u{202e}abc",
    "\u{feff}",
    "𝔘𝔫𝔦",
    "👩‍👩‍👧",
    "ß",
    "İ",
    "0",
    "-1",
    "99999999999999999999999999999999",
    "1e999",
    "NaN",
    "@",
    "a@b@c",
    "a@",
    "@b.",
    ".",
    "-",
    "{x} #### '; -- %s",
];

const WORDS: [&str; 12] = [
    "Ann Miller",
    "bob@example.org",
    "4111 1111 1111 1111",
    "AT61 1904 3002 3457 3201",
    "+43 660 1234567",
    "Große Straße 7",
    "I21.4",
    "2024-02-29",
    "the quick brown fox",
    "A-1",
    "東京",
    "1200",
];

/// Values for columns whose meaning is known by these names.
const KNOWN: [(&str, [&str; 4]); 5] = [
    ("country", ["AT", "DE", "US", "JP"]),
    ("locale", ["de_AT", "en_US", "fr_FR", "ja_JP"]),
    ("gender", ["f", "m", "female", "male"]),
    ("currency", ["EUR", "USD", "JPY", "CHF"]),
    ("first_name", ["Ann", "Bob", "Zoë", "Yuki"]),
];

/// How values of a column are made.
#[derive(Clone, Copy)]
struct Maker<'a> {
    values: Values,
    nulls: Nulls,
    salt: u64,
    semantic: Option<&'a str>,
}

impl Maker<'_> {
    fn hash(&self, number: u64) -> u64 {
        mix(mix(number) ^ self.salt)
    }

    fn is_null(&self, field: &Field, number: u64) -> bool {
        field.is_nullable()
            && match self.nulls {
                Nulls::None => false,
                Nulls::Some => mix(self.hash(number)).is_multiple_of(5),
                Nulls::All => true,
            }
    }

    /// Returns a whole number of a type that has those from `min` to `max`.
    fn integer(&self, number: u64, min: i128, max: i128) -> i128 {
        let hash = i128::from(self.hash(number));
        match self.values {
            Values::Plain | Values::Huge => hash % (max + 1).min(1_000),
            Values::Distinct => i128::from(number).min(max),
            Values::Greatest => max.saturating_sub(number.into()),
            Values::Extreme => match hash % 6 {
                0 => min,
                1 => max,
                2 => 0,
                3 => (-1).max(min),
                _ => min + hash.wrapping_mul(hash).rem_euclid(max.saturating_sub(min)),
            },
        }
    }

    /// Returns ticks since 1970, of so many a second.
    fn ticks(&self, number: u64, per_second: i64) -> i64 {
        match self.values {
            Values::Plain | Values::Huge => {
                (631_152_000 + (self.hash(number) % 1_200_000_000) as i64) * per_second
            }
            Values::Distinct => number as i64 * 3_600 * per_second,
            Values::Greatest => i64::MAX - number as i64,
            Values::Extreme => self.integer(number, i64::MIN.into(), i64::MAX.into()) as i64,
        }
    }

    fn time(&self, number: u64, per_day: u64) -> u64 {
        match self.values {
            Values::Plain | Values::Huge => self.hash(number) % per_day,
            Values::Distinct => number % per_day,
            Values::Greatest => per_day - 1 - number % per_day,
            Values::Extreme => [0, per_day - 1, 1][(self.hash(number) % 3) as usize],
        }
    }

    fn days(&self, number: u64) -> i32 {
        match self.values {
            Values::Plain | Values::Huge => 7_300 + (self.hash(number) % 14_600) as i32,
            Values::Distinct => number as i32,
            Values::Greatest => i32::MAX - number as i32,
            Values::Extreme => self.integer(number, i32::MIN.into(), i32::MAX.into()) as i32,
        }
    }

    fn float(&self, number: u64) -> f64 {
        let hash = self.hash(number);
        match self.values {
            Values::Plain | Values::Huge => (hash % 100_000) as f64 / 100.0,
            Values::Distinct => number as f64,
            // Floats are as far apart as their size is: these are exact.
            Values::Greatest => (1u64 << 53) as f64 - number as f64,
            Values::Extreme => match hash % 9 {
                0 => f64::NAN,
                1 => f64::INFINITY,
                2 => f64::NEG_INFINITY,
                3 => f64::MAX,
                4 => f64::MIN,
                5 => f64::MIN_POSITIVE,
                6 => -0.0,
                _ => f64::from_bits(mix(hash)),
            },
        }
    }

    fn text(&self, number: u64) -> String {
        let hash = self.hash(number);
        let pick = |texts: &[&str]| texts[(hash % texts.len() as u64) as usize].to_owned();
        match self.values {
            Values::Plain => {
                let known = KNOWN.iter().find(|(name, _)| Some(*name) == self.semantic);
                match known {
                    Some((_, texts)) => pick(texts),
                    None => pick(&WORDS),
                }
            }
            Values::Distinct => format!("user{number}@example.org"),
            Values::Greatest => format!("{:x}", u64::MAX - number),
            Values::Extreme => pick(&EXTREME),
            Values::Huge => {
                let piece = ["7", "aB ", "ä", "x@y.", "𝔘"][(number % 5) as usize];
                piece.repeat((1 << 20) / piece.len())
            }
        }
    }

    fn primitive<T: ArrowPrimitiveType>(
        &self,
        field: &Field,
        numbers: &[u64],
        value: impl Fn(u64) -> T::Native,
    ) -> ArrayRef {
        let array: PrimitiveArray<T> = numbers
            .iter()
            .map(|&number| (!self.is_null(field, number)).then(|| value(number)))
            .collect();
        Arc::new(array.with_data_type(field.data_type().clone()))
    }

    fn array(&self, field: &Field, numbers: &[u64]) -> Result<ArrayRef, ArrowError> {
        macro_rules! integers {
            ($type:ty, $native:ty) => {
                self.primitive::<$type>(field, numbers, |number| {
                    self.integer(number, <$native>::MIN.into(), <$native>::MAX.into()) as $native
                })
            };
        }
        macro_rules! ticks {
            ($unit:expr, $second:ty, $milli:ty, $micro:ty, $nano:ty) => {
                match $unit {
                    TimeUnit::Second => {
                        self.primitive::<$second>(field, numbers, |n| self.ticks(n, 1))
                    }
                    TimeUnit::Millisecond => {
                        self.primitive::<$milli>(field, numbers, |n| self.ticks(n, 1_000))
                    }
                    TimeUnit::Microsecond => {
                        self.primitive::<$micro>(field, numbers, |n| self.ticks(n, 1_000_000))
                    }
                    TimeUnit::Nanosecond => {
                        self.primitive::<$nano>(field, numbers, |n| self.ticks(n, 1_000_000_000))
                    }
                }
            };
        }
        let present = |number: &u64| !self.is_null(field, *number);
        let valid = || {
            let valid: NullBuffer = numbers.iter().map(present).collect();
            (valid.null_count() > 0).then_some(valid)
        };
        Ok(match field.data_type() {
            DataType::Null => Arc::new(NullArray::new(numbers.len())),
            DataType::Boolean => {
                let array: BooleanArray = numbers
                    .iter()
                    .map(|number| present(number).then(|| self.hash(*number) & 1 == 1))
                    .collect();
                Arc::new(array)
            }
            DataType::Int8 => integers!(Int8Type, i8),
            DataType::Int16 => integers!(Int16Type, i16),
            DataType::Int32 => integers!(Int32Type, i32),
            DataType::Int64 => integers!(Int64Type, i64),
            DataType::UInt8 => integers!(UInt8Type, u8),
            DataType::UInt16 => integers!(UInt16Type, u16),
            DataType::UInt32 => integers!(UInt32Type, u32),
            DataType::UInt64 => integers!(UInt64Type, u64),
            DataType::Float32 => {
                self.primitive::<Float32Type>(field, numbers, |n| self.float(n) as f32)
            }
            DataType::Float64 => self.primitive::<Float64Type>(field, numbers, |n| self.float(n)),
            DataType::Decimal128(precision, _) => {
                let most = 10i128.pow((*precision).into()) - 1;
                self.primitive::<Decimal128Type>(field, numbers, |n| self.integer(n, -most, most))
            }
            DataType::Date32 => self.primitive::<Date32Type>(field, numbers, |n| self.days(n)),
            DataType::Time32(TimeUnit::Second) => {
                self.primitive::<Time32SecondType>(field, numbers, |n| self.time(n, 86_400) as i32)
            }
            DataType::Time32(_) => self.primitive::<Time32MillisecondType>(field, numbers, |n| {
                self.time(n, 86_400_000) as i32
            }),
            DataType::Time64(TimeUnit::Nanosecond) => {
                self.primitive::<Time64NanosecondType>(field, numbers, |n| {
                    self.time(n, 86_400_000_000_000) as i64
                })
            }
            DataType::Time64(_) => self.primitive::<Time64MicrosecondType>(field, numbers, |n| {
                self.time(n, 86_400_000_000) as i64
            }),
            DataType::Timestamp(unit, _) => ticks!(
                unit,
                TimestampSecondType,
                TimestampMillisecondType,
                TimestampMicrosecondType,
                TimestampNanosecondType
            ),
            DataType::Duration(unit) => ticks!(
                unit,
                DurationSecondType,
                DurationMillisecondType,
                DurationMicrosecondType,
                DurationNanosecondType
            ),
            DataType::Interval(_) => {
                self.primitive::<IntervalMonthDayNanoType>(field, numbers, |n| {
                    IntervalMonthDayNano::new(self.days(n), self.days(n ^ 1), self.ticks(n, 1))
                })
            }
            DataType::Binary => {
                let array: BinaryArray = numbers
                    .iter()
                    .map(|number| present(number).then(|| self.text(*number).into_bytes()))
                    .collect();
                Arc::new(array)
            }
            DataType::FixedSizeBinary(size) => {
                let values = numbers.iter().map(|number| {
                    let hash = self.hash(*number).to_le_bytes();
                    present(number).then(|| hash.repeat(*size as usize)[..*size as usize].to_vec())
                });
                Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                    values, *size,
                )?)
            }
            DataType::List(item) => {
                let (offsets, children) = self.lists(field, numbers);
                let child = self.array(item, &children)?;
                Arc::new(ListArray::try_new(item.clone(), offsets, child, valid())?)
            }
            DataType::Map(entries, sorted) => {
                let (offsets, children) = self.lists(field, numbers);
                let DataType::Struct(fields) = entries.data_type() else {
                    return Err(ArrowError::SchemaError("a map of no struct".to_owned()));
                };
                let members = fields
                    .iter()
                    .map(|member| self.array(member, &children))
                    .collect::<Result<_, _>>()?;
                let child = StructArray::try_new(fields.clone(), members, None)?;
                Arc::new(MapArray::try_new(
                    entries.clone(),
                    offsets,
                    child,
                    valid(),
                    *sorted,
                )?)
            }
            DataType::FixedSizeList(item, size) => {
                let children: Vec<u64> = numbers
                    .iter()
                    .flat_map(|number| (0..*size as u64).map(move |at| number * 8 + at))
                    .collect();
                let child = self.array(item, &children)?;
                let lists = FixedSizeListArray::try_new(item.clone(), *size, child, valid())?;
                Arc::new(lists)
            }
            DataType::Struct(fields) => {
                let members = fields
                    .iter()
                    .map(|member| self.array(member, numbers))
                    .collect::<Result<_, _>>()?;
                Arc::new(StructArray::try_new(fields.clone(), members, valid())?)
            }
            DataType::Dictionary(_, values) => {
                // As many as there are rows where all are to differ.
                let n_values = match self.values {
                    Values::Distinct | Values::Greatest => numbers.len() as u64,
                    _ => 16.min(numbers.len() as u64),
                };
                let first = numbers.first().copied().unwrap_or_default();
                let domain: Vec<u64> = (first..first + n_values).collect();
                let values = self.array(&Field::new("values", *values.clone(), true), &domain)?;
                let keys: PrimitiveArray<UInt32Type> = (0u32..)
                    .zip(numbers)
                    .map(|(row, number)| {
                        let key = match self.values {
                            Values::Distinct | Values::Greatest => row,
                            _ => (self.hash(*number) % n_values.max(1)) as u32,
                        };
                        present(number).then_some(key)
                    })
                    .collect();
                Arc::new(DictionaryArray::<UInt32Type>::try_new(keys, values)?)
            }
            _ => {
                let array: StringArray = numbers
                    .iter()
                    .map(|number| present(number).then(|| self.text(*number)))
                    .collect();
                Arc::new(array)
            }
        })
    }

    /// Returns the offsets of lists, and numbers for what is in them.
    fn lists(&self, field: &Field, numbers: &[u64]) -> (OffsetBuffer<i32>, Vec<u64>) {
        let lengths = numbers.iter().map(|&number| {
            if self.is_null(field, number) {
                return 0;
            }
            (self.hash(number) % 4) as usize
        });
        let offsets = OffsetBuffer::from_lengths(lengths);
        let children = (0..offsets.last().copied().unwrap_or_default() as u64).collect();
        (offsets, children)
    }
}
