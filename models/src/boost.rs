//! The boosted teacher: a hierarchy of two-way decisions over the symbols, each a boosted
//! logistic regression of small trees.
//!
//! A symbol is told by a walk through a binary tree over the symbols, as even in mass as their
//! order allows (Morin, Bengio, "Hierarchical Probabilistic Neural Network Language Model",
//! AISTATS 2005). Every step of the walk is learned from the rows that reach it, by gradient
//! boosting with second-order gains (Friedman, "Greedy Function Approximation", 2001; Chen,
//! Guestrin, "XGBoost", KDD 2016) over histograms of the features' symbols, shrunken, and ended
//! when held-out entities stop gaining. No side of a split holds fewer rows or entities than
//! the floor.
//!
//! An ensemble predicts best and forgets people soonest, but costs hundreds of walks a cell:
//! it only teaches ([`crate::teacher`]).

use std::collections::VecDeque;
use std::ops::Range;

use crate::floors::Floors;
use crate::grow::middle;
use crate::teacher::{Sample, TreeParams, thin};

/// Weight of every new tree.
const RATE: f32 = 0.3;
/// Most trees of one decision.
const ROUNDS: usize = 120;
/// Trees without a gain on held-out rows after which a decision is learned.
const PATIENCE: usize = 4;
/// Most splits between the root and a leaf of a small tree.
const DEPTH: u32 = 4;
/// Weight of the pull of leaves toward zero, in rows' second derivatives.
const PULL: f32 = 1.0;
/// Most rows that teach; from more, so many are taken evenly.
const TAUGHT: usize = 1 << 16;
/// Most rows that judge when to end.
const JUDGED: usize = 1 << 13;
/// Most features that are looked at: those that tell most of the target, by themselves or where
/// others have been told.
const FEATURES: usize = 32;
/// A decision that a row reaches with a smaller probability is not looked at closely.
const NEGLIGIBLE: f32 = 1e-3;
/// Decisions after which a lead counts.
const RACE: usize = 3;
/// A clear lead, in nats a row.
const LEAD: f64 = 0.02;
/// Nats that the best of several rounds gains on all held-out rows by chance.
const CHANCE: f64 = 3.0;
/// Fewest held-out rows that may judge.
const JUDGES: usize = 20;

/// A learned distribution of a target given features.
#[derive(Clone, Debug)]
pub(crate) struct Boosted {
    /// Which symbols there are: no decision tells one that never was from the one beside it.
    seen: Vec<bool>,
    decisions: Vec<Decision>,
}

/// Whether a symbol is below `middle`, among those from `first` to `end`.
#[derive(Clone, Debug)]
struct Decision {
    first: usize,
    middle: usize,
    end: usize,
    /// Log-odds of the upper side.
    bias: f32,
    trees: Vec<Small>,
}

#[derive(Clone, Copy, Debug)]
struct SmallNode {
    feature: u16,
    cut: u8,
    /// The left child, the right one follows; 0 for a leaf.
    child: u16,
    value: f32,
}

type Small = Vec<SmallNode>;

#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    gradient: f32,
    hessian: f32,
    rows: u32,
}

impl Bin {
    fn add(&mut self, other: Bin) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
        self.rows += other.rows;
    }

    fn less(self, other: Bin) -> Bin {
        Bin {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }

    fn gain(self) -> f32 {
        self.gradient * self.gradient / (self.hessian + PULL)
    }
}

