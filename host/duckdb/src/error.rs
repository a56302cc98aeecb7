//! What can go wrong between a source and a sink.

use std::path::PathBuf;

use prodlike_core::error::Hint;

/// An error of reading a source or writing a database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages are the documentation")]
pub enum Error {
    #[error("`{}` does not exist", path.display())]
    NotFound { path: PathBuf },
    #[error("`{}` is a URL, which is not read yet", url)]
    Remote { url: String },
    #[error("no file matches `{}`", pattern.display())]
    NoMatch { pattern: PathBuf },
    #[error("`{}` is no database and no file of rows", path.display())]
    NotATable { path: PathBuf },
    #[error("`{}` is no file, but a pipe, a socket or a device", path.display())]
    NoFile { path: PathBuf },
    #[error("`{}` is {kind} in a partition, of which only Parquet is read", path.display())]
    Partitioned { path: PathBuf, kind: String },
    #[error(
        "`{}` is a partition by {}, but `{}` is one of the same table by {}",
        first.display(), named(columns), second.display(), named(others)
    )]
    OtherPartitions {
        first: PathBuf,
        columns: Vec<String>,
        second: PathBuf,
        others: Vec<String>,
    },
    #[error(
        "the files of `{}` are partitions, whose columns are in the names of their directories",
        pattern.display()
    )]
    PartitionPattern { pattern: PathBuf, root: PathBuf },
    #[error("`{}` is empty", path.display())]
    EmptyFile {
        path: PathBuf,
        /// What would be enough.
        least: &'static str,
    },
    #[error("failed to read `{}`", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("`{}` changed while it was read", path.display())]
    SourceChanged { path: PathBuf },
    #[error("table `{table}` has files of different formats: `{}` and `{}`", first.display(), second.display())]
    MixedFormats {
        table: String,
        first: PathBuf,
        second: PathBuf,
    },
    #[error("table `{table}` has files of different columns: `{}` and `{}`", first.display(), second.display())]
    OtherColumns {
        table: String,
        first: PathBuf,
        second: PathBuf,
    },
    #[error(
        "columns `{first}` and `{second}` of table `{table}` have the same name but for upper and lower case"
    )]
    SameColumn {
        table: String,
        first: String,
        second: String,
    },
    #[error("`{}` is broken in line {line}: {what}{}", path.display(), more(*lines))]
    BrokenRows {
        path: PathBuf,
        line: u64,
        what: String,
        /// In all files of the table.
        lines: u64,
    },
    #[error("`{}` is not JSON{}: {what}", path.display(), line.map(|line| format!(" in line {line}")).unwrap_or_default())]
    BrokenJson {
        path: PathBuf,
        line: Option<u64>,
        what: String,
    },
    #[error("`{}` is cut off: it ends {end}", path.display())]
    CutJson {
        path: PathBuf,
        /// In or behind which row.
        end: String,
    },
    #[error("`{}` holds JSON that is no object, or no array of objects", path.display())]
    NoObjects { path: PathBuf },
    #[error("a key of `{}` is the empty text, which cannot name a column", path.display())]
    NoKey { path: PathBuf },
    #[error("failed to read the Arrow file `{}`", path.display())]
    ArrowFile {
        path: PathBuf,
        source: arrow::error::ArrowError,
    },
    #[error("there are no tables to read")]
    NoStreams,
    #[error("table `{table}` has {columns} columns, but {most} is the most")]
    TooManyColumns {
        table: String,
        columns: usize,
        most: usize,
    },
    #[error("{what} has no name")]
    NoName { what: String },
    #[error("failed to read the rows of table `{table}`")]
    ArrowStream {
        table: String,
        source: arrow::error::ArrowError,
    },
    #[error("`{}` is to be read as `{encoding}`, which is no encoding", path.display())]
    UnknownEncoding { path: PathBuf, encoding: String },
    #[error("`{}` is not {encoding} in line {line}, unlike before", path.display())]
    BadEncoding {
        path: PathBuf,
        line: u64,
        encoding: &'static str,
    },
    #[error("`{value}` in column `{column}` is no {expected}, which the manifest says it is ({})", place(path, *line))]
    DoesNotFit {
        column: String,
        value: String,
        expected: String,
        path: PathBuf,
        line: Option<u64>,
    },
    #[error("`{}` is a {kind}, which is not read yet", path.display())]
    OtherFormat { path: PathBuf, kind: &'static str },
    #[error("`{}` cannot be named in SQL, because it is not valid UTF-8", path.display())]
    BadPath { path: PathBuf },
    #[error("failed to list `{}`", path.display())]
    List {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("failed to open `{}`", path.display())]
    Open {
        path: PathBuf,
        source: duckdb::Error,
    },
    #[error("failed to start DuckDB")]
    Start { source: duckdb::Error },
    #[error("`{}` holds no tables", path.display())]
    NoTables { path: PathBuf },
    #[error("`{}` holds no tables in schema `main`, but {tables} in other schemas: {names}", path.display())]
    OtherSchemas {
        path: PathBuf,
        tables: usize,
        names: String,
    },
    #[error("tables `{first}` and `{second}` have the same name but for upper and lower case")]
    SameName { first: String, second: String },

    #[error("table `{table}` is not in the source")]
    UnknownTable {
        table: String,
        nearest: Option<String>,
    },
    #[error("column `{column}` of table `{table}` is not in the source")]
    UnknownColumn {
        table: String,
        column: String,
        nearest: Option<String>,
    },
    #[error("table `{table}` is not in the manifest")]
    TableNotInManifest { table: String },
    #[error("column `{column}` of table `{table}` is not in the manifest")]
    ColumnNotInManifest { table: String, column: String },
    #[error("column `{table}.{column}` is {found} in the source, but {expected} in the manifest")]
    TypeChanged {
        table: String,
        column: String,
        expected: String,
        found: String,
    },
    #[error("column `{table}.{column}` has data type {data_type}, which is not carried yet")]
    UnsupportedType {
        table: String,
        column: String,
        data_type: String,
    },
    #[error("table `{table}` has no column left: all of them are excluded")]
    NoColumns { table: String },
    #[error("column `{column}` of table `{table}` belongs to a key, but is not in the manifest")]
    UnknownKeyColumn {
        table: String,
        column: String,
        nearest: Option<String>,
    },
    #[error(
        "relationship `{relationship}` refers to table `{table}`, which is not in the manifest"
    )]
    UnknownKeyTable {
        relationship: String,
        table: String,
        nearest: Option<String>,
    },
    #[error(
        "relationship `{relationship}` cannot match {child_type} `{child}` with {parent_type} `{parent}`"
    )]
    KeyTypes {
        relationship: String,
        child: String,
        child_type: String,
        parent: String,
        parent_type: String,
    },
    #[error(
        "relationship `{relationship}` has {child} columns of its own, but {parent} of its parent"
    )]
    KeyLengths {
        relationship: String,
        child: usize,
        parent: usize,
    },
    #[error(
        "primary key {key} of table `{table}` is not unique: {} of {} rows repeat the key of another",
        grouped(*duplicates), grouped(*rows)
    )]
    PrimaryKeyNotUnique {
        table: String,
        key: String,
        duplicates: u64,
        rows: u64,
    },
    #[error(
        "{} of {} rows of table `{table}` have NULL in the primary key {key}",
        grouped(*nulls), grouped(*rows)
    )]
    PrimaryKeyNull {
        table: String,
        key: String,
        nulls: u64,
        rows: u64,
    },
    #[error(
        "unique columns {key} of table `{table}` are not unique: {} of {} rows repeat the values of another",
        grouped(*duplicates), grouped(*rows)
    )]
    NotUnique {
        table: String,
        key: String,
        duplicates: u64,
        rows: u64,
    },
    #[error(
        "relationship `{relationship}` refers to {key} of `{table}`, which are not unique: {} of {} rows repeat the values of another",
        grouped(*duplicates), grouped(*rows)
    )]
    ParentKeyNotUnique {
        relationship: String,
        table: String,
        key: String,
        duplicates: u64,
        rows: u64,
    },
    #[error(
        "{} of {} rows of column `{table}.{column}` are NULL, but the manifest says `nullable = false`",
        grouped(*nulls), grouped(*rows)
    )]
    UnexpectedNull {
        table: String,
        column: String,
        nulls: u64,
        rows: u64,
    },
    #[error(
        "{child} to {parent}, but {} of {} rows have no matching parent",
        grouped(*orphans), grouped(*rows)
    )]
    Orphans {
        relationship: String,
        /// With its verb: ``column `orders.customer_id` refers``.
        child: String,
        parent: String,
        orphans: u64,
        rows: u64,
        /// Whether the key may become NULL.
        clearable: bool,
    },
    #[error(
        "relationship `{relationship}` has `orphans = \"null\"`, but none of its columns may become NULL"
    )]
    NothingToClear { relationship: String },
    #[error(
        "column `{table}.{column}` holds {data_type} of more than 38 digits in {rows} rows, which \
         is not carried"
    )]
    TooManyDigits {
        table: String,
        column: String,
        data_type: String,
        rows: u64,
    },

    #[error(
        "column `{table}.{column}` holds times with an offset from UTC in {} rows, which is not \
         carried", grouped(*rows)
    )]
    Offsets {
        table: String,
        column: String,
        rows: u64,
    },

    #[error("failed to change the values of column `{table}.{column}`")]
    Transform {
        table: String,
        column: String,
        source: Box<prodlike_core::generator::GeneratorError>,
    },

    #[error("interrupted")]
    Interrupted,
    #[error("failed to {action}")]
    Query {
        action: String,
        source: duckdb::Error,
    },
    #[error("failed to {action}")]
    Arrow {
        action: String,
        source: arrow::error::ArrowError,
    },

    #[error("`{}` exists already", path.display())]
    Exists { path: PathBuf },
    #[error("`{}` is a directory", path.display())]
    IsDirectory { path: PathBuf },
    #[error("failed to create `{}`", path.display())]
    Create {
        path: PathBuf,
        source: duckdb::Error,
    },
    #[error("failed to write to directory `{}`", path.display())]
    Unwritable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("failed to move the finished database to `{}`", path.display())]
    Publish {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("failed to load table `{table}` with its keys")]
    Load {
        table: String,
        source: duckdb::Error,
    },

    #[error("{what}")]
    Internal { what: String },
}

