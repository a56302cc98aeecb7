//! Reports: for a terminal, for programs, and for a reader of one self-contained page.
//!
//! The page loads nothing and runs nothing, so that it can be mailed, archived and opened
//! where there is no network. No format makes a claim beyond what was measured: a score that
//! is not perfect is never rounded up to 100 %.

use std::cmp::Ordering;
use std::fmt::Write as _;

use minijinja::{AutoEscape, Environment};
use prodlike_core::model::Suppressed;
use prodlike_core::report::{Detail, Property, PropertyName, Report};
use serde::Serialize;

use crate::error::Error;

/// The version of the JSON report. It grows when a field changes or goes, not when one is added.
const VERSION: u64 = 1;

/// The worst items shown of a property on a terminal.
const WORST: usize = 5;

/// The items shown of a property on the page; the JSON report has all.
const PAGE_ITEMS: usize = 500;

/// What a report is about, beside its scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The real dataset, as the user named it.
    pub real: String,
    /// The synthetic dataset, as the user named it.
    pub synthetic: String,
    /// The model file's digest.
    pub model_digest: Option<String>,
    /// The seed.
    pub seed: Option<u64>,
    /// What the floors took away.
    pub suppressed: Vec<Suppressed>,
    /// Tables whose real rows travelled.
    pub kept: Vec<String>,
    /// Table, column and generator of every column that was not learned.
    pub generated: Vec<(String, String, String)>,
    /// The floor.
    pub k: Option<u32>,
    /// Protected entities.
    pub entities: Vec<String>,
    /// What a second real sample would score.
    pub baseline: Option<Report>,
    /// The version of prodlike.
    pub product_version: String,
}

/// Formats a score as a percentage; only a perfect one is 100.0%.
fn percent(score: Option<f64>) -> String {
    match score.filter(|score| score.is_finite()) {
        None => "—".to_string(),
        Some(score) => {
            let tenths = (score * 1000.0).round();
            let tenths = if score < 1.0 {
                tenths.min(999.0)
            } else {
                tenths
            };
            format!("{:.1}%", tenths / 10.0)
        }
    }
}

/// Orders details from the worst to the best, and those without a score last.
fn worst_first(details: &[Detail]) -> Vec<&Detail> {
    let mut sorted: Vec<&Detail> = details.iter().collect();
    sorted.sort_by(|left, right| match (left.score, right.score) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    sorted
}

/// Names what a detail is about: `table.column`, `table.a × b` or `child.key → parent`.
fn subject(detail: &Detail) -> String {
    let separator = if detail.parent_table.is_some() {
        "+"
    } else {
        " × "
    };
    let mut name = detail.table.clone();
    if !detail.columns.is_empty() {
        name.push('.');
        name.push_str(&detail.columns.join(separator));
    }
    if let Some(parent) = &detail.parent_table {
        name.push_str(" → ");
        name.push_str(parent);
    }
    name
}

/// Renders a report for a terminal: two lines of scores, then the worst of each property.
pub fn report_text(report: &Report) -> String {
    let mut text = String::new();
    let headings = [
        ("Diagnostic", report.diagnostic(), true),
        ("Quality", report.quality(), false),
    ];
    let rows: Vec<(String, Vec<String>)> = headings
        .into_iter()
        .map(|(name, score, diagnostic)| {
            let cells = report
                .properties
                .iter()
                .filter(|property| property.name.is_diagnostic() == diagnostic)
                .map(|property| format!("{} {}", property.name.as_str(), percent(property.score)));
            (
                format!("{name:<10}  {:>7}", percent(score)),
                cells.collect(),
            )
        })
        .filter(|(_, cells): &(String, Vec<String>)| !cells.is_empty())
        .collect();
    let lines: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(heading, cells)| std::iter::once(heading).chain(cells).collect())
        .collect();
    push_aligned(&mut text, "", &lines, &[]);
    for property in &report.properties {
        push_worst(&mut text, property);
    }
    text
}

