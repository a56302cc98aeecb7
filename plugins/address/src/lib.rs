//! Addresses: country, region, town, postcode, coordinates and time zone of one row belong
//! together.
//!
//! Towns are large ones, the largest most often; postcodes and coordinates are theirs, streets
//! are called as streets there are, and the house is anywhere. A column that means a country is
//! followed; one that means a town (`city`) or a region (`state`) as well, where the manifest
//! shows it. All is written in Latin letters.

mod places;
mod streets;

use std::collections::HashMap;

use prodlike_sdk::country;
use prodlike_sdk::prelude::*;

use places::{Land, Place};

/// What a manifest may say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Countries, as ISO 3166 writes them (`DE`), where no column tells; the locale's, or all
    /// there are, where the list is empty.
    countries: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Address,
    Street,
    City,
    Region,
    RegionCode,
    Postcode,
    Country,
    CountryCode,
    Latitude,
    Longitude,
    TimeZone,
}

const OUTPUTS: [(&str, Output); 11] = [
    ("address", Output::Address),
    ("street", Output::Street),
    ("city", Output::City),
    ("region", Output::Region),
    ("region_code", Output::RegionCode),
    ("postcode", Output::Postcode),
    ("country", Output::Country),
    ("country_code", Output::CountryCode),
    ("latitude", Output::Latitude),
    ("longitude", Output::Longitude),
    ("time_zone", Output::TimeZone),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const COUNTRY: u64 = 0;
    pub(crate) const PLACE: u64 = 1;
    pub(crate) const STREET: u64 = 2;
    pub(crate) const POSTCODE: u64 = 3;
    pub(crate) const POSITION: u64 = 4;
}

/// Houses of a street.
const HOUSES: u64 = 180;
/// Millionths of a degree.
const MILLION: f64 = 1_000_000.0;

struct Address {
    columns: Vec<(String, Output)>,
    lands: Countries<Land>,
}

impl Plugin for Address {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "address",
                "address",
                "All of it in a line, as the country writes it",
            )
            .output("street", "address", "Street and number")
            .output("city", "city", "A large town")
            .output(
                "region",
                "state",
                "The state, province or region of the town",
            )
            .output(
                "region_code",
                "state",
                "Its abbreviation, where people use one",
            )
            .output("postcode", "postcode", "A postcode of the town")
            .output("country", "country", "The country's name in English")
            .output(
                "country_code",
                "country",
                "The country's code of two letters",
            )
            .output(
                "latitude",
                "latitude",
                "Degrees north of somewhere in the town",
            )
            .output("longitude", "longitude", "Degrees east of the same place")
            .output("time_zone", "", "The town's time zone: Europe/Berlin")
            .context("country")
            .example("Of two countries", r#"{"countries": ["CH", "FR"]}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Address, Error> {
        if settings.unique {
            return Err(Error::unsupported(
                "people share addresses: values may repeat",
            ));
        }
        Ok(Address {
            columns: settings.columns(&OUTPUTS)?,
            lands: Countries::new(places::all()?, &options.countries, settings)?,
        })
    }
}

/// Country, town and region, as columns tell them.
type Told<'a> = (&'static str, Option<&'a str>, Option<&'a str>);

/// The towns of a batch's rows.
struct Towns<'a> {
    lands: prodlike_sdk::RowCountries<'a, Land>,
    city: Option<prodlike_sdk::Utf8View<'a>>,
    region: Option<prodlike_sdk::Utf8View<'a>>,
    /// What columns tell is looked up once.
    seen: HashMap<Told<'a>, Vec<usize>>,
}

impl<'a> Towns<'a> {
    fn of(lands: &'a Countries<Land>, input: &Batch<'a>) -> Result<Towns<'a>, Error> {
        let text = |semantic| input.semantic(semantic).map(|view| view.utf8()).transpose();
        Ok(Towns {
            lands: lands.of(input)?,
            city: text("city")?,
            region: text("state")?,
            seen: HashMap::new(),
        })
    }

    fn get(&mut self, row: Row) -> (&'static str, &'a Land, &'a Place) {
        let (code, land) = self.lands.get(row, stream::COUNTRY);
        let mut rng = row.stream(stream::PLACE);
        let city = self.city.and_then(|texts| texts.get(row.index()));
        let region = self.region.and_then(|texts| texts.get(row.index()));
        if city.is_none() && region.is_none() {
            return (code, land, land.draw(&mut rng));
        }
        let told = self.seen.entry((code, city, region));
        let told = told.or_insert_with(|| land.told(city, region));
        match rng.pick(told) {
            Some(&place) => (code, land, &land.places[place]),
            None => (code, land, land.draw(&mut rng)),
        }
    }
}

impl Generator for Address {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::Latitude | Output::Longitude => Field::float64(name),
            Output::Address | Output::Street | Output::Postcode => Field::utf8(name),
            _ => Field::dictionary(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let mut towns = Towns::of(&self.lands, input)?;
        let columns = self.columns.iter().map(|(_, output)| match output {
            Output::Latitude | Output::Longitude => {
                let mut degrees = Float64Builder::with_capacity(rows.len());
                for row in rows {
                    let (_, _, place) = towns.get(row);
                    let (north, east) = place.somewhere(&mut row.stream(stream::POSITION));
                    let at = if *output == Output::Latitude {
                        north
                    } else {
                        east
                    };
                    degrees.push(at as f64 / MILLION);
                }
                degrees.finish()
            }
            Output::Address | Output::Street | Output::Postcode => {
                let mut texts = Utf8Builder::with_capacity(rows.len(), 32);
                for row in rows {
                    let (_, land, place) = towns.get(row);
                    texts.push_with(|text| match output {
                        Output::Street => street(row, land, text),
                        Output::Postcode => postcode(row, place, text),
                        _ => address(row, land, place, text),
                    });
                }
                texts.finish()
            }
            output => {
                let mut words = DictionaryBuilder::default();
                for row in rows {
                    let (code, _, place) = towns.get(row);
                    words.push(match output {
                        Output::City => place.city,
                        Output::Region => place.region,
                        Output::RegionCode => place.region_code,
                        Output::Country => country::name(code).unwrap_or(code),
                        Output::CountryCode => code,
                        _ => place.time_zone,
                    });
                }
                words.finish()
            }
        });
        Ok(columns.collect())
    }
}

fn street(row: Row, land: &Land, text: &mut Text) {
    let mut rng = row.stream(stream::STREET);
    let form = rng.pick(&land.forms).copied().unwrap_or("* #");
    let word = rng.pick(&land.words).map_or("", String::as_str);
    let house = 1 + rng.below(HOUSES);
    for letter in form.chars() {
        match letter {
            '*' => text.push_str(word),
            '#' => text.push_digits(house, house.ilog10() as usize + 1),
            letter => text.push(letter),
        }
    }
}

fn postcode(row: Row, place: &Place, text: &mut Text) {
    place.postcode(&mut row.stream(stream::POSTCODE), text);
}

fn address(row: Row, land: &Land, place: &Place, text: &mut Text) {
    for letter in land.manner.order.chars() {
        match letter {
            'S' => street(row, land, text),
            'P' => postcode(row, place, text),
            'C' => text.push_str(place.city),
            'R' => text.push_str(place.region_code),
            letter => text.push(letter),
        }
    }
}

prodlike_sdk::export!(Address: generator);

#[cfg(test)]
mod tests;
