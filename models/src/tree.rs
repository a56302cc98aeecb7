//! The one sampler: a tree over symbols whose leaves hold fixed-point probabilities.
//!
//! Whatever taught a conditional, this is what draws from it: one walk and one draw a
//! cell. [`Tree`] is the stored form, readable and checkable; [`Sampler`] is the same tree
//! laid out for speed: packed nodes whose leaves point to themselves, so that a fixed
//! number of steps needs no test, and an alias table a leaf (Walker 1977, built as in
//! Vose 1991 but in integers, so that every platform builds the same one).

use std::ops::Range;

use crate::philox::Stream;

/// A compiled conditional: structure of arrays, as it is stored.
///
/// Node `i` is a leaf iff `child[i] == i`; otherwise the walk goes to `child[i]` where the
/// symbol of `feature[i]` is at most `cut[i]`, else to `child[i] + 1`. Children come after
/// their parents. Leaves are numbered in node order; the symbols of leaf `l` are
/// `symbols[offsets[l]..offsets[l + 1]]` with `weights` that sum to [`Tree::TOTAL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Which feature a node asks.
    pub feature: Vec<u16>,
    /// The greatest symbol that goes left.
    pub cut: Vec<u8>,
    /// The left child; the node itself for a leaf.
    pub child: Vec<u32>,
    /// One more than there are leaves.
    pub offsets: Vec<u32>,
    /// Ascending within a leaf.
    pub symbols: Vec<u8>,
    /// All above 0.
    pub weights: Vec<u32>,
}

/// Picks a place by weight, with 32 random bits; `None` where nothing weighs anything.
pub(crate) fn pick(weights: impl Iterator<Item = u64> + Clone, bits: u32) -> Option<usize> {
    let total: u64 = weights.clone().sum();
    let mut left = ((u128::from(bits) * u128::from(total)) >> 32) as u64;
    weights.into_iter().position(|weight| {
        let is_it = left < weight;
        left = left.saturating_sub(weight);
        is_it
    })
}

impl Tree {
    /// What the weights of every leaf sum to.
    pub const TOTAL: u32 = 1 << 24;

    /// Returns a tree of one leaf.
    pub fn leaf(probabilities: &[f64]) -> Tree {
        let mut tree = Tree {
            feature: vec![0],
            cut: vec![0],
            child: vec![0],
            offsets: vec![0],
            ..Tree::default()
        };
        tree.push_leaf(probabilities);
        tree
    }

