//! Which parent has which rank: a bijection that follows a class drawn for every parent.
//!
//! Fan-outs are exact by rank ([`crate::degree`]). A keyed permutation would give ranks at
//! random, and a fan-out would depend on nothing. Here every parent draws the class that it
//! wishes for, given all that is known of it; ranks go up by class, at random inside a class.
//! Totals and the law stay exact: where more parents wish for a class than it has ranks, the
//! last of them get the neighbouring one.

use crate::permutation::Permutation;
use crate::philox::mix;

/// Parents that share one line of counts, for each class: half a byte a parent in all.
const BLOCK: usize = 16;

/// Ranks by class: one byte a parent, and a count a class for every block of them.
#[derive(Clone, Debug)]
pub struct Ranks {
    block: usize,
    /// The class that every parent wishes for.
    wishes: Vec<u8>,
    /// How many parents of each class there are before each block, block by block.
    before: Vec<u64>,
    /// First rank of each class, and the number of parents.
    starts: Vec<u64>,
    /// The order inside each class.
    within: Vec<Permutation>,
}

impl Ranks {
    /// Returns the ranks of parents by the classes they wish for, under a key.
    pub fn new(wishes: Vec<u8>, key: u64) -> Ranks {
        let classes = wishes.iter().max().map_or(1, |&most| usize::from(most) + 1);
        let mut counts = vec![0u64; classes];
        let block = (BLOCK * classes).next_power_of_two().max(64);
        let mut before = Vec::with_capacity((wishes.len() / block + 1) * classes);
        for block in wishes.chunks(block) {
            before.extend_from_slice(&counts);
            block
                .iter()
                .for_each(|&wish| counts[usize::from(wish)] += 1);
        }
        let mut starts = vec![0];
        for count in &counts {
            starts.push(starts[starts.len() - 1] + count);
        }
        let within = counts
            .iter()
            .enumerate()
            .map(|(class, &count)| Permutation::new(mix(key ^ mix(class as u64 + 1)), count));
        Ranks {
            block,
            within: within.collect(),
            wishes,
            before,
            starts,
        }
    }

    /// Returns the rank of a parent.
    #[inline]
    pub fn rank(&self, row: u64) -> u64 {
        let row = row as usize;
        let (class, block) = (usize::from(self.wishes[row]), row / self.block);
        let own = &self.wishes[block * self.block..row];
        let place = self.before[block * self.within.len() + class] + count(own, class as u8);
        self.starts[class] + self.within[class].apply(place)
    }

    /// Returns the parent at a rank.
    #[inline]
    pub fn parent(&self, rank: u64) -> u64 {
        let class = self.starts.partition_point(|&start| start <= rank) - 1;
        let place = self.within[class].invert(rank - self.starts[class]);
        let (classes, blocks) = (self.within.len(), self.wishes.len().div_ceil(self.block));
        // The last block with so many of the class before it or fewer.
        let (mut low, mut high) = (0, blocks);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if self.before[middle * classes + class] <= place {
                low = middle;
            } else {
                high = middle;
            }
        }
        let mut left = place - self.before[low * classes + class];
        let mut row = low * self.block;
        loop {
            if usize::from(self.wishes[row]) == class {
                if left == 0 {
                    return row as u64;
                }
                left -= 1;
            }
            row += 1;
        }
    }
}

/// How many of some classes are one.
fn count(classes: &[u8], class: u8) -> u64 {
    // Counted in bytes, of which a vector has many, as far as these can count.
    let of = |chunk: &[u8]| -> u8 { chunk.iter().map(|it| u8::from(*it == class)).sum() };
    classes.chunks(255).map(|chunk| u64::from(of(chunk))).sum()
}

/// Returns rows to be moved to other classes, so many at random from each class that it keeps
/// its quota; ascending.
pub fn surplus(wishes: &[u8], quotas: &[u64], key: u64) -> Vec<u64> {
    let mut left = vec![0u64; 256];
    wishes.iter().for_each(|&wish| left[usize::from(wish)] += 1);
    let mut over: Vec<u64> = left
        .iter()
        .enumerate()
        .map(|(class, &count)| count.saturating_sub(quotas.get(class).copied().unwrap_or(0)))
        .collect();
    // Selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S).
    let mut moved = Vec::new();
    for (row, &wish) in wishes.iter().enumerate() {
        let class = usize::from(wish);
        let place = (u128::from(mix(key ^ mix(row as u64))) * u128::from(left[class])) >> 64;
        if (place as u64) < over[class] {
            over[class] -= 1;
            moved.push(row as u64);
        }
        left[class] -= 1;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_a_quota_is_moved_and_no_more() {
        let wishes: Vec<u8> = (0..5000).map(|row| (mix(row) % 7) as u8).collect();
        let quotas = [100, 900, 714, 0, 5000, 700, 2];
        let moved = surplus(&wishes, &quotas, 3);
        assert!(moved.windows(2).all(|pair| pair[0] < pair[1]));
        let mut left = [0u64; 7];
        for (row, &wish) in wishes.iter().enumerate() {
            left[usize::from(wish)] += u64::from(moved.binary_search(&(row as u64)).is_err());
        }
        for class in 0..7 {
            let wished = wishes
                .iter()
                .filter(|&&wish| usize::from(wish) == class)
                .count() as u64;
            assert_eq!(left[class], wished.min(quotas[class]));
        }
        // Not the first nor the last ones.
        let of_first = moved.iter().filter(|&&row| wishes[row as usize] == 0);
        let mean = of_first.clone().sum::<u64>() / of_first.count() as u64;
        assert!((2200..2800).contains(&mean), "{mean}");
    }

    #[test]
    fn ranks_are_a_bijection_that_goes_up_by_class() {
        for (n, classes) in [
            (1usize, 5),
            (7, 5),
            (511, 5),
            (512, 5),
            (513, 5),
            (3000, 5),
            (9000, 100),
        ] {
            let wishes: Vec<u8> = (0..n)
                .map(|row| (mix(row as u64) % classes) as u8 * 2)
                .collect();
            let ranks = Ranks::new(wishes.clone(), 9);
            let mut seen = vec![None; n];
            for (row, &wish) in wishes.iter().enumerate() {
                let rank = ranks.rank(row as u64);
                assert_eq!(ranks.parent(rank), row as u64);
                assert_eq!(seen[rank as usize].replace(wish), None);
            }
            assert!(seen.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
