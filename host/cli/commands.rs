//! One function a verb: reads its input, runs a stage, says what came of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use prodlike_core::progress::{Cancel, Progress as _};
use prodlike_core::schema::TableMode;
use prodlike_core::source::{BrokenRows, SourceSpec};
use prodlike_core::words::{bytes, counted, elapsed, thousands};
use prodlike_engine::generate::{GenerateOptions, WriteOptions, is_database};
use prodlike_engine::init::InitOptions;
use prodlike_engine::session::{MANIFEST, MODEL, Measure, Measured, writable};
use prodlike_engine::{DatasetOptions, Error, FileFormat, Gate, Interrupts, Size};

use crate::args::{self, Described, Evaluate, Fit, Format, Generate, Global, Init, OutputFormat};
use crate::lock;
use crate::output::{self, Advice};
use crate::progress::Bars;

/// What every command is given.
pub(crate) struct Session {
    pub(crate) global: Global,
    pub(crate) bars: Bars,
    pub(crate) cancel: Cancel,
    pub(crate) interrupts: Interrupts,
}

impl Session {
    pub(crate) fn say(&self, text: &str) {
        if !self.global.quiet {
            output::say(text);
        }
    }

    /// Whether results are wanted as JSON.
    pub(crate) fn json(&self) -> bool {
        self.global.output_format == OutputFormat::Json
    }

    /// Writes a result as JSON to standard output, if that is wanted.
    pub(crate) fn result(&self, value: &serde_json::Value) -> anyhow::Result<()> {
        match self.json() {
            true => output::result(&(serde_json::to_string_pretty(value)? + "\n")),
            false => Ok(()),
        }
    }

    /// What stages are given.
    pub(crate) fn engine(&self) -> prodlike_engine::Session<'_> {
        prodlike_engine::Session {
            threads: self.global.threads,
            plugins: lock::options(&self.global),
            progress: &self.bars,
            cancel: &self.cancel,
            interrupts: &self.interrupts,
        }
    }
}

pub(crate) fn init(session: &Session, args: &Init) -> anyhow::Result<()> {
    let start = Instant::now();
    writable(&args.output, &MANIFEST)?;
    let mut sources = SourceSpec::several(&args.source);
    if args.skip_broken_rows {
        for source in &mut sources {
            source.options.broken_rows = BrokenRows::Skip;
        }
    }
    let options = InitOptions {
        infer: !args.no_infer,
        detectors: session.engine().detectors(&args.output)?,
    };
    let source = session.engine().open(&sources, None)?;
    // The manifest names its source as seen from where it lies.
    let beside = args
        .output
        .parent()
        .is_none_or(|parent| parent.as_os_str().is_empty() || parent == Path::new("."));
    if !beside {
        for source in &mut sources {
            source.path = std::path::absolute(&source.path)?;
        }
    }
    let proposal =
        prodlike_engine::init::init(&source, &sources, &options, &session.bars, &session.cancel)?;
    prodlike_engine::write_manifest(&args.output, &proposal.manifest, args.overwrite)
        .map_err(Error::from)?;
    let tables = proposal.schema.tables.len() as u64;
    let relationships = proposal.schema.relationships.len() as u64;
    let kept = proposal
        .schema
        .tables
        .iter()
        .filter(|table| table.mode == TableMode::Keep)
        .count() as u64;
    let generated: usize = proposal
        .schema
        .tables
        .iter()
        .flat_map(|table| &table.columns)
        .filter(|column| column.generator.is_some())
        .count();
    session.say(&format!(
        "Looked at {} and {} in {}",
        counted(tables, "table"),
        counted(relationships, "relationship"),
        elapsed(start.elapsed())
    ));
    session.say(&format!(
        "Marked {} to be generated, not learned, and {} to be kept",
        counted(generated as u64, "column"),
        counted(kept, "table")
    ));
    session.say(&format!("Wrote manifest to: `{}`", args.output.display()));
    session.result(&serde_json::json!({
        "manifest": args.output.to_string_lossy(),
        "sources": args.source,
        "tables": tables,
        "relationships": relationships,
        "generated_columns": generated,
        "kept_tables": kept,
        "seconds": start.elapsed().as_secs_f64(),
    }))
}

pub(crate) fn fit(session: &Session, args: &Fit) -> anyhow::Result<()> {
    let start = Instant::now();
    writable(&args.output, &MODEL)?;
    let model = session.engine().learn(&args.input, start)?;
    let info = prodlike_engine::write_model(&model, &args.output).map_err(Error::from)?;
    session.say(&format!(
        "Wrote model to: `{}` ({})",
        args.output.display(),
        bytes(info.bytes)
    ));
    session.result(&serde_json::json!({
        "model": args.output.to_string_lossy(),
        "model_digest": info.digest,
        "bytes": info.bytes,
        "tables": model.tables.len(),
        "relationships": model.edges.len(),
        "suppressed": prodlike_engine::inspect::suppressed_json(&model.suppressed),
        "seconds": start.elapsed().as_secs_f64(),
    }))
}

