//! How many values a column has, and how often.

use super::ColumnFacts;

/// Values that one column may have and still count as a closed vocabulary.
pub(super) const FEW: u64 = 20;
/// Distinct values from which on a column is no vocabulary, however often they repeat.
pub(super) const MANY: u64 = 1_000;

/// How many values there are for how many rows.
pub(super) struct Spread {
    pub(super) filled: u64,
    pub(super) distinct: u64,
}

impl Spread {
    pub(super) fn of(facts: &ColumnFacts<'_>) -> Spread {
        Spread {
            filled: facts.rows.saturating_sub(facts.nulls),
            distinct: facts.distinct,
        }
    }

    pub(super) fn mostly_distinct(&self) -> bool {
        self.filled > 0 && self.distinct.saturating_mul(2) > self.filled
    }

    /// Whether a value occurs at least so often on average.
    pub(super) fn repeats(&self, times: u64) -> bool {
        self.distinct.saturating_mul(times) <= self.filled
    }

    /// Few values, each of them often: the column is surely a vocabulary.
    pub(super) fn is_closed(&self) -> bool {
        self.distinct > 0 && self.distinct <= 50 && self.repeats(20)
    }

    /// The reason for learning a vocabulary.
    pub(super) fn few(&self) -> String {
        match self.distinct {
            0 => "no values".into(),
            1 => "one value".into(),
            n => format!("{n} values"),
        }
    }
}
