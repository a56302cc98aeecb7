//! `inspect`, `diff`, completions and the manual; results as JSON.

use std::collections::BTreeSet;
use std::fs;

use insta_cmd::assert_cmd_snapshot;
use serde_json::Value;

use crate::util::{Ran, Sandbox, chinook, manifest, model};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| unreachable!("{error}: {ran}"))
}

/// Chinook's model, under a short name.
fn fitted() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::copy(model(), sandbox.path("m.prodlike")).unwrap();
    sandbox
}

#[test]
fn a_column_is_explained() {
    let sandbox = fitted();
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike invoice.billing_country"), @"");
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike customer.email"), @"");
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike invoice"), @"");
}

#[test]
fn what_is_not_there_is_told_with_what_is_near() {
    let sandbox = fitted();
    sandbox.refused("inspect m.prodlike trakc", &["Table `trakc`", "`track`?"]);
    sandbox.refused(
        "inspect m.prodlike track.compser",
        &[
            "Column `track.compser` is not in the model",
            "`track.composer`?",
        ],
    );
    sandbox.refused("inspect missing.prodlike", &["`missing.prodlike`"]);
    sandbox.refused("diff m.prodlike missing.prodlike", &["`missing.prodlike`"]);
}

#[test]
fn a_model_explains_itself_to_programs() {
    let sandbox = fitted();
    let all = json(&sandbox.ok("inspect m.prodlike --output-format json"));
    let tables = all["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 11);
    let mut ways = BTreeSet::new();
    for table in tables {
        for column in table["columns"].as_array().unwrap() {
            ways.insert(column["filled"]["by"].as_str().unwrap().to_string());
            let levels = column["levels"].as_array().unwrap().iter();
            let shares: f64 = levels.filter_map(|level| level["share"].as_f64()).sum();
            let nulls = column["nulls"].as_f64().unwrap_or(0.0);
            assert!(shares + nulls < 1.000_01, "{column}");
        }
    }
    assert_eq!(
        ways.into_iter().collect::<Vec<_>>(),
        ["foreign_key", "generator", "kept", "learned", "sequence"]
    );
    // What it says of the data is what the data says, where no floor stands between.
    let country = json(&sandbox.ok("inspect m.prodlike invoice.billing_country --output-format json"));
    let top = &country["tables"][0]["columns"][0]["levels"][0];
    let real = sandbox.ask(
        chinook().to_str().unwrap(),
        "SELECT billing_country, count(*) / 412.0 FROM invoice GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
    );
    assert_eq!(top["value"].as_str().unwrap(), real[0][0]);
    let lines = all["relationships"].as_array().unwrap();
    let lines = lines
        .iter()
        .find(|edge| edge["relationship"] == "invoice_line.invoice_id");
    let fan_out = &lines.unwrap()["fan_out"];
    assert_eq!(fan_out["parents"], 412);
    assert!((fan_out["mean"].as_f64().unwrap() - 2240.0 / 412.0).abs() < 1e-9);
    assert_eq!(fan_out["most"], 14);
}

#[test]
fn the_greatest_change_comes_first() {
    let sandbox = fitted();
    assert_cmd_snapshot!(sandbox.command("diff m.prodlike m.prodlike"), @"");
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    sandbox.sql(
        "chinook.duckdb",
        "UPDATE track SET milliseconds = milliseconds * 2 WHERE genre_id = 1;
         ALTER TABLE invoice ADD COLUMN vat DECIMAL(5, 2);
         UPDATE customer SET company = NULL;
         DELETE FROM playlist_track WHERE track_id % 3 = 0;",
    );
    sandbox.ok("fit chinook.duckdb -o n.prodlike -q");
    assert_cmd_snapshot!(sandbox.command("diff m.prodlike n.prodlike --least 0.1"), @"");
    let found = json(&sandbox.ok("diff m.prodlike n.prodlike --output-format json"));
    let sizes: Vec<f64> = found["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["size"].as_f64().unwrap())
        .collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b));
    assert!(sizes.iter().all(|size| *size > 0.0 && *size <= 1.0));
}

#[test]
fn results_are_json_where_that_is_asked_for() {
    let sandbox = Sandbox::new();
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    let made = json(&sandbox.ok("init chinook.duckdb --output-format json"));
    assert_eq!(
        (made["tables"].as_u64(), made["relationships"].as_u64()),
        (Some(11), Some(11))
    );
    let fitted = json(&sandbox.ok("fit -o m.prodlike --output-format json"));
    let generated = json(&sandbox.ok("generate m.prodlike -o out --output-format json"));
    assert_eq!(generated["rows"], 15_607);
    assert_eq!(generated["model_digest"], fitted["model_digest"]);
    let planned = json(&sandbox.ok("generate m.prodlike --dry-run --output-format json"));
    assert_eq!(planned["rows"], generated["rows"]);
    let evaluated = json(&sandbox.ok(&format!(
        "evaluate --real {} --synthetic out --output-format json",
        manifest()
    )));
    assert!(evaluated["properties"].is_array());
}

#[test]
fn every_verb_is_completed_and_has_a_page() {
    let sandbox = Sandbox::new();
    let verbs = [
        "init", "fit", "generate", "evaluate", "snapshot", "inspect", "diff",
    ];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.ok(&format!("completions {shell}")).stdout;
        assert!(verbs.iter().all(|verb| script.contains(verb)), "{shell}");
    }
    let manual = sandbox.ok("man").stdout;
    fs::create_dir(sandbox.path("pages")).unwrap();
    let ran = sandbox.ok("man -o pages");
    assert_eq!(ran.stdout, "");
    for verb in verbs {
        let page = sandbox.read(&format!("pages/prodlike-{verb}.1"));
        assert!(page.contains(".TH") && page.contains("SYNOPSIS"));
        assert!(manual.contains(&page), "{verb}");
    }
    sandbox.refused("man -o missing", &["`missing/prodlike.1`"]);
}

#[test]
fn colours_are_for_those_who_want_them() {
    let sandbox = Sandbox::new();
    let coloured = |settings: &[(&str, &str)]| {
        let mut command = sandbox.command("inspect missing");
        command
            .env_remove("NO_COLOR")
            .envs(settings.iter().copied());
        String::from_utf8(command.output().unwrap().stderr)
            .unwrap()
            .contains('\x1b')
    };
    assert!(!coloured(&[]), "standard error is no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
