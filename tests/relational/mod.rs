//! What a generated database must be.

mod chinook;
mod dependences;
mod determinism;
mod inferred;
mod nycflights;
mod people;
pub(crate) mod plugins;
mod shapes;
mod types;
