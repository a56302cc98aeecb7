//! Values by how long ago they were: move-to-front coding (Bentley, Sleator, Tarjan and Wei, "A
//! locally adaptive data compression scheme", 1986).
//!
//! Who comes back, comes back to few things, and lately to the last ones. A distribution over values
//! cannot say so without asking of each whether it was there before; one over places in the order
//! of recency can.

use crate::tree::{Walk, pick};

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

/// The values that somebody may have next who is to have so many different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Among<'a> {
    before: &'a [u8],
    /// Whether it must be one of those before, or none of them.
    again: bool,
}

impl<'a> Among<'a> {
    /// Returns what is left, with so many values `ahead` and so many rows more than these; `None`
    /// where that is all.
    pub fn new(before: &'a [u8], ahead: u8, spare: u8) -> Option<Among<'a>> {
        let again = match (ahead, spare) {
            (0, _) => true,
            (_, 0) => false,
            _ => return None,
        };
        Some(Among { before, again })
    }

    /// Whether one of the values before comes again.
    pub fn is_again(self) -> bool {
        self.again
    }

    /// Whether a value may be next.
    pub fn allows(self, value: u8) -> bool {
        self.before.contains(&value) == self.again
    }
}

/// Returns how many of the values up to the highest are above another one and may be next, at most
/// `most`.
pub fn above(value: u8, highest: u8, among: Option<Among<'_>>, most: u64) -> u8 {
    let open = (value..highest).filter(|below| among.is_none_or(|it| it.allows(below + 1)));
    (open.count() as u64).min(most) as u8
}

/// What draws values by recency.
#[derive(Clone, Debug)]
pub struct Recent<'a> {
    /// How many places are told apart.
    pub told: u8,
    /// Draws a place, or that it is a new value.
    pub next: Walk<'a>,
    /// Draws a value of which those that were before are left out.
    pub fresh: Walk<'a>,
}

impl Recent<'_> {
    /// Returns the value that a drawn symbol stands for, with 32 random bits.
    ///
    /// It is one of those that are open, by what is left of the distribution; `None` where that is
    /// nothing.
    pub fn value(
        &self,
        values: &[u8],
        drawn: u8,
        is_open: impl Fn(u8) -> bool + Copy,
        bits: u32,
        feature: impl Fn(usize) -> u8 + Copy,
    ) -> Option<u8> {
        let of = |symbol: u8| self.choices(values, symbol, is_open, feature);
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
        is_open: impl Fn(u8) -> bool,
        feature: impl Fn(usize) -> u8,
    ) -> Vec<(u8, u64)> {
        let place = usize::from(symbol);
        if symbol >= self.told {
            let (symbols, weights) = self.fresh.distribution(feature);
            let new = symbols.iter().zip(weights);
            let new = new.filter(|(value, _)| !values.contains(value) && is_open(**value));
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
            .filter(|value| is_open(**value))
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
    use crate::tree::Tree;

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
    fn who_has_all_her_values_has_one_of_them_again() {
        let before = [3, 0];
        assert_eq!(Among::new(&before, 1, 1), None);
        let allowed = |ahead, spare| {
            let among = Among::new(&before, ahead, spare);
            (0..5)
                .filter(|&value| among.unwrap().allows(value))
                .collect::<Vec<u8>>()
        };
        assert_eq!(allowed(0, 2), [0, 3]);
        assert_eq!(allowed(2, 0), [1, 2, 4]);
        // Nothing new is ahead, so one must come again.
        assert_eq!(allowed(0, 0), [0, 3]);
        assert_eq!(above(1, 4, None, 31), 3);
        assert_eq!(above(1, 4, None, 2), 2);
        assert_eq!(above(1, 4, Among::new(&before, 0, 1), 31), 1);
        assert_eq!(above(3, 4, Among::new(&before, 0, 1), 31), 0);
        assert_eq!(above(4, 4, None, 31), 0);
    }

    #[test]
    fn new_values_are_none_of_those_before_and_ascend_where_they_must() {
        let next = Tree::leaf(&[0.5, 0.3, 0.2]);
        let fresh = Tree::leaf(&[0.1, 0.2, 0.3, 0.2, 0.2]);
        let recent = Recent {
            told: 2,
            next: Walk::new(&next),
            fresh: Walk::new(&fresh),
        };
        let draw = |values: &[u8], drawn: u8, least: Option<u8>| {
            let drawn: Vec<Option<u8>> = (0..64u32)
                .map(|i| {
                    let is_open = |value: u8| least.is_none_or(|least| value > least);
                    recent.value(values, drawn, is_open, i << 26, |_| 0)
                })
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
