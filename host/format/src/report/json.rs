//! The report for programs: `report.json`, with stable names and a published JSON Schema.
//!
//! `host/format/schema/report.schema.json` is that schema. Fields may be added without a new
//! version; a change of meaning, or a field that goes, raises it.

use prodlike_core::evidence::{
    self, Axis, BaselineOrigin, ColumnRole, Count, Evaluation, Overlay, RepeatKind, Unit,
};
use prodlike_core::report::Property;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, snake_case, verdict};
use crate::error::Error;

/// The version of the JSON report. It grows when a field changes or goes, not when one is added.
const VERSION: u64 = 3;

/// What prodlike found when it compared a synthetic dataset with the real one.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "prodlike report")]
struct Report<'a> {
    /// The version of this format.
    version: u64,
    product_version: &'a str,
    /// The real dataset, as the user named it.
    real: &'a str,
    /// The synthetic dataset, as the user named it.
    synthetic: &'a str,
    /// The digest of the model file that the synthetic dataset was made from.
    model_digest: Option<&'a str>,
    seed: Option<u64>,
    verdict: Verdict,
    diagnostic: Option<f64>,
    quality: Option<f64>,
    baseline_diagnostic: Option<f64>,
    baseline_quality: Option<f64>,
    baseline: Baseline<'a>,
    recipe: Option<Recipe<'a>>,
    gates: Vec<Gate<'a>>,
    properties: Vec<WireProperty<'a>>,
    tables: Vec<Table<'a>>,
    relationships: Vec<Relationship<'a>>,
    hops: Vec<Hop>,
    privacy: Privacy<'a>,
}

/// Trends of columns whose tables lie `apart` relationships apart, 0 within a table. Those of a
/// second real sample stand under `real`.
#[derive(Serialize, JsonSchema)]
struct Hop {
    apart: usize,
    /// The mean over pairs that are related in the real data: the property's score.
    score: Sides<Option<f64>>,
    /// The mean over all pairs that have a value.
    every: Sides<Option<f64>>,
    /// Pairs that are related in the real data.
    counted: u64,
    /// Pairs that have a value.
    pairs: u64,
}

#[derive(Serialize, JsonSchema)]
struct Verdict {
    /// `invalid`, `failed_gates`, `as_real`, `close`, `far` or `not_measured`.
    standing: &'static str,
    /// In one line.
    text: String,
}

/// What a second real sample would score: stands beside every score.
#[derive(Serialize, JsonSchema)]
struct Baseline<'a> {
    /// `half_split` or `holdout`.
    origin: &'static str,
    /// The second real sample, where it was given.
    holdout: Option<&'a str>,
}

/// How the synthetic dataset was made.
#[derive(Serialize, JsonSchema)]
struct Recipe<'a> {
    product_version: &'a str,
    model_digest: &'a str,
    seed: u64,
    format: &'a str,
    tables: Vec<Planned<'a>>,
    /// Relationships that hold, but could not be declared.
    undeclared: &'a [String],
    notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct Planned<'a> {
    table: &'a str,
    rows: u64,
}

#[derive(Serialize, JsonSchema)]
struct Gate<'a> {
    name: &'a str,
    floor: f64,
    score: Option<f64>,
    passed: bool,
}

#[derive(Serialize, JsonSchema)]
struct WireProperty<'a> {
    /// Such as `column_shapes`.
    name: &'static str,
    /// Between 0 and 1, where more is better.
    score: Option<f64>,
    /// What a second real sample would score.
    baseline: Option<f64>,
    details: Vec<Detail<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Detail<'a> {
    /// The table, or the child of a relationship.
    table: &'a str,
    parent_table: Option<&'a str>,
    columns: &'a [String],
    /// Such as `KsComplement`; the definitions are those of SDMetrics. `BoostedDetection` is the
    /// same as `LogisticDetection` with boosted trees; `RuleAdherence` is the share of rows that keep
    /// a rule.
    metric: &'static str,
    score: Option<f64>,
    baseline: Option<f64>,
    /// The statistic on the real data, for pairs.
    real: Option<f64>,
    synthetic: Option<f64>,
    /// The rule of the manifest that rows were held against; its `baseline` is the share of real
    /// rows that keep it.
    rule: Option<&'a str>,
    /// Why there is no score, or what is behind it.
    note: Option<&'a str>,
}

