//! From a path or a pattern to tables of files.
//!
//! A file is a table named by its stem. In a directory each file is a table, and each
//! subdirectory of like files is one. A pattern whose last part begins with a wildcard
//! (`data/*.csv`) is read as a directory is; one whose last part begins with a name
//! (`orders-*.csv`) is one table of that name, because that is what such names are for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use duckdb::Connection;
use flate2::bufread::MultiGzDecoder;

use super::percent_decoded;
use crate::batches::rows;
use crate::error::Error;
use crate::quote::literal;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    DuckDb,
    Parquet,
    Csv,
    Json,
    Arrow,
}

impl Kind {
    /// The least that a file must hold, for hints.
    pub(super) fn least(self) -> &'static str {
        match self {
            Kind::Csv => "the line with the names of its columns",
            Kind::Json => "one object, whose keys become columns",
            Kind::DuckDb | Kind::Parquet | Kind::Arrow => "a table without rows",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::DuckDb => "DuckDB",
            Kind::Parquet => "Parquet",
            Kind::Csv => "CSV",
            Kind::Json => "JSON",
            Kind::Arrow => "Arrow IPC",
        })
    }
}

/// A table and its files; of a database, the file alone.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) files: Vec<PathBuf>,
    /// Whether directories hold values of its columns, as in `year=2024/part-0.parquet`.
    pub(super) is_partitioned: bool,
    /// Whether prodlike wrote it: all text, and only the manifest knows the types.
    pub(super) is_ours: bool,
}

/// What a path stands for.
pub(super) struct Place {
    pub(super) found: Vec<Found>,
    /// The path that messages name.
    pub(super) shown: PathBuf,
}

/// Finds the tables of a path or pattern.
pub(super) fn find(connection: &Connection, path: &Path) -> Result<Place, Error> {
    let shown = path.to_path_buf();
    if let Some(text) = path.to_str().filter(|text| is_url(text)) {
        return Err(Error::Remote { url: masked(text) });
    }
    let found = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => in_directory(path)?,
        Ok(_) => vec![one_file(path)?],
        Err(_) if is_pattern(path) => by_pattern(connection, path)?,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NotFound { path: shown });
        }
        Err(source) => {
            return Err(Error::List {
                path: shown,
                source,
            });
        }
    };
    if found.is_empty() {
        return Err(Error::NoTables { path: shown });
    }
    Ok(Place { found, shown })
}

/// Whether the text names something on a network; a manifest puts a directory before it.
fn is_url(text: &str) -> bool {
    let before = text
        .split_once("://")
        .or_else(|| text.split_once(":/"))
        .map(|(before, _)| before.rsplit('/').next().unwrap_or(before));
    before.is_some_and(|scheme| {
        scheme.len() > 1
            && scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    }) && !Path::new(text).exists()
}

