//! A stranger's shop: six CSV exports that declare nothing and are dirty in five ways, from
//! `init` to `snapshot` without an edit.
//!
//! The dirt: customers are in Windows-1252 with semicolons and German dates; orders have a
//! byte order mark, CRLF line ends and decimal commas; lines are compressed and spell missing
//! values `NA`; reviews have line breaks inside quotes; returns refer to lines, but a few to
//! none that there are.

use std::fmt::Write as _;

use crate::util::Sandbox;

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// Small ones come often.
    fn skewed(&mut self, n: u64) -> u64 {
        let (a, b) = (self.below(n), self.below(n));
        a * b / n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

const FIRST: [&str; 12] = [
    "Jürgen", "Anna", "Günter", "Lena", "Björn", "Käthe", "Paul", "Zoë", "Emil", "Mia", "Jörg",
    "Ida",
];
const LAST: [&str; 12] = [
    "Müller", "Schmidt", "Weiß", "Fischer", "Köhler", "Wagner", "Jäger", "Schäfer", "Krause",
    "Böhm", "Lang", "Voß",
];
const TOWNS: [&str; 8] = [
    "Köln",
    "Berlin",
    "München",
    "Hamburg",
    "Düsseldorf",
    "Nürnberg",
    "Kiel",
    "Ulm",
];
const GOODS: [&str; 8] = [
    "lamp", "chair", "desk", "shelf", "rug", "mirror", "clock", "vase",
];
const COLOURS: [&str; 6] = ["red", "blue", "oak", "white", "black", "green"];

fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("shop")).unwrap();
    let mut dice = Dice(7);

    let mut customers =
        "customer_id;first_name;last_name;email;city;birth_date;newsletter\n".to_string();
    for id in 1..=600 {
        let (first, last) = (dice.pick(&FIRST), dice.pick(&LAST));
        writeln!(
            customers,
            "{id};{first};{last};kunde{id}@beispiel.de;{};{:02}.{:02}.{};{}",
            dice.pick(&TOWNS),
            1 + dice.below(28),
            1 + dice.below(12),
            1940 + dice.below(65),
            dice.pick(&["ja", "nein"]),
        )
        .unwrap();
    }
    // Every letter of it has the same number in Windows-1252.
    let bytes: Vec<u8> = customers
        .chars()
        .map(|letter| letter as u32 as u8)
        .collect();
    sandbox.write("shop/customers.csv", bytes);

    let mut products = "product_id,name,category,price\n".to_string();
    for id in 1..=80 {
        let good = GOODS[id % 8];
        let category = if id % 8 < 4 {
            "furniture"
        } else {
            "decoration"
        };
        writeln!(
            products,
            "{},\"{} {good}, no. {id}\",{category},{}.{:02}",
            1000 + id,
            dice.pick(&COLOURS),
            5 + dice.skewed(400),
            dice.below(100)
        )
        .unwrap();
    }
    sandbox.write("shop/products.csv", products);

    let mut orders = "\u{feff}order_id;customer_id;ordered_at;status;shipping\r\n".to_string();
    for id in 1..=3000 {
        let minutes = dice.below(500_000);
        write!(
            orders,
            "{id};{};2023-{:02}-{:02} {:02}:{:02}:00;{};{},{:02}\r\n",
            1 + dice.skewed(600),
            1 + minutes % 12,
            1 + minutes % 28,
            minutes % 24,
            minutes % 60,
            dice.pick(&["paid", "paid", "paid", "open", "cancelled"]),
            dice.below(9),
            dice.below(100),
        )
        .unwrap();
    }
    sandbox.write("shop/orders.csv", orders);

    let mut lines = "line_id,order_id,product_id,quantity,discount\n".to_string();
    let mut n_lines = 0;
    for order in 1..=3000 {
        for _ in 0..=dice.skewed(6) {
            n_lines += 1;
            let discount = match dice.below(3) {
                0 => format!("0.{:02}", 5 * dice.below(7)),
                _ => "NA".to_string(),
            };
            writeln!(
                lines,
                "{n_lines},{order},{},{},{discount}",
                1001 + dice.skewed(80),
                1 + dice.skewed(5)
            )
            .unwrap();
        }
    }
    sandbox.write("shop/order_lines.csv", lines);
    let plain = sandbox.path("shop/order_lines.csv");
    sandbox.sql(
        "scratch.duckdb",
        &format!(
            "COPY (FROM read_csv('{0}', all_varchar = true)) TO '{0}.gz' (FORMAT csv, COMPRESSION gzip)",
            plain.display()
        ),
    );
    std::fs::remove_file(plain).unwrap();

    let mut reviews = "review_id,product_id,customer_id,stars,comment\n".to_string();
    for id in 1..=900 {
        let comment = match dice.below(3) {
            0 => String::new(),
            1 => format!(
                "\"Nice {},\nwould buy \"\"it\"\" again\"",
                dice.pick(&GOODS)
            ),
            _ => format!(
                "The {} of {} fell apart",
                dice.pick(&GOODS),
                dice.pick(&COLOURS)
            ),
        };
        writeln!(
            reviews,
            "{id},{},{},{},{comment}",
            1001 + dice.skewed(80),
            1 + dice.below(600),
            5 - dice.skewed(5)
        )
        .unwrap();
    }
    sandbox.write("shop/reviews.csv", reviews);

    let mut returns = "return_id|line_id|returned_on|reason\n".to_string();
    for id in 1..=250 {
        // Three lines were deleted since.
        let line = if id % 100 == 50 {
            n_lines + id
        } else {
            1 + dice.below(n_lines)
        };
        writeln!(
            returns,
            "{id}|{line}|2024-{:02}-{:02}|{}",
            1 + dice.below(12),
            1 + dice.below(28),
            dice.pick(&["broken", "too late", "not as shown", ""]),
        )
        .unwrap();
    }
    sandbox.write("shop/returns.csv", returns);
    sandbox
}

