//! Everything that can go wrong in a stage, with what to do about it.

use std::path::PathBuf;

use prodlike_core::error::{Hint, nearest};
use prodlike_core::generator::{Failure, GeneratorError, PluginFailure, PluginId};
use prodlike_core::schema::Schema;
use prodlike_format::SCORES;

/// Why a stage failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages are the documentation")]
pub enum Error {
    #[error(transparent)]
    Database(Box<prodlike_duckdb::Error>),
    #[error(transparent)]
    Format(Box<prodlike_format::Error>),
    #[error(transparent)]
    Frame(Box<prodlike_frame::Error>),
    #[error("failed to generate `{table}.{column}`")]
    Generator {
        table: String,
        column: String,
        source: Box<GeneratorError>,
    },
    #[error("failed to build a batch of `{table}`")]
    Arrow {
        table: String,
        source: arrow::error::ArrowError,
    },
    #[error("failed to {what} `{}`", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("scale is {scale}, but must be a positive number")]
    Scale { scale: f64 },
    #[error("table `{table}` is not in the model")]
    UnknownTable { table: String, tables: Vec<String> },
    #[error("column `{table}.{column}` is not in the model")]
    UnknownColumn {
        table: String,
        column: String,
        columns: Vec<String>,
    },
    #[error("table `{table}` is kept: it has its {rows} real rows")]
    KeptRows { table: String, rows: u64 },
    #[error("table `{table}` would get {rows} rows, but {most} is the most")]
    TooManyRows { table: String, rows: u64, most: u64 },
    #[error("table `{table}` was empty when the model was fitted, so nothing is known of its rows")]
    NothingLearned { table: String },
    #[error("{children} rows need a parent by `{relationship}`, but its parents can hold {most}")]
    Capacity {
        relationship: String,
        children: u64,
        most: u64,
    },
    #[error("part {part}/{parts} does not exist")]
    Part { part: u32, parts: u32 },
    #[error("a part of a DuckDB file cannot be written")]
    PartOfDatabase,
    #[error("unknown format `{format}` for `{}`", path.display())]
    OutputFormat { format: String, path: PathBuf },
    #[error("chunks of 0 rows hold nothing")]
    ChunkRows,
    #[error("the dataset would have {files} files")]
    Files { files: u64 },
    #[error("interrupted")]
    Interrupted,
    #[error("column `{table}.{column}` is excluded, but its values are protected entities")]
    ExcludedEntity { table: String, column: String },
    #[error("table `{table}` is kept, but it holds protected entities")]
    KeptEntity { table: String },
    #[error(
        "table `{table}` is kept, but column `{column}` has a generator, which would fill nothing"
    )]
    KeptFill { table: String, column: String },
    #[error(
        "column `{table}.{column}` has a transform, but it refers to `{parent}`, which has another or none"
    )]
    TransformedReference {
        table: String,
        column: String,
        parent: String,
    },
    #[error("table `{table}` is kept, but its rows refer to `{parent}`, which is generated")]
    KeptRefers { table: String, parent: String },
    #[error("the key ({columns}) of table `{table}` cannot be generated: {reason}")]
    Key {
        table: String,
        columns: String,
        reason: String,
    },
    #[error(
        "relationship `{relationship}` keeps orphans, but its parent key is itself a foreign key"
    )]
    OrphanOfForeignKey { relationship: String },
    #[error("relationship `{relationship}` keeps orphans, but `{parent}` is a kept table")]
    OrphanOfKept {
        relationship: String,
        parent: String,
    },
    #[error("{rows} rows of `{table}` do not fit its key `{column}` of type {data_type}")]
    KeyCapacity {
        table: String,
        column: String,
        rows: u64,
        data_type: String,
    },
    #[error("the key of `{relationship}` refers in a circle to itself")]
    CircularKey { relationship: String },
    #[error("the manifest has no table to generate")]
    NoTables,
    #[error("the real and the synthetic dataset have no table in common")]
    NothingInCommon,
    #[error(transparent)]
    Plugin(Box<prodlike_plugin::Error>),
    #[error(transparent)]
    Lock(Box<prodlike_plugin::LockError>),
    #[error(transparent)]
    Oci(Box<prodlike_plugin::oci::OciError>),
    #[error(transparent)]
    Signature(Box<prodlike_plugin::SignatureError>),
    #[error("`{origin}` has no signature of minisign for the component")]
    NoSignature { origin: String },
    #[error("{reason}")]
    Limit { reason: String },
    #[error(
        "`{name}` is neither a file or directory nor a plugin of the standard set{}",
        looked(name, places)
    )]
    NoPlugin {
        name: String,
        places: Vec<PathBuf>,
        known: Vec<String>,
    },
    #[error("`{name}` is neither a file nor a plugin of `prodlike.lock` or of the standard set")]
    UnknownPlugin { name: String, known: Vec<String> },
    #[error("plugin `{name}` is not in the lockfile")]
    NotLocked { name: String, locked: Vec<String> },
    #[error("two generators are called `{name}`, of which one is a plugin's")]
    PluginName { name: String },
    #[error("the plugin that should be {expected} ({}) is {found} ({})", expected.digest, found.digest)]
    PluginIdentity {
        expected: Box<PluginId>,
        found: Box<PluginId>,
    },
    #[error("the generator of `{table}.{column}` cannot be shown `{input}`: {reason}")]
    GeneratorInput {
        table: String,
        column: String,
        input: String,
        reason: &'static str,
    },
    #[error("the rule `{rule}` of table `{table}` cannot be checked")]
    Rule {
        table: String,
        rule: String,
        source: Failure,
    },
    #[error("the rule `{rule}` of table `{table}` cannot be shown `{input}`, which is excluded")]
    RuleInput {
        table: String,
        rule: String,
        input: String,
    },
    #[error("there is no score `{name}`")]
    UnknownScore { name: String },
    #[error("there is no manifest `{}`", path.display())]
    NoManifest { path: PathBuf },
    #[error("`{}` is no manifest", path.display())]
    NotAManifest { path: PathBuf },
    #[error(
        "the output `{}` is in the directory of the source `{}`",
        out.display(), source_path.display()
    )]
    OutputInSource { out: PathBuf, source_path: PathBuf },
    #[error("a format does not apply to the database `{}`", out.display())]
    FormatOfDatabase { out: PathBuf },
    #[error("`{}` lacks table `{table}`, which its dataset.json lists", dataset.display())]
    LostTable { table: String, dataset: PathBuf },
    #[error("`{}` is there, and is no {kind}", path.display())]
    Foreign { path: PathBuf, kind: &'static str },
    #[error("failed to prepare the output `{}`", path.display())]
    Unwritable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    pub(crate) fn rule(table: &str, rule: &str, source: impl PluginFailure + 'static) -> Error {
        Error::Rule {
            table: table.to_string(),
            rule: rule.to_string(),
            source: Failure::new(source),
        }
    }

    pub(crate) fn unknown_table(schema: &Schema, table: &str) -> Error {
        Error::UnknownTable {
            table: table.to_string(),
            tables: schema
                .tables
                .iter()
                .map(|table| table.name.clone())
                .collect(),
        }
    }
}

