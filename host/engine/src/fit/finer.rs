//! Whether a number is worth a second symbol, and which: told by held-out bits.

use arrow::array::ArrayRef;
use prodlike_core::schema::{Column, DataType, TimeUnit};
use prodlike_models::codec::{BinParams, Codec, IntegerBin, Unit};
use prodlike_models::finer::{self, Calendar, Finer, MAX_RUNS, Runs};
use prodlike_models::teacher::{self, Sample, TreeParams};

use super::encode::{self, Floor};
use super::teach::params;

/// Bits a row that a second symbol must save.
const SAVED: f64 = 0.03;
/// Rows by which second symbols are judged.
const JUDGED: usize = 1 << 16;
/// Most residues; others have no symbol.
const RESIDUES: usize = 120;
/// Most classes of a calendar; others have no symbol, and count as the one next to them.
const CLASSES: usize = 240;
/// A residue or class with one row in so many is a habit, where they are more.
const HABIT: u64 = 500;
/// Bits that a value costs which the parts of its bin do not have.
const UNKNOWN: f64 = 4.0;
/// How finely the values of one bin are cut.
const PARTS: BinParams = BinParams {
    bins: 16,
    spike: 50,
    spikes: 24,
    least: 1,
    distinct: 40,
    tail: 30,
};

/// A column in symbols, and what its values are.
struct Coarse<'a> {
    bins: &'a [IntegerBin],
    step: i64,
    /// The bin and the value of each row that has one.
    rows: Vec<Option<(usize, i64)>>,
    symbols: &'a [u8],
    floor: Floor<'a>,
    held_out: &'a [bool],
}

/// Finds the second symbol of a learned number that saves most bits a row, if any saves enough:
/// returns how many, and the symbol of every row.
pub(super) fn finer(
    column: &Column,
    array: &ArrayRef,
    (codec, symbols): (&Codec, &[u8]),
    floor: Floor<'_>,
    held_out: &[bool],
) -> Option<(f64, Finer, Vec<u8>)> {
    let Codec::Integer {
        nullable,
        bins,
        step,
        decimals,
        unit: Unit::Tick,
        specials,
    } = codec
    else {
        return None;
    };
    if !specials.is_empty() || bins.iter().all(|bin| bin.count <= 2) {
        return None;
    }
    let null = usize::from(*nullable);
    let values = encode::tick_values(column, array, *decimals)?;
    let rows = values.iter().zip(symbols).map(|(value, &symbol)| {
        let bin = usize::from(symbol).checked_sub(null)?;
        Some((bin, (*value)?))
    });
    let coarse = Coarse {
        bins,
        step: *step,
        rows: rows.collect(),
        symbols,
        floor,
        held_out,
    };
    let candidates = coarse
        .residues(column)
        .into_iter()
        .chain(coarse.calendars(column))
        .chain(coarse.parts(true));
    let alone = coarse.bits_alone();
    let mut best: Option<(f64, Finer)> = None;
    for finer in candidates.filter(|finer| finer.symbols() > 2) {
        let bits = coarse.bits(&finer);
        if alone - bits > SAVED && best.as_ref().is_none_or(|(least, _)| bits < *least) {
            best = Some((bits, finer));
        }
    }
    let (bits, mut finer) = best?;
    let saved = alone - bits;
    tracing::debug!(
        "{}: a second symbol saves {saved:.3} of {alone:.3} bits a row",
        column.name
    );
    if matches!(finer, Finer::Parts(_)) {
        finer = coarse.parts(false)?;
    }
    let symbols = coarse.symbols_of(&finer);
    Some((saved, finer, symbols))
}

/// Ticks a day of a type that has days.
pub(super) fn day(data_type: &DataType) -> Option<i64> {
    match data_type {
        DataType::Date => Some(1),
        DataType::Timestamp(TimeUnit::Second) => Some(86_400),
        DataType::Timestamp(TimeUnit::Millisecond) => Some(86_400_000),
        DataType::Timestamp(TimeUnit::Microsecond) | DataType::TimestampTz => Some(86_400_000_000),
        DataType::Timestamp(TimeUnit::Nanosecond) => Some(86_400_000_000_000),
        _ => None,
    }
}

