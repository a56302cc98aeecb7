//! What is typed and printed.

mod bad_input;
mod help;
mod interrupt;
mod messages;
mod sources;
