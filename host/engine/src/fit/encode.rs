//! From columns of a sample to codecs and symbols, under the k-floors.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType as Arrow, Decimal128Type, Float64Type, Int64Type, UInt64Type};
use prodlike_core::model::Special;
use prodlike_core::schema::{Column, DataType, SemanticType};
use prodlike_duckdb::{ColumnProfile, Histogram};
use prodlike_models::codec::{self, BinParams, Codec, FloatBin, IntegerBin, Unit};
use prodlike_models::finer;

use super::levels::{self, Strings};
use super::{tails, types};
use crate::error::Error;

/// The floor of one table: how many distinct entities must stand behind a value.
#[derive(Clone, Copy)]
pub(super) struct Floor<'a> {
    pub k: u32,
    /// A column of entity numbers a kind; empty where rows protect nobody.
    pub entities: &'a [Vec<u32>],
}

impl Floor<'_> {
    /// Fewest distinct entities, over the kinds, behind each of `symbols` classes.
    pub(super) fn count(
        &self,
        classes: usize,
        class: impl Fn(usize) -> Option<usize>,
        rows: usize,
    ) -> Vec<u32> {
        if self.entities.is_empty() {
            return vec![u32::MAX; classes];
        }
        let mut least = vec![u32::MAX; classes];
        for kind in self.entities {
            let mut pairs: Vec<(usize, u32)> = (0..rows)
                .filter_map(|row| Some((class(row)?, kind[row])))
                .collect();
            pairs.sort_unstable();
            pairs.dedup();
            let mut counts = vec![0u32; classes];
            pairs.iter().for_each(|&(class, _)| counts[class] += 1);
            least
                .iter_mut()
                .zip(counts)
                .for_each(|(least, count)| *least = (*least).min(count));
        }
        least
    }

    /// Whether enough entities stand behind the rows of a condition.
    pub(super) fn holds(&self, rows: usize, condition: impl Fn(usize) -> bool) -> bool {
        self.count(1, |row| condition(row).then_some(0), rows)[0] >= self.k
    }
}

