//! Tests of sources.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use prodlike_core::error::Hint;
use prodlike_core::schema::{DataType, SemanticType};

use super::Source;
use crate::error::Error;
use crate::script::execute;

/// Names with quotes, spaces, keywords and letters beyond ASCII.
const ODD: &str = r#"
    CREATE TABLE "select" ("or""der" INTEGER PRIMARY KEY, "größe 1" DECIMAL(9,2), e ENUM('a'));
    CREATE TABLE "it's; 表" (
        a INTEGER, b VARCHAR, boss INTEGER, "from" INTEGER REFERENCES "select" ("or""der"),
        "at" TIMESTAMP, PRIMARY KEY (a, b), UNIQUE (boss),
        FOREIGN KEY (boss) REFERENCES "it's; 表" (boss));
    CREATE TABLE refers (x INTEGER, y VARCHAR, FOREIGN KEY (X, y) REFERENCES "IT's; 表" (A, b));
    CREATE VIEW seen AS SELECT 1 AS one;
    INSERT INTO "select" VALUES (1, 2.5, 'a'), (2, NULL, NULL), (3, 2.50, 'a');
"#;

#[test]
fn catalogue_has_keys_types_and_odd_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("it's a [b]?.duckdb");
    execute(&path, ODD).unwrap();
    let source = Source::open(&path, 1).unwrap();
    let schema = source.catalog().unwrap();
    let names: Vec<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["it's; 表", "refers", "select"]);
    let table = &schema.tables[0];
    assert_eq!(table.primary_key, ["a", "b"]);
    assert_eq!(table.unique, [["boss"]]);
    assert!(!table.columns[0].nullable && table.columns[4].nullable);
    let kinds: Vec<SemanticType> = table.columns.iter().map(|c| c.semantic).collect();
    assert_eq!(
        kinds,
        [
            SemanticType::Id,
            SemanticType::Id,
            SemanticType::Id,
            SemanticType::Id,
            SemanticType::Datetime
        ]
    );
    let select = schema.table("select").unwrap();
    assert_eq!(select.columns[1].data_type, DataType::Decimal(9, 2));
    assert_eq!(
        select.columns[2].data_type,
        DataType::Other("ENUM('a')".into())
    );
    let edges: Vec<String> = schema
        .relationships
        .iter()
        .map(|e| {
            format!(
                "{} -> {}.{}",
                e.name(),
                e.parent_table,
                e.parent_key.join("+")
            )
        })
        .collect();
    assert_eq!(
        edges,
        [
            "it's; 表.from -> select.or\"der",
            "it's; 表.boss -> it's; 表.boss",
            "refers.x+y -> it's; 表.a+b"
        ]
    );
    assert_eq!(source.count("select").unwrap(), 3);
    let peek = source.peek("select", "größe 1", 10).unwrap();
    assert_eq!((peek.rows, peek.nulls, peek.distinct), (3, 1, 1));
    assert_eq!(peek.values, ["2.50"]);
    assert_eq!(source.peek("select", "or\"der", 2).unwrap().values.len(), 2);
    let error = source.peek("select", "größe1", 1).unwrap_err();
    assert_eq!(error.hint().unwrap(), "Did you mean `größe 1`?");
}

#[test]
fn directories_of_parquet_and_csv_are_tables() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.duckdb");
    let data = dir.path().join("data [1] *");
    std::fs::create_dir_all(data.join("parts")).unwrap();
    std::fs::create_dir_all(data.join("empty")).unwrap();
    let at = data.to_str().unwrap();
    let copy = |target: &str, format: &str| {
        execute(
            &path,
            &format!("COPY (SELECT 1 AS a, 'x' AS \"b c\") TO '{at}/{target}' ({format})"),
        )
        .unwrap();
    };
    copy("parts/0.csv", "FORMAT csv");
    copy("one.csv", "FORMAT csv");
    let source = Source::open(&data, 0).unwrap();
    assert_eq!(source.catalog().unwrap().tables.len(), 2);
    copy("parts/0.parquet", "FORMAT parquet");
    copy("parts/1.parquet", "FORMAT parquet");
    copy("one.parquet", "FORMAT parquet");
    let source = Source::open(&data, 0).unwrap();
    let schema = source.catalog().unwrap();
    let names: Vec<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["one", "parts"]);
    assert_eq!(schema.tables[0].columns[0].data_type, DataType::Int32);
    assert_eq!(
        (source.count("one").unwrap(), source.count("parts").unwrap()),
        (1, 2)
    );
    let single = Source::open(&data.join("one.parquet"), 0).unwrap();
    assert_eq!(single.catalog().unwrap().tables[0].name, "one");
}

#[test]
fn what_is_no_source_is_refused_with_a_hint() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("text.duckdb"), "hello, this is not a database at all").unwrap();
    std::fs::write(at("none.duckdb"), "").unwrap();
    std::fs::write(at("lite.db"), b"SQLite format 3\0and so on").unwrap();
    std::fs::write(at("cut.parquet"), "PAR1 and then nothing").unwrap();
    let mut cut = vec![0; 4096];
    cut[8..12].copy_from_slice(b"DUCK");
    std::fs::write(at("cut.duckdb"), cut).unwrap();
    std::fs::create_dir(at("dir")).unwrap();
    execute(&at("empty.duckdb"), "CREATE VIEW v AS SELECT 1").unwrap();
    execute(
        &at("other.duckdb"),
        "CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER)",
    )
    .unwrap();
    let error = |name: &str| {
        let error = Source::open(&at(name), 1).err().unwrap();
        assert!(error.hint().is_some(), "{error}");
        error
    };
    assert!(matches!(error("missing"), Error::NotFound { .. }));
    assert!(matches!(error("text.duckdb"), Error::NotATable { .. }));
    assert!(matches!(error("none.duckdb"), Error::NotATable { .. }));
    assert!(matches!(error("lite.db"), Error::OtherFormat { .. }));
    assert!(matches!(error("cut.parquet"), Error::Open { .. }));
    assert!(matches!(error("cut.duckdb"), Error::Open { .. }));
    assert!(matches!(error("dir"), Error::NoTables { .. }));
    assert!(matches!(error("empty.duckdb"), Error::NoTables { .. }));
    assert!(matches!(
        error("other.duckdb"),
        Error::OtherSchemas { tables: 1, .. }
    ));
}

#[test]
fn a_query_can_be_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.duckdb");
    execute(
        &path,
        "CREATE TABLE t AS SELECT range AS a FROM range(100000)",
    )
    .unwrap();
    let source = Source::open(&path, 1).unwrap();
    let handle = source.interrupt_handle();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                handle.interrupt();
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        let sql = "SELECT count(*) FROM source.main.t a, source.main.t b WHERE a.a * b.a = 7";
        let error = crate::batches::count(&source.connection, "wait", sql).unwrap_err();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(matches!(error, Error::Interrupted), "{error:?}");
    });
}

#[test]
fn percent_signs_decode_where_they_can() {
    for (encoded, decoded) in [
        ("a%2Fb", "a/b"),
        ("%C3%A9t%C3%A9", "été"),
        ("100%", "100%"),
        ("%ZZ", "%ZZ"),
        ("%FF", "%FF"),
    ] {
        assert_eq!(super::percent_decoded(encoded), decoded);
    }
}
