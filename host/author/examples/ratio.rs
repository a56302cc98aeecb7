//! What a component costs beside native code, by kinds of columns:
//! `cargo run --release -p prodlike-author --example ratio`, with names of some for those alone.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, UInt32Type};
use prodlike_measure::Measure;
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Runtime, Settings};
use prodlike_sdk::testing::{Job, Table};
use prodlike_sdk::{
    Batch, DictionaryBuilder, Float64Builder, Generator, Int64Builder, Transform, Utf8Builder,
};

const ROWS: usize = 8_192;
const ROUNDS: usize = 401;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/measure");
    let built = prodlike_author::build(project.as_ref(), &mut |_| ())?;
    let runtime = Runtime::new()?;
    let plugin = Plugin::open(&runtime, &built.path, &Limits::default(), None)?;
    println!(
        "{} KB; {ROWS} rows a call, medians of {ROUNDS}",
        built.size / 1000
    );
    let seeds: Vec<u64> = (0..ROWS as u64)
        .map(|row| row.wrapping_mul(0x9E37_79B9))
        .collect();
    let rows = Rows {
        count: ROWS as u32,
        seeds: &seeds,
        total: ROWS as u64,
        key: 7,
        ..Rows::default()
    };
    let dictionary = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    let named: Vec<String> = std::env::args().skip(1).collect();
    let is_named = |what: &str| named.is_empty() || named.iter().any(|name| name == what);
    for (output, data_type) in [
        ("integer", DataType::Int64),
        ("luhn", DataType::Int64),
        ("text", DataType::Utf8),
        ("pieces", DataType::Utf8),
        ("dictionary", dictionary),
        ("unique", DataType::Int64),
    ] {
        if is_named(output) {
            generate(&plugin, &rows, output, data_type)?;
        }
    }
    if is_named("columns") {
        transform(&plugin, &rows)?;
    }
    Ok(())
}

fn generate(plugin: &Plugin, rows: &Rows<'_>, output: &str, data_type: DataType) -> Outcome<()> {
    let job = Job::new("{}").rows(ROWS).wanted(&[output]);
    let native = job.configure::<Measure>()?;
    let native_rows = job.batch_rows(0, ROWS);
    let component = plugin.generator(Settings {
        wanted: vec![Column::new(Field::new(output, data_type, false))],
        replay: Replay::NEVER,
        ..Settings::default()
    })?;
    compare(
        output,
        || Ok(native.generate(&native_rows, &Batch::new(&[], &[]))?),
        || Ok(component.generate(rows, &[])?),
    )
}

/// Eight columns: numbers, floats, texts and a dictionary, two of each.
fn transform(plugin: &Plugin, rows: &Rows<'_>) -> Outcome<()> {
    let numbers = || (0..ROWS as i64).map(|row| row * 1_001);
    let texts: Vec<String> = numbers().map(|number| format!("{number:020}")).collect();
    let floats = || numbers().map(|number| number as f64 / 7.0);
    let few = || (0..ROWS as u32).map(|row| row % 8);
    let names = ["Ann", "Bea", "Cem", "Dov", "Eva", "Finn", "Gao", "Hans"];

    let mut native_numbers = Int64Builder::with_capacity(ROWS);
    native_numbers.extend(numbers());
    let mut native_floats = Float64Builder::with_capacity(ROWS);
    native_floats.extend(floats());
    let mut native_texts = Utf8Builder::with_capacity(ROWS, 20);
    native_texts.extend(texts.iter().map(String::as_str));
    let mut native_names = DictionaryBuilder::with_values(names);
    native_names.extend_keys(few());
    let four = [
        (prodlike_sdk::Field::int64("n"), native_numbers.finish()),
        (prodlike_sdk::Field::float64("f"), native_floats.finish()),
        (prodlike_sdk::Field::utf8("t"), native_texts.finish()),
        (prodlike_sdk::Field::dictionary("d"), native_names.finish()),
    ];
    let table = Table::new(four.iter().chain(&four).cloned());
    let job = Job::new("{}").input(table.clone());
    let native = job.configure::<Measure>()?;
    let native_rows = job.batch_rows(0, ROWS);

    let names = Arc::new(StringArray::from_iter_values(names));
    let four: [ArrayRef; 4] = [
        Arc::new(Int64Array::from_iter_values(numbers())),
        Arc::new(Float64Array::from_iter_values(floats())),
        Arc::new(StringArray::from_iter_values(&texts)),
        Arc::new(DictionaryArray::<UInt32Type>::try_new(
            few().collect(),
            names,
        )?),
    ];
    let input: Vec<ArrayRef> = four.iter().chain(&four).cloned().collect();
    let component = plugin.transform(Settings {
        input: input
            .iter()
            .map(|column| Column::new(Field::new("c", column.data_type().clone(), false)))
            .collect(),
        replay: Replay::NEVER,
        ..Settings::default()
    })?;
    compare(
        "columns",
        || Ok(native.apply(&native_rows, &table.batch())?),
        || Ok(component.apply(rows, &input)?),
    )
}

/// Runs both by turns, and prints what each costs.
fn compare<N, C>(
    what: &str,
    native: impl Fn() -> Outcome<N>,
    component: impl Fn() -> Outcome<C>,
) -> Outcome<()> {
    let (mut natives, mut components) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(native()?);
        natives.push(start.elapsed().as_nanos());
        let start = Instant::now();
        black_box(component()?);
        components.push(start.elapsed().as_nanos());
    }
    natives.sort_unstable();
    components.sort_unstable();
    let row = |nanoseconds: u128| nanoseconds as f64 / ROWS as f64;
    let (native, component) = (natives[ROUNDS / 2], components[ROUNDS / 2]);
    println!(
        "{what:<12} native {:>7.2} ns/row  component {:>7.2}  ratio {:.2}  (least: {:.2})",
        row(native),
        row(component),
        component as f64 / native as f64,
        components[0] as f64 / natives[0] as f64,
    );
    Ok(())
}
