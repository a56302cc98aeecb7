//! Rules that plugins supply.

use arrow::array::ArrayRef;
use arrow::datatypes::Field;
use prodlike_core::generator::{GeneratorError, RowRule};
use prodlike_core::rule::PluginRule;
use prodlike_core::schema;
use prodlike_models::philox::{key, mix};
use prodlike_plugin::{Column, Domain, Kind, Rows, Rule, Settings};

use super::{Generators, failed, secrets};

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
    let mut columns = Vec::with_capacity(input.len());
    for column in input {
        let data_type = column.data_type.to_arrow();
        let data_type = data_type.ok_or_else(|| GeneratorError::DataType {
            name: spec.name.clone(),
            data_type: column.data_type.clone(),
        })?;
        let field = Field::new(&column.name, data_type, true);
        columns.push(Column::new(field).meaning(column.semantic.as_str()));
    }
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
        let seeds = (first..first + count).map(|row| mix(self.key ^ mix(row)));
        let seeds: Vec<u64> = seeds.collect();
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
