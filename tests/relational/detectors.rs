//! Plugins that tell what columns mean, asked by `init`.

use super::guest::{Guest, answer, error};
use super::plugins::component;
use crate::util::Sandbox;

/// An IBAN of Germany (ISO 13616): the rest of all digits by 97 says the check digits.
fn iban(account: u128) -> String {
    let check = 98 - (account * 1_000_000 + 131_400) % 97;
    format!("DE{check:02}{account:018}")
}

/// A number of Visa's, with Luhn's digit.
fn card(number: u64) -> u64 {
    let body = 400_000_000_000_000 + number * 7_919;
    let sum: u64 = body
        .to_string()
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| u64::from(digit - b'0') * (2 - at as u64 % 2))
        .map(|doubled| doubled / 10 + doubled % 10)
        .sum();
    body * 10 + (10 - sum % 10) % 10
}

/// Customers with accounts, cards as text and as numbers, and codes that nothing is known of.
fn shop() -> Sandbox {
    let sandbox = Sandbox::new();
    let rows: Vec<String> = (1..=40)
        .map(|row: u64| {
            let (account, card) = (iban(u128::from(row) * 370_400_440_532), card(row));
            format!("({row}, '{account}', '{card}', {card}, 'LC-{row:04}')")
        })
        .collect();
    sandbox.sql(
        "shop.duckdb",
        &format!(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, konto VARCHAR, karte VARCHAR,
                 karte_zahl BIGINT, kennung VARCHAR);
             INSERT INTO customer VALUES {};",
            rows.join(", ")
        ),
    );
    sandbox
}

/// A shop beside which a detector is locked that recognises document numbers; `batch` is what
/// it does when it is asked.
fn with_detector(guest: Guest) -> Sandbox {
    let sandbox = shop();
    let guest = Guest {
        name: "member",
        finds: &["document_number"],
        kinds: &["detector"],
        ..guest
    };
    sandbox.write("member.wasm", guest.build());
    sandbox.ok("plugin add member.wasm");
    sandbox
}

/// A detector that always recognises so many values, of which chance would so large a share.
fn finding(matched: u32, chance: f64) -> Guest {
    let mut guest = Guest::default();
    let findings = guest.memory.findings(&[(0, matched, chance)]);
    guest.batch = answer(findings);
    guest
}

/// The manifest's line of a column, with the comments above it.
fn line(manifest: &str, column: &str) -> String {
    let lines: Vec<&str> = manifest.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with(&format!("{column} = ")))
        .unwrap_or_else(|| panic!("no `{column}` in\n{manifest}"));
    let above = lines[..at]
        .iter()
        .rev()
        .take_while(|it| it.starts_with('#'));
    let first = at - above.count();
    lines[first..=at].join("\n")
}

#[test]
fn init_proposes_the_generators_of_what_plugins_recognise() {
    let sandbox = shop();
    std::fs::copy(component("payment"), sandbox.path("payment.wasm")).unwrap();
    sandbox.ok("plugin add payment.wasm");
    sandbox.ok("init shop.duckdb");
    let manifest = sandbox.read("prodlike.toml");
    let konto = line(&manifest, "konto");
    assert!(
        konto.contains(r#"semantic = "iban", generator = "payment.iban""#)
            && konto.contains("values look like IBANs; plugin `payment` says so too"),
        "{konto}"
    );
    let karte = line(&manifest, "karte");
    assert!(
        karte.contains(r#"generator = "payment.card_number""#),
        "{karte}"
    );
    // The plugin makes text, which a column of numbers cannot hold.
    let zahl = line(&manifest, "karte_zahl");
    assert!(
        zahl.contains(r#"semantic = "card_number", generator = "card_number""#)
            && zahl.contains("plugin `payment` says so too"),
        "{zahl}"
    );
    let kennung = line(&manifest, "kennung");
    assert!(!kennung.contains("payment"), "{kennung}");
    // What was proposed works as it is.
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &["SELECT count(*) FROM customer WHERE left(konto, 2) NOT BETWEEN 'AA' AND 'ZZ'"],
    );
    // Without a lockfile nobody is asked.
    std::fs::remove_file(sandbox.path("prodlike.lock")).unwrap();
    sandbox.ok("init shop.duckdb --overwrite");
    assert!(!sandbox.read("prodlike.toml").contains("plugin `payment`"));
}

#[test]
fn a_finding_counts_where_it_is_more_than_chance_and_than_native_proof() {
    let sandbox = with_detector(finding(38, 0.01));
    sandbox.ok("init shop.duckdb");
    let manifest = sandbox.read("prodlike.toml");
    let kennung = line(&manifest, "kennung");
    assert!(
        kennung.contains(r#"semantic = "document_number""#)
            && kennung.contains("plugin `member` recognises 95 % of the values; chance would, 1 %"),
        "{kennung}"
    );
    // All of those passed a check of ours, which is more than 38 of 40.
    let konto = line(&manifest, "konto");
    assert!(
        konto.contains(r#"semantic = "iban", generator = "iban""#) && !konto.contains("member"),
        "{konto}"
    );
    // A key is a key.
    assert!(!line(&manifest, "id").contains("member"));
    for (matched, chance) in [(30, 0.01), (40, 0.9), (40, 1.0), (0, 0.0)] {
        let sandbox = with_detector(finding(matched, chance));
        sandbox.ok("init shop.duckdb");
        let manifest = sandbox.read("prodlike.toml");
        assert!(
            !manifest.contains("member"),
            "{matched}, {chance}\n{manifest}"
        );
    }
}

#[test]
fn a_detector_that_fails_is_named_and_init_goes_on() {
    let plain = shop();
    plain.ok("init shop.duckdb");
    let expected = plain.read("prodlike.toml");
    let trap = Guest {
        batch: "unreachable".to_owned(),
        ..Guest::default()
    };
    let mut words = Guest::default();
    let text = words.memory.text(b"LC-0001 is a member");
    words.batch = error(None, text);
    // One value more than there are.
    for guest in [trap, words, finding(41, 0.0)] {
        let sandbox = with_detector(guest);
        let ran = sandbox.ok("init shop.duckdb");
        let warnings: Vec<&str> = ran
            .stderr
            .lines()
            .filter(|line| line.contains("member"))
            .collect();
        assert!(
            warnings.len() == 1
                && warnings[0].contains("detector `member` is not asked any more")
                && warnings[0].contains("customer.konto"),
            "{}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("LC-0001"), "{}", ran.stderr);
        assert_eq!(sandbox.read("prodlike.toml"), expected);
    }
}

#[test]
fn a_component_that_was_changed_is_not_asked() {
    let sandbox = with_detector(finding(38, 0.01));
    let kept = "prodlike-plugins/member-1.2.3.wasm";
    let mut guest = finding(40, 0.01);
    guest.name = "member";
    guest.kinds = &["detector"];
    sandbox.write(kept, guest.build());
    sandbox.refused("init shop.duckdb", &["member", "sha256:"]);
    assert!(!sandbox.path("prodlike.toml").exists());
}
