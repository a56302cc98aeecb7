//! generalise
