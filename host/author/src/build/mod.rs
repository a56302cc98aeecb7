//! From a project to a component.

mod command;
mod component;
mod guest;
mod javascript;
mod python;
mod rust;

use std::path::{Path, PathBuf};

use crate::error::Error;

/// A component that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The plugin's name.
    pub name: String,
    /// Where the component is.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
}

/// Builds a project's component and checks that it is one.
///
/// `progress` is told what the compiler says, line by line. A project in Python or JavaScript
/// first installs what makes components into its `target/`, once, from the network.
///
/// # Errors
/// Where the project or the toolchain is incomplete, or the build fails.
pub fn build(project: &Path, progress: &mut dyn FnMut(&str)) -> Result<Built, Error> {
    if project.join("Cargo.toml").is_file() {
        return rust::build(project, progress);
    }
    if project.join(python::SOURCE).is_file() {
        return python::build(project, progress);
    }
    if project.join(javascript::SOURCE).is_file() {
        return javascript::build(project, progress);
    }
    Err(Error::NoProject(project.to_owned()))
}

/// Builds a program of native code from a project in Rust, for comparison; `None` of other
/// languages.
pub(crate) fn native(
    project: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Option<PathBuf>, Error> {
    match project.join("Cargo.toml").is_file() {
        true => rust::native(project, progress).map(Some),
        false => Ok(None),
    }
}

/// Whether a directory is a plugin's project.
pub fn is_project(directory: &Path) -> bool {
    ["Cargo.toml", python::SOURCE, javascript::SOURCE]
        .iter()
        .any(|file| directory.join(file).is_file())
}

/// Returns where a project's component is. Nothing of the project is run for that: whoever looks
/// at a component need not trust the project.
///
/// # Errors
/// Where there is none yet, or it is not clear which it is.
pub fn built(project: &Path) -> Result<PathBuf, Error> {
    let path = match project.join("Cargo.toml").is_file() {
        true => rust::built(project)?,
        false => only(&project.join("target").join("plugins"))?,
    };
    match path.is_file() {
        true => Ok(path),
        false => Err(Error::NotBuilt { path }),
    }
}

/// Returns a file of the project that was changed since the component was built, if there is
/// one: an author who forgets to build checks and measures what is no more.
pub fn changed_since(project: &Path, component: &Path) -> Option<PathBuf> {
    let built = component.metadata().and_then(|it| it.modified()).ok()?;
    let mut directories = vec![project.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).ok()?.flatten() {
            let name = entry.file_name();
            let is_ours = !matches!(
                name.to_str(),
                Some("target" | "tests" | "__pycache__" | "README.md")
            ) && !name.as_encoded_bytes().starts_with(b".");
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if is_ours && metadata.is_dir() {
                directories.push(entry.path());
            } else if is_ours && metadata.modified().is_ok_and(|changed| changed > built) {
                return Some(entry.path());
            }
        }
    }
    None
}

/// The only component of a directory.
fn only(directory: &Path) -> Result<PathBuf, Error> {
    let mut components: Vec<PathBuf> = (std::fs::read_dir(directory).into_iter().flatten())
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == "wasm"))
        .collect();
    match (components.pop(), components.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Error::Several(directory.to_owned())),
        (None, _) => Err(Error::NotBuilt {
            path: directory.to_owned(),
        }),
    }
}
