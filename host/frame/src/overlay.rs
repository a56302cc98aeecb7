//! How a column is cut so that both sides can be laid over each other.

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use prodlike_core::evidence::{
    Axis, Count, Histogram, Level, Levels, Overlay, Sides, Unit, floored, told,
};
use prodlike_core::schema::DataType;

use crate::metrics;
use crate::tables::{Tables, Values, Variable};

/// Levels shown of a column.
const SHOWN: usize = 20;
/// Numbers that are so few are shown one by one.
const FEW: usize = 12;
/// Most bins of a histogram.
const MOST_BINS: usize = 40;
/// The share of rows that lies beyond either end of a histogram.
const TAIL: f64 = 0.005;
/// Letters shown of a level.
const LABEL_LETTERS: usize = 80;
/// Quartile ranges that a histogram reaches beyond the quartiles.
const REACH: f64 = 6.0;
const DAY: f64 = 86_400e9;

/// Returns what the numbers of a data type are.
pub(crate) fn unit(data_type: &DataType) -> Unit {
    match data_type {
        DataType::Date => Unit::Date,
        DataType::Timestamp(_) | DataType::TimestampTz => Unit::Timestamp,
        DataType::Time(_) | DataType::TimeTz => Unit::Time,
        DataType::Interval => Unit::Duration,
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Int128
        | DataType::UInt128 => Unit::Whole,
        _ => Unit::Number,
    }
}

/// Both sides laid over each other, and the real rows without a value: parts of one whole.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    pub(crate) overlay: Overlay,
    pub(crate) nulls: Count,
}

/// Lays nothing: only the real rows without a value are told of.
pub(crate) fn nothing(nulls: u64, known: u64, k: u32) -> Laid {
    Laid {
        overlay: Overlay::None,
        nulls: told(&[nulls, known], k)[0],
    }
}

/// Lays the values of a variable over each other.
pub(crate) fn overlay(tables: &Tables<'_>, table: usize, variable: &Variable<'_>, k: u32) -> Laid {
    match &variable.values {
        Values::Numbers(sides) => numbers(sides, variable.data_type, k),
        Values::Levels {
            codes,
            distinct,
            null,
        } => {
            let counts = Sides {
                real: metrics::counts(&codes.real, *distinct),
                synthetic: metrics::counts(&codes.synthetic, *distinct),
            };
            let picked = most_frequent(&counts, *null, k, SHOWN);
            let labels = labels(
                tables,
                table,
                variable.name,
                codes,
                *distinct,
                &picked.shown,
            );
            let nulls = null.map_or(0, |null| counts.real[null as usize]);
            levels(&counts, &picked, labels, nulls, k)
        }
        Values::Unreadable(_) => Laid::default(),
    }
}

fn levels(
    counts: &Sides<Vec<u64>>,
    picked: &Picked,
    labels: Vec<String>,
    nulls: u64,
    k: u32,
) -> Laid {
    let mut parts = vec![nulls, picked.other.real];
    parts.extend(picked.shown.iter().map(|code| counts.real[*code as usize]));
    let parts = told(&parts, k);
    let (other, real) = (parts[1], &parts[2..]);
    let shown = picked.shown.iter().zip(labels).zip(real);
    Laid {
        overlay: Overlay::Levels(Levels {
            shown: shown
                .map(|((code, label), real)| Level {
                    label,
                    counts: Sides {
                        real: *real,
                        synthetic: Some(counts.synthetic[*code as usize]),
                    },
                })
                .collect(),
            other_levels: Sides {
                real: other.map(|_| picked.other_levels.real),
                synthetic: Some(picked.other_levels.synthetic),
            },
            other: Sides {
                real: other,
                synthetic: Some(picked.other.synthetic),
            },
        }),
        nulls: parts[0],
    }
}

/// The levels that are shown, how many others there are, and the rows of those.
pub(crate) struct Picked {
    pub(crate) shown: Vec<u32>,
    pub(crate) other_levels: Sides<u64>,
    pub(crate) other: Sides<u64>,
}

