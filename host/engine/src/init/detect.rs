//! What plugins say of a column's values, and whether it counts.
//!
//! A detector sees the sample that native detection sees and answers in numbers: how many
//! values it recognises, and how many chance would make it recognise. What counts is what counts
//! for a native check digit: most of enough values, and more than chance would bring. Such a
//! finding beats names and shapes that others share; against a native finding of the same
//! weight the greater share wins. The plugins' words are never shown: here they see real rows.

use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::datatypes::Field;
use prodlike_core::progress::Progress;
use prodlike_core::schema::{DataType, SemanticType};
use prodlike_generators::{ColumnFacts, Detection};
use prodlike_plugin::{
    Cache, Column, Digest, Finding, Kind, Lock, Plugin, Replay, Runtime, Settings,
};

use crate::error::Error;
use crate::plugins::{LOCK, PluginOptions, names, outputs};

/// Values that a finding needs at least, and the share of them that it must recognise: as
/// native detection asks of text, and of numbers, which pass checks more often by chance.
const TEXT: (usize, f64) = (8, 0.8);
const NUMBERS: (usize, f64) = (12, 0.9);
/// Bits of surprise that a finding needs: one in a million, as there are many columns.
const SURPRISE: f64 = 20.0;
/// A share that is taken for chance where a plugin says less: no sample could show it.
const LEAST_CHANCE: f64 = 1e-6;

/// The plugins that are asked.
#[derive(Clone, Default)]
pub struct Detectors {
    plugins: Vec<Plugin>,
}

impl Detectors {
    /// Returns the detectors that the lockfile of a directory names.
    ///
    /// # Errors
    /// A lockfile that cannot be read; components that are missing, or another than when they
    /// were added.
    pub fn locked(directory: &Path, options: &PluginOptions) -> Result<Detectors, Error> {
        let mut detectors = Detectors::default();
        let lock = Lock::read(&directory.join(LOCK))?.unwrap_or_default();
        let is_detector = |kinds: &[String]| kinds.iter().any(|it| it == Kind::Detector.name());
        let mut named = lock
            .plugins()
            .iter()
            .filter(|it| is_detector(&it.kinds))
            .peekable();
        if named.peek().is_none() {
            return Ok(detectors);
        }
        let runtime = Runtime::new()?;
        let cache = options.cache.as_ref().map(Cache::new);
        for locked in named {
            let bytes = Plugin::read(&directory.join(&locked.path), &locked.limits)?;
            lock.check(&locked.name, &Digest::of(&bytes))?;
            let (name, limits) = (&locked.name, &locked.limits);
            let plugin = Plugin::load(&runtime, name, &bytes, limits, cache.as_ref())?;
            detectors.plugins.push(plugin);
        }
        Ok(detectors)
    }

    /// Returns those that are asked from now on.
    pub(super) fn asking<'a>(&'a self, progress: &'a dyn Progress) -> Asking<'a> {
        Asking {
            plugins: self.plugins.iter().collect(),
            progress,
        }
    }
}

/// Plugins that are asked of one column after the other, until they fail.
pub(super) struct Asking<'a> {
    plugins: Vec<&'a Plugin>,
    progress: &'a dyn Progress,
}

/// What a plugin says of a column.
struct Told<'a> {
    plugin: &'a Plugin,
    semantic: SemanticType,
    /// Of the values, those of that meaning.
    share: f64,
    chance: f64,
}

/// What a plugin's finding makes of a column.
#[derive(Debug, PartialEq)]
pub(super) struct Proposal {
    pub(super) semantic: SemanticType,
    /// The generator of the same plugin that fills such a column.
    pub(super) generator: Option<String>,
    pub(super) reason: String,
}

impl<'a> Asking<'a> {
    /// Asks what a column means; `None` where native detection knows better.
    pub(super) fn propose(
        &mut self,
        facts: &ColumnFacts<'_>,
        native: &Detection,
    ) -> Option<Proposal> {
        if self.plugins.is_empty() || facts.is_key {
            return None;
        }
        let (array, asked) = sample(facts)?;
        let place = format!("{}.{}", facts.table, facts.column);
        let mut told: Option<Told<'a>> = None;
        let mut failed = Vec::new();
        for (position, plugin) in self.plugins.iter().enumerate() {
            match ask(plugin, &place, facts.column, &array) {
                Ok(findings) => {
                    let new = strongest(plugin, &findings, array.len(), asked);
                    // Of two that say as much, the first by name.
                    told = match (told, new) {
                        (Some(old), Some(new)) if new.share > old.share => Some(new),
                        (old, new) => old.or(new),
                    };
                }
                Err(error) => {
                    self.progress.warn(&warning(plugin, &error));
                    failed.push(position);
                }
            }
        }
        for position in failed.into_iter().rev() {
            self.plugins.remove(position);
        }
        let told = told.filter(|told| beats(told, native))?;
        let generator = told
            .semantic
            .is_identifying()
            .then(|| generator(&told, &place, facts))
            .flatten();
        Some(Proposal {
            reason: reason(&told, native),
            semantic: told.semantic,
            generator,
        })
    }
}

