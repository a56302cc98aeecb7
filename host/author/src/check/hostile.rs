//! Settings that nobody should write: refused by their path, or served.

mod schema;

use prodlike_plugin::{Count, Error as PluginError, Failure, Secret, Settings};
use serde_json::Value;

use super::Stop;
use super::cases;
use super::data::{Nulls, Values};
use super::subject::{Subject, fault, is_refusal};

/// Odd options, made of the plugin's own schema.
pub(super) fn options(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let mut bases: Vec<Value> = Vec::new();
    for settings in served {
        if let Ok(base) = serde_json::from_str(&settings.options)
            && !bases.contains(&base)
        {
            bases.push(base);
        }
    }
    let hostile = schema::hostile(
        &subject.plugin.description().options,
        &bases,
        subject.n_hostile,
    );
    let mut inputs: Vec<&Settings> = Vec::new();
    for settings in served {
        if inputs.iter().all(|known| known.input != settings.input) {
            inputs.push(settings);
        }
    }
    let mut n_seen = 0;
    for (options, settings) in hostile.iter().zip(inputs.iter().cycle()) {
        if n_seen == subject.n_hostile {
            break;
        }
        let settings = Settings {
            options: options.to_string(),
            ..(*settings).clone()
        };
        let instance = match subject.configure(&settings) {
            Ok(instance) => instance,
            // Held back by the schema.
            Err(PluginError::Option { .. }) => continue,
            Err(error) => {
                n_seen += 1;
                refusal(&settings, &error)?;
                continue;
            }
        };
        n_seen += 1;
        let batch = super::data::Batch::new(
            &settings.input,
            u64::MAX >> 2,
            64,
            Values::Plain,
            Nulls::Some,
        )?;
        match instance.call(&batch) {
            Err(error) if !is_refusal(&error) => return Err(fault(&settings, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// A refusal names the option, and says what is wrong with it.
fn refusal(settings: &Settings, error: &PluginError) -> Result<(), Stop> {
    let unclear = match error {
        PluginError::Call { failure, .. } => match failure {
            Failure::Option { path, message } => {
                path.trim().is_empty() || message.trim().is_empty()
            }
            Failure::Other { .. } => true,
            _ => !is_refusal(error),
        },
        _ => !is_refusal(error),
    };
    if !unclear {
        return Ok(());
    }
    if is_refusal(error) {
        let message = format!("options are refused, and the option is not named: {error}");
        return Err(cases::shown(settings, message));
    }
    Err(fault(settings, error))
}

/// Secrets that are missing, short or long.
pub(super) fn secrets(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let mut any = false;
    for settings in served {
        let without = Settings {
            secrets: Vec::new(),
            ..settings.clone()
        };
        if subject.try_start(&without)?.is_some() {
            continue;
        }
        any = true;
        for length in [0, 1, 15, 16, 17, 33, 1 << 20] {
            let secrets = settings.secrets.iter().map(|secret| Secret {
                name: secret.name.clone(),
                bytes: (0..length).map(|at: usize| at as u8).collect(),
            });
            let settings = Settings {
                secrets: secrets.collect(),
                ..settings.clone()
            };
            if let Some(running) = subject.try_start(&settings)? {
                running.try_call(&running.rows(0, 64, Values::Plain, Nulls::Some)?)?;
            }
        }
    }
    if any {
        return Ok(());
    }
    Err(Stop::NotApplicable("it asks for no secret".to_owned()))
}

/// Odd locales, and odd keys that were learned.
pub(super) fn settings(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    let long = "x".repeat(10_000);
    let locales = [
        "",
        "C",
        "de",
        "de_AT.UTF-8@euro",
        "xx_YY",
        "__",
        "ä_Ö",
        &long,
    ];
    let keys = ["", "\0", " ", "\u{1f}a\u{1f}", "a\tb", "🙂", "{}", &long];
    let counts = |rows: u64| {
        let mut counts: Vec<Count> = keys
            .iter()
            .map(|key| Count {
                key: (*key).to_owned(),
                rows,
                entities: rows,
            })
            .collect();
        counts.sort_by(|one, other| one.key.cmp(&other.key));
        counts
    };
    for settings in served {
        let of_locales = locales.iter().map(|locale| Settings {
            locale: Some((*locale).to_owned()),
            ..settings.clone()
        });
        let learned = [counts(0), counts(1), counts(u64::MAX)].map(|learned| Settings {
            learned,
            ..settings.clone()
        });
        for settings in of_locales.chain(learned) {
            if let Some(running) = subject.try_start(&settings)? {
                running.try_call(&running.rows(0, 64, Values::Plain, Nulls::Some)?)?;
            }
        }
    }
    Ok(())
}
