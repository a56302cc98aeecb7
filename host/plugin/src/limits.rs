//! What a plugin may use up.

use std::time::Duration;

/// What one plugin may use up; where it needs more, the job fails and says so.
///
/// Fuel is counted in WebAssembly operations and is the same on every machine, but not at
/// every time: what an instance did before decides whether a call grows its memory. So a
/// budget is generous, and ends only what would not end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that a component may have as a file.
    pub component: usize,
    /// Bytes of memory that an instance may have, over all of its memories.
    pub memory: usize,
    /// Elements that an instance may have in tables of functions.
    pub table: usize,
    /// Fuel of every call.
    pub fuel: u64,
    /// Fuel of a call on top of that, for every row.
    pub fuel_per_row: u64,
    /// Fuel of `describe` and of `configure`, where languages with a runtime of their own
    /// start it.
    pub fuel_to_configure: u64,
    /// Bytes that a call may return.
    pub output: usize,
    /// Time that a call may take. A slow machine needs more; it can fail a job, and never
    /// changes what comes out.
    pub time: Duration,
    /// Lines of log that are shown of one plugin in one job.
    pub log_lines: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            component: 64 << 20,
            memory: 256 << 20,
            table: 1 << 20,
            fuel: 1_000_000_000,
            fuel_per_row: 200_000,
            fuel_to_configure: 20_000_000_000,
            output: 128 << 20,
            time: Duration::from_secs(60),
            log_lines: 100,
        }
    }
}

impl Limits {
    /// Fuel of a call over so many rows.
    pub(crate) fn fuel_of(&self, rows: u64) -> u64 {
        self.fuel
            .saturating_add(self.fuel_per_row.saturating_mul(rows))
    }
}
