//! Hostile input by the thousand: mutations of what is right, into the code in this process.
//!
//! Whatever comes in, the answer is a result or an error: no panic, no hang, nothing
//! half-written. `make test` gives the targets 7,360 inputs in all, always the same; `make
//! test-full` gives them 136 times as many (`PRODLIKE_FUZZ`), which is a million, and other
//! ones (`PRODLIKE_FUZZ_SEED`).

mod command_line;
mod csv;
mod manifest;
mod model;
mod mutation;
mod run;
