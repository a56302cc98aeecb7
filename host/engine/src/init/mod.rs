//! Init: looks at a source and proposes a manifest.
//!
//! Everything it decides is written down with its reason, for a person to read and change;
//! what it cannot tell it treats as identifying.

mod composites;
mod keys;
mod names;
mod relationships;

use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{
    Column, DataType, LOCALES, Orphans, Schema, SemanticType, Table, TableMode,
};
use prodlike_core::source::SourceSpec;
use prodlike_duckdb::Source;
use prodlike_format::{Manifest, Notes, Snapshot, render_manifest};
use prodlike_generators::{ColumnFacts, detect};

use crate::error::Error;
use relationships::Findings;

/// Distinct values that detection may look at.
const PEEK: usize = 300;
/// Most rows of a table that init proposes to keep.
const KEEP_ROWS: u64 = 200;
/// Tables of people whose names are in public: without contact data they are no entities.
const PUBLIC_FIGURES: [&str; 9] = [
    "artist",
    "author",
    "actor",
    "composer",
    "director",
    "band",
    "performer",
    "singer",
    "writer",
];
/// Root rows of a sample, unless the manifest says otherwise.
pub const SAMPLE_ENTITIES: u64 = 200_000;

/// How init works.
#[derive(Clone, Copy, Debug)]
pub struct InitOptions {
    /// Whether keys and relationships that nobody declared are inferred.
    pub infer: bool,
}

impl Default for InitOptions {
    fn default() -> Self {
        InitOptions { infer: true }
    }
}

/// What init found.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The schema with semantic types, generators and kept tables.
    pub schema: Schema,
    /// The text of the manifest.
    pub manifest: String,
}

