//! What lies beside a manifest: the lockfile, and the components that it names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use prodlike_core::generator::PluginId;
use prodlike_core::model::PluginFile;
use prodlike_core::schema::Schema;
use prodlike_plugin::{Digest, Key, Limits, LockError, Locked, Plugin};

use super::origin::{self, Found, Origin};
use super::project::{LOCK, Project, is_called, is_missing, missing};
use super::{PluginOptions, named};
use crate::error::Error;

/// What is asked of a plugin that is added.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The file of the key that must have signed it. Where it says none, it is the key that the
    /// lockfile has for the plugin.
    pub verify: Option<PathBuf>,
    /// What it may use up, by name, where that is not what the lockfile says or all plugins have.
    pub limits: Vec<(String, u64)>,
}

/// A plugin that was added.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// What the lockfile says of it.
    pub plugin: Locked,
    /// The one of its name that gave way.
    pub replaced: Option<Locked>,
}

/// How a lockfile, or what it names, was changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A plugin that the manifest names was not in the lockfile.
    Added(Locked),
    /// A plugin's component was replaced by hand.
    Updated {
        /// What the lockfile said.
        old: Box<Locked>,
        /// What it says now.
        new: Box<Locked>,
    },
    /// A plugin's component was not there, and is again, to the byte.
    Restored(Locked),
}

impl Change {
    /// Says what changed in a directory, in lines.
    pub fn told(&self, directory: &Path) -> Vec<String> {
        let line = |it: &Locked| format!("{} {}", it.version, it.digest);
        match self {
            Change::Added(it) => vec![format!(
                "Added `{}` {} to: `{}`",
                it.name,
                it.version,
                directory.join(LOCK).display()
            )],
            Change::Restored(it) => vec![format!(
                "Restored `{}` {}: `{}`",
                it.name,
                it.version,
                directory.join(&it.path).display()
            )],
            Change::Updated { old, new } => vec![
                format!("Updated `{}`", new.name),
                format!("  from: {}", line(old)),
                format!("    to: {}", line(new)),
            ],
        }
    }
}

/// Adds a plugin to the lockfile of a directory, and keeps its component there; one of the same
/// name gives way.
///
/// # Errors
/// What is no plugin, bears the name of a native generator or no signature that it must have,
/// or cannot be written.
pub fn add(
    directory: &Path,
    origin: &Origin,
    asked: &Asked,
    options: &PluginOptions,
) -> Result<Added, Error> {
    let mut project = Project::open(directory)?;
    let limits = with(Limits::default(), &asked.limits)?;
    let found = Found::read(origin, &limits, options)?;
    let key = asked.verify.as_deref().map(Key::read).transpose()?;
    if let Some(key) = &key {
        // Before a byte of it is compiled.
        found.check(key)?;
    }
    let plugin = found.load(&limits, options)?;
    let name = plugin.id().name.clone();
    if let Origin::Standard(asked) = origin {
        is_called(asked, &plugin, Path::new(&format!("{asked}.wasm")))?;
    }
    let replaced = project.lock.get(&name).ok().cloned();
    let remembered = replaced.as_ref().and_then(|old| old.signed_by.clone());
    if let (None, Some(remembered)) = (&key, &remembered) {
        found.check(remembered)?;
    }
    let mut locked = project.keep(&plugin, found, key.or(remembered))?;
    locked.limits = match &replaced {
        Some(old) => with(old.limits, &asked.limits)?,
        None => limits,
    };
    project.lock.put(locked.clone());
    project.write(options, &format!("`{name}` is added"))?;
    Ok(Added {
        plugin: locked,
        replaced,
    })
}

/// Takes plugins out of the lockfile of a directory, and what was kept of them alone.
///
/// # Errors
/// A name that the lockfile does not have, or what cannot be written; then all is as it was.
pub fn remove(
    directory: &Path,
    names: &[String],
    options: &PluginOptions,
) -> Result<Vec<Locked>, Error> {
    let mut project = Project::open(directory)?;
    let mut removed = Vec::new();
    for name in BTreeSet::from_iter(names) {
        let taken = project.lock.take(name).ok_or_else(|| Error::NotLocked {
            name: name.clone(),
            locked: project.names(),
        })?;
        removed.push(taken);
    }
    let gone: Vec<String> = (removed.iter())
        .map(|it| format!("`{}` is removed", it.name))
        .collect();
    project.write(options, &gone.join(", "))?;
    Ok(removed)
}

/// Returns the plugins that the lockfile of a directory names, in the order of their names.
///
/// # Errors
/// A lockfile that cannot be read.
pub fn list(directory: &Path) -> Result<Vec<Locked>, Error> {
    Ok(Project::open(directory)?.lock.plugins().to_vec())
}

