//! Components that do what no plugin may, and the check that says so.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../../plugin/tests/plugin/guest.rs"]
#[expect(dead_code, reason = "the host's tests need more of it")]
mod guest;

use prodlike_author::{Check, Options, Outcome, Report, bench, check};
use prodlike_plugin::{Kind, Limits};

use guest::{Guest, List, Values, answer, echo, field, tag};

/// A generator that returns seeds, after some instructions.
fn seeds(code: &str) -> Guest {
    let mut guest = Guest::of(field("c", tag::INT64), &[]);
    guest.outputs = &["c"];
    let node = guest
        .memory
        .nodes(&[(0, None, Values::Raw(5, List::default()))]);
    let at = node.at;
    guest.batch = format!(
        "{code}
         (i32.store (i32.const {at}) (local.get $n-rows))
         (i32.store offset=20 (i32.const {at}) (local.get $seeds))
         (i32.store offset=24 (i32.const {at}) (local.get $n-rows))
         {}",
        answer(node)
    );
    guest
}

/// Replaces every seed by what the instructions make of it.
fn each(value: &str) -> String {
    format!(
        "(local.set $numbers (local.get $seeds))
         (if (local.get $n-rows) (then (loop
            (i64.store (local.get $numbers) {value})
            (local.set $numbers (i32.add (local.get $numbers) (i32.const 8)))
            (br_if 0 (i32.lt_u (local.get $numbers)
                (i32.add (local.get $seeds) (i32.shl (local.get $n-rows) (i32.const 3))))))))"
    )
}

const SEED: &str = "(i64.load (local.get $numbers))";

fn adding(value: &str) -> String {
    each(&format!("(i64.add {SEED} {value})"))
}

/// A transform that returns what it is given, after some instructions.
fn echoing(code: &str) -> Guest {
    Guest {
        kinds: &["transform"],
        batch: format!("{code} {}", echo()),
        ..Guest::default()
    }
}

/// A generator that is honest, and says or does something when it is configured.
fn configured(code: &str) -> Guest {
    Guest {
        configure: code.to_owned(),
        ..seeds("")
    }
}

fn report_with(guest: Guest, options: &Options) -> Report {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, guest.build()).unwrap();
    let mut n_told = 0;
    let report = check(file.path(), options, &mut |_| n_told += 1).unwrap();
    assert_eq!(n_told, report.verdicts.len());
    report
}

fn report(guest: Guest) -> Report {
    let options = Options {
        n_hostile: 60,
        ..Options::default()
    };
    report_with(guest, &options)
}

/// Returns the names of the checks that failed, and what the first of them says.
fn failed(report: &Report) -> (Vec<&'static str>, String) {
    let names = report.failed().map(|(verdict, _)| verdict.check.name());
    let first = report.failed().next();
    let says = first.map(|(_, fault)| fault.to_string());
    (names.collect(), says.unwrap_or_default())
}

#[test]
fn honest_plugins_pass() {
    for guest in [seeds(""), seeds(&adding("(local.get $key)")), echoing("")] {
        let report = report(guest);
        assert_eq!(failed(&report), (vec![], String::new()));
        assert!(report.passed());
        let skipped: Vec<&str> = report
            .verdicts
            .iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::NotApplicable(_)))
            .map(|verdict| verdict.check.name())
            .collect();
        assert_eq!(skipped, ["secrets"]);
    }
}

#[test]
fn state_across_rows_is_caught() {
    let counting = adding(
        "(global.get $count) (global.set $count (i64.add (global.get $count) (i64.const 1)))",
    );
    let (names, says) = failed(&report(seeds(&counting)));
    assert_eq!(names, ["repeat", "order", "rebuild", "split", "nulls"]);
    assert!(says.starts_with("column `c` at row 0 is `"), "{says}");
    assert!(
        says.ends_with("when asked again; options: {}; rows 0–1023"),
        "{says}"
    );
}

