//! Fit: from a source and its manifest to a model of aggregates.
//!
//! Statistics come from everything, as SQL; dependences come from a relational sample.
//! Whatever is taken from either passes the k-floors here, on its way into a codec, a
//! degree law or a leaf; nothing checks later. Only order-free exact arithmetic decides
//! what is stored, so that the same source gives the same bytes on any thread count.

mod chain;
mod columns;
mod counts;
mod edges;
mod encode;
mod entities;
mod fanout;
mod features;
mod finer;
mod formulas;
mod habits;
mod judge;
mod keys;
mod latents;
mod levels;
mod shifts;
mod tails;
mod teach;
mod trial;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::new_null_array;
use prodlike_core::formula::Formula;
use prodlike_core::generator::{
    GenerateArgs, Generator, GeneratorRegistry, GeneratorSpec, LearnedKey, PluginId, Sibling,
};
use prodlike_core::model::{
    EdgeKind, EdgeModel, Fill, Model, NextCodec, PluginFile, Suppressed, TableModel, Target,
};
use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{Column, Schema, TableMode};
use prodlike_core::shown::Shown;
use prodlike_duckdb::{SampleTable, Source};
use prodlike_models::codec::Codec;
use prodlike_models::philox::mix;
use prodlike_models::teacher::Conditional;

use crate::cells;
use crate::error::Error;
use crate::implied::implied;
use crate::order::parents_first;
use crate::rules;
use columns::Encoding;
use encode::Floor;
use shifts::Shifted;

/// Most rows of one table in the sample, unless asked otherwise.
pub const SAMPLE_ROWS: u64 = 1_000_000;

/// How fit works.
#[derive(Clone, Copy, Debug)]
pub struct FitOptions {
    /// Root rows of the sample.
    pub sample_entities: u64,
    /// Most rows of one table in the sample.
    pub sample_rows: u64,
    /// Threads; 0 for all.
    pub threads: usize,
}

/// Learns a model of `schema` from an open source.
///
/// # Errors
/// A source that does not agree with the schema, and keys that cannot be generated.
pub fn fit(
    source: &mut Source,
    schema: &Schema,
    options: FitOptions,
    registry: &dyn GeneratorRegistry,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Model, Error> {
    let go_on = || {
        if cancel.is_cancelled() {
            Err(Error::Interrupted)
        } else {
            Ok(())
        }
    };
    check_kept(schema)?;
    check_references(schema)?;
    source.prepare(schema, registry)?;
    let mut schema = included(schema, progress)?;
    name_inputs(&mut schema, registry);
    check_generators(&schema, registry)?;
    if schema.tables.is_empty() {
        return Err(Error::NoTables);
    }
    rules::warn(source, &schema, registry, progress)?;
    let rows: Vec<u64> = schema
        .tables
        .iter()
        .map(|table| Ok(source.count(&table.name)?))
        .collect::<Result<_, Error>>()?;
    let paths = edges::paths(&schema);
    let protected = schema.protected();
    let kinds = edges::kinds(&schema, &rows, &protected)?;
    edges::check_circles(&schema, &kinds)?;
    let order = parents_first(&schema, &kinds);
    let owners: Vec<Option<usize>> = (0..schema.tables.len())
        .map(|t| owner_edge(&schema, &kinds, t))
        .collect();
    go_on()?;
    let samples = source.sample(
        &schema,
        &owners,
        options.sample_entities,
        options.sample_rows,
    )?;
    for (table, sample) in schema.tables.iter().zip(&samples) {
        tracing::info!(
            "sampled {} of {} rows of `{}`",
            sample.batch.num_rows(),
            sample.total_rows,
            table.name
        );
    }
    let entities = entities::entities(&schema, &paths, &samples);
    let mut suppressed = Vec::new();
    let learned = learn(source, &schema, registry, &mut suppressed)?;
    go_on()?;
    let mut fitter = Fitter {
        schema: &schema,
        rows,
        implied: implied(&schema, &kinds),
        kinds,
        owners,
        samples,
        sample_rows: options.sample_rows,
        entities,
        protected,
        registry,
        progress,
        suppressed,
        learned,
    };

    let mut models: Vec<EdgeModel> = Vec::new();
    for edge in 0..schema.relationships.len() {
        models.push(fitter.edge(source, edge)?);
    }
    progress.begin("profile", order.len() as u64);
    let mut encodings: Vec<Encoding> = Vec::new();
    for (table, schema) in schema.tables.iter().enumerate() {
        go_on()?;
        encodings.push(match schema.mode {
            TableMode::Keep => Encoding::default(),
            _ => fitter.encoding(source, table, &models)?,
        });
        check_fills(
            &schema.name,
            &schema.columns,
            &encodings[table].fills,
            registry,
        )?;
        progress.advance("profile", 1);
    }
    progress.finish("profile");
    let suppressed = std::mem::take(&mut fitter.suppressed);
    source.check_unchanged()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|error| Error::Internal(format!("no thread pool: {error}")))?;
    let tables = pool.install(|| {
        let shapes = fitter.shapes(&order, &models, &encodings);
        fitter.learnings(&order, &models, encodings, shapes, go_on)
    })?;
    let fitted = pool.install(|| teach::teach(&tables, progress, cancel))?;
    let mut ledger = suppressed;
    let mut finished = Vec::with_capacity(tables.len());
    for ((index, learning), conditionals) in tables.into_iter().enumerate().zip(fitted) {
        finished.push(learning.finish(&schema, index, conditionals, &mut ledger));
    }
    ledger.sort();
    let model = Arc::new(Model {
        plugins: plugins(&finished, registry),
        schema,
        tables: finished,
        edges: models,
        suppressed: ledger,
    });
    pool.install(|| trial::run(&model, registry, cancel))?;
    Arc::into_inner(model).ok_or_else(|| Error::Internal("the trial goes on".into()))
}

