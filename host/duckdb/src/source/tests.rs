//! Tests of sources.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use prodlike_core::error::Hint;
use prodlike_core::schema::{DataType, Schema, SemanticType};
use prodlike_core::source::{BrokenRows, ReadOptions, SourceSpec};

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
        DataType::Enum(vec!["a".into()])
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
    let error = || Source::open(&data, 0).err().unwrap();
    copy("parts/0.parquet", "FORMAT parquet");
    assert!(matches!(error(), Error::MixedFormats { .. }));
    std::fs::remove_file(data.join("parts/0.csv")).unwrap();
    std::fs::remove_file(data.join("one.csv")).unwrap();
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

/// A directory of files, and what is read of it.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Files {
        Files(tempfile::tempdir().unwrap())
    }

    fn with(name: &str, content: impl AsRef<[u8]>) -> Files {
        let files = Files::new();
        files.write(name, content);
        files
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn open(&self, name: &str) -> Result<Source, Error> {
        Source::open(&self.0.path().join(name), 1)
    }

    fn open_with(
        &self,
        name: &str,
        options: ReadOptions,
        schema: Option<&Schema>,
    ) -> Result<Source, Error> {
        let spec = SourceSpec {
            name: String::new(),
            path: self.0.path().join(name),
            options,
        };
        Source::open_all(&[spec], schema, 1)
    }

    fn error(&self, name: &str) -> String {
        let error = self.open(name).err().unwrap();
        assert!(error.hint().is_some(), "{error}");
        let directory = format!("{}/", self.0.path().display());
        error.to_string().replace(&directory, "")
    }
}

/// The only table: `name TYPE` of its columns, and its rows as text, NULL as `∅`.
fn contents(source: &Source) -> (Vec<String>, Vec<String>) {
    let schema = source.catalog().unwrap();
    assert_eq!(schema.tables.len(), 1);
    let table = &schema.tables[0];
    let columns = table.columns.iter();
    let columns = columns.map(|column| format!("{} {}", column.name, column.data_type));
    let fields = table.columns.iter().map(|column| {
        let name = crate::quote::identifier(&column.name);
        format!("coalesce(CAST({name} AS VARCHAR), '∅')")
    });
    let sql = format!(
        "SELECT concat_ws('|', {}) FROM {}",
        fields.collect::<Vec<_>>().join(", "),
        source.relations[0]
    );
    let rows = crate::batches::rows(&source.connection, "read", &sql, |row| row.get(0)).unwrap();
    (columns.collect(), rows)
}

/// What is read of a file of this name and content.
fn read(name: &str, content: impl AsRef<[u8]>) -> (Vec<String>, Vec<String>) {
    let files = Files::with(name, content);
    contents(&files.open(name).unwrap())
}

fn skip() -> ReadOptions {
    ReadOptions {
        broken_rows: BrokenRows::Skip,
        ..ReadOptions::default()
    }
}

