//! What builds of languages with a runtime of their own share: they make a component by
//! themselves, of a world that is written for the plugin's kinds.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{Built, command, component};
use crate::create::check_name;
use crate::error::Error;

/// The world's name in [`Guest::wit`].
pub(super) const WORLD: &str = "guest";

const CONTRACT: [(&str, &str); 2] = [
    ("plugin.wit", include_str!("../../../../wit/plugin.wit")),
    ("types.wit", include_str!("../../../../wit/types.wit")),
];

/// What a project says about its plugin.
#[derive(Deserialize)]
pub(super) struct Said {
    /// Its name.
    name: String,
    /// Interfaces of the contract that it exports, beside `about`.
    kinds: Vec<String>,
}

impl Said {
    /// Asks a project, by a program that answers in JSON.
    pub(super) fn ask(program: Command, install: &'static str) -> Result<Said, Error> {
        let shown = command::shown(&program);
        let answer = command::run(program, install, &mut |_| ())?;
        let said: Said = serde_json::from_slice(&answer).map_err(|source| Error::Answer {
            command: shown,
            source,
        })?;
        // It becomes a file's name.
        check_name(&said.name)?;
        Ok(said)
    }
}

/// The directories of a build.
pub(super) struct Guest {
    name: String,
    target: PathBuf,
    /// Emptied for every build.
    pub(super) scratch: PathBuf,
    /// The contract, with the plugin's world.
    pub(super) wit: PathBuf,
    /// Where the component is to be written.
    pub(super) component: PathBuf,
}

impl Guest {
    /// Prepares the directories.
    pub(super) fn prepare(target: &Path, said: Said) -> Result<Guest, Error> {
        let scratch = target.join("guest");
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(Error::io(&scratch))?;
        }
        let wit = scratch.join("wit");
        std::fs::create_dir_all(&wit).map_err(Error::io(&wit))?;
        let exports: String = said
            .kinds
            .iter()
            .map(|kind| format!("    export {kind};\n"))
            .collect();
        let world = format!(
            "package prodlike:plugin@0.1.0;\n\nworld {WORLD} {{\n    import log;\n    export about;\n{exports}}}\n"
        );
        for (file, text) in CONTRACT.into_iter().chain([("world.wit", world.as_str())]) {
            write(&wit.join(file), text)?;
        }
        Ok(Guest {
            name: said.name,
            target: target.to_owned(),
            component: scratch.join("component.wasm"),
            scratch,
            wit,
        })
    }

    /// Checks the component and moves it to where plugins are.
    pub(super) fn finish(self) -> Result<Built, Error> {
        let bytes = std::fs::read(&self.component).map_err(Error::io(&self.component))?;
        component::check(&self.component, &bytes)?;
        let plugins = self.target.join("plugins");
        std::fs::create_dir_all(&plugins).map_err(Error::io(&plugins))?;
        let path = plugins.join(format!("{}.wasm", self.name));
        std::fs::rename(&self.component, &path).map_err(Error::io(&path))?;
        Ok(Built {
            name: self.name,
            path,
            size: bytes.len() as u64,
        })
    }
}

/// Writes a file.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(Error::io(path))
}

/// Directories that hold nothing of a project's own.
const MADE: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// Returns the directory that is built: the project's, or a copy of it where its SDK is a link,
/// as in prodlike's own plugins. What makes components runs in a sandbox, and follows none.
pub(super) fn sources(project: &Path, target: &Path, sdk: &str) -> Result<PathBuf, Error> {
    if !project.join(sdk).is_symlink() {
        return Ok(project.to_owned());
    }
    let copy = target.join("sources");
    if copy.exists() {
        std::fs::remove_dir_all(&copy).map_err(Error::io(&copy))?;
    }
    copy_directory(project, &copy)?;
    copy_directory(&project.join(sdk), &copy.join(sdk))?;
    Ok(copy)
}

/// Copies files and directories; links stay behind, as they may lead in circles.
fn copy_directory(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(to).map_err(Error::io(to))?;
    for entry in std::fs::read_dir(from).map_err(Error::io(from))? {
        let entry = entry.map_err(Error::io(from))?;
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().map_err(Error::io(&path))?;
        if kind.is_file() {
            std::fs::copy(&path, to.join(&name)).map_err(Error::io(&path))?;
        } else if kind.is_dir() && !MADE.iter().any(|made| name == *made) {
            copy_directory(&path, &to.join(&name))?;
        }
    }
    Ok(())
}

/// Returns the project's directory for what is built, in full: programs run elsewhere.
pub(super) fn target_dir(project: &Path) -> Result<PathBuf, Error> {
    let target = project
        .canonicalize()
        .map_err(Error::io(project))?
        .join("target");
    std::fs::create_dir_all(&target).map_err(Error::io(&target))?;
    Ok(target)
}
