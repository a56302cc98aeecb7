//! What follows from how many rows and values of an owner are still to come.
//!
//! How many different values there are of a variable is drawn once, of the first row. What every
//! row may then have is bounded: who has had all her values has one of them again.

use std::ops::RangeInclusive;

use prodlike_core::model::{Feature, Target};
use prodlike_models::codec::Codec;
use prodlike_models::recent::Among;
use prodlike_models::tree::{Block, Walk};

use super::{Lanes, Memory};

/// Whether a number that rows ascend in moves on, where none before it did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    May,
    Must,
    MayNot,
}

impl Move {
    /// Whether a symbol of a codec holds a number to which one may move on from another.
    pub(super) fn fits(self, codec: &Codec, symbol: u8, from: i64) -> bool {
        let Codec::Integer {
            nullable,
            bins,
            step,
            ..
        } = codec
        else {
            return true;
        };
        let bin = usize::from(symbol).checked_sub(usize::from(*nullable));
        let Some(bin) = bin.and_then(|bin| bins.get(bin)) else {
            return false;
        };
        match self {
            Move::May => true,
            Move::Must => bin.last(*step) > from,
            Move::MayNot => (bin.lo..=bin.last(*step)).contains(&from),
        }
    }
}

/// Rows to come of an owner, and how many groups of them there are at most that differ in levels
/// alone.
struct Groups {
    /// Behind this one, at most [`Feature::PLACES`].
    rows: u16,
    /// Behind the last one.
    number: u16,
    /// How many levels there are.
    levels: u16,
}

/// What the values to come of a variable take, one each.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// Rows: the feature of how many come after this one.
    Rows(usize),
    /// What is ahead of the next number that rows ascend in: its features of all and of that.
    Next(usize, usize),
}

impl Lanes<'_, '_> {
    /// Draws how many values there are of what is counted, as far as rows can have so many together.
    pub(super) fn count(&mut self) {
        let learned = &self.cells.model.tables[self.table];
        let of = &self.cells.tables[self.table];
        for (drawn, variable) in learned.drawn.iter().enumerate() {
            let Target::Distinct(column) = variable.target else {
                continue;
            };
            let counted =
                |it: &Memory<'_>| learned.drawn[it.drawn].target == Target::Column(column);
            let at = self.memories.iter().position(counted);
            let bounded = at.and_then(|at| Some((at, self.memories[at].ahead?.0)));
            let Some((at, feature)) = bounded else {
                continue;
            };
            let [first, second] = &mut self.words;
            let open = self.rows.len();
            of.streams[drawn].fill(&self.rows, &mut first[..open], &mut second[..open]);
            of.samplers[drawn].draw(&self.block, first, &mut self.out);
            let tree = Walk::new(&variable.tree);
            for lane in 0..open {
                let can = self.counts(at, lane);
                if !can.contains(&self.out[lane]) {
                    let feature = |it: usize| self.block.column(it)[lane];
                    let bits = self.words[1][lane];
                    let drawn = tree.draw_among(|it| can.contains(&it), bits, feature);
                    self.out[lane] = drawn.unwrap_or(*can.start());
                }
            }
            (self.block.column_mut(feature)).copy_from_slice(&self.out[..open]);
            self.look_ahead();
        }
    }

    /// Tells how many values are to come, and what they leave.
    pub(super) fn look_ahead(&mut self) {
        for memory in &self.memories {
            memory.look_ahead(self.place, &mut self.block);
        }
        for memory in &self.memories {
            memory.look_aside(&mut self.block);
        }
    }

    /// How many values a lane can have of what is counted: in numbers that rows ascend in no fewer
    /// than in those before, in levels behind them enough for all rows to differ.
    pub(super) fn counts(&self, at: usize, lane: usize) -> RangeInclusive<u8> {
        let symbol = |feature: usize| self.block.column(feature)[lane];
        let rows = self.left.map_or(u8::MAX, |left| symbol(left) + 1);
        let before = at
            .checked_sub(1)
            .and_then(|before| self.memories[before].ahead);
        let before = before.map(|(total, _)| symbol(total));
        let before = before.filter(|&it| it > 0 && u64::from(it) < Feature::PLACES);
        let is_number = self.memories[at].values.is_some();
        let is_last_level = self.levels.is_some_and(|(_, last, _)| last == at);
        let least = match before {
            Some(before) if is_number => before,
            Some(before) if is_last_level => rows.div_ceil(before),
            _ => 1,
        };
        let most = match rows {
            // At most so many are told.
            rows if u64::from(rows) > Feature::PLACES => u8::MAX,
            rows => rows,
        };
        least.min(most)..=most
    }

