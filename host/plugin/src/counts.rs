//! How many entities share each key that a plugin names.

use std::collections::BTreeSet;
use std::collections::HashMap;

use arrow::array::{Array, AsArray, ListArray};

use crate::error::{Error, Id, Place};
use crate::settings::Count;

/// Different keys that are counted.
const KEYS: usize = 1 << 20;
/// Bytes of all keys together.
const BYTES: usize = 64 << 20;
/// Bytes of one key.
const KEY: usize = 4 << 10;
/// Hashes of entities that are kept of each key, at least.
const KEPT: usize = 64;

/// Keys, the rows that have them, and how many entities those rows are about.
///
/// Of a key's entities the smallest hashes are kept, at least k of them. So whether k
/// entities share it is known exactly, up to that number they are counted, and beyond it
/// they are estimated from how densely the hashes lie. Memory is bounded, and neither the
/// order of rows nor the way they were divided makes a difference.
#[derive(Clone, Debug)]
pub struct Counts {
    k: u64,
    kept: usize,
    keys: HashMap<Box<str>, Entry>,
    bytes: usize,
    /// Rows so far.
    n_rows: u64,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    rows: u64,
    /// The row that was counted last, and one: a key counts once a row.
    last: u64,
    /// The smallest hashes of entities.
    hashes: BTreeSet<u64>,
}

/// Why keys could not be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CountsError {
    /// Keys and entities are of different numbers of rows.
    #[error("{entities} entities for {rows} rows")]
    Entities {
        /// Rows.
        rows: usize,
        /// Entities.
        entities: usize,
    },
    /// There are more than can be counted.
    #[error("more than {limit} {what}")]
    TooMany {
        /// How many there may be.
        limit: usize,
        /// What.
        what: &'static str,
    },
}

impl CountsError {
    /// Returns the error as one of a plugin.
    pub fn of(self, plugin: &Id, column: &str) -> Error {
        Error::Counts {
            plugin: Box::new(plugin.clone()),
            place: Place {
                column: column.to_owned(),
                rows: None,
            },
            source: self,
        }
    }
}

impl Counts {
    /// Starts to count; what fewer than `k` entities share will not be told.
    pub fn new(k: u64) -> Self {
        Counts {
            k,
            kept: KEPT.max(usize::try_from(k).unwrap_or(usize::MAX)),
            keys: HashMap::new(),
            bytes: 0,
            n_rows: 0,
        }
    }