#[test]
fn frozen_randomness_is_caught() {
    // What a new instance draws is the same each time, as with Python's `random`: a number a
    // batch, not looked at here when it is asked for twice in a row.
    let draw = "(if (i64.ne (local.get $first) (global.get $last)) (then
            (global.set $last (local.get $first))
            (global.set $count (i64.add (i64.mul (global.get $count) (i64.const 7))
                (i64.const 5)))))";
    let mut guest = seeds(&format!("{draw} {}", adding("(global.get $count)")));
    guest.extra = "(global $last (mut i64) (i64.const -1))".to_owned();
    let (names, says) = failed(&report(guest));
    assert_eq!(names, ["order", "rebuild", "split", "nulls"]);
    assert!(says.contains("when later batches come first"), "{says}");
}

#[test]
fn a_first_batch_that_is_remembered_is_caught() {
    let once = "(if (i64.eqz (global.get $count)) (then
            (global.set $count (i64.add (local.get $first) (i64.const 1)))))";
    let code = format!("{once} {}", adding("(global.get $count)"));
    let (names, says) = failed(&report(seeds(&code)));
    assert_eq!(names, ["order", "rebuild", "split"]);
    assert!(says.contains("when later batches come first"), "{says}");
}

#[test]
fn dependence_on_the_batch_is_caught() {
    let length = adding("(i64.extend_i32_u (local.get $n-rows))");
    let (names, says) = failed(&report(seeds(&length)));
    assert_eq!(names, ["split", "nulls"]);
    assert!(
        says.contains("where 1 of the 1024 rows are asked for"),
        "{says}"
    );
    // The number of a row, where rows do not follow one another, is not `first` and more.
    let position = each(
        "(i64.add (local.get $first) (i64.extend_i32_u (i32.shr_u
            (i32.sub (local.get $numbers) (local.get $seeds)) (i32.const 3))))",
    );
    let (names, says) = failed(&report(seeds(&position)));
    assert_eq!(names, ["split"]);
    assert!(says.contains("where the rows are shuffled"), "{says}");
}

#[test]
fn batches_that_are_not_served_are_caught() {
    let code = "(if (i32.eqz (local.get $n-rows)) (then unreachable))";
    assert_eq!(failed(&report(seeds(code))).0, ["split", "small"]);
    let nulls = "(if (local.get $inputs) (then
        (if (i32.load8_u offset=4 (local.get $input)) (then unreachable))))";
    let names = failed(&report(echoing(nulls))).0;
    assert!(
        names.contains(&"nulls") && !names.contains(&"repeat"),
        "{names:?}"
    );
    // Texts whose bytes are a MiB or more.
    let huge = "(if (i32.eq (i32.load8_u offset=16 (local.get $input)) (i32.const 14)) (then
        (if (i32.gt_u (i32.load offset=32 (local.get $input)) (i32.const 1000000))
            (then unreachable))))";
    let (names, says) = failed(&report(echoing(huge)));
    assert_eq!(names, ["texts"]);
    assert!(
        says.contains("`unreachable` instruction executed"),
        "{says}"
    );
}

#[test]
fn types_that_are_not_served_are_caught() {
    let mut guest = echoing("");
    // Binary.
    guest.configure = "(if (i32.eq (i32.load8_u offset=8 (local.get $input)) (i32.const 19))
        (then unreachable))"
        .to_owned();
    let (names, says) = failed(&report(guest));
    assert_eq!(names, ["types"]);
    assert!(says.contains("input: `value`: Binary"), "{says}");
}

