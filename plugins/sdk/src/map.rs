//! Transforms of one column, value by value, that keep its type and its NULLs.

use crate::builder::{DictionaryBuilder, Utf8Builder};
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

    /// Returns a column of the same type with NULL in all rows but those that `keep` is true of.
    /// It is told the row's position. What a NULL stands for is gone: zeros and empty texts lie
    /// under it, and a dictionary loses the values that no row has any more.
    ///
    /// # Errors
    /// Where the column holds nested values.
    pub fn keep(&self, mut keep: impl FnMut(usize) -> bool) -> Result<Column, Error> {
        let kept: Vec<bool> = (0..self.len())
            .map(|row| !self.is_null(row) && keep(row))
            .collect();
        let column = self.as_column();
        if let (Values::Keys(_), true) = (&column.values, self.field().is_text()) {
            let mut texts = DictionaryBuilder::default();
            for (text, &kept) in self.utf8()?.iter().zip(&kept) {
                match text.filter(|_| kept) {
                    Some(text) => texts.push(text),
                    None => texts.push_null(),
                }
            }
            return Ok(texts.finish());
        }
        let mut validity = vec![0; kept.len().div_ceil(8)];
        for (row, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
            validity[row / 8] |= 1 << (row % 8);
        }
        let values = column.values.kept(&kept).ok_or_else(|| {
            Error::unsupported(format!(
                "column `{}` holds nested values",
                self.field().name
            ))
        })?;
        Ok(Column::from_parts(
            kept.len(),
            Some(validity),
            values,
            Vec::new(),
        ))
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
        let integers = self.integers()?;
        let made: Vec<i128> = (0..self.len())
            .map(|row| match integers.get(row) {
                Some(value) => change(row, value).map(|value| value.clamp(least, most)),
                None => Ok(0),
            })
            .collect::<Result<_, _>>()?;
        Ok(Column {
            values: narrowed(&column.values, &made).ok_or_else(wrong)?,
            ..Column::clone_without_values(column)
        })
    }

    /// As [`View::map_integers`], for what fits into 64 bits with their sign, dates, times and
    /// timestamps among it: arithmetic of 128 bits is slow in a component.
    ///
    /// # Errors
    /// Where the column holds something else, unsigned numbers of 64 bits and decimals among
    /// it, and what `change` returns.
    pub fn map_int64(
        &self,
        mut change: impl FnMut(usize, i64) -> Result<i64, Error>,
    ) -> Result<Column, Error> {
        let column = self.as_column();
        let bounds = self.field().kind.bounds();
        let bounds = bounds.and_then(|(least, most)| {
            Some((i64::try_from(least).ok()?, i64::try_from(most).ok()?))
        });
        let Some((least, most)) = bounds else {
            return Err(Error::unsupported(format!(
                "column `{}` holds no whole numbers of 64 bits",
                self.field().name
            )));
        };
        // The two that are frequent have a loop each; the others share one, or every transform
        // would be there ten times.
        let values = match &column.values {
            Values::Int64(values) => {
                let mut made = mapped(column, values, change)?;
                if (least, most) != (i64::MIN, i64::MAX) {
                    for value in &mut made {
                        *value = (*value).clamp(least, most);
                    }
                }
                Values::Int64(made)
            }
            Values::Int32(values) => Values::Int32(mapped(column, values, |row, value| {
                change(row, value.into()).map(|value| value.clamp(least, most) as i32)
            })?),
            _ => {
                return self.map_integers(|row, value| change(row, value as i64).map(i128::from));
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
fn mapped<T: Copy, U: Copy + Default>(
    column: &Column,
    values: &[T],
    mut change: impl FnMut(usize, T) -> Result<U, Error>,
) -> Result<Vec<U>, Error> {
    let mut made = vec![U::default(); values.len()];
    for (row, (made, &value)) in made.iter_mut().zip(values).enumerate() {
        if !column.is_null(row) {
            *made = change(row, value)?;
        }
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
        Values::Int32(_) => narrow!(i32, Int32),
        Values::Int64(_) => narrow!(i64, Int64),
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

impl Values {
    /// Returns the buffer with zeros for the rows that are not kept; `None` of what is nested.
    fn kept(&self, kept: &[bool]) -> Option<Values> {
        macro_rules! zeroed {
            ($values:expr, $variant:ident) => {{
                let values = $values.iter().zip(kept);
                let zeroed =
                    values.map(|(value, kept)| if *kept { *value } else { <_>::default() });
                Values::$variant(zeroed.collect())
            }};
        }
        Some(match self {
            Values::None | Values::Offsets(_) | Values::Keys(_) => return None,
            Values::Bits(bits) => {
                let mut bits = bits.clone();
                for (row, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
                    bits[row / 8] &= !(1 << (row % 8));
                }
                Values::Bits(bits)
            }
            Values::Int8(values) => zeroed!(values, Int8),
            Values::Int16(values) => zeroed!(values, Int16),
            Values::Int32(values) => zeroed!(values, Int32),
            Values::Int64(values) => zeroed!(values, Int64),
            Values::UInt8(values) => zeroed!(values, UInt8),
            Values::UInt16(values) => zeroed!(values, UInt16),
            Values::UInt32(values) => zeroed!(values, UInt32),
            Values::UInt64(values) => zeroed!(values, UInt64),
            Values::Float32(values) => zeroed!(values, Float32),
            Values::Float64(values) => zeroed!(values, Float64),
            Values::Words(words) => Values::Words(zeroed_runs(words, 2, kept)),
            Values::Fixed(bytes) => {
                let width = bytes.len() / kept.len().max(1);
                Values::Fixed(zeroed_runs(bytes, width, kept))
            }
            Values::Varlen { offsets, data } => varlen(offsets, data, kept),
        })
    }
}

/// Returns runs of one length, of zeros where they are not kept.
fn zeroed_runs<T: Copy + Default>(values: &[T], width: usize, kept: &[bool]) -> Vec<T> {
    let mut values = values.to_vec();
    if width > 0 {
        let runs = values.chunks_mut(width).zip(kept);
        for (run, _) in runs.filter(|(_, kept)| !**kept) {
            run.fill(T::default());
        }
    }
    values
}

/// Returns texts or bytes, empty where they are not kept.
fn varlen(offsets: &[u32], data: &[u8], kept: &[bool]) -> Values {
    let mut left = Vec::with_capacity(data.len());
    let mut ends = Vec::with_capacity(offsets.len());
    ends.push(0);
    for (bounds, kept) in offsets.windows(2).zip(kept) {
        if let (&[from, to], true) = (bounds, kept) {
            left.extend_from_slice(&data[from as usize..to as usize]);
        }
        // No longer than what it was made of.
        ends.push(left.len() as u32);
    }
    Values::Varlen {
        offsets: ends,
        data: left,
    }
}
