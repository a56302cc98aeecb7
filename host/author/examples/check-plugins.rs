//! Checks and measures components: `cargo run -p prodlike-author --example check-plugins
//! [FILE.wasm...]`, or all that were built.
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use prodlike_author::{Options, Outcome, bench, check};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut components: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if components.is_empty() {
        let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/plugins");
        for entry in std::fs::read_dir(built)? {
            components.push(entry?.path());
        }
        components.sort();
    }
    let options = Options::default();
    let mut all = true;
    for component in components {
        println!("{}", component.display());
        let report = check(&component, &options, &mut |verdict| {
            let kind = verdict.kind.map_or("", |kind| kind.name());
            let outcome = match &verdict.outcome {
                Outcome::Passed => "passed".to_owned(),
                Outcome::NotApplicable(why) => format!("not applicable: {why}"),
                Outcome::Failed(fault) => format!("FAILED: {fault}"),
            };
            let time = verdict.time.as_millis();
            println!(
                "  {kind:<10} {:<12} {time:>6} ms  {outcome}",
                verdict.check.name()
            );
        })?;
        all &= report.passed();
        match bench(&component, None, &options, &mut |_| ()) {
            Ok(costs) => {
                println!("  {} bytes, loaded in {:?}", costs.size, costs.load);
                for kind in &costs.kinds {
                    println!(
                        "  {:<10} {:.1} ns/row, {:.0} rows/s, {:.1} fuel/row (limit: {}), \
                         configured in {:?}: {} {:?} -> {:?}",
                        kind.kind.name(),
                        kind.nanoseconds(),
                        kind.rows_per_second(),
                        kind.fuel,
                        kind.proposed,
                        kind.configure,
                        kind.options,
                        kind.input,
                        kind.wanted,
                    );
                }
            }
            Err(error) => println!("  not measured: {error}"),
        }
    }
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
