//! Inspect: what a model knows, in words and numbers.
//!
//! A model is a zip of JSON and Arrow that anybody can open; this module says what it means.
//! It reads the model and nothing else: what it shows is what has left the production side.

mod facts;
mod json;
mod text;

use std::collections::BTreeMap;

use arrow::util::display::array_value_to_string;
use prodlike_core::formula::{Formula, Operation};
use prodlike_core::generator::LearnedKey;
use prodlike_core::model::{Drawn, EdgeKind, Feature, Fill, Model, NextCodec, Suppressed, Target};
use prodlike_core::schema::{Column, DataType, TableMode};
use prodlike_models::codec::Codec;
use prodlike_models::degree::DegreeLaw;
use prodlike_models::finer::{Calendar, Finer};
use prodlike_models::tree::Tree;

use crate::cells;
use crate::error::Error;
use crate::plugins::is_computed;

pub use facts::{
    ColumnFacts, FanOut, Filled, Inspection, Learned, RelationshipFacts, TableFacts, Values,
};
pub use json::{json, suppressed_json};
pub use text::text;

/// The quantiles that are shown, in percent.
const QUANTILES: [u32; 7] = [0, 5, 25, 50, 75, 95, 100];

/// Explains a whole model.
///
/// # Errors
/// [`Error::Internal`] for a model that contradicts itself, which reading refuses.
pub fn inspect(model: &Model) -> Result<Inspection, Error> {
    let schema = &model.schema;
    let tables = (0..schema.tables.len()).map(|table| table_facts(model, table));
    let relationships = (0..schema.relationships.len()).map(|edge| relationship_facts(model, edge));
    Ok(Inspection {
        k: schema.privacy.k,
        entities: schema.privacy.entities.clone(),
        tables: tables.collect::<Result<_, _>>()?,
        relationships: relationships.collect(),
        suppressed: merged(&model.suppressed),
    })
}

/// Narrows an inspection to `table` or `table.column`, and what relates to it.
///
/// # Errors
/// [`Error::UnknownTable`] and [`Error::UnknownColumn`].
pub fn narrow(inspection: &mut Inspection, subject: &str) -> Result<(), Error> {
    let whole = inspection.tables.iter().find(|table| table.name == subject);
    // Names may hold points: the longest table that leaves a column behind it is meant.
    let within = inspection
        .tables
        .iter()
        .filter_map(|table| {
            let column = subject.strip_prefix(&table.name)?.strip_prefix('.')?;
            Some((table, column))
        })
        .max_by_key(|(table, _)| table.name.len());
    let (table, column) = match (whole, within) {
        (Some(table), _) => (table.name.clone(), None),
        (None, Some((table, column))) => (table.name.clone(), Some(column.to_string())),
        (None, None) => {
            return Err(Error::UnknownTable {
                table: subject.split('.').next().unwrap_or(subject).to_string(),
                tables: inspection.tables.iter().map(|t| t.name.clone()).collect(),
            });
        }
    };
    inspection.tables.retain(|facts| facts.name == table);
    if let (Some(column), Some(facts)) = (&column, inspection.tables.first_mut()) {
        if facts.columns.iter().all(|facts| facts.name != *column) {
            return Err(Error::UnknownColumn {
                column: column.clone(),
                columns: facts.columns.iter().map(|c| c.name.clone()).collect(),
                table,
            });
        }
        facts.columns.retain(|facts| facts.name == *column);
    }
    let is_key = |facts: &RelationshipFacts, column: &String| {
        let key = facts.name.strip_prefix(&facts.child);
        let key = key.and_then(|key| key.strip_prefix('.')).unwrap_or("");
        facts.child == table && key.split('+').any(|name| name == column)
    };
    inspection.relationships.retain(|facts| match &column {
        Some(column) => is_key(facts, column),
        None => facts.child == table || facts.parent == table,
    });
    inspection.suppressed.retain(|item| {
        item.table == table && column.as_ref().is_none_or(|column| item.column == *column)
    });
    Ok(())
}

