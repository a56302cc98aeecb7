//! The schema as a graph: parents above their children.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use prodlike_core::evidence::Evaluation;

use super::chart::{escape, shorten, whole};

/// Tables beyond which a graph is a thicket.
const MOST_TABLES: usize = 80;
const NODE_HEIGHT: f64 = 38.0;
const ROW_GAP: f64 = 52.0;
const NODE_GAP: f64 = 30.0;
/// A row of nodes wider than this continues below.
const WIDEST: f64 = 900.0;
const LETTERS: usize = 22;

struct Node {
    x: f64,
    y: f64,
    width: f64,
}

/// Draws the schema, or returns `None` where there is nothing to see or too much.
///
/// `anchors` and `scores` are parallel to the tables of the evaluation: a link and the class of
/// its score.
pub(super) fn graph(
    evaluation: &Evaluation,
    anchors: &[String],
    scores: &[&str],
) -> Option<String> {
    let tables = &evaluation.tables;
    if tables.len() < 2 || tables.len() > MOST_TABLES || evaluation.relationships.is_empty() {
        return None;
    }
    let index: BTreeMap<&str, usize> = tables
        .iter()
        .enumerate()
        .map(|(idx, table)| (table.name.as_str(), idx))
        .collect();
    let edges: Vec<(usize, usize)> = evaluation
        .relationships
        .iter()
        .filter_map(|it| {
            let parent = index.get(it.parent_table.as_str())?;
            Some((*parent, *index.get(it.child_table.as_str())?))
        })
        .collect();
    let rows = arrange(tables.len(), &edges);
    let widths: Vec<f64> = tables
        .iter()
        .map(|table| {
            let letters = table.name.chars().count().min(LETTERS) as f64;
            (letters * 7.4 + 22.0).max(84.0)
        })
        .collect();
    let row_width = |row: &[usize]| {
        row.iter().map(|idx| widths[*idx]).sum::<f64>() + NODE_GAP * (row.len().max(1) - 1) as f64
    };
    let widest = rows.iter().map(|row| row_width(row)).fold(0.0, f64::max);
    let mut nodes: BTreeMap<usize, Node> = BTreeMap::new();
    for (level, row) in rows.iter().enumerate() {
        let mut x = (widest - row_width(row)) / 2.0;
        for idx in row {
            let y = level as f64 * (NODE_HEIGHT + ROW_GAP);
            let width = widths[*idx];
            nodes.insert(*idx, Node { x, y, width });
            x += width + NODE_GAP;
        }
    }
    let mut svg = String::new();
    for (relationship, (parent, child)) in evaluation.relationships.iter().zip(&edges) {
        let (Some(from), Some(to)) = (nodes.get(child), nodes.get(parent)) else {
            continue;
        };
        let title = format!(
            "{}.{} → {}.{}",
            relationship.child_table,
            relationship.child_key.join(" + "),
            relationship.parent_table,
            relationship.parent_key.join(" + ")
        );
        let path = if parent == child {
            let (x, y) = (from.x + from.width, from.y + NODE_HEIGHT / 2.0);
            format!(
                "M{:.0} {:.0}C{:.0} {:.0} {:.0} {:.0} {x:.0} {:.0}",
                x,
                y + 8.0,
                x + 26.0,
                y + 20.0,
                x + 26.0,
                y - 20.0,
                y - 8.0
            )
        } else {
            let (x1, x2) = (from.x + from.width / 2.0, to.x + to.width / 2.0);
            let (y1, y2) = if to.y < from.y {
                (from.y, to.y + NODE_HEIGHT)
            } else {
                (from.y + NODE_HEIGHT, to.y)
            };
            let middle = (y1 + y2) / 2.0;
            format!("M{x1:.0} {y1:.0}C{x1:.0} {middle:.0} {x2:.0} {middle:.0} {x2:.0} {y2:.0}")
        };
        let _ = write!(
            svg,
            r#"<path class="edge" d="{path}"><title>{}</title></path>"#,
            escape(&title)
        );
    }
    for (idx, table) in tables.iter().enumerate() {
        let Some(node) = nodes.get(&idx) else {
            continue;
        };
        let kept = if table.kept { " kept" } else { "" };
        let _ = write!(
            svg,
            concat!(
                r##"<a href="#{anchor}"><title>{name}: {real} real rows, {synthetic} synthetic{kept_words}</title>"##,
                r#"<rect class="node {score}{kept}" x="{x:.0}" y="{y:.0}" width="{width:.0}" height="{height}" rx="6"/>"#,
                r#"<text class="name" x="{middle:.0}" y="{name_y:.0}" text-anchor="middle">{short}</text>"#,
                r#"<text x="{middle:.0}" y="{rows_y:.0}" text-anchor="middle">{synthetic}{kept_mark}</text></a>"#
            ),
            anchor = escape(&anchors[idx]),
            name = escape(&table.name),
            real = whole(table.rows.real),
            synthetic = whole(table.rows.synthetic),
            kept_words = if table.kept { ", kept" } else { "" },
            kept_mark = if table.kept { " · kept" } else { "" },
            score = scores[idx],
            kept = kept,
            x = node.x,
            y = node.y,
            width = node.width,
            height = NODE_HEIGHT,
            middle = node.x + node.width / 2.0,
            name_y = node.y + 16.0,
            rows_y = node.y + 30.0,
            short = escape(&shorten(&table.name, LETTERS)),
        );
    }
    let height = rows.len() as f64 * (NODE_HEIGHT + ROW_GAP) - ROW_GAP;
    Some(format!(
        r#"<svg class="graph" viewBox="-4 -4 {:.0} {:.0}" width="{:.0}" role="img" aria-label="schema">{svg}</svg>"#,
        widest + 36.0,
        height + 8.0,
        widest + 36.0
    ))
}

