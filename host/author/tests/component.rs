//! A component makes what its code makes natively.
//!
//! Needs a toolchain that can build for WebAssembly; the first build compiles the standard
//! library where no target is installed.

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, Int64Type, UInt32Type};
use prodlike_author::{Kind, Language, Options, bench, build, create};
use prodlike_measure::Measure;
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Runtime, Settings};
use prodlike_sdk::testing::{Job, Table};
use prodlike_sdk::{Batch, Generator};

#[test]
fn rows_are_those_of_the_native_code() {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/measure");
    let built = build(project.as_ref(), &mut |_| ()).unwrap();
    assert_eq!(built.name, "measure");
    let runtime = Runtime::new().unwrap();
    let plugin = Plugin::open(&runtime, &built.path, &Limits::default(), None).unwrap();
    let n_rows = 1000;
    let dictionary = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    for (output, data_type) in [
        ("integer", DataType::Int64),
        ("luhn", DataType::Int64),
        ("text", DataType::Utf8),
        ("pieces", DataType::Utf8),
        ("dictionary", dictionary),
        ("unique", DataType::Int64),
    ] {
        let job = Job::new("{}").rows(n_rows).wanted(&[output]);
        let native = job.configure::<Measure>().unwrap();
        let rows = job.batch_rows(0, n_rows);
        let columns = native.generate(&rows, &Batch::new(&[], &[])).unwrap();
        let table = Table::new(native.output().into_iter().zip(columns));
        let component = plugin
            .generator(Settings {
                wanted: vec![Column::new(Field::new(output, data_type.clone(), false))],
                replay: Replay::default(),
                ..Settings::default()
            })
            .unwrap();
        let batch = Rows {
            count: n_rows as u32,
            seeds: rows.seeds(),
            total: rows.total(),
            key: rows.key(),
            ..Rows::default()
        };
        let made = component.generate(&batch, &[]).unwrap();
        match data_type {
            DataType::Int64 => {
                let made = made[0].as_primitive::<Int64Type>();
                assert_eq!(made.values().as_ref(), table.column(0).as_int64().unwrap());
            }
            DataType::Utf8 => {
                let made: Vec<Option<&str>> = made[0].as_string::<i32>().iter().collect();
                assert_eq!(made, table.text(0));
            }
            _ => {
                let made = made[0].as_dictionary::<UInt32Type>();
                let values = made.values().as_string::<i32>();
                let texts: Vec<Option<&str>> = made
                    .keys()
                    .iter()
                    .map(|key| key.map(|key| values.value(key as usize)))
                    .collect();
                assert_eq!(texts, table.text(0));
            }
        }
    }
}

#[test]
fn costs_are_compared_with_those_of_native_code() {
    let project = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../plugins/measure"
    ));
    let component = build(project, &mut |_| ()).unwrap().path;
    let compared = |project| {
        let costs = bench(&component, project, &Options::default(), &mut |_| ()).unwrap();
        let kinds = costs.kinds.iter();
        kinds
            .map(|costs| (costs.kind.name(), costs.ratio()))
            .collect::<Vec<_>>()
    };
    let [
        ("generator", Some(generator)),
        ("transform", Some(transform)),
    ] = compared(Some(project))[..]
    else {
        panic!("both kinds have a native twin");
    };
    assert!(generator > 0.0 && transform > 0.0);
    assert_eq!(compared(None), [("generator", None), ("transform", None)]);
}

#[test]
fn names_directories_and_projects_are_checked() {
    let directory = tempfile::tempdir().unwrap();
    let fails = |name: &str| {
        create(
            &directory.path().join("x"),
            name,
            Kind::Rule,
            Language::Rust,
        )
    };
    for name in ["", "A", "a_b", "a--b", "-a", "a-", "core", "ä"] {
        assert!(fails(name).is_err(), "{name}");
    }
    let project = directory.path().join("p");
    create(&project, "loyalty", Kind::Generator, Language::Rust).unwrap();
    let again = create(&project, "loyalty", Kind::Generator, Language::Rust).unwrap_err();
    assert!(again.to_string().ends_with("is not empty"));
    let source = std::fs::read_to_string(project.join("src/lib.rs")).unwrap();
    assert!(source.contains("export!(Loyalty: generator)") && !source.contains("{{"));
    let error = build(&directory.path().join("nothing"), &mut |_| ()).unwrap_err();
    assert!(error.to_string().ends_with("is no plugin's project"));
    assert!("cobol".parse::<Language>().is_err());
}
