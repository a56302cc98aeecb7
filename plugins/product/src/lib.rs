//! Products: a name by category, a price within the category's band, and an EAN-13.
//!
//! Columns of one row agree: the name and the price are those of its category.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Categories and their words; a small shop's where the list is empty.
    categories: Vec<Category>,
    /// First digits of all EANs, of the country or company: 2 to 9 of them.
    ean_prefix: String,
}

/// A category of products.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Category {
    /// What it is called.
    name: String,
    /// How often, beside the others.
    #[serde(default = "one")]
    weight: u32,
    /// What products are.
    nouns: Vec<String>,
    /// The lowest price.
    from: f64,
    /// The highest price.
    to: f64,
}

fn one() -> u32 {
    1
}

impl Default for Options {
    fn default() -> Options {
        Options {
            categories: Vec::new(),
            ean_prefix: "400".into(),
        }
    }
}

/// Names, weights, nouns, and prices from, to.
const SHOP: [(&str, u32, &[&str], f64, f64); 8] = [
    (
        "Kitchen",
        20,
        &["Pan", "Knife", "Kettle", "Bowl", "Toaster", "Mug"],
        5.0,
        120.0,
    ),
    (
        "Furniture",
        10,
        &["Chair", "Table", "Shelf", "Lamp", "Sofa", "Desk"],
        40.0,
        1500.0,
    ),
    (
        "Clothing",
        25,
        &["Shirt", "Jacket", "Scarf", "Trousers", "Coat", "Socks"],
        8.0,
        250.0,
    ),
    (
        "Electronics",
        15,
        &["Headphones", "Monitor", "Keyboard", "Speaker", "Charger"],
        10.0,
        900.0,
    ),
    (
        "Garden",
        8,
        &["Spade", "Hose", "Planter", "Rake", "Bench"],
        6.0,
        300.0,
    ),
    (
        "Toys",
        10,
        &["Puzzle", "Train", "Kite", "Doll", "Blocks"],
        5.0,
        90.0,
    ),
    (
        "Sports",
        7,
        &["Ball", "Racket", "Mat", "Helmet", "Backpack"],
        9.0,
        400.0,
    ),
    (
        "Stationery",
        5,
        &["Notebook", "Pen", "Folder", "Calendar", "Stapler"],
        1.0,
        40.0,
    ),
];
const QUALITIES: [&str; 16] = [
    "Classic",
    "Compact",
    "Durable",
    "Elegant",
    "Foldable",
    "Handmade",
    "Heavy",
    "Light",
    "Modern",
    "Organic",
    "Practical",
    "Premium",
    "Robust",
    "Simple",
    "Small",
    "Sturdy",
];
const MATERIALS: [&str; 12] = [
    "Bamboo", "Ceramic", "Cotton", "Felt", "Glass", "Leather", "Linen", "Oak", "Rubber", "Steel",
    "Walnut", "Wool",
];

#[derive(Clone, Copy, PartialEq)]
enum Output {
    Name,
    Category,
    Price,
    Ean,
}

const OUTPUTS: [(&str, Output); 4] = [
    ("name", Output::Name),
    ("category", Output::Category),
    ("price", Output::Price),
    ("ean13", Output::Ean),
];

/// Streams of random numbers.
const CATEGORY: u64 = 0;
const NAME: u64 = 1;
const PRICE: u64 = 2;
const EAN: u64 = 3;

struct Product {
    categories: Vec<Category>,
    weights: Weighted,
    outputs: Vec<(Output, Field)>,
    prefix: u64,
    /// Digits between the prefix and the check digit.
    free: u32,
    unique: bool,
}

