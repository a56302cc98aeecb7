//! From columns of a sample to codecs and symbols, under the k-floors.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType as Arrow, Decimal128Type, Float64Type, Int64Type};
use prodlike_core::schema::{Column, DataType, SemanticType};
use prodlike_duckdb::{ColumnProfile, Histogram};
use prodlike_models::codec::{self, BinParams, Codec, FloatBin, IntegerBin, MAX_SYMBOLS};
use prodlike_models::philox::mix;

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
    /// Too few entities behind any value.
    Nothing,
}

/// Values of a sample column.
enum Values {
    Integers(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
}

const PARAMS: BinParams = BinParams {
    bins: 64,
    spike: 200,
    distinct: 100,
    tail: 30,
};

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
    // The domains of booleans and countries are public: a rare value of theirs is no secret.
    let is_public =
        column.data_type == DataType::Boolean || column.semantic == SemanticType::Country;
    let k = if is_public { 1 } else { floor.k };
    if !floor.holds(n, |row| !is_null(row)) && !is_public {
        return Ok(Encoded::Nothing);
    }
    let floor = Floor { k, ..floor };
    if column.data_type == DataType::String {
        let Histogram::Strings(levels) = &profile.histogram else {
            return Err(Error::Internal(format!(
                "`{table}.{}` has no levels",
                column.name
            )));
        };
        return Ok(strings(array, levels, profile.distinct, nullable, floor));
    }
    let values = values(column, array).map_err(arrow)?;
    Ok(match (values, &profile.histogram) {
        (Values::Integers(values), Histogram::Integers(histogram)) => {
            integers(&values, histogram, 0, nullable, floor)
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
                    integers(&values, &joined(histogram), decimals, nullable, floor)
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
        DataType::String => Codec::Levels {
            nullable: true,
            levels: Vec::new(),
        },
        _ => Codec::Integer {
            nullable: true,
            bins: Vec::new(),
            step: 1,
            decimals: 0,
        },
    }
}

fn values(column: &Column, array: &ArrayRef) -> Result<Values, arrow::error::ArrowError> {
    let ticks = |array: &ArrayRef| -> Vec<Option<i64>> {
        array.as_primitive::<Int64Type>().iter().collect()
    };
    Ok(match &column.data_type {
        DataType::Float32 | DataType::Float64 => Values::Floats(
            cast(array, &Arrow::Float64)?
                .as_primitive::<Float64Type>()
                .iter()
                .collect(),
        ),
        DataType::Decimal(..) => Values::Integers(
            array
                .as_primitive::<Decimal128Type>()
                .iter()
                .map(|value| value.and_then(|v| i64::try_from(v).ok()))
                .collect(),
        ),
        DataType::Date => {
            Values::Integers(ticks(&cast(&cast(array, &Arrow::Int32)?, &Arrow::Int64)?))
        }
        _ => Values::Integers(ticks(&cast(array, &Arrow::Int64)?)),
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
fn joined(histogram: Vec<(i64, i64, u64)>) -> Vec<(i64, i64, u64)> {
    let mut joined: Vec<(i64, i64, u64)> = Vec::with_capacity(histogram.len());
    for entry in histogram {
        match joined.last_mut() {
            Some(last) if entry.0 <= last.1 => {
                *last = (last.0, last.1.max(entry.1), last.2 + entry.2)
            }
            _ => joined.push(entry),
        }
    }
    joined
}

fn integers(
    values: &[Option<i64>],
    histogram: &[(i64, i64, u64)],
    decimals: u8,
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let step = codec::grid_step(
        values
            .iter()
            .flatten()
            .copied()
            .chain(histogram.iter().flat_map(|entry| [entry.0, entry.1])),
    );
    let mut bins = codec::cut(histogram, PARAMS);
    let mut suppressed = merge(values, &mut bins, floor);
    if !floor.entities.is_empty() && floor.k > 1 {
        let (low, high) = extremes(values, floor);
        let on_grid = |value: i128, origin: i64| {
            let steps = (value - i128::from(origin)) / i128::from(step);
            (i128::from(origin) + steps * i128::from(step)) as i64
        };
        let last = bins.len() - 1;
        if bins[0].0 < bins[0].1 {
            bins[0].0 = on_grid(low, bins[0].0).clamp(bins[0].0, bins[0].1);
            suppressed.push(("extremes", 1));
        }
        if bins[last].0 < bins[last].1 {
            bins[last].1 = on_grid(high, bins[last].0).clamp(bins[last].0, bins[last].1);
            suppressed.push(("extremes", 1));
        }
    }
    let los: Vec<i64> = bins.iter().map(|bin| bin.0).collect();
    let symbols = encode(values, &los, nullable);
    let bins = bins
        .iter()
        .map(|&(lo, hi, _)| IntegerBin {
            lo,
            // The whole of a type has one value more than can be counted.
            count: (hi.abs_diff(lo) / step as u64).saturating_add(1),
        })
        .collect();
    Encoded::Symbols {
        codec: Codec::Integer {
            nullable,
            bins,
            step,
            decimals,
        },
        symbols,
        suppressed,
    }
}

fn floats(
    values: &[Option<f64>],
    histogram: &[(f64, f64, u64)],
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let mut bins = codec::cut(histogram, PARAMS);
    let mut suppressed = merge(values, &mut bins, floor);
    if !floor.entities.is_empty() && floor.k > 1 {
        // Exact sums do not exist for floats: the k-th most extreme entity instead of a mean.
        let last = bins.len() - 1;
        for kind in floor.entities {
            let of = |pick: fn(f64, f64) -> f64| -> Vec<f64> {
                let mut pairs: Vec<(u32, f64)> = values
                    .iter()
                    .zip(kind)
                    .filter_map(|(value, entity)| Some((*entity, (*value)?)))
                    .collect();
                pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                let runs = pairs.chunk_by(|a, b| a.0 == b.0);
                let mut extreme: Vec<f64> = runs
                    .map(|run| run.iter().map(|pair| pair.1).fold(run[0].1, pick))
                    .collect();
                extreme.sort_unstable_by(f64::total_cmp);
                extreme
            };
            let (least, greatest) = (of(f64::min), of(f64::max));
            let at = (floor.k as usize - 1).min(least.len().saturating_sub(1));
            if let (Some(&low), Some(&high)) = (
                least.get(at),
                greatest.get(greatest.len().saturating_sub(at + 1)),
            ) {
                bins[0].0 = bins[0].0.max(low.min(bins[0].1));
                bins[last].1 = bins[last].1.min(high.max(bins[last].0));
            }
        }
        suppressed.push(("extremes", 2));
        // All digits of a bound would be one entity's value: four of them place a bin as well,
        // as long as bins stay apart and inside the range.
        for i in 0..bins.len() {
            let (lo, hi, rows) = bins[i];
            let above = if i == 0 { lo } else { bins[i - 1].1.next_up() };
            let below = if i == last {
                hi
            } else {
                bins[i + 1].0.next_down()
            };
            if lo < hi {
                let (low, high) = (rounded(lo), rounded(hi));
                let low = if low >= above && low < hi { low } else { lo };
                let high = if high <= below && high > low {
                    high
                } else {
                    hi
                };
                bins[i] = (low, high, rows);
            }
        }
    }
    let los: Vec<f64> = bins.iter().map(|bin| bin.0).collect();
    let symbols = encode(values, &los, nullable);
    let bins = bins
        .iter()
        .map(|&(lo, hi, _)| FloatBin { lo, hi })
        .collect();
    Encoded::Symbols {
        codec: Codec::Float { nullable, bins },
        symbols,
        suppressed,
    }
}

/// A float to four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
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

/// The means of the least and of the greatest values of the `k` most extreme entities.
fn extremes(values: &[Option<i64>], floor: Floor<'_>) -> (i128, i128) {
    let mut low = i128::MIN;
    let mut high = i128::MAX;
    for kind in floor.entities {
        let mut pairs: Vec<(u32, i64)> = values
            .iter()
            .zip(kind)
            .filter_map(|(value, entity)| Some((*entity, (*value)?)))
            .collect();
        pairs.sort_unstable();
        let of = |pick: fn(&[(u32, i64)]) -> i64| -> Vec<i64> {
            let mut extreme: Vec<i64> = pairs.chunk_by(|a, b| a.0 == b.0).map(pick).collect();
            extreme.sort_unstable();
            extreme
        };
        let k = floor.k as usize;
        let least = of(|run| run[0].1);
        let greatest = of(|run| run[run.len() - 1].1);
        let mean = |values: &[i64]| {
            values.iter().map(|&value| i128::from(value)).sum::<i128>()
                / (values.len().max(1) as i128)
        };
        low = low.max(mean(&least[..k.min(least.len())]));
        high = high.min(mean(&greatest[greatest.len() - k.min(greatest.len())..]));
    }
    (low, high)
}

fn strings(
    array: &ArrayRef,
    levels: &[(String, u64)],
    distinct: u64,
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let n = array.len();
    let texts = array.as_string::<i32>();
    let position: std::collections::HashMap<&str, usize> = levels
        .iter()
        .enumerate()
        .map(|(i, (level, _))| (level.as_str(), i))
        .collect();
    let of: Vec<Option<usize>> = (0..n)
        .map(|row| {
            if texts.is_null(row) {
                None
            } else {
                position.get(texts.value(row)).copied()
            }
        })
        .collect();
    let entities = floor.count(levels.len(), |row| of[row], n);
    let rows: Vec<u64> = levels.iter().map(|level| level.1).collect();
    let Some(chosen) = Chosen::new(&rows, &entities, floor.k) else {
        return Encoded::Nothing;
    };
    let pooled = distinct.saturating_sub(chosen.kept.len() as u64);
    let suppressed = if pooled > 0 {
        vec![("levels", pooled)]
    } else {
        Vec::new()
    };
    let null = usize::from(nullable);
    let symbols = (0..n)
        .map(|row| {
            if texts.is_null(row) && nullable {
                return 0;
            }
            // What was pooled is taught as one of the levels that were not.
            (null
                + of[row]
                    .and_then(|level| chosen.symbol[level])
                    .unwrap_or_else(|| chosen.stand_in(row))) as u8
        })
        .collect();
    let levels = chosen
        .kept
        .iter()
        .map(|&level| levels[level].0.clone())
        .collect();
    Encoded::Symbols {
        codec: Codec::Levels { nullable, levels },
        symbols,
        suppressed,
    }
}

/// Encodes which row of a kept parent each row refers to.
pub(super) fn kept_rows(
    links: &[u32],
    parents: usize,
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let of = |row: usize| (links[row] != u32::MAX).then_some(links[row] as usize);
    let mut rows = vec![0u64; parents];
    (0..links.len())
        .filter_map(of)
        .for_each(|parent| rows[parent] += 1);
    let mut order: Vec<usize> = (0..parents).filter(|&parent| rows[parent] > 0).collect();
    order.sort_by_key(|&parent| (u64::MAX - rows[parent], parent));
    let rank: Vec<Option<usize>> = {
        let mut rank = vec![None; parents];
        order
            .iter()
            .enumerate()
            .for_each(|(i, &parent)| rank[parent] = Some(i));
        rank
    };
    let counts: Vec<u64> = order.iter().map(|&parent| rows[parent]).collect();
    let entities = floor.count(order.len(), |row| rank[of(row)?], links.len());
    let null = usize::from(nullable);
    let Some(chosen) = Chosen::new(&counts, &entities, floor.k) else {
        // No single row may be told: all of the parent's rows, evenly.
        let symbols = (0..links.len())
            .map(|row| if of(row).is_none() { 0 } else { null as u8 })
            .collect();
        let other: Vec<u32> = (0..parents as u32).collect();
        return match other.is_empty() && !nullable {
            true => Encoded::Nothing,
            false => Encoded::Symbols {
                codec: Codec::Rows {
                    nullable,
                    rows: Vec::new(),
                    other,
                },
                symbols,
                suppressed: vec![("references", order.len() as u64)],
            },
        };
    };
    let pooled: Vec<u32> = (0..order.len())
        .filter(|&i| chosen.symbol[i].is_none())
        .map(|i| order[i] as u32)
        .collect();
    // Together the pooled rows must hold the floor too, or they are left out.
    let is_pooled = |row: usize| {
        of(row)
            .and_then(|p| rank[p])
            .is_some_and(|i| chosen.symbol[i].is_none())
    };
    let other = if pooled.len() > 1 && floor.holds(links.len(), is_pooled) {
        pooled.clone()
    } else {
        Vec::new()
    };
    let suppressed = if pooled.is_empty() {
        Vec::new()
    } else {
        vec![("references", pooled.len() as u64)]
    };
    let symbols = (0..links.len())
        .map(|row| match of(row).and_then(|parent| rank[parent]) {
            None if nullable => 0,
            None => (null + chosen.stand_in(row)) as u8,
            Some(i) => {
                (null
                    + match chosen.symbol[i] {
                        Some(symbol) => symbol,
                        None if !other.is_empty() => chosen.kept.len(),
                        None => chosen.stand_in(row),
                    }) as u8
            }
        })
        .collect();
    let mut sorted = other;
    sorted.sort_unstable();
    let rows = chosen.kept.iter().map(|&i| order[i] as u32).collect();
    Encoded::Symbols {
        codec: Codec::Rows {
            nullable,
            rows,
            other: sorted,
        },
        symbols,
        suppressed,
    }
}

/// The levels above the floor, in descending frequency.
struct Chosen {
    kept: Vec<usize>,
    /// Level → symbol, without NULL.
    symbol: Vec<Option<usize>>,
    cumulative: Vec<u64>,
}

impl Chosen {
    fn new(rows: &[u64], entities: &[u32], k: u32) -> Option<Chosen> {
        let kept: Vec<usize> = (0..rows.len())
            .filter(|&i| entities[i] >= k)
            .take(MAX_SYMBOLS - 2)
            .collect();
        let mut symbol = vec![None; rows.len()];
        kept.iter()
            .enumerate()
            .for_each(|(i, &level)| symbol[level] = Some(i));
        let mut sum = 0;
        let cumulative = kept
            .iter()
            .map(|&level| {
                sum += rows[level];
                sum
            })
            .collect();
        (!kept.is_empty()).then_some(Chosen {
            kept,
            symbol,
            cumulative,
        })
    }

    /// A level for a row whose own was pooled: by frequency, and the same one every time.
    fn stand_in(&self, row: usize) -> usize {
        let total = self.cumulative[self.cumulative.len() - 1].max(1);
        let draw = mix(row as u64 + 1) % total;
        self.cumulative
            .partition_point(|&sum| sum <= draw)
            .min(self.kept.len() - 1)
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

/// The ticks of an integer-like column.
pub(super) fn ticks(
    table: &str,
    column: &Column,
    array: &ArrayRef,
) -> Result<Vec<Option<i64>>, Error> {
    match values(column, array).map_err(|source| Error::Arrow {
        table: table.to_string(),
        source,
    })? {
        Values::Integers(values) => Ok(values),
        Values::Floats(_) => Err(Error::Internal(format!(
            "`{table}.{}` is no integer",
            column.name
        ))),
    }
}
