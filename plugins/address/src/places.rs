//! Towns: what they belong to and where they lie.

use std::collections::BTreeMap;

use prodlike_sdk::Rng;
use prodlike_sdk::prelude::*;

use crate::streets::Manner;

/// A town.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) city: &'static str,
    pub(crate) region: &'static str,
    /// The region's name where nobody abbreviates it.
    pub(crate) region_code: &'static str,
    postcode: &'static str,
    /// Millionths of a degree north and east.
    at: (i64, i64),
    pub(crate) time_zone: &'static str,
}

/// A country: its towns, and how it writes addresses.
#[derive(Debug)]
pub(crate) struct Land {
    pub(crate) manner: &'static Manner,
    pub(crate) forms: Vec<&'static str>,
    pub(crate) words: Vec<String>,
    pub(crate) places: Vec<Place>,
    /// The first town is twice as frequent as the second, and so on: Zipf's law.
    draw: Weighted,
}

/// Around a town's centre, in millionths of a degree: some four kilometres.
const AROUND: i64 = 40_000;

impl Land {
    /// Returns a town.
    pub(crate) fn draw(&self, rng: &mut Rng) -> &Place {
        &self.places[self.draw.draw(rng)]
    }

    /// Returns the towns of that name, else those of that region.
    pub(crate) fn told(&self, city: Option<&str>, region: Option<&str>) -> Vec<usize> {
        let is = |known: &str, told: Option<&str>| {
            told.is_some_and(|told| known.to_lowercase() == told.trim().to_lowercase())
        };
        let all = |matches: &dyn Fn(&Place) -> bool| -> Vec<usize> {
            let places = self.places.iter().enumerate();
            let found = places.filter(|(_, place)| matches(place));
            found.map(|(position, _)| position).collect()
        };
        let named = all(&|place| is(place.city, city));
        if !named.is_empty() {
            return named;
        }
        all(&|place| is(place.region, region) || is(place.region_code, region))
    }
}

impl Place {
    /// Returns somewhere in the town, in millionths of a degree north and east.
    pub(crate) fn somewhere(&self, rng: &mut Rng) -> (i64, i64) {
        let (north, east) = self.at;
        (
            north + rng.range(-AROUND, AROUND),
            east + rng.range(-AROUND, AROUND),
        )
    }

    /// Writes a postcode of the town.
    pub(crate) fn postcode(&self, rng: &mut Rng, text: &mut Text) {
        let mut rest = self.postcode;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (range, after) = after.split_once('}').unwrap_or((after, ""));
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            match (from.parse(), to.parse()) {
                (Ok(low), Ok(high)) => text.push_digits(rng.range(low, high) as u64, to.len()),
                _ => {
                    let letter = |text: &str| text.bytes().next().unwrap_or(b'A').into();
                    text.push_ascii(rng.range(letter(from), letter(to)) as u8);
                }
            }
            rest = after;
        }
        text.push_str(rest);
    }
}

/// Returns the countries by their codes.
pub(crate) fn all() -> Result<BTreeMap<&'static str, Land>, Error> {
    let mut places: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for line in include_str!("places.txt").lines() {
        if let Some((code, place)) = place(line) {
            places.entry(code).or_default().push(place);
        }
    }
    let lands = places.into_iter().map(|(code, places)| {
        // 720,720 is divisible by every number up to 16: the weights are exact where it matters.
        let weights = (1..).take(places.len()).map(|rank| 720_720 / rank);
        let draw = Weighted::new(weights).ok_or_else(|| Error::other("a country has no town"))?;
        let manner = Manner::of(code);
        let land = Land {
            manner,
            forms: manner.forms(),
            words: manner.words(),
            places,
            draw,
        };
        Ok((code, land))
    });
    lands.collect()
}

/// Reads a line; `None` where it is a remark.
fn place(line: &'static str) -> Option<(&'static str, Place)> {
    let mut fields = line.split('|');
    let (code, city, region) = (fields.next()?, fields.next()?, fields.next()?);
    let (abbreviation, postcode) = (fields.next()?, fields.next()?);
    let mut degrees = || {
        let (whole, hundredths) = fields.next()?.split_once('.')?;
        let digits: i64 = format!("{whole}{hundredths}").parse().ok()?;
        // `-0.13` keeps its sign, as `-013` does.
        Some(digits * 10_000)
    };
    let at = (degrees()?, degrees()?);
    let place = Place {
        city,
        region,
        region_code: if abbreviation.is_empty() {
            region
        } else {
            abbreviation
        },
        postcode,
        at,
        time_zone: fields.next()?,
    };
    Some((code, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let text = include_str!("places.txt");
        let lines = text.lines().filter(|line| !line.starts_with('#')).count();
        let lands = all().unwrap();
        assert_eq!(
            lands.values().map(|land| land.places.len()).sum::<usize>(),
            lines
        );
        for (code, land) in &lands {
            assert_eq!(prodlike_sdk::country::code(code), Some(*code));
            assert!(
                land.forms
                    .iter()
                    .all(|form| form.contains('*') && form.contains('#'))
            );
            for place in &land.places {
                let (north, east) = place.at;
                assert!(
                    north.abs() < 70_000_000 && east.abs() < 180_000_000,
                    "{place:?}"
                );
                assert!(place.time_zone.contains('/'), "{place:?}");
            }
        }
        let london = &lands["GB"].places[0];
        assert_eq!((london.city, london.at), ("London", (51_510_000, -130_000)));
    }

    #[test]
    fn towns_are_found_by_name_and_region() {
        let lands = all().unwrap();
        let us = &lands["US"];
        let names = |found: Vec<usize>| -> Vec<&str> {
            found
                .into_iter()
                .map(|place| us.places[place].city)
                .collect()
        };
        assert_eq!(names(us.told(Some("chicago"), Some("TX"))), ["Chicago"]);
        assert_eq!(
            names(us.told(Some("Springfield"), Some("tx"))),
            ["Houston", "San Antonio", "Dallas"]
        );
        assert!(us.told(None, None).is_empty());
    }
}
