//! `snapshot`: the whole job, its gates, and what a kill at any moment leaves.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::util::{Sandbox, chinook, ends, nycflights, wait_until};

/// A directory with Chinook's manifest, as `init` wrote it.
fn looked_at() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    sandbox.ok("init chinook.duckdb -q");
    sandbox
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn start(sandbox: &Sandbox, arguments: &str) -> Child {
    let mut command = sandbox.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// The seed of what is published, after a look at every file that it lists.
fn published(sandbox: &Sandbox, out: &str) -> u64 {
    let is_database = out.ends_with(".duckdb");
    let dataset = match is_database {
        true => json(&sandbox.path(&format!("{out}.dataset.json"))),
        false => json(&sandbox.path(&format!("{out}/dataset.json"))),
    };
    let dataset = &dataset["dataset"];
    let report = json(&sandbox.path(&format!("{out}.report.json")));
    assert_eq!(dataset["seed"], report["seed"]);
    assert_eq!(dataset["model_digest"], report["model_digest"]);
    let page = sandbox.read(&format!("{out}.report.html"));
    assert!(page.contains("</html>"));
    for table in dataset["plan"].as_array().unwrap() {
        let (name, rows) = (table["table"].as_str().unwrap(), &table["rows"]);
        if is_database {
            let count = format!("SELECT count(*) FROM {name}");
            assert_eq!(sandbox.value(out, &count), rows.to_string());
        }
    }
    for table in dataset["tables"].as_array().unwrap() {
        let directory = table["directory"].as_str().unwrap();
        for file in table["files"].as_array().unwrap() {
            let path = format!("{out}/{directory}/{}", file["file"].as_str().unwrap());
            let digest = format!(
                "SELECT sha256(content) FROM read_blob('{}')",
                sandbox.path(&path).display()
            );
            assert_eq!(
                sandbox.value("judge.duckdb", &digest),
                file["sha256"].as_str().unwrap(),
                "{path}"
            );
        }
    }
    dataset["seed"].as_u64().unwrap()
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_or_the_new() {
    for out in ["snap", "snap.duckdb"] {
        let sandbox = looked_at();
        sandbox.sql("judge.duckdb", "CREATE TABLE nothing (a INTEGER)");
        let begun = Instant::now();
        sandbox.ok(&format!("snapshot -o {out} -q"));
        let took = begun.elapsed();
        let whole: Vec<String> = sandbox
            .listing()
            .into_keys()
            .filter(|name| !name.starts_with('.') && !name.contains('/'))
            .collect();
        let mut seen = published(&sandbox, out);
        // The golden ratio spreads moments evenly over the run, in no order.
        for (seed, moment) in (1..=20).map(|i| (i, (f64::from(i) * 0.618_034).fract())) {
            let refit = if seed % 2 == 0 { " --refit" } else { "" };
            let mut child = start(&sandbox, &format!("snapshot -o {out} --seed {seed}{refit}"));
            std::thread::sleep(took.mul_f64(moment * 1.1));
            child.kill().unwrap();
            child.wait().unwrap();
            let now = published(&sandbox, out);
            assert!(
                now == seen || now == seed as u64,
                "{now} after {seen} and {seed}"
            );
            seen = now;
        }
        sandbox.ok(&format!("snapshot -o {out} --seed 77 -q"));
        assert_eq!(published(&sandbox, out), 77);
        let left: Vec<String> = sandbox
            .listing()
            .into_keys()
            .filter(|name| !name.starts_with('.') && !name.contains('/'))
            .collect();
        assert_eq!(left, whole);
        let versions = fs::read_dir(sandbox.path(&format!(".{out}.versions"))).unwrap();
        assert_eq!(versions.count(), 3, "the version, `current` and the lock");
    }
}

#[test]
fn a_first_run_that_fails_leaves_nothing() {
    let sandbox = looked_at();
    sandbox.edit("prodlike.toml", "chinook.duckdb", "missing.duckdb");
    sandbox.refused("snapshot", &["`missing.duckdb` does not exist"]);
    let empty = Sandbox::new();
    let ran = empty.refused("snapshot", &["There is no manifest `prodlike.toml`"]);
    assert!(ran.stderr.contains("prodlike init"), "{ran}");
    empty.write("shop.duckdb", "");
    empty.refused("snapshot shop.duckdb", &["`shop.duckdb` is no manifest"]);
}

#[test]
fn a_model_is_fitted_again_only_where_something_changed() {
    let sandbox = looked_at();
    let reused = |arguments: &str| {
        let ran = sandbox.ok(&format!("snapshot --output-format json {arguments}"));
        let result: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(result["published"], true);
        result["model_reused"].as_bool().unwrap()
    };
    assert!(!reused(""));
    let model = fs::read(sandbox.path("prodlike.prodlike")).unwrap();
    assert!(reused("--seed 2"));
    assert!(!reused("--refit"));
    let again = fs::read(sandbox.path("prodlike.prodlike")).unwrap();
    assert!(model == again, "the same fit wrote other bytes");
    // A comment and the job are no part of what is learned; a floor is, and so is the source.
    let manifest = sandbox.read("prodlike.toml") + "\n# mine\n[snapshot]\nseed = 9\n";
    sandbox.write("prodlike.toml", manifest);
    assert!(reused(""));
    sandbox.edit("prodlike.toml", "k = 10", "k = 11");
    assert!(!reused(""));
    sandbox.sql(
        "chinook.duckdb",
        "DELETE FROM playlist_track WHERE track_id = 1",
    );
    assert!(!reused(""));
    // A model that is not the stamped one is not trusted.
    fs::copy(
        sandbox.path("prodlike.toml"),
        sandbox.path("prodlike.prodlike"),
    )
    .unwrap();
    assert!(!reused(""));
}

#[test]
fn the_manifest_describes_the_job() {
    let sandbox = looked_at();
    let job = "\n[snapshot]\noutput = \"out/music\"\nmodel = \"music.model\"\nformat = \"csv\"\n\
               seed = 5\nscale = 0.5\nrows = { artist = 33 }\n\n[gates]\ndiagnostic = 0.5\n";
    let manifest = sandbox.read("prodlike.toml") + job;
    sandbox.write("prodlike.toml", manifest);
    fs::create_dir(sandbox.path("out")).unwrap();
    sandbox.ok("snapshot -q");
    assert_eq!(
        json(&sandbox.path("out/music/dataset.json"))["dataset"]["seed"],
        5
    );
    let artists = sandbox.read("out/music/artist/00000.csv");
    assert_eq!(artists.lines().count(), 34);
    assert!(sandbox.path("music.model").is_file());
    // What is typed wins.
    sandbox.ok("snapshot -q --seed 6 -o typed --format parquet");
    assert_eq!(
        json(&sandbox.path("typed/dataset.json"))["dataset"]["seed"],
        6
    );
    assert!(sandbox.path("typed/artist/00000.parquet").is_file());
}

#[test]
fn a_gate_that_fails_publishes_nothing_and_keeps_the_report() {
    let sandbox = looked_at();
    sandbox.ok("snapshot -q --fail-under diagnostic=1");
    let before = sandbox.files("snapshot");
    let ran = sandbox.run("snapshot --seed 3 --fail-under quality=1 --output-format json");
    assert_eq!(ran.code, Some(1), "{ran}");
    let result: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(result["published"], false);
    assert_eq!(result["gates"][0]["passed"], false);
    assert!(ran.stderr.contains("Below the floor: quality is "), "{ran}");
    assert_eq!(sandbox.files("snapshot"), before);
    assert_eq!(
        json(&sandbox.path("snapshot.rejected.report.json"))["seed"],
        3
    );
    // The next that passes takes the rejected report away.
    sandbox.ok("snapshot -q --seed 3");
    assert!(!sandbox.path("snapshot.rejected.report.json").exists());
    sandbox.refused(
        "snapshot --fail-under qualty=1",
        &["There is no score `qualty`"],
    );
}

#[test]
fn an_interrupted_run_publishes_nothing() {
    let sandbox = looked_at();
    let child = start(&sandbox, "snapshot -o out --scale 500");
    wait_until("nothing is generated", || {
        sandbox
            .listing()
            .keys()
            .any(|name| name.ends_with(".parquet"))
    });
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(ends(child), Some(130));
    let left: Vec<String> = sandbox.listing().into_keys().collect();
    assert_eq!(
        left,
        [
            "chinook.duckdb",
            "prodlike.prodlike",
            "prodlike.prodlike.source.json",
            "prodlike.toml"
        ]
    );
}

#[test]
fn what_snapshot_did_not_write_stays() {
    let sandbox = looked_at();
    sandbox.ok("fit -q -o m.prodlike");
    sandbox.ok("generate m.prodlike -q -o out");
    let before = sandbox.files("out");
    sandbox.refused(
        "snapshot -o out",
        &["`out` was not written by `prodlike snapshot`"],
    );
    assert_eq!(sandbox.files("out"), before);
    sandbox.write("s.report.html", "mine");
    sandbox.refused("snapshot -o s", &["`s.report.html`"]);
}

#[test]
fn two_runs_into_one_output_are_told_apart() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("init {} -q", nycflights().display()));
    let mut first = start(&sandbox, "snapshot -o out --seed 1");
    wait_until("the first run never began", || {
        fs::read_to_string(sandbox.path(".out.versions/lock")).is_ok_and(|pid| !pid.is_empty())
    });
    let ran = sandbox.run("snapshot -o out --seed 2");
    assert_eq!(ran.code, Some(1), "{ran}");
    let words = format!("Another run is writing `out` (process {})", first.id());
    assert!(ran.stderr.contains(&words), "{ran}");
    assert!(ran.stderr.contains("\nhint: "), "{ran}");
    first.kill().unwrap();
    first.wait().unwrap();
    // The lock died with its owner.
    std::thread::sleep(Duration::from_millis(50));
    let ran = sandbox.run("snapshot -o out --rows missing=1");
    assert!(!ran.stderr.contains("Another run"), "{ran}");
}

#[test]
fn outputs_that_would_be_read_as_sources_or_cut_off_are_refused() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("shop")).unwrap();
    let rows: String = (0..200).map(|idx| format!("{idx},{}\n", idx % 5)).collect();
    sandbox.write("shop/t.csv", format!("id,size\n{rows}"));
    sandbox.ok("init shop");
    sandbox.refused(
        "snapshot -o shop/out",
        &["The output `shop/out` is in the directory of the source `shop`"],
    );
    assert!(!sandbox.path("shop/out").exists());
    sandbox.ok("snapshot -o out");
    sandbox.refused(
        "generate prodlike.prodlike -o out --overwrite",
        &["`out` is a symbolic link, as `prodlike snapshot` publishes"],
    );
    sandbox.ok("snapshot -o out --seed 2");
}
