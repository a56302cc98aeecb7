//! The shape of the data: which rows have which fan-outs, settled before any attribute, and
//! small tables, drawn whole.

use std::sync::Arc;

use prodlike_core::model::{EdgeKind, Target};
use prodlike_core::progress::Cancel;
use prodlike_models::philox::{Stream, key, mix};
use prodlike_models::ranks;
use prodlike_models::tree::Block;
use rayon::prelude::*;

use super::{Cells, Details, Whole};
use crate::error::Error;
use crate::order::parents_first;
use crate::plan::{MAX_WISHES, PLANNED_ROWS};

/// Rows that are drawn together.
const BATCH: u64 = 1 << 14;
/// How often a row draws a reference again before it takes what is left.
const ATTEMPTS: u64 = 32;
/// Most bytes of tables that are held whole.
const HELD: u64 = 1 << 25;

impl Cells {
    /// Settles every fan-out, the items of bridges, and the references to kept tables.
    pub(super) fn shape(&mut self, cancel: &Cancel) -> Result<(), Error> {
        let model = Arc::clone(&self.model);
        let model = &*model;
        let kinds: Vec<Option<EdgeKind>> = model.edges.iter().map(|it| Some(it.kind)).collect();
        let mut settled = vec![false; model.edges.len()];
        let mut undealt = Vec::new();
        let mut held = 0;
        for table in parents_first(&model.schema, &kinds) {
            let name = &model.schema.tables[table].name;
            let relationships = &model.schema.relationships;
            let is_settled =
                |edge: usize| relationships[edge].child_table != *name || settled[edge];
            match (0..settled.len()).all(is_settled) {
                true => self.plan.deal(model, self.seed, table),
                false => undealt.push(table),
            }
            for drawn in 0..model.tables[table].drawn.len() {
                if let Target::Reference(edge) = model.tables[table].drawn[drawn].target {
                    self.deal_references(table, drawn, edge, cancel)?;
                }
            }
            for drawn in 0..model.tables[table].drawn.len() {
                if let Target::Degree(edge) = model.tables[table].drawn[drawn].target
                    && self.plan.draws_degrees(model, table, edge)
                {
                    let wishes = self.wishes(table, drawn, cancel)?;
                    self.plan.settle(model, self.seed, edge, Some(wishes));
                    settled[edge] = true;
                }
            }
            for edge in 0..settled.len() {
                if relationships[edge].parent_table == *name && !settled[edge] {
                    self.plan.settle(model, self.seed, edge, None);
                    settled[edge] = true;
                }
            }
            self.plan_references(table);
            let learned = &model.tables[table];
            let width = learned.features.len() + 12 * learned.drawn.len();
            let bytes = self.plan.rows[table].saturating_mul(width as u64);
            // A pure function of the plan, as which tables are shared out must be.
            if self.plan.rows[table] <= PLANNED_ROWS && held + bytes <= HELD {
                held += bytes;
                self.tables[table].whole = Some(self.whole(table));
            }
        }
        for table in undealt {
            self.plan.deal(model, self.seed, table);
        }
        Ok(())
    }

    /// Draws all of a small table. Its rows are shared out, less by chance than rows drawn one by
    /// one, where they are nobody's children: siblings must be as different as chance has it.
    fn whole(&self, table: usize) -> Whole {
        let learned = &self.model.tables[table];
        let rows: Vec<u64> = (0..self.plan.rows[table]).collect();
        // Others may ask for what the table itself does not.
        let wanted = vec![true; learned.features.len()];
        let mut details = Details::new(learned.drawn.len());
        let owned = self.owned(table, &rows);
        let block = match owned {
            None => {
                let mut block = Block::new(learned.features.len(), rows.len());
                let more = Some(&mut details);
                self.alone(table, &rows, None, &wanted, &mut block, more, true);
                block
            }
            Some(owned) => self.symbols(table, &rows, Some(&owned), &wanted, Some(&mut details)),
        };
        Whole { block, details }
    }

