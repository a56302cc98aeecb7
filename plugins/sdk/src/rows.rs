//! The rows of one batch.

use std::iter::Enumerate;
use std::slice;

use crate::error::Error;
use crate::random::{Permutation, Rng, mix};

/// The rows of one batch: their numbers and seeds.
#[derive(Clone, Debug)]
pub struct Rows {
    pub(crate) count: usize,
    pub(crate) first: u64,
    /// Empty where they follow one another.
    pub(crate) numbers: Vec<u64>,
    /// One a row.
    pub(crate) seeds: Vec<u64>,
    pub(crate) total: u64,
    pub(crate) key: u64,
}

/// One row: its number, and the only randomness there is.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    index: usize,
    number: u64,
    seed: u64,
}

impl Rows {
    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns how many rows the table will have.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Returns the rows' seeds, in order.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn seeds(&self) -> &[u64] {
        &self.seeds
    }

    /// Returns what permutations of the column are keyed with.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn key(&self) -> u64 {
        self.key
    }

    /// Returns the rows in order.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row> + '_ {
        // Iterators of the standard library alone, which `extend` trusts to know their length;
        // of slices, so that nothing is read anew a row.
        let (first, numbers) = (self.first, self.numbers.as_slice());
        self.seeds
            .iter()
            .enumerate()
            .map(move |(index, &seed)| Row::new(index, first, numbers, seed))
    }

    /// Returns a row by its position in the batch.
    #[inline]
    pub fn row(&self, index: usize) -> Row {
        let seed = self.seeds.get(index).copied().unwrap_or(0);
        Row::new(index, self.first, &self.numbers, seed)
    }

    /// Returns a bijection on `0..n`, the same for all rows of the column: `apply` of the row's
    /// number is unique within the table.
    ///
    /// `salt` tells two permutations of one plugin apart.
    ///
    /// # Errors
    /// Where `n` is less than the rows of the table, or more than 2⁶².
    pub fn unique(&self, n: u64, salt: u64) -> Result<Permutation, Error> {
        if n < self.total || n > 1 << 62 {
            return Err(Error::unsupported(format!(
                "{} rows want different values, and there are {n}",
                self.total
            )));
        }
        Ok(Permutation::new(self.key ^ mix(salt), n))
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = Row;
    type IntoIter = Iter<'a>;

    #[inline]
    fn into_iter(self) -> Iter<'a> {
        Iter {
            first: self.first,
            numbers: &self.numbers,
            seeds: self.seeds.iter().enumerate(),
        }
    }
}

/// Walks over rows in order.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    first: u64,
    numbers: &'a [u64],
    seeds: Enumerate<slice::Iter<'a, u64>>,
}

impl Iterator for Iter<'_> {
    type Item = Row;

    #[inline]
    fn next(&mut self) -> Option<Row> {
        let (index, &seed) = self.seeds.next()?;
        Some(Row::new(index, self.first, self.numbers, seed))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.seeds.size_hint()
    }
}

impl Row {
    #[inline]
    fn new(index: usize, first: u64, numbers: &[u64], seed: u64) -> Row {
        let following = first.wrapping_add(index as u64);
        Row {
            index,
            number: numbers.get(index).copied().unwrap_or(following),
            seed,
        }
    }

    /// Returns the position in the batch: for reading the input, never for making a value.
    #[inline]
    pub fn index(self) -> usize {
        self.index
    }

    /// Returns the number within the table.
    #[inline]
    pub fn number(self) -> u64 {
        self.number
    }

    /// Returns the row's source of random numbers, from its beginning.
    #[inline]
    pub fn rng(self) -> Rng {
        Rng::new(self.seed)
    }

    /// Returns another source of the same row: columns that are to have nothing in common
    /// take one stream each.
    #[inline]
    pub fn stream(self, stream: u64) -> Rng {
        Rng::new(mix(self.seed ^ mix(stream.wrapping_add(1))))
    }
}
