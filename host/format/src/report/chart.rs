//! Small drawings as inline SVG.
//!
//! Colours are classes that the page's style sheet fills in, so that one drawing serves light,
//! dark and paper. Real is an area, synthetic a line or a solid bar: the two differ in form
//! too, for readers and printers without colours. Every mark has a `<title>`, which is what a
//! pointer held over it shows.

use std::fmt::Write as _;

use prodlike_core::evidence::{
    Axis, Count, FanOut, Histogram, Levels, NullPattern, Picture, Sides, Trend, Unit,
};

/// Cells of a heat map that still get a `<title>`.
const TITLED_CELLS: usize = 2_500;
/// Room for the names of levels, and for those of several columns.
const LABEL: f64 = 122.0;
const WIDE_LABEL: f64 = 186.0;
const NANOSECONDS: f64 = 1e9;
const DAY: f64 = 86_400.0;

/// Escapes text for HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters are not allowed in a page.
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Shortens text to so many letters.
pub(super) fn shorten(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => text.to_string(),
        Some(_) => {
            let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// Groups the digits of a whole number.
pub(super) fn whole(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a number with about four digits.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    let trim = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    };
    if !value.is_finite() {
        return value.to_string();
    }
    for (scale, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M")] {
        if size >= scale * 0.9995 && size < 1e15 {
            return format!("{}{suffix}", trim(format!("{:.2}", value / scale)));
        }
    }
    if size >= 1e15 || size > 0.0 && size < 1e-4 {
        return format!("{value:.2e}");
    }
    if size >= 1000.0 {
        let rounded = value.round();
        if size < 9999.5 {
            // Years, mostly, and no longer than what follows.
            return format!("{rounded}").replace('-', "−");
        }
        let sign = if rounded < 0.0 { "−" } else { "" };
        return format!("{sign}{}", whole(rounded.abs() as u64));
    }
    let decimals = match size {
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        _ => 4,
    };
    trim(format!("{value:.decimals$}")).replace('-', "−")
}

/// Returns a value of an axis; times are shown as coarse as the span allows.
pub(super) fn value(unit: Unit, value: f64, span: f64) -> String {
    match unit {
        Unit::Number => number(value),
        Unit::Characters | Unit::Whole => number(value.round()),
        Unit::Date => date((value / NANOSECONDS / DAY).round() as i64),
        Unit::Timestamp => {
            let seconds = (value / NANOSECONDS).floor();
            let day = date((seconds / DAY).floor() as i64);
            let within = seconds.rem_euclid(DAY) as u64;
            let (hours, minutes) = (within / 3600, within / 60 % 60);
            match span / NANOSECONDS {
                span if span > 8.0 * DAY => day,
                span if span > 600.0 => format!("{day} {hours:02}:{minutes:02}"),
                _ => format!("{hours:02}:{minutes:02}:{:02}", within % 60),
            }
        }
    }
}

/// Returns the first and the last value of a bin: edges of whole numbers and days lie between.
fn bounds(unit: Unit, left: f64, right: f64, span: f64) -> (String, String) {
    let grain = match unit {
        Unit::Whole | Unit::Characters => 0.5,
        Unit::Date => 0.5 * DAY * NANOSECONDS,
        Unit::Number | Unit::Timestamp => 0.0,
    };
    (
        value(unit, left + grain, span),
        value(unit, right - grain, span),
    )
}

/// Says what a bin holds.
fn range(unit: Unit, left: f64, right: f64, span: f64) -> String {
    match bounds(unit, left, right, span) {
        (left, right) if left == right => left,
        (left, right) => format!("{left} to {right}"),
    }
}

/// Returns a day since 1970 in the calendar.
fn date(days: i64) -> String {
    // Days are counted from a first of March, so that leap days come last in their years.
    let Some(shifted) = days.checked_add(719_468) else {
        return "beyond the calendar".into();
    };
    let era = shifted.div_euclid(146_097);
    let day = shifted.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns a share as a percentage.
pub(super) fn share(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0%".into(),
        percent if percent < 0.1 => "<0.1%".into(),
        percent if percent < 10.0 => format!("{percent:.1}%"),
        percent => format!("{percent:.0}%"),
    }
}

/// Rows of a cell: told, or the middle of what it may be.
fn rows(count: Count, k: u32) -> f64 {
    count.map_or(f64::from(k) / 2.0, |rows| rows as f64)
}

/// Says how many rows, in words.
fn told(count: Count, k: u32, total: f64) -> String {
    match count {
        None => format!("fewer than {k} rows"),
        Some(rows) => format!("{} ({})", whole(rows), share(rows as f64 / total.max(1.0))),
    }
}

/// Lays two histograms over each other. The bars at the far ends are what lies beyond.
pub(super) fn histogram(histogram: &Histogram, k: u32) -> String {
    const WIDTH: f64 = 360.0;
    const HEIGHT: f64 = 96.0;
    const TOP: f64 = 6.0;
    const TAIL: f64 = 12.0;
    const GAP: f64 = 5.0;
    let n_bins = histogram.counts.real.len();
    if n_bins == 0 {
        return String::new();
    }
    let sides = |real: Count, synthetic: Count| (rows(real, k), rows(synthetic, 0));
    let mut bars = vec![(histogram.below.real, histogram.below.synthetic)];
    bars.extend(
        histogram
            .counts
            .real
            .iter()
            .copied()
            .zip(histogram.counts.synthetic.iter().copied()),
    );
    bars.push((histogram.above.real, histogram.above.synthetic));
    let totals = bars.iter().fold((0.0, 0.0), |totals, bar| {
        let (real, synthetic) = sides(bar.0, bar.1);
        (totals.0 + real, totals.1 + synthetic)
    });
    let totals = (f64::max(totals.0, 1.0), f64::max(totals.1, 1.0));
    let shares: Vec<(f64, f64)> = bars
        .iter()
        .map(|bar| {
            let (real, synthetic) = sides(bar.0, bar.1);
            (real / totals.0, synthetic / totals.1)
        })
        .collect();
    let most = shares
        .iter()
        .fold(0.0_f64, |most, bar| most.max(bar.0).max(bar.1));
    let y = |share: f64| TOP + (HEIGHT - TOP) * (1.0 - share / most.max(1e-12));
    let inner = WIDTH - 2.0 * (TAIL + GAP);
    let step = inner / n_bins as f64;
    let x = |bar: usize| match bar {
        0 => (0.0, TAIL),
        bar if bar == n_bins + 1 => (WIDTH - TAIL, WIDTH),
        bar => {
            let left = TAIL + GAP + (bar - 1) as f64 * step;
            (left, left + step)
        }
    };
    let (first, last) = (histogram.edges[0], histogram.edges[n_bins]);
    let span = last - first;
    let (unit, edges) = (histogram.unit, &histogram.edges);
    let ends = bounds(unit, first, last, span);
    let (mut svg, mut line, mut hits) = (String::new(), String::new(), String::new());
    for (idx, (bar, share)) in bars.iter().zip(&shares).enumerate() {
        let (left, right) = x(idx);
        let class = if bar.0.is_none() { "r few" } else { "r" };
        if share.0 > 0.0 {
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{left:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/>"#,
                y(share.0),
                right - left,
                HEIGHT - y(share.0)
            );
        }
        // The tails stand apart, so the line starts anew.
        let starts = idx <= 1 || idx == n_bins + 1;
        let _ = write!(
            line,
            "{}{left:.1} {:.1}H{right:.1}",
            if starts { "M" } else { "L" },
            y(share.1)
        );
        let range = match idx {
            0 => format!("below {}", ends.0),
            idx if idx == n_bins + 1 => format!("above {}", ends.1),
            idx => range(unit, edges[idx - 1], edges[idx], span),
        };
        let _ = write!(
            hits,
            r#"<rect class="hit" x="{left:.1}" y="0" width="{:.1}" height="{HEIGHT}"><title>{}: real {}, synthetic {}</title></rect>"#,
            right - left,
            escape(&range),
            told(bar.0, k, totals.0),
            told(bar.1, 0, totals.1)
        );
    }
    let middle = value(unit, first + span / 2.0, span);
    let ticks = [
        (0.0, "start", &ends.0),
        (0.5, "middle", &middle),
        (1.0, "end", &ends.1),
    ]
    .map(|(at, anchor, text)| {
        let at = TAIL + GAP + at * inner;
        format!(r#"<text x="{at:.1}" y="112" text-anchor="{anchor}">{text}</text>"#)
    })
    .concat();
    format!(
        r#"<svg class="chart" viewBox="0 0 {WIDTH} 118" role="img" aria-label="real and synthetic distribution">{svg}<path class="s" d="{line}"/><path class="axis" d="M0 {HEIGHT}H{WIDTH}"/>{ticks}{hits}</svg>"#
    )
}

/// One row of paired bars.
struct Pair {
    label: String,
    counts: Sides<Count>,
}

/// Draws paired horizontal bars of shares.
fn pairs(pairs: &[Pair], totals: Sides<f64>, k: u32, label: f64) -> String {
    const WIDTH: f64 = 360.0;
    const NUMBERS: f64 = 74.0;
    const ROW: f64 = 19.0;
    let shares: Vec<(f64, f64)> = pairs
        .iter()
        .map(|pair| {
            (
                rows(pair.counts.real, k) / totals.real.max(1.0),
                rows(pair.counts.synthetic, 0) / totals.synthetic.max(1.0),
            )
        })
        .collect();
    let most = shares
        .iter()
        .fold(1e-12_f64, |most, pair| most.max(pair.0).max(pair.1));
    let room = WIDTH - label - NUMBERS;
    let letters = (label / 7.4) as usize;
    let mut svg = String::new();
    for (idx, (pair, (real, synthetic))) in pairs.iter().zip(&shares).enumerate() {
        let y = idx as f64 * ROW;
        let class = if pair.counts.real.is_none() {
            "r few"
        } else {
            "r"
        };
        let shown = match pair.counts.real {
            None => format!("<{k}"),
            Some(_) => share(*real),
        };
        let _ = write!(
            svg,
            r#"<g><title>{}: real {}, synthetic {}</title><text x="{:.0}" y="{:.1}" text-anchor="end">{}</text><rect class="{class}" x="{label}" y="{:.1}" width="{:.1}" height="7"/><rect class="sbar" x="{label}" y="{:.1}" width="{:.1}" height="7"/><text class="num" x="{WIDTH}" y="{:.1}" text-anchor="end">{} · {}</text></g>"#,
            escape(&pair.label),
            told(pair.counts.real, k, totals.real),
            told(pair.counts.synthetic, 0, totals.synthetic),
            label - 6.0,
            y + 12.5,
            escape(&shorten(&pair.label, letters)),
            y + 2.0,
            room * real / most,
            y + 9.0,
            room * synthetic / most,
            y + 12.5,
            escape(&shown),
            escape(&share(*synthetic)),
        );
    }
    format!(
        r#"<svg class="chart" viewBox="0 0 {WIDTH} {:.0}" role="img" aria-label="real and synthetic shares">{svg}</svg>"#,
        pairs.len() as f64 * ROW + 2.0
    )
}

/// Draws levels as paired bars.
pub(super) fn levels(levels: &Levels, rows_known: Sides<u64>, k: u32) -> String {
    let mut shown: Vec<Pair> = levels
        .shown
        .iter()
        .map(|level| Pair {
            label: match level.label.trim().is_empty() {
                true => "(empty)".into(),
                false => level.label.clone(),
            },
            counts: level.counts,
        })
        .collect();
    let others = levels.other_levels.real.max(levels.other_levels.synthetic);
    if others > 0 {
        let real = levels.other.real;
        shown.push(Pair {
            label: format!("{} others", whole(others)),
            counts: Sides {
                real: (real == 0 || real >= u64::from(k)).then_some(real),
                synthetic: Some(levels.other.synthetic),
            },
        });
    }
    let totals = Sides {
        real: rows_known.real as f64,
        synthetic: rows_known.synthetic as f64,
    };
    pairs(&shown, totals, k, LABEL)
}

/// Draws fan-outs as paired bars, without those that no parent has.
pub(super) fn fan_outs(fan_outs: &[FanOut], parents: Sides<u64>, k: u32) -> String {
    let shown: Vec<Pair> = fan_outs
        .iter()
        .filter(|it| it.counts.real != Some(0) || it.counts.synthetic != Some(0))
        .map(|it| Pair {
            label: match it.most {
                Some(most) if most == it.least => whole(most),
                Some(most) => format!("{} to {}", whole(it.least), whole(most)),
                None => format!("{} or more", whole(it.least)),
            },
            counts: it.counts,
        })
        .collect();
    let totals = Sides {
        real: parents.real as f64,
        synthetic: parents.synthetic as f64,
    };
    pairs(&shown, totals, k, LABEL)
}

/// Draws which columns are NULL together as paired bars.
pub(super) fn null_patterns(patterns: &[NullPattern], rows: Sides<u64>, k: u32) -> String {
    let shown: Vec<Pair> = patterns
        .iter()
        .map(|pattern| Pair {
            label: match pattern.columns.is_empty() {
                true => "nothing NULL".into(),
                false => pattern.columns.join(" + "),
            },
            counts: pattern.counts,
        })
        .collect();
    let totals = Sides {
        real: rows.real as f64,
        synthetic: rows.synthetic as f64,
    };
    pairs(&shown, totals, k, WIDE_LABEL)
}

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
pub(super) fn trends(trends: &[Trend]) -> [String; 2] {
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
pub(super) fn intertable(trends: &[Trend]) -> [String; 3] {
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

/// Draws the joint distribution of two columns, real beside synthetic: numbers as a scatter of
/// cells, levels as a mosaic.
pub(super) fn picture(picture: &Picture, k: u32) -> String {
    let scatter = matches!(picture.axes, [Axis::Bins(..), Axis::Bins(..)]);
    let one = |cells: &[Count]| match scatter {
        true => density(picture, cells, k),
        false => mosaic(picture, cells, k),
    };
    // Synthetic rows have nothing to hide, but are drawn by the same rule to look the same.
    let synthetic: Vec<Count> = picture
        .cells
        .synthetic
        .iter()
        .map(|count| count.filter(|rows| *rows == 0 || *rows >= u64::from(k)))
        .collect();
    format!(
        r#"<div class="twins"><figure>{}<figcaption>real</figcaption></figure><figure>{}<figcaption>synthetic</figcaption></figure></div>"#,
        one(&picture.cells.real),
        one(&synthetic)
    ) + &legend(picture, scatter)
}

/// Names the cells of a mosaic, which its ends alone cannot.
fn legend(picture: &Picture, scatter: bool) -> String {
    let names = [&picture.axes[0], &picture.axes[1]].map(cells_of);
    if scatter || names[1].len() > 8 {
        return String::new();
    }
    let mut key: String = names[1]
        .iter()
        .enumerate()
        .map(|(idx, name)| {
            let class = palette(idx, names[1].len());
            let name = escape(&shorten(name, 24));
            format!(r#"<span><i class="m{class}"></i>{name}</span>"#)
        })
        .collect();
    if names[0].len() <= 8 {
        let names: Vec<String> = names[0].iter().map(|name| shorten(name, 24)).collect();
        key.push_str(&format!(
            "<span>left to right: {}</span>",
            escape(&names.join(" · "))
        ));
    }
    format!(r#"<p class="key legend">{key}</p>"#)
}

const SIDE: f64 = 150.0;

fn density(picture: &Picture, cells: &[Count], k: u32) -> String {
    let [Axis::Bins(x_unit, x_edges), Axis::Bins(y_unit, y_edges)] = &picture.axes else {
        return String::new();
    };
    let (n_x, n_y) = (picture.axes[0].len(), picture.axes[1].len());
    let most = cells
        .iter()
        .fold(1.0_f64, |most, count| most.max(rows(*count, k)));
    let total: f64 = cells.iter().map(|count| rows(*count, k)).sum();
    let (width, height) = (SIDE / n_x as f64, SIDE / n_y as f64);
    let mut svg = String::new();
    for (idx, count) in cells.iter().enumerate() {
        let amount = rows(*count, k);
        if amount <= 0.0 {
            continue;
        }
        let (x, y) = (idx / n_y, idx % n_y);
        // The root lets thin cells show beside thick ones.
        let opacity = (amount / most).sqrt().max(0.06);
        let class = if count.is_none() { "dot few" } else { "dot" };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="{width:.1}" height="{height:.1}" fill-opacity="{opacity:.2}"><title>{}</title></rect>"#,
            x as f64 * width,
            SIDE - (y + 1) as f64 * height,
            told(*count, k, total)
        );
    }
    let ends = |unit: Unit, edges: &[f64]| {
        let (first, last) = (edges[0], edges[edges.len() - 1]);
        bounds(unit, first, last, last - first)
    };
    let (x_ends, y_ends) = (ends(*x_unit, x_edges), ends(*y_unit, y_edges));
    framed(
        &svg,
        [&x_ends.0, &x_ends.1],
        [&y_ends.0, &y_ends.1],
        &picture.columns,
    )
}

/// Frames a square of 150 with its axes.
fn framed(svg: &str, x: [&str; 2], y: [&str; 2], names: &[String; 2]) -> String {
    format!(
        concat!(
            r#"<svg class="pair" viewBox="-26 -4 184 186" role="img" aria-label="joint distribution">{svg}"#,
            r#"<path class="axis" d="M0 0V150H150"/>"#,
            r#"<text x="0" y="162">{x0}</text><text x="150" y="162" text-anchor="end">{x1}</text>"#,
            r#"<text class="name" x="75" y="175" text-anchor="middle">{xn}</text>"#,
            r#"<text transform="rotate(-90 -4 150)" x="-4" y="150">{y0}</text>"#,
            r#"<text transform="rotate(-90 -4 0)" x="-4" y="0" text-anchor="end">{y1}</text>"#,
            r#"<text class="name" transform="rotate(-90 -16 75)" x="-16" y="75" text-anchor="middle">{yn}</text></svg>"#
        ),
        svg = svg,
        x0 = escape(&shorten(x[0], 12)),
        x1 = escape(&shorten(x[1], 12)),
        y0 = escape(&shorten(y[0], 12)),
        y1 = escape(&shorten(y[1], 12)),
        xn = escape(&shorten(&names[0], 24)),
        yn = escape(&shorten(&names[1], 24)),
    )
}

/// Returns the names of an axis's cells.
fn cells_of(axis: &Axis) -> Vec<String> {
    match axis {
        Axis::Levels(levels) => levels.clone(),
        Axis::Bins(unit, edges) => {
            let span = edges.last().copied().unwrap_or(0.0) - edges.first().copied().unwrap_or(0.0);
            let pairs = edges.windows(2);
            pairs
                .map(|pair| range(*unit, pair[0], pair[1], span))
                .collect()
        }
    }
}

/// Draws a column for each cell of the first axis, as wide as its share of the rows, cut by
/// the shares of the second axis within it.
fn mosaic(picture: &Picture, cells: &[Count], k: u32) -> String {
    let names = [cells_of(&picture.axes[0]), cells_of(&picture.axes[1])];
    let n_y = names[1].len();
    if n_y == 0 {
        return String::new();
    }
    let columns: Vec<f64> = cells
        .chunks(n_y)
        .map(|column| column.iter().map(|count| rows(*count, k)).sum())
        .collect();
    let total: f64 = columns.iter().sum::<f64>().max(1e-12);
    let (mut svg, mut left) = (String::new(), 0.0);
    for ((column, of_column), name) in cells.chunks(n_y).zip(&columns).zip(&names[0]) {
        let width = SIDE * of_column / total;
        let mut bottom = SIDE;
        for ((idx, count), level) in column.iter().enumerate().zip(&names[1]) {
            let amount = rows(*count, k);
            if amount <= 0.0 {
                continue;
            }
            let height = SIDE * amount / of_column.max(1e-12);
            bottom -= height;
            let few = if count.is_none() { " few" } else { "" };
            let _ = write!(
                svg,
                r#"<rect class="m{}{few}" x="{left:.1}" y="{bottom:.1}" width="{width:.1}" height="{height:.1}"><title>{} × {}: {}</title></rect>"#,
                palette(idx, n_y),
                escape(name),
                escape(level),
                told(*count, k, total)
            );
        }
        left += width;
    }
    let ends = |names: &[String]| {
        let end = |name: Option<&String>| name.cloned().unwrap_or_default();
        match names {
            [_] | [] => [end(names.first()), String::new()],
            names => [end(names.first()), end(names.last())],
        }
    };
    let (x, y) = (ends(&names[0]), ends(&names[1]));
    framed(&svg, [&x[0], &x[1]], [&y[0], &y[1]], &picture.columns)
}

/// Returns one of eight colours; bins and levels alike run from the first to the last.
fn palette(idx: usize, count: usize) -> usize {
    match count {
        0..=8 => idx.min(7),
        count => idx * 8 / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (1234.4, "1234"),
            (12345.6, "12,346"),
            (-0.5, "−0.5"),
            (-2500.0, "−2500"),
            (12.3456, "12.35"),
            (1_234_567.0, "1.23M"),
            (0.00001, "1.00e-5"),
            (1e300, "1.00e300"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(whole(1_234_567), "1,234,567");
        assert_eq!(share(0.0004), "<0.1%");
    }

    #[test]
    fn days_are_in_the_calendar() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (-719_468, "0000-03-01"),
        ] {
            assert_eq!(date(days), text);
        }
        assert_eq!(date(i64::MAX), "beyond the calendar");
        let noon = 43_200e9;
        assert_eq!(
            value(Unit::Timestamp, noon, 3.0 * 86_400e9),
            "1970-01-01 12:00"
        );
    }

    #[test]
    fn text_is_escaped_and_cut_between_letters() {
        assert_eq!(
            escape("<a href='x'>\u{1}&"),
            "&lt;a href=&#39;x&#39;&gt; &amp;"
        );
        assert_eq!(shorten("größer als", 6), "größe…");
        assert_eq!(shorten("kurz", 6), "kurz");
    }
}