/// Hides what stands before the host: it may be a password.
fn masked(url: &str) -> String {
    match (url.find("//"), url.rfind('@')) {
        (Some(start), Some(at)) if start < at => format!("{}//…{}", &url[..start], &url[at..]),
        _ => url.to_string(),
    }
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn one_file(path: &Path) -> Result<Found, Error> {
    let kind = match content(path)? {
        Some(kind) => Some(kind),
        None => kind_by_name(path),
    };
    match kind {
        Some(Kind::Csv) if is_prose(path)? => {}
        // A file that calls itself a database and is none was refused by its content.
        Some(kind) => {
            return Ok(Found {
                name: stem(path)?,
                kind,
                files: vec![path.to_path_buf()],
                is_partitioned: false,
                is_ours: false,
            });
        }
        None => {}
    }
    Err(Error::NotATable {
        path: path.to_path_buf(),
    })
}

fn in_directory(directory: &Path) -> Result<Vec<Found>, Error> {
    let is_ours = directory.join("dataset.json").is_file();
    if let Some(found) = partitions(directory)? {
        return Ok(vec![found]);
    }
    let mut tables = Tables::default();
    let mut partitioned = Vec::new();
    for entry in entries(directory)? {
        if entry.is_dir() {
            if let Some(found) = partitions(&entry)? {
                partitioned.push(found);
                continue;
            }
            let name = entry.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| Error::BadPath {
                path: entry.clone(),
            })?;
            let mut files = Vec::new();
            for file in entries(&entry)? {
                if let Some(kind) = kind_by_name(&file).filter(|_| file.is_file()) {
                    let kind = match kind {
                        Kind::DuckDb => kind,
                        _ => content(&file)?.unwrap_or(kind),
                    };
                    files.push((file, kind));
                }
            }
            if files.is_empty() {
                tracing::warn!(
                    "left out `{}`: it holds no files of tables",
                    entry.display()
                );
            }
            for (file, kind) in files {
                tables.add(name.to_string(), file, kind)?;
            }
        } else if let Some(kind) = kind_by_name(&entry) {
            check_is_file(&entry)?;
            let is_noise = match kind {
                Kind::Json => entry.file_name().is_some_and(|name| name == "dataset.json"),
                Kind::Csv if is_prose(&entry)? => {
                    tracing::warn!("left out `{}`: it looks like prose", entry.display());
                    true
                }
                _ => false,
            };
            if is_noise {
                continue;
            }
            if kind == Kind::DuckDb {
                tracing::warn!(
                    "left out the database `{}`: give it as a source of its own",
                    entry.display()
                );
                continue;
            }
            let kind = content(&entry)?.unwrap_or(kind);
            tables.add(stem(&entry)?, entry, kind)?;
        }
    }
    partitioned.extend(tables.finish(is_ours));
    Ok(partitioned)
}

/// The table of a directory whose subdirectories are called as Hive calls them.
fn partitions(directory: &Path) -> Result<Option<Found>, Error> {
    let all = entries(directory)?;
    let (parts, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|entry| entry.is_dir());
    if !parts.iter().any(|part| partition(part).is_some()) {
        return Ok(None);
    }
    for other in others.iter().filter(|other| kind_by_name(other).is_some()) {
        tracing::warn!("left out `{}`: it is in no partition", other.display());
    }
    let mut files = Vec::new();
    for part in parts {
        match partition(&part) {
            Some(_) => files_below(&part, DEEPEST, &mut files)?,
            None => tracing::warn!("left out `{}`: it is no partition", part.display()),
        }
    }
    for file in &files {
        let kind = content(file)?.or(kind_by_name(file));
        if let Some(kind) = kind.filter(|kind| *kind != Kind::Parquet) {
            return Err(Error::Partitioned {
                path: file.clone(),
                kind: kind.to_string(),
            });
        }
    }
    let Some(first) = files.first() else {
        return Ok(None);
    };
    let columns = partition_columns(first);
    if let Some(other) = files.iter().find(|file| partition_columns(file) != columns) {
        let below = |file: &Path| file.parent().unwrap_or(directory).to_path_buf();
        return Err(Error::OtherPartitions {
            first: below(first),
            columns: columns.into_iter().map(str::to_string).collect(),
            second: below(other),
            others: partition_columns(other)
                .into_iter()
                .map(str::to_string)
                .collect(),
        });
    }
    // The last part of the path may be a dot.
    let full = std::fs::canonicalize(directory).map_err(unreadable(directory))?;
    let name = full.file_name().and_then(|name| name.to_str());
    Ok(Some(Found {
        name: name
            .ok_or_else(|| Error::BadPath { path: full.clone() })?
            .to_string(),
        kind: Kind::Parquet,
        files,
        is_partitioned: true,
        is_ours: false,
    }))
}

/// How deep partitions may be nested: links may lead in circles.
const DEEPEST: usize = 16;

fn files_below(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    for entry in entries(directory)? {
        if entry.is_dir() {
            if depth > 0 {
                files_below(&entry, depth - 1, files)?;
            }
        } else if kind_by_name(&entry).is_some() {
            files.push(entry);
        }
    }
    Ok(())
}

/// The column and the value that a directory is called by.
pub(super) fn partition(directory: &Path) -> Option<(&str, &str)> {
    let (column, value) = directory.file_name()?.to_str()?.split_once('=')?;
    (!column.is_empty()).then_some((column, value))
}

/// The columns that the directories of a file are called by, in no order: levels may be swapped.
fn partition_columns(file: &Path) -> BTreeSet<&str> {
    let above = file.ancestors().skip(1).filter_map(partition);
    above.map(|(column, _)| column).collect()
}

