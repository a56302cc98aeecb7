//! JSON files, of one value a line or of arrays, as rows of text.

use std::io::Read;
use std::path::{Path, PathBuf};

use duckdb::Connection;
use encoding_rs::UTF_8;
use prodlike_core::source::BrokenRows;

use super::encoding::{head, transcode};
use super::files::{Kind, file_literal, is_zstd, open, unreadable};
use super::raw::{Raw, RawColumn, Shape};
use super::stage::Stage;
use crate::batches::{count, rows};
use crate::error::{Error, is_interrupt};
use crate::quote::{identifier, join, literal};

/// The largest value of one row.
const LARGEST: u64 = 256 << 20;

/// Looks at all rows of the files of a table: which keys there are, and what they hold.
pub(super) fn look(
    connection: &Connection,
    stage: &mut Stage,
    table: &str,
    files: &[PathBuf],
    policy: BrokenRows,
) -> Result<Vec<Raw>, Error> {
    let mut columns: Vec<RawColumn> = Vec::new();
    let mut reads = Vec::with_capacity(files.len());
    let mut skipped = 0;
    let mut first_skipped = None;
    for path in files {
        let read = in_utf_8(path, stage)?;
        let objects = objects(std::slice::from_ref(&read), policy)?;
        let keys = keys(connection, path, &read, &objects)?;
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
                None => {
                    if shape == Shape::Mixed {
                        tracing::warn!(
                            "column `{table}.{name}` holds values of several types in `{}`; read \
                             as text",
                            path.display()
                        );
                    }
                    columns.push(RawColumn { name, shape });
                }
            }
        }
        if policy == BrokenRows::Skip {
            let broken = count(
                connection,
                "look for broken rows",
                &format!("SELECT count(*) FROM {objects} WHERE json IS NULL"),
            )?;
            if broken > 0 && skipped == 0 {
                first_skipped = Some((path, broken_line(connection, &read)));
            }
            skipped += broken;
        }
        reads.push(read);
    }
    if let Some((path, line)) = first_skipped {
        let line = line.map_or(String::new(), |line| format!("line {line} of "));
        tracing::warn!(
            "skipped {skipped} broken line{} of table `{table}`; the first is {line}`{}`: it is \
             not JSON",
            if skipped == 1 { "" } else { "s" },
            path.display()
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
            least: Kind::Json.least(),
        });
    }
    Ok(vec![Raw {
        columns,
        paths: files.to_vec(),
        comma_decimals: false,
        has_tokens: false,
        json: Some(reads),
        csv: Vec::new(),
    }])
}

/// Returns the file that DuckDB reads: this one, or a copy in UTF-8 without a mark before it.
fn in_utf_8(path: &Path, stage: &mut Stage) -> Result<PathBuf, Error> {
    if is_zstd(path) {
        return Ok(path.to_path_buf());
    }
    let encoding = head(path, None)?.encoding;
    let mut start = Vec::new();
    open(path)?
        .take(3)
        .read_to_end(&mut start)
        .map_err(unreadable(path))?;
    if encoding == UTF_8 && start != b"\xef\xbb\xbf" {
        return Ok(path.to_path_buf());
    }
    let copy = stage.file();
    transcode(path, encoding, false, &copy)?;
    Ok(copy)
}

/// The keys of a file's objects with what they hold, in the order in which they come.
fn keys(
    connection: &Connection,
    path: &Path,
    read_path: &Path,
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
    let lines = match read() {
        Ok(lines) => lines,
        Err(source) => return Err(broken(connection, path, read_path, source)?),
    };
    // An array that is cut behind a comma is whole to DuckDB.
    if is_array(read_path)
        && last_letter(read_path)? != Some(b']')
        && let Some(cut) = cut(path, read_path)?
    {
        return Err(cut);
    }
    match lines.first() {
        Some((Some(kind), ..)) if kind == "OBJECT" => {}
        Some((None, ..)) | None if last_letter(read_path)?.is_some_and(|last| last != b']') => {
            return Err(Error::BrokenJson {
                path: path.to_path_buf(),
                line: None,
                what: "no line of it is an object".into(),
            });
        }
        Some((None, ..)) | None => {
            return Err(Error::EmptyFile {
                path: path.to_path_buf(),
                least: Kind::Json.least(),
            });
        }
        Some(_) => {
            return Err(Error::NoObjects {
                path: path.to_path_buf(),
            });
        }
    }
    let mut keys: Vec<(String, Shape)> = lines
        .into_iter()
        .filter_map(|(_, key, shape)| Some((key?, Shape::of_json(&shape?))))
        .collect();
    if keys.iter().any(|(key, _)| key.is_empty()) {
        return Err(Error::NoKey {
            path: path.to_path_buf(),
        });
    }
    for (key, shape) in &mut keys {
        // Scalars of several types, or scalars in some rows and objects or arrays in others.
        if *shape == Shape::Mixed && is_nested(connection, path, objects, key)? {
            *shape = Shape::Nested;
        }
    }
    Ok(keys)
}

