//! Options and columns that a plugin serves: found by trying.

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, TimeUnit};
use prodlike_plugin::{
    Column, Count, Error as PluginError, Failure, Flaw, Kind, Problem, Role, Secret, Settings,
};

use super::data::{Batch, Nulls, Values};
use super::subject::{self, Subject, is_refusal};
use super::{Fault, Stop};

/// Inputs that are looked at of those that some options serve.
const INPUTS: usize = 3;
/// Rows that show whether a case is served.
const ROWS: u64 = 64;

/// Finds what the plugin serves, for the options of each example and for none. Fails where an
/// example is not served at all.
pub(super) fn find(
    subject: &Subject<'_>,
    secrets: &[Secret],
    served: &mut Vec<Settings>,
) -> Result<(), Stop> {
    let examples = &subject.plugin.description().examples;
    let mut options: Vec<String> = vec!["{}".to_owned()];
    options.extend(examples.iter().map(|example| example.options.to_string()));
    let must = |index: usize| index > 0 || examples.is_empty();
    for (index, options) in options.into_iter().enumerate() {
        let before = served.len();
        let refused = of_options(subject, &options, secrets, served)?;
        if served.len() > before || !must(index) {
            continue;
        }
        return Err(refused.unwrap_or_else(|| {
            Stop::NotApplicable("there is no input that could be given".to_owned())
        }));
    }
    if subject.plugin.kinds().contains(&Kind::Learn) && subject.kind != Kind::Learn {
        let learned: Vec<Settings> = served
            .iter()
            .filter_map(|settings| {
                let learned = learned(subject, settings)?;
                Some(Settings {
                    learned,
                    ..settings.clone()
                })
            })
            .collect();
        for settings in &learned {
            let running = subject.start(settings)?;
            running.call(&running.rows(0, ROWS, Values::Plain, Nulls::None)?)?;
        }
        served.extend(learned);
    }
    Ok(())
}

/// Finds what some options serve; returns why nothing was, where nothing was.
fn of_options(
    subject: &Subject<'_>,
    options: &str,
    secrets: &[Secret],
    served: &mut Vec<Settings>,
) -> Result<Option<Stop>, Stop> {
    let mut refused = None;
    let mut n_inputs = 0;
    for input in inputs(subject) {
        let mut settings = Settings {
            column: "t.c".to_owned(),
            options: options.to_owned(),
            input,
            secrets: given(secrets),
            ..Settings::default()
        };
        match works(subject, &mut settings) {
            Ok(()) => {}
            Err(error) if is_refusal(&error) => {
                refused = refused.or(Some(subject::fault(&settings, &error)));
                continue;
            }
            Err(error) => return Err(subject::fault(&settings, &error)),
        }
        let wanted = match subject.kind {
            Kind::Generator => wanted(subject, &settings)?,
            _ => Vec::new(),
        };
        served.push(settings.clone());
        served.extend(wanted.into_iter().map(|wanted| Settings {
            wanted,
            ..settings.clone()
        }));
        n_inputs += 1;
        if n_inputs == INPUTS {
            break;
        }
    }
    Ok(refused)
}

/// Returns the first case that a plugin serves, for a measurement.
///
/// # Errors
/// Why there is none.
pub(crate) fn first(subject: &Subject<'_>, secrets: &[Secret]) -> Result<Settings, Stop> {
    let examples = &subject.plugin.description().examples;
    let examples = examples.iter().map(|example| example.options.to_string());
    let mut refused = None;
    for options in examples.chain(["{}".to_owned()]) {
        let mut served = Vec::new();
        refused = of_options(subject, &options, secrets, &mut served)?.or(refused);
        let input = served.first().map(|settings| settings.input.clone());
        // The last of the first input: all outputs at once, if the plugin serves them so.
        let widest = served
            .into_iter()
            .rfind(|settings| Some(&settings.input) == input.as_ref());
        if let Some(settings) = widest {
            return Ok(settings);
        }
    }
    Err(refused
        .unwrap_or_else(|| Stop::NotApplicable("there is no input that could be given".to_owned())))
}

/// Returns the secrets of a test.
fn given(secrets: &[Secret]) -> Vec<Secret> {
    let mut secrets = secrets.to_vec();
    if secrets.iter().all(|secret| secret.name != "key") {
        secrets.push(secret("key"));
    }
    secrets
}

fn secret(name: &str) -> Secret {
    Secret {
        name: name.to_owned(),
        bytes: b"a secret of 32 bytes for testing".to_vec(),
    }
}

/// Runs some rows. Secrets that the plugin asks for by name are added.
fn works(subject: &Subject<'_>, settings: &mut Settings) -> Result<(), PluginError> {
    let instance = loop {
        match subject.configure(settings) {
            Ok(instance) => break instance,
            Err(error) => match asked(&error) {
                Some(name) if settings.secrets.iter().all(|secret| secret.name != name) => {
                    settings.secrets.push(secret(&name));
                }
                _ => return Err(error),
            },
        }
    };
    let batch =
        Batch::new(&settings.input, 0, ROWS, Values::Plain, Nulls::None).map_err(|error| {
            PluginError::Runtime {
                reason: error.to_string(),
            }
        })?;
    instance.call(&batch).map(|_| ())
}

