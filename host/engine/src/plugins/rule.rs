//! Rules that plugins supply.

use arrow::array::ArrayRef;
use prodlike_core::generator::{GeneratorError, RowRule};
use prodlike_core::rule::PluginRule;
use prodlike_core::schema;
use prodlike_models::philox::key;
use prodlike_plugin::{Column, Domain, Kind, Rows, Rule, Settings};

use super::{Generators, as_shown, failed, secrets, seeds};

/// A rule that a plugin supplies.
pub(super) struct FromPlugin {
    rule: Rule,
    /// What the seeds of rows come from.
    key: u64,
}

/// Builds what holds rows of a table against a plugin.
pub(super) fn build(
    generators: &Generators,
    table: &str,
    spec: &PluginRule,
    input: &[schema::Column],
    real: bool,
) -> Result<FromPlugin, GeneratorError> {
    let is_rule = |kinds: &[Kind]| kinds.contains(&Kind::Rule);
    let plugin = generators.find(&spec.name).map(|(_, plugin)| plugin);
    let Some(plugin) = plugin.filter(|plugin| is_rule(plugin.kinds())) else {
        let plugins = generators.plugins.iter().map(|(_, plugin)| plugin);
        let rules = plugins.filter(|plugin| is_rule(plugin.kinds()));
        return Err(GeneratorError::NoRule {
            name: spec.name.clone(),
            known: rules.map(|plugin| plugin.id().name.clone()).collect(),
        });
    };
    let shown = input.iter().map(|column| as_shown(&spec.name, column));
    let columns: Vec<Column> = shown.collect::<Result<_, _>>()?;
    let settings = Settings {
        column: format!("{table}, rule {}", spec.name),
        options: spec.options.clone(),
        input: columns.clone(),
        secrets: secrets::fetch(&spec.secrets)?,
        real,
        ..Settings::default()
    };
    let rule = plugin.rule(settings).map_err(failed)?;
    for (domain, (column, of)) in rule.domains().iter().zip(columns.iter().zip(input)) {
        if !domain.fits(column.field.data_type()) {
            return Err(GeneratorError::RuleDomain {
                name: spec.name.clone(),
                domain: match domain {
                    Domain::Range(..) => "a range of numbers",
                    Domain::OneOf(_) | Domain::Any => "a list of texts",
                },
                input: of.name.clone(),
                data_type: of.data_type.clone(),
            });
        }
    }
    Ok(FromPlugin {
        rule,
        key: key(0, &[table, &spec.name]),
    })
}

impl RowRule for FromPlugin {
    fn broken(&self, first: u64, total: u64, input: &[ArrayRef]) -> Result<u64, GeneratorError> {
        let count = input.first().map_or(0, |array| array.len()) as u64;
        let seeds = seeds(self.key, first, count);
        let rows = Rows {
            count: count as u32,
            first,
            numbers: &[],
            seeds: &seeds,
            total,
            key: self.key,
        };
        let holds = self.rule.check(&rows, input).map_err(failed)?;
        Ok(count - holds.true_count() as u64)
    }
}
