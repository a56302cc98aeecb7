//! Runs programs.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Lines of a failed command that an error shows.
const SHOWN: usize = 40;

/// Runs a command and returns what it wrote; `progress` is told what it says on the way.
pub(super) fn run(
    mut command: Command,
    install: &'static str,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<u8>, Error> {
    let missing = |command: &Command, source| Error::NoProgram {
        program: command.get_program().to_string_lossy().into_owned(),
        install,
        source,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // The last lines of what a tool says are shown: the reason, not a trace of the tool.
        .env("RUST_BACKTRACE", "0");
    let mut child = command
        .spawn()
        .map_err(|source| missing(&command, source))?;
    // Both pipes are emptied at once, or a full one would stop the child for ever.
    let output = child.stdout.take().map(|mut stdout| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut stdout, &mut bytes).map(|_| bytes)
        })
    });
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = line.map_err(|source| missing(&command, source))?;
            let line = String::from_utf8_lossy(&line).into_owned();
            progress(&line);
            said.push(line);
        }
    }
    let status = child.wait().map_err(|source| missing(&command, source))?;
    let output = match output.map(std::thread::JoinHandle::join) {
        Some(Ok(output)) => output.map_err(|source| missing(&command, source))?,
        _ => Vec::new(),
    };
    if status.success() {
        return Ok(output);
    }
    if said.is_empty() {
        said.extend(String::from_utf8_lossy(&output).lines().map(str::to_owned));
    }
    Err(Error::Command {
        command: shown(&command),
        output: said[said.len().saturating_sub(SHOWN)..].join("\n"),
    })
}

/// Returns the command as one would type it.
pub(super) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
