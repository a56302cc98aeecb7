//! Bad input: a clear error with a hint, an exit code, and nothing left behind.

use std::fs;

use crate::util::{Sandbox, chinook, fitted, manifest, model};

#[test]
fn a_wrong_path() {
    let sandbox = Sandbox::new();
    for arguments in [
        "init missing.duckdb",
        "fit missing.duckdb -o m.prodlike",
        "evaluate --real missing.duckdb --synthetic missing.duckdb --html r.html",
    ] {
        sandbox.refused(arguments, &["`missing.duckdb` does not exist"]);
    }
    sandbox.refused("fit missing.toml -o m.prodlike", &["`missing.toml`"]);
    sandbox.refused("fit -o m.prodlike", &["`prodlike.toml`"]);
    sandbox.refused(
        &format!(
            "evaluate --real {} --synthetic missing --html r.html",
            chinook().display()
        ),
        &["`missing` does not exist"],
    );
}

#[test]
fn what_is_not_a_database() {
    let sandbox = Sandbox::new();
    sandbox.write("notes.txt", "It was a dark and stormy night.\n");
    sandbox.write("notes.duckdb", "It was a dark and stormy night.\n");
    sandbox.write("notes.parquet", "PAR1 and nothing else");
    sandbox.write("empty.duckdb", "");
    for source in ["notes.txt", "notes.duckdb", "notes.parquet", "empty.duckdb"] {
        let quoted = format!("`{source}`");
        sandbox.refused(&format!("init {source}"), &[&quoted]);
        sandbox.refused(&format!("fit {source} -o m.prodlike"), &[&quoted]);
    }
    fs::create_dir(sandbox.path("nothing")).unwrap();
    sandbox.refused("init nothing", &["`nothing` holds no tables"]);
    sandbox.sql("bare.duckdb", "SELECT 1;");
    sandbox.refused("init bare.duckdb", &["`bare.duckdb` holds no tables"]);
    // Half a database.
    let bytes = fs::read(chinook()).unwrap();
    sandbox.write("half.duckdb", &bytes[..bytes.len() / 2]);
    sandbox.refused("fit half.duckdb -o m.prodlike", &["half.duckdb"]);
}

#[test]
fn an_unwritable_target() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let real = chinook().display().to_string();
    for directory in ["file", "missing", "/proc"] {
        sandbox.refused(&format!("init {real} -o {directory}/m.toml"), &[directory]);
        sandbox.refused(&format!("fit {real} -o {directory}/m"), &[directory]);
        for out in ["out", "out.duckdb"] {
            if directory == "missing" && out == "out" {
                continue;
            }
            sandbox.refused(
                &format!("generate {} -o {directory}/{out}", model()),
                &[directory],
            );
        }
        sandbox.refused(
            &format!("evaluate --real {real} --synthetic {real} --html {directory}/r.html"),
            &[directory],
        );
    }
    assert_eq!(sandbox.read("file"), "");
}

#[test]
fn what_exists_is_not_overwritten() {
    let sandbox = Sandbox::new();
    sandbox.sql("out.duckdb", "CREATE TABLE mine (i INTEGER);");
    fs::create_dir(sandbox.path("out")).unwrap();
    sandbox.write("out/mine.txt", "mine");
    sandbox.write("prodlike.toml", "# mine\n");
    let generate = format!("generate {} -o", model());
    sandbox.refused(
        &format!("{generate} out.duckdb"),
        &["`out.duckdb`", "--overwrite"],
    );
    sandbox.refused(
        &format!("{generate} out"),
        &["`out` already exists", "--overwrite"],
    );
    sandbox.refused(
        &format!("{generate} out --overwrite"),
        &["`out` is not a dataset that prodlike wrote"],
    );
    let before = fs::read(sandbox.path("out.duckdb")).unwrap();
    sandbox.refused(
        &format!("{generate} out.duckdb --overwrite"),
        &["`out.duckdb` is there, and is no database that prodlike wrote"],
    );
    assert_eq!(fs::read(sandbox.path("out.duckdb")).unwrap(), before);
    let init = format!("init {}", chinook().display());
    for overwrite in ["", " --overwrite"] {
        sandbox.refused(
            &format!("{init}{overwrite}"),
            &["`prodlike.toml` is there, and is no manifest"],
        );
    }
    assert_eq!(sandbox.read("prodlike.toml"), "# mine\n");
    fs::remove_file(sandbox.path("prodlike.toml")).unwrap();
    for (write, name) in [
        (init, "prodlike.toml"),
        (format!("{generate} new.duckdb"), "new.duckdb"),
    ] {
        sandbox.ok(&write);
        sandbox.refused(&write, &[&format!("`{name}`"), "exists", "--overwrite"]);
        sandbox.ok(&format!("{write} --overwrite"));
    }
}

