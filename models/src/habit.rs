//! What the rows before say of an owner: whether hers are above or below what is to be expected.
//!
//! Rows of one owner share what no column tells: who is fast stays fast for years. A chain that
//! sees the row before forgets that within a few rows. So each row is compared with the
//! distribution that the other columns of the same row lead one to expect: the share of it that
//! lies below the value is even in the long run (the probability integral transform, Rosenblatt,
//! "Remarks on a multivariate transformation", 1952). The mean of that over the rows before, by
//! how much each could tell and drawn toward the middle by one row, as the best linear predictor
//! of a random effect is (Henderson, "Best linear unbiased estimation and prediction under a
//! selection model", 1975), is the owner's habit.

/// One row that could tell everything.
const ROW: i64 = 1 << 24;
/// A row counts less than the one after it by one part in so many.
const FADES: i64 = 8;

/// What an owner's rows were so far, in one variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// How far above what was to be expected, in all.
    above: i64,
    /// How much the rows could tell.
    told: i64,
}

impl Habit {
    /// One more than the greatest symbol: 0 where the rows before told nothing, else from far below
    /// over 32, in the middle, to far above.
    pub const SYMBOLS: usize = 64;

    /// Takes in a row: its symbol, and the distribution that was to be expected, as symbols, which
    /// ascend, and weights. Symbols below `least` stand for no value and tell nothing.
    pub fn take(&mut self, symbol: u8, least: u8, (symbols, weights): (&[u8], &[u32])) {
        let (mut whole, mut below, mut own, mut squares) = (0u64, 0u64, 0u64, 0u128);
        for (&other, &weight) in symbols.iter().zip(weights).filter(|it| *it.0 >= least) {
            let weight = u64::from(weight);
            whole += weight;
            squares += u128::from(weight * weight);
            match other.cmp(&symbol) {
                std::cmp::Ordering::Less => below += weight,
                std::cmp::Ordering::Equal => own = weight,
                std::cmp::Ordering::Greater => {}
            }
        }
        if symbol < least || whole == 0 {
            return;
        }
        // Weights sum to no more than 2^24, so that nothing here leaves 64 bits.
        let (whole, above) = (whole as i64, (2 * below + own) as i64);
        // What was long ago counts less.
        self.above -= self.above / FADES;
        self.told -= self.told / FADES;
        self.above += (above - whole) * ROW / whole;
        let sure = (squares / whole as u128) as i64;
        self.told += (whole - sure) * ROW / whole;
    }

    /// Returns the habit's symbol.
    pub fn symbol(self) -> u8 {
        if self.told == 0 {
            return 0;
        }
        let most = (Self::SYMBOLS / 2 - 1) as i64;
        let share = self.above * most / (self.told + ROW);
        (most + 1 + share.clamp(-most, most)) as u8
    }
}

/// Returns in which of so many equal parts of a distribution a symbol lies, by 32 random bits where
/// it lies in several.
pub fn part_of(symbol: u8, parts: u8, (symbols, weights): (&[u8], &[u32]), bits: u32) -> u8 {
    let place = symbols.partition_point(|other| *other < symbol);
    let below: u64 = weights[..place].iter().copied().map(u64::from).sum();
    let whole: u64 = weights.iter().copied().map(u64::from).sum();
    let own = match symbols.get(place) {
        Some(&other) if other == symbol => u64::from(weights[place]),
        _ => 0,
    };
    let at = below + ((own * u64::from(bits)) >> 32);
    let part = u128::from(at) * u128::from(parts) / u128::from(whole.max(1));
    part.min(u128::from(parts.saturating_sub(1))) as u8
}

/// Returns the symbol that lies in such a part of a distribution, by 32 random bits where several
/// do: what [`part_of`] forgets, so that parts as even as chance give back the distribution.
pub fn symbol_in(part: u8, parts: u8, (symbols, weights): (&[u8], &[u32]), bits: u32) -> u8 {
    let whole: u64 = weights.iter().copied().map(u64::from).sum();
    let at = (u128::from(part) << 32 | u128::from(bits)) * u128::from(whole);
    let mut left = (at / (u128::from(parts.max(1)) << 32)) as u64;
    for (&symbol, &weight) in symbols.iter().zip(weights) {
        if left < u64::from(weight) {
            return symbol;
        }
        left -= u64::from(weight);
    }
    symbols.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: (&[u8], &[u32]) = (&[1, 2, 3, 4], &[1 << 22; 4]);

    fn after(symbols: &[u8]) -> u8 {
        let mut habit = Habit::default();
        (symbols.iter()).for_each(|&symbol| habit.take(symbol, 1, EVEN));
        habit.symbol()
    }

    #[test]
    fn more_rows_make_a_habit_surer() {
        assert_eq!(after(&[]), 0);
        let always_most = [after(&[4]), after(&[4; 3]), after(&[4; 30])];
        assert!(
            always_most.is_sorted() && always_most[0] > 40,
            "{always_most:?}"
        );
        assert_eq!(after(&[1, 4, 2, 3]), 32);
        assert_eq!(64 - after(&[1; 5]), after(&[4; 5]));
    }

    #[test]
    fn what_was_sure_tells_nothing() {
        let mut habit = Habit::default();
        habit.take(2, 1, (&[2], &[1 << 24]));
        habit.take(0, 1, EVEN);
        assert_eq!(habit.symbol(), 0);
        habit.take(9, 0, (&[], &[]));
        assert_eq!(habit, Habit::default());
    }

    #[test]
    fn even_parts_give_back_the_distribution() {
        let usual: (&[u8], &[u32]) = (&[3, 4, 9], &[1 << 22, 1 << 21, (1 << 23) + (1 << 21)]);
        let mut counts = [0; 10];
        for part in 0..32 {
            for bits in (0..256).map(|it| it << 24 | 1 << 23) {
                let symbol = symbol_in(part, 32, usual, bits);
                counts[usize::from(symbol)] += 1;
                assert!(usual.0.contains(&symbol));
            }
        }
        assert_eq!([counts[3], counts[4], counts[9]], [2048, 1024, 5120]);
        // There and back.
        for (symbol, parts) in [(3, 0..8), (4, 8..12), (9, 12..32)] {
            for bits in [0, 1 << 31, u32::MAX] {
                let part = part_of(symbol, 32, usual, bits);
                assert!(parts.contains(&part), "{symbol} in {part}");
            }
        }
        assert_eq!(part_of(7, 32, usual, 0), 12);
        assert_eq!(symbol_in(31, 32, usual, u32::MAX), 9);
        assert_eq!(symbol_in(0, 0, (&[], &[]), 5), 0);
    }

    #[test]
    fn what_could_not_be_is_far_off() {
        let mut habit = Habit::default();
        habit.take(200, 0, EVEN);
        assert!(habit.symbol() > 40);
    }
}
