//! Keyed hashes: HMAC-SHA-256 of the value, in hexadecimal digits.
//!
//! The same value has the same hash under one key, so joins hold; without the key, hashes of
//! guessed values cannot be computed and compared. Hashes of 32 digits (128 bits) do not
//! collide in practice: for 10⁹ different values the odds are below 10⁻²⁰.

use hmac::{Hmac, KeyInit, Mac};
use prodlike_sdk::prelude::*;
use sha2::Sha256;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Hexadecimal digits that are kept, from 16 to 64.
    #[schemars(range(min = 16, max = 64))]
    digits: usize,
    /// What every hash begins with.
    prefix: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            digits: 32,
            prefix: String::new(),
        }
    }
}

/// The secret that a job must hand over.
const KEY: &str = "key";

struct Hash {
    options: Options,
    mac: Hmac<Sha256>,
    output: Field,
}

impl Plugin for Hash {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The hash of the value")
            .example("Short ones", r#"{"digits": 16, "prefix": "h-"}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Hash, Error> {
        if !(16..=64).contains(&options.digits) {
            return Err(Error::option("digits", "it must be from 16 to 64"));
        }
        let mac = Hmac::new_from_slice(settings.secret(KEY)?)
            .map_err(|_| Error::unsupported("the secret `key` cannot be used"))?;
        let input = settings.input.first();
        let output = match input {
            Some(field) if field.is_text() => field.clone(),
            _ => Field::utf8("value").nullable(input.is_some_and(|field| field.nullable)),
        };
        Ok(Hash {
            options,
            mac,
            output,
        })
    }
}

impl Transform for Hash {
    fn output(&self) -> Vec<Field> {
        vec![self.output.clone()]
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let values = input.column(0)?;
        if values.field().is_text() {
            let hash = |value: &str, text: &mut Text| {
                self.write(value.as_bytes(), text);
                Ok(())
            };
            return Ok(vec![values.map_utf8(hash)?]);
        }
        // As the digits of a text column would be, so that both join.
        let numbers = values.integers()?;
        let mut hashes = Utf8Builder::with_capacity(values.len(), self.options.digits);
        for row in 0..values.len() {
            match numbers.get(row) {
                Some(number) => {
                    hashes.push_with(|text| self.write(number.to_string().as_bytes(), text));
                }
                None => hashes.push_null(),
            }
        }
        Ok(vec![hashes.finish()])
    }
}

impl Hash {
    fn write(&self, value: &[u8], text: &mut Text) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut mac = self.mac.clone();
        mac.update(value);
        text.push_str(&self.options.prefix);
        let digits = mac
            .finalize()
            .into_bytes()
            .into_iter()
            .flat_map(|byte| [byte >> 4, byte & 15]);
        for digit in digits.take(self.options.digits) {
            text.push_ascii(DIGITS[usize::from(digit)]);
        }
    }
}

prodlike_sdk::export!(Hash: transform);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn hashes(job: Job) -> Vec<Option<String>> {
        let table = job.apply::<Hash>().unwrap();
        table
            .text(0)
            .into_iter()
            .map(|text| text.map(str::to_owned))
            .collect()
    }

    /// RFC 4231, test case 2.
    #[test]
    fn hashes_are_those_of_the_rfc() {
        let values = Table::of_text(&[Some("what do ya want for nothing?"), None]);
        let job = Job::new(r#"{"digits": 64}"#)
            .secret("key", b"Jefe")
            .input(values);
        assert_eq!(
            hashes(job),
            [
                Some("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843".into()),
                None
            ]
        );
    }

    #[test]
    fn numbers_join_with_their_digits() {
        let numbers = Table::new([(Field::int64("id"), Column::from(vec![7i64, -12]))]);
        let texts = Table::of_text(&[Some("7"), Some("-12")]);
        let job = || Job::new("").secret("key", b"k");
        assert_eq!(hashes(job().input(numbers)), hashes(job().input(texts)));
    }

    #[test]
    fn short_hashes_and_missing_keys_are_refused() {
        let error = |job: Job| job.configure::<Hash>().err().unwrap().to_string();
        assert!(error(Job::new(r#"{"digits": 4}"#)).starts_with("option `digits`"));
        assert_eq!(error(Job::new("")), "the secret `key` is missing");
    }
}
