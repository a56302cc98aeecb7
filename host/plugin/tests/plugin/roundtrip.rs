//! Every type goes to a plugin that returns what it is given, and comes back the same.

use std::sync::{Arc, OnceLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, FixedSizeListArray, Int64Array, ListArray, MapArray, NullArray,
    PrimitiveArray, StringArray, StructArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, DurationSecondType, Field, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType,
    IntervalUnit, Time32MillisecondType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Settings, canonical};
use proptest::prelude::*;

use crate::guest::Guest;
use crate::runtime;

fn echo(data_type: &DataType, nullable: bool, array: ArrayRef, replay: Replay) -> ArrayRef {
    static PLUGIN: OnceLock<Plugin> = OnceLock::new();
    let plugin = PLUGIN.get_or_init(|| {
        let guest = Guest {
            kinds: &["transform"],
            ..Guest::default()
        };
        Plugin::load(runtime(), "echo", &guest.build(), &Limits::default(), None).unwrap()
    });
    let transform = plugin
        .transform(Settings {
            input: vec![Column::new(Field::new("c", data_type.clone(), nullable)).meaning("x")],
            replay,
            ..Settings::default()
        })
        .unwrap();
    let stated = &transform.output()[0];
    assert_eq!(stated.field.data_type(), &canonical(data_type).unwrap());
    assert_eq!(stated.semantic.as_deref(), Some("x"));
    let seeds = vec![0; array.len()];
    let rows = Rows {
        count: array.len() as u32,
        seeds: &seeds,
        ..Rows::default()
    };
    transform.apply(&rows, &[array]).unwrap().remove(0)
}

/// splitmix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn nulls(nullable: bool, length: usize, state: &mut u64) -> Option<NullBuffer> {
    let dense = next(state).is_multiple_of(3);
    (nullable && !dense).then(|| {
        (0..length)
            .map(|_| !next(state).is_multiple_of(4))
            .collect()
    })
}

fn primitive<T: ArrowPrimitiveType>(
    length: usize,
    nulls: Option<NullBuffer>,
    state: &mut u64,
    value: impl Fn(u64) -> T::Native,
) -> PrimitiveArray<T> {
    let values: Vec<T::Native> = (0..length).map(|_| value(next(state))).collect();
    PrimitiveArray::new(values.into(), nulls)
}

fn offsets(length: usize, state: &mut u64) -> OffsetBuffer<i32> {
    OffsetBuffer::from_lengths((0..length).map(|_| (next(state) % 4) as usize))
}

