//! An inspection in words, for a terminal or a notebook.

use std::fmt::Write as _;

use prodlike_core::rule::Rule;
use prodlike_core::words::{aligned, bytes, counted, percent, thousands};
use prodlike_format::ModelInfo;

use super::{ColumnFacts, Filled, Inspection, Learned, RelationshipFacts, TableFacts};

/// Levels shown of a column.
const LEVELS: usize = 10;
/// Context columns, templates and the like shown of a column.
const FEW: usize = 5;

/// Says what a model knows: of a column where the inspection was narrowed to one, of a table
/// where it was narrowed to that, else of all.
pub fn text(inspection: &Inspection, info: &ModelInfo, is_narrow: bool) -> String {
    match inspection.tables.as_slice() {
        [table] if is_narrow && table.columns.len() == 1 => column_text(inspection, table),
        [table] if is_narrow => table_text(inspection, table),
        _ => model_text(inspection, info),
    }
}

fn names(names: &[String]) -> String {
    match names {
        [] => "none".into(),
        names => names.join(", "),
    }
}

fn model_text(inspection: &Inspection, info: &ModelInfo) -> String {
    let mut text = format!(
        "{} and {}, {}, {}\n",
        counted(inspection.tables.len() as u64, "table"),
        counted(inspection.relationships.len() as u64, "relationship"),
        bytes(info.bytes),
        info.digest
    );
    let _ = writeln!(
        text,
        "Protected entities: {}; at least {} behind every value\n",
        names(&inspection.entities),
        inspection.k
    );
    let mut lines = vec![row(&[
        "table",
        "rows",
        "learned",
        "generated",
        "sequences",
        "keys",
        "floor",
    ])];
    for table in &inspection.tables {
        let count = |is: fn(&Filled) -> bool| {
            let columns = table.columns.iter();
            columns
                .filter(|column| is(&column.filled))
                .count()
                .to_string()
        };
        lines.push(vec![
            table.name.clone(),
            thousands(table.rows),
            match table.kept {
                Some(_) => "kept".into(),
                None => count(|filled| matches!(filled, Filled::Learned(_))),
            },
            count(|filled| matches!(filled, Filled::Generated { .. })),
            count(|filled| matches!(filled, Filled::Sequence { .. })),
            count(|filled| matches!(filled, Filled::ForeignKey { .. })),
            table.floor.map_or("–".into(), |floor| floor.to_string()),
        ]);
    }
    text += &aligned(&lines, &[1, 2, 3, 4, 5, 6]);
    push_relationships(&mut text, &inspection.relationships);
    push_rules(&mut text, &inspection.tables);
    push_suppressed(&mut text, inspection);
    text
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}

fn push_relationships(text: &mut String, relationships: &[RelationshipFacts]) {
    if relationships.is_empty() {
        return;
    }
    let mut lines = vec![row(&[
        "relationship",
        "parent",
        "part",
        "children",
        "no parent",
        "childless",
        "mean",
        "95%",
        "most",
    ])];
    for facts in relationships {
        let of = |value: Option<String>| value.unwrap_or("–".into());
        let fan_out = facts.fan_out.as_ref();
        lines.push(vec![
            facts.name.clone(),
            facts.parent.clone(),
            facts.kind.replace('_', " "),
            thousands(facts.matched),
            thousands(facts.orphans + facts.nulls),
            of(fan_out.map(|fan_out| percent(fan_out.zero))),
            of(fan_out.map(|fan_out| format!("{:.2}", fan_out.mean))),
            of(fan_out.map(|fan_out| thousands(fan_out.p95))),
            of(fan_out.map(|fan_out| thousands(fan_out.most))),
        ]);
    }
    text.push('\n');
    *text += &aligned(&lines, &[3, 4, 5, 6, 7, 8]);
}

fn push_rules(text: &mut String, tables: &[TableFacts]) {
    let rules = tables.iter().flat_map(|table| {
        let rules = table.rules.iter();
        rules.map(|rule| (table.name.clone(), rule))
    });
    let rules = rules.map(|(table, rule)| {
        let kind = match rule {
            Rule::Expression(_) => "SQL",
            Rule::Plugin(_) => "plugin",
        };
        // An expression may have lines and comments.
        let lines = rule.to_string();
        let lines: Vec<&str> = lines.lines().map(str::trim).collect();
        vec![table, kind.to_string(), lines.join(" ")]
    });
    let heading = row(&["rules", "by", "what must hold"]);
    let lines: Vec<Vec<String>> = std::iter::once(heading).chain(rules).collect();
    if lines.len() > 1 {
        text.push('\n');
        *text += &aligned(&lines, &[]);
    }
}

