//! Telling two classes of rows apart: the judge of how real synthetic rows look.
//!
//! A two-sample test by classification (Lopez-Paz, Oquab, "Revisiting Classifier Two-Sample
//! Tests", ICLR 2017): where two samples have one distribution, no classifier tells held-out
//! rows of one from those of the other better than a coin does, and its AUC is ½. What it finds
//! is what a person would see who looks at rows for long enough.
//!
//! [`Boosted`] follows XGBoost's histogram method (Chen, Guestrin, "XGBoost", KDD 2016), settings
//! and all, since that is what others judge with. [`crate::teacher`] boosts as well, but learns
//! under floors and stops early, because its trees travel; nothing of these leaves the report.
//! [`Logistic`] is the weaker judge that sees each column by itself.
//!
//! Both are sums in one fixed order over one thread's rows: the same rows give the same bits.
//! Whoever has threads gives each a fold.

use std::ops::Range;

/// The code of a missing value.
pub const MISSING: u16 = BINS as u16;
/// Codes of values: those below [`MISSING`]. Four times XGBoost's, because tables of a thousand
/// rows are judged too, and its exact method, which it takes for these, cuts at any value.
pub const BINS: usize = 1023;
/// A number that one row in so many has is a bin of its own.
const SPIKE: usize = 100;
/// The least gain of a split; XGBoost's `kRtEps`.
const LEAST_GAIN: f64 = 1e-6;
/// A code whose rows' second derivatives sum to less has no rows: what subtraction left of it.
const NOTHING: f64 = 1e-9;

/// How trees are boosted. The defaults are XGBoost's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoostParams {
    /// How many trees.
    pub rounds: usize,
    /// Most splits between a root and a leaf.
    pub depth: usize,
    /// What of each tree's answer counts.
    pub rate: f64,
    /// L2 penalty on the leaves.
    pub lambda: f64,
    /// The least sum of second derivatives of a leaf.
    pub least_weight: f64,
}

impl Default for BoostParams {
    fn default() -> BoostParams {
        BoostParams {
            rounds: 100,
            depth: 6,
            rate: 0.3,
            lambda: 1.0,
            least_weight: 1.0,
        }
    }
}

/// Boosted trees that tell two classes of rows apart.
#[derive(Clone, Debug)]
pub struct Boosted {
    trees: Vec<Vec<Node>>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u32,
    /// The greatest code that goes left.
    cut: u16,
    missing_left: bool,
    /// The right child, the left one follows its parent; 0 for a leaf.
    right: u32,
    value: f64,
}

/// Sums of first and second derivatives.
type Sums = [f64; 2];

/// The sums of every code of every feature.
type Histogram = Vec<[Sums; BINS + 1]>;

impl Boosted {
    /// Learns to tell `rows` apart whose label is true. `columns` holds a code a row for each
    /// feature: codes are ordered, and [`MISSING`] lies on neither side of a cut but goes where
    /// it gains most.
    ///
    /// # Formula
    /// Every tree lowers the logistic loss to second order: a leaf with sums G and H of
    /// derivatives answers `−rate · G / (H + λ)`, and a split gains
    /// `Gₗ²/(Hₗ + λ) + Gᵣ²/(Hᵣ + λ) − G²/(H + λ)`.
    ///
    /// # Panics
    /// Where a column or the labels are shorter than a row says.
    pub fn fit(
        columns: &[Vec<u16>],
        labels: &[bool],
        rows: &[u32],
        params: BoostParams,
    ) -> Boosted {
        // Packed, so that memory is read in order.
        let columns: Vec<Vec<u16>> = columns
            .iter()
            .map(|column| rows.iter().map(|row| column[*row as usize]).collect())
            .collect();
        let labels: Vec<bool> = rows.iter().map(|row| labels[*row as usize]).collect();
        let mut grower = Grower {
            used: columns
                .iter()
                .map(|column| {
                    let codes = column.iter().filter(|code| **code != MISSING);
                    codes.max().map_or(0, |most| usize::from(*most) + 1)
                })
                .collect(),
            margins: vec![0.0; rows.len()],
            derivatives: vec![[0.0; 2]; rows.len()],
            order: Vec::new(),
            ordered: Vec::new(),
            spare: Vec::new(),
            pool: Vec::new(),
            nodes: Vec::new(),
            columns: &columns,
            params,
        };
        Boosted {
            trees: (0..params.rounds).map(|_| grower.tree(&labels)).collect(),
        }
    }

