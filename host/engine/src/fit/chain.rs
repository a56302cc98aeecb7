//! Whether one owner's rows are exchangeable or follow one another, told by held-out bits.
//!
//! A chain draws each row given the one before it: what stays the same is copied, what moves on
//! is drawn as a difference. It is chosen where that costs held-out rows fewer bits than rows
//! that know nothing of their siblings but what their owner says.

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;
use arrow::row::{RowConverter, SortField};
use prodlike_core::model::{Chain, Feature, Fill, NextCodec, Target, Toward};
use prodlike_core::schema::DataType;
use prodlike_models::codec::{self, Codec, Unit};
use prodlike_models::recent::{move_to_front, recency};
use rayon::prelude::*;

use super::columns::Encoding;
use super::encode::{self, Encoded, Floor};
use super::features::{Learning, entropy};
use super::judge::{Judge, width};
use super::{Fitter, Following, Variable};
use crate::error::Error;

/// Fewest owners with several rows.
const OWNERS: usize = 20;
/// Symbols from which a value that comes again is copied instead of drawn again.
const MANY: usize = 16;
/// The share of copies from which they get a symbol.
const COPIES: f64 = 0.02;
/// Most values that are told apart by how long ago they were.
const RECENT: u8 = 8;
/// The share of rows that go back to an earlier level from another one, from which every level is
/// gone on with.
const TURNS: f64 = 0.05;
/// The share of changes between neighbours that sorting by one more variable must save.
const ALIKE: f64 = 0.02;
/// Bits a row that an order must save to be one.
const SAVED: f64 = 0.25;
/// The share of bits that a chain must save: what follows from row to row drifts, which bits given
/// real rows before do not see, and is slower to draw.
const PAYS: f64 = 0.04;
/// The share of what is uncertain of a last row's place that an owner must leave no more than.
const TOLD: f64 = 0.5;
/// The share of rows that agree with the row before from which something else orders them.
pub(super) const TIED: f64 = 0.01;
/// The share of such rows that it must tell apart.
const APART: f64 = 0.5;

/// The rows of each owner in order.
pub(super) struct Siblings {
    /// The variables that rows ascend in: natural keys of the encoding first, numbered behind
    /// its variables.
    pub(super) order: Vec<usize>,
    /// Whether no two siblings agree in all of them.
    pub(super) strict: bool,
    /// Whether an owner has more rows than follow one another.
    is_long: bool,
    /// The row before, [`u32::MAX`] for none.
    pub(super) previous: Vec<u32>,
    /// Rows before, and rows after.
    pub(super) place: Vec<u8>,
    pub(super) left: Vec<u8>,
}

/// Sorts rows by their owner, then by a number.
fn sort_within(rows: &mut [u32], links: &[u32], ticks: &[Option<i64>]) {
    rows.sort_unstable_by_key(|&row| (links[row as usize], ticks[row as usize], row));
}

/// The symbols of the rows that others point to; 0 where they point to none.
pub(super) fn before(links: &[u32], symbols: &[u8]) -> Vec<u8> {
    links
        .iter()
        .map(|&link| symbols.get(link as usize).copied().unwrap_or(0))
        .collect()
}

/// The symbols of [`Feature::Other`], from those of its variable.
pub(super) fn others(previous: &[u32], symbols: &[u8]) -> Vec<u8> {
    remembered(previous, |other, row| {
        let earlier = symbols.get(previous[row] as usize);
        match earlier.filter(|earlier| **earlier != symbols[row]) {
            Some(earlier) => earlier + 1,
            None => other,
        }
    })
}

/// What [`NextCodec::Recent`] draws, telling `told` values apart, and the symbols of
/// [`Feature::Distinct`]; of a first row, 0.
fn recent(previous: &[u32], symbols: &[u8], told: u8) -> [Vec<u8>; 2] {
    let (mut drawn, mut distinct) = (vec![0; previous.len()], vec![0; previous.len()]);
    let mut values: Vec<u8> = Vec::new();
    in_order(previous, |before, row| {
        let Some(before) = before else {
            values.clear();
            return;
        };
        move_to_front(&mut values, symbols[before]);
        drawn[row] = recency(&values, symbols[row], told);
        distinct[row] = (values.len() as u64).min(Feature::PLACES) as u8;
    });
    [drawn, distinct]
}

