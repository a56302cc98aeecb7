//! Measures plugins natively: what `prodlike plugin bench` compares a component with.

use std::hint::black_box;
use std::io::Read;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::plugin::{Detector, Generator, Learn, Rule, Transform};
use crate::testing::Job;

/// Rounds of a measurement: at least so many, at most so many, for so long. As a component's.
const LEAST: usize = 5;
const MOST: usize = 401;
const LONG: Duration = Duration::from_secs(1);

/// A kind by its name, and what measures a call.
pub type Kind = (&'static str, fn(&Job) -> Result<Duration, Error>);

/// Reads a job from standard input, as JSON, and returns the time that a call takes: the median.
/// The first argument of the program names the kind.
///
/// # Errors
/// What is no job, and what the plugin fails with.
pub fn main(kinds: &[Kind]) -> Result<Duration, Error> {
    let kind = std::env::args().nth(1).unwrap_or_default();
    let (_, measure) = (kinds.iter().find(|(name, _)| *name == kind))
        .ok_or_else(|| Error::unsupported(format!("the plugin is no {kind}")))?;
    let mut json = String::new();
    std::io::stdin()
        .read_to_string(&mut json)
        .map_err(|error| Error::other(error.to_string()))?;
    let job = serde_json::from_str(&json).map_err(|error| Error::other(error.to_string()))?;
    measure(&job)
}

/// Measures a generator.
///
/// # Errors
/// As the plugin's.
pub fn generator<P: Generator>(job: &Job) -> Result<Duration, Error> {
    let (plugin, rows) = (job.configure::<P>()?, job.all_rows());
    median(|| plugin.generate(&rows, &job.batch()))
}

/// Measures a transform.
///
/// # Errors
/// As the plugin's.
pub fn transform<P: Transform>(job: &Job) -> Result<Duration, Error> {
    let (plugin, rows) = (job.configure::<P>()?, job.all_rows());
    median(|| plugin.apply(&rows, &job.batch()))
}

/// Measures what learns.
///
/// # Errors
/// As the plugin's.
pub fn learn<P: Learn>(job: &Job) -> Result<Duration, Error> {
    let plugin = job.configure::<P>()?;
    median(|| plugin.keys(&job.batch()))
}

/// Measures a detector.
///
/// # Errors
/// As the plugin's.
pub fn detector<P: Detector>(job: &Job) -> Result<Duration, Error> {
    let plugin = job.configure::<P>()?;
    median(|| plugin.detect(&job.batch()))
}

/// Measures a rule.
///
/// # Errors
/// As the plugin's.
pub fn rule<P: Rule>(job: &Job) -> Result<Duration, Error> {
    let (plugin, rows) = (job.configure::<P>()?, job.all_rows());
    median(|| plugin.check(&rows, &job.batch()))
}

/// Returns the median time of some rounds; the first warms up.
fn median<T>(mut call: impl FnMut() -> Result<T, Error>) -> Result<Duration, Error> {
    let begin = Instant::now();
    black_box(call()?);
    let mut times = Vec::new();
    while times.len() < LEAST || (times.len() < MOST && begin.elapsed() < LONG) {
        let start = Instant::now();
        black_box(call()?);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}
