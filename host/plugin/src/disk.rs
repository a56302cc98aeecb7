//! Files that may be anybody's, read whole.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Why a file was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    Io(io::Error),
    /// It has so many bytes, or more.
    TooLarge(u64),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Unread::Io(error)
    }
}

/// Reads a file of at most so many bytes. Of a pipe nobody may ever write to the other end, so
/// that none is opened for good.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits() as i32)
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file").into());
    }
    if metadata.len() > most {
        return Err(Unread::TooLarge(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    // One byte more than may be, in case that the file grows.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        length if length > most => Err(Unread::TooLarge(length)),
        _ => Ok(bytes),
    }
}
