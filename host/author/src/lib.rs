//! For authors of plugins: starts projects and makes components of them.
//!
//! [`create`] writes a project that builds, with a test and a README; [`build`](build()) makes
//! a component of it, with the toolchain that is there: an installed WebAssembly target, or
//! the standard library's sources, or an error that says what to install. What a component
//! does is not looked at here: `prodlike-plugin` runs it.

mod build;
mod create;
mod error;

pub use build::{Built, build};
pub use create::{Kind, Language, create};
pub use error::Error;
