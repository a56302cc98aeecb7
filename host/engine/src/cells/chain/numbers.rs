//! The numbers that lanes are at, where rows ascend in them or differ from the row before.

use prodlike_models::codec::{self, Codec};

use super::bounds::Move;

/// The values of lanes, in the ticks of their codec.
pub(super) struct Numbers {
    pub(super) values: Vec<i64>,
    /// Whether each differs from the one before it.
    pub(super) moved: Vec<bool>,
    /// How many values there were, or of what rows ascend in up to this.
    pub(super) count: Vec<usize>,
    los: Vec<i64>,
    most: i64,
    step: i64,
}

impl Numbers {
    pub(super) fn new(codec: &Codec, lanes: usize) -> Numbers {
        let Codec::Integer { bins, step, .. } = codec else {
            // The model was checked: what has differences or an order is a number.
            return Numbers {
                values: vec![0; lanes],
                moved: vec![false; lanes],
                count: vec![0; lanes],
                los: vec![0],
                most: 0,
                step: 1,
            };
        };
        Numbers {
            values: vec![0; lanes],
            moved: vec![false; lanes],
            count: vec![0; lanes],
            los: bins.iter().map(|bin| bin.lo).collect(),
            most: bins.last().map_or(0, |bin| bin.last(*step)),
            step: *step,
        }
    }

    /// Sets what follows, and not less than before where rows ascend in it. Returns its symbol.
    pub(super) fn follow(&mut self, lane: usize, value: i64, ascends: Option<Move>) -> u8 {
        let before = self.values[lane];
        let least = self.los.first().copied().unwrap_or(value);
        let mut value = value.clamp(least, self.most.max(least));
        value = match ascends {
            None => value,
            Some(Move::May) => value.max(before),
            Some(Move::Must) => value.max(before.saturating_add(self.step)),
            Some(Move::MayNot) => before,
        };
        self.moved[lane] = value != before;
        self.values[lane] = value;
        codec::find(&self.los, value) as u8
    }
}

/// The number that a symbol of an integer codec and its second word stand for.
pub(super) fn number(codec: &Codec, symbol: u8, bits: u32) -> i64 {
    let Codec::Integer {
        nullable,
        bins,
        step,
        ..
    } = codec
    else {
        return 0;
    };
    let mut out = Vec::with_capacity(1);
    codec::decode_integers(bins, *nullable, *step, &[symbol], &[bits], &mut out);
    out[0]
}
