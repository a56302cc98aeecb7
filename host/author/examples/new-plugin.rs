//! Starts a project: `new-plugin DIRECTORY NAME KIND LANGUAGE`.
#![expect(clippy::print_stderr, reason = "a tool of the build")]

use std::path::Path;
use std::process::ExitCode;

use prodlike_core::error::Hint;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, name, kind, language] = arguments.as_slice() else {
        eprintln!("usage: new-plugin DIRECTORY NAME KIND LANGUAGE");
        return ExitCode::from(2);
    };
    let created = kind.parse().and_then(|kind| {
        prodlike_author::create(Path::new(directory), name, kind, language.parse()?)
    });
    match created {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(hint) = error.hint() {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}
