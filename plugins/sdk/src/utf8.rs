//! Bytes as text, checked where they are more than ASCII.
//!
//! The standard library looks at a word of a machine at a time, which in a component is four
//! bytes: a third of what it costs to mask a text.
#![expect(unsafe_code, reason = "ASCII is taken for text without a second look")]

/// Returns text, where it is UTF-8.
pub(crate) fn of(bytes: &[u8]) -> Option<&str> {
    // No early end: the loop becomes one over vectors.
    let any = bytes.iter().fold(0, |any, byte| any | byte);
    if any.is_ascii() {
        // SAFETY: no byte has its highest bit set, or `any` would, so all are ASCII.
        return Some(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_text_is_text() {
        let long = "0123456789".repeat(20);
        assert_eq!(super::of(b""), Some(""));
        assert_eq!(super::of(long.as_bytes()), Some(long.as_str()));
        for at in 0..long.len() {
            let mut bytes = long.clone().into_bytes();
            bytes[at] = 0x80;
            assert_eq!(super::of(&bytes), None, "{at}");
        }
        assert_eq!(super::of("Änne".as_bytes()), Some("Änne"));
    }
}
