//! The manifest, `prodlike.toml`: what a person reviews before anything is learned.
//!
//! It is read by hand from the parsed document rather than through serde, so that every
//! complaint knows its line, what was allowed there, and what was probably meant; and it is
//! written through `toml_edit`, so that comments are part of it and survive edits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use prodlike_core::schema::{
    Column, DataType, LOCALES, Orphans, Privacy, Relationship, Schema, SemanticType, Table,
    TableMode,
};
use prodlike_core::source::{BrokenRows, ReadOptions, SourceSpec};
use toml_edit::{
    Array, ArrayOfTables, Document, DocumentMut, InlineTable, Item, Key, TableLike, Value, value,
};

use crate::chunk::FileFormat;
use crate::error::{Error, ManifestProblem};
use crate::whole::write_whole;

/// The version that this code reads and writes. It changes when an older reader would
/// misunderstand a manifest; a new optional key is no such change, as unknown keys are errors.
const FORMAT: i64 = 1;

const DEFAULT_SAMPLE: u64 = 200_000;

/// What a manifest says.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Where the real data is, as written: relative to the manifest's directory.
    pub sources: Vec<SourceSpec>,
    /// Tables, columns, keys, relationships and floors.
    pub schema: Schema,
    /// How many entities of the root tables are sampled at most.
    pub sample_entities: u64,
    /// What `prodlike snapshot` makes of it.
    pub snapshot: Snapshot,
}

/// The job of `prodlike snapshot`, as far as the manifest describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Where the dataset goes, as written: relative to the manifest's directory.
    pub output: Option<PathBuf>,
    /// Where the model goes, as written.
    pub model: Option<PathBuf>,
    /// The format of files in a directory.
    pub format: Option<FileFormat>,
    /// Multiplies the real row counts.
    pub scale: Option<f64>,
    /// The root of all randomness.
    pub seed: Option<u64>,
    /// Absolute row counts of some tables.
    pub rows: Vec<(String, u64)>,
    /// Scores and the least that each may be.
    pub gates: Vec<(String, f64)>,
}

/// The scores that a gate may hold.
pub const SCORES: [&str; 9] = [
    "diagnostic",
    "quality",
    "data_validity",
    "data_structure",
    "relationship_validity",
    "column_shapes",
    "column_pair_trends",
    "cardinality",
    "intertable_trends",
];

/// Comments to write beside what they explain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Above a table.
    pub tables: BTreeMap<String, String>,
    /// At the end of a column's line; by table and column.
    pub columns: BTreeMap<(String, String), String>,
    /// Above a relationship; parallel to the schema's, where there are any.
    pub relationships: Vec<String>,
}

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
    rendered.insert("semantic", column.semantic.as_str().into());
    if let Some(generator) = &column.generator {
        rendered.insert("generator", generator.as_str().into());
    }
    if let Some(locale) = &column.locale {
        rendered.insert("locale", locale.as_str().into());
    }
    if column.exclude {
        rendered.insert("exclude", true.into());
    }
    rendered
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

fn integer(number: u64) -> i64 {
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

fn mode_name(mode: TableMode) -> &'static str {
    match mode {
        TableMode::Generate => "generate",
        TableMode::Keep => "keep",
        TableMode::Exclude => "exclude",
    }
}

/// Reads a manifest from a file.
///
/// # Errors
/// As [`parse_manifest`], and [`Error::Io`].
pub fn read_manifest(path: &Path) -> Result<Manifest, Error> {
    let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
    parse_manifest(&text, path)
}

/// Writes the text of a manifest, whole or not at all.
///
/// # Errors
/// [`Error::Exists`] without `overwrite` where something is there; [`Error::Io`].
pub fn write_manifest(path: &Path, text: &str, overwrite: bool) -> Result<(), Error> {
    write_whole(path, text.as_bytes(), overwrite)
}

/// Edits the text of a manifest and keeps its comments and layout.
///
/// # Errors
/// As [`parse_manifest`], before and after the edit: a broken edit is not returned.
pub fn edit_manifest(
    text: &str,
    path: &Path,
    edit: impl FnOnce(&mut DocumentMut),
) -> Result<String, Error> {
    parse_manifest(text, path)?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| syntax_error(&error, text, path))?;
    edit(&mut document);
    let edited = document.to_string();
    parse_manifest(&edited, path)?;
    Ok(edited)
}

