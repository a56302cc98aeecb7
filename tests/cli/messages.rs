//! Success lines and the errors that people meet most, word for word.

use std::fs;

use insta::Settings;
use insta_cmd::assert_cmd_snapshot;

use crate::util::{Sandbox, chinook, model};

/// Times, rates, sizes and places differ from run to run.
fn filtered(check: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.add_filter(r"\d+m \d\ds|\d+\.\d\ds|\d+ms", "[TIME]");
    settings.add_filter(r"[\d.]+[kMG]? rows/s", "[RATE]");
    settings.add_filter(r"\(\d+(\.\d)? [KM]?i?B\)", "([SIZE])");
    settings.add_filter(r"\d\d\.\d\d? ?%", "[SCORE]");
    settings.bind(check);
}

#[test]
fn the_four_verbs_on_the_music_store() {
    let sandbox = Sandbox::new();
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    filtered(|| {
        assert_cmd_snapshot!(sandbox.command("init chinook.duckdb"), @r"
    success: true
    exit_code: 0
    ----- stdout -----

    ----- stderr -----
    Looked at 11 tables and 11 relationships in [TIME]
    Marked 30 columns to be generated, not learned, and 3 tables to be kept
    Wrote manifest to: `prodlike.toml`
    ");
        assert_cmd_snapshot!(sandbox.command("fit -o chinook.prodlike"), @r"
    success: true
    exit_code: 0
    ----- stdout -----

    ----- stderr -----
    Fitted 11 tables and 11 relationships in [TIME]
    Wrote model to: `chinook.prodlike` ([SIZE])
    ");
        assert_cmd_snapshot!(
            sandbox.command("generate chinook.prodlike -o synthetic.duckdb"), @r"
    success: true
    exit_code: 0
    ----- stdout -----

    ----- stderr -----
    Generated 15,607 rows in [TIME] ([RATE])
    Wrote 11 tables to: `synthetic.duckdb`
    ");
        assert_cmd_snapshot!(
            sandbox.command("generate chinook.prodlike --dry-run --scale 10"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    table              rows  how
    album             3,470  of `artist`; row after row
    artist            2,750  by the scale; shared out
    customer            590  of `employee`
    employee             80  a forest, by the scale; shared out
    genre                25  kept as it is, at any scale
    invoice           4,120  of `customer`; row after row
    invoice_line     22,400  of `invoice`; chooses `track`
    media_type            5  kept as it is, at any scale
    playlist             18  kept as it is, at any scale
    playlist_track   87,150  of `playlist`; each `track` once
    track            35,030  of `album`; chooses `media_type`; chooses `genre`
    total           155,638

    ----- stderr -----
    ");
    });
    let ran = sandbox.ok(
        "evaluate --real prodlike.toml --synthetic synthetic.duckdb --html r.html --json r.json --junit r.xml",
    );
    assert!(ran.stderr.starts_with("Evaluated 11 tables in "), "{ran}");
    assert!(
        ran.stderr
            .ends_with("`r.html`\nWrote report to: `r.json`\nWrote report to: `r.xml`\n"),
        "{ran}"
    );
    for property in [
        "Data Validity",
        "Data Structure",
        "Relationship Validity",
        "Column Shapes",
        "Column Pair Trends",
        "Cardinality",
        "Intertable Trends",
        "Detection",
        "Two-Hop Trends",
        "Sound",
        "a second real sample",
    ] {
        assert!(ran.stdout.contains(property), "no {property} in {ran}");
    }
    let page = sandbox.read("r.html");
    assert!(page.contains("</html>") && !page.contains("src=\"http"));
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    assert!(report.is_object());
    let mut left: Vec<String> = sandbox.listing().into_keys().collect();
    left.sort();
    assert_eq!(
        left,
        [
            "chinook.duckdb",
            "chinook.prodlike",
            "prodlike.toml",
            "r.html",
            "r.json",
            "r.xml",
            "synthetic.duckdb",
            "synthetic.duckdb.dataset.json"
        ]
    );
}

#[test]
fn quiet_is_quiet_and_results_are_on_standard_output() {
    let sandbox = Sandbox::new();
    let ran = sandbox.ok(&format!("generate {} -o out -q", model()));
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = sandbox.ok(&format!("generate {} --dry-run", model()));
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.ends_with("15,607\n"), "{ran}");
    let ran = sandbox.ok(&format!("generate {} -o csv --format csv", model()));
    assert_eq!(ran.stdout, "");
}

#[test]
fn the_errors_that_people_meet_most() {
    let sandbox = Sandbox::new();
    fs::copy(model(), sandbox.path("m.prodlike")).unwrap();
    sandbox.ok("generate m.prodlike -o out");
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY);
         CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER);
         INSERT INTO customer FROM range(100);
         INSERT INTO orders SELECT i, i FROM range(314) t(i);",
    );
    sandbox.ok("init shop.duckdb -o shop.toml --no-infer");
    let manifest = sandbox.read("shop.toml")
        + "\n[[relationships]]\nparent_table = \"customer\"\nparent_key = [\"id\"]\n\
           child_table = \"orders\"\nchild_key = [\"customer_id\"]\n";
    sandbox.write("shop.toml", &manifest);
    sandbox.write("typo.toml", manifest.replace("primary_key", "primary_keys"));
    filtered(|| {
        assert_cmd_snapshot!(sandbox.command("init missing.duckdb"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: `missing.duckdb` does not exist

    hint: Check the path of the source
    ");
        assert_cmd_snapshot!(sandbox.command("init shop.duckdb -o shop.toml"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: `shop.toml` already exists

    hint: To replace it, add `--overwrite`; to keep it, choose another path
    ");
        assert_cmd_snapshot!(sandbox.command("fit shop.toml -o shop.prodlike"), @r#"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: Column `orders.customer_id` refers to `customer.id`, but 214 of 314 rows have no matching parent

    hint: To treat those rows as having no parent, set `orphans = "null"` on relationship `orders.customer_id`
    "#);
        assert_cmd_snapshot!(sandbox.command("fit typo.toml -o shop.prodlike"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: Failed to read manifest `typo.toml` at line 39
      Caused by: Unknown key `primary_keys` in table `customer`. Keys: `mode`, `primary_key`, `unique`, `rules`, `columns`

    hint: Did you mean `primary_key`?
    ");
        assert_cmd_snapshot!(sandbox.command("generate m.prodlike -o out"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: `out` already exists

    hint: To replace it, add `--overwrite`; to keep it, choose another path
    ");
        assert_cmd_snapshot!(sandbox.command("generate m.prodlike -o new --scale -1"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: Scale is -1, but must be a positive number

    hint: Use `--scale 0.1` for a tenth of the rows, `--scale 10` for ten times as many
    ");
        assert_cmd_snapshot!(sandbox.command("generate m.prodlike -o new --part 8/7"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: Part 8/7 does not exist

    hint: Parts are 1/7 to 7/7
    ");
        assert_cmd_snapshot!(sandbox.command("generate m.prodlike -o new --table trakc"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: Table `trakc` is not in the model

    hint: Did you mean `track`?
    ");
        assert_cmd_snapshot!(sandbox.command("generate m.prodlike -o new.duckdb --part 1/7"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: A part of a DuckDB file cannot be written

    hint: Write parts to a directory of Parquet or CSV files
    ");
        assert_cmd_snapshot!(sandbox.command("generate shop.toml -o new"), @r"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    error: `shop.toml` is not a model file: it is not a zip archive

    hint: Give the file that `prodlike fit` wrote, usually `*.prodlike`
    ");
        assert_cmd_snapshot!(sandbox.command("generate"), @r"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error: the following required arguments were not provided:
      --output <OUT>
      <MODEL>

    Usage: prodlike generate --output <OUT> <MODEL>

    For more information, try '--help'.
    ");
    });
}
