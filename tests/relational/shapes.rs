//! Shapes of schemas: cycles, forests, inheritance, unique columns, line numbers, orphans.

use crate::util::{Sandbox, plan};

/// All four verbs, to a database with keys; returns the sandbox with `made.duckdb`.
fn through_all_verbs(script: &str, scale: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", script);
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.ok("fit -o m.prodlike");
    let (planned, _) = plan(&sandbox, &format!("m.prodlike --scale {scale}"));
    sandbox.ok(&format!(
        "generate m.prodlike -o made.duckdb --scale {scale}"
    ));
    sandbox.ok("evaluate --real prodlike.toml --synthetic made.duckdb");
    for (table, rows) in planned {
        let found = sandbox.value("made.duckdb", &format!("SELECT count(*) FROM \"{table}\""));
        assert_eq!(found, rows.to_string(), "{table}");
    }
    sandbox
}

#[test]
fn a_cycle_of_two_tables() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER, x INTEGER);
         CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER NOT NULL REFERENCES a (id));
         INSERT INTO a SELECT i, CASE WHEN i % 10 > 0 THEN 1 + i * 7 % 300 END, i % 7
             FROM range(1, 201) t(i);
         INSERT INTO b SELECT i, 1 + i * 13 % 200 FROM range(1, 301) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    // DuckDB cannot declare both edges, so the manifest has the other.
    let manifest = sandbox
        .read("prodlike.toml")
        .replace("mode = \"keep\"", "mode = \"generate\"")
        + "\n[[relationships]]\nparent_table = \"b\"\nparent_key = [\"id\"]\n\
           child_table = \"a\"\nchild_key = [\"b_id\"]\n";
    sandbox.write("prodlike.toml", manifest);
    sandbox.ok("fit -o m.prodlike");
    let ran = sandbox.ok("generate m.prodlike -o made.duckdb --scale 2");
    assert!(
        ran.stderr.contains("Not declared as a foreign key"),
        "{ran}"
    );
    assert!(sandbox.read("made.duckdb.dataset.json").contains("b_id"));
    sandbox.ok("evaluate --real prodlike.toml --synthetic made.duckdb");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 400 FROM a",
            "SELECT count(*) - 600 FROM b",
            "SELECT count(*) FROM a ANTI JOIN b ON a.b_id = b.id WHERE a.b_id IS NOT NULL",
            "SELECT count(*) FROM b ANTI JOIN a ON b.a_id = a.id",
            "SELECT count(*) - 40 FROM a WHERE b_id IS NULL",
            "SELECT count(*) - count(DISTINCT id) FROM a",
            "SELECT count(*) - count(DISTINCT id) FROM b",
        ],
    );
}

#[test]
fn a_forest_has_its_roots() {
    let sandbox = through_all_verbs(
        "CREATE TABLE category (id INTEGER PRIMARY KEY,
            parent_id INTEGER REFERENCES category (id), kind VARCHAR);
         INSERT INTO category SELECT i, NULL, 'top' FROM range(1, 21) t(i);
         INSERT INTO category SELECT i, 1 + i % 20, 'middle' FROM range(21, 121) t(i);
         INSERT INTO category SELECT i, 21 + i % 100, 'leaf' FROM range(121, 401) t(i);",
        "2",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 40 FROM category WHERE parent_id IS NULL",
            "SELECT count(*) FROM category c ANTI JOIN category p ON c.parent_id = p.id
             WHERE c.parent_id IS NOT NULL",
            "WITH RECURSIVE below AS (
                 SELECT id FROM category WHERE parent_id IS NULL
                 UNION ALL SELECT c.id FROM category c JOIN below b ON c.parent_id = b.id
             ) SELECT (SELECT count(*) FROM category) - count(*) FROM below",
        ],
    );
}