/// Parses a manifest; `path` is for messages.
///
/// # Errors
/// [`Error::ManifestSyntax`] where it is not TOML, [`Error::Manifest`] where it is not a
/// manifest.
pub fn parse_manifest(text: &str, path: &Path) -> Result<Manifest, Error> {
    let document = Document::parse(text).map_err(|error| syntax_error(&error, text, path))?;
    read_document(document.as_table()).map_err(|Flaw { span, problem }| Error::Manifest {
        path: path.to_path_buf(),
        line: span.map(|span| line_of(text, span.start)),
        problem: Box::new(problem),
    })
}

fn syntax_error(error: &toml_edit::TomlError, text: &str, path: &Path) -> Error {
    Error::ManifestSyntax {
        path: path.to_path_buf(),
        line: error.span().map(|span| line_of(text, span.start)),
        message: error.message().trim().replace('\n', ", "),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}

/// A problem and where it is.
struct Flaw {
    span: Option<Range<usize>>,
    problem: ManifestProblem,
}

type Read<T> = Result<T, Flaw>;

fn flaw<T>(span: Option<Range<usize>>, problem: ManifestProblem) -> Read<T> {
    Err(Flaw { span, problem })
}

/// One table of the document, and what messages call it.
struct Section<'a> {
    name: String,
    table: &'a dyn TableLike,
    span: Option<Range<usize>>,
}

impl<'a> Section<'a> {
    fn new(name: String, key: Option<&Key>, item: &'a Item) -> Read<Section<'a>> {
        let span = key.and_then(Key::span).or_else(|| item.span());
        match item.as_table_like() {
            Some(table) => Ok(Section { name, table, span }),
            None => flaw(
                span,
                ManifestProblem::WrongType {
                    key: key.map_or_else(String::new, |key| key.get().to_string()),
                    section: name,
                    expected: "a table",
                    found: item.type_name(),
                },
            ),
        }
    }

    /// Refuses keys that are not known here.
    fn only(self, known: &[&str]) -> Read<Section<'a>> {
        for (key, _) in self.table.iter() {
            if !known.contains(&key) {
                return flaw(
                    self.span_of(key),
                    ManifestProblem::UnknownKey {
                        key: key.to_string(),
                        section: self.name,
                        known: known.iter().map(ToString::to_string).collect(),
                    },
                );
            }
        }
        Ok(self)
    }

    fn span_of(&self, key: &str) -> Option<Range<usize>> {
        let (found, item) = self.table.get_key_value(key)?;
        found
            .span()
            .or_else(|| item.span())
            .or_else(|| self.span.clone())
    }

    fn sub(&self, key: &str, name: String) -> Read<Option<Section<'a>>> {
        match self.table.get_key_value(key) {
            Some((found, item)) => Section::new(name, Some(found), item).map(Some),
            None => Ok(None),
        }
    }

    fn require<T>(&self, key: &'static str, found: Option<T>) -> Read<T> {
        match found {
            Some(found) => Ok(found),
            None => flaw(
                self.span.clone(),
                ManifestProblem::MissingKey {
                    key,
                    section: self.name.clone(),
                },
            ),
        }
    }

    fn wrong_type<T>(&self, key: &str, expected: &'static str, item: &Item) -> Read<T> {
        flaw(
            self.span_of(key),
            ManifestProblem::WrongType {
                key: key.to_string(),
                section: self.name.clone(),
                expected,
                found: item.type_name(),
            },
        )
    }

    fn string(&self, key: &str) -> Read<Option<&'a str>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text)),
                None => self.wrong_type(key, "a string", item),
            },
        }
    }

    fn boolean(&self, key: &str) -> Read<Option<bool>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_bool() {
                Some(flag) => Ok(Some(flag)),
                None => self.wrong_type(key, "`true` or `false`", item),
            },
        }
    }

    fn positive(&self, key: &str) -> Read<Option<u64>> {
        self.whole(key, 1)
    }

    /// Reads a whole number that is at least `least`, which is 0 or more.
    fn whole(&self, key: &str, least: i64) -> Read<Option<u64>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_integer() {
            Some(number) if number >= least => Ok(u64::try_from(number).ok()),
            Some(number) => flaw(
                self.span_of(key),
                ManifestProblem::TooSmall {
                    key: key.to_string(),
                    section: self.name.clone(),
                    value: number,
                    least,
                },
            ),
            None => self.wrong_type(key, "a whole number", item),
        }
    }

    fn number(&self, key: &str) -> Read<Option<f64>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_float().or(item.as_integer().map(|n| n as f64)) {
            Some(number) => Ok(Some(number)),
            None => self.wrong_type(key, "a number", item),
        }
    }

    fn strings(&self, key: &str) -> Read<Option<Vec<String>>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_array().and_then(string_array) {
            Some(names) => Ok(Some(names)),
            None => self.wrong_type(key, "an array of strings", item),
        }
    }

    fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Read<Option<T>> {
        let Some(text) = self.string(key)? else {
            return Ok(None);
        };
        match choices.iter().find(|(name, _)| *name == text) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => flaw(
                self.span_of(key),
                ManifestProblem::WrongValue {
                    key: key.to_string(),
                    section: self.name.clone(),
                    value: text.to_string(),
                    allowed: choices.iter().map(|(name, _)| name.to_string()).collect(),
                },
            ),
        }
    }
}

