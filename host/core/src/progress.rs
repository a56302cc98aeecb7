//! How long work tells its listener where it stands, and learns that it should stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Listens to the stages of a long job. Called from worker threads.
pub trait Progress: Send + Sync {
    /// A stage of `total` units begins for `name`.
    fn begin(&self, name: &str, total: u64);
    /// `n` more units of `name` are done.
    fn advance(&self, name: &str, n: u64);
    /// The stage of `name` is over.
    fn finish(&self, name: &str);
    /// Something was given up; the sentence says what and how to get it back.
    fn warn(&self, message: &str);
    /// Something was done.
    fn say(&self, message: &str) {
        let _ = message;
    }
}

/// A listener that does not listen.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: &str, _: u64) {}
    fn finish(&self, _: &str) {}
    fn warn(&self, _: &str) {}
}

/// A flag that asks long work to stop at the next batch.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the work to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
