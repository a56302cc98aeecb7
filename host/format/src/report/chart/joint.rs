//! Joint distributions of two columns: scatters and mosaics.

use std::fmt::Write as _;

use prodlike_core::evidence::{Axis, Count, Picture, Unit};

use super::words::{bounds, escape, range, rows, shorten, told};

/// Draws the joint distribution of two columns, real beside synthetic: numbers as a scatter of
/// cells, levels as a mosaic.
pub(in crate::report) fn picture(picture: &Picture, k: u32) -> String {
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
