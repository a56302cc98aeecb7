//! What lies behind the scores of a report: counts ready to be drawn.
//!
//! A report is read by more people than the real data may be, so everything here that is
//! counted over *real* rows is a [`Count`]: a number below the k-floor is not told, only that
//! it is small. Nor can it be had by subtraction: counts that add up to a number of rows that
//! is told come from [`told`], and counts of pairs and patterns, which add up in too many ways
//! for that, from [`rounded`]. Ranges begin and end where at least k real rows lie beyond.
//! What is counted over synthetic rows is free, and so is how many rows a table has: a model
//! says it too.

use crate::report::Report;

/// A thing of the real and the same thing of the synthetic data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sides<T> {
    /// Of the real data.
    pub real: T,
    /// Of the synthetic data.
    pub synthetic: T,
}

/// A number of rows; `None` for one below the floor, but not zero.
pub type Count = Option<u64>;

/// All that an evaluation found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The scores.
    pub report: Report,
    /// Where the second real sample is from, beside whose scores the report puts its own.
    pub baseline: BaselineOrigin,
    /// Counts of real rows below it are not told.
    pub k: u32,
    /// In the order of the schema.
    pub tables: Vec<TableEvidence>,
    /// In the order of the schema.
    pub relationships: Vec<RelationshipEvidence>,
    /// Trends within a table, across one relationship, and so on.
    pub hops: Vec<Hop>,
}

/// The trends of columns whose tables lie so many relationships apart; what a second real sample
/// reaches stands under `real`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hop {
    /// How many relationships lie between the two tables: none within a table.
    pub apart: usize,
    /// The mean over pairs that are related in the real data: the property of the report.
    pub score: Sides<Option<f64>>,
    /// The mean over every pair that has a value, related or not.
    pub every: Sides<Option<f64>>,
    /// Pairs that are related in the real data and have a value.
    pub counted: u64,
    /// Pairs that have a value.
    pub pairs: u64,
}

/// How well a classifier tells synthetic rows of a table from real ones; how well it tells those of
/// a second real sample stands under `real`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// Rows that were told apart, of each side.
    pub rows: u64,
    /// The AUC of boosted trees on rows that they were not fitted to: ½ is a coin's.
    pub boosted: Sides<Option<f64>>,
    /// The AUC of a logistic regression.
    pub logistic: Sides<Option<f64>>,
    /// What gives the synthetic rows away to the trees, most telling first.
    pub features: Vec<Telltale>,
}

/// A column that gives synthetic rows away.
#[derive(Clone, Debug, PartialEq)]
pub struct Telltale {
    /// The column.
    pub column: String,
    /// Its share of what moved the trees' answers the right way.
    pub share: f64,
}

/// Where the second real sample is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BaselineOrigin {
    /// One half of the real entities against the other half.
    #[default]
    HalfSplit,
    /// A second dataset that the user gave.
    Holdout,
}

/// What is known of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableEvidence {
    /// The table.
    pub name: String,
    /// Whether its rows travelled as they are.
    pub kept: bool,
    /// Its rows.
    pub rows: Sides<u64>,
    /// In the order of the schema.
    pub columns: Vec<ColumnEvidence>,
    /// Every pair of measured columns.
    pub trends: Vec<Trend>,
    /// The worst pairs, worst first.
    pub pictures: Vec<Picture>,
    /// Which columns are NULL together, most frequent first; empty where nothing is NULL.
    pub null_patterns: Vec<NullPattern>,
    /// Real values that generated columns have by chance, or by mistake.
    pub repeats: Vec<Repeats>,
    /// Copies of real rows and closeness to them, where there is anything to compare.
    pub sanity: Option<Sanity>,
    /// How well its rows are told from real ones, where there are enough.
    pub detection: Option<Detection>,
}

/// What is known of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnEvidence {
    /// The column.
    pub name: String,
    /// Its data type, as DuckDB names it.
    pub data_type: String,
    /// Its semantic type.
    pub semantic: String,
    /// What it is for.
    pub role: ColumnRole,
    /// Rows without a value.
    pub nulls: Sides<Count>,
    /// Distinct values; `None` where they were not counted, or where the number would tell of
    /// fewer than k rows.
    pub distinct: Sides<Option<u64>>,
    /// The share of synthetic rows with a value whose value the real column has too; only of
    /// keys, and `None` where there is none.
    pub known: Option<f64>,
    /// Real and synthetic laid over each other.
    pub overlay: Overlay,
}

/// What a column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Learned, and scored.
    Learned,
    /// Part of the primary key.
    Key,
    /// Part of a foreign key.
    ForeignKey,
    /// Filled by a generator, never learned.
    Generated(String),
    /// None of these.
    Other,
}