/// The symbols of [`Feature::Last`], from those of the variable that is the same and of its own.
pub(super) fn lasts(previous: &[u32], same: &[u8], symbols: &[u8]) -> Vec<u8> {
    let mut known = vec![0; previous.len()];
    let mut last = [0; 256];
    in_order(previous, |before, row| {
        match before {
            Some(before) => last[usize::from(same[before])] = symbols[before] + 1,
            None => last = [0; 256],
        }
        known[row] = last[usize::from(same[row])];
    });
    known
}

/// The variable of levels by which owners go to and fro, if any does so often.
pub(super) fn turns<'a>(
    previous: &[u32],
    variables: impl Iterator<Item = (usize, &'a Variable)>,
) -> Option<usize> {
    let nexts = previous.iter().filter(|it| **it != u32::MAX).count();
    let levels = variables.filter(|(_, it)| matches!(it.codec, Codec::Levels { .. }));
    let returns = levels.map(|(index, variable)| {
        let symbols = &variable.symbols;
        let was = lasts(previous, symbols, &vec![0; previous.len()]);
        let returns = |row: &usize| {
            let before = symbols.get(previous[*row] as usize);
            was[*row] > 0 && before.is_some_and(|before| *before != symbols[*row])
        };
        ((0..previous.len()).filter(returns).count(), index)
    });
    let (most, index) = returns.max_by_key(|&(most, index)| (most, std::cmp::Reverse(index)))?;
    (most as f64 > TURNS * nexts as f64).then_some(index)
}

/// The symbols of [`Feature::Had`], from those of its variable.
pub(super) fn had(previous: &[u32], symbols: &[u8], symbol: u8) -> Vec<u8> {
    remembered(previous, |had, row| had | u8::from(symbols[row] == symbol))
}

/// What each row of a chain knows: `then` of what the row before knows, and that row.
fn remembered(previous: &[u32], then: impl Fn(u8, usize) -> u8) -> Vec<u8> {
    let mut known = vec![0; previous.len()];
    in_order(previous, |before, row| {
        if let Some(before) = before {
            known[row] = then(known[before], before);
        }
    });
    known
}

/// Visits the rows of every owner in order, with the one before each.
pub(super) fn in_order(previous: &[u32], mut visit: impl FnMut(Option<usize>, usize)) {
    let mut next = vec![u32::MAX; previous.len()];
    for (row, &before) in previous.iter().enumerate() {
        if let Some(next) = next.get_mut(before as usize) {
            *next = row as u32;
        }
    }
    for first in (0..previous.len()).filter(|&row| previous[row] == u32::MAX) {
        visit(None, first);
        let mut before = first;
        while let Some(&row) = next.get(before).filter(|row| **row != u32::MAX) {
            visit(Some(before), row as usize);
            before = row as usize;
        }
    }
}

