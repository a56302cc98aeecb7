//! Pure mathematics on slices: no I/O, no Arrow, no clock, no entropy.
//!
//! Everything on the way from a seed to a cell is integer arithmetic, so that
//! every platform agrees bit for bit; floating point works only in fitting.
//! Randomness is addressed, never consumed: a draw is a function of
//! (key, counter), and any row can be drawn first.

mod boost;
pub mod bridge;
pub mod classify;
pub mod codec;
pub mod degree;
mod distill;
pub mod finer;
mod floors;
mod grow;
pub mod habit;
pub mod latent;
pub mod permutation;
pub mod philox;
pub mod ranks;
pub mod recent;
pub mod teacher;
pub mod tree;