/// Returns the most frequent levels, how many others there are, and their rows.
///
/// A level that fewer than k real rows have is never among them: its name would be told.
pub(crate) fn most_frequent(
    counts: &Sides<Vec<u64>>,
    null: Option<u32>,
    k: u32,
    most: usize,
) -> Picked {
    let total = |counts: &[u64]| counts.iter().sum::<u64>().max(1) as f64;
    let totals = (total(&counts.real), total(&counts.synthetic));
    let levels = || {
        let pairs = (0_u32..).zip(
            counts
                .real
                .iter()
                .copied()
                .zip(counts.synthetic.iter().copied()),
        );
        pairs.filter(|(code, _)| Some(*code) != null)
    };
    let mut shown: Vec<(u32, f64)> = levels()
        .filter(|(_, (real, _))| floored(*real, k).is_some())
        .map(|(code, (real, synthetic))| {
            (
                code,
                (real as f64 / totals.0).max(synthetic as f64 / totals.1),
            )
        })
        .filter(|(_, share)| *share > 0.0)
        .collect();
    shown.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    shown.truncate(most);
    let shown: Vec<u32> = shown.into_iter().map(|(code, _)| code).collect();
    let mut is_shown = vec![false; counts.real.len()];
    shown
        .iter()
        .for_each(|code| is_shown[*code as usize] = true);
    let (mut other_levels, mut other) = (Sides::default(), Sides::default());
    for (_, (real, synthetic)) in levels().filter(|(code, _)| !is_shown[*code as usize]) {
        other_levels.real += u64::from(real > 0);
        other_levels.synthetic += u64::from(synthetic > 0);
        other.real += real;
        other.synthetic += synthetic;
    }
    Picked {
        shown,
        other_levels,
        other,
    }
}

/// Returns the levels of some codes as text.
pub(crate) fn labels(
    tables: &Tables<'_>,
    table: usize,
    column: &str,
    codes: &Sides<Vec<u32>>,
    distinct: usize,
    wanted: &[u32],
) -> Vec<String> {
    // Where each code is first seen: real rows, then synthetic ones.
    let mut first = vec![usize::MAX; distinct];
    for (row, code) in codes.real.iter().chain(&codes.synthetic).enumerate() {
        let first = &mut first[*code as usize];
        *first = (*first).min(row);
    }
    let n_real = codes.real.len();
    wanted
        .iter()
        .map(|code| {
            let row = first[*code as usize];
            let label = match row.checked_sub(n_real) {
                None => text(&tables.batches.real[table], column, row),
                Some(row) => text(&tables.batches.synthetic[table], column, row),
            };
            let label = label.unwrap_or_default();
            match label.char_indices().nth(LABEL_LETTERS) {
                Some((end, _)) => format!("{}…", &label[..end]),
                None => label,
            }
        })
        .collect()
}

fn text(batches: &[RecordBatch], column: &str, mut row: usize) -> Option<String> {
    for batch in batches {
        if row < batch.num_rows() {
            let options = FormatOptions::default();
            let array = batch.column_by_name(column)?;
            let formatter = ArrayFormatter::try_new(array.as_ref(), &options).ok()?;
            return formatter.value(row).try_to_string().ok();
        }
        row -= batch.num_rows();
    }
    None
}

/// Lays numbers over each other; NaN is NULL.
pub(crate) fn numbers(sides: &Sides<Vec<f64>>, data_type: &DataType, k: u32) -> Laid {
    let unit = unit(data_type);
    if matches!(unit, Unit::Number | Unit::Whole)
        && let Some(laid) = few(sides, k)
    {
        return laid;
    }
    histogram(sides, unit, k).unwrap_or_else(|| {
        let nulls = missing(&sides.real);
        nothing(nulls, sides.real.len() as u64 - nulls, k)
    })
}

fn missing(values: &[f64]) -> u64 {
    values.iter().filter(|value| value.is_nan()).count() as u64
}

