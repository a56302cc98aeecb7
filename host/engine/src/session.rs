//! What work of several stages is given beside its input, and that work: from a manifest to a
//! model, from two datasets to reports.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use prodlike_core::evidence::Evaluation;
use prodlike_core::model::Model;
use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::Schema;
use prodlike_core::source::SourceSpec;
use prodlike_core::words::{counted, elapsed, rate};
use prodlike_duckdb::{InterruptHandle, Source};
use prodlike_format::{Context, DatasetInfo, ModelInfo, read_dataset_json, write_whole};

use crate::error::Error;
use crate::evaluate::{EvaluateOptions, evaluate, gates, model_facts};
use crate::fit::{FitOptions, SAMPLE_ROWS};
use crate::generate::{DATASET, GenerateOptions, Generated, beside, generate};
use crate::init::{Detectors, InitOptions, SAMPLE_ENTITIES, init};
use crate::plugins::{self, Generators, PluginOptions};

/// Queries to stop when the work is to stop.
#[derive(Clone, Default)]
pub struct Interrupts(Arc<Mutex<Vec<InterruptHandle>>>);

impl Interrupts {
    /// Has the queries of a source stopped too.
    pub fn add(&self, source: &Source) {
        let handle = source.interrupt_handle();
        let mut handles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        handles.push(handle);
    }

    /// Stops them.
    pub fn interrupt(&self) {
        let handles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        handles.iter().for_each(InterruptHandle::interrupt);
    }
}

/// Threads that may be asked for: more than any machine gains from.
pub const MAX_THREADS: usize = 1_024;

/// What work is given beside its input.
#[derive(Clone)]
pub struct Session<'a> {
    /// Threads; 0 for all.
    pub threads: usize,
    /// How plugins are run.
    pub plugins: PluginOptions,
    /// Who listens.
    pub progress: &'a dyn Progress,
    /// Whether it should stop.
    pub cancel: &'a Cancel,
    /// Which queries to stop then.
    pub interrupts: &'a Interrupts,
}

/// What is held against what, and which reports are written.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// A manifest, or the real data itself.
    pub real: PathBuf,
    /// The synthetic dataset.
    pub synthetic: PathBuf,
    /// How reports call it, where that is not its path.
    pub shown: Option<PathBuf>,
    /// Its model file.
    pub model: Option<PathBuf>,
    /// A second real sample.
    pub holdout: Option<PathBuf>,
    /// Where a page goes.
    pub html: Option<PathBuf>,
    /// Where a document goes.
    pub json: Option<PathBuf>,
    /// Where test cases go.
    pub junit: Option<PathBuf>,
    /// Scores, and the least that each may be.
    pub floors: Vec<(String, f64)>,
}

/// What an evaluation came to, and what its reports say of where it came from.
#[derive(Debug)]
pub struct Measured {
    /// What was found.
    pub evaluation: Evaluation,
    /// What of.
    pub context: Context,
}

