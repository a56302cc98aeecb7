//! Learns one conditional: candidates, a choice by held-out bits, one sampler.
//!
//! Two teachers so far: the *marginal*, and a *tree with hierarchical shrinkage* toward its
//! ancestors (Agarwal, Tan, Ronen, Singh, Yu, "Hierarchical Shrinkage", ICML 2022, here in
//! the Bayesian form of a Dirichlet prior centred on the parent's distribution). Both are
//! judged on rows held out by *entity*: rows of one person never sit on both sides, so a
//! teacher that remembers people loses. The winner is what [`Tree`] stores.

use std::sync::OnceLock;

use statrs::distribution::{ChiSquared, ContinuousCDF};

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
}

/// A learned conditional.
#[derive(Clone, Debug)]
pub struct Conditional {
    /// What draws from it.
    pub tree: Tree,
    /// `marginal` or `tree`.
    pub teacher: &'static str,
    /// Held-out bits a row of each candidate.
    pub bits: Vec<(&'static str, f64)>,
    /// Splits that the entity floor forbade.
    pub forbidden: u64,
}

/// Fewest held-out rows that may choose a tree.
const JUDGES: usize = 20;
/// Weights of the parent's distribution, in rows: tried in turn.
const SHRINKAGE: [f64; 5] = [2.0, 8.0, 32.0, 128.0, 512.0];
/// Probabilities below this are dropped from a leaf: one row in 50,000.
const LEAST: f64 = 2e-5;

/// Learns the conditional of a target.
pub fn fit(sample: &Sample<'_>, params: TreeParams) -> Conditional {
    let grower = Grower::new(sample, params);
    let mut nodes = grower.grow();
    let judges: u32 = nodes.first().map_or(0, |root| root.held_out.iter().sum());
    let root = root_distribution(&nodes[0]);
    let marginal = loss(&nodes[0].held_out, &root);
    let mut best = (marginal, SHRINKAGE[SHRINKAGE.len() - 1], vec![true; 1]);
    let mut tree_loss = marginal;
    if judges as usize >= JUDGES && nodes.len() > 1 {
        for alpha in SHRINKAGE {
            let (total, cut) = prune(&nodes, &root, alpha);
            if total < best.0 {
                best = (total, alpha, cut);
                tree_loss = total;
            }
        }
    }
    let (_, alpha, cut) = best;
    let bits = |loss: f64| loss / std::f64::consts::LN_2 / f64::from(judges.max(1));
    let forbidden = nodes[0].forbidden;
    if cut[0] {
        nodes.truncate(1);
    }
    Conditional {
        tree: compile(sample, &mut nodes, &grower.order, &cut, alpha),
        teacher: if cut[0] { "marginal" } else { "tree" },
        bits: vec![("marginal", bits(marginal)), ("tree", bits(tree_loss))],
        forbidden,
    }
}

#[derive(Clone, Debug, Default)]
struct Node {
    feature: usize,
    cut: u8,
    /// The left child, the right one follows; 0 for a leaf.
    child: usize,
    depth: u32,
    /// Rows of the training and of the held-out order.
    taught: (usize, usize),
    judged: (usize, usize),
    counts: Vec<u32>,
    held_out: Vec<u32>,
    forbidden: u64,
}

/// Row numbers in the order that growth left them: each node is a range.
#[derive(Debug, Default)]
struct Order {
    taught: Vec<u32>,
    judged: Vec<u32>,
}

struct Grower<'a> {
    sample: &'a Sample<'a>,
    params: TreeParams,
    order: std::cell::RefCell<Order>,
}

