//! The joint distributions of the pairs that came out worst.

use prodlike_core::evidence::{Count, Picture, Sides, Trend, rounded};

use crate::Error;
use crate::overlay::{self, Cut};
use crate::tables::{Selection, Tables, Values, Variable};

/// Pairs that are drawn of those that count.
const WORST: usize = 4;
/// Pairs that are drawn of those that the synthetic data alone has related.
const SPURIOUS: usize = 2;
/// A pair below this is drawn.
const GOOD: f64 = 0.97;
/// What two statistics must differ by to be drawn though the pair does not count.
const GAP: f64 = 0.2;
/// Levels of a column in a picture, besides all others.
const LEVELS: usize = 7;
const MOST_BINS: usize = 16;
const FEWEST_BINS: usize = 4;

/// Draws the worst pairs of a table, or of a parent and a child.
pub(crate) fn worst(
    tables: &Tables<'_>,
    idx: [usize; 2],
    variables: [&[Variable<'_>]; 2],
    selections: [Selection<'_>; 2],
    trends: &[Trend],
) -> Result<Vec<Picture>, Error> {
    let k = tables.floor(idx[0]).max(tables.floor(idx[1]));
    let mut counted: Vec<(f64, &Trend)> = trends
        .iter()
        .filter(|trend| trend.counted)
        .filter_map(|trend| Some((trend.similarity?, trend)))
        .collect();
    counted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut spurious: Vec<(f64, &Trend)> = trends
        .iter()
        .filter(|trend| !trend.counted)
        .filter_map(|trend| Some(((trend.real? - trend.synthetic?).abs(), trend)))
        .filter(|(gap, _)| *gap > GAP)
        .collect();
    spurious.sort_by(|left, right| right.0.total_cmp(&left.0));
    let first = counted.iter().take(1);
    let others = counted.iter().take(WORST).skip(1);
    let chosen = first
        .chain(others.filter(|(score, _)| *score < GOOD))
        .chain(spurious.iter().take(SPURIOUS));
    let pictures = chosen.filter_map(|(_, trend)| {
        let find = |side: usize| {
            let variables = variables[side].iter();
            variables.clone().find(|it| it.name == trend.columns[side])
        };
        draw(tables, idx, [find(0)?, find(1)?], selections, trend, k)
    });
    Ok(pictures.collect())
}

fn draw(
    tables: &Tables<'_>,
    idx: [usize; 2],
    pair: [&Variable<'_>; 2],
    selections: [Selection<'_>; 2],
    trend: &Trend,
    k: u32,
) -> Option<Picture> {
    let rows = match &pair[1].values {
        Values::Numbers(sides) => sides.real.len(),
        Values::Levels { codes, .. } => codes.real.len(),
        Values::Unreadable(_) => return None,
    };
    // So many cells that most of them hold enough rows to be told.
    let bins = (rows as f64 / f64::from(2 * k.max(1))).sqrt() as usize;
    let bins = bins.clamp(FEWEST_BINS, MOST_BINS);
    let cut = |side: usize| overlay::cut(tables, idx[side], pair[side], k, bins, LEVELS.min(bins));
    let cuts = [cut(0)?, cut(1)?];
    let [height, width] = [cuts[0].axis.len(), cuts[1].axis.len()];
    let picked = [0, 1].map(|side: usize| selections[side].of(&cuts[side].cells));
    let count = |left: &[u8], right: &[u8], k: u32| -> Vec<Count> {
        let mut counts = vec![0_u64; height * width];
        for (left, right) in left.iter().zip(right) {
            let (left, right) = (usize::from(*left), usize::from(*right));
            if left < height && right < width {
                counts[left * width + right] += 1;
            }
        }
        counts.into_iter().map(|rows| rounded(rows, k)).collect()
    };
    let cells = Sides {
        real: count(&picked[0].real, &picked[1].real, k),
        synthetic: count(&picked[0].synthetic, &picked[1].synthetic, 0),
    };
    let [Cut { axis: first, .. }, Cut { axis: second, .. }] = cuts;
    Some(Picture {
        columns: trend.columns.clone(),
        metric: trend.metric,
        score: trend.similarity,
        baseline: None,
        axes: [first, second],
        cells,
    })
}
