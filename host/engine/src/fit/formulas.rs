//! Numbers that others of their row give: sums, differences, products, copies, times of day.
//!
//! What is computed from two other columns in every row of the sample is not drawn: of the
//! columns that a relation ties, that one is computed whose values say most: a small difference is
//! lost between two great numbers, not the other way round.

use std::collections::BTreeMap;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use prodlike_core::formula::{Formula, Operation, minutes};
use prodlike_core::model::Target;
use prodlike_core::schema::{Column, DataType, Table};
use prodlike_models::codec::{Codec, IntegerBin, Unit};
use prodlike_models::teacher;

use super::Variable;
use super::encode::{self, Floor};
use super::features::entropy;
use super::judge::width;

/// Most columns that are looked at: relations grow with their cube.
const MOST: usize = 160;
/// Rows that a relation must first hold in.
const TRIED: usize = 256;
/// Rows of them that must not hold by chance: neither term leaves the other as it is.
const TELLING: usize = 8;
/// As many of all rows.
const TELLING_ROWS: usize = 30;
/// The greatest factor of a multiple.
const FACTOR: i64 = 1_000_000;
/// Fewest distinct values of a time of day, and the greatest of them.
const TIMES: (usize, i64) = (24, 1000);

/// A column that may be part of a relation.
struct Number {
    /// An index of variables.
    variable: usize,
    is_date: bool,
    /// Digits after the point.
    decimals: u32,
    is_time: bool,
    /// How midnight is written.
    midnight: i64,
    /// Bits a row of its values.
    bits: f64,
    /// The values of the rows that relations are tried in.
    tried: Vec<Option<i64>>,
}

/// What one of the columns of a relation is, given the others.
struct Computed {
    target: usize,
    terms: [usize; 2],
    operation: Operation,
}

/// Finds the formulas of a table's variables, parallel to them: terms are variables.
pub(super) fn formulas(
    schema: &Table,
    batch: &RecordBatch,
    variables: &[Variable],
    floor: Floor<'_>,
) -> Vec<Option<Formula>> {
    let rows: Vec<u32> = (0..batch.num_rows() as u32).collect();
    let tried = teacher::thin(&rows, TRIED);
    let numbers = (0..variables.len()).filter_map(|variable| {
        Number::new(schema, batch, (variable, &variables[variable]), &tried)
    });
    let mut search = Search {
        schema,
        batch,
        variables,
        floor,
        numbers: numbers.take(MOST).collect(),
        found: vec![None; variables.len()],
        values: BTreeMap::new(),
    };
    // What is another once more need not be part of sums as well.
    search.settle(multiples(&search.numbers));
    let is_found = |number: &Number| search.found[number.variable].is_some();
    let numbers = std::mem::take(&mut search.numbers);
    search.numbers = numbers.into_iter().filter(|it| !is_found(it)).collect();
    search.settle(relations(&search.numbers));
    search.found
}

/// What is known of a table's formulas.
struct Search<'a> {
    schema: &'a Table,
    batch: &'a RecordBatch,
    variables: &'a [Variable],
    floor: Floor<'a>,
    numbers: Vec<Number>,
    /// Parallel to the variables.
    found: Vec<Option<Formula>>,
    /// The values of all rows, of variables that were asked for.
    values: BTreeMap<usize, Vec<Option<i64>>>,
}

