//! What fit learned: aggregates under floors, and, by consent, the rows of kept tables.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;
use prodlike_models::codec::Codec;
pub use prodlike_models::codec::Special;
use prodlike_models::degree::DegreeLaw;
use prodlike_models::tree::Tree;

use crate::formula::Formula;
use crate::generator::{GeneratorSpec, PluginId};
use crate::limits::Limits;
use crate::schema::Schema;

/// A fitted model: all that `generate` ever sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The schema it was fitted for: without excluded tables and columns.
    pub schema: Schema,
    /// Parallel to `schema.tables`.
    pub tables: Vec<TableModel>,
    /// Parallel to `schema.relationships`.
    pub edges: Vec<EdgeModel>,
    /// What the k-floors suppressed, and what was given up.
    pub suppressed: Vec<Suppressed>,
    /// The plugins that generators come from, in order of their names: a model generates
    /// wherever it is.
    pub plugins: Vec<PluginFile>,
}

/// A plugin's component, as it was published.
#[derive(Clone, PartialEq, Eq)]
pub struct PluginFile {
    /// Its digest is that of the bytes.
    pub id: PluginId,
    /// What it may use up.
    pub limits: Limits,
    /// The WebAssembly component.
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for PluginFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.id, self.bytes.len())
    }
}

/// What is known of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableModel {
    /// Rows of the real table.
    pub rows: u64,
    /// The real rows of a kept table, in the order and types of the schema's columns.
    pub kept: Option<RecordBatch>,
    /// The floor that held: distinct entities behind every value; `None` where no row
    /// leads to a protected entity.
    pub floor: Option<u32>,
    /// The columns of a block of symbols, in order: what a tree's `feature` numbers mean.
    pub features: Vec<Feature>,
    /// The learned variables, in drawing order.
    pub drawn: Vec<Drawn>,
    /// How each column of the schema is filled; parallel to its columns. Empty if kept.
    pub fills: Vec<Fill>,
    /// How one owner's rows follow one another; `None` where they are exchangeable.
    pub chain: Option<Chain>,
}

impl TableModel {
    /// The feature that tells the parents of a relationship (an index) apart, if one does, and its
    /// number of symbols: their rank, or else their hidden class.
    pub fn classes_of(&self, relationship: usize) -> Option<(usize, usize)> {
        let ranked = self
            .features
            .iter()
            .enumerate()
            .find_map(|(at, feature)| match *feature {
                Feature::Rank(of, parts) if of == relationship => {
                    Some((at, usize::from(parts) + 1))
                }
                _ => None,
            });
        ranked.or_else(|| {
            let is_latent = |drawn: &Drawn| drawn.target == Target::Latent(relationship);
            let drawn = self.drawn.iter().position(is_latent)?;
            let at = self
                .features
                .iter()
                .position(|it| *it == Feature::Drawn(drawn))?;
            Some((at, self.drawn[drawn].codec.symbols()))
        })
    }
}

/// One owner's rows as an ordered chain: each is drawn given the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The learned variables (indices into `drawn`) that rows ascend in, first to last; none
    /// where the order is that of the rows themselves. Numbers, and, last of a strict one, levels,
    /// which ascend by their symbols.
    pub order: Vec<usize>,
    /// Whether no two rows of one owner agree in all of them: they are part of a key, declared or
    /// not.
    pub strict: bool,
    /// Where the last row lies, as far as the owner says.
    pub toward: Option<Toward>,
}

impl Chain {
    /// Most rows that follow one another. An owner's rows beyond these begin anew, at a later place
    /// among the values that rows ascend in: to draw a row all before it are drawn.
    pub const SEGMENT: u64 = 1024;
}

/// What an owner says of the value of its last row, in the first variable that rows ascend in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toward {
    /// A feature of the owner's (an index into `features`).
    pub feature: usize,
    /// The value for each of its symbols, in ticks.
    pub ends: Vec<i64>,
    /// Ticks of a usual step.
    pub unit: i64,
}

impl Toward {
    /// Returns the symbol of [`Feature::Toward`] for a symbol of the owner's and the value before:
    /// how many steps are left.
    pub fn symbol(&self, owner: u8, before: i64) -> u8 {
        let Some(&end) = self.ends.get(usize::from(owner)) else {
            return 0;
        };
        let steps = (i128::from(end) - i128::from(before)).div_euclid(i128::from(self.unit.max(1)));
        1 + (steps + 8).clamp(0, 127) as u8
    }

