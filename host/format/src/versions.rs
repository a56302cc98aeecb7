//! Several files and directories that are replaced together, by one rename.
//!
//! No file system that we can count on exchanges two directories in one step, and a dataset
//! has companions (its `dataset.json`, its report) that must not be of another run. So what
//! is visible are symbolic links that never change, all of which lead through one that does:
//!
//! ```text
//! snapshot              -> .snapshot.versions/current/snapshot
//! snapshot.report.html  -> .snapshot.versions/current/snapshot.report.html
//! .snapshot.versions/current -> 8
//! .snapshot.versions/8/      the version that is seen
//! .snapshot.versions/9/      the version that is being made
//! ```
//!
//! Renaming a new `current` over the old one is the moment of publication. Whatever is killed
//! before it leaves the old version, whatever is killed after it leaves the new one; the next
//! run removes what neither is. An advisory lock, which dies with its process, keeps two runs
//! from making the same output. The price is that the output is a link: it is copied with
//! `cp -RL`, and moved together with its `.versions` directory.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::whole::{split, write_whole};

const CURRENT: &str = "current";
const LOCK: &str = "lock";

/// A new version of an output and of its companions, on its way.
///
/// Dropped without [`Versions::publish`], it leaves what was there.
pub struct Versions {
    out: PathBuf,
    name: OsString,
    /// `.NAME.versions`.
    home: PathBuf,
    /// Where the new version is made.
    staging: PathBuf,
    number: u64,
    /// What may stand behind the output's name for the name of a companion.
    suffixes: Vec<&'static str>,
    /// Held until the end; the system releases it when the process dies.
    _lock: File,
}

impl Versions {
    /// Begins a new version of `out`, and of its companions, whose names have `suffixes`.
    ///
    /// # Errors
    /// [`Error::NotAVersion`] where something else is at one of the names; [`Error::Busy`]
    /// while another process makes a version; [`Error::Io`].
    pub fn begin(out: &Path, suffixes: &[&'static str]) -> Result<Versions, Error> {
        let (parent, name) = split(out)?;
        let mut hidden = OsString::from(".");
        hidden.push(&name);
        hidden.push(".versions");
        let home = parent.join(hidden);
        for suffix in std::iter::once(&"").chain(suffixes) {
            let path = with_suffix(out, suffix);
            let is_ours = path
                .read_link()
                .is_ok_and(|target| target == link_target(&home, &name, suffix));
            if !is_ours && path.symlink_metadata().is_ok() {
                return Err(Error::NotAVersion { path });
            }
        }
        let lock = lock(&home, out)?;
        let mut versions = Versions {
            out: out.to_path_buf(),
            name,
            staging: home.clone(),
            home,
            number: 0,
            suffixes: suffixes.to_vec(),
            _lock: lock,
        };
        versions.sweep()?;
        versions.number = versions.seen().map_or(1, |seen| seen.saturating_add(1));
        versions.staging = versions.home.join(versions.number.to_string());
        fs::create_dir(&versions.staging).map_err(Error::io("write", &versions.staging))?;
        Ok(versions)
    }

    /// Returns where to make the output (an empty suffix) or a companion.
    pub fn staged(&self, suffix: &str) -> PathBuf {
        with_suffix(&self.staging.join(&self.name), suffix)
    }

    /// Makes what was staged visible, all at once.
    ///
    /// # Errors
    /// [`Error::Io`]: then the old version is still what is seen.
    pub fn publish(self) -> Result<(), Error> {
        let made = |suffix: &str| self.staged(suffix).symlink_metadata().is_ok();
        let visible = std::iter::once("").chain(self.suffixes.iter().copied());
        for suffix in visible.clone().filter(|suffix| made(suffix)) {
            let path = with_suffix(&self.out, suffix);
            // Until there is a version that has it, it leads nowhere: it is not there.
            match link(&link_target(&self.home, &self.name, suffix), &path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                other => other.map_err(Error::io("write", &path))?,
            }
        }
        if self.staged("").is_file() {
            // Whoever wrote into the old database may have left a log, which would be
            // replayed into the new one.
            match fs::remove_file(with_suffix(&self.out, ".wal")) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other.map_err(Error::io("replace", &self.out))?,
            }
        }
        let next = self.home.join("next");
        link(Path::new(&self.number.to_string()), &next)
            .and_then(|()| fs::rename(&next, self.home.join(CURRENT)))
            .map_err(Error::io("replace", &self.out))?;
        for suffix in visible.filter(|suffix| !made(suffix)) {
            let path = with_suffix(&self.out, suffix);
            if path.read_link().is_ok() {
                // It leads nowhere now, which is as good as gone.
                let _ = fs::remove_file(path);
            }
        }
        for suffix in &self.suffixes {
            let _ = fs::remove_file(rejected(&self.out, suffix));
        }
        // What cannot be removed now is removed by the next run.
        let _ = self.sweep();
        Ok(())
    }

