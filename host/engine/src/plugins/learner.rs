//! What a plugin learns for its generator.

use arrow::array::ArrayRef;
use prodlike_core::generator::{GeneratorError, LearnedKey, Learner};
use prodlike_core::schema::Schema;
use prodlike_plugin::{Plugin, Role, Settings};

use super::learning::{self, Learning};
use super::{as_shown, secrets};

/// Learns of a column and of those that its generator is shown.
pub(super) struct FromPlugin {
    input: Vec<String>,
    learning: Learning,
}

/// Builds what learns for the generator of a column.
pub(super) fn build(
    plugin: &Plugin,
    schema: &Schema,
    table: usize,
    column: usize,
) -> Result<FromPlugin, GeneratorError> {
    let of = &schema.tables[table];
    let entity = schema.entity_key(table);
    // Columns of parents are not in the rows.
    let own = (of.columns[column].input.iter()).filter_map(|name| of.column_idx(name));
    let mut shown: Vec<usize> = vec![column];
    for other in own.chain(entity) {
        if !shown.contains(&other) {
            shown.push(other);
        }
    }
    let mut columns = Vec::new();
    for &at in &shown {
        let mut told = as_shown(&plugin.id().name, &of.columns[at])?;
        if at != column && Some(at) == entity {
            told.role = Role::EntityKey;
        }
        columns.push(told);
    }
    let declared = &of.columns[column];
    let settings = Settings {
        column: format!("{}.{}", of.name, declared.name),
        options: declared.options.clone(),
        input: columns,
        locale: declared.locale.clone(),
        secrets: secrets::fetch(&declared.secrets)?,
        real: true,
        ..Settings::default()
    };
    let entity = entity.and_then(|entity| shown.iter().position(|&at| at == entity));
    Ok(FromPlugin {
        input: shown
            .iter()
            .map(|&at| of.columns[at].name.clone())
            .collect(),
        learning: Learning::new(plugin, settings, schema, table, entity)?,
    })
}

impl Learner for FromPlugin {
    fn input(&self) -> &[String] {
        &self.input
    }

    fn learn(&self, first: u64, input: &[ArrayRef]) -> Result<(), GeneratorError> {
        self.learning.learn(first, input)
    }

    fn finish(&self) -> (Vec<LearnedKey>, u64) {
        let (shared, dropped) = self.learning.finish();
        (learning::to_core(shared), dropped)
    }
}