/// A distribution of both sides in one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Overlay {
    /// Nothing to draw.
    #[default]
    None,
    /// Numbers, times or lengths.
    Histogram(Histogram),
    /// Categories.
    Levels(Levels),
}

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Plain numbers.
    Number,
    /// Whole numbers: edges lie between two of them.
    Whole,
    /// Nanoseconds since 1970, of which only the day matters.
    Date,
    /// Nanoseconds since 1970.
    Timestamp,
    /// Nanoseconds since midnight.
    Time,
    /// Microseconds from the beginning of something to its end.
    Duration,
    /// Lengths of text.
    Characters,
}

/// Counts of equally wide bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// What is counted.
    pub unit: Unit,
    /// Ascending; one more than there are bins.
    pub edges: Vec<f64>,
    /// Rows in each bin.
    pub counts: Sides<Vec<Count>>,
    /// Rows below the first edge.
    pub below: Sides<Count>,
    /// Rows above the last edge.
    pub above: Sides<Count>,
    /// The quartiles; `None` where there are too few real values.
    pub quartiles: Sides<Option<[f64; 3]>>,
}

/// Counts of levels.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// The levels with most rows, most frequent first.
    pub shown: Vec<Level>,
    /// How many levels are not shown; `None` where their rows are not told.
    pub other_levels: Sides<Count>,
    /// Rows of those.
    pub other: Sides<Count>,
}

/// One level.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its value, as text.
    pub label: String,
    /// Rows that have it.
    pub counts: Sides<Count>,
}

/// How two columns are related.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The columns; the first one is the parent's, where two tables are compared.
    pub columns: [String; 2],
    /// The metric.
    pub metric: &'static str,
    /// Correlation or association in the real data.
    pub real: Option<f64>,
    /// The same in the synthetic data.
    pub synthetic: Option<f64>,
    /// The metric's value, whether or not the pair counts into a score.
    pub similarity: Option<f64>,
    /// Whether it counts into a score: whether the real columns are related at all.
    pub counted: bool,
}

/// The joint distribution of two columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The columns; the first one is the parent's, where two tables are compared.
    pub columns: [String; 2],
    /// The metric.
    pub metric: &'static str,
    /// The metric's value.
    pub score: Option<f64>,
    /// What a second real sample would score.
    pub baseline: Option<f64>,
    /// How the two columns are cut.
    pub axes: [Axis; 2],
    /// Rows of each cell: the second axis varies fastest.
    pub cells: Sides<Vec<Count>>,
}

/// How a column is cut.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    /// Into bins; one more edge than there are bins.
    Bins(Unit, Vec<f64>),
    /// Into levels; the last one may stand for all others.
    Levels(Vec<String>),
}

impl Axis {
    /// Returns how many cells lie along the axis.
    pub fn len(&self) -> usize {
        match self {
            Axis::Bins(_, edges) => edges.len().saturating_sub(1),
            Axis::Levels(levels) => levels.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A set of columns that are NULL together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullPattern {
    /// The columns; empty for rows that have every value.
    pub columns: Vec<String>,
    /// Rows that lack just these.
    pub counts: Sides<Count>,
}

/// Checks of sanity: they can show that something is wrong, not that all is well.
#[derive(Clone, Debug, PartialEq)]
pub struct Sanity {
    /// The columns compared.
    pub columns: Vec<String>,
    /// Synthetic rows.
    pub rows: u64,
    /// Synthetic rows that equal a real row in all these columns.
    pub copies: u64,
    /// Shares of rows that equal a row of the first real half; the second real half's stand
    /// under `real`, by [`told_share`]. `None` where the real table is too small to be halved.
    pub against_half: Option<Sides<f64>>,
    /// How close rows come to those of the first real half.
    pub closest: Option<Closest>,
}

/// Distances to the closest row of the first real half; the second half's stand under `real`.
#[derive(Clone, Debug, PartialEq)]
pub struct Closest {
    /// Rows that were sampled of each side.
    pub sampled: u64,
    /// The median distance: a share of columns, numbers by their range.
    pub median: Sides<f64>,
    /// The share of synthetic rows that come closer than all but 5 % of real ones do.
    pub closer: f64,
}

/// Synthetic values of a generated column that the real column has too.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeats {
    /// The column, or the columns that name a person together.
    pub columns: Vec<String>,
    /// How bad one would be.
    pub kind: RepeatKind,
    /// Synthetic rows with a value.
    pub rows: u64,
    /// Those whose value is a real one.
    pub repeated: u64,
    /// The share of one real half that the other half has too, by [`told_share`].
    pub baseline: Option<f64>,
}

/// How bad a real value in a generated column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatKind {
    /// It may point to one person or thing.
    Distinctive,
    /// Names, towns and the like are common property: they coincide.
    Common,
}

/// What is known of a relationship.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationshipEvidence {
    /// The table referred to.
    pub parent_table: String,
    /// Its key.
    pub parent_key: Vec<String>,
    /// The table that refers.
    pub child_table: String,
    /// Its foreign key.
    pub child_key: Vec<String>,
    /// Child rows with and without parents; `None` where the keys cannot be read.
    pub links: Option<Sides<Links>>,
    /// How many parents have so many children.
    pub fan_outs: Vec<FanOut>,
    /// Every pair of a parent's and a child's column.
    pub trends: Vec<Trend>,
    /// The worst pairs, worst first.
    pub pictures: Vec<Picture>,
}