    /// Returns the symbol of [`Feature::Slack`] for those of [`Feature::Left`] and
    /// [`Feature::Toward`].
    ///
    /// A tree that cuts either of the two draws a staircase where their relation decides: who has
    /// as many rows left as steps takes one at a time, who has twice as many takes two.
    pub fn slack(left: u8, toward: u8) -> u8 {
        if toward == 0 {
            return 0;
        }
        let rows = i16::from(left) + 1;
        let more = rows - (i16::from(toward) - 9);
        let slack = match more > 0 {
            true => (63 * more / rows).min(63),
            false => more.max(-63),
        };
        (64 + slack) as u8
    }
}

/// One column of a block of symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// The degree class of the row as a parent in a relationship (an index) whose fan-outs
    /// depend on nothing.
    Degree(usize),
    /// Where among the rows with children in a relationship (an index) the row stands by their
    /// number, fewest first: 0 without children, else which of so many equal parts of them, from
    /// 1. Where parents are few, each is a part of its own.
    Rank(usize, u8),
    /// Whether the row's foreign key is NULL (0), an orphan (1) or matched (2).
    Status(usize),
    /// Which 64th of its domain the slot of a sequence (a column's index) lies in.
    Slot(usize),
    /// A feature of the owner's block (an index into its table's `features`).
    Owner(usize),
    /// A learned variable of this table (an index into `drawn`).
    Drawn(usize),
    /// A feature of the row that a reference (an index) leads to: (relationship, an index into
    /// its table's `features`).
    Parent(usize, usize),
    /// How many rows of the same owner come before, at most [`Feature::PLACES`].
    Place,
    /// How many rows of the same owner come after, at most [`Feature::PLACES`].
    Left,
    /// A learned variable (an index into `drawn`) of the row before in a chain.
    Previous(usize),
    /// The last value of a learned variable (an index into `drawn`) among the rows before in a
    /// chain that is another than that of the row before: one more than its symbol, 0 if there is
    /// none. Who changes goes back more often than on.
    Other(usize),
    /// What a learned variable (the second index into `drawn`) was in the last row before in a chain
    /// that has the same symbol of another one (the first): one more than its symbol, 0 if there is
    /// no such row. Who does several things by turns goes on with each where she left it.
    Last(usize, usize),
    /// How many values of a learned variable (an index into `drawn`) the rows before in a chain have,
    /// at most [`Feature::PLACES`].
    Distinct(usize),
    /// How many values of a learned variable (an index into `drawn`) are still to come in a chain, of
    /// those that [`Target::Distinct`] says.
    Ahead(usize),
    /// How many of the owner's rows, this one included, are more than [`Feature::Ahead`] of a learned
    /// variable (an index into `drawn`), which needs one row each; of a number that rows ascend in,
    /// how many of what the next such number has ahead.
    Spare(usize),
    /// How many levels may follow that of the row before where nothing else moves on, at most
    /// [`Feature::PLACES`]: of the variable that rows ascend in last, if it has levels. 0 in a first
    /// row.
    Open,
    /// Whether any row before in a chain has this symbol of a learned variable (an index into
    /// `drawn`): what somebody has done is little, and done again.
    Had(usize, u8),
    /// Whether the rows before in a chain are above or below what is to be expected of a learned
    /// variable (an index into `drawn`), as [`prodlike_models::habit::Habit`] says: 0 in a first row.
    /// What is expected says [`Next::norm`].
    Habit(usize),
    /// How many steps are left from the row before to where the owner's last row lies, as
    /// [`Toward::symbol`] says: 0 in a first row.
    Toward,
    /// The share of the rows left for which no step is left, or how many rows are missing to one a
    /// step, as [`Toward::slack`] says: 0 in a first row.
    Slack,
    /// What a variable (an index into `drawn`) drew given the row before: 0 in a first row,
    /// otherwise one more than the symbol of a difference, or whether the value was copied.
    Step(usize),
}

impl Feature {
    /// The greatest symbol of [`Feature::Place`] and [`Feature::Left`].
    pub const PLACES: u64 = 31;

    /// Whether only who follows a chain knows it.
    pub fn follows(self) -> bool {
        matches!(
            self,
            Feature::Previous(_)
                | Feature::Other(_)
                | Feature::Last(..)
                | Feature::Distinct(_)
                | Feature::Ahead(_)
                | Feature::Spare(_)
                | Feature::Open
                | Feature::Had(..)
                | Feature::Habit(_)
                | Feature::Toward
                | Feature::Slack
                | Feature::Step(_)
        )
    }
}

