//! Between values and symbols: each column becomes a `u8` per row.
//!
//! Symbol 0 is NULL where the codec is nullable. The other symbols are in ascending
//! order of value (levels: descending frequency), so that a threshold on a symbol
//! is a threshold on the value; special values (NaN, infinities) come last. Within a bin values are uniform on the column's grid: the
//! bins are of equal mass, and halved toward both ends while the halves stay large enough,
//! because a uniform last bin would cut a heavy tail's shape.

use crate::finer::Finer;

/// A bin of integers: `lo, lo + step, …` with `count` members; a spike has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerBin {
    /// The least member.
    pub lo: i64,
    /// How many members.
    pub count: u64,
}

impl IntegerBin {
    /// Returns the greatest member.
    pub fn last(&self, step: i64) -> i64 {
        let width = i128::from(step) * i128::from(self.count.saturating_sub(1));
        (i128::from(self.lo) + width) as i64
    }
}

/// A bin of floats: uniform in `lo..hi`; a spike has `lo == hi`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatBin {
    /// The least value.
    pub lo: f64,
    /// The greatest value.
    pub hi: f64,
}

/// A value that no bin can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// Before every other value.
    NegativeInfinity,
    /// After every number.
    Infinity,
    /// After everything.
    NotANumber,
}

/// What the ticks of integer bins stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// The value.
    #[default]
    Tick,
    /// `offset + step · tick`, of a type that is wider than the ticks.
    Affine {
        /// The value of tick 0.
        offset: i128,
        /// Between the values of two ticks.
        step: i128,
    },
    /// Microseconds of an interval that is written in these parts.
    Interval {
        /// Whether in months.
        months: bool,
        /// Whether in days.
        days: bool,
        /// Whether in microseconds.
        micros: bool,
    },
}

/// A reversible mapping between the values of a column and its symbols.
#[derive(Clone, Debug, PartialEq)]
pub enum Codec {
    /// Integers, decimals (unscaled), dates and timestamps (ticks), booleans (0, 1), and
    /// floats that lie on a decimal grid (`value · 10^decimals`).
    Integer {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Ascending, disjoint.
        bins: Vec<IntegerBin>,
        /// Ticks between neighbouring members of a bin.
        step: i64,
        /// For a float column: digits after the point; 0 for every other type.
        decimals: u8,
        /// What ticks stand for.
        unit: Unit,
        /// A symbol each, after the bins.
        specials: Vec<Special>,
    },
    /// Floats off any grid, and numbers too wide for ticks.
    Float {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Ascending, disjoint.
        bins: Vec<FloatBin>,
        /// A symbol each, after the bins.
        specials: Vec<Special>,
    },
    /// Strings of a closed vocabulary.
    Levels {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Descending frequency.
        levels: Vec<String>,
    },
    /// Strings of a vocabulary of more levels than symbols: a symbol is a group of levels, and
    /// [`Codec::Members`] says which of them.
    Groups {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Group after group.
        levels: Vec<String>,
        /// How many levels each group has, from 1 to [`MAX_MEMBERS`].
        sizes: Vec<u8>,
    },
    /// Which level of its group, of which there are so many at most: symbol 0 stands for any, the
    /// others for its place, from 1.
    Members(u8),
    /// Row numbers of a kept parent table.
    Rows {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Descending frequency.
        rows: Vec<u32>,
        /// The rows that a last symbol stands for, evenly; empty where nothing was pooled.
        other: Vec<u32>,
    },
    /// Whether there is a value at all: symbol 0 is NULL, 1 is a value. A generator fills it.
    Presence,
    /// Classes that are no column's values: so many.
    Classes(usize),
    /// Which members of a bin of the column's own codec: see [`crate::finer`].
    Finer(Finer),
}

impl Codec {
    /// Returns the number of symbols.
    pub fn symbols(&self) -> usize {
        match self {
            Codec::Integer {
                nullable,
                bins,
                specials,
                ..
            } => usize::from(*nullable) + bins.len() + specials.len(),
            Codec::Float {
                nullable,
                bins,
                specials,
            } => usize::from(*nullable) + bins.len() + specials.len(),
            Codec::Levels { nullable, levels } => usize::from(*nullable) + levels.len(),
            Codec::Groups {
                nullable, sizes, ..
            } => usize::from(*nullable) + sizes.len(),
            Codec::Rows {
                nullable,
                rows,
                other,
            } => usize::from(*nullable) + rows.len() + usize::from(!other.is_empty()),
            Codec::Members(most) => 1 + usize::from(*most),
            Codec::Presence => 2,
            Codec::Classes(classes) => *classes,
            Codec::Finer(finer) => finer.symbols(),
        }
    }

