//! What the variables of a table may depend on, in the order in which they are drawn.
//!
//! First what is known of a row without drawing (its owner's symbols, its references' symbols,
//! its keys, its place among its siblings), then its shape (fan-outs and what its children
//! share), then its attributes. A variable may depend on every feature before it.

use arrow::array::{Array, RecordBatch};
use prodlike_core::model::{
    Chain, EdgeKind, EdgeModel, Feature, Fill, NextCodec, Sequence, Target, Toward,
};
use prodlike_core::schema::TableMode;
use prodlike_models::codec::{Codec, MAX_SYMBOLS};
use prodlike_models::teacher::{self, Sample};
use rayon::prelude::*;

use super::chain::{self, Siblings};
use super::columns::Encoding;
use super::counts::{self, Counted};
use super::formulas::depths;
use super::teach::params;
use super::{Fitter, Following, Variable, encode, habits};
use crate::error::Error;

/// Most inherited features of a table: the owner's own first.
const MAX_INHERITED: usize = 64;
/// Most levels of which a chain remembers each.
const FEW: usize = 12;
/// Most features of one referred row.
const MAX_REFERRED: usize = 32;

/// One table on its way: symbols of the sample, before the teachers.
pub(super) struct Learning {
    pub(super) rows: u64,
    pub(super) kept: Option<RecordBatch>,
    pub(super) floor: Option<u32>,
    pub(super) features: Vec<Feature>,
    /// Parallel to `features`.
    pub(super) symbols: Vec<Vec<u8>>,
    /// In drawing order; their symbols have become features.
    pub(super) drawn: Vec<Variable>,
    pub(super) fills: Vec<Fill>,
    pub(super) chain: Option<Chain>,
    /// The row before each row of a chain, [`u32::MAX`] for none.
    pub(super) previous: Vec<u32>,
    pub(super) entities: Vec<Vec<u32>>,
    pub(super) held_out: Vec<bool>,
}

impl Learning {
    /// The feature that tells the parents of a relationship apart, and its number of symbols: as
    /// [`prodlike_core::model::TableModel::classes_of`].
    fn classes_of(&self, edge: usize) -> Option<(usize, usize)> {
        let of = |(at, feature): (usize, &Feature)| match *feature {
            Feature::Rank(it, parts) if it == edge => Some((at, usize::from(parts) + 1)),
            Feature::Drawn(drawn) if self.drawn[drawn].target == Target::Latent(edge) => {
                Some((at, self.drawn[drawn].codec.symbols()))
            }
            _ => None,
        };
        self.features.iter().enumerate().find_map(of)
    }

    fn push(&mut self, feature: Feature, symbols: Vec<u8>) {
        self.features.push(feature);
        self.symbols.push(symbols);
    }

    fn draw(&mut self, mut variable: Variable) {
        let symbols = std::mem::take(&mut variable.symbols);
        self.push(Feature::Drawn(self.drawn.len()), symbols);
        self.drawn.push(variable);
    }
}

