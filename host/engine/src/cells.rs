//! Cells: each a pure function of (model, seed, plan, table, row, column).
//!
//! Any list of rows of any table can be asked for, in any order; what a row depends on
//! (its owner, its owner's owner, the key it refers to) is computed again from its address
//! instead of being looked up. The unit of work is a batch of a few thousand rows: symbols
//! column by column, then Arrow arrays.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int8Array, Int16Array, Int32Array, Int64Array, StringArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array, new_null_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{cast, interleave, take};
use prodlike_core::generator::{GenerateArgs, Generator, GeneratorRegistry, GeneratorSpec};
use prodlike_core::model::{EdgeKind, Feature, Fill, Model, Sequence, Target};
use prodlike_core::schema::{Column, DataType, TableMode, TimeUnit};
use prodlike_models::codec::{self, Codec};
use prodlike_models::permutation::Permutation;
use prodlike_models::philox::{Stream, key, mix};
use prodlike_models::tree::{Block, Sampler};

use crate::error::Error;
use crate::plan::{self, Plan, Stub};

/// Powers of ten, exactly: `powi` may differ between platforms in the last bit.
const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];
/// How often a row of a planned table draws a reference before it takes what is left.
const ATTEMPTS: u64 = 32;
/// The row number that stands for "no owner".
const NOBODY: u64 = u64::MAX;

/// A model made ready to be asked for cells.
pub(crate) struct Cells<'a> {
    model: &'a Model,
    plan: &'a Plan,
    seed: u64,
    tables: Vec<Table>,
}

struct Table {
    samplers: Vec<Sampler>,
    streams: Vec<Stream>,
    /// The symbol of each row of a kept parent, for variables that refer to one.
    kept_symbols: Vec<Vec<u8>>,
    /// For such variables of tables that are planned whole: the row referred to by each row.
    planned: BTreeMap<usize, Vec<u32>>,
    /// Parallel to the schema's columns.
    columns: Vec<Source>,
    owner: Option<(usize, usize)>,
    /// Features that the columns of the table itself want.
    wanted: Vec<bool>,
    /// Rows, and as many more as orphans elsewhere pretend there to be.
    key_domain: u64,
}

/// What a column's values come from, besides its fill.
struct Source {
    generator: Option<Arc<dyn Generator>>,
    key: u64,
    /// Relationships that the column is part of the child key of, widest key first, and
    /// its place in each.
    foreign: Vec<(usize, usize)>,
}

/// The owners of a batch of rows.
struct Owned {
    /// One a row; [`NOBODY`] where there is none.
    owner: Vec<u64>,
    place: Vec<u64>,
    size: Vec<u64>,
}

/// What is known of a batch while its columns are made.
struct Batch<'r> {
    rows: &'r [u64],
    block: Block,
    /// The second random word of each drawn variable, for decoding.
    decode: Vec<Vec<u32>>,
    owned: Option<Owned>,
}

impl<'a> Cells<'a> {
    /// Prepares samplers, streams and generators.
    ///
    /// # Errors
    /// A generator that is unknown.
    pub(crate) fn new(
        model: &'a Model,
        plan: &'a Plan,
        seed: u64,
        registry: &dyn GeneratorRegistry,
    ) -> Result<Self, Error> {
        let mut tables = Vec::with_capacity(model.tables.len());
        for (index, learned) in model.tables.iter().enumerate() {
            let schema = &model.schema.tables[index];
            let streams = learned.drawn.iter().map(|drawn| {
                let name = match drawn.target {
                    Target::Column(column) => schema.columns[column].name.clone(),
                    Target::Relationship(edge) => model.schema.relationships[edge].name(),
                };
                Stream::new(key(seed, &[&schema.name, &name, "draw"]))
            });
            let mut columns = Vec::with_capacity(schema.columns.len());
            for (position, column) in schema.columns.iter().enumerate() {
                let generator = match learned.fills.get(position) {
                    Some(Fill::Generated { spec, .. }) => {
                        Some(build(registry, &schema.name, column, spec)?)
                    }
                    _ => None,
                };
                let mut foreign: Vec<(usize, usize)> = (0..model.edges.len())
                    .filter(|&edge| model.schema.relationships[edge].child_table == schema.name)
                    .filter_map(|edge| {
                        let keys = &model.schema.relationships[edge].child_key;
                        Some((edge, keys.iter().position(|name| *name == column.name)?))
                    })
                    .collect();
                foreign.sort_by_key(|&(edge, _)| {
                    (
                        usize::MAX - model.schema.relationships[edge].child_key.len(),
                        edge,
                    )
                });
                columns.push(Source {
                    generator,
                    key: key(seed, &[&schema.name, &column.name, "fill"]),
                    foreign,
                });
            }
            let spans = (0..model.edges.len())
                .filter(|&edge| model.schema.relationships[edge].parent_table == schema.name)
                .map(|edge| plan.orphan_span(model, edge));
            tables.push(Table {
                samplers: learned
                    .drawn
                    .iter()
                    .map(|drawn| Sampler::new(&drawn.tree))
                    .collect(),
                streams: streams.collect(),
                kept_symbols: learned
                    .drawn
                    .iter()
                    .map(|drawn| kept_symbols(&drawn.codec))
                    .collect(),
                planned: BTreeMap::new(),
                columns,
                owner: plan::owner(model, index),
                wanted: Vec::new(),
                key_domain: plan.rows[index] + spans.max().unwrap_or(0),
            });
        }
        check_keys(model, plan, &tables)?;
        let mut cells = Cells {
            model,
            plan,
            seed,
            tables,
        };
        for table in 0..model.tables.len() {
            let wanted = model.tables[table]
                .features
                .iter()
                .map(|f| matches!(f, Feature::Drawn(_)))
                .collect();
            cells.tables[table].wanted = cells.closure(table, wanted);
        }
        cells.plan_references();
        Ok(cells)
    }