impl Fitter<'_> {
    /// Puts the rows of every owner in order; `None` where there is no owner, too few have
    /// several rows, or one has too many that a key makes distinct.
    pub(super) fn siblings(
        &self,
        table: usize,
        encoding: &Encoding,
    ) -> Result<Option<Siblings>, Error> {
        let Some(edge) = self.owners[table] else {
            return Ok(None);
        };
        let parent = self.index(&self.schema.relationships[edge].parent_table)?;
        let Some(degrees) = self.sample_degrees(edge, parent, table) else {
            return Ok(None);
        };
        let several = degrees.iter().filter(|&&degree| degree > 1).count();
        let most = degrees.iter().max().copied().unwrap_or(0);
        if several < OWNERS {
            return Ok(None);
        }
        let links = self.links(table, edge);
        let Some((order, strict)) = self.ascending(table, encoding, links)? else {
            return Ok(None);
        };
        let is_long = most > Chain::SEGMENT;
        if is_long && strict {
            self.progress.warn(&format!(
                "table `{}`: an owner has {most} rows that a key makes distinct, more than {}; how its rows follow one another is not learned, only what they have in common",
                self.schema.tables[table].name, Chain::SEGMENT
            ));
            return Ok(None);
        }
        let mut keys: Vec<Vec<Option<i64>>> = Vec::new();
        for &variable in &order {
            keys.push(self.ticks(table, encoding, variable)?);
        }
        let mut rows: Vec<u32> = (0..links.len() as u32).collect();
        rows.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            let by_key = keys.iter().map(|key| key[a].cmp(&key[b]));
            (links[a].cmp(&links[b])).then(
                by_key
                    .fold(std::cmp::Ordering::Equal, |order, next| order.then(next))
                    .then(a.cmp(&b)),
            )
        });
        let n = rows.len();
        // No key says so, but all the rows do.
        let agree = |pair: &[u32]| {
            let [a, b] = [pair[0] as usize, pair[1] as usize];
            links[a] == links[b] && links[a] != u32::MAX && keys.iter().all(|key| key[a] == key[b])
        };
        let strict = strict || !is_long && order.len() > 1 && !rows.windows(2).any(agree);
        let mut siblings = Siblings {
            order,
            strict,
            is_long,
            previous: vec![u32::MAX; n],
            place: vec![0; n],
            left: vec![0; n],
        };
        let capped = |count: usize| (count as u64).min(Feature::PLACES) as u8;
        for group in rows.chunk_by(|&a, &b| links[a as usize] == links[b as usize]) {
            // Rows without an owner are nobody's siblings.
            if links[group[0] as usize] == u32::MAX {
                continue;
            }
            for (place, &row) in group.iter().enumerate() {
                let row = row as usize;
                if !(place as u64).is_multiple_of(Chain::SEGMENT) {
                    siblings.previous[row] = group[place - 1];
                }
                siblings.place[row] = capped(place);
                siblings.left[row] = capped(group.len() - 1 - place);
            }
        }
        Ok(Some(siblings))
    }

    /// What siblings ascend in, and whether a key makes it strict: the distinguishing part of a
    /// key; else the number or time in which neighbours are told by fewest bits, and what tells
    /// those apart that agree in it; else nothing but the order of the primary key.
    ///
    /// `None` where rows have no order at all.
    fn ascending(
        &self,
        table: usize,
        encoding: &Encoding,
        links: &[u32],
    ) -> Result<Option<(Vec<usize>, bool)>, Error> {
        let schema = &self.schema.tables[table];
        let n = encoding.variables.len();
        for (place, (position, variable)) in encoding.natural.iter().enumerate() {
            if !is_plain(schema, variable) {
                continue;
            }
            // The rest of the same key tells apart what the first column does not.
            let name = &schema.columns[*position].name;
            let key = std::iter::once(&schema.primary_key)
                .chain(&schema.unique)
                .find(|key| key.contains(name) && key.len() > 1);
            let rest = key.into_iter().flatten().filter_map(|other| {
                let column = schema.column_idx(other).filter(|it| it != position)?;
                let is_it = |it: &usize| encoding.variables[*it].target == Target::Column(column);
                (0..n).find(is_it)
            });
            let (numbers, levels): (Vec<usize>, Vec<usize>) =
                rest.partition(|&it| is_plain(schema, &encoding.variables[it]));
            let mut order = vec![n + place];
            order.extend(numbers);
            // One more may tell rows apart by levels; of several, the numbers must.
            if let [last] = levels[..]
                && matches!(encoding.variables[last].codec, Codec::Levels { .. })
            {
                order.push(last);
            }
            return Ok(Some((order, true)));
        }
        let mut rows: Vec<u32> = (0..links.len() as u32)
            .filter(|&row| links[row as usize] != u32::MAX)
            .collect();
        let mut best: Option<(f64, usize)> = None;
        for variable in (0..n).filter(|&it| is_plain(schema, &encoding.variables[it])) {
            let ticks = self.ticks(table, encoding, variable)?;
            sort_within(&mut rows, links, &ticks);
            let saved = self.saved(table, &encoding.variables[variable], links, &rows, &ticks);
            if saved > SAVED && best.is_none_or(|(most, _)| saved > most) {
                best = Some((saved, variable));
            }
        }
        let Some((_, first)) = best else {
            let is_row_order = !schema.primary_key.is_empty();
            return Ok(is_row_order.then(|| (Vec::new(), false)));
        };
        let ticks = self.ticks(table, encoding, first)?;
        sort_within(&mut rows, links, &ticks);
        let same = |a: &u32, b: &u32| {
            let (a, b) = (*a as usize, *b as usize);
            links[a] == links[b] && ticks[a] == ticks[b]
        };
        let ties: Vec<&[u32]> = rows.chunk_by(same).filter(|run| run.len() > 1).collect();
        let mut order = vec![first];
        if let Some(second) = tells_apart(encoding, &ties, rows.len(), first) {
            order.extend(keeps_together(schema, encoding, &ties, first, second));
            order.push(second);
        }
        Ok(Some((order, false)))
    }

    /// Bits a row that are saved where siblings are sorted by a number and told by differences,
    /// compared with a set of independent values.
    fn saved(
        &self,
        table: usize,
        variable: &Variable,
        links: &[u32],
        rows: &[u32],
        ticks: &[Option<i64>],
    ) -> f64 {
        let mut differences = vec![None; ticks.len()];
        let mut firsts = Vec::new();
        let mut orders = 0.0;
        for group in rows.chunk_by(|&a, &b| links[a as usize] == links[b as usize]) {
            firsts.push(variable.symbols[group[0] as usize]);
            for (place, pair) in group.windows(2).enumerate() {
                orders += (place as f64 + 2.0).log2();
                let [before, row] = [pair[0], pair[1]].map(|row| ticks[row as usize]);
                differences[pair[1] as usize] = before
                    .zip(row)
                    .and_then(|(before, row)| row.checked_sub(before));
            }
        }
        let Encoded::Symbols { codec, symbols, .. } =
            encode::differences(&differences, self.floor(table))
        else {
            return 0.0;
        };
        let nexts: Vec<u8> = (0..ticks.len())
            .filter(|&row| differences[row].is_some())
            .map(|row| symbols[row])
            .collect();
        let bits = |codec: &Codec, symbols: &[u8]| {
            symbols.len() as f64 * (entropy(symbols) + width(codec, symbols))
        };
        let all: Vec<u8> = rows
            .iter()
            .map(|&row| variable.symbols[row as usize])
            .collect();
        let alone = bits(&variable.codec, &all) - orders;
        let sorted = bits(&variable.codec, &firsts) + bits(&codec, &nexts);
        (alone - sorted) / rows.len().max(1) as f64
    }

    /// The values of a variable, or its symbols where they are no numbers; natural keys are
    /// numbered behind the variables.
    pub(super) fn ticks(
        &self,
        table: usize,
        encoding: &Encoding,
        variable: usize,
    ) -> Result<Vec<Option<i64>>, Error> {
        let n = encoding.variables.len();
        let variable = match variable.checked_sub(n) {
            Some(natural) => &encoding.natural[natural].1,
            None => &encoding.variables[variable],
        };
        let schema = &self.schema.tables[table];
        let symbols = || {
            variable
                .symbols
                .iter()
                .map(|&symbol| Some(i64::from(symbol)))
        };
        let position = match variable.target {
            Target::Column(position) if is_plain(schema, variable) => position,
            _ => return Ok(symbols().collect()),
        };
        let array = self.samples[table].batch.column(position);
        encode::ticks(&schema.name, &schema.columns[position], array)
    }

    /// What the owner says of where its last row lies, and how many steps each row has left: by
    /// the owner's feature that says most, if it says enough.
    pub(super) fn toward(
        &self,
        table: usize,
        known: &Learning,
        encoding: &Encoding,
        siblings: &Siblings,
    ) -> Result<Option<(Toward, Vec<u8>)>, Error> {
        let Some(&first) = siblings.order.first() else {
            return Ok(None);
        };
        if !is_plain(&self.schema.tables[table], &encoding.variables[first]) {
            return Ok(None);
        }
        let ticks = self.ticks(table, encoding, first)?;
        let previous = &siblings.previous;
        let last: Vec<usize> = (0..ticks.len())
            .filter(|&row| siblings.left[row] == 0 && previous[row] != u32::MAX)
            .filter(|&row| ticks[row].is_some())
            .collect();
        let mut steps: Vec<i64> = (0..ticks.len())
            .filter(|&row| previous[row] != u32::MAX)
            .filter_map(|row| ticks[row]?.checked_sub(ticks[previous[row] as usize]?))
            .filter(|&step| step > 0)
            .collect();
        if steps.is_empty() {
            return Ok(None);
        }
        steps.sort_unstable();
        let unit = steps[steps.len() / 2];
        let floor = self.floor(table);
        let away = |symbols: &[u8], ends: &[i64]| -> f64 {
            let away = last.iter().map(|&row| {
                let end = ends[usize::from(symbols[row])];
                ticks[row].map_or(0.0, |value| value.abs_diff(end) as f64)
            });
            away.sum::<f64>() / last.len().max(1) as f64
        };
        let all = vec![0u8; ticks.len()];
        let alone = away(&all, &ends(&all, &last, &ticks, floor));
        let mut best: Option<(f64, usize, Vec<i64>)> = None;
        for (feature, symbols) in known.symbols.iter().enumerate() {
            if !matches!(known.features[feature], Feature::Owner(_)) {
                continue;
            }
            let ends = ends(symbols, &last, &ticks, floor);
            let away = away(symbols, &ends);
            if away < TOLD * alone && best.as_ref().is_none_or(|(least, ..)| away < *least) {
                best = Some((away, feature, ends));
            }
        }
        let Some((_, feature, ends)) = best else {
            return Ok(None);
        };
        let toward = Toward {
            feature,
            ends,
            unit,
        };
        let symbol = |row: usize| match ticks.get(previous[row] as usize) {
            Some(&Some(before)) => toward.symbol(known.symbols[feature][row], before),
            _ => 0,
        };
        let symbols = (0..ticks.len()).map(symbol).collect();
        Ok(Some((toward, symbols)))
    }

    /// Makes a table's rows a chain, if that pays: natural keys become variables, and every
    /// variable learns what follows. Returns the siblings, with variables renumbered.
    pub(super) fn chained(
        &self,
        table: usize,
        known: &Learning,
        shapes: &[Variable],
        encoding: &mut Encoding,
        [ranks, other]: [&mut Vec<usize>; 2],
        mut siblings: Siblings,
    ) -> Option<Siblings> {
        let n = encoding.variables.len();
        let natural: Vec<usize> = siblings
            .order
            .iter()
            .copied()
            .filter(|&it| it >= n)
            .collect();
        let variables = || {
            let natural = natural.iter().map(|&it| &encoding.natural[it - n].1);
            encoding.variables.iter().chain(natural)
        };
        let mut candidates: Vec<Vec<Following>> = variables()
            .map(|variable| self.following(table, variable, &siblings))
            .collect();
        // Natural keys are ascended in, and so come before everything.
        for ranks in [&mut *ranks, &mut *other] {
            ranks.extend(std::iter::repeat_n(0, natural.len()));
        }
        let variables: Vec<&Variable> = variables().collect();
        let mut judge = Judge::new(known, shapes, variables, ranks.clone(), &siblings);
        // What a row costs by itself; a key drawn without replacement costs its domain.
        let own: Vec<f64> = (0..n + natural.len())
            .into_par_iter()
            .map(|variable| match variable.checked_sub(n) {
                Some(_) => judge.domain(variable),
                None => judge.own(variable),
            })
            .collect();
        let jobs: Vec<(usize, usize)> = candidates
            .iter()
            .enumerate()
            .flat_map(|(variable, list)| (0..list.len()).map(move |it| (variable, it)))
            .collect();
        let costs: Vec<f64> = jobs
            .par_iter()
            .map(|&(variable, it)| judge.next(variable, &candidates[variable][it]))
            .collect();
        let mut chosen: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); candidates.len()];
        for (&(variable, it), &cost) in jobs.iter().zip(&costs) {
            if cost < chosen[variable].0 {
                chosen[variable] = (cost, it);
            }
        }
        let followings: Vec<Following> = (candidates.iter_mut().zip(&chosen))
            .map(|(list, (_, it))| list.swap_remove(*it))
            .collect();
        // What follows depends on the order of drawing more than what stands alone does.
        judge.take_steps(&followings);
        let mut chain = judge.chain(&followings);
        let mut best = ranks.clone();
        for ranks in [other.clone(), judge.by_steps(&followings)] {
            judge.ranks = ranks;
            let bits = judge.chain(&followings);
            if bits < chain {
                (chain, best) = (bits, judge.ranks.clone());
            }
        }
        let alone: f64 = own.iter().sum::<f64>() - judge.order();
        tracing::debug!(
            "{}: {alone:.3} held-out bits a row exchangeable, {chain:.3} as a chain",
            self.schema.tables[table].name
        );
        if chain > (1.0 - PAYS) * alone {
            ranks.truncate(n);
            return None;
        }
        drop(judge);
        *ranks = best;
        for (at, &variable) in natural.iter().enumerate() {
            let (position, variable) = std::mem::replace(
                &mut encoding.natural[variable - n],
                (
                    0,
                    Variable::new(Target::Column(0), Codec::Presence, Vec::new()),
                ),
            );
            encoding.fills[position] = Fill::Drawn(n + at);
            encoding.variables.push(variable);
        }
        encoding.natural.clear();
        let renumbered = |variable: &mut usize| {
            if let Some(at) = natural.iter().position(|it| it == variable) {
                *variable = n + at;
            }
        };
        siblings.order.iter_mut().for_each(renumbered);
        let first = siblings.order.first().filter(|_| siblings.is_long).copied();
        for (at, (variable, mut following)) in
            encoding.variables.iter_mut().zip(followings).enumerate()
        {
            following.starts = first == Some(at);
            variable.next = Some(following);
        }
        Some(siblings)
    }

    /// The ways in which a variable may follow from the row before.
    fn following(&self, table: usize, variable: &Variable, siblings: &Siblings) -> Vec<Following> {
        let n = variable.symbols.len();
        let with = |row: usize| siblings.previous[row] != u32::MAX;
        let values = (0..n).map(|row| if with(row) { variable.symbols[row] } else { 0 });
        let mut ways = vec![Following::new(NextCodec::Value, values.collect())];
        let Target::Column(position) = variable.target else {
            return ways;
        };
        let schema = &self.schema.tables[table];
        let array = self.samples[table].batch.column(position);
        let floor = self.floor(table);
        let nexts = (0..n).filter(|&row| with(row)).count();
        if variable.codec.symbols() > MANY
            && variable.codec.symbols() < codec::MAX_SYMBOLS
            && let Some(copied) = copied(array, &siblings.previous)
        {
            let copies = copied.iter().filter(|copied| **copied).count();
            if copies as f64 > COPIES * nexts as f64 && floor.holds(n, |row| copied[row]) {
                let copy = variable.codec.symbols() as u8;
                let symbols = ways[0].symbols.iter().zip(&copied);
                let symbols = symbols.map(|(&symbol, &copied)| if copied { copy } else { symbol });
                ways.push(Following::new(NextCodec::Copy, symbols.collect()));
            }
        }
        if let (Codec::Levels { .. }, 3..) = (&variable.codec, variable.codec.symbols()) {
            let [all, distinct] = recent(&siblings.previous, &variable.symbols, RECENT);
            let told = (2..=RECENT).rev().find(|&told| {
                floor.holds(n, |row| with(row) && (told - 1..RECENT).contains(&all[row]))
            });
            let is_new = floor.holds(n, |row| with(row) && all[row] == RECENT);
            if let (Some(told), true) = (told, is_new) {
                let symbol = |&symbol: &u8| match symbol {
                    RECENT => told,
                    place => place.min(told - 1),
                };
                let symbols = all.iter().map(symbol).collect();
                ways.push(Following {
                    distinct,
                    ..Following::new(NextCodec::Recent(told), symbols)
                });
            }
        }
        if is_plain(schema, variable)
            && variable.codec.symbols() > MANY
            && let Ok(ticks) = encode::ticks(&schema.name, &schema.columns[position], array)
        {
            let difference = |row: usize| {
                let before = *ticks.get(siblings.previous[row] as usize)?;
                ticks[row]?.checked_sub(before?)
            };
            let differences: Vec<Option<i64>> = (0..n).map(difference).collect();
            if let Encoded::Symbols { codec, symbols, .. } =
                encode::differences(&differences, floor)
            {
                ways.push(Following::new(NextCodec::Delta(codec), symbols));
            }
        }
        ways
    }
}

