//! The report for a reader: one page, worst first.
//!
//! Everything here becomes strings and drawings; `page.html` only puts them in their places.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{AutoEscape, Environment};
use prodlike_core::evidence::{
    BaselineOrigin, ColumnEvidence, ColumnRole, Count, Evaluation, Links, Overlay, Picture,
    RelationshipEvidence, Sides, TableEvidence, Trend, Unit,
};
use prodlike_core::report::{Detail, Part, Property, PropertyName};

use self::view::{
    ColumnView, GateView, Group, Item, KeyView, Page, PictureView, PropertyView, RelationshipView,
    Score, TableView,
};
use super::chart::{self, number, share, whole};
use super::verdict::{self, Standing, furthest_first, shortfall};
use super::{Context, graph, percent, snake_case, subject};
use crate::error::Error;

mod beyond;
mod privacy;
mod view;

/// The items shown of a property on the page; the JSON report has all.
const ITEMS: usize = 300;
/// The worst items shown first.
const WORST: usize = 10;
/// Tables that are unfolded.
const OPEN_TABLES: usize = 12;
/// Pictures of pairs on the whole page; the JSON report has all.
const PICTURES: usize = 60;

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
        PropertyName::ColumnPairTrends => {
            "How alike two columns of a table move together; pairs that are unrelated in the real data are not scored."
        }
        PropertyName::Cardinality => "How alike the number of children per parent is.",
        PropertyName::IntertableTrends => {
            "How alike columns of a child move with columns of its parent; unrelated pairs are not scored."
        }
        PropertyName::Detection => {
            "How badly boosted trees tell synthetic rows from real ones: 100% where they do no better than a coin (AUC 0.5), 0% where they are always right (AUC 1)."
        }
        PropertyName::LogisticDetection => {
            "The same by a logistic regression, which sees each column by itself."
        }
        PropertyName::TwoHopTrends => {
            "How alike columns move with those of a parent's parent; unrelated pairs are left out."
        }
        PropertyName::ThreeHopTrends => {
            "How alike columns move with those three relationships up; unrelated pairs are left out."
        }
        PropertyName::Rules => {
            "The share of synthetic rows that keep each rule of the manifest; beside it, that of the real rows."
        }
    }
}

/// Renders a report as one page that needs nothing else.
///
/// # Errors
/// [`Error::Internal`], which no report should cause.
pub fn report_html(evaluation: &Evaluation, context: &Context) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    let internal = |error: minijinja::Error| Error::Internal {
        detail: format!("{error:#}"),
    };
    environment
        .add_template("page.html", include_str!("page.html"))
        .map_err(internal)?;
    let page = Builder::new(evaluation, context).page();
    environment
        .get_template("page.html")
        .and_then(|template| template.render(&page))
        .map_err(internal)
}

/// Shows a score beside what a second real sample would score.
fn score(score: Option<f64>, baseline: Option<f64>) -> Score {
    let gap = score.map(|score| baseline.unwrap_or(1.0) - score);
    coloured(score, baseline, gap)
}

/// Shows the mean score of details; its colour is that of the mean distance of each to its own
/// baseline, as not all may have one.
fn mean_score<'d>(details: impl Iterator<Item = &'d Detail> + Clone) -> Score {
    let (own, baseline) = mean(details.clone());
    coloured(own, baseline, mean_gap(details))
}

fn mean_gap<'d>(details: impl Iterator<Item = &'d Detail>) -> Option<f64> {
    let gaps: Vec<f64> = details.filter_map(shortfall).collect();
    (!gaps.is_empty()).then(|| gaps.iter().sum::<f64>() / gaps.len() as f64)
}

fn coloured(score: Option<f64>, baseline: Option<f64>, gap: Option<f64>) -> Score {
    Score {
        text: percent(score),
        width: width(score),
        class: match gap {
            None => "none",
            Some(gap) if gap <= verdict::AS_REAL => "good",
            Some(gap) if gap <= verdict::CLOSE => "fair",
            Some(_) => "poor",
        },
        baseline: percent(baseline),
        mark: baseline.map(|baseline| width(Some(baseline))),
    }
}