impl Search<'_> {
    /// Chooses for each relation which of its columns is computed: first for those of
    /// which fewest terms are missing, then for those that leave least choice, then where most bits
    /// are saved.
    fn settle(&mut self, mut relations: Vec<Vec<Computed>>) {
        loop {
            for ways in &mut relations {
                ways.retain(|way| self.is_open(way));
            }
            relations.retain(|ways| !ways.is_empty());
            let missing = |way: &Computed| self.missing(way);
            let least = |ways: &[Computed]| ways.iter().map(missing).min();
            let bits = |way: &Computed| self.numbers[way.target].bits;
            let most = |ways: &[Computed]| ways.iter().map(bits).fold(0.0, f64::max);
            // Of relations that save the same, that which leaves least open.
            let whole = |ways: &[Computed]| {
                let columns = ways.first().map(Computed::columns).into_iter().flatten();
                columns.map(|it| self.numbers[it].bits).sum::<f64>()
            };
            let next = relations.iter().enumerate().min_by(|(_, a), (_, b)| {
                let missing = least(a).cmp(&least(b));
                let choice = a.len().cmp(&b.len());
                let saved = most(b).total_cmp(&most(a));
                missing
                    .then(choice)
                    .then(saved)
                    .then(whole(a).total_cmp(&whole(b)))
            });
            let Some((next, _)) = next else { return };
            let mut ways = relations.remove(next);
            ways.sort_by(|a, b| (missing(a).cmp(&missing(b))).then(bits(b).total_cmp(&bits(a))));
            if let Some(way) = ways.into_iter().find(|way| self.holds(way)) {
                let [of, left, right] = way.columns().map(|it| self.numbers[it].variable);
                let name = |variable: usize| match self.variables[variable].target {
                    Target::Column(column) => self.schema.columns[column].name.as_str(),
                    _ => "",
                };
                tracing::info!(
                    "`{}.{}` is computed of `{}` and `{}`",
                    self.schema.name,
                    name(of),
                    name(left),
                    name(right)
                );
                self.found[of] = Some(Formula {
                    left,
                    right,
                    operation: way.operation,
                });
            }
        }
    }

    /// The tenths of rows whose value a term has no value for.
    fn missing(&self, way: &Computed) -> usize {
        let [of, left, right] = way.columns().map(|it| &self.numbers[it].tried);
        let rows = 0..of.len();
        let missing =
            rows.filter(|&row| of[row].is_some() && (left[row].is_none() || right[row].is_none()));
        10 * missing.count() / of.len().max(1)
    }

    /// Whether a column may be computed so: it is not already, and no term is computed of it.
    fn is_open(&self, way: &Computed) -> bool {
        let [target, left, right] = way.columns().map(|it| self.numbers[it].variable);
        let needs = |term: usize| needs(&self.found, term, target);
        self.found[target].is_none() && !needs(left) && !needs(right)
    }

    /// Whether a column is what is computed in every row, and enough of them tell so.
    fn holds(&mut self, way: &Computed) -> bool {
        for number in way.columns() {
            let number = &self.numbers[number];
            self.values
                .entry(number.variable)
                .or_insert_with(|| number.values(self.schema, self.batch, self.variables));
        }
        let columns = way
            .columns()
            .map(|it| &self.values[&self.numbers[it].variable]);
        let [of, left, right] = columns;
        let n = self.batch.num_rows();
        let holds = |row: usize| match (of[row], left[row], right[row]) {
            (Some(of), Some(left), Some(right)) => way.operation.apply(left, right) == Some(of),
            _ => true,
        };
        let tells = |row: usize| of[row].is_some() && tells(way.operation, left[row], right[row]);
        (0..n).all(holds)
            && (0..n).filter(|&row| tells(row)).count() >= TELLING_ROWS
            && self.floor.holds(n, tells)
    }
}

impl Computed {
    fn columns(&self) -> [usize; 3] {
        [self.target, self.terms[0], self.terms[1]]
    }
}

/// How many formulas lead to each variable, so that terms come first.
pub(super) fn depths(variables: &[Variable]) -> Vec<usize> {
    let mut depths = vec![0; variables.len()];
    loop {
        let before = depths.clone();
        for (variable, depth) in variables.iter().zip(&mut depths) {
            if let Some(formula) = variable.formula {
                *depth = 1 + before[formula.left].max(before[formula.right]);
            }
        }
        if depths == before {
            return depths;
        }
    }
}

/// Whether a variable is computed of another, or is it.
fn needs(found: &[Option<Formula>], of: usize, other: usize) -> bool {
    // Each once: terms may be shared many times over.
    let (mut seen, mut open) = (vec![false; found.len()], vec![of]);
    while let Some(it) = open.pop() {
        if !std::mem::replace(&mut seen[it], true) {
            open.extend(found[it].iter().flat_map(|it| [it.left, it.right]));
        }
    }
    seen[other]
}

