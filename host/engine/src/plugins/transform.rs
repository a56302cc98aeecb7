//! Transforms of real values, which plugins supply.

use std::sync::OnceLock;

use arrow::array::ArrayRef;
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, Field};
use prodlike_core::generator::{GeneratorError, ReadTransform};
use prodlike_core::schema::{self, Schema, Table};
use prodlike_models::philox::key;
use prodlike_plugin::{Column, Digest, Kind, Plugin, Role, Rows, Secret, Settings, Transform};

use super::learning::Learning;
use super::{Generators, failed, parts, secrets, seeds};

/// Rows of each batch on which it is tried whether a transform draws at random.
const PROBE: usize = 64;

/// A column's transform that a plugin supplies.
pub(super) struct FromPlugin {
    plugin: Plugin,
    name: String,
    data_type: schema::DataType,
    arrow_type: ArrowType,
    settings: Settings,
    input: Vec<String>,
    /// What the seeds of rows come from.
    key: u64,
    learning: Option<Learning>,
    /// Made for the first batch, when everything is learned.
    configured: OnceLock<Transform>,
}

/// Builds what changes the real values of a column.
pub(super) fn build(
    generators: &Generators,
    schema: &Schema,
    found: &Table,
    column: &schema::Column,
) -> Result<FromPlugin, GeneratorError> {
    let spec = column.transform.clone().unwrap_or_default();
    let (name, output) = parts(&spec.name);
    let is_transform = |plugin: &&Plugin| plugin.kinds().contains(&Kind::Transform);
    let plugins = generators.plugins.iter().map(|(_, plugin)| plugin);
    let plugin = generators.find(name).map(|(_, plugin)| plugin);
    let plugin = plugin.filter(is_transform);
    let outputs = plugin.map(|plugin| &plugin.description().outputs);
    let output = outputs.and_then(|outputs| match output {
        None => outputs.first(),
        Some(output) => outputs.iter().find(|it| it.name == output),
    });
    let Some((plugin, output)) = plugin.zip(output) else {
        return Err(GeneratorError::NoTransform {
            name: spec.name,
            known: plugins
                .filter(is_transform)
                .map(|plugin| plugin.id().name.clone())
                .collect(),
        });
    };
    let position = schema.table_idx(&found.name);
    let table = position.map(|position| &schema.tables[position]);
    let entity = position.and_then(|position| schema.entity_key(position));
    let entity = table.zip(entity).map(|(table, at)| &table.columns[at].name);
    let mut input = vec![column.name.clone()];
    input.extend(spec.input.iter().filter(|it| **it != column.name).cloned());
    if let Some(entity) = entity.filter(|entity| !input.contains(entity)) {
        input.push(entity.clone());
    }
    let (Some(at), Some(table), Some(arrow_type)) = (position, table, column.data_type.to_arrow())
    else {
        return Err(GeneratorError::DataType {
            name: spec.name,
            data_type: column.data_type.clone(),
        });
    };
    let mut columns = Vec::new();
    for (place, name) in input.iter().enumerate() {
        let fail = |reason| GeneratorError::TransformInput {
            name: spec.name.clone(),
            input: name.clone(),
            reason,
        };
        // Shown as the source has it where it is to be changed, else as the manifest has it.
        let of = found
            .column(name)
            .ok_or_else(|| fail("which the source does not have"))?;
        let stated = table
            .column(name)
            .filter(|it| it.transform.is_none() && !it.exclude);
        let data_type = stated.unwrap_or(of).data_type.to_arrow();
        let data_type = data_type.ok_or_else(|| fail("whose type is not carried"))?;
        let mut shown = Column::new(Field::new(name, data_type, true));
        if let Some(column) = table.column(name) {
            shown = shown.meaning(column.semantic.as_str());
        }
        // What is changed itself is a value, even where it is a key.
        if place > 0 && Some(name) == entity {
            shown.role = Role::EntityKey;
        }
        columns.push(shown);
    }
    let secrets = secrets::fetch(&spec.secrets)?;
    let is_key = |key: &Vec<String>| key.len() == 1 && key[0] == column.name;
    let entity = entity.and_then(|entity| input.iter().position(|it| it == entity));
    let settings = Settings {
        column: format!("{}.{}", table.name, column.name),
        options: spec.options,
        input: columns,
        wanted: vec![Column::new(Field::new(
            &output.name,
            arrow_type.clone(),
            true,
        ))],
        locale: column.locale.clone(),
        unique: is_key(&table.primary_key) || table.unique.iter().any(is_key),
        secrets,
        real: true,
        ..Settings::default()
    };
    let learning = match plugin.kinds().contains(&Kind::Learn) {
        true => Some(Learning::new(plugin, settings.clone(), schema, at, entity)?),
        false => None,
    };
    Ok(FromPlugin {
        plugin: plugin.clone(),
        name: spec.name,
        data_type: column.data_type.clone(),
        arrow_type,
        key: seed_key(&settings.secrets, &table.name, &column.name),
        settings,
        input,
        learning,
        configured: OnceLock::new(),
    })
}

