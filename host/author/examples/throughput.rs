//! What a generator of any language makes a second:
//! `cargo run --release -p prodlike-author --example throughput FILE.wasm [OPTIONS]`.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::time::Instant;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field};
use prodlike_plugin::{Cache, Column, Limits, Plugin, Replay, Rows, Runtime, Settings};

const ROWS: u32 = 8_192;
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which component?")?;
    let runtime = Runtime::new()?;
    let directory = tempfile::tempdir()?;
    let cache = Cache::new(directory.path().join("cache"));
    let start = Instant::now();
    let plugin = Plugin::open(&runtime, path.as_ref(), &Limits::default(), Some(&cache))?;
    println!(
        "{} KB, compiled in {:.1?}",
        plugin.size() / 1000,
        start.elapsed()
    );
    let output = plugin
        .description()
        .outputs
        .first()
        .ok_or("it makes nothing")?;
    let field = Field::new(output.name.clone(), DataType::Utf8, false);
    let settings = Settings {
        options: arguments.next().unwrap_or_default(),
        wanted: vec![Column::new(field)],
        replay: Replay::NEVER,
        ..Settings::default()
    };
    let start = Instant::now();
    let plugin = Plugin::open(&runtime, path.as_ref(), &Limits::default(), Some(&cache))?;
    let loaded = start.elapsed();
    let generator = plugin.generator(settings)?;
    println!(
        "loaded in {loaded:.1?}, configured after {:.1?}",
        start.elapsed()
    );
    let seeds: Vec<u64> = (0..u64::from(ROWS))
        .map(|row| row.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .collect();
    let rows = Rows {
        count: ROWS,
        seeds: &seeds,
        total: u64::from(ROWS),
        key: 7,
        ..Rows::default()
    };
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        let columns = generator.generate(&rows, &[])?;
        rounds.push(start.elapsed().as_nanos());
        if round == 0 {
            let texts: Vec<_> = columns[0]
                .as_string::<i32>()
                .iter()
                .flatten()
                .take(3)
                .collect();
            println!("{}", texts.join(", "));
        }
    }
    rounds.sort_unstable();
    let row = rounds[ROUNDS / 2] as f64 / f64::from(ROWS);
    let fuel = generator.fuel() / (ROUNDS as u64 * u64::from(ROWS));
    println!(
        "{row:.0} ns/row, {:.2} M rows/s, {fuel} fuel a row",
        1e3 / row
    );
    Ok(())
}