/// Returns the length of a bar in percent, whatever the score is.
fn width(score: Option<f64>) -> f64 {
    let score = score.filter(|score| score.is_finite()).unwrap_or(0.0);
    (score.clamp(0.0, 1.0) * 1000.0).round() / 10.0
}

/// Returns the means of scores and of baselines.
fn mean<'d>(details: impl Iterator<Item = &'d Detail>) -> (Option<f64>, Option<f64>) {
    let (mut scores, mut baselines) = (Vec::new(), Vec::new());
    for detail in details {
        scores.extend(detail.score);
        baselines.extend(detail.baseline);
    }
    let mean = |values: &[f64]| {
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    (mean(&scores), mean(&baselines))
}

/// Builds the page; knows the anchors and what is left of the budget of pictures.
struct Builder<'a> {
    evaluation: &'a Evaluation,
    context: &'a Context,
    anchors: Vec<String>,
    table_anchor: BTreeMap<&'a str, String>,
    relationship_anchors: Vec<String>,
    column_details: BTreeMap<(&'a str, &'a str), &'a Detail>,
}

impl<'a> Builder<'a> {
    fn new(evaluation: &'a Evaluation, context: &'a Context) -> Builder<'a> {
        let mut taken = BTreeSet::new();
        let mut anchor = |name: &str| {
            let slug = slug(name);
            let mut unique = slug.clone();
            let mut count = 2;
            while !taken.insert(unique.clone()) {
                unique = format!("{slug}-{count}");
                count += 1;
            }
            unique
        };
        let anchors: Vec<String> = evaluation
            .tables
            .iter()
            .map(|table| anchor(&format!("table-{}", table.name)))
            .collect();
        let relationship_anchors = evaluation
            .relationships
            .iter()
            .map(|it| anchor(&format!("fk-{}-{}", it.child_table, it.child_key.join("-"))))
            .collect();
        let table_anchor = evaluation
            .tables
            .iter()
            .zip(&anchors)
            .map(|(table, anchor)| (table.name.as_str(), anchor.clone()))
            .collect();
        let column_details = evaluation
            .report
            .properties
            .iter()
            .filter(|property| property.name == PropertyName::ColumnShapes)
            .flat_map(|property| &property.details)
            .filter_map(|it| Some(((it.table.as_str(), it.columns.first()?.as_str()), it)))
            .collect();
        Builder {
            evaluation,
            context,
            anchors,
            table_anchor,
            relationship_anchors,
            column_details,
        }
    }

    fn page(&self) -> Page {
        let (evaluation, context) = (self.evaluation, self.context);
        let verdict = verdict::verdict(evaluation, context);
        let mut tables: Vec<(f64, TableView)> = evaluation
            .tables
            .iter()
            .enumerate()
            .map(|(idx, table)| self.table(idx, table))
            .collect();
        tables.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut tables: Vec<TableView> = tables.into_iter().map(|(_, table)| table).collect();
        for (rank, table) in tables.iter_mut().enumerate() {
            table.open = rank < OPEN_TABLES;
        }
        let mut relationships: Vec<(f64, RelationshipView)> = evaluation
            .relationships
            .iter()
            .enumerate()
            .map(|(idx, relationship)| self.relationship(idx, relationship))
            .collect();
        relationships.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut relationships: Vec<RelationshipView> =
            relationships.into_iter().map(|(_, view)| view).collect();
        let mut left = PICTURES;
        let pictures = tables.iter_mut().map(|it| &mut it.pictures);
        for pictures in pictures.chain(relationships.iter_mut().map(|it| &mut it.pictures)) {
            pictures.truncate(left);
            left -= pictures.len();
        }
        let classes: Vec<&str> = evaluation
            .tables
            .iter()
            .map(|table| mean_score(self.quality_of(&table.name)).class)
            .collect();
        Page {
            title: format!("prodlike report: {}", context.synthetic),
            real: context.real.clone(),
            synthetic: context.synthetic.clone(),
            product_version: context.product_version.clone(),
            standing: match verdict.standing {
                Standing::Invalid | Standing::FailedGates => "poor",
                Standing::AsReal => "good",
                Standing::Close | Standing::Far => "fair",
                Standing::NotMeasured => "none",
            },
            sentence: verdict.sentence,
            facts: verdict.facts,
            thresholds: format!(
                "Do not use: a check of integrity failed. As close as a second real sample: quality within {:.0} points of what one scores, and no score more than {:.0} points short. Where the tables are too small for that, the same distances from 100%. Copied rows stand out where synthetic rows equal rows of one real half by {:.0} points more often than those of the other half do.",
                verdict::AS_REAL * 100.0,
                verdict::CLOSE * 100.0,
                verdict::COPIES * 100.0
            ),
            baseline_words: self.baseline_words(),
            recipe: self.recipe(),
            notes: context.recipe.as_ref().map_or_else(Vec::new, |recipe| {
                let undeclared = recipe.undeclared.iter();
                undeclared
                    .map(|it| format!("Not declared as a foreign key in the database: {it}"))
                    .chain(recipe.notes.iter().cloned())
                    .collect()
            }),
            gates: context
                .gates
                .iter()
                .map(|gate| GateView {
                    name: gate.name.replace('_', " "),
                    floor: format!("{:.1}%", gate.floor * 100.0),
                    score: percent(gate.score),
                    passed: gate.passed(),
                })
                .collect(),
            groups: self.groups(),
            worst: self.worst(),
            graph: graph::graph(evaluation, &self.anchors, &classes),
            tables,
            relationships,
            detection: self.detection(),
            hops: self.hops(),
            left_out: context.left_out.clone(),
            k: evaluation.k,
            privacy: self.privacy(),
        }
    }

    fn baseline_words(&self) -> String {
        let what = match (self.evaluation.baseline, &self.context.holdout) {
            (BaselineOrigin::Holdout, Some(holdout)) => {
                format!("the second real sample {holdout}, scored against the real data by the same metrics")
            }
            (BaselineOrigin::Holdout, None) => {
                "a second real sample, scored against the real data by the same metrics".to_string()
            }
            (BaselineOrigin::HalfSplit, _) => {
                "one half of the real data scored against the other by the same metrics; the rows of one protected entity stay in one half. Halves are smaller samples than the whole, so this errs on the modest side".to_string()
            }
        };
        format!(
            "“Second real sample” is {what}. It is blank where a table has fewer than 100 rows."
        )
    }

    fn recipe(&self) -> Vec<(&'static str, String)> {
        let context = self.context;
        let rows = |of: fn(&TableEvidence) -> u64| {
            let tables = self.evaluation.tables.iter();
            format!(
                "{} rows in {} tables",
                whole(tables.clone().map(of).sum()),
                tables.count()
            )
        };
        let mut recipe = vec![
            (
                "Real",
                format!("{} · {}", context.real, rows(|it| it.rows.real)),
            ),
            (
                "Synthetic",
                format!("{} · {}", context.synthetic, rows(|it| it.rows.synthetic)),
            ),
        ];
        if let Some(made) = &context.recipe {
            recipe.push(("Model", made.model_digest.clone()));
            recipe.push((
                "Recipe",
                format!(
                    "prodlike {} · seed {} · {}",
                    made.product_version, made.seed, made.format
                ),
            ));
        }
        if let Some(model) = &context.model {
            let same = context
                .recipe
                .as_ref()
                .is_none_or(|made| made.model_digest == model.digest);
            recipe.push((
                "Model file",
                match same {
                    true => format!("{} · {}", model.path, model.digest),
                    false => format!(
                        "{} · {} · not the one that the synthetic data was made from",
                        model.path, model.digest
                    ),
                },
            ));
        }
        if let Some(holdout) = &context.holdout {
            recipe.push(("Second real sample", holdout.clone()));
        }
        recipe
    }

    fn groups(&self) -> Vec<Group> {
        let report = &self.evaluation.report;
        [
            (
                "Diagnostic",
                report.diagnostic(),
                report.diagnostic_baseline(),
                Part::Diagnostic,
            ),
            (
                "Quality",
                report.quality(),
                report.quality_baseline(),
                Part::Quality,
            ),
            ("Beyond quality", None, None, Part::Beyond),
        ]
        .into_iter()
        .map(|(title, score, baseline, part)| Group {
            title,
            has_mean: part != Part::Beyond,
            score: percent(score),
            baseline: percent(baseline),
            properties: report
                .properties
                .iter()
                .filter(|property| property.name.part() == part)
                .map(|property| self.property(property))
                .collect(),
        })
        .filter(|group| !group.properties.is_empty())
        .collect()
    }

    fn property(&self, property: &'a Property) -> PropertyView {
        let sorted = furthest_first(&property.details);
        let (measured, unmeasured): (Vec<&Detail>, Vec<&Detail>) =
            sorted.into_iter().partition(|it| it.score.is_some());
        let n_perfect = measured
            .iter()
            .filter(|it| it.score.is_some_and(|score| score >= 1.0))
            .count();
        let scored = |of: fn(&Detail) -> bool| measured.iter().filter(|it| of(it)).count();
        let items = |details: &[&'a Detail]| -> Vec<Item> {
            let shown = details.iter().take(ITEMS);
            shown.map(|it| self.item(property.name, it)).collect()
        };
        PropertyView {
            anchor: snake_case(property.name),
            title: property.name.as_str(),
            explanation: explanation(property.name),
            compared: match (scored(|_| true), scored(|it| it.baseline.is_some())) {
                (all, some) if some < all && property.name != PropertyName::Rules => {
                    format!("A second real sample could be scored on {some} of {all}.")
                }
                _ => String::new(),
            },
            score: mean_score(property.details.iter()),
            pairs: property.details.iter().any(|it| it.real.is_some()),
            omitted: measured.len().saturating_sub(ITEMS) + unmeasured.len().saturating_sub(ITEMS),
            n_measured: measured.len(),
            n_perfect,
            items: items(&measured),
            unmeasured: items(&unmeasured),
        }
    }

    fn item(&self, name: PropertyName, detail: &Detail) -> Item {
        let three = |value: Option<f64>| value.map_or_else(String::new, |it| format!("{it:.3}"));
        Item {
            subject: subject(detail),
            link: self.link(name, detail),
            property: name.as_str(),
            metric: detail.metric,
            score: score(detail.score, detail.baseline),
            real: three(detail.real),
            synthetic: three(detail.synthetic),
            note: detail.note.clone().unwrap_or_default(),
        }
    }

    /// Returns where the page shows what a detail is about.
    fn link(&self, name: PropertyName, detail: &Detail) -> Option<String> {
        if name.part() == Part::Beyond && detail.parent_table.is_some() {
            return self.table_anchor.get(detail.table.as_str()).cloned();
        }
        if let Some(parent) = &detail.parent_table {
            let relationships = self.evaluation.relationships.iter();
            let found = relationships
                .zip(&self.relationship_anchors)
                .find(|(it, _)| {
                    it.child_table == detail.table
                        && it.parent_table == *parent
                        && (name == PropertyName::IntertableTrends
                            || it.child_key == detail.columns)
                });
            return found.map(|(_, anchor)| anchor.clone());
        }
        let table = self.table_anchor.get(detail.table.as_str())?;
        let [column] = detail.columns.as_slice() else {
            return Some(table.clone());
        };
        let evidence = self.evaluation.tables.iter();
        let shown = evidence
            .filter(|it| it.name == detail.table)
            .flat_map(|it| &it.columns)
            .any(|it| it.name == *column && it.role == ColumnRole::Learned);
        match shown {
            true => Some(column_anchor(table, column)),
            false => Some(table.clone()),
        }
    }

    fn worst(&self) -> Vec<Item> {
        let details: Vec<(PropertyName, &Detail)> = self
            .evaluation
            .report
            .properties
            .iter()
            // Detection is far below 100% where all else is fine; it has a place of its own.
            .filter(|property| property.name.part() != Part::Beyond)
            .flat_map(|property| property.details.iter().map(|it| (property.name, it)))
            .filter(|(_, it)| shortfall(it).is_some_and(|gap| gap > 0.005))
            .collect();
        let mut sorted = details;
        sorted.sort_by(|left, right| {
            // A broken check comes before any quality.
            let broken = |it: &(PropertyName, &Detail)| it.0.part() != Part::Diagnostic;
            let gap = |it: &(PropertyName, &Detail)| shortfall(it.1).unwrap_or(0.0);
            broken(left)
                .cmp(&broken(right))
                .then(gap(right).total_cmp(&gap(left)))
        });
        sorted
            .into_iter()
            .take(WORST)
            .map(|(name, it)| self.item(name, it))
            .collect()
    }

    fn quality_of<'t>(
        &self,
        table: &'t str,
    ) -> impl Iterator<Item = &'a Detail> + Clone + use<'a, 't> {
        let properties = self.evaluation.report.properties.iter();
        properties
            .filter(|it| {
                matches!(
                    it.name,
                    PropertyName::ColumnShapes | PropertyName::ColumnPairTrends
                )
            })
            .flat_map(|property| &property.details)
            .filter(move |it| it.table == table)
    }

    /// Returns a table's view and how far it is below a second real sample.
    fn table(&self, idx: usize, table: &'a TableEvidence) -> (f64, TableView) {
        let anchor = &self.anchors[idx];
        let of = |name: PropertyName| {
            let properties = self.evaluation.report.properties.iter();
            properties
                .filter(move |it| it.name == name)
                .flat_map(|it| &it.details)
                .filter(|it| it.table == table.name)
        };
        let (shapes, pairs) = (
            of(PropertyName::ColumnShapes),
            of(PropertyName::ColumnPairTrends),
        );
        let rank = match (mean_gap(shapes.clone()), mean_gap(pairs.clone())) {
            (None, None) => f64::NEG_INFINITY,
            (left, right) => left.unwrap_or(0.0) + right.unwrap_or(0.0),
        };
        let k = if table.kept { 1 } else { self.evaluation.k };
        let mut learned: Vec<(f64, ColumnView)> = Vec::new();
        let (mut generated, mut keys) = (Vec::new(), Vec::new());
        for column in &table.columns {
            match &column.role {
                ColumnRole::Learned => {
                    let detail = self.column_details.get(&(&table.name, &column.name));
                    let gap = detail.and_then(|it| shortfall(it));
                    learned.push((
                        gap.unwrap_or(f64::NEG_INFINITY),
                        column_view(anchor, table, column, detail.copied(), k),
                    ));
                }
                ColumnRole::Generated(_) if column.overlay != Overlay::None => {
                    generated.push(column_view(anchor, table, column, None, k));
                }
                role => keys.push(KeyView {
                    anchor: column_anchor(anchor, &column.name),
                    name: column.name.clone(),
                    kind: column.data_type.clone(),
                    role: match role {
                        ColumnRole::Key => "primary key".into(),
                        ColumnRole::ForeignKey => "foreign key".into(),
                        ColumnRole::Generated(generator) => format!("generated by {generator}"),
                        _ => "not scored".into(),
                    },
                    known: column.known.map_or_else(String::new, share),
                    distinct: distinct(column),
                    nulls: nulls(table, column),
                }),
            }
        }
        learned.sort_by(|left, right| right.0.total_cmp(&left.0));
        let view = TableView {
            anchor: anchor.clone(),
            name: table.name.clone(),
            kept: table.kept,
            open: true,
            real_rows: whole(table.rows.real),
            synthetic_rows: whole(table.rows.synthetic),
            shapes: mean_score(shapes),
            pairs: mean_score(pairs),
            columns: learned.into_iter().map(|(_, view)| view).collect(),
            generated,
            keys,
            trends: some_trends(&table.trends).then(|| chart::trends(&table.trends)),
            n_pairs: table.trends.len(),
            n_counted: table.trends.iter().filter(|it| it.counted).count(),
            pictures: pictures(&table.pictures, k),
            nulls: (table.null_patterns.len() > 1)
                .then(|| chart::null_patterns(&table.null_patterns, table.rows, k)),
            sanity: self.sanity(idx, table),
        };
        (rank, view)
    }

    fn relationship(
        &self,
        idx: usize,
        relationship: &RelationshipEvidence,
    ) -> (f64, RelationshipView) {
        let of = |name: PropertyName, exact: bool| {
            let properties = self.evaluation.report.properties.iter();
            properties
                .filter(move |it| it.name == name)
                .flat_map(|it| &it.details)
                .filter(move |it| {
                    it.table == relationship.child_table
                        && it.parent_table.as_ref() == Some(&relationship.parent_table)
                        && (!exact || it.columns == relationship.child_key)
                })
        };
        let cardinality = of(PropertyName::Cardinality, true);
        let trends = of(PropertyName::IntertableTrends, false);
        let rank =
            mean_gap(cardinality.clone()).unwrap_or(0.0) + mean_gap(trends.clone()).unwrap_or(0.0);
        let k = self.evaluation.k;
        let facts = relationship.links.map_or_else(Vec::new, |links| {
            let both = |of: fn(&Links) -> Count| (few(of(&links.real)), few(of(&links.synthetic)));
            let per_parent = |links: &Links| {
                let unmatched = links.nulls.unwrap_or(0) + links.orphans.unwrap_or(0);
                match links.parents {
                    0 => "—".to_string(),
                    parents => {
                        let matched = links.children.saturating_sub(unmatched);
                        number(matched as f64 / parents as f64)
                    }
                }
            };
            let row = |name, (real, synthetic)| (name, real, synthetic);
            vec![
                row("parents", both(|it| Some(it.parents))),
                row("children", both(|it| Some(it.children))),
                row(
                    "children per parent",
                    (per_parent(&links.real), per_parent(&links.synthetic)),
                ),
                row("children without a key", both(|it| it.nulls)),
                row("children whose parent is missing", both(|it| it.orphans)),
            ]
        });
        let parents = relationship.links.unwrap_or_default();
        let view = RelationshipView {
            anchor: self.relationship_anchors[idx].clone(),
            title: format!(
                "{}.{} → {}",
                relationship.child_table,
                relationship.child_key.join(" + "),
                relationship.parent_table
            ),
            cardinality: mean_score(cardinality),
            trends_score: mean_score(trends),
            facts,
            fan_outs: match relationship.fan_outs.is_empty() {
                true => String::new(),
                false => {
                    let parents = Sides {
                        real: parents.real.parents,
                        synthetic: parents.synthetic.parents,
                    };
                    chart::fan_outs(&relationship.fan_outs, parents, k)
                }
            },
            trends: some_trends(&relationship.trends)
                .then(|| chart::intertable(&relationship.trends)),
            n_counted: relationship.trends.iter().filter(|it| it.counted).count(),
            pictures: pictures(&relationship.pictures, k),
        };
        (rank, view)
    }
}

