//! Projects in JavaScript.

use std::path::Path;

use super::Built;
use crate::error::Error;

/// The file that makes a directory a project in JavaScript.
pub(super) const SOURCE: &str = "plugin.js";

/// Builds a project.
pub(super) fn build(project: &Path, _: &mut dyn FnMut(&str)) -> Result<Built, Error> {
    Err(Error::NoProject(project.to_owned()))
}
