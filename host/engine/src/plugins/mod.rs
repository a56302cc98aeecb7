//! Generators by name: the native ones, and those that plugins supply.
//!
//! A pipeline asks for a generator and cannot tell the two apart. A plugin's is named after
//! the plugin, `loyalty`, and after its output where it has several: `payment.iban`.

mod computed;
mod learner;
mod learning;
mod lock;
mod origin;
mod project;
mod rule;
mod secrets;
mod transform;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::ArrayRef;
use arrow::compute::cast;
use arrow::datatypes::Field;
use prodlike_core::generator::{
    Failure, GenerateArgs, Generator, GeneratorError, GeneratorRegistry, GeneratorSpec, Learner,
    PluginId, ReadTransform, RowRule,
};
use prodlike_core::model::{Model, PluginFile};
use prodlike_core::rule::{PluginRule, Rule};
use prodlike_core::schema::{self, Schema, SemanticType, Table};
use prodlike_generators::NativeGenerators;
use prodlike_models::philox::mix;
pub use prodlike_plugin::{Cache, Digest, Limits, Locked, Locking, Plugin, shown};
use prodlike_plugin::{Column, Kind, Rows, Runtime, Settings};

use crate::error::Error;
pub(crate) use computed::{agrees_by_names, is_computed};
pub use lock::{Added, Asked, Change, add, find, list, lock, remove, supply};
pub use origin::{Origin, open};
pub use project::LOCK;

/// How plugins are run.
#[derive(Clone, Debug, Default)]
pub struct PluginOptions {
    /// Where compiled code is kept from one run to the next; nowhere where `None`.
    pub cache: Option<PathBuf>,
    /// Directories that may have the components of the standard set, `NAME.wasm`.
    pub standard: Vec<PathBuf>,
    /// What may become of the lockfile.
    pub locking: Locking,
}

/// A directory of components of the standard set.
const PLUGINS: &str = "PRODLIKE_PLUGINS";

impl PluginOptions {
    /// How plugins are run on this machine: compiled code is kept where caches are, and the
    /// standard set is where the environment says, else in one of the directories of `beside`.
    /// Of both, nothing is looked at where all is frozen.
    pub fn here(locking: Locking, beside: impl IntoIterator<Item = PathBuf>) -> PluginOptions {
        if locking == Locking::Frozen {
            return PluginOptions {
                locking,
                ..PluginOptions::default()
            };
        }
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let caches = set("XDG_CACHE_HOME").map(PathBuf::from);
        let caches = caches.or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")));
        PluginOptions {
            cache: caches.map(|caches| caches.join("prodlike").join("plugins")),
            standard: set(PLUGINS)
                .map(PathBuf::from)
                .into_iter()
                .chain(beside)
                .collect(),
            locking,
        }
    }
}

/// The native generators and those of some plugins.
#[derive(Default)]
pub struct Generators {
    plugins: Vec<(PluginFile, Plugin)>,
}

impl Generators {
    /// Returns the native generators.
    pub fn native() -> Generators {
        Generators::default()
    }

    /// Returns the native generators, and the generators, transforms and rules of the plugins of
    /// a directory's lockfile that a schema names.
    ///
    /// # Errors
    /// Components that are missing, or another than when they were added.
    pub fn locked(
        directory: &Path,
        schema: &Schema,
        options: &PluginOptions,
    ) -> Result<Generators, Error> {
        let files = lock::components(directory, &named(schema))?;
        Generators::new(files, options)
    }

    /// As [`Generators::locked`], for a schema that lies in no directory: its plugins are those
    /// that are given, each the bytes of a component, and the standard set's.
    ///
    /// # Errors
    /// What is no plugin, or two of one name.
    pub fn given(
        components: Vec<Vec<u8>>,
        schema: &Schema,
        options: &PluginOptions,
    ) -> Result<Generators, Error> {
        let mut generators = Generators::native();
        let names = named(schema);
        if components.is_empty() && names.is_empty() {
            return Ok(generators);
        }
        let (runtime, limits) = (Runtime::new()?, Limits::default());
        let cache = options.cache.as_ref().map(Cache::new);
        let load = |origin: &str, bytes: Vec<u8>| {
            let plugin = Plugin::load(&runtime, origin, &bytes, &limits, cache.as_ref())?;
            let file = PluginFile {
                id: identity(&plugin),
                limits,
                bytes: bytes.into(),
            };
            Ok::<_, Error>((file, plugin))
        };
        for (position, bytes) in components.into_iter().enumerate() {
            let (file, plugin) = load(&format!("plugin {}", position + 1), bytes)?;
            generators.take_up(file, plugin)?;
        }
        for name in names {
            // What is nowhere is told by whoever asks for its generators.
            let path = origin::standard(name, options);
            if let (None, Some(path)) = (generators.find(name), path) {
                let bytes = Plugin::read(&path, &limits)?;
                let (file, plugin) = load(&path.display().to_string(), bytes)?;
                generators.take_up(file, plugin)?;
            }
        }
        Ok(generators)
    }

