//! Puts tags in place of what identifies somebody in a text: `Call me at [phone]`.
//!
//! What has a form is found: email addresses, links, telephones, IP addresses, cards by Luhn's
//! digit and accounts by their check digits. Names have none, and stay: a text that is redacted
//! is not anonymous.

mod find;

use std::collections::BTreeMap;

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// What is looked for.
    entities: Vec<Entity>,
    /// What stands in the place of each, where it is not its name in brackets.
    tags: BTreeMap<Entity, String>,
    /// Whether a value that holds any is replaced as a whole, by the tags of what it holds.
    whole: bool,
}

/// What may be found in a text.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
enum Entity {
    /// `anna@example.org`
    Email,
    /// `https://example.org/a`
    Url,
    /// An account's number, by its check digits and the length that its country has.
    Iban,
    /// A payment card's number, by Luhn's digit.
    Card,
    /// A telephone number, as one dials it from abroad or within a country.
    Phone,
    /// An address of the Internet, version 4 or 6.
    Ip,
}

impl Entity {
    const ALL: [Entity; 6] = [
        Entity::Email,
        Entity::Url,
        Entity::Iban,
        Entity::Card,
        Entity::Phone,
        Entity::Ip,
    ];

    fn tag(self) -> &'static str {
        match self {
            Entity::Email => "[email]",
            Entity::Url => "[url]",
            Entity::Iban => "[iban]",
            Entity::Card => "[card]",
            Entity::Phone => "[phone]",
            Entity::Ip => "[ip]",
        }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            entities: Entity::ALL.into(),
            tags: BTreeMap::new(),
            whole: false,
        }
    }
}

struct Redact {
    options: Options,
    output: Vec<Field>,
}

impl Plugin for Redact {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "value",
                "text",
                "The text, with tags for what identifies somebody",
            )
            .example(
                "Cards and accounts alone",
                r#"{"entities": ["card", "iban"]}"#,
            )
            .example(
                "A tag of one's own, for the whole value",
                r#"{"entities": ["email"], "tags": {"email": "<address>"}, "whole": true}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Redact, Error> {
        if options.entities.is_empty() {
            return Err(Error::option("entities", "there is nothing to look for"));
        }
        if settings.unique {
            return Err(Error::unsupported("redacted texts may repeat"));
        }
        let output = settings.input.first().cloned().into_iter().collect();
        Ok(Redact { options, output })
    }
}

impl Transform for Redact {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let redact = |value: &str, text: &mut Text| {
            self.write(value, text);
            Ok(())
        };
        Ok(vec![input.column(0)?.map_utf8(redact)?])
    }
}

impl Redact {
    fn tag(&self, entity: Entity) -> &str {
        let own = self.options.tags.get(&entity);
        own.map_or(entity.tag(), String::as_str)
    }

    fn write(&self, value: &str, text: &mut Text) {
        let found = find::find(value, &self.options.entities);
        if self.options.whole && !found.is_empty() {
            for (position, found) in found.iter().enumerate() {
                if position > 0 {
                    text.push(' ');
                }
                text.push_str(self.tag(found.entity));
            }
            return;
        }
        let mut end = 0;
        for found in found {
            text.push_str(&value[end..found.place.start]);
            text.push_str(self.tag(found.entity));
            end = found.place.end;
        }
        text.push_str(&value[end..]);
    }
}

prodlike_sdk::export!(Redact: transform);

#[cfg(test)]
mod tests;
