//! Columns in, columns out: what generators, transforms, learners and rules share.

use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, ArrayRef};

use crate::bindings::prodlike::plugin::types as wit;
use crate::call::{Answer, Generator, Interface, Learn, Pool, Rule, Session, Transform};
use crate::decode;
use crate::error::{Error, Failure, Flaw, Problem};
use crate::field;
use crate::plugin::Plugin;
use crate::settings::{Column, Rows, Settings};

/// How often batches are made again, to see that a value is a function of its row and seed.
///
/// Some rows of a batch are asked for again: from the instance that made it, and from a new
/// one in two parts, the second first. So state across rows shows, whatever keeps it: a
/// counter, a cache, or the `random` of a language, which is frozen where there is no entropy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// One batch in so many, beside the first; zero for none at all.
    pub one_in: u32,
    /// Rows of a batch that are asked for again, at most.
    pub rows: u32,
    /// Decides which batches; a plugin must not know it.
    pub key: u64,
}

impl Default for Replay {
    fn default() -> Self {
        Replay {
            one_in: 32,
            rows: 1_024,
            key: 0,
        }
    }
}

impl Replay {
    /// Makes no batch again.
    pub const NEVER: Replay = Replay {
        one_in: 0,
        rows: 0,
        key: 0,
    };

    /// A number of the batch that only the key's holder knows.
    fn hash(&self, rows: &Rows<'_>) -> u64 {
        // splitmix64 over key, first row and count.
        let mix = |value: u64| {
            let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            value ^ (value >> 31)
        };
        mix(mix(mix(self.key) ^ rows.number(0)) ^ u64::from(rows.count))
    }
}

/// A kind that takes a batch of columns and returns one.
pub(crate) trait Batches: Interface {
    fn call(
        session: &mut Session<Self>,
        rows: wit::Rows<'_>,
        input: &[wit::NodeParam<'_>],
    ) -> Answer<Vec<wit::NodeResult>>
    where
        Self: Sized;
}

impl Batches for Generator {
    fn call(
        session: &mut Session<Self>,
        rows: wit::Rows<'_>,
        input: &[wit::NodeParam<'_>],
    ) -> Answer<Vec<wit::NodeResult>> {
        let instance = session.guest.instance();
        instance.call_generate(&mut session.store, session.resource, rows, input)
    }
}

impl Batches for Transform {
    fn call(
        session: &mut Session<Self>,
        rows: wit::Rows<'_>,
        input: &[wit::NodeParam<'_>],
    ) -> Answer<Vec<wit::NodeResult>> {
        let instance = session.guest.instance();
        instance.call_apply(&mut session.store, session.resource, rows, input)
    }
}

impl Batches for Learn {
    fn call(
        session: &mut Session<Self>,
        _rows: wit::Rows<'_>,
        input: &[wit::NodeParam<'_>],
    ) -> Answer<Vec<wit::NodeResult>> {
        let instance = session.guest.instance();
        instance.call_keys(&mut session.store, session.resource, input)
    }
}

impl Batches for Rule {
    fn call(
        session: &mut Session<Self>,
        rows: wit::Rows<'_>,
        input: &[wit::NodeParam<'_>],
    ) -> Answer<Vec<wit::NodeResult>> {
        let instance = session.guest.instance();
        instance.call_check(&mut session.store, session.resource, rows, input)
    }
}

/// Instances, and what they return.
pub(crate) struct Mapper<K: Batches> {
    pub(crate) pool: Pool<K>,
    output: Vec<Column>,
    /// Whether a batch was made again already.
    replayed: AtomicBool,
}

impl<K: Batches> Mapper<K> {
    /// Configures a first instance of a kind that says itself what it returns.
    pub(crate) fn stated(
        plugin: &Plugin,
        settings: Settings,
        output: impl FnOnce(&mut Session<K>) -> wasmtime::Result<Vec<wit::FieldResult>>,
    ) -> Result<Self, Error> {
        let pool = Pool::<K>::new(plugin, settings, false)?;
        let stated = pool.call(None, |session| Ok(Ok(output(session)?)))?;
        let wrong = |flaw| pool.result(None, Failure::Result(Box::new(flaw)));
        let output = field::read(stated).map_err(wrong)?;
        fill(&pool.settings.wanted, &output).map_err(wrong)?;
        Ok(Mapper {
            pool,
            output,
            replayed: AtomicBool::new(false),
        })
    }

    /// Configures a first instance of a kind that always returns the same columns.
    pub(crate) fn fixed(
        plugin: &Plugin,
        settings: Settings,
        real: bool,
        output: Vec<Column>,
    ) -> Result<Self, Error> {
        Ok(Mapper {
            pool: Pool::<K>::new(plugin, settings, real)?,
            output,
            replayed: AtomicBool::new(false),
        })
    }

    /// Returns what every batch holds.
    pub(crate) fn output(&self) -> &[Column] {
        &self.output
    }

    /// Makes a batch, checks it, and now and then makes a part of it again.
    pub(crate) fn run(&self, rows: &Rows<'_>, input: &[ArrayRef]) -> Result<Vec<ArrayRef>, Error> {
        self.check_rows(rows)?;
        let arrays = self.pool.call(Some(rows), {
            let nodes = self.pool.encode(rows, input)?;
            move |session| {
                let lent: Vec<_> = nodes.iter().map(crate::encode::Node::lend).collect();
                K::call(session, rows.lend(), &lent)
            }
        })?;
        let arrays = self.decode(rows, arrays)?;
        if let Some(hash) = self.sampled(rows) {
            self.replay(rows, input, &arrays, hash)?;
        }
        Ok(arrays)
    }

