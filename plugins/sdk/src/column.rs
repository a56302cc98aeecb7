//! Columns: typed buffers, nested ones with their children.

/// The buffer of a column.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub enum Values {
    /// null, struct.
    None,
    /// boolean: a bit a value, the lowest of a byte first.
    Bits(Vec<u8>),
    /// int8.
    Int8(Vec<i8>),
    /// int16.
    Int16(Vec<i16>),
    /// int32, date, time in seconds or milliseconds.
    Int32(Vec<i32>),
    /// int64, time in finer units, timestamp, duration.
    Int64(Vec<i64>),
    /// uint8.
    UInt8(Vec<u8>),
    /// uint16.
    UInt16(Vec<u16>),
    /// uint32.
    UInt32(Vec<u32>),
    /// uint64.
    UInt64(Vec<u64>),
    /// float32.
    Float32(Vec<f32>),
    /// float64.
    Float64(Vec<f64>),
    /// Two a value, the low one first: decimal, interval.
    Words(Vec<u64>),
    /// fixed-binary: bytes, end to end.
    Fixed(Vec<u8>),
    /// utf8, binary.
    Varlen {
        /// One more than there are values, from zero on.
        offsets: Vec<u32>,
        /// Bytes, end to end.
        data: Vec<u8>,
    },
    /// list, map: one more than there are lists, into the child.
    Offsets(Vec<u32>),
    /// dictionary: positions in the child.
    Keys(Vec<u32>),
}

/// The values of a field in one batch.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Column {
    pub(crate) length: usize,
    /// A bit a value, set where there is one.
    pub(crate) validity: Option<Vec<u8>>,
    pub(crate) values: Values,
    pub(crate) children: Vec<Column>,
}

impl Column {
    /// Returns a column of buffers that were made elsewhere; the host checks them.
    ///
    /// `validity` holds a bit a value, set where there is one, the lowest of a byte first.
    pub fn from_parts(
        length: usize,
        validity: Option<Vec<u8>>,
        values: Values,
        children: Vec<Column>,
    ) -> Column {
        Column {
            length,
            validity,
            values,
            children,
        }
    }

    /// Returns a struct of columns of the same length.
    pub fn of_struct(length: usize, validity: Option<Vec<u8>>, members: Vec<Column>) -> Column {
        Column::from_parts(length, validity, Values::None, members)
    }

    /// Returns a column of NULLs alone, of kind null.
    pub fn nulls(length: usize) -> Column {
        Column::from_parts(length, None, Values::None, Vec::new())
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether the value of a row is NULL.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.validity
            .as_ref()
            .is_some_and(|bits| bits[row / 8] >> (row % 8) & 1 == 0)
    }

    /// Returns the validity bitmap, absent where nothing is NULL.
    pub fn validity(&self) -> Option<&[u8]> {
        self.validity.as_deref()
    }

    /// Returns the buffer.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Returns the children.
    pub fn children(&self) -> &[Column] {
        &self.children
    }
}

macro_rules! from_vec {
    ($($native:ty => $variant:ident),+) => {
        $(
            impl From<Vec<$native>> for Column {
                fn from(values: Vec<$native>) -> Column {
                    Column::from_parts(values.len(), None, Values::$variant(values), Vec::new())
                }
            }
        )+
    };
}

from_vec!(
    i8 => Int8, i16 => Int16, i32 => Int32, i64 => Int64,
    u8 => UInt8, u16 => UInt16, u32 => UInt32, u64 => UInt64,
    f32 => Float32, f64 => Float64
);