fn push_worst(text: &mut String, property: &Property) {
    let imperfect: Vec<&Detail> = worst_first(&property.details)
        .into_iter()
        .filter(|detail| detail.score.is_none_or(|score| score < 1.0))
        .collect();
    let (measured, unmeasured): (Vec<&Detail>, Vec<&Detail>) = imperfect
        .into_iter()
        .partition(|detail| detail.score.is_some());
    if measured.is_empty() && unmeasured.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n{} ({} measured)",
        property.name.as_str(),
        property
            .details
            .iter()
            .filter(|detail| detail.score.is_some())
            .count()
    );
    let lines: Vec<Vec<String>> = measured
        .iter()
        .take(WORST)
        .map(|detail| {
            let mut line = vec![
                percent(detail.score),
                subject(detail),
                detail.metric.to_string(),
            ];
            if let (Some(real), Some(synthetic)) = (detail.real, detail.synthetic) {
                line.push(format!("real {real:.3}, synthetic {synthetic:.3}"));
            }
            line.extend(detail.note.clone());
            line
        })
        .collect();
    push_aligned(text, "  ", &lines, &[0]);
    if measured.len() > WORST {
        let _ = writeln!(text, "  and {} more below 100%", measured.len() - WORST);
    }
    if let Some(first) = unmeasured.first() {
        let _ = write!(text, "  {} not measured", unmeasured.len());
        let note = first.note.as_deref().unwrap_or("no reason given");
        let _ = match unmeasured.len() {
            1 => writeln!(text, ": {} ({note})", subject(first)),
            _ => writeln!(text, ", such as {} ({note})", subject(first)),
        };
    }
}

/// Appends lines whose cells stand below one another; the numbered columns are right-aligned.
fn push_aligned(text: &mut String, indent: &str, lines: &[Vec<String>], right: &[usize]) {
    let n_columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..n_columns)
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for line in lines {
        let mut rendered = indent.to_string();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            if column > 0 {
                rendered.push_str("   ");
            }
            let padding = " ".repeat(width - cell.chars().count());
            if right.contains(&column) {
                rendered.push_str(&padding);
                rendered.push_str(cell);
            } else {
                rendered.push_str(cell);
                rendered.push_str(&padding);
            }
        }
        text.push_str(rendered.trim_end());
        text.push('\n');
    }
}

#[derive(Serialize)]
struct WireReport<'a> {
    version: u64,
    product_version: &'a str,
    real: &'a str,
    synthetic: &'a str,
    model_digest: Option<&'a str>,
    seed: Option<u64>,
    diagnostic: Option<f64>,
    quality: Option<f64>,
    baseline_diagnostic: Option<f64>,
    baseline_quality: Option<f64>,
    properties: Vec<WireProperty<'a>>,
    privacy: WirePrivacy<'a>,
}

#[derive(Serialize)]
struct WireProperty<'a> {
    name: &'static str,
    score: Option<f64>,
    baseline: Option<f64>,
    details: Vec<WireDetail<'a>>,
}

#[derive(Serialize)]
struct WireDetail<'a> {
    table: &'a str,
    parent_table: Option<&'a str>,
    columns: &'a [String],
    metric: &'static str,
    score: Option<f64>,
    baseline: Option<f64>,
    real: Option<f64>,
    synthetic: Option<f64>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct WirePrivacy<'a> {
    k: Option<u32>,
    entities: &'a [String],
    suppressed: Vec<WireSuppressed<'a>>,
    kept: &'a [String],
    generated: Vec<WireGenerated<'a>>,
}

#[derive(Serialize)]
struct WireSuppressed<'a> {
    table: &'a str,
    column: &'a str,
    what: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct WireGenerated<'a> {
    table: &'a str,
    column: &'a str,
    generator: &'a str,
}

fn snake_case(name: PropertyName) -> &'static str {
    match name {
        PropertyName::DataValidity => "data_validity",
        PropertyName::DataStructure => "data_structure",
        PropertyName::RelationshipValidity => "relationship_validity",
        PropertyName::ColumnShapes => "column_shapes",
        PropertyName::ColumnPairTrends => "column_pair_trends",
        PropertyName::Cardinality => "cardinality",
        PropertyName::IntertableTrends => "intertable_trends",
    }
}