    /// Whether symbol 0 is NULL.
    pub fn is_nullable(&self) -> bool {
        match self {
            Codec::Integer { nullable, .. }
            | Codec::Float { nullable, .. }
            | Codec::Levels { nullable, .. }
            | Codec::Groups { nullable, .. }
            | Codec::Rows { nullable, .. } => *nullable,
            Codec::Presence => true,
            Codec::Classes(_) | Codec::Finer(_) | Codec::Members(_) => false,
        }
    }
}

/// Most symbols of a codec, NULL included.
pub const MAX_SYMBOLS: usize = 250;

/// Most levels of one group: one symbol is for any of them, one for that of the row before.
pub const MAX_MEMBERS: usize = MAX_SYMBOLS - 2;

/// All that a `u8` can be: a table so long needs no check of its symbols.
const SYMBOLS: usize = 1 << 8;

/// How finely a column is cut.
#[derive(Clone, Copy, Debug)]
pub struct BinParams {
    /// Bins of equal mass.
    pub bins: u64,
    /// A value with one in so many rows is a spike, …
    pub spike: u64,
    /// … if it is among so many most frequent ones …
    pub spikes: usize,
    /// … and has so many rows.
    pub least: u64,
    /// A column with at most so many distinct values has a symbol each.
    pub distinct: usize,
    /// Rows that the tail bins must keep.
    pub tail: u64,
}

/// Cuts a histogram into bins: returns (lo, hi, rows), ascending and disjoint.
///
/// `histogram` holds (lo, hi, rows) with `lo == hi` for a single value, ascending.
pub fn cut<T: Copy + PartialEq>(histogram: &[(T, T, u64)], params: BinParams) -> Vec<(T, T, u64)> {
    let total: u64 = histogram.iter().map(|entry| entry.2).sum();
    let single = histogram.iter().all(|(lo, hi, _)| lo == hi);
    if single && histogram.len() <= params.distinct {
        return histogram.to_vec();
    }
    let mut spikes: Vec<u64> = histogram
        .iter()
        .filter(|(lo, hi, rows)| lo == hi && rows * params.spike >= total && *rows >= params.least)
        .map(|entry| entry.2)
        .collect();
    spikes.sort_unstable_by(|a, b| b.cmp(a));
    // Equally frequent ones are spikes together or not at all.
    let enough = match spikes.get(params.spikes) {
        Some(most) => most + 1,
        None => spikes.last().copied().unwrap_or(u64::MAX),
    };
    let is_spike = |entry: &(T, T, u64)| entry.0 == entry.1 && entry.2 >= enough;
    let smooth: u64 = histogram
        .iter()
        .filter(|entry| !is_spike(entry))
        .map(|entry| entry.2)
        .sum();
    // What is not in spikes is cut no finer than it would be without them.
    let share = (params.bins * smooth).div_ceil(total.max(1));
    let bounds = bounds(
        smooth,
        BinParams {
            bins: share.max(params.bins / 4).max(1),
            ..params
        },
    );
    let mut bins: Vec<(T, T, u64)> = Vec::new();
    let mut open: Option<(T, T, u64)> = None;
    let (mut seen, mut next) = (0, 0);
    for entry in histogram {
        if is_spike(entry) {
            bins.extend(open.take());
            bins.push(*entry);
            continue;
        }
        seen += entry.2;
        let bin = match open.take() {
            Some((lo, _, rows)) => (lo, entry.1, rows + entry.2),
            None => *entry,
        };
        if next < bounds.len() && seen >= bounds[next] {
            bins.push(bin);
            next = bounds.partition_point(|&bound| bound <= seen);
        } else {
            open = Some(bin);
        }
    }
    bins.extend(open);
    bins
}

