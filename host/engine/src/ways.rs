//! How every table comes to its rows, in words: what `generate --dry-run` says beside numbers.

use prodlike_core::model::{EdgeKind, Model, Target};
use prodlike_core::schema::TableMode;

use crate::implied::implied;
use crate::plan::{self, PLANNED_ROWS, Plan};

/// Says how the rows of every table are made, parallel to the schema's tables: what they grow
/// with, how siblings follow one another, and what they refer to.
pub fn ways(model: &Model, plan: &Plan) -> Vec<String> {
    let kinds: Vec<Option<EdgeKind>> = model.edges.iter().map(|it| Some(it.kind)).collect();
    let implied = implied(&model.schema, &kinds);
    (0..model.tables.len())
        .map(|table| way(model, plan, &implied, table))
        .collect()
}

fn way(model: &Model, plan: &Plan, implied: &[Option<(usize, usize)>], table: usize) -> String {
    let (schema, learned) = (&model.schema.tables[table], &model.tables[table]);
    if schema.mode == TableMode::Keep {
        return "kept as it is, at any scale".into();
    }
    let owner = plan::owner(model, table);
    let is_tree = |edge: &usize| model.edges[*edge].kind == EdgeKind::Tree;
    let ours = |edge: &usize| model.schema.relationships[*edge].child_table == schema.name;
    let ours: Vec<usize> = (0..model.edges.len()).filter(ours).collect();
    let mut parts = vec![match owner {
        Some((edge, _)) => {
            format!("of `{}`", model.schema.relationships[edge].parent_table)
        }
        None if ours.iter().any(is_tree) => "a forest, by the scale".into(),
        None => "by the scale".into(),
    }];
    if learned.chain.is_some() {
        parts.push("row after row".into());
    } else if owner.is_none() && plan.rows[table] <= PLANNED_ROWS {
        parts.push("shared out".into());
    }
    let is_chosen = |edge: usize| {
        let mut drawn = learned.drawn.iter();
        drawn.any(|it| matches!(it.target, Target::Reference(of) | Target::Relationship(of) if of == edge))
    };
    for edge in ours {
        let parent = &model.schema.relationships[edge].parent_table;
        let what = match model.edges[edge].kind {
            EdgeKind::Owner | EdgeKind::Tree => continue,
            EdgeKind::BridgeItem => format!("each `{parent}` once"),
            _ if implied[edge].is_some() => format!("its `{parent}` follows"),
            _ if is_chosen(edge) => format!("chooses `{parent}`"),
            _ => format!("any `{parent}`"),
        };
        if !parts.contains(&what) {
            parts.push(what);
        }
    }
    parts.join("; ")
}
