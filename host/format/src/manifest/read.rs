//! From a document to a manifest.

use std::collections::BTreeSet;
use std::path::PathBuf;

use prodlike_core::schema::{Orphans, Privacy, Relationship, Schema, Table, TableMode};
use prodlike_core::source::{BrokenRows, ReadOptions, SourceSpec};

use super::column::read_column;
use super::render::{integer, mode_name};
use super::rules::{check_rules, read_rules};
use super::section::{Read, Section, flaw, string_array};
use super::{DEFAULT_SAMPLE, FORMAT, Manifest, SCORES, Snapshot};
use crate::chunk::FileFormat;
use crate::error::ManifestProblem;

pub(super) fn read_document(root: &toml_edit::Table) -> Read<Manifest> {
    let root = Section {
        name: "the manifest".into(),
        table: root,
        span: None,
    };
    // The version comes first: an unknown key in a newer manifest is no typing error.
    let format = root.require("format", root.positive("format")?)?;
    if integer(format) != FORMAT {
        return flaw(
            root.span_of("format"),
            ManifestProblem::NewerFormat {
                format: integer(format),
            },
        );
    }
    let root = root.only(&[
        "format",
        "source",
        "sources",
        "sample",
        "privacy",
        "tables",
        "relationships",
        "snapshot",
        "gates",
    ])?;

    let sources = read_sources(&root)?;

    let sample_entities = match root.sub("sample", "`[sample]`".into())? {
        Some(sample) => sample.only(&["entities"])?.positive("entities")?,
        None => None,
    };

    let mut schema = Schema::default();
    let tables = root.require("tables", root.sub("tables", "`[tables]`".into())?)?;
    for (name, item) in tables.table.iter() {
        let table = Section::new(format!("table `{name}`"), tables.table.key(name), item)?;
        schema.tables.push(read_table(name, table)?);
    }
    if schema.tables.is_empty() {
        return flaw(tables.span, ManifestProblem::NoTables);
    }
    if let Some(privacy) = root.sub("privacy", "`[privacy]`".into())? {
        schema.privacy = read_privacy(&privacy.only(&["k", "entities"])?, &schema)?;
    }
    for section in relationship_sections(&root)? {
        let relationship = read_relationship(&section, &schema)?;
        let repeated = schema.relationships.iter().any(|other| {
            (&other.parent_table, &other.parent_key)
                == (&relationship.parent_table, &relationship.parent_key)
                && (&other.child_table, &other.child_key)
                    == (&relationship.child_table, &relationship.child_key)
        });
        if repeated {
            return flaw(
                section.span,
                ManifestProblem::RepeatedRelationship {
                    relationship: relationship.name(),
                    parent: relationship.parent_table,
                },
            );
        }
        schema.relationships.push(relationship);
    }
    for (at, (name, item)) in tables.table.iter().enumerate() {
        let table = Section::new(format!("table `{name}`"), tables.table.key(name), item)?;
        check_inputs(&table, at, &schema)?;
        check_rules(&table, at, &schema)?;
    }
    schema.spread_transforms();
    let snapshot = read_snapshot(&root, &schema)?;
    Ok(Manifest {
        sources,
        schema,
        sample_entities: sample_entities.unwrap_or(DEFAULT_SAMPLE),
        snapshot,
    })
}

fn read_sources(root: &Section<'_>) -> Read<Vec<SourceSpec>> {
    let Some(named) = root.sub("sources", "`[sources]`".into())? else {
        let source = root.require("source", root.sub("source", "`[source]`".into())?)?;
        return Ok(vec![read_source("", source)?]);
    };
    if root.table.get("source").is_some() {
        return flaw(
            root.span_of("source"),
            ManifestProblem::UnknownKey {
                key: "source".into(),
                section: "a manifest that has `[sources]`".into(),
                known: vec!["sources".into()],
            },
        );
    }
    let mut sources = Vec::new();
    for (name, item) in named.table.iter() {
        let heading = format!("`[sources.{name}]`");
        let section = Section::new(heading, named.table.key(name), item)?;
        sources.push(read_source(name, section)?);
    }
    match sources.is_empty() {
        true => flaw(
            named.span,
            ManifestProblem::MissingKey {
                key: "path",
                section: "`[sources]`".into(),
            },
        ),
        false => Ok(sources),
    }
}