#[test]
fn sizes_that_are_none() {
    let sandbox = Sandbox::new();
    let generate = format!("generate {} -o out", model());
    for scale in ["-1", "0", "nan", "inf"] {
        sandbox.refused(
            &format!("{generate} --scale {scale}"),
            &["must be a positive number"],
        );
    }
    sandbox.fails(
        &format!("{generate} --scale ten"),
        2,
        &["invalid value 'ten'"],
    );
    sandbox.refused(&format!("{generate} --scale 1e30"), &["is the most"]);
    for part in ["8/7", "0/7", "1/0", "0/0"] {
        sandbox.refused(&format!("{generate} --part {part}"), &["does not exist"]);
    }
    for part in ["7", "a/b", "1/7/9", "-1/7"] {
        sandbox.fails(&format!("{generate} --part={part}"), 2, &["--part"]);
    }
    sandbox.refused(&format!("{generate} --chunk-rows 0"), &["Chunks of 0 rows"]);
    sandbox.fails(
        &format!("{generate} --rows invoice"),
        2,
        &["expected TABLE=N"],
    );
    sandbox.fails(
        &format!("{generate} --rows invoice=-1"),
        2,
        &["not a number of rows"],
    );
    sandbox.fails(
        "generate m.prodlike -o made --threads 100000",
        2,
        &["a number of threads, 1024 at most"],
    );
    sandbox.fails(&format!("{generate} --seed -1"), 2, &["-1"]);
}

#[test]
fn tables_that_are_none() {
    let sandbox = Sandbox::new();
    let generate = format!("generate {} -o out", model());
    for option in [
        "--table trakc",
        "--rows trakc=5",
        "--table track --table trakc",
    ] {
        sandbox.refused(
            &format!("{generate} {option}"),
            &["Table `trakc` is not in the model", "Did you mean `track`?"],
        );
    }
    sandbox.refused(
        &format!("{generate} --rows genre=5"),
        &["Table `genre` is kept", "25 real rows"],
    );
}

#[test]
fn formats_that_do_not_fit() {
    let sandbox = Sandbox::new();
    let generate = format!("generate {} -o out.duckdb", model());
    sandbox.refused(
        &format!("{generate} --format csv"),
        &["`--format` does not apply"],
    );
    sandbox.refused(
        &format!("{generate} --part 1/2"),
        &["A part of a DuckDB file cannot be written"],
    );
    sandbox.fails(
        &format!("generate {} -o out --format xml", model()),
        2,
        &["xml"],
    );
    sandbox.fails(&format!("generate {}", model()), 2, &["--output"]);
    sandbox.fails("invent", 2, &["invent"]);
}

#[test]
fn parts_of_different_datasets() {
    let sandbox = Sandbox::new();
    let generate = format!("generate {} -o out --part", model());
    sandbox.ok(&format!("{generate} 1/2 --seed 1"));
    sandbox.refused(
        &format!("{generate} 2/2 --seed 2"),
        &["does not belong with part", "seed"],
    );
    sandbox.ok(&format!("{generate} 2/2 --seed 1"));
    sandbox.ok(&format!("generate {} -o whole --seed 1", model()));
    assert!(sandbox.files("whole") == sandbox.files("out"));
}

