//! Diff: what changed from one model to another, the greatest change first.
//!
//! Two models of the same database, fitted a month apart, say what happened to it without
//! a look at the data. Every change has a size in [0, 1]: 1 for what came or went; total
//! variation for levels; Kolmogorov-Smirnov's distance for what has an order.

use std::collections::BTreeMap;

use prodlike_core::model::{Drawn, EdgeModel, Fill, Model};
use prodlike_core::schema::{Column, DataType, Table, TableMode};
use prodlike_core::words::percent;
use prodlike_models::codec::Codec;

use crate::error::Error;
use crate::inspect::{self, Mass, classes, masses, nulls, share, spell};

/// What changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Diff {
    /// The greatest first.
    pub changes: Vec<Change>,
    /// Columns that both models have.
    pub columns: u64,
    /// Relationships that both models have.
    pub relationships: u64,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind: `table_added`, `type`, `nulls`, `levels`, `distribution`, `fan_out` …
    pub kind: &'static str,
    /// Where: a table, `table.column`, or a relationship's name; empty for the whole model.
    pub subject: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// In [0, 1].
    pub size: f64,
}

/// Compares two models.
///
/// # Errors
/// [`Error::Internal`] for a model that contradicts itself, which reading refuses.
pub fn diff(before: &Model, after: &Model) -> Result<Diff, Error> {
    let mut diff = Diff {
        changes: Vec::new(),
        columns: 0,
        relationships: 0,
    };
    let (old, new) = (&before.schema, &after.schema);
    diff.structure(
        "floor",
        "",
        &old.privacy.k.to_string(),
        &new.privacy.k.to_string(),
    );
    diff.structure(
        "entities",
        "",
        &old.privacy.entities.join(", "),
        &new.privacy.entities.join(", "),
    );
    for table in &old.tables {
        match new.table_idx(&table.name) {
            None => diff.push("table_removed", &table.name, "there", "gone", 1.0),
            Some(theirs) => {
                let ours = old.table_idx(&table.name).unwrap_or_default();
                diff.table((before, ours), (after, theirs))?;
            }
        }
    }
    for table in new.tables.iter().filter(|t| old.table(&t.name).is_none()) {
        diff.push("table_added", &table.name, "not there", "there", 1.0);
    }
    let same = |a: usize, b: usize| {
        let (a, b) = (&old.relationships[a], &new.relationships[b]);
        (a.name(), &a.parent_table, &a.parent_key) == (b.name(), &b.parent_table, &b.parent_key)
    };
    let parent = |model: &Model, edge: usize| {
        format!("to `{}`", model.schema.relationships[edge].parent_table)
    };
    for ours in 0..old.relationships.len() {
        let name = old.relationships[ours].name();
        match (0..new.relationships.len()).find(|&theirs| same(ours, theirs)) {
            None => diff.push(
                "relationship_removed",
                &name,
                &parent(before, ours),
                "gone",
                1.0,
            ),
            Some(theirs) => diff.relationship(&name, &before.edges[ours], &after.edges[theirs]),
        }
    }
    for theirs in 0..new.relationships.len() {
        if (0..old.relationships.len()).all(|ours| !same(ours, theirs)) {
            let name = new.relationships[theirs].name();
            let after = parent(after, theirs);
            diff.push("relationship_added", &name, "not there", &after, 1.0);
        }
    }
    diff.changes.sort_by(|a, b| {
        b.size
            .total_cmp(&a.size)
            .then_with(|| (&a.subject, a.kind).cmp(&(&b.subject, b.kind)))
    });
    Ok(diff)
}

impl Diff {
    fn push(&mut self, kind: &'static str, subject: &str, before: &str, after: &str, size: f64) {
        if size > 0.0 {
            self.changes.push(Change {
                kind,
                subject: subject.to_string(),
                before: before.to_string(),
                after: after.to_string(),
                size: size.min(1.0),
            });
        }
    }

    fn structure(&mut self, kind: &'static str, subject: &str, before: &str, after: &str) {
        let size = if before == after { 0.0 } else { 1.0 };
        self.push(kind, subject, before, after, size);
    }

