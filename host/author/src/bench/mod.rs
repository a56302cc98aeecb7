//! What a component costs.

mod native;

use std::path::Path;
use std::time::{Duration, Instant};

use prodlike_plugin::{Kind, Plugin, Runtime};

use crate::build;
use crate::check::data::{Batch, Nulls, Values};
use crate::check::subject::Subject;
use crate::check::{Options, Stop, cases};
use crate::error::Error;
use native::Native;

/// Rows of a call.
const ROWS: u64 = 8_192;
/// Rounds of a measurement: at least so many, at most so many, for so long.
const LEAST: usize = 5;
const MOST: usize = 401;
const LONG: Duration = Duration::from_secs(1);
/// By how much the proposed limit is above what was measured: rows differ, and so do options.
const MARGIN: u64 = 8;
/// No limit is below: an instance's history decides what a call costs on top.
const FLOOR: u64 = 1_000;

/// What a component costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Costs {
    /// The component's bytes.
    pub size: usize,
    /// Time to load it: reading, compiling (or reading what was compiled), `describe`.
    pub load: Duration,
    /// For each kind that the plugin is.
    pub kinds: Vec<KindCosts>,
}

impl Costs {
    /// Returns the fuel a row that would do for all kinds, to be written as
    /// [`prodlike_plugin::Limits::fuel_per_row`].
    pub fn fuel_per_row(&self) -> u64 {
        self.kinds
            .iter()
            .map(|kind| kind.proposed)
            .max()
            .unwrap_or(FLOOR)
    }
}

/// What a component costs as one of its kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct KindCosts {
    /// The kind.
    pub kind: Kind,
    /// The options that were measured, as JSON: the first example that is served.
    pub options: String,
    /// The names of the columns that went in.
    pub input: Vec<String>,
    /// The names of the columns that were asked for; none for what a plugin gives by itself.
    pub wanted: Vec<String>,
    /// Rows of a call.
    pub rows: u64,
    /// Time to start an instance and to configure it: the median.
    pub configure: Duration,
    /// Time of a call: the median.
    pub call: Duration,
    /// Time of a call of the same plugin as native code, where it is written in Rust, its
    /// project is known, and no column is nested.
    pub native: Option<Duration>,
    /// Fuel a row.
    pub fuel: f64,
    /// Fuel a row that is proposed as the limit: several times of what was used.
    pub proposed: u64,
}

impl KindCosts {
    /// Returns the rows made in a second, by one thread.
    pub fn rows_per_second(&self) -> f64 {
        self.rows as f64 / self.call.as_secs_f64()
    }

    /// Returns the nanoseconds that a row takes.
    pub fn nanoseconds(&self) -> f64 {
        self.call.as_nanos() as f64 / self.rows as f64
    }

    /// Returns how many times as long as native code the component takes.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.call.as_secs_f64() / self.native?.as_secs_f64())
    }
}

/// Measures a component: for each kind, the first example that is served. Where `project` is
/// the component's, in Rust, it is compiled to native code as well, and measured beside it;
/// `progress` is told what the compiler says.
///
/// # Errors
/// Where the component cannot be loaded, serves nothing that can be given, or fails, and where
/// the native code does.
pub fn bench(
    component: &Path,
    project: Option<&Path>,
    options: &Options,
    progress: &mut dyn FnMut(&str),
) -> Result<Costs, Error> {
    let native = match project {
        Some(project) => build::native(project, progress)?.map(Native::new),
        None => None,
    };
    let runtime = Runtime::new()?;
    let start = Instant::now();
    let plugin = Plugin::open(&runtime, component, &options.limits, options.cache.as_ref())?;
    let load = start.elapsed();
    let kinds = plugin
        .kinds()
        .iter()
        .map(|&kind| {
            let subject = Subject {
                plugin: &plugin,
                kind,
                n_hostile: 0,
            };
            measure(&subject, native.as_ref(), options).map_err(|stop| match stop {
                Stop::Error(error) => error,
                Stop::Failed(fault) => Error::NotServed {
                    kind,
                    reason: fault.to_string(),
                },
                Stop::NotApplicable(reason) => Error::NotServed { kind, reason },
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Costs {
        size: plugin.size(),
        load,
        kinds,
    })
}

fn measure(
    subject: &Subject<'_>,
    native: Option<&Native>,
    options: &Options,
) -> Result<KindCosts, Stop> {
    let settings = cases::first(subject, &options.secrets)?;
    let mut instance = subject.configure(&settings).map_err(Error::from)?;
    let configure = median(|| {
        instance = subject.configure(&settings)?;
        Ok(())
    })?;
    let batch = Batch::new(&settings.input, 0, ROWS, Values::Plain, Nulls::None)?;
    let before = instance.fuel();
    let mut n_calls = 0;
    let call = median(|| {
        n_calls += 1;
        instance.call(&batch).map(|_| ())
    })?;
    let native = match native {
        Some(native) => native.call(subject.kind, &settings, &batch)?,
        None => None,
    };
    let fuel = (instance.fuel() - before) as f64 / (n_calls * ROWS) as f64;
    let names = |columns: &[prodlike_plugin::Column]| {
        let names = columns.iter().map(|column| column.field.name().clone());
        names.collect()
    };
    Ok(KindCosts {
        kind: subject.kind,
        options: settings.options.clone(),
        input: names(&settings.input),
        wanted: names(&settings.wanted),
        rows: ROWS,
        configure,
        call,
        native,
        fuel,
        proposed: proposed(fuel),
    })
}

/// Returns the median time of some rounds; the first warms up.
fn median(mut work: impl FnMut() -> Result<(), prodlike_plugin::Error>) -> Result<Duration, Stop> {
    let begin = Instant::now();
    work().map_err(Error::from)?;
    let mut times = Vec::new();
    while times.len() < LEAST || (times.len() < MOST && begin.elapsed() < LONG) {
        let start = Instant::now();
        work().map_err(Error::from)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

/// Returns a limit of two digits that is several times of what was used.
fn proposed(fuel: f64) -> u64 {
    let limit = (fuel.max(0.0).ceil() as u64)
        .saturating_mul(MARGIN)
        .max(FLOOR);
    let unit = 10u64.pow(limit.ilog10().saturating_sub(1));
    limit.div_ceil(unit).saturating_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::proposed;

    #[test]
    fn limits_are_round_and_above() {
        assert_eq!(proposed(0.0), 1_000);
        assert_eq!(proposed(130.2), 1_100);
        assert_eq!(proposed(98_765.0), 800_000);
    }
}
