//! The rules of a table: expressions of SQL, and plugins.

use prodlike_core::rule::{PluginRule, Rule};
use prodlike_core::schema::Schema;
use toml_edit::{Array, InlineTable, Item, Value};

use super::column::read_secrets;
use super::read::check_key;
use super::render::render_told;
use super::section::{Read, Section, flaw};
use crate::error::ManifestProblem;

/// What stands at one place of the list.
enum Written<'a> {
    Sql(&'a str),
    Plugin(Section<'a>),
}

/// Reads the rules of a table.
pub(super) fn read_rules(section: &Section<'_>) -> Read<Vec<Rule>> {
    let rules = written(section)?.into_iter();
    let rules = rules.map(|rule| match rule {
        Written::Sql(sql) => Ok(Rule::Expression(sql.to_string())),
        Written::Plugin(section) => read_plugin(section).map(Rule::Plugin),
    });
    rules.collect()
}

fn written<'a>(section: &Section<'a>) -> Read<Vec<Written<'a>>> {
    let Some(item) = section.table.get("rules") else {
        return Ok(Vec::new());
    };
    let heading = || format!("a rule of {}", section.name);
    // As `[[tables.stay.rules]]` writes them.
    if let Some(tables) = item.as_array_of_tables() {
        let plugins = tables.iter().map(|table| {
            Written::Plugin(Section {
                name: heading(),
                table,
                span: table.span(),
            })
        });
        return Ok(plugins.collect());
    }
    let values = item.as_array().map(|array| {
        let rules = array.iter().map(|value| match value {
            Value::String(sql) => Some(Written::Sql(sql.value())),
            value => Some(Written::Plugin(Section {
                name: heading(),
                table: value.as_inline_table()?,
                span: value.span(),
            })),
        });
        rules.collect::<Option<Vec<Written<'a>>>>()
    });
    match values.flatten() {
        Some(rules) => Ok(rules),
        None => section.wrong_type("rules", "an array of strings and tables", item),
    }
}

fn read_plugin(section: Section<'_>) -> Read<PluginRule> {
    let section = section.only(&["name", "options", "input", "secrets"])?;
    Ok(PluginRule {
        name: section
            .require("name", section.string("name")?)?
            .to_string(),
        options: section.json("options")?.unwrap_or_default(),
        input: section.require("input", section.strings("input")?)?,
        secrets: read_secrets(&section)?,
    })
}

/// Refuses plugins that are to be shown what is not there. Only DuckDB knows what an expression
/// names.
pub(super) fn check_rules(section: &Section<'_>, table: usize, schema: &Schema) -> Read<()> {
    for rule in written(section)? {
        let Written::Plugin(rule) = rule else {
            continue;
        };
        let input = rule.strings("input")?.unwrap_or_default();
        if input.is_empty() {
            return flaw(
                rule.span_of("input"),
                ManifestProblem::EmptyKey {
                    key: "input".into(),
                    section: rule.name.clone(),
                },
            );
        }
        let is_missing = |name: &String| schema.shown(table, name).is_none();
        let missing: Vec<String> = input.into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            check_key(&rule, "input", &missing, &schema.tables[table])?;
        }
    }
    Ok(())
}

/// Renders the rules of a table, each on a line of its own.
pub(super) fn render_rules(rules: &[Rule]) -> Item {
    let mut rendered = Array::new();
    for rule in rules {
        let mut value = match rule {
            Rule::Expression(sql) => Value::from(sql.as_str()),
            Rule::Plugin(rule) => {
                let mut told = InlineTable::new();
                told.insert("name", rule.name.as_str().into());
                render_told(&mut told, &rule.options, &rule.input, &rule.secrets);
                Value::InlineTable(told)
            }
        };
        value.decor_mut().set_prefix("\n  ");
        rendered.push_formatted(value);
    }
    rendered.set_trailing("\n");
    rendered.set_trailing_comma(true);
    Item::Value(Value::Array(rendered))
}