/// Sums what is said twice: of both ends of a range, for example.
fn merged(items: &[Suppressed]) -> Vec<Suppressed> {
    let mut merged: Vec<Suppressed> = Vec::new();
    for item in items {
        match merged.iter_mut().find(|other| {
            (&other.table, &other.column, &other.what) == (&item.table, &item.column, &item.what)
        }) {
            Some(other) => other.count += item.count,
            None => merged.push(item.clone()),
        }
    }
    merged
}

fn table_facts(model: &Model, table: usize) -> Result<TableFacts, Error> {
    let (schema, fitted) = (&model.schema.tables[table], &model.tables[table]);
    let columns = (0..schema.columns.len()).map(|column| column_facts(model, table, column));
    Ok(TableFacts {
        name: schema.name.clone(),
        rows: fitted.rows,
        kept: fitted.kept.as_ref().map(|batch| batch.num_rows() as u64),
        floor: fitted.floor,
        primary_key: schema.primary_key.clone(),
        rules: schema.rules.clone(),
        columns: columns.collect::<Result<_, _>>()?,
    })
}

fn column_facts(model: &Model, table: usize, column: usize) -> Result<ColumnFacts, Error> {
    let (schema, fitted) = (&model.schema.tables[table], &model.tables[table]);
    let declared = &schema.columns[column];
    let mut facts = ColumnFacts {
        name: declared.name.clone(),
        data_type: declared.data_type.to_string(),
        nullable: declared.nullable,
        semantic: declared.semantic.as_str(),
        transform: declared.transform.as_ref().map(|it| it.name.clone()),
        filled: Filled::Kept,
        nulls: (!declared.nullable).then_some(0.0),
        values: Values::default(),
        suppressed: suppressed(model, &schema.name, &declared.name),
    };
    if schema.mode == TableMode::Keep {
        if let Some(batch) = &fitted.kept {
            let array = batch.column(column);
            facts.nulls = Some(array.null_count() as f64 / (batch.num_rows() as f64).max(1.0));
        }
        return Ok(facts);
    }
    match &fitted.fills[column] {
        Fill::Drawn(drawn) => {
            let variable = &fitted.drawn[*drawn];
            facts.nulls = nulls(variable).or(facts.nulls);
            facts.values = values(variable, declared)?;
            facts.filled = Filled::Learned(learned(model, table, variable));
        }
        Fill::Generated { spec, presence } => {
            facts.nulls = match presence {
                Some(drawn) => nulls(&fitted.drawn[*drawn]).or(facts.nulls),
                None => Some(0.0),
            };
            let mut templates = spec.templates.clone();
            templates.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            facts.filled = Filled::Generated {
                generator: spec.name.clone(),
                text: is_computed(&spec.name).then(|| spec.options.clone()),
                unique: spec.unique,
                templates,
                learned: most_first(&spec.learned),
            };
        }
        Fill::Sequence(sequence) => {
            facts.filled = Filled::Sequence {
                start: spell(declared, 0, &[sequence.start])?.remove(0),
                step: sequence.step,
                places: sequence.domain,
                dense: sequence.dense,
                grouped: sequence.grouped,
            };
        }
        Fill::ForeignKey => {
            let relationships = model.schema.relationships.iter().enumerate();
            let ours: Vec<(usize, String)> = relationships
                .filter(|(_, relationship)| {
                    relationship.child_table == schema.name
                        && relationship.child_key.contains(&declared.name)
                })
                .map(|(edge, relationship)| (edge, relationship.name()))
                .collect();
            if let Some((edge, _)) = ours.first() {
                let edge = &model.edges[*edge];
                let rows = edge.matched + edge.orphans + edge.nulls;
                facts.nulls = Some(edge.nulls as f64 / (rows as f64).max(1.0));
            }
            let chosen = ours.iter().find_map(|(edge, _)| {
                let of_edge = |drawn: &&Drawn| drawn.target == Target::Relationship(*edge);
                Some((*edge, fitted.drawn.iter().find(of_edge)?))
            });
            if let Some((edge, variable)) = chosen {
                facts.values.levels = kept_levels(model, edge, &declared.name, variable)?;
            }
            facts.filled = Filled::ForeignKey {
                relationships: ours.into_iter().map(|(_, name)| name).collect(),
                learned: chosen.map(|(_, variable)| learned(model, table, variable)),
            };
        }
    }
    Ok(facts)
}

