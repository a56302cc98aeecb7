//! Shifts the dates of an entity together.
//!
//! All dates of one person move by the same number of days, which depends on the person's key
//! and the secret alone: intervals between them are kept, in every table that names the
//! person. Times of day are kept. Whoever knows one true date of a person knows the shift, and
//! with it all others: it hides when something was, not how long it took.

use hmac::{Hmac, KeyInit, Mac};
use prodlike_sdk::prelude::*;
use sha2::Sha256;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Days that a date moves at most, in either direction.
    #[schemars(range(min = 1, max = 36500))]
    days: u32,
    /// Moves by whole weeks, so that days of the week stay.
    keep_weekday: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            days: 182,
            keep_weekday: false,
        }
    }
}

/// The secret that a job must hand over.
const KEY: &str = "key";

struct DateShift {
    mac: Hmac<Sha256>,
    /// Steps that a date moves at most.
    steps: u64,
    /// Days a step.
    step: i64,
    entity: usize,
    /// Positions of the dates, and the ticks of a day in each.
    dates: Vec<(usize, i64)>,
    output: Vec<Field>,
}

/// Returns the ticks of a day in a column of dates or timestamps.
fn ticks(kind: &Kind) -> Option<i64> {
    match kind {
        Kind::Date => Some(1),
        Kind::Timestamp(unit, _) => Some(unit.per_second() * 86_400),
        _ => None,
    }
}

impl Plugin for DateShift {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "The date, some days earlier or later")
            .example(
                "By whole weeks, a year at most",
                r#"{"days": 364, "keep_weekday": true}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<DateShift, Error> {
        let step = if options.keep_weekday { 7 } else { 1 };
        if options.days < step || options.days > 36_500 {
            let message = format!("it must be from {step} to 36500");
            return Err(Error::option("days", message));
        }
        if settings.unique {
            return Err(Error::unsupported(
                "dates of different rows may become the same",
            ));
        }
        let mac = Hmac::new_from_slice(settings.secret(KEY)?)
            .map_err(|_| Error::unsupported("the secret `key` cannot be used"))?;
        let entity = settings
            .input
            .iter()
            .position(|field| field.role == Role::EntityKey)
            .ok_or_else(|| {
                Error::unsupported("a column that says whose dates they are is needed")
            })?;
        let mut dates = Vec::new();
        let mut output = Vec::new();
        for (index, field) in settings.input.iter().enumerate() {
            if index == entity {
                continue;
            }
            let ticks = ticks(&field.kind).ok_or_else(|| {
                Error::unsupported(format!("column `{}` holds no dates", field.name))
            })?;
            dates.push((index, ticks));
            output.push(field.clone());
        }
        Ok(DateShift {
            mac,
            steps: u64::from(options.days / step),
            step: step.into(),
            entity,
            dates,
            output,
        })
    }
}

impl Transform for DateShift {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let shifts = self.shifts(rows, input)?;
        self.dates
            .iter()
            .map(|&(index, ticks)| {
                input.column(index)?.map_int64(|row, value| {
                    Ok(value.saturating_add(shifts[row].saturating_mul(ticks)))
                })
            })
            .collect()
    }
}