    /// Draws the references to kept tables of all tables that are planned whole, and moves
    /// as few as makes the children of every kept row as many as they should be.
    fn plan_references(&mut self) {
        let mut order: Vec<usize> = (0..self.tables.len()).collect();
        order.sort_by_key(|&table| self.owners_above(table));
        for table in order {
            for drawn in 0..self.model.tables[table].drawn.len() {
                let Target::Relationship(edge) = self.model.tables[table].drawn[drawn].target
                else {
                    continue;
                };
                let Some(counts) = &self.model.edges[edge].per_row else {
                    continue;
                };
                if self.plan.rows[table] <= plan::PLANNED_ROWS {
                    let planned = self.balanced(table, drawn, edge, counts);
                    self.tables[table].planned.insert(drawn, planned);
                }
            }
        }
    }

    fn owners_above(&self, table: usize) -> usize {
        self.tables[table]
            .owner
            .map_or(0, |(_, owner)| 1 + self.owners_above(owner))
    }

    /// The kept row that every row refers to; `u32::MAX` for none.
    fn balanced(&self, table: usize, drawn: usize, edge: usize, counts: &[u64]) -> Vec<u32> {
        let (n, model) = (self.plan.rows[table], &self.model.edges[edge]);
        // NULLs first, then the rows of the kept table.
        let all: Vec<u64> = std::iter::once(model.nulls + model.orphans)
            .chain(counts.iter().copied())
            .collect();
        let mut missing = plan::quotas(&all, n, plan::NO_CAP);
        let symbols = &self.tables[table].kept_symbols[drawn];
        let symbol_of = |slot: usize| {
            if slot == 0 {
                0
            } else {
                symbols.get(slot - 1).copied().unwrap_or(0)
            }
        };
        let mut slots: Vec<Vec<usize>> = vec![Vec::new(); 256];
        (0..missing.len()).for_each(|slot| slots[usize::from(symbol_of(slot))].push(slot));
        let rows: Vec<u64> = (0..n).collect();
        let feature = self.feature_of(table, drawn);
        let mut wanted = vec![false; self.model.tables[table].features.len()];
        wanted[feature] = true;
        let wanted = self.closure(table, wanted);
        let owned = self.owned(table, &rows);
        let mut block = self.symbols(table, &rows, owned.as_ref(), &wanted, None);
        let mut planned = vec![None; n as usize];
        let key = key(
            self.seed,
            &[
                &self.model.schema.tables[table].name,
                &self.model.schema.relationships[edge].name(),
                "plan",
            ],
        );
        let mut order: Vec<usize> = (0..n as usize).collect();
        order.sort_unstable_by_key(|&row| (mix(key ^ mix(row as u64)), row));
        let (mut bits, mut drawn_again) = (vec![0u32; n as usize], vec![0u8; n as usize]);
        for attempt in 0..ATTEMPTS {
            for &row in &order {
                let symbol = usize::from(block.column(feature)[row]);
                if planned[row].is_none()
                    && let Some(&slot) = slots[symbol]
                        .iter()
                        .max_by_key(|&&slot| (missing[slot], slot))
                    && missing[slot] > 0
                {
                    missing[slot] -= 1;
                    planned[row] = Some(slot);
                }
            }
            // Who found no place draws again, from the same leaf.
            let stream = Stream::new(mix(key ^ mix(attempt + 1)));
            let mut second = vec![0u32; n as usize];
            stream.fill(&rows, &mut bits, &mut second);
            self.tables[table].samplers[drawn].draw(&block, &bits, &mut drawn_again);
            block.column_mut(feature).copy_from_slice(&drawn_again);
        }
        // And who found none in many draws takes what is left.
        let mut left = (0..missing.len())
            .flat_map(|slot| std::iter::repeat_n(slot, missing[slot] as usize))
            .collect::<Vec<_>>();
        for &row in &order {
            if planned[row].is_none() {
                planned[row] = left.pop();
            }
        }
        planned
            .into_iter()
            .map(|slot| {
                slot.filter(|slot| *slot > 0)
                    .map_or(u32::MAX, |slot| slot as u32 - 1)
            })
            .collect()
    }

