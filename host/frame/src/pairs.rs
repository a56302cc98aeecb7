//! The metrics of two columns.
//!
//! A column is prepared once (centred, binned or coded) and compared with every other, so
//! that a pair costs one pass over two slices.

use std::borrow::Cow;

use prodlike_core::evidence::Sides;

use crate::tables::{Selection, Values, Variable};

/// The least |correlation| of the real data that counts into a property, exclusive.
const CORRELATION_THRESHOLD: f64 = 0.5;
/// The least Cramér's V of the real data that counts into a property, exclusive.
const ASSOCIATION_THRESHOLD: f64 = 0.3;
/// SDMetrics' number of equal-width bins.
const BINS: usize = 10;
/// Codes of a binned column: below the first edge (never used), ten bins, the last edge.
const BIN_CODES: usize = BINS + 2;
/// Cells of a contingency table that is counted in an array; a larger one is sorted.
const DENSE_CELLS: usize = 1 << 20;

/// The score of a pair.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct PairScore {
    pub(crate) score: Option<f64>,
    pub(crate) real: Option<f64>,
    pub(crate) synthetic: Option<f64>,
    pub(crate) note: Option<String>,
    /// The same for every pair, whether or not it counts into a score.
    pub(crate) trend: PairTrend,
}

/// Both statistics of a pair, and how alike the columns' joint distributions are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PairTrend {
    pub(crate) real: Option<f64>,
    pub(crate) synthetic: Option<f64>,
    pub(crate) similarity: Option<f64>,
}

impl PairScore {
    fn none(note: impl Into<String>) -> PairScore {
        PairScore {
            note: Some(note.into()),
            ..PairScore::default()
        }
    }
}

/// A column made ready for pairs.
pub(crate) struct Prepared<'v> {
    name: &'v str,
    continuous: bool,
    values: PreparedValues<'v>,
}

enum PreparedValues<'v> {
    Continuous(Sides<Continuous>),
    Discrete {
        codes: Sides<Cow<'v, [u32]>>,
        distinct: usize,
    },
    Unreadable(&'v str),
}

/// Numbers of one side.
struct Continuous {
    /// Shifted and scaled to about [−1, 1], so that sums of squares keep their digits.
    centred: Vec<f64>,
    has_nulls: bool,
    constant: bool,
    /// Bin of each value, or `None` where the range cannot be cut.
    bins: Option<Vec<u32>>,
}

