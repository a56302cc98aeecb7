//! Which columns of a row are made before which, so that they agree.
//!
//! An email address follows the row's name, a postcode its country. The arrows go from a
//! generator to the columns it wishes to see, and are settled once a model: an arrow that
//! would close a circle is dropped, so the rest can be made in one pass, each column once.

use prodlike_core::model::{EdgeKind, Fill, Model};
use prodlike_core::schema::{Column, SemanticType};

use super::{Cells, Table};

/// Settles what every generator is shown.
pub(super) fn connect(model: &Model, tables: &mut [Table]) {
    for (index, table) in tables.iter_mut().enumerate() {
        let columns = &model.schema.tables[index].columns;
        for position in 0..table.columns.len() {
            let Some(generator) = &table.columns[position].generator else {
                continue;
            };
            if let Some(Fill::Generated { spec, .. }) = model.tables[index].fills.get(position)
                && !spec.input.is_empty()
            {
                let named = spec.input.iter().filter_map(|name| {
                    let other = columns.iter().position(|column| column.name == *name)?;
                    Some((meaning(&columns[other]), other))
                });
                // `fit` refuses what cannot be made before; a model file may say anything.
                let named: Vec<(SemanticType, usize)> = named
                    .filter(|&(_, other)| {
                        is_makeable(model, index, other, table) && !reaches(table, other, position)
                    })
                    .collect();
                table.columns[position].context = named;
                continue;
            }
            let found: Vec<(SemanticType, usize)> = generator
                .context()
                .iter()
                .filter_map(|&semantic| {
                    let candidates = (0..columns.len()).filter(|&other| {
                        other != position
                            && meaning(&columns[other]) == semantic
                            && is_makeable(model, index, other, table)
                    });
                    let name = &columns[position].name;
                    // The billing address goes with the billing country.
                    let nearest = candidates.max_by_key(|&other| {
                        let alike = common_prefix(name, &columns[other].name);
                        (alike, std::cmp::Reverse(other))
                    });
                    Some((semantic, nearest?))
                })
                .collect();
            for (semantic, other) in found {
                if !reaches(table, other, position) {
                    table.columns[position].context.push((semantic, other));
                }
            }
        }
    }
}

/// What a column's values mean: what fills it says so better than its label.
fn meaning(column: &Column) -> SemanticType {
    let generator = column
        .generator
        .as_deref()
        .and_then(|name| name.parse().ok());
    generator.unwrap_or(column.semantic)
}

/// Whether a column can be made before others: of the foreign keys only those to kept
/// tables, since any other may lead back to the table itself.
fn is_makeable(model: &Model, index: usize, column: usize, table: &Table) -> bool {
    match model.tables[index].fills.get(column) {
        Some(Fill::ForeignKey) => table.columns[column]
            .foreign
            .iter()
            .all(|&(edge, _)| model.edges[edge].kind == EdgeKind::Kept),
        fill => fill.is_some(),
    }
}

fn common_prefix(left: &str, right: &str) -> usize {
    let lower = |name: &str| name.to_lowercase();
    lower(left)
        .chars()
        .zip(lower(right).chars())
        .take_while(|(left, right)| left == right)
        .count()
}

/// Whether one column's context leads to another.
fn reaches(table: &Table, from: usize, to: usize) -> bool {
    from == to
        || table.columns[from]
            .context
            .iter()
            .any(|&(_, next)| reaches(table, next, to))
}

impl Cells<'_> {
    /// Returns columns and what they are shown, each after what it is shown.
    pub(super) fn with_context(&self, table: usize, columns: &[usize]) -> Vec<usize> {
        let mut order = Vec::with_capacity(columns.len());
        let mut seen = vec![false; self.tables[table].columns.len()];
        for &column in columns {
            self.before(table, column, &mut seen, &mut order);
        }
        order
    }

    fn before(&self, table: usize, column: usize, seen: &mut [bool], order: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[column], true) {
            return;
        }
        for &(_, other) in &self.tables[table].columns[column].context {
            self.before(table, other, seen, order);
        }
        order.push(column);
    }
}
