//! A conformance kit: what is expected of every component, whatever its language.

pub(crate) mod cases;
pub(crate) mod data;
mod determinism;
mod hostile;
mod input;
pub(crate) mod subject;
mod unique;

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use arrow::error::ArrowError;
use prodlike_plugin::{
    Cache, Description, Error as PluginError, Id, Kind, Limits, Plugin, Runtime, Secret, Settings,
};

use crate::error::Error;
use subject::Subject;

/// What [`check`] and [`crate::bench`] need beside the component.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the plugin may use up.
    pub limits: Limits,
    /// Where compiled code is kept.
    pub cache: Option<Cache>,
    /// Secrets that the plugin is given; one called `key` is there in any case.
    pub secrets: Vec<Secret>,
    /// Options made to harm the plugin that it is asked to serve, at most: those that its
    /// schema allows.
    pub n_hostile: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            limits: Limits::default(),
            cache: None,
            secrets: Vec::new(),
            n_hostile: 400,
        }
    }
}

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// It is a component that holds to the contract.
    Loads,
    /// What it says about itself is complete.
    Description,
    /// Its examples can be configured, and run.
    Examples,
    /// The same rows are the same when an instance is asked twice.
    Repeat,
    /// Two instances make the same of the same rows.
    Instances,
    /// The order of batches makes no difference.
    Order,
    /// An instance that has a history makes what a new one makes.
    Rebuild,
    /// Neither the bounds of batches nor the order of their rows make a difference.
    Split,
    /// Columns that are NULL here and there, or everywhere.
    Nulls,
    /// Batches of no row and of one.
    Small,
    /// Columns of every type are served or refused.
    Types,
    /// Texts of 1 MiB, and odd ones, are served or refused.
    Texts,
    /// Odd options are refused by their path, or served.
    Options,
    /// Secrets that are missing, short or long are refused or served.
    Secrets,
    /// Odd locales, and odd keys that were learned, are refused or served.
    Settings,
    /// 65,536 rows a call stay within fuel, memory and time.
    Limits,
    /// No value repeats where none may, or that is refused.
    Unique,
}

impl Check {
    /// Returns the name of the check.
    pub fn name(self) -> &'static str {
        match self {
            Check::Loads => "loads",
            Check::Description => "description",
            Check::Examples => "examples",
            Check::Repeat => "repeat",
            Check::Instances => "instances",
            Check::Order => "order",
            Check::Rebuild => "rebuild",
            Check::Split => "split",
            Check::Nulls => "nulls",
            Check::Small => "small",
            Check::Types => "types",
            Check::Texts => "texts",
            Check::Options => "options",
            Check::Secrets => "secrets",
            Check::Settings => "settings",
            Check::Limits => "limits",
            Check::Unique => "unique",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which.
    pub check: Check,
    /// As what the plugin was looked at; None where the check is about all of it.
    pub kind: Option<Kind>,
    /// What came out.
    pub outcome: Outcome,
    /// How long it took.
    pub time: Duration,
}

/// What came out of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was wrong.
    Passed,
    /// There was nothing to check, and why.
    NotApplicable(String),
    /// Something was wrong.
    Failed(Box<Fault>),
}

/// What was wrong, and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A sentence.
    pub message: String,
    /// The options, as JSON.
    pub options: String,
    /// The columns of the input: names and types.
    pub input: Vec<String>,
    /// The columns that were asked for.
    pub wanted: Vec<String>,
    /// The first and the last row of the batch.
    pub rows: Option<(u64, u64)>,
    /// What to do.
    pub hint: Option<String>,
}

/// Characters of options that are shown.
const SHOWN: usize = 200;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; options: ", self.message)?;
        match self.options.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", &self.options[..end])?,
            None => f.write_str(&self.options)?,
        }
        for (what, columns) in [("input", &self.input), ("wanted", &self.wanted)] {
            if !columns.is_empty() {
                write!(f, "; {what}: {}", columns.join(", "))?;
            }
        }
        match self.rows {
            Some((first, last)) => write!(f, "; rows {first}–{last}"),
            None => Ok(()),
        }
    }
}

/// What all checks found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Name and version; None where the component cannot be loaded.
    pub plugin: Option<Id>,
    /// In the order in which they were made.
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// Whether no check failed.
    pub fn passed(&self) -> bool {
        self.failed().next().is_none()
    }

    /// Returns the checks that failed, and what was wrong.
    pub fn failed(&self) -> impl Iterator<Item = (&Verdict, &Fault)> {
        self.verdicts
            .iter()
            .filter_map(|verdict| match &verdict.outcome {
                Outcome::Failed(fault) => Some((verdict, &**fault)),
                _ => None,
            })
    }
}

