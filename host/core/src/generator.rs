//! What fills a column that is never learned.

use std::sync::Arc;

use arrow::array::ArrayRef;

use crate::error::Hint;
use crate::model::PluginFile;
use crate::rule::PluginRule;
use crate::schema::{Column, DataType, Schema, SecretPlace, SecretSource, SemanticType, Table};

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
    /// As [`Column::options`].
    pub options: String,
    /// Keys that it asks for.
    pub secrets: Vec<SecretSource>,
    /// What it learned of the real column, in ascending order of the key.
    pub learned: Vec<LearnedKey>,
    /// Where it comes from, unless it is a native one.
    pub plugin: Option<PluginId>,
}

/// Something that a plugin found in real rows, and enough entities share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedKey {
    /// What the plugin calls it.
    pub key: String,
    /// Rows that have it.
    pub rows: u64,
    /// Entities that have it, no fewer than the floor; an estimate where there are many.
    pub entities: u64,
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
    /// Other columns of the same rows, made before: those of [`Column::input`], in that order;
    /// else those that [`Generator::context`] asks for and the table has, at most one of
    /// a semantic type.
    pub context: &'a [Sibling],
}

/// A column of the same rows, made before the one that is to agree with it.
#[derive(Clone, Debug)]
pub struct Sibling {
    /// The column's name, as [`Column::input`] has it.
    pub name: String,
    /// What its values mean.
    pub semantic: SemanticType,
    /// What its bytes are.
    pub data_type: DataType,
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

    /// Returns the columns that the generator must be shown, as [`Column::input`] names them.
    fn needs(&self) -> &[String] {
        &[]
    }

    /// Whether the generator says itself which rows have no value.
    fn makes_nulls(&self) -> bool {
        false
    }

    /// Returns one value a row, of exactly `args.data_type`; no NULLs, unless the generator
    /// [makes them](Generator::makes_nulls).
    ///
    /// # Errors
    /// [`GeneratorError`] where the data type cannot be produced.
    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError>;
}

/// Changes real values of a column as they are read.
///
/// A value must be a function of the row's number, its input and the transform's keys alone.
pub trait ReadTransform: Send + Sync {
    /// Returns what it is shown of each row: the column itself first, then others.
    fn input(&self) -> &[String];

    /// Whether it is to [learn](ReadTransform::learn) all rows before it changes one.
    fn learns(&self) -> bool {
        false
    }

    /// Learns of some rows, all of which come once.
    ///
    /// # Errors
    /// [`GeneratorError`] where nothing can be learned of them.
    fn learn(&self, _first: u64, _input: &[ArrayRef]) -> Result<(), GeneratorError> {
        Ok(())
    }

    /// Returns one value a row, of exactly the column's data type; `first` is the number of the
    /// first row within its table, of `total` rows.
    ///
    /// # Errors
    /// [`GeneratorError`] where the values cannot be changed.
    fn apply(&self, first: u64, total: u64, input: &[ArrayRef])
    -> Result<ArrayRef, GeneratorError>;
}

/// Learns of real rows for a generator.
pub trait Learner: Send + Sync {
    /// Returns what it is shown of each row: the column itself first, then others.
    fn input(&self) -> &[String];

    /// Learns of some rows, all of which come once; `first` is the number of the first.
    ///
    /// # Errors
    /// [`GeneratorError`] where nothing can be learned of them.
    fn learn(&self, first: u64, input: &[ArrayRef]) -> Result<(), GeneratorError>;

    /// Returns what enough entities share, in ascending order of the key, and how many keys the
    /// floor took away.
    fn finish(&self) -> (Vec<LearnedKey>, u64);
}

/// Says which rows can be.
pub trait RowRule: Send + Sync {
    /// Returns how many of some rows break the rule; `first` is the number of the first row
    /// within its table, of `total` rows.
    ///
    /// # Errors
    /// [`GeneratorError`] where that cannot be told.
    fn broken(&self, first: u64, total: u64, input: &[ArrayRef]) -> Result<u64, GeneratorError>;
}

