//! Fit: from a source and its manifest to a model of aggregates.
//!
//! Statistics come from everything, as SQL; dependences come from a relational sample.
//! Whatever is taken from either passes the k-floors here, on its way into a codec, a
//! degree law or a leaf; nothing checks later. Only order-free exact arithmetic decides
//! what is stored, so that the same source gives the same bytes on any thread count.

mod edges;
mod encode;
mod entities;
mod fanout;
mod keys;
mod types;

use arrow::array::{Array, AsArray};
use prodlike_core::generator::{GenerateArgs, GeneratorRegistry, GeneratorSpec};
use prodlike_core::model::{
    Drawn, EdgeKind, EdgeModel, Feature, Fill, Model, Sequence, Suppressed, TableModel, Target,
};
use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{DataType, Schema, SemanticType, TableMode};
use prodlike_duckdb::{SampleTable, Source};
use prodlike_generators::NativeGenerators;
use prodlike_models::codec::Codec;
use prodlike_models::philox::mix;
use prodlike_models::teacher::{self, Sample, TreeParams};
use rayon::prelude::*;

use crate::error::Error;
use encode::{Encoded, Floor};

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

/// Fewest rows on either side of a split, whatever the floor.
const MIN_ROWS: u32 = 20;
/// Most inherited features of a table: the owner's own first.
const MAX_INHERITED: usize = 64;

/// Learns a model of `schema` from an open source.
///
/// # Errors
/// A source that does not agree with the schema, and keys that cannot be generated.
pub fn fit(
    source: &mut Source,
    schema: &Schema,
    options: FitOptions,
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
    source.prepare(schema)?;
    let schema = included(schema, progress)?;
    check_generators(&schema)?;
    if schema.tables.is_empty() {
        return Err(Error::NoTables);
    }
    let rows: Vec<u64> = schema
        .tables
        .iter()
        .map(|table| Ok(source.count(&table.name)?))
        .collect::<Result<_, Error>>()?;
    let paths = edges::paths(&schema);
    let protected = schema.protected();
    let kinds = edges::kinds(&schema, &rows, &protected)?;
    edges::check_circles(&schema, &kinds)?;
    let order = edges::owners_first(&schema, &kinds);
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
    let mut fitter = Fitter {
        source,
        schema: &schema,
        rows,
        kinds,
        owners,
        samples,
        entities,
        protected,
        progress,
        suppressed: Vec::new(),
    };

    let mut models: Vec<EdgeModel> = Vec::new();
    for edge in 0..schema.relationships.len() {
        models.push(fitter.edge(edge)?);
    }
    let mut tables: Vec<Option<Learning>> = (0..schema.tables.len()).map(|_| None).collect();
    progress.begin("profile", order.len() as u64);
    for &table in &order {
        go_on()?;
        let learning = fitter.table(table, &models, &tables)?;
        tables[table] = Some(learning);
        progress.advance("profile", 1);
    }
    progress.finish("profile");
    let tables: Vec<Learning> = tables.into_iter().flatten().collect();
    let suppressed = fitter.suppressed;
    source.check_unchanged()?;
    let fitted = teach(&schema, &tables, options.threads, progress, cancel)?;
    let mut ledger = suppressed;
    let mut finished = Vec::with_capacity(tables.len());
    for ((index, learning), conditionals) in tables.into_iter().enumerate().zip(fitted) {
        finished.push(learning.finish(&schema, index, conditionals, &mut ledger));
    }
    ledger.sort();
    Ok(Model {
        schema,
        tables: finished,
        edges: models,
        suppressed: ledger,
    })
}

/// Builds every generator that the manifest names, and lets it make a value: later there may be
/// nobody who can mend the manifest.
fn check_generators(schema: &Schema) -> Result<(), Error> {
    let made = schema
        .tables
        .iter()
        .filter(|table| table.mode == TableMode::Generate);
    for (table, column) in made.flat_map(|table| table.included().map(move |it| (table, it))) {
        let Some(name) = &column.generator else {
            continue;
        };
        let spec = GeneratorSpec {
            name: name.clone(),
            locale: column.locale.clone(),
            ..GeneratorSpec::default()
        };
        let args = GenerateArgs {
            data_type: &column.data_type,
            rows: &[0],
            seeds: &[0],
            key: 0,
            table_rows: 1,
            context: &[],
        };
        NativeGenerators
            .build(&spec)
            .and_then(|generator| generator.generate(&args))
            .map_err(|source| Error::Generator {
                table: table.name.clone(),
                column: column.name.clone(),
                source,
            })?;
    }
    Ok(())
}

