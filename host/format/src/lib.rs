//! Sole owner of disk formats: manifest, model file, Parquet and CSV, dataset.json, report.
//!
//! Core types are not serialisable, on purpose: deriving `Serialize` on an internal type
//! would quietly make it a public format. Every file has its own wire types here, which are
//! converted to and from core's. The price is one conversion per type; what it buys is that
//! a refactoring elsewhere cannot change a file, and that a file that was tampered with is
//! refused here, before anything that trusts its indices has seen it.
//!
//! Two rules hold for everything that is written: it appears whole or not at all (a
//! temporary name beside it, then a rename), and its bytes are a function of its content
//! alone: no timestamps, no hash-map order, no dependence on how batches were split.

pub mod chunk;
pub mod dataset;
pub mod error;
pub mod manifest;
pub mod model_file;
pub mod report;
pub mod stamp;
pub mod versions;

mod ipc;
mod whole;

pub use chunk::{ChunkInfo, ChunkWriter, FileFormat};
pub use dataset::{
    DatasetInfo, DirectorySink, FileInfo, Published, TableInfo, TablePlan, read_dataset_json,
    write_dataset_json,
};
pub use error::{Error, ManifestProblem};
pub use manifest::{
    Manifest, Notes, SCORES, Snapshot, edit_manifest, parse_manifest, read_manifest,
    render_manifest, write_manifest,
};
pub use model_file::{ModelInfo, parse_model, read_model, render_model, write_model};
pub use report::{
    Context, Gate, ModelFacts, report_html, report_is_sound, report_json, report_junit,
    report_schema, report_score, report_text, report_verdict,
};
pub use stamp::Stamp;
pub use versions::{Versions, move_whole};
pub use whole::write_whole;
