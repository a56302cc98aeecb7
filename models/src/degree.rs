//! How many children parents have, exactly and addressably.
//!
//! A [`DegreeLaw`] is what fit learned; a [`DegreePlan`] is the law made exact for given
//! numbers of parents and children. Degrees are dealt by quota over *ranks* (parents in
//! order of degree), and a keyed permutation says which parent has which rank; so the
//! degree of a parent, the parent of a stub and every prefix sum have a closed form over a
//! handful of runs, and no list as long as the table exists (MECHANISMS §2.4). Quotas also
//! make the synthetic fan-outs of small tables as close to the law as integers allow,
//! where independent draws at 45 parents miss the total by 5–34 %.

/// One class of a degree law: parents whose number of children lies in `lo..=hi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DegreeClass {
    /// Fewest children.
    pub lo: u64,
    /// Most children.
    pub hi: u64,
    /// Parents of the real data in the class.
    pub parents: u64,
}

/// The distribution of the number of children of a parent: classes in ascending order,
/// which do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DegreeLaw {
    /// Ascending.
    pub classes: Vec<DegreeClass>,
}

impl DegreeLaw {
    /// Most classes of a law, so that a class is a symbol.
    pub const MAX_CLASSES: usize = 128;

    /// Pools a histogram of (degree, parents), ascending, into classes of at least `floor`
    /// parents each. The greatest degree becomes the mean of the `floor` greatest.
    ///
    /// Returns the law and how many degrees of the histogram lost their own class.
    pub fn fit(histogram: &[(u64, u64)], floor: u64) -> (DegreeLaw, u64) {
        let mut classes: Vec<DegreeClass> = Vec::new();
        let mut open: Option<DegreeClass> = None;
        let distinct = histogram.iter().filter(|(_, parents)| *parents > 0).count();
        let parents: u64 = histogram.iter().map(|(_, parents)| parents).sum();
        // Many distinct degrees are pooled by mass first, the tail by octaves.
        let least = if distinct > Self::MAX_CLASSES {
            parents / 96
        } else {
            0
        };
        for &(degree, parents) in histogram.iter().filter(|(_, parents)| *parents > 0) {
            let class = match open.take() {
                // In the tail a class ends where the next octave's quarter begins.
                Some(class) => DegreeClass {
                    hi: degree,
                    parents: class.parents + parents,
                    ..class
                },
                None => DegreeClass {
                    lo: degree,
                    hi: degree,
                    parents,
                },
            };
            let wide = distinct > Self::MAX_CLASSES && class.hi < class.lo + class.lo / 4;
            if class.parents < floor.max(1) || (class.parents < least && wide) {
                open = Some(class);
            } else {
                classes.push(class);
            }
        }
        if let Some(rest) = open {
            match classes.last_mut() {
                Some(last) if rest.parents < floor => {
                    last.hi = rest.hi;
                    last.parents += rest.parents;
                }
                _ => classes.push(rest),
            }
        }
        if let Some(last) = classes
            .last_mut()
            .filter(|last| floor > 1 && last.hi > last.lo)
        {
            last.hi = mean_of_greatest(histogram, floor).clamp(last.lo, last.hi);
        }
        let pooled = distinct.saturating_sub(classes.len()) as u64;
        (DegreeLaw { classes }, pooled)
    }

    /// Returns the class of a degree: the last whose `lo` is at most it.
    pub fn class_of(&self, degree: u64) -> usize {
        self.classes
            .partition_point(|class| class.lo <= degree)
            .saturating_sub(1)
    }

    /// Makes the law exact: `parents` parents with `children` children in all, none with
    /// more than `cap`. Fewer children are dealt where the caps cannot hold them.
    pub fn plan(&self, parents: u64, children: u64, cap: u64) -> DegreePlan {
        let total: u128 = self
            .classes
            .iter()
            .map(|class| u128::from(class.parents))
            .sum();
        let mut runs = Vec::new();
        let mut seen: u128 = 0;
        for (index, class) in self.classes.iter().enumerate() {
            let first = share(parents, seen, total);
            seen += u128::from(class.parents);
            spread(
                class,
                share(parents, seen, total) - first,
                index as u8,
                &mut runs,
            );
        }
        if total == 0 && parents > 0 {
            runs.push(Run {
                degree: 0,
                count: parents,
                class: 0,
                lo: 0,
                hi: 0,
            });
        }
        DegreePlan::exact(runs, children, cap)
    }
}