fn by_pattern(connection: &Connection, pattern: &Path) -> Result<Vec<Found>, Error> {
    let text = pattern.to_str().ok_or_else(|| Error::BadPath {
        path: pattern.to_path_buf(),
    })?;
    let mut files: Vec<String> = rows(
        connection,
        "look for files",
        &format!("SELECT file FROM glob({})", literal(text)),
        |row| row.get(0),
    )?;
    files.sort();
    let prefix = named_prefix(pattern);
    let mut tables = Tables::default();
    for file in files {
        let path = PathBuf::from(&file);
        let kind = match content(&path)? {
            Some(kind) => Some(kind),
            None => kind_by_name(&path),
        };
        let name = match &prefix {
            Some(prefix) => prefix.clone(),
            None => stem(&path)?,
        };
        if path
            .parent()
            .is_some_and(|parent| partition(parent).is_some())
        {
            let above = path.ancestors().skip(1);
            let root = above.take_while(|above| partition(above).is_some()).last();
            return Err(Error::PartitionPattern {
                pattern: pattern.to_path_buf(),
                root: root
                    .and_then(Path::parent)
                    .map(Path::to_path_buf)
                    .unwrap_or_default(),
            });
        }
        match kind {
            Some(Kind::DuckDb) | None => return Err(Error::NotATable { path }),
            Some(kind) => tables.add(name, path, kind)?,
        }
    }
    if tables.0.is_empty() {
        return Err(Error::NoMatch {
            pattern: pattern.to_path_buf(),
        });
    }
    Ok(tables.finish(false))
}

/// Returns the table that all files of a pattern belong to, where their names share a name.
fn named_prefix(pattern: &Path) -> Option<String> {
    let last = pattern.file_name()?.to_str()?;
    let fixed = &last[..last.find(['*', '?', '['])?];
    let name = fixed.trim_end_matches(|letter: char| {
        letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.' | ' ')
    });
    (!name.is_empty()).then(|| name.to_string())
}

/// Tables by name while they are found.
#[derive(Default)]
struct Tables(BTreeMap<String, (Kind, Vec<PathBuf>)>);

impl Tables {
    fn add(&mut self, name: String, file: PathBuf, kind: Kind) -> Result<(), Error> {
        let (known, files) = self
            .0
            .entry(name.clone())
            .or_insert_with(|| (kind, Vec::new()));
        match files.first() {
            Some(first) if *known != kind => Err(Error::MixedFormats {
                table: name,
                first: first.clone(),
                second: file,
            }),
            _ => {
                files.push(file);
                Ok(())
            }
        }
    }

    fn finish(self, is_ours: bool) -> Vec<Found> {
        let found = self.0.into_iter().map(|(name, (kind, files))| Found {
            // Our own output spells names that file systems cannot carry in percent signs.
            name: if is_ours {
                percent_decoded(&name)
            } else {
                name
            },
            kind,
            files,
            is_partitioned: false,
            is_ours: is_ours && kind == Kind::Csv,
        });
        found.collect()
    }
}

/// A pipe would be waited for, maybe for ever, and could be read once only.
fn check_is_file(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path).map_err(unreadable(path))?.is_file() {
        true => Ok(()),
        false => Err(Error::NoFile {
            path: path.to_path_buf(),
        }),
    }
}

