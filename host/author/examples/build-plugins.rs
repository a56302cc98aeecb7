//! Builds the plugins of a directory: `cargo run -p prodlike-author --example build-plugins`.
#![expect(clippy::print_stderr, reason = "a tool of the build")]

use std::path::PathBuf;
use std::process::ExitCode;

use prodlike_core::error::Hint;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let projects = if arguments.is_empty() {
        let plugins = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins"));
        let mut projects: Vec<PathBuf> = std::fs::read_dir(plugins)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir() && !path.ends_with("sdk"))
            .collect();
        projects.sort();
        projects
    } else {
        arguments
    };
    let mut failed = false;
    for project in projects {
        match prodlike_author::build(&project, &mut |line| eprintln!("{line}")) {
            Ok(built) => eprintln!("{} ({} KB)", built.path.display(), built.size / 1000),
            Err(error) => {
                failed = true;
                eprintln!("error: {error}");
                if let Some(hint) = error.hint() {
                    eprintln!("hint: {hint}");
                }
            }
        }
    }
    ExitCode::from(u8::from(failed))
}
