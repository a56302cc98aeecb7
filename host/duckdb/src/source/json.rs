//! JSON files, of one value a line or of arrays, as rows of text.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use duckdb::Connection;
use prodlike_core::source::BrokenRows;

use super::files::file_literal;
use super::raw::{Raw, RawColumn, Shape};
use crate::batches::{count, rows};
use crate::error::{Error, is_interrupt};
use crate::quote::{identifier, join, literal};

/// The largest value of one row.
const LARGEST: u64 = 256 << 20;

/// Looks at all rows of the files of a table: which keys there are, and what they hold.
pub(super) fn look(
    connection: &Connection,
    table: &str,
    files: &[PathBuf],
    policy: BrokenRows,
) -> Result<Vec<Raw>, Error> {
    let mut columns: Vec<RawColumn> = Vec::new();
    let mut skipped = 0;
    for path in files {
        let objects = objects(std::slice::from_ref(path), policy)?;
        let keys = keys(connection, path, &objects)?;
        for (name, shape) in keys {
            match columns.iter_mut().find(|column| column.name == name) {
                Some(column) => {
                    if column.shape != shape {
                        let both = column.shape.with(shape);
                        tracing::warn!(
                            "column `{table}.{name}` is {shape} in `{}`, but {} before; read as \
                             {both}",
                            path.display(),
                            column.shape,
                        );
                        column.shape = both;
                    }
                }
                None => columns.push(RawColumn { name, shape }),
            }
        }
        if policy == BrokenRows::Skip {
            skipped += count(
                connection,
                "look for broken rows",
                &format!("SELECT count(*) FROM {objects} WHERE json IS NULL"),
            )?;
        }
    }
    if skipped > 0 {
        tracing::warn!(
            "skipped {skipped} broken row{} of table `{table}`",
            if skipped == 1 { "" } else { "s" }
        );
    }
    for (idx, column) in columns.iter().enumerate() {
        let same = |other: &&RawColumn| other.name.to_lowercase() == column.name.to_lowercase();
        if let Some(other) = columns[..idx].iter().find(same) {
            return Err(Error::SameColumn {
                table: table.to_string(),
                first: other.name.clone(),
                second: column.name.clone(),
            });
        }
    }
    if columns.is_empty() {
        return Err(Error::EmptyFile {
            path: files.first().cloned().unwrap_or_default(),
        });
    }
    Ok(vec![Raw {
        columns,
        paths: files.to_vec(),
        comma_decimals: false,
        has_tokens: false,
        json: true,
        csv: Vec::new(),
    }])
}

/// The keys of a file's objects with what they hold, in the order in which they come.
fn keys(
    connection: &Connection,
    path: &Path,
    objects: &str,
) -> Result<Vec<(String, Shape)>, Error> {
    // Keys come out as text of their own: a path could not name every key.
    let sql = format!(
        "WITH whole AS (SELECT json_group_structure(json) AS structure FROM {objects} \
         WHERE json IS NOT NULL) \
         SELECT json_type(structure), key, CAST(value AS VARCHAR) FROM whole \
         LEFT JOIN (SELECT unnest(map_entries(CAST(structure AS MAP(VARCHAR, JSON))), \
         recursive := true) FROM whole WHERE json_type(structure) = 'OBJECT') ON true"
    );
    type Line = (Option<String>, Option<String>, Option<String>);
    let read = || -> duckdb::Result<Vec<Line>> {
        let mut statement = connection.prepare(&sql)?;
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let lines = read().map_err(|source| broken(connection, path, source))?;
    match lines.first() {
        Some((Some(kind), ..)) if kind == "OBJECT" => {}
        Some((None, ..)) | None => {
            return Err(Error::EmptyFile {
                path: path.to_path_buf(),
            });
        }
        Some(_) => {
            return Err(Error::NoObjects {
                path: path.to_path_buf(),
            });
        }
    }
    Ok(lines
        .into_iter()
        .filter_map(|(_, key, shape)| Some((key?, Shape::of_json(&shape?))))
        .collect())
}

/// Says where a file is no JSON.
fn broken(connection: &Connection, path: &Path, source: duckdb::Error) -> Error {
    if is_interrupt(&source) {
        return Error::Interrupted;
    }
    let message = source.to_string();
    if !message.contains("alformed JSON") {
        return Error::Query {
            action: format!("read `{}`", path.display()),
            source,
        };
    }
    let what = message
        .lines()
        .next()
        .and_then(|line| line.rsplit_once(": "))
        .map_or("it is not JSON", |(_, what)| what)
        .trim()
        .trim_end_matches('.')
        .to_string();
    Error::BrokenJson {
        path: path.to_path_buf(),
        line: broken_line(connection, path),
        what,
    }
}

/// Returns the first line that is not JSON by itself, in a file where others are.
fn broken_line(connection: &Connection, path: &Path) -> Option<u64> {
    let sql = format!(
        "SELECT min(n) FILTER (NOT valid), count(*) FILTER (valid) FROM (SELECT row_number() \
         OVER () AS n, json_valid(line) AS valid FROM read_csv({}, auto_detect = false, \
         columns = {{'line': 'VARCHAR'}}, delim = '\u{1}', quote = '', escape = '', \
         header = false, parallel = false, max_line_size = {LARGEST}))",
        file_literal(path).ok()?
    );
    let found: Vec<(Option<u64>, u64)> = rows(connection, "look for a broken row", &sql, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
    .ok()?;
    match found.as_slice() {
        [(line, 1..)] => *line,
        _ => None,
    }
}

/// SQL of the values of files, one a row.
fn objects(files: &[PathBuf], policy: BrokenRows) -> Result<String, Error> {
    let paths: Vec<String> = files
        .iter()
        .map(|file| file_literal(file))
        .collect::<Result<_, _>>()?;
    // Only lines can be told apart where one of them is broken: an array is whole or nothing.
    let errors = match policy {
        _ if files.iter().any(|file| is_array(file)) => "format = 'auto'",
        BrokenRows::Refuse => "format = 'auto'",
        BrokenRows::Skip => "format = 'newline_delimited', ignore_errors = true",
    };
    Ok(format!(
        "read_json_objects([{}], {errors}, maximum_object_size = {LARGEST}, \
         hive_partitioning = false)",
        paths.join(", ")
    ))
}

/// Whether a plain file begins as an array.
fn is_array(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(4096).read_to_end(&mut start));
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    read.is_ok() && text.trim_ascii_start().starts_with(b"[")
}

/// SQL of the rows of files.
pub(super) fn select(raw: &Raw, policy: BrokenRows) -> Result<String, Error> {
    let structure = join(&raw.columns, ",", |column| {
        format!("{}:\"VARCHAR\"", quoted(&column.name))
    });
    let columns = join(&raw.columns, ", ", |column| {
        format!(
            "struct_extract(fields, {}) AS {}",
            literal(&column.name),
            identifier(&column.name)
        )
    });
    Ok(format!(
        "SELECT {columns} FROM (SELECT json_transform(json, {}) AS fields \
         FROM {} WHERE json IS NOT NULL)",
        literal(&format!("{{{structure}}}")),
        objects(&raw.paths, policy)?
    ))
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}
