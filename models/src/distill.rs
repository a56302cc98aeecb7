//! Compiles a boosted teacher into one tree.
//!
//! The teacher says the distribution of every row; the tree is grown on what it says instead
//! of on what was (Bucila, Caruana, Niculescu-Mizil, "Model Compression", KDD 2006), and each
//! leaf holds the teacher's mean. Every split holds the floors on either side, and no entity
//! has more than a third of a leaf.

use crate::boost::Boosted;
use crate::grow::Grower;
use crate::philox::mix;
use crate::teacher::{LEAST, Sample, TreeParams};
use crate::tree::Tree;

/// Symbols that a teacher says of every row.
const COPIES: usize = 8;
/// Fewest rows of a leaf.
const MIN_ROWS: u32 = 10;

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
        evenly: true,
    };
    let grown = grower.grow((0..n_rows as u32).collect(), Vec::new());
    let mut tree = Tree {
        offsets: vec![0],
        ..Tree::default()
    };
    for (index, node) in grown.nodes.iter().enumerate() {
        if node.child > 0 {
            tree.child.push(node.child as u32);
            tree.feature.push(node.feature as u16);
            tree.cut.push(node.cut);
            continue;
        }
        let mut sums = vec![0.0; sample.symbols];
        for &row in &grown.taught[node.taught.0..node.taught.1] {
            let p = &said[row as usize * sample.symbols..][..sample.symbols];
            for (sum, p) in sums.iter_mut().zip(p) {
                *sum += f64::from(*p);
            }
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