/// Returns the secret that a plugin says it lacks: "the secret `pepper` is missing".
fn asked(error: &PluginError) -> Option<String> {
    let PluginError::Call {
        failure: Failure::Unsupported { message } | Failure::Other { message },
        ..
    } = error
    else {
        return None;
    };
    let (_, rest) = message.split_once("secret `")?;
    let (name, _) = rest.split_once('`')?;
    Some(name.to_owned())
}

/// Returns inputs that plugins of a kind could want.
fn inputs(subject: &Subject<'_>) -> Vec<Vec<Column>> {
    let types = [
        DataType::Utf8,
        DataType::Int64,
        DataType::Float64,
        DataType::Date32,
        DataType::Timestamp(TimeUnit::Microsecond, None),
        DataType::Decimal128(12, 2),
        DataType::Boolean,
        DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8)),
    ];
    let column =
        |name: &str, data_type: &DataType| Column::new(Field::new(name, data_type.clone(), true));
    let context = &subject.plugin.description().context;
    let mut inputs = Vec::new();
    if subject.kind == Kind::Generator {
        inputs.push(Vec::new());
    }
    for data_type in &types {
        // A detector sees columns whose meaning nobody knows.
        if !context.is_empty() && subject.kind != Kind::Detector {
            let columns = context
                .iter()
                .map(|semantic| column(semantic, data_type).meaning(semantic));
            inputs.push(columns.collect());
        }
    }
    for data_type in &types {
        inputs.push(vec![column("value", data_type), key()]);
        inputs.push(vec![column("value", data_type)]);
    }
    for data_type in &types {
        inputs.push(vec![column("value", data_type), column("other", data_type)]);
    }
    // Plugins may refuse columns that may be NULL.
    let never = inputs.clone().into_iter().filter(|input| !input.is_empty());
    let never: Vec<Vec<Column>> = never
        .map(|mut input| {
            for column in &mut input {
                column.field = column.field.as_ref().clone().with_nullable(false).into();
            }
            input
        })
        .collect();
    inputs.extend(never);
    inputs
}

/// Returns the column that says whom a row is about.
pub(super) fn key() -> Column {
    Column {
        role: Role::EntityKey,
        ..Column::new(Field::new("key", DataType::Utf8, true))
    }
}

/// Returns columns that a generator can be asked for: all outputs at once if it serves them,
/// else one by one.
fn wanted(subject: &Subject<'_>, settings: &Settings) -> Result<Vec<Vec<Column>>, Stop> {
    let mut columns = Vec::new();
    for output in &subject.plugin.description().outputs {
        let mut column = Column::new(Field::new(&output.name, DataType::Utf8, true));
        column.semantic.clone_from(&output.semantic);
        let error = configure(subject, settings, std::slice::from_ref(&column));
        // The plugin knows its type: it says so where it is another.
        let stated = match error {
            None => None,
            Some(PluginError::Call {
                failure: Failure::Result(flaw),
                ..
            }) if matches!(flaw.problem, Problem::Fill { .. }) => match *flaw {
                Flaw {
                    problem: Problem::Fill { stated, .. },
                    ..
                } => Some(stated),
                _ => None,
            },
            Some(error) if is_refusal(&error) => continue,
            Some(error) => return Err(subject::fault(settings, &error)),
        };
        if let Some(stated) = stated {
            column.field = Field::new(&output.name, stated, true).into();
        }
        columns.push(column);
    }
    if configure(subject, settings, &columns).is_none() {
        return Ok(vec![columns]);
    }
    Ok(columns.into_iter().map(|column| vec![column]).collect())
}

fn configure(subject: &Subject<'_>, settings: &Settings, wanted: &[Column]) -> Option<PluginError> {
    let settings = Settings {
        wanted: wanted.to_vec(),
        ..settings.clone()
    };
    subject.configure(&settings).err()
}

/// Returns what is learned of texts with the same options, as a host would count it.
fn learned(subject: &Subject<'_>, settings: &Settings) -> Option<Vec<Count>> {
    let learner = Subject {
        kind: Kind::Learn,
        ..*subject
    };
    let settings = Settings {
        input: vec![Column::new(Field::new("value", DataType::Utf8, true))],
        wanted: Vec::new(),
        ..settings.clone()
    };
    let instance = learner.configure(&settings).ok()?;
    let batch = Batch::new(&settings.input, 0, 1_000, Values::Plain, Nulls::Some).ok()?;
    let made = instance.call(&batch).ok()?;
    let lists = made.first()?.as_list_opt::<i32>()?;
    let keys = lists.values().as_string_opt::<i32>()?;
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for key in keys.iter().flatten() {
        *counts.entry(key).or_default() += 1;
    }
    let counts = counts.into_iter().map(|(key, rows)| Count {
        key: key.to_owned(),
        rows,
        entities: rows,
    });
    Some(counts.collect())
}

/// A fault that a check finds by itself.
pub(super) fn shown(settings: &Settings, message: String) -> Stop {
    Stop::Failed(Box::new(Fault::new(settings, message)))
}
