//! An inspection for programs.

use prodlike_core::model::Suppressed;
use prodlike_core::rule::Rule;
use prodlike_format::ModelInfo;
use serde_json::{Value, json};

use super::{ColumnFacts, Filled, Inspection, Learned, RelationshipFacts, TableFacts};

/// Returns all that an inspection says.
pub fn json(inspection: &Inspection, info: &ModelInfo) -> Value {
    json!({
        "model_digest": info.digest,
        "bytes": info.bytes,
        "k": inspection.k,
        "entities": inspection.entities,
        "tables": inspection.tables.iter().map(table_json).collect::<Vec<_>>(),
        "relationships":
            inspection.relationships.iter().map(relationship_json).collect::<Vec<_>>(),
        "suppressed": suppressed_json(&inspection.suppressed),
    })
}

/// Returns what the floors of a model took away.
pub fn suppressed_json(items: &[Suppressed]) -> Vec<Value> {
    let item = |item: &Suppressed| {
        json!({
            "table": item.table, "column": item.column, "what": item.what, "count": item.count,
        })
    };
    items.iter().map(item).collect()
}

fn table_json(table: &TableFacts) -> Value {
    json!({
        "table": table.name,
        "rows": table.rows,
        "kept": table.kept,
        "floor": table.floor,
        "primary_key": table.primary_key,
        "rules": table.rules.iter().map(rule_json).collect::<Vec<_>>(),
        "columns": table.columns.iter().map(column_json).collect::<Vec<_>>(),
    })
}

fn rule_json(rule: &Rule) -> Value {
    match rule {
        Rule::Expression(sql) => json!({ "by": "expression", "expression": sql }),
        Rule::Plugin(plugin) => json!({
            "by": "plugin", "plugin": plugin.name, "input": plugin.input,
            "options": serde_json::from_str::<Value>(&plugin.options).ok(),
        }),
    }
}

fn counts_json(counts: &[(String, u64)], of: &str) -> Vec<Value> {
    let counts = counts.iter();
    counts
        .map(|(what, count)| json!({ of: what, "count": count }))
        .collect()
}

fn learned_json(learned: &Learned) -> Value {
    json!({
        "by": "learned",
        "teacher": learned.teacher,
        "leaves": learned.leaves,
        "symbols": learned.symbols,
        "codec": learned.codec,
        "place": learned.place.0,
        "next": learned.next.as_ref().map(|next| learned_json(next)),
        "finer": learned.finer.as_ref().map(|finer| learned_json(finer)),
        "formula": learned.formula,
        "context": counts_json(&learned.asks, "feature"),
        "bits": learned.bits.iter().map(|(teacher, bits)| {
            json!({ "teacher": teacher, "bits": bits })
        }).collect::<Vec<_>>(),
    })
}

fn column_json(column: &ColumnFacts) -> Value {
    let filled = match &column.filled {
        Filled::Kept => json!({ "by": "kept" }),
        Filled::Learned(learned) => learned_json(learned),
        Filled::Generated {
            generator,
            text,
            unique,
            templates,
            learned,
        } => json!({
            "by": "generator",
            "generator": generator,
            "text": text,
            "unique": unique,
            "learned": counts_json(learned, "key"),
            "templates": templates.iter().map(|(template, weight)| {
                json!({ "template": template, "weight": weight })
            }).collect::<Vec<_>>(),
        }),
        Filled::Sequence {
            start,
            step,
            places,
            dense,
            grouped,
        } => json!({
            "by": "sequence", "start": start, "step": step, "places": places,
            "dense": dense, "grouped": grouped,
        }),
        Filled::ForeignKey {
            relationships,
            learned,
        } => json!({
            "by": "foreign_key",
            "relationships": relationships,
            "learned": learned.as_ref().map(learned_json),
        }),
    };
    json!({
        "column": column.name,
        "type": column.data_type,
        "nullable": column.nullable,
        "semantic": column.semantic,
        "transform": column.transform,
        "filled": filled,
        "nulls": column.nulls,
        "levels": column.values.levels.iter().map(|(level, share)| {
            json!({ "value": level, "share": share })
        }).collect::<Vec<_>>(),
        "quantiles": column.values.quantiles.iter().map(|(percent, value)| {
            json!({ "percent": percent, "value": value })
        }).collect::<Vec<_>>(),
        "suppressed": counts_json(&column.suppressed, "what"),
    })
}

fn relationship_json(facts: &RelationshipFacts) -> Value {
    let fan_out = facts.fan_out.as_ref().map(|fan_out| {
        json!({
            "parents": fan_out.parents, "zero": fan_out.zero, "mean": fan_out.mean,
            "median": fan_out.median, "p95": fan_out.p95, "most": fan_out.most,
            "classes": fan_out.classes,
        })
    });
    json!({
        "relationship": facts.name,
        "child_table": facts.child,
        "parent_table": facts.parent,
        "kind": facts.kind,
        "matched": facts.matched,
        "orphans": facts.orphans,
        "nulls": facts.nulls,
        "fan_out": fan_out,
    })
}