/// A thing of the real and the same thing of the synthetic data.
#[derive(Serialize, JsonSchema)]
struct Sides<T> {
    real: T,
    synthetic: T,
}

impl<T: Copy> Sides<T> {
    fn of(sides: &evidence::Sides<T>) -> Sides<T> {
        Sides {
            real: sides.real,
            synthetic: sides.synthetic,
        }
    }
}

fn lists<T>(sides: &evidence::Sides<Vec<T>>) -> Sides<&[T]> {
    Sides {
        real: &sides.real,
        synthetic: &sides.synthetic,
    }
}

/// What is known of a table. A count of real rows below the k-floor is null.
#[derive(Serialize, JsonSchema)]
struct Table<'a> {
    table: &'a str,
    /// Whether its real rows travelled in the model file.
    kept: bool,
    rows: Sides<u64>,
    columns: Vec<Column<'a>>,
    trends: Vec<Trend<'a>>,
    pictures: Vec<Picture<'a>>,
    null_patterns: Vec<NullPattern<'a>>,
    repeats: Vec<Repeats<'a>>,
    /// Copies and closest records: checks of sanity, not evidence of privacy.
    sanity: Option<Sanity<'a>>,
    /// How well its rows are told from real ones.
    detection: Option<Detection<'a>>,
}

/// AUCs of classifiers on rows that they were not fitted to: 0.5 is a coin's. Those of a second
/// real sample stand under `real`.
#[derive(Serialize, JsonSchema)]
struct Detection<'a> {
    /// Rows of each side that were looked at.
    rows: u64,
    boosted: Sides<Option<f64>>,
    logistic: Sides<Option<f64>>,
    /// What gives synthetic rows away to the boosted trees, most telling first; empty where they
    /// do no better than chance.
    features: Vec<Telltale<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Telltale<'a> {
    column: &'a str,
    /// Its share of what moved the answers the right way.
    share: f64,
}

#[derive(Serialize, JsonSchema)]
struct Column<'a> {
    column: &'a str,
    data_type: &'a str,
    semantic: &'a str,
    /// `learned`, `key`, `foreign_key`, `generated` or `other`.
    role: &'static str,
    generator: Option<&'a str>,
    /// Rows without a value.
    nulls: Sides<Count>,
    /// Distinct values; null also where the number would tell of fewer than k rows.
    distinct: Sides<Option<u64>>,
    /// The share of synthetic values that the real column has too; only of keys.
    known: Option<f64>,
    histogram: Option<Histogram<'a>>,
    levels: Option<Levels<'a>>,
}

/// Counts of bins between two real values beyond which there are at least k rows.
#[derive(Serialize, JsonSchema)]
struct Histogram<'a> {
    /// `number`, `whole`, `date` or `timestamp` (nanoseconds since 1970), `time` (nanoseconds
    /// since midnight), `duration` (microseconds) or `characters`.
    unit: &'static str,
    edges: &'a [f64],
    counts: Sides<&'a [Count]>,
    below: Sides<Count>,
    above: Sides<Count>,
    quartiles: Sides<Option<[f64; 3]>>,
}

#[derive(Serialize, JsonSchema)]
struct Levels<'a> {
    shown: Vec<Level<'a>>,
    /// How many levels are not shown, and the rows of those.
    other_levels: Sides<Count>,
    other: Sides<Count>,
}

#[derive(Serialize, JsonSchema)]
struct Level<'a> {
    label: &'a str,
    counts: Sides<Count>,
}

#[derive(Serialize, JsonSchema)]
struct Trend<'a> {
    columns: &'a [String; 2],
    metric: &'static str,
    real: Option<f64>,
    synthetic: Option<f64>,
    similarity: Option<f64>,
    /// Whether it counts into a score.
    counted: bool,
}

#[derive(Serialize, JsonSchema)]
struct Picture<'a> {
    columns: &'a [String; 2],
    metric: &'static str,
    score: Option<f64>,
    baseline: Option<f64>,
    axes: Vec<WireAxis<'a>>,
    /// Rows of each cell, the real ones to the nearest multiple of k; the second axis varies
    /// fastest.
    cells: Sides<&'a [Count]>,
}

