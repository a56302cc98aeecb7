//! Arrow's arrays as the contract's nodes.
//!
//! Buffers are lent, not copied, where an array holds exactly what the contract says: offsets
//! that begin with zero, zeros under NULL, nothing but zeros behind the last bit. Otherwise a
//! buffer is written anew, so that what a plugin sees is a function of the values alone.

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, FixedSizeBinaryArray, GenericByteArray, PrimitiveArray,
    UInt32Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    ArrowPrimitiveType, BinaryType, ByteArrayType, DataType, Date32Type, Decimal128Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalMonthDayNanoType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type, Utf8Type,
};
use arrow::error::ArrowError;

use crate::bindings::prodlike::plugin::types as wit;

/// A node that holds on to the buffers it lends.
pub(crate) struct Node {
    length: u32,
    validity: Option<Buffer>,
    values: Values,
}

enum Values {
    None,
    Bits(Buffer),
    Int8(ScalarBuffer<i8>),
    Int16(ScalarBuffer<i16>),
    Int32(ScalarBuffer<i32>),
    Int64(ScalarBuffer<i64>),
    Uint8(ScalarBuffer<u8>),
    Uint16(ScalarBuffer<u16>),
    Uint32(ScalarBuffer<u32>),
    Uint64(ScalarBuffer<u64>),
    Float32(ScalarBuffer<f32>),
    Float64(ScalarBuffer<f64>),
    Words(Vec<u64>),
    Fixed(Buffer),
    Varlen(ScalarBuffer<u32>, Buffer),
    Offsets(ScalarBuffer<u32>),
    Keys(ScalarBuffer<u32>),
}

impl Node {
    /// Lends the buffers to the guest.
    pub(crate) fn lend(&self) -> wit::NodeParam<'_> {
        use wit::ValuesParam as V;
        wit::NodeParam {
            length: self.length,
            validity: self.validity.as_deref(),
            values: match &self.values {
                Values::None => V::None,
                Values::Bits(bits) => V::Bits(bits),
                Values::Int8(values) => V::Int8(values),
                Values::Int16(values) => V::Int16(values),
                Values::Int32(values) => V::Int32(values),
                Values::Int64(values) => V::Int64(values),
                Values::Uint8(values) => V::Uint8(values),
                Values::Uint16(values) => V::Uint16(values),
                Values::Uint32(values) => V::Uint32(values),
                Values::Uint64(values) => V::Uint64(values),
                Values::Float32(values) => V::Float32(values),
                Values::Float64(values) => V::Float64(values),
                Values::Words(words) => V::Words(words),
                Values::Fixed(bytes) => V::Fixed(bytes),
                Values::Varlen(offsets, data) => V::Varlen(wit::VarlenParam { offsets, data }),
                Values::Offsets(offsets) => V::Offsets(offsets),
                Values::Keys(keys) => V::Keys(keys),
            },
        }
    }
}