impl Boosted {
    /// Learns from the rows that are not held out; `None` where what it is compared with leads
    /// clearly after a few decisions: `rival` says the nats that a held-out row costs there
    /// for the decision in a range of symbols whether it is below a middle. `None` as well
    /// where nothing is found, or where an entity has more than a third of the rows. `gains` says
    /// how much each feature told in a tree, where others had been told before it.
    pub(crate) fn learn(
        sample: &Sample<'_>,
        params: TreeParams,
        gains: &[f64],
        rival: impl Fn(Range<usize>, usize) -> f64,
    ) -> Option<Boosted> {
        let mut floors = Floors::new(sample.entities, params.floor);
        if !floors.hold_evenly(0..sample.target.len() as u32) {
            return None;
        }
        let (judged, taught): (Vec<u32>, Vec<u32>) =
            (0..sample.target.len() as u32).partition(|&row| sample.held_out[row as usize]);
        let rows = Rows {
            taught: thin(&taught, TAUGHT),
            judged: thin(&judged, JUDGED),
        };
        let features = telling(sample, &rows.taught, gains);
        let mut counts = vec![0u64; sample.symbols];
        for &row in rows.taught.iter().chain(&rows.judged) {
            counts[usize::from(sample.target[row as usize])] += 1;
        }
        let mut ranges = VecDeque::from([(0, sample.symbols)]);
        let mut decisions = Vec::new();
        let mut lead = 0.0;
        while let Some((first, end)) = ranges.pop_front() {
            let Some(middle) = middle(&counts[first..end], 1) else {
                continue;
            };
            let middle = first + middle;
            let learner = Learner::new(sample, params, &rows, &features, (first, middle, end));
            let (decision, nats) = learner.learn(&mut floors);
            decisions.push(decision);
            lead += rival(first..end, middle) - nats / rows.judged.len().max(1) as f64;
            if decisions.len() >= RACE && lead < -LEAD {
                return None;
            }
            ranges.extend([(first, middle), (middle, end)]);
        }
        let learned = decisions.iter().any(|decision| !decision.trees.is_empty());
        learned.then_some(Boosted {
            seen: counts.iter().map(|&count| count > 0).collect(),
            decisions,
        })
    }

    /// The probability of a symbol given the features: the walk to it alone.
    pub(crate) fn probability(&self, symbol: u8, feature: impl Fn(usize) -> u8) -> f32 {
        let symbol = usize::from(symbol);
        if !self.seen[symbol] {
            return 0.0;
        }
        let mut p = 1.0;
        for decision in &self.decisions {
            if !(decision.first..decision.end).contains(&symbol) {
                continue;
            }
            let mut score = decision.bias;
            if p >= NEGLIGIBLE {
                score += decision
                    .trees
                    .iter()
                    .map(|tree| value(tree, &feature))
                    .sum::<f32>();
            }
            p *= logistic(if symbol < decision.middle {
                -score
            } else {
                score
            });
        }
        p
    }

    /// Calls `each` with the probabilities of the symbols for each of so many rows.
    pub(crate) fn probabilities(
        &self,
        features: &[&[u8]],
        n_rows: usize,
        mut each: impl FnMut(usize, &[f32]),
    ) {
        const BLOCK: usize = 1024;
        let symbols = self.seen.len();
        let mut p = vec![0f32; symbols * BLOCK];
        let mut scores: Vec<(usize, f32)> = Vec::with_capacity(BLOCK);
        for start in (0..n_rows).step_by(BLOCK) {
            let n_block = BLOCK.min(n_rows - start);
            p.fill(1.0);
            // Parents stand before their children: what is there so far is the reach.
            for decision in &self.decisions {
                let usual = logistic(decision.bias);
                let split = |p: &mut [f32], above: f32| {
                    let below = &mut p[decision.first..decision.middle];
                    below.iter_mut().for_each(|p| *p *= 1.0 - above);
                    let over = &mut p[decision.middle..decision.end];
                    over.iter_mut().for_each(|p| *p *= above);
                };
                scores.clear();
                for (i, p) in p.chunks_exact_mut(symbols).take(n_block).enumerate() {
                    match p[decision.first] < NEGLIGIBLE {
                        true => split(p, usual),
                        false => scores.push((i, decision.bias)),
                    }
                }
                for tree in &decision.trees {
                    for (i, score) in &mut scores {
                        *score += value(tree, |feature| features[feature][start + *i]);
                    }
                }
                for &(i, score) in &scores {
                    split(&mut p[i * symbols..][..symbols], logistic(score));
                }
            }
            for (i, p) in p.chunks_exact_mut(symbols).take(n_block).enumerate() {
                p.iter_mut()
                    .zip(&self.seen)
                    .for_each(|(p, &seen)| *p = if seen { *p } else { 0.0 });
                each(start + i, p);
            }
        }
    }
}

