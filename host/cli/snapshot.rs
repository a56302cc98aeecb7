//! `snapshot`: a manifest as one job.

use std::time::Instant;

use prodlike_core::words::counted;
use prodlike_engine::FileFormat;
use prodlike_engine::snapshot::SnapshotOptions;
use serde_json::json;

use crate::args::{Format, Snapshot};
use crate::commands::{Session, judge, told};
use crate::output;

pub(crate) fn snapshot(session: &Session, args: &Snapshot) -> anyhow::Result<bool> {
    let start = Instant::now();
    let options = SnapshotOptions {
        output: args.output.clone(),
        model: args.model.clone(),
        format: args.format.map(|format| match format {
            Format::Csv => FileFormat::Csv,
            Format::Parquet => FileFormat::Parquet,
        }),
        scale: args.scale,
        rows: args.rows.clone(),
        seed: args.seed,
        floors: args.fail_under.clone(),
        refit: args.refit,
    };
    let done = prodlike_engine::snapshot::snapshot(&session.engine(), &args.manifest, &options)?;
    judge(&done.measured.context.gates);
    match done.published {
        true => session.say(&format!(
            "Published {} to: `{}`",
            counted(done.made.tables as u64, "table"),
            done.output.display()
        )),
        false => output::say(&format!(
            "Published nothing: `{}` is as it was{}",
            done.output.display(),
            match done.sound {
                true => "",
                false => "; to have the dataset all the same, use `prodlike generate`",
            }
        )),
    }
    for report in &done.reports {
        session.say(&format!("Wrote report to: `{}`", report.display()));
    }
    let report = &done.measured.evaluation.report;
    if !session.json() {
        output::result(&told(&done.measured))?;
    }
    let gates = done.measured.context.gates.iter().map(|gate| {
        json!({
            "score": gate.name, "value": gate.score, "floor": gate.floor,
            "passed": gate.passed(),
        })
    });
    let gates: Vec<_> = gates.collect();
    let reports = done.reports.iter().map(|path| path.to_string_lossy());
    session.result(&json!({
        "published": done.published,
        "output": done.output.to_string_lossy(),
        "model": done.model.to_string_lossy(),
        "model_digest": done.info.digest,
        "model_reused": done.reused,
        "seed": done.seed,
        "tables": done.made.tables,
        "rows": done.made.rows,
        "undeclared": done.made.undeclared,
        "notes": done.made.notes,
        "diagnostic": report.diagnostic(),
        "quality": report.quality(),
        "gates": gates,
        "reports": reports.collect::<Vec<_>>(),
        "seconds": start.elapsed().as_secs_f64(),
    }))?;
    Ok(done.published)
}