/// Writes an array of canonical type, and its children, in preorder.
///
/// `dead` are the slots that do not exist since a parent is NULL there.
///
/// # Errors
/// Where a column has more values than 2³², or Arrow fails to gather what is not under NULL.
pub(crate) fn push(
    array: &dyn Array,
    nullable: bool,
    dead: Option<&NullBuffer>,
    nodes: &mut Vec<Node>,
) -> Result<(), ArrowError> {
    let length = u32::try_from(array.len())
        .map_err(|_| ArrowError::InvalidArgumentError("more than 2³² values".to_owned()))?;
    let own = array.nulls().filter(|nulls| nulls.null_count() > 0);
    let holes = NullBuffer::union(own, dead).filter(|nulls| nulls.null_count() > 0);
    let validity = match &holes {
        Some(holes) if own.is_some() || nullable => Some(packed(holes.inner())),
        _ => None,
    };
    let at = nodes.len();
    nodes.push(Node {
        length,
        validity,
        values: Values::None,
    });
    let values = match array.data_type() {
        DataType::Null => Values::None,
        DataType::Boolean => bits(array.as_boolean(), holes.as_ref()),
        DataType::Int8 => Values::Int8(zeroed(array.as_primitive::<Int8Type>(), holes.as_ref())),
        DataType::Int16 => Values::Int16(zeroed(array.as_primitive::<Int16Type>(), holes.as_ref())),
        DataType::Int32 => Values::Int32(zeroed(array.as_primitive::<Int32Type>(), holes.as_ref())),
        DataType::Int64 => Values::Int64(zeroed(array.as_primitive::<Int64Type>(), holes.as_ref())),
        DataType::UInt8 => Values::Uint8(zeroed(array.as_primitive::<UInt8Type>(), holes.as_ref())),
        DataType::UInt16 => {
            Values::Uint16(zeroed(array.as_primitive::<UInt16Type>(), holes.as_ref()))
        }
        DataType::UInt32 => {
            Values::Uint32(zeroed(array.as_primitive::<UInt32Type>(), holes.as_ref()))
        }
        DataType::UInt64 => {
            Values::Uint64(zeroed(array.as_primitive::<UInt64Type>(), holes.as_ref()))
        }
        DataType::Float32 => {
            Values::Float32(zeroed(array.as_primitive::<Float32Type>(), holes.as_ref()))
        }
        DataType::Float64 => {
            Values::Float64(zeroed(array.as_primitive::<Float64Type>(), holes.as_ref()))
        }
        DataType::Date32 => {
            Values::Int32(zeroed(array.as_primitive::<Date32Type>(), holes.as_ref()))
        }
        DataType::Time32(TimeUnit::Second) => Values::Int32(zeroed(
            array.as_primitive::<Time32SecondType>(),
            holes.as_ref(),
        )),
        DataType::Time32(_) => Values::Int32(zeroed(
            array.as_primitive::<Time32MillisecondType>(),
            holes.as_ref(),
        )),
        DataType::Time64(TimeUnit::Microsecond) => Values::Int64(zeroed(
            array.as_primitive::<Time64MicrosecondType>(),
            holes.as_ref(),
        )),
        DataType::Time64(_) => Values::Int64(zeroed(
            array.as_primitive::<Time64NanosecondType>(),
            holes.as_ref(),
        )),
        DataType::Timestamp(unit, _) => Values::Int64(match unit {
            TimeUnit::Second => zeroed(array.as_primitive::<TimestampSecondType>(), holes.as_ref()),
            TimeUnit::Millisecond => zeroed(
                array.as_primitive::<TimestampMillisecondType>(),
                holes.as_ref(),
            ),
            TimeUnit::Microsecond => zeroed(
                array.as_primitive::<TimestampMicrosecondType>(),
                holes.as_ref(),
            ),
            TimeUnit::Nanosecond => zeroed(
                array.as_primitive::<TimestampNanosecondType>(),
                holes.as_ref(),
            ),
        }),
        DataType::Duration(unit) => Values::Int64(match unit {
            TimeUnit::Second => zeroed(array.as_primitive::<DurationSecondType>(), holes.as_ref()),
            TimeUnit::Millisecond => zeroed(
                array.as_primitive::<DurationMillisecondType>(),
                holes.as_ref(),
            ),
            TimeUnit::Microsecond => zeroed(
                array.as_primitive::<DurationMicrosecondType>(),
                holes.as_ref(),
            ),
            TimeUnit::Nanosecond => zeroed(
                array.as_primitive::<DurationNanosecondType>(),
                holes.as_ref(),
            ),
        }),
        DataType::Decimal128(..) => words(
            array.as_primitive::<Decimal128Type>(),
            holes.as_ref(),
            |value| [value as u64, (value >> 64) as u64],
        ),
        DataType::Interval(_) => words(
            array.as_primitive::<IntervalMonthDayNanoType>(),
            holes.as_ref(),
            |value| {
                let days = u64::from(value.days as u32) << 32;
                [
                    u64::from(value.months as u32) | days,
                    value.nanoseconds as u64,
                ]
            },
        ),
        DataType::FixedSizeBinary(size) => fixed(
            array.as_fixed_size_binary(),
            size.unsigned_abs() as usize,
            holes.as_ref(),
        ),
        DataType::Utf8 => varlen(array.as_bytes::<Utf8Type>(), holes.as_ref()),
        DataType::Binary => varlen(array.as_bytes::<BinaryType>(), holes.as_ref()),
        DataType::List(field) => {
            let lists = array.as_list::<i32>();
            let (offsets, child) = lists_of(lists.offsets(), lists.values(), holes.as_ref())?;
            push(&child, field.is_nullable(), None, nodes)?;
            Values::Offsets(offsets)
        }
        DataType::Map(field, _) => {
            let maps = array.as_map();
            let entries: ArrayRef = std::sync::Arc::new(maps.entries().clone());
            let (offsets, child) = lists_of(maps.offsets(), &entries, holes.as_ref())?;
            push(&child, field.is_nullable(), None, nodes)?;
            Values::Offsets(offsets)
        }
        DataType::FixedSizeList(field, size) => {
            let lists = array.as_fixed_size_list();
            let dead = holes
                .as_ref()
                .map(|holes| holes.expand(size.unsigned_abs() as usize));
            push(lists.values(), field.is_nullable(), dead.as_ref(), nodes)?;
            Values::None
        }
        DataType::Struct(fields) => {
            let members = array.as_struct();
            for (field, member) in fields.iter().zip(members.columns()) {
                push(member, field.is_nullable(), holes.as_ref(), nodes)?;
            }
            Values::None
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_dictionary::<UInt32Type>();
            let keys = zeroed(dictionary.keys(), holes.as_ref());
            push(dictionary.values(), true, None, nodes)?;
            Values::Keys(keys)
        }
        other => {
            return Err(ArrowError::InvalidArgumentError(format!(
                "{other} is not canonical"
            )));
        }
    };
    if let Some(node) = nodes.get_mut(at) {
        node.values = values;
    }
    Ok(())
}

