//! Long work: on a thread of its own, without Python's lock, while the caller's thread passes on
//! progress and log records and listens for Ctrl-C.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prodlike_core::progress::{Cancel, Progress};
use prodlike_engine::{Error, Interrupts};
use pyo3::prelude::*;

use crate::errors::{self, Raise};
use crate::logging;

/// How long Ctrl-C and what is to be shown wait at most.
const TICK: Duration = Duration::from_millis(50);

/// What work may use while it runs.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) cancel: Cancel,
    pub(crate) interrupts: Interrupts,
    events: Sender<Event>,
}

enum Event {
    Begin(String, u64),
    Advance(String, u64),
    Finish(String),
    Warn(String),
    Done,
}

impl Job {
    fn stop(&self) {
        self.cancel.cancel();
        self.interrupts.interrupt();
    }

    fn send(&self, event: Event) {
        // Nobody listens any more: then there is nobody to tell.
        let _ = self.events.send(event);
    }
}

impl Progress for Job {
    fn begin(&self, name: &str, total: u64) {
        self.send(Event::Begin(name.into(), total));
    }

    fn advance(&self, name: &str, n: u64) {
        self.send(Event::Advance(name.into(), n));
    }

    fn finish(&self, name: &str) {
        self.send(Event::Finish(name.into()));
    }

    fn warn(&self, message: &str) {
        self.send(Event::Warn(message.into()));
    }

    fn say(&self, message: &str) {
        tracing::info!("{message}");
    }
}

/// Says that the work is over, however it ends.
struct Done<'a>(&'a Job);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.send(Event::Done);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs work; `progress` is an object of `prodlike._progress`, or None.
///
/// # Errors
/// What the work fails with, as an exception; what Ctrl-C or the listener raised.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Job) -> Result<T, Error> + Send,
) -> PyResult<T> {
    run_for(py, progress, work)
}

/// As [`run`], for work with errors of its own.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_for<T: Send, E: Raise + Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Job) -> Result<T, E> + Send,
) -> PyResult<T> {
    check_fork(py)?;
    logging::take_level(py)?;
    let (events, heard) = channel();
    let job = Job {
        cancel: Cancel::default(),
        interrupts: Interrupts::default(),
        events,
    };
    let (outcome, raised) = py.detach(move || {
        let job = &job;
        std::thread::scope(|scope| {
            let worker = scope.spawn(move || {
                let _done = Done(job);
                work(job)
            });
            let raised = listen(job, &heard, progress.as_ref());
            (worker.join(), raised)
        })
    });
    logging::pass_on(py)?;
    match (raised, outcome) {
        (Some(raised), _) => Err(raised),
        (None, Ok(Ok(value))) => Ok(value),
        (None, Ok(Err(error))) => Err(error.raise(py)),
        (None, Err(_)) => Err(errors::new(
            py,
            "ProdlikeError",
            "internal error: a thread of the engine panicked",
            Vec::new(),
            Some("This is a bug in prodlike: please report it with the code you ran".into()),
        )),
    }
}

/// Passes on what the work says until it is done; returns what was raised meanwhile, after which
/// the work was asked to stop.
fn listen(job: &Job, heard: &Receiver<Event>, progress: Option<&Py<PyAny>>) -> Option<PyErr> {
    let mut raised = None;
    loop {
        let first = heard.recv_timeout(TICK);
        let mut events: Vec<Event> = Vec::new();
        let mut is_done = matches!(first, Err(RecvTimeoutError::Disconnected));
        for event in first.into_iter().chain(heard.try_iter()) {
            match event {
                Event::Done => is_done = true,
                // Thousands a second, of which the sum is shown.
                Event::Advance(name, n) => match events.last_mut() {
                    Some(Event::Advance(last, sum)) if *last == name => *sum += n,
                    _ => events.push(Event::Advance(name, n)),
                },
                event => events.push(event),
            }
        }
        let passed = Python::attach(|py| {
            py.check_signals()?;
            logging::pass_on(py)?;
            events
                .iter()
                .try_for_each(|event| tell(py, event, progress))
        });
        if let (Err(error), None) = (passed, &raised) {
            job.stop();
            raised = Some(error);
        }
        if is_done {
            return raised;
        }
    }
}

fn tell(py: Python<'_>, event: &Event, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    if let Event::Warn(message) = event {
        return logging::warn(py, message);
    }
    let Some(progress) = progress.map(|progress| progress.bind(py)) else {
        return Ok(());
    };
    match event {
        Event::Begin(name, total) => progress.call_method1("begin", (name, total))?,
        Event::Advance(name, n) => progress.call_method1("advance", (name, n))?,
        Event::Finish(name) => progress.call_method1("finish", (name,))?,
        Event::Warn(_) | Event::Done => return Ok(()),
    };
    Ok(())
}

/// What is said to a child that was forked.
pub(crate) const FORKED: &str = "this process was forked from one that had used prodlike";

/// Whether another process worked first, of which this one is a copy.
pub(crate) fn is_forked() -> bool {
    // Zero is nobody's number.
    static WORKED: AtomicU32 = AtomicU32::new(0);
    let this = std::process::id();
    let first = WORKED.compare_exchange(0, this, Ordering::Relaxed, Ordering::Relaxed);
    first.is_err_and(|first| first != this)
}

/// Refuses to work in a child that was forked from a process that had worked: the threads that
/// hold the locks of its copy are not there.
fn check_fork(py: Python<'_>) -> PyResult<()> {
    match is_forked() {
        false => Ok(()),
        true => Err(errors::new(
            py,
            "ProdlikeError",
            FORKED,
            Vec::new(),
            Some(
                "Start processes with `spawn` or `forkserver`: \
                 `multiprocessing.get_context(\"spawn\")`"
                    .into(),
            ),
        )),
    }
}
