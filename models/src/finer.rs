//! The second symbol of a number: which of the values of its bin it may be.
//!
//! Bins of equal mass say how great a value is, not that prices end in .99, that a season
//! begins in April or that only some hundreds of numbers are in use. A finer symbol does: it
//! divides the members of every bin, and is drawn given the bin and all that was known before.
//! Symbol 0 stands for any member.

use crate::codec::IntegerBin;

/// Most runs of members that the bins of a codec may be divided into.
pub const MAX_RUNS: u64 = 1 << 18;

/// What divides the members of bins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finer {
    /// What is left of a value divided by a modulus: a symbol for each of these, ascending.
    Residues {
        /// In ticks.
        modulus: i64,
        /// In `0..modulus`.
        residues: Vec<i64>,
    },
    /// Where in the calendar (proleptic Gregorian, UTC) a time lies: a symbol for each of these
    /// classes, ascending.
    Calendar {
        /// What tells times apart.
        by: Calendar,
        /// Ticks a day.
        day: i64,
        /// Of [`Calendar::class`].
        classes: Vec<u16>,
    },
    /// For each bin of the codec, its parts; a symbol is a part's number.
    Parts(Vec<Vec<IntegerBin>>),
}

/// What tells times apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// 12 months.
    Month,
    /// 53 weeks of a year; the first begins with it.
    Week,
    /// 7 weekdays, Monday first.
    Weekday,
    /// Weekdays of months.
    MonthWeekday,
    /// Weekdays of weeks, such as the Sunday on which a season ends.
    WeekWeekday,
    /// 24 hours.
    Hour,
    /// Hours of weekdays.
    WeekdayHour,
}

impl Calendar {
    /// All of them, the coarsest first.
    pub const ALL: [Calendar; 7] = [
        Calendar::Weekday,
        Calendar::Month,
        Calendar::Hour,
        Calendar::Week,
        Calendar::MonthWeekday,
        Calendar::WeekWeekday,
        Calendar::WeekdayHour,
    ];

    /// Whether hours matter.
    pub fn has_hours(self) -> bool {
        matches!(self, Calendar::Hour | Calendar::WeekdayHour)
    }

    /// The class of an hour of a day, counted from 1970-01-01.
    pub fn class(self, day: i64, hour: i64) -> u16 {
        let class = match self {
            Calendar::Month => date(day).0,
            Calendar::Week => date(day).1 / 7,
            Calendar::Weekday => weekday(day),
            Calendar::MonthWeekday => date(day).0 * 7 + weekday(day),
            Calendar::WeekWeekday => date(day).1 / 7 * 7 + weekday(day),
            Calendar::Hour => hour,
            Calendar::WeekdayHour => weekday(day) * 24 + hour,
        };
        class as u16
    }

    /// How many classes there can be.
    pub fn classes(self) -> u16 {
        match self {
            Calendar::Month => 12,
            Calendar::Week => 53,
            Calendar::Weekday => 7,
            Calendar::MonthWeekday => 84,
            Calendar::WeekWeekday => 371,
            Calendar::Hour => 24,
            Calendar::WeekdayHour => 168,
        }
    }
}

/// Weekday of a day, Monday first: 1970-01-01 was a Thursday.
fn weekday(day: i64) -> i64 {
    (i128::from(day) + 3).rem_euclid(7) as i64
}

/// Returns the year of a day, counted from 1970-01-01.
pub fn year(day: i64) -> i64 {
    let from_era = i128::from(day) + 719_468;
    let of_era = from_era.rem_euclid(146_097) as i64;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let year = year + 400 * from_era.div_euclid(146_097) as i64;
    year + i64::from(date(day).0 < 2)
}

/// Returns the first day of a year, counted from 1970-01-01.
pub fn first_day(year: i64) -> i64 {
    let (era, of_era) = ((year - 1).div_euclid(400), (year - 1).rem_euclid(400));
    let days = of_era * 365 + of_era / 4 - of_era / 100 + 306;
    era * 146_097 + days - 719_468
}

/// Month and day of the year of a day, both from 0 (H. Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms", where years begin in March).
fn date(day: i64) -> (i64, i64) {
    let of_era = (i128::from(day) + 719_468).rem_euclid(146_097) as i64;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let from_march = of_era - (365 * year + year / 4 - year / 100);
    let month = ((5 * from_march + 2) / 153 + 2) % 12;
    // The year that ends with a February of 29 days is a leap year.
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year == 0);
    let of_year = match month {
        0 | 1 => from_march - 306,
        _ => from_march + 59 + i64::from(is_leap),
    };
    (month, of_year)
}

