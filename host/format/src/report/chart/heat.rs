//! Heat maps of how columns are related.

use std::fmt::Write as _;

use prodlike_core::evidence::Trend;

use super::words::{escape, shorten};

/// Cells of a heat map that still get a `<title>`.
const TITLED_CELLS: usize = 2_500;

/// A cell of a heat map: a statistic in [−1, 1].
struct Heat {
    row: usize,
    column: usize,
    value: Option<f64>,
    difference: bool,
    title: String,
}

fn heat(heat: &[Heat], names: [&[String]; 2], rule: bool) -> String {
    let [rows, columns] = names.map(<[String]>::len);
    let cell = match rows.max(columns) {
        0..=8 => 24.0,
        9..=16 => 18.0,
        17..=30 => 13.0,
        _ => 9.0,
    };
    let letters = 16;
    let font = f64::min(10.0, cell - 1.0);
    let label = |names: &[String]| {
        let longest = names.iter().map(|name| name.chars().count()).max();
        longest.unwrap_or(0).min(letters) as f64 * font * 0.62 + 8.0
    };
    let (left, top) = (label(names[0]), label(names[1]));
    let (width, height) = (
        left + columns as f64 * cell + 2.0,
        top + rows as f64 * cell + 2.0,
    );
    let mut svg = String::new();
    for (row, name) in names[0].iter().enumerate() {
        let _ = write!(
            svg,
            r#"<text x="{:.1}" y="{:.1}" font-size="{font:.1}" text-anchor="end">{}</text>"#,
            left - 4.0,
            top + (row as f64 + 0.5) * cell + font * 0.35,
            escape(&shorten(name, letters))
        );
    }
    for (column, name) in names[1].iter().enumerate() {
        let x = left + (column as f64 + 0.5) * cell + font * 0.35;
        let _ = write!(
            svg,
            r#"<text x="{x:.1}" y="{:.1}" font-size="{font:.1}" transform="rotate(-90 {x:.1} {:.1})">{}</text>"#,
            top - 4.0,
            top - 4.0,
            escape(&shorten(name, letters))
        );
    }
    let titled = heat.len() <= TITLED_CELLS;
    for it in heat {
        let (x, y) = (left + it.column as f64 * cell, top + it.row as f64 * cell);
        let (class, opacity) = match it.value {
            None => ("none", 1.0),
            Some(value) if it.difference => ("diff", value.abs()),
            Some(value) if value < 0.0 => ("neg", value.abs()),
            Some(value) => ("pos", value),
        };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{x:.0}" y="{y:.0}" width="{:.0}" height="{:.0}" fill-opacity="{:.2}""#,
            cell - 1.0,
            cell - 1.0,
            opacity.min(1.0)
        );
        if titled {
            let _ = write!(svg, "><title>{}</title></rect>", escape(&it.title));
        } else {
            svg.push_str("/>");
        }
    }
    if rule {
        let _ = write!(
            svg,
            r#"<path class="axis" d="M{left:.0} {top:.0}L{:.0} {:.0}"/>"#,
            width - 2.0,
            height - 2.0
        );
    }
    format!(
        r#"<svg class="heat" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-label="heat map">{svg}</svg>"#
    )
}

fn trend_title(trend: &Trend) -> String {
    let number =
        |value: Option<f64>| value.map_or("—".to_string(), |value| format!("{value:.2}"));
    let kind = match trend.metric {
        "CorrelationSimilarity" => "correlation",
        _ => "association",
    };
    format!(
        "{} × {}: {kind} real {}, synthetic {}; {} {}{}",
        trend.columns[0],
        trend.columns[1],
        number(trend.real),
        number(trend.synthetic),
        trend.metric,
        number(trend.similarity),
        if trend.counted {
            ""
        } else {
            " (not counted: too weak in the real data)"
        }
    )
}

fn difference(trend: &Trend) -> Option<f64> {
    Some((trend.real? - trend.synthetic?).abs())
}

/// Draws the trends of a table: real below the diagonal and synthetic above it, then how much
/// they differ.
pub(in crate::report) fn trends(trends: &[Trend]) -> [String; 2] {
    let mut names: Vec<String> = Vec::new();
    for trend in trends {
        for name in &trend.columns {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let position = |name: &String| names.iter().position(|it| it == name).unwrap_or(0);
    let (mut both, mut differences) = (Vec::new(), Vec::new());
    for trend in trends {
        let (first, second) = (position(&trend.columns[0]), position(&trend.columns[1]));
        let cell = |row, column, value, difference| Heat {
            row,
            column,
            value,
            difference,
            title: trend_title(trend),
        };
        both.push(cell(second, first, trend.real, false));
        both.push(cell(first, second, trend.synthetic, false));
        differences.push(cell(second, first, difference(trend), true));
    }
    [
        heat(&both, [&names, &names], true),
        heat(&differences, [&names, &names], false),
    ]
}

/// Draws the trends between a parent's columns and a child's: real, synthetic, difference.
pub(in crate::report) fn intertable(trends: &[Trend]) -> [String; 3] {
    let mut names: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for trend in trends {
        for (names, name) in names.iter_mut().zip(&trend.columns) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let draw = |of: fn(&Trend) -> Option<f64>, is_difference: bool| {
        let cells: Vec<Heat> = trends
            .iter()
            .map(|trend| {
                let at = |side: usize| {
                    let mut all = names[side].iter();
                    all.position(|name| *name == trend.columns[side])
                        .unwrap_or(0)
                };
                Heat {
                    row: at(0),
                    column: at(1),
                    value: of(trend),
                    difference: is_difference,
                    title: trend_title(trend),
                }
            })
            .collect();
        heat(&cells, [&names[0], &names[1]], false)
    };
    [
        draw(|trend| trend.real, false),
        draw(|trend| trend.synthetic, false),
        draw(difference, true),
    ]
}
