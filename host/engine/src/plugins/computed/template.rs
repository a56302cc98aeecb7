//! Templates: `"{sku:AA-####} for {customer.city}"`.
//!
//! In braces stands a column's name, or a pattern behind a colon, in which `#` is a digit, `A` a
//! capital, `a` a small letter and `*` a digit or capital. A pattern may have a name before the
//! colon: patterns of one name are the same in all columns of a row. `{{` and `}}` are braces.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType as ArrowType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use prodlike_core::error::Hint;
use prodlike_core::generator::{
    Failure, GenerateArgs, Generator, GeneratorError, GeneratorRegistry, GeneratorSpec,
};
use prodlike_core::schema::{DataType, SemanticType};
use prodlike_generators::NativeGenerators;
use prodlike_models::philox::{key, mix};

/// A text with places for columns and random characters.
pub(super) struct Template {
    parts: Vec<Part>,
    needs: Vec<String>,
    unique: bool,
}

enum Part {
    Literal(String),
    /// The position of a column among those that are needed.
    Column(usize),
    /// Random characters, and what their seeds are mixed with.
    Pattern(Arc<dyn Generator>, u64),
}

/// Why a template is none.
#[derive(Debug, thiserror::Error)]
enum Flaw {
    #[error("template `{0}` has a brace that is not closed")]
    Open(String),
    #[error("template `{0}` has a brace that was not opened")]
    Closed(String),
    #[error("template `{0}` has braces with nothing in them")]
    Empty(String),
    #[error("template `{0}` says the same in every row")]
    Constant(String),
}

impl Hint for Flaw {
    fn hint(&self) -> Option<String> {
        Some(
            "In braces stands a column's name or a pattern (`{sku:AA-####}`); a brace itself is \
             written twice"
                .into(),
        )
    }
}

/// What the names of a template's patterns are; those of one name agree within a row.
pub(crate) fn has_names(text: &str) -> bool {
    let mut inner = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    inner.any(|(inner, _)| {
        inner
            .split_once(':')
            .is_some_and(|(name, _)| !name.is_empty())
    })
}

impl Template {
    pub(super) fn new(spec: &GeneratorSpec) -> Result<Template, GeneratorError> {
        let flaw = |flaw| GeneratorError::Plugin(Failure::new(flaw));
        let text = &spec.options;
        let mut made = Template {
            parts: Vec::new(),
            needs: Vec::new(),
            unique: spec.unique,
        };
        let mut literal = String::new();
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let is_double = letters.peek().is_some_and(|&(_, next)| next == letter);
            match letter {
                '{' | '}' if is_double => {
                    letters.next();
                    literal.push(letter);
                }
                '{' => {
                    let rest = &text[at + 1..];
                    let end = rest
                        .find('}')
                        .ok_or_else(|| flaw(Flaw::Open(text.clone())))?;
                    if end == 0 {
                        return Err(flaw(Flaw::Empty(text.clone())));
                    }
                    letters
                        .by_ref()
                        .take_while(|&(_, letter)| letter != '}')
                        .for_each(drop);
                    if !literal.is_empty() {
                        made.parts.push(Part::Literal(std::mem::take(&mut literal)));
                    }
                    made.place(&rest[..end], text, spec)?;
                }
                '}' => return Err(flaw(Flaw::Closed(text.clone()))),
                _ => literal.push(letter),
            }
        }
        if !literal.is_empty() {
            made.parts.push(Part::Literal(literal));
        }
        if !made.parts.iter().any(|it| !matches!(it, Part::Literal(_))) {
            return Err(flaw(Flaw::Constant(text.clone())));
        }
        let patterns = made
            .parts
            .iter()
            .filter(|it| matches!(it, Part::Pattern(..)))
            .count();
        // Texts of several lengths could meet.
        if spec.unique && (patterns != 1 || !made.needs.is_empty()) {
            return Err(GeneratorError::Repeats {
                name: spec.name.clone(),
            });
        }
        Ok(made)
    }

    /// Adds what stands in braces.
    fn place(
        &mut self,
        inner: &str,
        text: &str,
        spec: &GeneratorSpec,
    ) -> Result<(), GeneratorError> {
        let Some((name, pattern)) = inner.split_once(':') else {
            let known = self.needs.iter().position(|it| it == inner);
            let at = known.unwrap_or_else(|| {
                self.needs.push(inner.to_string());
                self.needs.len() - 1
            });
            self.parts.push(Part::Column(at));
            return Ok(());
        };
        if pattern.is_empty() {
            return Err(GeneratorError::Plugin(Failure::new(Flaw::Empty(
                text.into(),
            ))));
        }
        let mut template = String::new();
        for letter in pattern.chars() {
            match letter {
                '#' => template.push('9'),
                'A' | 'a' | '*' => template.push(letter),
                _ => template.extend(['\\', letter]),
            }
        }
        let code = GeneratorSpec {
            name: SemanticType::Code.as_str().to_string(),
            unique: spec.unique,
            templates: vec![(template, 1)],
            ..GeneratorSpec::default()
        };
        // One without a name is like no other of this template.
        let place = self.parts.len().to_string();
        let salt = match name {
            "" => key(1, &[text, &place]),
            name => key(2, &[name, pattern]),
        };
        self.parts
            .push(Part::Pattern(NativeGenerators.build(&code)?, salt));
        Ok(())
    }
}

impl Generator for Template {
    fn needs(&self) -> &[String] {
        &self.needs
    }

