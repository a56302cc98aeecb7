//! Reports: for a terminal, for programs, for test runners, and for a reader of one
//! self-contained page.
//!
//! The page loads nothing and runs nothing, so that it can be mailed, archived and opened
//! where there is no network. No format makes a claim beyond what was measured: a score that
//! is not perfect is never rounded up to 100 %.

use std::cmp::Ordering;

use prodlike_core::evidence::Evaluation;
use prodlike_core::model::Suppressed;
use prodlike_core::report::{Detail, PropertyName, Report};

use crate::dataset::DatasetInfo;
use crate::manifest::SCORES;

mod chart;
mod graph;
mod html;
mod json;
mod junit;
mod text;
mod verdict;

pub use html::report_html;
pub use json::{report_json, report_schema};
pub use junit::report_junit;
pub use text::report_text;

/// What a report is about, beside what was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The real dataset, as the user named it.
    pub real: String,
    /// The synthetic dataset, as the user named it.
    pub synthetic: String,
    /// The second real sample, where the user gave one.
    pub holdout: Option<String>,
    /// How the synthetic dataset was made, where it says so.
    pub recipe: Option<DatasetInfo>,
    /// The model file, where the user gave it.
    pub model: Option<ModelFacts>,
    /// Protected entities.
    pub entities: Vec<String>,
    /// The floor.
    pub k: Option<u32>,
    /// Tables that one of both sides lacks, or that the manifest excludes: not compared.
    pub left_out: Vec<String>,
    /// The scores that were demanded.
    pub gates: Vec<Gate>,
    /// The version of prodlike.
    pub product_version: String,
}

/// What a model file says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelFacts {
    /// The file, as the user named it.
    pub path: String,
    /// `sha256:` and the digits of its digest.
    pub digest: String,
    /// Table, and the distinct entities behind every value that it emits.
    pub floors: Vec<(String, u32)>,
    /// What the floors took away.
    pub suppressed: Vec<Suppressed>,
}

/// A score that was demanded.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// `diagnostic`, `quality` or a property such as `column_shapes`.
    pub name: String,
    /// The least that was wanted.
    pub floor: f64,
    /// What it is; `None` where it was not measured.
    pub score: Option<f64>,
}

impl Gate {
    /// Whether the score is high enough; one that was not measured is not.
    pub fn passed(&self) -> bool {
        self.score.is_some_and(|score| score >= self.floor)
    }
}

/// Returns the verdict of a report in one line.
pub fn report_verdict(evaluation: &Evaluation, context: &Context) -> String {
    verdict::verdict(evaluation, context).line()
}

/// Whether no check of integrity failed: keys, references, structure, and ranges as far as a
/// second real sample keeps to them.
pub fn report_is_sound(report: &Report) -> bool {
    verdict::broken(report) == 0
}

/// Returns a score by the name that gates and the JSON report have for it.
pub fn report_score(report: &Report, name: &str) -> Option<Option<f64>> {
    match name {
        "diagnostic" => Some(report.diagnostic()),
        "quality" => Some(report.quality()),
        // A manifest without rules has none to score.
        name if SCORES.contains(&name) => {
            let mut properties = report.properties.iter();
            let property = properties.find(|property| snake_case(property.name) == name);
            Some(property.and_then(|property| property.score))
        }
        _ => None,
    }
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

/// Names what a detail is about: `table.column`, `table.a × b`, `child.key → parent` or
/// `child.a × parent.b`; of a rule, `table: rule`.
fn subject(detail: &Detail) -> String {
    if let Some(rule) = &detail.rule {
        return format!("{}: {rule}", detail.table);
    }
    if let (
        Some(parent),
        [of_parent, of_child],
        "CorrelationSimilarity" | "ContingencySimilarity",
    ) = (
        &detail.parent_table,
        detail.columns.as_slice(),
        detail.metric,
    ) {
        return format!("{}.{of_child} × {parent}.{of_parent}", detail.table);
    }
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

fn snake_case(name: PropertyName) -> &'static str {
    match name {
        PropertyName::DataValidity => "data_validity",
        PropertyName::DataStructure => "data_structure",
        PropertyName::RelationshipValidity => "relationship_validity",
        PropertyName::ColumnShapes => "column_shapes",
        PropertyName::ColumnPairTrends => "column_pair_trends",
        PropertyName::Cardinality => "cardinality",
        PropertyName::IntertableTrends => "intertable_trends",
        PropertyName::Detection => "detection",
        PropertyName::LogisticDetection => "logistic_detection",
        PropertyName::TwoHopTrends => "two_hop_trends",
        PropertyName::ThreeHopTrends => "three_hop_trends",
        PropertyName::Rules => "rules",
    }
}

#[cfg(test)]
mod tests;
