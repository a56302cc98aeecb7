//! Whether files are still what they were when they were opened.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// What a file was when it was opened.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    /// Seconds and nanoseconds, as the file system has them: nobody reads a clock here.
    modified: (i64, i64),
    /// Tells a file from another that was moved into its place.
    number: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            bytes: metadata.len(),
            modified: modified(metadata),
            number: number(metadata),
        }
    }
}

#[cfg(unix)]
fn modified(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.mtime(), metadata.mtime_nsec())
}

#[cfg(not(unix))]
fn modified(_: &Metadata) -> (i64, i64) {
    (0, 0)
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// The files of a source, and what they were.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    files: Vec<(PathBuf, Stamp)>,
}

impl Snapshot {
    /// Remembers a file.
    pub(super) fn add(&mut self, path: &Path) -> Result<(), Error> {
        let metadata = std::fs::metadata(path).map_err(|source| Error::Unreadable {
            path: path.to_path_buf(),
            source,
        })?;
        self.files.push((path.to_path_buf(), Stamp::of(&metadata)));
        Ok(())
    }

    /// Fails if one of the files is no longer what it was.
    pub(super) fn check(&self) -> Result<(), Error> {
        for (path, stamp) in &self.files {
            let same = std::fs::metadata(path).is_ok_and(|now| Stamp::of(&now) == *stamp);
            if !same {
                return Err(Error::SourceChanged { path: path.clone() });
            }
        }
        Ok(())
    }
}
