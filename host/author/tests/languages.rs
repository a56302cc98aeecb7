//! Components in Python and JavaScript: the project that `create` writes builds, and what it
//! makes is what Rust would.
//!
//! Needs python3 with venv and pip, node and npm; what makes components is installed by the
//! build. One component a language, with all kinds in it: each takes tens of seconds.

use std::path::Path;
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

/// Methods that the Python template has not: all other kinds. What a rule checks is code.
const PYTHON: &str = r#"
    finds = ["loyal_card"]

    def apply(self, rows, batch):
        return [column.values for column in batch]

    def detect(self, batch):
        return [Finding(0, len(batch[0]), chance=0.5)]

    def domains(self):
        return [OneOf(("a", "b"))]

    def check(self, rows, batch):
        for code in batch[0]:
            eval(code)
        return [row.index != 1 for row in rows]

    def keys(self, batch):
        return [[value] for value in batch[0]]


DOUBLED"#;

const JAVASCRIPT: &str = r#"
  static finds = ["loyal_card"];

  apply(rows, batch) {
    return batch.columns;
  }

  detect(batch) {
    return [{ semantic: 0, matched: batch.at(0).length, chance: 0.5 }];
  }

  domains() {
    return [["a", "b"]];
  }

  check(rows, batch) {
    for (const code of batch.at(0)) eval(code);
    return rows.map((row) => row.index !== 1);
  }

  keys(batch) {
    return batch.at(0).map((value) => [value]);
  }
}

const DOUBLED"#;

#[test]
fn python() {
    let edit = |source: &str| {
        source
            .replace(
                "import Example, Generator",
                "import Detector, Finding, OneOf, Rule, Transform, Example, Generator",
            )
            .replace("(Generator):", "(Generator, Transform, Detector, Rule):")
            .replace("\n\nDOUBLED", PYTHON)
            .replace(
                "from dataclasses",
                "import datetime, os, random, time, uuid\nfrom dataclasses",
            )
    };
    let plugin = component(
        Language::Python,
        "plugin.py",
        &["python3", "-m", "unittest"],
        edit,
    );
    serves(&plugin);
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
    runs(
        &plugin,
        "random.Random(5).random() + time.gmtime(0).tm_year",
    );
    runs(
        &plugin,
        "datetime.date(2024, 2, 29) + datetime.timedelta(1)",
    );
}

#[test]
fn javascript() {
    let edit = |source: &str| source.replace("}\n\nconst DOUBLED", JAVASCRIPT);
    let plugin = component(Language::JavaScript, "plugin.js", &["node", "--test"], edit);
    serves(&plugin);
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
    runs(&plugin, "new Date(0).getUTCFullYear() + Math.floor(1.5)");
}

/// Creates a project, runs its tests, edits it and builds it.
fn component(
    language: Language,
    source: &str,
    test: &[&str],
    edit: impl Fn(&str) -> String,
) -> Plugin {
    let directory = tempfile::tempdir().unwrap();
    let project = directory.path().join("project");
    create(&project, "loyal-card", Kind::Generator, language).unwrap();
    passes(&project, test);
    let source = project.join(source);
    let edited = edit(&std::fs::read_to_string(&source).unwrap());
    assert!(edited.contains("loyal_card"));
    std::fs::write(&source, edited).unwrap();
    let built = build(&project, &mut |_| ()).unwrap();
    assert_eq!(built.name, "loyal-card");
    let runtime = Runtime::new().unwrap();
    let plugin = Plugin::open(&runtime, &built.path, &Limits::default(), None).unwrap();
    assert_eq!(plugin.kinds().len(), 5);
    plugin
}

fn passes(project: &Path, test: &[&str]) {
    let output = Command::new(test[0])
        .args(&test[1..])
        .current_dir(project)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// All kinds do what they should.
fn serves(plugin: &Plugin) {
    // As the SDK for Rust draws, and batches made again come out the same.
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

    // Every kind of buffer crosses and comes back.
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
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["1", "2", "2"]));
    let read = Settings {
        input: fields(&[texts.clone()]),
        ..Settings::default()
    };
    let found = plugin
        .detector(read.clone())
        .unwrap()
        .detect(3, &[texts.clone()])
        .unwrap();
    assert_eq!(
        (found[0].semantic, found[0].matched, found[0].chance),
        (0, 3, 0.5)
    );
    let keys = plugin
        .learn(read.clone())
        .unwrap()
        .keys(3, &[texts.clone()])
        .unwrap();
    assert_eq!(keys.value(1).as_string::<i32>().value(0), "2");
    let rule = plugin.rule(read).unwrap();
    let can = rule.check(&rows_of(1, &[1]), &[texts.slice(0, 1)]).unwrap();
    assert_eq!(can, BooleanArray::from(vec![true]));
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

/// What a rule's code raised, if it did.
fn evaluated(plugin: &Plugin, code: &str) -> Result<BooleanArray, prodlike_plugin::Error> {
    let codes: ArrayRef = Arc::new(StringArray::from(vec![code]));
    let read = Settings {
        input: fields(&[codes.clone()]),
        ..Settings::default()
    };
    plugin
        .rule(read)
        .unwrap()
        .check(&rows_of(1, &[1]), &[codes])
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

fn runs(plugin: &Plugin, code: &str) {
    evaluated(plugin, code).unwrap();
}
