//! Learns one conditional: candidates, a choice by held-out bits, one sampler.
//!
//! Three teachers: the *marginal*; a *tree with hierarchical shrinkage* toward its ancestors
//! (Agarwal, Tan, Ronen, Singh, Yu, "Hierarchical Shrinkage", ICML 2022, here in the Bayesian
//! form of a Dirichlet prior centred on the parent's distribution); and *boosted* trees
//! (`boost`), compiled into one tree (`distill`). All are judged on rows held out by
//! *entity*: rows of one person never sit on both sides, so a teacher that remembers people
//! loses. The winner is what [`Tree`] stores.

use std::ops::Range;

use crate::boost::Boosted;
use crate::distill::distill;
use crate::grow::{Grower, Grown, Node};
use crate::tree::Tree;

/// What is learned from: symbols, column by column.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The symbol to predict.
    pub target: &'a [u8],
    /// One above the greatest symbol of the target.
    pub symbols: usize,
    /// What it may depend on.
    pub features: &'a [&'a [u8]],
    /// The protected entities of each row, a column a kind; empty where rows protect nobody.
    /// A row of two entities counts for both.
    pub entities: &'a [&'a [u32]],
    /// Rows that judge and do not teach.
    pub held_out: &'a [bool],
}

/// How deep a tree may look.
#[derive(Clone, Copy, Debug)]
pub struct TreeParams {
    /// Fewest rows on either side of a split.
    pub min_rows: u32,
    /// Fewest distinct entities on either side of a split.
    pub floor: u32,
    /// Most splits between the root and a leaf.
    pub max_depth: u32,
    /// A feature whose values have little to do with each other, such as the bin of which a
    /// target is a part: it is told apart wholly, value by value, before others are asked.
    pub within: Option<usize>,
}

