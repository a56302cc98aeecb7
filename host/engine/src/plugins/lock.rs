//! What lies beside a manifest: the lockfile, and the components that it names.

use std::path::Path;

use prodlike_core::generator::PluginId;
use prodlike_core::model::PluginFile;
use prodlike_plugin::{Cache, Digest, Lock, Locked, Plugin, Runtime};

use super::{PluginOptions, is_taken};
use crate::error::Error;

/// The lockfile of a directory.
pub const LOCK: &str = "prodlike.lock";
/// Where the components are kept that a lockfile names.
const COMPONENTS: &str = "prodlike-plugins";

/// Loads a component, to be looked at or run alone.
///
/// # Errors
/// What is no plugin.
pub fn open(component: &Path, options: &PluginOptions) -> Result<Plugin, Error> {
    let bytes = Plugin::read(component, &options.limits)?;
    load(component, &bytes, options)
}

fn load(component: &Path, bytes: &[u8], options: &PluginOptions) -> Result<Plugin, Error> {
    let origin = component.display().to_string();
    let cache = options.cache.as_ref().map(Cache::new);
    let runtime = Runtime::new()?;
    Ok(Plugin::load(
        &runtime,
        &origin,
        bytes,
        &options.limits,
        cache.as_ref(),
    )?)
}

/// Adds a plugin to the lockfile of a directory, and keeps its component there; one of the same
/// name gives way.
///
/// # Errors
/// What is no plugin, bears the name of a native generator, or cannot be written.
pub fn add(directory: &Path, component: &Path, options: &PluginOptions) -> Result<Locked, Error> {
    // Read once: what is kept is what was looked at.
    let bytes = Plugin::read(component, &options.limits)?;
    let plugin = load(component, &bytes, options)?;
    let name = &plugin.id().name;
    if is_taken(&plugin) {
        return Err(Error::PluginName { name: name.clone() });
    }
    let lock_path = directory.join(LOCK);
    let old = Lock::read(&lock_path)?.unwrap_or_default();
    let file = Path::new(COMPONENTS).join(format!("{name}-{}.wasm", plugin.id().version));
    let target = directory.join(&file);
    let kept = directory.join(COMPONENTS);
    std::fs::create_dir_all(&kept).map_err(|source| Error::Io {
        what: "create",
        path: kept.clone(),
        source,
    })?;
    prodlike_format::write_whole(&target, &bytes, true)?;
    let locked = Locked::of(&plugin, file);
    let mut lock = Lock::default();
    lock.add(locked.clone())?;
    for other in old.plugins().iter().filter(|other| other.name != *name) {
        lock.add(other.clone())?;
    }
    lock.write(&lock_path)?;
    let replaced = old.plugins().iter().find(|other| other.name == *name);
    // Nothing names it any more. What a lockfile says may be anybody's: only what was kept goes.
    let is_kept = |it: &&Locked| it.path.parent() == Some(Path::new(COMPONENTS));
    if let Some(replaced) = replaced.filter(|it| it.path != locked.path).filter(is_kept) {
        let _ = std::fs::remove_file(directory.join(&replaced.path));
    }
    Ok(locked)
}

/// Returns the plugins that the lockfile of a directory names, in the order of their names.
///
/// # Errors
/// A lockfile that cannot be read.
pub fn list(directory: &Path) -> Result<Vec<Locked>, Error> {
    let lock = Lock::read(&directory.join(LOCK))?;
    Ok(lock.map(|lock| lock.plugins().to_vec()).unwrap_or_default())
}

/// Reads those components of a directory's lockfile that are named, each as it was when it was
/// added.
pub(super) fn components(
    directory: &Path,
    named: &[&str],
    options: &PluginOptions,
) -> Result<Vec<PluginFile>, Error> {
    let lock = Lock::read(&directory.join(LOCK))?.unwrap_or_default();
    let mut files = Vec::new();
    for locked in lock
        .plugins()
        .iter()
        .filter(|it| named.contains(&&*it.name))
    {
        let bytes = Plugin::read(&directory.join(&locked.path), &options.limits)?;
        lock.check(&locked.name, &Digest::of(&bytes))?;
        files.push(PluginFile {
            id: PluginId {
                name: locked.name.clone(),
                version: locked.version.clone(),
                digest: locked.digest.to_string(),
            },
            bytes: bytes.into(),
        });
    }
    Ok(files)
}
