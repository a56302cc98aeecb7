//! What some types need beside bins: special values, wide numbers, the parts of intervals and
//! the lengths of bytes.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    DataType as Arrow, Date32Type, Float32Type, Float64Type, Int64Type, TimeUnit,
};
use prodlike_core::interval::Interval;
use prodlike_core::model::Special;
use prodlike_core::schema::DataType;
use prodlike_models::codec::{self, BinParams, Codec, Unit};

use super::encode::{Encoded, Floor};

/// How finely lengths are cut.
const LENGTHS: BinParams = BinParams {
    bins: 16,
    spike: 50,
    spikes: 60,
    least: 1,
    distinct: 32,
    tail: 100,
};

/// Finds NaN and the infinities of a column: of a date and a timestamp DuckDB's extreme ticks.
pub(super) fn specials(array: &ArrayRef) -> Vec<Option<Special>> {
    fn of_float(value: f64) -> Option<Special> {
        match value {
            value if value.is_nan() => Some(Special::NotANumber),
            f64::INFINITY => Some(Special::Infinity),
            f64::NEG_INFINITY => Some(Special::NegativeInfinity),
            _ => None,
        }
    }
    fn of_tick(tick: i64, most: i64) -> Option<Special> {
        if tick == most {
            Some(Special::Infinity)
        } else if tick == -most {
            Some(Special::NegativeInfinity)
        } else {
            None
        }
    }
    match array.data_type() {
        Arrow::Float64 => {
            let values = array.as_primitive::<Float64Type>().iter();
            values.map(|value| of_float(value?)).collect()
        }
        Arrow::Float32 => {
            let values = array.as_primitive::<Float32Type>().iter();
            values.map(|value| of_float(value?.into())).collect()
        }
        Arrow::Date32 => {
            let values = array.as_primitive::<Date32Type>().iter();
            values
                .map(|value| of_tick(value?.into(), i32::MAX.into()))
                .collect()
        }
        Arrow::Timestamp(
            TimeUnit::Second | TimeUnit::Millisecond | TimeUnit::Microsecond | TimeUnit::Nanosecond,
            _,
        ) => match arrow::compute::cast(array, &Arrow::Int64) {
            Ok(ticks) => {
                let values = ticks.as_primitive::<Int64Type>().iter();
                values.map(|value| of_tick(value?, i64::MAX)).collect()
            }
            Err(_) => vec![None; array.len()],
        },
        _ => vec![None; array.len()],
    }
}

/// A column without a single number: NULLs and specials at most.
pub(super) fn no_number(data_type: &DataType, nullable: bool, rows: usize) -> Encoded {
    let codec = match data_type {
        data_type if data_type.is_float() => Codec::Float {
            nullable,
            bins: Vec::new(),
            specials: Vec::new(),
        },
        _ => Codec::Integer {
            nullable,
            bins: Vec::new(),
            step: 1,
            decimals: 0,
            unit: Unit::Tick,
            specials: Vec::new(),
        },
    };
    Encoded::Symbols {
        codec,
        symbols: vec![0; rows],
        suppressed: Vec::new(),
    }
}

/// Gives every special value with enough entities behind it a symbol after the bins.
pub(super) fn with_specials(
    encoded: Encoded,
    found: &[Option<Special>],
    nullable: bool,
    floor: Floor<'_>,
) -> Encoded {
    let Encoded::Symbols {
        mut codec,
        mut symbols,
        mut suppressed,
    } = encoded
    else {
        return encoded;
    };
    let all = [
        Special::NegativeInfinity,
        Special::Infinity,
        Special::NotANumber,
    ];
    let there: Vec<Special> = all
        .into_iter()
        .filter(|special| found.contains(&Some(*special)))
        .collect();
    let kept: Vec<Special> = there
        .iter()
        .copied()
        .filter(|special| floor.holds(found.len(), |row| found[row] == Some(*special)))
        .collect();
    if kept.len() < there.len() {
        suppressed.push(("specials", (there.len() - kept.len()) as u64));
    }
    let first = codec.symbols();
    let numbers = first - usize::from(nullable);
    if numbers + kept.len() == 0 {
        return Encoded::Nothing;
    }
    // A special value that the floor suppressed is taught as the value before it.
    let mut last = if nullable { 1 } else { 0 };
    for (symbol, special) in symbols.iter_mut().zip(found) {
        match special {
            Some(special) => {
                *symbol = match kept.iter().position(|kept| kept == special) {
                    Some(place) => (first + place) as u8,
                    None => last,
                }
            }
            None if nullable && *symbol == 0 => continue,
            // Without a number there is nothing else that a suppressed NULL could be.
            None if numbers == 0 => *symbol = last,
            None => {}
        }
        last = *symbol;
    }
    if let Codec::Integer { specials, .. } | Codec::Float { specials, .. } = &mut codec {
        *specials = kept;
    }
    Encoded::Symbols {
        codec,
        symbols,
        suppressed,
    }
}

