//! What siblings share: a latent class of every group of rows.
//!
//! A mixture of product distributions over whole groups (Lazarsfeld, Henry, "Latent Structure
//! Analysis", 1968), fitted by expectation–maximisation (Dempster, Laird, Rubin 1977): the rows
//! of a group are independent given its class. How many classes there are is told by groups
//! that are held out, under the *joint* probability of their rows. The class that stands for a
//! group is drawn from its posterior: the most likely one, or a mean of the group, would count
//! the group's noise a second time, and small groups would come out too alike.

use crate::philox::mix;

/// Rows in groups.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    /// The group of every row; [`u32::MAX`] for none.
    pub group: &'a [u32],
    /// How many groups there are, those without rows included.
    pub n_groups: usize,
    /// Symbols, column by column.
    pub columns: &'a [&'a [u8]],
    /// Groups that judge and do not teach.
    pub held_out: &'a [bool],
}

/// The classes of groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Latent {
    /// How many classes.
    pub classes: usize,
    /// The class of every group; 0 for those without rows.
    pub symbols: Vec<u8>,
    /// Held-out bits a row for each number of classes that was tried, one first.
    pub bits: Vec<(usize, f64)>,
}

/// Most classes of groups that share one.
const MAX_CLASSES: usize = 64;
/// Most values of a column that classes are told by.
const VALUES: usize = 16;
/// Most rows that classes are learned from.
const TAUGHT: usize = 1 << 16;
/// Most rows of one group that are looked at, evenly chosen: more tell nothing new of it.
const LOOKED_AT: usize = 64;
/// Rounds of expectation and maximisation after every doubling.
const ROUNDS: usize = 24;
/// Weight of the whole's distribution in that of a class, in rows.
const PULL: f64 = 4.0;
/// Fewest held-out groups of several rows that may judge.
const JUDGES: usize = 10;
/// Nats that held-out groups gain by chance.
const CHANCE: f64 = 0.5;
/// The share of the gain that more classes may cost held-out groups: fewer ones say as much of
/// whole groups, but round off what siblings have in common.
const ROUNDING: f64 = 0.03;
/// Doublings without a gain after which no more are tried.
const PATIENCE: usize = 2;

/// Finds the classes of groups, or `None` where one class says as much.
///
/// `holds` says of the groups of a class, which are marked, whether a floor holds for them; the
/// groups of a class where it does not join the classes that come next for them.
pub fn fit(groups: &Groups<'_>, holds: impl Fn(&[bool]) -> bool) -> Option<Latent> {
    let columns = coarse(groups);
    if columns.is_empty() {
        return None;
    }
    let rows = Rows::new(groups, &columns);
    let size = |group: usize| rows.starts[group + 1] - rows.starts[group];
    let filled = || (0..groups.n_groups).filter(|&group| size(group) > 0);
    let judges: Vec<usize> = filled().filter(|&group| groups.held_out[group]).collect();
    if judges.iter().filter(|&&group| size(group) > 1).count() < JUDGES {
        return None;
    }
    let mut taught: Vec<usize> = filled().filter(|&group| !groups.held_out[group]).collect();
    let n_taught: usize = taught.iter().map(|&group| size(group)).sum();
    if n_taught > TAUGHT {
        // So many groups, evenly chosen, as hold so many rows.
        let most = (taught.len() as u128 * TAUGHT as u128 / n_taught as u128).max(1) as usize;
        taught = (0..most).map(|i| taught[i * taught.len() / most]).collect();
    }
    if taught.is_empty() {
        return None;
    }
    let judged: usize = judges.iter().map(|&group| size(group)).sum();
    let bits = |nats: f64| -nats / std::f64::consts::LN_2 / judged as f64;
    let mut mixture = Mixture::one(&rows, &taught);
    let alone = mixture.likelihood(&rows, &judges);
    let mut best = (alone, mixture.clone());
    let mut finest = mixture.clone();
    let mut tried = vec![(1, bits(alone))];
    while mixture.classes < MAX_CLASSES.min(taught.len() / 4) {
        mixture = mixture.doubled();
        for _ in 0..ROUNDS {
            mixture = mixture.improved(&rows, &taught);
        }
        let likelihood = mixture.likelihood(&rows, &judges);
        tried.push((mixture.classes, bits(likelihood)));
        if likelihood > best.0 + CHANCE {
            best = (likelihood, mixture.clone());
            finest = mixture.clone();
        } else if best.0 - likelihood <= ROUNDING * (best.0 - alone) && best.1.classes > 1 {
            finest = mixture.clone();
        }
        if mixture.classes >= best.1.classes << PATIENCE {
            break;
        }
    }
    let (classes, symbols) = finest.drawn(&rows, groups.n_groups, holds);
    (classes > 1).then_some(Latent {
        classes,
        symbols,
        bits: tried,
    })
}

