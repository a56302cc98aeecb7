//! A few rows of a fitted model, made and thrown away: what the generators that a manifest names
//! cannot do with the values that the model gives them is told to those who can mend it.

use std::sync::Arc;

use prodlike_core::generator::GeneratorRegistry;
use prodlike_core::model::Model;
use prodlike_core::progress::Cancel;
use prodlike_core::schema::Table;

use crate::cells::Cells;
use crate::error::Error;
use crate::plan::{Size, plan};

/// Rows at most, of each table.
const ROWS: u64 = 1_000;

/// Lets every generator that the manifest names fill some rows.
///
/// # Errors
/// What generating the same rows would fail with.
pub(super) fn run(
    model: &Arc<Model>,
    registry: &dyn GeneratorRegistry,
    cancel: &Cancel,
) -> Result<(), Error> {
    // Kept tables have none.
    let named = |table: &Table| -> Vec<usize> {
        (0..table.columns.len())
            .filter(|&position| table.columns[position].generator.is_some())
            .collect()
    };
    let named: Vec<Vec<usize>> = model.schema.tables.iter().map(named).collect();
    if named.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let largest = model.tables.iter().map(|table| table.rows).max();
    let size = Size {
        scale: (ROWS as f64 / largest.unwrap_or(0).max(1) as f64).min(1.0),
        ..Size::default()
    };
    // That so few rows cannot be had says nothing of more.
    let Ok(plan) = plan(model, 0, &size) else {
        return Ok(());
    };
    let cells = Cells::new(model, plan, 0, registry, cancel)?;
    for (table, columns) in named.iter().enumerate().filter(|(_, it)| !it.is_empty()) {
        let rows: Vec<u64> = (0..cells.plan().rows[table].min(ROWS)).collect();
        cells.columns(table, columns, &rows)?;
    }
    Ok(())
}