    fn check_rows(&self, rows: &Rows<'_>) -> Result<(), Error> {
        let count = rows.count as usize;
        let wrong = |what: &str, got: usize| Error::Input {
            plugin: Box::new(self.pool.plugin.id().clone()),
            place: self.pool.place(Some(rows)),
            reason: format!("{got} {what} for {count} rows"),
        };
        if rows.seeds.len() != count {
            return Err(wrong("seeds", rows.seeds.len()));
        }
        if !rows.numbers.is_empty() && rows.numbers.len() != count {
            return Err(wrong("numbers", rows.numbers.len()));
        }
        Ok(())
    }

    fn decode(&self, rows: &Rows<'_>, nodes: Vec<wit::NodeResult>) -> Result<Vec<ArrayRef>, Error> {
        decode::read(nodes, &self.output, rows.count as usize).map_err(|flaw| {
            self.pool
                .result(Some(rows), Failure::Result(Box::new(flaw)))
        })
    }

    fn sampled(&self, rows: &Rows<'_>) -> Option<u64> {
        let replay = &self.pool.settings.replay;
        if replay.one_in == 0 || rows.count == 0 {
            return None;
        }
        let hash = replay.hash(rows);
        let first = !self.replayed.swap(true, Ordering::Relaxed);
        (first || hash.is_multiple_of(u64::from(replay.one_in))).then_some(hash)
    }

    /// Makes some of the rows again, and compares.
    fn replay(
        &self,
        rows: &Rows<'_>,
        input: &[ArrayRef],
        made: &[ArrayRef],
        hash: u64,
    ) -> Result<(), Error> {
        let replay = &self.pool.settings.replay;
        let count = rows.count.min(replay.rows.max(1)) as usize;
        let from = ((hash >> 32) % (u64::from(rows.count) - count as u64 + 1)) as usize;
        let window = rows.slice(from, count);
        // From an instance that has a history.
        let again = self.pool.call(Some(&window), |session| {
            self.part(session, &window, input, from)
        })?;
        self.compare(&window, made, from, &self.decode(&window, again)?, false)?;
        // From one that has none, and its end before its beginning.
        let mut session = self.pool.fresh()?;
        let cut = count / 2;
        for (from, window) in [
            (from + cut, window.slice(cut, count - cut)),
            (from, window.slice(0, cut)),
        ] {
            if window.count == 0 {
                continue;
            }
            let again = self.pool.call_in(&mut session, Some(&window), |session| {
                self.part(session, &window, input, from)
            })?;
            self.compare(&window, made, from, &self.decode(&window, again)?, true)?;
        }
        // The instance is not kept: there are as many as there are threads.
        Ok(())
    }

    fn part(
        &self,
        session: &mut Session<K>,
        window: &Rows<'_>,
        input: &[ArrayRef],
        from: usize,
    ) -> Answer<Vec<wit::NodeResult>> {
        let input: Vec<ArrayRef> = input
            .iter()
            .map(|array| array.slice(from, window.count as usize))
            .collect();
        // What was written as a whole can be written in part.
        let nodes = self
            .pool
            .encode(window, &input)
            .map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        let lent: Vec<_> = nodes.iter().map(crate::encode::Node::lend).collect();
        K::call(session, window.lend(), &lent)
    }

    fn compare(
        &self,
        window: &Rows<'_>,
        made: &[ArrayRef],
        from: usize,
        again: &[ArrayRef],
        fresh: bool,
    ) -> Result<(), Error> {
        let count = window.count as usize;
        for ((made, again), column) in made.iter().zip(again).zip(&self.output) {
            let made = made.slice(from, count);
            if made.as_ref() == again.as_ref() {
                continue;
            }
            let row = (0..count)
                .find(|row| made.slice(*row, 1).as_ref() != again.slice(*row, 1).as_ref())
                .unwrap_or_default();
            return Err(Error::NotFunction {
                plugin: Box::new(self.pool.plugin.id().clone()),
                place: self.pool.place(Some(window)),
                column: column.field.name().clone(),
                row: window.number(row as u64),
                fresh,
            });
        }
        Ok(())
    }
}

/// Checks that what a plugin states can fill what is wanted.
fn fill(wanted: &[Column], stated: &[Column]) -> Result<(), Flaw> {
    if wanted.is_empty() {
        return Ok(());
    }
    let flaw = |column: &str, problem| Flaw {
        column: column.to_owned(),
        row: None,
        problem,
    };
    if wanted.len() != stated.len() {
        let problem = Problem::Columns {
            expected: wanted.len(),
            got: stated.len(),
        };
        return Err(flaw("", problem));
    }
    for (wanted, stated) in wanted.iter().zip(stated) {
        let (to, from) = (wanted.field.data_type(), stated.field.data_type());
        if !field::fits(from, to) {
            let problem = Problem::Fill {
                stated: from.clone(),
                wanted: to.clone(),
            };
            return Err(flaw(wanted.field.name(), problem));
        }
        if stated.field.is_nullable() && !wanted.field.is_nullable() {
            let reason = "it may be NULL, and the column may not".to_owned();
            return Err(flaw(wanted.field.name(), Problem::Schema { reason }));
        }
    }
    Ok(())
}
