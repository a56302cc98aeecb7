//! Runs plugins: WebAssembly components, sandboxed and deterministic.
//!
//! A plugin is a function from rows, seeds and columns to columns, in a language of its
//! author's choice. It sees the contract (`wit/`) and nothing else: no clock, entropy, file or
//! network, and one import, `log`. So a job's bytes depend on the plugin's bytes alone, and a
//! stranger's plugin cannot do more than return wrong values, which are checked before they
//! are trusted, and sometimes made again, to see that they come out the same.
//!
//! The decision that a reader will question: batches cross as copies of Arrow's buffers, not
//! as shared memory and not value by value. A copy costs a third of a nanosecond a number, is
//! all that the component model has, and leaves the guest nothing that it could change while
//! the host looks at it.
//!
//! ```no_run
//! use arrow::datatypes::{DataType, Field};
//! use prodlike_plugin::{Column, Limits, Plugin, Rows, Runtime, Settings};
//!
//! # fn main() -> Result<(), prodlike_plugin::Error> {
//! let runtime = Runtime::new()?;
//! let path = "plugins/iban.wasm".as_ref();
//! let plugin = Plugin::open(&runtime, path, &Limits::default(), None)?;
//! let generator = plugin.generator(Settings {
//!     column: "accounts.iban".to_owned(),
//!     options: r#"{"country": "AT"}"#.to_owned(),
//!     wanted: vec![Column::new(Field::new("iban", DataType::Utf8, false))],
//!     ..Settings::default()
//! })?;
//! let columns = generator.generate(
//!     &Rows {
//!         count: 2,
//!         seeds: &[17, 4],
//!         total: 2,
//!         ..Rows::default()
//!     },
//!     &[],
//! )?;
//! # let _ = columns;
//! # Ok(())
//! # }
//! ```

mod batch;
mod bindings;
mod cache;
mod call;
mod checks;
mod code;
mod contract;
mod counts;
mod decode;
mod describe;
mod digest;
mod disk;
mod domain;
mod encode;
mod error;
mod field;
mod kinds;
mod lock;
mod lock_error;
mod lock_file;
mod log;
pub mod oci;
mod options;
mod plugin;
mod runtime;
mod settings;
mod signature;
mod varlen;

pub use batch::Replay;
pub use cache::Cache;
pub use contract::{CONTRACT, Kind};
pub use counts::{Counts, CountsError};
pub use describe::{Description, Example, Output};
pub use digest::Digest;
pub use domain::Domain;
pub use error::{Error, Failure, Flaw, Id, Place, Problem};
pub use field::canonical;
pub use kinds::{Detector, Finding, Generator, Learn, Rule, Transform};
pub use lock::{Lock, Locked, Locking};
pub use lock_error::LockError;
pub use log::shown;
pub use plugin::Plugin;
pub use prodlike_core::limits::Limits;
pub use runtime::Runtime;
pub use settings::{Column, Count, Role, Rows, Secret, Settings};
pub use signature::{Key, SignatureError};
