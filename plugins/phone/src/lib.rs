//! Telephone numbers by country, as E.164 writes them.
//!
//! Numbers have the length and a prefix of mobile numbers of their country. Where a country
//! set numbers aside for films and books (the United States: 555-0100 to 555-0199), they are
//! too few for a table; so a number may belong to somebody.

mod country;

use prodlike_sdk::prelude::*;

use country::{COUNTRIES, Country};

/// What a manifest may say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// How numbers are written.
    format: Format,
    /// Countries, as ISO 3166 writes them (`DE`), where neither a column nor the locale tells;
    /// all there are where the list is empty.
    countries: Vec<String>,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// `+4915112345678`
    #[default]
    E164,
    /// `+49 151 12345678`
    International,
    /// `0151 12345678`
    National,
}

/// Digits by which unique numbers differ: every country has room for them.
const UNIQUE_DIGITS: u32 = 7;

struct Phone {
    options: Options,
    countries: Vec<&'static Country>,
    local: Option<&'static Country>,
    unique: bool,
    name: String,
}

impl Plugin for Phone {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "phone",
                "phone",
                "A mobile telephone number of the row's country",
            )
            .context("country")
            .finds("phone")
            .example("As one would dial abroad", r#"{"format": "international"}"#)
            .example("Of two countries", r#"{"countries": ["AT", "DE"]}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Phone, Error> {
        let countries = match options.countries.as_slice() {
            [] => COUNTRIES.iter().collect(),
            codes => codes
                .iter()
                .enumerate()
                .map(|(index, code)| {
                    Country::find(code).ok_or_else(|| {
                        let path = format!("countries[{index}]");
                        Error::option(path, "numbers of that country are not known")
                    })
                })
                .collect::<Result<_, _>>()?,
        };
        let local = options
            .countries
            .is_empty()
            .then(|| settings.country().and_then(Country::find))
            .flatten();
        Ok(Phone {
            options,
            countries,
            local,
            unique: settings.unique,
            name: settings
                .wanted
                .first()
                .map_or("phone".into(), |field| field.name.clone()),
        })
    }
}

impl Generator for Phone {
    fn output(&self) -> Vec<Field> {
        vec![Field::utf8(&self.name)]
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let digits = 10u64.pow(UNIQUE_DIGITS);
        let unique = self.unique.then(|| rows.unique(digits, 0)).transpose()?;
        let countries = input
            .semantic("country")
            .map(|view| view.utf8())
            .transpose()?;
        let mut phones = Utf8Builder::with_capacity(rows.len(), 14);
        for row in rows {
            let mut rng = row.rng();
            let country = countries
                .and_then(|names| Country::find(names.get(row.index())?))
                .or(self.local)
                .or_else(|| rng.pick(&self.countries).copied())
                .unwrap_or(&COUNTRIES[0]);
            let prefix = rng.pick(country.prefixes).copied().unwrap_or("");
            let free = country.digits - prefix.len();
            let number = match &unique {
                Some(unique) => {
                    let fixed = UNIQUE_DIGITS as usize;
                    rng.below(10u64.pow((free - fixed) as u32)) * digits
                        + unique.apply(row.number())
                }
                None => rng.below(10u64.pow(free as u32)),
            };
            phones.push_with(|text| {
                match self.options.format {
                    Format::E164 => text.push_str(country.calling),
                    Format::International => {
                        text.push_str(country.calling);
                        text.push(' ');
                    }
                    Format::National => text.push_str(country.trunk),
                }
                text.push_str(prefix);
                if self.options.format != Format::E164 {
                    text.push(' ');
                }
                text.push_digits(number, free);
            });
        }
        Ok(vec![phones.finish()])
    }
}

impl Detector for Phone {
    fn detect(&self, input: &Batch<'_>) -> Result<Vec<Finding>, Error> {
        let Ok(values) = input.column(0)?.utf8() else {
            return Ok(Vec::new());
        };
        let matched = values
            .iter()
            .flatten()
            .filter(|value| country::is_phone(value))
            .count();
        // Plain digits do not count: they may be anything.
        Ok(vec![Finding {
            semantic: 0,
            matched: matched as u32,
            chance: 0.01,
        }])
    }
}

prodlike_sdk::export!(Phone: generator, detector);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    #[test]
    fn every_country_has_room_for_unique_numbers() {
        for country in &COUNTRIES {
            for prefix in country.prefixes {
                let free = country.digits - prefix.len();
                assert!((7..=12).contains(&free), "{} {prefix}", country.code);
            }
            // E.164 allows fifteen digits.
            assert!(
                country.calling.len() - 1 + country.digits <= 15,
                "{}",
                country.code
            );
        }
    }

    #[test]
    fn numbers_are_recognised_and_do_not_repeat() {
        let table = Job::new("{}")
            .rows(20_000)
            .unique()
            .generate::<Phone>()
            .unwrap();
        let phones: HashSet<&str> = table.text(0).into_iter().flatten().collect();
        assert_eq!(phones.len(), 20_000);
        assert!(phones.iter().all(|phone| country::is_phone(phone)));
        let table = Job::new("{}").input(table).detect::<Phone>().unwrap();
        assert_eq!(table[0].matched, 20_000);
    }

    #[test]
    fn numbers_follow_the_rows_country() {
        let names = [Some("Germany"), Some("US"), None];
        let countries = Table::new([(
            Field::utf8("land").semantic("country").nullable(true),
            names.into_iter().collect::<Utf8Builder>().finish(),
        )]);
        let job = |format: &str| {
            let options = format!(r#"{{"format": "{format}"}}"#);
            let table = Job::new(&options).locale("fr_FR").input(countries.clone());
            let table = table.generate::<Phone>().unwrap();
            table
                .text(0)
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let phones = job("e164");
        assert!(
            phones[0].starts_with("+491") && phones[1].starts_with("+1"),
            "{phones:?}"
        );
        assert!(phones[2].starts_with("+33"));
        assert!(job("national")[2].starts_with("06 ") || job("national")[2].starts_with("07 "));
        assert!(job("international")[0].starts_with("+49 1"));
    }

    #[test]
    fn plain_digits_and_texts_are_no_phones() {
        for other in [
            "",
            "+",
            "12345678",
            "+49",
            "+49 abc",
            "2024-01-01",
            "+00000000000",
        ] {
            assert!(!country::is_phone(other), "{other}");
        }
        assert!(country::is_phone("+49 (0)151 1234-5678"));
    }
}
