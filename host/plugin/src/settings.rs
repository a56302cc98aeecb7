//! What an instance is told: once, and with every batch.

use std::fmt;

use arrow::datatypes::FieldRef;

use crate::batch::Replay;
use crate::bindings::prodlike::plugin::types as wit;

/// What an instance is told once, before any batch.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What is filled, learned or checked, as an error names it: `tickets.body`.
    pub column: String,
    /// JSON that matches the plugin's schema; `{}` where empty.
    pub options: String,
    /// The columns of every batch.
    pub input: Vec<Column>,
    /// The columns that are to be filled, as their table has them.
    pub wanted: Vec<Column>,
    /// Language and country of the values, as POSIX writes them: `de_AT`.
    pub locale: Option<String>,
    /// Whether no value may repeat within the table.
    pub unique: bool,
    /// Keys and passwords.
    pub secrets: Vec<Secret>,
    /// What `learn` found, in ascending order of the key.
    pub learned: Vec<Count>,
    /// Whether the batches hold real rows: then neither log nor words of an error are shown.
    /// `learn` and detectors always see real rows.
    pub real: bool,
    /// How often batches are made again, to see that they come out the same.
    pub replay: Replay,
}

/// A column as a plugin sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name, Arrow type and whether there may be NULLs.
    pub field: FieldRef,
    /// What its values mean, as a manifest names it: `first_name`.
    pub semantic: Option<String>,
    /// What it is to the host.
    pub role: Role,
}

impl Column {
    /// Returns a column of plain values.
    pub fn new(field: impl Into<FieldRef>) -> Self {
        Column {
            field: field.into(),
            semantic: None,
            role: Role::Value,
        }
    }

    /// Returns the column with the meaning of its values.
    pub fn meaning(mut self, semantic: impl Into<String>) -> Self {
        self.semantic = Some(semantic.into());
        self
    }
}

/// What a column is to the host, beside its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Nothing else.
    #[default]
    Value,
    /// Names whom the row is about.
    EntityKey,
}

/// A key or password, which no error and no manifest shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What the plugin asks for it by.
    pub name: String,
    /// What it is.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.name)
    }
}

/// A key that many entities share, and how often there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What the plugin named.
    pub key: String,
    /// Rows that have it.
    pub rows: u64,
    /// Entities that have it; an estimate where there are many.
    pub entities: u64,
}

impl Settings {
    /// Lends the settings to the guest.
    pub(crate) fn lend<'a>(&'a self, lent: &'a Lent<'a>) -> wit::Settings<'a> {
        wit::Settings {
            options: match self.options.as_str() {
                "" => "{}",
                options => options,
            },
            input: &lent.input,
            wanted: &lent.wanted,
            locale: self.locale.as_deref(),
            unique: self.unique,
            secrets: &lent.secrets,
            learned: &lent.learned,
        }
    }
}

/// The lists of the settings, as the contract has them.
pub(crate) struct Lent<'a> {
    pub(crate) input: Vec<wit::FieldParam<'a>>,
    pub(crate) wanted: Vec<wit::FieldParam<'a>>,
    secrets: Vec<wit::Secret<'a>>,
    learned: Vec<wit::Count<'a>>,
}

impl<'a> Lent<'a> {
    pub(crate) fn new(
        settings: &'a Settings,
        input: Vec<wit::FieldParam<'a>>,
        wanted: Vec<wit::FieldParam<'a>>,
    ) -> Self {
        Lent {
            input,
            wanted,
            secrets: settings
                .secrets
                .iter()
                .map(|secret| wit::Secret {
                    name: &secret.name,
                    bytes: &secret.bytes,
                })
                .collect(),
            learned: settings
                .learned
                .iter()
                .map(|count| wit::Count {
                    key: &count.key,
                    rows: count.rows,
                    entities: count.entities,
                })
                .collect(),
        }
    }
}

/// The rows of one batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'a> {
    /// How many.
    pub count: u32,
    /// The number of the first within its table.
    pub first: u64,
    /// Numbers of all rows where they do not follow one another; else empty.
    pub numbers: &'a [u64],
    /// One a row, which is a function of the job's seed and the row.
    pub seeds: &'a [u64],
    /// Rows that the table will have.
    pub total: u64,
    /// The same for all rows of the column, different in another job.
    pub key: u64,
}

impl<'a> Rows<'a> {
    /// Returns a part of the rows; `offset + count` may not be more than there are.
    pub(crate) fn slice(&self, offset: usize, count: usize) -> Rows<'a> {
        let part = |list: &'a [u64]| list.get(offset..offset + count).unwrap_or_default();
        Rows {
            count: count as u32,
            first: self.first + offset as u64,
            numbers: part(self.numbers),
            seeds: part(self.seeds),
            ..*self
        }
    }

    /// Returns the number of a row of the batch.
    pub(crate) fn number(&self, row: u64) -> u64 {
        match usize::try_from(row)
            .ok()
            .and_then(|row| self.numbers.get(row))
        {
            Some(number) => *number,
            None => self.first.saturating_add(row),
        }
    }

    /// Returns the first and the last row, as errors name them.
    pub(crate) fn span(&self) -> Option<(u64, u64)> {
        if self.numbers.is_empty() {
            let last = u64::from(self.count).checked_sub(1)?;
            return Some((self.first, self.first.saturating_add(last)));
        }
        Some((*self.numbers.iter().min()?, *self.numbers.iter().max()?))
    }

    pub(crate) fn lend(&self) -> wit::Rows<'a> {
        wit::Rows {
            count: self.count,
            first: self.first,
            numbers: self.numbers,
            seeds: self.seeds,
            total: self.total,
            key: self.key,
        }
    }
}
