//! Bytes and bits: noise of the lengths that the real values have.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, StringBuilder};
use prodlike_core::generator::{GenerateArgs, GeneratorError};
use prodlike_core::schema::{DataType, SemanticType};
use prodlike_models::permutation::Permutation;

use crate::noise::Noise;
use crate::scalar::data_type;

/// Lengths of values where none were learned.
const DEFAULT: Length = Length {
    least: 16,
    most: 16,
    weight: 1,
};
/// No value is longer, whatever a model says.
const LONGEST: u64 = 1 << 20;

/// A range of lengths, in bytes or bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    least: u64,
    most: u64,
    weight: u64,
}

/// Makes bytes or bits.
pub(crate) struct Binary {
    lengths: Vec<Length>,
    unique: bool,
}

impl Binary {
    /// Reads templates `least-most`, as [`length_templates`] writes them; others are passed over.
    pub(crate) fn new(templates: &[(String, u32)], unique: bool) -> Binary {
        let mut lengths: Vec<Length> = templates
            .iter()
            .filter_map(|(text, weight)| {
                let (least, most) = text.split_once('-')?;
                let (least, most) = (least.parse().ok()?, most.parse::<u64>().ok()?);
                (least <= most && most <= LONGEST && *weight > 0).then_some(Length {
                    least,
                    most,
                    weight: u64::from(*weight),
                })
            })
            .collect();
        if lengths.is_empty() {
            lengths.push(DEFAULT);
        }
        Binary { lengths, unique }
    }

    /// Fills a column of bytes, bits, or text of hexadecimal digits.
    pub(crate) fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        match args.data_type {
            DataType::Blob => {
                let mut builder = BinaryBuilder::new();
                self.values(args, 256, 0, |value| builder.append_value(value));
                Ok(Arc::new(builder.finish()))
            }
            DataType::Bit | DataType::String => {
                let base = if *args.data_type == DataType::Bit {
                    2
                } else {
                    16
                };
                let mut builder = StringBuilder::new();
                let mut text = String::new();
                self.values(args, base, 1, |value| {
                    text.clear();
                    let digit = |&digit: &u8| char::from_digit(digit.into(), 16).unwrap_or('0');
                    text.extend(value.iter().map(digit));
                    builder.append_value(&text);
                });
                Ok(Arc::new(builder.finish()))
            }
            _ => Err(data_type(SemanticType::Binary, args)),
        }
    }

    /// Makes values of digits to a base. Where they must differ they begin with a number of
    /// their own, of as many digits as tell all rows apart.
    fn values(&self, args: &GenerateArgs<'_>, base: u64, least: u64, mut take: impl FnMut(&[u8])) {
        let (mut digits, mut domain) = (0, 1);
        while self.unique && domain < args.table_rows.min(1 << 62) {
            digits += 1;
            domain *= base;
        }
        let numbers = (digits > 0).then(|| Permutation::new(args.key, domain));
        let total: u64 = self.lengths.iter().map(|length| length.weight).sum();
        let mut value: Vec<u8> = Vec::new();
        for (&row, &seed) in args.rows.iter().zip(args.seeds) {
            let mut noise = Noise::new(seed);
            let mut place = noise.below(total);
            let chosen = self.lengths.iter().find(|length| {
                let found = place < length.weight;
                place = place.saturating_sub(length.weight);
                found
            });
            let length = *chosen.unwrap_or(&DEFAULT);
            let n = length.least + noise.below(length.most - length.least + 1);
            value.clear();
            if let Some(numbers) = &numbers {
                let mut number = numbers.apply(row % domain);
                for _ in 0..digits {
                    value.push((number % base) as u8);
                    number /= base;
                }
            }
            while (value.len() as u64) < n.max(least) {
                value.push(noise.below(base) as u8);
            }
            take(&value);
        }
    }
}

/// Returns the templates of lengths: ranges of (least, greatest, rows).
pub fn length_templates(ranges: &[(i64, i64, u64)]) -> Vec<(String, u32)> {
    ranges
        .iter()
        .map(|(least, most, rows)| {
            let weight = u32::try_from(*rows).unwrap_or(u32::MAX / 512);
            (format!("{least}-{most}"), weight.clamp(1, u32::MAX / 512))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may end here")]

    use std::collections::BTreeSet;

    use arrow::array::AsArray;

    use super::*;

    fn args<'a>(data_type: &'a DataType, rows: &'a [u64], seeds: &'a [u64]) -> GenerateArgs<'a> {
        GenerateArgs {
            data_type,
            rows,
            seeds,
            key: 3,
            table_rows: rows.len() as u64,
            context: &[],
        }
    }

    #[test]
    fn lengths_follow_their_law() {
        let templates = length_templates(&[(0, 0, 1), (5, 9, 3)]);
        let rows: Vec<u64> = (0..4000).collect();
        let seeds: Vec<u64> = rows
            .iter()
            .map(|row| prodlike_models::philox::mix(*row))
            .collect();
        let made = Binary::new(&templates, false)
            .generate(&args(&DataType::Blob, &rows, &seeds))
            .unwrap();
        let lengths: Vec<usize> = made
            .as_binary::<i32>()
            .iter()
            .map(|v| v.unwrap().len())
            .collect();
        let empty = lengths.iter().filter(|n| **n == 0).count();
        assert!((900..1100).contains(&empty), "{empty}");
        assert!(lengths.iter().all(|n| *n == 0 || (5..=9).contains(n)));
        for broken in ["", "x", "9-5", "0-99999999999", "1"] {
            let binary = Binary::new(&[(broken.to_string(), 1)], false);
            assert_eq!(binary.lengths, [DEFAULT], "{broken}");
        }
    }

    #[test]
    fn unique_values_differ_however_short() {
        let rows: Vec<u64> = (0..1000).collect();
        let seeds = vec![7; 1000];
        for data_type in [DataType::Blob, DataType::Bit, DataType::String] {
            let made = Binary::new(&[("0-1".into(), 1)], true)
                .generate(&args(&data_type, &rows, &seeds))
                .unwrap();
            let distinct: BTreeSet<String> = (0..1000)
                .map(|row| arrow::util::display::array_value_to_string(&made, row).unwrap())
                .collect();
            assert_eq!(distinct.len(), 1000, "{data_type}");
        }
    }
}
