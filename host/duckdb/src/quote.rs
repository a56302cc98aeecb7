//! Names and strings as SQL: nothing reaches a statement unquoted.

/// Quotes a name, so that spaces, quotes and keywords are only letters.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a string.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Quotes several names and joins them by commas, each behind `prefix`.
pub(crate) fn list<'a>(prefix: &str, names: impl IntoIterator<Item = &'a String>) -> String {
    join(names, ", ", |name| format!("{prefix}{}", identifier(name)))
}

/// Joins what `show` makes of each item.
pub(crate) fn join<T>(
    items: impl IntoIterator<Item = T>,
    separator: &str,
    show: impl FnMut(T) -> String,
) -> String {
    items
        .into_iter()
        .map(show)
        .collect::<Vec<_>>()
        .join(separator)
}

#[cfg(test)]
mod tests {
    use super::{identifier, literal};

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier(r#"a "b" c"#), r#""a ""b"" c""#);
        assert_eq!(literal("it's"), "'it''s'");
    }
}