struct Rows {
    taught: Vec<u32>,
    judged: Vec<u32>,
}

/// The features that tell most of the target: half of them in a tree, half by themselves, by their
/// mutual information with it less what chance alone would show (Miller, "Note on the bias of
/// information estimates", 1955).
fn telling(sample: &Sample<'_>, rows: &[u32], gains: &[f64]) -> Vec<usize> {
    let xlogx = |n: u32| f64::from(n) * f64::from(n.max(1)).ln();
    let mut found: Vec<(f64, usize)> = Vec::new();
    for (feature, column) in sample.features.iter().enumerate() {
        let mut joint = vec![0u32; 256 * sample.symbols];
        for &row in rows {
            let row = row as usize;
            joint[usize::from(column[row]) * sample.symbols + usize::from(sample.target[row])] += 1;
        }
        let mut of_symbols = vec![0u32; sample.symbols];
        let (mut score, mut cells, mut values) = (0.0, 0, 0);
        for of_value in joint.chunks_exact(sample.symbols) {
            let sum: u32 = of_value.iter().sum();
            values += usize::from(sum > 0);
            score -= xlogx(sum);
            for (cell, of_symbol) in of_value.iter().zip(&mut of_symbols) {
                score += xlogx(*cell);
                cells += usize::from(*cell > 0);
                *of_symbol += cell;
            }
        }
        let symbols = of_symbols.iter().filter(|count| **count > 0).count();
        score -= of_symbols.iter().map(|&count| xlogx(count)).sum::<f64>();
        if values > 1 {
            // The score lacks a constant, the same for every feature.
            let chance = (cells as f64 - values as f64 - symbols as f64 + 1.0) / 2.0;
            found.push((score - chance, feature));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let by_itself = found.into_iter().map(|it| it.1);
    let mut in_tree: Vec<usize> = (0..gains.len()).filter(|&it| gains[it] > 0.0).collect();
    in_tree.sort_by(|&a, &b| gains[b].total_cmp(&gains[a]).then(a.cmp(&b)));
    let mut features: Vec<usize> = in_tree.into_iter().take(FEATURES / 2).collect();
    for feature in by_itself {
        if features.len() < FEATURES && !features.contains(&feature) {
            features.push(feature);
        }
    }
    features.sort_unstable();
    features
}

fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

fn value(tree: &[SmallNode], symbol: impl Fn(usize) -> u8) -> f32 {
    let mut at = 0;
    loop {
        let node = tree[at];
        if node.child == 0 {
            return node.value;
        }
        let above = symbol(usize::from(node.feature)) > node.cut;
        at = usize::from(node.child) + usize::from(above);
    }
}

/// One decision on its way.
struct Learner {
    params: TreeParams,
    first: usize,
    middle: usize,
    end: usize,
    /// Rows of the sample that teach, then those that judge.
    rows: Vec<u32>,
    taught: usize,
    /// Whether each row is above the middle.
    above: Vec<bool>,
    /// Features that differ among the rows, with their values: (feature, symbols, column).
    features: Vec<(usize, usize, Vec<u8>)>,
}

/// A node of a small tree that may be split.
struct Open {
    at: usize,
    depth: u32,
    from: usize,
    to: usize,
    bins: Vec<Bin>,
    whole: Bin,
}

impl Learner {
    fn new(
        sample: &Sample<'_>,
        params: TreeParams,
        all: &Rows,
        features: &[usize],
        (first, middle, end): (usize, usize, usize),
    ) -> Learner {
        let inside = |row: &u32| (first..end).contains(&usize::from(sample.target[*row as usize]));
        let mut rows: Vec<u32> = all.taught.iter().copied().filter(inside).collect();
        let taught = rows.len();
        rows.extend(all.judged.iter().copied().filter(inside));
        let above = rows
            .iter()
            .map(|&row| usize::from(sample.target[row as usize]) >= middle)
            .collect();
        let features = features.iter().filter_map(|&i| {
            let column = sample.features[i];
            let own: Vec<u8> = rows.iter().map(|&row| column[row as usize]).collect();
            let most = *own[..taught].iter().max()?;
            let least = *own[..taught].iter().min()?;
            // Judges may hold more symbols than teachers: they go where the highest goes.
            (most > least).then(|| (i, usize::from(most) + 1, own))
        });
        let features = features.collect();
        Learner {
            params,
            first,
            middle,
            end,
            rows,
            taught,
            above,
            features,
        }
    }

    /// Returns the decision and the nats that the held-out rows cost.
    fn learn(self, floors: &mut Floors<'_>) -> (Decision, f64) {
        let upper = |above: &[bool]| above.iter().filter(|above| **above).count();
        let (n, over) = (self.taught, upper(&self.above[..self.taught]));
        let mut decision = Decision {
            first: self.first,
            middle: self.middle,
            end: self.end,
            // Half a row on either side.
            bias: ((over as f32 + 0.5) / ((n - over) as f32 + 0.5)).ln(),
            trees: Vec::new(),
        };
        let least = self.params.min_rows.max(self.params.floor) as usize;
        let mut scores = vec![decision.bias; self.rows.len()];
        let usual = self.judge(&scores);
        let mut best = (usual, 0);
        if n < 2 * least || self.rows.len() - n < JUDGES {
            return (decision, best.0);
        }
        let mut order: Vec<u32> = Vec::new();
        let mut derivatives = vec![(0f32, 0f32); n];
        for round in 1..=ROUNDS {
            for (row, (gradient, hessian)) in derivatives.iter_mut().enumerate() {
                let p = logistic(scores[row]);
                *gradient = f32::from(u8::from(self.above[row])) - p;
                *hessian = p * (1.0 - p);
            }
            order.clear();
            order.extend(0..n as u32);
            let Some(tree) = self.grow(&mut order, &derivatives, least, floors) else {
                break;
            };
            for (row, score) in scores.iter_mut().enumerate() {
                *score += value(&tree, |feature| self.features[feature].2[row]);
            }
            decision.trees.push(tree);
            let loss = self.judge(&scores);
            if loss < best.0 {
                best = (loss, round);
            } else if round - best.1 >= PATIENCE {
                break;
            }
        }
        if usual - best.0 < CHANCE {
            best = (usual, 0);
        }
        decision.trees.truncate(best.1);
        for node in decision.trees.iter_mut().flatten() {
            node.feature = self.features[usize::from(node.feature)].0 as u16;
        }
        (decision, best.0)
    }

    /// Nats that the held-out rows cost.
    fn judge(&self, scores: &[f32]) -> f64 {
        let judged = self.above[self.taught..].iter().zip(&scores[self.taught..]);
        judged
            .map(|(&above, &score)| {
                let p = f64::from(logistic(if above { score } else { -score }));
                -p.max(1e-9).ln()
            })
            .sum()
    }

    /// One small tree on the derivatives; `None` if nothing can be split.
    fn grow(
        &self,
        order: &mut [u32],
        derivatives: &[(f32, f32)],
        least: usize,
        floors: &mut Floors<'_>,
    ) -> Option<Small> {
        let starts: Vec<usize> = self
            .features
            .iter()
            .scan(0, |at, feature| {
                *at += feature.1;
                Some(*at - feature.1)
            })
            .collect();
        let bins = self.features.iter().map(|feature| feature.1).sum();
        let mut tree: Small = vec![SmallNode {
            feature: 0,
            cut: 0,
            child: 0,
            value: 0.0,
        }];
        let histogram = |rows: &[u32]| {
            let mut all = vec![Bin::default(); bins];
            for (feature, &start) in self.features.iter().zip(&starts) {
                let own = &mut all[start..start + feature.1];
                for &row in rows {
                    let (gradient, hessian) = derivatives[row as usize];
                    own[usize::from(feature.2[row as usize])].add(Bin {
                        gradient,
                        hessian,
                        rows: 1,
                    });
                }
            }
            all
        };
        let sum = |rows: &[u32]| {
            let mut whole = Bin::default();
            for &row in rows {
                let (gradient, hessian) = derivatives[row as usize];
                whole.add(Bin {
                    gradient,
                    hessian,
                    rows: 1,
                });
            }
            whole
        };
        let mut open = vec![Open {
            at: 0,
            depth: 0,
            from: 0,
            to: order.len(),
            bins: histogram(order),
            whole: sum(order),
        }];
        while let Some(node) = open.pop() {
            tree[node.at].value = RATE * node.whole.gradient / (node.whole.hessian + PULL);
            if node.depth == DEPTH {
                continue;
            }
            let Some((feature, cut)) = self.split(&node, &starts, least) else {
                continue;
            };
            let column = &self.features[feature].2;
            let (below, above): (Vec<u32>, Vec<u32>) = order[node.from..node.to]
                .iter()
                .partition(|&&row| column[row as usize] <= cut);
            let mut holds =
                |side: &[u32]| floors.hold_evenly(side.iter().map(|&row| self.rows[row as usize]));
            if !holds(&below) || !holds(&above) {
                continue;
            }
            let middle = node.from + below.len();
            order[node.from..middle].copy_from_slice(&below);
            order[middle..node.to].copy_from_slice(&above);
            let child = tree.len();
            (
                tree[node.at].feature,
                tree[node.at].cut,
                tree[node.at].child,
            ) = (feature as u16, cut, child as u16);
            let leaf = SmallNode {
                feature: 0,
                cut: 0,
                child: 0,
                value: 0.0,
            };
            tree.extend([leaf, leaf]);
            // The smaller side is counted, the larger is what is left.
            let small_is_below = below.len() <= above.len();
            let small = if small_is_below { &below } else { &above };
            let depth = node.depth + 1;
            let (small_bins, large_bins) = match depth < DEPTH {
                true => {
                    let small = histogram(small);
                    let large = node.bins.iter().zip(&small).map(|(a, b)| a.less(*b));
                    let large = large.collect();
                    (small, large)
                }
                false => (Vec::new(), Vec::new()),
            };
            let small_whole = sum(small);
            let large_whole = node.whole.less(small_whole);
            let ((below_bins, below_whole), (above_bins, above_whole)) = match small_is_below {
                true => ((small_bins, small_whole), (large_bins, large_whole)),
                false => ((large_bins, large_whole), (small_bins, small_whole)),
            };
            open.push(Open {
                at: child,
                depth,
                from: node.from,
                to: middle,
                bins: below_bins,
                whole: below_whole,
            });
            open.push(Open {
                at: child + 1,
                depth,
                from: middle,
                to: node.to,
                bins: above_bins,
                whole: above_whole,
            });
        }
        (tree.len() > 1).then_some(tree)
    }

    /// The split with the greatest gain: which feature, by its place among those that differ.
    fn split(&self, node: &Open, starts: &[usize], least: usize) -> Option<(usize, u8)> {
        let whole = node.whole.gain();
        let mut best = (whole + 1e-3, None);
        for (place, (feature, &start)) in self.features.iter().zip(starts).enumerate() {
            let mut below = Bin::default();
            let own = &node.bins[start..start + feature.1];
            for (cut, bin) in own[..own.len() - 1].iter().enumerate() {
                if bin.rows == 0 {
                    continue;
                }
                below.add(*bin);
                if (below.rows as usize) < least {
                    continue;
                }
                let above = node.whole.less(below);
                if (above.rows as usize) < least {
                    break;
                }
                let gain = below.gain() + above.gain();
                if gain > best.0 {
                    best = (gain, Some((place, cut as u8)));
                }
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::philox::Stream;

    #[test]
    fn what_never_was_is_impossible() {
        let target: Vec<u8> = (0..4000).map(|row| [1, 3, 4][row % 3]).collect();
        let feature: Vec<u8> = (0..4000).map(|row| (row % 3 == 2) as u8).collect();
        let held_out: Vec<bool> = (0..4000).map(|row| row % 5 == 0).collect();
        let sample = Sample {
            target: &target,
            symbols: 6,
            features: &[&feature],
            entities: &[],
            held_out: &held_out,
        };
        let learned = Boosted::learn(&sample, PARAMS, &[1.0], |_, _| 1e9).unwrap();
        learned.probabilities(&[&feature[..3]], 3, |row, p| {
            let sum: f32 = p.iter().sum();
            assert!((sum - 1.0).abs() < 1e-4, "{row}: {p:?}");
            for (symbol, &p) in p.iter().enumerate() {
                assert_eq!(p > 0.0, [1, 3, 4].contains(&symbol), "{row}: {p}");
                let alone = learned.probability(symbol as u8, |_| feature[row]);
                assert!((alone - p).abs() < 1e-6, "{alone} {p}");
            }
        });
    }

    const PARAMS: TreeParams = TreeParams {
        min_rows: 20,
        floor: 10,
        max_depth: 16,
        within: None,
    };

    fn noise(row: usize, salt: u64) -> u64 {
        Stream::new(salt).at(row as u64) >> 8
    }

    /// Learns against a rival that never leads.
    fn learn(sample: &Sample<'_>) -> Option<Boosted> {
        Boosted::learn(sample, PARAMS, &[], |_, _| f64::INFINITY)
    }

    fn said(boosted: &Boosted, features: &[&[u8]], n_rows: usize) -> Vec<Vec<f32>> {
        let mut said = Vec::new();
        boosted.probabilities(features, n_rows, |row, p| {
            assert_eq!(row, said.len());
            said.push(p.to_vec());
        });
        said
    }

    #[test]
    fn many_small_influences_add_up() {
        let n = 8000;
        let features: Vec<Vec<u8>> = (0..10)
            .map(|salt| (0..n).map(|row| (noise(row, salt) % 4) as u8).collect())
            .collect();
        let features: Vec<&[u8]> = features.iter().map(Vec::as_slice).collect();
        let truth = |row: usize| {
            let sum: u32 = features.iter().map(|column| u32::from(column[row])).sum();
            1.0 / (1.0 + (0.5 * (15.0 - f64::from(sum))).exp())
        };
        let target: Vec<u8> = (0..n)
            .map(|row| u8::from((noise(row, 99) % 10_000) as f64 / 1e4 < truth(row)))
            .collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
        let boosted = learn(&Sample {
            target: &target,
            symbols: 2,
            features: &features,
            entities: &[],
            held_out: &held_out,
        })
        .unwrap();
        let said = said(&boosted, &features, n);
        let (mut error, mut spread) = (0.0, 0.0);
        for (row, p) in said.iter().enumerate() {
            assert!((p[0] + p[1] - 1.0).abs() < 1e-5);
            error += (f64::from(p[1]) - truth(row)).powi(2);
            spread += (truth(row) - 0.5).powi(2);
        }
        assert!(error < 0.15 * spread, "{error} of {spread}");
    }

    #[test]
    fn a_symbol_alone_is_as_likely_as_among_all() {
        let n = 3000;
        let x: Vec<u8> = (0..n).map(|row| (noise(row, 1) % 30) as u8).collect();
        let target: Vec<u8> = (0..n)
            .map(|row| (x[row] + (noise(row, 2) % 3) as u8) % 20)
            .collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 4 == 0).collect();
        let sample = Sample {
            target: &target,
            symbols: 23,
            features: &[&x],
            entities: &[],
            held_out: &held_out,
        };
        let boosted = learn(&sample).unwrap();
        let said = said(&boosted, sample.features, n);
        let mut right = 0.0;
        for (row, p) in said.iter().enumerate() {
            assert!((p.iter().take(20).sum::<f32>() - 1.0).abs() < 1e-4);
            for symbol in 0..20 {
                let alone = boosted.probability(symbol, |_| x[row]);
                assert!((alone - p[usize::from(symbol)]).abs() < 2e-3);
            }
            right += p[usize::from(target[row])] / n as f32;
        }
        assert!(right > 0.28, "{right}");
        // The same rows teach the same, bit for bit.
        let again = learn(&sample).unwrap();
        assert_eq!(format!("{boosted:?}"), format!("{again:?}"));
    }

    /// Rows of which every ninth has x = 1 and decides the target.
    fn lopsided(n: usize) -> (Vec<u8>, Vec<bool>) {
        let x = (0..n).map(|row| u8::from(row % 9 == 0)).collect();
        (x, (0..n).map(|row| row % 5 == 0).collect())
    }

    #[test]
    fn no_side_of_a_split_is_of_few_entities_or_mostly_of_one() {
        let n = 9000;
        let (x, held_out) = lopsided(n);
        let of = |entity: &dyn Fn(usize) -> usize| -> Vec<u32> {
            let own = |row| if row % 9 == 0 { entity(row / 9) } else { row };
            (0..n).map(|row| own(row) as u32).collect()
        };
        let few = of(&|i| i % 9);
        let one = of(&|i| if i % 5 < 3 { 0 } else { i * 9 });
        let many = of(&|i| i % 50);
        for (entities, splits) in [(few, false), (one, false), (many, true)] {
            let boosted = learn(&Sample {
                target: &x,
                symbols: 2,
                features: &[&x],
                entities: &[&entities],
                held_out: &held_out,
            });
            let Some(boosted) = boosted else {
                assert!(!splits);
                continue;
            };
            let [first, second] = [0, 1].map(|x| boosted.probability(1, |_| x));
            assert_eq!(first < second, splits, "{first} {second}");
        }
    }

    #[test]
    fn a_table_mostly_of_one_entity_is_not_learned() {
        let (x, held_out) = lopsided(3000);
        let entities: Vec<u32> = (0..3000)
            .map(|row| if row < 1500 { 0 } else { row })
            .collect();
        let sample = Sample {
            target: &x,
            symbols: 2,
            features: &[&x],
            entities: &[&entities],
            held_out: &held_out,
        };
        assert!(learn(&sample).is_none());
    }

    #[test]
    fn a_rival_far_ahead_ends_it() {
        let n = 4000;
        let x: Vec<u8> = (0..n).map(|row| (noise(row, 1) % 8) as u8).collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
        let target: Vec<u8> = (0..n)
            .map(|row| (x[row] + (noise(row, 2) % 2) as u8) % 8)
            .collect();
        let sample = Sample {
            target: &target,
            symbols: 8,
            features: &[&x],
            entities: &[],
            held_out: &held_out,
        };
        assert!(Boosted::learn(&sample, PARAMS, &[], |_, _| 0.0).is_none());
        assert!(learn(&sample).is_some());
    }

    #[test]
    fn nothing_is_learned_from_constants_and_single_rows() {
        for (target, symbols) in [(vec![], 1), (vec![0u8], 1), (vec![1; 50], 2)] {
            let held_out: Vec<bool> = (0..target.len()).map(|row| row % 2 == 0).collect();
            let sample = Sample {
                target: &target,
                symbols,
                features: &[&target],
                entities: &[],
                held_out: &held_out,
            };
            assert!(learn(&sample).is_none());
        }
    }
}