impl Session<'_> {
    /// Opens sources; where a schema is given, it is the truth about types.
    ///
    /// # Errors
    /// As [`Source::open_all`].
    pub fn open(&self, sources: &[SourceSpec], schema: Option<&Schema>) -> Result<Source, Error> {
        let source = Source::open_all(sources, schema, self.threads)?;
        self.interrupts.add(&source);
        Ok(source)
    }

    /// Reads a manifest, or proposes one for a source; returns how many entities are sampled
    /// beside.
    ///
    /// # Errors
    /// What is no manifest, or a source that cannot be read.
    pub fn manifest(&self, path: &Path) -> Result<(Source, Schema, u64), Error> {
        if path.extension().is_some_and(|it| it == "toml") {
            let manifest = prodlike_format::read_manifest(path)?;
            let directory = directory(path);
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
        let proposal = init(&source, &sources, &options, self.progress, self.cancel)?;
        Ok((source, proposal.schema, SAMPLE_ENTITIES))
    }

    /// Returns the detectors of the lockfile that lies beside a file.
    ///
    /// # Errors
    /// Components that are missing, or another than when they were added.
    pub fn detectors(&self, file: &Path) -> Result<Detectors, Error> {
        Detectors::locked(directory(file), &self.plugins)
    }

    /// Returns the generators and transforms that a manifest may name: those of the lockfile
    /// beside it, and the native ones.
    ///
    /// # Errors
    /// Components that are missing, or another than when they were added.
    pub fn generators(&self, manifest: &Path, schema: &Schema) -> Result<Generators, Error> {
        Generators::locked(directory(manifest), schema, &self.plugins)
    }

    /// Brings the plugins that a manifest names beside it, where they are of the standard set.
    ///
    /// # Errors
    /// A lockfile that cannot be read, or would have to change and may not.
    pub fn supply(&self, manifest: &Path, schema: &Schema) -> Result<(), Error> {
        let directory = directory(manifest);
        for change in plugins::supply(directory, schema, &self.plugins)? {
            for line in change.told(directory) {
                self.progress.say(&line);
            }
        }
        Ok(())
    }

    /// Fits what a manifest or a source names, and says so; the time counts from `start`.
    ///
    /// # Errors
    /// What [`crate::fit::fit`] refuses, and what cannot be read.
    pub fn learn(&self, input: &Path, start: Instant) -> Result<Model, Error> {
        let (mut source, schema, sample_entities) = self.manifest(input)?;
        self.supply(input, &schema)?;
        let generators = self.generators(input, &schema)?;
        let options = FitOptions {
            sample_entities,
            sample_rows: SAMPLE_ROWS,
            threads: self.threads,
        };
        let model = crate::fit::fit(
            &mut source,
            &schema,
            options,
            &generators,
            self.progress,
            self.cancel,
        )?;
        self.progress.say(&format!(
            "Fitted {} and {} in {}",
            counted(model.tables.len() as u64, "table"),
            counted(model.edges.len() as u64, "relationship"),
            elapsed(start.elapsed())
        ));
        Ok(model)
    }

    /// Generates, and says so; the time counts from `start`.
    ///
    /// # Errors
    /// As [`generate`].
    pub fn make(
        &self,
        model: &Arc<Model>,
        info: &ModelInfo,
        options: &GenerateOptions,
        start: Instant,
    ) -> Result<Generated, Error> {
        let made = generate(model, &info.digest, options, self.progress, self.cancel)?;
        self.progress.say(&format!(
            "Generated {} in {} ({})",
            counted(made.rows, "row"),
            elapsed(start.elapsed()),
            rate(made.rows, start.elapsed())
        ));
        Ok(made)
    }

    /// Evaluates, and writes the reports that are asked for.
    ///
    /// # Errors
    /// What [`evaluate()`] refuses, and what cannot be read or written.
    pub fn measure(&self, asked: &Measure) -> Result<Measured, Error> {
        let outputs = [
            (&asked.html, PAGE),
            (&asked.json, DOCUMENT),
            (&asked.junit, JUNIT),
        ];
        for (path, kind) in &outputs {
            if let Some(path) = path {
                writable(path, kind)?;
            }
        }
        let start = Instant::now();
        // Whatever is wrong with the model file is said before hours of measuring.
        let model = match &asked.model {
            Some(path) => Some(prodlike_format::read_model(path)?),
            None => None,
        };
        let (mut real, schema, _) = self.manifest(&asked.real)?;
        let mut synthetic = self.open(&[SourceSpec::one(&asked.synthetic)], Some(&schema))?;
        let mut holdout = match &asked.holdout {
            Some(path) => Some(self.open(&[SourceSpec::one(path)], Some(&schema))?),
            None => None,
        };
        let generators = self.generators(&asked.real, &schema)?;
        let evaluated = evaluate(
            &mut real,
            &mut synthetic,
            holdout.as_mut(),
            &schema,
            EvaluateOptions {
                model: model.as_ref().map(|(model, _)| model),
                transforms: &generators,
                threads: self.threads,
            },
            self.cancel,
        )?;
        let facts = |path: &Path| {
            let (model, info) = model.as_ref()?;
            Some(model_facts(path.display().to_string(), model, info))
        };
        let evaluation = evaluated.evaluation;
        let recipe = recipe(&asked.synthetic);
        if !evaluated.left_out.is_empty() {
            let listed = |name: &&String| {
                let plan = recipe.as_ref().map(|recipe| recipe.plan.as_slice());
                plan.unwrap_or_default().iter().any(|it| it.table == **name)
            };
            if let Some(table) = evaluated.left_out.iter().find(listed) {
                return Err(Error::LostTable {
                    table: table.clone(),
                    dataset: asked.synthetic.clone(),
                });
            }
            self.progress.warn(&format!(
                "not compared, as the synthetic dataset has no such table: {}",
                evaluated.left_out.join(", ")
            ));
        }
        let shown = asked.shown.as_ref().unwrap_or(&asked.synthetic);
        let holdout = asked.holdout.as_ref();
        let context = Context {
            real: asked.real.display().to_string(),
            synthetic: shown.display().to_string(),
            holdout: holdout.map(|path| path.display().to_string()),
            recipe,
            model: asked.model.as_deref().and_then(facts),
            entities: evaluated.schema.privacy.entities.clone(),
            k: Some(evaluated.schema.privacy.k),
            left_out: evaluated.left_out,
            gates: gates(&evaluation.report, &asked.floors)?,
            product_version: env!("CARGO_PKG_VERSION").to_string(),
        };
        self.progress.say(&format!(
            "Evaluated {} in {}",
            counted(evaluated.schema.tables.len() as u64, "table"),
            elapsed(start.elapsed())
        ));
        // The last moment at which Ctrl-C means that nothing is written.
        if self.cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let write = |path: &Option<PathBuf>, render: Render| -> Result<(), Error> {
            if let Some(path) = path {
                let report = render(&evaluation, &context)?;
                write_whole(path, report.as_bytes(), true)?;
            }
            Ok(())
        };
        write(&asked.html, prodlike_format::report_html)?;
        write(&asked.json, prodlike_format::report_json)?;
        write(&asked.junit, prodlike_format::report_junit)?;
        Ok(Measured {
            evaluation,
            context,
        })
    }
}

