//! What a reader should do, in one line, and the thresholds behind it.

use prodlike_core::evidence::{Evaluation, RepeatKind};
use prodlike_core::report::{Detail, Part, PropertyName, Report};

use super::{Context, percent, subject};

/// Quality this far below a second real sample is as good as one.
pub(super) const AS_REAL: f64 = 0.05;
/// Quality further below a second real sample is far from the real data.
pub(super) const CLOSE: f64 = 0.15;
/// Rows of a table may repeat real ones so much more often than a second real half does.
pub(super) const COPIES: f64 = 0.02;

/// How a dataset stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Invalid,
    FailedGates,
    AsReal,
    Close,
    Far,
    NotMeasured,
}

impl Standing {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Standing::Invalid => "invalid",
            Standing::FailedGates => "failed_gates",
            Standing::AsReal => "as_real",
            Standing::Close => "close",
            Standing::Far => "far",
            Standing::NotMeasured => "not_measured",
        }
    }
}

/// A verdict: a sentence to act on, and the facts behind it.
pub(super) struct Verdict {
    pub(super) standing: Standing,
    pub(super) sentence: String,
    pub(super) facts: Vec<String>,
}

impl Verdict {
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.sentence, self.facts.join(" · "))
    }
}

/// How far a score is below what a second real sample reaches; below 1 where there is none.
pub(super) fn shortfall(detail: &Detail) -> Option<f64> {
    Some(detail.baseline.unwrap_or(1.0) - detail.score?)
}

/// Orders details by how far they are below a second real sample, unmeasured ones last.
pub(super) fn furthest_first<'d>(details: impl IntoIterator<Item = &'d Detail>) -> Vec<&'d Detail> {
    let mut sorted: Vec<&Detail> = details.into_iter().collect();
    let key = |detail: &Detail| shortfall(detail).unwrap_or(f64::NEG_INFINITY);
    sorted.sort_by(|left, right| {
        let order = key(right).total_cmp(&key(left));
        order.then_with(|| {
            let score = |detail: &Detail| detail.score.unwrap_or(f64::INFINITY);
            score(left).total_cmp(&score(right))
        })
    });
    sorted
}

fn quality_details(evaluation: &Evaluation) -> impl Iterator<Item = &Detail> + Clone {
    let properties = evaluation.report.properties.iter();
    properties
        .filter(|property| property.name.part() == Part::Quality)
        .flat_map(|property| &property.details)
}

/// Whether a check of integrity failed. A value beyond the real range is no broken key, and a
/// second real sample has some too: it counts where that has fewer. How many children a parent
/// has follows the size that was asked for: rows that are kept have ten times as many in a
/// dataset ten times as large.
pub(super) fn is_broken(property: PropertyName, detail: &Detail) -> bool {
    let expected = match detail.metric {
        _ if property.part() != Part::Diagnostic => return false,
        "CardinalityBoundaryAdherence" => return false,
        "BoundaryAdherence" | "CategoryAdherence" => detail.baseline.unwrap_or(1.0).min(1.0),
        _ => 1.0,
    };
    detail.score.is_some_and(|score| score < expected)
}

/// Counts the checks of integrity that failed.
pub(super) fn broken(report: &Report) -> usize {
    let properties = report.properties.iter();
    properties
        .flat_map(|property| {
            property
                .details
                .iter()
                .map(|detail| (property.name, detail))
        })
        .filter(|(property, detail)| is_broken(*property, detail))
        .count()
}