/// Returns `⌊n · part / whole + 1/2⌋`: the boundary of a quota.
fn share(n: u64, part: u128, whole: u128) -> u64 {
    if whole == 0 {
        return 0;
    }
    // Rounding to nearest instead of down keeps small classes from always losing.
    ((2 * u128::from(n) * part + whole) / (2 * whole)) as u64
}

/// The mean degree of the `k` parents with most children.
fn mean_of_greatest(histogram: &[(u64, u64)], k: u64) -> u64 {
    let (mut left, mut sum) = (k, 0u128);
    for &(degree, parents) in histogram.iter().rev() {
        let taken = left.min(parents);
        sum += u128::from(degree) * u128::from(taken);
        left -= taken;
        if left == 0 {
            break;
        }
    }
    (sum / u128::from((k - left).max(1))) as u64
}

/// Spreads `count` parents evenly over the degrees of a class.
fn spread(class: &DegreeClass, count: u64, index: u8, runs: &mut Vec<Run>) {
    if count == 0 {
        return;
    }
    let width = class.hi - class.lo + 1;
    let steps = width.min(count).min(4096);
    for step in 0..steps {
        let degree = class.lo
            + (u128::from(2 * step + 1) * u128::from(width) / u128::from(2 * steps)) as u64;
        let from = (u128::from(count) * u128::from(step) / u128::from(steps)) as u64;
        let to = (u128::from(count) * u128::from(step + 1) / u128::from(steps)) as u64;
        runs.push(Run {
            degree: degree.min(class.hi),
            count: to - from,
            class: index,
            lo: class.lo,
            hi: class.hi,
        });
    }
}

#[derive(Clone, Copy, Debug)]
struct Run {
    degree: u64,
    count: u64,
    class: u8,
    /// The bounds of the class.
    lo: u64,
    hi: u64,
}

/// Exact degrees by rank: closed-form in both directions.
#[derive(Clone, Debug, Default)]
pub struct DegreePlan {
    /// Ranks, ascending by class and, within a class, by degree.
    runs: Vec<Run>,
    /// First rank of each run, and the number of ranks.
    first_rank: Vec<u64>,
    /// First stub of each run, and the number of stubs.
    first_stub: Vec<u64>,
}

impl DegreePlan {
    /// Moves the degrees so that they sum to `children`, respecting `cap`: within their
    /// classes if that is enough, else within the law's range, else in proportion.
    fn exact(mut runs: Vec<Run>, children: u64, cap: u64) -> DegreePlan {
        runs.iter_mut()
            .for_each(|run| run.degree = run.degree.min(cap));
        let (least, most) = (
            runs.iter()
                .map(|run| run.lo)
                .filter(|&lo| lo > 0)
                .min()
                .unwrap_or(0),
            runs.iter().map(|run| run.hi).max().unwrap_or(0).min(cap),
        );
        let within_class = |run: &Run| (run.lo.min(run.degree), run.hi.min(cap).max(run.degree));
        let within_law = |run: &Run| match run.degree {
            0 => (0, 0),
            degree => (least.min(degree), most.max(degree)),
        };
        let dealt = moved(&runs, children, within_class)
            .or_else(|| moved(&runs, children, within_law))
            .unwrap_or_else(|| scaled(&mut runs, children, cap));
        let mut exact = Vec::with_capacity(2 * runs.len());
        for (run, dealt) in runs.iter().zip(dealt).filter(|(run, _)| run.count > 0) {
            // Evenly within the run: everybody the quotient, the last ones one more.
            let count = u128::from(run.count);
            let (degree, more) = ((dealt / count) as u64, (dealt % count) as u64);
            exact.push(Run {
                degree,
                count: run.count - more,
                ..*run
            });
            exact.push(Run {
                degree: degree + 1,
                count: more,
                ..*run
            });
        }
        exact.retain(|run| run.count > 0);
        let (mut first_rank, mut first_stub) = (vec![0], vec![0]);
        let (mut rank, mut stub) = (0, 0);
        for run in &exact {
            rank += run.count;
            stub += run.count * run.degree;
            first_rank.push(rank);
            first_stub.push(stub);
        }
        DegreePlan {
            runs: exact,
            first_rank,
            first_stub,
        }
    }

    /// Returns the number of parents.
    pub fn parents(&self) -> u64 {
        self.first_rank.last().copied().unwrap_or(0)
    }

    /// Returns how many of the first ranks have no children.
    pub fn childless(&self) -> u64 {
        let with = self.runs.partition_point(|run| run.degree == 0);
        self.first_rank.get(with).copied().unwrap_or(0)
    }

    /// Returns the number of children.
    pub fn children(&self) -> u64 {
        self.first_stub.last().copied().unwrap_or(0)
    }

