//! Sole owner of DuckDB: source, catalogue, sampling, statistics as SQL, sink, quoting.
//!
//! Everything that touches all rows of a real database is one SQL statement here,
//! never a loop over rows in Rust: DuckDB scans, groups and joins in parallel and
//! spills to disk, so that a table larger than memory costs time and nothing else.
//! Only the relational sample is ever pulled into memory.
//!
//! Two decisions a reader will question:
//!
//! * **Only exact, order-free arithmetic.** Counts, groupings and integer sums give
//!   the same answer on any number of threads; `sum`, `avg` and `corr` on doubles and
//!   the approximate aggregates do not, and a fit must be reproducible byte for byte.
//!   The cost is one full hash aggregation per profiled column.
//! * **A connection in memory, with the real data attached `READ_ONLY`.** Views and
//!   temporary tables live in memory, and no statement written here could change the
//!   source even if it tried. DuckDB's file lock keeps writers out while the file is
//!   attached, which makes the whole session one snapshot without a transaction
//!   (inside a transaction one failed statement would void all later ones).
//!
//! Extensions are neither installed nor loaded on demand: that would be a download.

mod error;
mod quote;

mod source;

mod changed;
mod expression;
mod infer;
mod prepare;
mod profile;
mod rule;
mod sample;

mod sink;

mod batches;
mod carry;
mod script;

pub use error::Error;
pub use expression::{Evaluator, Expression, ExpressionError};
pub use infer::{ColumnLook, Inclusion, Shape};
pub use profile::{ColumnProfile, EdgeStats, Histogram, Peek};
pub use quote::{identifier, literal};
pub use sample::SampleTable;
pub use script::{execute, query};
pub use sink::DatabaseSink;
pub use source::{InterruptHandle, Source};
