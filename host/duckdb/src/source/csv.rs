//! CSV files as rows of text.

use std::io::Read;
use std::path::{Path, PathBuf};

use duckdb::Connection;
use encoding_rs::{Encoding, UTF_8};
use prodlike_core::source::{BrokenRows, ReadOptions};

use super::dialect::{Dialect, sniff};
use super::encoding::{guess_whole, head, strangers, transcode};
use super::files::{Kind, absolute, file_literal, is_gzip, is_zstd, open, unreadable};
use super::mend::{line_before, mend};
use super::raw::{Raw, RawColumn, Scan, Shape};
use super::stage::Stage;
use crate::batches::{rows, run};
use crate::error::Error;
use crate::quote::{identifier, join, literal};

/// DuckDB's own limit of a line; more costs memory for each thread.
const LINE: u64 = 2 << 20;
/// The longest line that is read at all.
const LONGEST_LINE: u64 = 256 << 20;

/// What DuckDB says of a row that a broken quote may be in.
const QUOTED_AWAY: [&str; 4] = [
    "UNQUOTED VALUE",
    "MISSING COLUMNS",
    "TOO MANY COLUMNS",
    "LINE SIZE OVER MAXIMUM",
];

/// One file, and how it is read.
#[derive(Debug)]
pub(super) struct CsvFile {
    /// As it was found.
    pub(super) path: PathBuf,
    /// What DuckDB reads: itself, or a copy in UTF-8.
    read: PathBuf,
    dialect: Dialect,
    longest_line: u64,
    is_copy: bool,
    encoding: &'static Encoding,
    /// The lines that a mended copy lacks; none if it is no such copy.
    dropped: Option<Vec<u64>>,
}

impl CsvFile {
    /// Looks at the beginning of a file.
    pub(super) fn look(
        path: PathBuf,
        options: &ReadOptions,
        stage: &mut Stage,
    ) -> Result<CsvFile, Error> {
        if is_zstd(&path) {
            return Err(Error::OtherFormat {
                path,
                kind: "zstd-compressed text",
            });
        }
        let head = head(&path, options.encoding.as_deref())?;
        let delimiter = options.delimiter.or_else(|| {
            let name = path.to_string_lossy().to_lowercase();
            let is_tabs = [".tsv", ".tab", ".tsv.gz", ".tab.gz"];
            is_tabs
                .iter()
                .any(|end| name.ends_with(end))
                .then_some('\t')
        });
        let dialect = sniff(&head.text, head.is_whole, delimiter, options.header);
        let Some(dialect) = dialect.filter(|_| !head.text.trim().is_empty()) else {
            return Err(Error::EmptyFile {
                path,
                least: Kind::Csv.least(),
            });
        };
        // A mark that no text has: a picture or an archive by the name of text.
        if dialect.names.iter().any(|name| name.contains('\0')) {
            return Err(Error::NotATable { path });
        }
        for idx in &dialect.renamed {
            tracing::warn!(
                "column {} of `{}` has no name of its own and is read as `{}`",
                idx + 1,
                path.display(),
                dialect.names[*idx]
            );
        }
        let mut file = CsvFile {
            read: path.clone(),
            path,
            dialect,
            longest_line: LINE,
            is_copy: false,
            encoding: head.encoding,
            dropped: None,
        };
        // DuckDB wants all lines to end alike.
        let returns = head.text.matches("\r\n").count();
        let is_mixed = returns > 0 && returns < head.text.matches('\n').count();
        if head.encoding != UTF_8 || is_mixed {
            file.copy(head.encoding, is_mixed, stage)?;
        }
        Ok(file)
    }

    /// Reads a copy whose lines end alike; returns whether that is new.
    pub(super) fn even_out(&mut self, stage: &mut Stage) -> Result<bool, Error> {
        let is_new = !self.is_copy;
        if is_new {
            self.copy(UTF_8, true, stage)?;
        }
        Ok(is_new)
    }

