//! From symbols to values: by codecs, second symbols and formulas.

use std::collections::BTreeSet;

use arrow::array::ArrayRef;
use prodlike_core::formula::Formula;
use prodlike_core::model::{Drawn, TableModel, Target};
use prodlike_models::codec::{self, Codec};
use prodlike_models::finer::Runs;

use super::arrays::{floats, in_unit, present, strings, with_specials};
use super::{Batch, Cells};
use crate::error::Error;

impl Cells {
    /// Decodes a learned column.
    pub(super) fn decode(
        &self,
        table: usize,
        column: usize,
        drawn: usize,
        batch: &Batch<'_>,
    ) -> Result<ArrayRef, Error> {
        let schema = &self.model.schema.tables[table].columns[column];
        let data_type = &schema.data_type;
        let symbols = batch.block.column(self.feature_of(table, drawn));
        let bits = &batch.details.bits[drawn];
        let codec = &self.model.tables[table].drawn[drawn].codec;
        let nulls = codec.is_nullable().then(|| present(symbols));
        let array = match codec {
            Codec::Integer {
                nullable,
                bins,
                decimals,
                unit,
                specials,
                ..
            } => {
                let values = self.ticks(table, drawn, batch);
                let numbers = usize::from(*nullable) + bins.len();
                in_unit(data_type, *decimals, *unit, values, nulls)
                    .and_then(|array| with_specials(array, data_type, specials, numbers, symbols))
            }
            Codec::Float {
                nullable,
                bins,
                specials,
            } => {
                let mut values = Vec::new();
                codec::decode_floats(bins, *nullable, symbols, bits, &mut values);
                let numbers = usize::from(*nullable) + bins.len();
                floats(data_type, values, nulls)
                    .and_then(|array| with_specials(array, data_type, specials, numbers, symbols))
            }
            Codec::Levels { nullable, levels } => {
                let null = usize::from(*nullable);
                let at = symbols.iter().map(|&it| usize::from(it).checked_sub(null));
                strings(levels, at, nulls)
            }
            Codec::Groups {
                nullable,
                levels,
                sizes,
            } => {
                let is_member = |it: &Drawn| it.target == Target::Finer(column);
                let second = self.model.tables[table].drawn.iter().position(is_member);
                let second = second.map(|it| batch.block.column(self.feature_of(table, it)));
                let at = codec::members(sizes, *nullable, symbols, second, bits);
                strings(levels, at, nulls)
            }
            Codec::Rows { .. }
            | Codec::Presence
            | Codec::Classes(_)
            | Codec::Finer(_)
            | Codec::Members(_) => {
                return Err(Error::Internal(format!(
                    "`{}` has a codec of another kind",
                    schema.name
                )));
            }
        };
        self.arrow(table, array)
    }

    /// A column and those that it is computed from.
    pub(super) fn computed_from(&self, table: usize, column: usize) -> Vec<usize> {
        let drawn = &self.model.tables[table].drawn;
        let is_it = |drawn: &Drawn| drawn.target == Target::Column(column);
        let Some(of) = drawn.iter().position(is_it) else {
            return vec![column];
        };
        let columns = self.cone(table, of).into_iter();
        let columns = columns.filter_map(|it| match drawn[it].target {
            Target::Column(column) => Some(column),
            _ => None,
        });
        columns.collect()
    }

    /// A variable and those that formulas compute it from, each once, terms first.
    fn cone(&self, table: usize, drawn: usize) -> BTreeSet<usize> {
        let mut cone = BTreeSet::from([drawn]);
        // Terms come before what is computed from them.
        for it in (0..=drawn).rev() {
            let formula = self.model.tables[table].drawn[it].formula;
            if let Some(formula) = formula.filter(|_| cone.contains(&it)) {
                cone.extend([formula.left, formula.right]);
            }
        }
        cone
    }

