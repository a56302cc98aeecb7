//! Components in Python and JavaScript: the project that `create` writes builds, and what it
//! makes is what Rust would.
//!
//! Needs python3 with venv and pip, node and npm; what makes components is installed by the
//! build. Few components, for each takes tens of seconds: one in Python with all
//! kinds in it, two in JavaScript.
#![allow(
    clippy::unwrap_used,
    reason = "tests fail by panicking; the backtrace says where"
)]

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, DictionaryArray,
    Float64Array, Int8Array, Int64Array, IntervalMonthDayNanoArray, ListArray, StringArray,
    StructArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, IntervalMonthDayNanoType};
use prodlike_author::{Kind, Language, build, create};
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Runtime, Settings};
use prodlike_sdk::testing::Job;

const N_ROWS: u32 = 300;

/// Methods that the Python template has not: all other kinds. A transform runs what it is given as `code`.
const PYTHON: &str = r#"
    finds = ["loyal_card"]

    def apply(self, rows, batch):
        if batch[0].field.name == "code":
            for row, code in zip(rows, batch[0]):
                eval(code)
        return [column.values for column in batch]

    def detect(self, batch):
        return [Finding(0, len(batch[0]), chance=0.5)]

    def domains(self):
        return [OneOf(("a", "b"))]

    def check(self, rows, batch):
        return [row.index != 1 for row in rows]

    def keys(self, batch):
        return [[value] for value in batch[0]]


# What two digits"#;

