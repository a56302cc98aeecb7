//! How a CSV file is written: what parts its fields, how they are quoted, whether the first
//! row holds names.
//!
//! DuckDB can tell too, but where a file has broken rows it looks for a dialect in which
//! they are none, and finds one: it skips the rows before them, or reads one wide column.
//! Here the dialect is what most rows agree on, and the others are broken.

use std::collections::BTreeMap;

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: char,
    /// `"` doubles or is escaped by a backslash.
    pub(super) escape: char,
    /// Lines before the first row, which are no rows.
    pub(super) skip: usize,
    pub(super) header: bool,
    /// What the first row holds, where it is a header; otherwise made up.
    pub(super) names: Vec<String>,
    /// Columns that had no name, or that of another: by position.
    pub(super) renamed: Vec<usize>,
}

/// One record: its fields, and whether quotes stood where they should.
#[derive(Debug, Default, PartialEq, Eq)]
struct Record {
    fields: Vec<String>,
    lines: usize,
    is_sound: bool,
    /// Whether the text ended within it.
    is_open: bool,
}

/// Splits text into records as RFC 4180 says.
struct Records<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    delimiter: char,
    escape: char,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char, escape: char) -> Records<'a> {
        Records {
            letters: text.chars().peekable(),
            delimiter,
            escape,
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.letters.peek()?;
        let mut record = Record {
            is_sound: true,
            ..Record::default()
        };
        let mut field = String::new();
        let mut is_quoted = false;
        loop {
            let Some(letter) = self.letters.next() else {
                record.is_open = true;
                break;
            };
            if letter == self.delimiter {
                record.fields.push(std::mem::take(&mut field));
                is_quoted = false;
            } else if letter == '\n' || letter == '\r' {
                if letter == '\r' {
                    self.letters.next_if_eq(&'\n');
                }
                record.lines += 1;
                break;
            } else if letter == '"' && field.is_empty() && !is_quoted {
                is_quoted = true;
                if !self.quoted(&mut field, &mut record) {
                    record.is_open = true;
                    break;
                }
            } else {
                record.is_sound &= !is_quoted;
                field.push(letter);
            }
        }
        record.fields.push(field);
        Some(record)
    }
}

impl Records<'_> {
    /// Reads on to the closing quote; returns whether there is one.
    fn quoted(&mut self, field: &mut String, record: &mut Record) -> bool {
        while let Some(letter) = self.letters.next() {
            if letter == self.escape && letter != '"' {
                field.extend(self.letters.next());
            } else if letter == '"' {
                if self.escape != '"' || self.letters.next_if_eq(&'"').is_none() {
                    return true;
                }
                field.push('"');
            } else {
                record.lines += usize::from(letter == '\n');
                field.push(letter);
            }
        }
        false
    }
}

/// A text read by one dialect.
struct Reading {
    /// The share of records that are as wide as most; less for a single column.
    score: f64,
    width: usize,
    delimiter: char,
    escape: char,
    records: Vec<Record>,
}

