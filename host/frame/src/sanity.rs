//! Checks of sanity: copies of real rows, closeness to them, real values in generated columns.
//!
//! They can show that something is wrong. They cannot show that all is well: a model can leak
//! without ever repeating a row, and rows of a small domain repeat in any two samples. So each
//! number stands beside that of the two real halves, and is called what it is.

use std::collections::HashMap;

use prodlike_core::evidence::{
    Closest, NullPattern, RepeatKind, Repeats, Sanity, Sides, rounded, told_share,
};
use prodlike_core::schema::{SemanticKind, SemanticType, Table};

use crate::Error;
use crate::column::Column;
use crate::halves::LEAST_ROWS;
use crate::hash::{self, mix};
use crate::keys;
use crate::tables::{Tables, Values, Variable, pick};

/// Rows whose closest record is looked for, and rows it is looked for among.
const SAMPLED: usize = 2_000;

/// Looks for copies of rows and for rows that come close to others.
pub(crate) fn sanity(variables: &[Variable<'_>], halves: Sides<&[u32]>, k: u32) -> Option<Sanity> {
    let readable: Vec<&Variable<'_>> = variables
        .iter()
        .filter(|variable| !matches!(variable.values, Values::Unreadable(_)))
        .collect();
    // Rows of one column are values, not records.
    if readable.len() < 2 {
        return None;
    }
    let rows = Sides {
        real: row_hashes(&readable, true),
        synthetic: row_hashes(&readable, false),
    };
    if rows.real.is_empty() || rows.synthetic.is_empty() {
        return None;
    }
    let enough = rows.real.len() >= LEAST_ROWS && rows.synthetic.len() >= LEAST_ROWS;
    let against_half = enough.then(|| {
        let half = sorted(&pick(&rows.real, Some(halves.real)));
        let share =
            |rows: &[u128], k: u32| told_share(contained(rows, &half) as u64, rows.len() as u64, k);
        Sides {
            real: share(&pick(&rows.real, Some(halves.synthetic)), k),
            synthetic: share(&rows.synthetic, 0),
        }
    });
    Some(Sanity {
        columns: readable.iter().map(|it| it.name.to_string()).collect(),
        rows: rows.synthetic.len() as u64,
        copies: contained(&rows.synthetic, &sorted(&rows.real)) as u64,
        against_half,
        closest: enough.then(|| closest(&readable, halves, rows.synthetic.len())),
    })
}

fn row_hashes(variables: &[&Variable<'_>], real: bool) -> Vec<u128> {
    let mut hashes: Vec<u128> = Vec::new();
    for (idx, variable) in (1_u64..).zip(variables) {
        let mut fold = |row: usize, value: u64| {
            if row == hashes.len() {
                hashes.push(0);
            }
            let hash = &mut hashes[row];
            let (high, low) = ((*hash >> 64) as u64, *hash as u64);
            let value = mix(value.wrapping_add(mix(idx)));
            let (high, low) = (mix(high ^ value), mix(low.rotate_left(7) ^ value));
            *hash = u128::from(high) << 64 | u128::from(low);
        };
        match &variable.values {
            Values::Numbers(sides) => {
                let values = if real { &sides.real } else { &sides.synthetic };
                for (row, value) in values.iter().enumerate() {
                    // Both zeros are one, and so are all NaNs.
                    let value = if value.is_nan() {
                        f64::NAN
                    } else {
                        value + 0.0
                    };
                    fold(row, value.to_bits());
                }
            }
            Values::Levels { codes, .. } => {
                let values = if real { &codes.real } else { &codes.synthetic };
                for (row, code) in values.iter().enumerate() {
                    fold(row, u64::from(*code));
                }
            }
            Values::Unreadable(_) => {}
        }
    }
    hashes
}

fn sorted(hashes: &[u128]) -> Vec<u128> {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

fn contained(rows: &[u128], of: &[u128]) -> usize {
    rows.iter()
        .filter(|row| of.binary_search(row).is_ok())
        .count()
}

/// One column of the sampled rows, ready to be compared.
enum Compare {
    /// Numbers by their range; NaN is NULL.
    Number(Vec<f32>),
    Level(Vec<u32>),
}

fn closest(variables: &[&Variable<'_>], halves: Sides<&[u32]>, synthetic: usize) -> Closest {
    let of_half = |half: &[u32]| -> Vec<u32> {
        let picked = hash::sample(half.len(), SAMPLED);
        picked.iter().map(|row| half[*row as usize]).collect()
    };
    let (first, second) = (of_half(halves.real), of_half(halves.synthetic));
    let made = hash::sample(synthetic, SAMPLED);
    let mut sets = [Vec::new(), Vec::new(), Vec::new()];
    for variable in variables {
        match &variable.values {
            Values::Numbers(sides) => {
                let picked = [
                    pick(&sides.real, Some(&first)),
                    pick(&sides.real, Some(&second)),
                    pick(&sides.synthetic, Some(&made)),
                ];
                let known = || picked[0].iter().copied().filter(|value| value.is_finite());
                let least = known().fold(f64::INFINITY, f64::min);
                let greatest = known().fold(f64::NEG_INFINITY, f64::max);
                let range = (greatest / 2.0 - least / 2.0) * 2.0;
                let range = if range > 0.0 && range.is_finite() {
                    range
                } else {
                    1.0
                };
                for (set, values) in sets.iter_mut().zip(picked) {
                    let scaled = values.iter().map(|value| ((value - least) / range) as f32);
                    set.push(Compare::Number(scaled.collect()));
                }
            }
            Values::Levels { codes, .. } => {
                let picked = [
                    pick(&codes.real, Some(&first)),
                    pick(&codes.real, Some(&second)),
                    pick(&codes.synthetic, Some(&made)),
                ];
                for (set, codes) in sets.iter_mut().zip(picked) {
                    set.push(Compare::Level(codes.into_owned()));
                }
            }
            Values::Unreadable(_) => {}
        }
    }
    let [reference, real, synthetic] = sets;
    let real = distances(&real, &reference, second.len(), first.len());
    let synthetic = distances(&synthetic, &reference, made.len(), first.len());
    let at = |sorted: &[f32], share: f64| {
        let last = sorted.len().saturating_sub(1);
        sorted
            .get((last as f64 * share) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let near = at(&real, 0.05);
    let closer = synthetic
        .iter()
        .filter(|distance| **distance < near)
        .count();
    Closest {
        sampled: made.len() as u64,
        median: Sides {
            real: f64::from(at(&real, 0.5)),
            synthetic: f64::from(at(&synthetic, 0.5)),
        },
        closer: closer as f64 / synthetic.len().max(1) as f64,
    }
}

/// Returns the distance of each row to the closest one of the reference, ascending.
fn distances(
    rows: &[Compare],
    reference: &[Compare],
    n_rows: usize,
    n_reference: usize,
) -> Vec<f32> {
    let mut closest = Vec::with_capacity(n_rows);
    let mut distances = vec![0.0_f32; n_reference];
    for row in 0..n_rows {
        distances.fill(0.0);
        for pair in rows.iter().zip(reference) {
            match pair {
                (Compare::Number(values), Compare::Number(others)) => {
                    let value = values[row];
                    for (distance, other) in distances.iter_mut().zip(others) {
                        let gap = (value - other).abs();
                        // One of both is NULL, or infinite: as far as can be.
                        let same = value.is_nan() && other.is_nan() || value == *other;
                        *distance += match (same, gap < 1.0) {
                            (true, _) => 0.0,
                            (false, true) => gap,
                            (false, false) => 1.0,
                        };
                    }
                }
                (Compare::Level(values), Compare::Level(others)) => {
                    let value = values[row];
                    for (distance, other) in distances.iter_mut().zip(others) {
                        *distance += f32::from(u8::from(value != *other));
                    }
                }
                _ => {}
            }
        }
        let least = distances.iter().copied().fold(f32::INFINITY, f32::min);
        closest.push(least / rows.len().max(1) as f32);
    }
    closest.sort_unstable_by(f32::total_cmp);
    closest
}

/// Returns how often generated columns hold values that their real ones hold too.
pub(crate) fn repeats(
    tables: &Tables<'_>,
    table: usize,
    halves: Sides<&[u32]>,
    k: u32,
) -> Result<Vec<Repeats>, Error> {
    let declared = &tables.schema.tables[table];
    let mut found = Vec::new();
    for names in identifying(declared) {
        let (Ok(real), Ok(synthetic)) = (
            tables.read_columns(true, table, &names)?,
            tables.read_columns(false, table, &names)?,
        ) else {
            continue;
        };
        if real.iter().any(Column::is_boolean) {
            continue;
        }
        let numbered = keys::number(&[&real, &synthetic])?;
        let nulls = [&real, &synthetic].map(|columns| keys::null_rows(columns, false));
        let mut rows = numbered.codes.iter().zip(nulls).map(|(codes, nulls)| {
            let rows = codes.iter().zip(nulls);
            rows.map(|(code, null)| (!null).then_some(*code)).collect()
        });
        let real: Vec<Option<u32>> = rows.next().unwrap_or_default();
        let synthetic: Vec<Option<u32>> = rows.next().unwrap_or_default();
        let shared = |rows: &mut dyn Iterator<Item = Option<u32>>, known: &[bool]| {
            let (mut all, mut repeated) = (0_u64, 0_u64);
            for code in rows.flatten() {
                all += 1;
                repeated += u64::from(known[code as usize]);
            }
            (all, repeated)
        };
        let set = |rows: &mut dyn Iterator<Item = Option<u32>>| {
            let mut known = vec![false; numbered.distinct];
            rows.flatten().for_each(|code| known[code as usize] = true);
            known
        };
        let known = set(&mut real.iter().copied());
        let (all, repeated) = shared(&mut synthetic.iter().copied(), &known);
        let baseline = (real.len() >= LEAST_ROWS)
            .then_some(halves)
            .and_then(|halves| {
                let of = |half: &'_ [u32]| -> Vec<Option<u32>> {
                    half.iter().map(|row| real[*row as usize]).collect()
                };
                let known = set(&mut of(halves.real).into_iter());
                let (all, repeated) = shared(&mut of(halves.synthetic).into_iter(), &known);
                (all > 0).then(|| told_share(repeated, all, k))
            });
        found.push(Repeats {
            kind: kind(declared, &names),
            columns: names,
            rows: all,
            repeated,
            baseline,
        });
    }
    Ok(found)
}

/// Returns the generated columns of a table, and those that name a person together.
fn identifying(table: &Table) -> Vec<Vec<String>> {
    let generated = || {
        table
            .included()
            .filter(|column| column.generator.is_some() && column.semantic.is_identifying())
    };
    let mut found: Vec<Vec<String>> = generated().map(|it| vec![it.name.clone()]).collect();
    let of = |semantic| generated().find(|it| it.semantic == semantic);
    if let (Some(first), Some(last)) = (of(SemanticType::FirstName), of(SemanticType::LastName)) {
        found.push(vec![first.name.clone(), last.name.clone()]);
    }
    found
}

fn kind(table: &Table, names: &[String]) -> RepeatKind {
    use SemanticType as Type;
    let semantic = match names {
        [name] => table.column(name).map(|column| column.semantic),
        _ => Some(Type::FullName),
    };
    match semantic {
        Some(Type::FirstName | Type::LastName | Type::DateOfBirth | Type::Postcode) => {
            RepeatKind::Common
        }
        Some(Type::Uuid | Type::Url | Type::Text) => RepeatKind::Distinctive,
        Some(other) if other.kind() == SemanticKind::Personal => RepeatKind::Distinctive,
        _ => RepeatKind::Common,
    }
}

/// Counts which columns are NULL together: the first 64 that are ever NULL.
#[derive(Default)]
pub(crate) struct NullPatterns {
    columns: Vec<String>,
    rows: Sides<Vec<u64>>,
}

impl NullPatterns {
    /// Adds a column, given which of its rows are NULL.
    pub(crate) fn add(&mut self, name: &str, nulls: Sides<&[bool]>) {
        if self.columns.len() == 64 || !nulls.real.iter().chain(nulls.synthetic).any(|null| *null) {
            return;
        }
        let bit = 1 << self.columns.len();
        self.columns.push(name.to_string());
        let mark = |rows: &mut Vec<u64>, nulls: &[bool]| {
            rows.resize(nulls.len(), 0);
            for (row, null) in rows.iter_mut().zip(nulls) {
                *row |= if *null { bit } else { 0 };
            }
        };
        mark(&mut self.rows.real, nulls.real);
        mark(&mut self.rows.synthetic, nulls.synthetic);
    }

    /// Returns the most frequent patterns that are so in the real or the synthetic data.
    pub(crate) fn most_frequent(self, k: u32, most: usize) -> Vec<NullPattern> {
        let mut counts: HashMap<u64, Sides<u64>> = HashMap::new();
        for pattern in &self.rows.real {
            counts.entry(*pattern).or_default().real += 1;
        }
        for pattern in &self.rows.synthetic {
            counts.entry(*pattern).or_default().synthetic += 1;
        }
        let mut counts: Vec<(u64, Sides<u64>)> = counts.into_iter().collect();
        let n_real = self.rows.real.len().max(1) as f64;
        let n_synthetic = self.rows.synthetic.len().max(1) as f64;
        let share = |rows: &Sides<u64>| {
            (rows.real as f64 / n_real).max(rows.synthetic as f64 / n_synthetic)
        };
        counts.sort_by(|left, right| {
            let order = share(&right.1).total_cmp(&share(&left.1));
            order.then(left.0.cmp(&right.0))
        });
        counts
            .into_iter()
            .filter_map(|(pattern, rows)| {
                let real = rounded(rows.real, k)?;
                let columns = self.columns.iter().enumerate();
                let columns = columns.filter(|(idx, _)| pattern >> idx & 1 == 1);
                Some(NullPattern {
                    columns: columns.map(|(_, name)| name.clone()).collect(),
                    counts: Sides {
                        real: Some(real),
                        synthetic: Some(rows.synthetic),
                    },
                })
            })
            .take(most)
            .collect()
    }
}
