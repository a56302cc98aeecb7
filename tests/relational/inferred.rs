//! Keys and relationships that nobody declared.

use crate::util::{Sandbox, nycflights};

/// Runs init over what a script makes; returns the sandbox and `child(key) -> parent` of every
/// relationship, sorted.
fn inferred(script: &str) -> (Sandbox, Vec<String>) {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", script);
    sandbox.ok("init real.duckdb");
    let found = relationships(&sandbox.read("prodlike.toml"));
    (sandbox, found)
}

fn relationships(manifest: &str) -> Vec<String> {
    let value = |section: &str, name: &str| -> String {
        let line = section.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default()
            .replace(['"', '[', ']', ' ', '='], "")
    };
    let mut found: Vec<String> = manifest
        .split("[[relationships]]")
        .skip(1)
        .map(|section| {
            format!(
                "{}({}) -> {}",
                value(section, "child_table"),
                value(section, "child_key"),
                value(section, "parent_table")
            )
        })
        .collect();
    found.sort();
    found
}

/// Twelve tables with the names that somebody gave them; no rule was made for it.
const BETRIEB: &str = "
    CREATE TABLE kunde AS SELECT 1000 + i AS kundennr, 'Name ' || i AS nachname, i % 9 AS rabatt
        FROM range(400) t(i);
    CREATE TABLE lieferant AS SELECT i AS lief_nr, 'Firma ' || i AS firma FROM range(1, 31) t(i);
    CREATE TABLE warengruppe AS SELECT i AS id, 'Gruppe ' || i AS bezeichnung,
        CASE WHEN i > 3 THEN 1 + i % 3 END AS ober_id FROM range(1, 13) t(i);
    CREATE TABLE artikel AS SELECT i AS artikelnr, 'Ding ' || i AS bezeichnung,
        1 + i * 7 % 12 AS warengruppe_id, 1 + i * 11 % 30 AS lief_nr, 100 + i * 13 % 900 AS preis
        FROM range(1, 251) t(i);
    CREATE TABLE lager AS SELECT i AS lager_id, 'Ort ' || i AS ort FROM range(1, 5) t(i);
    CREATE TABLE bestand AS SELECT a AS artikelnr, l AS lager_id, a * l % 40 AS menge
        FROM range(1, 251) t(a), range(1, 5) u(l) WHERE (a + l) % 3 > 0;
    CREATE TABLE mitarbeiter AS SELECT i AS personalnr, 'Leute ' || i AS nachname,
        CASE WHEN i > 1 THEN 1 + i % 4 END AS vorgesetzter FROM range(1, 25) t(i);
    CREATE TABLE auftrag AS SELECT 5000 + i AS auftragsnr, 1000 + i * 17 % 400 AS kundennr,
        1 + i % 20 AS bearbeiter_nr, DATE '2024-01-01' + (i % 300)::INTEGER AS datum
        FROM range(900) t(i);
    CREATE TABLE auftragsposition AS SELECT 5000 + i AS auftragsnr, z AS zeile,
        1 + (i * 3 + z) % 250 AS artikelnr, 1 + i % 8 AS menge
        FROM range(900) t(i), range(1, 5) u(z) WHERE z <= 1 + i % 4;
    CREATE TABLE rechnung AS SELECT 70000 + i AS rechnungsnr, 5000 + i AS auftragsnr,
        i * 31 % 5000 AS betrag FROM range(850) t(i);
    CREATE TABLE zahlung AS SELECT i AS id, 70000 + i * 3 % 850 AS rechnungsnr,
        ['bar', 'karte', 'konto'][1 + i % 3] AS zahlart FROM range(1, 800) t(i);
    CREATE TABLE retoure AS SELECT i AS id, 5000 + i * 9 % 900 AS auftragsnr, 1 AS zeile,
        ['defekt', 'falsch'][1 + i % 2] AS grund FROM range(1, 90) t(i);
";