/// What the JavaScript template of a transform does instead.
const JAVASCRIPT: &str = r#"
  apply(rows, batch) {
    const { field, values } = batch.at(0);
    if (field.name === "code") for (const code of values) eval(code);
    return batch.columns;
  }

  hide(rows, batch) {"#;

#[test]
fn python() {
    let project = Project::new(
        Language::Python,
        Kind::Generator,
        &["python3", "-m", "unittest"],
    );
    project.edit(
        "plugin.py",
        &[
            (
                "import Example",
                "import Detector, Finding, OneOf, Rule, Transform, Example",
            ),
            ("(Generator):", "(Generator, Transform, Detector, Rule):"),
            ("\n\n# What two digits", PYTHON),
            (
                "from dataclasses",
                "import datetime, os, random, time, uuid\nfrom dataclasses",
            ),
        ],
    );
    let plugin = project.build();
    assert_eq!(plugin.kinds().len(), 5);
    generates(&plugin);
    streams(&plugin);
    transforms(&plugin);
    reads(&plugin);
    refuses(
        &plugin,
        &[
            "random.random()",
            "random.Random()",
            "random.SystemRandom().random()",
            "os.urandom(1)",
            "uuid.uuid4()",
            "time.time()",
            "time.localtime()",
            "datetime.datetime.now()",
            "datetime.datetime.now(datetime.timezone.utc)",
            "datetime.date.today()",
        ],
    );
    evaluated(
        &plugin,
        "random.Random(5).random() + time.gmtime(0).tm_year",
    )
    .unwrap();
    evaluated(
        &plugin,
        "datetime.date(2024, 2, 29) + datetime.timedelta(1)",
    )
    .unwrap();
}

#[test]
fn javascript() {
    let project = Project::new(Language::JavaScript, Kind::Generator, &["node", "--test"]);
    generates(&project.build());
    // The same directory, so that nothing is installed twice.
    let other = Project::new(Language::JavaScript, Kind::Transform, &["node", "--test"]);
    std::fs::copy(
        other.path().join("plugin.js"),
        project.path().join("plugin.js"),
    )
    .unwrap();
    project.edit("plugin.js", &[("\n  apply(rows, batch) {", JAVASCRIPT)]);
    let plugin = project.build();
    transforms(&plugin);
    refuses(
        &plugin,
        &[
            "Math.random()",
            "Date.now()",
            "new Date()",
            "Date()",
            "new (new Date(0).constructor)()",
            "performance.now()",
            "crypto.randomUUID()",
            "crypto.getRandomValues(new Uint8Array(1))",
        ],
    );
    evaluated(&plugin, "new Date(0).getUTCFullYear() + Math.floor(1.5)").unwrap();
    project.edit(
        "plugin.js",
        &[("  hide(rows, batch) {", "  generate(rows, batch) {")],
    );
    let error = build(&project.path(), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("has one kind"), "{error}");
}

/// The templates of all kinds pass their own tests, natively.
#[test]
fn templates() {
    for (_, kind) in Kind::ALL {
        drop(Project::new(
            Language::Python,
            kind,
            &["python3", "-m", "unittest"],
        ));
        drop(Project::new(
            Language::JavaScript,
            kind,
            &["node", "--test"],
        ));
    }
}

/// A new project, whose tests passed.
struct Project(tempfile::TempDir);

impl Project {
    fn new(language: Language, kind: Kind, test: &[&str]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        create(&project.path(), "loyal-card", kind, language).unwrap();
        let output = Command::new(test[0])
            .args(&test[1..])
            .current_dir(project.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        project
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("project")
    }

    fn edit(&self, file: &str, changes: &[(&str, &str)]) {
        let path = self.path().join(file);
        let mut text = std::fs::read_to_string(&path).unwrap();
        for (old, new) in changes {
            assert!(text.contains(old), "{old}");
            text = text.replace(old, new);
        }
        std::fs::write(&path, text).unwrap();
    }

    fn build(&self) -> Plugin {
        let built = build(&self.path(), &mut |_| ()).unwrap();
        assert_eq!(built.name, "loyal-card");
        let runtime = Runtime::new().unwrap();
        Plugin::open(&runtime, &built.path, &Limits::default(), None).unwrap()
    }
}

/// Values are those that the SDK for Rust would draw, and come out the same again.
fn generates(plugin: &Plugin) {
    let job = Job::new("{}").rows(N_ROWS as usize);
    let rows = job.batch_rows(0, N_ROWS as usize);
    let expected: Vec<String> = rows
        .iter()
        .map(|row| {
            let digits = format!("{:08}", row.rng().below(100_000_000));
            format!("ZZ-{digits}{}", check_digit(&digits))
        })
        .collect();
    let batch = rows_of(N_ROWS, rows.seeds());
    let settings = |column: Column| Settings {
        options: r#"{ "prefix": "ZZ-" }"#.to_owned(),
        wanted: vec![column],
        replay: Replay {
            one_in: 1,
            ..Replay::default()
        },
        ..Settings::default()
    };
    let wanted = settings(Column::new(Field::new("value", DataType::Utf8, false)));
    let generator = plugin.generator(wanted.clone()).unwrap();
    let made = generator.generate(&batch, &[]).unwrap();
    let made: Vec<&str> = made[0].as_string::<i32>().iter().flatten().collect();
    assert_eq!(made, expected);
    let unique = Settings {
        unique: true,
        ..wanted
    };
    let made = plugin
        .generator(unique)
        .unwrap()
        .generate(&batch, &[])
        .unwrap();
    let numbers: std::collections::HashSet<_> = made[0].as_string::<i32>().iter().collect();
    assert_eq!(numbers.len(), N_ROWS as usize);
    let wrong = Settings {
        options: r#"{ "prefix": 1 }"#.to_owned(),
        ..Settings::default()
    };
    assert!(plugin.generator(wrong).is_err());
}

/// Streams hold what the SDK for Rust would draw: those that a batch's rows draw together, and,
/// beyond sixteen of them or sixteen draws, those of a row alone.
fn streams(plugin: &Plugin) {
    let job = Job::new("{}").rows(3);
    let rows = job.batch_rows(0, 3);
    let codes = rows.iter().map(|row| {
        let expected: Vec<Vec<u64>> = (0..20)
            .map(|stream| row.stream(stream))
            .map(|mut rng| (0..20).map(|_| rng.bits()).collect())
            .collect();
        let drawn = "[[rng.bits() for _ in range(20)] for rng in map(row.stream, range(20))]";
        Some(format!("{drawn} == {expected:?} or 1 / 0"))
    });
    let codes: ArrayRef = Arc::new(codes.collect::<StringArray>());
    let transform = plugin.transform(Settings {
        input: vec![Column::new(Field::new("code", DataType::Utf8, true))],
        ..Settings::default()
    });
    transform
        .unwrap()
        .apply(&rows_of(3, rows.seeds()), &[codes])
        .unwrap();
    // Odd and even numbers of bits, and domains that a network leaves.
    for n in [1, 2, 5, 64, 129, 1000] {
        let images = format!("sorted(map(rows.unique({n}), range({n})))");
        evaluated(plugin, &format!("{images} == [*range({n})] or 1 / 0")).unwrap();
    }
}

/// Every kind of buffer crosses and comes back.
fn transforms(plugin: &Plugin) {
    let columns = columns();
    let count = columns[0].len() as u32;
    let transform = plugin.transform(Settings {
        input: fields(&columns),
        ..Settings::default()
    });
    let back = transform
        .unwrap()
        .apply(&rows_of(count, &[1, 2, 3]), &columns)
        .unwrap();
    for (there, back) in columns.iter().zip(&back) {
        // Dictionaries are numbered anew.
        if there.as_any_dictionary_opt().is_some() {
            let texts = |array: &ArrayRef| arrow::compute::cast(array, &DataType::Utf8).unwrap();
            assert_eq!(&texts(there), &texts(back));
        } else {
            assert_eq!(there, back);
        }
    }
}

/// Detectors, rules and what learns.
fn reads(plugin: &Plugin) {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["1", "2", "2"]));
    let read = Settings {
        input: fields(std::slice::from_ref(&texts)),
        ..Settings::default()
    };
    let found = plugin
        .detector(read.clone())
        .unwrap()
        .detect(3, std::slice::from_ref(&texts))
        .unwrap();
    assert_eq!(
        (found[0].semantic, found[0].matched, found[0].chance),
        (0, 3, 0.5)
    );
    let keys = plugin
        .learn(read.clone())
        .unwrap()
        .keys(3, std::slice::from_ref(&texts))
        .unwrap();
    assert_eq!(keys.value(1).as_string::<i32>().value(0), "2");
    let rule = plugin.rule(read).unwrap();
    // What lies outside of the rule's domain breaks it.
    for (value, can) in [("a", true), ("1", false)] {
        let value: ArrayRef = Arc::new(StringArray::from(vec![value]));
        let checked = rule.check(&rows_of(1, &[1]), &[value]).unwrap();
        assert_eq!(checked, BooleanArray::from(vec![can]));
    }
    assert_eq!(
        rule.domains(),
        [prodlike_plugin::Domain::OneOf(vec!["a".into(), "b".into()])]
    );
}