    /// Reads a copy from now on.
    fn copy(
        &mut self,
        encoding: &'static Encoding,
        one_newline: bool,
        stage: &mut Stage,
    ) -> Result<(), Error> {
        let copy = stage.file();
        transcode(&self.path, encoding, one_newline, &copy)?;
        if !self.is_copy && encoding.is_single_byte() {
            let lines = strangers(&self.path)?;
            if lines > 0 {
                tracing::warn!(
                    "`{}` is read as {}, but mixes encodings: {lines} line{} UTF-8; convert it to one",
                    self.path.display(),
                    encoding.name(),
                    if lines == 1 {
                        " of it is"
                    } else {
                        "s of it are"
                    }
                );
            }
        }
        self.read = copy;
        self.is_copy = true;
        self.encoding = encoding;
        Ok(())
    }

    /// Reads a copy without broken quotes from now on; returns whether that is new.
    fn mend(&mut self, stage: &mut Stage) -> Result<bool, Error> {
        if self.dropped.is_some() {
            return Ok(false);
        }
        self.copy(self.encoding, true, stage)?;
        let mended = stage.file();
        let dropped = mend(&self.read, &self.dialect, LONGEST_LINE, &mended)?;
        self.read = mended;
        self.dropped = Some(dropped);
        Ok(true)
    }

    /// Whether one statement can read both.
    fn is_like(&self, other: &CsvFile) -> bool {
        self.dialect == other.dialect
            && self.longest_line == other.longest_line
            && is_gzip(&self.read) == is_gzip(&other.read)
    }

    /// Returns the number of the line that holds a byte, counted from 1.
    fn line_of(&self, byte: u64) -> Result<u64, Error> {
        // After `\r\n` DuckDB may say that a row begins at the `\n`.
        let mut reader = open(&self.read)?.take(byte);
        let mut buffer = vec![0; 1 << 16];
        let mut line = 1;
        loop {
            let n = reader.read(&mut buffer).map_err(unreadable(&self.path))?;
            if n == 0 {
                return Ok(line_before(
                    line,
                    self.dropped.as_deref().unwrap_or_default(),
                ));
            }
            line += buffer[..n].iter().filter(|byte| **byte == b'\n').count() as u64;
        }
    }
}

/// Groups files that one statement can read, in the order of the files.
pub(super) fn group(files: Vec<CsvFile>) -> Vec<Raw> {
    let mut groups: Vec<Vec<CsvFile>> = Vec::new();
    for file in files {
        match groups
            .iter_mut()
            .find(|group| group.first().is_some_and(|first| first.is_like(&file)))
        {
            Some(group) => group.push(file),
            None => groups.push(vec![file]),
        }
    }
    let raw = groups.into_iter().map(|files| Raw {
        columns: files[0]
            .dialect
            .names
            .iter()
            .map(|name| RawColumn {
                name: name.clone(),
                shape: Shape::Text,
            })
            .collect(),
        paths: files.iter().map(|file| file.path.clone()).collect(),
        comma_decimals: files[0].dialect.delimiter != ',',
        has_tokens: true,
        json: None,
        csv: files,
    });
    raw.collect()
}

