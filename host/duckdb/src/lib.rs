//! Sole owner of DuckDB: source, catalogue, sampling, statistics as SQL, sink, quoting.
