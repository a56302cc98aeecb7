//! Rows behind a quote that does not close.
//!
//! A parser takes everything behind such a quote for one field, up to the next quote or the
//! end of the file, and then has one broken row to report where thousands of lines are gone.
//! Here only the line in which the quote opens is left out, and reading goes on at the next
//! line that is a row by itself.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use super::dialect::Dialect;
use super::files::{open, unreadable};
use crate::error::Error;

/// How a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With this many fields; in a clean one no quote stands within unquoted text.
    Sound { fields: usize, is_clean: bool },
    /// Not before the end of the line: a quote is open.
    Open,
    /// Never: something stands behind a closing quote.
    Broken,
}

/// Reads a record on, one line at a time.
struct Reader {
    delimiter: Vec<u8>,
    escape: u8,
    fields: usize,
    is_clean: bool,
    is_quoted: bool,
}

impl Reader {
    fn new(dialect: &Dialect) -> Reader {
        Reader {
            delimiter: dialect.delimiter.to_string().into_bytes(),
            escape: if dialect.escape == '\\' { b'\\' } else { b'"' },
            fields: 0,
            is_clean: true,
            is_quoted: false,
        }
    }

    fn line(&mut self, line: &[u8]) -> End {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if !self.is_quoted {
            (self.fields, self.is_clean) = (1, true);
        }
        let mut at = 0;
        let mut is_start = !self.is_quoted;
        loop {
            if self.is_quoted {
                match line.get(at) {
                    None => return End::Open,
                    Some(byte) if *byte == self.escape && self.escape != b'"' => at += 2,
                    Some(b'"') if self.escape == b'"' && line.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') => {
                        self.is_quoted = false;
                        at += 1;
                        while line.get(at) == Some(&b' ') {
                            at += 1;
                        }
                        let rest = &line[at.min(line.len())..];
                        if !rest.is_empty() && !rest.starts_with(&self.delimiter) {
                            return End::Broken;
                        }
                    }
                    Some(_) => at += 1,
                }
                continue;
            }
            let rest = &line[at.min(line.len())..];
            if rest.is_empty() {
                return End::Sound {
                    fields: self.fields,
                    is_clean: self.is_clean,
                };
            }
            if rest.starts_with(&self.delimiter) {
                self.fields += 1;
                at += self.delimiter.len();
                is_start = true;
            } else if rest[0] == b'"' && is_start {
                self.is_quoted = true;
                at += 1;
            } else {
                self.is_clean &= rest[0] != b'"';
                is_start &= rest[0] == b' ';
                at += 1;
            }
        }
    }
}

/// Writes a file anew without the lines of broken quotes, and without records of several lines
/// that are not as wide as the others. Its lines end with `\n`. Returns the numbers of the
/// lines that were left out, counted from 1.
pub(super) fn mend(
    path: &Path,
    dialect: &Dialect,
    longest: u64,
    target: &Path,
) -> Result<Vec<u64>, Error> {
    let unwritable = |source| Error::Unwritable {
        path: std::env::temp_dir(),
        source,
    };
    let mut input = open(path)?;
    let mut output = BufWriter::new(File::create_new(target).map_err(unwritable)?);
    let mut dropped = Vec::new();
    // Lines that were read but not settled; the first is number `number`.
    let mut lines: VecDeque<Vec<u8>> = VecDeque::new();
    let mut number = 1;
    let preamble = (dialect.skip + usize::from(dialect.header)) as u64;
    let mut is_lost = false;
    loop {
        let mut reader = Reader::new(dialect);
        let mut used = 0;
        let mut bytes = 0;
        let end = loop {
            if used == lines.len() {
                let mut line = Vec::new();
                if input
                    .read_until(b'\n', &mut line)
                    .map_err(unreadable(path))?
                    == 0
                {
                    break End::Open;
                }
                lines.push_back(line);
            }
            bytes += lines[used].len() as u64;
            let end = reader.line(&lines[used]);
            used += 1;
            if end != End::Open || bytes > longest || number <= preamble {
                break end;
            }
        };
        if lines.is_empty() {
            output.flush().map_err(unwritable)?;
            return Ok(dropped);
        }
        let is_row = match end {
            _ if number <= preamble => true,
            End::Sound { fields, is_clean } if is_lost => {
                used == 1 && is_clean && fields == dialect.names.len()
            }
            End::Sound { fields, .. } => used == 1 || fields == dialect.names.len(),
            End::Open | End::Broken => false,
        };
        // What a sound record holds is no row, whatever it looks like.
        let settled = match end {
            _ if is_row => used,
            End::Sound { .. } if !is_lost => used,
            _ => 1,
        };
        for line in lines.drain(..settled) {
            match is_row {
                true => output.write_all(&line).map_err(unwritable)?,
                false => dropped.push(number),
            }
            number += 1;
        }
        is_lost = match end {
            End::Sound { .. } => is_lost && !is_row,
            End::Open | End::Broken => !is_row,
        };
    }
}

/// Returns the number that a line had before others were left out.
pub(super) fn line_before(line: u64, dropped: &[u64]) -> u64 {
    dropped
        .iter()
        .fold(line, |line, dropped| line + u64::from(*dropped <= line))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::super::dialect::sniff;
    use super::line_before;

    fn mended(text: &str) -> (String, Vec<u64>) {
        let directory = tempfile::tempdir().unwrap();
        let (path, target) = (
            directory.path().join("t.csv"),
            directory.path().join("u.csv"),
        );
        std::fs::write(&path, text).unwrap();
        let dialect = sniff(text, true, Some(','), Some(true)).unwrap();
        let dropped = super::mend(&path, &dialect, 1 << 20, &target).unwrap();
        (std::fs::read_to_string(target).unwrap(), dropped)
    }

    #[test]
    fn only_the_line_of_an_open_quote_is_left_out() {
        for (text, kept, dropped) in [
            // To the end of the file.
            ("a,b\n1,\"x\n2,y\n3,z", "a,b\n2,y\n3,z", vec![2]),
            // To the next quote, which does not end a field.
            (
                "a,b\n1,\"x\n2,y\n3,\"z\"\n4,w\n",
                "a,b\n2,y\n3,\"z\"\n4,w\n",
                vec![2],
            ),
            // What is no row by itself goes too, and what is whole stays.
            (
                "a,b\n1,\"x\ny\" z,\"\n2,\"p\nq\"\n3,r\n",
                "a,b\n3,r\n",
                vec![2, 3, 4, 5],
            ),
            (
                "a,b\n1,\"x\ny\"\n2,\"\"\"\"\n",
                "a,b\n1,\"x\ny\"\n2,\"\"\"\"\n",
                vec![],
            ),
            // Too narrow: all of its lines.
            ("a,b\n\"1\nq,r\n\"\n2,x\n", "a,b\n2,x\n", vec![2, 3, 4]),
        ] {
            assert_eq!(mended(text), (kept.to_string(), dropped), "{text:?}");
        }
    }

    #[test]
    fn lines_keep_their_numbers() {
        let before: Vec<u64> = (1..=5).map(|line| line_before(line, &[2, 3, 6])).collect();
        assert_eq!(before, [1, 4, 5, 7, 8]);
    }
}