fn wire<'a>(report: &'a Report, context: &'a Context) -> WireReport<'a> {
    let baseline = context.baseline.as_ref();
    let property = |property: &'a Property| {
        let beside = baseline.and_then(|report| {
            report
                .properties
                .iter()
                .find(|other| other.name == property.name)
        });
        WireProperty {
            name: snake_case(property.name),
            score: property.score,
            baseline: beside.and_then(|property| property.score),
            details: property
                .details
                .iter()
                .map(|detail| wire_detail(detail, beside))
                .collect(),
        }
    };
    WireReport {
        version: VERSION,
        product_version: &context.product_version,
        real: &context.real,
        synthetic: &context.synthetic,
        model_digest: context.model_digest.as_deref(),
        seed: context.seed,
        diagnostic: report.diagnostic(),
        quality: report.quality(),
        baseline_diagnostic: baseline.and_then(Report::diagnostic),
        baseline_quality: baseline.and_then(Report::quality),
        properties: report.properties.iter().map(property).collect(),
        privacy: WirePrivacy {
            k: context.k,
            entities: &context.entities,
            suppressed: context
                .suppressed
                .iter()
                .map(|item| WireSuppressed {
                    table: &item.table,
                    column: &item.column,
                    what: &item.what,
                    count: item.count,
                })
                .collect(),
            kept: &context.kept,
            generated: context
                .generated
                .iter()
                .map(|(table, column, generator)| WireGenerated {
                    table,
                    column,
                    generator,
                })
                .collect(),
        },
    }
}

fn wire_detail<'a>(detail: &'a Detail, beside: Option<&Property>) -> WireDetail<'a> {
    let baseline = beside.and_then(|property| {
        property.details.iter().find(|other| {
            (
                &other.table,
                &other.parent_table,
                &other.columns,
                other.metric,
            ) == (
                &detail.table,
                &detail.parent_table,
                &detail.columns,
                detail.metric,
            )
        })
    });
    WireDetail {
        table: &detail.table,
        parent_table: detail.parent_table.as_deref(),
        columns: &detail.columns,
        metric: detail.metric,
        score: detail.score,
        baseline: baseline.and_then(|detail| detail.score),
        real: detail.real,
        synthetic: detail.synthetic,
        note: detail.note.as_deref(),
    }
}

/// Renders a report for programs.
///
/// # Errors
/// [`Error::Internal`], which no report should cause.
pub fn report_json(report: &Report, context: &Context) -> Result<String, Error> {
    let mut json =
        serde_json::to_string_pretty(&wire(report, context)).map_err(|error| Error::Internal {
            detail: error.to_string(),
        })?;
    json.push('\n');
    Ok(json)
}

#[derive(Serialize)]
struct Page<'a> {
    report: WireReport<'a>,
    verdict: String,
    sound: bool,
    groups: Vec<Group<'a>>,
    has_baseline: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    title: &'static str,
    score: String,
    baseline: String,
    properties: Vec<PageProperty<'a>>,
}

#[derive(Serialize)]
struct PageProperty<'a> {
    anchor: &'static str,
    title: &'static str,
    explanation: &'static str,
    score: String,
    width: f64,
    baseline: String,
    baseline_at: Option<f64>,
    pairs: bool,
    items: Vec<PageItem<'a>>,
    omitted: usize,
    n_measured: usize,
    n_perfect: usize,
}

#[derive(Serialize)]
struct PageItem<'a> {
    subject: String,
    metric: &'static str,
    score: String,
    width: f64,
    baseline: String,
    real: String,
    synthetic: String,
    note: Option<&'a str>,
}

