//! Values by how long ago they were: move-to-front coding (Bentley, Sleator, Tarjan and Wei, "A
//! locally adaptive data compression scheme", 1986).
//!
//! Who comes back, comes back to few things, and lately to the last ones. A distribution over values
//! cannot say so without asking of each whether it was there before; one over places in the order
//! of recency can.

use crate::tree::{Tree, pick};

/// Makes a value the most recent one.
pub fn move_to_front(values: &mut Vec<u8>, value: u8) {
    let place = values.iter().position(|&it| it == value);
    let place = place.unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    });
    values[..=place].rotate_right(1);
}

/// Returns the symbol of a value given those before, the most recent first: its place, at most
/// `told - 1`, or `told` where it is none of them.
pub fn recency(values: &[u8], value: u8, told: u8) -> u8 {
    match values.iter().position(|&it| it == value) {
        Some(place) => place.min(usize::from(told.saturating_sub(1))) as u8,
        None => told,
    }
}

/// What draws values by recency.
#[derive(Clone, Copy, Debug)]
pub struct Recent<'a> {
    /// How many places are told apart.
    pub told: u8,
    /// Draws a place, or that it is a new value.
    pub next: &'a Tree,
    /// Draws a value of which those that were before are left out.
    pub fresh: &'a Tree,
}

impl Recent<'_> {
    /// Returns the value that a drawn symbol stands for, with 32 random bits.
    ///
    /// Where rows ascend it is above `least`, by what is left of the distribution; `None` where that
    /// leaves nothing.
    pub fn value(
        &self,
        values: &[u8],
        drawn: u8,
        least: Option<u8>,
        bits: u32,
        feature: impl Fn(usize) -> u8 + Copy,
    ) -> Option<u8> {
        let of = |symbol: u8| self.choices(values, symbol, least, feature);
        value(&of(drawn), bits).or_else(|| {
            let (symbols, weights) = self.next.distribution(feature);
            let mut all: Vec<(u8, u64)> = Vec::new();
            for (&symbol, &weight) in symbols.iter().zip(weights) {
                let choices = of(symbol);
                let sum: u64 = choices.iter().map(|it| it.1).sum();
                let part = |&(value, of): &(u8, u64)| (value, u64::from(weight) * of / sum.max(1));
                all.extend(choices.iter().map(part));
            }
            value(&all, bits)
        })
    }

    /// The values that a symbol may stand for, and their weights.
    fn choices(
        &self,
        values: &[u8],
        symbol: u8,
        least: Option<u8>,
        feature: impl Fn(usize) -> u8,
    ) -> Vec<(u8, u64)> {
        let is_open = |value: &u8| least.is_none_or(|least| *value > least);
        let place = usize::from(symbol);
        if symbol >= self.told {
            let (symbols, weights) = self.fresh.distribution(feature);
            let new = symbols.iter().zip(weights);
            let new = new.filter(|(value, _)| !values.contains(value) && is_open(value));
            return new
                .map(|(&value, &weight)| (value, u64::from(weight)))
                .collect();
        }
        let end = if symbol + 1 == self.told {
            values.len()
        } else {
            place + 1
        };
        let old = values.get(place..end.min(values.len())).unwrap_or_default();
        old.iter()
            .filter(|value| is_open(value))
            .map(|&value| (value, 1 << 24))
            .collect()
    }
}

/// Picks a value by weight.
fn value(choices: &[(u8, u64)], bits: u32) -> Option<u8> {
    let place = pick(choices.iter().map(|it| it.1), bits)?;
    Some(choices[place].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_last_comes_first() {
        let mut values = Vec::new();
        let drawn = [3, 3, 5, 3, 7, 5, 9, 3].map(|value| {
            let symbol = recency(&values, value, 2);
            move_to_front(&mut values, value);
            symbol
        });
        assert_eq!(drawn, [2, 0, 2, 1, 2, 1, 2, 1]);
        assert_eq!(values, [3, 9, 5, 7]);
    }

    #[test]
    fn new_values_are_none_of_those_before_and_ascend_where_they_must() {
        let next = Tree::leaf(&[0.5, 0.3, 0.2]);
        let fresh = Tree::leaf(&[0.1, 0.2, 0.3, 0.2, 0.2]);
        let recent = Recent {
            told: 2,
            next: &next,
            fresh: &fresh,
        };
        let draw = |values: &[u8], drawn: u8, least: Option<u8>| {
            let drawn: Vec<Option<u8>> = (0..64u32)
                .map(|i| recent.value(values, drawn, least, i << 26, |_| 0))
                .collect();
            let count = |value: Option<u8>| drawn.iter().filter(|&&it| it == value).count();
            [
                count(None),
                count(Some(0)),
                count(Some(1)),
                count(Some(2)),
                count(Some(3)),
                count(Some(4)),
            ]
        };
        let values = [2, 0, 4];
        assert_eq!(draw(&values, 0, None), [0, 0, 0, 64, 0, 0]);
        // Any of the older ones.
        assert_eq!(draw(&values, 1, None), [0, 32, 0, 0, 0, 32]);
        // Two values are new, equally likely.
        assert_eq!(draw(&values, 2, None), [0, 0, 32, 0, 32, 0]);
        assert_eq!(draw(&values, 2, Some(1)), [0, 0, 0, 0, 64, 0]);
        // The last one is not above: 3 in 5 an older one, else a new one.
        let [none, .., three, four] = draw(&values, 0, Some(2));
        assert!(
            none == 0 && three + four == 64 && (37..=39).contains(&four),
            "{four}"
        );
        assert_eq!(draw(&values, 0, Some(4)), [64, 0, 0, 0, 0, 0]);
        // Nothing was before: all is new.
        assert_eq!(draw(&[], 0, None)[1..].iter().sum::<usize>(), 64);
    }
}