/// Returns the numbers one by one, in ascending order, where there are few.
fn few(sides: &Sides<Vec<f64>>, k: u32) -> Option<Laid> {
    let mut values: Vec<f64> = Vec::new();
    let known = |values: &'_ [f64]| -> Vec<f64> {
        values
            .iter()
            .copied()
            .filter(|value| !value.is_nan())
            .collect()
    };
    let both = Sides {
        real: known(&sides.real),
        synthetic: known(&sides.synthetic),
    };
    for value in both.real.iter().chain(&both.synthetic) {
        if let Err(position) = values.binary_search_by(|it| it.total_cmp(value)) {
            if values.len() == FEW {
                return None;
            }
            values.insert(position, *value);
        }
    }
    let count = |side: &[f64]| {
        let mut counts = vec![0; values.len()];
        for value in side {
            if let Ok(position) = values.binary_search_by(|it| it.total_cmp(value)) {
                counts[position] += 1;
            }
        }
        counts
    };
    let counts = Sides {
        real: count(&both.real),
        synthetic: count(&both.synthetic),
    };
    let mut picked = most_frequent(&counts, None, k, FEW);
    picked.shown.sort_unstable();
    let labels = picked.shown.iter();
    let labels = labels
        .map(|code| values[*code as usize].to_string())
        .collect();
    let laid = levels(&counts, &picked, labels, missing(&sides.real), k);
    (!picked.shown.is_empty()).then_some(laid)
}

/// Returns a histogram between two real values beyond which there are at least k rows.
pub(crate) fn histogram(sides: &Sides<Vec<f64>>, unit: Unit, k: u32) -> Option<Laid> {
    let real = finite(&sides.real);
    let edges = edges(real.clone(), Vec::new(), unit, k, MOST_BINS)?;
    let synthetic = finite(&sides.synthetic);
    let quartiles = Sides {
        real: quartiles(real, k),
        synthetic: quartiles(synthetic, 1),
    };
    let counts = |values: &[f64]| {
        let mut counts = vec![0_u64; edges.len() + 1];
        for value in values.iter().filter(|value| !value.is_nan()) {
            counts[position(&edges, *value)] += 1;
        }
        counts
    };
    let last = edges.len();
    let mut real = counts(&sides.real);
    real.push(missing(&sides.real));
    let (real, synthetic) = (told(&real, k), told(&counts(&sides.synthetic), 0));
    let histogram = Histogram {
        unit,
        counts: Sides {
            real: real[1..last].to_vec(),
            synthetic: synthetic[1..last].to_vec(),
        },
        below: Sides {
            real: real[0],
            synthetic: synthetic[0],
        },
        above: Sides {
            real: real[last],
            synthetic: synthetic[last],
        },
        quartiles,
        edges,
    };
    Some(Laid {
        overlay: Overlay::Histogram(histogram),
        nulls: real[last + 1],
    })
}

/// Returns 0 below the first edge, `edges.len()` above the last, and the bin plus 1 between.
pub(crate) fn position(edges: &[f64], value: f64) -> usize {
    let last = edges.len() - 1;
    if value < edges[0] {
        return 0;
    }
    if value > edges[last] {
        return edges.len();
    }
    let step = (edges[last] - edges[0]) / last as f64;
    let mut bin = (((value - edges[0]) / step) as usize).min(last - 1);
    while bin > 0 && value < edges[bin] {
        bin -= 1;
    }
    while bin + 1 < last && value >= edges[bin + 1] {
        bin += 1;
    }
    bin + 1
}

/// Returns the edges of equally wide bins over the bulk of finite values: the real ones and,
/// where they are given, the synthetic ones.
fn edges(
    real: Vec<f64>,
    synthetic: Vec<f64>,
    unit: Unit,
    k: u32,
    most_bins: usize,
) -> Option<Vec<f64>> {
    let n = real.len();
    let (mut low, mut high) = bulk(real, k as usize)?;
    if let Some((least, most)) = bulk(synthetic, 0) {
        (low, high) = (low.min(least), high.max(most));
    }
    let bins = (n / (2 * k.max(1) as usize)).clamp(4, most_bins);
    // Whole numbers and days are not cut in two: some bins would hold one more than others.
    let grain = match unit {
        Unit::Date => DAY,
        Unit::Characters | Unit::Whole => 1.0,
        Unit::Number | Unit::Timestamp | Unit::Time | Unit::Duration => 0.0,
    };
    let (low, high, bins) = if grain > 0.0 && (high - low) / grain < 9e15 {
        let slots = ((high - low) / grain).round() + 1.0;
        let width = (slots / bins as f64).ceil().max(1.0);
        let bins = (slots / width).ceil() as usize;
        let start = low - grain / 2.0;
        (start, start + bins as f64 * width * grain, bins)
    } else if low < high {
        (low, high, bins)
    } else {
        let pad = low.abs().max(1.0) / 2.0;
        (low - pad, low + pad, 1)
    };
    let step = (high - low) / bins as f64;
    let mut edges: Vec<f64> = (0..=bins).map(|idx| low + idx as f64 * step).collect();
    if let Some(last) = edges.last_mut() {
        *last = high;
    }
    let ascending = edges
        .windows(2)
        .all(|pair| pair[0] < pair[1] && pair[1].is_finite());
    ascending.then_some(edges)
}

