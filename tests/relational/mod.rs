//! What a generated database must be.

mod chinook;
mod determinism;
mod nycflights;
mod shapes;
mod types;