impl Coarse<'_> {
    /// Endings of numbers, and minutes and hours that begin.
    fn residues(&self, column: &Column) -> Vec<Finer> {
        let values = self.rows.iter().flatten().map(|row| row.1);
        let range = values
            .clone()
            .max()
            .unwrap_or(0)
            .abs_diff(values.min().unwrap_or(0));
        let moduli = match day(&column.data_type) {
            Some(1) => Vec::new(),
            Some(day) => vec![day / 1440, day / 24],
            None => [10, 100, 1000]
                .iter()
                .filter_map(|it| self.step.checked_mul(*it))
                .collect(),
        };
        moduli
            .into_iter()
            .filter(|&modulus| modulus > self.step && modulus.unsigned_abs() <= range)
            .filter_map(|modulus| {
                let of = |row: usize| self.rows[row].map(|(_, value)| value.rem_euclid(modulus));
                let residues = self.frequent(of, RESIDUES)?;
                Some(Finer::Residues { modulus, residues })
            })
            .collect()
    }

    /// Months, weekdays and hours.
    fn calendars(&self, column: &Column) -> Vec<Finer> {
        let Some(day) = day(&column.data_type) else {
            return Vec::new();
        };
        Calendar::ALL
            .into_iter()
            .filter(|by| !by.has_hours() || day > 1)
            .filter(|&by| finer::calendar_runs(self.bins, self.step, by, day) <= MAX_RUNS)
            .filter_map(|by| {
                let of =
                    |row: usize| self.rows[row].map(|(_, value)| finer::class_of(by, day, value));
                let classes = self.frequent(of, usize::from(by.classes()).min(CLASSES))?;
                Some(Finer::Calendar { by, day, classes })
            })
            .collect()
    }

    /// What enough entities have in common, ascending: all of it, or, where that is more than
    /// `most`, what is frequent.
    fn frequent<T: Ord + Copy>(
        &self,
        of: impl Fn(usize) -> Option<T>,
        most: usize,
    ) -> Option<Vec<T>> {
        let n = self.rows.len();
        let mut all: Vec<T> = (0..n).filter_map(&of).collect();
        let total = all.len() as u64;
        all.sort_unstable();
        let counts: Vec<(T, u64)> = all
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() as u64))
            .collect();
        let many = counts.len() > most;
        let is_habit = |rows: u64| !many || rows * HABIT >= total;
        let kept: Vec<T> = counts
            .into_iter()
            .filter(|&(_, rows)| is_habit(rows) && rows >= u64::from(self.floor.k))
            .map(|it| it.0)
            .collect();
        if kept.is_empty() || kept.len() > most {
            return None;
        }
        let class = |row: usize| kept.binary_search(&of(row)?).ok();
        let entities = self.floor.count(kept.len(), class, n);
        let enough = kept
            .into_iter()
            .zip(entities)
            .filter(|it| it.1 >= self.floor.k);
        Some(enough.map(|it| it.0).collect())
    }

    /// The values of every bin, or bins within it; to be judged, only as far as taught rows know.
    fn parts(&self, judged: bool) -> Option<Finer> {
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); self.bins.len()];
        for (row, it) in self.rows.iter().enumerate() {
            if let Some((bin, _)) = it.filter(|_| !judged || !self.held_out[row]) {
                of[bin].push(row);
            }
        }
        let parts = self
            .bins
            .iter()
            .zip(&of)
            .map(|(bin, rows)| match bin.count {
                // One value needs no parts.
                ..=1 => Vec::new(),
                _ => {
                    let values: Vec<Option<i64>> = rows
                        .iter()
                        .map(|&row| self.rows[row].map(|it| it.1))
                        .collect();
                    let entities: Vec<Vec<u32>> = (self.floor.entities.iter())
                        .map(|kind| rows.iter().map(|&row| kind[row]).collect())
                        .collect();
                    let floor = Floor {
                        k: self.floor.k,
                        entities: &entities,
                    };
                    encode::parts(&values, self.step, PARTS, floor, judged)
                }
            });
        let parts: Vec<Vec<IntegerBin>> = parts.collect();
        let divided = parts.iter().any(|parts| parts.len() > 1);
        divided.then_some(Finer::Parts(parts))
    }

    fn symbols_of(&self, finer: &Finer) -> Vec<u8> {
        let symbol =
            |row: &Option<(usize, i64)>| row.map_or(0, |(bin, value)| finer.symbol(bin, value));
        self.rows.iter().map(symbol).collect()
    }

    /// Rows that judge, few enough.
    fn rows(&self) -> Vec<u32> {
        let rows: Vec<u32> = (0..self.rows.len() as u32).collect();
        teacher::thin(&rows, JUDGED)
    }

    /// Bits a held-out row of something that judged rows cost.
    fn mean(&self, cost: impl Fn(usize, usize, i64) -> f64) -> f64 {
        let (mut bits, mut judged) = (0.0, 0u64);
        for row in self.rows() {
            let row = row as usize;
            if self.held_out[row] {
                judged += 1;
                bits += self.rows[row].map_or(0.0, |(bin, value)| cost(row, bin, value));
            }
        }
        bits / judged.max(1) as f64
    }

    /// Bits a held-out row of where in its bin its value lies.
    fn bits_alone(&self) -> f64 {
        self.mean(|_, bin, _| (self.bins[bin].count as f64).log2())
    }

    /// Bits a held-out row of a second symbol, given the first, and of the rest.
    fn bits(&self, finer: &Finer) -> f64 {
        let symbols = self.symbols_of(finer);
        let runs = Runs::new(finer, self.bins, self.step);
        let entities: Vec<&[u32]> = self.floor.entities.iter().map(Vec::as_slice).collect();
        let sample = Sample {
            target: &symbols,
            symbols: finer.symbols(),
            features: &[self.symbols],
            entities: &entities,
            held_out: self.held_out,
        };
        let floor = (!entities.is_empty()).then_some(self.floor.k);
        let symbol = teacher::of_rows(&sample, &self.rows(), |sample| {
            let within = matches!(finer, Finer::Parts(_)).then_some(0);
            let params = TreeParams {
                within,
                ..params(floor)
            };
            teacher::tree_bits(sample, params)
        });
        let rest = self.mean(|row, bin, value| match finer {
            Finer::Parts(parts) if self.bins[bin].count > 1 => {
                let place = usize::from(symbols[row]).checked_sub(1);
                let part = place.and_then(|place| parts[bin].get(place));
                let is_member = part.is_some_and(|part| {
                    value.abs_diff(part.lo) / self.step.unsigned_abs() < part.count
                });
                match part.filter(|_| is_member) {
                    Some(part) => (part.count as f64).log2(),
                    // No part knows the value.
                    None => (self.bins[bin].count as f64).log2() + UNKNOWN,
                }
            }
            _ => (runs.count(bin, symbols[row]) as f64).log2(),
        });
        symbol + rest
    }
}
