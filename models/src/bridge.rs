//! Items of a bridge table: drawn without replacement within one owner.
//!
//! An owner with `n` items draws them with probabilities that grow with the items' degrees.
//! Few items are drawn one after another, by the weight that is left. Many are allotted to
//! degree classes first: an item of weight `w` is included with probability `1 − e^{−w·t}`
//! (the exponential race of Efraimidis and Spirakis, 2006, in which an item arrives by time
//! `t`; it has the same law), the number that a class sends is binomial about that, and
//! inside a class a keyed permutation picks. So a group is never short, up to taking every
//! item there is.

use crate::degree::DegreePlan;
use crate::permutation::Permutation;
use crate::philox::{Stream, mix};

/// Largest group drawn one by one.
const SEQUENTIAL: u64 = 64;

/// The items of one owner, by place in the group.
#[derive(Clone, Debug)]
pub struct Group {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Listed(Vec<u64>),
    Dense { classes: Vec<Allotted> },
}

#[derive(Clone, Debug)]
struct Allotted {
    /// Place in the group of the first item of the class.
    first_place: u64,
    first_rank: u64,
    within: Permutation,
}

impl Group {
    /// Draws `n` distinct ranks of `items`; `n` is at most its number of parents.
    pub fn new(items: &DegreePlan, n: u64, key: u64) -> Group {
        let classes = items.classes();
        if n <= SEQUENTIAL {
            return Group {
                kind: Kind::Listed(sequential(&classes, n, key)),
            };
        }
        let quotas = allot(&classes, n, key);
        let (mut first_place, mut first_rank) = (0, 0);
        let classes = classes
            .iter()
            .zip(quotas)
            .map(|(&class, quota)| {
                let allotted = Allotted {
                    first_place,
                    first_rank,
                    within: within_class(class, key),
                };
                first_place += quota;
                first_rank += class.1;
                allotted
            })
            .collect();
        Group {
            kind: Kind::Dense { classes },
        }
    }

    /// Returns the rank of the item at a place below `n`.
    pub fn item(&self, place: u64) -> u64 {
        match &self.kind {
            Kind::Listed(ranks) => ranks[place as usize],
            Kind::Dense { classes } => {
                // The last class that begins at or before the place is the one that holds it.
                let class =
                    &classes[classes.partition_point(|class| class.first_place <= place) - 1];
                class.first_rank + class.within.apply(place - class.first_place)
            }
        }
    }
}

/// Deals items to owners so that both sides' degrees are exact: items of each owner.
///
/// Owners in descending order take the items with most left, which succeeds whenever any
/// way does (Gale 1957, Ryser 1957); among equals a keyed hash decides. For tables that are
/// planned whole: it holds every pair. Where no way exists, items without any left fill up,
/// and every owner still gets its number, at most all items, none twice.
pub fn deal(owners: &[u64], items: &[u64], key: u64) -> Vec<Vec<u32>> {
    let mut left = items.to_vec();
    let mut order: Vec<usize> = (0..owners.len()).collect();
    order.sort_by_key(|&owner| (u64::MAX - owners[owner], mix(key ^ owner as u64)));
    let mut dealt: Vec<Vec<u32>> = vec![Vec::new(); owners.len()];
    for owner in order {
        let n = (owners[owner] as usize).min(items.len());
        let hash = mix(key ^ mix(owner as u64 + 1));
        let mut candidates: Vec<(u64, u64, u32)> = (0..)
            .zip(&left)
            .map(|(item, &left)| (u64::MAX - left, mix(hash ^ u64::from(item)), item))
            .collect();
        if n > 0 && n < candidates.len() {
            candidates.select_nth_unstable(n - 1);
        }
        candidates.truncate(n);
        // In the order of the hash, so that a place in the group says nothing of a degree.
        candidates.sort_unstable_by_key(|&(_, hash, item)| (hash, item));
        for (_, _, item) in candidates {
            left[item as usize] = left[item as usize].saturating_sub(1);
            dealt[owner].push(item);
        }
    }
    dealt
}

