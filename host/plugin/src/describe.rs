//! What a plugin says about itself, held to the contract.

use semver::Version;
use serde_json::{Map, Value};

use crate::bindings::exports::prodlike::plugin::about;
use crate::error::Id;
use crate::log::shown;

/// Texts and lists of a description may not be longer.
const TEXT: usize = 1_000;
const LIST: usize = 1_000;
const SCHEMA: usize = 1 << 20;
const NAME: usize = 64;

/// What a plugin says about itself; all texts are shortened and escaped.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Name and version.
    pub id: Id,
    /// One sentence.
    pub summary: String,
    /// JSON Schema of the options: an object's.
    pub options: Map<String, Value>,
    /// What a generator makes or a transform gives back.
    pub outputs: Vec<Output>,
    /// Semantic types of the columns that it likes to see in its input.
    pub context: Vec<String>,
    /// Semantic types that it can find.
    pub finds: Vec<String>,
    /// Options that show what it does.
    pub examples: Vec<Example>,
}

/// A column that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is asked for by.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// What its values mean.
    pub semantic: Option<String>,
}

/// Options that show what a plugin does.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// One sentence.
    pub summary: String,
    /// Options, valid by the plugin's schema.
    pub options: Value,
}

/// Reads what the plugin said.
pub(crate) fn read(said: about::Description) -> Result<Description, String> {
    name("name", &said.name, '-')?;
    if Version::parse(&said.version).is_err() || said.version.len() > NAME {
        return Err(format!(
            "version `{}` is not one of Semantic Versioning (1.2.3)",
            shown(&said.version)
        ));
    }
    for (what, length) in [
        ("outputs", said.outputs.len()),
        ("context", said.context.len()),
        ("finds", said.finds.len()),
        ("examples", said.examples.len()),
    ] {
        if length > LIST {
            return Err(format!("{length} {what}, and there may be {LIST}"));
        }
    }
    let mut outputs: Vec<Output> = Vec::with_capacity(said.outputs.len());
    for output in &said.outputs {
        name("output", &output.name, '_')?;
        if let Some(semantic) = &output.semantic {
            name("semantic type", semantic, '_')?;
        }
        if outputs.iter().any(|other| other.name == output.name) {
            return Err(format!("two outputs are called `{}`", output.name));
        }
        outputs.push(Output {
            name: output.name.clone(),
            summary: summary(&output.summary)?,
            semantic: output.semantic.clone(),
        });
    }
    for semantic in said.context.iter().chain(&said.finds) {
        name("semantic type", semantic, '_')?;
    }
    let options = schema(&said.options)?;
    let mut examples = Vec::with_capacity(said.examples.len());
    for example in &said.examples {
        examples.push(Example {
            summary: summary(&example.summary)?,
            options: json("an example's options", &example.options)?,
        });
    }
    Ok(Description {
        summary: summary(&said.summary)?,
        id: Id {
            name: said.name,
            version: said.version,
        },
        options,
        outputs,
        context: said.context,
        finds: said.finds,
        examples,
    })
}

/// Names stand in manifests, paths and messages: letters, digits and one mark between them.
pub(crate) fn name(what: &str, text: &str, mark: char) -> Result<(), String> {
    let good = text.len() <= NAME
        && text.starts_with(|char: char| char.is_ascii_lowercase())
        && !text.ends_with(mark)
        && text
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == mark);
    if good {
        return Ok(());
    }
    Err(format!(
        "{what} `{}` is not made of lower-case letters, digits and `{mark}`, \
         {NAME} characters at most",
        shown(text)
    ))
}

fn summary(text: &str) -> Result<String, String> {
    if text.len() > TEXT {
        return Err(format!(
            "a summary has {} bytes, and may have {TEXT}",
            text.len()
        ));
    }
    Ok(shown(text))
}

fn schema(text: &str) -> Result<Map<String, Value>, String> {
    let Value::Object(schema) = json("the schema of the options", text)? else {
        return Err("the schema of the options is not an object".to_owned());
    };
    if schema.get("type") != Some(&Value::String("object".to_owned())) {
        return Err("the schema of the options does not say `\"type\": \"object\"`".to_owned());
    }
    Ok(schema)
}

fn json(what: &str, text: &str) -> Result<Value, String> {
    if text.len() > SCHEMA {
        return Err(format!(
            "{what} has {} bytes, and may have {SCHEMA}",
            text.len()
        ));
    }
    serde_json::from_str(text).map_err(|error| format!("{what} is not JSON: {error}"))
}
