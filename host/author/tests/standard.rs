//! Every plugin of the standard set conforms.
//!
//! Needs a toolchain that can build for WebAssembly; for those in Python and JavaScript, what
//! `languages.rs` needs.
#![allow(
    clippy::unwrap_used,
    reason = "tests fail by panicking; the backtrace says where"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field};
use prodlike_author::{Options, build, check};
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Runtime, Settings};

const PLUGINS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");

/// Those that a file is in.
fn projects(file: &str) -> Vec<PathBuf> {
    let mut projects: Vec<_> = std::fs::read_dir(PLUGINS)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join(file).is_file() && !path.ends_with("sdk"))
        .collect();
    projects.sort();
    projects
}

#[test]
fn standard_plugins_conform() {
    let projects = projects("Cargo.toml");
    assert!(projects.len() >= 20, "{projects:?}");
    let mut faults = Vec::new();
    for project in projects {
        let built = build(&project, &mut |_| ()).unwrap();
        let report = check(&built.path, &Options::default(), &mut |_| ()).unwrap();
        for (verdict, fault) in report.failed() {
            faults.push(format!("{} {}: {fault}", built.name, verdict.check));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Runs the project's own tests, checks its component and runs it for 300 rows, each batch twice;
/// returns the texts. An interpreter starts anew for each of the hostile options: a few will do.
fn made(name: &str, test: &[&str], locale: &str) -> Vec<String> {
    let project = Path::new(PLUGINS).join(name);
    let output = Command::new(test[0])
        .args(&test[1..])
        .current_dir(&project)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{said}");
    let built = build(&project, &mut |_| ()).unwrap();
    let options = Options {
        n_hostile: 20,
        ..Options::default()
    };
    let report = check(&built.path, &options, &mut |_| ()).unwrap();
    let faults: Vec<String> = (report.failed())
        .map(|(verdict, fault)| format!("{}: {fault}", verdict.check))
        .collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
    let runtime = Runtime::new().unwrap();
    let plugin = Plugin::open(&runtime, &built.path, &Limits::default(), None).unwrap();
    let output = &plugin.description().outputs[0].name;
    let generator = plugin.generator(Settings {
        wanted: vec![Column::new(Field::new(output, DataType::Utf8, false))],
        locale: Some(locale.to_owned()),
        replay: Replay {
            one_in: 1,
            ..Replay::default()
        },
        ..Settings::default()
    });
    // Any numbers that differ.
    let seeds: Vec<u64> = (1..=300)
        .map(|row: u64| row.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .collect();
    let rows = Rows {
        count: 300,
        seeds: &seeds,
        total: 300,
        key: 7,
        ..Rows::default()
    };
    let columns = generator.unwrap().generate(&rows, &[]).unwrap();
    let texts = columns[0].as_string::<i32>();
    texts.iter().flatten().map(str::to_owned).collect()
}

#[test]
fn policies_in_python_have_check_digits() {
    assert_eq!(projects("plugin.py").len(), 1);
    let policies = made("policy", &["python3", "-m", "unittest"], "de_DE");
    assert_eq!(policies.len(), 300);
    for policy in policies {
        // ISO 7064, MOD 97-10: letters count from A = 10.
        let rest = policy.bytes().fold(0, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => rest,
        });
        assert_eq!((rest, policy.len()), (1, 16), "{policy}");
    }
}

#[test]
fn plates_in_javascript_are_those_of_the_country() {
    assert_eq!(projects("plugin.js").len(), 1);
    let plates = made("plate", &["node", "--test"], "fr_FR");
    assert_eq!(plates.len(), 300);
    for plate in plates {
        let shape: String = plate
            .chars()
            .map(|letter| match letter {
                'A'..='Z' => 'A',
                '0'..='9' => '9',
                other => other,
            })
            .collect();
        assert_eq!(shape, "AA-999-AA", "{plate}");
    }
}
