//! Columns of every kind, for measuring what a component costs beside native code.

use prodlike_sdk::prelude::*;

/// There are none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {}

/// What is measured.
#[derive(Clone, Copy, Debug)]
enum Output {
    Integer,
    Luhn,
    Text,
    Pieces,
    Dictionary,
    Unique,
}

const OUTPUTS: [(&str, Output); 6] = [
    ("integer", Output::Integer),
    ("luhn", Output::Luhn),
    ("text", Output::Text),
    ("pieces", Output::Pieces),
    ("dictionary", Output::Dictionary),
    ("unique", Output::Unique),
];

/// Texts of 14 to 26 bytes.
const TEXTS: [&str; 8] = [
    "Leonardo Vianna",
    "Marketa Hoffmanova",
    "Alexandra Wetherby-Fox",
    "Bartholomaeus Oberhuber",
    "Jan-Willem van de Kamp",
    "Annika Lindqvist",
    "Pedro Calderon Marquez",
    "Wilhelmina Featherstonehau",
];

/// The plugin.
#[derive(Debug)]
pub struct Measure {
    outputs: Vec<(&'static str, Output)>,
    /// What a transform gives back.
    input: Vec<Field>,
}

impl Plugin for Measure {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("integer", "", "A whole number from a range")
            .output("luhn", "", "A number with a check digit")
            .output("text", "", "A text of some 20 bytes, as a whole")
            .output("pieces", "", "A text of some 20 bytes, by pieces")
            .output("dictionary", "", "A text by its position")
            .output("unique", "", "A whole number that no other row has")
    }

    fn configure(_: Options, settings: &Settings) -> Result<Measure, Error> {
        let named = OUTPUTS.map(|output| (output.0, output));
        let outputs = settings.outputs(&named)?;
        let differs = |(_, output): &(_, Output)| matches!(output, Output::Unique);
        if settings.unique && !outputs.iter().any(differs) {
            return Err(Error::unsupported("only `unique` does not repeat"));
        }
        Ok(Measure {
            outputs,
            input: settings.input.clone(),
        })
    }
}

impl Generator for Measure {
    fn output(&self) -> Vec<Field> {
        self.outputs
            .iter()
            .map(|&(name, output)| match output {
                Output::Integer | Output::Luhn | Output::Unique => Field::int64(name),
                Output::Text | Output::Pieces => Field::utf8(name),
                Output::Dictionary => Field::dictionary(name),
            })
            .collect()
    }

    fn generate(&self, rows: &Rows, _: &Batch<'_>) -> Result<Vec<Column>, Error> {
        self.outputs
            .iter()
            .map(|&(_, output)| column(output, rows))
            .collect()
    }
}

/// Changes every column as a privacy transform would: numbers a little, texts behind their
/// beginning; what is neither stays.
impl Transform for Measure {
    fn output(&self) -> Vec<Field> {
        self.input.clone()
    }

    fn apply(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let noise = |row: usize| rows.row(row).rng().range(-9, 9);
        input
            .iter()
            .map(|view| match view.field().kind {
                Kind::Int64 => view.map_int64(|row, value| Ok(value + noise(row))),
                Kind::Float64 => view.map_floats(|_, value| Ok((value * 8.0).round() / 8.0)),
                _ if view.utf8().is_ok() => view.map_utf8(|value, text| {
                    text.push_mapped(value, |at, letter| {
                        let is_hidden = at >= 4 && letter.is_alphanumeric();
                        if is_hidden { '*' } else { letter }
                    });
                    Ok(())
                }),
                _ => Ok(view.as_column().clone()),
            })
            .collect()
    }
}