/// The plugins that generators of some tables come from, in order.
fn plugins(tables: &[TableModel], registry: &dyn GeneratorRegistry) -> Vec<PluginFile> {
    let fills = tables.iter().flat_map(|table| &table.fills);
    let used = fills.filter_map(|fill| match fill {
        Fill::Generated { spec, .. } => spec.plugin.as_ref().map(|id| (id, &spec.name)),
        _ => None,
    });
    let used: BTreeMap<&PluginId, &String> = used.collect();
    let files = used.values().filter_map(|name| registry.plugin(name));
    files.collect()
}

/// Names what generators need to be shown, where the manifest does not.
fn name_inputs(schema: &mut Schema, registry: &dyn GeneratorRegistry) {
    for table in &mut schema.tables {
        for column in &mut table.columns {
            let Some(name) = column.generator.clone().filter(|_| column.input.is_empty()) else {
                continue;
            };
            // What cannot be built is told when it is to make a value.
            if let Ok(generator) = build(registry, &table.name, column, &name) {
                column.input = generator.needs().to_vec();
            }
        }
    }
}

fn build(
    registry: &dyn GeneratorRegistry,
    table: &str,
    column: &Column,
    name: &str,
) -> Result<Arc<dyn Generator>, Error> {
    let spec = GeneratorSpec {
        name: name.to_string(),
        locale: column.locale.clone(),
        options: column.options.clone(),
        secrets: column.secrets.clone(),
        plugin: registry.plugin(name).map(|file| file.id),
        ..GeneratorSpec::default()
    };
    cells::build(registry, table, column, &spec)
}

/// Builds the generators of a table as they are to fill it: some cannot promise what a key asks.
fn check_fills(
    table: &str,
    columns: &[Column],
    fills: &[Fill],
    registry: &dyn GeneratorRegistry,
) -> Result<(), Error> {
    for (column, fill) in columns.iter().zip(fills) {
        if let Fill::Generated { spec, .. } = fill {
            cells::build(registry, table, column, spec)?;
        }
    }
    Ok(())
}

/// Lets plugins learn for their generators, of all rows.
fn learn(
    source: &Source,
    schema: &Schema,
    registry: &dyn GeneratorRegistry,
    suppressed: &mut Vec<Suppressed>,
) -> Result<Learned, Error> {
    let mut learned = BTreeMap::new();
    for (at, table) in schema.tables.iter().enumerate() {
        if table.mode != TableMode::Generate {
            continue;
        }
        for (position, column) in table.columns.iter().enumerate() {
            let failed = |source| Error::Generator {
                table: table.name.clone(),
                column: column.name.clone(),
                source: Box::new(source),
            };
            let learner = registry.learner(schema, at, position).map_err(failed)?;
            let Some(learner) = learner else { continue };
            let input = learner.input().iter();
            let input = input.filter_map(|name| table.column_idx(name));
            let input: Vec<Shown> = input.map(Shown::Own).collect();
            source.for_each_shown(schema, at, &input, |first, arrays| {
                learner.learn(first, arrays).map_err(failed)
            })?;
            let (keys, dropped) = learner.finish();
            learned.insert((at, position), keys);
            if dropped > 0 {
                suppressed.push(Suppressed {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    what: "learned keys".into(),
                    count: dropped,
                });
            }
        }
    }
    Ok(learned)
}