/// Cumulative rows at which bins end: equal mass, halved toward both ends.
fn bounds(rows: u64, params: BinParams) -> Vec<u64> {
    let share = |i: u64| (u128::from(rows) * u128::from(i) / u128::from(params.bins)) as u64;
    let mut bounds: Vec<u64> = (1..params.bins).map(share).collect();
    let mut half = share(1) / 2;
    while half >= params.tail.max(1) {
        bounds.extend([half, rows - half]);
        half /= 2;
    }
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// Merges neighbours until every bin has at least `floor` entities, counted by `count`.
///
/// `count` receives the bins and returns distinct entities of each. A rare bin joins the
/// neighbour with fewer rows, so that the merged bin stays as narrow in mass as it can.
/// Returns how many bins were merged away; one bin always remains.
pub fn merge<T: Copy>(
    bins: &mut Vec<(T, T, u64)>,
    floor: u32,
    mut count: impl FnMut(&[(T, T, u64)]) -> Vec<u32>,
) -> usize {
    let before = bins.len();
    loop {
        let entities = count(bins);
        // Every second rare bin at most is merged in one round: its neighbour changes.
        let mut merged = Vec::with_capacity(bins.len());
        let mut i = 0;
        while i < bins.len() {
            let rare = entities[i] < floor;
            let next_rare = i + 1 < bins.len() && entities[i + 1] < floor;
            let joins_next = i + 1 < bins.len()
                && ((rare && (i == 0 || bins[i + 1].2 <= bins[i - 1].2 || next_rare))
                    || (next_rare && (i + 2 >= bins.len() || bins[i].2 <= bins[i + 2].2)));
            if joins_next {
                merged.push((bins[i].0, bins[i + 1].1, bins[i].2 + bins[i + 1].2));
                i += 2;
            } else {
                merged.push(bins[i]);
                i += 1;
            }
        }
        if merged.len() == bins.len() {
            // Nothing rare is left, or a lone rare bin at the end found no partner above.
            if let Some(last) = entities.last().filter(|&&n| n < floor && bins.len() > 1) {
                debug_assert!(*last < floor);
                let rare = bins.pop().expect("more than one bin");
                let last = bins.last_mut().expect("one bin");
                *last = (last.0, rare.1, last.2 + rare.2);
                continue;
            }
            return before - bins.len();
        }
        *bins = merged;
    }
}

/// Returns the position of the bin of a value: the last whose `lo` is at most it.
pub fn find<T: PartialOrd + Copy>(los: &[T], value: T) -> usize {
    los.partition_point(|lo| *lo <= value).saturating_sub(1)
}

/// Greatest common divisor of the distances to the first value: the step of a grid.
pub fn grid_step(values: impl IntoIterator<Item = i64>) -> i64 {
    let mut values = values.into_iter();
    let Some(first) = values.next() else { return 1 };
    let mut step: u64 = 0;
    for value in values {
        step = gcd(step, value.abs_diff(first));
        if step == 1 {
            break;
        }
    }
    i64::try_from(step).unwrap_or(1).max(1)
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Returns the level that symbols of [`Codec::Groups`] and of [`Codec::Members`] stand for, with 32
/// random bits each: `None` is NULL. Where the second says no level of the group, it is any.
pub fn members<'a>(
    sizes: &[u8],
    nullable: bool,
    symbols: &'a [u8],
    seconds: Option<&'a [u8]>,
    bits: &'a [u32],
) -> impl ExactSizeIterator<Item = Option<usize>> + 'a {
    let mut groups = Vec::with_capacity(sizes.len());
    let mut end = 0;
    for &size in sizes {
        groups.push((end, size));
        end += usize::from(size);
    }
    let null = usize::from(nullable);
    (symbols.iter().zip(bits).enumerate()).map(move |(row, (&symbol, &bits))| {
        let &(start, size) = groups.get(usize::from(symbol).checked_sub(null)?)?;
        let second = seconds.map_or(0, |seconds| seconds[row]);
        let place = match second {
            1.. if second <= size => second - 1,
            _ => ((u64::from(bits) * u64::from(size)) >> 32) as u8,
        };
        Some(start + usize::from(place))
    })
}

/// Returns which special a symbol stands for: they follow NULL and the bins, `numbers` in all.
pub fn special(specials: &[Special], numbers: usize, symbol: u8) -> Option<Special> {
    let place = usize::from(symbol).checked_sub(numbers)?;
    specials.get(place).copied()
}

