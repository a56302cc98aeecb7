//! Grows a tree: splits that pay, on either side of which the floors hold.

use std::sync::OnceLock;

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::floors::Floors;
use crate::teacher::{Sample, TreeParams};

/// A node of a grown tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) feature: usize,
    pub(crate) cut: u8,
    /// The left child, the right one follows; 0 for a leaf.
    pub(crate) child: usize,
    depth: u32,
    /// Rows of the training and of the held-out order.
    pub(crate) taught: (usize, usize),
    pub(crate) judged: (usize, usize),
    pub(crate) counts: Vec<u32>,
    pub(crate) held_out: Vec<u32>,
    /// Nats that the rows save by the split.
    pub(crate) gain: f64,
}

/// A grown tree, and the rows in the order that growth left them: each node is a range.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) nodes: Vec<Node>,
    pub(crate) taught: Vec<u32>,
    pub(crate) judged: Vec<u32>,
    /// Splits that the entity floor forbade.
    pub(crate) forbidden: u64,
}

/// What a tree is grown for.
pub(crate) struct Grower<'a> {
    pub(crate) sample: &'a Sample<'a>,
    pub(crate) params: TreeParams,
    /// What is predicted: so many symbols a row.
    pub(crate) labels: &'a [u8],
    pub(crate) copies: usize,
    /// Whether labels are what a teacher said: then every gain is real, however small, and no
    /// entity may have more than a third of the rows on a side of a split.
    pub(crate) taught: bool,
}

/// Nats a row that a split must gain of what a teacher said.
const TAUGHT_GAIN: f64 = 0.01;

impl Grower<'_> {
    /// Grows on some rows, and counts others along.
    pub(crate) fn grow(&self, mut taught: Vec<u32>, mut judged: Vec<u32>) -> Grown {
        let sample = self.sample;
        let xlogx: Vec<f64> = (0..=taught.len() * self.copies)
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
        let mut scratch = Scratch::new(
            sample.symbols,
            Floors::new(sample.entities, self.params.floor),
        );
        let mut nodes = vec![root];
        let mut forbidden = 0;
        let mut next = 0;
        while next < nodes.len() {
            let node = &nodes[next];
            let (from, to) = node.taught;
            let rows = &taught[from..to];
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
            if let Some((gain, feature, cut)) = split {
                let column = sample.features[feature];
                let depth = node.depth + 1;
                let (low, high) = node.judged;
                let middle = from + partition(&mut taught[from..to], column, cut);
                let centre = low + partition(&mut judged[low..high], column, cut);
                let child = nodes.len();
                for (own, other) in [
                    ((from, middle), (low, centre)),
                    ((middle, to), (centre, high)),
                ] {
                    nodes.push(Node {
                        depth,
                        taught: own,
                        judged: other,
                        counts: self.count(&taught[own.0..own.1]),
                        held_out: self.count(&judged[other.0..other.1]),
                        ..Node::default()
                    });
                }
                (nodes[next].feature, nodes[next].cut, nodes[next].child) = (feature, cut, child);
                nodes[next].gain = gain;
            }
            next += 1;
        }
        Grown {
            nodes,
            taught,
            judged,
            forbidden,
        }
    }

    fn count(&self, rows: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.sample.symbols];
        for &row in rows {
            for &label in &self.labels[row as usize * self.copies..][..self.copies] {
                counts[usize::from(label)] += 1;
            }
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
        scratch: &mut Scratch<'_>,
        forbidden: &mut u64,
    ) -> Option<(f64, usize, u8)> {
        let least = self.params.min_rows.max(1) as usize;
        let present = counts.iter().filter(|&&count| count > 0).count();
        if rows.len() < 2 * least || present < 2 {
            return None;
        }
        let whole: f64 = counts
            .iter()
            .map(|&count| xlogx[count as usize])
            .sum::<f64>()
            - xlogx[rows.len() * self.copies];
        scratch.candidates.clear();
        let within = self.params.within;
        let apart = within.and_then(|feature| {
            let column = self.sample.features[feature];
            let mut of_values = [0u64; 256];
            for &row in rows {
                of_values[usize::from(column[row as usize])] += 1;
            }
            let above = middle(&of_values, least as u64)?;
            Some((whole, feature, (above - 1) as u8))
        });
        scratch.candidates.extend(apart);
        let others = match apart {
            Some(_) => [].as_slice(),
            None => features,
        };
        for &(index, column, values) in others {
            let gain = scratch.best_cut(
                rows,
                (self.labels, self.copies),
                column,
                values,
                counts,
                xlogx,
                least,
            );
            if let Some((score, cut)) = gain {
                // Twice the gain in log-likelihood is χ² with one degree a further symbol.
                let chance = critical(present - 1) / 2.0;
                let enough = match self.taught {
                    true => chance.min(TAUGHT_GAIN * (rows.len() * self.copies) as f64),
                    false => chance,
                };
                if score - whole > enough {
                    scratch.candidates.push((score, index, cut));
                }
            }
        }
        scratch
            .candidates
            .sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for i in 0..scratch.candidates.len() {
            let (score, feature, cut) = scratch.candidates[i];
            let column = self.sample.features[feature];
            let (below, above): (Vec<u32>, Vec<u32>) =
                rows.iter().partition(|&&row| column[row as usize] <= cut);
            let mut holds = |side: &[u32]| match self.taught {
                true => scratch.floors.hold_evenly(side.iter().copied()),
                false => scratch.floors.hold(side.iter().copied()),
            };
            if holds(&below) && holds(&above) {
                return Some((score - whole, feature, cut));
            }
            *forbidden += 1;
        }
        None
    }
}