/// Lets every generator that the manifest names make a value: later there may be nobody who can
/// mend the manifest.
fn check_generators(schema: &Schema, registry: &dyn GeneratorRegistry) -> Result<(), Error> {
    for (at, table) in schema.tables.iter().enumerate() {
        if table.mode != TableMode::Generate {
            continue;
        }
        for (position, column) in table.columns.iter().enumerate() {
            let Some(name) = &column.generator else {
                continue;
            };
            let context = shown(schema, at, position)?;
            let args = GenerateArgs {
                data_type: &column.data_type,
                rows: &[0],
                seeds: &[0],
                key: 0,
                table_rows: 1,
                context: &context,
            };
            build(registry, &table.name, column, name)?
                .generate(&args)
                .map_err(|source| Error::Generator {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    source: Box::new(source),
                })?;
        }
    }
    Ok(())
}

/// Returns what a generator is shown, in a row that has nothing; refuses what cannot be made
/// before it.
fn shown(schema: &Schema, table: usize, position: usize) -> Result<Vec<Sibling>, Error> {
    let column = &schema.tables[table].columns[position];
    let fail = |input: &str, reason| Error::GeneratorInput {
        table: schema.tables[table].name.clone(),
        column: column.name.clone(),
        input: input.to_string(),
        reason,
    };
    let mut siblings = Vec::new();
    for input in &column.input {
        let place = schema.shown(table, input);
        let place = place.and_then(|shown| schema.place(table, shown));
        let Some((owner, at)) = place else {
            return Err(fail(input, "there is no such column, or it is excluded"));
        };
        let of = &schema.tables[owner].columns[at];
        let data_type = of.data_type.to_arrow();
        let data_type = data_type.ok_or_else(|| fail(input, "its type is not carried"))?;
        siblings.push(Sibling {
            name: input.clone(),
            semantic: of.semantic,
            data_type: of.data_type.clone(),
            values: new_null_array(&data_type, 1),
        });
    }
    match schema.is_circular(table, position) {
        true => Err(fail(&column.input[0], "it is made of this column itself")),
        false => Ok(siblings),
    }
}

/// The schema without what the manifest excludes.
fn included(schema: &Schema, progress: &dyn Progress) -> Result<Schema, Error> {
    for (index, table) in schema.tables.iter().enumerate() {
        let entities = schema.entity_columns(index);
        let left_out = entities
            .iter()
            .find(|&&entity| table.columns[entity].exclude);
        if let Some(&entity) = left_out.filter(|_| table.mode != TableMode::Exclude) {
            return Err(Error::ExcludedEntity {
                table: table.name.clone(),
                column: table.columns[entity].name.clone(),
            });
        }
    }
    let mut schema = schema.clone();
    schema
        .tables
        .retain(|table| table.mode != TableMode::Exclude);
    for table in &mut schema.tables {
        let left: Vec<String> = table.included().map(|column| column.name.clone()).collect();
        table.columns.retain(|column| !column.exclude);
        let whole = |key: &Vec<String>| key.iter().all(|name| left.contains(name));
        if !whole(&table.primary_key) {
            progress.warn(&format!(
                "table `{}` has no primary key: a column of it is excluded; include it, or remove \
                 `primary_key` from the manifest",
                table.name
            ));
            table.primary_key.clear();
        }
        table.unique.retain(whole);
    }
    for relationship in schema.drop_broken_relationships() {
        progress.warn(&format!(
            "relationship `{relationship}` is left out: a table or column of it is excluded; \
             include that, or remove the relationship from the manifest"
        ));
    }
    let mut entities = std::mem::take(&mut schema.privacy.entities);
    entities.retain(|entity| schema.entity(entity).is_some());
    schema.privacy.entities = entities;
    Ok(schema)
}

/// Refuses tables whose real rows travel, if they are somebody's, or if something is to fill
/// their columns.
fn check_kept(schema: &Schema) -> Result<(), Error> {
    let kept = schema.tables.iter().enumerate();
    for (index, table) in kept.filter(|(_, table)| table.mode == TableMode::Keep) {
        if schema.holds_entities(index) {
            return Err(Error::KeptEntity {
                table: table.name.clone(),
            });
        }
        if let Some(column) = table.included().find(|it| it.generator.is_some()) {
            return Err(Error::KeptFill {
                table: table.name.clone(),
                column: column.name.clone(),
            });
        }
    }
    Ok(())
}

/// Refuses transforms of references: changed by themselves, they would refer to other rows.
fn check_references(schema: &Schema) -> Result<(), Error> {
    let transform = |table: &str, column: &str| {
        let column = schema.table(table)?.column(column)?;
        column.transform.as_ref().filter(|_| !column.exclude)
    };
    for relationship in &schema.relationships {
        let keys = relationship.child_key.iter().zip(&relationship.parent_key);
        for (child, parent) in keys {
            let ours = transform(&relationship.child_table, child);
            if ours.is_some() && ours != transform(&relationship.parent_table, parent) {
                return Err(Error::TransformedReference {
                    table: relationship.child_table.clone(),
                    column: child.clone(),
                    parent: format!("{}.{parent}", relationship.parent_table),
                });
            }
        }
    }
    Ok(())
}

