//! From the component model to the traits: built for WebAssembly only.

mod alloc;
pub mod bindings;
mod convert;
mod instance;

pub(crate) use bindings::base::prodlike::plugin::log;
pub use instance::Exported;
