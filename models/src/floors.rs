//! How many entities stand behind a set of rows.

/// Counts the distinct entities of rows, kind by kind.
#[derive(Debug)]
pub(crate) struct Floors<'a> {
    kinds: &'a [&'a [u32]],
    floor: u32,
    /// Rows of the entity with most of them, over all kinds.
    largest: u32,
    /// The count in which each entity was seen last, and its rows there.
    seen: Vec<(u32, u32)>,
    count: u32,
}

impl<'a> Floors<'a> {
    /// `kinds` are columns of entities, one a kind; none where rows protect nobody.
    pub(crate) fn new(kinds: &'a [&'a [u32]], floor: u32) -> Floors<'a> {
        let most = kinds.iter().flat_map(|kind| kind.iter()).max();
        let n_entities = most.map_or(0, |&most| most as usize + 1);
        let largest = kinds.iter().map(|kind| {
            let mut sizes = vec![0u32; n_entities];
            kind.iter().for_each(|&entity| sizes[entity as usize] += 1);
            sizes.into_iter().max().unwrap_or(0)
        });
        Floors {
            kinds,
            floor,
            largest: largest.max().unwrap_or(0),
            seen: vec![(0, 0); n_entities],
            count: 0,
        }
    }

    /// Whether the rows belong to so many entities as the floor asks.
    pub(crate) fn hold(&mut self, rows: impl Iterator<Item = u32> + Clone) -> bool {
        self.kinds.iter().all(|kind| {
            self.count += 1;
            let mut distinct = 0;
            rows.clone().any(|row| {
                let seen = &mut self.seen[kind[row as usize] as usize];
                distinct += u32::from(seen.0 != self.count);
                seen.0 = self.count;
                distinct >= self.floor
            })
        })
    }

    /// Whether the rows belong to so many entities as the floor asks, none of which has more
    /// than a third of them.
    pub(crate) fn hold_evenly(&mut self, rows: impl ExactSizeIterator<Item = u32> + Clone) -> bool {
        let most = rows.len() as u32 / 3;
        self.largest <= most && self.hold(rows.clone())
            || self.kinds.iter().all(|kind| {
                self.count += 1;
                let mut distinct = 0;
                let even = rows.clone().all(|row| {
                    let seen = &mut self.seen[kind[row as usize] as usize];
                    if seen.0 != self.count {
                        *seen = (self.count, 0);
                        distinct += 1;
                    }
                    seen.1 += 1;
                    seen.1 <= most
                });
                even && distinct >= self.floor
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_must_hold_the_floor() {
        let (a, b) = ([0, 1, 2, 3, 3, 3], [0, 0, 1, 1, 2, 2]);
        let rows = 0..6u32;
        for (kinds, floor, holds, evenly) in [
            (&[][..], 9, true, true),
            (&[&b[..]], 3, true, true),
            (&[&b[..]], 4, false, false),
            (&[&a[..]], 4, true, false),
            (&[&a[..], &b[..]], 3, true, false),
            (&[&a[..], &b[..]], 4, false, false),
        ] {
            let mut floors = Floors::new(kinds, floor);
            assert_eq!(floors.hold(rows.clone()), holds, "{kinds:?} {floor}");
            assert_eq!(
                floors.hold_evenly(rows.clone()),
                evenly,
                "{kinds:?} {floor}"
            );
        }
        // The largest entity may lie outside of the rows.
        assert!(Floors::new(&[&a], 3).hold_evenly(0..3));
    }
}