/// What a file is by its first bytes, where they tell.
fn content(path: &Path) -> Result<Option<Kind>, Error> {
    check_is_file(path)?;
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(16).read_to_end(&mut start))
        .map_err(unreadable(path))?;
    let other = |kind| Error::OtherFormat {
        path: path.to_path_buf(),
        kind,
    };
    if start.is_empty() {
        return match kind_by_name(path) {
            Some(Kind::DuckDb) | None => Err(Error::NotATable {
                path: path.to_path_buf(),
            }),
            Some(kind) => Err(Error::EmptyFile {
                path: path.to_path_buf(),
                least: kind.least(),
            }),
        };
    }
    Ok(if start.get(8..12) == Some(b"DUCK") {
        Some(Kind::DuckDb)
    } else if start.starts_with(b"PAR1") {
        Some(Kind::Parquet)
    } else if start.starts_with(b"ARROW1") {
        Some(Kind::Arrow)
    } else if start.starts_with(b"SQLite format 3") {
        return Err(other("SQLite database"));
    } else if start.starts_with(b"FEA1") {
        return Err(other("Feather file of version 1"));
    } else if start.starts_with(b"\x1f\x8b") && !is_gzip(path) {
        return Err(other("gzip-compressed file without `.gz` in its name"));
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") && !is_zstd(path) {
        return Err(other("zstd-compressed file"));
    } else if start.starts_with(b"\xff\xfe\0\0") || start.starts_with(b"\0\0\xfe\xff") {
        return Err(other("file in UTF-32"));
    } else if start.starts_with(b"PK\x03\x04") {
        return Err(other("zip archive or spreadsheet"));
    } else if matches!(kind_by_name(path), Some(Kind::Parquet | Kind::DuckDb)) {
        return Err(Error::NotATable {
            path: path.to_path_buf(),
        });
    } else {
        None
    })
}

/// What a file says it is.
fn kind_by_name(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?.to_lowercase();
    let (plain, is_packed) = match name.strip_suffix(".gz").or(name.strip_suffix(".zst")) {
        Some(plain) => (plain, true),
        None => (name.as_str(), false),
    };
    let kind = match Path::new(plain).extension()?.to_str()? {
        "csv" | "tsv" | "tab" | "txt" | "psv" => Kind::Csv,
        "json" | "jsonl" | "ndjson" => Kind::Json,
        "parquet" | "pq" => Kind::Parquet,
        "arrow" | "feather" | "ipc" | "arrows" => Kind::Arrow,
        "duckdb" | "db" | "ddb" => Kind::DuckDb,
        _ => return None,
    };
    (!is_packed || matches!(kind, Kind::Csv | Kind::Json)).then_some(kind)
}

/// Whether a text file is there to be read by people.
fn is_prose(path: &Path) -> Result<bool, Error> {
    let is_text = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    if !is_text {
        return Ok(false);
    }
    let mut head = Vec::new();
    open(path)?
        .take(1 << 16)
        .read_to_end(&mut head)
        .map_err(unreadable(path))?;
    Ok(!super::dialect::is_tabular(&String::from_utf8_lossy(&head)))
}

/// Lists a directory in order of the names, without hidden files.
fn entries(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::List {
        path: path.to_path_buf(),
        source,
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

/// Returns the name of a file without what says its format and packing.
pub(super) fn stem(path: &Path) -> Result<String, Error> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Error::BadPath {
        path: path.to_path_buf(),
    })?;
    let plain = name
        .strip_suffix(".gz")
        .or(name.strip_suffix(".zst"))
        .unwrap_or(name);
    let stem = Path::new(plain).file_stem().and_then(|stem| stem.to_str());
    Ok(stem.unwrap_or(plain).to_string())
}

/// How a file is packed, by its name.
pub(super) fn is_gzip(path: &Path) -> bool {
    has_ending(path, "gz")
}

pub(super) fn is_zstd(path: &Path) -> bool {
    has_ending(path, "zst")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

/// Opens a file, and unpacks it where it is packed with gzip.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = BufReader::with_capacity(1 << 18, File::open(path).map_err(unreadable(path))?);
    Ok(if is_gzip(path) {
        Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

pub(super) fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Unreadable {
        path: path.to_path_buf(),
        source,
    }
}

/// Escapes what DuckDB would take as a pattern of file names.
pub(super) fn without_wildcards(path: &str) -> String {
    if !path.contains(['*', '?', '[']) {
        return path.to_string();
    }
    path.chars()
        .map(|letter| match letter {
            '*' | '?' | '[' => format!("[{letter}]"),
            letter => letter.to_string(),
        })
        .collect()
}

/// Returns a path as an SQL string that names this file only: DuckDB knows patterns, homes
/// and URLs.
pub(super) fn file_literal(path: &Path) -> Result<String, Error> {
    match absolute(path).to_str() {
        Some(text) => Ok(literal(&without_wildcards(text))),
        None => Err(Error::BadPath {
            path: path.to_path_buf(),
        }),
    }
}

/// Returns a path as DuckDB is told it.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
