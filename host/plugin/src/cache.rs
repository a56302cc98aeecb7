//! Compiled code on disk.
//!
//! What lies there is native code that will run with the rights of this process, so it is
//! loaded only where nobody else could have written it: the file and the directories above
//! it belong to this user or to root, others cannot write them, no part of the path is a
//! symbolic link, and what is checked is the opened file, not its name. A checksum beside it
//! protects from nothing but damage.

#![expect(
    unsafe_code,
    reason = "files that only this user or root can write are mapped: their code is trusted"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::Mmap;
use rustix::fs::OFlags;
use rustix::io::Errno;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::digest::Digest;
use crate::runtime::Runtime;

/// A directory of compiled plugins, of this user alone.
///
/// A path that leads through a symbolic link is not used: whoever trusts the link can give
/// what it leads to.
#[derive(Clone, Debug)]
pub struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// Names the directory; it is made when something is first written.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Cache {
            directory: directory.into(),
        }
    }

    /// Returns a component that was compiled before; None where there is none that can be
    /// trusted, with a warning where there is one that cannot.
    pub(crate) fn load(&self, runtime: &Runtime, digest: &Digest) -> Option<Component> {
        let path = self.path(runtime, digest);
        match read(runtime.engine(), &path) {
            Ok(component) => Some(component),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(
                    "compiled plugin `{}` is not used, and made anew: {error}",
                    path.display()
                );
                None
            }
        }
    }

    /// Keeps a compiled component, where that can be done safely; else says why not.
    pub(crate) fn store(&self, runtime: &Runtime, digest: &Digest, component: &Component) {
        let path = self.path(runtime, digest);
        if let Err(error) = self.write(&path, component) {
            tracing::warn!("compiled plugin `{}` is not kept: {error}", path.display());
        }
    }

    /// Names a component's file: by its bytes, and by what the compiler, its settings and the
    /// processor make of them.
    fn path(&self, runtime: &Runtime, digest: &Digest) -> PathBuf {
        let compiler = runtime.compiler();
        self.directory
            .join(format!("{}-{compiler:016x}.cwasm", digest.hex()))
    }

    fn write(&self, path: &Path, component: &Component) -> io::Result<()> {
        let code = component
            .serialize()
            .map_err(|error| io::Error::other(format!("{error:#}")))?;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)?;
        check_parents(path)?;
        // Whoever loads between the two finds a sum that does not match, and compiles.
        replace(path, &code)?;
        replace(&beside(path), sum_of(&code).as_bytes())
    }
}

/// Where a file's checksum lies.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("crc32")
}

/// Writes a file whole: under another name, which is then renamed.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(
        ".{}.{}",
        std::process::id(),
        WRITTEN.fetch_add(1, Ordering::Relaxed)
    ));
    let name = PathBuf::from(name);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&name)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&name, path));
    if written.is_err() {
        let _ = fs::remove_file(&name);
    }
    written
}

fn read(engine: &Engine, path: &Path) -> io::Result<Component> {
    let code = open(path)?;
    check_parents(path)?;
    let mut sum = String::new();
    open(&beside(path))?.take(64).read_to_string(&mut sum)?;
    let found = checksum(&code)?;
    if sum != found {
        return Err(io::Error::other("it is damaged"));
    }
    // The file that was opened and checked, whatever its name leads to by now; mapped, so
    // that only what runs is read.
    let opened = format!("/proc/self/fd/{}", code.as_raw_fd());
    // SAFETY: `Component::serialize` of this engine's version and settings wrote the file
    // (its name says so, and wasmtime compares again), and only this user or root could have
    // written it since, as `open` and `check_parents` saw.
    let component = unsafe { Component::deserialize_file(engine, &opened) };
    component.map_err(|error| io::Error::other(format!("{error:#}")))
}

/// Returns a file's length and checksum, as they lie beside it.
fn checksum(file: &File) -> io::Result<String> {
    // SAFETY: whoever can write the file can write what runs, as `read` says; nobody of ours
    // does: files are replaced whole.
    let code = unsafe { Mmap::map(file) }?;
    Ok(sum_of(&code))
}

fn sum_of(code: &[u8]) -> String {
    format!("{} {:08x}\n", code.len(), crc32fast::hash(code))
}

/// Opens a file of this user, never through a symbolic link.
fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32)
        .open(path)
        .map_err(|error| match error.raw_os_error() {
            Some(error) if error == Errno::LOOP.raw_os_error() => {
                io::Error::other("it is a symbolic link")
            }
            _ => error,
        })?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    check_owner(&metadata, "it")?;
    Ok(file)
}

/// Checks every directory above a file.
fn check_parents(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    for parent in path.ancestors().skip(1) {
        let metadata = fs::symlink_metadata(parent)?;
        let what = format!("`{}`", parent.display());
        if metadata.is_symlink() {
            return Err(io::Error::other(format!("{what} is a symbolic link")));
        }
        // In a sticky directory (`/tmp`) others can write, but not replace what is not theirs.
        if metadata.mode() & 0o1000 != 0 && metadata.uid() == 0 {
            continue;
        }
        check_owner(&metadata, &what)?;
    }
    Ok(())
}

fn check_owner(metadata: &fs::Metadata, what: &str) -> io::Result<()> {
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user && metadata.uid() != 0 {
        return Err(io::Error::other(format!("{what} belongs to another user")));
    }
    if metadata.permissions().mode() & 0o022 != 0 {
        return Err(io::Error::other(format!("others can write {what}")));
    }
    Ok(())
}
