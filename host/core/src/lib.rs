//! Schema, model, plan, traits, report and error: the words every other crate shares.
//!
//! Nothing here does I/O, and nothing here is serialisable: what a file looks
//! like is decided in `prodlike-format`, which converts to and from these types
//! (deriving `Serialize` on an internal type would quietly make it a public
//! format). The cost is one conversion per type, paid once.

pub mod error;
pub mod evidence;
pub mod formula;
pub mod generator;
pub mod interval;
pub mod limits;
pub mod model;
pub mod progress;
pub mod report;
pub mod rule;
pub mod schema;
pub mod shown;
pub mod source;
pub mod words;