#[test]
fn a_primary_key_that_is_a_foreign_key() {
    let sandbox = through_all_verbs(
        "CREATE TABLE party (id INTEGER PRIMARY KEY, kind VARCHAR NOT NULL);
         CREATE TABLE branch (party_id INTEGER PRIMARY KEY REFERENCES party (id), size INTEGER);
         INSERT INTO party SELECT i, CASE WHEN i % 3 = 0 THEN 'b' ELSE 'o' END
             FROM range(1, 601) t(i);
         INSERT INTO branch SELECT id, id % 11 FROM party WHERE kind = 'b';",
        "1.5",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM branch ANTI JOIN party ON party_id = id",
            "SELECT count(*) - count(DISTINCT party_id) FROM branch",
            "SELECT count(*) - 300 FROM branch",
        ],
    );
}

#[test]
fn unique_columns_are_unique() {
    let sandbox = through_all_verbs(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, number INTEGER UNIQUE, day DATE UNIQUE,
            code VARCHAR UNIQUE NOT NULL, email VARCHAR UNIQUE);
         INSERT INTO item SELECT i, i * 37 + 5, DATE '2020-01-01' + i::INTEGER,
             'K-' || lpad((i * 7919 % 100000)::VARCHAR, 5, '0'),
             CASE WHEN i % 5 = 0 THEN NULL ELSE 'u' || i || '@mail.example' END
             FROM range(1, 501) t(i);",
        "3",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(number) - count(DISTINCT number) FROM item",
            "SELECT count(day) - count(DISTINCT day) FROM item",
            "SELECT count(*) - count(DISTINCT code) FROM item",
            "SELECT count(email) - count(DISTINCT email) FROM item",
        ],
    );
}

#[test]
fn what_unique_keys_make_up_is_held_to_no_range() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER, w TIMESTAMP, d DOUBLE UNIQUE,
             e DECIMAL(9, 2) UNIQUE, f FLOAT, UNIQUE (x, y), UNIQUE (w, f));
         INSERT INTO t SELECT i, CASE WHEN i % 7 > 0 THEN i % 20 END, i // 20,
             TIMESTAMP '2024-01-01' + to_days((i % 50)::INTEGER),
             CASE WHEN i % 5 > 0 THEN i * 1.37 END, i * 0.25, i // 50 FROM range(500) t(i);",
    );
    sandbox.ok("init real.duckdb");
    for scale in ["1", "4"] {
        let ran = sandbox.ok(&format!("snapshot --scale {scale} -o made.duckdb"));
        assert!(ran.stdout.contains("Diagnostic   100.0%"), "{ran}");
        sandbox.none(
            "made.duckdb",
            &[
                "SELECT count(*) - count(DISTINCT (x, y)) FROM t WHERE x + y IS NOT NULL",
                "SELECT count(*) - count(DISTINCT (w, f)) FROM t WHERE w + to_days(f::INTEGER) IS NOT NULL",
                "SELECT count(d) - count(DISTINCT d) + count(e) - count(DISTINCT e) FROM t",
            ],
        );
    }
}

#[test]
fn lines_are_numbered_within_their_order() {
    let sandbox = through_all_verbs(
        "CREATE TABLE orders (order_id INTEGER PRIMARY KEY, day DATE NOT NULL);
         CREATE TABLE line (order_id INTEGER REFERENCES orders (order_id), line_no INTEGER,
            quantity INTEGER NOT NULL, PRIMARY KEY (order_id, line_no));
         INSERT INTO orders SELECT i, DATE '2024-01-01' + (i % 90)::INTEGER FROM range(1, 301) t(i);
         INSERT INTO line SELECT o, n, 1 + (o + n) % 4
             FROM range(1, 301) t(o), range(1, 6) u(n) WHERE n <= 1 + o % 5;",
        "2",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - count(DISTINCT (order_id, line_no)) FROM line",
            "SELECT count(*) FROM line ANTI JOIN orders USING (order_id)",
            "SELECT count(*) FROM line WHERE line_no NOT BETWEEN 1 AND 5",
        ],
    );
}

