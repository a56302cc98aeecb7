//! The music store from the standard plugins: what a row says of a customer fits together.

use super::plugins::component;
use crate::util::{Sandbox, chinook};

/// What fills which column of the customers, in place of what `init` chose.
const CUSTOMERS: [(&str, &str); 10] = [
    ("first_name", "person.first_name"),
    ("last_name", "person.last_name"),
    ("email", "person.email"),
    ("company", "company.name"),
    ("address", "address.street"),
    ("city", "address.city"),
    ("state", "address.region"),
    ("postal_code", "address.postcode"),
    ("phone", "phone.number"),
    // No column of the store holds accounts: this one shall.
    ("fax", "payment.iban"),
];

/// Every country of the store: the end of its addresses, its calling code, whether it has IBANs.
const COUNTRIES: &str = "(VALUES ('Argentina', 'ar', '+54', false), ('Australia', 'au', '+61', false),
    ('Austria', 'at', '+43', true), ('Belgium', 'be', '+32', true), ('Brazil', 'br', '+55', true),
    ('Canada', 'ca', '+1', false), ('Chile', 'cl', '+56', false), ('Czech Republic', 'cz', '+420', true),
    ('Denmark', 'dk', '+45', true), ('Finland', 'fi', '+358', true), ('France', 'fr', '+33', true),
    ('Germany', 'de', '+49', true), ('Hungary', 'hu', '+36', true), ('India', 'in', '+91', false),
    ('Ireland', 'ie', '+353', true), ('Italy', 'it', '+39', true), ('Netherlands', 'nl', '+31', true),
    ('Norway', 'no', '+47', true), ('Poland', 'pl', '+48', true), ('Portugal', 'pt', '+351', true),
    ('Spain', 'es', '+34', true), ('Sweden', 'se', '+46', true), ('USA', 'us', '+1', false),
    ('United Kingdom', 'gb', '+44', true)) AS known(country, code, calling, has_iban)";

/// The store's manifest, with plugins for the customers.
fn store() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("init {}", chinook().display()));
    let manifest = sandbox.read("prodlike.toml");
    let mut section = "";
    let lines = manifest.lines().map(|line| {
        if line.starts_with('[') {
            section = line;
        }
        let (name, _) = line.split_once(" = {").unwrap_or_default();
        let filled = CUSTOMERS.iter().find(|(column, _)| *column == name);
        match filled {
            Some((_, generator)) if section == "[tables.customer.columns]" => {
                let semantic = match *generator {
                    "payment.iban" => "iban",
                    _ => line.split('"').nth(3).unwrap(),
                };
                let nullable = line.contains("nullable = false");
                format!(
                    "{name} = {{ type = \"VARCHAR\", {}semantic = \"{semantic}\", generator = \"{generator}\" }}",
                    if nullable { "nullable = false, " } else { "" }
                )
            }
            _ => line.to_owned(),
        }
    });
    let manifest: Vec<String> = lines.collect();
    sandbox.write("prodlike.toml", manifest.join("\n"));
    for plugin in ["person", "company", "address", "phone", "payment"] {
        sandbox.ok(&format!("plugin add {}", component(plugin).display()));
    }
    sandbox
}

#[test]
fn customers_from_standard_plugins_fit_their_country() {
    let sandbox = store();
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 20 --seed 5");
    let known = format!("customer JOIN {COUNTRIES} USING (country)");
    let letters = "list_transform(string_split(substr(fax, 5) || left(fax, 4), ''),
        lambda it: if(it BETWEEN 'A' AND 'Z', ascii(it) - 55, try_cast(it AS INTEGER)))";
    sandbox.none(
        "made.duckdb",
        &[
            &format!("SELECT (SELECT count(*) FROM {known}) - 1180"),
            &format!(
                "SELECT count(*) FROM {known} WHERE email NOT LIKE '%@mail.' || code || '.example'"
            ),
            &format!("SELECT count(*) FROM {known} WHERE NOT starts_with(phone, calling)"),
            &format!(
                "SELECT count(*) FROM {known} WHERE has_iban AND fax IS NOT NULL
                 AND left(fax, 2) <> upper(code)"
            ),
            // What the rules of IBANs say (ISO 13616).
            &format!(
                "SELECT count(*) FROM customer WHERE fax IS NOT NULL AND list_reduce({letters},
                 lambda sum, it: (sum * if(it > 9, 100, 10) + it) % 97, 0) <> 1"
            ),
            // Addresses hold the family name, where it needs no other spelling.
            "SELECT count(*) FROM customer WHERE regexp_full_match(last_name, '[A-Za-z ]+')
                 AND NOT contains(email, replace(lower(last_name), ' ', ''))",
            "SELECT count(*) FROM (SELECT last_name FROM customer WHERE country = 'Finland'
                 INTERSECT SELECT last_name FROM customer WHERE country = 'Brazil')",
            "SELECT count(*) FROM (SELECT country, city FROM customer
                 GROUP BY ALL HAVING count(DISTINCT state) > 1)",
            "SELECT count(*) FROM customer WHERE country = 'Germany'
                 AND NOT regexp_full_match(postal_code, '\\d{5}')",
        ],
    );
    let plain =
        "SELECT count(*) > 600 FROM customer WHERE regexp_full_match(last_name, '[A-Za-z ]+')
        AND email IS NOT NULL";
    assert_eq!(sandbox.value("made.duckdb", plain), "true");
    let accounts = "SELECT count(DISTINCT fax) > 50 FROM customer";
    assert_eq!(sandbox.value("made.duckdb", accounts), "true");
}

#[test]
fn the_store_is_the_same_whatever_the_threads_parts_and_caches() {
    let sandbox = store();
    for threads in ["1", "2"] {
        sandbox.ok(&format!("fit -o {threads}.prodlike --threads {threads}"));
    }
    let model =
        |threads: &str| std::fs::read(sandbox.path(&format!("{threads}.prodlike"))).unwrap();
    assert!(model("1") == model("2"));
    for format in ["csv", "parquet"] {
        let made = |out: &str, arguments: &str| {
            let arguments = format!("--format {format} --chunk-rows 500 --scale 2 {arguments}");
            let mut command = sandbox.command(&format!(
                "generate 1.prodlike -o {format}/{out} {arguments}"
            ));
            command.env("XDG_CACHE_HOME", sandbox.path(&format!("{format}/caches")));
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            sandbox.files(&format!("{format}/{out}"))
        };
        let compiled = || {
            let files = sandbox.files(&format!("{format}/caches")).into_keys();
            files.filter(|it| it.ends_with(".cwasm")).count()
        };
        std::fs::create_dir(sandbox.path(format)).unwrap();
        let one = made("one", "--threads 1 --frozen");
        assert!(one.contains_key(&format!("customer/00000.{format}")));
        assert!(one.contains_key(&format!("invoice_line/00008.{format}")));
        // What is frozen takes nothing that was compiled before, and keeps nothing.
        assert_eq!(compiled(), 0);
        assert!(one == made("two", "--threads 2"), "{format}");
        assert_eq!(compiled(), 5);
        assert!(one == made("again", "--threads 2"), "{format}");
        (1..=7).rev().for_each(|part| {
            made("parts", &format!("--part {part}/7"));
        });
        assert!(one == sandbox.files(&format!("{format}/parts")), "{format}");
    }
}