fn check(name: &str, content: impl AsRef<[u8]>, columns: &[&str], rows: &[&str]) {
    let (found_columns, found_rows) = read(name, content);
    assert_eq!((found_columns, found_rows), (owned(columns), owned(rows)));
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

#[test]
fn dialects_are_told_apart() {
    let ab = ["a BIGINT", "b VARCHAR"];
    check(
        "t.csv",
        "a,b\n1,\"x, \"\"y\"\"\nz\"\n2,\n3,\"\"\n",
        &ab,
        &["1|x, \"y\"\nz", "2|∅", "3|"],
    );
    check("t.csv", "a;b\n1;x,y\n2;z\n", &ab, &["1|x,y", "2|z"]);
    check("t.txt", "a|b\n1|x,y\n2|z\n", &ab, &["1|x,y", "2|z"]);
    check(
        "t.tsv",
        "a\tb\r\n1\tx,y\r\n2\tz\r\n",
        &ab,
        &["1|x,y", "2|z"],
    );
    check("t.csv", "a,b\r\n1,x\n2,z\r\n", &ab, &["1|x", "2|z"]);
    check(
        "t.csv",
        "a,b\n1,\"say \\\"x\\\"\"\n2,z\n",
        &ab,
        &["1|say \"x\"", "2|z"],
    );
    check("t.csv", "sep=;\na;b\n1;x\n", &ab, &["1|x"]);
    check(
        "t.csv",
        "Report of May\n\na,b\n1,x\n2,y\n",
        &ab,
        &["1|x", "2|y"],
    );
    check(
        "t.csv",
        "1,x\n2,y\n",
        &["column0 BIGINT", "column1 VARCHAR"],
        &["1|x", "2|y"],
    );
    check("t.csv", "a\n1\n2\n", &["a BIGINT"], &["1", "2"]);
    check("t.csv", "a,b\n", &["a VARCHAR", "b VARCHAR"], &[]);
    let twice = ["a BIGINT", "A_2 BIGINT", "column2 BIGINT", "a_3 BIGINT"];
    check("t.csv", "a,A,,a\n1,2,3,4\n", &twice, &["1|2|3|4"]);
}

#[test]
fn types_are_those_that_all_rows_fit_and_that_lose_nothing() {
    let wide = "zip,phone,id,when,at,price,flag,gone\n\
        01234,+4912,12345678901234567890,31.12.2020,2020-01-01 10:00:00,1.5,true,NA\n\
        99999,+4913,1,01.02.2021,2020-01-02T11:00:00.25,-2e3,FALSE,\n\
        12345,+4914,2,NA,NA,NULL,,n/a\n";
    check(
        "t.csv",
        wide,
        &[
            "zip VARCHAR",
            "phone VARCHAR",
            "id VARCHAR",
            "when DATE",
            "at TIMESTAMP",
            "price DOUBLE",
            "flag BOOLEAN",
            "gone VARCHAR",
        ],
        &[
            "01234|+4912|12345678901234567890|2020-12-31|2020-01-01 10:00:00|1.5|true|∅",
            "99999|+4913|1|2021-02-01|2020-01-02 11:00:00.25|-2000.0|false|∅",
            // What is no word for NULL in this table stays a word.
            "12345|+4914|2|∅|∅|∅|∅|n/a",
        ],
    );
    check(
        "t.csv",
        "d,n\n1/2/2020,x\n12/31/2020,y\n",
        &["d DATE", "n VARCHAR"],
        &["2020-01-02|x", "2020-12-31|y"],
    );
    check(
        "t.csv",
        "p;n\n1.234,50;1\n7,5;2\n",
        &["p DOUBLE", "n BIGINT"],
        &["1234.5|1", "7.5|2"],
    );
    // Neither a postcode nor a long number is one of decimals, and `1,234` may be a thousand.
    check(
        "t.csv",
        "p;plz;id\n-1,50;01067;12345678901234567890\n7;99999;1\n",
        &["p DOUBLE", "plz VARCHAR", "id VARCHAR"],
        &["-1.5|01067|12345678901234567890", "7.0|99999|1"],
    );
    check(
        "t.csv",
        "p,q,r\n\"537,82\",\"1,234\",01\n\"-1.096,9\",\"5\",2\n",
        &["p DOUBLE", "q VARCHAR", "r VARCHAR"],
        &["537.82|1,234|01", "-1096.9|5|2"],
    );
    // English thousands, where one value tells them from decimals; in groups of three only.
    check(
        "t.csv",
        "p,q,r,s\n\"1,234.50\",\"3,961,229\",\"12,34.5\",\"1,234\"\n-7,\"-1,234\",1.5,\"1234,567.5\"\n",
        &["p DOUBLE", "q BIGINT", "r VARCHAR", "s VARCHAR"],
        &["1234.5|3961229|12,34.5|1,234", "-7.0|-1234|1.5|1234,567.5"],
    );
    check(
        "t.tsv",
        "p\tq\n1,234.50\t1,234\n1,000,000\t5\n",
        &["p DOUBLE", "q DOUBLE"],
        &["1234.5|1.234", "1000000.0|5.0"],
    );
    check(
        "t.csv",
        "n;p\n3.961.229;1.234.567\n-1.234;1,5\n999;7\n",
        &["n BIGINT", "p DOUBLE"],
        &["3961229|1234567.0", "-1234|1.5", "999|7.0"],
    );
    // The sample of the first rows says BIGINT and nothing.
    let mut late = String::from("id,code,day\n");
    (0..6000).for_each(|idx| late += &format!("{idx},{idx},\n"));
    late += "6000,x7,2020-01-01\n";
    let (columns, rows) = read("t.csv", &late);
    assert_eq!(columns, ["id BIGINT", "code VARCHAR", "day DATE"]);
    assert_eq!(
        (rows.len(), rows[6000].as_str()),
        (6001, "6000|x7|2020-01-01")
    );
}

#[test]
fn encodings_become_utf_8() {
    let text = "id,name\n1,José Müller\n2,Zoë Brøgger\n3,Jürgen Groß\n";
    let rows = ["1|José Müller", "2|Zoë Brøgger", "3|Jürgen Groß"];
    let columns = ["id BIGINT", "name VARCHAR"];
    let latin = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    check("t.csv", text, &columns, &rows);
    check("t.csv", format!("\u{feff}{text}"), &columns, &rows);
    check("t.csv", &latin, &columns, &rows);
    check("t.csv", wide(u16::to_le_bytes), &columns, &rows);
    check(
        "t.csv",
        [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat(),
        &columns,
        &rows,
    );
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &latin).unwrap();
    check("t.csv.gz", packed.finish().unwrap(), &columns, &rows);
    // Beyond what is looked at first.
    let mut long = b"id,name\n".to_vec();
    (0..200_000).for_each(|idx| long.extend(format!("{idx},name\n").bytes()));
    long.extend(b"200000,Andr\xe9\n");
    let (_, rows) = read("t.csv", long);
    assert_eq!(rows[200_000], "200000|André");
    let files = Files::with("t.csv", &latin);
    let mut options = ReadOptions {
        encoding: Some("latin2".into()),
        ..ReadOptions::default()
    };
    assert!(files.open_with("t.csv", options.clone(), None).is_ok());
    options.encoding = Some("klingon".into());
    let error = files.open_with("t.csv", options, None).err().unwrap();
    assert!(matches!(error, Error::UnknownEncoding { .. }));
}

#[test]
fn broken_rows_are_named_by_line_or_skipped() {
    let mixed = [
        b"a,b\n1,\"x\ny\"\n".as_slice(),
        "2,é\n3,ö\n".as_bytes(),
        b"4,\xe9\n",
    ]
    .concat();
    for (content, message, rows) in [
        (
            b"a,b\n1,\"x\ny\"\n2,b,c\n3\n5,z\n".to_vec(),
            "`t.csv` is broken in line 4: it has 3 fields, but the others have 2 (2 broken lines in all)",
            vec!["1|x\ny", "5|z"],
        ),
        (
            b"a,b\n1,x\n2,\"y\n3,z\n4,z\n".to_vec(),
            "`t.csv` is broken in line 3: a quote opens that does not close where it should",
            vec!["1|x", "3|z", "4|z"],
        ),
        (
            b"a,b\r\n1,x\r\n2,\"y\r\n3,z\r\n4,\"z\"\r\n5,\xe9\r\n6\r\n7,w\r\n".to_vec(),
            "`t.csv` is broken in line 3: a quote opens that does not close where it should (2 broken lines in all)",
            vec!["1|x", "3|z", "4|z", "5|é", "7|w"],
        ),
        (
            mixed,
            "`t.csv` is broken in line 6: it is not valid UTF-8, unlike other lines",
            vec!["1|x\ny", "2|é", "3|ö"],
        ),
    ] {
        let files = Files::with("t.csv", content);
        assert_eq!(files.error("t.csv"), message);
        let source = files.open_with("t.csv", skip(), None).unwrap();
        assert_eq!(contents(&source).1, rows);
    }
    let lines = "{\"a\":1}\n{\"a\":\n{\"a\":3}\n";
    let files = Files::with("t.jsonl", lines);
    assert_eq!(
        files.error("t.jsonl"),
        "`t.jsonl` is not JSON in line 2: unexpected end of data"
    );
    let source = files.open_with("t.jsonl", skip(), None).unwrap();
    assert_eq!(contents(&source).1, ["1", "3"]);
}

#[test]
fn the_count_of_skipped_lines_is_what_is_lost() {
    // A quote that opens in line 3 of 100,000, and a row that is too narrow.
    let mut text = String::from("a,b\n1,x\n2,\"y\n");
    (3..100_000).for_each(|idx| text += &format!("{idx},value of some length\n"));
    text += "100000\n";
    let files = Files::with("t.csv", &text);
    let warnings = Warnings::default();
    let source = tracing::subscriber::with_default(warnings.clone(), || {
        files.open_with("t.csv", skip(), None).unwrap()
    });
    assert_eq!(source.count("t").unwrap(), 99_998);
    let said = warnings.0.lock().unwrap().join("\n");
    assert!(
        said.contains("skipped 2 broken lines of table `t`; the first is line 3 of"),
        "{said}"
    );
    // Every second of these quotes ends what the one before began.
    let mut text = String::from("a,b\n");
    (0..300).for_each(|idx| text += &format!("{idx},{}y\n", ["\"", "", ""][idx % 3]));
    let files = Files::with("t.csv", &text);
    let error = files.error("t.csv");
    assert!(
        error.ends_with(" should (100 broken lines in all)"),
        "{error}"
    );
    let source = files.open_with("t.csv", skip(), None).unwrap();
    assert_eq!(source.count("t").unwrap(), 200);
}

/// Keeps the messages of warnings.
#[derive(Clone, Default)]
struct Warnings(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Message(String);
        impl tracing::field::Visit for Message {
            fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0 += &format!("{value:?}");
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().unwrap().push(message.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn values_of_a_megabyte_and_more_are_read() {
    let long = "x".repeat(5_000_000);
    let (_, rows) = read("t.csv", format!("a,b\n1,{long}\n2,y\n"));
    assert_eq!((rows[0].len(), rows[1].as_str()), (5_000_002, "2|y"));
    let (_, rows) = read("t.jsonl", format!("{{\"b\":\"{long}\"}}\n"));
    assert_eq!(rows[0].len(), 5_000_000);
}

#[test]
fn more_than_a_thousand_columns_fit_into_the_memory_of_a_source() {
    let line = |value: fn(usize) -> String| (0..1_200).map(value).collect::<Vec<_>>().join(",");
    let text = format!(
        "{}\n{}\n",
        line(|idx| format!("c{idx}")),
        line(|idx| (idx % 7).to_string())
    );
    let source = Files::with("t.csv", text).open("t.csv").unwrap();
    assert_eq!(source.look("t", 1).unwrap().len(), 1_200);
    let all: Vec<_> = (0..1_200).map(|idx| (idx, idx, 1)).collect();
    source.put_aside("t", &all).unwrap();
}

#[test]
fn json_lines_and_arrays_have_the_columns_of_all_their_objects() {
    let lines = "{\"a\":1,\"zip\":\"007\",\"day\":\"2020-01-01\",\"mixed\":1,\"ok\":true,\"none\":null}\n\
        {\"a\":2.5,\"mixed\":\"z\",\"q\\\"q/~\":5}\n";
    let columns = [
        "a DOUBLE",
        "zip VARCHAR",
        "day DATE",
        "mixed VARCHAR",
        "ok BOOLEAN",
        "none VARCHAR",
        "q\"q/~ BIGINT",
    ];
    check(
        "t.jsonl",
        lines,
        &columns,
        &["1.0|007|2020-01-01|1|true|∅|∅", "2.5|∅|∅|z|∅|∅|5"],
    );
    check(
        "t.json",
        "[{\"a\":1},\n {\"a\":2, \"b\":\"x\"}]",
        &["a BIGINT", "b VARCHAR"],
        &["1|∅", "2|x"],
    );
    let nested = Files::with("t.json", "[{\"o\":{\"k\":1}}]")
        .open("t.json")
        .unwrap();
    let schema = nested.catalog().unwrap();
    assert_eq!(
        schema.tables[0].columns[0].data_type,
        DataType::Other("JSON".into())
    );
    // Nested in one row of many is nested, and no text.
    for rows in [
        r#"{"a":1,"o":{"k":1}}{"a":2,"o":"x"}{"a":3}"#,
        r#"{"a":1,"o":5}{"a":2,"o":[1,2]}{"a":3,"o":null}"#,
        r#"{"a":1,"o":[1]}{"a":2,"o":null}"#,
        r#"{"a":1,"o":[1]}{"a":2,"o":{"k":1}}"#,
    ] {
        let lines = rows.replace("}{\"a", "}\n{\"a");
        let files = Files::with("t.jsonl", lines);
        let mut source = files.open("t.jsonl").unwrap();
        let mut schema = source.catalog().unwrap();
        let refused = "column `t.o` has data type JSON, which is not carried yet";
        let error = source.prepare(&schema, &()).unwrap_err();
        assert_eq!(error.to_string(), refused);
        assert!(error.hint().unwrap().contains("exclude = true"));
        // Nor where the manifest knows better; unless it wants nothing of it.
        let open =
            |schema: &Schema| files.open_with("t.jsonl", ReadOptions::default(), Some(schema));
        schema.tables[0].columns[1].data_type = DataType::String;
        assert_eq!(open(&schema).err().unwrap().to_string(), refused);
        schema.tables[0].columns[1].exclude = true;
        open(&schema).unwrap().prepare(&schema, &()).unwrap();
    }
    let text = "[{\"a\":1},{\"a\":2}]";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for content in [
        format!("\u{feff}{text}").into_bytes(),
        [vec![0xff, 0xfe], wide].concat(),
    ] {
        check("t.json", content, &["a BIGINT"], &["1", "2"]);
    }
    let error = |content: &str| Files::with("t.json", content).error("t.json");
    assert!(error("{\"\":1,\"b\":2}").contains("a key of `t.json` is the empty text"));
    assert!(error("[1, 2]").contains("no object"));
    assert!(error("[{\"a\":1}, {\"a\":]").contains("`t.json` is not JSON"));
    assert!(error("{\"a\":1,\"A\":2}").contains("columns `a` and `A`"));
    assert!(error("").contains("is empty"));
}

#[test]
fn json_that_is_cut_off_is_told_from_json_with_broken_lines() {
    for (content, message, hint) in [
        (
            "[{\"a\":1},\n{\"a\":2},\n{\"a\":{\"b\":\"}] \\\"",
            "`t.json` is cut off: it ends in row 3, which begins in line 3",
            "Copy or export it again",
        ),
        // DuckDB takes the comma for the end.
        (
            "[{\"a\":1},\n{\"a\":2},\n",
            "`t.json` is cut off: it ends behind row 2, which begins in line 2",
            "Copy or export it again",
        ),
        (
            "[",
            "`t.json` is cut off: it ends before its first row",
            "Copy or export it again",
        ),
        (
            "{\n\"a\":1\n}\n{\n\"a\":",
            "`t.json` is cut off: it ends in row 2, which begins in line 4",
            "Copy or export it again",
        ),
        (
            "[{\"a\":1},\n{\"a\":},\n{\"a\":3}]",
            "`t.json` is not JSON: unexpected character",
            "write one object a line",
        ),
        (
            "{\"a\":1}\n{\"a\":2}\n{\"a\":",
            "`t.json` is not JSON in line 3: unexpected end of data",
            "--skip-broken-rows",
        ),
        ("[]", "`t.json` is empty", "at least one object"),
        ("", "`t.json` is empty", "at least one object"),
    ] {
        let files = Files::with("t.json", content);
        assert_eq!(files.error("t.json"), message);
        let said = files.open("t.json").err().unwrap().hint().unwrap();
        assert!(said.contains(hint), "{said}");
        // The hint to skip is given only where it helps.
        let skipped = files.open_with("t.json", skip(), None);
        assert_eq!(skipped.is_ok(), hint.contains("skip"), "{content}");
    }
    // Nor is an array packed with gzip one of lines.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, b"[{\"a\":1},\n{\"a\":2}]").unwrap();
    let files = Files::with("t.json.gz", packed.finish().unwrap());
    let source = files.open_with("t.json.gz", skip(), None).unwrap();
    assert_eq!(contents(&source).1, ["1", "2"]);
}

#[test]
fn skipped_lines_of_json_are_named() {
    let files = Files::new();
    files.write("t/1.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    files.write("t/2.jsonl", "{\"a\":3}\n\n{\"a\":\noops\n{\"a\":4}\n");
    let warnings = Warnings::default();
    let source = tracing::subscriber::with_default(warnings.clone(), || {
        files.open_with("", skip(), None).unwrap()
    });
    assert_eq!(contents(&source).1, ["1", "2", "3", "4"]);
    let said = warnings.0.lock().unwrap().join("\n");
    assert!(
        said.starts_with("skipped 2 broken lines of table `t`; the first is line 3 of `")
            && said.ends_with("2.jsonl`: it is not JSON"),
        "{said}"
    );
}

#[test]
fn arrow_files_and_streams_keep_their_types() {
    use ::arrow::array::{ArrayRef, DictionaryArray, Int32Array, TimestampMillisecondArray};
    use ::arrow::datatypes::Int32Type;
    use ::arrow::ipc::writer::{FileWriter, StreamWriter};
    let words: DictionaryArray<Int32Type> = vec![Some("x"), None, Some("y")].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "i",
            std::sync::Arc::new(Int32Array::from(vec![Some(1), None, Some(3)])),
        ),
        ("s", std::sync::Arc::new(words)),
        (
            "t",
            std::sync::Arc::new(TimestampMillisecondArray::from(vec![0, 1, 2])),
        ),
    ];
    let batch = ::arrow::array::RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut file = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    file.finish().unwrap();
    let file = file.into_inner().unwrap();
    let mut stream = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    stream.write(&batch).unwrap();
    let stream = stream.into_inner().unwrap();
    let types = ["i INTEGER", "s VARCHAR", "t TIMESTAMP_MS"];
    let rows = [
        "1|x|1970-01-01 00:00:00",
        "∅|∅|1970-01-01 00:00:00.001",
        "3|y|1970-01-01 00:00:00.002",
    ];
    check("t.feather", &file, &types, &rows);
    check("t.arrow", &stream, &types, &[rows, rows].concat());
    for (name, bytes) in [("t.arrow", &stream), ("t.feather", &file)] {
        let cut = &bytes[..bytes.len() / 2];
        assert!(
            Files::with(name, cut)
                .error(name)
                .contains("failed to read the Arrow file")
        );
    }
}

#[test]
fn a_manifest_knows_the_types() {
    let files = Files::with("t.csv", "id,zip,day\n1,01,2020-01-01\n2,02,2020-01-02\n");
    let mut schema = files.open("t.csv").unwrap().catalog().unwrap();
    schema.tables[0].columns[0].data_type = DataType::Int16;
    schema.tables[0].columns[1].data_type = DataType::Int32;
    let open = |schema: &Schema| files.open_with("t.csv", ReadOptions::default(), Some(schema));
    let mut source = open(&schema).unwrap();
    let (columns, rows) = contents(&source);
    assert_eq!(columns, ["id SMALLINT", "zip INTEGER", "day DATE"]);
    assert_eq!(rows, ["1|1|2020-01-01", "2|2|2020-01-02"]);
    source.prepare(&schema, &()).unwrap();
    // As init found it, with other types in the schema than those it was opened with.
    files.open("t.csv").unwrap().prepare(&schema, &()).unwrap();
    files.write(
        "t.csv",
        "id,zip,day\n1,\"0\n1\",2020-01-01\nx7,02,2020-01-02\n",
    );
    schema.tables[0].columns[1].data_type = DataType::String;
    let error = open(&schema).err().unwrap().to_string();
    assert!(
        error.starts_with(
            "`x7` in column `t.id` is no SMALLINT, which the manifest says it is (line 4 of `"
        ),
        "{error}"
    );
    let mut untyped = files.open("t.csv").unwrap();
    let error = untyped.prepare(&schema, &()).unwrap_err().to_string();
    assert!(
        error.starts_with("`x7` in column `t.id` is no SMALLINT"),
        "{error}"
    );
}

#[test]
fn a_value_that_does_not_fit_is_told_from_those_of_a_format() {
    let text = "n,d\n\"1,234\",01.02.2020\n\"1,000,000\",31.12.2020\n";
    let files = Files::with("t.csv", text);
    let schema = files.open("t.csv").unwrap().catalog().unwrap();
    let again = || files.open_with("t.csv", ReadOptions::default(), Some(&schema));
    let (columns, rows) = contents(&again().unwrap());
    assert_eq!(columns, ["n BIGINT", "d DATE"]);
    assert_eq!(rows, ["1234|2020-02-01", "1000000|2020-12-31"]);
    for (row, message) in [
        ("many,01.02.2021", "`many` in column `t.n` is no BIGINT"),
        ("5,soon", "`soon` in column `t.d` is no DATE"),
    ] {
        files.write("t.csv", format!("{text}{row}\n"));
        let error = again().err().unwrap().to_string();
        assert!(
            error.starts_with(message) && error.contains("(line 4 of"),
            "{error}"
        );
    }
}

#[test]
fn files_of_one_table_may_differ() {
    let files = Files::new();
    files.write("t/1.csv", "id,v\n1,1\n2,2\n");
    files.write("t/2.csv", "v;id;more\n1.5;3;q\nx;4;r\n");
    let (columns, rows) = contents(&files.open("").unwrap());
    assert_eq!(columns, ["id BIGINT", "v VARCHAR", "more VARCHAR"]);
    assert_eq!(rows, ["1|1|∅", "2|2|∅", "3|1.5|q", "4|x|r"]);
    let database = files.0.path().join("x.db");
    let copy = |sql: &str, name: &str| {
        let path = files.0.path().join("p").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        execute(&database, &format!("COPY ({sql}) TO '{}'", path.display())).unwrap();
    };
    copy("SELECT 1 AS id, 5 AS v", "1.parquet");
    copy("SELECT 2.5::DOUBLE AS v, 2 AS id, 'x' AS more", "2.parquet");
    std::fs::create_dir(files.0.path().join("all")).unwrap();
    std::fs::rename(files.0.path().join("p"), files.0.path().join("all/p")).unwrap();
    let (columns, rows) = contents(&files.open("all").unwrap());
    assert_eq!(columns, ["id INTEGER", "v DOUBLE", "more VARCHAR"]);
    assert_eq!(rows, ["1|5.0|∅", "2|2.5|x"]);
}

#[test]
fn directories_may_hold_values() {
    let files = Files::new();
    let database = files.0.path().join("x.db");
    let write = |name: &str| {
        let path = files.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let sql = format!("COPY (SELECT 1 AS id) TO '{}'", path.display());
        execute(&database, &sql).unwrap();
    };
    write("all/sales/year=2023/shop=007/part-0.parquet");
    write("all/sales/year=2024/shop=a%20b/part-0.parquet");
    write("all/sales/year=2024/shop=__HIVE_DEFAULT_PARTITION__/part-1.parquet");
    write("all/days/day=2024-02-29/part-0.parquet");
    let source = files.open("all").unwrap();
    let schema = source.catalog().unwrap();
    assert_eq!(
        schema
            .tables
            .iter()
            .map(|t| t.name.as_str())
            .collect::<Vec<_>>(),
        ["days", "sales"]
    );
    assert_eq!(schema.tables[0].columns[1].data_type, DataType::Date);
    let (columns, mut rows) = contents(&files.open("all/sales").unwrap());
    rows.sort();
    assert_eq!(columns, ["id INTEGER", "shop VARCHAR", "year BIGINT"]);
    assert_eq!(rows, ["1|007|2023", "1|a b|2024", "1|∅|2024"]);
    write("all/odd/n=1,234,567/part-0.parquet");
    write("all/odd/n=1,234/part-0.parquet");
    let (columns, mut rows) = contents(&files.open("all/odd").unwrap());
    rows.sort();
    assert_eq!(
        (columns[1].as_str(), rows),
        ("n VARCHAR", owned(&["1|1,234", "1|1,234,567"]))
    );
    std::fs::remove_dir_all(files.0.path().join("all/odd")).unwrap();
    let error = Source::open(&files.0.path().join("all/sales/**/*.parquet"), 1).err();
    let error = error.unwrap();
    assert!(matches!(error, Error::PartitionPattern { .. }));
    assert!(error.hint().unwrap().ends_with("all/sales`"));
    for (second, message) in [
        (
            "year=2025/shop=1",
            "`odd/year=2024` is a partition by `year`, but `odd/year=2025/shop=1` is one of the \
             same table by `shop`, `year`",
        ),
        (
            "zeit=2025",
            "`odd/year=2024` is a partition by `year`, but `odd/zeit=2025` is one of the same \
             table by `zeit`",
        ),
    ] {
        write("odd/year=2024/part-0.parquet");
        write(&format!("odd/{second}/part-0.parquet"));
        assert_eq!(files.error("odd"), message);
        std::fs::remove_dir_all(files.0.path().join("odd")).unwrap();
    }
    write("swapped/a=1/b=2/part-0.parquet");
    write("swapped/b=3/a=4/part-0.parquet");
    let (columns, mut rows) = contents(&files.open("swapped").unwrap());
    rows.sort();
    assert_eq!(columns, ["id INTEGER", "a BIGINT", "b BIGINT"]);
    assert_eq!(rows, ["1|1|2", "1|4|3"]);
    files.write("all/texts/year=2024/1.csv", "id\n1\n");
    assert!(
        files
            .error("all")
            .ends_with("1.csv` is CSV in a partition, of which only Parquet is read")
    );
}

#[test]
fn what_only_calls_itself_text_is_refused() {
    for (bytes, message) in [
        (b"\x1f\x8b\x08\0rest".as_slice(), "gzip-compressed file"),
        (b"\x28\xb5\x2f\xfdrest", "zstd-compressed file"),
        (b"\xff\xfe\0\0i\0\0\0", "file in UTF-32"),
        (b"GIF89a\0,b\n1,2\n", "no file of rows"),
    ] {
        let files = Files::with("t.csv", bytes);
        for path in ["t.csv", ""] {
            let error = files.error(path);
            assert!(error.contains(message), "{error}");
        }
    }
    #[cfg(unix)]
    {
        let files = Files::new();
        let path = files.0.path().join("t.csv");
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        for path in ["t.csv", ""] {
            assert!(files.error(path).contains("is no file, but a pipe"));
        }
    }
}

#[test]
fn what_a_type_cannot_carry_is_refused_by_column() {
    let most = "99999999999999999999999999999999999999";
    for (value, problem) in [
        (format!("'{most}'::HUGEINT"), None),
        (format!("'-{most}'::HUGEINT"), None),
        (
            format!("'{most}'::HUGEINT + 1"),
            Some("more than 38 digits"),
        ),
        (
            format!("'-{most}'::HUGEINT - 1"),
            Some("more than 38 digits"),
        ),
        (format!("'{most}'::UHUGEINT"), None),
        (
            "'340282366920938463463374607431768211455'::UHUGEINT".to_string(),
            Some("more than 38 digits"),
        ),
        ("'01:00:00+00'::TIMETZ".to_string(), None),
        (
            "'01:00:00+02'::TIMETZ".to_string(),
            Some("an offset from UTC in 1 rows"),
        ),
        (
            "'01:00:00-00:00:01'::TIMETZ".to_string(),
            Some("an offset from UTC in 1 rows"),
        ),
    ] {
        let files = Files::new();
        let path = files.0.path().join("x.duckdb");
        let sql = format!("CREATE TABLE t AS SELECT {value} AS v UNION ALL SELECT NULL");
        execute(&path, &sql).unwrap();
        let mut source = files.open("x.duckdb").unwrap();
        let schema = source.catalog().unwrap();
        match (source.prepare(&schema, &()), problem) {
            (Ok(()), None) => {}
            (Err(error), Some(problem)) => {
                let message = error.to_string();
                assert!(
                    message.contains("`t.v`") && message.contains(problem),
                    "{message}"
                );
                assert!(error.hint().unwrap().contains("exclude = true"));
            }
            (found, _) => panic!("{value}: {found:?}"),
        }
    }
}

#[test]
fn patterns_are_directories_or_one_table() {
    let files = Files::new();
    for name in [
        "orders-1.csv",
        "orders-2.csv",
        "people.csv",
        "sub/people.csv",
    ] {
        files.write(name, "id\n1\n");
    }
    let names = |pattern: &str| -> Vec<String> {
        let schema = files.open(pattern).unwrap().catalog().unwrap();
        schema.tables.into_iter().map(|table| table.name).collect()
    };
    assert_eq!(names("*.csv"), ["orders-1", "orders-2", "people"]);
    assert_eq!(names("orders-*.csv"), ["orders"]);
    assert_eq!(names("**/people.csv"), ["people"]);
    assert_eq!(names("**/people.csv").len(), 1);
    assert_eq!(files.error("*.tsv"), "no file matches `*.tsv`");
}

#[test]
fn several_sources_share_names_only_with_a_prefix() {
    let files = Files::new();
    files.write("a/shops.csv", "id\n1\n");
    files.write("a/items.csv", "id\n1\n2\n");
    files.write("b/shops.jsonl", "{\"id\":7}\n");
    execute(
        &files.0.path().join("c.duckdb"),
        "CREATE TABLE shops (id INTEGER PRIMARY KEY);
         CREATE TABLE tills (id INTEGER, shop INTEGER REFERENCES shops (id))",
    )
    .unwrap();
    let specs = ["a", "b", "c.duckdb"].map(|name| SourceSpec {
        name: name[..1].to_string(),
        path: files.0.path().join(name),
        options: ReadOptions::default(),
    });
    let mut source = Source::open_all(&specs, None, 1).unwrap();
    let schema = source.catalog().unwrap();
    let names: Vec<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["a.shops", "b.shops", "c.shops", "items", "tills"]);
    assert_eq!(schema.relationships[0].parent_table, "c.shops");
    source.prepare(&schema, &()).unwrap();
    assert_eq!(source.count("items").unwrap(), 2);
    drop(Source::open_all(&specs, Some(&schema), 1).unwrap());
}

#[test]
fn a_source_that_changes_is_noticed() {
    let files = Files::new();
    execute(
        &files.0.path().join("x.db"),
        &format!(
            "COPY (SELECT 1 AS a) TO '{}/t.parquet'",
            files.0.path().display()
        ),
    )
    .unwrap();
    let source = files.open("t.parquet").unwrap();
    source.check_unchanged().unwrap();
    let bytes = std::fs::read(files.0.path().join("t.parquet")).unwrap();
    std::fs::remove_file(files.0.path().join("t.parquet")).unwrap();
    files.write("t.parquet", [bytes, vec![0]].concat());
    let error = source.check_unchanged().unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("t.parquet` changed while it was read")
    );
}

#[test]
fn what_stands_on_a_network_is_refused_without_its_password() {
    for url in [
        "s3://bucket/x.parquet",
        "postgres://me:secret@host/db",
        "dir/https://x/y.csv",
    ] {
        let error = Source::open(std::path::Path::new(url), 1).err().unwrap();
        assert!(matches!(error, Error::Remote { .. }), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn prose_beside_tables_is_no_table() {
    let files = Files::with("README.txt", "It was a night, a dark one.\nIt rained\n");
    assert!(
        files
            .error("README.txt")
            .contains("no database and no file of rows")
    );
    assert!(files.error("").contains("holds no tables"));
    files.write("t.csv", "a\n1\n");
    files.write("notes.md", "# Notes");
    assert_eq!(contents(&files.open("").unwrap()).1, ["1"]);
    files.write("t.tsv", "a\n1\n");
    files.write("t.json", "{}");
    assert!(
        files
            .error("")
            .contains("table `t` has files of different formats")
    );
}

#[test]
fn nothing_temporary_is_left() {
    let files = Files::with("t.csv", "a\n1\n");
    let source = files.open("t.csv").unwrap();
    let directory = source.stage.as_ref().unwrap().path().to_path_buf();
    assert!(directory.join("staged.duckdb").exists());
    drop(source);
    assert!(!directory.exists());
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
