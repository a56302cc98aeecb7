//! Small drawings as inline SVG.
//!
//! Colours are classes that the page's style sheet fills in, so that one drawing serves light,
//! dark and paper. Real is an area, synthetic a line or a solid bar: the two differ in form
//! too, for readers and printers without colours. Every mark has a `<title>`, which is what a
//! pointer held over it shows.

use std::fmt::Write as _;

use prodlike_core::evidence::{Count, FanOut, Histogram, Levels, NullPattern, Sides};

mod heat;
mod joint;
mod words;

pub(super) use heat::{intertable, trends};
pub(super) use joint::picture;
pub(super) use prodlike_core::words::thousands as whole;
use words::{bounds, range, rows, told};
pub(super) use words::{escape, number, share, shorten, value};

/// Room for the names of levels, and for those of several columns.
const LABEL: f64 = 122.0;
const WIDE_LABEL: f64 = 186.0;

/// Lays two histograms over each other. The bars at the far ends are what lies beyond.
pub(super) fn histogram(histogram: &Histogram, k: u32) -> String {
    const WIDTH: f64 = 360.0;
    const HEIGHT: f64 = 96.0;
    const TOP: f64 = 6.0;
    const TAIL: f64 = 12.0;
    const GAP: f64 = 5.0;
    // Room for how much the highest bar is.
    const SCALE: f64 = 30.0;
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
    let scale = format!(
        r#"<path class="axis" d="M0 {TOP}H{WIDTH}"/><text class="num" x="-4" y="{:.1}" text-anchor="end">{}</text>"#,
        TOP + 4.0,
        escape(&share(most))
    );
    format!(
        r#"<svg class="chart" viewBox="-{SCALE} 0 {} 118" role="img" aria-label="real and synthetic distribution">{scale}{svg}<path class="s" d="{line}"/><path class="axis" d="M0 {HEIGHT}H{WIDTH}"/>{ticks}{hits}</svg>"#,
        WIDTH + SCALE
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
    let none = Sides {
        real: Some(0),
        synthetic: Some(0),
    };
    if levels.other != none {
        let others = levels.other_levels.real;
        let others = others.map(|real| real.max(levels.other_levels.synthetic.unwrap_or(0)));
        shown.push(Pair {
            label: others.map_or("others".into(), |others| {
                format!("{} others", whole(others))
            }),
            counts: levels.other,
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
