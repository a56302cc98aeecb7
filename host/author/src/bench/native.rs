//! The same plugin as native code, for comparison: a program that is given the same batch.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use prodlike_plugin::{Column, Kind, Role, Settings};
use serde::Serialize;
use serde_json::{Value, json};

use crate::check::data::Batch;
use crate::error::Error;

/// A plugin's native program.
pub(super) struct Native {
    program: PathBuf,
}

impl Native {
    pub(super) fn new(program: PathBuf) -> Native {
        Native { program }
    }

    /// Returns the time of a call, the median; `None` of columns that are not handed over.
    pub(super) fn call(
        &self,
        kind: Kind,
        settings: &Settings,
        batch: &Batch,
    ) -> Result<Option<Duration>, Error> {
        let Some(job) = job(settings, batch) else {
            return Ok(None);
        };
        let failed = |reason: String| Error::Native {
            program: self.program.clone(),
            reason,
        };
        let json = serde_json::to_vec(&job).map_err(|error| failed(error.to_string()))?;
        let answer =
            answer(&self.program, kind.name(), &json).map_err(|error| failed(error.to_string()))?;
        if !answer.status.success() {
            let said = String::from_utf8_lossy(&answer.stderr);
            return Err(failed(said.trim().to_owned()));
        }
        let said = String::from_utf8_lossy(&answer.stdout);
        match said.trim().parse() {
            Ok(nanoseconds) => Ok(Some(Duration::from_nanos(nanoseconds))),
            Err(_) => Err(failed(format!("it says `{}`", said.trim()))),
        }
    }
}

fn answer(program: &Path, kind: &str, job: &[u8]) -> std::io::Result<std::process::Output> {
    let mut child = Command::new(program)
        .arg(kind)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // It reads to the end before it says anything; what fails before shows by its status.
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(job));
    let answer = child.wait_with_output()?;
    match written {
        Some(Err(error)) if answer.status.success() => Err(error),
        _ => Ok(answer),
    }
}

/// Returns settings and batch as the SDK reads them (`prodlike_sdk::testing::Job`); `None` of
/// nested columns.
fn job(settings: &Settings, batch: &Batch) -> Option<Value> {
    let secrets = settings.secrets.iter();
    let secrets = secrets.map(|it| json!({ "name": it.name, "bytes": it.bytes }));
    let learned = settings.learned.iter();
    let learned =
        learned.map(|it| json!({ "key": it.key, "rows": it.rows, "entities": it.entities }));
    let options = match settings.options.as_str() {
        "" => "{}",
        options => options,
    };
    let input = match settings.input.is_empty() {
        true => Value::Null,
        false => table(&settings.input, &batch.input)?,
    };
    Some(json!({
        "options": options,
        "settings": {
            "input": fields(&settings.input)?,
            "wanted": fields(&settings.wanted)?,
            "locale": settings.locale,
            "unique": settings.unique,
            "secrets": secrets.collect::<Vec<_>>(),
            "learned": learned.collect::<Vec<_>>(),
        },
        "rows": batch.len(),
        "seed": 1,
        "input": input,
    }))
}

fn table(columns: &[Column], arrays: &[ArrayRef]) -> Option<Value> {
    let made: Option<Vec<Value>> = arrays.iter().map(column).collect();
    Some(json!({ "fields": fields(columns)?, "columns": made? }))
}

fn fields(columns: &[Column]) -> Option<Vec<Value>> {
    let field = |column: &Column| {
        let field = &column.field;
        let role = match column.role {
            Role::Value => "Value",
            Role::EntityKey => "EntityKey",
        };
        let described = |name: &str, kind: Value, nullable: bool, children: &[Value]| {
            json!({
                "name": name, "kind": kind, "nullable": nullable, "children": children,
                "semantic": null, "role": "Value",
            })
        };
        let values = described("values", json!("Utf8"), false, &[]);
        let children = match field.data_type() {
            DataType::Dictionary(..) => std::slice::from_ref(&values),
            _ => &[],
        };
        let kind = kind(field.data_type())?;
        let mut made = described(field.name(), kind, field.is_nullable(), children);
        made["semantic"] = json!(column.semantic);
        made["role"] = json!(role);
        Some(made)
    };
    columns.iter().map(field).collect()
}

fn kind(data_type: &DataType) -> Option<Value> {
    Some(match data_type {
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Utf8 => json!(data_type.to_string()),
        DataType::Date32 => json!("Date"),
        DataType::Dictionary(..) => json!("Dictionary"),
        DataType::Decimal128(precision, scale) => {
            json!({ "Decimal": { "precision": precision, "scale": scale } })
        }
        DataType::Timestamp(unit, zone) => {
            json!({ "Timestamp": [format!("{unit:?}"), zone.as_deref()] })
        }
        _ => return None,
    })
}

