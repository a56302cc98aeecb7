//! Snapshot: a manifest as one job, published whole or not at all.
//!
//! Every file is made in a directory that nobody sees; `Versions` makes them visible at once,
//! after the gates. So a run that is killed, or that fails, leaves what was there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use prodlike_core::model::Model;
use prodlike_core::words::bytes;
use prodlike_format::{
    FileFormat, Manifest, ModelInfo, SCORES, Stamp, Versions, move_whole, read_manifest,
    read_model, report_is_sound, write_model, write_whole,
};

use crate::dataset::DatasetOptions;
use crate::error::Error;
use crate::generate::{DATASET, GenerateOptions, Generated, WriteOptions, beside, is_database};
use crate::plan::Size;
use crate::session::{MODEL, Measure, Measured, Session, writable};

const HTML: &str = ".report.html";
const JSON: &str = ".report.json";
const JUNIT: &str = ".junit.xml";

/// What is asked for beside the manifest, before which it goes.
#[derive(Clone, Debug, Default)]
pub struct SnapshotOptions {
    /// A directory, or a path that ends in `.duckdb`.
    pub output: Option<PathBuf>,
    /// Where the model is, or will be.
    pub model: Option<PathBuf>,
    /// The format of files in a directory.
    pub format: Option<FileFormat>,
    /// Multiplies the real row counts.
    pub scale: Option<f64>,
    /// Absolute row counts of some tables.
    pub rows: Vec<(String, u64)>,
    /// The root of all randomness.
    pub seed: Option<u64>,
    /// Scores and the least that each may be.
    pub floors: Vec<(String, f64)>,
    /// Whether it is fitted again, even if nothing has changed.
    pub refit: bool,
}

/// What a snapshot came to.
#[derive(Debug)]
pub struct Snapshotted {
    /// Whether all gates were passed and the dataset is in place; else all is as it was.
    pub published: bool,
    /// Whether the dataset is what the schema says at all.
    pub sound: bool,
    /// Where the dataset is.
    pub output: PathBuf,
    /// Where the model is.
    pub model: PathBuf,
    /// What names the model.
    pub info: ModelInfo,
    /// Whether the model was there already.
    pub reused: bool,
    /// The root of all randomness.
    pub seed: u64,
    /// What was generated.
    pub made: Generated,
    /// What was found.
    pub measured: Measured,
    /// Where the reports are.
    pub reports: Vec<PathBuf>,
}

/// What the options and the manifest come to.
struct Job {
    manifest: Manifest,
    /// Where the manifest lies: what it names is relative to it.
    directory: PathBuf,
    out: PathBuf,
    model: PathBuf,
    size: Size,
    seed: u64,
    format: FileFormat,
    floors: Vec<(String, f64)>,
}

/// Runs the job of a manifest: fits where something changed, generates, evaluates, and publishes
/// what passes its gates.
///
/// # Errors
/// What is no manifest, and what any of the stages refuses; then nothing is published.
pub fn snapshot(
    session: &Session<'_>,
    manifest: &Path,
    options: &SnapshotOptions,
) -> Result<Snapshotted, Error> {
    let job = job(manifest, options)?;
    let versions = Versions::begin(&job.out, &[DATASET, HTML, JSON, JUNIT])?;
    let (model, info, reused) = fit(session, manifest, options, &job, &versions)?;

    let begun = Instant::now();
    let made = session.make(
        &Arc::new(model),
        &info,
        &GenerateOptions {
            dataset: DatasetOptions {
                size: job.size.clone(),
                seed: job.seed,
                threads: session.threads,
                plugins: session.plugins.clone(),
            },
            tables: Vec::new(),
            part: None,
            write: WriteOptions::new(versions.staged(""), job.format),
        },
        begun,
    )?;
    let measured = session.measure(&Measure {
        real: manifest.to_path_buf(),
        synthetic: versions.staged(""),
        shown: Some(job.out.clone()),
        model: Some(job.model.clone()),
        holdout: None,
        html: Some(versions.staged(HTML)),
        json: Some(versions.staged(JSON)),
        junit: Some(versions.staged(JUNIT)),
        floors: job.floors.clone(),
    })?;
    // The last moment at which Ctrl-C means that nothing happens.
    if session.cancel.is_cancelled() {
        return Err(Error::Interrupted);
    }
    let sound = report_is_sound(&measured.evaluation.report);
    let published = sound && measured.context.gates.iter().all(|gate| gate.passed());
    let reports: Vec<PathBuf> = match published {
        true => {
            versions.publish()?;
            [HTML, JSON, JUNIT]
                .map(|suffix| beside(&job.out, suffix))
                .into()
        }
        false => versions.reject(&[HTML, JSON, JUNIT])?,
    };
    Ok(Snapshotted {
        published,
        sound,
        output: job.out,
        model: job.model,
        info,
        reused,
        seed: job.seed,
        made,
        measured,
        reports,
    })
}