/// Looks at an open source; `sources` is what the manifest says of where it is.
///
/// # Errors
/// A source that cannot be read.
pub fn init(
    source: &Source,
    sources: &[SourceSpec],
    options: InitOptions,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Proposal, Error> {
    let mut schema = source.catalog()?;
    let mut notes = Notes::default();
    let rows: Vec<u64> = schema
        .tables
        .iter()
        .map(|table| Ok(source.count(&table.name)?))
        .collect::<Result<_, Error>>()?;
    let findings = match options.infer {
        true => relationships::infer(source, &mut schema, &rows, progress, cancel)?,
        false => Findings::declared(&schema),
    };
    progress.begin("look", schema.tables.len() as u64);
    for index in 0..schema.tables.len() {
        if cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        look_at(source, &mut schema, index, &mut notes)?;
        progress.advance("look", 1);
    }
    progress.finish("look");
    schema.privacy.entities = entities(&schema);
    if schema.privacy.entities.is_empty() {
        progress.warn(
            "no table of people was found, so no floor protects anybody: if there is one, name \
             it under `entities` of `[privacy]` in the manifest",
        );
    }
    withhold_small_entities(&mut schema, &rows, &mut notes);
    propose_kept(&mut schema, &rows, &mut notes);
    for (table, rows) in schema.tables.iter().zip(&rows) {
        let entity = if schema.privacy.entities.contains(&table.name) {
            "; its rows are protected entities"
        } else {
            ""
        };
        let reason = notes
            .tables
            .remove(&table.name)
            .map(|reason| format!("; {reason}"))
            .unwrap_or_default();
        let key = findings
            .keys
            .get(&table.name)
            .map(|key| format!("\n{key}"))
            .unwrap_or_default();
        notes.tables.insert(
            table.name.clone(),
            format!("{}{entity}{reason}{key}", counted(*rows, "row")),
        );
    }
    notes.relationships = findings.relationships;
    source.check_unchanged()?;
    let manifest = Manifest {
        sources: sources.to_vec(),
        schema: schema.clone(),
        sample_entities: SAMPLE_ENTITIES,
        snapshot: Snapshot::default(),
    };
    Ok(Proposal {
        manifest: render_manifest(&manifest, &notes),
        schema,
    })
}

/// The tables whose rows are people, or all that is left of them.
///
/// A row that holds a person's own data is a person. One that holds only an address belongs
/// to whom it refers (an order to its customer), and is an entity where it refers to nobody.
fn entities(schema: &Schema) -> Vec<String> {
    let is_contact = |column: &Column| {
        use SemanticType::{
            CardNumber, DateOfBirth, DocumentNumber, Email, Iban, NationalId, Phone, Username,
        };
        matches!(
            column.semantic,
            Email
                | Phone
                | Username
                | DateOfBirth
                | DocumentNumber
                | CardNumber
                | Iban
                | NationalId
        )
    };
    let is_named = |column: &Column| match column.semantic {
        SemanticType::FirstName | SemanticType::LastName => true,
        // A track's composer is mentioned; a patient's name is the patient's.
        SemanticType::FullName => column.name.to_lowercase().contains("name"),
        _ => false,
    };
    let people: Vec<&Table> = schema
        .tables
        .iter()
        .filter(|table| {
            let is_public = PUBLIC_FIGURES
                .iter()
                .any(|word| table.name.to_lowercase().contains(word));
            table
                .columns
                .iter()
                .any(|column| is_contact(column) || (is_named(column) && !is_public))
        })
        .collect();
    let mut entities: Vec<String> = people.iter().map(|table| table.name.clone()).collect();
    for table in &schema.tables {
        let is_personal = table.columns.iter().any(|column| {
            matches!(
                column.semantic,
                SemanticType::Address | SemanticType::Postcode | SemanticType::Ip
            )
        });
        let refers_to_people = schema.relationships.iter().any(|relationship| {
            relationship.child_table == table.name
                && people
                    .iter()
                    .any(|people| people.name == relationship.parent_table)
        });
        if is_personal && !refers_to_people && !entities.contains(&table.name) {
            entities.push(table.name.clone());
        }
    }
    entities.sort();
    entities
}

fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Finds the semantic type of every column of a table.
fn look_at(
    source: &Source,
    schema: &mut Schema,
    index: usize,
    notes: &mut Notes,
) -> Result<(), Error> {
    let table = schema.tables[index].clone();
    for (position, column) in table.columns.iter().enumerate() {
        let note = |notes: &mut Notes, reason: String| {
            notes
                .columns
                .insert((table.name.clone(), column.name.clone()), reason);
        };
        if let DataType::Other(name) = &column.data_type {
            let reason =
                format!("{name} is not carried yet: cast the column, or set `exclude = true`");
            note(notes, reason);
            continue;
        }
        let is_key = table.primary_key.contains(&column.name)
            || schema.relationships.iter().any(|relationship| {
                (relationship.child_table == table.name
                    && relationship.child_key.contains(&column.name))
                    || (relationship.parent_table == table.name
                        && relationship.parent_key.contains(&column.name))
            });
        let peek = source.peek(&table.name, &column.name, PEEK)?;
        let detection = detect(&ColumnFacts {
            table: &table.name,
            column: &column.name,
            data_type: &column.data_type,
            rows: peek.rows,
            nulls: peek.nulls,
            distinct: peek.distinct,
            values: &peek.values,
            is_key,
            is_unique: table
                .unique
                .iter()
                .any(|key| key.len() == 1 && key[0] == column.name),
        });
        let column = &mut schema.tables[index].columns[position];
        column.semantic = detection.semantic;
        column.generator = detection
            .semantic
            .is_identifying()
            .then(|| detection.semantic.as_str().to_string());
        column.locale = detection
            .locale
            .filter(|locale| column.generator.is_some() && LOCALES.contains(locale))
            .map(str::to_string);
        notes
            .columns
            .insert((table.name.clone(), column.name.clone()), detection.reason);
    }
    Ok(())
}

/// Generates every column of an entity table that is smaller than the floor: nothing of it
/// may be learned.
fn withhold_small_entities(schema: &mut Schema, rows: &[u64], notes: &mut Notes) {
    let (k, entities) = (schema.privacy.k, schema.privacy.entities.clone());
    let relationships = schema.relationships.clone();
    for (table, &rows) in schema.tables.iter_mut().zip(rows) {
        if rows == 0 || rows >= u64::from(k) || !entities.contains(&table.name) {
            continue;
        }
        for column in &mut table.columns {
            let generated = match (column.semantic, &column.data_type) {
                (SemanticType::Numerical, _) => SemanticType::PublicNumber,
                (SemanticType::Datetime, _) => SemanticType::PublicDatetime,
                (SemanticType::Categorical, DataType::String) => SemanticType::Code,
                _ => continue,
            };
            let is_key = table.primary_key.contains(&column.name)
                || relationships
                    .iter()
                    .any(|r| r.child_table == table.name && r.child_key.contains(&column.name));
            if is_key {
                continue;
            }
            column.semantic = generated;
            column.generator = Some(generated.as_str().to_string());
            let reason = format!(
                "{} below the floor of {k}: nothing may be learned",
                counted(rows, "row")
            );
            notes
                .columns
                .insert((table.name.clone(), column.name.clone()), reason);
        }
    }
}

/// Proposes to keep small tables that others refer to and that hold nothing personal.
fn propose_kept(schema: &mut Schema, rows: &[u64], notes: &mut Notes) {
    loop {
        let mut changed = false;
        for (index, &rows) in rows.iter().enumerate() {
            let table = &schema.tables[index];
            let refers_to_generated = schema.relationships.iter().any(|relationship| {
                relationship.child_table == table.name
                    && schema
                        .table(&relationship.parent_table)
                        .is_some_and(|parent| parent.mode != TableMode::Keep)
            });
            // Keys beside those of real rows could not be told from real ones.
            let has_orphans = schema.relationships.iter().any(|relationship| {
                relationship.parent_table == table.name && relationship.orphans == Orphans::Keep
            });
            let is_referred_to = schema
                .relationships
                .iter()
                .any(|relationship| relationship.parent_table == table.name);
            let is_harmless = table.columns.iter().all(|column| {
                // An id that is no key of the table's own names somebody elsewhere.
                let is_own = column.semantic != SemanticType::Id
                    || table.primary_key.contains(&column.name)
                    || table.unique.iter().any(|key| key.contains(&column.name))
                    || schema.relationships.iter().any(|relationship| {
                        relationship.child_table == table.name
                            && relationship.child_key.contains(&column.name)
                    });
                is_own
                    && !column.semantic.is_identifying()
                    && !matches!(column.data_type, DataType::Other(_))
            });
            if table.mode == TableMode::Generate
                && (1..=KEEP_ROWS).contains(&rows)
                && !refers_to_generated
                && !has_orphans
                && is_referred_to
                && is_harmless
            {
                let reason = "kept: few rows, no identifying column, owned by no other table";
                notes.tables.insert(table.name.clone(), reason.to_string());
                schema.tables[index].mode = TableMode::Keep;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}
