//! All that is printed: results on standard output, talk on standard error.

use std::error::Error;
use std::io::{self, IsTerminal, Write};

use prodlike_core::error::Hint;

/// Writes a result to standard output; a reader that has left is no error.
pub(crate) fn result(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Says something on standard error.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told that standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Whether standard error takes colours: as <https://bixense.com/clicolors> has it.
pub(crate) fn is_coloured() -> bool {
    let says = |name: &str, not: &str| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != not)
    };
    if says("NO_COLOR", "") {
        return false;
    }
    if says("CLICOLOR_FORCE", "0") {
        return true;
    }
    let refused = std::env::var_os("CLICOLOR").is_some_and(|value| value == "0")
        || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !refused && io::stderr().is_terminal()
}

fn paint(text: &str, colour: &str) -> String {
    match is_coloured() {
        true => format!("\x1b[1;{colour}m{text}\x1b[0m"),
        false => text.to_string(),
    }
}

/// Says a warning.
pub(crate) fn warning(text: &str) -> String {
    format!("{}: {}", paint("warning", "33"), capital(text))
}

/// Says what failed, why, and what to do.
pub(crate) fn error(error: &anyhow::Error) {
    let mut lines: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = capital(&cause.to_string());
        // A wrapper that only repeats its cause adds nothing, nor does DuckDB's C interface.
        if lines.last() != Some(&text) && !text.ends_with("Unknown error code") {
            lines.push(text);
        }
    }
    for (depth, line) in lines.iter().enumerate() {
        let line = line.replace('\n', "\n             ");
        match depth {
            0 => say(&format!("{}: {line}", paint("error", "31"))),
            _ => say(&format!("  Caused by: {line}")),
        }
    }
    if let Some(hint) = hint(error) {
        say(&format!("\n{}: {hint}", paint("hint", "36")));
    }
}

fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause: &(dyn Error + 'static)| {
        cause
            .downcast_ref::<prodlike_engine::Error>()
            .and_then(Hint::hint)
            .or_else(|| cause.downcast_ref::<prodlike_author::Error>()?.hint())
            .or_else(|| {
                cause
                    .downcast_ref::<Advice>()
                    .map(|advice| advice.hint.clone())
            })
    })
}

/// An error of the command line itself, with its hint.
#[derive(Debug)]
pub(crate) struct Advice {
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl std::fmt::Display for Advice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Advice {}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
