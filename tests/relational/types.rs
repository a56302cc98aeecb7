//! Every scalar type, from a real database to three formats.

use crate::util::Sandbox;

/// Column, type, and SQL of a value from the row number `i`; rows are independent, because
/// every column hashes its own number.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("i8", "TINYINT", "(r % 9 - 4)::INTEGER"),
    (
        "u64",
        "UBIGINT",
        "18446744073709551615::UBIGINT - (r % 1000 * (r % 1000))::UBIGINT",
    ),
    (
        "huge",
        "HUGEINT",
        "(r % 5000)::HUGEINT * -1000000000000000000000000::HUGEINT",
    ),
    ("uhuge", "UHUGEINT", "(r % 13)::UHUGEINT"),
    (
        "d38",
        "DECIMAL(38,10)",
        "(r % 100000 / 100.0)::DECIMAL(38,10)",
    ),
    (
        "d38b",
        "DECIMAL(38,30)",
        "(r % 9999991 / 7.0)::DECIMAL(38,30)",
    ),
    (
        "f",
        "FLOAT",
        "CASE r % 10 WHEN 0 THEN 'nan'::FLOAT WHEN 1 THEN 'inf'::FLOAT ELSE sqrt(r % 9973) END",
    ),
    (
        "d",
        "DOUBLE",
        "CASE r % 10 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN '-inf'::DOUBLE ELSE (r % 900) / 100.0 END",
    ),
    (
        "tm",
        "TIME",
        "TIME '08:00' + to_seconds((r % 100 * (r % 300))::INTEGER)",
    ),
    (
        "tmns",
        "TIME_NS",
        "(TIMESTAMP_NS '1970-01-01 08:00:00.000001' + to_seconds((r % 9000)::INTEGER))::TIMESTAMP_NS::TIME_NS",
    ),
    (
        "tz",
        "TIMETZ",
        "(TIME '06:00' + to_minutes((r % 600)::INTEGER))::TIMETZ",
    ),
    (
        "tsz",
        "TIMESTAMPTZ",
        "CASE r % 10 WHEN 0 THEN 'infinity'::TIMESTAMPTZ ELSE TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_minutes((r % 90000)::INTEGER) END",
    ),
    (
        "s",
        "TIMESTAMP_S",
        "CASE r % 10 WHEN 0 THEN '-infinity'::TIMESTAMP_S ELSE (TIMESTAMP '2020-01-01' + to_hours((r % 5000)::INTEGER))::TIMESTAMP_S END",
    ),
    (
        "ms",
        "TIMESTAMP_MS",
        "CASE r % 10 WHEN 0 THEN 'infinity'::TIMESTAMP_MS ELSE (TIMESTAMP '1500-01-01' + to_hours((r % 5000000)::INTEGER))::TIMESTAMP_MS END",
    ),
    (
        "ns",
        "TIMESTAMP_NS",
        "CASE r % 10 WHEN 0 THEN 'infinity'::TIMESTAMP_NS ELSE (TIMESTAMP '1700-01-01' + to_hours((r % 4900000)::INTEGER))::TIMESTAMP_NS END",
    ),
    (
        "us",
        "TIMESTAMP",
        "TIMESTAMP '0001-01-01' + to_hours((r % 9000000)::INTEGER)",
    ),
    (
        "day",
        "DATE",
        "CASE r % 10 WHEN 0 THEN 'infinity'::DATE WHEN 1 THEN '-infinity'::DATE ELSE DATE '9000-01-01' + (r % 100000)::INTEGER END",
    ),
    ("ivd", "INTERVAL", "to_days((r % 60)::INTEGER)"),
    (
        "ivm",
        "INTERVAL",
        "to_months((r % 30)::INTEGER) + to_days((r % 28)::INTEGER) - to_seconds((r % 3600)::INTEGER)",
    ),
    (
        "e",
        "ENUM('calm', 'it''s', 'x, y', 'never')",
        "CASE WHEN r % 50 = 0 THEN 'x, y' WHEN r % 3 = 0 THEN 'it''s' ELSE 'calm' END",
    ),
    ("u", "UUID", "md5(r::VARCHAR)::UUID"),
    ("b", "BLOB", "repeat('a', (r % 17)::INTEGER)::BLOB"),
    (
        "bits",
        "BIT",
        "CASE WHEN r % 4 = 0 THEN '0011'::BIT ELSE '1'::BIT END",
    ),
    ("many", "BIT", "(r % 65536)::INTEGER::BIT"),
    ("ok", "BOOLEAN", "r % 3 = 0"),
];
const ROWS: u64 = 4000;