    /// Returns the log-odds that a row's label is true, and adds to `parts` what each feature
    /// has to do with it: by how much the splits on it moved the answer.
    ///
    /// Over rows that were not fitted to, those whose label is true less the others, this says
    /// which features tell. What splits gained while trees grew does not: on so many rows of
    /// noise it is as great as on a feature that tells a little.
    ///
    /// # Panics
    /// Where the columns or parts are fewer or shorter than what it was fitted to.
    pub fn score(&self, columns: &[Vec<u16>], row: u32, parts: &mut [f64]) -> f64 {
        let mut score = 0.0;
        for tree in &self.trees {
            let mut node = &tree[0];
            let mut at = 0;
            while node.right != 0 {
                let feature = node.feature as usize;
                at = match node.goes_left(columns[feature][row as usize]) {
                    true => at + 1,
                    false => node.right as usize,
                };
                parts[feature] += tree[at].value - node.value;
                node = &tree[at];
            }
            score += node.value;
        }
        score
    }
}

impl Node {
    fn goes_left(&self, code: u16) -> bool {
        match code {
            MISSING => self.missing_left,
            code => code <= self.cut,
        }
    }
}

/// What is at hand while trees grow.
struct Grower<'c> {
    columns: &'c [Vec<u16>],
    params: BoostParams,
    /// Codes of each column: those of values, from 0.
    used: Vec<usize>,
    margins: Vec<f64>,
    derivatives: Vec<Sums>,
    /// Rows, those of a node side by side, each node's in ascending order.
    order: Vec<u32>,
    /// The derivatives of the rows of one node, in their order.
    ordered: Vec<Sums>,
    spare: Vec<u32>,
    /// Histograms that are not in use.
    pool: Vec<Histogram>,
    nodes: Vec<Node>,
}

/// The best split of a node.
#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    cut: u16,
    missing_left: bool,
    left: Sums,
}

