//! Options, held to the schema that a plugin describes.

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};

use crate::log::shown;

/// The schema of a plugin's options.
pub(crate) struct Options {
    validator: Validator,
}

/// Where options and schema differ.
pub(crate) struct Mismatch {
    /// As a JSON pointer.
    pub(crate) path: String,
    /// What is expected.
    pub(crate) message: String,
}

impl Options {
    /// Reads a schema. It may not lead elsewhere, and its patterns take linear time.
    pub(crate) fn new(schema: &Map<String, Value>) -> Result<Self, String> {
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::regex())
            .build(&Value::Object(schema.clone()))
            .map_err(|error| shown(&format!("the schema of the options is none: {error}")))?;
        Ok(Options { validator })
    }

    /// Compares options with the schema.
    pub(crate) fn check(&self, options: &Value) -> Result<(), Mismatch> {
        self.validator.validate(options).map_err(|error| Mismatch {
            path: match error.instance_path().as_str() {
                "" => "/".to_owned(),
                path => shown(path),
            },
            message: shown(&error.to_string()),
        })
    }
}