    /// Returns the native generators and those of the plugins that a model brings.
    ///
    /// # Errors
    /// Plugins that cannot be run.
    pub fn of_model(model: &Model, options: &PluginOptions) -> Result<Generators, Error> {
        Generators::new(model.plugins.clone(), options)
    }

    /// Returns the native generators and those of some plugins.
    ///
    /// # Errors
    /// Plugins that cannot be run, that are not what their digest says, or two of one name.
    pub fn new(files: Vec<PluginFile>, options: &PluginOptions) -> Result<Generators, Error> {
        let mut generators = Generators::native();
        if files.is_empty() {
            return Ok(generators);
        }
        let runtime = Runtime::new()?;
        let cache = options.cache.as_ref().map(Cache::new);
        for file in files {
            let name = file.id.name.clone();
            let (bytes, limits) = (&file.bytes, &file.limits);
            let plugin = Plugin::load(&runtime, &name, bytes, limits, cache.as_ref())?;
            let found = identity(&plugin);
            if found != file.id {
                return Err(Error::PluginIdentity {
                    expected: Box::new(file.id),
                    found: Box::new(found),
                });
            }
            generators.take_up(file, plugin)?;
        }
        Ok(generators)
    }

    fn take_up(&mut self, file: PluginFile, plugin: Plugin) -> Result<(), Error> {
        let name = &file.id.name;
        if self.find(name).is_some() || is_taken(&plugin) {
            return Err(Error::PluginName { name: name.clone() });
        }
        self.plugins.push((file, plugin));
        Ok(())
    }

    /// Returns a digest of what a fit depends on beside its manifest and source: the components
    /// and their limits, and the keys that columns are given. Nobody who does not know the keys can tell them by it,
    /// unless by trying all there are.
    ///
    /// # Errors
    /// Keys that are not to be had.
    pub fn fingerprint(&self, schema: &Schema) -> Result<String, Error> {
        let mut bytes = Vec::new();
        let mut add = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        };
        for (file, _) in &self.plugins {
            add(file.id.digest.as_bytes());
            for (name, limit) in file.limits.named() {
                add(name.as_bytes());
                add(&limit.to_le_bytes());
            }
        }
        for table in &schema.tables {
            for column in table.included() {
                let transform = column.transform.iter().flat_map(|it| &it.secrets);
                let sources: Vec<_> = column.secrets.iter().chain(transform).cloned().collect();
                let secrets = secrets::fetch(&sources).map_err(|source| Error::Generator {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    source: Box::new(source),
                })?;
                secrets.iter().for_each(|secret| add(&secret.bytes));
            }
        }
        for (table, rule) in rules(schema) {
            let secrets = secrets::fetch(&rule.secrets)
                .map_err(|source| Error::rule(&table.name, &rule.name, source))?;
            secrets.iter().for_each(|secret| add(&secret.bytes));
        }
        Ok(Digest::of(&bytes).to_string())
    }

    fn find(&self, plugin: &str) -> Option<&(PluginFile, Plugin)> {
        self.plugins.iter().find(|(file, _)| file.id.name == plugin)
    }
}

fn identity(plugin: &Plugin) -> PluginId {
    PluginId {
        name: plugin.id().name.clone(),
        version: plugin.id().version.clone(),
        digest: plugin.digest().to_string(),
    }
}

