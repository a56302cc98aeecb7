//! For authors of plugins: starts projects, makes components of them, checks and measures
//! those.
//!
//! [`create`] writes a project that builds, with a test and a README; [`build`](build()) makes
//! a component of it, with the toolchain that is there: an installed WebAssembly target, or
//! the standard library's sources, or an error that says what to install. [`check`](check())
//! tries any component, whatever its language, on what a job could ask of it, and [`bench`](bench())
//! says what it costs.

mod bench;
mod build;
mod check;
mod create;
mod error;

pub use bench::{Costs, KindCosts, bench};
pub use build::{Built, build, built, changed_since, is_project};
pub use check::{Check, Fault, Options, Outcome, Report, Verdict, check};
pub use create::{Kind, Language, create};
pub use error::Error;
