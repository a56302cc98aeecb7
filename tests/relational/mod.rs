//! What a generated database must be.

mod chinook;
mod determinism;
mod inferred;
mod nycflights;
mod shapes;
mod types;