impl Fitter<'_> {
    /// Lays out the features of every table, parents first.
    pub(super) fn learnings(
        &self,
        order: &[usize],
        edges: &[EdgeModel],
        encodings: Vec<Encoding>,
        shapes: Vec<Vec<Variable>>,
        go_on: impl Fn() -> Result<(), Error>,
    ) -> Result<Vec<Learning>, Error> {
        let mut done: Vec<Option<Learning>> = encodings.iter().map(|_| None).collect();
        let mut parts: Vec<Option<(Encoding, Vec<Variable>)>> =
            encodings.into_iter().zip(shapes).map(Some).collect();
        for &table in order {
            go_on()?;
            if let Some((encoding, shapes)) = parts[table].take() {
                done[table] = Some(self.learning(table, edges, encoding, shapes, &done)?);
            }
        }
        Ok(done.into_iter().flatten().collect())
    }

    fn learning(
        &self,
        table: usize,
        edges: &[EdgeModel],
        mut encoding: Encoding,
        shapes: Vec<Variable>,
        done: &[Option<Learning>],
    ) -> Result<Learning, Error> {
        let entities = self.entities[table].clone();
        let mut learning = Learning {
            rows: self.rows[table],
            kept: None,
            floor: (!entities.is_empty()).then_some(self.schema.privacy.k),
            features: Vec::new(),
            symbols: Vec::new(),
            drawn: Vec::new(),
            fills: Vec::new(),
            chain: None,
            previous: Vec::new(),
            held_out: self.held_out(table),
            entities,
        };
        if self.schema.tables[table].mode == TableMode::Keep {
            learning.kept = Some(self.samples[table].batch.clone());
            return Ok(learning);
        }
        let references = self.references(table, done)?;
        self.key_features(table, edges, &shapes, &references, &mut learning)?;
        self.inherited_features(table, done, &mut learning)?;
        self.referred_features(table, done, references, &mut learning)?;
        let siblings = self.siblings(table, &encoding)?;
        let [mut ranks, mut other] = ranks(&learning, &shapes, &encoding.variables);
        let chained = siblings.and_then(|siblings| {
            self.chained(
                table,
                &learning,
                &shapes,
                &mut encoding,
                [&mut ranks, &mut other],
                siblings,
            )
        });
        learning.fills = std::mem::take(&mut encoding.fills);
        self.slot_features(table, &mut learning)?;
        if let Some(siblings) = &chained {
            learning.push(Feature::Place, siblings.place.clone());
            learning.push(Feature::Left, siblings.left.clone());
        }
        // Ranks are known as soon as all fan-outs are, before what children share.
        let mut ranked = self.ranked(table).into_iter().peekable();
        for shape in shapes {
            if matches!(shape.target, Target::Latent(_)) {
                for (feature, symbols) in ranked.by_ref() {
                    learning.push(feature, symbols);
                }
            }
            learning.draw(shape);
        }
        for (feature, symbols) in ranked {
            learning.push(feature, symbols);
        }
        if let Some(siblings) = &chained {
            for &ordered in &siblings.order {
                encoding.variables[ordered].formula = None;
            }
        }
        let order = drawing_order(&ranks, chained.as_ref(), &depths(&encoding.variables));
        let shifts = match chained {
            None => self.shifts(table, &learning, &encoding.variables, &order),
            Some(_) => Vec::new(),
        };
        for (variable, shifted) in encoding.variables.iter_mut().zip(shifts) {
            variable.shifted = shifted;
        }
        let mut finer = finer_variables(&mut encoding, chained.as_ref());
        let mut leads = None;
        let mut places = Vec::new();
        if let Some(siblings) = &chained {
            if let Some((toward, symbols)) = self.toward(table, &learning, &encoding, siblings)? {
                leads = Some(toward);
                let left = siblings.left.iter().zip(&symbols);
                let slack = left.map(|(&left, &toward)| Toward::slack(left, toward));
                let slack = slack.collect();
                learning.push(Feature::Toward, symbols);
                learning.push(Feature::Slack, slack);
            }
            let counts = self.counts(table, &encoding, siblings)?;
            let mut place = learning.drawn.len() + counts.iter().flatten().count();
            places = vec![0; counts.len()];
            for &index in &order {
                places[index] = place;
                place += 1 + usize::from(finer[index].is_some());
            }
            let open = counts::open(&encoding, siblings, &counts);
            let counts: Vec<(usize, Counted)> = (counts.into_iter().enumerate())
                .filter_map(|(index, counted)| Some((index, counted?)))
                .collect();
            let (mut numbers, mut levels): (Vec<_>, Vec<_>) = counts
                .into_iter()
                .partition(|(_, counted)| counted.is_number);
            for counts in [&mut numbers, &mut levels] {
                counts.sort_by_key(|&(index, _)| places[index]);
            }
            // What is ahead of a number tells what is left for the next one.
            for (_, counted) in &numbers {
                learning.draw(counted.variable());
            }
            let n_numbers = numbers.len();
            for (at, (index, counted)) in numbers.into_iter().chain(levels).enumerate() {
                if at >= n_numbers {
                    learning.draw(counted.variable());
                }
                learning.push(Feature::Ahead(places[index]), counted.ahead);
                learning.push(Feature::Spare(places[index]), counted.spare);
            }
            if let Some(open) = open {
                learning.push(Feature::Open, open);
            }
            for &index in &order {
                let (variable, place) = (&encoding.variables[index], places[index]);
                if let Some(next) = &variable.next {
                    let symbols = chain::before(&siblings.previous, &variable.symbols);
                    learning.push(Feature::Previous(place), symbols);
                    if habits::may_have(variable) && !siblings.order.contains(&index) {
                        let unknown = vec![0; siblings.previous.len()];
                        learning.push(Feature::Habit(place), unknown);
                    }
                    if !next.distinct.is_empty() {
                        learning.push(Feature::Distinct(place), next.distinct.clone());
                    }
                    let n_symbols = match variable.codec {
                        Codec::Levels { .. } => variable.codec.symbols(),
                        _ => 0,
                    };
                    if n_symbols > FEW {
                        let symbols = chain::others(&siblings.previous, &variable.symbols);
                        learning.push(Feature::Other(place), symbols);
                    } else if n_symbols > 2 {
                        for symbol in 0..n_symbols as u8 {
                            let had = chain::had(&siblings.previous, &variable.symbols, symbol);
                            learning.push(Feature::Had(place, symbol), had);
                        }
                    }
                }
            }
        }
        let turns = chained.as_ref().and_then(|siblings| {
            let variables = encoding.variables.iter().enumerate();
            chain::turns(&siblings.previous, variables)
        });
        let mut lasts = Vec::new();
        if let (Some(siblings), Some(turns)) = (&chained, turns) {
            let after = order.iter().skip_while(|it| **it != turns).skip(1);
            for (&index, variable) in after.map(|it| (it, &encoding.variables[*it])) {
                if variable.next.is_some() && variable.codec.symbols() < MAX_SYMBOLS {
                    let same = &encoding.variables[turns].symbols;
                    let symbols = chain::lasts(&siblings.previous, same, &variable.symbols);
                    lasts.push((index, symbols));
                }
            }
        }
        let mut place = vec![0; encoding.variables.len()];
        let mut variables: Vec<Option<Variable>> =
            encoding.variables.into_iter().map(Some).collect();
        for &index in &order {
            let drawn = learning.drawn.len();
            place[index] = drawn;
            let Some(mut variable) = variables[index].take() else {
                continue;
            };
            if let Some(shifted) = &mut variable.shifted {
                shifted.shift.base = place[shifted.shift.base];
            }
            if let Some(formula) = &mut variable.formula {
                (formula.left, formula.right) = (place[formula.left], place[formula.right]);
            }
            let step = steps(&variable, chained.as_ref());
            learning.draw(variable);
            if let Some(step) = step {
                learning.push(Feature::Step(drawn), step);
            }
            if turns == Some(index) {
                for (of, symbols) in lasts.drain(..) {
                    learning.push(Feature::Last(drawn, places[of]), symbols);
                }
            }
            finer[index]
                .take()
                .into_iter()
                .for_each(|finer| learning.draw(finer));
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
        if let Some(siblings) = chained {
            let whole: Vec<usize> = siblings.order.iter().map(|&it| place[it]).collect();
            let ascends = |&it: &usize| match learning.drawn[it].codec {
                Codec::Integer { .. } => true,
                Codec::Levels { .. } => siblings.strict && whole.last() == Some(&it),
                _ => false,
            };
            let order: Vec<usize> = whole.iter().copied().filter(ascends).collect();
            learning.chain = Some(Chain {
                strict: siblings.strict && order.len() == whole.len(),
                order,
                toward: leads,
            });
            learning.previous = siblings.previous;
            learning.find_habits();
        }
        Ok(learning)
    }

    /// What is known of a row's keys, and of fan-outs that nothing says anything of.
    fn key_features(
        &self,
        table: usize,
        edges: &[EdgeModel],
        shapes: &[Variable],
        references: &[(usize, Option<Variable>)],
        learning: &mut Learning,
    ) -> Result<(), Error> {
        let name = &self.schema.tables[table].name;
        for (edge, model) in edges.iter().enumerate() {
            let relationship = &self.schema.relationships[edge];
            let Some(kind) = self.kinds[edge].filter(|kind| *kind != EdgeKind::Kept) else {
                continue;
            };
            let is_shape = shapes
                .iter()
                .any(|shape| shape.target == Target::Degree(edge));
            let is_implied = self.implied[edge].is_some();
            if relationship.parent_table == *name
                && model.law.classes.len() > 1
                && !is_shape
                && !is_implied
            {
                let child = self.index(&relationship.child_table)?;
                if let Some(symbols) = self.degree_classes(edge, table, child, model) {
                    learning.push(Feature::Degree(edge), symbols);
                }
            }
            let statuses = [model.matched, model.orphans, model.nulls]
                .iter()
                .filter(|&&count| count > 0)
                .count();
            let is_chosen = references
                .iter()
                .any(|(of, it)| *of == edge && it.is_some());
            if relationship.child_table == *name
                && statuses > 1
                && kind != EdgeKind::BridgeItem
                && !is_chosen
            {
                let batch = &self.samples[table].batch;
                let columns: Vec<_> = relationship
                    .child_key
                    .iter()
                    .filter_map(|key| batch.column_by_name(key))
                    .collect();
                let links = self.links(table, edge);
                let status = |row: usize| match links[row] {
                    u32::MAX if columns.iter().any(|column| column.is_null(row)) => 0,
                    u32::MAX => 1,
                    _ => 2,
                };
                let symbols = (0..links.len()).map(status).collect();
                learning.push(Feature::Status(edge), symbols);
            }
        }
        Ok(())
    }

    /// The class of every sampled parent's fan-out, where the sample holds all children.
    pub(super) fn degree_classes(
        &self,
        edge: usize,
        parent: usize,
        child: usize,
        model: &EdgeModel,
    ) -> Option<Vec<u8>> {
        let degrees = self.sample_degrees(edge, parent, child)?;
        let class = |&degree: &u64| model.law.class_of(degree) as u8;
        Some(degrees.iter().map(class).collect())
    }

    /// Where each sampled row's parent in a relationship stands in the parent's sample.
    pub(super) fn links(&self, table: usize, edge: usize) -> &[u32] {
        self.samples[table].links[edge]
            .as_deref()
            .unwrap_or_default()
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
            let symbol = |value: &Option<i64>| value.map_or(0, |it| sequence.symbol(slot(it)));
            let symbols = values.iter().map(symbol).collect();
            learning.push(Feature::Slot(position), symbols);
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
        let links = self.links(table, edge);
        let told = |feature: &Feature| {
            // What the owner's own chain remembers says nothing that the owner does not.
            !feature.follows() && *feature != Feature::Left
        };
        // Where every owner's rank is told, it says all: what else is known of so few owners would
        // tell them apart by chance.
        let ranked = |feature: &Feature| matches!(*feature, Feature::Rank(it, _) if it == edge);
        let has_ranks = above.features.iter().any(ranked);
        let mut theirs: Vec<usize> = (0..above.features.len())
            .filter(|&feature| {
                let it = &above.features[feature];
                told(it) && (!has_ranks || ranked(it)) && varies(&above.symbols[feature])
            })
            .collect();
        theirs.sort_by_key(|&feature| {
            let far = matches!(
                above.features[feature],
                Feature::Owner(_) | Feature::Parent(..)
            );
            (far, feature)
        });
        for feature in theirs.into_iter().take(MAX_INHERITED) {
            let symbols = chain::before(links, &above.symbols[feature]);
            learning.push(Feature::Owner(feature), symbols);
        }
        Ok(())
    }

    /// The relationships by which a table's rows refer to others, that which chooses among fewest
    /// first; and which class of parents each row refers to, where parents have classes and the
    /// choice is the row's own.
    fn references(
        &self,
        table: usize,
        done: &[Option<Learning>],
    ) -> Result<Vec<(usize, Option<Variable>)>, Error> {
        let mut references = Vec::new();
        for edge in 0..self.kinds.len() {
            let relationship = &self.schema.relationships[edge];
            let kind = self.kinds[edge];
            if relationship.child_table != self.schema.tables[table].name
                || !matches!(kind, Some(EdgeKind::Reference | EdgeKind::BridgeItem))
            {
                continue;
            }
            let parent = self.index(&relationship.parent_table)?;
            // A parent that comes later may depend on this table.
            let Some(above) = done[parent].as_ref().filter(|above| above.kept.is_none()) else {
                continue;
            };
            let is_own = kind == Some(EdgeKind::Reference) && self.implied[edge].is_none();
            let classes = above.classes_of(edge).filter(|_| is_own && parent != table);
            let variable = classes.and_then(|(feature, classes)| {
                let symbols = self.chosen(table, edge, &above.symbols[feature], classes)?;
                let codec = Codec::Classes(classes + 2);
                Some(Variable::new(Target::Reference(edge), codec, symbols))
            });
            references.push((edge, variable));
        }
        let bits = |variable: &Option<Variable>| {
            let symbols = variable
                .as_ref()
                .map(|variable| variable.symbols.as_slice());
            symbols.map_or(0.0, entropy)
        };
        references
            .sort_by(|(a, left), (b, right)| bits(left).total_cmp(&bits(right)).then(a.cmp(b)));
        Ok(references)
    }

    /// The class of the parent that each row refers to; behind the classes, orphans and rows
    /// without a key.
    fn chosen(&self, table: usize, edge: usize, of: &[u8], classes: usize) -> Option<Vec<u8>> {
        if classes < 3 || classes + 2 > MAX_SYMBOLS {
            return None;
        }
        let batch = &self.samples[table].batch;
        let keys = &self.schema.relationships[edge].child_key;
        let columns: Vec<_> = keys
            .iter()
            .filter_map(|key| batch.column_by_name(key))
            .collect();
        let links = self.links(table, edge).iter().enumerate();
        let symbols = links.map(|(row, &link)| match of.get(link as usize) {
            Some(&class) => class,
            None if columns.iter().any(|column| column.is_null(row)) => classes as u8 + 1,
            None => classes as u8,
        });
        Some(symbols.collect())
    }

    /// What is known of the rows that a row refers to, and which they are.
    fn referred_features(
        &self,
        table: usize,
        done: &[Option<Learning>],
        references: Vec<(usize, Option<Variable>)>,
        learning: &mut Learning,
    ) -> Result<(), Error> {
        for (edge, variable) in references {
            let relationship = &self.schema.relationships[edge];
            let parent = self.index(&relationship.parent_table)?;
            let Some(above) = done[parent].as_ref() else {
                continue;
            };
            let links = self.links(table, edge);
            let of = self.implied[edge].map_or(edge, |(_, above)| above);
            let ranked = |feature: &Feature| matches!(*feature, Feature::Rank(it, _) if it == of);
            let is_chosen = variable.is_some();
            variable
                .into_iter()
                .for_each(|variable| learning.draw(variable));
            // Where every parent's rank is told, it says all: what else is known of so few parents
            // would tell them apart by chance.
            if is_chosen && above.features.iter().any(ranked) {
                continue;
            }
            let has_own = above.features.iter().any(ranked);
            let theirs = (0..above.features.len()).filter(|&feature| {
                let it = &above.features[feature];
                let is_told = match has_own {
                    true => ranked(it),
                    false => matches!(it, Feature::Drawn(_)),
                };
                is_told && varies(&above.symbols[feature])
            });
            for feature in theirs.take(MAX_REFERRED) {
                let symbols = chain::before(links, &above.symbols[feature]);
                learning.push(Feature::Parent(edge, feature), symbols);
            }
        }
        Ok(())
    }
}