/// What a plugin learned, most rows first.
fn most_first(learned: &[LearnedKey]) -> Vec<(String, u64)> {
    let mut found: Vec<(String, u64)> =
        learned.iter().map(|it| (it.key.clone(), it.rows)).collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found
}

/// The keys of kept rows that a column refers to, and their shares.
fn kept_levels(
    model: &Model,
    edge: usize,
    column: &str,
    variable: &Drawn,
) -> Result<Vec<(String, Option<f64>)>, Error> {
    let relationship = &model.schema.relationships[edge];
    let key = relationship.child_key.iter().position(|key| key == column);
    let kept = model
        .schema
        .table_idx(&relationship.parent_table)
        .and_then(|parent| model.tables[parent].kept.as_ref());
    let (Codec::Rows { nullable, rows, .. }, Some(key), Some(kept)) = (&variable.codec, key, kept)
    else {
        return Ok(Vec::new());
    };
    let Some(array) = kept.column_by_name(&relationship.parent_key[key]) else {
        return Ok(Vec::new());
    };
    let null = usize::from(*nullable);
    rows.iter()
        .enumerate()
        .map(|(at, &row)| {
            let value = array_value_to_string(array, row as usize);
            let value = value.map_err(|source| Error::Arrow {
                table: relationship.parent_table.clone(),
                source,
            })?;
            Ok((value, share(variable, at + null)))
        })
        .collect()
}

/// What the floors took from a column, summed by kind.
fn suppressed(model: &Model, table: &str, column: &str) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for item in &model.suppressed {
        if item.table == table && item.column == column {
            *sums.entry(item.what.clone()).or_default() += item.count;
        }
    }
    sums.into_iter().collect()
}

/// The share of rows with a symbol; `None` in a model that does not know.
pub(crate) fn share(variable: &Drawn, symbol: usize) -> Option<f64> {
    variable
        .shares
        .get(symbol)
        .map(|&share| f64::from(share) / 1e6)
}

pub(crate) fn nulls(variable: &Drawn) -> Option<f64> {
    match variable.codec.is_nullable() {
        true => share(variable, 0),
        false => Some(0.0),
    }
}

