//! One function a verb: reads its input, runs a stage, says what came of it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use prodlike_core::evidence::Evaluation;
use prodlike_core::model::Model;
use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{Schema, TableMode};
use prodlike_core::source::{BrokenRows, SourceSpec};
use prodlike_core::words::{bytes, counted, thousands};
use prodlike_engine::evaluate::EvaluateOptions;
use prodlike_engine::fit::FitOptions;
use prodlike_engine::generate::{GenerateOptions, Generated, is_database};
use prodlike_engine::init::{Detectors, InitOptions};
use prodlike_engine::plugins::Generators;
use prodlike_engine::{
    Context, DatasetInfo, Error, FileFormat, Gate, InterruptHandle, ModelInfo, Size, Source,
};

use crate::args::{self, Described, Evaluate, Fit, Format, Generate, Global, Init, OutputFormat};
use crate::lock;
use crate::output::{self, Advice, elapsed};
use crate::progress::Bars;

/// Most rows of one table in the relational sample.
const SAMPLE_ROWS: u64 = 1_000_000;

/// What every command is given.
pub(crate) struct Session {
    pub(crate) global: Global,
    pub(crate) bars: Bars,
    pub(crate) cancel: Cancel,
    /// Queries to stop when the user does.
    pub(crate) interrupts: Arc<Mutex<Vec<InterruptHandle>>>,
}

impl Session {
    pub(crate) fn say(&self, text: &str) {
        if !self.global.quiet {
            output::say(text);
        }
    }

    /// Opens sources; where a schema is given, it is the truth about types.
    fn open(&self, sources: &[SourceSpec], schema: Option<&Schema>) -> Result<Source, Error> {
        let source = Source::open_all(sources, schema, self.global.threads)?;
        self.interrupts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(source.interrupt_handle());
        Ok(source)
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

    /// Reads a manifest, or proposes one for a source.
    pub(crate) fn manifest(&self, path: &Path) -> anyhow::Result<(Source, Schema, u64)> {
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let manifest = prodlike_engine::read_manifest(path).map_err(Error::from)?;
            let directory = path.parent().unwrap_or(Path::new(""));
            let mut sources = manifest.sources;
            for source in &mut sources {
                source.path = directory.join(&source.path);
            }
            let source = self.open(&sources, Some(&manifest.schema))?;
            return Ok((source, manifest.schema, manifest.sample_entities));
        }
        let sources = [SourceSpec::one(path)];
        // As a manifest beside it would have been written.
        let options = InitOptions {
            detectors: self.detectors(path)?,
            ..InitOptions::default()
        };
        let source = self.open(&sources, None)?;
        let proposal =
            prodlike_engine::init::init(&source, &sources, &options, &self.bars, &self.cancel)?;
        Ok((
            source,
            proposal.schema,
            prodlike_engine::init::SAMPLE_ENTITIES,
        ))
    }

    /// Returns the detectors of the lockfile that lies beside a file.
    fn detectors(&self, file: &Path) -> Result<Detectors, Error> {
        let directory = file.parent().unwrap_or(Path::new(""));
        Detectors::locked(directory, &lock::options(&self.global))
    }

