//! What is typed and printed.

mod bad_input;
mod explain;
mod help;
mod interrupt;
mod messages;
mod shop;
mod snapshot;
mod sources;