impl Finer {
    /// Returns the number of symbols.
    pub fn symbols(&self) -> usize {
        1 + match self {
            Finer::Residues { residues, .. } => residues.len(),
            Finer::Calendar { classes, .. } => classes.len(),
            Finer::Parts(parts) => parts.iter().map(Vec::len).max().unwrap_or(0),
        }
    }

    /// Returns the symbol of a value in a bin.
    pub fn symbol(&self, bin: usize, value: i64) -> u8 {
        let place = match self {
            Finer::Residues { modulus, residues } => {
                residues.binary_search(&value.rem_euclid(*modulus)).ok()
            }
            Finer::Calendar { by, day, classes } => {
                // A class that is not told counts as its neighbour.
                let class = class_of(*by, *day, value);
                let above = classes.partition_point(|&it| it < class);
                let nearest = [above.checked_sub(1), Some(above)].into_iter().flatten();
                nearest
                    .filter(|&place| place < classes.len())
                    .min_by_key(|&place| classes[place].abs_diff(class))
            }
            Finer::Parts(parts) => parts.get(bin).and_then(|parts| {
                parts
                    .partition_point(|part| part.lo <= value)
                    .checked_sub(1)
            }),
        };
        place.map_or(0, |place| 1 + place as u8)
    }
}

/// The class of a tick.
pub fn class_of(by: Calendar, day: i64, tick: i64) -> u16 {
    let of_day = tick.rem_euclid(day);
    by.class(tick.div_euclid(day), of_day / (day / 24).max(1))
}

/// Members of a bin at even distances.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    lo: i64,
    stride: i64,
    count: u64,
}

/// A [`Finer`] made ready to decode: the runs of members of every bin and symbol.
#[derive(Clone, Debug)]
pub struct Runs {
    symbols: usize,
    /// Where the runs of each (bin, symbol) begin.
    offsets: Vec<u32>,
    runs: Vec<Run>,
    /// Members up to and with each run, of one (bin, symbol).
    ends: Vec<u64>,
    /// The run of each (bin, symbol) that has but one of fewer than 2³² members, as most have;
    /// the others' is empty.
    sole: Vec<Run>,
}

/// Returns how many runs the bins of a codec are divided into by a calendar.
pub fn calendar_runs(bins: &[IntegerBin], step: i64, by: Calendar, day: i64) -> u64 {
    let unit = if by.has_hours() {
        (day / 24).max(1)
    } else {
        day.max(1)
    };
    let runs = |bin: &IntegerBin| {
        let width = u128::from(bin.count.saturating_sub(1)) * u128::from(step.unsigned_abs());
        u64::try_from(width / u128::from(unit.unsigned_abs()) + 2).unwrap_or(u64::MAX)
    };
    bins.iter().map(runs).fold(0, u64::saturating_add)
}

impl Runs {
    /// Lays out the members of the bins of an integer codec.
    pub fn new(finer: &Finer, bins: &[IntegerBin], step: i64) -> Runs {
        let symbols = finer.symbols();
        let mut laid = Runs {
            symbols,
            offsets: vec![0],
            runs: Vec::new(),
            ends: Vec::new(),
            sole: Vec::new(),
        };
        for (number, bin) in bins.iter().enumerate() {
            let hi = last(bin, step);
            let mut of: Vec<Vec<Run>> = vec![Vec::new(); symbols];
            of[0].push(Run {
                lo: bin.lo,
                stride: step,
                count: bin.count,
            });
            match finer {
                Finer::Residues { modulus, residues } => {
                    for (place, residue) in residues.iter().enumerate() {
                        let first = i128::from(bin.lo)
                            + (i128::from(*residue) - i128::from(bin.lo))
                                .rem_euclid(i128::from(*modulus));
                        of[1 + place].extend(run(first, hi, *modulus));
                    }
                }
                Finer::Calendar { by, day, classes } => {
                    let unit = if by.has_hours() {
                        (day / 24).max(1)
                    } else {
                        *day
                    };
                    for at in bin.lo.div_euclid(unit)..=hi.div_euclid(unit) {
                        let (start, end) =
                            (at * unit, at.saturating_mul(unit).saturating_add(unit - 1));
                        let Ok(place) = classes.binary_search(&class_of(*by, *day, start)) else {
                            continue;
                        };
                        // The first member that is not before the run.
                        let before = (i128::from(start) - i128::from(bin.lo)).max(0);
                        let first = i128::from(bin.lo)
                            + (before + i128::from(step) - 1).div_euclid(i128::from(step))
                                * i128::from(step);
                        of[1 + place].extend(run(first, hi.min(end), step));
                    }
                }
                Finer::Parts(parts) => {
                    for (place, part) in parts.get(number).into_iter().flatten().enumerate() {
                        of[1 + place].push(Run {
                            lo: part.lo,
                            stride: step,
                            count: part.count,
                        });
                    }
                }
            }
            for runs in of {
                let mut end = 0u64;
                for run in runs {
                    end = end.saturating_add(run.count);
                    laid.runs.push(run);
                    laid.ends.push(end);
                }
                laid.offsets.push(laid.runs.len() as u32);
            }
        }
        for bin in 0..bins.len() {
            for symbol in 0..symbols {
                let (from, to) = laid.range(bin, symbol as u8);
                let is_sole = to - from == 1 && laid.runs[from].count >> 32 == 0;
                laid.sole.push(match is_sole {
                    true => laid.runs[from],
                    false => Run::default(),
                });
            }
        }
        laid
    }