type Render = fn(&Evaluation, &Context) -> Result<String, prodlike_format::Error>;

fn directory(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// Reads how a dataset was made, where it says so.
fn recipe(synthetic: &Path) -> Option<DatasetInfo> {
    let paths = [synthetic.join("dataset.json"), beside(synthetic, DATASET)];
    let path = paths.iter().find(|path| path.is_file())?;
    read_dataset_json(path).ok()
}

/// What may be overwritten: a name for it, and whether a file that begins so is one.
pub struct FileKind {
    name: &'static str,
    is: fn(&[u8]) -> bool,
}

/// A model file: the first member of the archive.
pub const MODEL: FileKind = FileKind {
    name: "model file",
    is: |bytes| (bytes.get(30..)).is_some_and(|it| it.starts_with(b"manifest.json")),
};
/// A manifest, which begins as whoever edited it likes: text in which a section begins.
pub const MANIFEST: FileKind = FileKind {
    name: "manifest",
    is: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut sections = ["[tables", "[source", "[[relationships"].iter();
        sections.any(|section| text.contains(section)) && !bytes.contains(&0)
    },
};
/// A report as a page.
pub const PAGE: FileKind = FileKind {
    name: "report",
    is: |bytes| bytes.starts_with(b"<!"),
};
/// A report as JSON.
pub const DOCUMENT: FileKind = FileKind {
    name: "report",
    is: |bytes| bytes.starts_with(b"{\n  \""),
};
/// A report as JUnit XML.
pub const JUNIT: FileKind = FileKind {
    name: "report",
    is: |bytes| bytes.starts_with(b"<?xml"),
};
/// Bytes that a file's beginning has.
const BEGINNING: u64 = 1 << 20;

/// Refuses a file that cannot be written, or is somebody else's, before hours are spent on its
/// content.
///
/// # Errors
/// [`Error::Foreign`] and [`Error::Unwritable`].
pub fn writable(path: &Path, kind: &FileKind) -> Result<(), Error> {
    let mut start = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut start));
    if let Ok(1..) = read
        && !(kind.is)(&start)
    {
        return Err(Error::Foreign {
            path: path.to_path_buf(),
            kind: kind.name,
        });
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let probe = directory.join(format!(".prodlike-{}.probe", std::process::id()));
    std::fs::File::create_new(&probe)
        .and_then(|_| std::fs::remove_file(&probe))
        .map_err(|source| Error::Unwritable {
            path: path.to_path_buf(),
            source,
        })
}