fn some_trends(trends: &[Trend]) -> bool {
    trends
        .iter()
        .any(|it| it.real.is_some() || it.synthetic.is_some())
}

/// Returns a name as a part of an anchor.
fn slug(name: &str) -> String {
    name.replace(|letter: char| !letter.is_alphanumeric(), "-")
}

fn column_anchor(table: &str, column: &str) -> String {
    format!("{table}.{}", slug(column))
}

fn column_view(
    anchor: &str,
    table: &TableEvidence,
    column: &ColumnEvidence,
    detail: Option<&Detail>,
    k: u32,
) -> ColumnView {
    let known = |rows: u64, nulls: Count| rows.saturating_sub(nulls.unwrap_or(0));
    let known = Sides {
        real: known(table.rows.real, column.nulls.real),
        synthetic: known(table.rows.synthetic, column.nulls.synthetic),
    };
    let span = |edges: &[f64]| edges.last().unwrap_or(&0.0) - edges.first().unwrap_or(&0.0);
    let (chart, quartiles) = match &column.overlay {
        Overlay::None => (String::new(), String::new()),
        Overlay::Levels(levels) => (chart::levels(levels, known, k), String::new()),
        Overlay::Histogram(histogram) => {
            let text = |quartiles: Option<[f64; 3]>| {
                quartiles.map_or("—".to_string(), |quartiles| {
                    let span = span(&histogram.edges);
                    quartiles
                        .map(|it| chart::value(histogram.unit, it, span))
                        .join(" · ")
                })
            };
            (
                chart::histogram(histogram, k),
                format!(
                    "quartiles {} / {}",
                    text(histogram.quartiles.real),
                    text(histogram.quartiles.synthetic)
                ),
            )
        }
    };
    let generator = match &column.role {
        ColumnRole::Generated(generator) => format!(" · generated by {generator}"),
        _ => String::new(),
    };
    let lengths = matches!(&column.overlay, Overlay::Histogram(histogram)
        if histogram.unit == Unit::Characters);
    ColumnView {
        anchor: column_anchor(anchor, &column.name),
        name: column.name.clone(),
        kind: format!(
            "{} · {}{generator}{}",
            column.data_type,
            column.semantic,
            if lengths {
                " · lengths in letters"
            } else {
                ""
            }
        ),
        metric: detail.map_or("", |it| it.metric),
        score: detail
            .filter(|it| it.score.is_some())
            .map(|it| score(it.score, it.baseline)),
        note: detail.and_then(|it| it.note.clone()).unwrap_or_default(),
        nulls: nulls(table, column),
        distinct: distinct(column),
        quartiles,
        chart,
    }
}