#[test]
fn what_is_empty_or_constant_or_without_a_key_is_generated() {
    let sandbox = through_all_verbs(
        "CREATE TABLE empty_one (id INTEGER PRIMARY KEY, name VARCHAR);
         CREATE TABLE one_row (id INTEGER PRIMARY KEY, amount DECIMAL(8, 2));
         CREATE TABLE of_empty (id INTEGER PRIMARY KEY, e INTEGER REFERENCES empty_one (id));
         CREATE TABLE keyless (nothing VARCHAR, nowhere DOUBLE, always INTEGER NOT NULL,
             sometimes BOOLEAN);
         INSERT INTO one_row VALUES (1, 12.50);
         INSERT INTO of_empty SELECT i, NULL FROM range(20) t(i);
         INSERT INTO keyless SELECT NULL, NULL, 42, i % 2 = 0 FROM range(200) t(i);",
        "1",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM empty_one",
            "SELECT count(*) - 1 FROM one_row",
            "SELECT count(e) FROM of_empty",
            "SELECT count(nothing) + count(nowhere) FROM keyless",
            "SELECT count(*) FROM keyless WHERE always <> 42",
            "SELECT count(*) - 200 FROM keyless",
        ],
    );
}

#[test]
fn roots_that_refer_to_themselves() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER NOT NULL);
         INSERT INTO node SELECT i, CASE WHEN i < 10 THEN i ELSE i // 10 END FROM range(1, 500) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    let manifest = sandbox.read("prodlike.toml")
        + "\n[[relationships]]\nparent_table = \"node\"\nparent_key = [\"id\"]\n\
           child_table = \"node\"\nchild_key = [\"up\"]\n";
    sandbox.write("prodlike.toml", manifest);
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 499 FROM node",
            "SELECT count(*) FROM node c ANTI JOIN node p ON c.up = p.id",
            "WITH RECURSIVE below AS (
                 SELECT id FROM node WHERE up = id
                 UNION ALL SELECT c.id FROM node c JOIN below b ON c.up = b.id AND c.up <> c.id
             ) SELECT (SELECT count(*) FROM node) - count(*) FROM below",
        ],
    );
}

#[test]
fn a_cycle_without_a_nullable_edge() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, c INTEGER NOT NULL);
         CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a (id));
         CREATE TABLE c (id INTEGER PRIMARY KEY, b INTEGER NOT NULL REFERENCES b (id));
         INSERT INTO a SELECT i, i FROM range(300) t(i);
         INSERT INTO b SELECT i, i FROM range(300) t(i);
         INSERT INTO c SELECT i, i FROM range(300) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    let manifest = sandbox.read("prodlike.toml")
        + "\n[[relationships]]\nparent_table = \"c\"\nparent_key = [\"id\"]\n\
           child_table = \"a\"\nchild_key = [\"c\"]\n";
    sandbox.write("prodlike.toml", manifest);
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 0.5");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 150 FROM a",
            "SELECT count(*) FROM a ANTI JOIN c ON a.c = c.id",
            "SELECT count(*) FROM b ANTI JOIN a ON b.a = a.id",
            "SELECT count(*) FROM c ANTI JOIN b ON c.b = b.id",
        ],
    );
}

#[test]
fn a_bridge_of_three_with_children_of_its_own() {
    let sandbox = through_all_verbs(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, s VARCHAR);
         CREATE TABLE b (id INTEGER PRIMARY KEY, s VARCHAR);
         CREATE TABLE c (id INTEGER PRIMARY KEY, s VARCHAR);
         CREATE TABLE abc (a INTEGER REFERENCES a (id), b INTEGER REFERENCES b (id),
             c INTEGER REFERENCES c (id), w DOUBLE, PRIMARY KEY (a, b, c));
         CREATE TABLE day (a INTEGER, b INTEGER, c INTEGER, d DATE, PRIMARY KEY (a, b, c, d),
             FOREIGN KEY (a, b, c) REFERENCES abc (a, b, c));
         INSERT INTO a SELECT i, 's' || i % 3 FROM range(300) r(i);
         INSERT INTO b SELECT i, 's' || i % 3 FROM range(250) r(i);
         INSERT INTO c SELECT i, 's' || i % 3 FROM range(4) r(i);
         INSERT INTO abc SELECT DISTINCT i % 300, i * 7 % 250, i % 4, 0.5 FROM range(1000) r(i);
         INSERT INTO day SELECT a, b, c, DATE '2020-01-01' + (a % 9) FROM abc;",
        "2",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - count(DISTINCT (a, b, c)) FROM abc",
            "SELECT count(*) FROM abc ANTI JOIN a ON abc.a = a.id",
            "SELECT count(*) FROM abc ANTI JOIN b ON abc.b = b.id",
            "SELECT count(*) FROM abc ANTI JOIN c ON abc.c = c.id",
            "SELECT count(*) - count(DISTINCT (a, b, c, d)) FROM day",
            "SELECT count(*) FROM day ANTI JOIN abc USING (a, b, c)",
        ],
    );
}