fn explanation(name: PropertyName) -> &'static str {
    match name {
        PropertyName::DataValidity => {
            "Keys are unique, values stay within the real ranges and categories."
        }
        PropertyName::DataStructure => "Tables have the same columns and data types.",
        PropertyName::RelationshipValidity => {
            "Every foreign key has its parent; fan-outs stay within the real range."
        }
        PropertyName::ColumnShapes => "How alike each column's distribution is.",
        PropertyName::ColumnPairTrends => "How alike two columns of a table move together.",
        PropertyName::Cardinality => "How alike the number of children per parent is.",
        PropertyName::IntertableTrends => {
            "How alike columns of a child move with columns of its parent."
        }
    }
}

/// Renders a report as one page that needs nothing else.
///
/// # Errors
/// [`Error::Internal`], which no report should cause.
pub fn report_html(report: &Report, context: &Context) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    let internal = |error: minijinja::Error| Error::Internal {
        detail: format!("{error:#}"),
    };
    environment
        .add_template("report.html", include_str!("report.html"))
        .map_err(internal)?;
    let page = page(report, context);
    environment
        .get_template("report.html")
        .and_then(|template| template.render(&page))
        .map_err(internal)
}

fn page<'a>(report: &'a Report, context: &'a Context) -> Page<'a> {
    let groups = [
        (
            "Diagnostic",
            report.diagnostic(),
            context.baseline.as_ref().and_then(Report::diagnostic),
            true,
        ),
        (
            "Quality",
            report.quality(),
            context.baseline.as_ref().and_then(Report::quality),
            false,
        ),
    ];
    let groups = groups
        .into_iter()
        .map(|(title, score, baseline, diagnostic)| Group {
            title,
            score: percent(score),
            baseline: percent(baseline),
            properties: report
                .properties
                .iter()
                .filter(|property| property.name.is_diagnostic() == diagnostic)
                .map(|property| page_property(property, context.baseline.as_ref()))
                .collect(),
        })
        .filter(|group| !group.properties.is_empty())
        .collect();
    Page {
        report: wire(report, context),
        verdict: verdict(report),
        sound: report.diagnostic().is_none_or(|score| score >= 1.0),
        groups,
        has_baseline: context.baseline.is_some(),
    }
}

fn page_property<'a>(property: &'a Property, baseline: Option<&Report>) -> PageProperty<'a> {
    let beside = baseline.and_then(|report| {
        report
            .properties
            .iter()
            .find(|other| other.name == property.name)
    });
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
    let sorted = worst_first(&property.details);
    let n_perfect = sorted
        .iter()
        .filter(|detail| detail.score.is_some_and(|score| score >= 1.0))
        .count();
    let items: Vec<PageItem<'a>> = sorted
        .iter()
        .take(PAGE_ITEMS)
        .map(|detail| PageItem {
            subject: subject(detail),
            metric: detail.metric,
            score: percent(detail.score),
            width: width(detail.score),
            baseline: percent(wire_detail(detail, beside).baseline),
            real: number(detail.real),
            synthetic: number(detail.synthetic),
            note: detail.note.as_deref(),
        })
        .collect();
    let baseline = beside.and_then(|property| property.score);
    PageProperty {
        anchor: snake_case(property.name),
        title: property.name.as_str(),
        explanation: explanation(property.name),
        score: percent(property.score),
        width: width(property.score),
        baseline: percent(baseline),
        baseline_at: baseline.map(|score| width(Some(score))),
        pairs: property.details.iter().any(|detail| detail.real.is_some()),
        omitted: sorted.len() - items.len(),
        items,
        n_measured: sorted
            .iter()
            .filter(|detail| detail.score.is_some())
            .count(),
        n_perfect,
    }
}

/// Returns the length of a bar in percent, whatever the score is.
fn width(score: Option<f64>) -> f64 {
    let score = score
        .filter(|score| score.is_finite())
        .unwrap_or(0.0)
        .clamp(0.0, 1.0);
    (score * 1000.0).round() / 10.0
}

