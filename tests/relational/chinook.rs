//! The music store at three sizes, judged by the SQL in `chinook.slt`.

use std::path::PathBuf;

use sqllogictest::{DBOutput, DefaultColumnType, Runner};

use crate::util::{Sandbox, chinook, fitted, model, plan};

const TABLES: [&str; 11] = [
    "album",
    "artist",
    "customer",
    "employee",
    "genre",
    "invoice",
    "invoice_line",
    "media_type",
    "playlist",
    "playlist_track",
    "track",
];

/// A database for sqllogictest; each query has a connection of its own.
struct Judge(PathBuf);

impl sqllogictest::DB for Judge {
    type Error = prodlike_duckdb::Error;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, prodlike_duckdb::Error> {
        let rows = prodlike_duckdb::query(&self.0, sql)?;
        // Values come as text; what they are, the script's own type letters say.
        let width = rows.first().map_or(0, Vec::len);
        Ok(DBOutput::Rows {
            types: vec![DefaultColumnType::Any; width],
            rows,
        })
    }
}

/// Puts synthetic tables, real ones and the plan into one database, and judges it.
fn judge(sandbox: &Sandbox, first: &str, from: impl Fn(&str) -> String, planned: &[(String, u64)]) {
    let mut script = format!(
        "{first} ATTACH '{}' AS real (READ_ONLY); CREATE SCHEMA truth;\n",
        chinook().display()
    );
    for table in TABLES {
        script += &format!(
            "CREATE TABLE {table} AS FROM {}; CREATE TABLE truth.{table} AS FROM real.{table};\n",
            from(table)
        );
    }
    script += "CREATE TABLE planned (name VARCHAR, rows BIGINT);\n";
    for (name, rows) in planned {
        script += &format!("INSERT INTO planned VALUES ('{name}', {rows});\n");
    }
    sandbox.sql("judge.duckdb", &script);
    let path = sandbox.path("judge.duckdb");
    let mut runner = Runner::new(|| {
        let path = path.clone();
        async move { Ok(Judge(path)) }
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/relational/chinook.slt");
    if let Err(error) = runner.run_file(script) {
        panic!("{error}");
    }
}

fn parquet_at(scale: &str) {
    let sandbox = Sandbox::new();
    let arguments = format!("{} --scale {scale} --seed 11", model());
    let (planned, notes) = plan(&sandbox, &arguments);
    assert!(notes.is_empty(), "{notes:?}");
    sandbox.ok(&format!("generate {arguments} -o synthetic"));
    let directory = sandbox.path("synthetic").display().to_string();
    judge(
        &sandbox,
        "",
        |table| format!("read_parquet('{directory}/{table}/*.parquet')"),
        &planned,
    );
}

#[test]
fn a_tenth_of_the_music_store_is_whole() {
    parquet_at("0.1");
}

#[test]
fn twenty_five_music_stores_are_whole() {
    parquet_at("25");
}

#[test]
fn the_music_store_as_a_database_is_whole_and_declares_its_keys() {
    let sandbox = Sandbox::new();
    let arguments = format!("{} --seed 11", model());
    let (planned, _) = plan(&sandbox, &arguments);
    sandbox.ok(&format!("generate {arguments} -o synthetic.duckdb"));
    let constraints = sandbox.ask(
        "synthetic.duckdb",
        "SELECT constraint_type, count(*) FROM duckdb_constraints()
         WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY') GROUP BY 1 ORDER BY 1",
    );
    assert_eq!(constraints, [["FOREIGN KEY", "11"], ["PRIMARY KEY", "11"]]);
    let database = sandbox.path("synthetic.duckdb").display().to_string();
    // The real row counts, as the scale is 1.
    for (table, rows) in &planned {
        let real = prodlike_duckdb::query(&chinook(), &format!("SELECT count(*) FROM {table}"));
        assert_eq!(real.unwrap()[0][0], rows.to_string(), "{table}");
    }
    judge(
        &sandbox,
        &format!("ATTACH '{database}' AS made (READ_ONLY);"),
        |table| format!("made.{table}"),
        &planned,
    );
}

#[test]
fn a_bridge_between_too_few_rows_says_so_and_repeats_no_pair() {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(fitted().join("prodlike.toml")).unwrap();
    let kept = "[tables.playlist]\nmode = \"keep\"";
    assert!(text.contains(kept));
    sandbox.write(
        "prodlike.toml",
        text.replace(kept, "[tables.playlist]\nmode = \"generate\""),
    );
    sandbox.ok("fit -o m.prodlike");
    let (planned, notes) = plan(&sandbox, "m.prodlike --scale 0.1");
    assert!(
        notes.iter().any(|note| note.contains("`playlist_track`")
            // Two playlists of the 353 tracks.
            && note.contains("gets 706 of")
            && note.contains("distinct pairs")),
        "{notes:?}"
    );
    let ran = sandbox.ok("generate m.prodlike --scale 0.1 -o synthetic");
    assert!(ran.stderr.contains("warning: Table `playlist_track` gets"));
    let directory = sandbox.path("synthetic").display().to_string();
    judge(
        &sandbox,
        "",
        |table| format!("read_parquet('{directory}/{table}/*.parquet')"),
        &planned,
    );
}

#[test]
fn one_table_alone_has_the_rows_that_it_has_among_others() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("generate {} -o all --seed 3", model()));
    sandbox.ok(&format!(
        "generate {} -o alone --seed 3 --table invoice_line",
        model()
    ));
    let (all, alone) = (sandbox.files("all"), sandbox.files("alone"));
    assert_eq!(
        all["invoice_line/00000.parquet"],
        alone["invoice_line/00000.parquet"]
    );
    assert_eq!(alone.len(), 2, "one table and `dataset.json`");
    sandbox.ok(&format!(
        "generate {} -o more --rows invoice=1000 --rows artist=7",
        model()
    ));
    let (planned, _) = plan(
        &sandbox,
        &format!("{} --rows invoice=1000 --rows artist=7", model()),
    );
    let rows = |name: &str| planned.iter().find(|(table, _)| table == name).unwrap().1;
    assert_eq!((rows("invoice"), rows("artist")), (1000, 7));
}