/// A learned conditional.
#[derive(Clone, Debug)]
pub struct Conditional {
    /// What draws from it.
    pub tree: Tree,
    /// `marginal`, `tree` or `boosted`.
    pub teacher: &'static str,
    /// Held-out bits a row of each candidate; `boosted` is missing where it was not tried, or
    /// was given up early because the tree led.
    pub bits: Vec<(&'static str, f64)>,
    /// Splits that the entity floor forbade.
    pub forbidden: u64,
}

/// Fewest held-out rows that may choose a tree; where there are fewer, every row judges what the
/// others say.
const JUDGES: usize = 40;
/// Weights of the parent's distribution, in rows: tried in turn.
const SHRINKAGE: [f64; 6] = [0.5, 2.0, 8.0, 32.0, 128.0, 512.0];
/// Probabilities below this are dropped from a leaf: one row in 50,000.
pub(crate) const LEAST: f64 = 2e-5;

/// Bits a row of which nothing more can be learned that would be seen.
const ENOUGH: f64 = 0.02;
/// Most held-out rows that compare a boosted teacher with a tree.
const WEIGHED: usize = 1 << 15;
/// Most rows that a boosted teacher learns from and is compiled on.
const COMPILED: usize = 1 << 16;
/// The share of the marginal in what a boosted teacher is judged by.
const DOUBT: f64 = 1e-3;

/// Learns the conditional of a target.
pub fn fit(sample: &Sample<'_>, params: TreeParams) -> Conditional {
    let judged = judges(sample);
    let Learned {
        grown,
        marginal,
        pruned,
        judges,
    } = learn_tree(sample, params, &judged);
    let bits = |loss: f64| loss / std::f64::consts::LN_2 / judges.max(1) as f64;
    let mut candidates = vec![("marginal", bits(marginal)), ("tree", bits(pruned.loss))];
    if judged.len() >= JUDGES && bits(pruned.loss) > ENOUGH {
        let leaves = pruned.leaves(&grown.nodes);
        let leaves = leaves.iter().map(|&leaf| {
            let distribution = pruned.distributions[leaf].as_slice();
            (distribution, grown.nodes[leaf].held_out.as_slice())
        });
        let leaves: Vec<_> = leaves.collect();
        let rival = |range, middle| decision_loss(&leaves, range, middle) / judged.len() as f64;
        let mut gains = vec![0.0; sample.features.len()];
        for node in grown.nodes.iter().filter(|node| node.child > 0) {
            gains[node.feature] += node.gain;
        }
        let boosted = thinned(sample, COMPILED, |few| {
            let teacher = Boosted::learn(few, params, &gains, rival)?;
            let loss = teacher_loss(&teacher, sample, &judged, &pruned.distributions[0]);
            let tree = (loss < pruned.loss).then(|| distill(few, params, &teacher));
            Some((loss, tree))
        });
        if let Some((loss, tree)) = boosted {
            candidates.push(("boosted", bits(loss)));
            if let Some(tree) = tree {
                return Conditional {
                    tree,
                    teacher: "boosted",
                    bits: candidates,
                    forbidden: grown.forbidden,
                };
            }
        }
    }
    Conditional {
        tree: compile(sample, &grown, &pruned),
        teacher: if pruned.cut[0] { "marginal" } else { "tree" },
        bits: candidates,
        forbidden: grown.forbidden,
    }
}

/// Returns the bits that a held-out row costs under the better of marginal and tree: a cheap
/// preview of [`fit`], to choose between ways of saying the same.
pub fn tree_bits(sample: &Sample<'_>, params: TreeParams) -> f64 {
    let judged = judges(sample);
    let learned = learn_tree(sample, params, &judged);
    learned.pruned.loss / std::f64::consts::LN_2 / learned.judges.max(1) as f64
}

fn judges(sample: &Sample<'_>) -> Vec<u32> {
    let rows = 0..sample.target.len() as u32;
    rows.filter(|&row| sample.held_out[row as usize]).collect()
}

/// A tree that was grown and pruned: without a split it is the marginal.
struct Learned {
    grown: Grown,
    /// Nats that the rows that judge cost under the marginal.
    marginal: f64,
    pruned: Pruned,
    /// How many rows judged.
    judges: usize,
}

/// Grows a tree and prunes it.
fn learn_tree(sample: &Sample<'_>, params: TreeParams, judged: &[u32]) -> Learned {
    let rows = 0..sample.target.len() as u32;
    let few = judged.len() < JUDGES;
    let taught = rows.filter(|&row| few || !sample.held_out[row as usize]);
    let grower = Grower {
        sample,
        params,
        labels: sample.target,
        copies: 1,
        taught: false,
    };
    let judged = if few { &[] } else { judged };
    let grown = grower.grow(taught.collect(), judged.to_vec());
    let root = root_distribution(&grown.nodes[0]);
    let alone = few.then(|| Alone::new(sample, &grown));
    let mut trials = SHRINKAGE
        .iter()
        .map(|&alpha| prune(&grown.nodes, &root, alpha, alone.as_ref()));
    let mut pruned = trials.next().expect("there are some");
    let marginal = pruned.marginal;
    // Where none pays, all are the same leaf.
    for trial in trials {
        if trial.loss < pruned.loss {
            pruned = trial;
        }
    }
    Learned {
        judges: if few {
            sample.target.len()
        } else {
            judged.len()
        },
        grown,
        marginal,
        pruned,
    }
}

/// Rows that judge what all the others say.
struct Alone {
    /// Nats that it costs to name a split: who chooses the best of many finds one in noise (minimum
    /// description length, Rissanen 1978).
    split: f64,
}

impl Alone {
    fn new(sample: &Sample<'_>, grown: &Grown) -> Alone {
        let rows = &grown.taught;
        let splits = sample.features.iter().map(|column| {
            let mut seen = [false; 256];
            (rows.iter()).for_each(|&row| seen[usize::from(column[row as usize])] = true);
            seen.iter().filter(|seen| **seen).count().saturating_sub(1)
        });
        Alone {
            split: (splits.sum::<usize>().max(1) as f64).ln(),
        }
    }

