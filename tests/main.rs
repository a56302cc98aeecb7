//! The integration tests: the program as its users meet it, on real and on made-up data.
//!
//! One binary, so that the crates under test are linked once. `make test` loads the data
//! first (`tests/setup/data.sh`). `BLESS=1` writes `relational/golden.txt` anew, and
//! `INSTA_UPDATE=always` the snapshots.
#![allow(
    clippy::unwrap_used,
    reason = "tests fail by panicking; the backtrace says where"
)]

// Runs the program, makes databases, judges what came out.
mod util;

// The house rules, read off the sources: floors, owners, purity, prints.
mod tidy;

// What a generated database must be: keys, relationships, row counts, nobody's data
// (`relational/chinook.slt`); the same bytes whatever the threads and parts
// (`relational/golden.txt`); keys written by hand; shapes of schemas.
mod relational;

// What crosses between stages: model files that are broken, newer or hostile; names that
// need quoting, and data types, on their way through every format.
mod format;

// What is typed and printed: help, success lines, errors with their hints, exit codes,
// nothing left behind, Ctrl-C.
mod cli;

// Hostile input by the thousand, into the code in this process.
mod fuzz;
