//! Cells: each a pure function of (model, seed, plan, table, row, column).
//!
//! Any list of rows of any table can be asked for, in any order; what a row depends on
//! (its owner, its owner's owner, the key it refers to) is computed again from its address
//! instead of being looked up. The unit of work is a batch of a few thousand rows: symbols
//! column by column, then Arrow arrays.

mod arrays;
mod chain;
mod context;
mod decode;
mod keys;
mod shape;
mod wanted;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt64Array};
use arrow::compute::take;
use prodlike_core::generator::{
    GenerateArgs, Generator, GeneratorError, GeneratorRegistry, GeneratorSpec, Sibling,
};
use prodlike_core::model::{EdgeKind, Feature, Fill, Model, Sequence, TableModel, Target};
use prodlike_core::progress::Cancel;
use prodlike_core::schema::{Column, SemanticType};
use prodlike_core::shown::Shown;
use prodlike_models::codec;
use prodlike_models::finer::Runs;
use prodlike_models::permutation::Permutation;
use prodlike_models::philox::{Stream, key, mix};
use prodlike_models::tree::{Block, Sampler};

pub(crate) use self::arrays::integers;
use self::arrays::{present, with_nulls};
use self::decode::finer;
use self::keys::{check_keys, kept_symbols};
use crate::error::Error;
use crate::implied::implied;
use crate::plan::{self, Plan, Stub};
use crate::plugins::agrees_by_names;

/// The row number that stands for "no owner".
const NOBODY: u64 = u64::MAX;

/// A model made ready to be asked for cells.
pub(crate) struct Cells {
    model: Arc<Model>,
    plan: Plan,
    /// The relationships that each follows from, if it does.
    implied: Vec<Option<(usize, usize)>>,
    /// The class of every parent of a relationship whose rows choose a class.
    parent_classes: Vec<Option<Vec<u8>>>,
    seed: u64,
    tables: Vec<Table>,
}

struct Table {
    samplers: Vec<Sampler>,
    /// How variables of a chain follow; `None` for the others.
    next: Vec<Option<Sampler>>,
    streams: Vec<Stream>,
    /// The symbol of each row of a kept parent, for variables that refer to one.
    kept_symbols: Vec<Vec<u8>>,
    /// The variables of second symbols, with what they leave of each bin; parallel to the
    /// schema's columns.
    finer: Vec<Option<(usize, Runs)>>,
    /// For such variables of tables that are planned whole: the row referred to by each row.
    planned: BTreeMap<usize, Vec<u32>>,
    /// Parallel to the schema's columns.
    columns: Vec<Source>,
    owner: Option<(usize, usize)>,
    /// Features that the columns of the table itself want.
    wanted: Vec<bool>,
    /// All symbols of a small table, drawn once.
    whole: Option<Whole>,
    /// Rows, and as many more as orphans elsewhere pretend there to be.
    key_domain: u64,
}

/// What a column's values come from, besides its fill.
struct Source {
    generator: Option<Arc<dyn Generator>>,
    /// What the generator is shown.
    context: Vec<(SemanticType, Shown)>,
    key: u64,
    /// Relationships that the column is part of the child key of, widest key first, and
    /// its place in each.
    foreign: Vec<(usize, usize)>,
}

/// What rows refer to, and which rows that is.
type Referred = (Vec<Stub>, Vec<u64>);

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
    details: Details,
    owned: Option<Owned>,
    /// The values of numbers that others are computed from, once they are known.
    terms: RefCell<BTreeMap<usize, Vec<i64>>>,
}

/// What was drawn of a whole table.
struct Whole {
    block: Block,
    details: Details,
}

/// What decoding needs beside symbols, variable by variable; empty where nothing was drawn.
struct Details {
    /// The second random word of each row.
    bits: Vec<Vec<u32>>,
    /// The values themselves, where a chain made them.
    values: Vec<Vec<i64>>,
}