    /// The distributions that the rows of each symbol find when they are left out, given those of
    /// the parent.
    fn left_out(counts: &[u32], parent: &[f64], alpha: f64) -> Vec<f64> {
        let n: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        let rest = (n - 1.0).max(0.0) + alpha;
        let p = counts.iter().zip(parent);
        p.map(|(&count, parent)| ((f64::from(count) - 1.0).max(0.0) + alpha * parent) / rest)
            .collect()
    }
}

/// The root's distribution: every symbol of the sample keeps half a row.
fn root_distribution(root: &Node) -> Vec<f64> {
    let seen = |symbol: usize| root.counts[symbol] + root.held_out[symbol] > 0;
    let weights: Vec<f64> = (0..root.counts.len())
        .map(|s| {
            if seen(s) {
                f64::from(root.counts[s]) + 0.5
            } else {
                0.0
            }
        })
        .collect();
    let sum: f64 = weights.iter().sum();
    weights
        .into_iter()
        .map(|weight| weight / sum.max(0.5))
        .collect()
}

/// The distribution of a node: its counts and `alpha` rows of its parent's distribution.
fn shrink(counts: &[f64], parent: &[f64], alpha: f64) -> Vec<f64> {
    let n: f64 = counts.iter().sum();
    counts
        .iter()
        .zip(parent)
        .map(|(count, parent)| (count + alpha * parent) / (n + alpha))
        .collect()
}

/// Nats that held-out rows cost under a distribution.
fn loss(counts: &[u32], p: &[f64]) -> f64 {
    counts
        .iter()
        .zip(p)
        .filter(|(count, _)| **count > 0)
        .map(|(&count, p)| -f64::from(count) * p.ln())
        .sum()
}

/// Nats that the held-out rows whose symbol is in `range` cost, under distributions with the
/// counts they are for, for the decision whether it is below `middle`.
fn decision_loss(leaves: &[(&[f64], &[u32])], range: Range<usize>, middle: usize) -> f64 {
    let mut total = 0.0;
    for (p, held_out) in leaves {
        let whole: f64 = p[range.clone()].iter().sum();
        for side in [range.start..middle, middle..range.end] {
            let rows: u32 = held_out[side.clone()].iter().sum();
            if rows > 0 {
                total -= f64::from(rows) * (p[side].iter().sum::<f64>() / whole).ln();
            }
        }
    }
    total
}

/// Nats that the held-out rows cost under a boosted teacher.
fn teacher_loss(teacher: &Boosted, sample: &Sample<'_>, judged: &[u32], root: &[f64]) -> f64 {
    let some = thin(judged, WEIGHED);
    let losses = some.iter().map(|&row| {
        let row = row as usize;
        let symbol = sample.target[row];
        let p = teacher.probability(symbol, |feature| sample.features[feature][row]);
        // No symbol that is there may be impossible.
        -(f64::from(p) * (1.0 - DOUBT) + root[usize::from(symbol)] * DOUBT).ln()
    });
    losses.sum::<f64>() * judged.len() as f64 / some.len().max(1) as f64
}

/// Returns so many of some rows, evenly; all if they are no more.
pub fn thin(rows: &[u32], most: usize) -> Vec<u32> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    (0..most).map(|i| rows[i * rows.len() / most]).collect()
}

/// Hands on a sample of so many rows, taken evenly.
fn thinned<R>(sample: &Sample<'_>, most: usize, then: impl FnOnce(&Sample<'_>) -> R) -> R {
    if sample.target.len() <= most {
        return then(sample);
    }
    let rows: Vec<u32> = (0..sample.target.len() as u32).collect();
    of_rows(sample, &thin(&rows, most), then)
}

/// Hands on some rows of a sample.
pub fn of_rows<R>(sample: &Sample<'_>, rows: &[u32], then: impl FnOnce(&Sample<'_>) -> R) -> R {
    fn of<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
        rows.iter().map(|&row| column[row as usize]).collect()
    }
    let features: Vec<Vec<u8>> = sample.features.iter().map(|it| of(it, rows)).collect();
    let entities: Vec<Vec<u32>> = sample.entities.iter().map(|it| of(it, rows)).collect();
    then(&Sample {
        target: &of(sample.target, rows),
        symbols: sample.symbols,
        features: &features.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        entities: &entities.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        held_out: &of(sample.held_out, rows),
    })
}