/// The variable that best tells apart siblings that agree in the one they are sorted by.
fn tells_apart(encoding: &Encoding, ties: &[&[u32]], rows: usize, first: usize) -> Option<usize> {
    let tied: usize = ties.iter().map(|run| run.len() - 1).sum();
    if (tied as f64) < TIED * rows as f64 {
        return None;
    }
    let told = |variable: usize| {
        let symbols = &encoding.variables[variable].symbols;
        let mut differences = Vec::with_capacity(tied);
        for run in ties {
            let mut run: Vec<u8> = run.iter().map(|&row| symbols[row as usize]).collect();
            run.sort_unstable();
            differences.extend(run.windows(2).map(|pair| pair[1] - pair[0]));
        }
        let apart = differences.iter().filter(|it| **it > 0).count();
        (apart, entropy(&differences))
    };
    let candidates = (0..encoding.variables.len())
        .filter(|&variable| variable != first)
        .filter(|&variable| matches!(encoding.variables[variable].target, Target::Column(_)));
    let candidates = candidates
        .map(|variable| (variable, told(variable)))
        .filter(|(_, (apart, _))| *apart as f64 > APART * tied as f64);
    let best = candidates.min_by(|a, b| a.1.1.total_cmp(&b.1.1).then(a.0.cmp(&b.0)));
    best.map(|(variable, _)| variable)
}

