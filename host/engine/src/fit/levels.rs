//! Levels: the strings of a closed vocabulary and the rows of a kept parent, in symbols.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray};
use prodlike_models::codec::{Codec, MAX_MEMBERS, MAX_SYMBOLS};
use prodlike_models::philox::mix;

use super::Variable;
use super::encode::{Encoded, Floor};

/// Most levels with a symbol each.
const FEW: usize = MAX_SYMBOLS - 2;
/// Fewest rows of all, as one in so many, that a group of levels has: as many groups fit.
const GROUP: u64 = 160;
/// Bits a row that levels must say of another variable to be put in its order.
const TOLD: f64 = 0.02;
/// Rows that what is known of a variable alone counts as, beside those of one level.
const PRIOR: f64 = 2.0;

/// A codec, and the symbols of all rows.
type Coded = (Codec, Vec<u8>);

/// A column of strings whose symbols depend on other columns: which levels are alike, where there
/// are more than symbols, and which of them stand in for those that the floor pooled.
pub(super) struct Strings {
    nullable: bool,
    /// Descending frequency.
    levels: Vec<String>,
    /// The level of each row; `None` is NULL.
    of: Vec<Option<u32>>,
    /// Rows whose level was pooled: they are taught as another.
    pooled: Vec<bool>,
}

/// Levels in the order of another variable.
struct Order<'a> {
    /// Its symbols.
    other: &'a [u8],
    /// The median of them among the rows of each level.
    medians: Vec<u8>,
}

/// Encodes strings, by the frequencies of `levels`, the most frequent first.
pub(super) fn strings(
    array: &ArrayRef,
    levels: &[(String, u64)],
    distinct: u64,
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let n = array.len();
    let texts = array.as_string::<i32>();
    let position: HashMap<&str, usize> = levels
        .iter()
        .enumerate()
        .map(|(i, (level, _))| (level.as_str(), i))
        .collect();
    let of: Vec<Option<usize>> = (0..n)
        .map(|row| {
            if texts.is_null(row) {
                None
            } else {
                position.get(texts.value(row)).copied()
            }
        })
        .collect();
    let entities = floor.count(levels.len(), |row| of[row], n);
    let rows: Vec<u64> = levels.iter().map(|level| level.1).collect();
    let Some(chosen) = Chosen::new(&rows, &entities, floor.k, usize::MAX) else {
        return Encoded::Nothing;
    };
    let pooled = distinct.saturating_sub(chosen.kept.len() as u64);
    let suppressed = if pooled > 0 {
        vec![("levels", pooled)]
    } else {
        Vec::new()
    };
    let levels: Vec<String> = (chosen.kept.iter())
        .map(|&level| levels[level].0.clone())
        .collect();
    let own = |row: usize| of[row].and_then(|level| chosen.symbol[level]);
    let is_null = |row: usize| nullable && texts.is_null(row);
    let level = |row: usize| (!is_null(row)).then(|| own(row).unwrap_or(0) as u32);
    let strings = Strings {
        nullable,
        levels,
        of: (0..n).map(level).collect(),
        pooled: (0..n)
            .map(|row| !is_null(row) && own(row).is_none())
            .collect(),
    };
    if strings.levels.len() > FEW || strings.pooled.contains(&true) {
        return Encoded::Strings {
            strings,
            suppressed,
        };
    }
    let (codec, symbols) = strings.in_levels();
    Encoded::Symbols {
        codec,
        symbols,
        suppressed,
    }
}

