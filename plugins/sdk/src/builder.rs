//! Builders: values go in one by one, a column comes out.

use std::collections::HashMap;
use std::mem::take;

use crate::append::{append, push, reserve};
use crate::column::{Column, Values};
use crate::text::Text;

/// A validity bitmap that costs nothing until the first NULL.
#[derive(Clone, Debug, Default)]
struct Validity {
    bits: Option<Vec<u8>>,
}

impl Validity {
    /// Notes that the value at `row` is NULL; what came before is valid.
    #[inline]
    fn null(&mut self, row: usize) {
        *self = take(self).with_null(row);
    }

    // By value, as vectors grow (`append.rs`).
    #[inline(never)]
    fn with_null(mut self, row: usize) -> Validity {
        let bits = self.bits.get_or_insert_default();
        bits.resize(row / 8 + 1, 0xFF);
        bits[row / 8] &= !(1 << (row % 8));
        self
    }

    /// Returns the bitmap of so many values.
    fn finish(self, length: usize) -> Option<Vec<u8>> {
        self.bits.map(|mut bits| {
            bits.resize(length.div_ceil(8), 0xFF);
            bits
        })
    }
}

macro_rules! primitive_builder {
    ($(#[$doc:meta] $name:ident, $native:ty, $variant:ident;)+) => {
        $(
            #[$doc]
            #[derive(Clone, Debug, Default)]
            pub struct $name {
                values: Vec<$native>,
                validity: Validity,
            }

            impl $name {
                /// Returns a builder with room for so many values.
                pub fn with_capacity(rows: usize) -> Self {
                    Self { values: Vec::with_capacity(rows), validity: Validity::default() }
                }

                /// Adds a value.
                #[inline]
                pub fn push(&mut self, value: $native) {
                    push(&mut self.values, value);
                }

                /// Adds a NULL.
                #[inline]
                pub fn push_null(&mut self) {
                    self.validity.null(self.values.len());
                    push(&mut self.values, <$native>::default());
                }

                /// Adds a value, or a NULL where there is none.
                #[inline]
                pub fn push_option(&mut self, value: Option<$native>) {
                    match value {
                        Some(value) => self.push(value),
                        None => self.push_null(),
                    }
                }

                /// Adds values.
                #[inline]
                pub fn extend_from_slice(&mut self, values: &[$native]) {
                    self.values.extend_from_slice(values);
                }

                /// Adds values: the fastest way, with [`Rows::iter`](crate::Rows::iter).
                // A loop of its own has all registers to itself.
                #[inline(never)]
                pub fn extend(&mut self, values: impl IntoIterator<Item = $native>) {
                    self.values.extend(values);
                }

                /// Returns the column.
                pub fn finish(self) -> Column {
                    let length = self.values.len();
                    let validity = self.validity.finish(length);
                    Column::from_parts(length, validity, Values::$variant(self.values), Vec::new())
                }
            }
        )+
    };
}

primitive_builder! {
    /// Builds a column of 8-bit integers.
    Int8Builder, i8, Int8;
    /// Builds a column of 16-bit integers.
    Int16Builder, i16, Int16;
    /// Builds a column of 32-bit integers, of dates, or of times in milliseconds and longer.
    Int32Builder, i32, Int32;
    /// Builds a column of 64-bit integers, timestamps or durations.
    Int64Builder, i64, Int64;
    /// Builds a column of 8-bit integers without a sign.
    UInt8Builder, u8, UInt8;
    /// Builds a column of 16-bit integers without a sign.
    UInt16Builder, u16, UInt16;
    /// Builds a column of 32-bit integers without a sign.
    UInt32Builder, u32, UInt32;
    /// Builds a column of 64-bit integers without a sign.
    UInt64Builder, u64, UInt64;
    /// Builds a column of 32-bit floats.
    Float32Builder, f32, Float32;
    /// Builds a column of 64-bit floats.
    Float64Builder, f64, Float64;
}

/// Builds a column of decimals, from their digits without a point.
#[derive(Clone, Debug, Default)]
pub struct DecimalBuilder {
    words: Vec<u64>,
    validity: Validity,
}

impl DecimalBuilder {
    /// Returns a builder with room for so many values.
    pub fn with_capacity(rows: usize) -> DecimalBuilder {
        DecimalBuilder {
            words: Vec::with_capacity(rows * 2),
            validity: Validity::default(),
        }
    }

    /// Adds a value: 12.34 at scale 2 is 1234.
    #[inline]
    pub fn push(&mut self, unscaled: i128) {
        self.words
            .extend([unscaled as u64, (unscaled >> 64) as u64]);
    }

    /// Adds a NULL.
    pub fn push_null(&mut self) {
        self.validity.null(self.words.len() / 2);
        self.words.extend([0, 0]);
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        let length = self.words.len() / 2;
        let validity = self.validity.finish(length);
        Column::from_parts(length, validity, Values::Words(self.words), Vec::new())
    }
}

/// Builds a column of truths.
#[derive(Clone, Debug, Default)]
pub struct BooleanBuilder {
    bits: Vec<u8>,
    length: usize,
    validity: Validity,
}

impl BooleanBuilder {
    /// Returns a builder with room for so many values.
    pub fn with_capacity(rows: usize) -> BooleanBuilder {
        BooleanBuilder {
            bits: Vec::with_capacity(rows.div_ceil(8)),
            ..BooleanBuilder::default()
        }
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: bool) {
        if self.length.is_multiple_of(8) {
            self.bits.push(0);
        }
        if let Some(last) = self.bits.last_mut() {
            *last |= u8::from(value) << (self.length % 8);
        }
        self.length += 1;
    }

    /// Adds a NULL.
    pub fn push_null(&mut self) {
        self.validity.null(self.length);
        self.push(false);
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        let validity = self.validity.finish(self.length);
        Column::from_parts(self.length, validity, Values::Bits(self.bits), Vec::new())
    }
}

/// Builds a column of text.
#[derive(Clone, Debug)]
pub struct Utf8Builder {
    text: Text,
    offsets: Vec<u32>,
    validity: Validity,
}

impl Default for Utf8Builder {
    fn default() -> Utf8Builder {
        Utf8Builder::with_capacity(0, 0)
    }
}

impl Utf8Builder {
    /// Returns a builder with room for so many values of so many bytes each.
    pub fn with_capacity(rows: usize, bytes: usize) -> Utf8Builder {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Utf8Builder {
            text: Text {
                data: Vec::with_capacity(rows * bytes + 32),
            },
            offsets,
            validity: Validity::default(),
        }
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: &str) {
        self.text.push_str(value);
        self.close();
    }

    /// Adds a NULL.
    #[inline]
    pub fn push_null(&mut self) {
        self.validity.null(self.offsets.len() - 1);
        self.close();
    }

    /// Adds a value, or a NULL where there is none.
    #[inline]
    pub fn push_option(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.push(value),
            None => self.push_null(),
        }
    }

    /// Adds a value that is written piece by piece: no allocation, no second copy.
    #[inline]
    pub fn push_with<R>(&mut self, write: impl FnOnce(&mut Text) -> R) -> R {
        let result = write(&mut self.text);
        self.close();
        result
    }

    /// Adds values.
    pub fn extend<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        self.extend_with(values, |text, value| text.push_str(value));
    }

    /// Adds a value an item, which `write` writes piece by piece: the fastest way.
    ///
    /// ```
    /// # use prodlike_sdk::Utf8Builder;
    /// let mut policies = Utf8Builder::with_capacity(2, 12);
    /// policies.extend_with([17, 4711], |text, number| {
    ///     text.push_str("POL-");
    ///     text.push_digits(number, 8);
    /// });
    /// assert_eq!(policies.len(), 2);
    /// ```
    // A loop of its own, on vectors of its own, has them in registers.
    #[inline(never)]
    pub fn extend_with<I: IntoIterator>(
        &mut self,
        items: I,
        mut write: impl FnMut(&mut Text, I::Item),
    ) {
        let items = items.into_iter();
        let (mut text, mut offsets) = (take(&mut self.text), take(&mut self.offsets));
        reserve(&mut offsets, items.size_hint().0);
        // One place that writes: of two, the compiler would make a function that is called.
        for item in items {
            write(&mut text, item);
            push(&mut offsets, text.data.len() as u32);
        }
        (self.text, self.offsets) = (text, offsets);
    }

    /// Ends the value that was written last.
    #[inline]
    fn close(&mut self) {
        // A batch of more than 4 GiB does not fit into the guest's memory.
        push(&mut self.offsets, self.text.data.len() as u32);
    }

    /// Returns the number of values so far.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are no values yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        let length = self.len();
        Column::from_parts(
            length,
            self.validity.finish(length),
            Values::Varlen {
                offsets: self.offsets,
                data: self.text.data,
            },
            Vec::new(),
        )
    }
}