/// Chinook's manifest with one change.
fn manifest_with(from: &str, to: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    fs::copy(
        fitted().join("prodlike.toml"),
        sandbox.path("prodlike.toml"),
    )
    .unwrap();
    sandbox.edit("prodlike.toml", from, to);
    sandbox
}

#[test]
fn mistakes_in_a_manifest() {
    for (from, to, words) in [
        (
            "[tables.album]\nmode =",
            "[tables.album]\nmoed =",
            ["unknown key `moed`", "Did you mean `mode`?"],
        ),
        (
            "[tables.album]\nmode = \"generate\"",
            "[tables.album]\nmode = \"generated\"",
            ["cannot be `generated`", "Did you mean `generate`?"],
        ),
        (
            "parent_table = \"artist\"",
            "parent_table = \"artsit\"",
            [
                "table `artsit` is not in the schema",
                "Did you mean `artist`?",
            ],
        ),
        (
            "primary_key = [\"album_id\"]",
            "primary_key = [\"album\"]",
            ["`album.album` is not in the schema", "Did you mean"],
        ),
        (
            "milliseconds = {",
            "millisecond = {",
            [
                "column `millisecond` of table `track` is not in the source",
                "id you mean `milliseconds`?",
            ],
        ),
        (
            "milliseconds = { type = \"INTEGER\", nullable = false, semantic = \"numerical\" }",
            "",
            [
                "`milliseconds` of table `track` is not in the manifest",
                "exclude = true",
            ],
        ),
        (
            "[tables.media_type",
            "[tables.media_kind",
            ["`media_type` is not in the schema", "hint"],
        ),
        (
            "milliseconds = { type = \"INTEGER\"",
            "milliseconds = { type = \"VARCHAR\"",
            [
                "`track.milliseconds` is INTEGER in the source",
                "VARCHAR in the manifest",
            ],
        ),
        ("[sample]", "[sample", ["Failed to parse manifest", "line"]),
        ("k = 10", "k = 0", ["must be at least", "k = "]),
        (
            "format = 1",
            "format = 2",
            ["has format 2", "Use a newer version"],
        ),
    ] {
        let sandbox = manifest_with(from, to);
        let ran = sandbox.run("fit -o m.prodlike");
        assert_eq!(ran.code, Some(1), "{ran}");
        let said = ran.stderr.to_lowercase();
        for word in words {
            assert!(said.contains(&word.to_lowercase()), "no `{word}` in {ran}");
        }
        assert!(said.contains("\nhint: "), "{ran}");
        assert_eq!(sandbox.listing().len(), 1, "{ran}");
    }
}

#[test]
fn a_table_of_the_source_that_the_manifest_lacks() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (i INTEGER); INSERT INTO t SELECT i % 5 FROM range(100) r(i);",
    );
    sandbox.ok("init real.duckdb");
    sandbox.sql("real.duckdb", "CREATE TABLE later AS SELECT 1 AS secret;");
    sandbox.refused(
        "fit -o m.prodlike",
        &["`later` is not in the manifest", "exclude"],
    );
    sandbox.sql(
        "real.duckdb",
        "DROP TABLE later; ALTER TABLE t ADD COLUMN secret VARCHAR;",
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &[
            "`secret` of table `t` is not in the manifest",
            "exclude = true",
        ],
    );
}

