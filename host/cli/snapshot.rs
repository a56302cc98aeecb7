//! `snapshot`: a manifest as one job, published whole or not at all.
//!
//! Every file is made in a directory that nobody sees; `Versions` makes them visible at once,
//! after the gates. So a run that is killed, or that fails, leaves what was there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use prodlike_core::model::Model;
use prodlike_core::words::{bytes, counted};
use prodlike_engine::generate::{GenerateOptions, is_database};
use prodlike_engine::{Error, FileFormat, Manifest, ModelInfo, SCORES, Size, Stamp, Versions};
use serde_json::json;

use crate::args::{Evaluate, Format, Snapshot};
use crate::commands::{MODEL, Session, judge, learn, make, measure, told, writable};
use crate::lock;
use crate::output::{self, Advice};

const DATASET: &str = ".dataset.json";
const HTML: &str = ".report.html";
const JSON: &str = ".report.json";
const JUNIT: &str = ".junit.xml";

/// What the arguments and the manifest come to.
struct Job {
    manifest: Manifest,
    /// Where the manifest lies: what it names is relative to it.
    directory: PathBuf,
    out: PathBuf,
    model: PathBuf,
    size: Size,
    seed: u64,
    format: FileFormat,
    gates: Vec<(String, f64)>,
}

pub(crate) fn snapshot(session: &Session, args: &Snapshot) -> anyhow::Result<bool> {
    let start = Instant::now();
    let job = job(args)?;
    let versions = Versions::begin(&job.out, &[DATASET, HTML, JSON, JUNIT]).map_err(Error::from)?;
    let (model, info, reused) = fit(session, args, &job, &versions)?;
    let model = Arc::new(model);

    let begun = Instant::now();
    let options = GenerateOptions {
        out: versions.staged(""),
        format: job.format,
        size: job.size.clone(),
        seed: job.seed,
        part: None,
        tables: Vec::new(),
        chunk_rows: prodlike_engine::generate::CHUNK_ROWS,
        overwrite: false,
        keys: true,
        threads: session.global.threads,
        plugins: lock::options(&session.global),
    };
    let made = make(session, &model, &info, &options, begun)?;

    let evaluated = measure(
        session,
        &Evaluate {
            real: args.manifest.clone(),
            synthetic: versions.staged(""),
            model: Some(job.model.clone()),
            html: Some(versions.staged(HTML)),
            json: Some(versions.staged(JSON)),
            junit: Some(versions.staged(JUNIT)),
            holdout: None,
            fail_under: job.gates.clone(),
            shown: Some(job.out.clone()),
        },
    )?;
    // The last moment at which Ctrl-C means that nothing happens.
    if session.cancel.is_cancelled() {
        return Err(Error::Interrupted.into());
    }
    let is_sound = prodlike_engine::report_is_sound(&evaluated.evaluation.report);
    let passed = judge(&evaluated.context.gates) && is_sound;
    let reports: Vec<PathBuf> = match passed {
        true => {
            versions.publish().map_err(Error::from)?;
            [HTML, JSON, JUNIT]
                .map(|suffix| beside(&job.out, suffix))
                .into()
        }
        false => versions.reject(&[HTML, JSON, JUNIT]).map_err(Error::from)?,
    };
    match passed {
        true => session.say(&format!(
            "Published {} to: `{}`",
            counted(made.tables as u64, "table"),
            job.out.display()
        )),
        false => output::say(&format!(
            "Published nothing: `{}` is as it was{}",
            job.out.display(),
            match is_sound {
                true => "",
                false => "; to have the dataset all the same, use `prodlike generate`",
            }
        )),
    }
    for report in &reports {
        session.say(&format!("Wrote report to: `{}`", report.display()));
    }
    let report = &evaluated.evaluation.report;
    if !session.json() {
        output::result(&told(&evaluated))?;
    }
    let gates: Vec<_> = evaluated
        .context
        .gates
        .iter()
        .map(|gate| {
            json!({
                "score": gate.name, "value": gate.score, "floor": gate.floor,
                "passed": gate.passed(),
            })
        })
        .collect();
    session.result(&json!({
        "published": passed,
        "output": job.out.to_string_lossy(),
        "model": job.model.to_string_lossy(),
        "model_digest": info.digest,
        "model_reused": reused,
        "seed": job.seed,
        "tables": made.tables,
        "rows": made.rows,
        "undeclared": made.undeclared,
        "notes": made.notes,
        "diagnostic": report.diagnostic(),
        "quality": report.quality(),
        "gates": gates,
        "reports": reports.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "seconds": start.elapsed().as_secs_f64(),
    }))?;
    Ok(passed)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.components().collect::<PathBuf>().into_os_string();
    name.push(suffix);
    name.into()
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

/// What is typed wins over what the manifest says.
fn job(args: &Snapshot) -> anyhow::Result<Job> {
    if !args.manifest.exists() {
        return Err(Advice {
            message: format!("there is no manifest `{}`", args.manifest.display()),
            hint: "Write one with `prodlike init SOURCE`, and review it".into(),
        }
        .into());
    }
    if args.manifest.extension().is_none_or(|name| name != "toml") {
        return Err(Advice {
            message: format!("`{}` is no manifest", args.manifest.display()),
            hint: format!(
                "Write one with `prodlike init {}`, and review it",
                args.manifest.display()
            ),
        }
        .into());
    }
    let manifest = prodlike_engine::read_manifest(&args.manifest).map_err(Error::from)?;
    let directory = args
        .manifest
        .parent()
        .unwrap_or(Path::new(""))
        .to_path_buf();
    let said = &manifest.snapshot;
    let out = match (&args.output, &said.output) {
        (Some(out), _) => out.clone(),
        (None, Some(out)) => directory.join(out),
        (None, None) => directory.join("snapshot"),
    };
    for source in &manifest.sources {
        let source = directory.join(&source.path);
        if source.is_dir() && is_within(&out, &source) {
            return Err(Advice {
                message: format!(
                    "the output `{}` is in the directory of the source `{}`",
                    out.display(),
                    source.display()
                ),
                hint: "Choose another with `-o`: there, it would be a table of the source next \
                       time"
                    .into(),
            }
            .into());
        }
    }
    let format = match args.format {
        Some(Format::Csv) => Some(FileFormat::Csv),
        Some(Format::Parquet) => Some(FileFormat::Parquet),
        None => said.format,
    };
    if is_database(&out) && format.is_some() {
        return Err(Advice {
            message: format!(
                "a format does not apply to the database `{}`",
                out.display()
            ),
            hint: "Leave `--format` and `format` of `[snapshot]` out, or give a directory".into(),
        }
        .into());
    }
    let model = match (&args.model, &said.model) {
        (Some(model), _) => model.clone(),
        (None, Some(model)) => directory.join(model),
        (None, None) => args.manifest.with_extension("prodlike"),
    };
    let over = |typed: &[(String, f64)], said: &[(String, f64)]| {
        let mut all = said.to_vec();
        all.retain(|(name, _)| typed.iter().all(|(other, _)| other != name));
        all.extend_from_slice(typed);
        all
    };
    // Before hours of work, not after them.
    let unknown = args
        .fail_under
        .iter()
        .find(|(name, _)| !SCORES.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Err(Error::UnknownScore { name: name.clone() }.into());
    }
    let rows = match args.rows.is_empty() {
        true => said.rows.clone(),
        false => args.rows.clone(),
    };
    Ok(Job {
        size: Size {
            scale: args.scale.or(said.scale).unwrap_or(1.0),
            rows,
        },
        seed: args.seed.or(said.seed).unwrap_or(0),
        format: format.unwrap_or(FileFormat::Parquet),
        gates: over(&args.fail_under, &said.gates),
        manifest,
        directory,
        out,
        model,
    })
}

/// Reads the model that was fitted from the same manifest and source, or fits it.
fn fit(
    session: &Session,
    args: &Snapshot,
    job: &Job,
    versions: &Versions,
) -> anyhow::Result<(Model, ModelInfo, bool)> {
    let start = Instant::now();
    let sources = job.manifest.sources.iter();
    let sources: Vec<PathBuf> = sources
        .map(|source| job.directory.join(&source.path))
        .collect();
    let schema = &job.manifest.schema;
    lock::supply(session, &job.directory, schema)?;
    let plugins = session
        .generators(&args.manifest, schema)?
        .fingerprint(schema)?;
    let stamp =
        |model: &str| Stamp::of(&job.manifest, plugins.clone(), &sources, model.to_string());
    if !args.refit
        && let Some(known) = Stamp::read(&job.model)
        && stamp(&known.model).as_ref() == Some(&known)
        && let Ok((model, info)) = prodlike_engine::read_model(&job.model)
        && info.digest == known.model
    {
        session.say(&format!(
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
    let model = learn(session, &args.manifest, start)?;
    let staged = versions.staged(".model");
    let info = prodlike_engine::write_model(&model, &staged).map_err(Error::from)?;
    prodlike_engine::move_whole(&staged, &job.model).map_err(Error::from)?;
    session.say(&format!(
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
        let bytes = stamp.render().map_err(Error::from)?;
        prodlike_engine::write_whole(&staged, &bytes, true).map_err(Error::from)?;
        prodlike_engine::move_whole(&staged, &Stamp::path(&job.model)).map_err(Error::from)?;
    }
    Ok((model, info, false))
}