    /// Adds the features that wanted ones are drawn from.
    fn closure(&self, table: usize, mut wanted: Vec<bool>) -> Vec<bool> {
        let learned = &self.model.tables[table];
        for feature in (0..learned.features.len()).rev() {
            if let (true, Feature::Drawn(drawn)) = (wanted[feature], learned.features[feature]) {
                learned.drawn[drawn]
                    .tree
                    .asked()
                    .for_each(|asked| wanted[asked] = true);
            }
        }
        wanted
    }

    /// Returns the named columns (positions in the schema) of rows, in the order of `rows`.
    ///
    /// # Errors
    /// A generator that fails.
    pub(crate) fn columns(
        &self,
        table: usize,
        columns: &[usize],
        rows: &[u64],
    ) -> Result<Vec<ArrayRef>, Error> {
        if let Some(kept) = &self.model.tables[table].kept {
            let at = UInt64Array::from(rows.to_vec());
            return columns
                .iter()
                .map(|&column| self.arrow(table, take(kept.column(column), &at, None)))
                .collect();
        }
        if rows.windows(2).all(|pair| pair[0] < pair[1])
            || columns.iter().all(|&column| self.is_counter(table, column))
        {
            return self.sorted_columns(table, columns, rows);
        }
        // Owners are found by stepping through ascending rows: sort, and put back.
        let mut distinct = rows.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let at: Vec<u64> = rows
            .iter()
            .map(|row| distinct.partition_point(|other| other < row) as u64)
            .collect();
        let at = UInt64Array::from(at);
        let arrays = self.sorted_columns(table, columns, &distinct)?;
        arrays
            .iter()
            .map(|array| self.arrow(table, take(array, &at, None)))
            .collect()
    }

    /// Whether a column depends on nothing but the row number.
    fn is_counter(&self, table: usize, column: usize) -> bool {
        matches!(
            self.model.tables[table].fills[column],
            Fill::Sequence(Sequence { grouped: false, .. })
        )
    }

    fn sorted_columns(
        &self,
        table: usize,
        columns: &[usize],
        rows: &[u64],
    ) -> Result<Vec<ArrayRef>, Error> {
        let learned = &self.model.tables[table];
        let every = columns.len() == learned.fills.len();
        let wanted = if every {
            self.tables[table].wanted.clone()
        } else {
            let mut wanted = vec![false; learned.features.len()];
            for &column in columns {
                self.want(table, column, &mut wanted);
            }
            self.closure(table, wanted)
        };
        let needs_owner = every
            || wanted.contains(&true)
            || columns
                .iter()
                .any(|&column| !self.is_counter(table, column));
        let owned = if needs_owner {
            self.owned(table, rows)
        } else {
            None
        };
        let mut decode = vec![Vec::new(); learned.drawn.len()];
        let block = self.symbols(table, rows, owned.as_ref(), &wanted, Some(&mut decode));
        let batch = Batch {
            rows,
            block,
            decode,
            owned,
        };
        let mut foreign: Vec<Option<Vec<ArrayRef>>> = vec![None; self.model.edges.len()];
        let mut statuses: Vec<Option<Vec<Stub>>> = vec![None; self.model.edges.len()];
        columns
            .iter()
            .map(|&column| {
                if matches!(learned.fills[column], Fill::ForeignKey) {
                    self.foreign_key(table, column, &batch, &mut foreign, &mut statuses)
                } else {
                    self.own(table, column, &batch)
                }
            })
            .collect()
    }

    /// Marks the drawn variables that a column is decoded from.
    fn want(&self, table: usize, column: usize, wanted: &mut [bool]) {
        let learned = &self.model.tables[table];
        for (feature, of) in learned.features.iter().enumerate() {
            let Feature::Drawn(drawn) = *of else { continue };
            wanted[feature] |= match learned.drawn[drawn].target {
                Target::Column(target) => target == column,
                Target::Relationship(edge) => self.tables[table].columns[column]
                    .foreign
                    .iter()
                    .any(|&(foreign, _)| foreign == edge),
            };
        }
    }

    /// Finds the owners of ascending rows.
    fn owned(&self, table: usize, rows: &[u64]) -> Option<Owned> {
        let (edge, _) = self.tables[table].owner?;
        let plan = self.plan.edges[edge].as_ref()?;
        let n = rows.len();
        let matched = rows.partition_point(|&row| row < plan.matched);
        let mut owned = Owned {
            owner: vec![NOBODY; n],
            place: vec![0; n],
            size: vec![0; n],
        };
        plan.owners(rows[..matched].iter().copied(), |i, owner, place, size| {
            (owned.owner[i], owned.place[i], owned.size[i]) = (owner, place, size);
        });
        // Rows without an owner are one group of their own.
        for (i, &row) in rows.iter().enumerate().skip(matched) {
            owned.place[i] = row - plan.matched;
            owned.size[i] = self.plan.rows[table] - plan.matched;
        }
        Some(owned)
    }