/// Whether a row in which a relation holds says that it is one: neither term is one that leaves
/// the other as it is.
fn tells(operation: Operation, left: Option<i64>, right: Option<i64>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return false;
    };
    match operation {
        Operation::Sum {
            factors: [_, 0], ..
        } => true,
        Operation::Sum { .. } => left != 0 && right != 0,
        Operation::Product { .. } => !(-1..=1).contains(&left) && !(-1..=1).contains(&right),
        Operation::Clock { .. } => right != 0,
    }
}

/// Columns that are others, or multiples of them, in all rows that were tried.
fn multiples(numbers: &[Number]) -> Vec<Vec<Computed>> {
    let pairs = (0..numbers.len()).flat_map(|a| (0..numbers.len()).map(move |b| [b, a]));
    let pairs = pairs.filter(|[b, a]| a != b);
    pairs
        .filter_map(|pair| kept(numbers, multiple(numbers, pair)))
        .collect()
}

/// What holds in all rows that were tried: the ways to compute one of the columns.
fn relations(numbers: &[Number]) -> Vec<Vec<Computed>> {
    let n = numbers.len();
    let mut found = Vec::new();
    let others = |a: usize, b: usize| (0..n).filter(move |&c| c != a && c != b);
    for (a, b) in (0..n).flat_map(|a| (0..n).map(move |b| (a, b))) {
        for c in others(a, b).filter(|_| a != b) {
            // What is symmetric is tried once.
            if a < b {
                found.extend(kept(numbers, sum(numbers, [c, a, b], 1)));
                found.extend(kept(numbers, product(numbers, [c, a, b])));
            }
            if let Some(factor) = factor(numbers, [c, a, b]) {
                found.extend(kept(numbers, sum(numbers, [c, a, b], factor)));
            }
            found.extend(kept(numbers, clock(numbers, [c, a, b])));
        }
    }
    found
}

/// The ways of a relation, if the first of them holds in the rows that are tried.
fn kept(numbers: &[Number], ways: Vec<Computed>) -> Option<Vec<Computed>> {
    let way = ways.first()?;
    let [of, left, right] = way.columns().map(|it| &numbers[it].tried);
    let mut telling = 0;
    for row in 0..of.len() {
        let (Some(value), Some(a), Some(b)) = (of[row], left[row], right[row]) else {
            continue;
        };
        if way.operation.apply(a, b) != Some(value) {
            return None;
        }
        telling += usize::from(tells(way.operation, left[row], right[row]));
    }
    (telling >= TELLING).then_some(ways)
}

/// The factors that bring columns to the digits of the one that has most.
fn scales<const N: usize>(numbers: &[Number], columns: [usize; N]) -> [i64; N] {
    let decimals = columns.map(|it| numbers[it].decimals);
    let most = decimals.into_iter().max().unwrap_or(0);
    decimals.map(|it| power(most - it))
}

/// One column is another, or a multiple of it.
fn multiple(numbers: &[Number], [c, a]: [usize; 2]) -> Vec<Computed> {
    if numbers[c].is_date != numbers[a].is_date {
        return Vec::new();
    }
    let [of_c, of_a] = scales(numbers, [c, a]);
    let mut rows = numbers[c].tried.iter().zip(&numbers[a].tried);
    let factor = rows.find_map(|it| match it {
        (&Some(c), &Some(a)) if a != 0 => {
            let (c, a) = (c.checked_mul(of_c)?, a.checked_mul(of_a)?);
            (c.checked_rem(a)? == 0).then(|| c.checked_div(a)).flatten()
        }
        _ => None,
    });
    let Some(factor) = factor.filter(|it| (1..=FACTOR).contains(&it.saturating_abs())) else {
        return Vec::new();
    };
    let Some(of_a) = of_a.checked_mul(factor) else {
        return Vec::new();
    };
    vec![
        linear(c, [a, a], [of_a, 0], of_c),
        linear(a, [c, c], [of_c * of_a.signum(), 0], of_a.abs()),
    ]
}

