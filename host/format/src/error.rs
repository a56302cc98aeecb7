//! What can go wrong with a file, and what a person can do about it.

use std::path::{Path, PathBuf};

use prodlike_core::error::{Hint, nearest};

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("failed to {action} `{}`", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Something is there already.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// Overwriting would delete what prodlike did not write.
    #[error("`{}` is not a dataset that prodlike wrote (it has no `dataset.json`)", path.display())]
    NotADataset {
        /// What is there.
        path: PathBuf,
    },
    /// Replacing would delete what `snapshot` did not write.
    #[error("`{}` was not written by `prodlike snapshot`, which replaces its own output only", path.display())]
    NotAVersion {
        /// What is there.
        path: PathBuf,
    },
    /// Replacing would cut a dataset off from what was published with it.
    #[error("`{}` is a symbolic link, as `prodlike snapshot` publishes", path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// Another process is at work.
    #[error("another run is writing `{}`{}", path.display(), process(owner))]
    Busy {
        /// What is being written.
        path: PathBuf,
        /// The number of its process, where it is known.
        owner: String,
    },
    /// A path that cannot be replaced by a rename.
    #[error("`{}` does not name a file or directory that can be written", path.display())]
    Unnamed {
        /// As it was given.
        path: PathBuf,
    },
    /// A file that is not what its name promises.
    #[error("failed to parse `{}`", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The manifest is not TOML.
    #[error("failed to parse manifest `{}`{}: {message}", path.display(), at(*line))]
    ManifestSyntax {
        /// The manifest.
        path: PathBuf,
        /// Counted from 1.
        line: Option<usize>,
        /// What the parser expected.
        message: String,
    },
    /// The manifest is TOML, but not a manifest.
    #[error("failed to read manifest `{}`{}", path.display(), at(*line))]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Counted from 1.
        line: Option<usize>,
        /// What is wrong with it.
        #[source]
        problem: Box<ManifestProblem>,
    },
    /// The model file is no zip archive, or a broken one.
    #[error("`{}` is not a model file: {reason}", path.display())]
    NotAModel {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of a newer version.
    #[error(
        "`{}` has format {major}.{minor}, but this version reads up to {}",
        path.file_name().map_or(path.to_string_lossy(), |name| name.to_string_lossy()),
        supported
    )]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// The file's major version.
        major: u64,
        /// The file's minor version.
        minor: u64,
        /// The newest version that can be read.
        supported: &'static str,
    },
    /// A file that declares itself unreadable without something this version lacks.
    #[error("`{}` needs `{item}`, which this version does not understand", path.display())]
    MustUnderstand {
        /// The file.
        path: PathBuf,
        /// What it needs.
        item: String,
    },
    /// A file beyond the caps.
    #[error("`{}` is refused: {what} is {size} bytes, more than the {limit} allowed", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The file or its member.
        what: String,
        /// Its size.
        size: u64,
        /// The cap.
        limit: u64,
    },
    /// A part of a model file is broken.
    #[error("`{}` is damaged: {member}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which member of the archive.
        member: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A part was run with other settings than one that is already there.
    #[error(
        "part {part} of `{}` does not belong with part {other}: they differ in {what}",
        path.display()
    )]
    PartMismatch {
        /// The dataset.
        path: PathBuf,
        /// The part that was being finished, counted from 1.
        part: u32,
        /// The part that was there.
        other: u32,
        /// What differs.
        what: &'static str,
        /// Where the parts are staged.
        staging: PathBuf,
    },
    /// A part of a set was run where parts of another set wait for theirs.
    #[error(
        "part {part} of {parts} of `{}` does not belong with part {other} of {others}, which is \
         there already",
        path.display()
    )]
    OtherParts {
        /// The dataset.
        path: PathBuf,
        /// The part that was run, counted from 1.
        part: u32,
        /// How many parts its set has.
        parts: u32,
        /// A part that was there.
        other: u32,
        /// How many parts that one's set has.
        others: u32,
        /// Where the parts are staged.
        staging: PathBuf,
    },
    /// A part number outside of the part count.
    #[error("there is no part {part} of {parts}")]
    PartNumber {
        /// Which part was asked for, counted from 1.
        part: u32,
        /// How many parts there are.
        parts: u32,
    },
    /// The files of a dataset do not hold the planned rows.
    #[error("`{}` is incomplete: table `{table}` has rows {rows} of {planned} planned", path.display())]
    Incomplete {
        /// The dataset.
        path: PathBuf,
        /// The table.
        table: String,
        /// Rows found, from the first on without a gap.
        rows: u64,
        /// Rows planned.
        planned: u64,
    },
    /// A batch could not be written.
    #[error("failed to write `{}`", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// Why.
        source: arrow::error::ArrowError,
    },
    /// A Parquet file could not be written.
    #[error("failed to write `{}`", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// What should be impossible.
    #[error("internal error, please report it: {detail}")]
    Internal {
        /// What was found.
        detail: String,
    },
}