/// Bits from the first of a byte on, with zeros behind the last.
fn packed(bits: &BooleanBuffer) -> Buffer {
    let bytes = bits.len().div_ceil(8);
    let tail = bits.len() % 8;
    let buffer = if bits.offset().is_multiple_of(8) {
        bits.inner().slice_with_length(bits.offset() / 8, bytes)
    } else {
        bits.sliced().slice_with_length(0, bytes)
    };
    let mask = (1u8 << tail).wrapping_sub(1);
    match buffer.last() {
        Some(last) if tail > 0 && last & !mask != 0 => {
            let mut bytes = buffer.to_vec();
            if let Some(last) = bytes.last_mut() {
                *last &= mask;
            }
            bytes.into()
        }
        _ => buffer,
    }
}

fn bits(array: &BooleanArray, holes: Option<&NullBuffer>) -> Values {
    Values::Bits(match holes {
        Some(holes) => packed(&(array.values() & holes.inner())),
        None => packed(array.values()),
    })
}

fn zeroed<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    holes: Option<&NullBuffer>,
) -> ScalarBuffer<T::Native> {
    let Some(holes) = holes else {
        return array.values().clone();
    };
    let mut values = array.values().to_vec();
    for row in (!holes.inner()).set_indices() {
        if let Some(value) = values.get_mut(row) {
            *value = T::Native::default();
        }
    }
    values.into()
}

fn words<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    holes: Option<&NullBuffer>,
    split: impl Fn(T::Native) -> [u64; 2],
) -> Values {
    Values::Words(
        zeroed(array, holes)
            .iter()
            .flat_map(|value| split(*value))
            .collect(),
    )
}

fn fixed(array: &FixedSizeBinaryArray, size: usize, holes: Option<&NullBuffer>) -> Values {
    let length = array.len() * size;
    let Some(holes) = holes else {
        return Values::Fixed(array.values().slice_with_length(0, length));
    };
    let mut bytes = array
        .value_data()
        .get(..length)
        .unwrap_or_default()
        .to_vec();
    for row in (!holes.inner()).set_indices() {
        if let Some(value) = bytes.get_mut(row * size..(row + 1) * size) {
            value.fill(0);
        }
    }
    Values::Fixed(bytes.into())
}

/// Whether something lies under a NULL.
fn covers(offsets: &[i32], holes: Option<&NullBuffer>) -> bool {
    holes.is_some_and(|holes| {
        (!holes.inner())
            .set_indices()
            .any(|row| offsets.get(row) != offsets.get(row + 1))
    })
}

/// Offsets that begin with zero.
fn rebased(offsets: &OffsetBuffer<i32>) -> ScalarBuffer<u32> {
    match offsets.first() {
        // Offsets are never negative, so the bytes are the same.
        None | Some(0) => ScalarBuffer::from(offsets.inner().inner().clone()),
        Some(first) => offsets
            .iter()
            .map(|offset| (offset - first) as u32)
            .collect(),
    }
}

/// Where each value lies, without what lies under NULL.
fn spans<'a>(
    offsets: &'a [i32],
    holes: Option<&'a NullBuffer>,
) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    offsets.windows(2).enumerate().map(move |(row, pair)| {
        let valid = holes.is_none_or(|holes| holes.is_valid(row));
        match pair {
            [from, to] if valid => *from as usize..*to as usize,
            _ => 0..0,
        }
    })
}

fn varlen<T: ByteArrayType<Offset = i32>>(
    array: &GenericByteArray<T>,
    holes: Option<&NullBuffer>,
) -> Values {
    let offsets = array.offsets();
    if !covers(offsets, holes) {
        let from = offsets.first().copied().unwrap_or_default() as usize;
        let to = offsets.last().copied().unwrap_or_default() as usize;
        let data = array.values().slice_with_length(from, to - from);
        return Values::Varlen(rebased(offsets), data);
    }
    let mut ends = Vec::with_capacity(offsets.len());
    ends.push(0u32);
    let mut data = Vec::with_capacity(array.values().len());
    for span in spans(offsets, holes) {
        data.extend_from_slice(array.values().get(span).unwrap_or_default());
        ends.push(data.len() as u32);
    }
    Values::Varlen(ends.into(), data.into())
}

fn lists_of(
    offsets: &OffsetBuffer<i32>,
    child: &ArrayRef,
    holes: Option<&NullBuffer>,
) -> Result<(ScalarBuffer<u32>, ArrayRef), ArrowError> {
    if !covers(offsets, holes) {
        let from = offsets.first().copied().unwrap_or_default() as usize;
        let to = offsets.last().copied().unwrap_or_default() as usize;
        return Ok((rebased(offsets), child.slice(from, to - from)));
    }
    let mut ends = Vec::with_capacity(offsets.len());
    ends.push(0u32);
    let mut picked: Vec<u32> = Vec::with_capacity(child.len());
    for span in spans(offsets, holes) {
        picked.extend(span.map(|at| at as u32));
        ends.push(picked.len() as u32);
    }
    let child = arrow::compute::take(child, &UInt32Array::from(picked), None)?;
    Ok((ends.into(), child))
}
