//! The kinds of plugins: a trait each.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::column::Column;
use crate::error::Error;
use crate::rows::Rows;
use crate::schema::Field;
use crate::view::Batch;

/// What an instance is told once, before any batch.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Settings {
    /// The columns of every batch.
    pub input: Vec<Field>,
    /// The columns that are to be filled, as their table has them; the name is that of one of
    /// the plugin's outputs. Empty where nothing is filled.
    pub wanted: Vec<Field>,
    /// Language and country of the values, as POSIX writes them: `de_AT`.
    pub locale: Option<String>,
    /// Whether no value may repeat within the table.
    pub unique: bool,
    /// Keys and passwords, by name.
    pub secrets: Vec<Secret>,
    /// What `learn` found and the host counted, in ascending order of the key.
    pub learned: Vec<Count>,
}

impl Settings {
    /// Returns a secret.
    ///
    /// # Errors
    /// Where the job hands over none of that name, or an empty one.
    pub fn secret(&self, name: &str) -> Result<&[u8], Error> {
        self.secrets
            .iter()
            .find(|secret| secret.name == name && !secret.bytes.is_empty())
            .map(|secret| secret.bytes.as_slice())
            .ok_or_else(|| Error::unsupported(format!("the secret `{name}` is missing")))
    }

    /// Returns what stands beside the name of each output that is wanted, of a list of names;
    /// the first of the list where nothing is wanted by name.
    ///
    /// # Errors
    /// Where an output is wanted that the list does not have.
    pub fn outputs<T: Copy>(&self, known: &[(&str, T)]) -> Result<Vec<T>, Error> {
        if self.wanted.is_empty() {
            return Ok(known
                .first()
                .map(|&(_, output)| output)
                .into_iter()
                .collect());
        }
        self.wanted
            .iter()
            .map(|wanted| {
                known
                    .iter()
                    .find(|(name, _)| *name == wanted.name)
                    .map(|&(_, output)| output)
                    .ok_or_else(|| {
                        Error::unsupported(format!("there is no output `{}`", wanted.name))
                    })
            })
            .collect()
    }

    /// Returns the outputs as [`Settings::outputs`] does, each with the name of the column that
    /// it fills.
    ///
    /// # Errors
    /// Where an output is wanted that the list does not have.
    pub fn columns<T: Copy>(&self, known: &[(&str, T)]) -> Result<Vec<(String, T)>, Error> {
        let outputs = self.outputs(known)?;
        let names = self.wanted.iter().map(|field| field.name.clone());
        // Where nothing is wanted by name, there is the first of the list.
        let first = known.first().map(|(name, _)| (*name).to_owned());
        Ok(names.chain(first).zip(outputs).collect())
    }

    /// Returns the country of the locale, in capital letters.
    pub fn country(&self) -> Option<&str> {
        let (_, country) = self.locale.as_deref()?.split_once('_')?;
        country.get(..2)
    }
}

/// A key or password. Its `Debug` does not show it.
#[derive(Clone)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Secret {
    /// What the plugin calls it.
    pub name: String,
    /// The secret itself.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A key that [`Learn`] gave, and at least k entities share.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Count {
    /// What was counted.
    pub key: String,
    /// Rows that have it.
    pub rows: u64,
    /// Entities that have it.
    pub entities: u64,
}

/// Who a plugin is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Lower-case letters, digits and hyphens.
    pub name: String,
    /// As Semantic Versioning writes it.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// What a generator makes or a transform gives back.
    pub outputs: Vec<Output>,
    /// Meanings of the columns that it likes to see in its input.
    pub context: Vec<String>,
    /// Meanings that a detector can find; findings name them by position.
    pub finds: Vec<String>,
    /// Options that show what the plugin does.
    pub examples: Vec<Example>,
}

/// A column that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is asked for by.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// What its values mean, by the name that a manifest gives it.
    pub semantic: Option<String>,
}

/// Options that show what the plugin does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// One sentence.
    pub summary: String,
    /// JSON.
    pub options: String,
}

/// Returns who the plugin is, from its `Cargo.toml`: name, version and description.
#[macro_export]
macro_rules! about {
    () => {
        $crate::About::new(
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_DESCRIPTION"),
        )
    };
}

impl About {
    /// Returns a plugin of that name, version and purpose in one sentence.
    pub fn new(name: &str, version: &str, summary: &str) -> About {
        About {
            name: name.strip_prefix("prodlike-").unwrap_or(name).to_owned(),
            version: version.to_owned(),
            summary: summary.to_owned(),
            ..About::default()
        }
    }

