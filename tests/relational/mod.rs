//! What a generated database must be.

mod chinook;
mod dependences;
mod determinism;
mod inferred;
mod nycflights;
mod people;
mod plugins;
mod shapes;
mod standard;
mod types;
