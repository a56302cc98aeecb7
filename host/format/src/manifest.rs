//! The manifest, `prodlike.toml`: what a person reviews before anything is learned.
//!
//! It is read by hand from the parsed document rather than through serde, so that every
//! complaint knows its line, what was allowed there, and what was probably meant; and it is
//! written through `toml_edit`, so that comments are part of it and survive edits.

mod column;
mod read;
mod render;
mod rules;
mod section;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use prodlike_core::schema::Schema;
use prodlike_core::source::SourceSpec;
use toml_edit::{Document, DocumentMut};

use self::read::read_document;
pub use self::render::render_manifest;
use self::section::Flaw;
use crate::chunk::FileFormat;
use crate::error::Error;
use crate::whole::write_whole;

/// The version that this code reads and writes. It changes when an older reader would
/// misunderstand a manifest; a new optional key is no such change, as unknown keys are errors.
const FORMAT: i64 = 1;

const DEFAULT_SAMPLE: u64 = 200_000;

/// What a manifest says.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Where the real data is, as written: relative to the manifest's directory.
    pub sources: Vec<SourceSpec>,
    /// Tables, columns, keys, relationships and floors.
    pub schema: Schema,
    /// How many entities of the root tables are sampled at most.
    pub sample_entities: u64,
    /// What `prodlike snapshot` makes of it.
    pub snapshot: Snapshot,
}

/// The job of `prodlike snapshot`, as far as the manifest describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Where the dataset goes, as written: relative to the manifest's directory.
    pub output: Option<PathBuf>,
    /// Where the model goes, as written.
    pub model: Option<PathBuf>,
    /// The format of files in a directory.
    pub format: Option<FileFormat>,
    /// Multiplies the real row counts.
    pub scale: Option<f64>,
    /// The root of all randomness.
    pub seed: Option<u64>,
    /// Absolute row counts of some tables.
    pub rows: Vec<(String, u64)>,
    /// Scores and the least that each may be.
    pub gates: Vec<(String, f64)>,
}

/// The scores that a gate may hold.
pub const SCORES: [&str; 14] = [
    "diagnostic",
    "quality",
    "data_validity",
    "data_structure",
    "relationship_validity",
    "column_shapes",
    "column_pair_trends",
    "cardinality",
    "intertable_trends",
    "detection",
    "logistic_detection",
    "two_hop_trends",
    "three_hop_trends",
    "rules",
];

/// Comments to write beside what they explain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Above a table.
    pub tables: BTreeMap<String, String>,
    /// At the end of a column's line; by table and column.
    pub columns: BTreeMap<(String, String), String>,
    /// Above a relationship; parallel to the schema's, where there are any.
    pub relationships: Vec<String>,
}

/// Reads a manifest from a file.
///
/// # Errors
/// As [`parse_manifest`], and [`Error::Io`].
pub fn read_manifest(path: &Path) -> Result<Manifest, Error> {
    let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
    parse_manifest(&text, path)
}

/// Writes the text of a manifest, whole or not at all.
///
/// # Errors
/// [`Error::Exists`] without `overwrite` where something is there; [`Error::Io`].
pub fn write_manifest(path: &Path, text: &str, overwrite: bool) -> Result<(), Error> {
    write_whole(path, text.as_bytes(), overwrite)
}

/// Edits the text of a manifest and keeps its comments and layout.
///
/// # Errors
/// As [`parse_manifest`], before and after the edit: a broken edit is not returned.
pub fn edit_manifest(
    text: &str,
    path: &Path,
    edit: impl FnOnce(&mut DocumentMut),
) -> Result<String, Error> {
    parse_manifest(text, path)?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| syntax_error(&error, text, path))?;
    edit(&mut document);
    let edited = document.to_string();
    parse_manifest(&edited, path)?;
    Ok(edited)
}

/// Parses a manifest; `path` is for messages.
///
/// # Errors
/// [`Error::ManifestSyntax`] where it is not TOML, [`Error::Manifest`] where it is not a
/// manifest.
pub fn parse_manifest(text: &str, path: &Path) -> Result<Manifest, Error> {
    let document = Document::parse(text).map_err(|error| syntax_error(&error, text, path))?;
    read_document(document.as_table()).map_err(|Flaw { span, problem }| Error::Manifest {
        path: path.to_path_buf(),
        line: span.map(|span| line_of(text, span.start)),
        problem: Box::new(problem),
    })
}

fn syntax_error(error: &toml_edit::TomlError, text: &str, path: &Path) -> Error {
    Error::ManifestSyntax {
        path: path.to_path_buf(),
        line: error.span().map(|span| line_of(text, span.start)),
        message: error.message().trim().replace('\n', ", "),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}
