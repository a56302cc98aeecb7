//! What the boundary costs: `cargo run --release -p prodlike-plugin --example bench [FILE.wasm]`.
//!
//! The guest returns what it is given, so that what is measured is transport and checks. A
//! component given by name is compiled, loaded from the cache and instantiated as well.

#![expect(clippy::print_stdout, reason = "it is a program")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

#[path = "../tests/plugin/guest.rs"]
#[expect(dead_code, reason = "tests need more of it")]
mod guest;

use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Int32Type};
use prodlike_plugin::{Cache, Column, Limits, Plugin, Replay, Rows, Runtime, Settings, Transform};

use guest::Guest;

/// The least and the median of so many rounds, in nanoseconds.
fn time(n_rounds: usize, mut work: impl FnMut()) -> (f64, f64) {
    let mut times: Vec<f64> = (0..n_rounds)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_nanos() as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[n_rounds / 2])
}

fn echo(plugin: &Plugin, columns: &[ArrayRef], replay: Replay) -> Transform {
    let input = columns
        .iter()
        .map(|column| Column::new(Field::new("c", column.data_type().clone(), true)))
        .collect();
    plugin
        .transform(Settings {
            input,
            replay,
            ..Settings::default()
        })
        .unwrap()
}

/// Prints what a batch costs, in all and a row.
fn batch(name: &str, plugin: &Plugin, columns: &[ArrayRef], replay: Replay) {
    let transform = echo(plugin, columns, replay);
    let n_rows = columns.first().map_or(0, |column| column.len());
    let seeds = vec![0; n_rows];
    let rows = Rows {
        count: n_rows as u32,
        seeds: &seeds,
        ..Rows::default()
    };
    let (least, median) = time(2_001, || {
        std::hint::black_box(transform.apply(&rows, columns).unwrap());
    });
    let per_row = match n_rows {
        0 => String::new(),
        n_rows => format!("   {:.2} ns/row", median / n_rows as f64),
    };
    println!("{name:<52} {least:>9.0} {median:>9.0} ns{per_row}");
}

fn main() {
    let start = Instant::now();
    let runtime = Runtime::new().unwrap();
    println!("runtime {:?}; least and median of:", start.elapsed());
    let bytes = Guest {
        kinds: &["transform"],
        ..Guest::default()
    }
    .build();
    let limits = Limits::default();
    let plugin = Plugin::load(&runtime, "echo", &bytes, &limits, None).unwrap();
    let n_rows = 8_192;
    let ints: ArrayRef = Arc::new(Int64Array::from_iter_values(0..n_rows));
    let gaps: ArrayRef = Arc::new(Int64Array::from_iter(
        (0..n_rows).map(|row| (row % 7 != 0).then_some(row)),
    ));
    let floats: ArrayRef = Arc::new(Float64Array::from_iter_values(
        (0..n_rows).map(|row| row as f64 / 3.0),
    ));
    let texts = |plus: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            (0..n_rows).map(|row| format!("{row:>016}{plus}")),
        ))
    };
    let names: Vec<String> = (0..n_rows)
        .map(|row| format!("name {}", row % 100))
        .collect();
    let names: DictionaryArray<Int32Type> = names.iter().map(String::as_str).collect();
    let names: ArrayRef = Arc::new(names);
    let none: ArrayRef = Arc::new(Int64Array::from_iter_values(0..0));
    let never = Replay::NEVER;
    batch("no column, no rows", &plugin, &[], never);
    batch("8 columns, no rows", &plugin, &vec![none; 8], never);
    batch(
        "int64 (and seeds)",
        &plugin,
        std::slice::from_ref(&ints),
        never,
    );
    batch(
        "8 x int64 (and seeds)",
        &plugin,
        &vec![ints.clone(); 8],
        never,
    );
    batch(
        "int64 with NULLs",
        &plugin,
        std::slice::from_ref(&gaps),
        never,
    );
    batch("utf8, 20 bytes, ASCII", &plugin, &[texts("abcd")], never);
    batch("utf8, 20 bytes, not ASCII", &plugin, &[texts("äö")], never);
    batch("dictionary", &plugin, std::slice::from_ref(&names), never);
    let mixed = [
        ints.clone(),
        gaps.clone(),
        floats.clone(),
        texts("abcd"),
        texts("abcd"),
        names.clone(),
        ints,
        floats,
    ];
    batch("8 mixed columns", &plugin, &mixed, never);
    batch(
        "8 mixed columns, one in 32 replayed",
        &plugin,
        &mixed,
        Replay::default(),
    );

    let components: Vec<String> = std::env::args().skip(1).collect();
    for path in &components {
        start_up(&runtime, path);
    }
    if components.is_empty() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("echo.wasm");
        std::fs::write(&path, &bytes).unwrap();
        start_up(&runtime, path.to_str().unwrap());
    }
}

/// Prints what it costs until a plugin can be called.
fn start_up(runtime: &Runtime, path: &str) {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits::default();
    let open =
        |cache: Option<&Cache>| Plugin::open(runtime, path.as_ref(), &limits, cache).unwrap();
    let kib = open(None).size() as f64 / 1_024.0;
    println!("{path}: {kib:.1} KiB");
    let (least, median) = time(5, || drop(open(None)));
    println!(
        "{:<52} {:>9.0} {:>9.0} us   {:.2} ms/KB",
        "compile",
        least / 1e3,
        median / 1e3,
        least / 1e6 / (kib * 1.024)
    );
    let cache = Cache::new(directory.path().join("cache"));
    let (first, _) = time(1, || drop(open(Some(&cache))));
    println!("{:<52} {:>9.0} us", "compile and keep", first / 1e3);
    let (least, median) = time(101, || drop(open(Some(&cache))));
    println!(
        "{:<52} {:>9.1} {:>9.1} us",
        "load what was compiled",
        least / 1e3,
        median / 1e3
    );
    let plugin = open(Some(&cache));
    if plugin.kinds().contains(&prodlike_plugin::Kind::Generator) {
        let output = plugin.description().outputs.first();
        let wanted =
            output.map(|output| Column::new(Field::new(output.name.clone(), DataType::Utf8, true)));
        let settings = Settings {
            wanted: wanted.into_iter().collect(),
            ..Settings::default()
        };
        if plugin.generator(settings.clone()).is_ok() {
            let (least, median) = time(101, || drop(plugin.generator(settings.clone())));
            println!(
                "{:<52} {:>9.1} {:>9.1} us",
                "instantiate and configure",
                least / 1e3,
                median / 1e3
            );
        }
    }
}
