//! Hostile input by the thousand: mutations of what is right, into the code in this process.
//!
//! Whatever comes in, the answer is a result or an error: no panic, no hang, nothing
//! half-written. `make test` runs each target a little, always the same way; `make test-full`
//! sets `PRODLIKE_FUZZ` to how many inputs each gets, and `PRODLIKE_FUZZ_SEED` varies them.

mod command_line;
mod csv;
mod manifest;
mod model;
mod mutation;
mod run;