    /// Appends the distribution of the next leaf: weights by largest remainder.
    pub fn push_leaf(&mut self, probabilities: &[f64]) {
        let sum: f64 = probabilities.iter().sum();
        let mut left = Tree::TOTAL;
        let mut rests: Vec<(f64, usize)> = Vec::new();
        let mut weights = vec![0u32; probabilities.len()];
        for (symbol, p) in probabilities.iter().enumerate() {
            let exact = p / sum * f64::from(Tree::TOTAL);
            weights[symbol] = (exact as u32).min(left);
            left -= weights[symbol];
            rests.push((exact - exact.floor(), symbol));
        }
        rests.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, symbol) in rests.iter().cycle().take(left as usize) {
            weights[symbol] += 1;
        }
        for (symbol, weight) in weights
            .into_iter()
            .enumerate()
            .filter(|(_, weight)| *weight > 0)
        {
            self.symbols.push(symbol as u8);
            self.weights.push(weight);
        }
        self.offsets.push(self.symbols.len() as u32);
    }

    /// Whether node `i` is a leaf.
    pub fn is_leaf(&self, i: usize) -> bool {
        self.child[i] as usize == i
    }

    /// Returns the number of leaves.
    pub fn leaves(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Draws one symbol a row of `block` so that what is drawn keeps close to what was to be
    /// expected: the rows of a leaf share its symbols out by their weights, at random among
    /// themselves by 32 random `bits` a row, and what a leaf rounds away its neighbours make up
    /// for (error diffusion, Floyd and Steinberg 1976, along the leaves). `start` is where the
    /// rounding begins, at random.
    ///
    /// Only for rows that are nobody's siblings: shares make rows of one leaf differ.
    pub fn share_out(&self, block: &Block, bits: &[u32], start: &Stream, out: &mut [u8]) {
        let n = block.rows();
        // Leaves from left to right, so that neighbours are alike.
        let mut place = vec![0u32; self.child.len()];
        let (mut open, mut leaves) = (vec![0usize], Vec::new());
        while let Some(node) = open.pop() {
            if self.is_leaf(node) {
                place[node] = leaves.len() as u32;
                leaves.push(node);
            } else {
                let child = self.child[node] as usize;
                open.extend([child + 1, child]);
            }
        }
        let walk = Walk::new(self);
        let mut rows: Vec<(u32, u32, u32)> = (0..n)
            .map(|row| {
                let node = walk.node(|feature| block.column(feature)[row]);
                (place[node], bits[row], row as u32)
            })
            .collect();
        rows.sort_unstable();
        // In units of 1 / TOTAL of a row.
        let unit = i64::from(Tree::TOTAL);
        let mut carried: [i64; 256] =
            std::array::from_fn(|symbol| i64::from(start.words(symbol as u64)[0] >> 8) - unit / 2);
        for members in rows.chunk_by(|a, b| a.0 == b.0) {
            let n_members = members.len() as i64;
            let mut shares: Vec<(i64, usize)> = walk
                .entries(leaves[members[0].0 as usize])
                .map(|at| {
                    let carried = carried[usize::from(self.symbols[at])];
                    (n_members * i64::from(self.weights[at]) + carried, at)
                })
                .collect();
            let mut counts: Vec<i64> = shares
                .iter()
                .map(|share| share.0.div_euclid(unit).max(0))
                .collect();
            let left = n_members - counts.iter().sum::<i64>();
            // Who was rounded down most gets what is left; who has most more than its share
            // gives up what is too many.
            let mut order: Vec<usize> = (0..shares.len()).collect();
            let rest = |i: usize| shares[i].0 - counts[i] * unit;
            order.sort_by_key(|&i| (std::cmp::Reverse(rest(i)), i));
            match left > 0 {
                true => order
                    .iter()
                    .cycle()
                    .take(left as usize)
                    .for_each(|&i| counts[i] += 1),
                false => {
                    let mut over = -left;
                    for &i in order.iter().rev().cycle() {
                        if over == 0 {
                            break;
                        }
                        if counts[i] > 0 {
                            counts[i] -= 1;
                            over -= 1;
                        }
                    }
                }
            }
            let mut members = members.iter();
            for ((share, at), count) in shares.iter_mut().zip(&counts) {
                let symbol = self.symbols[*at];
                carried[usize::from(symbol)] = *share - count * unit;
                for &(_, _, row) in members.by_ref().take(*count as usize) {
                    out[row as usize] = symbol;
                }
            }
        }
    }

    /// Returns the features that the tree asks.
    pub fn asked(&self) -> impl Iterator<Item = usize> {
        (0..self.child.len())
            .filter(|&i| !self.is_leaf(i))
            .map(|i| usize::from(self.feature[i]))
    }

    /// Says what is wrong with a tree read from a file, if anything.
    ///
    /// After `Ok`, [`Sampler::new`] and [`Sampler::draw`] cannot fail on blocks of at least
    /// `features` columns, and draw symbols below `symbols`.
    pub fn check(&self, features: usize, symbols: usize) -> Result<(), String> {
        let n = self.child.len();
        if n == 0 || self.feature.len() != n || self.cut.len() != n {
            return Err("the node arrays of a tree differ in length".into());
        }
        let mut referred = vec![0u8; n];
        let mut leaves = 0;
        for i in 0..n {
            let child = self.child[i] as usize;
            if child == i {
                leaves += 1;
                if self.feature[i] != 0 {
                    return Err(format!(
                        "leaf {i} of a tree asks feature {}",
                        self.feature[i]
                    ));
                }
            } else if child < i || child + 1 >= n {
                return Err(format!("node {i} of a tree has child {child} of {n}"));
            } else if usize::from(self.feature[i]) >= features {
                return Err(format!(
                    "node {i} of a tree asks feature {} of {features}",
                    self.feature[i]
                ));
            } else {
                referred[child] = referred[child].saturating_add(1);
                referred[child + 1] = referred[child + 1].saturating_add(1);
            }
        }
        if referred[0] != 0 || referred[1..].iter().any(|&count| count != 1) {
            return Err("a tree has a node with none or several parents".into());
        }
        if self.offsets.len() != leaves + 1
            || self.offsets[0] != 0
            || self.offsets[leaves] as usize != self.symbols.len()
            || self.symbols.len() != self.weights.len()
        {
            return Err("the leaf arrays of a tree differ in length".into());
        }
        for pair in self.offsets.windows(2) {
            let (from, to) = (pair[0] as usize, pair[1] as usize);
            if from >= to || to > self.symbols.len() {
                return Err("a leaf of a tree has no symbols".into());
            }
            let sum: u64 = self.weights[from..to]
                .iter()
                .map(|&weight| u64::from(weight))
                .sum();
            let ascending = self.symbols[from..to]
                .windows(2)
                .all(|pair| pair[0] < pair[1]);
            if sum != u64::from(Tree::TOTAL)
                || self.weights[from..to].contains(&0)
                || !ascending
                || usize::from(self.symbols[to - 1]) >= symbols
            {
                return Err("the weights of a leaf do not make a distribution".into());
            }
        }
        Ok(())
    }
}