/// The number by which siblings that agree in the first are better sorted before the second: then
/// neighbours are alike in more of their levels.
fn keeps_together(
    schema: &prodlike_core::schema::Table,
    encoding: &Encoding,
    ties: &[&[u32]],
    first: usize,
    second: usize,
) -> Option<usize> {
    let symbols = |variable: usize, row: u32| encoding.variables[variable].symbols[row as usize];
    let others = || (0..encoding.variables.len()).filter(|it| ![first, second].contains(it));
    let has_levels = |it: &usize| matches!(encoding.variables[*it].codec, Codec::Levels { .. });
    let columns: Vec<usize> = others().filter(has_levels).collect();
    let changes = |between: Option<usize>| -> usize {
        let changes = ties.iter().map(|run| {
            let mut run = run.to_vec();
            let place = |row: u32| between.map_or(0, |it| symbols(it, row));
            run.sort_by_key(|&row| (place(row), symbols(second, row), row));
            let pairs = run.windows(2).map(|pair| {
                let changed = |it: &&usize| symbols(**it, pair[0]) != symbols(**it, pair[1]);
                columns.iter().filter(changed).count()
            });
            pairs.sum::<usize>()
        });
        changes.sum()
    };
    let alone = changes(None);
    let candidates = others().filter(|&it| is_plain(schema, &encoding.variables[it]));
    let candidates = candidates.map(|it| (changes(Some(it)), it));
    let (fewest, best) = candidates.min()?;
    ((fewest as f64) < (1.0 - ALIKE) * alone as f64).then_some(best)
}

