//! Names that need quoting, on their way through every format and back.

use crate::util::Sandbox;

const SCRIPT: &str = r#"
    CREATE TABLE "select" ("from" INTEGER PRIMARY KEY, "group by" VARCHAR, "it's" DOUBLE,
        "naïve ☃" DATE);
    CREATE TABLE "Order ""Details""" ("id" INTEGER PRIMARY KEY,
        "from" INTEGER NOT NULL REFERENCES "select" ("from"), "ключ" INTEGER, "a.b" INTEGER,
        "per%cent" BOOLEAN, "back\slash" TIMESTAMP, "?" DECIMAL(6, 2));
    CREATE TABLE "../up/ and away" ("a,b" INTEGER, "line
break" INTEGER, "=1+1" VARCHAR);
    CREATE TABLE "表" ("列" INTEGER PRIMARY KEY, "$1" BIGINT);
    INSERT INTO "select" SELECT i, 'x' || i % 3, i / 7, DATE '2020-02-01' + (i % 60)::INTEGER
        FROM range(1, 301) t(i);
    INSERT INTO "Order ""Details""" SELECT i, 1 + i % 300, i % 5, i % 7, i % 2 = 0,
        TIMESTAMP '2021-03-04 05:06:07' + to_hours((i % 99)::INTEGER), i / 8
        FROM range(1, 601) t(i);
    INSERT INTO "../up/ and away" SELECT i % 9, i % 4, 'v' || i % 6 FROM range(300) t(i);
    INSERT INTO "表" SELECT i, i * 1000 FROM range(1, 251) t(i);
"#;

#[test]
fn names_survive_every_format() {
    let sandbox = Sandbox::new();
    sandbox.sql("real one's.duckdb", SCRIPT);
    std::fs::rename(
        sandbox.path("real one's.duckdb"),
        sandbox.path("réal.duckdb"),
    )
    .unwrap();
    sandbox.ok("init réal.duckdb");
    sandbox.ok("fit -o m.prodlike");
    for (out, options) in [
        ("made.duckdb", ""),
        ("nokeys.duckdb", "--no-keys"),
        ("parquet", ""),
        ("csv", "--format csv"),
    ] {
        sandbox.ok(&format!("generate m.prodlike -o {out} {options}"));
        let ran = sandbox.ok(&format!(
            "evaluate --real prodlike.toml --synthetic {out} --output-format json"
        ));
        assert!(ran.stderr.contains("Evaluated 4 tables"), "{ran}");
    }
    assert!(
        sandbox
            .listing()
            .keys()
            .all(|path| !path.contains("..") && !path.contains("away/away")),
        "nothing escapes its directory"
    );
    for database in ["made.duckdb", "nokeys.duckdb"] {
        sandbox.none(
            database,
            &[
                r#"SELECT count(*) FROM "Order ""Details""" ANTI JOIN "select" USING ("from")"#,
                r#"SELECT count(*) - 600 FROM "Order ""Details""""#,
                r#"SELECT count("a,b") - 300 FROM "../up/ and away""#,
                r#"SELECT count(DISTINCT "列") - 250 FROM "表""#,
            ],
        );
        let columns = |database: &str| {
            sandbox.ask(
                database,
                "SELECT table_name, column_name, data_type FROM duckdb_columns()
                 WHERE NOT internal AND schema_name = 'main' AND database_name <> 'temp'
                     AND table_name <> 'result' ORDER BY ALL",
            )
        };
        assert_eq!(columns(database), columns("réal.duckdb"));
    }
}

#[test]
fn every_carried_type_survives_every_format() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a TINYINT, b SMALLINT, c INTEGER, d BIGINT,
            e UTINYINT, f USMALLINT, g UINTEGER, h FLOAT, i DOUBLE, j DECIMAL(4, 1),
            k DECIMAL(18, 6), l BOOLEAN, m VARCHAR, n DATE, o TIMESTAMP);
         INSERT INTO t SELECT x, x % 100, x % 1000, x * 1000, x * 10000000000, x % 200, x % 60000,
            x * 4000000, x / 3, x / 7, x % 999 / 10, x * 12345.678901, x % 3 = 0,
            ['lo', 'mid', 'hi'][1 + x % 3], DATE '1950-01-01' + (x % 30000)::INTEGER,
            TIMESTAMP '1969-12-01' + to_seconds(x * 86399) FROM range(1, 1001) r(x);
         UPDATE t SET c = NULL, h = NULL, k = NULL, m = NULL, n = NULL WHERE id % 4 = 0;",
    );
    sandbox.ok("init real.duckdb");
    sandbox.ok("fit -o m.prodlike");
    for (out, options) in [
        ("made.duckdb", ""),
        ("parquet", ""),
        ("csv", "--format csv"),
    ] {
        sandbox.ok(&format!("generate m.prodlike -o {out} {options}"));
        sandbox.ok(&format!("evaluate --real prodlike.toml --synthetic {out}"));
    }
    let types = |database: &str| {
        sandbox.ask(
            database,
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 't' ORDER BY ALL",
        )
    };
    assert_eq!(types("made.duckdb"), types("real.duckdb"));
    let parquet = sandbox.path("parquet").display().to_string();
    let csv = sandbox.path("csv").display().to_string();
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT (count(*) NOT BETWEEN 190 AND 310)::INTEGER FROM t WHERE c IS NULL",
            "SELECT count(*) FROM t WHERE m NOT IN ('lo', 'mid', 'hi')",
            "SELECT count(*) FROM t WHERE n < '1950-01-01' OR n > '2033-01-01'",
            // One model, one seed: the same rows in each format.
            &format!("SELECT count(*) FROM (FROM t EXCEPT FROM read_parquet('{parquet}/t/*'))"),
            &format!(
                "SELECT count(*) FROM (SELECT id, c, k, m, n, o FROM t
                 EXCEPT SELECT id, c, k::DECIMAL(18, 6), m, n, o
                 FROM read_csv('{csv}/t/*', all_varchar = false, types = {{'k': 'DECIMAL(18, 6)'}}))"
            ),
        ],
    );
}