impl<'v> Prepared<'v> {
    /// Prepares the selected rows of a variable.
    pub(crate) fn new(variable: &'v Variable<'_>, selection: Selection<'_>) -> Prepared<'v> {
        let values = match &variable.values {
            Values::Numbers(sides) => {
                let sides = selection.of(sides);
                PreparedValues::Continuous(Sides {
                    real: Continuous::new(&sides.real),
                    synthetic: Continuous::new(&sides.synthetic),
                })
            }
            Values::Levels {
                codes, distinct, ..
            } => PreparedValues::Discrete {
                codes: selection.of(codes),
                distinct: *distinct,
            },
            Values::Unreadable(note) => PreparedValues::Unreadable(note),
        };
        Prepared {
            name: variable.name,
            continuous: variable.continuous,
            values,
        }
    }

    /// Returns the metric that compares the two columns.
    pub(crate) fn metric(&self, other: &Prepared<'_>) -> &'static str {
        match self.continuous && other.continuous {
            true => "CorrelationSimilarity",
            false => "ContingencySimilarity",
        }
    }

    /// Compares the trends of two columns, which at least k real rows must have.
    pub(crate) fn score(&self, other: &Prepared<'_>, k: u32) -> PairScore {
        use PreparedValues::{Continuous, Unreadable};
        match (&self.values, &other.values) {
            (Unreadable(note), _) | (_, Unreadable(note)) => PairScore::none(*note),
            (Continuous(left), Continuous(right)) => {
                correlation_similarity(left, right, [self.name, other.name], k)
            }
            _ => match (self.codes(), other.codes()) {
                (Ok(left), Ok(right)) => contingency_similarity(&left, &right, k),
                (Err(note), _) | (_, Err(note)) => PairScore::none(note),
            },
        }
    }

    fn codes(&self) -> Result<Codes<'_>, String> {
        match &self.values {
            PreparedValues::Continuous(sides) => match (&sides.real.bins, &sides.synthetic.bins) {
                (Some(real), Some(synthetic)) => Ok(Codes {
                    sides: Sides { real, synthetic },
                    distinct: BIN_CODES,
                }),
                _ => Err(format!(
                    "the range of `{}` cannot be cut into bins",
                    self.name
                )),
            },
            PreparedValues::Discrete { codes, distinct } => Ok(Codes {
                sides: Sides {
                    real: &codes.real,
                    synthetic: &codes.synthetic,
                },
                distinct: *distinct,
            }),
            PreparedValues::Unreadable(note) => Err((*note).to_string()),
        }
    }
}

impl Continuous {
    fn new(values: &[f64]) -> Continuous {
        let known = || values.iter().copied().filter(|value| !value.is_nan());
        let least = known().fold(f64::INFINITY, f64::min);
        let greatest = known().fold(f64::NEG_INFINITY, f64::max);
        let count = known().count();
        // Any shift and scale would do; the mean keeps most digits. The sum is scaled, so that
        // it stays finite where values are huge.
        let scale = (greatest / 2.0 - least / 2.0).abs();
        let scale = if scale > 0.0 && scale.is_finite() {
            scale
        } else {
            1.0
        };
        let mean = known().map(|value| value / scale).sum::<f64>() / count.max(1) as f64 * scale;
        Continuous {
            centred: values.iter().map(|value| (value - mean) / scale).collect(),
            has_nulls: count < values.len(),
            constant: count > 0 && least == greatest,
            bins: discretise(values),
        }
    }
}

/// Returns the bin of each value, as `numpy.digitize` over `numpy.histogram_bin_edges` has
/// it: the number of edges at or below the value, all of them for the greatest and for NULL.
fn discretise(values: &[f64]) -> Option<Vec<u32>> {
    let known = || values.iter().copied().filter(|value| !value.is_nan());
    let mut least = known().fold(f64::INFINITY, f64::min);
    let mut greatest = known().fold(f64::NEG_INFINITY, f64::max);
    if least > greatest {
        (least, greatest) = (0.0, 1.0);
    } else if least == greatest {
        (least, greatest) = (least - 0.5, greatest + 0.5);
    }
    let step = (greatest - least) / BINS as f64;
    if !step.is_finite() {
        return None;
    }
    let mut edges: [f64; BINS + 1] = std::array::from_fn(|idx| idx as f64 * step + least);
    edges[BINS] = greatest;
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        return None;
    }
    let all = edges.len();
    let bins = values.iter().map(|value| {
        if value.is_nan() {
            return all as u32;
        }
        // A guess that rounding can put off by one, and no more than two comparisons.
        let mut bin = (((value - least) / step) as usize + 1).min(all);
        while bin < all && edges[bin] <= *value {
            bin += 1;
        }
        while bin > 0 && edges[bin - 1] > *value {
            bin -= 1;
        }
        bin as u32
    });
    Some(bins.collect())
}

/// Compares Pearson's correlations.
///
/// # Formula
/// `1 − |r − s| / 2`, r and s the correlations of the real and the synthetic rows in which
/// neither column is NULL; counts where `|r| > 0.5`.
fn correlation_similarity(
    left: &Sides<Continuous>,
    right: &Sides<Continuous>,
    names: [&str; 2],
    k: u32,
) -> PairScore {
    let constants = [
        (&left.real, "real", names[0]),
        (&right.real, "real", names[1]),
        (&left.synthetic, "synthetic", names[0]),
        (&right.synthetic, "synthetic", names[1]),
    ];
    if let Some((_, which, name)) = constants.iter().find(|(column, ..)| column.constant) {
        return PairScore::none(format!("`{name}` is constant in the {which} data"));
    }
    let undefined = "the correlation is undefined: too few or constant rows without NULL";
    let (real, synthetic) = (
        correlation(&left.real, &right.real, k),
        correlation(&left.synthetic, &right.synthetic, 0),
    );
    let trend = PairTrend {
        real,
        synthetic,
        similarity: real
            .zip(synthetic)
            .map(|(real, synthetic)| 1.0 - (real - synthetic).abs() / 2.0),
    };
    let pair = PairScore {
        real,
        trend,
        ..PairScore::default()
    };
    match real {
        None => PairScore {
            note: Some(undefined.into()),
            ..pair
        },
        Some(real) if real.abs() <= CORRELATION_THRESHOLD => PairScore {
            note: Some(format!(
                "the real correlation is not beyond ±{CORRELATION_THRESHOLD}"
            )),
            ..pair
        },
        Some(_) if synthetic.is_none() => PairScore {
            note: Some(undefined.into()),
            ..pair
        },
        Some(_) => PairScore {
            score: trend.similarity,
            synthetic,
            ..pair
        },
    }
}