#[test]
fn a_schema_with_names_of_its_own() {
    let (sandbox, found) = inferred(BETRIEB);
    assert_eq!(
        found,
        [
            "artikel(lief_nr) -> lieferant",
            "artikel(warengruppe_id) -> warengruppe",
            "auftrag(bearbeiter_nr) -> mitarbeiter",
            "auftrag(kundennr) -> kunde",
            "auftragsposition(artikelnr) -> artikel",
            "auftragsposition(auftragsnr) -> auftrag",
            "bestand(artikelnr) -> artikel",
            "bestand(lager_id) -> lager",
            "mitarbeiter(vorgesetzter) -> mitarbeiter",
            "rechnung(auftragsnr) -> auftrag",
            "retoure(auftragsnr) -> auftrag",
            "retoure(auftragsnr,zeile) -> auftragsposition",
            "warengruppe(ober_id) -> warengruppe",
            "zahlung(rechnungsnr) -> rechnung",
        ]
    );
    let manifest = sandbox.read("prodlike.toml");
    for key in [
        "primary_key = [\"artikelnr\", \"lager_id\"]",
        "primary_key = [\"auftragsnr\", \"zeile\"]",
        "primary_key = [\"personalnr\"]",
    ] {
        assert!(manifest.contains(key), "{key}: {manifest}");
    }
    assert!(
        manifest.contains("# inferred: all of 400 values found in `kunde.kundennr`; the same name"),
        "{manifest}"
    );
    // What was inferred is fit to be generated, whole.
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 2");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM retoure ANTI JOIN auftragsposition USING (auftragsnr, zeile)",
            "SELECT count(*) - count(DISTINCT (artikelnr, lager_id)) FROM bestand",
            "SELECT count(*) FROM mitarbeiter m ANTI JOIN mitarbeiter c
                 ON m.vorgesetzter = c.personalnr WHERE m.vorgesetzter IS NOT NULL",
        ],
    );
}