/// What foreign keys come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Rows of the parent.
    pub parents: u64,
    /// Rows of the child.
    pub children: u64,
    /// Child rows without a key.
    pub nulls: Count,
    /// Child rows whose key has no parent.
    pub orphans: Count,
}

/// Parents with `least` to `most` children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FanOut {
    /// The fewest children.
    pub least: u64,
    /// The most children; `None` for the last of the list, which is open.
    pub most: Option<u64>,
    /// How many parents.
    pub counts: Sides<Count>,
}

/// Returns a number of real rows as it may be told.
pub fn floored(rows: u64, k: u32) -> Count {
    (rows == 0 || rows >= u64::from(k)).then_some(rows)
}

/// Returns the numbers of real rows that fall to each part of a whole, as they may be told.
///
/// Where those that may not be told come to fewer than k rows together, subtraction would tell
/// them: the greatest number that is told then includes them. The first part is rows that other
/// counts tell of too (those with NULL): it takes them only where no other can.
pub fn told(rows: &[u64], k: u32) -> Vec<Count> {
    let mut told: Vec<Count> = rows.iter().map(|rows| floored(*rows, k)).collect();
    let untold = rows.iter().sum::<u64>() - told.iter().flatten().sum::<u64>();
    let parts = told.iter_mut().enumerate();
    let greatest = parts
        .filter_map(|(part, rows)| Some((part, rows.as_mut()?)))
        .filter(|(_, rows)| **rows > 0)
        .max_by_key(|(part, rows)| (*part > 0, **rows));
    if let Some((_, greatest)) = greatest
        && untold < u64::from(k)
    {
        *greatest += untold;
    }
    told
}

/// Returns a number of real rows to the nearest multiple of k: for counts that add up in more
/// than one way, so that no sum of them is exact.
pub fn rounded(rows: u64, k: u32) -> Count {
    let step = u64::from(k.max(1));
    floored(rows, k).map(|rows| (rows + step / 2) / step * step)
}

/// Returns the share of real rows as it may be told: fewer than k rows count as k, and all but
/// fewer than k as all.
pub fn told_share(rows: u64, of: u64, k: u32) -> f64 {
    let k = u64::from(k);
    let rows = match rows {
        0 => 0,
        rows if of.saturating_sub(rows) < k => of,
        rows => rows.max(k),
    };
    rows as f64 / of.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{floored, rounded, told, told_share};

    #[test]
    fn small_counts_are_not_told() {
        assert_eq!(floored(0, 10), Some(0));
        assert_eq!(floored(9, 10), None);
        assert_eq!(floored(10, 10), Some(10));
        assert_eq!(floored(1, 0), Some(1));
    }

    #[test]
    fn what_is_not_told_cannot_be_subtracted() {
        assert_eq!(
            told(&[4, 50, 0, 46], 10),
            [None, Some(54), Some(0), Some(46)]
        );
        assert_eq!(told(&[9, 50, 1], 10), [None, Some(50), None]);
        assert_eq!(told(&[9, 0], 10), [None, Some(0)]);
        assert_eq!(told(&[90, 9, 10], 10), [Some(90), None, Some(19)]);
        assert_eq!(told(&[90, 9, 0], 10), [Some(99), None, Some(0)]);
        assert_eq!(told(&[3, 2], 0), [Some(3), Some(2)]);
        assert_eq!(told(&[], 10), []);
    }

    #[test]
    fn sums_of_pairs_are_not_exact() {
        assert_eq!(
            [0, 9, 10, 14, 15, 104].map(|rows| rounded(rows, 10)),
            [Some(0), None, Some(10), Some(10), Some(20), Some(100)]
        );
        assert_eq!(rounded(7, 0), Some(7));
        assert_eq!(rounded(7, 1), Some(7));
    }

    #[test]
    fn shares_rest_on_enough_rows() {
        let share = |rows| told_share(rows, 100, 10);
        assert_eq!(
            [0, 1, 10, 50, 90, 91, 100].map(share),
            [0.0, 0.1, 0.1, 0.5, 0.9, 1.0, 1.0]
        );
        assert_eq!(told_share(0, 0, 10), 0.0);
        assert_eq!(told_share(3, 100, 1), 0.03);
    }
}
