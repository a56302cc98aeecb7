//! Bounded, rounded noise on numbers.
//!
//! The noise of a row lies within bounds that the manifest states, so that no value becomes
//! absurd; rounding hides which last digits were there before. It is no differential privacy,
//! whose noise has no bounds.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// What is added or taken away at most.
    within: Option<f64>,
    /// The share of the value that is added or taken away at most; 0.1, a tenth, where neither
    /// this nor `within` is given.
    share: Option<f64>,
    /// Results are multiples of this.
    round: Option<f64>,
    /// No result is less; of results only.
    min: Option<f64>,
    /// No result is more; of results only.
    max: Option<f64>,
    /// How the noise is spread between its bounds.
    shape: Shape,
}

/// How noise is spread between its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Shape {
    /// Every amount as likely.
    Uniform,
    /// Small amounts more likely.
    Triangular,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            within: None,
            share: None,
            round: None,
            min: None,
            max: None,
            shape: Shape::Triangular,
        }
    }
}

struct Noise {
    options: Options,
    /// What one of the column's units is: 0.01 for decimals of two places, 1 otherwise.
    unit: f64,
    output: Vec<Field>,
}

impl Plugin for Noise {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The number, and some noise")
            .example(
                "Salaries by a twentieth, in hundreds",
                r#"{"share": 0.05, "round": 100, "min": 0}"#,
            )
            .example(
                "Ages by three years",
                r#"{"within": 3, "min": 0, "max": 120}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Noise, Error> {
        let finite = |path: &str, value: Option<f64>| match value {
            Some(value) if !value.is_finite() || value < 0.0 => {
                Err(Error::option(path, "it must be a number and not below 0"))
            }
            _ => Ok(()),
        };
        finite("within", options.within)?;
        finite("share", options.share)?;
        finite("round", options.round)?;
        if let (Some(min), Some(max)) = (options.min, options.max)
            && min > max
        {
            return Err(Error::option("min", "it is above `max`"));
        }
        if settings.unique {
            return Err(Error::unsupported("values with noise may repeat"));
        }
        let unit = match settings.input.first().map(|field| &field.kind) {
            Some(Kind::Decimal { scale, .. }) => 10f64.powi(-i32::from(*scale)),
            _ => 1.0,
        };
        Ok(Noise {
            options,
            unit,
            output: settings.input.first().cloned().into_iter().collect(),
        })
    }
}

impl Transform for Noise {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let values = input.column(0)?;
        // The amount is exact in a float; the value may have more digits than that.
        let amount = |row: usize, value: f64| {
            let number = value * self.unit;
            ((self.noisy(rows.row(row), number) - number) / self.unit).round()
        };
        let column = match values.field().kind {
            Kind::Float32 | Kind::Float64 => {
                values.map_floats(|row, value| Ok(self.noisy(rows.row(row), value)))?
            }
            Kind::Int8
            | Kind::Int16
            | Kind::Int32
            | Kind::Int64
            | Kind::UInt8
            | Kind::UInt16
            | Kind::UInt32 => values.map_int64(|row, value| {
                Ok(value.saturating_add(amount(row, value as f64) as i64))
            })?,
            Kind::UInt64 | Kind::Decimal { .. } => values.map_integers(|row, value| {
                Ok(value.saturating_add(amount(row, value as f64) as i128))
            })?,
            _ => return Err(Error::unsupported("noise is for numbers")),
        };
        Ok(vec![column])
    }
}

impl Noise {
    fn noisy(&self, row: Row, value: f64) -> f64 {
        if !value.is_finite() {
            return value;
        }
        let options = &self.options;
        let share = options.share.map(|share| share * value.abs());
        // Both bounds hold where both are given.
        let bound = match (options.within, share) {
            (Some(within), Some(share)) => within.min(share),
            (Some(bound), None) | (None, Some(bound)) => bound,
            (None, None) => 0.1 * value.abs(),
        };
        let mut rng = row.rng();
        let amount = match options.shape {
            Shape::Uniform => 2.0 * rng.unit() - 1.0,
            Shape::Triangular => rng.unit() - rng.unit(),
        };
        let mut noisy = value + amount * bound;
        if let Some(step) = options.round.filter(|step| *step > 0.0) {
            noisy = (noisy / step).round() * step;
        }
        let low = options.min.unwrap_or(f64::NEG_INFINITY);
        let high = options.max.unwrap_or(f64::INFINITY);
        noisy.clamp(low, high)
    }
}

prodlike_sdk::export!(Noise: transform);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn salaries() -> Table {
        let salaries = (0..5000)
            .map(|row| 30_000.0 + f64::from(row))
            .collect::<Vec<f64>>();
        Table::new([(Field::float64("salary"), Column::from(salaries))])
    }

    #[test]
    fn noise_stays_within_its_bounds_and_is_centred() {
        for options in [
            r#"{"within": 500}"#,
            r#"{"within": 500, "shape": "uniform"}"#,
        ] {
            let table = Job::new(options)
                .input(salaries())
                .apply::<Noise>()
                .unwrap();
            let noisy = table.column(0).as_float64().unwrap().to_vec();
            let moved: Vec<f64> = noisy
                .iter()
                .enumerate()
                .map(|(row, value)| value - 30_000.0 - row as f64)
                .collect();
            assert!(moved.iter().all(|moved| moved.abs() <= 500.0));
            let mean = moved.iter().sum::<f64>() / moved.len() as f64;
            assert!(mean.abs() < 20.0, "{mean}");
            assert!(moved.iter().any(|moved| moved.abs() > 300.0));
        }
    }

    #[test]
    fn results_are_rounded_and_clamped() {
        let options = r#"{"share": 0.5, "round": 100, "min": 20000, "max": 40000}"#;
        let table = Job::new(options)
            .input(salaries())
            .apply::<Noise>()
            .unwrap();
        let noisy = table.column(0).as_float64().unwrap();
        assert!(
            noisy
                .iter()
                .all(|value| value % 100.0 == 0.0 && (20_000.0..=40_000.0).contains(value))
        );
    }

    #[test]
    fn whole_numbers_and_decimals_keep_their_type_and_nulls() {
        let mut ages = Int64Builder::with_capacity(3);
        ages.push(40);
        ages.push_null();
        ages.push(i64::MAX);
        let table = Table::new([(Field::int64("age").nullable(true), ages.finish())]);
        let noisy = Job::new(r#"{"within": 3}"#)
            .input(table)
            .apply::<Noise>()
            .unwrap();
        let ages = noisy.column(0).integers().unwrap();
        assert!((37..=43).contains(&ages.get(0).unwrap()));
        assert_eq!(ages.get(1), None);
        assert!(ages.get(2).unwrap() >= i128::from(i64::MAX) - 3);

        let mut prices = DecimalBuilder::with_capacity(1);
        prices.push(1999);
        let kind = Kind::Decimal {
            precision: 10,
            scale: 2,
        };
        let table = Table::new([(Field::new("price", kind), prices.finish())]);
        let noisy = Job::new(r#"{"within": 0.5}"#)
            .input(table)
            .apply::<Noise>()
            .unwrap();
        assert!((1949..=2049).contains(&noisy.column(0).integers().unwrap().get(0).unwrap()));
    }

    #[test]
    fn wrong_bounds_are_named() {
        let error = Job::new(r#"{"within": -1}"#)
            .configure::<Noise>()
            .err()
            .unwrap();
        assert!(error.to_string().starts_with("option `within`"));
    }
}