impl Error {
    /// Tells what was being done when DuckDB failed.
    pub(crate) fn query(action: impl Into<String>) -> impl FnOnce(duckdb::Error) -> Error {
        move |source| {
            if is_interrupt(&source) {
                Error::Interrupted
            } else {
                Error::Query {
                    action: action.into(),
                    source,
                }
            }
        }
    }
}

/// Whether DuckDB stopped because it was asked to.
pub(crate) fn is_interrupt(error: &duckdb::Error) -> bool {
    error.to_string().contains("INTERRUPT Error")
}

/// Whether DuckDB found a value that is not of the type it was to have.
pub(crate) fn is_conversion(error: &duckdb::Error) -> bool {
    error.to_string().contains("Conversion Error")
}

/// The beginning of a value, for messages.
pub(crate) fn shortened(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_string(),
    }
}

/// DuckDB says so in words only.
fn is_disk_full(error: &Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("No space left on device") {
            return true;
        }
        cause = error.source();
    }
    false
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        let did_you_mean = |nearest: &Option<String>, otherwise: &str| match nearest {
            Some(name) => format!("Did you mean `{name}`?"),
            None => otherwise.to_string(),
        };
        if is_disk_full(self) {
            return Some(
                "Free some space on the disk of the output and of the directory for temporary files"
                    .into(),
            );
        }
        Some(match self {
            Error::NotFound { .. } => "Check the path of the source".into(),
            Error::NotATable { .. } | Error::NoTables { .. } => {
                "Give a DuckDB, Parquet, CSV, JSON or Arrow file, a directory of them, or a \
                 pattern in quotes"
                    .into()
            }
            Error::OtherFormat { kind, .. } if kind.contains("SQLite") => {
                "Convert it first: DuckDB can `COPY FROM DATABASE` it into a DuckDB file".into()
            }
            Error::OtherFormat { kind, .. } if kind.contains(".gz") => {
                "Add `.gz` to its name, or unpack it".into()
            }
            Error::OtherFormat { kind, .. } if kind.contains("UTF-32") => {
                "Write it in UTF-8".into()
            }
            Error::OtherFormat { .. } => "Convert it to Parquet or to plain CSV first".into(),
            Error::Partitioned { .. } => {
                "Write the partitions as Parquet, or one file with the partition as a column".into()
            }
            Error::OtherPartitions { .. } => {
                "Name the directories of all its partitions by the same columns, or move the \
                 others to a directory of their own, which is then a table of its own"
                    .into()
            }
            Error::PartitionPattern { root, .. } => {
                format!("Give the directory above them: `{}`", root.display())
            }
            Error::NoFile { .. } => "Write what it yields into a file, and give that".into(),
            Error::Remote { .. } => {
                "Export its tables to Parquet or CSV files, and give their directory".into()
            }
            Error::NoMatch { .. } => "Check the path and the wildcards of the pattern".into(),
            Error::EmptyFile { least, .. } => {
                format!("Take it away, or write at least {least}")
            }
            Error::Unreadable { .. } => "Check that the file is whole and may be read".into(),
            Error::SourceChanged { .. } => {
                "Run it again when nothing writes there, or give a copy".into()
            }
            Error::MixedFormats { .. } | Error::OtherColumns { .. } => {
                "Rename one of them, or give one of them as a source of its own".into()
            }
            Error::SameColumn { .. } => "Rename one of the two columns".into(),
            Error::BadEncoding { .. } => {
                "Name the encoding with `encoding = \"…\"` under `[source]` in the manifest, or \
                 write the file in UTF-8"
                    .into()
            }
            Error::CutJson { .. } => {
                "Copy or export it again, to its end; only of a file of one object a line could \
                 broken rows be left out"
                    .into()
            }
            Error::BrokenJson { line: None, .. } => {
                "Correct the file, or write one object a line, of which broken ones can be left out"
                    .into()
            }
            Error::BrokenRows { .. } | Error::BrokenJson { .. } => {
                "Correct the file, or leave such rows out with `broken_rows = \"skip\"` under \
                 `[source]` in the manifest (`prodlike init --skip-broken-rows`)"
                    .into()
            }
            Error::NoObjects { .. } => {
                "Write one object a line, or an array of objects; each key becomes a column".into()
            }
            Error::NoKey { .. } => "Give the key a name".into(),
            Error::NoName { .. } => "Give it a name".into(),
            Error::TooManyColumns { .. } => "Leave out columns that nobody reads".into(),
            Error::NoStreams => "Give one table at least".into(),
            Error::ArrowStream { .. } => "Check what the rows come from".into(),
            Error::ArrowFile { source, .. } => {
                let message = source.to_string().to_lowercase();
                if message.contains("compress") || message.contains("feature") {
                    "Write it without compression (pyarrow: `write_feather(…, \
                     compression=\"uncompressed\")`), or as Parquet"
                        .into()
                } else {
                    "Check that the file is whole".into()
                }
            }
            Error::UnknownEncoding { .. } => {
                "Use a label such as `utf-8`, `utf-16le`, `windows-1252` or `shift_jis`".into()
            }
            Error::DoesNotFit { .. } => {
                "Correct the value, or set another type of the column in the manifest; VARCHAR \
                 fits everything"
                    .into()
            }
            Error::BadPath { .. } => "Rename it, or copy it elsewhere".into(),
            Error::List { .. } => "Check that it may be read".into(),
            Error::Open { source, .. } => {
                let message = source.to_string();
                if message.contains("lock") {
                    "Close the program that has the database open, or use a copy".into()
                } else {
                    format!(
                        "Check that the file is whole and readable, and not newer than DuckDB {}",
                        crate::source::DUCKDB_VERSION
                    )
                }
            }
            Error::Start { .. } => "Check that there is memory left for DuckDB".into(),
            Error::OtherSchemas { .. } => {
                "Copy the tables into schema `main` of a new DuckDB file, or to Parquet".into()
            }
            Error::SameName { .. } => "Rename one of the two".into(),
            Error::UnknownTable { nearest, .. } => did_you_mean(
                nearest,
                "Take the table out of the manifest, or run `prodlike init` again",
            ),
            Error::UnknownColumn { nearest, .. } => did_you_mean(
                nearest,
                "Take the column out of the manifest, or run `prodlike init` again",
            ),
            Error::TableNotInManifest { .. } => {
                "Run `prodlike init` again, or add it with `mode = \"exclude\"`".into()
            }
            Error::ColumnNotInManifest { .. } => {
                "Run `prodlike init` again, or add it with `exclude = true`".into()
            }
            Error::TypeChanged { .. } => {
                "Set the data type of the source in the manifest, or run `prodlike init` again"
                    .into()
            }
            Error::UnsupportedType { .. } => {
                "Set `exclude = true` on the column, or cast it in a copy of the table".into()
            }
            Error::NoColumns { .. } => "Set `mode = \"exclude\"` on the table".into(),
            Error::UnknownKeyColumn { nearest, .. } | Error::UnknownKeyTable { nearest, .. } => {
                did_you_mean(nearest, "Correct the keys in the manifest")
            }
            Error::KeyTypes { .. } => {
                "Take the relationship out of the manifest, or cast the key in a copy of the table"
                    .into()
            }
            Error::KeyLengths { .. } => {
                "Name as many columns in `child_key` as in `parent_key`".into()
            }
            Error::PrimaryKeyNotUnique { .. } | Error::PrimaryKeyNull { .. } => {
                "Take `primary_key` out of the manifest, or name the columns that are the key"
                    .into()
            }
            Error::NotUnique { .. } => "Take them out of `unique` in the manifest".into(),
            Error::ParentKeyNotUnique { .. } => {
                "Name a key of the parent in `parent_key`, or take the relationship out of the \
                 manifest"
                    .into()
            }
            Error::UnexpectedNull { .. } => "Set `nullable = true` on the column".into(),
            Error::Orphans {
                relationship,
                clearable: true,
                ..
            } => format!(
                "To treat those rows as having no parent, set `orphans = \"null\"` on \
                 relationship `{relationship}`"
            ),
            Error::Orphans { relationship, .. } => format!(
                "To leave those rows out, set `orphans = \"drop\"` on relationship `{relationship}`"
            ),
            Error::NothingToClear { .. } => {
                "Set `orphans = \"drop\"` or `orphans = \"keep\"`".into()
            }
            Error::TooManyDigits { .. } => {
                "Set `exclude = true` on the column, or cast it to VARCHAR or UUID in a copy of the \
                 table"
                    .into()
            }
            Error::Offsets { .. } => {
                "Set `exclude = true` on the column, or cast it to TIME in a copy of the table"
                    .into()
            }
            Error::Exists { .. } => "To replace it, add `--overwrite`".into(),
            Error::IsDirectory { .. } => "Give the path of a file".into(),
            Error::Create { .. } | Error::Unwritable { .. } | Error::Publish { .. } => {
                "Check that the directory exists and can be written to".into()
            }
            Error::Load { .. } => "To write the tables without keys, add `--no-keys`".into(),
            Error::Query { .. } => "Check that the files of the source are whole".into(),
            Error::Internal { .. } => "This is a bug in prodlike; please report it".into(),
            Error::Transform { source, .. } => return source.hint(),
            Error::Interrupted | Error::Arrow { .. } => return None,
        })
    }
}

/// Where in a file something is.
fn place(path: &std::path::Path, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("line {line} of `{}`", path.display()),
        None => format!("`{}`", path.display()),
    }
}

/// Names in words.
fn named(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// How many others are broken.
fn more(lines: u64) -> String {
    match lines {
        0 | 1 => String::new(),
        lines => format!(" ({} broken lines in all)", grouped(lines)),
    }
}

/// Writes a count with commas between the thousands.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [7, 214, 98_112, 1_000_000].map(grouped),
            ["7", "214", "98,112", "1,000,000"]
        );
    }
}
