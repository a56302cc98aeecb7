//! How far the tails of numbers reach, without telling of those who have the greatest values.
//!
//! A bound that k entities share, the mean of their greatest values, lies well below the greatest
//! of all; a sample of that range would miss the tail that breaks services. So what the k outermost
//! entities have is a bin of its own, and it reaches as many whole spacings beyond their mean as
//! there is room for, at most [`STEPS`]. A spacing is the distance between the means of the next k
//! and of the k after those: about half of the mean excess where the tail is exponential, of which
//! the greatest of all lies four beyond the mean (spacings of order statistics, Rényi 1953). So a
//! tail never reaches further than others than the outermost let expect: of those it tells their
//! mean, and at most between which two steps the greatest value lies.

use std::collections::BTreeSet;

use super::encode::Floor;

/// Most spacings beyond the mean of the outermost entities.
const STEPS: u32 = 4;

/// A number that spacings are taken of.
pub(super) trait Real: PartialOrd + Copy {
    fn real(self) -> f64;
}

impl Real for i64 {
    fn real(self) -> f64 {
        self as f64
    }
}

impl Real for f64 {
    fn real(self) -> f64 {
        self
    }
}

/// An end of a column whose outermost entities have a bin of their own.
pub(super) struct Tail<T> {
    is_upper: bool,
    /// Whether the bin was part of another one.
    is_cut: bool,
    spacing: f64,
    /// The outermost value of all.
    last: T,
}

/// Finds the tails of a column. Gives the k outermost entities on either side a bin of their own,
/// where twice as many others are left in the bin that they were in.
pub(super) fn cut_off<T: Real>(
    values: &[Option<T>],
    histogram: &[(T, T, u64)],
    bins: &mut Vec<(T, T, u64)>,
    floor: Floor<'_>,
) -> Vec<Tail<T>> {
    let mut tails = Vec::new();
    if floor.k <= 1 || floor.entities.is_empty() {
        return tails;
    }
    for is_upper in [true, false] {
        tails.extend(cut_one(values, histogram, bins, floor, is_upper));
    }
    tails
}

fn cut_one<T: Real>(
    values: &[Option<T>],
    histogram: &[(T, T, u64)],
    bins: &mut Vec<(T, T, u64)>,
    floor: Floor<'_>,
    is_upper: bool,
) -> Option<Tail<T>> {
    let k = floor.k as usize;
    let n = bins.len();
    // Bins, outermost first.
    let bin = |place: usize| if is_upper { n - 1 - place } else { place };
    let (lo, hi, _) = *bins.get(bin(0)).filter(|_| n > 1)?;
    if lo >= hi {
        return None;
    }
    // Of as few bins as tell two spacings.
    let widths = std::iter::successors(Some(1), |places| Some(places * 2));
    let (is_cut, entry, spacing) = widths.take_while(|it| *it < 2 * n).find_map(|places| {
        let inner = bins[bin(places.min(n) - 1)];
        let range = if is_upper {
            (inner.0, hi)
        } else {
            (lo, inner.1)
        };
        let entities = outermost(values, floor, range, is_upper);
        let is_cut = places == 1;
        // Where what the k outermost ones have begins, of the kind that needs most rows.
        let begin = match is_cut {
            true => {
                let last = entities.iter().map(|it| it.get(k - 1).copied());
                let inner = |a: T, b: T| if (a < b) == is_upper { a } else { b };
                last.reduce(|a, b| Some(inner(a?, b?)))??
            }
            false if is_upper => lo,
            false => hi,
        };
        // Histograms of large tables tell ranges: they are not divided.
        let mut entries = histogram.iter();
        let entry = *entries.find(|entry| entry.0 <= begin && begin <= entry.1)?;
        let is_tail = |value: T| is_beyond(value, entry, is_upper);
        let spacing = |entities: &Vec<T>| {
            let mean = |values: &[T]| values.iter().map(|it| it.real() / k as f64).sum::<f64>();
            let tail = entities.iter().take_while(|it| is_tail(**it)).count();
            let next = entities.get(tail..tail + k)?;
            let after = entities.get(tail + k..tail + 2 * k)?;
            Some((mean(next) - mean(after)).abs())
        };
        let spacings = entities.iter().map(spacing);
        let spacing = spacings.reduce(|a, b| Some(a?.min(b?)))??;
        Some((is_cut, entry, spacing))
    })?;
    if is_cut {
        let within = |entry: &&(T, T, u64)| lo <= entry.0 && entry.1 <= hi;
        let (outer, left): (Vec<_>, Vec<_>) = histogram
            .iter()
            .filter(within)
            .partition(|it| is_beyond(it.0, entry, is_upper));
        let bin = |entries: &[&(T, T, u64)]| {
            let rows = entries.iter().map(|entry| entry.2).sum();
            Some((entries.first()?.0, entries.last()?.1, rows))
        };
        let (outer, left) = (bin(&outer)?, bin(&left)?);
        let at = if is_upper { n - 1 } else { 0 };
        bins[at] = left;
        bins.insert(if is_upper { n } else { 0 }, outer);
    }
    Some(Tail {
        is_upper,
        is_cut,
        spacing,
        last: if is_upper { hi } else { lo },
    })
}

/// Whether a value is in an entry of a histogram or further out.
fn is_beyond<T: Real>(value: T, entry: (T, T, u64), is_upper: bool) -> bool {
    match is_upper {
        true => value >= entry.0,
        false => value <= entry.1,
    }
}