    /// Lets the rows of a table refer to parents of the class that they draw, given all that is
    /// known of them before. Every parent keeps its fan-out: where too many rows draw one class,
    /// some of them draw again.
    fn deal_references(
        &mut self,
        table: usize,
        drawn: usize,
        edge: usize,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let model = Arc::clone(&self.model);
        let model = &*model;
        let relationship = &model.schema.relationships[edge];
        let Some(parent) = model.schema.table_idx(&relationship.parent_table) else {
            return Ok(());
        };
        let Some((feature, n_classes)) = model.tables[parent].classes_of(edge) else {
            return Ok(());
        };
        if self.plan.edges[edge].is_none() || self.plan.rows[parent] > MAX_WISHES {
            return Ok(());
        }
        let classes = self.column_of(parent, feature, cancel)?;
        if self.plan.rows[table] <= MAX_WISHES {
            let path = [
                relationship.child_table.as_str(),
                &relationship.name(),
                "deal",
            ];
            let key = key(self.seed, &path);
            let mut wishes = self.wishes(table, drawn, cancel)?;
            let quotas = self.plan.edges[edge].as_ref().map_or(Vec::new(), |plan| {
                plan.quotas(&classes, n_classes, self.plan.rows[table])
            });
            self.meet(table, drawn, &mut wishes, &quotas, key);
            if let Some(plan) = &mut self.plan.edges[edge] {
                plan.deal(&classes, wishes, key);
            }
        }
        self.parent_classes[edge] = Some(classes);
        Ok(())
    }

    /// Moves as few wishes as makes them as many of each class as its quota.
    fn meet(&self, table: usize, drawn: usize, wishes: &mut [u8], quotas: &[u64], key: u64) {
        let mut missing = quotas.to_vec();
        for (class, missing) in missing.iter_mut().enumerate() {
            let wished = wishes
                .iter()
                .filter(|&&wish| usize::from(wish) == class)
                .count();
            *missing = missing.saturating_sub(wished as u64);
        }
        let moved = ranks::surplus(wishes, quotas, key);
        let mut left = Vec::new();
        let wanted = self.wanted_for(table, [self.feature_of(table, drawn)]);
        for rows in moved.chunks(BATCH as usize) {
            let owned = self.owned(table, rows);
            let block = self.symbols(table, rows, owned.as_ref(), &wanted, None);
            let mut open: Vec<usize> = (0..rows.len()).collect();
            let (mut bits, mut second) = (vec![0u32; rows.len()], vec![0u32; rows.len()]);
            let mut again = vec![0u8; rows.len()];
            for attempt in 0..ATTEMPTS {
                if open.is_empty() {
                    break;
                }
                let stream = Stream::new(mix(key ^ mix(attempt + 1)));
                stream.fill(rows, &mut bits, &mut second);
                self.redraw(table, drawn, &block, owned.as_ref(), &bits, &mut again);
                open.retain(|&at| {
                    let missing = &mut missing[usize::from(again[at])];
                    if *missing > 0 {
                        *missing -= 1;
                        wishes[rows[at] as usize] = again[at];
                        return false;
                    }
                    true
                });
            }
            left.extend(open.into_iter().map(|at| rows[at]));
        }
        // Who found no place in many draws takes what is left.
        let places = (0..missing.len())
            .flat_map(|class| std::iter::repeat_n(class as u8, missing[class] as usize));
        for (row, class) in left.into_iter().zip(places) {
            wishes[row as usize] = class;
        }
    }

    /// The class of its fan-out, or of the parent it refers to, that every row of a table draws.
    fn wishes(&self, table: usize, drawn: usize, cancel: &Cancel) -> Result<Vec<u8>, Error> {
        self.column_of(table, self.feature_of(table, drawn), cancel)
    }

    /// A feature of every row of a table.
    fn column_of(&self, table: usize, feature: usize, cancel: &Cancel) -> Result<Vec<u8>, Error> {
        let rows = self.plan.rows[table];
        let wanted = self.wanted_for(table, [feature]);
        let batches: Vec<Vec<u8>> = (0..rows.div_ceil(BATCH))
            .into_par_iter()
            .map(|batch| {
                if cancel.is_cancelled() {
                    return Err(Error::Interrupted);
                }
                let rows: Vec<u64> = (batch * BATCH..rows.min((batch + 1) * BATCH)).collect();
                let owned = self.owned(table, &rows);
                let block = self.symbols(table, &rows, owned.as_ref(), &wanted, None);
                Ok(block.column(feature).to_vec())
            })
            .collect::<Result<_, Error>>()?;
        Ok(batches.concat())
    }
}