/// An array of any values, also under NULL.
fn random(data_type: &DataType, nullable: bool, length: usize, state: &mut u64) -> ArrayRef {
    let nulls = nulls(nullable, length, state);
    match data_type {
        DataType::Null => Arc::new(NullArray::new(length)),
        DataType::Boolean => {
            let bits = (0..length).map(|_| next(state).is_multiple_of(2)).collect();
            Arc::new(BooleanArray::new(bits, nulls))
        }
        DataType::Int8 => Arc::new(primitive::<Int8Type>(length, nulls, state, |v| v as i8)),
        DataType::Int16 => Arc::new(primitive::<Int16Type>(length, nulls, state, |v| v as i16)),
        DataType::Int32 => Arc::new(primitive::<Int32Type>(length, nulls, state, |v| v as i32)),
        DataType::Int64 => Arc::new(primitive::<Int64Type>(length, nulls, state, |v| v as i64)),
        DataType::UInt8 => Arc::new(primitive::<UInt8Type>(length, nulls, state, |v| v as u8)),
        DataType::UInt16 => Arc::new(primitive::<UInt16Type>(length, nulls, state, |v| v as u16)),
        DataType::UInt32 => Arc::new(primitive::<UInt32Type>(length, nulls, state, |v| v as u32)),
        DataType::UInt64 => Arc::new(primitive::<UInt64Type>(length, nulls, state, |v| v)),
        DataType::Float32 => Arc::new(primitive::<Float32Type>(length, nulls, state, |v| {
            v as f32 / 7.0
        })),
        DataType::Float64 => Arc::new(primitive::<Float64Type>(length, nulls, state, |v| {
            if v.is_multiple_of(5) {
                f64::NAN
            } else {
                -(v as f64) / 7.0
            }
        })),
        DataType::Decimal128(precision, scale) => {
            let end = 10i128.pow(u32::from(*precision));
            let values: Vec<i128> = (0..length)
                .map(|_| (i128::from(next(state) as i64) * i128::from(next(state) >> 8)) % end)
                .collect();
            let array = Decimal128Array::new(values.into(), nulls);
            Arc::new(array.with_precision_and_scale(*precision, *scale).unwrap())
        }
        DataType::Date32 => Arc::new(primitive::<Date32Type>(length, nulls, state, |v| v as i32)),
        DataType::Time32(_) => {
            let day = 86_400_000;
            let time = |v| (v % day) as i32;
            Arc::new(primitive::<Time32MillisecondType>(
                length, nulls, state, time,
            ))
        }
        DataType::Time64(_) => {
            let day = 86_400_000_000_000;
            let time = |v| (v % day) as i64;
            Arc::new(primitive::<Time64NanosecondType>(
                length, nulls, state, time,
            ))
        }
        DataType::Timestamp(_, zone) => {
            let array = primitive::<TimestampMicrosecondType>(length, nulls, state, |v| v as i64);
            Arc::new(array.with_timezone_opt(zone.clone()))
        }
        DataType::Duration(_) => {
            Arc::new(primitive::<DurationSecondType>(length, nulls, state, |v| {
                v as i64
            }))
        }
        DataType::Interval(_) => Arc::new(primitive::<IntervalMonthDayNanoType>(
            length,
            nulls,
            state,
            |v| IntervalMonthDayNano::new(v as i32, (v >> 16) as i32, v as i64),
        )),
        DataType::Utf8 => {
            let offsets = offsets(length, state);
            let data: String = (0..offsets[length])
                .map(|_| (b'a' + (next(state) % 26) as u8) as char)
                .collect();
            Arc::new(StringArray::new(offsets, data.into_bytes().into(), nulls))
        }
        DataType::Binary => {
            let offsets = offsets(length, state);
            let data: Vec<u8> = (0..offsets[length]).map(|_| next(state) as u8).collect();
            Arc::new(BinaryArray::new(offsets, data.into(), nulls))
        }
        DataType::FixedSizeBinary(size) => {
            let bytes = (0..length * *size as usize).map(|_| next(state) as u8);
            let bytes: Vec<u8> = bytes.collect();
            Arc::new(FixedSizeBinaryArray::new(*size, bytes.into(), nulls))
        }
        DataType::List(child) => {
            let offsets = offsets(length, state);
            let count = offsets[length] as usize;
            let values = random(child.data_type(), child.is_nullable(), count, state);
            Arc::new(ListArray::new(child.clone(), offsets, values, nulls))
        }
        DataType::FixedSizeList(child, size) => {
            let count = length * *size as usize;
            let values = random(child.data_type(), child.is_nullable(), count, state);
            Arc::new(FixedSizeListArray::new(child.clone(), *size, values, nulls))
        }
        DataType::Struct(fields) => {
            let members = fields
                .iter()
                .map(|field| random(field.data_type(), field.is_nullable(), length, state))
                .collect();
            let array = StructArray::try_new_with_length(fields.clone(), members, nulls, length);
            Arc::new(array.unwrap())
        }
        DataType::Map(child, sorted) => {
            let offsets = offsets(length, state);
            let count = offsets[length] as usize;
            let entries = random(child.data_type(), false, count, state);
            let entries = entries.as_struct().clone();
            Arc::new(MapArray::new(
                child.clone(),
                offsets,
                entries,
                nulls,
                *sorted,
            ))
        }
        DataType::Dictionary(_, values) => {
            let values = random(values, nullable, 5, state);
            let keys = primitive::<Int16Type>(length, nulls, state, |v| (v % 5) as i16);
            Arc::new(DictionaryArray::new(keys, values))
        }
        other => unreachable!("{other} is not tested"),
    }
}