/// A column in symbols, or why there is none.
pub(super) enum Encoded {
    Symbols {
        codec: Codec,
        symbols: Vec<u8>,
        suppressed: Vec<(&'static str, u64)>,
    },
    /// Strings that wait for other columns.
    Strings {
        strings: Strings,
        suppressed: Vec<(&'static str, u64)>,
    },
    /// Too few entities behind any value.
    Nothing,
}

/// Values of a sample column.
enum Values {
    Integers(Vec<Option<i64>>),
    Wide(Vec<Option<i128>>),
    Floats(Vec<Option<f64>>),
}

/// How finely so many numbers are cut under a floor.
///
/// Few rows have fewer bins, and no symbol for every value: what is alone depends on nothing.
fn params(rows: u64, floor: Floor<'_>) -> BinParams {
    BinParams {
        bins: (rows / 10).clamp(4, 64),
        spike: 500,
        spikes: 60,
        least: u64::from(floor.k).max(rows.min(3)),
        distinct: usize::try_from(rows / 3).unwrap_or(240).clamp(4, 240),
        tail: 30,
    }
}

fn cut<T: Copy + PartialEq>(histogram: &[(T, T, u64)], floor: Floor<'_>) -> Vec<(T, T, u64)> {
    let rows = histogram.iter().map(|entry| entry.2).sum();
    codec::cut(histogram, params(rows, floor))
}

/// The share of a bin's rows with one value from which the bin is that value: 4 of 5.
const NEARLY: (u64, u64) = (4, 5);

/// Chooses a codec for a learned column and encodes its sample.
pub(super) fn column(
    table: &str,
    column: &Column,
    array: &ArrayRef,
    profile: &ColumnProfile,
    floor: Floor<'_>,
) -> Result<Encoded, Error> {
    let n = array.len();
    let arrow = |source| Error::Arrow {
        table: table.to_string(),
        source,
    };
    let is_null = |row: usize| array.is_null(row);
    let nullable = profile.nulls > 0 && floor.holds(n, is_null);
    if profile.rows == profile.nulls || (n > 0 && array.null_count() == n) {
        // Nothing but NULL, or nothing at all: an empty table has any codec.
        return Ok(match nullable || profile.rows == 0 {
            true => Encoded::Symbols {
                codec: empty(&column.data_type),
                symbols: vec![0; n],
                suppressed: Vec::new(),
            },
            false => Encoded::Nothing,
        });
    }
    // The domains of booleans, enums and countries are public: a rare value is no secret.
    let is_public = matches!(column.data_type, DataType::Boolean | DataType::Enum(_))
        || column.semantic == SemanticType::Country;
    let k = if is_public { 1 } else { floor.k };
    if !floor.holds(n, |row| !is_null(row)) && !is_public {
        return Ok(Encoded::Nothing);
    }
    let floor = Floor { k, ..floor };
    if column.data_type.is_text() {
        let Histogram::Strings(levels) = &profile.histogram else {
            return Err(Error::Internal(format!(
                "`{table}.{}` has no levels",
                column.name
            )));
        };
        return Ok(levels::strings(
            array,
            levels,
            profile.distinct,
            nullable,
            floor,
        ));
    }
    let found = if profile.specials.is_empty() {
        Vec::new()
    } else {
        types::specials(array)
    };
    let encoded = if profile.distinct == 0 {
        types::no_number(&column.data_type, nullable, n)
    } else {
        let values = values(column, array, &found).map_err(arrow)?;
        numbers(
            table,
            column,
            array,
            values,
            &profile.histogram,
            nullable,
            floor,
        )?
    };
    Ok(if found.is_empty() {
        encoded
    } else {
        types::with_specials(encoded, &found, nullable, floor)
    })
}

/// Encodes what is a number.
fn numbers(
    table: &str,
    column: &Column,
    array: &ArrayRef,
    values: Values,
    histogram: &Histogram,
    nullable: bool,
    floor: Floor<'_>,
) -> Result<Encoded, Error> {
    Ok(match (values, histogram) {
        (Values::Integers(values), Histogram::Integers(histogram)) => {
            let day = super::finer::day(&column.data_type);
            let years = day.zip(day.and_then(|day| years(histogram, day)));
            let encoded = match years {
                Some((day, years)) => {
                    let encoded = integers(&values, histogram, years, 0, nullable, floor, false);
                    whole_years(encoded, day)
                }
                None => {
                    let bins = cut(histogram, floor);
                    integers(&values, histogram, bins, 0, nullable, floor, true)
                }
            };
            match column.data_type {
                DataType::Interval => types::with_unit(encoded, types::parts(array, floor)),
                _ => encoded,
            }
        }
        (Values::Wide(values), Histogram::Wide(histogram)) => {
            match types::unit(&column.data_type, &values, histogram) {
                Some(unit) => {
                    let ticks = |value: i128| types::tick(unit, value);
                    let values: Vec<Option<i64>> =
                        values.iter().map(|value| value.map(ticks)).collect();
                    let histogram: Vec<(i64, i64, u64)> = histogram
                        .iter()
                        .map(|&(lo, hi, rows)| (ticks(lo), ticks(hi), rows))
                        .collect();
                    let bins = cut(&histogram, floor);
                    let encoded = integers(&values, &histogram, bins, 0, nullable, floor, true);
                    types::with_unit(encoded, unit)
                }
                None => {
                    // Too wide for ticks: the shape survives, the last digits do not.
                    let values: Vec<Option<f64>> =
                        values.iter().map(|value| value.map(|v| v as f64)).collect();
                    let histogram: Vec<(f64, f64, u64)> = histogram
                        .iter()
                        .map(|&(lo, hi, rows)| (lo as f64, hi as f64, rows))
                        .collect();
                    floats(&values, &joined(histogram), nullable, floor)
                }
            }
        }
        (Values::Floats(values), Histogram::Floats(histogram)) => {
            match decimals(&values, histogram) {
                Some(decimals) => {
                    let scale = 10f64.powi(i32::from(decimals));
                    let scaled = |value: f64| (value * scale).round() as i64;
                    let histogram: Vec<(i64, i64, u64)> = histogram
                        .iter()
                        .map(|&(lo, hi, rows)| (scaled(lo), scaled(hi), rows))
                        .collect();
                    let values: Vec<Option<i64>> =
                        values.iter().map(|value| value.map(scaled)).collect();
                    let histogram = joined(histogram);
                    let bins = cut(&histogram, floor);
                    integers(&values, &histogram, bins, decimals, nullable, floor, true)
                }
                None => floats(&values, histogram, nullable, floor),
            }
        }
        _ => {
            return Err(Error::Internal(format!(
                "`{table}.{}` was profiled as another type",
                column.name
            )));
        }
    })
}

fn empty(data_type: &DataType) -> Codec {
    match data_type {
        data_type if data_type.is_text() => Codec::Levels {
            nullable: true,
            levels: Vec::new(),
        },
        _ => Codec::Integer {
            nullable: true,
            bins: Vec::new(),
            step: 1,
            decimals: 0,
            unit: Unit::Tick,
            specials: Vec::new(),
        },
    }
}

/// Reads a column; the rows of special values have none.
fn values(
    column: &Column,
    array: &ArrayRef,
    specials: &[Option<Special>],
) -> Result<Values, arrow::error::ArrowError> {
    let is_number = |row: usize| specials.get(row).copied().flatten().is_none();
    let ticks = |array: &ArrayRef| -> Values {
        let values = array.as_primitive::<Int64Type>().iter().enumerate();
        Values::Integers(
            values
                .map(|(row, v)| v.filter(|_| is_number(row)))
                .collect(),
        )
    };
    Ok(match &column.data_type {
        DataType::Float32 | DataType::Float64 => {
            let array = cast(array, &Arrow::Float64)?;
            let values = array.as_primitive::<Float64Type>().iter().enumerate();
            Values::Floats(
                values
                    .map(|(row, v)| v.filter(|_| is_number(row)))
                    .collect(),
            )
        }
        DataType::UInt64 => {
            let values = array.as_primitive::<UInt64Type>().iter();
            Values::Wide(values.map(|value| value.map(i128::from)).collect())
        }
        data_type if data_type.is_wide() => {
            Values::Wide(array.as_primitive::<Decimal128Type>().iter().collect())
        }
        DataType::Decimal(..) => Values::Integers(
            array
                .as_primitive::<Decimal128Type>()
                .iter()
                .map(|value| value.and_then(|v| i64::try_from(v).ok()))
                .collect(),
        ),
        DataType::Interval => Values::Integers(
            types::intervals(array)
                .map(|interval| interval.and_then(|interval| interval.total()))
                .collect(),
        ),
        DataType::Date => ticks(&cast(&cast(array, &Arrow::Int32)?, &Arrow::Int64)?),
        _ => ticks(&cast(array, &Arrow::Int64)?),
    })
}

/// Digits after the point that hold every value exactly, if few do.
fn decimals(values: &[Option<f64>], histogram: &[(f64, f64, u64)]) -> Option<u8> {
    let all = || {
        values
            .iter()
            .flatten()
            .copied()
            .chain(histogram.iter().flat_map(|entry| [entry.0, entry.1]))
    };
    (0..=6u8).find(|&decimals| {
        let scale = 10f64.powi(i32::from(decimals));
        all().all(|value| {
            let scaled = (value * scale).round();
            scaled.abs() < 9e15 && scaled / scale == value
        })
    })
}

/// Joins entries that rounding made overlap.
fn joined<T: PartialOrd + Copy>(histogram: Vec<(T, T, u64)>) -> Vec<(T, T, u64)> {
    let mut joined: Vec<(T, T, u64)> = Vec::with_capacity(histogram.len());
    for entry in histogram {
        match joined.last_mut() {
            Some(last) if entry.0 <= last.1 => {
                let greatest = if entry.1 > last.1 { entry.1 } else { last.1 };
                *last = (last.0, greatest, last.2 + entry.2)
            }
            _ => joined.push(entry),
        }
    }
    joined
}

/// Years that times span from which their bins are years: bins of like mass would end amid them,
/// and what else is known in years could not be told from them.
const YEARS: std::ops::RangeInclusive<usize> = 24..=200;

/// The bins of times that are years, where they span enough and not too many.
fn years(histogram: &[(i64, i64, u64)], day: i64) -> Option<Vec<(i64, i64, u64)>> {
    let year = |tick: i64| finer::year(tick.div_euclid(day));
    let same = |a: &(i64, i64, u64), b: &(i64, i64, u64)| year(a.0) == year(b.0);
    let years: Vec<(i64, i64, u64)> = histogram
        .chunk_by(same)
        .map(|run| {
            (
                run[0].0,
                run[run.len() - 1].1,
                run.iter().map(|it| it.2).sum(),
            )
        })
        .collect();
    YEARS.contains(&years.len()).then_some(years)
}

/// Lets bins begin and end with years, but for the first and the last end: those are bounds that
/// nobody's value is behind.
fn whole_years(mut encoded: Encoded, day: i64) -> Encoded {
    let Encoded::Symbols {
        codec: Codec::Integer { bins, step, .. },
        ..
    } = &mut encoded
    else {
        return encoded;
    };
    let (step, origin) = (*step, bins.first().map_or(0, |bin| bin.lo));
    let begins = |bin: &IntegerBin| {
        let first = finer::first_day(finer::year(bin.lo.div_euclid(day))).saturating_mul(day);
        // On the grid.
        first + (origin - first).rem_euclid(step)
    };
    let starts: Vec<i64> = bins.iter().map(begins).collect();
    for at in 0..bins.len() {
        if bins[at].count == 1 {
            continue;
        }
        let last = bins[at].lo + step * (bins[at].count as i64 - 1);
        let lo = if at == 0 { bins[at].lo } else { starts[at] };
        let hi = starts.get(at + 1).map_or(last, |next| next - step);
        bins[at] = IntegerBin {
            lo,
            count: (hi.abs_diff(lo) / step.unsigned_abs()).saturating_add(1),
        };
    }
    encoded
}

fn integers(
    values: &[Option<i64>],
    histogram: &[(i64, i64, u64)],
    bins: Vec<(i64, i64, u64)>,
    decimals: u8,
    nullable: bool,
    floor: Floor<'_>,
    has_tails: bool,
) -> Encoded {
    let step = codec::grid_step(
        values
            .iter()
            .flatten()
            .copied()
            .chain(histogram.iter().flat_map(|entry| [entry.0, entry.1])),
    );
    let (los, bins, suppressed) = integer_bins(values, histogram, bins, step, floor, has_tails);
    Encoded::Symbols {
        symbols: encode(values, &los, nullable),
        codec: Codec::Integer {
            nullable,
            bins,
            step,
            decimals,
            unit: Unit::Tick,
            specials: Vec::new(),
        },
        suppressed,
    }
}

/// Puts bins of numbers under a floor: returns where values of each begin, what is drawn of
/// each, and what was suppressed.
fn integer_bins(
    values: &[Option<i64>],
    histogram: &[(i64, i64, u64)],
    mut bins: Vec<(i64, i64, u64)>,
    step: i64,
    floor: Floor<'_>,
    has_tails: bool,
) -> (Vec<i64>, Vec<IntegerBin>, Vec<(&'static str, u64)>) {
    let mut suppressed = merge(values, &mut bins, floor);
    let tails = match has_tails {
        true => tails::cut_off(values, histogram, &mut bins, floor),
        false => Vec::new(),
    };
    let los: Vec<i64> = bins.iter().map(|bin| bin.0).collect();
    let mean = |values: &[i64]| {
        let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
        (sum / values.len() as i128) as i64
    };
    if average_bounds(values, &los, &mut bins, floor, mean) {
        suppressed.push(("bounds", 2 * bins.len() as u64));
        let origin = los[0];
        let below = |value: i64| {
            let over = (i128::from(value) - i128::from(origin)).rem_euclid(i128::from(step));
            (i128::from(value) - over) as i64
        };
        for (lo, hi, _) in &mut bins {
            (*lo, *hi) = (below(*lo), below(*hi));
        }
        let beside = |value: i64, above: bool| match above {
            true => value.saturating_add(step),
            false => value.saturating_sub(step),
        };
        tails::reach(&tails, &mut bins, |real| below(real as i64), beside);
    }
    narrow(values, histogram, &los, &mut bins, floor);
    let bins = bins
        .iter()
        .map(|&(lo, hi, _)| IntegerBin {
            lo,
            // The whole of a type has one value more than can be counted.
            count: (hi.abs_diff(lo) / step as u64).saturating_add(1),
        })
        .collect();
    (los, bins, suppressed)
}

/// Returns the parts of one bin of numbers: what is drawn of each, or `whole`, as they are cut.
pub(super) fn parts(
    values: &[Option<i64>],
    step: i64,
    params: BinParams,
    floor: Floor<'_>,
    whole: bool,
) -> Vec<IntegerBin> {
    let histogram = counted(values);
    if histogram.is_empty() {
        return Vec::new();
    }
    let params = BinParams {
        least: u64::from(floor.k),
        ..params
    };
    let mut bins = codec::cut(&histogram, params);
    if !whole {
        return integer_bins(values, &histogram, bins, step, floor, false).1;
    }
    merge(values, &mut bins, floor);
    let bin = |&(lo, hi, _): &(i64, i64, u64)| IntegerBin {
        lo,
        count: (hi.abs_diff(lo) / step as u64).saturating_add(1),
    };
    bins.iter().map(bin).collect()
}

/// How often each value is there, ascending.
fn counted(values: &[Option<i64>]) -> Vec<(i64, i64, u64)> {
    let mut sorted: Vec<i64> = values.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.map(|run| (run[0], run[0], run.len() as u64)).collect()
}

/// Returns the ticks of a column whose codec is one of integers; `None` if it has none.
pub(super) fn tick_values(
    column: &Column,
    array: &ArrayRef,
    decimals: u8,
) -> Option<Vec<Option<i64>>> {
    Some(match values(column, array, &[]).ok()? {
        Values::Integers(values) => values,
        Values::Wide(values) => {
            let tick = |value: i128| i64::try_from(value).ok();
            values.into_iter().map(|value| tick(value?)).collect()
        }
        Values::Floats(values) => {
            let scale = 10f64.powi(i32::from(decimals));
            let tick = |value: f64| (value * scale).round() as i64;
            values.into_iter().map(|value| value.map(tick)).collect()
        }
    })
}

/// Encodes differences between values and those before them.
pub(super) fn differences(differences: &[Option<i64>], floor: Floor<'_>) -> Encoded {
    let histogram = counted(differences);
    if histogram.is_empty() || !floor.holds(differences.len(), |row| differences[row].is_some()) {
        return Encoded::Nothing;
    }
    let bins = cut(&histogram, floor);
    integers(differences, &histogram, bins, 0, false, floor, false)
}

fn floats(
    values: &[Option<f64>],
    histogram: &[(f64, f64, u64)],
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let mut bins = cut(histogram, floor);
    let mut suppressed = merge(values, &mut bins, floor);
    let tails = tails::cut_off(values, histogram, &mut bins, floor);
    let los: Vec<f64> = bins.iter().map(|bin| bin.0).collect();
    let symbols = encode(values, &los, nullable);
    // Sums of floats are exact enough to repeat where their order is: values come sorted.
    let mean = |values: &[f64]| {
        let parts = values.len() as f64;
        values.iter().map(|value| value / parts).sum()
    };
    if average_bounds(values, &los, &mut bins, floor, mean) {
        suppressed.push(("bounds", 2 * bins.len() as u64));
        let beside = |value: f64, above: bool| match above {
            true => value.next_up(),
            false => value.next_down(),
        };
        tails::reach(&tails, &mut bins, |real| real, beside);
    }
    narrow(values, histogram, &los, &mut bins, floor);
    let bins = bins
        .iter()
        .map(|&(lo, hi, _)| FloatBin { lo, hi })
        .collect();
    Encoded::Symbols {
        codec: Codec::Float {
            nullable,
            bins,
            specials: Vec::new(),
        },
        symbols,
        suppressed,
    }
}

fn encode<T: PartialOrd + Copy>(values: &[Option<T>], los: &[T], nullable: bool) -> Vec<u8> {
    let null = usize::from(nullable);
    // A NULL that the floor suppressed is taught as a value like the one before it.
    let mut last = 0;
    values
        .iter()
        .map(|value| {
            match value {
                Some(value) => last = null + codec::find(los, *value),
                None if nullable => return 0,
                None => {}
            }
            last as u8
        })
        .collect()
}

/// Merges bins below the floor; says how many.
fn merge<T: PartialOrd + Copy>(
    values: &[Option<T>],
    bins: &mut Vec<(T, T, u64)>,
    floor: Floor<'_>,
) -> Vec<(&'static str, u64)> {
    let merged = codec::merge(bins, floor.k, |bins| {
        let los: Vec<T> = bins.iter().map(|bin| bin.0).collect();
        floor.count(
            bins.len(),
            |row| values[row].map(|value| codec::find(&los, value)),
            values.len(),
        )
    });
    if merged > 0 {
        vec![("values", merged as u64)]
    } else {
        Vec::new()
    }
}

/// Makes every bound the mean of the `k` entities nearest to it, so that none is a value of
/// one of them; says whether there was a floor to keep.
///
/// A bin of one value stays: at least `k` entities have it.
fn average_bounds<T: PartialOrd + Copy>(
    values: &[Option<T>],
    los: &[T],
    bins: &mut [(T, T, u64)],
    floor: Floor<'_>,
    mean: impl Fn(&[T]) -> T,
) -> bool {
    if floor.k <= 1 {
        return false;
    }
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
    // Over several kinds of entities, the innermost means.
    let real: Vec<(T, T)> = bins.iter().map(|&(lo, hi, _)| (lo, hi)).collect();
    for kind in floor.entities {
        let mut triples: Vec<(usize, u32, T)> = values
            .iter()
            .zip(kind)
            .filter_map(|(value, &entity)| {
                let value = (*value)?;
                Some((codec::find(los, value), entity, value))
            })
            .collect();
        triples
            .sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| order(&a.2, &b.2)));
        for members in triples.chunk_by(|a, b| a.0 == b.0) {
            let bin = members[0].0;
            let (lo, hi) = real[bin];
            if lo >= hi {
                continue;
            }
            let of = |pick: fn(&[(usize, u32, T)]) -> T| -> Vec<T> {
                let mut picked: Vec<T> = members.chunk_by(|a, b| a.1 == b.1).map(pick).collect();
                picked.sort_unstable_by(order);
                picked
            };
            let (least, greatest) = (of(|run| run[0].2), of(|run| run[run.len() - 1].2));
            let k = (floor.k as usize).min(least.len());
            let (low, high) = (mean(&least[..k]), mean(&greatest[greatest.len() - k..]));
            let inner = &mut bins[bin];
            // Rounding may leave the bin by a hair.
            if low > inner.0 {
                inner.0 = if low < hi { low } else { hi };
            }
            if high < inner.1 {
                inner.1 = if high > lo { high } else { lo };
            }
            if inner.0 > inner.1 {
                inner.0 = inner.1;
            }
        }
    }
    !floor.entities.is_empty()
}

/// Narrows bins that are nearly one value to it: what is left of them is few rows that the
/// floor merged into a neighbour, and drawn evenly would be values that nobody has.
fn narrow<T: PartialOrd + Copy>(
    values: &[Option<T>],
    histogram: &[(T, T, u64)],
    los: &[T],
    bins: &mut [(T, T, u64)],
    floor: Floor<'_>,
) {
    let mut top: Vec<Option<(T, u64)>> = vec![None; bins.len()];
    for &(lo, hi, rows) in histogram {
        let top = &mut top[codec::find(los, lo)];
        if lo == hi && top.is_none_or(|(_, most)| rows > most) {
            *top = Some((lo, rows));
        }
    }
    for (top, bin) in top.iter_mut().zip(bins.iter()) {
        *top = top.filter(|&(_, rows)| rows * NEARLY.1 >= bin.2 * NEARLY.0);
    }
    let entities = floor.count(
        bins.len(),
        |row| {
            let bin = codec::find(los, values[row]?);
            (top[bin]?.0 == values[row]?).then_some(bin)
        },
        values.len(),
    );
    for ((bin, top), entities) in bins.iter_mut().zip(top).zip(entities) {
        if let Some((value, _)) = top.filter(|_| entities >= floor.k) {
            (bin.0, bin.1) = (value, value);
        }
    }
}

/// Encodes whether a generated column has a value: `None` where it always or never has
/// one as far as the floor allows to tell.
pub(super) fn presence(array: &ArrayRef, floor: Floor<'_>) -> Option<(Codec, Vec<u8>)> {
    let n = array.len();
    if array.null_count() == 0 || !floor.holds(n, |row| array.is_null(row)) {
        return None;
    }
    let symbols = (0..n).map(|row| u8::from(array.is_valid(row)));
    let symbols = match floor.holds(n, |row| array.is_valid(row)) {
        true => symbols.collect(),
        false => vec![0; n],
    };
    Some((Codec::Presence, symbols))
}

/// Most quantiles that lengths are told in.
const LENGTHS: usize = 32;

/// Returns evenly spaced quantiles of lengths, each the mean over a share of the rows that
/// enough entities stand behind; none where even all rows are too few.
pub(super) fn lengths(lengths: &[Option<u32>], floor: Floor<'_>) -> Vec<u32> {
    let mut order: Vec<(u32, usize)> = lengths
        .iter()
        .enumerate()
        .filter_map(|(row, length)| Some(((*length)?, row)))
        .collect();
    order.sort_unstable();
    let mut shares = LENGTHS;
    while shares > 0 {
        let mut share = vec![None; lengths.len()];
        let mut sums = vec![(0u64, 0u64); shares];
        for (place, &(length, row)) in order.iter().enumerate() {
            let at = place * shares / order.len();
            share[row] = Some(at);
            sums[at] = (sums[at].0 + u64::from(length), sums[at].1 + 1);
        }
        let entities = floor.count(shares, |row| share[row], lengths.len());
        let enough = |(&entities, &(_, rows)): (&u32, &(u64, u64))| {
            entities >= floor.k && rows >= u64::from(floor.k.max(1))
        };
        if entities.iter().zip(&sums).all(enough) {
            let means = sums
                .iter()
                .map(|&(sum, rows)| ((sum + rows / 2) / rows) as u32);
            return means.collect();
        }
        shares /= 2;
    }
    Vec::new()
}

/// The ticks of a column that is a key; none where a value has no tick that fits.
pub(super) fn ticks(
    table: &str,
    column: &Column,
    array: &ArrayRef,
) -> Result<Vec<Option<i64>>, Error> {
    if let DataType::Enum(levels) = &column.data_type {
        let place = |value: &str| levels.iter().position(|level| level == value);
        let values = array.as_string::<i32>().iter();
        return Ok(values
            .map(|value| place(value?).map(|place| place as i64))
            .collect());
    }
    let found = match column.data_type.has_specials() {
        true => types::specials(array),
        false => Vec::new(),
    };
    let values = values(column, array, &found).map_err(|source| Error::Arrow {
        table: table.to_string(),
        source,
    })?;
    Ok(match values {
        Values::Integers(values) => values,
        Values::Wide(values) => values
            .into_iter()
            .map(|value| value.and_then(|value| i64::try_from(value).ok()))
            .collect(),
        Values::Floats(values) => values
            .into_iter()
            .map(|value| {
                value
                    .filter(|v| v.fract() == 0.0 && v.abs() < 9e15)
                    .map(|v| v as i64)
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use prodlike_models::philox::mix;

    use super::*;

    #[test]
    fn nulls_stay_null_and_order_stays_order() {
        for (seed, range) in [(1u64, 5u64), (2, 300), (3, 40_000), (4, 1 << 40)] {
            let values: Vec<Option<i64>> = (0..4000u64)
                .map(|row| {
                    let draw = mix(mix(seed) ^ mix(row));
                    (!draw.is_multiple_of(9)).then(|| (draw >> 8).rem_euclid(range) as i64 - 100)
                })
                .collect();
            let entities: Vec<u32> = (0..values.len() as u32).map(|row| row / 2).collect();
            for k in [1, 10] {
                let floor = Floor {
                    k,
                    entities: std::slice::from_ref(&entities),
                };
                let histogram = counted(&values);
                let bins = cut(&histogram, floor);
                let encoded = integers(&values, &histogram, bins, 0, true, floor, true);
                let Encoded::Symbols {
                    codec: Codec::Integer { bins, step, .. },
                    symbols,
                    ..
                } = encoded
                else {
                    panic!("not encoded");
                };
                let is_null = |row: usize| symbols[row] == 0;
                assert!((0..values.len()).all(|row| is_null(row) == values[row].is_none()));
                let mut order: Vec<usize> =
                    (0..values.len()).filter(|&row| !is_null(row)).collect();
                order.sort_by_key(|&row| values[row]);
                assert!(
                    order
                        .windows(2)
                        .all(|pair| symbols[pair[0]] <= symbols[pair[1]])
                );
                let bits: Vec<u32> = (0..symbols.len())
                    .map(|row| mix(row as u64) as u32)
                    .collect();
                let mut decoded = Vec::new();
                codec::decode_integers(&bins, true, step, &symbols, &bits, &mut decoded);
                for &row in &order {
                    let bin = bins[usize::from(symbols[row]) - 1];
                    let last = bin.lo + step * (bin.count as i64 - 1);
                    assert!((bin.lo..=last).contains(&decoded[row]));
                    // Without a floor a value is one of its bin's.
                    assert!(k > 1 || values[row].is_some_and(|it| (bin.lo..=last).contains(&it)));
                }
            }
        }
    }

    #[test]
    fn times_over_many_years_have_bins_of_whole_years() {
        // Days from 1950 to 2009, three entities a day.
        let first = finer::first_day(1950);
        let values: Vec<Option<i64>> = (0..60 * 365 * 3)
            .map(|i| Some(first + 40 + i / 3))
            .collect();
        let entities: Vec<u32> = (0..values.len() as u32).collect();
        let floor = Floor {
            k: 10,
            entities: &[entities],
        };
        let histogram = counted(&values);
        let bins = years(&histogram, 1).unwrap();
        let encoded = whole_years(
            integers(&values, &histogram, bins, 0, false, floor, false),
            1,
        );
        let Encoded::Symbols {
            codec: Codec::Integer { bins, .. },
            symbols,
            ..
        } = encoded
        else {
            panic!("not encoded");
        };
        assert_eq!(bins.len(), 61);
        for (at, bin) in bins.iter().enumerate().skip(1).take(58) {
            assert_eq!(bin.lo, finer::first_day(1950 + at as i64));
            assert_eq!(
                bin.lo + bin.count as i64,
                finer::first_day(1951 + at as i64)
            );
        }
        // The ends are nobody's: means over ten entities.
        assert!(bins[0].lo > first + 40);
        for (value, &symbol) in values.iter().zip(&symbols) {
            assert_eq!(
                Some(finer::year(value.unwrap()) - 1950),
                Some(i64::from(symbol))
            );
        }
        assert!(years(&histogram[..9 * 365], 1).is_none());
    }

    #[test]
    fn what_the_floor_merged_into_a_frequent_value_becomes_it() {
        // 40 rows of 10 and of 13; of 11, 12 and 500 two rows each; 20..30 evenly.
        let mut values: Vec<i64> = [[10; 40], [13; 40]].concat();
        values.extend([11, 11, 12, 12, 500, 500]);
        values.extend((0..30).map(|i| 20 + i % 10));
        let entities: Vec<u32> = (0..values.len() as u32).collect();
        let mut histogram: Vec<(i64, i64, u64)> = Vec::new();
        let mut sorted = values.clone();
        sorted.sort_unstable();
        for run in sorted.chunk_by(|a, b| a == b) {
            histogram.push((run[0], run[0], run.len() as u64));
        }
        let values: Vec<Option<i64>> = values.into_iter().map(Some).collect();
        let floor = Floor {
            k: 10,
            entities: &[entities],
        };
        let bins = cut(&histogram, floor);
        let encoded = integers(&values, &histogram, bins, 0, false, floor, true);
        let Encoded::Symbols {
            codec: Codec::Integer { bins, .. },
            symbols,
            ..
        } = encoded
        else {
            panic!("not encoded");
        };
        assert!(
            symbols
                .iter()
                .all(|&symbol| usize::from(symbol) < bins.len())
        );
        let single: Vec<i64> = bins
            .iter()
            .filter(|bin| bin.count == 1)
            .map(|bin| bin.lo)
            .collect();
        assert_eq!(single[..2], [10, 13]);
        // Nothing that fewer than the floor have is an end of what is drawn.
        for bin in &bins[2..] {
            let last = bin.lo + bin.count as i64 - 1;
            assert!(bin.lo >= 20 && last < 500, "{bin:?}");
        }
    }
}