fn read_source(name: &str, section: Section<'_>) -> Read<SourceSpec> {
    let section = section.only(&["path", "broken_rows", "header", "delimiter", "encoding"])?;
    let path = section.require("path", section.string("path")?)?;
    let choices = BrokenRows::ALL.map(|choice| (choice.as_str(), choice));
    let delimiter = section.string("delimiter")?;
    let mut letters = delimiter.unwrap_or_default().chars();
    let delimiter = match (delimiter, letters.next(), letters.next()) {
        (Some(_), Some(letter), None) if letter.is_ascii() && !"\"\r\n".contains(letter) => {
            Some(letter)
        }
        (None, ..) => None,
        (Some(text), ..) => {
            return flaw(
                section.span_of("delimiter"),
                ManifestProblem::WrongValue {
                    key: "delimiter".into(),
                    section: section.name.clone(),
                    value: text.to_string(),
                    allowed: [",", ";", "\\t", "|"].map(String::from).to_vec(),
                },
            );
        }
    };
    Ok(SourceSpec {
        name: name.to_string(),
        path: PathBuf::from(path),
        options: ReadOptions {
            broken_rows: section.choice("broken_rows", &choices)?.unwrap_or_default(),
            header: section.boolean("header")?,
            delimiter,
            encoding: section.string("encoding")?.map(str::to_string),
        },
    })
}

fn read_snapshot(root: &Section<'_>, schema: &Schema) -> Read<Snapshot> {
    let mut snapshot = Snapshot::default();
    if let Some(section) = root.sub("snapshot", "`[snapshot]`".into())? {
        let section = section.only(&["output", "model", "format", "scale", "seed", "rows"])?;
        snapshot.output = section.string("output")?.map(PathBuf::from);
        snapshot.model = section.string("model")?.map(PathBuf::from);
        let formats = [FileFormat::Parquet, FileFormat::Csv];
        snapshot.format = section.choice("format", &formats.map(|f| (f.as_str(), f)))?;
        snapshot.scale = section.number("scale")?;
        snapshot.seed = section.whole("seed", 0)?;
        if let Some(rows) = section.sub("rows", "`[snapshot.rows]`".into())? {
            for (table, _) in rows.table.iter() {
                known_table(&rows, table, table, schema)?;
                if let Some(n) = rows.whole(table, 0)? {
                    snapshot.rows.push((table.to_string(), n));
                }
            }
        }
    }
    if let Some(section) = root.sub("gates", "`[gates]`".into())? {
        let section = section.only(&SCORES)?;
        for (name, item) in section.table.iter() {
            match section.number(name)? {
                Some(floor) if (0.0..=1.0).contains(&floor) => {
                    snapshot.gates.push((name.to_string(), floor));
                }
                _ => return section.wrong_type(name, "a score between 0 and 1", item),
            }
        }
    }
    Ok(snapshot)
}

fn read_privacy(section: &Section<'_>, schema: &Schema) -> Read<Privacy> {
    let mut privacy = Privacy::default();
    if let Some(k) = section.positive("k")? {
        privacy.k = u32::try_from(k).unwrap_or(u32::MAX);
    }
    for entity in section.strings("entities")?.unwrap_or_default() {
        if schema.entity(&entity).is_none() {
            let mut parts = entity.match_indices('.');
            let of = parts.find_map(|(at, _)| Some((schema.table(&entity[..at])?, at)));
            match of {
                Some((table, at)) => {
                    check_key(section, "entities", &[entity[at + 1..].to_string()], table)?;
                }
                None => {
                    known_table(section, "entities", &entity, schema)?;
                }
            }
        }
        privacy.entities.push(entity);
    }
    Ok(privacy)
}

/// Refuses columns of a table that are to be shown what is not there.
fn check_inputs(section: &Section<'_>, table: usize, schema: &Schema) -> Read<()> {
    let heading = format!("columns of {}", section.name);
    let Some(columns) = section.sub("columns", heading)? else {
        return Ok(());
    };
    for (name, item) in columns.table.iter() {
        let heading = format!("column `{}.{name}`", schema.tables[table].name);
        let column = Section::new(heading.clone(), columns.table.key(name), item)?;
        if let Some(input) = column.strings("input")? {
            let is_there = |name: &String| schema.shown(table, name).is_some();
            // Of those that are not, the one is told that would be a column of the table.
            let missing: Vec<String> = input.into_iter().filter(|name| !is_there(name)).collect();
            if !missing.is_empty() {
                check_key(&column, "input", &missing, &schema.tables[table])?;
            }
        }
        if let Some(transform) = column.sub("transform", format!("transform of {heading}"))?
            && let Some(input) = transform.strings("input")?
        {
            check_key(&transform, "input", &input, &schema.tables[table])?;
        }
    }
    Ok(())
}

