//! Column chunks of Parquet: from arrays to dictionaries and pages.
//!
//! The writer of the `parquet` crate hashes the bytes of every value, which took as long as
//! drawing it. Here a value is a word of 64 bits, as are strings of up to seven bytes, and a
//! dictionary is a table of words; the definition levels of a page are the validity bits of its
//! array. Booleans, wide decimals and binary data are left to the crate.
//!
//! A page is what one call of [`ColumnEncoder::write`] gets, or a part of it, so bytes depend
//! on content alone where calls do.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, EncodingMask, Type};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::HashingFile;

/// Bytes of strings from which on a page is halved, and rows below which it is not.
const PAGE_BYTES: usize = 1 << 20;
const LEAST_ROWS: usize = 512;
/// Most bytes of a dictionary: columns of ever new values give it up early, for it costs memory
/// and time. An entry has at least four bytes, so that its number fits 15 bits.
pub(super) const DICTIONARY_BYTES: usize = 1 << 17;
/// Most bytes of a string that is told as an extreme.
const EXTREME_BYTES: usize = 64;

/// Encodes one column, one row group after the other.
pub(super) struct ColumnEncoder {
    descr: ColumnDescPtr,
    order: Order,
    /// Bytes of a value; 0 where they differ.
    width: usize,
    snappy: snap::raw::Encoder,
    chunk: Chunk,
}

/// What there is of a row group.
#[derive(Default)]
struct Chunk {
    pages: Vec<u8>,
    uncompressed: usize,
    rows: u64,
    nulls: u64,
    dictionary: Dictionary,
    /// Whether values are no longer looked up.
    is_plain: bool,
    /// The extremes of values that were not looked up.
    extremes: Option<(Extreme, Extreme)>,
}

/// How values are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Signed,
    Unsigned,
    Single,
    Double,
    Bytes,
}

/// A value that others are below, or above: a word by its rank, or a string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Extreme {
    Rank(i64),
    Bytes(Vec<u8>),
}

/// Values that are not NULL.
enum Values<'a> {
    Words(Vec<u64>),
    Strings(Vec<&'a [u8]>),
}

