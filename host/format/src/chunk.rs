//! Writers of one chunk of one table.
//!
//! Bytes depend on content alone, never on how rows were split into batches: a chunk that two
//! machines wrote is the same file. A page of Parquet is so many rows, so batches are realigned
//! to that grid; only pages of several batches are copied.
//!
//! The digest is taken while writing. Reading a file again to hash it would cost as much as
//! writing it, and would hash whatever is there by then.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, PrimitiveArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::column::ColumnEncoder;
use crate::error::Error;
use crate::whole::hex;

mod column;
mod csv;

/// Rows of a row group: part of the contract that equal content is equal bytes.
const ROW_GROUP_ROWS: usize = 131_072;

/// Encoded bytes at which a row group ends early: a row group waits in memory until it is
/// whole, so this bounds what a wide table takes.
const ROW_GROUP_BYTES: usize = 2 << 20;
/// Rows of a page, after which a row group's bytes are looked at; divides [`ROW_GROUP_ROWS`].
const PAGE_ROWS: usize = 8_192;

/// Rows after which the `parquet` crate looks whether a page is full; divides [`PAGE_ROWS`].
const PAGE_GRID: usize = 1_024;

/// The formats of a dataset in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Apache Parquet, compressed by Snappy.
    Parquet,
    /// Comma-separated values with a header; NULL is empty, an empty string is `""`.
    Csv,
}