fn varies(symbols: &[u8]) -> bool {
    symbols.windows(2).any(|pair| pair[0] != pair[1])
}

/// Some rows of a table, by which ways of saying the same are compared.
pub(super) struct Few<'a> {
    pub(super) known: &'a Learning,
    pub(super) rows: Vec<u32>,
    entities: Vec<Vec<u32>>,
    held_out: Vec<bool>,
}

impl<'a> Few<'a> {
    pub(super) fn new(known: &'a Learning, rows: Vec<u32>) -> Few<'a> {
        let entities = known.entities.iter();
        Few {
            entities: entities
                .map(|kind| rows.iter().map(|&row| kind[row as usize]).collect())
                .collect(),
            held_out: rows
                .iter()
                .map(|&row| known.held_out[row as usize])
                .collect(),
            known,
            rows,
        }
    }

    /// What a column has in these rows.
    pub(super) fn of(&self, column: &[u8]) -> Vec<u8> {
        self.rows.iter().map(|&row| column[row as usize]).collect()
    }

    /// Bits a held-out row under a tree; all columns have these rows only.
    pub(super) fn bits(&self, target: &[u8], symbols: usize, features: &[&[u8]]) -> f64 {
        let entities: Vec<&[u32]> = self.entities.iter().map(Vec::as_slice).collect();
        let sample = Sample {
            target,
            symbols,
            features,
            entities: &entities,
            held_out: &self.held_out,
        };
        teacher::tree_bits(&sample, params(self.known.floor))
    }
}

/// The place of each in ascending order.
pub(super) fn places(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]).then(a.cmp(&b)));
    let mut ranks = vec![0; keys.len()];
    for (rank, it) in order.into_iter().enumerate() {
        ranks[it] = rank;
    }
    ranks
}

