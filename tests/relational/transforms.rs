//! Real values that plugins change before anything is learned or kept.

use super::plugins::component;
use crate::util::Sandbox;

const MANIFEST: &str = r#"
format = 1
[source]
path = "shop.duckdb"
[privacy]
entities = []
[tables.account]
mode = "keep"
primary_key = ["email"]
[tables.account.columns]
email = { type = "VARCHAR", nullable = false, semantic = "email", transform = { name = "pseudonym", secrets = { key = "file:key" } } }
phone = { type = "VARCHAR", semantic = "phone", transform = { name = "mask" } }
[tables.visit]
mode = "generate"
primary_key = ["id"]
[tables.visit.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
email = { type = "VARCHAR", semantic = "email" }
day = { type = "DATE", semantic = "datetime" }
pages = { type = "INTEGER", semantic = "numerical", transform = { name = "noise", options = { within = 3 }, secrets = { key = "file:key" } } }
[[relationships]]
parent_table = "account"
parent_key = ["email"]
child_table = "visit"
child_key = ["email"]
"#;

/// Accounts whose rows travel, and visits that are learned.
fn shop(plugins: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE account (email VARCHAR PRIMARY KEY, phone VARCHAR);
         INSERT INTO account SELECT 'user' || i || '@shop' || i % 7 || '.example',
             if(i % 9 = 0, NULL, '+49 30 ' || 100000 + i) FROM range(400) t(i);
         CREATE TABLE visit (id INTEGER PRIMARY KEY, email VARCHAR, day DATE, pages INTEGER);
         INSERT INTO visit SELECT i, if(i % 10 = 0, NULL,
             'user' || i % 300 || '@shop' || i % 300 % 7 || '.example'),
             DATE '2024-01-01' + CAST(i % 300 AS INTEGER), 100 * (i % 5) FROM range(3000) t(i);",
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.write("key", "of the first job\n");
    for name in plugins {
        std::fs::copy(component(name), sandbox.path("plugin.wasm")).unwrap();
        sandbox.ok("plugin add plugin.wasm");
    }
    sandbox
}

#[test]
fn what_is_kept_or_learned_was_changed_before() {
    let sandbox = shop(&["pseudonym", "mask", "noise"]);
    sandbox.ok("fit -o m.prodlike");
    // Not the source: what can be generated is in the model.
    std::fs::rename(sandbox.path("shop.duckdb"), sandbox.path("real.duckdb")).unwrap();
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 400 FROM account",
            "SELECT count(*) FROM account WHERE email LIKE '%@shop%'",
            "SELECT count(*) FROM account WHERE NOT regexp_full_match(email,
                '[a-z]{4}[0-9]{1,3}@[a-z]{4}[0-9]\\.example')",
            // The mask leaves the last four digits, and NULL is NULL.
            "SELECT count(*) FROM account WHERE phone NOT LIKE '%*%'",
            "SELECT count(*) - 45 FROM account WHERE phone IS NULL",
            // References followed their key.
            "SELECT count(*) FROM visit v WHERE email IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM account a WHERE a.email = v.email)",
            "SELECT count(*) FROM visit WHERE pages NOT BETWEEN -3 AND 403",
        ],
    );
    // Hundreds alone, before.
    let values = "SELECT count(DISTINCT pages) > 12 FROM visit";
    assert_eq!(sandbox.value("made.duckdb", values), "true");
    let told = sandbox.ok("inspect m.prodlike account").stdout;
    assert!(told.contains("kept, changed by pseudonym"), "{told}");
    // An evaluation changes the real rows in the same way.
    std::fs::rename(sandbox.path("real.duckdb"), sandbox.path("shop.duckdb")).unwrap();
    sandbox.ok(
        "evaluate --real prodlike.toml --synthetic made.duckdb --model m.prodlike \
         --fail-under quality=0.9",
    );
}

#[test]
fn one_key_joins_and_another_does_not() {
    let made = |key: &str| {
        let sandbox = shop(&["pseudonym", "mask", "noise"]);
        sandbox.write("key", key);
        sandbox.ok("fit -o m.prodlike --threads 1");
        let model = std::fs::read(sandbox.path("m.prodlike")).unwrap();
        sandbox.ok("generate m.prodlike -o made.duckdb");
        let emails = "SELECT email FROM account ORDER BY 1";
        let emails: Vec<String> = sandbox.ask("made.duckdb", emails).concat();
        sandbox.ok("fit -o again.prodlike --threads 2");
        assert!(model == std::fs::read(sandbox.path("again.prodlike")).unwrap());
        emails
    };
    let (one, two) = (
        "one key of 16 bytes or more",
        "two keys of 16 bytes or more",
    );
    let first = made(one);
    assert_eq!(first.len(), 400);
    assert_eq!(first, made(one));
    let other = made(two);
    // 26 to the power of eight pairs: none by chance.
    assert!(!other.iter().any(|email| first.contains(email)));
}

