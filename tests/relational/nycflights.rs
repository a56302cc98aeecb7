//! Five Parquet files without declared keys: the keys are written into the manifest by hand.

use crate::util::{Sandbox, nycflights, plan};

const KEYS: [(&str, &str); 4] = [
    ("airlines", r#"["carrier"]"#),
    ("airports", r#"["faa"]"#),
    ("planes", r#"["tailnum"]"#),
    ("weather", r#"["origin", "time_hour"]"#),
];

// 722 tail numbers have no plane, four destinations no airport, and some hours no weather.
const RELATIONSHIPS: &str = r#"
[[relationships]]
parent_table = "airlines"
parent_key = ["carrier"]
child_table = "flights"
child_key = ["carrier"]

[[relationships]]
parent_table = "planes"
parent_key = ["tailnum"]
child_table = "flights"
child_key = ["tailnum"]
orphans = "keep"

[[relationships]]
parent_table = "airports"
parent_key = ["faa"]
child_table = "flights"
child_key = ["origin"]

[[relationships]]
parent_table = "airports"
parent_key = ["faa"]
child_table = "flights"
child_key = ["dest"]
orphans = "keep"

[[relationships]]
parent_table = "airports"
parent_key = ["faa"]
child_table = "weather"
child_key = ["origin"]

[[relationships]]
parent_table = "weather"
parent_key = ["origin", "time_hour"]
child_table = "flights"
child_key = ["origin", "time_hour"]
orphans = "null"
"#;

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
fn flights_with_keys_written_by_hand() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("init {}", nycflights().display()));
    for (table, key) in KEYS {
        let header = format!("[tables.{table}]\nmode = \"generate\"\n");
        sandbox.edit(
            "prodlike.toml",
            &header,
            &format!("{header}primary_key = {key}\n"),
        );
    }
    let manifest = sandbox.read("prodlike.toml");
    sandbox.write("prodlike.toml", manifest + RELATIONSHIPS);
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
