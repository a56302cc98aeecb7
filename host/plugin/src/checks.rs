//! What is checked of a plugin's buffers: in loops without branches, and the row is looked
//! for only where there is something to tell.

use std::sync::Arc;

use arrow::array::{ArrayRef, PrimitiveArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowNativeType, ArrowPrimitiveType, Field, TimeUnit};
use arrow::error::ArrowError;

use crate::error::{Flaw, Problem};

/// A field and where it is.
pub(crate) struct Path<'a> {
    pub(crate) field: &'a Field,
    pub(crate) parent: Option<&'a Path<'a>>,
}

impl Path<'_> {
    fn name(&self) -> String {
        match self.parent {
            Some(parent) => format!("{}.{}", parent.name(), self.field.name()),
            None => self.field.name().clone(),
        }
    }

    pub(crate) fn flaw(&self, row: Option<usize>, problem: Problem) -> Flaw {
        Flaw {
            column: self.name(),
            row: row.map(|row| row as u64),
            problem,
        }
    }

    /// What Arrow finds though all was checked: it is told as it says it.
    pub(crate) fn arrow(&self, error: &ArrowError) -> Flaw {
        self.flaw(
            None,
            Problem::Schema {
                reason: error.to_string(),
            },
        )
    }
}

pub(crate) fn sized(
    path: &Path<'_>,
    expected: usize,
    got: usize,
    what: &'static str,
) -> Result<(), Flaw> {
    if expected == got {
        return Ok(());
    }
    Err(path.flaw(
        None,
        Problem::Size {
            expected,
            got,
            what,
        },
    ))
}

pub(crate) fn bitmap(path: &Path<'_>, bits: Vec<u8>, length: usize) -> Result<BooleanBuffer, Flaw> {
    sized(path, length.div_ceil(8), bits.len(), "bytes of bits")?;
    Ok(BooleanBuffer::new(bits.into(), 0, length))
}

pub(crate) fn plain<T: ArrowPrimitiveType>(
    path: &Path<'_>,
    values: Vec<T::Native>,
    length: usize,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, Flaw> {
    sized(path, length, values.len(), "values")?;
    let array = PrimitiveArray::<T>::new(ScalarBuffer::from(values), nulls);
    // Decimals and timestamps have more to their type than the buffer does.
    Ok(Arc::new(
        array.with_data_type(path.field.data_type().clone()),
    ))
}

pub(crate) fn wide<T>(
    path: &Path<'_>,
    words: &[u64],
    length: usize,
    join: impl Fn(u64, u64) -> T,
) -> Result<Vec<T>, Flaw> {
    sized(path, length.saturating_mul(2), words.len(), "words")?;
    let (pairs, _) = words.as_chunks();
    Ok(pairs.iter().map(|[low, high]| join(*low, *high)).collect())
}

/// The first row that has a value which is `wrong`.
pub(crate) fn first_wrong<T: Copy>(
    values: &[T],
    nulls: Option<&NullBuffer>,
    wrong: impl Fn(T) -> bool,
) -> Option<(usize, T)> {
    // Most often none is, and this loop has no branches.
    if !values.iter().fold(false, |any, value| any | wrong(*value)) {
        return None;
    }
    values
        .iter()
        .copied()
        .enumerate()
        .find(|(row, value)| wrong(*value) && nulls.is_none_or(|nulls| nulls.is_valid(*row)))
}

pub(crate) fn time_of_day<T: ArrowNativeType + Into<i64>>(
    path: &Path<'_>,
    values: &[T],
    nulls: Option<&NullBuffer>,
    unit: TimeUnit,
) -> Result<(), Flaw> {
    let day: i64 = 86_400
        * match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        };
    match first_wrong(values, nulls, |ticks| !(0..day).contains(&ticks.into())) {
        None => Ok(()),
        Some((row, ticks)) => Err(path.flaw(
            Some(row),
            Problem::Time {
                ticks: ticks.into(),
            },
        )),
    }
}

pub(crate) fn digits(
    path: &Path<'_>,
    values: &[i128],
    nulls: Option<&NullBuffer>,
    precision: u8,
) -> Result<(), Flaw> {
    // `read` of the schema saw to it that 10³⁸ is the most.
    let end = 10i128.saturating_pow(u32::from(precision));
    match first_wrong(values, nulls, |value| value >= end || value <= -end) {
        None => Ok(()),
        Some((row, _)) => Err(path.flaw(Some(row), Problem::Precision { precision })),
    }
}

/// Checks a dictionary's keys; those under a NULL that are too large become zero, since
/// kernels of Arrow may look them up.
pub(crate) fn in_range(
    path: &Path<'_>,
    mut keys: Vec<u32>,
    nulls: Option<&NullBuffer>,
    values: usize,
) -> Result<Vec<u32>, Flaw> {
    if let Some((row, key)) = first_wrong(&keys, nulls, |key| key as usize >= values) {
        return Err(path.flaw(Some(row), Problem::Key { key, values }));
    }
    if nulls.is_some() {
        for key in &mut keys {
            if *key as usize >= values {
                *key = 0;
            }
        }
    }
    Ok(keys)
}
