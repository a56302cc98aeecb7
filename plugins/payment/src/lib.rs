//! Payment cards, IBANs and BICs: made and recognised.
//!
//! Card numbers lie within the ranges of their brands and end with Luhn's digit; IBANs have
//! the structure that their country registered with SWIFT and check digits by ISO 7064. A
//! row's bank is the same in its IBAN and its BIC. The numbers are drawn, not taken from
//! anybody, but one of them may belong to somebody, as any well-formed number may.

mod card;
mod iban;

use prodlike_sdk::country;
use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Brands of cards and their weights.
    brands: Vec<Brand>,
    /// Countries of accounts, as ISO 3166 writes them (`DE`), where neither a column nor the
    /// locale tells; all there are where the list is empty.
    countries: Vec<String>,
    /// Whether card numbers and IBANs are written in groups of four.
    grouped: bool,
    /// The first year in which cards expire.
    expires_from: u16,
    /// The last year in which cards expire.
    expires_to: u16,
}

/// A brand and how often it comes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Brand {
    /// Whose card it is.
    brand: card::Brand,
    /// How often, beside the others.
    #[serde(default = "one")]
    weight: u32,
}

fn one() -> u32 {
    1
}

impl Default for Options {
    fn default() -> Options {
        let brands = [
            (card::Brand::Visa, 52),
            (card::Brand::Mastercard, 32),
            (card::Brand::Amex, 10),
            (card::Brand::Discover, 3),
            (card::Brand::Jcb, 2),
            (card::Brand::Diners, 1),
        ];
        Options {
            brands: brands
                .into_iter()
                .map(|(brand, weight)| Brand { brand, weight })
                .collect(),
            countries: Vec::new(),
            grouped: false,
            expires_from: 2026,
            expires_to: 2031,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Output {
    CardNumber,
    CardBrand,
    CardExpiry,
    Iban,
    Bic,
}

const OUTPUTS: [(&str, Output); 5] = [
    ("card_number", Output::CardNumber),
    ("card_brand", Output::CardBrand),
    ("card_expiry", Output::CardExpiry),
    ("iban", Output::Iban),
    ("bic", Output::Bic),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const BRAND: u64 = 0;
    pub(crate) const CARD: u64 = 1;
    pub(crate) const EXPIRY: u64 = 2;
    pub(crate) const COUNTRY: u64 = 3;
    pub(crate) const BANK: u64 = 4;
    pub(crate) const ACCOUNT: u64 = 5;
}

/// Digits by which unique numbers differ: every number has room for them.
const UNIQUE_DIGITS: u32 = 9;

struct Payment {
    options: Options,
    outputs: Vec<Output>,
    names: Vec<String>,
    weights: Weighted,
    countries: Vec<&'static iban::Country>,
    /// The locale's country, if accounts are known there.
    local: Option<&'static iban::Country>,
    unique: bool,
}

impl Plugin for Payment {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "card_number",
                "card_number",
                "The number of a payment card, with Luhn's digit",
            )
            .output("card_brand", "", "The brand that the row's card number has")
            .output(
                "card_expiry",
                "",
                "The month until which the card is valid: 07/29",
            )
            .output(
                "iban",
                "iban",
                "An account's number by the rules of its country",
            )
            .output(
                "bic",
                "",
                "The code of the bank that the row's IBAN belongs to",
            )
            .context("country")
            .finds("card_number")
            .finds("iban")
            .example("Cards in groups of four", r#"{"grouped": true}"#)
            .example(
                "Visa alone, accounts in Austria and Germany",
                r#"{"brands": [{"brand": "visa"}], "countries": ["AT", "DE"]}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Payment, Error> {
        let outputs = settings.outputs(&OUTPUTS)?;
        let differs = |output: &Output| matches!(output, Output::CardNumber | Output::Iban);
        // Other columns beside one that tells rows apart may repeat.
        if settings.unique && !outputs.iter().any(differs) {
            return Err(Error::unsupported(
                "only `card_number` and `iban` can be unique",
            ));
        }
        let weights = options.brands.iter().map(|brand| brand.weight.into());
        let weights = Weighted::new(weights)
            .ok_or_else(|| Error::option("brands", "one weight at least must not be 0"))?;
        if options.expires_from > options.expires_to {
            return Err(Error::option("expires_from", "it is after `expires_to`"));
        }
        let countries = match options.countries.as_slice() {
            [] => iban::COUNTRIES.iter().collect(),
            codes => codes
                .iter()
                .enumerate()
                .map(|(index, code)| {
                    iban::Country::find(code).ok_or_else(|| {
                        let path = format!("countries[{index}]");
                        Error::option(path, "IBANs of that country are not known")
                    })
                })
                .collect::<Result<_, _>>()?,
        };
        let local = options
            .countries
            .is_empty()
            .then(|| settings.country().and_then(iban::Country::find))
            .flatten();
        Ok(Payment {
            names: if settings.wanted.is_empty() {
                vec![OUTPUTS[0].0.to_owned()]
            } else {
                settings
                    .wanted
                    .iter()
                    .map(|field| field.name.clone())
                    .collect()
            },
            options,
            outputs,
            weights,
            countries,
            local,
            unique: settings.unique,
        })
    }
}

impl Generator for Payment {
    fn output(&self) -> Vec<Field> {
        let field = |(output, name): (&Output, &String)| match output {
            Output::CardBrand => Field::dictionary(name),
            _ => Field::utf8(name),
        };
        self.outputs.iter().zip(&self.names).map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let unique = self
            .unique
            .then(|| rows.unique(10u64.pow(UNIQUE_DIGITS), 0))
            .transpose()?;
        let number = |row: Row| unique.as_ref().map(|unique| unique.apply(row.number()));
        let countries = input
            .semantic("country")
            .map(|view| view.utf8())
            .transpose()?;
        let country = |row: Row| {
            countries
                .and_then(|names| country::code(names.get(row.index())?))
                .and_then(iban::Country::find)
                .or(self.local)
                .or_else(|| row.stream(stream::COUNTRY).pick(&self.countries).copied())
                .unwrap_or(&iban::COUNTRIES[0])
        };
        Ok(self
            .outputs
            .iter()
            .map(|output| match output {
                Output::CardBrand => self.brands(rows),
                output => {
                    let mut texts = Utf8Builder::with_capacity(rows.len(), 24);
                    texts.extend_with(rows, |text, row| match output {
                        Output::CardNumber => {
                            let number = self
                                .brand(row)
                                .number(&mut row.stream(stream::CARD), number(row));
                            group(text, number.as_bytes(), self.options.grouped);
                        }
                        Output::CardExpiry => self.expiry(row, text),
                        Output::Iban => {
                            let iban = country(row).iban(
                                &mut row.stream(stream::BANK),
                                &mut row.stream(stream::ACCOUNT),
                                number(row),
                            );
                            group(text, iban.as_bytes(), self.options.grouped);
                        }
                        Output::Bic => country(row).bic(&mut row.stream(stream::BANK), text),
                        Output::CardBrand => {}
                    });
                    texts.finish()
                }
            })
            .collect())
    }
}

impl Payment {
    fn brand(&self, row: Row) -> card::Brand {
        let index = self.weights.draw(&mut row.stream(stream::BRAND));
        self.options.brands[index].brand
    }

    fn brands(&self, rows: &Rows) -> Column {
        let names = self.options.brands.iter().map(|brand| brand.brand.name());
        let mut brands = DictionaryBuilder::default();
        let keys: Vec<u32> = names.map(|name| brands.position(name)).collect();
        for row in rows {
            brands.push_key(keys[self.weights.draw(&mut row.stream(stream::BRAND))]);
        }
        brands.finish()
    }

    fn expiry(&self, row: Row, text: &mut Text) {
        let mut rng = row.stream(stream::EXPIRY);
        let years = self.options.expires_from.into()..=self.options.expires_to.into();
        text.push_digits(1 + rng.below(12), 2);
        text.push('/');
        text.push_digits(rng.range(*years.start(), *years.end()) as u64 % 100, 2);
    }
}

/// Writes a number, with a space after every fourth character where it is asked for.
fn group(text: &mut Text, number: &[u8], grouped: bool) {
    let width = if grouped { 4 } else { number.len().max(1) };
    for (index, part) in number.chunks(width).enumerate() {
        if index > 0 {
            text.push(' ');
        }
        // Whole pieces: what a component pays for is each turn of a loop.
        text.push_str(str::from_utf8(part).unwrap_or_default());
    }
}

impl Detector for Payment {
    fn detect(&self, input: &Batch<'_>) -> Result<Vec<Finding>, Error> {
        let values = input.column(0)?;
        let (mut cards, mut ibans) = (0, 0);
        if let Ok(texts) = values.utf8() {
            for value in texts.iter().flatten() {
                cards += u32::from(card::is_card(value));
                ibans += u32::from(iban::is_iban(value));
            }
        } else if let Ok(numbers) = values.integers() {
            for number in (0..values.len()).filter_map(|row| numbers.get(row)) {
                cards += u32::from(card::is_card(&number.to_string()));
            }
        }
        // Random digits of the right length and beginning pass in one case of ten, of 97.
        Ok(vec![
            Finding {
                semantic: 0,
                matched: cards,
                chance: 0.1,
            },
            Finding {
                semantic: 1,
                matched: ibans,
                chance: 1.0 / 97.0,
            },
        ])
    }
}

prodlike_sdk::export!(Payment: generator, detector);

#[cfg(test)]
mod tests;