fn process(owner: &str) -> String {
    match owner {
        "" => String::new(),
        owner => format!(" (process {owner})"),
    }
}

fn at(line: Option<usize>) -> String {
    line.map_or(String::new(), |line| format!(" at line {line}"))
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io {
            action,
            path,
            source,
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Io {
                action,
                source,
                path,
            } => match source.kind() {
                std::io::ErrorKind::NotFound if matches!(*action, "read" | "open") => {
                    Some("Check the path".into())
                }
                std::io::ErrorKind::NotFound => {
                    Some("Check the path, and create its directory first".into())
                }
                std::io::ErrorKind::PermissionDenied => {
                    Some("Choose a path where you may read and write".into())
                }
                std::io::ErrorKind::StorageFull => Some(format!(
                    "Free some space on the disk that holds `{}`",
                    path.display()
                )),
                _ => Some("Check that the path can be read and written".into()),
            },
            Error::Exists { .. } => {
                Some("To replace it, add `--overwrite`; to keep it, choose another path".into())
            }
            Error::NotADataset { .. } => Some("Choose another path, or remove it yourself".into()),
            Error::Link { .. } => Some(
                "Run `prodlike snapshot` again, which replaces its reports as well; or choose \
                 another output"
                    .into(),
            ),
            Error::NotAVersion { .. } => {
                Some("Remove it yourself, or choose another path with `-o`".into())
            }
            Error::Busy { .. } => {
                Some("Wait until it has ended, or choose another path with `-o`".into())
            }
            Error::Unnamed { .. } => Some("Give the path of a new directory, such as `out`".into()),
            Error::Json { .. } => Some("Generate the dataset again".into()),
            Error::ManifestSyntax { .. } => {
                Some("Names with spaces or dots need quotes; strings need quotes as well".into())
            }
            Error::Manifest { problem, .. } => problem.hint(),
            Error::NotAModel { .. } => {
                Some("Give the file that `prodlike fit` wrote, usually `*.prodlike`".into())
            }
            Error::NewerFormat { .. } | Error::MustUnderstand { .. } => {
                Some("Use a newer version of prodlike, or fit the model again with this one".into())
            }
            Error::TooLarge { .. } => Some(
                "Keep fewer tables, or tables of fewer rows: their rows travel in the model file"
                    .into(),
            ),
            Error::Damaged { .. } => {
                Some("Copy the file again, or fit the model again with `prodlike fit`".into())
            }
            Error::PartMismatch { staging, .. } => Some(format!(
                "Run all parts with the same model, seed and sizes; to start again, remove `{}`",
                staging.display()
            )),
            Error::OtherParts {
                others, staging, ..
            } => Some(format!(
                "Run the parts of {others} that are missing; to start again, remove `{}`",
                staging.display()
            )),
            Error::PartNumber { .. } => {
                Some("Parts are counted from 1: `--part 1/4` to `--part 4/4`".into())
            }
            Error::Incomplete { .. } => Some("Generate the dataset again".into()),
            Error::Arrow { .. } | Error::Parquet { .. } => {
                Some("Check that there is space on the disk".into())
            }
            Error::Internal { .. } => None,
        }
    }
}

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestProblem {
    /// A key that means nothing.
    #[error("unknown key `{key}` in {section}. Keys: {}", list(known))]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it was.
        section: String,
        /// What is known there.
        known: Vec<String>,
    },
    /// A key that must be there.
    #[error("missing key `{key}` in {section}")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it should be.
        section: String,
    },
    /// A value of the wrong type.
    #[error("`{key}` in {section} must be {expected}, but is {found}")]
    WrongType {
        /// The key.
        key: String,
        /// Where it is.
        section: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value that is none of the allowed ones.
    #[error("`{key}` in {section} cannot be `{value}`. Allowed: {}", list(allowed))]
    WrongValue {
        /// The key.
        key: String,
        /// Where it is.
        section: String,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: Vec<String>,
    },
    /// A number out of range.
    #[error("`{key}` in {section} must be at least {least}, but is {value}")]
    TooSmall {
        /// The key.
        key: String,
        /// Where it is.
        section: String,
        /// What it is.
        value: i64,
        /// What it may be.
        least: i64,
    },
    /// A manifest of another version.
    #[error("the manifest has format {format}, but this version reads format 1")]
    NewerFormat {
        /// The manifest's format.
        format: i64,
    },
    /// A name of a table that is not declared.
    #[error("table `{table}` is not in the schema. Tables: {}", list(tables))]
    UnknownTable {
        /// The name.
        table: String,
        /// What there is.
        tables: Vec<String>,
    },
    /// A name of a column that is not declared.
    #[error(
        "column `{table}.{column}` is not in the schema. Columns of `{table}`: {}",
        list(columns)
    )]
    UnknownColumn {
        /// The table.
        table: String,
        /// The name.
        column: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// A key without columns.
    #[error("`{key}` in {section} names no column")]
    EmptyKey {
        /// Which key.
        key: String,
        /// Where it is.
        section: String,
    },
    /// A column that a key names twice.
    #[error("`{key}` in {section} names column `{column}` twice")]
    RepeatedColumn {
        /// Which key.
        key: String,
        /// Where it is.
        section: String,
        /// The column.
        column: String,
    },
    /// The two sides of a relationship do not pair up.
    #[error(
        "relationship `{relationship}` pairs {children} columns of the child with {parents} of the parent"
    )]
    KeyLengths {
        /// The relationship's name.
        relationship: String,
        /// Columns of `child_key`.
        children: usize,
        /// Columns of `parent_key`.
        parents: usize,
    },
    /// The same relationship twice.
    #[error("relationship `{relationship}` to `{parent}` is declared twice")]
    RepeatedRelationship {
        /// The relationship's name.
        relationship: String,
        /// The parent table.
        parent: String,
    },
    /// More than one thing fills a column.
    #[error("{column} has more than one of `generator`, `expression` and `template`")]
    TwoGenerators {
        /// The column, in words.
        column: String,
    },
    /// A transform of values that are never read.
    #[error("{column} has a generator and a transform, but what is generated is not read")]
    NothingToTransform {
        /// The column, in words.
        column: String,
    },
    /// No place to keep a key.
    #[error("`{name}` in {section} does not say where the secret is to be had")]
    Secret {
        /// What the plugin asks for it by.
        name: String,
        /// Where it is.
        section: String,
    },
    /// No table at all.
    #[error("the manifest declares no tables")]
    NoTables,
}

fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn did_you_mean(name: &str, known: &[String], otherwise: &str) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => otherwise.to_string(),
    }
}

impl Hint for ManifestProblem {
    fn hint(&self) -> Option<String> {
        Some(match self {
            ManifestProblem::UnknownKey { key, known, .. } => {
                did_you_mean(key, known, "Remove the key, or write it as a comment")
            }
            ManifestProblem::MissingKey { key, .. } => {
                format!("Add `{key}`, or write the manifest again with `prodlike init`")
            }
            ManifestProblem::WrongType { key, expected, .. } => {
                format!("Write {expected} after `{key} =`")
            }
            ManifestProblem::WrongValue { value, allowed, .. } => {
                did_you_mean(value, allowed, "Choose one of the allowed values")
            }
            ManifestProblem::TooSmall { key, least, .. } => {
                format!("Set `{key} = {least}` or more")
            }
            ManifestProblem::NewerFormat { .. } => {
                "Use a newer version of prodlike, or write the manifest again with `prodlike init`"
                    .into()
            }
            ManifestProblem::UnknownTable { table, tables } => did_you_mean(
                table,
                tables,
                "Name one of the tables that the manifest declares",
            ),
            ManifestProblem::UnknownColumn {
                table,
                column,
                columns,
            } => match nearest(column, columns.iter().map(String::as_str)) {
                Some(near) => format!("Did you mean `{table}.{near}`?"),
                None => "Name one of the table's columns".into(),
            },
            ManifestProblem::EmptyKey { key, .. } => {
                format!("Name at least one column in `{key}`, or remove it")
            }
            ManifestProblem::RepeatedColumn { .. } => "Name each column once".into(),
            ManifestProblem::KeyLengths { .. } => {
                "Give `parent_key` and `child_key` the same number of columns, in the same order"
                    .into()
            }
            ManifestProblem::RepeatedRelationship { .. } => "Remove one of the two".into(),
            ManifestProblem::TwoGenerators { .. } => "Leave one of them".into(),
            ManifestProblem::NothingToTransform { .. } => {
                "Remove `transform` to have the column generated, or `generator` to have its real \
                 values changed and learned"
                    .into()
            }
            ManifestProblem::Secret { name, .. } => format!(
                "Write `{name} = \"env:NAME\"` for a variable of the environment, or \
                 `{name} = \"file:PATH\"`; a manifest holds no keys"
            ),
            ManifestProblem::NoTables => {
                "Declare tables under `[tables]`, or write the manifest again with `prodlike init`"
                    .into()
            }
        })
    }
}