fn verdict(report: &Report) -> String {
    let failed = report
        .properties
        .iter()
        .filter(|property| property.name.is_diagnostic())
        .flat_map(|property| &property.details)
        .filter(|detail| detail.score.is_some_and(|score| score < 1.0))
        .count();
    let quality = match report.quality() {
        Some(score) => format!("Quality is {}.", percent(Some(score))),
        None => "Quality was not measured.".to_string(),
    };
    let diagnostic = match (report.diagnostic(), failed) {
        (None, _) => "Integrity was not measured.".to_string(),
        (Some(_), 0) => "Every check of integrity passed.".to_string(),
        (Some(_), 1) => "1 check of integrity failed.".to_string(),
        (Some(_), failed) => format!("{failed} checks of integrity failed."),
    };
    format!("{diagnostic} {quality}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(table: &str, columns: &[&str], metric: &'static str, score: Option<f64>) -> Detail {
        Detail {
            table: table.into(),
            parent_table: None,
            columns: columns.iter().map(ToString::to_string).collect(),
            metric,
            score,
            real: None,
            synthetic: None,
            note: None,
        }
    }

    fn example() -> Report {
        let property = |name, score, details| Property {
            name,
            score,
            details,
        };
        let pair = Detail {
            real: Some(0.8125),
            synthetic: Some(-0.1),
            ..detail(
                "track",
                &["bytes", "milliseconds"],
                "CorrelationSimilarity",
                Some(0.54375),
            )
        };
        let edge = Detail {
            parent_table: Some("customer".into()),
            ..detail(
                "invoice",
                &["customer_id"],
                "CardinalityShapeSimilarity",
                Some(0.99996),
            )
        };
        let blank = Detail {
            note: Some("fewer than 2 values <b>".into()),
            ..detail(
                "genre",
                &["<script>alert(1)</script>"],
                "KsComplement",
                None,
            )
        };
        Report {
            properties: vec![
                property(
                    PropertyName::DataValidity,
                    Some(1.0),
                    vec![detail("track", &["id"], "KeyUniqueness", Some(1.0))],
                ),
                property(PropertyName::DataStructure, Some(1.0), vec![]),
                property(PropertyName::RelationshipValidity, Some(1.0), vec![]),
                property(
                    PropertyName::ColumnShapes,
                    Some(0.93),
                    vec![
                        detail("track", &["bytes"], "KsComplement", Some(0.99)),
                        detail("track", &["composer"], "TvComplement", Some(0.87)),
                        blank,
                    ],
                ),
                property(PropertyName::ColumnPairTrends, Some(0.54375), vec![pair]),
                property(PropertyName::Cardinality, Some(0.99996), vec![edge]),
                property(PropertyName::IntertableTrends, None, vec![]),
            ],
        }
    }

    fn context() -> Context {
        Context {
            real: "chinook.duckdb".into(),
            synthetic: "out & about".into(),
            model_digest: Some("sha256:9f2c".into()),
            seed: Some(7),
            suppressed: vec![Suppressed {
                table: "customer".into(),
                column: "country".into(),
                what: "levels".into(),
                count: 12,
            }],
            kept: vec!["genre".into()],
            generated: vec![("customer".into(), "email".into(), "email".into())],
            k: Some(10),
            entities: vec!["customer".into()],
            baseline: Some(Report {
                properties: vec![Property {
                    name: PropertyName::ColumnShapes,
                    score: Some(0.97),
                    details: vec![detail("track", &["composer"], "TvComplement", Some(0.951))],
                }],
            }),
            product_version: "0.1.0".into(),
        }
    }

    #[test]
    fn the_text_has_two_lines_of_scores_and_the_worst_items() {
        assert_eq!(
            report_text(&example()),
            "\
Diagnostic   100.0%   Data Validity 100.0%   Data Structure 100.0%      Relationship Validity 100.0%
Quality       82.5%   Column Shapes 93.0%    Column Pair Trends 54.4%   Cardinality 99.9%              Intertable Trends —

Column Shapes (2 measured)
  87.0%   track.composer   TvComplement
  99.0%   track.bytes      KsComplement
  1 not measured: genre.<script>alert(1)</script> (fewer than 2 values <b>)

Column Pair Trends (1 measured)
  54.4%   track.bytes × milliseconds   CorrelationSimilarity   real 0.812, synthetic -0.100

Cardinality (1 measured)
  99.9%   invoice.customer_id → customer   CardinalityShapeSimilarity
"
        );
    }

    #[test]
    fn only_a_perfect_score_is_printed_as_100_percent() {
        assert_eq!(percent(Some(0.99999)), "99.9%");
        assert_eq!(percent(Some(1.0)), "100.0%");
        assert_eq!(percent(Some(0.0)), "0.0%");
        assert_eq!(percent(Some(f64::NAN)), "—");
        assert_eq!(percent(None), "—");
    }

    #[test]
    fn long_properties_are_cut_on_the_terminal() {
        let details =
            (0..20).map(|idx| detail("t", &["c"], "KsComplement", Some(f64::from(idx) / 20.0)));
        let report = Report {
            properties: vec![Property {
                name: PropertyName::ColumnShapes,
                score: Some(0.5),
                details: details.collect(),
            }],
        };
        let text = report_text(&report);
        assert!(
            text.starts_with("Quality       50.0%   Column Shapes 50.0%\n"),
            "{text}"
        );
        assert!(
            text.ends_with("  20.0%   t.c   KsComplement\n  and 15 more below 100%\n"),
            "{text}"
        );
    }

    #[test]
    fn the_json_has_stable_names_and_the_baseline_beside_every_score() {
        let json: serde_json::Value =
            serde_json::from_str(&report_json(&example(), &context()).unwrap()).unwrap();
        assert_eq!(json["version"], 1);
        assert_eq!(json["properties"][3]["name"], "column_shapes");
        assert_eq!(json["properties"][3]["baseline"], 0.97);
        assert_eq!(json["properties"][3]["details"][1]["baseline"], 0.951);
        assert_eq!(
            json["properties"][3]["details"][0]["baseline"],
            serde_json::Value::Null
        );
        assert_eq!(json["properties"][4]["details"][0]["real"], 0.8125);
        assert_eq!(json["properties"][6]["score"], serde_json::Value::Null);
        assert_eq!(json["privacy"]["suppressed"][0]["count"], 12);
        assert_eq!(json["privacy"]["generated"][0]["generator"], "email");
        assert_eq!(json["diagnostic"], 1.0);
    }

    #[test]
    fn the_page_needs_nothing_else_and_escapes_what_it_is_given() {
        let html = report_html(&example(), &context()).unwrap();
        assert!(html.starts_with("<!doctype html>"));
        assert!(html.trim_end().ends_with("</html>"));
        for wanted in [
            "Every check of integrity passed. Quality is 82.5%.",
            "2 measured, 0 at 100%",
            "Column Pair Trends",
            "0.812",
            "95.1%",
            "out &amp; about",
            "&lt;script&gt;alert(1)&lt;",
            "fewer than 2 values &lt;b&gt;",
            "prefers-color-scheme: dark",
            "sha256:9f2c",
        ] {
            assert!(html.contains(wanted), "missing {wanted}");
        }
        let lower = html.to_lowercase();
        for forbidden in [
            "<script", "http://", "https://", "url(", "@import", "anonym", "src=",
        ] {
            assert!(!lower.contains(forbidden), "{forbidden} is in the page");
        }
        if let Ok(path) = std::env::var("PRODLIKE_EXAMPLE_REPORT") {
            std::fs::write(path, html).unwrap();
        }
    }

    #[test]
    fn a_failed_check_is_in_the_verdict_and_an_empty_report_still_renders() {
        let mut report = example();
        report.properties[0].score = Some(0.5);
        report.properties[0].details[0].score = Some(0.5);
        let html = report_html(&report, &Context::default()).unwrap();
        assert!(html.contains("1 check of integrity failed."), "{html}");
        let empty = report_html(&Report::default(), &Context::default()).unwrap();
        assert!(empty.contains("Integrity was not measured. Quality was not measured."));
        assert_eq!(report_text(&Report::default()), "");
    }
}