/// Spreads the random bits of rows that share a symbol over their whole range, in the order that
/// they have: of n such rows one lies in every n-th part (stratified sampling), so that a bin is
/// filled to its ends. One row alone keeps its bits.
pub fn spread(symbols: &[u8], bits: &mut [u32]) {
    let mut rows: Vec<(u8, u32, u32)> = (symbols.iter().zip(&*bits))
        .zip(0..)
        .map(|((&symbol, &bits), row)| (symbol, bits, row))
        .collect();
    rows.sort_unstable();
    for run in rows.chunk_by(|a, b| a.0 == b.0) {
        let n = run.len() as u64;
        for (rank, &(_, drawn, row)) in run.iter().enumerate() {
            bits[row as usize] = (((rank as u64) << 32 | u64::from(drawn)) / n) as u32;
        }
    }
}

/// Decodes symbols with 32 random bits each; NULLs and specials decode to 0.
pub fn decode_integers(
    bins: &[IntegerBin],
    nullable: bool,
    step: i64,
    symbols: &[u8],
    bits: &[u32],
    out: &mut Vec<i64>,
) {
    let null = nullable.then_some(IntegerBin { lo: 0, count: 1 });
    let mut table: Vec<IntegerBin> = null.into_iter().chain(bins.iter().copied()).collect();
    table.resize(SYMBOLS, IntegerBin { lo: 0, count: 1 });
    out.clear();
    if table.iter().all(|bin| bin.count >> 32 == 0) {
        out.extend(symbols.iter().zip(bits).map(|(&symbol, &bits)| {
            let bin = table[usize::from(symbol)];
            bin.lo + step * ((u64::from(bits) * bin.count) >> 32) as i64
        }));
    } else {
        out.extend(symbols.iter().zip(bits).map(|(&symbol, &bits)| {
            let bin = table[usize::from(symbol)];
            let offset = (u128::from(bits) * u128::from(bin.count)) >> 32;
            (i128::from(bin.lo) + i128::from(step) * offset as i128) as i64
        }));
    }
}

