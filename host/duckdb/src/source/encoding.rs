//! Text in other encodings than UTF-8, made UTF-8 in a temporary file.

use std::fs::File;
use std::io::{BufRead, BufWriter, Read, Write};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::files::{open, unreadable};
use crate::error::Error;

/// How much of a file is looked at.
const HEAD: u64 = 1 << 20;
/// How much text that is not UTF-8 tells which encoding it is in.
const EVIDENCE: usize = 1 << 20;

/// The beginning of a text file.
pub(super) struct Head {
    pub(super) text: String,
    pub(super) is_whole: bool,
    pub(super) encoding: &'static Encoding,
}

/// Reads the beginning of a text file, and tells its encoding by it unless `label` does.
pub(super) fn head(path: &Path, label: Option<&str>) -> Result<Head, Error> {
    let mut bytes = Vec::new();
    open(path)?
        .take(HEAD)
        .read_to_end(&mut bytes)
        .map_err(unreadable(path))?;
    let is_whole = (bytes.len() as u64) < HEAD;
    let encoding = match label {
        Some(label) => {
            Encoding::for_label(label.as_bytes()).ok_or_else(|| Error::UnknownEncoding {
                path: path.to_path_buf(),
                encoding: label.to_string(),
            })?
        }
        None => guess(&bytes, is_whole),
    };
    let mut text = encoding.decode_with_bom_removal(&bytes).0.into_owned();
    if !is_whole {
        // The last letter may be cut in two.
        text.truncate(text.rfind('\n').map_or(text.len(), |end| end + 1));
    }
    Ok(Head {
        text,
        is_whole,
        encoding,
    })
}

fn guess(bytes: &[u8], is_whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let zeros = |offset: usize| {
        let half = bytes.iter().skip(offset).step_by(2);
        half.filter(|byte| **byte == 0).count() * 5 > bytes.len()
    };
    match (zeros(0), zeros(1)) {
        (false, true) => return UTF_16LE,
        (true, false) => return UTF_16BE,
        _ => {}
    }
    let mut evidence = Evidence::default();
    let end = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(end) if !is_whole => end + 1,
        _ => bytes.len(),
    };
    bytes[..end]
        .split_inclusive(|byte| *byte == b'\n')
        .for_each(|line| evidence.add(line));
    evidence.verdict()
}

/// Tells the encoding of a file by all of its lines, where its beginning told nothing.
pub(super) fn guess_whole(path: &Path) -> Result<&'static Encoding, Error> {
    Ok(evidence(path)?.verdict())
}

/// Counts the lines of a file that are UTF-8 and more than ASCII: in a file that is read in
/// another encoding, their letters come out wrong.
pub(super) fn strangers(path: &Path) -> Result<usize, Error> {
    Ok(evidence(path)?.valid)
}

fn evidence(path: &Path) -> Result<Evidence, Error> {
    let mut reader = open(path)?;
    let mut evidence = Evidence::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(HEAD).read_until(b'\n', &mut line);
        if read.map_err(unreadable(path))? == 0 {
            return Ok(evidence);
        }
        evidence.add(&line);
    }
}

/// What speaks for UTF-8, and what against it.
#[derive(Default)]
struct Evidence {
    valid: usize,
    invalid: usize,
    bytes: Vec<u8>,
}

impl Evidence {
    fn add(&mut self, line: &[u8]) {
        if line.is_ascii() {
            return;
        }
        if std::str::from_utf8(line).is_ok() {
            self.valid += 1;
        } else {
            self.invalid += 1;
            if self.bytes.len() < EVIDENCE {
                self.bytes.extend_from_slice(line);
            }
        }
    }

    /// A file whose lines are UTF-8 but for a few has broken lines, not another encoding.
    fn verdict(&self) -> &'static Encoding {
        if self.invalid == 0 || self.valid > self.invalid {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.bytes, true);
        detector.guess(None, Utf8Detection::Deny)
    }
}

/// Writes a text file anew in UTF-8; with `one_newline`, all lines end alike.
pub(super) fn transcode(
    path: &Path,
    encoding: &'static Encoding,
    one_newline: bool,
    target: &Path,
) -> Result<(), Error> {
    let unwritable = |source| Error::Unwritable {
        path: std::env::temp_dir(),
        source,
    };
    let mut reader = open(path)?;
    let mut writer = BufWriter::new(File::create_new(target).map_err(unwritable)?);
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = vec![0_u8; 1 << 18];
    let (mut lines, mut after_return) = (1_u64, false);
    loop {
        let buffer = reader.fill_buf().map_err(unreadable(path))?;
        let is_last = buffer.is_empty();
        let mut used = 0;
        loop {
            let (result, read, written, had_errors) =
                decoder.decode_to_utf8(&buffer[used..], &mut text, is_last);
            used += read;
            let decoded = &mut text[..written];
            if had_errors && encoding != UTF_8 {
                let decoded = String::from_utf8_lossy(decoded);
                let before = decoded.split('\u{fffd}').next().unwrap_or_default();
                return Err(Error::BadEncoding {
                    path: path.to_path_buf(),
                    line: lines + before.matches('\n').count() as u64,
                    encoding: encoding.name(),
                });
            }
            lines += decoded.iter().filter(|byte| **byte == b'\n').count() as u64;
            if one_newline {
                let decoded = with_one_newline(decoded, &mut after_return);
                writer.write_all(&decoded).map_err(unwritable)?;
            } else {
                writer.write_all(decoded).map_err(unwritable)?;
            }
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        reader.consume(used);
        if is_last {
            return writer.flush().map_err(unwritable);
        }
    }
}

/// Makes `\n` of `\r\n` and `\r`; a piece may end between the two.
fn with_one_newline(piece: &[u8], after_return: &mut bool) -> Vec<u8> {
    let mut clean = Vec::with_capacity(piece.len());
    for byte in piece {
        match byte {
            b'\r' => clean.push(b'\n'),
            b'\n' if *after_return => {}
            byte => clean.push(*byte),
        }
        *after_return = *byte == b'\r';
    }
    clean
}