    /// Counts the keys of some rows: lists of text, as [`crate::Learn::keys`] returns them.
    /// `entities` are hashes of whom each row is about, well mixed. A NULL counts nothing, and
    /// a key twice in a row once.
    ///
    /// # Errors
    /// Where there are more keys than can be counted.
    pub fn add(&mut self, keys: &ListArray, entities: &[u64]) -> Result<(), CountsError> {
        if keys.len() != entities.len() {
            return Err(CountsError::Entities {
                rows: keys.len(),
                entities: entities.len(),
            });
        }
        let Some(texts) = keys.values().as_string_opt::<i32>() else {
            return Ok(());
        };
        for (row, (entity, span)) in entities.iter().zip(keys.offsets().windows(2)).enumerate() {
            self.n_rows += 1;
            let &[from, to] = span else { continue };
            if keys.is_null(row) {
                continue;
            }
            for at in from as usize..to as usize {
                if texts.is_valid(at) {
                    let (n_rows, kept) = (self.n_rows, self.kept);
                    let entry = self.entry(texts.value(at))?;
                    if entry.last != n_rows {
                        entry.last = n_rows;
                        entry.rows += 1;
                        entry.insert(*entity, kept);
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds what was counted in other rows.
    ///
    /// # Errors
    /// Where there are more keys together than can be counted.
    pub fn merge(&mut self, other: Counts) -> Result<(), CountsError> {
        self.kept = self.kept.max(other.kept);
        self.k = self.k.max(other.k);
        self.n_rows += other.n_rows;
        let kept = self.kept;
        for (key, counted) in other.keys {
            let entry = self.entry(&key)?;
            entry.rows += counted.rows;
            entry.last = 0;
            for hash in counted.hashes {
                entry.insert(hash, kept);
            }
        }
        Ok(())
    }

    /// Returns how many different keys there are, however few entities share them.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the keys that at least k entities share, in ascending order.
    pub fn finish(self) -> Vec<Count> {
        let mut counts: Vec<Count> = self
            .keys
            .into_iter()
            .filter_map(|(key, entry)| {
                let entities = entry.entities(self.kept);
                (entities >= self.k).then(|| Count {
                    key: key.into(),
                    rows: entry.rows,
                    entities,
                })
            })
            .collect();
        counts.sort_unstable_by(|left, right| left.key.cmp(&right.key));
        counts
    }

    fn entry(&mut self, key: &str) -> Result<&mut Entry, CountsError> {
        if !self.keys.contains_key(key) {
            let too_many = |limit, what| CountsError::TooMany { limit, what };
            if key.len() > KEY {
                return Err(too_many(KEY, "bytes in a key"));
            }
            if self.keys.len() == KEYS {
                return Err(too_many(KEYS, "different keys"));
            }
            self.bytes += key.len();
            if self.bytes > BYTES {
                return Err(too_many(BYTES, "bytes in keys"));
            }
            self.keys.insert(key.into(), Entry::default());
        }
        // It is there by now.
        self.keys.get_mut(key).ok_or(CountsError::TooMany {
            limit: KEYS,
            what: "different keys",
        })
    }
}

impl Entry {
    fn insert(&mut self, hash: u64, kept: usize) {
        if self.hashes.len() == kept && self.hashes.last().is_some_and(|last| hash >= *last) {
            return;
        }
        self.hashes.insert(hash);
        if self.hashes.len() > kept {
            self.hashes.pop_last();
        }
    }

    /// Counts entities up to what is kept, and estimates from there on: where the `kept`-th
    /// smallest of n even hashes lies at a share of x, n is about (kept - 1) / x.
    fn entities(&self, kept: usize) -> u64 {
        let exact = self.hashes.len() as u64;
        match self.hashes.last() {
            Some(last) if self.hashes.len() >= kept => {
                let share = (*last as f64 + 1.0) / 2f64.powi(64);
                ((exact - 1) as f64 / share).round().max(exact as f64) as u64
            }
            _ => exact,
        }
        // No entity without a row.
        .min(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ListArray, ListBuilder, StringBuilder};

    use super::{Counts, CountsError, KEYS};
    use crate::settings::Count;

    fn lists(rows: &[Option<&[Option<&str>]>]) -> ListArray {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in rows {
            for key in row.unwrap_or_default() {
                lists.values().append_option(*key);
            }
            lists.append(row.is_some());
        }
        lists.finish()
    }

    /// splitmix64's finaliser, as a caller would hash.
    fn hash(entity: u64) -> u64 {
        let value = entity.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn count(key: &str, rows: u64, entities: u64) -> Count {
        Count {
            key: key.to_owned(),
            rows,
            entities,
        }
    }

    #[test]
    fn keys_of_fewer_than_k_entities_are_not_told() {
        let mut counts = Counts::new(2);
        let keys = lists(&[
            Some(&[Some("b"), Some("a"), Some("a")]),
            Some(&[Some("a"), None]),
            None,
            Some(&[Some("own")]),
            Some(&[Some("own")]),
            Some(&[Some("b")]),
        ]);
        let entities = [1, 2, 3, 4, 4, 5].map(hash);
        counts.add(&keys, &entities).unwrap();
        assert_eq!(counts.finish(), [count("a", 2, 2), count("b", 2, 2)]);
    }

    #[test]
    fn neither_order_nor_division_makes_a_difference() {
        let rows: Vec<(u64, String)> = (0..5_000u64)
            .map(|row| (hash(row % 1_500), format!("k{}", row % 7)))
            .collect();
        let of = |rows: &[(u64, String)]| {
            let mut counts = Counts::new(10);
            for (entity, key) in rows {
                counts
                    .add(&lists(&[Some(&[Some(key)])]), &[*entity])
                    .unwrap();
            }
            counts
        };
        let whole = of(&rows).finish();
        let mut halves = of(&rows[2_000..]);
        halves.merge(of(&rows[..2_000])).unwrap();
        assert_eq!(whole, halves.finish());
        let mut reversed = rows.clone();
        reversed.reverse();
        assert_eq!(whole, of(&reversed).finish());
        // Each key has 714 rows or 715, and few entities have it twice.
        for key in &whole {
            assert!((500..=715).contains(&key.entities), "{key:?}");
        }
    }

    #[test]
    fn too_many_keys_are_an_error() {
        let mut counts = Counts::new(2);
        let long = "x".repeat(5_000);
        assert_eq!(
            counts.add(&lists(&[Some(&[Some(&long)])]), &[1]),
            Err(CountsError::TooMany {
                limit: 4_096,
                what: "bytes in a key"
            })
        );
        let result = (0..=KEYS)
            .try_for_each(|key| counts.add(&lists(&[Some(&[Some(&key.to_string())])]), &[1]));
        assert_eq!(
            result.unwrap_err().to_string(),
            "more than 1048576 different keys"
        );
    }
}