/// Rows by which orders of drawing are compared.
const COMPARED: usize = 1 << 13;

/// The place of every variable in two orders of drawing, that which costs held-out rows fewer bits
/// under trees first: those that say least by themselves first, being the cheapest context for
/// the rest; or those first that tell most of all others.
fn ranks(known: &Learning, shapes: &[Variable], variables: &[Variable]) -> [Vec<usize>; 2] {
    let n = variables.len();
    let rows: Vec<u32> = (0..known.held_out.len() as u32).collect();
    let few = Few::new(known, teacher::thin(&rows, COMPARED));
    let own: Vec<Vec<u8>> = variables.iter().map(|it| few.of(&it.symbols)).collect();
    let bits: Vec<f64> = variables.iter().map(|it| entropy(&it.symbols)).collect();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let shared: Vec<f64> = pairs
        .par_iter()
        .map(|&(a, b)| shared(&own[a], &own[b]))
        .collect();
    let mut told = vec![0.0; n];
    for (&(a, b), shared) in pairs.iter().zip(shared) {
        told[a] += shared;
        told[b] += shared;
    }
    let told: Vec<f64> = told.into_iter().map(|told| -told).collect();
    let candidates = [places(&bits), places(&told)];
    let given: Vec<Vec<u8>> = (known.symbols.iter())
        .chain(shapes.iter().map(|shape| &shape.symbols))
        .map(|symbols| few.of(symbols))
        .collect();
    let cost = |ranks: &[usize], variable: usize| {
        let earlier = (0..n).filter(|&other| ranks[other] < ranks[variable]);
        let features: Vec<&[u8]> = (given.iter().map(Vec::as_slice))
            .chain(earlier.map(|other| own[other].as_slice()))
            .collect();
        let symbols = variables[variable].codec.symbols();
        few.bits(&own[variable], symbols, &features)
    };
    let costs: Vec<f64> = candidates
        .par_iter()
        .map(|ranks| {
            let costs = (0..n).into_par_iter().map(|variable| cost(ranks, variable));
            // Summed in order, so that the sum is the same on any number of threads.
            costs.collect::<Vec<f64>>().iter().sum()
        })
        .collect();
    tracing::debug!("bits a row by order of drawing: {costs:.3?}");
    let [first, second] = candidates;
    match costs[1] < costs[0] {
        true => [second, first],
        false => [first, second],
    }
}

