//! Learning, detecting, rules, the log and secrets.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field as ArrowField};
use prodlike_plugin::{Column, Counts, Domain, Error, Finding, Limits, Rows, Secret, Settings};

use crate::guest::{Guest, List, Values, answer, error};
use crate::hostile::{limits, load, says};
use crate::logged;

fn column(data_type: DataType) -> Column {
    Column::new(ArrowField::new("c", data_type, true))
}

fn with(input: DataType) -> Settings {
    Settings {
        column: "t.c".to_owned(),
        input: vec![column(input)],
        ..Settings::default()
    }
}

#[test]
fn learned_keys_are_counted() {
    let guest = Guest {
        kinds: &["generator", "learn"],
        ..Guest::default()
    };
    let mut keys = ListBuilder::new(StringBuilder::new());
    for row in [&["a", "b"][..], &["a"], &[]] {
        for key in row {
            keys.values().append_value(key);
        }
        keys.append(true);
    }
    let keys = keys.finish();
    let learn = load(guest, &limits())
        .unwrap()
        .learn(with(keys.data_type().clone()))
        .unwrap();
    let found = learn.keys(3, &[Arc::new(keys.clone())]).unwrap();
    assert_eq!(found, keys);
    let mut counts = Counts::new(2);
    counts.add(&found, &[1 << 60, 1 << 61, 1 << 62]).unwrap();
    let counts = counts.finish();
    assert_eq!(counts.len(), 1);
    assert_eq!((counts[0].key.as_str(), counts[0].entities), ("a", 2));
}

#[test]
fn findings_are_checked() {
    let detecting = |findings: &[(u32, u32, f64)]| {
        let mut guest = Guest {
            kinds: &["detector"],
            ..Guest::default()
        };
        let findings = guest.memory.findings(findings);
        guest.batch = answer(findings);
        let detector = load(guest, &limits())
            .unwrap()
            .detector(with(DataType::Utf8))
            .unwrap();
        let sample: ArrayRef = Arc::new(StringArray::from(vec!["x", "y"]));
        detector.detect(2, &[sample])
    };
    assert_eq!(
        detecting(&[(0, 2, 0.25)]).unwrap(),
        [Finding {
            semantic: 0,
            matched: 2,
            chance: 0.25
        }]
    );
    for (finding, problem) in [
        ((1, 1, 0.0), "semantic type 1 of the 1 that it finds"),
        ((0, 3, 0.0), "3 of 2 values matched"),
        ((0, 1, f64::NAN), "chance matches a share of NaN"),
        ((0, 1, -0.5), "chance matches a share of -0.5"),
    ] {
        assert!(
            says(detecting(&[finding])).contains(&format!("returned a wrong result: {problem}")),
            "{problem}"
        );
    }
}

#[test]
fn rules_have_domains_and_say_which_rows_can_be() {
    let ruling = |ranges: &[(f64, f64)]| {
        let mut guest = Guest {
            kinds: &["rule"],
            ..Guest::default()
        };
        guest.domains = guest.memory.ranges(ranges);
        let nodes = guest.memory.nodes(&[(4, None, Values::Bits(vec![0b1011]))]);
        guest.batch = answer(nodes);
        let mut settings = with(DataType::Int64);
        settings.replay = prodlike_plugin::Replay::NEVER;
        load(guest, &limits()).unwrap().rule(settings)
    };
    let rule = ruling(&[(0.0, 9.5)]).unwrap();
    assert_eq!(rule.domains(), [Domain::Range(0.0, 9.5)]);
    let rows = Rows {
        count: 4,
        seeds: &[1, 2, 3, 4],
        total: 4,
        ..Rows::default()
    };
    // The plugin refuses the third; the second is beyond the range; NULL is in every domain.
    let values = vec![Some(1), Some(20), Some(3), None];
    let values: ArrayRef = Arc::new(Int64Array::from(values));
    let holds = rule.check(&rows, &[values]).unwrap();
    assert_eq!(
        holds.values().iter().collect::<Vec<_>>(),
        [true, false, false, true]
    );
    assert!(says(ruling(&[(1.0, 0.0)])).contains("column `c`: a range from 1 to 0"));
    assert!(says(ruling(&[])).contains("0 columns where 1 are due"));
}

/// A plugin that says a text so often, and then gives up with it.
fn talking(text: &[u8], times: u32, kinds: &'static [&'static str]) -> Guest {
    let mut guest = Guest {
        kinds,
        ..Guest::default()
    };
    let List { at, length } = guest.memory.text(text);
    let give_up = error(None, List { at, length });
    let line = format!("(call $log (i32.const 1) (i32.const {at}) (i32.const {length}))");
    guest.configure = line.clone();
    guest.batch = format!("{} {give_up}", line.repeat(times as usize));
    guest
}