#[test]
fn keys_that_are_text_and_dates() {
    let sandbox = through_all_verbs(
        "CREATE TABLE country (iso VARCHAR PRIMARY KEY, since DATE);
         CREATE TABLE holiday (day DATE PRIMARY KEY, iso VARCHAR REFERENCES country (iso));
         CREATE TABLE visit (seen TIMESTAMP PRIMARY KEY, ticket DECIMAL(5, 2) UNIQUE,
             day DATE NOT NULL REFERENCES holiday (day));
         INSERT INTO country SELECT 'C' || i, DATE '2000-01-01' FROM range(400) r(i);
         INSERT INTO holiday SELECT DATE '2000-01-01' + i::INTEGER, 'C' || i % 400
             FROM range(500) r(i);
         INSERT INTO visit SELECT TIMESTAMP '2001-01-01' + to_minutes(i), i / 10,
             DATE '2000-01-01' + (i % 500)::INTEGER FROM range(900) r(i);",
        "2",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM holiday ANTI JOIN country USING (iso) WHERE iso IS NOT NULL",
            "SELECT count(*) FROM visit ANTI JOIN holiday USING (day)",
            "SELECT count(*) - count(DISTINCT iso) FROM country",
            "SELECT count(*) - count(DISTINCT day) FROM holiday",
            "SELECT count(*) - count(DISTINCT seen) FROM visit",
            "SELECT count(ticket) - count(DISTINCT ticket) FROM visit",
        ],
    );
}

#[test]
fn a_key_too_narrow_for_its_rows_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE t (id TINYINT PRIMARY KEY, x INTEGER);
         INSERT INTO t SELECT i, i % 3 FROM range(100) r(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o one.duckdb");
    sandbox.refused(
        "generate m.prodlike -o ten.duckdb --scale 10",
        &["1000 rows of `t` do not fit its key `id` of type TINYINT"],
    );
}

/// A customer's orders, one in four of which refers to nobody.
fn orphans() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, region VARCHAR NOT NULL);
         CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount INTEGER);
         INSERT INTO customer SELECT i, chr(65 + (i % 3)::INTEGER) FROM range(1, 301) t(i);
         INSERT INTO orders SELECT i, CASE WHEN i % 4 = 0 THEN 9000 + i % 50 ELSE 1 + i % 300 END,
             i % 90 FROM range(1, 1201) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    let relationship = "\n[[relationships]]\nparent_table = \"customer\"\nparent_key = [\"id\"]\n\
                        child_table = \"orders\"\nchild_key = [\"customer_id\"]\n\
                        orphans = \"refuse\"\n";
    let manifest = sandbox
        .read("prodlike.toml")
        .replace("mode = \"keep\"", "mode = \"generate\"");
    sandbox.write("prodlike.toml", manifest + relationship);
    sandbox
}

#[test]
fn orphans_are_refused_with_their_number() {
    let ran = orphans().refused(
        "fit -o m.prodlike",
        &["300 of 1,200 rows have no matching parent"],
    );
    assert!(ran.stderr.contains("`orphans = \"null\"`"), "{ran}");
}