/// Finds generators, transforms and rules by name.
pub trait GeneratorRegistry: Send + Sync {
    /// Builds a generator.
    ///
    /// # Errors
    /// [`GeneratorError::Unknown`] where nothing has that name.
    fn build(&self, spec: &GeneratorSpec) -> Result<Arc<dyn Generator>, GeneratorError>;
    /// Builds what changes the real values of a column, which has
    /// a transform; `found` is what the source holds.
    ///
    /// # Errors
    /// [`GeneratorError::NoTransform`] where nothing has that name.
    fn read_transform(
        &self,
        _schema: &Schema,
        _found: &Table,
        column: &Column,
    ) -> Result<Arc<dyn ReadTransform>, GeneratorError> {
        Err(GeneratorError::NoTransform {
            name: column
                .transform
                .as_ref()
                .map_or_else(String::new, |it| it.name.clone()),
            known: Vec::new(),
        })
    }
    /// Returns what learns for the generator of a column, if it learns.
    ///
    /// # Errors
    /// [`GeneratorError`] where it cannot.
    fn learner(
        &self,
        _schema: &Schema,
        _table: usize,
        _column: usize,
    ) -> Result<Option<Box<dyn Learner>>, GeneratorError> {
        Ok(None)
    }
    /// Builds what holds rows of a table against a plugin; `input` is parallel to the rule's,
    /// and named like it. Of real rows it shows no words of the plugin's.
    ///
    /// # Errors
    /// [`GeneratorError::NoRule`] where nothing has that name.
    fn row_rule(
        &self,
        _table: &str,
        rule: &PluginRule,
        _input: &[Column],
        _real: bool,
    ) -> Result<Arc<dyn RowRule>, GeneratorError> {
        Err(GeneratorError::NoRule {
            name: rule.name.clone(),
            known: Vec::new(),
        })
    }
    /// Returns every name, for hints and documentation.
    fn names(&self) -> Vec<String>;
    /// Returns the plugin that a generator comes from; `None` for native ones and unknown names.
    fn plugin(&self, _name: &str) -> Option<PluginFile> {
        None
    }
}