impl FileFormat {
    /// Returns the name, which is the extension of files as well.
    pub fn as_str(self) -> &'static str {
        match self {
            FileFormat::Parquet => "parquet",
            FileFormat::Csv => "csv",
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkInfo {
    /// Rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Lower-case hexadecimal digits of the file's SHA-256.
    pub sha256: String,
}

/// Writes one chunk file.
pub struct ChunkWriter {
    path: PathBuf,
    rows: u64,
    sink: Sink,
}

enum Sink {
    Parquet(Box<ParquetSink>),
    Csv(csv::CsvSink<HashingFile>),
}

impl ChunkWriter {
    /// Creates the file, or truncates it.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be created; [`Error::Parquet`] or [`Error::Arrow`]
    /// where the format cannot carry the schema.
    pub fn create(
        path: &Path,
        format: FileFormat,
        schema: SchemaRef,
    ) -> Result<ChunkWriter, Error> {
        let file = HashingFile {
            file: File::create(path).map_err(Error::io("write", path))?,
            hasher: Sha256::new(),
            bytes: 0,
        };
        let sink = match format {
            FileFormat::Parquet => {
                let sink = ParquetSink::new(file, schema).map_err(parquet_error(path))?;
                Sink::Parquet(Box::new(sink))
            }
            FileFormat::Csv => {
                Sink::Csv(csv::CsvSink::new(file, &schema).map_err(Error::io("write", path))?)
            }
        };
        Ok(ChunkWriter {
            path: path.to_path_buf(),
            rows: 0,
            sink,
        })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// As [`ChunkWriter::create`].
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        match &mut self.sink {
            Sink::Parquet(sink) => sink.write(batch).map_err(parquet_error(&self.path))?,
            Sink::Csv(sink) => sink.write(batch).map_err(|error| match error {
                csv::CsvError::Io(source) => Error::Io {
                    action: "write",
                    path: self.path.clone(),
                    source,
                },
                csv::CsvError::Arrow(source) => Error::Arrow {
                    path: self.path.clone(),
                    source,
                },
            })?,
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// As [`ChunkWriter::create`].
    pub fn finish(self) -> Result<ChunkInfo, Error> {
        let file = match self.sink {
            Sink::Parquet(sink) => sink.finish().map_err(parquet_error(&self.path))?,
            Sink::Csv(sink) => sink.finish().map_err(Error::io("write", &self.path))?,
        };
        Ok(ChunkInfo {
            rows: self.rows,
            bytes: file.bytes,
            sha256: hex(file.hasher),
        })
    }
}

/// Unwraps the system's error where there is one: it is the one a person can act on.
fn parquet_error(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Error {
    use parquet::errors::ParquetError;
    let path = path.to_path_buf();
    move |error| match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => Error::Io {
                action: "write",
                path,
                source: *source,
            },
            Err(inner) => Error::Parquet {
                path,
                source: ParquetError::External(inner),
            },
        },
        source => Error::Parquet { path, source },
    }
}

/// A file that knows its digest.
struct HashingFile {
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Write for HashingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n_written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..n_written]);
        self.bytes += n_written as u64;
        Ok(n_written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

struct ParquetSink {
    file: SerializedFileWriter<HashingFile>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    columns: Vec<ColumnSink>,
    /// Fewer rows than [`PAGE_ROWS`], waiting for the grid line.
    pending: Vec<RecordBatch>,
    pending_rows: usize,
    /// Rows of the row group so far.
    group_rows: usize,
}

enum ColumnSink {
    Own(Box<ColumnEncoder>),
    /// By the crate's writer, in a row group.
    Other(Box<Option<ArrowColumnWriter>>),
}

impl ParquetSink {
    fn new(file: HashingFile, schema: SchemaRef) -> parquet::errors::Result<ParquetSink> {
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_dictionary_enabled(true)
            .set_dictionary_page_size_limit(column::DICTIONARY_BYTES)
            .set_write_batch_size(PAGE_GRID)
            .set_created_by("prodlike".to_string())
            .build();
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        let schema = parquet_schema(&schema);
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options)?;
        let (file, factory) = writer.into_serialized_writer()?;
        let columns = schema.fields().iter().zip(file.schema_descr().columns());
        let columns =
            columns.map(
                |(field, descr)| match ColumnEncoder::new(field.data_type(), descr) {
                    Some(encoder) => ColumnSink::Own(Box::new(encoder)),
                    None => ColumnSink::Other(Box::new(None)),
                },
            );
        Ok(ParquetSink {
            columns: columns.collect(),
            file,
            factory,
            schema,
            pending: Vec::new(),
            pending_rows: 0,
            group_rows: 0,
        })
    }

    fn write(&mut self, batch: &RecordBatch) -> parquet::errors::Result<()> {
        let batch = self.conform(batch)?;
        let mut first = 0;
        while first < batch.num_rows() {
            let length = (PAGE_ROWS - self.pending_rows).min(batch.num_rows() - first);
            self.pending.push(batch.slice(first, length));
            self.pending_rows += length;
            first += length;
            if self.pending_rows == PAGE_ROWS {
                self.write_page()?;
            }
        }
        Ok(())
    }

    /// Writes a page of every column, and ends the row group if it is full.
    fn write_page(&mut self) -> parquet::errors::Result<()> {
        let rows = match self.pending.as_slice() {
            [rows] => rows.clone(),
            several => concat_batches(&self.schema, several)?,
        };
        self.pending.clear();
        self.pending_rows = 0;
        let is_other = |it: &ColumnSink| matches!(it, ColumnSink::Other(_));
        if self.group_rows == 0 && self.columns.iter().any(is_other) {
            let group = self.file.flushed_row_groups().len();
            let writers = self.factory.create_column_writers(group)?;
            for (column, writer) in self.columns.iter_mut().zip(writers) {
                if let ColumnSink::Other(other) = column {
                    **other = Some(writer);
                }
            }
        }
        let mut bytes = 0;
        let fields = rows.columns().iter().zip(self.schema.fields());
        for (column, (array, field)) in self.columns.iter_mut().zip(fields) {
            match column {
                ColumnSink::Own(encoder) => {
                    encoder.write(array)?;
                    bytes += encoder.bytes();
                }
                ColumnSink::Other(writer) => {
                    let Some(writer) = &mut **writer else {
                        continue;
                    };
                    for leaf in compute_leaves(field, array)? {
                        writer.write(&leaf)?;
                    }
                    bytes += writer.get_estimated_total_bytes();
                }
            }
        }
        self.group_rows += rows.num_rows();
        if bytes > ROW_GROUP_BYTES || self.group_rows >= ROW_GROUP_ROWS {
            self.end_group()?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> parquet::errors::Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            match column {
                ColumnSink::Own(encoder) => encoder.finish(&mut group)?,
                ColumnSink::Other(writer) => {
                    if let Some(writer) = writer.take() {
                        writer.close()?.append_to_row_group(&mut group)?;
                    }
                }
            }
        }
        group.close()?;
        self.group_rows = 0;
        Ok(())
    }

    fn conform(&self, batch: &RecordBatch) -> parquet::errors::Result<RecordBatch> {
        let columns = batch
            .columns()
            .iter()
            .zip(self.schema.fields())
            .map(|(column, field)| match column.data_type() {
                same if same == field.data_type() => Ok(Arc::clone(column)),
                DataType::Timestamp(TimeUnit::Second, None) => {
                    microseconds(column.as_primitive::<TimestampSecondType>(), 1_000_000)
                }
                DataType::Timestamp(TimeUnit::Millisecond, None) => {
                    microseconds(column.as_primitive::<TimestampMillisecondType>(), 1_000)
                }
                _ => cast(column, field.data_type()),
            });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    fn finish(mut self) -> parquet::errors::Result<HashingFile> {
        if self.pending_rows > 0 {
            self.write_page()?;
        }
        if self.group_rows > 0 {
            self.end_group()?;
        }
        self.file.into_inner()
    }
}

/// Parquet has no timestamps of seconds (arrow-rs would write bare integers), and DuckDB reads
/// milliseconds as microseconds but their infinity as a number too large.
fn parquet_schema(schema: &Schema) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| {
            let data_type = match field.data_type() {
                DataType::Timestamp(TimeUnit::Second | TimeUnit::Millisecond, None) => {
                    DataType::Timestamp(TimeUnit::Microsecond, None)
                }
                other => other.clone(),
            };
            Field::new(field.name(), data_type, field.is_nullable())
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Multiplies ticks; infinity stays infinity.
fn microseconds<T: ArrowPrimitiveType<Native = i64>>(
    ticks: &PrimitiveArray<T>,
    factor: i64,
) -> Result<ArrayRef, ArrowError> {
    let scaled: PrimitiveArray<TimestampMicrosecondType> = ticks.try_unary(|ticks| {
        if ticks.unsigned_abs() == i64::MAX.unsigned_abs() {
            return Ok(ticks);
        }
        ticks.checked_mul(factor).ok_or_else(|| {
            ArrowError::CastError(format!(
                "{ticks} ticks of 1/{} s do not fit a timestamp of microseconds",
                1_000_000 / factor
            ))
        })
    })?;
    Ok(Arc::new(scaled))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow::array::{
        BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
        Int8Array, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray,
        TimestampSecondArray, UInt32Array, UInt64Array,
    };
    use arrow::datatypes::Int32Type;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    /// Rows whose strings are too various for one dictionary page.
    fn rows(n_rows: usize) -> RecordBatch {
        let number = |row: usize| (row as i64).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64);
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "id",
                Arc::new(Int64Array::from_iter_values((0..n_rows).map(number))),
            ),
            (
                "name",
                Arc::new(StringArray::from_iter((0..n_rows).map(|row| {
                    (row % 7 != 0).then(|| format!("name-{}-{}", row % 3, number(row)))
                }))),
            ),
            (
                "kind",
                Arc::new(
                    (0..n_rows)
                        .map(|row| ["a", "b", "c"][row % 3])
                        .collect::<DictionaryArray<Int32Type>>(),
                ),
            ),
            (
                "at",
                Arc::new(TimestampSecondArray::from_iter_values(
                    (0..n_rows).map(|row| row as i64),
                )),
            ),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn write(format: FileFormat, batches: &[RecordBatch]) -> (Vec<u8>, ChunkInfo) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("00000");
        let mut writer = ChunkWriter::create(&path, format, batches[0].schema()).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        let info = writer.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(info.sha256, crate::whole::sha256(&bytes));
        assert_eq!(info.bytes, bytes.len() as u64);
        (bytes, info)
    }

    #[test]
    fn bytes_do_not_depend_on_how_rows_are_split() {
        let all = rows(133_001);
        for format in [FileFormat::Parquet, FileFormat::Csv] {
            let (whole, info) = write(format, std::slice::from_ref(&all));
            assert_eq!(info.rows, 133_001);
            for step in [997, 65_537, 20_000] {
                let split: Vec<RecordBatch> = (0..all.num_rows())
                    .step_by(step)
                    .map(|start| all.slice(start, step.min(all.num_rows() - start)))
                    .collect();
                assert!(
                    write(format, &split).0 == whole,
                    "{format:?} differs in batches of {step}"
                );
            }
        }
    }

    fn group_rows(rows: &RecordBatch) -> Vec<i64> {
        let (bytes, _) = write(FileFormat::Parquet, std::slice::from_ref(rows));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        fs::write(&path, bytes).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let groups = builder.metadata().row_groups().iter();
        groups.map(|group| group.num_rows()).collect()
    }

    #[test]
    fn parquet_reads_back_in_row_groups_of_bounded_size() {
        let all = rows(140_000);
        let (bytes, _) = write(FileFormat::Parquet, std::slice::from_ref(&all));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        fs::write(&path, bytes).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let metadata = builder.metadata().clone();
        let rows = group_rows(&all.project(&[2]).unwrap());
        assert_eq!(rows, [131_072, 8_928]);
        assert!(group_rows(&all.project(&[0; 9]).unwrap()).len() > 2);
        assert_eq!(metadata.file_metadata().created_by(), Some("prodlike"));
        assert!(metadata.file_metadata().key_value_metadata().is_none());
        let read: Vec<RecordBatch> = builder
            .with_batch_size(200_000)
            .build()
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let read = concat_batches(&read[0].schema(), &read).unwrap();
        assert_eq!(read.column(1), all.column(1));
        assert_eq!(
            read.column(2),
            &cast(all.column(2), &DataType::Utf8).unwrap()
        );
        assert_eq!(
            read.schema().field(3).data_type(),
            &DataType::Timestamp(TimeUnit::Microsecond, None)
        );
    }

    /// Columns of few and of many values, in runs and not, with NULLs and without.
    fn of_all_kinds(n: usize) -> RecordBatch {
        let mixed = |row: usize| (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
        let few = |row: usize| (mixed(row) % 300) as i64 - 150;
        let some = |row: usize| (mixed(row) % 5 != 0).then_some(few(row));
        let double = |row: usize| match few(row) {
            0 => f64::NAN,
            1 => -0.0,
            it => it as f64 / 4.0,
        };
        let decimals = |precision| {
            let array = Decimal128Array::from_iter((0..n).map(|row| some(row).map(i128::from)));
            array.with_precision_and_scale(precision, 2).unwrap()
        };
        let text = |length: usize| {
            let text = |row: usize| Some("éa".repeat(some(row)?.unsigned_abs() as usize % length));
            StringArray::from_iter((0..n).map(text))
        };
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("one", Arc::new(Int32Array::from_value(-7, n))),
            (
                "runs",
                Arc::new(Int64Array::from_iter_values(
                    (0..n as i64).map(|row| row / 100),
                )),
            ),
            (
                "tiny",
                Arc::new(Int8Array::from_iter(
                    (0..n).map(|row| some(row).map(|it| it as i8)),
                )),
            ),
            (
                "most",
                Arc::new(UInt32Array::from_iter_values(
                    (0..n).map(|row| few(row) as u32),
                )),
            ),
            (
                "wild",
                Arc::new(UInt64Array::from_iter_values(
                    (0..n).map(|row| few(row) as u64 ^ mixed(row)),
                )),
            ),
            ("none", Arc::new(Date32Array::new_null(n))),
            (
                "double",
                Arc::new(Float64Array::from_iter_values((0..n).map(double))),
            ),
            (
                "single",
                Arc::new(Float32Array::from_iter(
                    (0..n).map(|row| some(row).map(|it| it as f32)),
                )),
            ),
            ("short", Arc::new(text(4))),
            ("long", Arc::new(text(150))),
            ("money", Arc::new(decimals(9))),
            ("more", Arc::new(decimals(18))),
            ("most of it", Arc::new(decimals(30))),
            (
                "yes",
                Arc::new(BooleanArray::from_iter(
                    (0..n).map(|row| some(row).map(|it| it > 0)),
                )),
            ),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    #[test]
    fn parquet_reads_back_values_of_all_kinds() {
        for n in [1, 7, 4_000, 30_001] {
            // What begins within a byte of its validity bits.
            let all = of_all_kinds(n + 3).slice(3, n);
            let (bytes, _) = write(FileFormat::Parquet, std::slice::from_ref(&all));
            let bytes = bytes::Bytes::from(bytes);
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
            let metadata = reader.metadata().clone();
            let read = reader.with_batch_size(n).build().unwrap();
            let read: Vec<RecordBatch> = read.map(Result::unwrap).collect();
            let read = concat_batches(&read[0].schema(), &read).unwrap();
            for (column, field) in all.schema().fields().iter().enumerate() {
                let written = all.column(column);
                let (a, b) = (written.to_data(), read.column(column).to_data());
                // Not as values: what is not a number equals nothing.
                assert_eq!(format!("{written:?}"), format!("{:?}", read.column(column)));
                assert!(a == b || field.name() == "double", "{n}: {field}");
                let nulls: u64 = (metadata.row_groups().iter())
                    .filter_map(|group| group.column(column).statistics()?.null_count_opt())
                    .sum();
                assert_eq!(nulls, written.null_count() as u64, "{n}: {field}");
            }
        }
    }

    #[test]
    fn parquet_tells_extremes_by_the_order_of_a_type() {
        use parquet::file::statistics::Statistics;
        let (bytes, _) = write(FileFormat::Parquet, &[of_all_kinds(30_001)]);
        let bytes = bytes::Bytes::from(bytes);
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
        let group = reader.metadata().row_group(0).clone();
        let of = |name: &str| {
            let mut columns = group.columns().iter();
            let column = columns.find(|it| it.column_path().string() == name);
            column.unwrap().statistics().unwrap().clone()
        };
        let extremes = |name: &str| match of(name) {
            Statistics::Int32(it) => format!("{:?} {:?}", it.min_opt(), it.max_opt()),
            Statistics::Int64(it) => format!("{:?} {:?}", it.min_opt(), it.max_opt()),
            Statistics::Float(it) => format!("{:?} {:?}", it.min_opt(), it.max_opt()),
            Statistics::Double(it) => format!("{:?} {:?}", it.min_opt(), it.max_opt()),
            Statistics::ByteArray(it) => format!("{:?}", it.max_opt().map(|it| it.len())),
            other => format!("{other:?}"),
        };
        assert_eq!(extremes("one"), "Some(-7) Some(-7)");
        assert_eq!(extremes("runs"), "Some(0) Some(300)");
        // From 0 to what -1 is without a sign.
        assert_eq!(extremes("most"), "Some(0) Some(-1)");
        assert_eq!(extremes("none"), "None None");
        assert_eq!(extremes("double"), "Some(-37.5) Some(37.25)");
        assert_eq!(extremes("single"), "Some(-149.0) Some(149.0)");
        assert_eq!(extremes("more"), "Some(-149) Some(149)");
        // As bytes, the longest of one letter's multiples is the greatest.
        assert_eq!(extremes("short"), "Some(9)");
        assert_eq!(extremes("long"), "None");
    }

    #[test]
    fn empty_chunks_have_their_columns() {
        let none = rows(0);
        let (bytes, info) = write(FileFormat::Csv, std::slice::from_ref(&none));
        assert_eq!(
            (info.rows, bytes.as_slice()),
            (0, b"id,name,kind,at\n".as_slice())
        );
        let (bytes, _) = write(FileFormat::Parquet, &[none]);
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    }

    #[test]
    fn csv_tells_null_from_empty_and_quotes_what_needs_it() {
        let columns: Vec<(&str, ArrayRef)> = vec![
            (
                "te\"xt, é",
                Arc::new(StringArray::from(vec![
                    None,
                    Some(""),
                    Some("a,b"),
                    Some("say \"hi\""),
                    Some("two\nlines"),
                    Some("é "),
                ])),
            ),
            (
                "tiny",
                Arc::new(Int8Array::from(vec![
                    Some(-128),
                    None,
                    Some(0),
                    Some(127),
                    Some(-1),
                    Some(5),
                ])),
            ),
            (
                "big",
                Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX, 0, -10, 99, 100])),
            ),
            (
                "u",
                Arc::new(UInt32Array::from(vec![u32::MAX, 0, 1, 2, 3, 4])),
            ),
            (
                "yes",
                Arc::new(BooleanArray::from(vec![
                    Some(true),
                    Some(false),
                    None,
                    None,
                    None,
                    None,
                ])),
            ),
            (
                "f",
                Arc::new(Float64Array::from(vec![
                    0.1,
                    -0.0,
                    1e300,
                    f64::NAN,
                    1.0,
                    f64::INFINITY,
                ])),
            ),
            (
                "g",
                Arc::new(Float32Array::from(vec![
                    0.1,
                    0.0,
                    1.5,
                    2.0,
                    3.0,
                    16_777_216.0,
                ])),
            ),
            (
                "d",
                Arc::new(Date32Array::from(vec![
                    0, -1, 19_782, 11_016, -719_528, 2_932_896,
                ])),
            ),
            (
                "t",
                Arc::new(TimestampMicrosecondArray::from(vec![
                    0,
                    -1,
                    1_500_000,
                    86_399_999_999,
                    1,
                    60_000_000,
                ])),
            ),
            (
                "m",
                Arc::new(
                    Decimal128Array::from(vec![5, -5, 12_345, 0, -100, 99])
                        .with_precision_and_scale(18, 2)
                        .unwrap(),
                ),
            ),
            ("i", Arc::new(Int32Array::from(vec![1, 2, 3, 4, 5, 6]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let (bytes, _) = write(FileFormat::Csv, &[batch]);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\"te\"\"xt, é\",tiny,big,u,yes,f,g,d,t,m,i\n\
             ,-128,-9223372036854775808,4294967295,true,0.1,0.1,1970-01-01,1970-01-01 00:00:00,0.05,1\n\
             \"\",,9223372036854775807,0,false,-0.0,0.0,1969-12-31,1969-12-31 23:59:59.999999,-0.05,2\n\
             \"a,b\",0,0,1,,1e300,1.5,2024-02-29,1970-01-01 00:00:01.500000,123.45,3\n\
             \"say \"\"hi\"\"\",127,-10,2,,nan,2.0,2000-02-29,1970-01-01 23:59:59.999999,0.00,4\n\
             \"two\nlines\",-1,99,3,,1.0,3.0,0000-01-01,1970-01-01 00:00:00.000001,-1.00,5\n\
             é ,5,100,4,,inf,16777216.0,9999-12-31,1970-01-01 00:01:00,0.99,6\n"
        );
    }

    #[test]
    fn an_unwritable_path_is_an_error_that_names_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("no").join("00000.parquet");
        let error = ChunkWriter::create(&path, FileFormat::Parquet, rows(1).schema())
            .err()
            .unwrap();
        assert!(
            matches!(&error, Error::Io { path: named, .. } if *named == path),
            "{error}"
        );
    }
}