/// The schema without what the manifest excludes.
fn included(schema: &Schema, progress: &dyn Progress) -> Result<Schema, Error> {
    for (index, table) in schema.tables.iter().enumerate() {
        if table.mode == TableMode::Keep && schema.holds_entities(index) {
            return Err(Error::KeptEntity {
                table: table.name.clone(),
            });
        }
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

fn owner_edge(schema: &Schema, kinds: &[Option<EdgeKind>], table: usize) -> Option<usize> {
    (0..kinds.len()).find(|&edge| {
        kinds[edge] == Some(EdgeKind::Owner)
            && schema.relationships[edge].child_table == schema.tables[table].name
    })
}

struct Fitter<'a> {
    source: &'a Source,
    schema: &'a Schema,
    rows: Vec<u64>,
    kinds: Vec<Option<EdgeKind>>,
    owners: Vec<Option<usize>>,
    samples: Vec<SampleTable>,
    entities: Vec<Vec<Vec<u32>>>,
    /// Whether rows lead to a protected entity.
    protected: Vec<bool>,
    progress: &'a dyn Progress,
    suppressed: Vec<Suppressed>,
}

/// One table on its way: symbols of the sample, before the teachers.
struct Learning {
    rows: u64,
    kept: Option<arrow::array::RecordBatch>,
    floor: Option<u32>,
    features: Vec<Feature>,
    /// Parallel to `features`.
    symbols: Vec<Vec<u8>>,
    /// In drawing order.
    drawn: Vec<(Target, Codec)>,
    fills: Vec<Fill>,
    entities: Vec<Vec<u32>>,
    held_out: Vec<bool>,
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

    /// Encodes one table.
    fn table(
        &mut self,
        table: usize,
        edges: &[EdgeModel],
        done: &[Option<Learning>],
    ) -> Result<Learning, Error> {
        let schema = &self.schema.tables[table];
        let n = self.samples[table].batch.num_rows();
        let entities = self.entities[table].clone();
        let mut learning = Learning {
            rows: self.rows[table],
            kept: None,
            floor: (!entities.is_empty()).then_some(self.schema.privacy.k),
            features: Vec::new(),
            symbols: Vec::new(),
            drawn: Vec::new(),
            fills: Vec::new(),
            // Rows that join both halves leave validation: all their entities must be held out.
            held_out: (0..n)
                .map(|row| match entities.is_empty() {
                    true => mix(row as u64 + 1).is_multiple_of(5),
                    false => entities
                        .iter()
                        .all(|kind| mix(u64::from(kind[row]) + 1).is_multiple_of(5)),
                })
                .collect(),
            entities,
        };
        if schema.mode == TableMode::Keep {
            learning.kept = Some(self.samples[table].batch.clone());
            return Ok(learning);
        }
        self.shape_features(table, edges, &mut learning)?;
        self.inherited_features(table, done, &mut learning)?;
        let mut variables: Vec<(f64, Target, Codec, Vec<u8>)> = Vec::new();
        for position in 0..schema.columns.len() {
            let fill = self.fill(table, position, &mut variables)?;
            learning.fills.push(fill);
        }
        self.slot_features(table, &mut learning)?;
        for (edge, model) in edges.iter().enumerate() {
            if self.kinds[edge] == Some(EdgeKind::Kept)
                && self.schema.relationships[edge].child_table == schema.name
            {
                let (codec, symbols) = self.kept_reference(table, edge, model)?;
                variables.push((
                    entropy(&symbols),
                    Target::Relationship(edge),
                    codec,
                    symbols,
                ));
            }
        }
        // Low entropy first: what says least by itself is the cheapest context for the rest.
        let mut order: Vec<usize> = (0..variables.len()).collect();
        order.sort_by(|&a, &b| variables[a].0.total_cmp(&variables[b].0).then(a.cmp(&b)));
        let mut place = vec![0; variables.len()];
        for (drawn, &variable) in order.iter().enumerate() {
            place[variable] = drawn;
            let (_, target, codec, symbols) = std::mem::replace(
                &mut variables[variable],
                (0.0, Target::Column(0), Codec::Presence, Vec::new()),
            );
            learning.features.push(Feature::Drawn(drawn));
            learning.symbols.push(symbols);
            learning.drawn.push((target, codec));
        }
        for fill in &mut learning.fills {
            match fill {
                Fill::Drawn(variable)
                | Fill::Generated {
                    presence: Some(variable),
                    ..
                }
                | Fill::Sequence(Sequence {
                    presence: Some(variable),
                    ..
                }) => *variable = place[*variable],
                _ => {}
            }
        }
        Ok(learning)
    }

    /// What is known of a row before its attributes: its fan-outs and which keys it has.
    fn shape_features(
        &self,
        table: usize,
        edges: &[EdgeModel],
        learning: &mut Learning,
    ) -> Result<(), Error> {
        let name = &self.schema.tables[table].name;
        for (edge, model) in edges.iter().enumerate() {
            let relationship = &self.schema.relationships[edge];
            let Some(kind) = self.kinds[edge].filter(|kind| *kind != EdgeKind::Kept) else {
                continue;
            };
            if relationship.parent_table == *name && model.law.classes.len() > 1 {
                let child = self.index(&relationship.child_table)?;
                if let Some(degrees) = self.sample_degrees(edge, table, child) {
                    learning.features.push(Feature::Degree(edge));
                    learning.symbols.push(
                        degrees
                            .iter()
                            .map(|&degree| model.law.class_of(degree) as u8)
                            .collect(),
                    );
                }
            }
            let statuses = [model.matched, model.orphans, model.nulls]
                .iter()
                .filter(|&&count| count > 0)
                .count();
            if relationship.child_table == *name && statuses > 1 && kind != EdgeKind::BridgeItem {
                let batch = &self.samples[table].batch;
                let columns: Vec<_> = relationship
                    .child_key
                    .iter()
                    .filter_map(|key| batch.column_by_name(key))
                    .collect();
                let links = self.samples[table].links[edge]
                    .as_deref()
                    .unwrap_or_default();
                let status = |row: usize| match links[row] {
                    u32::MAX if columns.iter().any(|column| column.is_null(row)) => 0,
                    u32::MAX => 1,
                    _ => 2,
                };
                learning.features.push(Feature::Status(edge));
                learning
                    .symbols
                    .push((0..links.len()).map(status).collect());
            }
        }
        Ok(())
    }

    /// Where a row's distinct values lie in their ranges, if the ranges mean something.
    fn slot_features(&self, table: usize, learning: &mut Learning) -> Result<(), Error> {
        let schema = &self.schema.tables[table];
        for (position, column) in schema.columns.iter().enumerate() {
            let Fill::Sequence(sequence) = &learning.fills[position] else {
                continue;
            };
            // A counter over the whole table is a surrogate: it says nothing.
            if sequence.dense && !sequence.grouped {
                continue;
            }
            let values = encode::ticks(
                &schema.name,
                column,
                self.samples[table].batch.column(position),
            )?;
            let slot = |value: i64| value.abs_diff(sequence.start) / sequence.step as u64;
            learning.features.push(Feature::Slot(position));
            learning.symbols.push(
                values
                    .iter()
                    .map(|value| value.map_or(0, |value| sequence.symbol(slot(value))))
                    .collect(),
            );
        }
        Ok(())
    }

    /// What a row inherits from its owner, nearest first.
    fn inherited_features(
        &self,
        table: usize,
        done: &[Option<Learning>],
        learning: &mut Learning,
    ) -> Result<(), Error> {
        let Some(edge) = self.owners[table] else {
            return Ok(());
        };
        let parent = self.index(&self.schema.relationships[edge].parent_table)?;
        let Some(above) = done[parent].as_ref().filter(|above| above.kept.is_none()) else {
            return Ok(());
        };
        let links = self.samples[table].links[edge]
            .as_deref()
            .unwrap_or_default();
        let mut theirs: Vec<usize> = (0..above.features.len()).collect();
        theirs.sort_by_key(|&feature| {
            (
                matches!(above.features[feature], Feature::Owner(_)),
                feature,
            )
        });
        for &feature in theirs
            .iter()
            .filter(|&&f| above.symbols[f].windows(2).any(|pair| pair[0] != pair[1]))
            .take(MAX_INHERITED)
        {
            let from = &above.symbols[feature];
            learning.features.push(Feature::Owner(feature));
            learning.symbols.push(
                links
                    .iter()
                    .map(|&link| from.get(link as usize).copied().unwrap_or(0))
                    .collect(),
            );
        }
        Ok(())
    }

    /// Decides how a column is filled; pushes the variable it is drawn from, if any.
    fn fill(
        &mut self,
        table: usize,
        position: usize,
        variables: &mut Vec<(f64, Target, Codec, Vec<u8>)>,
    ) -> Result<Fill, Error> {
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position];
        if self.is_foreign(table, &column.name) {
            return Ok(Fill::ForeignKey);
        }
        if let Some(fill) = self.key(table, column)? {
            return Ok(self.with_presence(table, position, fill, variables));
        }
        let bytes = (column.data_type == DataType::Blob).then_some(SemanticType::Binary.as_str());
        if let Some(generator) = column.generator.as_deref().or(bytes) {
            return Ok(self.generated(table, position, generator, false, variables));
        }
        let profile = self.source.profile(&schema.name, column)?;
        let array = self.samples[table].batch.column(position);
        let encoded = encode::column(&schema.name, column, array, &profile, self.floor(table))?;
        match encoded {
            Encoded::Symbols {
                codec,
                symbols,
                suppressed,
            } => {
                for (what, count) in suppressed {
                    self.suppress(table, &column.name, what, count);
                }
                variables.push((entropy(&symbols), Target::Column(position), codec, symbols));
                Ok(Fill::Drawn(variables.len() - 1))
            }
            Encoded::Nothing => {
                let generator = match &column.data_type {
                    DataType::String => SemanticType::Code,
                    DataType::Uuid => SemanticType::Uuid,
                    DataType::Blob | DataType::Bit => SemanticType::Binary,
                    DataType::Interval => SemanticType::PublicNumber,
                    data_type if data_type.is_temporal() => SemanticType::PublicDatetime,
                    _ => SemanticType::PublicNumber,
                };
                self.progress.warn(&format!(
                    "column `{}.{}`: no value is shared by {} protected entities; it is generated by `{generator}`, not learned; set `generator` in the manifest to choose another",
                    schema.name, column.name, self.schema.privacy.k
                ));
                self.suppress(table, &column.name, "column", 1);
                Ok(self.generated(table, position, generator.as_str(), false, variables))
            }
        }
    }

    /// Lets a distinct column have the NULLs that it had, unless rows refer to it.
    fn with_presence(
        &self,
        table: usize,
        position: usize,
        fill: Fill,
        variables: &mut Vec<(f64, Target, Codec, Vec<u8>)>,
    ) -> Fill {
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position].name;
        let array = self.samples[table].batch.column(position);
        let is_referred_to = self.schema.relationships.iter().any(|relationship| {
            relationship.parent_table == schema.name && relationship.parent_key.contains(column)
        });
        if is_referred_to {
            if array.null_count() > 0 {
                self.progress.warn(&format!(
                    "column `{}.{column}` is generated without NULLs: other rows refer to it",
                    schema.name
                ));
            }
            return fill;
        }
        match fill {
            Fill::Generated { spec, .. } => {
                self.generated(table, position, &spec.name, true, variables)
            }
            Fill::Sequence(sequence) => Fill::Sequence(Sequence {
                presence: self.presence(table, position, variables),
                ..sequence
            }),
            fill => fill,
        }
    }

    /// Learns whether a generated column has a value; returns the variable.
    fn presence(
        &self,
        table: usize,
        position: usize,
        variables: &mut Vec<(f64, Target, Codec, Vec<u8>)>,
    ) -> Option<usize> {
        let array = self.samples[table].batch.column(position);
        let (codec, symbols) = encode::presence(array, self.floor(table))?;
        variables.push((entropy(&symbols), Target::Column(position), codec, symbols));
        Some(variables.len() - 1)
    }

    fn generated(
        &self,
        table: usize,
        position: usize,
        generator: &str,
        unique: bool,
        variables: &mut Vec<(f64, Target, Codec, Vec<u8>)>,
    ) -> Fill {
        let presence = self.presence(table, position, variables);
        Fill::Generated {
            spec: self.spec(table, position, generator, unique),
            presence,
        }
    }

    fn spec(&self, table: usize, position: usize, generator: &str, unique: bool) -> GeneratorSpec {
        let mut spec = GeneratorSpec {
            name: generator.to_string(),
            unique,
            locale: self.schema.tables[table].columns[position].locale.clone(),
            ..GeneratorSpec::default()
        };
        let array = self.samples[table].batch.column(position);
        let floor = self.floor(table);
        if generator == SemanticType::Binary.as_str() {
            let ranges = types::lengths(array, floor);
            spec.templates = prodlike_generators::length_templates(&ranges);
        }
        let Some(texts) = array.as_string_opt::<i32>() else {
            return spec;
        };
        match generator.parse() {
            Ok(
                SemanticType::Code
                | SemanticType::Phone
                | SemanticType::State
                | SemanticType::Postcode
                | SemanticType::FilePath
                | SemanticType::CardNumber
                | SemanticType::Iban
                | SemanticType::NationalId
                | SemanticType::MacAddress
                | SemanticType::Uuid,
            ) => {
                let values: Vec<Option<&str>> = texts.iter().collect();
                let entities = floor.entities.first().map(Vec::as_slice);
                spec.templates =
                    prodlike_generators::mine_templates(&values, entities, floor.k.max(2));
            }
            Ok(SemanticType::Text) => {
                let letters = |row: usize| texts.value(row).chars().count() as u32;
                let lengths: Vec<Option<u32>> = (0..texts.len())
                    .map(|row| texts.is_valid(row).then(|| letters(row)))
                    .collect();
                spec.lengths = encode::lengths(&lengths, floor);
            }
            _ => {}
        }
        spec
    }

    /// Learns which rows of a kept parent are referred to.
    fn kept_reference(
        &mut self,
        table: usize,
        edge: usize,
        model: &EdgeModel,
    ) -> Result<(Codec, Vec<u8>), Error> {
        let relationship = &self.schema.relationships[edge];
        let parent = self.index(&relationship.parent_table)?;
        let links = self.samples[table].links[edge].clone().unwrap_or_default();
        let floor = self.floor(table);
        let nullable = model.nulls + model.orphans > 0
            && floor.holds(links.len(), |row| links[row] == u32::MAX);
        match encode::kept_rows(
            &links,
            self.samples[parent].batch.num_rows(),
            nullable || links.is_empty(),
            floor,
        ) {
            Encoded::Symbols {
                codec,
                symbols,
                suppressed,
            } => {
                for (what, count) in suppressed {
                    self.suppress(table, &relationship.name(), what, count);
                }
                Ok((codec, symbols))
            }
            Encoded::Nothing => Ok((
                Codec::Rows {
                    nullable: true,
                    rows: Vec::new(),
                    other: Vec::new(),
                },
                vec![0; links.len()],
            )),
        }
    }
}