/// The sample as a plugin sees it, and what is asked of a finding; `None` of what is neither
/// text nor whole numbers.
fn sample(facts: &ColumnFacts<'_>) -> Option<(ArrayRef, (usize, f64))> {
    if *facts.data_type == DataType::String {
        let values = facts.values.iter();
        return Some((Arc::new(StringArray::from_iter_values(values)), TEXT));
    }
    if !facts.data_type.is_exact_number() {
        return None;
    }
    let numbers: Vec<i64> = facts
        .values
        .iter()
        .map(|value| value.parse().ok())
        .collect::<Option<_>>()?;
    Some((Arc::new(Int64Array::from(numbers)), NUMBERS))
}

fn ask(
    plugin: &Plugin,
    place: &str,
    column: &str,
    array: &ArrayRef,
) -> Result<Vec<Finding>, prodlike_plugin::Error> {
    let field = Field::new(column, array.data_type().clone(), false);
    let detector = plugin.detector(Settings {
        column: place.to_owned(),
        input: vec![Column::new(field)],
        ..Settings::default()
    })?;
    detector.detect(array.len() as u32, std::slice::from_ref(array))
}

/// The finding that recognises most values, of those that count.
fn strongest<'a>(
    plugin: &'a Plugin,
    findings: &[Finding],
    n_values: usize,
    (fewest, least): (usize, f64),
) -> Option<Told<'a>> {
    if n_values < fewest {
        return None;
    }
    let finds = &plugin.description().finds;
    findings
        .iter()
        .filter_map(|finding| {
            let share = f64::from(finding.matched) / n_values as f64;
            let counts = share >= least && surprise(n_values, share, finding.chance) >= SURPRISE;
            Some(Told {
                plugin,
                // What no manifest knows cannot be written into one.
                semantic: finds.get(finding.semantic)?.parse().ok()?,
                share,
                chance: finding.chance,
            })
            .filter(|_| counts)
        })
        .reduce(|old, new| if new.share > old.share { new } else { old })
}

/// Bits that it would take chance to recognise such a share of so many values, or a greater one:
/// Chernoff's bound.
fn surprise(n_values: usize, share: f64, chance: f64) -> f64 {
    let chance = chance.max(LEAST_CHANCE);
    if share <= chance {
        return 0.0;
    }
    let bits = |part: f64, expected: f64| match part > 0.0 {
        true => part * (part / expected).log2(),
        false => 0.0,
    };
    n_values as f64 * (bits(share, chance) + bits(1.0 - share, 1.0 - chance))
}

/// Whether a finding says more than native detection did, or the same.
fn beats(told: &Told<'_>, native: &Detection) -> bool {
    told.semantic == native.semantic || native.proof.is_none_or(|share| told.share > share)
}

/// The plugin's generator of what it found, where it can fill such a column.
fn generator(told: &Told<'_>, place: &str, facts: &ColumnFacts<'_>) -> Option<String> {
    let data_type = facts.data_type.to_arrow()?;
    let stated = &told.plugin.description().outputs;
    let names = names(&told.plugin.id().name, &outputs(told.plugin)).collect::<Vec<_>>();
    let can_fill = |output: &str| {
        let field = Field::new(output, data_type.clone(), false);
        let settings = Settings {
            column: place.to_owned(),
            wanted: vec![Column::new(field)],
            unique: facts.is_unique,
            replay: Replay::NEVER,
            ..Settings::default()
        };
        told.plugin.generator(settings).is_ok()
    };
    stated
        .iter()
        .zip(names)
        .find(|(output, _)| {
            let means = output.semantic.as_deref().and_then(|it| it.parse().ok());
            means == Some(told.semantic) && can_fill(&output.name)
        })
        .map(|(_, name)| name)
}

fn reason(told: &Told<'_>, native: &Detection) -> String {
    let name = &told.plugin.id().name;
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    if told.semantic == native.semantic {
        return format!("{}; plugin `{name}` says so too", native.reason);
    }
    let chance = match told.chance < 0.005 {
        true => "hardly any".to_owned(),
        false => percent(told.chance),
    };
    format!(
        "plugin `{name}` recognises {} of the values; chance would, {chance}",
        percent(told.share)
    )
}

/// A plugin's error in one sentence; its words are left out already.
fn warning(plugin: &Plugin, error: &prodlike_plugin::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        sentence = format!("{sentence}: {cause}");
        source = cause.source();
    }
    format!(
        "the detector `{}` is not asked any more: {sentence}",
        plugin.id().name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_must_be_beaten() {
        // Check digits that one of ten passes: eight of eight, and eight of ten.
        assert!(surprise(8, 1.0, 0.1) > SURPRISE);
        assert!(surprise(10, 0.8, 0.1) < SURPRISE);
        assert!(surprise(300, 0.8, 0.7) < SURPRISE);
        // What chance would bring is no surprise, in any number.
        assert!(surprise(300, 0.9, 0.9).abs() < 1e-9);
        assert!(surprise(300, 1.0, 1.0).abs() < 1e-9);
        // A plugin that says that chance brings nothing is not believed everything.
        assert!(surprise(1, 1.0, 0.0) < SURPRISE);
        assert!(surprise(8, 1.0, 0.0).is_finite());
    }
}
