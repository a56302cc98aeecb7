//! Errors as data: every error a user can cause knows what the user can do about it.

/// An error that may know a way out.
///
/// `Display` says what failed, `source()` says why, and `hint()` says what to do.
pub trait Hint: std::error::Error {
    /// Returns one actionable sentence without a full stop, if there is one.
    fn hint(&self) -> Option<String> {
        None
    }
}

/// Returns the candidate nearest to `name`, for "did you mean" hints.
///
/// Nearness is by shared letters in order, so that it stays dependency-free;
/// a candidate that shares less than half of the letters is not offered.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance * 2 <= wanted.chars().count().max(candidate.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substitute = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_offers_typos_and_refuses_strangers() {
        let tables = ["customer", "invoice", "track"];
        assert_eq!(nearest("custommer", tables), Some("customer"));
        assert_eq!(nearest("Invoices", tables), Some("invoice"));
        assert_eq!(nearest("weather", tables), None);
    }
}
