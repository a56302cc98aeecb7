//! The shape of the data: which rows have which fan-outs, settled before any attribute, and
//! small tables, drawn whole.

use prodlike_core::model::{EdgeKind, Target};
use prodlike_models::tree::Block;
use rayon::prelude::*;

use super::{Cells, Details, Whole};
use crate::order::parents_first;
use crate::plan::PLANNED_ROWS;

/// Rows that are drawn together.
const BATCH: u64 = 1 << 14;
/// Most bytes of tables that are held whole.
const HELD: u64 = 1 << 25;

impl Cells<'_> {
    /// Settles every fan-out, the items of bridges, and the references to kept tables.
    pub(super) fn shape(&mut self) {
        let model = self.model;
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
                if let Target::Degree(edge) = model.tables[table].drawn[drawn].target
                    && self.plan.draws_degrees(model, table, edge)
                {
                    let wishes = self.wishes(table, drawn);
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

    /// The class of its fan-out that every row of a table draws.
    fn wishes(&self, table: usize, drawn: usize) -> Vec<u8> {
        let rows = self.plan.rows[table];
        let feature = self.feature_of(table, drawn);
        let mut wanted = vec![false; self.model.tables[table].features.len()];
        wanted[feature] = true;
        let wanted = self.closure(table, wanted);
        let batches: Vec<Vec<u8>> = (0..rows.div_ceil(BATCH))
            .into_par_iter()
            .map(|batch| {
                let rows: Vec<u64> = (batch * BATCH..rows.min((batch + 1) * BATCH)).collect();
                let owned = self.owned(table, &rows);
                let block = self.symbols(table, &rows, owned.as_ref(), &wanted, None);
                block.column(feature).to_vec()
            })
            .collect();
        batches.concat()
    }
}
