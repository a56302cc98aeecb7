//! What the JSON members look like, and how they become core's types.
//!
//! Fields are never renamed within a major version. Floats are written as strings of the
//! shortest decimals that read back exactly, because the JSON parser is allowed to be off by
//! one in the last place, and a model file must not drift when it is read and written.

use arrow::array::RecordBatch;
use prodlike_core::generator::{GeneratorSpec, LearnedKey};
use prodlike_core::model::{
    Chain, Drawn, EdgeKind, EdgeModel, Feature, Fill, Model, Next, NextCodec, Sequence, Shift,
    Suppressed, TableModel, Target, Toward,
};
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SemanticType, Table, TableMode,
};
use prodlike_models::codec::Codec;
use prodlike_models::degree::{DegreeClass, DegreeLaw};
use prodlike_models::tree::Tree;
use serde::{Deserialize, Serialize};

use super::codec::{Float, WireCodec};
use super::formula::WireFormula;
use super::plugin::{WireComponent, WirePlugin, WireRule, WireSecret, WireTransform};

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct FormatVersion {
    pub(super) major: u64,
    pub(super) minor: u64,
}

/// The least that every future manifest can be asked.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) format: FormatVersion,
    #[serde(default)]
    pub(super) must_understand: Vec<String>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Manifest {
    format: FormatVersion,
    must_understand: Vec<String>,
    product_version: String,
    pub(super) schema_digest: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) plugins: Vec<WireComponent>,
    pub(super) privacy: Ledger,
}

/// What was protected, how strongly, and what that cost.
#[derive(Deserialize, Serialize)]
pub(super) struct Ledger {
    k: u32,
    entities: Vec<String>,
    suppressed: Vec<WireSuppressed>,
}

#[derive(Deserialize, Serialize)]
struct WireSuppressed {
    table: String,
    column: String,
    what: String,
    count: u64,
}

/// What a reader must know to generate from a model; older ones know less.
pub(super) const UNDERSTOOD: [&str; 16] = [
    "degrees",
    "latents",
    "chains",
    "parents",
    "finer",
    "ranks",
    "references",
    "shifts",
    "formulas",
    "groups",
    "recent",
    "segments",
    "distinct",
    "last",
    "habits",
    "plugins",
];

fn must_understand(model: &Model) -> Vec<String> {
    let drawn = || model.tables.iter().flat_map(|table| &table.drawn);
    let features = || model.tables.iter().flat_map(|table| &table.features);
    let used = [
        drawn().any(|drawn| matches!(drawn.target, Target::Degree(_))),
        drawn().any(|drawn| matches!(drawn.target, Target::Latent(_))),
        model.tables.iter().any(|table| table.chain.is_some()),
        features().any(|feature| matches!(feature, Feature::Parent(..))),
        drawn().any(|drawn| matches!(drawn.target, Target::Finer(_))),
        features().any(|feature| matches!(feature, Feature::Rank(..))),
        drawn().any(|drawn| matches!(drawn.target, Target::Reference(_))),
        drawn().any(|drawn| drawn.shift.is_some()),
        drawn().any(|drawn| drawn.formula.is_some()),
        drawn().any(|drawn| matches!(drawn.codec, Codec::Groups { .. })),
        drawn().any(|drawn| (drawn.next.as_ref()).is_some_and(|next| next.fresh.is_some())),
        drawn().any(|drawn| (drawn.next.as_ref()).is_some_and(|next| next.starts.is_some())),
        drawn().any(|drawn| matches!(drawn.target, Target::Distinct(_)))
            || features().any(|feature| *feature == Feature::Open),
        features().any(|feature| matches!(feature, Feature::Last(..))),
        drawn().any(|drawn| (drawn.next.as_ref()).is_some_and(|next| next.norm.is_some())),
        !model.plugins.is_empty(),
    ];
    let items = UNDERSTOOD.iter().zip(used).filter(|(_, used)| *used);
    items.map(|(item, _)| item.to_string()).collect()
}

