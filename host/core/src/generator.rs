//! What fills a column that is never learned.

use std::sync::Arc;

use arrow::array::ArrayRef;

use crate::error::Hint;
use crate::model::PluginFile;
use crate::schema::{DataType, SemanticType};

/// What a generator is told once, before any batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeneratorSpec {
    /// The generator's name: a semantic type's for the native ones.
    pub name: String,
    /// Whether no value may repeat within the table.
    pub unique: bool,
    /// Mined templates and their weights, for generators that take any (`code`).
    pub templates: Vec<(String, u32)>,
    /// Language and country of the real column, one of [`crate::schema::LOCALES`].
    pub locale: Option<String>,
    /// Evenly spaced quantiles of the real values' lengths in characters, for generators
    /// that take any (`text`); they ascend.
    pub lengths: Vec<u32>,
    /// Options of a plugin's generator, as JSON; empty for none.
    pub options: String,
    /// Columns of the table that it is shown, by name; where empty, those it wishes for.
    pub input: Vec<String>,
    /// Where it comes from, unless it is a native one.
    pub plugin: Option<PluginId>,
}

/// Which plugin a generator comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PluginId {
    /// As the plugin calls itself.
    pub name: String,
    /// As Semantic Versioning writes it.
    pub version: String,
    /// `sha256:` and the digits of the component's digest.
    pub digest: String,
}

impl std::fmt::Display for PluginId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// One batch to fill.
pub struct GenerateArgs<'a> {
    /// What the column's bytes are.
    pub data_type: &'a DataType,
    /// Row numbers within the table, in any order.
    pub rows: &'a [u64],
    /// One seed a row: independent of the batch it is in. Same row, same seed.
    pub seeds: &'a [u64],
    /// The column's own key, for permutations that must not collide.
    pub key: u64,
    /// Rows of the whole table: `rows` are all below it.
    pub table_rows: u64,
    /// Other columns of the same rows, made before: those of [`GeneratorSpec::input`], in that
    /// order; else those that [`Generator::context`] asks for and the table has, at most one of
    /// a semantic type.
    pub context: &'a [Sibling],
}

/// A column of the same rows, made before the one that is to agree with it.
#[derive(Clone, Debug)]
pub struct Sibling {
    /// The column's name.
    pub name: String,
    /// What its values mean.
    pub semantic: SemanticType,
    /// One value a row, NULL where the row has none.
    pub values: ArrayRef,
}

/// Fills one column from row numbers and seeds.
///
/// A value must be a function of (spec, `key`, row, seed, `table_rows`, the row's context)
/// alone: never of the batch, the thread, the clock or an earlier call. Where the spec says
/// `unique`, different rows below `table_rows` must get different values, at any table size
/// and whatever the context.
pub trait Generator: Send + Sync {
    /// Returns what columns of the same row the values should agree with.
    ///
    /// What is asked for may be missing; where wishes go round in a circle, one is dropped.
    fn context(&self) -> &[SemanticType] {
        &[]
    }

    /// Returns one value a row, of exactly `args.data_type`, without NULLs.
    ///
    /// # Errors
    /// [`GeneratorError`] where the data type cannot be produced.
    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError>;
}

/// Finds generators by name.
pub trait GeneratorRegistry: Send + Sync {
    /// Builds a generator.
    ///
    /// # Errors
    /// [`GeneratorError::Unknown`] where nothing has that name.
    fn build(&self, spec: &GeneratorSpec) -> Result<Arc<dyn Generator>, GeneratorError>;
    /// Returns every name, for hints and documentation.
    fn names(&self) -> Vec<String>;
    /// Returns the plugin that a generator comes from; `None` for native ones and unknown names.
    fn plugin(&self, _name: &str) -> Option<PluginFile> {
        None
    }
}

/// Why a generator could not be built or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeneratorError {
    /// No generator has that name.
    #[error("unknown generator `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The generator makes other types.
    #[error("generator `{name}` cannot fill a column of type {data_type}")]
    DataType {
        /// The generator.
        name: String,
        /// What was asked for.
        data_type: DataType,
    },
    /// A native generator was given options.
    #[error("generator `{name}` takes no options")]
    Options {
        /// The generator.
        name: String,
    },
    /// A plugin failed.
    #[error("{0}")]
    Plugin(Box<dyn PluginFailure>),
    /// More distinct values are wanted than the column's type can hold.
    #[error("generator `{name}` cannot make {rows} distinct values of type {data_type}")]
    Capacity {
        /// The generator.
        name: String,
        /// Distinct values wanted.
        rows: u64,
        /// The column's type.
        data_type: DataType,
    },
}

/// An error of a plugin's, with its hint.
pub trait PluginFailure: std::error::Error + Hint + Send + Sync {}

impl Hint for GeneratorError {
    fn hint(&self) -> Option<String> {
        match self {
            GeneratorError::Unknown { name, known } => Some(
                match crate::error::nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!(
                        "Add the plugin that has it (`prodlike plugin add`), or name one of these: {}",
                        known.join(", ")
                    ),
                },
            ),
            GeneratorError::DataType { .. } => Some(
                "Choose another `semantic` or `generator` for the column in the manifest".into(),
            ),
            GeneratorError::Options { name } => Some(format!(
                "Remove `options` from the column, or name a plugin's generator instead of `{name}`"
            )),
            GeneratorError::Plugin(failure) => failure.hint(),
            GeneratorError::Capacity { .. } => {
                Some("Generate fewer rows, or exclude the column in the manifest".into())
            }
        }
    }
}