#[test]
fn keys_that_do_not_hold() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (i INTEGER, j INTEGER);
         INSERT INTO t SELECT i % 50, CASE WHEN i % 10 = 0 THEN NULL ELSE i END FROM range(100) r(i);",
    );
    sandbox.ok("init real.duckdb");
    sandbox.edit(
        "prodlike.toml",
        "mode = \"generate\"\n",
        "mode = \"generate\"\nprimary_key = [\"i\"]\n",
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &["of table `t` is not unique: 50 of 100 rows"],
    );
    sandbox.edit("prodlike.toml", "[\"i\"]", "[\"j\"]");
    sandbox.refused(
        "fit -o m.prodlike",
        &["10 of 100 rows of table `t` have NULL"],
    );
}

#[test]
fn scores_below_their_floor() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("generate {} -o out", model()));
    let evaluate = format!(
        "evaluate --real {} --synthetic out --fail-under",
        manifest()
    );
    let ran = sandbox.run(&format!("{evaluate} quality=1"));
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.stderr.contains("Below the floor: quality is"), "{ran}");
    sandbox.ok(&format!("{evaluate} quality=0.5 --fail-under diagnostic=1"));
    let ran = sandbox.run(&format!(
        "{evaluate} detection=1 --fail-under two_hop_trends=0.1"
    ));
    assert!(
        ran.stderr.contains("Below the floor: detection is"),
        "{ran}"
    );
    assert!(!ran.stderr.contains("two_hop_trends"), "{ran}");
    let ran = sandbox.run(&format!("{evaluate} beauty=0.5"));
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.stderr.contains("here is no score `beauty`"), "{ran}");
    sandbox.fails(
        &format!("{evaluate} quality=2"),
        2,
        &["not between 0 and 1"],
    );
}

/// A component of one module, whose functions have these locals and bodies.
fn component(bodies: &[Vec<u8>]) -> Vec<u8> {
    fn number(mut n: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while n >= 0x80 {
            bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        bytes.push(n as u8);
        bytes
    }
    let section = |id: u8, content: Vec<u8>| [vec![id], number(content.len()), content].concat();
    let count = number(bodies.len());
    let bodies = bodies.iter().map(|body| {
        let body = [body.as_slice(), &[0x0b]].concat();
        [number(body.len()), body].concat()
    });
    let bodies: Vec<Vec<u8>> = bodies.collect();
    let module = [
        b"\0asm\x01\0\0\0".to_vec(),
        // One type: nothing to nothing.
        section(1, vec![1, 0x60, 0, 0]),
        section(3, [count.clone(), vec![0; bodies.len()]].concat()),
        section(10, [count, bodies.concat()].concat()),
    ];
    [b"\0asm\x0d\0\x01\0".to_vec(), section(1, module.concat())].concat()
}

#[test]
fn components_with_too_much_code_are_not_compiled() {
    let sandbox = Sandbox::new();
    let refused = |bodies: &[Vec<u8>], words: &[&str]| {
        sandbox.write("x.wasm", component(bodies));
        for verb in ["add", "inspect"] {
            sandbox.refused(&format!("plugin {verb} x.wasm"), words);
        }
    };
    // No locals, and what does nothing.
    let nops = |n: usize| [vec![0], vec![0x01; n]].concat();
    refused(
        &vec![nops(0); 200_001],
        &[
            "error: `x.wasm` has too much code to be compiled: it has 200001 functions, and 200000 \
             are the most\n",
            "hint: Leave out what the plugin does not need",
        ],
    );
    refused(
        &[nops(1 << 20)],
        &["compiled: a function has 1048578 bytes, and 1048576 are the most\n"],
    );
    refused(
        &[[vec![1, 0xe8, 0x07, 0x7f], vec![0x01; 1 << 17]].concat()],
        &["a function has 131077 bytes and 1000 variables, and their product may be 67108864\n"],
    );
    // Up to that, it is compiled, and seen to be no plugin.
    for bodies in [vec![nops(0); 20_000], vec![nops((1 << 20) - 2)]] {
        sandbox.write("x.wasm", component(&bodies));
        let ran = sandbox.run("plugin inspect x.wasm");
        assert!(ran.stderr.contains("`x.wasm` is not a plugin"), "{ran}");
    }
}
