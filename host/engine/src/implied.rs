//! References that follow from wider ones.
//!
//! Where a flight refers to the weather of an airport and an hour, and the weather to its airport,
//! the flight's own reference to an airport is no choice: it is the airport of its weather.

use prodlike_core::model::EdgeKind;
use prodlike_core::schema::Schema;

/// For each relationship that follows from two others: the wider one of the same rows, and the one
/// of the rows that it leads to.
pub(crate) fn implied(schema: &Schema, kinds: &[Option<EdgeKind>]) -> Vec<Option<(usize, usize)>> {
    (0..kinds.len())
        .map(|edge| by(schema, kinds, edge))
        .collect()
}

fn by(schema: &Schema, kinds: &[Option<EdgeKind>], edge: usize) -> Option<(usize, usize)> {
    if kinds[edge] != Some(EdgeKind::Reference) {
        return None;
    }
    let leads = |other: usize| matches!(kinds[other], Some(EdgeKind::Owner | EdgeKind::Reference));
    let own = &schema.relationships[edge];
    let wider = (0..kinds.len()).filter(|&wide| {
        let other = &schema.relationships[wide];
        leads(wide)
            && other.child_table == own.child_table
            && other.parent_table != other.child_table
            && other.child_key.len() > own.child_key.len()
    });
    let mut ways = wider.filter_map(|wide| {
        let other = &schema.relationships[wide];
        // The columns of the wider row that hold the narrower key.
        let names: Option<Vec<&String>> = (own.child_key.iter())
            .map(|name| {
                let place = other.child_key.iter().position(|it| it == name)?;
                other.parent_key.get(place)
            })
            .collect();
        let names = names?;
        let above = (0..kinds.len()).find(|&above| {
            let it = &schema.relationships[above];
            leads(above)
                && it.child_table == other.parent_table
                && it.parent_table == own.parent_table
                && it.parent_key == own.parent_key
                && it.child_key.iter().eq(names.iter().copied())
        })?;
        Some((wide, above))
    });
    ways.next()
}