    /// The values of a learned number, in ticks of its codec: drawn, or computed of others where
    /// those have values, and what they give is one that the number may have.
    fn ticks(&self, table: usize, drawn: usize, batch: &Batch<'_>) -> Vec<i64> {
        let learned = &self.model.tables[table].drawn;
        let mut made = batch.terms.borrow_mut();
        for it in self.cone(table, drawn) {
            if made.contains_key(&it) {
                continue;
            }
            let mut values = self.drawn_ticks(table, it, batch);
            if let Some(formula) = learned[it].formula {
                let terms = [&made[&formula.left], &made[&formula.right]];
                self.compute(table, it, formula, terms, batch, &mut values);
            }
            made.insert(it, values);
        }
        let mut formulas = learned.iter().filter_map(|drawn| drawn.formula);
        let values = match formulas.any(|it| it.left == drawn || it.right == drawn) {
            true => made.get(&drawn).cloned(),
            false => made.remove(&drawn),
        };
        values.unwrap_or_default()
    }

    /// The values of a learned number as they were drawn.
    fn drawn_ticks(&self, table: usize, drawn: usize, batch: &Batch<'_>) -> Vec<i64> {
        let variable = &self.model.tables[table].drawn[drawn];
        let (
            Codec::Integer {
                nullable,
                bins,
                step,
                ..
            },
            Target::Column(column),
        ) = (&variable.codec, variable.target)
        else {
            // The model was checked: what is a term is a number.
            return vec![0; batch.rows.len()];
        };
        let symbols = batch.block.column(self.feature_of(table, drawn));
        let bits = &batch.details.bits[drawn];
        let mut values = batch.details.values[drawn].clone();
        match &self.tables[table].finer[column] {
            // A chain has made the values already.
            _ if !values.is_empty() => {}
            Some((variable, runs)) => {
                let finer = batch.block.column(self.feature_of(table, *variable));
                runs.decode(*nullable, symbols, finer, bits, &mut values);
            }
            None => {
                codec::decode_integers(bins, *nullable, *step, symbols, bits, &mut values);
            }
        }
        values
    }

    /// Replaces drawn values by what a formula gives of its terms, where that is in their range.
    fn compute(
        &self,
        table: usize,
        drawn: usize,
        formula: Formula,
        [left, right]: [&Vec<i64>; 2],
        batch: &Batch<'_>,
        values: &mut [i64],
    ) {
        let learned = &self.model.tables[table].drawn;
        let Codec::Integer { bins, step, .. } = &learned[drawn].codec else {
            return;
        };
        let (Some(first), Some(last)) = (bins.first(), bins.last()) else {
            return;
        };
        let range =
            i128::from(first.lo)..i128::from(last.lo) + i128::from(*step) * i128::from(last.count);
        let is_null = |term: usize| {
            let symbols = batch.block.column(self.feature_of(table, term));
            let nullable = learned[term].codec.is_nullable();
            move |row: usize| nullable && symbols[row] == 0
        };
        let (no_left, no_right) = (is_null(formula.left), is_null(formula.right));
        for (row, value) in values.iter_mut().enumerate() {
            if let Some(computed) = formula.operation.apply(left[row], right[row])
                && range.contains(&i128::from(computed))
                && !no_left(row)
                && !no_right(row)
            {
                *value = computed;
            }
        }
    }
}

/// The variable of a column's second symbol, and what it leaves of each bin of the first.
pub(super) fn finer(learned: &TableModel, column: usize) -> Option<(usize, Runs)> {
    let of = |target: Target| {
        learned
            .drawn
            .iter()
            .position(|drawn| drawn.target == target)
    };
    let variable = of(Target::Finer(column))?;
    let coarse = &learned.drawn[of(Target::Column(column))?].codec;
    match (&learned.drawn[variable].codec, coarse) {
        (Codec::Finer(finer), Codec::Integer { bins, step, .. }) => {
            Some((variable, Runs::new(finer, bins, *step)))
        }
        _ => None,
    }
}