impl<'a> Grower<'a> {
    fn new(sample: &'a Sample<'a>, params: TreeParams) -> Grower<'a> {
        Grower {
            sample,
            params,
            order: Default::default(),
        }
    }

    fn grow(&self) -> Vec<Node> {
        let sample = self.sample;
        let n = sample.target.len() as u32;
        let (judged, taught): (Vec<u32>, Vec<u32>) =
            (0..n).partition(|&row| sample.held_out[row as usize]);
        let xlogx: Vec<f64> = (0..=taught.len())
            .map(|n| {
                if n < 2 {
                    0.0
                } else {
                    n as f64 * (n as f64).ln()
                }
            })
            .collect();
        let features: Vec<(usize, &[u8], usize)> = sample
            .features
            .iter()
            .enumerate()
            .map(|(i, column)| {
                (
                    i,
                    *column,
                    column.iter().max().map_or(0, |&max| usize::from(max) + 1),
                )
            })
            .filter(|(_, _, values)| *values > 1)
            .collect();
        let mut root = Node {
            taught: (0, taught.len()),
            judged: (0, judged.len()),
            ..Node::default()
        };
        root.counts = self.count(&taught);
        root.held_out = self.count(&judged);
        let mut order = self.order.borrow_mut();
        *order = Order { taught, judged };
        let mut scratch = Scratch::new(sample.symbols, sample.entities);
        let mut nodes = vec![root];
        let mut forbidden = 0;
        let mut next = 0;
        while next < nodes.len() {
            let node = &nodes[next];
            let (from, to) = node.taught;
            let rows = &order.taught[from..to];
            let split = (node.depth < self.params.max_depth)
                .then(|| {
                    self.best_split(
                        rows,
                        &node.counts,
                        &features,
                        &xlogx,
                        &mut scratch,
                        &mut forbidden,
                    )
                })
                .flatten();
            if let Some((feature, cut)) = split {
                let column = sample.features[feature];
                let depth = node.depth + 1;
                let (low, high) = node.judged;
                let middle = from + partition(&mut order.taught[from..to], column, cut);
                let centre = low + partition(&mut order.judged[low..high], column, cut);
                let child = nodes.len();
                for (taught, judged) in [
                    ((from, middle), (low, centre)),
                    ((middle, to), (centre, high)),
                ] {
                    nodes.push(Node {
                        depth,
                        taught,
                        judged,
                        counts: self.count(&order.taught[taught.0..taught.1]),
                        held_out: self.count(&order.judged[judged.0..judged.1]),
                        ..Node::default()
                    });
                }
                (nodes[next].feature, nodes[next].cut, nodes[next].child) = (feature, cut, child);
            }
            next += 1;
        }
        nodes[0].forbidden = forbidden;
        nodes
    }

    fn count(&self, rows: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.sample.symbols];
        for &row in rows {
            counts[usize::from(self.sample.target[row as usize])] += 1;
        }
        counts
    }

    /// The split with the greatest gain in likelihood that significance and floors allow.
    fn best_split(
        &self,
        rows: &[u32],
        counts: &[u32],
        features: &[(usize, &[u8], usize)],
        xlogx: &[f64],
        scratch: &mut Scratch,
        forbidden: &mut u64,
    ) -> Option<(usize, u8)> {
        let least = self.params.min_rows.max(1) as usize;
        let present = counts.iter().filter(|&&count| count > 0).count();
        if rows.len() < 2 * least || present < 2 {
            return None;
        }
        let whole: f64 = counts
            .iter()
            .map(|&count| xlogx[count as usize])
            .sum::<f64>()
            - xlogx[rows.len()];
        scratch.candidates.clear();
        for &(index, column, values) in features {
            let gain = scratch.best_cut(
                rows,
                self.sample.target,
                column,
                values,
                counts,
                xlogx,
                least,
            );
            if let Some((score, cut)) = gain {
                // Twice the gain in log-likelihood is χ² with one degree a further symbol.
                if 2.0 * (score - whole) > critical(present - 1) {
                    scratch.candidates.push((score, index, cut));
                }
            }
        }
        scratch
            .candidates
            .sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for i in 0..scratch.candidates.len() {
            let (_, feature, cut) = scratch.candidates[i];
            if scratch.holds_floor(
                rows,
                self.sample.features[feature],
                cut,
                self.params.floor,
                self.sample.entities,
            ) {
                return Some((feature, cut));
            }
            *forbidden += 1;
        }
        None
    }
}

