//! Loyalty card numbers.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// What every number begins with.
    prefix: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            prefix: "LC".into(),
        }
    }
}

struct Loyalty(Options);

impl Plugin for Loyalty {
    type Options = Options;

    fn about() -> About {
        about!().output("number", "", "A loyalty card's number")
    }

    fn configure(options: Options, _: &Settings) -> Result<Loyalty, Error> {
        Ok(Loyalty(options))
    }
}

impl Generator for Loyalty {
    fn output(&self) -> Vec<Field> {
        vec![Field::utf8("number")]
    }

    fn generate(&self, rows: &Rows, _: &Batch) -> Result<Vec<Column>, Error> {
        let mut numbers = Utf8Builder::with_capacity(rows.len(), 12);
        for row in rows {
            numbers.push_with(|text| {
                text.push_str(&self.0.prefix);
                text.push_digits(row.rng().below(100_000_000), 8);
            });
        }
        Ok(vec![numbers.finish()])
    }
}

prodlike_sdk::export!(Loyalty: generator);
