//! Columns that need no plugin: expressions over a row and its parents, and templates.

use crate::util::Sandbox;

const MANIFEST: &str = r#"
format = 1
[source]
path = "shop.duckdb"
[privacy]
entities = ["customer"]
[tables.country]
mode = "keep"
primary_key = ["code"]
[tables.country.columns]
code = { type = "VARCHAR", nullable = false, semantic = "id" }
name = { type = "VARCHAR", nullable = false, semantic = "categorical" }
[tables.customer]
mode = "generate"
primary_key = ["id"]
[tables.customer.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
first = { type = "VARCHAR", nullable = false, semantic = "first_name" }
last = { type = "VARCHAR", nullable = false, semantic = "last_name" }
whole = { type = "VARCHAR", semantic = "full_name", expression = "first || ' ' || \"last\"" }
land = { type = "VARCHAR", semantic = "id" }
boss = { type = "INTEGER", semantic = "id" }
above = { type = "VARCHAR", semantic = "full_name", expression = "coalesce(boss.\"Last\", 'nobody')" }
member = { type = "VARCHAR", semantic = "code", template = "M{member:AA-####}" }
badge = { type = "VARCHAR", semantic = "code", template = "{member:AA-####}/{land}" }
[tables.sale]
mode = "generate"
primary_key = ["id"]
[tables.sale.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
buyer = { type = "INTEGER", nullable = false, semantic = "id" }
price = { type = "INTEGER", nullable = false, semantic = "numerical" }
tax = { type = "DECIMAL(9,2)", nullable = false, semantic = "numerical", expression = "price * 0.25" }
label = { type = "VARCHAR", semantic = "text", expression = "customer.whole || ' of ' || customer.land || ', ' || price" }
[[relationships]]
parent_table = "country"
parent_key = ["code"]
child_table = "customer"
child_key = ["land"]
[[relationships]]
parent_table = "customer"
parent_key = ["id"]
child_table = "customer"
child_key = ["boss"]
[[relationships]]
parent_table = "customer"
parent_key = ["id"]
child_table = "sale"
child_key = ["buyer"]
"#;

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE country (code VARCHAR PRIMARY KEY, name VARCHAR NOT NULL);
         INSERT INTO country VALUES ('AT', 'Austria'), ('FR', 'France'), ('JP', 'Japan');
         CREATE TABLE customer (id INTEGER PRIMARY KEY, first VARCHAR NOT NULL,
             \"last\" VARCHAR NOT NULL, whole VARCHAR, land VARCHAR, boss INTEGER,
             above VARCHAR, member VARCHAR, badge VARCHAR);
         INSERT INTO customer SELECT i, 'f' || i, 'l' || i, 'w', ['AT', 'FR', 'JP'][1 + i % 3],
             if(i = 0, NULL, i // 5), 'a', 'm' || i, 'b' FROM range(500) t(i);
         CREATE TABLE sale (id INTEGER PRIMARY KEY, buyer INTEGER NOT NULL,
             price INTEGER NOT NULL, tax DECIMAL(9,2) NOT NULL, label VARCHAR);
         INSERT INTO sale SELECT i, i % 480, 1 + i % 40, 1, 'x' FROM range(3000) t(i);",
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox
}

#[test]
fn expressions_and_templates_see_the_row_and_its_parents() {
    let sandbox = shop();
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 3 --seed 5");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 9000 FROM sale",
            "SELECT count(*) FROM customer WHERE whole IS DISTINCT FROM first || ' ' || \"last\"",
            "SELECT count(*) FROM customer c LEFT JOIN customer b ON c.boss = b.id
                WHERE c.above IS DISTINCT FROM coalesce(b.\"last\", 'nobody')",
            "SELECT count(*) FROM sale s JOIN customer c ON s.buyer = c.id WHERE s.label
                IS DISTINCT FROM c.whole || ' of ' || c.land || ', ' || s.price",
            "SELECT count(*) FROM sale WHERE tax <> price * 0.25",
            "SELECT count(*) FROM customer
                WHERE NOT regexp_full_match(member, 'M[A-Z]{2}-[0-9]{4}')",
            // Patterns of one name agree within a row.
            "SELECT count(*) FROM customer WHERE badge <> member[2:] || '/' || land",
        ],
    );
    let told = sandbox.ok("inspect m.prodlike sale.label").stdout;
    assert!(
        told.contains("Computed by the expression `customer.whole || ' of '"),
        "{told}"
    );
    // What is made of what a machine drew is the same on every machine.
    let made = |name: &str, arguments: &str| {
        sandbox.ok(&format!(
            "generate m.prodlike -o {name} --format csv --chunk-rows 900 {arguments}"
        ));
        sandbox.files(&format!("{name}/sale"))
    };
    let one = made("one", "--threads 1");
    assert!(one == made("two", "--threads 2"));
    for part in 1..=3 {
        sandbox.ok(&format!(
            "generate m.prodlike -o parts --format csv --chunk-rows 900 --part {part}/3"
        ));
    }
    assert!(one == sandbox.files("parts/sale"));
}

#[test]
fn what_cannot_be_computed_is_refused_when_fitted() {
    let sandbox = shop();
    let tax = "expression = \"price * 0.25\"";
    for (instead, words) in [
        (
            "expression = \"prize * 0.25\"",
            ["`prize`", "no such column"],
        ),
        (
            "expression = \"price * random()\"",
            ["random()", "does not always give the same"],
        ),
        (
            "expression = \"(SELECT 1)\"",
            ["holds a query", "customer.city"],
        ),
        (
            "expression = \"price *\"",
            ["is not an expression", "SELECT"],
        ),
        (
            "expression = \"tax + 1\"",
            ["`tax`", "made of this column itself"],
        ),
        (
            "expression = \"customer.label\"",
            ["`customer.label`", "no such column"],
        ),
        (
            "expression = \"price\", generator = \"code\"",
            ["more than one of", "Leave one"],
        ),
        (
            "expression = \"price\", options = { a = 1 }",
            ["more than one of", "Leave one"],
        ),
        ("template = \"{price\"", ["not closed", "written twice"]),
        ("template = \"{:##}\"", ["DECIMAL(9,2)", "sale.tax"]),
    ] {
        sandbox.edit("prodlike.toml", tax, instead);
        sandbox.refused("fit -o m.prodlike", &words);
        sandbox.write("prodlike.toml", MANIFEST);
    }
    // Circles of parents, and keys that could repeat.
    sandbox.edit(
        "prodlike.toml",
        "coalesce(boss.\\\"Last\\\", 'nobody')",
        "boss.above",
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &["customer.above", "made of this column itself"],
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.edit(
        "prodlike.toml",
        "[tables.sale]",
        "[tables.note]\nmode = \"exclude\"\n[tables.note.columns]\nx = { type = \"INTEGER\", \
         semantic = \"numerical\" }\n[tables.sale]\nunique = [[\"label\"]]",
    );
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE note (x INTEGER); UPDATE sale SET label = id",
    );
    sandbox.refused("fit -o m.prodlike", &["sale.label", "distinct values"]);
}

#[test]
fn no_value_where_there_must_be_one_is_an_error() {
    let sandbox = shop();
    sandbox.edit("prodlike.toml", "price * 0.25", "nullif(price, 7) * 0.25");
    sandbox.refused(
        "fit -o m.prodlike",
        &["sale.tax", "NULL for row", "coalesce"],
    );
    // And so is a value that is none of the column's type.
    sandbox.edit("prodlike.toml", "nullif(price, 7) * 0.25", "'a' || price");
    sandbox.refused(
        "fit -o m.prodlike",
        &["sale.tax", "cannot be computed", "Conversion"],
    );
    // What no row that is tried shows, generating does.
    sandbox.edit(
        "prodlike.toml",
        "'a' || price",
        "if(id < 5000, price, NULL)",
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.refused(
        "generate m.prodlike --scale 2 -o made",
        &["sale.tax", "NULL for row", "coalesce"],
    );
}
