//! What is typed and printed.

mod bad_input;
mod explain;
mod help;
mod interrupt;
mod messages;
mod sources;
mod snapshot;