/// The outermost value in a range of each entity, of every kind, outermost first.
fn outermost<T: Real>(
    values: &[Option<T>],
    floor: Floor<'_>,
    (lo, hi): (T, T),
    is_upper: bool,
) -> Vec<Vec<T>> {
    let mut members: Vec<(T, usize)> = (values.iter().enumerate())
        .filter_map(|(row, value)| Some((value.filter(|it| lo <= *it && *it <= hi)?, row)))
        .collect();
    members.sort_unstable_by(|a, b| {
        let order = a.0.partial_cmp(&b.0).unwrap_or(std::cmp::Ordering::Equal);
        let order = if is_upper { order.reverse() } else { order };
        order.then(a.1.cmp(&b.1))
    });
    let of_kind = |kind: &Vec<u32>| {
        let mut seen = BTreeSet::new();
        let firsts = members.iter().filter(|it| seen.insert(kind[it.1]));
        firsts.map(|it| it.0).collect()
    };
    floor.entities.iter().map(of_kind).collect()
}

/// Lets the bins of tails, whose bounds are means by now, begin `beside` their neighbours, and reach
/// as far as whole spacings do; `near` is the value of the column next below a number.
pub(super) fn reach<T: Real>(
    tails: &[Tail<T>],
    bins: &mut [(T, T, u64)],
    near: impl Fn(f64) -> T,
    beside: impl Fn(T, bool) -> T,
) {
    for tail in tails {
        let (at, next) = match (tail.is_upper, bins.len()) {
            (_, 0 | 1) => return,
            (true, n) => (n - 1, n - 2),
            (false, _) => (0, 1),
        };
        let (lo, hi, rows) = bins[at];
        let far = |step: u32| {
            let way = f64::from(step) * tail.spacing;
            match tail.is_upper {
                true => near(hi.real() + way),
                false => near(lo.real() - way),
            }
        };
        let mut ends = (1..=STEPS).rev().map(far);
        match tail.is_upper {
            true => {
                let begin = beside(bins[next].1, true);
                let end = ends.find(|end| (hi..=tail.last).contains(end));
                bins[at] = (
                    if tail.is_cut && begin < hi { begin } else { lo },
                    end.unwrap_or(hi),
                    rows,
                );
            }
            false => {
                let begin = beside(bins[next].0, false);
                let end = ends.find(|end| (tail.last..=lo).contains(end));
                bins[at] = (
                    end.unwrap_or(lo),
                    if tail.is_cut && begin > lo { begin } else { hi },
                    rows,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Bins = Vec<(f64, f64, u64)>;

    /// Quantiles of an exponential distribution of so many entities, and its bins of a hundred.
    fn exponential(n: u32) -> (Vec<Option<f64>>, Vec<u32>, Bins) {
        let value = |i: u32| -100.0 * (1.0 - (f64::from(i) + 0.5) / f64::from(n)).ln();
        let values: Vec<f64> = (0..n).map(value).collect();
        let bins = values
            .chunks(100)
            .map(|it| (it[0], it[it.len() - 1], it.len() as u64));
        let bins = bins.collect();
        (
            values.into_iter().map(Some).collect(),
            (0..n).collect(),
            bins,
        )
    }

    fn ends(values: &[Option<f64>], entities: Vec<u32>, mut bins: Bins) -> [f64; 2] {
        let floor = Floor {
            k: 10,
            entities: &[entities],
        };
        let histogram: Vec<(f64, f64, u64)> = {
            let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
            sorted.sort_by(f64::total_cmp);
            sorted.iter().map(|&it| (it, it, 1)).collect()
        };
        let before = bins.len();
        let tails = cut_off(values, &histogram, &mut bins, floor);
        assert_eq!(tails.len(), 2);
        assert_eq!(bins.len(), before + 2);
        assert_eq!(
            bins.iter().map(|bin| bin.2).sum::<u64>(),
            values.len() as u64
        );
        assert_eq!((bins[0].2, bins[bins.len() - 1].2), (10, 10));
        // As if the bounds were means already.
        let mean =
            |range: std::ops::Range<usize>| range.map(|at| histogram[at].0).sum::<f64>() / 10.0;
        let n = histogram.len();
        let last = bins.len() - 1;
        (bins[0].0, bins[0].1) = (mean(0..10), mean(0..10));
        (bins[last].0, bins[last].1) = (mean(n - 10..n), mean(n - 10..n));
        reach(&tails, &mut bins, |real| real, |value, _| value);
        assert!(bins.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        [bins[0].0, bins[last].1]
    }

    #[test]
    fn tails_reach_nearly_as_far_as_what_was_seen() {
        let (values, entities, bins) = exponential(2000);
        let greatest = values[1999].unwrap();
        let [least, end] = ends(&values, entities, bins);
        assert!(least >= values[0].unwrap() && least < values[9].unwrap());
        // Within one spacing, about half of the mean excess of 100.
        assert!(
            (greatest - 60.0..greatest).contains(&end),
            "{end} of {greatest}"
        );
        assert!(!values.contains(&Some(end)));
    }

    #[test]
    fn a_value_far_beyond_all_others_is_not_told() {
        let (mut values, entities, mut bins) = exponential(2000);
        let greatest = values[1999].unwrap();
        values[1999] = Some(1e6);
        bins.last_mut().unwrap().1 = 1e6;
        let [_, end] = ends(&values, entities, bins);
        // The mean of the ten, and four spacings at most.
        assert!(end < 1e5 + 2.0 * greatest, "{end}");
    }

    #[test]
    fn where_few_are_left_nothing_is_cut_off() {
        let (values, entities, bins) = exponential(29);
        let floor = Floor {
            k: 10,
            entities: &[entities],
        };
        let histogram = bins.clone();
        for mut bins in [bins.clone(), vec![(0.0, 1000.0, 29)], Vec::new()] {
            let before = bins.clone();
            assert!(cut_off(&values, &histogram, &mut bins, floor).is_empty());
            assert_eq!(bins, before);
        }
    }
}
