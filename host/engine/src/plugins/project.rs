//! A directory with a lockfile: what changes in it, and how that is written.

use std::io;
use std::path::{Path, PathBuf};

use prodlike_plugin::{Digest, Key, Limits, Lock, LockError, Locked, Plugin};

use super::lock::Change;
use super::origin::{self, Found};
use super::{PluginOptions, is_taken};
use crate::error::Error;

/// The lockfile of a directory.
pub const LOCK: &str = "prodlike.lock";
/// Where the components are kept that a lockfile names.
pub(super) const COMPONENTS: &str = "prodlike-plugins";

/// A directory with its lockfile, about to change.
pub(super) struct Project<'a> {
    directory: &'a Path,
    path: PathBuf,
    /// What the lockfile says, where there is one.
    before: Lock,
    /// What it will say.
    pub(super) lock: Lock,
    /// Components to keep, from the directory on. Nothing is written before all is known to be
    /// right.
    components: Vec<(PathBuf, Vec<u8>)>,
}

impl<'a> Project<'a> {
    pub(super) fn open(directory: &'a Path) -> Result<Project<'a>, Error> {
        let path = directory.join(LOCK);
        let before = Lock::read(&path)?.unwrap_or_default();
        Ok(Project {
            directory,
            path,
            lock: before.clone(),
            before,
            components: Vec::new(),
        })
    }

    /// The names of what the lockfile had.
    pub(super) fn names(&self) -> Vec<String> {
        let plugins = self.before.plugins().iter();
        plugins.map(|it| it.name.clone()).collect()
    }

    /// Takes up a component, under a name that its name and version make.
    pub(super) fn keep(
        &mut self,
        plugin: &Plugin,
        found: Found,
        key: Option<Key>,
    ) -> Result<Locked, Error> {
        let id = plugin.id();
        if is_taken(plugin) {
            return Err(Error::PluginName {
                name: id.name.clone(),
            });
        }
        let file = Path::new(COMPONENTS).join(format!("{}-{}.wasm", id.name, id.version));
        self.components.push((file.clone(), found.bytes));
        Ok(Locked::of(plugin, file, key))
    }

    /// Adds a plugin of the standard set, where that has it.
    pub(super) fn add_standard(
        &mut self,
        name: &str,
        options: &PluginOptions,
    ) -> Result<Option<Change>, Error> {
        let Some(file) = origin::standard(name, options) else {
            return Ok(None);
        };
        self.adopt(name, &file, options).map(Some)
    }

    /// Adds a plugin whose component is kept, though no lockfile says so.
    pub(super) fn add_kept(
        &mut self,
        name: &str,
        options: &PluginOptions,
    ) -> Result<Option<Change>, Error> {
        let kept = self.directory.join(COMPONENTS);
        let mut files: Vec<PathBuf> = (std::fs::read_dir(kept).into_iter().flatten().flatten())
            .map(|entry| entry.path())
            .filter(|path| is_kept_as(path, name))
            .collect();
        files.sort();
        let (Some(file), None) = (files.pop(), files.pop()) else {
            return Ok(None);
        };
        self.adopt(name, &file, options).map(Some)
    }

    /// Adds the plugin of a file, which must be called so.
    fn adopt(&mut self, name: &str, file: &Path, options: &PluginOptions) -> Result<Change, Error> {
        let limits = Limits::default();
        let found = Found::file(file, &limits)?;
        let plugin = found.load(&limits, options)?;
        is_called(name, &plugin, file)?;
        let locked = self.keep(&plugin, found, None)?;
        self.lock.put(locked.clone());
        Ok(Change::Added(locked))
    }

    /// Brings back a component that is gone, where the standard set has the very same.
    pub(super) fn restore(
        &mut self,
        locked: &Locked,
        options: &PluginOptions,
    ) -> Result<Option<Change>, Error> {
        let path = self.directory.join(&locked.path);
        if !is_missing(&path) {
            return Ok(None);
        }
        let Some(file) = origin::standard(&locked.name, options) else {
            return Err(missing(locked, path));
        };
        let bytes = Plugin::read(&file, &locked.limits)?;
        if Digest::of(&bytes) != locked.digest {
            return Err(missing(locked, path));
        }
        self.components.push((locked.path.clone(), bytes));
        Ok(Some(Change::Restored(locked.clone())))
    }

    /// Describes a component anew that is not as the lockfile says.
    pub(super) fn refresh(
        &mut self,
        locked: &Locked,
        options: &PluginOptions,
    ) -> Result<Option<Change>, Error> {
        let path = self.directory.join(&locked.path);
        if self.components.iter().any(|(file, _)| *file == locked.path) {
            return Ok(None);
        }
        let found = Found::file(&path, &locked.limits)?;
        if let Some(key) = &locked.signed_by
            && Digest::of(&found.bytes) != locked.digest
        {
            found.check(key)?;
        }
        let plugin = found.load(&locked.limits, options)?;
        is_called(&locked.name, &plugin, &path)?;
        let new = Locked::of(&plugin, &locked.path, locked.signed_by.clone());
        if new == *locked {
            return Ok(None);
        }
        self.lock.put(new.clone());
        Ok(Some(Change::Updated {
            old: Box::new(locked.clone()),
            new: Box::new(new),
        }))
    }

    /// Writes components and lockfile, where that may change, for a reason; then removes the
    /// components that nothing names any more.
    pub(super) fn write(&self, options: &PluginOptions, reason: &str) -> Result<(), Error> {
        if self.lock != self.before {
            options.locking.allow(&self.path, reason)?;
        }
        for (file, bytes) in &self.components {
            self.check_inside("write", file)?;
            let file = self.directory.join(file);
            let parent = file.parent().unwrap_or(self.directory);
            std::fs::create_dir_all(parent).map_err(|source| Error::Io {
                what: "create",
                path: parent.to_owned(),
                source,
            })?;
            prodlike_format::write_whole(&file, bytes, true)?;
        }
        if self.lock == self.before {
            return Ok(());
        }
        let gone = self.gone();
        for file in &gone {
            self.check_inside("remove", file)?;
        }
        self.lock.write(&self.path)?;
        for file in &gone {
            let path = self.directory.join(file);
            if let Err(source) = std::fs::remove_file(&path)
                && source.kind() != io::ErrorKind::NotFound
            {
                // All lie in one directory: where the first cannot go, none has gone.
                self.before.write(&self.path)?;
                let what = "remove";
                return Err(Error::Io { what, path, source });
            }
        }
        if !gone.is_empty() {
            // Where nothing is left in it.
            let _ = std::fs::remove_dir(self.directory.join(COMPONENTS));
        }
        Ok(())
    }

    /// The components that nothing names any more. What a lockfile says may be anybody's: only
    /// what was kept goes.
    fn gone(&self) -> Vec<&Path> {
        let before = self.before.plugins().iter();
        let kept = before
            .map(|it| it.path.as_path())
            .filter(|path| path.parent() == Some(Path::new(COMPONENTS)));
        kept.filter(|path| self.lock.plugins().iter().all(|it| it.path != *path))
            .collect()
    }

    /// Fails where a component would be written or removed elsewhere: a project that one was given can have
    /// links to everywhere.
    fn check_inside(&self, what: &'static str, file: &Path) -> Result<(), Error> {
        let is_link = |part: &&Path| self.directory.join(part).is_symlink();
        let above = file.ancestors().skip(1);
        match (above.filter(|part| !part.as_os_str().is_empty())).find(is_link) {
            None => Ok(()),
            Some(link) => Err(Error::Io {
                what,
                path: self.directory.join(file),
                source: io::Error::other(format!("`{}` is a symbolic link", link.display())),
            }),
        }
    }
}

pub(super) fn is_called(name: &str, plugin: &Plugin, path: &Path) -> Result<(), Error> {
    match &plugin.id().name {
        found if found == name => Ok(()),
        found => Err(Error::from(LockError::OtherPlugin {
            path: path.to_owned(),
            name: name.to_string(),
            found: found.clone(),
        })),
    }
}

/// Whether a file is the component of a plugin by its name: `payment-0.1.0.wasm`.
fn is_kept_as(path: &Path, name: &str) -> bool {
    let file = path.file_name().and_then(|file| file.to_str());
    let version = file.and_then(|file| {
        let rest = file.strip_suffix(".wasm")?;
        rest.strip_prefix(name)?.strip_prefix('-')
    });
    // `date` is not called `date-shift`: a version begins with a digit.
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

pub(super) fn is_missing(path: &Path) -> bool {
    let found = std::fs::symlink_metadata(path);
    found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

pub(super) fn missing(locked: &Locked, path: PathBuf) -> Error {
    Error::from(LockError::NoComponent {
        name: locked.name.clone(),
        path,
    })
}