    fn makes_nulls(&self) -> bool {
        !self.needs.is_empty()
    }

    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        let fail = || GeneratorError::DataType {
            name: "template".into(),
            data_type: args.data_type.clone(),
        };
        let wanted = match args.data_type {
            DataType::String => ArrowType::Utf8,
            _ => return Err(fail()),
        };
        let mut shown: Vec<ArrayRef> = Vec::new();
        for part in &self.parts {
            shown.push(match part {
                Part::Literal(_) => continue,
                Part::Column(at) => {
                    let sibling = args.context.get(*at).ok_or_else(fail)?;
                    Arc::new(texts(&sibling.values).ok_or_else(fail)?)
                }
                Part::Pattern(generator, salt) => {
                    let seeds: Vec<u64> = args.seeds.iter().map(|seed| mix(seed ^ salt)).collect();
                    let args = GenerateArgs {
                        data_type: &DataType::String,
                        seeds: &seeds,
                        key: match self.unique {
                            true => args.key,
                            false => mix(args.key ^ salt),
                        },
                        context: &[],
                        ..*args
                    };
                    generator.generate(&args)?
                }
            });
        }
        let shown: Vec<&StringArray> = shown.iter().map(|it| it.as_string::<i32>()).collect();
        let mut made = StringBuilder::new();
        let mut value = String::new();
        for row in 0..args.rows.len() {
            value.clear();
            let mut columns = shown.iter();
            let mut is_null = false;
            for part in &self.parts {
                match (part, columns.as_slice()) {
                    (Part::Literal(text), _) => value.push_str(text),
                    (_, [column, ..]) => {
                        is_null |= column.is_null(row);
                        value.push_str(column.value(row));
                        columns.next();
                    }
                    (_, []) => {}
                }
            }
            made.append_option((!is_null).then_some(&value));
        }
        let made: ArrayRef = Arc::new(made.finish());
        cast(&made, &wanted).map_err(|_| fail())
    }
}

/// Values as text.
fn texts(values: &ArrayRef) -> Option<StringArray> {
    let options = FormatOptions::default()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S"))
        .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%:z"));
    let shown = ArrayFormatter::try_new(values, &options).ok()?;
    let text = |row| values.is_valid(row).then(|| shown.value(row).to_string());
    Some((0..values.len()).map(text).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use arrow::array::Int32Array;
    use prodlike_core::generator::Sibling;

    use super::*;

    fn spec(text: &str, unique: bool) -> GeneratorSpec {
        GeneratorSpec {
            name: "template".into(),
            options: text.into(),
            unique,
            ..GeneratorSpec::default()
        }
    }

    fn made(text: &str, unique: bool, context: &[Sibling]) -> Vec<Option<String>> {
        let template = Template::new(&spec(text, unique)).unwrap();
        let rows: Vec<u64> = (0..4).collect();
        let seeds: Vec<u64> = rows.iter().map(|row| mix(row + 7)).collect();
        let args = GenerateArgs {
            data_type: &DataType::String,
            rows: &rows,
            seeds: &seeds,
            key: 5,
            table_rows: 4,
            context,
        };
        let made = template.generate(&args).unwrap();
        made.as_string::<i32>()
            .iter()
            .map(|it| it.map(str::to_string))
            .collect()
    }

    #[test]
    fn patterns_and_columns_stand_in_braces() {
        let id = Sibling {
            name: "id".into(),
            semantic: SemanticType::Id,
            data_type: DataType::Int32,
            values: Arc::new(Int32Array::from(vec![Some(1), None, Some(3), Some(-4)])),
        };
        let values = made("{{{id}}}/{sku:AA-9#*}", false, &[id]);
        assert_eq!(values[1], None);
        let value = values[3].as_deref().unwrap();
        let code = value.strip_prefix("{-4}/").unwrap();
        let letters: Vec<char> = code.chars().collect();
        assert!(letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase());
        assert_eq!(letters[2..4], ['-', '9']);
        assert!(letters[4].is_ascii_digit());
        assert!(letters[5].is_ascii_digit() || letters[5].is_ascii_uppercase());
        assert_eq!(letters.len(), 6);
    }

    #[test]
    fn patterns_of_one_name_are_the_same() {
        let sku = made("{sku:AA-####}", false, &[]);
        let label = made("Item {sku:AA-####}, shelf {:##}", false, &[]);
        for (sku, label) in sku.iter().zip(&label) {
            let start = format!("Item {}, shelf ", sku.as_deref().unwrap());
            assert!(label.as_deref().unwrap().starts_with(&start));
        }
        assert_ne!(made("{:####}", false, &[]), made("{:#### }", false, &[]));
        assert!(has_names("a {sku:##}") && !has_names("a {:##} {city}"));
    }

    #[test]
    fn distinct_values_are_promised_where_they_can_be() {
        let mut values = made("N{:#}", true, &[]);
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 4);
        for text in ["{:#}{:#}", "{id}{:#}"] {
            assert!(matches!(
                Template::new(&spec(text, true)),
                Err(GeneratorError::Repeats { .. })
            ));
        }
    }

    #[test]
    fn templates_that_say_nothing_are_refused() {
        for text in [
            "", "AA-####", "{{sku}}", "{}", "{sku:}", "{:}", "{sku", "sku}",
        ] {
            assert!(Template::new(&spec(text, false)).is_err(), "{text}");
        }
        for text in ["{sku}", "{:#}", "{{{sku:A}}}"] {
            assert!(Template::new(&spec(text, false)).is_ok(), "{text}");
        }
    }

    #[test]
    fn braces_that_do_not_match_are_refused() {
        for (text, words) in [
            ("{sku", "not closed"),
            ("sku}", "not opened"),
            ("{}", "nothing in them"),
        ] {
            let error = Template::new(&spec(text, false)).err().unwrap();
            assert!(error.to_string().contains(words), "{text}: {error}");
            assert!(error.hint().unwrap().contains("written twice"));
        }
    }
}
