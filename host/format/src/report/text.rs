//! The report for a terminal.

use std::fmt::Write as _;

use prodlike_core::report::{Detail, Part, Property, Report};

use super::{percent, subject, worst_first};

/// The worst items shown of a property.
const WORST: usize = 5;

/// Renders a report for a terminal: a line of scores for each part, then the worst of each property.
pub fn report_text(report: &Report) -> String {
    let mut text = String::new();
    let headings = [
        ("Diagnostic", Part::Diagnostic, percent(report.diagnostic())),
        ("Quality", Part::Quality, percent(report.quality())),
        // A mean of these would say nothing.
        ("Beyond", Part::Beyond, String::new()),
    ];
    let rows: Vec<(String, Vec<String>)> = headings
        .into_iter()
        .map(|(name, part, score)| {
            let cells = report
                .properties
                .iter()
                .filter(|property| property.name.part() == part)
                .map(|property| format!("{} {}", property.name.as_str(), percent(property.score)));
            (format!("{name:<10}  {score:>7}"), cells.collect())
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
