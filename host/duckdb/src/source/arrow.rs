//! Arrow: streams, and IPC files of the file and of the stream format.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow::compute::cast;
use arrow::datatypes::{DataType as Arrow, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use duckdb::Connection;
use prodlike_core::schema::{Column, DataType, SemanticType};

use super::files::unreadable;
use super::stage::staged_name;
use crate::batches::run;
use crate::error::Error;
use crate::quote::{identifier, join};

/// Most columns of a table: what relates to what is looked for among all pairs of them.
const MAX_COLUMNS: usize = 10_000;

/// Loads the files of a table, one batch at a time, and returns its columns.
pub(super) fn load(
    connection: &Connection,
    schema_name: &str,
    table: &str,
    files: &[PathBuf],
) -> Result<Vec<Column>, Error> {
    let mut first: Option<(SchemaRef, PathBuf)> = None;
    let mut columns = Vec::new();
    for path in files {
        let failed = |source| Error::ArrowFile {
            path: path.clone(),
            source,
        };
        let mut reader = open(path)?;
        let schema = reader.schema();
        match &first {
            None => {
                columns = columns_of(table, &schema)?;
                create(connection, &staged_name(schema_name, table), &columns)?;
                first = Some((schema, path.clone()));
            }
            Some((known, first)) if known.fields() != schema.fields() => {
                return Err(Error::OtherColumns {
                    table: table.to_string(),
                    first: first.clone(),
                    second: path.clone(),
                });
            }
            Some(_) => {}
        }
        append(connection, schema_name, table, &mut reader, failed)?;
    }
    Ok(columns)
}

/// Loads a stream as a table, one batch at a time, and returns its columns.
pub(super) fn load_stream(
    connection: &Connection,
    schema_name: &str,
    table: &str,
    stream: &mut dyn RecordBatchReader,
) -> Result<Vec<Column>, Error> {
    let columns = columns_of(table, &stream.schema())?;
    create(connection, &staged_name(schema_name, table), &columns)?;
    append(connection, schema_name, table, stream, |source| {
        Error::ArrowStream {
            table: table.to_string(),
            source,
        }
    })?;
    Ok(columns)
}

fn append(
    connection: &Connection,
    schema_name: &str,
    table: &str,
    batches: &mut dyn RecordBatchReader,
    failed: impl Fn(ArrowError) -> Error,
) -> Result<(), Error> {
    let action = format!("load table `{table}`");
    let mut appender = connection
        .appender_to_catalog_and_db(table, "staged", schema_name)
        .map_err(Error::query(&action))?;
    for batch in batches {
        let batch = carried(&batch.map_err(&failed)?).map_err(&failed)?;
        appender
            .append_record_batch(batch)
            .map_err(Error::query(&action))?;
    }
    appender.flush().map_err(Error::query(&action))
}

fn open(path: &Path) -> Result<Box<dyn RecordBatchReader>, Error> {
    let failed = |source| Error::ArrowFile {
        path: path.to_path_buf(),
        source,
    };
    let mut file = BufReader::new(File::open(path).map_err(unreadable(path))?);
    let mut start = [0; 6];
    let is_file = file.read_exact(&mut start).is_ok() && &start == b"ARROW1";
    file.rewind().map_err(unreadable(path))?;
    Ok(if is_file {
        Box::new(FileReader::try_new(file, None).map_err(failed)?)
    } else {
        Box::new(StreamReader::try_new(file, None).map_err(failed)?)
    })
}

/// The columns as DuckDB will call them.
fn columns_of(table: &str, schema: &Schema) -> Result<Vec<Column>, Error> {
    if schema.fields().len() > MAX_COLUMNS {
        return Err(Error::TooManyColumns {
            table: table.to_string(),
            columns: schema.fields().len(),
            most: MAX_COLUMNS,
        });
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (at, field) in schema.fields().iter().enumerate() {
        if field.name().is_empty() {
            return Err(Error::NoName {
                what: format!("column {} of table `{table}`", at + 1),
            });
        }
        if let Some(first) = names.insert(field.name().to_lowercase(), field.name()) {
            return Err(Error::SameColumn {
                table: table.to_string(),
                first: first.to_string(),
                second: field.name().clone(),
            });
        }
        let data_type = match duckdb_name(&plain(field.data_type())) {
            Some(name) => DataType::from_duckdb(&name),
            None => DataType::Other(field.data_type().to_string()),
        };
        columns.push(Column {
            nullable: field.is_nullable(),
            ..Column::new(field.name(), data_type, SemanticType::Numerical)
        });
    }
    if columns.is_empty() {
        return Err(Error::NoColumns {
            table: table.to_string(),
        });
    }
    Ok(columns)
}

fn create(connection: &Connection, relation: &str, columns: &[Column]) -> Result<(), Error> {
    let columns = join(columns, ", ", |column| {
        let data_type = match &column.data_type {
            // Not carried here, and not in DuckDB either: a place holder of NULLs.
            DataType::Other(name) if !is_duckdb(name) => "VARCHAR".to_string(),
            data_type => data_type.to_string(),
        };
        format!("{} {data_type}", identifier(&column.name))
    });
    run(
        connection,
        "make a table",
        &format!("CREATE TABLE {relation} ({columns})"),
    )
}

fn is_duckdb(name: &str) -> bool {
    name.starts_with("DECIMAL")
        || [
            "UBIGINT",
            "BLOB",
            "TIME",
            "TIMESTAMP WITH TIME ZONE",
            "INTERVAL",
        ]
        .contains(&name)
}

/// The type without what only Arrow knows: dictionaries, views, widths of offsets.
fn plain(data_type: &Arrow) -> Arrow {
    match data_type {
        Arrow::Dictionary(_, values) => plain(values),
        Arrow::RunEndEncoded(_, values) => plain(values.data_type()),
        Arrow::LargeUtf8 | Arrow::Utf8View | Arrow::Null => Arrow::Utf8,
        Arrow::LargeBinary | Arrow::BinaryView | Arrow::FixedSizeBinary(_) => Arrow::Binary,
        Arrow::Float16 => Arrow::Float32,
        Arrow::Date64 => Arrow::Date32,
        Arrow::Time32(_) | Arrow::Time64(_) => Arrow::Time64(TimeUnit::Microsecond),
        Arrow::Timestamp(_, Some(_)) => Arrow::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Arrow::Decimal32(precision, scale) | Arrow::Decimal64(precision, scale) => {
            Arrow::Decimal128(*precision, *scale)
        }
        other => other.clone(),
    }
}

/// DuckDB's name of a plain type; none for one it would have to be asked about.
fn duckdb_name(data_type: &Arrow) -> Option<String> {
    Some(
        match data_type {
            Arrow::Boolean => "BOOLEAN",
            Arrow::Int8 => "TINYINT",
            Arrow::Int16 => "SMALLINT",
            Arrow::Int32 => "INTEGER",
            Arrow::Int64 => "BIGINT",
            Arrow::UInt8 => "UTINYINT",
            Arrow::UInt16 => "USMALLINT",
            Arrow::UInt32 => "UINTEGER",
            Arrow::UInt64 => "UBIGINT",
            Arrow::Float32 => "FLOAT",
            Arrow::Float64 => "DOUBLE",
            Arrow::Utf8 => "VARCHAR",
            Arrow::Binary => "BLOB",
            Arrow::Date32 => "DATE",
            Arrow::Time64(_) => "TIME",
            Arrow::Timestamp(TimeUnit::Second, None) => "TIMESTAMP_S",
            Arrow::Timestamp(TimeUnit::Millisecond, None) => "TIMESTAMP_MS",
            Arrow::Timestamp(TimeUnit::Microsecond, None) => "TIMESTAMP",
            Arrow::Timestamp(TimeUnit::Nanosecond, None) => "TIMESTAMP_NS",
            Arrow::Timestamp(_, Some(_)) => "TIMESTAMP WITH TIME ZONE",
            Arrow::Duration(_) | Arrow::Interval(_) => "INTERVAL",
            Arrow::Decimal128(precision, scale @ 0..) => {
                return Some(format!("DECIMAL({precision},{scale})"));
            }
            _ => return None,
        }
        .to_string(),
    )
}

/// Makes plain columns of a batch's; what has no plain type becomes NULLs.
fn carried(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut arrays = Vec::with_capacity(batch.num_columns());
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        let target = plain(field.data_type());
        let (target, array) = match duckdb_name(&target) {
            Some(_) if target == *field.data_type() => (target, array.clone()),
            Some(_) => {
                let array = cast(array, &target)?;
                (target, array)
            }
            None => (
                Arrow::Utf8,
                arrow::array::new_null_array(&Arrow::Utf8, array.len()),
            ),
        };
        fields.push(Field::new(field.name(), target, true));
        arrays.push(array);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}
