//! A plugin as one of its kinds, and what it is configured to.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, UInt32Array, UInt64Array};
use arrow::util::display::array_value_to_string;
use prodlike_core::error::Hint;
use prodlike_plugin::{
    Detector, Error as PluginError, Failure, Generator, Kind, Learn, Plugin, Replay, Role, Rule,
    Settings, Transform,
};

use super::data::{Batch, Nulls, Values};
use super::{Fault, Stop};

/// A plugin as one of its kinds.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) plugin: &'a Plugin,
    pub(crate) kind: Kind,
    /// Hostile options that it is asked to serve, at most.
    pub(crate) n_hostile: usize,
}

/// An instance of any kind.
pub(crate) enum Instance {
    Generator(Generator),
    Transform(Transform),
    Learn(Learn),
    Detector(Detector),
    Rule(Rule),
}

impl Instance {
    /// Makes one batch; findings and booleans are columns as well.
    pub(crate) fn call(&self, batch: &Batch) -> Result<Vec<ArrayRef>, PluginError> {
        let (rows, input) = (batch.rows(), &batch.input);
        Ok(match self {
            Instance::Generator(generator) => generator.generate(&rows, input)?,
            Instance::Transform(transform) => transform.apply(&rows, input)?,
            Instance::Learn(learn) => vec![Arc::new(learn.keys(rows.count, input)?)],
            Instance::Rule(rule) => vec![Arc::new(rule.check(&rows, input)?)],
            Instance::Detector(detector) => {
                let found = detector.detect(rows.count, input)?;
                let semantics = found.iter().map(|finding| finding.semantic as u64);
                vec![
                    Arc::new(semantics.collect::<UInt64Array>()),
                    Arc::new(found.iter().map(|f| f.matched).collect::<UInt32Array>()),
                    Arc::new(Float64Array::from_iter_values(
                        found.iter().map(|finding| finding.chance),
                    )),
                ]
            }
        })
    }

    /// Returns the fuel that all batches used up so far.
    pub(crate) fn fuel(&self) -> u64 {
        match self {
            Instance::Generator(generator) => generator.fuel(),
            Instance::Transform(transform) => transform.fuel(),
            Instance::Learn(learn) => learn.fuel(),
            Instance::Detector(detector) => detector.fuel(),
            Instance::Rule(rule) => rule.fuel(),
        }
    }

    /// Returns the name of a column that is made.
    fn column(&self, index: usize) -> String {
        let stated = match self {
            Instance::Generator(generator) => generator.output().get(index),
            Instance::Transform(transform) => transform.output().get(index),
            Instance::Learn(_) => return "keys".to_owned(),
            Instance::Rule(_) => return "holds".to_owned(),
            Instance::Detector(_) => {
                return ["semantic", "matched", "chance"][index.min(2)].to_owned();
            }
        };
        stated.map_or_else(String::new, |column| column.field.name().clone())
    }
}

/// Whether a plugin says that it cannot, as it may; everything else is a fault.
pub(super) fn is_refusal(error: &PluginError) -> bool {
    match error {
        PluginError::Call { failure, .. } => matches!(
            failure,
            Failure::Option { .. }
                | Failure::Unsupported { .. }
                | Failure::Data { .. }
                | Failure::Other { .. }
        ),
        PluginError::Option { .. } => true,
        _ => false,
    }
}

impl Subject<'_> {
    /// Configures an instance, the host's own replay being off: who looks here wants to know
    /// what exactly differs.
    pub(crate) fn configure(&self, settings: &Settings) -> Result<Instance, PluginError> {
        let settings = Settings {
            replay: Replay::NEVER,
            ..settings.clone()
        };
        Ok(match self.kind {
            Kind::Generator => Instance::Generator(self.plugin.generator(settings)?),
            Kind::Transform => Instance::Transform(self.plugin.transform(settings)?),
            Kind::Learn => Instance::Learn(self.plugin.learn(settings)?),
            Kind::Detector => Instance::Detector(self.plugin.detector(settings)?),
            Kind::Rule => Instance::Rule(self.plugin.rule(settings)?),
        })
    }

    /// Configures an instance that must be there.
    pub(super) fn start(&self, settings: &Settings) -> Result<Running<'_>, Stop> {
        match self.configure(settings) {
            Ok(instance) => Ok(Running {
                instance,
                settings: settings.clone(),
                subject: self,
            }),
            Err(error) => Err(fault(settings, &error)),
        }
    }

    /// Configures an instance; None where the plugin refuses.
    pub(super) fn try_start(&self, settings: &Settings) -> Result<Option<Running<'_>>, Stop> {
        match self.configure(settings) {
            Ok(instance) => Ok(Some(Running {
                instance,
                settings: settings.clone(),
                subject: self,
            })),
            Err(error) if is_refusal(&error) => Ok(None),
            Err(error) => Err(fault(settings, &error)),
        }
    }
}