/// A column with few values, ordered as its symbols: `values` of them, each with a like mass.
struct Coarse {
    symbols: Vec<u8>,
    values: usize,
}

fn coarse(groups: &Groups<'_>) -> Vec<Coarse> {
    let member = |row: &usize| groups.group[*row] != u32::MAX;
    let columns = groups.columns.iter().map(|column| {
        let mut counts = [0u64; 256];
        (0..column.len())
            .filter(member)
            .for_each(|row| counts[usize::from(column[row])] += 1);
        let whole: u64 = counts.iter().sum();
        let mut of = [0u8; 256];
        let (mut value, mut open) = (0usize, 0u64);
        for (symbol, &count) in counts.iter().enumerate() {
            if count == 0 {
                of[symbol] = value.min(VALUES - 1) as u8;
                continue;
            }
            // A new value where what is open has its share, or this symbol is one of its own.
            let share = whole / VALUES as u64 + 1;
            if open > 0 && (open + count / 2 > share) && value + 1 < VALUES {
                (value, open) = (value + 1, 0);
            }
            of[symbol] = value as u8;
            open += count;
        }
        Coarse {
            symbols: column
                .iter()
                .map(|&symbol| of[usize::from(symbol)])
                .collect(),
            values: value + 1,
        }
    });
    columns.filter(|column| column.values > 1).collect()
}

/// The coarse cells of every group's rows, one group after another.
struct Rows {
    /// First row of each group, and the number of rows.
    starts: Vec<usize>,
    /// For each row and column, the place of its value among all values of all columns.
    cells: Vec<u16>,
    n_columns: usize,
    /// First value of each column, and the number of values.
    firsts: Vec<usize>,
}

impl Rows {
    fn new(groups: &Groups<'_>, columns: &[Coarse]) -> Rows {
        let mut starts = vec![0usize; groups.n_groups + 1];
        let grouped = || groups.group.iter().enumerate();
        for (_, &group) in grouped().filter(|(_, group)| **group != u32::MAX) {
            starts[group as usize + 1] += 1;
        }
        // One in so many rows of each group.
        let strides: Vec<usize> = starts[1..]
            .iter()
            .map(|size| size.div_ceil(LOOKED_AT).max(1))
            .collect();
        for (size, stride) in starts[1..].iter_mut().zip(&strides) {
            *size = size.div_ceil(*stride);
        }
        for group in 0..groups.n_groups {
            starts[group + 1] += starts[group];
        }
        let mut seen = vec![0usize; groups.n_groups];
        let mut firsts = vec![0];
        for column in columns {
            firsts.push(firsts[firsts.len() - 1] + column.values);
        }
        let (mut at, n_columns) = (starts.clone(), columns.len());
        let mut cells = vec![0u16; starts[groups.n_groups] * n_columns];
        for (row, &group) in grouped().filter(|(_, group)| **group != u32::MAX) {
            let before = seen[group as usize];
            seen[group as usize] += 1;
            if !before.is_multiple_of(strides[group as usize]) {
                continue;
            }
            let place = at[group as usize];
            at[group as usize] += 1;
            let cells = &mut cells[place * n_columns..][..n_columns];
            for (cell, (column, first)) in cells.iter_mut().zip(columns.iter().zip(&firsts)) {
                *cell = (first + usize::from(column.symbols[row])) as u16;
            }
        }
        Rows {
            starts,
            cells,
            n_columns,
            firsts,
        }
    }

    /// The cells of a group's rows.
    fn of(&self, group: usize) -> &[u16] {
        &self.cells[self.starts[group] * self.n_columns..self.starts[group + 1] * self.n_columns]
    }

    fn values(&self) -> usize {
        self.firsts[self.n_columns]
    }
}

/// Classes, each a product of distributions.
#[derive(Clone)]
struct Mixture {
    classes: usize,
    /// ln P(class).
    prior: Vec<f64>,
    /// ln P(value | class): the classes of a value side by side.
    table: Vec<f64>,
    /// P(value) over all.
    whole: Vec<f64>,
}

impl Mixture {
    fn one(rows: &Rows, taught: &[usize]) -> Mixture {
        let mut whole = vec![0.5f64; rows.values()];
        for &group in taught {
            rows.of(group)
                .iter()
                .for_each(|&cell| whole[usize::from(cell)] += 1.0);
        }
        for column in rows.firsts.windows(2) {
            let values = &mut whole[column[0]..column[1]];
            let sum: f64 = values.iter().sum();
            values.iter_mut().for_each(|value| *value /= sum);
        }
        Mixture {
            classes: 1,
            prior: vec![0.0],
            table: whole.iter().map(|p| p.ln()).collect(),
            whole,
        }
    }

