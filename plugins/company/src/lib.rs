//! Companies: a made-up name in the language of the country, with a trade and a legal form that
//! there are in that country, and a domain that fits the name.
//!
//! The names are put together of parts; a company may happen to be called so. Domains end with
//! `.example` (RFC 2606). Where a column with a company's name is shown, domain and legal form
//! are those of that name.

mod words;

use prodlike_sdk::prelude::*;
use prodlike_sdk::{Permutation, RowCountries, Utf8View};

use words::{Land, Words};

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Countries, as ISO 3166 writes them (`DE`), where no column tells; the locale's, or all
    /// there are, where the list is empty.
    countries: Vec<String>,
    /// Whether names end with the legal form.
    legal_form: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            countries: Vec::new(),
            legal_form: true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Name,
    LegalForm,
    Trade,
    Domain,
}

const OUTPUTS: [(&str, Output); 4] = [
    ("name", Output::Name),
    ("legal_form", Output::LegalForm),
    ("trade", Output::Trade),
    ("domain", Output::Domain),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const COUNTRY: u64 = 0;
    pub(crate) const NAME: u64 = 1;
    pub(crate) const TRADE: u64 = 2;
    pub(crate) const FORM: u64 = 3;
}

/// Syllables of a unique name: 80 each, four of them.
const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";
const SYLLABLES: u32 = 4;

struct Company {
    options: Options,
    columns: Vec<(String, Output)>,
    words: Vec<Words>,
    lands: Countries<Land>,
    unique: bool,
}

impl Plugin for Company {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("name", "company", "A company's name")
            .output(
                "legal_form",
                "",
                "The form that the company has in its country",
            )
            .output("trade", "", "What the company does, as its name says")
            .output("domain", "", "A domain that fits the name")
            .context("country")
            .context("company")
            .example("Of three countries", r#"{"countries": ["DE", "AT", "CH"]}"#)
            .example("Without the legal form", r#"{"legal_form": false}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Company, Error> {
        let columns = settings.columns(&OUTPUTS)?;
        // Other columns beside one that tells rows apart may repeat.
        if settings.unique && columns.iter().all(|(_, output)| *output != Output::Name) {
            return Err(Error::unsupported("only `name` can be unique"));
        }
        Ok(Company {
            lands: Countries::new(words::lands(), &options.countries, settings)?,
            options,
            columns,
            words: words::all(),
            unique: settings.unique,
        })
    }
}

/// What a batch says of its rows.
struct Context<'a> {
    lands: RowCountries<'a, Land>,
    names: Option<Utf8View<'a>>,
    unique: Option<Permutation>,
}

impl Generator for Company {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::LegalForm | Output::Trade => Field::dictionary(name),
            _ => Field::utf8(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let sizes = (CONSONANTS.len() * VOWELS.len()) as u64;
        let unique = self.unique.then(|| rows.unique(sizes.pow(SYLLABLES), 0));
        let context = Context {
            lands: self.lands.of(input)?,
            names: input
                .semantic("company")
                .map(|view| view.utf8())
                .transpose()?,
            unique: unique.transpose()?,
        };
        let columns = self.columns.iter().map(|(_, output)| match output {
            Output::LegalForm | Output::Trade => {
                let mut words = DictionaryBuilder::default();
                for row in rows {
                    let (_, land) = context.lands.get(row, stream::COUNTRY);
                    words.push(match output {
                        Output::Trade => self.trade(row, land),
                        _ => context.form(row, land),
                    });
                }
                words.finish()
            }
            output => {
                let mut texts = Utf8Builder::with_capacity(rows.len(), 28);
                for row in rows {
                    texts.push_with(|text| match output {
                        Output::Domain => self.domain(row, &context, text),
                        _ => self.name(row, &context, text),
                    });
                }
                texts.finish()
            }
        });
        Ok(columns.collect())
    }
}