fn push_suppressed(text: &mut String, inspection: &Inspection) {
    if inspection.suppressed.is_empty() {
        return;
    }
    let mut lines = vec![row(&["suppressed by the floor", "what", "count"])];
    for item in &inspection.suppressed {
        // A relationship's name begins with its table.
        let subject = match item.column.starts_with(&format!("{}.", item.table)) {
            true => item.column.clone(),
            false => format!("{}.{}", item.table, item.column),
        };
        lines.push(vec![subject, item.what.clone(), thousands(item.count)]);
    }
    text.push('\n');
    *text += &aligned(&lines, &[2]);
}

fn table_text(inspection: &Inspection, table: &TableFacts) -> String {
    let mut text = format!("{}: {}", table.name, counted(table.rows, "row"));
    match (table.kept, table.floor) {
        (Some(_), _) => text += "; kept: its real rows travel in the model",
        (None, Some(floor)) => {
            let _ = write!(text, "; at least {floor} entities behind every value");
        }
        (None, None) => text += "; no row leads to a protected entity",
    }
    text += "\n";
    if !table.primary_key.is_empty() {
        let _ = writeln!(text, "Primary key: {}", table.primary_key.join(", "));
    }
    text.push('\n');
    let mut lines = vec![row(&[
        "column", "type", "meaning", "NULL", "filled", "values",
    ])];
    for column in &table.columns {
        lines.push(vec![
            column.name.clone(),
            column.data_type.clone(),
            column.semantic.to_string(),
            column.nulls.map_or("–".into(), percent),
            match &column.transform {
                Some(transform) => {
                    format!("{}, changed by {transform}", filled_short(&column.filled))
                }
                None => filled_short(&column.filled),
            },
            values_short(column),
        ]);
    }
    text += &aligned(&lines, &[3]);
    push_relationships(&mut text, &inspection.relationships);
    push_rules(&mut text, &inspection.tables);
    push_suppressed(&mut text, inspection);
    text
}

fn filled_short(filled: &Filled) -> String {
    match filled {
        Filled::Kept => "kept".into(),
        Filled::Learned(learned) if learned.leaves <= 1 => "learned alone".into(),
        Filled::Learned(learned) => format!("learned, {} leaves", thousands(learned.leaves)),
        Filled::Generated { generator, .. } => format!("generator {generator}"),
        Filled::Sequence { dense: true, .. } => "counter".into(),
        Filled::Sequence { .. } => "distinct places".into(),
        Filled::ForeignKey { relationships, .. } => format!("key of {}", relationships.join(", ")),
    }
}

fn values_short(column: &ColumnFacts) -> String {
    let values = &column.values;
    match (&values.quantiles.as_slice(), &column.filled) {
        ([first, .., last], _) => {
            let median = values.quantiles.iter().find(|(percent, _)| *percent == 50);
            let median = median.map_or("", |(_, value)| value);
            format!("{} … {median} … {}", first.1, last.1)
        }
        (_, Filled::Sequence { start, .. }) => format!("from {start}"),
        (_, Filled::Generated { templates, .. }) if !templates.is_empty() => {
            let shown: Vec<&str> = templates.iter().take(2).map(|(t, _)| t.as_str()).collect();
            shown.join(", ")
        }
        _ => {
            let shown = values
                .levels
                .iter()
                .take(3)
                .map(|(level, share)| match share {
                    Some(share) => format!("{level} {}", percent(*share)),
                    None => level.clone(),
                });
            let mut shown: Vec<String> = shown.collect();
            if values.levels.len() > 3 {
                shown.push(format!("{} more", values.levels.len() - 3));
            }
            shown.join(", ")
        }
    }
}

fn column_text(inspection: &Inspection, table: &TableFacts) -> String {
    let Some(column) = table.columns.first() else {
        return String::new();
    };
    let mut text = format!(
        "{}.{}: {}{}, {}\n",
        table.name,
        column.name,
        column.data_type,
        if column.nullable { "" } else { " NOT NULL" },
        column.semantic
    );
    if let Some(nulls) = column.nulls.filter(|_| column.nullable) {
        let _ = writeln!(text, "NULL in {} of the rows", percent(nulls));
    }
    if let Some(transform) = &column.transform {
        let _ = writeln!(
            text,
            "Real values were changed by the plugin `{transform}` before anything else"
        );
    }
    push_filled(&mut text, &column.filled);
    match (&column.filled, table.floor) {
        (Filled::Learned(_), Some(floor)) => {
            let _ = writeln!(text, "At least {floor} entities are behind every value");
        }
        (Filled::Learned(_), None) => text += "No floor: no row leads to a protected entity\n",
        _ => {}
    }
    for (what, count) in &column.suppressed {
        let _ = writeln!(
            text,
            "Suppressed by the floor: {what} {}",
            thousands(*count)
        );
    }
    if !column.values.quantiles.is_empty() {
        let lines: Vec<Vec<String>> = column
            .values
            .quantiles
            .iter()
            .map(|(percent, value)| {
                let name = match percent {
                    0 => "least".to_string(),
                    50 => "median".to_string(),
                    100 => "greatest".to_string(),
                    percent => format!("{percent}%"),
                };
                vec![name, value.clone()]
            })
            .collect();
        text.push('\n');
        text += &aligned(&lines, &[1]);
    }
    if !column.values.levels.is_empty() {
        text.push('\n');
        let lines: Vec<Vec<String>> = column
            .values
            .levels
            .iter()
            .take(LEVELS)
            .map(|(level, share)| vec![level.clone(), share.map_or("–".into(), percent)])
            .collect();
        text += &aligned(&lines, &[1]);
        if column.values.levels.len() > LEVELS {
            let more = column.values.levels.len() - LEVELS;
            let _ = writeln!(text, "and {more} more");
        }
    }
    push_relationships(&mut text, &inspection.relationships);
    text
}

