//! Where components come from.

use std::path::{Path, PathBuf};

use prodlike_plugin::{Cache, Digest, Key, Limits, Plugin, Runtime, oci};

use super::PluginOptions;
use crate::error::Error;

/// Where a component comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// An OCI image layout on disk, and the tag of one of its components.
    Layout {
        /// Its directory.
        directory: PathBuf,
        /// Where it has several.
        tag: Option<String>,
    },
    /// The standard set, by name.
    Standard(String),
}

impl Origin {
    /// Tells a layout, by what its directory holds.
    pub fn is_layout(directory: &Path) -> bool {
        oci::is_layout(directory)
    }

    /// Whether a plugin could be called so: nothing else is looked for by name.
    pub fn is_name(text: &str) -> bool {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && (text.bytes())
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }
}

/// A component as it was found.
pub(super) struct Found {
    pub(super) bytes: Vec<u8>,
    /// What errors call it.
    origin: String,
    signed: Signed,
}

/// Where the signature of a component is, if it has one.
enum Signed {
    /// Beside its file.
    Beside(PathBuf),
    /// In a layout, of the component with that manifest.
    Layout {
        directory: PathBuf,
        manifest: Digest,
    },
}

impl Found {
    /// Reads a component, once: what is kept is what was looked at.
    pub(super) fn read(
        origin: &Origin,
        limits: &Limits,
        options: &PluginOptions,
    ) -> Result<Found, Error> {
        match origin {
            Origin::File(path) => Found::file(path, limits),
            Origin::Standard(name) => match standard(name, options) {
                Some(path) => Found::file(&path, limits),
                None => Err(Error::NoPlugin {
                    name: name.clone(),
                    places: options.standard.clone(),
                    known: known(options),
                }),
            },
            Origin::Layout { directory, tag } => {
                let component = oci::component(directory, tag.as_deref(), limits)?;
                Ok(Found {
                    bytes: component.bytes,
                    origin: directory.display().to_string(),
                    signed: Signed::Layout {
                        directory: directory.clone(),
                        manifest: component.manifest,
                    },
                })
            }
        }
    }

    pub(super) fn file(path: &Path, limits: &Limits) -> Result<Found, Error> {
        Ok(Found {
            bytes: Plugin::read(path, limits)?,
            origin: path.display().to_string(),
            signed: Signed::Beside(path.to_owned()),
        })
    }

    /// Checks the component's signature; of several, one must be right.
    pub(super) fn check(&self, key: &Key) -> Result<(), Error> {
        let (directory, manifest) = match &self.signed {
            Signed::Beside(file) => return Ok(key.check(file, &self.bytes)?),
            Signed::Layout {
                directory,
                manifest,
            } => (directory, manifest),
        };
        let mut wrong = Error::NoSignature {
            origin: self.origin.clone(),
        };
        for (path, signature) in oci::signatures(directory, manifest)? {
            match key.check_signature(&signature, &path, &self.origin, &self.bytes) {
                Ok(()) => return Ok(()),
                Err(error) => wrong = error.into(),
            }
        }
        Err(wrong)
    }

    pub(super) fn load(&self, limits: &Limits, options: &PluginOptions) -> Result<Plugin, Error> {
        let cache = options.cache.as_ref().map(Cache::new);
        let runtime = Runtime::new()?;
        let (origin, bytes) = (&self.origin, &self.bytes);
        let plugin = Plugin::load(&runtime, origin, bytes, limits, cache.as_ref())?;
        Ok(plugin)
    }
}

/// Loads a component, to be looked at or run alone.
///
/// # Errors
/// What is no plugin.
pub fn open(origin: &Origin, limits: &Limits, options: &PluginOptions) -> Result<Plugin, Error> {
    Found::read(origin, limits, options)?.load(limits, options)
}

/// Returns where the standard set has a component.
pub(super) fn standard(name: &str, options: &PluginOptions) -> Option<PathBuf> {
    if !Origin::is_name(name) {
        return None;
    }
    let mut files = (options.standard.iter()).map(|place| place.join(format!("{name}.wasm")));
    files.find(|file| file.is_file())
}

/// The names of the standard set.
pub(super) fn known(options: &PluginOptions) -> Vec<String> {
    let places = options.standard.iter();
    let entries = places.flat_map(|place| std::fs::read_dir(place).into_iter().flatten().flatten());
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            Some(
                entry
                    .file_name()
                    .to_str()?
                    .strip_suffix(".wasm")?
                    .to_string(),
            )
        })
        .filter(|name| Origin::is_name(name))
        .collect();
    names.sort();
    names.dedup();
    names
}
