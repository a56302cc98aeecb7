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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Number,
    CallingCode,
}

const OUTPUTS: [(&str, Output); 2] = [
    ("number", Output::Number),
    ("calling_code", Output::CallingCode),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const COUNTRY: u64 = 0;
    pub(crate) const NUMBER: u64 = 1;
}

struct Phone {
    options: Options,
    columns: Vec<(String, Output)>,
    countries: Countries<&'static Country>,
    unique: bool,
}

impl Plugin for Phone {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "number",
                "phone",
                "A mobile telephone number of the row's country",
            )
            .output(
                "calling_code",
                "",
                "What is dialled before it from abroad: +49",
            )
            .context("country")
            .finds("phone")
            .example("As one would dial abroad", r#"{"format": "international"}"#)
            .example("Of two countries", r#"{"countries": ["AT", "DE"]}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Phone, Error> {
        let columns = settings.columns(&OUTPUTS)?;
        // Other columns beside one that tells rows apart may repeat.
        if settings.unique && columns.iter().all(|(_, output)| *output != Output::Number) {
            return Err(Error::unsupported("only `number` can be unique"));
        }
        let known = COUNTRIES.iter().map(|country| (country.code, country));
        Ok(Phone {
            countries: Countries::new(known, &options.countries, settings)?,
            options,
            columns,
            unique: settings.unique,
        })
    }
}

impl Generator for Phone {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::Number => Field::utf8(name),
            Output::CallingCode => Field::dictionary(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let digits = 10u64.pow(UNIQUE_DIGITS);
        let unique = self.unique.then(|| rows.unique(digits, 0)).transpose()?;
        let countries = self.countries.of(input)?;
        let columns = self.columns.iter().map(|(_, output)| match output {
            Output::CallingCode => {
                let mut codes = DictionaryBuilder::default();
                for row in rows {
                    codes.push(countries.get(row, stream::COUNTRY).1.calling);
                }
                codes.finish()
            }
            Output::Number => {
                let mut phones = Utf8Builder::with_capacity(rows.len(), 14);
                phones.extend_with(rows, |text, row| {
                    let (_, country) = countries.get(row, stream::COUNTRY);
                    let unique = unique.as_ref().map(|unique| unique.apply(row.number()));
                    self.write(row, country, unique, text);
                });
                phones.finish()
            }
        });
        Ok(columns.collect())
    }
}

impl Phone {
    /// Writes a number; its last seven digits are the unique ones, where there are such.
    fn write(&self, row: Row, country: &Country, unique: Option<u64>, text: &mut Text) {
        let mut rng = row.stream(stream::NUMBER);
        let prefix = rng.pick(country.prefixes).copied().unwrap_or("");
        let free = country.digits - prefix.len();
        let number = match unique {
            Some(unique) => {
                let fixed = UNIQUE_DIGITS as usize;
                rng.below(10u64.pow((free - fixed) as u32)) * 10u64.pow(UNIQUE_DIGITS) + unique
            }
            None => rng.below(10u64.pow(free as u32)),
        };
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
        let codes = Job::new("{}").input(countries).wanted(&["calling_code"]);
        let codes = codes.generate::<Phone>().unwrap();
        assert_eq!(codes.text(0)[..2], [Some("+49"), Some("+1")]);
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