#[test]
fn six_dirty_files_become_a_snapshot_without_an_edit() {
    let sandbox = shop();
    sandbox.ok("init shop");
    let manifest = sandbox.read("prodlike.toml");
    let key = |child: &str, column: &str, parent: &str, key: &str| {
        format!(
            "parent_table = \"{parent}\"\nparent_key = [\"{key}\"]\n\
             child_table = \"{child}\"\nchild_key = [\"{column}\"]"
        )
    };
    for (child, column, parent) in [
        ("orders", "customer_id", "customers"),
        ("order_lines", "order_id", "orders"),
        ("order_lines", "product_id", "products"),
        ("reviews", "product_id", "products"),
        ("reviews", "customer_id", "customers"),
        ("returns", "line_id", "order_lines"),
    ] {
        let wanted = key(child, column, parent, column);
        assert!(manifest.contains(&wanted), "no\n{wanted}\nin\n{manifest}");
    }
    assert_eq!(
        manifest.matches("[[relationships]]").count(),
        6,
        "{manifest}"
    );
    for (line, count) in [
        ("birth_date = { type = \"DATE\"", 1),
        ("shipping = { type = \"DOUBLE\"", 1),
        ("discount = { type = \"D", 1),
        ("semantic = \"email\"", 1),
        ("orphans = \"keep\"", 1),
    ] {
        assert_eq!(
            manifest.matches(line).count(),
            count,
            "`{line}` in\n{manifest}"
        );
    }
    let ran = sandbox.ok("snapshot --fail-under diagnostic=1");
    assert!(ran.stdout.contains("100.0"), "{ran}");
    for left in [
        "snapshot/dataset.json",
        "snapshot.report.html",
        "snapshot.junit.xml",
    ] {
        assert!(sandbox.path(left).is_file(), "no {left}");
    }
    let page = sandbox.read("snapshot.report.html");
    assert!(
        !page.contains("beispiel.de"),
        "an address of the real data is in the report"
    );
}
