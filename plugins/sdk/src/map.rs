//! Transforms of one column, value by value, that keep its type and its NULLs.

use crate::append::push;
use crate::builder::Utf8Builder;
use crate::column::{Column, Values};
use crate::error::Error;
use crate::text::Text;
use crate::view::View;

impl View<'_> {
    /// Returns a column of the same type whose texts `change` wrote.
    ///
    /// A dictionary stays one, and each of its values is changed once.
    ///
    /// # Errors
    /// Where the column is no text, and what `change` returns, with its row where rows are
    /// known.
    pub fn map_utf8(
        &self,
        mut change: impl FnMut(&str, &mut Text) -> Result<(), Error>,
    ) -> Result<Column, Error> {
        if let (Values::Keys(_), Some(child)) = (&self.as_column().values, self.child(0)) {
            return Ok(Column {
                children: vec![child.map_utf8(change)?],
                ..Column::clone_without_children(self.as_column())
            });
        }
        let strings = self.utf8()?;
        let mut changed = Utf8Builder::with_capacity(self.len(), 16);
        let mut outcome = Ok(());
        changed.extend_with(strings.rows(), |text, value| {
            if let (Some(value), Ok(())) = (value, &outcome) {
                outcome = change(value, text);
            }
        });
        outcome?;
        Ok(Column {
            validity: self.as_column().validity.clone(),
            ..changed.finish()
        })
    }

    /// Returns a column of the same type whose whole numbers or ticks `change` returned, held
    /// within the type's range. It is told the row's position.
    ///
    /// # Errors
    /// Where the column holds something else, and what `change` returns.
    pub fn map_integers(
        &self,
        mut change: impl FnMut(usize, i128) -> Result<i128, Error>,
    ) -> Result<Column, Error> {
        let column = self.as_column();
        let wrong = || {
            Error::unsupported(format!(
                "column `{}` holds no whole numbers",
                self.field().name
            ))
        };
        let (least, most) = self.field().kind.bounds().ok_or_else(wrong)?;
        let mut changed =
            move |row, value| change(row, value).map(|value| value.clamp(least, most));
        // The two that are frequent have a loop each; the others share one, or every transform
        // would be there ten times.
        let values = match &column.values {
            Values::Int64(values) => Values::Int64(mapped(column, values, |row, value| {
                changed(row, value.into()).map(|value| value as i64)
            })?),
            Values::Int32(values) => Values::Int32(mapped(column, values, |row, value| {
                changed(row, value.into()).map(|value| value as i32)
            })?),
            other => {
                let integers = self.integers()?;
                let made: Vec<i128> = (0..self.len())
                    .map(|row| integers.get(row).map_or(Ok(0), |value| changed(row, value)))
                    .collect::<Result<_, _>>()?;
                narrowed(other, &made).ok_or_else(wrong)?
            }
        };
        Ok(Column {
            values,
            ..Column::clone_without_values(column)
        })
    }

    /// Returns a column of the same type whose floats `change` returned. It is told the row's
    /// position.
    ///
    /// # Errors
    /// Where the column holds no floats, and what `change` returns.
    pub fn map_floats(
        &self,
        mut change: impl FnMut(usize, f64) -> Result<f64, Error>,
    ) -> Result<Column, Error> {
        let column = self.as_column();
        let values = match &column.values {
            Values::Float32(values) => Values::Float32(mapped(column, values, |row, value| {
                change(row, value.into()).map(|value| value as f32)
            })?),
            Values::Float64(values) => Values::Float64(mapped(column, values, change)?),
            _ => {
                return Err(Error::unsupported(format!(
                    "column `{}` holds no floats",
                    self.field().name
                )));
            }
        };
        Ok(Column {
            values,
            ..Column::clone_without_values(column)
        })
    }
}

/// Returns what `change` makes of the values; zero stays under a NULL.
// A loop of its own, on slices and vectors of its own, has them in registers.
#[inline(never)]
fn mapped<T: Copy, U: Default>(
    column: &Column,
    values: &[T],
    mut change: impl FnMut(usize, T) -> Result<U, Error>,
) -> Result<Vec<U>, Error> {
    let validity = column.validity();
    let mut made = Vec::with_capacity(values.len());
    for (row, &value) in values.iter().enumerate() {
        let is_null = validity.is_some_and(|bits| bits[row / 8] >> (row % 8) & 1 == 0);
        let value = match is_null {
            true => U::default(),
            false => change(row, value)?,
        };
        push(&mut made, value);
    }
    Ok(made)
}

/// Returns numbers, which fit, in the buffer that a column of theirs has.
fn narrowed(like: &Values, made: &[i128]) -> Option<Values> {
    macro_rules! narrow {
        ($native:ty, $variant:ident) => {
            Values::$variant(made.iter().map(|&value| value as $native).collect())
        };
    }
    Some(match like {
        Values::Int8(_) => narrow!(i8, Int8),
        Values::Int16(_) => narrow!(i16, Int16),
        Values::UInt8(_) => narrow!(u8, UInt8),
        Values::UInt16(_) => narrow!(u16, UInt16),
        Values::UInt32(_) => narrow!(u32, UInt32),
        Values::UInt64(_) => narrow!(u64, UInt64),
        Values::Words(_) => Values::Words(
            made.iter()
                .flat_map(|&value| [value as u64, (value >> 64) as u64])
                .collect(),
        ),
        _ => return None,
    })
}

impl Column {
    fn clone_without_children(column: &Column) -> Column {
        Column::from_parts(
            column.length,
            column.validity.clone(),
            column.values.clone(),
            Vec::new(),
        )
    }

    fn clone_without_values(column: &Column) -> Column {
        Column::from_parts(
            column.length,
            column.validity.clone(),
            Values::None,
            Vec::new(),
        )
    }
}