/// One learned variable: its codec and its compiled sampler.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// What it is.
    pub target: Target,
    /// Between values and symbols.
    pub codec: Codec,
    /// Draws a symbol given the features before it; in a chain, of first rows only.
    pub tree: Tree,
    /// What it draws instead of its own symbol, where that is a distance to another variable's.
    pub shift: Option<Shift>,
    /// What it is instead of what was drawn, where others of the row give it.
    pub formula: Option<Formula>,
    /// Which teacher was chosen: `marginal`, `tree` or `boosted`.
    pub teacher: String,
    /// Held-out bits a row of each candidate, for `inspect`.
    pub bits: Vec<(String, f64)>,
    /// The share of the sample's rows with each symbol, in millionths, for `inspect` and
    /// `diff`: a tree knows only conditionals. Empty in models that older versions fitted.
    pub shares: Vec<u32>,
    /// How it is drawn for the rows of a chain that have one before them.
    pub next: Option<Next>,
}

impl Drawn {
    /// Whether a row's depends on the row before it in a chain.
    pub fn follows(&self) -> bool {
        self.next.is_some() || matches!(self.target, Target::Distinct(_))
    }
}

/// A variable drawn as its distance to another one of the same row, in bins.
///
/// How long something lasted depends less on when it began than when it ended does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The other variable (an index into `drawn`), drawn before it.
    pub base: usize,
    /// The distance that symbol 1 stands for; 0 stands for NULL.
    pub least: i64,
    /// How many symbols there are.
    pub symbols: usize,
    /// The bin that a NULL of the other variable counts as.
    pub missing: u8,
}

impl Shift {
    /// Returns the symbol in a codec, the second, from that of the other variable in its codec and
    /// a drawn one.
    pub fn symbol(&self, (base, codec): (&Codec, &Codec), other: u8, drawn: u8) -> u8 {
        let null = i64::from(codec.is_nullable());
        let last = codec.symbols() as i64 - 1;
        let Some(steps) = drawn.checked_sub(1) else {
            return 0;
        };
        let bin = other
            .checked_sub(u8::from(base.is_nullable()))
            .unwrap_or(self.missing);
        let symbol = i64::from(bin) + self.least + i64::from(steps) + null;
        symbol.clamp(null.min(last), last) as u8
    }
}

/// How a variable follows from the row before.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// What the symbols of `tree` stand for.
    pub codec: NextCodec,
    /// Draws one given the features before it.
    pub tree: Tree,
    /// For [`NextCodec::Recent`]: draws the values that none of the rows before has.
    pub fresh: Option<Tree>,
    /// For the first number that rows ascend in, where owners have more than [`Chain::SEGMENT`]
    /// rows: draws the value of a row that knows nothing of those before it.
    pub starts: Option<Tree>,
    /// For [`Feature::Habit`] and [`NextCodec::Part`]: the distribution of the value given the row
    /// itself and its owner, and nothing of the rows before.
    pub norm: Option<Tree>,
    /// Which teacher was chosen.
    pub teacher: String,
    /// Held-out bits a row of each candidate.
    pub bits: Vec<(String, f64)>,
}

/// What is drawn of a value that has one before it.
#[derive(Clone, Debug, PartialEq)]
pub enum NextCodec {
    /// The value, in the variable's own codec.
    Value,
    /// The value, or, as a last symbol, the one before it.
    Copy,
    /// The difference to the one before it, in an integer codec.
    Delta(Codec),
    /// Which of the values of the rows before, the most recent first: so many are told apart, the
    /// last symbol of them standing for all older ones too; then a symbol for a value that no row
    /// before has (move-to-front coding, Bentley et al. 1986).
    Recent(u8),
    /// In which of so many equal parts of what is to be expected of the row by itself
    /// ([`Next::norm`]) the value lies: what an owner is like is one number then, whatever else
    /// the row says.
    Part(u8),
}

impl NextCodec {
    /// Returns the number of symbols, for a variable of a codec.
    pub fn symbols(&self, codec: &Codec) -> usize {
        match self {
            NextCodec::Value => codec.symbols(),
            NextCodec::Copy => codec.symbols() + 1,
            NextCodec::Delta(delta) => delta.symbols(),
            NextCodec::Recent(told) => 1 + usize::from(*told),
            NextCodec::Part(parts) => usize::from(*parts),
        }
    }
}

