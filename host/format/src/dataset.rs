//! A dataset in a directory: `OUT/<table>/00000.parquet` and `OUT/dataset.json`.
//!
//! Everything is staged in a hidden directory beside OUT and published by one rename, so that
//! a reader sees the old dataset, the new one, or none, but never half of one. The parts of a
//! dataset, which may run in any order and in different processes, share one staging
//! directory; whichever part completes the set publishes it.
//!
//! `dataset.json` says how to make the dataset again and what came out. It holds no time, so
//! that the same command writes the same file, in one part or in many.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::chunk::FileFormat;
use crate::error::Error;
use crate::whole::{hidden_sibling, sha256, split, write_whole};

/// The version of `dataset.json` that this code reads and writes.
const VERSION: u64 = 1;

const DATASET_JSON: &str = "dataset.json";

/// What a dataset is, and what it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct DatasetInfo {
    /// The version of prodlike that generated it.
    pub product_version: String,
    /// `sha256:` and the digits of the model file's digest.
    pub model_digest: String,
    /// The root of all randomness.
    pub seed: u64,
    /// `parquet`, `csv` or `duckdb`.
    pub format: String,
    /// Rows of a chunk.
    pub chunk_rows: u64,
    /// Which part of how many, counted from 1; `None` for a whole dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<(u32, u32)>,
    /// Rows of every table.
    pub plan: Vec<TablePlan>,
    /// What was written, in the order of the plan.
    pub tables: Vec<TableInfo>,
    /// Relationships that hold, but could not be declared in the target.
    pub undeclared: Vec<String>,
    /// What was given up.
    pub notes: Vec<String>,
}

/// How many rows a table gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct TablePlan {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
}

/// The files of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct TableInfo {
    /// The table's true name.
    pub table: String,
    /// The directory's name, in which unsafe letters are percent-encoded.
    pub directory: String,
    /// In the order of rows.
    pub files: Vec<FileInfo>,
}

/// One chunk of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct FileInfo {
    /// The file's name within the table's directory.
    pub file: String,
    /// The number of its first row within the table.
    pub first_row: u64,
    /// How many rows it holds.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Lower-case hexadecimal digits of its SHA-256.
    pub sha256: String,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u64,
    dataset: &'a DatasetInfo,
}

#[derive(Deserialize)]
struct Read {
    version: u64,
    dataset: DatasetInfo,
}

#[derive(Deserialize)]
struct ReadVersion {
    version: u64,
}

/// Writes a `dataset.json`, whole or not at all; an existing one is replaced.
///
/// # Errors
/// [`Error::Io`].
pub fn write_dataset_json(path: &Path, info: &DatasetInfo) -> Result<(), Error> {
    let written = Written {
        version: VERSION,
        dataset: info,
    };
    let mut bytes = serde_json::to_vec_pretty(&written).map_err(|error| Error::Internal {
        detail: error.to_string(),
    })?;
    bytes.push(b'\n');
    write_whole(path, &bytes, true)
}

/// Reads a `dataset.json`.
///
/// # Errors
/// [`Error::Io`], [`Error::Json`] or [`Error::NewerFormat`].
pub fn read_dataset_json(path: &Path) -> Result<DatasetInfo, Error> {
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let json = |source| Error::Json {
        path: path.to_path_buf(),
        source,
    };
    let ReadVersion { version } = serde_json::from_slice(&bytes).map_err(json)?;
    if version != VERSION {
        let path = path.to_path_buf();
        return Err(Error::NewerFormat {
            path,
            major: version,
            minor: 0,
            supported: "1.0",
        });
    }
    let read: Read = serde_json::from_slice(&bytes).map_err(json)?;
    debug_assert_eq!(read.version, VERSION);
    Ok(read.dataset)
}

/// Returns the name of a table's directory and of its file of a chunk.
pub fn chunk_names(table: &str, chunk_idx: u64, format: FileFormat) -> (String, String) {
    (
        directory_name(table),
        format!("{chunk_idx:05}.{}", format.as_str()),
    )
}

