//! Addressed randomness: Philox4x32-10.
//!
//! Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
//! A counter-based generator has no state to advance: the numbers of row 10⁹ cost as much
//! as those of row 0, which is what lets any part of a table be generated alone.

use std::convert::Infallible;

use rand::TryRng;

const M0: u32 = 0xD251_1F53;
const M1: u32 = 0xCD9E_8D57;
const W0: u32 = 0x9E37_79B9;
const W1: u32 = 0xBB67_AE85;
/// Blocks that are made side by side.
const BLOCKS: usize = 64;

/// Returns the Philox4x32-10 block of a counter under a key.
#[inline(always)]
pub fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let p0 = u64::from(M0) * u64::from(counter[0]);
        let p1 = u64::from(M1) * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
        key = [key[0].wrapping_add(W0), key[1].wrapping_add(W1)];
    }
    counter
}

/// Returns a well-mixed 64-bit value of `x` (the finaliser of SplitMix64).
#[inline]
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Returns a key for `seed` and a path of names: equal paths, equal keys.
pub fn key(seed: u64, path: &[&str]) -> u64 {
    let mut state = mix(seed ^ 0x9E37_79B9_7F4A_7C15);
    for name in path {
        // FNV-1a, with the length first so that ["ab", "c"] differs from ["a", "bc"].
        let mut hash = 0xCBF2_9CE4_8422_2325 ^ (name.len() as u64);
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        state = mix(state.rotate_left(17) ^ mix(hash));
    }
    state
}

/// The random words of one column: 64 bits a row.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    key: [u32; 2],
}

impl Stream {
    /// Returns the stream of a key.
    pub fn new(key: u64) -> Stream {
        Stream {
            key: [key as u32, (key >> 32) as u32],
        }
    }

    #[inline(always)]
    fn block(&self, index: u64) -> [u32; 4] {
        philox4x32_10([index as u32, (index >> 32) as u32, 0, 0], self.key)
    }

    /// Returns the two words of one row: one call of Philox serves two rows.
    #[inline]
    pub fn words(&self, row: u64) -> [u32; 2] {
        let block = self.block(row >> 1);
        if row & 1 == 0 {
            [block[0], block[1]]
        } else {
            [block[2], block[3]]
        }
    }

    /// Returns the 64 bits of one row.
    pub fn at(&self, row: u64) -> u64 {
        let [low, high] = self.words(row);
        u64::from(low) | u64::from(high) << 32
    }

    /// Returns as many random numbers of one row as are wanted, for `rand`'s distributions.
    /// They are words of Philox at counters that [`Stream::at`] and [`Stream::words`] leave
    /// free, so what a row draws depends on no other row.
    pub fn draws(&self, row: u64) -> Draws {
        Draws {
            stream: *self,
            row,
            drawn: 0,
        }
    }

    /// Fills both words of each of `rows`; neighbours share a call.
    pub fn fill(&self, rows: &[u64], first: &mut [u32], second: &mut [u32]) {
        pulp::Arch::new().dispatch(Fill {
            stream: self,
            rows,
            first,
            second,
        });
    }

    #[inline(always)]
    fn fill_lanes(&self, rows: &[u64], first: &mut [u32], second: &mut [u32]) {
        let n = rows.len();
        let (first, second) = (&mut first[..n], &mut second[..n]);
        let mut i = 0;
        while i < n {
            let row = rows[i];
            let run = 2 * BLOCKS;
            if row & 1 == 0 && i + run <= n && is_run(&rows[i..i + run]) {
                self.fill_run(row >> 1, &mut first[i..i + run], &mut second[i..i + run]);
                i += run;
                continue;
            }
            let block = self.block(row >> 1);
            let at = 2 * (row & 1) as usize;
            (first[i], second[i]) = (block[at], block[at + 1]);
            if at == 0 && i + 1 < n && rows[i + 1] == row + 1 {
                (first[i + 1], second[i + 1]) = (block[2], block[3]);
                i += 1;
            }
            i += 1;
        }
    }