/// Either levels, or bins with their edges and unit.
#[derive(Serialize, JsonSchema)]
struct WireAxis<'a> {
    levels: Option<&'a [String]>,
    edges: Option<&'a [f64]>,
    unit: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct NullPattern<'a> {
    /// The columns that are NULL together; empty for complete rows.
    columns: &'a [String],
    /// The real ones to the nearest multiple of k.
    counts: Sides<Count>,
}

/// Real values that a generated column has too.
#[derive(Serialize, JsonSchema)]
struct Repeats<'a> {
    columns: &'a [String],
    /// `distinctive` where a value may point to one person or thing, or `common`.
    kind: &'static str,
    rows: u64,
    repeated: u64,
    /// The share of one real half's values that the other half has too.
    baseline: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
struct Sanity<'a> {
    columns: &'a [String],
    rows: u64,
    /// Synthetic rows that equal a real row in all these columns.
    copies: u64,
    /// Shares of rows that equal a row of one real half; the other half's stand under `real`,
    /// where fewer than k rows count as k.
    against_half: Option<Sides<f64>>,
    closest: Option<Closest>,
}

#[derive(Serialize, JsonSchema)]
struct Closest {
    sampled: u64,
    /// Median distances to the closest row of one real half; the other half's under `real`.
    median: Sides<f64>,
    /// The share of synthetic rows closer than all but 5 % of the other half's rows.
    closer: f64,
}

#[derive(Serialize, JsonSchema)]
struct Relationship<'a> {
    parent_table: &'a str,
    parent_key: &'a [String],
    child_table: &'a str,
    child_key: &'a [String],
    links: Option<Sides<Links>>,
    fan_outs: Vec<FanOut>,
    trends: Vec<Trend<'a>>,
    pictures: Vec<Picture<'a>>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
struct Links {
    parents: u64,
    children: u64,
    /// Children without a key.
    nulls: Count,
    /// Children whose key has no parent.
    orphans: Count,
}

/// How many parents have `least` to `most` children; the last one is open.
#[derive(Serialize, JsonSchema)]
struct FanOut {
    least: u64,
    most: Option<u64>,
    counts: Sides<Count>,
}

#[derive(Serialize, JsonSchema)]
struct Privacy<'a> {
    k: Option<u32>,
    /// Tables whose rows are protected.
    entities: &'a [String],
    /// The floors that the model reached.
    floors: Vec<Floor<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    kept: Vec<&'a str>,
    generated: Vec<Generated<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Floor<'a> {
    table: &'a str,
    entities: u32,
}

#[derive(Serialize, JsonSchema)]
struct Suppressed<'a> {
    table: &'a str,
    column: &'a str,
    what: &'a str,
    count: u64,
}

#[derive(Serialize, JsonSchema)]
struct Generated<'a> {
    table: &'a str,
    column: &'a str,
    semantic: &'a str,
    generator: &'a str,
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Number => "number",
        Unit::Whole => "whole",
        Unit::Date => "date",
        Unit::Timestamp => "timestamp",
        Unit::Time => "time",
        Unit::Duration => "duration",
        Unit::Characters => "characters",
    }
}

/// Renders a report for programs.
///
/// # Errors
/// [`Error::Internal`], which no report should cause.
pub fn report_json(evaluation: &Evaluation, context: &Context) -> Result<String, Error> {
    render(&wire(evaluation, context))
}

/// Returns the JSON Schema of [`report_json`].
///
/// # Errors
/// [`Error::Internal`], which should not happen.
pub fn report_schema() -> Result<String, Error> {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    render(
        &settings
            .into_generator()
            .into_root_schema_for::<Report<'_>>(),
    )
}

fn render(value: &impl Serialize) -> Result<String, Error> {
    let mut json = serde_json::to_string_pretty(value).map_err(|error| Error::Internal {
        detail: error.to_string(),
    })?;
    json.push('\n');
    Ok(json)
}