/// Bits a row of a column of symbols.
fn entropy(symbols: &[u8]) -> f64 {
    let mut counts = [0u64; 256];
    symbols
        .iter()
        .for_each(|&symbol| counts[usize::from(symbol)] += 1);
    let n = symbols.len().max(1) as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| -(count as f64 / n) * (count as f64 / n).log2())
        .sum()
}

/// Teaches every variable of every table; any order, same result.
fn teach(
    schema: &Schema,
    tables: &[Learning],
    threads: usize,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<Vec<teacher::Conditional>>, Error> {
    let jobs: Vec<(usize, usize)> = (0..tables.len())
        .flat_map(|table| (0..tables[table].drawn.len()).map(move |drawn| (table, drawn)))
        .collect();
    progress.begin("fit", jobs.len() as u64);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Internal(format!("no thread pool: {error}")))?;
    let fitted: Vec<Result<teacher::Conditional, Error>> = pool.install(|| {
        jobs.par_iter()
            .with_max_len(1)
            .map(|&(table, drawn)| {
                if cancel.is_cancelled() {
                    return Err(Error::Interrupted);
                }
                let learning = &tables[table];
                let at = learning.features.len() - learning.drawn.len() + drawn;
                let symbols = learning.drawn[drawn].1.symbols();
                let conditional = learning.teach(&learning.symbols[at], symbols, at);
                progress.advance("fit", 1);
                Ok(conditional)
            })
            .collect()
    });
    progress.finish("fit");
    let mut fitted = fitted.into_iter();
    schema
        .tables
        .iter()
        .zip(tables)
        .map(|(_, learning)| fitted.by_ref().take(learning.drawn.len()).collect())
        .collect()
}