/// Returns the file of the component that a name means, and what it may use up: the plugin of
/// the lockfile of a directory, else the one of the standard set.
///
/// # Errors
/// A name that neither has, or a component that is not what the lockfile says.
pub fn find(
    directory: &Path,
    name: &str,
    options: &PluginOptions,
) -> Result<(PathBuf, Limits), Error> {
    let mut project = Project::open(directory)?;
    let standard = origin::standard(name, options);
    let Ok(locked) = project.lock.get(name).cloned() else {
        let found = standard.map(|path| (path, Limits::default()));
        return found.ok_or_else(|| {
            let mut known = [project.names(), origin::known(options)].concat();
            known.sort();
            known.dedup();
            Error::UnknownPlugin {
                name: name.to_string(),
                known,
            }
        });
    };
    let is_gone = project.restore(&locked, options)?.is_some();
    let path = match standard {
        Some(path) if is_gone => path,
        _ => directory.join(&locked.path),
    };
    let bytes = Plugin::read(&path, &locked.limits)?;
    project.lock.check(name, &Digest::of(&bytes))?;
    Ok((path, locked.limits))
}

/// Adds what a schema names and the lockfile lacks, from the standard set, and brings back
/// components that are gone; returns what changed.
///
/// What the standard set does not have either is left to whoever asks for its generators.
///
/// # Errors
/// A lockfile that cannot be read, or would have to change and may not.
pub fn supply(
    directory: &Path,
    schema: &Schema,
    options: &PluginOptions,
) -> Result<Vec<Change>, Error> {
    let names = named(schema);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut project = Project::open(directory)?;
    let mut changes = Vec::new();
    for name in &names {
        changes.extend(match project.lock.get(name).ok().cloned() {
            None => project.add_standard(name, options)?,
            Some(locked) => project.restore(&locked, options)?,
        });
    }
    project.write(options, &reason(&changes))?;
    Ok(changes)
}

/// Makes a lockfile agree with a schema and with the components that are kept; returns what
/// changed.
///
/// A component that was replaced by hand is taken as it is now, where its signature is no less
/// than before; limits stay.
///
/// # Errors
/// A plugin that is nowhere, what is no plugin, or a lockfile that would have to change and may
/// not.
pub fn lock(
    directory: &Path,
    schema: &Schema,
    options: &PluginOptions,
) -> Result<Vec<Change>, Error> {
    let mut project = Project::open(directory)?;
    let mut changes = Vec::new();
    for locked in project.lock.plugins().to_vec() {
        changes.extend(project.restore(&locked, options)?);
        changes.extend(project.refresh(&locked, options)?);
    }
    for name in named(schema) {
        if project.lock.get(name).is_ok() {
            continue;
        }
        let added = match project.add_kept(name, options)? {
            Some(added) => Some(added),
            None => project.add_standard(name, options)?,
        };
        changes.push(added.ok_or_else(|| LockError::Missing { name: name.into() })?);
    }
    project.write(options, &reason(&changes))?;
    Ok(changes)
}

/// Reads the components of a directory's lockfile that are named, each as it was when it was
/// added.
pub(super) fn components(
    directory: &Path,
    named: &BTreeSet<&str>,
) -> Result<Vec<PluginFile>, Error> {
    let mut files = Vec::new();
    if named.is_empty() {
        return Ok(files);
    }
    let lock = Project::open(directory)?.lock;
    for locked in lock.plugins().iter().filter(|it| named.contains(&*it.name)) {
        let path = directory.join(&locked.path);
        if is_missing(&path) {
            return Err(missing(locked, path));
        }
        let bytes = Plugin::read(&path, &locked.limits)?;
        lock.check(&locked.name, &Digest::of(&bytes))?;
        files.push(PluginFile {
            id: PluginId {
                name: locked.name.clone(),
                version: locked.version.clone(),
                digest: locked.digest.to_string(),
            },
            limits: locked.limits,
            bytes: bytes.into(),
        });
    }
    Ok(files)
}

fn with(mut limits: Limits, asked: &[(String, u64)]) -> Result<Limits, Error> {
    for (name, value) in asked {
        (limits.set(name, *value)).map_err(|reason| Error::Limit { reason })?;
    }
    Ok(limits)
}

/// Says in words why a lockfile needs to change.
fn reason(changes: &[Change]) -> String {
    let words = changes.iter().filter_map(|change| match change {
        Change::Added(locked) => Some(format!("it lacks `{}`", locked.name)),
        Change::Updated { new, .. } => Some(format!("the component of `{}` differs", new.name)),
        Change::Restored(_) => None,
    });
    words.collect::<Vec<_>>().join(", ")
}