    /// Draws the wanted features of ascending rows.
    fn symbols(
        &self,
        table: usize,
        rows: &[u64],
        owned: Option<&Owned>,
        wanted: &[bool],
        mut decode: Option<&mut Vec<Vec<u32>>>,
    ) -> Block {
        let learned = &self.model.tables[table];
        let n = rows.len();
        let mut block = Block::new(learned.features.len(), n);
        self.inherit(table, owned, wanted, &mut block);
        let (mut first, mut second, mut out) = (vec![0; n], vec![0; n], vec![0; n]);
        for (feature, of) in learned.features.iter().enumerate() {
            if !wanted[feature] {
                continue;
            }
            match *of {
                Feature::Degree(edge) => {
                    if let Some(plan) = &self.plan.edges[edge] {
                        let column = block.column_mut(feature);
                        rows.iter()
                            .zip(column)
                            .for_each(|(&row, symbol)| *symbol = plan.degree(row).1);
                    }
                }
                Feature::Status(edge) => {
                    if let Some(plan) = &self.plan.edges[edge] {
                        for (&row, symbol) in rows.iter().zip(block.column_mut(feature)) {
                            *symbol = match plan.stub(row) {
                                Stub::Null => 0,
                                Stub::Orphan(_) => 1,
                                Stub::Matched(_) => 2,
                            };
                        }
                    }
                }
                Feature::Slot(column) => {
                    if let Fill::Sequence(sequence) = &learned.fills[column] {
                        let slots = self.slots(table, column, sequence, rows, owned);
                        slots
                            .into_iter()
                            .zip(block.column_mut(feature))
                            .for_each(|(slot, symbol)| *symbol = sequence.symbol(slot));
                    }
                }
                Feature::Owner(_) => {}
                Feature::Drawn(drawn) if self.tables[table].planned.contains_key(&drawn) => {
                    let (planned, symbols) = (
                        &self.tables[table].planned[&drawn],
                        &self.tables[table].kept_symbols[drawn],
                    );
                    for (&row, symbol) in rows.iter().zip(block.column_mut(feature)) {
                        *symbol = symbols
                            .get(planned[row as usize] as usize)
                            .copied()
                            .unwrap_or(0);
                    }
                }
                Feature::Drawn(drawn) => {
                    self.tables[table].streams[drawn].fill(rows, &mut first, &mut second);
                    self.tables[table].samplers[drawn].draw(&block, &first, &mut out);
                    block.column_mut(feature).copy_from_slice(&out);
                    if let Some(decode) = &mut decode {
                        decode[drawn] = second.clone();
                    }
                }
            }
        }
        block
    }

    /// Copies the owner's wanted features to its children.
    fn inherit(&self, table: usize, owned: Option<&Owned>, wanted: &[bool], block: &mut Block) {
        let (Some((_, parent)), Some(owned)) = (self.tables[table].owner, owned) else {
            return;
        };
        let learned = &self.model.tables[table];
        let inherited: Vec<(usize, usize)> = learned
            .features
            .iter()
            .enumerate()
            .filter(|(feature, _)| wanted[*feature])
            .filter_map(|(feature, of)| match of {
                Feature::Owner(theirs) => Some((feature, *theirs)),
                _ => None,
            })
            .collect();
        if inherited.is_empty() || self.model.tables[parent].kept.is_some() {
            return;
        }
        let mut parents: Vec<u64> = Vec::new();
        let at: Vec<u32> = owned
            .owner
            .iter()
            .map(|&owner| {
                if owner == NOBODY {
                    return u32::MAX;
                }
                if parents.last() != Some(&owner) {
                    parents.push(owner);
                }
                parents.len() as u32 - 1
            })
            .collect();
        let mut theirs = vec![false; self.model.tables[parent].features.len()];
        inherited
            .iter()
            .for_each(|&(_, feature)| theirs[feature] = true);
        let theirs = self.closure(parent, theirs);
        let grandparents = self.owned(parent, &parents);
        let above = self.symbols(parent, &parents, grandparents.as_ref(), &theirs, None);
        for (feature, theirs) in inherited {
            let from = above.column(theirs);
            for (symbol, &at) in block.column_mut(feature).iter_mut().zip(&at) {
                // Without an owner every inherited symbol is 0, as it was when fitted.
                *symbol = if at == u32::MAX { 0 } else { from[at as usize] };
            }
        }
    }

    /// Makes a column that is no foreign key.
    fn own(&self, table: usize, column: usize, batch: &Batch<'_>) -> Result<ArrayRef, Error> {
        let learned = &self.model.tables[table];
        let schema = &self.model.schema.tables[table].columns[column];
        match &learned.fills[column] {
            Fill::Drawn(drawn) => self.decode(table, column, *drawn, batch),
            Fill::Sequence(sequence) => {
                let slots = self.slots(table, column, sequence, batch.rows, batch.owned.as_ref());
                let values = slots
                    .into_iter()
                    .map(|slot| value_at(sequence, slot))
                    .collect();
                self.arrow(table, integers(&schema.data_type, 0, values, None))
            }
            Fill::Generated { presence, .. } => {
                let values = self.generate(table, column, batch.rows)?;
                let Some(drawn) = presence else {
                    return Ok(values);
                };
                let symbols = batch.block.column(self.feature_of(table, *drawn));
                let nulls = NullBuffer::from_iter(symbols.iter().map(|&symbol| symbol != 0));
                self.arrow(table, with_nulls(values, nulls))
            }
            Fill::ForeignKey => Err(Error::Internal(format!(
                "`{}` is a foreign key",
                schema.name
            ))),
        }
    }