    /// Leaves what is seen as it is, and keeps the staged companions under
    /// `OUT.rejected<suffix>`; returns their paths.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn reject(self, suffixes: &[&str]) -> Result<Vec<PathBuf>, Error> {
        let mut kept = Vec::new();
        for suffix in suffixes {
            let from = self.staged(suffix);
            if from.symlink_metadata().is_ok() {
                let path = rejected(&self.out, suffix);
                fs::rename(&from, &path).map_err(Error::io("write", &path))?;
                kept.push(path);
            }
        }
        Ok(kept)
    }

    /// The number of the version that is seen.
    fn seen(&self) -> Option<u64> {
        let target = self.home.join(CURRENT).read_link().ok()?;
        target.to_str()?.parse().ok()
    }

    /// Removes what runs that were killed left behind, and versions that nobody sees.
    fn sweep(&self) -> Result<(), Error> {
        let seen = self.seen().map(|seen| OsString::from(seen.to_string()));
        let failed = || Error::io("clean up", &self.home);
        for entry in fs::read_dir(&self.home).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let name = entry.file_name();
            if name == LOCK || name == CURRENT || Some(&name) == seen.as_ref() {
                continue;
            }
            let is_directory = entry.file_type().map_err(failed())?.is_dir();
            match is_directory {
                true => fs::remove_dir_all(entry.path()),
                false => fs::remove_file(entry.path()),
            }
            .map_err(failed())?;
        }
        Ok(())
    }
}

impl Drop for Versions {
    fn drop(&mut self) {
        // Best effort: the next run sweeps.
        let _ = self.sweep();
        if self.seen().is_none() {
            // Nothing was ever published here. Whoever waits for the lock looks whether it
            // is still the one that everybody sees.
            let _ = fs::remove_file(self.home.join(LOCK));
            let _ = fs::remove_file(self.home.join(CURRENT));
            let _ = fs::remove_dir(&self.home);
            for suffix in std::iter::once(&"").chain(&self.suffixes) {
                let path = with_suffix(&self.out, suffix);
                if path.read_link().is_ok() {
                    let _ = fs::remove_file(path);
                }
            }
        }
    }
}

/// Moves a whole file to its place; a copy, where it lies on another file system.
///
/// # Errors
/// [`Error::Io`].
pub fn move_whole(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let bytes = fs::read(from).map_err(Error::io("read", from))?;
            write_whole(to, &bytes, true)
        }
        other => other.map_err(Error::io("write", to)),
    }
}

/// Takes the lock of an output's versions, and makes their directory.
fn lock(home: &Path, out: &Path) -> Result<File, Error> {
    let path = home.join(LOCK);
    let failed = || Error::io("lock", out);
    let me = std::process::id().to_string();
    loop {
        match fs::create_dir(home) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other.map_err(Error::io("write", home))?,
        }
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = match opened {
            // Another process has just cleaned up.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(failed())?,
        };
        let mut owner = String::new();
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // A moment ago it may have been empty still: then the error names nobody.
                let _ = file.read_to_string(&mut owner);
                return Err(Error::Busy {
                    path: out.to_path_buf(),
                    owner: owner.trim().to_string(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed()(source)),
        }
        let signed = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(me.as_bytes()));
        if let Err(error) = signed {
            // The disk is full, perhaps. Nothing may be left where nothing was.
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir(home);
            return Err(failed()(error));
        }
        // The owner before may have removed the file between our opening and locking it.
        if fs::read_to_string(&path).is_ok_and(|text| text == me) {
            return Ok(file);
        }
    }
}

