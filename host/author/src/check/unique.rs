//! No value repeats where none may.

use std::collections::HashSet;

use arrow::array::Array;
use arrow::datatypes::DataType;
use arrow::row::{RowConverter, SortField};
use prodlike_plugin::{Column, Kind, Settings};

use super::Stop;
use super::data::{Nulls, TOTAL, Values};
use super::subject::{Running, Subject, value};

/// Rows of a call.
const ROWS: u64 = 8_192;

/// Every output alone, of inputs that do not repeat either.
pub(super) fn unique(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    if !matches!(subject.kind, Kind::Generator | Kind::Transform) {
        let why = "it fills no column";
        return Err(Stop::NotApplicable(why.to_owned()));
    }
    let mut any = false;
    for settings in served {
        let repeats = |column: &Column| *column.field.data_type() == DataType::Boolean;
        if subject.kind == Kind::Transform && settings.input.iter().any(repeats) {
            continue;
        }
        let wanted: Vec<Vec<Column>> = match settings.wanted.as_slice() {
            [] => vec![Vec::new()],
            wanted => wanted.iter().map(|column| vec![column.clone()]).collect(),
        };
        for wanted in wanted {
            let settings = Settings {
                wanted,
                unique: true,
                ..settings.clone()
            };
            if let Some(running) = subject.try_start(&settings)? {
                any = true;
                run(&running, Values::Distinct)?;
                if subject.kind == Kind::Transform {
                    run(&running, Values::Greatest)?;
                }
            }
        }
    }
    if any {
        return Ok(());
    }
    let why = "it refuses columns whose values must not repeat";
    Err(Stop::NotApplicable(why.to_owned()))
}

fn run(running: &Running<'_>, values: Values) -> Result<(), Stop> {
    let mut seen: Vec<HashSet<Box<[u8]>>> = Vec::new();
    let mut first = 0;
    while first < TOTAL {
        let n_rows = ROWS.min(TOTAL - first);
        let batch = running.rows(first, n_rows, values, Nulls::None)?;
        // It may say so with the first batch: only then it knows how many rows there are.
        let Some(made) = running.try_call(&batch)? else {
            return Ok(());
        };
        seen.resize_with(made.len(), HashSet::new);
        for (index, (array, seen)) in made.iter().zip(&mut seen).enumerate() {
            let converter = RowConverter::new(vec![SortField::new(array.data_type().clone())])?;
            let rows = converter.convert_columns(std::slice::from_ref(array))?;
            for (row, bytes) in rows.iter().enumerate() {
                if !array.is_null(row) && !seen.insert(bytes.as_ref().into()) {
                    let message = format!(
                        "column `{}` at row {} is {}, which was there before, and no value \
                         may repeat",
                        running.column(index),
                        batch.number(row),
                        value(array, row)
                    );
                    return Err(running.fault(message, &batch));
                }
            }
        }
        first += n_rows;
    }
    Ok(())
}
