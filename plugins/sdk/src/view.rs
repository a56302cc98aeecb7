//! Views: columns of the input, typed and with dictionaries seen through.

use crate::column::{Column, Values};
use crate::error::Error;
use crate::schema::{Field, Kind};
use crate::utf8;

/// The input of a batch: columns, and what they are.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    fields: &'a [Field],
    columns: &'a [Column],
}

impl<'a> Batch<'a> {
    /// Returns the batch of columns; each belongs to the field of its position.
    pub fn new(fields: &'a [Field], columns: &'a [Column]) -> Batch<'a> {
        Batch { fields, columns }
    }

    /// Returns the number of columns.
    pub fn width(&self) -> usize {
        self.columns.len().min(self.fields.len())
    }

    /// Returns a column by its position.
    ///
    /// # Errors
    /// Where there are fewer.
    pub fn column(&self, index: usize) -> Result<View<'a>, Error> {
        match (self.fields.get(index), self.columns.get(index)) {
            (Some(field), Some(column)) => Ok(View { field, column }),
            _ => Err(Error::unsupported(format!(
                "column {} is missing from the input",
                index + 1
            ))),
        }
    }

    /// Returns the first column of that meaning, if there is one.
    pub fn semantic(&self, semantic: &str) -> Option<View<'a>> {
        self.iter()
            .find(|view| view.field.semantic.as_deref() == Some(semantic))
    }

    /// Returns the columns in order.
    pub fn iter(&self) -> impl Iterator<Item = View<'a>> + use<'a> {
        self.fields
            .iter()
            .zip(self.columns)
            .map(|(field, column)| View { field, column })
    }
}

/// One column of the input.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    field: &'a Field,
    column: &'a Column,
}

impl<'a> View<'a> {
    /// Returns what the column is.
    pub fn field(&self) -> &'a Field {
        self.field
    }

    /// Returns the buffers.
    pub fn as_column(&self) -> &'a Column {
        self.column
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.column.len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.column.is_empty()
    }

    /// Whether the value of a row is NULL.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.column.is_null(row)
    }

    /// Returns a child: a struct's member, the items of lists, the values of a dictionary.
    pub fn child(&self, index: usize) -> Option<View<'a>> {
        let field = self.field.children.get(index)?;
        let column = self.column.children.get(index)?;
        Some(View { field, column })
    }

    /// Returns the bounds within the child of the list of a row, of a list or a map.
    pub fn list(&self, row: usize) -> Option<std::ops::Range<usize>> {
        match (&self.column.values, &self.field.kind) {
            (Values::Offsets(offsets), _) => {
                Some(*offsets.get(row)? as usize..*offsets.get(row + 1)? as usize)
            }
            (_, Kind::FixedList(size)) => Some(row * *size as usize..(row + 1) * *size as usize),
            _ => None,
        }
    }

    /// Returns the column as text, a dictionary of texts included.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn utf8(&self) -> Result<Utf8View<'a>, Error> {
        let (keys, strings) = match (&self.column.values, self.column.children.first()) {
            (Values::Keys(keys), Some(child)) => (Some(keys.as_slice()), child),
            _ => (None, self.column),
        };
        let (Values::Varlen { offsets, data }, true) = (&strings.values, self.field.is_text())
        else {
            return Err(self.mismatch("text"));
        };
        Ok(Utf8View {
            rows: self.column,
            strings,
            keys,
            offsets,
            // Once a batch: then slices need only look at a boundary.
            data: utf8::of(data)
                .ok_or_else(|| Error::other("the host sent text that is no UTF-8"))?,
        })
    }

    /// Returns the column as integers: whole numbers of all widths, dates, times, timestamps
    /// and durations in their ticks, booleans as 0 and 1.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn integers(&self) -> Result<Integers<'a>, Error> {
        match self.column.values {
            Values::Bits(_)
            | Values::Int8(_)
            | Values::Int16(_)
            | Values::Int32(_)
            | Values::Int64(_)
            | Values::UInt8(_)
            | Values::UInt16(_)
            | Values::UInt32(_)
            | Values::UInt64(_) => Ok(Integers {
                column: self.column,
            }),
            Values::Words(_) if matches!(self.field.kind, Kind::Decimal { .. }) => Ok(Integers {
                column: self.column,
            }),
            _ => Err(self.mismatch("whole numbers")),
        }
    }

    /// Returns the column as floats: numbers of all widths, decimals included.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn floats(&self) -> Result<Floats<'a>, Error> {
        let scale = match self.field.kind {
            Kind::Decimal { scale, .. } => 10f64.powi(-i32::from(scale)),
            Kind::Float32 | Kind::Float64 => 1.0,
            Kind::Int8
            | Kind::Int16
            | Kind::Int32
            | Kind::Int64
            | Kind::UInt8
            | Kind::UInt16
            | Kind::UInt32
            | Kind::UInt64 => 1.0,
            _ => return Err(self.mismatch("numbers")),
        };
        Ok(Floats {
            column: self.column,
            scale,
        })
    }

    fn mismatch(&self, wanted: &str) -> Error {
        Error::unsupported(format!(
            "column `{}` holds {:?}, and {wanted} are needed",
            self.field.name, self.field.kind
        ))
    }
}

