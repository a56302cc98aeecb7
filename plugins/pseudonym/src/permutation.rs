//! Keyed permutations of `0..n`, and of what can be numbered.
//!
//! FF1 permutes strings of bits; what falls outside of `0..n` is encrypted again until it is
//! inside, which keeps it a permutation (Black and Rogaway, CT-RSA 2002). FF1 is not defined
//! below a million values, and a tenth of a million would be encrypted ten times: up to 131,072
//! of them are ordered by their AES ciphertexts, the prefix cipher of the same paper.

use std::cell::RefCell;
use std::collections::HashMap;

use aes::Aes128;
use cipher::{Array, BlockCipherEncrypt, KeyInit};
use fpe::ff1::{FF1, NumeralString, Operations};
use hmac::{Hmac, Mac};
use prodlike_sdk::prelude::*;
use sha2::{Digest, Sha256};

use crate::alphabet::Alphabet;

/// Values that are ordered in a table.
const TABLE: u128 = 1 << 17;
/// Bits that FF1 is asked to permute at least: a million values.
const LEAST_BITS: u32 = 20;
/// Letters and digits that a text may have: keys and names do not have more, and FF1 is slow.
const LONGEST: usize = 4_096;
/// Bytes of the parts before that FF1 is told as they are; more of them are hashed.
const TWEAK: usize = 64;
/// Values of one part of a long text: halves fit into 64 bits.
const PART_BITS: f64 = 120.0;

/// All permutations under one key.
pub(crate) struct Permutation {
    aes: Aes128,
    ff1: FF1<Aes128>,
    /// Made when first asked for; a function of the key alone.
    tables: RefCell<HashMap<u128, Vec<u32>>>,
}

impl Permutation {
    /// Returns the permutations under a secret of any length.
    pub(crate) fn new(secret: &[u8]) -> Permutation {
        let key = derive(secret, b"prodlike pseudonym 1");
        let aes = Aes128::new(&Array::from(key));
        Permutation {
            ff1: match FF1::new(&key, 2) {
                Ok(ff1) => ff1,
                // Two is a radix.
                Err(_) => unreachable!("a radix of two is refused"),
            },
            aes,
            tables: RefCell::new(HashMap::new()),
        }
    }

    /// Returns the image of `x`, which is below `n`, which is at most 2¹²⁰.
    fn apply(&self, tweak: &[u8], n: u128, x: u128) -> Result<u128, Error> {
        if n <= 1 {
            return Ok(x);
        }
        if n <= TABLE {
            let mut tables = self.tables.borrow_mut();
            let table = tables.entry(n).or_insert_with(|| self.table(n));
            // One table a size: what it is for turns it.
            let turn = u128::from_le_bytes(derive(tweak, b"prodlike pseudonym turn")) % n;
            return Ok(table[((x + turn) % n) as usize].into());
        }
        let count = (128 - (n - 1).leading_zeros()).max(LEAST_BITS);
        let mut bits = Bits { value: x, count };
        loop {
            bits = self
                .ff1
                .encrypt(tweak, &bits)
                .map_err(|error| Error::other(error.to_string()))?;
            if bits.value < n {
                return Ok(bits.value);
            }
        }
    }

    /// Returns the values in the order of their ciphertexts.
    fn table(&self, n: u128) -> Vec<u32> {
        let mut order: Vec<(u128, u32)> = (0..n as u32)
            .map(|value| {
                // Blocks of two tables differ, as sizes do.
                let mut block = [0; 16];
                block[..4].copy_from_slice(&value.to_le_bytes());
                block[4..8].copy_from_slice(&(n as u32).to_le_bytes());
                let mut block = Array::from(block);
                self.aes.encrypt_block(&mut block);
                (u128::from_le_bytes(block.into()), value)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, value)| value).collect()
    }

    /// Returns the pseudonym of a number, which has as many digits and the same sign, and lies
    /// within the same bounds.
    pub(crate) fn number(&self, value: i128, bounds: (i128, i128)) -> Result<i128, Error> {
        let (sign, magnitude) = (value.signum(), value.unsigned_abs());
        if magnitude == 0 {
            return Ok(0);
        }
        // Zero stays zero: it is mostly no key, and has no digit that could be replaced.
        let digits = magnitude.ilog10();
        let least = 10u128.pow(digits);
        // 36 digits and more are 120 bits and more.
        if digits >= 35 {
            return Err(Error::unsupported("numbers of more than 35 digits"));
        }
        let bound = if sign < 0 { bounds.0 } else { bounds.1 };
        let most = bound.unsigned_abs();
        let n = (9 * least).min(most.saturating_sub(least) + 1);
        let image = self.apply(b"number", n, magnitude - least)?;
        Ok(sign * (least + image) as i128)
    }