fn learned(model: &Model, table: usize, variable: &Drawn) -> Learned {
    let drawn = &model.tables[table].drawn;
    let place = drawn.iter().position(|it| it.target == variable.target);
    let place = (place.map_or(0, |it| it as u64 + 1), drawn.len() as u64);
    let asks = |tree: &Tree| {
        let mut asks: BTreeMap<usize, u64> = BTreeMap::new();
        tree.asked()
            .for_each(|feature| *asks.entry(feature).or_default() += 1);
        let mut asks: Vec<(String, u64)> = asks
            .into_iter()
            .map(|(feature, splits)| (feature_name(model, table, feature), splits))
            .collect();
        asks.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        asks
    };
    let codec = match &variable.codec {
        _ if variable.shift.is_some() => "distances to a number before it",
        Codec::Integer { .. } | Codec::Float { .. } => "bins",
        Codec::Levels { .. } => "levels",
        Codec::Groups { .. } => "groups of levels",
        Codec::Members(_) => "levels of groups",
        Codec::Rows { .. } => "rows",
        Codec::Presence => "presence",
        Codec::Classes(_) => "classes",
        Codec::Finer(Finer::Residues { .. }) => "what is left of a division",
        Codec::Finer(Finer::Calendar { by, .. }) => match by {
            Calendar::Month => "months",
            Calendar::Week => "weeks of the year",
            Calendar::Weekday => "weekdays",
            Calendar::MonthWeekday => "months and weekdays",
            Calendar::WeekWeekday => "weeks of the year and weekdays",
            Calendar::Hour => "hours",
            Calendar::WeekdayHour => "weekdays and hours",
        },
        Codec::Finer(Finer::Parts(_)) => "parts of bins",
    };
    let next = variable.next.as_ref().map(|next| {
        Box::new(Learned {
            teacher: next.teacher.clone(),
            leaves: next.tree.leaves() as u64,
            asks: asks(&next.tree),
            symbols: next.codec.symbols(&variable.codec) as u64,
            bits: next.bits.clone(),
            codec: match (&next.codec, codec) {
                (NextCodec::Value, codec) => codec,
                (NextCodec::Copy, "bins") => "bins or the value before",
                (NextCodec::Copy, _) => "levels or the value before",
                (NextCodec::Recent(_), _) => "values before, the latest first, or a new one",
                (NextCodec::Delta(_), _) => "differences to the value before",
                (NextCodec::Part(_), _) => "parts of what is to be expected of the row by itself",
            },
            place,
            next: None,
            finer: None,
            formula: None,
        })
    });
    let finer = match variable.target {
        Target::Column(column) => drawn.iter().find(|it| it.target == Target::Finer(column)),
        _ => None,
    };
    Learned {
        teacher: variable.teacher.clone(),
        leaves: variable.tree.leaves() as u64,
        asks: asks(&variable.tree),
        symbols: match &variable.shift {
            Some(shift) => shift.symbols as u64,
            None => variable.codec.symbols() as u64,
        },
        bits: variable.bits.clone(),
        codec,
        place,
        next,
        finer: finer.map(|finer| Box::new(learned(model, table, finer))),
        formula: (variable.formula).map(|formula| formula_words(model, table, variable, formula)),
    }
}

/// Writes a formula in values, not ticks.
fn formula_words(model: &Model, table: usize, variable: &Drawn, formula: Formula) -> String {
    let fitted = &model.tables[table];
    let column = |drawn: &Drawn| match drawn.target {
        Target::Column(column) => Some(&model.schema.tables[table].columns[column]),
        _ => None,
    };
    let decimals = |drawn: &Drawn| match (&drawn.codec, column(drawn).map(|it| &it.data_type)) {
        (_, Some(DataType::Decimal(_, scale))) => i32::from(*scale),
        (Codec::Integer { decimals, .. }, _) => i32::from(*decimals),
        _ => 0,
    };
    let terms = [formula.left, formula.right].map(|term| &fitted.drawn[term]);
    let [left, right] = terms.map(|term| column(term).map_or("", |it| it.name.as_str()));
    match formula.operation {
        Operation::Sum { factors, divisor } => {
            let mut words = String::new();
            for (at, name) in [left, right].into_iter().enumerate() {
                let digits = decimals(terms[at]) - decimals(variable);
                let factor = factors[at] as f64 / divisor as f64 * 10f64.powi(digits);
                let sign = match (words.is_empty(), factor < 0.0) {
                    (true, false) => "",
                    (true, true) => "-",
                    (false, false) => " + ",
                    (false, true) => " - ",
                };
                match (factor.abs() * 1e9).round() / 1e9 {
                    0.0 => {}
                    1.0 => words += &format!("{sign}`{name}`"),
                    factor => words += &format!("{sign}{factor} · `{name}`"),
                }
            }
            words
        }
        Operation::Product { .. } => format!("`{left}` · `{right}`"),
        Operation::Clock { sign, .. } => {
            let when = if sign > 0 { "after" } else { "before" };
            format!("the time `{right}` minutes {when} `{left}`")
        }
    }
}