fn nulls(table: &TableEvidence, column: &ColumnEvidence) -> String {
    let of = |nulls: Count, rows: u64| match nulls {
        None => few(None),
        Some(nulls) => share(nulls as f64 / rows.max(1) as f64),
    };
    match (column.nulls.real, column.nulls.synthetic) {
        (Some(0), Some(0)) => String::new(),
        (real, synthetic) => format!(
            "NULL {} / {}",
            of(real, table.rows.real),
            of(synthetic, table.rows.synthetic)
        ),
    }
}

fn distinct(column: &ColumnEvidence) -> String {
    let of = |distinct: Option<u64>| distinct.map_or("—".into(), whole);
    match (column.distinct.real, column.distinct.synthetic) {
        (None, None) => String::new(),
        (real, synthetic) => format!("distinct {} / {}", of(real), of(synthetic)),
    }
}

/// A number of rows, or that there are too few to tell.
fn few(rows: Count) -> String {
    rows.map_or("too few to tell".to_string(), whole)
}

fn pictures(pictures: &[Picture], k: u32) -> Vec<PictureView> {
    pictures
        .iter()
        .map(|picture| PictureView {
            title: picture.columns.join(" × "),
            metric: picture.metric.to_string(),
            score: score(picture.score, picture.baseline),
            chart: chart::picture(picture, k),
        })
        .collect()
}