#[test]
fn orphans_become_null_or_go_or_stay() {
    for (how, rows, nulls, unmatched) in [
        ("null", "1200", "300", "0"),
        ("drop", "900", "0", "0"),
        ("keep", "1200", "0", "300"),
    ] {
        let sandbox = orphans();
        sandbox.edit("prodlike.toml", "\"refuse\"\n", &format!("\"{how}\"\n"));
        sandbox.ok("fit -o m.prodlike");
        for out in ["made.duckdb", "directory"] {
            sandbox.ok(&format!("generate m.prodlike -o {out}"));
            sandbox.ok(&format!("evaluate --real prodlike.toml --synthetic {out}"));
        }
        let value = |sql| sandbox.value("made.duckdb", sql);
        assert_eq!(value("SELECT count(*) FROM orders"), rows, "{how}");
        assert_eq!(
            value("SELECT count(*) FROM orders WHERE customer_id IS NULL"),
            nulls,
            "{how}"
        );
        assert_eq!(
            value(
                "SELECT count(*) FROM orders o ANTI JOIN customer c ON o.customer_id = c.id
                 WHERE o.customer_id IS NOT NULL"
            ),
            unmatched,
            "{how}"
        );
    }
}

#[test]
fn clearing_a_composite_key_spares_what_other_keys_use() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE shop (shop INTEGER PRIMARY KEY, size INTEGER);
         CREATE TABLE shelf (shop INTEGER, shelf INTEGER, PRIMARY KEY (shop, shelf),
             FOREIGN KEY (shop) REFERENCES shop (shop));
         CREATE TABLE stock (id INTEGER PRIMARY KEY, shop INTEGER, shelf INTEGER,
             FOREIGN KEY (shop) REFERENCES shop (shop));
         INSERT INTO shop SELECT i, i % 5 FROM range(1, 301) t(i);
         INSERT INTO shelf SELECT s, n FROM range(1, 301) t(s), range(1, 4) u(n);
         INSERT INTO stock SELECT i, 1 + i % 300, CASE WHEN i % 10 = 0 THEN 77 ELSE 1 + i % 3 END
             FROM range(1, 3001) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    let relationship = "\n[[relationships]]\nparent_table = \"shelf\"\n\
                        parent_key = [\"shop\", \"shelf\"]\nchild_table = \"stock\"\n\
                        child_key = [\"shop\", \"shelf\"]\norphans = \"null\"\n";
    let manifest = sandbox
        .read("prodlike.toml")
        .replace("mode = \"keep\"", "mode = \"generate\"");
    sandbox.write("prodlike.toml", manifest + relationship);
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM stock WHERE shop IS NULL",
            "SELECT count(*) - 300 FROM stock WHERE shelf IS NULL",
            "SELECT count(*) FROM stock ANTI JOIN shop USING (shop)",
            "SELECT count(*) FROM stock ANTI JOIN shelf USING (shop, shelf) WHERE shelf IS NOT NULL",
        ],
    );
}

#[test]
fn a_key_that_needs_itself_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE emp (company INTEGER, no INTEGER, boss INTEGER, PRIMARY KEY (company, no),
            FOREIGN KEY (company, boss) REFERENCES emp (company, no));
         INSERT INTO emp SELECT i % 5, i, NULL FROM range(1, 101) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.refused(
        "fit -o m.prodlike",
        &["in a circle", "hint: Remove relationship"],
    );
}

#[test]
fn a_bridge_whose_keys_may_be_null() {
    let sandbox = through_all_verbs(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, note INTEGER);
         CREATE TABLE b (id INTEGER PRIMARY KEY, note INTEGER);
         CREATE TABLE ab (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id),
            b INTEGER REFERENCES b (id), UNIQUE (a, b));
         INSERT INTO a SELECT i, i FROM range(1, 301) t(i);
         INSERT INTO b SELECT i, i FROM range(1, 401) t(i);
         INSERT INTO ab SELECT i, CASE WHEN i % 5 > 0 THEN 1 + i % 300 END,
            CASE WHEN i % 4 > 0 THEN 1 + i // 3 % 400 END FROM range(1, 1001) t(i);",
        "2",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 400 FROM ab WHERE a IS NULL",
            "SELECT count(*) - 500 FROM ab WHERE b IS NULL",
            "SELECT count(*) - count(DISTINCT (a, b)) FROM ab WHERE a IS NOT NULL AND b IS NOT NULL",
        ],
    );
}

