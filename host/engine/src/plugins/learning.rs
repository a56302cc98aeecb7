//! What plugins learn: they name keys in real rows, and the host counts whom these are about.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use arrow::array::ArrayRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use prodlike_core::generator::{GeneratorError, LearnedKey};
use prodlike_core::schema::Schema;
use prodlike_models::philox::{key, mix};
use prodlike_plugin::{Count, Counts, Learn, Plugin, Settings};

use super::failed;

/// Keys that are being counted.
pub(super) struct Learning {
    plugin: Plugin,
    settings: Settings,
    /// The position in the input of whom a row is about; `None` where no row is about anybody.
    entity: Option<usize>,
    learn: OnceLock<Learn>,
    counts: Mutex<Counts>,
}

impl Learning {
    /// Starts to count for a column of a table. `entity` is the position in the input of the
    /// column that says whom rows are about.
    ///
    /// # Errors
    /// [`GeneratorError::NoEntity`] where rows lead to people and do not say to whom.
    pub(super) fn new(
        plugin: &Plugin,
        settings: Settings,
        schema: &Schema,
        table: usize,
        entity: Option<usize>,
    ) -> Result<Learning, GeneratorError> {
        if schema.protected()[table] && entity.is_none() {
            return Err(GeneratorError::NoEntity {
                name: plugin.id().name.clone(),
            });
        }
        Ok(Learning {
            plugin: plugin.clone(),
            settings,
            entity,
            learn: OnceLock::new(),
            counts: Mutex::new(Counts::new(schema.privacy.k.into())),
        })
    }

    /// Counts the keys of some rows, of which `first` is the number of the first.
    pub(super) fn learn(&self, first: u64, input: &[ArrayRef]) -> Result<(), GeneratorError> {
        let learn = match self.learn.get() {
            Some(learn) => learn,
            None => {
                let made = self.plugin.learn(self.settings.clone()).map_err(failed)?;
                self.learn.get_or_init(|| made)
            }
        };
        let count = input.first().map_or(0, |array| array.len());
        let keys = learn.keys(count as u32, input).map_err(failed)?;
        let entities = match self.entity.map(|at| &input[at]) {
            Some(entities) => hashes(entities),
            None => (first..first + count as u64).map(mix).collect(),
        };
        self.counts()
            .add(&keys, &entities)
            .map_err(|error| failed(error.of(self.plugin.id(), &self.settings.column)))
    }

    /// Returns what enough entities share, and how many keys too few do; nothing is left.
    pub(super) fn finish(&self) -> (Vec<Count>, u64) {
        let counts = std::mem::replace(&mut *self.counts(), Counts::new(0));
        let all = counts.len() as u64;
        let shared = counts.finish();
        let dropped = all - shared.len() as u64;
        (shared, dropped)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hash of each value; rows about nobody are all about the same.
fn hashes(entities: &ArrayRef) -> Vec<u64> {
    let options = FormatOptions::default();
    let Ok(texts) = ArrayFormatter::try_new(entities, &options) else {
        return vec![0; entities.len()];
    };
    let hash = |row| key(0, &[&texts.value(row).to_string()]);
    (0..entities.len()).map(hash).collect()
}

/// What was counted, as core has it.
pub(super) fn to_core(counts: Vec<Count>) -> Vec<LearnedKey> {
    let core = |count: Count| LearnedKey {
        key: count.key,
        rows: count.rows,
        entities: count.entities,
    };
    counts.into_iter().map(core).collect()
}

/// What a model file holds, as a plugin is told it.
pub(super) fn from_core(learned: &[LearnedKey]) -> Vec<Count> {
    let count = |key: &LearnedKey| Count {
        key: key.key.clone(),
        rows: key.rows,
        entities: key.entities,
    };
    learned.iter().map(count).collect()
}