fn string_array(array: &Array) -> Option<Vec<String>> {
    array
        .iter()
        .map(|item| item.as_str().map(str::to_string))
        .collect()
}

fn read_document(root: &toml_edit::Table) -> Read<Manifest> {
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

fn read_table(name: &str, section: Section<'_>) -> Read<Table> {
    let section = section.only(&["mode", "primary_key", "unique", "columns"])?;
    let modes = [TableMode::Generate, TableMode::Keep, TableMode::Exclude];
    let mode = section.choice("mode", &modes.map(|mode| (mode_name(mode), mode)))?;
    let mut table = Table {
        name: name.to_string(),
        columns: Vec::new(),
        primary_key: Vec::new(),
        unique: Vec::new(),
        mode: mode.unwrap_or_default(),
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

fn read_column(name: &str, section: Section<'_>) -> Read<Column> {
    let section = section.only(&[
        "type",
        "nullable",
        "semantic",
        "generator",
        "locale",
        "exclude",
    ])?;
    let data_type = section.require("type", section.string("type")?)?;
    let semantics: Vec<(&str, SemanticType)> = SemanticType::ALL
        .iter()
        .map(|semantic| (semantic.as_str(), *semantic))
        .collect();
    let semantic = section.require("semantic", section.choice("semantic", &semantics)?)?;
    let generator = section.string("generator")?.map(str::to_string);
    let locales: Vec<(&str, &str)> = LOCALES.iter().map(|locale| (*locale, *locale)).collect();
    let locale = section.choice("locale", &locales)?.map(str::to_string);
    Ok(Column {
        name: name.to_string(),
        data_type: read_data_type(data_type),
        nullable: section.boolean("nullable")?.unwrap_or(true),
        semantic,
        // An identifying column is never learned, even where somebody removed its generator.
        generator: generator.or_else(|| semantic.is_identifying().then(|| semantic.to_string())),
        locale,
        exclude: section.boolean("exclude")?.unwrap_or(false),
    })
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

fn check_key(section: &Section<'_>, key: &str, columns: &[String], table: &Table) -> Read<()> {
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

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use prodlike_core::error::Hint;

    use super::*;

    fn column(name: &str, data_type: &str, semantic: SemanticType) -> Column {
        Column {
            name: name.into(),
            data_type: DataType::from_duckdb(data_type),
            nullable: true,
            semantic,
            generator: semantic.is_identifying().then(|| semantic.to_string()),
            locale: None,
            exclude: false,
        }
    }

    fn shop() -> Manifest {
        Manifest {
            sources: vec![SourceSpec::one("data/shop.duckdb")],
            schema: Schema {
                tables: vec![
                    Table {
                        name: "customer".into(),
                        columns: vec![
                            Column {
                                nullable: false,
                                ..column("id", "INTEGER", SemanticType::Id)
                            },
                            column("email", "VARCHAR", SemanticType::Email),
                            Column {
                                exclude: true,
                                ..column("blob", "BLOB", SemanticType::Text)
                            },
                        ],
                        primary_key: vec!["id".into()],
                        unique: vec![vec!["email".into()], vec!["id".into(), "email".into()]],
                        mode: TableMode::Generate,
                    },
                    Table {
                        name: "order \"x\". select é\n".into(),
                        columns: vec![
                            column("customer.id", "INTEGER", SemanticType::Id),
                            column("from", "DECIMAL(18,3)", SemanticType::Numerical),
                        ],
                        primary_key: vec![],
                        unique: vec![],
                        mode: TableMode::Keep,
                    },
                ],
                relationships: vec![Relationship {
                    parent_table: "customer".into(),
                    parent_key: vec!["id".into()],
                    child_table: "order \"x\". select é\n".into(),
                    child_key: vec!["customer.id".into()],
                    orphans: Orphans::Null,
                    owner: Some(true),
                }],
                privacy: Privacy {
                    k: 7,
                    entities: vec!["customer".into(), "customer.email".into()],
                },
            },
            sample_entities: 5_000,
            snapshot: Snapshot::default(),
        }
    }

    fn notes() -> Notes {
        Notes {
            tables: [("customer".into(), "59 rows\nholds people".into())].into(),
            columns: [(
                ("customer".into(), "email".into()),
                "looks like\nan \u{7} email".into(),
            )]
            .into(),
            relationships: vec!["declared in the catalogue".into()],
        }
    }

    #[test]
    fn manifests_survive_a_round_trip_and_carry_their_comments() {
        let text = render_manifest(&shop(), &notes());
        assert_eq!(
            parse_manifest(&text, Path::new("prodlike.toml")).unwrap(),
            shop(),
            "{text}"
        );
        assert!(text.starts_with("# What prodlike reads"));
        for line in [
            "format = 1\n\n[source]\npath = \"data/shop.duckdb\"\n\n[sample]\nentities = 5000\n",
            "\n# 59 rows\n# holds people\n[tables.customer]\nmode = \"generate\"\nprimary_key = [\"id\"]\n",
            "unique = [[\"email\"], [\"id\", \"email\"]]\n\n[tables.customer.columns]\n",
            "id = { type = \"INTEGER\", nullable = false, semantic = \"id\" }\n",
            "email = { type = \"VARCHAR\", semantic = \"email\", generator = \"email\" } # looks like an email\n",
            "\n# declared in the catalogue\n[[relationships]]\nparent_table = \"customer\"\n",
            "orphans = \"null\"\nowner = true\n",
        ] {
            assert!(text.contains(line), "missing {line:?} in\n{text}");
        }
    }

    #[test]
    fn several_sources_have_names_and_options() {
        let mut several = shop();
        several.sources = vec![
            SourceSpec {
                name: "eu.west".into(),
                path: "a/*.csv".into(),
                options: ReadOptions {
                    broken_rows: BrokenRows::Skip,
                    header: Some(false),
                    delimiter: Some('\t'),
                    encoding: Some("latin1".into()),
                },
            },
            SourceSpec {
                name: "us".into(),
                ..SourceSpec::one("us.duckdb")
            },
        ];
        let text = render_manifest(&several, &notes());
        assert!(
            text.contains(
                "[sources.\"eu.west\"]\npath = \"a/*.csv\"\nbroken_rows = \"skip\"\n\
                 header = false\ndelimiter = \"\\t\"\nencoding = \"latin1\"\n\n\
                 [sources.us]\npath = \"us.duckdb\"\n"
            ),
            "{text}"
        );
        assert_eq!(parse_manifest(&text, Path::new("p.toml")).unwrap(), several);
        for (from, to) in [
            ("[sources.us]", "[source]"),
            ("\"\\t\"", "\"ab\""),
            ("\"skip\"\nheader", "\"drop\"\nheader"),
            ("header = false", "header = 1"),
            ("path = \"us.duckdb\"", ""),
        ] {
            assert!(text.contains(from), "{from}");
            let broken = text.replacen(from, to, 1);
            assert!(
                parse_manifest(&broken, Path::new("p.toml")).is_err(),
                "{to}"
            );
        }
    }

    #[test]
    fn edits_keep_comments() {
        let text = render_manifest(&shop(), &notes());
        let edited = edit_manifest(&text, Path::new("m"), |document| {
            document["privacy"]["k"] = value(25);
            document["tables"]["customer"]["columns"]["email"]["generator"] = value("username");
        })
        .unwrap();
        assert_eq!(
            edited,
            text.replace("k = 7", "k = 25")
                .replace("generator = \"email\"", "generator = \"username\"")
        );
        assert!(edited.contains("# looks like an email"));
        assert!(edit_manifest(&text, Path::new("m"), |d| d["privacy"]["k"] = value(0)).is_err());
    }

    const SMALL: &str = r#"format = 1
source.path = "s.duckdb"
[tables.orders]
primary_key = ["id"]
[tables.orders.columns]
id = { type = "integer", semantic = "id", nullable = false }
total_cents = { type = "BIGINT", semantic = "numerical" }
mail = { type = "VARCHAR", semantic = "email" }
"#;

    #[test]
    fn defaults_are_filled_in() {
        let manifest = parse_manifest(SMALL, Path::new("m")).unwrap();
        assert_eq!(manifest.sample_entities, 200_000);
        assert_eq!(manifest.schema.privacy, Privacy::default());
        let table = &manifest.schema.tables[0];
        assert_eq!(table.mode, TableMode::Generate);
        assert_eq!(table.columns[0].data_type, DataType::Int32);
        assert_eq!(table.columns[2].generator.as_deref(), Some("email"));
    }

    /// Replaces `from` by `to` in a good manifest; checks line, message and hint.
    #[track_caller]
    fn check(from: &str, to: &str, line: usize, message: &str, hint: &str) {
        assert!(SMALL.contains(from));
        let error = parse_manifest(&SMALL.replacen(from, to, 1), Path::new("m")).unwrap_err();
        let source = error
            .source()
            .map_or_else(|| error.to_string(), ToString::to_string);
        assert_eq!(source, message);
        let (Error::Manifest { line: found, .. } | Error::ManifestSyntax { line: found, .. }) =
            &error
        else {
            unreachable!("{error}")
        };
        assert_eq!(*found, Some(line));
        assert_eq!(error.hint().unwrap(), hint);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_a_way_out() {
        check(
            "primary_key = [\"id\"]",
            "primary_kye = [\"id\"]",
            4,
            "unknown key `primary_kye` in table `orders`. Keys: `mode`, `primary_key`, `unique`, `columns`",
            "Did you mean `primary_key`?",
        );
        check(
            "semantic = \"email\"",
            "semntic = \"email\"",
            8,
            "unknown key `semntic` in column `orders.mail`. Keys: `type`, `nullable`, `semantic`, `generator`, `locale`, `exclude`",
            "Did you mean `semantic`?",
        );
        check(
            "[\"id\"]",
            "[\"total\"]",
            4,
            "column `orders.total` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
            "Name one of the table's columns",
        );
        check(
            "[\"id\"]",
            "[\"total_cent\"]",
            4,
            "column `orders.total_cent` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
            "Did you mean `orders.total_cents`?",
        );
        check(
            "[\"id\"]",
            "\"id\"",
            4,
            "`primary_key` in table `orders` must be an array of strings, but is string",
            "Write an array of strings after `primary_key =`",
        );
        check(
            "[\"id\"]",
            "[]",
            4,
            "`primary_key` in table `orders` names no column",
            "Name at least one column in `primary_key`, or remove it",
        );
        check(
            "source.path = \"s.duckdb\"",
            "source.path = 3",
            2,
            "`path` in `[source]` must be a string, but is integer",
            "Write a string after `path =`",
        );
        check(
            "source.path",
            "privacy = { k = 0 }\nsource.path",
            2,
            "`k` in `[privacy]` must be at least 1, but is 0",
            "Set `k = 1` or more",
        );
        check(
            "source.path",
            "privacy = { entities = [\"order\"] }\nsource.path",
            2,
            "table `order` is not in the schema. Tables: `orders`",
            "Did you mean `orders`?",
        );
        check(
            "source.path",
            "privacy = { entities = [\"orders.mails\"] }\nsource.path",
            2,
            "column `orders.mails` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
            "Did you mean `orders.mail`?",
        );
        check(
            "format = 1",
            "format = 9",
            1,
            "the manifest has format 9, but this version reads format 1",
            "Use a newer version of prodlike, or write the manifest again with `prodlike init`",
        );
        check(
            "[tables.orders.columns]",
            "[tables.orders]\n[tables.orders.columns]",
            5,
            "failed to parse manifest `m` at line 5: duplicate key",
            "Names with spaces or dots need quotes; strings need quotes as well",
        );
    }

    #[test]
    fn an_unknown_semantic_type_offers_the_nearest() {
        let text = SMALL.replace("\"email\"", "\"emial\"");
        let error = parse_manifest(&text, Path::new("m")).unwrap_err();
        assert_eq!(error.to_string(), "failed to read manifest `m` at line 8");
        assert_eq!(error.hint().unwrap(), "Did you mean `email`?");
    }

    #[test]
    fn the_job_of_a_snapshot_is_read_and_survives() {
        let with = |lines: &str| parse_manifest(&format!("{SMALL}{lines}"), Path::new("m"));
        let manifest = with(
            "[snapshot]\noutput = \"s.duckdb\"\nmodel = \"m\"\nformat = \"csv\"\nscale = 2\nseed = 0\n\
             rows = { orders = 7 }\n[gates]\ndiagnostic = 1\nquality = 0.8\n",
        )
        .unwrap();
        let expected = Snapshot {
            output: Some("s.duckdb".into()),
            model: Some("m".into()),
            format: Some(FileFormat::Csv),
            scale: Some(2.0),
            seed: Some(0),
            rows: vec![("orders".into(), 7)],
            gates: vec![("diagnostic".into(), 1.0), ("quality".into(), 0.8)],
        };
        assert_eq!(manifest.snapshot, expected);
        let text = render_manifest(&manifest, &Notes::default());
        assert_eq!(parse_manifest(&text, Path::new("m")).unwrap(), manifest);
        for (lines, hint) in [
            ("[gates]\nqualty = 1", "Did you mean `quality`?"),
            (
                "[gates]\nquality = 80",
                "Write a score between 0 and 1 after `quality =`",
            ),
            ("[snapshot]\nseed = -1", "Set `seed = 0` or more"),
            ("[snapshot.rows]\norder = 1", "Did you mean `orders`?"),
        ] {
            assert_eq!(with(lines).unwrap_err().hint().unwrap(), hint, "{lines}");
        }
    }

    #[test]
    fn relationships_must_fit_their_tables() {
        let with = |lines: &str| {
            let text = format!("{SMALL}[[relationships]]\n{lines}");
            let error = parse_manifest(&text, Path::new("m")).unwrap_err();
            (error.source().unwrap().to_string(), error.hint().unwrap())
        };
        let good = "parent_table = \"orders\"\nparent_key = [\"id\"]\nchild_table = \"orders\"\nchild_key = [\"total_cents\"]\n";
        assert!(
            parse_manifest(&format!("{SMALL}[[relationships]]\n{good}"), Path::new("m")).is_ok()
        );
        assert_eq!(
            with(&good.replacen("\"orders\"", "\"orderz\"", 1)),
            (
                "table `orderz` is not in the schema. Tables: `orders`".into(),
                "Did you mean `orders`?".into()
            )
        );
        assert_eq!(
            with(&good.replace("[\"total_cents\"]", "[\"total_cents\", \"mail\"]")).0,
            "relationship `orders.total_cents+mail` pairs 2 columns of the child with 1 of the parent"
        );
        assert_eq!(
            with(&format!("{good}orphans = \"nul\"")),
            (
                "`orphans` in `[[relationships]]` cannot be `nul`. Allowed: `refuse`, `null`, `drop`, `keep`".into(),
                "Did you mean `null`?".into()
            )
        );
        assert_eq!(
            with(&format!("{good}[[relationships]]\n{good}")).0,
            "relationship `orders.total_cents` to `orders` is declared twice"
        );
        assert_eq!(
            with("parent_table = \"orders\"").0,
            "missing key `parent_key` in `[[relationships]]`"
        );
    }

    #[test]
    fn no_text_makes_the_parser_panic() {
        let text = render_manifest(&shop(), &notes());
        for cut in 0..text.len() {
            if let Some(head) = text.get(..cut) {
                let _ = parse_manifest(head, Path::new("m"));
            }
            let mut bytes = text.clone().into_bytes();
            bytes[cut] = b'"';
            if let Ok(changed) = String::from_utf8(bytes) {
                let _ = parse_manifest(&changed, Path::new("m"));
            }
        }
        for text in [
            "",
            "format = 1",
            "format = 1\ntables = 3\nsource = 1",
            "tables = []",
            "[[tables]]",
        ] {
            assert!(parse_manifest(text, Path::new("m")).is_err(), "{text}");
        }
    }
}