/// Buffers that every node of one tree shares.
struct Scratch {
    symbols: usize,
    histogram: Vec<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
    sorted: Vec<u8>,
    stamps: Vec<u32>,
    stamp: u32,
    candidates: Vec<(f64, usize, u8)>,
}

impl Scratch {
    fn new(symbols: usize, entities: &[&[u32]]) -> Scratch {
        let most = entities
            .iter()
            .flat_map(|kind| kind.iter())
            .max()
            .map_or(0, |&max| max as usize + 1);
        Scratch {
            symbols,
            histogram: vec![0; 256 * symbols],
            left: vec![0; symbols],
            right: vec![0; symbols],
            sorted: Vec::new(),
            stamps: vec![0; most],
            stamp: 0,
            candidates: Vec::new(),
        }
    }

    /// The best threshold of one feature: (Σ x·ln x of both sides less their totals, cut).
    #[expect(
        clippy::too_many_arguments,
        reason = "the inner loop of growth: plain slices, no struct to fill per call"
    )]
    fn best_cut(
        &mut self,
        rows: &[u32],
        target: &[u8],
        column: &[u8],
        values: usize,
        counts: &[u32],
        xlogx: &[f64],
        least: usize,
    ) -> Option<(f64, u8)> {
        self.left.fill(0);
        self.right.copy_from_slice(counts);
        let n = rows.len();
        let mut best: Option<(f64, u8)> = None;
        let mut sum: f64 = counts.iter().map(|&count| xlogx[count as usize]).sum();
        let mut below = 0;
        let (left, right) = (&mut self.left, &mut self.right);
        let mut shift = |symbol: usize, count: u32, sum: &mut f64| {
            let (l, r) = (left[symbol] as usize, right[symbol] as usize);
            let count = count as usize;
            *sum += xlogx[l + count] - xlogx[l] + xlogx[r - count] - xlogx[r];
            left[symbol] += count as u32;
            right[symbol] -= count as u32;
        };
        let mut judge = |value: usize, below: usize, sum: f64| {
            if below >= least && n - below >= least {
                let score = sum - xlogx[below] - xlogx[n - below];
                if best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, value as u8));
                }
            }
        };
        // Two ways to the same sums: a table of counts where rows are many, a counting sort
        // where they are few and the table would be mostly zeros.
        if n * 2 > values * self.symbols {
            let symbols = self.symbols;
            let histogram = &mut self.histogram[..values * symbols];
            for &row in rows {
                let row = row as usize;
                histogram[usize::from(column[row]) * symbols + usize::from(target[row])] += 1;
            }
            for (value, cells) in histogram.chunks_exact_mut(symbols).enumerate() {
                let before = below;
                for (symbol, cell) in cells.iter_mut().enumerate() {
                    if *cell > 0 {
                        shift(symbol, *cell, &mut sum);
                        below += *cell as usize;
                        *cell = 0;
                    }
                }
                if below > before {
                    judge(value, below, sum);
                }
            }
        } else {
            let mut starts = [0u32; 257];
            for &row in rows {
                starts[usize::from(column[row as usize]) + 1] += 1;
            }
            for value in 0..256 {
                starts[value + 1] += starts[value];
            }
            let mut at = starts;
            self.sorted.resize(n, 0);
            for &row in rows {
                let slot = &mut at[usize::from(column[row as usize])];
                self.sorted[*slot as usize] = target[row as usize];
                *slot += 1;
            }
            for value in 0..values {
                let (from, to) = (starts[value] as usize, starts[value + 1] as usize);
                if from == to {
                    continue;
                }
                for &symbol in &self.sorted[from..to] {
                    shift(usize::from(symbol), 1, &mut sum);
                }
                judge(value, to, sum);
            }
        }
        best
    }

    /// Whether both sides of a split hold at least `floor` distinct entities.
    fn holds_floor(
        &mut self,
        rows: &[u32],
        column: &[u8],
        cut: u8,
        floor: u32,
        entities: &[&[u32]],
    ) -> bool {
        let sides = [false, true].into_iter();
        sides
            .flat_map(|above| entities.iter().map(move |kind| (above, kind)))
            .all(|(above, kind)| {
                self.stamp += 1;
                let mut distinct = 0;
                rows.iter().any(|&row| {
                    if (column[row as usize] > cut) == above {
                        let stamp = &mut self.stamps[kind[row as usize] as usize];
                        if *stamp != self.stamp {
                            *stamp = self.stamp;
                            distinct += 1;
                        }
                    }
                    distinct >= floor
                })
            })
    }
}