impl Grower<'_> {
    fn tree(&mut self, labels: &[bool]) -> Vec<Node> {
        let mut sums = [0.0; 2];
        for ((derivatives, margin), label) in
            self.derivatives.iter_mut().zip(&self.margins).zip(labels)
        {
            let odds = 1.0 / (1.0 + (-margin).exp());
            *derivatives = [odds - f64::from(u8::from(*label)), odds * (1.0 - odds)];
            add(&mut sums, *derivatives);
        }
        self.order.clear();
        self.order.extend(0..labels.len() as u32);
        let histogram = self.count(0..labels.len());
        self.grow(0..labels.len(), histogram, sums, 0);
        std::mem::take(&mut self.nodes)
    }

    /// Grows the node of a range of rows and all below it. Depth first: no more than two
    /// histograms a level are in use.
    fn grow(&mut self, rows: Range<usize>, histogram: Histogram, sums: Sums, depth: usize) {
        let at = self.nodes.len();
        self.nodes.push(Node {
            feature: 0,
            cut: 0,
            missing_left: false,
            right: 0,
            value: -self.params.rate * sums[0] / (sums[1] + self.params.lambda),
        });
        let Some(split) = self.split(&histogram, sums) else {
            self.pool.push(histogram);
            return self.leaf(rows, at);
        };
        self.nodes[at] = Node {
            feature: split.feature as u32,
            cut: split.cut,
            missing_left: split.missing_left,
            ..self.nodes[at]
        };
        let middle = self.part(rows.clone(), at);
        let right = [sums[0] - split.left[0], sums[1] - split.left[1]];
        if depth + 1 == self.params.depth {
            self.pool.push(histogram);
            for (rows, sums) in [(rows.start..middle, split.left), (middle..rows.end, right)] {
                let leaf = self.nodes.len();
                if rows.start == middle {
                    self.nodes[at].right = leaf as u32;
                }
                self.nodes.push(Node {
                    right: 0,
                    value: -self.params.rate * sums[0] / (sums[1] + self.params.lambda),
                    ..self.nodes[at]
                });
                self.leaf(rows, leaf);
            }
            return;
        }
        // The smaller side is counted, the other one is what is left.
        let left_is_smaller = middle - rows.start < rows.end - middle;
        let smaller = match left_is_smaller {
            true => self.count(rows.start..middle),
            false => self.count(middle..rows.end),
        };
        let mut larger = histogram;
        for ((larger, smaller), used) in larger.iter_mut().zip(&smaller).zip(&self.used) {
            let codes = (0..*used).chain([BINS]);
            for code in codes {
                larger[code][0] -= smaller[code][0];
                larger[code][1] -= smaller[code][1];
            }
        }
        let (of_left, of_right) = match left_is_smaller {
            true => (smaller, larger),
            false => (larger, smaller),
        };
        self.grow(rows.start..middle, of_left, split.left, depth + 1);
        self.nodes[at].right = self.nodes.len() as u32;
        self.grow(middle..rows.end, of_right, right, depth + 1);
    }

    fn leaf(&mut self, rows: Range<usize>, at: usize) {
        let value = self.nodes[at].value;
        for row in &self.order[rows] {
            self.margins[*row as usize] += value;
        }
    }

    fn count(&mut self, rows: Range<usize>) -> Histogram {
        let blank = || vec![[[0.0; 2]; BINS + 1]; self.columns.len()];
        let mut histogram = self.pool.pop().unwrap_or_else(blank);
        let rows = &self.order[rows];
        let derivatives = &self.derivatives;
        self.ordered.clear();
        self.ordered
            .extend(rows.iter().map(|row| derivatives[*row as usize]));
        for ((sums, column), used) in histogram.iter_mut().zip(self.columns).zip(&self.used) {
            sums[..*used].fill([0.0; 2]);
            sums[BINS] = [0.0; 2];
            for (row, derivatives) in rows.iter().zip(&self.ordered) {
                add(&mut sums[usize::from(column[*row as usize])], *derivatives);
            }
        }
        histogram
    }

    fn split(&self, histogram: &Histogram, sums: Sums) -> Option<Split> {
        let BoostParams {
            lambda,
            least_weight,
            ..
        } = self.params;
        if sums[1] < 2.0 * least_weight {
            return None;
        }
        let gain = |sums: Sums| sums[0] * sums[0] / (sums[1] + lambda);
        let whole = gain(sums);
        let mut best: Option<Split> = None;
        for (feature, (of_code, used)) in histogram.iter().zip(&self.used).enumerate() {
            let missing = of_code[BINS];
            let mut below = [0.0; 2];
            let mut last = None;
            for (code, of_code) in (0..).zip(&of_code[..*used]) {
                add(&mut below, *of_code);
                if of_code[1] < NOTHING {
                    continue;
                }
                // Codes that no row here has are parted in the middle.
                if let (Some(best), Some(last)) = (&mut best, last)
                    && (best.feature, best.cut) == (feature, last)
                {
                    best.cut = u16::midpoint(last, code - 1);
                }
                last = Some(code);
                let mut consider = |left: Sums, missing_left: bool| {
                    let right = [sums[0] - left[0], sums[1] - left[1]];
                    if left[1] < least_weight || right[1] < least_weight {
                        return;
                    }
                    let gain = gain(left) + gain(right) - whole;
                    if gain > best.map_or(LEAST_GAIN, |best| best.gain) {
                        best = Some(Split {
                            gain,
                            feature,
                            cut: code,
                            missing_left,
                            left,
                        });
                    }
                };
                consider(below, false);
                if missing[1] > NOTHING {
                    consider([below[0] + missing[0], below[1] + missing[1]], true);
                }
            }
        }
        best
    }

    /// Puts the rows that go left before those that go right, and returns where these begin.
    fn part(&mut self, rows: Range<usize>, at: usize) -> usize {
        let node = self.nodes[at];
        let column = &self.columns[node.feature as usize];
        let mut middle = rows.start;
        self.spare.clear();
        for idx in rows {
            let row = self.order[idx];
            if node.goes_left(column[row as usize]) {
                self.order[middle] = row;
                middle += 1;
            } else {
                self.spare.push(row);
            }
        }
        self.order[middle..middle + self.spare.len()].copy_from_slice(&self.spare);
        middle
    }
}

fn add(sums: &mut Sums, other: Sums) {
    sums[0] += other[0];
    sums[1] += other[1];
}

/// Returns the area under the ROC curve: the chance that a row whose label is true scores higher
/// than one whose label is false, a tie counting half. `None` where one of them is missing.
///
/// # Formula
/// Mann and Whitney's U: `(R − n(n + 1)/2) / (n · m)`, R the sum of the ranks of the n rows
/// whose label is true, ties at their mean, among all n + m.
pub fn auc(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let mut sorted: Vec<(f64, bool)> = scores.iter().copied().zip(labels.iter().copied()).collect();
    sorted.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let positive = sorted.iter().filter(|(_, label)| *label).count();
    let negative = sorted.len() - positive;
    if positive == 0 || negative == 0 {
        return None;
    }
    let (mut below, mut ranks) = (0, 0.0);
    for tied in sorted.chunk_by(|left, right| left.0 == right.0) {
        let rank = below as f64 + (tied.len() + 1) as f64 / 2.0;
        ranks += rank * tied.iter().filter(|(_, label)| *label).count() as f64;
        below += tied.len();
    }
    let (positive, negative) = (positive as f64, negative as f64);
    Some((ranks - positive * (positive + 1.0) / 2.0) / (positive * negative))
}