/// The factor by which one column, besides another, is part of a third, as the first row that says
/// so says: none where it is 1 or -1, which other relations are.
fn factor(numbers: &[Number], columns: [usize; 3]) -> Option<i64> {
    let [c, a, b] = columns.map(|it| &numbers[it]);
    if c.is_date || a.is_date || b.is_date {
        return None;
    }
    let scales = scales(numbers, columns);
    let factor = (0..c.tried.len()).find_map(|row| {
        let values = [c, a, b].map(|it| it.tried[row]);
        let [Some(c), Some(a), Some(b)] = values else {
            return None;
        };
        let [c, a, b] =
            [(c, 0), (a, 1), (b, 2)].map(|(it, at)| i128::from(it) * i128::from(scales[at]));
        (a != 0).then(|| {
            ((c - b) % a == 0)
                .then(|| i64::try_from((c - b) / a).ok())
                .flatten()
        })
    });
    factor
        .flatten()
        .filter(|it| (2..=FACTOR).contains(&it.saturating_abs()))
}

/// One column is the sum of a multiple of another and a third: or one of those what is left.
fn sum(numbers: &[Number], columns: [usize; 3], factor: i64) -> Vec<Computed> {
    let [c, a, b] = columns;
    let dates = columns.map(|it| numbers[it].is_date);
    if !matches!(
        dates,
        [false, false, false] | [true, true, false] | [true, false, true]
    ) {
        return Vec::new();
    }
    let [of_c, of_a, of_b] = scales(numbers, columns);
    let Some(of_a) = of_a.checked_mul(factor) else {
        return Vec::new();
    };
    let mut ways = vec![
        linear(c, [a, b], [of_a, of_b], of_c),
        linear(b, [c, a], [of_c, -of_a], of_b),
    ];
    // A divisor is positive.
    ways.push(match factor > 0 {
        true => linear(a, [c, b], [of_c, -of_b], of_a),
        false => linear(a, [b, c], [of_b, -of_c], -of_a),
    });
    ways
}

fn linear(target: usize, terms: [usize; 2], factors: [i64; 2], divisor: i64) -> Computed {
    Computed {
        target,
        terms,
        operation: Operation::Sum { factors, divisor },
    }
}

/// One column is the product of two others, rounded to its digits.
fn product(numbers: &[Number], [c, a, b]: [usize; 3]) -> Vec<Computed> {
    let [to, first, second] = [c, a, b].map(|it| &numbers[it]);
    if to.is_date || first.is_date || second.is_date {
        return Vec::new();
    }
    let digits = first.decimals + second.decimals;
    vec![Computed {
        target: c,
        terms: [a, b],
        operation: Operation::Product {
            times: power(to.decimals.saturating_sub(digits)),
            divisor: power(digits.saturating_sub(to.decimals)),
        },
    }]
}

/// One time of day is so many minutes after another.
fn clock(numbers: &[Number], [c, a, b]: [usize; 3]) -> Vec<Computed> {
    let (to, from, by) = (&numbers[c], &numbers[a], &numbers[b]);
    if !to.is_time || !from.is_time || by.is_date || by.decimals > 0 {
        return Vec::new();
    }
    let way = |target, term, sign, midnight| Computed {
        target,
        terms: [term, b],
        operation: Operation::Clock { sign, midnight },
    };
    vec![way(c, a, 1, to.midnight), way(a, c, -1, from.midnight)]
}

/// A power of ten; of an exponent that no type has, 0, which no relation holds with.
fn power(exponent: u32) -> i64 {
    10i64.checked_pow(exponent).unwrap_or(0)
}