fn column(array: &ArrayRef) -> Option<Value> {
    let mut children = Vec::new();
    let values = match array.data_type() {
        DataType::Boolean => json!({ "Bits": bits(array.as_boolean().values()) }),
        DataType::Int8 => plain::<Int8Type>("Int8", array),
        DataType::Int16 => plain::<Int16Type>("Int16", array),
        DataType::Int32 => plain::<Int32Type>("Int32", array),
        DataType::Int64 => plain::<Int64Type>("Int64", array),
        DataType::UInt8 => plain::<UInt8Type>("UInt8", array),
        DataType::UInt16 => plain::<UInt16Type>("UInt16", array),
        DataType::UInt32 => plain::<UInt32Type>("UInt32", array),
        DataType::UInt64 => plain::<UInt64Type>("UInt64", array),
        DataType::Float32 => plain::<Float32Type>("Float32", array),
        DataType::Float64 => plain::<Float64Type>("Float64", array),
        DataType::Decimal128(..) => {
            let numbers = array.as_primitive::<Decimal128Type>().values();
            let words = |&number: &i128| [number as u64, (number >> 64) as u64];
            json!({ "Words": numbers.iter().flat_map(words).collect::<Vec<_>>() })
        }
        DataType::Date32 => plain::<Date32Type>("Int32", array),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => plain::<TimestampSecondType>("Int64", array),
            TimeUnit::Millisecond => plain::<TimestampMillisecondType>("Int64", array),
            TimeUnit::Microsecond => plain::<TimestampMicrosecondType>("Int64", array),
            TimeUnit::Nanosecond => plain::<TimestampNanosecondType>("Int64", array),
        },
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            json!({
                "Varlen": { "offsets": texts.value_offsets(), "data": texts.value_data() }
            })
        }
        DataType::Dictionary(_, values) if **values == DataType::Utf8 => {
            let dictionary: &DictionaryArray<UInt32Type> = array.as_dictionary_opt()?;
            children.push(column(dictionary.values())?);
            json!({ "Keys": &dictionary.keys().values()[..] })
        }
        _ => return None,
    };
    Some(json!({
        "length": array.len(),
        "validity": array.nulls().map(NullBuffer::inner).map(bits),
        "values": values,
        "children": children,
    }))
}

fn plain<T: ArrowPrimitiveType<Native: Serialize>>(name: &str, array: &ArrayRef) -> Value {
    json!({ name: &array.as_primitive::<T>().values()[..] })
}

/// A bit a value, the lowest of a byte first.
fn bits(bits: &BooleanBuffer) -> Vec<u8> {
    bits.sliced().to_vec()
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::{DataType, Field};
    use prodlike_plugin::{Column, Settings};
    use prodlike_sdk::testing::{Job, Table};

    use super::{job, table};
    use crate::check::data::{Batch, Nulls, Values, types};

    #[test]
    fn columns_are_handed_over_with_their_nulls() {
        let mut handed = 0;
        for data_type in types() {
            let columns = [Column::new(Field::new("c", data_type.clone(), true))];
            let batch = Batch::new(&columns, 0, 100, Values::Plain, Nulls::Some).unwrap();
            let Some(table) = table(&columns, &batch.input) else {
                assert_ne!(data_type, DataType::Utf8);
                continue;
            };
            handed += 1;
            let settings = Settings {
                input: columns.to_vec(),
                wanted: columns.to_vec(),
                ..Settings::default()
            };
            let job = job(&settings, &batch).unwrap();
            assert!(serde_json::from_value::<Job>(job).is_ok(), "{data_type}");
            let again: Table = serde_json::from_value(table).unwrap();
            for row in 0..batch.len() {
                let is_null = batch.input[0].is_null(row);
                assert_eq!(again.column(0).is_null(row), is_null, "{data_type}, {row}");
            }
            match data_type {
                DataType::Utf8 => {
                    let texts = batch.input[0].as_string::<i32>().iter();
                    assert!(texts.eq(again.text(0)));
                }
                DataType::Float64 => {
                    let floats = batch.input[0].as_primitive::<super::Float64Type>();
                    assert_eq!(again.column(0).as_float64(), Some(&floats.values()[..]));
                }
                _ => {}
            }
        }
        // All that is flat, but for what is rare: times of day, durations, intervals, bytes.
        assert_eq!(handed, 25);
    }
}