impl<'a> FromIterator<Option<&'a str>> for Utf8Builder {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(values: I) -> Utf8Builder {
        let mut builder = Utf8Builder::default();
        for value in values {
            builder.push_option(value);
        }
        builder
    }
}

/// Builds a column of bytes.
#[derive(Clone, Debug, Default)]
pub struct BinaryBuilder {
    utf8: Utf8Builder,
}

impl BinaryBuilder {
    /// Returns a builder with room for so many values of so many bytes each.
    pub fn with_capacity(rows: usize, bytes: usize) -> BinaryBuilder {
        BinaryBuilder {
            utf8: Utf8Builder::with_capacity(rows, bytes),
        }
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: &[u8]) {
        append(&mut self.utf8.text.data, value);
        self.utf8.close();
    }

    /// Adds a NULL.
    pub fn push_null(&mut self) {
        self.utf8.push_null();
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        self.utf8.finish()
    }
}

/// Builds a column of texts of which there are few: a position a row, each text once.
#[derive(Clone, Debug, Default)]
pub struct DictionaryBuilder {
    values: Utf8Builder,
    positions: HashMap<String, u32>,
    keys: UInt32Builder,
}

impl DictionaryBuilder {
    /// Returns a builder that knows its values: [`push_key`](Self::push_key) needs no look-up.
    pub fn with_values<'a>(values: impl IntoIterator<Item = &'a str>) -> DictionaryBuilder {
        let mut builder = DictionaryBuilder::default();
        for value in values {
            builder.position(value);
        }
        builder
    }

    /// Returns the position of a value, a new one where it was not seen before.
    pub fn position(&mut self, value: &str) -> u32 {
        if let Some(&position) = self.positions.get(value) {
            return position;
        }
        let position = self.values.len() as u32;
        self.values.push(value);
        self.positions.insert(value.to_owned(), position);
        position
    }

    /// Adds a value.
    pub fn push(&mut self, value: &str) {
        let position = self.position(value);
        self.keys.push(position);
    }

    /// Adds a value by its position.
    #[inline]
    pub fn push_key(&mut self, position: u32) {
        self.keys.push(position);
    }

    /// Adds values by their positions: the fastest way.
    pub fn extend_keys(&mut self, positions: impl IntoIterator<Item = u32>) {
        self.keys.extend(positions);
    }

    /// Adds a NULL.
    pub fn push_null(&mut self) {
        self.keys.push_null();
    }

    /// Returns the column.
    pub fn finish(self) -> Column {
        let keys = self.keys.finish();
        let values = match keys.values {
            Values::UInt32(keys) => Values::Keys(keys),
            other => other,
        };
        Column::from_parts(
            keys.length,
            keys.validity,
            values,
            vec![self.values.finish()],
        )
    }
}

/// Builds a column of lists.
#[derive(Clone, Debug)]
pub struct ListBuilder<B> {
    items: B,
    offsets: Vec<u32>,
    validity: Validity,
}

impl<B> ListBuilder<B> {
    /// Returns a builder whose lists hold what `items` builds.
    pub fn new(items: B) -> ListBuilder<B> {
        ListBuilder {
            items,
            offsets: vec![0],
            validity: Validity::default(),
        }
    }

    /// Adds a list: `fill` pushes its items and returns how many.
    pub fn push_with(&mut self, fill: impl FnOnce(&mut B) -> u32) {
        let last = self.offsets.last().copied().unwrap_or(0);
        let count = fill(&mut self.items);
        self.offsets.push(last.saturating_add(count));
    }

    /// Adds a NULL.
    pub fn push_null(&mut self) {
        self.validity.null(self.offsets.len() - 1);
        self.push_with(|_| 0);
    }

    /// Returns the column; `finish` is the one of the items' builder.
    pub fn finish(self, finish: impl FnOnce(B) -> Column) -> Column {
        let length = self.offsets.len() - 1;
        Column::from_parts(
            length,
            self.validity.finish(length),
            Values::Offsets(self.offsets),
            vec![finish(self.items)],
        )
    }
}