/// Knows no generator, no transform and no rule.
impl GeneratorRegistry for () {
    fn build(&self, spec: &GeneratorSpec) -> Result<Arc<dyn Generator>, GeneratorError> {
        Err(GeneratorError::Unknown {
            name: spec.name.clone(),
            known: Vec::new(),
        })
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
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
    /// No transform has that name.
    #[error("unknown transform `{name}`")]
    NoTransform {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No rule has that name.
    #[error("unknown rule `{name}`")]
    NoRule {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A rule says what values a column may have that has other ones.
    #[error("rule `{name}` has {domain} for column `{input}`, which is of type {data_type}")]
    RuleDomain {
        /// The rule.
        name: String,
        /// What it says of the column.
        domain: &'static str,
        /// The column.
        input: String,
        /// The column's type.
        data_type: DataType,
    },
    /// A key is not where the manifest says.
    #[error("the secret `{name}` is not to be had from `{from}`")]
    Secret {
        /// What it is asked for by.
        name: String,
        /// Where it should be.
        from: SecretPlace,
        /// Why a file could not be read.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A key that could be found by trying.
    #[error("the secret `{name}` from `{from}` has {bytes} bytes, which can be guessed")]
    ShortSecret {
        /// What it is asked for by.
        name: String,
        /// Where it is.
        from: SecretPlace,
        /// Its length.
        bytes: usize,
    },
    /// What a transform draws could be drawn again by anybody.
    #[error("transform `{name}` draws at random, and has no key to draw by")]
    NoKey {
        /// The transform.
        name: String,
    },
    /// A transform learns of rows that do not say whom they are about.
    #[error("transform `{name}` counts whom values are about, but the rows do not say so")]
    NoEntity {
        /// The transform.
        name: String,
    },
    /// What is to be changed is not there.
    #[error("transform `{name}` is to be shown column `{input}`, {reason}")]
    TransformInput {
        /// The transform.
        name: String,
        /// The column that it is to be shown.
        input: String,
        /// Why it cannot be.
        reason: &'static str,
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
    /// A plugin failed, or the expression of a column.
    #[error(transparent)]
    Plugin(Failure),
    /// Values could repeat where they may not.
    #[error("generator `{name}` cannot promise distinct values")]
    Repeats {
        /// The generator.
        name: String,
    },
    /// There is no value where there must be one.
    #[error("generator `{name}` made NULL for row {row} of a column that is NOT NULL")]
    Null {
        /// The generator.
        name: String,
        /// The first row that has none.
        row: u64,
    },
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

/// What failed in a generator that is not core's to know.
#[derive(Debug)]
pub struct Failure(Box<dyn PluginFailure>);

impl Failure {
    /// Wraps an error.
    pub fn new(error: impl PluginFailure + 'static) -> Failure {
        Failure(Box::new(error))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl Hint for Failure {
    fn hint(&self) -> Option<String> {
        self.0.hint()
    }
}

/// An error of a plugin's, with its hint.
pub trait PluginFailure: std::error::Error + Hint + Send + Sync {}

impl<E: std::error::Error + Hint + Send + Sync> PluginFailure for E {}

impl Hint for GeneratorError {
    fn hint(&self) -> Option<String> {
        match self {
            GeneratorError::Unknown { name, known } => Some(
                match crate::error::nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None if known.is_empty() => {
                        "Add the plugin that has it (`prodlike plugin add`); a transform stands \
                         under `transform`, a rule under `rules`"
                            .to_string()
                    }
                    None => format!(
                        "Add the plugin that has it (`prodlike plugin add`), or name one of these: {}",
                        known.join(", ")
                    ),
                },
            ),
            GeneratorError::NoTransform { name, known }
            | GeneratorError::NoRule { name, known } => Some(
                match crate::error::nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => "Add the plugin that has it (`prodlike plugin add`)".into(),
                },
            ),
            GeneratorError::RuleDomain { .. } => {
                Some("Show the rule another column, or the columns in another order".into())
            }
            GeneratorError::Secret { name, from, .. } => Some(match from {
                SecretPlace::Env(variable) => format!(
                    "Set the variable `{variable}` of the environment to the secret `{name}`"
                ),
                SecretPlace::File(path) => {
                    format!("Put the secret `{name}` into the file `{path}`")
                }
            }),
            GeneratorError::ShortSecret { .. } => {
                Some("Take one of 16 bytes or more, drawn at random: `openssl rand -hex 16`".into())
            }
            GeneratorError::NoKey { .. } => Some(
                "Give it one, or whoever knows the order of rows can undo it: \
                 `secrets = { key = \"env:NAME\" }`"
                    .into(),
            ),
            GeneratorError::NoEntity { .. } => Some(
                "Name the column that does among the `entities` of `[privacy]`: `table.column`"
                    .into(),
            ),
            GeneratorError::TransformInput { .. } => {
                Some("Name columns of the same table in `input` of the transform".into())
            }
            GeneratorError::DataType { .. } => Some(
                "Choose another `semantic` or `generator` for the column in the manifest".into(),
            ),
            GeneratorError::Options { name } => Some(format!(
                "Remove `options` from the column, or name a plugin's generator instead of `{name}`"
            )),
            GeneratorError::Plugin(failure) => failure.hint(),
            GeneratorError::Repeats { .. } => {
                Some("Give the key another generator, or remove the key from the manifest".into())
            }
            GeneratorError::Null { .. } => {
                Some("Let it fall back to a value (`coalesce`), or set `nullable = true`".into())
            }
            GeneratorError::Capacity { .. } => {
                Some("Generate fewer rows, or exclude the column in the manifest".into())
            }
        }
    }
}