impl ColumnEncoder {
    /// Returns the encoder of a column, unless it is left to the crate.
    pub(super) fn new(data_type: &DataType, descr: &ColumnDescPtr) -> Option<ColumnEncoder> {
        let order = match data_type {
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Order::Signed,
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
                Order::Unsigned
            }
            DataType::Date32 | DataType::Time64(_) | DataType::Decimal128(..) => Order::Signed,
            DataType::Timestamp(TimeUnit::Microsecond | TimeUnit::Nanosecond, _) => Order::Signed,
            DataType::Float32 => Order::Single,
            DataType::Float64 => Order::Double,
            DataType::Utf8 => Order::Bytes,
            _ => return None,
        };
        let width = match descr.physical_type() {
            Type::INT32 | Type::FLOAT => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::BYTE_ARRAY => 0,
            _ => return None,
        };
        Some(ColumnEncoder {
            descr: descr.clone(),
            order,
            width,
            snappy: snap::raw::Encoder::new(),
            chunk: Chunk::default(),
        })
    }

    /// Returns the encoded bytes so far.
    pub(super) fn bytes(&self) -> usize {
        self.chunk.pages.len() + self.chunk.dictionary.plain.len()
    }

    /// Appends rows as a page, or as several where they are large.
    pub(super) fn write(&mut self, array: &dyn Array) -> Result<()> {
        let n = array.len();
        if let Some(strings) = array.as_string_opt::<i32>() {
            let offsets = strings.value_offsets();
            if n >= 2 * LEAST_ROWS && (offsets[n] - offsets[0]) as usize > PAGE_BYTES {
                self.write(&array.slice(0, n / 2))?;
                return self.write(&array.slice(n / 2, n - n / 2));
            }
        }
        let mut page = Vec::new();
        if self.descr.max_def_level() > 0 {
            put_levels(array, &mut page);
        }
        let values = values(array);
        let encoding = match &values {
            Values::Words(words) => self.chunk.encode(words, self.width, &mut page),
            Values::Strings(strings) => self.chunk.encode(strings, self.width, &mut page),
        };
        if encoding == Encoding::PLAIN {
            self.chunk.widen(values.extremes(self.order));
        }
        self.chunk.rows += n as u64;
        self.chunk.nulls += array.null_count() as u64;
        let header = |buf| Page::DataPage {
            buf,
            num_values: n as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let pages = std::mem::take(&mut self.chunk.pages);
        self.chunk.pages = self.put_page(pages, &page, header)?;
        Ok(())
    }

    /// Appends a page to others.
    fn put_page(
        &mut self,
        pages: Vec<u8>,
        page: &[u8],
        header: impl FnOnce(Bytes) -> Page,
    ) -> Result<Vec<u8>> {
        let compressed = self
            .snappy
            .compress_vec(page)
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        let mut pages = TrackedWrite::new(pages);
        let page = CompressedPage::new(header(compressed.into()), page.len());
        let written = SerializedPageWriter::new(&mut pages).write_page(page)?;
        self.chunk.uncompressed += written.uncompressed_size;
        pages.into_inner()
    }

    /// Ends the row group.
    pub(super) fn finish(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, HashingFile>,
    ) -> Result<()> {
        let dictionary = std::mem::take(&mut self.chunk.dictionary);
        let mut encodings = vec![Encoding::RLE, Encoding::PLAIN];
        let mut bytes = Vec::new();
        if !dictionary.keys.is_empty() {
            encodings.push(Encoding::RLE_DICTIONARY);
            let entries = dictionary.values(self.order, self.width);
            self.chunk.widen(entries.extremes(self.order));
            let header = |buf| Page::DictionaryPage {
                buf,
                num_values: dictionary.keys.len() as u32,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            bytes = self.put_page(bytes, &dictionary.plain, header)?;
        }
        let chunk = std::mem::take(&mut self.chunk);
        let first_page = bytes.len();
        bytes.extend(&chunk.pages);
        let metadata = ColumnChunkMetaData::builder(self.descr.clone())
            .set_compression(Compression::SNAPPY)
            .set_encodings_mask(EncodingMask::new_from_encodings(encodings.iter()))
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(chunk.uncompressed as i64)
            .set_num_values(chunk.rows as i64)
            .set_dictionary_page_offset((first_page > 0).then_some(0))
            .set_data_page_offset(first_page as i64)
            .set_statistics(self.statistics(chunk.extremes, chunk.nulls))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: chunk.rows,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        group.append_column(&Bytes::from(bytes), close)
    }

    fn statistics(&self, extremes: Option<(Extreme, Extreme)>, nulls: u64) -> Statistics {
        let nulls = Some(nulls);
        let (least, most) = match extremes {
            Some((Extreme::Bytes(least), Extreme::Bytes(most))) => {
                let is_short = least.len().max(most.len()) <= EXTREME_BYTES;
                let told = |bytes| is_short.then(|| ByteArray::from(bytes));
                return Statistics::byte_array(told(least), told(most), None, nulls, false);
            }
            Some((Extreme::Rank(least), Extreme::Rank(most))) => (Some(least), Some(most)),
            _ => (None, None),
        };
        let word = |rank| self.order.word(rank);
        // Zeros are one value of two signs, which extremes must not tell apart.
        let zero = |zero: f64| move |it: f64| if it == 0.0 { zero } else { it };
        match (self.descr.physical_type(), self.order) {
            (Type::INT32, _) => {
                let of = |rank| word(rank) as i32;
                Statistics::int32(least.map(of), most.map(of), None, nulls, false)
            }
            (Type::INT64, _) => {
                let of = |rank| word(rank) as i64;
                Statistics::int64(least.map(of), most.map(of), None, nulls, false)
            }
            (Type::FLOAT, _) => {
                let of = |rank| f64::from(f32::from_bits(word(rank) as u32));
                let least = least.map(of).map(zero(-0.0)).map(|it| it as f32);
                let most = most.map(of).map(zero(0.0)).map(|it| it as f32);
                Statistics::float(least, most, None, nulls, false)
            }
            (Type::DOUBLE, _) => {
                let of = |rank| f64::from_bits(word(rank));
                let (least, most) = (least.map(of).map(zero(-0.0)), most.map(of).map(zero(0.0)));
                Statistics::double(least, most, None, nulls, false)
            }
            _ => Statistics::byte_array(None, None, None, nulls, false),
        }
    }
}

impl Chunk {
    /// Appends the values of a page, by a dictionary as long as that is of use.
    fn encode<V: Value>(&mut self, values: &[V], width: usize, page: &mut Vec<u8>) -> Encoding {
        // Without values there may be no dictionary, on which a reader would insist.
        if !self.is_plain && !values.is_empty() {
            let known = self.dictionary.keys.len();
            let codes = self.dictionary.codes(values, width);
            // Where nearly every value of the first page is new, so will the others be.
            let is_of_use = known > 0 || 8 * self.dictionary.keys.len() <= 7 * values.len();
            if let Some(codes) = codes.filter(|_| is_of_use) {
                put_codes(&codes, self.dictionary.keys.len(), page);
                return Encoding::RLE_DICTIONARY;
            }
            self.dictionary.truncate(known);
            self.is_plain = true;
        }
        page.reserve(values.len() * width);
        values.iter().for_each(|value| value.put(width, page));
        Encoding::PLAIN
    }

    fn widen(&mut self, extremes: Option<(Extreme, Extreme)>) {
        self.extremes = match (self.extremes.take(), extremes) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }
}

impl Values<'_> {
    /// The least and the greatest value; what is not a number is neither.
    fn extremes(&self, order: Order) -> Option<(Extreme, Extreme)> {
        match self {
            Values::Words(words) => {
                let nothing = (i64::MAX, i64::MIN);
                let ranks = words.iter().map(|&word| order.rank(word));
                let (least, most) = match order {
                    Order::Single | Order::Double => ranks
                        .filter(|&rank| order.is_number(rank))
                        .fold(nothing, |(least, most), it| (least.min(it), most.max(it))),
                    _ => ranks.fold(nothing, |(least, most), it| (least.min(it), most.max(it))),
                };
                (least <= most).then_some((Extreme::Rank(least), Extreme::Rank(most)))
            }
            Values::Strings(strings) => {
                let bytes = |it: &&[u8]| Extreme::Bytes(it.to_vec());
                Some((
                    strings.iter().min().map(bytes)?,
                    strings.iter().max().map(bytes)?,
                ))
            }
        }
    }
}