/// Encodes which row of a kept parent each row refers to.
pub(super) fn kept_rows(
    links: &[u32],
    parents: usize,
    nullable: bool,
    floor: Floor<'_>,
) -> Option<(Coded, Vec<(&'static str, u64)>)> {
    let of = |row: usize| (links[row] != u32::MAX).then_some(links[row] as usize);
    let mut rows = vec![0u64; parents];
    (0..links.len())
        .filter_map(of)
        .for_each(|parent| rows[parent] += 1);
    let mut order: Vec<usize> = (0..parents).filter(|&parent| rows[parent] > 0).collect();
    order.sort_by_key(|&parent| (u64::MAX - rows[parent], parent));
    let rank: Vec<Option<usize>> = {
        let mut rank = vec![None; parents];
        order
            .iter()
            .enumerate()
            .for_each(|(i, &parent)| rank[parent] = Some(i));
        rank
    };
    let counts: Vec<u64> = order.iter().map(|&parent| rows[parent]).collect();
    let entities = floor.count(order.len(), |row| rank[of(row)?], links.len());
    let null = usize::from(nullable);
    let Some(chosen) = Chosen::new(&counts, &entities, floor.k, FEW) else {
        // No single row may be told: all of the parent's rows, evenly.
        let symbols = (0..links.len())
            .map(|row| if of(row).is_none() { 0 } else { null as u8 })
            .collect();
        let other: Vec<u32> = (0..parents as u32).collect();
        return match other.is_empty() && !nullable {
            true => None,
            false => Some((
                (
                    Codec::Rows {
                        nullable,
                        rows: Vec::new(),
                        other,
                    },
                    symbols,
                ),
                vec![("references", order.len() as u64)],
            )),
        };
    };
    let pooled: Vec<u32> = (0..order.len())
        .filter(|&i| chosen.symbol[i].is_none())
        .map(|i| order[i] as u32)
        .collect();
    // Together the pooled rows must hold the floor too, or they are left out.
    let is_pooled = |row: usize| {
        of(row)
            .and_then(|p| rank[p])
            .is_some_and(|i| chosen.symbol[i].is_none())
    };
    let other = if pooled.len() > 1 && floor.holds(links.len(), is_pooled) {
        pooled.clone()
    } else {
        Vec::new()
    };
    let suppressed = if pooled.is_empty() {
        Vec::new()
    } else {
        vec![("references", pooled.len() as u64)]
    };
    let symbols = (0..links.len())
        .map(|row| match of(row).and_then(|parent| rank[parent]) {
            None if nullable => 0,
            None => (null + chosen.stand_in(row)) as u8,
            Some(i) => {
                (null
                    + match chosen.symbol[i] {
                        Some(symbol) => symbol,
                        None if !other.is_empty() => chosen.kept.len(),
                        None => chosen.stand_in(row),
                    }) as u8
            }
        })
        .collect();
    let mut sorted = other;
    sorted.sort_unstable();
    let rows = chosen.kept.iter().map(|&i| order[i] as u32).collect();
    let codec = Codec::Rows {
        nullable,
        rows,
        other: sorted,
    };
    Some(((codec, symbols), suppressed))
}

/// The levels above the floor, in descending frequency.
struct Chosen {
    kept: Vec<usize>,
    /// Level → symbol, without NULL.
    symbol: Vec<Option<usize>>,
    cumulative: Vec<u64>,
}

impl Chosen {
    fn new(rows: &[u64], entities: &[u32], k: u32, most: usize) -> Option<Chosen> {
        let kept: Vec<usize> = (0..rows.len())
            .filter(|&i| entities[i] >= k)
            .take(most)
            .collect();
        let mut symbol = vec![None; rows.len()];
        kept.iter()
            .enumerate()
            .for_each(|(i, &level)| symbol[level] = Some(i));
        let mut sum = 0;
        let cumulative = kept
            .iter()
            .map(|&level| {
                sum += rows[level];
                sum
            })
            .collect();
        (!kept.is_empty()).then_some(Chosen {
            kept,
            symbol,
            cumulative,
        })
    }

    /// A level for a row whose own was pooled: by frequency, and the same one every time.
    fn stand_in(&self, row: usize) -> usize {
        let total = self.cumulative[self.cumulative.len() - 1].max(1);
        let draw = mix(row as u64 + 1) % total;
        self.cumulative
            .partition_point(|&sum| sum <= draw)
            .min(self.kept.len() - 1)
    }
}

impl Strings {
    /// Returns the codec and the symbols; and those of the second symbol, which says the level in its
    /// group, where there are more levels than symbols.
    pub(super) fn settled(
        mut self,
        others: &[Variable],
        held_out: &[bool],
    ) -> (Coded, Option<Coded>) {
        let mut rows = vec![0u64; self.levels.len()];
        for (level, pooled) in self.of.iter().zip(&self.pooled) {
            if let Some(level) = level.filter(|_| !pooled) {
                rows[level as usize] += 1;
            }
        }
        let order = self.order(others, held_out);
        let mut ordered: Vec<usize> = (0..rows.len()).collect();
        if let Some(order) = &order {
            ordered.sort_by_key(|&level| (order.medians[level], u64::MAX - rows[level], level));
        }
        self.stand_in(&ordered, order.as_ref(), &rows);
        if self.levels.len() <= FEW {
            return (self.in_levels(), None);
        }
        let (first, second) = self.in_groups(ordered, &rows);
        (first, Some(second))
    }

    /// Teaches what was pooled as levels that were not, by frequency: of those that are like it, as
    /// far as another variable tells.
    fn stand_in(&mut self, ordered: &[usize], order: Option<&Order<'_>>, rows: &[u64]) {
        let mut sum = 0;
        let sums = ordered.iter().map(|&level| {
            sum += rows[level];
            sum
        });
        let sums: Vec<u64> = sums.collect();
        let medians: Vec<u8> = match order {
            Some(order) => ordered.iter().map(|&it| order.medians[it]).collect(),
            None => vec![0; ordered.len()],
        };
        for row in (0..self.of.len()).filter(|&row| self.pooled[row]) {
            let symbol = order.map_or(0, |order| order.other[row]);
            let from = medians.partition_point(|&median| median < symbol);
            let near = [from.checked_sub(1), Some(from)].into_iter().flatten();
            let near = near.filter_map(|place| medians.get(place));
            let nearest = near.min_by_key(|median| median.abs_diff(symbol)).copied();
            let nearest = nearest.unwrap_or(0);
            let from = medians.partition_point(|&median| median < nearest);
            let to = medians.partition_point(|&median| median <= nearest);
            let before = from.checked_sub(1).map_or(0, |it| sums[it]);
            let draw = before + mix(row as u64 + 1) % (sums[to - 1] - before).max(1);
            let place = sums.partition_point(|&sum| sum <= draw).min(to - 1);
            self.of[row] = Some(ordered[place] as u32);
        }
    }

    fn in_levels(self) -> Coded {
        let null = u32::from(self.nullable);
        let symbol = |level: &Option<u32>| level.map_or(0, |level| null + level) as u8;
        let symbols = self.of.iter().map(symbol).collect();
        let codec = Codec::Levels {
            nullable: self.nullable,
            levels: self.levels,
        };
        (codec, symbols)
    }

    /// Puts levels into groups of about equal mass, a symbol each, so that those of a group are
    /// neighbours; a frequent level is its own group.
    fn in_groups(mut self, ordered: Vec<usize>, rows: &[u64]) -> (Coded, Coded) {
        let total: u64 = rows.iter().sum();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let (mut open, mut mass) = (Vec::new(), 0);
        for level in ordered {
            if total > 0 && rows[level] * GROUP >= total {
                groups.push(vec![level]);
                continue;
            }
            open.push(level);
            mass += rows[level];
            if mass * GROUP >= total || open.len() == MAX_MEMBERS {
                groups.push(std::mem::take(&mut open));
                mass = 0;
            }
        }
        groups.extend((!open.is_empty()).then_some(open));
        let null = usize::from(self.nullable);
        let mut symbols = vec![(0, 0); self.levels.len()];
        for (group, members) in groups.iter().enumerate() {
            for (place, &level) in members.iter().enumerate() {
                // Who is alone needs no second symbol.
                let second = if members.len() > 1 { 1 + place } else { 0 };
                symbols[level] = ((null + group) as u8, second as u8);
            }
        }
        let symbol = |level: &Option<u32>| level.map_or((0, 0), |level| symbols[level as usize]);
        let (first, second) = self.of.iter().map(symbol).unzip();
        let sizes: Vec<u8> = groups.iter().map(|members| members.len() as u8).collect();
        let most = sizes.iter().copied().max().unwrap_or(0);
        let level = |level: usize| std::mem::take(&mut self.levels[level]);
        let codec = Codec::Groups {
            nullable: self.nullable,
            levels: groups.into_iter().flatten().map(level).collect(),
            sizes,
        };
        ((codec, first), (Codec::Members(most), second))
    }

    /// The variable that levels say most of, if they say enough of any.
    fn order<'a>(&self, others: &'a [Variable], held_out: &[bool]) -> Option<Order<'a>> {
        // What has no symbols yet is strings itself.
        let others = others.iter().filter(|other| other.codec.symbols() > 1);
        let told = others.map(|other| (self.told(other, held_out), other));
        let best = told.max_by(|a, b| a.0.total_cmp(&b.0));
        let (_, other) = best.filter(|(told, _)| *told > TOLD)?;
        let mut symbols: Vec<Vec<u8>> = vec![Vec::new(); self.levels.len()];
        for (row, level) in self.of.iter().enumerate() {
            if let Some(level) = level.filter(|_| !self.pooled[row]) {
                symbols[level as usize].push(other.symbols[row]);
            }
        }
        let median = |symbols: &mut Vec<u8>| match symbols.len() {
            0 => 0,
            n => *symbols.select_nth_unstable(n / 2).1,
        };
        Some(Order {
            other: &other.symbols,
            medians: symbols.iter_mut().map(median).collect(),
        })
    }

    /// Bits a held-out row that a level says of another variable.
    fn told(&self, other: &Variable, held_out: &[bool]) -> f64 {
        let symbols = other.codec.symbols();
        let mut counts = vec![0u32; (self.levels.len() + 1) * symbols];
        let mut alone = vec![0u32; symbols];
        let mut of_level = vec![0u32; self.levels.len() + 1];
        let at = |row: usize| {
            let level = self.of[row].map_or(0, |level| 1 + level as usize);
            (level, usize::from(other.symbols[row]))
        };
        let rows = |of: bool| {
            (0..self.of.len()).filter(move |&row| !self.pooled[row] && held_out[row] == of)
        };
        for row in rows(false) {
            let (level, symbol) = at(row);
            counts[level * symbols + symbol] += 1;
            of_level[level] += 1;
            alone[symbol] += 1;
        }
        let total = of_level.iter().sum::<u32>();
        let (mut bits, mut judged) = (0.0, 0u64);
        for row in rows(true) {
            let (level, symbol) = at(row);
            let share = f64::from(alone[symbol] + 1) / (f64::from(total) + symbols as f64);
            let count = f64::from(counts[level * symbols + symbol]);
            let given = (count + PRIOR * share) / (f64::from(of_level[level]) + PRIOR);
            bits += (given / share).log2();
            judged += 1;
        }
        bits / judged.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use prodlike_core::model::Target;
    use prodlike_models::codec;

    use super::*;

    /// 400 levels of which each row of another variable's symbol has one in so many; every tenth row
    /// is pooled.
    fn strings() -> (Strings, Variable, Vec<bool>) {
        let rows = 20_000u64;
        let level = |row: u64| (mix(row) % 400) as u32;
        let other = |row: u64| (level(row) % 7) as u8;
        let strings = Strings {
            nullable: true,
            levels: (0..400).map(|level| format!("level {level}")).collect(),
            of: (0..rows)
                .map(|row| (row % 50 > 0).then(|| if row % 10 == 1 { 0 } else { level(row) }))
                .collect(),
            pooled: (0..rows).map(|row| row % 10 == 1).collect(),
        };
        let codec = Codec::Classes(7);
        let variable = Variable::new(Target::Latent(0), codec, (0..rows).map(other).collect());
        (
            strings,
            variable,
            (0..rows).map(|row| row % 5 == 0).collect(),
        )
    }

    #[test]
    fn groups_of_levels_are_alike_and_so_is_what_stands_in() {
        let (strings, variable, held_out) = strings();
        let (own, pooled) = (strings.of.clone(), strings.pooled.clone());
        let ((codec, first), second) = strings.settled(std::slice::from_ref(&variable), &held_out);
        let (members, second) = second.unwrap();
        let Codec::Groups {
            nullable,
            levels,
            sizes,
        } = &codec
        else {
            panic!("{codec:?}");
        };
        assert!(*nullable && codec.symbols() <= MAX_SYMBOLS && members.symbols() <= MAX_SYMBOLS);
        let bits = vec![0; first.len()];
        let decoded = codec::members(sizes, true, &first, Some(&second), &bits);
        let mut one_of = vec![0usize; 256];
        for (row, at) in decoded.enumerate() {
            let Some(own) = own[row] else {
                assert_eq!((first[row], at), (0, None));
                continue;
            };
            let level: u32 = levels[at.unwrap()]["level ".len()..].parse().unwrap();
            assert!(pooled[row] || level == own);
            // A pooled row has a level of the other variable's symbol.
            assert_eq!(level % 7, u32::from(variable.symbols[row]));
            one_of[usize::from(first[row])] |= 1 << (level % 7);
        }
        let pure = one_of.iter().filter(|of| of.count_ones() == 1).count();
        assert!(
            pure + 8 >= sizes.len() && sizes.len() > 50,
            "{pure} of {}",
            sizes.len()
        );
        // Where the second symbol says nothing, it is any of the group.
        let any = |bits: u32| {
            let decoded = codec::members(sizes, true, &[1], Some(&[0]), &[bits]).next();
            decoded.unwrap()
        };
        assert_eq!(
            (any(0), any(u32::MAX)),
            (Some(0), Some(usize::from(sizes[0]) - 1))
        );
    }

    #[test]
    fn few_levels_have_a_symbol_each() {
        let (mut strings, variable, held_out) = strings();
        strings.levels.truncate(FEW);
        let few = |level: &mut u32| *level %= FEW as u32;
        strings.of.iter_mut().flatten().for_each(few);
        let ((codec, symbols), second) = strings.settled(&[variable], &held_out);
        assert!(second.is_none() && codec.symbols() == FEW + 1);
        assert!(
            symbols
                .iter()
                .all(|&symbol| usize::from(symbol) < codec.symbols())
        );
    }
}