/// Whether a key holds an object or an array in any row.
fn is_nested(
    connection: &Connection,
    path: &Path,
    objects: &str,
    key: &str,
) -> Result<bool, Error> {
    let nested = count(
        connection,
        &format!("read `{}`", path.display()),
        &format!(
            "SELECT count(*) FROM (SELECT json_type(struct_extract(json_transform(json, {}), {})) \
             AS kind FROM {objects} WHERE json IS NOT NULL) WHERE kind IN ('OBJECT', 'ARRAY')",
            literal(&format!("{{{}:\"JSON\"}}", quoted(key))),
            literal(key)
        ),
    )?;
    Ok(nested > 0)
}

/// Says where a file is no JSON.
fn broken(
    connection: &Connection,
    path: &Path,
    read: &Path,
    source: duckdb::Error,
) -> Result<Error, Error> {
    if is_interrupt(&source) {
        return Ok(Error::Interrupted);
    }
    let message = source.to_string();
    if !message.contains("alformed JSON") && !message.contains("Missing closing brace") {
        return Ok(Error::Query {
            action: format!("read `{}`", path.display()),
            source,
        });
    }
    let line = match is_array(read) {
        true => None,
        false => broken_line(connection, read),
    };
    if line.is_none()
        && let Some(cut) = cut(path, read)?
    {
        return Ok(cut);
    }
    let what = message
        .lines()
        .next()
        .and_then(|line| line.rsplit_once(": "))
        .map_or("it is not JSON", |(_, what)| what)
        .trim()
        .trim_end_matches('.')
        .to_string();
    Ok(Error::BrokenJson {
        path: path.to_path_buf(),
        line,
        what,
    })
}

/// Says in which row a file ends, where it ends within an array or an object.
fn cut(path: &Path, read: &Path) -> Result<Option<Error>, Error> {
    let mut reader = open(read)?;
    let (mut is_string, mut is_escaped) = (false, false);
    // Rows are the objects at the lowest depth, which in an array is one deeper.
    let lowest = usize::from(is_array(read));
    let (mut open_brackets, mut line) = (Vec::new(), 1);
    let (mut row, mut line_of_row) = (0_u64, 1);
    loop {
        let buffer = reader.fill_buf().map_err(unreadable(path))?;
        if buffer.is_empty() {
            break;
        }
        for byte in buffer {
            line += u64::from(*byte == b'\n');
            if is_string {
                is_string = is_escaped || *byte != b'"';
                is_escaped = !is_escaped && *byte == b'\\';
                continue;
            }
            match byte {
                b'"' => is_string = true,
                b'{' | b'[' => {
                    if *byte == b'{' && open_brackets.len() == lowest {
                        (row, line_of_row) = (row + 1, line);
                    }
                    open_brackets.push(*byte);
                }
                // The brackets of ASCII are two apart. One that closes no other is an error of
                // its own, wherever the file ends.
                b'}' | b']' if open_brackets.pop() != Some(byte - 2) => return Ok(None),
                _ => {}
            }
        }
        let read = buffer.len();
        reader.consume(read);
    }
    let end = match (row, open_brackets.len() > lowest || is_string) {
        (0, _) => "before its first row".to_string(),
        (row, true) => format!("in row {row}, which begins in line {line_of_row}"),
        (row, false) => format!("behind row {row}, which begins in line {line_of_row}"),
    };
    Ok(
        (!open_brackets.is_empty() || is_string).then(|| Error::CutJson {
            path: path.to_path_buf(),
            end,
        }),
    )
}

/// Returns the last byte of a file that is no blank.
fn last_letter(path: &Path) -> Result<Option<u8>, Error> {
    let mut reader = open(path)?;
    let mut last = None;
    loop {
        let buffer = reader.fill_buf().map_err(unreadable(path))?;
        if buffer.is_empty() {
            return Ok(last);
        }
        let letter = buffer.iter().rfind(|byte| !byte.is_ascii_whitespace());
        last = letter.copied().or(last);
        let read = buffer.len();
        reader.consume(read);
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

/// Whether a file begins as an array.
fn is_array(file: &Path) -> bool {
    let mut start = Vec::new();
    let Ok(reader) = open(file) else {
        return false;
    };
    let read = reader.take(4096).read_to_end(&mut start);
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    read.is_ok() && text.trim_ascii_start().starts_with(b"[")
}

/// SQL of the rows of files.
pub(super) fn select(raw: &Raw, files: &[PathBuf], policy: BrokenRows) -> Result<String, Error> {
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
        objects(files, policy)?
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