fn read_table(name: &str, section: Section<'_>) -> Read<Table> {
    let section = section.only(&["mode", "primary_key", "unique", "rules", "columns"])?;
    let modes = [TableMode::Generate, TableMode::Keep, TableMode::Exclude];
    let mode = section.choice("mode", &modes.map(|mode| (mode_name(mode), mode)))?;
    let mut table = Table {
        name: name.to_string(),
        columns: Vec::new(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        mode: mode.unwrap_or_default(),
        rules: read_rules(&section)?,
    };
    let heading = format!("columns of `{name}`");
    let columns = section.require("columns", section.sub("columns", heading)?)?;
    for (column, item) in columns.table.iter() {
        let heading = format!("column `{name}.{column}`");
        let section = Section::new(heading, columns.table.key(column), item)?;
        table.columns.push(read_column(column, section)?);
    }
    if let Some(key) = section.strings("primary_key")? {
        check_key(&section, "primary_key", &key, &table)?;
        table.primary_key = key;
    }
    if let Some(item) = section.table.get("unique") {
        let keys: Option<Vec<Vec<String>>> = item.as_array().and_then(|keys| {
            keys.iter()
                .map(|key| key.as_array().and_then(string_array))
                .collect()
        });
        let Some(keys) = keys else {
            return section.wrong_type("unique", "an array of arrays of strings", item);
        };
        for key in &keys {
            check_key(&section, "unique", key, &table)?;
        }
        table.unique = keys;
    }
    Ok(table)
}

fn relationship_sections<'a>(root: &Section<'a>) -> Read<Vec<Section<'a>>> {
    const NAME: &str = "`[[relationships]]`";
    let Some(item) = root.table.get("relationships") else {
        return Ok(Vec::new());
    };
    if let Some(tables) = item.as_array_of_tables() {
        let sections = tables.iter().map(|table| Section {
            name: NAME.into(),
            table,
            span: table.span(),
        });
        return Ok(sections.collect());
    }
    let inline: Option<Vec<Section<'a>>> = item.as_array().and_then(|array| {
        let sections = array.iter().map(|value| {
            let table = value.as_inline_table()?;
            Some(Section {
                name: NAME.into(),
                table,
                span: value.span(),
            })
        });
        sections.collect()
    });
    match inline {
        Some(sections) => Ok(sections),
        None => root.wrong_type("relationships", "an array of tables", item),
    }
}

fn read_relationship(section: &Section<'_>, schema: &Schema) -> Read<Relationship> {
    const KNOWN: [&str; 6] = [
        "parent_table",
        "parent_key",
        "child_table",
        "child_key",
        "orphans",
        "owner",
    ];
    let section = Section {
        name: section.name.clone(),
        table: section.table,
        span: section.span.clone(),
    }
    .only(&KNOWN)?;
    let parent_table = section.require("parent_table", section.string("parent_table")?)?;
    let parent_key = section.require("parent_key", section.strings("parent_key")?)?;
    let child_table = section.require("child_table", section.string("child_table")?)?;
    let child_key = section.require("child_key", section.strings("child_key")?)?;
    let parent = known_table(&section, "parent_table", parent_table, schema)?;
    let child = known_table(&section, "child_table", child_table, schema)?;
    check_key(&section, "parent_key", &parent_key, parent)?;
    check_key(&section, "child_key", &child_key, child)?;
    let choices = [Orphans::Refuse, Orphans::Null, Orphans::Drop, Orphans::Keep];
    let orphans = section.choice(
        "orphans",
        &choices.map(|orphans| (orphans.as_str(), orphans)),
    )?;
    let relationship = Relationship {
        parent_table: parent_table.to_string(),
        parent_key,
        child_table: child_table.to_string(),
        child_key,
        orphans: orphans.unwrap_or_default(),
        owner: section.boolean("owner")?,
    };
    if relationship.parent_key.len() != relationship.child_key.len() {
        return flaw(
            section.span_of("child_key"),
            ManifestProblem::KeyLengths {
                relationship: relationship.name(),
                children: relationship.child_key.len(),
                parents: relationship.parent_key.len(),
            },
        );
    }
    Ok(relationship)
}

fn known_table<'a>(
    section: &Section<'_>,
    key: &str,
    name: &str,
    schema: &'a Schema,
) -> Read<&'a Table> {
    match schema.table(name) {
        Some(table) => Ok(table),
        None => flaw(
            section.span_of(key),
            ManifestProblem::UnknownTable {
                table: name.to_string(),
                tables: schema
                    .tables
                    .iter()
                    .map(|table| table.name.clone())
                    .collect(),
            },
        ),
    }
}

pub(super) fn check_key(
    section: &Section<'_>,
    key: &str,
    columns: &[String],
    table: &Table,
) -> Read<()> {
    let span = section.span_of(key);
    if columns.is_empty() {
        let (key, section) = (key.to_string(), section.name.clone());
        return flaw(span, ManifestProblem::EmptyKey { key, section });
    }
    let mut seen = BTreeSet::new();
    for column in columns {
        if table.column(column).is_none() {
            return flaw(
                span,
                ManifestProblem::UnknownColumn {
                    table: table.name.clone(),
                    column: column.clone(),
                    columns: table
                        .columns
                        .iter()
                        .map(|column| column.name.clone())
                        .collect(),
                },
            );
        }
        if !seen.insert(column) {
            let (key, section) = (key.to_string(), section.name.clone());
            let column = column.clone();
            return flaw(
                span,
                ManifestProblem::RepeatedColumn {
                    key,
                    section,
                    column,
                },
            );
        }
    }
    Ok(())
}