    fn feature_of(&self, table: usize, drawn: usize) -> usize {
        let features = &self.model.tables[table].features;
        features
            .iter()
            .position(|of| *of == Feature::Drawn(drawn))
            .unwrap_or(0)
    }

    fn generate(&self, table: usize, column: usize, rows: &[u64]) -> Result<ArrayRef, Error> {
        let source = &self.tables[table].columns[column];
        let schema = &self.model.schema.tables[table];
        let fail = |source| Error::Generator {
            table: schema.name.clone(),
            column: schema.columns[column].name.clone(),
            source,
        };
        let Some(generator) = &source.generator else {
            return Err(Error::Internal(format!(
                "`{}` has no generator",
                schema.columns[column].name
            )));
        };
        let stream = Stream::new(source.key);
        let seeds: Vec<u64> = rows.iter().map(|&row| stream.at(row)).collect();
        let args = GenerateArgs {
            data_type: &schema.columns[column].data_type,
            rows,
            seeds: &seeds,
            key: source.key,
            table_rows: self.tables[table].key_domain.max(1),
        };
        generator.generate(&args).map_err(fail)
    }

    /// The slots of a sequence.
    fn slots(
        &self,
        table: usize,
        column: usize,
        sequence: &Sequence,
        rows: &[u64],
        owned: Option<&Owned>,
    ) -> Vec<u64> {
        let key = self.tables[table].columns[column].key;
        match (owned, sequence.grouped) {
            (Some(owned), true) if sequence.dense => owned.place.clone(),
            (Some(owned), true) => {
                let mut last: Option<(u64, Permutation)> = None;
                (0..rows.len())
                    .map(|i| {
                        let owner = owned.owner[i];
                        let slots = match &last {
                            Some((of, slots)) if *of == owner => slots,
                            _ => {
                                let domain = sequence.domain.max(owned.size[i]);
                                &last
                                    .insert((
                                        owner,
                                        Permutation::new(mix(key ^ mix(owner)), domain),
                                    ))
                                    .1
                            }
                        };
                        slots.apply(owned.place[i])
                    })
                    .collect()
            }
            _ if sequence.dense => rows.to_vec(),
            _ => {
                let slots = Permutation::new(key, self.domain(table, sequence));
                rows.iter().map(|&row| slots.apply(row)).collect()
            }
        }
    }

    /// Slots of a sequence over a whole table: as many as rows want one.
    fn domain(&self, table: usize, sequence: &Sequence) -> u64 {
        sequence.domain.max(self.tables[table].key_domain)
    }

    /// Decodes a learned column.
    fn decode(
        &self,
        table: usize,
        column: usize,
        drawn: usize,
        batch: &Batch<'_>,
    ) -> Result<ArrayRef, Error> {
        let schema = &self.model.schema.tables[table].columns[column];
        let symbols = batch.block.column(self.feature_of(table, drawn));
        let bits = &batch.decode[drawn];
        let codec = &self.model.tables[table].drawn[drawn].codec;
        let nulls = codec
            .is_nullable()
            .then(|| NullBuffer::from_iter(symbols.iter().map(|&symbol| symbol != 0)));
        let array = match codec {
            Codec::Integer {
                nullable,
                bins,
                step,
                decimals,
            } => {
                let mut values = Vec::new();
                codec::decode_integers(bins, *nullable, *step, symbols, bits, &mut values);
                integers(&schema.data_type, *decimals, values, nulls)
            }
            Codec::Float { nullable, bins } => {
                let mut values = Vec::new();
                codec::decode_floats(bins, *nullable, symbols, bits, &mut values);
                let array = Float64Array::new(values.into(), nulls);
                match schema.data_type {
                    DataType::Float32 => cast(&array, &arrow::datatypes::DataType::Float32),
                    _ => Ok(Arc::new(array) as ArrayRef),
                }
            }
            Codec::Levels { nullable, levels } => {
                strings(usize::from(*nullable), levels, symbols, nulls)
            }
            Codec::Rows { .. } | Codec::Presence => {
                return Err(Error::Internal(format!(
                    "`{}` has a codec of another kind",
                    schema.name
                )));
            }
        };
        self.arrow(table, array)
    }

