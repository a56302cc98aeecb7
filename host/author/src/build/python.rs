//! Projects in Python: componentize-py makes a component, with the interpreter in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::guest::{self, Guest, Said, WORLD};
use super::{Built, command};
use crate::error::Error;

/// The file that makes a directory a project in Python.
pub(super) const SOURCE: &str = "plugin.py";
/// The directory of the SDK.
const SDK: &str = "prodlike_sdk";
/// What makes the components; another version may make others.
const TOOL: &str = "componentize-py";
const VERSION: &str = "0.25.1";
const INSTALL: &str = "Install Python 3.10 or newer with venv and pip; Debian: `apt install \
                       python3 python3-venv`";
/// Where virtual environments have their programs.
const BIN: &str = if cfg!(windows) { "Scripts" } else { "bin" };
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
/// The module that componentize-py is given; it writes into the project if it is not told.
const APP: &str = "import sys

sys.dont_write_bytecode = True

from prodlike_sdk.guest import About, Detector, Generator, Learn, Rule, Transform
";
/// The modules that componentize-py looks into for each interface's resource.
const INTERFACES: [&str; 5] = ["generator", "transform", "learn", "detector", "rule"];

/// Builds a project.
pub(super) fn build(project: &Path, progress: &mut dyn FnMut(&str)) -> Result<Built, Error> {
    let target = guest::target_dir(project)?;
    let sources = guest::sources(project, &target, SDK)?;
    let project = sources.as_path();
    let mut program = python(PYTHON, project);
    program.args(["-m", "prodlike_sdk"]);
    let guest = Guest::prepare(&target, Said::ask(program, INSTALL)?)?;
    let tool = tool(&target, project, progress)?;
    guest::write(&guest.scratch.join("app.py"), APP)?;
    for interface in INTERFACES {
        guest::write(
            &guest.scratch.join(format!("{interface}.py")),
            &format!(
                "from prodlike_sdk.guest import instance\n\nInstance = instance(\"{interface}\")\n"
            ),
        )?;
    }
    let mut componentize = python(tool, project);
    componentize
        .arg("--quiet")
        .arg("--wit-path")
        .arg(&guest.wit)
        .args(["--world", WORLD, "componentize", "--stub-wasi"])
        .arg("--python-path")
        .arg(&guest.scratch)
        .args(["--python-path", "."])
        .arg("--output")
        .arg(&guest.component)
        .arg("app");
    command::run(componentize, INSTALL, progress)?;
    guest.finish()
}

/// Returns a command in the project's directory that leaves no files there.
fn python(program: impl AsRef<std::ffi::OsStr>, project: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(project)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("VIRTUAL_ENV")
        .env_remove("PYTHONPATH");
    command
}

/// Returns componentize-py, which is installed where it is not there.
fn tool(target: &Path, project: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, Error> {
    // The version is in the name, so that another one is installed beside it.
    let environment = target.join(format!("{TOOL}-{VERSION}"));
    let bin = environment.join(BIN);
    let tool = bin
        .join(TOOL)
        .with_extension(std::env::consts::EXE_EXTENSION);
    if tool.is_file() {
        return Ok(tool);
    }
    progress(&format!("installing {TOOL} {VERSION}"));
    let mut venv = python(PYTHON, project);
    venv.args(["-m", "venv"]).arg(&environment);
    command::run(venv, INSTALL, progress)?;
    let mut pip = python(bin.join("python"), project);
    pip.args(["-m", "pip", "install", "--quiet", "--only-binary=:all:"])
        .arg("--disable-pip-version-check")
        .arg(format!("{TOOL}=={VERSION}"));
    command::run(pip, INSTALL, progress)?;
    Ok(tool)
}