impl Whole {
    /// What was drawn of some rows.
    fn of(&self, rows: &[u64], wanted: &[bool], details: Option<&mut Details>) -> Block {
        if let Some(details) = details {
            *details = self.details.at(rows.iter().map(|&row| row as usize));
        }
        let mut block = Block::new(wanted.len(), rows.len());
        for feature in (0..wanted.len()).filter(|&feature| wanted[feature]) {
            let from = self.block.column(feature);
            for (symbol, &row) in block.column_mut(feature).iter_mut().zip(rows) {
                *symbol = from[row as usize];
            }
        }
        block
    }
}

impl Details {
    fn new(variables: usize) -> Details {
        Details {
            bits: vec![Vec::new(); variables],
            values: vec![Vec::new(); variables],
        }
    }

    /// Those of some rows.
    fn at(&self, rows: impl Iterator<Item = usize> + Clone) -> Details {
        fn some<T: Copy>(of: &[T], rows: impl Iterator<Item = usize>) -> Vec<T> {
            rows.filter_map(|row| of.get(row).copied()).collect()
        }
        Details {
            bits: (self.bits.iter())
                .map(|of| some(of, rows.clone()))
                .collect(),
            values: (self.values.iter())
                .map(|of| some(of, rows.clone()))
                .collect(),
        }
    }
}

