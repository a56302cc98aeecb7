//! Latitudes and longitudes: within a tenth of a degree of the row's town, else within a
//! box inside the row's country, else inside the column's own, else in the middle of the
//! United States, so that the two columns of a row always meet on land.
//!
//! Everything is counted in whole millionths of a degree, which every platform divides
//! alike.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float32Array, Float64Array, StringBuilder};
use prodlike_core::generator::{GenerateArgs, GeneratorError};
use prodlike_core::schema::{DataType, SemanticType};

use crate::context::Rows;
use crate::lands::LANDS;
use crate::noise::Noise;
use crate::scalar::data_type;
use crate::vocabulary::{Numbering, push_number};

/// Millionths in a hundredth of a degree, the unit of the tables.
const UNIT: i64 = 10_000;
/// Half the width of a town.
const TOWN: i64 = 8 * UNIT;

/// Fills a column of numbers.
pub(crate) fn numbers(
    semantic: SemanticType,
    unique: bool,
    rows: &Rows,
    args: &GenerateArgs<'_>,
) -> Result<ArrayRef, GeneratorError> {
    let millionths = |count| millionths(semantic, unique, rows, args, count);
    Ok(match *args.data_type {
        DataType::Float64 => {
            let values = millionths(1)?;
            Arc::new(Float64Array::from_iter_values(
                values.map(|at| at as f64 / 1e6),
            ))
        }
        // Seven digits: a step of 10⁻⁴ is what three before the point leave.
        DataType::Float32 => {
            let values = millionths(100)?;
            Arc::new(Float32Array::from_iter_values(
                values.map(|at| (at as f64 / 1e6) as f32),
            ))
        }
        DataType::Decimal(precision, scale @ 0..=18)
            if i16::from(precision) - i16::from(scale) >= 3 && precision <= 38 =>
        {
            let (step, unit) = match scale {
                0..=6 => (10_i64.pow(6 - scale as u32), 1),
                _ => (1, 10_i128.pow(scale as u32 - 6)),
            };
            let ticks = millionths(step as u64)?.map(|at| i128::from(at / step) * unit);
            let array = Decimal128Array::from_iter_values(ticks);
            let array = array.with_precision_and_scale(precision, scale);
            Arc::new(array.map_err(|_| data_type(semantic, args))?)
        }
        _ => return Err(data_type(semantic, args)),
    })
}

/// Fills a column of text, with six digits behind the point.
pub(crate) fn strings(
    semantic: SemanticType,
    unique: bool,
    rows: &Rows,
    args: &GenerateArgs<'_>,
    builder: &mut StringBuilder,
) -> Result<(), GeneratorError> {
    let mut out = String::new();
    for at in millionths(semantic, unique, rows, args, 1)? {
        out.clear();
        if at < 0 {
            out.push('-');
        }
        push_number(at.unsigned_abs() / 1_000_000, 1, &mut out);
        out.push('.');
        push_number(at.unsigned_abs() % 1_000_000, 6, &mut out);
        builder.append_value(&out);
    }
    Ok(())
}

/// The places of all rows, on a grid of `step` millionths.
fn millionths<'a>(
    semantic: SemanticType,
    unique: bool,
    rows: &'a Rows,
    args: &'a GenerateArgs<'_>,
    step: u64,
) -> Result<impl Iterator<Item = i64> + 'a, GeneratorError> {
    let is_latitude = semantic == SemanticType::Latitude;
    let side = move |land: Option<usize>| {
        let [south, north, west, east] = LANDS[land.unwrap_or(0)].bounds;
        match is_latitude {
            true => (south * UNIT, north * UNIT),
            false => (west * UNIT, east * UNIT),
        }
    };
    let (low, high) = side(rows.land(usize::MAX));
    let slots = (high - low) as u64 / step;
    if unique && args.table_rows > slots {
        return Err(GeneratorError::Capacity {
            name: semantic.to_string(),
            rows: args.table_rows,
            data_type: args.data_type.clone(),
        });
    }
    let numbering = unique.then(|| Numbering::new(args, slots, true));
    let each = args.rows.iter().zip(args.seeds).enumerate();
    Ok(each.map(move |(at, (&row, &seed))| {
        if let Some(numbering) = &numbering {
            return low + (numbering.place(row) * step) as i64;
        }
        let mut noise = Noise::new(seed);
        let (low, high) = match rows.place(at) {
            Some((_, place)) => {
                let middle = if is_latitude { place.at.0 } else { place.at.1 } * UNIT;
                (middle - TOWN, middle + TOWN)
            }
            None => side(rows.land(at)),
        };
        low + (noise.below((high - low) as u64 / step) * step) as i64
    }))
}