/// Why a check ends before its end.
pub(crate) enum Stop {
    NotApplicable(String),
    Failed(Box<Fault>),
    /// The check itself cannot be made.
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Self {
        Stop::Error(Error::Rows(error))
    }
}

type Checking = fn(&Subject<'_>, &[Settings]) -> Result<(), Stop>;

/// What is done with each kind, after cases were found that it serves.
const CHECKS: [(Check, Checking); 14] = [
    (Check::Repeat, determinism::repeat),
    (Check::Instances, determinism::instances),
    (Check::Order, determinism::order),
    (Check::Rebuild, determinism::rebuild),
    (Check::Split, determinism::split),
    (Check::Nulls, input::nulls),
    (Check::Small, input::small),
    (Check::Types, input::types),
    (Check::Texts, input::texts),
    (Check::Options, hostile::options),
    (Check::Secrets, hostile::secrets),
    (Check::Settings, hostile::settings),
    (Check::Limits, input::limits),
    (Check::Unique, unique::unique),
];

/// Checks a component, and tells every verdict as soon as there is one.
///
/// # Errors
/// Where the file cannot be read, or the machine cannot run plugins. A component that cannot
/// be loaded is a verdict.
pub fn check(
    component: &Path,
    options: &Options,
    progress: &mut dyn FnMut(&Verdict),
) -> Result<Report, Error> {
    let mut verdicts = Vec::new();
    let mut record = |check, kind, work: &mut dyn FnMut() -> Result<(), Stop>| {
        let start = Instant::now();
        let outcome = match work() {
            Ok(()) => Outcome::Passed,
            Err(Stop::NotApplicable(why)) => Outcome::NotApplicable(why),
            Err(Stop::Failed(fault)) => Outcome::Failed(fault),
            Err(Stop::Error(error)) => return Err(error),
        };
        let verdict = Verdict {
            check,
            kind,
            outcome,
            time: start.elapsed(),
        };
        progress(&verdict);
        verdicts.push(verdict);
        Ok(())
    };
    let runtime = Runtime::new()?;
    let mut loaded = None;
    record(Check::Loads, None, &mut || {
        let cache = options.cache.as_ref();
        match Plugin::open(&runtime, component, &options.limits, cache) {
            Ok(plugin) => loaded = Some(plugin),
            Err(error @ PluginError::Read { .. }) => return Err(Stop::Error(error.into())),
            Err(error) => return Err(subject::fault(&Settings::default(), &error)),
        }
        Ok(())
    })?;
    let Some(plugin) = loaded else {
        return Ok(Report {
            plugin: None,
            verdicts,
        });
    };
    record(Check::Description, None, &mut || {
        description(plugin.description(), plugin.kinds())
    })?;
    for &kind in plugin.kinds() {
        let subject = Subject {
            plugin: &plugin,
            kind,
            n_hostile: options.n_hostile,
        };
        let mut served = Vec::new();
        record(Check::Examples, Some(kind), &mut || {
            cases::find(&subject, &options.secrets, &mut served)
        })?;
        for (check, checking) in CHECKS {
            record(check, Some(kind), &mut || {
                if served.is_empty() {
                    let why = "no options and columns are known that it serves";
                    return Err(Stop::NotApplicable(why.to_owned()));
                }
                checking(&subject, &served)
            })?;
        }
    }
    Ok(Report {
        plugin: Some(plugin.id().clone()),
        verdicts,
    })
}

/// What loading does not look at: whether a reader learns anything.
fn description(said: &Description, kinds: &[Kind]) -> Result<(), Stop> {
    let wrong = |message: String| {
        Err(Stop::Failed(Box::new(Fault {
            message,
            options: "{}".to_owned(),
            input: Vec::new(),
            wanted: Vec::new(),
            rows: None,
            hint: None,
        })))
    };
    if said.summary.trim().is_empty() {
        return wrong("the plugin has no summary".to_owned());
    }
    if kinds.contains(&Kind::Generator) && said.outputs.is_empty() {
        return wrong("a generator names no output, so that no column can ask for one".to_owned());
    }
    for output in &said.outputs {
        if output.summary.trim().is_empty() {
            return wrong(format!("output `{}` has no summary", output.name));
        }
    }
    for example in &said.examples {
        if example.summary.trim().is_empty() {
            return wrong(format!("example `{}` has no summary", example.options));
        }
    }
    Ok(())
}
