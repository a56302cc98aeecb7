//! The order in which tables can be drawn.

use prodlike_core::model::EdgeKind;
use prodlike_core::schema::Schema;

/// Orders tables so that owners come before what they own, and, where no circle forbids it,
/// what rows refer to before the rows.
pub(crate) fn parents_first(schema: &Schema, kinds: &[Option<EdgeKind>]) -> Vec<usize> {
    let parents = |table: usize, owners_only: bool| {
        let name = &schema.tables[table].name;
        let edges = (0..kinds.len()).filter(move |&edge| {
            schema.relationships[edge].child_table == *name
                && match kinds[edge] {
                    Some(EdgeKind::Owner) => true,
                    Some(EdgeKind::Reference | EdgeKind::BridgeItem) => !owners_only,
                    _ => false,
                }
        });
        edges.filter_map(|edge| schema.table_idx(&schema.relationships[edge].parent_table))
    };
    let mut order: Vec<usize> = Vec::new();
    while order.len() < schema.tables.len() {
        let next = [false, true].into_iter().find_map(|owners_only| {
            (0..schema.tables.len()).find(|&table| {
                let known = |parent: usize| parent == table || order.contains(&parent);
                !order.contains(&table) && parents(table, owners_only).all(known)
            })
        });
        // Owners are a forest: somebody's owner is always known.
        let Some(next) = next else { break };
        order.push(next);
    }
    order
}