/// Tables `full` and `gaps` (a fifth of every column is NULL), children of `owners`.
fn script() -> String {
    let declared: Vec<String> = COLUMNS
        .iter()
        .map(|(name, data_type, _)| format!("\"{name}\" {data_type}"))
        .collect();
    let mut script = "CREATE TABLE owners (id UUID PRIMARY KEY, big HUGEINT UNIQUE, x DOUBLE UNIQUE); \
         INSERT INTO owners SELECT md5('o' || i)::UUID, (i + 1)::HUGEINT * 1000000000000000000000::HUGEINT, \
             CASE i WHEN 0 THEN 'nan'::DOUBLE ELSE i / 2 END FROM range(300) t(i);"
        .to_string();
    for (table, gaps) in [("full", false), ("gaps", true)] {
        let values: Vec<String> = COLUMNS
            .iter()
            .enumerate()
            .map(|(seed, (_, data_type, value))| {
                let seed = seed * 2 + usize::from(gaps);
                let value = value.replace("(r ", &format!("(h(i, {seed}) "));
                let value = value.replace("r %", &format!("h(i, {seed}) %"));
                let value = value.replace("(r:", &format!("(h(i, {seed}):"));
                match gaps {
                    true => format!(
                        "CASE WHEN h(i, {}) % 5 = 0 THEN NULL ELSE CAST({value} AS {data_type}) END",
                        seed + 1000
                    ),
                    false => format!("CAST({value} AS {data_type})"),
                }
            })
            .collect();
        script += &format!(
            "CREATE OR REPLACE TEMP MACRO h(i, seed) AS (hash(i * 1000 + seed) % 1000000007)::BIGINT; \
             CREATE TABLE \"{table}\" (id HUGEINT PRIMARY KEY, owner UUID REFERENCES owners (id), \
             big HUGEINT REFERENCES owners (big), number INTEGER UNIQUE, {}); \
             INSERT INTO \"{table}\" SELECT i, md5('o' || (h(i, 501) % 300))::UUID, \
             CASE WHEN h(i, 502) % 10 = 0 THEN NULL ELSE (h(i, 503) % 300 + 1)::HUGEINT * \
             1000000000000000000000::HUGEINT END, CASE WHEN h(i, 504) % 4 = 0 THEN NULL ELSE i END, \
             {} FROM range({ROWS}) t(i);",
            declared.join(", "),
            values.join(", ")
        );
    }
    script
}

/// A share of the rows of a table.
fn share(sandbox: &Sandbox, database: &str, table: &str, condition: &str) -> f64 {
    let sql = format!("SELECT avg(CASE WHEN {condition} THEN 1.0 ELSE 0.0 END) FROM \"{table}\"");
    sandbox.value(database, &sql).parse().unwrap()
}

