//! For authors of plugins.
