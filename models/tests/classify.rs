//! The judges against XGBoost and scikit-learn, over the same rows in the same folds.
//!
//! `tests/referee/xgboost_expected.py` made the rows and printed what is expected.

#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use prodlike_models::classify::{
    BINS, BoostParams, Boosted, Logistic, MISSING, Predictor, auc, bins, deal,
};

/// XGBoost's exact method looks at every value, and bins do not. Folds of 600 rows have AUCs with a
/// deviation of 0.01 to 0.02, so this is less than another choice of folds would make.
const BINNED_TOLERANCE: f64 = 0.02;
/// Where each value has its bin, XGBoost's histogram method and ours look at the same splits, and
/// only XGBoost keeps derivatives in 32 bits.
const COARSE_TOLERANCE: f64 = 0.006;
/// One optimum, found by two programs.
const LOGISTIC_TOLERANCE: f64 = 0.001;
const FOLDS: u8 = 5;

struct Fixture {
    labels: Vec<bool>,
    folds: Vec<u8>,
    columns: Vec<Vec<f64>>,
}

fn fixture() -> Fixture {
    let mut fixture = Fixture {
        labels: Vec::new(),
        folds: Vec::new(),
        columns: vec![Vec::new(); 5],
    };
    for line in include_str!("fixtures/classify.csv").lines().skip(1) {
        let mut cells = line.split(',');
        fixture.labels.push(cells.next() == Some("1"));
        fixture.folds.push(cells.next().unwrap().parse().unwrap());
        for (column, cell) in fixture.columns.iter_mut().zip(cells) {
            column.push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    assert_eq!(fixture.labels.len(), 3000);
    fixture
}

impl Fixture {
    /// The mean AUC over the folds, of what is learned from the others.
    fn judge(&self, fit: impl Fn(&[u32]) -> Box<dyn FnMut(u32) -> f64>) -> f64 {
        let aucs = (0..FOLDS).map(|fold| {
            let rows = 0..self.labels.len() as u32;
            let (held, train): (Vec<u32>, Vec<u32>) =
                rows.partition(|row| self.folds[*row as usize] == fold);
            let mut score = fit(&train);
            let scores: Vec<f64> = held.iter().map(|row| score(*row)).collect();
            let labels: Vec<bool> = held.iter().map(|row| self.labels[*row as usize]).collect();
            auc(&scores, &labels).unwrap()
        });
        aucs.sum::<f64>() / f64::from(FOLDS)
    }
}

#[test]
fn boosted_trees_score_what_xgboost_scores() {
    let fixture = fixture();
    let all = &[0, 1, 2, 3, 4][..];
    for (columns, is_coarse, expected) in [
        (all, false, 0.9280),
        (&[0, 1, 3, 4], false, 0.6969),
        (&[3, 4], false, 0.5157),
        (all, true, 0.6906),
        (&[0, 1, 3, 4], true, 0.6996),
    ] {
        let coarse = |value: &f64| {
            if is_coarse {
                (10.0 * value).floor()
            } else {
                *value
            }
        };
        let binned: Vec<Vec<u16>> = columns
            .iter()
            .map(|column| fixture.columns[*column].iter().map(coarse).collect())
            .map(|values: Vec<f64>| bins(&values))
            .collect();
        let found = fixture.judge(|train| {
            let model = Boosted::fit(&binned, &fixture.labels, train, BoostParams::default());
            let binned = binned.clone();
            let mut parts = vec![0.0; binned.len()];
            Box::new(move |row| model.score(&binned, row, &mut parts))
        });
        let tolerance = if is_coarse {
            COARSE_TOLERANCE
        } else {
            BINNED_TOLERANCE
        };
        assert!(
            (found - expected).abs() <= tolerance,
            "{found:.4} over {columns:?}, coarse: {is_coarse}, expected {expected}"
        );
    }
}

#[test]
fn a_logistic_regression_scores_what_scikit_learn_scores() {
    let fixture = fixture();
    let mut predictors: Vec<Predictor> = fixture.columns[..3]
        .iter()
        .map(|values| {
            let known = || values.iter().filter(|value| !value.is_nan());
            let rows = known().count() as f64;
            let mean = known().sum::<f64>() / rows;
            let variance = known().map(|value| (value - mean).powi(2)).sum::<f64>() / rows;
            let standard = values.iter().map(|value| (value - mean) / variance.sqrt());
            Predictor::Numbers(
                standard
                    .map(|it| if it.is_nan() { 0.0 } else { it })
                    .collect(),
            )
        })
        .collect();
    predictors.push(Predictor::Levels(bins(&fixture.columns[3])));
    let found = fixture.judge(|train| {
        let model = Logistic::fit(&predictors, &fixture.labels, train);
        let predictors = predictors.clone();
        Box::new(move |row| model.score(&predictors, row))
    });
    assert!((found - 0.5249).abs() <= LOGISTIC_TOLERANCE, "{found:.4}");
}

#[test]
fn what_tells_is_told_on_held_out_rows() {
    let fixture = fixture();
    let columns: Vec<Vec<u16>> = fixture.columns.iter().map(|it| bins(it)).collect();
    let train: Vec<u32> = (0..3000)
        .filter(|row| fixture.folds[*row as usize] > 0)
        .collect();
    let model = Boosted::fit(&columns, &fixture.labels, &train, BoostParams::default());
    let mut sums = [0.0; 5];
    for row in (0..3000).filter(|row| fixture.folds[*row as usize] == 0) {
        let mut parts = [0.0; 5];
        let score = model.score(&columns, row, &mut parts);
        // The parts are the whole, but for what the roots say of all rows.
        assert!((parts.iter().sum::<f64>() - score).abs() < 0.5);
        let sign = if fixture.labels[row as usize] {
            1.0
        } else {
            -1.0
        };
        sums.iter_mut()
            .zip(parts)
            .for_each(|(sum, part)| *sum += sign * part);
    }
    // The spike and the rounding of prices tell most, noise tells nothing.
    let total: f64 = sums.iter().filter(|sum| **sum > 0.0).sum();
    assert!(sums[2] > 0.5 * total, "{sums:?}");
    assert!(sums[4] < 0.05 * total, "{sums:?}");
}

#[test]
fn nothing_is_learned_of_nothing() {
    let labels = [true, false, true, false];
    let rows = [0, 1, 2, 3];
    let constant = [vec![MISSING; 4], vec![7; 4]];
    for columns in [&constant[..], &[]] {
        let model = Boosted::fit(columns, &labels, &rows, BoostParams::default());
        assert_eq!(model.score(columns, 0, &mut [0.0; 2]), 0.0);
    }
    let model = Boosted::fit(&constant, &labels, &[], BoostParams::default());
    assert_eq!(model.score(&constant, 0, &mut [0.0; 2]), 0.0);
    let empty = Logistic::fit(&[], &[], &[]);
    assert_eq!(empty.score(&[], 0), 0.0);
}

#[test]
fn auc_is_the_chance_of_the_right_order() {
    assert_eq!(auc(&[1.0, 2.0, 3.0], &[false, false, true]), Some(1.0));
    assert_eq!(auc(&[3.0, 2.0, 1.0], &[false, false, true]), Some(0.0));
    assert_eq!(auc(&[1.0, 1.0, 1.0], &[false, true, true]), Some(0.5));
    assert_eq!(
        auc(&[1.0, 2.0, 2.0, 3.0], &[false, true, false, true]),
        Some(0.875)
    );
    assert_eq!(auc(&[1.0], &[true]), None);
    assert_eq!(auc(&[], &[]), None);
}

#[test]
fn bins_are_ordered_and_even() {
    assert_eq!(
        bins(&[3.0, f64::NAN, -1.0, 3.0, 0.0, -0.0]),
        [2, MISSING, 0, 2, 1, 1]
    );
    assert_eq!(bins(&[]), []);
    assert_eq!(bins(&[f64::NAN]), [MISSING]);
    let values: Vec<f64> = (0..204_600_u32)
        .map(|row| f64::from(row.wrapping_mul(2_654_435_761)))
        .collect();
    let codes = bins(&values);
    let mut rows = [0; BINS];
    for code in &codes {
        rows[usize::from(*code)] += 1;
    }
    assert!(rows.iter().all(|rows| *rows <= 202), "{rows:?}");
    let mut pairs: Vec<(f64, u16)> = values.into_iter().zip(codes).collect();
    pairs.sort_by(|left, right| left.0.total_cmp(&right.0));
    assert!(pairs.is_sorted_by_key(|pair| pair.1));
}

#[test]
fn spikes_have_bins_of_their_own() {
    let random = |row: u32| f64::from(row.wrapping_mul(2_654_435_761)) / f64::from(u32::MAX);
    // Every fourth of many values is 0.5, in the middle of all others.
    let values: Vec<f64> = (0..40_000_u32)
        .map(|row| if row % 4 == 0 { 0.5 } else { random(row) })
        .collect();
    let codes = bins(&values);
    let spike = codes.iter().filter(|code| **code == codes[0]);
    assert_eq!(spike.count(), 10_000);
    // So many that no code is left over, with others between any two of them.
    let values: Vec<f64> = (0..110_000_u32)
        .map(|row| match row % 110 {
            spike if spike < 100 => f64::from(spike) / 100.0,
            _ => random(row),
        })
        .collect();
    let codes = bins(&values);
    let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
    assert!(codes.iter().all(|code| *code < MISSING) && distinct.len() > 100);
}

#[test]
fn folds_are_even_and_keep_groups_together() {
    let groups: Vec<u64> = (0..1000_u64)
        .map(|row| (row / 3).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .collect();
    let folds = deal(&groups, 5);
    let mut sizes = [0; 5];
    for (row, fold) in folds.iter().enumerate() {
        sizes[usize::from(*fold)] += 1;
        assert_eq!(*fold, folds[row / 3 * 3]);
    }
    assert!(
        sizes.iter().all(|size| (197..=203).contains(size)),
        "{sizes:?}"
    );
    assert_eq!(deal(&[], 5), []);
}
