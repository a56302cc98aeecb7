//! What an inspection says.

use prodlike_core::model::Suppressed;
use prodlike_core::rule::Rule;

/// A model, explained.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Least number of distinct protected entities behind every value.
    pub k: u32,
    /// Tables whose rows are protected entities.
    pub entities: Vec<String>,
    /// In the order of the schema.
    pub tables: Vec<TableFacts>,
    /// In the order of the schema.
    pub relationships: Vec<RelationshipFacts>,
    /// What the floors took away.
    pub suppressed: Vec<Suppressed>,
}

/// What a model knows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableFacts {
    /// As the source spells it.
    pub name: String,
    /// Rows of the real table.
    pub rows: u64,
    /// How many real rows travel in the model; `None` where none do.
    pub kept: Option<u64>,
    /// Distinct entities behind every value; `None` where no row leads to an entity.
    pub floor: Option<u32>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
    /// What must hold of its rows.
    pub rules: Vec<Rule>,
    /// In the order of the source.
    pub columns: Vec<ColumnFacts>,
}

/// What a model knows of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnFacts {
    /// As the source spells it.
    pub name: String,
    /// DuckDB's name of its type.
    pub data_type: String,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What the values mean.
    pub semantic: &'static str,
    /// The plugin that real values went through before they were learned or kept.
    pub transform: Option<String>,
    /// How it is filled.
    pub filled: Filled,
    /// The share of NULLs, where the model knows it.
    pub nulls: Option<f64>,
    /// What is known of its values.
    pub values: Values,
    /// What the floors took away, and how many.
    pub suppressed: Vec<(String, u64)>,
}

/// How a column is filled.
#[derive(Clone, Debug, PartialEq)]
pub enum Filled {
    /// With the rows that travel in the model.
    Kept,
    /// From what was learned.
    Learned(Learned),
    /// By a generator, from nothing that the real column holds but its templates.
    Generated {
        /// Which generator.
        generator: String,
        /// The text of an `expression` or a `template`.
        text: Option<String>,
        /// Whether no value repeats.
        unique: bool,
        /// Its commonest templates, with their weights.
        templates: Vec<(String, u32)>,
        /// What its plugin learned, with the rows that have it, most first.
        learned: Vec<(String, u64)>,
    },
    /// With distinct values on a grid.
    Sequence {
        /// The first value.
        start: String,
        /// Ticks between values, in the type's own unit.
        step: i64,
        /// Places in the real range.
        places: u64,
        /// Whether places are taken in order.
        dense: bool,
        /// Whether values are distinct within one owner's rows only.
        grouped: bool,
    },
    /// With the key of the row referred to.
    ForeignKey {
        /// The names of the relationships.
        relationships: Vec<String>,
        /// How the row referred to is chosen, where it is learned: among kept rows.
        learned: Option<Learned>,
    },
}

/// What was learned of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// `marginal`, `tree` or `boosted`.
    pub teacher: String,
    /// Distributions that it chooses from.
    pub leaves: u64,
    /// What it depends on, and how many splits ask it; most first.
    pub asks: Vec<(String, u64)>,
    /// Levels or bins, NULL included.
    pub symbols: u64,
    /// Held-out bits a row of each candidate.
    pub bits: Vec<(String, f64)>,
    /// What the symbols stand for: `levels`, `bins`, `rows`, `presence`, `differences`, `levels or
    /// the value before`, and so on.
    pub codec: &'static str,
    /// Its place among the variables of a row, from 1, and how many there are.
    pub place: (u64, u64),
    /// How rows with one of the same owner before them are drawn, where it matters.
    pub next: Option<Box<Learned>>,
    /// How it is chosen which of the values of a bin it is, where more is known of them.
    pub finer: Option<Box<Learned>>,
    /// What it is computed as instead, wherever that has a value: `` `price` · `count` ``.
    pub formula: Option<String>,
}

/// What is known of a column's values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Single values and their shares of the rows, most frequent first.
    pub levels: Vec<(String, Option<f64>)>,
    /// Percent and value, where values have an order.
    pub quantiles: Vec<(u32, String)>,
}

/// What a model knows of a relationship.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationshipFacts {
    /// `child.key`.
    pub name: String,
    /// The table that refers.
    pub child: String,
    /// The table referred to.
    pub parent: String,
    /// What part it plays in generation.
    pub kind: &'static str,
    /// Child rows with a parent.
    pub matched: u64,
    /// Child rows whose parent is missing.
    pub orphans: u64,
    /// Child rows without a key.
    pub nulls: u64,
    /// How many children parents have.
    pub fan_out: Option<FanOut>,
    /// What the floors took away, and how many.
    pub suppressed: Vec<(String, u64)>,
}

/// How many children parents have.
#[derive(Clone, Debug, PartialEq)]
pub struct FanOut {
    /// Parents, with or without children.
    pub parents: u64,
    /// The share of parents without children.
    pub zero: f64,
    /// Children of a mean parent.
    pub mean: f64,
    /// Children of the median parent.
    pub median: u64,
    /// Children of the parent that 95 % of parents do not exceed.
    pub p95: u64,
    /// The most children; under a floor, the mean of the greatest.
    pub most: u64,
    /// Groups of fan-outs that are told apart.
    pub classes: u64,
}
