//! Numbers as people read them, the same in every message, comment and page.

use std::time::Duration;

/// `12,431,008`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 table`, `8 entities`, `12,431,008 rows`.
pub fn counted(n: u64, noun: &str) -> String {
    let is_vowel = |stem: &&str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match noun.strip_suffix('y').filter(|stem| !is_vowel(stem)) {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) => format!("{} {stem}ies", thousands(n)),
        None => format!("{} {noun}s", thousands(n)),
    }
}

/// A share: `12.3%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `812 B`, `412 KiB`, `3.1 MiB`.
pub fn bytes(n: u64) -> String {
    match n {
        0..1024 => format!("{n} B"),
        1024..1_048_576 => format!("{} KiB", n.div_ceil(1024)),
        _ => format!("{:.1} MiB", n as f64 / 1_048_576.0),
    }
}

/// `21ms`, `1.42s`, `3m 04s`.
pub fn elapsed(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{}ms", time.as_millis()),
        1..60 => format!("{:.2}s", time.as_secs_f64()),
        seconds => format!("{}m {:02}s", seconds / 60, seconds % 60),
    }
}

/// `640 rows/s`, `1.39M rows/s`.
pub fn rate(rows: u64, time: Duration) -> String {
    let rate = rows as f64 / time.as_secs_f64().max(1e-9);
    match rate {
        1e9.. => format!("{:.2}G rows/s", rate / 1e9),
        1e6.. => format!("{:.2}M rows/s", rate / 1e6),
        1e3.. => format!("{:.2}k rows/s", rate / 1e3),
        _ => format!("{rate:.0} rows/s"),
    }
}

/// Lines whose cells stand below one another; the numbered columns are right-aligned.
pub fn aligned(lines: &[Vec<String>], right: &[usize]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for line in lines {
        let mut rendered = String::new();
        for (column, cell) in line.iter().enumerate() {
            if column > 0 {
                rendered.push_str("  ");
            }
            let padding = " ".repeat(width(column) - cell.chars().count());
            match right.contains(&column) {
                true => rendered = rendered + &padding + cell,
                false => rendered = rendered + cell + &padding,
            }
        }
        text.push_str(rendered.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{counted, percent};

    #[test]
    fn numbers_are_read_at_a_glance() {
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(0, "row"), "0 rows");
        assert_eq!(counted(12_431_008, "row"), "12,431,008 rows");
        assert_eq!(counted(2, "entity"), "2 entities");
        assert_eq!(counted(2, "key"), "2 keys");
        assert_eq!(percent(0.1234), "12.3%");
    }
}