/// Returns Pearson's correlation over the rows in which neither is NULL, at least k of them.
fn correlation(left: &Continuous, right: &Continuous, k: u32) -> Option<f64> {
    const LANES: usize = 8;
    if left.has_nulls || right.has_nulls {
        // What is left of a column may be constant, which rounding would hide.
        let pairs = || {
            let pairs = left.centred.iter().zip(&right.centred);
            pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan())
        };
        let (first, second) = pairs().next()?;
        if pairs().all(|(a, _)| a == first) || pairs().all(|(_, b)| b == second) {
            return None;
        }
    }
    // Separate sums a lane: vector instructions, and still one fixed order.
    let mut sums = [[0.0; LANES]; 6];
    let mut add = |a: &[f64], b: &[f64]| {
        for (lane, (a, b)) in a.iter().zip(b).enumerate() {
            let known = !(a.is_nan() | b.is_nan());
            let (a, b) = if known { (*a, *b) } else { (0.0, 0.0) };
            sums[0][lane] += f64::from(u8::from(known));
            sums[1][lane] += a;
            sums[2][lane] += b;
            sums[3][lane] += a * a;
            sums[4][lane] += b * b;
            sums[5][lane] += a * b;
        }
    };
    let (left, left_rest) = left.centred.as_chunks::<LANES>();
    let (right, right_rest) = right.centred.as_chunks::<LANES>();
    for (a, b) in left.iter().zip(right) {
        add(a, b);
    }
    add(left_rest, right_rest);
    let [n, a, b, aa, bb, ab] = sums.map(|lanes| lanes.iter().sum::<f64>());
    if n < f64::from(k.max(2)) {
        return None;
    }
    let (covariance, left, right) = (ab - a * b / n, aa - a * a / n, bb - b * b / n);
    let correlation = covariance / (left.sqrt() * right.sqrt());
    correlation
        .is_finite()
        .then(|| correlation.clamp(-1.0, 1.0))
}

/// The codes of a column on both sides.
struct Codes<'c> {
    sides: Sides<&'c [u32]>,
    distinct: usize,
}

/// Compares contingency tables.
///
/// # Formula
/// `1 − ½ Σ |r/R − s/S|` over the cells of both; counts where Cramér's V of the real
/// table is above 0.3: `V² = χ² / (R · min(rows − 1, columns − 1))`.
fn contingency_similarity(left: &Codes<'_>, right: &Codes<'_>, k: u32) -> PairScore {
    if left.sides.real.len() < k as usize {
        return PairScore::none(format!("fewer than {k} real rows"));
    }
    let cells = Cells::count(left, right);
    let rows_real = left.sides.real.len() as f64;
    let rows_synthetic = left.sides.synthetic.len() as f64;
    let Some(association) = cells.association(left.distinct, right.distinct, |cell| cell.1) else {
        return PairScore::none("one of the columns has fewer than two levels in the real data");
    };
    let share = |count: u32, rows: f64| {
        if rows > 0.0 {
            f64::from(count) / rows
        } else {
            0.0
        }
    };
    let variation: f64 = cells
        .0
        .iter()
        .map(|(_, real, synthetic)| {
            (share(*real, rows_real) - share(*synthetic, rows_synthetic)).abs()
        })
        .sum();
    // Rounding may leave a little less than nothing.
    let similarity = (1.0 - variation / 2.0).max(0.0);
    let trend = PairTrend {
        real: Some(association),
        synthetic: cells.association(left.distinct, right.distinct, |cell| cell.2),
        similarity: Some(similarity),
    };
    let related = association > ASSOCIATION_THRESHOLD;
    PairScore {
        score: related.then_some(similarity),
        real: Some(association),
        note: (!related)
            .then(|| format!("the real association is not above {ASSOCIATION_THRESHOLD}")),
        trend,
        ..PairScore::default()
    }
}