/// A checked tree that is asked row by row.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    tree: &'a Tree,
    /// The number of each node's leaf; of nodes that are none, nothing that is asked for.
    leaf: Vec<u32>,
}

impl<'a> Walk<'a> {
    /// Numbers the leaves.
    pub fn new(tree: &'a Tree) -> Walk<'a> {
        let leaves = (0..tree.child.len()).scan(0, |leaves, node| {
            *leaves += u32::from(tree.is_leaf(node));
            Some(leaves.saturating_sub(1))
        });
        Walk {
            tree,
            leaf: leaves.collect(),
        }
    }

    /// Returns the probability of a symbol given the features.
    pub fn probability(&self, symbol: u8, feature: impl Fn(usize) -> u8) -> f64 {
        let (symbols, weights) = self.distribution(feature);
        let place = symbols.binary_search(&symbol);
        place.map_or(0.0, |place| {
            f64::from(weights[place]) / f64::from(Tree::TOTAL)
        })
    }

    /// Returns the symbols and weights of the leaf of a row.
    pub fn distribution(&self, feature: impl Fn(usize) -> u8) -> (&'a [u8], &'a [u32]) {
        let entries = self.entries(self.node(feature));
        (
            &self.tree.symbols[entries.clone()],
            &self.tree.weights[entries],
        )
    }

    /// The node of the leaf of a row.
    fn node(&self, feature: impl Fn(usize) -> u8) -> usize {
        let tree = self.tree;
        let mut at = 0;
        while !tree.is_leaf(at) {
            let above = feature(usize::from(tree.feature[at])) > tree.cut[at];
            at = tree.child[at] as usize + usize::from(above);
        }
        at
    }

    /// Where the symbols and weights of a leaf's node stand.
    fn entries(&self, node: usize) -> Range<usize> {
        let leaf = self.leaf[node] as usize;
        self.tree.offsets[leaf] as usize..self.tree.offsets[leaf + 1] as usize
    }

    /// Returns the symbol below which such a share of the distribution of a row lies, in 32 bits.
    pub fn draw_at(&self, bits: u32, feature: impl Fn(usize) -> u8) -> u8 {
        let (symbols, weights) = self.distribution(feature);
        let weights = weights.iter().map(|&weight| u64::from(weight));
        pick(weights, bits).map_or(0, |place| symbols[place])
    }

    /// Draws one of the symbols that are open, as often as the features say, with 32 random bits;
    /// `None` where they allow of none.
    pub fn draw_among(
        &self,
        is_open: impl Fn(u8) -> bool,
        bits: u32,
        feature: impl Fn(usize) -> u8,
    ) -> Option<u8> {
        let (symbols, weights) = self.distribution(feature);
        let weight =
            |(&symbol, &weight): (&u8, &u32)| u64::from(weight) * u64::from(is_open(symbol));
        let place = pick(symbols.iter().zip(weights).map(weight), bits)?;
        Some(symbols[place])
    }
}

/// Symbols of many rows, column by column.
#[derive(Clone, Debug)]
pub struct Block {
    data: Vec<u8>,
    stride: usize,
    rows: usize,
}

impl Block {
    /// Returns a block of zeros.
    pub fn new(columns: usize, rows: usize) -> Block {
        // An odd number of cache lines: a power of two would put one row of every column
        // into the same cache set.
        let stride = (rows.div_ceil(64) | 1) * 64;
        Block {
            data: vec![0; stride * columns],
            stride,
            rows,
        }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns a column.
    pub fn column(&self, column: usize) -> &[u8] {
        &self.data[column * self.stride..][..self.rows]
    }

    /// Returns a column to be written.
    pub fn column_mut(&mut self, column: usize) -> &mut [u8] {
        &mut self.data[column * self.stride..][..self.rows]
    }

    /// Copies a column to another.
    pub fn copy(&mut self, from: usize, to: usize) {
        let (from, to) = (from * self.stride, to * self.stride);
        self.data.copy_within(from..from + self.rows, to);
    }

    /// Leaves out all but the first rows.
    pub fn truncate(&mut self, rows: usize) {
        self.rows = self.rows.min(rows);
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    child: u32,
    feature: u16,
    /// One above the greatest symbol that goes left, so that a leaf (256) always does.
    above: u16,
}

/// A step of the top of a tree: rows at a place whose symbol is above the cut move to another.
#[derive(Clone, Copy, Debug)]
struct Split {
    feature: u16,
    cut: u8,
    from: u8,
    to: u8,
}

/// Where the top of a tree leaves a row.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: u32,
    /// Steps from there to the deepest leaf.
    depth: u32,
}

/// A tree laid out for drawing.
///
/// The top of a tree is asked node by node, all rows of a chunk at once, which is the work of
/// vectors; what is left of it row by row.
#[derive(Clone, Debug)]
pub struct Sampler {
    splits: Vec<Split>,
    places: Vec<Place>,
    nodes: Vec<Node>,
    depth: u32,
    /// For each node that is a leaf: first entry and number of entries of its alias table.
    leaf: Vec<(u32, u32)>,
    /// Threshold in the high half, then the symbol kept below it and the one taken above it.
    alias: Vec<u32>,
}

/// Rows walked side by side, so that their cache misses overlap.
const LANES: usize = 8;
/// Rows that walk the top of a tree together.
const CHUNK: usize = 512;
/// Most places that the top of a tree has: a row's fits a byte.
const PLACES: usize = 96;
/// Rows from which on the top is worth its steps.
const MANY: usize = 64;

impl Sampler {
    /// Lays out a checked tree.
    pub fn new(tree: &Tree) -> Sampler {
        let n = tree.child.len();
        let mut nodes = Vec::with_capacity(n);
        let mut leaf = Vec::with_capacity(n);
        let mut alias = Vec::with_capacity(tree.symbols.len());
        let mut leaves = 0;
        for i in 0..n {
            if !tree.is_leaf(i) {
                leaf.push((0, 1));
            } else {
                let (from, to) = (
                    tree.offsets[leaves] as usize,
                    tree.offsets[leaves + 1] as usize,
                );
                leaf.push((alias.len() as u32, (to - from) as u32));
                push_alias(&tree.symbols[from..to], &tree.weights[from..to], &mut alias);
                leaves += 1;
            }
            nodes.push(Node {
                child: tree.child[i],
                feature: tree.feature[i],
                above: match tree.is_leaf(i) {
                    true => 256,
                    false => u16::from(tree.cut[i]) + 1,
                },
            });
        }
        // Depths and leaves below each node: children come after their parents.
        let mut below = vec![(0u32, 1u32); n];
        for i in (0..n).rev().filter(|&i| !tree.is_leaf(i)) {
            let child = tree.child[i] as usize;
            let (left, right) = (below[child], below[child + 1]);
            below[i] = (1 + left.0.max(right.0), left.1 + right.1);
        }
        let (splits, places) = top(tree, &below);
        Sampler {
            splits,
            places,
            nodes,
            depth: below[0].0,
            leaf,
            alias,
        }
    }

