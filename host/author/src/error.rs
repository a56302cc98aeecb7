//! What can go wrong between a project and its component.

use std::path::PathBuf;

use prodlike_core::error::Hint;

/// Why there is no project or no component.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name cannot be a plugin's.
    #[error("`{name}` cannot be a plugin's name: {reason}")]
    Name {
        /// The name.
        name: String,
        /// Why not.
        reason: &'static str,
    },
    /// There is nothing of that name.
    #[error("unknown {what} `{name}`")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// By which name.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// A project would be mixed with other files.
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The directory is no project of a plugin.
    #[error("`{}` is no plugin's project", .0.display())]
    NoProject(PathBuf),
    /// The project has no component yet.
    #[error("the project has no component yet: `{}`", path.display())]
    NotBuilt {
        /// Where it would be.
        path: PathBuf,
    },
    /// The project has more than one component.
    #[error("`{}` has several components", .0.display())]
    Several(PathBuf),
    /// The project does not say that it makes a component.
    #[error("`{package}` has no library of the type `cdylib`")]
    NoLibrary {
        /// The package.
        package: String,
    },
    /// No toolchain can build for WebAssembly.
    #[error("no Rust toolchain here can build for WebAssembly")]
    NoToolchain,
    /// The plugin's native code fails where its component does not.
    #[error("the plugin as native code failed: {reason}")]
    Native {
        /// The program.
        program: PathBuf,
        /// What it said.
        reason: String,
    },
    /// A program that a language's build needs is not there.
    #[error("`{program}` cannot be run")]
    NoProgram {
        /// The program.
        program: String,
        /// What to install.
        install: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// The build failed.
    #[error("`{command}` failed:\n{output}")]
    Command {
        /// The command.
        command: String,
        /// The end of what it said.
        output: String,
    },
    /// A program answered what cannot be read.
    #[error("`{command}` gave an answer that cannot be read")]
    Answer {
        /// The command.
        command: String,
        /// Why not.
        source: serde_json::Error,
    },
    /// What was compiled is no plugin.
    #[error("`{}` is no component of a plugin: {reason}", path.display())]
    Component {
        /// What was compiled.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The component cannot be run.
    #[error(transparent)]
    Plugin(#[from] prodlike_plugin::Error),
    /// A component could not be measured.
    #[error("as a {kind} it serves nothing that could be measured: {reason}")]
    NotServed {
        /// What it is.
        kind: prodlike_plugin::Kind,
        /// What it says.
        reason: String,
    },
    /// Rows of a test could not be made.
    #[error("rows to check with cannot be made")]
    Rows(#[source] arrow::error::ArrowError),
    /// A file or directory.
    #[error("failed to reach `{}`", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

impl Error {
    /// Returns what turns an error about a path into this one.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        |source| Error::Io { path, source }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Unknown { known, .. } => Some(format!("There are: {}", known.join(", "))),
            Error::NotEmpty(_) => Some("Choose a new directory".into()),
            Error::Name { .. } => {
                Some("Use lower-case letters, digits and hyphens: `loyalty-card`".into())
            }
            Error::NoProject(_) => Some(
                "A project has a Cargo.toml (Rust), a plugin.py (Python) or a plugin.js \
                 (JavaScript); `prodlike plugin new` writes one"
                    .into(),
            ),
            Error::NotBuilt { .. } => Some("Make it: `prodlike plugin build`".into()),
            Error::Several(_) => Some("Give the file of the one that is meant".into()),
            Error::NoLibrary { .. } => Some(
                "Write `crate-type = [\"cdylib\", \"rlib\"]` under `[lib]` in Cargo.toml".into(),
            ),
            Error::NoToolchain => Some(
                "With rustup: `rustup target add wasm32-unknown-unknown`. With Debian's packages: \
                 `apt install rustc cargo rust-src lld`"
                    .into(),
            ),
            Error::Native { .. } => Some("Run the project's tests: `cargo test`".into()),
            Error::NoProgram { install, .. } => Some((*install).into()),
            Error::Component { .. } => {
                Some("A plugin in Rust ends with `prodlike_sdk::export!(Type: generator);`".into())
            }
            Error::Plugin(error) => error.hint(),
            Error::NotServed { .. } => Some(
                "Describe an example whose options serve a common column, or the `context` \
                 that the plugin needs"
                    .into(),
            ),
            Error::Rows(_) | Error::Command { .. } | Error::Answer { .. } | Error::Io { .. } => {
                None
            }
        }
    }
}
