//! Events of the engine as records of Python's `logging`, under `prodlike`.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::jobs::lock;

/// Most records that wait for somebody to take them.
const WAITING: usize = 10_000;

/// Python's level below which nothing is kept.
static LEAST: AtomicU8 = AtomicU8::new(WARNING);
const WARNING: u8 = 30;

/// What was said and not passed on yet: level, name of the logger, message.
static SAID: Mutex<Vec<(u8, String, String)>> = Mutex::new(Vec::new());

/// Begins to listen to the engine, once.
pub(crate) fn listen() {
    // Where somebody listens already, they do.
    let _ = tracing_subscriber::registry().with(Records).try_init();
}

struct Records;

fn level(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 40,
        Level::WARN => WARNING,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

impl<S: Subscriber> Layer<S> for Records {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let level = level(metadata.level());
        let is_ours = metadata.target().starts_with("prodlike");
        if !is_ours || level < LEAST.load(Ordering::Relaxed) {
            return;
        }
        let mut text = Text::default();
        event.record(&mut text);
        let mut said = lock(&SAID);
        if said.len() < WAITING {
            let name = metadata.target().replacen("prodlike_", "prodlike.", 1);
            said.push((level, name.replace("::", "."), text.0));
        }
    }
}

/// The message, and the fields behind it.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = match (field.name(), self.0.is_empty()) {
            ("message", _) => {
                let fields = std::mem::take(&mut self.0);
                write!(self.0, "{value:?}{fields}")
            }
            (name, _) => write!(self.0, " {name}={value:?}"),
        };
    }
}

fn logger<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("logging")?.call_method1("getLogger", (name,))
}

/// Has events kept from the level on that somebody wants to see.
pub(crate) fn take_level(py: Python<'_>) -> PyResult<()> {
    let level = logger(py, "prodlike")?.call_method0("getEffectiveLevel")?;
    let level: i64 = level.extract()?;
    LEAST.store(level.clamp(1, 255) as u8, Ordering::Relaxed);
    Ok(())
}

/// Passes on what was said.
pub(crate) fn pass_on(py: Python<'_>) -> PyResult<()> {
    let said = std::mem::take(&mut *lock(&SAID));
    for (level, name, message) in said {
        logger(py, &name)?.call_method1("log", (level, "%s", message))?;
    }
    Ok(())
}

/// Passes on a warning of a stage.
pub(crate) fn warn(py: Python<'_>, message: &str) -> PyResult<()> {
    logger(py, "prodlike")?.call_method1("warning", ("%s", message))?;
    Ok(())
}