    /// Draws one symbol a row of `block`, given its columns and 32 random bits a row.
    pub fn draw(&self, block: &Block, bits: &[u32], out: &mut [u8]) {
        pulp::Arch::new().dispatch(Draw {
            sampler: self,
            block,
            bits,
            out,
        });
    }

    #[inline(always)]
    fn draw_chunks(&self, block: &Block, bits: &[u32], out: &mut [u8]) {
        let (bits, out) = (&bits[..block.rows], &mut out[..block.rows]);
        let (mut places, mut leaves, mut parts) = ([0u8; CHUNK], [0u32; CHUNK], [0u16; CHUNK]);
        for (chunk, (bits, out)) in bits.chunks(CHUNK).zip(out.chunks_mut(CHUNK)).enumerate() {
            let (first, n) = (chunk * CHUNK, bits.len());
            let (places, leaves, parts) = (&mut places[..n], &mut leaves[..n], &mut parts[..n]);
            let root = Place {
                node: 0,
                depth: self.depth,
            };
            let has_top = n >= MANY;
            if has_top {
                self.find_places(block, first, places);
            }
            let place = |at: u8| match has_top {
                true => self.places[usize::from(at)],
                false => root,
            };
            let (at, rest) = places.as_chunks::<LANES>();
            let (to, rest_to) = leaves.as_chunks_mut::<LANES>();
            for (group, (at, to)) in at.iter().zip(to).enumerate() {
                let at: [Place; LANES] = std::array::from_fn(|lane| place(at[lane]));
                *to = self.walk(at, block, first + group * LANES);
            }
            for (i, (&at, to)) in rest.iter().zip(rest_to).enumerate() {
                [*to] = self.walk([place(at)], block, first + n - rest.len() + i);
            }
            // In steps of their own: so many short ones wait for memory together.
            for ((leaf, part), &bits) in leaves.iter_mut().zip(&mut *parts).zip(bits) {
                (*leaf, *part) = self.entry(*leaf, bits);
            }
            for entry in &mut *leaves {
                *entry = self.alias[*entry as usize];
            }
            for ((out, &entry), &part) in out.iter_mut().zip(&*leaves).zip(&*parts) {
                *out = match u32::from(part) < entry >> 16 {
                    true => (entry >> 8) as u8,
                    false => entry as u8,
                };
            }
        }
    }