pub(crate) fn generate(session: &Session, args: &Generate) -> anyhow::Result<()> {
    let start = Instant::now();
    let (model, info) = prodlike_engine::read_model(&args.model).map_err(Error::from)?;
    let size = Size {
        scale: args.scale,
        rows: args.rows.clone(),
    };
    let Some(out) = args.output.as_ref().filter(|_| !args.dry_run) else {
        let plan = prodlike_engine::plan(&model, args.seed, &size)?;
        plan.notes.iter().for_each(|note| session.bars.warn(note));
        let ways = prodlike_engine::ways(&model, &plan);
        let tables: Vec<(&str, u64, &str)> = (model.schema.tables.iter())
            .zip(plan.rows.iter().zip(&ways))
            .map(|(table, (rows, way))| (table.name.as_str(), *rows, way.as_str()))
            .collect();
        return output::result(&plan_text(
            &tables,
            &plan.notes,
            session.global.output_format,
        )?);
    };
    if is_database(out) && args.format.is_some() {
        return Err(Advice {
            message: format!(
                "`--format` does not apply to the database `{}`",
                out.display()
            ),
            hint: "Leave `--format` out, or give a directory".into(),
        }
        .into());
    }
    let options = GenerateOptions {
        dataset: DatasetOptions {
            size,
            seed: args.seed,
            threads: session.global.threads,
            plugins: lock::options(&session.global),
        },
        tables: args.table.clone(),
        part: args.part,
        write: WriteOptions {
            out: out.clone(),
            format: match args.format {
                Some(Format::Csv) => FileFormat::Csv,
                Some(Format::Parquet) | None => FileFormat::Parquet,
            },
            chunk_rows: args.chunk_rows,
            overwrite: args.overwrite,
            keys: !args.no_keys,
        },
    };
    let made = session
        .engine()
        .make(&Arc::new(model), &info, &options, start)?;
    for relationship in &made.undeclared {
        session.say(&format!(
            "Not declared as a foreign key in the database: `{relationship}`"
        ));
    }
    match made.missing.len() as u64 {
        0 => session.say(&format!(
            "Wrote {} to: `{}`",
            counted(made.tables as u64, "table"),
            out.display()
        )),
        n => session.say(&format!(
            "Staged a part: {} still missing before `{}` appears",
            counted(n, "part"),
            out.display()
        )),
    }
    session.result(&serde_json::json!({
        "output": out.to_string_lossy(),
        "model_digest": info.digest,
        "seed": args.seed,
        "tables": made.tables,
        "rows": made.rows,
        "missing_parts": made.missing,
        "undeclared": made.undeclared,
        "notes": made.notes,
        "seconds": start.elapsed().as_secs_f64(),
    }))
}

fn plan_text(
    tables: &[(&str, u64, &str)],
    notes: &[String],
    format: OutputFormat,
) -> anyhow::Result<String> {
    let total: u64 = tables.iter().map(|(_, rows, _)| rows).sum();
    if format == OutputFormat::Json {
        let tables: Vec<_> = tables
            .iter()
            .map(|(table, rows, how)| {
                serde_json::json!({ "table": table, "rows": rows, "how": how })
            })
            .collect();
        let plan = serde_json::json!({ "tables": tables, "rows": total, "notes": notes });
        return Ok(serde_json::to_string_pretty(&plan)? + "\n");
    }
    let width = tables
        .iter()
        .map(|(table, ..)| table.chars().count())
        .max()
        .unwrap_or(0)
        .max(5);
    let digits = thousands(total).len().max(4);
    let line = |name: &str, rows: &str, how: &str| {
        let line = format!("{name:width$}  {rows:>digits$}  {how}");
        line.trim_end().to_string() + "\n"
    };
    let mut text = line("table", "rows", "how");
    for (table, rows, how) in tables {
        text += &line(table, &thousands(*rows), how);
    }
    text += &line("total", &thousands(total), "");
    Ok(text)
}

pub(crate) fn evaluate(session: &Session, args: &Evaluate) -> anyhow::Result<bool> {
    let evaluated = session.engine().measure(&Measure {
        real: args.real.clone(),
        synthetic: args.synthetic.clone(),
        shown: None,
        model: args.model.clone(),
        holdout: args.holdout.clone(),
        html: args.html.clone(),
        json: args.json.clone(),
        junit: args.junit.clone(),
        floors: args.fail_under.clone(),
    })?;
    for path in [&args.html, &args.json, &args.junit].into_iter().flatten() {
        session.say(&format!("Wrote report to: `{}`", path.display()));
    }
    let Measured {
        evaluation,
        context,
    } = &evaluated;
    match session.global.output_format {
        OutputFormat::Text => output::result(&told(&evaluated))?,
        OutputFormat::Json => {
            let json = prodlike_engine::report_json(evaluation, context).map_err(Error::from)?;
            output::result(&json)?;
        }
    }
    Ok(judge(&context.gates))
}

/// The scores and what they amount to, for a terminal.
pub(crate) fn told(evaluated: &Measured) -> String {
    let text = prodlike_engine::report_text(&evaluated.evaluation.report);
    let verdict = prodlike_engine::report_verdict(&evaluated.evaluation, &evaluated.context);
    format!("{text}\n{verdict}\n")
}

/// Says which scores are below their floors; whether none is.
pub(crate) fn judge(gates: &[Gate]) -> bool {
    for gate in gates.iter().filter(|gate| !gate.passed()) {
        let score = match gate.score {
            // Rounded down: 0.99996 is not 1.
            Some(score) => format!("{}", (score * 1e4).floor() / 1e4),
            None => "not measured".to_string(),
        };
        output::say(&format!(
            "Below the floor: {} is {score}, at least {} was wanted",
            gate.name, gate.floor
        ));
    }
    gates.iter().all(Gate::passed)
}

pub(crate) fn schema(args: &args::Schema) -> anyhow::Result<()> {
    match args.file {
        Described::Report => {
            output::result(&prodlike_engine::report_schema().map_err(Error::from)?)
        }
    }
}