fn leaf() -> impl Strategy<Value = DataType> {
    prop::sample::select(vec![
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
        DataType::Decimal128(38, 10),
        DataType::Decimal128(9, 2),
        DataType::Date32,
        DataType::Time32(TimeUnit::Millisecond),
        DataType::Time64(TimeUnit::Nanosecond),
        DataType::Timestamp(TimeUnit::Microsecond, None),
        DataType::Timestamp(TimeUnit::Microsecond, Some("Europe/Vienna".into())),
        DataType::Duration(TimeUnit::Second),
        DataType::Interval(IntervalUnit::MonthDayNano),
        DataType::Utf8,
        DataType::Binary,
        DataType::FixedSizeBinary(16),
        DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8)),
    ])
}

fn any_type() -> impl Strategy<Value = DataType> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        let field = |name: &'static str| {
            (inner.clone(), any::<bool>()).prop_map(move |(data_type, nullable)| {
                // A column of type Null is all NULL.
                let nullable = nullable || data_type == DataType::Null;
                Arc::new(Field::new(name, data_type, nullable))
            })
        };
        prop_oneof![
            field("item").prop_map(DataType::List),
            (field("item"), 1..4i32).prop_map(|(child, size)| DataType::FixedSizeList(child, size)),
            prop::collection::vec(field("member"), 0..4)
                .prop_map(|fields| DataType::Struct(fields.into())),
            field("value").prop_map(|value| {
                let key = Arc::new(Field::new("key", DataType::Utf8, false));
                let entries = DataType::Struct(vec![key, value].into());
                DataType::Map(Arc::new(Field::new("entries", entries, false)), false)
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_type_comes_back(
        data_type in any_type(),
        nullable in any::<bool>(),
        length in 0..70usize,
        offset in 0..20usize,
        seed in any::<u64>(),
    ) {
        let nullable = nullable || data_type == DataType::Null;
        let mut state = seed;
        let array = random(&data_type, nullable, offset + length + 3, &mut state);
        let array = array.slice(offset, length);
        let replay = Replay { one_in: 1, rows: 50, key: seed };
        let returned = echo(&data_type, nullable, array.clone(), replay);
        let expected = cast(&array, &canonical(&data_type).unwrap()).unwrap();
        prop_assert_eq!(returned.data_type(), expected.data_type());
        prop_assert!(returned.to_data() == expected.to_data(), "{:?}\n{:?}", expected, returned);
    }
}

#[test]
fn other_layouts_are_carried() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("öä")]));
    for data_type in [
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::LargeUtf8)),
    ] {
        let other = cast(&texts, &data_type).unwrap();
        let returned = echo(&data_type, true, other, Replay::default());
        assert_eq!(
            &cast(&returned, &DataType::Utf8).unwrap(),
            &texts,
            "{data_type}"
        );
    }
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(86_400_000), None]));
    let dates = cast(&numbers, &DataType::Date64).unwrap();
    let returned = echo(&DataType::Date64, true, dates, Replay::default());
    assert_eq!(returned.as_primitive::<Date32Type>().value(0), 1);
}

#[test]
fn nothing_lies_under_null() {
    let nulls = Some(NullBuffer::from(vec![true, false, true]));
    let ints: ArrayRef = Arc::new(Int64Array::new(vec![1, 77, 3].into(), nulls.clone()));
    let ints = echo(&DataType::Int64, true, ints, Replay::NEVER);
    assert_eq!(ints.as_primitive::<Int64Type>().values(), &[1, 0, 3]);
    let texts: ArrayRef = Arc::new(StringArray::new(
        OffsetBuffer::from_lengths([1, 6, 2]),
        b"asecretbc".to_vec().into(),
        nulls.clone(),
    ));
    let texts = echo(&DataType::Utf8, true, texts, Replay::NEVER);
    assert_eq!(texts.as_string::<i32>().values().as_slice(), b"abc");
    // Nor under a parent's.
    let member = Arc::new(Field::new("m", DataType::Int64, false));
    let members = StructArray::new(
        vec![member].into(),
        vec![Arc::new(Int64Array::from(vec![1, 77, 3]))],
        nulls,
    );
    let data_type = members.data_type().clone();
    let members = echo(&data_type, true, Arc::new(members), Replay::NEVER);
    let member = members.as_struct().column(0);
    assert_eq!(member.as_primitive::<Int64Type>().values(), &[1, 0, 3]);
}
