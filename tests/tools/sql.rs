//! Runs an SQL script on a DuckDB file: what loads the data of the demo, the tests and the benchmarks.
//!
//! ```console
//! $ sql DATABASE [--time] [NAME=value …] < script.sql
//! ```
//!
//! `${NAME}` in the script becomes the value, with its quotes doubled, so that a
//! path stands safely inside a literal. `--time` prints the seconds the script
//! took, without the start of the process. Scripts run through `prodlike-duckdb`,
//! so no second DuckDB, of another version, is needed beside the one we link.
#![allow(
    clippy::print_stdout,
    reason = "a development tool: its output is what it is for"
)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let mut database = None;
    let mut timed = false;
    let mut variables = BTreeMap::new();
    for argument in std::env::args().skip(1) {
        if argument == "--time" {
            timed = true;
        } else if database.is_none() {
            database = Some(PathBuf::from(argument));
        } else if let Some((name, value)) = argument.split_once('=') {
            variables.insert(name.to_owned(), value.to_owned());
        } else {
            bail!("`{argument}` is not of the form `NAME=value`");
        }
    }
    let database = database.context("usage: sql DATABASE [--time] [NAME=value …] < script.sql")?;

    let mut script = String::new();
    std::io::stdin()
        .read_to_string(&mut script)
        .context("failed to read the script from standard input")?;
    let script = substitute(&script, &variables)?;

    let start = Instant::now();
    prodlike_duckdb::execute(&database, &script)
        .with_context(|| format!("failed to run the script on `{}`", database.display()))?;
    if timed {
        println!("{:.6}", start.elapsed().as_secs_f64());
    }
    Ok(())
}

/// Replaces each `${NAME}`; a name without a value is an error, as a path that
/// silently became empty would load nothing.
fn substitute(script: &str, variables: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let mut pieces = script.split("${");
    let mut output = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece
            .split_once('}')
            .context("a `${` in the script is never closed")?;
        let value = variables
            .get(name)
            .with_context(|| format!("the script needs `{name}=…`"))?;
        output.push_str(&value.replace('\'', "''"));
        output.push_str(rest);
    }
    Ok(output)
}