/// Where the standard set was looked for.
fn looked(name: &str, places: &[PathBuf]) -> String {
    let lines = (places.iter()).map(|place| {
        format!(
            "\nlooked at: {}",
            place.join(format!("{name}.wasm")).display()
        )
    });
    lines.collect()
}

impl From<prodlike_duckdb::Error> for Error {
    fn from(error: prodlike_duckdb::Error) -> Error {
        Error::Database(Box::new(error))
    }
}

impl From<prodlike_format::Error> for Error {
    fn from(error: prodlike_format::Error) -> Error {
        Error::Format(Box::new(error))
    }
}

impl From<prodlike_plugin::oci::OciError> for Error {
    fn from(error: prodlike_plugin::oci::OciError) -> Error {
        Error::Oci(Box::new(error))
    }
}

impl From<prodlike_plugin::SignatureError> for Error {
    fn from(error: prodlike_plugin::SignatureError) -> Error {
        Error::Signature(Box::new(error))
    }
}

impl From<prodlike_plugin::LockError> for Error {
    fn from(error: prodlike_plugin::LockError) -> Error {
        Error::Lock(Box::new(error))
    }
}

impl From<prodlike_plugin::Error> for Error {
    fn from(error: prodlike_plugin::Error) -> Error {
        Error::Plugin(Box::new(error))
    }
}

