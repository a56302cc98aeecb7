//! What must hold of every codec and every sampler, whatever the data.

use prodlike_models::codec::{self, BinParams, IntegerBin};
use prodlike_models::finer::{self, Calendar, Finer, Runs};
use prodlike_models::philox::Stream;
use prodlike_models::tree::{Block, Sampler, Tree};
use proptest::prelude::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

fn histogram(mut values: Vec<i64>) -> Vec<(i64, i64, u64)> {
    values.sort_unstable();
    let runs = values.chunk_by(|a, b| a == b);
    runs.map(|run| (run[0], run[0], run.len() as u64)).collect()
}

fn params() -> impl Strategy<Value = BinParams> {
    (2u64..70, 2u64..600, 0usize..60, 0usize..240, 1u64..40).prop_map(
        |(bins, spike, spikes, distinct, tail)| BinParams {
            bins,
            spike,
            spikes,
            least: 1,
            distinct,
            tail,
        },
    )
}

fn values() -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![
        prop::collection::vec(-40i64..40, 1..600),
        prop::collection::vec(any::<i64>(), 1..300),
        prop::collection::vec((0i64..1000).prop_map(|it| it * it * 25), 1..600),
    ]
}

proptest! {
    #[test]
    fn a_value_decodes_within_its_bin_and_in_order(values in values(), params in params(), bits: u32) {
        let cut = codec::cut(&histogram(values.clone()), params);
        let step = codec::grid_step(values.iter().copied());
        prop_assert!(cut.windows(2).all(|pair| pair[0].1 < pair[1].0));
        prop_assert_eq!(cut.iter().map(|bin| bin.2).sum::<u64>(), values.len() as u64);
        let los: Vec<i64> = cut.iter().map(|bin| bin.0).collect();
        let bins: Vec<IntegerBin> = cut
            .iter()
            .map(|&(lo, hi, _)| IntegerBin { lo, count: (hi.abs_diff(lo) / step as u64).saturating_add(1) })
            .collect();
        let mut sorted = values;
        sorted.sort_unstable();
        let symbols: Vec<u8> = sorted.iter().map(|&it| codec::find(&los, it) as u8).collect();
        prop_assert!(symbols.windows(2).all(|pair| pair[0] <= pair[1]));
        let mut decoded = Vec::new();
        codec::decode_integers(&bins, false, step, &symbols, &vec![bits; sorted.len()], &mut decoded);
        for ((value, decoded), &symbol) in sorted.iter().zip(&decoded).zip(&symbols) {
            let (lo, hi, _) = cut[usize::from(symbol)];
            prop_assert!((lo..=hi).contains(value));
            prop_assert!((lo..=hi).contains(decoded));
        }
    }

    #[test]
    fn a_second_symbol_is_kept_by_what_it_decodes_to(
        lo in -1_000_000i64..1_000_000,
        count in 1u64..5000,
        step in prop_oneof![Just(1i64), Just(7), Just(3600)],
        place: u64,
        bits: u32,
        kind in 0usize..9,
    ) {
        let bins = [IntegerBin { lo, count }];
        let value = lo + step * (place % count) as i64;
        let day = if step == 3600 { 86_400 } else { 1 };
        let mut is_told = true;
        let finer = match kind {
            0 => Finer::Residues { modulus: 10 * step, residues: (0..10 * step).step_by(3).collect() },
            1 => Finer::Parts(vec![vec![
                IntegerBin { lo, count: count.div_ceil(2) },
                IntegerBin { lo: lo + step * count.div_ceil(2) as i64, count: (count / 2).max(1) },
            ]]),
            kind => {
                let by = Calendar::ALL[kind - 2];
                let by = if by.has_hours() && day == 1 { Calendar::Week } else { by };
                // No more than symbols are there for. What lies between counts as its neighbour, of
                // which a bin may have no member.
                let every = by.classes().div_ceil(255);
                is_told = finer::class_of(by, day, value).is_multiple_of(every);
                Finer::Calendar { by, day, classes: (0..by.classes()).step_by(every.into()).collect() }
            }
        };
        let symbol = finer.symbol(0, value);
        let runs = Runs::new(&finer, &bins, step);
        let mut decoded = Vec::new();
        runs.decode(true, &[0, 1], &[symbol, symbol], &[bits, bits], &mut decoded);
        prop_assert_eq!(decoded[0], 0);
        if kind != 1 || count > 1 {
            prop_assert!((lo..=lo + step * (count as i64 - 1)).contains(&decoded[1]));
            if symbol > 0 && is_told {
                prop_assert_eq!(finer.symbol(0, decoded[1]), symbol);
            }
        }
    }
}

/// Pearson's chi-squared test of draws against what a tree says, at 10⁶ draws.
#[test]
fn a_million_draws_agree_with_the_model() {
    const DRAWS: usize = 1_000_000;
    let leaves = [
        vec![0.5, 0.25, 0.125, 0.0625, 0.0625],
        vec![0.01, 0.0, 0.97, 0.01, 0.01],
        vec![0.2, 0.2, 0.2, 0.2, 0.2],
    ];
    // Feature 0 below 3: the first leaf; else feature 1 below 1: the second; else the third.
    let mut tree = Tree {
        child: vec![1, 1, 3, 3, 4],
        feature: vec![0, 0, 1, 0, 0],
        cut: vec![2, 0, 0, 0, 0],
        offsets: vec![0],
        ..Tree::default()
    };
    leaves.iter().for_each(|leaf| tree.push_leaf(leaf));
    assert_eq!(tree.check(2, 5), Ok(()));
    let mut block = Block::new(2, DRAWS);
    let rows: Vec<u64> = (0..DRAWS as u64).collect();
    for (column, values) in [(0, 6u32), (1, 2)] {
        let (mut first, mut second) = (vec![0; DRAWS], vec![0; DRAWS]);
        Stream::new(column as u64 + 50).fill(&rows, &mut first, &mut second);
        for (symbol, bits) in block.column_mut(column).iter_mut().zip(first) {
            *symbol = (bits % values) as u8;
        }
    }
    let (mut bits, mut second) = (vec![0; DRAWS], vec![0; DRAWS]);
    Stream::new(7).fill(&rows, &mut bits, &mut second);
    let mut drawn = vec![0; DRAWS];
    Sampler::new(&tree).draw(&block, &bits, &mut drawn);
    let mut counts = [[0u64; 5]; 3];
    for row in 0..DRAWS {
        let leaf = match (block.column(0)[row], block.column(1)[row]) {
            (..3, _) => 0,
            (_, 0) => 1,
            _ => 2,
        };
        counts[leaf][usize::from(drawn[row])] += 1;
    }
    for (counts, leaf) in counts.iter().zip(&leaves) {
        let rows = counts.iter().sum::<u64>() as f64;
        let (mut statistic, mut freedom) = (0.0, -1.0);
        for (&count, &p) in counts.iter().zip(leaf) {
            if p == 0.0 {
                assert_eq!(count, 0);
                continue;
            }
            statistic += (count as f64 - rows * p).powi(2) / (rows * p);
            freedom += 1.0;
        }
        let p = 1.0 - ChiSquared::new(freedom).unwrap().cdf(statistic);
        assert!(p > 1e-4, "{counts:?} are not {leaf:?}: p = {p}");
        // As unlikely as that would be draws that are too even.
        assert!(p < 1.0 - 1e-4, "{counts:?} are {leaf:?} too well");
    }
}
