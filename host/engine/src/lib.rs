//! The library and its façade: one module a stage.