impl Order {
    /// The place of a word among all, as a signed number.
    #[inline(always)]
    fn rank(self, word: u64) -> i64 {
        match self {
            Order::Signed | Order::Bytes => word as i64,
            Order::Unsigned => (word ^ 1 << 63) as i64,
            // As in `f64::total_cmp`; each is its own inverse.
            Order::Single => {
                let bits = word as u32 as i32;
                i64::from(bits ^ (((bits >> 31) as u32) >> 1) as i32)
            }
            Order::Double => {
                let bits = word as i64;
                bits ^ (((bits >> 63) as u64) >> 1) as i64
            }
        }
    }

    /// The word of a rank.
    fn word(self, rank: i64) -> u64 {
        match self {
            Order::Single => u64::from(self.rank(rank as u64) as u32),
            _ => self.rank(rank as u64) as u64,
        }
    }

    fn is_number(self, rank: i64) -> bool {
        match self {
            Order::Single => !f32::from_bits(self.word(rank) as u32).is_nan(),
            Order::Double => !f64::from_bits(self.word(rank)).is_nan(),
            _ => true,
        }
    }
}

/// A value as a dictionary sees it.
trait Value: Copy {
    /// Different for different values, unless [`HASHED`] says that it may be the same.
    fn key(self) -> u64;
    /// Whether an entry is this value, where their keys are the same.
    fn is(self, plain: &[u8], starts: &[u32], entry: usize) -> bool;
    /// Appends the plain bytes.
    fn put(self, width: usize, plain: &mut Vec<u8>);
}

/// The first byte of keys that are hashes.
const HASHED: u64 = 0xFF;

impl Value for u64 {
    #[inline(always)]
    fn key(self) -> u64 {
        self
    }

    #[inline(always)]
    fn is(self, _: &[u8], _: &[u32], _: usize) -> bool {
        true
    }

    #[inline(always)]
    fn put(self, width: usize, plain: &mut Vec<u8>) {
        match width {
            4 => plain.extend((self as u32).to_le_bytes()),
            _ => plain.extend(self.to_le_bytes()),
        }
    }
}

impl Value for &[u8] {
    /// A short string with its length; of a long one a hash.
    #[inline(always)]
    fn key(self) -> u64 {
        let word = |bytes: &[u8]| {
            let bytes = bytes.iter().rev();
            bytes.fold(0, |word, &byte| word << 8 | u64::from(byte))
        };
        if self.len() < 8 {
            return (self.len() as u64) << 56 | word(self);
        }
        let hash = self.chunks(8).fold(self.len() as u64, |hash, bytes| {
            (hash.rotate_left(23) ^ word(bytes)).wrapping_mul(MULTIPLIER)
        });
        hash ^ hash >> 32 | HASHED << 56
    }

    #[inline(always)]
    fn is(self, plain: &[u8], starts: &[u32], entry: usize) -> bool {
        self.len() < 8 || {
            let plain = &plain[starts[entry] as usize + 4..];
            plain.get(..self.len()) == Some(self)
        }
    }

    #[inline(always)]
    fn put(self, _: usize, plain: &mut Vec<u8>) {
        plain.extend((self.len() as u32).to_le_bytes());
        plain.extend(self);
    }
}

