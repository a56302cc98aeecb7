//! Compiles a boosted teacher into one tree.
//!
//! The teacher says the distribution of every row; the tree is grown on what it says instead
//! of on what was (Bucila, Caruana, Niculescu-Mizil, "Model Compression", KDD 2006), and each
//! leaf holds the teacher's mean. Every split holds the floors on either side, and no entity
//! has more than a third of a leaf.

use crate::boost::Boosted;
use crate::grow::{Grower, Grown};
use crate::philox::mix;
use crate::teacher::{LEAST, Sample, TreeParams};
use crate::tree::Tree;

/// Symbols that a teacher says of every row.
const COPIES: usize = 8;
/// Fewest rows of a leaf.
const MIN_ROWS: u32 = 10;
/// Fewest rows of a part of the tree that is calibrated.
const CALIBRATED: usize = 256;
/// Rows of every symbol that are taken to agree, so that rare ones move little.
const DOUBT: f64 = 5.0;

/// Compiles a teacher on the rows of a sample.
pub(crate) fn distill(sample: &Sample<'_>, params: TreeParams, teacher: &Boosted) -> Tree {
    let n_rows = sample.target.len();
    let mut labels = Vec::with_capacity(n_rows * COPIES);
    let mut said: Vec<f32> = Vec::with_capacity(n_rows * sample.symbols);
    teacher.probabilities(sample.features, n_rows, |row, p| {
        said.extend_from_slice(p);
        // Quantiles, evenly spaced from a start of the row's own.
        let start = (mix(row as u64) >> 40) as f32 / (1 << 24) as f32;
        let whole: f32 = p.iter().sum();
        let (mut below, mut symbol) = (p[0], 0);
        for copy in 0..COPIES {
            let at = (copy as f32 + start) / COPIES as f32 * whole;
            while below <= at && symbol + 1 < p.len() {
                symbol += 1;
                below += p[symbol];
            }
            labels.push(symbol as u8);
        }
    });
    let grower = Grower {
        sample,
        // What a teacher says is smooth: fewer rows make a leaf than where rows speak.
        params: TreeParams {
            min_rows: params.floor.max(MIN_ROWS),
            ..params
        },
        labels: &labels,
        copies: COPIES,
        taught: true,
    };
    let grown = grower.grow((0..n_rows as u32).collect(), Vec::new());
    let mut leaves: Vec<Vec<f64>> = vec![Vec::new(); grown.nodes.len()];
    for (leaf, node) in leaves.iter_mut().zip(&grown.nodes) {
        if node.child == 0 {
            *leaf = vec![0.0; sample.symbols];
            for &row in &grown.taught[node.taught.0..node.taught.1] {
                let p = &said[row as usize * sample.symbols..][..sample.symbols];
                for (sum, p) in leaf.iter_mut().zip(p) {
                    *sum += f64::from(*p);
                }
            }
        }
    }
    calibrate(sample, &grown, &mut leaves);
    let mut tree = Tree {
        offsets: vec![0],
        ..Tree::default()
    };
    for (index, (node, mut sums)) in grown.nodes.iter().zip(leaves).enumerate() {
        if node.child > 0 {
            tree.child.push(node.child as u32);
            tree.feature.push(node.feature as u16);
            tree.cut.push(node.cut);
            continue;
        }
        let whole: f64 = sums.iter().sum();
        for sum in &mut sums {
            if *sum < LEAST * whole {
                *sum = 0.0;
            }
        }
        tree.child.push(index as u32);
        tree.feature.push(0);
        tree.cut.push(0);
        tree.push_leaf(&sums);
    }
    tree
}

/// Makes large parts of a tree say in sum what their rows say: a teacher that was ended early
/// leans toward the whole, and small errors of one column are the context of the next.
///
/// Every node of many rows scales the symbols of its leaves to their counts (iterative
/// proportional fitting, Deming and Stephan 1940), the root last. `leaves` holds expected rows.
fn calibrate(sample: &Sample<'_>, grown: &Grown, leaves: &mut [Vec<f64>]) {
    let size = |node: usize| grown.nodes[node].taught.1 - grown.nodes[node].taught.0;
    for node in (0..grown.nodes.len()).rev() {
        if size(node) < CALIBRATED {
            continue;
        }
        let mut counts = vec![DOUBT; sample.symbols];
        for &row in &grown.taught[grown.nodes[node].taught.0..grown.nodes[node].taught.1] {
            counts[usize::from(sample.target[row as usize])] += 1.0;
        }
        let (mut open, mut own) = (vec![node], Vec::new());
        while let Some(next) = open.pop() {
            match grown.nodes[next].child {
                0 => own.push(next),
                child => open.extend([child, child + 1]),
            }
        }
        let mut expected = vec![DOUBT; sample.symbols];
        for &leaf in &own {
            expected
                .iter_mut()
                .zip(&leaves[leaf])
                .for_each(|(sum, p)| *sum += p);
        }
        for &leaf in &own {
            let whole: f64 = leaves[leaf].iter().sum();
            for (p, (count, expected)) in leaves[leaf].iter_mut().zip(counts.iter().zip(&expected))
            {
                *p *= count / expected;
            }
            let scaled: f64 = leaves[leaf].iter().sum();
            if scaled > 0.0 {
                leaves[leaf].iter_mut().for_each(|p| *p *= whole / scaled);
            }
        }
    }
}
