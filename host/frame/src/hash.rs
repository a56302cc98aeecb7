//! A hash of values that is the same on every run and machine.

use crate::Error;
use crate::column::Column;

/// What makes these halves and samples differ from those of a fit.
const KEY: u64 = 0x7072_6f64_6c69_6b65;

/// Scrambles a number (the finaliser of SplitMix64).
pub(crate) fn mix(value: u64) -> u64 {
    let mut value = (value ^ KEY).wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Folds the values of a column into a hash a row.
pub(crate) fn fold_column(column: &Column, hashes: &mut [u64]) -> Result<(), Error> {
    let group = |source| Error::Group { source };
    match column.numbers().map_err(group)? {
        Some(numbers) => {
            for (hash, number) in hashes.iter_mut().zip(numbers) {
                *hash = mix(*hash ^ mix(number.to_bits()));
            }
        }
        None => {
            let mut row = 0;
            column
                .each_text(|text| {
                    let bytes = text.unwrap_or_default().bytes();
                    let folded = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                    });
                    if let Some(hash) = hashes.get_mut(row) {
                        *hash = mix(*hash ^ mix(folded));
                    }
                    row += 1;
                })
                .map_err(group)?;
        }
    }
    Ok(())
}

/// Picks about `wanted` of so many rows, always the same ones.
pub(crate) fn sample(rows: usize, wanted: usize) -> Vec<u32> {
    if rows <= wanted {
        return (0..rows as u32).collect();
    }
    // A little less is asked for, so that the cut at the end is seldom reached.
    let threshold = (wanted as f64 * 0.95 / rows as f64 * u64::MAX as f64) as u64;
    let mut picked: Vec<u32> = (0..rows as u32)
        .filter(|row| mix(u64::from(*row).wrapping_add(1 << 40)) <= threshold)
        .collect();
    picked.truncate(wanted);
    picked
}

/// Picks just so many of these rows, all of them where there are fewer; always the same ones, in
/// order.
pub(crate) fn choose(mut rows: Vec<u32>, wanted: usize) -> Vec<u32> {
    if rows.len() > wanted {
        rows.select_nth_unstable_by_key(wanted, |row| (mix(u64::from(*row) ^ (2 << 40)), *row));
        rows.truncate(wanted);
        rows.sort_unstable();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_rows_as_wanted_are_chosen() {
        assert_eq!(choose(vec![3, 5, 9], 3), [3, 5, 9]);
        assert!(choose((0..9).collect(), 0).is_empty());
        let chosen = choose((0..1000).collect(), 100);
        assert!(chosen.len() == 100 && chosen.is_sorted());
        assert!((300..700).contains(&chosen[50]), "{chosen:?}");
        // Which ones does not depend on their order.
        assert_eq!(chosen, choose((0..1000).rev().collect(), 100));
    }

    #[test]
    fn samples_are_about_as_large_as_wanted_and_never_larger() {
        assert_eq!(sample(3, 5), [0, 1, 2]);
        let picked = sample(100_000, 2_000);
        assert!((1_700..=2_000).contains(&picked.len()), "{}", picked.len());
        assert_eq!(picked, sample(100_000, 2_000));
    }
}