impl GeneratorRegistry for Generators {
    fn build(&self, spec: &GeneratorSpec) -> Result<Arc<dyn Generator>, GeneratorError> {
        if let Some(made) = computed::build(spec) {
            return made;
        }
        let (name, output) = parts(&spec.name);
        let Some((_, plugin)) = self.find(name).filter(|_| !is_native(&spec.name)) else {
            return NativeGenerators.build(spec).map_err(|error| match error {
                GeneratorError::Unknown { name, .. } => GeneratorError::Unknown {
                    name,
                    known: self.names(),
                },
                other => other,
            });
        };
        let outputs = outputs(plugin);
        let output = match (output, outputs.as_slice()) {
            (None, [only]) => Some(only),
            (Some(output), outputs) => outputs.iter().find(|it| *it == output),
            (None, _) => None,
        };
        let Some(output) = output else {
            return Err(GeneratorError::Unknown {
                name: spec.name.clone(),
                known: names(name, &outputs).collect(),
            });
        };
        let context = plugin.description().context.iter();
        Ok(Arc::new(FromPlugin {
            plugin: plugin.clone(),
            output: output.clone(),
            spec: spec.clone(),
            context: context.filter_map(|it| it.parse().ok()).collect(),
            configured: OnceLock::new(),
        }))
    }

    fn read_transform(
        &self,
        schema: &Schema,
        found: &Table,
        column: &schema::Column,
    ) -> Result<Arc<dyn ReadTransform>, GeneratorError> {
        Ok(Arc::new(transform::build(self, schema, found, column)?))
    }

    fn row_rule(
        &self,
        table: &str,
        rule: &PluginRule,
        input: &[schema::Column],
        real: bool,
    ) -> Result<Arc<dyn RowRule>, GeneratorError> {
        Ok(Arc::new(rule::build(self, table, rule, input, real)?))
    }

    fn learner(
        &self,
        schema: &Schema,
        table: usize,
        column: usize,
    ) -> Result<Option<Box<dyn Learner>>, GeneratorError> {
        let generator = schema.tables[table].columns[column].generator.as_deref();
        let generator = generator.filter(|name| !is_native(name));
        let plugin = generator.and_then(|name| self.find(parts(name).0));
        let learns = |plugin: &&Plugin| {
            let kinds = [Kind::Generator, Kind::Learn];
            kinds.iter().all(|kind| plugin.kinds().contains(kind))
        };
        match plugin.map(|(_, plugin)| plugin).filter(learns) {
            Some(plugin) => Ok(Some(Box::new(learner::build(
                plugin, schema, table, column,
            )?))),
            None => Ok(None),
        }
    }

    fn names(&self) -> Vec<String> {
        let plugins = self.plugins.iter();
        let theirs = plugins.flat_map(|(file, plugin)| {
            names(&file.id.name, &outputs(plugin)).collect::<Vec<String>>()
        });
        theirs.chain(NativeGenerators.names()).collect()
    }

    fn plugin(&self, name: &str) -> Option<PluginFile> {
        let (file, _) = self.find(parts(name).0).filter(|_| !is_native(name))?;
        Some(file.clone())
    }
}

/// Whether a schema names a plugin.
pub fn is_named(schema: &Schema, plugin: &str) -> bool {
    named(schema).contains(plugin)
}

/// The plugins that a schema names.
fn named(schema: &Schema) -> BTreeSet<&str> {
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    let names = columns.flat_map(|column| {
        let transform = column.transform.as_ref().map(|it| it.name.as_str());
        [column.generator.as_deref(), transform]
    });
    let theirs = names.flatten().filter(|name| !is_native(name));
    let rules = rules(schema).map(|(_, rule)| rule.name.as_str());
    theirs.map(|name| parts(name).0).chain(rules).collect()
}

/// The rules that plugins supply, with their tables.
fn rules(schema: &Schema) -> impl Iterator<Item = (&Table, &PluginRule)> {
    schema.tables.iter().flat_map(|table| {
        let rules = table.rules.iter();
        rules.filter_map(move |rule| match rule {
            Rule::Plugin(rule) => Some((table, rule)),
            Rule::Expression(_) => None,
        })
    })
}

fn is_native(name: &str) -> bool {
    is_computed(name) || NativeGenerators.names().iter().any(|it| it == name)
}

/// Whether a generator of the plugin would have the name of a native one. `address.city` has not,
/// though there is a native `address`.
fn is_taken(plugin: &Plugin) -> bool {
    names(&plugin.id().name, &outputs(plugin)).any(|name| is_native(&name))
}

/// The plugin that a generator's name leads to, and the output where it says one.
fn parts(name: &str) -> (&str, Option<&str>) {
    match name.split_once('.') {
        Some((plugin, output)) => (plugin, Some(output)),
        None => (name, None),
    }
}

