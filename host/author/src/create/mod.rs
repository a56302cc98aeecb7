//! Starts projects.

mod javascript;
mod python;
mod rust;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::error::Error;

/// What a plugin does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Fills columns.
    Generator,
    /// Changes columns.
    Transform,
    /// Tells what columns mean.
    Detector,
    /// Says which rows can be.
    Rule,
}

impl Kind {
    /// All there are, by name.
    pub const ALL: [(&'static str, Kind); 4] = [
        ("generator", Kind::Generator),
        ("transform", Kind::Transform),
        ("detector", Kind::Detector),
        ("rule", Kind::Rule),
    ];
}

/// What a plugin is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The fastest: hardly slower than native code.
    Rust,
    /// A hundred times slower: for tables of up to some million rows.
    Python,
    /// As Python.
    JavaScript,
}

impl Language {
    /// All there are, by name.
    pub const ALL: [(&'static str, Language); 3] = [
        ("rust", Language::Rust),
        ("python", Language::Python),
        ("javascript", Language::JavaScript),
    ];
}

macro_rules! by_name {
    ($type:ty, $what:literal) => {
        impl FromStr for $type {
            type Err = Error;

            fn from_str(name: &str) -> Result<$type, Error> {
                let known = <$type>::ALL.iter().find(|(known, _)| *known == name);
                known
                    .map(|&(_, value)| value)
                    .ok_or_else(|| Error::Unknown {
                        what: $what,
                        name: name.to_owned(),
                        known: <$type>::ALL.iter().map(|&(name, _)| name).collect(),
                    })
            }
        }
    };
}

by_name!(Kind, "kind of plugin");
by_name!(Language, "language");

/// Writes a project into a new or empty directory. It builds as it is.
///
/// `name` is the plugin's: lower-case letters, digits and hyphens.
///
/// # Errors
/// Where the name cannot be one, or the directory holds files.
pub fn create(directory: &Path, name: &str, kind: Kind, language: Language) -> Result<(), Error> {
    check_name(name)?;
    if let Ok(mut entries) = std::fs::read_dir(directory)
        && entries.next().is_some()
    {
        return Err(Error::NotEmpty(directory.to_owned()));
    }
    let files = match language {
        Language::Rust => rust::files(name, kind),
        Language::Python => python::files(name, kind),
        Language::JavaScript => javascript::files(name, kind),
    };
    for (path, text) in files {
        let path: PathBuf = directory.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(Error::io(parent))?;
        }
        std::fs::write(&path, text).map_err(Error::io(&path))?;
    }
    Ok(())
}

/// Names that Rust or the project itself uses.
const RESERVED: [&str; 12] = [
    "alloc",
    "core",
    "crate",
    "prodlike-sdk",
    "proc-macro",
    "schemars",
    "sdk",
    "self",
    "serde",
    "std",
    "super",
    "test",
];

/// Checks that a name can be a plugin's, and a file's.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let invalid = |reason| {
        Err(Error::Name {
            name: name.to_owned(),
            reason,
        })
    };
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return invalid("it must begin with a lower-case letter");
    }
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(allowed) || name.ends_with('-') || name.contains("--") {
        return invalid("it must consist of lower-case letters, digits and single hyphens");
    }
    if name.len() > 64 {
        return invalid("it is longer than 64 characters");
    }
    if RESERVED.contains(&name) {
        return invalid("the name is taken");
    }
    Ok(())
}

/// Returns the name as a type's: `date-shift` as `DateShift`.
fn type_name(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        })
        .collect()
}

/// Returns what the placeholders of templates stand for.
fn values(name: &str, kind: Kind) -> [(&'static str, String); 5] {
    let summary = match kind {
        Kind::Generator => "Makes values",
        Kind::Transform => "Changes values",
        Kind::Detector => "Finds values",
        Kind::Rule => "Says which rows can be",
    };
    [
        ("name", name.to_owned()),
        ("type", type_name(name)),
        ("meaning", name.replace('-', "_")),
        ("summary", summary.to_owned()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
    ]
}

/// Returns the files of a project: its templates, filled, and the SDK in a directory of its own.
fn project(
    templates: &[(&str, &str)],
    values: &[(&str, String)],
    directory: &str,
    sdk: &[(&str, &str)],
) -> Vec<(String, String)> {
    let filled = templates
        .iter()
        .map(|&(path, template)| (path.to_owned(), fill(template, values)));
    let sdk = sdk
        .iter()
        .map(|&(path, text)| (format!("{directory}/{path}"), text.to_owned()));
    filled.chain(sdk).collect()
}

/// Returns a template with its `{{placeholders}}` filled.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{{{name}}}}}"), value)
        })
}