#[test]
fn every_scalar_type_keeps_its_type_nulls_and_shape() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", &script());
    sandbox.ok("init real.duckdb");
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("fit -o again.prodlike --threads 1");
    assert!(
        std::fs::read(sandbox.path("m.prodlike")).unwrap()
            == std::fs::read(sandbox.path("again.prodlike")).unwrap(),
        "a fit depends on the threads"
    );
    sandbox.ok("generate m.prodlike -o made.duckdb --seed 5");
    sandbox.ok("generate m.prodlike -o parquet --seed 5 --threads 1");
    sandbox.ok("generate m.prodlike -o csv --format csv --seed 5 --threads 2");
    for made in ["made.duckdb", "parquet", "csv"] {
        sandbox.ok(&format!(
            "evaluate --real prodlike.toml --synthetic {made} --fail-under diagnostic=0.99 \
             --fail-under quality=0.8"
        ));
    }
    let catalog = "SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, \
                   is_nullable), ',' ORDER BY table_name, column_index) FROM duckdb_columns() \
                   WHERE NOT internal AND table_name IN ('owners', 'full', 'gaps')";
    assert_eq!(
        sandbox.value("made.duckdb", catalog),
        sandbox.value("real.duckdb", catalog)
    );
    for table in ["full", "gaps"] {
        for (name, data_type, _) in COLUMNS.iter().chain([&("number", "INTEGER", "")]) {
            let near = |condition: &str, tolerance: f64| {
                let real = share(&sandbox, "real.duckdb", table, condition);
                let made = share(&sandbox, "made.duckdb", table, condition);
                assert!(
                    (real - made).abs() <= tolerance,
                    "{table}.{name} {data_type}: {condition}: {real} became {made}"
                );
            };
            near(&format!("\"{name}\" IS NULL"), 0.04);
            for special in ["nan", "infinity", "-infinity"] {
                let is_special = match *data_type {
                    "FLOAT" | "DOUBLE" => true,
                    "DATE" => special != "nan",
                    _ => data_type.starts_with("TIMESTAMP") && special != "nan",
                };
                if is_special {
                    near(
                        &format!("\"{name}\" = CAST('{special}' AS {data_type})"),
                        0.04,
                    );
                }
            }
            if matches!(*name, "u" | "b" | "many" | "number") {
                continue;
            }
            if matches!(*data_type, "BIT" | "BOOLEAN") || data_type.starts_with("ENUM") {
                let values = sandbox.value(
                    "real.duckdb",
                    &format!(
                        "SELECT string_agg(DISTINCT \"{name}\"::VARCHAR, '|') FROM \"{table}\""
                    ),
                );
                for value in values.split('|') {
                    let value = value.replace('\'', "''");
                    near(
                        &format!("\"{name}\" = CAST('{value}' AS {data_type})"),
                        0.04,
                    );
                }
                continue;
            }
            for quantile in ["0.2", "0.5", "0.8"] {
                let value = sandbox.value(
                    "real.duckdb",
                    &format!(
                        "SELECT quantile_disc(\"{name}\", {quantile})::VARCHAR FROM \"{table}\""
                    ),
                );
                near(
                    &format!("\"{name}\" <= CAST('{value}' AS {data_type})"),
                    0.05,
                );
            }
        }
        let lengths = |database: &str| -> f64 {
            let sql = format!("SELECT avg(octet_length(b)) FROM \"{table}\"");
            sandbox.value(database, &sql).parse().unwrap()
        };
        assert!((lengths("real.duckdb") - lengths("made.duckdb")).abs() < 1.0);
        sandbox.none(
            "made.duckdb",
            &[
                &format!("SELECT count(*) FROM \"{table}\" WHERE length(many) <> 32"),
                &format!("SELECT count(*) FROM \"{table}\" ANTI JOIN owners o ON owner = o.id"),
                &format!("SELECT count(number) - count(DISTINCT number) FROM \"{table}\""),
                // Days stay days.
                &format!("SELECT count(*) FROM \"{table}\" WHERE ivd::VARCHAR LIKE '%month%'"),
            ],
        );
        // What the other formats say, read back as the types, is the same.
        let chunk = |format: &str| {
            let path = sandbox.path(&format!("{format}/{table}/00000.{format}"));
            path.display().to_string()
        };
        let readers = [
            format!("read_parquet('{}')", chunk("parquet")),
            format!(
                "read_csv('{}', header = true, all_varchar = true, nullstr = '', \
                 allow_quoted_nulls = false)",
                chunk("csv")
            ),
        ];
        for (place, reader) in readers.iter().enumerate() {
            let values: Vec<String> = COLUMNS
                .iter()
                .map(|(name, data_type, _)| {
                    let text = match *name {
                        "tmns" => format!("\"{name}\"::VARCHAR"),
                        _ => format!("\"{name}\""),
                    };
                    format!("CAST({text} AS {data_type})::VARCHAR AS \"{name}\"")
                })
                .collect();
            let database = format!("{table}{place}.duckdb");
            sandbox.sql(
                &database,
                &format!(
                    "SET TimeZone = 'UTC'; CREATE TABLE t AS SELECT id::HUGEINT AS id, {} FROM {reader}",
                    values.join(", ")
                ),
            );
            for (name, ..) in COLUMNS {
                let digest = |database: &str, table: &str, value: String| {
                    let sql = format!(
                        "SELECT md5(string_agg(coalesce({value}, 'NULL'), '|' ORDER BY id)) \
                         FROM \"{table}\""
                    );
                    sandbox.value(database, &sql)
                };
                let cut = match (*name, place) {
                    // DuckDB reads a Parquet file's nanoseconds of a day as microseconds.
                    ("tmns", 0) => "left(\"tmns\"::VARCHAR, 15)".to_string(),
                    _ => format!("\"{name}\"::VARCHAR"),
                };
                assert_eq!(
                    digest(&database, "t", cut.clone()),
                    digest("made.duckdb", table, cut),
                    "{table}.{name} in {reader}"
                );
            }
        }
    }
    for scale in ["0.1", "10"] {
        sandbox.ok(&format!(
            "generate m.prodlike -o at-{scale}.duckdb --scale {scale}"
        ));
        let wanted = (ROWS as f64 * scale.parse::<f64>().unwrap()) as u64;
        let rows = sandbox.value(&format!("at-{scale}.duckdb"), "SELECT count(*) FROM gaps");
        assert_eq!(rows, wanted.to_string());
    }
}

