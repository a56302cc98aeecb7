//! Randomness of one row: its seed, expanded.

use std::convert::Infallible;

use prodlike_models::philox::mix;
use rand::seq::IndexedRandom;
use rand::{RngExt, TryRng};

/// SplitMix64 from a row's seed: the seeds are already independent words of Philox, so all
/// that is needed is to stretch one into a few, cheaply and without state between rows.
/// What is drawn from it, `rand`'s distributions draw.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    state: u64,
}

impl TryRng for Noise {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for bytes in dst.chunks_mut(8) {
            bytes.copy_from_slice(&self.next().to_le_bytes()[..bytes.len()]);
        }
        Ok(())
    }
}

impl Noise {
    pub(crate) fn new(seed: u64) -> Noise {
        Noise { state: seed }
    }

    #[inline]
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// Returns a number below `n`, or 0 where `n` is 0.
    #[inline]
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        if n < 2 {
            return 0;
        }
        self.random_range(0..n)
    }

    /// Returns one of a list, the default where it is empty.
    #[inline]
    pub(crate) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        list.choose(self).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform_and_repeat_with_the_seed() {
        let mut counts = [0u32; 10];
        for seed in 0..100_000 {
            counts[Noise::new(mix(seed)).below(10) as usize] += 1;
        }
        assert!(
            counts.iter().all(|count| (9_500..10_500).contains(count)),
            "{counts:?}"
        );
        assert_eq!(
            Noise::new(5).pick(&["a", "b"]),
            Noise::new(5).pick(&["a", "b"])
        );
        assert_eq!((Noise::new(1).below(0), Noise::new(1).below(1)), (0, 0));
        assert_eq!(Noise::new(1).pick::<&str>(&[]), "");
    }
}