/// Says what the ticks of a codec stand for.
pub(super) fn with_unit(mut encoded: Encoded, stands_for: Unit) -> Encoded {
    if let Encoded::Symbols {
        codec: Codec::Integer { unit, .. },
        ..
    } = &mut encoded
    {
        *unit = stands_for;
    }
    encoded
}

/// The ticks that hold every value of a wide column exactly, if any do.
///
/// An offset is a round number, never a value of somebody's.
pub(super) fn unit(
    data_type: &DataType,
    values: &[Option<i128>],
    histogram: &[(i128, i128, u64)],
) -> Option<Unit> {
    let all = || {
        let bounds = histogram.iter().flat_map(|entry| [entry.0, entry.1]);
        values.iter().flatten().copied().chain(bounds)
    };
    let fits = |value: i128| i64::try_from(value).is_ok();
    if all().all(fits) {
        return Some(Unit::Tick);
    }
    if *data_type == DataType::UInt64 {
        return Some(Unit::Affine {
            offset: 1 << 63,
            step: 1,
        });
    }
    let step = all().fold(0u128, |step, value| gcd(step, value.unsigned_abs()));
    let step = i128::try_from(step).unwrap_or(1).max(1);
    if all().all(|value| fits(value / step)) {
        return Some(Unit::Affine { offset: 0, step });
    }
    let round = 1i128 << 62;
    let offset = all().min()?.div_euclid(round) * round;
    all()
        .all(|value| fits(value - offset))
        .then_some(Unit::Affine { offset, step: 1 })
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The tick of a value.
pub(super) fn tick(unit: Unit, value: i128) -> i64 {
    let tick = match unit {
        Unit::Affine { offset, step } => (value - offset).div_euclid(step),
        Unit::Tick | Unit::Interval { .. } => value,
    };
    tick.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// Reads intervals.
pub(super) fn intervals(array: &ArrayRef) -> impl Iterator<Item = Option<Interval>> {
    let texts = array.as_string::<i32>().iter();
    texts.map(|text| Interval::parse(text?))
}

/// The parts that the intervals of a column are written in, as far as the floor allows to tell.
pub(super) fn parts(array: &ArrayRef, floor: Floor<'_>) -> Unit {
    let all: Vec<Option<Interval>> = intervals(array).collect();
    let any = |part: fn(&Interval) -> bool| {
        let has = |row: usize| all[row].as_ref().is_some_and(part);
        (0..all.len()).any(has) && floor.holds(all.len(), has)
    };
    Unit::Interval {
        months: any(|interval| interval.months != 0),
        days: any(|interval| interval.days != 0),
        micros: any(|interval| interval.micros != 0),
    }
}

/// The lengths of bytes or bits: ranges with enough entities behind each.
pub(super) fn lengths(array: &ArrayRef, floor: Floor<'_>) -> Vec<(i64, i64, u64)> {
    let lengths: Vec<Option<i64>> = match array.data_type() {
        Arrow::Binary => {
            let values = array.as_binary::<i32>().iter();
            values.map(|value| Some(value?.len() as i64)).collect()
        }
        Arrow::Utf8 => {
            let values = array.as_string::<i32>().iter();
            values.map(|value| Some(value?.len() as i64)).collect()
        }
        _ => return Vec::new(),
    };
    let mut sorted: Vec<i64> = lengths.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let histogram: Vec<(i64, i64, u64)> = sorted
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run[0], run.len() as u64))
        .collect();
    if histogram.is_empty() || !floor.holds(lengths.len(), |row| lengths[row].is_some()) {
        return Vec::new();
    }
    let mut bins = codec::cut(&histogram, LENGTHS);
    codec::merge(&mut bins, floor.k, |bins| {
        let los: Vec<i64> = bins.iter().map(|bin| bin.0).collect();
        let bin = |row: usize| lengths[row].map(|length| codec::find(&los, length));
        floor.count(bins.len(), bin, lengths.len())
    });
    if floor.k > 1 && !floor.entities.is_empty() {
        // A range's ends are somebody's lengths: powers of two say as much.
        for bin in bins.iter_mut().filter(|bin| bin.0 < bin.1) {
            let most = (bin.1 as u64)
                .checked_next_power_of_two()
                .unwrap_or(1 << 20);
            *bin = (bin.0, most.min(1 << 20) as i64, bin.2);
            bin.0 = if bin.0 > 0 { 1 << bin.0.ilog2() } else { 0 };
        }
    }
    bins
}