impl Cells {
    /// Prepares samplers, streams and generators.
    ///
    /// # Errors
    /// A generator that is unknown; [`Error::Interrupted`].
    pub(crate) fn new(
        model: &Arc<Model>,
        plan: Plan,
        seed: u64,
        registry: &dyn GeneratorRegistry,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let mut tables = Vec::with_capacity(model.tables.len());
        for (index, learned) in model.tables.iter().enumerate() {
            let schema = &model.schema.tables[index];
            let streams = learned.drawn.iter().map(|drawn| {
                let name = match drawn.target {
                    Target::Column(column) | Target::Finer(column) | Target::Distinct(column) => {
                        schema.columns[column].name.clone()
                    }
                    Target::Relationship(edge) => model.schema.relationships[edge].name(),
                    Target::Degree(edge) | Target::Reference(edge) => {
                        model.schema.relationships[edge].name()
                    }
                    Target::Latent(edge) => model.schema.relationships[edge].name(),
                };
                let what = match drawn.target {
                    Target::Degree(_) => "fan-out",
                    Target::Latent(_) => "class",
                    Target::Finer(_) => "finer",
                    Target::Distinct(_) => "distinct",
                    Target::Reference(_) => "reference",
                    _ => "draw",
                };
                Stream::new(key(seed, &[&schema.name, &name, what]))
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
                let name = match plugin_group(&learned.fills, position) {
                    Some(first) => &schema.columns[first].name,
                    None => &column.name,
                };
                columns.push(Source {
                    generator,
                    context: Vec::new(),
                    key: key(seed, &[&schema.name, name, "fill"]),
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
                next: learned
                    .drawn
                    .iter()
                    .map(|drawn| Some(Sampler::new(&drawn.next.as_ref()?.tree)))
                    .collect(),
                streams: streams.collect(),
                kept_symbols: learned
                    .drawn
                    .iter()
                    .map(|drawn| kept_symbols(&drawn.codec))
                    .collect(),
                finer: (0..schema.columns.len())
                    .map(|column| finer(learned, column))
                    .collect(),
                planned: BTreeMap::new(),
                columns,
                owner: plan::owner(model, index),
                wanted: Vec::new(),
                whole: None,
                key_domain: plan.rows[index] + spans.max().unwrap_or(0),
            });
        }
        context::connect(model, &mut tables);
        check_keys(model, &plan, &tables)?;
        let kinds: Vec<Option<EdgeKind>> = model.edges.iter().map(|it| Some(it.kind)).collect();
        let mut cells = Cells {
            model: Arc::clone(model),
            plan,
            implied: implied(&model.schema, &kinds),
            parent_classes: vec![None; model.edges.len()],
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
        cells.shape(cancel)?;
        Ok(cells)
    }

    /// Returns the plan, whose fan-outs are settled.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
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
            Fill::Sequence(Sequence {
                grouped: false,
                presence: None,
                ..
            })
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
        let needed = self.with_context(table, columns);
        let wanted = if every {
            self.tables[table].wanted.clone()
        } else {
            let mut wanted = vec![false; learned.features.len()];
            for &column in &needed {
                self.want(table, column, &mut wanted);
            }
            self.closure(table, wanted)
        };
        let needs_owner = every
            || wanted.contains(&true)
            || needed.iter().any(|&column| !self.is_counter(table, column));
        let owned = if needs_owner {
            self.owned(table, rows)
        } else {
            None
        };
        let mut details = Details::new(learned.drawn.len());
        let block = self.symbols(table, rows, owned.as_ref(), &wanted, Some(&mut details));
        let batch = Batch {
            rows,
            block,
            details,
            owned,
            terms: RefCell::default(),
        };
        let mut foreign: Vec<Option<Vec<ArrayRef>>> = vec![None; self.model.edges.len()];
        let mut statuses: Vec<Option<Vec<Stub>>> = vec![None; self.model.edges.len()];
        let mut made: Vec<Option<ArrayRef>> = vec![None; learned.fills.len()];
        for &column in &needed {
            let array = if matches!(learned.fills[column], Fill::ForeignKey) {
                self.foreign_key(table, column, &batch, &mut foreign, &mut statuses)?
            } else {
                self.own(table, column, &batch, &made)?
            };
            made[column] = Some(array);
        }
        let made = columns.iter().map(|&column| made[column].clone());
        made.collect::<Option<_>>()
            .ok_or_else(|| Error::Internal("a column was not made".into()))
    }

    /// Marks the drawn variables that a column is decoded from.
    fn want(&self, table: usize, column: usize, wanted: &mut [bool]) {
        let learned = &self.model.tables[table];
        let columns = self.computed_from(table, column);
        for (feature, of) in learned.features.iter().enumerate() {
            let Feature::Drawn(drawn) = *of else { continue };
            wanted[feature] |= match learned.drawn[drawn].target {
                Target::Column(target) | Target::Finer(target) => columns.contains(&target),
                Target::Relationship(edge) => self.tables[table].columns[column]
                    .foreign
                    .iter()
                    .any(|&(foreign, _)| foreign == edge),
                Target::Degree(_)
                | Target::Latent(_)
                | Target::Reference(_)
                | Target::Distinct(_) => false,
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
        details: Option<&mut Details>,
    ) -> Block {
        if let Some(whole) = &self.tables[table].whole {
            return whole.of(rows, wanted, details);
        }
        let features = &self.model.tables[table].features;
        let follows = |feature: usize| match features[feature] {
            Feature::Drawn(drawn) => self.model.tables[table].drawn[drawn].follows(),
            _ => false,
        };
        match owned.filter(|_| (0..features.len()).any(|it| wanted[it] && follows(it))) {
            Some(owned) => self.chained(table, rows, owned, wanted, details),
            None => {
                let mut block = Block::new(features.len(), rows.len());
                self.alone(table, rows, owned, wanted, &mut block, details, false);
                block
            }
        }
    }

    /// Draws the wanted features of ascending rows that depend on no row before; `evenly` by
    /// shares, where the rows are a whole table.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a row depends on, and where it goes"
    )]
    fn alone(
        &self,
        table: usize,
        rows: &[u64],
        owned: Option<&Owned>,
        wanted: &[bool],
        block: &mut Block,
        mut details: Option<&mut Details>,
        evenly: bool,
    ) {
        let learned = &self.model.tables[table];
        let n = rows.len();
        self.inherit(table, owned, wanted, block);
        let mut found: Vec<Option<Referred>> = vec![None; self.model.edges.len()];
        self.refer(table, rows, owned, wanted, block, &mut found);
        let (mut first, mut second, mut out) = (vec![0; n], vec![0; n], vec![0; n]);
        for (feature, of) in learned.features.iter().enumerate() {
            if !wanted[feature] {
                continue;
            }
            match *of {
                Feature::Degree(edge) => self.degrees(edge, rows, block.column_mut(feature)),
                Feature::Rank(edge, parts) => {
                    if let Some(plan) = &self.plan.edges[edge] {
                        for (&row, symbol) in rows.iter().zip(block.column_mut(feature)) {
                            *symbol = plan.part(row, parts);
                        }
                    }
                }
                Feature::Status(edge) => {
                    let stubs = match (&self.plan.edges[edge], self.implied[edge]) {
                        (None, _) => continue,
                        (Some(plan), None) => rows.iter().map(|&row| plan.stub(row)).collect(),
                        (Some(_), Some(_)) => self.referred(table, edge, rows, owned).0,
                    };
                    for (stub, symbol) in stubs.into_iter().zip(block.column_mut(feature)) {
                        *symbol = match stub {
                            Stub::Null => 0,
                            Stub::Orphan(_) => 1,
                            Stub::Matched(_) => 2,
                        };
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
                Feature::Place | Feature::Left => {
                    let Some(owned) = owned else { continue };
                    for (i, symbol) in block.column_mut(feature).iter_mut().enumerate() {
                        let place = match (owned.owner[i], of) {
                            // Who has no owner has no siblings.
                            (NOBODY, _) => 0,
                            (_, Feature::Place) => owned.place[i],
                            _ => owned.size[i] - 1 - owned.place[i],
                        };
                        *symbol = place.min(Feature::PLACES) as u8;
                    }
                }
                Feature::Owner(_)
                | Feature::Parent(..)
                | Feature::Toward
                | Feature::Slack
                | Feature::Previous(_)
                | Feature::Other(_)
                | Feature::Distinct(_)
                | Feature::Ahead(_)
                | Feature::Spare(_)
                | Feature::Open
                | Feature::Last(..)
                | Feature::Had(..)
                | Feature::Habit(_)
                | Feature::Step(_) => {}
                Feature::Drawn(drawn) if learned.drawn[drawn].follows() => {}
                Feature::Drawn(drawn) if self.tables[table].planned.contains_key(&drawn) => {
                    self.planned(table, drawn, rows, block.column_mut(feature));
                }
                Feature::Drawn(drawn) => {
                    if let Target::Degree(edge) = learned.drawn[drawn].target
                        && let Some(plan) = &self.plan.edges[edge]
                        && plan.is_wished()
                    {
                        self.degrees(edge, rows, block.column_mut(feature));
                        continue;
                    }
                    if let Target::Reference(edge) = learned.drawn[drawn].target
                        && let Some(classes) = &self.parent_classes[edge]
                    {
                        let (stubs, parents) = found[edge]
                            .get_or_insert_with(|| self.referred(table, edge, rows, owned));
                        let last = learned.drawn[drawn].codec.symbols() as u8 - 1;
                        let chosen = stubs.iter().zip(parents.iter());
                        for (symbol, (stub, &parent)) in
                            block.column_mut(feature).iter_mut().zip(chosen)
                        {
                            *symbol = match (classes.get(parent as usize), stub) {
                                (Some(&class), _) => class,
                                (None, Stub::Null) => last,
                                (None, _) => last - 1,
                            };
                        }
                        continue;
                    }
                    let stream = &self.tables[table].streams[drawn];
                    stream.fill(rows, &mut first, &mut second);
                    match evenly {
                        true => {
                            let start = Stream::new(stream.at(u64::MAX >> 1));
                            let tree = &learned.drawn[drawn].tree;
                            tree.share_out(block, &first, &start, &mut out);
                        }
                        false => self.tables[table].samplers[drawn].draw(block, &first, &mut out),
                    }
                    if let Some(shift) = &learned.drawn[drawn].shift {
                        let base = block.column(self.feature_of(table, shift.base));
                        let codecs = (
                            &learned.drawn[shift.base].codec,
                            &learned.drawn[drawn].codec,
                        );
                        for (symbol, &base) in out.iter_mut().zip(base) {
                            *symbol = shift.symbol(codecs, base, *symbol);
                        }
                    }
                    block.column_mut(feature).copy_from_slice(&out);
                    if let Some(details) = &mut details {
                        if evenly {
                            codec::spread(&out, &mut second);
                        }
                        details.bits[drawn] = second.clone();
                    }
                }
            }
        }
    }

    /// The classes of the fan-outs of rows.
    fn degrees(&self, edge: usize, rows: &[u64], symbols: &mut [u8]) {
        if let Some(plan) = &self.plan.edges[edge] {
            rows.iter()
                .zip(symbols)
                .for_each(|(&row, symbol)| *symbol = plan.degree(row).1);
        }
    }

    /// The symbols of references that were planned for the whole table.
    fn planned(&self, table: usize, drawn: usize, rows: &[u64], symbols: &mut [u8]) {
        let (planned, of) = (
            &self.tables[table].planned[&drawn],
            &self.tables[table].kept_symbols[drawn],
        );
        for (&row, symbol) in rows.iter().zip(symbols) {
            let parent = planned[row as usize] as usize;
            *symbol = of.get(parent).copied().unwrap_or(0);
        }
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
        let theirs = self.wanted_for(parent, inherited.iter().map(|&(_, feature)| feature));
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

    /// Copies the wanted features of the rows that rows refer to.
    fn refer(
        &self,
        table: usize,
        rows: &[u64],
        owned: Option<&Owned>,
        wanted: &[bool],
        block: &mut Block,
        found: &mut [Option<Referred>],
    ) {
        let features = &self.model.tables[table].features;
        for (edge, found) in found.iter_mut().enumerate() {
            let referred: Vec<(usize, usize)> = (0..features.len())
                .filter(|&feature| wanted[feature])
                .filter_map(|feature| match features[feature] {
                    Feature::Parent(of, theirs) if of == edge => Some((feature, theirs)),
                    _ => None,
                })
                .collect();
            let parent = &self.model.schema.relationships[edge].parent_table;
            let Some(parent) = self.model.schema.table_idx(parent) else {
                continue;
            };
            if referred.is_empty() {
                continue;
            }
            let (_, parents) = found.get_or_insert_with(|| self.referred(table, edge, rows, owned));
            let mut distinct: Vec<u64> = parents
                .iter()
                .copied()
                .filter(|&parent| parent != NOBODY)
                .collect();
            distinct.sort_unstable();
            distinct.dedup();
            let theirs = self.wanted_for(parent, referred.iter().map(|&(_, feature)| feature));
            let above = self.owned(parent, &distinct);
            let above = self.symbols(parent, &distinct, above.as_ref(), &theirs, None);
            let at: Vec<usize> = parents
                .iter()
                .map(|parent| distinct.binary_search(parent).unwrap_or(usize::MAX))
                .collect();
            for (feature, theirs) in referred {
                let from = above.column(theirs);
                for (symbol, &at) in block.column_mut(feature).iter_mut().zip(&at) {
                    *symbol = from.get(at).copied().unwrap_or(0);
                }
            }
        }
    }

    /// Makes a column that is no foreign key.
    fn own(
        &self,
        table: usize,
        column: usize,
        batch: &Batch<'_>,
        made: &[Option<ArrayRef>],
    ) -> Result<ArrayRef, Error> {
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
                let values = self.arrow(table, integers(&schema.data_type, 0, values, None))?;
                self.present(table, values, sequence.presence, batch)
            }
            Fill::Generated { presence, .. } => {
                let values = {
                    let context = self.context(table, column, batch.rows, Some(batch), made)?;
                    self.generate(table, column, batch.rows, &context)?
                };
                self.present(table, values, *presence, batch)
            }
            Fill::ForeignKey => Err(Error::Internal(format!(
                "`{}` is a foreign key",
                schema.name
            ))),
        }
    }

    /// Clears the values that a variable says are NULL.
    fn present(
        &self,
        table: usize,
        values: ArrayRef,
        presence: Option<usize>,
        batch: &Batch<'_>,
    ) -> Result<ArrayRef, Error> {
        let Some(drawn) = presence else {
            return Ok(values);
        };
        let symbols = batch.block.column(self.feature_of(table, drawn));
        self.arrow(table, with_nulls(values, present(symbols)))
    }

    fn feature_of(&self, table: usize, drawn: usize) -> usize {
        let features = &self.model.tables[table].features;
        features
            .iter()
            .position(|of| *of == Feature::Drawn(drawn))
            .unwrap_or(0)
    }

    fn generate(
        &self,
        table: usize,
        column: usize,
        rows: &[u64],
        context: &[Sibling],
    ) -> Result<ArrayRef, Error> {
        let source = &self.tables[table].columns[column];
        let schema = &self.model.schema.tables[table];
        let fail = |source| Error::Generator {
            table: schema.name.clone(),
            column: schema.columns[column].name.clone(),
            source: Box::new(source),
        };
        let Some(generator) = &source.generator else {
            return Err(Error::Internal(format!(
                "`{}` has no generator",
                schema.columns[column].name
            )));
        };
        let (mut low, mut high) = (vec![0; rows.len()], vec![0; rows.len()]);
        Stream::new(source.key).fill(rows, &mut low, &mut high);
        let seeds: Vec<u64> = low
            .iter()
            .zip(&high)
            .map(|(&low, &high)| u64::from(low) | u64::from(high) << 32)
            .collect();
        let args = GenerateArgs {
            data_type: &schema.columns[column].data_type,
            rows,
            seeds: &seeds,
            key: source.key,
            table_rows: self.tables[table].key_domain.max(1),
            context,
        };
        let values = generator.generate(&args).map_err(fail)?;
        if !schema.columns[column].nullable
            && let Some(nulls) = values.nulls()
            && let Some(at) = (0..nulls.len()).find(|&at| nulls.is_null(at))
        {
            return Err(fail(GeneratorError::Null {
                name: schema.columns[column].generator.clone().unwrap_or_default(),
                row: rows[at],
            }));
        }
        Ok(values)
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

/// Where the feature stands that says how many values a variable has in a chain.
fn total_of(learned: &TableModel, drawn: usize) -> Option<usize> {
    let Target::Column(column) = learned.drawn[drawn].target else {
        return None;
    };
    let counts = |feature: &Feature| match *feature {
        Feature::Drawn(it) => learned.drawn[it].target == Target::Distinct(column),
        _ => false,
    };
    learned.features.iter().position(counts)
}

/// The first of the columns that a plugin fills together with one, if a plugin fills it, or of
/// the templates whose patterns have names, if it is one: these have the same seeds, so that a
/// card's number and its brand agree. Of several columns with the same output, the first belongs
/// to the first of the others, and so on.
fn plugin_group(fills: &[Fill], column: usize) -> Option<usize> {
    let spec = |at: usize| match fills.get(at) {
        Some(Fill::Generated { spec, .. }) if spec.plugin.is_some() => Some(spec),
        _ => None,
    };
    let names = |fill: &Fill| match fill {
        Fill::Generated { spec, .. } => agrees_by_names(spec),
        _ => false,
    };
    if fills.get(column).is_some_and(names) {
        return fills.iter().position(names);
    }
    let own = spec(column)?;
    let together = |at: &usize| {
        spec(*at).is_some_and(|it| {
            (&it.plugin, &it.options, &it.locale) == (&own.plugin, &own.options, &own.locale)
        })
    };
    let number = |at: usize| {
        let same = |it: &usize| spec(*it).map(|it| &it.name) == spec(at).map(|it| &it.name);
        (0..at).filter(together).filter(same).count()
    };
    let n = number(column);
    (0..=column).filter(together).find(|&at| number(at) == n)
}

/// The value of a slot, in the type's ticks.
fn value_at(sequence: &Sequence, slot: u64) -> i64 {
    let wide = i128::from(sequence.start) + i128::from(sequence.step) * i128::from(slot);
    wide.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Builds the generator of a column.
pub(crate) fn build(
    registry: &dyn GeneratorRegistry,
    table: &str,
    column: &Column,
    spec: &GeneratorSpec,
) -> Result<Arc<dyn Generator>, Error> {
    registry.build(spec).map_err(|source| Error::Generator {
        table: table.to_string(),
        column: column.name.clone(),
        source: Box::new(source),
    })
}