    /// Writes the pseudonym of a text. Texts under different purposes have nothing in common.
    pub(crate) fn text(&self, purpose: &[u8], value: &str, text: &mut Text) -> Result<(), Error> {
        let alphabets: Vec<Option<Alphabet>> = value.chars().map(Alphabet::of).collect();
        let replaced = alphabets.iter().flatten().count();
        if replaced > LONGEST {
            return Err(Error::unsupported(format!(
                "a text has more than {LONGEST} letters and digits, and no pseudonym"
            )));
        }
        let bits: f64 = alphabets
            .iter()
            .flatten()
            .map(|alphabet| f64::from(alphabet.size).log2())
            .sum();
        let parts = (bits / PART_BITS).ceil().max(1.0) as usize;
        let mut tweak = purpose.to_vec();
        let mut images = Vec::with_capacity(replaced);
        let letters: Vec<(Alphabet, u32)> = value
            .chars()
            .zip(&alphabets)
            .filter_map(|(character, alphabet)| {
                alphabet.map(|alphabet| (alphabet, alphabet.position(character)))
            })
            .collect();
        for part in letters.chunks(replaced.div_ceil(parts).max(1)) {
            // All parts are of like length, but not of like alphabets.
            for part in part.chunks(part.len().min(fitting(part))) {
                let (mut n, mut x) = (1u128, 0u128);
                for &(alphabet, position) in part {
                    n *= u128::from(alphabet.size);
                    x = x * u128::from(alphabet.size) + u128::from(position);
                }
                let mut image = self.apply(&tweak, n, x)?;
                let start = images.len();
                for &(alphabet, _) in part.iter().rev() {
                    images.push(alphabet.character((image % u128::from(alphabet.size)) as u32));
                    image /= u128::from(alphabet.size);
                }
                images[start..].reverse();
                // A part depends on those before it: else parts would be pseudonyms alone.
                tweak.extend(x.to_le_bytes());
                if tweak.len() > TWEAK {
                    let hash = Sha256::digest(&tweak);
                    tweak.clear();
                    tweak.extend(hash);
                }
            }
        }
        let mut images = images.into_iter();
        for (character, alphabet) in value.chars().zip(alphabets) {
            match alphabet {
                Some(_) => text.push(images.next().unwrap_or(character)),
                None if character.is_alphabetic() => {
                    return Err(Error::unsupported(
                        "a text holds letters of a script that has no pseudonyms",
                    ));
                }
                None => text.push(character),
            }
        }
        Ok(())
    }
}

/// Returns how many of the letters, at least one, are numbered within 120 bits.
fn fitting(part: &[(Alphabet, u32)]) -> usize {
    let widest = part
        .iter()
        .map(|(alphabet, _)| alphabet.size)
        .max()
        .unwrap_or(2);
    (PART_BITS / f64::from(widest).log2()) as usize
}

/// Returns a key for a purpose: the first half of HMAC-SHA-256.
fn derive(secret: &[u8], purpose: &[u8]) -> [u8; 16] {
    let mut key = [0; 16];
    if let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret) {
        mac.update(purpose);
        key.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    }
    key
}

/// A string of bits, for FF1 with a radix of two.
#[derive(Clone, Copy)]
struct Bits {
    value: u128,
    count: u32,
}

impl NumeralString for Bits {
    type Ops = Bits;

    fn is_valid(&self, radix: u32) -> bool {
        radix == 2 && self.value >> self.count == 0
    }

    fn numeral_count(&self) -> usize {
        self.count as usize
    }

    fn split(&self) -> (Bits, Bits) {
        let (left, right) = (self.count / 2, self.count - self.count / 2);
        let value = self.value & ((1 << right) - 1);
        (
            Bits {
                value: self.value >> right,
                count: left,
            },
            Bits {
                value,
                count: right,
            },
        )
    }

    fn concat(left: Bits, right: Bits) -> Bits {
        Bits {
            value: left.value << right.count | right.value,
            count: left.count + right.count,
        }
    }
}

/// Bytes of a half, the high ones first.
struct Bytes {
    bytes: [u8; 16],
    skipped: usize,
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.skipped..]
    }
}

impl Operations for Bits {
    type Bytes = Bytes;

    fn numeral_count(&self) -> usize {
        self.count as usize
    }

    fn to_be_bytes(&self, _: u32, length: usize) -> Bytes {
        Bytes {
            bytes: self.value.to_be_bytes(),
            skipped: 16 - length,
        }
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, count: usize) -> Bits {
        self.modulo(self.value.wrapping_add(number(other)), count)
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _: u32, count: usize) -> Bits {
        self.modulo(self.value.wrapping_sub(number(other)), count)
    }
}

impl Bits {
    fn modulo(self, value: u128, count: usize) -> Bits {
        Bits {
            value: value & ((1 << count) - 1),
            count: count as u32,
        }
    }
}

/// Returns the low 128 bits of a number: all that a power of two up to 2⁶⁴ leaves of it.
fn number(bytes: impl Iterator<Item = u8>) -> u128 {
    bytes.fold(0, |number, byte| number << 8 | u128::from(byte))
}