#[test]
fn unique_keys_to_kept_tables() {
    let sandbox = through_all_verbs(
        "CREATE TABLE country (id INTEGER PRIMARY KEY, name VARCHAR);
         CREATE TABLE color (id INTEGER PRIMARY KEY, name VARCHAR);
         CREATE TABLE capital (id INTEGER PRIMARY KEY, country_id INTEGER UNIQUE REFERENCES country (id));
         CREATE TABLE pair (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES country (id),
            b INTEGER NOT NULL REFERENCES color (id), UNIQUE (a, b));
         INSERT INTO country SELECT i, 'c' || (i % 9) FROM range(1, 51) t(i);
         INSERT INTO color SELECT i, 'c' || (i % 9) FROM range(1, 21) t(i);
         INSERT INTO capital SELECT i, i FROM range(1, 41) t(i);
         INSERT INTO pair SELECT i, 1 + i % 50, 1 + (i * 7 + i // 50) % 20 FROM range(1, 301) t(i);",
        "1",
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - count(DISTINCT (a, b)) FROM pair",
            "SELECT count(country_id) - count(DISTINCT country_id) FROM capital",
        ],
    );
    assert!(sandbox.read("prodlike.toml").contains("mode = \"keep\""));
}

#[test]
fn rows_without_an_owner_do_not_follow_the_owners() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE own (id INTEGER PRIMARY KEY, v INTEGER);
         CREATE TABLE void (id INTEGER PRIMARY KEY);
         CREATE TABLE opt (id INTEGER PRIMARY KEY, p INTEGER REFERENCES own (id));
         CREATE TABLE lone (id INTEGER PRIMARY KEY, p INTEGER REFERENCES void (id));
         INSERT INTO own SELECT i, i FROM range(1, 501) t(i);
         INSERT INTO opt SELECT i, CASE WHEN i % 100 = 0 THEN i // 4 END FROM range(1, 2001) t(i);
         INSERT INTO lone SELECT i, NULL FROM range(1, 51) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.ok("fit -o m.prodlike");
    let (planned, _) = plan(&sandbox, "m.prodlike --rows own=50");
    let rows = |name: &str| {
        planned
            .iter()
            .find(|(table, _)| table == name)
            .map(|(_, rows)| *rows)
    };
    assert_eq!((rows("opt"), rows("lone")), (Some(1982), Some(50)));
}

#[test]
fn nobodys_extremes_are_in_the_model() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR, since DATE UNIQUE);
         CREATE TABLE tx (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer (id), amt DOUBLE);
         INSERT INTO customer SELECT i, 'u' || i || '@mail.org', DATE '2001-02-03' + (i * 17)::INTEGER FROM range(1, 201) t(i);
         INSERT INTO tx SELECT i, 1 + i % 200, CASE WHEN i % 200 = 0 THEN 987654.3210987654
            ELSE i * 1.2345678901 END FROM range(1, 8001) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.ok("fit -o m.prodlike");
    let model =
        String::from_utf8_lossy(&std::fs::read(sandbox.path("m.prodlike")).unwrap()).into_owned();
    assert!(
        !model.contains("987654.32"),
        "one customer's amount is in the model"
    );
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &["SELECT count(*) FROM tx WHERE amt > 987000"],
    );
}

