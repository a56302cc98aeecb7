//! Which parent has which rank: a bijection that follows a class drawn for every parent.
//!
//! Fan-outs are exact by rank ([`crate::degree`]). A keyed permutation would give ranks at
//! random, and a fan-out would depend on nothing. Here every parent draws the class that it
//! wishes for, given all that is known of it; ranks go up by class, at random inside a class.
//! Totals and the law stay exact: where more parents wish for a class than it has ranks, the
//! last of them get the neighbouring one.

use crate::permutation::Permutation;
use crate::philox::mix;

/// Parents that share one line of counts.
const BLOCK: usize = 512;

/// Ranks by class: one byte a parent, and a count a class for every 512 of them.
#[derive(Clone, Debug)]
pub struct Ranks {
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
        let mut before = Vec::with_capacity((wishes.len() / BLOCK + 1) * classes);
        for block in wishes.chunks(BLOCK) {
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
        let (class, block) = (usize::from(self.wishes[row]), row / BLOCK);
        let own = &self.wishes[block * BLOCK..row];
        let inside = own.iter().filter(|wish| **wish == class as u8).count();
        let place = self.before[block * self.within.len() + class] + inside as u64;
        self.starts[class] + self.within[class].apply(place)
    }

    /// Returns the parent at a rank.
    #[inline]
    pub fn parent(&self, rank: u64) -> u64 {
        let class = self.starts.partition_point(|&start| start <= rank) - 1;
        let place = self.within[class].invert(rank - self.starts[class]);
        let (classes, blocks) = (self.within.len(), self.wishes.len().div_ceil(BLOCK));
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
        let mut row = low * BLOCK;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_a_bijection_that_goes_up_by_class() {
        for n in [1usize, 7, 511, 512, 513, 3000] {
            let wishes: Vec<u8> = (0..n).map(|row| (mix(row as u64) % 5) as u8 * 2).collect();
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