    /// Makes a column of a foreign key; where several share it, the widest key that a row
    /// has a parent for says the value.
    fn foreign_key(
        &self,
        table: usize,
        column: usize,
        batch: &Batch<'_>,
        keys: &mut [Option<Vec<ArrayRef>>],
        statuses: &mut [Option<Vec<Stub>>],
    ) -> Result<ArrayRef, Error> {
        let foreign = &self.tables[table].columns[column].foreign;
        for &(edge, _) in foreign {
            if keys[edge].is_none() {
                let (arrays, stubs) = self.references(table, edge, batch)?;
                (keys[edge], statuses[edge]) = (Some(arrays), Some(stubs));
            }
        }
        let candidates: Vec<(&ArrayRef, &[Stub])> = foreign
            .iter()
            .filter_map(|&(edge, place)| {
                Some((&keys[edge].as_ref()?[place], statuses[edge].as_deref()?))
            })
            .collect();
        let [(first, _)] = candidates[..] else {
            // Choose row by row: a parent first, else a key below, else an orphan's value.
            let choose = |i: usize| {
                let rank = |stub: &Stub, last: bool| match stub {
                    Stub::Matched(_) => 0,
                    Stub::Orphan(_) => 1 + usize::from(!last),
                    Stub::Null => 3,
                };
                (0..candidates.len())
                    .min_by_key(|&c| (rank(&candidates[c].1[i], c + 1 == candidates.len()), c))
                    .unwrap_or(0)
            };
            let arrays: Vec<&dyn Array> =
                candidates.iter().map(|(array, _)| array.as_ref()).collect();
            let picks: Vec<(usize, usize)> =
                (0..batch.rows.len()).map(|i| (choose(i), i)).collect();
            return self.arrow(table, interleave(&arrays, &picks));
        };
        Ok(Arc::clone(first))
    }

    /// Returns the key columns that rows refer to by one relationship, and what kind of
    /// reference each row's is.
    fn references(
        &self,
        table: usize,
        edge: usize,
        batch: &Batch<'_>,
    ) -> Result<(Vec<ArrayRef>, Vec<Stub>), Error> {
        let relationship = &self.model.schema.relationships[edge];
        let (Some(parent), rows) = (
            self.model.schema.table_idx(&relationship.parent_table),
            batch.rows,
        ) else {
            return Err(Error::unknown_table(
                &self.model.schema,
                &relationship.parent_table,
            ));
        };
        let columns: Vec<usize> = relationship
            .parent_key
            .iter()
            .filter_map(|name| self.model.schema.tables[parent].column_idx(name))
            .collect();
        let mut stubs: Vec<Stub> = Vec::with_capacity(rows.len());
        let mut parents: Vec<u64> = Vec::with_capacity(rows.len());
        if self.model.edges[edge].kind == EdgeKind::Kept {
            self.kept_rows(table, edge, batch, |parent| {
                stubs.push(parent.map_or(Stub::Null, Stub::Matched));
                parents.push(parent.unwrap_or(NOBODY));
            })?;
        } else if let Some(plan) = &self.plan.edges[edge] {
            stubs.extend(rows.iter().map(|&row| plan.stub(row)));
            match (self.model.edges[edge].kind, &batch.owned) {
                (EdgeKind::Owner, Some(owned)) => parents.extend(&owned.owner),
                (EdgeKind::BridgeItem, Some(owned)) => {
                    let mut last = None;
                    let key = key(
                        self.seed,
                        &[&relationship.child_table, &relationship.name(), "items"],
                    );
                    for (i, &row) in rows.iter().enumerate() {
                        let (owner, place, size) = (owned.owner[i], owned.place[i], owned.size[i]);
                        parents.push(plan.item(row, owner, place, size, key, &mut last));
                    }
                }
                (kind, _) => {
                    // The root of a forest whose key allows no NULL refers to itself.
                    let schema = &self.model.schema.tables[table];
                    let loops = kind == EdgeKind::Tree
                        && relationship
                            .child_key
                            .iter()
                            .all(|name| schema.column(name).is_some_and(|c| !c.nullable));
                    for (&row, stub) in rows.iter().zip(&mut stubs) {
                        if loops && *stub == Stub::Null {
                            *stub = Stub::Matched(row);
                            parents.push(row);
                        } else {
                            parents.push(match stub {
                                Stub::Matched(stub) => plan.parent_at(plan.degrees.parent(*stub).0),
                                _ => NOBODY,
                            });
                        }
                    }
                }
            }
        }
        let present: Vec<u64> = parents
            .iter()
            .copied()
            .filter(|&parent| parent != NOBODY)
            .collect();
        let keys = self.columns(parent, &columns, &present)?;
        let orphans: Vec<u64> = stubs
            .iter()
            .filter_map(|s| match s {
                Stub::Orphan(i) => Some(*i),
                _ => None,
            })
            .collect();
        let strangers = if orphans.is_empty() {
            None
        } else {
            Some(self.strangers(edge, parent, &columns, &orphans)?)
        };
        if orphans.is_empty() && present.len() == rows.len() {
            return Ok((keys, stubs));
        }
        let (mut known, mut unknown) = (0, 0);
        let picks: Vec<(usize, usize)> = stubs
            .iter()
            .map(|stub| match stub {
                Stub::Matched(_) => {
                    known += 1;
                    (0, known - 1)
                }
                Stub::Orphan(_) => {
                    unknown += 1;
                    (1, unknown - 1)
                }
                Stub::Null => (2, 0),
            })
            .collect();
        let mut arrays = Vec::with_capacity(keys.len());
        for (place, keys) in keys.iter().enumerate() {
            let null = new_null_array(keys.data_type(), 1);
            let empty = new_null_array(keys.data_type(), 0);
            let stranger = strangers
                .as_ref()
                .map_or(&empty, |strangers| &strangers[place]);
            arrays.push(self.arrow(
                table,
                interleave(&[keys.as_ref(), stranger.as_ref(), null.as_ref()], &picks),
            )?);
        }
        Ok((arrays, stubs))
    }

