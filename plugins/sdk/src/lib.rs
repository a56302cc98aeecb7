//! Writes plugins for prodlike in Rust.
