//! Which numbers are drawn as their distance to another one of the same row, told by held-out
//! bits.

use prodlike_core::model::{Shift, Target};
use prodlike_core::schema::Table;
use prodlike_models::codec::{Codec, MAX_SYMBOLS, Unit};
use prodlike_models::teacher;
use rayon::prelude::*;

use super::encode::Floor;
use super::features::{Few, Learning};
use super::finer::day;
use super::{Fitter, Variable};

/// Symbols from which a number may be a distance: fewer are as easily told themselves.
const MANY: usize = 24;
/// Bits a row that a distance must save.
const SAVED: f64 = 0.05;
/// Rows by which distances are judged.
const JUDGED: usize = 1 << 13;

/// A variable as a distance to another one.
pub(super) struct Shifted {
    /// `base` is the variable's index in the encoding.
    pub(super) shift: Shift,
    /// One a row.
    pub(super) symbols: Vec<u8>,
}

impl Fitter<'_> {
    /// Finds the distances that say more than the values, parallel to `variables`, which are drawn
    /// in `order`.
    pub(super) fn shifts(
        &self,
        table: usize,
        known: &Learning,
        variables: &[Variable],
        order: &[usize],
    ) -> Vec<Option<Shifted>> {
        let schema = &self.schema.tables[table];
        let rows: Vec<u32> = (0..known.held_out.len() as u32).collect();
        let few = Few::new(known, teacher::thin(&rows, JUDGED));
        let given: Vec<Vec<u8>> = known.symbols.iter().map(|it| few.of(it)).collect();
        let own: Vec<Vec<u8>> = variables.iter().map(|it| few.of(&it.symbols)).collect();
        let bits = |place: usize, target: &[u8], symbols: usize| {
            let earlier = order[..place].iter().map(|&it| own[it].as_slice());
            let features: Vec<&[u8]> = given.iter().map(Vec::as_slice).chain(earlier).collect();
            few.bits(target, symbols, &features)
        };
        let mut found: Vec<Option<Shifted>> = variables.iter().map(|_| None).collect();
        for (place, &index) in order.iter().enumerate() {
            let variable = &variables[index];
            if variable.formula.is_some() {
                continue;
            }
            let Some(scale) = scale(schema, variable) else {
                continue;
            };
            let bases = order[..place].iter().copied();
            let bases = bases.filter(|&base| self::scale(schema, &variables[base]) == Some(scale));
            let candidates: Vec<Shifted> = bases
                .filter_map(|base| shifted(variable, (base, &variables[base]), self.floor(table)))
                .collect();
            if candidates.is_empty() {
                continue;
            }
            let alone = bits(place, &own[index], variable.codec.symbols());
            let costs: Vec<f64> = candidates
                .par_iter()
                .map(|it| bits(place, &few.of(&it.symbols), it.shift.symbols))
                .collect();
            let best = costs
                .iter()
                .zip(candidates)
                .min_by(|a, b| a.0.total_cmp(b.0));
            if let Some((cost, candidate)) = best.filter(|(cost, _)| alone - **cost > SAVED) {
                tracing::debug!(
                    "{}: {alone:.3} bits a row, {cost:.3} as a distance",
                    schema.name
                );
                found[index] = Some(candidate);
            }
        }
        found
    }
}

/// What distances between two variables could mean: both are times, or both are numbers of which
/// nearly every bin is one.
fn scale(schema: &Table, variable: &Variable) -> Option<bool> {
    let (
        Target::Column(column),
        Codec::Integer {
            bins,
            unit: Unit::Tick,
            specials,
            ..
        },
    ) = (variable.target, &variable.codec)
    else {
        return None;
    };
    let is_time = day(&schema.columns[column].data_type).is_some();
    let single = bins.iter().filter(|bin| bin.count == 1).count();
    let is_scale =
        bins.len() >= MANY && specials.is_empty() && (is_time || 10 * single >= 9 * bins.len());
    is_scale.then_some(is_time)
}

fn shifted(
    variable: &Variable,
    (index, base): (usize, &Variable),
    floor: Floor<'_>,
) -> Option<Shifted> {
    let [null, base_null] = [variable, base].map(|it| u8::from(it.codec.is_nullable()));
    let mut bins: Vec<u8> = (base.symbols.iter())
        .filter_map(|symbol| symbol.checked_sub(base_null))
        .collect();
    bins.sort_unstable();
    let missing = *bins.get(bins.len() / 2)?;
    let distance = |row: usize| -> Option<i64> {
        let bin = variable.symbols[row].checked_sub(null)?;
        let base = base.symbols[row].checked_sub(base_null).unwrap_or(missing);
        Some(i64::from(bin) - i64::from(base))
    };
    let rows = variable.symbols.len();
    // Distances that enough entities share; others become the nearest of those.
    let slot = |distance: i64| (distance + 256) as usize;
    let entities = floor.count(513, |row| distance(row).map(slot), rows);
    let mut counts = vec![0u32; 513];
    (0..rows)
        .filter_map(distance)
        .for_each(|it| counts[slot(it)] += 1);
    let kept: Vec<i64> = (-256..=256)
        .filter(|&it| {
            counts[slot(it)] > 0 && entities[slot(it)] >= floor.k && counts[slot(it)] >= floor.k
        })
        .collect();
    let (least, most) = (*kept.first()?, *kept.last()?);
    let symbols = (most - least + 2) as usize;
    if symbols > MAX_SYMBOLS {
        return None;
    }
    let nearest = |distance: i64| {
        let above = kept
            .partition_point(|&it| it < distance)
            .min(kept.len() - 1);
        let below = above.saturating_sub(1);
        match distance - kept[below] < kept[above] - distance {
            true => kept[below],
            false => kept[above],
        }
    };
    let symbol = |row: usize| distance(row).map_or(0, |it| 1 + (nearest(it) - least) as u8);
    Some(Shifted {
        shift: Shift {
            base: index,
            least,
            symbols,
            missing,
        },
        symbols: (0..rows).map(symbol).collect(),
    })
}
