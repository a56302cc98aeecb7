//! The report for test runners: JUnit XML.
//!
//! A case fails where the program's exit code or its integrity does: gates that were not
//! reached, and checks of integrity that the verdict counts as failed. Qualities pass with their score in
//! the output, because only the user can say what is enough.

use prodlike_core::evidence::Evaluation;
use prodlike_core::report::{Detail, Property};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::verdict::is_broken;
use super::{Context, percent, report_verdict, snake_case, subject};
use crate::error::Error;

/// Renders a report for test runners.
///
/// # Errors
/// [`Error::Internal`], which no report should cause.
pub fn report_junit(evaluation: &Evaluation, context: &Context) -> Result<String, Error> {
    let mut report = Report::new("prodlike evaluate");
    if !context.gates.is_empty() {
        report.add_test_suite(gates(context));
    }
    for property in &evaluation.report.properties {
        if !property.details.is_empty() {
            report.add_test_suite(suite(property));
        }
    }
    if let Some(first) = report.test_suites.first_mut() {
        first.set_system_out(report_verdict(evaluation, context));
    }
    let mut xml = report.to_string().map_err(|error| Error::Internal {
        detail: error.to_string(),
    })?;
    if !xml.ends_with('\n') {
        xml.push('\n');
    }
    Ok(xml)
}

fn gates(context: &Context) -> TestSuite {
    let mut suite = TestSuite::new("gates");
    for gate in &context.gates {
        let status = match gate.passed() {
            true => TestCaseStatus::success(),
            false => failure(&format!(
                "{} is {}, at least {} was wanted",
                gate.name,
                gate.score
                    .map_or("not measured".to_string(), |score| format!("{score:.4}")),
                gate.floor
            )),
        };
        let mut case = TestCase::new(format!("{} >= {}", gate.name, gate.floor), status);
        case.set_classname("prodlike.gates");
        suite.add_test_case(case);
    }
    suite
}

fn suite(property: &Property) -> TestSuite {
    let name = snake_case(property.name);
    let mut suite = TestSuite::new(name);
    for detail in &property.details {
        let status = match detail.score {
            None => {
                let mut skipped = TestCaseStatus::skipped();
                skipped.set_message(detail.note.as_deref().unwrap_or("not measured"));
                skipped
            }
            Some(_) if is_broken(property.name, detail) => failure(&scores(detail)),
            Some(_) => TestCaseStatus::success(),
        };
        let mut case = TestCase::new(format!("{} {}", subject(detail), detail.metric), status);
        case.set_classname(format!("prodlike.{name}.{}", detail.table));
        if detail.score.is_some() {
            case.set_system_out(scores(detail));
        }
        suite.add_test_case(case);
    }
    suite
}

fn scores(detail: &Detail) -> String {
    let mut text = format!("score {}", percent(detail.score));
    if detail.baseline.is_some() {
        let baseline = percent(detail.baseline);
        let beside = match detail.rule {
            Some(_) => "the real rows",
            None => "a second real sample",
        };
        text.push_str(&format!(", {beside} {baseline}"));
    }
    text
}

fn failure(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message);
    status
}