macro_rules! slices {
    ($($(#[$doc:meta])+ $name:ident, $native:ty, $variant:ident;)+) => {
        impl<'a> View<'a> {
            $(
                $(#[$doc])+
                pub fn $name(&self) -> Option<&'a [$native]> {
                    match &self.column.values {
                        Values::$variant(values) => Some(values),
                        _ => None,
                    }
                }
            )+
        }
    };
}

slices! {
    /// Returns the buffer of 32-bit values; zero lies under a NULL.
    as_int32, i32, Int32;
    /// Returns the buffer of 64-bit values; zero lies under a NULL.
    as_int64, i64, Int64;
    /// Returns the buffer of 64-bit values without a sign; zero lies under a NULL.
    as_uint64, u64, UInt64;
    /// Returns the buffer of 64-bit floats; zero lies under a NULL.
    as_float64, f64, Float64;
    /// Returns the buffer of positions in the dictionary; zero lies under a NULL.
    as_keys, u32, Keys;
}

/// A column as text.
#[derive(Clone, Copy, Debug)]
pub struct Utf8View<'a> {
    rows: &'a Column,
    strings: &'a Column,
    keys: Option<&'a [u32]>,
    offsets: &'a [u32],
    data: &'a str,
}

impl<'a> Utf8View<'a> {
    /// Returns the value of a row, `None` for NULL.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        if self.rows.is_null(row) {
            return None;
        }
        match self.keys {
            Some(keys) => self.string(keys[row] as usize),
            None => self.slice(row),
        }
    }

    /// Returns the values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&'a str>> + use<'a> {
        let view = *self;
        (0..view.rows.len()).map(move |row| view.get(row))
    }

    /// Returns the values in order, of a column that is no dictionary: without asking once a
    /// row whether it is.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = Option<&'a str>> + use<'a> {
        let (offsets, data, validity) = (self.offsets, self.data, self.rows.validity());
        let bounds = offsets.iter().zip(offsets.iter().skip(1)).enumerate();
        bounds.map(move |(row, (&from, &to))| {
            let is_null = validity.is_some_and(|bits| bits[row / 8] >> (row % 8) & 1 == 0);
            match is_null {
                true => None,
                false => data.get(from as usize..to as usize),
            }
        })
    }

    #[inline]
    fn string(&self, position: usize) -> Option<&'a str> {
        (!self.strings.is_null(position))
            .then(|| self.slice(position))
            .flatten()
    }

    #[inline]
    fn slice(&self, position: usize) -> Option<&'a str> {
        let (from, to) = (self.offsets[position], self.offsets[position + 1]);
        self.data.get(from as usize..to as usize)
    }
}

/// A column as integers.
#[derive(Clone, Copy, Debug)]
pub struct Integers<'a> {
    column: &'a Column,
}

impl Integers<'_> {
    /// Returns the value of a row, `None` for NULL.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i128> {
        if self.column.is_null(row) {
            return None;
        }
        Some(match &self.column.values {
            Values::Bits(bits) => i128::from(bits[row / 8] >> (row % 8) & 1),
            Values::Int8(values) => values[row].into(),
            Values::Int16(values) => values[row].into(),
            Values::Int32(values) => values[row].into(),
            Values::Int64(values) => values[row].into(),
            Values::UInt8(values) => values[row].into(),
            Values::UInt16(values) => values[row].into(),
            Values::UInt32(values) => values[row].into(),
            Values::UInt64(values) => values[row].into(),
            Values::Words(words) => {
                (u128::from(words[row * 2]) | u128::from(words[row * 2 + 1]) << 64) as i128
            }
            _ => return None,
        })
    }
}

/// A column as floats.
#[derive(Clone, Copy, Debug)]
pub struct Floats<'a> {
    column: &'a Column,
    scale: f64,
}

impl Floats<'_> {
    /// Returns the value of a row, `None` for NULL.
    #[inline]
    pub fn get(&self, row: usize) -> Option<f64> {
        if self.column.is_null(row) {
            return None;
        }
        match &self.column.values {
            Values::Float32(values) => Some(values[row].into()),
            Values::Float64(values) => Some(values[row]),
            _ => Integers {
                column: self.column,
            }
            .get(row)
            .map(|value| value as f64 * self.scale),
        }
    }
}