/// Whether a path, which may not be there yet, is in a directory.
fn is_within(path: &Path, directory: &Path) -> bool {
    let path = std::path::absolute(path).unwrap_or_default();
    let above = path
        .ancestors()
        .skip(1)
        .find_map(|it| it.canonicalize().ok());
    let directory = directory.canonicalize().ok();
    above
        .zip(directory)
        .is_some_and(|(above, directory)| above.starts_with(directory))
}

/// What is asked for goes before what the manifest says.
fn job(path: &Path, options: &SnapshotOptions) -> Result<Job, Error> {
    if !path.exists() {
        return Err(Error::NoManifest { path: path.into() });
    }
    if path.extension().is_none_or(|name| name != "toml") {
        return Err(Error::NotAManifest { path: path.into() });
    }
    let manifest = read_manifest(path)?;
    let directory = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let said = &manifest.snapshot;
    let out = match (&options.output, &said.output) {
        (Some(out), _) => out.clone(),
        (None, Some(out)) => directory.join(out),
        (None, None) => directory.join("snapshot"),
    };
    for source in &manifest.sources {
        let source = directory.join(&source.path);
        if source.is_dir() && is_within(&out, &source) {
            return Err(Error::OutputInSource {
                out,
                source_path: source,
            });
        }
    }
    let format = options.format.or(said.format);
    if is_database(&out) && format.is_some() {
        return Err(Error::FormatOfDatabase { out });
    }
    let model = match (&options.model, &said.model) {
        (Some(model), _) => model.clone(),
        (None, Some(model)) => directory.join(model),
        (None, None) => path.with_extension("prodlike"),
    };
    // Before hours of work, not after them.
    let floors = options.floors.iter();
    if let Some((name, _)) = floors.clone().find(|it| !SCORES.contains(&it.0.as_str())) {
        return Err(Error::UnknownScore { name: name.clone() });
    }
    let is_asked = |name: &str| options.floors.iter().any(|(other, _)| other == name);
    let said_alone = said.gates.iter().filter(|(name, _)| !is_asked(name));
    let rows = match options.rows.is_empty() {
        true => said.rows.clone(),
        false => options.rows.clone(),
    };
    Ok(Job {
        size: Size {
            scale: options.scale.or(said.scale).unwrap_or(1.0),
            rows,
        },
        seed: options.seed.or(said.seed).unwrap_or(0),
        format: format.unwrap_or(FileFormat::Parquet),
        floors: said_alone.chain(floors).cloned().collect(),
        directory,
        out,
        model,
        manifest,
    })
}

/// Reads the model that was fitted from the same manifest and source, or fits it.
fn fit(
    session: &Session<'_>,
    path: &Path,
    options: &SnapshotOptions,
    job: &Job,
    versions: &Versions,
) -> Result<(Model, ModelInfo, bool), Error> {
    let start = Instant::now();
    let sources = job.manifest.sources.iter();
    let sources: Vec<PathBuf> = sources
        .map(|source| job.directory.join(&source.path))
        .collect();
    let schema = &job.manifest.schema;
    session.supply(path, schema)?;
    let plugins = session.generators(path, schema)?.fingerprint(schema)?;
    let stamp =
        |model: &str| Stamp::of(&job.manifest, plugins.clone(), &sources, model.to_string());
    if !options.refit
        && let Some(known) = Stamp::read(&job.model)
        && stamp(&known.model).as_ref() == Some(&known)
        && let Ok((model, info)) = read_model(&job.model)
        && info.digest == known.model
    {
        session.progress.say(&format!(
            "Reused model: `{}`, as manifest, plugins and source have not changed",
            job.model.display()
        ));
        return Ok((model, info, true));
    }
    // What has a stamp beside it was ours, whatever became of it.
    if Stamp::read(&job.model).is_none() {
        writable(&job.model, &MODEL)?;
    }
    let before = stamp("");
    let model = session.learn(path, start)?;
    let staged = versions.staged(".model");
    let info = write_model(&model, &staged)?;
    move_whole(&staged, &job.model)?;
    session.progress.say(&format!(
        "Wrote model to: `{}` ({})",
        job.model.display(),
        bytes(info.bytes)
    ));
    // A source that changed since it was read has no stamp: the next run fits again.
    if before == stamp("")
        && let Some(stamp) = stamp(&info.digest)
    {
        // After the model: a stamp without its model is never believed.
        let staged = versions.staged(".stamp");
        write_whole(&staged, &stamp.render()?, true)?;
        move_whole(&staged, &Stamp::path(&job.model))?;
    }
    Ok((model, info, false))
}
