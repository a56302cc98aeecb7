//! Projects in JavaScript: componentize-js makes a component, with SpiderMonkey in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::guest::{self, Guest, Said, WORLD};
use super::{Built, command};
use crate::error::Error;

/// The file that makes a directory a project in JavaScript.
pub(super) const SOURCE: &str = "plugin.js";
/// The directory of the SDK.
const SDK: &str = "prodlike-sdk";
/// What makes the components. All that it needs is pinned by digest in its lock file.
const TOOL: &str = "componentize-js-0.19.3";
const FILES: [(&str, &str); 3] = [
    (
        "package.json",
        include_str!("../../templates/javascript/componentize/package.json"),
    ),
    (
        "package-lock.json",
        include_str!("../../templates/javascript/componentize/package-lock.json"),
    ),
    (
        "componentize.js",
        include_str!("../../templates/javascript/componentize/componentize.js"),
    ),
];
/// What npm writes when everything is installed.
const INSTALLED: &str = "node_modules/.package-lock.json";
const INSTALL: &str = "Install Node.js 20 or newer with npm; Debian: `apt install nodejs npm`";
/// On Windows, npm is a script that needs its extension.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Builds a project.
pub(super) fn build(project: &Path, progress: &mut dyn FnMut(&str)) -> Result<Built, Error> {
    let target = guest::target_dir(project)?;
    let sources = guest::sources(project, &target, SDK)?;
    let project = sources.as_path();
    let mut describe = Command::new("node");
    describe
        .current_dir(project)
        .arg("prodlike-sdk/describe.js");
    let guest = Guest::prepare(&target, Said::ask(describe, INSTALL)?)?;
    let tool = tool(&target, progress)?;
    let mut componentize = Command::new("node");
    componentize
        // Modules are found from the directory that it runs in.
        .current_dir(project)
        .arg(tool.join("componentize.js"))
        .arg("prodlike-sdk/guest.js")
        .arg(&guest.wit)
        .arg(WORLD)
        .arg(&guest.component);
    command::run(componentize, INSTALL, progress)?;
    guest.finish()
}

/// Returns the directory of componentize-js, which is installed where it is not there.
fn tool(target: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, Error> {
    let tool = target.join(TOOL);
    std::fs::create_dir_all(&tool).map_err(Error::io(&tool))?;
    for (file, text) in FILES {
        guest::write(&tool.join(file), text)?;
    }
    if tool.join(INSTALLED).is_file() {
        return Ok(tool);
    }
    progress(&format!("installing {TOOL}"));
    let mut npm = Command::new(NPM);
    npm.current_dir(&tool)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    command::run(npm, INSTALL, progress)?;
    Ok(tool)
}
