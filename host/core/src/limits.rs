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
            fuel_per_row: 1_000_000,
            fuel_to_configure: 20_000_000_000,
            output: 128 << 20,
            time: Duration::from_secs(60),
            log_lines: 100,
        }
    }
}

impl Limits {
    /// Returns every limit by the name that it has in a file.
    pub fn named(&self) -> [(&'static str, u64); 9] {
        [
            ("component", self.component as u64),
            ("memory", self.memory as u64),
            ("table", self.table as u64),
            ("fuel", self.fuel),
            ("fuel_per_row", self.fuel_per_row),
            ("fuel_to_configure", self.fuel_to_configure),
            ("output", self.output as u64),
            ("seconds", self.time.as_secs()),
            ("log_lines", u64::from(self.log_lines)),
        ]
    }

    /// Sets a limit by its name.
    ///
    /// A file that says what a plugin may use up may be anybody's, so that there is a most of
    /// what the host itself would have to hold. Fuel has none: time ends what it would not.
    ///
    /// # Errors
    /// What is no limit, or beyond the most of it.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let at_most = |most: u64| match value <= most {
            // The most of each fits into 32 bits.
            true => Ok(value as usize),
            false => Err(format!(
                "limit `{name}` is {value}, and can be {most} at most"
            )),
        };
        match name {
            "component" => self.component = at_most(1 << 30)?,
            "memory" => self.memory = at_most(u64::from(u32::MAX))?,
            "table" => self.table = at_most(1 << 24)?,
            "fuel" => self.fuel = value,
            "fuel_per_row" => self.fuel_per_row = value,
            "fuel_to_configure" => self.fuel_to_configure = value,
            "output" => self.output = at_most(1 << 31)?,
            "seconds" => self.time = Duration::from_secs(at_most(86_400)? as u64),
            "log_lines" => self.log_lines = at_most(1_000_000)? as u32,
            _ => {
                let names = self.named().map(|(name, _)| name).join(", ");
                return Err(format!("`{name}` is no limit; there are {names}"));
            }
        }
        Ok(())
    }

    /// Returns fuel of a call over so many rows.
    pub fn fuel_of(&self, rows: u64) -> u64 {
        self.fuel
            .saturating_add(self.fuel_per_row.saturating_mul(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn limits_are_set_by_the_names_that_they_are_written_with() {
        let mut limits = Limits::default();
        for (at, (name, _)) in Limits::default().named().into_iter().enumerate() {
            limits.set(name, 10 + at as u64).unwrap();
        }
        let values = limits.named().map(|(_, value)| value);
        assert_eq!(values, [10, 11, 12, 13, 14, 15, 16, 17, 18]);
    }

    #[test]
    fn what_is_no_limit_or_has_no_end_is_refused() {
        let said = |name, value| Limits::default().set(name, value).unwrap_err();
        assert_eq!(
            said("fuel_per_rows", 1),
            "`fuel_per_rows` is no limit; there are component, memory, table, fuel, \
             fuel_per_row, fuel_to_configure, output, seconds, log_lines"
        );
        assert_eq!(
            said("seconds", u64::MAX),
            "limit `seconds` is 18446744073709551615, and can be 86400 at most"
        );
        assert!(Limits::default().set("fuel", u64::MAX).is_ok());
    }
}