    /// Twice as many classes: each and a copy, both moved a little at random.
    fn doubled(&self) -> Mixture {
        let classes = 2 * self.classes;
        let mut table = Vec::with_capacity(2 * self.table.len());
        for (value, of_value) in self.table.chunks_exact(self.classes).enumerate() {
            for class in 0..classes {
                let noise = mix((value * classes + class) as u64 + 1) >> 11;
                let noise = noise as f64 / (1u64 << 53) as f64 - 0.5;
                table.push(of_value[class / 2] + 0.4 * noise);
            }
        }
        let half = 0.5f64.ln();
        let prior = (0..classes).map(|class| self.prior[class / 2] + half);
        Mixture {
            classes,
            prior: prior.collect(),
            table,
            whole: self.whole.clone(),
        }
    }

    /// ln P(class, rows of a group), class by class.
    fn joint(&self, cells: &[u16], joint: &mut [f64]) {
        joint.copy_from_slice(&self.prior);
        for &cell in cells {
            let of_value = &self.table[usize::from(cell) * self.classes..][..self.classes];
            for (sum, p) in joint.iter_mut().zip(of_value) {
                *sum += p;
            }
        }
    }

    fn likelihood(&self, rows: &Rows, groups: &[usize]) -> f64 {
        let mut joint = vec![0.0; self.classes];
        let each = groups.iter().map(|&group| {
            self.joint(rows.of(group), &mut joint);
            normalise(&mut joint)
        });
        each.sum()
    }

    /// One round of expectation and maximisation.
    fn improved(&self, rows: &Rows, taught: &[usize]) -> Mixture {
        let mut joint = vec![0.0; self.classes];
        let mut sizes = vec![1.0; self.classes];
        let mut counts = vec![0.0; self.table.len()];
        for &group in taught {
            let cells = rows.of(group);
            self.joint(cells, &mut joint);
            normalise(&mut joint);
            sizes.iter_mut().zip(&joint).for_each(|(sum, p)| *sum += p);
            for &cell in cells {
                let of_value = &mut counts[usize::from(cell) * self.classes..][..self.classes];
                of_value
                    .iter_mut()
                    .zip(&joint)
                    .for_each(|(sum, p)| *sum += p);
            }
        }
        let whole: f64 = sizes.iter().sum();
        for column in rows.firsts.windows(2) {
            for class in 0..self.classes {
                let cells = (column[0]..column[1]).map(|value| value * self.classes + class);
                let sum: f64 = cells.clone().map(|cell| counts[cell]).sum();
                for (cell, value) in cells.zip(column[0]..column[1]) {
                    let pulled = counts[cell] + PULL * self.whole[value];
                    counts[cell] = (pulled / (sum + PULL)).ln();
                }
            }
        }
        Mixture {
            classes: self.classes,
            prior: sizes.iter().map(|size| (size / whole).ln()).collect(),
            table: counts,
            whole: self.whole.clone(),
        }
    }

    /// Draws a class for every group from its posterior; returns how many classes are left.
    fn drawn(
        &self,
        rows: &Rows,
        n_groups: usize,
        holds: impl Fn(&[bool]) -> bool,
    ) -> (usize, Vec<u8>) {
        let mut open = vec![true; self.classes];
        let mut joint = vec![0.0; self.classes];
        loop {
            let classes: Vec<Option<u8>> = (0..n_groups)
                .map(|group| {
                    let cells = rows.of(group);
                    if cells.is_empty() {
                        return None;
                    }
                    self.joint(cells, &mut joint);
                    joint
                        .iter_mut()
                        .zip(&open)
                        .filter(|(_, open)| !**open)
                        .for_each(|(p, _)| *p = f64::NEG_INFINITY);
                    normalise(&mut joint);
                    let draw = (mix(group as u64 + 1) >> 11) as f64 / (1u64 << 53) as f64;
                    Some(picked(&joint, draw))
                })
                .collect();
            // The smallest class that is too few ends first, and its groups choose again.
            let count = |class: usize| {
                let own = |of: &&Option<u8>| **of == Some(class as u8);
                classes.iter().filter(own).count()
            };
            let few = (0..self.classes)
                .filter(|&class| open[class])
                .filter(|&class| {
                    let marked: Vec<bool> =
                        classes.iter().map(|of| *of == Some(class as u8)).collect();
                    count(class) == 0 || !holds(&marked)
                });
            let few = few.min_by_key(|&class| count(class));
            let left = open.iter().filter(|open| **open).count();
            match few {
                Some(class) if left > 1 => open[class] = false,
                _ => return (left, self.named(&open, &classes)),
            }
        }
    }