/// The cells in use: code, real count, synthetic count; in order of the code.
struct Cells(Vec<(u64, u32, u32)>);

impl Cells {
    fn count(left: &Codes<'_>, right: &Codes<'_>) -> Cells {
        let width = right.distinct as u64;
        let cells = left.distinct.saturating_mul(right.distinct);
        if cells <= DENSE_CELLS {
            let tally = |first: &[u32], second: &[u32]| {
                let mut counts = vec![0_u32; cells];
                for (a, b) in first.iter().zip(second) {
                    counts[*a as usize * right.distinct + *b as usize] += 1;
                }
                counts
            };
            let real = tally(left.sides.real, right.sides.real);
            let synthetic = tally(left.sides.synthetic, right.sides.synthetic);
            let used = (0..).zip(real.into_iter().zip(synthetic));
            return Cells(
                used.map(|(code, (real, synthetic))| (code, real, synthetic))
                    .filter(|(_, real, synthetic)| real + synthetic > 0)
                    .collect(),
            );
        }
        let keys = |left: &[u32], right: &[u32]| {
            let pairs = left.iter().zip(right);
            let mut keys: Vec<u64> = pairs
                .map(|(a, b)| u64::from(*a) * width + u64::from(*b))
                .collect();
            keys.sort_unstable();
            keys
        };
        let real = keys(left.sides.real, right.sides.real);
        let synthetic = keys(left.sides.synthetic, right.sides.synthetic);
        let mut cells = Vec::new();
        let (mut i, mut j) = (0, 0);
        while i < real.len() || j < synthetic.len() {
            let key = match (real.get(i), synthetic.get(j)) {
                (Some(a), Some(b)) => *a.min(b),
                (Some(key), None) | (None, Some(key)) => *key,
                (None, None) => break,
            };
            let run = |keys: &[u64], at: &mut usize| {
                let start = *at;
                while keys.get(*at) == Some(&key) {
                    *at += 1;
                }
                (*at - start) as u32
            };
            let counts = (run(&real, &mut i), run(&synthetic, &mut j));
            cells.push((key, counts.0, counts.1));
        }
        Cells(cells)
    }