/// 2⁶⁴ divided by the golden ratio (Knuth, "The Art of Computer Programming", 6.4).
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The different values so far, numbered as they came.
#[derive(Default)]
struct Dictionary {
    /// What is to become the dictionary's page.
    plain: Vec<u8>,
    /// Of each entry its key, and where its plain bytes begin.
    keys: Vec<u64>,
    starts: Vec<u32>,
    /// One more than the number of an entry, at or behind where its key leads; 0 where there is
    /// none. Not the keys too: the tables of all columns of a batch should stay in a cache.
    slots: Vec<u16>,
}

impl Dictionary {
    /// The numbers of values, or `None` if they are too many.
    fn codes<V: Value>(&mut self, values: &[V], width: usize) -> Option<Vec<u16>> {
        if self.slots.is_empty() {
            self.slots = vec![0; 256];
        }
        let mut codes = vec![0; values.len()];
        for (code, &value) in codes.iter_mut().zip(values) {
            *code = self.code(value, width)?;
        }
        Some(codes)
    }

    #[inline(always)]
    fn code<V: Value>(&mut self, value: V, width: usize) -> Option<u16> {
        let key = value.key();
        let mut slot = self.slot(key);
        while let Some(code) = self.slots[slot].checked_sub(1) {
            let at = usize::from(code);
            if self.keys[at] == key && value.is(&self.plain, &self.starts, at) {
                return Some(code);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.add(value, width)
    }

    /// Where to look for a key first.
    #[inline(always)]
    fn slot(&self, key: u64) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (key.wrapping_mul(MULTIPLIER) >> (64 - bits)) as usize
    }

    #[cold]
    #[inline(never)]
    fn add<V: Value>(&mut self, value: V, width: usize) -> Option<u16> {
        self.starts.push(self.plain.len() as u32);
        self.keys.push(value.key());
        value.put(width, &mut self.plain);
        if self.plain.len() > DICTIONARY_BYTES {
            return None;
        }
        let n = self.keys.len();
        // Three of four are free, so that collisions are rare.
        if 4 * n > self.slots.len() {
            self.slots = vec![0; 8 * n.next_power_of_two()];
            (0..n - 1).for_each(|code| self.occupy(code));
        }
        self.occupy(n - 1);
        Some((n - 1) as u16)
    }

    fn occupy(&mut self, code: usize) {
        let mut slot = self.slot(self.keys[code]);
        while self.slots[slot] > 0 {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = code as u16 + 1;
    }

    /// Forgets all but the first entries, for good.
    fn truncate(&mut self, n: usize) {
        let end = self.starts.get(n).copied();
        self.plain
            .truncate(end.map_or(usize::MAX, |end| end as usize));
        self.keys.truncate(n);
        self.starts.truncate(n);
    }

    /// The entries, as their plain bytes tell.
    fn values(&self, order: Order, width: usize) -> Values<'_> {
        if width > 0 {
            let word = |bytes: &[u8]| {
                let bytes = bytes.iter().rev();
                let word = bytes.fold(0u64, |word, &byte| word << 8 | u64::from(byte));
                match (order, width) {
                    (Order::Signed, 4) => i64::from(word as i32) as u64,
                    _ => word,
                }
            };
            return Values::Words(self.plain.chunks(width).map(word).collect());
        }
        let mut strings = Vec::with_capacity(self.keys.len());
        let mut rest = self.plain.as_slice();
        while let Some((length, after)) = rest.split_first_chunk() {
            let (string, after) = after.split_at(u32::from_le_bytes(*length) as usize);
            strings.push(string);
            rest = after;
        }
        Values::Strings(strings)
    }
}

/// The values of an array that are not NULL; an encoder is only made for types that are here.
fn values(array: &dyn Array) -> Values<'_> {
    fn words<T: ArrowPrimitiveType>(
        array: &dyn Array,
        word: impl Fn(T::Native) -> u64,
    ) -> Values<'static> {
        let (array, nulls) = (array.as_primitive::<T>(), array.nulls());
        let values = array.values();
        let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
            return Values::Words(values.iter().map(|&value| word(value)).collect());
        };
        let mut words = Vec::with_capacity(values.len());
        for (from, to) in nulls.valid_slices() {
            words.extend(values[from..to].iter().map(|&value| word(value)));
        }
        Values::Words(words)
    }
    let data_type = array.data_type();
    match data_type {
        DataType::Int8 => words::<Int8Type>(array, |it| i64::from(it) as u64),
        DataType::Int16 => words::<Int16Type>(array, |it| i64::from(it) as u64),
        DataType::Int32 => words::<Int32Type>(array, |it| i64::from(it) as u64),
        DataType::Int64 => words::<Int64Type>(array, |it| it as u64),
        DataType::UInt8 => words::<UInt8Type>(array, u64::from),
        DataType::UInt16 => words::<UInt16Type>(array, u64::from),
        DataType::UInt32 => words::<UInt32Type>(array, u64::from),
        DataType::UInt64 => words::<UInt64Type>(array, |it| it),
        DataType::Date32 => words::<Date32Type>(array, |it| i64::from(it) as u64),
        DataType::Time64(TimeUnit::Nanosecond) => {
            words::<Time64NanosecondType>(array, |it| it as u64)
        }
        DataType::Time64(_) => words::<Time64MicrosecondType>(array, |it| it as u64),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            words::<TimestampNanosecondType>(array, |it| it as u64)
        }
        DataType::Timestamp(..) => words::<TimestampMicrosecondType>(array, |it| it as u64),
        // Those of 18 digits at most: others are not words.
        DataType::Decimal128(..) => words::<Decimal128Type>(array, |it| it as i64 as u64),
        DataType::Float32 => words::<Float32Type>(array, |it| u64::from(it.to_bits())),
        DataType::Float64 => words::<Float64Type>(array, f64::to_bits),
        _ => {
            let strings = array.as_string::<i32>();
            let strings = strings.iter().flatten().map(str::as_bytes);
            Values::Strings(strings.collect())
        }
    }
}