/// SQL of the rows of like files.
pub(super) fn select(
    files: &[CsvFile],
    scan: &Scan<'_>,
    typed: Option<(&str, &str)>,
) -> Result<String, Error> {
    let Some(first) = files.first() else {
        return Err(Error::Internal {
            what: "a table has no files".into(),
        });
    };
    let paths: Vec<String> = files
        .iter()
        .map(|file| file_literal(&file.read))
        .collect::<Result<_, _>>()?;
    let dialect = &first.dialect;
    let columns = join(&dialect.names, ", ", |name| {
        let data_type = match typed {
            Some((column, data_type)) if column == name => data_type,
            _ => "VARCHAR",
        };
        format!("{}: {}", literal(name), literal(data_type))
    });
    let errors = match scan {
        Scan::Lenient => "ignore_errors = true".to_string(),
        Scan::Strict { rejects } => format!(
            "store_rejects = true, rejects_table = {}, rejects_scan = {}",
            literal(rejects),
            literal(&format!("{rejects}_scans"))
        ),
    };
    let long = match first.longest_line {
        LINE => String::new(),
        line => format!("max_line_size = {line}, buffer_size = {}, ", line * 2),
    };
    Ok(format!(
        "SELECT * FROM read_csv([{}], auto_detect = false, columns = {{{columns}}}, \
         delim = {}, quote = '\"', escape = {}, header = {}, skip = {}, nullstr = '', \
         allow_quoted_nulls = false, hive_partitioning = false, compression = '{}', {long}{errors})",
        paths.join(", "),
        literal(&dialect.delimiter.to_string()),
        literal(&dialect.escape.to_string()),
        dialect.header,
        dialect.skip,
        if is_gzip(&first.read) { "gzip" } else { "none" },
    ))
}

/// One row that is none.
struct Reject {
    path: String,
    byte: u64,
    kind: String,
    message: String,
}

/// What is to be done about rejected rows.
pub(super) enum Verdict {
    /// The rows that were read are the table.
    Done,
    /// The files are read differently now: try again.
    Again,
}