    /// Returns how many members a symbol of a bin leaves; all where it leaves none.
    pub fn count(&self, bin: usize, symbol: u8) -> u64 {
        let (from, to) = self.range(bin, symbol);
        self.ends[from..to].last().copied().unwrap_or(1)
    }

    fn range(&self, bin: usize, symbol: u8) -> (usize, usize) {
        let at = |symbol: usize| {
            let at = bin * self.symbols + symbol;
            (self.offsets[at] as usize, self.offsets[at + 1] as usize)
        };
        let (from, to) = at(usize::from(symbol).min(self.symbols - 1));
        // A bin may have no member that its finer symbol asks for.
        if from == to { at(0) } else { (from, to) }
    }

    /// Decodes symbols and finer symbols with 32 random bits each; NULLs decode to 0.
    pub fn decode(
        &self,
        nullable: bool,
        symbols: &[u8],
        finer: &[u8],
        bits: &[u32],
        out: &mut Vec<i64>,
    ) {
        let null = usize::from(nullable);
        let bins = (self.offsets.len() - 1) / self.symbols.max(1);
        out.clear();
        out.extend(
            symbols
                .iter()
                .zip(finer)
                .zip(bits)
                .map(|((&symbol, &finer), &bits)| {
                    let bin = usize::from(symbol).wrapping_sub(null);
                    if bin >= bins {
                        return 0;
                    }
                    let sole = usize::from(finer).min(self.symbols - 1);
                    let sole = self.sole[bin * self.symbols + sole];
                    if sole.count > 0 {
                        let place = (u64::from(bits) * sole.count) >> 32;
                        return sole.lo.wrapping_add(sole.stride.wrapping_mul(place as i64));
                    }
                    let (from, to) = self.range(bin, finer);
                    let ends = &self.ends[from..to];
                    let all = ends.last().copied().unwrap_or(1);
                    let place = ((u128::from(bits) * u128::from(all)) >> 32) as u64;
                    let at = ends.partition_point(|&end| end <= place);
                    let run = self.runs[from + at];
                    let before = if at > 0 { ends[at - 1] } else { 0 };
                    let offset = i128::from(run.stride) * i128::from(place - before);
                    (i128::from(run.lo) + offset) as i64
                }),
        );
    }
}

/// The greatest member of a bin.
fn last(bin: &IntegerBin, step: i64) -> i64 {
    let width = i128::from(step) * i128::from(bin.count.saturating_sub(1));
    (i128::from(bin.lo) + width).min(i128::from(i64::MAX)) as i64
}