impl Plugin for Product {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("name", "", "What the product is called: Sturdy Oak Chair")
            .output("category", "", "The category that the row's name and price are of")
            .output("price", "", "A price that ends as prices do: 19.99")
            .output("ean13", "", "An EAN-13 with its check digit")
            .example(
                "A bakery",
                r#"{"categories": [{"name": "Bread", "nouns": ["Loaf", "Roll"], "from": 0.5, "to": 9}]}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Product, Error> {
        let digits = options.ean_prefix.len();
        let prefix = options.ean_prefix.parse().ok().filter(|_| {
            (2..=9).contains(&digits)
                && options.ean_prefix.bytes().all(|byte| byte.is_ascii_digit())
        });
        let prefix =
            prefix.ok_or_else(|| Error::option("ean_prefix", "it must be 2 to 9 digits"))?;
        for (index, category) in options.categories.iter().enumerate() {
            let path = |part: &str| format!("categories[{index}].{part}");
            if category.nouns.is_empty() {
                return Err(Error::option(path("nouns"), "there must be one at least"));
            }
            if !(0.0..=category.to).contains(&category.from) || category.to > 1e9 {
                return Err(Error::option(
                    path("from"),
                    "prices go from 0 to 10⁹, upwards",
                ));
            }
        }
        let categories = if options.categories.is_empty() {
            SHOP.iter()
                .map(|&(name, weight, nouns, from, to)| Category {
                    name: name.into(),
                    weight,
                    nouns: nouns.iter().map(|&noun| noun.into()).collect(),
                    from,
                    to,
                })
                .collect()
        } else {
            options.categories
        };
        let weights = Weighted::new(categories.iter().map(|category| category.weight.into()))
            .ok_or_else(|| Error::option("categories", "one weight at least must not be 0"))?;
        let chosen = settings.outputs(&OUTPUTS)?;
        if settings.unique && chosen.iter().any(|output| *output != Output::Ean) {
            return Err(Error::unsupported(
                "names and prices repeat; only `ean13` can be unique",
            ));
        }
        let outputs = chosen
            .into_iter()
            .enumerate()
            .map(|(index, output)| {
                let wanted = settings.wanted.get(index);
                let name = wanted.map_or(OUTPUTS[0].0, |field| field.name.as_str());
                let field = match output {
                    Output::Name | Output::Ean => Field::utf8(name),
                    Output::Category => Field::dictionary(name),
                    // As the column has it: prices are decimals or floats.
                    Output::Price => match wanted.map(|field| &field.kind) {
                        Some(kind @ Kind::Decimal { .. }) => Field::new(name, kind.clone()),
                        _ => Field::float64(name),
                    },
                };
                (output, field)
            })
            .collect();
        Ok(Product {
            categories,
            weights,
            outputs,
            prefix,
            free: 12 - digits as u32,
            unique: settings.unique,
        })
    }
}

impl Generator for Product {
    fn output(&self) -> Vec<Field> {
        self.outputs
            .iter()
            .map(|(_, field)| field.clone())
            .collect()
    }

    fn generate(&self, rows: &Rows, _: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let numbers = 10u64.pow(self.free);
        let unique = self.unique.then(|| rows.unique(numbers, 0)).transpose()?;
        let column = |(output, field): &(Output, Field)| match output {
            Output::Name => {
                let mut names = Utf8Builder::with_capacity(rows.len(), 24);
                rows.iter()
                    .for_each(|row| names.push_with(|text| self.name(row, text)));
                names.finish()
            }
            Output::Category => {
                let mut names = DictionaryBuilder::default();
                let keys = self
                    .categories
                    .iter()
                    .map(|category| names.position(&category.name));
                let keys: Vec<u32> = keys.collect();
                for row in rows {
                    names.push_key(keys[self.weights.draw(&mut row.stream(CATEGORY))]);
                }
                names.finish()
            }
            Output::Price => self.prices(rows, &field.kind),
            Output::Ean => {
                let mut eans = Utf8Builder::with_capacity(rows.len(), 13);
                for row in rows {
                    let number = match &unique {
                        Some(unique) => unique.apply(row.number()),
                        None => row.stream(EAN).below(numbers),
                    };
                    let body = self.prefix * numbers + number;
                    eans.push_with(|text| {
                        text.push_digits(body, 12);
                        text.push_digits(check(body), 1);
                    });
                }
                eans.finish()
            }
        };
        Ok(self.outputs.iter().map(column).collect())
    }
}

impl Product {
    fn category(&self, row: Row) -> &Category {
        &self.categories[self.weights.draw(&mut row.stream(CATEGORY))]
    }

    fn name(&self, row: Row, text: &mut Text) {
        let mut rng = row.stream(NAME);
        let quality = rng.pick(&QUALITIES).copied().unwrap_or_default();
        let material = rng.pick(&MATERIALS).copied().unwrap_or_default();
        let noun = rng
            .pick(&self.category(row).nouns)
            .map_or("", String::as_str);
        for (index, word) in [quality, material, noun].into_iter().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }

    /// Returns a price in hundredths: low ones are more likely, and most end with 99 or 49.
    fn price(&self, row: Row) -> i64 {
        let category = self.category(row);
        let mut rng = row.stream(PRICE);
        let (low, high) = ((category.from * 100.0) as i64, (category.to * 100.0) as i64);
        let draw = rng.unit() * rng.unit();
        let price = low + (draw * (high - low) as f64) as i64;
        let ended = match rng.below(10) {
            0..6 => price / 100 * 100 + 99,
            6..8 => price / 100 * 100 + 49,
            _ => price,
        };
        if (low..=high).contains(&ended) {
            ended
        } else {
            price
        }
    }

    fn prices(&self, rows: &Rows, kind: &Kind) -> Column {
        match kind {
            Kind::Decimal { scale, .. } => {
                let mut prices = DecimalBuilder::with_capacity(rows.len());
                for row in rows {
                    let price = i128::from(self.price(row));
                    prices.push(match i32::from(*scale) - 2 {
                        places @ 0..=30 => price * 10i128.pow(places as u32),
                        places => price / 10i128.pow(places.unsigned_abs().min(30)),
                    });
                }
                prices.finish()
            }
            _ => {
                let mut prices = Float64Builder::with_capacity(rows.len());
                prices.extend(rows.iter().map(|row| self.price(row) as f64 / 100.0));
                prices.finish()
            }
        }
    }
}

/// Returns the check digit of twelve digits: those in even places count three times.
fn check(body: u64) -> u64 {
    let (mut rest, mut sum) = (body, 0);
    for place in 0..12 {
        sum += rest % 10 * if place % 2 == 0 { 3 } else { 1 };
        rest /= 10;
    }
    (10 - sum % 10) % 10
}

prodlike_sdk::export!(Product: generator);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use prodlike_sdk::testing::Job;

    use super::*;

    #[test]
    fn eans_have_known_check_digits_and_do_not_repeat() {
        assert_eq!(check(400_638_133_393), 1);
        assert_eq!(check(978_014_300_723), 4);
        let table = Job::new("{}").wanted(&["ean13"]).unique().rows(5000);
        let table = table.generate::<Product>().unwrap();
        let eans: HashSet<&str> = table.text(0).into_iter().flatten().collect();
        assert_eq!(eans.len(), 5000);
        assert!(
            eans.iter()
                .all(|ean| ean.len() == 13 && ean.starts_with("400"))
        );
    }

    #[test]
    fn names_and_prices_are_of_the_rows_category() {
        let table = Job::new("{}").wanted(&["name", "category", "price"]);
        let table = table.generate::<Product>().unwrap();
        let (names, categories) = (table.text(0), table.text(1));
        let prices = table.column(2).as_float64().unwrap();
        for ((name, category), price) in names.iter().flatten().zip(categories).zip(prices) {
            let shop = SHOP.iter().find(|shop| Some(shop.0) == category).unwrap();
            assert!(
                shop.2.iter().any(|noun| name.ends_with(noun)),
                "{name} {category:?}"
            );
            assert!((shop.3..=shop.4).contains(price), "{price} {category:?}");
        }
    }

    #[test]
    fn prices_take_the_columns_scale() {
        let kind = Kind::Decimal {
            precision: 12,
            scale: 4,
        };
        let job = Job::new("{}").wanted_field(Field::new("price", kind));
        let table = job.generate::<Product>().unwrap();
        let prices = table.column(0).integers().unwrap();
        assert!((0..1000).all(|row| prices.get(row).unwrap() % 100 == 0));
    }

    #[test]
    fn wrong_options_are_named() {
        let error = |options: &str| {
            Job::new(options)
                .configure::<Product>()
                .err()
                .unwrap()
                .to_string()
        };
        assert!(error(r#"{"ean_prefix": "4x"}"#).starts_with("option `ean_prefix`"));
        let options = r#"{"categories": [{"name": "A", "nouns": [], "from": 1, "to": 2}]}"#;
        assert!(error(options).starts_with("option `categories[0].nouns`"));
    }
}
