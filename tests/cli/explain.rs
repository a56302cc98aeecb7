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
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike invoice.billing_country"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    invoice.billing_country: VARCHAR, country
    NULL in 0.0% of the rows
    Drawn 6th of 6 in its row, as one of 24 levels
    Learned by a tree of 2 leaves from
      customer → `state`, 1 split
    Held-out bits a row: marginal 4.569, tree 4.436
    Where its owner has a row before it: as one of 25 levels or the value before
    Learned by itself: no other column says anything of it
    Held-out bits a row: marginal 0.000, tree 0.000
    At least 10 entities are behind every value

    USA             22.1%
    Canada          13.6%
    Brazil           8.5%
    France           8.5%
    Germany          6.8%
    United Kingdom   5.1%
    Czech Republic   3.4%
    Portugal         3.4%
    India            3.2%
    Argentina        1.7%
    and 14 more

    ----- stderr -----
    ");
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike customer.email"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    customer.email: VARCHAR NOT NULL, email
    Filled by generator `email`: never learned

    ----- stderr -----
    ");
    assert_cmd_snapshot!(sandbox.command("inspect m.prodlike invoice"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    invoice: 412 rows; at least 10 entities behind every value
    Primary key: invoice_id

    column               type           meaning     NULL  filled                      values
    invoice_id           INTEGER        id          0.0%  counter                     from 1
    customer_id          INTEGER        id          0.0%  key of invoice.customer_id
    invoice_date         TIMESTAMP      datetime    0.0%  learned alone               2007-01-17T00:00:00 … 2009-06-24T00:00:00 … 2011-12-01T00:00:00
    billing_address      VARCHAR        address     0.0%  generator address
    billing_city         VARCHAR        city        0.0%  generator city
    billing_state        VARCHAR        state      49.0%  generator state             AA
    billing_country      VARCHAR        country     0.0%  learned, 2 leaves           USA 22.1%, Canada 13.6%, Brazil 8.5%, 21 more
    billing_postal_code  VARCHAR        postcode    0.0%  generator postcode          99999
    total                DECIMAL(10,2)  numerical   0.0%  learned, 7 leaves           0.99 … 3.96 … 19.86

    relationship             parent    part   children  no parent  childless  mean  95%  most
    invoice.customer_id      customer  owner       412          0       0.0%  6.98    7     7
    invoice_line.invoice_id  invoice   owner     2,240          0       0.0%  5.44   14    14

    suppressed by the floor  what      count
    invoice.customer_id      fan-outs      1
    invoice.invoice_date     bounds       72
    invoice.invoice_date     values        5
    invoice.total            bounds       14
    invoice.total            values       16

    ----- stderr -----
    ");
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
    let country =
        json(&sandbox.ok("inspect m.prodlike invoice.billing_country --output-format json"));
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
    assert_cmd_snapshot!(sandbox.command("diff m.prodlike m.prodlike"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    The models are the same, byte for byte

    ----- stderr -----
    ");
    fs::copy(chinook(), sandbox.path("chinook.duckdb")).unwrap();
    sandbox.sql(
        "chinook.duckdb",
        "UPDATE track SET milliseconds = milliseconds * 2 WHERE genre_id = 1;
         ALTER TABLE invoice ADD COLUMN vat DECIMAL(5, 2);
         UPDATE customer SET company = NULL;
         DELETE FROM playlist_track WHERE track_id % 3 = 0;",
    );
    sandbox.ok("fit chinook.duckdb -o n.prodlike -q");
    assert_cmd_snapshot!(sandbox.command("diff m.prodlike n.prodlike --least 0.1"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    5 changes; 64 columns and 11 relationships compared

    1.000  invoice.vat              column added  not there → DECIMAL(5,2)
    0.334  playlist_track           rows          8715 → 5804
    0.333  playlist_track.track_id  fan out       mean 2.49, 55.6% have at most 2 → mean 1.66, 70.6% have at most 2
    0.272  track.milliseconds       distribution  81.9% are at most 358864 → 54.7% are at most 358864
    0.169  customer.company         nulls         83.1% → 100.0%

    ----- stderr -----
    ");
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
