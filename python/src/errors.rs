//! Errors of the engine as exceptions of `prodlike.errors`.

use prodlike_core::error::Hint as _;
use prodlike_engine::{Error, FormatError};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

/// An error that Python sees as an exception.
pub(crate) trait Raise {
    /// Makes the exception.
    fn raise(&self, py: Python<'_>) -> PyErr;
}

impl Raise for Error {
    fn raise(&self, py: Python<'_>) -> PyErr {
        match self {
            Error::Interrupted => PyKeyboardInterrupt::new_err("interrupted"),
            error => told(py, class(error), error, error.hint()),
        }
    }
}

impl Raise for prodlike_author::Error {
    fn raise(&self, py: Python<'_>) -> PyErr {
        told(py, "PluginError", self, self.hint())
    }
}

/// Makes an exception of the engine's error.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    error.raise(py)
}

/// Makes an exception: its class, and of the error the message and what caused it.
fn told(py: Python<'_>, class: &str, error: &dyn std::error::Error, hint: Option<String>) -> PyErr {
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
    let hint = hint.map(|hint| {
        (IN_PYTHON.iter()).fold(hint, |hint, (command, here)| hint.replace(command, here))
    });
    new(py, class, &message, causes, hint)
}

/// What hints call commands of the program, and what stands for each here.
const IN_PYTHON: [(&str, &str); 4] = [
    ("`prodlike init`", "`Source.inspect`"),
    (
        "`prodlike init --skip-broken-rows`",
        "`prodlike.connect(…, skip_broken_rows=True)`",
    ),
    ("`prodlike fit`", "`prodlike.fit`"),
    ("`prodlike snapshot`", "`prodlike.snapshot`"),
];

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