impl DateShift {
    /// Returns the days that each row moves by.
    fn shifts(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<i64>, Error> {
        let entities = input.column(self.entity)?;
        if let Ok(names) = entities.utf8() {
            return Ok(rows
                .iter()
                .map(|row| self.shift(row, names.get(row.index()).map(str::as_bytes)))
                .collect());
        }
        let numbers = entities.integers()?;
        Ok(rows
            .iter()
            .map(|row| {
                let number = numbers.get(row.index()).map(|number| number.to_string());
                self.shift(row, number.as_deref().map(str::as_bytes))
            })
            .collect())
    }

    /// Returns a shift other than none: a function of the entity, or of the row where it names
    /// none.
    fn shift(&self, row: Row, entity: Option<&[u8]>) -> i64 {
        let draw = match entity {
            Some(entity) => {
                let mut mac = self.mac.clone();
                mac.update(entity);
                let hash = mac.finalize().into_bytes();
                let mut word = [0; 8];
                word.copy_from_slice(&hash[..8]);
                ((u128::from(u64::from_le_bytes(word)) * u128::from(2 * self.steps)) >> 64) as u64
            }
            None => row.rng().below(2 * self.steps),
        };
        let steps = if draw < self.steps {
            draw as i64 - self.steps as i64
        } else {
            (draw - self.steps) as i64 + 1
        };
        steps * self.step
    }
}

prodlike_sdk::export!(DateShift: transform);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn stays() -> Table {
        let zone = Some("UTC".to_owned());
        Table::new([
            (Field::utf8("patient").entity_key(), {
                let patients = [Some("ann"), Some("ann"), Some("bob"), None];
                patients.into_iter().collect::<Utf8Builder>().finish()
            }),
            (
                Field::new("admitted", Kind::Date),
                Column::from(vec![100i32, 130, 100, 100]),
            ),
            (
                Field::new("seen", Kind::Timestamp(TimeUnit::Millisecond, zone)),
                Column::from(vec![86_400_000i64 * 7 + 5, 0, 5, 5]),
            ),
        ])
    }

    #[test]
    fn intervals_and_times_of_day_are_kept() {
        let job = Job::new(r#"{"days": 30}"#)
            .secret("key", b"k")
            .input(stays());
        let table = job.apply::<DateShift>().unwrap();
        let days = table.column(0).as_int32().unwrap().to_vec();
        let times = table.column(1).as_int64().unwrap().to_vec();
        assert_eq!(days[1] - days[0], 30);
        assert_eq!(times[0] - times[1], 86_400_000 * 7 + 5);
        for (before, after) in [100, 130, 100, 100].into_iter().zip(&days) {
            assert!(
                (1..=30).contains(&(before - after).abs()),
                "{before} {after}"
            );
        }
        assert!(
            times
                .iter()
                .skip(2)
                .all(|time| time.rem_euclid(86_400_000) == 5)
        );
    }

    #[test]
    fn another_key_is_another_shift_and_weeks_stay_weeks() {
        let shift = |options: &str, key: &[u8]| {
            let job = Job::new(options).secret("key", key).input(stays());
            let table = job.apply::<DateShift>().unwrap();
            table.column(0).as_int32().unwrap()[..3].to_vec()
        };
        assert_ne!(shift("{}", b"one"), shift("{}", b"two"));
        let weeks = shift(r#"{"keep_weekday": true}"#, b"one");
        assert!(
            weeks
                .iter()
                .zip([100, 130, 100])
                .all(|(after, before)| (after - before) % 7 == 0)
        );
    }

    /// Shifts of 20,000 entities: every one of the 20 possible comes, none twice as often.
    #[test]
    fn shifts_are_even() {
        let entities: Vec<i64> = (0..20_000).collect();
        let table = Table::new([
            (Field::int64("id").entity_key(), Column::from(entities)),
            (
                Field::new("day", Kind::Date),
                Column::from(vec![0i32; 20_000]),
            ),
        ]);
        let job = Job::new(r#"{"days": 10}"#).secret("key", b"k").input(table);
        let shifted = job.apply::<DateShift>().unwrap();
        let mut counts = [0; 21];
        for day in shifted.column(0).as_int32().unwrap() {
            counts[(day + 10) as usize] += 1;
        }
        assert_eq!(counts[10], 0);
        counts[10] = 1000;
        assert!(
            counts.iter().all(|count| (800..1200).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn an_entity_is_needed() {
        let table = Table::new([(Field::new("day", Kind::Date), Column::from(vec![0i32]))]);
        let job = Job::new("{}").secret("key", b"k").input(table);
        assert!(job.configure::<DateShift>().is_err());
    }
}
