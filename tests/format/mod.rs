//! What crosses between stages.

mod model_file;
mod names;
mod report;