/// Bits that two columns tell of one another, less what chance would show.
fn shared(a: &[u8], b: &[u8]) -> f64 {
    let mut cells = vec![0u32; 1 << 16];
    let mut used = Vec::new();
    for (&a, &b) in a.iter().zip(b) {
        let cell = usize::from(a) << 8 | usize::from(b);
        if cells[cell] == 0 {
            used.push(cell);
        }
        cells[cell] += 1;
    }
    let n = a.len().max(1) as f64;
    let joint: f64 = used
        .iter()
        .map(|&cell| f64::from(cells[cell]) / n)
        .map(|p| -p * p.log2())
        .sum();
    let values = |symbols: &[u8]| {
        let mut seen = [false; 256];
        symbols.iter().for_each(|&it| seen[usize::from(it)] = true);
        seen.iter().filter(|seen| **seen).count() as f64
    };
    // Miller 1955: every cell beyond the margins costs half a row.
    let chance =
        (used.len() as f64 - values(a) - values(b) + 1.0) / (2.0 * n * std::f64::consts::LN_2);
    (entropy(a) + entropy(b) - joint - chance).max(0.0)
}

/// The order in which variables are drawn: what a chain ascends in before all else, what is computed
/// of others behind them, by the `depths` of formulas.
fn drawing_order(ranks: &[usize], chained: Option<&Siblings>, depths: &[usize]) -> Vec<usize> {
    let ascends = |variable: usize| {
        let place = |siblings: &Siblings| siblings.order.iter().position(|&it| it == variable);
        chained.and_then(place).unwrap_or(usize::MAX)
    };
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|&it| (depths[it], ascends(it), ranks[it], it));
    order
}