/// Appends definition levels: validity bits are what they are, bit by bit.
fn put_levels(array: &dyn Array, page: &mut Vec<u8>) {
    let mut levels = Vec::new();
    let n = array.len();
    match array.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => put_run(1, 1, n, &mut levels),
        Some(nulls) => {
            put_number(n.div_ceil(8) << 1 | 1, &mut levels);
            levels.extend(&nulls.inner().sliced().as_slice()[..n.div_ceil(8)]);
            // What is behind the last bit may be anything.
            if let Some(last) = levels.last_mut().filter(|_| !n.is_multiple_of(8)) {
                *last &= (1 << (n % 8)) - 1;
            }
        }
    }
    page.extend((levels.len() as u32).to_le_bytes());
    page.extend(levels);
}

/// Appends the codes of a dictionary of `len` entries, in Parquet's hybrid of runs and bits.
fn put_codes(codes: &[u16], len: usize, page: &mut Vec<u8>) {
    let width = (usize::BITS - len.saturating_sub(1).leading_zeros()).max(1) as usize;
    page.push(width as u8);
    let (groups, _) = codes.as_chunks::<8>();
    let (mut packed, mut at) = (0, 0);
    while at < groups.len() {
        let first = groups[at][0];
        let more = groups[at..].iter();
        let run = more.take_while(|group| **group == [first; 8]).count();
        if run > 0 {
            put_packed(&codes[8 * packed..8 * at], width, page);
            put_run(first, width, 8 * run, page);
            packed = at + run;
        }
        at += run.max(1);
    }
    put_packed(&codes[8 * packed..], width, page);
}

fn put_run(code: u16, width: usize, length: usize, page: &mut Vec<u8>) {
    put_number(length << 1, page);
    page.extend(&code.to_le_bytes()[..width.div_ceil(8)]);
}

/// Appends bit-packed codes, of at most 16 bits each.
fn put_packed(codes: &[u16], width: usize, page: &mut Vec<u8>) {
    if codes.is_empty() {
        return;
    }
    let n_groups = codes.len().div_ceil(8);
    put_number(n_groups << 1 | 1, page);
    let (mut at, end) = (page.len(), page.len() + n_groups * width);
    // Every group is written as 16 bytes, of which the next one overwrites what is too much.
    page.resize(end + 16, 0);
    let mut put = |codes: &[u16; 8]| {
        let half = |codes: &[u16]| {
            let codes = codes.iter().rev();
            codes.fold(0u64, |bits, &code| bits << width | u64::from(code))
        };
        let bits = u128::from(half(&codes[4..])) << (4 * width) | u128::from(half(&codes[..4]));
        page[at..at + 16].copy_from_slice(&bits.to_le_bytes());
        at += width;
    };
    let (groups, rest) = codes.as_chunks::<8>();
    groups.iter().for_each(&mut put);
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        put(&last);
    }
    page.truncate(end);
}

/// Appends a number in groups of seven bits, least first.
fn put_number(mut number: usize, page: &mut Vec<u8>) {
    while number > 0x7F {
        page.push(number as u8 | 0x80);
        number >>= 7;
    }
    page.push(number as u8);
}
