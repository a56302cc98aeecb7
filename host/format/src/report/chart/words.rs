//! Numbers, dates and names as short words.

use prodlike_core::evidence::{Count, Unit};
use prodlike_core::words::thousands as whole;

const NANOSECONDS: f64 = 1e9;
const DAY: f64 = 86_400.0;

/// Escapes text for HTML.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters are not allowed in a page.
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Shortens text to so many letters.
pub(in crate::report) fn shorten(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => text.to_string(),
        Some(_) => {
            let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// Returns a number with about four digits.
pub(in crate::report) fn number(value: f64) -> String {
    let size = value.abs();
    let trim = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    };
    if !value.is_finite() {
        return value.to_string();
    }
    for (scale, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M")] {
        if size >= scale * 0.9995 && size < 1e15 {
            return format!("{}{suffix}", trim(format!("{:.2}", value / scale)));
        }
    }
    if size >= 1e15 || size > 0.0 && size < 1e-4 {
        return format!("{value:.2e}");
    }
    if size >= 1000.0 {
        let rounded = value.round();
        if size < 9999.5 {
            // Years, mostly, and no longer than what follows.
            return format!("{rounded}").replace('-', "−");
        }
        let sign = if rounded < 0.0 { "−" } else { "" };
        return format!("{sign}{}", whole(rounded.abs() as u64));
    }
    let decimals = match size {
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        _ => 4,
    };
    trim(format!("{value:.decimals$}")).replace('-', "−")
}

/// Returns a value of an axis; times are shown as coarse as the span allows.
pub(in crate::report) fn value(unit: Unit, value: f64, span: f64) -> String {
    match unit {
        Unit::Number => number(value),
        Unit::Characters | Unit::Whole => number(value.round()),
        Unit::Date => date((value / NANOSECONDS / DAY).round() as i64),
        Unit::Time => {
            let seconds = (value / NANOSECONDS).max(0.0) as u64;
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            match span / NANOSECONDS > 600.0 {
                true => format!("{hours:02}:{minutes:02}"),
                false => format!("{hours:02}:{minutes:02}:{:02}", seconds % 60),
            }
        }
        Unit::Duration => {
            let seconds = value / 1e6;
            let units = [(DAY, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s")];
            let fits = |unit: &&(f64, &str)| seconds.abs() >= unit.0;
            let (size, name) = units.iter().find(fits).unwrap_or(&(1.0, "s"));
            format!("{} {name}", number(seconds / size))
        }
        Unit::Timestamp => {
            let seconds = (value / NANOSECONDS).floor();
            let day = date((seconds / DAY).floor() as i64);
            let within = seconds.rem_euclid(DAY) as u64;
            let (hours, minutes) = (within / 3600, within / 60 % 60);
            match span / NANOSECONDS {
                span if span > 8.0 * DAY => day,
                span if span > 600.0 => format!("{day} {hours:02}:{minutes:02}"),
                _ => format!("{hours:02}:{minutes:02}:{:02}", within % 60),
            }
        }
    }
}

/// Returns the first and the last value of a bin: edges of whole numbers and days lie between.
pub(in crate::report) fn bounds(unit: Unit, left: f64, right: f64, span: f64) -> (String, String) {
    let grain = match unit {
        Unit::Whole | Unit::Characters => 0.5,
        Unit::Date => 0.5 * DAY * NANOSECONDS,
        Unit::Number | Unit::Timestamp | Unit::Time | Unit::Duration => 0.0,
    };
    (
        value(unit, left + grain, span),
        value(unit, right - grain, span),
    )
}

/// Says what a bin holds.
pub(in crate::report) fn range(unit: Unit, left: f64, right: f64, span: f64) -> String {
    match bounds(unit, left, right, span) {
        (left, right) if left == right => left,
        (left, right) => format!("{left} to {right}"),
    }
}

/// Returns a day since 1970 in the calendar.
pub(in crate::report) fn date(days: i64) -> String {
    // Days are counted from a first of March, so that leap days come last in their years.
    let Some(shifted) = days.checked_add(719_468) else {
        return "beyond the calendar".into();
    };
    let era = shifted.div_euclid(146_097);
    let day = shifted.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns a share as a percentage.
pub(in crate::report) fn share(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0%".into(),
        percent if percent < 0.1 => "<0.1%".into(),
        percent if percent < 10.0 => format!("{percent:.1}%"),
        percent => format!("{percent:.0}%"),
    }
}

/// Rows of a cell: told, or the middle of what it may be.
pub(in crate::report) fn rows(count: Count, k: u32) -> f64 {
    count.map_or(f64::from(k) / 2.0, |rows| rows as f64)
}

/// Says how many rows, in words.
pub(in crate::report) fn told(count: Count, k: u32, total: f64) -> String {
    match count {
        None => format!("fewer than {k} rows, or too few people's"),
        Some(rows) => format!("{} ({})", whole(rows), share(rows as f64 / total.max(1.0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (1234.4, "1234"),
            (12345.6, "12,346"),
            (-0.5, "−0.5"),
            (-2500.0, "−2500"),
            (12.3456, "12.35"),
            (1_234_567.0, "1.23M"),
            (0.00001, "1.00e-5"),
            (1e300, "1.00e300"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(whole(1_234_567), "1,234,567");
        assert_eq!(share(0.0004), "<0.1%");
    }

    #[test]
    fn days_are_in_the_calendar() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (-719_468, "0000-03-01"),
        ] {
            assert_eq!(date(days), text);
        }
        assert_eq!(date(i64::MAX), "beyond the calendar");
        assert_eq!(value(Unit::Time, 37_800e9, 1e13), "10:30");
        assert_eq!(value(Unit::Duration, 5_400e6, 1e9), "1.5 h");
        let noon = 43_200e9;
        assert_eq!(
            value(Unit::Timestamp, noon, 3.0 * 86_400e9),
            "1970-01-01 12:00"
        );
    }

    #[test]
    fn text_is_escaped_and_cut_between_letters() {
        assert_eq!(
            escape("<a href='x'>\u{1}&"),
            "&lt;a href=&#39;x&#39;&gt; &amp;"
        );
        assert_eq!(shorten("größer als", 6), "größe…");
        assert_eq!(shorten("kurz", 6), "kurz");
    }
}
