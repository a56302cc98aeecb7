//! Numbers as people read them, the same in every message, comment and page.

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
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) => format!("{} {stem}ies", thousands(n)),
        None => format!("{} {noun}s", thousands(n)),
    }
}

/// A share: `12.3%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
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
        assert_eq!(percent(0.1234), "12.3%");
    }
}