fn check_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

fn rows_of(count: u32, seeds: &[u64]) -> Rows<'_> {
    Rows {
        count,
        seeds,
        total: u64::from(count),
        key: 7,
        ..Rows::default()
    }
}

fn fields(columns: &[ArrayRef]) -> Vec<Column> {
    let field = |column: &ArrayRef| Column::new(Field::new("c", column.data_type().clone(), true));
    columns.iter().map(field).collect()
}

fn columns() -> Vec<ArrayRef> {
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
    ]);
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(i64::MIN), Some(i64::MAX)]));
    let pair = StructArray::from(vec![(
        Arc::new(Field::new("n", DataType::Int64, true)),
        numbers.clone(),
    )]);
    let interval = IntervalMonthDayNanoType::make_value(-1, 2, -3);
    let decimals = vec![Some(i128::MIN / 4), None, Some(-1)];
    let texts: DictionaryArray<Int32Type> = [Some("b"), None, Some("b")].into_iter().collect();
    vec![
        numbers,
        Arc::new(lists),
        Arc::new(pair),
        Arc::new(texts),
        Arc::new(Int8Array::from(vec![Some(-1), None, Some(127)])),
        Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(0)])),
        Arc::new(Float64Array::from(vec![Some(0.5), None, Some(-1e300)])),
        Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        Arc::new(StringArray::from(vec![Some("ä€😀"), None, Some("x")])),
        Arc::new(BinaryArray::from(vec![
            Some(&b"\xff\0"[..]),
            None,
            Some(b""),
        ])),
        Arc::new(
            TimestampMicrosecondArray::from(vec![Some(-1), None, Some(1)]).with_timezone("UTC"),
        ),
        Arc::new(IntervalMonthDayNanoArray::from(vec![
            Some(interval),
            None,
            Some(interval),
        ])),
        Arc::new(
            Decimal128Array::from(decimals)
                .with_precision_and_scale(38, 2)
                .unwrap(),
        ),
    ]
}

/// What code does in a component.
fn evaluated(plugin: &Plugin, code: &str) -> Result<(), prodlike_plugin::Error> {
    let codes: ArrayRef = Arc::new(StringArray::from(vec![code]));
    let input = vec![Column::new(Field::new("code", DataType::Utf8, true))];
    let transform = plugin.transform(Settings {
        input,
        ..Settings::default()
    })?;
    transform.apply(&rows_of(1, &[1]), &[codes]).map(|_| ())
}

/// There is no clock and no randomness.
fn refuses(plugin: &Plugin, codes: &[&str]) {
    for code in codes {
        let error = evaluated(plugin, code).unwrap_err();
        let error = format!("{error:?}");
        let told = error.contains("has no meaning in a plugin") || error.contains("has no seed");
        assert!(told, "{code}: {error}");
    }
}