/// The run from a first member to a greatest value, if there is one.
fn run(first: i128, hi: i64, stride: i64) -> Option<Run> {
    (first <= i128::from(hi)).then(|| Run {
        lo: first as i64,
        stride,
        count: ((i128::from(hi) - first) / i128::from(stride)) as u64 + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_months_and_weekdays_of_the_calendar() {
        // 1970-01-01 (Thursday), 2000-02-29 (Tuesday), 1899-12-31 (Sunday), 2026-11-28 (Saturday).
        for (day, in_month, in_week) in
            [(0, 0, 3), (11_016, 1, 1), (-25_568, 11, 6), (20_785, 10, 5)]
        {
            assert_eq!((date(day).0, weekday(day)), (in_month, in_week), "{day}");
        }
        for (day, of_year) in [
            (0, 0),
            (11_016, 59),
            (11_017, 60),
            (-25_568, 364),
            (20_785, 331),
            (11_322, 365),
        ] {
            assert_eq!(date(day).1, of_year, "{day}");
        }
        for (day, of) in [
            (0, 1970),
            (-1, 1969),
            (11_016, 2000),
            (-25_568, 1899),
            (20_785, 2026),
        ] {
            assert_eq!(year(day), of, "{day}");
            assert!((first_day(of)..first_day(of + 1)).contains(&day));
            assert_eq!(date(first_day(of)), (0, 0));
        }
        for by in Calendar::ALL {
            assert!((-800..800).all(|day| by.class(day, 23) < by.classes()));
        }
        for extreme in [i64::MIN, i64::MAX] {
            assert!((0..12).contains(&date(extreme).0));
        }
    }

    fn all(finer: &Finer, bins: &[IntegerBin], step: i64, bin: u8, symbol: u8) -> Vec<i64> {
        let runs = Runs::new(finer, bins, step);
        let n = runs.count(usize::from(bin), symbol);
        let bits: Vec<u32> = (0..n).map(|i| (((2 * i + 1) << 31) / n) as u32).collect();
        let mut out = Vec::new();
        let symbols = vec![bin; n as usize];
        runs.decode(false, &symbols, &vec![symbol; n as usize], &bits, &mut out);
        for &value in &out {
            assert_eq!(
                value.rem_euclid(step),
                bins[usize::from(bin)].lo.rem_euclid(step)
            );
        }
        out
    }

    #[test]
    fn residues_leave_what_they_say_of_a_bin() {
        let bins = [
            IntegerBin { lo: -7, count: 20 },
            IntegerBin { lo: 100, count: 2 },
        ];
        let finer = Finer::Residues {
            modulus: 5,
            residues: vec![0, 4],
        };
        assert_eq!(all(&finer, &bins, 1, 0, 1), [-5, 0, 5, 10]);
        assert_eq!(all(&finer, &bins, 1, 0, 2), [-6, -1, 4, 9]);
        assert_eq!(all(&finer, &bins, 1, 0, 0).len(), 20);
        // No member of 100..=101 ends in 4 or 9: any of them.
        assert_eq!(all(&finer, &bins, 1, 1, 2), [100, 101]);
        assert_eq!(finer.symbol(0, -6), 2);
        assert_eq!(finer.symbol(0, -4), 0);
    }

    #[test]
    fn every_member_of_a_bin_has_one_calendar_class() {
        for (by, day, step) in [
            (Calendar::Month, 1, 1),
            (Calendar::Week, 1, 3),
            (Calendar::MonthWeekday, 86_400, 7_200),
            (Calendar::WeekdayHour, 86_400, 1_800),
            (Calendar::Hour, 86_400_000_000, 600_000_000),
        ] {
            let bins = [IntegerBin {
                lo: -3 * day + day / 2,
                count: 400,
            }];
            let finer = Finer::Calendar {
                by,
                day,
                classes: (0..by.classes()).collect(),
            };
            let mut members: Vec<i64> = (1..=by.classes())
                .filter(|&symbol| {
                    let runs = Runs::new(&finer, &bins, step);
                    let at =
                        runs.offsets[usize::from(symbol)]..runs.offsets[usize::from(symbol) + 1];
                    !at.is_empty()
                })
                .flat_map(|symbol| {
                    let values = all(&finer, &bins, step, 0, symbol as u8);
                    for &value in &values {
                        assert_eq!(u16::from(finer.symbol(0, value)), symbol);
                    }
                    values
                })
                .collect();
            members.sort_unstable();
            let expected: Vec<i64> = (0..400).map(|i| bins[0].lo + i * step).collect();
            assert_eq!(members, expected, "{by:?}");
        }
    }

    #[test]
    fn parts_are_bins_of_their_own() {
        let bins = [IntegerBin { lo: 0, count: 100 }];
        let parts = vec![
            IntegerBin { lo: 3, count: 1 },
            IntegerBin { lo: 50, count: 2 },
        ];
        let finer = Finer::Parts(vec![parts]);
        assert_eq!(finer.symbols(), 3);
        assert_eq!(all(&finer, &bins, 1, 0, 1), [3]);
        assert_eq!(all(&finer, &bins, 1, 0, 2), [50, 51]);
        assert_eq!(
            (finer.symbol(0, 3), finer.symbol(0, 51), finer.symbol(0, 1)),
            (1, 2, 0)
        );
    }

    #[test]
    fn nulls_and_specials_decode_to_nothing() {
        let finer = Finer::Residues {
            modulus: 2,
            residues: vec![1],
        };
        let runs = Runs::new(&finer, &[IntegerBin { lo: 4, count: 9 }], 1);
        let mut out = Vec::new();
        runs.decode(true, &[0, 1, 2], &[1, 1, 1], &[0, 0, 0], &mut out);
        assert_eq!(out, [0, 5, 0]);
    }
}