    /// Returns the greatest degree.
    pub fn largest(&self) -> u64 {
        self.runs.iter().map(|run| run.degree).max().unwrap_or(0)
    }

    /// Returns the degree and the law's class of the parent at a rank.
    #[inline]
    pub fn degree(&self, rank: u64) -> (u64, u8) {
        let run = self.first_rank.partition_point(|&first| first <= rank) - 1;
        (self.runs[run].degree, self.runs[run].class)
    }

    /// Returns the rank of the parent of a stub, and the stub's place among its siblings.
    #[inline]
    pub fn parent(&self, stub: u64) -> (u64, u64) {
        let run = self.first_stub.partition_point(|&first| first <= stub) - 1;
        let (inside, degree) = (stub - self.first_stub[run], self.runs[run].degree);
        (self.first_rank[run] + inside / degree, inside % degree)
    }

    /// Returns the same degrees in descending order of degree.
    ///
    /// A forest numbered breadth first in this order is always alive: before row `p` at
    /// least `p` children have been announced, so that a parent precedes its children.
    pub fn descending(&self) -> DegreePlan {
        let mut runs = self.runs.clone();
        runs.sort_by(|left, right| {
            right
                .degree
                .cmp(&left.degree)
                .then(left.class.cmp(&right.class))
        });
        let children = self.children();
        DegreePlan::exact(runs, children, u64::MAX >> 1)
    }

    /// Returns (class, parents, their children) of every class, ascending by class.
    pub fn classes(&self) -> Vec<(u8, u64, u64)> {
        let mut classes: Vec<(u8, u64, u64)> = Vec::new();
        for run in &self.runs {
            match classes.last_mut() {
                Some(last) if last.0 == run.class => {
                    last.1 += run.count;
                    last.2 += run.count * run.degree;
                }
                _ => classes.push((run.class, run.count, run.count * run.degree)),
            }
        }
        classes
    }
}

/// Stubs of a run.
fn stubs(run: &Run) -> u128 {
    u128::from(run.degree) * u128::from(run.count)
}

/// Moves degrees by as little as makes the total exact, in proportion to the room that
/// `bounds` leave; `None` where that is too little room.
fn moved(runs: &[Run], children: u64, bounds: impl Fn(&Run) -> (u64, u64)) -> Option<Vec<u128>> {
    let have: u128 = runs.iter().map(stubs).sum();
    let (wanted, missing) = (u128::from(children), u128::from(children).abs_diff(have));
    let room = |run: &Run| {
        let (lo, hi) = bounds(run);
        let each = if wanted > have {
            hi - run.degree
        } else {
            run.degree - lo
        };
        u128::from(each) * u128::from(run.count)
    };
    let rooms: Vec<u128> = runs.iter().map(room).collect();
    let all: u128 = rooms.iter().sum();
    if missing > all {
        return None;
    }
    let mut seen = 0;
    Some(
        runs.iter()
            .zip(rooms)
            .map(|(run, room)| {
                let before = mul_div(missing, seen, all);
                seen += room;
                let change = mul_div(missing, seen, all) - before;
                if wanted > have {
                    stubs(run) + change
                } else {
                    stubs(run) - change
                }
            })
            .collect(),
    )
}

/// Deals stubs in proportion to the degrees; a run that reaches the cap leaves the deal.
fn scaled(runs: &mut [Run], children: u64, cap: u64) -> Vec<u128> {
    let capacity: u128 = runs
        .iter()
        .map(|run| u128::from(run.count) * u128::from(cap))
        .sum();
    let children = u128::from(children).min(capacity);
    let mut full = vec![false; runs.len()];
    let mut dealt: Vec<u128> = vec![0; runs.len()];
    loop {
        let fixed: u128 = (0..runs.len()).filter(|&i| full[i]).map(|i| dealt[i]).sum();
        let mut open: Vec<usize> = (0..runs.len())
            .filter(|&i| !full[i] && runs[i].degree > 0)
            .collect();
        if open.is_empty() {
            // Parents without children take what the others cannot hold.
            open = (0..runs.len()).filter(|&i| !full[i]).collect();
            open.iter().for_each(|&i| runs[i].degree = 1);
        }
        let weight: u128 = open.iter().map(|&i| stubs(&runs[i])).sum();
        let target = children - fixed;
        let (mut seen, mut overflow) = (0u128, false);
        for &i in &open {
            let before = mul_div(target, seen, weight);
            seen += stubs(&runs[i]);
            dealt[i] = mul_div(target, seen, weight) - before;
            let most = u128::from(runs[i].count) * u128::from(cap);
            if dealt[i] > most {
                (dealt[i], full[i], overflow) = (most, true, true);
            }
        }
        if !overflow || full.iter().all(|full| *full) {
            return dealt;
        }
    }
}

