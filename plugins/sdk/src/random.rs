//! Randomness: from the host's seed of a row, and from nowhere else.

use std::convert::Infallible;

use rand_core::TryRng;

/// Mixes a word: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
#[inline]
pub(crate) fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Returns the high word of a product.
#[inline]
fn high(x: u64, n: u64) -> u64 {
    // WebAssembly has no such multiplication, and the compiler's calls a function.
    match cfg!(target_arch = "wasm32") {
        true => high_by_halves(x, n),
        false => ((u128::from(x) * u128::from(n)) >> 64) as u64,
    }
}

/// The same by multiplications of halves, none of which leaves 64 bits.
#[inline]
fn high_by_halves(x: u64, n: u64) -> u64 {
    let (upper, lower) = (x >> 32, x & 0xFFFF_FFFF);
    if n <= 1 << 32 {
        return (upper * n + ((lower * n) >> 32)) >> 32;
    }
    let (n_upper, n_lower) = (n >> 32, n & 0xFFFF_FFFF);
    let middle = upper * n_lower + ((lower * n_lower) >> 32);
    let carried = lower * n_upper + (middle & 0xFFFF_FFFF);
    upper * n_upper + (middle >> 32) + (carried >> 32)
}

/// A row's source of random numbers: SplitMix64 from the row's seed.
///
/// There is no other way to make one than [`Row::rng`] and [`Row::stream`], so a value cannot
/// depend on the batch, on earlier rows or on the order of calls. `rand`'s traits are
/// implemented for those who want its distributions.
///
/// [`Row::rng`]: crate::Row::rng
/// [`Row::stream`]: crate::Row::stream
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    #[inline]
    pub(crate) fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    /// Returns 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// Returns a number from 0 to `n` − 1, or 0 where `n` is 0.
    ///
    /// A multiplication instead of a division (Lemire, 2019) without its rejection: of 2⁶⁴
    /// draws, fewer than `n` fall where they should not.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        high(self.bits(), n)
    }

    /// Returns a number from `low` to `high`, both included; `low` where they are reversed.
    #[inline]
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        if low > high {
            return low;
        }
        let width = (high as u64).wrapping_sub(low as u64).wrapping_add(1);
        let draw = if width == 0 {
            self.bits()
        } else {
            self.below(width)
        };
        low.wrapping_add(draw as i64)
    }

    /// Returns a number from 0 to below 1, a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Returns true with a probability of `numerator` / `denominator`.
    #[inline]
    pub fn chance(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// Returns one of the items, each as likely, or `None` where there are none.
    #[inline]
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }
}

impl TryRng for Rng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Draws positions with given weights: a walk down cumulative sums, exact.
#[derive(Clone, Debug)]
pub struct Weighted {
    cumulative: Vec<u64>,
}

impl Weighted {
    /// Returns the draw, or `None` where the weights are all zero or too large to be added.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Option<Weighted> {
        let mut sum = 0u64;
        let mut cumulative = Vec::new();
        for weight in weights {
            sum = sum.checked_add(weight)?;
            cumulative.push(sum);
        }
        (sum > 0).then_some(Weighted { cumulative })
    }

    /// Returns a position, as often as its weight says.
    #[inline]
    pub fn draw(&self, rng: &mut Rng) -> usize {
        let sum = self.cumulative.last().copied().unwrap_or(0);
        let draw = rng.below(sum);
        self.cumulative.partition_point(|&upper| upper <= draw)
    }
}

/// A keyed bijection on `0..n`: different rows, different numbers.
///
/// A Feistel network over ⌈log₂ n⌉ bits with cycle walking: what leaves the domain is
/// encrypted again until it returns (Black and Rogaway, CT-RSA 2002). Not a cipher: it hides
/// no row number from one who knows the key.
#[derive(Clone, Debug)]
pub struct Permutation {
    n: u64,
    half: u32,
    keys: [u64; ROUNDS],
}

const ROUNDS: usize = 10;

impl Permutation {
    /// Returns the permutation of `0..n` under a key; `n` is at most 2⁶².
    pub(crate) fn new(key: u64, n: u64) -> Permutation {
        // Even numbers of bits: halves of one length.
        let bits = (64 - n.saturating_sub(1).leading_zeros()).max(2);
        Permutation {
            n,
            half: bits.div_ceil(2),
            keys: std::array::from_fn(|round| mix(key ^ mix(round as u64 + 1))),
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

    /// Returns the image of `x`; of what is not below `n`, `x` itself.
    #[inline]
    pub fn apply(&self, x: u64) -> u64 {
        if x >= self.n {
            return x;
        }
        let mask = (1u64 << self.half) - 1;
        let mut x = x;
        loop {
            let (mut left, mut right) = (x >> self.half, x & mask);
            for key in self.keys {
                (left, right) = (right, left ^ (mix(right ^ key) & mask));
            }
            x = left << self.half | right;
            if x < self.n {
                return x;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{high, high_by_halves, mix};

    #[test]
    fn components_multiply_as_processors_do() {
        let edges = [
            0,
            1,
            (1 << 32) - 1,
            1 << 32,
            (1 << 32) + 1,
            u64::MAX - 1,
            u64::MAX,
        ];
        for (at, edge) in edges.into_iter().cycle().take(7_000).enumerate() {
            let x = mix(at as u64);
            for n in [edge, x >> (at % 64), mix(x)] {
                assert_eq!(high_by_halves(x, n), high(x, n), "{x} * {n}");
                assert_eq!(high_by_halves(edge, n), high(edge, n), "{edge} * {n}");
            }
        }
    }
}
