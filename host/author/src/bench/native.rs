//! The same plugin as native code, for comparison: a program that is given the same batch.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use prodlike_plugin::{Kind, Role, Settings};
use prodlike_sdk::testing::{Job, Table};
use prodlike_sdk::{Column, Count, Field, Secret, Values};

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

/// Returns settings and batch as the SDK has them; `None` where it has nothing to hand nested
/// columns over with.
fn job(settings: &Settings, batch: &Batch) -> Option<Job> {
    let secrets = settings.secrets.iter().map(|secret| Secret {
        name: secret.name.clone(),
        bytes: secret.bytes.clone(),
    });
    let learned = settings.learned.iter().map(|count| Count {
        key: count.key.clone(),
        rows: count.rows,
        entities: count.entities,
    });
    let options = match settings.options.as_str() {
        "" => "{}",
        options => options,
    };
    let job = Job::new(options)
        .rows(batch.len())
        .settings(prodlike_sdk::Settings {
            wanted: fields(&settings.wanted)?,
            locale: settings.locale.clone(),
            unique: settings.unique,
            secrets: secrets.collect(),
            learned: learned.collect(),
            ..prodlike_sdk::Settings::default()
        });
    match settings.input.is_empty() {
        true => Some(job),
        false => Some(job.input(table(&settings.input, &batch.input)?)),
    }
}

fn table(columns: &[prodlike_plugin::Column], arrays: &[ArrayRef]) -> Option<Table> {
    let made: Option<Vec<Column>> = arrays.iter().map(column).collect();
    Some(Table::new(fields(columns)?.into_iter().zip(made?)))
}

fn fields(columns: &[prodlike_plugin::Column]) -> Option<Vec<Field>> {
    let field = |column: &prodlike_plugin::Column| {
        let field = &column.field;
        let dictionary = matches!(field.data_type(), DataType::Dictionary(..));
        let made = match dictionary {
            true => Field::dictionary(field.name()),
            false => Field::new(field.name(), kind(field.data_type())?),
        };
        Some(Field {
            nullable: field.is_nullable(),
            semantic: column.semantic.clone(),
            role: match column.role {
                Role::Value => prodlike_sdk::Role::Value,
                Role::EntityKey => prodlike_sdk::Role::EntityKey,
            },
            ..made
        })
    };
    columns.iter().map(field).collect()
}

fn kind(data_type: &DataType) -> Option<prodlike_sdk::Kind> {
    use prodlike_sdk::Kind;
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Second => prodlike_sdk::TimeUnit::Second,
        TimeUnit::Millisecond => prodlike_sdk::TimeUnit::Millisecond,
        TimeUnit::Microsecond => prodlike_sdk::TimeUnit::Microsecond,
        TimeUnit::Nanosecond => prodlike_sdk::TimeUnit::Nanosecond,
    };
    Some(match data_type {
        DataType::Boolean => Kind::Boolean,
        DataType::Int8 => Kind::Int8,
        DataType::Int16 => Kind::Int16,
        DataType::Int32 => Kind::Int32,
        DataType::Int64 => Kind::Int64,
        DataType::UInt8 => Kind::UInt8,
        DataType::UInt16 => Kind::UInt16,
        DataType::UInt32 => Kind::UInt32,
        DataType::UInt64 => Kind::UInt64,
        DataType::Float32 => Kind::Float32,
        DataType::Float64 => Kind::Float64,
        DataType::Decimal128(precision, scale) => Kind::Decimal {
            precision: *precision,
            scale: *scale,
        },
        DataType::Date32 => Kind::Date,
        DataType::Timestamp(ticks, zone) => {
            Kind::Timestamp(unit(ticks), zone.as_ref().map(ToString::to_string))
        }
        DataType::Utf8 => Kind::Utf8,
        _ => return None,
    })
}

fn column(array: &ArrayRef) -> Option<Column> {
    let mut children = Vec::new();
    let values = match array.data_type() {
        DataType::Boolean => Values::Bits(bits(array.as_boolean().values())),
        DataType::Int8 => Values::Int8(plain::<Int8Type>(array)),
        DataType::Int16 => Values::Int16(plain::<Int16Type>(array)),
        DataType::Int32 => Values::Int32(plain::<Int32Type>(array)),
        DataType::Int64 => Values::Int64(plain::<Int64Type>(array)),
        DataType::UInt8 => Values::UInt8(plain::<UInt8Type>(array)),
        DataType::UInt16 => Values::UInt16(plain::<UInt16Type>(array)),
        DataType::UInt32 => Values::UInt32(plain::<UInt32Type>(array)),
        DataType::UInt64 => Values::UInt64(plain::<UInt64Type>(array)),
        DataType::Float32 => Values::Float32(plain::<Float32Type>(array)),
        DataType::Float64 => Values::Float64(plain::<Float64Type>(array)),
        DataType::Decimal128(..) => {
            let numbers = array.as_primitive::<Decimal128Type>().values();
            let words = |&number: &i128| [number as u64, (number >> 64) as u64];
            Values::Words(numbers.iter().flat_map(words).collect())
        }
        DataType::Date32 => Values::Int32(plain::<Date32Type>(array)),
        DataType::Timestamp(unit, _) => Values::Int64(match unit {
            TimeUnit::Second => plain::<TimestampSecondType>(array),
            TimeUnit::Millisecond => plain::<TimestampMillisecondType>(array),
            TimeUnit::Microsecond => plain::<TimestampMicrosecondType>(array),
            TimeUnit::Nanosecond => plain::<TimestampNanosecondType>(array),
        }),
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            Values::Varlen {
                offsets: texts.value_offsets().iter().map(|&it| it as u32).collect(),
                data: texts.value_data().to_vec(),
            }
        }
        DataType::Dictionary(_, values) if **values == DataType::Utf8 => {
            let dictionary: &DictionaryArray<UInt32Type> = array.as_dictionary_opt()?;
            children.push(column(dictionary.values())?);
            Values::Keys(dictionary.keys().values().to_vec())
        }
        _ => return None,
    };
    let validity = array.nulls().map(NullBuffer::inner).map(bits);
    Some(Column::from_parts(array.len(), validity, values, children))
}

fn plain<T: ArrowPrimitiveType>(array: &ArrayRef) -> Vec<T::Native> {
    array.as_primitive::<T>().values().to_vec()
}

/// A bit a value, the lowest of a byte first.
fn bits(bits: &arrow::buffer::BooleanBuffer) -> Vec<u8> {
    bits.sliced().to_vec()
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::{DataType, Field};
    use prodlike_plugin::Column;
    use prodlike_sdk::testing::Table;

    use super::table;
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
            let json = serde_json::to_string(&table).unwrap();
            let again: Table = serde_json::from_str(&json).unwrap();
            assert_eq!(again, table, "{data_type}");
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