#[test]
fn the_ends_of_ranges_survive() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        r#"CREATE TABLE t (id INTEGER PRIMARY KEY, a BIGINT, b DOUBLE, c FLOAT, d DATE, e TIMESTAMP,
            f VARCHAR);
         INSERT INTO t SELECT i, CASE WHEN i % 2 = 0 THEN 9223372036854775807 - i
             ELSE -9223372036854775808 + i END, i * 1e300, i * 1e-40,
             CASE WHEN i % 9 = 0 THEN DATE '0001-01-01' ELSE DATE '9999-12-31' END,
             TIMESTAMP '290000-01-01', ['', 'a,b"c', E'x\ny', 'NULL', NULL][1 + i % 5]
             FROM range(1, 500) r(i);"#,
    );
    sandbox.ok("init real.duckdb");
    sandbox.ok("fit -o m.prodlike");
    for (out, options) in [
        ("made.duckdb", ""),
        ("parquet", ""),
        ("csv", "--format csv"),
    ] {
        sandbox.ok(&format!("generate m.prodlike -o {out} {options}"));
        sandbox.ok(&format!("evaluate --real prodlike.toml --synthetic {out}"));
    }
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 499 FROM t",
            "SELECT count(*) - count(e) FROM t",
        ],
    );
}

#[test]
fn a_type_that_is_not_carried_names_its_column_and_the_way_out() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, tags VARCHAR[], n INTEGER);
         INSERT INTO t SELECT i, ['a', 'b'], i % 3 FROM range(300) r(i);",
    );
    sandbox.ok("init real.duckdb");
    sandbox.refused(
        "fit -o m.prodlike",
        &[
            "`t.tags`",
            "VARCHAR[]",
            "not carried yet",
            "`exclude = true`",
        ],
    );
    let line = sandbox.read("prodlike.toml");
    let line = line
        .lines()
        .find(|line| line.starts_with("tags = "))
        .unwrap();
    assert!(
        line.starts_with("tags = { type = \"VARCHAR[]\" } # "),
        "{line}"
    );
    let excluded = line.replacen('}', ", exclude = true }", 1);
    sandbox.edit("prodlike.toml", line, &excluded.replace(" ,", ","));
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    assert_eq!(
        sandbox.value("made.duckdb", "SELECT count(*) FROM t"),
        "300"
    );
}
