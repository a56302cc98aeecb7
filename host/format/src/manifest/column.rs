//! A column of a manifest: what it is, and what fills or changes it.

use prodlike_core::schema::{Column, DataType, LOCALES, SecretSource, SemanticType, Transform};

use super::section::{Read, Section, flaw};
use crate::error::ManifestProblem;

/// What a column without a semantic type has: nothing looks at it.
pub(super) const UNCARRIED: SemanticType = SemanticType::Categorical;

/// Generators that are keys of a column, each with its text.
pub(super) const COMPUTED: [&str; 2] = ["expression", "template"];

pub(super) fn read_column(name: &str, section: Section<'_>) -> Read<Column> {
    let section = section.only(&[
        "type",
        "nullable",
        "semantic",
        "generator",
        "expression",
        "template",
        "locale",
        "options",
        "input",
        "secrets",
        "transform",
        "exclude",
    ])?;
    let data_type = read_data_type(section.require("type", section.string("type")?)?);
    let exclude = section.boolean("exclude")?.unwrap_or(false);
    let semantics: Vec<(&str, SemanticType)> = SemanticType::ALL
        .iter()
        .map(|semantic| (semantic.as_str(), *semantic))
        .collect();
    let semantic = section.choice("semantic", &semantics)?;
    // What is not carried means nothing to anybody, and is refused where it is not left out.
    let semantic = match semantic.is_none() && (exclude || is_uncarried(&data_type)) {
        true => UNCARRIED,
        false => section.require("semantic", semantic)?,
    };
    let mut generator = section.string("generator")?.map(str::to_string);
    let mut options = section.json("options")?.unwrap_or_default();
    for key in COMPUTED {
        let Some(text) = section.string(key)? else {
            continue;
        };
        if generator.is_some() || !options.is_empty() {
            let (section_name, span) = (section.name.clone(), section.span_of(key));
            return flaw(
                span,
                ManifestProblem::TwoGenerators {
                    column: section_name,
                },
            );
        }
        (generator, options) = (Some(key.to_string()), text.to_string());
    }
    let locales: Vec<(&str, &str)> = LOCALES.iter().map(|locale| (*locale, *locale)).collect();
    let locale = section.choice("locale", &locales)?.map(str::to_string);
    let input = section.strings("input")?.unwrap_or_default();
    let secrets = read_secrets(&section)?;
    let transform = match section.sub("transform", format!("transform of {}", section.name))? {
        Some(transform) => Some(read_transform(transform)?),
        None => None,
    };
    if transform.is_some() && generator.is_some() {
        return flaw(
            section.span_of("transform"),
            ManifestProblem::NothingToTransform {
                column: section.name,
            },
        );
    }
    for (key, is_given) in [
        ("input", !input.is_empty()),
        ("options", section.table.get("options").is_some()),
        ("secrets", !secrets.is_empty()),
    ] {
        if is_given {
            section.require_beside("generator", key, generator.as_ref())?;
        }
    }
    Ok(Column {
        name: name.to_string(),
        data_type,
        nullable: section.boolean("nullable")?.unwrap_or(true),
        semantic,
        // An identifying column is never learned as it is, even where somebody removed its
        // generator.
        generator: generator.or_else(|| {
            let is_open = semantic.is_identifying() && transform.is_none();
            is_open.then(|| semantic.to_string())
        }),
        locale,
        options,
        input,
        secrets,
        transform,
        exclude,
    })
}

fn read_transform(section: Section<'_>) -> Read<Transform> {
    let section = section.only(&["name", "options", "input", "secrets"])?;
    Ok(Transform {
        name: section
            .require("name", section.string("name")?)?
            .to_string(),
        options: section.json("options")?.unwrap_or_default(),
        input: section.strings("input")?.unwrap_or_default(),
        secrets: read_secrets(&section)?,
    })
}

/// Reads where keys are to be had; a key itself is refused.
pub(super) fn read_secrets(section: &Section<'_>) -> Read<Vec<SecretSource>> {
    let heading = format!("secrets of {}", section.name);
    let Some(secrets) = section.sub("secrets", heading)? else {
        return Ok(Vec::new());
    };
    let mut read = Vec::new();
    for (name, _) in secrets.table.iter() {
        let text = secrets.string(name)?.unwrap_or_default();
        match text.parse() {
            Ok(from) => read.push(SecretSource {
                name: name.to_string(),
                from,
            }),
            // Not shown: it may be the key.
            Err(()) => {
                return flaw(
                    secrets.span_of(name),
                    ManifestProblem::Secret {
                        name: name.to_string(),
                        section: secrets.name.clone(),
                    },
                );
            }
        }
    }
    Ok(read)
}

/// Whether a type is not carried.
pub(super) fn is_uncarried(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Other(_))
}

/// Reads a type as DuckDB would: without regard to case.
fn read_data_type(name: &str) -> DataType {
    match DataType::from_duckdb(name) {
        DataType::Other(_) => match DataType::from_duckdb(&name.to_ascii_uppercase()) {
            DataType::Other(_) => DataType::Other(name.to_string()),
            known => known,
        },
        known => known,
    }
}