/// The second symbols of variables, parallel to them; none where a chain makes values itself.
fn finer_variables(encoding: &mut Encoding, chained: Option<&Siblings>) -> Vec<Option<Variable>> {
    let mut variables: Vec<Option<Variable>> = encoding.variables.iter().map(|_| None).collect();
    for (index, codec, symbols) in std::mem::take(&mut encoding.finer) {
        let coarse = &encoding.variables[index];
        let is_ordered = chained.is_some_and(|siblings| siblings.order.contains(&index));
        let copies = matches!(codec, Codec::Members(_));
        let next = match &coarse.next {
            None => None,
            Some(next) if copies && next.codec == NextCodec::Copy => {
                // What is copied is copied whole.
                let (whole, copy) = (coarse.codec.symbols(), codec.symbols() as u8);
                let copied = next.symbols.iter().map(|&it| usize::from(it) == whole);
                let symbols = copied.zip(&symbols);
                let symbols = symbols.map(|(copied, &symbol)| if copied { copy } else { symbol });
                Some(Following::new(NextCodec::Copy, symbols.collect()))
            }
            Some(next) if next.codec == NextCodec::Value => {
                Some(Following::new(NextCodec::Value, symbols.clone()))
            }
            Some(_) => continue,
        };
        if let (false, Target::Column(column)) = (is_ordered, coarse.target) {
            let mut variable = Variable::new(Target::Finer(column), codec, symbols);
            variable.next = next;
            variables[index] = Some(variable);
        }
    }
    variables
}

/// The symbols of [`Feature::Step`], for a variable that has such a feature.
fn steps(variable: &Variable, chained: Option<&Siblings>) -> Option<Vec<u8>> {
    chain::steps(
        &chained?.previous,
        variable.codec.symbols(),
        variable.next.as_ref()?,
    )
}

/// Bits a row of a column of symbols.
pub(super) fn entropy(symbols: &[u8]) -> f64 {
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
