//! The rules of a manifest: how many rows of a source keep them.

use prodlike_core::evidence::floored;
use prodlike_core::generator::{GeneratorError, GeneratorRegistry};
use prodlike_core::progress::Progress;
use prodlike_core::rule::{Adherence, Kept, PluginRule, Rule};
use prodlike_core::schema::{Column, Schema};
use prodlike_core::shown::Shown;
use prodlike_duckdb::{Expression, Source};

use crate::error::Error;
use crate::evaluate::found;

/// Rows of one table.
struct Rows<'a> {
    source: &'a Source,
    schema: &'a Schema,
    table: usize,
    /// Whether they are real: then no words of a plugin are shown.
    real: bool,
}

/// Holds the real rows against every rule, and warns where some break one: what is learned of
/// them will break it too.
///
/// # Errors
/// Rules that cannot be checked.
pub(crate) fn warn(
    source: &Source,
    schema: &Schema,
    registry: &dyn GeneratorRegistry,
    progress: &dyn Progress,
) -> Result<(), Error> {
    for (at, table) in schema.tables.iter().enumerate() {
        let rows = Rows {
            source,
            schema,
            table: at,
            real: true,
        };
        for rule in &table.rules {
            let kept = rows.kept(rule, registry)?;
            if kept.broken > 0 {
                progress.warn(&format!(
                    "{} of the real rows of table `{}` break its rule `{rule}`, and synthetic \
                     rows will; correct the rule, or the data",
                    share(kept, schema.privacy.k),
                    table.name
                ));
            }
        }
    }
    Ok(())
}

fn share(kept: Kept, k: u32) -> String {
    match kept.rows - kept.broken {
        _ if floored(kept.broken, k).is_none() => format!("fewer than {k}"),
        keep if floored(keep, k).is_none() => format!("all but fewer than {k}"),
        _ => format!("{:.1} %", 100.0 * kept.broken as f64 / kept.rows as f64),
    }
}

/// Holds real and synthetic rows against the rules of the tables that are compared: those of the
/// second schema. A synthetic dataset may lack what a rule names.
///
/// # Errors
/// Rules that cannot be checked.
pub(crate) fn adherence(
    real: (&Source, &Schema),
    synthetic: (&Source, &Schema),
    registry: &dyn GeneratorRegistry,
) -> Result<Vec<Adherence>, Error> {
    let mut made = found(synthetic.0, synthetic.1)?;
    made.drop_broken_relationships();
    let mut measured = Vec::new();
    for (at, table) in synthetic.1.tables.iter().enumerate() {
        let places = (real.1.table_idx(&table.name), made.table_idx(&table.name));
        let (Some(theirs), Some(ours)) = places else {
            continue;
        };
        let rows = Rows {
            source: real.0,
            schema: real.1,
            table: theirs,
            real: true,
        };
        let made = Rows {
            source: synthetic.0,
            schema: &made,
            table: ours,
            real: false,
        };
        for rule in &table.rules {
            measured.push(Adherence {
                table: at,
                rule: rule.to_string(),
                real: rows.kept(rule, registry)?,
                synthetic: match made.missing(rule)? {
                    None => Ok(made.kept(rule, registry)?),
                    Some(name) => Err(format!("the synthetic data has no column `{name}`")),
                },
            });
        }
    }
    Ok(measured)
}

impl Rows<'_> {
    /// Counts the rows that keep a rule.
    fn kept(&self, rule: &Rule, registry: &dyn GeneratorRegistry) -> Result<Kept, Error> {
        let table = &self.schema.tables[self.table].name;
        match rule {
            Rule::Expression(sql) => {
                let parsed = self.parsed(sql)?;
                let kept = self.source.kept(self.schema, self.table, &parsed);
                kept.map_err(|error| Error::rule(table, sql, error))
            }
            Rule::Plugin(plugin) => self.kept_by(plugin, rule, registry),
        }
    }

    fn parsed(&self, sql: &str) -> Result<Expression, Error> {
        let table = &self.schema.tables[self.table].name;
        Expression::parse(sql).map_err(|error| Error::rule(table, sql, error))
    }

    fn kept_by(
        &self,
        plugin: &PluginRule,
        rule: &Rule,
        registry: &dyn GeneratorRegistry,
    ) -> Result<Kept, Error> {
        let table = &self.schema.tables[self.table].name;
        let (shown, columns) = self.shown(plugin)?;
        let refused = |error: GeneratorError| Error::rule(table, &rule.to_string(), error);
        let judge = registry.row_rule(table, plugin, &columns, self.real);
        let judge = judge.map_err(refused)?;
        let mut kept = Kept {
            rows: self.source.count(table)?,
            broken: 0,
        };
        self.source
            .for_each_shown(self.schema, self.table, &shown, |first, arrays| {
                let broken = judge.broken(first, kept.rows, arrays);
                kept.broken += broken.map_err(refused)?;
                Ok::<(), Error>(())
            })?;
        Ok(kept)
    }

    /// Returns what a plugin is shown, and its columns under the names that the rule has for them.
    fn shown(&self, plugin: &PluginRule) -> Result<(Vec<Shown>, Vec<Column>), Error> {
        let table = &self.schema.tables[self.table].name;
        let (mut shown, mut columns) = (Vec::new(), Vec::new());
        for name in &plugin.input {
            let place = self.schema.shown(self.table, name).and_then(|shown| {
                let (table, column) = self.schema.place(self.table, shown)?;
                Some((shown, &self.schema.tables[table].columns[column]))
            });
            // One that is excluded: the manifest was read with it.
            let (place, column) = place.ok_or_else(|| Error::RuleInput {
                table: table.clone(),
                rule: plugin.name.clone(),
                input: name.clone(),
            })?;
            shown.push(place);
            columns.push(Column {
                name: name.clone(),
                ..column.clone()
            });
        }
        Ok((shown, columns))
    }

    /// Returns the first column that a rule names and the rows do not have.
    fn missing(&self, rule: &Rule) -> Result<Option<String>, Error> {
        let mut names = match rule {
            Rule::Plugin(rule) => rule.input.clone(),
            Rule::Expression(sql) => {
                let parsed = self.parsed(sql)?;
                let names = parsed.columns().iter();
                names.map(|names| names.join(".")).collect()
            }
        };
        names.retain(|name| self.schema.shown(self.table, name).is_none());
        Ok(names.into_iter().next())
    }
}