pub(super) fn verdict(evaluation: &Evaluation, context: &Context) -> Verdict {
    let report = &evaluation.report;
    let failed = broken(report);
    let gates: Vec<&str> = context
        .gates
        .iter()
        .filter(|gate| !gate.passed())
        .map(|gate| gate.name.as_str())
        .collect();
    let quality = report.quality();
    // Only what has both is compared; where nothing has, perfection stands in.
    let compared = report.quality_beside_baseline();
    let (standing, sentence) = if failed > 0 {
        let checks = if failed == 1 { "check" } else { "checks" };
        (
            Standing::Invalid,
            format!("Do not use it: {failed} {checks} of integrity failed."),
        )
    } else if !gates.is_empty() {
        (
            Standing::FailedGates,
            format!(
                "Below what was demanded: {}.",
                gates.join(", ").replace('_', " ")
            ),
        )
    } else if let Some(quality) = quality {
        let gap = compared.map_or(1.0 - quality, |(score, baseline)| baseline - score);
        let like = match compared {
            Some(_) => "a second real sample",
            None => "the real data",
        };
        let measured = quality_details(evaluation).filter_map(shortfall);
        let far = measured.clone().filter(|gap| *gap > CLOSE).count();
        if gap <= CLOSE && far > 0 {
            // A mean hides what one column makes useless.
            let are = if far == 1 { "is" } else { "are" };
            (
                Standing::Close,
                format!(
                    "Sound, but {far} of {} scores {are} more than {:.0} points short of {like}: look at those before you rely on them.",
                    measured.count(),
                    CLOSE * 100.0
                ),
            )
        } else if gap <= AS_REAL {
            (
                Standing::AsReal,
                format!("Sound, and about as close to the real data as {like} would be."),
            )
        } else if gap <= CLOSE {
            (
                Standing::Close,
                format!(
                    "Sound, but {:.0} points short of {like} on average.",
                    gap * 100.0
                ),
            )
        } else {
            (
                Standing::Far,
                format!(
                    "Sound as a database, but {:.0} points short of {like}: good for tests, not for statistics.",
                    gap * 100.0
                ),
            )
        }
    } else {
        (
            Standing::NotMeasured,
            "Nothing here could be scored for quality.".to_string(),
        )
    };
    Verdict {
        standing,
        sentence,
        facts: facts(evaluation),
    }
}

fn facts(evaluation: &Evaluation) -> Vec<String> {
    let report = &evaluation.report;
    let mut facts = Vec::new();
    facts.push(match report.diagnostic() {
        None => "Diagnostic not measured".to_string(),
        score => format!("Diagnostic {}", percent(score)),
    });
    let partly = quality_details(evaluation).any(|it| it.score.is_some() && it.baseline.is_none());
    facts.push(match (report.quality(), report.quality_beside_baseline()) {
        (None, _) => "Quality not measured".to_string(),
        (score, None) => format!("Quality {}", percent(score)),
        (score, Some((_, baseline))) if !partly => format!(
            "Quality {} (a second real sample: {})",
            percent(score),
            percent(Some(baseline))
        ),
        (score, Some((beside, baseline))) => format!(
            "Quality {} (where there are rows enough to compare: {}, a second real sample {})",
            percent(score),
            percent(Some(beside)),
            percent(Some(baseline))
        ),
    });
    let weakest = furthest_first(quality_details(evaluation));
    let is_weak = |it: &&&Detail| it.score.is_some_and(|score| score < 1.0);
    if let Some(weakest) = weakest.iter().find(is_weak) {
        facts.push(format!(
            "weakest: {} {}",
            subject(weakest),
            percent(weakest.score)
        ));
    }
    let repeated: u64 = evaluation
        .tables
        .iter()
        .flat_map(|table| &table.repeats)
        .filter(|repeats| repeats.kind == RepeatKind::Distinctive)
        .map(|repeats| repeats.repeated)
        .sum();
    facts.push(match repeated {
        0 => "sanity: no identifying value repeated".to_string(),
        1 => "sanity: 1 identifying value repeated".to_string(),
        n => format!("sanity: {n} identifying values repeated"),
    });
    let suspicious: Vec<&str> = evaluation
        .tables
        .iter()
        .filter(|table| {
            let sanity = table.sanity.as_ref();
            let shares = sanity.and_then(|sanity| sanity.against_half);
            shares.is_some_and(|shares| shares.synthetic > shares.real + COPIES)
        })
        .map(|table| table.name.as_str())
        .collect();
    facts.push(match suspicious.as_slice() {
        [] => "no table copies more rows than two real halves share".to_string(),
        tables => format!(
            "more copied rows than two real halves share in {}",
            tables.join(", ")
        ),
    });
    facts
}
