//! Hides parts of texts: `***-1234`, `A***`, `[redacted]`.
//!
//! A mask keeps what it shows. Where that is enough to tell people apart (the last four digits
//! of a card beside a name), it is no anonymisation: pseudonyms or hashes are.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Letters and digits that stay at the beginning.
    keep_first: usize,
    /// Letters and digits that stay at the end.
    keep_last: usize,
    /// What stands for each that is hidden.
    symbol: char,
    /// So many symbols whatever was hidden, and no punctuation of it: hides lengths too.
    symbols: Option<usize>,
    /// What stands between the symbols and what stays, where `symbols` is given.
    separator: String,
    /// Puts this text in place of every value; the other options then say nothing.
    redact: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            keep_first: 0,
            keep_last: 4,
            symbol: '*',
            symbols: None,
            separator: String::new(),
            redact: None,
        }
    }
}

/// Symbols at most: a manifest cannot make values that are larger than a batch should be.
const MOST_SYMBOLS: usize = 1000;

struct Mask {
    options: Options,
    output: Vec<Field>,
}

impl Plugin for Mask {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The value, of which a part is hidden")
            .example("`***-1234`", r#"{"symbols": 3, "separator": "-"}"#)
            .example("`A*** M*****`", r#"{"keep_first": 1, "keep_last": 0}"#)
            .example("Nothing but a note", r#"{"redact": "[redacted]"}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Mask, Error> {
        if options
            .symbols
            .is_some_and(|symbols| symbols > MOST_SYMBOLS)
        {
            return Err(Error::option("symbols", "it must be at most 1000"));
        }
        if settings.unique {
            return Err(Error::unsupported("masked values may repeat"));
        }
        let output = settings.input.first().cloned().into_iter().collect();
        Ok(Mask { options, output })
    }
}

impl Transform for Mask {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let mask = |value: &str, text: &mut Text| {
            self.write(value, text);
            Ok(())
        };
        Ok(vec![input.column(0)?.map_utf8(mask)?])
    }
}

impl Mask {
    fn write(&self, value: &str, text: &mut Text) {
        let options = &self.options;
        if let Some(redact) = &options.redact {
            text.push_str(redact);
            return;
        }
        let letters = value
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .count();
        // What is no longer than what stays would be shown whole: it is hidden whole.
        let (first, last) = if letters > options.keep_first.saturating_add(options.keep_last) {
            (options.keep_first, letters - options.keep_last)
        } else {
            (0, letters)
        };
        let mut seen = 0;
        let mut symbols = options.symbols;
        for letter in value.chars() {
            let counts = letter.is_alphanumeric();
            seen += usize::from(counts);
            // Punctuation belongs to what is before it, or to what is shown at the end.
            let shown = seen <= first || seen > last;
            match (shown, options.symbols) {
                (true, _) => text.push(letter),
                (false, None) if counts => text.push(options.symbol),
                (false, None) => text.push(letter),
                (false, Some(_)) => {
                    if let Some(count) = symbols.take() {
                        (0..count).for_each(|_| text.push(options.symbol));
                        if last < letters {
                            text.push_str(&options.separator);
                        }
                    }
                }
            }
        }
    }
}

prodlike_sdk::export!(Mask: transform);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn mask(options: &str, value: &str) -> String {
        let job = Job::new(options).input(Table::of_text(&[Some(value), None]));
        let table = job.apply::<Mask>().unwrap();
        assert_eq!(table.text(0)[1], None);
        table.text(0)[0].unwrap().to_owned()
    }

    #[test]
    fn masks_are_as_the_examples_say() {
        assert_eq!(mask("{}", "4111-1111-1111-1234"), "****-****-****-1234");
        assert_eq!(mask("{}", "1234"), "****");
        assert_eq!(mask("{}", ""), "");
        let fixed = r#"{"symbols": 3, "separator": "-"}"#;
        assert_eq!(mask(fixed, "4111-1111-1111-1234"), "***-1234");
        assert_eq!(mask(fixed, "12"), "***");
        assert_eq!(mask(r#"{"keep_first": 1, "keep_last": 0}"#, "Änne"), "Ä***");
        assert_eq!(mask(r#"{"redact": "[redacted]"}"#, "x"), "[redacted]");
    }

    #[test]
    fn numbers_and_wrong_options_are_refused() {
        let numbers = Table::new([(Field::int64("id"), Column::from(vec![1i64]))]);
        assert!(Job::new("{}").input(numbers).apply::<Mask>().is_err());
        let error = Job::new(r#"{"symbol": "ab"}"#)
            .configure::<Mask>()
            .err()
            .unwrap();
        assert!(error.to_string().starts_with("option `symbol`"), "{error}");
    }
}