fn give_up(guest: Guest, settings: Settings) -> Result<(), Error> {
    let rows = Rows {
        count: 1,
        seeds: &[1],
        ..Rows::default()
    };
    let value: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let limits = Limits {
        log_lines: 3,
        ..limits()
    };
    let plugin = load(guest, &limits).unwrap();
    if plugin.kinds().len() > 1 {
        plugin.learn(settings)?.keys(1, &[value])?;
    } else {
        plugin.generator(settings)?.generate(&rows, &[value])?;
    }
    Ok(())
}

#[test]
fn the_log_is_short_and_escaped() {
    let (result, log) = logged(|| {
        give_up(
            talking(b"one\ntwo\x1b", 9, &["generator"]),
            with(DataType::Int64),
        )
    });
    assert!(says(result).ends_with("gave up: one\\ntwo\\u{1b}"));
    let line = "INFO one\\ntwo\\u{1b} plugin=\"`test` (v1.2.3)\"\n";
    assert_eq!(
        log,
        line.repeat(3) + "WARN says more than is shown plugin=\"`test` (v1.2.3)\"\n"
    );
}

#[test]
fn nothing_is_said_of_real_rows() {
    let learning = talking(b"Jane Doe", 1, &["generator", "learn"]);
    let (result, log) = logged(|| give_up(learning, with(DataType::Int64)));
    assert_eq!(
        says(result),
        "plugin `test` (v1.2.3) on rows 0–0 of `t.c` gave up: \
         its words are not shown, since it saw real rows"
    );
    assert_eq!(log, "");
    let settings = Settings {
        real: true,
        ..with(DataType::Int64)
    };
    let (result, log) = logged(|| give_up(talking(b"Jane Doe", 1, &["generator"]), settings));
    assert!(!says(result).contains("Jane"));
    assert_eq!(log, "");
}

#[test]
fn secrets_are_not_said() {
    let settings = Settings {
        secrets: vec![Secret {
            name: "key".to_owned(),
            bytes: b"s3cr3t".to_vec(),
        }],
        ..with(DataType::Int64)
    };
    assert!(!format!("{settings:?}").contains("s3cr3t"));
    let (result, log) = logged(|| give_up(talking(b"a s3cr3t!", 1, &["generator"]), settings));
    assert!(says(result).ends_with("gave up: a ***!"));
    assert!(log.starts_with("INFO a ***! "), "{log}");
}

#[test]
fn input_is_what_was_stated() {
    let plugin = load(Guest::default(), &limits()).unwrap();
    let generator = plugin.generator(with(DataType::Int64)).unwrap();
    let rows = Rows {
        count: 2,
        seeds: &[1, 2],
        ..Rows::default()
    };
    let ints = |n: i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(0..n)) };
    let place = "plugin `test` (v1.2.3) on rows 0–1 of `t.c` cannot be called: ";
    for (input, reason) in [
        (vec![], "0 columns where 1 were stated"),
        (vec![ints(3)], "column `c` has 3 values for 2 rows"),
        (
            vec![Arc::new(StringArray::from(vec!["x", "y"])) as ArrayRef],
            "column `c` has type Utf8, and Int64 was stated",
        ),
    ] {
        assert_eq!(
            says(generator.generate(&rows, &input)),
            place.to_owned() + reason
        );
    }
    let few = Rows {
        seeds: &[1],
        ..rows
    };
    assert_eq!(
        says(generator.generate(&few, &[ints(2)])),
        place.to_owned() + "1 seeds for 2 rows"
    );
    assert!(
        says(plugin.generator(with(DataType::Decimal256(50, 0))))
            .ends_with("column `c` has type Decimal256(50, 0), which plugins cannot be given")
    );
}

#[test]
fn fuel_costs_the_same_everywhere() {
    let plugin = load(Guest::default(), &Limits::default()).unwrap();
    let generator = plugin.generator(Settings {
        replay: prodlike_plugin::Replay::NEVER,
        ..with(DataType::Int64)
    });
    let generator = generator.unwrap();
    let seeds: Vec<u64> = (0..100_000).collect();
    let rows = Rows {
        count: 100_000,
        seeds: &seeds,
        ..Rows::default()
    };
    let values: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100_000));
    generator.generate(&rows, &[values]).unwrap();
    // Most of it for 25 pages, at 255 each; another version of wasmtime may count otherwise.
    assert_eq!(generator.fuel(), 6_792);
}

#[test]
fn handles_are_used_from_many_threads() {
    let plugin = load(Guest::default(), &limits()).unwrap();
    let generator = plugin.generator(with(DataType::Int64)).unwrap();
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let generator = &generator;
            threads.spawn(move || {
                for batch in 0..50 {
                    let values: ArrayRef =
                        Arc::new(Int64Array::from(vec![thread * 1_000 + batch; 10]));
                    let rows = Rows {
                        count: 10,
                        seeds: &[0; 10],
                        ..Rows::default()
                    };
                    let made = generator
                        .generate(&rows, std::slice::from_ref(&values))
                        .unwrap();
                    assert_eq!(&made[0], &values);
                }
            });
        }
    });
}
