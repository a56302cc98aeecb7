//! Writing a manifest, with its comments.

use std::path::PathBuf;

use prodlike_core::schema::{Column, Orphans, Relationship, SecretSource, Table, TableMode};
use prodlike_core::source::{BrokenRows, SourceSpec};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Value, value};

use super::column::{COMPUTED, UNCARRIED, is_uncarried};
use super::rules::render_rules;
use super::section::toml;
use super::{FORMAT, Manifest, Notes, Snapshot};

const HEADER: &str = "\
# What prodlike reads, and what becomes of it. Edit this file, then run `prodlike fit`.
#
# - `[source]`: `broken_rows = \"skip\"` leaves out rows of text that cannot be read; `header`,
#   `delimiter` and `encoding` say what was guessed wrongly of CSV files.
# - `mode` of a table: \"generate\" (learned and generated), \"keep\" (its real rows travel in
#   the model file and come out as they are) or \"exclude\".
# - `semantic` of a column: what its values mean. A column with a `generator` is never
#   learned; `exclude = true` leaves a column out. `locale` is the language and country of
#   what a generator makes, such as \"de_DE\".
#   A generator may come from a plugin (`prodlike plugin add`): `generator = \"loyalty\"` or
#   \"payment.iban\", with `options = { … }` and, as `input`, the columns that it is shown.
# - `rules` of a table: what `prodlike evaluate` holds rows against, as SQL or by a plugin:
#   `rules = [\"left_at >= came_at\"]`.
# - `orphans` of a relationship: what becomes of rows without a parent: \"refuse\" (an error,
#   the default), \"null\", \"drop\" or \"keep\".
# - `k` of `[privacy]`: every value that is learned has at least so many entities behind it;
#   `entities` names the tables whose rows, and the columns (\"table.column\") whose values,
#   are somebody.
# - `[snapshot]` may set `output`, `model`, `format`, `scale`, `seed` and `rows` of
#   `prodlike snapshot`, and `[gates]` the least score it publishes: `diagnostic = 1.0`.
#
# Unknown keys are errors. Comments are yours.
";

/// Renders a commented manifest.
pub fn render_manifest(manifest: &Manifest, notes: &Notes) -> String {
    let schema = &manifest.schema;
    let mut document = DocumentMut::new();
    let root = document.as_table_mut();
    root.insert("format", value(FORMAT));
    if let Some(mut key) = root.key_mut("format") {
        key.leaf_decor_mut().set_prefix(format!("{HEADER}\n"));
    }

    match manifest.sources.as_slice() {
        [source] if source.name.is_empty() => {
            root.insert("source", Item::Table(render_source(source)));
        }
        sources => {
            let mut rendered = toml_edit::Table::new();
            rendered.set_implicit(true);
            for source in sources {
                rendered.insert(&source.name, Item::Table(render_source(source)));
            }
            root.insert("sources", Item::Table(rendered));
        }
    }

    let mut sample = section("\n");
    sample.insert("entities", value(integer(manifest.sample_entities)));
    root.insert("sample", Item::Table(sample));

    let mut privacy = section("\n");
    privacy.insert("k", value(i64::from(schema.privacy.k)));
    privacy.insert("entities", value(strings(&schema.privacy.entities)));
    root.insert("privacy", Item::Table(privacy));

    let mut tables = toml_edit::Table::new();
    tables.set_implicit(true);
    for table in &schema.tables {
        tables.insert(&table.name, Item::Table(render_table(table, notes)));
    }
    root.insert("tables", Item::Table(tables));

    let mut relationships = ArrayOfTables::new();
    for (idx, relationship) in schema.relationships.iter().enumerate() {
        let note = notes.relationships.get(idx).map_or("", String::as_str);
        relationships.push(render_relationship(relationship, note));
    }
    if !relationships.is_empty() {
        root.insert("relationships", Item::ArrayOfTables(relationships));
    }
    render_snapshot(&manifest.snapshot, root);
    // The last key is not ended by the document itself.
    document.to_string().trim_end().to_string() + "\n"
}

fn render_source(source: &SourceSpec) -> toml_edit::Table {
    let mut rendered = section("\n");
    rendered.insert("path", value(source.path.to_string_lossy().into_owned()));
    let options = &source.options;
    if options.broken_rows != BrokenRows::default() {
        rendered.insert("broken_rows", value(options.broken_rows.as_str()));
    }
    if let Some(header) = options.header {
        rendered.insert("header", value(header));
    }
    if let Some(delimiter) = options.delimiter {
        rendered.insert("delimiter", value(delimiter.to_string()));
    }
    if let Some(encoding) = &options.encoding {
        rendered.insert("encoding", value(encoding));
    }
    rendered
}