    /// Whether a number that rows ascend in moves on in a lane where none before it did.
    ///
    /// It must where nothing after it can; it may not where no value is to come, or only as many as
    /// the number before it needs.
    pub(super) fn moves(&self, at: usize, lane: usize) -> Move {
        let numbers = self
            .levels
            .map_or(self.chain.order.len(), |levels| levels.0 + 1);
        let room = |at: usize| self.memories[at].room(lane, &self.block);
        let fits = self
            .groups(lane)
            .is_none_or(|groups| groups.rows < groups.number * groups.levels);
        let can = |at: usize| fits && room(at)[0] && (at == 0 || room(at - 1)[1]);
        let last = match (self.chain.strict, &self.open) {
            (true, None) => false,
            (true, Some(open)) => open[lane] > 0 && room(numbers - 1)[1],
            (false, _) => room(numbers - 1)[1],
        };
        match (last || (at + 1..numbers).any(can), can(at)) {
            (false, _) => Move::Must,
            (true, false) => Move::MayNot,
            (true, true) => Move::May,
        }
    }

    /// The groups of rows to come that agree in all numbers, where levels come after these.
    fn groups(&self, lane: usize) -> Option<Groups> {
        let (number, last, _) = self.levels?;
        let [number, last] = [number, last].map(|at| &self.memories[at]);
        let counted = |memory: &Memory<'_>| {
            memory
                .ahead
                .filter(|&(total, _)| u64::from(self.block.column(total)[lane]) < Feature::PLACES)
        };
        let symbol = |feature: usize| u16::from(self.block.column(feature)[lane]);
        let (Takes::Rows(left), _) = number.spare? else {
            return None;
        };
        let codec = &self.cells.model.tables[self.table].drawn[last.drawn].codec;
        Some(Groups {
            rows: symbol(left),
            number: symbol(counted(number)?.1),
            levels: counted(last).map_or(codec.symbols() as u16, |(total, _)| symbol(total)),
        })
    }

    /// How many of the rows to come must agree with this one in all numbers: those that the groups
    /// to come cannot take.
    pub(super) fn needed(&self, lane: usize) -> u8 {
        let Some(groups) = self.groups(lane) else {
            return 0;
        };
        let number = groups.number.saturating_sub(u16::from(self.moved[lane]));
        groups.rows.saturating_sub(number * groups.levels) as u8
    }
}

impl Memory<'_> {
    /// What is left of what a lane may have next, if not all.
    pub(super) fn among(&self, lane: usize, place: usize, block: &Block) -> Option<Among<'_>> {
        let (levels, (total, ahead)) = (self.levels.as_ref()?, self.ahead?);
        let (_, spare) = self.spare?;
        let [total, ahead, spare] = [total, ahead, spare].map(|it| block.column(it)[lane]);
        // The highest count means as many or more.
        let is_known = place > 0 && u64::from(total) < Feature::PLACES;
        Among::new(&levels[lane], ahead, spare).filter(|_| is_known)
    }

    /// Tells the row at a place how many values are to come.
    pub(super) fn look_ahead(&self, place: usize, block: &mut Block) {
        let Some((total, ahead)) = self.ahead else {
            return;
        };
        let before = |lane: usize| match (place, &self.levels, &self.values) {
            (0, ..) => 0,
            (_, Some(levels), _) => levels[lane].len(),
            (_, None, Some(numbers)) => numbers.count[lane],
            _ => 0,
        };
        let total = block.column(total).to_vec();
        let symbols = block.column_mut(ahead).iter_mut().enumerate();
        for ((lane, symbol), total) in symbols.zip(total) {
            *symbol = usize::from(total).saturating_sub(before(lane)) as u8;
        }
    }

    /// Tells the row what the values to come leave.
    pub(super) fn look_aside(&self, block: &mut Block) {
        let (Some((_, ahead)), Some((takes, spare))) = (self.ahead, self.spare) else {
            return;
        };
        let (from, own) = match takes {
            Takes::Rows(left) => (left, 1),
            Takes::Next(_, ahead) => (ahead, 0),
        };
        let [from, ahead] = [from, ahead].map(|feature| block.column(feature).to_vec());
        let symbols = block.column_mut(spare).iter_mut();
        for ((symbol, from), ahead) in symbols.zip(from).zip(ahead) {
            *symbol = (from + own).saturating_sub(ahead);
        }
    }

    /// Whether there are values to come, and whether they leave anything, as far as is known; the
    /// highest count means as many or more.
    pub(super) fn room(&self, lane: usize, block: &Block) -> [bool; 2] {
        let symbol = |feature: usize| block.column(feature)[lane];
        let is_known = |total: usize| u64::from(symbol(total)) < Feature::PLACES;
        let Some((_, ahead)) = self.ahead.filter(|&(total, _)| is_known(total)) else {
            return [true, true];
        };
        let spare = self.spare.filter(|(takes, _)| match *takes {
            Takes::Rows(_) => true,
            Takes::Next(total, _) => is_known(total),
        });
        [
            symbol(ahead) > 0,
            spare.is_none_or(|(_, spare)| symbol(spare) > 0),
        ]
    }
}