fn owner_edge(schema: &Schema, kinds: &[Option<EdgeKind>], table: usize) -> Option<usize> {
    (0..kinds.len()).find(|&edge| {
        kinds[edge] == Some(EdgeKind::Owner)
            && schema.relationships[edge].child_table == schema.tables[table].name
    })
}

/// What plugins learned for the generators of columns, by table and position.
type Learned = BTreeMap<(usize, usize), Vec<LearnedKey>>;

struct Fitter<'a> {
    schema: &'a Schema,
    rows: Vec<u64>,
    kinds: Vec<Option<EdgeKind>>,
    /// The relationships that each follows from, if it does.
    implied: Vec<Option<(usize, usize)>>,
    owners: Vec<Option<usize>>,
    samples: Vec<SampleTable>,
    /// Most rows of one table in the sample.
    sample_rows: u64,
    entities: Vec<Vec<Vec<u32>>>,
    /// Whether rows lead to a protected entity.
    protected: Vec<bool>,
    registry: &'a dyn GeneratorRegistry,
    progress: &'a dyn Progress,
    suppressed: Vec<Suppressed>,
    learned: Learned,
}

/// A variable of the sample: what is drawn, in symbols.
struct Variable {
    target: Target,
    codec: Codec,
    /// One a row.
    symbols: Vec<u8>,
    /// How it follows from the row before, in a chain.
    next: Option<Following>,
    /// Bits a row that a second symbol saves.
    saved: f64,
    /// What is drawn instead, where that is a distance to another variable.
    shifted: Option<Shifted>,
    /// What it is instead, where others give it; its terms are other variables of the encoding.
    formula: Option<Formula>,
}

/// What is drawn of a variable given the row before.
struct Following {
    codec: NextCodec,
    /// One a row; 0 where there is no row before.
    symbols: Vec<u8>,
    /// How many values the rows before have; empty where that does not matter.
    distinct: Vec<u8>,
    /// Whether there are owners with more rows than follow one another, and this is what they
    /// ascend in.
    starts: bool,
    /// What is to be expected of a row by itself, where its owner has habits.
    norm: Option<Conditional>,
}

impl Following {
    fn new(codec: NextCodec, symbols: Vec<u8>) -> Following {
        Following {
            codec,
            symbols,
            distinct: Vec::new(),
            starts: false,
            norm: None,
        }
    }
}

impl Variable {
    fn new(target: Target, codec: Codec, symbols: Vec<u8>) -> Variable {
        Variable {
            target,
            codec,
            symbols,
            next: None,
            saved: 0.0,
            shifted: None,
            formula: None,
        }
    }
}

impl Fitter<'_> {
    fn index(&self, name: &str) -> Result<usize, Error> {
        self.schema
            .table_idx(name)
            .ok_or_else(|| Error::unknown_table(self.schema, name))
    }

    fn floor(&self, table: usize) -> Floor<'_> {
        let entities = &self.entities[table];
        Floor {
            k: if entities.is_empty() {
                1
            } else {
                self.schema.privacy.k
            },
            entities,
        }
    }

    /// The floor of fan-outs: of people only. How many tracks an album has is nobody's secret.
    fn people(&self, table: usize) -> Floor<'_> {
        let entities: &[Vec<u32>] = if self.protected[table] {
            &self.entities[table]
        } else {
            &[]
        };
        Floor {
            k: if entities.is_empty() {
                1
            } else {
                self.schema.privacy.k
            },
            entities,
        }
    }

    fn suppress(&mut self, table: usize, column: &str, what: &str, count: u64) {
        let table = self.schema.tables[table].name.clone();
        self.suppressed.push(Suppressed {
            table,
            column: column.to_string(),
            what: what.to_string(),
            count,
        });
    }

    fn is_foreign(&self, table: usize, column: &str) -> bool {
        let name = &self.schema.tables[table].name;
        (0..self.kinds.len()).any(|edge| {
            let relationship = &self.schema.relationships[edge];
            self.kinds[edge].is_some()
                && relationship.child_table == *name
                && relationship.child_key.iter().any(|key| key == column)
        })
    }

    /// Whether each row of a table may judge but not teach.
    ///
    /// Rows that join both halves leave validation: all their entities must be held out.
    fn held_out(&self, table: usize) -> Vec<bool> {
        let entities = &self.entities[table];
        let rows = 0..self.samples[table].batch.num_rows();
        rows.map(|row| match entities.is_empty() {
            true => mix(row as u64 + 1).is_multiple_of(5),
            false => entities
                .iter()
                .all(|kind| mix(u64::from(kind[row]) + 1).is_multiple_of(5)),
        })
        .collect()
    }
}