impl Context<'_> {
    /// Returns the name that a column tells.
    fn told(&self, row: Row) -> Option<&str> {
        self.names.and_then(|names| names.get(row.index()))
    }

    /// Returns the legal form that the told name ends with, else one of the country's.
    fn form<'a>(&self, row: Row, land: &'a Land) -> &'a str {
        let told = self.told(row).and_then(|name| ending(name, land));
        told.unwrap_or_else(|| {
            let form = row.stream(stream::FORM).pick(&land.forms).copied();
            form.unwrap_or_default()
        })
    }
}

/// Returns the longest of a country's legal forms that a name ends with, as a word.
fn ending<'a>(name: &str, land: &'a Land) -> Option<&'a str> {
    let is_end = |form: &&&'a str| {
        name.strip_suffix(**form)
            .is_some_and(|rest| rest.ends_with(' '))
    };
    land.forms
        .iter()
        .filter(is_end)
        .max_by_key(|form| form.len())
        .copied()
}

impl Company {
    fn trade(&self, row: Row, land: &Land) -> &str {
        let trades = &self.words[land.words].trades;
        row.stream(stream::TRADE)
            .pick(trades)
            .map_or("", String::as_str)
    }

    /// Returns the first part of the name: of unique names no two are the same.
    fn brand(&self, row: Row, context: &Context<'_>, land: &Land) -> String {
        if let Some(unique) = &context.unique {
            return coined(unique.apply(row.number()));
        }
        let words = &self.words[land.words];
        let mut rng = row.stream(stream::NAME);
        let beginning = rng.pick(&words.beginnings).copied().unwrap_or_default();
        let end = rng.pick(&words.ends).copied().unwrap_or_default();
        // `Alder` and `rode`, but no three of a letter.
        let end = match beginning.chars().last() == end.chars().next() {
            true => end.get(1..).unwrap_or(end),
            false => end,
        };
        format!("{beginning}{end}")
    }

    fn name(&self, row: Row, context: &Context<'_>, text: &mut Text) {
        let (_, land) = context.lands.get(row, stream::COUNTRY);
        let brand = self.brand(row, context, land);
        let trade = self.trade(row, land);
        let (left, right) = match self.words[land.words].trade_first {
            true => (trade, brand.as_str()),
            false => (brand.as_str(), trade),
        };
        text.push_str(left);
        text.push(' ');
        text.push_str(right);
        if self.options.legal_form {
            text.push(' ');
            text.push_str(
                row.stream(stream::FORM)
                    .pick(&land.forms)
                    .copied()
                    .unwrap_or_default(),
            );
        }
    }

    /// Writes the words of the name in letters that a domain may have.
    fn domain(&self, row: Row, context: &Context<'_>, text: &mut Text) {
        let (_, land) = context.lands.get(row, stream::COUNTRY);
        let made = || {
            let (brand, trade) = (self.brand(row, context, land), self.trade(row, land));
            match self.words[land.words].trade_first {
                true => format!("{trade} {brand}"),
                false => format!("{brand} {trade}"),
            }
        };
        let label = match context.told(row) {
            Some(name) => {
                let form = ending(name, land).unwrap_or_default();
                label(name.strip_suffix(form).unwrap_or(name))
            }
            None => String::new(),
        };
        let label = if label.is_empty() {
            self::label(&made())
        } else {
            label
        };
        text.push_str(&label);
        text.push_str(".example");
    }
}

/// A label of a domain has at most 63 letters (RFC 1035).
const LONGEST: usize = 63;

/// Returns the words of a name with hyphens between them.
fn label(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words
        .map(prodlike_sdk::german_ascii)
        .filter(|word| !word.is_empty())
        .collect();
    let mut label = words.join("-");
    label.truncate(LONGEST);
    label.trim_end_matches('-').to_owned()
}

/// Returns a word that can be spoken, another one for every number.
fn coined(mut number: u64) -> String {
    let mut word = String::new();
    for _ in 0..SYLLABLES {
        let syllable = (number % 80) as usize;
        number /= 80;
        word.push(CONSONANTS[syllable / VOWELS.len()].into());
        word.push(VOWELS[syllable % VOWELS.len()].into());
    }
    word[..1].make_ascii_uppercase();
    word
}

prodlike_sdk::export!(Company: generator);

#[cfg(test)]
mod tests;
