//! How many different values one owner's rows have, told before the rows are drawn.
//!
//! Row by row alone, many small errors add up: who changes a little too often has too many
//! different values in the end, and who moves on too seldom has rows left over. So the number of
//! values is drawn once for each chain, and every row knows how many are still to come.

use std::collections::HashSet;

use prodlike_core::model::{Feature, Target};
use prodlike_models::codec::Codec;
use prodlike_models::recent::{Among, above, move_to_front};

use super::chain::{Siblings, TIED, in_order};
use super::columns::Encoding;
use super::{Fitter, Variable};
use crate::error::Error;

/// The counted values of a variable.
pub(super) struct Counted {
    column: usize,
    /// Whether it is a number that rows ascend in.
    pub(super) is_number: bool,
    /// At each row, how many its chain has: the symbols of [`Target::Distinct`].
    total: Vec<u8>,
    /// The symbols of [`Feature::Ahead`] and [`Feature::Spare`].
    pub(super) ahead: Vec<u8>,
    pub(super) spare: Vec<u8>,
}

impl Counted {
    /// The variable that says how many there are.
    pub(super) fn variable(&self) -> Variable {
        let symbols = self.total.iter().max().map_or(1, |&it| usize::from(it) + 1);
        let target = Target::Distinct(self.column);
        Variable::new(target, Codec::Classes(symbols), self.total.clone())
    }
}

impl Fitter<'_> {
    /// Counts the values of the variables of a chain: those of levels, and of a number that rows
    /// ascend in those that it has together with such numbers before it. None of a variable
    /// that hardly has a value again, or hardly another one.
    pub(super) fn counts(
        &self,
        table: usize,
        encoding: &Encoding,
        siblings: &Siblings,
    ) -> Result<Vec<Option<Counted>>, Error> {
        let n = siblings.previous.len();
        let symbols = |index: usize| {
            let symbols = encoding.variables[index].symbols.iter();
            symbols.map(|&symbol| Some(i64::from(symbol))).collect()
        };
        let mut counts: Vec<Option<Counted>> = Vec::new();
        for variable in 0..encoding.variables.len() {
            counts.push(match encoding.variables[variable].codec {
                Codec::Levels { .. } => {
                    let values: Vec<Option<i64>> = symbols(variable);
                    self.counted(table, encoding, siblings, variable, |row| values[row])
                }
                _ => None,
            });
        }
        let is_number = |it: &usize| matches!(encoding.variables[*it].codec, Codec::Integer { .. });
        let numbers: Vec<usize> = siblings.order.iter().copied().filter(is_number).collect();
        let mut ticks = Vec::new();
        for &number in &numbers {
            ticks.push(self.ticks(table, encoding, number)?);
            let values = |row: usize| ticks.iter().map(|it| it[row]).collect::<Vec<_>>();
            counts[number] = self.counted(table, encoding, siblings, number, values);
        }
        // Values of a number need those of the next one, all others rows.
        for pair in numbers.windows(2) {
            if let Some(next) = counts[pair[1]].as_ref().map(|next| next.ahead.clone())
                && let Some(counted) = &mut counts[pair[0]]
            {
                counted.spare = (0..n)
                    .map(|row| next[row].saturating_sub(counted.ahead[row]))
                    .collect();
            }
        }
        Ok(counts)
    }

    fn counted<T: Eq + std::hash::Hash>(
        &self,
        table: usize,
        encoding: &Encoding,
        siblings: &Siblings,
        variable: usize,
        value: impl Fn(usize) -> T,
    ) -> Option<Counted> {
        let Target::Column(column) = encoding.variables[variable].target else {
            return None;
        };
        let n = siblings.previous.len();
        let (mut first, mut before, mut total) = (vec![0; n], vec![0u64; n], vec![0u64; n]);
        let (mut again, mut nexts) = (0usize, 0usize);
        let mut seen = HashSet::new();
        in_order(&siblings.previous, |previous, row| {
            match previous {
                Some(previous) => first[row] = first[previous],
                None => {
                    seen.clear();
                    first[row] = row;
                }
            }
            before[row] = seen.len() as u64;
            let is_again = !seen.insert(value(row));
            again += usize::from(is_again);
            nexts += usize::from(previous.is_some());
            total[first[row]] = seen.len() as u64;
        });
        let total = first.iter().map(|&row| total[row].min(Feature::PLACES));
        let mut total: Vec<u8> = total.map(|it| it as u8).collect();
        let most = total.iter().max().copied().unwrap_or(0);
        // A number that few have counts as the next lower one that more have.
        let floor = self.floor(table);
        let mut as_held = vec![0; usize::from(most) + 1];
        for count in 1..=most {
            as_held[usize::from(count)] = match floor.holds(n, |row| total[row] == count) {
                true => count,
                false => as_held[usize::from(count) - 1],
            };
        }
        total
            .iter_mut()
            .for_each(|it| *it = as_held[usize::from(*it)]);
        let is_told = |rows: usize| rows as f64 > TIED * nexts as f64;
        let varies = total.windows(2).any(|pair| pair[0] != pair[1]);
        if !varies || !is_told(again) || !is_told(nexts - again) {
            return None;
        }
        let ahead = total.iter().zip(&before);
        let ahead = ahead.map(|(&total, &before)| u64::from(total).saturating_sub(before) as u8);
        let ahead: Vec<u8> = ahead.collect();
        let spare = siblings.left.iter().zip(&ahead);
        let spare = spare.map(|(&left, &ahead)| (left + 1).saturating_sub(ahead));
        Some(Counted {
            column,
            is_number: !matches!(encoding.variables[variable].codec, Codec::Levels { .. }),
            spare: spare.collect(),
            total,
            ahead,
        })
    }
}

/// The symbols of [`Feature::Open`], where siblings ascend in levels last.
pub(super) fn open(
    encoding: &Encoding,
    siblings: &Siblings,
    counts: &[Option<Counted>],
) -> Option<Vec<u8>> {
    let &last = siblings.order.get(1..)?.last()?;
    let Variable { codec, symbols, .. } = &encoding.variables[last];
    if !siblings.strict || !matches!(codec, Codec::Levels { .. }) {
        return None;
    }
    let highest = (codec.symbols() - 1) as u8;
    let (mut open, mut values) = (vec![0; symbols.len()], Vec::new());
    in_order(&siblings.previous, |before, row| {
        let Some(before) = before else {
            values.clear();
            return;
        };
        move_to_front(&mut values, symbols[before]);
        let among = counts[last].as_ref().and_then(|counted| {
            let is_known = u64::from(counted.total[row]) < Feature::PLACES;
            let among = Among::new(&values, counted.ahead[row], counted.spare[row]);
            among.filter(|_| is_known)
        });
        open[row] = above(symbols[before], highest, among, Feature::PLACES);
    });
    Some(open)
}
