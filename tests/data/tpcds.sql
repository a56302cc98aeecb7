-- The tables of TPC-DS, as DuckDB's extension in the file ${EXTENSION} generates them, as Parquet
-- files in ${OUT}. Parquet declares no keys.

LOAD '${EXTENSION}';
CALL dsdgen(sf = 0.05);
EXPORT DATABASE '${OUT}' (FORMAT parquet);