    /// Returns the generators and transforms that a manifest may name: those of the lockfile
    /// beside it, and the native ones.
    pub(crate) fn generators(
        &self,
        manifest: &Path,
        schema: &Schema,
    ) -> anyhow::Result<Generators> {
        let directory = manifest.parent().unwrap_or(Path::new(""));
        Ok(Generators::locked(
            directory,
            schema,
            &lock::options(&self.global),
        )?)
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
        detectors: session.detectors(&args.output)?,
    };
    let source = session.open(&sources, None)?;
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

/// Fits what a manifest or a source names, and says so; the time counts from `start`.
pub(crate) fn learn(session: &Session, input: &Path, start: Instant) -> anyhow::Result<Model> {
    let (mut source, schema, sample_entities) = session.manifest(input)?;
    let directory = input.parent().unwrap_or(Path::new(""));
    lock::supply(session, directory, &schema)?;
    let generators = session.generators(input, &schema)?;
    let options = FitOptions {
        sample_entities,
        sample_rows: SAMPLE_ROWS,
        threads: session.global.threads,
    };
    let model = prodlike_engine::fit::fit(
        &mut source,
        &schema,
        options,
        &generators,
        &session.bars,
        &session.cancel,
    )?;
    session.say(&format!(
        "Fitted {} and {} in {}",
        counted(model.tables.len() as u64, "table"),
        counted(model.edges.len() as u64, "relationship"),
        elapsed(start.elapsed())
    ));
    Ok(model)
}

/// Generates, and says so; the time counts from `start`.
pub(crate) fn make(
    session: &Session,
    model: &Arc<Model>,
    info: &ModelInfo,
    options: &GenerateOptions,
    start: Instant,
) -> anyhow::Result<Generated> {
    let made = prodlike_engine::generate::generate(
        model,
        &info.digest,
        options,
        &session.bars,
        &session.cancel,
    )?;
    session.say(&format!(
        "Generated {} in {} ({})",
        counted(made.rows, "row"),
        elapsed(start.elapsed()),
        output::rate(made.rows, start.elapsed())
    ));
    Ok(made)
}

pub(crate) fn fit(session: &Session, args: &Fit) -> anyhow::Result<()> {
    let start = Instant::now();
    writable(&args.output, &MODEL)?;
    let model = learn(session, &args.input, start)?;
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
        "suppressed": prodlike_engine::inspect::suppressed(&model.suppressed),
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
        out: out.clone(),
        format: match args.format {
            Some(Format::Csv) => FileFormat::Csv,
            Some(Format::Parquet) | None => FileFormat::Parquet,
        },
        size,
        seed: args.seed,
        part: args.part,
        tables: args.table.clone(),
        chunk_rows: args.chunk_rows,
        overwrite: args.overwrite,
        keys: !args.no_keys,
        threads: session.global.threads,
        plugins: lock::options(&session.global),
    };
    let made = make(session, &Arc::new(model), &info, &options, start)?;
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

/// What an evaluation came to.
pub(crate) struct Evaluated {
    pub(crate) evaluation: Evaluation,
    pub(crate) context: Context,
}

pub(crate) fn evaluate(session: &Session, args: &Evaluate) -> anyhow::Result<bool> {
    let evaluated = measure(session, args)?;
    for path in [&args.html, &args.json, &args.junit].into_iter().flatten() {
        session.say(&format!("Wrote report to: `{}`", path.display()));
    }
    let Evaluated {
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
pub(crate) fn told(evaluated: &Evaluated) -> String {
    let text = prodlike_engine::report_text(&evaluated.evaluation.report);
    let verdict = prodlike_engine::report_verdict(&evaluated.evaluation, &evaluated.context);
    format!("{text}\n{verdict}\n")
}

/// Evaluates, and writes the reports that are asked for.
pub(crate) fn measure(session: &Session, args: &Evaluate) -> anyhow::Result<Evaluated> {
    let outputs = [
        (&args.html, PAGE),
        (&args.json, DOCUMENT),
        (&args.junit, JUNIT),
    ];
    for (path, kind) in &outputs {
        if let Some(path) = path {
            writable(path, kind)?;
        }
    }
    let start = Instant::now();
    // Whatever is wrong with the model file is said before hours of measuring.
    let model = match &args.model {
        Some(path) => Some(prodlike_engine::read_model(path).map_err(Error::from)?),
        None => None,
    };
    let (mut real, schema, _) = session.manifest(&args.real)?;
    let mut synthetic = session.open(&[SourceSpec::one(&args.synthetic)], Some(&schema))?;
    let mut holdout = match &args.holdout {
        Some(path) => Some(session.open(&[SourceSpec::one(path)], Some(&schema))?),
        None => None,
    };
    let generators = session.generators(&args.real, &schema)?;
    let evaluated = prodlike_engine::evaluate::evaluate(
        &mut real,
        &mut synthetic,
        holdout.as_mut(),
        &schema,
        EvaluateOptions {
            model: model.as_ref().map(|(model, _)| model),
            transforms: &generators,
            threads: session.global.threads,
        },
        &session.cancel,
    )?;
    let facts = |path: &Path| {
        let (model, info) = model.as_ref()?;
        let path = path.display().to_string();
        Some(prodlike_engine::evaluate::model_facts(path, model, info))
    };
    let evaluation = evaluated.evaluation;
    let recipe = recipe(&args.synthetic);
    if !evaluated.left_out.is_empty() {
        let listed = |name: &&String| {
            let plan = recipe.as_ref().map(|recipe| recipe.plan.as_slice());
            plan.unwrap_or_default().iter().any(|it| it.table == **name)
        };
        if let Some(lost) = evaluated.left_out.iter().find(listed) {
            return Err(Advice {
                message: format!(
                    "`{}` lacks table `{lost}`, which its dataset.json lists",
                    args.synthetic.display()
                ),
                hint: "Generate it again: something was taken away since".into(),
            }
            .into());
        }
        session.bars.warn(&format!(
            "not compared, as the synthetic dataset has no such table: {}",
            evaluated.left_out.join(", ")
        ));
    }
    let shown = args.shown.as_ref().unwrap_or(&args.synthetic);
    let context = Context {
        real: args.real.display().to_string(),
        synthetic: shown.display().to_string(),
        holdout: args.holdout.as_ref().map(|path| path.display().to_string()),
        recipe,
        model: args.model.as_deref().and_then(facts),
        entities: evaluated.schema.privacy.entities.clone(),
        k: Some(evaluated.schema.privacy.k),
        left_out: evaluated.left_out,
        gates: prodlike_engine::evaluate::gates(&evaluation.report, &args.fail_under)?,
        product_version: env!("CARGO_PKG_VERSION").to_string(),
    };
    session.say(&format!(
        "Evaluated {} in {}",
        counted(evaluated.schema.tables.len() as u64, "table"),
        elapsed(start.elapsed())
    ));
    // The last moment at which Ctrl-C means that nothing is written.
    if session.cancel.is_cancelled() {
        return Err(Error::Interrupted.into());
    }
    let write = |path: &Option<PathBuf>, render: Render| -> anyhow::Result<()> {
        if let Some(path) = path {
            let report = render(&evaluation, &context).map_err(Error::from)?;
            prodlike_engine::write_whole(path, report.as_bytes(), true).map_err(Error::from)?;
        }
        Ok(())
    };
    write(&args.html, prodlike_engine::report_html)?;
    write(&args.json, prodlike_engine::report_json)?;
    write(&args.junit, prodlike_engine::report_junit)?;
    Ok(Evaluated {
        evaluation,
        context,
    })
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

type Render = fn(&Evaluation, &Context) -> Result<String, prodlike_engine::FormatError>;

/// Reads how a dataset was made, where it says so.
fn recipe(synthetic: &Path) -> Option<DatasetInfo> {
    let mut beside = synthetic.to_path_buf().into_os_string();
    beside.push(".dataset.json");
    let paths = [synthetic.join("dataset.json"), PathBuf::from(beside)];
    let path = paths.iter().find(|path| path.is_file())?;
    prodlike_engine::read_dataset_json(path).ok()
}

pub(crate) fn schema(args: &args::Schema) -> anyhow::Result<()> {
    match args.file {
        Described::Report => {
            output::result(&prodlike_engine::report_schema().map_err(Error::from)?)
        }
    }
}

/// What may be overwritten: a name for it, and the bytes that tell it, from where.
pub(crate) type Kind = (&'static str, usize, &'static [u8]);
/// The first member of the archive.
pub(crate) const MODEL: Kind = ("model file", 30, b"manifest.json");
const PAGE: Kind = ("report", 0, b"<!");
const DOCUMENT: Kind = ("report", 0, b"{\n  \"");
const JUNIT: Kind = ("report", 0, b"<?xml");
const MANIFEST: Kind = ("manifest", 0, b"");

/// Refuses a file that cannot be written, or is somebody else's, before hours are spent on its content.
pub(crate) fn writable(path: &Path, kind: &Kind) -> anyhow::Result<()> {
    let mut start = [0; 43];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start));
    if let Ok(length @ 1..) = read
        && !start[kind.1..length.max(kind.1)].starts_with(kind.2)
    {
        return Err(Advice {
            message: format!("`{}` is there, and is no {}", path.display(), kind.0),
            hint: "Choose another path, or move away what is there".into(),
        }
        .into());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let probe = tempfile_in(directory);
    std::fs::File::create_new(&probe)
        .and_then(|_| std::fs::remove_file(&probe))
        .map_err(|source| Error::Io {
            what: "write",
            path: path.to_path_buf(),
            source,
        })
        .context("failed to prepare the output")?;
    Ok(())
}

fn tempfile_in(directory: &Path) -> PathBuf {
    directory.join(format!(".prodlike-{}.probe", std::process::id()))
}
