//! Intervals: months, days and microseconds, each with a sign of its own.
//!
//! They are carried as text, because no column of a file holds all three without loss. As a
//! quantity an interval is the microseconds that DuckDB compares it by: a month has 30 days
//! and a day 24 hours.

use std::fmt;

/// Microseconds of a month.
const MONTH: i64 = 30 * DAY;
/// Microseconds of a day.
const DAY: i64 = 24 * HOUR;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

/// A span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Whole months.
    pub months: i32,
    /// Days, beside the months.
    pub days: i32,
    /// Microseconds, beside both.
    pub micros: i64,
}

/// Which parts the intervals of a column are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Whether months are.
    pub months: bool,
    /// Whether days are.
    pub days: bool,
    /// Whether microseconds are.
    pub micros: bool,
}

impl Interval {
    /// Reads what DuckDB writes: `1 year 2 months -3 days 04:05:06.789`.
    pub fn parse(text: &str) -> Option<Interval> {
        let mut interval = Interval::default();
        let mut words = text.split_ascii_whitespace();
        while let Some(word) = words.next() {
            if word.contains(':') {
                interval.micros = interval.micros.checked_add(clock(word)?)?;
                continue;
            }
            let number: i32 = word.parse().ok()?;
            match words.next()?.trim_end_matches('s') {
                "year" => {
                    let months = number.checked_mul(12)?;
                    interval.months = interval.months.checked_add(months)?;
                }
                "month" => interval.months = interval.months.checked_add(number)?,
                "day" => interval.days = interval.days.checked_add(number)?,
                _ => return None,
            }
        }
        Some(interval)
    }

    /// Returns the length in microseconds, or `None` where that is more than 292,000 years.
    pub fn total(&self) -> Option<i64> {
        i64::from(self.months)
            .checked_mul(MONTH)?
            .checked_add(i64::from(self.days).checked_mul(DAY)?)?
            .checked_add(self.micros)
    }

    /// Writes a length in the given parts, the greatest first; the last takes the rest.
    pub fn of(total: i64, parts: Parts) -> Interval {
        let mut rest = total;
        let mut take = |wanted: bool, unit: i64| {
            // A length that fits has at most 3,558,399 months and 106,751,991 days.
            let count = if wanted { (rest / unit) as i32 } else { 0 };
            rest -= i64::from(count) * unit;
            count
        };
        let months = take(parts.months, MONTH);
        let days = take(parts.days, DAY);
        Interval {
            months,
            days,
            micros: rest,
        }
    }
}

/// Reads `[-]HH:MM:SS[.ffffff]`.
fn clock(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let mut parts = digits.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |text: &str| -> Option<i64> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    if parts.next().is_some() || fraction.len() > 6 {
        return None;
    }
    let micros = number(&format!("{fraction:0<6}"))?;
    number(hours)?
        .checked_mul(HOUR)?
        .checked_add(number(minutes)?.checked_mul(60_000_000)?)?
        .checked_add(number(seconds)?.checked_mul(1_000_000)?)?
        .checked_add(micros)?
        .checked_mul(sign)
}

impl fmt::Display for Interval {
    /// As DuckDB writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for (count, unit) in [
            (self.months / 12, "year"),
            (self.months % 12, "month"),
            (self.days, "day"),
        ] {
            if count != 0 {
                let plural = if count.abs() == 1 { "" } else { "s" };
                write!(f, "{space}{count} {unit}{plural}")?;
                space = " ";
            }
        }
        if self.micros != 0 || space.is_empty() {
            let sign = if self.micros < 0 { "-" } else { "" };
            let micros = self.micros.unsigned_abs();
            let seconds = micros / 1_000_000;
            write!(
                f,
                "{space}{sign}{:02}:{:02}:{:02}",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            )?;
            let fraction = micros % 1_000_000;
            if fraction > 0 {
                let digits = format!("{fraction:06}");
                write!(f, ".{}", digits.trim_end_matches('0'))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_survive_their_text() {
        for text in [
            "00:00:00",
            "-1 year -2 months -3 days 04:00:00",
            "1 year 2 months 3 days 04:05:06.789",
            "3 days -100:00:00.5",
            "-00:00:00.000001",
            "1 day",
            "11 months",
            "2562047788:00:54.775807",
        ] {
            let interval = Interval::parse(text);
            assert_eq!(interval.map(|i| i.to_string()).as_deref(), Some(text));
        }
        for text in ["1", "1 week", "1:2", "1:2:3:4", "a:b:c", "99999999999 days"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
        // The digits before an overflow are read, the sum is refused.
        assert_eq!(Interval::parse("2562047789:00:00"), None);
    }

    #[test]
    fn lengths_are_written_in_the_parts_of_the_column() {
        let all = Parts {
            months: true,
            days: true,
            micros: true,
        };
        let days = Parts {
            days: true,
            ..Parts::default()
        };
        let text = |total, parts| Interval::of(total, parts).to_string();
        assert_eq!(text(45 * DAY, days), "45 days");
        assert_eq!(text(45 * DAY, all), "1 month 15 days");
        assert_eq!(text(-36 * HOUR, all), "-1 day -12:00:00");
        assert_eq!(text(36 * HOUR, Parts::default()), "36:00:00");
        for total in [i64::MIN, i64::MAX] {
            let interval = Interval::of(total, all);
            assert_eq!(interval.total(), Some(total));
        }
        let most = Interval {
            months: i32::MAX,
            ..Interval::default()
        };
        assert_eq!(most.total(), None);
    }
}