/// What can be asked for; nothing of what is no generator.
pub(crate) fn outputs(plugin: &Plugin) -> Vec<String> {
    if !plugin.kinds().contains(&Kind::Generator) {
        return Vec::new();
    }
    let outputs = plugin.description().outputs.iter();
    outputs.map(|output| output.name.clone()).collect()
}

/// The names of a plugin's generators.
pub(crate) fn names(plugin: &str, outputs: &[String]) -> impl Iterator<Item = String> {
    let is_only = outputs.len() == 1;
    outputs.iter().map(move |output| match is_only {
        true => plugin.to_string(),
        false => format!("{plugin}.{output}"),
    })
}

/// A column's generator that a plugin supplies.
struct FromPlugin {
    plugin: Plugin,
    output: String,
    spec: GeneratorSpec,
    context: Vec<SemanticType>,
    /// Made for the first batch, which says what there is to see.
    configured: OnceLock<prodlike_plugin::Generator>,
}

impl FromPlugin {
    fn configure(
        &self,
        args: &GenerateArgs<'_>,
    ) -> Result<prodlike_plugin::Generator, GeneratorError> {
        let Some(data_type) = args.data_type.to_arrow() else {
            return Err(GeneratorError::DataType {
                name: self.spec.name.clone(),
                data_type: args.data_type.clone(),
            });
        };
        let input = args.context.iter().map(|sibling| {
            let data_type = sibling.values.data_type().clone();
            Column::new(Field::new(&sibling.name, data_type, true))
                .meaning(sibling.semantic.as_str())
        });
        let settings = Settings {
            options: self.spec.options.clone(),
            input: input.collect(),
            wanted: vec![Column::new(Field::new(&self.output, data_type, false))],
            locale: self.spec.locale.clone(),
            unique: self.spec.unique,
            secrets: secrets::fetch(&self.spec.secrets)?,
            learned: learning::from_core(&self.spec.learned),
            ..Settings::default()
        };
        self.plugin.generator(settings).map_err(failed)
    }
}

impl Generator for FromPlugin {
    fn context(&self) -> &[SemanticType] {
        &self.context
    }

    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        let generator = match self.configured.get() {
            Some(generator) => generator,
            None => {
                let made = self.configure(args)?;
                self.configured.get_or_init(|| made)
            }
        };
        let first = args.rows.first().copied().unwrap_or(0);
        let follow = args.rows.iter().enumerate();
        let follow = follow.fold(true, |so_far, (i, row)| so_far & (*row == first + i as u64));
        let rows = Rows {
            count: args.rows.len() as u32,
            first,
            numbers: if follow { &[] } else { args.rows },
            seeds: args.seeds,
            total: args.table_rows,
            key: args.key,
        };
        let input: Vec<ArrayRef> = args
            .context
            .iter()
            .map(|it| Arc::clone(&it.values))
            .collect();
        let made = generator.generate(&rows, &input).map_err(failed)?;
        let wanted = args.data_type.to_arrow();
        let values = made
            .into_iter()
            .next()
            .zip(wanted)
            .and_then(|(values, wanted)| match *values.data_type() == wanted {
                true => Some(values),
                false => cast(&values, &wanted).ok(),
            });
        // The host has checked that there is one column, of a type that fits.
        values.ok_or_else(|| GeneratorError::DataType {
            name: self.spec.name.clone(),
            data_type: args.data_type.clone(),
        })
    }
}

/// Returns a column as a plugin, which is named in errors, is shown it.
fn as_shown(plugin: &str, column: &schema::Column) -> Result<Column, GeneratorError> {
    let data_type = column.data_type.to_arrow();
    let data_type = data_type.ok_or_else(|| GeneratorError::DataType {
        name: plugin.to_string(),
        data_type: column.data_type.clone(),
    })?;
    let field = Field::new(&column.name, data_type, true);
    Ok(Column::new(field).meaning(column.semantic.as_str()))
}

/// Returns the seeds of real rows that follow one another.
fn seeds(key: u64, first: u64, count: u64) -> Vec<u64> {
    (first..first + count)
        .map(|row| mix(key ^ mix(row)))
        .collect()
}

fn failed(error: prodlike_plugin::Error) -> GeneratorError {
    GeneratorError::Plugin(Failure::new(error))
}
