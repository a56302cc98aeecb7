//! What a generated database must be.

mod chinook;
mod computed;
mod dependences;
mod determinism;
mod inferred;
mod nycflights;
mod people;
mod plugins;
mod shapes;
mod transforms;
mod types;