fn wire<'a>(evaluation: &'a Evaluation, context: &'a Context) -> Report<'a> {
    let report = &evaluation.report;
    let verdict = verdict::verdict(evaluation, context);
    let recipe = context.recipe.as_ref();
    let model_digest = recipe
        .map(|recipe| recipe.model_digest.as_str())
        .or(context.model.as_ref().map(|model| model.digest.as_str()));
    Report {
        version: VERSION,
        product_version: &context.product_version,
        real: &context.real,
        synthetic: &context.synthetic,
        model_digest,
        seed: recipe.map(|recipe| recipe.seed),
        verdict: Verdict {
            standing: verdict.standing.as_str(),
            text: verdict.line(),
        },
        diagnostic: report.diagnostic(),
        quality: report.quality(),
        baseline_diagnostic: report.diagnostic_baseline(),
        baseline_quality: report.quality_baseline(),
        baseline: Baseline {
            origin: match evaluation.baseline {
                BaselineOrigin::HalfSplit => "half_split",
                BaselineOrigin::Holdout => "holdout",
            },
            holdout: context.holdout.as_deref(),
        },
        recipe: recipe.map(|recipe| Recipe {
            product_version: &recipe.product_version,
            model_digest: &recipe.model_digest,
            seed: recipe.seed,
            format: &recipe.format,
            tables: recipe
                .plan
                .iter()
                .map(|plan| Planned {
                    table: &plan.table,
                    rows: plan.rows,
                })
                .collect(),
            undeclared: &recipe.undeclared,
            notes: &recipe.notes,
        }),
        gates: context
            .gates
            .iter()
            .map(|gate| Gate {
                name: &gate.name,
                floor: gate.floor,
                score: gate.score,
                passed: gate.passed(),
            })
            .collect(),
        properties: report.properties.iter().map(property).collect(),
        tables: evaluation.tables.iter().map(table).collect(),
        relationships: evaluation.relationships.iter().map(relationship).collect(),
        hops: evaluation
            .hops
            .iter()
            .map(|hop| Hop {
                apart: hop.apart,
                score: Sides::of(&hop.score),
                every: Sides::of(&hop.every),
                counted: hop.counted,
                pairs: hop.pairs,
            })
            .collect(),
        privacy: privacy(evaluation, context),
    }
}

fn property(property: &Property) -> WireProperty<'_> {
    WireProperty {
        name: snake_case(property.name),
        score: property.score,
        baseline: property.baseline,
        details: property
            .details
            .iter()
            .map(|detail| Detail {
                table: &detail.table,
                parent_table: detail.parent_table.as_deref(),
                columns: &detail.columns,
                metric: detail.metric,
                score: detail.score,
                baseline: detail.baseline,
                real: detail.real,
                synthetic: detail.synthetic,
                rule: detail.rule.as_deref(),
                note: detail.note.as_deref(),
            })
            .collect(),
    }
}

fn table(table: &evidence::TableEvidence) -> Table<'_> {
    Table {
        table: &table.name,
        kept: table.kept,
        rows: Sides::of(&table.rows),
        columns: table.columns.iter().map(column).collect(),
        trends: table.trends.iter().map(trend).collect(),
        pictures: table.pictures.iter().map(picture).collect(),
        null_patterns: table
            .null_patterns
            .iter()
            .map(|pattern| NullPattern {
                columns: &pattern.columns,
                counts: Sides::of(&pattern.counts),
            })
            .collect(),
        repeats: table
            .repeats
            .iter()
            .map(|repeats| Repeats {
                columns: &repeats.columns,
                kind: match repeats.kind {
                    RepeatKind::Distinctive => "distinctive",
                    RepeatKind::Common => "common",
                },
                rows: repeats.rows,
                repeated: repeats.repeated,
                baseline: repeats.baseline,
            })
            .collect(),
        sanity: table.sanity.as_ref().map(|sanity| Sanity {
            columns: &sanity.columns,
            rows: sanity.rows,
            copies: sanity.copies,
            against_half: sanity.against_half.as_ref().map(Sides::of),
            closest: sanity.closest.as_ref().map(|closest| Closest {
                sampled: closest.sampled,
                median: Sides::of(&closest.median),
                closer: closest.closer,
            }),
        }),
        detection: table.detection.as_ref().map(|detection| Detection {
            rows: detection.rows,
            boosted: Sides::of(&detection.boosted),
            logistic: Sides::of(&detection.logistic),
            features: detection
                .features
                .iter()
                .map(|it| Telltale {
                    column: &it.column,
                    share: it.share,
                })
                .collect(),
        }),
    }
}