/// Percent-encodes what some file system cannot carry, or would fold into another name.
fn directory_name(table: &str) -> String {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let lower = table.to_lowercase();
    let stem = lower
        .split('.')
        .next()
        .unwrap_or("")
        .trim_end_matches(|letter: char| letter.is_ascii_digit());
    let reserved = RESERVED.contains(&stem) || lower.starts_with("dataset.");
    let last = table.len().saturating_sub(1);
    let mut name = String::new();
    for (idx, byte) in table.bytes().enumerate() {
        let safe = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => idx > 0 || !reserved,
            b'.' | b' ' => idx > 0 && idx < last,
            _ => false,
        };
        if safe {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.is_empty() {
        name.push('%');
    }
    if name.len() > 200 {
        name.truncate(150);
        // A truncated escape would be misleading, and the digest tells names apart.
        name.truncate(
            name.rfind('%')
                .filter(|start| start + 3 > 150)
                .unwrap_or(150),
        );
        name.push_str(&format!("%{}", &sha256(table.as_bytes())[..32]));
    }
    name
}

/// What finishing a sink came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Whether the dataset is in place; false while parts are missing.
    pub published: bool,
    /// The parts that are still missing, counted from 1.
    pub missing: Vec<u32>,
}

/// A directory that a dataset is staged in until it is whole.
pub struct DirectorySink {
    out: PathBuf,
    parent: PathBuf,
    name: OsString,
    staging: PathBuf,
    part: Option<(u32, u32)>,
    overwrite: bool,
    /// Files of this part under their temporary names, and their final ones.
    staged: Mutex<BTreeMap<PathBuf, PathBuf>>,
    finished: bool,
}

