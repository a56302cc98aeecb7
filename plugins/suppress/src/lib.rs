//! Clears rare values: what fewer than k entities share becomes NULL, or a stand-in.
//!
//! Learning names every value once a row, and the host counts by whom it is shared; only what k
//! entities share comes back, and only that stays. Where nothing was learned, nothing stays.

use std::collections::HashSet;

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Entities that must share a value for it to stay, where that is more than the floor.
    least: u64,
    /// What a text becomes; NULL where there is none.
    stand_in: Option<String>,
}

/// Longer texts are never kept: they are nobody's but their writer's.
const LONGEST: usize = 1024;

struct Suppress {
    options: Options,
    kept: HashSet<String>,
    output: Vec<Field>,
}

impl Plugin for Suppress {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The value, if it is no rare one")
            .example("A word for what is rare", r#"{"stand_in": "other"}"#)
            .example("Kept where a hundred share it", r#"{"least": 100}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Suppress, Error> {
        if settings.unique {
            return Err(Error::unsupported("unique values are all rare"));
        }
        let field = settings.input.first();
        if let Some(field) = field {
            if !field.is_text() && !is_number(&field.kind) {
                return Err(Error::unsupported(format!(
                    "column `{}` holds neither texts nor numbers nor times",
                    field.name
                )));
            }
            if options.stand_in.is_some() && !field.is_text() {
                return Err(Error::option("stand_in", "the column holds no texts"));
            }
        }
        let learned = settings.learned.iter();
        let shared = learned.filter(|count| count.entities >= options.least);
        let output = field.map(|field| {
            let nullable = field.nullable || options.stand_in.is_none();
            field.clone().nullable(nullable)
        });
        Ok(Suppress {
            kept: shared.map(|count| count.key.clone()).collect(),
            options,
            output: output.into_iter().collect(),
        })
    }
}

/// Whether values can be read as integers or floats.
fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Boolean | Kind::Float32 | Kind::Float64) || kind.bounds().is_some()
}

/// Returns the values as texts, the same for the same value whatever the batch.
fn keys(column: View<'_>) -> Result<Vec<Option<String>>, Error> {
    if column.field().is_text() {
        let texts = column.utf8()?;
        let short = |text: &&str| text.len() <= LONGEST;
        return Ok(texts
            .iter()
            .map(|text| text.filter(short).map(str::to_owned))
            .collect());
    }
    let rows = 0..column.len();
    if let Kind::Float32 | Kind::Float64 = column.field().kind {
        let floats = column.floats()?;
        return Ok(rows
            .map(|row| floats.get(row).map(|value| value.to_string()))
            .collect());
    }
    let integers = column.integers()?;
    Ok(rows
        .map(|row| integers.get(row).map(|value| value.to_string()))
        .collect())
}

impl Learn for Suppress {
    fn keys(&self, input: &Batch<'_>) -> Result<Column, Error> {
        let mut lists = ListBuilder::new(Utf8Builder::default());
        for key in keys(input.column(0)?)? {
            lists.push_with(|list| match key {
                Some(key) => {
                    list.push(&key);
                    1
                }
                None => 0,
            });
        }
        Ok(lists.finish(Utf8Builder::finish))
    }
}

impl Transform for Suppress {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let column = input.column(0)?;
        if let Some(stand_in) = &self.options.stand_in {
            let change = |value: &str, text: &mut Text| {
                text.push_str(if self.kept.contains(value) {
                    value
                } else {
                    stand_in
                });
                Ok(())
            };
            return Ok(vec![column.map_utf8(change)?]);
        }
        let keys = keys(column)?;
        let stays = |row: usize| {
            keys[row]
                .as_ref()
                .is_some_and(|key| self.kept.contains(key))
        };
        Ok(vec![column.keep(stays)?])
    }
}

prodlike_sdk::export!(Suppress: transform, learn);

#[cfg(test)]
mod tests {
    use prodlike_sdk::Values;
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn towns() -> Table {
        Table::of_text(&[Some("Rome"), Some("Ur"), None, Some("Rome"), Some("Oslo")])
    }

    #[test]
    fn rare_values_go_and_leave_nothing() {
        let job = Job::new("{}")
            .learned(&[("Oslo", 9), ("Rome", 40)])
            .input(towns());
        let table = job.apply::<Suppress>().unwrap();
        assert_eq!(
            table.text(0),
            [Some("Rome"), None, None, Some("Rome"), Some("Oslo")]
        );
        let Values::Varlen { data, .. } = table.column(0).as_column().values() else {
            panic!("no text");
        };
        assert_eq!(data, b"RomeRomeOslo");
        let job = Job::new(r#"{"least": 10}"#)
            .learned(&[("Oslo", 9), ("Rome", 40)])
            .input(towns());
        assert_eq!(job.apply::<Suppress>().unwrap().text(0)[4], None);
        let table = Job::new("{}").input(towns()).apply::<Suppress>().unwrap();
        assert_eq!(table.text(0), [None; 5]);
    }

    #[test]
    fn a_word_stands_for_rare_texts() {
        let options = r#"{"stand_in": "other"}"#;
        let table = Job::new(options)
            .learned(&[("Rome", 40)])
            .input(towns())
            .apply::<Suppress>();
        let expected = [
            Some("Rome"),
            Some("other"),
            None,
            Some("Rome"),
            Some("other"),
        ];
        assert_eq!(table.unwrap().text(0), expected);
        let numbers = Table::new([(Field::int64("n"), Column::from(vec![1i64]))]);
        let error = Job::new(options)
            .input(numbers)
            .configure::<Suppress>()
            .err()
            .unwrap();
        assert!(
            error.to_string().starts_with("option `stand_in`"),
            "{error}"
        );
    }

    #[test]
    fn numbers_dates_and_dictionaries_are_cleared() {
        let cleared = |field: Field, column: Column, learned: &str| {
            let job = Job::new("{}")
                .learned(&[(learned, 40)])
                .input(Table::new([(field, column)]));
            job.apply::<Suppress>().unwrap()
        };
        let table = cleared(Field::int64("n"), Column::from(vec![7i64, 8]), "7");
        assert_eq!(table.column(0).as_int64(), Some(&[7, 0][..]));
        assert!(table.column(0).is_null(1));
        let table = cleared(Field::float64("x"), Column::from(vec![0.5, -2.0]), "-2");
        assert_eq!(table.column(0).as_float64(), Some(&[0.0, -2.0][..]));
        let table = cleared(
            Field::new("d", Kind::Date),
            Column::from(vec![10i32, 11]),
            "11",
        );
        assert!(table.column(0).is_null(0) && !table.column(0).is_null(1));
        let mut words = DictionaryBuilder::default();
        ["a", "b", "a"]
            .into_iter()
            .for_each(|word| words.push(word));
        let table = cleared(Field::dictionary("w"), words.finish(), "a");
        assert_eq!(table.text(0), [Some("a"), None, Some("a")]);
        assert_eq!(table.column(0).child(0).unwrap().len(), 1);
    }

    #[test]
    fn values_are_named_once_a_row() {
        let long = "x".repeat(LONGEST + 1);
        let table = Table::of_text(&[Some("a"), None, Some(&long), Some("")]);
        let keys = Job::new("{}")
            .configure::<Suppress>()
            .unwrap()
            .keys(&table.batch())
            .unwrap();
        assert_eq!(keys.values(), &Values::Offsets(vec![0, 1, 1, 1, 2]));
    }
}