fn column(column: &evidence::ColumnEvidence) -> Column<'_> {
    let (role, generator) = match &column.role {
        ColumnRole::Learned => ("learned", None),
        ColumnRole::Key => ("key", None),
        ColumnRole::ForeignKey => ("foreign_key", None),
        ColumnRole::Generated(generator) => ("generated", Some(generator.as_str())),
        ColumnRole::Other => ("other", None),
    };
    Column {
        column: &column.name,
        data_type: &column.data_type,
        semantic: &column.semantic,
        role,
        generator,
        nulls: Sides::of(&column.nulls),
        distinct: Sides::of(&column.distinct),
        known: column.known,
        histogram: match &column.overlay {
            Overlay::Histogram(histogram) => Some(Histogram {
                unit: unit(histogram.unit),
                edges: &histogram.edges,
                counts: lists(&histogram.counts),
                below: Sides::of(&histogram.below),
                above: Sides::of(&histogram.above),
                quartiles: Sides::of(&histogram.quartiles),
            }),
            _ => None,
        },
        levels: match &column.overlay {
            Overlay::Levels(levels) => Some(Levels {
                shown: levels
                    .shown
                    .iter()
                    .map(|level| Level {
                        label: &level.label,
                        counts: Sides::of(&level.counts),
                    })
                    .collect(),
                other_levels: Sides::of(&levels.other_levels),
                other: Sides::of(&levels.other),
            }),
            _ => None,
        },
    }
}

fn trend(trend: &evidence::Trend) -> Trend<'_> {
    Trend {
        columns: &trend.columns,
        metric: trend.metric,
        real: trend.real,
        synthetic: trend.synthetic,
        similarity: trend.similarity,
        counted: trend.counted,
    }
}

fn picture(picture: &evidence::Picture) -> Picture<'_> {
    let axis = |axis: &'_ Axis| match axis {
        Axis::Levels(_) => None,
        Axis::Bins(of, _) => Some(unit(*of)),
    };
    Picture {
        columns: &picture.columns,
        metric: picture.metric,
        score: picture.score,
        baseline: picture.baseline,
        axes: picture
            .axes
            .iter()
            .map(|of| WireAxis {
                levels: match of {
                    Axis::Levels(levels) => Some(levels),
                    Axis::Bins(..) => None,
                },
                edges: match of {
                    Axis::Bins(_, edges) => Some(edges),
                    Axis::Levels(_) => None,
                },
                unit: axis(of),
            })
            .collect(),
        cells: lists(&picture.cells),
    }
}

fn relationship(relationship: &evidence::RelationshipEvidence) -> Relationship<'_> {
    let links = |links: &evidence::Links| Links {
        parents: links.parents,
        children: links.children,
        nulls: links.nulls,
        orphans: links.orphans,
    };
    Relationship {
        parent_table: &relationship.parent_table,
        parent_key: &relationship.parent_key,
        child_table: &relationship.child_table,
        child_key: &relationship.child_key,
        links: relationship.links.as_ref().map(|sides| Sides {
            real: links(&sides.real),
            synthetic: links(&sides.synthetic),
        }),
        fan_outs: relationship
            .fan_outs
            .iter()
            .map(|it| FanOut {
                least: it.least,
                most: it.most,
                counts: Sides::of(&it.counts),
            })
            .collect(),
        trends: relationship.trends.iter().map(trend).collect(),
        pictures: relationship.pictures.iter().map(picture).collect(),
    }
}

fn privacy<'a>(evaluation: &'a Evaluation, context: &'a Context) -> Privacy<'a> {
    let model = context.model.as_ref();
    let generated = evaluation.tables.iter().flat_map(|table| {
        table.columns.iter().filter_map(|column| {
            let ColumnRole::Generated(generator) = &column.role else {
                return None;
            };
            Some(Generated {
                table: &table.name,
                column: &column.name,
                semantic: &column.semantic,
                generator,
            })
        })
    });
    Privacy {
        k: context.k,
        entities: &context.entities,
        floors: model
            .map_or(&[][..], |model| &model.floors)
            .iter()
            .map(|(table, entities)| Floor {
                table,
                entities: *entities,
            })
            .collect(),
        suppressed: model
            .map_or(&[][..], |model| &model.suppressed)
            .iter()
            .map(|item| Suppressed {
                table: &item.table,
                column: &item.column,
                what: &item.what,
                count: item.count,
            })
            .collect(),
        kept: evaluation
            .tables
            .iter()
            .filter(|table| table.kept)
            .map(|table| table.name.as_str())
            .collect(),
        generated: generated.collect(),
    }
}
