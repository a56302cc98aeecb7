//! What is typed and printed.

mod bad_input;
mod explain;
mod help;
mod interrupt;
mod messages;
mod plugin_lock;
mod plugin_origin;
mod shop;
mod snapshot;
mod sources;