/// Moves rows at or below the cut to the front, keeping order; returns how many they are.
fn partition(rows: &mut [u32], column: &[u8], cut: u8) -> usize {
    let (below, above): (Vec<u32>, Vec<u32>) =
        rows.iter().partition(|&&row| column[row as usize] <= cut);
    rows[..below.len()].copy_from_slice(&below);
    rows[below.len()..].copy_from_slice(&above);
    below.len()
}

/// The 99.9 % point of χ²: a first sieve, before held-out rows judge.
fn critical(degrees: usize) -> f64 {
    static TABLE: OnceLock<Vec<f64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        (1..=256)
            .map(|degrees| {
                ChiSquared::new(f64::from(degrees)).map_or(f64::MAX, |law| law.inverse_cdf(0.999))
            })
            .collect()
    });
    table[degrees.clamp(1, 256) - 1]
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

/// Cuts every subtree that does not pay on held-out rows (reduced-error pruning, Quinlan
/// 1987): returns the loss that is left and which nodes end as leaves.
fn prune(nodes: &[Node], root: &[f64], alpha: f64) -> (f64, Vec<bool>) {
    let mut p: Vec<Vec<f64>> = vec![Vec::new(); nodes.len()];
    p[0] = root.to_vec();
    for i in 0..nodes.len() {
        if nodes[i].child > 0 {
            for child in [nodes[i].child, nodes[i].child + 1] {
                let counts: Vec<f64> = nodes[child]
                    .counts
                    .iter()
                    .map(|&count| f64::from(count))
                    .collect();
                p[child] = shrink(&counts, &p[i], alpha);
            }
        }
    }
    let mut cut = vec![true; nodes.len()];
    let mut losses = vec![0.0; nodes.len()];
    for i in (0..nodes.len()).rev() {
        losses[i] = loss(&nodes[i].held_out, &p[i]);
        if nodes[i].child > 0 {
            let below = losses[nodes[i].child] + losses[nodes[i].child + 1];
            if below < losses[i] {
                (losses[i], cut[i]) = (below, false);
            }
        }
    }
    (losses[0], cut)
}

/// Lays the pruned tree out with leaves learned from all rows, held-out ones included.
fn compile(
    sample: &Sample<'_>,
    nodes: &mut [Node],
    order: &std::cell::RefCell<Order>,
    cut: &[bool],
    alpha: f64,
) -> Tree {
    let order = order.borrow();
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
        if cut[index] || node.child == 0 {
            let weights = capped(sample, node, &order);
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
fn capped(sample: &Sample<'_>, node: &Node, order: &Order) -> Vec<f64> {
    let taught = &order.taught[node.taught.0..node.taught.1];
    let judged = &order.judged[node.judged.0..node.judged.1];
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

    const PARAMS: TreeParams = TreeParams {
        min_rows: 20,
        floor: 10,
        max_depth: 16,
    };

    fn noise(row: usize, salt: u64) -> u64 {
        Stream::new(salt).at(row as u64)
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
