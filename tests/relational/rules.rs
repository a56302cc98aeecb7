//! Rules of a manifest, which `evaluate` holds real and synthetic rows against.

use serde_json::Value;

use super::guest::{Guest, error};
use super::plugins::component;
use crate::util::Sandbox;

const MANIFEST: &str = r#"
format = 1
[source]
path = "shop.duckdb"
[privacy]
k = 5
entities = []
[tables.customer]
mode = "generate"
primary_key = ["id"]
[tables.customer.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
vip = { type = "BOOLEAN", nullable = false, semantic = "boolean" }
account = { type = "VARCHAR", semantic = "iban" }
[tables.stay]
mode = "generate"
primary_key = ["id"]
rules = [
  "left_at >= came_at",
  "customer.vip OR nights < 100 -- a comment",
]
[tables.stay.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
guest = { type = "INTEGER", semantic = "id" }
came_at = { type = "DATE", nullable = false, semantic = "datetime" }
left_at = { type = "DATE", semantic = "datetime" }
nights = { type = "INTEGER", nullable = false, semantic = "numerical" }
[[relationships]]
parent_table = "customer"
parent_key = ["id"]
child_table = "stay"
child_key = ["guest"]
"#;

/// Customers, of whom every second is a very important one, and their stays.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, vip BOOLEAN NOT NULL, account VARCHAR);
         INSERT INTO customer SELECT i, i % 2 = 0, 'DE89370400440532013000' FROM range(200) t(i);
         CREATE TABLE stay (id INTEGER PRIMARY KEY, guest INTEGER, came_at DATE NOT NULL,
             left_at DATE, nights INTEGER NOT NULL);
         INSERT INTO stay SELECT i, if(i % 10 = 0, NULL, i % 200), DATE '2024-01-01' + CAST(i % 50 AS INTEGER),
             if(i % 9 = 0, NULL, DATE '2024-01-01' + CAST(i % 50 + i % 7 AS INTEGER)), i % 7
         FROM range(1000) t(i);",
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox
}

/// Replaces the rules of the stays.
fn with_rules(sandbox: &Sandbox, rules: &str) {
    let (before, behind) = MANIFEST.split_once("rules = [").unwrap();
    let (_, behind) = behind.split_once("\n]").unwrap();
    let manifest = format!("{before}rules = [{rules}]{behind}");
    sandbox.write("prodlike.toml", manifest);
}

/// A rule, its score, that of the real rows, and a note.
type Scored = (String, Option<f64>, Option<f64>, Option<String>);

/// The property of rules in a report; score and baseline of each.
fn rules(sandbox: &Sandbox) -> Vec<Scored> {
    sandbox.run("evaluate --real prodlike.toml --synthetic made.duckdb --json report.json");
    let report: Value = serde_json::from_str(&sandbox.read("report.json")).unwrap();
    let properties = report["properties"].as_array().unwrap();
    let found = properties.iter().find(|it| it["name"] == "rules").unwrap();
    let details = found["details"].as_array().unwrap().iter();
    details
        .map(|detail| {
            assert_eq!(detail["metric"], "RuleAdherence");
            (
                detail["rule"].as_str().unwrap().to_string(),
                detail["score"].as_f64(),
                detail["baseline"].as_f64(),
                detail["note"].as_str().map(str::to_string),
            )
        })
        .collect()
}

#[test]
fn expressions_are_held_against_rows_and_their_parents() {
    let sandbox = shop();
    assert!(!sandbox.ok("fit -o m.prodlike").stderr.contains("rule"));
    sandbox.ok("generate m.prodlike -o made.duckdb --no-keys");
    let evaluate = "evaluate --real prodlike.toml --synthetic made.duckdb";
    // What was made is put right, so that the shares are known.
    sandbox.sql(
        "made.duckdb",
        "UPDATE stay SET left_at = came_at, nights = 1",
    );
    let told = sandbox
        .ok(&format!("{evaluate} --fail-under rules=1.0"))
        .stdout;
    assert!(told.contains("Rules 100.0%"), "{told}");
    // A key that repeats gives a row no second parent.
    sandbox.sql(
        "made.duckdb",
        "CREATE TABLE again AS FROM customer;
         CREATE OR REPLACE TABLE customer AS SELECT id, false AS vip, account FROM again
             UNION ALL SELECT id, false, account FROM again;
         DROP TABLE again;
         UPDATE stay SET left_at = came_at - 1 WHERE id IN (SELECT id FROM stay LIMIT 250);
         UPDATE stay SET nights = 200;
         UPDATE stay SET guest = NULL WHERE id IN (SELECT id FROM stay LIMIT 100);",
    );
    let orphans = "SELECT count(*) FROM stay WHERE guest IS NULL";
    let orphans: f64 = sandbox.value("made.duckdb", orphans).parse().unwrap();
    let [first, second] = rules(&sandbox).try_into().unwrap();
    assert_eq!(first.0, "left_at >= came_at");
    assert_eq!((first.1, first.2), (Some(0.75), Some(1.0)));
    // NULL holds: whose customer is unknown may be important.
    assert_eq!((second.1, second.2), (Some(orphans / 1000.0), Some(1.0)));
    let told = sandbox.run(&format!("{evaluate} --fail-under rules=1.0"));
    assert_eq!(told.code, Some(1));
    assert!(told.stderr.contains("Below the floor: rules is"), "{told}");
    assert!(told.stdout.contains("stay: left_at >= came_at"), "{told}");
    // Rules count into neither mean: those are as they would be without.
    let xml = {
        sandbox.run(&format!("{evaluate} --junit report.xml --html report.html"));
        sandbox.read("report.xml")
    };
    assert!(xml.contains("score 75.0%, the real rows 100.0%"), "{xml}");
    assert!(
        sandbox
            .read("report.html")
            .contains("left_at &gt;= came_at")
    );
    let report = |sandbox: &Sandbox| -> (Value, Value) {
        sandbox.run(&format!("{evaluate} --json report.json"));
        let report: Value = serde_json::from_str(&sandbox.read("report.json")).unwrap();
        (report["quality"].clone(), report["diagnostic"].clone())
    };
    let with = report(&sandbox);
    with_rules(&sandbox, "");
    assert_eq!(with, report(&sandbox));
    // A score that nothing has is no score that is reached.
    let told = sandbox.run(&format!("{evaluate} --fail-under rules=0"));
    assert!(told.stderr.contains("rules is not measured"), "{told}");
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.sql("made.duckdb", "ALTER TABLE customer DROP vip");
    let [_, second] = rules(&sandbox).try_into().unwrap();
    assert_eq!(second.1, None);
    let note = "the synthetic data has no column `customer.vip`";
    assert_eq!(second.3.as_deref(), Some(note));
}

#[test]
fn what_few_real_rows_break_is_said_without_a_number() {
    let sandbox = shop();
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --no-keys");
    with_rules(&sandbox, "\"id <> 7\", \"id >= 100\", \"id < 3\"");
    let warned = sandbox.ok("fit -o again.prodlike").stderr;
    for words in [
        "Fewer than 5 of the real rows of table `stay` break its rule `id <> 7`",
        "10.0 % of the real rows of table `stay` break its rule `id >= 100`",
    ] {
        assert!(warned.contains(words), "no {words} in {warned}");
    }
    let [few, some, most] = rules(&sandbox).try_into().unwrap();
    assert_eq!(few.2, None);
    assert_eq!(
        few.3.unwrap(),
        "so few real rows break it that their share is not told"
    );
    assert_eq!((some.2, some.3), (Some(0.9), None));
    assert_eq!(most.2, None);
    assert_eq!(
        most.3.unwrap(),
        "so few real rows keep it that their share is not told"
    );
}

#[test]
fn plugins_say_which_rows_can_be() {
    let sandbox = shop();
    std::fs::copy(component("check-digit"), sandbox.path("plugin.wasm")).unwrap();
    sandbox.ok("plugin add plugin.wasm");
    let manifest = MANIFEST
        .replace("[tables.customer]\nmode", "[tables.customer]\nrules = [{ name = \"check-digit\", options = { scheme = \"iban\" }, input = [\"account\"] }]\nmode")
        .replace("  \"left_at >= came_at\",", "  { name = \"check-digit\", options = { scheme = \"iban\" }, input = [\"customer.account\"] },");
    sandbox.write("prodlike.toml", manifest);
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --no-keys");
    sandbox.sql(
        "made.duckdb",
        "UPDATE customer SET account = if(id % 4 = 0, 'DE00', NULL)",
    );
    let [of_customers, of_stays, _] = rules(&sandbox).try_into().unwrap();
    assert_eq!(of_customers.0, r#"check-digit(account) {"scheme":"iban"}"#);
    let share = |query: &str| -> f64 { sandbox.value("made.duckdb", query).parse().unwrap() };
    let customers = share("SELECT avg(if(account IS NULL, 1, 0)) FROM customer");
    let stays = share(
        "SELECT avg(if(account IS NULL, 1, 0)) FROM stay LEFT JOIN customer c ON c.id = guest",
    );
    assert!(customers < 0.8 && stays < 0.9);
    let same = |left: Option<f64>, right: f64| (left.unwrap() - right).abs() < 1e-9;
    assert!(same(of_customers.1, customers), "{of_customers:?}");
    assert!(same(of_stays.1, stays), "{of_stays:?}");
    assert_eq!((of_customers.2, of_stays.2), (Some(1.0), Some(1.0)));
}

#[test]
fn a_model_shows_its_rules() {
    let sandbox = shop();
    let rules = r#"
        '''left_at >= came_at
            AND nights >= 0''',
        { name = "check-digit", options = { scheme = "iban" }, input = ["customer.account"] }"#;
    with_rules(&sandbox, rules);
    let plugin = component("check-digit").display().to_string();
    sandbox.ok(&format!("plugin add {plugin}"));
    sandbox.ok("fit -o m.prodlike");
    let sql = "stay   SQL     left_at >= came_at AND nights >= 0\n";
    let plugin = "stay   plugin  check-digit(customer.account) {\"scheme\":\"iban\"}\n";
    for subject in ["", "stay"] {
        let told = sandbox.ok(&format!("inspect m.prodlike {subject}")).stdout;
        let lines = format!("rules  by      what must hold\n{sql}{plugin}");
        assert!(told.contains(&lines), "{told}");
    }
    let told = sandbox.ok("inspect m.prodlike customer").stdout;
    assert!(!told.contains("what must hold"), "{told}");
    let told = sandbox.ok("inspect m.prodlike --output-format json").stdout;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["tables"][0]["rules"], serde_json::json!([]));
    assert_eq!(
        told["tables"][1]["rules"],
        serde_json::json!([
            { "by": "expression", "expression": "left_at >= came_at\n            AND nights >= 0" },
            {
                "by": "plugin", "plugin": "check-digit", "options": { "scheme": "iban" },
                "input": ["customer.account"],
            },
        ])
    );
}

/// A shop whose rule is a plugin of which a test decides what it does.
fn with_plugin(guest: Guest) -> Sandbox {
    let sandbox = shop();
    let guest = Guest {
        name: "stock",
        kinds: &["rule"],
        ..guest
    };
    sandbox.write("stock.wasm", guest.build());
    sandbox.ok("plugin add stock.wasm");
    with_rules(&sandbox, r#"{ name = "stock", input = ["nights"] }"#);
    sandbox
}

/// A rule with one domain that does this with a batch.
fn running(code: &str) -> Guest {
    let mut guest = Guest::default();
    guest.domains = guest.memory.ranges(&[(0.0, 1.0)]);
    guest.batch = code.into();
    guest
}

#[test]
fn rules_that_cannot_be_checked_are_refused() {
    let sandbox = shop();
    for (rules, words) in [
        (
            r#""left_a >= came_at""#,
            &["names `left_a`", "Did you mean `left_at`?"][..],
        ),
        (r#""customer.nothing = 1""#, &["names `customer.nothing`"]),
        (r#""nights + 1""#, &["is of type INTEGER", "true or false"]),
        (r#""nights >""#, &["is not an expression"]),
        (r#""nights > random()""#, &["does not always give the same"]),
        (r#""id IN (SELECT 1)""#, &["holds a query"]),
        (r#""nights > came_at""#, &["cannot be computed"]),
        (
            r#"{ name = "check-digits", input = ["id"] }"#,
            &["Unknown rule `check-digits`", "plugin add"],
        ),
        (
            r#"{ name = "x", input = ["night"] }"#,
            &["at line 18", "night"],
        ),
        (r#"{ name = "x" }"#, &["at line 18", "input"]),
        (r#"{ name = "x", input = [] }"#, &["at line 18", "input"]),
        (
            r#"{ name = "x", input = ["id"], most = 3 }"#,
            &["at line 18", "most"],
        ),
        ("7", &["at line 18", "an array of strings and tables"]),
    ] {
        with_rules(&sandbox, rules);
        sandbox.refused("fit -o m.prodlike", words);
    }
    let sandbox = with_plugin(running("unreachable"));
    sandbox.refused(
        "fit -o m.prodlike",
        &["table `stay`", "stock", "unreachable"],
    );
    with_rules(&sandbox, r#"{ name = "stock", input = ["left_at"] }"#);
    sandbox.refused(
        "fit -o m.prodlike",
        &["a range of numbers for column `left_at`", "type DATE"],
    );
    let key =
        r#"{ name = "stock", input = ["nights"], secrets = { key = "env:PRODLIKE_NO_KEY" } }"#;
    with_rules(&sandbox, key);
    sandbox.refused("fit -o m.prodlike", &["`stay`", "PRODLIKE_NO_KEY"]);
    // What a plugin says of real rows is not shown.
    let mut guest = running("");
    let words = guest.memory.text(b"Mrs Miller stayed twice");
    guest.batch = error(None, words);
    let ran = with_plugin(guest).run("fit -o m.prodlike");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("of `stay, rule stock` gave up"),
        "{ran}"
    );
    assert!(!ran.stderr.contains("Miller"), "{ran}");
}
