//! Errors of the engine as exceptions of `prodlike.errors`.

use std::error::Error as _;

use prodlike_core::error::Hint as _;
use prodlike_engine::{Error, FormatError};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

/// Makes an exception: the class of what went wrong, its message, what caused it and what to do.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    if matches!(error, Error::Interrupted) {
        return PyKeyboardInterrupt::new_err("interrupted");
    }
    let message = error.to_string();
    let mut causes: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // A transparent error says what its cause says.
        if causes.last().unwrap_or(&message) != &text {
            causes.push(text);
        }
        cause = error.source();
    }
    new(py, class(error), &message, causes, error.hint())
}

/// Makes an exception of a class of `prodlike.errors`.
pub(crate) fn new(
    py: Python<'_>,
    class: &str,
    message: &str,
    causes: Vec<String>,
    hint: Option<String>,
) -> PyErr {
    let made = py
        .import("prodlike.errors")
        .and_then(|module| module.getattr(class))
        .and_then(|class| class.call1((message, causes, hint)));
    match made {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

/// Returns the name of the class.
fn class(error: &Error) -> &'static str {
    match error {
        Error::Database(_) => "SourceError",
        Error::Format(error) => match **error {
            FormatError::ManifestSyntax { .. } | FormatError::Manifest { .. } => "SchemaError",
            FormatError::NotAModel { .. }
            | FormatError::NewerFormat { .. }
            | FormatError::MustUnderstand { .. }
            | FormatError::Damaged { .. } => "ModelError",
            _ => "ProdlikeError",
        },
        Error::Generator { .. }
        | Error::GeneratorInput { .. }
        | Error::Plugin(_)
        | Error::Lock(_)
        | Error::Oci(_)
        | Error::Signature(_)
        | Error::NoSignature { .. }
        | Error::NoPlugin { .. }
        | Error::PluginName { .. }
        | Error::PluginIdentity { .. }
        | Error::Rule { .. } => "PluginError",
        Error::ExcludedEntity { .. }
        | Error::KeptEntity { .. }
        | Error::KeptRefers { .. }
        | Error::Key { .. }
        | Error::OrphanOfForeignKey { .. }
        | Error::OrphanOfKept { .. }
        | Error::CircularKey { .. }
        | Error::RuleInput { .. }
        | Error::NoTables => "SchemaError",
        Error::UnknownTable { .. } | Error::UnknownColumn { .. } => "UnknownNameError",
        _ => "ProdlikeError",
    }
}