/// Where to cut a run of symbols so that both sides weigh as alike as can be, each at least so
/// much; `None` if no cut leaves that.
pub(crate) fn middle(counts: &[u64], least: u64) -> Option<usize> {
    let whole: u64 = counts.iter().sum();
    let mut below = 0;
    (1..counts.len())
        .filter_map(|cut| {
            below += counts[cut - 1];
            let above = whole - below;
            (below >= least && above >= least).then_some((below.abs_diff(above), cut))
        })
        .min()
        .map(|(_, cut)| cut)
}

/// Buffers that every node of one tree shares.
struct Scratch<'a> {
    floors: Floors<'a>,
    symbols: usize,
    histogram: Vec<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
    sorted: Vec<u8>,
    candidates: Vec<(f64, usize, u8)>,
}

impl<'a> Scratch<'a> {
    fn new(symbols: usize, floors: Floors<'a>) -> Scratch<'a> {
        Scratch {
            floors,
            symbols,
            histogram: vec![0; 256 * symbols],
            left: vec![0; symbols],
            right: vec![0; symbols],
            sorted: Vec::new(),
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
        (labels, copies): (&[u8], usize),
        column: &[u8],
        values: usize,
        counts: &[u32],
        xlogx: &[f64],
        least: usize,
    ) -> Option<(f64, u8)> {
        self.left.fill(0);
        self.right.copy_from_slice(counts);
        let (n, least) = (rows.len() * copies, least * copies);
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
                let cells = &mut histogram[usize::from(column[row]) * symbols..][..symbols];
                for &label in &labels[row * copies..][..copies] {
                    cells[usize::from(label)] += 1;
                }
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
                starts[usize::from(column[row as usize]) + 1] += copies as u32;
            }
            for value in 0..256 {
                starts[value + 1] += starts[value];
            }
            let mut at = starts;
            self.sorted.resize(n, 0);
            for &row in rows {
                let slot = &mut at[usize::from(column[row as usize])];
                self.sorted[*slot as usize..][..copies]
                    .copy_from_slice(&labels[row as usize * copies..][..copies]);
                *slot += copies as u32;
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
