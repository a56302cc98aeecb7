//! What a component costs beside native code, by kinds of columns:
//! `cargo run --release -p prodlike-author --example ratio`.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use arrow::datatypes::{DataType, Field};
use prodlike_measure::Measure;
use prodlike_plugin::{Column, Limits, Plugin, Replay, Rows, Runtime, Settings};
use prodlike_sdk::testing::Job;
use prodlike_sdk::{Batch, Generator};

const ROWS: usize = 8_192;
const ROUNDS: usize = 401;

fn main() -> Result<(), Box<dyn Error>> {
    let project = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/measure");
    let built = prodlike_author::build(project.as_ref(), &mut |_| ())?;
    let runtime = Runtime::new()?;
    let plugin = Plugin::open(&runtime, &built.path, &Limits::default(), None)?;
    println!(
        "{} KB; {ROWS} rows a call, medians of {ROUNDS}",
        built.size / 1000
    );
    let dictionary = DataType::Dictionary(DataType::UInt32.into(), DataType::Utf8.into());
    for (output, data_type) in [
        ("integer", DataType::Int64),
        ("luhn", DataType::Int64),
        ("text", DataType::Utf8),
        ("pieces", DataType::Utf8),
        ("dictionary", dictionary),
        ("unique", DataType::Int64),
    ] {
        let job = Job::new("{}").rows(ROWS).wanted(&[output]);
        let native = job.configure::<Measure>()?;
        let rows = job.batch_rows(0, ROWS);
        let seeds: Vec<u64> = (0..ROWS as u64)
            .map(|row| row.wrapping_mul(0x9E37_79B9))
            .collect();
        let component = plugin.generator(Settings {
            wanted: vec![Column::new(Field::new(output, data_type, false))],
            replay: Replay::NEVER,
            ..Settings::default()
        })?;
        let batch = Rows {
            count: ROWS as u32,
            seeds: &seeds,
            total: ROWS as u64,
            key: 7,
            ..Rows::default()
        };
        let (mut natives, mut components) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let start = Instant::now();
            black_box(native.generate(&rows, &Batch::new(&[], &[]))?);
            natives.push(start.elapsed().as_nanos());
            let start = Instant::now();
            black_box(component.generate(&batch, &[])?);
            components.push(start.elapsed().as_nanos());
        }
        natives.sort_unstable();
        components.sort_unstable();
        let row = |nanoseconds: u128| nanoseconds as f64 / ROWS as f64;
        let (native, component) = (natives[ROUNDS / 2], components[ROUNDS / 2]);
        println!(
            "{output:<12} native {:>7.2} ns/row  component {:>7.2}  ratio {:.2}  (least: {:.2})",
            row(native),
            row(component),
            component as f64 / native as f64,
            components[0] as f64 / natives[0] as f64,
        );
    }
    Ok(())
}
