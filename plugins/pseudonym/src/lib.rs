//! Keyed pseudonyms of the same format.
//!
//! Every letter and digit is replaced by one of its own kind; hyphens, dots, spaces and the
//! case of letters stay. Under one key the same value gets the same pseudonym in every table,
//! so joins hold; under another key nothing joins. Different values never get the same
//! pseudonym: the texts of one shape are permuted by FF1 (NIST SP 800-38G) on AES-128.
//!
//! Numbers keep their digits and their sign. Those with as many digits as the column's type
//! can just hold (ten of 32 bits, nineteen of 64) are permuted within the type, and join with
//! columns of the same type only.
//!
//! What stays visible is the shape: lengths, places of punctuation, and which rows are equal.
//! Where there are few values (three digits, say), whoever may ask for pseudonyms of their
//! own choice can list them all.

mod alphabet;
mod permutation;

use std::collections::HashMap;

use prodlike_sdk::prelude::*;

use permutation::Permutation;

/// What a manifest may say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// What the values are.
    form: Form,
    /// Leaves what is behind the `@` of email addresses as it is.
    keep_domain: bool,
}

/// What values are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// Email addresses where there is an `@`, other texts, or whole numbers.
    #[default]
    Auto,
    /// Texts, an `@` being a character as others.
    Text,
}

/// The secret that a job must hand over.
const KEY: &str = "key";

struct Pseudonym {
    options: Options,
    permutation: Permutation,
    output: Vec<Field>,
}

impl Plugin for Pseudonym {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The pseudonym, in the shape of the value")
            .example("Emails keep their domains", r#"{"keep_domain": true}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Pseudonym, Error> {
        let permutation = Permutation::new(settings.secret(KEY)?);
        if let Some(field) = settings.input.first()
            && !field.is_text()
            && whole_numbers(&field.kind).is_none()
        {
            return Err(Error::unsupported(format!(
                "column `{}` holds neither texts nor whole numbers",
                field.name
            )));
        }
        let output = settings.input.first().cloned().into_iter().collect();
        Ok(Pseudonym {
            options,
            permutation,
            output,
        })
    }
}

/// Returns the least and the greatest number that a column may hold, if it holds such.
fn whole_numbers(kind: &Kind) -> Option<(i128, i128)> {
    match kind {
        Kind::Date | Kind::Time(_) | Kind::Timestamp(..) | Kind::Duration(_) => None,
        kind => kind.bounds(),
    }
}

impl Transform for Pseudonym {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let values = input.column(0)?;
        let column = if values.field().is_text() {
            let mut domains = HashMap::new();
            values.map_utf8(|value, text| self.text(value, text, &mut domains))?
        } else {
            let bounds = whole_numbers(&values.field().kind).unwrap_or_default();
            values.map_integers(|_, value| self.permutation.number(value, bounds))?
        };
        Ok(vec![column])
    }
}

impl Pseudonym {
    /// Writes a pseudonym. `domains` are those of the batch so far: many addresses share one.
    fn text(
        &self,
        value: &str,
        text: &mut Text,
        domains: &mut HashMap<String, String>,
    ) -> Result<(), Error> {
        let parts = match self.options.form {
            Form::Auto => value.rsplit_once('@'),
            Form::Text => None,
        };
        let Some((local, domain)) = parts else {
            return self.permutation.text(b"text", value, text);
        };
        self.permutation.text(b"local", local, text)?;
        text.push('@');
        if self.options.keep_domain {
            text.push_str(domain);
            return Ok(());
        }
        // `example` of `example.org`: the last label says a country or little.
        let (name, rest) = domain.split_at(domain.rfind('.').unwrap_or(domain.len()));
        match domains.get(name) {
            Some(known) => text.push_str(known),
            None => {
                let mut made = Text::default();
                self.permutation.text(b"domain", name, &mut made)?;
                let made = made.into_string();
                text.push_str(&made);
                domains.insert(name.to_owned(), made);
            }
        }
        text.push_str(rest);
        Ok(())
    }
}

prodlike_sdk::export!(Pseudonym: transform);

#[cfg(test)]
mod tests;