/// Looks at the rows that DuckDB rejected, and at what may be done about them.
pub(super) fn judge(
    connection: &Connection,
    stage: &mut Stage,
    table: &str,
    raws: &mut [Raw],
    rejects: &str,
    policy: BrokenRows,
) -> Result<Verdict, Error> {
    let action = "look for broken rows";
    let exists: u64 = crate::batches::count(
        connection,
        action,
        &format!(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = {}",
            literal(rejects)
        ),
    )?;
    if exists == 0 {
        return Ok(Verdict::Done);
    }
    // A row with several errors is one broken row.
    let first: Vec<(Reject, u64)> = rows(
        connection,
        action,
        &format!(
            "SELECT file_path, min(line_byte_position), \
             arg_min(CAST(error_type AS VARCHAR), line_byte_position), \
             arg_min(error_message, line_byte_position), count(DISTINCT line_byte_position) \
             FROM {rejects} JOIN {rejects}_scans USING (scan_id, file_id) \
             GROUP BY file_path ORDER BY file_path"
        ),
        |row| {
            let reject = Reject {
                path: row.get(0)?,
                byte: row.get::<_, Option<u64>>(1)?.unwrap_or(1),
                kind: row.get(2)?,
                message: row.get(3)?,
            };
            Ok((reject, row.get(4)?))
        },
    )?;
    let kinds: Vec<(String, String)> = rows(
        connection,
        action,
        &format!(
            "SELECT DISTINCT file_path, CAST(error_type AS VARCHAR) \
             FROM {rejects} JOIN {rejects}_scans USING (scan_id, file_id) ORDER BY ALL"
        ),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    run(
        connection,
        action,
        &format!("DROP TABLE {rejects}; DROP TABLE {rejects}_scans"),
    )?;
    let mut again = false;
    for file in raws.iter_mut().flat_map(|raw| &mut raw.csv) {
        let read = absolute(&file.read).to_string_lossy().into_owned();
        let has = |kind: &str| kinds.iter().any(|(path, k)| *path == read && k == kind);
        if has("INVALID ENCODING") && !file.is_copy {
            let encoding = guess_whole(&file.path)?;
            if encoding != UTF_8 {
                file.copy(encoding, false, stage)?;
                again = true;
            }
        }
        if has("INVALID STATE") {
            again |= file.even_out(stage)?;
        }
        let mut is_new = false;
        // A broken quote hides how many lines are behind it, whether they are skipped or counted.
        if QUOTED_AWAY.iter().any(|kind| has(kind)) {
            is_new = file.mend(stage)?;
            again |= is_new;
        }
        if !is_new && has("LINE SIZE OVER MAXIMUM") && file.longest_line < LONGEST_LINE {
            file.longest_line *= 8;
            again = true;
        }
    }
    if again {
        return Ok(Verdict::Again);
    }
    let mut total: u64 = first.iter().map(|(_, count)| count).sum();
    // The first of each file: by file, line and what is wrong there.
    let mut broken: Vec<(PathBuf, u64, String)> = Vec::new();
    for file in raws.iter().flat_map(|raw| &raw.csv) {
        if let Some((first, rest)) = file.dropped.as_deref().and_then(<[u64]>::split_first) {
            total += 1 + rest.len() as u64;
            broken.push((
                file.path.clone(),
                *first,
                "a quote opens that does not close where it should".into(),
            ));
        }
    }
    for (reject, _) in &first {
        let file = raws
            .iter()
            .flat_map(|raw| &raw.csv)
            .find(|file| Path::new(&reject.path) == absolute(&file.read));
        broken.push(match file {
            Some(file) => (
                file.path.clone(),
                file.line_of(reject.byte)?,
                in_words(reject),
            ),
            None => (PathBuf::from(&reject.path), 0, in_words(reject)),
        });
    }
    broken.sort();
    let Some((path, line, what)) = broken.into_iter().next() else {
        return Ok(Verdict::Done);
    };
    if policy == BrokenRows::Skip {
        tracing::warn!(
            "skipped {total} broken line{} of table `{table}`; the first is line {line} of `{}`: {what}",
            if total == 1 { "" } else { "s" },
            path.display()
        );
        return Ok(Verdict::Done);
    }
    Err(Error::BrokenRows {
        path,
        line,
        what,
        lines: total,
    })
}

fn in_words(reject: &Reject) -> String {
    let numbers: Vec<&str> = reject
        .message
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    match (reject.kind.as_str(), numbers.as_slice()) {
        ("TOO MANY COLUMNS" | "MISSING COLUMNS", [expected, found, ..]) => {
            format!("it has {found} fields, but the others have {expected}")
        }
        ("UNQUOTED VALUE", _) => "a quoted field does not end".to_string(),
        ("INVALID ENCODING", _) => "it is not valid UTF-8, unlike other lines".to_string(),
        ("LINE SIZE OVER MAXIMUM", _) => {
            format!("it is longer than {} MiB", LONGEST_LINE >> 20)
        }
        _ => reject
            .message
            .lines()
            .next()
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_string(),
    }
}

/// Finds the line of the first value of a column that does not fit a type.
pub(super) fn line_of_value(
    connection: &Connection,
    files: &[CsvFile],
    column: &str,
    data_type: &str,
    value: &str,
) -> Result<Option<(PathBuf, u64)>, Error> {
    let rejects = "misfits";
    let sql = select(files, &Scan::Strict { rejects }, Some((column, data_type)))?;
    let action = "look for a value";
    run(
        connection,
        action,
        &format!(
            "CREATE OR REPLACE TEMP TABLE counted AS SELECT count({}) FROM ({sql})",
            identifier(column)
        ),
    )?;
    let found: Vec<(String, u64)> = rows(
        connection,
        action,
        &format!(
            "SELECT file_path, line_byte_position FROM {rejects} \
             JOIN {rejects}_scans USING (scan_id, file_id) \
             WHERE error_type = 'CAST' AND column_name = {} AND contains(error_message, {}) \
             ORDER BY file_path, line_byte_position LIMIT 1",
            literal(column),
            literal(&format!("\"{value}\""))
        ),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    run(
        connection,
        action,
        &format!("DROP TABLE {rejects}; DROP TABLE {rejects}_scans; DROP TABLE counted"),
    )?;
    let Some((path, byte)) = found.into_iter().next() else {
        return Ok(None);
    };
    match files
        .iter()
        .find(|file| Path::new(&path) == absolute(&file.read))
    {
        Some(file) => Ok(Some((file.path.clone(), file.line_of(byte)?))),
        None => Ok(None),
    }
}