/// Names what a split asks.
fn feature_name(model: &Model, table: usize, feature: usize) -> String {
    let (schema, fitted) = (&model.schema.tables[table], &model.tables[table]);
    let relationship = |edge: usize| model.schema.relationships[edge].name();
    match fitted.features[feature] {
        Feature::Degree(edge) => format!("number of `{}`", relationship(edge)),
        Feature::Rank(edge, _) => format!("rank by number of `{}`", relationship(edge)),
        Feature::Status(edge) => format!("whether `{}` is set", relationship(edge)),
        Feature::Slot(column) => format!("`{}`", schema.columns[column].name),
        Feature::Drawn(drawn) => match fitted.drawn[drawn].target {
            Target::Column(column) => format!("`{}`", schema.columns[column].name),
            Target::Relationship(edge) => format!("`{}`", relationship(edge)),
            Target::Degree(edge) => format!("number of `{}`", relationship(edge)),
            Target::Latent(edge) => format!("what `{}` share", relationship(edge)),
            Target::Reference(edge) => format!("which `{}`", relationship(edge)),
            Target::Finer(column) => format!("which `{}`", schema.columns[column].name),
            Target::Distinct(column) => {
                format!("how many values of `{}`", schema.columns[column].name)
            }
        },
        Feature::Parent(edge, feature) => {
            let parent = &model.schema.relationships[edge].parent_table;
            match model.schema.table_idx(parent) {
                Some(parent) => format!(
                    "{} → {}",
                    relationship(edge),
                    feature_name(model, parent, feature)
                ),
                None => parent.clone(),
            }
        }
        Feature::Place => "rows of its owner before it".to_string(),
        Feature::Left => "rows of its owner after it".to_string(),
        Feature::Toward => "steps left to its owner's last row".to_string(),
        Feature::Slack => "share of rows more than steps left to its owner's last row".to_string(),
        Feature::Open => "levels that may follow".to_string(),
        Feature::Previous(drawn)
        | Feature::Other(drawn)
        | Feature::Distinct(drawn)
        | Feature::Ahead(drawn)
        | Feature::Spare(drawn)
        | Feature::Had(drawn, _)
        | Feature::Habit(drawn)
        | Feature::Last(_, drawn)
        | Feature::Step(drawn) => {
            let same_row;
            let what = match fitted.features[feature] {
                Feature::Step(_) => "step of",
                Feature::Last(same, _) => match fitted.drawn[same].target {
                    Target::Column(same) => {
                        same_row = format!("last row of the same `{}`:", schema.columns[same].name);
                        &same_row
                    }
                    _ => "last row alike:",
                },
                Feature::Other(_) => "last other value before:",
                Feature::Distinct(_) => "how many values before:",
                Feature::Ahead(_) => "how many values to come:",
                Feature::Spare(_) => "rows more than values to come:",
                Feature::Had(..) => "whether a row before has a value of",
                Feature::Habit(_) => "its owner's habit in",
                _ => "row before:",
            };
            match fitted.drawn[drawn].target {
                Target::Column(column) => format!("{what} `{}`", schema.columns[column].name),
                _ => what.to_string(),
            }
        }
        Feature::Owner(feature) => {
            let owner = (0..model.edges.len()).find_map(|edge| {
                let relationship = &model.schema.relationships[edge];
                (model.edges[edge].kind == EdgeKind::Owner
                    && relationship.child_table == schema.name)
                    .then(|| model.schema.table_idx(&relationship.parent_table))
                    .flatten()
            });
            match owner {
                Some(owner) => format!(
                    "{} → {}",
                    model.schema.tables[owner].name,
                    feature_name(model, owner, feature)
                ),
                None => "its owner".to_string(),
            }
        }
    }
}

/// Spells out ticks as values of a column.
pub(crate) fn spell(column: &Column, decimals: u8, ticks: &[i64]) -> Result<Vec<String>, Error> {
    if column.data_type == DataType::String {
        return Ok(ticks.iter().map(ToString::to_string).collect());
    }
    let failed = |source| Error::Arrow {
        table: column.name.clone(),
        source,
    };
    let array =
        cells::integers(&column.data_type, decimals, ticks.to_vec(), None).map_err(failed)?;
    (0..ticks.len())
        .map(|at| array_value_to_string(&array, at).map_err(failed))
        .collect()
}

/// A number with at most six digits after the point.
pub(crate) fn trimmed(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e15).contains(&value.abs()) {
        return format!("{value:.5e}");
    }
    format!("{value:.6}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_string()
}

