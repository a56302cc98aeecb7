//! Init: looks at a source and proposes a manifest.
//!
//! Everything it decides is written down with its reason, for a person to read and change;
//! what it cannot tell it treats as identifying.

mod composites;
mod detect;
mod keys;
mod names;
mod people;
mod relationships;

use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::{DataType, LOCALES, Orphans, Schema, SemanticType, TableMode};
use prodlike_core::source::SourceSpec;
use prodlike_core::words::counted;
use prodlike_duckdb::Source;
use prodlike_format::{Manifest, Notes, Snapshot, render_manifest};
use prodlike_generators::{ColumnFacts, detect as native};

pub use self::detect::Detectors;

use self::detect::Asking;
use crate::error::Error;
use relationships::Findings;

/// Distinct values that detection may look at.
const PEEK: usize = 300;
/// Most rows of a table that init proposes to keep.
const KEEP_ROWS: u64 = 200;
/// Root rows of a sample, unless the manifest says otherwise.
pub const SAMPLE_ENTITIES: u64 = 200_000;

/// How init works.
#[derive(Clone)]
pub struct InitOptions {
    /// Whether keys and relationships that nobody declared are inferred.
    pub infer: bool,
    /// Plugins that are asked what columns mean.
    pub detectors: Detectors,
}

impl Default for InitOptions {
    fn default() -> Self {
        InitOptions {
            infer: true,
            detectors: Detectors::default(),
        }
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
    options: &InitOptions,
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
    let mut distinct = Vec::new();
    let mut asking = options.detectors.asking(progress);
    for index in 0..schema.tables.len() {
        if cancel.is_cancelled() {
            return Err(Error::Interrupted);
        }
        distinct.push(look_at(
            source,
            &mut schema,
            index,
            &mut asking,
            &mut notes,
        )?);
        progress.advance("look", 1);
    }
    progress.finish("look");
    people::entities(&mut schema, &rows, &distinct, &mut notes);
    if schema.privacy.entities.is_empty() {
        progress.warn(
            "no table of people was found, so no floor protects anybody: if there is one, name \
             it under `entities` of `[privacy]` in the manifest",
        );
    }
    withhold_small_entities(&mut schema, &rows, &distinct, &mut notes);
    propose_kept(&mut schema, &rows, &mut notes);
    let kept = schema.tables.iter();
    let kept: Vec<String> = kept
        .filter(|table| table.mode == TableMode::Keep)
        .map(|table| format!("`{}`", table.name))
        .collect();
    if schema.privacy.entities.is_empty() && !kept.is_empty() {
        progress.warn(&format!(
            "the real rows of {} are kept and travel in the model: set `mode = \"generate\"` in \
             the manifest where they are about people",
            kept.join(", ")
        ));
    }
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

/// Finds the semantic type of every column of a table; returns how many distinct values each
/// has.
fn look_at(
    source: &Source,
    schema: &mut Schema,
    index: usize,
    asking: &mut Asking<'_>,
    notes: &mut Notes,
) -> Result<Vec<u64>, Error> {
    let table = schema.tables[index].clone();
    let mut distinct = vec![0; table.columns.len()];
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
        distinct[position] = peek.distinct;
        let facts = ColumnFacts {
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
        };
        let mut detection = native(&facts);
        let mut generator = None;
        if let Some(proposal) = asking.propose(&facts, &detection) {
            if proposal.semantic != detection.semantic {
                detection.locale = None;
            }
            detection.semantic = proposal.semantic;
            detection.reason = proposal.reason;
            generator = proposal.generator;
        }
        let column = &mut schema.tables[index].columns[position];
        column.semantic = detection.semantic;
        column.generator = generator.or_else(|| {
            detection
                .semantic
                .is_identifying()
                .then(|| detection.semantic.as_str().to_string())
        });
        column.locale = detection
            .locale
            .filter(|locale| column.generator.is_some() && LOCALES.contains(locale))
            .map(str::to_string);
        note(notes, detection.reason);
    }
    Ok(distinct)
}

/// Generates every column of a table that holds fewer entities than the floor: nothing of it
/// may be learned.
fn withhold_small_entities(
    schema: &mut Schema,
    rows: &[u64],
    distinct: &[Vec<u64>],
    notes: &mut Notes,
) {
    let k = schema.privacy.k;
    let relationships = schema.relationships.clone();
    for index in 0..rows.len() {
        let named = schema.entity_columns(index);
        let (entities, noun) = match named.iter().map(|&column| distinct[index][column]).min() {
            Some(least) => (least, "entity"),
            None => (rows[index], "row"),
        };
        if entities == 0 || entities >= u64::from(k) || !schema.holds_entities(index) {
            continue;
        }
        let table = &mut schema.tables[index];
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
                counted(entities, noun)
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
                && !schema.holds_entities(index)
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
