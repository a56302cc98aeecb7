//! The library and its façade: one module a stage.
//!
//! Stages talk to one another through `prodlike-core`'s types and through files only, so
//! that each can run on another machine than the one before: *init* and *fit* where the
//! data is, *generate* where it never was. Only [`init`], [`fit`] and [`evaluate`] can
//! reach a source; [`generate`] takes a model and nothing else.

mod cells;
mod dataset;
pub mod diff;
mod error;
pub mod evaluate;
pub mod fit;
pub mod generate;
mod implied;
pub mod init;
pub mod inspect;
mod order;
mod plan;
pub mod plugins;
mod rules;
pub mod session;
pub mod snapshot;
mod ways;

pub use dataset::{Batches, Dataset, DatasetOptions, Selection};
pub use error::Error;
pub use plan::{Plan, Size, plan};
pub use prodlike_duckdb::{InterruptHandle, Source};
pub use prodlike_format::{
    Context, DatasetInfo, Error as FormatError, FileFormat, Gate, Manifest, ModelInfo, SCORES,
    Snapshot, Stamp, Versions, edit_manifest, move_whole, parse_manifest, parse_model,
    read_dataset_json, read_manifest, read_model, render_model, report_html, report_is_sound,
    report_json, report_junit, report_schema, report_score, report_text, report_verdict,
    write_manifest, write_model, write_whole,
};
pub use session::{Interrupts, Session};
pub use ways::ways;
