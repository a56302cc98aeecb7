//! The one sampler: a tree over symbols whose leaves hold fixed-point probabilities.

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

impl Tree {
    /// What the weights of every leaf sum to.
    pub const TOTAL: u32 = 1 << 24;
}
