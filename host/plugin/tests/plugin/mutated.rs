//! Components with some bytes changed load or fail, and never more than that.

use prodlike_plugin::{Limits, Plugin, Replay, Rows, Settings};

use crate::guest::Guest;
use crate::hostile::limits;
use crate::runtime;

/// splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

#[test]
fn changed_components_load_or_fail() {
    // More by hand: MUTATIONS=100000 cargo test --release -p prodlike-plugin mutated
    let n_rounds = std::env::var("MUTATIONS").map_or(2_000, |text| text.parse().unwrap());
    let original = Guest {
        kinds: &["generator", "transform"],
        ..Guest::default()
    }
    .build();
    let limits = Limits {
        fuel: 100_000,
        fuel_to_configure: 100_000,
        ..limits()
    };
    let mut random = Random(7);
    let (mut loaded, mut ran) = (0, 0);
    for _ in 0..n_rounds {
        let mut bytes = original.clone();
        match random.below(8) {
            0 => bytes.truncate(random.below(original.len())),
            1 => {
                let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
                let length = random.below(40).min(bytes.len() - from.max(to));
                bytes.copy_within(from..from + length, to);
            }
            2 => {
                let at = random.below(bytes.len());
                bytes.insert(at, random.next() as u8);
            }
            _ => {
                for _ in 0..=random.below(3) {
                    let at = random.below(bytes.len());
                    bytes[at] ^= 1 << random.below(8);
                }
            }
        }
        let Ok(plugin) = Plugin::load(runtime(), "mutated.wasm", &bytes, &limits, None) else {
            continue;
        };
        loaded += 1;
        let settings = Settings {
            replay: Replay::NEVER,
            ..Settings::default()
        };
        let rows = Rows {
            count: 2,
            seeds: &[1, 2],
            ..Rows::default()
        };
        if let Ok(generator) = plugin.generator(settings) {
            ran += u32::from(generator.generate(&rows, &[]).is_ok());
        }
    }
    // Some changes do not matter, most do.
    assert!(loaded > 0 && ran > 0 && loaded < n_rounds, "{loaded} {ran}");
}