impl From<prodlike_frame::Error> for Error {
    fn from(error: prodlike_frame::Error) -> Error {
        if matches!(error, prodlike_frame::Error::Interrupted) {
            return Error::Interrupted;
        }
        Error::Frame(Box::new(error))
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Database(error) => return error.hint(),
            Error::Format(error) => return error.hint(),
            Error::Frame(error) => return error.hint(),
            Error::Generator { source, .. } => return source.hint(),
            Error::Rule { source, .. } => return source.hint(),
            Error::Plugin(error) => return error.hint(),
            Error::Lock(error) => return error.hint(),
            Error::Oci(error) => return error.hint(),
            Error::Signature(error) => return error.hint(),
            Error::NoSignature { .. } => {
                "Attach it: `oras attach --oci-layout LAYOUT:TAG --artifact-type \
                 application/vnd.minisign.signature \
                 X.wasm.minisig:application/vnd.minisign.signature`"
                    .into()
            }
            Error::Limit { .. } => "`prodlike plugin bench` says what a plugin needs".into(),
            Error::NoPlugin { name, known, .. } => {
                match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None if known.is_empty() => "`make build` builds the standard set; \
                         PRODLIKE_PLUGINS can say in which directory it is".into(),
                    None => format!("The standard set: {}", known.join(", ")),
                }
            }
            Error::UnknownPlugin { name, known } => {
                match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None if known.is_empty() => "Give a component's file".into(),
                    None => format!("There are: {}", known.join(", ")),
                }
            }
            Error::NotLocked { name, locked } => {
                match nearest(name, locked.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None if locked.is_empty() => "The lockfile names no plugin".into(),
                    None => format!("The lockfile names: {}", locked.join(", ")),
                }
            }
            Error::PluginName { .. } => "Give the plugin another name, or a second output".into(),
            Error::PluginIdentity { .. } => {
                "If the plugin was meant to change, add it again: `prodlike plugin add`".into()
            }
            Error::RuleInput { .. } => "Include the column, or remove the rule".into(),
            Error::GeneratorInput { table, input, .. } => format!(
                "Name another column of `{table}` instead of `{input}`, in `input`, the expression \
                 or the template, or leave it out"
            ),
            Error::NoManifest { .. } => {
                "Write one with `prodlike init SOURCE`, and review it".into()
            }
            Error::NotAManifest { path } => format!(
                "Write one with `prodlike init {}`, and review it",
                path.display()
            ),
            Error::OutputInSource { .. } => "Choose another with `-o`: there, it would be a \
                                             table of the source next time"
                .into(),
            Error::FormatOfDatabase { .. } => {
                "Leave `--format` and `format` of `[snapshot]` out, or give a directory".into()
            }
            Error::LostTable { .. } => {
                "Generate it again: something was taken away since".into()
            }
            Error::Foreign { .. } => "Choose another path, or move away what is there".into(),
            Error::Io { .. } | Error::Unwritable { .. } => "Check that the path exists and may be written".into(),
            Error::Scale { .. } => "Use `--scale 0.1` for a tenth of the rows, `--scale 10` for ten times as many".into(),
            Error::UnknownTable { table, tables } => match nearest(table, tables.iter().map(String::as_str)) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("Tables: {}", tables.join(", ")),
            },
            Error::UnknownColumn { table, column, columns } => {
                match nearest(column, columns.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{table}.{near}`?"),
                    None => format!("Columns of `{table}`: {}", columns.join(", ")),
                }
            }
            Error::KeptRows { .. } => {
                "Set `mode = \"generate\"` for the table in the manifest and fit again to change its size".into()
            }
            Error::TooManyRows { .. } => "Use a smaller `--scale`".into(),
            Error::NothingLearned { .. } => "Leave the table out of `--rows`, or fit on a source where it has rows".into(),
            Error::CircularKey { relationship } => {
                format!("Remove relationship `{relationship}` from the manifest: its columns cannot be part of two keys that need each other")
            }
            Error::Capacity { .. } => "Generate fewer rows of the child table, or more of the parent".into(),
            Error::Part { parts, .. } => format!("Parts are 1/{parts} to {parts}/{parts}"),
            Error::PartOfDatabase => "Write parts to a directory of Parquet or CSV files".into(),
            Error::OutputFormat { .. } => {
                "Use `--format parquet` or `--format csv` with a directory, or a path that ends in `.duckdb`".into()
            }
            Error::ChunkRows => "Use `--chunk-rows 262144`, or leave it out".into(),
            Error::Files { .. } => "Give `--chunk-rows` a larger number, or leave it out".into(),
            Error::ExcludedEntity { table, column } => format!(
                "Remove `exclude` and set a `generator`, such as \"code\": floors must see the values; \
                 or strike `{table}.{column}` from `entities`"
            ),
            Error::KeptEntity { table } => format!(
                "Set `mode = \"generate\"`, since the rows of a kept table travel in the model \
                 file as they are; or strike `{table}` from `entities` if they are nobody's"
            ),
            Error::KeptFill { table, column } => format!(
                "Set `mode = \"generate\"` for `{table}`, since the rows of a kept table travel in \
                 the model file as they are; or exclude `{column}`, or give it a transform"
            ),
            Error::TransformedReference { parent, .. } => format!(
                "Give the transform to `{parent}`: what refers to it follows"
            ),
            Error::KeptRefers { parent, .. } => {
                format!("Keep `{parent}` as well, or generate both: `mode = \"generate\"`")
            }
            Error::KeyCapacity { .. } => "Generate fewer rows, or widen the column's type in the source".into(),
            Error::Key { .. } => "Remove the key from the manifest, or exclude the table".into(),
            Error::OrphanOfKept { parent, .. } => {
                format!("Use `orphans = \"null\"` or `\"drop\"`, or set `mode = \"generate\"` for `{parent}`")
            }
            Error::OrphanOfForeignKey { .. } => "Use `orphans = \"null\"` or `orphans = \"drop\"`".into(),
            Error::NoTables => "Set `mode = \"generate\"` for at least one table".into(),
            Error::UnknownScore { name } => match nearest(name, SCORES) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!("Scores: {}", SCORES.join(", ")),
            },
            Error::NothingInCommon => "Give the dataset that was generated from this source".into(),
            Error::Arrow { .. } | Error::Internal(_) => {
                "This is a bug in prodlike: please report it with the command you ran".into()
            }
            Error::Interrupted => return None,
        })
    }
}