/// An instance, and what it was told.
pub(super) struct Running<'a> {
    instance: Instance,
    settings: Settings,
    subject: &'a Subject<'a>,
}

impl Running<'_> {
    /// Makes rows for the columns that were stated.
    pub(super) fn rows(
        &self,
        first: u64,
        n_rows: u64,
        values: Values,
        nulls: Nulls,
    ) -> Result<Batch, Stop> {
        Ok(Batch::new(
            &self.settings.input,
            first,
            n_rows,
            values,
            nulls,
        )?)
    }

    /// Makes a batch that must come.
    pub(super) fn call(&self, batch: &Batch) -> Result<Vec<ArrayRef>, Stop> {
        let made = self.instance.call(batch);
        made.map_err(|error| fault(&self.settings, &error))
    }

    /// Makes a batch; None where the plugin refuses.
    pub(super) fn try_call(&self, batch: &Batch) -> Result<Option<Vec<ArrayRef>>, Stop> {
        match self.instance.call(batch) {
            Ok(made) => Ok(Some(made)),
            Err(error) if is_refusal(&error) => Ok(None),
            Err(error) => Err(fault(&self.settings, &error)),
        }
    }

    /// Returns the name of a column that is made.
    pub(super) fn column(&self, index: usize) -> String {
        self.instance.column(index)
    }

    /// Returns another instance with the same settings.
    pub(super) fn another(&self) -> Result<Running<'_>, Stop> {
        self.subject.start(&self.settings)
    }

    /// Compares what was made of the same rows twice. Where they differ, `when` says what was
    /// different the second time.
    pub(super) fn compare(
        &self,
        batch: &Batch,
        made: &[ArrayRef],
        again: &[ArrayRef],
        when: &str,
    ) -> Result<(), Stop> {
        for (index, (made, again)) in made.iter().zip(again).enumerate() {
            if made.as_ref() == again.as_ref() {
                continue;
            }
            let name = self.instance.column(index);
            if made.len() != again.len() {
                let message = format!("{} findings, and {} {when}", made.len(), again.len());
                return Err(self.fault(message, batch));
            }
            let row = (0..made.len())
                .find(|&row| made.slice(row, 1).as_ref() != again.slice(row, 1).as_ref())
                .unwrap_or_default();
            let message = format!(
                "column `{name}` at row {} is {}, and {} {when}",
                batch.number(row),
                value(made, row),
                value(again, row)
            );
            return Err(self.fault(message, batch));
        }
        Ok(())
    }

    /// An error that says what was done with which rows.
    pub(super) fn fault(&self, message: String, batch: &Batch) -> Stop {
        let last = batch.len().checked_sub(1);
        let rows = last.map(|last| (batch.number(0), batch.number(last)));
        Stop::Failed(Box::new(Fault {
            rows,
            ..Fault::new(&self.settings, message)
        }))
    }
}

/// A value as it is shown, not long.
pub(super) fn value(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return "NULL".to_owned();
    }
    let text = array_value_to_string(array, row).unwrap_or_else(|error| error.to_string());
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", text[..end].escape_debug()),
        None => format!("`{}`", text.escape_debug()),
    }
}

/// An error of the host's, with what the plugin had been told.
pub(super) fn fault(settings: &Settings, error: &PluginError) -> Stop {
    if let PluginError::Runtime { reason } = error {
        return Stop::Error(
            PluginError::Runtime {
                reason: reason.clone(),
            }
            .into(),
        );
    }
    let rows = match error {
        PluginError::Call { place, .. } => place.rows,
        _ => None,
    };
    Stop::Failed(Box::new(Fault {
        hint: error.hint(),
        rows,
        ..Fault::new(settings, error.to_string())
    }))
}

impl Fault {
    pub(super) fn new(settings: &Settings, message: String) -> Fault {
        let column = |column: &prodlike_plugin::Column| {
            let role = match column.role {
                Role::Value => "",
                Role::EntityKey => ", the entity key",
            };
            format!(
                "`{}`: {}{role}",
                column.field.name(),
                column.field.data_type()
            )
        };
        Fault {
            message,
            options: match settings.options.as_str() {
                "" => "{}".to_owned(),
                options => options.to_owned(),
            },
            input: settings.input.iter().map(column).collect(),
            wanted: settings.wanted.iter().map(column).collect(),
            rows: None,
            hint: None,
        }
    }
}