/// Arranges tables in rows: a child below its parents, near the middle of them.
fn arrange(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut level = vec![0_usize; count];
    // As many rounds as there are tables settle everything but cycles, whose closing edge
    // then points upwards.
    for round in 0..count {
        let mut moved = false;
        for (parent, child) in edges {
            if parent != child && level[*child] <= level[*parent] && level[*parent] < round + 1 {
                level[*child] = level[*parent] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let lone = |idx: usize| {
        !edges
            .iter()
            .any(|(parent, child)| *parent == idx || *child == idx)
    };
    let deepest = level.iter().copied().max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); deepest + 2];
    for (idx, level) in level.iter().enumerate() {
        let row = if lone(idx) { deepest + 1 } else { *level };
        rows[row].push(idx);
    }
    let mut place: Vec<f64> = (0..count).map(|idx| idx as f64).collect();
    for _ in 0..4 {
        for row in &mut rows {
            let centre = |idx: usize| {
                let near: Vec<f64> = edges
                    .iter()
                    .filter(|(parent, child)| parent != child)
                    .filter_map(|(parent, child)| match idx {
                        idx if idx == *child => Some(place[*parent]),
                        idx if idx == *parent => Some(place[*child]),
                        _ => None,
                    })
                    .collect();
                match near.is_empty() {
                    true => place[idx],
                    false => near.iter().sum::<f64>() / near.len() as f64,
                }
            };
            let mut keyed: Vec<(f64, usize)> = row.iter().map(|idx| (centre(*idx), *idx)).collect();
            keyed.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
            *row = keyed.into_iter().map(|(_, idx)| idx).collect();
            let middle = row.len() as f64 / 2.0;
            for (position, idx) in row.iter().enumerate() {
                place[*idx] = position as f64 - middle;
            }
        }
    }
    let most = (WIDEST / 130.0) as usize;
    rows.iter()
        .flat_map(|row| row.chunks(most).map(<[usize]>::to_vec))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::arrange;

    #[test]
    fn children_are_below_their_parents_even_in_cycles() {
        let edges = [(0, 1), (1, 2), (0, 2), (3, 3)];
        let rows = arrange(5, &edges);
        let row = |idx: usize| rows.iter().position(|row| row.contains(&idx));
        assert!(row(0) < row(1) && row(1) < row(2));
        assert!(row(3).is_some() && row(4).is_some());
        let cycle = arrange(3, &[(0, 1), (1, 2), (2, 0)]);
        assert_eq!(cycle.iter().map(Vec::len).sum::<usize>(), 3);
    }
}