fn link_target(home: &Path, name: &OsStr, suffix: &str) -> PathBuf {
    let home = Path::new(home.file_name().unwrap_or_default());
    with_suffix(&home.join(CURRENT).join(name), suffix)
}

fn rejected(out: &Path, suffix: &str) -> PathBuf {
    with_suffix(out, &format!(".rejected{suffix}"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    // Through its components: a slash at the end is no part of the name.
    let mut path: OsString = path.components().collect::<PathBuf>().into_os_string();
    path.push(suffix);
    path.into()
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUFFIXES: [&str; 2] = [".report.html", ".junit.xml"];

    fn make(out: &Path, text: &str, junit: bool) -> Versions {
        let versions = Versions::begin(out, &SUFFIXES).unwrap();
        fs::create_dir(versions.staged("")).unwrap();
        fs::write(versions.staged("").join("rows"), text).unwrap();
        fs::write(versions.staged(".report.html"), text).unwrap();
        if junit {
            fs::write(versions.staged(".junit.xml"), text).unwrap();
        }
        versions
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn versions_follow_one_another_and_leave_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("snap");
        for (text, junit) in [("one", true), ("two", true), ("three", false)] {
            make(&out, text, junit).publish().unwrap();
            assert_eq!(fs::read_to_string(out.join("rows")).unwrap(), text);
            let report = directory.path().join("snap.report.html");
            assert_eq!(fs::read_to_string(report).unwrap(), text);
        }
        assert_eq!(
            names(directory.path()),
            [".snap.versions", "snap", "snap.report.html"]
        );
        assert_eq!(
            names(&directory.path().join(".snap.versions")),
            ["3", "current", "lock"]
        );
    }

    #[test]
    fn the_log_of_an_old_database_is_not_replayed_into_the_new_one() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("s.duckdb");
        for text in ["one", "two"] {
            let versions = Versions::begin(&out, &SUFFIXES).unwrap();
            fs::write(versions.staged(""), text).unwrap();
            versions.publish().unwrap();
            assert_eq!(fs::read_to_string(&out).unwrap(), text);
            assert_eq!(names(directory.path()), [".s.duckdb.versions", "s.duckdb"]);
            fs::write(directory.path().join("s.duckdb.wal"), "a log").unwrap();
        }
    }

    #[test]
    fn what_is_not_published_was_never_there() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("snap");
        drop(make(&out, "one", true));
        assert!(names(directory.path()).is_empty());
        make(&out, "one", false).publish().unwrap();
        let kept = make(&out, "two", false).reject(&[".report.html"]).unwrap();
        assert_eq!(fs::read_to_string(out.join("rows")).unwrap(), "one");
        assert_eq!(fs::read_to_string(&kept[0]).unwrap(), "two");
        // As a killed run would: no destructor runs.
        std::mem::forget(make(&out, "three", false));
        let home = directory.path().join(".snap.versions");
        assert_eq!(names(&home), ["1", "2", "current", "lock"]);
        assert_eq!(fs::read_to_string(out.join("rows")).unwrap(), "one");
    }

    #[test]
    fn a_second_run_is_refused_and_so_is_a_stranger() {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().join("snap");
        let first = make(&out, "one", false);
        let Err(Error::Busy { owner, .. }) = Versions::begin(&out, &SUFFIXES) else {
            unreachable!("two runs at once")
        };
        assert_eq!(owner, std::process::id().to_string());
        first.publish().unwrap();
        make(&out, "two", false).publish().unwrap();
        let stranger = directory.path().join("dir");
        fs::create_dir(&stranger).unwrap();
        assert!(matches!(
            Versions::begin(&stranger, &SUFFIXES),
            Err(Error::NotAVersion { .. })
        ));
    }
}