#[test]
fn numbers_that_count_from_one_refer_to_nothing() {
    let (_, found) = inferred(
        "CREATE TABLE book AS SELECT i AS id, i % 50 AS pages, i % 7 AS shelf FROM range(1, 901) t(i);
         CREATE TABLE plant AS SELECT i AS id, 1 + i % 40 AS height FROM range(1, 300) t(i);
         CREATE TABLE star AS SELECT i AS star_id, 1 + i % 12 AS month, 1 + i % 200 AS brightness
             FROM range(1, 500) t(i);
         CREATE TABLE event AS SELECT i AS nr, 1 + i % 12 AS month, 1 + i % 3 AS kind_no
             FROM range(1, 700) t(i);",
    );
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn keys_far_apart_and_codes_tell_without_a_name() {
    let (_, found) = inferred(
        "CREATE TABLE device AS SELECT 100000 + i * 7919 % 900000 AS serial_no, i % 3 AS kind
             FROM range(200) t(i);
         CREATE TABLE reading AS SELECT i AS id, 100000 + (i % 190) * 7919 % 900000 AS origin_id
             FROM range(2000) t(i);
         CREATE TABLE port AS SELECT chr(65 + (i % 26)::INTEGER) || chr(65 + (i // 26)::INTEGER)
             || 'Q' AS unlo, i AS depth FROM range(400) t(i);
         CREATE TABLE voyage AS SELECT i AS id,
             chr(65 + (i % 26)::INTEGER) || chr(65 + (i % 9)::INTEGER) || 'Q' AS departure
             FROM range(500) t(i);",
    );
    assert_eq!(
        found,
        ["reading(origin_id) -> device", "voyage(departure) -> port"]
    );
}

#[test]
fn what_others_borrow_belongs_to_whom_it_is_named_for() {
    let (_, found) = inferred(
        "CREATE TABLE customer AS SELECT i AS customer_id, i % 5 AS grade FROM range(1, 301) t(i);
         CREATE TABLE customer_profile AS SELECT i AS customer_id, i % 2 AS newsletter
             FROM range(1, 301) t(i);
         CREATE TABLE review AS SELECT i AS id, 1 + i % 300 AS customer_id, i % 5 AS stars
             FROM range(1, 800) t(i);",
    );
    assert_eq!(
        found,
        [
            "customer_profile(customer_id) -> customer",
            "review(customer_id) -> customer"
        ]
    );
}

#[test]
fn what_is_missing_is_counted_and_kept() {
    let (sandbox, found) = inferred(
        "CREATE TABLE customer AS SELECT i AS id, i % 3 AS region FROM range(1, 301) t(i);
         CREATE TABLE orders AS SELECT i AS id,
             CASE WHEN i % 4 = 0 THEN 9000 + i % 50 WHEN i % 7 > 0 THEN 1 + i % 300 END
             AS customer_id FROM range(1, 1201) t(i);",
    );
    assert_eq!(found, ["orders(customer_id) -> customer"]);
    let manifest = sandbox.read("prodlike.toml");
    for line in [
        "# 300 rows without a parent: `orphans` says what becomes of them\n",
        "child_key = [\"customer_id\"]\norphans = \"keep\"\n",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    sandbox.ok("fit -o m.prodlike");
}

#[test]
fn tables_that_say_little_are_no_trouble() {
    let (sandbox, found) = inferred(
        "CREATE TABLE parent (id INTEGER, x DOUBLE);
         CREATE TABLE nobody (id INTEGER, parent_id INTEGER, v VARCHAR);
         CREATE TABLE one AS SELECT 1 AS id, 'a' AS v;
         CREATE TABLE empty_key AS SELECT i AS id, NULL::INTEGER AS parent_id, i % 4 AS n
             FROM range(50) t(i);
         CREATE TABLE twice AS SELECT i // 2 AS id, i % 3 AS other FROM range(60) t(i);
         CREATE TABLE floats AS SELECT CASE i WHEN 3 THEN 'nan'::DOUBLE ELSE i END AS float_id,
             i % 5 AS n FROM range(40) t(i);
         CREATE TABLE refers AS SELECT i AS id, i::DOUBLE AS float_id, i // 2 AS twice_id
             FROM range(30) t(i);
         INSERT INTO parent SELECT i, i / 3 FROM range(20) t(i);",
    );
    // A name that says all is believed where no value speaks against it.
    assert_eq!(found, ["empty_key(parent_id) -> parent"]);
    let manifest = sandbox.read("prodlike.toml");
    assert!(manifest.contains("it has no values"), "{manifest}");
    let of = |table: &str| -> &str {
        let start = manifest.find(&format!("[tables.{table}]")).unwrap();
        manifest[start..].split("\n\n").next().unwrap()
    };
    assert!(!of("twice").contains("primary_key"), "{manifest}");
    assert!(!of("nobody").contains("primary_key"), "{manifest}");
    assert!(
        of("parent").contains("primary_key = [\"id\"]"),
        "{manifest}"
    );
}

#[test]
fn two_tables_that_refer_to_each_other() {
    let (sandbox, found) = inferred(
        "CREATE TABLE store AS SELECT i AS store_id, 1 + i * 3 % 60 AS manager_staff_id
             FROM range(1, 21) t(i);
         CREATE TABLE staff AS SELECT i AS staff_id, 1 + i % 20 AS store_id FROM range(1, 61) t(i);",
    );
    assert_eq!(
        found,
        [
            "staff(store_id) -> store",
            "store(manager_staff_id) -> staff"
        ]
    );
    sandbox.ok("fit -o m.prodlike");
}

#[test]
fn what_is_declared_stays_and_nothing_is_inferred_on_request() {
    let script = "CREATE TABLE a (id INTEGER, code VARCHAR PRIMARY KEY);
         CREATE TABLE b (b_id INTEGER, a_code VARCHAR REFERENCES a (code), a_id INTEGER);
         INSERT INTO a SELECT i, 'c' || i FROM range(100) t(i);
         INSERT INTO b SELECT i, 'c' || i % 90, i % 80 FROM range(400) t(i);";
    let (sandbox, found) = inferred(script);
    assert_eq!(found, ["b(a_code) -> a"]);
    let manifest = sandbox.read("prodlike.toml");
    assert!(manifest.contains("primary_key = [\"code\"]"), "{manifest}");
    assert!(manifest.contains("primary_key = [\"b_id\"]"), "{manifest}");
    assert!(manifest.contains("# declared in the source"), "{manifest}");
    sandbox.ok("init real.duckdb --no-infer --overwrite");
    let manifest = sandbox.read("prodlike.toml");
    assert!(!manifest.contains("primary_key = [\"b_id\"]"), "{manifest}");
    assert!(!manifest.contains("inferred"), "{manifest}");
}

#[test]
fn three_hundred_tables() {
    let mut script = String::new();
    for table in 0..300 {
        script += &format!(
            "CREATE TABLE thing_{table} AS SELECT i AS thing_{table}_id,
                 i * 7 % 40 AS thing_{}_id, i % 5 AS a, 'v' || i % 9 AS b, i / 7 AS c
                 FROM range(40) t(i);",
            table / 2
        );
    }
    let (_, found) = inferred(&script);
    // The first refers to itself by the very name of its key.
    let expected: Vec<String> = (1..300)
        .map(|table| {
            format!(
                "thing_{table}(thing_{}_id) -> thing_{}",
                table / 2,
                table / 2
            )
        })
        .collect();
    assert_eq!(found.len(), expected.len());
    assert!(
        expected.iter().all(|edge| found.contains(edge)),
        "{found:?}"
    );
}

#[test]
fn flights_from_their_package() {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("init {}", nycflights().display()));
    let manifest = sandbox.read("prodlike.toml");
    assert_eq!(
        relationships(&manifest),
        [
            "flights(carrier) -> airlines",
            "flights(dest) -> airports",
            "flights(origin) -> airports",
            "flights(origin,time_hour) -> weather",
            "flights(tailnum) -> planes",
            "weather(origin) -> airports",
        ]
    );
    assert!(
        manifest.contains("# 50,094 rows without a parent"),
        "{manifest}"
    );
    assert!(
        manifest.contains("primary_key = [\"origin\", \"time_hour\"]"),
        "{manifest}"
    );
}

#[test]
fn a_composite_key_of_ordinary_columns_is_generated_distinct() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE team (year INTEGER, team VARCHAR, wins INTEGER, PRIMARY KEY (year, team));
         CREATE TABLE game (id INTEGER PRIMARY KEY, year INTEGER, team VARCHAR, runs INTEGER,
             FOREIGN KEY (year, team) REFERENCES team (year, team));
         CREATE TABLE slot (day INTEGER, hour INTEGER, load INTEGER, PRIMARY KEY (day, hour));
         INSERT INTO team SELECT 1990 + i // 12, 'T' || chr(65 + (i % 12)::INTEGER) || 'X', i % 90
             FROM range(300) t(i);
         INSERT INTO game SELECT i, 1990 + (i % 300) // 12,
             'T' || chr(65 + (i % 300 % 12)::INTEGER) || 'X', i % 11 FROM range(3000) t(i);
         INSERT INTO slot SELECT i // 24, i % 24, i % 60 FROM range(480) t(i);",
    );
    sandbox.ok("init real.duckdb");
    let ran = sandbox.ok("fit -o m.prodlike");
    assert!(
        ran.stderr
            .contains("`team.team`: generated distinct, not learned"),
        "{ran}"
    );
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 3");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - count(DISTINCT (year, team)) FROM team",
            "SELECT count(*) - count(DISTINCT (day, hour)) FROM slot",
            "SELECT count(*) FROM game ANTI JOIN team USING (year, team)",
        ],
    );
}