/// One bin of a column: its bounds as numbers, and its share of the values that are not NULL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mass {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) share: f64,
}

/// The bins of a variable with an order, in units of its values.
pub(crate) fn masses(variable: &Drawn) -> Option<Vec<Mass>> {
    let null = usize::from(variable.codec.is_nullable());
    let bounds: Vec<(f64, f64)> = match &variable.codec {
        Codec::Integer {
            bins,
            step,
            decimals,
            ..
        } => {
            let unit = 10f64.powi(i32::from(*decimals));
            bins.iter()
                .map(|bin| {
                    let width = *step as f64 * bin.count.saturating_sub(1) as f64;
                    (bin.lo as f64 / unit, (bin.lo as f64 + width) / unit)
                })
                .collect()
        }
        Codec::Float { bins, .. } => bins.iter().map(|bin| (bin.lo, bin.hi)).collect(),
        Codec::Levels { .. }
        | Codec::Groups { .. }
        | Codec::Members(_)
        | Codec::Rows { .. }
        | Codec::Presence
        | Codec::Classes(_)
        | Codec::Finer(_) => return None,
    };
    let shares: Vec<f64> = (0..bounds.len())
        .map(|bin| share(variable, bin + null))
        .collect::<Option<_>>()?;
    let sum: f64 = shares.iter().sum();
    if sum <= 0.0 {
        return None;
    }
    let masses = bounds.into_iter().zip(shares);
    Some(
        masses
            .map(|((lo, hi), share)| Mass {
                lo,
                hi,
                share: share / sum,
            })
            .collect(),
    )
}

fn values(variable: &Drawn, column: &Column) -> Result<Values, Error> {
    let null = usize::from(variable.codec.is_nullable());
    let mut found = Values::default();
    match &variable.codec {
        Codec::Levels { levels, .. } => {
            found.levels = levels
                .iter()
                .enumerate()
                .map(|(at, level)| (level.clone(), share(variable, at + null)))
                .collect();
        }
        Codec::Integer {
            bins,
            step,
            decimals,
            ..
        } => {
            let single: Vec<usize> = (0..bins.len()).filter(|&at| bins[at].count == 1).collect();
            let ticks: Vec<i64> = single.iter().map(|&at| bins[at].lo).collect();
            let spelt = spell(column, *decimals, &ticks)?;
            let shares = single.iter().map(|&at| share(variable, at + null));
            found.levels = spelt.into_iter().zip(shares).collect();
            let at = |place: &(usize, f64)| {
                let (bin, within) = (&bins[place.0], place.1);
                let offset = (within * bin.count.saturating_sub(1) as f64).round();
                bin.lo.saturating_add(step.saturating_mul(offset as i64))
            };
            if let Some(places) = places(variable) {
                let ticks: Vec<i64> = places.iter().map(at).collect();
                let spelt = spell(column, *decimals, &ticks)?;
                found.quantiles = QUANTILES.into_iter().zip(spelt).collect();
            }
        }
        Codec::Float { bins, .. } => {
            for (at, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.lo == bin.hi) {
                found
                    .levels
                    .push((bin.lo.to_string(), share(variable, at + null)));
            }
            if let Some(places) = places(variable) {
                let value = |&(bin, within): &(usize, f64)| {
                    let bin = &bins[bin];
                    let value = bin.lo * (1.0 - within) + bin.hi * within;
                    trimmed(value)
                };
                found.quantiles = QUANTILES
                    .into_iter()
                    .zip(places.iter().map(value))
                    .collect();
            }
        }
        Codec::Groups { levels, sizes, .. } => {
            // Shares are known of groups, not of those in one.
            let mut levels = levels.iter();
            for (group, &size) in sizes.iter().enumerate() {
                let share = share(variable, group + null).filter(|_| size == 1);
                let members = levels.by_ref().take(usize::from(size));
                let members = members.map(|level| (level.clone(), share));
                found.levels.extend(members);
            }
        }
        Codec::Rows { .. }
        | Codec::Presence
        | Codec::Classes(_)
        | Codec::Finer(_)
        | Codec::Members(_) => {}
    }
    found
        .levels
        .sort_by(|a, b| b.1.unwrap_or(0.0).total_cmp(&a.1.unwrap_or(0.0)));
    Ok(found)
}