fn column(output: Output, rows: &Rows) -> Result<Column, Error> {
    let length = rows.len();
    Ok(match output {
        Output::Integer => {
            let mut numbers = Int64Builder::with_capacity(length);
            numbers.extend(rows.iter().map(|row| row.rng().range(1_000, 9_999_999)));
            numbers.finish()
        }
        Output::Luhn => {
            let mut numbers = Int64Builder::with_capacity(length);
            numbers.extend(
                rows.iter()
                    .map(|row| luhn(row.rng().below(1_000_000_000_000_000))),
            );
            numbers.finish()
        }
        Output::Text => {
            let mut texts = Utf8Builder::with_capacity(length, 21);
            texts.extend(rows.iter().map(|row| TEXTS[row.rng().below(8) as usize]));
            texts.finish()
        }
        Output::Pieces => {
            let mut texts = Utf8Builder::with_capacity(length, 21);
            texts.extend_with(rows, |text, row| {
                let mut rng = row.rng();
                text.push_str("POL-");
                text.push_digits(rng.below(100_000_000), 8);
                text.push('/');
                text.push_digits(rng.below(10_000_000), 7);
            });
            texts.finish()
        }
        Output::Dictionary => {
            let mut texts = DictionaryBuilder::with_values(TEXTS);
            texts.extend_keys(rows.iter().map(|row| row.rng().below(8) as u32));
            texts.finish()
        }
        Output::Unique => {
            let unique = rows.unique(10_000_000_000, 0)?;
            let mut numbers = Int64Builder::with_capacity(length);
            numbers.extend(rows.iter().map(|row| unique.apply(row.number()) as i64));
            numbers.finish()
        }
    })
}

/// Returns a number with Luhn's digit behind it.
fn luhn(body: u64) -> i64 {
    let (mut rest, mut sum, mut doubled) = (body, 0, true);
    while rest > 0 {
        let digit = rest % 10;
        rest /= 10;
        sum += match doubled {
            true => digit * 2 - 9 * u64::from(digit > 4),
            false => digit,
        };
        doubled = !doubled;
    }
    (body * 10 + (10 - sum % 10) % 10) as i64
}

prodlike_sdk::export!(Measure: generator, transform);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    #[test]
    fn all_columns_are_made() {
        let names = OUTPUTS.map(|(name, _)| name);
        let table = Job::new("").wanted(&names).generate::<Measure>().unwrap();
        let unique: HashSet<&i64> = table.column(5).as_int64().unwrap().iter().collect();
        assert_eq!(unique.len(), 1000);
        assert!(
            table
                .text(2)
                .iter()
                .flatten()
                .all(|text| TEXTS.contains(text))
        );
        assert!(table.text(3).iter().flatten().all(|text| text.len() == 20));
        assert!(
            table
                .text(3)
                .iter()
                .flatten()
                .all(|text| text.starts_with("POL-"))
        );
        assert_eq!(luhn(411_111_111_111_111), 4_111_111_111_111_111);
    }

    #[test]
    fn columns_are_changed() {
        let mut floats = Float64Builder::with_capacity(2);
        floats.extend([0.3, 1.0]);
        let mut truths = BooleanBuilder::with_capacity(2);
        truths.push(true);
        truths.push_null();
        let truths = truths.finish();
        let input = Table::new([
            (Field::int64("number"), Column::from(vec![100i64, 200])),
            (Field::float64("float"), floats.finish()),
            (Field::boolean("truth"), truths.clone()),
        ]);
        let table = Job::new("").input(input).apply::<Measure>().unwrap();
        let numbers = table.column(0).as_int64().unwrap();
        assert!((91..=109).contains(&numbers[0]) && (191..=209).contains(&numbers[1]));
        assert_eq!(table.column(1).as_float64().unwrap(), [0.25, 1.0]);
        assert_eq!(*table.column(2).as_column(), truths);
        let texts = Table::of_text(&[Some("Leonardo"), None, Some("Leo")]);
        let table = Job::new("").input(texts).apply::<Measure>().unwrap();
        assert_eq!(table.text(0), [Some("Leon****"), None, Some("Leo")]);
    }
}
