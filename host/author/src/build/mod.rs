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