impl DirectorySink {
    /// Prepares to write a dataset, or one part (K, N) of it, to the directory `out`.
    ///
    /// # Errors
    /// [`Error::Exists`] without `overwrite` where `out` is there and not empty;
    /// [`Error::NotADataset`] with it where `out` holds something else than a dataset;
    /// [`Error::PartNumber`]; [`Error::OtherParts`]; [`Error::Io`].
    pub fn create(
        out: &Path,
        part: Option<(u32, u32)>,
        overwrite: bool,
    ) -> Result<DirectorySink, Error> {
        if let Some((part, parts)) = part
            && !(1..=parts).contains(&part)
        {
            return Err(Error::PartNumber { part, parts });
        }
        let (parent, name) = split(out)?;
        replaceable(out, overwrite)?;
        let staging = match part {
            None => hidden_sibling(&parent, &name, "staging"),
            Some(_) => {
                let mut hidden = OsString::from(".");
                hidden.push(&name);
                hidden.push(".parts");
                parent.join(hidden)
            }
        };
        match fs::create_dir(&staging) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && part.is_some() => {}
            other => other.map_err(Error::io("write", out))?,
        }
        if let Some((part, parts)) = part {
            check_set(out, &staging, part, parts)?;
        }
        Ok(DirectorySink {
            out: out.to_path_buf(),
            parent,
            name,
            staging,
            part,
            overwrite,
            staged: Mutex::new(BTreeMap::new()),
            finished: false,
        })
    }

    /// Returns where to write a chunk, and makes its directory. May be called from many threads.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn chunk_path(
        &self,
        table: &str,
        chunk_idx: u64,
        format: FileFormat,
    ) -> Result<PathBuf, Error> {
        let (directory, file) = chunk_names(table, chunk_idx, format);
        let directory = self.staging.join(directory);
        // Not `create_dir_all`: where the staging directory is gone, so is the dataset.
        match fs::create_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other.map_err(Error::io("write", &directory))?,
        }
        let path = directory.join(&file);
        if self.part.is_none() {
            return Ok(path);
        }
        let temporary = hidden_sibling(&directory, &OsString::from(file), "tmp");
        let mut staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        staged.insert(temporary.clone(), path);
        Ok(temporary)
    }

    /// Publishes the dataset, if it is whole.
    ///
    /// `info` describes what this sink was given: all of the dataset, or this part's files.
    ///
    /// # Errors
    /// [`Error::Incomplete`] where files do not hold the planned rows; [`Error::PartMismatch`];
    /// [`Error::OtherParts`]; [`Error::Exists`]; [`Error::Io`]. What was staged is removed then.
    pub fn finish(mut self, info: &DatasetInfo) -> Result<Published, Error> {
        let published = match self.part {
            None => self.finish_whole(info)?,
            Some((part, parts)) => self.finish_part(info, part, parts)?,
        };
        self.finished = true;
        Ok(published)
    }

    fn finish_whole(&self, info: &DatasetInfo) -> Result<Published, Error> {
        let info = DatasetInfo {
            part: None,
            ..in_order(info.clone())
        };
        self.check_complete(&info, &self.staging)?;
        write_dataset_json(&self.staging.join(DATASET_JSON), &info)?;
        self.publish(&self.staging)?;
        Ok(Published {
            published: true,
            missing: Vec::new(),
        })
    }

    fn finish_part(&self, info: &DatasetInfo, part: u32, parts: u32) -> Result<Published, Error> {
        let info = DatasetInfo {
            part: Some((part, parts)),
            ..in_order(info.clone())
        };
        // Before anything of this part gets its final name: a stranger must not spoil the set.
        // Since this part was begun, another may have been finished.
        check_set(&self.out, &self.staging, part, parts)?;
        for (other, theirs) in self.parts_present(&self.staging, parts)? {
            if other != part {
                self.check_same(part, &info, other, &theirs)?;
            }
        }
        let staged =
            std::mem::take(&mut *self.staged.lock().unwrap_or_else(PoisonError::into_inner));
        let renamed = staged.iter().try_for_each(|(temporary, path)| {
            fs::rename(temporary, path).map_err(Error::io("write", path))
        });
        if let Err(error) = renamed {
            // The rest is removed on drop.
            *self.staged.lock().unwrap_or_else(PoisonError::into_inner) = staged;
            return Err(error);
        }
        write_dataset_json(&self.staging.join(part_name(part, parts)), &info)?;

        let present: BTreeSet<u32> = self
            .parts_present(&self.staging, parts)?
            .into_iter()
            .map(|(part, _)| part)
            .collect();
        let missing: Vec<u32> = (1..=parts).filter(|part| !present.contains(part)).collect();
        if !missing.is_empty() {
            return Ok(Published {
                published: self.was_published(),
                missing: self.still(missing),
            });
        }
        // Two parts may see the set complete at once: the rename decides which one publishes.
        let merging = hidden_sibling(&self.parent, &self.name, "merging");
        match fs::rename(&self.staging, &merging) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Published {
                    published: true,
                    missing: Vec::new(),
                });
            }
            other => other.map_err(Error::io("write", &self.out))?,
        }
        if let Err(error) = self.merge(&merging, part, parts) {
            // The other parts are still good: they wait for a better set.
            let _ = fs::rename(&merging, &self.staging);
            return Err(error);
        }
        Ok(Published {
            published: true,
            missing: Vec::new(),
        })
    }

    /// Whether another part has published since: then the staging directory is gone.
    fn was_published(&self) -> bool {
        !self.staging.exists() && self.out.join(DATASET_JSON).exists()
    }

    fn still(&self, missing: Vec<u32>) -> Vec<u32> {
        if self.was_published() {
            Vec::new()
        } else {
            missing
        }
    }

    fn merge(&self, merging: &Path, part: u32, parts: u32) -> Result<(), Error> {
        let found = self.parts_present(merging, parts)?;
        let mut merged = DatasetInfo::default();
        for (number, (other, info)) in found.into_iter().enumerate() {
            if number == 0 {
                merged = DatasetInfo { part: None, ..info };
                continue;
            }
            self.check_same(part, &merged, other, &info)?;
            for table in info.tables {
                match merged
                    .tables
                    .iter_mut()
                    .find(|known| known.table == table.table)
                {
                    Some(known) => known.files.extend(table.files),
                    None => merged.tables.push(table),
                }
            }
            for (known, more) in [
                (&mut merged.undeclared, info.undeclared),
                (&mut merged.notes, info.notes),
            ] {
                for line in more {
                    if !known.contains(&line) {
                        known.push(line);
                    }
                }
            }
        }
        let merged = in_order(merged);
        self.check_complete(&merged, merging)?;
        replaceable(&self.out, self.overwrite)?;
        write_dataset_json(&merging.join(DATASET_JSON), &merged)?;
        remove_strangers(merging, &merged)?;
        self.publish(merging)
    }

    /// Returns the parts of a set of `parts` that are there.
    fn parts_present(
        &self,
        directory: &Path,
        parts: u32,
    ) -> Result<Vec<(u32, DatasetInfo)>, Error> {
        let mut present = Vec::new();
        for part in 1..=parts {
            let path = directory.join(part_name(part, parts));
            match read_dataset_json(&path) {
                Ok(info) => present.push((part, info)),
                Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(present)
    }

    fn check_same(
        &self,
        part: u32,
        mine: &DatasetInfo,
        other: u32,
        theirs: &DatasetInfo,
    ) -> Result<(), Error> {
        let compared = [
            ("the model", mine.model_digest == theirs.model_digest),
            ("the seed", mine.seed == theirs.seed),
            ("the rows of tables", mine.plan == theirs.plan),
            ("the rows of a chunk", mine.chunk_rows == theirs.chunk_rows),
            ("the format", mine.format == theirs.format),
            (
                "the version of prodlike",
                mine.product_version == theirs.product_version,
            ),
        ];
        match compared.iter().find(|(_, same)| !same) {
            None => Ok(()),
            Some((what, _)) => Err(Error::PartMismatch {
                path: self.out.clone(),
                part,
                other,
                what,
                staging: self.staging.clone(),
            }),
        }
    }

    /// Checks that every table that was written is whole, and its files are there.
    fn check_complete(&self, info: &DatasetInfo, directory: &Path) -> Result<(), Error> {
        for table in &info.tables {
            let planned = info
                .plan
                .iter()
                .find(|plan| plan.table == table.table)
                .map_or(0, |plan| plan.rows);
            let mut rows = 0;
            for file in &table.files {
                let path = directory.join(&table.directory).join(&file.file);
                let there = path
                    .metadata()
                    .is_ok_and(|metadata| metadata.len() == file.bytes);
                if file.first_row != rows || !there {
                    break;
                }
                rows += file.rows;
            }
            if rows != planned {
                let (path, table) = (self.out.clone(), table.table.clone());
                return Err(Error::Incomplete {
                    path,
                    table,
                    rows,
                    planned,
                });
            }
        }
        Ok(())
    }

    /// Puts a staged directory in place of OUT.
    fn publish(&self, staged: &Path) -> Result<(), Error> {
        replaceable(&self.out, self.overwrite)?;
        let aside = hidden_sibling(&self.parent, &self.name, "old");
        let replaced = match fs::rename(&self.out, &aside) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(source) => {
                return Err(Error::Io {
                    action: "replace",
                    path: self.out.clone(),
                    source,
                });
            }
        };
        if let Err(source) = fs::rename(staged, &self.out) {
            if replaced {
                let _ = fs::rename(&aside, &self.out);
            }
            return Err(Error::Io {
                action: "write",
                path: self.out.clone(),
                source,
            });
        }
        if replaced {
            // The new dataset is in place: that the old one cannot be removed is no failure.
            let _ = match aside.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&aside),
                _ => fs::remove_file(&aside),
            };
        }
        Ok(())
    }
}

