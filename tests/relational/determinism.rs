//! Same model, seed and size: the same bytes, whoever writes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::util::{Sandbox, fitted, manifest, model};

#[test]
fn a_fit_is_the_same_on_one_thread_and_on_two() {
    let sandbox = Sandbox::new();
    for threads in ["1", "2"] {
        sandbox.ok(&format!(
            "fit {} -o {threads}.prodlike --threads {threads}",
            manifest()
        ));
    }
    let read = |name| fs::read(sandbox.path(name)).unwrap();
    assert!(read("1.prodlike") == read("2.prodlike"));
    assert!(read("1.prodlike") == fs::read(fitted().join("chinook.prodlike")).unwrap());
}

/// Generates with these settings into a directory, and returns every byte of it.
fn generated(arguments: &str) -> BTreeMap<String, Vec<u8>> {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("generate {} -o out {arguments}", model()));
    sandbox.files("out")
}

fn same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(
        left.keys().collect::<Vec<_>>(),
        right.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in left {
        assert!(bytes == &right[name], "{name} differs");
    }
}

/// Writes seven parts, last first, and returns the published dataset.
fn in_parts(arguments: &str) -> BTreeMap<String, Vec<u8>> {
    let sandbox = Sandbox::new();
    for part in (1..=7).rev() {
        let ran = sandbox.ok(&format!(
            "generate {} -o out {arguments} --part {part}/7",
            model()
        ));
        let staged = format!("{} still missing", part - 1);
        match part {
            1 => assert!(ran.stderr.contains("Wrote 11 tables to: `out`"), "{ran}"),
            2 => assert!(ran.stderr.contains("1 part still missing"), "{ran}"),
            _ => assert!(
                ran.stderr
                    .contains(&staged.replace(" still", " parts still")),
                "{ran}"
            ),
        }
        assert_eq!(sandbox.path("out").exists(), part == 1);
    }
    let left: Vec<_> = sandbox
        .listing()
        .into_keys()
        .filter(|path| !path.starts_with("out"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    sandbox.files("out")
}

#[test]
fn parquet_is_the_same_whatever_the_threads_and_parts() {
    let arguments = "--seed 7 --chunk-rows 100";
    let one = generated(&format!("{arguments} --threads 1"));
    assert!(one.contains_key("track/00035.parquet"));
    same(&one, &generated(&format!("{arguments} --threads 2")));
    same(&one, &generated(&format!("{arguments} --threads 2")));
    same(&one, &in_parts(arguments));
}

#[test]
fn csv_is_the_same_whatever_the_threads_and_parts() {
    let arguments = "--seed 7 --chunk-rows 1000 --format csv --scale 0.5";
    let one = generated(&format!("{arguments} --threads 1"));
    assert!(one.contains_key("track/00000.csv"));
    same(&one, &generated(&format!("{arguments} --threads 2")));
    same(&one, &in_parts(arguments));
}

#[test]
fn another_seed_is_other_data() {
    let (one, other) = (generated("--seed 1"), generated("--seed 2"));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    assert!(one["invoice/00000.parquet"] != other["invoice/00000.parquet"]);
    assert!(
        one["genre/00000.parquet"] == other["genre/00000.parquet"],
        "kept"
    );
}

/// Two databases are compared by content, as their files are not byte-stable.
#[test]
fn databases_hold_the_same_rows_whatever_the_threads() {
    let sandbox = Sandbox::new();
    for threads in ["1", "2"] {
        sandbox.ok(&format!(
            "generate {} -o {threads}.duckdb --seed 7 --threads {threads}",
            model()
        ));
    }
    for table in ["track", "invoice_line", "playlist_track", "employee"] {
        let rows = |database| sandbox.ask(database, &format!("FROM {table} ORDER BY ALL"));
        assert!(rows("1.duckdb") == rows("2.duckdb"), "{table}");
    }
}

/// The committed checksums: what changes them changes everybody's data.
#[test]
fn chinook_is_what_it_was() {
    let dataset = generated("--seed 7");
    let file: serde_json::Value = serde_json::from_slice(&dataset["dataset.json"]).unwrap();
    let dataset = &file["dataset"];
    let mut lines = vec![
        "# SHA-256 of Chinook's model, and of what it generates at scale 1 with seed 7. Written by"
            .to_string(),
        "# BLESS=1 cargo test --release --test prodlike chinook_is_what_it_was".to_string(),
        format!("{} model", dataset["model_digest"].as_str().unwrap()),
    ];
    for table in dataset["tables"].as_array().unwrap() {
        for file in table["files"].as_array().unwrap() {
            lines.push(format!(
                "sha256:{} {}/{}",
                file["sha256"].as_str().unwrap(),
                table["directory"].as_str().unwrap(),
                file["file"].as_str().unwrap()
            ));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relational/golden.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    let golden = fs::read_to_string(path).unwrap();
    // Line by line: a model that changed is told from data that changed.
    assert_eq!(lines, golden.lines().collect::<Vec<_>>());
}