/// The mean of the last values for each symbol of an owner's; of all where the floor does not
/// hold for them.
fn ends(symbols: &[u8], last: &[usize], ticks: &[Option<i64>], floor: Floor<'_>) -> Vec<i64> {
    let classes = symbols
        .iter()
        .max()
        .map_or(1, |&most| usize::from(most) + 1);
    let mut sums = vec![(0i128, 0i128); classes];
    let mut class = vec![None; symbols.len()];
    for &row in last {
        let of = usize::from(symbols[row]);
        sums[of].0 += i128::from(ticks[row].unwrap_or(0));
        sums[of].1 += 1;
        class[row] = Some(of);
    }
    let entities = floor.count(classes, |row| class[row], symbols.len());
    let whole = sums.iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let mean = |(sum, rows): (i128, i128)| (sum + rows / 2).div_euclid(rows.max(1)) as i64;
    let of = |(sums, entities): (&(i128, i128), u32)| match entities >= floor.k && sums.1 > 0 {
        true => mean(*sums),
        false => mean(whole),
    };
    sums.iter().zip(entities).map(of).collect()
}

/// Whether a variable is a number that differences can be taken of.
fn is_plain(schema: &prodlike_core::schema::Table, variable: &Variable) -> bool {
    let Target::Column(position) = variable.target else {
        return false;
    };
    let data_type = &schema.columns[position].data_type;
    matches!(
        &variable.codec,
        Codec::Integer {
            nullable: false,
            decimals: 0,
            unit: Unit::Tick,
            specials,
            bins,
            ..
        } if specials.is_empty() && !bins.is_empty()
    ) && !data_type.is_wide()
        && !data_type.is_float()
        && !matches!(data_type, DataType::Boolean | DataType::Enum(_))
}

