//! Keyed permutations of `0..n` that can be asked in both directions.
//!
//! A Feistel network over ⌈log₂ n⌉ bits with cycle walking: a value that leaves the
//! domain is encrypted again until it returns, which keeps the mapping a bijection
//! (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002). Below
//! [`TABLE`] values a Fisher–Yates table is used instead: few bits give a network too
//! few different permutations.

use crate::philox::{Stream, mix};

/// Largest `n` that is held as a table.
const TABLE: u64 = 256;
/// Single-sided rounds: ten of them mix as five double rounds.
const ROUNDS: usize = 10;

/// A bijection on `0..n`.
#[derive(Clone, Debug)]
pub struct Permutation {
    n: u64,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Table {
        forward: Vec<u16>,
        backward: Vec<u16>,
    },
    Feistel {
        left: u32,
        right: u32,
        keys: [u64; ROUNDS],
    },
}

impl Permutation {
    /// Returns the permutation of `0..n` under a key; `n` is at most 2⁶³.
    pub fn new(key: u64, n: u64) -> Permutation {
        if n <= TABLE {
            let stream = Stream::new(key);
            let mut forward: Vec<u16> = (0..n as u16).collect();
            for i in (1..n as usize).rev() {
                let j = (u128::from(stream.at(i as u64)) * (i as u128 + 1)) >> 64;
                forward.swap(i, j as usize);
            }
            let mut backward = vec![0; n as usize];
            for (i, &j) in forward.iter().enumerate() {
                backward[usize::from(j)] = i as u16;
            }
            return Permutation {
                n,
                kind: Kind::Table { forward, backward },
            };
        }
        let bits = 64 - (n - 1).leading_zeros();
        let keys = std::array::from_fn(|round| mix(key ^ mix(round as u64 + 1)));
        Permutation {
            n,
            kind: Kind::Feistel {
                left: bits / 2,
                right: bits - bits / 2,
                keys,
            },
        }
    }

    /// Returns the number of values.
    pub fn len(&self) -> u64 {
        self.n
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Returns the image of `x`, which must be below `n`.
    #[inline]
    pub fn apply(&self, x: u64) -> u64 {
        match &self.kind {
            Kind::Table { forward, .. } => u64::from(forward[x as usize]),
            Kind::Feistel { left, right, keys } => {
                let mut x = x;
                loop {
                    let (mut l, mut r) = (x >> right, x & ((1 << right) - 1));
                    for pair in keys.chunks_exact(2) {
                        l ^= round(r, pair[0]) & ((1 << left) - 1);
                        r ^= round(l, pair[1]) & ((1 << right) - 1);
                    }
                    x = l << right | r;
                    if x < self.n {
                        return x;
                    }
                }
            }
        }
    }

    /// Returns the `x` whose image is `y`, which must be below `n`.
    #[inline]
    pub fn invert(&self, y: u64) -> u64 {
        match &self.kind {
            Kind::Table { backward, .. } => u64::from(backward[y as usize]),
            Kind::Feistel { left, right, keys } => {
                let mut y = y;
                loop {
                    let (mut l, mut r) = (y >> right, y & ((1 << right) - 1));
                    for pair in keys.rchunks_exact(2) {
                        r ^= round(l, pair[1]) & ((1 << right) - 1);
                        l ^= round(r, pair[0]) & ((1 << left) - 1);
                    }
                    y = l << right | r;
                    if y < self.n {
                        return y;
                    }
                }
            }
        }
    }
}

/// The round function: one multiplication and a fold, the high bits being the mixed ones.
#[inline]
fn round(half: u64, key: u64) -> u64 {
    let x = (half ^ key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    x >> 32 ^ x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_are_bijections_and_invert() {
        for n in [1, 2, 3, 45, 256, 257, 1000, 65_537] {
            let permutation = Permutation::new(n * 31, n);
            let mut seen = vec![false; n as usize];
            for x in 0..n {
                let y = permutation.apply(x);
                assert!(
                    !std::mem::replace(&mut seen[y as usize], true),
                    "n {n}: {y} twice"
                );
                assert_eq!(permutation.invert(y), x);
            }
        }
    }

    #[test]
    fn large_domains_stay_inside() {
        for n in [(1 << 33) + 7, (1 << 62) + 1, 1 << 63] {
            let permutation = Permutation::new(5, n);
            for x in (0..n).step_by((n / 1000) as usize) {
                let y = permutation.apply(x);
                assert!(y < n);
                assert_eq!(permutation.invert(y), x);
            }
        }
    }

    /// Images of a fixed point over many keys are uniform: χ² with 44 degrees of freedom
    /// exceeds 87 with probability 10⁻⁴.
    #[test]
    fn images_are_uniform_over_keys() {
        for (n, classes) in [(45, 45), (1000, 45)] {
            let mut counts = vec![0u32; classes as usize];
            let trials = 45_000;
            for key in 0..trials {
                let y = Permutation::new(mix(key), n).apply(3);
                counts[(y * classes / n) as usize] += 1;
            }
            let expected = trials as f64 / classes as f64;
            let chi2: f64 = counts
                .iter()
                .map(|&c| (f64::from(c) - expected).powi(2) / expected)
                .sum();
            assert!(chi2 < 87.0, "n {n}: chi-squared {chi2}");
        }
    }
}