    fn table(&mut self, before: (&Model, usize), after: (&Model, usize)) -> Result<(), Error> {
        let (old, new) = (
            &before.0.schema.tables[before.1],
            &after.0.schema.tables[after.1],
        );
        let (ours, theirs) = (&before.0.tables[before.1], &after.0.tables[after.1]);
        let mode = |mode: TableMode| match mode {
            TableMode::Keep => "kept",
            TableMode::Generate | TableMode::Exclude => "generated",
        };
        self.structure("mode", &old.name, mode(old.mode), mode(new.mode));
        self.structure(
            "primary_key",
            &old.name,
            &old.primary_key.join("+"),
            &new.primary_key.join("+"),
        );
        let rules = |table: &Table| {
            let rules: Vec<String> = table.rules.iter().map(ToString::to_string).collect();
            rules.join("; ")
        };
        self.structure("rules", &old.name, &rules(old), &rules(new));
        let most = ours.rows.max(theirs.rows).max(1);
        self.push(
            "rows",
            &old.name,
            &ours.rows.to_string(),
            &theirs.rows.to_string(),
            ours.rows.abs_diff(theirs.rows) as f64 / most as f64,
        );
        for (at, column) in old.columns.iter().enumerate() {
            let subject = format!("{}.{}", old.name, column.name);
            match new.column_idx(&column.name) {
                None => self.push("column_removed", &subject, "there", "gone", 1.0),
                Some(position) => {
                    self.columns += 1;
                    let other = &new.columns[position];
                    self.declared(&subject, column, other);
                    if let (Some(ours), Some(theirs)) =
                        (ours.fills.get(at), theirs.fills.get(position))
                    {
                        let (ours, theirs) = (
                            (ours, before.0.tables[before.1].drawn.as_slice()),
                            (theirs, after.0.tables[after.1].drawn.as_slice()),
                        );
                        self.filled(&subject, (column, ours), (other, theirs))?;
                    }
                }
            }
        }
        for column in &new.columns {
            if old.column(&column.name).is_none() {
                let subject = format!("{}.{}", old.name, column.name);
                let is = column.data_type.to_string();
                self.push("column_added", &subject, "not there", &is, 1.0);
            }
        }
        Ok(())
    }

    fn declared(&mut self, subject: &str, old: &Column, new: &Column) {
        self.structure(
            "type",
            subject,
            &old.data_type.to_string(),
            &new.data_type.to_string(),
        );
        self.structure(
            "semantic",
            subject,
            old.semantic.as_str(),
            new.semantic.as_str(),
        );
        let nullable = |column: &Column| match column.nullable {
            true => "may be NULL",
            false => "never NULL",
        };
        self.structure("nullable", subject, nullable(old), nullable(new));
    }

    fn filled(
        &mut self,
        subject: &str,
        (old, (ours, our_drawn)): (&Column, (&Fill, &[Drawn])),
        (new, (theirs, their_drawn)): (&Column, (&Fill, &[Drawn])),
    ) -> Result<(), Error> {
        let (was, is) = (way(ours), way(theirs));
        self.structure("filled", subject, &was, &is);
        let variable = |fill: &Fill| match fill {
            Fill::Drawn(drawn) => Some(*drawn),
            Fill::Generated { presence, .. } => *presence,
            Fill::Sequence(_) | Fill::ForeignKey => None,
        };
        let ours = variable(ours).and_then(|drawn| our_drawn.get(drawn));
        let theirs = variable(theirs).and_then(|drawn| their_drawn.get(drawn));
        let known = |variable: Option<&Drawn>| variable.map_or(Some(0.0), nulls);
        if let (Some(was), Some(is)) = (known(ours), known(theirs)) {
            let size = (was - is).abs();
            self.push("nulls", subject, &percent(was), &percent(is), size);
        }
        let (Some(ours), Some(theirs)) = (ours, theirs) else {
            return Ok(());
        };
        if let (Some(was), Some(is)) = (levels(ours), levels(theirs)) {
            self.levels(subject, &was, &is);
        } else if old.data_type == new.data_type
            && let (Some(was), Some(is)) = (masses(ours), masses(theirs))
        {
            let (size, at) = kolmogorov(&was, &is);
            let value = spell_number(old, at)?;
            let below = |masses: &[Mass]| {
                format!("{} are at most {value}", percent(below(masses, at, true)))
            };
            self.push("distribution", subject, &below(&was), &below(&is), size);
        }
        Ok(())
    }

    fn levels(&mut self, subject: &str, was: &BTreeMap<&str, f64>, is: &BTreeMap<&str, f64>) {
        let mut names: Vec<&str> = was.keys().chain(is.keys()).copied().collect();
        names.sort_unstable();
        names.dedup();
        let of = |shares: &BTreeMap<&str, f64>, name: &str| {
            shares.get(name).copied().unwrap_or_default()
        };
        let change = |name: &str| (of(was, name) - of(is, name)).abs();
        let size = names.iter().map(|name| change(name)).sum::<f64>() / 2.0;
        let greatest = names.iter().max_by(|a, b| change(a).total_cmp(&change(b)));
        if let Some(name) = greatest {
            let is_name = |shares: &BTreeMap<&str, f64>| {
                format!("{} are `{name}`", percent(of(shares, name)))
            };
            self.push("levels", subject, &is_name(was), &is_name(is), size);
        }
    }