/// A tree of which only the subtrees that pay are left.
struct Pruned {
    /// Nats that the rows that judge cost.
    loss: f64,
    /// And without any split.
    marginal: f64,
    /// Rows of its parent's distribution that each node's is drawn toward.
    alpha: f64,
    /// Which nodes end as leaves, or lie below one.
    cut: Vec<bool>,
    /// The distribution of each node.
    distributions: Vec<Vec<f64>>,
}

/// Cuts every subtree that does not pay on held-out rows (reduced-error pruning, Quinlan 1987), or
/// on rows that are left out one at a time.
fn prune(nodes: &[Node], root: &[f64], alpha: f64, alone: Option<&Alone>) -> Pruned {
    let mut distributions: Vec<Vec<f64>> = vec![Vec::new(); nodes.len()];
    distributions[0] = root.to_vec();
    // What the rows that judge find: the distributions, or what is left of them without a row.
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); nodes.len()];
    if alone.is_some() {
        let even = vec![1.0 / root.len().max(1) as f64; root.len()];
        found[0] = Alone::left_out(&nodes[0].counts, &even, 0.5 * root.len() as f64);
    }
    for i in 0..nodes.len() {
        if nodes[i].child > 0 {
            for child in [nodes[i].child, nodes[i].child + 1] {
                let counts = &nodes[child].counts;
                if alone.is_some() {
                    found[child] = Alone::left_out(counts, &found[i], alpha);
                }
                let counts: Vec<f64> = counts.iter().map(|&n| f64::from(n)).collect();
                distributions[child] = shrink(&counts, &distributions[i], alpha);
            }
        }
    }
    let mut cut = vec![true; nodes.len()];
    let mut losses = vec![0.0; nodes.len()];
    let mut marginal = 0.0;
    for i in (0..nodes.len()).rev() {
        losses[i] = match alone {
            Some(_) => loss(&nodes[i].counts, &found[i]),
            None => loss(&nodes[i].held_out, &distributions[i]),
        };
        marginal = losses[i];
        if nodes[i].child > 0 {
            let below = losses[nodes[i].child] + losses[nodes[i].child + 1];
            let below = below + alone.map_or(0.0, |alone| alone.split);
            if below < losses[i] {
                (losses[i], cut[i]) = (below, false);
            }
        }
    }
    Pruned {
        loss: losses[0],
        marginal,
        alpha,
        cut,
        distributions,
    }
}

impl Pruned {
    /// Returns the leaves' nodes: those that are left without children.
    fn leaves(&self, nodes: &[Node]) -> Vec<usize> {
        let mut leaves = Vec::new();
        let mut open = vec![0];
        while let Some(index) = open.pop() {
            match self.cut[index] {
                true => leaves.push(index),
                false => open.extend([nodes[index].child, nodes[index].child + 1]),
            }
        }
        leaves
    }
}

