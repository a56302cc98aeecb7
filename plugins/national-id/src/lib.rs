//! Numbers that states give to people: social security, tax, identity.
//!
//! They have the shape and the check digits of their country, and nearly all are of series that
//! no office issues (see [`country`]), so that none is anybody's. Where numbers hold the date of
//! birth, it is that of a column that means one, if the manifest shows it.

mod check;
mod country;
mod pattern;

use prodlike_sdk::prelude::*;

use country::SCHEMES;
use pattern::Pattern;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Countries, as ISO 3166 writes them (`DE`), where no column tells; the locale's, or all
    /// there are, where the list is empty.
    countries: Vec<String>,
    /// Whether numbers are written with their spaces, points and hyphens.
    separators: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            countries: Vec::new(),
            separators: true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Number,
    Name,
}

const OUTPUTS: [(&str, Output); 2] = [("number", Output::Number), ("name", Output::Name)];

/// Streams of random numbers.
mod stream {
    pub(crate) const COUNTRY: u64 = 0;
    pub(crate) const NUMBER: u64 = 1;
}

struct NationalId {
    options: Options,
    columns: Vec<(String, Output)>,
    countries: Countries<(&'static str, Pattern)>,
    unique: bool,
}

impl Plugin for NationalId {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "number",
                "national_id",
                "The number of a person of the row's country",
            )
            .output(
                "name",
                "",
                "What the number is called there: Burgerservicenummer",
            )
            .context("country")
            .context("date_of_birth")
            .example(
                "Dutch ones, digits only",
                r#"{"countries": ["NL"], "separators": false}"#,
            )
            .example("Of Italy and France", r#"{"countries": ["IT", "FR"]}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<NationalId, Error> {
        let columns = settings.columns(&OUTPUTS)?;
        let known = SCHEMES.iter().map(|scheme| {
            let pattern = Pattern::new(scheme.pattern, scheme.check);
            (scheme.code, (scheme.name, pattern))
        });
        let countries = Countries::new(known, &options.countries, settings)?;
        if settings.unique {
            if columns.iter().all(|(_, output)| *output != Output::Number) {
                return Err(Error::unsupported("only `number` can be unique"));
            }
            let is_country = |field: &Field| field.semantic.as_deref() == Some("country");
            // Numbers of two countries may be the same, as texts.
            if countries.local().is_none() || settings.input.iter().any(is_country) {
                return Err(Error::unsupported(
                    "numbers are unique within one country: list it as `countries`, and show no \
                     column that means a country",
                ));
            }
        }
        Ok(NationalId {
            options,
            columns,
            countries,
            unique: settings.unique,
        })
    }
}

impl Generator for NationalId {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::Number => Field::utf8(name),
            Output::Name => Field::dictionary(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let countries = self.countries.of(input)?;
        let born = Births::of(input)?;
        let local = self.countries.local().filter(|_| self.unique);
        let unique = local.map(|(_, pattern)| {
            let most = pattern.len().min(1 << 62);
            rows.unique(most, 0)
        });
        let unique = unique.transpose()?;
        let columns = self.columns.iter().map(|(_, output)| match output {
            Output::Name => {
                let mut names = DictionaryBuilder::default();
                for row in rows {
                    names.push(countries.get(row, stream::COUNTRY).1.0);
                }
                names.finish()
            }
            Output::Number => {
                let mut numbers = Utf8Builder::with_capacity(rows.len(), 16);
                for row in rows {
                    let (_, (_, pattern)) = countries.get(row, stream::COUNTRY);
                    let number = match &unique {
                        Some(unique) => pattern.number(unique.apply(row.number())),
                        None => pattern.draw(born.get(row), &mut row.stream(stream::NUMBER)),
                    };
                    numbers.push_with(|text| self.write(&number, text));
                }
                numbers.finish()
            }
        });
        Ok(columns.collect())
    }
}

impl NationalId {
    fn write(&self, number: &[u8], text: &mut Text) {
        for &byte in number {
            if self.options.separators || byte.is_ascii_alphanumeric() {
                text.push_ascii(byte);
            }
        }
    }
}

/// The days of birth of a batch's rows, as far as a column tells them.
struct Births {
    days: Vec<Option<i64>>,
}

impl Births {
    fn of(input: &Batch<'_>) -> Result<Births, Error> {
        let Some(view) = input.semantic("date_of_birth") else {
            return Ok(Births { days: Vec::new() });
        };
        let ticks = match view.field().kind {
            Kind::Date => 1,
            Kind::Timestamp(unit, _) => unit.per_second() * 86_400,
            // A year alone, or a text: it tells no day.
            _ => return Ok(Births { days: Vec::new() }),
        };
        let values = view.integers()?;
        let days = (0..view.len()).map(|row| {
            let day = values.get(row)?.div_euclid(ticks.into());
            i64::try_from(day).ok().filter(|day| LIVING.contains(day))
        });
        Ok(Births {
            days: days.collect(),
        })
    }

    fn get(&self, row: Row) -> Option<i64> {
        self.days.get(row.index()).copied().flatten()
    }
}

/// Days of birth that people may have: from 1850 to 2099.
const LIVING: std::ops::Range<i64> = -43_829..47_482;

prodlike_sdk::export!(NationalId: generator);

#[cfg(test)]
mod tests;
