//! Files that appear whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// Writes a file under a temporary name beside `path` and renames it.
///
/// # Errors
/// [`Error::Exists`] without `overwrite` where something is there; [`Error::Io`].
pub fn write_whole(path: &Path, bytes: &[u8], overwrite: bool) -> Result<(), Error> {
    if !overwrite && path.symlink_metadata().is_ok() {
        return Err(Error::Exists {
            path: path.to_path_buf(),
        });
    }
    let (parent, name) = split(path)?;
    let temporary = Temporary(hidden_sibling(&parent, &name, "tmp"));
    let mut file = File::create_new(&temporary.0).map_err(Error::io("write", path))?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    drop(file);
    fs::rename(&temporary.0, path).map_err(Error::io("write", path))
}

/// Removed when dropped, unless it was renamed away.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove, which is as it should be.
        let _ = fs::remove_file(&self.0);
    }
}

/// Splits a path into an existing-or-not parent directory and a name.
pub(crate) fn split(path: &Path) -> Result<(PathBuf, OsString), Error> {
    let name = path.file_name().ok_or_else(|| Error::Unnamed {
        path: path.to_path_buf(),
    })?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    Ok((parent, name.to_os_string()))
}

/// Returns a hidden name beside `name` that no other process or thread uses.
pub(crate) fn hidden_sibling(parent: &Path, name: &OsString, purpose: &str) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    loop {
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{purpose}-{}-{count}", std::process::id()));
        let path = parent.join(hidden);
        // A crashed process with the same id may have left one behind.
        if path.symlink_metadata().is_err() {
            return path;
        }
    }
}

/// Returns the lower-case hexadecimal digits of a SHA-256.
pub(crate) fn hex(hasher: Sha256) -> String {
    use std::fmt::Write as _;
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
}

/// Returns the SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    hex(hasher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_only_when_asked_and_leave_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.txt");
        write_whole(&path, b"one", false).unwrap();
        assert!(matches!(
            write_whole(&path, b"two", false),
            Err(Error::Exists { .. })
        ));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_whole(&path, b"two", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn failures_leave_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("no").join("a.txt");
        assert!(matches!(
            write_whole(&missing, b"", true),
            Err(Error::Io { .. })
        ));
        let occupied = directory.path().join("dir");
        fs::create_dir(&occupied).unwrap();
        assert!(write_whole(&occupied, b"x", true).is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        assert!(matches!(
            write_whole(Path::new(".."), b"", true),
            Err(Error::Unnamed { .. })
        ));
    }

    #[test]
    fn digests_are_the_published_ones() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