    fn relationship(&mut self, name: &str, old: &EdgeModel, new: &EdgeModel) {
        self.relationships += 1;
        let rows = |edge: &EdgeModel| (edge.matched + edge.orphans + edge.nulls).max(1) as f64;
        let nulls = |edge: &EdgeModel| edge.nulls as f64 / rows(edge);
        let orphans = |edge: &EdgeModel| edge.orphans as f64 / rows(edge);
        for (kind, was, is) in [
            ("null_keys", nulls(old), nulls(new)),
            ("orphans", orphans(old), orphans(new)),
        ] {
            let size = (was - is).abs();
            self.push(kind, name, &percent(was), &percent(is), size);
        }
        let masses = |edge: &EdgeModel| {
            let classes = classes(&edge.law);
            let parents: u64 = classes.iter().map(|class| class.2).sum();
            let mass = |&(lo, hi, n): &(u64, u64, u64)| Mass {
                lo: lo as f64,
                hi: hi as f64,
                share: n as f64 / parents as f64,
            };
            (parents > 0).then(|| {
                let mean = edge.matched as f64 / parents as f64;
                (classes.iter().map(mass).collect::<Vec<Mass>>(), mean)
            })
        };
        if let (Some((was, mean_was)), Some((is, mean_is))) = (masses(old), masses(new)) {
            let (size, at) = kolmogorov(&was, &is);
            let text = |masses: &[Mass], mean: f64| {
                let share = percent(below(masses, at, true));
                format!("mean {mean:.2}, {share} have at most {at:.0}")
            };
            let (before, after) = (text(&was, mean_was), text(&is, mean_is));
            self.push("fan_out", name, &before, &after, size);
        }
    }
}

/// How a column is filled, in a word or two.
fn way(fill: &Fill) -> String {
    match fill {
        Fill::Drawn(_) => "learned".into(),
        Fill::Generated { spec, .. } => format!("generated by `{}`", spec.name),
        Fill::Sequence(_) => "a sequence".into(),
        Fill::ForeignKey => "a foreign key".into(),
    }
}

/// Levels and their shares of the values that are not NULL.
fn levels(variable: &Drawn) -> Option<BTreeMap<&str, f64>> {
    let (levels, sizes) = match &variable.codec {
        Codec::Levels { levels, .. } => (levels, vec![1; levels.len()]),
        Codec::Groups { levels, sizes, .. } => (levels, sizes.clone()),
        _ => return None,
    };
    let null = usize::from(variable.codec.is_nullable());
    let mut shares: Vec<f64> = Vec::with_capacity(levels.len());
    for (at, size) in sizes.into_iter().enumerate() {
        // Shares are known of groups: those of one count as equal.
        let share = share(variable, at + null)? / f64::from(size);
        shares.extend(std::iter::repeat_n(share, usize::from(size)));
    }
    let sum: f64 = shares.iter().sum::<f64>().max(1e-9);
    let named = levels.iter().map(String::as_str);
    Some(named.zip(shares.iter().map(|share| share / sum)).collect())
}

/// The share at most `x`, or below it.
fn below(masses: &[Mass], x: f64, inclusive: bool) -> f64 {
    masses
        .iter()
        .map(|mass| {
            if x > mass.hi || (inclusive && x == mass.hi) {
                mass.share
            } else if x <= mass.lo {
                0.0
            } else {
                mass.share * (x - mass.lo) / (mass.hi - mass.lo)
            }
        })
        .sum()
}

/// The greatest distance of two distributions, and where it is.
fn kolmogorov(was: &[Mass], is: &[Mass]) -> (f64, f64) {
    let mut greatest = (0.0, 0.0);
    for x in was.iter().chain(is).flat_map(|mass| [mass.lo, mass.hi]) {
        for inclusive in [true, false] {
            let distance = (below(was, x, inclusive) - below(is, x, inclusive)).abs();
            // What differs by rounding alone is no change.
            if distance > greatest.0 && distance > 1e-9 {
                greatest = (distance, x);
            }
        }
    }
    greatest
}

fn spell_number(column: &Column, x: f64) -> Result<String, Error> {
    match &column.data_type {
        DataType::Float32 | DataType::Float64 => Ok(inspect::trimmed(x)),
        _ => Ok(spell(column, 0, &[x.round() as i64])?.remove(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mass(lo: f64, hi: f64, share: f64) -> Mass {
        Mass { lo, hi, share }
    }

    #[test]
    fn distances_are_found_where_they_are_greatest() {
        let even = [mass(0.0, 10.0, 0.5), mass(10.0, 20.0, 0.5)];
        assert_eq!(kolmogorov(&even, &even), (0.0, 0.0));
        let low = [mass(0.0, 10.0, 0.9), mass(10.0, 20.0, 0.1)];
        let (size, at) = kolmogorov(&even, &low);
        assert!((size - 0.4).abs() < 1e-9, "{size}");
        assert_eq!(at, 10.0);
        // A spike against the same share spread below it.
        let spike = [mass(10.0, 10.0, 1.0)];
        let (size, at) = kolmogorov(&spike, &[mass(0.0, 10.0, 1.0)]);
        assert_eq!((size, at), (1.0, 10.0));
    }
}
