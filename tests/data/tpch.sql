-- The tables of TPC-H, as DuckDB's extension in the file ${EXTENSION} generates them, as Parquet
-- files in ${OUT}. Parquet declares no keys.

LOAD '${EXTENSION}';
CALL dbgen(sf = 0.05);
EXPORT DATABASE '${OUT}' (FORMAT parquet);