#[test]
fn keys_of_any_type() {
    let sandbox = Sandbox::new();
    let keys = [
        ("UUID", "md5(i::VARCHAR)::UUID"),
        ("HUGEINT", "i::HUGEINT * 100000000000000000000::HUGEINT"),
        ("UBIGINT", "18446744073709551615::UBIGINT - i::UBIGINT"),
        ("DECIMAL(30,5)", "i / 8"),
        (
            "DOUBLE",
            "CASE i WHEN 3 THEN 'nan'::DOUBLE WHEN 4 THEN '-inf'::DOUBLE ELSE i / 4 END",
        ),
        ("VARCHAR", "'k' || i"),
        ("BLOB", "('b' || i)::BLOB"),
        ("BIT", "i::INTEGER::BIT"),
        ("TIME", "TIME '00:00' + to_seconds(i::INTEGER)"),
        (
            "TIMESTAMPTZ",
            "TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_hours(i::INTEGER)",
        ),
        ("DATE", "DATE '2020-01-01' + i::INTEGER"),
    ];
    let mut script = String::new();
    for (place, (data_type, value)) in keys.iter().enumerate() {
        script += &format!(
            "CREATE TABLE p{place} (k {data_type} PRIMARY KEY, x INTEGER); \
             INSERT INTO p{place} SELECT {value}, i % 5 FROM range(400) t(i); \
             CREATE TABLE c{place} (k {data_type} REFERENCES p{place} (k), y INTEGER); \
             INSERT INTO c{place} SELECT CASE WHEN j % 10 = 0 THEN NULL ELSE {} END, j % 3 \
             FROM range(1000) u(j);",
            value
                .replace("i::", "(j * j % 400)::")
                .replace("CASE i", "CASE j * j % 400")
                .replace("ELSE i /", "ELSE (j * j % 400) /")
                .replace("'k' || i", "'k' || j * j % 400")
                .replace("'b' || i", "'b' || j * j % 400")
                .replace("i / 8", "(j * j % 400) / 8"),
        );
    }
    script += "CREATE TYPE channel AS ENUM ('mail', 'post', 'fax'); \
         CREATE TABLE wishes (person INTEGER, way channel, z INTEGER, PRIMARY KEY (person, way)); \
         CREATE TABLE people (person INTEGER PRIMARY KEY); \
         INSERT INTO people SELECT i FROM range(500) t(i); \
         INSERT INTO wishes SELECT i, w, i % 4 FROM range(500) t(i), \
             (SELECT unnest(['mail', 'post', 'fax'])::channel AS w) WHERE hash(i, w) % 2 = 0;";
    sandbox.sql("real.duckdb", &script);
    sandbox.ok("init real.duckdb --no-infer");
    let manifest = sandbox
        .read("prodlike.toml")
        .replace("mode = \"keep\"", "mode = \"generate\"")
        + "\n[[relationships]]\nparent_table = \"people\"\nparent_key = [\"person\"]\n\
           child_table = \"wishes\"\nchild_key = [\"person\"]\n";
    sandbox.write("prodlike.toml", manifest);
    sandbox.ok("fit -o m.prodlike");
    for scale in ["0.1", "1", "10"] {
        sandbox.ok(&format!(
            "generate m.prodlike -o made.duckdb --overwrite --scale {scale}"
        ));
        let rows: f64 = scale.parse().unwrap();
        for (place, (data_type, _)) in keys.iter().enumerate() {
            sandbox.none(
                "made.duckdb",
                &[
                    &format!("SELECT count(DISTINCT k) - {} FROM p{place}", 400.0 * rows),
                    &format!("SELECT count(*) FROM c{place} ANTI JOIN p{place} USING (k) WHERE k IS NOT NULL"),
                    &format!("SELECT count(*) - {} FROM c{place} WHERE k IS NULL", 100.0 * rows),
                    &format!(
                        "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'p{place}' AND \
                         column_name = 'k' AND data_type <> typeof(NULL::{data_type})"
                    ),
                ],
            );
        }
        sandbox.none(
            "made.duckdb",
            &["SELECT count(*) - count(DISTINCT (person, way)) FROM wishes"],
        );
    }
    sandbox.ok("evaluate --real prodlike.toml --synthetic made.duckdb --fail-under diagnostic=0.9");
}