/// Lays the pruned tree out with leaves learned from all rows, held-out ones included.
fn compile(sample: &Sample<'_>, grown: &Grown, pruned: &Pruned) -> Tree {
    let (nodes, alpha) = (&grown.nodes, pruned.alpha);
    let mut tree = Tree {
        offsets: vec![0],
        ..Tree::default()
    };
    // Breadth first, so that siblings are neighbours and children follow their parents.
    let counts = |node: &Node| -> Vec<f64> {
        node.counts
            .iter()
            .zip(&node.held_out)
            .map(|(a, b)| f64::from(a + b))
            .collect()
    };
    let all = counts(&nodes[0]);
    let rows: f64 = all.iter().sum();
    let base: Vec<f64> = all.iter().map(|count| count / rows.max(1.0)).collect();
    let mut queue = vec![(0usize, base)];
    let mut next = 0;
    while next < queue.len() {
        let (index, parent) = queue[next].clone();
        let node = &nodes[index];
        next += 1;
        if pruned.cut[index] {
            let weights = capped(sample, node, grown);
            let mut p = if index == 0 {
                weights
            } else {
                shrink(&weights, &parent, alpha)
            };
            let sum: f64 = p.iter().sum();
            p.iter_mut()
                .filter(|p| **p < LEAST * sum)
                .for_each(|p| *p = 0.0);
            if sum <= 0.0 {
                p[0] = 1.0;
            }
            tree.child.push(tree.child.len() as u32);
            tree.feature.push(0);
            tree.cut.push(0);
            tree.push_leaf(&p);
        } else {
            let p = if index == 0 {
                parent
            } else {
                shrink(&counts(node), &parent, alpha)
            };
            tree.child.push(queue.len() as u32);
            tree.feature.push(node.feature as u16);
            tree.cut.push(node.cut);
            queue.push((node.child, p.clone()));
            queue.push((node.child + 1, p));
        }
    }
    tree
}