/// Decodes symbols to floats with 32 random bits each; NULLs and specials decode to 0.
pub fn decode_floats(
    bins: &[FloatBin],
    nullable: bool,
    symbols: &[u8],
    bits: &[u32],
    out: &mut Vec<f64>,
) {
    let null = nullable.then_some(FloatBin { lo: 0.0, hi: 0.0 });
    let mut table: Vec<FloatBin> = null.into_iter().chain(bins.iter().copied()).collect();
    table.resize(SYMBOLS, FloatBin { lo: 0.0, hi: 0.0 });
    out.clear();
    out.extend(symbols.iter().zip(bits).map(|(&symbol, &bits)| {
        let bin = table[usize::from(symbol)];
        let u = f64::from(bits) / 4_294_967_296.0;
        // Not `lo + u·(hi − lo)`, whose difference may overflow.
        (bin.lo * (1.0 - u) + bin.hi * u).clamp(bin.lo, bin.hi)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: BinParams = BinParams {
        bins: 8,
        spike: 20,
        spikes: 20,
        least: 1,
        distinct: 4,
        tail: 10,
    };

    #[test]
    fn only_the_most_frequent_values_are_spikes() {
        // Every third value is frequent, by its number; a hundred rows each lie between.
        let histogram: Vec<(i64, i64, u64)> = (0..300)
            .map(|i| (i, i, if i % 3 == 0 { 200 + i as u64 } else { 50 }))
            .collect();
        let params = BinParams {
            spike: 1000,
            ..PARAMS
        };
        let single = |n: usize| {
            let bins = cut(
                &histogram,
                BinParams {
                    spikes: n,
                    ..params
                },
            );
            // Both ends are cut finely anyway.
            let spikes = bins
                .iter()
                .filter(|bin| bin.0 == bin.1 && bin.2 >= 200 && bin.0 > 150);
            assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), 44_850);
            spikes.map(|bin| bin.0).collect::<Vec<_>>()
        };
        assert_eq!(single(2), [294, 297]);
        assert_eq!(single(5), [285, 288, 291, 294, 297]);
        assert_eq!(single(200).len(), 49);
        // Equally frequent ones are all spikes, or none.
        let even: Vec<(i64, i64, u64)> = (0..300).map(|i| (i, i, 7)).collect();
        assert!(cut(&even, params).len() < 30);
    }

    #[test]
    fn few_values_have_a_symbol_each() {
        let histogram = [(1, 1, 5), (2, 2, 1), (9, 9, 3)];
        assert_eq!(cut(&histogram, PARAMS), histogram);
    }

    #[test]
    fn spikes_stand_alone_and_tails_are_finer() {
        let mut histogram: Vec<(i64, i64, u64)> = (0..1000).map(|v| (v, v, 1)).collect();
        histogram[500].2 = 500;
        let bins = cut(&histogram, PARAMS);
        assert!(bins.contains(&(500, 500, 500)));
        assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), 1499);
        assert!(bins.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(bins[0].2 < bins[4].2 / 4, "{bins:?}");
    }

    #[test]
    fn merging_ends_with_every_bin_above_the_floor() {
        for pattern in 0u32..512 {
            let mut bins: Vec<(u32, u32, u64)> = (0..9)
                .map(|i| (i, i, if pattern >> i & 1 == 1 { 3 } else { 12 }))
                .collect();
            let rows: u64 = bins.iter().map(|bin| bin.2).sum();
            merge(&mut bins, 10, |bins| {
                bins.iter().map(|bin| bin.2 as u32).collect()
            });
            assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), rows);
            assert_eq!((bins[0].0, bins[bins.len() - 1].1), (0, 8));
            assert!(
                bins.iter().all(|bin| bin.2 >= 10),
                "pattern {pattern:b}: {bins:?}"
            );
        }
        let mut lone = vec![(1, 1, 3u64)];
        assert_eq!(merge(&mut lone, 10, |bins| vec![0; bins.len()]), 0);
    }

    #[test]
    fn integers_decode_into_their_bin_on_the_grid() {
        let bins = [
            IntegerBin { lo: -10, count: 1 },
            IntegerBin { lo: 0, count: 4 },
            IntegerBin {
                lo: i64::MIN,
                count: 1 << 40,
            },
        ];
        let mut out = Vec::new();
        decode_integers(
            &bins[..2],
            true,
            5,
            &[0, 1, 2, 2, 2],
            &[7, 7, 0, u32::MAX, 1 << 31],
            &mut out,
        );
        assert_eq!(out, [0, -10, 0, 15, 10]);
        decode_integers(&bins, false, 8_388_608, &[2], &[u32::MAX], &mut out);
        assert_eq!(out, [i64::MIN + ((u32::MAX as i64) << 8) * 8_388_608]);
    }

    #[test]
    fn rows_of_one_symbol_are_spread_over_their_bin() {
        let symbols = [3, 7, 3, 3, 3, 0];
        let mut bits = [9, 77, 8, u32::MAX, 7, 5];
        spread(&symbols, &mut bits);
        // In their order, one in every quarter; who is alone stays.
        assert_eq!(bits.map(|it| it >> 30), [2, 0, 1, 3, 0, 0]);
        assert_eq!((bits[1], bits[5]), (77, 5));
        let mut all = vec![u32::MAX; 1000];
        spread(&vec![1; 1000], &mut all);
        assert!(all.is_sorted_by(|a, b| a < b) && all[999] == u32::MAX);
    }

    #[test]
    fn floats_decode_within_their_bin() {
        let bins = [
            FloatBin {
                lo: f64::MIN,
                hi: f64::MAX,
            },
            FloatBin { lo: 2.5, hi: 2.5 },
        ];
        let mut out = Vec::new();
        decode_floats(&bins, false, &[0, 0, 1], &[0, u32::MAX, 77], &mut out);
        assert_eq!((out[0], out[2]), (f64::MIN, 2.5));
        assert!(out[1].is_finite());
    }

    #[test]
    fn grid_steps_are_common_divisors() {
        assert_eq!(grid_step([30, 90, 60, -30]), 30);
        assert_eq!(grid_step([5]), 1);
        // A distance that is no `i64` is no grid.
        assert_eq!(grid_step([i64::MIN, i64::MAX]), 1);
    }
}