impl Drop for DirectorySink {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // Nothing can be reported from here, and what is left over is hidden and harmless.
        if self.part.is_none() {
            let _ = fs::remove_dir_all(&self.staging);
            return;
        }
        let staged = self
            .staged
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for temporary in staged.keys() {
            let _ = fs::remove_file(temporary);
            if let Some(directory) = temporary.parent() {
                // Fails, as it should, while another part has files in it.
                let _ = fs::remove_dir(directory);
            }
        }
        let _ = fs::remove_dir(&self.staging);
    }
}

fn part_name(part: u32, parts: u32) -> String {
    format!("dataset.{part}-of-{parts}.json")
}

/// Returns which part of how many a file tells of.
fn part_of_name(name: &str) -> Option<(u32, u32)> {
    let numbers = name.strip_prefix("dataset.")?.strip_suffix(".json")?;
    let (part, parts) = numbers.split_once("-of-")?;
    Some((part.parse().ok()?, parts.parse().ok()?))
}

/// Refuses a part where parts of another set wait: neither set would ever be whole by it.
fn check_set(out: &Path, staging: &Path, part: u32, parts: u32) -> Result<(), Error> {
    let entries: Vec<fs::DirEntry> = match fs::read_dir(staging).and_then(Iterator::collect) {
        // Another part has published since.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(Error::io("read", staging))?,
    };
    let present = entries
        .iter()
        .filter_map(|entry| part_of_name(entry.file_name().to_str()?));
    match present.filter(|(_, others)| *others != parts).min() {
        None => Ok(()),
        Some((other, others)) => Err(Error::OtherParts {
            path: out.to_path_buf(),
            part,
            parts,
            other,
            others,
            staging: staging.to_path_buf(),
        }),
    }
}