/// Counts of a leaf in which no entity weighs more than a third.
fn capped(sample: &Sample<'_>, node: &Node, grown: &Grown) -> Vec<f64> {
    let taught = &grown.taught[node.taught.0..node.taught.1];
    let judged = &grown.judged[node.judged.0..node.judged.1];
    let rows: Vec<usize> = taught
        .iter()
        .chain(judged)
        .map(|&row| row as usize)
        .collect();
    let mut weights = vec![1.0f64; rows.len()];
    for kind in sample.entities {
        let mut of: Vec<u32> = rows.iter().map(|&row| kind[row]).collect();
        of.sort_unstable();
        let sizes: Vec<(u32, u64)> = of
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() as u64))
            .collect();
        let most = sizes.iter().map(|size| size.1).max().unwrap_or(0);
        let mut cap = most;
        while sizes.len() > 3 {
            let total: u64 = sizes.iter().map(|size| size.1.min(cap)).sum();
            if cap * 3 <= total || cap == 1 {
                break;
            }
            cap = (total / 3).clamp(1, cap - 1);
        }
        if cap < most {
            for (weight, &row) in weights.iter_mut().zip(&rows) {
                let at = sizes
                    .binary_search_by_key(&kind[row], |size| size.0)
                    .unwrap_or(0);
                *weight = weight.min(cap as f64 / sizes[at].1 as f64);
            }
        }
    }
    let mut counts = vec![0.0; sample.symbols];
    for (&row, weight) in rows.iter().zip(weights) {
        counts[usize::from(sample.target[row])] += weight;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::philox::{Stream, mix};
    use crate::tree::{Block, Sampler};

    const PARAMS: TreeParams = TreeParams {
        min_rows: 20,
        floor: 10,
        max_depth: 16,
        within: None,
    };

    fn noise(row: usize, salt: u64) -> u64 {
        Stream::new(salt).at(row as u64)
    }

    #[test]
    fn few_rows_judge_one_another() {
        let n = 45;
        let (mut found, mut imagined) = (0, 0);
        for seed in 0..40u64 {
            let noise = |row: usize, salt: u64| noise(row, mix(seed) ^ salt);
            let column = |salt: u64, of: u64| -> Vec<u8> {
                (0..n).map(|row| (noise(row, salt) % of) as u8).collect()
            };
            let (a, b, kind) = (column(1, 4), column(2, 4), column(3, 2));
            // Nine in ten are of the half that their kind says.
            let size = |row: usize| {
                let half = kind[row] ^ u8::from(noise(row, 4) % 10 == 0);
                2 * half + (noise(row, 5) % 2) as u8
            };
            let sizes: Vec<u8> = (0..n).map(size).collect();
            let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
            let fitted = |features: &[&[u8]]| {
                let sample = Sample {
                    target: &sizes,
                    symbols: 4,
                    features,
                    entities: &[],
                    held_out: &held_out,
                };
                let params = TreeParams {
                    min_rows: 10,
                    floor: 1,
                    ..PARAMS
                };
                assert!(tree_bits(&sample, params) < 2.1);
                fit(&sample, params).tree.asked().collect::<Vec<usize>>()
            };
            found += usize::from(fitted(&[&a, &kind, &b]).contains(&1));
            imagined += usize::from(!fitted(&[&a, &b]).is_empty());
        }
        assert!(
            found >= 36 && imagined <= 4,
            "{found} found, {imagined} imagined"
        );
    }

    #[test]
    fn a_dependence_is_found_and_independence_is_left_alone() {
        let n = 20_000;
        let x: Vec<u8> = (0..n).map(|row| (noise(row, 1) % 8) as u8).collect();
        let z: Vec<u8> = (0..n).map(|row| (noise(row, 2) % 8) as u8).collect();
        let y: Vec<u8> = (0..n)
            .map(|row| {
                if noise(row, 3) % 10 < 9 {
                    u8::from(x[row] > 3)
                } else {
                    2
                }
            })
            .collect();
        let held_out: Vec<bool> = (0..n).map(|row| noise(row, 4).is_multiple_of(5)).collect();
        let features: [&[u8]; 2] = [&z, &x];
        let sample = Sample {
            target: &y,
            symbols: 3,
            features: &features,
            entities: &[],
            held_out: &held_out,
        };
        let found = fit(&sample, PARAMS);
        assert_eq!(found.teacher, "tree");
        assert_eq!(found.tree.asked().collect::<Vec<_>>(), [1]);
        assert!(
            found.bits[1].1 < 0.5 && found.bits[0].1 > 1.3,
            "{:?}",
            found.bits
        );
        let third: Vec<u8> = z.iter().map(|z| z % 3).collect();
        let independent = fit(
            &Sample {
                target: &third,
                features: &features[1..],
                ..sample
            },
            PARAMS,
        );
        assert_eq!(
            (independent.teacher, independent.tree.leaves()),
            ("marginal", 1)
        );
    }

    #[test]
    fn a_boosted_teacher_wins_where_many_influences_add_up() {
        let n = 12_000;
        let features: Vec<Vec<u8>> = (0..8)
            .map(|salt| (0..n).map(|row| (noise(row, salt) % 5) as u8).collect())
            .collect();
        let features: Vec<&[u8]> = features.iter().map(Vec::as_slice).collect();
        let sum = |row: usize| features.iter().map(|it| u64::from(it[row])).sum::<u64>();
        let y: Vec<u8> = (0..n)
            .map(|row| ((sum(row) + noise(row, 70) % 12) / 4) as u8)
            .collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
        let found = fit(
            &Sample {
                target: &y,
                symbols: 11,
                features: &features,
                entities: &[],
                held_out: &held_out,
            },
            PARAMS,
        );
        assert_eq!(found.teacher, "boosted");
        found.tree.check(8, 11).unwrap();
        let [(_, marginal), (_, tree), (_, boosted)] = found.bits[..] else {
            panic!("{:?}", found.bits);
        };
        assert!(boosted < tree - 0.05 && tree < marginal, "{:?}", found.bits);
        // One tree draws nearly what depends on the sum: the means differ by three.
        let mut block = Block::new(8, n);
        for (column, feature) in features.iter().enumerate() {
            block.column_mut(column).copy_from_slice(feature);
        }
        let bits: Vec<u32> = (0..n).map(|row| (noise(row, 80) >> 32) as u32).collect();
        let mut drawn = vec![0; n];
        Sampler::new(&found.tree).draw(&block, &bits, &mut drawn);
        let mean = |of: &[u8], least: u64, most: u64| {
            let rows = (0..n).filter(|&row| (least..most).contains(&sum(row)));
            let (rows, total) = rows.fold((0, 0), |(n, t), row| (n + 1, t + u32::from(of[row])));
            f64::from(total) / f64::from(rows)
        };
        for (least, most) in [(0, 12), (14, 18), (20, 40)] {
            let (real, made) = (mean(&y, least, most), mean(&drawn, least, most));
            assert!((real - made).abs() < 0.45, "{real} {made}");
        }
    }

    #[test]
    fn interactions_need_depth() {
        let n = 40_000;
        let x: Vec<u8> = (0..n).map(|row| (noise(row, 1) % 4) as u8).collect();
        let z: Vec<u8> = (0..n).map(|row| (noise(row, 2) % 5) as u8).collect();
        let y: Vec<u8> = (0..n).map(|row| (x[row] + z[row]) % 4).collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
        let found = fit(
            &Sample {
                target: &y,
                symbols: 4,
                features: &[&x, &z],
                entities: &[],
                held_out: &held_out,
            },
            PARAMS,
        );
        assert!(found.bits[1].1 < 0.01, "{:?}", found.bits);
        found.tree.check(2, 4).unwrap();
    }

    #[test]
    fn what_a_value_means_by_itself_is_told_value_by_value() {
        // No cut of the bins tells much: each takes one bin from an end, and depth ends.
        let n = 40_000;
        let bin: Vec<u8> = (0..n).map(|row| (noise(row, 1) % 200) as u8).collect();
        let part: Vec<u8> = bin.iter().map(|bin| bin % 3).collect();
        let held_out: Vec<bool> = (0..n).map(|row| row % 5 == 0).collect();
        let sample = Sample {
            target: &part,
            symbols: 3,
            features: &[&bin],
            entities: &[],
            held_out: &held_out,
        };
        let params = TreeParams {
            within: Some(0),
            ..PARAMS
        };
        assert!(tree_bits(&sample, PARAMS) > 0.5);
        assert!(tree_bits(&sample, params) < 0.01);
    }

    #[test]
    fn floors_count_entities_not_rows() {
        // One side of the only useful split belongs to nine entities.
        let n = 9000;
        let x: Vec<u8> = (0..n).map(|row| u8::from(row % 9 == 0)).collect();
        let entities: Vec<u32> = (0..n as u32)
            .map(|row| if row % 9 == 0 { row % 81 / 9 } else { row })
            .collect();
        let held_out: Vec<bool> = (0..n)
            .map(|row| mix(u64::from(entities[row])).is_multiple_of(5))
            .collect();
        let sample = Sample {
            target: &x,
            symbols: 2,
            features: &[&x],
            entities: &[&entities],
            held_out: &held_out,
        };
        let found = fit(&sample, PARAMS);
        assert_eq!((found.teacher, found.forbidden), ("marginal", 1));
        let free = fit(
            &Sample {
                entities: &[],
                ..sample
            },
            PARAMS,
        );
        assert_eq!(free.teacher, "tree");
    }

    #[test]
    fn no_entity_weighs_more_than_a_third() {
        let n = 1000;
        let entities: Vec<u32> = (0..n).map(|row| if row < 900 { 0 } else { row }).collect();
        let y: Vec<u8> = (0..n).map(|row| u8::from(row < 900)).collect();
        let held_out = vec![false; n as usize];
        let found = fit(
            &Sample {
                target: &y,
                symbols: 2,
                features: &[],
                entities: &[&entities],
                held_out: &held_out,
            },
            PARAMS,
        );
        let share = f64::from(found.tree.weights[1]) / f64::from(Tree::TOTAL);
        assert!((0.3..=0.34).contains(&share), "{share}");
    }

    #[test]
    fn constants_and_single_rows_are_leaves() {
        for n in [0usize, 1, 50] {
            let y = vec![0u8; n];
            let found = fit(
                &Sample {
                    target: &y,
                    symbols: 1,
                    features: &[&y],
                    entities: &[],
                    held_out: &vec![false; n],
                },
                PARAMS,
            );
            assert_eq!(found.tree.check(1, 1), Ok(()));
            assert_eq!(found.tree.leaves(), 1);
        }
    }
}