/// What a learned variable is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A column (an index into the table's columns).
    Column(usize),
    /// Which row of a kept parent a relationship (an index) refers to.
    Relationship(usize),
    /// Which class of parents a relationship (an index) refers to, before any other variable: the
    /// symbol of [`Feature::Rank`] in the parent's table, or of its hidden class; then a last
    /// symbol but one for orphans, and a last one for no reference at all. As a feature it is the
    /// class that the row has in the end: exact fan-outs may move it.
    Reference(usize),
    /// The class of the row's fan-out in a relationship (an index). As a feature it is the class
    /// that the row has in the end: exact totals may move it by one.
    Degree(usize),
    /// Which members of its bin the value of a column (an index) may be: drawn next after it.
    Finer(usize),
    /// The hidden class that the row's children in a relationship (an index) share.
    Latent(usize),
    /// How many values of a column (an index) one owner's rows have that follow one another, at most
    /// [`Feature::PLACES`]; of a number that they ascend in, as many as it has together with those
    /// that they ascend in before it. Drawn once, of the first of them. Row by row alone, many small errors
    /// add up to too many.
    Distinct(usize),
}

/// How a column is filled.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// From a learned variable (an index into `drawn`).
    Drawn(usize),
    /// By a generator; NULLs from a learned variable of two symbols, where there are any.
    Generated {
        /// Which, and how.
        spec: Box<GeneratorSpec>,
        /// The variable that says NULL or not.
        presence: Option<usize>,
    },
    /// Distinct numbers, times or values of an enum: alone, or within one owner's children.
    Sequence(Sequence),
    /// From the row referred to.
    ForeignKey,
}

/// Distinct values on a grid: `start + step · slot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The value of slot 0, in the type's own ticks.
    pub start: i64,
    /// Ticks between slots.
    pub step: i64,
    /// Slots there were in the real data; more are used where more rows want one.
    pub domain: u64,
    /// Whether slots are taken in order (a counter) or permuted over the domain.
    pub dense: bool,
    /// Whether values are distinct within the owner's children only.
    pub grouped: bool,
    /// The variable (an index into `drawn`) that says NULL or not, where there are any.
    pub presence: Option<usize>,
}

impl Sequence {
    /// Returns the symbol of a slot: the 64th of the domain that it lies in.
    pub fn symbol(&self, slot: u64) -> u8 {
        let domain = self.domain.max(1);
        (u128::from(slot.min(domain - 1)) * 64 / u128::from(domain.max(64))) as u8
    }
}

/// What is known of one relationship.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeModel {
    /// What part it plays in generation.
    pub kind: EdgeKind,
    /// Child rows with a parent, in the real data.
    pub matched: u64,
    /// Child rows whose key has no parent (kept as such), in the real data.
    pub orphans: u64,
    /// Child rows without a key.
    pub nulls: u64,
    /// How many children parents have; empty for [`EdgeKind::Kept`].
    pub law: DegreeLaw,
    /// Children of each row of a kept parent, which a table that is planned whole meets.
    pub per_row: Option<Vec<u64>>,
}

/// What part a relationship plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// The parent owns the child's rows: siblings are neighbours.
    Owner,
    /// The row refers to a parent by a stub of its degree.
    Reference,
    /// The row refers to a kept table: the row number is a learned variable.
    Kept,
    /// The table refers to itself: a forest.
    Tree,
    /// The second key of a bridge: no repeats within one owner.
    BridgeItem,
}

/// Something the floors took away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suppressed {
    /// Where.
    pub table: String,
    /// Which column, or relationship.
    pub column: String,
    /// What, in words: `levels`, `extremes`, `fan-outs`, `splits`.
    pub what: String,
    /// How many.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_is_the_share_of_rows_without_a_step() {
        // Symbols of steps begin with -8 at 1; of rows left, the row itself is one more.
        let slack = |rows: u8, steps: u8| Toward::slack(rows - 1, steps + 9);
        assert_eq!(Toward::slack(5, 0), 0);
        assert_eq!([slack(1, 1), slack(7, 7), slack(32, 32)], [64; 3]);
        assert_eq!((slack(2, 1), slack(8, 4)), (95, 95));
        assert_eq!((slack(1, 0), slack(1, 3), slack(1, 119)), (127, 62, 1));
        for left in 0..=Feature::PLACES as u8 {
            let symbols: Vec<u8> = (1..=128).map(|steps| Toward::slack(left, steps)).collect();
            assert!(symbols.is_sorted_by(|a, b| a >= b) && symbols[0] == 127);
        }
    }
}
