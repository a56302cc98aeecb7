//! Tuples of values as dense numbers.

use polars::prelude::{DataFrame, GroupsIndicator, IntoColumn, PlSmallStr};

use crate::Error;
use crate::column::Column;

/// The rows of several tables, numbered so that equal tuples have equal numbers.
#[derive(Debug)]
pub(crate) struct Numbered {
    /// A number a row, for each of the tables.
    pub(crate) codes: Vec<Vec<u32>>,
    /// How many numbers there are.
    pub(crate) distinct: usize,
}

/// Numbers the tuples of `tables`, each a slice of equally many columns, by first appearance.
///
/// NULL is a value like any other here, equal to itself.
pub(crate) fn number(tables: &[&[Column]]) -> Result<Numbered, Error> {
    let lens: Vec<usize> = tables
        .iter()
        .map(|columns| columns.first().map_or(0, Column::len))
        .collect();
    let width = tables
        .iter()
        .map(|columns| columns.len())
        .min()
        .unwrap_or(0);
    let total: usize = lens.iter().sum();
    if total == 0 || width == 0 {
        return Ok(Numbered {
            codes: lens.iter().map(|len| vec![0; *len]).collect(),
            distinct: 0,
        });
    }
    let codes = group(tables, width, total).map_err(|source| Error::Group { source })?;
    let distinct = codes.iter().max().map_or(0, |max| *max as usize + 1);
    let mut rest = codes.as_slice();
    let codes = lens
        .iter()
        .map(|len| {
            let (head, tail) = rest.split_at(*len);
            rest = tail;
            head.to_vec()
        })
        .collect();
    Ok(Numbered { codes, distinct })
}

fn group(
    tables: &[&[Column]],
    width: usize,
    total: usize,
) -> polars::error::PolarsResult<Vec<u32>> {
    let mut columns = Vec::with_capacity(width);
    let mut names = Vec::with_capacity(width);
    for idx in 0..width {
        let parts: Vec<&Column> = tables.iter().map(|columns| &columns[idx]).collect();
        let mut parts = Column::unify(&parts)?.into_iter();
        let Some(mut whole) = parts.next() else {
            continue;
        };
        for part in parts {
            whole.append_owned(part)?;
        }
        let name = PlSmallStr::from_string(format!("k{idx}"));
        names.push(name.clone());
        columns.push(whole.rechunk().with_name(name).into_column());
    }
    let frame = DataFrame::new(total, columns)?;
    // Stable groups are numbered by first appearance, whatever the threads do.
    let grouped = frame.group_by_stable(names)?;
    let mut codes = vec![0; total];
    for (code, group) in (0..).zip(grouped.get_groups().iter()) {
        match group {
            GroupsIndicator::Idx((_, rows)) => {
                rows.iter().for_each(|row| codes[*row as usize] = code);
            }
            GroupsIndicator::Slice([first, len]) => {
                codes[first as usize..(first + len) as usize].fill(code);
            }
        }
    }
    Ok(codes)
}

/// Returns for each row whether any column (`all`: every column) is NULL.
pub(crate) fn null_rows(columns: &[Column], all: bool) -> Vec<bool> {
    let mut columns = columns.iter().map(Column::nulls);
    let Some(mut rows) = columns.next() else {
        return Vec::new();
    };
    for column in columns {
        for (row, null) in rows.iter_mut().zip(column) {
            *row = if all { *row && null } else { *row || null };
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test should stop")]

    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};

    use super::*;

    fn columns(arrays: Vec<ArrayRef>) -> Vec<Column> {
        let names = ["a", "b", "c"];
        let batch = RecordBatch::try_from_iter(names.into_iter().zip(arrays)).unwrap();
        let batches = [batch];
        (0..batches[0].num_columns())
            .map(|idx| Column::read(&batches, idx).unwrap().unwrap())
            .collect()
    }

    #[test]
    fn tuples_are_equal_across_tables_and_types() {
        let left = columns(vec![
            Arc::new(Int32Array::from(vec![
                Some(1),
                Some(1),
                None,
                None,
                Some(1),
            ])),
            Arc::new(StringArray::from(vec![
                Some("x"),
                Some("y"),
                Some("x"),
                None,
                Some("x"),
            ])),
        ]);
        let right = columns(vec![
            Arc::new(Float64Array::from(vec![Some(1.0), Some(2.0)])),
            Arc::new(StringArray::from(vec![Some("y"), Some("y")])),
        ]);
        let numbered = number(&[&left, &right]).unwrap();
        assert_eq!(numbered.codes, [vec![0, 1, 2, 3, 0], vec![1, 4]]);
        assert_eq!(numbered.distinct, 5);
        assert_eq!(null_rows(&left, false), [false, false, true, true, false]);
        assert_eq!(null_rows(&left, true), [false, false, false, true, false]);
    }

    #[test]
    fn sorted_and_empty_columns_are_numbered_too() {
        let sorted = columns(vec![Arc::new(Int64Array::from(vec![5, 5, 6, 9, 9]))]);
        let empty = columns(vec![Arc::new(Int64Array::from(Vec::<i64>::new()))]);
        assert_eq!(number(&[&sorted]).unwrap().codes, [vec![0, 0, 1, 2, 2]]);
        assert_eq!(
            number(&[&empty, &sorted]).unwrap().codes,
            [vec![], vec![0, 0, 1, 2, 2]]
        );
        assert_eq!(number(&[&empty]).unwrap().distinct, 0);
    }
}