/// Tells how a text is written; the text may be the beginning of a longer one.
///
/// `None` if there is no record in it.
pub(super) fn sniff(
    text: &str,
    is_whole: bool,
    delimiter: Option<char>,
    header: Option<bool>,
) -> Option<Dialect> {
    // What spreadsheets write above the header to say how to read the file.
    let (told, lines) = match text.strip_prefix("sep=") {
        Some(rest) => (rest.chars().next(), 1),
        None => (None, 0),
    };
    let text = match lines {
        0 => text,
        _ => text.split_once('\n').map_or("", |(_, rest)| rest),
    };
    let candidates = match delimiter.or(told) {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.to_vec(),
    };
    let mut best: Option<Reading> = None;
    for delimiter in candidates {
        for escape in ['"', '\\'] {
            if escape == '\\' && !text.contains("\\\"") {
                continue;
            }
            let mut records: Vec<Record> = Records::new(text, delimiter, escape).collect();
            if !is_whole && records.len() > 1 {
                // The last one is cut off.
                records.pop();
            }
            let (width, share) = modal_width(&records);
            let score = if width > 1 { share } else { share / 4.0 };
            let better = match &best {
                Some(known) => {
                    score > known.score + 1e-9
                        || ((score - known.score).abs() <= 1e-9 && width > known.width)
                }
                None => true,
            };
            if better && !records.is_empty() {
                best = Some(Reading {
                    score,
                    width,
                    delimiter,
                    escape,
                    records,
                });
            }
        }
    }
    let Reading {
        width,
        delimiter,
        escape,
        records,
        ..
    } = best?;
    // Titles above the table.
    let first = records
        .iter()
        .position(|record| record.fields.len() == width)
        .unwrap_or(0);
    let is_title = |record: &Record| {
        record
            .fields
            .iter()
            .filter(|field| !field.trim().is_empty())
            .count()
            < 2
    };
    let first = match width > 1 && records[..first].iter().all(is_title) {
        true => first,
        false => 0,
    };
    let skip = lines
        + records[..first]
            .iter()
            .map(|record| record.lines)
            .sum::<usize>();
    let head = &records[first];
    let header = header.unwrap_or_else(|| is_header(head));
    let (names, renamed) = match header {
        true => unique_names(&head.fields),
        false => {
            let names = (0..width).map(|idx| format!("column{idx}")).collect();
            (names, Vec::new())
        }
    };
    Some(Dialect {
        delimiter,
        escape,
        skip,
        header,
        names,
        renamed,
    })
}

/// Whether a text looks like rows of more than one field.
pub(super) fn is_tabular(text: &str) -> bool {
    DELIMITERS.iter().any(|delimiter| {
        let records: Vec<Record> = Records::new(text, *delimiter, '"').collect();
        let (width, share) = modal_width(&records);
        width > 1 && share > 0.8
    })
}

/// Returns the most frequent number of fields, and how many of the records are sound and have
/// that many.
fn modal_width(records: &[Record]) -> (usize, f64) {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    let mut filled = 0_usize;
    for record in records {
        let is_blank = record.fields.len() == 1 && record.fields[0].is_empty();
        if !is_blank {
            filled += 1;
            if record.is_sound {
                *widths.entry(record.fields.len()).or_default() += 1;
            }
        }
    }
    let most = widths
        .iter()
        .max_by_key(|(width, count)| (**count, **width));
    match most {
        Some((width, count)) => (*width, *count as f64 / filled.max(1) as f64),
        None => (1, 0.0),
    }
}

/// A header has names: none of them a number, a date or a truth value, and not all missing.
fn is_header(record: &Record) -> bool {
    let is_value = |field: &String| {
        let field = field.trim();
        let digits = field.chars().filter(char::is_ascii_digit).count();
        let is_numeric = digits > 0
            && field
                .chars()
                .all(|letter| letter.is_ascii_digit() || "+-.,:/ TZeE".contains(letter));
        is_numeric || matches!(field.to_ascii_lowercase().as_str(), "true" | "false")
    };
    let is_named = record.fields.iter().any(|field| !field.trim().is_empty());
    is_named && !record.fields.iter().any(is_value)
}

/// Makes names of fields: none empty, none twice, whatever the case. Tells which it changed.
fn unique_names(fields: &[String]) -> (Vec<String>, Vec<usize>) {
    let mut renamed = Vec::new();
    let mut names: Vec<String> = Vec::with_capacity(fields.len());
    let mut taken: Vec<String> = Vec::with_capacity(fields.len());
    for (idx, field) in fields.iter().enumerate() {
        let field = field.trim().trim_start_matches('\u{feff}');
        let base = match field.is_empty() {
            true => format!("column{idx}"),
            false => field.to_string(),
        };
        let mut name = base.clone();
        let mut count = 1;
        while taken.contains(&name.to_lowercase()) {
            count += 1;
            name = format!("{base}_{count}");
        }
        if name != field {
            renamed.push(idx);
        }
        taken.push(name.to_lowercase());
        names.push(name);
    }
    (names, renamed)
}