    /// Adds a column that can be asked for; `semantic` is what its values mean, `""` where
    /// there is no word for it.
    #[must_use]
    pub fn output(mut self, name: &str, semantic: &str, summary: &str) -> About {
        self.outputs.push(Output {
            name: name.to_owned(),
            summary: summary.to_owned(),
            semantic: (!semantic.is_empty()).then(|| semantic.to_owned()),
        });
        self
    }

    /// Says that columns of that meaning, of the same row, are welcome as input.
    #[must_use]
    pub fn context(mut self, semantic: &str) -> About {
        self.context.push(semantic.to_owned());
        self
    }

    /// Adds a meaning that the detector can find; findings name it by its position.
    #[must_use]
    pub fn finds(mut self, semantic: &str) -> About {
        self.finds.push(semantic.to_owned());
        self
    }

    /// Adds options, as JSON, that show what the plugin does.
    #[must_use]
    pub fn example(mut self, summary: &str, options: &str) -> About {
        self.examples.push(Example {
            summary: summary.to_owned(),
            options: options.to_owned(),
        });
        self
    }
}

/// What every plugin is.
pub trait Plugin: Sized + 'static {
    /// What a manifest may say; its JSON Schema is shown to users. `()` where there are none.
    type Options: DeserializeOwned + JsonSchema;

    /// Returns who the plugin is: mostly `about!()` with its outputs.
    fn about() -> About;

    /// Returns an instance.
    ///
    /// # Errors
    /// What cannot be served, before any batch.
    fn configure(options: Self::Options, settings: &Settings) -> Result<Self, Error>;
}

/// Fills columns, from seeds and from other columns of the same rows.
pub trait Generator: Plugin {
    /// Returns what every batch will hold, a column for each of those wanted.
    fn output(&self) -> Vec<Field>;

    /// Returns the columns: a function of the settings, the row's number, random source and
    /// input alone.
    ///
    /// # Errors
    /// Rows that cannot be served.
    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error>;
}

/// Changes columns: pseudonyms, noise, coarser values.
pub trait Transform: Plugin {
    /// Returns what every batch will hold, a column for each of those wanted.
    fn output(&self) -> Vec<Field>;

    /// Returns the columns: a function of the settings, the row's number, random source and
    /// input alone.
    ///
    /// # Errors
    /// Rows that cannot be served.
    fn apply(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error>;
}

/// Learns for a generator or a transform: says what to count in real rows.
pub trait Learn: Plugin {
    /// Returns the keys that count for each row: a list of texts a row.
    ///
    /// # Errors
    /// Rows that cannot be served.
    fn keys(&self, input: &Batch<'_>) -> Result<Column, Error>;
}

/// Tells what the values of a column mean.
pub trait Detector: Plugin {
    /// Returns an opinion on every meaning that could be there.
    ///
    /// # Errors
    /// A sample that cannot be read.
    fn detect(&self, input: &Batch<'_>) -> Result<Vec<Finding>, Error>;
}

/// An opinion, in numbers only: it can carry no value of the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The position of a meaning in what [`About::finds`] was told.
    pub semantic: u32,
    /// Values of that meaning, of those that are not NULL.
    pub matched: u32,
    /// The share that chance would match, from 0 to 1.
    pub chance: f64,
}

/// Says which rows can be.
pub trait Rule: Plugin {
    /// Returns what the values of every column of the input may be.
    fn domains(&self) -> Vec<Domain>;

    /// Returns a column of truths: whether the row can be.
    ///
    /// # Errors
    /// Rows that cannot be read.
    fn check(&self, rows: &Rows, input: &Batch<'_>) -> Result<Column, Error>;
}

/// What a column's values may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// Anything.
    Any,
    /// From, to: both belong to it.
    Range(f64, f64),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// Reads options: JSON, an empty text being none.
///
/// # Errors
/// What is wrong, and the path of the option it is wrong with.
pub fn options<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| Error::Options {
        path: error.path().to_string(),
        message: error.into_inner().to_string(),
    })
}

/// Returns the options' JSON Schema.
pub fn schema<T: JsonSchema>() -> String {
    serde_json::to_string(&schemars::schema_for!(T)).unwrap_or_else(|_| "true".to_owned())
}

/// Reads the options, sees to it that there is what is wanted, and configures the plugin.
pub(crate) fn configure<P: Plugin>(json: &str, settings: &Settings) -> Result<P, Error> {
    let outputs = P::about().outputs;
    for wanted in &settings.wanted {
        if !outputs.is_empty() && outputs.iter().all(|output| output.name != wanted.name) {
            let names: Vec<&str> = outputs.iter().map(|output| output.name.as_str()).collect();
            return Err(Error::unsupported(format!(
                "there is no output `{}`; there are {}",
                wanted.name,
                names.join(", ")
            )));
        }
    }
    P::configure(options(json)?, settings)
}
