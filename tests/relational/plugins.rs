//! Generators that plugins supply, from a component to a database.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::util::Sandbox;

/// Builds the component of a standard plugin, or returns what was built before.
pub(crate) fn component(name: &str) -> PathBuf {
    // One at a time: they share a directory, and cargo would say that it waits.
    static BUILDING: Mutex<()> = Mutex::new(());
    let _turn = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    prodlike_author::build(&plugins.join(name), &mut |_| ())
        .unwrap()
        .path
}

pub(crate) const MANIFEST: &str = r#"
format = 1
[source]
path = "shop.duckdb"
[privacy]
entities = ["customer"]
[tables.customer]
mode = "generate"
primary_key = ["id"]
[tables.customer.columns]
id = { type = "INTEGER", nullable = false, semantic = "id" }
nation = { type = "VARCHAR", semantic = "country" }
account = { type = "VARCHAR", semantic = "iban", generator = "payment.iban", input = ["nation"] }
card = { type = "VARCHAR", semantic = "card_number", generator = "payment.card_number", options = { grouped = true } }
brand = { type = "VARCHAR", semantic = "categorical", generator = "payment.card_brand", options = { grouped = true } }
points = { type = "INTEGER", nullable = false, semantic = "numerical" }
"#;

/// Customers of three nations; of some no account is known.
pub(crate) fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "shop.duckdb",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, nation VARCHAR, account VARCHAR,
             card VARCHAR, brand VARCHAR, points INTEGER NOT NULL);
         INSERT INTO customer SELECT i, ['Germany', 'France', 'Austria'][1 + i % 3],
             if(i % 5 = 0, NULL, 'account ' || i), 'card ' || i, 'brand', i % 7
         FROM range(600) t(i);",
    );
    sandbox.write("prodlike.toml", MANIFEST);
    std::fs::copy(component("payment"), sandbox.path("payment.wasm")).unwrap();
    sandbox
}

#[test]
fn accounts_and_cards_come_from_a_plugin_and_agree() {
    let sandbox = shop();
    // Frozen, or it would be taken from the standard set.
    sandbox.refused(
        "fit -o m.prodlike --frozen",
        &["Unknown generator `payment.iban`", "plugin add"],
    );
    sandbox.ok("plugin add payment.wasm");
    let listed = sandbox.ok("plugin list").stdout;
    assert!(
        listed.contains("payment") && listed.contains("sha256:"),
        "{listed}"
    );
    sandbox.ok("fit -o m.prodlike");
    let told = sandbox.ok("inspect m.prodlike customer.account").stdout;
    assert!(told.contains("payment.iban"), "{told}");
    // The model brings the plugin.
    std::fs::remove_file(sandbox.path("prodlike.lock")).unwrap();
    std::fs::remove_dir_all(sandbox.path("prodlike-plugins")).unwrap();
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 5 --seed 3");
    let letters = "list_transform(string_split(substr(account, 5) || left(account, 4), ''),
        lambda it: if(it BETWEEN 'A' AND 'Z', ascii(it) - 55, try_cast(it AS INTEGER)))";
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) - 3000 FROM customer",
            // What the rules of IBANs say (ISO 13616).
            &format!(
                "SELECT count(*) FROM customer WHERE account IS NOT NULL AND list_reduce({letters},
                 lambda sum, it: (sum * if(it > 9, 100, 10) + it) % 97, 0) <> 1"
            ),
            "SELECT count(*) FROM customer WHERE left(account, 2)
                <> CASE nation WHEN 'Germany' THEN 'DE' WHEN 'France' THEN 'FR' ELSE 'AT' END",
            "SELECT count(*) FROM customer WHERE (brand ILIKE 'visa') <> (left(card, 1) = '4')",
            "SELECT count(*) FROM customer WHERE card NOT LIKE '____ %'",
            "SELECT count(*) - count(DISTINCT account) FROM customer WHERE account IS NOT NULL",
        ],
    );
    let missing = "SELECT count(*) FROM customer WHERE account IS NULL";
    assert_eq!(sandbox.value("made.duckdb", missing), "600");
}

#[test]
fn plugins_make_the_same_on_any_number_of_threads_and_parts() {
    let sandbox = shop();
    sandbox.ok("plugin add payment.wasm");
    sandbox.ok("fit -o m.prodlike");
    let made = |name: &str, arguments: &str| {
        sandbox.ok(&format!(
            "generate m.prodlike -o {name} --format csv --scale 40 --chunk-rows 5000 {arguments}"
        ));
        sandbox.files(&format!("{name}/customer"))
    };
    let one = made("one", "--threads 1");
    assert_eq!(one.len(), 5);
    assert!(one == made("two", "--threads 2"));
    for part in 1..=7 {
        sandbox.ok(&format!(
            "generate m.prodlike -o parts --format csv --scale 40 --chunk-rows 5000 --part {part}/7"
        ));
    }
    assert!(one == sandbox.files("parts/customer"));
    // Without what was compiled before.
    let mut command =
        sandbox.command("generate m.prodlike -o anew --format csv --scale 40 --chunk-rows 5000");
    let output = command
        .env("XDG_CACHE_HOME", sandbox.path("caches"))
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(one == sandbox.files("anew/customer"));
    assert!(sandbox.path("caches/prodlike/plugins").is_dir());
}

#[test]
fn plugins_that_are_none_or_not_the_same_are_refused() {
    let sandbox = shop();
    sandbox.refused("plugin add nothing.wasm", &["nothing.wasm"]);
    sandbox.refused("plugin add prodlike.toml", &["not a WebAssembly component"]);
    sandbox.ok("plugin add payment.wasm");
    // Options that the plugin's schema does not allow, with their path.
    sandbox.edit(
        "prodlike.toml",
        "card_number\", options = { grouped = true }",
        "card_number\", options = { grouped = \"yes\" }",
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &["customer.card", "grouped", "boolean"],
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.edit("prodlike.toml", "payment.iban", "payment.ibna");
    sandbox.refused(
        "fit -o m.prodlike",
        &["payment.ibna", "Did you mean `payment.iban`?"],
    );
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.edit(
        "prodlike.toml",
        "input = [\"nation\"]",
        "input = [\"account\"]",
    );
    sandbox.refused("fit -o m.prodlike", &["cannot be shown `account`"]);
    sandbox.write("prodlike.toml", MANIFEST);
    sandbox.edit(
        "prodlike.toml",
        "generator = \"payment.card_number\"",
        "generator = \"code\"",
    );
    sandbox.refused("fit -o m.prodlike", &["`code` takes no options"]);
    sandbox.write("prodlike.toml", MANIFEST);
    // A component that was changed after it was added.
    let kept = std::fs::read_dir(sandbox.path("prodlike-plugins"))
        .unwrap()
        .next()
        .unwrap();
    let kept = kept.unwrap().path();
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    std::fs::write(&kept, bytes).unwrap();
    sandbox.refused("fit -o m.prodlike", &["payment", "sha256:"]);
}