impl Learning {
    /// Learns a variable from the first `known` features.
    fn teach(&self, target: &[u8], symbols: usize, known: usize) -> teacher::Conditional {
        let features: Vec<&[u8]> = self.symbols[..known].iter().map(Vec::as_slice).collect();
        let entities: Vec<&[u32]> = self.entities.iter().map(Vec::as_slice).collect();
        let floor = self.floor.unwrap_or(1);
        teacher::fit(
            &Sample {
                target,
                symbols,
                features: &features,
                entities: &entities,
                held_out: &self.held_out,
            },
            TreeParams {
                min_rows: MIN_ROWS.max(floor),
                floor,
                max_depth: 24,
            },
        )
    }

    /// The share of each symbol of a learned variable, in millionths.
    fn shares(&self, drawn: usize) -> Vec<u32> {
        let symbols = &self.symbols[self.features.len() - self.drawn.len() + drawn];
        let mut counts = vec![0u64; self.drawn[drawn].1.symbols()];
        symbols
            .iter()
            .for_each(|&symbol| counts[usize::from(symbol)] += 1);
        let rows = (symbols.len() as u64).max(1);
        counts
            .into_iter()
            .map(|count| ((count * 2_000_000 + rows) / (2 * rows)) as u32)
            .collect()
    }

