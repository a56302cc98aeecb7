//! Numbers that others of their row give.

/// How a number follows from two others of its row (indices into `drawn`), in ticks of their
/// codecs, wherever all three have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The first term.
    pub left: usize,
    /// The second term.
    pub right: usize,
    /// What becomes of them.
    pub operation: Operation,
}

/// What is computed of two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `(left · factors[0] + right · factors[1]) / divisor`: sums, differences, copies.
    Sum {
        /// Of the two terms; 0 where the second is of no matter.
        factors: [i64; 2],
        /// Positive.
        divisor: i64,
    },
    /// `left · right · times / divisor`, rounded half away from zero.
    Product {
        /// Positive.
        times: i64,
        /// Positive.
        divisor: i64,
    },
    /// The time of day that is so many minutes after (1) or before (-1) another, both written as
    /// numbers, hours before minutes: 1745.
    Clock {
        /// 1 or -1.
        sign: i64,
        /// How midnight is written: 0 or 2400.
        midnight: i64,
    },
}

impl Operation {
    /// Returns what two terms give; `None` where that is no whole number of ticks.
    pub fn apply(self, left: i64, right: i64) -> Option<i64> {
        // Wide numbers are slow, and hardly ever needed.
        if let Operation::Sum { factors, divisor } = self
            && let Some(left) = left.checked_mul(factors[0])
            && let Some(right) = right.checked_mul(factors[1])
            && let Some(sum) = left.checked_add(right)
        {
            return match divisor {
                1 => Some(sum),
                _ => (sum.checked_rem(divisor)? == 0).then_some(sum / divisor),
            };
        }
        let wide = |it: i64| i128::from(it);
        let value = match self {
            Operation::Sum { factors, divisor } => {
                let [first, second] = factors.map(wide);
                let sum = wide(left)
                    .checked_mul(first)?
                    .checked_add(wide(right).checked_mul(second)?)?;
                let divisor = wide(divisor);
                (sum.checked_rem(divisor)? == 0).then_some(sum / divisor)?
            }
            Operation::Product { times, divisor } => {
                let (times, divisor) = (wide(times), wide(divisor));
                let product = (wide(left) * wide(right)).checked_mul(times)?;
                let half = product.signum() * (divisor / 2);
                product.checked_add(half)?.checked_div(divisor)?
            }
            Operation::Clock { sign, midnight } => {
                let moved = minutes(left)? + sign * (right % 1440);
                return Some(match moved.rem_euclid(1440) {
                    0 => midnight,
                    minutes => minutes / 60 * 100 + minutes % 60,
                });
            }
        };
        i64::try_from(value).ok()
    }
}

/// Returns the minutes since midnight of a time of day that is written as a number.
pub fn minutes(time: i64) -> Option<i64> {
    let is_time = (0..=2400).contains(&time) && time % 100 < 60;
    is_time.then_some(time / 100 * 60 + time % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_give_sums_products_and_times() {
        let sum = |factors, divisor| Operation::Sum { factors, divisor };
        assert_eq!(sum([1, -1], 1).apply(5, 7), Some(-2));
        // 1.25 + 3 with two digits; a result off the grid is none.
        assert_eq!(sum([1, 100], 1).apply(125, 3), Some(425));
        assert_eq!(sum([1, 100], 10).apply(125, 3), None);
        assert_eq!(sum([1, 0], 1).apply(-9, i64::MAX), Some(-9));
        assert_eq!(sum([i64::MAX, i64::MAX], 1).apply(i64::MAX, 2), None);
        let product = |times, divisor| Operation::Product { times, divisor };
        assert_eq!(product(1, 1).apply(3, -199), Some(-597));
        // 1.05 · 0.50 = 0.525, which two digits round to 0.53.
        assert_eq!(product(1, 100).apply(105, 50), Some(53));
        assert_eq!(product(1, 100).apply(105, -50), Some(-53));
        assert_eq!(product(100, 1).apply(2, 3), Some(600));
        assert_eq!(product(i64::MAX, 1).apply(i64::MIN, i64::MIN), None);
        let clock = |sign, midnight| Operation::Clock { sign, midnight };
        assert_eq!(clock(1, 2400).apply(2350, 25), Some(15));
        assert_eq!(clock(1, 2400).apply(2350, 10), Some(2400));
        assert_eq!(clock(-1, 0).apply(30, 45), Some(2345));
        assert_eq!(clock(-1, 0).apply(2400, -61), Some(101));
        assert_eq!(clock(1, 0).apply(1275, 1), None);
    }
}