#[test]
fn settings_that_are_not_served_are_caught() {
    let mut guest =
        configured("(if (i32.gt_u (local.get $n-options) (i32.const 60000)) (then unreachable))");
    guest.options = r#"{"type": "object", "properties": {"text": {"type": "string"}, "n": {"type": "integer"}}}"#;
    let (names, says) = failed(&report(guest));
    assert_eq!(names, ["options"]);
    assert!(
        says.contains(r#"options: {"text":"xxx"#) && says.len() < 600,
        "{says}"
    );
    let secrets = "(if (i32.eqz (local.get $n-secrets)) (then unreachable))";
    assert_eq!(failed(&report(configured(secrets))).0, ["secrets"]);
    let locale = "(if (local.get $has-locale) (then unreachable))";
    assert_eq!(failed(&report(configured(locale))).0, ["settings"]);
    let learned = "(if (local.get $n-learned) (then unreachable))";
    assert_eq!(failed(&report(configured(learned))).0, ["settings"]);
}

#[test]
fn limits_and_repeated_values_are_caught() {
    let spin = adding("(i64.popcnt (i64.popcnt (i64.popcnt (local.get $key))))");
    let tight = Options {
        limits: Limits {
            fuel: 200_000,
            fuel_per_row: 10,
            ..Limits::default()
        },
        n_hostile: 10,
        ..Options::default()
    };
    let report_tight = report_with(seeds(&spin), &tight);
    let (names, says) = failed(&report_tight);
    assert_eq!(names, ["limits"]);
    assert!(says.contains("ran out of fuel"), "{says}");
    let few = each(&format!("(i64.and {SEED} (i64.const 1023))"));
    let (names, says) = failed(&report(seeds(&few)));
    assert_eq!(names, ["unique"]);
    assert!(says.contains("which was there before"), "{says}");
}

#[test]
fn detectors_and_rules_are_held_to_the_same() {
    let mut guest = Guest {
        kinds: &["detector"],
        ..Guest::default()
    };
    let findings = guest.memory.findings(&[(0, 0, 0.5)]);
    let at = findings.at;
    let honest = answer(findings);
    guest.batch = honest.clone();
    assert_eq!(failed(&report(guest.clone())).0, Vec::<&str>::new());
    // One match more for each question, within a sample of more than there are.
    guest.batch = format!(
        "(i64.store offset=8 (i32.const {at})
            (i64.xor (i64.load offset=8 (i32.const {at})) (i64.const 1))) {honest}"
    );
    let names = failed(&report(guest)).0;
    assert_eq!(names, ["repeat", "order", "rebuild", "nulls"]);
    let mut rule = Guest {
        kinds: &["rule"],
        ..Guest::default()
    };
    rule.domains = rule.memory.ranges(&[(0.0, 1.0), (0.0, 1.0)]);
    let nodes = rule.memory.nodes(&[(3, None, Values::Bits(vec![7]))]);
    rule.batch = answer(nodes);
    let (names, says) = failed(&report(rule));
    assert_eq!(names, ["examples"]);
    assert!(says.contains("3 values where 64 are due"), "{says}");
}

#[test]
fn what_is_no_plugin_is_a_verdict_and_what_cannot_be_read_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, b"\0asm\x0d\0\x01\0").unwrap();
    let report = check(file.path(), &Options::default(), &mut |_| ()).unwrap();
    assert_eq!(report.plugin, None);
    assert_eq!(report.verdicts.len(), 1);
    assert_eq!(report.verdicts[0].check, Check::Loads);
    assert!(!report.passed());
    let missing = check("nothing.wasm".as_ref(), &Options::default(), &mut |_| ());
    assert!(missing.is_err());
    assert!(bench(file.path(), None, &Options::default(), &mut |_| ()).is_err());
}

#[test]
fn costs_are_measured() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, seeds("").build()).unwrap();
    let costs = bench(file.path(), None, &Options::default(), &mut |_| ()).unwrap();
    let [generator] = costs.kinds.as_slice() else {
        panic!("{costs:?}");
    };
    assert_eq!(generator.kind, Kind::Generator);
    assert_eq!(generator.wanted, ["c"]);
    // Some instructions a batch, and none a row.
    assert!(generator.fuel > 0.0 && generator.fuel < 1.0, "{costs:?}");
    assert_eq!(costs.fuel_per_row(), 1_000);
    assert!(generator.rows_per_second() > 1e4, "{costs:?}");
}