#[test]
fn what_is_not_carried_is_refused_by_name() {
    for (data_type, value) in [
        ("INTEGER[]", "[1]"),
        ("STRUCT(a INTEGER)", "{'a': 1}"),
        ("MAP(INTEGER, INTEGER)", "MAP {1: 2}"),
        ("UNION(a INTEGER, b VARCHAR)", "1"),
        ("INTEGER[2]", "[1, 2]"),
        ("JSON", "'{}'"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.sql(
            "real.duckdb",
            &format!(
                "CREATE TABLE t (id INTEGER, odd {data_type}); INSERT INTO t VALUES (1, {value})"
            ),
        );
        sandbox.ok("init real.duckdb");
        sandbox.refused(
            "fit -o m.prodlike",
            &["`t.odd`", "not carried", "exclude = true"],
        );
        sandbox.edit("prodlike.toml", "odd = { ", "odd = { exclude = true, ");
        sandbox.ok("fit -o m.prodlike");
    }
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t AS SELECT md5_number(i::VARCHAR) AS odd, i FROM range(50) t(i)",
    );
    sandbox.ok("init real.duckdb");
    sandbox.refused(
        "fit -o m.prodlike",
        &["`t.odd`", "38 digits", "exclude = true"],
    );
}

#[test]
fn dates_outside_nanoseconds_are_refused() {
    let sandbox = Sandbox::new();
    for (name, data_type, days) in [("far", "TIMESTAMP", 300), ("near", "TIMESTAMP_NS", 1)] {
        sandbox.sql(
            &format!("{name}.duckdb"),
            &format!(
                "CREATE TABLE t AS SELECT i AS id, CAST(TIMESTAMP '2200-01-01' + \
                 to_days(i::INTEGER * {days}) AS {data_type}) AS late FROM range(100) t(i)"
            ),
        );
        sandbox.ok(&format!("init {name}.duckdb -o {name}.toml"));
    }
    sandbox.ok("fit far.toml -o m.prodlike");
    sandbox.ok("generate m.prodlike -o csv --format csv");
    let ran = sandbox.run("evaluate --real near.toml --synthetic csv");
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.stderr.contains("is no TIMESTAMP_NS"), "{ran}");
}
