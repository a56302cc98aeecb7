//! The metrics of one column: pure functions of slices, as SDMetrics defines them.
//!
//! A NaN among numbers is NULL. `None` stands where SDMetrics yields NaN.

/// Returns the mean, or `None` of nothing.
pub(crate) fn mean(scores: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u64);
    for score in scores {
        sum += score;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

/// Returns 1 − D, D the two-sample Kolmogorov–Smirnov statistic.
///
/// # Formula
/// `D = max |F(x) − G(x)|`, F and G the empirical distribution functions of the values
/// that are not NULL.
pub(crate) fn ks_complement(real: &[f64], synthetic: &[f64]) -> Option<f64> {
    let (real, synthetic) = (sorted(real), sorted(synthetic));
    if real.is_empty() || synthetic.is_empty() {
        return None;
    }
    let (n_real, n_synthetic) = (real.len() as f64, synthetic.len() as f64);
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < real.len() && j < synthetic.len() {
        let value = real[i].min(synthetic[j]);
        while i < real.len() && real[i] <= value {
            i += 1;
        }
        while j < synthetic.len() && synthetic[j] <= value {
            j += 1;
        }
        distance = distance.max((i as f64 / n_real - j as f64 / n_synthetic).abs());
    }
    Some(1.0 - distance)
}

/// Returns the values in order, at SDMetrics' 14 decimals, without NULLs.
fn sorted(values: &[f64]) -> Vec<f64> {
    // NumPy's rounding; what would overflow in it is an integer already.
    let round = |value: f64| {
        let shifted = value * 1e14;
        // Adding zero makes a negative zero positive, which the total order would part.
        if shifted.is_finite() {
            shifted.round_ties_even() / 1e14 + 0.0
        } else {
            value
        }
    };
    let mut values: Vec<f64> = values
        .iter()
        .filter(|value| !value.is_nan())
        .map(|value| round(*value))
        .collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Counts codes below `distinct`.
pub(crate) fn counts(codes: &[u32], distinct: usize) -> Vec<u64> {
    let mut counts = vec![0; distinct];
    for code in codes {
        counts[*code as usize] += 1;
    }
    counts
}

/// Returns 1 minus the total variation distance of two tables of counts, NULL left out.
///
/// # Formula
/// `1 − ½ Σ |s/S − r/R|`. A level that only the synthetic data has counts 10⁻⁶ rows
/// of the real data: SDMetrics' guard against a division by zero, kept to be equal.
pub(crate) fn tv_complement(real: &[u64], synthetic: &[u64], null: Option<u32>) -> Option<f64> {
    let levels = || {
        let pairs = real.iter().zip(synthetic).enumerate();
        pairs
            .filter(|(code, _)| null != u32::try_from(*code).ok())
            .map(|(_, pair)| pair)
    };
    let rows_real: u64 = levels().map(|(real, _)| real).sum();
    let rows_synthetic: u64 = levels().map(|(_, synthetic)| synthetic).sum();
    if rows_real == 0 || rows_synthetic == 0 {
        return None;
    }
    let unknown = levels().filter(|(real, _)| **real == 0).count();
    let total_real = rows_real as f64 + unknown as f64 * 1e-6;
    let total_synthetic = rows_synthetic as f64;
    let variation: f64 = levels()
        .map(|(real, synthetic)| {
            let real = if *real == 0 { 1e-6 } else { *real as f64 };
            (*synthetic as f64 / total_synthetic - real / total_real).abs()
        })
        .sum();
    Some(1.0 - 0.5 * variation)
}

/// Returns the share of synthetic values within the least and the greatest real value.
///
/// NULLs are passed over where the real data has any, and break the bounds where it has none.
pub(crate) fn boundary_adherence(real: &[f64], synthetic: &[f64]) -> Option<f64> {
    let nullable = real.iter().any(|value| value.is_nan());
    let known = || real.iter().copied().filter(|value| !value.is_nan());
    let least = known().fold(f64::INFINITY, f64::min);
    let greatest = known().fold(f64::NEG_INFINITY, f64::max);
    let rows = match nullable {
        true => synthetic.iter().filter(|value| !value.is_nan()).count(),
        false => synthetic.len(),
    };
    let within = synthetic
        .iter()
        .filter(|value| (least..=greatest).contains(*value))
        .count();
    share(within, rows)
}

/// Returns the share of synthetic rows whose level the real data has too; NULL is a level.
pub(crate) fn category_adherence(real: &[u64], synthetic: &[u64]) -> Option<f64> {
    let rows: u64 = synthetic.iter().sum();
    let pairs = real.iter().zip(synthetic);
    let known: u64 = pairs
        .filter(|(real, _)| **real > 0)
        .map(|(_, synthetic)| synthetic)
        .sum();
    (rows > 0).then(|| known as f64 / rows as f64)
}

/// Returns the share of rows that neither repeat an earlier key nor have none at all.
pub(crate) fn key_uniqueness(codes: &[u32], distinct: usize, null_rows: &[bool]) -> Option<f64> {
    let mut seen = vec![false; distinct];
    let mut bad = 0_usize;
    for (code, null) in codes.iter().zip(null_rows) {
        bad += usize::from(*null || seen[*code as usize]);
        seen[*code as usize] = true;
    }
    (!codes.is_empty()).then(|| 1.0 - bad as f64 / codes.len() as f64)
}

/// Returns `part / whole`, or `None` of nothing.
pub(crate) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NULL: f64 = f64::NAN;

    #[test]
    fn ks_complement_by_hand() {
        let check = |real: &[f64], synthetic: &[f64], expect| {
            assert_eq!(
                ks_complement(real, synthetic),
                expect,
                "{real:?} {synthetic:?}"
            );
        };
        check(
            &[1.0, 2.0, 3.0, 4.0],
            &[3.0, 1.0, 4.0, 2.0, NULL],
            Some(1.0),
        );
        check(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0], Some(0.5));
        check(&[0.0], &[-0.0], Some(1.0));
        check(&[0.1 + 0.2], &[0.3], Some(1.0));
        check(&[f64::NEG_INFINITY, 1.0], &[1e300, 1.0], Some(0.5));
        check(&[NULL], &[1.0], None);
        check(&[], &[], None);
    }

    #[test]
    fn tv_complement_leaves_null_out() {
        assert_eq!(tv_complement(&[5, 5, 90], &[1, 3, 0], Some(2)), Some(0.75));
        assert_eq!(tv_complement(&[0, 7], &[3, 7], Some(1)), None);
        let unknown = tv_complement(&[10, 0], &[0, 10], None);
        assert!(
            unknown.is_some_and(|score| score > 0.0 && score < 1e-6),
            "{unknown:?}"
        );
    }

    #[test]
    fn boundaries_allow_null_only_where_the_real_data_does() {
        assert_eq!(
            boundary_adherence(&[1.0, 3.0], &[1.0, 3.0, 3.5, NULL]),
            Some(0.5)
        );
        assert_eq!(
            boundary_adherence(&[1.0, 3.0, NULL], &[1.0, 3.5, NULL, NULL]),
            Some(0.5)
        );
        assert_eq!(boundary_adherence(&[NULL], &[1.0]), Some(0.0));
        assert_eq!(boundary_adherence(&[NULL], &[NULL]), None);
        assert_eq!(boundary_adherence(&[1.0], &[]), None);
    }

    #[test]
    fn categories_and_keys() {
        assert_eq!(category_adherence(&[4, 0], &[1, 3]), Some(0.25));
        assert_eq!(category_adherence(&[4], &[0]), None);
        let nulls = [false, false, true, false];
        assert_eq!(key_uniqueness(&[0, 1, 2, 1], 3, &nulls), Some(0.5));
        assert_eq!(key_uniqueness(&[], 0, &[]), None);
    }
}