    /// Walks neighbouring rows down the top of the tree.
    #[inline(always)]
    fn find_places(&self, block: &Block, first: usize, places: &mut [u8]) {
        places.fill(0);
        for split in &self.splits {
            let column = &block.column(usize::from(split.feature))[first..][..places.len()];
            for (place, &symbol) in places.iter_mut().zip(column) {
                let moves = u8::from(*place == split.from) & u8::from(symbol > split.cut);
                *place ^= moves.wrapping_neg() & (split.from ^ split.to);
            }
        }
    }

    /// Walks neighbouring rows from their places to their leaves, side by side.
    #[inline(always)]
    fn walk<const N: usize>(&self, places: [Place; N], block: &Block, first: usize) -> [u32; N] {
        let (mut at, mut depth) = ([0; N], 0);
        for (at, place) in at.iter_mut().zip(&places) {
            *at = place.node;
            depth = depth.max(place.depth);
        }
        let data = &block.data[first..];
        for _ in 0..depth {
            for (lane, at) in at.iter_mut().enumerate() {
                let node = self.nodes[*at as usize];
                let symbol = data[usize::from(node.feature) * block.stride + lane];
                *at = node.child + u32::from(u16::from(symbol) >= node.above);
            }
        }
        at
    }

    /// Draws an entry of a leaf's alias table, and what is to be below its threshold.
    #[inline(always)]
    fn entry(&self, leaf: u32, bits: u32) -> (u32, u16) {
        let (first, count) = self.leaf[leaf as usize];
        let scaled = u64::from(bits) * u64::from(count);
        (first + (scaled >> 32) as u32, (scaled as u32 >> 16) as u16)
    }
}

/// [`Sampler::draw`], compiled once more for wide vectors.
struct Draw<'a> {
    sampler: &'a Sampler,
    block: &'a Block,
    bits: &'a [u32],
    out: &'a mut [u8],
}

impl pulp::WithSimd for Draw<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.sampler.draw_chunks(self.block, self.bits, self.out);
    }
}