/// Draws items one after another, each class in proportion to the weight it has left.
fn sequential(classes: &[(u8, u64, u64)], n: u64, key: u64) -> Vec<u64> {
    let stream = Stream::new(key);
    let mut taken = vec![0u64; classes.len()];
    let mut within: Vec<Option<Permutation>> = vec![None; classes.len()];
    (0..n)
        .map(|draw| {
            let left = |class: usize| classes[class].1 - taken[class];
            // In 2⁻¹⁶ stubs, so that part of an item's weight still counts.
            let weight = |class: usize| {
                (u128::from(classes[class].2) << 16) * u128::from(left(class))
                    / u128::from(classes[class].1.max(1))
            };
            let mut weights: Vec<u128> = (0..classes.len()).map(weight).collect();
            if weights.iter().all(|&weight| weight == 0) {
                weights = (0..classes.len())
                    .map(|class| u128::from(left(class)))
                    .collect();
            }
            let total: u128 = weights.iter().sum();
            let bits = u128::from(stream.at(draw));
            // ⌊total · bits / 2⁶⁴⌋ in two halves, as the product has more than 128 bits.
            let mut at = ((bits * (total >> 32)) >> 32) + ((bits * (total & 0xFFFF_FFFF)) >> 64);
            let mut class = 0;
            while class + 1 < weights.len() && at >= weights[class] {
                at -= weights[class];
                class += 1;
            }
            let first: u64 = classes[..class].iter().map(|class| class.1).sum();
            let within = within[class].get_or_insert_with(|| within_class(classes[class], key));
            let rank = first + within.apply(taken[class]);
            taken[class] += 1;
            rank
        })
        .collect()
}

/// The order in which an owner takes the items of one class.
fn within_class((class, count, _): (u8, u64, u64), key: u64) -> Permutation {
    Permutation::new(mix(key ^ mix(u64::from(class) + 1)), count)
}

/// Splits `n` over classes of (class, items, stubs), none above its items.
fn allot(classes: &[(u8, u64, u64)], n: u64, key: u64) -> Vec<u64> {
    let weighted: u64 = classes
        .iter()
        .filter(|class| class.2 > 0)
        .map(|class| class.1)
        .sum();
    if n >= weighted {
        // Every item that has any weight is in; those without one fill up.
        let mut left = n - weighted;
        return classes
            .iter()
            .map(|&(_, count, stubs)| {
                if stubs > 0 {
                    return count;
                }
                let taken = left.min(count);
                left -= taken;
                taken
            })
            .collect();
    }
    let weight = |&(_, count, stubs): &(u8, u64, u64)| stubs as f64 / count.max(1) as f64;
    let expected = |t: f64| -> f64 {
        classes
            .iter()
            .map(|class| class.1 as f64 * (1.0 - exp_neg(weight(class) * t)))
            .sum()
    };
    // Bisection in plain IEEE operations: the same `t` on every platform.
    let (mut low, mut high) = (0.0, 1.0);
    while expected(high) < n as f64 && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        if expected(middle) < n as f64 {
            low = middle
        } else {
            high = middle
        }
    }
    let stream = Stream::new(key);
    let mut quotas: Vec<u64> = classes
        .iter()
        .map(|class| {
            let (count, p) = (class.1 as f64, 1.0 - exp_neg(weight(class) * high));
            let noise = normal(&stream, u64::from(class.0)) * (count * p * (1.0 - p)).sqrt();
            (count * p + noise).round().clamp(0.0, count) as u64
        })
        .collect();
    // Restore the total where the noise was, in proportion to its variance q(m − q)/m; only
    // where that is too little room, in all the room there is.
    let have: u64 = quotas.iter().sum();
    let difference = have.abs_diff(n);
    let full = |i: usize| match () {
        () if have > n => quotas[i],
        () if classes[i].2 > 0 => classes[i].1 - quotas[i],
        () => 0,
    };
    let noisy = |i: usize| {
        let (q, m) = (u128::from(quotas[i]), u128::from(classes[i].1).max(1));
        full(i).min((q * (m - q)).div_ceil(m) as u64)
    };
    let mut rooms: Vec<u64> = (0..classes.len()).map(noisy).collect();
    if rooms.iter().sum::<u64>() < difference {
        rooms = (0..classes.len()).map(full).collect();
    }
    let all: u128 = rooms.iter().map(|&room| u128::from(room)).sum();
    // A keyed offset, because rounding down alone would always favour the last classes.
    let offset = (u128::from(stream.at(u64::MAX)) * all) >> 64;
    let deal = |seen: u128| {
        (u128::from(difference) * seen + offset)
            .checked_div(all)
            .unwrap_or(0)
    };
    let mut seen = 0u128;
    for (quota, room) in quotas.iter_mut().zip(rooms) {
        let before = deal(seen);
        seen += u128::from(room);
        let change = (deal(seen) - before) as u64;
        *quota = if have > n {
            *quota - change
        } else {
            *quota + change
        };
    }
    quotas
}