#[test]
fn whose_dates_they_are_is_shown_to_a_transform() {
    let sandbox = shop(&["date-shift"]);
    sandbox.write(
        "prodlike.toml",
        r#"
format = 1
[source]
path = "clinic.duckdb"
[privacy]
entities = ["stay.patient"]
[tables.stay]
mode = "generate"
primary_key = ["id"]
[tables.stay.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
patient = { type = "INTEGER", nullable = false, semantic = "categorical" }
day = { type = "DATE", semantic = "datetime", transform = { name = "date-shift", options = { days = 90 }, secrets = { key = "file:key" } } }
"#,
    );
    sandbox.sql(
        "clinic.duckdb",
        "CREATE TABLE stay (id INTEGER PRIMARY KEY, patient INTEGER NOT NULL, day DATE);
         INSERT INTO stay SELECT i, i % 100, DATE '2024-06-01' FROM range(2000) t(i);",
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    // One day before; now a day for each patient, of which those of ten are told.
    let spread = "SELECT max(day) - min(day) > 60 AND min(day) >= DATE '2024-03-03'
        AND max(day) <= DATE '2024-08-30' FROM stay";
    assert_eq!(sandbox.value("made.duckdb", spread), "true");
    sandbox.edit(
        "prodlike.toml",
        "entities = [\"stay.patient\"]",
        "entities = []",
    );
    sandbox.refused("fit -o n.prodlike", &["stay.day", "whose dates they are"]);
}

#[test]
fn what_a_plugin_learns_is_shared_by_enough_people() {
    let sandbox = shop(&["suppress", "prose"]);
    sandbox.write(
        "prodlike.toml",
        r#"
format = 1
[source]
path = "notes.duckdb"
[privacy]
entities = ["note.author"]
[tables.note]
mode = "generate"
primary_key = ["id"]
[tables.note.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
author = { type = "INTEGER", nullable = false, semantic = "categorical" }
town = { type = "VARCHAR", nullable = false, semantic = "categorical", transform = { name = "suppress", options = { stand_in = "elsewhere" } } }
body = { type = "VARCHAR", nullable = false, semantic = "text", generator = "prose" }
"#,
    );
    // Twelve people live in Rome and write of cats; one of Zanzibar twenty times.
    sandbox.sql(
        "notes.duckdb",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,
             town VARCHAR NOT NULL, body VARCHAR NOT NULL);
         INSERT INTO note SELECT i, i % 40, if(i % 40 < 12, 'Rome', 'Town ' || i % 40),
             'my cat sleeps' FROM range(400) t(i);
         INSERT INTO note SELECT 400 + i, 0, 'Rome', 'my zanzibar lives' FROM range(20) t(i);",
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 2");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM note WHERE town NOT IN ('Rome', 'elsewhere')",
            "SELECT count(*) FROM note WHERE body <> 'my cat sleeps'",
        ],
    );
    let towns = "SELECT count(DISTINCT town) FROM note";
    assert_eq!(sandbox.value("made.duckdb", towns), "2");
    let told = sandbox.ok("inspect m.prodlike note.body").stdout;
    assert!(told.contains("Its plugin learned 4 keys"), "{told}");
    assert!(told.contains("learned keys 3"), "{told}");
    let model = std::fs::read(sandbox.path("m.prodlike")).unwrap();
    assert!(!String::from_utf8_lossy(&model).contains("zanzibar"));
    // Whom rows of a protected table are about must be said.
    sandbox.edit("prodlike.toml", "[\"note.author\"]", "[\"note\"]");
    sandbox.edit("prodlike.toml", "primary_key = [\"id\"]", "");
    sandbox.refused("fit -o n.prodlike", &["note.town", "whom values are about"]);
}

#[test]
fn transforms_that_cannot_be_are_refused() {
    let sandbox = shop(&["pseudonym", "mask"]);
    let fit = "fit -o m.prodlike";
    sandbox.edit("prodlike.toml", "name = \"noise\"", "name = \"masc\"");
    sandbox.refused(
        fit,
        &[
            "visit.pages",
            "Unknown transform `masc`",
            "Did you mean `mask`?",
        ],
    );
    let noise = "transform = { name = \"masc\", options = { within = 3 }, secrets = { key = \"file:key\" } }";
    sandbox.edit("prodlike.toml", &format!(", {noise}"), "");
    // Keys: neither in the manifest, nor missing, nor empty, nor told by an error.
    sandbox.edit("prodlike.toml", "file:key", "hunter2");
    let ran = sandbox.refused(fit, &["at line 11", "env:NAME"]);
    assert!(
        !ran.stderr
            .split("hint:")
            .nth(1)
            .unwrap()
            .contains("hunter2")
    );
    sandbox.edit(
        "prodlike.toml",
        "\"hunter2\"",
        "\"env:PRODLIKE_NO_SUCH_KEY\"",
    );
    sandbox.refused(fit, &["account.email", "PRODLIKE_NO_SUCH_KEY"]);
    sandbox.edit("prodlike.toml", "env:PRODLIKE_NO_SUCH_KEY", "file:key");
    sandbox.write("key", "\n");
    sandbox.refused(fit, &["account.email", "file:key"]);
    sandbox.write("key", "hunter2");
    let told = sandbox.refused(fit, &["account.email", "file:key", "7 bytes", "openssl"]);
    assert!(!told.stderr.contains("hunter2"), "{told}");
    sandbox.write("key", "as long as a key must be");
    // What repeats afterwards is no key.
    sandbox.edit("prodlike.toml", "name = \"pseudonym\"", "name = \"mask\"");
    sandbox.refused(fit, &["account.email"]);
    sandbox.edit(
        "prodlike.toml",
        "name = \"mask\", secrets",
        "name = \"pseudonym\", secrets",
    );
    sandbox.ok(fit);
    // What is generated is not read.
    sandbox.edit(
        "prodlike.toml",
        "semantic = \"phone\",",
        "semantic = \"phone\", generator = \"phone\",",
    );
    sandbox.refused(
        "fit -o n.prodlike",
        &["account.phone", "what is generated is not read"],
    );
}

#[test]
fn a_reference_follows_its_key_or_is_refused() {
    let sandbox = shop(&["pseudonym", "mask", "noise"]);
    let visit = "email = { type = \"VARCHAR\", semantic = \"email\"";
    let with = |transform: &str| format!("{visit}, transform = {transform} }}");
    let pseudonym = "{ name = \"pseudonym\", secrets = { key = \"file:key\" } }";
    sandbox.edit("prodlike.toml", &format!("{visit} }}"), &with(pseudonym));
    sandbox.ok("fit -o same.prodlike");
    sandbox.edit(
        "prodlike.toml",
        &with(pseudonym),
        &with("{ name = \"mask\" }"),
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &[
            "`visit.email` has a transform, but it refers to `account.email`, which has another",
            "hint: Give the transform to `account.email`",
        ],
    );
}

#[test]
fn what_fills_a_column_of_a_kept_table_is_refused() {
    let sandbox = shop(&["pseudonym", "mask", "noise"]);
    let mask = ", transform = { name = \"mask\" }";
    for fill in [
        "generator = \"phone\"",
        "template = \"{x:####}\"",
        "expression = \"'hidden'\"",
    ] {
        let manifest = MANIFEST.replace(mask, &format!(", {fill}"));
        sandbox.write("filled.toml", manifest);
        sandbox.refused(
            "fit filled.toml -o m.prodlike",
            &[
                "Table `account` is kept, but column `phone` has a generator",
                "hint: Set `mode = \"generate\"` for `account`",
            ],
        );
    }
}

#[test]
fn a_draw_without_a_key_is_refused() {
    let sandbox = shop(&["pseudonym", "mask", "noise"]);
    sandbox.edit(
        "prodlike.toml",
        "options = { within = 3 }, secrets = { key = \"file:key\" }",
        "options = { within = 3 }",
    );
    let words = ["visit.pages", "draws at random", "secrets"];
    sandbox.refused("fit -o m.prodlike", &words);
    // Nor behind NULLs, which say nothing of it.
    sandbox.sql(
        "shop.duckdb",
        "UPDATE visit SET pages = NULL WHERE id < 2900",
    );
    sandbox.refused("fit -o m.prodlike", &words);
}

#[test]
fn a_snapshot_is_fitted_anew_where_a_key_or_a_plugin_is_another() {
    let sandbox = shop(&["pseudonym", "mask", "noise"]);
    sandbox.ok("snapshot -q");
    let reused = |sandbox: &Sandbox| sandbox.ok("snapshot").stderr.contains("Reused model");
    assert!(reused(&sandbox));
    sandbox.write("key", "another of 16 bytes or more");
    assert!(!reused(&sandbox));
    assert!(reused(&sandbox));
    std::fs::copy(component("pseudonym"), sandbox.path("plugin.wasm")).unwrap();
    let mut bytes = std::fs::read(sandbox.path("plugin.wasm")).unwrap();
    // A section of no meaning: another component that does the same.
    bytes.extend([0, 2, 1, b'x']);
    sandbox.write("plugin.wasm", bytes);
    sandbox.ok("plugin add plugin.wasm");
    assert!(!reused(&sandbox));
}
