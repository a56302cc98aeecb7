//! Five Parquet files without declared keys: what init infers goes through to the end.

use crate::util::{Sandbox, nycflights, plan};

/// Shares of rows without a parent, by relationship.
fn shares(sandbox: &Sandbox, schema: &str) -> Vec<f64> {
    let share = |key: &str, parent: &str, on: &str| {
        let sql = format!(
            "SELECT count(*) / (SELECT count(*) FROM {schema}.flights)
             FROM {schema}.flights c ANTI JOIN {schema}.{parent} p ON {on} WHERE {key}"
        );
        sandbox.value("judge.duckdb", &sql).parse().unwrap()
    };
    vec![
        share("c.tailnum IS NOT NULL", "planes", "c.tailnum = p.tailnum"),
        share("c.dest IS NOT NULL", "airports", "c.dest = p.faa"),
        share("c.tailnum IS NULL", "planes", "c.tailnum = p.tailnum"),
    ]
}

#[test]
fn flights_with_inferred_keys() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("init {}", nycflights().display()));
    // What has no weather loses it.
    let weather = "child_key = [\"origin\", \"time_hour\"]\norphans = ";
    sandbox.edit(
        "prodlike.toml",
        &format!("{weather}\"keep\""),
        &format!("{weather}\"null\""),
    );
    sandbox.ok("fit -o m.prodlike");
    let (planned, notes) = plan(&sandbox, "m.prodlike");
    assert!(notes.is_empty(), "{notes:?}");
    sandbox.ok("generate m.prodlike -o synthetic");

    let (made, real) = (sandbox.path("synthetic"), nycflights());
    let mut script = "CREATE SCHEMA made; CREATE SCHEMA truth;".to_string();
    for (table, _) in &planned {
        script += &format!(
            "CREATE VIEW made.{table} AS FROM read_parquet('{}/{table}/*.parquet');
             CREATE VIEW truth.{table} AS FROM read_parquet('{}/{table}.parquet');",
            made.display(),
            real.display()
        );
    }
    sandbox.sql("judge.duckdb", &script);

    for (table, rows) in &planned {
        for schema in ["made", "truth"] {
            let sql = format!("SELECT count(*) FROM {schema}.{table}");
            assert_eq!(
                sandbox.value("judge.duckdb", &sql),
                rows.to_string(),
                "{schema}.{table}"
            );
        }
    }
    sandbox.none(
        "judge.duckdb",
        &[
            "SELECT count(*) - count(DISTINCT carrier) FROM made.airlines",
            "SELECT count(*) - count(DISTINCT faa) FROM made.airports",
            "SELECT count(*) - count(DISTINCT tailnum) FROM made.planes",
            "SELECT count(*) - count(DISTINCT (origin, time_hour)) FROM made.weather",
            "SELECT count(*) FROM made.weather WHERE origin IS NULL OR time_hour IS NULL",
            "SELECT count(*) FROM made.flights c ANTI JOIN made.airlines USING (carrier)",
            "SELECT count(*) FROM made.flights c ANTI JOIN made.airports p ON c.origin = p.faa",
            "SELECT count(*) FROM made.weather c ANTI JOIN made.airports p ON c.origin = p.faa",
            "SELECT count(*) FROM made.flights c ANTI JOIN made.weather p USING (origin, time_hour)
             WHERE c.time_hour IS NOT NULL",
        ],
    );
    for (made, real) in shares(&sandbox, "made")
        .into_iter()
        .zip(shares(&sandbox, "truth"))
    {
        assert!((made - real).abs() < 1e-4, "{made} for {real}");
    }
    // `origin` belongs to another key, so that only `time_hour` was cleared: where there was
    // no weather.
    let cleared = |sql| -> f64 { sandbox.value("judge.duckdb", sql).parse().unwrap() };
    let made = cleared("SELECT count(*) FROM made.flights WHERE time_hour IS NULL");
    let real = cleared(
        "SELECT count(*) FROM truth.flights c ANTI JOIN truth.weather USING (origin, time_hour)",
    );
    assert!((made - real).abs() <= 2.0, "{made} for {real}");
}