/// Orders tables as the plan does, and files by their rows.
fn in_order(mut info: DatasetInfo) -> DatasetInfo {
    let position: BTreeMap<&str, usize> = info
        .plan
        .iter()
        .enumerate()
        .map(|(idx, plan)| (plan.table.as_str(), idx))
        .collect();
    info.tables.sort_by_key(|table| {
        position
            .get(table.table.as_str())
            .copied()
            .unwrap_or(usize::MAX)
    });
    for table in &mut info.tables {
        table.files.sort_by(|left, right| {
            (left.first_row, &left.file).cmp(&(right.first_row, &right.file))
        });
    }
    info
}

/// Refuses to replace what is there, unless it is empty, or a dataset and meant to be replaced.
fn replaceable(out: &Path, overwrite: bool) -> Result<(), Error> {
    let metadata = match out.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(Error::Io {
                action: "read",
                path: out.to_path_buf(),
                source,
            });
        }
    };
    let is_directory = metadata.is_dir() || out.is_dir();
    if is_directory
        && fs::read_dir(out)
            .map_err(Error::io("read", out))?
            .next()
            .is_none()
    {
        return Ok(());
    }
    if !overwrite {
        return Err(Error::Exists {
            path: out.to_path_buf(),
        });
    }
    if metadata.is_symlink() {
        return Err(Error::Link {
            path: out.to_path_buf(),
        });
    }
    // `--overwrite -o ~` must not cost anybody their home directory.
    if !out.join(DATASET_JSON).is_file() {
        return Err(Error::NotADataset {
            path: out.to_path_buf(),
        });
    }
    Ok(())
}

/// Removes what a dataset does not list: what its parts said of themselves, and the rests of
/// parts that were killed or belong to other sets.
fn remove_strangers(directory: &Path, info: &DatasetInfo) -> Result<(), Error> {
    let listed: BTreeMap<&OsStr, BTreeSet<&OsStr>> = info
        .tables
        .iter()
        .map(|table| {
            let files = table
                .files
                .iter()
                .map(|file| OsStr::new(&file.file))
                .collect();
            (OsStr::new(&table.directory), files)
        })
        .collect();
    let entries = |path: &Path| -> Result<Vec<fs::DirEntry>, Error> {
        fs::read_dir(path)
            .and_then(Iterator::collect)
            .map_err(Error::io("read", path))
    };
    for entry in entries(directory)? {
        let path = entry.path();
        let files = listed.get(entry.file_name().as_os_str());
        match (path.is_dir(), files) {
            (true, None) => fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?,
            (true, Some(files)) => {
                for file in entries(&path)? {
                    if !files.contains(file.file_name().as_os_str()) {
                        fs::remove_file(file.path()).map_err(Error::io("remove", &path))?;
                    }
                }
            }
            (false, _) if entry.file_name() == DATASET_JSON => {}
            (false, _) => fs::remove_file(&path).map_err(Error::io("remove", &path))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
