//! What stays the same of an owner for longer than from row to row.

use prodlike_core::model::{Feature, NextCodec};
use prodlike_models::codec::Codec;
use prodlike_models::habit::{Habit, part_of};
use prodlike_models::philox::mix;
use prodlike_models::teacher::{self, Conditional, Sample, TreeParams};
use prodlike_models::tree::Walk;
use rayon::prelude::*;

use super::Variable;
use super::chain::in_order;
use super::features::Learning;
use super::teach::params;

/// The least correlation between an owner's habit and her next row, both compared with what is to
/// be expected, from which it is told.
const TELLS: f64 = 0.1;
/// Parts of what is to be expected.
const PARTS: u8 = 32;
/// Most rows by which two ways of telling a value are compared.
const JUDGED: usize = 1 << 14;

/// Whether an owner may have a habit in a variable of a chain: its symbols ascend.
pub(super) fn may_have(variable: &Variable) -> bool {
    let ascend = matches!(variable.codec, Codec::Integer { .. } | Codec::Float { .. });
    ascend && variable.next.is_some()
}

impl Learning {
    /// Learns what is to be expected of each row by itself, and tells every row how those before it
    /// were, compared with that; features that tell nothing are dropped. What follows is then drawn
    /// as a part of what is to be expected, where that costs held-out rows fewer bits.
    pub(super) fn find_habits(&mut self) {
        let open: Vec<(usize, usize)> = (self.features.iter().enumerate())
            .filter_map(|(at, feature)| match *feature {
                Feature::Habit(drawn) => Some((at, drawn)),
                _ => None,
            })
            .collect();
        let found: Vec<Option<(Conditional, Vec<u8>)>> = open
            .par_iter()
            .map(|&(_, drawn)| {
                let norm = self.with(drawn, false, |sample| teacher::fit(sample, self.params()));
                let (symbols, tells) = self.habit(drawn, &Walk::new(&norm.tree));
                (tells > TELLS).then_some((norm, symbols))
            })
            .collect();
        let mut dropped = Vec::new();
        for (&(at, drawn), found) in open.iter().zip(found) {
            match (found, &mut self.drawn[drawn].next) {
                (Some((norm, symbols)), Some(next)) => {
                    next.norm = Some(norm);
                    self.symbols[at] = symbols;
                }
                _ => dropped.push(at),
            }
        }
        for &at in dropped.iter().rev() {
            self.features.remove(at);
            self.symbols.remove(at);
        }
        // What is to be expected asks features by their places, which have moved.
        let followings = self.drawn.iter_mut().filter_map(|it| it.next.as_mut());
        for norm in followings.filter_map(|next| next.norm.as_mut()) {
            for asked in &mut norm.tree.feature {
                *asked -= dropped.partition_point(|at| at < &usize::from(*asked)) as u16;
            }
        }
        let parts: Vec<Option<Vec<u8>>> = (0..self.drawn.len())
            .into_par_iter()
            .map(|drawn| self.parts(drawn))
            .collect();
        for (variable, parts) in self.drawn.iter_mut().zip(parts) {
            if let (Some(next), Some(symbols)) = (&mut variable.next, parts) {
                (next.codec, next.symbols) = (NextCodec::Part(PARTS), symbols);
            }
        }
    }

    fn params(&self) -> TreeParams {
        params(self.floor)
    }

    /// In which part of what is to be expected each row lies that has one before it, if telling that
    /// is better than what tells the value otherwise.
    fn parts(&self, drawn: usize) -> Option<Vec<u8>> {
        let variable = &self.drawn[drawn];
        let next = variable.next.as_ref()?;
        let norm = Walk::new(&next.norm.as_ref()?.tree);
        if !matches!(next.codec, NextCodec::Value | NextCodec::Copy) {
            return None;
        }
        let values = &self.symbols[self.place(drawn)];
        let part = |row: usize| {
            let usual = norm.distribution(|feature| self.symbols[feature][row]);
            let bits = mix(mix(row as u64) ^ drawn as u64) >> 32;
            match self.previous[row] {
                u32::MAX => 0,
                _ => part_of(values[row], PARTS, usual, bits as u32),
            }
        };
        let parts: Vec<u8> = (0..values.len()).map(part).collect();
        let rows = (0..values.len() as u32).filter(|&row| self.previous[row as usize] != u32::MAX);
        let rows = teacher::thin(&rows.collect::<Vec<u32>>(), JUDGED);
        let bits = |all: bool, target: &[u8], symbols: usize| {
            self.with(drawn, all, |sample| {
                let sample = Sample {
                    target,
                    symbols,
                    ..*sample
                };
                teacher::of_rows(&sample, &rows, |sample| {
                    teacher::tree_bits(sample, self.params())
                })
            })
        };
        let symbols = next.codec.symbols(&variable.codec);
        let (by_value, expected, by_part) = (
            bits(true, &next.symbols, symbols),
            bits(false, values, variable.codec.symbols()),
            bits(true, &parts, usize::from(PARTS)),
        );
        let by_part = expected + by_part - f64::from(PARTS).log2();
        tracing::debug!(
            "variable {drawn}: {by_value:.3} held-out bits a row by value, {by_part:.3} by habit"
        );
        (by_part < by_value).then_some(parts)
    }

    /// The symbols of [`Feature::Habit`], and how much they say of the next row.
    fn habit(&self, drawn: usize, norm: &Walk<'_>) -> (Vec<u8>, f64) {
        let target = &self.symbols[self.place(drawn)];
        let least = u8::from(self.drawn[drawn].codec.is_nullable());
        let mut known = vec![0; target.len()];
        let mut habit = Habit::default();
        let mut pairs = Vec::new();
        in_order(&self.previous, |before, row| {
            if before.is_none() {
                habit = Habit::default();
            }
            known[row] = habit.symbol();
            let usual = norm.distribution(|feature| self.symbols[feature][row]);
            habit.take(target[row], least, usual);
            let mut own = Habit::default();
            own.take(target[row], least, usual);
            if known[row] > 0 && own.symbol() > 0 {
                pairs.push((f64::from(known[row]), f64::from(own.symbol())));
            }
        });
        (known, correlation(&pairs))
    }
}

/// Pearson's correlation; 0 of what does not vary.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len().max(1) as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(&|it| it.0), mean(&|it| it.1));
    let shared = mean(&|it| (it.0 - x) * (it.1 - y));
    let spread = mean(&|it| (it.0 - x).powi(2)) * mean(&|it| (it.1 - y).powi(2));
    match spread > 0.0 {
        true => shared / spread.sqrt(),
        false => 0.0,
    }
}