    /// Fills the words of a run of [`BLOCKS`] blocks.
    ///
    /// A loop whose body is all ten rounds of one block is one that the compiler vectorises;
    /// one over the lanes of each round it unrolls, and spills.
    #[inline(always)]
    fn fill_run(&self, index: u64, first: &mut [u32], second: &mut [u32]) {
        let mut words = [[0u32; BLOCKS]; 4];
        let [w0, w1, w2, w3] = &mut words;
        for lane in 0..BLOCKS {
            let block = self.block(index + lane as u64);
            (w0[lane], w1[lane], w2[lane], w3[lane]) = (block[0], block[1], block[2], block[3]);
        }
        for (pair, (&even, &odd)) in first.chunks_exact_mut(2).zip(w0.iter().zip(&*w2)) {
            (pair[0], pair[1]) = (even, odd);
        }
        for (pair, (&even, &odd)) in second.chunks_exact_mut(2).zip(w1.iter().zip(&*w3)) {
            (pair[0], pair[1]) = (even, odd);
        }
    }
}

/// [`Stream::fill`], compiled once more for wide vectors. Not a closure: between a closure and
/// its caller lies a call that is compiled for narrow ones and not always inlined.
struct Fill<'a> {
    stream: &'a Stream,
    rows: &'a [u64],
    first: &'a mut [u32],
    second: &'a mut [u32],
}

impl pulp::WithSimd for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.stream.fill_lanes(self.rows, self.first, self.second);
    }
}

/// The endless numbers of one row of a [`Stream`].
#[derive(Clone, Debug)]
pub struct Draws {
    stream: Stream,
    row: u64,
    drawn: u32,
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.drawn = self.drawn.wrapping_add(1);
        let counter = [self.row as u32, (self.row >> 32) as u32, self.drawn, 1];
        let block = philox4x32_10(counter, self.stream.key);
        Ok(u64::from(block[0]) | u64::from(block[1]) << 32)
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for bytes in dst.chunks_mut(8) {
            let Ok(word) = self.try_next_u64();
            bytes.copy_from_slice(&word.to_le_bytes()[..bytes.len()]);
        }
        Ok(())
    }
}

fn is_run(rows: &[u64]) -> bool {
    let odd = |(at, &row): (usize, &u64)| row ^ rows[0].wrapping_add(at as u64);
    // Without an early end, which would keep it from being vectorised.
    rows.iter().enumerate().map(odd).fold(0, |a, b| a | b) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random123 1.14, `tests/kat_vectors`, lines `philox4x32 10`.
    #[test]
    fn philox_agrees_with_random123() {
        let ones = u32::MAX;
        assert_eq!(
            philox4x32_10([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox4x32_10([ones; 4], [ones; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32_10(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn fill_is_words_whatever_the_rows() {
        let stream = Stream::new(key(7, &["t", "c"]));
        let rows: Vec<u64> = (3..50).chain([7, 9, 9, 8]).chain(100..140).collect();
        let (mut first, mut second) = (vec![0; rows.len()], vec![0; rows.len()]);
        stream.fill(&rows, &mut first, &mut second);
        for (i, &row) in rows.iter().enumerate() {
            assert_eq!([first[i], second[i]], stream.words(row), "row {row}");
        }
    }

    #[test]
    fn draws_of_a_row_are_its_own() {
        use rand::RngExt;
        let stream = Stream::new(3);
        let row = |row: u64| -> Vec<u64> { stream.draws(row).random_iter().take(5).collect() };
        assert_eq!(row(9), row(9));
        assert_ne!(row(9), row(10));
        assert!(!row(9).contains(&stream.at(9)));
        let dice: Vec<u32> = (0..60_000)
            .map(|at| stream.draws(at).random_range(1..=6))
            .collect();
        for side in 1..=6 {
            let seen = dice.iter().filter(|&&die| die == side).count();
            assert!((9_500..10_500).contains(&seen), "{side}: {seen}");
        }
    }

    #[test]
    fn keys_tell_paths_apart() {
        assert_ne!(key(1, &["ab", "c"]), key(1, &["a", "bc"]));
        assert_ne!(key(1, &["a"]), key(2, &["a"]));
        assert_ne!(key(1, &["a", ""]), key(1, &["a"]));
    }
}