/// What seeds come from: nobody without the keys can make the same.
fn seed_key(secrets: &[Secret], table: &str, column: &str) -> u64 {
    let mut bytes = Vec::new();
    for secret in secrets {
        bytes.extend_from_slice(&(secret.bytes.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&secret.bytes);
    }
    key(0, &[&Digest::of(&bytes).hex(), table, column])
}

impl FromPlugin {
    fn configured(&self) -> Result<&Transform, GeneratorError> {
        if let Some(transform) = self.configured.get() {
            return Ok(transform);
        }
        let mut settings = self.settings.clone();
        if let Some(learning) = &self.learning {
            settings.learned = learning.finish().0;
        }
        let made = self.plugin.transform(settings).map_err(failed)?;
        Ok(self.configured.get_or_init(|| made))
    }

    /// Fails where values depend on seeds that anybody could make.
    fn check_key(&self, first: u64, total: u64, input: &[ArrayRef]) -> Result<(), GeneratorError> {
        let Some(values) = input.first() else {
            return Ok(());
        };
        // A transform may well leave NULLs as they are.
        let Some(start) = (0..values.len()).find(|&row| values.is_valid(row)) else {
            return Ok(());
        };
        let n_rows = PROBE.min(values.len() - start);
        let part: Vec<ArrayRef> = input.iter().map(|it| it.slice(start, n_rows)).collect();
        let made = |key| self.run(key, first + start as u64, total, &part);
        match made(self.key)? == made(!self.key)? {
            true => Ok(()),
            false => Err(GeneratorError::NoKey {
                name: self.name.clone(),
            }),
        }
    }

    fn run(
        &self,
        key: u64,
        first: u64,
        total: u64,
        input: &[ArrayRef],
    ) -> Result<ArrayRef, GeneratorError> {
        let count = input.first().map_or(0, |array| array.len()) as u64;
        let seeds = seeds(key, first, count);
        let rows = Rows {
            count: count as u32,
            first,
            numbers: &[],
            seeds: &seeds,
            total,
            key,
        };
        let made = self.configured()?.apply(&rows, input).map_err(failed)?;
        let made = made.into_iter().next().and_then(|values| {
            match *values.data_type() == self.arrow_type {
                true => Some(values),
                false => cast(&values, &self.arrow_type).ok(),
            }
        });
        // The host has checked that there is one column, of a type that fits.
        made.ok_or_else(|| GeneratorError::DataType {
            name: self.name.clone(),
            data_type: self.data_type.clone(),
        })
    }
}

impl ReadTransform for FromPlugin {
    fn input(&self) -> &[String] {
        &self.input
    }

    fn learns(&self) -> bool {
        self.learning.is_some()
    }

    fn learn(&self, first: u64, input: &[ArrayRef]) -> Result<(), GeneratorError> {
        match &self.learning {
            Some(learning) => learning.learn(first, input),
            None => Ok(()),
        }
    }

    fn apply(
        &self,
        first: u64,
        total: u64,
        input: &[ArrayRef],
    ) -> Result<ArrayRef, GeneratorError> {
        if self.settings.secrets.is_empty() {
            self.check_key(first, total, input)?;
        }
        self.run(self.key, first, total, input)
    }
}