/// Whether each row has the value of the row before it.
fn copied(array: &ArrayRef, previous: &[u32]) -> Option<Vec<bool>> {
    let at: UInt32Array = previous
        .iter()
        .map(|&row| (row != u32::MAX).then_some(row))
        .collect();
    let before = take(array, &at, None).ok()?;
    let converter = RowConverter::new(vec![SortField::new(array.data_type().clone())]).ok()?;
    let rows = |array: ArrayRef| converter.convert_columns(&[array]).ok();
    let (own, before) = (rows(array.clone())?, rows(before)?);
    let same = |row: usize| previous[row] != u32::MAX && own.row(row) == before.row(row);
    Some((0..array.len()).map(same).collect())
}

/// The symbols of [`Feature::Step`]: what was drawn given the row before, where that is no value.
pub(super) fn steps(previous: &[u32], symbols: usize, next: &Following) -> Option<Vec<u8>> {
    let step = |row: usize| match (previous[row], &next.codec) {
        (u32::MAX, _) => 0,
        (_, NextCodec::Copy) => 1 + u8::from(usize::from(next.symbols[row]) == symbols),
        _ => next.symbols[row].saturating_add(1),
    };
    match next.codec {
        NextCodec::Value | NextCodec::Part(_) => None,
        _ => Some((0..next.symbols.len()).map(step).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::{had, others};

    #[test]
    fn the_last_other_value_is_that_before_the_last_change() {
        // Two owners, the rows of the first one not in the order of the sample.
        let previous = [1, 3, u32::MAX, u32::MAX, 0, 2, 4];
        let symbols = [7, 5, 9, 5, 7, 8, 5];
        assert_eq!(others(&previous, &symbols), [0, 0, 0, 0, 6, 0, 6]);
        assert_eq!(had(&previous, &symbols, 7), [0, 0, 0, 0, 1, 0, 1]);
        assert_eq!(had(&previous, &symbols, 5), [1, 1, 0, 0, 1, 0, 1]);
        assert!(others(&[], &[]).is_empty());
    }
}