    /// Numbers the open classes by the mean of their values, so that a threshold on a class says
    /// something of them.
    fn named(&self, open: &[bool], classes: &[Option<u8>]) -> Vec<u8> {
        let mut order: Vec<usize> = (0..self.classes).filter(|&class| open[class]).collect();
        let share = |class: usize| -> f64 {
            let values = self.table.chunks_exact(self.classes);
            values
                .enumerate()
                .map(|(value, p)| p[class].exp() * value as f64)
                .sum()
        };
        order.sort_by(|&a, &b| share(a).total_cmp(&share(b)).then(a.cmp(&b)));
        let mut name = vec![0u8; self.classes];
        for (place, class) in order.into_iter().enumerate() {
            name[class] = place as u8;
        }
        let named = classes
            .iter()
            .map(|of| of.map_or(0, |of| name[usize::from(of)]));
        named.collect()
    }
}

/// Makes probabilities of logarithms; returns the logarithm of their sum.
fn normalise(joint: &mut [f64]) -> f64 {
    let most = joint.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for p in joint.iter_mut() {
        *p = (*p - most).exp();
        sum += *p;
    }
    joint.iter_mut().for_each(|p| *p /= sum);
    most + sum.ln()
}

fn picked(probabilities: &[f64], draw: f64) -> u8 {
    let mut below = 0.0;
    for (class, p) in probabilities.iter().enumerate() {
        below += p;
        if draw < below {
            return class as u8;
        }
    }
    let likely = (0..probabilities.len()).max_by(|&a, &b| {
        let (a, b) = (probabilities[a], probabilities[b]);
        a.total_cmp(&b)
    });
    likely.unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(row: usize, salt: u64) -> u64 {
        mix(mix(row as u64) ^ mix(salt + 1)) >> 8
    }

    /// Groups of two to four rows whose columns follow a hidden kind of the group, or nothing.
    fn made(n_groups: usize, follows: bool) -> (Vec<u32>, Vec<Vec<u8>>, Vec<usize>) {
        let kind: Vec<usize> = (0..n_groups)
            .map(|group| (noise(group, 1) % 3) as usize)
            .collect();
        let mut group = Vec::new();
        for g in 0..n_groups {
            group.extend(vec![g as u32; 2 + (noise(g, 2) % 3) as usize]);
        }
        let column = |salt: u64| -> Vec<u8> {
            (0..group.len())
                .map(|row| {
                    let base = if follows {
                        4 * kind[group[row] as usize]
                    } else {
                        0
                    };
                    (base + (noise(row, salt) % 8) as usize) as u8
                })
                .collect()
        };
        let columns = vec![column(3), column(4)];
        (group, columns, kind)
    }

    fn found(group: &[u32], columns: &[Vec<u8>], n_groups: usize, floor: usize) -> Option<Latent> {
        let columns: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
        let held_out: Vec<bool> = (0..n_groups).map(|group| group % 5 == 0).collect();
        let groups = Groups {
            group,
            n_groups,
            columns: &columns,
            held_out: &held_out,
        };
        fit(&groups, |marked| {
            marked.iter().filter(|marked| **marked).count() >= floor
        })
    }

    #[test]
    fn a_hidden_kind_is_found_and_chance_is_not() {
        let (group, columns, kind) = made(2000, true);
        let latent = found(&group, &columns, 2000, 10).unwrap();
        assert!(latent.classes >= 3, "{:?}", latent.bits);
        // Most groups of one class are of one kind.
        let mut table = vec![[0u32; 3]; latent.classes];
        for (class, &kind) in latent.symbols.iter().zip(&kind) {
            table[usize::from(*class)][kind] += 1;
        }
        let pure: u32 = table.iter().map(|kinds| kinds.iter().max().unwrap()).sum();
        assert!(pure > 1900, "{table:?}");
        let (group, columns, _) = made(2000, false);
        assert_eq!(found(&group, &columns, 2000, 10), None);
    }

    #[test]
    fn every_class_holds_the_floor() {
        let (group, columns, _) = made(300, true);
        for floor in [1, 50, 120] {
            if let Some(latent) = found(&group, &columns, 300, floor) {
                for class in 0..latent.classes {
                    let own = |of: &&u8| usize::from(**of) == class;
                    assert!(latent.symbols.iter().filter(own).count() >= floor);
                }
            }
        }
        assert_eq!(found(&group, &columns, 300, 301), None);
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert_eq!(found(&[], &[], 0, 1), None);
        assert_eq!(found(&[u32::MAX; 9], &[vec![3; 9]], 4, 1), None);
        assert_eq!(found(&[0; 9], &[vec![3; 9]], 1, 1), None);
    }
}
