//! Columns and batches of every sort: served or refused, and nothing else.

use arrow::datatypes::{DataType, Field};
use prodlike_plugin::{Column, Kind, Settings};

use super::Stop;
use super::cases;
use super::data::{self, Nulls, Values};
use super::subject::Subject;

/// Columns that are NULL here and there, or everywhere.
pub(super) fn nulls(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let mut any = false;
    for settings in with_input(served) {
        any = true;
        let running = subject.start(settings)?;
        for values in [Values::Plain, Values::Extreme] {
            for nulls in [Nulls::Some, Nulls::All] {
                let batch = running.rows(0, 200, values, nulls)?;
                let Some(made) = running.try_call(&batch)? else {
                    continue;
                };
                let again = running.another()?.call(&batch)?;
                running.compare(&batch, &made, &again, "in another instance")?;
                if subject.kind == Kind::Detector {
                    continue;
                }
                // Bitmaps begin within a byte.
                let part = batch.slice(13, 100);
                let made: Vec<_> = made.iter().map(|array| array.slice(13, 100)).collect();
                let again = running.call(&part)?;
                running.compare(
                    &part,
                    &made,
                    &again,
                    "where 100 of the 200 rows are asked for",
                )?;
            }
        }
        // One column at a time.
        for column in 0..settings.input.len() {
            let mut batch = running.rows(0, 200, Values::Plain, Nulls::None)?;
            let nulls = running.rows(0, 200, Values::Plain, Nulls::All)?;
            if let (Some(to), Some(from)) = (batch.input.get_mut(column), nulls.input.get(column)) {
                to.clone_from(from);
            }
            running.try_call(&batch)?;
        }
    }
    if any {
        return Ok(());
    }
    Err(Stop::NotApplicable("it serves no input".to_owned()))
}

/// Batches of no row and of one.
pub(super) fn small(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    for settings in served {
        let running = subject.start(settings)?;
        for n_rows in [0, 1, 0, 2, 1] {
            running.call(&running.rows(7, n_rows, Values::Plain, Nulls::None)?)?;
        }
    }
    Ok(())
}

/// Columns of every type, alone and as the entity's key.
pub(super) fn types(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let mut seen = Vec::new();
    for settings in served {
        if seen.contains(&&settings.options) {
            continue;
        }
        seen.push(&settings.options);
        for data_type in data::types() {
            let value = Column::new(Field::new("value", data_type.clone(), true));
            let mut as_key = cases::key();
            as_key.field = Field::new("key", data_type, true).into();
            let date = Column::new(Field::new("value", DataType::Date32, true));
            for input in [
                vec![value.clone()],
                vec![value, cases::key()],
                vec![date, as_key],
            ] {
                let settings = Settings {
                    input,
                    wanted: Vec::new(),
                    ..settings.clone()
                };
                let Some(running) = subject.try_start(&settings)? else {
                    continue;
                };
                for (values, nulls) in [
                    (Values::Plain, Nulls::Some),
                    (Values::Extreme, Nulls::None),
                    (Values::Extreme, Nulls::All),
                ] {
                    running.try_call(&running.rows(0, 64, values, nulls)?)?;
                }
            }
        }
    }
    Ok(())
}

/// Texts of 1 MiB, and odd ones.
pub(super) fn texts(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let mut any = false;
    for settings in with_input(served) {
        let is_text = |column: &Column| match column.field.data_type() {
            DataType::Utf8 => true,
            DataType::Dictionary(_, values) => **values == DataType::Utf8,
            _ => false,
        };
        if !settings.input.iter().any(is_text) {
            continue;
        }
        any = true;
        let running = subject.start(settings)?;
        running.try_call(&running.rows(0, 400, Values::Extreme, Nulls::None)?)?;
        for row in 0..5 {
            running.try_call(&running.rows(row, 1, Values::Huge, Nulls::None)?)?;
        }
    }
    if any {
        return Ok(());
    }
    Err(Stop::NotApplicable("it serves no texts".to_owned()))
}

/// 65,536 rows a call.
pub(super) fn limits(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    if subject.kind == Kind::Detector {
        let why = "a detector sees a sample, never so many rows";
        return Err(Stop::NotApplicable(why.to_owned()));
    }
    for settings in served {
        let running = subject.start(settings)?;
        running.call(&running.rows(0, 65_536, Values::Plain, Nulls::None)?)?;
    }
    Ok(())
}

fn with_input(served: &[Settings]) -> impl Iterator<Item = &Settings> {
    served.iter().filter(|settings| !settings.input.is_empty())
}