#[test]
fn no_bound_of_a_range_is_somebodys_value() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR, income BIGINT, rate DOUBLE, born DATE);
         INSERT INTO customer SELECT i, 'u' || i || '@mail.org', 1000000 + i * i * 7919 % 9973 * 101,
            sqrt(i), DATE '1950-01-01' + (i * i * 31 % 20011)::INTEGER FROM range(1, 701) t(i);",
    );
    sandbox.ok("init real.duckdb");
    sandbox.edit(
        "prodlike.toml",
        "semantic = \"date_of_birth\", generator = \"date_of_birth\"",
        "semantic = \"datetime\"",
    );
    sandbox.ok("fit -o m.prodlike");
    let file = std::fs::File::open(sandbox.path("m.prodlike")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let table: serde_json::Value =
        serde_json::from_reader(archive.by_name("tables/0-customer.json").unwrap()).unwrap();
    let ask = |sql: &str| -> Vec<String> {
        let rows = sandbox.ask("real.duckdb", sql);
        rows.into_iter().map(|row| row[0].clone()).collect()
    };
    let real = [
        ask("SELECT income FROM customer"),
        ask("SELECT date_diff('day', DATE '1970-01-01', born) FROM customer"),
    ]
    .concat();
    let rates = ask("SELECT rate FROM customer");
    let (mut ranges, mut coincidences) = (0, 0);
    for drawn in table["drawn"].as_array().unwrap() {
        let codec = &drawn["codec"];
        let step = codec["integer"]["step"].as_i64().unwrap_or(1);
        for bin in codec["integer"]["bins"].as_array().into_iter().flatten() {
            let (lo, count) = (bin[0].as_i64().unwrap(), bin[1].as_i64().unwrap());
            ranges += 1;
            for bound in [lo, lo + (count - 1) * step] {
                coincidences += u32::from(real.contains(&bound.to_string()));
            }
        }
        for bin in codec["float"]["bins"].as_array().into_iter().flatten() {
            ranges += 1;
            for bound in bin.as_array().unwrap() {
                let bound: f64 = bound.to_string().trim_matches('"').parse().unwrap();
                assert!(
                    rates
                        .iter()
                        .all(|rate| rate.parse::<f64>().unwrap() != bound),
                    "{bound}"
                );
            }
        }
    }
    assert!(ranges > 100, "{ranges} ranges");
    // One in fifteen of the grid is somebody's; of real bounds it would be nearly all.
    assert!(coincidences < ranges / 3, "{coincidences} of {ranges}");
}

#[test]
fn odd_tables_go_through_all_verbs() {
    let many: Vec<String> = (0..500)
        .map(|i| format!("hash(i + {i}) % {} AS c{i}", 2 + i % 9))
        .collect();
    let script = format!(
        "CREATE TABLE few AS SELECT i AS a, 'x' || i AS b FROM range(3) t(i);
         CREATE TABLE narrow AS SELECT i % 5 AS only FROM range(300) t(i);
         CREATE TABLE wide AS SELECT {} FROM range(200) t(i);
         CREATE TABLE levels AS SELECT 'L' || i % 10000 AS level, i % 3 AS n FROM range(30000) t(i);
         CREATE TABLE twins AS SELECT a, a AS b, 7 * a AS c
             FROM (SELECT (hash(i) % 50)::INTEGER AS a FROM range(2000) t(i));
         CREATE TABLE equal AS SELECT 1 AS a, 'x' AS b, DATE '2020-01-01' AS c FROM range(500);
         CREATE TABLE owners (id INTEGER PRIMARY KEY, n INTEGER);
         INSERT INTO owners SELECT i, hash(i) % 9 FROM range(400) t(i);
         CREATE TABLE owned (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES owners, seen TIMESTAMP);
         INSERT INTO owned SELECT i, CASE WHEN i % 2 = 0 THEN 0 ELSE hash(i) % 400 END,
             TIMESTAMP '2020-01-01' + to_seconds((hash(i + 1) % 90000000)::BIGINT)
             FROM range(4000) t(i);
         CREATE TABLE long AS SELECT repeat('y', 1000000) || i % 4 AS text, i AS n FROM range(40) t(i);",
        many.join(", ")
    );
    let sandbox = through_all_verbs(&script, "1");
    sandbox.none(
        "made.duckdb",
        &[
            // What depends on another column wholly is no formula yet: nine rows in ten agree.
            "SELECT greatest(count(*) - 200, 0) FROM twins WHERE a <> b OR c <> 7 * a",
            "SELECT count(*) FROM equal WHERE a <> 1 OR b <> 'x' OR c <> DATE '2020-01-01'",
            "SELECT count(*) FROM levels WHERE level NOT LIKE 'L%'",
        ],
    );
}