fn render_snapshot(snapshot: &Snapshot, root: &mut toml_edit::Table) {
    let mut section = section("\n");
    let path = |path: &PathBuf| value(path.to_string_lossy().into_owned());
    let number = |n: u64| value(integer(n));
    let rows: InlineTable = snapshot
        .rows
        .iter()
        .map(|(table, rows)| (table.as_str(), Value::from(integer(*rows))))
        .collect();
    let settings = [
        ("output", snapshot.output.as_ref().map(path)),
        ("model", snapshot.model.as_ref().map(path)),
        (
            "format",
            snapshot.format.map(|format| value(format.as_str())),
        ),
        ("scale", snapshot.scale.map(value)),
        ("seed", snapshot.seed.map(number)),
        ("rows", (!rows.is_empty()).then(|| value(rows))),
    ];
    for (key, setting) in settings {
        if let Some(setting) = setting {
            section.insert(key, setting);
        }
    }
    let mut gates = self::section("\n");
    for (score, floor) in &snapshot.gates {
        gates.insert(score, value(*floor));
    }
    for (key, section) in [("snapshot", section), ("gates", gates)] {
        if !section.is_empty() {
            root.insert(key, Item::Table(section));
        }
    }
}

fn render_table(table: &Table, notes: &Notes) -> toml_edit::Table {
    let note = notes.tables.get(&table.name).map_or("", String::as_str);
    let mut rendered = section(&format!("\n{}", comment_lines(note)));
    rendered.insert("mode", value(mode_name(table.mode)));
    if !table.primary_key.is_empty() {
        rendered.insert("primary_key", value(strings(&table.primary_key)));
    }
    if !table.unique.is_empty() {
        rendered.insert(
            "unique",
            value(
                table
                    .unique
                    .iter()
                    .map(|key| strings(key))
                    .collect::<Array>(),
            ),
        );
    }
    if !table.rules.is_empty() {
        rendered.insert("rules", render_rules(&table.rules));
    }
    let mut columns = section("\n");
    for column in &table.columns {
        let mut rendered = Value::InlineTable(render_column(column));
        let key = (table.name.clone(), column.name.clone());
        if let Some(note) = notes
            .columns
            .get(&key)
            .filter(|note| !note.trim().is_empty())
        {
            rendered
                .decor_mut()
                .set_suffix(format!(" # {}", one_line(note)));
        }
        columns.insert(&column.name, Item::Value(rendered));
    }
    rendered.insert("columns", Item::Table(columns));
    rendered
}

fn render_column(column: &Column) -> InlineTable {
    let mut rendered = InlineTable::new();
    rendered.insert("type", column.data_type.to_string().into());
    if !column.nullable {
        rendered.insert("nullable", false.into());
    }
    if !is_uncarried(&column.data_type) || column.semantic != UNCARRIED {
        rendered.insert("semantic", column.semantic.as_str().into());
    }
    let computed = column
        .generator
        .as_deref()
        .filter(|it| COMPUTED.contains(it));
    let mut options = column.options.as_str();
    if let Some(key) = computed {
        rendered.insert(key, options.into());
        options = "";
    } else if let Some(generator) = &column.generator {
        rendered.insert("generator", generator.as_str().into());
    }
    if let Some(locale) = &column.locale {
        rendered.insert("locale", locale.as_str().into());
    }
    render_told(&mut rendered, options, &column.input, &column.secrets);
    if let Some(transform) = &column.transform {
        let mut told = InlineTable::new();
        told.insert("name", transform.name.as_str().into());
        render_told(
            &mut told,
            &transform.options,
            &transform.input,
            &transform.secrets,
        );
        rendered.insert("transform", Value::InlineTable(told));
    }
    if column.exclude {
        rendered.insert("exclude", true.into());
    }
    rendered
}

/// Renders what a plugin is told.
pub(super) fn render_told(
    rendered: &mut InlineTable,
    options: &str,
    input: &[String],
    secrets: &[SecretSource],
) {
    if let Some(options) = serde_json::from_str(options).ok().as_ref().and_then(toml) {
        rendered.insert("options", options);
    }
    if !input.is_empty() {
        rendered.insert("input", strings(input).into());
    }
    if !secrets.is_empty() {
        let places = secrets.iter();
        let places = places.map(|it| (it.name.as_str(), Value::from(it.from.to_string())));
        rendered.insert("secrets", Value::InlineTable(places.collect()));
    }
}

fn render_relationship(relationship: &Relationship, note: &str) -> toml_edit::Table {
    let mut rendered = section(&format!("\n{}", comment_lines(note)));
    rendered.insert("parent_table", value(&relationship.parent_table));
    rendered.insert("parent_key", value(strings(&relationship.parent_key)));
    rendered.insert("child_table", value(&relationship.child_table));
    rendered.insert("child_key", value(strings(&relationship.child_key)));
    if relationship.orphans != Orphans::Refuse {
        rendered.insert("orphans", value(relationship.orphans.as_str()));
    }
    if let Some(owner) = relationship.owner {
        rendered.insert("owner", value(owner));
    }
    rendered
}

fn section(prefix: &str) -> toml_edit::Table {
    let mut table = toml_edit::Table::new();
    table.decor_mut().set_prefix(prefix);
    table
}

fn strings(names: &[String]) -> Array {
    names.iter().map(String::as_str).collect()
}

pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Makes one comment of any text: TOML allows no control characters in comments.
fn one_line(note: &str) -> String {
    let cleaned: String = note
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn comment_lines(note: &str) -> String {
    note.lines()
        .map(one_line)
        .filter(|line| !line.is_empty())
        .map(|line| format!("# {line}\n"))
        .collect()
}

pub(super) fn mode_name(mode: TableMode) -> &'static str {
    match mode {
        TableMode::Generate => "generate",
        TableMode::Keep => "keep",
        TableMode::Exclude => "exclude",
    }
}