impl Manifest {
    pub(super) fn from_core(model: &Model, schema_digest: String) -> Manifest {
        Manifest {
            format: FormatVersion {
                major: super::MAJOR,
                minor: 0,
            },
            must_understand: must_understand(model),
            product_version: env!("CARGO_PKG_VERSION").to_string(),
            schema_digest,
            plugins: (model.plugins.iter())
                .map(WireComponent::from_core)
                .collect(),
            privacy: Ledger {
                k: model.schema.privacy.k,
                entities: model.schema.privacy.entities.clone(),
                suppressed: model
                    .suppressed
                    .iter()
                    .map(|item| WireSuppressed {
                        table: item.table.clone(),
                        column: item.column.clone(),
                        what: item.what.clone(),
                        count: item.count,
                    })
                    .collect(),
            },
        }
    }
}

impl Ledger {
    pub(super) fn into_core(self) -> (Privacy, Vec<Suppressed>) {
        let suppressed = self.suppressed.into_iter().map(|item| Suppressed {
            table: item.table,
            column: item.column,
            what: item.what,
            count: item.count,
        });
        (
            Privacy {
                k: self.k,
                entities: self.entities,
            },
            suppressed.collect(),
        )
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct WireSchema {
    tables: Vec<WireTableSchema>,
}

#[derive(Deserialize, Serialize)]
struct WireTableSchema {
    name: String,
    mode: WireMode,
    primary_key: Vec<String>,
    unique: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<WireRule>,
    columns: Vec<WireColumn>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireMode {
    Generate,
    Keep,
    Exclude,
}

#[derive(Deserialize, Serialize)]
struct WireColumn {
    name: String,
    #[serde(rename = "type")]
    data_type: String,
    nullable: bool,
    semantic: String,
    generator: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    options: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    input: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<WireSecret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transform: Option<WireTransform>,
    exclude: bool,
}

impl WireSchema {
    pub(super) fn from_core(schema: &Schema) -> WireSchema {
        let column = |column: &Column| WireColumn {
            name: column.name.clone(),
            data_type: column.data_type.to_string(),
            nullable: column.nullable,
            semantic: column.semantic.to_string(),
            generator: column.generator.clone(),
            locale: column.locale.clone(),
            options: column.options.clone(),
            input: column.input.clone(),
            secrets: WireSecret::from_core(&column.secrets),
            transform: column.transform.as_ref().map(WireTransform::from_core),
            exclude: column.exclude,
        };
        let table = |table: &Table| WireTableSchema {
            name: table.name.clone(),
            mode: match table.mode {
                TableMode::Generate => WireMode::Generate,
                TableMode::Keep => WireMode::Keep,
                TableMode::Exclude => WireMode::Exclude,
            },
            primary_key: table.primary_key.clone(),
            unique: table.unique.clone(),
            rules: table.rules.iter().map(WireRule::from_core).collect(),
            columns: table.columns.iter().map(column).collect(),
        };
        WireSchema {
            tables: schema.tables.iter().map(table).collect(),
        }
    }

    pub(super) fn into_core(self) -> Result<Vec<Table>, String> {
        let column = |column: WireColumn| {
            Ok(Column {
                data_type: DataType::from_duckdb(&column.data_type),
                nullable: column.nullable,
                semantic: column.semantic.parse::<SemanticType>().map_err(|()| {
                    format!(
                        "column `{}` has unknown semantic type `{}`",
                        column.name, column.semantic
                    )
                })?,
                generator: column.generator,
                locale: column.locale,
                options: column.options,
                input: column.input,
                secrets: WireSecret::into_core(column.secrets),
                transform: column.transform.map(WireTransform::into_core),
                exclude: column.exclude,
                name: column.name,
            })
        };
        let table = |table: WireTableSchema| {
            Ok(Table {
                name: table.name,
                columns: table
                    .columns
                    .into_iter()
                    .map(column)
                    .collect::<Result<_, String>>()?,
                primary_key: table.primary_key,
                unique: table.unique,
                mode: match table.mode {
                    WireMode::Generate => TableMode::Generate,
                    WireMode::Keep => TableMode::Keep,
                    WireMode::Exclude => TableMode::Exclude,
                },
                rules: table.rules.into_iter().map(WireRule::into_core).collect(),
            })
        };
        self.tables.into_iter().map(table).collect()
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct WireRelationship {
    parent_table: String,
    parent_key: Vec<String>,
    child_table: String,
    child_key: Vec<String>,
    orphans: WireOrphans,
    owner: Option<bool>,
    kind: WireEdgeKind,
    matched_rows: u64,
    orphan_rows: u64,
    null_rows: u64,
    /// Fewest children, most children, parents.
    fan_out: Vec<(u64, u64, u64)>,
    children_of_kept_rows: Option<Vec<u64>>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireOrphans {
    Refuse,
    Null,
    Drop,
    Keep,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireEdgeKind {
    Owner,
    Reference,
    Kept,
    Tree,
    BridgeItem,
}

impl WireRelationship {
    pub(super) fn from_core(relationship: &Relationship, edge: &EdgeModel) -> WireRelationship {
        WireRelationship {
            parent_table: relationship.parent_table.clone(),
            parent_key: relationship.parent_key.clone(),
            child_table: relationship.child_table.clone(),
            child_key: relationship.child_key.clone(),
            orphans: match relationship.orphans {
                Orphans::Refuse => WireOrphans::Refuse,
                Orphans::Null => WireOrphans::Null,
                Orphans::Drop => WireOrphans::Drop,
                Orphans::Keep => WireOrphans::Keep,
            },
            owner: relationship.owner,
            kind: match edge.kind {
                EdgeKind::Owner => WireEdgeKind::Owner,
                EdgeKind::Reference => WireEdgeKind::Reference,
                EdgeKind::Kept => WireEdgeKind::Kept,
                EdgeKind::Tree => WireEdgeKind::Tree,
                EdgeKind::BridgeItem => WireEdgeKind::BridgeItem,
            },
            matched_rows: edge.matched,
            orphan_rows: edge.orphans,
            null_rows: edge.nulls,
            fan_out: edge
                .law
                .classes
                .iter()
                .map(|class| (class.lo, class.hi, class.parents))
                .collect(),
            children_of_kept_rows: edge.per_row.clone(),
        }
    }

    pub(super) fn into_core(self) -> Result<(Relationship, EdgeModel), String> {
        let relationship = Relationship {
            parent_table: self.parent_table,
            parent_key: self.parent_key,
            child_table: self.child_table,
            child_key: self.child_key,
            orphans: match self.orphans {
                WireOrphans::Refuse => Orphans::Refuse,
                WireOrphans::Null => Orphans::Null,
                WireOrphans::Drop => Orphans::Drop,
                WireOrphans::Keep => Orphans::Keep,
            },
            owner: self.owner,
        };
        let classes = self
            .fan_out
            .into_iter()
            .map(|(lo, hi, parents)| DegreeClass { lo, hi, parents });
        let edge = EdgeModel {
            kind: match self.kind {
                WireEdgeKind::Owner => EdgeKind::Owner,
                WireEdgeKind::Reference => EdgeKind::Reference,
                WireEdgeKind::Kept => EdgeKind::Kept,
                WireEdgeKind::Tree => EdgeKind::Tree,
                WireEdgeKind::BridgeItem => EdgeKind::BridgeItem,
            },
            matched: self.matched_rows,
            orphans: self.orphan_rows,
            nulls: self.null_rows,
            law: DegreeLaw {
                classes: classes.collect(),
            },
            per_row: self.children_of_kept_rows,
        };
        Ok((relationship, edge))
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct WireTable {
    table: String,
    rows: u64,
    pub(super) kept: bool,
    floor: Option<u32>,
    features: Vec<WireFeature>,
    pub(super) drawn: Vec<WireDrawn>,
    fills: Vec<WireColumnFill>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chain: Option<WireChain>,
}

#[derive(Deserialize, Serialize)]
struct WireChain {
    order: Vec<usize>,
    strict: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    toward: Option<WireToward>,
}

#[derive(Deserialize, Serialize)]
struct WireShift {
    base: usize,
    least: i64,
    symbols: usize,
    missing: u8,
}

#[derive(Deserialize, Serialize)]
struct WireToward {
    feature: usize,
    ends: Vec<i64>,
    unit: i64,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireFeature {
    Degree(usize),
    Rank(usize, u8),
    Status(usize),
    Slot(usize),
    Owner(usize),
    Drawn(usize),
    /// Relationship, feature of its parent.
    Parent(usize, usize),
    Place,
    Toward,
    Slack,
    Left,
    Previous(usize),
    Other(usize),
    Distinct(usize),
    Ahead(usize),
    Spare(usize),
    Open,
    /// The variable that is the same, and the one that is told.
    Last(usize, usize),
    /// Variable, symbol.
    Had(usize, u8),
    Habit(usize),
    Step(usize),
}

impl WireFeature {
    fn from_core(feature: Feature) -> WireFeature {
        match feature {
            Feature::Degree(idx) => WireFeature::Degree(idx),
            Feature::Rank(idx, parts) => WireFeature::Rank(idx, parts),
            Feature::Status(idx) => WireFeature::Status(idx),
            Feature::Slot(idx) => WireFeature::Slot(idx),
            Feature::Owner(idx) => WireFeature::Owner(idx),
            Feature::Drawn(idx) => WireFeature::Drawn(idx),
            Feature::Parent(edge, idx) => WireFeature::Parent(edge, idx),
            Feature::Place => WireFeature::Place,
            Feature::Left => WireFeature::Left,
            Feature::Previous(idx) => WireFeature::Previous(idx),
            Feature::Other(idx) => WireFeature::Other(idx),
            Feature::Distinct(idx) => WireFeature::Distinct(idx),
            Feature::Ahead(idx) => WireFeature::Ahead(idx),
            Feature::Spare(idx) => WireFeature::Spare(idx),
            Feature::Open => WireFeature::Open,
            Feature::Last(same, idx) => WireFeature::Last(same, idx),
            Feature::Had(idx, symbol) => WireFeature::Had(idx, symbol),
            Feature::Habit(idx) => WireFeature::Habit(idx),
            Feature::Toward => WireFeature::Toward,
            Feature::Slack => WireFeature::Slack,
            Feature::Step(idx) => WireFeature::Step(idx),
        }
    }

    fn into_core(self) -> Feature {
        match self {
            WireFeature::Degree(idx) => Feature::Degree(idx),
            WireFeature::Rank(idx, parts) => Feature::Rank(idx, parts),
            WireFeature::Status(idx) => Feature::Status(idx),
            WireFeature::Slot(idx) => Feature::Slot(idx),
            WireFeature::Owner(idx) => Feature::Owner(idx),
            WireFeature::Drawn(idx) => Feature::Drawn(idx),
            WireFeature::Parent(edge, idx) => Feature::Parent(edge, idx),
            WireFeature::Place => Feature::Place,
            WireFeature::Left => Feature::Left,
            WireFeature::Previous(idx) => Feature::Previous(idx),
            WireFeature::Other(idx) => Feature::Other(idx),
            WireFeature::Distinct(idx) => Feature::Distinct(idx),
            WireFeature::Ahead(idx) => Feature::Ahead(idx),
            WireFeature::Spare(idx) => Feature::Spare(idx),
            WireFeature::Open => Feature::Open,
            WireFeature::Last(same, idx) => Feature::Last(same, idx),
            WireFeature::Had(idx, symbol) => Feature::Had(idx, symbol),
            WireFeature::Habit(idx) => Feature::Habit(idx),
            WireFeature::Toward => Feature::Toward,
            WireFeature::Slack => Feature::Slack,
            WireFeature::Step(idx) => Feature::Step(idx),
        }
    }
}

#[derive(Deserialize, Serialize)]
pub(super) struct WireDrawn {
    target: WireTarget,
    teacher: String,
    bits: Vec<(String, Float)>,
    #[serde(default)]
    shares: Vec<u32>,
    codec: WireCodec,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shift: Option<WireShift>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formula: Option<WireFormula>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<WireNext>,
}

/// Its tree follows those of all variables, in their order.
#[derive(Deserialize, Serialize)]
pub(super) struct WireNext {
    codec: WireNextCodec,
    /// Whether a tree of starts follows those of new values.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    starts: bool,
    /// Whether a tree of norms follows those of starts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    norm: bool,
    teacher: String,
    bits: Vec<(String, Float)>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireNextCodec {
    Value,
    Copy,
    Delta(WireCodec),
    /// The tree of new values follows those of all that follows.
    Recent(u8),
    Part(u8),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireTarget {
    Column(String),
    Relationship(usize),
    Degree(usize),
    Latent(usize),
    Finer(String),
    Reference(usize),
    Distinct(String),
}

fn wire_bits(bits: &[(String, f64)]) -> Vec<(String, Float)> {
    let wire = bits.iter().map(|(name, bits)| (name.clone(), Float(*bits)));
    wire.collect()
}

fn core_bits(bits: Vec<(String, Float)>) -> Vec<(String, f64)> {
    bits.into_iter()
        .map(|(name, bits)| (name, bits.0))
        .collect()
}

#[derive(Deserialize, Serialize)]
struct WireColumnFill {
    column: String,
    fill: WireFill,
}

#[derive(Deserialize, Serialize)]
struct WireGenerated {
    generator: String,
    unique: bool,
    templates: Vec<(String, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lengths: Vec<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    options: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<WireSecret>,
    /// Key, rows, entities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    learned: Vec<(String, u64, u64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plugin: Option<WirePlugin>,
    presence: Option<usize>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireFill {
    Drawn(usize),
    Generated(Box<WireGenerated>),
    Sequence {
        start: i64,
        step: i64,
        domain: u64,
        dense: bool,
        grouped: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        presence: Option<usize>,
    },
    ForeignKey {},
}

impl WireTable {
    pub(super) fn from_core(table: &Table, fitted: &TableModel) -> WireTable {
        let name = |idx: usize| {
            table
                .columns
                .get(idx)
                .map_or_else(String::new, |c| c.name.clone())
        };
        WireTable {
            table: table.name.clone(),
            rows: fitted.rows,
            kept: fitted.kept.is_some(),
            floor: fitted.floor,
            features: fitted
                .features
                .iter()
                .map(|feature| WireFeature::from_core(*feature))
                .collect(),
            drawn: fitted
                .drawn
                .iter()
                .map(|drawn| WireDrawn {
                    target: match drawn.target {
                        Target::Column(idx) => WireTarget::Column(name(idx)),
                        Target::Relationship(idx) => WireTarget::Relationship(idx),
                        Target::Degree(idx) => WireTarget::Degree(idx),
                        Target::Latent(idx) => WireTarget::Latent(idx),
                        Target::Distinct(idx) => WireTarget::Distinct(name(idx)),
                        Target::Finer(idx) => WireTarget::Finer(name(idx)),
                        Target::Reference(idx) => WireTarget::Reference(idx),
                    },
                    shift: drawn.shift.map(|shift| WireShift {
                        base: shift.base,
                        least: shift.least,
                        symbols: shift.symbols,
                        missing: shift.missing,
                    }),
                    formula: drawn.formula.map(WireFormula::from_core),
                    teacher: drawn.teacher.clone(),
                    bits: wire_bits(&drawn.bits),
                    shares: drawn.shares.clone(),
                    codec: WireCodec::from_core(&drawn.codec),
                    next: drawn.next.as_ref().map(|next| WireNext {
                        codec: match &next.codec {
                            NextCodec::Value => WireNextCodec::Value,
                            NextCodec::Copy => WireNextCodec::Copy,
                            NextCodec::Recent(told) => WireNextCodec::Recent(*told),
                            NextCodec::Part(parts) => WireNextCodec::Part(*parts),
                            NextCodec::Delta(delta) => {
                                WireNextCodec::Delta(WireCodec::from_core(delta))
                            }
                        },
                        starts: next.starts.is_some(),
                        norm: next.norm.is_some(),
                        teacher: next.teacher.clone(),
                        bits: wire_bits(&next.bits),
                    }),
                })
                .collect(),
            chain: fitted.chain.as_ref().map(|chain| WireChain {
                order: chain.order.clone(),
                strict: chain.strict,
                toward: chain.toward.as_ref().map(|toward| WireToward {
                    feature: toward.feature,
                    ends: toward.ends.clone(),
                    unit: toward.unit,
                }),
            }),
            fills: fitted
                .fills
                .iter()
                .enumerate()
                .map(|(idx, fill)| WireColumnFill {
                    column: name(idx),
                    fill: WireFill::from_core(fill),
                })
                .collect(),
        }
    }

    pub(super) fn into_core(
        self,
        table: &Table,
        trees: Vec<Tree>,
        kept: Option<RecordBatch>,
    ) -> Result<TableModel, String> {
        if self.table != table.name {
            return Err(format!(
                "is of table `{}`, not of `{}`",
                self.table, table.name
            ));
        }
        let next = || self.drawn.iter().filter_map(|drawn| drawn.next.as_ref());
        let followed = next().count();
        let fresh = next().filter(|next| next.has_fresh()).count();
        let starts = next().filter(|next| next.starts).count();
        let norms = next().filter(|next| next.norm).count();
        let wanted = self.drawn.len() + followed + fresh + starts + norms;
        if wanted != trees.len() {
            return Err(format!(
                "wants {wanted} trees for its variables, but has {}",
                trees.len()
            ));
        }
        let features = self.features.into_iter().map(WireFeature::into_core);
        let mut trees = trees;
        let mut next_trees = trees.split_off(self.drawn.len());
        let mut fresh_trees = next_trees.split_off(followed);
        let mut start_trees = fresh_trees.split_off(fresh);
        let mut norm_trees = start_trees.split_off(starts).into_iter();
        let mut start_trees = start_trees.into_iter();
        let mut fresh_trees = fresh_trees.into_iter();
        let mut next_trees = next_trees.into_iter();
        let column = |name: &str| {
            let position = table.column_idx(name);
            position.ok_or_else(|| format!("has no column `{name}`"))
        };
        let drawn = self.drawn.into_iter().zip(trees).map(|(drawn, tree)| {
            let next = match drawn.next {
                Some(next) => {
                    let fresh = next.has_fresh().then(|| fresh_trees.next());
                    let starts = next.starts.then(|| start_trees.next());
                    let norm = next.norm.then(|| norm_trees.next());
                    let tree = next_trees.next().unwrap_or_default();
                    let more = [fresh, starts, norm].map(Option::flatten);
                    Some(next.into_core(tree, more)?)
                }
                None => None,
            };
            Ok(Drawn {
                target: match drawn.target {
                    WireTarget::Column(name) => Target::Column(column(&name)?),
                    WireTarget::Finer(name) => Target::Finer(column(&name)?),
                    WireTarget::Reference(idx) => Target::Reference(idx),
                    WireTarget::Relationship(idx) => Target::Relationship(idx),
                    WireTarget::Degree(idx) => Target::Degree(idx),
                    WireTarget::Latent(idx) => Target::Latent(idx),
                    WireTarget::Distinct(name) => Target::Distinct(column(&name)?),
                },
                codec: drawn.codec.into_core()?,
                shift: drawn.shift.map(|shift| Shift {
                    base: shift.base,
                    least: shift.least,
                    symbols: shift.symbols,
                    missing: shift.missing,
                }),
                formula: drawn.formula.map(WireFormula::into_core),
                tree,
                teacher: drawn.teacher,
                bits: core_bits(drawn.bits),
                shares: drawn.shares,
                next,
            })
        });
        for (fill, column) in self.fills.iter().zip(&table.columns) {
            if fill.column != column.name {
                return Err(format!(
                    "fills `{}` where `{}` belongs",
                    fill.column, column.name
                ));
            }
        }
        Ok(TableModel {
            rows: self.rows,
            kept,
            floor: self.floor,
            features: features.collect(),
            drawn: drawn.collect::<Result<_, String>>()?,
            fills: self
                .fills
                .into_iter()
                .map(|fill| fill.fill.into_core())
                .collect(),
            chain: self.chain.map(|chain| Chain {
                order: chain.order,
                strict: chain.strict,
                toward: chain.toward.map(|toward| Toward {
                    feature: toward.feature,
                    ends: toward.ends,
                    unit: toward.unit,
                }),
            }),
        })
    }
}

impl WireNext {
    fn has_fresh(&self) -> bool {
        matches!(self.codec, WireNextCodec::Recent(_))
    }

    fn into_core(
        self,
        tree: Tree,
        [fresh, starts, norm]: [Option<Tree>; 3],
    ) -> Result<Next, String> {
        Ok(Next {
            codec: match self.codec {
                WireNextCodec::Value => NextCodec::Value,
                WireNextCodec::Copy => NextCodec::Copy,
                WireNextCodec::Recent(told) => NextCodec::Recent(told),
                WireNextCodec::Part(parts) => NextCodec::Part(parts),
                WireNextCodec::Delta(delta) => NextCodec::Delta(delta.into_core()?),
            },
            tree,
            fresh,
            starts,
            norm,
            teacher: self.teacher,
            bits: core_bits(self.bits),
        })
    }
}

impl WireGenerated {
    fn into_core(self) -> Fill {
        Fill::Generated {
            spec: Box::new(GeneratorSpec {
                name: self.generator,
                unique: self.unique,
                templates: self.templates,
                locale: self.locale,
                lengths: self.lengths,
                options: self.options,
                secrets: WireSecret::into_core(self.secrets),
                learned: (self.learned.into_iter())
                    .map(|(key, rows, entities)| LearnedKey {
                        key,
                        rows,
                        entities,
                    })
                    .collect(),
                plugin: self.plugin.map(WirePlugin::into_core),
            }),
            presence: self.presence,
        }
    }
}

impl WireFill {
    fn from_core(fill: &Fill) -> WireFill {
        match fill {
            Fill::Drawn(idx) => WireFill::Drawn(*idx),
            Fill::Generated { spec, presence } => WireFill::Generated(Box::new(WireGenerated {
                generator: spec.name.clone(),
                unique: spec.unique,
                templates: spec.templates.clone(),
                locale: spec.locale.clone(),
                lengths: spec.lengths.clone(),
                options: spec.options.clone(),
                secrets: WireSecret::from_core(&spec.secrets),
                learned: (spec.learned.iter())
                    .map(|it| (it.key.clone(), it.rows, it.entities))
                    .collect(),
                plugin: spec.plugin.as_ref().map(WirePlugin::from_core),
                presence: *presence,
            })),
            Fill::Sequence(sequence) => WireFill::Sequence {
                start: sequence.start,
                step: sequence.step,
                domain: sequence.domain,
                dense: sequence.dense,
                grouped: sequence.grouped,
                presence: sequence.presence,
            },
            Fill::ForeignKey => WireFill::ForeignKey {},
        }
    }

    fn into_core(self) -> Fill {
        match self {
            WireFill::Drawn(idx) => Fill::Drawn(idx),
            WireFill::Generated(wire) => wire.into_core(),
            WireFill::Sequence {
                start,
                step,
                domain,
                dense,
                grouped,
                presence,
            } => Fill::Sequence(Sequence {
                start,
                step,
                domain,
                dense,
                grouped,
                presence,
            }),
            WireFill::ForeignKey {} => Fill::ForeignKey,
        }
    }
}