    /// Returns Cramér's V of one side's counts, `None` where there are fewer than two levels.
    fn association(
        &self,
        height: usize,
        width: usize,
        count: impl Fn(&(u64, u32, u32)) -> u32,
    ) -> Option<f64> {
        let (mut of_row, mut of_column) = (vec![0_u64; height], vec![0_u64; width]);
        let position = |code: u64| {
            let width = width as u64;
            ((code / width) as usize, (code % width) as usize)
        };
        for cell in &self.0 {
            let (row, column) = position(cell.0);
            of_row[row] += u64::from(count(cell));
            of_column[column] += u64::from(count(cell));
        }
        let levels = |totals: &[u64]| totals.iter().filter(|total| **total > 0).count();
        let least = levels(&of_row).min(levels(&of_column));
        if least < 2 {
            return None;
        }
        // χ² = R (Σ o² / (row · column) − 1): empty cells need no visit.
        let sum: f64 = self
            .0
            .iter()
            .filter(|cell| count(cell) > 0)
            .map(|cell| {
                let (row, column) = position(cell.0);
                let rows = f64::from(count(cell));
                rows / of_row[row] as f64 * (rows / of_column[column] as f64)
            })
            .sum();
        Some(((sum - 1.0).max(0.0) / (least - 1) as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use prodlike_core::schema::DataType;

    use super::*;

    fn numbers(name: &'static str, real: &[f64], synthetic: &[f64]) -> Variable<'static> {
        let sides = Sides {
            real: real.to_vec(),
            synthetic: synthetic.to_vec(),
        };
        Variable {
            name,
            data_type: &DataType::Float64,
            continuous: true,
            values: Values::Numbers(sides),
        }
    }

    fn levels(name: &'static str, real: &[u32], synthetic: &[u32]) -> Variable<'static> {
        let distinct = real
            .iter()
            .chain(synthetic)
            .max()
            .map_or(0, |max| *max as usize + 1);
        let codes = Sides {
            real: real.to_vec(),
            synthetic: synthetic.to_vec(),
        };
        Variable {
            name,
            data_type: &DataType::Int32,
            continuous: false,
            values: Values::Levels {
                codes,
                distinct,
                null: None,
            },
        }
    }

    fn score(left: &Variable<'_>, right: &Variable<'_>) -> PairScore {
        let all = Selection::default();
        Prepared::new(left, all).score(&Prepared::new(right, all), 0)
    }

    #[test]
    fn bins_are_numpys() {
        // numpy.digitize(x, numpy.histogram_bin_edges(x)), NaN appended.
        let values = [0.0, 0.1, 0.3, 0.6, 0.7, 0.95, 1.0, f64::NAN];
        assert_eq!(discretise(&values), Some(vec![1, 2, 3, 6, 7, 10, 11, 11]));
        assert_eq!(discretise(&[5.0, 5.0]), Some(vec![6, 6]));
        assert_eq!(discretise(&[f64::NAN]), Some(vec![11]));
        assert_eq!(discretise(&[1.0, f64::INFINITY]), None);
        assert_eq!(discretise(&[1.6e18, 1.6e18]), None);
    }

    #[test]
    fn correlations_survive_an_offset_and_nulls() {
        let nan = f64::NAN;
        let left = numbers(
            "a",
            &[1e15 + 1.0, 1e15 + 2.0, 1e15 + 3.0, nan],
            &[3.0, 2.0, 1.0],
        );
        let right = numbers("b", &[2.0, 4.0, 6.0, 9.0], &[1.0, 2.0, 3.0]);
        let pair = score(&left, &right);
        assert!(
            pair.real.is_some_and(|real| (real - 1.0).abs() < 1e-12),
            "{pair:?}"
        );
        assert!(
            pair.score.is_some_and(|score| score.abs() < 1e-12),
            "{pair:?}"
        );
    }

    #[test]
    fn what_has_no_correlation_says_so() {
        let nan = f64::NAN;
        let rising = numbers("r", &[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]);
        for other in [
            numbers("constant", &[4.0, 4.0, 4.0], &[1.0, 2.0, 3.0]),
            numbers("null", &[nan, nan, nan], &[1.0, 2.0, 3.0]),
            numbers(
                "constant where both are",
                &[nan, 0.1, 0.1],
                &[1.0, 2.0, 3.0],
            ),
            numbers("infinite", &[1.0, f64::INFINITY, 2.0], &[1.0, 2.0, 3.0]),
            numbers("synthetic null", &[1.0, 2.0, 4.0], &[nan, nan, 4.0]),
            numbers("unrelated", &[1.0, 2.0, 1.0], &[1.0, 2.0, 3.0]),
        ] {
            let pair = score(&rising, &other);
            assert!(
                pair.score.is_none() && pair.note.is_some(),
                "{} {pair:?}",
                other.name
            );
        }
        assert_eq!(
            score(&numbers("a", &[], &[]), &numbers("b", &[], &[])).score,
            None
        );
    }

    #[test]
    fn large_tables_are_counted_like_small_ones() {
        let small = |offset: u32| {
            let left: Vec<u32> = (0..3000_u32).map(|row| row % 7 * offset).collect();
            let right: Vec<u32> = (0..3000_u32)
                .map(|row| (row % 7 + row % 2) * offset)
                .collect();
            let synthetic: Vec<u32> = (0..3000_u32).map(|row| (row / 11 % 9) * offset).collect();
            score(&levels("a", &left, &synthetic), &levels("b", &right, &left))
        };
        let dense = small(1);
        assert!(dense.score.is_some(), "{dense:?}");
        assert_eq!(dense, small(1000));
    }

    #[test]
    fn one_level_has_no_association() {
        let pair = score(
            &levels("a", &[0, 0], &[0, 1]),
            &levels("b", &[0, 1], &[0, 1]),
        );
        assert_eq!((pair.score, pair.real), (None, None));
        assert!(pair.note.is_some());
    }
}