impl Number {
    fn new(
        schema: &Table,
        batch: &RecordBatch,
        (index, variable): (usize, &Variable),
        tried: &[u32],
    ) -> Option<Number> {
        let (
            Target::Column(position),
            Codec::Integer {
                bins,
                decimals,
                unit: Unit::Tick,
                specials,
                ..
            },
        ) = (variable.target, &variable.codec)
        else {
            return None;
        };
        let data_type = &schema.columns[position].data_type;
        let decimals = match data_type {
            DataType::Decimal(_, scale) => u32::try_from(*scale).ok()?,
            DataType::Boolean | DataType::Enum(_) => return None,
            DataType::Date => 0,
            data_type if data_type.is_temporal() || data_type.is_wide() => return None,
            _ => u32::from(*decimals),
        };
        if bins.len() < 2 || !specials.is_empty() {
            return None;
        }
        let mut number = Number {
            variable: index,
            is_date: *data_type == DataType::Date,
            decimals,
            is_time: false,
            midnight: 0,
            bits: entropy(&variable.symbols) + width(&variable.codec, &variable.symbols),
            tried: Vec::new(),
        };
        let rows = UInt32Array::from(tried.to_vec());
        let array = take(batch.column(position), &rows, None).ok()?;
        number.tried = number.ticks(&schema.columns[position], &array)?;
        let mut values: Vec<i64> = number.tried.iter().flatten().copied().collect();
        values.sort_unstable();
        values.dedup();
        number.is_time = decimals == 0
            && !number.is_date
            && values.len() >= TIMES.0
            && values.last() >= Some(&TIMES.1)
            && values.iter().all(|&it| minutes(it).is_some());
        let writes_midnight =
            |bin: &IntegerBin| (bin.lo..bin.lo.saturating_add(bin.count as i64)).contains(&2400);
        if number.is_time && bins.iter().any(writes_midnight) {
            number.midnight = 2400;
        }
        Some(number)
    }

    /// The values of all rows.
    fn values(
        &self,
        schema: &Table,
        batch: &RecordBatch,
        variables: &[Variable],
    ) -> Vec<Option<i64>> {
        let Target::Column(position) = variables[self.variable].target else {
            return Vec::new();
        };
        self.ticks(&schema.columns[position], batch.column(position))
            .unwrap_or_else(|| vec![None; batch.num_rows()])
    }

    /// Values in ticks; decimals are ticks already.
    fn ticks(&self, column: &Column, array: &ArrayRef) -> Option<Vec<Option<i64>>> {
        let is_float = column.data_type.is_float();
        encode::tick_values(
            column,
            array,
            if is_float { self.decimals as u8 } else { 0 },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(decimals: u32, tried: impl IntoIterator<Item = i64>) -> Number {
        Number {
            variable: 0,
            is_date: false,
            decimals,
            is_time: false,
            midnight: 0,
            bits: 0.0,
            tried: tried.into_iter().map(Some).collect(),
        }
    }

    fn all(numbers: &[Number]) -> Vec<Vec<Computed>> {
        let mut found = multiples(numbers);
        found.extend(relations(numbers));
        found
    }

    #[test]
    fn relations_are_found_in_values_of_any_digits() {
        // 12.50 · 3 = 37.5; 37.5 = 100 · 0.375.
        let price = number(2, (0..20).map(|i| 1250 + 7 * i));
        let count = number(0, (0..20).map(|i| 3 + i % 4));
        let amount = number(2, (0..20).map(|i| (1250 + 7 * i) * (3 + i % 4)));
        let numbers = [price, count, amount];
        let found = all(&numbers);
        assert_eq!(found.len(), 1);
        assert!(matches!(found[0][0].operation, Operation::Product { .. }));
        let cents = [
            number(2, (0..20).map(|i| 100 * i)),
            number(0, (0..20).map(|i| 3 * i)),
        ];
        let found = all(&cents);
        let operation = found[0][0].operation;
        assert_eq!(
            (found[0][0].target, operation.apply(500, 500)),
            (1, Some(15))
        );
    }

    #[test]
    fn a_negated_column_is_computed_both_ways() {
        let negated = [number(0, 0..20), number(1, (0..20).map(|i| -30 * i))];
        let found = all(&negated);
        assert!(found.iter().flatten().count() >= 2);
        for way in found.iter().flatten() {
            let (term, value) = if way.target == 1 {
                (7, -210)
            } else {
                (-210, 7)
            };
            assert_eq!(way.operation.apply(term, term), Some(value));
        }
    }

    #[test]
    fn extremes_are_no_relation_and_no_panic() {
        let most = [i64::MIN, -1, i64::MAX, 0, 1, i64::MIN + 1];
        let shifted = |by: usize| most.into_iter().cycle().skip(by).take(24);
        let numbers: Vec<Number> = (0..6)
            .map(|by| number(18 * (by as u32 % 2), shifted(by)))
            .collect();
        assert!(all(&numbers).is_empty());
        assert!(all(&[]).is_empty());
    }
}