/// Returns `⌊a · b / c⌋`, 0 where `c` is 0; `a` and `b` stay below 2⁶⁴ here.
fn mul_div(a: u128, b: u128, c: u128) -> u128 {
    (a * b).checked_div(c).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degrees(plan: &DegreePlan) -> Vec<u64> {
        (0..plan.parents())
            .map(|rank| plan.degree(rank).0)
            .collect()
    }

    #[test]
    fn an_unscaled_plan_is_the_histogram() {
        let (law, pooled) = DegreeLaw::fit(&[(0, 3), (1, 5), (7, 2)], 1);
        assert_eq!(pooled, 0);
        assert_eq!(
            degrees(&law.plan(10, 19, u64::MAX >> 1)),
            [0, 0, 0, 1, 1, 1, 1, 1, 7, 7]
        );
    }

    #[test]
    fn totals_are_exact_at_every_scale_and_stubs_find_their_parents() {
        let (law, _) = DegreeLaw::fit(&[(0, 30), (1, 50), (2, 20), (9, 4), (400, 1)], 1);
        for parents in [1, 2, 10, 45, 105, 5000] {
            for children in [0, 1, 17, 526, 9999] {
                let plan = law.plan(parents, children, u64::MAX >> 1);
                assert_eq!((plan.parents(), plan.children()), (parents, children));
                let mut expected = 0;
                for rank in 0..parents {
                    for place in 0..plan.degree(rank).0 {
                        assert_eq!(plan.parent(expected), (rank, place));
                        expected += 1;
                    }
                }
                assert_eq!(expected, children);
            }
        }
    }

    #[test]
    fn totals_are_met_within_the_classes_where_they_can_be() {
        let (law, _) = DegreeLaw::fit(&[(6, 1), (7, 58)], 10);
        let plan = law.plan(59, 412, u64::MAX >> 1);
        assert_eq!(plan.children(), 412);
        assert!(degrees(&plan).iter().all(|degree| (6..=7).contains(degree)));
        // Too few for the law's least degree: in proportion.
        assert_eq!(law.plan(59, 100, u64::MAX >> 1).children(), 100);
    }

    #[test]
    fn caps_hold_and_overflow_is_cut() {
        let (law, _) = DegreeLaw::fit(&[(0, 5), (3, 5), (90, 2)], 1);
        let plan = law.plan(12, 195, 20);
        assert_eq!(plan.children(), 195);
        assert!(degrees(&plan).into_iter().all(|degree| degree <= 20));
        assert_eq!(law.plan(2, 1000, 7).children(), 14);
    }

    #[test]
    fn floors_pool_rare_degrees_and_average_the_greatest() {
        let (law, pooled) =
            DegreeLaw::fit(&[(0, 40), (1, 30), (5, 4), (6, 3), (7, 3), (100, 1)], 10);
        assert_eq!(
            law.classes,
            [
                DegreeClass {
                    lo: 0,
                    hi: 0,
                    parents: 40
                },
                DegreeClass {
                    lo: 1,
                    hi: 1,
                    parents: 30
                },
                DegreeClass {
                    lo: 5,
                    hi: 15,
                    parents: 11
                },
            ]
        );
        assert_eq!(pooled, 3);
    }

    #[test]
    fn heavy_tails_keep_few_classes_and_their_mass() {
        let histogram: Vec<(u64, u64)> = (0..3000u64)
            .map(|d| (d, 1 + 9_000_000 / (d + 1).pow(3)))
            .collect();
        let (law, _) = DegreeLaw::fit(&histogram, 10);
        assert!(
            law.classes.len() <= DegreeLaw::MAX_CLASSES,
            "{}",
            law.classes.len()
        );
        let parents: u64 = histogram.iter().map(|(_, n)| n).sum();
        assert_eq!(
            law.classes.iter().map(|class| class.parents).sum::<u64>(),
            parents
        );
    }

    #[test]
    fn a_forest_in_descending_order_is_alive() {
        let (law, _) = DegreeLaw::fit(&[(0, 5), (2, 2), (3, 1)], 1);
        let plan = law.plan(8, 7, u64::MAX >> 1).descending();
        assert_eq!(degrees(&plan), [3, 2, 2, 0, 0, 0, 0, 0]);
        for row in 1..8 {
            assert!(plan.parent(row - 1).0 < row);
        }
    }
}