/// Returns the range in which nearly all values lie, with at least `beyond` of them beyond
/// either end. A long tail is cut where it would leave the bulk no room.
fn bulk(mut values: Vec<f64>, beyond: usize) -> Option<(f64, f64)> {
    let n = values.len();
    let tail = ((n as f64 * TAIL) as usize).max(beyond);
    // With fewer rows the tails would hold most of them.
    if n == 0 || n <= (4 * beyond).max(2 * tail) {
        return None;
    }
    let low = order(&mut values, tail);
    let high = order(&mut values, n - 1 - tail);
    let first = order(&mut values, (n - 1) / 4);
    let third = order(&mut values, (n - 1) * 3 / 4);
    let reach = (third - first) * REACH;
    Some(match reach > 0.0 && reach.is_finite() {
        true => (low.max(first - reach), high.min(third + reach)),
        false => (low, high),
    })
}

fn finite(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect()
}

fn order(values: &mut [f64], idx: usize) -> f64 {
    *values.select_nth_unstable_by(idx, f64::total_cmp).1
}

fn quartiles(mut values: Vec<f64>, k: u32) -> Option<[f64; 3]> {
    let n = values.len();
    (n > 0 && n >= 4 * k as usize)
        .then(|| [1, 2, 3].map(|quarter| order(&mut values, (n - 1) * quarter / 4)))
}

/// How both sides of a column are cut for a picture of a pair: the cell of each row, or
/// `u8::MAX` for a row that is in none.
pub(crate) struct Cut {
    pub(crate) axis: Axis,
    pub(crate) cells: Sides<Vec<u8>>,
}