/// Splits the places with most leaves below them, one after the other. A row that goes left
/// stays where it is, so that there are as many places as leaves of the top.
fn top(tree: &Tree, below: &[(u32, u32)]) -> (Vec<Split>, Vec<Place>) {
    let mut splits = Vec::new();
    let mut nodes = vec![0usize];
    while nodes.len() < PLACES {
        let inner = nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| !tree.is_leaf(**node));
        let Some((from, &node)) = inner.max_by_key(|(_, node)| below[**node].1) else {
            break;
        };
        splits.push(Split {
            feature: tree.feature[node],
            cut: tree.cut[node],
            from: from as u8,
            to: nodes.len() as u8,
        });
        let child = tree.child[node] as usize;
        nodes[from] = child;
        nodes.push(child + 1);
    }
    let place = |node: usize| Place {
        node: node as u32,
        depth: below[node].0,
    };
    (splits, nodes.into_iter().map(place).collect())
}

/// Appends the alias table of one leaf.
fn push_alias(symbols: &[u8], weights: &[u32], alias: &mut Vec<u32>) {
    let n = weights.len() as u64;
    let whole = u64::from(Tree::TOTAL);
    let base = alias.len();
    // A full entry keeps its own symbol on either side of its threshold.
    alias.extend(
        symbols
            .iter()
            .map(|&s| 0xFFFF_0000 | u32::from(s) << 8 | u32::from(s)),
    );
    // Two stacks in one array: who has less than a whole entry from below, who has more from
    // above. Leaves are many, and their lists should cost no allocation each.
    let mut rest = [0u64; 256];
    let mut stacks = [0u8; 256];
    let (mut small, mut large) = (0, 256);
    for (i, &weight) in weights.iter().enumerate() {
        rest[i] = u64::from(weight) * n;
        if rest[i] < whole {
            stacks[small] = i as u8;
            small += 1;
        } else {
            large -= 1;
            stacks[large] = i as u8;
        }
    }
    while small > 0 && large < 256 {
        small -= 1;
        let (i, j) = (usize::from(stacks[small]), usize::from(stacks[large]));
        // The threshold has 16 bits: a probability is off by at most 2⁻¹⁷ / n.
        let threshold = ((rest[i] * 65_536 + whole / 2) / whole).min(65_535) as u32;
        alias[base + i] = threshold << 16 | u32::from(symbols[i]) << 8 | u32::from(symbols[j]);
        rest[j] -= whole - rest[i];
        if rest[j] < whole {
            large += 1;
            stacks[small] = j as u8;
            small += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::philox::Stream;

    /// Feature 0 ≤ 1 → {0: 3/4, 2: 1/4}; else feature 1 ≤ 4 → {1: 1}; else {0: .1, 1: .2, 3: .7}.
    fn small() -> Tree {
        let mut tree = Tree {
            feature: vec![0, 0, 1, 0, 0],
            cut: vec![1, 0, 4, 0, 0],
            child: vec![1, 1, 3, 3, 4],
            offsets: vec![0],
            ..Tree::default()
        };
        for leaf in [
            vec![0.75, 0.0, 0.25],
            vec![0.0, 1.0],
            vec![0.1, 0.2, 0.0, 0.7],
        ] {
            tree.push_leaf(&leaf);
        }
        tree
    }

    #[test]
    fn weights_of_a_leaf_sum_to_the_total() {
        let tree = Tree::leaf(&[1.0 / 3.0; 3]);
        assert_eq!(tree.weights.iter().sum::<u32>(), Tree::TOTAL);
        assert_eq!(tree.check(0, 3), Ok(()));
        assert!(tree.check(0, 2).is_err());
    }

    #[test]
    fn what_is_open_is_drawn_by_what_is_left() {
        let tree = Tree::leaf(&[0.5, 0.0, 0.3, 0.2]);
        let feature = |_: usize| 0;
        let tree = Walk::new(&tree);
        let above = |least: u8, bits: u32| tree.draw_among(|it| it > least, bits, feature);
        let draws = (0..1000u32).map(|i| above(0, i * (u32::MAX / 1000)));
        let draws: Vec<u8> = draws.map(Option::unwrap).collect();
        let count = |symbol| draws.iter().filter(|it| **it == symbol).count();
        assert_eq!(count(2) + count(3), 1000);
        assert!((590..=610).contains(&count(2)), "{}", count(2));
        assert_eq!(above(2, u32::MAX), Some(3));
        assert_eq!(above(3, 0), None);
        assert_eq!(tree.draw_among(|it| it == 1, 0, feature), None);
    }

    #[test]
    fn shares_are_within_a_row_of_what_was_to_be_expected() {
        let tree = small();
        for rows in [0usize, 1, 7, 1000, 40_000] {
            let mut block = Block::new(2, rows);
            for row in 0..rows {
                block.column_mut(0)[row] = (row % 3) as u8;
                block.column_mut(1)[row] = (row % 7) as u8;
            }
            let stream = Stream::new(3);
            let bits: Vec<u32> = (0..rows as u64).map(|row| stream.words(row)[0]).collect();
            let mut out = vec![9; rows];
            tree.share_out(&block, &bits, &Stream::new(4), &mut out);
            let mut expected = [0.0; 4];
            let tree = Walk::new(&tree);
            for row in 0..rows {
                for (symbol, sum) in expected.iter_mut().enumerate() {
                    let feature = |it: usize| block.column(it)[row];
                    *sum += tree.probability(symbol as u8, feature);
                }
            }
            for (symbol, expected) in expected.iter().enumerate() {
                let own = |of: &&u8| usize::from(**of) == symbol;
                let count = out.iter().filter(own).count() as f64;
                assert!(
                    (count - expected).abs() < 2.5,
                    "{symbol}: {count} of {expected}"
                );
            }
        }
    }

    #[test]
    fn draws_follow_the_leaf_of_their_row() {
        let tree = small();
        tree.check(2, 4).unwrap();
        let rows = 300_003;
        let mut block = Block::new(2, rows);
        for row in 0..rows {
            block.column_mut(0)[row] = (row % 3) as u8;
            block.column_mut(1)[row] = (row % 7) as u8;
        }
        let stream = Stream::new(9);
        let bits: Vec<u32> = (0..rows as u64).map(|row| stream.words(row)[0]).collect();
        let mut out = vec![0; rows];
        Sampler::new(&tree).draw(&block, &bits, &mut out);
        let mut counts = [[0u32; 4]; 3];
        for row in 0..rows {
            let leaf = if row % 3 <= 1 {
                0
            } else if row % 7 <= 4 {
                1
            } else {
                2
            };
            counts[leaf][usize::from(out[row])] += 1;
        }
        let expected = [
            [0.75, 0.0, 0.25, 0.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.1, 0.2, 0.0, 0.7],
        ];
        for (counts, expected) in counts.iter().zip(expected) {
            let n: u32 = counts.iter().sum();
            for (&count, p) in counts.iter().zip(expected) {
                // Five standard deviations.
                let slack = 5.0 * (f64::from(n) * p * (1.0 - p)).sqrt();
                assert!(
                    (f64::from(count) - f64::from(n) * p).abs() <= slack,
                    "{counts:?}"
                );
            }
        }
    }

    #[test]
    fn check_refuses_what_would_go_wrong() {
        assert_eq!(small().check(2, 4), Ok(()));
        let broken = |change: &dyn Fn(&mut Tree)| {
            let mut tree = small();
            change(&mut tree);
            tree.check(2, 4)
        };
        assert!(broken(&|tree| tree.child[0] = 9).is_err());
        assert!(broken(&|tree| tree.child[2] = 0).is_err());
        assert!(broken(&|tree| tree.child[0] = 3).is_err());
        assert!(broken(&|tree| tree.feature[2] = 2).is_err());
        assert!(broken(&|tree| tree.weights[0] += 1).is_err());
        assert!(broken(&|tree| tree.symbols[0] = 200).is_err());
        assert!(broken(&|tree| tree.offsets[1] = 90).is_err());
        assert!(broken(&|tree| tree.cut.clear()).is_err());
        assert!(broken(&|tree| tree.feature[1] = 1).is_err());
        assert!(
            broken(&|tree| {
                tree.weights[0] = Tree::TOTAL;
                tree.weights[1] = 0;
            })
            .is_err()
        );
    }
}
