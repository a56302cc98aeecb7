//! Sole owner of Polars: SDMetrics' metrics over real and synthetic tables.