/// Where each quantile lies: which bin, and how far into it.
fn places(variable: &Drawn) -> Option<Vec<(usize, f64)>> {
    let masses = masses(variable)?;
    let place = |percent: u32| {
        let wanted = f64::from(percent) / 100.0;
        let mut seen = 0.0;
        for (at, mass) in masses.iter().enumerate() {
            if mass.share > 0.0 && seen + mass.share >= wanted {
                return (at, ((wanted - seen) / mass.share).clamp(0.0, 1.0));
            }
            seen += mass.share;
        }
        (masses.len() - 1, 1.0)
    };
    Some(QUANTILES.into_iter().map(place).collect())
}

fn relationship_facts(model: &Model, edge: usize) -> RelationshipFacts {
    let (relationship, fitted) = (&model.schema.relationships[edge], &model.edges[edge]);
    RelationshipFacts {
        name: relationship.name(),
        child: relationship.child_table.clone(),
        parent: relationship.parent_table.clone(),
        kind: match fitted.kind {
            EdgeKind::Owner => "owner",
            EdgeKind::Reference => "reference",
            EdgeKind::Kept => "kept",
            EdgeKind::Tree => "tree",
            EdgeKind::BridgeItem => "bridge_item",
        },
        matched: fitted.matched,
        orphans: fitted.orphans,
        nulls: fitted.nulls,
        fan_out: match &fitted.per_row {
            Some(counts) => fan_out(&histogram(counts), fitted.matched),
            None => fan_out(&classes(&fitted.law), fitted.matched),
        },
        suppressed: suppressed(
            model,
            &relationship.child_table,
            &relationship.child_key.join("+"),
        )
        .into_iter()
        .chain(suppressed(
            model,
            &relationship.child_table,
            &relationship.name(),
        ))
        .collect(),
    }
}

/// Children and parents with so many, ascending; a class stands at its middle.
fn histogram(counts: &[u64]) -> Vec<(u64, u64, u64)> {
    let mut histogram: BTreeMap<u64, u64> = BTreeMap::new();
    counts
        .iter()
        .for_each(|&count| *histogram.entry(count).or_default() += 1);
    histogram
        .into_iter()
        .map(|(n, parents)| (n, n, parents))
        .collect()
}

/// The classes of a law: fewest, most, parents.
pub(crate) fn classes(law: &DegreeLaw) -> Vec<(u64, u64, u64)> {
    let classes = law.classes.iter();
    classes
        .map(|class| (class.lo, class.hi, class.parents))
        .collect()
}

fn fan_out(classes: &[(u64, u64, u64)], matched: u64) -> Option<FanOut> {
    let parents: u64 = classes.iter().map(|class| class.2).sum();
    if parents == 0 {
        return None;
    }
    let zero: u64 = classes
        .iter()
        .filter(|class| class.1 == 0)
        .map(|class| class.2)
        .sum();
    let quantile = |percent: u64| {
        let mut seen = 0;
        for &(lo, hi, parents_here) in classes {
            if (seen + parents_here) * 100 >= percent * parents {
                let into = (percent * parents / 100).saturating_sub(seen);
                let part = u128::from(hi - lo) * u128::from(into.min(parents_here));
                let whole = u128::from(parents_here.max(1));
                return lo + ((part * 2 + whole) / (whole * 2)) as u64;
            }
            seen += parents_here;
        }
        classes.last().map_or(0, |class| class.1)
    };
    Some(FanOut {
        parents,
        zero: zero as f64 / parents as f64,
        mean: matched as f64 / parents as f64,
        median: quantile(50),
        p95: quantile(95),
        most: classes.last().map_or(0, |class| class.1),
        classes: classes.len() as u64,
    })
}