/// Cuts numbers into at most [`BINS`] ordered codes; NaN is [`MISSING`].
///
/// Each value has its own code where there are few. Of many, frequent ones keep their own, and
/// the others share bins of about equally many rows: a spike that synthetic rows smear is what
/// often gives them away, and quantiles alone would hide it among its neighbours.
pub fn bins(values: &[f64]) -> Vec<u16> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|it| !it.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs = || sorted.chunk_by(|left, right| left == right);
    let mut starts: Vec<f64> = Vec::new();
    if runs().count() <= BINS {
        starts.extend(runs().map(|run| run[0]));
    } else {
        let is_spike = |run: &[f64]| run.len() * SPIKE >= sorted.len();
        let spikes = || runs().filter(|run| is_spike(run));
        let others = sorted.len() - spikes().map(<[f64]>::len).sum::<usize>();
        // Every spike may cut a bin short, and the last one may be short as well.
        let wanted = others as f64 / (BINS - 2 * spikes().count() - 1) as f64;
        let (mut open, mut rows) = (false, 0.0);
        for run in runs() {
            let is_spike = is_spike(run);
            if is_spike || !open {
                starts.push(run[0]);
                rows = 0.0;
            }
            rows += run.len() as f64;
            open = !is_spike && rows < wanted;
        }
    }
    let code = |value: &f64| match value.is_nan() {
        true => MISSING,
        // −0 and 0 are one value, as they are in a run.
        false => (starts.partition_point(|start| start <= value).max(1) - 1) as u16,
    };
    values.iter().map(code).collect()
}

/// Deals rows into so many folds of about equal size, all rows of a group into one. `groups`
/// are hashes: their order is a shuffle.
pub fn deal(groups: &[u64], folds: usize) -> Vec<u8> {
    let mut order: Vec<u32> = (0..groups.len() as u32).collect();
    order.sort_unstable_by_key(|row| (groups[*row as usize], *row));
    let mut sizes = vec![0_usize; folds.max(1)];
    let mut dealt = vec![0; groups.len()];
    for group in order.chunk_by(|left, right| groups[*left as usize] == groups[*right as usize]) {
        let smallest = (0..sizes.len())
            .min_by_key(|fold| sizes[*fold])
            .unwrap_or(0);
        sizes[smallest] += group.len();
        for row in group {
            dealt[*row as usize] = smallest as u8;
        }
    }
    dealt
}

/// A column as [`Logistic`] sees it.
#[derive(Clone, Debug)]
pub enum Predictor {
    /// Numbers of mean 0 and variance 1, 0 where there is none: one weight.
    Numbers(Vec<f64>),
    /// Codes: a weight each.
    Levels(Vec<u16>),
}

/// A logistic regression that tells two classes of rows apart.
#[derive(Clone, Debug)]
pub struct Logistic {
    /// The intercept, then those of the columns one after the other.
    weights: Vec<f64>,
}

impl Logistic {
    /// Most steps of the search.
    const STEPS: usize = 100;
    /// Steps that the curvature is estimated from.
    const MEMORY: usize = 10;
    /// A mean gradient that is small enough, as scikit-learn has it.
    const FLAT: f64 = 1e-4;