    /// Decodes the rows of a kept parent that a batch refers to.
    fn kept_rows(
        &self,
        table: usize,
        edge: usize,
        batch: &Batch<'_>,
        mut found: impl FnMut(Option<u64>),
    ) -> Result<(), Error> {
        let learned = &self.model.tables[table];
        let drawn = learned
            .drawn
            .iter()
            .position(|drawn| drawn.target == Target::Relationship(edge));
        let Some(drawn) = drawn else {
            return Err(Error::Internal(
                "a reference to a kept table has no variable".into(),
            ));
        };
        let Codec::Rows {
            nullable,
            rows,
            other,
        } = &learned.drawn[drawn].codec
        else {
            return Err(Error::Internal(
                "a reference to a kept table has another codec".into(),
            ));
        };
        if let Some(planned) = self.tables[table].planned.get(&drawn) {
            for &row in batch.rows {
                let parent = planned[row as usize];
                found((parent != u32::MAX).then_some(u64::from(parent)));
            }
            return Ok(());
        }
        let symbols = batch.block.column(self.feature_of(table, drawn));
        for (&symbol, &bits) in symbols.iter().zip(&batch.decode[drawn]) {
            let symbol = usize::from(symbol);
            let null = usize::from(*nullable);
            found(if symbol < null {
                None
            } else if let Some(&row) = rows.get(symbol - null) {
                Some(u64::from(row))
            } else {
                let at = (u64::from(bits) * other.len() as u64) >> 32;
                other.get(at as usize).map(|&row| u64::from(row))
            });
        }
        Ok(())
    }

    /// Makes keys that no row of the parent has, for orphans that are kept.
    fn strangers(
        &self,
        edge: usize,
        parent: usize,
        columns: &[usize],
        orphans: &[u64],
    ) -> Result<Vec<ArrayRef>, Error> {
        let span = self.plan.orphan_span(self.model, edge).max(1);
        let first = self.plan.rows[parent];
        let rows: Vec<u64> = orphans.iter().map(|&i| first + i % span).collect();
        let learned = &self.model.tables[parent];
        let schema = &self.model.schema.tables[parent];
        if schema.mode == TableMode::Keep {
            return Err(Error::OrphanOfForeignKey {
                relationship: self.model.schema.relationships[edge].name(),
            });
        }
        columns
            .iter()
            .map(|&column| match &learned.fills[column] {
                Fill::Generated { .. } => self.generate(parent, column, &rows),
                Fill::Sequence(sequence) => {
                    // In a group: beyond every slot that any owner's child can take.
                    let beyond = self.domain(parent, sequence);
                    let slots = match sequence.grouped {
                        true => rows.iter().map(|row| beyond + row - first).collect(),
                        false => self.slots(parent, column, sequence, &rows, None),
                    };
                    let values = slots
                        .into_iter()
                        .map(|slot| value_at(sequence, slot))
                        .collect();
                    self.arrow(
                        parent,
                        integers(&schema.columns[column].data_type, 0, values, None),
                    )
                }
                // A part of a wider key: some parent's value, beside a part that is a stranger's.
                _ => {
                    let real: Vec<u64> = rows.iter().map(|row| mix(*row) % first.max(1)).collect();
                    Ok(self.columns(parent, &[column], &real)?.remove(0))
                }
            })
            .collect()
    }

    fn arrow<T>(
        &self,
        table: usize,
        result: Result<T, arrow::error::ArrowError>,
    ) -> Result<T, Error> {
        let table = || self.model.schema.tables[table].name.clone();
        result.map_err(|source| Error::Arrow {
            table: table(),
            source,
        })
    }
}

/// The symbol of each row of a kept parent.
fn kept_symbols(codec: &Codec) -> Vec<u8> {
    let Codec::Rows {
        nullable,
        rows,
        other,
    } = codec
    else {
        return Vec::new();
    };
    let null = u8::from(*nullable);
    let most = rows
        .iter()
        .chain(other)
        .max()
        .map_or(0, |&row| row as usize + 1);
    // Rows that no child has stand with the pooled ones; they are never dealt.
    let mut symbols =
        vec![null + (rows.len() as u8).saturating_sub(u8::from(other.is_empty())); most];
    for (symbol, &row) in rows.iter().enumerate() {
        symbols[row as usize] = null + symbol as u8;
    }
    symbols
}

