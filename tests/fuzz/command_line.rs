//! What is typed.

use clap::Parser;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::Strategy;

use super::run::run;

#[path = "../../host/cli/args.rs"]
#[allow(dead_code, reason = "only the parser is under test here")]
mod args;

const WORDS: &[&str] = &[
    "init",
    "fit",
    "generate",
    "evaluate",
    "snapshot",
    "inspect",
    "diff",
    "completions",
    "man",
    "help",
    "-o",
    "--output",
    "--scale",
    "--rows",
    "--seed",
    "--part",
    "--table",
    "--format",
    "--threads",
    "--chunk-rows",
    "--dry-run",
    "--overwrite",
    "--no-keys",
    "--real",
    "--synthetic",
    "--html",
    "--json",
    "--junit",
    "--fail-under",
    "--output-format",
    "-q",
    "-v",
    "--no-progress",
    "a.prodlike",
    "a.b",
    "a=1",
    "=",
    "1/7",
    "8/7",
    "0/0",
    "-1",
    "1e999",
    "nan",
    "inf",
    "0",
    "18446744073709551616",
    "quality=0.9",
    "quality=2",
    "--",
    "-",
    "",
    "parquet",
    "csv",
];

#[test]
fn no_command_line_breaks_the_parser() {
    let word = prop_oneof![
        9 => select(WORDS).prop_map(str::to_string),
        1 => any::<String>(),
    ];
    run(5_000, &vec(word, 0..9), |words| {
        let line = std::iter::once("prodlike".to_string()).chain(words);
        if let Err(error) = args::Cli::try_parse_from(line) {
            assert!(!error.render().to_string().trim().is_empty());
        }
    });
}