fn push_filled(text: &mut String, filled: &Filled) {
    let _ = match filled {
        Filled::Kept => writeln!(text, "Kept: its real values travel in the model"),
        Filled::Learned(learned) => {
            push_learned(text, "Learned", learned);
            Ok(())
        }
        Filled::Generated {
            generator,
            text: computed,
            unique,
            templates,
            learned,
        } => {
            if let Some(computed) = computed {
                let _ = writeln!(text, "Computed by the {generator} `{computed}`");
                return;
            }
            let _ = writeln!(
                text,
                "Filled by generator `{generator}`{}{}",
                if *unique { ", without repeats" } else { "" },
                if learned.is_empty() {
                    ": never learned"
                } else {
                    ""
                },
            );
            if let [(first, _), ..] = learned.as_slice() {
                let _ = writeln!(
                    text,
                    "Its plugin learned {} keys, such as `{first}`; enough entities share each",
                    thousands(learned.len() as u64)
                );
            }
            let sum: u32 = templates.iter().map(|(_, weight)| weight).sum();
            let lines: Vec<Vec<String>> = templates
                .iter()
                .take(LEVELS)
                .map(|(template, weight)| {
                    let share = f64::from(*weight) / f64::from(sum.max(1));
                    vec![format!("  {template}"), percent(share)]
                })
                .collect();
            write!(text, "{}", aligned(&lines, &[1]))
        }
        Filled::Sequence {
            start,
            step,
            places,
            dense,
            grouped,
        } => writeln!(
            text,
            "Distinct values from {start} in steps of {step}, {} of {} places{}",
            if *dense { "in order," } else { "shuffled over" },
            thousands(*places),
            if *grouped { ", within one owner" } else { "" }
        ),
        Filled::ForeignKey {
            relationships,
            learned,
        } => {
            let names = relationships.join(", ");
            let written = writeln!(text, "Foreign key: of the row that {names} refers to");
            if let Some(learned) = learned {
                push_learned(text, "Which row: learned", learned);
            }
            written
        }
    };
}

fn push_learned(text: &mut String, what: &str, learned: &Learned) {
    let (place, of) = learned.place;
    let _ = writeln!(
        text,
        "Drawn {} of {} in its row, as one of {} {}",
        ordinal(place),
        thousands(of),
        thousands(learned.symbols),
        learned.codec
    );
    if let Some(formula) = &learned.formula {
        let _ = writeln!(
            text,
            "Computed as {formula}, wherever that gives a value of its range"
        );
    }
    push_taught(text, what, learned);
    if let Some(next) = &learned.next {
        let _ = writeln!(
            text,
            "Where its owner has a row before it: as one of {} {}",
            thousands(next.symbols),
            next.codec
        );
        push_taught(text, what, next);
    }
    if let Some(finer) = &learned.finer {
        let _ = writeln!(
            text,
            "Which of a bin's values: as one of {} {}",
            thousands(finer.symbols - 1),
            finer.codec
        );
        push_taught(text, what, finer);
    }
}

fn ordinal(n: u64) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", thousands(n))
}

fn push_taught(text: &mut String, what: &str, learned: &Learned) {
    let bits: Vec<String> = learned
        .bits
        .iter()
        .map(|(teacher, bits)| format!("{teacher} {:.3}", bits.abs()))
        .collect();
    let bits = format!("Held-out bits a row: {}", bits.join(", "));
    if learned.leaves <= 1 {
        let _ = writeln!(
            text,
            "{what} by itself: no other column says anything of it\n{bits}"
        );
        return;
    }
    let asks: Vec<String> = learned
        .asks
        .iter()
        .take(FEW)
        .map(|(name, splits)| format!("  {name}, {}\n", counted(*splits, "split")))
        .collect();
    let more = match learned.asks.len() - asks.len() {
        0 => String::new(),
        n => format!("  and {n} more\n"),
    };
    let teacher = match learned.teacher.as_str() {
        "boosted" => "boosted trees, compiled into one",
        _ => "a tree",
    };
    let _ = writeln!(
        text,
        "{what} by {teacher} of {} leaves from\n{}{more}{bits}",
        thousands(learned.leaves),
        asks.concat(),
    );
}