/// Refuses more distinct values than a key's type holds.
fn check_keys(model: &Model, plan: &Plan, tables: &[Table]) -> Result<(), Error> {
    for (index, learned) in model.tables.iter().enumerate() {
        for (column, fill) in model.schema.tables[index]
            .columns
            .iter()
            .zip(&learned.fills)
        {
            let Fill::Sequence(sequence) = fill else {
                continue;
            };
            let slots = match tables[index]
                .owner
                .and_then(|(edge, _)| plan.edges[edge].as_ref())
            {
                Some(owned) if sequence.grouped => {
                    owned.largest().max(plan.rows[index] - owned.matched)
                }
                _ => tables[index].key_domain,
            };
            let slots = if sequence.dense {
                slots
            } else {
                slots.max(sequence.domain)
            };
            let most = match &column.data_type {
                DataType::Int8 => i64::from(i8::MAX),
                DataType::Int16 => i64::from(i16::MAX),
                DataType::UInt8 => i64::from(u8::MAX),
                DataType::UInt16 => i64::from(u16::MAX),
                DataType::UInt32 => i64::from(u32::MAX),
                DataType::Int32 | DataType::Date => i64::from(i32::MAX),
                DataType::Decimal(precision, _) => 10i64.pow(u32::from(*precision).min(18)) - 1,
                _ => i64::MAX,
            };
            let last =
                i128::from(sequence.start) + i128::from(sequence.step) * (i128::from(slots) - 1);
            if last > i128::from(most) {
                return Err(Error::KeyCapacity {
                    table: model.schema.tables[index].name.clone(),
                    column: column.name.clone(),
                    rows: slots,
                    data_type: column.data_type.to_string(),
                });
            }
        }
    }
    Ok(())
}

/// The value of a slot, in the type's ticks.
fn value_at(sequence: &Sequence, slot: u64) -> i64 {
    let wide = i128::from(sequence.start) + i128::from(sequence.step) * i128::from(slot);
    wide.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

fn build(
    registry: &dyn GeneratorRegistry,
    table: &str,
    column: &Column,
    spec: &GeneratorSpec,
) -> Result<Arc<dyn Generator>, Error> {
    registry.build(spec).map_err(|source| Error::Generator {
        table: table.to_string(),
        column: column.name.clone(),
        source,
    })
}

/// Spells out the levels of a column; the first symbol of a nullable one is NULL.
fn strings(
    null: usize,
    levels: &[String],
    symbols: &[u8],
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut data: Vec<u8> = Vec::with_capacity(symbols.len() * 8);
    let mut lengths: Vec<usize> = Vec::with_capacity(symbols.len());
    for &symbol in symbols {
        let level = usize::from(symbol)
            .checked_sub(null)
            .map_or("", |level| &levels[level]);
        data.extend_from_slice(level.as_bytes());
        lengths.push(level.len());
    }
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(StringArray::try_new(offsets, data.into(), nulls)?))
}

/// Replaces the NULLs of an array.
fn with_nulls(array: ArrayRef, nulls: NullBuffer) -> Result<ArrayRef, arrow::error::ArrowError> {
    let data = array.to_data().into_builder().nulls(Some(nulls)).build()?;
    Ok(arrow::array::make_array(data))
}

/// Turns ticks into an array of a data type; floats lie on a grid of `decimals` digits.
fn integers(
    data_type: &DataType,
    decimals: u8,
    values: Vec<i64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    macro_rules! narrow {
        ($array:ty, $native:ty) => {
            // The codec was checked against the type when the model was read.
            Arc::new(<$array>::new(
                values.into_iter().map(|value| value as $native).collect(),
                nulls,
            ))
        };
    }
    Ok(match data_type {
        DataType::Boolean => Arc::new(BooleanArray::new(
            values.iter().map(|&value| value != 0).collect(),
            nulls,
        )),
        DataType::Int8 => narrow!(Int8Array, i8),
        DataType::Int16 => narrow!(Int16Array, i16),
        DataType::Int32 => narrow!(Int32Array, i32),
        DataType::Int64 => Arc::new(Int64Array::new(values.into(), nulls)),
        DataType::UInt8 => narrow!(UInt8Array, u8),
        DataType::UInt16 => narrow!(UInt16Array, u16),
        DataType::UInt32 => narrow!(UInt32Array, u32),
        DataType::Float64 => {
            let scale = POWERS[usize::from(decimals).min(POWERS.len() - 1)];
            Arc::new(Float64Array::new(
                values
                    .into_iter()
                    .map(|value| value as f64 / scale)
                    .collect(),
                nulls,
            ))
        }
        DataType::Float32 => {
            let scale = POWERS[usize::from(decimals).min(POWERS.len() - 1)];
            Arc::new(Float32Array::new(
                values
                    .into_iter()
                    .map(|value| (value as f64 / scale) as f32)
                    .collect(),
                nulls,
            ))
        }
        DataType::Decimal(precision, scale) => {
            let array = Decimal128Array::new(values.into_iter().map(i128::from).collect(), nulls);
            Arc::new(array.with_precision_and_scale(*precision, *scale)?)
        }
        DataType::Date => narrow!(Date32Array, i32),
        DataType::Timestamp(TimeUnit::Second) => {
            Arc::new(TimestampSecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Millisecond) => {
            Arc::new(TimestampMillisecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Microsecond) => {
            Arc::new(TimestampMicrosecondArray::new(values.into(), nulls))
        }
        DataType::Timestamp(TimeUnit::Nanosecond) => {
            Arc::new(TimestampNanosecondArray::new(values.into(), nulls))
        }
        DataType::String | DataType::Other(_) => {
            return Err(arrow::error::ArrowError::InvalidArgumentError(format!(
                "{data_type} holds no ticks"
            )));
        }
    })
}
