//! Between values and symbols: each column becomes a `u8` per row.
//!
//! Symbol 0 is NULL where the codec is nullable. The other symbols are in ascending
//! order of value (levels: descending frequency), so that a threshold on a symbol
//! is a threshold on the value.

/// A bin of integers: `lo, lo + step, …` with `count` members; a spike has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntegerBin {
    /// The least member.
    pub lo: i64,
    /// How many members.
    pub count: u64,
}

/// A bin of floats: uniform in `lo..hi`; a spike has `lo == hi`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatBin {
    /// The least value.
    pub lo: f64,
    /// The greatest value.
    pub hi: f64,
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
    },
    /// Floats off any grid.
    Float {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Ascending, disjoint.
        bins: Vec<FloatBin>,
    },
    /// Strings of a closed vocabulary.
    Levels {
        /// Whether symbol 0 is NULL.
        nullable: bool,
        /// Descending frequency.
        levels: Vec<String>,
        /// Whether a last symbol stands for what the floors pooled; a generator fills it.
        other: bool,
    },
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
}