/// `e^{−x}` for x ≥ 0 by a short series and repeated squaring: only +, ·, /, which IEEE 754
/// defines to the bit, where the platform's `exp` is not.
fn exp_neg(x: f64) -> f64 {
    if x > 700.0 {
        return 0.0;
    }
    let y = -x / 65_536.0;
    let mut value = 1.0 + y * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0 * (1.0 + y / 5.0))));
    for _ in 0..16 {
        value *= value;
    }
    value
}

/// A nearly normal deviate: twelve uniforms less six (variance 1, cut at ±6).
fn normal(stream: &Stream, class: u64) -> f64 {
    let mut sum: u64 = 0;
    for i in 0..6 {
        let [a, b] = stream.words((class + 1) << 8 | i);
        sum += u64::from(a) + u64::from(b);
    }
    sum as f64 / 4_294_967_296.0 - 6.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::degree::DegreeLaw;

    fn items() -> DegreePlan {
        let (law, _) = DegreeLaw::fit(&[(0, 20), (1, 50), (2, 20), (3, 8), (9, 2)], 1);
        law.plan(100, 132, u64::MAX >> 1)
    }

    #[test]
    fn groups_hold_distinct_items_at_every_density() {
        for n in 0..=100 {
            let group = Group::new(&items(), n, n + 5);
            let mut ranks: Vec<u64> = (0..n).map(|place| group.item(place)).collect();
            ranks.sort_unstable();
            ranks.dedup();
            assert_eq!(ranks.len() as u64, n);
            assert!(ranks.iter().all(|&rank| rank < 100));
        }
    }

    #[test]
    fn inclusion_follows_the_degrees() {
        // One after another (40 of 100 items), and allotted (400 of 1,000).
        for times in [1, 10] {
            let (law, _) = DegreeLaw::fit(&[(0, 20), (1, 50), (2, 20), (3, 8), (9, 2)], 1);
            let plan = law.plan(100 * times, 132 * times, u64::MAX >> 1);
            let mut hits = vec![0u32; 100 * times as usize];
            let owners = 4000;
            for owner in 0..owners {
                let group = Group::new(&plan, 40 * times, mix(owner));
                (0..40 * times).for_each(|place| hits[group.item(place) as usize] += 1);
            }
            let mean = |degree: u64| {
                let ranks = (0..100 * times).filter(|&rank| plan.degree(rank).0 == degree);
                let hits: Vec<u32> = ranks.map(|rank| hits[rank as usize]).collect();
                f64::from(hits.iter().sum::<u32>()) / hits.len() as f64 / owners as f64
            };
            // Where 50(1 − e^{−t}) + 20(1 − e^{−2t}) + 8(1 − e^{−3t}) + 2(1 − e^{−9t}) is 40.
            let t = 0.4900;
            for degree in [1u64, 2, 3, 9] {
                let p = 1.0 - (-(degree as f64) * t).exp();
                assert!(
                    (mean(degree) - p).abs() < 0.02,
                    "degree {degree}: {} against {p}",
                    mean(degree)
                );
            }
            assert_eq!(mean(0), 0.0);
        }
    }

    #[test]
    fn dealing_meets_both_sides_exactly() {
        let items: Vec<u64> = (0..90)
            .map(|item| 1 + u64::from(item % 10 == 0) + u64::from(item % 45 == 0))
            .collect();
        let total: u64 = items.iter().sum();
        let mut owners = vec![70, 20, 5, 1, 0];
        owners.push(total - owners.iter().sum::<u64>());
        let dealt = deal(&owners, &items, 7);
        let mut counts = vec![0; items.len()];
        for (group, &n) in dealt.iter().zip(&owners) {
            let mut distinct = group.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!((group.len() as u64, distinct.len() as u64), (n, n));
            group.iter().for_each(|&item| counts[item as usize] += 1);
        }
        assert_eq!(counts, items);
        assert_ne!(deal(&owners, &items, 8), dealt);
        // More wanted than there is: still nothing twice.
        assert_eq!(
            deal(&[9, 2], &[1, 0, 1], 7)
                .iter()
                .map(Vec::len)
                .collect::<Vec<_>>(),
            [3, 2]
        );
    }

    #[test]
    fn exp_neg_is_exp() {
        for x in [0.0, 1e-9, 0.3, 1.0, 20.0, 300.0] {
            assert!((exp_neg(x) / (-x).exp() - 1.0).abs() < 1e-9, "{x}");
        }
    }
}
