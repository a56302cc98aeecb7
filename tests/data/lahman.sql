-- One table of the Lahman baseball database, from the CSV file ${CSV} to the Parquet file ${OUT};
-- types are those that all its rows have.

COPY (SELECT * FROM read_csv('${CSV}', header = true, sample_size = -1)) TO '${OUT}' (FORMAT parquet);