    fn finish(
        self,
        schema: &Schema,
        table: usize,
        conditionals: Vec<teacher::Conditional>,
        ledger: &mut Vec<Suppressed>,
    ) -> TableModel {
        let names = |target: Target| match target {
            Target::Column(column) => schema.tables[table].columns[column].name.clone(),
            Target::Relationship(edge) => schema.relationships[edge].name(),
        };
        let shares: Vec<Vec<u32>> = (0..self.drawn.len()).map(|i| self.shares(i)).collect();
        let drawn = self.drawn.into_iter().zip(conditionals).zip(shares).map(
            |(((target, codec), conditional), shares)| {
                tracing::debug!(
                    "{}.{}: {} of {} leaves, held-out bits a row {:.4?}",
                    schema.tables[table].name,
                    names(target),
                    conditional.teacher,
                    conditional.tree.leaves(),
                    conditional.bits
                );
                if conditional.forbidden > 0 {
                    ledger.push(Suppressed {
                        table: schema.tables[table].name.clone(),
                        column: names(target),
                        what: "splits".into(),
                        count: conditional.forbidden,
                    });
                }
                Drawn {
                    target,
                    codec,
                    tree: conditional.tree,
                    teacher: conditional.teacher.to_string(),
                    bits: conditional
                        .bits
                        .into_iter()
                        .map(|(name, bits)| (name.to_string(), bits))
                        .collect(),
                    shares,
                }
            },
        );
        TableModel {
            rows: self.rows,
            kept: self.kept,
            floor: self.floor,
            features: self.features,
            drawn: drawn.collect(),
            fills: self.fills,
        }
    }
}