/// Cuts a variable into at most so many cells.
pub(crate) fn cut(
    tables: &Tables<'_>,
    table: usize,
    variable: &Variable<'_>,
    k: u32,
    most_bins: usize,
    most_levels: usize,
) -> Option<Cut> {
    match &variable.values {
        Values::Numbers(sides) => {
            let unit = unit(variable.data_type);
            let (real, synthetic) = (finite(&sides.real), finite(&sides.synthetic));
            let edges = edges(real, synthetic, unit, k, most_bins)?;
            let bins = edges.len() - 1;
            let code = |values: &[f64]| -> Vec<u8> {
                let cell = |value: &f64| match value.is_nan() {
                    true => u8::MAX,
                    // What lies beyond is in the outermost bins.
                    false => (position(&edges, *value).clamp(1, bins) - 1) as u8,
                };
                values.iter().map(cell).collect()
            };
            let cells = Sides {
                real: code(&sides.real),
                synthetic: code(&sides.synthetic),
            };
            Some(Cut {
                axis: Axis::Bins(unit, edges),
                cells,
            })
        }
        Values::Levels {
            codes,
            distinct,
            null,
        } => {
            let counts = Sides {
                real: metrics::counts(&codes.real, *distinct),
                synthetic: metrics::counts(&codes.synthetic, *distinct),
            };
            let picked = most_frequent(&counts, None, k, most_levels);
            let (shown, others) = (picked.shown, picked.other_levels);
            let mut names = labels(tables, table, variable.name, codes, *distinct, &shown);
            for (name, code) in names.iter_mut().zip(&shown) {
                if Some(*code) == *null {
                    *name = "NULL".into();
                }
            }
            let has_others = others.real + others.synthetic > 0;
            let rest = shown.len() as u8;
            let mut cell_of = vec![rest; *distinct];
            for (cell, code) in (0_u8..).zip(&shown) {
                cell_of[*code as usize] = cell;
            }
            if has_others {
                names.push("others".into());
            }
            let code = |codes: &[u32]| codes.iter().map(|code| cell_of[*code as usize]).collect();
            let cells = Sides {
                real: code(&codes.real),
                synthetic: code(&codes.synthetic),
            };
            Some(Cut {
                axis: Axis::Levels(names),
                cells,
            })
        }
        Values::Unreadable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test should stop")]

    use super::*;

    fn both(real: Vec<f64>, synthetic: Vec<f64>) -> Sides<Vec<f64>> {
        Sides { real, synthetic }
    }

    #[test]
    fn a_histogram_tells_no_extreme_and_no_small_count() {
        let mut real: Vec<f64> = (0..1000).map(f64::from).collect();
        real.extend([-1e9, 1e9, f64::NAN, f64::INFINITY]);
        let synthetic = (0..500).map(|value| f64::from(value) * 2.0).collect();
        let laid = histogram(&both(real, synthetic), Unit::Whole, 10).unwrap();
        let Overlay::Histogram(histogram) = laid.overlay else {
            panic!("{laid:?}");
        };
        assert_eq!(laid.nulls, None);
        let (first, last) = (histogram.edges[0], *histogram.edges.last().unwrap());
        assert!(first > 5.0 && last < 1030.0, "{first} {last}");
        assert_eq!(histogram.below.real, Some(10));
        let told: u64 = histogram.counts.real.iter().flatten().sum();
        assert!(told > 900, "{told}");
        assert!(
            histogram
                .counts
                .real
                .iter()
                .flatten()
                .all(|rows| *rows == 0 || *rows >= 10)
        );
        let all: u64 = histogram.counts.synthetic.iter().flatten().sum();
        assert_eq!(
            all + histogram.below.synthetic.unwrap() + histogram.above.synthetic.unwrap(),
            500
        );
        let medians = histogram.quartiles;
        assert!(
            (medians.real.unwrap()[1] - 500.0).abs() <= 2.0,
            "{medians:?}"
        );
    }

    #[test]
    fn whole_numbers_fall_into_equal_bins() {
        let real: Vec<f64> = (0..5000).map(|row| f64::from(row % 50)).collect();
        let laid = histogram(&both(real.clone(), real), Unit::Whole, 1).unwrap();
        let Overlay::Histogram(cut) = laid.overlay else {
            panic!("{laid:?}");
        };
        let counts: Vec<Count> = cut.counts.real.clone();
        let whole = &counts[..counts.len() - 1];
        assert!(whole.iter().all(|rows| *rows == whole[0]), "{counts:?}");
    }

    #[test]
    fn few_numbers_are_shown_one_by_one_and_rare_ones_are_not_named() {
        let mut real = vec![0.99; 50];
        real.extend(vec![1.99; 20]);
        real.push(7.25);
        let Overlay::Levels(levels) =
            numbers(&both(real, vec![1.99, 0.99, 3.0]), &DataType::Float64, 10).overlay
        else {
            panic!("not shown one by one");
        };
        let labels: Vec<_> = levels
            .shown
            .iter()
            .map(|level| level.label.as_str())
            .collect();
        assert_eq!(labels, ["0.99", "1.99", "3"]);
        assert_eq!((levels.other.real, levels.other_levels.real), (None, None));
        // The one row is counted with the most frequent level, or it could be subtracted.
        assert_eq!(levels.shown[0].counts.real, Some(51));
    }

    #[test]
    fn what_is_too_small_or_constant_is_drawn_or_left() {
        let none = Vec::new;
        assert_eq!(edges(vec![1.0; 9], none(), Unit::Number, 10, 40), None);
        let edges = edges(vec![5.5; 100], none(), Unit::Number, 10, 40).unwrap();
        assert_eq!(edges.len(), 2);
        assert_eq!(position(&edges, 5.5), 1);
    }
}
