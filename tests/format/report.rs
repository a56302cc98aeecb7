//! Reports of real runs: against the published schema, and over data that is hard to show.

use std::fs;

use serde_json::Value;

use crate::util::{Sandbox, chinook, model};

fn schema() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/host/format/schema/report.schema.json"
    );
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Reads a report that must be valid by the schema.
fn report(sandbox: &Sandbox, name: &str) -> Value {
    let report: Value = serde_json::from_str(&sandbox.read(name)).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema())
        .unwrap()
        .iter_errors(&report)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    report
}

fn table<'r>(report: &'r Value, name: &str) -> &'r Value {
    let tables = report["tables"].as_array().unwrap();
    tables.iter().find(|table| table["table"] == name).unwrap()
}

#[test]
fn a_report_is_valid_by_the_schema_that_is_printed() {
    let sandbox = Sandbox::new();
    let printed: Value = serde_json::from_str(&sandbox.ok("schema report").stdout).unwrap();
    assert_eq!(printed, schema());
    fs::copy(model(), sandbox.path("m.prodlike")).unwrap();
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    sandbox.ok("init chinook.duckdb");
    sandbox.ok("generate m.prodlike -o out --seed 5");
    let ran = sandbox.run(
        "evaluate --real prodlike.toml --synthetic out --model m.prodlike --html r.html \
         --json r.json --junit r.xml --fail-under column_shapes=1",
    );
    assert_eq!(ran.code, Some(1), "{ran}");
    let report = report(&sandbox, "r.json");
    assert_eq!(report["seed"], 5);
    assert_eq!(report["verdict"]["standing"], "failed_gates");
    assert_eq!(report["gates"][0]["passed"], false);
    assert_eq!(report["recipe"]["format"], "parquet");
    assert!(
        !report["privacy"]["suppressed"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // A second real sample stands beside tables of 100 rows or more, and only those.
    let shapes = &report["properties"][3];
    assert_eq!(shapes["name"], "column_shapes");
    for detail in shapes["details"].as_array().unwrap() {
        let rows = table(&report, detail["table"].as_str().unwrap())["rows"]["real"].as_u64();
        assert_eq!(detail["baseline"].is_f64(), rows >= Some(100), "{detail}");
    }
    // No real value of a person is told, and no count of them below the floor.
    let page = sandbox.read("r.html");
    let names = sandbox.ask(
        "chinook.duckdb",
        "SELECT email FROM customer UNION ALL SELECT address FROM customer",
    );
    for name in names.iter().flatten() {
        assert!(!page.contains(name), "{name} is on the page");
        assert!(
            !report.to_string().contains(name),
            "{name} is in the report"
        );
    }
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    let xml = sandbox.read("r.xml");
    assert_eq!(xml.matches("<failure").count(), 1, "{xml}");
    assert!(xml.contains("column_shapes is 0."), "{xml}");
}

#[test]
fn unique_columns_with_nulls_are_judged_by_their_values() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE part (id INTEGER PRIMARY KEY, code VARCHAR UNIQUE, size INTEGER);
         INSERT INTO part SELECT i, CASE WHEN i % 3 > 0 THEN 'c' || i END, i % 7
            FROM range(300) t(i);",
    );
    sandbox.sql(
        "broken.duckdb",
        "CREATE TABLE part (id INTEGER, code VARCHAR, size INTEGER);
         INSERT INTO part SELECT i, CASE WHEN i % 3 > 0 THEN 'c' || i // 2 END, i % 7
            FROM range(300) t(i);",
    );
    // Real data passes its own check, by SQL's definition.
    sandbox.ok(
        "evaluate --real real.duckdb --synthetic real.duckdb --json r.json --fail-under diagnostic=1",
    );
    let report = report(&sandbox, "r.json");
    assert_eq!(report["diagnostic"], 1.0);
    assert_eq!(report["baseline_diagnostic"].as_f64(), Some(1.0));
    let ran = sandbox
        .run("evaluate --real real.duckdb --synthetic broken.duckdb --fail-under diagnostic=1");
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.stdout.contains("part.code"), "{ran}");
}

#[test]
fn the_same_evaluation_gives_the_same_bytes_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    fs::copy(model(), sandbox.path("m.prodlike")).unwrap();
    sandbox.ok("generate m.prodlike -o out");
    for (threads, name) in [(1, "one"), (3, "three")] {
        sandbox.ok(&format!(
            "evaluate --real {} --synthetic out --html {name}.html --json {name}.json --threads {threads}",
            chinook().display()
        ));
    }
    for extension in ["html", "json"] {
        let read = |name: &str| sandbox.read(&format!("{name}.{extension}"));
        assert!(read("one") == read("three"), "{extension} differs");
    }
}

#[test]
fn data_that_is_hard_to_show_is_shown() {
    let sandbox = Sandbox::new();
    let columns: Vec<String> = (0..60)
        .map(|column| format!("(i * {}) % {} AS c{column}", column + 3, column + 14))
        .collect();
    sandbox.sql(
        "hard.duckdb",
        &format!(
            r#"CREATE TABLE wide AS SELECT {} FROM range(400) t(i);
            CREATE TABLE nothing (a INTEGER, b VARCHAR);
            CREATE TABLE blank AS SELECT i AS id, NULL::INTEGER AS n, NULL::VARCHAR AS s,
                NULL::DATE AS d FROM range(200) t(i);
            CREATE TABLE "<b>&""'" AS SELECT i % 5 AS "<q>", 'x<' || i % 3 AS "größe ☃",
                CASE WHEN i % 3 = 0 THEN 'nan'::DOUBLE ELSE i::DOUBLE * 1e300 END AS huge,
                DATE '0001-01-01' + (i * 3000)::INTEGER AS old FROM range(300) t(i);
            CREATE TABLE constant AS SELECT 7 AS one, 2.5 AS other, true AS yes
                FROM range(150) t(i);"#,
            columns.join(", ")
        ),
    );
    // Against itself: whatever the models would make of it.
    sandbox.ok(
        "evaluate --real hard.duckdb --synthetic hard.duckdb --holdout hard.duckdb \
         --html r.html --json r.json --junit r.xml",
    );
    let report = report(&sandbox, "r.json");
    assert_eq!(report["baseline"]["origin"], "holdout");
    assert_eq!(report["quality"], 1.0);
    assert_eq!(table(&report, "nothing")["rows"]["real"], 0);
    let wide = table(&report, "wide");
    assert_eq!(wide["trends"].as_array().unwrap().len(), 60 * 59 / 2);
    // Every synthetic row is a real one, and the check says so beside what halves share.
    let sanity = &table(&report, "<b>&\"'")["sanity"];
    assert_eq!(sanity["copies"], 300);
    assert!(sanity["against_half"]["synthetic"].as_f64() > sanity["against_half"]["real"].as_f64());
    let page = sandbox.read("r.html");
    for wrong in ["<q>", "NaN", "inf\"", "x<0"] {
        assert!(!page.contains(wrong), "`{wrong}` is on the page");
    }
    assert!(page.contains("größe ☃") && page.contains("&lt;q&gt;") && page.contains("x&lt;0"));
}
