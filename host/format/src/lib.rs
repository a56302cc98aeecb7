//! Sole owner of disk formats: manifest, model file, Parquet and CSV, dataset.json, report.