    /// Learns to tell `rows` apart whose label is true.
    ///
    /// # Formula
    /// The weights minimise `½ |w|² + Σ ln(1 + exp(∓ w · x))`, the intercept not penalised:
    /// scikit-learn's `LogisticRegression` at `C = 1`, found by the same L-BFGS (Nocedal,
    /// Wright, "Numerical Optimization", algorithm 7.4).
    ///
    /// # Panics
    /// Where a column or the labels are shorter than a row says.
    pub fn fit(columns: &[Predictor], labels: &[bool], rows: &[u32]) -> Logistic {
        let width = 1 + columns.iter().map(Predictor::width).sum::<usize>();
        let mut model = Logistic {
            weights: vec![0.0; width],
        };
        let mut gradient = vec![0.0; width];
        let mut loss = model.loss(columns, labels, rows, &mut gradient);
        // Pairs of a step and of the change of the gradient along it.
        let mut memory: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
        for _ in 0..Logistic::STEPS {
            let steepest = gradient.iter().fold(0.0, |most, it| it.abs().max(most));
            if steepest <= Logistic::FLAT * rows.len() as f64 {
                break;
            }
            let mut direction = descent(&gradient, &memory);
            let mut slope = dot(&gradient, &direction);
            if slope >= 0.0 {
                memory.clear();
                direction = gradient.iter().map(|it| -it).collect();
                slope = -dot(&gradient, &gradient);
            }
            // Without any memory nothing says how far to go.
            let mut length = match memory.is_empty() {
                true => 1.0 / slope.abs().sqrt().max(1.0),
                false => 1.0,
            };
            let before = model.weights.clone();
            let mut next = vec![0.0; width];
            let mut lower = f64::INFINITY;
            for _ in 0..30 {
                for ((weight, before), step) in
                    model.weights.iter_mut().zip(&before).zip(&direction)
                {
                    *weight = before + length * step;
                }
                lower = model.loss(columns, labels, rows, &mut next);
                if lower <= loss + 1e-4 * length * slope {
                    break;
                }
                length /= 2.0;
            }
            if lower >= loss {
                model.weights = before;
                break;
            }
            let minus = |left: &[f64], right: &[f64]| -> Vec<f64> {
                left.iter().zip(right).map(|(a, b)| a - b).collect()
            };
            let (step, change) = (minus(&model.weights, &before), minus(&next, &gradient));
            if dot(&step, &change) > 0.0 {
                if memory.len() == Logistic::MEMORY {
                    memory.remove(0);
                }
                memory.push((step, change));
            }
            (loss, gradient) = (lower, next);
        }
        model
    }

    /// Returns the log-odds that a row's label is true.
    ///
    /// # Panics
    /// Where the columns are not those it was fitted to.
    pub fn score(&self, columns: &[Predictor], row: u32) -> f64 {
        let mut score = self.weights[0];
        let mut at = 1;
        for column in columns {
            score += match column {
                Predictor::Numbers(values) => self.weights[at] * values[row as usize],
                Predictor::Levels(codes) => self.weights[at + usize::from(codes[row as usize])],
            };
            at += column.width();
        }
        score
    }

    fn loss(
        &self,
        columns: &[Predictor],
        labels: &[bool],
        rows: &[u32],
        gradient: &mut [f64],
    ) -> f64 {
        gradient.copy_from_slice(&self.weights);
        gradient[0] = 0.0;
        let mut loss = dot(&self.weights[1..], &self.weights[1..]) / 2.0;
        for row in rows {
            let score = self.score(columns, *row);
            let label = labels[*row as usize];
            let margin = if label { score } else { -score };
            // ln(1 + exp(−m)), without an overflow.
            loss += (-margin.abs()).exp().ln_1p() + (-margin).max(0.0);
            let error = 1.0 / (1.0 + (-score).exp()) - f64::from(u8::from(label));
            gradient[0] += error;
            let mut at = 1;
            for column in columns {
                match column {
                    Predictor::Numbers(values) => gradient[at] += error * values[*row as usize],
                    Predictor::Levels(codes) => {
                        gradient[at + usize::from(codes[*row as usize])] += error;
                    }
                }
                at += column.width();
            }
        }
        loss
    }
}

impl Predictor {
    fn width(&self) -> usize {
        match self {
            Predictor::Numbers(_) => 1,
            Predictor::Levels(_) => BINS + 1,
        }
    }
}

/// Returns the direction in which L-BFGS goes on: minus the gradient over the curvature.
fn descent(gradient: &[f64], memory: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|it| -it).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for (step, change) in memory.iter().rev() {
        let share = dot(step, &direction) / dot(step, change);
        shares.push(share);
        for (direction, change) in direction.iter_mut().zip(change) {
            *direction -= share * change;
        }
    }
    if let Some((step, change)) = memory.last() {
        let scale = dot(step, change) / dot(change, change);
        direction.iter_mut().for_each(|it| *it *= scale);
    }
    for ((step, change), share) in memory.iter().zip(shares.into_iter().rev()) {
        let correction = share - dot(change, &direction) / dot(step, change);
        for (direction, step) in direction.iter_mut().zip(step) {
            *direction += correction * step;
        }
    }
    direction
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}
