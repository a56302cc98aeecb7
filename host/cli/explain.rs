//! `inspect` and `diff`: a model in words and numbers.

use std::fmt::Write as _;

use prodlike_core::words::{aligned, counted};
use prodlike_engine::diff::{Change, Diff as Differences};
use prodlike_engine::{Error, inspect};
use serde_json::json;

use crate::args::{Diff, Inspect};
use crate::commands::Session;
use crate::output;

pub(crate) fn inspect(session: &Session, args: &Inspect) -> anyhow::Result<()> {
    let (model, info) = prodlike_engine::read_model(&args.model).map_err(Error::from)?;
    let mut inspection = inspect::inspect(&model)?;
    if let Some(subject) = &args.subject {
        inspect::narrow(&mut inspection, subject)?;
    }
    if session.json() {
        let mut found = json!({ "model": args.model.to_string_lossy() });
        if let (Some(found), serde_json::Value::Object(told)) =
            (found.as_object_mut(), inspect::json(&inspection, &info))
        {
            found.extend(told);
        }
        return session.result(&found);
    }
    let mut text = inspect::text(&inspection, &info, args.subject.is_some());
    if args.subject.is_none() {
        text +=
            "\nMore: `prodlike inspect MODEL TABLE` and `prodlike inspect MODEL TABLE.COLUMN`\n";
    }
    output::result(&text)
}

pub(crate) fn diff(session: &Session, args: &Diff) -> anyhow::Result<()> {
    let read = |path| prodlike_engine::read_model(path).map_err(Error::from);
    let ((before, old), (after, new)) = (read(&args.before)?, read(&args.after)?);
    let differences = prodlike_engine::diff::diff(&before, &after)?;
    if session.json() {
        let change = |change: &Change| {
            json!({
                "kind": change.kind, "subject": change.subject, "before": change.before,
                "after": change.after, "size": change.size,
            })
        };
        return session.result(&json!({
            "before": args.before.to_string_lossy(),
            "after": args.after.to_string_lossy(),
            "before_digest": old.digest,
            "after_digest": new.digest,
            "identical": old.digest == new.digest,
            "columns": differences.columns,
            "relationships": differences.relationships,
            "changes": differences.changes.iter().map(change).collect::<Vec<_>>(),
        }));
    }
    output::result(&diff_text(
        &differences,
        old.digest == new.digest,
        args.least,
    ))
}

fn diff_text(differences: &Differences, identical: bool, least: f64) -> String {
    if identical {
        return "The models are the same, byte for byte\n".to_string();
    }
    let compared = format!(
        "{} and {} compared",
        counted(differences.columns, "column"),
        counted(differences.relationships, "relationship")
    );
    let (shown, small): (Vec<&Change>, Vec<&Change>) = differences
        .changes
        .iter()
        .partition(|change| change.size >= least);
    let mut text = match shown.len() {
        0 => format!("Nothing changed by {least} or more; {compared}\n"),
        n => format!("{}; {compared}\n\n", counted(n as u64, "change")),
    };
    let lines: Vec<Vec<String>> = shown
        .iter()
        .map(|change| {
            vec![
                format!("{:.3}", change.size),
                match change.subject.as_str() {
                    "" => "the model".to_string(),
                    subject => subject.to_string(),
                },
                change.kind.replace('_', " "),
                format!("{} → {}", told(&change.before), told(&change.after)),
            ]
        })
        .collect();
    text += &aligned(&lines, &[]);
    if !small.is_empty() {
        let _ = writeln!(
            text,
            "\n{} below {least}; show them with `--least 0`",
            counted(small.len() as u64, "change")
        );
    }
    text
}

fn told(text: &str) -> &str {
    match text {
        "" => "none",
        text => text,
    }
}
