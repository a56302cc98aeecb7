//! Columns whose values must be distinct.

use arrow::array::AsArray;
use prodlike_core::model::{Fill, Sequence};
use prodlike_core::schema::{Column, DataType, SemanticType};
use prodlike_duckdb::{Histogram, Source};
use prodlike_models::codec;

use super::{Fitter, encode};
use crate::error::Error;

impl Fitter<'_> {
    /// How a column that is a key, or the distinguishing part of one, is filled.
    pub(super) fn key(
        &self,
        source: &Source,
        table: usize,
        column: &Column,
    ) -> Result<Option<Fill>, Error> {
        let schema = &self.schema.tables[table];
        let position = schema.column_idx(&column.name).unwrap_or(0);
        for key in std::iter::once(&schema.primary_key).chain(&schema.unique) {
            if !key.contains(&column.name) {
                continue;
            }
            let own: Vec<&String> = key
                .iter()
                .filter(|name| !self.is_foreign(table, name))
                .collect();
            // Distinct within the owner's children, where the owner's key is the rest of it.
            let grouped = own.len() < key.len()
                && self.owners[table].is_some_and(|edge| {
                    self.schema.relationships[edge]
                        .child_key
                        .iter()
                        .all(|name| key.contains(name))
                });
            // Without an owner one column must be distinct by itself: a text can be, whatever
            // its values were.
            let text = own.iter().copied().find(|name| {
                !grouped
                    && key.len() > 1
                    && schema.column(name).is_some_and(|column| {
                        column.data_type == DataType::String || column.generator.is_some()
                    })
            });
            let telling = match text {
                Some(name) => name,
                None if own.len() > 1 => self.most_distinct(table, &own)?,
                None => own[0],
            };
            if *telling != column.name {
                continue;
            }
            let fill = self.distinct(source, table, position, key, grouped)?;
            // A counter within its owner keeps its range; a text has become codes.
            let is_given_up = !grouped || column.data_type == DataType::String;
            if key.len() > 1 && is_given_up && column.generator.is_none() {
                self.progress.warn(&format!(
                    "column `{table}.{name}`: generated distinct, not learned, so that the key \
                     ({}) is: its values and what goes with them are made up; to learn them, \
                     remove this key of `{table}` from the manifest",
                    key.join(", "),
                    table = schema.name,
                    name = column.name,
                ));
            }
            return Ok(Some(fill));
        }
        Ok(None)
    }

    /// The column of a composite key that tells most rows apart.
    pub(super) fn most_distinct<'n>(
        &self,
        table: usize,
        names: &[&'n String],
    ) -> Result<&'n String, Error> {
        let batch = &self.samples[table].batch;
        let count = |name: &String| -> u64 {
            let Some(array) = batch.column_by_name(name) else {
                return 0;
            };
            let mut values: Vec<Option<i64>> =
                match arrow::compute::cast(array, &arrow::datatypes::DataType::Int64) {
                    Ok(values) => values
                        .as_primitive::<arrow::datatypes::Int64Type>()
                        .iter()
                        .collect(),
                    Err(_) => return 1,
                };
            values.sort_unstable();
            values.dedup();
            values.len() as u64
        };
        names
            .iter()
            .copied()
            .max_by_key(|name| (count(name), std::cmp::Reverse(name.as_str())))
            .ok_or_else(|| Error::Internal("a key without columns".into()))
    }

    /// Fills a column with distinct values.
    pub(super) fn distinct(
        &self,
        source: &Source,
        table: usize,
        position: usize,
        key: &[String],
        grouped: bool,
    ) -> Result<Fill, Error> {
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position];
        let own = match &column.data_type {
            DataType::String => Some(SemanticType::Code),
            DataType::Uuid => Some(SemanticType::Uuid),
            DataType::Blob | DataType::Bit => Some(SemanticType::Binary),
            _ => None,
        };
        let generator = column.generator.as_deref();
        if let Some(generator) = generator.or(own.map(SemanticType::as_str)) {
            return Ok(Fill::Generated {
                spec: Box::new(self.spec(table, position, generator, true)),
                presence: None,
            });
        }
        let refuse = |reason: &str| Error::Key {
            table: schema.name.clone(),
            columns: key.join(", "),
            reason: reason.to_string(),
        };
        if column.data_type == DataType::Boolean {
            return Err(refuse("true and false are too few values"));
        }
        let profile = source.profile(&schema.name, column)?;
        let special: u64 = profile.specials.iter().map(|special| special.1).sum();
        let filled = profile.rows - profile.nulls - special;
        // Part of a composite key that nothing else keeps distinct: as many slots as rows.
        let is_part = !grouped && profile.distinct < filled;
        if is_part && key.len() == 1 {
            return Err(refuse("its values are not distinct"));
        }
        let bounds = match &profile.histogram {
            Histogram::Integers(runs) => runs.first().zip(runs.last()).map(|(a, b)| (a.0, b.1)),
            Histogram::Wide(runs) => runs
                .first()
                .zip(runs.last())
                .and_then(|(a, b)| Some((i64::try_from(a.0).ok()?, i64::try_from(b.1).ok()?))),
            Histogram::Floats(_) => None,
            Histogram::Strings(_) => Some((0, column.data_type.most_ticks().max(0))),
        };
        let (least, greatest) = bounds.unwrap_or((1, 1));
        let is_number = column.data_type.is_exact_number() || column.data_type.is_float();
        let values = encode::ticks(
            &schema.name,
            column,
            self.samples[table].batch.column(position),
        )?;
        let step = codec::grid_step(values.iter().flatten().copied());
        if is_number && !is_part && (!grouped || bounds.is_none()) {
            // A surrogate key says nothing: count from one.
            return Ok(Fill::Sequence(Sequence {
                start: 1,
                step: 1,
                domain: profile.rows,
                dense: true,
                grouped,
                presence: None,
            }));
        }
        let dense = grouped && is_number && self.counts_up(table, &values, least, step);
        let least_tick = column.data_type.least_ticks();
        let slots = |from: i64, to: i64| (to.abs_diff(from) / step as u64).saturating_add(1);
        let (start, domain) = if self.entities[table].is_empty() {
            (least, slots(least, greatest))
        } else {
            // The first and the last value of somebody are nobody's business: round ones.
            // Every owner's counter begins at its start, which is therefore nobody's.
            let start = match dense {
                true => least,
                false => {
                    let below = (least / step).rem_euclid(1000).unsigned_abs();
                    let below = below.min(slots(least_tick, least) - 1);
                    least.wrapping_sub_unsigned(below * step as u64)
                }
            };
            let round =
                slots(start, greatest).checked_next_multiple_of(if dense { 64 } else { 1000 });
            let most = slots(start, column.data_type.most_ticks());
            (start, round.map_or(most, |round| round.min(most)))
        };
        Ok(Fill::Sequence(Sequence {
            start,
            step,
            domain,
            dense,
            grouped,
            presence: None,
        }))
    }

    /// Whether every owner's children count `least, least + step, …` without gaps.
    pub(super) fn counts_up(
        &self,
        table: usize,
        values: &[Option<i64>],
        least: i64,
        step: i64,
    ) -> bool {
        let Some(links) =
            self.owners[table].and_then(|edge| self.samples[table].links[edge].as_deref())
        else {
            return false;
        };
        let mut pairs: Vec<(u32, i64)> = links
            .iter()
            .zip(values)
            .filter_map(|(link, value)| Some((*link, (*value)?)))
            .collect();
        pairs.sort_unstable();
        pairs.chunk_by(|a, b| a.0 == b.0).all(|run| {
            run.iter()
                .zip(0..)
                .all(|(pair, i)| i128::from(pair.1) == i128::from(least) + i128::from(step) * i)
        })
    }
}
