//! What chains cost in held-out bits, by trees on some of the rows.

use prodlike_core::model::NextCodec;
use prodlike_models::codec::{Codec, MAX_SYMBOLS};
use prodlike_models::teacher;
use rayon::prelude::*;

use super::chain::{Siblings, before, lasts, steps, turns};
use super::features::{Few, Learning, entropy, places};
use super::{Following, Variable};

/// Rows by which a chain is judged.
const JUDGED: usize = 1 << 13;

/// What judges a chain: trees on some of the rows.
pub(super) struct Judge<'a> {
    /// What every row knows, its siblings aside.
    features: Vec<&'a [u8]>,
    variables: Vec<&'a Variable>,
    /// The place of every variable in the order of drawing.
    pub(super) ranks: Vec<usize>,
    /// What a row knows of its siblings.
    siblings: &'a Siblings,
    before: Vec<Vec<u8>>,
    /// The variable by which owners go to and fro, and what others were with the same of it.
    turns: Option<(usize, Vec<Vec<u8>>)>,
    /// Steps from the row before, as far as they are known.
    steps: Vec<Option<Vec<u8>>>,
    /// Rows that are looked at: all, those without and those with one before them.
    rows: [Few<'a>; 3],
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        known: &'a Learning,
        shapes: &'a [Variable],
        variables: Vec<&'a Variable>,
        ranks: Vec<usize>,
        siblings: &'a Siblings,
    ) -> Judge<'a> {
        let own = known.symbols.iter().map(Vec::as_slice);
        let shapes = shapes.iter().map(|shape| shape.symbols.as_slice());
        let rows: Vec<u32> = (0..siblings.previous.len() as u32).collect();
        let (first, next): (Vec<u32>, Vec<u32>) = rows
            .iter()
            .partition(|&&row| siblings.previous[row as usize] == u32::MAX);
        let before = variables
            .iter()
            .map(|variable| before(&siblings.previous, &variable.symbols));
        let turns = turns(&siblings.previous, variables.iter().copied().enumerate()).map(|turns| {
            let same = &variables[turns].symbols;
            let lasts =
                variables
                    .iter()
                    .map(|variable| match variable.codec.symbols() < MAX_SYMBOLS {
                        true => lasts(&siblings.previous, same, &variable.symbols),
                        false => vec![0; same.len()],
                    });
            (turns, lasts.collect())
        });
        Judge {
            turns,
            features: own.chain(shapes).collect(),
            before: before.collect(),
            steps: variables.iter().map(|_| None).collect(),
            variables,
            ranks,
            siblings,
            rows: [rows, first, next].map(|rows| Few::new(known, teacher::thin(&rows, JUDGED))),
        }
    }

    /// Remembers the steps that variables take.
    pub(super) fn take_steps(&mut self, followings: &[Following]) {
        let previous = &self.siblings.previous;
        let steps = (self.variables.iter().zip(followings))
            .map(|(variable, next)| steps(previous, variable.codec.symbols(), next));
        self.steps = steps.collect();
    }

    /// An order of drawing in which those come first that change least from row to row.
    pub(super) fn by_steps(&self, followings: &[Following]) -> Vec<usize> {
        let bits = (followings.iter()).map(|it| entropy(&self.rows[2].of(&it.symbols)));
        places(&bits.collect::<Vec<f64>>())
    }

    /// Bits a row of a chain.
    pub(super) fn chain(&self, followings: &[Following]) -> f64 {
        let share = self.share_of_first();
        let costs: Vec<f64> = (0..followings.len())
            .into_par_iter()
            .map(|variable| {
                let next = self.next(variable, &followings[variable]);
                share * self.first(variable) + (1.0 - share) * next
            })
            .collect();
        costs.iter().sum()
    }

    /// The share of rows that have none before them.
    fn share_of_first(&self) -> f64 {
        let previous = &self.siblings.previous;
        let first = previous.iter().filter(|&&row| row == u32::MAX).count();
        first as f64 / previous.len().max(1) as f64
    }

    /// Bits a row of a variable, of a row that knows nothing of its siblings.
    pub(super) fn own(&self, variable: usize) -> f64 {
        let it = self.variables[variable];
        let symbols = it.codec.symbols();
        self.bits(&self.rows[0], &it.symbols, symbols, &[], variable)
            + width(&it.codec, &it.symbols)
            - it.saved
    }

    /// Bits a row of a key that is drawn from a domain without replacement.
    pub(super) fn domain(&self, variable: usize) -> f64 {
        let Codec::Integer { bins, .. } = &self.variables[variable].codec else {
            return 0.0;
        };
        let members: f64 = bins.iter().map(|bin| bin.count as f64).sum();
        members.log2()
    }

    /// Bits a row of the order of siblings, which exchangeable rows need not tell; none where
    /// a chain keeps an order that the rows themselves have.
    pub(super) fn order(&self) -> f64 {
        if self.siblings.order.is_empty() {
            return 0.0;
        }
        let places = self.siblings.place.iter();
        let bits = places.map(|&place| (f64::from(place) + 1.0).log2());
        bits.sum::<f64>() / self.siblings.place.len().max(1) as f64
    }

    /// Bits a row of a variable, of a first row.
    fn first(&self, variable: usize) -> f64 {
        let it = self.variables[variable];
        let (symbols, left) = (it.codec.symbols(), self.siblings.left.as_slice());
        self.bits(&self.rows[1], &it.symbols, symbols, &[left], variable)
            + width(&it.codec, &it.symbols)
            - it.saved
    }

    /// Bits a row of a variable, of a row that has one before it.
    pub(super) fn next(&self, variable: usize, following: &Following) -> f64 {
        let it = self.variables[variable];
        let mut siblings: Vec<&[u8]> = vec![&self.siblings.place, &self.siblings.left];
        siblings.extend(self.before.iter().map(Vec::as_slice));
        let symbols = following.codec.symbols(&it.codec);
        // What is copied or a difference needs no second symbol, and cannot have one.
        let (codec, saved) = match &following.codec {
            NextCodec::Delta(delta) => (delta, 0.0),
            NextCodec::Copy | NextCodec::Recent(_) | NextCodec::Part(_) => (&it.codec, 0.0),
            NextCodec::Value => (&it.codec, it.saved),
        };
        let nexts: Vec<u8> = (self.siblings.previous.iter())
            .zip(&following.symbols)
            .filter(|(previous, _)| **previous != u32::MAX)
            .map(|(_, symbol)| *symbol)
            .collect();
        let distinct = &following.distinct;
        siblings.extend((!distinct.is_empty()).then_some(distinct.as_slice()));
        let bits = self.bits(
            &self.rows[2],
            &following.symbols,
            symbols,
            &siblings,
            variable,
        );
        bits + self.fresh(variable, following, &siblings) + width(codec, &nexts) - saved
    }

    /// Bits a row of which values are new, where what is drawn does not say.
    fn fresh(&self, variable: usize, following: &Following, siblings: &[&[u8]]) -> f64 {
        let NextCodec::Recent(told) = following.codec else {
            return 0.0;
        };
        let few = &self.rows[2];
        let rows: Vec<u32> = (few.rows.iter().copied())
            .filter(|&row| following.symbols[row as usize] == told)
            .collect();
        let share = rows.len() as f64 / few.rows.len().max(1) as f64;
        let it = self.variables[variable];
        let few = Few::new(few.known, rows);
        share * self.bits(&few, &it.symbols, it.codec.symbols(), siblings, variable)
    }

    fn bits(
        &self,
        few: &Few<'_>,
        target: &[u8],
        symbols: usize,
        siblings: &[&[u8]],
        variable: usize,
    ) -> f64 {
        let mut features: Vec<Vec<u8>> = self.features.iter().map(|it| few.of(it)).collect();
        features.extend(siblings.iter().map(|it| few.of(it)));
        let is_earlier =
            |other: usize| (self.ranks[other], other) < (self.ranks[variable], variable);
        for other in (0..self.variables.len()).filter(|&other| is_earlier(other)) {
            features.push(few.of(&self.variables[other].symbols));
            // Who has no row before takes no step.
            let steps = self.steps[other].as_ref().filter(|_| siblings.len() > 1);
            features.extend(steps.map(|steps| few.of(steps)));
        }
        if let Some((turns, lasts)) = &self.turns
            && siblings.len() > 1
            && is_earlier(*turns)
        {
            // What has its turn earlier tells what was then of all that is drawn later.
            let later = (0..self.variables.len())
                .filter(|&other| (self.ranks[other], other) > (self.ranks[*turns], *turns));
            features.extend(later.map(|other| few.of(&lasts[other])));
        }
        let features: Vec<&[u8]> = features.iter().map(Vec::as_slice).collect();
        few.bits(&few.of(target), symbols, &features)
    }
}

/// Bits a row of where in their bins values lie.
pub(super) fn width(codec: &Codec, symbols: &[u8]) -> f64 {
    let Codec::Integer { nullable, bins, .. } = codec else {
        return 0.0;
    };
    let null = usize::from(*nullable);
    let of = |symbol: &u8| {
        let bin = usize::from(*symbol).checked_sub(null);
        let bin = bin.and_then(|bin| bins.get(bin));
        bin.map_or(0.0, |bin| (bin.count as f64).log2())
    };
    symbols.iter().map(of).sum::<f64>() / symbols.len().max(1) as f64
}
