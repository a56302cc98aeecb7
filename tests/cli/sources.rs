//! Sources of every format, from `init` to `generate`.

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::ipc::writer::StreamWriter;

use crate::util::{Sandbox, nycflights};

/// The flights as CSV with semicolons, JSON lines, an Arrow stream and Parquet.
fn mixed() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("data")).unwrap();
    let real = nycflights().display().to_string();
    let out = sandbox.path("data").display().to_string();
    sandbox.sql(
        "scratch.duckdb",
        &format!(
            "COPY (SELECT * FROM '{real}/flights.parquet' LIMIT 20000)
                TO '{out}/flights.csv.gz' (DELIMITER ';', NULL 'NA');
             COPY (SELECT * FROM '{real}/planes.parquet') TO '{out}/planes.jsonl' (FORMAT json);
             COPY (SELECT * FROM '{real}/airports.parquet') TO '{out}/airports.json'
                (FORMAT json, ARRAY true);
             COPY (SELECT * FROM '{real}/weather.parquet') TO '{out}/weather.parquet';
             CREATE TABLE airlines AS FROM '{real}/airlines.parquet';"
        ),
    );
    let rows = sandbox.ask("scratch.duckdb", "SELECT carrier, name FROM airlines");
    let column = |idx: usize| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| row[idx].as_str()),
        ))
    };
    let batch = RecordBatch::try_from_iter([("carrier", column(0)), ("name", column(1))]).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    sandbox.write("data/airlines.arrow", writer.into_inner().unwrap());
    sandbox
}

#[test]
fn a_directory_of_mixed_formats_goes_all_the_way() {
    let sandbox = mixed();
    let ran = sandbox.ok("init data");
    assert!(ran.stderr.contains("5 tables"), "{ran}");
    let manifest = sandbox.read("prodlike.toml");
    for line in [
        "[source]\npath = \"data\"",
        "dep_time = { type = \"BIGINT\"",
        "time_hour = { type = \"TIMESTAMP",
        "tailnum = { type = \"VARCHAR\"",
    ] {
        assert!(manifest.contains(line), "no `{line}` in {manifest}");
    }
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o out.duckdb --no-keys");
    sandbox.none(
        "out.duckdb",
        &[
            "SELECT count(*) - 20000 FROM flights",
            "SELECT count(*) - 16 FROM airlines",
            "SELECT count(*) FROM flights WHERE tailnum = 'NA'",
        ],
    );
    let nulls = "SELECT count(*) FROM flights WHERE dep_time IS NULL";
    assert_ne!(sandbox.value("out.duckdb", nulls), "0");
}

#[test]
fn several_sources_are_named_in_the_manifest() {
    let sandbox = Sandbox::new();
    let rows: String = (1..=300)
        .map(|idx| format!("{idx},{}\n", idx % 7))
        .collect();
    sandbox.write("shops.csv", format!("id,size\n{rows}"));
    sandbox.write("sales-1.csv", format!("id,shop\n{rows}"));
    sandbox.write(
        "sales-2.csv",
        format!("id,shop\n{}", rows.replace(',', "000,")),
    );
    sandbox.ok("init shops.csv sales-*.csv");
    let manifest = sandbox.read("prodlike.toml");
    for line in [
        "[sources.shops]\npath = \"shops.csv\"",
        "[sources.sales]\npath = \"sales-*.csv\"",
    ] {
        assert!(manifest.contains(line), "no `{line}` in {manifest}");
    }
    sandbox.ok("fit -o m.prodlike");
    let ran = sandbox.ok("generate m.prodlike --dry-run --output-format json");
    assert!(ran.stdout.contains("\"rows\": 900"), "{ran}");
}

#[test]
fn broken_rows_stop_init_until_they_are_skipped() {
    let sandbox = Sandbox::new();
    let mut rows: String = (1..=200)
        .map(|idx| format!("{idx},x{}\n", idx % 5))
        .collect();
    rows += "201,too,many\n";
    sandbox.write("t.csv", format!("id,v\n{rows}"));
    sandbox.refused(
        "init t.csv",
        &[
            "`t.csv` is broken in line 202: it has 3 fields, but the others have 2",
            "--skip-broken-rows",
        ],
    );
    let ran = sandbox.ok("init t.csv --skip-broken-rows");
    assert!(
        ran.stderr.contains("warning: Skipped 1 broken line"),
        "{ran}"
    );
    assert!(
        sandbox
            .read("prodlike.toml")
            .contains("broken_rows = \"skip\"")
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.edit("prodlike.toml", "broken_rows = \"skip\"\n", "");
    sandbox.refused("fit -o n.prodlike", &["`t.csv` is broken in line 202"]);
}

#[test]
fn a_file_that_mixes_encodings_is_warned_of() {
    let sandbox = Sandbox::new();
    let mut bytes = b"id,colour\n".to_vec();
    for idx in 0..200_u8 {
        let colour: &[u8] = match idx % 3 {
            0 => "grün".as_bytes(),
            _ => b"gr\xfcn",
        };
        bytes.extend([format!("{idx},").as_bytes(), colour, b"\n"].concat());
    }
    sandbox.write("t.csv", bytes);
    let ran = sandbox.ok("init t.csv");
    assert!(
        ran.stderr.contains(
            "`t.csv` is read as windows-1252, but mixes encodings: 67 lines of it are UTF-8"
        ),
        "{ran}"
    );
}

#[test]
fn a_value_that_the_manifest_does_not_allow_is_located() {
    let sandbox = Sandbox::new();
    let rows: String = (1..=200)
        .map(|idx| format!("{idx},{}\n", idx % 5))
        .collect();
    sandbox.write("t.csv", format!("id,v\n{rows}"));
    sandbox.ok("init t.csv");
    sandbox.write("t.csv", format!("id,v\n{rows}201,many\n"));
    sandbox.refused(
        "fit -o m.prodlike",
        &["`many` in column `t.v` is no BIGINT", "line 202 of `t.csv`"],
    );
    sandbox.edit(
        "prodlike.toml",
        "v = { type = \"BIGINT\", semantic = \"numerical\" }",
        "v = { type = \"VARCHAR\", semantic = \"categorical\" }",
    );
    sandbox.ok("fit -o m.prodlike");
}

#[test]
fn what_is_made_as_csv_is_read_as_it_was_made() {
    let sandbox = Sandbox::new();
    let rows: String = (1..=300)
        .map(|idx| format!("{idx},0{},\"{}\"\n", idx % 9, ["", "a b"][idx % 2]))
        .collect();
    sandbox.write("t.csv", format!("id,code,word\n{rows}"));
    sandbox.ok("init t.csv");
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o out --format csv");
    let ran = sandbox.ok(
        "evaluate --real prodlike.toml --synthetic out --fail-under diagnostic=1.0 \
         --output-format json",
    );
    assert!(ran.stdout.contains("\"diagnostic\""), "{ran}");
}
