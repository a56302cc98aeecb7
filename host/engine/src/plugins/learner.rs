//! What a plugin learns for its generator.

use arrow::array::ArrayRef;
use arrow::datatypes::Field;
use prodlike_core::generator::{GeneratorError, LearnedKey, Learner};
use prodlike_core::schema::Schema;
use prodlike_plugin::{Column, Plugin, Role, Settings};

use super::learning::{self, Learning};
use super::secrets;

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
        let it = &of.columns[at];
        let data_type = it
            .data_type
            .to_arrow()
            .ok_or_else(|| GeneratorError::DataType {
                name: plugin.id().name.clone(),
                data_type: it.data_type.clone(),
            })?;
        let field = Field::new(&it.name, data_type, true);
        let mut told = Column::new(field).meaning(it.semantic.as_str());
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
