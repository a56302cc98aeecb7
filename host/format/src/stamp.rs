//! What a model was fitted from: a small file beside it, so that it need not be fitted again.
//!
//! Not inside the model: a time of a file in there would make two equal fits differ.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::manifest::{Manifest, Notes, Snapshot, render_manifest};
use crate::whole::{hex, sha256};

/// What a model was fitted from, and which model that is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Stamp {
    /// The version of prodlike that fitted it.
    pub product_version: String,
    /// The digest of what the manifest says, without its comments and its job.
    pub manifest: String,
    /// The digest of the plugins and of their keys.
    pub plugins: String,
    /// The digest of the names, sizes and times of the source's files.
    pub source: String,
    /// The model file's digest.
    pub model: String,
}

impl Stamp {
    /// Returns the stamp of a model fitted from a manifest, with plugins, and what is at
    /// `sources` now; `None` where the files of a source cannot be told: then a model is fitted every time.
    pub fn of(
        manifest: &Manifest,
        plugins: String,
        sources: &[PathBuf],
        model: String,
    ) -> Option<Stamp> {
        let fitted = Manifest {
            snapshot: Snapshot::default(),
            ..manifest.clone()
        };
        let text = render_manifest(&fitted, &Notes::default());
        Some(Stamp {
            product_version: env!("CARGO_PKG_VERSION").to_string(),
            manifest: format!("sha256:{}", sha256(text.as_bytes())),
            plugins,
            source: files_digest(sources).ok()?,
            model,
        })
    }

    /// Reads the stamp of a model; `None` where there is none that can be understood.
    pub fn read(model: &Path) -> Option<Stamp> {
        serde_json::from_slice(&fs::read(beside(model)).ok()?).ok()
    }

    /// Renders the stamp, to be written to [`Stamp::path`].
    ///
    /// # Errors
    /// [`Error::Internal`], which no stamp should cause.
    pub fn render(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| Error::Internal {
            detail: error.to_string(),
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Returns where the stamp of a model lies.
    pub fn path(model: &Path) -> PathBuf {
        beside(model)
    }
}

fn beside(model: &Path) -> PathBuf {
    let mut name = model.as_os_str().to_os_string();
    name.push(".source.json");
    name.into()
}

/// Digests names, sizes and times of files, and of everything in directories.
fn files_digest(roots: &[PathBuf]) -> io::Result<String> {
    let mut hasher = Sha256::new();
    for root in roots {
        let mut files = Vec::new();
        let mut pending = vec![root.clone()];
        // A database that was changed and not closed has the change in its log.
        let mut log = root.as_os_str().to_os_string();
        log.push(".wal");
        let log = PathBuf::from(log);
        if log.exists() {
            pending.push(log);
        }
        while let Some(path) = pending.pop() {
            let metadata = fs::metadata(&path)?;
            if metadata.is_dir() {
                for entry in fs::read_dir(&path)? {
                    pending.push(entry?.path());
                }
                continue;
            }
            let changed = metadata
                .modified()?
                .duration_since(UNIX_EPOCH)
                .map_or(0, |time| time.as_nanos());
            files.push((path, metadata.len(), changed));
        }
        files.sort();
        for (file, bytes, changed) in files {
            let name = file.strip_prefix(root).unwrap_or(&file);
            hasher.update(format!("{}\0{bytes}\0{changed}\n", name.display()));
        }
        hasher.update(b"\n");
    }
    Ok(format!("sha256:{}", hex(hasher)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_files_follows_names_and_sizes() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        let digest = || files_digest(&[at.to_path_buf()]).unwrap();
        fs::create_dir(at.join("orders")).unwrap();
        fs::write(at.join("orders/1.parquet"), "one").unwrap();
        let before = digest();
        assert_eq!(digest(), before);
        fs::write(at.join("orders/2.parquet"), "").unwrap();
        let more = digest();
        assert_ne!(more, before);
        fs::rename(at.join("orders/2.parquet"), at.join("orders/3.parquet")).unwrap();
        assert_ne!(digest(), more);
        assert!(files_digest(&[at.join("*.parquet")]).is_err());
    }
}
